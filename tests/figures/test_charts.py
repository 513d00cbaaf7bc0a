"""What single charts have to show, asked of the article's seed without naming its ids."""

import html
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import axislib
from axislib.figures.comparison import prepare
from axislib.figures.coverage import prepare as prepare_coverage
from axislib.figures.draft import grouped
from axislib.figures.exchanges import prepare as prepare_exchanges
from axislib.figures.hover import cited, describe, text
from axislib.figures.palette import CERTAINTY, GREY, LEVEL, PAPER, PURPLE
from axislib.figures.voices import ORDER, QUALIFIED, editors_and_author, prepare_levels, qualified
from axislib.figures.voices import prepare as prepare_voices
from axislib.questions.argument import (
    concerned,
    editors_against_author,
    main_thesis,
    said,
    threads,
    tree,
    unlinked,
)
from axislib.tables.schema import split_cell
from axislib.words import events_dated, exchanges_with_number, number_word, range_in_words

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from bench_figures import invented  # noqa: E402


@pytest.fixture(scope="module")
def seed():
    return axislib.open_seed()


def test_timeline_shows_every_event_once_in_words(seed):
    figure = axislib.timeline(seed)
    assert set(cited(figure)) == set(seed.events["id"])
    twin = figure.layout.meta["twin"]
    heads = [line for line in twin if line.endswith(":")]
    assert heads[0] == "Dated:" and heads[2] == "Undated:" and twin[0] == heads[0]
    assert len(twin) - len(heads) == len(seed.events) and not any(
        "ndated," in line for line in twin
    )


def test_pairs_are_named_in_full():
    figure = axislib.comparison(axislib.open_seed(layers=["article", "context"]))
    words = describe(figure)
    for pair in ("Adolf Hitler\u2013Benito Mussolini", "North Korea\u2013Russia", "United States"):
        assert pair in words


def test_the_comparison_shows_each_level_of_each_band_once(seed):
    rows = prepare(seed)
    cells = {(row["dimension"], row["coalition"]) for row in rows}
    assert len(cells) == len(rows) == len(axislib.levels(seed))
    both = {row["dimension"] for row in rows if row["band"] == "both"}
    counts = axislib.thesis(seed)
    assert len(both) == counts["both_known"]
    for band, count in (("left", "only_left_known"), ("right", "only_right_known")):
        assert len({row["dimension"] for row in rows if row["band"] == band}) == counts[count]


def test_the_band_that_decides_holds_its_statements(seed):
    figure, both = axislib.comparison(seed), [r for r in prepare(seed) if r["band"] == "both"]
    shown = " ".join(
        words.replace("<br>", " ")
        for trace in figure.data
        if trace.name.startswith("on cells")
        for words in trace.text
    )
    for row in both:
        assert html.escape(row["statement"], quote=False)[:30] in shown


def test_what_is_presumed_is_hatched_and_nothing_else(seed):
    for each in (seed, axislib.open_seed(layers=["article", "context"])):
        hatched = [t for t in axislib.comparison(each).data if t.type == "bar"]
        hatched = [t for t in hatched if t.marker.pattern.shape and not t.name.startswith("key:")]
        assert {t.marker.pattern.shape for t in hatched} == {CERTAINTY["presumed"].hatch}
        both = [row for row in prepare(each) if row["band"] == "both"]
        presumed = [";".join(row["ids"]) for row in both if row["certainty"] == "presumed"]
        assert sorted(mark[0] for t in hatched for mark in t.customdata) == sorted(presumed)
    assert [t.name for t in axislib.comparison(seed).data if t.name.startswith("key:presumed")]


def test_a_level_that_one_voice_states_and_another_leaves_open_says_so_in_its_list(seed):
    def left_open(of):
        lists = [t for t in axislib.comparison(of).data if t.name.startswith("forms")]
        return [words for t in lists for words in t.text if "left open by" in words]

    told = left_open(seed)
    name = dict(zip(seed.dimensions["id"], seed.dimensions["name"], strict=True))
    of = {row["dimension"]: row for row in prepare(seed) if row["place"] == 0}
    said = {i: row["speakers"].partition("; left open by ")[0] for i, row in of.items()}
    alone = [i for i, row in of.items() if row["open_by"] and row["open_by"] not in said[i]]
    assert alone == ["ideological_coherence"] and len(told) == 1
    assert told[0].endswith(f"{name[alone[0]]} (editors only; left open by Martin Kragh)")
    assert not left_open(seed.recode("co_ed_ideology", speaker="kragh"))


def test_two_forms_that_another_coding_makes_one_are_marked(seed):
    rows = prepare(seed)
    marked = {row["dimension"] for row in rows if "twin" in row}
    assert marked == {"coordinated_actions", "coordinated_decisions"}
    known = axislib.thesis(seed.read_as("rdg_actions_are_decisions"))["both_known"]
    told = {row["twin"] for row in rows if "twin" in row}
    assert len(told) == 1 and f"{number_word(known)} forms could then" in told.pop()
    assert not any("twin" in row for row in prepare(seed.read_as("rdg_actions_are_decisions")))


