"""The article's claims against the record: what is checked, what was measured, and the verdict by a
stated rule.

Nothing here opens the record by itself: give a seed that was opened with ``layers=["article",
"context"]``.
"""

from axislib.record.choices import choices, every_way
from axislib.record.claims import WARNINGS, Check, check_of, checks
from axislib.record.coders import by_coder, coders, coders_agree
from axislib.record.cutoff import cutoff, placed, reasons
from axislib.record.evidence import findings, values, yardsticks
from axislib.record.filled import filled, filled_seed, what_changes
from axislib.record.options import Options, Record
from axislib.record.verdict import RULE, VERDICTS, WORDS, in_words, judge, verdicts, warnings

__all__ = [
    "RULE",
    "VERDICTS",
    "WORDS",
    "WARNINGS",
    "Check",
    "Options",
    "Record",
    "by_coder",
    "check_of",
    "checks",
    "choices",
    "coders",
    "coders_agree",
    "cutoff",
    "every_way",
    "filled",
    "filled_seed",
    "findings",
    "in_words",
    "judge",
    "placed",
    "reasons",
    "values",
    "verdicts",
    "warnings",
    "what_changes",
    "yardsticks",
]
