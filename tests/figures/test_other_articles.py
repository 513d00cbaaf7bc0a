"""What the charts say is true of any article: of a selection, of an empty table, of a tie, of one
of a thing."""

from dataclasses import replace
from pathlib import Path

import pytest

import axislib
from axislib import words
from axislib.figures import coverage, exchanges, hypotheses_matrix, voices
from axislib.figures.coverage import prepare as strip
from axislib.figures.palette import RULE
from axislib.figures.voices import prepare, qualified
from axislib.record.claims import Indicator, Value
from axislib.record.panels import whole_ticks
from axislib.words import events_dated

HARBOUR = Path(__file__).parent.parent / "fictional" / "harbour-league"


@pytest.fixture(scope="module")
def harbour():
    return axislib.open_seed(HARBOUR)


def title(figure):
    return " ".join(
        figure.layout.title.text.replace("<br>", " ")
        .removeprefix("<b>")
        .removesuffix("</b>")
        .split()
    )


def subtitle(figure):
    return figure.layout.title.subtitle.text.replace("<br>", " ")


def shown(figure):
    """All words drawn: of marks and of notes."""
    marks = [
        words
        for trace in figure.data
        if trace.text is not None
        for words in ([trace.text] if isinstance(trace.text, str) else trace.text)
    ]
    return [
        words.replace("<br>", " ")
        for words in [*marks, *(note.text for note in figure.layout.annotations)]
        if words
    ]


def without(seed, *tables):
    return replace(
        seed,
        tables={
            name: frame[:0] if name in tables else frame for name, frame in seed.tables.items()
        },
    )


def test_a_selection_is_not_the_silence_of_the_article(harbour):
    part = axislib.select(harbour, since="1892", until="1894")
    assert len(part.events) < len(harbour.events) and "comparisons" not in part.selected
    happened = events_dated(part)[1]
    assert f"of the {happened} events selected" in title(axislib.timeline(part))
    assert "in the events selected" in title(axislib.timeline(part, mode="aligned"))
    assert "selected" not in title(axislib.timeline(harbour)) + title(axislib.comparison(part)), (
        "nothing was left out of these"
    )
    quill = axislib.select(harbour, modality=["asserted"])
    for figure in (coverage(quill), axislib.comparison(quill), voices(quill)):
        assert "selected" in title(figure)
    assert "grounds selected" in title(
        axislib.argument_map(axislib.select(axislib.open_seed(), modality=["asserted"]))
    )
    assert "The statements selected cover" in words.thesis_in_words(
        quill, "lighthouse_pact", "harbour_league"
    )


def test_a_condition_that_leaves_nothing_out_is_no_selection(harbour):
    assert not axislib.select(harbour, since="1001").selected


def test_an_empty_table_is_not_called_a_selection(harbour):
    assert "No transfers are coded yet." in shown(exchanges(without(harbour, "transfers")))
    none = axislib.keep(harbour, "transfers", category=["troops"])
    assert "The selection keeps no transfers: widen it." in shown(exchanges(none))


def test_what_has_nothing_to_compare_says_what_it_needs(harbour):
    bare = without(
        replace(harbour, metadata={**harbour.metadata, "coalitions": []}),
        "cooperation",
        "comparisons",
    )
    for figure in (axislib.comparison(bare), axislib.timeline(bare, mode="aligned")):
        assert "A comparison needs two coalitions with rows in cooperation." in shown(figure)


def test_hypotheses_with_as_much_against_them_are_all_named(harbour):
    first, second = harbour.hypotheses["name"][:2]
    flat = replace(
        harbour,
        tables={**harbour.tables, "consistency": harbour.consistency.assign(rating="neutral")},
    )
    both = f"\u201c{first}\u201d and \u201c{second}\u201d"
    own = "By our ratings,"
    told = f"{own} nothing in the article contradicts {both}"
    assert title(hypotheses_matrix(flat)) == told
    alike = replace(
        harbour,
        tables={**harbour.tables, "consistency": harbour.consistency.assign(rating="inconsistent")},
    )
    assert title(hypotheses_matrix(alike)) == f"{own} the article contradicts {both} equally"


def test_the_map_tells_of_the_claims_it_does_not_draw(harbour):
    drawn = len(set(axislib.cited(axislib.argument_map(harbour))) & set(harbour.claims["id"]))
    assert f"Not shown: {len(harbour.claims) - drawn} other claims" in subtitle(
        axislib.argument_map(harbour)
    )
    assert "more claims" not in subtitle(axislib.argument_map(harbour, "all"))


