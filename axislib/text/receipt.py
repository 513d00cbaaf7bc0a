"""Where each sentence of a seed is in a copy of its text: exact, moved, changed or lost."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.text.match import Folded, Hit, Known, all_hits, claim, other_spellings

RECEIPT = ["locator", "section", "status", "start", "end", "note"]
_FOREIGN = (
    300_000  # a longer text without one sentence where sentences begin is not searched word by word
)
# code points beside a known sentence in which a missing one is looked for in other spellings
_NEAR = 20_000
_PIECES = (
    400  # pieces of other words between two known sentences that are compared with the missing ones
)

Piece = tuple[int, int]
State = tuple[int, int]  # how many sentences and how many pieces are placed
_LEFT_OVER, _LOST = 0.05, 1.0  # what it costs not to use a piece, or not to find a sentence
_SHORT = 24  # code points


class TextError(SeedError):
    """A file or table that cannot be used as a text; the message says which, what is wrong, and
    what to do."""


def locate(raw: str, sentences: pd.DataFrame) -> pd.DataFrame:
    """The receipt: where each sentence of a seed is in a copy of its text.

    ``sentences`` has ``locator``, ``section``, ``start`` (for the order), ``length`` and
    ``sha256``. One row a sentence: ``locator``, ``section``, ``status``, ``start`` and ``end``
    (code points in ``raw``, end exclusive, NA when lost), ``note``. ``exact``: found by its hash,
    in order. ``moved``: found out of order. ``changed``: other words of about its length are
    between its exact neighbours. ``lost``: none do. Equal sentences are given out in document
    order. Raises TextError if columns are missing. A hash cannot tell what was changed, nor a
    changed sentence from foreign words of its length in its place.

    >>> from axislib.text.match import fingerprint
    >>> seed = pd.DataFrame({"locator": ["P01.S1", "P01.S2"], "section": "body", "length": [9, 8],
    ...                      "sha256": [fingerprint("It rains."), fingerprint("We stay.")]})
    >>> locate("Advertisement\\nIt  rains.", seed)["status"].tolist()
    ['exact', 'lost']
    """
    table, known = _in_document_order(sentences)
    locators = table["locator"].astype(str).tolist()
    copy = Folded(raw)
    hits, own, moved = _find(copy, known)
    rows = {i: ("exact", *hits[j][:2], "") for i, j in own.items()}
    for i, j in moved.items():
        before = [k for k in own if hits[own[k]][0] < hits[j][0]]
        note = f"comes after {locators[max(before)]}" if before else "comes before all others"
        rows[i] = ("moved", *hits[j][:2], note)
    for missing, low, high in _gaps(known, hits, own, moved, len(copy.text)):
        rows |= _missing(copy, known, hits, missing, (low, high), bool(own))
    receipt = pd.DataFrame([rows[i] for i in range(len(known))], columns=RECEIPT[2:], dtype=object)
    for end in ("start", "end"):
        places = [pd.NA if place is None else copy.raw_place(place) for place in receipt[end]]
        receipt[end] = pd.array(places, dtype="Int64")
    receipt = receipt.astype({"status": "str", "note": "str"})
    return receipt.assign(locator=locators, section=table["section"].tolist())[RECEIPT]


def _missing(
    copy: Folded,
    known: list[Known],
    hits: list[Hit],
    missing: list[int],
    gap: Piece,
    any_found: bool,
) -> dict[int, tuple]:
    """Rows of the sentences that are missing in one gap: what may be they, changed, else lost."""
    at_head, at_tail = missing[0] == 0, missing[-1] == len(known) - 1
    cuts = copy.lines if at_head or at_tail else copy.starts
    pieces = _pieces(copy, *gap, hits, cuts) if any_found else []
    nothing = "the text there has another length" if pieces else "nothing is there"
    lost = ("lost", None, None, nothing if any_found else "no sentence of this seed was found")
    rows: dict[int, tuple] = dict.fromkeys(missing, lost)
    for i, piece in zip(
        missing, _align([known[i][0] for i in missing], pieces, at_head, at_tail), strict=True
    ):
        if piece:
            size = piece[1] - piece[0]
            note = f"{size} code points are there, {known[i][0]} in the original"
            rows[i] = ("changed", *piece, note)
    return rows


def _in_document_order(sentences: pd.DataFrame) -> tuple[pd.DataFrame, list[Known]]:
    missing = [name for name in ("locator", "length", "sha256") if name not in sentences]
    if missing:
        raise TextError(
            f"sentences: no column {', '.join(missing)}; use the table 'sentences' of a seed"
        )
    table = sentences if "section" in sentences else sentences.assign(section="")
    if "start" in table:
        table = table.iloc[np.argsort(_numbers(table["start"]), kind="stable")]
    sizes = np.nan_to_num(_numbers(table["length"])).astype(int).tolist()
    return table, list(zip(sizes, table["sha256"].astype(str).str.lower(), strict=True))


def _numbers(cells: pd.Series) -> np.ndarray:
    return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _find(copy: Folded, known: list[Known]) -> tuple[list[Hit], dict[int, int], dict[int, int]]:
    """Hits in text order, and whose they are: sentence to hit, in order and out of order."""
    wanted = Counter(known)
    hits = claim(all_hits(copy.text, wanted, copy.starts, copy.ends))
    searched: set[Known] = set()
    # again and again, since a hit may turn out to lie inside a longer one
    while hits or len(copy.text) <= _FOREIGN:
        times = Counter(sha for *_, sha in hits)
        short = {one for one in wanted if times[one[1]] < wanted[one]} - searched
        if not short:
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
    found = {sha for *_, sha in hits}
    asked = [i for i, (_, sha) in enumerate(known) if sha in found]
    own = {
        asked[i]: j for i, j in _in_order([known[i][1] for i in asked], [sha for *_, sha in hits])
    }
    free: dict[str, list[int]] = {}
    for j in sorted(set(range(len(hits))) - set(own.values()), reverse=True):
        free.setdefault(hits[j][2], []).append(j)
    return own, {
        i: free[known[i][1]].pop() for i in asked if i not in own and free.get(known[i][1])
    }


def _in_order(said: list[str], found: list[str]) -> list[tuple[int, int]]:
    """Pairs of equal places: a longest common subsequence, among those one with the longest
    unbroken runs."""
    best, run = _runs(said, found)
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


def _runs(said: list[str], found: list[str]) -> tuple[list[list[int]], list[list[int]]]:
    """The best count up to each pair of places, and the best that ends in it."""
    unit = len(said) + 1
    best = [[0] * (len(found) + 1) for _ in range(unit)]
    run = [[0] * (len(found) + 1) for _ in range(unit)]
    for i, one in enumerate(said, 1):
        for j, other in enumerate(found, 1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1])
            if one == other:
                longer = run[i - 1][j - 1] + 1 if run[i - 1][j - 1] else 0
                run[i][j] = unit + max(best[i - 1][j - 1], longer)
                best[i][j] = max(best[i][j], run[i][j])
    return best, run


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


def _align(
    sizes: list[int], pieces: list[Piece], at_head: bool, at_tail: bool
) -> list[Piece | None]:
    """For each missing sentence the pieces that may be it, changed, or None: the cheapest way in
    order.

    Between two known sentences a third less or more will do, and pieces may be left over. Before
    the first or after the last anything may be: there only the next line will do, if nearly of
    that length.
    """
    half = _PIECES // 2
    if len(pieces) > _PIECES:
        pieces = (pieces[:half] if not at_head else []) + (pieces[-half:] if not at_tail else [])
    best: dict[State, tuple[float, State]] = {(0, 0): (0.0, (0, 0))}
    for state in product(range(len(sizes) + 1), range(len(pieces) + 1)):
        if state in best:
            for cost, step in _steps(state, sizes, pieces, at_head, at_tail):
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
    state: State, sizes: list[int], pieces: list[Piece], at_head: bool, at_tail: bool
) -> Iterator[tuple[float, State]]:
    """What may follow, and what it costs: a piece left over, a sentence lost, a sentence in the
    next pieces."""
    i, j = state
    leeway, longest = (0.2, 1) if at_head or at_tail else (0.3, 12)
    if j < len(pieces) and not (at_head and i) and not (at_tail and i < len(sizes)):
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
    """One line on a receipt, such as '57 of 57 sentences exact'.

    A copy in which none but sentences of bio and credit are found, which an outlet repeats under
    other articles, is said not to be the article.

    >>> summary(pd.DataFrame({"section": "body", "status": ["exact", "exact", "lost"]}))
    '2 of 3 sentences exact, 1 lost'
    """
    status = receipt["status"]
    if len(receipt) and not is_the_article(receipt):
        found = int(status.isin(["exact", "moved"]).sum())
        return (
            f"this is not the article this seed is about ({found} of {len(receipt)} sentences"
            " found)"
        )
    times = Counter(status)
    rest = [f"{times[name]} {name}" for name in ("moved", "changed", "lost") if times[name]]
    return ", ".join([f"{times['exact']} of {len(receipt)} sentences exact", *rest])


def is_the_article(receipt: pd.DataFrame) -> bool:
    found = receipt["status"].isin(["exact", "moved"])
    repeated = receipt["section"].isin(["bio", "credit"])
    return bool(found.any()) and (bool(repeated.all()) or bool((found & ~repeated).any()))
