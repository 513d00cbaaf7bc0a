"""What surrounds a chart: room for its head, a key of real marks, and a plain word where there is
nothing to show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import plotly.graph_objects as go

from axislib.figures.draft import Sheet
from axislib.figures.style import GREY, finish
from axislib.seed.seed import Seed


def head_room(title: str, subtitle: str) -> int:
    """Pixels that title and subtitle take above the chart, as ``finish`` breaks their lines.

    >>> head_room("Short", "Shorter") < head_room("Long " * 40, "Shorter")
    True
    """
    return 44 + 26 * max(1, len(textwrap.wrap(title, 88))) + 18 * len(textwrap.wrap(subtitle, 128))


def lines(value: object, width: int) -> int:
    """How many lines a label of ``width`` signs a line takes."""
    return max(1, len(textwrap.wrap(str(value), width, break_long_words=False)))


def nothing_to_show(name: str, what: str, why: str) -> go.Figure:
    """A figure without marks that says so: ``what`` there is none of, and ``why`` or what to do
    about it.

    >>> nothing_to_show("timeline", "events", "Widen the selection.").layout.meta["twin"]
    ['Nothing to show: no events. Widen the selection.']
    """
    sheet = Sheet()
    title = f"Nothing to show: no {what}"
    sheet.add_annotation(
        text=why,
        x=0,
        xref="paper",
        xanchor="left",
        y=0.5,
        yref="paper",
        showarrow=False,
        align="left",
        font={"size": 15, "color": GREY},
    )
    hidden = {"visible": False, "fixedrange": True}
    sheet.update_layout(
        xaxis=hidden, yaxis=hidden, margin={"l": 16, "r": 16, "t": head_room(title, ""), "b": 10}
    )
    return finish(sheet, title, "", [f"{title}. {why}"], height=190, name=name)


def no_rows(seed: Seed, name: str, what: str, tables: Iterable[str]) -> go.Figure:
    """``nothing_to_show`` of a figure whose tables hold no row: left out by a selection, or not
    coded at all."""
    left_out = not seed.selected.isdisjoint(tables)
    return nothing_to_show(
        name,
        what,
        f"The selection keeps no {what}: widen it." if left_out else f"No {what} are coded yet.",
    )


def share(pixels: float, of: float) -> float:
    """Pixels as a part of a plot's height or width, rounded so that saved figures diff legibly."""
    return round(pixels / of, 5)
