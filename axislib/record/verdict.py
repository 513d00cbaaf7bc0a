"""The verdict on a claim, computed: findings from indicators and from the evidence of the record,
weighed by one stated rule."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from axislib.record import exchanges, regards, treaties, votes  # noqa: F401, they list themselves
from axislib.record.claims import WARNINGS, Check, check_of, checks
from axislib.record.indicators import INDICATORS, Indicator
from axislib.record.options import Record, placed
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell

VERDICTS = {
    "supported": "the record bears it out",
    "partly": "the record bears out a part and speaks against another",
    "contradicted": "the record speaks against it",
    "cannot_be_tested": "the record has nothing that would make it more or less likely",
    "overtaken_by_events": (
        "what speaks against it began when the article was being written, or later"
    ),
}
RULE = (
    "A finding of high weight has 3 points, of medium 2, of low 1; one step less (low: one half) if"
    " it is general knowledge not looked up, or only reported by somebody. What points neither way"
    " has none. No points: cannot be tested. A claim that never makes an exception is contradicted"
    " by one counter-instance of 2 points known before the article; a claim about certain cases is"
    " supported by one instance of 2 points. All others, and every claim in the second verdict, are"
    " weighed: supported if three quarters of the points or more speak for it, contradicted if a"
    " quarter or less, partly in between. Overtaken by events: weighed without what came in the"
    " span of the article's possible dates or later, it would be supported or untested; with it, it"
    " is not supported."
)
POINTS = {"high": 3.0, "medium": 2.0, "low": 1.0}
ONE_STEP_LESS = {3.0: 2.0, 2.0: 1.0, 1.0: 0.5}
SECOND_HAND = ("reported", "disputed", "hedged", "predicted")  # ways of saying that count less
DECISIVE = 2  # points of one instance that decides at its word
MOST, LEAST = 0.75, 0.25  # shares of the points for supported and for contradicted
LATER = ["within", "after"]
OF_VALUES = ("indicator title who role value low high unit side rule ids date confidence").split()
OF_FINDINGS = (
    "id kind evidence statement side weight points date confidence contested why"
).split()
OF_VERDICTS = (
    "point claim statement speaker verdict weighed form points_for points_against later unverified"
    " caveats supports_if contradicts_if"
).split()
WORDS = {
    "partly": "partly supported",
    "cannot_be_tested": "cannot be tested",
    "overtaken_by_events": "overtaken by events",
    "cannot_say": "cannot say",
    "not_stated": "not stated",
    **{word: word.replace("_", " ") for word in WARNINGS},
}


def indicators_of(record: Record, claim: str) -> list[Indicator]:
    """All indicators of one claim that have a value."""
    found = [INDICATORS[name](record, claim) for name in check_of(claim).indicators]
    return [indicator for indicator in found if indicator.values]


def values(record: Record, claim: str) -> pd.DataFrame:
    """What was measured for a claim: one row a value.

    Columns: ``indicator``, ``title``, ``who``, ``role`` (claimed, compared, baseline), ``value``,
    ``low``, ``high``, ``unit``, ``side`` of the indicator, its ``rule``, ``ids`` of what the value
    rests on, ``date``, ``confidence``. Never a value of the four alone: others stand beside it.

    >>> import axislib
    >>> frame = values(Record(axislib.open_seed(layers=["article", "context"])), "tr_prk_troops")
    >>> set(frame["role"]) == {"claimed", "compared", "baseline"}
    True
    """
    rows = [
        {
            **vars(value),
            **{name: getattr(found, name) for name in ("title", "unit", "side", "rule")},
            "indicator": found.name,
        }
        for found in indicators_of(record, claim)
        for value in found.values
    ]
    return pd.DataFrame(rows, columns=OF_VALUES)


def findings(record: Record, claim: str) -> pd.DataFrame:
    """Everything that bears on a claim: one row a finding, the evidence of the record first.

    Columns: ``id`` (of the row in the table ``bearings``, or the name of the indicator), ``kind``
    (evidence, indicator), ``evidence``, ``statement``, ``side``, ``weight``, ``points``, ``when``
    (see options.WHEN), ``confidence``, ``contested``, ``why``. Evidence that an indicator reads has
    no points of its own: it is counted once.
    """
    found = indicators_of(record, claim)
    used = {row_id for indicator in found for row_id in indicator.uses()}
    known = _evidence(record.seed)
    rows = []
    for row in record.seed.tables["bearings"].query("target == @claim").to_dict("records"):
        if row["evidence"] not in known:  # left out by a selection
            continue
        statement, date, modality = known[row["evidence"]]
        counts = row["bearing"] != "neither" and row["evidence"] not in used
        points = _points(row["weight"], row["confidence"], modality) if counts else 0.0
        about = {"kind": "evidence", "statement": statement, "side": row["bearing"]}
        rows.append({**row, **about, "points": points, "date": date})
    rows += [_of_indicator(indicator) for indicator in found]
    frame = pd.DataFrame(rows, columns=OF_FINDINGS)
    return frame.assign(when=placed(record.seed, frame["date"]))


def _of_indicator(found: Indicator) -> dict:
    """An indicator as a finding."""
    points = 0.0
    if found.side != "neither":
        points = _points(found.weight, found.confidence, "asserted")
    ids = dict.fromkeys(row_id for value in found.values for row_id in split_cell(value.ids))
    return {
        **{name: getattr(found, name) for name in ("side", "weight", "date", "confidence")},
        "id": found.name,
        "kind": "indicator",
        "evidence": ";".join(ids),
        "statement": found.title,
        "points": points,
        "contested": "",
        "why": found.rule,
    }


def _evidence(seed: Seed) -> dict[str, tuple[str, str, str]]:
    """Statement, date and modality of every fact and measure by id."""
    dates = {}
    for rows in (seed.events, seed.transfers):
        dates |= dict(zip(rows["id"], rows["date"], strict=True))
    rows, measures = seed.facts, seed.tables["measures"]
    known = {
        row_id: (statement, dates.get(row_id, ""), modality)
        for row_id, statement, modality in rows[["id", "statement", "modality"]].to_numpy()
    }
    columns = measures[["id", "definition", "as_of"]].to_numpy()
    return known | {row_id: (text, as_of, "asserted") for row_id, text, as_of in columns}


def _points(weight: str, confidence: str, modality: str) -> float:
    points = POINTS[weight]
    less = confidence != "verified" or modality in SECOND_HAND
    return ONE_STEP_LESS[points] if less else points


def judge(form: str, found: pd.DataFrame) -> str:
    """The verdict (a word of VERDICTS) on findings with ``side``, ``points``, ``when``, by RULE.

    ``form`` is one of claims.FORMS.

    >>> found = pd.DataFrame({"side": ["supports", "contradicts"], "points": 3.0, "when": "before"})
    >>> judge("weighed", found), judge("never", found)
    ('partly', 'contradicted')
    >>> judge("weighed", found.assign(when="after").tail(1))
    'overtaken_by_events'
    """
    then = found[~found["when"].isin(LATER)]
    if form == "never" and ((then["side"] == "contradicts") & (then["points"] >= DECISIVE)).any():
        return "contradicted"
    if form == "some" and ((then["side"] == "supports") & (then["points"] >= DECISIVE)).any():
        return "supported"
    at_the_time, in_all = _weigh(then), _weigh(found)
    if at_the_time in ("supported", "cannot_be_tested") and in_all in ("partly", "contradicted"):
        return "overtaken_by_events"
    return in_all


def _weigh(found: pd.DataFrame) -> str:
    points = found.groupby("side")["points"].sum()
    speaks_for, against = points.get("supports", 0.0), points.get("contradicts", 0.0)
    if speaks_for + against == 0:
        return "cannot_be_tested"
    share = speaks_for / (speaks_for + against)
    if share >= MOST:
        return "supported"
    return "contradicted" if share <= LEAST else "partly"


def verdicts(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The verdict table: one row a check, in the order of the dossier; an invitation to discuss,
    not a mark for the author.

    Columns: ``point``, ``claim``, ``statement``, ``speaker``, ``verdict`` (at its word),
    ``weighed`` (the same findings weighed), ``form``, ``points_for``, ``points_against``, ``later``
    (findings dated in the span of the article's possible dates or after), ``unverified`` (findings
    not fully looked up), ``caveats`` (words of WARNINGS), ``supports_if``, ``contradicts_if``.
    Checks whose claim a selection has left out have no row. Raises SeedError for a claim without a
    check.

    >>> import axislib
    >>> table = verdicts(Record(axislib.open_seed(layers=["article", "context"])), ["cl_thesis"])
    >>> set(table["verdict"]) <= set(VERDICTS)
    True
    """
    rows = [_row(record, check) for check in asked(record, claims)]
    return pd.DataFrame(rows, columns=OF_VERDICTS)


