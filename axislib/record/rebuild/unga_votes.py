"""Agreement in the General Assembly: how often two actors, or all of a coalition, voted alike in a
year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import code_in_year, load_pairs, load_table, members_in
from axislib.record.rebuild.table import Table, make_table

FILE = "unga_votes/unga_votes_1946_2024_wide.csv"
YES, ABSTAIN, NO, ABSENT, NO_MEMBER = 1, 2, 3, 8, 9
FIRST_STATE = 9  # columns before it describe the vote
# What an absent member is taken for; absence can be tactics, protest, unpaid dues or an empty
# chair.
ABSENCES = ("left_out", "as_abstention")


def build(inputs: Inputs) -> list[Table]:
    """Two tables: pairs by year, and whole coalitions by year, each with absence left out and as
    abstention.

    Identical: the same vote; opposed: one yes, one no; the rest is one abstaining where the other
    does not (the three categories of Bailey, Strezhnev and Voeten 2017). It cannot tell why two
    states vote alike, and it sees only votes that were recorded.
    """
    votes, years = read_votes(inputs[FILE])
    return [_pairs_table(votes, years), _fronts_table(votes, years)]


def read_votes(cells: pd.DataFrame) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The vote codes of every state column, and the year of each row.

    The column CHN already shows absences in the weeks before the People's Republic had the seat:
    while the Republic of China (TWN) still votes, they count as no member.
    """
    years = cells["date"].str[:4].astype(int).to_numpy()
    votes = {name: cells[name].astype(int).to_numpy() for name in cells.columns[FIRST_STATE:]}
    votes["CHN"] = np.where(votes["TWN"] != NO_MEMBER, NO_MEMBER, votes["CHN"])
    return votes, years


def stances(codes: np.ndarray, absence: str) -> np.ndarray:
    """Votes as 1 yes, 2 abstention, 3 no, 0 not counted, under one treatment of absence.

    >>> stances(np.array([1, 2, 3, 8, 9]), "left_out").tolist(), stances(np.array([8, 9]), "as_abstention").tolist()
    ([1, 2, 3, 0, 0], [2, 0])
    """
    absent = ABSTAIN if absence == "as_abstention" else 0
    return np.select([codes == ABSENT, np.isin(codes, (YES, ABSTAIN, NO))], [absent, codes], 0)


def count_pair(one: np.ndarray, other: np.ndarray) -> tuple[int, int, int]:
    """How many votes both took part in, on how many they stood alike, on how many against one
    another."""
    both = (one > 0) & (other > 0)
    identical = both & (one == other)
    opposed = both & (np.abs(one - other) == 2)
    return int(both.sum()), int(identical.sum()), int(opposed.sum())


def shares_of(counts: tuple[int, int, int]) -> dict:
    """Counts of ``count_pair`` with the two shares of n, as the columns of a row."""
    n, identical, opposed = counts
    return {
        "n": n,
        "identical": identical,
        "opposed": opposed,
        "identical_share": round(identical / n, 4),
        "opposed_share": round(opposed / n, 4),
    }


def _pairs_table(votes: dict[str, np.ndarray], years: np.ndarray) -> Table:
    rows = []
    for absence in ABSENCES:
        taken = {state: stances(codes, absence) for state, codes in votes.items()}
        for year in np.unique(years):
            here = years == year
            for left, right in load_pairs():
                one, other = code_in_year("iso", left, year), code_in_year("iso", right, year)
                counts = (
                    count_pair(taken[one][here], taken[other][here])
                    if one in taken and other in taken
                    else (0, 0, 0)
                )
                if counts[0]:
                    rows.append(
                        {
                            "left": left,
                            "right": right,
                            "year": year,
                            "absence": absence,
                            **shares_of(counts),
                        }
                    )
            rows.append(
                {
                    "left": "any_member",
                    "right": "any_other_member",
                    "year": year,
                    "absence": absence,
                    **shares_of(_count_all(taken, here)),
                }
            )
    order = {pair: i for i, pair in enumerate([*load_pairs(), ("any_member", "any_other_member")])}
    rows.sort(
        key=lambda row: (
            order[row["left"], row["right"]],
            row["year"],
            row["absence"] != "left_out",
        )
    )
    return make_table("assembly_agreement", rows)


def _count_all(taken: dict[str, np.ndarray], here: np.ndarray) -> tuple[int, int, int]:
    """Over all pairs of members and all votes of a year: pairs that both count, alike, opposed."""
    stacked = np.stack([codes[here] for codes in taken.values()])
    yes, abstain, no = ((stacked == stance).sum(axis=0, dtype=np.int64) for stance in (1, 2, 3))
    pairs = sum(k * (k - 1) // 2 for k in (yes, abstain, no))
    everyone = yes + abstain + no
    return int((everyone * (everyone - 1) // 2).sum()), int(pairs.sum()), int((yes * no).sum())


def _fronts_table(votes: dict[str, np.ndarray], years: np.ndarray) -> Table:
    rows = []
    coalitions = list(dict.fromkeys(load_table("coalitions")["coalition"]))
    for coalition in coalitions:
        for year in np.unique(years):
            codes = [code_in_year("iso", actor, year) for actor in members_in(coalition, year)]
            if len(codes) < 3 or not all(code in votes for code in codes):
                continue
            for absence in ABSENCES:
                block = np.stack([stances(votes[code], absence)[years == year] for code in codes])
                block = block[:, (block > 0).all(axis=0)]
                n, spread = block.shape[1], np.ptp(block, axis=0)
                if n:
                    rows.append(
                        {
                            "coalition": coalition,
                            "year": year,
                            "members": len(codes),
                            "absence": absence,
                            **shares_of((n, int((spread == 0).sum()), int((spread == 2).sum()))),
                        }
                    )
    return make_table("assembly_fronts", rows)
