"""Yardsticks that count: meetings, summits, men, grants, days, years."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from axislib.record.cutoff import placed
from axislib.record.indicators import Value, Yardstick, exact, of_measures, of_pair
from axislib.record.options import Record
from axislib.tables.dates import bounds

_THEN = {"historic_axis": "claimed", "wwii_allies": "compared"}
_SIDES = {"modern_alignment": "claimed", "historic_axis": "compared"}


def most_meetings(record: Record, claim: str) -> Yardstick:
    """Meetings of two leaders: does any pair of the Axis come near the pair of the Allies that met
    most?"""
    values = of_measures(record, record.measure("leader_meetings"), _THEN)
    # a later count of the same two leaders takes the place of an earlier one
    values = list({(value.who, value.role): value for value in values}.values())
    found = Yardstick(
        "most_meetings",
        "Meetings of two leaders",
        "meetings",
        "Supports if no Axis pair met half as often as the Allied pair that met most; contradicts"
        " if one met as often.",
        tuple(values),
        weight="high",
    )
    axis, allies = found.most("claimed"), found.most("compared")
    if axis is None or allies is None:
        return found
    return found.judged(supports=axis.high < allies.value / 2, contradicts=axis.low >= allies.value)


def summits_of_all(record: Record, claim: str) -> Yardstick:
    """Meetings of all leaders of a coalition together."""
    roles = (
        _THEN
        if claim != "co_allies_exchanges"
        else {"wwii_allies": "claimed", "historic_axis": "compared"}
    )
    found = Yardstick(
        "summits_of_all",
        "Meetings of all leaders together",
        "summits",
        "Supports if the Allies met all together more often than the Axis; contradicts if not.",
        tuple(of_measures(record, record.measure("leader_meetings_all_partners"), roles)),
        weight="medium",
    )
    by = {record.seed.row(value.ids)["coalition"]: value.value for value in found.values}
    if not {"historic_axis", "wwii_allies"} <= set(by):
        return found
    return found.decided("supports" if by["wwii_allies"] > by["historic_axis"] else "contradicts")


def grants(record: Record, claim: str) -> Yardstick:
    """Grants to allies under a programme, as a share of the giver's GDP of one year; none where the
    record knows of no programme.
    """
    rows = record.table("support_relative")
    rows = (
        rows[
            (rows["kind"] == "grant")
            & (
                rows["denominator"]
                == ("period" if record.options.denominator.endswith("period") else "one_year")
            )
        ]
        if len(rows)
        else rows
    )
    values = [
        Value(
            "Lend-lease, all recipients",
            "compared",
            r["share_high"],
            r["share_low"],
            r["share_high"],
            r["source"],
            str(r["until"]),
        )
        for r in rows.to_dict("records")
    ]
    for row in record.measure("grant_aid_programme").to_dict("records"):
        if row["answer"].startswith("none"):
            values.append(
                exact(
                    record.called(row["coalition"]),
                    "claimed" if row["coalition"] == "historic_axis" else "baseline",
                    0.0,
                    row["id"],
                    row["as_of"],
                    row["confidence"],
                )
            )
    found = Yardstick(
        "grants",
        "Grants under a programme, as a share of the giver's GDP",
        "share of GDP",
        "Supports if the Allies had grants and the Axis none; contradicts if the Axis had them.",
        tuple(values),
        weight="high",
        percent=True,
    )
    axis, allies = found.most("claimed"), found.most("compared")
    if axis is None or allies is None:
        return found
    return found.judged(supports=axis.value == 0 < allies.value, contradicts=axis.value > 0)


def men_sent(record: Record, claim: str) -> Yardstick:
    """Counts of North Korean soldiers in Russia against the number the article gives."""
    rows = record.measure("troops_sent_to_partner_front", unit="persons")
    late = [when == "after" for when in placed(record.seed, rows["as_of"])]
    found = Yardstick(
        "men_sent",
        "Soldiers sent to the partner's front",
        "persons",
        "Supports if no count of the time lies below the article's number; contradicts if all do.",
        tuple(
            of_measures(
                record,
                rows[~pd.Series(late, index=rows.index, dtype="bool")],
                {"modern_alignment": "claimed"},
                dated=True,
            )
        ),
        weight="high",
        log=True,
    )
    said = record.seed.row(claim).get("quantity")
    counts = [value for value in found.values if value.role == "claimed"]
    if said is None or pd.isna(said) or not counts:
        return found
    said = float(said)
    found = replace(found, values=(exact("The article", "compared", said, claim), *found.values))
    return found.judged(
        all(value.low >= said for value in counts), all(value.high < said for value in counts)
    )


def men_at_the_front(record: Record, claim: str) -> Yardstick:
    """Italians in Russia, and others sent to a partner's front."""
    rows = record.measure("troops_sent_to_partner_front", unit="persons")
    rows = rows[rows["value"] > 0]
    found = Yardstick(
        "men_at_the_front",
        "Soldiers sent to the partner's front",
        "persons",
        "Supports if there were any; contradicts if there were none.",
        tuple(of_measures(record, rows, {"historic_axis": "claimed"}, dated=True)),
        weight="high",
        log=True,
    )
    return found.decided("supports" if found.most("claimed") else "contradicts")


