"""Charts of the whole article with the record beside it: the years side by side, and the comparison
filled from the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.comparison import comparison
from axislib.figures.draft import look
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREEN, INK, PAPER
from axislib.figures.timeline.eras import timeline
from axislib.questions.levels import both_sides
from axislib.record import Record, cutoff, filled, filled_seed, what_changes
from axislib.record.figures.check import SIGN, RecordMarks
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell
from axislib.words import in_text

PALE = "#E3F3EE"
OUTLINE = 2.5  # pixels
DAYS_A_YEAR = 365.25
FOUNDING = {
    "modern_alignment": "cx_joint_statement",
    "historic_axis": "cx_rome_berlin_protocol",
    "wwii_allies": "cx_anglo_soviet_1941",
}


def outlined(figure: go.Figure, seed: Seed) -> go.Figure:
    """The same figure in which every bar, point or cell that rests on the record alone is outlined
    in its colour and carries its sign.

    Returns a new figure. What rests on the article, or on both, stays as it is.
    """
    from_record: set[str] = set()
    for frame in seed.tables.values():
        if "id" in frame:
            from_record |= set(frame.loc[frame["layer"] == "context", "id"])
    figure = go.Figure(figure)
    traces: Any = figure.data
    for trace in traces:
        rows = [set(split_cell(mark[0])) for mark in _or_none(trace.customdata)]
        ours = [bool(ids) and ids <= from_record for ids in rows]
        if any(ours) and not (trace.type == "bar" and trace.marker.line.width == 0):  # words only
            _outline(trace, ours)
    return figure


def _or_none(values: Sequence | None) -> Sequence:
    return () if values is None else values


def _outline(trace: Any, ours: list[bool]) -> None:
    words = trace.text
    if words is None or isinstance(words, str):
        words = [words] * len(ours)
    if any(words):
        trace.text = [
            f"{SIGN} {word}" if mine else word for mine, word in zip(ours, words, strict=True)
        ]
    if trace.type == "bar":
        _outline_bars(trace, ours)
    elif trace.mode and "markers" in trace.mode:
        symbols = zip(ours, _each(trace.marker.symbol, ours, None, "circle"), strict=True)
        trace.marker.symbol = [f"{symbol}-open" if mine else symbol for mine, symbol in symbols]
        trace.marker.color = _each(trace.marker.color, ours, GREEN, INK)
        trace.marker.line = {"width": _each(None, ours, OUTLINE, 1)}


def _outline_bars(trace: Any, ours: list[bool]) -> None:
    own, pale = trace.marker.line, PAPER if trace.marker.color == PAPER else PALE
    trace.marker.line = {
        "color": _each(own.color, ours, GREEN, INK),
        "width": _each(own.width, ours, OUTLINE, 1),
    }
    # where each bar has a colour of its own, plotly draws the pattern in it and not in the
    # pattern's
    drawn = trace.marker.pattern.fgcolor if trace.marker.pattern.shape else None
    trace.marker.color = _each(drawn or trace.marker.color, ours, pale, INK)
    trace.textfont.color = _each(trace.textfont.color, ours, INK, INK)


def _each(value: object, ours: list[bool], of_record: object, default: object) -> list:
    """A value for each bar or point: that of the record where it is the record's (unless None),
    else the given one."""
    given = [default if value is None else value] * len(ours)
    if isinstance(value, list | tuple):
        given = list(value)
    return [
        of_record if mine and of_record is not None else own
        for mine, own in zip(ours, given, strict=True)
    ]


def record_timeline(record: Record, left: str | None = None, right: str | None = None) -> go.Figure:
    """The years of two coalitions side by side, from the record's dates, with the span of the
    article's possible dates.

    Only dated acts of the record are drawn, outlined; the article dates hardly any. Each coalition
    counts from its founding act (for the four, who have none, the joint statement of February
    2022). It counts acts the compilers of the record looked for: more acts are more pages read, not
    surely more cooperation.
    """
    seed = record.seed
    left, right = both_sides(seed, left, right)
    events = seed.events[seed.events["layer"] == "context"]
    dated = replace(seed, tables={**seed.tables, "events": events.reset_index(drop=True)})
    founding = {
        side: FOUNDING[side]
        for side in (left, right)
        if side in FOUNDING and FOUNDING[side] in set(events["id"])
    }
    figure = outlined(
        timeline(dated, mode="aligned", left=left, right=right, founding=founding), seed
    )
    row = events[events["id"] == founding.get(left, "")]
    if len(row):
        _shade_writing(figure, seed, row["earliest"].iloc[0])
    caution = (
        " An act is one that the compilers of the record looked for and found: more acts are more"
        " pages read."
    )
    figure.layout.title.subtitle.text = wrap(
        figure.layout.title.subtitle.text.replace("<br>", " ") + caution, 128
    )
    meta = dict(figure.layout.meta)
    figure.update_layout(
        meta={**meta, "name": "record_timeline", "alt": f"From the record: {meta['alt']}"}
    )
    return figure.update_layout(
        title_text=figure.layout.title.text.replace("<b>", f"<b>{SIGN} From the record: ", 1)
    )


def _shade_writing(figure: go.Figure, seed: Seed, since: pd.Timestamp) -> None:
    """The days in which the article can have been written, in years from an act."""
    first, last, _ = cutoff(seed)
    x0, x1 = ((day - since).days / DAYS_A_YEAR for day in (first, last))
    figure.add_shape(
        type="rect", xref="x", x0=x0, x1=x1, yref="y domain", y0=0, y1=1, fillcolor="#E6E6E6",
        line={"width": 0}, layer="below",
    )  # fmt: skip
    figure.add_annotation(
        text="the article was written<br>in this span", xref="x", x=x1, yref="y domain", y=0.06,
        xanchor="left", xshift=6, align="left", showarrow=False, font={"size": 12},
    )  # fmt: skip


def filled_comparison(
    record: Record, left: str | None = None, right: str | None = None
) -> go.Figure:
    """The comparison of the article filled from the record, outlined, and what that changes.

    The article's word stands where it has one; ``what_changes`` also tells what the record alone
    would say. A form of cooperation that the article never mentions carries the record's sign. It
    counts levels, never how much.
    """
    seed = record.seed
    left, right = both_sides(seed, left, right)
    figure = outlined(comparison(filled_seed(seed), left, right), seed)
    changes = what_changes(seed, left, right).set_index("dimension")
    names = dict(zip(seed.dimensions["name"].map(text), seed.dimensions["id"], strict=True))
    order = [names[label] for label in figure.layout.yaxis.ticktext]
    traces: Any = figure.data
    stands = next(trace for trace in traces if trace.name == "how they stand")
    stands.text = [_change(changes.loc[dimension]) for dimension in order]
    stands.textfont.color = INK
    figure.layout.yaxis.ticktext = [
        f"{SIGN} {label}" if changes.at[dimension, "origin"] == "context" else label
        for label, dimension in zip(figure.layout.yaxis.ticktext, order, strict=True)
    ]
    called = RecordMarks(seed).names
    otherwise = (changes["record"] != "cannot say") & (changes["record"] != changes["filled"])
    count = int(otherwise.sum())
    subtitle = (
        f"{SIGN} and a green outline: from the record. Filled boxes: the article. Its word stands"
        f" where it has one; on {count} dimensions the record alone would say otherwise. Present,"
        " absent or both: never how much."
    )
    twin = [
        f"{called[d]}: in the article {changes.at[d, 'article']}, with the silence filled"
        f" {changes.at[d, 'filled']}, by the record alone {changes.at[d, 'record']}."
        for d in order
    ]
    title, height = _filled_title(filled(seed), changes, left, right, called), figure.layout.height
    figure.update_layout(margin={"t": 190})
    return figure.update_layout(look(title, subtitle, twin, height + 24, "filled_comparison"))


def _filled_title(
    table: pd.DataFrame, changes: pd.DataFrame, left: str, right: str, called: dict
) -> str:
    sources = table[table["coalition"].isin([left, right])]["filled_by"].value_counts()
    by_record, missing = sources.get("record", 0), sources.get("nobody", 0)
    now = changes.loc[changes["changed"], "filled"].value_counts()
    return (
        f"The record fills {by_record} of {by_record + missing} silences on"
        f" {in_text(called[left])} and {in_text(called[right])}: on {int(now.sum())} more"
        f" dimensions one can now say more ({now.get('more', 0)}), less ({now.get('less', 0)}) or"
        f" alike ({now.get('alike', 0)})"
    )


def _change(row: pd.Series) -> str:
    now = f"{row['article']} \u2192 {row['filled']}" if row["changed"] else row["filled"]
    return now + (
        f" (record alone: {row['record']})"
        if row["record"] not in ("cannot say", row["filled"])
        else ""
    )
