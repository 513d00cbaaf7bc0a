"""The Security Council: vetoes, votes on the subjects of the article, and how often two permanent
members agree."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.assembly import ABSENCES, ABSTAIN, NO, YES, count_pair, with_shares
from axislib.record.rebuild.polities import actor_of, load_table, order_pair
from axislib.record.rebuild.tables import Inputs, Table, make_table

FILE = "unsc_votes/unsc_votes_1946_2025.csv"
SEATS = ("CHINA", "FRANCE", "RUSSIAN FEDERATION/USSR", "UNITED KINGDOM", "UNITED STATES")
VOTES = {"Y": "yes", "A": "abstention", "N": "no", "NV": "not_voting", "?": "not_stated"}
STANCES = {"Y": YES, "A": ABSTAIN, "N": NO}
OUTCOMES = {"lack of maj.": "lacked a majority"}
DOUBTFUL = "may be the vote before counted twice"


def build(inputs: Inputs) -> list[Table]:
    """Four tables: vetoed votes, vetoes by actor and year, votes on the article's subjects, pairs
    of permanent members.

    A veto is a no of a permanent member on a vote that the data set calls vetoed. The tables cannot
    show what was never put to the vote because a veto was certain.
    """
    cells = inputs[FILE].apply(lambda column: column.str.strip())
    vetoes = vetoes_table(cells)
    return [vetoes, _counts_table(vetoes.frame), _key_votes_table(cells), _agreement_table(cells)]


def vetoes_table(cells: pd.DataFrame) -> Table:
    """One row a vetoed vote, oldest first; a vote that repeats document and day is marked as
    doubtful."""
    vetoed = cells[cells["Vote outcome"] == "vetoed"]
    vetoed = vetoed.sort_values("Vote in the DB", key=lambda votes: votes.astype(int))
    columns = ["Vote in the DB", "Date", "UN classification", "Yes", "No", "Abstentions"]
    frame = vetoed[columns].reset_index(drop=True)
    frame.columns = ["vote", "date", "document", "yes", "no", "abstentions"]
    frame["vetoed_by"] = [
        ";".join(actor_of("council", seat, row["Date"]) for seat in SEATS if row[seat] == "N")
        for row in vetoed.to_dict("records")
    ]
    repeats = frame["document"].str.startswith("Oral") & frame.duplicated(["date", "document"])
    frame["doubtful"] = np.where(repeats, DOUBTFUL, "")
    return make_table("council_vetoes", frame)


def _counts_table(vetoes: pd.DataFrame) -> Table:
    long = vetoes.assign(
        actor=vetoes["vetoed_by"].str.split(";"),
        year=vetoes["date"].str[:4].astype(int),
        joint=vetoes["vetoed_by"].str.contains(";"),
        sure=vetoes["doubtful"] == "",
    ).explode("actor")
    frame = long.groupby(["actor", "year"]).agg(
        votes=("vote", "size"),
        votes_sure=("sure", "sum"),
        drafts=("document", "nunique"),
        joint_votes=("joint", "sum"),
    )
    return make_table("council_veto_counts", frame.reset_index())


def _key_votes_table(cells: pd.DataFrame) -> Table:
    rows = []
    for key in load_table("council_key_votes").to_dict("records"):
        found = cells[cells["UN classification"] == key["document"]]
        if len(found) != 1:
            raise SeedError(f"{FILE}: expected one vote on {key['document']}, found {len(found)}")
        row = found.iloc[0]
        date, outcome = row["Date"], OUTCOMES.get(row["Vote outcome"], row["Vote outcome"])
        about = (key["topic"], key["document"], key["about"], date, outcome)
        rows += [(*about, actor_of("council", seat, date), VOTES[row[seat]]) for seat in SEATS]
    rows.sort(key=lambda row: (row[0], row[3], row[1], row[5]))  # topic, date, document, actor
    return make_table("council_key_votes", rows)


def _agreement_table(cells: pd.DataFrame) -> Table:
    years = cells["Date"].str[:4].astype(int).to_numpy()
    holder = {
        seat: np.array([actor_of("council", seat, date) for date in cells["Date"]])
        for seat in SEATS
    }
    rows = []
    for absence in ABSENCES:
        known = STANCES | ({"NV": ABSTAIN} if absence == "as_abstention" else {})
        taken = {seat: cells[seat].map(known).fillna(0).astype(int).to_numpy() for seat in SEATS}
        for one, other in combinations(SEATS, 2):
            spells = sorted(set(zip(years, holder[one], holder[other], strict=True)))
            for year, first, second in spells:
                here = (years == year) & (holder[one] == first) & (holder[other] == second)
                counts = count_pair(taken[one][here], taken[other][here])
                if counts[0]:
                    pair = order_pair(first, second)
                    rows.append((*pair, year, absence, *with_shares(counts)))
    rows.sort(key=lambda row: (row[:3], row[3] != "left_out"))
    return make_table("council_agreement", rows)
