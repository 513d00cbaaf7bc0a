"""Money, arms and meetings: what economies were worth, what was given, delivered and sold, and how
often leaders met."""

from __future__ import annotations

import re

import pandas as pd
from pandas import DataFrame

from axislib.errors import SeedError
from axislib.record.rebuild.tables import (
    Inputs,
    Table,
    actor_of,
    is_listed,
    load_table,
    make_table,
    order_pair,
    to_numbers,
)

MADDISON = "gdp_history/maddison_2020_owid.csv"
GAPMINDER = "gdp_history/gapminder_gdp_ppp_pop_selected_1930_2025.csv"
WAR_YEARS, LATE_YEARS, OUR_YEARS = range(1936, 1946), range(2010, 2019), range(2019, 2026)
LAST_ESTIMATE = 2023  # Gapminder's later years are forecasts


def build_gdp(inputs: Inputs) -> list[Table]:
    """One table: GDP in billion international dollars, Maddison for 1936-45 and 2010-18, Gapminder
    for 2019-25.

    2011 dollars in one series and 2021 dollars in the other: compare within a series only. Years
    without a value are left out, the Soviet Union of 1941-45 and China of 1939-45 among them.
    """
    rows = [*_read_maddison(inputs[MADDISON]), *_read_gapminder(inputs[GAPMINDER])]
    return [make_table("gdp", rows)]


def _read_maddison(cells: DataFrame) -> list[tuple]:
    cells = to_numbers(cells, ["Year", "GDP"]).dropna(subset="GDP")
    about = ("2011 international dollars", 0, "maddison")
    rows = [
        (actor, int(year), in_billions(gdp), *about)
        for name, year, gdp in cells[["Entity", "Year", "GDP"]].itertuples(index=False)
        if is_listed("maddison", name)
        and int(year) in (*WAR_YEARS, *LATE_YEARS)
        and (actor := actor_of("maddison", name, int(year)))
    ]
    return sorted(rows)


def _read_gapminder(cells: DataFrame) -> list[tuple]:
    cells = to_numbers(cells, ["time", "gdp_ppp"])
    rows = []
    for code, year, gdp in cells[["country", "time", "gdp_ppp"]].itertuples(index=False):
        if int(year) in OUR_YEARS:
            actor = actor_of("iso", code.upper(), int(year))
            about = ("2021 international dollars", int(year > LAST_ESTIMATE), "gapminder")
            rows.append((actor, int(year), in_billions(gdp), *about))
    return sorted(rows)


def in_billions(value: float) -> float:
    """A sum in billions, to two decimals."""
    return round(value / 1e9, 2)


def purchasing_power(inputs: Inputs) -> dict[str, float]:
    """GDP at purchasing power of 2023 by actor, in billion international dollars of 2021
    (Gapminder)."""
    cells = to_numbers(inputs[GAPMINDER], ["time", "gdp_ppp"])
    cells = cells[cells["time"] == LAST_ESTIMATE]
    return {
        code.upper(): in_billions(value)
        for code, value in zip(cells["country"], cells["gdp_ppp"], strict=True)
    }


ARMS = "sipri_arms/sipri_trade_register_extract.csv"
WAR = (2022, 2024)  # the years of the war that the register covers


def build_sipri(inputs: Inputs) -> list[Table]:
    """Two tables: trend-indicator value by supplier, recipient and year; and for 2022-24 relative
    to GDP.

    The register gives one value a deal and the years of delivery: we spread it evenly over them.
    The value measures the volume of major weapons, not money; shells are not in it. It cannot tell
    a gift from a sale.
    """
    deliveries = spread_deliveries(inputs[ARMS])
    return [_yearly_table(deliveries), _relative_table(deliveries, purchasing_power(inputs))]


def spread_deliveries(cells: pd.DataFrame) -> pd.DataFrame:
    """One row for each deal and year of delivery: supplier, recipient, year, value."""
    cells = to_numbers(cells, ["tiv_delivered"])
    cells = cells[cells["delivery_years"].str.strip() != ""]
    cells["deal"] = cells.index
    cells["year"] = cells["delivery_years"].str.split(";")
    cells["value"] = cells["tiv_delivered"] / cells["year"].str.len()
    long = cells.explode("year")
    long["year"] = long["year"].str.strip().astype(int)
    long["supplier"] = [_name(*pair) for pair in zip(long["supplier"], long["year"], strict=True)]
    long["recipient"] = [_name(*pair) for pair in zip(long["recipient"], long["year"], strict=True)]
    return long[["deal", "supplier", "recipient", "year", "value"]]


