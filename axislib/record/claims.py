"""What is checked: a claim in its literal and its charitable form, and the indicators that measure
it: values of what it is about, others beside them, and which way they point."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, wraps
from typing import NamedTuple

import pandas as pd

from axislib.errors import SeedError
from axislib.record.options import WHEN, Record, placed
from axislib.seed.opening import find_seed
from axislib.tables.schema import split_cell
from axislib.words import date_in_words, in_text, with_the


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table in ``seeds/context/checks``, such as claims or caveats."""
    path = find_seed("context") / "checks" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def meanings(kind: str) -> dict[str, str]:
    """The words of a kind in ``words.csv`` (verdict, robustness) with what each means."""
    return {row["word"]: row["meaning"] for row in table("words") if row["kind"] == kind}


FORMS = meanings("form")


@cache
def series(name: str) -> list[tuple[str, str, str, str]]:
    """What an indicator reads, from ``series.csv``: ``role``, ``label``, ``of``, ``more``."""
    rows = [row for row in table("series") if row["indicator"] == name]
    return [(row["role"], row["label"], row["of"], row["more"]) for row in rows]


WARNINGS = {row["caveat"]: row["implication"] for row in table("caveats")}


@dataclass(frozen=True)
class Check:
    """One claim put to the record: ``point`` of the research notes, the claim's id, whether it is
    ``central`` (yes, or thesis) and so examined in full, its ``literal`` and its ``charitable``
    form (empty if they are the same), a ``rival`` reading where a word is open, how and why the
    form tested ``differs`` from the article's words, whether it only ``describes`` a well-known
    event, what would support and what would contradict it, its ``indicators`` (by name)
    and its ``caveats`` (words of WARNINGS)."""

    point: str
    claim: str
    central: str
    literal: str
    charitable: str
    rival: str
    differs: str
    describes: str
    supports_if: str
    contradicts_if: str
    indicators: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()


@cache
def checks() -> tuple[Check, ...]:
    """All checks, in the order of ``checks/claims.csv``; SeedError for an unknown caveat."""
    found = []
    for row in table("claims"):
        several = {name: tuple(split_cell(row[name])) for name in ("indicators", "caveats")}
        if unknown := [word for word in several["caveats"] if word not in WARNINGS]:
            raise SeedError(
                f"checks/claims.csv, {row['claim']}: {', '.join(unknown)} is not in caveats.csv"
            )
        found.append(Check(**{**row, **several}))
    return tuple(found)


def check_of(claim: str) -> Check:
    """The check of one claim, by its id; SeedError naming those there are.

    >>> check_of("cl_thesis").point
    'A6'
    """
    known = {check.claim: check for check in checks()}
    if claim not in known:
        raise SeedError(f"claim: '{claim}' has no check; there are: {', '.join(known)}")
    return known[claim]


CONFIDENCE = ("verified", "partly", "common")  # best known first


@dataclass(frozen=True)
class Value:
    """One value: ``who`` it is of, its role (claimed, compared, or baseline: others for scale), the
    value with its range, the ids it rests on, its date, how well it is known."""

    who: str
    role: str
    value: float
    low: float
    high: float
    ids: str
    date: str = ""
    confidence: str = "verified"


class Side(NamedTuple):
    """Which way an indicator points (supports, contradicts, neither), the date of the value that
    decides, where it has one, the confidence, where it is not that of the least known value, and
    what it ``says`` in a phrase, where the largest values do not."""

    word: str
    date: str = ""
    confidence: str = ""
    says: str = ""


@dataclass(frozen=True)
class Indicator:
    """One quantity for one claim: its values, and ``side`` (supports, contradicts, neither) by the
    ``rule`` in words. ``even`` is where both sides would be equal."""

    name: str
    title: str
    unit: str
    rule: str
    values: tuple[Value, ...] = ()
    side: str = "neither"
    test: str = "straw_in_the_wind"
    charitable_test: str = ""
    event: str = ""
    confidence: str = "verified"
    log: bool = False
    percent: bool = False
    even: float | None = None
    date: str = ""
    modality: str = ""
    sentence: str = ""
    says: str = ""

    def uses(self) -> set[str]:
        """The measures it reads, and the facts behind the values the claim is about: evidence that
        rests on one of them is not counted twice."""
        return {
            row_id
            for value in self.values
            for row_id in split_cell(value.ids)
            if row_id.startswith("mc_") or value.role == "claimed"
        }

    def points(self) -> tuple:
        """All of it that a verdict can turn on."""
        return self.name, self.side, self.date, self.confidence, frozenset(self.uses())

    def number(self, value: float) -> str:
        """A value as it is shown: a share in per cent, small ones in finer steps, or a number."""
        if self.percent:
            places = sum(0 < value < end for end in (0.1, 0.01))
            return f"{100 * value:.{places}f}%"
        if self.unit == "days":
            return f"{abs(value):,.0f} days {'before' if value < 0 else 'after'}"
        return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2f}"

    def amount(self, value: Value) -> str:
        """A value with its range, as it is shown."""
        low, high, middle = map(self.number, (value.low, value.high, value.value))
        if low == high:
            return middle
        if self.unit == "days" and value.low * value.high > 0:
            near, far = sorted((value.low, value.high), key=abs)
            return f"{abs(near):,.0f} to {self.number(far)}"
        return f"{low} to {high}" if middle in (low, high) else f"{middle} ({low} to {high})"

    def in_brief(self) -> str:
        """What it says; else its sentence with the largest values on both sides."""
        most = [largest(self.values, role) for role in ("claimed", "compared")]
        told = [
            part.format(who=with_the(in_text(value.who)), amount=self.amount(value))
            for part, value in zip(self.sentence.split("; "), most, strict=False)
            if value
        ]
        return self.says or "; ".join(told)


