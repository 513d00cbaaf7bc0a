"""The article's claims against the record: what is checked, what was measured, and the verdict by a
stated rule.

Nothing here opens the record by itself: give a seed that was opened with ``layers=["article",
"context"]``.
"""

from axislib.record.claims import WARNINGS, Check, check_of, checks
from axislib.record.filled import filled, filled_seed, what_changes
from axislib.record.options import Options, Record, cutoff, placed, reasons
from axislib.record.sensitivity import by_coder, choices, coders, coders_agree, every_way
from axislib.record.verdict import (
    RULE,
    VERDICTS,
    WORDS,
    findings,
    in_words,
    indicators_of,
    judge,
    values,
    verdicts,
    warnings,
)

__all__ = [
    "RULE", "VERDICTS", "WORDS", "WARNINGS", "Check", "Options", "Record", "by_coder",
    "check_of", "checks", "choices", "coders", "coders_agree", "cutoff", "every_way",
    "filled", "filled_seed", "findings", "in_words", "indicators_of", "judge", "placed",
    "reasons", "values", "verdicts", "warnings", "what_changes",
]  # fmt: skip
