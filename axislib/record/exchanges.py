"""Indicators of what was exchanged: meetings, soldiers, grants, arms, money and goods."""

from __future__ import annotations

import pandas as pd

from axislib.record.claims import (
    CONFIDENCE,
    Reading,
    Value,
    exact,
    indicator,
    largest,
    of_measures,
    part_of,
    series,
    side_of,
    values_of,
)
from axislib.record.options import LATER, Record, placed, where
from axislib.tables.dates import bounds

THEN = {"historic_axis": "claimed", "wwii_allies": "compared"}
ALLIES_FIRST = {"wwii_allies": "claimed", "historic_axis": "compared"}
DONORS = ("EST", "DNK", "LTU", "POL", "GBR", "DEU", "USA", "FRA")
WAR_YEARS = [2022, 2023]  # the whole of 2024 the article cannot know
ARTICLE_YEAR_ENDS = "2024-12"


@indicator
def most_meetings(record: Record, claim: str) -> Reading:
    """Meetings of two leaders: does any pair of the Axis come near the pair of the Allies that met
    most? Of pairs that met before their war as well, the meetings while both were in it count."""
    rows = record.measure("leader_meetings")
    war = record.measure("leader_meetings_while_both_belligerent")
    rows = pd.concat([rows[~rows["dyad"].isin(war["dyad"])], war])
    values = of_measures(record, rows, THEN)
    # a later count of the same two leaders takes the place of an earlier one
    values = list({(value.who, value.role): value for value in values}.values())
    axis, allies = largest(values, "claimed"), largest(values, "compared")
    if not axis or not allies:
        return values, None
    side = side_of(axis.high < allies.value / 2, axis.low >= allies.value)
    least = max(axis.confidence, allies.confidence, key=CONFIDENCE.index)
    return values, side._replace(confidence=least)  # that of the two counts that decide


@indicator
def summits_of_all(record: Record, claim: str) -> Reading:
    """Meetings of all leaders of a coalition together."""
    roles = ALLIES_FIRST if claim == "co_allies_exchanges" else THEN
    values = of_measures(record, record.measure("leader_meetings_all_partners"), roles)
    count = {record.seed.row(value.ids)["coalition"]: value.value for value in values}
    if not set(THEN) <= set(count):
        return values, None
    return values, side_of(count["wwii_allies"] > count["historic_axis"])


@indicator
def grants(record: Record, claim: str) -> Reading:
    """Grants to allies under a programme, as a share of the giver's GDP; none if none is known."""
    rows = record.table("support_relative", kind="grant", denominator=record.options.span)
    values = [
        _support(row, "Lend-lease, all recipients", "compared") for row in rows.to_dict("records")
    ]
    for row in record.measure("grant_aid_programme").to_dict("records"):
        if row["answer"].startswith("none"):
            who, known = record.called(row["coalition"]), row["confidence"]
            role = "claimed" if row["coalition"] == "historic_axis" else "baseline"
            values.append(exact(who, role, 0.0, row["id"], row["as_of"], known))
    axis, allies = largest(values, "claimed"), largest(values, "compared")
    return values, axis and allies and side_of(axis.value == 0 < allies.value, axis.value > 0)


@indicator
def men_sent(record: Record, claim: str) -> Reading:
    """Counts of North Korean soldiers in Russia against the number the article gives."""
    rows = record.measure("troops_sent_to_partner_front", unit="persons")
    in_time = [when not in LATER for when in placed(record.seed, rows["as_of"])]
    rows = rows[pd.Series(in_time, index=rows.index, dtype="bool")]
    values = of_measures(record, rows, {"modern_alignment": "claimed"}, dated=True)
    counts = values_of(values, "claimed")
    quantity = record.seed.row(claim).get("quantity")
    if quantity is None or pd.isna(quantity) or not counts:
        return values, None
    stated = float(quantity)
    least, most = min(value.low for value in counts), max(value.high for value in counts)
    side = side_of(least >= stated, most < stated)
    return [exact("The article", "compared", stated, claim), *values], side


@indicator
def men_at_the_front(record: Record, claim: str) -> Reading:
    """Italians in Russia, and others sent to a partner's front."""
    rows = record.measure("troops_sent_to_partner_front", unit="persons")
    values = of_measures(record, rows[rows["value"] > 0], {"historic_axis": "claimed"}, dated=True)
    return values, side_of(bool(values_of(values, "claimed")))


@indicator
def first_shipment(record: Record, claim: str) -> Reading:
    """Days from the start of Ukraine's offensive to the first North Korean shipment, and others."""
    start, over = (_days(record, "cx_counteroffensive", end) for end in (0, -1))
    lasted = (over[1] - start[0]).days if start and over else 0
    values = []
    for role, who, event, _ in series("first_shipment"):
        if start and (begin := _days(record, event)):
            low, high = ((day - start[0]).days for day in begin)
            date = record.seed.row(event)["date"]
            values.append(Value(who, role, (low + high) / 2, low, high, event, date))
    first = largest(values, "claimed")
    return values, first and side_of(first.high < 0, first.low > lasted)


