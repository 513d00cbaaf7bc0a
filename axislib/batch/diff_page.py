"""A difference for a reader: one HTML page without scripts, or lines for a terminal."""

from __future__ import annotations

import difflib
import re
import shutil
import textwrap
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

import pandas as pd

from axislib.batch.diff import Difference
from axislib.files import policy
from axislib.words import counted

MOST_ON_PAGE = 500  # rows of a part; the DataFrames have all
MOST_IN_TERMINAL = 30  # the page and the CSV files have more
_WIDEST, _NARROWEST = 100, 40  # signs in a line of the terminal
_EMPTY = "(empty)"
_SIGNS = {"entered": "+", "left": "-", "changed": "~", "redrawn": "="}
_SIGNS |= {"only_left": "-", "only_right": "+"}


class _Part(NamedTuple):
    """Heading, how to read it, columns on the page; what names a row in a terminal, its group."""

    heading: str
    rule: str
    columns: str
    item: str
    within: str


_PARTS = {
    "runs": _Part(
        "Runs", "Pairs of runs that differ.", "change run left_status right_status", "run", ""
    ),
    "parameters": _Part(
        "Parameters",
        "Parameters that differ within a pair of runs.",
        "run parameter left right",
        "parameter",
        "run",
    ),
    "facts": _Part(
        "Statements",
        "Cited by a chart or named in a table on one side only, or with another value in a column.",
        "change title column left right where run",
        "title",
        "run",
    ),
    "figures": _Part(
        "Points, bars and cells of charts",
        "Grouped by the statements behind them. Changed means another label or other statements;"
        " where before and after are empty, a statement itself changed, as listed above.",
        "change figure mark left right run",
        "mark",
        "run figure",
    ),
    "tables": _Part(
        "Other rows of result tables",
        "Rows that are not listed above as statements.",
        "change table row column left right run",
        "row",
        "run table",
    ),
}
_CALLED = {"title": "statement", "mark": "statements", "left": "before", "right": "after"}
_CALLED |= {"left_status": "before", "right_status": "after", "where": "shown in"}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
body{max-width:80rem;margin:2rem auto;padding:0 1rem}
h1{overflow-wrap:anywhere}div{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0 2rem}
caption,th,td{text-align:left;vertical-align:top}caption,code{color:#555}code{font-size:.8em}
th,td{border-bottom:1px solid #d0d0d0;padding:.3rem .8rem .3rem 0;max-width:24rem}
td{overflow-wrap:break-word}th,.change{white-space:nowrap}mark{background:#ffe3a3;color:inherit}
.change::before{font-weight:bold;margin-right:.3em}.entered::before{content:"+"}
.left::before{content:"\\2212"}.changed::before{content:"\\2192"}.redrawn::before{content:"="}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}th,td{border-color:#444}
caption,code{color:#aaa}mark{background:#6b4e00}}
"""


def page(difference: Difference) -> str:
    """The page's HTML; the same difference gives the same bytes."""
    title = escape(f"What changed from {difference.left} to {difference.right}")
    parts = "".join(_part(difference, name) for name in _PARTS)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'{policy()}<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{title}</h1><p>{escape(str(difference))}.</p>{parts}"
        "</main></body></html>\n"
    )


def _rows(difference: Difference, name: str) -> pd.DataFrame:
    frame = getattr(difference, name)
    return frame[frame["change"] != "same"] if name == "runs" else frame


def _part(difference: Difference, name: str) -> str:
    part, frame = _PARTS[name], _rows(difference, name)
    heading = f"<h2>{part.heading}</h2>"
    if frame.empty:
        return f"{heading}<p>None.</p>"
    alone = len(difference.runs) == 1 and name != "runs"
    columns = [column for column in part.columns.split() if column != "run" or not alone]
    heads = "".join(f'<th scope="col">{_CALLED.get(column, column)}</th>' for column in columns)
    shown = frame.head(MOST_ON_PAGE).to_dict("records")
    rows = "".join(f"<tr>{''.join(_cells(row, columns))}</tr>" for row in shown)
    rest = len(frame) - MOST_ON_PAGE
    more = f"<p>And {rest:,} more.</p>" if rest > 0 else ""
    return (
        f'{heading}<p>{part.rule}</p><div role="region" aria-label="{part.heading}" tabindex="0">'
        f"<table><caption>{counted(len(frame), 'row')}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _cells(row: dict, columns: list[str]) -> Iterator[str]:
    texts = {column: _breakable(str(row[column])) for column in columns}
    if row.get("left") and row.get("right") and "left" in texts:
        texts["left"], texts["right"] = _marked(row["left"], row["right"])
    if "fact" in row:
        texts["title"] += f" <code>{_breakable(row['fact'])}</code>"
    for column, text in texts.items():
        if column == "change":
            yield f'<td class="change {row["change"]}">{row["change"].replace("_", " ")}</td>'
        else:
            yield f"<td>{text}</td>"


def _breakable(text: str) -> str:
    """Escaped text whose ids and paths may be broken between their words, and nowhere else."""
    return re.sub(r"(?<=[^\W\d][_/;.])(?=\w)", "<wbr>", escape(text))


def _marked(left: str, right: str) -> tuple[str, str]:
    """Both texts with those words marked that the other does not have."""
    words = left.split(), right.split()
    sides: tuple[list[str], list[str]] = ([], [])
    for kind, a, b, c, d in difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        for side, part in ((sides[0], words[0][a:b]), (sides[1], words[1][c:d])):
            if part:
                text = _breakable(" ".join(part))
                side.append(text if kind == "equal" else f"<mark>{text}</mark>")
    return " ".join(sides[0]), " ".join(sides[1])


def lines(difference: Difference) -> Iterator[str]:
    """The difference for a terminal, part by part: nothing is cut, long values are wrapped."""
    width = max(min(shutil.get_terminal_size().columns, _WIDEST), _NARROWEST)
    for name, part in _PARTS.items():
        frame = _rows(difference, name)
        if frame.empty:
            continue
        yield f"\n{part.heading}:"
        yield from _items(part, frame.head(MOST_IN_TERMINAL), width)
        if len(frame) > MOST_IN_TERMINAL:
            yield f"  and {len(frame) - MOST_IN_TERMINAL} more: --page and --csv have them"


def _items(part: _Part, frame: pd.DataFrame, width: int) -> Iterator[str]:
    within = above = ""
    for row in frame.to_dict("records"):
        if within != (within := ", ".join(row[column] for column in part.within.split())):
            yield from _wrapped(within, "  ", width)
            above = ""
        head = f"{_SIGNS[row.get('change', 'changed')]} {row[part.item]}"
        head += f" ({row['fact']})" if "fact" in row else ""
        if head != above:  # two columns of one statement have one head
            yield from _wrapped(head, "    ", width)
        above = head
        if "left_status" not in row:
            yield from _before_and_after(row, width)


def _before_and_after(row: dict, width: int) -> Iterator[str]:
    column, indent = row.get("column", ""), " " * 8
    sides = [("before: ", row["left"]), ("after:  ", row["right"])]
    sides = [(word, value or _EMPTY) for word, value in sides if value or column]
    short = f"{column}: " if column else ""
    short += " -> ".join(value for _, value in sides)
    if len(sides) > 1 and len(short) < width - len(indent):
        yield f"{indent}{short}"
        return
    if column:
        yield f"{indent}{column}"
    for word, value in sides:
        yield from _wrapped(f"{word}{value}", indent, width, indent)


def _wrapped(text: str, indent: str, width: int, hanging: str = "  ") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
