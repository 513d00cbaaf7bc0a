"""Votes in the General Assembly and the Security Council: how often actors voted alike, how far
apart they are, and who vetoed what."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.tables import (
    Inputs,
    Table,
    actor_of,
    code_in_year,
    is_listed,
    load_pairs,
    load_table,
    make_table,
    members_in,
    order_pair,
    to_numbers,
)

VOTES = "unga_votes/unga_votes_1946_2024_wide.csv"
UKRAINE = "unga_votes/unga_ukraine_68_262_ES11_1.csv"
POINTS_2024 = "unga_idealpoints/IdealpointestimatesAll_Jun2024.csv"
POINTS_2025 = "unga_idealpoints/idealpoints_July2025.csv"
YES, ABSTAIN, NO, ABSENT, NO_MEMBER = 1, 2, 3, 8, 9
FIRST_STATE = 9  # columns before it describe the vote
SMALLEST_FRONT = 3  # members of a coalition that counts as one
# What an absent member is taken for; absence can be tactics, protest, unpaid dues or an empty
# chair.
ABSENCES = ("left_out", "as_abstention")
ANY_TWO = ("any_member", "any_other_member")
DATES = {"68/262": "2014-03-27", "ES-11/1": "2022-03-02"}
WORDS = {"approve": "yes", "against": "no", "abstain": "abstention", "absent": "absent"}
# a baseline: four large members outside the West that are none of the four
NON_WESTERN_FOUR = ("IND", "IDN", "PAK", "NGA")
FIRST_YEAR = 1991  # the four are members together from then on
FIRST_SESSION = 1945  # session 1 opened in the year after it


class Series(NamedTuple):
    """Where one series of ideal points is found: file, source, names, and the columns of point,
    percentiles and votes."""

    file: str
    source: str
    vintage: str
    name: str
    point: str
    low: str
    high: str
    votes: str


_OF_2025 = (POINTS_2025, "ideal_points_2025_07", "2025-07")
SERIES = (
    Series(POINTS_2024, "ideal_points_2024_06", "2024-06", "all_votes", "IdealPointAll", "Q5%All",
           "Q95%All", "NVotesAll"),
    Series(*_OF_2025, "all_votes", "idealpointall", "q5all", "q95all", "nvotesall"),
    Series(*_OF_2025, "foreign_policy_votes", "idealpointfp", "q5fp", "q95fp", "nvotesfp"),
    Series(*_OF_2025, "legacy", "idealpointlegacy", "", "", "nvotesLegacy"),  # no percentiles
)  # fmt: skip


def build_assembly(inputs: Inputs) -> list[Table]:
    """Five tables: agreement of pairs and of coalitions by year, each with absence left out and as
    abstention; the votes on two resolutions on Ukraine; ideal points and their distances.

    Identical: the same vote; opposed: one yes, one no; the rest is one abstaining where the other
    does not (the three categories of Bailey, Strezhnev and Voeten 2017, whose estimates the ideal
    points are). It cannot tell why two states vote alike, it sees only votes that were recorded,
    and of the emergency session on Ukraine only the first resolution.
    """
    votes, years = read_votes(inputs[VOTES])
    points = pd.concat([read_series(inputs, series) for series in SERIES], ignore_index=True)
    return [
        pairs_table(votes, years),
        make_table("assembly_fronts", _fronts(votes, years)),
        make_table("assembly_ukraine_votes", _ukraine(inputs[UKRAINE])),
        make_table("ideal_points", points.sort_values(["actor", "vintage", "series", "year"])),
        make_table("ideal_distances", _distances(points)),
    ]


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

    >>> stances(np.array([1, 2, 3, 8, 9]), "left_out").tolist()
    [1, 2, 3, 0, 0]
    >>> stances(np.array([8, 9]), "as_abstention").tolist()
    [2, 0]
    """
    absent = ABSTAIN if absence == "as_abstention" else 0
    return np.select([codes == ABSENT, np.isin(codes, (YES, ABSTAIN, NO))], [absent, codes], 0)


def count_pair(left: np.ndarray, right: np.ndarray) -> tuple[int, int, int]:
    """How many votes both took part in, on how many they agreed, on how many they opposed one
    another."""
    both = (left > 0) & (right > 0)
    identical = both & (left == right)
    opposed = both & (np.abs(left - right) == NO - YES)
    return int(both.sum()), int(identical.sum()), int(opposed.sum())


