"""The record in charts: all claims in one, with a card for each, and other charts with the record's
rows outlined, so that nobody takes them for the article's."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.comparison import draw as draw_comparison
from axislib.figures.comparison import favoured, most_favour
from axislib.figures.comparison import prepare as prepare_comparison
from axislib.figures.comparison import words as comparison_in_words
from axislib.figures.draft import Draft, Words, head_room, key, shorten
from axislib.figures.hover import text
from axislib.figures.palette import GREY, INK, PAPER, Look
from axislib.figures.timeline.aligned import draw as draw_acts
from axislib.figures.timeline.aligned import prepare as prepare_acts
from axislib.figures.timeline.aligned import words as acts_in_words
from axislib.questions.levels import both_sides
from axislib.record import (
    DIRECTION,
    VERDICTS,
    WORDS,
    Record,
    cutoff,
    filled,
    filled_seed,
    findings,
    lines,
    robustness,
    what_changes,
)
from axislib.record.panels import SIGN, record_check
from axislib.tables.schema import records, split_cell
from axislib.words import counted, in_text, names

__all__ = ["cards", "filled_comparison", "record_check", "record_overview", "record_timeline"]
GRADES = [*reversed([word for word in VERDICTS if word != "cannot_be_tested"]), "cannot_be_tested"]
PLACES = dict(zip(GRADES, (-2, -1, 0, 1, 2, 3.2), strict=True))
LOOKS = {
    "robust": Look("robust", "\u25c6", INK, INK, symbol="diamond"),
    "fragile": Look("fragile", "\u25c8", INK, PAPER, symbol="diamond-dot", width=2),
    "thin": Look("thin: fewer than two findings", "\u25c6", GREY, GREY, symbol="diamond"),
    "charitable": Look("a weaker form, if its verdict differs",
                       "\u25cb", GREY, width=2),
    "range": Look("", "", GREY, dash="dot"),
}  # fmt: skip
HIGH, GAP, FOOT, LABEL = (
    16,
    9,
    6,
    92,
)  # pixels of a row, above a group, of the foot; signs of a label
SIDE, ACROSS = 12, (0.54, 1)  # pixels beside the chart; the part of its width for the grades
DAYS_A_YEAR = 365.25


def record_overview(
    record: Record, claims: Sequence[str] = (), table: pd.DataFrame | None = None
) -> go.Figure:
    """The verdict on every claim, one row each, from contradicted to supported, and how far it
    holds; ``table`` is what ``robustness`` gave, where it has been called.

    Returns a plotly figure; each point carries the ids of the claim and of the findings behind it.
    It counts no points: a grade says which way the evidence goes, not how strong it is.

    >>> import axislib
    >>> record = Record(axislib.open_seed(layers=["article", "context"]))
    >>> record_overview(record, ["cl_thesis"]).layout.meta["name"]
    'record_overview'
    """
    rows = prepare(record, robustness(record, claims) if table is None else table)
    return draw(record, rows, words(record, rows))


def prepare(record: Record, table: pd.DataFrame) -> list[dict]:
    """One row for each claim, in the order of the grades: ``label``, ``kind`` (how far the verdict
    holds), ``x``, ``y``, ``verdict``, ``charitable_verdict``, ``ids``."""
    order = table.assign(grade=table["verdict"].map(GRADES.index),
                         held=table["robustness"].map(list(LOOKS).index))  # fmt: skip
    rows, y, grade = [], 0.0, None
    for row in order.sort_values(["grade", "held"], kind="stable").to_dict("records"):
        found = lines(findings(record, row["claim"]))
        ids = [row["claim"], *(i for cell in found["evidence"] for i in split_cell(cell))]
        y += GAP * (grade not in (None, row["grade"]))
        grade, said = row["grade"], row["literal"].rstrip(".")
        label = f"The thesis: {said[0].lower()}{said[1:]}" if row["claim"] == "cl_thesis" else said
        label += _whose(record, row)
        rows.append({**row, "label": label, "kind": row["robustness"], "ids": ids,
                     "x": PLACES[row["verdict"]], "y": y + HIGH / 2})  # fmt: skip
        y += HIGH
    return rows


def _whose(record: Record, row: dict) -> str:
    """Whose claim it is, where it is not the author's."""
    name = record.called(row["speaker"])
    return "" if name == record.seed.metadata.get("author") else f" ({name})"


