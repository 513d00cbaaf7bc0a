"""Where the sentences of a seed stand in a reader's own copy of the text, known by hash and length alone.

Hashes are of the sentence after NFKC, with straight quotes and single spaces. Anchors follow the W3C Web
Annotation Data Model (2017): a position selector, and a quote selector only where the text is at hand.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

RECEIPT = ["locator", "section", "status", "start", "end", "note"]
LARGEST = 20_000_000  # bytes of a file that is still looked into
_FOREIGN = 300_000  # a longer text without one sentence where sentences begin is not searched word by word
_NEAR = 20_000  # code points beside a known sentence in which a missing one is looked for in other spellings
_PIECES = 400  # pieces of other words between two known sentences that are compared with the missing ones

_STRAIGHT = str.maketrans({
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff", None),  # invisible: soft hyphen, BOM and the like
})
_STOP = re.compile(r"(?<=[.?!:;]) |(?<=[.?!:;][\"')\]]) ")
# a hyphen at a line's end may belong to the word or not; a dash may be long or short, with spaces or without
_SITE = re.compile(r"(?P<hyphen>(?<=\w)(?:[-\u2010] |\u2010)(?=\w))| - | ?(?:--+|[\u2013\u2014]) ?")
_HYPHENS, _DASHES = ("-", ""), (" \u2013 ", " \u2014 ", " - ", "\u2013", "\u2014", "--")
_OTHER_FILES = {b"%PDF": "a PDF", b"PK\x03\x04": "a Word or zip file", b"\xd0\xcf\x11\xe0": "a Word file",
                b"{\\rtf": "an RTF file"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")

Place = str | os.PathLike
Hit = tuple[int, int, str]  # start and end in the normalised text, and the hash found there
Piece = tuple[int, int]
Known = tuple[int, str]  # length and hash of a sentence
Site = tuple[int, int, tuple[str, ...]]  # start and end of a dash or hyphen, and how it may be spelled


class TextError(ValueError):
    """A file or table that cannot be used as a text; the message says which, what is wrong, and the mend."""


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


class _Folded:
    """A text normalised word by word, with the way back to its code points and the places where words end."""

    def __init__(self, raw: str):
        self.raw_at, self.words, self.at, parts, size, last, lines = [], [], [], [], 0, 0, []
        for found in re.finditer(r"\S+", raw):
            word = found[0]
            part = word if word.isascii() and "`" not in word else normalise(word)
            part += "-" * word.endswith("\u00ad")  # a soft hyphen is seen only where the line ends
            if part:
                if "\n" in raw[last:found.start()] or "\r" in raw[last:found.start()]:
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
        """The code point of the raw text at which a place of the normalised text begins, or a word ends."""
        word = bisect_right(self.at, place) - 1
        known, inside = self.words[word], place - self.at[word]
        if known.isascii():
            return self.raw_at[word] + inside
        cuts = range(len(known) + 1)
        return self.raw_at[word] + bisect_right(cuts, inside, key=lambda cut: len(normalise(known[:cut]))) - 1

    @cached_property
    def word_edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Where a sentence might begin (places) or end (a truth value a place), even glued to other words."""
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
    return 0 if sign == " " else 1 if not sign.isalnum() else 3 if sign.isupper() else 2


