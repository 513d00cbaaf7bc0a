"""Readings as switches: what each does, what all do together, and the sentence that counts it."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

import axislib
from axislib.explorer.parts import captioned
from axislib.notebook.switches import effects
from axislib.words import number_word, thesis_in_words


@pytest.fixture
def switches(seed):
    return axislib.reading_switches(seed)


def drawn(figure) -> dict:
    data = json.loads(figure.to_json())
    for trace in data["data"]:
        trace.pop("uid", None)
    return data


def tick(switches, *readings: str) -> None:
    switches.form.values = {"readings": list(readings)}


def offered(switches) -> list[str]:
    return [choice["value"] for choice in switches.form.fields[0]["choices"]]


def test_a_switch_is_a_reading_that_changes_a_level(seed, switches):
    from axislib.questions.levels import compare_readings

    table = compare_readings(seed)
    assert offered(switches) == table.loc[table["changes"] != "", "reading"].tolist()
    assert len(offered(switches)) + len(switches.others.items) == len(seed.readings)
    for choice in switches.form.fields[0]["choices"]:
        assert (
            choice["label"]
            and "\u2192" in choice["note"]
            and choice["tip"].startswith("What would settle it: ")
        )


def test_ticking_redraws_the_comparison_and_the_sentence(seed, switches):
    before, said, widget = drawn(switches.figure), switches.sentence, switches.figure
    tick(switches, *offered(switches)[:2])
    other = seed.read_as(*offered(switches)[:2])
    assert switches.figure is widget
    assert (
        drawn(switches.figure)
        == drawn(go.Figure(captioned(axislib.comparison(other))[0]))
        != before
    )
    assert (
        switches.sentence
        == thesis_in_words(other, "modern_alignment", "historic_axis").replace("**", "")
        != said
    )
    counts = axislib.thesis(other)
    assert f"both sides on {number_word(counts['both_known'])} of the" in switches.sentence
    tick(switches)
    assert drawn(switches.figure) == before and switches.sentence == said


def test_each_switch_does_what_it_says(seed, switches):
    base = axislib.levels(seed).set_index(["dimension", "coalition"])["level"]
    for reading, changes in effects(seed, "modern_alignment", "historic_axis").items():
        after = axislib.levels(seed.read_as(reading)).set_index(["dimension", "coalition"])["level"]
        changed = {place for place in base.index[base != after] if place[1] != "wwii_allies"}
        assert {change[:2] for change in changes} == changed


def test_other_coalitions_have_other_switches(seed):
    allies = axislib.reading_switches(seed, "historic_axis", "wwii_allies")
    assert offered(allies) and offered(allies) != offered(axislib.reading_switches(seed))


def test_two_readings_of_one_cell_are_told(seed):
    first = next(
        r
        for r in seed.readings.to_dict("records")
        if effects(seed, "modern_alignment", "historic_axis")[r["id"]]
    )
    second = {**first, "id": "rdg_again", "why": "Another reason altogether."}
    from dataclasses import replace

    import pandas as pd

    twice = replace(
        seed,
        tables={
            **seed.tables,
            "readings": pd.concat([seed.readings, pd.DataFrame([second])], ignore_index=True),
        },
    )
    switches = axislib.reading_switches(twice)
    tick(switches, first["id"], "rdg_again")
    assert "Another reason altogether." in switches.form.problem
    tick(switches, first["id"])
    assert switches.form.problem == ""


def test_a_mark_answers_in_words(seed, switches):
    switches._reader.open(["co_prk_arms"])
    assert switches._reader.panel.view["statement"] == seed.row("co_prk_arms")["statement"]


def test_what_goes_wrong_is_said(switches, monkeypatch):
    monkeypatch.setattr("axislib.notebook.switches.comparison", lambda *args: 1 / 0)
    tick(switches, offered(switches)[0])
    assert "ZeroDivisionError" in switches.form.problem
    tick(switches, "rdg_nothing")
    monkeypatch.undo()
    tick(switches)
    assert switches.form.problem == ""


def test_an_unknown_coalition_is_refused(seed):
    with pytest.raises(axislib.SeedError, match="atlantis"):
        axislib.reading_switches(seed, "atlantis")


def test_markup_in_a_reading_is_text(seed):
    from dataclasses import replace

    readings = seed.readings.copy()
    readings["why"] = "<img src=x onerror=alert(1)>"
    switches = axislib.reading_switches(replace(seed, tables={**seed.tables, "readings": readings}))
    assert {choice["label"] for choice in switches.form.fields[0]["choices"]} == {
        "<img src=x onerror=alert(1)>"
    }  # parts.js sets it as text


def test_where_no_widget_can_be_shown_the_sentence_stands(switches):
    assert switches.sentence in switches._repr_mimebundle_()["text/plain"]
