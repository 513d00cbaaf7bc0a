"""What the article dates, what it only places before or after something else, and what it leaves
undated."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.draft import Draft, finish, head_room, lines, no_rows, share
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import BLUE, GREY, PAPER, RULE
from axislib.figures.timeline.axis import BREAK, draw_break, eras_of, panels
from axislib.figures.timeline.undated import (
    NO_LANE,
    SAID,
    UNSEEN,
    box,
    draw_undated,
    lane,
    undated_blocks,
)
from axislib.seed.seed import Seed
from axislib.tables.dates import bounds
from axislib.tables.schema import records
from axislib.words import date_in_words, told

MANY = 250  # more events than this are drawn without labels, see timeline_dense.py
_LABELS = 0.31  # the part of the width that the titles of dated events take
_DAY = 86_400_000
_LIGHT = "#8DBFE3"


def timeline(
    seed: Seed,
    lanes: str = "coalition",
    show_undated: bool = True,
    mode: str = "eras",
    left: str | None = None,
    right: str | None = None,
    founding: Mapping[str, str] | None = None,
) -> go.Figure:
    """Events on a broken time axis, one row each, and below them, boxed, those without a date.

    ``lanes`` sets the headings: ``coalition``, ``kind`` or ``speaker``. A thin bar is the span
    within which the event lies as far as the text tells; a thick one the part in which it went on;
    an arrow an end the text leaves open. ``mode="aligned"`` instead lays the years of two
    coalitions (``left``, ``right``) side by side, each from its ``founding`` act; see ``aligned``.
    More than MANY events are drawn as points in lanes. Returns a plotly figure; raises SeedError
    for an unknown lane, mode, coalition or founding act. It shows when something is said to have
    been, not whether it was.

    >>> import axislib
    >>> axislib.timeline(axislib.open_seed()).layout.meta["name"]
    'timeline'
    """
    if lanes not in ("coalition", "kind", "speaker"):
        raise SeedError(f"lanes: '{lanes}' is not known; use coalition, kind or speaker")
    if mode not in ("eras", "aligned"):
        raise SeedError(f"mode: '{mode}' is not known; use eras or aligned")
    if mode == "aligned":
        from axislib.figures.timeline.aligned import aligned

        return aligned(seed, left, right, founding)
    events = seed.events
    if not len(events):
        return no_rows(seed, "timeline", "events", ["events"])
    marks = Marks(seed)
    placed = events["earliest"].notna() | events["latest"].notna()
    dated = events[placed]
    dated = dated.assign(_at=dated["earliest"].fillna(dated["latest"])).sort_values(
        "_at", kind="stable", ignore_index=True
    )
    undated = events[~placed] if show_undated else events[:0]
    stated = int((events["date_basis"] == "stated").sum())
    relative = int((placed & (events["date_basis"] != "stated")).sum())
    title = (
        f"Of {told(seed, 'events', len(events), 'event')} the article dates {stated:,}, places"
        f" {relative:,} by another event, and leaves {len(events) - stated - relative:,} undated"
    )
    subtitle = (
        "Dates are as precise as the text and no more: a year stays a year. Nothing is added from"
        " general knowledge."
    )
    titles = dict(zip(events["id"], events["title"], strict=True))
    eras = eras_of(dated)
    dated, undated = records(dated), records(undated)
    if len(dated) + len(undated) > MANY:
        from axislib.figures.timeline.dense import dense

        return dense(marks, dated, undated, eras, lanes, title, subtitle)
    twin = [f"{row['title']}: {when(row, titles)}; {row['statement']}" for row in dated]
    twin += [f"{row['title']}: no date{_told(row, titles)}; {row['statement']}" for row in undated]
    top = head_room(title, subtitle)
    rows, dated_height = _dated_rows(dated, lanes, marks.names, titles)
    blocks, undated_height = undated_blocks(undated, lanes, marks.names)
    gap = 84 if len(dated) and len(undated) else 0  # axis labels, then the heading of the undated
    key, foot = 30, 16 if len(undated) else 40
    height = top + key + dated_height + gap + undated_height + foot
    plot = height - top - foot
    draft = Draft(seed)
    _draw_key(draft, dated, undated, (1 - share(key, plot), 1), plot)
    if len(dated):
        _draw_dated(
            draft,
            rows,
            eras,
            marks,
            titles,
            (share(gap + undated_height, plot), 1 - share(key + 6, plot)),
            dated_height,
        )
    if len(undated):
        draw_undated(draft, blocks, undated_height, marks, (0, share(undated_height, plot)))
        draft.add_annotation(
            text="<b>Without a date in the text</b>, so without a place on the axis",
            xref="paper",
            x=0,
            xanchor="left",
            yref="paper",
            y=share(undated_height, plot),
            yanchor="bottom",
            yshift=6,
            showarrow=False,
            font={"size": 15},
        )
    draft.update_layout(
        barmode="overlay",
        hovermode="closest",
        margin={"l": 14, "r": 14, "t": top, "b": foot},
        showlegend=False,
    )
    return finish(draft, title, subtitle, twin, height=height, name="timeline")


def when(row: Mapping, titles: Mapping[str, str]) -> str:
    """When, in a reader's words: the words of the text, or the event it is told by."""
    if row["date_basis"] == "stated":
        words = row["date_words"]
        return (
            words
            if words and any(sign.isdigit() for sign in words)
            else date_in_words(row["date"]) + (f" (\u201c{words}\u201d)" if words else "")
        )
    return f"{row['time_relation']}: {titles.get(row['relative_to'], row['relative_to'])}" + (
        f" (\u201c{row['date_words']}\u201d)" if row["date_words"] else ""
    )


