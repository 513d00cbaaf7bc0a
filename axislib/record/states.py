"""Indicators of what states do: votes, treaties and wars, and of the thesis: in which respects the
four do more than the Axis did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import pandas as pd

from axislib.record.claims import (
    CONFIDENCE,
    Reading,
    Side,
    Value,
    exact,
    indicator,
    largest,
    meanings,
    pair_name,
    pairs,
    part_of,
    series,
    side_of,
    values_of,
)
from axislib.record.options import LATER, Record, placed, where
from axislib.tables.schema import split_cell
from axislib.words import number_word

NON_WESTERN = ("IND", "IDN", "PAK", "NGA")
OTHERS = pairs("GBR-FRA USA-ISR USA-GBR CHN-PAK CHN-IND USA-RUS")
WEST = pairs("USA-GBR GBR-FRA USA-FRA DEU-FRA USA-DEU GBR-DEU")
WESTERN = [*WEST, *pairs("USA-ISR USA-JPN")]
WAR_GROUPS = {"historic_axis": "claimed", "wwii_allies": "baseline", "partners": "baseline"}
UNITS = ("meetings", "persons", "of 3 dyads", "of 6 dyads", "yes or no")
ANSWERS = {"yes": 1.0, "nominal": 0.5, "conditional": 0.5, "no": 0.0}
EVEN = 0.5  # the part at which both have as much
NEIGHBOURS = pairs("CHN-PAK CHN-IND USA-RUS")
FEW_VOTES, TIE = 20, 0.005  # years with fewer have no share; a smaller difference is a tie
ARTICLE_BEGINS = "2024-11-06"  # votes of the day and later the article cannot know


@indicator
def voting_as_one(record: Record, claim: str) -> Reading:
    """Votes of the General Assembly in which all members of a group voted the same, beyond
    chance; the raw share is in the name."""
    values = []
    for role, label, coalition, _ in series("voting_as_one"):
        rows = record.within("assembly_fronts", coalition=coalition)
        if len(rows):
            values.append(_beyond_chance(record, rows, label, role))
    four, others = largest(values, "claimed"), values_of(values, "compared")
    if not four or len(others) < 2:
        return values, None
    most = max(value.value for value in others)
    return values, side_of(four.value > most - TIE, four.value < others[0].value / 2)


@indicator
def roll_calls_on_ukraine(record: Record, claim: str) -> Reading:
    """Roll calls on the war on which a whole group voted the same."""
    values, source = [], record.source("assembly_ukraine_votes")
    for role, label, members, _ in series("roll_calls_on_ukraine"):
        rows = record.table("assembly_ukraine_votes", actor=split_cell(members))
        if len(rows):
            share = float((rows.groupby("resolution")["vote"].nunique() == 1).mean())
            values.append(exact(label, role, share, source, "2022-03-02"))
    for row in record.measure("assembly_votes_on_the_war_all_four_identical").to_dict("records"):
        who = "Today's four (nine votes from 2022 to 2024)"
        values.append(part_of(who, "claimed", row))
    four = largest(values, "claimed")
    return values, four and side_of(four.low >= 2 / 3, four.high < 0.5)


def of_pairs(
    frame: pd.DataFrame, groups: Mapping[str, Iterable[tuple[str, str]]]
) -> Iterator[tuple[str, tuple[str, str], pd.DataFrame]]:
    """Role, pair and rows of each pair that a table has, for pairs by role."""
    for role, members in groups.items():
        for pair in members:
            rows = where(frame, left=pair[0], right=pair[1])
            if len(rows):
                yield role, pair, rows


@indicator
def pairs_agree(record: Record, claim: str) -> Reading:
    """Agreement of two in the General Assembly beyond chance (Cohen's kappa; Häge 2011), pair by
    pair, against pairs of large non-Western states; the raw share is in the name."""
    groups = {"claimed": record.pairs("modern_alignment"),
              "compared": combinations(NON_WESTERN, 2), "baseline": OTHERS}  # fmt: skip
    values = [
        _beyond_chance(record, rows, pair_name(record, pair), role)
        for role, pair, rows in of_pairs(record.within("assembly_agreement"), groups)
    ]
    others, four = values_of(values, "compared"), values_of(values, "claimed")
    if not others or not four:
        return values, None
    middle = pd.Series([value.value for value in others]).median()
    above = sum(value.value > middle for value in four)
    says = _says("pairs_agree", record, number_word(above), number_word(len(four)), middle)
    return values, side_of(above >= 5, above <= 2)._replace(says=says)


def _says(name: str, record: Record, *told: str | float) -> str:
    return meanings("says")[name].format(*told, **record.options.in_words())


def _beyond_chance(record: Record, rows: pd.DataFrame, who: str, role: str) -> Value:
    """Kappa over all votes of the period, with that of the lowest and the highest year."""
    n, same, chance = (float(rows[name].sum()) for name in ("n", "identical", "by_chance"))
    many = rows[rows["n"] >= FEW_VOTES]
    years = (many["identical"] - many["by_chance"]) / (many["n"] - many["by_chance"])
    kappa = (same - chance) / (n - chance)
    raw, period = f"{who} voted alike in {same / n:.0%} of {n:,.0f} votes", record.options.period
    ends = [kappa, *years.tolist()]
    return Value(raw, role, kappa, min(ends), max(ends), rows["source"].iloc[0], period)


@indicator
def distance_of_pairs(record: Record, claim: str) -> Reading:
    """How far apart two are in the General Assembly by their ideal points, in the series and
    vintage in force (Bailey, Strezhnev and Voeten 2017)."""
    options, values = record.options, []
    chosen = record.within("ideal_distances", series=options.series, vintage=options.vintage)
    groups = {"claimed": record.pairs("modern_alignment"), "compared": WESTERN,
              "baseline": NEIGHBOURS}  # fmt: skip
    for role, pair, rows in of_pairs(chosen, groups):
        years, source = rows["distance"].astype(float), rows["source"].iloc[0]
        span = (float(years.mean()), float(years.min()), float(years.max()))
        values.append(Value(pair_name(record, pair), role, *span, source, options.period))
    four, west = (
        pd.Series([value.value for value in values_of(values, role)], dtype="float").median()
        for role in ("claimed", "compared")
    )
    if pd.isna(four) or pd.isna(west):
        return values, None
    says = _says("distance_of_pairs", record, four, west)
    return values, side_of(four <= west, four > 2 * west)._replace(says=says)


@indicator
def council_cover(record: Record, claim: str) -> Reading:
    """How often each voted no in the Council on those who challenge the order."""
    rows, values = record.table("council_key_votes"), []
    if len(rows):
        in_period = rows["date"].str[:4].astype(int).between(*record.options.years)
        rows = rows[in_period & (rows["date"] < ARTICLE_BEGINS)]
        source, period = record.source("council_key_votes"), record.options.period
        for role, label, actor, topics in series("council_cover"):
            votes = where(rows, topic=split_cell(topics), actor=actor)["vote"]
            if len(votes):
                share = float((votes == "no").mean())
                values.append(exact(f"{label} ({len(votes)} votes)", role, share, source, period))
    shares = [value.value for value in values_of(values, "claimed")]
    if len(shares) < 2:
        return values, None
    return values, side_of(min(shares) == 1, max(shares) < 0.5)


@indicator
def pairs_with_defence(record: Record, claim: str) -> Reading:
    """The pairs of a coalition that owe each other defence by treaty."""
    values = []
    for row in record.measure("dyads_with_mutual_defence_clause").to_dict("records"):
        role = "claimed" if row["coalition"] == "modern_alignment" else "baseline"
        values.append(part_of(record.called(row["coalition"]), role, row))
    for role, label, group, year in series("pairs_with_defence"):
        members = record.pairs(group) if group else WEST
        then = record.table("treaty_obligations", year=int(year))
        owed = [where(then, left=left, right=right) for left, right in members]
        rows = pd.concat(owed) if owed else pd.DataFrame()
        if len(rows):
            share, source = float(rows["defence"].mean()), record.source("treaty_obligations")
            values.append(exact(label, role, share, source, year))
    four = largest(values, "claimed")
    return values, four and side_of(four.low >= 0.5, four.high < 0.25)


@indicator
def duty_to_consult(record: Record, claim: str) -> Reading:
    """Years in which two owed each other consultation by treaty."""
    values = []
    for role, _, pair, first in series("duty_to_consult"):
        left, right = pair.split("-")
        years = list(range(int(first), int(first) + 10))
        rows = record.table("treaty_obligations", left=left, right=right, year=years)
        if len(rows):
            who = f"{pair_name(record, (left, right))}, {first} to {years[-1]}"
            share, source = float(rows["consultation"].mean()), record.source("treaty_obligations")
            values.append(exact(who, role, share, source, first))
    duty = largest(values, "claimed")
    return values, duty and side_of(duty.value == 0, duty.value >= 0.5)


@indicator
def side_by_side(record: Record, claim: str) -> Reading:
    """Pairs on one side of an armed conflict from 2015 to 2023, against Western pairs."""
    rows, values = record.table("conflicts_together"), []
    if len(rows):
        same = rows["relation"] == "same_side"
        rows = rows[same & (rows["since"] < 2024) & (rows["until"] >= 2015) & rows["caveat"].isna()]
        fought = set(zip(rows["left"], rows["right"], strict=True))
        for role, label, group, _ in series("side_by_side"):
            if members := record.pairs(group) if group else WEST:
                share = sum(pair in fought for pair in members) / len(members)
                source = record.source("conflicts_together")
                values.append(exact(label, role, share, source, "2015/2023"))
    four = largest(values, "claimed")
    return values, four and side_of(four.value >= 0.5, four.value == 0)


@indicator
def fought_each_other(record: Record, claim: str) -> Reading:
    """Months in which two partners were on opposite sides of a war (Correlates of War)."""
    wars = record.table(
        "wars_together", relation="opposite_sides", coding="dyads", war="World War II"
    )
    source, values = record.source("wars_together"), []
    for group, role in WAR_GROUPS.items():
        for pair in record.pairs(group):
            rows = where(wars, left=pair[0], right=pair[1]).to_dict("records")
            if rows or group != "partners":
                ends = [[str(row[end])[:7] for end in ("since", "until")] for row in rows]
                months = sum(len(pd.period_range(a, b, freq="M")) for a, b in ends)
                values.append(exact(pair_name(record, pair), role, months, source, "1945"))
    named = pair_name(record, ("nazi_germany", "kingdom_of_italy"))
    months = [value.value for value in values if value.who == named]
    return values, side_of(months[0] > 0) if months else None


@indicator
def regards(record: Record, claim: str) -> Reading:
    """On each measure with a number for both: the four's part; the Allies' beside it."""
    values, amounts = [], {}
    for _, label, name, _ in series("regards"):
        sides = ("modern_alignment", "wwii_allies", "historic_axis")
        today, allies, axis = (_amount(record, name, side) for side in sides)
        amounts[label] = [value.value for value in (today, axis) if value]
        values += _part_of_both(label, "claimed", today, axis)
        values += _part_of_both(f"{label} (the Allies)", "baseline", allies, axis)
    four = values_of(values, "claimed")
    ahead = {value.who: value.confidence for value in four if value.low > EVEN}
    known = [row for row in series("regards") if ahead.get(row[1]) == "verified"]
    says = [said.format(*amounts[label]) for _, label, _, said in known]
    if says:
        return values, Side("supports", confidence="verified", says="; ".join(says))
    return values, side_of(False, not ahead) if four else None


def _part_of_both(who: str, role: str, other: Value | None, axis: Value | None) -> list[Value]:
    """One coalition's part of what it and the Axis have; none where one is unknown or both zero."""
    if not other or not axis or not other.value + axis.value:
        return []
    ours, rest = (other.value, other.low, other.high), (axis.value, axis.high, axis.low)
    part, low, high = (a / (a + b) if a + b else EVEN for a, b in zip(ours, rest, strict=True))
    confidence = max((other.confidence, axis.confidence), key=CONFIDENCE.index)
    return [Value(who, role, part, low, high, f"{other.ids};{axis.ids}", other.date, confidence)]


def _amount(record: Record, name: str, coalition: str) -> Value | None:
    """How much of a measure a coalition has: the largest number known before the article, or a word
    as 0, one half, 1; a number goes before a word for the value, the word alone for the range."""
    rows = record.measure(name, coalition=coalition, unit=UNITS)
    words = rows["answer"].map(ANSWERS)
    value = rows["value"].astype(float).fillna(words)
    ends = {end: words.fillna(rows[end].astype(float)).fillna(value) for end in ("low", "high")}
    known = [when not in LATER for when in placed(record.seed, rows["as_of"])]
    rows = rows.assign(value=value, **ends)[known].dropna(subset="value")
    if rows.empty:
        return None
    row = rows.sort_values("value", kind="stable", ascending=False).iloc[0].to_dict()
    return part_of(coalition, "", row, 0 if row["unit"].endswith("dyads") else 1)
