"""What bears on a claim: its yardsticks read off, and the bearings of the record, each with its
points and its time."""

from __future__ import annotations

import pandas as pd

from axislib.record import counts as counted
from axislib.record import regards, shares, treaties, votes
from axislib.record.claims import check_of
from axislib.record.cutoff import placed
from axislib.record.indicators import Yardstick
from axislib.record.options import Record
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell

POINTS = {"high": 3.0, "medium": 2.0, "low": 1.0}
_MODULES = (counted, regards, shares, treaties, votes)


def yardstick(record: Record, name: str, claim: str) -> Yardstick:
    """One yardstick read off for one claim."""
    function = next(getattr(module, name) for module in _MODULES if hasattr(module, name))
    return function(record, claim)


def yardsticks(record: Record, claim: str) -> list[Yardstick]:
    """All yardsticks of one claim that have a value."""
    return [
        found
        for name in check_of(claim).yardsticks
        if (found := yardstick(record, name, claim)).values
    ]


def values(record: Record, claim: str) -> pd.DataFrame:
    """What was measured for a claim: one row a value.

    Columns: ``yardstick``, ``title``, ``who``, ``role`` (claimed, compared, baseline), ``value``,
    ``low``, ``high``, ``unit``, ``side`` of the yardstick, its ``rule``, ``ids`` of what the value
    rests on, ``date``, ``confidence``. Never a value of the four alone: others stand beside it.

    >>> import axislib
    >>> frame = values(Record(axislib.open_seed(layers=["article", "context"])), "tr_prk_troops")
    >>> set(frame["role"]) == {"claimed", "compared", "baseline"}
    True
    """
    rows = [
        {
            "yardstick": found.name,
            "title": found.title,
            "who": v.who,
            "role": v.role,
            "value": v.value,
            "low": v.low,
            "high": v.high,
            "unit": found.unit,
            "side": found.side,
            "rule": found.rule,
            "ids": v.ids,
            "date": v.date,
            "confidence": v.confidence,
        }
        for found in yardsticks(record, claim)
        for v in found.values
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "yardstick",
            "title",
            "who",
            "role",
            "value",
            "low",
            "high",
            "unit",
            "side",
            "rule",
            "ids",
            "date",
            "confidence",
        ],
    )


def findings(record: Record, claim: str) -> pd.DataFrame:
    """Everything that bears on a claim: one row a finding, bearings first.

    Columns: ``id`` (of the bearing, or of the yardstick), ``kind`` (bearing, yardstick),
    ``evidence``, ``statement``, ``side``, ``weight``, ``points``, ``when`` (see cutoff.WHEN),
    ``confidence``, ``contested``, ``why``. A bearing on what a yardstick reads has no points of its
    own: it is counted once.
    """
    found = yardsticks(record, claim)
    used = {one for stick in found for one in stick.uses()}
    facts, measures, seed = (
        _facts(record.seed),
        record.seed.tables["measures"].set_index("id"),
        record.seed,
    )
    rows = []
    for row in seed.tables["bearings"].query("target == @claim").to_dict("records"):
        evidence = row["evidence"]
        if evidence in measures.index:
            statement, date, said = (
                measures.at[evidence, "definition"],
                measures.at[evidence, "as_of"],
                "asserted",
            )
        elif evidence in facts:
            statement, date, said = facts[evidence]
        else:  # left out by a selection
            continue
        points = (
            0.0
            if row["bearing"] == "neither" or evidence in used
            else _points(row["weight"], row["confidence"], said)
        )
        rows.append(
            {
                "id": row["id"],
                "kind": "bearing",
                "evidence": evidence,
                "statement": statement,
                "side": row["bearing"],
                "weight": row["weight"],
                "points": points,
                "date": date,
                "confidence": row["confidence"],
                "contested": row["contested"],
                "why": row["why"],
            }
        )
    for stick in found:
        points = (
            0.0 if stick.side == "neither" else _points(stick.weight, stick.confidence, "asserted")
        )
        ids = dict.fromkeys(one for value in stick.values for one in split_cell(value.ids))
        rows.append(
            {
                "id": stick.name,
                "kind": "yardstick",
                "evidence": ";".join(ids),
                "statement": stick.title,
                "side": stick.side,
                "weight": stick.weight,
                "points": points,
                "date": stick.date,
                "confidence": stick.confidence,
                "contested": "",
                "why": stick.rule,
            }
        )
    columns = [
        "id",
        "kind",
        "evidence",
        "statement",
        "side",
        "weight",
        "points",
        "date",
        "confidence",
        "contested",
        "why",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(when=placed(seed, frame["date"]))


def _facts(seed: Seed) -> dict[str, tuple[str, str, str]]:
    dates = dict(zip(seed.events["id"], seed.events["date"], strict=True)) | dict(
        zip(seed.transfers["id"], seed.transfers["date"], strict=True)
    )
    rows = seed.facts
    return {
        i: (statement, dates.get(i, ""), said)
        for i, statement, said in zip(rows["id"], rows["statement"], rows["modality"], strict=True)
    }


def _points(weight: str, confidence: str, said: str) -> float:
    points = POINTS[weight]
    less = confidence != "verified" or said in ("reported", "disputed", "hedged", "predicted")
    return points if not less else {3.0: 2.0, 2.0: 1.0, 1.0: 0.5}[points]
