"""The thesis on its own terms: in which regards the four do more than the Axis did, as far as there
is a number for both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from axislib.record.cutoff import placed
from axislib.record.indicators import Value, Yardstick, exact
from axislib.record.options import Record

REGARDS = {
    "leader_meetings": "Meetings of the two who met most",
    "troops_sent_to_partner_front": "Soldiers at the partner's front",
    "dyads_with_mutual_defence_clause": "Pairs with a clause of defence, of all pairs",
    "attacks_on_partner": "Freedom from attacks among partners",
    "no_separate_peace_pledge": "Pledge to make no peace alone",
    "joint_planning_body": "A common staff",
}
_UNITS = ("meetings", "persons", "of 3 dyads", "of 6 dyads", "major attacks", "yes or no")
_WORDS = {"yes": 1.0, "nominal": 0.5, "conditional": 0.5, "no": 0.0}
_SURE = ("verified", "partly", "common")


@dataclass(frozen=True)
class _Amount:
    value: float
    low: float
    high: float
    id: str
    confidence: str


def regards(record: Record, claim: str) -> Yardstick:
    """On each yardstick that has a number for both: the four's part of what they and the Axis have
    together; the Allies' beside it.
    """
    values = []
    for name, label in REGARDS.items():
        axis = _amount(record, name, "historic_axis")
        for coalition, role, who in (
            ("modern_alignment", "claimed", label),
            ("wwii_allies", "baseline", f"{label} (the Allies)"),
        ):
            found = _amount(record, name, coalition)
            if found is None or axis is None or found.value + axis.value == 0:
                continue
            part, low, high = (
                _part(found.value, axis.value),
                _part(found.low, axis.high),
                _part(found.high, axis.low),
            )
            if name == "attacks_on_partner":  # fewer is more
                part, low, high = 1 - part, 1 - high, 1 - low
            sure = max((found.confidence, axis.confidence), key=_SURE.index)
            values.append(Value(who, role, part, low, high, f"{found.id};{axis.id}", "", sure))
    stick = Yardstick(
        "regards",
        "The four's part of what they and the Axis have together; for scale, the Allies' part",
        "part of both",
        "Supports if the four are ahead, above one half, in one regard that was looked up on both"
        " sides; contradicts if in none.",
        tuple(values),
        weight="high",
        percent=True,
        even=0.5,
    )
    ours = [value for value in values if value.role == "claimed"]
    ahead = [value for value in ours if value.low > 0.5]
    known = [value for value in ahead if value.confidence == "verified"]
    if not ours:
        return stick
    stick = stick.decided("supports" if known else "neither" if ahead else "contradicts")
    return replace(stick, confidence="verified") if known else stick


def regards_on_balance(record: Record, claim: str) -> Yardstick:
    """Of the same regards, in how many each side is ahead: not what the claim says, but what "on
    the whole" would."""
    parts = [value for value in regards(record, claim).values if value.role == "claimed"]
    sides = {
        "The four are ahead": ("claimed", [value for value in parts if value.low > 0.5]),
        "The Axis is ahead": ("compared", [value for value in parts if value.high < 0.5]),
    }
    counts = {who: len(of) for who, (_, of) in sides.items()}
    stick = Yardstick(
        "regards_on_balance",
        "In how many of these regards",
        "regards",
        "Supports if the four are ahead in more of them than the Axis; contradicts if in fewer. The"
        " claim says only: in certain regards.",
        tuple(
            exact(who, role, counts[who], ";".join(v.ids for v in of))
            for who, (role, of) in sides.items()
            if of
        ),
        weight="high",
    )
    if not parts:
        return stick
    ahead, behind = counts.values()
    return stick.judged(ahead > behind, ahead < behind)


def _part(one: float, other: float) -> float:
    return one / (one + other) if one + other else 0.5


def _amount(record: Record, name: str, coalition: str) -> _Amount | None:
    """How much of a yardstick a coalition has: the largest number not later than the article, or a
    word as 0, one half, 1."""
    rows = record.measure(name, coalition)
    rows = rows[rows["unit"].isin(_UNITS)]
    best = None
    for row, when in zip(rows.to_dict("records"), placed(record.seed, rows["as_of"]), strict=True):
        word = _WORDS.get(row["answer"])
        value = word if pd.isna(row["value"]) else float(row["value"])
        if value is None or when == "after":
            continue
        low, high = (
            value if word is not None or pd.isna(row[end]) else float(row[end])
            for end in ("low", "high")
        )
        of = int(row["unit"].split()[1]) if row["unit"].endswith("dyads") else 1
        if best is None or value / of > best.value:
            best = _Amount(value / of, low / of, high / of, row["id"], row["confidence"])
    return best
