"""Where each sentence of a seed is in a copy of its text: exact, moved, changed or lost.

A sentence is known by its length and its hash alone: SHA-256 of what ``normalise`` makes of it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice, pairwise, product

import numpy as np
import pandas as pd

from axislib.files import sha256

RECEIPT = ["locator", "section", "status", "start", "end", "note"]
# a longer text without one sentence where sentences begin is not searched word by word
_FOREIGN = 300_000
_MANY = 2000  # readings of one place that are tried
# code points beside a known sentence in which a missing one is looked for in other spellings
_NEAR = 20_000
# pieces of other words between two known sentences that are compared with the missing ones
_PIECES = 400

Piece = tuple[int, int]
State = tuple[int, int]  # how many sentences and how many pieces are placed
_LEFT_OVER, _LOST = 0.05, 1.0  # what it costs not to use a piece, or not to find a sentence
_SHORT = 24  # code points
# quotation marks made straight, and what is invisible taken out: soft hyphen, BOM and the like
_MARKS = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "\u201c\u201d\u201e\u201f\u2033"
_STRAIGHT = str.maketrans(
    "".join(_MARKS),
    "'" * len(_MARKS[0]) + '"' * len(_MARKS[1]),
    "\u00ad\u200b\u200e\u200f\u2060\ufeff",
)
_STOP = re.compile(r"(?<=[.?!:;]) |(?<=[.?!:;][\"')\]]) ")
# a hyphen at a line's end may belong to the word; a dash may be long or short, spaced or not
_SITE = re.compile(r"(?P<hyphen>(?<=\w)(?:[-\u2010] |\u2010)(?=\w))| - | ?(?:--+|[\u2013\u2014]) ?")
HYPHENS, _DASHES = ("-", ""), (" \u2013 ", " \u2014 ", " - ", "\u2013", "\u2014", "--")

Chain = tuple[int, tuple]  # a score, and the pairs of places it is for, the last one first
_NONE: Chain = (0, ())
Hit = tuple[int, int, str]  # start and end in the normalised text, and the hash found there
Known = tuple[int, str]  # length and hash of a sentence
Site = tuple[int, int, tuple[str, ...]]  # start and end of a dash or hyphen, and its spellings


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
    return sha256(words.encode("utf-8", "surrogatepass"))


class Folded:
    """A text normalised word by word, with the way back to its code points, and where words end."""

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
        self.ends = np.zeros(size := len(self.text) + 1, dtype=bool)
        self.ends[[*(line - 1 for line in lines if line), *stops, size - 1]] = True

    def raw_place(self, place: int) -> int:
        """The code point of the raw text at which a place begins, or a word ends."""
        word = bisect_right(self.at, place) - 1
        known, inside = self.words[word], place - self.at[word]
        if known.isascii():
            return self.raw_at[word] + inside
        cuts = range(len(known) + 1)
        cut = bisect_right(cuts, inside, key=lambda cut: len(normalise(known[:cut])))
        return self.raw_at[word] + cut - 1

    @cached_property
    def word_edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Where a sentence may begin (places) or end (yes or no, a place), even glued to words."""
        kinds = {  # 0 a blank, 1 another sign, 2 a letter or digit, 3 a capital
            sign: 2 + sign.isupper() if sign.isalnum() else int(sign != " ")
            for sign in set(self.text)
        }
        kind = np.array([0, *map(kinds.__getitem__, self.text), 0])
        left, right = kind[:-1], kind[1:]
        edge = (left < 2) | (right < 2) | ((left == 2) & (right == 3))
        return np.flatnonzero(edge & (right > 0)), edge & (left > 0)


def all_hits(text: str, wanted: Iterable[Known], starts: np.ndarray, ends: np.ndarray) -> list[Hit]:
    """Every place where words of a wanted length, from a start to an end, have a wanted hash."""
    found, known = [], set(wanted)
    for size in {size for size, _ in known if size > 0}:
        fitting = starts[starts + size <= len(text)]
        for start in fitting[ends[fitting + size]].tolist():
            sha = _sha(text[start : start + size])
            if (size, sha) in known:
                found.append((start, start + size, sha))
    return found


