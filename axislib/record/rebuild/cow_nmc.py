"""Material capabilities of actors and the share of each coalition in the world's, by year."""

from __future__ import annotations

import pandas as pd

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import code_in_year, load_table, members_in
from axislib.record.rebuild.table import Table, make_table, to_numbers

FILE = "cow_nmc_7/cow_nmc_v7_1816_2022.csv"
COMPONENTS = {
    "milex": ("thousand USD of the year", "military spending"),
    "milper": ("thousand persons", "military personnel"),
    "irst": ("thousand tonnes", "iron and steel made"),
    "pec": ("thousand tonnes of coal equivalent", "energy used"),
    "tpop": ("thousand persons", "population"),
    "upop": ("thousand persons", "people in cities"),
}


def build(inputs: Inputs) -> list[Table]:
    """Two tables: each member of a coalition in the years of its membership, and the coalition's
    share of the world.

    Share: the members' sum over the sum of all states of that year; for the index (CINC) the sum of
    the published values, as it is a share already. A member without a value counts as nothing and
    is counted in members_missing: the share is then too low. It cannot weigh technology, money or
    whether the members act together.
    """
    world = to_numbers(inputs[FILE], ["ccode", "year", "cinc", *COMPONENTS])
    world[["ccode", "year"]] = world[["ccode", "year"]].astype(int)
    by_state = {(row["ccode"], row["year"]): row for row in world.to_dict("records")}
    totals = world.groupby("year")[list(COMPONENTS)].sum()
    last, members, shares = int(world["year"].max()), {}, []
    for coalition in dict.fromkeys(load_table("coalitions")["coalition"]):
        for year in range(1930, last + 1):
            actors = members_in(coalition, year)
            found = {
                actor: by_state[int(code), year]
                for actor in actors
                if (code := code_in_year("cow", actor, year)) and (int(code), year) in by_state
            }
            members |= {(actor, year): row for actor, row in found.items()}
            for measure in ["cinc", *COMPONENTS] if actors else []:
                values = pd.Series(
                    [found[a][measure] if a in found else None for a in actors], dtype="float64"
                )
                total = 1 if measure == "cinc" else totals.at[year, measure]
                shares.append(
                    (
                        coalition,
                        year,
                        measure,
                        round(values.sum() / total, 5),
                        len(actors),
                        int(values.isna().sum()),
                    )
                )
    return [_members_table(members), _shares_table(shares)]


def _members_table(members: dict) -> Table:
    rows = [
        {
            "actor": actor,
            "year": year,
            "cinc": round(row["cinc"], 6),
            **{name: row[name] for name in COMPONENTS},
        }
        for (actor, year), row in sorted(members.items())
    ]
    return make_table("capabilities", rows)


def _shares_table(shares: list[tuple]) -> Table:
    frame = pd.DataFrame(
        shares, columns=["coalition", "year", "measure", "share", "members", "members_missing"]
    )
    return make_table("capability_shares", frame)