def words(record: Record, rows: Sequence[dict]) -> Words:
    """The finding as a title, the counting rule, a line for each claim, and the claims of each
    grade in short."""
    given = [row["verdict"] for row in rows]
    ours, theirs = (sum(DIRECTION.get(word, 0) == side for word in given) for side in (1, -1))
    plain = sum(row["verdict"] == "supported" and row["describes"] != "" for row in rows)
    title = f"Other sources support {ours} of {len(rows)} claims"
    subtitle = (
        f"{given.count('supported')} of the {ours} outright, of which {plain} describe well-known"
        f" events; {theirs} claims are contradicted. Only what predates the article decides. Bold:"
        " the claims examined in full on this page. Robust: no single change would turn the"
        " verdict; fragile: at least one would."
    )
    said = [
        f"{row['label']}. {WORDS[row['verdict']].capitalize()}, {row['kind']}."
        f" {row['would_alter_it']}"
        for row in rows
    ]
    short = []
    for verdict in dict.fromkeys(given):
        mine = [_in_short(row) for row in rows if row["verdict"] == verdict]
        heading = f"{WORDS[verdict].capitalize()}: {len(mine)}"
        short.append({"heading": heading, "lines": mine})
    return Words(title, subtitle, said, short)


def _in_short(row: dict) -> str:
    """A claim on one line, and its charitable verdict where it differs."""
    other = row["charitable"] and row["charitable_verdict"] != row["verdict"]
    return row["short"] + (f": {WORDS[row['charitable_verdict']]} if weaker" if other else "")


def draw(record: Record, rows: Sequence[dict], said: Words) -> go.Figure:
    """A row of the chart for each claim, a column for each grade."""
    draft, deep = Draft(record.seed), rows[-1]["y"] + HIGH / 2 if rows else HIGH
    head = head_room(said.title, said.subtitle) + 46
    draft.canvas("x y", [-2.5, 3.7], deep, x=ACROSS)
    for verdict, x in PLACES.items():
        number = sum(row["verdict"] == verdict for row in rows)
        heading = f"{WORDS[verdict].replace(' ', '<br>', 1)}<br>{number}"
        draft.note(heading, x, 0, yshift=6, yanchor="bottom", xanchor="center",
                   align="center", font={"size": 12})  # fmt: skip
        draft.hairline([x, x], [0, deep])
    for row in rows:
        label = text(shorten(row["label"], LABEL - 8 * bool(row["central"])))
        label = f"<b>{label}</b>" if row["central"] else label
        draft.note(label, 0, row["y"], "paper y", font={"size": 13})
        draft.hairline([-2.5, row["x"]], [row["y"]] * 2, dash="dot", color=GREY)
    other = [
        {**row, "kind": "charitable", "x": PLACES[row["charitable_verdict"]], "from": row["x"]}
        for row in rows
        if row["charitable"] and row["charitable_verdict"] != row["verdict"]
    ]
    tied = [{**row, "kind": "range", "x": [row["from"], row["x"]], "y": [row["y"]] * 2}
            for row in other]  # fmt: skip
    draft.marks(tied, "line", LOOKS)
    draft.marks([*other, *rows], "symbol", LOOKS)
    draft.note(key(list(LOOKS)[:4], LOOKS), 0, 1, "paper paper", yshift=10, yanchor="bottom",
               font={"size": 12})  # fmt: skip
    draft.update_layout(showlegend=False, margin={"l": SIDE, "r": SIDE, "t": head, "b": FOOT})
    return draft.finish(said, round(head + deep + FOOT), "record_overview")


def card(record: Record, row: dict, whole: bool = False) -> str:
    """A claim of ``robustness`` as HTML: the verdict on its forms, what carries it, what speaks
    against it, what would alter it, and all findings one click away. ``whole``: opened."""
    settled = row["verdict"] in ("supported", "contradicted")
    charitable = f"{row['charitable']} {_badge(row['charitable_verdict'])}"
    said = {
        "The article": f"{row['statement'].rstrip('.')}{_whose(record, row)}. {row['differs']}",
        "A weaker form (one the author might accept)": charitable if row["charitable"] else "",
        "Decisive" if settled else "Main finding": row["decisive"],
        "Against": row["strongest_against"] or "none found",
        "What would alter the verdict": row["would_alter_it"],
        "Another reading": row["rival"],
    }
    more = _items({"On one coder\u2019s judgements alone": row["coders_differ"]})
    return (
        f"<details{' open' if whole else ''}><summary><h4>"
        f"{html.escape(row['literal'], quote=False)}</h4> <b>{_badge(row['verdict'])}</b>"
        f" <i>{row['robustness'].capitalize()}.</i></summary><ul>{_items(said)}</ul>"
        f"<details><summary>All findings</summary><ul>{more}{_all(record, row)}</ul></details>"
        "</details>"
    )


