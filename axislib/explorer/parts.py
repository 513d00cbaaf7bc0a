"""The widgets a person sees, and a plotly figure redrawn in place."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Callable
from pathlib import Path

import anywidget
import ipywidgets as widgets
import plotly.graph_objects as go
import traitlets

from axislib.figures.palette import CONFIG

HERE = Path(__file__).parent


class Part(anywidget.AnyWidget):
    """One part of the explorer; ``part`` says which function of parts.js draws it."""

    _esm = HERE / "parts.js"
    _css = HERE / "parts.css"
    part = traitlets.Unicode().tag(sync=True)

    def put(self, **values) -> None:
        """Set several traits in one message."""
        with self.hold_sync():
            for name, value in values.items():
                setattr(self, name, value)


class Form(Part):
    """Fields and their values; ``values`` changes when a person chose something, ``problem`` is
    shown in words."""

    part = traitlets.Unicode("form").tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    fields = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    wrong = traitlets.List().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)


class Rows(Form):
    """The list of rows, one page of it; ``chosen`` is the id a person chose."""

    part = traitlets.Unicode("rows").tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    says = traitlets.Unicode().tag(sync=True)
    page = traitlets.Int(0).tag(sync=True)
    pages = traitlets.Int(1).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)


class Caption(Part):
    """Title, counting rule and text twin of the chart beside it."""

    part = traitlets.Unicode("caption").tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    rule = traitlets.Unicode().tag(sync=True)
    twin = traitlets.List().tag(sync=True)


class Said(Part):
    """A computed sentence (``**`` around what is counted), or a titled list that opens."""

    part = traitlets.Unicode("said").tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    items = traitlets.List().tag(sync=True)


class Panel(Part):
    """What stands behind a row; ``asked`` is the id of a link a person followed."""

    part = traitlets.Unicode("panel").tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    asked = traitlets.Unicode().tag(sync=True)


class Lines(Part):
    """Lines to copy: a label and a text each."""

    part = traitlets.Unicode("lines").tag(sync=True)
    lines = traitlets.List().tag(sync=True)


class Whole(widgets.VBox):
    """A box of parts; where no widget can be shown, ``instead`` stands in its place."""

    instead = "This needs JupyterLab: axislib lab."

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**data, "text/plain": self.instead} if data else bundle


def captioned(figure: go.Figure) -> tuple[dict, dict]:
    """The figure as data and layout without its title, and what the caption says instead: a title
    in HTML breaks where the screen ends."""
    drawing = figure.to_plotly_json()  # not another Figure: that would check every mark once more
    layout = drawing["layout"]
    heading = layout.pop("title", {})
    title, rule = heading.get("text", ""), heading.get("subtitle", {}).get("text", "")
    margin = layout.get("margin", {}).get("t", 100)
    # what style.finish leaves for them: 28 px of air, then 26 a line of title and 18 a line of
    # subtitle
    room = (
        min(margin - 30, 28 + 26 * (title.count("<br>") + 1) + 18 * (rule.count("<br>") + 1))
        if title and margin > 30
        else 0
    )
    layout["margin"] = {**layout.get("margin", {}), "t": margin - room}
    if layout.get("height"):
        layout["height"] -= room
    for trace in drawing[
        "data"
    ]:  # the sentence stands in the panel: a hover box that repeats it would hide the chart
        if not isinstance(trace.get("hovertext", ""), str):
            trace["hovertext"] = [
                re.sub(r"<br><i>(?!and \d+ more).*?</i>", "", words) for words in trace["hovertext"]
            ]
    twin = layout.get("meta", {}).get("twin", [])
    return drawing, {
        "title": _plain(title),
        "rule": _plain(rule),
        "twin": [str(line) for line in twin],
    }


def _plain(marked: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", marked.replace("<br>", " "))).strip()


def widget_of(drawing: dict, clicked: Callable[[list[str]], None]) -> go.FigureWidget:
    """A FigureWidget of what ``captioned`` gives; ``clicked`` is called with the ids behind a mark."""
    widget = go.FigureWidget(drawing)
    widget._config = {**CONFIG, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
    _listen(widget, clicked)
    return widget


def redraw(widget: go.FigureWidget, drawing: dict, clicked: Callable[[list[str]], None]) -> None:
    """Make ``widget`` show ``drawing``: in place where the traces are of the same kinds, else with
    new traces.

    A new FigureWidget would send plotly's 5 MB of script again.
    """
    same = [trace.type for trace in widget.data] == [trace["type"] for trace in drawing["data"]]
    with widget.batch_update():
        for stale in set(widget.layout._props) - set(drawing["layout"]):
            widget.layout[stale] = None
        widget.layout.update(drawing["layout"], overwrite=True)
        if same:
            for trace, drawn in zip(widget.data, drawing["data"], strict=True):
                for stale in set(trace._props) - set(drawn) - {"type", "uid"}:
                    trace[stale] = None
                trace.update(
                    {name: value for name, value in drawn.items() if name != "type"}, overwrite=True
                )
    if not same:
        widget.data = ()
        widget.add_traces(drawing["data"])
        _listen(widget, clicked)
    # views that are open were told what changed; one that opens later (another tab, a chart come
    # back to) begins from these
    widget._widget_layout = drawing["layout"]
    widget._widget_data = copy.deepcopy(widget._data)


def _listen(widget: go.FigureWidget, clicked: Callable[[list[str]], None]) -> None:
    def answer(trace, points, _state) -> None:
        if points.point_inds and trace.customdata is not None:
            clicked(str(trace.customdata[points.point_inds[0]][0]).split(";"))

    for trace in widget.data:
        trace.on_click(answer)
