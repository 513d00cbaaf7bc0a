"""Two coalitions' years laid side by side, each counted from its own founding act."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.draft import Draft, finish, head_room, lines, nothing_to_show, share
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import BLUE, GREY, INK, PAPER, RULE, VERMILION
from axislib.figures.timeline.undated import draw_undated
from axislib.questions.levels import TWO_NEEDED, both_sides, compared_sides
from axislib.seed.seed import Seed
from axislib.tables.dates import bounds
from axislib.words import counted, in_text

ACTS = ("agreement", "exchange", "delivery", "deployment", "decision")
_LOOK = ((BLUE, "circle", "solid"), (VERMILION, "square", "dash"))
_YEAR = 365.25


def aligned(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    founding: Mapping[str, str] | None = None,
) -> go.Figure:
    """Acts of cooperation of two coalitions, added up over the years since each one's founding act.

    An act is an event of the coalition of one of the kinds in ACTS that is said to have been (not
    denied, left open, predicted or called for). ``left`` and ``right`` are coalitions (those of
    ``analogy.compared_sides``, if left out); ``founding`` names an event for either: else its
    earliest dated act. A line through a mark is the time in which it may lie. Acts without a date
    stand below: they have no year. Returns a plotly figure, which says so plainly where the text
    dates too little; raises SeedError for an unknown coalition or a founding event without a date.
    It counts acts and cannot tell how much one of them weighs.

    >>> import axislib
    >>> axislib.timeline(axislib.open_seed(), mode="aligned").layout.meta["twin"][0].startswith("The four today")
    True
    """
    if compared_sides(seed, left, right) is None:
        return nothing_to_show("timeline", "two coalitions to lay side by side", TWO_NEEDED)
    left, right = both_sides(seed, left, right)
    marks = Marks(seed)
    sides = [_side(seed, coalition, (founding or {}).get(coalition)) for coalition in (left, right)]
    names = [marks.names[coalition] for coalition in (left, right)]
    if not any(side["dated"] or side["undated"] for side in sides):
        what = f"acts of cooperation of {in_text(names[0])} or {in_text(names[1])}"
        none = "The selection keeps none" if "events" in seed.selected else "The article tells none"
        return nothing_to_show(
            "timeline", what, f"{none} of their {', '.join(ACTS[:-1])} or {ACTS[-1]} events."
        )
    teller = "Of the events selected the article" if "events" in seed.selected else "The article"
    title = _title(sides, [in_text(name) for name in names], teller)
    subtitle = (
        f"An act: an {', '.join(ACTS[:-1])} or {ACTS[-1]} of the coalition that is said to have"
        " been. Year 0: its founding act."
    )
    rows = max(len(side["undated"]) for side in sides)
    most = max(1, *(len(side["dated"]) for side in sides))
    top, foot, panel, note, axis = head_room(title, subtitle), 10, 50 + min(26 * most, 240), 30, 84
    below = 28 + 27 * rows if rows else 0
    said = [
        f"{name}: {_from_where(side, in_text(teller))}"
        for side, name in zip(sides, names, strict=True)
    ]
    note += 18 * (max(lines(words, 125) for words in said) - 1)
    plot = 2 * (note + panel) + axis + below
    last = max([2.0, *(at for side in sides for act in side["dated"] for at in act[2:5])])
    draft = Draft(seed)
    shared = {
        "range": [0, most + 0.6],
        "gridcolor": RULE,
        "zeroline": False,
        "dtick": 1 if most < 12 else None,
        "title": {"text": "acts so far", "font": {"size": 13}},
        "fixedrange": True,
    }
    for number, (side, name, look) in enumerate(zip(sides, names, _LOOK, strict=True)):
        high = plot - number * (panel + note) - note
        draft.update_layout(
            {
                f"yaxis{number + 1 if number else ''}": {
                    **shared,
                    "domain": [share(high - panel, plot), share(high, plot)],
                    "anchor": "x",
                }
            }
        )
        draft.add_annotation(
            text=wrap(said[number], 125).replace(text(name), f"<b>{text(name)}</b>", 1),
            align="left",
            xref="paper",
            x=0,
            xanchor="left",
            yref="paper",
            y=share(high, plot),
            yanchor="bottom",
            yshift=3,
            showarrow=False,
            font={"size": 14},
        )
        if side["dated"]:
            _draw(draft, side, name, look, marks, f"y{number + 1 if number else ''}", last)
        else:
            draft.add_annotation(
                text="nothing to draw: no act with a date",
                xref="paper",
                x=0,
                xanchor="left",
                yref="paper",
                y=share(high - panel / 2, plot),
                yanchor="middle",
                showarrow=False,
                font={"size": 14, "color": GREY},
                bordercolor=GREY,
                borderwidth=1,
                borderpad=6,
                bgcolor=PAPER,
            )
    if rows:
        blocks = [
            (1.5 * number, 27 * i + 40, 0, row)
            for number, side in enumerate(sides)
            for i, row in enumerate(side["undated"])
        ]
        blocks += [
            (
                1.5 * number,
                14,
                0,
                f"{name}: {_count(len(side['undated']))} without a date, so without a year",
            )
            for number, (side, name) in enumerate(zip(sides, names, strict=True))
        ]
        draw_undated(draft, blocks, below, marks, (0, share(below, plot)))
    draft.update_layout(
        barmode="overlay",
        showlegend=False,
        hovermode="closest",
        margin={"l": 48, "r": 16, "t": top, "b": foot},
        xaxis={
            "domain": [0, 1],
            "range": [-0.04 * last, last * 1.06],
            "title": {"text": "years since the founding act", "standoff": 6, "font": {"size": 14}},
            "gridcolor": RULE,
            "zeroline": False,
            "showline": True,
            "linecolor": INK,
            "anchor": "free",
            "position": share(axis + below, plot),
            "dtick": 1 if last < 15 else None,
        },
    )
    twin = list(said)
    twin += [
        f"{name}, year {act[2]:.1f}: {act[0]['title']}; {act[0]['statement']}"
        for side, name in zip(sides, names, strict=True)
        for act in side["dated"]
    ]
    twin += [
        f"{name}, no year: {row['title']}; {row['statement']}"
        for side, name in zip(sides, names, strict=True)
        for row in side["undated"]
    ]
    return finish(draft, title, subtitle, twin, height=top + 44 + plot + foot, name="timeline")


def _side(seed: Seed, coalition: str, founding: str | None) -> dict:
    """The acts of one coalition: ``dated`` as (event, count, year, earliest, latest), ``undated``,
    and the founding event."""
    events = seed.events
    ours = events[events["coalition"] == coalition]
    ok = (
        ours["kind"].isin(ACTS)
        & (ours["polarity"] == "affirmed")
        & ~ours["modality"].isin(["predicted", "normative"])
    )
    acts = [(row, *_start(row)) for row in ours[ok].to_dict("records")]
    placed = sorted(
        (act for act in acts if pd.notna(act[1]) or pd.notna(act[2])),
        key=lambda act: act[1] if pd.notna(act[1]) else act[2],
    )
    undated = [row for row, low, high in acts if pd.isna(low) and pd.isna(high)]
    other = ours[(ours["date_basis"] == "stated") & ~ours["kind"].isin(ACTS)].to_dict("records")
    if founding:
        named = events[events["id"] == founding]
        if not len(named):
            raise SeedError(
                f"founding: '{founding}' is not an event of seed {seed.name}; list them with"
                " seed.events['id']"
            )
        base = (named.iloc[0].to_dict(), *_start(named.iloc[0]))
        if pd.isna(base[1]) and pd.isna(base[2]):
            raise SeedError(
                f"founding: '{founding}' has no date in the text, so no year can be counted from it"
            )
    else:
        base = placed[0] if placed else None
    dated, earlier = [], 0
    for row, low, high in placed:
        if row["id"] == base[0]["id"]:
            spread = (0.0, 0.0, 0.0)
        else:
            zero = base[1] if pd.notna(base[1]) else base[2]
            spread = tuple(
                _years(at, since)
                for at, since in (
                    (low if pd.notna(low) else high, zero),
                    (low, base[2]),
                    (high, base[1]),
                )
            )
            spread = tuple(spread[0] if at is None else at for at in spread)
        if spread[0] < 0:
            earlier += 1
            continue
        dated.append((row, len(dated) + 1, *spread))
    return {
        "dated": dated,
        "undated": undated,
        "founding": base[0] if base else None,
        "other": other,
        "earlier": earlier,
    }


def _start(row: Mapping) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day on which the event may have begun."""
    begin, slash, _ = row["date"].partition("/")
    if row["date_basis"] == "stated" and slash and begin not in ("", ".."):
        found = bounds([begin])
        return found["earliest"].iloc[0], found["latest"].iloc[0]
    return row["earliest"], row["latest"]


