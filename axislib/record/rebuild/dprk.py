"""Estimates of what North Korea sent Russia, what came back, and what its economy is worth."""

from __future__ import annotations

import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.table import Table, make_table, to_numbers

FILE = "dprk_support_estimates/dprk_support_estimates.csv"
# how a row of the file begins -> item, giver, receiver, first month, unit
ITEMS = {
    "DPRK arms to Russia since Feb 2022": ("arms", "PRK", "RUS", "2022-02", "billion USD"),
    "DPRK arms to Russia since 2023": ("arms", "PRK", "RUS", "2023-01", "billion USD"),
    "Russian return aid to DPRK since 2023": ("return_aid", "RUS", "PRK", "2023-01", "billion USD"),
    "DPRK GDP, Bank of Korea": ("gdp_real", "PRK", "", "2023-01", "billion USD"),
    "DPRK GDP PPP 2023": ("gdp_ppp", "PRK", "", "2023-01", "billion international dollars of 2021"),
    "DPRK troops sent": ("troops", "PRK", "RUS", "2024-10", "persons"),
}


def build(inputs: Inputs) -> list[Table]:
    """One table: each estimate with its range and date.

    Second-hand figures that hang on assumed prices of ammunition. An empty low means that only an
    upper limit was given. It cannot tell how much was paid for.
    """
    frame = read_estimates(inputs[FILE])
    return [make_table("dprk_support", frame)]


def read_estimates(cells: pd.DataFrame) -> pd.DataFrame:
    """The rows of the file under our names; SeedError for a row that is not known."""
    rows = []
    for row in to_numbers(cells, ["low", "high"]).to_dict("records"):
        known = next(
            (meaning for begin, meaning in ITEMS.items() if row["item"].startswith(begin)), None
        )
        if known is None:
            raise SeedError(f"{FILE}: expected the six known estimates, found '{row['item']}'")
        item, giver, receiver, since, unit = known
        rows.append(
            {
                "item": item,
                "giver": giver,
                "receiver": receiver,
                "since": since,
                "as_of": row["date"],
                "low": row["low"],
                "high": row["high"],
                "unit": unit,
            }
        )
    return pd.DataFrame(rows)
