"""The timeline: every way of dating an event is drawn as what it is."""

import re
from pathlib import Path

import pytest

import axislib
from axislib.figures.hover import cited, describe
from axislib.figures.timeline.events import prepare
from axislib.figures.timeline.panels import Panels, ticks

HARBOUR = Path(__file__).parent.parent / "fictional" / "harbour-league"
EVENT = "ev_boats_lent"


@pytest.fixture(scope="module")
def harbour():
    return axislib.open_seed(HARBOUR)


def dated(seed, date, **more):
    return seed.recode(EVENT, date=date, date_words="", date_basis="stated", **more)


def row_of(seed, row_id=EVENT):
    return next(row for row in prepare(seed) if row["id"] == row_id)


def drawn(seed, row_id=EVENT):
    """The marks of one event on the panels, by the name of their trace."""
    found = {}
    for trace in axislib.timeline(seed).data:
        at = [i for i, mark in enumerate(trace.customdata) if mark[0] == row_id]
        if at and (trace.xaxis or "x") not in ("x", "x8"):
            xs = [trace.x[i] for i in at if trace.x[i] is not None]
            found.setdefault(trace.name.partition(":")[0], []).append((trace, at, xs))
    return found


def stretch(seed, row_id=EVENT):
    xs = [x for marks in drawn(seed, row_id)["within"] for x in marks[2]]
    return min(xs), max(xs)


def labels(seed):
    figure = axislib.timeline(seed)
    axes = [figure.layout[name] for name in figure.layout if name.startswith("xaxis")]
    return {word for axis in axes for word in axis.ticktext or []}


def titles(seed):
    return " ".join(
        words
        for t in axislib.timeline(seed).data
        if t.name.startswith("titles")
        for words in t.text
    )


def test_a_year_is_a_bracket_over_that_year(harbour):
    assert stretch(dated(harbour, "2031")) == (2031, 2032)


def test_a_year_before_christ(harbour):
    seed = dated(harbour, "-0430")
    assert stretch(seed) == (-430, -429)
    assert "431 BC" in labels(seed) and "431 BC" in titles(seed)
    assert "-430" not in labels(seed)


def test_a_day_before_christ_is_a_day_long(harbour):
    seed = dated(harbour, "-0043-03-15")
    low, high = stretch(seed)
    assert high - low < 0.1 and "44 BC" in labels(seed)
    assert "15 March 44 BC" in titles(seed)
    point = drawn(seed)["ends"][0]
    assert point[0].marker.symbol[point[1][0]] == "circle"


def test_the_first_century(harbour):
    seed = dated(harbour, "0031")
    assert stretch(seed) == (31, 32) and "AD 31" in labels(seed) and "AD 31" in titles(seed)


@pytest.mark.parametrize(
    ("date", "year", "label"),
    [("Y12000", 12000, "12000"), ("Y-12000", -12000, "12001 BC"), ("Y290000", 290000, "290000")],
)
def test_beyond_9999(harbour, date, year, label):
    seed = dated(harbour, date)
    assert stretch(seed) == (year, year + 1) and label in labels(seed)
    assert label in titles(seed)
    axislib.timeline(seed, mode="aligned")


def test_a_season(harbour):
    low, high = stretch(dated(harbour, "2024-23"))
    assert (round(low, 2), round(high, 2)) == (2024.67, 2024.92)
    assert "autumn 2024" in titles(dated(harbour, "2024-23"))


def test_about_a_year_has_round_brackets(harbour):
    def bend(seed):
        trace, at, _ = drawn(seed)["range"][0]
        return {round(trace.y[i] - trace.y[at[0]]) for i in at if trace.y[i] is not None}

    assert bend(dated(harbour, "2031~")) != bend(dated(harbour, "2031"))
    assert "about 2031" in titles(dated(harbour, "2031~"))


