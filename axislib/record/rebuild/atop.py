"""What two actors owed each other by treaty: every treaty in force between them, and the
obligations by year."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.polities import code_in_year, codes_of, load_pairs
from axislib.record.rebuild.tables import Inputs, Table, make_table, to_numbers

FILE, DYADS = "atop_5_1/atop5_1m.csv", "atop_5_1/atop_dyad_year_selected_1919_2018.csv"
FIRST_YEAR, LAST_YEAR = 1933, 2018
OBLIGATIONS = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "nonaggression",
    "consul": "consultation",
}
NAMES = list(OBLIGATIONS.values())
FOREVER = "9999"  # later than any day


def build(inputs: Inputs) -> list[Table]:
    """Two tables: treaties between the pairs, and obligations by pair and year with explicit zeros.

    A year counts if a treaty was in force on any day of it (ATOP's own rule for dyad-years). An
    obligation counts if either side owes it. Where there are dyad-years of ATOP (13 states)
    they decide, as they know who owes what to whom in a treaty of many; for other pairs the
    members' obligations have to do. It cannot tell whether a promise was kept, and knows nothing
    after 2018.
    """
    spells = read_spells(inputs[FILE])
    years = obligations_by_year(spells, read_dyads(inputs[DYADS]))
    return [make_table("treaties", spells), make_table("treaty_obligations", years)]


def read_spells(cells: pd.DataFrame) -> pd.DataFrame:
    """One row for each treaty (and phase of it) that bound both actors of a pair at once, with the
    days it did."""
    members = _members(cells)
    rows = []
    for left, right in load_pairs():
        for one, other in product(codes_of("cow", left), codes_of("cow", right)):
            both = members[members["member"] == int(one[0])].merge(
                members[members["member"] == int(other[0])],
                on=["atopid", "phase"],
                suffixes=("", "_r"),
            )
            for treaty in both.to_dict("records"):
                since = max(treaty["since"], treaty["since_r"], one[1], other[1])
                ends = (one[2] or FOREVER, other[2] or FOREVER)
                until = min(treaty["until"], treaty["until_r"], *ends)
                if since <= until and until[:4] >= str(FIRST_YEAR):
                    rows.append(_spell(left, right, since, until, treaty))
    if not rows:
        raise SeedError(f"{FILE}: expected treaties between the pairs of pairs.csv, found none")
    return pd.DataFrame(rows).drop_duplicates()


def _members(cells: pd.DataFrame) -> pd.DataFrame:
    """Each member's part in each treaty, with its first and last day."""
    entry, leaving = ([f"{part}{edge}" for part in ("yr", "mo", "day")] for edge in ("ent", "exit"))
    numeric = ["atopid", "member", "phase", *entry, *leaving, "bilat", "seppeace", *OBLIGATIONS]
    members = to_numbers(cells[numeric], numeric)
    starts, ends = members[entry], members[leaving]
    # year 0 of exit is ATOP's mark for in force at the end of 2018
    return members.assign(
        since=[_day(day, "01", "01") for day in starts.to_numpy()],
        until=[_day(day, "12", "31") if day[0] else FOREVER for day in ends.to_numpy()],
    )


def _spell(left: str, right: str, since: str, until: str, treaty: dict) -> dict:
    owed = {
        ours: int(max(treaty[theirs], treaty[f"{theirs}_r"]) > 0)
        for theirs, ours in OBLIGATIONS.items()
    }
    return {
        "left": left,
        "right": right,
        "atop_id": int(treaty["atopid"]),
        "phase": int(treaty["phase"]),
        "since": since,
        "until": "" if until == FOREVER else until,
        **owed,
        "bilateral": int(treaty["bilat"]),
        "no_separate_peace": int(treaty["seppeace"] > 0),
    }


def _day(parts: Iterable[float], open_month: str, open_day: str) -> str:
    """A date from its parts; a month or day that ATOP leaves open is taken as the first or last."""
    year, month, day = parts
    shown_month = f"{int(month):02d}" if month and month > 0 else open_month
    shown_day = f"{int(day):02d}" if day and day > 0 else open_day
    return f"{int(year):04d}-{shown_month}-{shown_day}"


def read_dyads(cells: pd.DataFrame) -> dict[tuple[int, int, int], tuple[int, ...]]:
    """ATOP's own coding: (code, code, year) -> the five obligations, 1 if the first owes it to the
    second."""
    columns = ["ccode1", "ccode2", "year", *(f"atop_{name}" for name in OBLIGATIONS)]
    numbers = to_numbers(cells, columns)[columns].astype(int)
    return {row[:3]: row[3:] for row in numbers.itertuples(index=False, name=None)}


def obligations_by_year(
    spells: pd.DataFrame, dyads: dict[tuple[int, int, int], tuple[int, ...]]
) -> pd.DataFrame:
    """Rows of left, right, year and the five obligations, zeros where both existed and nothing was
    in force."""
    coded = {code for key in dyads for code in key[:2]}
    spells = spells.assign(
        first=spells["since"].str[:4].astype(int),
        last=spells["until"].replace("", FOREVER).str[:4].astype(int),
    )
    rows = []
    for left, right in load_pairs():
        here = spells[(spells["left"] == left) & (spells["right"] == right)]
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            codes = [code_in_year("cow", actor, year) for actor in (left, right)]
            if "" in codes:
                continue
            states = tuple(int(code) for code in codes)
            force = here[(here["first"] <= year) & (here["last"] >= year)]
            if set(states) <= coded:
                owed, coding = _owed_by_dyads(dyads, states, year), "dyads"
            else:
                owed = [int(force[name].max()) if len(force) else 0 for name in NAMES]
                coding = "members"
            treaties = ";".join(str(i) for i in sorted(set(force["atop_id"])))
            rows.append((left, right, year, *owed, treaties, coding))
    return pd.DataFrame(rows, columns=["left", "right", "year", *NAMES, "treaties", "coding"])


def _owed_by_dyads(dyads: dict, states: tuple[int, ...], year: int) -> list[int]:
    nothing = (0,) * len(NAMES)
    both_ways = (dyads.get((*order, year), nothing) for order in (states, states[::-1]))
    return [max(ends) for ends in zip(*both_ways, strict=True)]
