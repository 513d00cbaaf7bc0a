"""The drawing kit: a chart is a table of marks, the words for it, and a draft that draws it.

``prepare(seed, ...)`` gives the rows, ``words(seed, rows)`` the ``Words``, ``draw(seed, rows,
words)`` puts rows on a ``Draft``, a call for each shape."""

from __future__ import annotations

import copy
import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from axislib.figures import palette
from axislib.figures.hover import Marks, fold, ids_of, text, wrap
from axislib.figures.palette import CONFIG, FONT, GREY, INK, LEAST, LOOKS, PAPER, RULE, WIDTH, Look
from axislib.seed.seed import Seed
from axislib.words import curly, picture_source

MOST_WHOLE = 1000  # a figure of more rows than this leaves their columns out: it would be too heavy
WIDE = 1076  # pixels of a canvas: a picture without its margins
_FOOT = 24  # pixels that the source line takes
_TITLE, _SUBTITLE = 82, 128  # signs on a line
_SMALL = {"size": 12}
_FRAME = 5  # pixels of the frame of a cell
Rows = Iterable[Mapping]
Looks = Mapping[str, Look]
Ends = Sequence[float]
_SIGN, _LINE, _STEP = 6.0, 16, 44  # pixels: of a sign, of a line, between points that answer


class Words(NamedTuple):
    """All a figure says: a title with the finding, a subtitle with the counting rule, a line for
    each thing drawn, and the same as cards for a screen too narrow for the chart."""

    title: str
    subtitle: str
    description: Sequence[str]
    cards: list[dict] = []


class Line(str):
    """Words that tell of rows: a page that shows the line opens the rows with these ``ids``. In a
    card, a newline ends the lead, which alone is underlined; each after the next a line."""

    ids: list[str]

    def __new__(cls, words: str, ids: Iterable[str]) -> Line:
        line = super().__new__(cls, words)
        line.ids = list(dict.fromkeys(ids))
        return line


