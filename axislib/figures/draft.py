"""A figure on its way: what will be drawn, as plain data, until plotly checks all of it once."""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from axislib.figures.hover import wrap
from axislib.figures.palette import FONT, GREY, INK, PAPER
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell


class Sheet:
    """Takes what a figure takes, by the same names, and keeps it; ``figure`` hands all of it to
    plotly.

    plotly checks whatever is drawn already anew for each thing added: a chart of fifteen traces and
    ten axes took it four times as long piece by piece as at once. A word that plotly does not know
    is refused in ``figure``. Names are spelled out, a dict in a dict (``xaxis={"range": ...}``,
    ``title={"text": ...}``): those with an underscore between are not laid over one another here.

    >>> sheet = Sheet()
    >>> sheet.add_bar(x=[1], y=[2])
    >>> sheet.update_layout(xaxis={"visible": False})
    >>> sheet.update_layout(xaxis={"range": [0, 3]}, barmode="stack")
    >>> sheet.figure().layout.xaxis.visible, len(sheet.figure().data)
    (False, 1)
    """

    def __init__(self) -> None:
        self._traces: list[dict] = []
        self._layout: dict[str, Any] = {"annotations": [], "shapes": []}

    def add_bar(self, **trace: Any) -> None:
        self._traces.append({"type": "bar", **trace})

    def add_scatter(self, **trace: Any) -> None:
        self._traces.append({"type": "scatter", **trace})

    def add_scattergl(self, **trace: Any) -> None:
        self._traces.append({"type": "scattergl", **trace})

    def add_annotation(self, **note: Any) -> None:
        self._layout["annotations"].append(note)

    def add_shape(self, **shape: Any) -> None:
        self._layout["shapes"].append(shape)

    def update_layout(self, layout: dict | None = None, /, **more: Any) -> None:
        """Lay new settings over those there are; what a nested one does not name stays."""
        _lay_over(self._layout, {**(layout or {}), **more})

    def figure(self) -> go.Figure:
        """The figure; raises ValueError for a property plotly does not know or a value it refuses.

        ``layout.meta["rows"]`` has ``Marks.answer`` for every id that a mark cites.
        """
        cited = [mark for trace in self._traces for mark in trace.get("customdata", ())]
        rows = {row: ids.marks.answer(row) for ids in cited for row in split_cell(ids[0])}
        self._layout.setdefault("meta", {})["rows"] = rows
        return go.Figure(
            data=self._traces,
            layout={
                name: value
                for name, value in self._layout.items()
                if name not in ("annotations", "shapes") or value
            },
        )


def _lay_over(settings: dict, more: dict) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(settings.get(name), dict):
            _lay_over(settings[name], value)
        else:
            settings[name] = copy.deepcopy(value)  # it stays the caller's


def look(title: str, subtitle: str, twin: Sequence[str], height: int, name: str) -> dict:
    """The layout all figures share: a title that states the finding, a subtitle with the counting
    rule, the text twin in ``meta``."""
    return {
        "title": {
            "text": f"<b>{wrap(title, 88)}</b>",
            "x": 0.01,
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 28},
            "font": {"size": 20},
            "subtitle": {"text": wrap(subtitle, 128), "font": {"size": 13, "color": "#4A4A4A"}},
        },
        "template": "none",
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": height,
        "font": {"family": FONT, "size": 14, "color": INK},
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": INK,
            "font": {"family": FONT, "size": 13, "color": INK},
            "align": "left",
        },
        "meta": {"name": name, "alt": f"{title}. {subtitle}", "twin": list(twin)},
    }


def finish(
    sheet: Sheet, title: str, subtitle: str, twin: Sequence[str], height: int, name: str
) -> go.Figure:
    """The figure of what stands on the sheet, with the shared look."""
    sheet.update_layout(look(title, subtitle, twin, height, name))
    return sheet.figure()


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