def test_what_is_asserted_as_open_counts_as_open_and_has_a_tint(harbour):
    fact = harbour.facts.query(
        "speaker == 'quill' and modality == 'asserted' and polarity == 'affirmed' and table =="
        " 'events'"
    )["id"].iloc[0]
    other, here = harbour, harbour.facts[harbour.facts["anchors"] == harbour.row(fact)["anchors"]]
    for each in here.query("speaker == 'quill'")["id"]:
        other = other.recode(each, polarity="left_open", modality="asserted", hedge="", hedge_on="")

    def count(seed):
        return qualified([row for row in prepare(seed) if row["speaker"] == "quill"])

    assert count(other) == count(harbour) + 1
    square = next(row for row in prepare(other) if fact in row["ids"])
    trace = next(t for t in voices(other).data if t.name == "sentences: left_open")
    assert square["kind"] == "left_open" and any(fact in mark[0] for mark in trace.customdata)
    assert trace.marker.color == RULE and not trace.marker.pattern.shape


def test_a_hedged_number_is_not_drawn_as_a_firm_one(harbour):
    fact = harbour.transfers.dropna(subset=["quantity"])["id"].iloc[0]
    rough = harbour.recode(
        fact, bound="exact", hedge="roughly", hedge_on="quantity", quantity_words="roughly so many"
    )
    firm = harbour.recode(fact, bound="exact", hedge="", hedge_on="")
    assert any(
        ": about " in words and "roughly so many" in words for words in shown(exchanges(rough))
    )
    assert not any("about " in words for words in shown(exchanges(firm)))


def test_times_in_words(harbour):
    fact = harbour.transfers["id"].iloc[0]
    assert any(
        "since autumn 2023" in words
        for words in shown(exchanges(harbour.recode(fact, date="2023-23/..")))
    )
    undated = harbour.events.query("date_basis == 'undated' and relative_to == ''")["id"].iloc[0]
    assert any(
        "(\u201clast winter\u201d)" in words
        for words in shown(axislib.timeline(harbour.recode(undated, date_words="last winter")))
    )


def test_the_first_and_every_fifth_paragraph_are_numbered(seed, harbour):
    for each in (seed, harbour):
        paragraphs = list(dict.fromkeys(each.sentences["locator"].str.split(".").str[0]))
        labels = [words for words in shown(coverage(each)) if words in paragraphs]
        fifth = [label for label in paragraphs[1:] if not int(label[1:]) % 5]
        assert labels == [paragraphs[0], *fifth]


def test_not_coded_yet_is_not_counted_as_empty(harbour):
    """Three states: coded, states nothing to code, not coded yet."""
    first, second = harbour.sentences["locator"][:2]
    of = {
        locator: set(harbour.evidence.query("locator == @locator")["id"])
        for locator in (first, second)
    }
    tables = {
        name: frame[~frame["id"].isin(of[first] | of[second])] if name != "sentences" else frame
        for name, frame in harbour.tables.items()
    }
    sentences = harbour.sentences.copy()
    sentences.loc[sentences["locator"] == second, "no_fact_reason"] = "a label"
    half = replace(harbour, tables={**tables, "sentences": sentences})
    kinds = {row["locator"]: row for row in strip(half)}
    assert kinds[first]["kind"] == "uncoded" and kinds[second]["kind"] == "nothing"
    assert kinds[second]["why"] == "a label"
    assert "1 is not coded yet" in title(coverage(half))
    assert "not coded yet" not in title(coverage(harbour))


def test_counts_have_whole_ticks_and_shares_have_not():
    def stick(*values, **rest):
        return Indicator(
            "s",
            "S",
            "acts",
            "rule",
            tuple(Value("a", "claimed", v, v, v, "m") for v in values),
            **rest,
        )

    assert whole_ticks(0, 3, stick(0.0, 3.0)) == {"dtick": 1}
    assert (
        whole_ticks(0, 3, stick(0.5, 3.0))
        == whole_ticks(0, 1, stick(0.0, 1.0, percent=True))
        == whole_ticks(0, 300, stick(300.0))
        == {}
    )


def test_what_is_said_of_the_editors_is_counted(seed, harbour):
    own = harbour.facts.query("speaker == 'editors'")
    assert f"**{len(own)}** by the editors" in words.voices_in_words(harbour)
    assert words.remark(seed, "4-analogy", "aim") and not words.remark(harbour, "4-analogy", "aim")
