"""Time as a number: years and parts of years, so that BC dates and years beyond 9999 are drawn like
any other; and a panel for each stretch of years, all on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from axislib.figures.draft import Draft
from axislib.figures.palette import GREY, INK, PAPER
from axislib.words import year_in_words

GAP_YEARS = 12  # a longer pause between dated events breaks the axis
LEAST_YEARS = 5  # a panel shows at least so many years
MOST_PANELS = 5
BREAK = 0.042  # the part of the width between two panels
_TICK = 46  # pixels between two ticks, at least
_STEPS = [step * 10**power for power in range(6) for step in (1, 2, 5)]


class Panel(NamedTuple):
    """A stretch of years and the part of the width it takes."""

    start: float
    end: float
    left: float
    right: float


def years(days: pd.Series, after: bool = False) -> list[float | None]:
    """Days as years with a fraction; None for NaT. ``after`` counts to the end of the day. Years
    are those of ISO 8601: 0 is 1 BC.

    >>> years(pd.Series(pd.to_datetime(["2024-01-01", None])))
    [2024.0, None]
    """
    day = days.to_numpy("datetime64[D]") + (1 if after else 0)
    year = day.astype("datetime64[Y]")
    begin, end = year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]")
    number = year.astype("int64") + 1970 + (day - begin) / (end - begin)
    return [
        None if missing else round(float(value), 4)
        for value, missing in zip(number, np.isnat(day), strict=True)
    ]


def panels_of(spans: Iterable[tuple[float, float]], left: float = 0, right: float = 1) -> list:
    """A Panel for each stretch of whole years with no pause longer than GAP_YEARS: five at most,
    all on the same scale.

    >>> [(panel.start, panel.end) for panel in panels_of([(1943, 1944), (2022, 2025)])]
    [(1941, 1946), (2021, 2026)]
    """
    stretches, gap = _stretches(sorted(spans), GAP_YEARS), GAP_YEARS
    while len(stretches) > MOST_PANELS:
        gap *= 2
        stretches = _stretches(sorted(spans), gap)
    wide = [_at_least(int(np.floor(a)), int(np.ceil(b))) for a, b in stretches]
    free = right - left - BREAK * max(len(wide) - 1, 0)
    total = sum(b - a for a, b in wide)
    found = []
    for a, b in wide:
        edge = left + free * (b - a) / total
        found.append(Panel(a, b, round(left, 5), round(min(edge, 1), 5)))
        left = edge + BREAK
    return found


def _stretches(spans: Sequence[tuple[float, float]], gap: float) -> list[list[float]]:
    found: list[list[float]] = []
    for first, last in spans:
        if found and first - found[-1][1] <= gap:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found


def _at_least(start: int, end: int) -> tuple[int, int]:
    missing = max(LEAST_YEARS - (end - start), 0)
    return start - (missing + 1) // 2, end + missing // 2


def ticks(panel: Panel, pixels: float) -> tuple[list[float], list[str], int]:
    """Where the labels of a panel are, their words, and the years between two of them."""
    wanted = _TICK * (panel.end - panel.start) / pixels
    step = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
    first = int(np.ceil(panel.start / step)) * step
    found = list(range(first, int(panel.end), step))
    middle = 0.5 if step == 1 else 0  # a label for a year is in the middle of it
    return [year + middle for year in found], [year_in_words(year) for year in found], step


def draw_axis(
    draft: Draft, panel: Panel, axes: str, down: float, part: tuple[float, float], pixels: float
) -> None:
    """An era's panel: years below, a hairline at the start of each."""
    at, words, step = ticks(panel, pixels)
    draft.canvas(
        axes,
        (panel.start, panel.end),
        down,
        x=(panel.left, panel.right),
        y=part,
        visible=True,
        showline=True,
        linecolor=INK,
        tickvals=at,
        ticktext=words,
        tickangle=0,
        tickfont={"size": 13},
    )
    for year in range(int(panel.start), int(panel.end) + 1, step):
        draft.hairline((year, year), (0, down), axes=axes)


def draw_break(draft: Draft, x0: float, x1: float, part: Sequence[float], gap: float) -> None:
    """How many years are left out between two panels."""
    draft.note(
        f"{gap:,.0f} years left out",
        (x0 + x1) / 2,
        sum(part) / 2,
        axes="paper paper",
        textangle=-90,
        xanchor="center",
        yanchor="middle",
        font={"size": 12, "color": GREY},
        bgcolor=PAPER,
    )
