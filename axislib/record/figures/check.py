"""One claim against the record: a panel an indicator with its baseline, and below them the evidence
as points for and against; outlined, for it comes from the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, head_room, lines, share
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import BLUE, GREEN, GREY, INK, PAPER, RULE, VERMILION
from axislib.record import Record, findings, indicators_of, verdicts
from axislib.record.indicators import Indicator, Value
from axislib.record.verdict import WORDS
from axislib.tables.schema import split_cell

SIGN = "\u25c7"  # the sign of the record
MARGIN = 352  # left of the panels, for labels
LABEL = 46  # characters a line of a label
LINE, GAP, HEAD, FOOT = 16, 96, 52, 46  # pixels
AIR = 0.02  # of an axis, beside the outermost values
FEW = 12  # up to so many a count has a tick each
MOST_POINTS = 3
LOOK = {
    "claimed": (GREEN, "diamond-open", "what the claim is about"),
    "compared": (INK, "square-open", "what it is held against"),
    "baseline": (GREY, "circle-open", "others, for scale"),
}
KEY = ", ".join(
    f"{sign} {words}" for (*_, words), sign in zip(LOOK.values(), "\u25c7\u25a1\u25cb", strict=True)
)
SIDES = {"supports": (GREEN, "", 1), "contradicts": (VERMILION, "x", -1), "neither": (GREY, "", 0)}
POINTS_TO = {
    "supports": "supports the claim",
    "contradicts": "contradicts it",
    "neither": "points neither way",
}
WHEN = {"within": "perhaps later than the article", "after": "later than the article"}
NOT_LOOKED_UP = " (not looked up)"
PALE, NOTE = "#F0C4A8", "#4A4A4A"


class RecordMarks(Marks):
    """Hover for rows of the record as well: measures, evidence and sources say what they are, facts
    name their source."""

    def _say(self, row_id: str) -> str:
        row = self._row(row_id) or self.seed.row(row_id)
        if row.get("layer") != "context":
            return super()._say(row_id)
        texts = [row[name] for name in ("statement", "definition", "why", "title") if row.get(name)]
        parts = [f"<b>{SIGN} {wrap([*texts, row_id][0])}</b>"]
        if row.get("modality") in ("reported", "disputed"):
            parts.append(f"as {text(self.names.get(row['speaker'], row['speaker']))} has it")
        anchors = row.get("anchors", "")
        parts += [wrap(self._source(source), 70) for source in split_cell(anchors)[:2]]
        common = "common" if anchors == "general_knowledge" else ""
        confidence = row.get("confidence") or common
        return "<br>".join([*parts, *([f"<i>{text(confidence)}</i>"] if confidence else [])])

    def _source(self, row_id: str) -> str:
        source = self._row(row_id) or self.seed.row(row_id)
        if source.get("publisher"):
            return f"{source['title']} ({source['publisher']})"
        return source.get("title", row_id)


class Panel(NamedTuple):
    """Where a panel stands: its number, a label a row, the height of each row in pixels, its part
    of the plot."""

    number: int
    labels: list[str]
    heights: list[int]
    domain: list[float]

    def axis(self, letter: str) -> str:
        """The name of an axis as traces use it: x, x2, x3."""
        return letter if self.number == 1 else f"{letter}{self.number}"

    def middles(self) -> list[float]:
        """The middle of each row, in pixels from the top of the panel."""
        return [
            sum(self.heights[:row]) + height / 2
            for row, height in enumerate(map(float, self.heights))
        ]


def record_check(record: Record, claim: str) -> go.Figure:
    """One claim against the record: a panel for each indicator, with its baseline, and below them
    the evidence with its points.

    Returns a plotly figure. All but the article's own number is outlined, for it comes from the
    record; each point or bar carries the ids of the measures, data sets, facts and evidence behind
    it. Raises SeedError for a claim without a check. It shows how the verdict comes about, not
    whether the rule is a good one.
    """
    row, found = verdicts(record, [claim]).iloc[0].to_dict(), indicators_of(record, claim)
    evidence, marks, draft = _evidence(record, claim), RecordMarks(record.seed), Draft(record.seed)
    labels = [[_value_label(indicator, value) for value in indicator.values] for indicator in found]
    whys = [_evidence_label(finding) for finding in evidence]
    title, subtitle = _title(row), _subtitle(row)
    top = head_room(title, subtitle) + HEAD
    panels, plot = _panels([*labels, *([whys] if whys else [])])
    for panel, indicator in zip(panels, found, strict=False):
        draw_indicator(draft, panel, indicator, marks, claim)
    if evidence:
        draw_evidence(draft, panels[-1], evidence, marks)
    draft.update_layout(
        barmode="overlay", showlegend=False, margin={"l": MARGIN, "r": 24, "t": top, "b": FOOT}
    )
    twin = [
        f"{each.title}: {'; '.join(words)}. {each.rule} So it {POINTS_TO[each.side]}."
        for each, words in zip(found, labels, strict=True)
    ]
    twin += [
        f"{finding['side'].capitalize()} (points: {finding['points']:g}): {why}"
        for finding, why in zip(evidence, whys, strict=True)
    ]
    return finish(draft, title, subtitle, twin, height=top + plot + FOOT, name="record_check")


def _evidence(record: Record, claim: str) -> list[dict]:
    """The findings that are no indicators: what supports first, most points first."""
    found = findings(record, claim)
    found = found[found["kind"] == "evidence"]
    found = found.assign(order=found["side"].map(list(SIDES).index))
    found = found.sort_values(["order", "points"], ascending=[True, False], kind="stable")
    return [
        {**row, "ids": [row["id"], *split_cell(row["evidence"])]}
        for row in found.to_dict("records")
    ]


def _title(row: dict) -> str:
    verdict, weighed = (WORDS.get(row[name], row[name]) for name in ("verdict", "weighed"))
    title = f"\u201c{row['statement'].rstrip('.')}\u201d: {verdict}"
    return title + (f", {weighed} when weighed" if weighed != verdict else "")


def _subtitle(row: dict) -> str:
    return (
        f"Points for it: {row['points_for']:g}, against it: {row['points_against']:g}. A verdict is"
        " an invitation to discuss: an op-ed may compress. Outlined: from the record, not from the"
        f" article. {KEY}."
    )


def _panels(labels: Sequence[list[str]]) -> tuple[list[Panel], int]:
    """The panels from top to bottom, and the height of them all in pixels."""
    heights = [[LINE + LINE * lines(label, LABEL) for label in rows] for rows in labels]
    plot = sum(map(sum, heights)) + GAP * max(0, len(heights) - 1)
    panels, top = [], plot
    for number, (words, rows) in enumerate(zip(labels, heights, strict=True), start=1):
        bottom = top - sum(rows)
        panels.append(Panel(number, words, rows, [share(bottom, plot), share(top, plot)]))
        top = bottom - GAP
    return panels, plot


def _number(value: float, indicator: Indicator) -> str:
    if indicator.percent:
        places = sum(0 < value < end for end in (0.1, 0.01))  # small shares in finer steps
        return f"{value:.{places}%}"
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2f}"


def _value_label(indicator: Indicator, value: Value) -> str:
    low, high, middle = (
        _number(number, indicator) for number in (value.low, value.high, value.value)
    )
    amount = f"{low} to {high}"
    if low == high:
        amount = middle
    elif middle not in (low, high):
        amount = f"{middle} ({low} to {high})"
    return f"{value.who}: {amount}" + (NOT_LOOKED_UP if value.confidence == "common" else "")


def _evidence_label(row: dict) -> str:
    later = f" ({WHEN[row['when']]})" if row["when"] in WHEN else ""
    return row["why"] + later + (NOT_LOOKED_UP if row["confidence"] == "common" else "")


def _axes(draft: Draft, panel: Panel, heading: str, **x: object) -> None:
    """The axes and the heading of one panel, in pixels from its top."""
    names = [axis.replace(axis[0], f"{axis[0]}axis") for axis in (panel.axis("x"), panel.axis("y"))]
    still = {"fixedrange": True}
    x_axis = {"anchor": panel.axis("y"), "gridcolor": RULE, "zeroline": True} | still
    y_axis = {"anchor": panel.axis("x"), "domain": panel.domain} | still
    draft.update_layout({
        names[0]: x_axis | {"zerolinecolor": RULE, "tickfont": {"size": 12}, **x},
        names[1]: y_axis | {
            "range": [float(sum(panel.heights)), 0], "tickvals": panel.middles(),
            "ticktext": [wrap(label, LABEL) for label in panel.labels],
            "tickfont": {"size": 13}, "showgrid": False, "zeroline": False,
        },
    })  # fmt: skip
    draft.add_annotation(
        text=heading, xref="paper", x=0, xanchor="left", xshift=-MARGIN + 14, yref="paper",
        y=panel.domain[1], yanchor="bottom", yshift=6, showarrow=False, align="left",
        font={"size": 14},
    )  # fmt: skip


def whole_ticks(low: float, high: float, indicator: Indicator) -> dict:
    """Ticks of a count: whole numbers, also where there are few."""
    numbers = [n for value in indicator.values for n in (value.value, value.low, value.high)]
    counts = not indicator.percent and all(float(n).is_integer() for n in numbers)
    return {"dtick": 1} if counts and high - low <= FEW else {}


def _scale(indicator: Indicator) -> dict:
    """The axis of values: a logarithm, or from zero to the outermost value with some air."""
    if indicator.log:
        return {"type": "log", "dtick": 1}
    low = min([0, *(value.low for value in indicator.values)])
    high = max([0, *(value.high for value in indicator.values)])
    air = AIR * (high - low or 1)
    return {"range": [low - air, high + air], **whole_ticks(low, high, indicator)}


def draw_indicator(
    draft: Draft, panel: Panel, indicator: Indicator, marks: Marks, claim: str
) -> None:
    """One panel: the values of an indicator on an axis of their own, its rule in the heading."""
    rule = f"{wrap(indicator.rule, 150)} So it <b>{POINTS_TO[indicator.side]}</b>."
    heading = f"<b>{SIGN} {text(indicator.title)}</b><br><span style='font-size:12px'>{rule}</span>"
    tickformat = ".1~%" if indicator.percent else None
    _axes(draft, panel, heading, tickformat=tickformat, **_scale(indicator))
    if indicator.even is not None:
        draft.add_shape(
            type="line", xref=panel.axis("x"), x0=indicator.even, x1=indicator.even, yref="paper",
            y0=panel.domain[0], y1=panel.domain[1], layer="below",
            line={"color": INK, "width": 1.5, "dash": "dot"},
        )  # fmt: skip
    for role in LOOK:
        rows = [
            (y, value)
            for y, value in zip(panel.middles(), indicator.values, strict=True)
            if value.role == role
        ]
        if rows:
            _draw_values(draft, panel, role, rows, marks, claim)


def _draw_values(
    draft: Draft, panel: Panel, role: str, rows: list[tuple[float, Value]], marks: Marks, claim: str
) -> None:
    """The values of one role; the article's own number is filled."""
    colour, symbol, words = LOOK[role]
    more = [claim] if role == "claimed" else []
    ids = [[*split_cell(value.ids), *more] for _, value in rows]
    looks = [("circle", BLUE) if value.ids == claim else (symbol, colour) for _, value in rows]
    symbols, colours = map(list, zip(*looks, strict=True))
    draft.add_scatter(
        mode="markers", name=words, xaxis=panel.axis("x"), yaxis=panel.axis("y"),
        x=[value.value for _, value in rows], y=[y for y, _ in rows],
        error_x={
            "type": "data", "symmetric": False, "color": colour, "thickness": 2, "width": 0,
            "array": [value.high - value.value for _, value in rows],
            "arrayminus": [value.value - value.low for _, value in rows],
        },
        marker={"symbol": symbols, "size": 13, "color": colours, "line": {"width": 2.5}},
        cliponaxis=False, **_cited(ids, marks, f"{text(words)}<br>"),
    )  # fmt: skip


