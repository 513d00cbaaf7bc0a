"""On the whole: both coalitions as a row of dimensions each, and how many gaps would have to favour
the side behind to overturn the lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from axislib.figures.comparison import heading, prepare
from axislib.figures.draft import WIDE, Draft, Words, grouped, no_rows, nothing_to_show, swatches
from axislib.figures.hover import text, wrap
from axislib.figures.palette import LEVEL, LOOKS
from axislib.questions.levels import TWO_NEEDED, both_sides, nothing_compared
from axislib.questions.weighing import VALUES
from axislib.seed.seed import Seed
from axislib.words import counted, in_text, number_word

_NAME, _POINTS, _ROW, _BOX = 150, 90, 40, 36  # pixels
_APART = 14  # pixels between bands


def on_the_whole(seed: Seed, left: str | None = None, right: str | None = None) -> go.Figure:
    """The stronger claim, "ahead overall": what it rests on.

    Returns a plotly figure: a row for each of two coalitions (those of ``compared_sides`` if left
    out) and a square for each dimension, in the bands of ``comparison``. The points count a
    present dimension as 1, a mixed one as half, a gap as nothing, all dimensions alike. Raises
    SeedError for an unknown coalition. It cannot tell how likely a gap is to favour either side;
    see ``acceptability`` for other weights.

    >>> import axislib
    >>> axislib.on_the_whole(axislib.open_seed()).layout.meta["name"]
    'on_the_whole'
    """
    if nothing_compared(seed, left, right):
        return nothing_to_show("on_the_whole", "two coalitions to compare", TWO_NEEDED)
    sides = both_sides(seed, left, right)
    rows = prepare(seed, *sides, coalitions=sides)
    if all(row["level"] == "not_stated" and not row["left_open"] for row in rows):
        what = "statements on the cooperation of the two coalitions"
        return no_rows(seed, "on_the_whole", what, ["cooperation"])
    return draw(seed, rows, words(seed, rows))


def _points(rows: Sequence[Mapping], place: int) -> float:
    """What a side scores on the dimensions stated for it."""
    return sum(VALUES.get(row["level"], 0) for row in rows if row["place"] == place)


def _in_points(rows: Sequence[Mapping], place: int) -> str:
    return counted(_points(rows, place), "point")


# -------------------------------------------------------------------------- words


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, and a line and a card for each coalition."""
    points = [_points(rows, place) for place in (0, 1)]
    first = int(points[1] > points[0])  # the place of the side ahead
    ahead, behind = (in_text(rows[place]["coalition"]) for place in (first, 1 - first))
    selected = "cooperation" in seed.selected
    gaps = sum(row["level"] == "not_stated" and row["place"] != first for row in rows)
    subtitle = (
        f"One square: a dimension{' in the statements selected' * selected}. With gaps (not stated)"
        f" as nothing, the points of {ahead} and {behind} are {points[first]:g} to"
        f" {points[1 - first]:g} (present one, mixed half)."
    )
    if gaps:
        filled = f"{points[first]:g} to {points[1 - first] + gaps:g}"
        subtitle += f" With all {gaps} gaps of {behind} filled as present: {filled}."
    cards = []
    for own in grouped(rows, "coalition").values():
        by_level = grouped(own, "level")
        lines = [
            f"{LEVEL[level].word} ({len(by_level[level])}): "
            + "; ".join(row["name"] for row in by_level[level])
            for level in LEVEL
            if level in by_level
        ]
        head = f"{own[0]['coalition']}: {_in_points(rows, own[0]['place'])}"
        cards.append({"heading": head, "lines": lines})
    described = [f"{card['heading']}. {'. '.join(card['lines'])}." for card in cards]
    return Words(_title(rows), subtitle, described, cards)


def _title(rows: Sequence[Mapping]) -> str:
    """Who leads on what can be compared, and how much cannot."""
    exceeds = [row["exceeds"] for row in rows if row["place"] == 0]
    both = sum(row["band"] == "both" for row in rows) // 2
    if not both:
        return "Who is ahead overall cannot be said: no dimension is stated for both sides"
    more, less = exceeds.count("left"), exceeds.count("right")
    dimensions = f"{number_word(both)} comparable dimension{'s' if both > 1 else ''}"
    rest = "; all others have a gap" if both < len(exceeds) else ""
    if more == less:
        return f"Neither side leads on the {dimensions}{rest}"
    side = in_text(rows[int(less > more)]["coalition"])
    lead = number_word(abs(more - less))
    return f"On the {dimensions} the lead of {side} is {lead}{rest}"


# -------------------------------------------------------------------------- drawing


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of the rows of ``comparison.prepare``: one square above the other."""
    draft = Draft(seed)
    bands = {name: len(of) // 2 for name, of in grouped(rows, "band").items()}
    room = WIDE - _NAME - _POINTS - _APART * (len(bands) - 1)
    step, x, begin = min(_BOX, room / (len(rows) / 2)), float(_NAME), {}
    for band, number in bands.items():
        begin[band] = x
        label = wrap(heading(rows, band), max(int(number * step / 7.4), 12))
        draft.note(label, x, 36, yanchor="bottom", xshift=-2, font={"size": 12})
        x += number * step + _APART
    squares, told = [], []
    for place, own in grouped(rows, "place").items():
        y = 40 + (place + 0.5) * _ROW
        squares += _squares(own, begin, step, y)
        at = {"y": y, "kind": "words", "ids": [i for row in own for i in row["ids"]]}
        told.append({**at, "x": 0, "text": f"<b>{text(own[0]['coalition'])}</b>"})
        told.append({**at, "x": x, "text": _in_points(rows, place)})
    draft.marks(squares, "bar", LOOKS, name="dimensions")
    draft.marks(told, "text", LOOKS, name="sides")
    there = {row["level"] for row in rows}
    y = 40 + 2 * _ROW + 20
    swatches(draft, [look for level, look in LEVEL.items() if level in there], y)
    return draft.page(said, y + 14, "on_the_whole")


def _squares(
    own: Sequence[Mapping], begin: Mapping[str, float], step: float, y: float
) -> list[dict]:
    """The squares of one coalition; ``begin`` says where a band begins."""
    squares, next_ = [], dict(begin)
    for row in own:
        x0 = next_[row["band"]]
        next_[row["band"]] += step
        says = f"{text(row['name'])}: {LEVEL[row['level']].word}<br>"
        box = {"x0": x0, "x1": x0 + step - 3, "y": y, "high": _ROW - 4, "says": says}
        squares.append({**row, **box, "kind": row["level"]})
    return squares
