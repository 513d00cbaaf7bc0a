"""What the article dates, what it only places before or after something else, and what it leaves undated."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..seed import Seed
from .style import BLUE, GREY, INK, PAPER, RULE, Marks, finish, text, wrap

GAP_YEARS = 12  # a longer pause between dated events breaks the time axis
_COLUMNS = 3  # of the undated lane
_DAY = 86_400_000


def timeline(seed: Seed, lanes: str = "coalition", show_undated: bool = True) -> go.Figure:
    """Events on a broken time axis, one row each, and below them, hatched, those without a date.

    ``lanes`` orders the rows by ``coalition``, ``kind`` or ``speaker``. A thin bar is the span within
    which the event lies as far as the text tells; a thick core is the part in which it surely went on;
    an arrow is an end the text leaves open. Returns a plotly figure. It shows when something is said to
    have been, not whether it was.

    >>> import axislib
    >>> axislib.timeline(axislib.open_seed()).layout.meta["name"]
    'timeline'
    """
    if lanes not in ("coalition", "kind", "speaker"):
        raise ValueError(f"lanes: '{lanes}' is none of coalition, kind, speaker")
    events = seed.events
    marks = Marks(seed)
    placed = events["earliest"].notna() | events["latest"].notna()
    dated = events[placed].assign(_at=events["earliest"].fillna(events["latest"])).sort_values("_at", kind="stable")
    dated = dated.assign(_lane=dated[lanes].map(lambda v: _lane(v, marks.names))).reset_index(drop=True)
    undated = events[~placed] if show_undated else events[:0]
    eras = _eras(dated)
    columns = max(len(eras), 1)
    rows_undated = -(-len(undated) // _COLUMNS)
    heights = [34 * max(len(dated), 1) + 20, 30 * rows_undated + 20]
    figure = make_subplots(
        rows=2 if len(undated) else 1, cols=columns, horizontal_spacing=0.02, vertical_spacing=110 / (sum(heights) + 110) if len(undated) else 0,
        row_heights=heights[: 2 if len(undated) else 1], column_widths=[max(years, 1.2) for *_, years in eras] or [1],
        specs=[[{} for _ in range(columns)]] + ([[{"colspan": columns}] + [None] * (columns - 1)] if len(undated) else []))
    for number, (start, end, _) in enumerate(eras, start=1):
        here = dated[(dated["_at"] >= start) & (dated["_at"] <= end)]
        _draw(figure, here, start, end, number, marks)
    _axes(figure, dated, eras)
    if len(undated):
        _draw_undated(figure, undated, rows_undated, columns, marks)
    stated = int((events["date_basis"] == "stated").sum())
    relative = int((placed & (events["date_basis"] != "stated")).sum())
    title = f"Of {len(events)} events the article dates {stated}, places {relative} by another event, and leaves {len(events) - stated - relative} undated"
    subtitle = "Thin bar: the event lies somewhere in it. Thick: surely going on. Arrow: the text leaves this end open. Hatched: no date in the text, so no place on the axis."
    twin = [f"{row['title']}: {_when(row)}; {row['statement']}" for row in dated.to_dict("records")]
    twin += [f"{row['title']}: no date ({row['date_words'] or 'no words of time'}); {row['statement']}" for row in undated.to_dict("records")]
    return finish(figure, title, subtitle, twin, height=int(sum(heights[: 2 if len(undated) else 1]) + (260 if len(undated) else 150)), name="timeline")


def _lane(value: str, names: dict[str, str]) -> str:
    return names.get(value, value.replace("_", " ")) or "other"


def _eras(dated: pd.DataFrame) -> list[tuple[pd.Timestamp, pd.Timestamp, float]]:
    """Stretches of time with no pause longer than GAP_YEARS: start, end, length in years; half a year of air on each side."""
    eras: list[list[pd.Timestamp]] = []
    for _, row in dated.iterrows():
        first, last = row["_at"], row["latest"] if pd.notna(row["latest"]) else row["_at"]
        if eras and (first - eras[-1][1]).days < GAP_YEARS * 365:
            eras[-1][1] = max(eras[-1][1], last)
        else:
            eras.append([first, last])
    air = pd.Timedelta(days=200)
    return [(a - air, b + air, (b - a + 2 * air).days / 365.25) for a, b in eras]


def _when(row: dict) -> str:
    if row["date_basis"] == "stated":
        return row["date"]
    return f"{row['time_relation']} {row['relative_to']}" + (f" ('{row['date_words']}')" if row["date_words"] else "")


def _draw(figure: go.Figure, events: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, column: int, marks: Marks) -> None:
    """Thin spans, solid cores and arrows of one era."""
    thin, core, arrows = [], [], []
    for row, event in events.iterrows():
        open_end, open_start = pd.isna(event["latest"]), pd.isna(event["earliest"])
        a = start + pd.Timedelta(days=40) if open_start else event["earliest"]
        b = end - pd.Timedelta(days=40) if open_end else event["latest"] + pd.Timedelta(days=1)
        thin.append((row, a, b, event["id"]))
        if open_end and event["date_basis"] == "stated":
            core.append((row, _sure_from(event), b, event["id"]))
        if open_end:
            arrows.append((row, b, "triangle-right", event["id"]))
        if open_start:
            arrows.append((row, a, "triangle-left", event["id"]))
    for name, bars, width, colour in (("span", thin, 0.22, "#8DBFE3"), ("sure", core, 0.5, BLUE)):
        if bars:
            figure.add_bar(
                row=1, col=column, orientation="h", name=name, showlegend=False, width=width, y=[r for r, *_ in bars],
                base=[f"{a:%Y-%m-%d}" for _, a, _, _ in bars], x=[(b - a).days * _DAY for _, a, b, _ in bars],
                marker={"color": colour, "line": {"color": BLUE, "width": 1.5}}, customdata=[marks.mark(i) for *_, i in bars],
                hovertext=[marks.hover(i) for *_, i in bars], hoverinfo="text")
    if arrows:
        figure.add_scatter(
            row=1, col=column, mode="markers", name="open end", showlegend=False, x=[f"{at:%Y-%m-%d}" for _, at, _, _ in arrows], y=[r for r, *_ in arrows],
            marker={"symbol": [s for _, _, s, _ in arrows], "size": 15, "color": BLUE}, customdata=[marks.mark(i) for *_, i in arrows],
            hovertext=[marks.hover(i) for *_, i in arrows], hoverinfo="text")


def _sure_from(event: pd.Series) -> pd.Timestamp:
    from ..dates import parse

    first = event["date"].split("/")[0]
    return pd.Timestamp(parse(first).latest) + pd.Timedelta(days=1)


def _axes(figure: go.Figure, dated: pd.DataFrame, eras: list) -> None:
    for number, (start, end, _) in enumerate(eras, start=1):
        figure.update_xaxes(row=1, col=number, type="date", range=[f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}"], dtick="M12", tickformat="%Y",
                            ticklabelmode="period", showgrid=True, gridcolor=RULE, zeroline=False, linecolor=INK, tickfont={"size": 14})
        figure.update_yaxes(row=1, col=number, range=[len(dated) - 0.5, -0.5], showgrid=True, gridcolor="#EFEFEF", zeroline=False, fixedrange=True,
                            tickvals=list(range(len(dated))), showticklabels=number == 1, automargin=True,
                            ticktext=[f"{text(row['title'])}<br><span style='font-size:11px;color:{GREY}'>{text(row['_lane'])}</span>" for row in dated.to_dict("records")])
    figure.update_layout(barmode="overlay", margin={"l": 10, "r": 16, "t": 120, "b": 30}, showlegend=False)


def _draw_undated(figure: go.Figure, undated: pd.DataFrame, rows: int, columns: int, marks: Marks) -> None:
    """The undated lane: a grid read column by column, hatched, because silence is no point in time."""
    ids = list(undated["id"])
    at = [(i // rows, i % rows) for i in range(len(ids))]
    figure.add_bar(
        row=2, col=1, orientation="h", name="no date", showlegend=False, width=0.7, y=[y for _, y in at], base=[x + 0.005 for x, _ in at], x=[0.03] * len(ids),
        marker={"color": PAPER, "line": {"color": INK, "width": 1}, "pattern": {"shape": "/", "fgcolor": GREY, "size": 5, "solidity": 0.3}},
        customdata=[marks.mark(i) for i in ids], hovertext=[marks.hover(i) for i in ids], hoverinfo="text")
    for (x, y), title in zip(at, undated["title"], strict=True):
        figure.add_annotation(row=2, col=1, x=x + 0.045, y=y, text=wrap(title, 80), showarrow=False, xanchor="left", font={"size": 13, "color": INK})
    figure.update_xaxes(row=2, col=1, range=[0, _COLUMNS], visible=False, fixedrange=True)
    figure.update_yaxes(row=2, col=1, range=[rows - 0.5, -0.5], visible=False, fixedrange=True)
    figure.add_annotation(text="<b>Without a date in the text</b>", xref="paper", x=0, xanchor="left", yref="y2 domain" if columns == 1 else f"y{columns + 1} domain", y=1,
                          yanchor="bottom", yshift=14, showarrow=False, font={"size": 15})
