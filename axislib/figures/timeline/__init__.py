"""The timeline: how many events are dated, what the dated ones say, and the undated by actor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.draft import WIDE, Draft, Words, grouped, lines, no_rows, share
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, LOOKS
from axislib.figures.timeline.events import (
    LANES,
    NO_LANE,
    PARENTS,
    STATES,
    headline,
    own_events,
    prepare,
    words,
)
from axislib.figures.timeline.panels import Panels
from axislib.seed.seed import Seed

MANY_DATED, MANY_UNDATED = 60, 150  # more are drawn as points, see dense.py
_PITCHES, _SMALL = (26, 22, 18), 12  # pixels from one square to the next; where there are many
_IN_A_ROW = 40
_MARKS = {"denied": "\u2715", "left_open": "\u25cb"}
_COLUMNS = 3  # of undated events
_SIGNS, _WIDE = 50, (WIDE + 24) / _COLUMNS  # on a line of a column; its pixels
_ORDER = ["", *(PARENTS[state] for state in ("undated", "placed", "apart"))]
_LINE, _HEAD, _GAP, _TOP = 16, 20, 10, 34
_LOOKS = LOOKS | {
    "dated": LOOKS["article"],
    "placed": LOOKS["article"]._replace(fill=GREY, line=GREY),
    "undated": LOOKS["not_stated"]._replace(line=GREY),
    "apart": LOOKS["not_stated"]._replace(line=GREY),
}


def timeline(
    seed: Seed,
    lanes: str = "actor",
    show_undated: bool = True,
    mode: str = "eras",
    left: str | None = None,
    right: str | None = None,
    founding: Mapping[str, str] | Sequence[str] | None = None,
    record: bool = True,
) -> go.Figure:
    """How many events are dated; the dated ones on panels of one scale; the others in words.

    A bracket is the time within which an event lies, a thick bar the part in which it went on,
    fading dots an open end, a dotted line a tether to the event by which another is told.
    ``lanes`` (``actor``, ``coalition``, ``kind``, ``speaker``) sets the headings of undated events;
    ``show_undated=False`` leaves their list out. Events of the external record, where it is in,
    are a layer of their own; ``record=False`` leaves them out. ``mode="aligned"`` instead lays the
    years of two coalitions (``left``, ``right``) over one another, each from its ``founding`` act.
    Very many events are drawn as points. Raises SeedError for an unknown lane, mode, coalition or
    founding act. It shows when something is said to have been, not whether it was.

    >>> import axislib
    >>> axislib.timeline(axislib.open_seed()).layout.meta["cards"][0]["lines"][0]
    '3 dated'
    """
    _check(lanes, mode)
    if mode == "aligned":
        from axislib.figures.timeline.aligned import aligned

        return aligned(seed, left, right, founding)
    rows = prepare(seed, lanes, record) if len(seed.events) else []
    if not rows:
        return no_rows(seed, "timeline", "events", ["events"])
    undated = [row["listed"] for row in own_events(rows)]
    if undated.count(False) > MANY_DATED or undated.count(True) > MANY_UNDATED:
        from axislib.figures.timeline.dense import dense

        shown = [row for row in rows if show_undated or not row["listed"]]
        return dense(seed, shown, headline(seed, rows))
    return draw(seed, rows, words(seed, rows), show_undated)


def _check(lanes: str, mode: str) -> None:
    if lanes not in LANES:
        raise SeedError(f"lanes: '{lanes}' is not known; use {' or '.join(LANES)}")
    if mode not in ("eras", "aligned"):
        raise SeedError(f"mode: '{mode}' is not known; use eras or aligned")


def draw(seed: Seed, rows: Sequence[Mapping], said: Words, show_undated: bool = True) -> go.Figure:
    """The figure of ``prepare``'s rows: squares, panels, then the undated in columns."""
    draft = Draft(seed)
    own = own_events(rows)
    squares = _squares(own)
    panels = Panels(own, [row for row in rows if row["layer"] == "context" and row not in own])
    blocks, undated_high = columns_of(own if show_undated else [])
    squares_high = 44 + max(row["y"] for row in squares)
    parts, total = _parts(squares_high, panels.high, panels.axis_high, undated_high)
    _draw_squares(draft, squares, squares_high, parts[0])
    panels.draw(draft, parts[1])
    draw_undated(draft, blocks, undated_high, parts[2])
    return draft.under(said, total, "timeline", foot=6)


def _parts(*heights: int) -> tuple[list[tuple[float, float]], int]:
    """The part of the plot of the squares, the panels and the undated, from pixels."""
    total = sum(heights)
    up = [1 - share(edge, total) for edge in accumulate(heights, initial=0)]
    return [(up[1], up[0]), (up[2], up[1]), (max(up[4], 0), up[3])], total