Reading = tuple[Sequence[Value], Side | None]  # no side: a value is missing, so nothing is decided
INDICATORS: dict[str, Callable[[Record, str], Indicator]] = {}
ABOUT = {row.pop("indicator"): row for row in table("indicators")}
# which choices an indicator reads; no other moves it
OPTIONS_OF = {name: tuple(split_cell(row["options"])) for name, row in ABOUT.items()}
OF_ABOUT = ("unit", "rule", "test", "charitable_test", "event", "modality")


def indicator(read: Callable[[Record, str], Reading]) -> Callable[[Record, str], Indicator]:
    """Makes a function that reads values and a side off a record into one that gives an Indicator,
    and lists it under its name.

    What is said of it comes from ``checks/indicators.csv``, which may name choices in force; a row
    ``name@claim`` there gives it another test for one claim."""
    name = read.__name__

    @wraps(read)
    def read_once(record: Record, claim: str) -> Indicator:
        key = (name, claim, *(getattr(record.options, option) for option in OPTIONS_OF[name]))
        if key not in record.read:
            record.read[key] = read_off(record, claim)
        return record.read[key]

    def read_off(record: Record, claim: str) -> Indicator:
        values, side = read(record, claim)
        about = ABOUT[name] | {"test": ABOUT.get(f"{name}@{claim}", ABOUT[name])["test"]}
        chosen = record.options.in_words()
        title = about["title"].format(**chosen)
        left = {"who": "{who}", "amount": "{amount}"}  # put in by in_brief
        found = Indicator(
            name,
            title=title,
            sentence=about["sentence"].format(**chosen, **left, title=title),
            values=tuple(values),
            log=about["scale"] == "log",
            percent=about["percent"] == "yes",
            even=float(about["even"]) if about["even"] else None,
            **{column: about[column] for column in OF_ABOUT},
        )
        if side is None:
            return found
        known = [value.confidence for value in values if value.role != "baseline"]
        least = side.confidence or max(known, key=CONFIDENCE.index, default="verified")
        date = side.date or _latest(record, values_of(values, "claimed"))
        return replace(found, side=side.word, date=date, confidence=least, says=side.says)

    INDICATORS[name] = read_once
    return read_once


def _latest(record: Record, values: Sequence[Value]) -> str:
    """The date that places an indicator: of the value least sure to be from before the article."""
    dates = [value.date for value in values if value.date]
    ranks = [WHEN.index(word) for word in placed(record.seed, dates)]
    return dates[ranks.index(max(ranks))] if dates else ""


def side_of(supports: bool, contradicts: bool | None = None, date: str = "") -> Side:
    """For, against, or neither; against where it is not for, unless ``contradicts`` is given.

    >>> side_of(True).word, side_of(False).word, side_of(False, False).word
    ('supports', 'contradicts', 'neither')
    """
    if supports:
        return Side("supports", date)
    against = contradicts is None or contradicts
    return Side("contradicts" if against else "neither", date)


def values_of(values: Sequence[Value], role: str) -> list[Value]:
    """The values of one role."""
    return [value for value in values if value.role == role]


def largest(values: Sequence[Value], role: str) -> Value | None:
    """The value of a role that is largest; None if it has none."""
    return max(values_of(values, role), key=lambda value: value.value, default=None)


def exact(
    who: str, role: str, value: float, ids: str, date: str = "", confidence: str = "verified"
) -> Value:
    """A value without a range."""
    return Value(who, role, value, value, value, ids, date, confidence)


def part_of(who: str, role: str, row: Mapping, whole: float = 0) -> Value:
    """A row of ``measures`` as a part of so many, or of what its unit says ("of 6 dyads")."""
    whole = whole or int(str(row["unit"]).split()[1])
    value, low, high = (float(row[name]) / whole for name in ("value", "low", "high"))
    return Value(who, role, value, low, high, row["id"], row["as_of"], row["confidence"])


def of_measures(
    record: Record, rows: pd.DataFrame, roles: Mapping[str, str], dated: bool = False
) -> list[Value]:
    """Rows of ``measures`` as values, role by coalition; ``dated`` adds the date to the name."""
    values, rows = [], rows[rows["value"].notna()]
    ends = {end: rows[end].fillna(rows["value"]) for end in ("low", "high")}
    for row in rows.assign(**ends).to_dict("records"):
        who = _who(record, row) + (f", {date_in_words(row['as_of'])}" if dated else "")
        values.append(part_of(who, roles.get(row["coalition"], "baseline"), row, 1))
    return values


def _who(record: Record, row: Mapping) -> str:
    if row["dyad"] == "all" or ";" in row["dyad"]:
        return record.called(row["coalition"])
    return pair_name(record, row["dyad"].split("-"))


def pair_name(record: Record, pair: Sequence[str]) -> str:
    """Two actors by name."""
    return " and ".join(record.called(actor) for actor in pair)


def pairs(text: str) -> list[tuple[str, str]]:
    """Pairs of actors from a line such as "USA-GBR GBR-FRA"."""
    return [(left, right) for left, right in (pair.split("-") for pair in text.split())]