def locate(raw: str, sentences: pd.DataFrame) -> pd.DataFrame:
    """The receipt: where each sentence of a seed stands in a copy of its text.

    ``sentences`` has ``locator``, ``section``, ``start`` (for the order), ``length`` and ``sha256``. One row
    a sentence: ``locator``, ``section``, ``status``, ``start`` and ``end`` (code points in ``raw``, end
    exclusive, NA when lost), ``note``. ``exact``: found by its hash, in order. ``moved``: found out of order.
    ``changed``: other words of about its length stand between its exact neighbours. ``lost``: none do. Equal
    sentences are given out in document order. Raises TextError if columns are missing. A hash cannot tell
    what was changed, nor a changed sentence from foreign words of its length in its place.

    >>> seed = pd.DataFrame({"locator": ["P01.S1", "P01.S2"], "section": "body", "length": [9, 8],
    ...                      "sha256": [fingerprint("It rains."), fingerprint("We stay.")]})
    >>> locate("Advertisement\\nIt  rains.", seed)["status"].tolist()
    ['exact', 'lost']
    """
    table, known = _in_document_order(sentences)
    locators = table["locator"].astype(str).tolist()
    copy = _Folded(raw)
    hits, own, moved = _find(copy, known)
    rows = {i: ("exact", *hits[j][:2], "") for i, j in own.items()}
    for i, j in moved.items():
        before = [k for k in own if hits[own[k]][0] < hits[j][0]]
        note = f"stands after {locators[max(before)]}" if before else "stands before all others"
        rows[i] = ("moved", *hits[j][:2], note)
    for missing, low, high in _gaps(known, hits, own, moved, len(copy.text)):
        at_head, at_tail = missing[0] == 0, missing[-1] == len(known) - 1
        cuts = copy.lines if at_head or at_tail else copy.starts
        pieces = _pieces(copy, low, high, hits, cuts) if own else []
        where = _align([known[i][0] for i in missing], pieces, at_head, at_tail)
        for i, piece in zip(missing, where, strict=True):
            if piece:
                note = f"{piece[1] - piece[0]} code points stand there, {known[i][0]} in the original"
                rows[i] = ("changed", *piece, note)
            else:
                note = "what stands there is not of its length" if pieces else "nothing stands there"
                rows[i] = ("lost", None, None, note if own else "no sentence of this seed was found")
    receipt = pd.DataFrame([rows[i] for i in range(len(known))], columns=RECEIPT[2:], dtype=object)
    for end in ("start", "end"):
        places = [pd.NA if place is None else copy.raw_place(place) for place in receipt[end]]
        receipt[end] = pd.array(places, dtype="Int64")
    receipt = receipt.astype({"status": "str", "note": "str"})
    return receipt.assign(locator=locators, section=table["section"].tolist())[RECEIPT]


def _in_document_order(sentences: pd.DataFrame) -> tuple[pd.DataFrame, list[Known]]:
    missing = [name for name in ("locator", "length", "sha256") if name not in sentences]
    if missing:
        raise TextError(f"sentences: no column {', '.join(missing)}; use the table 'sentences' of a seed")
    table = sentences if "section" in sentences else sentences.assign(section="")
    if "start" in table:
        table = table.iloc[np.argsort(_numbers(table["start"]), kind="stable")]
    sizes = np.nan_to_num(_numbers(table["length"])).astype(int).tolist()
    return table, list(zip(sizes, table["sha256"].astype(str).str.lower(), strict=True))


def _numbers(cells: pd.Series) -> np.ndarray:
    return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _find(copy: _Folded, known: list[Known]) -> tuple[list[Hit], dict[int, int], dict[int, int]]:
    """Hits in text order, and whose they are: sentence to hit, in order and out of order."""
    wanted = Counter(known)
    hits = _claim(_hits(copy.text, wanted, copy.starts, copy.ends))
    searched: set[Known] = set()
    while hits or len(copy.text) <= _FOREIGN:  # again, since a hit may turn out to lie inside a longer one
        times = Counter(sha for *_, sha in hits)
        short = {one for one in wanted if times[one[1]] < wanted[one]} - searched
        if not short:
            break
        searched |= short
        hits = _claim(hits + _hits(copy.text, short, *copy.word_edges))
    own, moved = _assign(known, hits)
    spelled = []
    for missing, low, high in _gaps(known, hits, own, moved, len(copy.text)) if own else ():
        near = {(low, min(high, low + _NEAR)) if missing[0] else None,
                (max(low, high - _NEAR), high) if missing[-1] < len(known) - 1 else None} - {None}
        for ends in near:
            spelled += _other_spellings(copy, *ends, {known[i] for i in missing})
    if spelled:
        hits = _claim(hits + spelled)
        own, moved = _assign(known, hits)
    return hits, own, moved


def _hits(text: str, wanted: Iterable[Known], starts: np.ndarray, ends: np.ndarray) -> list[Hit]:
    """Every place where words of a wanted length, from a start to an end, have a wanted hash."""
    found = []
    hashes: dict[int, set[str]] = {}
    for size, sha in wanted:
        hashes.setdefault(size, set()).add(sha)
    for size, shas in hashes.items():
        fitting = starts[starts + size <= len(text)] if size > 0 else starts[:0]
        for start in fitting[ends[fitting + size]].tolist():
            sha = _sha(text[start:start + size])
            if sha in shas:
                found.append((start, start + size, sha))
    return found


