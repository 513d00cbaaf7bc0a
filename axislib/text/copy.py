"""A reader's own copy of a seed's text: found, read, and asked for its sentences.

Anchors are selectors of the W3C Web Annotation Data Model (2017): position, and quote with a copy.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.tables.schema import records
from axislib.tables.spreadsheets import is_plain_western, likely_encoding, read_file
from axislib.text.receipt import fingerprint, is_the_article, joined, locate

_SAVE = "save the article's text as plain text (.txt, UTF-8)"
_CERTAIN = 0.5  # how much of a text must look like its language, from 0 to 1
_SCRIPTS = {"CYRILLIC", "GREEK", "HEBREW", "ARABIC"}
_OTHER_FILES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word or zip file",
    b"\xd0\xcf\x11\xe0": "a Word file",
    b"{\\rtf": "an RTF file",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")

Place = str | os.PathLike


@dataclass(frozen=True, eq=False)
class Text:
    """A reader's own copy of a seed's text and the file's name; it is never written anywhere."""

    raw: str = field(repr=False)
    sentences: pd.DataFrame = field(repr=False)
    source: str = ""

    @cached_property
    def receipt(self) -> pd.DataFrame:
        """One row a sentence: see ``locate``."""
        return locate(self.raw, self.sentences)

    @cached_property
    def _found(self) -> dict[str, tuple[int, int]]:
        found = self.receipt[self.receipt["status"].isin(["exact", "moved"])]
        return {row["locator"]: (int(row["start"]), int(row["end"])) for row in records(found)}

    def sentence(self, locator: str) -> str:
        """The sentence in the copy's own words, on one line; empty where it is not found. A changed
        sentence is not shown, since no hash vouches for it: its place is in ``receipt``."""
        if locator not in self._found:
            return ""
        start, end = self._found[locator]
        words = " ".join(re.sub(r"\u00ad\s+", "", self.raw[start:end]).split())
        sha = self.sentences.loc[self.sentences["locator"] == locator, "sha256"].iloc[0]
        return words if fingerprint(words) == sha else joined(words, sha)


def read_copy(path: Place) -> str:
    """The words of a text file: UTF-8, UTF-16 with its mark, Windows-1252, or another old encoding
    if its letters leave no doubt (``encoding_of`` says which).

    SeedError for any other file, and where the encoding is uncertain: misread letters have no hash.
    """
    path = Path(path)
    data = read_file(path)
    kind = next((kind for mark, kind in _OTHER_FILES.items() if data.startswith(mark)), "")
    words = "" if kind else _decode(data, path.name)[0]
    if kind or not _is_text(words):
        kind = kind or "not text"
        raise SeedError(f"{path.name}: {kind}; open it in its own program, then {_SAVE}")
    if not words.strip():
        raise SeedError(f"{path.name}: empty; {_SAVE}")
    return words


def encoding_of(path: Place) -> str:
    """The old encoding, and language, of a text file; empty for UTF-8, UTF-16 and Windows-1252."""
    return _decode(read_file(Path(path)), Path(path).name)[1]


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """The text, and its encoding if that was found by its letters alone."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-8-sig", "utf-16" if marked else "cp1252"):
        with suppress(UnicodeDecodeError):
            words = data.decode(encoding)
            if encoding != "cp1252" or is_plain_western(words) or not _is_text(words):
                return words, ""
    if marked:
        raise SeedError(f"{name}: not text (it begins as UTF-16 and is cut off); {_SAVE}")
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    words = str(best or "")
    if best and best.coherence >= _CERTAIN and _in_one_other_script(words):
        return words, f"{best.encoding.replace('_', '-')} ({best.language})"
    guess = likely_encoding(data)
    raise SeedError(f"{name}: not text in UTF-8, and no other encoding is certain{guess}; {_SAVE}")


def _in_one_other_script(words: str) -> bool:
    """Whether all letters beyond ASCII are of one other script, as misread ones never are."""
    letters = [sign for sign in set(words) if sign.isalpha() and not sign.isascii()]
    scripts = {unicodedata.name(sign, "?").split()[0] for sign in letters}
    return len(scripts) == 1 and scripts <= _SCRIPTS


def _is_text(words: str) -> bool:
    return "\0" not in words and len(_CONTROL.findall(words)) <= len(words) / 100


def find_text(folders: Iterable[Place], sentences: pd.DataFrame) -> Text | None:
    """The reader's own copy: of all ``.txt`` files the one with the most exact sentences, or None.

    Looks into the given folders (not below them) and into the folder, or the file, that the
    environment variable AXISLIB_TEXTS names. Files that ``read_copy`` refuses and foreign texts are
    passed over without a word; ``read_copy`` and the ``summary`` of a receipt say why.
    """
    best, most = None, 0
    for path in text_files([*folders, *filter(None, [os.environ.get("AXISLIB_TEXTS")])]):
        with suppress(SeedError):
            text = Text(read_copy(path), sentences, path.name)
            exact = int((text.receipt["status"] == "exact").sum())
            if exact > most and is_the_article(text.receipt):
                best, most = text, exact
    return best


def text_files(places: Iterable[Place]) -> list[Path]:
    """Files to look into, each once, in a stable order; a place that cannot be read holds none."""
    files: dict[Path, None] = {}
    for place in places:
        with suppress(OSError, ValueError, RuntimeError):
            place = Path(place).expanduser()
            found = [place] if place.is_file() else sorted(place.iterdir())
            files.update(
                (path.resolve(), None)
                for path in found
                if path.is_file() and (path == place or path.suffix.lower() == ".txt")
            )
    return list(files)
