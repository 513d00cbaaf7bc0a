"""Money, arms and meetings: what was earned, given, delivered and sold; how often leaders met."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild import tables as raw

LAST_ESTIMATE = 2023  # Gapminder's later years are forecasts


class Economies(NamedTuple):
    """Where one series of GDP is found: file, columns of state, year and value, the scheme of its
    codes, the years taken, unit and source."""

    file: str
    columns: tuple[str, str, str]
    scheme: str
    years: tuple[int, ...]
    unit: str
    source: str


MADDISON = Economies(
    "gdp_history/maddison_2020_owid.csv", ("Entity", "Year", "GDP"), "maddison",
    (*range(1936, 1946), *range(2010, 2019)), "2011 international dollars", "maddison",
)  # fmt: skip
GAPMINDER = Economies(
    "gdp_history/gapminder_gdp_ppp_pop_selected_1930_2025.csv", ("country", "time", "gdp_ppp"),
    "iso", tuple(range(2019, 2026)), "2021 international dollars", "gapminder",
)  # fmt: skip


def build_gdp(inputs: raw.Inputs) -> list[raw.Table]:
    """GDP in billion international dollars: Maddison (1936-45, 2010-18), Gapminder (2019-25).

    2011 dollars in one series and 2021 dollars in the other: compare within a series only. Years
    without a value are left out, the Soviet Union of 1941-45 and China of 1939-45 among them."""
    both = [read_gdp(inputs, series) for series in (MADDISON, GAPMINDER)]
    return [raw.make_table("gdp", pd.concat(both))]


def read_gdp(inputs: raw.Inputs, series: Economies) -> pd.DataFrame:
    """One series as rows of actor, year and GDP in billions, to two decimals."""
    code, year, gdp = series.columns
    cells = raw.to_numbers(inputs[series.file], [year, gdp]).dropna(subset=gdp)
    cells = cells[cells[year].isin(series.years)]
    years, codes = cells[year].astype(int), cells[code]
    codes = codes.str.upper() if series.scheme == "iso" else codes
    frame = pd.DataFrame({
        "actor": raw.actors_of(series.scheme, codes, years), "year": years,
        "gdp": raw.rounded(cells[gdp] / 1e9, 2), "unit": series.unit,
        "forecast": (years > LAST_ESTIMATE).astype(int), "source": series.source,
    })  # fmt: skip
    return frame[frame["actor"] != ""].sort_values(["actor", "year"])


def purchasing_power(inputs: raw.Inputs) -> pd.Series:
    """Gapminder's GDP at purchasing power of 2023 by actor, in billion dollars of 2021."""
    return read_gdp(inputs, GAPMINDER).query("year == @LAST_ESTIMATE").set_index("actor")["gdp"]


ARMS = "sipri_arms/sipri_trade_register_extract.csv"
WAR = (2022, 2024)  # the years of the war that the register covers


def build_sipri(inputs: raw.Inputs) -> list[raw.Table]:
    """Trend-indicator value by supplier, recipient and year; and for 2022-24 relative to GDP.

    The register gives one value a deal and the years of delivery: we spread it evenly over them.
    The value measures the volume of major weapons, not money; shells are not in it. It cannot tell
    a gift from a sale."""
    deliveries = spread_deliveries(inputs[ARMS])
    yearly = deliveries.groupby(["supplier", "recipient", "year"])
    yearly = yearly.agg(tiv=("value", "sum"), deals=("deal", "nunique")).reset_index()
    here = deliveries[deliveries["year"].between(*WAR)]
    sums = here.groupby(["supplier", "recipient"])["value"].sum().round(2).rename("tiv")
    gdp = purchasing_power(inputs).rename("gdp_supplier")
    sums = sums[sums > 0].reset_index().join(gdp, on="supplier", how="inner")
    share = raw.rounded(sums["tiv"] / sums["gdp_supplier"], 4)
    relative = sums.assign(since=WAR[0], until=WAR[1], tiv_per_billion=share, source="sipri")
    return [
        raw.make_table("arms_transfers", yearly.round({"tiv": 2})),
        raw.make_table("arms_relative", relative),
    ]


def spread_deliveries(cells: pd.DataFrame) -> pd.DataFrame:
    """One row for each deal and year of delivery: supplier, recipient, year, value."""
    cells = raw.to_numbers(cells, ["tiv_delivered"])
    cells = cells[cells["delivery_years"].str.strip() != ""]
    cells["deal"] = cells.index
    cells["year"] = cells["delivery_years"].str.split(";")
    cells["value"] = cells["tiv_delivered"] / cells["year"].str.len()
    long = cells.explode("year")
    long["year"] = long["year"].str.strip().astype(int)
    for side in ("supplier", "recipient"):
        names = raw.actors_of("sipri", long[side], long["year"])
        long[side] = [name or "other_suppliers" for name in names]
    return long[["deal", "supplier", "recipient", "year", "value"]]


MEETINGS = "leader_meetings/leader_meeting_counts.csv"
COALITIONS = {"Axis": "historic_axis", "Allies": "wwii_allies", "CRINK": "modern_alignment"}
OFFICES = {"(high-level)": "high level", "(head of state/gov)": "head of state or government"}
# how the cell of a weak source begins, as the file or its PROVENANCE says
WEAK = ("https://answerfoundry", "https://w6.fakespot", "https://sputnikglobe")


