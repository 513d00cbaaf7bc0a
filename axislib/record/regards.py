"""The thesis on its own terms: in which regards the four do more than the Axis did, as far as there
is a number for both."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from axislib.record.indicators import (
    CONFIDENCE,
    Reading,
    Side,
    Value,
    exact,
    indicator,
    of_dyads,
    side_of,
    values_of,
)
from axislib.record.options import Record, placed

REGARDS = {
    "leader_meetings": "Meetings of the two who met most",
    "troops_sent_to_partner_front": "Soldiers at the partner's front",
    "dyads_with_mutual_defence_clause": "Pairs with a clause of defence, of all pairs",
    "attacks_on_partner": "Freedom from attacks among partners",
    "no_separate_peace_pledge": "Pledge to make no peace alone",
    "joint_planning_body": "A common staff",
}
UNITS = ("meetings", "persons", "of 3 dyads", "of 6 dyads", "major attacks", "yes or no")
ANSWERS = {"yes": 1.0, "nominal": 0.5, "conditional": 0.5, "no": 0.0}
EVEN = 0.5  # the part at which both have as much


class Amount(NamedTuple):
    """How much of something a coalition has, with its range, and the measure that says so."""

    value: float
    low: float
    high: float
    id: str
    confidence: str


@indicator
def regards(record: Record, claim: str) -> Reading:
    """On each measure that has a number for both: the four's part of what they and the Axis have
    together; the Allies' beside it."""
    values = []
    for name, label in REGARDS.items():
        axis = _amount(record, name, "historic_axis")
        for coalition, role, who in (
            ("modern_alignment", "claimed", label),
            ("wwii_allies", "baseline", f"{label} (the Allies)"),
        ):
            other = _amount(record, name, coalition)
            if other and axis and other.value + axis.value:
                values.append(_part_of_both(who, role, other, axis, name == "attacks_on_partner"))
    four = values_of(values, "claimed")
    ahead = [value for value in four if value.low > EVEN]
    if any(value.confidence == "verified" for value in ahead):
        return values, Side("supports", confidence="verified")
    return values, side_of(False, not ahead) if four else None


@indicator
def regards_on_balance(record: Record, claim: str) -> Reading:
    """Of the same regards, in how many each side is ahead: not what the claim says, but what "on
    the whole" would."""
    parts = values_of(regards(record, claim).values, "claimed")
    ahead = [value.ids for value in parts if value.low > EVEN]
    behind = [value.ids for value in parts if value.high < EVEN]
    values = [
        exact(who, role, len(ids), ";".join(ids))
        for who, role, ids in (
            ("The four are ahead", "claimed", ahead),
            ("The Axis is ahead", "compared", behind),
        )
        if ids
    ]
    side = side_of(len(ahead) > len(behind), len(ahead) < len(behind))
    return values, side if parts else None


def _part_of_both(who: str, role: str, other: Amount, axis: Amount, fewer_is_more: bool) -> Value:
    part, low, high = (
        _part(other.value, axis.value),
        _part(other.low, axis.high),
        _part(other.high, axis.low),
    )
    if fewer_is_more:
        part, low, high = 1 - part, 1 - high, 1 - low
    confidence = max((other.confidence, axis.confidence), key=CONFIDENCE.index)
    return Value(who, role, part, low, high, f"{other.id};{axis.id}", "", confidence)


def _part(amount: float, rest: float) -> float:
    return amount / (amount + rest) if amount + rest else EVEN


def _amount(record: Record, name: str, coalition: str) -> Amount | None:
    """How much of a measure a coalition has: the largest number not later than the article, or a
    word as 0, one half, 1."""
    rows = record.measure(name, coalition=coalition, unit=UNITS)
    placing = zip(rows.to_dict("records"), placed(record.seed, rows["as_of"]), strict=True)
    amounts = [amount for row, when in placing if when != "after" and (amount := _read(row))]
    return max(amounts, key=lambda amount: amount.value, default=None)


def _read(row: dict) -> Amount | None:
    """A row of the table ``measures`` as an amount; a number goes before a word for the value, the
    word alone for the range."""
    word = ANSWERS.get(row["answer"])
    value = word if pd.isna(row["value"]) else float(row["value"])
    if value is None:
        return None
    low, high = (
        value if word is not None or pd.isna(row[end]) else float(row[end])
        for end in ("low", "high")
    )
    whole = of_dyads(row) if row["unit"].endswith("dyads") else 1
    return Amount(value / whole, low / whole, high / whole, row["id"], row["confidence"])
