"""Votes in the General Assembly and the Security Council: how often actors voted alike, how far
apart they are, and who vetoed what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild import tables as raw

VOTES = "unga_votes/unga_votes_1946_2024_wide.csv"
UKRAINE = "unga_votes/unga_ukraine_68_262_ES11_1.csv"
POINTS_2024 = "unga_idealpoints/IdealpointestimatesAll_Jun2024.csv"
POINTS_2025 = "unga_idealpoints/idealpoints_July2025.csv"
YES, ABSTAIN, NO, ABSENT, NO_MEMBER = 1, 2, 3, 8, 9
FIRST_STATE = 9  # columns before it describe the vote
SMALLEST_FRONT = 3  # members of a coalition that counts as one
STANCES = {"Y": YES, "A": ABSTAIN, "N": NO}
# What an absent member is taken for; absence can be tactics, protest, unpaid dues or an empty
# chair.
FOURTH = 4
ABSENCES = {"left_out": 0, "as_abstention": ABSTAIN, "as_fourth_vote": FOURTH}
ANY_TWO = ("any_member", "any_other_member")
DATES = {"68/262": "2014-03-27", "ES-11/1": "2022-03-02"}
WORDS = {"approve": "yes", "against": "no", "abstain": "abstention", "absent": "absent"}
# a baseline: four large members outside the West that are none of the four
NON_WESTERN_FOUR = ("IND", "IDN", "PAK", "NGA")
FIRST_YEAR = 1991  # the four are members together from then on; absence has alternatives from then
FIRST_SESSION = 1945  # session 1 opened in the year after it


class Series(NamedTuple):
    """One series of ideal points: file, source, names, columns of point, percentiles and votes."""

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


def build_assembly(inputs: raw.Inputs) -> list[raw.Table]:
    """Five tables: agreement of pairs and of coalitions by year, each with absence left out, as
    abstention and as a fourth vote; the votes on two resolutions on Ukraine; ideal points and
    their distances.

    Identical: the same vote; opposed: one yes, one no; the rest is one abstaining where the other
    does not (the three categories of Bailey, Strezhnev and Voeten 2017, whose estimates the ideal
    points are). It cannot tell why two states vote alike, it sees only votes that were recorded,
    and of the emergency session on Ukraine only the first resolution."""
    votes = read_votes(inputs[VOTES])
    points = pd.concat([read_series(inputs, series) for series in SERIES], ignore_index=True)
    return [
        raw.make_table("assembly_agreement", pairs_by_year(votes)),
        raw.make_table("assembly_fronts", _fronts(votes)),
        raw.make_table("assembly_ukraine_votes", _ukraine(inputs[UKRAINE])),
        raw.make_table("ideal_points", points.sort_values(["actor", "vintage", "series", "year"])),
        raw.make_table("ideal_distances", _distances(points)),
    ]


def read_votes(cells: pd.DataFrame) -> pd.DataFrame:
    """The vote codes of every state column, by year.

    The column CHN already shows absences in the weeks before the People's Republic had the seat:
    while the Republic of China (TWN) still votes, they count as no member."""
    votes = cells.iloc[:, FIRST_STATE:].astype(int)
    votes["CHN"] = votes["CHN"].where(votes["TWN"] == NO_MEMBER, NO_MEMBER)
    return votes.set_axis(cells["date"].str[:4].astype(int).rename("year"))


def stances(codes: pd.DataFrame, absence: str) -> pd.DataFrame:
    """Votes as 1 yes, 2 abstention, 3 no, 0 not counted, under one treatment of absence.

    >>> stances(pd.DataFrame([[1, 2, 3, 8, 9]]), "left_out").to_numpy().tolist()
    [[1, 2, 3, 0, 0]]
    >>> stances(pd.DataFrame([[8, 9]]), "as_abstention").to_numpy().tolist()
    [[2, 0]]
    """
    return codes.where(codes.isin(STANCES.values()), 0).mask(codes == ABSENT, ABSENCES[absence])


def under(votes: pd.DataFrame, absence: str) -> pd.DataFrame:
    """The stances under one treatment of absence; of all years only where absence is left out."""
    return stances(votes if absence == "left_out" else votes[votes.index >= FIRST_YEAR], absence)


def by_polity(taken: pd.DataFrame, actors: Iterable[str]) -> pd.DataFrame:
    """A column for each actor: its votes in the years in which it had a seat, else 0."""
    years = taken.index.unique()
    columns = {}
    for actor in dict.fromkeys(actors):
        codes = taken.index.map({year: raw.code_in_year("iso", actor, year) for year in years})
        parts = [taken[code].where(codes == code, 0) for code in set(codes) & set(taken.columns)]
        columns[actor] = sum(parts, pd.Series(0, taken.index))
    return pd.DataFrame(columns)


def count_alike(block: pd.DataFrame) -> pd.DataFrame:
    """By year: on how many votes all columns took part (``n``), on how many they were
    ``identical``, on how many one said yes and another no (``opposed``), both as shares of n, and
    on how many they would be identical by chance, each voting yes, no and abstention as often as it
    does (``by_chance``; Cohen 1960; H\u00e4ge 2011).

    >>> votes = pd.DataFrame({"A": [1, 1, 3, 0], "B": [1, 3, 3, 1]}, index=[2000] * 4)
    >>> count_alike(votes)[["n", "identical", "opposed", "by_chance"]].to_numpy().tolist()
    [[3.0, 2.0, 1.0, 1.3]]
    """
    block = block[(block > 0).all(axis=1)]
    cast = {word: block == word for word in (YES, ABSTAIN, NO, FOURTH)}
    counts = pd.DataFrame({
        "n": 1, "identical": block.max(axis=1) == block.min(axis=1),
        "opposed": cast[YES].any(axis=1) & cast[NO].any(axis=1),
    }).groupby(level=0).sum()  # fmt: skip
    alike = sum(chosen.groupby(level=0).sum().prod(axis=1) for chosen in cast.values())
    chance = alike / counts["n"] ** (block.shape[1] - 1)
    return with_shares(counts).assign(by_chance=raw.rounded(chance, 1))


def with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts by year with the shares of the votes that were identical and opposed."""
    shares = {f"{name}_share": raw.rounded(counts[name] / counts["n"], 4)
              for name in ("identical", "opposed")}  # fmt: skip
    return counts.assign(**shares).rename_axis("year").reset_index()


