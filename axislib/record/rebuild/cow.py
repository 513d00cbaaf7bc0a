"""The Correlates of War project: capabilities of actors, wars fought together or against each
other, disputes."""

from __future__ import annotations

from itertools import product

import pandas as pd

from axislib.record.rebuild.polities import (
    actor_of,
    code_in_year,
    is_listed,
    load_pairs,
    load_table,
    members_in,
)
from axislib.record.rebuild.tables import Inputs, Table, make_table, to_numbers

CAPABILITIES = "cow_nmc_7/cow_nmc_v7_1816_2022.csv"
WARS = "cow_wars_mids/Inter-StateWarData_v4.0.csv"
DYADS = "cow_wars_mids/directed_dyadic_war_1937_1945.csv"
DISPUTES = "cow_wars_mids/cow_mid5_dyadic_selected_1930_2014.csv"
# military spending and personnel, iron and steel, energy, population, people in cities
COMPONENTS = ("milex", "milper", "irst", "pec", "tpop", "upop")
NO_CODE = -1
SINCE = 1930  # the coalitions of the article and what came after
WARS_END = "2007-12-31"  # the last day of the data on wars
WAR_NAMES = {  # dyads have numbers
    130: "Third Sino-Japanese",
    133: "Changkufeng",
    136: "Nomonhan",
    139: "World War II",
}
# a month or day that the data leave open is taken as the first or the last
OPEN_PARTS = {"Start": (1, 1), "End": (12, 28)}


def build(inputs: Inputs) -> list[Table]:
    """Four tables: members of coalitions, coalitions' shares, wars by pair, disputes by pair.

    Share: the members' sum over the sum of all states of that year; for the index (CINC) the sum of
    the published values, as it is a share already (Singer, Bremer and Stuckey 1972). A member
    without a value counts as nothing and is counted in members_missing: the share is then too low.
    Wars: two codings that do not always agree; participants know sides, dyads know who fought whom
    (1937-45 only). The tables cannot weigh technology or money, nor tell whether partners fought on
    one front.
    """
    members, shares = _capabilities(
        to_numbers(inputs[CAPABILITIES], ["ccode", "year", "cinc", *COMPONENTS])
    )
    wars = [*wars_of_participants(inputs[WARS]), *_wars_of_dyads(inputs[DYADS])]
    order = {pair: i for i, pair in enumerate(load_pairs())}
    wars.sort(key=lambda row: (order[row[:2]], row[4], row[6]))
    return [
        make_table("capabilities", members),
        make_table("capability_shares", shares),
        make_table("wars_together", wars),
        _disputes_table(inputs[DISPUTES]),
    ]


def _capabilities(world: pd.DataFrame) -> tuple[list[tuple], list[tuple]]:
    """Each member of a coalition in the years of its membership, and the coalitions' shares."""
    world[["ccode", "year"]] = world[["ccode", "year"]].astype(int)
    by_state = {(row["ccode"], row["year"]): row for row in world.to_dict("records")}
    totals = world.groupby("year")[list(COMPONENTS)].sum().assign(cinc=1).to_dict("index")
    members, shares = {}, []
    years = range(SINCE, int(world["year"].max()) + 1)
    for coalition, year in product(dict.fromkeys(load_table("coalitions")["coalition"]), years):
        actors = members_in(coalition, year)
        if not actors:
            continue
        codes = {actor: int(code_in_year("cow", actor, year) or NO_CODE) for actor in actors}
        found = {actor: by_state.get((code, year), {}) for actor, code in codes.items()}
        members |= {(actor, year): row for actor, row in found.items() if row}
        shares += _shares(coalition, year, list(found.values()), totals[year])
    rows = [
        (*key, round(row["cinc"], 6), *(row[name] for name in COMPONENTS))
        for key, row in sorted(members.items())
    ]
    return rows, shares


def _shares(coalition: str, year: int, members: list[dict], totals: dict) -> list[tuple]:
    rows = []
    for measure in ("cinc", *COMPONENTS):
        values = pd.Series([row.get(measure) for row in members], dtype="float64")
        share = round(values.sum() / totals[measure], 5)
        missing = int(values.isna().sum())
        rows.append((coalition, year, measure, share, len(members), missing))
    return rows


