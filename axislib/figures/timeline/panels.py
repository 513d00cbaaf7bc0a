"""The panels of the timeline, a stretch of years each and all on one scale: dated events between
brackets, what is told by them on tethers, the external record as a strip of diamonds below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from axislib.figures.draft import WIDE, Draft, even
from axislib.figures.hover import wrap
from axislib.figures.palette import GREY, INK, LOOKS, PAPER, RULE
from axislib.words import year_in_words

GAP_YEARS = 12  # a longer pause between dated events breaks the axis
LEAST_YEARS = 2  # a panel shows at least so many years
MOST_PANELS = 5
BREAK = 0.042  # the part of the width between two panels
_TICK = 46  # pixels between two ticks, at least
_STEPS = [step * 10**power for power in range(6) for step in (1, 2, 5)]
_OPEN, _STUB = 12, 18  # pixels of an open end, and of a tether to the side of an event
_FADE = ((7, 7), (15, 6), (22, 6), (29, 5), (35, 4), (41, 3))  # dots past it: pixels, size
_BESIDE = {"before": 1, "after": 1}  # years a panel leaves free for what came before and after
_LINE, _BAR = 16, 22  # a line of a label, and the bracket below it
_SIGN, _LEAST_ROOM = 7.2, 18  # pixels of a sign; signs below which a label takes the whole panel
_ROUND, _SQUARED = (-7, -3, 3, 7), (-6, -6, 6, 6)  # ends of a bracket: about, or exactly
_EXACT = 0.05  # years: a longer range is some time in it
_POINT, _HEAP = 9, 9  # pixels of a short event; diamonds on top of one another
_LOOKS = LOOKS | {
    "article, not happened": LOOKS["article"]._replace(dash="dash", line=GREY, fill=PAPER),
    "record, not happened": LOOKS["record"]._replace(dash="dash", fill=PAPER),
}
_CORE = {kind: look._replace(width=7, dash="solid") for kind, look in _LOOKS.items()}
_EDGE = {kind: look._replace(width=1.75) for kind, look in _LOOKS.items()}
_WITHIN = {kind: look._replace(width=0.5, line=RULE) for kind, look in _LOOKS.items()}
_SHAPES = {
    "within": ("line", _WITHIN),
    "range": ("line", _EDGE),
    "going on": ("line", _CORE),
    "tether": ("line", _LOOKS),
    "ends": ("symbol", _LOOKS),
    "end not stated": ("text", _LOOKS),
    "titles": ("text", _LOOKS),
}
_KEY = {  # what is drawn as what
    "range": "<b>[  ]</b> some time within",
    "going on": "\u25ac lasted throughout",
    "tether": "\u2508 placed relative to the event above",
    "ends": "\u25ac \u2022 \u2022 \u00b7 no limit stated; the length means nothing",
}


class Panels:
    """Where all dated events go: ``high`` and ``axis_high`` in pixels, then ``draw``."""

    def __init__(self, own: Sequence[Mapping], record: Sequence[Mapping]):
        spans = [span for row in [*own, *record] for span in _stretch(row, own)]
        self.panels = panels_of(spans)
        self.rows = _placed_rows(own, self.panels)
        self.top = max((row["y"] + _BAR - 8 for row in self.rows), default=0)
        self.strip = _strip(record, self.panels, self.top)
        self.high = max((row["y"] + 12 for row in self.strip), default=self.top + 4)
        self.high *= bool(self.panels)
        self.axis_high = 70 if self.panels else 0

    def draw(self, draft: Draft, part: tuple[float, float]) -> None:
        """Draw them into this part of the height of the plot, with a key of what is drawn."""
        for number, panel in enumerate(self.panels):
            axes = f"x{number + 2} y2"
            draw_axis(draft, panel, axes, self.high, part, WIDE * (panel.right - panel.left))
            here = [row for row in self.rows if row["panel"] == number]
            for name, marks in _lines_of(here, panel).items():
                draft.marks(marks, *_SHAPES[name], axes, name=name)
            dots = [row for row in self.strip if row["panel"] == number]
            draft.marks(dots, "symbol", _LOOKS, axes, name="record")
            if number + 1 < len(self.panels):
                gap = self.panels[number + 1].start - panel.end
                draw_break(draft, panel.right, panel.right + BREAK, part, gap)
        font = {"size": 12, "color": GREY}
        if told := _key(self.rows, self.panels):
            draft.note(told, 0, self.high, "paper y2", xshift=-2, yshift=-46, font=font)
        if self.strip:
            label = f"{LOOKS['record'].sign} {LOOKS['record'].word}"
            draft.note(label, 0, self.top + 18, axes="paper y2", xshift=-2, font=font)


def _key(rows: Sequence[Mapping], panels: Sequence[Panel]) -> str:
    """What each kind of mark means, of those that are drawn."""
    lines = [_lines_of([row], panels[row["panel"]]) for row in rows]
    there = {n for of in lines for n in of for m in of[n] if m.get("size") != _POINT}
    told = [words for name, words in _KEY.items() if name in there]
    return "     ".join(told + ["All years are equally wide."] * (len(panels) > 1))


def _stretch(row: Mapping, own: Sequence[Mapping]) -> list[tuple[float, float]]:
    """The years a row needs room for: those of its ends that are dated, and beside an open one."""
    ends = [row["lo"], row["hi"], *row["core"]]
    known = [end for end in ends if end is not None]
    open_to = {tied["time_relation"] for tied in own if tied["relative_to"] == row["id"]}
    open_to |= {{"<": "before", ">": "after"}.get(row[end]) for end in ("opens", "closes")}
    before, after = (years * (way in open_to) for way, years in _BESIDE.items())
    return [(min(known) - before, max(known) + after)] if known else []


def _panel_of(row: Mapping, panels: Sequence[Panel]) -> int:
    at = row["lo"] if row["lo"] is not None else row["hi"]
    return next((i for i, panel in enumerate(panels) if panel.start <= at <= panel.end), 0)


def _placed_rows(rows: Sequence[Mapping], panels: Sequence[Panel]) -> list[dict]:
    """Dated events, each followed by those told by it; panel, label and bracket in pixels."""
    dated = [row for row in rows if row["date_basis"] == "stated"]
    dated.sort(key=lambda row: row["lo"] if row["lo"] is not None else row["hi"])
    depth, found = [4] * len(panels), []
    for event in dated:
        number = _panel_of(event, panels)
        panel = panels[number]
        row = {**event, **_ends(event, panel), "panel": number}
        row |= _label(row, panel)
        row["top"], row["y"] = depth[number], depth[number] + _LINE * row["lines"] + 8
        depth[number] = row["y"] + _BAR - 8
        found.append(row)
        for tied in (r for r in rows if not r["listed"] and r["relative_to"] == row["id"]):
            each = {**tied, **_tied_to(tied, row, panel), "panel": number, "top": depth[number] + 8}
            depth[number] = each["y"] = each["top"] + _LINE * each["lines"] + 8
            found.append(each)
    return found


def _per_pixel(panel: Panel) -> float:
    """Years a pixel is wide."""
    return (panel.end - panel.start) / (WIDE * (panel.right - panel.left))


def _ends(row: Mapping, panel: Panel) -> dict:
    """Where the bracket begins and ends: an open end, or one not stated, soon after what is."""
    a, b, short = row["lo"], row["hi"], _OPEN * _per_pixel(panel)
    a = max((row["core"][1] or b) - short, panel.start) if a is None else a
    b = min((row["core"][0] or a) + short, panel.end) if b is None else b
    return {"a": a, "b": b}


def _tied_to(row: Mapping, anchor: Mapping, panel: Panel) -> dict:
    """Where the words of an event told by another are, below that event: it has no time."""
    pixel, way, (a, b) = _per_pixel(panel), row["time_relation"], (anchor["a"], anchor["b"])
    stub = {"before": -_STUB, "after": _STUB}.get(way, 0) * pixel
    place, room = _beside(a, b, panel)
    tied = {"from": anchor["y"], "ends": (b, a) if stub > 0 else (a, b), "stub": stub}
    when = f"\u201c{row['date_words']}\u201d" if way in row["date_words"] else way
    return {**tied, **place, **_words(row, f"{when} the event above", room)}


def _label(row: Mapping, panel: Panel) -> dict:
    """Title and time over the bracket, from its beginning or, without room, to its end."""
    past = _FADE[-1][0] * _per_pixel(panel) * (row["closes"] == ">")  # the dots
    place, room = _beside(row["a"], row["b"] + past, panel)
    when = row["when"]
    if row["closes"]:
        when += ", no end stated"
    elif row["b"] - row["a"] > _EXACT and row["core"] == (None, None) and not row["circa"]:
        when = f"some time in {when}" if row["lo"] is not None and not row["opens"] else when
    return {**place, **_words(row, when, room)}


def _beside(a: float, b: float, panel: Panel) -> tuple[dict, float]:
    """Where words go, and their room in signs: from ``a``; without room up to ``b``."""
    (start, end, *_), sign = panel, _per_pixel(panel) * _SIGN
    right, left = {"at": a, "align": "middle right"}, {"at": b, "align": "middle left"}
    places = [(right, (end - a) / sign), (left, (b - start) / sign)]
    whole = (right | {"at": start}, (end - start) / sign)
    return next((place for place in places if place[1] >= _LEAST_ROOM), whole)


def _words(row: Mapping, when: str, room: float) -> dict:
    """The label, in one line where it fits: title, then when and whether it happened."""
    told = ", ".join(part for part in (when, row["standing"]) if part)
    one = len(row["title"]) + len(told) + 3 <= room
    title, rest = wrap(row["title"], int(room)), even(told, int(room * 1.08))
    grey = f"<span style='color:{GREY};font-size:12px'>{rest}</span>"
    label = f"<b>{title}</b>{'  ' if one else '<br>'}{grey}" if told else f"<b>{title}</b>"
    return {"label": label, "lines": label.count("<br>") + 1}


def _bracket(row: Mapping, panel: Panel) -> list[dict]:
    """The brackets round the possible time of one event, round ones for about."""
    notch, base = 4 * _per_pixel(panel), {"ids": row["ids"], "kind": row["kind"]}
    y = [row["y"] + off for off in (_ROUND if row["circa"] else _SQUARED)]
    ends = ((row["a"], notch, row["opens"]), (row["b"], -notch, row["closes"]))
    return [{**base, "x": [a + n, a, a, a + n], "y": y} for a, n, is_open in ends if not is_open]


def _core(row: Mapping) -> list[dict]:
    """The part in which an event went on in any case, up to an open end."""
    begun, ending = row["core"]
    begun = row["a"] if begun is None and row["opens"] == "<" else begun
    ending = row["b"] if ending is None and row["closes"] == ">" else ending
    at = {"ids": row["ids"], "kind": row["kind"], "x": [begun, ending], "y": [row["y"]] * 2}
    return [] if begun is None or ending is None else [at]


def _points(row: Mapping, panel: Panel) -> list[dict]:
    """Dots that fade past an open end; one point for an event that is short."""
    base = {"ids": row["ids"], "kind": row["kind"], "y": row["y"]}
    found = [
        {**base, "x": row[end] + way * off * _per_pixel(panel), "size": size}
        for end, is_open, way in (("a", row["opens"], -1), ("b", row["closes"], 1))
        if is_open in ("<", ">")
        for off, size in _FADE
    ]
    if not found and row["b"] - row["a"] < 0.02:
        found.append({**base, "x": row["a"], "size": _POINT})
    return found


def _lines_of(rows: Sequence[Mapping], panel: Panel) -> dict[str, list[dict]]:
    """All marks of the events of a panel, by what draws them."""
    found: dict[str, list[dict]] = {name: [] for name in _SHAPES}
    for row in rows:
        found["titles"].append(_title(row))
        if "from" in row:
            found["tether"].append(_tether(row))
            continue
        found["ends"] += _points(row, panel)
        ends = {"x": [row["a"], row["b"]], "y": [row["y"]] * 2}
        found["within"].append({"ids": row["ids"], "kind": row["kind"], **ends})
        found["range"] += _bracket(row, panel)
        found["going on"] += _core(row)
        found["end not stated"] += _unknown(row)
    return found


def _tether(row: Mapping) -> dict:
    """A dotted line round both ends of an event; past one for what was before or after it."""
    (a, b), top, stub = row["ends"], row["from"] + 8, row["stub"]
    x, y = [a, a, None, a + stub, b, b], [top, top + 8, None, top + 8, top + 8, top]
    return {"ids": row["ids"], "kind": "tether", "x": x, "y": y}


def _unknown(row: Mapping) -> list[dict]:
    base = {"ids": row["ids"], "kind": "quiet", "y": row["y"], "text": "?"}
    ends = (("a", row["opens"], "middle left"), ("b", row["closes"], "middle right"))
    return [{**base, "x": row[end], "align": way} for end, is_open, way in ends if is_open == "?"]


def _title(row: Mapping) -> dict:
    place = {"x": row["at"], "y": row["top"] + _LINE * row["lines"] / 2, "align": row["align"]}
    return {"ids": row["ids"], "kind": "words", "text": row["label"], **place}


def _strip(rows: Sequence[Mapping], panels: Sequence[Panel], top: float) -> list[dict]:
    """Dated events of the external record, a diamond each, heaped where they are close."""
    found: list[dict] = []
    last: dict[tuple[int, int], float] = {}
    dated = [row for row in rows if row["lo"] is not None or row["hi"] is not None]
    for row in sorted(dated, key=lambda row: row["lo"] or row["hi"]):
        number, at = _panel_of(row, panels), row["lo"] or row["hi"]
        apart, level = 10 * _per_pixel(panels[number]), 0
        while level < _HEAP and at - last.get((number, level), -1e9) < apart:
            level += 1
        last[number, level] = at
        place = {"x": at, "y": top + 34 + 11 * level, "size": 9, "panel": number}
        found.append({**place, "ids": row["ids"], "kind": row["kind"]})
    return found


class Panel(NamedTuple):
    """A stretch of years and the part of the width it takes."""

    start: float
    end: float
    left: float
    right: float


def panels_of(spans: Iterable[tuple[float, float]], left: float = 0, right: float = 1) -> list:
    """A Panel for each stretch of whole years with no pause longer than GAP_YEARS: five at most,
    all on the same scale.

    >>> [(panel.start, panel.end) for panel in panels_of([(1943, 1944), (2022, 2025)])]
    [(1942, 1944), (2022, 2025)]
    """
    spans, gap = sorted(spans), GAP_YEARS
    while len(stretches := _stretches(spans, gap)) > MOST_PANELS:
        gap *= 2
    wide = [(int(np.floor(a)), int(np.ceil(b))) for a, b in stretches]
    wide = [(min(a, b - LEAST_YEARS), b) for a, b in wide]
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
    shown = {"visible": True, "showline": True, "linecolor": INK, "tickvals": at, "ticktext": words}
    shown |= {"tickangle": 0, "tickfont": {"size": 13}}
    wide = (panel.left, panel.right)
    draft.canvas(axes, (panel.start, panel.end), down, x=wide, y=part, **shown)
    for year in range(int(panel.start), int(panel.end) + 1, step):
        draft.hairline((year, year), (0, down), axes=axes, width=0.5)


def draw_break(draft: Draft, x0: float, x1: float, part: Sequence[float], gap: float) -> None:
    """How many years are left out between two panels."""
    at = ((x0 + x1) / 2, sum(part) / 2, "paper paper")
    look = {"font": {"size": 12, "color": GREY}, "bgcolor": PAPER}
    turned = {"textangle": -90, "xanchor": "center", "yanchor": "middle"}
    draft.note(f"{gap:,.0f} years omitted", *at, **turned, **look)
