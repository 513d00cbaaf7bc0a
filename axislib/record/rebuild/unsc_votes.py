"""The Security Council: vetoes, votes on the subjects of the article, and how often two permanent
members agree."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import actor_of, load_table, order_pair
from axislib.record.rebuild.table import Table, make_table
from axislib.record.rebuild.unga_votes import ABSENCES, count_pair, shares_of

FILE = "unsc_votes/unsc_votes_1946_2025.csv"
SEATS = ("CHINA", "FRANCE", "RUSSIAN FEDERATION/USSR", "UNITED KINGDOM", "UNITED STATES")
VOTES = {"Y": "yes", "A": "abstention", "N": "no", "NV": "not_voting", "?": "not_stated"}


def build(inputs: Inputs) -> list[Table]:
    """Four tables: vetoed votes, vetoes by actor and year, votes on the article's subjects, pairs
    of permanent members.

    A veto is a no of a permanent member on a vote that the data set calls vetoed. The tables cannot
    show what was never put to the vote because a veto was certain.
    """
    cells = inputs[FILE].apply(lambda column: column.str.strip())
    return [
        vetoes_table(cells),
        _counts_table(vetoes_table(cells).frame),
        _key_votes_table(cells),
        _alignment_table(cells),
    ]


def vetoes_table(cells: pd.DataFrame) -> Table:
    """One row a vetoed vote, oldest first; a vote that repeats document and day is marked as
    doubtful."""
    vetoed = cells[cells["Vote outcome"] == "vetoed"]
    rows = []
    for row in vetoed.to_dict("records"):
        by = [actor_of("council", seat, row["Date"]) for seat in SEATS if row[seat] == "N"]
        rows.append(
            {
                "vote": row["Vote in the DB"],
                "date": row["Date"],
                "document": row["UN classification"],
                "vetoed_by": ";".join(by),
                "yes": row["Yes"],
                "no": row["No"],
                "abstentions": row["Abstentions"],
            }
        )
    frame = pd.DataFrame(rows)
    frame = (
        frame.assign(order=frame["vote"].astype(int))
        .sort_values("order")
        .drop(columns="order")
        .reset_index(drop=True)
    )
    oral = frame["document"].str.startswith("Oral")
    frame["doubtful"] = np.where(
        oral & frame.duplicated(["date", "document"]), "may be the vote before counted twice", ""
    )
    return make_table("council_vetoes", frame)


def _counts_table(vetoes: pd.DataFrame) -> Table:
    long = vetoes.assign(
        actor=vetoes["vetoed_by"].str.split(";"), year=vetoes["date"].str[:4].astype(int)
    ).explode("actor")
    long["joint"] = long["vetoed_by"].str.contains(";")
    long["sure"] = long["doubtful"] == ""
    grouped = long.groupby(["actor", "year"])
    frame = grouped.agg(
        votes=("vote", "size"),
        votes_sure=("sure", "sum"),
        drafts=("document", "nunique"),
        joint_votes=("joint", "sum"),
    ).reset_index()
    return make_table("council_veto_counts", frame)


def _key_votes_table(cells: pd.DataFrame) -> Table:
    rows = []
    for key in load_table("council_key_votes").to_dict("records"):
        found = cells[cells["UN classification"] == key["document"]]
        if len(found) != 1:
            raise SeedError(f"{FILE}: expected one vote on {key['document']}, found {len(found)}")
        for row in found.to_dict("records"):
            for seat in SEATS:
                rows.append(
                    {
                        "topic": key["topic"],
                        "document": key["document"],
                        "about": key["about"],
                        "date": row["Date"],
                        "outcome": (
                            {"lack of maj.": "lacked a majority"}.get(
                                row["Vote outcome"], row["Vote outcome"]
                            )
                        ),
                        "actor": actor_of("council", seat, row["Date"]),
                        "vote": VOTES[row[seat]],
                    }
                )
    frame = pd.DataFrame(
        rows, columns=["topic", "document", "about", "date", "outcome", "actor", "vote"]
    )
    frame = frame.sort_values(["topic", "date", "document", "actor"])
    return make_table("council_key_votes", frame)


def _alignment_table(cells: pd.DataFrame) -> Table:
    codes = {"Y": 1, "A": 2, "N": 3}
    years = cells["Date"].str[:4].astype(int).to_numpy()
    holder = {
        seat: np.array([actor_of("council", seat, date) for date in cells["Date"]])
        for seat in SEATS
    }
    rows = []
    for absence in ABSENCES:
        known = codes | ({"NV": 2} if absence == "as_abstention" else {})
        taken = {seat: cells[seat].map(known).fillna(0).astype(int).to_numpy() for seat in SEATS}
        for one, other in combinations(SEATS, 2):
            spells = sorted(set(zip(years, holder[one], holder[other], strict=True)))
            for year, first, second in spells:
                here = (years == year) & (holder[one] == first) & (holder[other] == second)
                counts = count_pair(taken[one][here], taken[other][here])
                if counts[0]:
                    left, right = order_pair(first, second)
                    rows.append(
                        {
                            "left": left,
                            "right": right,
                            "year": year,
                            "absence": absence,
                            **shares_of(counts),
                        }
                    )
    rows.sort(
        key=lambda row: (row["left"], row["right"], row["year"], row["absence"] != "left_out")
    )
    return make_table("council_agreement", rows)