class Draft:
    """A figure on its way: what will be drawn, as plain data, until plotly checks all of it once.

    plotly would check all that is drawn anew for each thing added, which took four times as long. A
    word that plotly does not know is refused in ``figure``. Names are spelled out, a dict in a dict
    (``xaxis={"range": ...}``).

    >>> import axislib
    >>> draft = Draft(axislib.open_seed())
    >>> rows = [{"ids": ["ev_lend_lease"], "x": 1, "y": 2, "text": "lend-lease", "kind": "words"}]
    >>> draft.marks(rows, shape="text")
    >>> figure = draft.finish(Words("One event", "", []), height=200, name="example")
    >>> figure.layout.meta["rows"]["ev_lend_lease"]["speaker"]
    'Martin Kragh'
    """

    def __init__(self, seed: Seed | None = None) -> None:
        self.seed = seed
        self._hover = Marks(seed) if seed else None
        self._traces: list[dict] = []
        self._layout: dict[str, Any] = {"annotations": [], "shapes": []}

    @property
    def hover(self) -> Marks:
        """Ids and hover of the data set drawn; ValueError for a draft that has none."""
        if self._hover is None:
            raise ValueError("a draft without a data set has no marks: Draft(seed)")
        return self._hover

    def marks(
        self, rows: Rows, shape: str, look: Looks = LOOKS, axes="x y", name="", **style: Any
    ) -> None:
        """Draw a row a mark, a trace for each ``kind`` among them, in the look of that kind.

        A row has ``ids`` (of the rows of tables behind it), ``kind`` and, by ``shape``: ``bar``:
        ``x0``, ``x1``, ``y``, ``high``; ``symbol``: ``x``, ``y``; ``text``: ``x``, ``y``, ``text``;
        ``line``: ``x`` and ``y`` as lists of points. ``text`` (HTML, see ``hover.text``), ``size``
        and ``says`` (words above the hover box) may be added to any. ``axes`` names the panel:
        ``"x2 y"``. ``style`` goes to the traces as it is. Raises ValueError for a row without ids.
        """
        across, up = axes.split()
        for kind, members in grouped(rows, "kind").items():
            trace = _SHAPES[shape](members, look[kind])
            trace |= {"name": f"{name}: {kind}" if name else kind, "xaxis": across, "yaxis": up}
            trace |= {"showlegend": False, **self._cites(members, shape == "line")}
            _lay_over(trace, style)
            self._traces.append(trace)

    def _cites(self, rows: Sequence[Mapping], gap: bool) -> dict:
        """Ids and hover of each point; those of a line at each of its points and the gap after."""
        times = [len(row["x"]) + 1 if gap else 1 for row in rows]
        ids = [self.hover.mark(row["ids"]) for row in rows]
        said = [row.get("says", "") + self.hover.hover(row["ids"]) for row in rows]
        return {
            "customdata": [i for i, n in zip(ids, times, strict=True) for _ in range(n)],
            "hovertext": [s for s, n in zip(said, times, strict=True) for _ in range(n)],
            "hoverinfo": "text",
        }

    def canvas(
        self, axes: str, across: Ends, down: float, x: Ends = (0, 1), y: Ends = (0, 1), **xaxis: Any
    ) -> None:
        """A panel in pixels from its top: hidden axes, ``across`` the range of x, ``down`` the
        height; ``x`` and ``y`` the part of the figure it takes. ``xaxis`` changes its x axis."""
        first, second = axes.split()
        hidden = {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False}
        wide = {"range": list(across), "domain": list(x), "anchor": second}
        deep = {"range": [down, 0], "domain": list(y), "anchor": first}
        self.update_layout({first.replace("x", "xaxis"): {**hidden, **wide, **xaxis}})
        self.update_layout({second.replace("y", "yaxis"): {**hidden, **deep}})

    def note(self, words: str, x: float, y: float, axes: str = "x y", **rest: Any) -> None:
        """Words that are no mark: a heading, a label, a key. ``words`` are HTML."""
        across, up = axes.split()
        given = {"xref": across, "yref": up, "x": x, "y": y, "text": words}
        font = {"size": 13, "color": INK, **rest.pop("font", {})}
        given |= {"showarrow": False, "xanchor": "left", "align": "left", "font": font}
        given |= {"borderpad": 0, "borderwidth": 0}  # begins where words that are marks begin
        self._layout["annotations"].append({**given, **rest})

    def hairline(self, x: Ends, y: Ends, axes: str = "x y", **line: Any):
        """A thin line that is no mark, below all marks."""
        across, up = axes.split()
        ends = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
        ends |= {"xref": across, "yref": up, "layer": "below"}
        self.add_shape(type="line", line={"color": RULE, "width": 1, **line}, **ends)

    def add(self, **trace: Any) -> None:
        """A trace that is no table of marks."""
        self._traces.append(trace)

    def add_shape(self, **shape: Any) -> None:
        self._layout["shapes"].append(shape)

    def update_layout(self, layout: dict | None = None, /, **more: Any) -> None:
        """Lay new settings over those there are; what a nested one does not name stays."""
        _lay_over(self._layout, {**(layout or {}), **more})

    def page(self, words: Words, down: float, name: str, across: Ends = (0, WIDE)) -> go.Figure:
        """The figure of a chart that is one canvas, ``down`` pixels high, under its words."""
        self.canvas("x y", across, down)
        return self.under(words, down, name)

    def under(self, words: Words, down: float, name: str, foot: int = 4) -> go.Figure:
        """The figure of what is drawn on canvases ``down`` pixels high, under its words."""
        top = head_room(words.title, words.subtitle)
        margin = {"l": 12, "r": 12, "t": top, "b": foot}
        # words would answer only at their anchor, lines only at their ends
        thin = [trace for trace in self._traces if trace.get("mode") in ("text", "lines")]
        self._traces += [_reach(trace, self._layout) for trace in thin if trace.get("customdata")]
        self.update_layout(barmode="overlay", hovermode="closest", margin=margin)
        return self.finish(words, round(top + down + foot), name)

    def finish(self, words: Words, height: int, name: str) -> go.Figure:
        """The figure with the shared look, its words, the rows behind it and a source line."""
        self.update_layout(_look(words, height, name))
        if self.seed is not None:
            self._layout["meta"]["file"] = f"{self.seed.name}-{name}".replace("_", "-")
            self._source(self.seed)
        figure = self.figure()
        if self.seed is not None:  # afterwards: plotly would copy thousands of rows
            cited = ids_of(trace.get("customdata") for trace in self._traces)
            rows = {i: self.hover.answer(i) for i in cited}
            if few := len(rows) <= MOST_WHOLE:  # more are one JSON text: plotly copies every value
                rows = {i: {**row, "row": self.hover.columns(i)} for i, row in rows.items()}
            figure.layout.meta["rows"] = rows if few else json.dumps(rows, ensure_ascii=False)
        return figure

    def _source(self, seed: Seed) -> None:
        foot = self._layout.setdefault("margin", {}).get("b", 0) + _FOOT
        self._layout["margin"]["b"] = foot
        self._layout["height"] += _FOOT
        at = {"yshift": -foot + 4, "yanchor": "bottom", "font": {"size": 12, "color": GREY}}
        self.note(text(picture_source(seed)), 0, 0, "paper paper", **at)

    def figure(self) -> go.Figure:
        """The figure; raises ValueError for a property or a value that plotly refuses."""
        layout = {n: v for n, v in self._layout.items() if n not in ("annotations", "shapes") or v}
        return go.Figure(data=[_light(trace) for trace in self._traces], layout=layout)