def pairs_by_year(votes: pd.DataFrame) -> pd.DataFrame:
    """Agreement of each pair by year, and of any two members."""
    pairs = [*map(tuple, raw.load_pairs()[raw.PAIR].to_numpy()), *combinations(NON_WESTERN_FOUR, 2)]
    found = []
    for absence in ABSENCES:
        taken = under(votes, absence)
        seats = by_polity(taken, [actor for pair in pairs for actor in pair])
        late = seats.index > FIRST_YEAR
        for order, pair in enumerate(pairs):
            block = seats[list(pair)]
            counts = count_alike(block[late] if set(pair) <= set(NON_WESTERN_FOUR) else block)
            found.append(_of_pair(counts, pair, absence, order))
        found.append(_of_pair(_count_all(taken), ANY_TWO, absence, len(pairs)))
    return pd.concat(found).sort_values(["order", "year"], kind="stable")


def _of_pair(counts: pd.DataFrame, pair: Sequence[str], absence: str, order: int) -> pd.DataFrame:
    return counts.assign(left=pair[0], right=pair[1], absence=absence, order=order)


def _count_all(taken: pd.DataFrame) -> pd.DataFrame:
    """Over all pairs of members and all votes of a year: pairs that both count, alike, opposed."""
    yes, no, *others = ((taken == word).sum(axis=1) for word in (YES, NO, ABSTAIN, FOURTH))
    everyone = yes + no + sum(others)
    alike = sum(k * (k - 1) // 2 for k in (yes, no, *others))
    pairs = {"n": everyone * (everyone - 1) // 2, "identical": alike, "opposed": yes * no}
    return with_shares(pd.DataFrame(pairs).groupby(level=0).sum()).assign(by_chance=np.nan)


def _fronts(votes: pd.DataFrame) -> pd.DataFrame:
    """How often all members of a coalition voted the same, by year, as it was in that year."""
    years = votes.index.unique()
    more = pd.DataFrame(product(["non_western_four"], years[years > FIRST_YEAR], NON_WESTERN_FOUR),
                        columns=["coalition", "year", "actor"])  # fmt: skip
    members = pd.concat([raw.members_by_year(years), more])
    every = members.groupby(["coalition", "year"], sort=False)["actor"].agg(tuple)
    spells = every.reset_index().groupby(["coalition", "actor"], sort=False)["year"].agg(list)
    found = []
    for absence in ABSENCES:
        seats = by_polity(under(votes, absence), members["actor"])
        for spell in spells.reset_index().to_dict("records"):
            size = len(spell["actor"])
            if size >= SMALLEST_FRONT:
                here = seats.loc[seats.index.isin(spell["year"]), list(spell["actor"])]
                about = {"coalition": spell["coalition"], "members": size, "absence": absence}
                found.append(count_alike(here).assign(**about))
    rows, order = pd.concat(found), list(dict.fromkeys(members["coalition"]))
    rows["order"] = rows["coalition"].map(order.index)
    return rows.sort_values(["order", "year"], kind="stable")


def _ukraine(cells: pd.DataFrame) -> pd.DataFrame:
    """The votes of the actors of interest, and of all members counted, four rows a resolution."""
    cells = cells.assign(date=cells["resolution"].map(DATES), vote=cells["vote"].map(WORDS))
    cells["actor"] = raw.actors_of("roll_call", cells["country"], cells["date"])
    keys = pd.MultiIndex.from_product([DATES, WORDS.values()], names=["resolution", "vote"])
    counts = cells.groupby(["resolution", "vote"]).size().reindex(keys, fill_value=0)
    counts = counts.rename("votes").reset_index().assign(actor="all_members")
    counts["date"] = counts["resolution"].map(DATES)
    rows = pd.concat([cells[cells["actor"] != ""].assign(votes=1), counts])
    return rows.sort_values("date", kind="stable")


def read_series(inputs: raw.Inputs, series: Series) -> pd.DataFrame:
    """One series as rows of actor, year, point, low, high, votes; sessions by their first year.
    Each point has its percentiles: the uncertainty of a distance cannot be had from them."""
    cells = inputs[series.file]
    numbers = ["ccode", "session", "year", series.point, series.low, series.high, series.votes]
    cells = raw.to_numbers(cells, [name for name in numbers if name in cells])
    year = cells["year"] if "year" in cells else cells["session"] + FIRST_SESSION
    # the file keeps 260 for the Federal Republic and may go on with it after 1990
    cells = cells.assign(year=year.astype(int), code=cells["ccode"].astype(int).replace(260, 255))
    cells = cells[(cells["year"] >= FIRST_YEAR) & cells[series.point].notna()]
    empty = pd.Series(index=cells.index, dtype="float64")
    out = pd.DataFrame({
        "actor": raw.actors_of("cow", cells["code"], cells["year"]), "year": cells["year"],
        "vintage": series.vintage, "series": series.name, "point": cells[series.point].round(4),
        "low": cells.get(series.low, empty).round(3),
        "high": cells.get(series.high, empty).round(3),
        "votes": cells[series.votes], "source": series.source,
    })  # fmt: skip
    return out[out["actor"].isin(raw.load_pairs()[raw.PAIR].stack())]


def _distances(points: pd.DataFrame) -> pd.DataFrame:
    of_series = ["vintage", "series", "year"]
    points = points.assign(at=points.groupby(["vintage", "series"], sort=False).ngroup())
    both = raw.both_of(points, of_series)
    both["distance"] = (both["point"] - both["point_r"]).abs().round(4)
    return both.sort_values(["order", "at", "year"], kind="stable")


COUNCIL = "unsc_votes/unsc_votes_1946_2025.csv"
SEATS = ["CHINA", "FRANCE", "RUSSIAN FEDERATION/USSR", "UNITED KINGDOM", "UNITED STATES"]
CAST = {"Y": "yes", "A": "abstention", "N": "no", "NV": "not_voting", "?": "not_stated"}
OUTCOMES = {"lack of maj.": "lacked a majority"}
DOUBTFUL = "may be the vote before counted twice"


def build_council(inputs: raw.Inputs) -> list[raw.Table]:
    """Vetoed votes, vetoes by actor and year, votes on the article's subjects, permanent members.

    A veto is a no of a permanent member on a vote that the data set calls vetoed. The tables cannot
    show what was never put to the vote because a veto was certain."""
    cells = inputs[COUNCIL].apply(lambda column: column.str.strip())
    cells = cells.rename(columns={"Date": "date", "UN classification": "document"})
    vetoes = vetoes_table(cells)
    return [vetoes, _counts_table(vetoes.frame), _key_votes_table(cells), _agreement_table(cells)]


def vetoes_table(cells: pd.DataFrame) -> raw.Table:
    """Vetoed votes, oldest first; one that repeats document and day is marked as doubtful."""
    names = {"Vote in the DB": "vote", "Yes": "yes", "No": "no", "Abstentions": "abstentions"}
    frame = cells[cells["Vote outcome"] == "vetoed"].rename(columns=names)
    frame = frame.sort_values("vote", key=lambda votes: votes.astype(int)).reset_index(drop=True)
    frame["vetoed_by"] = [
        ";".join(raw.actor_of("council", seat, row["date"]) for seat in SEATS if row[seat] == "N")
        for row in frame.to_dict("records")
    ]
    repeats = frame["document"].str.startswith("Oral") & frame.duplicated(["date", "document"])
    frame["doubtful"] = np.where(repeats, DOUBTFUL, "")
    return raw.make_table("council_vetoes", frame)


def _counts_table(vetoes: pd.DataFrame) -> raw.Table:
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
    return raw.make_table("council_veto_counts", frame.reset_index())


def _key_votes_table(cells: pd.DataFrame) -> raw.Table:
    keys = raw.load_table("council_key_votes")
    for document in keys["document"]:
        if (found := (cells["document"] == document).sum()) != 1:
            raise SeedError(f"{COUNCIL}: expected one vote on {document}, found {found}")
    rows = keys.merge(cells, on="document").melt([*keys, "date", "Vote outcome"], SEATS, "seat")
    rows["outcome"] = rows["Vote outcome"].replace(OUTCOMES)
    rows["actor"] = raw.actors_of("council", rows["seat"], rows["date"])
    rows["vote"] = [CAST[cast] for cast in rows["value"]]
    rows = rows.sort_values(["topic", "date", "document", "actor"])
    return raw.make_table("council_key_votes", rows)


def _agreement_table(cells: pd.DataFrame) -> raw.Table:
    years = cells["date"].str[:4].astype(int)
    holders = {seat: np.array(raw.actors_of("council", [seat] * len(cells), cells["date"]))
               for seat in SEATS}  # fmt: skip
    held = [(seat, actor) for seat in SEATS for actor in dict.fromkeys(holders[seat])]
    found = []
    for absence in ("left_out", "as_abstention"):
        known = STANCES | {"NV": ABSENCES[absence]}
        taken = {seat: cells[seat].map(known).fillna(0).astype(int) for seat in SEATS}
        for (one, first), (other, second) in combinations(held, 2):
            if one != other:
                here = {who: taken[seat].where(holders[seat] == who, 0) for seat, who in
                        ((one, first), (other, second))}  # fmt: skip
                counts = count_alike(pd.DataFrame(here).set_axis(years))
                found.append(_of_pair(counts, raw.order_pair(first, second), absence, 0))
    rows = pd.concat(found).sort_values([*raw.PAIR, "year"], kind="stable")
    return raw.make_table("council_agreement", rows)