def wars_of_participants(cells: pd.DataFrame) -> list[tuple]:
    """For each pair and war the days on which both took part: left, right, war, relation, since,
    until, coding."""
    spells = _read_spells(cells)
    rows = []
    for one, other in product(spells, spells):
        pair = one["actor"], other["actor"]
        since, until = max(one["since"], other["since"]), min(one["until"], other["until"])
        together = one["WarNum"] == other["WarNum"] and str(SINCE) <= since <= until
        if together and pair in load_pairs():
            relation = "same_side" if one["Side"] == other["Side"] else "opposite_sides"
            rows.append((*pair, one["WarName"], relation, since, until, "participants"))
    return rows


def _read_spells(cells: pd.DataFrame) -> list[dict]:
    """Each state's parts in each war: up to two spells with a side and two dates."""
    parts = [
        f"{edge}{part}{spell}"
        for edge, part, spell in product(("Start", "End"), ("Year", "Month", "Day"), (1, 2))
    ]
    spells = []
    for row in to_numbers(cells, ["WarNum", "ccode", "Side", *parts]).to_dict("records"):
        for spell in (1, 2):
            # a year below zero: there was no second spell
            if is_listed("cow", row["ccode"]) and row[f"StartYear{spell}"] > 0:
                since, until = (_day(row, edge, spell) for edge in ("Start", "End"))
                actor = actor_of("cow", row["ccode"], since)
                spells.append({**row, "actor": actor, "since": since, "until": until})
    return spells


def _day(row: dict, edge: str, spell: int) -> str:
    year, month, day = (int(row[f"{edge}{part}{spell}"]) for part in ("Year", "Month", "Day"))
    if year < 0:
        return WARS_END
    open_month, open_day = OPEN_PARTS[edge]
    month, day = month if month > 0 else open_month, day if day > 0 else open_day
    return f"{year:04d}-{month:02d}-{day:02d}"


def _wars_of_dyads(cells: pd.DataFrame) -> list[tuple]:
    numbers = ["warnum", "statea", "stateb", "warstrtmnth", "warstrtyr", "warendmnth", "warendyr"]
    rows = []
    for row in to_numbers(cells, numbers)[numbers].drop_duplicates().astype(int).to_dict("records"):
        since, until = (
            f"{row[f'war{edge}yr']:04d}-{row[f'war{edge}mnth']:02d}" for edge in ("strt", "end")
        )
        states = [row["statea"], row["stateb"]]
        if not all(is_listed("cow", state) for state in states):
            continue
        pair = tuple(actor_of("cow", state, f"{since}-28") for state in states)
        if pair in load_pairs():
            war = WAR_NAMES.get(row["warnum"], "")
            rows.append((*pair, war, "opposite_sides", since, until, "dyads"))
    return rows


def _disputes_table(cells: pd.DataFrame) -> Table:
    """Number of disputes and the highest level of hostility of either side, by pair and year.

    Level: 1 none, 2 threat, 3 display, 4 use of force, 5 war. A year without a row has no dispute,
    for pairs among the states of the extract and up to 2014; for others the table says nothing.
    """
    cells = to_numbers(cells, ["dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2"])
    cells["level"] = cells[["hostlev1", "hostlev2"]].max(axis=1)
    for side, code in (("left", "ccode1"), ("right", "ccode2")):
        states = zip(cells[code], cells["year"], strict=True)
        cells[side] = [actor_of("cow", state, int(year)) for state, year in states]
    # the file has every dispute from both sides; one order of a pair is in pairs.csv
    order = {pair: i for i, pair in enumerate(load_pairs())}
    cells["order"] = [order.get(pair) for pair in zip(cells["left"], cells["right"], strict=True)]
    cells = cells[cells["order"].notna()]
    frame = cells.groupby(["order", "left", "right", "year"]).agg(
        disputes=("dispnum", "nunique"), level=("level", "max")
    )
    return make_table("disputes", frame.reset_index())
