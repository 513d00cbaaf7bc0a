"""The notebooks as data: one order in all, titled figures, computed numbers, no sentence of the
article."""

import ast
import re

import nbformat
import pytest

from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS

SECTIONS = ["Parameters", "Aim", "Counting rules", "Questions for discussion", "How to cite"]
CHECKED = "nbval-check-output"


def read(name):
    return nbformat.read(notebooks_folder() / f"{name}.ipynb", 4)


@pytest.fixture(params=MODELS)
def notebook(request):
    return read(request.param)


def headings(notebook, level):
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return re.findall(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)


def test_one_title(notebook):
    assert len(headings(notebook, 1)) == 1


def test_sections_in_fixed_order(notebook):
    found = [h for h in headings(notebook, 2) if h in SECTIONS]
    assert found[2:] == SECTIONS[2:] and set(found) == set(SECTIONS)


@pytest.mark.parametrize("name", list(MODELS)[:5])
def test_the_first_chart_comes_before_aim_and_rules(name):
    sections = headings(read(name), 2)
    assert sections[0] == "Parameters" and sections[1].startswith("Figure")
    assert sections[2:4] == ["Aim", "Counting rules"]


def test_every_figure_is_headed_and_explained(notebook):
    figures = [h for h in headings(notebook, 2) if h.startswith("Figure")]
    assert figures and headings(notebook, 3).count("How to read it") >= len(figures)


def test_three_questions(notebook):
    text = next(c.source for c in notebook.cells if "## Questions for discussion" in c.source)
    assert len(re.findall(r"^\d\. .+\?", text, flags=re.MULTILINE)) == 3


def test_cells_are_thin(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            tree = ast.parse(cell.source)
            assert len(cell.source.splitlines()) <= 10
            assert not any(
                isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.With))
                for node in ast.walk(tree)
            ), cell.source


def test_no_number_is_typed_into_prose(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"`[^`]*`|\([^)]*\)|^\d\. ", "", cell.source, flags=re.MULTILINE)
            assert not re.search(
                r"\b\d{2,}\b(?! Fixed)", re.sub(r"\b(19|20)\d\d\b|P\d\d", "", prose)
            ), prose


def test_checked_cells_are_saved_and_executed(notebook):
    checked = [c for c in notebook.cells if CHECKED in c.metadata.get("tags", [])]
    assert len(checked) >= 2
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.execution_count, "saved without being run"
    assert all(c.outputs or c.source.startswith("#") for c in checked)


def test_no_output_is_an_error(notebook):
    assert not [
        o
        for c in notebook.cells
        if c.cell_type == "code"
        for o in c.outputs
        if o.output_type == "error"
    ]


def test_no_widget_state_is_saved(notebook):
    assert "widgets" not in notebook.metadata


@pytest.mark.parametrize("name", MODELS)
def test_no_sentence_of_the_article_is_saved(name, article):
    # the title and the author's posts are bibliography and may stand in full
    lines = [
        line for number, line in enumerate(article.split("\n"), start=1) if number not in (1, 26)
    ]
    said = re.findall(r"[a-z0-9]+", "\n".join(lines).lower())
    runs = {tuple(said[i : i + 10]) for i in range(len(said) - 9)}
    words = re.findall(
        r"[a-z0-9]+", (notebooks_folder() / f"{name}.ipynb").read_text(encoding="utf-8").lower()
    )
    assert not [
        words[i : i + 10] for i in range(len(words) - 9) if tuple(words[i : i + 10]) in runs
    ]
