"""Charts of the whole article with the record beside it: the years side by side, and the comparison
with its silence filled."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go

from axislib.figures.comparison import draw, favoured, most_favour, prepare, words
from axislib.figures.draft import Words
from axislib.figures.timeline.aligned import draw as draw_acts
from axislib.figures.timeline.aligned import prepare as prepare_acts
from axislib.figures.timeline.aligned import words as acts_in_words
from axislib.questions.levels import both_sides
from axislib.record import Record, cutoff, filled, filled_seed, what_changes
from axislib.record.figures.check import SIGN
from axislib.tables.schema import records
from axislib.words import counted, in_text, names

DAYS_A_YEAR = 365.25


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
    words = "the article was written<br>in this span"
    look = {"xanchor": "left", "xshift": 6, "align": "left", "font": {"size": 12}}
    figure.add_annotation(
        text=words, xref="x", x=x1, yref="y domain", y=0.4, showarrow=False, **look
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
    rows = prepare(filled_seed(seed), left, right)
    other = (changes["record"] != "cannot say") & (changes["record"] != changes["filled"])
    for row in rows:
        if other[row["dimension"]]:
            row["changed"] = f"{favoured(rows, row)} *"
    now = changes.loc[changes["changed"], "filled"].value_counts()
    named = [in_text(row["coalition"]) for row in rows[:2]]
    title = (
        f"The external record makes {int(changes['changed'].sum())} more dimensions comparable:"
        f" {most_favour(now.get('more', 0), now.get('less', 0), *named)}"
    )
    subtitle = (
        f"{SIGN} and outlined: from the record. Solid: the article, whose coding takes precedence."
        f" * On {counted(int(other.sum()), 'dimension')} the record alone says otherwise. Present,"
        " ruled out or both: never how much."
    )
    table = filled(seed)
    stated, added = ((table["filled_by"] == who).sum() for who in ("article", "record"))
    subtitle += f" Of {stated + added} cells filled, {added} are the record's."
    called = names(seed)
    described = [
        f"{called[d]}: in the article {row['article']}, filled from the record {row['filled']}, by"
        f" the record alone {row['record']}."
        for d, row in zip(changes.index, records(changes), strict=True)
    ]
    cards = words(seed, rows).cards
    return draw(seed, rows, Words(title, subtitle, described, cards), "filled_comparison")