def build_meetings(inputs: raw.Inputs) -> list[raw.Table]:
    """Meetings of leaders, exact or as a lower bound, with the quality of the source.
    A meeting is not a decision: the table cannot tell what was agreed."""
    rows, weak = [], False
    for row in inputs[MEETINGS].to_dict("records"):
        weak = row["source"].startswith(WEAK) if row["source"] != "same" else weak
        if (number := re.fullmatch(r"(>?)(\d+)", row["n_meetings"].strip())) is None:
            raise SeedError(
                f"{MEETINGS}: expected a number of meetings, perhaps with > before it, found"
                f" '{row['n_meetings']}'"
            )
        people = (row["side_a"], row["side_b"])
        sides = {raw.actor_of("leader", person): _person(person) for person in people}
        left, right = raw.order_pair(*sides)
        bound = "at_least" if number[1] else "exact"
        rows.append((
            COALITIONS[row["coalition"]], left, right, sides[left], sides[right],
            *_period(row["period"]), int(number[2]) + bool(number[1]), bound,
            "weak" if weak else "fair",
        ))  # fmt: skip
    return [raw.make_table("leader_meetings", rows)]


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
PPP_2023 = {"gdp_unit": f"{PPP_UNIT}, 2023", "gdp_source": "gapminder"}
ITEMS = {  # how a row of the file begins -> item, giver, receiver, first month, unit
    "DPRK arms to Russia since Feb 2022": ("arms", "PRK", "RUS", "2022-02", "billion USD"),
    "DPRK arms to Russia since 2023": ("arms", "PRK", "RUS", "2023-01", "billion USD"),
    "Russian return aid to DPRK since 2023": ("return_aid", "RUS", "PRK", "2023-01", "billion USD"),
    "DPRK GDP, Bank of Korea": ("gdp_real", "PRK", "", "2023-01", "billion USD"),
    "DPRK GDP PPP 2023": ("gdp_ppp", "PRK", "", "2023-01", PPP_UNIT),
    "DPRK troops sent": ("troops", "PRK", "RUS", "2024-10", "persons"),
}


def build_support(inputs: raw.Inputs) -> list[raw.Table]:
    """Four tables: aid to Ukraine by donor, estimates on North Korea, lend-lease, and all three
    over several denominators.

    Aid: allocations from January 2022 to each cut, packages set aside, not deliveries; GDP is the
    single value a donor that the tracker divides by. North Korea: second-hand figures that rest on
    assumed prices of ammunition. Lend-lease: nominal dollars, no yearly values, nothing comparable
    for the Axis. The choice of denominator moves the result more than the estimates do: nominal or
    at purchasing power, one year's GDP or that of the whole period. Kinds differ: sales are paid
    for, aid is not. It cannot make them one kind."""
    ppp = purchasing_power(inputs)
    aid = raw.to_numbers(inputs[AID], ["year", "month", "gdp", *KINDS])
    korea = _estimates(inputs[KOREA])
    lend_lease = _lend_lease(inputs[LEND_LEASE])
    amounts = [_of_korea(korea, ppp), _of_donors(aid, ppp), _of_lend_lease(lend_lease)]
    return [
        _aid_table(aid, inputs[AID_THROUGH_EU]),
        raw.make_table("dprk_support", korea),
        raw.make_table("lend_lease", lend_lease),
        raw.make_table("support_relative", over_gdp(pd.concat(amounts))),
    ]