def _begin(record: Record, event: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    rows = record.seed.tables["events"]
    rows = rows[rows["id"] == event]
    if not len(rows):
        return None
    span = bounds([rows["date"].iloc[0].partition("/")[0]])
    return span["earliest"].iloc[0], span["latest"].iloc[0]


def first_shipment(record: Record, claim: str) -> Yardstick:
    """Days from the start of Ukraine's offensive to the first North Korean shipment known, and to
    what else happened."""
    start = _begin(record, "cx_counteroffensive")
    found = Yardstick(
        "first_shipment",
        "Days after Ukraine's offensive began",
        "days",
        "Supports if the first shipment known came before the offensive; contradicts if it came"
        " after it had begun.",
        weight="high",
    )
    named = [
        ("First North Korean shipment known", "cx_prk_munitions_begin", "claimed"),
        ("Officials call the offensive sobering", "cx_offensive_sobering", "compared"),
        ("First North Korean missile fired", "cx_first_prk_missile", "baseline"),
        ("First Iranian drones reach Russia", "cx_first_drones", "baseline"),
        ("South Korea counts 13,000 containers", "cx_13000_containers", "baseline"),
    ]
    values = []
    for who, event, role in named:
        begin = _begin(record, event)
        if start and begin:
            low, high = ((day - start[0]).days for day in begin)
            values.append(
                Value(who, role, (low + high) / 2, low, high, event, record.seed.row(event)["date"])
            )
    found = replace(found, values=tuple(values))
    first = found.most("claimed")
    return found if first is None else found.judged(first.high < 0, first.low > 0)


def fought_each_other(record: Record, claim: str) -> Yardstick:
    """Months in which two partners were on opposite sides of the same war, as the Correlates of War
    project codes it."""
    rows, values = record.table("wars_together"), []
    rows = (
        rows[(rows["relation"] == "opposite_sides") & (rows["coding"] == "dyads")]
        if len(rows)
        else rows
    )
    for group, role in (
        ("historic_axis", "claimed"),
        ("wwii_allies", "baseline"),
        ("partners", "baseline"),
    ):
        for left, right in record.pairs(group):
            of = of_pair(rows, left, right)
            of = of[of["war"] == "World War II"] if len(of) else of
            if group == "partners" and not len(of):
                continue
            months = sum(_months(r["since"], r["until"]) for r in of.to_dict("records"))
            values.append(
                exact(
                    f"{record.called(left)} and {record.called(right)}",
                    role,
                    months,
                    record.source("wars_together"),
                    "1945",
                )
            )
    found = Yardstick(
        "fought_each_other",
        "Months of war against each other, 1939 to 1945",
        "months",
        "Supports if Germany and Italy fought each other; contradicts if not.",
        tuple(values),
        weight="medium",
    )
    wanted = f"{record.called('nazi_germany')} and {record.called('kingdom_of_italy')}"
    them = [value.value for value in values if value.who == wanted]
    return found.decided("supports" if them and them[0] > 0 else "contradicts") if them else found


def _months(since: str, until: str) -> int:
    (a, b), (c, d) = ((int(part) for part in str(day)[:7].split("-")) for day in (since, until))
    return (c - a) * 12 + d - b + 1
