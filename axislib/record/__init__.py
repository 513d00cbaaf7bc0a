"""The article's claims against the record: what is checked, what was measured, and the verdict by a
stated rule.

Nothing here opens the record by itself: give a seed that was opened with ``layers=["article",
"context"]``.
"""

from .choices import choices, every_way
from .claims import WARNINGS, Check, check_of, checks
from .coders import by_coder, coders, coders_agree
from .cutoff import cutoff, placed, reasons
from .evidence import findings, values, yardsticks
from .filled import filled, filled_seed, what_changes
from .measured import Options, Record
from .verdict import RULE, VERDICTS, WORDS, in_words, judge, verdicts, warnings

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
