"""The record in charts: every mark cites, has another look, and never stands alone."""

import pytest

import axislib
from axislib.figures.palette import PAPER
from axislib.record import checks, findings, robustness, values, what_changes
from axislib.record.figures import (
    cards,
    filled_comparison,
    record_check,
    record_overview,
    record_timeline,
)
from axislib.words import curly, number_word


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
    assert len(figure.layout.meta["twin"]) == len(values(known, claim)) + len(bearings)
    assert check_title(figure, claim) and "invitation to discuss" in figure.layout.meta["alt"]


def check_title(figure, claim):
    """A title is a claim in our own words, never in quotation marks."""
    title = figure.layout.meta["alt"]
    literal = next(check.literal for check in checks() if check.claim == claim)
    return curly(literal.rstrip(".")) in title and not set('\u201c\u201d"') & set(title)


def test_the_overview_has_every_claim_and_how_far_its_verdict_holds(known):
    figure, table = record_overview(known), robustness(known)
    ids = ids_resolve(figure, known.seed)
    assert set(table["claim"]) <= set(ids)
    drawn = {
        mark[0].split(";")[0]: trace.name
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "markers" and trace.name != "charitable"
        for mark in trace.customdata
    }
    untested = table["verdict"] == "cannot_be_tested"  # below the scale, in a look of its own
    held = table["robustness"].mask(untested, "cannot_be_tested")
    assert drawn == dict(zip(table["claim"], held, strict=True))
    assert figure.layout.height < 900 and len(figure.layout.meta["twin"]) == len(table)


def test_what_cannot_be_tested_is_not_on_the_scale(known):
    figure, table = record_overview(known), robustness(known)
    places = {trace.name: set(trace.x) for trace in figure.data if trace.mode == "markers"}
    on_scale = set().union(*(places[name] for name in ("robust", "fragile", "thin")))
    assert not places["cannot_be_tested"] & on_scale
    heads = " ".join(note.text for note in figure.layout.annotations)
    number = (table["verdict"] == "cannot_be_tested").sum()
    assert f"Not on the scale: {number} cannot be tested" in heads


def test_the_title_names_the_thesis_and_what_is_contradicted(known):
    others = robustness(known).query("central == 'yes'")
    number = others["verdict"].str.startswith("contradicted").sum()
    title = record_overview(known).layout.meta["alt"]
    assert title.startswith("The thesis is supported on balance but fragile; of the five other")
    assert len(others) == 5 and f"{number_word(number)} are contradicted as tested" in title
    cards = record_overview(known).layout.meta["cards"]
    assert cards[0]["heading"] == "Examined in full" and len(cards[0]["lines"]) == 6
    assert sum(len(card["lines"]) for card in cards) == 33


def test_the_filled_comparison_gives_both_results(known):
    alt = filled_comparison(known).layout.meta["alt"]
    changes = what_changes(known.seed)
    for way in ("filled", "record"):
        more, less = ((changes[way] == side).sum() for side in ("more", "less"))
        assert f"{more} form{'s' * int(more != 1)} to {less}" in alt


def test_no_act_of_today_is_later_than_the_article(known):
    figure = record_timeline(known)
    last = max(shape.x1 for shape in figure.layout.shapes if shape.type == "rect")
    ours = [x for t in figure.data if t.name == "acts: left, record" for x in t.x]
    theirs = [x for t in figure.data if t.name == "acts: right, record" for x in t.x]
    assert ours and max(ours) <= last and sum(x > last for x in theirs) > len(theirs) / 2
    assert figure.layout.meta["alt"].startswith("Most recorded acts of the wartime Axis came")


def test_six_cards_are_open_and_every_claim_has_one(known):
    html = cards(known, robustness(known))
    assert html.count("<details open>") == 6 and html.count("<h4>") == 33
    assert "\n\n" not in html and "The other 27 claims" in html  # a blank line would end the HTML
    assert "what happened since" in html
    assert html.count("<li>") > sum(len(findings(known, check.claim)) for check in checks())


def test_no_number_stands_alone(known):
    for check in checks():
        for _, rows in values(known, check.claim).groupby("indicator"):
            assert set(rows["role"]) - {"claimed"} or rows["who"].nunique() > 1


def test_all_but_the_articles_number_is_outlined(known):
    figure = record_check(known, "tr_prk_troops")
    filled = {
        trace.name
        for trace in figure.data
        if trace.mode == "markers" and trace.marker.color != PAPER
    }
    assert filled == {"article"}


def test_the_timeline_is_the_records(known):
    figure = record_timeline(known)
    ids = ids_resolve(figure, known.seed)
    assert (
        all(i.startswith("cx_") for i in ids)
        and "none the article\u2019s" in figure.layout.meta["alt"]
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