def test_a_list_has_the_sign_of_the_side_that_is_spoken_of(seed):
    """Also where the other side leaves it open: it is the level of that side that puts it there."""
    other = seed.read_as("rdg_bromance_irony")
    lists = [t for t in axislib.comparison(other).data if t.name.startswith("forms")]
    (told,) = [words for t in lists for words in t.text if "Personal rapport" in words]
    assert LEVEL["absent"].sign in told and told.endswith("(today\u2019s four: \u25cb)")
    lines = [line for card in cards(axislib.comparison(other)) for line in card["lines"]]
    assert any(line.startswith("\u2715 Personal rapport:\nruled out") for line in lines)


def test_who_says_it_is_in_every_cell_of_the_comparison(seed):
    for row in prepare(seed):
        facts = [i for i in row["ids"] if i in set(seed.facts["id"])]
        speakers = {seed.row(i)["speaker"] for i in facts}
        assert ("the editors" in row["speakers"]) == ("editors" in speakers)
        assert bool(row["speakers"]) == bool(facts)


def test_each_speaker_in_the_comparison_is_credited_with_his_own_pairs(seed):
    """Kragh alone names Russia's help for North Korea, the editors alone Iran's for Russia."""
    said = {r["name"]: r["speakers"] for r in prepare(seed) if r["place"] == 0}
    pairs = (
        "Russia\u2013North Korea and China\u2013Russia",
        "China\u2013Russia and Iran\u2013Russia",
    )
    expected = "Martin Kragh on {}; in other statements also the editors on {}".format(*pairs)
    assert said["Economic support"] == expected
    assert said["Troops for a partner's war"] == (
        "Martin Kragh on North Korea\u2013Russia; in other statements also the editors"
        " on North Korea\u2013Russia"
    )
    assert said["Opposition to the Western order"].startswith(
        "the editors; in other statements also Martin Kragh, and Vladimir Putin on Russia\u2013"
    )
    assert expected in describe(axislib.comparison(seed))


def test_a_cell_that_is_not_stated_answers_with_its_own_coalition(seed):
    """And not with what is missing about the other side."""
    actors = set(seed.actors["id"])
    names = dict(zip(seed.actors["name"], seed.actors["id"], strict=True))
    for row in prepare(seed):
        for i in row["ids"]:
            about = set(split_cell(seed.row(i).get("about", ""))) & actors
            if row["level"] == "not_stated" and seed.row(i)["table"] == "silences":
                assert not about or names[row["coalition"]] in about


def test_the_comparison_fits_one_screen(seed):
    assert axislib.comparison(seed).layout.height <= 600


def test_timeline_keeps_the_lanes_of_the_undated_apart(seed):
    figure = axislib.timeline(seed, lanes="coalition")
    words = [note.text for note in figure.layout.annotations]
    names = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))
    undated = seed.events[seed.events["earliest"].isna() & seed.events["latest"].isna()]
    for coalition in set(undated["coalition"]) - {""}:
        assert any(text(names[coalition]) in word for word in words)


def test_timeline_marks_where_years_are_left_out(seed):
    figure = axislib.timeline(seed)
    assert any("years omitted" in a.text for a in figure.layout.annotations)
    panels = [
        axis
        for axis in (figure.layout[name] for name in figure.layout if name.startswith("xaxis"))
        if axis.visible
    ]
    assert len(panels) == 2
    for axis in panels:  # whole years: no label stands across a border
        assert all(float(end).is_integer() for end in axis.range)


def test_an_open_end_fades_and_no_event_told_by_another_has_a_time_of_its_own(seed):
    drawn = {"ends": set(), "range": set(), "tether": set()}
    for trace in axislib.timeline(seed).data:
        drawn.get(trace.name.partition(":")[0], set()).update(mark[0] for mark in trace.customdata)
    stated = seed.events[seed.events["date_basis"] == "stated"]
    assert drawn["ends"] == set(stated.loc[stated["date"].str.endswith(".."), "id"]) != set()
    assert drawn["range"] == set(stated["id"])
    assert drawn["tether"] and not drawn["tether"] & drawn["range"]


def test_aligned_is_a_sentence_where_too_little_is_dated(seed):
    figure = axislib.timeline(seed, mode="aligned")
    said = figure.layout.meta["sentence"]
    assert said.startswith("**Too few acts") and "Italian troops" in said
    assert figure.data[0].mode == "text" and cited(figure)


