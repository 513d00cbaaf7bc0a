"""Disputes with threats or force between two actors, by year."""

from __future__ import annotations

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import actor_of, load_pairs
from axislib.record.rebuild.table import Table, make_table, to_numbers

FILE = "cow_wars_mids/cow_mid5_dyadic_selected_1930_2014.csv"
# the states that the extract holds; pairs outside it are unknown, not peaceful
HELD = {2, 200, 220, 255, 325, 740, 365, 710, 630, 731, 732}


def build(inputs: Inputs) -> list[Table]:
    """One table: number of disputes and the highest level of hostility of either side, by pair and
    year.

    Level: 1 none, 2 threat, 3 display, 4 use of force, 5 war. A year without a row has no dispute,
    for pairs among the states of the extract and up to 2014; for others the table says nothing.
    """
    cells = to_numbers(
        inputs[FILE], ["dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2"]
    )
    cells["level"] = cells[["hostlev1", "hostlev2"]].max(axis=1)
    cells["left"] = [
        actor_of("cow", code, int(year))
        for code, year in zip(cells["ccode1"], cells["year"], strict=True)
    ]
    cells["right"] = [
        actor_of("cow", code, int(year))
        for code, year in zip(cells["ccode2"], cells["year"], strict=True)
    ]
    # the file has every dispute from both sides; one order of a pair is in pairs.csv
    order = {pair: i for i, pair in enumerate(load_pairs())}
    cells = cells[[pair in order for pair in zip(cells["left"], cells["right"], strict=True)]]
    frame = (
        cells.groupby(["left", "right", "year"])
        .agg(disputes=("dispnum", "nunique"), level=("level", "max"))
        .reset_index()
    )
    frame = frame.assign(
        order=[order[pair] for pair in zip(frame["left"], frame["right"], strict=True)]
    ).sort_values(["order", "year"])
    return [make_table("disputes", frame)]
