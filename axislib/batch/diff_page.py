"""A difference as one HTML page: no script, no other file, every value shown as text."""

from __future__ import annotations

import difflib
import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axislib.batch.diff import Difference

MOST = 500  # rows of a table on the page; the DataFrames have all
_PARTS = {  # part: its heading, how to read it, its columns and what they are called here
    "runs": (
        "Runs",
        "One row a pair of runs that is not the same on both sides.",
        {"change": "change", "run": "run", "left_status": "before", "right_status": "after"},
    ),
    "parameters": (
        "Parameters",
        "What the two runs of a pair were asked differently.",
        {"run": "run", "parameter": "parameter", "left": "before", "right": "after"},
    ),
    "facts": (
        "Facts",
        "Behind a mark or in a result table on one side only, or with another value in a column.",
        {
            "change": "change",
            "title": "fact",
            "column": "column",
            "left": "before",
            "right": "after",
            "where": "shown in",
            "run": "run",
        },
    ),
    "figures": (
        "Marks",
        (
            "By the facts behind them. A mark changed if it says something else or has other facts"
            " behind it; where nothing stands before and after, its fact changed, as told above."
        ),
        {
            "change": "change",
            "figure": "figure",
            "mark": "mark",
            "left": "before",
            "right": "after",
            "run": "run",
        },
    ),
    "tables": (
        "Other rows of result tables",
        "Rows that are not told above as facts.",
        {
            "change": "change",
            "table": "table",
            "row": "row",
            "column": "column",
            "left": "before",
            "right": "after",
            "run": "run",
        },
    ),
}
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:80rem;margin:2rem auto;padding:0 1rem}
h1{overflow-wrap:anywhere}div{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0 2rem}
caption,th,td{text-align:left;vertical-align:top}caption,code{color:#555}code{font-size:.8em}
th,td{border-bottom:1px solid #d0d0d0;padding:.3rem .8rem .3rem 0;max-width:24rem}
td{overflow-wrap:break-word}th,.change{white-space:nowrap}mark{background:#ffe3a3;color:inherit}
.change::before{font-weight:bold;margin-right:.3em}.entered::before{content:"+"}.left::before{content:"\\2212"}
.changed::before{content:"\\2192"}.redrawn::before{content:"="}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}th,td{border-color:#444}caption,code{color:#aaa}
mark{background:#6b4e00}}"""


def page(difference: Difference) -> str:
    """The page's HTML; the same difference gives the same bytes."""
    title = f"What changed from {difference.left} to {difference.right}"
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(str(difference))}.</p>"]
    alone = len(difference.runs) == 1
    for name, (head, rule, columns) in _PARTS.items():
        frame = getattr(difference, name)
        frame = frame[frame["change"] != "same"] if name == "runs" else frame
        parts.append(f"<h2>{head}</h2>")
        if frame.empty:
            parts.append("<p>None.</p>")
            continue
        shown = {
            column: called
            for column, called in columns.items()
            if column != "run" or not alone or name == "runs"
        }
        heads = "".join(f'<th scope="col">{called}</th>' for called in shown.values())
        rows = "".join(
            f"<tr>{''.join(_cells(row, list(shown)))}</tr>"
            for row in frame.head(MOST).to_dict("records")
        )
        more = f"<p>And {len(frame) - MOST} more.</p>" if len(frame) > MOST else ""
        count = f"{len(frame)} row{'s' if len(frame) > 1 else ''}"
        parts.append(
            f'<p>{rule}</p><div role="region" aria-label="{head}"'
            f' tabindex="0"><table><caption>{count}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}"
        )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport"'
        f' content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _cells(row: dict, columns: list[str]) -> list[str]:
    shown = {column: _breakable(str(row[column])) for column in columns}
    if row.get("left") and row.get("right") and "left" in shown:
        shown["left"], shown["right"] = _marked(row["left"], row["right"])
    if "fact" in row:
        shown["title"] += f" <code>{_breakable(row['fact'])}</code>"
    if "change" in shown:
        shown["change"] = row["change"].replace("_", " ")
    return [
        (
            f'<td class="change {row["change"]}">{text}</td>'
            if column == "change"
            else f"<td>{text}</td>"
        )
        for column, text in shown.items()
    ]


def _breakable(text: str) -> str:
    """Escaped text whose ids and paths may be broken between their words, and nowhere else."""
    return re.sub(r"(?<=[^\W\d][_/;.])(?=\w)", "<wbr>", escape(text))


def _marked(left: str, right: str) -> tuple[str, str]:
    """Both texts with the words marked that the other has not."""
    words = [left.split(), right.split()]
    sides: tuple[list[str], list[str]] = ([], [])
    for kind, a, b, c, d in difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        for side, some in ((sides[0], words[0][a:b]), (sides[1], words[1][c:d])):
            if some:
                text = _breakable(" ".join(some))
                side.append(text if kind == "equal" else f"<mark>{text}</mark>")
    return " ".join(sides[0]), " ".join(sides[1])
