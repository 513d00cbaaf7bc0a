"""What a yardstick gives back: values of the claimed and of the baseline, and which way they point
by its rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from axislib.record.options import Record

ROLES = {
    "claimed": "what the claim is about",
    "compared": "what the claim itself holds it against",
    "baseline": "others, for a sense of scale",
}


@dataclass(frozen=True)
class Value:
    """One value: ``who`` it is of, its role (see ROLES), the value with its range, the ids it rests
    on, its date, how well it is known.
    """

    who: str
    role: str
    value: float
    low: float
    high: float
    ids: str
    date: str = ""
    confidence: str = "verified"


@dataclass(frozen=True)
class Yardstick:
    """One quantity for one claim: its values, and ``side`` (supports, contradicts, neither) by the
    ``rule`` in words."""

    name: str
    title: str
    unit: str
    rule: str
    values: tuple[Value, ...] = ()
    side: str = "neither"
    weight: str = "medium"
    confidence: str = "verified"
    log: bool = False
    percent: bool = False
    even: float | None = None  # where the two sides would be equal
    date: str = field(default="")  # of the value that decides, where it has one

    def decided(self, side: str, date: str = "") -> Yardstick:
        """The same with its side, and with the confidence of the least known value that decides."""
        known = [value.confidence for value in self.values if value.role != "baseline"]
        return replace(
            self,
            side=side,
            date=date,
            confidence=max(known, key=["verified", "partly", "common"].index, default="verified"),
        )

    def judged(self, supports: bool, contradicts: bool) -> Yardstick:
        """The same decided by its rule: for, against, or neither."""
        return self.decided("supports" if supports else "contradicts" if contradicts else "neither")

    def uses(self) -> set[str]:
        """The measures it reads, and the facts behind the values the claim is about: a bearing on
        one of them is not counted twice.
        """
        return {
            i
            for value in self.values
            for i in value.ids.split(";")
            if i.startswith("mc_") or (value.role == "claimed" and i)
        }

    def most(self, role: str) -> Value | None:
        """The value of a role that is largest; None if it has none."""
        return max(
            (value for value in self.values if value.role == role),
            key=lambda value: value.value,
            default=None,
        )


def exact(
    who: str, role: str, value: float, ids: str, date: str = "", confidence: str = "verified"
) -> Value:
    """A value without a range."""
    return Value(who, role, value, value, value, ids, date, confidence)


def part_of(who: str, role: str, row: Mapping, of: float) -> Value:
    """A row of the table ``measures`` as a part of so many."""
    value, low, high = (float(row[name]) / of for name in ("value", "low", "high"))
    return Value(who, role, value, low, high, row["id"], row["as_of"], row["confidence"])


def of_measures(
    record: Record, rows: pd.DataFrame, role: str | Mapping[str, str], dated: bool = False
) -> list[Value]:
    """Rows of the table ``measures`` as values; ``role`` for all, or by coalition; ``dated`` puts
    the date to the name."""
    out = []
    for row in rows.to_dict("records"):
        value, low, high = (
            None if pd.isna(row[name]) else float(row[name]) for name in ("value", "low", "high")
        )
        if value is None:
            continue
        who = (
            " and ".join(record.called(actor) for actor in row["dyad"].split(";")[0].split("-"))
            if row["dyad"] != "all"
            else record.called(row["coalition"])
        )
        if row["dyad"].count(";"):
            who = record.called(row["coalition"])
        who += f", {row['as_of']}" if dated else ""
        mine = role if isinstance(role, str) else role.get(row["coalition"], "baseline")
        out.append(
            Value(
                who,
                mine,
                value,
                value if low is None else low,
                value if high is None else high,
                row["id"],
                row["as_of"],
                row["confidence"],
            )
        )
    return out


def of_pair(rows: pd.DataFrame, left: str, right: str) -> pd.DataFrame:
    """The rows of a derived table on one pair; an empty table, not at hand, stays empty."""
    return rows[(rows["left"] == left) & (rows["right"] == right)] if len(rows) else rows


def pooled(rows: pd.DataFrame, above: str, below: str) -> float | None:
    """One share over several rows: the sum above over the sum below; None where there is nothing
    below."""
    total = rows[below].sum() if len(rows) else 0
    return float(rows[above].sum() / total) if total else None


def by_year(rows: pd.DataFrame, share: float) -> tuple[float, float]:
    """Lowest and highest yearly share, of years with 20 votes or more, and the share of all years
    together."""
    years = [float(value) for value in rows.loc[rows["n"] >= 20, "identical_share"]]
    return min([share, *years]), max([share, *years])
