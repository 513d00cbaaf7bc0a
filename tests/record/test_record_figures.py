"""The record in charts: every mark cites, has another look, and never stands alone."""

import pytest

import axislib
from axislib.figures.palette import BLUE, PAPER
from axislib.record import checks, values, verdicts
from axislib.record.figures import filled_comparison, record_check, record_timeline


def ids_resolve(figure, seed):
    ids = axislib.cited(figure)
    assert ids
    for i in ids:
        assert seed.row(i)
    return ids


@pytest.mark.parametrize("claim", [check.claim for check in checks()])
def test_every_check_has_a_figure_that_cites(known, claim):
    figure = record_check(known, claim)
    ids = ids_resolve(figure, known.seed)
    bearings = set(known.seed.bearings.query("target == @claim")["id"])
    assert bearings <= set(ids)
    measured = values(known, claim)
    assert len(axislib.describe(figure).splitlines()) == 1 + measured["indicator"].nunique() + len(
        bearings
    )
    row = verdicts(known, [claim]).iloc[0]
    assert (
        row["statement"].rstrip(".") in figure.layout.meta["alt"]
        and "invitation to discuss" in figure.layout.meta["alt"]
    )


def test_no_number_stands_alone(known):
    for check in checks():
        for _, rows in values(known, check.claim).groupby("indicator"):
            assert set(rows["role"]) - {"claimed"} or rows["who"].nunique() > 1


def test_all_but_the_articles_number_is_outlined(known):
    figure = record_check(known, "tr_prk_troops")
    looks = {
        (symbol, colour)
        for trace in figure.data
        if trace.type == "scatter" and trace.name != "no points"
        for symbol, colour in zip(trace.marker.symbol, trace.marker.color, strict=True)
    }
    assert {symbol for symbol, _ in looks if not symbol.endswith("-open")} == {"circle"} and (
        "circle",
        BLUE,
    ) in looks


def test_the_timeline_is_the_records(known):
    figure = record_timeline(known)
    ids = ids_resolve(figure, known.seed)
    assert (
        all(i.startswith("cx_") for i in ids)
        and "From the external record alone" in figure.layout.meta["alt"]
    )
    assert any(shape.type == "rect" for shape in figure.layout.shapes)


def test_the_filled_comparison_marks_what_is_filled(known):
    figure = filled_comparison(known)
    ids_resolve(figure, known.seed)
    ours = 0
    for trace in figure.data:
        if trace.type != "bar" or trace.name == "not_stated":
            continue
        for mark in trace.customdata:
            from_record = all(i.startswith("coc_") for i in mark[0].split(";"))
            ours += from_record
            outlined_only = trace.marker.color == PAPER and trace.marker.line.width == 2
            assert outlined_only == from_record == trace.name.endswith("record")
    assert ours >= 20