def test_aligned_counts_from_the_founding_act():
    many = invented(300)
    left, right = many.metadata["coalitions"][-1], many.metadata["coalitions"][0]
    dated = many.events[
        (many.events["coalition"] == left) & many.events["earliest"].notna()
    ].sort_values("earliest")
    founding = dated["id"].iloc[20]
    figure = axislib.timeline(
        many, mode="aligned", left=left, right=right, founding={left: founding}
    )
    acts = [trace for trace in figure.data if trace.name.startswith("acts: ")]
    assert [trace.name for trace in acts] == ["acts: left, article", "acts: right, article"]
    for trace in acts:  # both on the same axes
        assert (trace.xaxis, trace.yaxis) == ("x", "y")
        assert min(trace.x) >= 0 and list(trace.y) == list(range(1, len(trace.y) + 1))
    curves = {trace.name: trace.line.dash for trace in figure.data if trace.mode == "lines"}
    assert curves["left, article"] != curves["right, article"]


def test_many_events_are_drawn_by_webgl_with_ids_and_hover():
    many = invented(1_000)
    figure = axislib.timeline(many)
    assert set(cited(figure)) == set(many.events["id"])
    points = [trace for trace in figure.data if trace.mode == "markers"]
    assert {trace.type for trace in points} == {"scattergl"}
    assert sum(len(trace.x) for trace in points) == 1_000
    assert all("Invented event number" in text for trace in points for text in trace.hovertext)


def test_exchanges_shows_every_transfer(seed):
    figure = axislib.exchanges(seed)
    assert set(seed.transfers["id"]) <= set(cited(figure))


def behind(figure, name):
    """The ids behind the traces whose name begins so."""
    traces = [trace for trace in figure.data if trace.name.startswith(name)]
    return {i for trace in traces for mark in trace.customdata for i in split_cell(mark[0])}


def test_exchanges_draws_numbers_large_and_all_arrows_alike(seed):
    figure, rows = axislib.exchanges(seed), prepare_exchanges(seed)
    assert behind(figure, "arrow: said") == {i for row in rows for i in row["ids"]}
    (numbered,) = [row for row in rows if row["numbers"]]
    assert numbered["what"].endswith("; the only number"), "beside it, and where it is read"
    drawn = [t for trace in figure.data if trace.name.startswith("what") for t in trace.text]
    (large,) = [words for words in drawn if "font-size" in words]
    assert f'at least <b><span style="font-size:18px">{numbered["numbers"][0]}</span>' in large


def test_the_hub_of_the_exchanges_is_drawn_once(seed):
    rows = prepare_exchanges(seed)
    hub = rows[0]["hub"]
    boxes = next(trace for trace in axislib.exchanges(seed).data if trace.name.startswith("hub"))
    name = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))[hub]
    assert sum(name in words for words in boxes.text) == 1
    for row in rows:
        assert (row["side"] == "to") == (row["receiver"] == row["hub"])


def test_what_editors_and_author_both_say_is_one_arrow_with_both_voices(seed):
    rows = prepare_exchanges(seed)
    both = [row for row in rows if len({seed.row(i)["speaker"] for i in row["ids"]}) == 2]
    called = axislib.words.names(seed)
    for row in both:
        assert all(called[seed.row(i)["speaker"]] in row["credited"] for i in row["ids"])
    assert both
    assert sorted(i for row in rows for i in row["ids"]) == sorted(seed.transfers["id"])
    parties = [(r["givers"], r["receiver"], r["category"]) for r in rows]
    assert len(parties) == len(set(parties))


def test_each_item_is_credited_to_those_alone_who_state_it(seed):
    called = axislib.words.names(seed)
    for row in prepare_exchanges(seed):
        items = [seed.row(i) for i in row["ids"]]
        told = row["credited"].removeprefix(f"{row['category']}: ")
        for part in re.split(r"(?<=\));", told):
            speakers = {called[item["speaker"]] for item in items if item["item"] in part}
            assert speakers == {who for who in called.values() if who in part}
    told = [row["credited"] for row in prepare_exchanges(seed)]
    assert sum("only troops, according to the editors" in words for words in told) == 1


@pytest.mark.parametrize("change", [{"modality": "normative"}, {"polarity": "denied"}])
def test_what_is_not_said_to_have_happened_is_dashed_and_not_counted(seed, change):
    fact = next(r["ids"][0] for r in prepare_exchanges(seed) if len(r["ids"]) == 1)
    before, after = (axislib.exchanges(s) for s in (seed, seed.recode(fact, **change)))
    assert behind(after, "arrow: not so") == {fact}
    lines_of = [t.line.dash for t in after.data if t.name == "arrow: not so"]
    assert lines_of == ["dash"]
    own = [
        row for row in prepare_exchanges(seed) if row["era"] == prepare_exchanges(seed)[0]["era"]
    ]
    for figure, count in ((before, len(own)), (after, len(own) - 1)):
        assert f"{number_word(count)} flows involving" in describe(figure).splitlines()[0]


