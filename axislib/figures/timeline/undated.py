"""What a text does not date: plain words under headings, for it has no place on an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from axislib.figures.draft import Draft, lines
from axislib.figures.hover import text, wrap
from axislib.figures.timeline.events import NO_LANE

_COLUMNS, _WIDE = 3, 1076
_SIGNS = 50  # on a line of a column
_LINE, _HEAD, _GAP, _TOP = 16, 20, 10, 34


def columns_of(rows: Sequence[Mapping]) -> tuple[list[dict], int]:
    """Headings and events in columns of about the same height, each with its place in pixels; and
    the height of the tallest."""
    groups: dict[str, list[Mapping]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    order = sorted(groups, key=lambda name: (name == NO_LANE, -len(groups[name])))
    deep = [_TOP] * _COLUMNS
    found = []
    for name in order:
        column = deep.index(min(deep))
        x, y = column * (_WIDE + 24) / _COLUMNS, deep[column]
        found.append({"heading": name, "number": len(groups[name]), "x": x, "y": y + 8})
        y += _HEAD
        for row in groups[name]:
            high = _LINE * lines(told(row), _SIGNS)
            found.append({**row, "x": x, "y": y + high / 2, "text": wrap(told(row), _SIGNS)})
            y += high
        deep[column] = y + _GAP
    return found, max(deep) if found else 0


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
    draft.canvas(axes, (0, _WIDE), high, y=part)
    draft.hairline((0, _WIDE), (2, 2), axes=axes)
    draft.note("<b>Undated</b>", 0, 18, axes=axes, font={"size": 15}, xshift=-2)
    events = [{**block, "kind": "words"} for block in blocks if "ids" in block]
    draft.marks(events, "text", axes=axes, name="undated", textfont={"size": 12})
    for block in blocks:
        if "heading" in block:
            label = f"<b>{text(block['heading'])}</b>"
            draft.note(label, block["x"], block["y"], axes=axes, font={"size": 12}, xshift=-2)