def _reach(trace: Mapping, layout: Mapping) -> dict:
    """Unseen points along the words or lines of a trace, so that all of it answers."""
    axis = layout[trace["xaxis"].replace("x", "xaxis")]
    (start, end), (left, right) = axis["range"], axis["domain"]
    pixel = (end - start) / (right - left) / WIDE
    along = _along_words if trace["mode"] == "text" else _along_lines
    places = list(along(trace, pixel))
    return {
        **{name: trace[name] for name in ("xaxis", "yaxis", "showlegend")},
        "customdata": [trace["customdata"][i] for i, *_ in places],
        "hoverinfo": "none",  # a click answers; words at every point made a notebook twice as long
        "type": "scatter",
        "mode": "markers",
        "name": f"reach of {trace['name']}",
        "x": [round(x, 4) for _, x, _ in places],
        "y": [round(y, 1) for *_, y in places],
        "cliponaxis": False,
        "marker": {"size": 16, "opacity": 0, "color": palette.CLEAR},
    }


def _along_words(trace: Mapping, pixel: float) -> Iterable[tuple[int, float, float]]:
    for i, words in enumerate(trace["text"]):
        up, _, way = trace["textposition"][i].partition(" ")
        rows = [len(re.sub("<[^>]*>", "", line)) * _SIGN for line in words.split("<br>")]
        first = {"top": 0.5 - len(rows), "bottom": 0.5}.get(up, (1 - len(rows)) / 2)
        for n, wide in enumerate(rows):
            begin = {"left": -wide, "center": -wide / 2}.get(way, 0)
            for at in range(8, max(int(wide), 9), _STEP):
                x = trace["x"][i] + (begin + at) * pixel
                yield i, x, trace["y"][i] + (first + n) * _LINE


def _along_lines(trace: Mapping, pixel: float) -> Iterable[tuple[int, float, float]]:
    points = list(zip(trace["x"], trace["y"], strict=True))
    for i, ((x, y), (to, down)) in enumerate(zip(points, points[1:], strict=False)):
        if x is None or to is None:
            continue
        parts = max(int((abs(to - x) / pixel + abs(down - y)) / _STEP), 1)
        for n in range(parts):
            part = (n + 0.5) / parts
            yield i, x + part * (to - x), y + part * (down - y)