def _other_spellings(copy: _Folded, low: int, high: int, wanted: set[Known]) -> list[Hit]:
    """Hits between two places if dashes, hyphens at a line's end or a bullet are spelled otherwise."""
    starts, ends = copy.word_edges
    sites, found = _sites(copy.text, low, high), []
    for start in starts[(starts >= low) & (starts < high)].tolist():
        for size, sha in wanted:
            for end, words in islice(_readings(copy.text, start, size, sites), 2000):
                if end <= high and ends[end] and _sha(words) == sha:
                    found.append((start, end, sha))
            for end in range(start + size - 3, start + size + 7):  # a length counted before NFKC
                if start < end <= high and ends[end] and _sha(copy.text[start:end]) == sha:
                    found.append((start, end, sha))
    return found


def _sites(text: str, low: int, high: int) -> list[Site]:
    return [(found.start(), found.end(), (found[0], *(_HYPHENS if found["hyphen"] else _DASHES)))
            for found in _SITE.finditer(text, low, high)]


def _readings(text: str, start: int, size: int, sites: list[Site]) -> Iterator[tuple[int, str]]:
    """Where a reading of so many code points ends, and its words; also with a bullet a list has eaten."""
    first = bisect_left(sites, (start,))
    todo = [(start, first, ""), (start, first, "-")]
    while todo:
        at, site, said = todo.pop()
        stop = sites[site][0] if site < len(sites) else len(text)
        end = at + size - len(said)
        if at < end <= stop:
            yield end, said + text[at:end]
        elif end > stop and site < len(sites):
            todo += [(sites[site][1], site + 1, said + text[at:stop] + sign) for sign in sites[site][2]]


def _claim(hits: list[Hit]) -> list[Hit]:
    """Hits in text order without those inside longer ones: a sentence within a sentence is not itself."""
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit[0] - hit[1], hit)):
        place = bisect_left(kept, hit)
        if (not place or kept[place - 1][1] <= hit[0]) and (place == len(kept) or hit[1] <= kept[place][0]):
            kept.insert(place, hit)
    return kept


def _assign(known: list[Known], hits: list[Hit]) -> tuple[dict[int, int], dict[int, int]]:
    found = {sha for *_, sha in hits}
    asked = [i for i, (_, sha) in enumerate(known) if sha in found]
    own = {asked[i]: j for i, j in _in_order([known[i][1] for i in asked], [sha for *_, sha in hits])}
    free: dict[str, list[int]] = {}
    for j in sorted(set(range(len(hits))) - set(own.values()), reverse=True):
        free.setdefault(hits[j][2], []).append(j)
    return own, {i: free[known[i][1]].pop() for i in asked if i not in own and free.get(known[i][1])}


def _in_order(said: list[str], found: list[str]) -> list[tuple[int, int]]:
    """Pairs of equal places: a longest common subsequence, among those one with the longest unbroken runs."""
    unit = len(said) + 1
    best = [[0] * (len(found) + 1) for _ in range(unit)]
    run = [[0] * (len(found) + 1) for _ in range(unit)]
    for i, one in enumerate(said, 1):
        for j, other in enumerate(found, 1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1])
            if one == other:
                run[i][j] = unit + max(best[i - 1][j - 1], run[i - 1][j - 1] + 1 if run[i - 1][j - 1] else 0)
                best[i][j] = max(best[i][j], run[i][j])
    pairs, i, j, running = [], len(said), len(found), False
    while i and j:
        if not running and best[i][j] == best[i - 1][j]:
            i -= 1
        elif not running and best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
            running = bool(run[i][j]) and run[i][j] + 1 > best[i][j]
    return pairs


def _gaps(known: list[Known], hits: list[Hit], own: dict[int, int], moved: dict[int, int],
          size: int) -> Iterator[tuple[list[int], int, int]]:
    """Runs of missing sentences, each with the places between which they would stand."""
    for before, after in pairwise([-1, *sorted(own), len(known)]):
        low = hits[own[before]][1] if before in own else 0
        high = hits[own[after]][0] if after in own else size
        if missing := [i for i in range(before + 1, after) if i not in moved]:
            yield missing, low, high


def _pieces(copy: _Folded, low: int, high: int, hits: list[Hit], cuts: np.ndarray) -> list[Piece]:
    """The words between two places that belong to no hit, cut up."""
    inside = hits[bisect_left(hits, (low,)):bisect_left(hits, (high,))]
    edges = [low, *(end for hit in inside for end in hit[:2]), high]
    pieces = []
    for begin, stop in zip(edges[::2], edges[1::2], strict=True):
        for left, right in pairwise([begin, *cuts[(cuts > begin) & (cuts < stop)].tolist(), stop]):
            words = copy.text[left:right]
            if any(map(str.isalnum, words)):
                pieces.append((left + words.startswith(" "), right - words.endswith(" ")))
    return pieces


