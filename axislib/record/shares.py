"""Yardsticks that divide money and goods: shares of GDP, of imports, of what was given."""

from __future__ import annotations

from axislib.record.indicators import Value, Yardstick, exact, part_of
from axislib.record.options import Record

_DONORS = ("EST", "DNK", "LTU", "POL", "GBR", "DEU", "USA", "FRA")


def support_over_gdp(record: Record, claim: str) -> Yardstick:
    """Support over the giver's GDP: North Korea's sales to Russia, aid to Ukraine, lend-lease."""
    money, _, years = record.options.denominator.partition("_one_")
    if not years:
        money, years = record.options.denominator.removesuffix("_period"), "period"
    rows = record.table("support_relative")
    values: list[Value] = []
    if len(rows):
        nominal = rows["gdp_unit"].str.contains("nominal")
        rows = rows[
            (nominal if money == "nominal" else ~nominal)
            & (rows["denominator"] == ("period" if years == "period" else "one_year"))
        ]
        ours = rows[(rows["giver"] == "PRK") & (rows["until"].astype(str) <= "2024-12")]
        values += [
            Value(
                "North Korea to Russia, sold",
                "claimed",
                r["share_high"],
                r["share_low"],
                r["share_high"],
                f"{r['source']};mc_gdp_prk",
                str(r["until"]),
            )
            for r in ours.to_dict("records")
        ]
        aid = rows[(rows["kind"] == "aid") & rows["giver"].isin(_DONORS)].sort_values(
            "share_high", ascending=False
        )
        values += [
            Value(
                f"{record.called(r['giver'])} to Ukraine",
                "compared",
                r["share_high"],
                r["share_low"],
                r["share_high"],
                r["source"],
                str(r["until"]),
            )
            for r in aid.to_dict("records")
        ]
        values += [
            Value(
                "United States, lend-lease",
                "baseline",
                r["share_high"],
                r["share_low"],
                r["share_high"],
                r["source"],
                "1945",
            )
            for r in rows[rows["kind"] == "grant"].to_dict("records")
        ]
    found = Yardstick(
        "support_over_gdp",
        "Support as a share of the giver's GDP, " + record.options.denominator.replace("_", " "),
        "share of GDP",
        "Supports if even the lowest estimate for North Korea lies above the most generous of"
        " Ukraine's supporters; contradicts if the highest lies below it.",
        tuple(values),
        weight="high",
        log=True,
        percent=True,
    )
    ours, theirs = found.most("claimed"), found.most("compared")
    if ours is None or theirs is None:
        return found
    return found.judged(ours.low > theirs.high, ours.high < theirs.low)


def given_back(record: Record, claim: str) -> Yardstick:
    """What came back, as a share of what was given."""
    rows, lent, values = record.table("dprk_support"), record.table("lend_lease"), []
    if len(rows):
        back, gave = (
            rows[rows["item"] == "return_aid"],
            rows[(rows["item"] == "arms") & (rows["since"] == "2023-01")],
        )
        if len(back) and len(gave):
            high = float(back["high"].iloc[0])
            low, most = high / float(gave["high"].iloc[0]), high / float(gave["low"].iloc[0])
            values.append(
                Value(
                    "Russia to North Korea, of the arms",
                    "claimed",
                    (low + most) / 2,
                    low,
                    most,
                    f"{back['source'].iloc[0]};mc_oil",
                    str(back["as_of"].iloc[0]),
                )
            )
    if len(lent):
        total = lent.loc[
            (lent["programme"] == "lend_lease") & (lent["receiver"] == "all_recipients"), "usd_bn"
        ].iloc[0]
        reverse = lent.loc[
            (lent["programme"] == "reverse_lend_lease") & (lent["giver"] == "all_recipients"),
            "usd_bn",
        ].iloc[0]
        values.append(
            exact(
                "Allies to the United States, of lend-lease",
                "baseline",
                reverse / total,
                lent["source"].iloc[0],
                "1945",
            )
        )
    found = Yardstick(
        "given_back",
        "Returned, as a share of what was given",
        "share of the value given",
        "Supports if anything came back; contradicts if nothing did.",
        tuple(values),
        percent=True,
    )
    back = found.most("claimed")
    # the study that has both sides is of 2025
    return (
        found
        if back is None
        else found.decided("supports" if back.low > 0 else "contradicts", back.date)
    )


def chinese_share(record: Record, claim: str) -> Yardstick:
    """China's share of what Russia imports: dual-use goods, and complete major weapons beside it."""
    values = [
        part_of(
            "China, of Russia's"
            f" {'microelectronics' if 'microelectronics' in row['definition'] else 'machine tools'}",
            "claimed",
            row,
            100,
        )
        for row in record.measure("dual_use_import_share").to_dict("records")
    ]
    values += (
        _weapons(record, "CHN", "baseline")
        + _weapons(record, "IRN", "baseline")
        + _weapons(record, "PRK", "baseline")
    )
    found = Yardstick(
        "chinese_share",
        "Part of Russia's imports, dual-use goods and complete weapons",
        "share of imports",
        "Supports if China has at least half of the dual-use goods; contradicts if less than a"
        " tenth.",
        tuple(values),
        weight="high",
        percent=True,
    )
    ours = [value for value in values if value.role == "claimed"]
    return (
        found
        if not ours
        else found.judged(min(v.low for v in ours) >= 0.5, max(v.high for v in ours) < 0.1)
    )


def iranian_arms(record: Record, claim: str) -> Yardstick:
    """Iran's share of the major weapons that Russia received from abroad."""
    values = (
        _weapons(record, "IRN", "claimed")
        + _weapons(record, "PRK", "baseline")
        + _weapons(record, "CHN", "baseline")
    )
    found = Yardstick(
        "iranian_arms",
        "Part of the major weapons that Russia received,"
        f" {record.options.period.replace('/', ' to ')}",
        "share of trend-indicator values",
        "Supports if Iran delivered any; contradicts if none.",
        tuple(values),
        percent=True,
    )
    ours = found.most("claimed")
    return found if ours is None else found.decided("supports" if ours.value > 0 else "contradicts")


def _weapons(record: Record, supplier: str, role: str) -> list[Value]:
    rows = record.within("arms_transfers")
    rows = rows[rows["recipient"] == "RUS"] if len(rows) else rows
    total = float(rows["tiv"].sum()) if len(rows) else 0
    if not total:
        return []
    share = float(rows.loc[rows["supplier"] == supplier, "tiv"].sum()) / total
    return [
        exact(
            f"{record.called(supplier)}, of Russia's imported major weapons",
            role,
            share,
            record.source("arms_transfers"),
            record.options.period,
        )
    ]
