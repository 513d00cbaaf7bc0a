"""One claim against the record: a panel a yardstick with its baseline, and below them every finding
with its points."""

from __future__ import annotations

import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, head_room, lines, share
from axislib.record import Record, findings, verdicts, yardsticks
from axislib.record.figures.marks import RecordMarks
from axislib.record.figures.panels import (
    LABEL,
    LOOK,
    MARGIN,
    draw_findings,
    draw_yardstick,
    points_to,
)
from axislib.record.indicators import Yardstick

_WHEN = {"within": "perhaps later than the article", "after": "later than the article"}
_WORD = {
    "supported": "supported",
    "partly": "partly supported",
    "contradicted": "contradicted",
    "cannot_be_tested": "cannot be tested",
    "overtaken_by_events": "overtaken by events",
}


def record_check(record: Record, claim: str) -> go.Figure:
    """One claim against the record: a panel for each yardstick, with its baseline, and below them
    every finding with its points.

    Returns a plotly figure. All but the article's own number is outlined, for it comes from the
    record; each mark carries the ids of the measures, data sets, facts and bearings behind it.
    Raises SeedError for a claim without a check. It shows how the verdict comes about, not whether
    the rule is a good one.
    """
    row, found, sticks = (
        verdicts(record, [claim]).iloc[0],
        findings(record, claim),
        yardsticks(record, claim),
    )
    marks, draft = RecordMarks(record.seed), Draft(record.seed)
    found = found[found["kind"] == "bearing"].assign(
        order=found["side"].map({"supports": 0, "contradicts": 1, "neither": 2})
    )
    found = found.sort_values(["order", "points"], ascending=[True, False], kind="stable")
    title = f"\u201c{row['statement'].rstrip('.')}\u201d: {_WORD[row['verdict']]}"
    title += f", {_WORD[row['weighed']]} when weighed" if row["weighed"] != row["verdict"] else ""
    key = ", ".join(
        f"{sign} {word}"
        for (*_, word), sign in zip(LOOK.values(), "\u25c7\u25a1\u25cb", strict=True)
    )
    subtitle = (
        f"Points for it: {row['points_for']:g}, against it: {row['points_against']:g}. A verdict is"
        " an invitation to discuss: an op-ed may compress. Outlined: from the record, not from the"
        f" article. {key}."
    )
    top, gap, foot = head_room(title, subtitle) + 52, 96, 46
    labels = [_labels(stick) for stick in sticks]
    deep = [[16 + 16 * lines(label, LABEL) for label in of] for of in labels]
    said = [
        f"{r['why']}"
        + (f" ({_WHEN[r['when']]})" if r["when"] in _WHEN else "")
        + (" (not looked up)" if r["confidence"] == "common" else "")
        for r in found.to_dict("records")
    ]
    below = [16 + 16 * lines(label, LABEL) for label in said]
    heights = [sum(of) for of in deep] + ([sum(below)] if said else [])
    plot = sum(heights) + gap * max(0, len(heights) - 1)
    at = plot
    for number, height in enumerate(heights, start=1):
        domain = [share(at - height, plot), share(at, plot)]
        if number <= len(sticks):
            draw_yardstick(
                draft,
                sticks[number - 1],
                labels[number - 1],
                deep[number - 1],
                number,
                domain,
                marks,
                claim,
            )
        else:
            draw_findings(draft, found.to_dict("records"), said, below, number, domain, marks)
        at -= height + gap
    draft.update_layout(
        barmode="overlay", showlegend=False, margin={"l": MARGIN, "r": 24, "t": top, "b": foot}
    )
    twin = [
        f"{stick.title}: " + "; ".join(labels[i]) + f". {stick.rule} So it {points_to(stick.side)}."
        for i, stick in enumerate(sticks)
    ]
    twin += [
        f"{r['side'].capitalize()} (points: {r['points']:g}): {label}"
        for r, label in zip(found.to_dict("records"), said, strict=True)
    ]
    return finish(draft, title, subtitle, twin, height=top + plot + foot, name="record_check")


def _number(value: float, stick: Yardstick) -> str:
    if stick.percent:
        return (
            f"{value:.2%}"
            if 0 < value < 0.01
            else f"{value:.1%}"
            if 0 < value < 0.1
            else f"{value:.0%}"
        )
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2f}"


def _labels(stick: Yardstick) -> list[str]:
    out = []
    for value in stick.values:
        low, high, middle = (
            _number(number, stick) for number in (value.low, value.high, value.value)
        )
        amount = (
            middle
            if low == high
            else f"{middle} ({low} to {high})"
            if middle not in (low, high)
            else f"{low} to {high}"
        )
        out.append(
            f"{value.who}: {amount}" + (" (not looked up)" if value.confidence == "common" else "")
        )
    return out