def other_spellings(copy: Folded, low: int, high: int, wanted: set[Known]) -> list[Hit]:
    """Hits between two places where dashes, hyphens or a bullet are spelled in another way."""
    starts, ends = copy.word_edges
    sites, found = sites_in(copy.text, low, high), []
    for start in starts[(starts >= low) & (starts < high)].tolist():
        for size, sha in wanted:
            for end, words in islice(readings_of(copy.text, start, size, sites), _MANY):
                if end <= high and ends[end] and _sha(words) == sha:
                    found.append((start, end, sha))
            for end in range(start + size - 3, start + size + 7):  # a length counted before NFKC
                if start < end <= high and ends[end] and _sha(copy.text[start:end]) == sha:
                    found.append((start, end, sha))
    return found


def joined(words: str, sha: str) -> str:
    """The words with those joined that were cut at a line's end, if that gives this hash."""
    sites = [site for site in sites_in(words, 0, len(words)) if site[2][1:] == HYPHENS]
    sizes = range(len(words) - 2 * len(sites), len(words) + 1)
    readings = (said for size in sizes for _, said in readings_of(words, 0, size, sites))
    return next((said for said in islice(readings, _MANY) if fingerprint(said) == sha), words)


def sites_in(text: str, low: int, high: int) -> list[Site]:
    return [
        (found.start(), found.end(), (found[0], *(HYPHENS if found["hyphen"] else _DASHES)))
        for found in _SITE.finditer(text, low, high)
    ]


def readings_of(text: str, start: int, size: int, sites: list[Site]) -> Iterator[tuple[int, str]]:
    """Where a reading of this size ends, and its words; also with a bullet a list has eaten."""
    first = bisect_left(sites, (start,))
    todo = [(start, first, ""), (start, first, "-")]
    while todo:
        at, site, said = todo.pop()
        stop, after, signs = sites[site] if site < len(sites) else (len(text), 0, ())
        end = at + size - len(said)
        if at < end <= stop:
            yield end, said + text[at:end]
        elif end > stop:  # beyond the last site there are no signs
            todo += [(after, site + 1, said + text[at:stop] + sign) for sign in signs]


def claim(hits: list[Hit]) -> list[Hit]:
    """Hits in text order, none inside a longer one: a sentence within a sentence is not itself."""
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit[0] - hit[1], hit)):
        place = bisect_left(kept, hit)
        free = not place or kept[place - 1][1] <= hit[0]
        if free and (place == len(kept) or hit[1] <= kept[place][0]):
            kept.insert(place, hit)
    return kept


def locate(raw: str, sentences: pd.DataFrame) -> pd.DataFrame:
    """The receipt: where each sentence of a seed is in a copy of its text.

    ``sentences`` has ``locator``, ``section``, ``start`` (for the order), ``length`` and
    ``sha256``. One row a sentence: ``locator``, ``section``, ``status``, ``start`` and ``end``
    (code points in ``raw``, end exclusive, NA when lost), ``note``. ``exact``: found by its hash,
    in order. ``moved``: found out of order. ``changed``: other words of about its length are
    between its exact neighbours. ``lost``: none are. Equal sentences are given out in document
    order. A hash cannot tell a changed sentence from foreign words of its length in its place.

    >>> from axislib.text.receipt import fingerprint
    >>> seed = pd.DataFrame({"locator": ["P01.S1", "P01.S2"], "section": "body", "start": [0, 10],
    ...                      "length": [9, 8], "sha256": map(fingerprint, ["It rains.", "We go."])})
    >>> locate("Advertisement\\nIt  rains.", seed)["status"].tolist()
    ['exact', 'lost']
    """
    table = sentences.sort_values("start", key=_numbers, kind="stable")
    sizes = _numbers(table["length"]).fillna(0).astype(int)
    known = list(zip(sizes, table["sha256"].astype(str).str.lower(), strict=True))
    locators = table["locator"].astype(str).tolist()
    copy = Folded(raw)
    hits, own, moved = _find(copy, known)
    rows = {i: ("exact", *hits[j][:2], "") for i, j in own.items()}
    for i, j in moved.items():
        before = [k for k in own if hits[own[k]][0] < hits[j][0]]
        note = f"comes after {locators[max(before)]}" if before else "comes before all others"
        rows[i] = ("moved", *hits[j][:2], note)
    for missing, low, high in _gaps(known, hits, own, moved, len(copy.text)):
        rows |= _missing(copy, known, hits, missing, (low, high))
    receipt = pd.DataFrame([rows[i] for i in range(len(known))], columns=RECEIPT[2:], dtype=object)
    for end in ("start", "end"):
        places = [pd.NA if place is None else copy.raw_place(place) for place in receipt[end]]
        receipt[end] = pd.array(places, dtype="Int64")
    receipt = receipt.astype({"status": "str", "note": "str"})
    return receipt.assign(locator=locators, section=table["section"].tolist())[RECEIPT]


