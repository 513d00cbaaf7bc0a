"""The verdict on a claim, computed: findings from bearings and yardsticks, weighed by one stated
rule."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from axislib.record.claims import WARNINGS, Check, check_of, checks
from axislib.record.evidence import findings
from axislib.record.options import Record
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


COLUMNS = [
    "point",
    "claim",
    "statement",
    "speaker",
    "verdict",
    "weighed",
    "form",
    "points_for",
    "points_against",
    "later",
    "unverified",
    "caveats",
    "supports_if",
    "contradicts_if",
]
WORDS = {
    "partly": "partly supported",
    "cannot_be_tested": "cannot be tested",
    "overtaken_by_events": "overtaken by events",
    "cannot_say": "cannot say",
    "not_stated": "not stated",
    **{word: word.replace("_", " ") for word in WARNINGS},
}


def in_words(record: Record, claims: Sequence[str] = ()) -> str:
    """The verdicts counted, in a sentence of Markdown that says what a verdict is."""
    table = verdicts(record, claims)
    said = ", ".join(
        f"**{count}** {WORDS.get(word, word)}"
        for word in VERDICTS
        if (count := int((table["verdict"] == word).sum()))
    )
    apart = int((table["verdict"] != table["weighed"]).sum())
    return (
        f"Of **{len(table)}** statements put to the record, taken at their word: {said}. Weighed,"
        f" **{apart}** of them come out otherwise. An op-ed may compress, and what was recorded is"
        " not all that was. Each verdict is an invitation to discuss, not a mark for the author."
    )


def judge(form: str, found: pd.DataFrame) -> str:
    """The verdict (a word of VERDICTS) on findings with ``side``, ``points``, ``when``, by RULE.

    ``form`` is one of claims.FORMS.

    >>> judge("weighed", pd.DataFrame({"side": ["supports", "contradicts"], "points": [3.0, 3.0], "when": ["before", "before"]}))
    'partly'
    >>> judge("never", pd.DataFrame({"side": ["supports", "contradicts"], "points": [3.0, 3.0], "when": ["before", "before"]}))
    'contradicted'
    >>> judge("weighed", pd.DataFrame({"side": ["contradicts"], "points": [3.0], "when": ["after"]}))
    'overtaken_by_events'
    """
    then = found[~found["when"].isin(["within", "after"])]
    if form == "never" and ((then["side"] == "contradicts") & (then["points"] >= 2)).any():
        return "contradicted"
    if form == "some" and ((then["side"] == "supports") & (then["points"] >= 2)).any():
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
    return "supported" if share >= 0.75 else "contradicted" if share <= 0.25 else "partly"


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
    there = set(record.seed.facts["id"])
    asked = [check_of(claim) for claim in claims] or [
        check for check in checks() if check.claim in there
    ]
    return pd.DataFrame([_row(record, check) for check in asked], columns=COLUMNS)


def _row(record: Record, check: Check) -> dict:
    found, claim = findings(record, check.claim), record.seed.row(check.claim)
    counted_ = found[found["points"] > 0]
    later, unverified = (
        (counted_["when"].isin(["within", "after"])).sum(),
        (counted_["confidence"] != "verified").sum(),
    )
    more = [
        word
        for word, is_so in (("later", later), ("unverified", unverified))
        if is_so and word not in check.caveats
    ]
    by = counted_.groupby("side")["points"].sum()
    return {
        "point": check.point,
        "claim": check.claim,
        "statement": claim["statement"],
        "speaker": claim["speaker"],
        "verdict": judge(check.form, found),
        "weighed": judge("weighed", found),
        "form": check.form,
        "points_for": float(by.get("supports", 0.0)),
        "points_against": float(by.get("contradicts", 0.0)),
        "later": int(later),
        "unverified": int(unverified),
        "caveats": ";".join([*check.caveats, *more]),
        "supports_if": check.supports_if,
        "contradicts_if": check.contradicts_if,
    }


def warnings(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The caveats of the verdicts, each with its implication: ``warning``, ``implication``,
    ``claims``."""
    table = verdicts(record, claims)
    rows = [
        {
            "warning": word.replace("_", " "),
            "implication": text,
            "claims": ";".join(
                table.loc[[word in split_cell(cell) for cell in table["caveats"]], "claim"]
            ),
        }
        for word, text in WARNINGS.items()
    ]
    return pd.DataFrame(
        [row for row in rows if row["claims"]], columns=["warning", "implication", "claims"]
    )