def by_chance(left: np.ndarray, right: np.ndarray) -> float:
    """On how many of the votes both took part in they would vote alike by chance, each voting yes,
    no and abstention as often as it does (Cohen 1960; H\u00e4ge 2011).

    >>> by_chance(np.array([1, 1, 3, 0]), np.array([1, 3, 3, 1]))
    1.3
    """
    both = (left > 0) & (right > 0)
    shares = [(left[both] == word).mean() * (right[both] == word).sum() for word in (1, 2, 3)]
    return round(float(sum(shares)), 1)


def with_shares(counts: tuple[int, int, int]) -> tuple:
    """Counts of ``count_pair`` and the two shares of the votes, as the last cells of a row."""
    n, identical, opposed = counts
    return n, identical, opposed, round(identical / n, 4), round(opposed / n, 4)


def pairs_table(votes: dict[str, np.ndarray], years: np.ndarray) -> Table:
    """Agreement of each pair by year, and of any two members."""
    rows, pairs = [], [*load_pairs(), *combinations(NON_WESTERN_FOUR, 2)]
    for absence in ABSENCES:
        taken = {state: stances(codes, absence) for state, codes in votes.items()}
        for year in np.unique(years):
            here = years == year
            for left, right in pairs:
                sides = _sides(taken, left, right, year)
                counts = count_pair(*(side[here] for side in sides)) if sides else (0, 0, 0)
                if counts[0]:
                    shares = (*with_shares(counts), by_chance(*(side[here] for side in sides)))
                    rows.append((left, right, year, absence, *shares))
            rows.append((*ANY_TWO, year, absence, *with_shares(_count_all(taken, here)), np.nan))
    order = {pair: i for i, pair in enumerate([*pairs, ANY_TWO])}
    rows.sort(key=lambda row: (order[row[:2]], row[2], row[3] != "left_out"))
    return make_table("assembly_agreement", rows)


def _sides(taken: dict, left: str, right: str, year: int) -> list[np.ndarray]:
    """The votes of both, or none where one was no member, or a baseline is not yet asked for."""
    if left in NON_WESTERN_FOUR and right in NON_WESTERN_FOUR and year <= FIRST_YEAR:
        return []
    codes = [code_in_year("iso", actor, year) for actor in (left, right)]
    return [taken[code] for code in codes] if all(code in taken for code in codes) else []


