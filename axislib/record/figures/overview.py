"""All claims on one page: a chart of the verdicts and how far they hold, and a card for each."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import Draft, Words, head_room, shorten
from axislib.figures.hover import text
from axislib.figures.palette import GREY, INK, PAPER, Look
from axislib.record import WORDS, Record, findings, lines, robustness
from axislib.tables.schema import split_cell

PLACES = {
    "contradicted": -2,
    "contradicted_on_balance": -1,
    "not_decided": 0,
    "supported_on_balance": 1,
    "supported": 2,
    "cannot_be_tested": 3.2,
}
LOOKS = {
    "robust": Look("robust", "\u25c6", INK, INK, symbol="diamond"),
    "fragile": Look("fragile", "\u25c8", INK, PAPER, symbol="diamond-dot", width=2),
    "thin": Look("grey: thin, fewer than two findings", "\u25c6", GREY, GREY, symbol="diamond"),
    "charitable": Look("charitable form, if it differs", "\u25cb", GREY, width=2),
    "range": Look("", "", GREY, dash="dot"),
    "label": Look("", "", INK),
}
HIGH, FOOT, LABEL = 16, 6, 96  # pixels of a row and of the foot; signs of a label
SIDE, GRADES = 12, (0.54, 1)  # pixels beside the chart; the part of its width for the grades


def record_overview(record: Record, claims: Sequence[str] = ()) -> go.Figure:
    """The verdict on every claim, one row each, from supported to contradicted, and how far it
    holds.

    Returns a plotly figure; each point carries the ids of the claim and of the findings behind it.
    It counts no points: a grade says which way the evidence goes, not how strong it is.

    >>> import axislib
    >>> record = Record(axislib.open_seed(layers=["article", "context"]))
    >>> record_overview(record, ["cl_thesis"]).layout.meta["name"]
    'record_overview'
    """
    rows = prepare(record, robustness(record, claims))
    return draw(record, rows, words(rows))


def prepare(record: Record, table: pd.DataFrame) -> list[dict]:
    """One row for each claim, those supported first: ``label``, ``kind`` (how far the verdict
    holds), ``verdict``, ``charitable_verdict``, ``ids``."""
    rows = []
    for row in table.to_dict("records"):
        found = lines(findings(record, row["claim"]))
        ids = [row["claim"], *(i for cell in found["evidence"] for i in split_cell(cell))]
        held = {"label": f"{row['literal']}", "kind": row["robustness"], "ids": ids}
        rows.append({**row, **held})
    order = list(LOOKS)
    return sorted(rows, key=lambda row: (_rank(row["verdict"]), order.index(row["kind"])))


def _rank(verdict: str) -> float:
    """Supported first, what cannot be tested last."""
    place = PLACES[verdict]
    return place if place > max(PLACES["supported"], 0) else -place


def words(rows: Sequence[dict]) -> Words:
    """The finding as a title, the counting rule, a line for each claim."""
    given = [row["verdict"] for row in rows]
    title = (
        f"Other sources support {given.count('supported')} of {len(rows)} claims and contradict"
        f" {given.count('contradicted')}"
    )
    subtitle = (
        f"{given.count('supported_on_balance')} more are supported on balance. Robust: no single"
        " change would alter which side the verdict falls on; fragile: at least one would."
    )
    said = [
        f"{row['label']} {WORDS[row['verdict']].capitalize()}, {row['kind']}. {row['turned_by']}"
        for row in rows
    ]
    return Words(title, subtitle, said)


def draw(record: Record, rows: Sequence[dict], said: Words) -> go.Figure:
    """A row of the chart for each claim, a column for each grade."""
    draft, deep = Draft(record.seed), HIGH * len(rows)
    head = head_room(said.title, said.subtitle) + 46
    draft.canvas("x y", [-2.5, 3.7], deep, x=GRADES)
    for verdict, x in PLACES.items():
        number = sum(row["verdict"] == verdict for row in rows)
        heading = f"{WORDS[verdict].replace(' ', '<br>', 1)}<br>{number}"
        draft.note(heading, x, 0, yshift=6, yanchor="bottom", xanchor="center",
                   align="center", font={"size": 12})  # fmt: skip
        draft.hairline([x, x], [0, deep])
    placed = [{**row, "y": HIGH * (at + 0.5), "x": PLACES[row["verdict"]]}
              for at, row in enumerate(rows)]  # fmt: skip
    for row in placed:
        draft.note(text(shorten(row["label"].rstrip("."), LABEL)), 0, row["y"], "paper y",
                   font={"size": 13})  # fmt: skip
        draft.hairline([-2.5, row["x"]], [row["y"]] * 2, dash="dot")
    other = [row for row in placed if row["charitable"] and row["charitable_verdict"] !=
             row["verdict"]]  # fmt: skip
    there = [PLACES[row["charitable_verdict"]] for row in other]
    tied = [{**row, "kind": "range", "x": [row["x"], x], "y": [row["y"]] * 2}
            for row, x in zip(other, there, strict=True)]  # fmt: skip
    draft.marks(tied, "line", LOOKS)
    charitable = [{**row, "kind": "charitable", "x": x}
                  for row, x in zip(other, there, strict=True)]  # fmt: skip
    draft.marks(charitable, "symbol", LOOKS)
    draft.marks(placed, "symbol", LOOKS)
    keys = "   ".join(f"{LOOKS[kind].sign} {LOOKS[kind].word}" for kind in list(LOOKS)[:4])
    draft.note(keys, 0, 1, "paper paper", yshift=10, yanchor="bottom",
               font={"size": 12})  # fmt: skip
    draft.update_layout(showlegend=False, margin={"l": SIDE, "r": SIDE, "t": head, "b": FOOT})
    return draft.finish(said, head + deep + FOOT, "record_overview")


# -------------------------------------------------------------------------- cards


def card(record: Record, row: dict, whole: bool = False) -> str:
    """A claim of ``robustness`` as HTML: the verdict on its forms, what carries it, what speaks
    against it, what would alter it, and all findings one click away. ``whole``: opened."""
    settled = row["verdict"] in ("supported", "contradicted")
    said = {
        "Charitable form": row["charitable"],
        "Decisive" if settled else "Main finding": row["decisive"],
        "Against": row["strongest_against"] or "none found",
        "What would alter the verdict": row["turned_by"],
    }
    more = {"By one coding alone": row["coders_differ"]}
    charitable = _badge(row["charitable_verdict"])
    return (
        f"<details{' open' if whole else ''}><summary><h4>"
        f"{html.escape(row['literal'], quote=False)}</h4> {_badge(row['verdict'])}"
        f" <i>{row['robustness'].capitalize()}.</i>{_rival(row)}</summary>"
        f"<ul>{_items(said, charitable)}</ul>"
        f"<details><summary>All findings</summary><ul>{_items(more)}{_all(record, row)}</ul>"
        "</details></details>"
    )


def _rival(row: dict) -> str:
    """The rival reading, in the same line as the verdict."""
    return f" Another reading: {html.escape(row['rival'], quote=False)}" if row["rival"] else ""


def _items(said: dict[str, str], charitable: str = "") -> str:
    """Names and sentences as a list; the first has the charitable verdict after it."""
    ends = {"Charitable form": f" {charitable}"}
    return "".join(
        f"<li><b>{name}:</b> {html.escape(line.rstrip('.'), quote=False)}.{ends.get(name, '')}</li>"
        for name, line in said.items()
        if line
    )


def _badge(verdict: str) -> str:
    return f"<b>{WORDS[verdict].capitalize()}.</b>"


def _all(record: Record, row: dict) -> str:
    """All findings of a claim, what happened since at the end."""
    found, items = findings(record, row["claim"]), []
    found = found.assign(later=found["use"] == "later").sort_values("later", kind="stable")
    for each in found.to_dict("records"):
        how = f"{each['side']}: {WORDS[each['test']]}" if each["use"] == "counted" else each["use"]
        how = "what happened since: decides nothing" if each["use"] == "later" else how
        line = f"{each['why']} ({how}; {each['tier']} source)"
        if each["kind"] == "indicator":
            line = f"{each['statement']}. {each['why']} ({how})"
        items.append(f"<li>{html.escape(line, quote=False)}</li>")
    return "".join(items)


def cards(record: Record, table: pd.DataFrame) -> str:
    """The cards of all claims as HTML: those central to the argument open, the others folded
    together."""
    rows = table.to_dict("records")
    central = [row for row in rows if row["central"]] or rows
    rest = [row for row in rows if row not in central]
    shown = "".join(card(record, row, whole=True) for row in central)
    inside = "".join(card(record, row) for row in rest)
    if rest:
        inside = f"<details><summary>The other {len(rest)} claims</summary>{inside}</details>"
    return f'<section class="claims">{shown}</section>\n{inside}'
