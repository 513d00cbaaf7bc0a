"""One claim against the record: a panel for each indicator with its baseline, and below them the
findings for, against, and later than the article; outlined, for they come from the record."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from axislib.figures.draft import Draft, Line, Words, head_room, lines, share
from axislib.figures.hover import text, wrap
from axislib.figures.palette import BLUE, GREEN, GREY, INK, RULE, VERMILION, Look
from axislib.record import WORDS, Record, check_of, findings, indicators_of, verdicts
from axislib.record.claims import Indicator, Value, meanings
from axislib.tables.schema import split_cell

SIGN = "\u25c7"  # the sign of the record
MARGIN, LINE, GAP, HEAD, FOOT = 352, 16, 96, 52, 30  # pixels
LABEL = 46  # signs on a line of a label
AIR = 0.02  # of an axis, beside the outermost values
FEW = 12  # a count of at most so many has a tick for each
LOOKS = {
    "article": Look("the article\u2019s own number", "\u25cf", BLUE, BLUE),
    "claimed": Look("what the claim is about", "\u25c7", GREEN, symbol="diamond", width=2.5),
    "compared": Look("what it is compared with", "\u25a1", INK, symbol="square", width=2.5),
    "baseline": Look("others, for scale", "\u25cb", GREY, width=2.5),
    "supports": Look("for the claim", "\u25c7", GREEN, symbol="diamond", width=2.5),
    "decides for": Look("decides for it", "\u25c6", GREEN, GREEN, symbol="diamond", width=2.5),
    "contradicts": Look("against it", "\u25c7", VERMILION, symbol="diamond", width=2.5),
    "decides against": Look("decides against it", "\u25c6", VERMILION, VERMILION, symbol="diamond",
                            width=2.5),
    "not counted": Look("does not count", "\u25cb", GREY, width=2),
}  # fmt: skip
POINTS_TO = meanings("side")
ACROSS = {"contradicts": -1, "neither": 0, "supports": 1}


def record_check(record: Record, claim: str) -> go.Figure:
    """One claim against the record: a panel for each indicator, with its baseline, and below them
    the findings for and against.

    Returns a plotly figure. All but the article's own number is outlined, for it comes from the
    record; a filled diamond is a finding that decides. Raises SeedError for a claim without a
    check. It shows how the verdict comes about, not whether the rule is a good one."""
    panels = prepare(record, claim)
    return draw(record, panels, words(record, claim, panels))


def prepare(record: Record, claim: str) -> list[dict]:
    """One dict for each panel: ``heading``, ``rule``, ``axis``, and ``rows`` with ``label``,
    ``kind`` (of LOOKS), ``ids``, ``x``, and ``low`` and ``high`` for a range."""
    panels = [
        {
            "heading": found.title,
            "rule": f"{found.rule} Here {POINTS_TO[found.side]}.",
            "axis": _scale(found),
            "rows": [_of_value(found, value, claim) for value in found.values],
            "even": found.even,
        }
        for found in indicators_of(record, claim)
    ]
    found = findings(record, claim)
    evidence = found[found["kind"] == "evidence"].to_dict("records")
    evidence.sort(key=lambda row: (row["use"] == "later", -ACROSS[row["side"]]))
    if evidence:
        ticks = {"tickvals": [-1, 0, 1], "ticktext": ["against", "neither", "for"]}
        panels.append({
            "heading": "Other evidence", "even": None, "rule": "Filled: it decides by itself.",
            "axis": {"range": [-1.3, 1.9], **ticks}, "rows": list(map(_of_evidence, evidence)),
        })  # fmt: skip
    return panels


def _of_value(found: Indicator, value: Value, claim: str) -> dict:
    kind = "article" if value.ids == claim else value.role
    ids = [*split_cell(value.ids), *([claim] if value.role == "claimed" else [])]
    common = " (general knowledge, uncited)" * (value.confidence == "common")
    return {
        "label": f"{value.who}: {found.amount(value)}{common}", "kind": kind, "ids": ids,
        "x": value.value, "low": value.low, "high": value.high, "text": "",
    }  # fmt: skip


def _of_evidence(row: dict) -> dict:
    """A finding as a symbol, with its test beside it."""
    side, kind, note = row["side"], row["side"], WORDS[row["test"]]
    if row["use"] != "counted":
        kind, note = "not counted", row["use"].replace("later", "later than the article, or may be")
    elif row["decides"]:
        kind = "decides for" if side == "supports" else "decides against"
    return {
        "label": row["why"], "kind": kind, "ids": [row["id"], *split_cell(row["evidence"])],
        "x": ACROSS[side], "low": ACROSS[side], "high": ACROSS[side], "text": note,
    }  # fmt: skip


def whole_ticks(low: float, high: float, indicator: Indicator) -> dict:
    """Ticks of a count: whole numbers, also where there are few."""
    numbers = [n for value in indicator.values for n in (value.value, value.low, value.high)]
    counts = not indicator.percent and all(float(n).is_integer() for n in numbers)
    return {"dtick": 1} if counts and high - low <= FEW else {}


def _scale(indicator: Indicator) -> dict:
    """The axis of values: a logarithm, or from zero to the outermost value with some air."""
    form = {"tickformat": ".1~%" if indicator.percent else None}
    if indicator.log:
        return {"type": "log", "dtick": 1, **form}
    low = min([0, *(value.low for value in indicator.values)])
    high = max([0, *(value.high for value in indicator.values)])
    air = AIR * (high - low or 1)
    return {"range": [low - air, high + air], **whole_ticks(low, high, indicator), **form}


def words(record: Record, claim: str, panels: Sequence[dict]) -> Words:
    """Title, subtitle and a line for each panel and each finding."""
    row, check = verdicts(record, [claim]).iloc[0], check_of(claim)
    title = f"{WORDS[row['verdict']].capitalize()}: {check.literal.rstrip('.')}"
    charitable = f" Weaker form: {check.charitable}" if check.charitable else ""
    verdict = f" {WORDS[row['charitable_verdict']].capitalize()}." if charitable else ""
    keys = ", ".join(
        f"{LOOKS[kind].sign} {LOOKS[kind].word}" for kind in ("claimed", "compared", "baseline")
    )
    said = [
        Line(f"{panel['heading']}: {each['label']} {each['text']}".strip(), each["ids"])
        for panel in panels
        for each in panel["rows"]
    ]
    subtitle = f"A verdict is an invitation to discuss.{charitable}{verdict} {keys}."
    return Words(title, subtitle, said)


def draw(record: Record, panels: Sequence[dict], said: Words) -> go.Figure:
    """The panels from top to bottom, each on axes of its own."""
    draft = Draft(record.seed)
    heights = [[LINE + LINE * lines(row["label"], LABEL) for row in p["rows"]] for p in panels]
    plot = top = sum(map(sum, heights)) + GAP * max(0, len(panels) - 1)
    for number, (panel, rows) in enumerate(zip(panels, heights, strict=True), start=1):
        bottom = top - sum(rows)
        _draw_panel(draft, number, panel, rows, [share(bottom, plot), share(top, plot)])
        top = bottom - GAP
    head = head_room(said.title, said.subtitle) + HEAD
    draft.update_layout(showlegend=False, margin={"l": MARGIN, "r": 24, "t": head, "b": FOOT})
    return draft.finish(said, head + plot + FOOT, "record_check")


def _draw_panel(
    draft: Draft, number: int, panel: dict, heights: list[int], domain: list[float]
) -> None:
    end = "" if number == 1 else str(number)
    axes = f"x{end} y{end}"
    middles = [sum(heights[:at]) + height / 2 for at, height in enumerate(map(float, heights))]
    ticks = {
        "tickvals": middles, "ticktext": [wrap(row["label"], LABEL) for row in panel["rows"]],
        "tickfont": {"size": 13}, "showgrid": False, "zeroline": False, "fixedrange": True,
    }  # fmt: skip
    across = {"gridcolor": RULE, "zerolinecolor": RULE, "fixedrange": True, "anchor": f"y{end}"}
    draft.update_layout({
        f"xaxis{end}": {**across, "tickfont": {"size": 12}, **panel["axis"]},
        f"yaxis{end}": {**ticks, "domain": domain, "range": [float(sum(heights)), 0],
                        "anchor": f"x{end}"},
    })  # fmt: skip
    rule = f"<span style='font-size:12px'>{wrap(panel['rule'], 150)}</span>"
    draft.note(
        f"<b>{SIGN} {text(panel['heading'])}</b><br>{rule}", 0, domain[1], "paper paper",
        xshift=-MARGIN + 14, yanchor="bottom", yshift=6, font={"size": 14},
    )  # fmt: skip
    if panel["even"] is not None:
        draft.hairline([panel["even"]] * 2, [0, sum(heights)], axes, color=INK, dash="dot")
    placed = [{**row, "y": y} for row, y in zip(panel["rows"], middles, strict=True)]
    ranges = [
        {**row, "x": [row["low"], row["high"]], "y": [row["y"]] * 2}
        for row in placed
        if row["low"] != row["high"]
    ]
    draft.marks(ranges, "line", LOOKS, axes)
    draft.marks(placed, "symbol", LOOKS, axes)
    draft.marks([row for row in placed if row["text"]], "text", TEXTS, axes)


TEXTS = {kind: Look(look.word, "", INK) for kind, look in LOOKS.items()}