def _light(trace: dict) -> dict:
    """A trace of very many points with ids and words as arrays: plotly copies lists one by one."""
    if len(trace.get("customdata") or ()) <= MOST_WHOLE:
        return trace
    given = {name: trace[name] for name in ("customdata", "hovertext") if name in trace}
    return {**trace, **{name: np.array(value, dtype=object) for name, value in given.items()}}


def _bars(rows: Sequence[Mapping], look: Look) -> dict:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [row["y"] for row in rows],
        "base": [row["x0"] for row in rows],
        "x": [row["x1"] - row["x0"] for row in rows],
        "width": [row["high"] for row in rows],
        "marker": {
            "color": look.fill,
            "line": {"color": look.line, "width": look.width},
            "pattern": {"shape": look.hatch, "fgcolor": look.line, "size": 6, "solidity": 0.25},
        },
        "text": [row.get("text", "") for row in rows],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "constraintext": "none",
        "textangle": 0,
        "textfont": {"size": 13, "color": look.ink},
    }


def _points(rows: Sequence[Mapping], mode: str) -> dict:
    x, y = ([row[axis] for row in rows] for axis in "xy")
    return {"type": "scatter", "mode": mode, "x": x, "y": y, "cliponaxis": False}


def _symbols(rows: Sequence[Mapping], look: Look) -> dict:
    return {
        **_points(rows, "markers"),
        "marker": {
            "symbol": [row.get("symbol", look.symbol) for row in rows],
            "size": [row.get("size", 11) for row in rows],
            "opacity": 1,
            "color": look.fill,
            "line": {"color": look.line, "width": max(look.width, 1)},
        },
    }


def _texts(rows: Sequence[Mapping], look: Look) -> dict:
    return {
        **_points(rows, "text"),
        "text": [row["text"] for row in rows],
        "textposition": [row.get("align", "middle right") for row in rows],
        "textfont": {"size": 13, "color": look.line},
    }


def _lines(rows: Sequence[Mapping], look: Look) -> dict:
    x, y = ([at for row in rows for at in (*row[axis], None)] for axis in "xy")
    line = {"color": look.line, "dash": look.dash, "width": look.width}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "cliponaxis": False, "line": line}


_SHAPES = {"bar": _bars, "symbol": _symbols, "text": _texts, "line": _lines}


def key(kinds: Iterable[str], looks: Looks = LOOKS) -> str:
    """A key in one line: sign and word of each kind, as HTML for ``Draft.note``.

    >>> key(["present"])
    '<span style="color:#0072B2">\u2713</span> present'
    """
    return "   ".join(
        f'<span style="color:{looks[kind].line}">{looks[kind].sign}</span> {looks[kind].word}'
        for kind in kinds
    )


def swatches(draft: Draft, looks: Iterable[Look], y: float) -> float:
    """A key in one line, as boxes (no letter has a hatch); returns where it ends."""
    x = 0.0
    for look in looks:
        box = _bars([{"x0": x, "x1": x + 14, "y": y, "high": 13}], look)
        draft.add(**box, name=f"key:{look.word}", hoverinfo="skip", showlegend=False)
        draft.note(look.word, x + 17, y, font={"size": 12})
        x += 36 + 6.4 * len(look.word)
    return x


_DEEP, _EDGES = 49, 10  # pixels of a row with a label of three lines; around words in a cell


