"""What two actors owed each other by treaty: every treaty in force between them, and the
obligations by year."""

from __future__ import annotations

import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import code_in_year, codes_of, load_pairs
from axislib.record.rebuild.table import Table, make_table, to_numbers

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


def build(inputs: Inputs) -> list[Table]:
    """Two tables: treaties between the pairs, and obligations by pair and year with explicit zeros.

    A year counts if a treaty was in force on any day of it (ATOP's own rule for dyad-years). An
    obligation counts if either side owes it. Where ATOP's own dyad-years are at hand (13 states)
    they decide, as they know who owes what to whom in a treaty of many; for other pairs the
    members' obligations have to do. It cannot tell whether a promise was kept, and knows nothing
    after 2018.
    """
    spells = read_spells(inputs[FILE])
    return [_treaties_table(spells), _years_table(spells, read_dyads(inputs[DYADS]))]


def read_spells(cells: pd.DataFrame) -> pd.DataFrame:
    """One row for each treaty (and phase of it) that bound both actors of a pair at once, with the
    days it did."""
    numeric = [
        "atopid",
        "member",
        "phase",
        "yrent",
        "moent",
        "dayent",
        "yrexit",
        "moexit",
        "dayexit",
        "bilat",
        "seppeace",
        *OBLIGATIONS,
    ]
    members = to_numbers(cells[numeric], numeric)
    members["since"] = [
        _day(*parts, "01-01")
        for parts in members[["yrent", "moent", "dayent"]].itertuples(index=False)
    ]
    # year 0 of exit is ATOP's mark for in force at the end of 2018
    members["until"] = [
        "9999" if not parts[0] else _day(*parts, "12-31")
        for parts in members[["yrexit", "moexit", "dayexit"]].itertuples(index=False)
    ]
    rows = []
    for left, right in load_pairs():
        for left_code, left_since, left_until in codes_of("cow", left):
            for right_code, right_since, right_until in codes_of("cow", right):
                both = members[members["member"] == int(left_code)].merge(
                    members[members["member"] == int(right_code)],
                    on=["atopid", "phase"],
                    suffixes=("", "_r"),
                )
                for treaty in both.to_dict("records"):
                    since = max(treaty["since"], treaty["since_r"], left_since, right_since)
                    until = min(
                        treaty["until"],
                        treaty["until_r"],
                        left_until or "9999",
                        right_until or "9999",
                    )
                    if since <= until and until[:4] >= str(FIRST_YEAR):
                        rows.append(
                            {
                                "left": left,
                                "right": right,
                                "atop_id": int(treaty["atopid"]),
                                "phase": int(treaty["phase"]),
                                "since": since,
                                "until": "" if until == "9999" else until,
                                **{
                                    ours: int(max(treaty[theirs], treaty[f"{theirs}_r"]) > 0)
                                    for theirs, ours in OBLIGATIONS.items()
                                },
                                "bilateral": int(treaty["bilat"]),
                                "no_separate_peace": int(treaty["seppeace"] > 0),
                            }
                        )
    if not rows:
        raise SeedError(f"{FILE}: expected treaties between the pairs of pairs.csv, found none")
    return pd.DataFrame(rows).drop_duplicates()


def _day(year: float, month: float, day: float, rest: str) -> str:
    """A date from its parts; a month or day that ATOP leaves open is taken as the first or last."""
    month_rest, day_rest = rest.split("-")
    shown_month = f"{int(month):02d}" if month and month > 0 else month_rest
    return f"{int(year):04d}-{shown_month}-" + (f"{int(day):02d}" if day and day > 0 else day_rest)


def _treaties_table(spells: pd.DataFrame) -> Table:
    return make_table("treaties", spells)


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
    held = {code for key in dyads for code in key[:2]}
    spells = spells.assign(
        first=spells["since"].str[:4].astype(int),
        last=spells["until"].replace("", "9999").str[:4].astype(int),
    )
    rows = []
    for left, right in load_pairs():
        here = spells[(spells["left"] == left) & (spells["right"] == right)]
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            codes = [
                int(code) for actor in (left, right) if (code := code_in_year("cow", actor, year))
            ]
            if len(codes) < 2:
                continue
            force = here[(here["first"] <= year) & (here["last"] >= year)]
            nothing = (0,) * len(NAMES)
            if set(codes) <= held:
                both_ways = zip(
                    dyads.get((*codes, year), nothing),
                    dyads.get((*codes[::-1], year), nothing),
                    strict=True,
                )
                owed, coding = [max(ends) for ends in both_ways], "dyads"
            else:
                owed, coding = (
                    [int(force[name].max()) if len(force) else 0 for name in NAMES],
                    "members",
                )
            rows.append(
                {
                    "left": left,
                    "right": right,
                    "year": year,
                    **dict(zip(NAMES, owed, strict=True)),
                    "treaties": ";".join(str(i) for i in sorted(set(force["atop_id"]))),
                    "coding": coding,
                }
            )
    return pd.DataFrame(rows)


def _years_table(spells: pd.DataFrame, dyads: dict) -> Table:
    return make_table("treaty_obligations", obligations_by_year(spells, dyads))
