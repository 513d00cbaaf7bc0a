"""The widgets a person sees, and a plotly figure redrawn in place."""

from __future__ import annotations

import copy
import html
import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import ipywidgets as widgets
import plotly.graph_objects as go
import traitlets
from IPython import get_ipython

from axislib.errors import SeedError
from axislib.explorer.evidence import Evidence
from axislib.figures.draft import config
from axislib.figures.palette import WIDTH, themed
from axislib.words import curly

HERE = Path(__file__).parent
Act = Callable[[], None]
Told = Callable[[str], None]
OPTIONAL = "rfc3987_syntax"
HINT = "Click anything on the chart, or a row, to see its sentence, who says so and how it is put."
_SENTENCE = re.compile(r"<br><i>(?!and \d+ more).*?</i>")  # in a hover box
LEAST_TYPE = 12.4  # pixels; parts.js may show a chart a little smaller than it is drawn
# what figures leave free above the drawing: air, then a line of title and a line of subtitle
AIR, TITLE_LINE, SUBTITLE_LINE, LEAST_MARGIN = 28, 26, 18, 30  # pixels


class Part(anywidget.AnyWidget):
    """One part of the explorer; ``part``, its class's name, is its function in parts.js."""

    _esm = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("panel.js", "parts.js"))
    _css = HERE / "parts.css"
    part = traitlets.Unicode().tag(sync=True)

    @traitlets.default("part")
    def _named_like_its_class(self) -> str:
        return type(self).__name__.lower()

    def put(self, **values) -> None:
        """Set several traits in one message."""
        with self.hold_sync():
            for name, value in values.items():
                setattr(self, name, value)


class Form(Part):
    """Fields and the ``values`` that a person chooses in them; ``problem`` is shown in words."""

    label = traitlets.Unicode().tag(sync=True)
    fields = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    wrong = traitlets.List().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    says = traitlets.Unicode().tag(sync=True)  # what is said beside the search
    theme = traitlets.Unicode("light").tag(sync=True)  # JupyterLab's, as the browser sees it


class Tools(Part):
    """Buttons; ``asked`` is the one pressed (its name and a number), ``file`` what to download."""

    asked = traitlets.Unicode().tag(sync=True)
    past = traitlets.Int(0).tag(sync=True)
    file = traitlets.Dict().tag(sync=True)


class Rows(Part):
    """The list of rows, one page of it; ``chosen`` is the id a person chose."""

    says = traitlets.Unicode().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    page = traitlets.Int(0).tag(sync=True)
    pages = traitlets.Int(1).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)


class Caption(Part):
    """Title, counting rule and text twin of the chart beside it."""

    title = traitlets.Unicode().tag(sync=True)
    rule = traitlets.Unicode().tag(sync=True)
    twin = traitlets.List().tag(sync=True)


class Said(Part):
    """A computed sentence (``**`` around what is counted), or a titled list that opens."""

    words = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    items = traitlets.List().tag(sync=True)


class Panel(Part):
    """What is behind a row; ``asked`` is the id of a link a person followed."""

    view = traitlets.Dict().tag(sync=True)
    asked = traitlets.Unicode().tag(sync=True)


class Lines(Part):
    """Lines to copy: a label and a text each."""

    lines = traitlets.List().tag(sync=True)


