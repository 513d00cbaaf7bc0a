"""How often leaders met, as counted in the literature and the press."""

from __future__ import annotations

import re

from axislib.errors import SeedError
from axislib.record.rebuild.polities import actor_of, order_pair
from axislib.record.rebuild.tables import Inputs, Table, make_table

FILE = "leader_meetings/leader_meeting_counts.csv"
COALITIONS = {"Axis": "historic_axis", "Allies": "wwii_allies", "CRINK": "modern_alignment"}
OFFICES = {"(high-level)": "high level", "(head of state/gov)": "head of state or government"}
# how the cell of a weak source begins, as the file or its PROVENANCE says
WEAK = ("https://answerfoundry", "https://w6.fakespot", "https://sputnikglobe")


def build(inputs: Inputs) -> list[Table]:
    """One table: meetings of two leaders (or of all three), exact or as a lower bound, with the
    quality of the source.

    Counts from sources of very different quality. A meeting is not a decision: the table cannot
    tell what was agreed.
    """
    rows, weak = [], False
    for row in inputs[FILE].to_dict("records"):
        weak = row["source"].startswith(WEAK) if row["source"] != "same" else weak
        number = re.fullmatch(r"(>?)(\d+)", row["n_meetings"].strip())
        if number is None:
            raise SeedError(
                f"{FILE}: expected a number of meetings, perhaps with > before it, found"
                f" '{row['n_meetings']}'"
            )
        period = _period(row["period"])
        sides = {actor_of("leader", row[side]): _person(row[side]) for side in ("side_a", "side_b")}
        left, right = order_pair(*sides)
        count = int(number[2]) + bool(number[1])
        bound, quality = "at_least" if number[1] else "exact", "weak" if weak else "fair"
        pair = (left, right, sides[left], sides[right])
        rows.append((COALITIONS[row["coalition"]], *pair, *period, count, bound, quality))
    return [make_table("leader_meetings", rows)]


def _period(text: str) -> tuple[str, str]:
    """First and last year or month of a period as the file writes it.

    >>> _period("2013-May 2024"), _period("2024 (to Oct)"), _period("1934-1944")
    (('2013', '2024-05'), ('2024', '2024-10'), ('1934', '1944'))
    """
    months = {"May": "05", "Oct": "10"}
    years = re.findall(r"\d{4}", text)
    month = next((number for word, number in months.items() if word in text), "")
    return years[0], years[-1] + (f"-{month}" if month else "")


def _person(side: str) -> str:
    """Who sat there: surnames joined by ;, an office where the file names none."""
    if side.startswith("Hirohito"):
        return "hirohito;any head of government"
    office = next((OFFICES[end] for end in OFFICES if side.endswith(end)), None)
    return office or ";".join(name.strip().lower() for name in side.split(","))
