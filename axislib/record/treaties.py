"""Indicators of treaties and war, and of the thesis: who owes whom what, who fought beside whom, in
which respects the four do more than the Axis did."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from axislib.record.claims import (
    CONFIDENCE,
    Reading,
    Side,
    Value,
    exact,
    indicator,
    largest,
    of_dyads,
    pair_name,
    pairs,
    part_of,
    side_of,
    values_of,
)
from axislib.record.options import Record, placed, where

WEST = pairs("USA-GBR GBR-FRA USA-FRA DEU-FRA")
DEFENCE = (
    ("The four in 2018, as ATOP codes it", 2018, "modern_alignment"),
    ("The Axis in 1942, as ATOP codes it", 1942, "historic_axis"),
    ("Western pairs in 2018 (UK, US, France, Germany)", 2018, ""),
)
CONSULTATION = (
    ("nazi_germany", "imperial_japan", "claimed", 1936),
    ("nazi_germany", "kingdom_of_italy", "baseline", 1936),
    ("kingdom_of_italy", "imperial_japan", "baseline", 1936),
    ("USA", "GBR", "baseline", 1936),
    ("GBR", "soviet_union", "baseline", 1936),
    ("RUS", "CHN", "baseline", 2009),
)
WAR_GROUPS = {"historic_axis": "claimed", "wwii_allies": "baseline", "partners": "baseline"}


@indicator
def pairs_with_defence(record: Record, claim: str) -> Reading:
    """The pairs of a coalition that owe each other defence by treaty."""
    values = []
    for row in record.measure("dyads_with_mutual_defence_clause").to_dict("records"):
        role = "claimed" if row["coalition"] == "modern_alignment" else "baseline"
        values.append(part_of(record.called(row["coalition"]), role, row, of_dyads(row)))
    for label, year, group in DEFENCE:
        members = record.pairs(group) if group else WEST
        then = record.table("treaty_obligations", year=year)
        owed = [where(then, left=left, right=right) for left, right in members]
        rows = pd.concat(owed) if owed else pd.DataFrame()
        if len(rows):
            share, source = float(rows["defence"].mean()), record.source("treaty_obligations")
            values.append(exact(label, "baseline", share, source, str(year)))
    four = largest(values, "claimed")
    return values, four and side_of(four.low >= 0.5, four.high < 0.25)


@indicator
def duty_to_consult(record: Record, claim: str) -> Reading:
    """Years in which two owed each other consultation by treaty."""
    values = []
    for left, right, role, first in CONSULTATION:
        years = list(range(first, first + 10))
        rows = record.table("treaty_obligations", left=left, right=right, year=years)
        if len(rows):
            who = f"{pair_name(record, (left, right))}, {first} to {years[-1]}"
            share, source = float(rows["consultation"].mean()), record.source("treaty_obligations")
            values.append(exact(who, role, share, source, str(first)))
    duty = largest(values, "claimed")
    return values, duty and side_of(duty.value == 0, duty.value >= 0.5)


@indicator
def side_by_side(record: Record, claim: str) -> Reading:
    """Pairs of the four whose forces were on one side of an armed conflict in the ten years before,
    against Western pairs."""
    rows, values = record.table("conflicts_together"), []
    if len(rows):
        rows = rows[
            (rows["relation"] == "same_side") & (rows["until"] >= 2015) & rows["caveat"].isna()
        ]
        fought = set(zip(rows["left"], rows["right"], strict=True))
        for label, role, members in (
            ("Today's four", "claimed", record.pairs("modern_alignment")),
            ("Western pairs (UK, US, France, Germany)", "compared", WEST),
        ):
            if members:
                share = sum(pair in fought for pair in members) / len(members)
                source = record.source("conflicts_together")
                values.append(exact(label, role, share, source, "2015/2024"))
    four = largest(values, "claimed")
    return values, four and side_of(four.value >= 0.5, four.value == 0)


@indicator
def fought_each_other(record: Record, claim: str) -> Reading:
    """Months in which two partners were on opposite sides of the same war, as the Correlates of War
    project codes it."""
    wars = record.table(
        "wars_together", relation="opposite_sides", coding="dyads", war="World War II"
    )
    source, values = record.source("wars_together"), []
    for group, role in WAR_GROUPS.items():
        for left, right in record.pairs(group):
            rows = where(wars, left=left, right=right).to_dict("records")
            if rows or group != "partners":
                months = sum(_months(row["since"], row["until"]) for row in rows)
                values.append(exact(pair_name(record, (left, right)), role, months, source, "1945"))
    named = pair_name(record, ("nazi_germany", "kingdom_of_italy"))
    months = [value.value for value in values if value.who == named]
    return values, side_of(months[0] > 0) if months else None


def _months(since: str, until: str) -> int:
    """Months from one to the other, both counted.

    >>> _months("1939-09", "1940-02")
    6
    """
    (y1, m1), (y2, m2) = ((int(part) for part in str(day)[:7].split("-")) for day in (since, until))
    return (y2 - y1) * 12 + m2 - m1 + 1


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
