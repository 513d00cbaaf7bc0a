"""Yardsticks of votes: how often two or more stood together, and how far apart."""

from __future__ import annotations

import pandas as pd

from axislib.record.indicators import Value, Yardstick, by_year, exact, of_pair, part_of, pooled
from axislib.record.options import Record


def voting_as_one(record: Record, claim: str) -> Yardstick:
    """Votes of the General Assembly in which all members of a group voted the same."""
    rows, values = record.within("assembly_fronts"), []
    names = {
        "modern_alignment": "claimed",
        "western_four": "compared",
        "western_three": "baseline",
        "brics": "baseline",
        "g7": "baseline",
    }
    for group, role in names.items():
        of = rows[rows["coalition"] == group] if len(rows) else rows
        share = pooled(of, "identical", "n")
        if share is not None:
            low, high = by_year(of, share)
            members = int(of["members"].max())
            label = {
                "modern_alignment": "Today's four",
                "western_four": "USA, UK, France, Germany",
                "western_three": "USA, UK, France",
                "brics": "BRICS before its enlargement",
                "g7": "The seven of the G7",
            }[group]
            values.append(
                Value(
                    f"{label} ({members})",
                    role,
                    share,
                    low,
                    high,
                    record.source("assembly_fronts"),
                    record.options.period,
                )
            )
    found = Yardstick(
        "voting_as_one",
        "Votes in the General Assembly in which all voted the same,"
        f" {record.options.period.replace('/', ' to ')}",
        "share of votes",
        "Supports if the four vote as one at least as often as the Western four; contradicts if"
        " less than half as often.",
        tuple(values),
        weight="medium",
        percent=True,
    )
    ours, theirs = found.most("claimed"), found.most("compared")
    if ours is None or theirs is None:
        return found
    return found.judged(ours.value >= theirs.value, ours.value < theirs.value / 2)


def roll_calls_on_ukraine(record: Record, claim: str) -> Yardstick:
    """Roll calls on the war on which a whole group voted the same."""
    rows, values = record.table("assembly_ukraine_votes"), []
    groups = {
        ("Today's four", "claimed"): "RUS CHN IRN PRK",
        ("USA, UK, France, Germany", "compared"): "USA GBR FRA DEU",
        ("Russia, Belarus, North Korea", "baseline"): "RUS BLR PRK",
        ("India, Pakistan, China", "baseline"): "IND PAK CHN",
    }
    if len(rows):
        for (label, role), members in groups.items():
            votes = (
                rows[rows["actor"].isin(members.split())].groupby("resolution")["vote"].nunique()
            )
            share = float((votes == 1).mean())
            values.append(
                exact(label, role, share, record.source("assembly_ukraine_votes"), "2022-03-02")
            )
    for row in record.measure("unga_es11_votes_all_four_identical").to_dict("records"):
        of = int(str(row["unit"]).split()[1])
        values.append(part_of("The four, six votes of 2022 and 2023", "claimed", row, of))
    found = Yardstick(
        "roll_calls_on_ukraine",
        "Roll calls on the war on which all voted the same",
        "share of roll calls",
        "Supports if the four were one on at least two thirds of them; contradicts if on less than"
        " half.",
        tuple(values),
        weight="high",
        percent=True,
    )
    ours = found.most("claimed")
    return found if ours is None else found.judged(ours.low >= 2 / 3, ours.high < 0.5)


def pairs_agree(record: Record, claim: str) -> Yardstick:
    """Agreement of two in the General Assembly, pair by pair, against any two members."""
    rows, values = record.within("assembly_agreement"), []
    chosen = [(pair, "claimed") for pair in record.pairs("modern_alignment")] + [
        (("any_member", "any_other_member"), "compared")
    ]
    chosen += [
        (pair, "baseline")
        for pair in [
            ("GBR", "FRA"),
            ("USA", "ISR"),
            ("USA", "GBR"),
            ("CHN", "PAK"),
            ("CHN", "IND"),
            ("USA", "RUS"),
        ]
    ]
    for (left, right), role in chosen:
        of = of_pair(rows, left, right)
        share = pooled(of, "identical", "n")
        if share is not None:
            low, high = by_year(of, share)
            who = (
                "Any two members"
                if left == "any_member"
                else f"{record.called(left)} and {record.called(right)}"
            )
            values.append(
                Value(
                    who,
                    role,
                    share,
                    low,
                    high,
                    record.source("assembly_agreement"),
                    record.options.period,
                )
            )
    found = Yardstick(
        "pairs_agree",
        f"Same vote in the General Assembly, {record.options.period.replace('/', ' to ')}, absence "
        f"{record.options.absence.replace('_', ' ')}",
        "share of votes",
        "Supports if at least five of the six pairs agree more often than any two members do;"
        " contradicts if at most two do.",
        tuple(values),
        weight="medium",
        percent=True,
    )
    any_two = found.most("compared")
    ours = [value.value for value in values if value.role == "claimed"]
    if any_two is None or not ours:
        return found
    above = sum(value > any_two.value for value in ours)
    return found.judged(above >= 5, above <= 2)


