"""Who owed whom what (ATOP), who fought beside or against whom (Correlates of War, UCDP)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild import tables as raw

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
DYAD_YEAR = ["code", "other", "year"]


def build_atop(inputs: raw.Inputs) -> list[raw.Table]:
    """Two tables: treaties between the pairs, and obligations by pair and year with explicit zeros.

    A year counts if a treaty was in force on any day of it (ATOP's own rule for dyad-years). An
    obligation counts if either side owes it. Where there are dyad-years of ATOP (13 states) they
    decide, as they know who owes what to whom in a treaty of many; for other pairs the members'
    obligations have to do. It cannot tell whether promises were kept, and ends in 2018."""
    spells = read_spells(inputs[TREATIES])
    years = obligations_by_year(spells, read_dyads(inputs[TREATY_DYADS]))
    return [raw.make_table("treaties", spells), raw.make_table("treaty_obligations", years)]


def read_spells(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a treaty (and phase of it) that bound both actors of a pair, and the days it did."""
    both = raw.overlapping(raw.both_of(_members(cells), ["atopid", "phase"]))
    both = both[both["until"] >= str(FIRST_YEAR)]
    if both.empty:
        raise SeedError(f"{TREATIES}: expected treaties between the pairs of pairs.csv, found none")
    owed = {
        ours: (both[[theirs, f"{theirs}_r"]].max(axis=1) > 0).astype(int)
        for theirs, ours in OBLIGATIONS.items()
    }
    return both.sort_values(["order", "at", "at_r"], kind="stable").assign(
        atop_id=both["atopid"], until=both["until"].replace(FOREVER, ""), **owed,
        bilateral=both["bilat"], no_separate_peace=(both["seppeace"] > 0).astype(int),
    )[[*raw.PAIR, "atop_id", "phase", "since", "until", *NAMES, "bilateral", "no_separate_peace"]
      ].drop_duplicates()  # fmt: skip


def _members(cells: pd.DataFrame) -> pd.DataFrame:
    """Each polity's part in each treaty: the days on which it was that polity and a member."""
    days = [f"{part}{edge}" for edge in ("ent", "exit") for part in ("yr", "mo", "day")]
    numeric = ["atopid", "member", "phase", *days, "bilat", "seppeace", *OBLIGATIONS]
    members = raw.to_numbers(cells[numeric], numeric)
    held = raw.load_table("polities").query("scheme == 'cow'")
    held = held.assign(member=held["code"].astype(int), at=range(len(held)))
    members = members.merge(held, on="member", suffixes=("", "_held"))
    # year 0 of exit is ATOP's mark for in force at the end of 2018
    leaves = to_days(members[days[3:]], 12, 31).where(members["yrexit"] > 0, FOREVER)
    since = np.maximum(to_days(members[days[:3]], 1, 1), members["since"])
    until = np.minimum(leaves, members["until"].replace("", FOREVER))
    return members.assign(since=since, until=until)[
        ["atopid", "phase", "actor", "at", "since", "until", "bilat", "seppeace", *OBLIGATIONS]
    ]


def to_days(parts: pd.DataFrame, open_month: int, open_day: int) -> pd.Series:
    """Dates from columns of year, month, day; the month or day given where the data have none.

    >>> to_days(pd.DataFrame([[1939, 9, -8]]), 12, 28).tolist()
    ['1939-09-28']
    """
    year, month, day = (parts.iloc[:, at].fillna(0).astype(int) for at in range(3))
    month, day = month.where(month > 0, open_month), day.where(day > 0, open_day)
    texts = [f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in zip(year, month, day, strict=True)]
    return pd.Series(texts, parts.index, dtype="object")


def read_dyads(cells: pd.DataFrame) -> pd.DataFrame:
    """ATOP's own coding: the five obligations by code, other code and year; 1 if either owes it."""
    columns = ["ccode1", "ccode2", "year", *(f"atop_{name}" for name in OBLIGATIONS)]
    numbers = raw.to_numbers(cells, columns)[columns].astype(int)
    numbers.columns = [*DYAD_YEAR, *NAMES]
    back = numbers.rename(columns={"code": "other", "other": "code"})
    return pd.concat([numbers, back]).groupby(DYAD_YEAR)[NAMES].max()


def obligations_by_year(spells: pd.DataFrame, dyads: pd.DataFrame) -> pd.DataFrame:
    """The five obligations by pair and year; zeros where both existed and nothing was in force."""
    years = pd.DataFrame({"year": range(FIRST_YEAR, LAST_YEAR + 1)})
    frame = raw.load_pairs()[raw.PAIR].merge(years, how="cross")
    for side, code in zip(raw.PAIR, DYAD_YEAR, strict=False):
        keys = zip(frame[side], frame["year"], strict=True)
        there = [raw.code_in_year("cow", *key) for key in keys]
        frame = frame.assign(**{code: there}).query(f"{code} != ''")
        frame[code] = frame[code].astype(int)
    ends = zip(spells["since"], spells["until"].replace("", FOREVER), strict=True)
    years = [range(int(a[:4]), min(int(b[:4]), LAST_YEAR) + 1) for a, b in ends]
    force = spells.assign(year=pd.Series(years, spells.index)).explode("year")
    force = force.groupby([*raw.PAIR, "year"])
    treaties = force["atop_id"].agg(lambda ids: ";".join(map(str, sorted(set(ids)))))
    found = frame.join(force[NAMES].max().assign(treaties=treaties), on=[*raw.PAIR, "year"])
    coded = set(dyads.index.get_level_values("code"))
    by_dyads = found["code"].isin(coded) & found["other"].isin(coded)
    owed = dyads.reindex(pd.MultiIndex.from_frame(found[DYAD_YEAR])).set_axis(found.index)
    found[NAMES] = found[NAMES].mask(by_dyads, owed).fillna(0).astype(int)
    found["coding"] = np.where(by_dyads, "dyads", "members")
    return found.fillna({"treaties": ""})


CAPABILITIES = "cow_nmc_7/cow_nmc_v7_1816_2022.csv"
WARS = "cow_wars_mids/Inter-StateWarData_v4.0.csv"
DYADS = "cow_wars_mids/directed_dyadic_war_1937_1945.csv"
DISPUTES = "cow_wars_mids/cow_mid5_dyadic_selected_1930_2014.csv"
# military spending and personnel, iron and steel, energy, population, people in cities
COMPONENTS = ("milex", "milper", "irst", "pec", "tpop", "upop")
SINCE = 1930  # the coalitions of the article and what came after
WARS_END = "2007-12-31"  # the last day of the data on wars
# dyads have numbers
WAR_NAMES = {130: "Third Sino-Japanese", 133: "Changkufeng", 136: "Nomonhan", 139: "World War II"}


def build_cow(inputs: raw.Inputs) -> list[raw.Table]:
    """Four tables: members of coalitions, coalitions' shares, wars by pair, disputes by pair.

    Share: the members' sum over the sum of all states of that year; for the index (CINC) the sum of
    the published values, as it is a share already (Singer, Bremer and Stuckey 1972). A member
    without a value counts as nothing and is counted in members_missing: the share is then too low.
    Wars: two codings that do not always agree; participants know sides, dyads know who fought whom
    (1937-45 only). The tables cannot weigh technology or money, nor tell whether partners fought on
    one front."""
    members, shares = _capabilities(
        raw.to_numbers(inputs[CAPABILITIES], ["ccode", "year", "cinc", *COMPONENTS])
    )
    wars = pd.concat([wars_of_participants(inputs[WARS]), _wars_of_dyads(inputs[DYADS])])
    wars = wars.sort_values(["order", "since", "coding"], kind="stable")
    return [
        raw.make_table("capabilities", members),
        raw.make_table("capability_shares", shares),
        raw.make_table("wars_together", wars),
        _disputes_table(inputs[DISPUTES]),
    ]


def _capabilities(world: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each member of a coalition in the years of its membership, and the coalitions' shares."""
    columns = ["cinc", *COMPONENTS]
    totals = world.groupby("year")[columns].sum().assign(cinc=1)
    members = raw.members_by_year(range(SINCE, int(world["year"].max()) + 1))
    keys = zip(members["actor"], members["year"], strict=True)
    members["ccode"] = [float(raw.code_in_year("cow", *key) or "nan") for key in keys]
    members = members.merge(world, on=["ccode", "year"], how="left", indicator="found")
    rows = members[members["found"] == "both"].drop_duplicates(["actor", "year"])
    rows = rows.sort_values(["actor", "year"])
    by_coalition = members.groupby(["coalition", "year"], sort=False)
    sizes = pd.DataFrame({"members": by_coalition.size()})
    shares = (by_coalition[columns].sum() / totals).round(5)
    missing = by_coalition[columns].count().rsub(by_coalition.size(), axis=0)
    long = pd.concat({"share": shares.stack(), "members_missing": missing.stack()}, axis=1)
    long = long.rename_axis(["coalition", "year", "measure"]).reset_index()
    rows = rows.assign(cinc=raw.rounded(rows["cinc"], 6))
    return rows, long.join(sizes, on=["coalition", "year"])


def wars_of_participants(cells: pd.DataFrame) -> pd.DataFrame:
    """For each pair and war the days on which both took part, and on which sides."""
    both = raw.overlapping(raw.both_of(_read_parts(cells), ["WarNum", "WarName"]))
    both = both[both["since"] >= str(SINCE)].rename(columns={"WarName": "war"})
    relation = np.where(both["Side"] == both["Side_r"], "same_side", "opposite_sides")
    return both.assign(relation=relation, coding="participants")


def _read_parts(cells: pd.DataFrame) -> pd.DataFrame:
    """Each state's parts in each war: up to two spells with a side and two dates."""
    days = {edge: [f"{edge}{part}" for part in ("Year", "Month", "Day")] for edge in
            ("Start", "End")}  # fmt: skip
    names = [*days["Start"], *days["End"]]
    numbers = ["WarNum", "ccode", "Side", *(f"{name}{spell}" for name in names for spell in (1, 2))]
    wars = raw.to_numbers(cells, numbers)
    spells = pd.concat([
        wars.rename(columns={f"{name}{spell}": name for name in names})[
            ["WarNum", "WarName", "ccode", "Side", *names]
        ]
        for spell in (1, 2)
    ]).sort_index(kind="stable")  # fmt: skip
    spells = spells[spells["StartYear"] > 0]  # a year below zero: there was no second spell
    since = to_days(spells[days["Start"]], 1, 1)
    until = to_days(spells[days["End"]], 12, 28).where(spells["EndYear"] >= 0, WARS_END)
    actors = raw.actors_of("cow", spells["ccode"], since)
    return spells.assign(actor=actors, since=since, until=until).query("actor != ''")


def _wars_of_dyads(cells: pd.DataFrame) -> pd.DataFrame:
    numbers = ["warnum", "statea", "stateb", "warstrtmnth", "warstrtyr", "warendmnth", "warendyr"]
    rows = raw.to_numbers(cells, numbers)[numbers].drop_duplicates().astype(int)
    for name, edge in (("since", "strt"), ("until", "end")):
        rows[name] = to_days(rows[[f"war{edge}yr", f"war{edge}mnth", "warnum"]], 1, 1).str[:7]
    for side, state in zip(raw.PAIR, ("statea", "stateb"), strict=True):
        rows[side] = raw.actors_of("cow", rows[state], rows["since"] + "-28")
    war = rows["warnum"].map(WAR_NAMES).fillna("")
    return raw.with_pairs(rows.assign(war=war, relation="opposite_sides", coding="dyads"))


def _disputes_table(cells: pd.DataFrame) -> raw.Table:
    """Number of disputes and the highest level of hostility of either side, by pair and year.
    Level: 1 none, 2 threat, 3 display, 4 use of force, 5 war. A year without a row has no dispute,
    for pairs among the states of the extract and up to 2014; of others the table says nothing."""
    cells = raw.to_numbers(cells, ["dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2"])
    cells["level"] = cells[["hostlev1", "hostlev2"]].max(axis=1)
    for side, code in zip(raw.PAIR, ("ccode1", "ccode2"), strict=True):
        cells[side] = raw.actors_of("cow", cells[code], cells["year"].astype(int))
    # the file has every dispute from both sides; one order of a pair is in pairs.csv
    frame = raw.with_pairs(cells).groupby(["order", *raw.PAIR, "year"]).agg(
        disputes=("dispnum", "nunique"), level=("level", "max")
    )  # fmt: skip
    return raw.make_table("disputes", frame.reset_index())


CONFLICTS = "ucdp_prio_acd_25_1/ucdp_prio_acd_v25_1_1946_2024.csv"
# governments that host a United Nations mission with troops: Mali, Central African Republic, DR
# Congo, South Sudan, Somalia
MISSIONS = {432: 2013, 482: 2014, 490: 1999, 626: 2011, 520: 1992}
NEVER = 9999
SERVED = "the two may have served under a United Nations mission"


def build_ucdp(inputs: raw.Inputs) -> list[raw.Table]:
    """For each pair and conflict, the years both were parties with troops, on one side or two.
    Warring and supporting parties count alike. Only troops count, not arms, drones or money."""
    codes = ["gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"]
    key = ["conflict_id", "year"]
    cells = raw.to_numbers(inputs[CONFLICTS], [*key, *codes])
    parties = cells.melt(key, codes, "part", "code").dropna().drop_duplicates()
    parties["actor"] = raw.actors_of("gw", parties["code"].astype(int), parties["year"].astype(int))
    parties = parties.assign(side=parties["part"].str[:6])[[*key, "actor", "side"]]
    parties = parties.query("actor != ''").drop_duplicates()
    both = raw.both_of(parties, key)
    both["together"] = both["side"] == both["side_r"]
    both = both.groupby(["order", *raw.PAIR, *key])["together"].any().reset_index()
    both["relation"] = np.where(both["together"], "same_side", "opposite_sides")
    both = both.join(cells.groupby(key).agg(host=("gwno_a", "first"), side_a=("gwno_a", _codes),
                                            side_b=("gwno_b", _codes)), on=key)  # fmt: skip
    hosted = both["together"] & (both["year"] >= both["host"].map(MISSIONS).fillna(NEVER))
    both["caveat"] = np.where(hosted, SERVED, "")
    frame = both.groupby(["order", *raw.PAIR, "conflict_id", "relation", "caveat"]).agg(
        side_a=("side_a", "last"), side_b=("side_b", "last"), since=("year", "min"),
        until=("year", "max"), years=("year", "nunique"),
    ).reset_index()  # fmt: skip
    frame = frame.sort_values(["order", "since", "conflict_id", "relation"], kind="stable")
    return [raw.make_table("conflicts_together", frame)]


def _codes(column: pd.Series) -> str:
    return ";".join(str(code) for code in sorted(set(column.dropna().astype(int))))