def _name(name: str, year: int) -> str:
    return actor_of("sipri", name, year) if is_listed("sipri", name) else "other_suppliers"


def _yearly_table(deliveries: pd.DataFrame) -> Table:
    frame = (
        deliveries.groupby(["supplier", "recipient", "year"])
        .agg(tiv=("value", "sum"), deals=("deal", "nunique"))
        .reset_index()
    )
    frame["tiv"] = frame["tiv"].round(2)
    return make_table("arms_transfers", frame)


def _relative_table(deliveries: pd.DataFrame, worth: dict[str, float]) -> Table:
    here = deliveries[deliveries["year"].between(*WAR)]
    sums = here.groupby(["supplier", "recipient"])["value"].sum().round(2).reset_index()
    rows = [
        (giver, taker, *WAR, tiv, worth[giver], round(tiv / worth[giver], 4), "sipri")
        for giver, taker, tiv in sums.itertuples(index=False)
        if giver in worth and tiv > 0
    ]
    return make_table("arms_relative", rows)


MEETINGS = "leader_meetings/leader_meeting_counts.csv"
COALITIONS = {"Axis": "historic_axis", "Allies": "wwii_allies", "CRINK": "modern_alignment"}
OFFICES = {"(high-level)": "high level", "(head of state/gov)": "head of state or government"}
# how the cell of a weak source begins, as the file or its PROVENANCE says
WEAK = ("https://answerfoundry", "https://w6.fakespot", "https://sputnikglobe")


def build_meetings(inputs: Inputs) -> list[Table]:
    """One table: meetings of two leaders (or of all three), exact or as a lower bound, with the
    quality of the source.

    Counts from sources of very different quality. A meeting is not a decision: the table cannot
    tell what was agreed.
    """
    rows, weak = [], False
    for row in inputs[MEETINGS].to_dict("records"):
        weak = row["source"].startswith(WEAK) if row["source"] != "same" else weak
        number = re.fullmatch(r"(>?)(\d+)", row["n_meetings"].strip())
        if number is None:
            raise SeedError(
                f"{MEETINGS}: expected a number of meetings, perhaps with > before it, found"
                f" '{row['n_meetings']}'"
            )
        period = _period(row["period"])
        sides = {actor_of("leader", row[side]): _person(row[side]) for side in ("side_a", "side_b")}
        left, right = order_pair(*sides)
        count = int(number[2]) + bool(number[1])
        bound, quality = "at_least" if number[1] else "exact", "weak" if weak else "fair"
        pair = (left, right, sides[left], sides[right])
        rows.append((COALITIONS[row["coalition"]], *pair, *period, count, bound, quality))
    return [make_table("leader_meetings", rows)]


def _period(text: str) -> tuple[str, str]:
    """First and last year or month of a period as the file writes it.

    >>> _period("2013-May 2024"), _period("2024 (to Oct)"), _period("1934-1944")
    (('2013', '2024-05'), ('2024', '2024-10'), ('1934', '1944'))
    """
    months = {"May": "05", "Oct": "10"}
    years = re.findall(r"\d{4}", text)
    month = next((number for word, number in months.items() if word in text), "")
    return years[0], years[-1] + (f"-{month}" if month else "")


def _person(side: str) -> str:
    """Who sat there: surnames joined by ;, an office where the file names none."""
    if side.startswith("Hirohito"):
        return "hirohito;any head of government"
    office = next((OFFICES[end] for end in OFFICES if side.endswith(end)), None)
    return office or ";".join(name.strip().lower() for name in side.split(","))


AID, AID_THROUGH_EU = "kiel_ust/data_explorer.csv", "kiel_ust/eu_aid_shares.csv"
KOREA = "dprk_support_estimates/dprk_support_estimates.csv"
LEND_LEASE = "lend_lease/lend_lease_totals.csv"
KINDS = ["total", "military", "financial", "humanitarian"]
# when the press quoted shares of commitments; the time of the article; a sum published since; the
# end of the release
CUTS = ("2024-01", "2024-11", "2025-02", "2026-04")
FIRST_MONTH, CUT = "2022-01", "2024-11"  # of the aid that is set against GDP
GIVERS = {"outward": "USA", "Canada": "CAN"}
PPP_UNIT = "billion international dollars of 2021"
# how a row of the file begins -> item, giver, receiver, first month, unit
ITEMS = {
    "DPRK arms to Russia since Feb 2022": ("arms", "PRK", "RUS", "2022-02", "billion USD"),
    "DPRK arms to Russia since 2023": ("arms", "PRK", "RUS", "2023-01", "billion USD"),
    "Russian return aid to DPRK since 2023": ("return_aid", "RUS", "PRK", "2023-01", "billion USD"),
    "DPRK GDP, Bank of Korea": ("gdp_real", "PRK", "", "2023-01", "billion USD"),
    "DPRK GDP PPP 2023": ("gdp_ppp", "PRK", "", "2023-01", PPP_UNIT),
    "DPRK troops sent": ("troops", "PRK", "RUS", "2024-10", "persons"),
}