def _items(said: dict[str, str]) -> str:
    """Names and sentences as a list."""
    return "".join(
        f"<li><b>{name}:</b> {html.escape(line.rstrip('.'), quote=False)}.</li>"
        for name, line in said.items()
        if line
    )


def _badge(verdict: str) -> str:
    return f"{WORDS[verdict].capitalize()}."


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


def record_timeline(record: Record, left: str | None = None, right: str | None = None) -> go.Figure:
    """The years of two coalitions side by side, from the record's dates, with the span of the
    article's possible dates.

    Only dated acts of the record are drawn, outlined; the article dates hardly any. Each coalition
    counts from its founding act (for the four, who have none, the joint statement of February
    2022). It counts acts that the compilers of the record looked for: a higher count may only
    reflect more research.
    """
    seed = record.seed
    left, right = both_sides(seed, left, right)
    events = seed.events[seed.events["layer"] == "context"]
    dated = replace(seed, tables={**seed.tables, "events": events.reset_index(drop=True)})
    founding = {
        side: event
        for side, event in seed.metadata.get("founding", {}).items()
        if side in (left, right) and event in set(events["id"])
    }
    rows = prepare_acts(dated, left, right, founding)
    said = acts_in_words(dated, rows, (left, right))
    subtitle = (
        f"{said.subtitle} Every act is the external record's, none the article's. Its compilers"
        " looked for acts: higher counts may only reflect more research."
    )
    figure = draw_acts(dated, rows, said._replace(subtitle=subtitle), "record_timeline")
    row = events[events["id"] == founding.get(left, "")]
    if len(row):
        first, last, _ = cutoff(seed)
        since = row["earliest"].iloc[0]
        _shade(figure, *((day - since).days / DAYS_A_YEAR for day in (first, last)))
    return figure


def _shade(figure: go.Figure, x0: float, x1: float) -> None:
    """The span in which the article was written, in years since the founding act."""
    box = {"x0": x0, "x1": x1, "y0": 0, "y1": 1, "fillcolor": "#E6E6E6", "line": {"width": 0}}
    figure.add_shape(type="rect", xref="x", yref="y domain", layer="below", **box)
    said = "the article was written<br>in this span"
    look = {"xanchor": "left", "xshift": 6, "align": "left", "font": {"size": 12}}
    figure.add_annotation(
        text=said, xref="x", x=x1, yref="y domain", y=0.4, showarrow=False, **look
    )


def filled_comparison(
    record: Record, left: str | None = None, right: str | None = None
) -> go.Figure:
    """The comparison with what the article does not state filled from the record, outlined.

    The article's coding takes precedence; a star says that the record alone favours otherwise. It
    counts levels, never how much.
    """
    seed = record.seed
    left, right = both_sides(seed, left, right)
    changes = what_changes(seed, left, right).set_index("dimension")
    rows = prepare_comparison(filled_seed(seed), left, right)
    other = (changes["record"] != "cannot say") & (changes["record"] != changes["filled"])
    for row in rows:
        if other[row["dimension"]]:
            row["changed"] = f"{favoured(rows, row)} *"
    now = changes.loc[changes["changed"], "filled"].value_counts()
    named = [in_text(row["coalition"]) for row in rows[:2]]
    title = (
        f"The external record makes {int(changes['changed'].sum())} more forms of cooperation"
        " comparable:"
        f" {most_favour(now.get('more', 0), now.get('less', 0), *named)}"
    )
    starred = counted(int(other.sum()), "form")
    subtitle = (
        f"{SIGN} and outlined: from the external record. Solid: the article, whose coding takes"
        f" precedence. * The external record alone says otherwise on {starred}"
        " of cooperation. Cells show whether a form of cooperation is"
        " present, not how much of it there was."
    )
    table = filled(seed)
    stated, added = ((table["filled_by"] == who).sum() for who in ("article", "record"))
    subtitle += f" The external record fills {added} of the {stated + added} cells."
    described = _in_each(changes, names(seed), named)
    short = comparison_in_words(seed, rows).cards
    return draw_comparison(
        seed, rows, Words(title, subtitle, described, short), "filled_comparison"
    )


def _in_each(changes: pd.DataFrame, called: dict[str, str], named: Sequence[str]) -> list[str]:
    """For each form of cooperation, how the two compare in the article, with its gaps filled, and
    by the record alone."""
    says = {
        "more": f"it favours {named[0]}", "less": f"it favours {named[1]}", "alike": "a tie",
        "cannot say": "no comparison",
    }  # fmt: skip
    return [
        f"{called[d]}: in the article, {says[row['article']]}; with gaps filled,"
        f" {says[row['filled']]}; by the external record alone, {says[row['record']]}."
        for d, row in zip(changes.index, records(changes), strict=True)
    ]
