"""Acceptability: what must hold whatever the coding."""

import numpy as np
import pytest

import axislib
from axislib.questions.weighing import FILLS, fillings


@pytest.fixture(scope="module")
def seed():
    return axislib.open_seed()


def test_the_same_seed_gives_the_same_numbers(seed):
    assert fillings(seed, draws=500).equals(fillings(seed, draws=500))


def test_shares_add_up(seed):
    table = fillings(seed, draws=500)
    assert table["fill"].tolist() == list(FILLS)
    assert np.allclose(table[["left", "right", "tie"]].sum(axis=1), 1)


def test_sides_can_be_exchanged(seed):
    left, right = seed.metadata["coalitions"][-1], seed.metadata["coalitions"][0]
    for fill, other in (
        ("absent", "absent"),
        ("present", "present"),
        ("for", "against"),
        ("known", "known"),
    ):
        one, two = (
            fillings(seed, *sides, 500).set_index("fill")
            for sides in ((left, right), (right, left))
        )
        assert one.loc[fill, "left"] == two.loc[other, "right"]


def test_kinder_silence_never_hurts(seed):
    shares = fillings(seed, draws=2_000).set_index("fill")["left"]
    assert shares["for"] >= shares["uniform"] >= shares["against"]
    assert shares["for"] >= shares["present"] >= shares["against"]


def test_a_coalition_is_not_weighed_against_itself(seed):
    coalition = seed.metadata["coalitions"][0]
    with pytest.raises(axislib.SeedError, match=f"left and right are both '{coalition}'"):
        fillings(seed, coalition, coalition, 500)


def test_no_dimension_known_on_both_sides(seed):
    author = seed.metadata["voices"]["other"]
    part = axislib.select(seed, speakers=[author])
    assert np.isnan(fillings(part, draws=100).set_index("fill").loc["known", "left"])


def test_unknown_words_are_refused(seed):
    with pytest.raises(axislib.SeedError):
        fillings(seed, left="atlantis")


def test_too_few_draws_are_refused_in_words(seed):
    for draws in (0, -1):
        with pytest.raises(axislib.SeedError, match=f"draws: {draws} is too few"):
            fillings(seed, draws=draws)