def build_support(inputs: Inputs) -> list[Table]:
    """Four tables: aid to Ukraine by donor, estimates on North Korea, lend-lease, and all three
    over several denominators.

    Aid: allocations from January 2022 to each cut, packages set aside, not deliveries; GDP is the
    single value a donor that the tracker divides by. North Korea: second-hand figures that rest on
    assumed prices of ammunition. Lend-lease: nominal dollars, no yearly values, nothing comparable
    for the Axis. The choice of denominator moves the result more than the estimates do: nominal or
    at purchasing power, one year's GDP or that of the whole period. Kinds differ: sales are paid
    for, aid is not. It cannot make them one kind.
    """
    ppp = purchasing_power(inputs)
    aid = to_numbers(inputs[AID], ["year", "month", "gdp", *KINDS])
    korea = _estimates(inputs[KOREA])
    lend_lease = _lend_lease_table(inputs[LEND_LEASE])
    relative = [*_korea_shares(korea, ppp), *_aid_shares(aid, ppp), *_grant_shares(lend_lease)]
    return [
        _aid_table(aid, inputs[AID_THROUGH_EU]),
        make_table("dprk_support", korea),
        lend_lease,
        make_table("support_relative", pd.DataFrame(relative)),
    ]


def _aid_table(aid: pd.DataFrame, through_eu: pd.DataFrame) -> Table:
    """Allocations in billion euros and their share of GDP; aid through the European Union is
    kept apart, for the last cut only."""
    eu_shares = to_numbers(through_eu, ["total_pct_gdp"]).set_index("iso")["total_pct_gdp"]
    frame = pd.concat([sum_until(aid, cut).assign(until=cut) for cut in CUTS], ignore_index=True)
    shares = (frame["donor"].map(eu_shares) / 100).round(6)
    return make_table(
        "aid_to_ukraine", frame.assign(share_with_eu=shares.where(frame["until"] == max(CUTS)))
    )


def sum_until(cells: pd.DataFrame, cut: str) -> pd.DataFrame:
    """Each donor's sums up to and with a month (YYYY-MM), largest share first."""
    year, month = (int(part) for part in cut.split("-"))
    here = cells[(cells["year"] < year) | ((cells["year"] == year) & (cells["month"] <= month))]
    sums = here.groupby("iso")[KINDS].sum().round(6)
    gdp = cells.groupby("iso")["gdp"].first().reindex(sums.index)
    gdp = gdp.where(gdp > 0)
    sums = sums.assign(gdp=gdp.round(3), share=(sums["total"] / gdp).round(6))
    sums = sums.rename_axis("donor").reset_index().replace({"donor": {"EU": "eu_institutions"}})
    return sums.sort_values(["share", "donor"], ascending=[False, True]).reset_index(drop=True)


def _estimates(cells: pd.DataFrame) -> list[tuple]:
    """Each estimate with its range and date; an empty low means that only an upper limit was given.

    SeedError for a row that is not known.
    """
    rows = []
    for row in to_numbers(cells, ["low", "high"]).to_dict("records"):
        known = [meaning for begin, meaning in ITEMS.items() if row["item"].startswith(begin)]
        if not known:
            raise SeedError(f"{KOREA}: expected the six known estimates, found '{row['item']}'")
        *what, unit = known[0]
        rows.append((*what, row["date"], row["low"], row["high"], unit))
    return rows


def _lend_lease_table(cells: pd.DataFrame) -> Table:
    """Totals 1941-45 in billion dollars, given and given back."""
    column = "usd_bn_current_1941_45"
    rows = []
    for flow, party, value in to_numbers(cells, [column])[["flow", "party", column]].to_numpy():
        other = actor_of("lend_lease", party)
        ends = (GIVERS[flow], other) if flow in GIVERS else (other, "USA")
        rows.append((*ends, value, _programme(flow, party)))
    return make_table("lend_lease", rows)


def _programme(flow: str, party: str) -> str:
    if flow == "Canada":
        return "mutual_aid" if party.startswith("Mutual Aid") else "gift_or_loan"
    return "lend_lease" if flow == "outward" else "reverse_lend_lease"


