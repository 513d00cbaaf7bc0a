"""Handouts and pictures: pages as PDF, figures as PNG and SVG, each whole or not at all."""

import json

import pytest

import axislib
from axislib import SeedError
from axislib.notebook.display import PLOTLY
from axislib.report.printing import figures_of, find_browser, print_pages, save_images


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
def test_figures_become_pictures(seed, tmp_path, browser):
    pytest.importorskip("kaleido")
    figure = json.loads(axislib.comparison(seed).to_json())
    notebook = {
        "cells": [
            {"outputs": [{"data": {PLOTLY: figure}}]},
            {"outputs": [{"data": {"text/plain": "x"}}]},
        ]
    }
    assert len(figures_of(notebook)) == 1
    png, svg = save_images([("4-analogy", notebook)], tmp_path)
    assert png.read_bytes().startswith(b"\x89PNG")
    assert b"Only 2 of 22 dimensions" in svg.read_bytes()
