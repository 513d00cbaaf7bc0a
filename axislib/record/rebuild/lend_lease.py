"""Lend-lease: who gave how much to whom, in dollars of the time."""

from __future__ import annotations

from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import actor_of
from axislib.record.rebuild.table import Table, make_table, to_numbers

FILE = "lend_lease/lend_lease_totals.csv"
GIVERS = {"outward": "USA", "Canada": "CAN"}


def build(inputs: Inputs) -> list[Table]:
    """One table: totals 1941-45 in billion dollars, given and given back.

    Nominal dollars. There are no yearly values, and nothing comparable for the Axis: that there was
    no Axis equivalent cannot be shown from this table.
    """
    cells = to_numbers(inputs[FILE], ["usd_bn_current_1941_45"])
    rows = []
    for flow, party, value in cells[["flow", "party", "usd_bn_current_1941_45"]].itertuples(
        index=False
    ):
        other = actor_of("lend_lease", party)
        giver, receiver = (
            (GIVERS[flow], other)
            if flow in GIVERS
            else ("all_recipients" if other == "all_recipients" else other, "USA")
        )
        rows.append(
            {
                "giver": giver,
                "receiver": receiver,
                "usd_bn": value,
                "programme": _programme(flow, party),
            }
        )
    return [make_table("lend_lease", rows)]


def _programme(flow: str, party: str) -> str:
    if flow == "Canada":
        return "mutual_aid" if party.startswith("Mutual Aid") else "gift_or_loan"
    return "lend_lease" if flow == "outward" else "reverse_lend_lease"
