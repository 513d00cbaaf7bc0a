"""Treaties and wars: who owed whom what (ATOP), who fought beside or against whom (Correlates of
War, UCDP)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.tables import (
    Inputs,
    Table,
    actor_of,
    code_in_year,
    codes_of,
    is_listed,
    load_pairs,
    load_table,
    make_table,
    members_in,
    to_numbers,
)

TREATIES, TREATY_DYADS = "atop_5_1/atop5_1m.csv", "atop_5_1/atop_dyad_year_selected_1919_2018.csv"
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


def build_atop(inputs: Inputs) -> list[Table]:
    """Two tables: treaties between the pairs, and obligations by pair and year with explicit zeros.

    A year counts if a treaty was in force on any day of it (ATOP's own rule for dyad-years). An
    obligation counts if either side owes it. Where there are dyad-years of ATOP (13 states)
    they decide, as they know who owes what to whom in a treaty of many; for other pairs the
    members' obligations have to do. It cannot tell whether a promise was kept, and knows nothing
    after 2018.
    """
    spells = read_spells(inputs[TREATIES])
    years = obligations_by_year(spells, read_dyads(inputs[TREATY_DYADS]))
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
        raise SeedError(f"{TREATIES}: expected treaties between the pairs of pairs.csv, found none")
    return pd.DataFrame(rows).drop_duplicates()


def _members(cells: pd.DataFrame) -> pd.DataFrame:
    """Each member's part in each treaty, with its first and last day."""
    entry, leaving = ([f"{part}{edge}" for part in ("yr", "mo", "day")] for edge in ("ent", "exit"))
    numeric = ["atopid", "member", "phase", *entry, *leaving, "bilat", "seppeace", *OBLIGATIONS]
    members = to_numbers(cells[numeric], numeric)
    starts, ends = members[entry], members[leaving]
    # year 0 of exit is ATOP's mark for in force at the end of 2018
    return members.assign(
        since=[_treaty_day(day, "01", "01") for day in starts.to_numpy()],
        until=[_treaty_day(day, "12", "31") if day[0] else FOREVER for day in ends.to_numpy()],
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


def _treaty_day(parts: Iterable[float], open_month: str, open_day: str) -> str:
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


def build_cow(inputs: Inputs) -> list[Table]:
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
                since, until = (_war_day(row, edge, spell) for edge in ("Start", "End"))
                actor = actor_of("cow", row["ccode"], since)
                spells.append({**row, "actor": actor, "since": since, "until": until})
    return spells


def _war_day(row: dict, edge: str, spell: int) -> str:
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


CONFLICTS = "ucdp_prio_acd_25_1/ucdp_prio_acd_v25_1_1946_2024.csv"
# governments that host a United Nations mission with troops: Mali, Central African Republic, DR
# Congo, South Sudan, Somalia
MISSIONS = {432: 2013, 482: 2014, 490: 1999, 626: 2011, 520: 1992}
NEVER = 9999
SERVED = "the two may have served under a United Nations mission"


def build_ucdp(inputs: Inputs) -> list[Table]:
    """One table: for each pair and conflict, the years both were parties with troops, on one side
    or on two.

    Warring and supporting parties count alike. It sees states that sent troops; arms, drones and
    money leave no trace.
    """
    codes = ["gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"]
    cells = to_numbers(inputs[CONFLICTS], ["conflict_id", "year", *codes])
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