def _squares(rows: Sequence[Mapping]) -> list[dict]:
    """A square an event, by state; its place in pixels."""
    groups = grouped(sorted(rows, key=lambda row: [*STATES].index(row["state"])), "state")
    down = max(1, -(-len(rows) // _IN_A_ROW))

    def wide(state: str, pitch: int) -> float:
        return max(-(-len(groups[state]) // down) * pitch, 7.4 * len(_head(state, groups))) + 20

    fits = (p for p in _PITCHES if down == 1 and sum(wide(state, p) for state in groups) < WIDE)
    pitch, found, x = next(fits, _SMALL), [], 0.0
    for state, members in groups.items():
        members.sort(key=lambda row: ("affirmed", *_MARKS).index(row["polarity"]))  # signs last
        for i, row in enumerate(members):
            at, y = x + i // down * pitch, 28 + pitch / 2 + i % down * pitch
            place = {"x0": at, "x1": at + pitch - 4, "y": y, "high": pitch - 4, "left": x}
            place |= {"kind": state, "text": _MARKS.get(row["polarity"], "")}
            found.append({**place, "ids": row["ids"]})
        x += wide(state, pitch)
    return found


def _head(state: str, groups: Mapping[str, Sequence]) -> str:
    """How many there are of a state, as part of the sum."""
    if state == "apart":
        return f"{len(groups[state])} not counted"
    counted = [other for other in groups if other != "apart"]
    sums = f" = {sum(len(groups[other]) for other in counted)}" * (state == counted[-1])
    plus, sums = "+ " * (state != counted[0]), sums * (len(counted) > 1)
    return f"{plus}{len(groups[state])} {STATES[state]}{sums}"


def _draw_squares(draft: Draft, squares: Sequence[Mapping], high: float, part: tuple) -> None:
    draft.canvas("x y", (0, WIDE), high, y=part)
    draft.marks(squares, "bar", _LOOKS, name="squares", textfont={"size": 12, "color": GREY})
    draft.hairline([0, WIDE], [high, high])
    groups = grouped(squares, "kind")
    for state, members in groups.items():
        label = re.sub(r"(\d+)", r"<b>\1</b>", _head(state, groups))
        draft.note(label, members[0]["left"], 10, font={"size": 15}, xshift=-2)
    if apart := groups.get("apart"):
        label, look = "\u2715 denied  \u25cb left open", {"size": 12, "color": GREY}
        draft.note(label, apart[0]["left"], high - 20, xshift=-2, font=look)


def columns_of(own: Sequence[Mapping]) -> tuple[list[dict], int]:
    """Headings and the events that are not on the axis, in columns: the undated by heading, then
    the other states, each with its place in pixels; and the height of the tallest column."""
    listed = [row for row in own if row["listed"]]
    parents = sorted(grouped(listed, "parent").items(), key=lambda one: _ORDER.index(one[0]))
    last = len(parents) > 1  # a column for the other states
    deep, found = [_TOP] * _COLUMNS, []
    for number, (parent, rows) in enumerate(parents):
        mine = range(_COLUMNS)[: -1 if last else None] if not number else range(_COLUMNS)[-1:]
        if parent:
            x, y = mine[0] * _WIDE, deep[mine[0]] + 8
            end = len(mine) * _WIDE + x - 24
            found.append({"parent": _headed(parent, rows, own), "x": x, "y": y, "end": end})
            for column in mine:
                deep[column] += _HEAD
        found += _listed(rows if number else grouped(rows, "group"), mine, deep)
    return found, max(deep) if found else 0


def _listed(rows: Mapping | Sequence, mine: Sequence[int], deep: list[int]) -> list[dict]:
    """The events of a parent, heading by heading, each in the least deep of its columns."""
    groups, found = rows if isinstance(rows, Mapping) else {"": rows}, []
    for name in sorted(groups, key=lambda name: (name in ("", NO_LANE), -len(groups[name]))):
        column = min(mine, key=lambda column: deep[column])
        x, y = column * _WIDE, deep[column]
        if name:
            found.append({"heading": f"{name} ({len(groups[name])})", "x": x, "y": y + 8})
            y += _HEAD
        for row in groups[name]:
            high = _LINE * lines(told(row), _SIGNS)
            label = wrap(told(row), _SIGNS).replace("<br>", "<br>\u2002\u2002")  # hanging
            found.append({**row, "x": x, "y": y + high / 2, "text": label})
            y += high
        deep[column] = y + _GAP
    return found


def _headed(parent: str, rows: Sequence[Mapping], own: Sequence[Mapping]) -> str:
    """A parent heading with its number, of how many of its state: the others are drawn above."""
    every = sum(row["parent"] == parent for row in own)
    of = f" of {every}" if every > len(rows) else ""
    head, comma, by = parent.partition(", ")
    return f"<b>{text(head)}</b> ({len(rows)}{of}){comma}{by}"


def told(row: Mapping) -> str:
    """The title, then what the text says of its time and whether it happened."""
    when = row["when"].strip("\u201c\u201d").lower()
    known = when in row["title"].lower() or row["title"].lower() in when
    more = [part for part in ("" if known else row["when"], row["standing"]) if part]
    return f"{row['title']} ({'; '.join(more)})" if more else row["title"]


def draw_undated(
    draft: Draft, blocks: Sequence[Mapping], high: float, part: tuple[float, float]
) -> None:
    """The columns, under one heading."""
    if not blocks:
        return
    axes = "x8 y8"
    draft.canvas(axes, (0, WIDE), high, y=part)
    draft.hairline((0, WIDE), (2, 2), axes=axes)
    draft.note("<b>Not on the timeline</b>", 0, 18, axes=axes, font={"size": 15}, xshift=-2)
    events = [{**block, "kind": "words"} for block in blocks if "ids" in block]
    draft.marks(events, "text", axes=axes, name="undated", textfont={"size": 12})
    for block in blocks:
        if "heading" in block:
            head, look = f"<i>{text(block['heading'])}</i>", {"size": 12, "color": GREY}
        elif "ids" not in block:
            head, look = block["parent"], {"size": 13}
            draft.hairline((block["x"], block["end"]), (block["y"] + 11,) * 2, axes=axes)
        else:
            continue
        draft.note(head, block["x"], block["y"], axes, xshift=-2, font=look)