def _count_all(taken: dict[str, np.ndarray], here: np.ndarray) -> tuple[int, int, int]:
    """Over all pairs of members and all votes of a year: pairs that both count, alike, opposed."""
    stacked = np.stack([codes[here] for codes in taken.values()])
    yes, abstain, no = (
        (stacked == stance).sum(axis=0, dtype=np.int64) for stance in (YES, ABSTAIN, NO)
    )
    alike = sum(int((k * (k - 1) // 2).sum()) for k in (yes, abstain, no))
    everyone = yes + abstain + no
    return int((everyone * (everyone - 1) // 2).sum()), alike, int((yes * no).sum())


def _fronts(votes: dict[str, np.ndarray], years: np.ndarray) -> list[tuple]:
    rows = []
    for coalition in [*dict.fromkeys(load_table("coalitions")["coalition"]), "non_western_four"]:
        for year in np.unique(years):
            actors = members_in(coalition, year)
            if coalition == "non_western_four" and year > FIRST_YEAR:
                actors = NON_WESTERN_FOUR
            codes = [code_in_year("iso", actor, year) for actor in actors]
            if len(codes) < SMALLEST_FRONT or not all(code in votes for code in codes):
                continue
            for absence in ABSENCES:
                block = np.stack([stances(votes[code], absence)[years == year] for code in codes])
                block = block[:, (block > 0).all(axis=0)]
                spread = np.ptp(block, axis=0)
                counts = (block.shape[1], int((spread == 0).sum()), int((spread == 2).sum()))
                if counts[0]:
                    rows.append((coalition, year, len(codes), absence, *with_shares(counts)))
    return rows


def _ukraine(cells: pd.DataFrame) -> list[tuple]:
    """The vote of each actor of interest, and four rows a resolution with the count of all
    members."""
    rows = []
    for resolution, date in DATES.items():
        here = cells[cells["resolution"] == resolution]
        rows += [
            (resolution, date, actor_of("roll_call", name), WORDS[vote], 1)
            for name, vote in here[["country", "vote"]].itertuples(index=False)
            if is_listed("roll_call", name)
        ]
        counts = {vote: int((here["vote"] == word).sum()) for word, vote in WORDS.items()}
        rows += [(resolution, date, "all_members", *count) for count in counts.items()]
    return rows


def read_series(inputs: Inputs, series: Series) -> pd.DataFrame:
    """One series as rows of actor, year, point, low, high, votes; sessions as the year they open
    in.

    The percentiles belong to one point at a time: the uncertainty of a distance cannot be had from
    them.
    """
    wanted = {actor for pair in load_pairs() for actor in pair}
    cells = inputs[series.file]
    numbers = ["ccode", "session", "year", series.point, series.low, series.high, series.votes]
    cells = to_numbers(cells, [name for name in numbers if name in cells])
    year = cells["year"] if "year" in cells else cells["session"] + FIRST_SESSION
    cells = cells.assign(year=year.astype(int), code=cells["ccode"].astype(int))
    known = [code for code in cells["code"].unique() if is_listed("cow", code)]
    cells = cells[
        (cells["year"] >= FIRST_YEAR) & cells[series.point].notna() & cells["code"].isin(known)
    ]
    empty = pd.Series(index=cells.index, dtype="float64")
    codes = zip(cells["code"], cells["year"], strict=True)
    out = pd.DataFrame({
        "actor": [_actor(code, year) for code, year in codes], "year": cells["year"],
        "vintage": series.vintage, "series": series.name, "point": cells[series.point].round(4),
        "low": cells.get(series.low, empty).round(3),
        "high": cells.get(series.high, empty).round(3),
        "votes": cells[series.votes], "source": series.source,
    })  # fmt: skip
    return out[out["actor"].isin(wanted)]


def _actor(code: int, year: int) -> str:
    # the file keeps 260 for the Federal Republic and may go on with it after 1990
    return "DEU" if code in (255, 260) and year > 1990 else actor_of("cow", code, year)


def _distances(points: pd.DataFrame) -> list[tuple]:
    keys = points[["vintage", "series", "year", "actor"]].itertuples(index=False, name=None)
    by_key = dict(zip(keys, points["point"].tolist(), strict=True))
    rows = []
    for left, right in load_pairs():
        for series in SERIES:
            for year in range(FIRST_YEAR, max(points["year"]) + 1):
                key = (series.vintage, series.name, year)
                one, other = (by_key.get((*key, actor)) for actor in (left, right))
                if one is not None and other is not None:
                    distance = round(abs(one - other), 4)
                    rows.append((left, right, year, *key[:2], distance, series.source))
    return rows


COUNCIL = "unsc_votes/unsc_votes_1946_2025.csv"
SEATS = ("CHINA", "FRANCE", "RUSSIAN FEDERATION/USSR", "UNITED KINGDOM", "UNITED STATES")
CAST = {"Y": "yes", "A": "abstention", "N": "no", "NV": "not_voting", "?": "not_stated"}
STANCES = {"Y": YES, "A": ABSTAIN, "N": NO}
OUTCOMES = {"lack of maj.": "lacked a majority"}
DOUBTFUL = "may be the vote before counted twice"


def build_council(inputs: Inputs) -> list[Table]:
    """Four tables: vetoed votes, vetoes by actor and year, votes on the article's subjects, pairs
    of permanent members.

    A veto is a no of a permanent member on a vote that the data set calls vetoed. The tables cannot
    show what was never put to the vote because a veto was certain.
    """
    cells = inputs[COUNCIL].apply(lambda column: column.str.strip())
    vetoes = vetoes_table(cells)
    return [vetoes, _counts_table(vetoes.frame), _key_votes_table(cells), _agreement_table(cells)]


def vetoes_table(cells: pd.DataFrame) -> Table:
    """One row for each vetoed vote, oldest first; a vote that repeats document and day is marked as
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
            raise SeedError(
                f"{COUNCIL}: expected one vote on {key['document']}, found {len(found)}"
            )
        row = found.iloc[0]
        date, outcome = row["Date"], OUTCOMES.get(row["Vote outcome"], row["Vote outcome"])
        about = (key["topic"], key["document"], key["about"], date, outcome)
        rows += [(*about, actor_of("council", seat, date), CAST[row[seat]]) for seat in SEATS]
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
