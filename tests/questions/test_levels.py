"""Levels, likenesses and the thesis as stated."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import axislib
from axislib.questions.levels import (
    CERTAINTIES,
    LEVELS,
    certainty,
    compare_readings,
    compared_coalitions,
)
from axislib.questions.weighing import silence_needed

FICTIONAL = Path(__file__).parent.parent / "fictional" / "harbour-league"
ASKED = {
    "likenesses": lambda seed, *sides: axislib.likenesses(seed, *sides).to_dict(),
    "thesis": axislib.thesis,
    "compare_readings": lambda seed, *sides: compare_readings(seed, *sides).to_dict(),
    "acceptability": lambda seed, *sides: axislib.acceptability(seed, *sides, draws=50),
    "fillings": lambda seed, *sides: axislib.fillings(seed, *sides, draws=50).to_dict(),
    "pivots": (
        lambda seed, *sides: axislib.pivots(
            seed, *sides, draws=50, fill=["known", "absent"]
        ).to_dict()
    ),
    "silence_needed": silence_needed,
    "comparison": lambda seed, *sides: axislib.comparison(seed, *sides).to_plotly_json(),
    "on_the_whole": (
        lambda seed, *sides: axislib.on_the_whole(seed, *sides, draws=50).to_plotly_json()
    ),
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


def test_unknown_coalition(seed):
    with pytest.raises(axislib.SeedError, match="'axis' is not an actor"):
        axislib.likenesses(seed, "axis", "wwii_allies")


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
