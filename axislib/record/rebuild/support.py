"""Support given: lend-lease, aid to Ukraine, what North Korea sent, each also over what the giver's
economy is worth."""

from __future__ import annotations

import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.gdp import purchasing_power
from axislib.record.rebuild.polities import actor_of, load_table
from axislib.record.rebuild.tables import Inputs, Table, make_table, to_numbers

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


def build(inputs: Inputs) -> list[Table]:
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
    """Allocations in billion euros and their share of GDP; aid through the European Union stands
    apart, for the last cut only."""
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