@pytest.mark.parametrize(("date", "way"), [("1978/..", 1), ("../1945", -1)])
def test_an_open_end_fades_soon_after_what_is_stated(harbour, date, way):
    """A bar to the edge of the panel would end at a date that nobody gave."""
    seed = dated(harbour, date)
    trace, at, dots = drawn(seed)["ends"][0]
    bar = max(stretch(seed)[::way], key=lambda end: end * way)
    past = [(dot - bar) * way for dot in dots]
    sizes = [trace.marker.size[i] for i in at]
    assert past[0] > 0 and past == sorted(past) and sizes == sorted(sizes, reverse=True)
    edges = [panel.end if way > 0 else panel.start for panel in Panels(prepare(seed), []).panels]
    assert min((edge - dots[-1]) * way for edge in edges if (edge - dots[-1]) * way > 0) > 0
    assert "going on" in drawn(seed), "what goes on is a thick bar up to the dots"
    known = 1979 if way > 0 else 1945
    assert abs(bar - known) < 2
    pixel = (dots[-1] - bar) * way / 41
    assert abs(bar - known) < 20 * pixel, "a longer bar would seem to end at a date"
    assert any(
        "the length means nothing" in note.text
        for note in axislib.timeline(seed).layout.annotations
    )


def test_no_end_stated_is_said_above_the_dots(seed):
    figure = axislib.timeline(seed)
    at = {t.name.partition(":")[0]: t for t in figure.data if t.xaxis == "x3"}
    (title,) = (i for i, words in enumerate(at["titles"].text) if "no end stated" in words)
    assert at["titles"].textposition[title] == "middle right", "words begin at their mark"
    assert at["titles"].x[title] in at["within"].x


def test_an_end_that_is_not_stated_is_a_question_mark(harbour):
    seed = dated(harbour, "1978/")
    assert "ends" not in drawn(seed)
    trace, at, _ = drawn(seed)["end not stated"][0]
    assert trace.text[at[0]] == "?"


def test_an_interval_went_on_between_its_ends(harbour):
    seed = dated(harbour, "1931/1938")
    assert stretch(seed) == (1931, 1939)
    assert sorted(drawn(seed)["going on"][0][2]) == [1932, 1938]


@pytest.mark.parametrize(("relation", "way"), [("before", -1), ("after", 1), ("during", 0)])
def test_an_event_dated_by_another_is_tied_to_it(harbour, relation, way):
    tied = harbour.events[harbour.events["relative_to"] == EVENT]["id"].iloc[0]
    seed = harbour.recode(tied, time_relation=relation)
    low, high = stretch(seed)
    tether, at, xs = drawn(seed, tied)["tether"][0]
    assert tether.line.dash == "dot" and {low, high} <= set(xs)
    assert not {"range", "ends"} & set(drawn(seed, tied)), "it has no place of its own on the axis"
    beyond = [x for x in xs if not low <= x <= high]
    assert bool(beyond) == bool(way) and all((x - low) * way > 0 for x in beyond)
    (title, at, (x,)), *_ = drawn(seed, tied)["titles"]
    assert low <= x <= high, "its words are not in a year in which it need not lie"
    assert title.y[at[0]] > max(y for y in tether.y if y is not None)
    assert f"{relation} the event above" in title.text[at[0]].replace("<br>", " ")


def test_the_name_of_the_other_event_is_said_once(seed):
    told = {row["id"]: row["when"] for row in prepare(seed)}
    assert told["ev_axis_cooperation"] == "\u201cduring the Second World War\u201d"
    assert told["ev_no_limits_declared"] == "\u201cweeks before\u201d Russia's large-scale invasion"
    during = "during this event: North Korea sends troops"
    assert told["ev_prk_without_heavy_equipment"] == during
    assert told["ev_second_world_war"] == "named, but no years given"
    assert told["ev_war_on_ukraine"] == "", "nothing is placed by it"


def test_the_key_of_the_panels_names_what_is_drawn(seed, harbour):
    def key(of):
        notes = axislib.timeline(of).layout.annotations
        return " ".join(note.text for note in notes if note.yshift == -46)

    assert "lasted throughout" in key(seed) and "lasted" not in key(harbour)
    bare = axislib.keep(harbour, "events", id=["ev_storm"])
    assert re.sub("<[^>]*>", "", key(bare)) == "[  ] some time within"


def test_a_line_between_brackets_is_not_taken_for_what_lasted(seed):
    drawn_lines = [t for t in axislib.timeline(seed).data if t.type == "scatter"]
    lines = {t.name.partition(":")[0]: t.line for t in drawn_lines}
    within, lasted = lines["within"], lines["going on"]
    assert within.width * 10 < lasted.width and within.color != lasted.color


def test_what_was_before_a_vague_date_may_lie_in_the_same_year(seed):
    """Weeks before some time in 2022 is late in 2021 or in 2022."""
    tether, at, xs = drawn(seed, "ev_no_limits_declared")["tether"][0]
    assert min(xs) < 2022 and max(xs) == 2023
    (_, _, (label,)), *_ = drawn(seed, "ev_no_limits_declared")["titles"]
    assert label >= 2022