def draw_evidence(draft: Draft, panel: Panel, rows: list[dict], marks: Marks) -> None:
    """The last panel: evidence as bars of points, to the right for the claim, to the left
    against it."""
    ticks = list(range(-MOST_POINTS, MOST_POINTS + 1))
    heading = f"<b>{SIGN} What {'else ' if panel.number > 1 else ''}bears on it</b><br> "
    ends = [-MOST_POINTS - 0.3, MOST_POINTS + 0.3]
    words = [str(abs(tick)) for tick in ticks]
    _axes(draft, panel, heading, range=ends, tickvals=ticks, ticktext=words)
    placed = list(zip(panel.middles(), rows, strict=True))
    for side in SIDES:
        counted = [(y, row) for y, row in placed if row["side"] == side and row["points"]]
        if counted:
            _draw_points(draft, panel, side, counted, marks)
    uncounted = [(y, row) for y, row in placed if not row["points"]]
    if uncounted:
        _draw_no_points(draft, panel, uncounted, marks)
    draft.add_annotation(
        text=(
            f"<span style='color:{VERMILION}'>\u25c0 speaks against</span>    points    "
            f"<span style='color:{GREEN}'>speaks for \u25b6</span>"
        ),
        xref=panel.axis("x"), x=0, yref="paper", y=panel.domain[1], yanchor="bottom", yshift=6,
        showarrow=False, font={"size": 12},
    )  # fmt: skip


