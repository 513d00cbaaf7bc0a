"""Do the words that a seed quotes are in the sentences it names? Asked where a copy of the text
is at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from axislib.check.cells import Finding
from axislib.tables.schema import missing_words, split_cell
from axislib.text.match import normalise

# columns that hold words of the text itself
QUOTED = ("words", "hedge", "date_words", "quantity_words", "source_words")


def check_words(
    tables: Mapping[str, pd.DataFrame], sentence: Callable[[str], str]
) -> list[Finding]:
    """Quotations, hedges and the words of date, quantity and source that are in none of the
    sentences of their row.

    ``sentence`` gives the words of a locator, or nothing where it is not found; a row without any
    is passed over. Case, quotation marks, other signs and blanks do not count. It cannot tell
    whether the words mean there what the row says.
    """
    findings = []
    for name, column in _columns(tables):
        for row, cells in enumerate(tables[name].to_dict("records"), start=2):
            anchors = split_cell(cells["anchors"])
            sentences = [_bare(sentence(locator)) for locator in anchors]
            for part in _quoted(cells[column], column) if all(sentences) else ():
                if not any(_bare(part) in words for words in sentences):
                    problem = f"not found in {', '.join(anchors)}"
                    findings.append(
                        Finding(f"{name}.csv", row, column, part, problem, _fix(column))
                    )
    return findings


def _quoted(value: str, column: str) -> list[str]:
    if column == "hedge":
        return split_cell(value)
    return [] if value in missing_words() else [value]


def _columns(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    for name, frame in tables.items():
        yield from ((name, column) for column in QUOTED if column in frame and "anchors" in frame)


def _fix(column: str) -> str:
    several = "; several hedges have ; between them" if column == "hedge" else ""
    return f"write the words as they are there, or name their sentence in anchors{several}"


def _bare(words: str) -> str:
    """Words in small letters, a blank around each; a question mark may be a hedge."""
    found = re.findall(r"[^\W_]+|[?]", normalise(words).casefold())
    return f" {' '.join(found)} "