def _told(row: Mapping, titles: Mapping[str, str]) -> str:
    parts = (
        [f"{row['time_relation']} {titles.get(row['relative_to'], row['relative_to'])}"]
        if row["relative_to"]
        else []
    )
    parts += [f"\u201c{row['date_words']}\u201d"] if row["date_words"] else []
    return f" ({', '.join(parts)})" if parts else ""


def _dated_rows(
    dated: list[dict], lanes: str, names: Mapping[str, str], titles: Mapping[str, str]
) -> tuple[list, int]:
    """What stands in each row, with its middle in pixels from the top: (kind, middle, event or
    heading)."""
    groups: dict[str, list[dict]] = {}
    for row in dated:  # by date, so that the lane that begins first comes first
        groups.setdefault(lane(row, lanes, names), []).append(row)
    rows, y = [], 0
    for heading, members in sorted(groups.items(), key=lambda group: group[0] == NO_LANE):
        rows.append(("head", y + 15, heading))
        y += 30
        for row in members:
            deep = 14 + 16 * lines(row["title"], 46) + 14 * lines(when(row, titles), 58)
            rows.append(("event", y + deep / 2, row))
            y += deep
    return rows, y + 4


def _x(number: int) -> str:
    return "x" if number == 1 else f"x{number}"


def _draw_dated(
    draft: Draft,
    rows: list,
    eras: list,
    marks: Marks,
    titles: Mapping[str, str],
    domain: tuple[float, float],
    height: float,
) -> None:
    """Titles on the left, then a panel an era; all share one axis in pixels from the top."""
    events = [(y, row) for kind, y, row in rows if kind == "event"]
    draft.update_layout(
        yaxis={"domain": list(domain), "range": [height, 0], "visible": False, "fixedrange": True},
        xaxis={"domain": [0, _LABELS], "range": [0, 1], "visible": False, "fixedrange": True},
    )
    cites = {
        "customdata": [marks.mark(row["id"]) for _, row in events],
        "hovertext": [marks.hover([row["id"]]) for _, row in events],
        "hoverinfo": "text",
        "showlegend": False,
    }
    draft.add_bar(
        orientation="h",
        name="reach of titles",
        y=[y for y, _ in events],
        base=[0] * len(events),
        x=[0.95] * len(events),
        width=32,
        marker=UNSEEN,
        **cites,
    )
    draft.add_scatter(
        mode="text",
        name="titles",
        x=[0] * len(events),
        y=[y for y, _ in events],
        textposition="middle right",
        cliponaxis=False,
        text=[
            f"{wrap(row['title'], 46)}<br><span"
            f" style='font-size:11px;color:{GREY}'>{wrap(when(row, titles), 58)}</span>"
            for _, row in events
        ],
        **cites,
    )
    for kind, y, row in rows:
        if kind == "head":
            draft.add_annotation(
                text=f"<b>{text(row)}</b>",
                x=0,
                xref="paper",
                xanchor="left",
                y=y,
                showarrow=False,
                font={"size": 14},
            )
            draft.add_shape(
                type="line",
                xref="paper",
                x0=0,
                x1=1,
                yref="y",
                y0=y + 11,
                y1=y + 11,
                line={"color": RULE, "width": 1},
                layer="below",
            )
    for number, (start, end, _, right, axis) in enumerate(panels(eras, _LABELS, 1), start=2):
        draft.update_layout({_x(number).replace("x", "xaxis"): axis})
        _draw_spans(
            draft,
            [(y, row) for y, row in events if start <= row["_at"].year < end],
            start,
            end,
            number,
            marks,
        )
        if number < len(eras) + 1:
            draw_break(draft, right, right + BREAK, domain, eras[number - 1][0] - end)