def test_exchanges_links_a_return_to_what_it_repays(seed):
    figure = axislib.exchanges(seed)
    wanted = {
        i
        for row in seed.transfers.itertuples()
        if split_cell(row.in_return_for)
        for i in [row.id, *split_cell(row.in_return_for)]
    }
    assert wanted <= behind(figure, "in return")
    for row in prepare_exchanges(seed):
        if row["repays"]:
            assert row["band"] in [givers for givers, _ in row["repays"]]


def test_joint_givers_share_an_arrow(seed):
    joint = seed.transfers[seed.transfers["joint"] != ""]
    shared = [row for row in prepare_exchanges(seed) if len(row["givers"]) > 1]
    assert [set(row["ids"]) for row in shared] == [set(joint["id"])]


def test_no_return_is_said_only_of_what_is_coded_and_whole(seed):
    def notes(part):
        found = axislib.exchanges(part).layout.annotations
        return [note.text.replace("<br>", " ") for note in found]

    assert "The article mentions nothing given to China in return" in notes(seed)
    assert "The article mentions nothing given to China in return" not in notes(
        axislib.keep(seed, "transfers", giver=["CHN"])
    )


def test_the_main_thesis_has_most_support(seed):
    thesis = seed.row(main_thesis(seed))
    assert thesis["role"] == "thesis"
    support = seed.arguments[seed.arguments["relation"] == "supports"]["target"].value_counts()
    theses = seed.claims.loc[seed.claims["role"] == "thesis", "id"]
    assert support[thesis["id"]] == max(support.get(i, 0) for i in theses)


def test_all_claims_and_links_are_on_the_whole_map(seed):
    figure = axislib.argument_map(seed, root="all")
    assert set(cited(figure)) == set(seed.claims["id"]) | set(seed.arguments["id"])


def test_every_link_has_one_place(seed):
    rows = threads(seed)
    assert sorted(rows.loc[rows["argument"] != "", "argument"]) == sorted(seed.arguments["id"])
    assert set(rows["claim"]) | set(unlinked(seed)) == set(seed.claims["id"])


def test_links_in_a_circle_end(seed):
    first = seed.arguments.iloc[0]
    back = {
        **first.to_dict(),
        "id": "arg_back",
        "source": first["target"],
        "target": first["source"],
    }
    circle = replace(
        seed,
        tables={
            **seed.tables,
            "arguments": pd.concat([seed.arguments, pd.DataFrame([back])], ignore_index=True),
        },
    )
    assert len(tree(circle, first["source"])) < 200
    assert "arg_back" in cited(axislib.argument_map(circle, root="all"))


def test_boxes_of_the_map_do_not_overlap(seed):
    for root in (None, "all"):
        figure = axislib.argument_map(seed, root=root)
        boxes = [
            (b, b + x, y - w / 2, y + w / 2)
            for trace in figure.data
            if trace.name.startswith("claims")
            for b, x, y, w in zip(trace.base, trace.x, trace.y, trace.width, strict=True)
        ]
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                assert a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]


def test_an_arrowhead_touches_the_claim_that_is_borne_on(seed):
    figure = axislib.argument_map(seed)
    heads = next(trace for trace in figure.data if trace.name.startswith("heads"))
    thesis = next(trace for trace in figure.data if trace.name == "claims: thesis")
    edge = thesis.base[0] + thesis.x[0]
    assert list(heads.marker.symbol) == ["triangle-left"] and edge < heads.x[0] < edge + 12


def test_what_limits_a_claim_ends_in_a_bar_apart_from_what_supports_it(seed):
    figure = axislib.argument_map(seed)
    direct = tree(seed, main_thesis(seed)).query("depth == 1")
    limits = set(direct.loc[direct["relation"] == "qualifies", "argument"])
    assert limits and behind(figure, "heads: bar") == limits
    assert behind(figure, "heads: trunk") == set(direct["argument"]) - limits
    words = [word for t in figure.data if t.name.startswith("link words") for word in t.text]
    assert words.count("limits") == len(limits) and "qualifies" not in words


def test_the_words_of_a_claim_stay_in_its_box(seed):
    for root in (None, "all"):
        figure = axislib.argument_map(seed, root=root)
        told = {t.name: t.text for t in figure.data}
        for boxes in (t for t in figure.data if t.name in ("claims: claim", "claims: thesis")):
            labels = told[boxes.name.replace("claims", "words")]
            for wide, high, label in zip(boxes.x, boxes.width, labels, strict=True):
                seen = re.sub("<[^b][^>]*>", "", label).split("<br>")
                assert max(map(len, seen)) * 7.1 < wide and len(seen) * 15 < high


def test_voices_shows_every_sentence_of_every_speaker_once(seed):
    rows, figure = prepare_voices(seed), axislib.voices(seed)
    assert len(rows) == len(said(seed).drop_duplicates(["speaker", "locator"]))
    assert set(seed.facts["id"]) <= behind(figure, "sentences")
    squares = [trace for trace in figure.data if trace.name.startswith("sentences")]
    assert sum(len(trace.x) for trace in squares) == len(rows)