def _years(at: pd.Timestamp, since: pd.Timestamp) -> float | None:
    return None if pd.isna(at) or pd.isna(since) else round((at - since).days / _YEAR, 2)


def _from_where(side: dict, teller: str) -> str:
    if side["founding"] is None:
        none = f"{teller} dates no act of cooperation, so there is no year to count from."
        if not side["other"]:
            return none
        first = side["other"][0]
        return (
            f"{none} What it dates of it, \u2018{first['title']}\u2019 ({first['date']}), is no act"
            " of cooperation."
        )
    when = side["founding"]["date_words"] or side["founding"]["date"]
    more = f"; {side['earlier']} earlier left out" if side["earlier"] else ""
    return (
        f"counted from \u2018{side['founding']['title']}\u2019 ({when});"
        f" {counted(len(side['dated']), 'dated act')}{more}"
    )


def _title(sides: list[dict], names: list[str], teller: str) -> str:
    counts = [len(side["dated"]) for side in sides]
    if min(counts) >= 2:
        common = min(max(act[2] for act in side["dated"]) for side in sides)
        by = [sum(act[2] <= common for act in side["dated"]) for side in sides]
        after = f"{counted(round(common, 1), 'year')} after the founding act"
        return f"{after}: {_count(by[0])} of cooperation of {names[0]}, {by[1]} of {names[1]}"
    said = f"{_count(counts[0])} of cooperation of {names[0]} and {_count(counts[1])} of {names[1]}"
    return f"{teller} dates {said}: too little to lay their years side by side"