def _aid_table(aid: pd.DataFrame, through_eu: pd.DataFrame) -> raw.Table:
    """Allocations in billion euros and their share of GDP; aid through the European Union is
    kept apart, for the last cut only."""
    eu_shares = raw.to_numbers(through_eu, ["total_pct_gdp"]).set_index("iso")["total_pct_gdp"]
    frame = pd.concat([sum_until(aid, cut).assign(until=cut) for cut in CUTS], ignore_index=True)
    shares = (frame["donor"].map(eu_shares) / 100).round(6)
    return raw.make_table(
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


def _estimates(cells: pd.DataFrame) -> pd.DataFrame:
    """Each estimate with its range and date; an empty low means that only an upper limit was given.
    SeedError for a row that is not known."""
    cells = raw.to_numbers(cells, ["low", "high"])
    known = [next((one for one in ITEMS if item.startswith(one)), "") for item in cells["item"]]
    if "" in known:
        item = cells["item"].iloc[known.index("")]
        raise SeedError(f"{KOREA}: expected the six known estimates, found '{item}'")
    about = pd.DataFrame([ITEMS[begin] for begin in known], cells.index)
    about.columns = ["item", "giver", "receiver", "since", "unit"]
    return about.join(cells[["low", "high"]]).assign(as_of=cells["date"])


def _lend_lease(cells: pd.DataFrame) -> pd.DataFrame:
    """Totals 1941-45 in billion dollars, given and given back."""
    cells = raw.to_numbers(cells, ["usd_bn_current_1941_45"])
    flow, party = cells["flow"], cells["party"]
    other = pd.Series([raw.actor_of("lend_lease", name) for name in party], cells.index)
    given, canadian = flow.isin(list(GIVERS)), flow == "Canada"
    mutual = np.where(party.str.startswith("Mutual Aid"), "mutual_aid", "gift_or_loan")
    american = np.where(given, "lend_lease", "reverse_lend_lease")
    return pd.DataFrame({
        "giver": flow.map(GIVERS).fillna(other), "receiver": other.where(given, "USA"),
        "usd_bn": cells["usd_bn_current_1941_45"],
        "programme": np.where(canadian, mutual, american),
    })  # fmt: skip


def over_gdp(amounts: pd.DataFrame) -> pd.DataFrame:
    """Each amount over one year's GDP and over that of the whole period (of so many ``years``).

    >>> rows = over_gdp(pd.DataFrame([{"value_low": 1.7, "value_high": 5.5, "gdp": 30.8,
    ...     "years": 2.75}]))
    >>> rows[["denominator", "share_low"]].round(2).to_numpy().tolist()
    [['one_year', 0.06], ['period', 0.02]]
    """
    rows = amounts.merge(pd.DataFrame({"denominator": ["one_year", "period"]}), how="cross")
    below = rows["gdp"] * rows["years"].where(rows["denominator"] == "period", 1)
    ends = ("low", "high")
    shares = {f"share_{end}": raw.rounded(rows[f"value_{end}"] / below, 6) for end in ends}
    return rows.assign(**shares)


def years_between(since: str, until: str) -> float:
    """Length of a period of whole months in years.

    >>> years_between("2022-02", "2024-10")
    2.75
    """
    (y1, m1), (y2, m2) = ((int(part) for part in text.split("-")[:2]) for text in (since, until))
    return ((y2 - y1) * 12 + m2 - m1 + 1) / 12


def _typed(measure: str, column: str = "measure") -> pd.Series:
    """The numbers of a measure in typed.csv, by another of its columns."""
    typed = raw.load_table("typed").query("measure == @measure")
    return typed.set_index(column)["value"].astype(float)


def _of_korea(estimates: pd.DataFrame, ppp: pd.Series) -> pd.DataFrame:
    """Sales of North Korea and what came back; its nominal GDP is the Bank of Korea's won at the
    average rate of 2023."""
    nominal = round(float(_typed("gdp_nominal_won").iloc[0] / _typed("won_per_usd").iloc[0]), 1)
    typed = {"gdp_unit": "billion USD, nominal, 2023", "gdp_source": "typed"}
    gdps = pd.DataFrame([
        {"giver": "PRK", "gdp": nominal, **typed},
        *({"giver": actor, "gdp": ppp[actor], **PPP_2023} for actor in ("PRK", "RUS")),
    ])  # fmt: skip
    names = {"low": "value_low", "high": "value_high", "unit": "value_unit"}
    kinds = estimates["item"].map({"arms": "sale", "return_aid": "return"})
    rows = estimates.assign(kind=kinds).dropna(subset="kind").rename(columns=names)
    rows["until"] = rows["as_of"].str[:7]
    rows["years"] = list(map(years_between, rows["since"], rows["until"]))
    return rows.merge(gdps, on="giver").assign(source="dprk_estimates")


def _of_donors(aid: pd.DataFrame, ppp: pd.Series) -> pd.DataFrame:
    """Aid to Ukraine by donor, over the tracker's GDP and over purchasing power."""
    rates, sums = _typed("usd_per_eur"), sum_until(aid, CUT).rename(columns={"donor": "giver"})
    in_euros = sums.assign(
        value_low=sums["total"], value_high=sums["total"], value_unit="billion EUR",
        gdp_unit="billion EUR, nominal, as in the tracker", gdp_source="kiel_ust",
    )  # fmt: skip
    in_dollars = sums.assign(
        value_low=raw.rounded(sums["total"] * rates.min(), 4), value_unit="billion USD",
        value_high=raw.rounded(sums["total"] * rates.max(), 4), gdp=sums["giver"].map(ppp),
        **PPP_2023,
    )  # fmt: skip
    rows = pd.concat([in_euros, in_dollars]).sort_index(kind="stable").dropna(subset="gdp")
    return rows.assign(
        receiver="UKR", kind="aid", since=FIRST_MONTH, until=CUT, source="kiel_ust",
        years=years_between(FIRST_MONTH, CUT),
    )  # fmt: skip


def _of_lend_lease(lend_lease: pd.DataFrame) -> pd.DataFrame:
    """The published total over the nominal GDP of 1943, and over that of 1941-45."""
    rows = lend_lease.query("programme == 'lend_lease' and receiver == 'all_recipients'")
    gdp = _typed("gdp_nominal", "year")
    return rows.assign(
        value_low=rows["usd_bn"], value_high=rows["usd_bn"], value_unit="billion USD",
        kind="grant", since="1941", until="1945", gdp=gdp["1943"], gdp_source="typed",
        gdp_unit="billion USD, nominal, 1943", years=gdp.sum() / gdp["1943"], source="lend_lease",
    )  # fmt: skip