def _cited(ids: list[list[str]], marks: Marks, before: str = "") -> dict:
    """What bars and points answer with: the ids behind each, and its words."""
    return {
        "customdata": [marks.mark(row) for row in ids],
        "hovertext": [before + marks.hover(row) for row in ids],
        "hoverinfo": "text",
    }


def _draw_points(
    draft: Draft, panel: Panel, side: str, rows: list[tuple[float, dict]], marks: Marks
) -> None:
    colour, shape, sign = SIDES[side]
    draft.add_bar(
        orientation="h", name=side, xaxis=panel.axis("x"), yaxis=panel.axis("y"),
        y=[y for y, _ in rows], x=[sign * row["points"] for _, row in rows], width=16,
        marker={
            "color": PAPER, "line": {"color": colour, "width": 2.5},
            "pattern": {"shape": shape, "fgcolor": PALE, "size": 6},
        },
        **_cited([row["ids"] for _, row in rows], marks),
    )  # fmt: skip


def _draw_no_points(
    draft: Draft, panel: Panel, rows: list[tuple[float, dict]], marks: Marks
) -> None:
    reasons = {True: "  no points: changes the meaning", False: "  counted above"}
    draft.add_scatter(
        mode="markers+text", name="no points", xaxis=panel.axis("x"), yaxis=panel.axis("y"),
        x=[0] * len(rows), y=[y for y, _ in rows], textposition="middle right", cliponaxis=False,
        text=[reasons[row["side"] == "neither"] for _, row in rows],
        textfont={"size": 12, "color": NOTE},
        marker={"symbol": "circle-open", "size": 11, "color": GREY, "line": {"width": 2}},
        **_cited([row["ids"] for _, row in rows], marks),
    )  # fmt: skip