def grid(
    draft: Draft, rows: Rows, heads: Sequence[str], looks: Looks, y=0.0, high=34, label=230, notes=0
) -> float:
    """Rows of cells under ``heads``; returns where they end, in pixels.

    A row has ``ids``, ``label`` (to its left), ``cells`` (``ids``, ``kind``, ``text``, ``says``;
    ``frame``: the kind of a frame around it) and, where ``notes`` leaves pixels for it, ``note``
    (to its right, under a last head); or it is a ``heading``, with nothing else. Words are HTML,
    those of a cell in the ink of its look."""
    columns = len(heads) - (notes > 0)
    wide = (WIDE - label - notes) / columns
    edges = [label + place * wide for place in range(len(heads))]
    y += 8 + 17 * max(head.count("<br>") + 1 for head in heads)
    for head, x in zip(heads, edges, strict=True):
        draft.note(head, x, y - 4, yanchor="bottom")
    cells, told = [], []
    for row in rows:
        if "heading" in row:
            draft.note(f"<b>{row['heading']}</b>", 0, y + 16)
            y += 30
            continue
        most = max(cell["text"].count("<br>") for cell in row["cells"]) + 1
        deep = max(high, _DEEP * (row["label"].count("<br>") > 1), _LINE * most + _EDGES)
        at = {"y": y + deep / 2, "high": deep - 4, "kind": "words", "ids": row["ids"]}
        told.append({**at, "x": 0, "text": row["label"]})
        told += [{**at, "x": edges[-1] + 2, "text": row.get("note", "")}] * bool(notes)
        for cell, x in zip(row["cells"], edges[:columns], strict=True):
            cells += _boxes({**at, **cell, "x": x + 6}, x, x + wide - 4)
        y += deep
    draft.marks([{**cell, "text": ""} for cell in cells], "bar", looks, name="cells")
    inks = {kind: look._replace(line=look.ink) for kind, look in looks.items()}
    draft.marks([c for c in cells if c["text"]], "text", inks, name="on cells", textfont=_SMALL)
    draft.marks(told, "text", looks, name="rows", textfont=_SMALL)
    return y


def _boxes(cell: Mapping, x0: float, x1: float) -> list[dict]:
    box = {**cell, "x0": x0, "x1": x1}
    if not cell.get("frame"):
        return [box]
    inner = {"x0": x0 + _FRAME, "x1": x1 - _FRAME, "high": cell["high"] - 2 * _FRAME}
    return [{**box, "kind": cell["frame"], "text": ""}, {**box, **inner, "x": x0 + 6 + _FRAME}]


def config(figure: go.Figure) -> dict:
    """plotly's settings for one figure: CONFIG, with a file name that says what the picture is."""
    meta = figure.layout.meta or {}
    name = meta.get("file") or str(meta.get("name", "axislib")).replace("_", "-")
    return {**CONFIG, "toImageButtonOptions": {**CONFIG["toImageButtonOptions"], "filename": name}}


def _lay_over(settings: dict, more: dict) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(settings.get(name), dict):
            _lay_over(settings[name], value)
        else:
            settings[name] = copy.deepcopy(value)  # it stays the caller's


