"""Side by side or against each other in the inter-state wars of the Correlates of War project."""

from __future__ import annotations

from itertools import product

import pandas as pd

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import actor_of, is_listed, load_pairs
from axislib.record.rebuild.table import Table, make_table, to_numbers

WARS, DYADS = (
    "cow_wars_mids/Inter-StateWarData_v4.0.csv",
    "cow_wars_mids/directed_dyadic_war_1937_1945.csv",
)
SINCE = "1930"  # the coalitions of the article and what came after
WAR_NAMES = {
    130: "Third Sino-Japanese",
    133: "Changkufeng",
    136: "Nomonhan",
    139: "World War II",
}  # dyads have numbers
COLUMNS = ["left", "right", "war", "relation", "since", "until", "coding"]


def build(inputs: Inputs) -> list[Table]:
    """One table: for each pair and war, the days on which both took part, on one side or on two.

    Two codings that do not always agree: participants know sides, dyads know who fought whom
    (1937-45 only). It cannot tell whether partners fought on one front or knew of each other's
    plans.
    """
    rows = [*_from_participants(inputs[WARS]), *_from_dyads(inputs[DYADS])]
    order = {pair: i for i, pair in enumerate(load_pairs())}
    rows.sort(key=lambda row: (order[row[:2]], row[4], row[6]))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return [make_table("wars_together", frame)]


def _from_participants(cells: pd.DataFrame) -> list[tuple]:
    spells = _read_spells(cells)
    rows = []
    for one, other in product(spells, spells):
        pair = one["actor"], other["actor"]
        since, until = max(one["since"], other["since"]), min(one["until"], other["until"])
        if one["WarNum"] == other["WarNum"] and pair in load_pairs() and SINCE <= since <= until:
            relation = "same_side" if one["Side"] == other["Side"] else "opposite_sides"
            rows.append((*pair, one["WarName"], relation, since, until, "participants"))
    return rows


def _read_spells(cells: pd.DataFrame) -> list[dict]:
    """Each state's parts in each war: up to two spells with a side and two dates."""
    parts = [
        f"{edge}{part}{spell}"
        for edge in ("Start", "End")
        for part in ("Year", "Month", "Day")
        for spell in (1, 2)
    ]
    cells = to_numbers(cells, ["WarNum", "ccode", "Side", *parts])
    spells = []
    for row in cells.to_dict("records"):
        for spell in (1, 2):
            # a year below zero: there was no second spell
            if is_listed("cow", row["ccode"]) and row[f"StartYear{spell}"] > 0:
                since, until = _date(row, "Start", spell), _date(row, "End", spell)
                spells.append(
                    {
                        **row,
                        "actor": actor_of("cow", row["ccode"], since),
                        "since": since,
                        "until": until,
                    }
                )
    return spells


def _date(row: dict, edge: str, spell: int) -> str:
    year, month, day = (int(row[f"{edge}{part}{spell}"]) for part in ("Year", "Month", "Day"))
    if year < 0:
        return "2007-12-31"
    month = month if month > 0 else (1 if edge == "Start" else 12)
    day = day if day > 0 else (1 if edge == "Start" else 28)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _from_dyads(cells: pd.DataFrame) -> list[tuple]:
    numbers = ["warnum", "statea", "stateb", "warstrtmnth", "warstrtyr", "warendmnth", "warendyr"]
    rows = []
    for row in to_numbers(cells, numbers)[numbers].drop_duplicates().astype(int).to_dict("records"):
        since, until = (
            f"{row[f'war{edge}yr']:04d}-{row[f'war{edge}mnth']:02d}" for edge in ("strt", "end")
        )
        if is_listed("cow", row["statea"]) and is_listed("cow", row["stateb"]):
            pair = (
                actor_of("cow", row["statea"], f"{since}-28"),
                actor_of("cow", row["stateb"], f"{since}-28"),
            )
            if pair in load_pairs():
                rows.append(
                    (
                        *pair,
                        WAR_NAMES.get(row["warnum"], ""),
                        "opposite_sides",
                        since,
                        until,
                        "dyads",
                    )
                )
    return rows
