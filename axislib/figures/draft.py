"""A figure on its way: what will be drawn, as plain data, until plotly checks all of it once."""

from __future__ import annotations

import copy
from typing import Any

import plotly.graph_objects as go


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
        """The figure; raises ValueError for a property plotly does not know or a value it refuses."""
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
