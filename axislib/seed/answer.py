"""What ``Seed.why`` gives: a table, printed so that no sentence is cut."""

from __future__ import annotations

import shutil
import textwrap

import pandas as pd

_OF_A_SENTENCE = ("locator", "section", "sentence")


class Answer(pd.DataFrame):
    """A DataFrame whose rows are printed whole: what they share once, then each row by itself.

    Whatever is made of it (a selection, a copy) is an ordinary DataFrame.
    """

    def __repr__(self) -> str:
        if self.empty:
            return super().__repr__()
        shared = [
            column
            for column in self
            if column not in _OF_A_SENTENCE and len(set(self[column])) == 1
        ]
        own = [column for column in self if column not in shared]
        rows = self.to_dict("records")
        blocks = [(rows[0], shared), *((row, own) for row in rows if own)]
        return "\n\n".join(
            "\n".join(filter(None, (_line(column, row[column]) for column in columns)))
            for row, columns in blocks
        )

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.max_colwidth", None):
            return super()._repr_html_()


def _line(column: str, value: object) -> str:
    text = " ".join(str(value).split())
    if column == "sentence" and not text:
        text = "(your own copy of the text is not at hand; axislib text --help)"
    width = min(shutil.get_terminal_size().columns, 100)
    # a URL or an id longer than the line stays whole, to be copied
    return textwrap.fill(
        text,
        width,
        initial_indent=f"{column:<10} ",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
