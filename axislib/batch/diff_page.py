"""A difference as one HTML page: no script, no other file, every value shown as text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .diff import Difference

MOST = 500  # rows of a table on the page; the DataFrames have all
_HEADS = {
    "runs": ("Runs", "One row a pair of runs that is not the same on both sides."),
    "parameters": ("Parameters", "What the two runs of a pair were asked differently."),
    "facts": ("Facts that entered or left", "Ids behind a mark or in a result table on one side only."),
    "figures": ("Marks that changed", "A mark moved if the same facts are drawn with other data."),
    "tables": ("Result tables that changed", "A changed row leaves and enters."),
}
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:75rem;margin:2rem auto;padding:0 1rem}
div{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0 2rem}caption,th,td{text-align:left;vertical-align:top}
th,td{border-bottom:1px solid #d0d0d0;padding:.3rem .8rem .3rem 0;overflow-wrap:anywhere;max-width:32rem}
.entered::before,.left::before,.moved::before{font-weight:bold}
.entered::before{content:"+ "}.left::before{content:"\\2212 "}.moved::before{content:"\\2192 "}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}th,td{border-color:#444}}"""


def page(difference: Difference) -> str:
    """The page's HTML; the same difference gives the same bytes."""
    title = f"What changed from {difference.left} to {difference.right}"
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(str(difference))}.</p>"]
    for name, (head, rule) in _HEADS.items():
        frame = getattr(difference, name)
        frame = frame[frame["change"] != "same"] if name == "runs" else frame
        parts.append(f"<h2>{head}</h2>")
        if frame.empty:
            parts.append("<p>None.</p>")
            continue
        heads = "".join(f'<th scope="col">{escape(column.replace("_", " "))}</th>' for column in frame.columns)
        rows = "".join(f"<tr>{''.join(_cell(column, value) for column, value in row.items())}</tr>"
                       for row in frame.head(MOST).to_dict("records"))
        more = f"<p>And {len(frame) - MOST} more.</p>" if len(frame) > MOST else ""
        parts.append(f'<p>{rule}</p><div role="region" aria-label="{head}" tabindex="0"><table><caption>{len(frame)} rows'
                     "</caption>"
                     f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}")
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>{''.join(parts)}</main></body></html>\n")


def _cell(column: str, value: object) -> str:
    text = escape(str(value))
    return f'<td class="{text}">{text}</td>' if column == "change" else f"<td>{text}</td>"