def even(words: str, most: int) -> str:
    """Lines of about the same length as HTML, as few as there must be: no word alone at the end."""
    number = len(fold(words, most))
    widths = range(-(-len(words) // max(number, 1)), most)
    return wrap(words, next((w for w in widths if len(fold(words, w)) == number), most))


def _look(words: Words, height: int, name: str) -> dict:
    font = {"family": FONT, "size": 13, "color": INK}
    rule = {"text": even(words.subtitle, _SUBTITLE), "font": {"size": 13, "color": GREY}}
    title: dict[str, Any] = {"text": f"<b>{even(words.title, _TITLE)}</b>", "x": 0.01}
    title |= {"xanchor": "left", "y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 28}}
    return {
        "title": {**title, "font": {"size": 20, "color": INK}, "subtitle": rule},
        "template": {"layout": {"width": WIDTH}},  # for pictures; on a page the frame's width holds
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": height,
        "font": {**font, "size": 14},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": INK, "font": font, "align": "left"},
        "meta": {
            "name": name,
            "alt": curly(f"{words.title}. {words.subtitle}"),
            "twin": [re.sub(r"\n+", " ", curly(line)) for line in words.description],
            "answers": _ids_of(words.description),
            "least": LEAST,
            "cards": [
                {
                    **card,
                    "heading": curly(card["heading"]),
                    "lines": [str(curly(line)) for line in card["lines"]],
                    "ids": _ids_of(card["lines"]),
                }
                for card in words.cards or [{"heading": "In words", "lines": words.description}]
            ],
        },
    }


def _ids_of(lines: Sequence[str]) -> list[list[str]]:
    return [line.ids if isinstance(line, Line) else [] for line in lines]


def head_room(title: str, subtitle: str) -> int:
    """Pixels that title and subtitle take above the chart, as ``finish`` breaks their lines.

    >>> head_room("Short", "Shorter") < head_room("Long " * 40, "Shorter")
    True
    """
    return 44 + 26 * max(1, len(fold(title, _TITLE))) + 18 * len(fold(subtitle, _SUBTITLE))


def lines(value: object, width: int) -> int:
    """How many lines a label of ``width`` signs a line takes."""
    return max(1, len(fold(value, width)))


def shorten(value: object, most: int) -> str:
    """Words up to ``most`` signs, cut between words.

    >>> shorten("one two three", 9)
    'one two\u2026'
    """
    return textwrap.shorten(str(value), max(most, 8), placeholder="\u2026")


def nothing_to_show(name: str, what: str, why: str) -> go.Figure:
    """A figure without marks that says so: ``what`` there is none of, and ``why``.

    >>> nothing_to_show("timeline", "events", "Widen the selection.").layout.meta["twin"]
    ['Nothing to show: no events. Widen the selection.']
    """
    return sentence(name, f"Nothing to show: no {what}", why)


def sentence(
    name: str, title: str, why: str, seed: Seed | None = None, ids: Sequence[str] = ()
) -> go.Figure:
    """A figure that is a sentence: what there would be to draw does not make a chart. A notebook
    shows it as text (``meta["sentence"]``); ``ids`` are the rows behind it, if there are any."""
    draft, deep = Draft(seed), 20 * lines(why, 130)
    at = {"x": 0, "y": deep / 2, "text": wrap(why, 130), "kind": "quiet", "ids": list(ids)}
    if ids:
        draft.marks([at], "text", textfont={"size": 14})
    else:
        draft.note(at["text"], 0, at["y"], font={"color": GREY})
    figure = draft.page(Words(title, "", [f"{title}. {why}"]), deep + 10, name)
    figure.layout.meta["sentence"] = f"**{curly(title)}.** {curly(why)}"
    return figure


def no_rows(seed: Seed, name: str, what: str, tables: Iterable[str]) -> go.Figure:
    """``nothing_to_show`` of a figure whose tables hold no row: left out, or not coded at all."""
    left_out = not seed.selected.isdisjoint(tables)
    why = f"The selection keeps no {what}: widen it." if left_out else f"No {what} are coded yet."
    if set(seed.layers) == {"context"} and len(seed.facts) and not left_out:
        told = what == "statements"
        why = ", and its statements rest on no sentence" if told else "; add the layer article"
        why = f"The external record alone is asked for{why}."
        what += " of the article" if told else " in the external record"
    return nothing_to_show(name, what, why)


def grouped(rows: Iterable[Any], by: str | int) -> dict[Any, list]:
    """Rows by what they have under ``by``, in the order in which it first comes.

    >>> grouped([{"a": 2}, {"a": 1}, {"a": 2}], "a")
    {2: [{'a': 2}, {'a': 2}], 1: [{'a': 1}]}
    """
    found: dict[Any, list] = {}
    for row in rows:
        found.setdefault(row[by], []).append(row)
    return found


def share(pixels: float, of: float) -> float:
    """Pixels as a part of a plot's height or width, rounded so that saved figures diff legibly."""
    return round(pixels / of, 5)
