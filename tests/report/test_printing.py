"""Handouts and pictures: pages as PDF, figures as PNG and SVG, each whole or not at all."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import axislib
from axislib import SeedError
from axislib.figures.palette import WIDTH
from axislib.notebook.display import PLOTLY
from axislib.report.build import write_site
from axislib.report.printing import find_browser, print_pages, save_images
from axislib.run.notebook import Executed


@pytest.fixture
def browser():
    try:
        return find_browser()
    except SeedError:
        pytest.skip("no Chromium")


def test_no_browser_is_said_in_words(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("AXISLIB_BROWSER", raising=False)
    with pytest.raises(SeedError, match="no Chromium or Chrome is installed"):
        find_browser()


@pytest.mark.browser
def test_pages_become_handouts(tmp_path, browser):
    for name in ("index", "2-timeline", "tables"):
        (tmp_path / f"{name}.html").write_text("<h1>Title</h1>" + "<p>text</p>" * 200)
    done = print_pages(tmp_path / "index.html")
    assert [p.name for p in done] == ["2-timeline.pdf"] and done[0].read_bytes().startswith(b"%PDF")


@pytest.mark.browser
def test_figures_become_pictures_by_the_buttons_of_the_page(tmp_path, browser):
    figure = json.loads(axislib.comparison(axislib.open_seed()).to_json())
    output = new_output("display_data", {PLOTLY: figure})
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[output])])
    index = write_site([Executed("4-analogy", notebook)], out=tmp_path / "site", with_text=False)
    png, svg = save_images(index)
    assert (png.name, svg.name) == ("4-analogy-fig-comparison.png", "4-analogy-fig-comparison.svg")
    data = png.read_bytes()
    assert data.startswith(b"\x89PNG") and int.from_bytes(data[16:20]) == 2 * WIDTH
    assert b"Of 22" in svg.read_bytes() or b"of 22" in svg.read_bytes()
    assert b"Source: Martin Kragh" in svg.read_bytes()
