"""Ideal points in the General Assembly: where an actor stands on the main dimension, how far two
stand apart."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import actor_of, is_listed, load_pairs
from axislib.record.rebuild.table import Table, make_table, to_numbers

OLD, NEW = (
    "unga_idealpoints/IdealpointestimatesAll_Jun2024.csv",
    "unga_idealpoints/idealpoints_July2025.csv",
)
FIRST_YEAR = 1991  # the four are members together from then on


class Series(NamedTuple):
    """Where one series of estimates stands: file, source, names, and the columns of point,
    percentiles and votes."""

    file: str
    source: str
    vintage: str
    name: str
    point: str
    low: str
    high: str
    votes: str


SERIES = (
    Series(
        OLD,
        "ideal_points_2024_06",
        "2024-06",
        "all_votes",
        "IdealPointAll",
        "Q5%All",
        "Q95%All",
        "NVotesAll",
    ),
    Series(
        NEW,
        "ideal_points_2025_07",
        "2025-07",
        "all_votes",
        "idealpointall",
        "q5all",
        "q95all",
        "nvotesall",
    ),
    Series(
        NEW,
        "ideal_points_2025_07",
        "2025-07",
        "foreign_policy_votes",
        "idealpointfp",
        "q5fp",
        "q95fp",
        "nvotesfp",
    ),
    Series(
        NEW, "ideal_points_2025_07", "2025-07", "legacy", "idealpointlegacy", "", "", "nvotesLegacy"
    ),  # no percentiles
)


def build(inputs: Inputs) -> list[Table]:
    """Two tables: the points of the actors in pairs.csv, and the distances of the pairs, by series
    and vintage.

    Points and distances are on the scale of the estimate (one unit is about a standard deviation of
    states). The percentiles belong to one point at a time: the uncertainty of a distance cannot be
    had from them. Source of the method: Bailey, Strezhnev and Voeten (2017).
    """
    points = pd.concat([read_series(inputs, series) for series in SERIES], ignore_index=True)
    return [_points_table(points), _distances_table(points)]


def read_series(inputs: Inputs, series: Series) -> pd.DataFrame:
    """One series as rows of actor, year, point, low, high, votes; sessions as the year they open
    in."""
    wanted = {actor for pair in load_pairs() for actor in pair}
    cells = inputs[series.file]
    numbers = ["ccode", "session", "year", series.point, series.low, series.high, series.votes]
    cells = to_numbers(cells, [name for name in numbers if name in cells])
    year = cells["year"] if "year" in cells else cells["session"] + 1945
    cells = cells.assign(year=year.astype(int), code=cells["ccode"].astype(int))
    known = [code for code in cells["code"].unique() if is_listed("cow", code)]
    cells = cells[
        (cells["year"] >= FIRST_YEAR) & cells[series.point].notna() & cells["code"].isin(known)
    ]
    empty = pd.Series(index=cells.index, dtype="float64")
    out = pd.DataFrame({
        "actor": [_actor(code, year) for code, year in zip(cells["code"], cells["year"], strict=True)],
        "year": cells["year"], "vintage": series.vintage, "series": series.name, "point": cells[series.point].round(4),
        "low": cells.get(series.low, empty).round(3), "high": cells.get(series.high, empty).round(3),
        "votes": cells[series.votes], "source": series.source,
    })  # fmt: skip
    return out[out["actor"].isin(wanted)]


def _actor(code: int, year: int) -> str:
    # the file keeps 260 for the Federal Republic and may go on with it after 1990
    return "DEU" if code in (255, 260) and year > 1990 else actor_of("cow", code, year)


def _points_table(points: pd.DataFrame) -> Table:
    return make_table("ideal_points", points.sort_values(["actor", "vintage", "series", "year"]))


def _distances_table(points: pd.DataFrame) -> Table:
    at = {(row.vintage, row.series, row.year, row.actor): row.point for row in points.itertuples()}
    rows = []
    for left, right in load_pairs():
        for series in SERIES:
            for year in range(FIRST_YEAR, max(points["year"]) + 1):
                ends = [
                    at.get((series.vintage, series.name, year, actor)) for actor in (left, right)
                ]
                if None not in ends:
                    rows.append(
                        {
                            "left": left,
                            "right": right,
                            "year": year,
                            "vintage": series.vintage,
                            "series": series.name,
                            # fmt: skip
                            "distance": round(abs(ends[0] - ends[1]), 4),
                            "source": series.source,
                        }
                    )
    return make_table("ideal_distances", rows)
