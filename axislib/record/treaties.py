"""Yardsticks of treaties and of war: who owes whom what, and who fought beside whom."""

from __future__ import annotations

import pandas as pd

from axislib.record.indicators import Yardstick, exact, of_pair, part_of
from axislib.record.options import Record

_WEST = [("USA", "GBR"), ("GBR", "FRA"), ("USA", "FRA"), ("DEU", "FRA")]


def pairs_with_defence(record: Record, claim: str) -> Yardstick:
    """The pairs of a coalition that owe each other defence by treaty."""
    values = []
    for row in record.measure("dyads_with_mutual_defence_clause").to_dict("records"):
        of = int(str(row["unit"]).split()[1])
        role = "claimed" if row["coalition"] == "modern_alignment" else "baseline"
        values.append(part_of(record.called(row["coalition"]), role, row, of))
    rows = record.table("treaty_obligations")
    for label, year, group in (
        ("The four in 2018, as ATOP codes it", 2018, "modern_alignment"),
        ("The Axis in 1942, as ATOP codes it", 1942, "historic_axis"),
        ("Western pairs in 2018 (UK, US, France, Germany)", 2018, None),
    ):
        pairs = record.pairs(group) if group else _WEST
        then = rows[rows["year"] == year] if len(rows) else rows
        of = pd.concat([of_pair(then, *pair) for pair in pairs]) if pairs else rows
        if len(of):
            share = float(of["defence"].mean())
            values.append(
                exact(label, "baseline", share, record.source("treaty_obligations"), str(year))
            )
    found = Yardstick(
        "pairs_with_defence",
        "Pairs bound by a treaty of defence",
        "share of all pairs",
        "Supports if at least half of the pairs are; contradicts if less than a quarter.",
        tuple(values),
        weight="medium",
        percent=True,
    )
    ours = found.most("claimed")
    return found if ours is None else found.judged(ours.low >= 0.5, ours.high < 0.25)


def duty_to_consult(record: Record, claim: str) -> Yardstick:
    """Years in which two owed each other consultation by treaty."""
    rows, values = record.table("treaty_obligations"), []
    for (left, right), role, first in [
        (("nazi_germany", "imperial_japan"), "claimed", 1936),
        (("nazi_germany", "kingdom_of_italy"), "baseline", 1936),
        (("kingdom_of_italy", "imperial_japan"), "baseline", 1936),
        (("USA", "GBR"), "baseline", 1936),
        (("GBR", "soviet_union"), "baseline", 1936),
        (("RUS", "CHN"), "baseline", 2009),
    ]:
        of = of_pair(rows, left, right)
        of = of[of["year"].between(first, first + 9)] if len(of) else of
        if len(of):
            share = float(of["consultation"].mean())
            values.append(
                exact(
                    f"{record.called(left)} and {record.called(right)}, {first} to {first + 9}",
                    role,
                    share,
                    record.source("treaty_obligations"),
                    str(first),
                )
            )
    found = Yardstick(
        "duty_to_consult",
        "Years with a duty to consult by treaty, of ten",
        "share of years",
        "Supports if Germany and Japan had none; contradicts if they had it in half of the years.",
        tuple(values),
        weight="low",
        percent=True,
    )
    ours = found.most("claimed")
    return found if ours is None else found.judged(ours.value == 0, ours.value >= 0.5)


def side_by_side(record: Record, claim: str) -> Yardstick:
    """Pairs of the four whose forces were on one side of an armed conflict in the ten years before,
    against Western pairs."""
    rows, values = record.table("conflicts_together"), []
    for label, role, pairs in [
        ("Today's four", "claimed", record.pairs("modern_alignment")),
        ("Western pairs (UK, US, France, Germany)", "compared", _WEST),
    ]:
        if len(rows) and pairs:
            ours = rows[
                (rows["relation"] == "same_side") & (rows["until"] >= 2015) & rows["caveat"].isna()
            ]
            share = sum(len(of_pair(ours, *pair)) > 0 for pair in pairs) / len(pairs)
            values.append(
                exact(label, role, share, record.source("conflicts_together"), "2015/2024")
            )
    found = Yardstick(
        "side_by_side",
        "Pairs with forces on one side of an armed conflict, 2015 to 2024",
        "share of pairs",
        "Supports if at least half of the pairs had; contradicts if none had.",
        tuple(values),
        weight="medium",
        percent=True,
    )
    ours = found.most("claimed")
    return found if ours is None else found.judged(ours.value >= 0.5, ours.value == 0)
