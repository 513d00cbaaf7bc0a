"""The panels of a check: values on an axis of their own, findings as points for and against."""

from __future__ import annotations

from collections.abc import Iterable

from axislib.figures.draft import Draft
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import BLUE, GREEN, GREY, INK, PAPER, RULE, VERMILION
from axislib.record.figures.marks import SIGN
from axislib.record.indicators import Yardstick
from axislib.tables.schema import split_cell

MARGIN = 352
LABEL = 46  # signs a line of a label
LOOK = {
    "claimed": (GREEN, "diamond-open", "what the claim is about"),
    "compared": (INK, "square-open", "what it is held against"),
    "baseline": (GREY, "circle-open", "others, for scale"),
}
_SIDE = {"supports": (GREEN, "", 1), "contradicts": (VERMILION, "x", -1), "neither": (GREY, "", 0)}


def points_to(side: str) -> str:
    return {
        "supports": "supports the claim",
        "contradicts": "contradicts it",
        "neither": "points neither way",
    }[side]


def _axes(
    draft: Draft,
    number: int,
    deep: Iterable[int],
    labels: list[str],
    domain: list[float],
    heading: str,
    **x: object,
) -> list[float]:
    """The axes of one panel, in pixels from its top; returns the middle of each row."""
    middles, y = [], 0.0
    for height in deep:
        middles.append(y + height / 2)
        y += height
    tail = "" if number == 1 else str(number)
    draft.update_layout(
        {
            f"xaxis{tail}": {
                "anchor": f"y{tail}",
                "gridcolor": RULE,
                "zeroline": True,
                "zerolinecolor": RULE,
                "fixedrange": True,
                "tickfont": {"size": 12},
                **x,
            },
            f"yaxis{tail}": {
                "anchor": f"x{tail}",
                "domain": domain,
                "range": [y, 0],
                "tickvals": middles,
                "ticktext": [wrap(label, LABEL) for label in labels],
                "tickfont": {"size": 13},
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
        }
    )
    draft.add_annotation(
        text=heading,
        xref="paper",
        x=0,
        xanchor="left",
        xshift=-MARGIN + 14,
        yref="paper",
        y=domain[1],
        yanchor="bottom",
        yshift=6,
        showarrow=False,
        align="left",
        font={"size": 14},
    )
    return middles


def whole_ticks(low: float, high: float, stick: Yardstick) -> dict:
    """Ticks of a count: whole numbers, also where there are few."""
    counts = not stick.percent and all(
        float(n).is_integer()
        for value in stick.values
        for n in (value.value, value.low, value.high)
    )
    return {"dtick": 1} if counts and high - low <= 12 else {}


def draw_yardstick(
    draft: Draft,
    stick: Yardstick,
    labels: list[str],
    deep: list[int],
    number: int,
    domain: list[float],
    marks: Marks,
    claim: str,
) -> None:
    tail = "" if number == 1 else str(number)
    low, high = (
        min([0, *(value.low for value in stick.values)]),
        max([0, *(value.high for value in stick.values)]),
    )
    air = 0.02 * (high - low or 1)
    scale = (
        {"type": "log", "dtick": 1}
        if stick.log
        else {"range": [low - air, high + air], **whole_ticks(low, high, stick)}
    )
    so = f"{wrap(stick.rule, 150)} So it <b>{points_to(stick.side)}</b>."
    heading = f"<b>{SIGN} {text(stick.title)}</b><br><span style='font-size:12px'>{so}</span>"
    middles = _axes(
        draft,
        number,
        deep,
        labels,
        domain,
        heading,
        tickformat=".1~%" if stick.percent else None,
        **scale,
    )
    if stick.even is not None:
        draft.add_shape(
            type="line",
            xref=f"x{tail}",
            x0=stick.even,
            x1=stick.even,
            yref="paper",
            y0=domain[0],
            y1=domain[1],
            line={"color": INK, "width": 1.5, "dash": "dot"},
            layer="below",
        )
    for role, (colour, symbol, word) in LOOK.items():
        of = [
            (y, value) for y, value in zip(middles, stick.values, strict=True) if value.role == role
        ]
        if not of:
            continue
        own = [value.ids == claim for _, value in of]
        ids = [
            [*split_cell(value.ids), claim] if role == "claimed" else split_cell(value.ids)
            for _, value in of
        ]
        draft.add_scatter(
            mode="markers",
            name=word,
            xaxis=f"x{tail}",
            yaxis=f"y{tail}",
            x=[value.value for _, value in of],
            y=[y for y, _ in of],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [value.high - value.value for _, value in of],
                "arrayminus": [value.value - value.low for _, value in of],
                "color": colour,
                "thickness": 2,
                "width": 0,
            },
            marker={
                "symbol": ["circle" if mine else symbol for mine in own],
                "size": 13,
                "color": [BLUE if mine else colour for mine in own],
                "line": {"width": 2.5},
            },
            customdata=[marks.mark(i) for i in ids],
            hovertext=[f"{text(word)}<br>" + marks.hover(i) for i in ids],
            hoverinfo="text",
            cliponaxis=False,
        )