class Whole(widgets.VBox):
    """A box of parts; where no widget can be shown, ``instead`` is in its place.
    A cell run again closes what it showed before: else each run's figures would stay for good."""

    instead = "This needs JupyterLab: axislib lab."
    labels: ClassVar[dict[str, str]] = {}  # what the form calls a parameter
    form: Form
    _shown: ClassVar[dict[str, tuple[int, list[Whole]]]] = {}  # cell -> its run, what it showed

    def _repr_mimebundle_(self, **kwargs):
        self._close_earlier()
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**data, "text/plain": self.instead} if data else bundle

    def _close_earlier(self) -> None:
        shell = get_ipython()
        cell = (getattr(shell, "parent_header", None) or {}).get("metadata", {}).get("cellId")
        if not cell:
            return
        run, earlier = self._shown.get(cell, (shell.execution_count, []))
        if run != shell.execution_count:
            for whole in earlier:
                whole.close_all_parts()
            earlier = []
        self._shown[cell] = shell.execution_count, [*earlier, self]

    def _guarded(self, act: Act) -> None:
        """Do it; what goes wrong is said in the form, in words."""
        try:
            act()
        except Exception as error:
            words = str(error)
            if not isinstance(error, SeedError) and type(error) is not ValueError:
                # a bug of ours: still no traceback on a projector
                words = f"This view cannot be drawn ({type(error).__name__}: {error})."
                words += " Take a choice back, or report it."
            wrong = re.findall(r"^\s+(\w+)(?:\[\d+\])*: ", words, re.M)
            words = re.sub(r"^\S+: \d+ parameters? to \w+:\n", "", words)
            words = re.sub(r"(?m)^\s*(\w+)(?=:)", lambda n: self.labels.get(n[1], n[1]), words)
            words = f"{words.strip()}\nShown is the last view that could be drawn."
            self.form.put(problem=words, wrong=wrong)

    def close_all_parts(self) -> None:
        """Close this widget and all in it."""
        inside: list[widgets.Widget] = [self]
        for widget in inside:  # grows as it goes
            inside += getattr(widget, "children", ())
            widget.close()


class Reader:
    """The panel and the way a person takes through it: from a point or a row on, along links, and
    back. ``guarded`` runs what may fail, ``opened`` is told which row is shown."""

    def __init__(
        self, evidence: Evidence, guarded: Callable[[Act], None], opened: Told = lambda row_id: None
    ):
        self.evidence, self.panel = evidence, Panel(view={"hint": HINT})
        self._guarded, self._opened = guarded, opened
        self._trail: list[str] = []
        self._among: list[str] = []  # the rows behind the point that the trail begins with
        self.panel.observe(lambda change: change["new"] and self.follow(change["new"]), "asked")

    @property
    def shown(self) -> str:
        """The row in the panel; empty for none."""
        return self._trail[-1] if self._trail else ""

    def open(self, ids: Sequence[str]) -> None:
        """Begin anew: the first of the rows behind a point, or a single row."""
        self._go([ids[0]], list(ids))

    def close(self) -> None:
        """Show the hint again: the row is not among what is asked for."""
        self._trail, self._among = [], []
        self.panel.put(view={"hint": HINT}, asked="")

    def follow(self, row_id: str) -> None:
        """Go on to a linked row, to a neighbour behind the same point, or one step back."""
        if self._trail[-2:-1] == [row_id]:
            self._go(self._trail[:-1], self._among)
        elif len(self._trail) == 1 and row_id in self._among:
            self._go([row_id], self._among)
        else:
            self._go([*self._trail, row_id], self._among)

    def _go(self, trail: list[str], among: list[str]) -> None:
        def act() -> None:
            view = self.evidence.view(trail[-1])
            linked = (row_id for group in view["links"] for row_id in group["to"])
            view |= {
                "before": trail[-2] if len(trail) > 1 else "",
                "among": among if len(trail) == 1 else [],
                "statement": curly(view["statement"]),
                "words": {i: curly(self.evidence.leading_to(i, view["statement"])) for i in linked},
                "sentences": self.evidence.paragraph(view["anchors"]),
            }
            self._trail, self._among = trail, among
            self.panel.put(view=view, asked="")
            self._opened(trail[-1])

        self._guarded(act)


def captioned(figure: go.Figure, theme: str = "light") -> tuple[dict, dict]:
    """The figure as data and layout without its title, and what the caption says instead: a title
    in HTML breaks where the screen ends. A picture that is downloaded gets it back."""
    meta: Any = figure.layout.meta or {}
    rows = meta.pop("rows", {})  # listed beside the chart: no need to copy and send them with it
    drawing: Any = figure.to_plotly_json()  # another Figure would check every mark once more
    meta |= {"rows": rows}
    drawing = themed(drawing, theme) if theme != "light" else drawing
    layout = drawing["layout"]
    heading = layout.pop("title", {})
    title, rule = heading.get("text", ""), heading.get("subtitle", {}).get("text", "")
    margin = layout.get("margin", {}).get("t", 100)
    room = _room(title, rule, margin)
    layout["margin"] = {**layout.get("margin", {}), "t": margin - room}
    layout["autosize"] = True
    if layout.get("height"):
        layout["height"] -= room
    picture = {"title": heading, "top": margin, "room": room, "width": WIDTH}
    layout["meta"] = {**layout.get("meta", {}), "picture": picture}
    for part in (layout, *layout.get("annotations", []), *drawing["data"]):
        for name, font in part.items():
            if name.endswith("font") and "size" in font:
                font["size"] = max(font["size"], LEAST_TYPE)
    for trace in drawing["data"]:
        # the sentence is in the panel: a hover box that repeats it would hide the chart
        if not isinstance(trace.get("hovertext", ""), str):
            trace["hovertext"] = [_SENTENCE.sub("", words) for words in trace["hovertext"]]
    twin = [str(line) for line in layout.get("meta", {}).get("twin", [])]
    return drawing, {"title": _plain(title), "rule": _plain(rule), "twin": twin}