def _days(record: Record, event: str, end: int = 0) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """First and last day on which an event can have begun; with ``end`` -1, have ended."""
    rows = where(record.seed.tables["events"], id=event)
    if not len(rows):
        return None
    span = bounds([rows["date"].iloc[0].split("/")[end]])
    return span["earliest"].iloc[0], span["latest"].iloc[0]


@indicator
def support_over_gdp(record: Record, claim: str) -> Reading:
    """Support over the giver's GDP: North Korea's sales to Russia, aid to Ukraine, lend-lease."""
    rows, values = record.table("support_relative", denominator=record.options.span), []
    if len(rows):
        nominal = rows["gdp_unit"].str.contains("nominal")
        rows = rows[nominal == record.options.denominator.startswith("nominal")]
        sold = where(rows, giver="PRK")
        sold = sold[sold["until"].astype(str) <= ARTICLE_YEAR_ENDS]
        aid = where(rows, kind="aid", giver=DONORS).sort_values("share_high", ascending=False)
        ids = ";mc_gdp_prk;cx_arms_value_study"
        for row in sold.to_dict("records"):
            values.append(_support(row, "North Korea to Russia (sold)", "claimed", ids))
        for row in aid.to_dict("records"):
            values.append(_support(row, f"{record.called(row['giver'])} to Ukraine", "compared"))
        for row in where(rows, kind="grant").to_dict("records"):
            values.append(_support(row, "United States, lend-lease", "baseline"))
    sales, gifts = largest(values, "claimed"), largest(values, "compared")
    return values, sales and gifts and side_of(sales.low > gifts.high, sales.high < gifts.low)


def _support(row: dict, who: str, role: str, more_ids: str = "") -> Value:
    low, high = row["share_low"], row["share_high"]
    return Value(who, role, high, low, high, row["source"] + more_ids, str(row["until"]))


@indicator
def given_back(record: Record, claim: str) -> Reading:
    """What came back, as a share of what was given."""
    values = [*_back_from_russia(record), *_back_to_america(record)]
    back = largest(values, "claimed")
    # the study that has both sides is of 2025
    return values, back and side_of(back.low > 0, date=back.date)


def _back_from_russia(record: Record) -> list[Value]:
    returned = record.table("dprk_support", item="return_aid")
    given = record.table("dprk_support", item="arms", since="2023-01")
    if not len(returned) or not len(given):
        return []
    high = float(returned["high"].iloc[0])
    low, most = high / float(given["high"].iloc[0]), high / float(given["low"].iloc[0])
    ids, date = f"{returned['source'].iloc[0]};mc_oil", str(returned["as_of"].iloc[0])
    who = "Russia to North Korea, as a share of the arms"
    return [Value(who, "claimed", (low + most) / 2, low, most, ids, date)]


def _back_to_america(record: Record) -> list[Value]:
    lent = record.table("lend_lease", programme="lend_lease", receiver="all_recipients")
    returned = record.table("lend_lease", programme="reverse_lend_lease", giver="all_recipients")
    if not len(lent):
        return []
    share = returned["usd_bn"].iloc[0] / lent["usd_bn"].iloc[0]
    who = "Allies to the United States, as a share of lend-lease"
    return [exact(who, "baseline", share, record.source("lend_lease"), "1945")]


@indicator
def chinese_share(record: Record, claim: str) -> Reading:
    """China's share of Russia's dual-use imports, with complete major weapons beside it."""
    goods, weapons = [], _weapons(record, CHN="baseline", IRN="baseline", PRK="baseline")
    for row in record.measure("dual_use_import_share").to_dict("records"):
        electronics = "microelectronics" in row["definition"]
        kind = "microelectronics" if electronics else "machine tools"
        goods.append(part_of(f"China's share of Russia's imports of {kind}", "claimed", row, 100))
    if not goods:
        return weapons, None
    least, most = min(value.low for value in goods), max(value.high for value in goods)
    return [*goods, *weapons], side_of(least >= 0.5, most < 0.1)


@indicator
def iranian_arms(record: Record, claim: str) -> Reading:
    """Iran's share of the major weapons that Russia received from abroad."""
    values = _weapons(record, IRN="claimed", PRK="baseline", CHN="baseline")
    iran = largest(values, "claimed")
    return values, iran and side_of(iran.value > 0)


def _weapons(record: Record, **roles: str) -> list[Value]:
    rows = record.table("arms_transfers", recipient="RUS", year=WAR_YEARS)
    total = float(rows["tiv"].sum()) if len(rows) else 0
    if not total:
        return []
    values, source = [], record.source("arms_transfers")
    for supplier, role in roles.items():
        share = float(where(rows, supplier=supplier)["tiv"].sum()) / total
        who = f"{record.called(supplier)}, of Russia's imported major weapons"
        values.append(exact(who, role, share, source, "2022/2023"))
    return values
