"""What the economies were worth, in two series of purchasing power that must not be mixed."""

from __future__ import annotations

import pandas as pd

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import actor_of, is_listed
from axislib.record.rebuild.table import Table, make_table, to_numbers

MADDISON, GAPMINDER = (
    "gdp_history/maddison_2020_owid.csv",
    "gdp_history/gapminder_gdp_ppp_pop_selected_1930_2025.csv",
)
WAR_YEARS, LATE_YEARS, OUR_YEARS = range(1936, 1946), range(2010, 2019), range(2019, 2026)
LAST_ESTIMATE = 2023  # Gapminder's later years are forecasts


def build(inputs: Inputs) -> list[Table]:
    """One table: GDP in billion international dollars, Maddison for 1936-45 and 2010-18, Gapminder
    for 2019-25.

    2011 dollars in one series and 2021 dollars in the other: compare within a series only. Years
    without a value are left out, the Soviet Union of 1941-45 and China of 1939-45 among them.
    """
    frame = pd.DataFrame(
        [*_read_maddison(inputs[MADDISON]), *_read_gapminder(inputs[GAPMINDER])],
        columns=["actor", "year", "gdp", "unit", "forecast", "source"],
    )
    return [make_table("gdp", frame)]


def _read_maddison(cells: pd.DataFrame) -> list[tuple]:
    cells = to_numbers(cells, ["Year", "GDP"]).dropna(subset="GDP")
    rows = []
    for name, year, gdp in cells[["Entity", "Year", "GDP"]].itertuples(index=False):
        if is_listed("maddison", name) and int(year) in (*WAR_YEARS, *LATE_YEARS):
            actor = actor_of("maddison", name, int(year))
            if actor:
                rows.append(
                    (
                        actor,
                        int(year),
                        round(gdp / 1e9, 2),
                        "2011 international dollars",
                        0,
                        "maddison",
                    )
                )
    return sorted(rows)


def _read_gapminder(cells: pd.DataFrame) -> list[tuple]:
    cells = to_numbers(cells, ["time", "gdp_ppp"])
    rows = [
        (
            actor_of("iso", code.upper(), int(year)),
            int(year),
            round(gdp / 1e9, 2),
            "2021 international dollars",
            int(year > LAST_ESTIMATE),
            "gapminder",
        )
        for code, year, gdp in cells[["country", "time", "gdp_ppp"]].itertuples(index=False)
        if int(year) in OUR_YEARS
    ]
    return sorted(rows)


def purchasing_power(inputs: Inputs) -> dict[str, float]:
    """GDP at purchasing power of 2023 by actor, in billion international dollars of 2021
    (Gapminder)."""
    cells = to_numbers(inputs[GAPMINDER], ["time", "gdp_ppp"])
    cells = cells[cells["time"] == LAST_ESTIMATE]
    return {
        code.upper(): round(value / 1e9, 2)
        for code, value in zip(cells["country"], cells["gdp_ppp"], strict=True)
    }
