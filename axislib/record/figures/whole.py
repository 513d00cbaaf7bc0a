"""Charts of the whole article with the record beside it: the years side by side, and the comparison
with its silence filled."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.comparison import comparison
from axislib.figures.draft import look
from axislib.figures.hover import text, wrap
from axislib.figures.palette import INK
from axislib.figures.timeline.eras import timeline
from axislib.questions.levels import both_sides
from axislib.record import Record, cutoff, filled, filled_seed, what_changes
from axislib.record.figures.marks import SIGN, RecordMarks, outlined
from axislib.words import in_text

_FOUNDING = {
    "modern_alignment": "cx_joint_statement",
    "historic_axis": "cx_rome_berlin_protocol",
    "wwii_allies": "cx_anglo_soviet_1941",
}


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
        side: _FOUNDING[side]
        for side in (left, right)
        if side in _FOUNDING and _FOUNDING[side] in set(events["id"])
    }
    figure = outlined(
        timeline(dated, mode="aligned", left=left, right=right, founding=founding), seed
    )
    first, last, _ = cutoff(seed)
    row = events[events["id"] == founding.get(left, "")]
    if len(row):
        since = row["earliest"].iloc[0]
        x0, x1 = ((day - since).days / 365.25 for day in (first, last))
        figure.add_shape(
            type="rect",
            xref="x",
            x0=x0,
            x1=x1,
            yref="y domain",
            y0=0,
            y1=1,
            fillcolor="#E6E6E6",
            line={"width": 0},
            layer="below",
        )
        figure.add_annotation(
            text="the article was written<br>in this span",
            xref="x",
            x=x1,
            yref="y domain",
            y=0.06,
            xanchor="left",
            xshift=6,
            align="left",
            showarrow=False,
            font={"size": 12},
        )
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


def filled_comparison(
    record: Record, left: str | None = None, right: str | None = None
) -> go.Figure:
    """The comparison of the article with its silence filled from the record, outlined, and what
    that changes.

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
    stands = next(trace for trace in figure.data if trace.name == "how they stand")
    stands.text = [_change(changes.loc[dimension]) for dimension in order]
    stands.textfont.color = INK
    figure.layout.yaxis.ticktext = [
        f"{SIGN} {label}" if changes.at[dimension, "origin"] == "context" else label
        for label, dimension in zip(figure.layout.yaxis.ticktext, order, strict=True)
    ]
    table, called = filled(seed), RecordMarks(seed).names
    by = table[table["coalition"].isin([left, right])]["filled_by"].value_counts()
    decided = int(changes["changed"].sum())
    against = int(
        ((changes["record"] != "cannot say") & (changes["record"] != changes["filled"])).sum()
    )
    now = changes.loc[changes["changed"], "filled"].value_counts()
    title = (
        f"The record fills {by.get('record', 0)} of {by.get('record', 0) + by.get('nobody', 0)}"
        f" silences on {in_text(called[left])} and {in_text(called[right])}: on {decided} more"
        f" dimensions one can now say more ({now.get('more', 0)}), less ({now.get('less', 0)}) or"
        f" alike ({now.get('alike', 0)})"
    )
    subtitle = (
        f"{SIGN} and a green outline: from the record. Filled boxes: the article. Its word stands"
        f" where it has one; on {against} dimensions the record alone would say otherwise. Present,"
        " absent or both: never how much."
    )
    twin = [
        f"{called[d]}: in the article {changes.at[d, 'article']}, with the silence filled"
        f" {changes.at[d, 'filled']}, by the record alone {changes.at[d, 'record']}."
        for d in order
    ]
    figure.update_layout(margin={"t": 190})
    return figure.update_layout(
        look(title, subtitle, twin, height=figure.layout.height + 24, name="filled_comparison")
    )


def _change(row: pd.Series) -> str:
    now = f"{row['article']} \u2192 {row['filled']}" if row["changed"] else row["filled"]
    return now + (
        f" (record alone: {row['record']})"
        if row["record"] not in ("cannot say", row["filled"])
        else ""
    )
