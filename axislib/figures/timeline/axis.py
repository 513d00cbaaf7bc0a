"""A broken axis of time: a panel for each stretch of years, a torn edge where years are left out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from axislib.figures.draft import Draft
from axislib.figures.palette import GREY, INK, PAPER, RULE

GAP_YEARS = 12  # a longer pause between dated events breaks the axis
BREAK = 0.042  # the part of the width between two panels
_PANELS = 5


def eras_of(dated: pd.DataFrame) -> list[tuple[int, int]]:
    """Stretches of whole years with no pause longer than GAP_YEARS, one year of air on each side;
    five at most."""
    years: list[list[int]] = []
    gap = GAP_YEARS
    first = dated["_at"].dt.year
    spans = sorted(
        set(
            zip(
                first.tolist(),
                dated["latest"].dt.year.fillna(first).astype(int).tolist(),
                strict=True,
            )
        )
    )
    while spans:
        years = []
        for first, last in spans:
            if years and first - years[-1][1] <= gap:
                years[-1][1] = max(years[-1][1], last)
            else:
                years.append([first, last])
        if len(years) <= _PANELS:
            break
        gap *= 2
    return [(first - 1, last + 2) for first, last in years]


def panels(eras: list, left: float, right: float) -> Iterator[tuple[int, int, float, float, dict]]:
    """For each era its years, its left and right edge as parts of the width, and its axis."""
    free = right - left - BREAK * (len(eras) - 1)
    total = sum(max(end - start, 3) for start, end in eras)
    for start, end in eras:
        edge = min(left + free * max(end - start, 3) / total, right)
        yield (
            start,
            end,
            left,
            edge,
            {
                "domain": [round(left, 5), round(edge, 5)],
                "anchor": "y",
                "type": "date",
                "range": [f"{start:04d}-01-01", f"{end:04d}-01-01"],
                "ticklabelmode": "period",
                "tickformat": "%Y",
                "showgrid": True,
                "gridcolor": RULE,
                "zeroline": False,
                "showline": True,
                "linecolor": INK,
                "tickfont": {"size": 14},
                "tickangle": 0,
                **(
                    {"dtick": "M12"} if total <= 14 else {"nticks": max(3, int(14 * (edge - left)))}
                ),
            },
        )
        left = edge + BREAK


def draw_break(draft: Draft, x0: float, x1: float, domain: tuple[float, float], years: int) -> None:
    """A torn edge and how much time is left out, so that nobody reads two eras as neighbours."""
    low, high = domain
    for x in (x0 + 0.12 * (x1 - x0), x0 + 0.88 * (x1 - x0)):
        points = [
            (x + (0.003 if i % 2 else -0.003), low + (high - low) * i / 16) for i in range(17)
        ]
        draft.add_shape(
            type="path",
            xref="paper",
            yref="paper",
            path="M " + " L ".join(f"{a:.4f},{b:.4f}" for a, b in points),
            line={"color": GREY, "width": 1},
        )
    draft.add_annotation(
        text=f"{years} years left out",
        textangle=-90,
        xref="paper",
        yref="paper",
        x=(x0 + x1) / 2,
        y=(low + high) / 2,
        xanchor="center",
        yanchor="middle",
        showarrow=False,
        font={"size": 12, "color": GREY},
        bgcolor=PAPER,
    )
