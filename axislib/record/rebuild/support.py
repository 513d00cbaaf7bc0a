"""Support relative to what the giver's economy is worth, with a band for every denominator that
could be chosen."""

from __future__ import annotations

import pandas as pd

from axislib.record.rebuild import dprk, kiel, lend_lease
from axislib.record.rebuild.gdp import purchasing_power
from axislib.record.rebuild.layout import Inputs
from axislib.record.rebuild.polities import load_table
from axislib.record.rebuild.table import Table, make_table, to_numbers

CUT = "2024-11"


def build(inputs: Inputs) -> list[Table]:
    """One table: North Korea's sales, aid to Ukraine by donor and lend-lease, each over several
    denominators.

    The choice of denominator moves the result more than the estimates do: nominal or at purchasing
    power, one year's GDP or that of the whole period. Kinds differ: sales are paid for, aid is not.
    It cannot make them one kind.
    """
    ppp = purchasing_power(inputs)
    rows = [*_from_korea(inputs, ppp), *_to_ukraine(inputs, ppp), *_lend_lease(inputs)]
    return [make_table("support_relative", rows)]


def share_rows(
    value: tuple, unit: str, gdps: list[tuple], years: float, **about: str
) -> list[dict]:
    """One row for each GDP and each denominator: ``value`` is (low, high), ``gdps`` are (value,
    unit, source).

    >>> rows = share_rows((1.7, 5.5), "billion USD", [(30.8, "nominal 2023", "x")], 2.75)
    >>> [(row["denominator"], round(row["share_low"], 2), round(row["share_high"], 2)) for row in rows]
    [('one_year', 0.06, 0.18), ('period', 0.02, 0.06)]
    """
    rows = []
    for gdp, gdp_unit, gdp_source in gdps:
        for denominator, times in (("one_year", 1), ("period", years)):
            low, high = (None if pd.isna(end) else round(end / (gdp * times), 6) for end in value)
            rows.append(
                {
                    **about,
                    "value_low": value[0],
                    "value_high": value[1],
                    "value_unit": unit,
                    "gdp": gdp,
                    "gdp_unit": gdp_unit,
                    "denominator": denominator,
                    "share_low": low,
                    "share_high": high,
                    "gdp_source": gdp_source,
                }
            )
    return rows


def years_between(since: str, until: str) -> float:
    """Length of a period of whole months in years.

    >>> years_between("2022-02", "2024-10")
    2.75
    """
    (y1, m1), (y2, m2) = ((int(part) for part in text.split("-")[:2]) for text in (since, until))
    return ((y2 - y1) * 12 + m2 - m1 + 1) / 12


def _from_korea(inputs: Inputs, ppp: dict) -> list[dict]:
    table = dprk.read_estimates(inputs[dprk.FILE])
    nominal = _nominal_of_korea()
    gdps = {
        "PRK": [
            (nominal, "billion USD, nominal, 2023", "typed"),
            (ppp["PRK"], "billion international dollars of 2021, 2023", "gapminder"),
        ],
        "RUS": [(ppp["RUS"], "billion international dollars of 2021, 2023", "gapminder")],
    }
    rows = []
    for row in table[table["item"].isin(["arms", "return_aid"])].to_dict("records"):
        until = row["as_of"][:7]
        rows += share_rows(
            (row["low"], row["high"]),
            row["unit"],
            gdps[row["giver"]],
            years_between(row["since"], until),
            giver=row["giver"],
            receiver=row["receiver"],
            kind="sale" if row["item"] == "arms" else "return",
            since=row["since"],
            until=until,
            source="dprk_estimates",
        )
    return rows


def _nominal_of_korea() -> float:
    """North Korea's nominal GDP of 2023 in billion dollars: the Bank of Korea's won at the year's
    average rate."""
    typed = load_table("typed").set_index("measure")["value"]
    return round(float(typed["gdp_nominal_won"]) / float(typed["won_per_usd"]), 1)


def _to_ukraine(inputs: Inputs, ppp: dict) -> list[dict]:
    donors = kiel.sum_until(
        to_numbers(inputs[kiel.FILE], ["year", "month", "gdp", *kiel.KINDS]), CUT
    )
    rates = [float(rate) for rate in load_table("typed").query("measure == 'usd_per_eur'")["value"]]
    rows = []
    for donor, total, gdp in donors[["donor", "total", "gdp"]].itertuples(index=False):
        about = {
            "giver": donor,
            "receiver": "UKR",
            "kind": "aid",
            "since": "2022-01",
            "until": CUT,
            "source": "kiel_ust",
        }
        years = years_between("2022-01", CUT)
        if not pd.isna(gdp):
            rows += share_rows(
                (total, total),
                "billion EUR",
                [(gdp, "billion EUR, nominal, as in the tracker", "kiel_ust")],
                years,
                **about,
            )
        if donor in ppp:
            value = tuple(round(total * rate, 4) for rate in (min(rates), max(rates)))
            rows += share_rows(
                value,
                "billion USD",
                [(ppp[donor], "billion international dollars of 2021, 2023", "gapminder")],
                years,
                **about,
            )
    return rows


def _lend_lease(inputs: Inputs) -> list[dict]:
    """The published total over the nominal GDP of 1943, and over that of 1941-45."""
    table = lend_lease.build(inputs)[0].frame
    given = float(
        table.query("programme == 'lend_lease' and receiver == 'all_recipients'")["usd_bn"].iloc[0]
    )
    typed = (
        load_table("typed")
        .query("measure == 'gdp_nominal'")
        .set_index("year")["value"]
        .astype(float)
    )
    about = {
        "giver": "USA",
        "receiver": "all_recipients",
        "kind": "grant",
        "since": "1941",
        "until": "1945",
        "source": "lend_lease",
    }
    return share_rows(
        (given, given),
        "billion USD",
        [(typed["1943"], "billion USD, nominal, 1943", "typed")],
        typed.sum() / typed["1943"],
        **about,
    )