def _align(sizes: list[int], pieces: list[Piece], at_head: bool, at_tail: bool) -> list[Piece | None]:
    """For each missing sentence the pieces that may be it, changed, or None: the cheapest way in order.

    Between two known sentences a third less or more will do, and pieces may be left over. Before the
    first or after the last anything may stand: there only the next line will do, if nearly of that length.
    """
    half, leeway, longest = (_PIECES // 2, 0.2, 1) if at_head or at_tail else (_PIECES // 2, 0.3, 12)
    if len(pieces) > _PIECES:
        pieces = (pieces[:half] if not at_head else []) + (pieces[-half:] if not at_tail else [])
    near = len(pieces)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}

    def reach(cost: float, to: tuple[int, int], via: tuple[int, int]) -> None:
        if to not in best or cost < best[to][0]:
            best[to] = cost, via

    for i in range(len(sizes) + 1):
        for j in range(near + 1):
            if (i, j) not in best:
                continue
            cost = best[i, j][0]
            if j < near and not (at_head and i) and not (at_tail and i < len(sizes)):
                reach(cost + 0.05, (i, j + 1), (i, j))
            if i == len(sizes):
                continue
            reach(cost + 1, (i + 1, j), (i, j))
            for stop in range(j + 1, min(j + longest, near) + 1):
                size = pieces[stop - 1][1] - pieces[j][0]
                unlike = abs(size - sizes[i]) / max(size, sizes[i], 24)  # one word is much in a short sentence
                if unlike < leeway:
                    reach(cost + unlike, (i + 1, stop), (i, j))
    where: list[Piece | None] = [None] * len(sizes)
    state = (len(sizes), near)
    while state != (0, 0):
        via = best[state][1]
        if via[0] < state[0] and via[1] < state[1]:
            where[via[0]] = (pieces[via[1]][0], pieces[state[1] - 1][1])
        state = via
    return where


def summary(receipt: pd.DataFrame) -> str:
    """One line on a receipt, such as '57 of 57 sentences exact'.

    A copy in which none but sentences of bio and credit are found, which an outlet repeats under other
    articles, is said not to be the article.

    >>> summary(pd.DataFrame({"section": "body", "status": ["exact", "exact", "lost"]}))
    '2 of 3 sentences exact, 1 lost'
    """
    status = receipt["status"]
    if len(receipt) and not _is_the_article(receipt):
        found = int(status.isin(["exact", "moved"]).sum())
        return f"this is not the article this seed is about ({found} of {len(receipt)} sentences found)"
    times = Counter(status)
    rest = [f"{times[name]} {name}" for name in ("moved", "changed", "lost") if times[name]]
    return ", ".join([f"{times['exact']} of {len(receipt)} sentences exact", *rest])


def _is_the_article(receipt: pd.DataFrame) -> bool:
    found = receipt["status"].isin(["exact", "moved"])
    repeated = receipt["section"].isin(["bio", "credit"])
    return bool(found.any()) and (bool(repeated.all()) or bool((found & ~repeated).any()))


@dataclass(frozen=True, eq=False)
class Text:
    """A reader's own copy of a seed's text: ``raw`` as read, the seed's ``sentences``, the name of its file.

    Nothing of it is written anywhere by this package.
    """

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
        return {row.locator: (int(row.start), int(row.end)) for row in found.itertuples()}

    def sentence(self, locator: str) -> str:
        """The sentence in the words and quotes of the copy, on one line; empty where it is not found.

        A changed sentence is not shown, since no hash vouches for it: its place is in ``receipt``.
        """
        if locator not in self._found:
            return ""
        start, end = self._found[locator]
        words = " ".join(re.sub(r"\u00ad\s+", "", self.raw[start:end]).split())
        sha = self.sentences.loc[self.sentences["locator"] == locator, "sha256"].iloc[0]
        if fingerprint(words) != sha:  # mend a word cut at a line's end, if that makes it the sentence
            sites = [site for site in _sites(words, 0, len(words)) if site[2][1:] == _HYPHENS]
            sizes = range(len(words) - 2 * len(sites), len(words) + 1)
            readings = islice((said for size in sizes for _, said in _readings(words, 0, size, sites)), 2000)
            words = next((said for said in readings if fingerprint(said) == sha), words)
        return words


