"""The timeline of very many events: a point each in lanes, drawn by WebGL, so that thousands stay
usable."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, head_room
from axislib.figures.hover import Marks, text
from axislib.figures.palette import (
    BLACK,
    BLUE,
    CERTAINTY_LOOK,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RULE,
    SKY,
    VERMILION,
)
from axislib.figures.timeline.axis import draw_break, panels
from axislib.figures.timeline.undated import NO_LANE, lane
from axislib.words import certainty_words

_LANES = 12  # what is beyond goes into one lane of its own
_ROWS = 24  # in a lane, so that points side by side in time do not cover each other
_LOOKS = [
    (BLUE, "circle"),
    (VERMILION, "square"),
    (GREEN, "diamond"),
    (PURPLE, "triangle-up"),
    (ORANGE, "cross"),
    (SKY, "triangle-down"),
    (BLACK, "x"),
]
_DAY = 86_400_000
_LONG = 45  # days: a shorter span would vanish under its point
_GOLDEN = (
    0.6180339887498949  # spreads the points of one span evenly over it, the same way each time
)
_PANEL = 0.16  # the part of the width for what has no date


def dense(
    marks: Marks,
    dated: list[dict],
    undated: list[dict],
    eras: list[tuple[int, int]],
    lanes: str,
    title: str,
    subtitle: str,
) -> go.Figure:
    """Lanes of points, each within the time in which its event may lie, a thin line for that time.

    On the right stand those without a date.

    Returns a plotly figure; every point carries its id and says statement, speaker and certainty
    when pointed at. The text twin counts by lane, for nobody reads thousands of lines. It shows
    density, not importance.
    """
    groups: dict[str, tuple[list, list]] = {}
    for side, frame in enumerate((dated, undated)):
        for row in frame:
            groups.setdefault(lane(row, lanes, marks.names), ([], []))[side].append(row)
    order = sorted(
        groups, key=lambda name: (name == NO_LANE, -len(groups[name][0]) - len(groups[name][1]))
    )
    if len(order) > _LANES:
        rest = order[_LANES - 1 :]
        merged = f"{len(rest)} others"
        groups[merged] = tuple(
            [row for name in rest for row in groups[name][side]] for side in (0, 1)
        )
        order = [*order[: _LANES - 1], merged]
    deep = max(64, min(170, 620 // max(len(order), 1)))
    plot = deep * len(order)
    top, foot = head_room(title, subtitle) + 26, 40
    draft = Draft(marks.seed)
    right = 1 - _PANEL if len(undated) else 1.0
    drawn = list(panels(eras, 0, right - 0.01 if len(undated) else 1.0))
    for number, (_, end, _, edge, axis) in enumerate(drawn, start=1):
        draft.update_layout({f"xaxis{number if number > 1 else ''}": axis})
        if number < len(drawn):
            draw_break(draft, edge, drawn[number][2], (0, 1), drawn[number][0] - end)
    for number, name in enumerate(order):
        colour, symbol = _LOOKS[number % len(_LOOKS)]
        base = number * deep
        here, without = groups[name]
        for panel, (start, end, *_) in enumerate(drawn, start=1):
            inside = [row for row in here if start <= row["_at"].year < end]
            if inside:
                _add_points(
                    draft,
                    marks,
                    name,
                    inside,
                    base,
                    deep,
                    colour,
                    symbol,
                    f"x{panel if panel > 1 else ''}",
                )
        if without:
            _add_undated(draft, marks, name, without, base, deep)
        draft.add_annotation(
            text=f"<b>{text(name)}</b>  {len(here) + len(without):,}",
            x=0,
            xref="paper",
            xanchor="left",
            y=base + 11,
            showarrow=False,
            font={"size": 14},
            bgcolor="rgba(255,255,255,0.85)",
        )
        draft.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            yref="y",
            y0=base,
            y1=base,
            line={"color": RULE, "width": 1},
            layer="below",
        )
    above = {
        "xref": "paper",
        "xanchor": "left",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
    }
    if len(undated):
        draft.add_annotation(text="<b>Without a date</b>", x=right + 0.01, **above)
        draft.add_shape(
            type="line",
            xref="paper",
            x0=right + 0.005,
            x1=right + 0.005,
            yref="paper",
            y0=0,
            y1=1,
            line={"color": GREY, "width": 1, "dash": "dot"},
        )
    draft.add_annotation(
        text=(
            "Each point stands somewhere within the time in which its event may lie; a thin line"
            " shows that time. Drag to zoom in, double click to go back."
        ),
        x=0,
        font={"size": 13},
        **above,
    )
    draft.update_layout(
        xaxis9={
            "domain": [round(right + 0.015, 5) if len(undated) else 0, 1],
            "range": [-0.5, 24.5],
            "visible": False,
            "fixedrange": True,
            "anchor": "y",
        },
        yaxis={"range": [plot, 0], "visible": False, "fixedrange": True},
        hovermode="closest",
        showlegend=False,
        margin={"l": 14, "r": 14, "t": top, "b": foot},
    )
    twin = [
        f"{name}: {len(groups[name][0]):,} events with a date{_years(groups[name][0])},"
        f" {len(groups[name][1]):,} without"
        for name in order
    ]
    return finish(draft, title, subtitle, twin, height=top + plot + foot, name="timeline")


def _years(rows: list[dict]) -> str:
    years = [row["_at"].year for row in rows]
    return f" ({min(years)} to {max(years)})" if years else ""


def _add_points(
    draft: Draft,
    marks: Marks,
    name: str,
    rows: list[dict],
    base: float,
    deep: float,
    colour: str,
    symbol: str,
    axis: str,
) -> None:
    placed = []
    for i, (first, last, at) in enumerate(
        sorted(_span(row) + (at,) for at, row in enumerate(rows))
    ):
        placed.append(
            (
                first,
                last,
                round(base + 24 + (deep - 32) * (i * 7 % _ROWS) / (_ROWS - 1), 1),
                rows[at],
            )
        )
    # lines and not error bars, which in WebGL end in an error on an axis of dates (plotly.js
    # 4.1.1); and not in
    # WebGL, because one SVG path for all of them moves twice as fast
    wide = [
        (first, last, y, row["id"]) for first, last, y, row in placed if last - first > _LONG * _DAY
    ]
    draft.add_scatter(
        mode="lines",
        xaxis=axis,
        name=f"{text(name)}, span",
        x=[at for first, last, *_ in wide for at in (first, last, None)],
        y=[at for *_, y, _ in wide for at in (y, y, None)],
        line={"color": colour, "width": 1},
        opacity=0.5,
        customdata=[[i] for *_, i in wide for _ in range(3)],
        hoverinfo="none",
        showlegend=False,
    )
    draft.add_scattergl(
        mode="markers",
        xaxis=axis,
        name=text(name),
        x=[
            first + int((last - first) * (0.02 + 0.96 * (i * _GOLDEN % 1)))
            for i, (first, last, *_) in enumerate(placed)
        ],
        y=[y for _, _, y, _ in placed],
        marker={"color": colour, "symbol": symbol, "size": 6, "opacity": 0.75},
        customdata=[[row["id"]] for *_, row in placed],
        hovertext=[_hover(row, marks) for *_, row in placed],
        hoverinfo="text",
        showlegend=False,
    )


def _add_undated(
    draft: Draft, marks: Marks, name: str, rows: list[dict], base: float, deep: float
) -> None:
    across = 24
    down = -(-len(rows) // across)
    step = min(9.0, (deep - 34) / max(down - 1, 1))
    draft.add_scattergl(
        mode="markers",
        name=f"{text(name)}, no date",
        xaxis="x9",
        x=[i % across for i in range(len(rows))],
        y=[round(base + 26 + step * (i // across), 1) for i in range(len(rows))],
        marker={"symbol": "square-open", "color": GREY, "size": 5},
        customdata=[[row["id"]] for row in rows],
        hovertext=[_hover(row, marks) for row in rows],
        hoverinfo="text",
        showlegend=False,
    )


def _span(row: Mapping) -> tuple[int, int]:
    """First and last day as milliseconds; an open end counts as the other."""
    first = row["earliest"] if pd.notna(row["earliest"]) else row["latest"]
    last = row["latest"] if pd.notna(row["latest"]) else row["earliest"]
    return first.value // 1_000_000, last.value // 1_000_000 + _DAY


def _hover(row: Mapping, marks: Marks) -> str:
    """As ``Marks.hover`` says it, without the article's sentence: built fast enough for thousands
    of points."""
    words, lines, length = text(row["statement"]).split(" "), [[]], 0
    for word in words:
        if length > 60:
            lines.append([])
            length = 0
        lines[-1].append(word)
        length += len(word) + 1
    sure = marks.certainty_of(row["id"])
    return (
        f"<b>{'<br>'.join(' '.join(line) for line in lines)}</b>"
        f"<br>{text(marks.names.get(row['speaker'], row['speaker']))}: {text(certainty_words(row))}"
        f"<br>{CERTAINTY_LOOK[sure]} {sure} \u00b7 {text(row['anchors'].replace(';', ', '))}"
        f"<br>{text(row['date'] if row['date_basis'] == 'stated' else 'no date of its own')}"
    )