def share_rows(
    value: tuple, unit: str, gdps: list[tuple], years: float, **about: str
) -> list[dict]:
    """One row for each GDP and each denominator: ``value`` is (low, high), ``gdps`` are (value,
    unit, source).

    >>> rows = share_rows((1.7, 5.5), "billion USD", [(30.8, "nominal 2023", "x")], 2.75)
    >>> [(row["denominator"], round(row["share_low"], 2)) for row in rows]
    [('one_year', 0.06), ('period', 0.02)]
    """
    rows = []
    for gdp, gdp_unit, gdp_source in gdps:
        for denominator, times in (("one_year", 1), ("period", years)):
            low, high = (None if pd.isna(end) else round(end / (gdp * times), 6) for end in value)
            amounts = {"value_low": value[0], "value_high": value[1], "value_unit": unit}
            below = {"gdp": gdp, "gdp_unit": gdp_unit, "denominator": denominator}
            shares = {"share_low": low, "share_high": high, "gdp_source": gdp_source}
            rows.append({**about, **amounts, **below, **shares})
    return rows


def years_between(since: str, until: str) -> float:
    """Length of a period of whole months in years.

    >>> years_between("2022-02", "2024-10")
    2.75
    """
    (y1, m1), (y2, m2) = ((int(part) for part in text.split("-")[:2]) for text in (since, until))
    return ((y2 - y1) * 12 + m2 - m1 + 1) / 12


def _korea_shares(estimates: list[tuple], ppp: dict) -> list[dict]:
    """Sales of North Korea and what came back; its nominal GDP of 2023 is the Bank of Korea's won
    at the year's average rate."""
    typed = load_table("typed").set_index("measure")["value"]
    nominal = round(float(typed["gdp_nominal_won"]) / float(typed["won_per_usd"]), 1)
    gdps = {actor: [(ppp[actor], f"{PPP_UNIT}, 2023", "gapminder")] for actor in ("PRK", "RUS")}
    gdps["PRK"].insert(0, (nominal, "billion USD, nominal, 2023", "typed"))
    kinds = {"arms": "sale", "return_aid": "return"}
    rows = []
    for item, giver, receiver, since, day, low, high, unit in estimates:
        if item in kinds:
            until = day[:7]
            about = {"giver": giver, "receiver": receiver, "kind": kinds[item], "since": since}
            years = years_between(since, until)
            rows += share_rows(
                (low, high), unit, gdps[giver], years, **about, until=until, source="dprk_estimates"
            )
    return rows


def _aid_shares(aid: pd.DataFrame, ppp: dict) -> list[dict]:
    """Aid to Ukraine by donor, over the tracker's GDP and over purchasing power."""
    rates = [float(rate) for rate in load_table("typed").query("measure == 'usd_per_eur'")["value"]]
    period = {"since": FIRST_MONTH, "until": CUT}
    years, rows = years_between(FIRST_MONTH, CUT), []
    for donor, total, gdp in sum_until(aid, CUT)[["donor", "total", "gdp"]].to_numpy():
        about = {"giver": donor, "receiver": "UKR", "kind": "aid", **period, "source": "kiel_ust"}
        if not pd.isna(gdp):
            gdps = [(gdp, "billion EUR, nominal, as in the tracker", "kiel_ust")]
            rows += share_rows((total, total), "billion EUR", gdps, years, **about)
        if donor in ppp:
            dollars = tuple(round(total * rate, 4) for rate in (min(rates), max(rates)))
            gdps = [(ppp[donor], f"{PPP_UNIT}, 2023", "gapminder")]
            rows += share_rows(dollars, "billion USD", gdps, years, **about)
    return rows


def _grant_shares(lend_lease: Table) -> list[dict]:
    """The published total over the nominal GDP of 1943, and over that of 1941-45."""
    total = "programme == 'lend_lease' and receiver == 'all_recipients'"
    given = float(lend_lease.frame.query(total)["usd_bn"].iloc[0])
    typed = load_table("typed").query("measure == 'gdp_nominal'")
    gdp = typed.set_index("year")["value"].astype(float)
    about = {"giver": "USA", "receiver": "all_recipients", "kind": "grant", "since": "1941"}
    return share_rows(
        (given, given),
        "billion USD",
        [(gdp["1943"], "billion USD, nominal, 1943", "typed")],
        gdp.sum() / gdp["1943"],
        **about,
        until="1945",
        source="lend_lease",
    )