def asked(record: Record, claims: Sequence[str] = ()) -> list[Check]:
    """The checks of these claims, or all whose claim a selection has not left out."""
    known = set(record.seed.facts["id"])
    return [check_of(claim) for claim in claims] or [
        check for check in checks() if check.claim in known
    ]


def _row(record: Record, check: Check) -> dict:
    found, claim = findings(record, check.claim), record.seed.row(check.claim)
    counted = found[found["points"] > 0]
    later = int(counted["when"].isin(LATER).sum())
    unverified = int((counted["confidence"] != "verified").sum())
    caveats = dict.fromkeys(check.caveats)
    caveats |= {"later": None} if later else {}
    caveats |= {"unverified": None} if unverified else {}
    points = counted.groupby("side")["points"].sum()
    return {
        **vars(check),
        "statement": claim["statement"],
        "speaker": claim["speaker"],
        "verdict": judge(check.form, found),
        "weighed": judge("weighed", found),
        "points_for": float(points.get("supports", 0.0)),
        "points_against": float(points.get("contradicts", 0.0)),
        "later": later,
        "unverified": unverified,
        "caveats": ";".join(caveats),
    }


def in_words(record: Record, claims: Sequence[str] = ()) -> str:
    """The verdicts counted, in a sentence of Markdown that says what a verdict is."""
    table = verdicts(record, claims)
    counts = ", ".join(
        f"**{count}** {WORDS.get(word, word)}"
        for word in VERDICTS
        if (count := int((table["verdict"] == word).sum()))
    )
    apart = int((table["verdict"] != table["weighed"]).sum())
    return (
        f"Of **{len(table)}** statements put to the record, taken at their word: {counts}. Weighed,"
        f" **{apart}** of them come out otherwise. An op-ed may compress, and what was recorded is"
        " not all that was. Each verdict is an invitation to discuss, not a mark for the author."
    )


def warnings(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The caveats of the verdicts, each with its implication: ``warning``, ``implication``,
    ``claims``."""
    table, rows = verdicts(record, claims), []
    for word, text in WARNINGS.items():
        warned = table.loc[[word in split_cell(cell) for cell in table["caveats"]], "claim"]
        if len(warned):
            rows.append((word.replace("_", " "), text, ";".join(warned)))
    return pd.DataFrame(rows, columns=["warning", "implication", "claims"])
