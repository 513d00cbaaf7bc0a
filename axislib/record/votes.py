"""Indicators of votes: how often two or more voted alike, and how far apart they are."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from axislib.record.claims import (
    Reading,
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
from axislib.record.options import Record, where

FRONTS = (
    ("modern_alignment", "claimed", "Today's four"),
    ("western_four", "compared", "USA, UK, France, Germany"),
    ("non_western_four", "compared", "India, Indonesia, Pakistan, Nigeria"),
    ("western_three", "baseline", "USA, UK, France"),
    ("brics", "baseline", "BRICS before its enlargement"),
    ("g7", "baseline", "The seven of the G7"),
)
ROLL_CALLS = (
    ("Today's four", "claimed", ("RUS", "CHN", "IRN", "PRK")),
    ("USA, UK, France, Germany", "compared", ("USA", "GBR", "FRA", "DEU")),
    ("Russia, Belarus, North Korea", "baseline", ("RUS", "BLR", "PRK")),
    ("India, Pakistan, China", "baseline", ("IND", "PAK", "CHN")),
)
NON_WESTERN = ("IND", "IDN", "PAK", "NGA")
OTHERS = pairs("GBR-FRA USA-ISR USA-GBR CHN-PAK CHN-IND USA-RUS")
WESTERN = pairs("GBR-FRA USA-GBR USA-FRA DEU-FRA USA-ISR USA-JPN")
NEIGHBOURS = pairs("CHN-PAK CHN-IND USA-RUS")
CHALLENGERS = ("sanctions_on_north_korea", "sanctions_on_iran", "houthis")
COVER = (
    ("RUS", "claimed", CHALLENGERS, "Russia, on North Korea, Iran, the Houthis"),
    ("CHN", "claimed", CHALLENGERS, "China, on North Korea, Iran, the Houthis"),
    ("GBR", "baseline", CHALLENGERS, "United Kingdom, on the same"),
    ("USA", "compared", ("israel_baseline",), "United States, on Israel"),
)
FEW_VOTES = 20  # years with fewer have no share of their own
ARTICLE_BEGINS = "2024-11-06"  # votes of the day and later the article cannot know


@indicator
def voting_as_one(record: Record, claim: str) -> Reading:
    """Votes of the General Assembly in which all members of a group voted the same."""
    values = []
    for coalition, role, label in FRONTS:
        rows = record.within("assembly_fronts", coalition=coalition)
        if len(rows):
            who = f"{label} ({int(rows['members'].max())})"
            values += _share_of_votes(record, "assembly_fronts", rows, who, role)
    four, others = largest(values, "claimed"), values_of(values, "compared")
    if not four or len(others) < 2:
        return values, None
    most = max(value.value for value in others)
    return values, side_of(four.value >= most, four.value < others[0].value / 2)


@indicator
def roll_calls_on_ukraine(record: Record, claim: str) -> Reading:
    """Roll calls on the war on which a whole group voted the same."""
    values, source = [], record.source("assembly_ukraine_votes")
    for label, role, members in ROLL_CALLS:
        rows = record.table("assembly_ukraine_votes", actor=members)
        if len(rows):
            share = float((rows.groupby("resolution")["vote"].nunique() == 1).mean())
            values.append(exact(label, role, share, source, "2022-03-02"))
    for row in record.measure("unga_es11_votes_all_four_identical").to_dict("records"):
        who = "The four, six votes of 2022 and 2023"
        values.append(part_of(who, "claimed", row, of_dyads(row)))
    four = largest(values, "claimed")
    return values, four and side_of(four.low >= 2 / 3, four.high < 0.5)


@indicator
def pairs_agree(record: Record, claim: str) -> Reading:
    """Agreement of two in the General Assembly beyond chance (Cohen's kappa; Häge 2011), pair by
    pair, against pairs of large non-Western states; the raw share is in the name."""
    roles = [(pair, "claimed") for pair in record.pairs("modern_alignment")]
    roles += [(pair, "compared") for pair in combinations(NON_WESTERN, 2)]
    roles += [(pair, "baseline") for pair in OTHERS]
    votes, values = record.within("assembly_agreement"), []
    for (left, right), role in roles:
        rows = where(votes, left=left, right=right)
        if len(rows):
            values.append(_beyond_chance(record, rows, pair_name(record, (left, right)), role))
    others, four = values_of(values, "compared"), values_of(values, "claimed")
    if not others or not four:
        return values, None
    middle = pd.Series([value.value for value in others]).median()
    above = sum(value.value > middle for value in four)
    return values, side_of(above >= 5, above <= 2)


def _beyond_chance(record: Record, rows: pd.DataFrame, who: str, role: str) -> Value:
    """Kappa over all votes of the period, with that of the lowest and the highest year."""
    sums = rows[["n", "identical", "by_chance"]].sum()
    many = rows[rows["n"] >= FEW_VOTES]
    years = (many["identical"] - many["by_chance"]) / (many["n"] - many["by_chance"])
    kappa = float((sums["identical"] - sums["by_chance"]) / (sums["n"] - sums["by_chance"]))
    raw = f"{who} (the same vote in {100 * sums['identical'] / sums['n']:.0f} %)"
    ends = [kappa, *years]
    source = record.source("assembly_agreement")
    return Value(raw, role, kappa, min(ends), max(ends), source, record.options.period)


@indicator
def distance_of_pairs(record: Record, claim: str) -> Reading:
    """How far apart two are in the General Assembly by their ideal points, in the series and
    vintage in force (Bailey, Strezhnev and Voeten 2017)."""
    options, values = record.options, []
    chosen = record.within("ideal_distances", series=options.series, vintage=options.vintage)
    for role, members in (
        ("claimed", record.pairs("modern_alignment")),
        ("compared", WESTERN),
        ("baseline", NEIGHBOURS),
    ):
        for left, right in members:
            rows = where(chosen, left=left, right=right)
            if len(rows):
                years = [float(value) for value in rows["distance"]]
                span = (sum(years) / len(years), min(years), max(years))
                who, source = pair_name(record, (left, right)), rows["source"].iloc[0]
                values.append(Value(who, role, *span, source, options.period))
    four, west = (
        pd.Series([value.value for value in values_of(values, role)], dtype="float").median()
        for role in ("claimed", "compared")
    )
    if pd.isna(four) or pd.isna(west):
        return values, None
    return values, side_of(four <= west, four > 2 * west)


@indicator
def council_cover(record: Record, claim: str) -> Reading:
    """Votes in the Council on those who challenge the order (North Korea, Iran, the Houthis): how
    often each voted no."""
    rows, values = record.table("council_key_votes"), []
    if len(rows):
        in_period = rows["date"].str[:4].astype(int).between(*record.options.years)
        rows = rows[in_period & (rows["date"] < ARTICLE_BEGINS)]
        source, period = record.source("council_key_votes"), record.options.period
        for actor, role, topics, label in COVER:
            votes = where(rows, topic=topics, actor=actor)["vote"]
            if len(votes):
                share = float((votes == "no").mean())
                values.append(exact(f"{label} ({len(votes)})", role, share, source, period))
    shares = [value.value for value in values_of(values, "claimed")]
    if len(shares) < 2:
        return values, None
    return values, side_of(min(shares) == 1, max(shares) < 0.5)


def _share_of_votes(
    record: Record, table: str, rows: pd.DataFrame, who: str, role: str
) -> list[Value]:
    """The share of identical votes over all years of the period together, with the lowest and the
    highest year; no value where there was no vote."""
    votes = rows["n"].sum() if len(rows) else 0
    if not votes:
        return []
    share = float(rows["identical"].sum() / votes)
    years = [share, *rows.loc[rows["n"] >= FEW_VOTES, "identical_share"].astype(float)]
    source, period = record.source(table), record.options.period
    return [Value(who, role, share, min(years), max(years), source, period)]