def framed(caption: Caption, picture: widgets.VBox, panel: Panel, *below: Part) -> widgets.Box:
    """Caption, picture (the box of a figure), the panel beside or below, and what is ``below``."""
    picture.add_class("axl-picture")
    chart = widgets.VBox([caption, picture])
    chart.add_class("axl-chart")
    main = widgets.Box([chart, panel, *below])
    main.add_class("axl-main")
    return main


def _room(title: str, rule: str, margin: int) -> int:
    """The height, in pixels, that title and rule take of the margin above the drawing."""
    if not title or margin <= LEAST_MARGIN:
        return 0
    lines = [marked.count("<br>") + 1 for marked in (title, rule)]
    return min(margin - LEAST_MARGIN, AIR + TITLE_LINE * lines[0] + SUBTITLE_LINE * lines[1])


def _plain(marked: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", marked.replace("<br>", " "))).strip()


def widget_of(drawing: dict, clicked: Callable[[list[str]], None]) -> go.FigureWidget:
    """A FigureWidget of what ``captioned`` gives; ``clicked`` gets the ids behind a point."""
    with _without_grammars():
        widget: Any = go.FigureWidget(drawing)
    widget._config = config(widget)
    _listen(widget.data, clicked)
    return widget


@contextmanager
def _without_grammars() -> Iterator[None]:
    """Loads plotly's widget a second and a half faster: with it comes jsonschema, whose optional
    rfc3987_syntax compiles 39 grammars for a format that no notebook uses. None in ``sys.modules``
    makes an import fail, as documented; jsonschema is prepared for that."""
    ours = OPTIONAL not in sys.modules
    sys.modules.setdefault(OPTIONAL, None)  # pyright: ignore[reportArgumentType]
    try:
        yield
    finally:
        if ours:
            del sys.modules[OPTIONAL]


def redraw(widget: go.FigureWidget, drawing: dict, clicked: Callable[[list[str]], None]) -> None:
    """Make ``widget`` show ``drawing``: in place where the traces are of the same kinds, else with
    new traces. A new FigureWidget would send plotly's 5 MB of script again."""
    traces: Any = widget.data
    same = [trace.type for trace in traces] == [trace["type"] for trace in drawing["data"]]
    # a new height alone would fix the width in the browser: autosize is said again with it
    for reported_back in ("autosize", "width"):
        widget.layout._props.pop(reported_back, None)
    with widget.batch_update():
        _clear(widget.layout, drawing["layout"])
        widget.layout.update(drawing["layout"], overwrite=True)
        for trace, drawn in zip(traces, drawing["data"], strict=True) if same else ():
            shown = {name: value for name, value in drawn.items() if name != "type"}
            _clear(trace, {"type", "uid", *shown})
            trace.update(shown, overwrite=True)
    if not same:
        widget.data = ()
        widget.add_traces(drawing["data"])
        _listen(widget.data, clicked)
    # views that are open were told what changed; one that opens later (another tab, a chart come
    # back to) begins from these
    widget._widget_layout = drawing["layout"]
    widget._widget_data = copy.deepcopy(widget._data)


def _clear(part, kept: Collection[str]) -> None:
    """Take away what a part of a figure has beyond this."""
    for stale in set(part._props) - set(kept):
        part[stale] = None


def _listen(traces: Any, clicked: Callable[[list[str]], None]) -> None:
    def answer(trace, points, _state) -> None:
        if points.point_inds and trace.customdata is not None:
            clicked(str(trace.customdata[points.point_inds[0]][0]).split(";"))

    for trace in traces:
        trace.on_click(answer)
