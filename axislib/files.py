"""Text that stays text: no cell of a file we write may be taken for a formula by a spreadsheet.

The rule is that of the OWASP page on CSV injection: a cell that begins with ``=``, ``+``, ``-``,
``@``, a tab or a line break gets an apostrophe before it.
"""

from __future__ import annotations

from numbers import Number

import pandas as pd

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def guard(value: object) -> str:
    """The value as text for a CSV cell.

    >>> guard('=HYPERLINK("x")'), guard("fine"), guard(-0.5)
    ('\\'=HYPERLINK("x")', 'fine', '-0.5')
    """
    text = "" if value is None or value is pd.NA or value != value else str(value)
    if isinstance(value, Number):
        return text  # a minus before a number is no formula
    # blanks before the sign do not make it harmless, nor do full-width signs; apostrophes are
    # doubled, so that nothing is lost
    return (
        "'" + text
        if text.lstrip(" \u00a0'").startswith((*_RISKY, "\uff1d", "\uff0b", "\uff0d", "\uff20"))
        else text
    )


def unguard(text: str) -> str:
    """What stood there before ``guard``; other apostrophes stay.

    >>> unguard("'=1"), unguard("'tis")
    ('=1', "'tis")
    """
    return text[1:] if text.startswith("'") and guard(text[1:]) == text else text


def to_csv(frame: pd.DataFrame) -> str:
    """A frame as CSV with plain line ends, every cell guarded."""
    return frame.map(guard).rename(columns=guard).to_csv(index=False, lineterminator="\n")