def selectors(locator: str, sentences: pd.DataFrame, text: Text | str | None = None) -> dict:
    """W3C Web Annotation selectors of a sentence: ``{"selector": [...]}``, to stand beside a ``source``.

    Without a text, a TextPositionSelector in the original alone. With one (a ``Text`` or its raw words) in
    which the sentence is found, the position in that copy, and a TextQuoteSelector, which holds words of the
    article: for use at run time, not for a file. Raises TextError for an unknown locator.

    >>> selectors("P01.S1", pd.DataFrame({"locator": ["P01.S1"], "start": [0], "end": [9]}))
    {'selector': [{'type': 'TextPositionSelector', 'start': 0, 'end': 9}]}
    """
    row = sentences[sentences["locator"] == locator]
    if row.empty:
        some = ", ".join(sentences["locator"].astype(str).head(3))
        raise TextError(f"'{locator}' is no locator of this seed; write one such as {some}")
    text = Text(text, sentences) if isinstance(text, str) else text
    if text is None or locator not in text._found:
        start, end = (int(row[name].iloc[0]) for name in ("start", "end"))
        return {"selector": [{"type": "TextPositionSelector", "start": start, "end": end}]}
    start, end = text._found[locator]
    before, words, after = text.raw[max(0, start - 32):start], text.raw[start:end], text.raw[end:end + 32]
    return {"selector": [{"type": "TextPositionSelector", "start": start, "end": end},
                         {"type": "TextQuoteSelector", "exact": words, "prefix": before, "suffix": after}]}


def read_copy(path: Place) -> str:
    """The words of a text file: UTF-8, else UTF-16 with its mark, else Windows-1252.

    Raises TextError for what is no such file, too large, binary or empty. It cannot tell whether bytes
    that are no UTF-8 were meant as Windows-1252 or in another old encoding: then hashes fail.
    """
    path = Path(path)
    mend = "save the article's text as plain text (.txt, UTF-8)"
    try:
        if path.is_dir():
            raise TextError(f"{path.name}: a folder, not a file; name the .txt file in it")
        if path.stat().st_size > LARGEST:
            raise TextError(f"{path.name}: more than {LARGEST // 10**6} MB, too large for an article; {mend}")
        data = path.read_bytes()
    except TextError:
        raise
    except FileNotFoundError:
        raise TextError(f"{path.name}: there is no such file; check its name and folder") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise TextError(f"{path.name}: cannot be read ({why}); check the file and who may read it") from None
    kind = next((kind for mark, kind in _OTHER_FILES.items() if data.startswith(mark)), "")
    words = None if kind else _decode(data)
    if words is None or "\0" in words or len(_CONTROL.findall(words)) > len(words) / 100:
        raise TextError(f"{path.name}: {kind or 'not text'}; open it in its own program, then {mend}")
    if not words.strip():
        raise TextError(f"{path.name}: empty; {mend}")
    return words


def _decode(data: bytes) -> str | None:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-8-sig", "utf-16" if marked else "cp1252"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return None


def find_text(folders: Place | Iterable[Place] | None, sentences: pd.DataFrame) -> Text | None:
    """The reader's own copy: of all ``.txt`` files the one with the most exact sentences, or None.

    Looks into the given folders (not below them) and into the folder, or the file, that the environment
    variable AXISLIB_TEXTS names. Files that ``read_copy`` refuses and foreign texts are passed over without
    a word; to hear why, read the file with ``read_copy`` and see the ``summary`` of its receipt.
    """
    given = [folders] if isinstance(folders, (str, os.PathLike)) else list(folders or [])
    best, most = None, 0
    for path in _text_files([*given, *filter(None, [os.environ.get("AXISLIB_TEXTS")])]):
        with suppress(TextError):
            text = Text(read_copy(path), sentences, path.name)
            exact = int((text.receipt["status"] == "exact").sum())
            if exact > most and _is_the_article(text.receipt):
                best, most = text, exact
    return best


def _text_files(places: Iterable[Place]) -> list[Path]:
    """Files to look into, each once, in a stable order; a place that cannot be read holds none."""
    files: dict[Path, None] = {}
    for place in places:
        with suppress(OSError, ValueError, RuntimeError):
            place = Path(place).expanduser()
            found = [place] if place.is_file() else sorted(place.iterdir())
            files.update((path.resolve(), None) for path in found
                         if path.is_file() and (path == place or path.suffix.lower() == ".txt"))
    return list(files)