def test_a_sentence_is_drawn_as_the_least_sure_statement_in_it(seed):
    table = said(seed)
    for row in prepare_voices(seed):
        own = table[(table["speaker"] == row["speaker"]) & (table["locator"] == row["locator"])]
        if own["left_open"].any():
            assert row["kind"] == "left_open"
        elif set(own["modality"]) == {"asserted", "hedged"}:
            assert row["kind"] == "hedged"


def test_what_is_qualified_is_the_same_in_both_charts_of_sentences(seed):
    """A sentence with something left open counts as left open, whoever counts it."""
    softest: dict[str, str] = {}
    for row in prepare_voices(seed):
        kinds = (row["kind"], softest.get(row["locator"], row["kind"]))
        softest[row["locator"]] = max(kinds, key=ORDER.index)
    rows = [row for row in prepare_coverage(seed) if row["statements"]]
    assert {row["locator"]: row["kind"] for row in rows} == softest
    opened = set(seed.facts.loc[seed.facts["polarity"] == "left_open", "id"])
    assert opened and all(
        (row["kind"] == "left_open") == bool(opened & set(row["ids"])) for row in rows
    )
    assert any(
        f"<b>{qualified(rows)}</b> of 57<br>qualified" in note
        for note in notes(axislib.coverage, seed)
    )


@pytest.mark.parametrize("name", ["coverage", "voices", "timeline"])
def test_a_list_on_a_phone_draws_every_mark_once(seed, name):
    figure = getattr(axislib, name)(seed)
    cards = [card for card in figure.layout.meta["cards"] if "squares" in card]
    strips = [
        of if isinstance(of[0], (list, tuple)) else [of] for c in cards for of in c["squares"]
    ]
    drawn = sum(number for strip in strips for number, _ in strip)
    marks = ("sentences", "squares")
    assert drawn == sum(len(t.x) for t in figure.data if t.name.startswith(marks))
    assert all(len(card["lines"]) >= len(card["squares"]) for card in cards)
    for card in cards:
        for line, (number, *_) in zip(card["lines"], card["squares"], strict=False):
            assert line.startswith(f"{number} ") or isinstance(number, (list, tuple))


def test_a_phone_says_of_each_speaker_how_many_are_qualified_of_all(seed):
    *own, others, note = cards(axislib.voices(seed))
    groups = list(grouped(prepare_voices(seed), "group").values())[:2]
    for rows, card in zip(groups, own, strict=True):
        number, every = qualified(rows), len(rows)
        assert card["heading"].endswith(f": {number} of {every} qualified")
        assert [list(run) for run in card["squares"][0]] == [
            [every - number, "plain"],
            [number, "soft"],
        ]
        firm, soft = card["lines"][0].split("\n\n")
        assert firm.startswith(f"\u25a0 {every - number} not qualified: ")
        assert soft.startswith(f"\u25a8 {number} qualified: ")
    drawn = [words for t in axislib.voices(seed).data for words in t.text or ()]
    assert others["heading"] in [words.replace("<br>", " ") for words in drawn]
    assert others["folded"] and note["key"] and "64 squares for 55" in note["lines"][0]


def test_a_speaker_of_few_sentences_is_not_compared(seed):
    title = describe(axislib.voices(seed)).splitlines()[0]
    assert (
        "Martin Kragh qualifies 14 of 44 sentences; the editors wrote too few to compare" in title
    )
    alone = replace(seed, metadata={**seed.metadata, "voices": {"body": "editors"}})
    assert "too few" not in describe(axislib.voices(alone)).splitlines()[0]


