"""Words on their way into a page: the article's own, shown where a reader has a copy; ids and
locators, which become links; foreign markup, which becomes harmless."""

from __future__ import annotations

import html
import os
import re
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import nh3
import pandas as pd
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag
from markupsafe import Markup

from axislib.errors import SeedError
from axislib.seed.seed import Seed
from axislib.words import curly

LOCATOR = re.compile(r"\bP\d{2,}\.S\d+\b")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
_NOT_IN = ("a", "script", "style", "code", "pre", "button", "summary", "svg", "textarea")
_TAGS = (nh3.ALLOWED_TAGS | {"section"}) - {"map", "area"}
_STYLES = set(
    "background-color border color font-style font-weight max-height max-width min-width margin"
    " overflow padding text-align vertical-align white-space width".split()
)
_ATTRIBUTES = {
    "*": {"class", "style", "title", "lang", "dir", "role", "tabindex", "aria-label", "scope"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "details": {"open"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
LEAST_WORDS = 6  # of fewer words nobody could tell whose they are
_GAP = r"(?:\s|&nbsp;|<br\s*/?>|\\n)+"
_SCHEMES = {"http", "https", "mailto", "data"}  # data: for pictures alone


class Linker:
    """Turns known row ids and locators into links to ``tables.html`` and ``reading.html``.

    ``rows`` and ``locators`` are those the site has a place for: whatever else looks like one stays
    text."""

    def __init__(self, rows: Collection[str], locators: Collection[str]):
        self.rows, self.locators = frozenset(rows), frozenset(locators)

    def row(self, row_id: str, label: object = None) -> Markup:
        """A link to a row's place in the tables; plain text for an id without one."""
        shown = html.escape(str(row_id if label is None else label))
        link = f'<a href="tables.html#{row_id}">{shown}</a>'
        return Markup(link if row_id in self.rows else shown)

    def text(self, plain: object) -> Markup:
        """Plain text escaped, its locators linked."""
        return Markup(LOCATOR.sub(self._locator, html.escape(curly(str(plain)))))

    def _locator(self, match: re.Match) -> str:
        name = match.group()
        link = f'<a class="locator" href="reading.html#{name}">{name}</a>'
        return link if name in self.locators else name

    def html(self, fragment: str) -> Markup:
        """A fragment of HTML made harmless (see ``tame``), locators and lone ids linked."""
        soup = tame(fragment)
        for node in list(soup.find_all(string=True)):
            if type(node) is NavigableString and not _inside(node, _NOT_IN):
                linked = self._in_cell(node) or (self.text(node) if LOCATOR.search(node) else None)
                if linked and "<a " in linked:
                    node.replace_with(_Ready(linked))
        for code in soup.find_all("code"):
            name = code.get_text()
            if name in self.rows and not _inside(code, ("a", "pre", "summary", "button")):
                code.wrap(soup.new_tag("a", href=f"tables.html#{name}"))
        return Markup(str(soup))

    def _in_cell(self, node: NavigableString) -> Markup | None:
        """The linked ids of a table cell's line, if it is nothing but ids."""
        if not _inside(node, ("td", "th")):
            return None
        parts = [part.strip() for part in node.split(";")]
        if not all(part in self.rows or part in self.locators for part in parts):
            return None
        linked = (self.row(part) if part in self.rows else self.text(part) for part in parts)
        return Markup("; ").join(linked)


class _Ready(PreformattedString):
    """Markup written unchanged: parsing thousands of links to write them took half the time."""


def _inside(node: PageElement, names: Collection[str]) -> bool:
    return any(above.name in names for above in node.parents)


def tame(fragment: str) -> BeautifulSoup:
    """Parsed HTML without scripts, handlers, or anything that a browser would fetch from elsewhere.

    Links that a reader may click stay, and pictures that are part of the page. Tables are put into
    a box that scrolls."""
    clean = nh3.clean(
        fragment,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_harmless,
        filter_style_properties=_STYLES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    soup = BeautifulSoup(clean, "html.parser")
    for tag in soup.select(".axl-table[style], .axl-table [style]"):
        del tag["style"]  # the site's own style sheet draws these tables
    for number, table in enumerate(soup.find_all("table"), start=1):
        _box(soup, table, number)
    return soup


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    """The attribute's value, or None for one that must go."""
    address = value.strip().lower()
    if attribute == "src":
        return value if address.startswith("data:image/") else None
    if attribute == "href":
        return None if address.startswith("data:") else value
    return value


def _box(soup: BeautifulSoup, table: Tag, number: int) -> None:
    for name in ("border", "width", "height"):
        table.attrs.pop(name, None)
    for cell in table.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"  # a heading without words is none
            cell.attrs.pop("scope", None)
    if table.find_parent(class_="axl-table"):
        return
    caption = table.find("caption")
    head = caption or table.find_previous(["h2", "h3"])
    label = "" if caption else f"Table {number}: "
    label = (label + (head.get_text(" ", strip=True) if head else "")).rstrip(": ")
    about = {"class": "axl-table", "tabindex": "0", "role": "region", "aria-label": label}
    table.wrap(soup.new_tag("div", attrs=about))


def impersonal(text: str) -> str:
    """Text without what belongs to one machine or run: memory addresses, folders of paths."""
    for place in (Path(__file__).parents[2], sys.prefix, tempfile.gettempdir(), Path.home()):
        if len(str(place)) > 3:
            text = text.replace(f"{place}{os.sep}", "")
    return _ADDRESS.sub("0x\u2026", text)


@dataclass(frozen=True)
class Wording:
    """The sentences of one seed's document. ``wanted``: None for wherever they are available.

    Raises SeedError if ``wanted`` is True and no copy of the text is found."""

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
            found = f"All {total} sentences were found in your copy of the text. This copy of the"
            return f"{found} website quotes them, so keep it for your own use."
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
    forms = dict.fromkeys((word, html.escape(word), html.escape(word, quote=False)))
    broken = [
        re.sub(r"\\-|[\u2013\u2014]", lambda hyphen: f"{hyphen[0]}(?:{_GAP})?", re.escape(form))
        for form in forms
    ]
    return f"(?:{'|'.join(broken)})"
