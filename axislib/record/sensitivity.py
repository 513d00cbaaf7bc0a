"""What a verdict is sensitive to: another vintage, series, treatment of absence, period or
denominator, and one coder's judgement in place of the agreed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from axislib.errors import SeedError
from axislib.record.claims import check_of, checks
from axislib.record.indicators import INDICATORS, OPTIONS_OF, Indicator, values_of
from axislib.record.options import WORDS_OF, Options, Record, home
from axislib.record.verdict import asked, verdicts
from axislib.seed.seed import Seed
from axislib.seed.variants import read_coding
from axislib.seminar.agreement import alpha, count_codes, interval
from axislib.tables.schema import vocabulary

PERIODS = ("2022/2024", "2006/2024", "2013/2021")
# a series and a vintage that exist together
TOGETHER = {"vintage": {"series": "all_votes"}, "series": {"vintage": "2025-07"}}
COMPARED = ["verdict", "weighed", "points_for", "points_against"]
NONE = float("nan")
# nominal: to change what a claim means is not half-way between for and against
SCALES = {"bearing": "nominal", "weight": "ordinal"}
ORDER = {"bearing": ("supports", "neither", "contradicts"), "weight": ("low", "medium", "high")}


def _tries(options: Options) -> list[tuple[str, str, Options]]:
    """Each option set to each of its values, all else as it is: (option, value, options)."""
    periods = tuple(dict.fromkeys((options.period, *PERIODS)))
    words = {**WORDS_OF, "period": periods}
    return [
        (option, value, replace(options, **{option: value}, **TOGETHER.get(option, {})))
        for option in ("vintage", "series", "absence", "denominator", "period")
        for value in words[option]
    ]


def every_way(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The quantities that a choice touches, under every choice: one row a claim, indicator, option
    and value.

    Columns: ``claim``, ``title`` of the indicator, ``option``, ``value``, ``claimed`` and
    ``compared`` (lowest to highest value of each role), ``side`` (which way it points then). It
    does not say which choice is right.
    """
    known, rows = set(record.seed.facts["id"]), []
    for claim in claims or [check.claim for check in checks()]:
        for name in check_of(claim).indicators if claim in known else ():
            for option, value, options in _tries(record.options):
                if option in OPTIONS_OF[name]:
                    found = INDICATORS[name](replace(record, options=options), claim)
                    spans = [_span(found, role) for role in ("claimed", "compared")]
                    title = found.title.split(",")[0]
                    rows.append((claim, title, option, value, *spans, found.side))
    columns = ["claim", "title", "option", "value", "claimed", "compared", "side"]
    return pd.DataFrame(rows, columns=columns)


def _span(found: Indicator, role: str) -> str:
    """The lowest and the highest value of a role; the range of a value that has no other beside
    it."""
    values = values_of(found.values, role)
    if not values:
        return "no value"
    ends = [values[0].low, values[0].high]
    if len(values) > 1:
        ends = [value.value for value in values]
    low, high = (f"{end:.1%}" if found.percent else f"{end:.2f}" for end in (min(ends), max(ends)))
    return low if low == high else f"{low} to {high}"


