"""What the economies were worth, in two series of purchasing power that must not be mixed."""

from __future__ import annotations

from pandas import DataFrame

from axislib.record.rebuild.polities import actor_of, is_listed
from axislib.record.rebuild.tables import Inputs, Table, make_table, to_numbers

MADDISON = "gdp_history/maddison_2020_owid.csv"
GAPMINDER = "gdp_history/gapminder_gdp_ppp_pop_selected_1930_2025.csv"
WAR_YEARS, LATE_YEARS, OUR_YEARS = range(1936, 1946), range(2010, 2019), range(2019, 2026)
LAST_ESTIMATE = 2023  # Gapminder's later years are forecasts


def build(inputs: Inputs) -> list[Table]:
    """One table: GDP in billion international dollars, Maddison for 1936-45 and 2010-18, Gapminder
    for 2019-25.

    2011 dollars in one series and 2021 dollars in the other: compare within a series only. Years
    without a value are left out, the Soviet Union of 1941-45 and China of 1939-45 among them.
    """
    rows = [*_read_maddison(inputs[MADDISON]), *_read_gapminder(inputs[GAPMINDER])]
    return [make_table("gdp", rows)]


def _read_maddison(cells: DataFrame) -> list[tuple]:
    cells = to_numbers(cells, ["Year", "GDP"]).dropna(subset="GDP")
    about = ("2011 international dollars", 0, "maddison")
    rows = [
        (actor, int(year), in_billions(gdp), *about)
        for name, year, gdp in cells[["Entity", "Year", "GDP"]].itertuples(index=False)
        if is_listed("maddison", name)
        and int(year) in (*WAR_YEARS, *LATE_YEARS)
        and (actor := actor_of("maddison", name, int(year)))
    ]
    return sorted(rows)


def _read_gapminder(cells: DataFrame) -> list[tuple]:
    cells = to_numbers(cells, ["time", "gdp_ppp"])
    rows = []
    for code, year, gdp in cells[["country", "time", "gdp_ppp"]].itertuples(index=False):
        if int(year) in OUR_YEARS:
            actor = actor_of("iso", code.upper(), int(year))
            about = ("2021 international dollars", int(year > LAST_ESTIMATE), "gapminder")
            rows.append((actor, int(year), in_billions(gdp), *about))
    return sorted(rows)


def in_billions(value: float) -> float:
    """A sum in billions, to two decimals."""
    return round(value / 1e9, 2)


def purchasing_power(inputs: Inputs) -> dict[str, float]:
    """GDP at purchasing power of 2023 by actor, in billion international dollars of 2021
    (Gapminder)."""
    cells = to_numbers(inputs[GAPMINDER], ["time", "gdp_ppp"])
    cells = cells[cells["time"] == LAST_ESTIMATE]
    return {
        code.upper(): in_billions(value)
        for code, value in zip(cells["country"], cells["gdp_ppp"], strict=True)
    }
