"""A difference as lines for a terminal: nothing is cut, long values are wrapped."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axislib.batch.diff import Difference

MOST = 30  # rows of a part in a terminal; the page and the CSV files have more
SIGNS = {
    "entered": "+",
    "left": "-",
    "changed": "~",
    "redrawn": "=",
    "only_left": "-",
    "only_right": "+",
}
_ITEM = {
    "runs": "run",
    "parameters": "parameter",
    "facts": "title",
    "figures": "mark",
    "tables": "row",
}
_WITHIN = {
    "parameters": ["run"],
    "facts": ["run"],
    "figures": ["run", "figure"],
    "tables": ["run", "table"],
}


def lines(difference: Difference) -> Iterator[str]:
    """The difference, part by part; parts in which nothing differs are left out."""
    width = min(shutil.get_terminal_size().columns, 100)
    for part, item in _ITEM.items():
        frame = getattr(difference, part)
        frame = frame[frame["change"] != "same"] if part == "runs" else frame
        if len(frame):
            yield f"\n{part}:"
        within, above = "", ""
        for row in frame.head(MOST).to_dict("records"):
            if within != (within := ", ".join(row[column] for column in _WITHIN.get(part, []))):
                yield from _wrapped(within, "  ", width)
            head = f"{SIGNS[row.get('change', 'changed')]} {row[item]}" + (
                f" ({row['fact']})" if "fact" in row else ""
            )
            if (within, head) != above:  # two columns of one fact stand below one head
                yield from _wrapped(head, "    ", width)
            above = (within, head)
            if part != "runs":
                yield from _values(row, width)
        if len(frame) > MOST:
            yield f"  and {len(frame) - MOST} more: --page and --csv have them"


def _values(row: dict, width: int) -> Iterator[str]:
    short = f"{row['left'] or '(empty)'} -> {row['right'] or '(empty)'}"
    short = f"{row['column']}: {short}" if row.get("column") else short
    if len(short) < width - 8 and (row.get("column") or (row["left"] and row["right"])):
        yield f"        {short}"
        return
    if row.get("column"):
        yield f"        {row['column']}"
    for word, side in (("before", "left"), ("after", "right")):
        if row[side] or row.get("column"):
            yield from _wrapped(
                f"{word + ':':8}{row[side] or '(empty)'}", "        ", width, "        "
            )


def _wrapped(text: str, indent: str, width: int, hanging: str = "  ") -> list[str]:
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