def test_a_phone_draws_the_sentences_in_reading_order(seed):
    rows, figure = prepare_coverage(seed), axislib.coverage(seed)
    soft = [place for place, row in enumerate(rows, start=1) if row["kind"] in QUALIFIED]
    late = sum(place > (len(rows) + 1) // 2 for place in soft)
    first, *_, key = cards(figure)
    looks = [look for strip in first["squares"] for number, look in strip for _ in range(number)]
    assert [place for place, look in enumerate(looks, start=1) if look == "soft"] == soft
    assert first["lines"][1] == f"Sentences 30\u201357: {late} qualified"
    assert f"{late} of the {len(soft)} are in the second half of the article" in describe(figure)
    told = first["lines"][2].split("\n\n")
    assert told[0].startswith(f"\u25a0 {57 - len(soft) - 2} not qualified: 30 asserted only")
    assert told[1].startswith(f"\u25a8 {len(soft)} qualified: ")
    assert key["key"] and " ".join(key["lines"]) in notes(axislib.coverage, seed)


def test_the_thesis_is_asserted_in_a_sentence_that_leaves_something_open(seed):
    (told,) = [note for note in axislib.coverage(seed).layout.annotations if "Thesis" in note.text]
    assert "itself asserted; the same sentence leaves open whether" in told.text
    (box,) = [shape for shape in axislib.coverage(seed).layout.shapes if shape.line.width == 3]
    assert told.xanchor == "right" and 0 < box.x0 - told.x < 10, "it ends at its box"


def test_the_author_is_not_called_silent_where_he_says_something_close(seed):
    """The same form of cooperation, or a hedged claim at a place that the coder's note names."""
    theirs = {row["editors"]["ids"][0]: row["author"] for row in prepare_levels(seed)}
    assert "cl_direction_open" in theirs["cl_ed_threatens_peace"]["ids"]
    assert "Hedged: the change is not" in theirs["cl_ed_threatens_peace"]["statement"]
    assert "co_coordinate_actions" in theirs["cl_ed_unified_front"]["ids"]
    assert "coordinate their actions" in theirs["cl_ed_unified_front"]["statement"]
    assert theirs["cl_ed_recalibrate"]["kind"] == "not_stated"


def test_help_without_a_receiver_is_named_where_a_side_has_no_exchange(seed):
    """Else the chart contradicts the comparison, which counts it as cooperation."""
    told = "fought on the Eastern Front, but the article does not say for whom."
    assert any(told in note.replace("<br>", " ") for note in notes(axislib.exchanges, seed))
    opened = seed.recode("co_italian_troops", polarity="left_open")
    assert not any("for whom" in note for note in notes(axislib.exchanges, opened))


def test_the_list_of_flows_is_by_partner_and_says_what_is_missing(seed):
    first, *rest = axislib.exchanges(seed).layout.meta["cards"]
    rows = [row for row in prepare_exchanges(seed) if row["hub"] == "RUS"]
    into, out = (sum(row["side"] == side for row in rows) for side in ("to", "from"))
    assert first["lines"][0].endswith(f"Russia receives {into}, gives {out}")
    (number,) = [row["numbers"][0] for row in rows if row["numbers"]]
    assert f"at least {number}" in first["lines"][1]
    assert "lend-lease is denied" in first["lines"][-1]
    assert [len(of) for of in grouped(rows, "band").values()] == [
        len(card["lines"]) for card in rest[: len(grouped(rows, "band"))]
    ]
    assert not any("Kragh" in line for card in rest for line in card["lines"])
    assert rest[1]["heading"].startswith("China") and "nothing in return" in rest[1]["heading"]
    others = [card["heading"] for card in rest[len(grouped(rows, "band")) :]]
    assert others and all(head.startswith("The wartime Allies: the ") for head in others)


def test_how_many_flows_a_hub_receives_and_gives_is_said_above_them(seed):
    rows = [row for row in prepare_exchanges(seed) if row["hub"] == "RUS"]
    many = Counter(row["side"] for row in rows)
    told = [note for note in notes(axislib.exchanges, seed) if note.endswith(" flows")]
    assert told == [
        f"<b>Russia receives</b>: {many['to']} flows",
        f"<b>Russia gives</b>: {many['from']} flows",
    ]
    assert axislib.exchanges(seed).layout.height <= 769, "else its words are too small on a sheet"


def test_who_is_not_of_the_coalition_is_named_in_its_heading(seed):
    (heading,) = (note for note in notes(axislib.exchanges, seed) if "with outsiders" in note)
    assert "the Houthis" in heading and "China" not in heading


def test_the_rule_of_the_map_says_how_many_links_are_inferred(seed):
    links = tree(seed, main_thesis(seed))["argument"].loc[lambda ids: ids != ""].tolist()
    one = seed.recode(links[0], basis="stated")
    told = [describe(axislib.argument_map(part)) for part in (seed, one)]
    assert f"All {number_word(len(links))} links are inferred by us" in told[0]
    assert f"1 of {len(links)} links are stated, the others" in told[1]


def notes(chart, seed):
    return [note.text for note in chart(seed).layout.annotations]


def test_the_level_of_the_editors_stands_beside_that_of_the_author(seed):
    rows, figure = prepare_levels(seed), editors_and_author(seed)
    claims = [row for row in rows if row["difference"] == "claim"]
    assert rows[len(rows) - len(claims) :] == claims
    assert len(rows) - len(claims) == len(editors_against_author(seed))
    settled = [row for row in rows if row["difference"] == "editors_settle"]
    said = (
        "they affirm ideological coherence, which Kragh leaves open,"
        f" and make {number_word(len(claims))} claims of their own"
    )
    assert [row["name"] for row in settled] == ["Ideological coherence"]
    assert said in describe(figure).splitlines()[0]
    for row in rows:
        for side in ("editors", "author"):
            shown = "agreed" if row["difference"] in ("same", "author_only") else "cells"
            assert set(row[side]["ids"]) <= behind(figure, shown)
    assert not editors_and_author(replace(seed, metadata={})).data


def test_a_list_has_a_line_a_pair_with_what_each_side_says(seed):
    listed = [line for card in cards(editors_and_author(seed)) for line in card["lines"]]
    for row in prepare_levels(seed):
        if row["difference"] not in ("same", "author_only"):
            (line,) = [line for line in listed if line.startswith(f"{row['name']}.\n\n")]
            assert [part.split(":")[0] for part in line.split("\n")[2:]] == [
                *("The editors", "Martin Kragh")
            ]
    assert not any("\n" in line for line in editors_and_author(seed).layout.meta["twin"])


def test_where_the_editors_say_other_than_the_author(seed):
    table = editors_against_author(seed)
    assert {"same"} < set(table["difference"])
    other = editors_against_author(replace(seed, metadata={}))
    assert other.empty


def test_only_what_speaks_against_a_hypothesis_is_coloured(seed):
    against = seed.consistency[seed.consistency["rating"].str.contains("inconsistent")]
    figure = axislib.hypotheses_matrix(seed)
    coloured = {
        i
        for trace in figure.data
        if trace.type == "bar" and trace.marker.color != PAPER
        for mark in trace.customdata
        for i in split_cell(mark[0])
    }
    assert coloured & set(seed.consistency["id"]) == set(against["id"])
    assert set(seed.consistency["id"]) <= set(cited(figure))


def test_the_links_of_the_map_are_drawn_as_stated_or_inferred(seed):
    direct = tree(seed, main_thesis(seed)).query("depth == 1")
    made = {link for link in direct["argument"] if seed.row(link)["basis"] == "stated"}
    figure = axislib.argument_map(seed)
    assert behind(figure, "links: stated") == made
    assert behind(figure, "links: inferred") == set(direct["argument"]) - made
    assert {t.line.dash for t in figure.data if t.name == "links: inferred"} == {"dash"}


def test_the_map_says_whom_the_grounds_concern(seed):
    left, right = axislib.compared_sides(seed)
    grounds = tree(seed, main_thesis(seed)).query("depth == 1 and relation == 'supports'")["claim"]
    about = concerned(seed, [left, right])
    assert all(about[claim] == [right] for claim in grounds)
    title = describe(axislib.argument_map(seed)).splitlines()[0]
    assert (
        f"all {number_word(len(grounds))} grounds for the thesis are about the wartime Axis; none"
        in title
    )


def cards(figure):
    return figure.layout.meta["cards"]


def test_the_range_of_other_codings_is_in_the_comparison(seed):
    told = describe(axislib.comparison(seed))
    shown = "each of the two results shown rests on a presumed level."
    assert f"{range_in_words(seed)[:-1]}; {shown}" in told


def test_a_claim_is_only_the_editors_where_the_note_says_so(seed):
    shown = behind(editors_and_author(seed), "cells")
    for row in seed.claims[seed.claims["speaker"] == "editors"].to_dict("records"):
        noted = row["note"].startswith("The body ")
        drawn_as_form = row["statement"] == "China is publicly restrained."
        assert (row["id"] in shown) == (noted and not drawn_as_form), row["id"]


def test_what_only_the_author_mentions_is_no_disagreement(seed):
    table = editors_against_author(seed).set_index("dimension")["difference"]
    assert table["technology_transfer"] == "author_only" and "lend_lease_programme" not in table
    title = describe(editors_and_author(seed)).splitlines()[0]
    assert "Technology transfer" not in title


def test_the_map_shows_the_side_that_no_ground_concerns(seed):
    def gaps(part):
        told = [words for t in axislib.argument_map(part).data for words in t.text or ()]
        return [words for words in told if "Missing" in words]

    assert len(gaps(seed)) == 1 and "today\u2019s four" in gaps(seed)[0]
    drawn, sides = set(tree(seed, main_thesis(seed))["claim"]), axislib.compared_sides(seed)
    others = sum(bool(on) for i, on in concerned(seed, sides[:1]).items() if i not in drawn)
    told = f"The article contains {others} other claims about"
    whole = gaps(seed)[0].replace("<br>", " ")
    assert told in whole and "it offers none as a ground for the thesis" in whole
    card = cards(axislib.argument_map(seed))[1]  # under the thesis
    assert card["ours"] and card["heading"].startswith("Missing, on our reading: a ground about")
    assert not any(t.name.startswith("missing") for t in axislib.argument_map(seed).data)
    boxes = [t for t in axislib.argument_map(seed).data if t.name.startswith("claims")]
    gap = next(t for t in boxes if t.name == "claims: gap")
    assert all(gap.marker.color != t.marker.color for t in boxes if t is not gap)
    under = [y for t in boxes if t.name == "claims: limit" for y in t.y if y > gap.y[0]]
    limits = (tree(seed, main_thesis(seed))["relation"] == "qualifies").sum()
    assert len(under) == limits, "after the grounds, before what limits the thesis"
    ground = seed.recode("cl_axis_uncoordinated", about="rel_hitler_hirohito;modern_alignment")
    assert not gaps(ground)


def test_a_line_that_gathers_inferred_links_is_dashed_as_they_are(seed):
    def trunks(part):
        return {t.line.dash for t in axislib.argument_map(part).data if t.name.startswith("trunk")}

    assert trunks(seed) == {"dash"}, "also where they limit a claim"
    (told,) = (note for note in notes(axislib.argument_map, seed) if "broken line" in note)
    assert {f"color:{colour}" in told for colour in (PURPLE, GREY)} == {True}
    assert "link inferred by us" in told and "ends in a bar: limits the claim" in told
    made = seed.arguments.assign(basis="stated")
    assert trunks(replace(seed, tables={**seed.tables, "arguments": made})) == {"solid"}
    thesis, _, *own = cards(axislib.argument_map(seed))
    heads = [card["heading"] for card in own]
    told = "Supports the thesis: four grounds, all about the wartime Axis"
    assert list(thesis["lines"]) == ["All six links are inferred by us."], "said once"
    assert heads[0] == told and heads[-1] == "Limits the thesis"


def test_the_rows_of_a_matrix_leave_room_for_their_words(seed):
    trace = next(t for t in axislib.hypotheses_matrix(seed).data if t.name.startswith("rows"))
    deep = [15 * (words.count("<br>") + 1) for words in trace.text]
    assert max(deep) == 45, "one statement takes three lines"
    for n, (y, after) in enumerate(zip(trace.y, trace.y[1:], strict=False)):
        assert after - y > (deep[n] + deep[n + 1]) / 2


def test_a_phone_shows_each_statement_once_with_a_rating_an_explanation(seed):
    first, judged, apart, rest, last = cards(axislib.hypotheses_matrix(seed))
    names = [line.rpartition(": ") for line in first["lines"]]
    assert [int(number) for *_, number in names] == [many for many, _ in first["squares"]]
    assert judged["heading"] == "One rater; the definitions of the explanations are ours"
    assert list(apart["heads"]) == [name for name, *_ in names] and not apart["folded"]
    told = [*apart["lines"], *rest["lines"]]
    assert len(set(told)) == len(told) == seed.consistency["fact"].nunique()
    points = {"inconsistent": 1, "strongly_inconsistent": 2}
    for place, (*_, number) in enumerate(names):
        assert sum(points.get(chips[place][1], 0) for chips in apart["chips"]) == int(number)
    for chips in apart["chips"]:
        assert len({points.get(kind, 0) for _, kind in chips}) > 1, "it tells them apart"
    assert rest["folded"] and rest["heading"].startswith("Eight statements that count against no")
    assert last["heading"].startswith("The order stays the same")


def test_statements_stand_with_those_that_count_against_the_same(seed):
    figure = axislib.hypotheses_matrix(seed)
    heads = [note.text for note in figure.layout.annotations if note.text.startswith("<b>Against")]
    points = {"inconsistent": 1, "strongly_inconsistent": 2}
    telling = {
        fact
        for fact, of in seed.consistency.groupby("fact")["rating"]
        if of.map(points).fillna(0).nunique() > 1
    }
    assert sum(int(head.rpartition("(")[2].split()[0]) for head in heads) == len(telling)
    told = figure.layout.title.subtitle.text.replace("<br>", " ")
    assert "an article contradicts least what it argues for" in told and "One rater;" in told
    rest = seed.consistency["fact"].nunique() - len(telling)

    def foot(of):
        return next(t.text[0] for t in of.data if t.name.startswith("alike"))

    assert f"{number_word(rest)} statements that count against no" in foot(figure)
    assert f"Not shown: {number_word(rest)}" in foot(figure)
    close = seed.consistency.assign(rating="neutral")
    close.loc[close["id"] == "con_tr_chn_dual_use_axis", "rating"] = "inconsistent"
    few = replace(seed, tables={**seed.tables, "consistency": close})
    kept, lost = (
        next(note for note in notes(axislib.hypotheses_matrix, part) if " order" in note)
        for part in (seed, few)
    )
    assert "The order stays the same whichever sentence is left out." in kept
    assert "Two sentences, P14.S1 and P22.S4, each make several of these statements;" in kept
    assert "P14.S1 counts repeatedly against \u201cMarriage of convenience\u201d" in kept
    assert "can change the order" in lost


def test_an_exchange_is_counted_alike_everywhere(seed):
    rows = [row for row in prepare_exchanges(seed) if not row["standing"]]
    assert exchanges_with_number(seed) == (sum(bool(row["numbers"]) for row in rows), len(rows))


def test_what_is_dated_is_counted_alike_everywhere(seed):
    dated, happened = events_dated(seed)
    told = f"The article dates only {number_word(dated)} of the {happened} events that it names"
    assert describe(axislib.timeline(seed)).startswith(told)
