"""What a notebook shows, and what changed between two runs or two batches."""

from __future__ import annotations

import base64
import copy
import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from batch_helpers import write_notebook, write_plan
from click.testing import CliRunner
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import axislib
from axislib.batch import diff_runs, run_batch
from axislib.batch.diff_page import lines, page
from axislib.batch.outputs import PLOTLY, TABLE, shown
from axislib.cli.batch import diff
from axislib.errors import SeedError
from axislib.figures.hover import Marks
from axislib.notebook.display import reading_view, show, table


def notebook(*bundles: dict) -> dict:
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": bundle} for bundle in bundles
    ]
    return {
        "cells": [
            {
                "cell_type": "code",
                "source": "",
                "metadata": {},
                "execution_count": 1,
                "outputs": outputs,
            }
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def chart(ids: list[str], values: list[float], name: str = "chart", **look) -> dict:
    figure = go.Figure(
        go.Bar(
            x=list(range(len(ids))), y=values, customdata=[[i] for i in ids], name="bars", **look
        )
    )
    return {PLOTLY: figure.update_layout(meta={"name": name}).to_plotly_json()}


def saved(path: Path, content: dict) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_marks_facts_and_hashes():
    found = shown(notebook(chart(["a;b", "c"], [1, 2])))
    assert (
        found.facts == {"a", "b", "c"}
        and len(found.figures[0].marks) == 2
        and found.figures[0].name == "chart"
    )
    assert (
        shown(notebook(chart(["a;b", "c"], [1, 2], marker={"color": "red"}))).figures[0].hash
        == found.figures[0].hash
    )  # a look is no change
    for other in (chart(["a;b", "d"], [1, 2]), chart(["a;b", "c"], [1, 3]), chart(["a;b"], [1])):
        assert shown(notebook(other)).figures[0].hash != found.figures[0].hash


def test_binary_columns_read_as_numbers():
    packed = {"dtype": "f8", "bdata": base64.b64encode(np.array([1.0, 2.0]).tobytes()).decode()}
    trace = {"type": "bar", "name": "bars", "x": [0, 1], "y": packed, "customdata": [["a"], ["b"]]}
    plain = {**trace, "y": [1.0, 2.0]}
    one, other = (
        shown(notebook({PLOTLY: {"data": [t], "layout": {}}})).figures[0] for t in (trace, plain)
    )
    assert one.hash == other.hash and one.name == "figure 1"


def test_tables_by_their_cells():
    frame = pd.DataFrame({"id": ["ev_a", "ev_b"], "n": [1, 2]})
    styled = [
        shown(notebook({"text/html": frame.style.set_caption("Events").to_html()})).tables[0]
        for _ in range(2)
    ]
    assert (
        styled[0].hash == styled[1].hash and styled[0].name == "Events"
    )  # a Styler's ids are random
    plain = shown(notebook({"text/html": frame._repr_html_()}))
    assert plain.facts == {"ev_a", "ev_b"} and plain.tables[0].rows[1][-2:] == ("ev_a", "1")
    ours = shown(
        notebook(
            {
                "text/html": (
                    "<table><caption>C</caption><tr><th>left facts</th></tr><tr><td>a<br>b &amp;"
                    " c</td></tr></table>"
                )
            }
        )
    ).tables[0]
    assert ours.rows == (("left facts",), ("a;b & c",)) and ours.facts == {"a", "b & c"}


def test_two_runs(tmp_path: Path):
    table = {
        "text/html": "<table><tr><th>id</th><th>n</th></tr><tr><td>x</td><td>1</td></tr></table>"
    }
    left = saved(tmp_path / "left.ipynb", notebook(chart(["a", "b", "c"], [1, 2, 3]), table))
    right = saved(
        tmp_path / "right.ipynb",
        notebook(
            chart(["a", "b", "d"], [1, 5, 3]),
            {"text/html": table["text/html"].replace("<td>1", "<td>2")},
        ),
    )
    found = diff_runs(left, right)
    assert found and found.facts[["fact", "change"]].to_numpy().tolist() == [
        ["c", "left"],
        ["d", "entered"],
        ["x", "changed"],
    ]
    assert found.facts.iloc[2][["column", "left", "right"]].tolist() == ["n", "1", "2"]
    assert found.figures[["facts", "change"]].to_numpy().tolist() == [
        ["b", "changed"],
        ["c", "left"],
        ["d", "entered"],
    ]
    assert found.figures.iloc[0][["left", "right"]].tolist() == [
        "x 1, y 2",
        "x 1, y 5",
    ]  # no hover box: its data is all it says
    assert found.tables.empty  # the row is told as a fact already
    html = page(found)
    assert (
        "What changed from left.ipynb to right.ipynb" in html
        and "<script" not in html
        and "://" not in html
    )
    assert not diff_runs(left, left) and "None." in page(diff_runs(left, left))


def row(statement: str, speaker: str, **columns: str) -> dict:
    """What a figure says of a row behind it, as ``Marks.answer`` gives it."""
    columns = {"table": "events", "statement": statement, **columns}
    return {
        "table": "events",
        "statement": statement,
        "speaker": speaker,
        "how": "asserted",
        "sentences": ["P02.S1"],
        "row": json.dumps(columns),
    }


def told(
    tmp_path: Path, name: str, statement: str, place: float = 0.0, also: str = "", **columns: str
) -> Path:
    """A run of one event: a row, a dot with its title beside it, and a bar for all of its kind."""
    titles = ["id", "title", "date", "date_words", "statement"]
    cells = ["ev_boats", "Gunboats delivered", "2023-06", "In June 2023", statement]
    rows = {"ev_boats": row(statement, "the editors", **columns), "ev_ship": row("A ship.", "Choe")}
    rows |= {"ev_guns": row(also, "Choe")} if also else {}
    figure = go.Figure(layout={"meta": {"name": "timeline", "alt": "Two events.", "rows": rows}})
    for kind in (
        {"mode": "text", "text": ["Gunboats delivered"], "name": "titles", "showlegend": False},
        {"name": "span"},
    ):
        hover = f"<b>{statement}</b><br><i>Words of the reader's own copy.</i>"
        figure.add_scatter(
            x=[place], y=[1], customdata=[["ev_boats"]], hovertext=[hover], hoverinfo="text", **kind
        )
    ids = ";".join(rows)
    figure.add_bar(x=[len(rows)], y=[1], name="arms", customdata=[[ids]], hovertext=["Three"])
    data = {"caption": "Events", "columns": titles, "rows": [cells]}
    return saved(tmp_path / name, notebook({PLOTLY: figure.to_plotly_json()}, {TABLE: data}))


def test_a_changed_fact_is_told_with_the_column_that_differs(tmp_path: Path):
    left = told(tmp_path, "left.ipynb", "In June 2023 Ada sent four gunboats for the coast.")
    right = told(tmp_path, "right.ipynb", "In June 2023 Ada sent five gunboats for the coast.")
    found = diff_runs(left, right)
    assert found.facts.drop(columns="run").to_dict("records") == [
        {
            "fact": "ev_boats",
            "title": "Gunboats delivered",
            "change": "changed",
            "column": "statement",
            "left": "In June 2023 Ada sent four gunboats for the coast.",
            "right": "In June 2023 Ada sent five gunboats for the coast.",
            "where": "Events; timeline",
        }
    ]
    assert found.tables.empty and found.figures[
        ["change", "mark", "facts"]
    ].to_numpy().tolist() == [
        ["changed", "Gunboats delivered", "ev_boats"],
        ["changed", "Gunboats delivered; A ship.", "ev_boats;ev_ship"],
    ]
    assert found.figures.iloc[0][["left", "right"]].tolist() == [
        "",
        "",
    ]  # the fact's columns say it
    assert (
        "reader" not in found.figures.to_string()
        and "statements: 0 entered, 0 left, 1 changed;" in str(found)
        and "points, bars and cells: 0 entered, 0 left, 2 changed;" in str(found)
    )
    said = CliRunner().invoke(diff, [str(left), str(right)], env={"COLUMNS": "60"}).output
    flat = " ".join(said.split())
    assert (
        "four gunboats for the coast." in flat
        and "five gunboats for the coast." in flat
        and "..." not in said
    )
    assert "<mark>four</mark>" in page(found) and "<mark>five</mark>" in page(found)


def test_what_is_only_drawn_otherwise_is_counted(tmp_path: Path):
    left, right = (
        told(tmp_path, f"{name}.ipynb", "Ada sent gunboats.", place)
        for name, place in (("left", 1.0), ("right", 2.5))
    )
    found = diff_runs(left, right)
    assert found and found.facts.empty and found.tables.empty and len(found.figures) == 1
    assert found.figures.iloc[0]["change"] == "redrawn" and found.figures.iloc[0][
        "mark"
    ].startswith("2 points, bars or cells are only drawn differently")
    said = CliRunner().invoke(diff, [str(left), str(right)]).output
    assert (
        "2 points, bars or cells are only drawn differently" in said
        and '"x"' not in said + page(found)
        and "2.5" not in said + page(found)
    )


def test_a_mark_that_gains_a_fact_is_the_same_mark(tmp_path: Path):
    left, right = (
        told(tmp_path, "left.ipynb", "Ada sent gunboats."),
        told(tmp_path, "right.ipynb", "Ada sent gunboats.", also="Choe may send guns."),
    )
    found = diff_runs(left, right)
    assert found.facts[["fact", "change"]].to_numpy().tolist() == [["ev_guns", "entered"]]
    assert found.figures[["change", "facts", "left", "right"]].to_numpy().tolist() == [
        ["changed", "ev_boats;ev_ship;ev_guns", "", "behind it: Choe may send guns."]
    ]


def test_rows_without_ids_are_paired_by_what_tells_them_apart(tmp_path: Path):
    head = "<table><caption>Levels</caption><tr><th>side</th><th>form</th><th>level</th></tr>"
    rows = [["Axis", "arms", "absent"], ["Axis", "troops", "present"]]
    left, right = (
        {
            "text/html": (
                head
                + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in side)
                + "</table>"
            )
        }
        for side in (rows, [["Axis", "arms", "present"], ["Allies", "arms", "present"]])
    )
    found = diff_runs(
        saved(tmp_path / "left.ipynb", notebook(left)),
        saved(tmp_path / "right.ipynb", notebook(right)),
    )
    assert found.tables[["change", "row", "column", "left", "right"]].to_numpy().tolist() == [
        ["changed", "Axis, arms", "level", "absent", "present"],
        ["left", "Axis | troops | present", "", "", ""],
        ["entered", "Allies | arms | present", "", "", ""],
    ]


def test_the_page_shows_everything_as_text(tmp_path: Path):
    evil = "<img src=x onerror=alert(1)>"
    left = saved(tmp_path / "left.ipynb", notebook(chart(["a"], [1])))
    right = saved(tmp_path / "right.ipynb", notebook(chart([evil], [1], name=evil)))
    assert evil not in page(diff_runs(left, right))


def test_two_batches(tmp_path: Path):
    source = """
        import plotly.graph_objects as go
        ids = ["a", "b"][:count] + {extra}
        figure = go.Figure(go.Bar(x=ids, y=[count] * len(ids), customdata=[[i] for i in ids]))
        figure.update_layout(meta={{"name": "bars"}})
        """
    plan = write_plan(tmp_path / "plan.yaml", "notebooks: [draw.ipynb]\ngrid: {count: [1, 2, 3]}\n")
    write_notebook(tmp_path / "draw.ipynb", source.format(extra="[]"), parameters="count: int = 1")
    assert run_batch(plan, out=tmp_path / "before", progress=False).ok
    write_notebook(
        tmp_path / "draw.ipynb",
        source.format(extra="(['z'] if count == 2 else [])"),
        parameters="count: int = 1",
    )
    plan.write_text("notebooks: [draw.ipynb]\ngrid: {count: [2, 3, 4]}\noutput: 'n{count}.ipynb'\n")
    assert run_batch(plan, out=tmp_path / "after", progress=False).ok
    found = diff_runs(tmp_path / "before", tmp_path / "after" / "manifest.csv")
    assert found.runs.set_index("run")["change"].to_dict() == {
        "draw-1.ipynb": "only_left",
        "draw-2.ipynb": "changed",
        "draw-3.ipynb": "same",
        "n4.ipynb": "only_right",
    }
    assert found.facts.to_dict("records") == [
        {
            "run": "draw-2.ipynb",
            "fact": "z",
            "title": "",
            "change": "entered",
            "column": "",
            "left": "",
            "right": "",
            "where": "bars",
        }
    ]
    assert str(found).startswith(
        "runs: 1 same, 1 changed, 1 only left, 1 only right;"
        " statements: 1 entered, 0 left, 0 changed;"
    )
    said = CliRunner().invoke(
        diff,
        [
            str(tmp_path / "before"),
            str(tmp_path / "after"),
            "--page",
            str(tmp_path / "d.html"),
            "--csv",
            str(tmp_path / "tables"),
        ],
    )
    assert said.exit_code == 0 and "z" in said.output and (tmp_path / "d.html").exists()
    assert sorted(p.stem for p in (tmp_path / "tables").iterdir()) == [
        "facts",
        "figures",
        "parameters",
        "runs",
        "tables",
    ]
    nothing = diff_runs(tmp_path / "before", tmp_path / "before")
    assert not nothing and (nothing.runs["change"] == "same").all()


def test_what_is_neither_is_refused(tmp_path: Path):
    with pytest.raises(SeedError, match="neither an executed notebook nor the folder of a batch"):
        diff_runs(tmp_path, tmp_path)
    (tmp_path / "x.ipynb").write_text("[]")
    with pytest.raises(SeedError, match="cannot be read as a notebook"):
        diff_runs(tmp_path / "x.ipynb", tmp_path / "x.ipynb")


def test_a_diff_changes_nothing(tmp_path: Path):
    content = notebook(chart(["a"], [1]))
    before = copy.deepcopy(content)
    shown(nbformat.from_dict(content))
    assert content == before


def test_no_word_of_a_heading_is_broken(tmp_path: Path):
    left, right = (
        told(tmp_path, f"{name}.ipynb", f"Ada sent {name} boats.") for name in ("left", "right")
    )
    html = page(diff_runs(left, right))
    rules = dict(
        re.findall(r"([^{}]+)\{([^{}]*)\}", html.partition("<style>")[2].partition("</style>")[0])
    )
    assert (
        "white-space:nowrap" in rules["th,.change"]
        and "anywhere" not in rules["\ntd"] + rules["\nth,td"]
    )
    assert "ev_<wbr>boats" in html


# --- charts and tables of ours are compared as data


def displayed(path: Path, *actions) -> Path:
    """A notebook with what these calls display."""
    InteractiveShell.instance()
    with capture_output() as captured:
        for action in actions:
            action()
    return saved(path, notebook(*(output.data for output in captured.outputs)))


def chart_of(seed, path: Path) -> Path:
    return displayed(path, lambda: show(axislib.comparison(seed)))


def turned(seed) -> tuple[str, axislib.Seed]:
    """A coding of the comparison that bears for a dimension, turned against it."""
    cited = axislib.cited(axislib.comparison(seed))
    rows = seed.tables["cooperation"].set_index("id")
    fact = next(i for i in cited if i in rows.index and rows.loc[i, "bears"] == "for")
    return fact, seed.recode(fact, bears="against")


def test_a_coding_turned_from_for_to_against_is_named(seed, tmp_path: Path):
    fact, other = turned(seed)
    found = diff_runs(
        chart_of(seed, tmp_path / "left.ipynb"), chart_of(other, tmp_path / "right.ipynb")
    )
    assert found.facts[
        ["fact", "change", "column", "left", "right", "where"]
    ].to_numpy().tolist() == [[fact, "changed", "bears", "for", "against", "comparison"]]
    assert "bears: for -> against" in "\n".join(lines(found))


def otherwise(self, ids, most=3, quote=True):
    """A hover box written in another way."""
    ids = ids.split(";") if isinstance(ids, str) else ids
    return " // ".join(" / ".join(map(str, self.answer(row_id).values())) for row_id in ids)


def test_what_is_told_does_not_hang_on_how_a_hover_box_is_written(seed, tmp_path, monkeypatch):
    _, other = turned(seed)
    fact = axislib.cited(axislib.comparison(seed))[0]
    other = other.recode(fact, statement="Another statement.", hedge="perhaps", hedge_on="scope")
    ways = []
    for way in ("as it is", "otherwise"):
        if way == "otherwise":
            monkeypatch.setattr(Marks, "hover", otherwise)
        left, right = (
            chart_of(each, tmp_path / f"{name}.ipynb")
            for name, each in (("left", seed), ("right", other))
        )
        ways.append(diff_runs(left, right))
    assert ways[0].facts.equals(ways[1].facts) and ways[0].figures.equals(ways[1].figures)
    assert {"bears", "statement", "hedge", "hedge_on"} <= set(ways[0].facts["column"])
    left = shown(json.loads((tmp_path / "left.ipynb").read_text()))
    assert left.figures[0].rows.keys() == left.figures[0].facts


def test_the_readers_own_text_changes_nothing(seed, article, tmp_path, monkeypatch):
    left = chart_of(axislib.open_seed(), tmp_path / "left.ipynb")
    monkeypatch.delenv("AXISLIB_TEXTS")
    right = chart_of(axislib.open_seed(), tmp_path / "right.ipynb")
    assert left.read_text() != right.read_text() and not diff_runs(left, right)


def test_a_table_is_compared_by_its_cells(tmp_path: Path):
    frame = pd.DataFrame({"id": ["ev_a", "ev_b"], "actors": ["PRK;RUS", "RUS"], "n": [1, None]})
    names = {"RUS": "Russia"}
    left = displayed(tmp_path / "left.ipynb", lambda: table(frame, "Events", names=names))
    (first,) = shown(json.loads(left.read_text())).tables
    assert first.rows == (
        ("id", "actors", "n"),
        ("ev_a", "PRK;Russia", "1.0"),
        ("ev_b", "Russia", ""),
    )
    frame.loc[1, "actors"] = "PRK"
    right = displayed(tmp_path / "right.ipynb", lambda: table(frame, "Events", names=names))
    content = json.loads(right.read_text())
    content["cells"][0]["outputs"][0]["data"]["text/html"] = (
        "<table><tr><td>anything</td></tr></table>"
    )
    saved(right, content)  # the HTML is for the eye
    assert diff_runs(left, right).facts[
        ["fact", "column", "left", "right"]
    ].to_numpy().tolist() == [["ev_b", "actors", "Russia", "PRK"]]


def test_the_reading_view_is_compared_without_its_sentences(seed, article, tmp_path: Path):
    left = displayed(tmp_path / "left.ipynb", lambda: reading_view(seed))
    (view,) = shown(json.loads(left.read_text())).tables
    assert view.rows[0] == ("sentence", "section", "id", "statement", "who", "sure")
    assert view.facts and view.facts <= set(seed.facts["id"])
    words = seed.sentence("P02.S1")
    assert words and words not in json.dumps(view.rows, ensure_ascii=False)


def test_exit_code(tmp_path: Path):
    left, right = (
        told(tmp_path, f"{name}.ipynb", f"Ada sent {name} boats.") for name in ("left", "right")
    )
    for options, status in (([], 0), (["--exit-code"], 1)):
        assert CliRunner().invoke(diff, [str(left), str(right), *options]).exit_code == status
    assert CliRunner().invoke(diff, [str(left), str(left), "--exit-code"]).exit_code == 0


def test_a_notebook_that_jupyterlab_saved_again_does_not_differ(tmp_path):
    from axislib.notebook.lab import notebooks_folder

    before = notebooks_folder() / "2-timeline.ipynb"
    notebook = nbformat.read(before, as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12.1"}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"saved-{number}"
        cell.metadata["scrolled"] = True
    (tmp_path / "after.ipynb").write_text(json.dumps(notebook, indent=4), encoding="utf-8")
    assert not diff_runs(before, tmp_path / "after.ipynb")
