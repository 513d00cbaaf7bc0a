"""The timeline of thousands of events: a point each in lanes, drawn by WebGL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import plotly.graph_objects as go

from axislib.figures.draft import Draft, Words, grouped, head_room
from axislib.figures.hover import text
from axislib.figures.palette import GREY, LOOKS, PAPER, RULE
from axislib.figures.timeline.events import NO_LANE
from axislib.figures.timeline.panels import Panel, draw_break, panels_of
from axislib.seed.seed import Seed
from axislib.words import year_in_words

_LANES = 12  # what is beyond goes into one lane of its own
_ROWS = 24  # in a lane, so that points side by side in time do not cover each other
_LONG = 0.12  # years: a shorter span would vanish under its point
_GOLDEN = 0.6180339887498949  # spreads the points of one span evenly over it
_PANEL = 0.16  # the part of the width for what has no date
_ACROSS = 24  # points in a row of that part
_HIGH, _LEAST, _MOST = 620, 64, 170  # pixels of all lanes, and of one
Lane = tuple[float, float]  # where it begins, and how deep it is


def dense(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """Lanes of points, each within the time in which its event may lie, a thin line for that time.

    On the right are those without a date. Returns a plotly figure; every point carries its id and
    says statement, speaker and how it is put when pointed at. The description counts by lane, for
    nobody reads thousands of lines. It shows density, not importance."""
    groups, order = _lanes(rows)
    deep = max(_LEAST, min(_MOST, _HIGH // max(len(order), 1)))
    plot, top = deep * len(order), head_room(said.title, said.subtitle) + 26
    draft = Draft(seed)
    dated = [row for row in rows if row["span"]]
    right = 1.0 if len(dated) == len(rows) else 1 - _PANEL
    panels = panels_of({row["span"] for row in dated}, 0, min(right, 1) - 0.01)
    for number, panel in enumerate(panels, start=1):
        draft.update_layout({f"xaxis{number if number > 1 else ''}": _axis(panel)})
        if number < len(panels):
            gap = panels[number].start - panel.end
            draw_break(draft, panel.right, panels[number].left, (0, 1), gap)
    for number, name in enumerate(order):
        _draw_lane(draft, name, groups[name], panels, (number * deep, deep))
    if right < 1:
        _head_undated(draft, right)
    how = "Each point is somewhere within the time in which its event may lie; a thin line shows"
    how += " that time. Drag to zoom in, double click to go back."
    draft.note(how, 0, 1, axes="paper paper", yanchor="bottom")
    lanes = {"range": [plot, 0], "visible": False, "fixedrange": True}
    margin = {"l": 14, "r": 14, "t": top, "b": 40}
    draft.update_layout(yaxis=lanes, hovermode="closest", margin=margin)
    counts = [_in_words(name, groups[name]) for name in order]
    cards = [{"heading": said.title, "lines": counts}]
    short = Words(said.title, said.subtitle, counts, cards)
    return draft.finish(short, top + plot + 40, "timeline")


def _lanes(rows: Sequence[Mapping]) -> tuple[dict[str, list], list[str]]:
    """Events by heading, the largest first; beyond _LANES in one heading."""
    groups = grouped(rows, "group")
    order = sorted(groups, key=lambda name: (name == NO_LANE, -len(groups[name])))
    if len(order) > _LANES:
        rest = order[_LANES - 1 :]
        merged = f"{len(rest)} others"
        groups[merged] = [row for name in rest for row in groups[name]]
        order = [*order[: _LANES - 1], merged]
    return groups, order


def _axis(panel: Panel) -> dict:
    """Years as numbers, so that zooming finds its own labels; those before 1 AD by name."""
    early = range(int(panel.start), min(int(panel.end) + 1, 100))
    return {
        "domain": [panel.left, panel.right],
        "range": [panel.start, panel.end],
        "anchor": "y",
        "gridcolor": RULE,
        "zeroline": False,
        "exponentformat": "none",
        "separatethousands": False,
        "tickangle": 0,
        "labelalias": {str(year).replace("-", "\u2212"): year_in_words(year) for year in early},
        "nticks": max(3, int(14 * (panel.right - panel.left))),
    }


def _head_undated(draft: Draft, right: float) -> None:
    axis = {"domain": [round(right + 0.015, 5), 1], "range": [-0.5, _ACROSS + 0.5], "anchor": "y"}
    draft.update_layout(xaxis9={**axis, "visible": False, "fixedrange": True})
    at = right + 0.01
    draft.note("<b>Undated</b>", at, 1, axes="paper paper", yanchor="bottom")
    draft.hairline((at - 0.005, at - 0.005), (0, 1), axes="paper paper", color=GREY, dash="dot")


def _in_words(name: str, rows: Sequence[Mapping]) -> str:
    at = [row["span"][0] for row in rows if row["span"]]
    span = f" ({year_in_words(int(min(at)))} to {year_in_words(int(max(at)))})" if at else ""
    return f"{name}: {len(at):,} events with a date{span}, {len(rows) - len(at):,} without"


def _draw_lane(
    draft: Draft, name: str, rows: Sequence[Mapping], panels: Sequence[Panel], lane: Lane
) -> None:
    dated = [row for row in rows if row["span"]]
    for number, panel in enumerate(panels, start=1):
        inside = [row for row in dated if panel.start <= row["span"][0] <= panel.end]
        if inside:
            _points(draft, name, inside, lane, f"x{number if number > 1 else ''}")
    if len(dated) < len(rows):
        _undated(draft, name, [row for row in rows if not row["span"]], lane)
    label, look = f"<b>{text(name)}</b>  {len(rows):,}", {"font": {"size": 14}, "bgcolor": PAPER}
    draft.note(label, 0, lane[0] + 11, "paper y", **look)
    draft.hairline((0, 1), (lane[0], lane[0]), axes="paper y")


def _points(draft: Draft, name: str, rows: Sequence[Mapping], lane: Lane, axis: str) -> None:
    ordered = sorted(rows, key=itemgetter("span"))
    base, step = lane[0], (lane[1] - 32) / (_ROWS - 1)
    xs, ys, wide = [], [], []
    for i, row in enumerate(ordered):
        first, last = row["span"]
        y = round(base + 24 + step * (i * 7 % _ROWS), 1)
        xs.append(round(first + (last - first) * (0.02 + 0.96 * (i * _GOLDEN % 1)), 4))
        ys.append(y)
        if last - first > _LONG:
            wide.append((first, last, y, row["ids"]))
    colours = [LOOKS[row["kind"].partition(",")[0]].line for row in ordered]
    # lines and not error bars, and not in WebGL: one SVG path for all moves twice as fast
    draft.add(
        type="scatter",
        mode="lines",
        xaxis=axis,
        name=f"{text(name)}, span",
        x=[at for first, last, *_ in wide for at in (first, last, None)],
        y=[at for *_, y, _ in wide for at in (y, y, None)],
        line={"color": colours[0], "width": 1},
        opacity=0.35,
        customdata=[ids for *_, ids in wide for _ in range(3)],
        hoverinfo="none",
        showlegend=False,
    )
    colour = colours if len(set(colours)) > 1 else colours[0]
    marker = {"color": colour, "size": 5, "opacity": 0.6}
    _gl(draft, text(name), ordered, marker, x=xs, y=ys, xaxis=axis)


def _undated(draft: Draft, name: str, rows: Sequence[Mapping], lane: Lane) -> None:
    base, step = lane[0], min(9.0, (lane[1] - 34) / max(-(-len(rows) // _ACROSS) - 1, 1))
    xs = [i % _ACROSS for i in range(len(rows))]
    ys = [round(base + 26 + step * (i // _ACROSS), 1) for i in range(len(rows))]
    marker = {"symbol": "square-open", "color": GREY, "size": 5}
    _gl(draft, f"{text(name)}, undated", rows, marker, x=xs, y=ys, xaxis="x9")


def _gl(draft: Draft, name: str, rows: Sequence[Mapping], marker: dict, **at: Any) -> None:
    ids = [row["ids"] for row in rows]
    said = [draft.hover.hover(i, quote=False) for i in ids]
    told = {"customdata": ids, "hovertext": said, "hoverinfo": "text", "showlegend": False}
    draft.add(type="scattergl", mode="markers", name=name, marker=marker, **at, **told)