def _count(acts: int) -> str:
    return counted(acts, "act") if acts else "no act"


def _draw(
    draft: Draft,
    side: dict,
    name: str,
    look: tuple[str, str, str],
    marks: Marks,
    axis: str,
    last: float,
) -> None:
    colour, symbol, dash = look
    acts = side["dated"]
    ids = [act[0]["id"] for act in acts]
    few = len(acts) <= 12
    # a step comes from the left and goes on to the right: above to its left and below to its right
    # is free
    draft.add_scatter(
        mode="lines+markers+text" if few else "lines+markers",
        name=text(name),
        yaxis=axis,
        x=[act[2] for act in acts],
        y=[act[1] for act in acts],
        line={"color": colour, "shape": "hv", "dash": dash, "width": 2},
        marker={"symbol": symbol, "size": 12, "color": colour},
        text=[wrap(act[0]["title"], 60) for act in acts] if few else None,
        textposition=["top left" if act[2] > 0.4 * last else "bottom right" for act in acts],
        textfont={"size": 13, "color": INK},
        cliponaxis=False,
        customdata=[marks.mark(i) for i in ids],
        hovertext=[marks.hover([i]) for i in ids],
        hoverinfo="text",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [round(max(act[4] - act[2], 0), 2) for act in acts],
            "arrayminus": [round(max(act[2] - act[3], 0), 2) for act in acts],
            "color": GREY,
            "thickness": 1,
            "width": 4,
        },
    )
