"""Aid to Ukraine by donor, summed to four cut-off dates, and as a share of the donor's GDP."""

from __future__ import annotations

import pandas as pd

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.table import Table, make_table, to_numbers

FILE, THROUGH_EU = "kiel_ust/data_explorer.csv", "kiel_ust/eu_aid_shares.csv"
KINDS = ["total", "military", "financial", "humanitarian"]
# when the press quoted shares of commitments; the time of the article; a sum published since; the
# end of the release
CUTS = ("2024-01", "2024-11", "2025-02", "2026-04")


def build(inputs: Inputs) -> list[Table]:
    """One table: allocations from January 2022 to each cut, in billion euros, with the donor's GDP
    and the share.

    Allocations are packages set aside, not deliveries; the release is later than the article. GDP
    is the single value a donor that the tracker divides by. Aid through the European Union stands
    apart, for the last cut only.
    """
    cells = to_numbers(inputs[FILE], ["year", "month", "gdp", *KINDS])
    through_eu = to_numbers(inputs[THROUGH_EU], ["total_pct_gdp"]).set_index("iso")["total_pct_gdp"]
    frame = pd.concat([sum_until(cells, cut).assign(until=cut) for cut in CUTS], ignore_index=True)
    last = max(CUTS)
    frame["share_with_eu"] = [
        round(through_eu[d] / 100, 6) if cut == last and d in through_eu else None
        for d, cut in zip(frame["donor"], frame["until"], strict=True)
    ]
    return [make_table("aid_to_ukraine", frame)]


def sum_until(cells: pd.DataFrame, cut: str) -> pd.DataFrame:
    """Each donor's sums up to and with a month (YYYY-MM), largest share first."""
    year, month = (int(part) for part in cut.split("-"))
    here = cells[(cells["year"] < year) | ((cells["year"] == year) & (cells["month"] <= month))]
    sums = here.groupby("iso")[KINDS].sum().round(6)
    gdp = cells.groupby("iso")["gdp"].first().reindex(sums.index)
    sums["gdp"] = gdp.where(gdp > 0).round(3)
    sums["share"] = (sums["total"] / gdp.where(gdp > 0)).round(6)
    sums = sums.rename_axis("donor").reset_index().replace({"donor": {"EU": "eu_institutions"}})
    return sums.sort_values(["share", "donor"], ascending=[False, True]).reset_index(drop=True)