@pytest.mark.parametrize(("how", "word"), [("normative", "called for"), ("predicted", "predicted")])
def test_what_is_called_for_or_predicted_is_not_drawn_as_having_happened(harbour, how, word):
    seed = dated(harbour, "2031", modality=how)
    trace = drawn(seed)["range"][0][0]
    assert trace.line.dash == "dash" and word in titles(seed)
    assert drawn(harbour)["range"][0][0].line.dash == "solid"


def test_the_panels_are_on_one_scale(seed, harbour):
    for each in (seed, harbour, axislib.open_seed(layers=["article", "context"])):
        panels = Panels(prepare(each), []).panels
        scales = {round((p.end - p.start) / (p.right - p.left), 1) for p in panels}
        assert len(scales) == 1 and len(panels) > 1


def test_a_square_for_each_event_by_how_it_is_dated(seed):
    events, squares = seed.events, {}
    for trace in axislib.timeline(seed).data:
        if trace.name.startswith("squares"):
            squares[trace.name.partition(": ")[2]] = [mark[0] for mark in trace.customdata]
    assert sorted(i for ids in squares.values() for i in ids) == sorted(events["id"])
    assert set(squares["dated"]) == set(events.loc[events["date_basis"] == "stated", "id"])
    apart = {row["id"] for row in prepare(seed) if row["standing"]}
    assert set(squares["apart"]) == apart
    undated = set(events.loc[events["date_basis"] == "undated", "id"])
    assert set(squares["undated"]) == undated - apart


def test_the_squares_are_a_sum_that_can_be_checked(seed):
    figure = axislib.timeline(seed)
    notes = [re.sub("<[^>]*>", "", note.text) for note in figure.layout.annotations]
    assert {"3 dated", "+ 7 placed relative to another event", "+ 22 undated = 32"} <= set(notes)
    assert "4 not counted" in notes
    fills = {t.name: t.marker.color for t in figure.data if t.name.startswith("squares")}
    assert len({fills[f"squares: {state}"] for state in ("dated", "placed", "undated")}) == 3
    first, second, *_, undated, apart = figure.layout.meta["cards"]
    assert first["heading"] == "Events: 3 + 7 + 22 = 32" and not undated["folded"]
    assert [number for number, _ in first["squares"]] == [3, 7, 22], "what the sum adds up"
    assert second["heading"] == "Not counted: 4" and sum(n for n, _ in second["squares"]) == 4
    assert [len(ids) for ids in undated["ids"]] == [1] * 22 and apart["folded"]
    assert "four of them during the Second World War" in describe(figure)


def test_dates_of_the_record_are_a_layer_of_their_own():
    both = axislib.open_seed(layers=["article", "context"])
    article = set(both.events.loc[both.events["layer"] == "article", "id"])
    with_record, without = axislib.timeline(both), axislib.timeline(both, record=False)
    assert set(cited(without)) == article < set(cited(with_record))
    for trace in with_record.data:
        if trace.name.startswith("record"):
            assert not {mark[0] for mark in trace.customdata} & article
            assert set(trace.marker.symbol) == {"diamond"}
    alone = axislib.timeline(axislib.open_seed())
    assert [t.to_plotly_json() for t in without.data] == [t.to_plotly_json() for t in alone.data]
    assert "the article" not in with_record.layout.title.text


def test_undated_events_are_under_their_actor(seed):
    figure = axislib.timeline(seed)
    heads = {note.text for note in figure.layout.annotations if note.xref == "x8"}
    assert {"<i>Russia (10)</i>", "<i>North Korea (6)</i>"} <= heads
    assert "<b>Undated</b> (22), by main actor; the article itself gives no date" in heads
    assert "<b>Placed relative to another event</b> (5 of 7)" in heads
    shown = {mark[0] for t in figure.data if t.name.startswith("undated") for mark in t.customdata}
    placed = seed.events["earliest"].notna() | seed.events["latest"].notna()
    assert shown == set(seed.events.loc[~placed, "id"])


def test_labels_of_a_long_axis_do_not_crowd(harbour):
    panel = Panels(prepare(dated(harbour, "1500/1900")), []).panels[0]
    at, words, step = ticks(panel, 500)
    assert step >= 20 and len(words) == len(at) <= 12