def _missing(
    copy: Folded, known: list[Known], hits: list[Hit], missing: list[int], gap: Piece
) -> dict[int, tuple]:
    """Rows of the sentences that are missing in one gap: what may be they, changed, else lost."""
    head, tail = missing[0] == 0, missing[-1] == len(known) - 1
    cuts = copy.lines if head or tail else copy.starts
    pieces = _pieces(copy, *gap, hits, cuts) if hits else []
    nothing = "the text there has another length" if pieces else "nothing is there"
    lost = ("lost", None, None, nothing if hits else "no sentence of this seed was found")
    rows: dict[int, tuple] = dict.fromkeys(missing, lost)
    where = _align([known[i][0] for i in missing], pieces, head, tail)
    for i, piece in zip(missing, where, strict=True):
        if piece:
            size = piece[1] - piece[0]
            note = f"{size} code points are there, {known[i][0]} in the original"
            rows[i] = ("changed", *piece, note)
    return rows


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce").astype(float)


def _find(copy: Folded, known: list[Known]) -> tuple[list[Hit], dict[int, int], dict[int, int]]:
    """Hits in text order, and whose they are: sentence to hit, in order and out of order."""
    wanted = Counter(known)
    hits = claim(all_hits(copy.text, wanted, copy.starts, copy.ends))
    searched: set[Known] = set()
    # again and again, since a hit may turn out to lie inside a longer one
    while hits or len(copy.text) <= _FOREIGN:
        times = Counter(sha for *_, sha in hits)
        if not (short := {one for one in wanted if times[one[1]] < wanted[one]} - searched):
            break
        searched |= short
        hits = claim(hits + all_hits(copy.text, short, *copy.word_edges))
    own, moved = _assign(known, hits)
    if own and (spelled := _spelled(copy, known, hits, own, moved)):
        hits = claim(hits + spelled)
        own, moved = _assign(known, hits)
    return hits, own, moved


def _spelled(
    copy: Folded, known: list[Known], hits: list[Hit], own: dict[int, int], moved: dict[int, int]
) -> list[Hit]:
    """Missing sentences in other spellings, near those between which they would be."""
    found = []
    for missing, low, high in _gaps(known, hits, own, moved, len(copy.text)):
        wanted, places = {known[i] for i in missing}, set()
        if missing[0]:
            places.add((low, min(high, low + _NEAR)))
        if missing[-1] < len(known) - 1:
            places.add((max(low, high - _NEAR), high))
        for start, end in places:
            found += other_spellings(copy, start, end, wanted)
    return found


def _assign(known: list[Known], hits: list[Hit]) -> tuple[dict[int, int], dict[int, int]]:
    found = [sha for *_, sha in hits]
    free: dict[str, list[int]] = {sha: [] for sha in found}
    asked = {i: sha for i, (_, sha) in enumerate(known) if sha in free}
    places = list(asked)
    own = {places[i]: j for i, j in _in_order(list(asked.values()), found)}
    for j in sorted(set(range(len(hits))) - set(own.values()), reverse=True):
        free[found[j]].append(j)
    return own, {i: free[sha].pop() for i, sha in asked.items() if i not in own and free[sha]}


def _in_order(said: list[str], found: list[str]) -> list[tuple[int, int]]:
    """Pairs of equal places: a longest common subsequence, one with the longest unbroken runs."""
    unit = len(said) + 1
    best = run = [_NONE] * (len(found) + 1)  # up to each place, and of those that end there
    for i, one in enumerate(said):
        row, ends = [_NONE], [_NONE]
        for j, other in enumerate(found):
            row.append(best[j + 1] if best[j + 1][0] >= row[j][0] else row[j])
            ends.append(_NONE)
            if one == other:
                longer = run[j][0] and run[j][0] + 1
                score, pairs = (longer, run[j][1]) if longer > best[j][0] else best[j]
                ends[-1] = (unit + score, ((i, j), pairs))
                row[-1] = ends[-1] if ends[-1][0] > row[-1][0] else row[-1]
        best, run = row, ends
    chosen, left = [], best[-1][1]
    while left:
        pair, left = left
        chosen.append(pair)
    return chosen