def _draw_spans(
    draft: Draft, events: list, start: int, end: int, number: int, marks: Marks
) -> None:
    """Thin spans, thick cores and arrows of one era."""
    thin, core, arrows = [], [], []
    first, last = pd.Timestamp(f"{start:04d}-03-01"), pd.Timestamp(f"{end - 1:04d}-11-01")
    for y, event in events:
        a = first if pd.isna(event["earliest"]) else event["earliest"]
        b = last if pd.isna(event["latest"]) else event["latest"] + pd.Timedelta(days=1)
        thin.append((y, a, b, event["id"], event["polarity"]))
        inner = _core(event, last)
        if inner:
            core.append((y, *inner, event["id"], event["polarity"]))
        if pd.isna(event["latest"]):
            arrows.append((y, b, "triangle-right", event["id"]))
        if pd.isna(event["earliest"]):
            arrows.append((y, a, "triangle-left", event["id"]))
    for name, bars, deep, colour in (("span", thin, 9, _LIGHT), ("going on", core, 18, BLUE)):
        if bars:
            draft.add_bar(
                orientation="h",
                name=name,
                showlegend=False,
                xaxis=_x(number),
                yaxis="y",
                width=deep,
                y=[y for y, *_ in bars],
                base=[a.isoformat()[:10] for _, a, *_ in bars],
                x=[(b - a).days * _DAY for _, a, b, *_ in bars],
                marker={
                    "color": colour,
                    "line": {"color": BLUE, "width": 1.5},
                    "pattern": {
                        "shape": [SAID[p][0] if p != "affirmed" else "" for *_, p in bars],
                        "fgcolor": PAPER,
                        "size": 5,
                    },
                },
                customdata=[marks.mark(i) for *_, i, _ in bars],
                hovertext=[marks.hover([i]) for *_, i, _ in bars],
                hoverinfo="text",
            )
    if arrows:
        draft.add_scatter(
            mode="markers",
            name="open end",
            showlegend=False,
            xaxis=_x(number),
            yaxis="y",
            x=[at.isoformat()[:10] for _, at, _, _ in arrows],
            y=[y for y, *_ in arrows],
            marker={"symbol": [s for _, _, s, _ in arrows], "size": 17, "color": BLUE},
            customdata=[marks.mark(i) for *_, i in arrows],
            hovertext=[marks.hover([i]) for *_, i in arrows],
            hoverinfo="text",
        )


def _core(event: Mapping, last: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The part of an interval in which the event went on whatever its exact ends; None for a single
    date."""
    begin, slash, close = event["date"].partition("/")
    if event["date_basis"] != "stated" or not slash or begin in ("", ".."):
        return None
    a = bounds([begin])["latest"].iloc[0] + pd.Timedelta(days=1)
    b = last if close in ("", "..") else bounds([close])["earliest"].iloc[0]
    return (a, b) if a < b else None


def _draw_key(
    draft: Draft, dated: list[dict], undated: list[dict], domain: tuple[float, float], plot: float
) -> None:
    """A key of the very marks that are drawn, in a row under the head."""
    axes = {"xaxis": "x9", "yaxis": "y9", "hoverinfo": "skip", "showlegend": False}
    draft.update_layout(
        xaxis9={
            "domain": [0, 1],
            "range": [0, 100],
            "visible": False,
            "fixedrange": True,
            "anchor": "y9",
        },
        yaxis9={
            "domain": list(domain),
            "range": [0, 1],
            "visible": False,
            "fixedrange": True,
            "anchor": "x9",
        },
    )
    x, words = 0.0, []
    intervals = any(_core(row, pd.Timestamp.max) for row in dated)
    opens = any(pd.isna(row["earliest"]) or pd.isna(row["latest"]) for row in dated)
    said = {row["polarity"] for row in undated} | {
        row["polarity"] for row in dated if row["polarity"] != "affirmed"
    }
    for name, shown, wide, label in (
        ("span", len(dated) > 0, 3, "lies somewhere in it"),
        ("going on", intervals, 3, "goes on"),
        ("open end", opens, 1.2, "end left open"),
    ):
        if shown and name == "open end":
            draft.add_scatter(
                mode="markers",
                name="key:open end",
                x=[x + 0.6],
                y=[0.5],
                marker={"symbol": "triangle-right", "size": 15, "color": BLUE},
                **axes,
            )
        elif shown:
            draft.add_bar(
                orientation="h",
                name=f"key:{name}",
                y=[0.5],
                base=[x],
                x=[wide],
                width=0.3 if name == "span" else 0.6,
                marker={
                    "color": _LIGHT if name == "span" else BLUE,
                    "line": {"color": BLUE, "width": 1.5},
                },
                **axes,
            )
        if shown:
            words.append((x + wide + 0.5, label))
            x += wide + 2.5 + 0.66 * len(label)
    for polarity, (shape, label) in SAID.items():
        if polarity in said:
            draft.add_bar(
                orientation="h",
                name=f"key:{polarity}",
                y=[0.5],
                base=[x],
                x=[1.3],
                width=0.6,
                marker=box([shape]),
                **axes,
            )
            words.append((x + 1.8, label))
            x += 4 + 0.66 * len(label)
    for at, label in words:
        draft.add_annotation(
            xref="x9",
            yref="y9",
            x=at,
            y=0.5,
            text=label,
            showarrow=False,
            xanchor="left",
            font={"size": 13},
        )
