"""Which words of a text, from where to where, have the hash of a sentence that is looked for.

Hashes are of the sentence after NFKC, with straight quotes and single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from itertools import islice

import numpy as np

_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys(
            "\u00ad\u200b\u200e\u200f\u2060\ufeff", None
        ),  # invisible: soft hyphen, BOM and the like
    }
)
_STOP = re.compile(r"(?<=[.?!:;]) |(?<=[.?!:;][\"')\]]) ")
# a hyphen at a line's end may belong to the word or not; a dash may be long or short, with spaces
# or without
_SITE = re.compile(r"(?P<hyphen>(?<=\w)(?:[-\u2010] |\u2010)(?=\w))| - | ?(?:--+|[\u2013\u2014]) ?")
HYPHENS, _DASHES = ("-", ""), (" \u2013 ", " \u2014 ", " - ", "\u2013", "\u2014", "--")

Hit = tuple[int, int, str]  # start and end in the normalised text, and the hash found there
Known = tuple[int, str]  # length and hash of a sentence
Site = tuple[
    int, int, tuple[str, ...]
]  # start and end of a dash or hyphen, and how it may be spelled


def normalise(text: str) -> str:
    """The text after NFKC, with straight quotes, single spaces and no invisible signs, stripped.

    >>> normalise(" \\u201cA\\u00a0 fine\\n day\\u2026\\u201d ")
    '"A fine day..."'
    """
    return " ".join(unicodedata.normalize("NFKC", text.translate(_STRAIGHT)).split())


def fingerprint(sentence: str) -> str:
    """SHA-256, in hex, of the normalised sentence as UTF-8: proves a copy and tells no words.

    >>> fingerprint("It\\u2019s so.") == fingerprint("It's\\nso.")
    True
    """
    return _sha(normalise(sentence))


def _sha(words: str) -> str:
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


class Folded:
    """A text normalised word by word, with the way back to its code points and the places where
    words end."""

    def __init__(self, raw: str):
        self.raw_at, self.words, self.at, parts, size, last, lines = [], [], [], [], 0, 0, []
        for found in re.finditer(r"\S+", raw):
            word = found[0]
            part = word if word.isascii() and "`" not in word else normalise(word)
            part += "-" * word.endswith("\u00ad")  # a soft hyphen is seen only where the line ends
            if part:
                if "\n" in raw[last : found.start()] or "\r" in raw[last : found.start()]:
                    lines.append(size)
                self.raw_at.append(found.start())
                self.words.append(word)
                self.at.append(size)
                parts.append(part)
                size += len(part) + 1
                last = found.end()
        self.text = " ".join(parts)
        stops = [found.start() for found in _STOP.finditer(self.text)]
        self.lines = np.array(lines, dtype=int)
        self.starts = np.unique([0, *lines, *(stop + 1 for stop in stops)])
        self.ends = self._at_ends([*(line - 1 for line in lines if line), *stops, len(self.text)])

    def raw_place(self, place: int) -> int:
        """The code point of the raw text at which a place of the normalised text begins, or a word
        ends."""
        word = bisect_right(self.at, place) - 1
        known, inside = self.words[word], place - self.at[word]
        if known.isascii():
            return self.raw_at[word] + inside
        cuts = range(len(known) + 1)
        return (
            self.raw_at[word]
            + bisect_right(cuts, inside, key=lambda cut: len(normalise(known[:cut])))
            - 1
        )

    @cached_property
    def word_edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Where a sentence might begin (places) or end (a truth value a place), even glued to other
        words."""
        codes = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        signs, which = np.unique(codes, return_inverse=True)
        kinds = [_kind(chr(sign)) for sign in signs.tolist()]
        kind = np.concatenate([[0], np.array(kinds, dtype=int)[which], [0]])
        left, right = kind[:-1], kind[1:]
        edge = (left < 2) | (right < 2) | ((left == 2) & (right == 3))
        return np.flatnonzero(edge & (right > 0)), edge & (left > 0)

    def _at_ends(self, places: list[int]) -> np.ndarray:
        ends = np.zeros(len(self.text) + 1, dtype=bool)
        ends[places] = True
        return ends


def _kind(sign: str) -> int:
    """0 a blank, 1 another sign, 2 a letter or digit, 3 a capital."""
    if not sign.isalnum():
        return int(sign != " ")
    return 3 if sign.isupper() else 2


def all_hits(text: str, wanted: Iterable[Known], starts: np.ndarray, ends: np.ndarray) -> list[Hit]:
    """Every place where words of a wanted length, from a start to an end, have a wanted hash."""
    found = []
    hashes: dict[int, set[str]] = {}
    for size, sha in wanted:
        hashes.setdefault(size, set()).add(sha)
    for size, shas in hashes.items():
        fitting = starts[starts + size <= len(text)] if size > 0 else starts[:0]
        for start in fitting[ends[fitting + size]].tolist():
            sha = _sha(text[start : start + size])
            if sha in shas:
                found.append((start, start + size, sha))
    return found


def other_spellings(copy: Folded, low: int, high: int, wanted: set[Known]) -> list[Hit]:
    """Hits between two places where dashes, hyphens or a bullet are spelled in another way."""
    starts, ends = copy.word_edges
    sites, found = sites_in(copy.text, low, high), []
    for start in starts[(starts >= low) & (starts < high)].tolist():
        for size, sha in wanted:
            for end, words in islice(readings_of(copy.text, start, size, sites), 2000):
                if end <= high and ends[end] and _sha(words) == sha:
                    found.append((start, end, sha))
            for end in range(start + size - 3, start + size + 7):  # a length counted before NFKC
                if start < end <= high and ends[end] and _sha(copy.text[start:end]) == sha:
                    found.append((start, end, sha))
    return found


def sites_in(text: str, low: int, high: int) -> list[Site]:
    return [
        (found.start(), found.end(), (found[0], *(HYPHENS if found["hyphen"] else _DASHES)))
        for found in _SITE.finditer(text, low, high)
    ]


def readings_of(text: str, start: int, size: int, sites: list[Site]) -> Iterator[tuple[int, str]]:
    """Where a reading of so many code points ends, and its words; also with a bullet a list has
    eaten."""
    first = bisect_left(sites, (start,))
    todo = [(start, first, ""), (start, first, "-")]
    while todo:
        at, site, said = todo.pop()
        stop = sites[site][0] if site < len(sites) else len(text)
        end = at + size - len(said)
        if at < end <= stop:
            yield end, said + text[at:end]
        elif end > stop and site < len(sites):
            todo += [
                (sites[site][1], site + 1, said + text[at:stop] + sign) for sign in sites[site][2]
            ]


def claim(hits: list[Hit]) -> list[Hit]:
    """Hits in text order without those inside longer ones: a sentence within a sentence is not
    itself."""
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit[0] - hit[1], hit)):
        place = bisect_left(kept, hit)
        if (not place or kept[place - 1][1] <= hit[0]) and (
            place == len(kept) or hit[1] <= kept[place][0]
        ):
            kept.insert(place, hit)
    return kept
