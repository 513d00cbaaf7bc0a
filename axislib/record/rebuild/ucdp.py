"""Side by side or against each other in armed conflicts since 1946, with troops."""

from __future__ import annotations

import pandas as pd

from axislib.record.rebuild.polities import actor_of, is_listed, load_pairs
from axislib.record.rebuild.tables import Inputs, Table, make_table, to_numbers

FILE = "ucdp_prio_acd_25_1/ucdp_prio_acd_v25_1_1946_2024.csv"
# governments that host a United Nations mission with troops: Mali, Central African Republic, DR
# Congo, South Sudan, Somalia
MISSIONS = {432: 2013, 482: 2014, 490: 1999, 626: 2011, 520: 1992}
NEVER = 9999
SERVED = "the two may have served under a United Nations mission"


def build(inputs: Inputs) -> list[Table]:
    """One table: for each pair and conflict, the years both were parties with troops, on one side
    or on two.

    Warring and supporting parties count alike. It sees states that sent troops; arms, drones and
    money leave no trace.
    """
    codes = ["gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"]
    cells = to_numbers(inputs[FILE], ["conflict_id", "year", *codes])
    found: dict = {}
    for _, rows in cells.groupby(["conflict_id", "year"]):
        conflict, year = int(rows["conflict_id"].iloc[0]), int(rows["year"].iloc[0])
        sides = [_actors(rows, side, year) for side in (codes[:2], codes[2:])]
        mission_since = MISSIONS.get(int(rows["gwno_a"].iloc[0]), NEVER)
        primary = tuple(_codes(rows[column]) for column in ("gwno_a", "gwno_b"))
        for left, right in load_pairs():
            relation = _relation(sides, left, right)
            hosted = relation == "same_side" and year >= mission_since
            if relation:
                key = (left, right, conflict, relation, SERVED if hosted else "")
                found.setdefault(key, {})[year] = primary
    order = {pair: i for i, pair in enumerate(load_pairs())}
    rows = []
    for (*conflict, relation, caveat), years in found.items():
        first, last = min(years), max(years)
        rows.append((*conflict, *years[last], relation, first, last, len(years), caveat))
    rows.sort(key=lambda row: (order[row[:2]], row[6], row[2], row[5]))
    return [make_table("conflicts_together", rows)]


def _actors(rows: pd.DataFrame, columns: list[str], year: int) -> set[str]:
    codes = {int(code) for column in columns for code in rows[column].dropna()}
    return {actor_of("gw", code, year) for code in codes if is_listed("gw", code)}


def _relation(sides: list[set[str]], left: str, right: str) -> str:
    """same_side, opposite_sides, or empty where not both were parties.

    >>> _relation([{"RUS", "PRK"}, {"UKR"}], "RUS", "PRK")
    'same_side'
    >>> _relation([{"RUS"}, {"UKR"}], "RUS", "CHN")
    ''
    """
    if any({left, right} <= side for side in sides):
        return "same_side"
    return "opposite_sides" if {left, right} <= sides[0] | sides[1] else ""


def _codes(column: pd.Series) -> str:
    """The different state codes of a side, joined by ;."""
    return ";".join(str(code) for code in sorted(set(column.dropna().astype(int))))
