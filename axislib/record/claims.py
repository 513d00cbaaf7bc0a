"""What is checked: one claim of the article each, what would speak for it and against it, and what
to beware of."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from axislib.errors import SeedError
from axislib.tables.schema import split_cell

FORMS = {
    "weighed": "the evidence on both sides is weighed",
    "never": (
        "said of every case or of none: one counter-instance that is known is enough to contradict"
        " it at its word"
    ),
    "some": "said of certain cases: one instance that is known is enough to support it at its word",
}


def table(name: str) -> list[dict[str, str]]:
    """The rows of a small table beside this module: checks, caveats, indicators."""
    text = resources.files("axislib.record").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


WARNINGS = {row["caveat"]: row["implication"] for row in table("caveats")}


@dataclass(frozen=True)
class Check:
    """One claim put to the record: ``point`` of the dossier, the claim's id, its ``form`` (see
    FORMS), what would support and what would contradict it, the ``indicators`` that measure it
    (by name), and its ``caveats`` (words of WARNINGS).
    """

    point: str
    claim: str
    form: str
    supports_if: str
    contradicts_if: str
    indicators: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()


@cache
def checks() -> tuple[Check, ...]:
    """All checks in the order of the dossier, as in ``checks.csv``; SeedError for a form or a
    caveat that is not a known word.

    >>> len(checks()) >= 12
    True
    """
    found = []
    for row in table("checks"):
        several = {name: tuple(split_cell(row[name])) for name in ("indicators", "caveats")}
        unknown = [word for word in several["caveats"] if word not in WARNINGS]
        unknown += [form for form in [row["form"]] if form not in FORMS]
        if unknown:
            raise SeedError(
                f"checks.csv, {row['claim']}: {', '.join(unknown)} is not known; see FORMS in"
                " claims.py and caveats.csv"
            )
        found.append(Check(**{**row, **several}))
    return tuple(found)


def check_of(claim: str) -> Check:
    """The check of one claim, by its id; SeedError naming those there are.

    >>> check_of("cl_thesis").form
    'some'
    """
    for check in checks():
        if check.claim == claim:
            return check
    raise SeedError(
        f"claim: '{claim}' has no check; there are: {', '.join(check.claim for check in checks())}"
    )
