"""The text's own words in a report: shown where they are wanted and the reader's copy is there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

import pandas as pd

from axislib.errors import SeedError
from axislib.seed.seed import Seed

LEAST_WORDS = 6  # of fewer words nobody could tell whose they are
_GAP = r"(?:\s|&nbsp;|<br\s*/?>|\\n)+"


@dataclass(frozen=True)
class Wording:
    """The sentences of one seed's document. ``wanted``: None for wherever they are available.

    Raises SeedError if ``wanted`` is True and no copy of the text is found.
    """

    seed: Seed
    wanted: bool | None = None

    def __post_init__(self):
        if self.wanted and self.text is None:
            raise SeedError(
                "with_text: no copy of the text was found; put it as .txt into seeds/, or leave"
                " with_text out"
            )

    @cached_property
    def own(self) -> pd.DataFrame:
        """The sentences of the document itself, without those of other layers."""
        sentences = self.seed.sentences
        return sentences[sentences["layer"] == self.seed.metadata.get("layer", "article")]

    @cached_property
    def text(self):
        """The reader's own copy, or None; it is searched for the document's own sentences alone."""
        return replace(self.seed, tables={**self.seed.tables, "sentences": self.own}).text

    @property
    def shown(self) -> bool:
        """Whether the words may be in the report: available, and not to be left out."""
        return self.wanted is not False and self.text is not None

    @cached_property
    def words(self) -> dict[str, str]:
        """Locator -> the sentence, for every sentence that may be shown."""
        if self.text is None or not self.shown:
            return {}
        found = {locator: self.text.sentence(locator) for locator in self.own["locator"]}
        return {locator: words for locator, words in found.items() if words}

    def receipt(self) -> str:
        """One line on the text: checked, checked in part, or not found."""
        total = len(self.own)
        if self.text is None or not self.shown:
            return (
                "For copyright reasons we show paraphrases and sentence numbers, not the original"
                " wording."
            )
        proven = int(self.text.receipt["status"].isin(["exact", "moved"]).sum())
        if proven == total:
            return (
                f"All {total} sentences were found in your copy of the text. This report quotes"
                " them, so keep it for your own use."
            )
        return (
            f"{proven} of {total} sentences were found in your copy of the text; the others are"
            " shown without their words."
        )

    def masked(self, text: str) -> str:
        """Text from a notebook's output; where the words are to be left out, locators take the
        place of sentences.

        Finds a sentence whole, also escaped or broken by ``<br>``; it does not find a part of one.
        """
        if self.shown or self.text is None:
            return text
        for pattern, locator in self._patterns:
            text = pattern.sub(f"(sentence {locator})", text)
        return text

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern, str]]:
        assert self.text is not None, "there is nothing to mask"
        found = []
        for row in self.own.to_dict("records"):
            words = self.text.sentence(row["locator"]).split()
            # the title is a bibliographic fact
            if row["section"] != "headline" and len(words) >= LEAST_WORDS:
                found.append((re.compile(_GAP.join(map(_spellings, words))), row["locator"]))
        return found


def _spellings(word: str) -> str:
    """A pattern for a word, plain or escaped; hover boxes also break lines after a hyphen."""
    forms = dict.fromkeys((word, escape(word), escape(word, quote=False)))
    broken = [
        re.sub(r"\\-|[\u2013\u2014]", lambda hyphen: f"{hyphen[0]}(?:{_GAP})?", re.escape(form))
        for form in forms
    ]
    return f"(?:{'|'.join(broken)})"