def distance_of_pairs(record: Record, claim: str) -> Yardstick:
    """How far two stand apart in the General Assembly by their ideal points, in the series and
    vintage in force."""
    rows, values, options = record.within("ideal_distances"), [], record.options
    rows = (
        rows[(rows["series"] == options.series) & (rows["vintage"] == options.vintage)]
        if len(rows)
        else rows
    )
    chosen = [(pair, "claimed") for pair in record.pairs("modern_alignment")] + [
        (pair, "compared")
        for pair in [
            ("GBR", "FRA"),
            ("USA", "GBR"),
            ("USA", "FRA"),
            ("DEU", "FRA"),
            ("USA", "ISR"),
            ("USA", "JPN"),
        ]
    ]
    chosen += [
        (("CHN", "PAK"), "baseline"),
        (("CHN", "IND"), "baseline"),
        (("USA", "RUS"), "baseline"),
    ]
    for (left, right), role in chosen:
        of = of_pair(rows, left, right)
        if len(of):
            years = [float(value) for value in of["distance"]]
            values.append(
                Value(
                    f"{record.called(left)} and {record.called(right)}",
                    role,
                    sum(years) / len(years),
                    min(years),
                    max(years),
                    of["source"].iloc[0],
                    options.period,
                )
            )
    found = Yardstick(
        "distance_of_pairs",
        f"Distance of ideal points, {options.series.replace('_', ' ')}, estimated"
        f" {options.vintage}",
        "units of the estimate (short is alike)",
        "Supports if the middle pair of the six stands no further apart than the middle one of six"
        " Western pairs; contradicts if twice as far.",
        tuple(values),
        weight="low",
    )
    ours, theirs = (
        pd.Series([value.value for value in values if value.role == role], dtype="float").median()
        for role in ("claimed", "compared")
    )
    if pd.isna(ours) or pd.isna(theirs):
        return found
    return found.judged(ours <= theirs, ours > 2 * theirs)


def council_cover(record: Record, claim: str) -> Yardstick:
    """Votes in the Council on those who challenge the order (North Korea, Iran, the Houthis): how
    often each voted no."""
    rows, values = record.table("council_key_votes"), []
    if len(rows):
        first, last = record.options.years
        rows = rows[
            rows["date"].str[:4].astype(int).between(first, last) & (rows["date"] < "2024-11-06")
        ]
        challengers = rows[
            rows["topic"].isin(["sanctions_on_north_korea", "sanctions_on_iran", "houthis"])
        ]
        for actor, role, of, label in [
            ("RUS", "claimed", challengers, "Russia, on North Korea, Iran, the Houthis"),
            ("CHN", "claimed", challengers, "China, on North Korea, Iran, the Houthis"),
            ("GBR", "baseline", challengers, "United Kingdom, on the same"),
            (
                "USA",
                "compared",
                rows[rows["topic"] == "israel_baseline"],
                "United States, on Israel",
            ),
        ]:
            votes = of[of["actor"] == actor]
            if len(votes):
                share = float((votes["vote"] == "no").mean())
                values.append(
                    exact(
                        f"{label} ({len(votes)})",
                        role,
                        share,
                        record.source("council_key_votes"),
                        record.options.period,
                    )
                )
    found = Yardstick(
        "council_cover",
        f"No in the Security Council, {record.options.period.replace('/', ' to ')}",
        "share of the votes in the list",
        "Supports if both voted no every time; contradicts if both did less than half the time.",
        tuple(values),
        weight="high",
        percent=True,
    )
    ours = [value.value for value in values if value.role == "claimed"]
    return found if len(ours) < 2 else found.judged(min(ours) == 1, max(ours) < 0.5)