def _gaps(
    known: list[Known], hits: list[Hit], own: dict[int, int], moved: dict[int, int], size: int
) -> Iterator[tuple[list[int], int, int]]:
    """Runs of missing sentences, each with the places between which they would be."""
    for before, after in pairwise([-1, *sorted(own), len(known)]):
        low = hits[own[before]][1] if before in own else 0
        high = hits[own[after]][0] if after in own else size
        if missing := [i for i in range(before + 1, after) if i not in moved]:
            yield missing, low, high


def _pieces(copy: Folded, low: int, high: int, hits: list[Hit], cuts: np.ndarray) -> list[Piece]:
    """The words between two places that belong to no hit, cut up."""
    inside = hits[bisect_left(hits, (low,)) : bisect_left(hits, (high,))]
    edges = [low, *(end for hit in inside for end in hit[:2]), high]
    pieces = []
    for begin, stop in zip(edges[::2], edges[1::2], strict=True):
        for left, right in pairwise([begin, *cuts[(cuts > begin) & (cuts < stop)].tolist(), stop]):
            words = copy.text[left:right]
            if any(map(str.isalnum, words)):
                pieces.append((left + words.startswith(" "), right - words.endswith(" ")))
    return pieces


def _align(sizes: list[int], pieces: list[Piece], head: bool, tail: bool) -> list[Piece | None]:
    """For each missing sentence the pieces that may be it, or None: the cheapest way in order.
    Between two known sentences a third less or more will do, and pieces may be left over. Before
    the first or after the last only the next line will do, if about as long: anything may be there.
    """
    half = _PIECES // 2
    if len(pieces) > _PIECES:
        pieces = (pieces[:half] if not head else []) + (pieces[-half:] if not tail else [])
    best: dict[State, tuple[float, State]] = {(0, 0): (0.0, (0, 0))}
    for state in product(range(len(sizes) + 1), range(len(pieces) + 1)):
        if state in best:
            for cost, step in _steps(state, sizes, pieces, head, tail):
                cost += best[state][0]
                if step not in best or cost < best[step][0]:
                    best[step] = cost, state
    where: list[Piece | None] = [None] * len(sizes)
    state = (len(sizes), len(pieces))
    while state != (0, 0):
        before = best[state][1]
        if before[0] < state[0] and before[1] < state[1]:
            where[before[0]] = (pieces[before[1]][0], pieces[state[1] - 1][1])
        state = before
    return where


def _steps(
    state: State, sizes: list[int], pieces: list[Piece], head: bool, tail: bool
) -> Iterator[tuple[float, State]]:
    """What may follow, at what cost: a piece left over, a sentence lost or in the next pieces."""
    i, j = state
    leeway, longest = (0.2, 1) if head or tail else (0.3, 12)
    if j < len(pieces) and not (head and i) and not (tail and i < len(sizes)):
        yield _LEFT_OVER, (i, j + 1)
    if i == len(sizes):
        return
    yield _LOST, (i + 1, j)
    for stop in range(j + 1, min(j + longest, len(pieces)) + 1):
        size = pieces[stop - 1][1] - pieces[j][0]
        # a word is much in a short sentence
        unlike = abs(size - sizes[i]) / max(size, sizes[i], _SHORT)
        if unlike < leeway:
            yield unlike, (i + 1, stop)


def summary(receipt: pd.DataFrame) -> str:
    """One line on a receipt; see ``is_the_article`` for a copy that is of something else.

    >>> summary(pd.DataFrame({"section": "body", "status": ["exact", "exact", "lost"]}))
    '2 of 3 sentences exact, 1 lost'
    """
    status = receipt["status"]
    if len(receipt) and not is_the_article(receipt):
        found = int(status.isin(["exact", "moved"]).sum())
        count = f"{found} of {len(receipt)} sentences found"
        return f"this is not the article this seed is about ({count})"
    times = Counter(status)
    rest = [f"{times[name]} {name}" for name in ("moved", "changed", "lost") if times[name]]
    return ", ".join([f"{times['exact']} of {len(receipt)} sentences exact", *rest])


def is_the_article(receipt: pd.DataFrame) -> bool:
    """Whether more is found than bio and credit, which an outlet repeats under other articles."""
    found = receipt["status"].isin(["exact", "moved"])
    repeated = receipt["section"].isin(["bio", "credit"])
    return bool(found.any()) and (bool(repeated.all()) or bool((found & ~repeated).any()))