def draw_findings(
    draft: Draft,
    rows: list[dict],
    labels: list[str],
    deep: list[int],
    number: int,
    domain: list[float],
    marks: Marks,
) -> None:
    tail = "" if number == 1 else str(number)
    middles = _axes(
        draft,
        number,
        deep,
        labels,
        domain,
        f"<b>{SIGN} What {'else ' if number > 1 else ''}bears on it</b><br> ",
        range=[-3.3, 3.3],
        tickvals=[-3, -2, -1, 0, 1, 2, 3],
        ticktext=["3", "2", "1", "0", "1", "2", "3"],
    )
    for side, (colour, shape, sign) in _SIDE.items():
        of = [
            (y, row)
            for y, row in zip(middles, rows, strict=True)
            if row["side"] == side and row["points"]
        ]
        ids = [[row["id"], *split_cell(row["evidence"])] for _, row in of]
        if of:
            draft.add_bar(
                orientation="h",
                name=side,
                xaxis=f"x{tail}",
                yaxis=f"y{tail}",
                y=[y for y, _ in of],
                x=[sign * row["points"] for _, row in of],
                width=16,
                marker={
                    "color": PAPER,
                    "line": {"color": colour, "width": 2.5},
                    "pattern": {"shape": shape, "fgcolor": "#F0C4A8", "size": 6},
                },
                customdata=[marks.mark(i) for i in ids],
                hovertext=[marks.hover(i) for i in ids],
                hoverinfo="text",
            )
    of = [(y, row) for y, row in zip(middles, rows, strict=True) if not row["points"]]
    if of:
        ids = [[row["id"], *split_cell(row["evidence"])] for _, row in of]
        draft.add_scatter(
            mode="markers+text",
            name="no points",
            xaxis=f"x{tail}",
            yaxis=f"y{tail}",
            x=[0] * len(of),
            y=[y for y, _ in of],
            textposition="middle right",
            cliponaxis=False,
            text=[
                (
                    "  no points: changes the meaning"
                    if row["side"] == "neither"
                    else "  counted above"
                )
                for _, row in of
            ],
            textfont={"size": 12, "color": "#4A4A4A"},
            marker={"symbol": "circle-open", "size": 11, "color": GREY, "line": {"width": 2}},
            customdata=[marks.mark(i) for i in ids],
            hovertext=[marks.hover(i) for i in ids],
            hoverinfo="text",
        )
    draft.add_annotation(
        text=(
            f"<span style='color:{VERMILION}'>\u25c0 speaks against</span>    points    "
            f"<span style='color:{GREEN}'>speaks for \u25b6</span>"
        ),
        xref=f"x{tail}",
        x=0,
        yref="paper",
        y=domain[1],
        yanchor="bottom",
        yshift=6,
        showarrow=False,
        font={"size": 12},
    )
