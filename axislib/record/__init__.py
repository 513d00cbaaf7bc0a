"""The article's claims against the record: what is checked, what was measured, the verdict by a
stated rule, and how far it holds.

Nothing here opens the record by itself: give a seed that was opened with ``layers=["article",
"context"]``."""

from axislib.record.claims import FORMS, WARNINGS, Check, check_of, checks
from axislib.record.filled import filled, filled_seed, outcomes, what_changes
from axislib.record.options import Options, Record, cutoff, placed, reasons
from axislib.record.sensitivity import (
    ROBUSTNESS,
    coders,
    coders_agree,
    exceptions,
    in_words,
    robustness,
    thesis_in_words,
    variations,
)
from axislib.record.verdict import (
    DIRECTION,
    RULE,
    VERDICTS,
    WORDS,
    findings,
    indicators_of,
    judge,
    lines,
    values,
    verdicts,
    warnings,
)

__all__ = [
    "DIRECTION", "FORMS", "ROBUSTNESS", "RULE", "VERDICTS", "WARNINGS", "WORDS", "Check",
    "Options", "Record", "check_of", "checks", "coders", "coders_agree", "cutoff", "exceptions",
    "filled", "filled_seed", "findings", "in_words", "indicators_of", "judge", "lines", "outcomes",
    "placed", "reasons", "robustness", "thesis_in_words", "values", "variations", "verdicts",
    "warnings", "what_changes",
]  # fmt: skip
