"""Major weapons delivered among the four, to Russia and to Ukraine, by year and relative to GDP."""

from __future__ import annotations

import pandas as pd

from axislib.record.rebuild.gdp import purchasing_power
from axislib.record.rebuild.polities import actor_of, is_listed
from axislib.record.rebuild.tables import Inputs, Table, make_table, to_numbers

FILE = "sipri_arms/sipri_trade_register_extract.csv"
WAR = (2022, 2024)  # the years of the war that the register covers


def build(inputs: Inputs) -> list[Table]:
    """Two tables: trend-indicator value by supplier, recipient and year; and for 2022-24 relative
    to GDP.

    The register gives one value a deal and the years of delivery: we spread it evenly over them.
    The value measures the volume of major weapons, not money; shells are not in it. It cannot tell
    a gift from a sale.
    """
    deliveries = spread_deliveries(inputs[FILE])
    return [_yearly_table(deliveries), _relative_table(deliveries, purchasing_power(inputs))]


def spread_deliveries(cells: pd.DataFrame) -> pd.DataFrame:
    """One row for each deal and year of delivery: supplier, recipient, year, value."""
    cells = to_numbers(cells, ["tiv_delivered"])
    cells = cells[cells["delivery_years"].str.strip() != ""]
    cells["deal"] = cells.index
    cells["year"] = cells["delivery_years"].str.split(";")
    cells["value"] = cells["tiv_delivered"] / cells["year"].str.len()
    long = cells.explode("year")
    long["year"] = long["year"].str.strip().astype(int)
    long["supplier"] = [_name(*pair) for pair in zip(long["supplier"], long["year"], strict=True)]
    long["recipient"] = [_name(*pair) for pair in zip(long["recipient"], long["year"], strict=True)]
    return long[["deal", "supplier", "recipient", "year", "value"]]


def _name(name: str, year: int) -> str:
    return actor_of("sipri", name, year) if is_listed("sipri", name) else "other_suppliers"


def _yearly_table(deliveries: pd.DataFrame) -> Table:
    frame = (
        deliveries.groupby(["supplier", "recipient", "year"])
        .agg(tiv=("value", "sum"), deals=("deal", "nunique"))
        .reset_index()
    )
    frame["tiv"] = frame["tiv"].round(2)
    return make_table("arms_transfers", frame)


def _relative_table(deliveries: pd.DataFrame, worth: dict[str, float]) -> Table:
    here = deliveries[deliveries["year"].between(*WAR)]
    sums = here.groupby(["supplier", "recipient"])["value"].sum().round(2).reset_index()
    rows = [
        (giver, taker, *WAR, tiv, worth[giver], round(tiv / worth[giver], 4), "sipri")
        for giver, taker, tiv in sums.itertuples(index=False)
        if giver in worth and tiv > 0
    ]
    return make_table("arms_relative", rows)
