"""Levels, likenesses and the thesis as stated."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import axislib
from axislib import words
from axislib.notebook import display
from axislib.questions.levels import comparable_range, compare_readings, compared_coalitions
from axislib.tables.schema import CERTAINTIES, LEVELS, certainty

FICTIONAL = Path(__file__).parent.parent / "fictional" / "harbour-league"
ASKED = {
    "likenesses": lambda seed, *sides: axislib.likenesses(seed, *sides).to_dict(),
    "thesis": axislib.thesis,
    "compare_readings": lambda seed, *sides: compare_readings(seed, *sides).to_dict(),
    "fillings": lambda seed, *sides: axislib.fillings(seed, *sides, draws=50).to_dict(),
    "comparison": lambda seed, *sides: axislib.comparison(seed, *sides).to_plotly_json(),
    "reading_switches": lambda seed, *sides: axislib.reading_switches(seed, *sides).sentence,
}


def level(seed, dimension, coalition):
    return axislib.levels(seed).set_index(["dimension", "coalition"]).loc[(dimension, coalition)]


CASES = [
    ("lend_lease_programme", "wwii_allies", "present", "known"),
    ("lend_lease_programme", "historic_axis", "absent", "known"),
    ("lend_lease_programme", "modern_alignment", "not_stated", "unclear"),
    ("leader_exchanges", "wwii_allies", "present", "known"),
    ("leader_exchanges", "historic_axis", "absent", "known"),
    ("leader_exchanges", "modern_alignment", "not_stated", "unclear"),
    ("troops_beside_partner", "historic_axis", "present", "presumed"),
    ("troops_beside_partner", "modern_alignment", "present", "known"),
    ("coordinated_decisions", "historic_axis", "absent", "known"),
    ("no_attack_on_partner", "historic_axis", "absent", "known"),
    ("no_attack_on_partner", "modern_alignment", "not_stated", "unclear"),
    ("mutual_regard", "modern_alignment", "present", "presumed"),
    ("public_commitment", "modern_alignment", "mixed", "presumed"),
    ("diplomatic_cover", "modern_alignment", "present", "known"),
]


@pytest.mark.parametrize(("dimension", "coalition", "want", "sure"), CASES)
def test_levels_of_the_article(seed, dimension, coalition, want, sure):
    row = level(seed, dimension, coalition)
    assert (row["level"], row["certainty"]) == (want, sure)


def test_one_level_for_each_coalition_on_each_dimension(seed):
    table = axislib.levels(seed)
    assert (
        len(table) == 3 * len(seed.dimensions)
        and set(table["level"]) <= set(LEVELS)
        and set(table["certainty"]) <= set(CERTAINTIES)
    )
    assert compared_coalitions(seed) == ["historic_axis", "wwii_allies", "modern_alignment"]
    silent = table["level"] == "not_stated"
    assert (table.loc[silent, "facts"] == "").all() and (table.loc[~silent, "facts"] != "").all()


def test_a_hedge_never_changes_a_level(seed):
    other = (
        seed.recode("co_prk_arms", modality="hedged")
        .recode("co_irn_drones", modality="hedged")
        .recode("co_ed_prk_arms", modality="hedged")
        .recode("co_ed_irn_drones", modality="hedged")
    )
    assert level(other, "arms_deliveries", "modern_alignment")["level"] == "present"
    assert level(other, "arms_deliveries", "modern_alignment")["certainty"] == "presumed"


def test_what_is_left_open_makes_no_level(seed):
    other = seed.recode("co_hitler_hirohito_decisions", polarity="left_open")
    row = level(other, "coordinated_decisions", "historic_axis")
    assert (row["level"], row["open_facts"]) == ("not_stated", "co_hitler_hirohito_decisions")


def test_pairs_are_kept(seed):
    assert level(seed, "coordinated_decisions", "historic_axis")["pairs"] == "hitler-hirohito"
    assert level(seed, "shared_worldview", "modern_alignment")["pairs"] == "all"


def test_an_instance_against_makes_it_mixed(seed):
    other = seed.recode("co_irn_drones", bears="against")
    assert level(other, "arms_deliveries", "modern_alignment")["level"] == "mixed"


def test_likenesses_are_symmetric(seed):
    one = axislib.likenesses(seed, "modern_alignment", "historic_axis").set_index("dimension")
    two = axislib.likenesses(seed, "historic_axis", "modern_alignment").set_index("dimension")
    assert (one["verdict"] == two["verdict"]).all()
    assert (
        one["exceeds"].map({"left": "right", "right": "left"}).fillna(one["exceeds"])
        == two["exceeds"]
    ).all()


def test_silence_on_a_side_is_unclear_and_never_a_difference(seed):
    table = axislib.likenesses(seed)
    silent = (table["left_level"] == "not_stated") | (table["right_level"] == "not_stated")
    assert (table.loc[silent, "verdict"] == "unclear").all() and (
        table.loc[silent, "exceeds"] == "cannot_say"
    ).all()


def test_thesis_counts_add_up(seed):
    counts = axislib.thesis(seed)
    assert (
        counts["dimensions"]
        == counts["both_known"]
        + counts["only_left_known"]
        + counts["only_right_known"]
        + counts["neither_known"]
    )
    assert (
        counts["both_known"] == counts["left_exceeds"] + counts["right_exceeds"] + counts["neither"]
    )


def test_a_reading_moves_the_thesis(seed):
    table = compare_readings(seed).set_index("reading")
    assert (
        table.loc["rdg_actions_are_decisions", "left_exceeds"]
        == axislib.thesis(seed)["left_exceeds"] + 1
    )
    assert (
        table.loc["rdg_bromance_irony", "left_exceeds"] == axislib.thesis(seed)["left_exceeds"] - 1
    )
    assert len(table) == len(seed.readings)


def test_what_no_alternative_coding_does_alone_two_do_together(seed):
    sides = axislib.compared_sides(seed)
    table = display.readings_with_effect(seed, *sides)
    ours, others = table.iloc[0], table.iloc[1:]
    assert ours["reading"] == "none: as we coded it" and not ours["why"]
    assert ours["both_known"] == axislib.thesis(seed)["both_known"]
    assert sorted(others["reading"]) == sorted(seed.readings["id"])
    assert others["both_known"].min() == 1 and comparable_range(seed)[0] == 0
    pair = "rdg_italian_troops_elsewhere", "rdg_bromance_irony"
    assert axislib.thesis(seed.read_as(*pair))["both_known"] == 0
    said = words.together_in_words(seed, *sides)
    assert said.endswith("; it takes at least two of them together to leave none.")
    certain = seed.keep("readings", id=pair[0])
    assert words.together_in_words(certain, *sides) == "", "one alone leaves as few"


def test_unknown_coalition(seed):
    with pytest.raises(axislib.SeedError, match="'axes' is not known"):
        axislib.likenesses(seed, "axes", "wwii_allies")


@pytest.mark.parametrize("question", ASKED)
def test_every_question_asks_a_seed_for_its_own_two_sides(seed, question):
    for one, sides in (
        (seed, ("modern_alignment", "historic_axis")),
        (axislib.open_seed(FICTIONAL), ("lighthouse_pact", "harbour_league")),
    ):
        answer, other = ASKED[question](one), ASKED[question](one, *sides[::-1])
        assert str(answer) == str(ASKED[question](one, *sides)) != str(other)


def test_a_seed_that_compares_no_two_says_so(seed):
    alone = replace(seed, metadata={**seed.metadata, "sides": [], "coalitions": ["historic_axis"]})
    with pytest.raises(
        axislib.SeedError, match="compares no two coalitions; name them as left and right"
    ):
        axislib.thesis(alone)
    assert axislib.thesis(alone, "modern_alignment", "historic_axis").equals(axislib.thesis(seed))


def test_certainty_of_every_fact(seed):
    sure = certainty(seed.facts)
    assert (
        isinstance(sure, pd.Series)
        and len(sure) == len(seed.facts)
        and set(sure) == set(CERTAINTIES)
    )


def test_a_lone_name_is_a_list_of_one(seed):
    lone = axislib.levels(seed, "historic_axis")
    assert lone.equals(axislib.levels(seed, ["historic_axis"])) and len(lone) == 22
    assert axislib.levels(seed, "the wartime axis").equals(lone)
    twice = axislib.levels(seed, ["the wartime Axis", "historic_axis"])
    assert twice.equals(lone)
    for question in (axislib.likenesses, axislib.thesis, axislib.fillings):
        assert question(seed, right="The wartime Axis").equals(question(seed))


@pytest.mark.parametrize(
    "ask",
    [
        lambda seed: axislib.levels(seed, ["historic_axi"]),
        lambda seed: axislib.levels(seed, "historic_axi"),
        lambda seed: axislib.likenesses(seed, "historic_axi"),
        lambda seed: axislib.thesis(seed, right="historic_axi"),
        lambda seed: axislib.fillings(seed, "historic_axi"),
        lambda seed: comparable_range(seed, "historic_axi"),
    ],
)
def test_a_misspelt_coalition_is_never_not_stated(seed, ask):
    with pytest.raises(axislib.SeedError, match="'historic_axi' is not known.*historic_axis"):
        ask(seed)


@pytest.mark.parametrize("question", ["levels", "thesis", "likenesses"])
def test_a_state_is_no_coalition(seed, question):
    with pytest.raises(axislib.SeedError, match="'China' is not known.*: historic_axis, wwii_a"):
        getattr(axislib, question)(seed, "China")


def test_what_another_coding_changes_is_one_step(seed):
    other = seed.recode("co_italian_troops", polarity="left_open")
    changed = axislib.levels(seed).compare(axislib.levels(other))["level"]
    assert changed.dropna().to_numpy().tolist() == [["present", "not_stated"]]


def test_a_name_that_several_share_is_refused(seed):
    actors = seed.actors.assign(
        aliases=seed.actors["aliases"].where(seed.actors["kind"] != "coalition", "the East")
    )
    other = replace(seed, tables={**seed.tables, "actors": actors})
    with pytest.raises(axislib.SeedError, match=r"'the east'.*it may mean \w+ or \w+"):
        axislib.levels(other, "the east")


@pytest.mark.parametrize("question", ["likenesses", "thesis", "comparison"])
def test_a_coalition_is_not_compared_with_itself(seed, question):
    with pytest.raises(axislib.SeedError, match="left and right are both 'historic_axis'.*allies"):
        ASKED[question](seed, "historic_axis", "The wartime Axis")


def test_a_corpus_answers_article_by_article(tmp_path, seed):
    corpus = axislib.open_seeds([seed.folder, FICTIONAL])
    table = axislib.levels(corpus)
    assert table.columns[0] == "seed" and table["seed"].unique().tolist() == corpus.names
    for name in corpus.names:
        part = table[table["seed"] == name].drop(columns="seed").reset_index(drop=True)
        assert part.equals(axislib.levels(corpus.seed(name)))
    numbers = axislib.thesis(corpus).set_index("seed")
    assert numbers.loc["kragh-holy-war", ["left", "right"]].tolist() == [
        "modern_alignment",
        "historic_axis",
    ]
    assert numbers.loc["kragh-holy-war", "both_known"] == axislib.thesis(seed)["both_known"]
    for question in (axislib.likenesses, compare_readings, axislib.fillings):
        with pytest.raises(axislib.SeedError, match=r"corpus\.seed\(NAME\)"):
            question(corpus)


def test_the_range_is_that_of_the_codings_tried_one_by_one(seed):
    low, high = comparable_range(seed)
    codings = [[one] for one in seed.readings["id"]]
    merging = seed.readings.query("column == 'dimension'").drop_duplicates("fact")
    codings += [[], list(merging["id"]), list(seed.readings["id"])]
    known = [axislib.thesis(seed.read_as(*ids))["both_known"] for ids in codings]
    assert (low, high) == (min(known), max(known))