def choices(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """Where a choice moves a result: each option in turn set to each of its other values, all else
    as it is.

    One row a claim and changed verdict: ``claim``, ``option``, ``value``, ``verdict``, ``weighed``,
    ``was`` (both as they are now) and ``points`` (for and against). Claims that no choice moves
    have no row.
    """
    touched = {
        check.claim: {option for name in check.indicators for option in OPTIONS_OF[name]}
        for check in asked(record, claims)
    }
    now, rows = pd.DataFrame(), []
    if movable := [claim for claim, options in touched.items() if options]:
        now = verdicts(record, movable).set_index("claim")
    for option, value, options in _tries(record.options):
        moved = [claim for claim in movable if option in touched[claim]]
        if moved and options != record.options:
            rows += _moved(now, verdicts(replace(record, options=options), moved), option, value)
    columns = ["claim", "option", "value", "verdict", "weighed", "was", "points"]
    return pd.DataFrame(rows, columns=columns)


def _moved(now: pd.DataFrame, then: pd.DataFrame, option: str, value: str) -> list[tuple]:
    rows = []
    for new in then.to_dict("records"):
        old = now.loc[new["claim"]]
        if any(old[name] != new[name] for name in COMPARED):
            points = (
                f"{new['points_for']:g} for, {new['points_against']:g} against (was"
                f" {old['points_for']:g}, {old['points_against']:g})"
            )
            was = f"{old['verdict']};{old['weighed']}"
            rows.append((new["claim"], option, value, new["verdict"], new["weighed"], was, points))
    return rows


def coders(seed: Seed) -> pd.DataFrame:
    """What each coder put down before the two were reconciled: ``fact`` (id of a row of
    ``bearings``), ``column``, ``value``, ``memo``, ``coder``.

    Read from the folder ``coders`` of the layer context; empty if there is none. Raises SeedError
    for a column or a word that the table ``bearings`` does not have.
    """
    folder = home(seed)
    files = sorted((folder / "coders").glob("*.csv")) if folder else []
    codings = [read_coding(path).assign(coder=path.stem) for path in files]
    codes = pd.DataFrame(columns=["fact", "column", "value", "memo", "coder"])
    if codings:
        codes = pd.concat(codings, ignore_index=True)
    for row in codes.to_dict("records"):
        if row["column"] not in SCALES or row["value"] not in vocabulary(row["column"]):
            raise SeedError(
                f"coders/{row['coder']}.csv, {row['fact']}: {row['column']} '{row['value']}' is not"
                " known; use bearing or weight, and a word of the codebook"
            )
    return codes


def coders_agree(record: Record) -> pd.DataFrame:
    """How far they agreed before they talked: ``variable``, ``scale``, ``units``, ``alike``
    (share), ``alpha``, ``low``, ``high``.

    Krippendorff's alpha with a 95 % bootstrap interval (see ``axislib.seminar.agreement``), over
    the evidence that is in the record given. It cannot tell who is right.

    >>> import axislib
    >>> from axislib.record import Record
    >>> coders_agree(Record(axislib.open_seed(layers=["article", "context"])))["variable"].tolist()
    ['bearing', 'weight']
    """
    codes = coders(record.seed)
    codes = codes[codes["fact"].isin(record.seed.tables["bearings"]["id"])]
    rows = []
    for column, scale in SCALES.items():
        mine = codes[codes["column"] == column].rename(columns={"fact": "unit", "value": "code"})
        counts = count_codes(mine, ORDER[column])
        low, high = interval(counts, scale)
        alike = float((counts.max(axis=1) == counts.sum(axis=1)).mean()) if len(counts) else NONE
        rows.append((column, scale, len(counts), alike, alpha(counts, scale), low, high))
    return pd.DataFrame(
        rows, columns=["variable", "scale", "units", "alike", "alpha", "low", "high"]
    )


def by_coder(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The verdicts that come out otherwise when one coder's judgements stand alone: ``claim``,
    ``coder``, ``verdict``, ``weighed``, ``was`` (both as they are now). A claim without a row comes
    out the same whoever coded it.
    """
    now, rows = _words(verdicts(record, claims)), []
    for coder, codes in coders(record.seed).groupby("coder"):
        alone = _words(verdicts(judged_by(record, codes), claims))
        for claim, was in now.items():
            if alone[claim] != was:
                rows.append((claim, coder, *alone[claim], ";".join(was)))
    frame = pd.DataFrame(rows, columns=["claim", "coder", "verdict", "weighed", "was"])
    return frame.sort_values(["claim", "coder"], ignore_index=True)


def _words(table: pd.DataFrame) -> dict[str, list[str]]:
    """Both verdicts by claim."""
    rows = table[["claim", "verdict", "weighed"]].to_numpy().tolist()
    return {claim: words for claim, *words in rows}


def judged_by(record: Record, codes: pd.DataFrame) -> Record:
    """The record with one coder's judgements in place of the agreed ones; what was not coded
    stays."""
    frame = record.seed.tables["bearings"].copy()
    for column in SCALES:
        mine = codes[codes["column"] == column].set_index("fact")["value"]
        frame[column] = frame["id"].map(mine).fillna(frame[column])
    return replace(
        record, seed=replace(record.seed, tables={**record.seed.tables, "bearings": frame})
    )
