"""Whose code it is: each data set's codes as actor ids, by the day or year they are used for."""

from __future__ import annotations

import io
from functools import cache
from importlib import resources

import pandas as pd

from axislib.errors import SeedError

FOLDER = "axislib.record.rebuild"
# In these the code of a state without a dated row is its own id; in all others an unlisted code is
# an error.
OPEN_SCHEMES = ("iso",)


@cache
def load_table(name: str) -> pd.DataFrame:
    """One of the small tables beside the code (polities, pairs, coalitions, ...), as
    text cells. Do not change it."""
    text = resources.files(FOLDER).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False)


@cache
def _spells() -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    spells: dict = {}
    for row in load_table("polities").to_dict("records"):
        spells.setdefault((row["scheme"], row["code"]), []).append(
            (row["since"] or "0000", row["until"] or "9999", row["actor"])
        )
    return {key: sorted(found) for key, found in spells.items()}


def actor_of(scheme: str, code: object, when: int | str | None = None) -> str:
    """The actor id behind a code: ``when`` is a year, or a day as YYYY-MM-DD; empty where nobody
    held the code then.

    A year goes to who held the code first in it, so 1945 is still Nazi Germany and 1991 the Soviet
    Union. Without ``when`` the latest holder. SeedError for a code that polities.csv does not list.

    >>> actor_of("cow", 365, 1991), actor_of("cow", 365, 1992), actor_of("cow", 255, 1960)
    ('soviet_union', 'RUS', '')
    >>> actor_of("iso", "FRA", 1950), actor_of("council", "CHINA", "1971-10-25")
    ('FRA', 'CHN')
    """
    code = str(code).removesuffix(".0")
    spells = _spells().get((scheme, code))
    if spells is None:
        if scheme in OPEN_SCHEMES:
            return code
        raise SeedError(
            f"polities.csv: the code '{code}' of {scheme} is not listed; add a row for it"
        )
    if when is None:
        return spells[-1][2]
    first, last = (
        (f"{when}-01-01", f"{when}-12-31") if len(str(when)) == 4 else (str(when), str(when))
    )
    return next((actor for since, until, actor in spells if since <= last and until >= first), "")


def is_listed(scheme: str, code: object) -> bool:
    """Whether polities.csv knows the code."""
    return (scheme, str(code).removesuffix(".0")) in _spells()


@cache
def codes_of(scheme: str, actor: str) -> list[tuple[str, str, str]]:
    """The codes an actor went by: (code, since, until), open ends as empty text.

    >>> codes_of("cow", "RUS")
    [('365', '1991-12-26', '')]
    """
    table = load_table("polities")
    rows = table[(table["scheme"] == scheme) & (table["actor"] == actor)]
    found = list(rows[["code", "since", "until"]].itertuples(index=False, name=None))
    if (
        found
        or scheme not in OPEN_SCHEMES
        or is_listed(scheme, actor)
        or not (len(actor) == 3 and actor.isupper())
    ):
        return found
    return [(actor, "", "")]


@cache
def code_in_year(scheme: str, actor: str, year: int) -> str:
    """The code under which an actor is found in a year; empty where it had none.

    >>> code_in_year("cow", "nazi_germany", 1945), code_in_year("cow", "nazi_germany", 1946)
    ('255', '')
    """
    return next(
        (code for code, _, _ in codes_of(scheme, actor) if actor_of(scheme, code, year) == actor),
        "",
    )


@cache
def load_pairs() -> list[tuple[str, str]]:
    """The pairs of actors asked about, in the order of pairs.csv."""
    return list(load_table("pairs")[["left", "right"]].itertuples(index=False, name=None))


def order_pair(one: str, other: str) -> tuple[str, str]:
    """Two actors as left and right: as in pairs.csv where it has them, else as given.

    >>> order_pair("CHN", "RUS"), order_pair("FRA", "CHN")
    (('RUS', 'CHN'), ('FRA', 'CHN'))
    """
    return (other, one) if (other, one) in load_pairs() else (one, other)


@cache
def members_in(coalition: str, year: int) -> list[str]:
    """Who belonged to a coalition in a year, by coalitions.csv.

    >>> members_in("historic_axis", 1944)
    ['nazi_germany', 'imperial_japan']
    """
    rows = load_table("coalitions").query("coalition == @coalition").to_dict("records")
    return [row["actor"] for row in rows if int(row["since"]) <= year <= int(row["until"] or 9999)]
