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
WARNINGS = {
    "as_op_ed": (
        "An op-ed compresses. Taken at its word a sentence can fail and still be right in what it"
        " means: read both verdicts."
    ),
    "counts_not_worth": (
        "Meetings, treaties and votes are counted, not weighed. Do not read a count as trust,"
        " effect or intent."
    ),
    "estimate": (
        "The number is an estimate with a range, from an interested or distant source. Quote the"
        " range, never its middle."
    ),
    "intelligence": (
        "It rests on what services or officials let be known. Say who says so whenever you use it."
    ),
    "one_report": (
        "It rests on a single report. Until a second one is found it is known that it was reported,"
        " not that it is so."
    ),
    "later": (
        "Evidence later than the article weighs in. It tests a forecast; it does not make a mistake"
        " of what was true when written."
    ),
    "date_unknown": (
        "The article's own date is a range. Whether it could have known what happened inside it"
        " cannot be said."
    ),
    "unverified": (
        "Part of the evidence is general knowledge that was not looked up; it counts one step less."
        " Check it first."
    ),
    "who_stands_for_whom": (
        "What is said of two leaders is held against two states. Decide first whether the one may "
        "stand for the other."
    ),
    "sale_not_gift": (
        "One side sells, the other gives. Divided by GDP both look alike; only one of them is a"
        " sacrifice."
    ),
    "few_votes": "A handful of votes. One more or less would move the share by a third.",
    "recorded_only": (
        "Only recorded votes count, and the emergency session on Ukraine is not in the table:"
        " agreement is overstated for Russia."
    ),
    "ends_2018": (
        "The treaty data end in 2018. The treaties of 2024 and 2025 are in the events, not in the"
        " count."
    ),
    "wording": (
        "It turns on a translation or on one word. Look at the original before arguing about it."
    ),
    "motive": "It is about what somebody wants or feels. Deeds are evidence of it, never proof.",
    "cause": "What came first need not be the cause, and what came later cannot be.",
    "unlike_units": (
        "Containers and voyages, shells and soldiers have no common unit. Compare kinds, not sums."
    ),
}


@dataclass(frozen=True)
class Check:
    """One claim put to the record: ``point`` of the dossier, the claim's id, its ``form`` (see
    FORMS), what would support and what would contradict it, the ``yardsticks`` that measure it
    (names of functions), and its ``caveats`` (words of WARNINGS).
    """

    point: str
    claim: str
    form: str
    supports_if: str
    contradicts_if: str
    yardsticks: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()


@cache
def checks() -> tuple[Check, ...]:
    """All checks in the order of the dossier, as in ``checks.csv``; SeedError for a form or a
    caveat that is not a known word.

    >>> len(checks()) >= 12
    True
    """
    text = resources.files(__package__).joinpath("checks.csv").read_text(encoding="utf-8")
    found = []
    for row in csv.DictReader(text.splitlines()):
        several = {name: tuple(split_cell(row[name])) for name in ("yardsticks", "caveats")}
        unknown = [word for word in several["caveats"] if word not in WARNINGS] + [row["form"]] * (
            row["form"] not in FORMS
        )
        if unknown:
            raise SeedError(
                f"checks.csv, {row['claim']}: {', '.join(unknown)} is not known; see FORMS and"
                " WARNINGS in claims.py"
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
