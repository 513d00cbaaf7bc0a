"""When both coalitions acted, by the record alone: dots over the same years since the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import plotly.graph_objects as go

from axislib.figures.draft import Draft, Words, grouped
from axislib.figures.hover import wrap
from axislib.figures.palette import GREY, HOW, RULE, SOURCE
from axislib.figures.timeline.aligned import prepare as prepare_acts
from axislib.figures.timeline.aligned import words as acts_in_words
from axislib.questions.levels import both_sides
from axislib.record.options import Record, cutoff
from axislib.seed.seed import Seed
from axislib.words import in_text, number_word

DAYS_A_YEAR, LATER_FOUNDING = 365.25, "cx_tripartite_pact"  # from which years could be counted, too
KNOWN = {"asserted": "recorded", "reported": "only reported"}
LOOKS = {
    how: SOURCE["record"]._replace(
        symbol=f"diamond{HOW[how].symbol}", fill=ink, line=ink, word=word
    )
    for (how, word), ink in zip(KNOWN.items(), (SOURCE["record"].line, GREY), strict=True)
}
# pixels: where the years begin and end and the counts stand; a row, a dot, a heading, a foot
START, END, EARLY, LATE, ROW, DOT, TOP, FOOT = 270, 830, 910, 1010, 84, 14, 48, 44
SMALL, LARGE = {"size": 12}, {"size": 20}
RULE_OF = (
    " An act is an agreement, delivery, deployment or decision by members of the coalition, from"
    " the external record and not from the article. It is only reported if its source passes on"
    " what somebody else says; the search decided which acts are listed. Year 0 is the founding act"
    " or, for today\u2019s four, the joint statement of February 2022. The Axis of 1940 was at war"
    " throughout; the years of today\u2019s four end with the article, not with what they did."
)


def record_timeline(record: Record) -> go.Figure:
    """When each coalition acted, in the years since its start and up to the same age, the latest
    that the article allows; the Axis also from a later start.

    Only dated acts of the record are drawn, without contacts between leaders, which it lists by no
    rule. How many there are depends on the search."""
    own, (rows, span) = _records(record.seed), prepare(record.seed)
    return draw(own, rows, words(own, rows, span[1]), span)


def prepare(seed: Seed) -> tuple[list[dict], tuple[float, float]]:
    """One row an act, as in ``aligned.prepare``, of the sides left, later (the second side from its
    later founding act) and right; the years between which the article was written."""
    own, sides = _records(seed), both_sides(seed)
    by = grouped(prepare_acts(own, *sides), "side")
    if LATER_FOUNDING in set(own.events["id"]):
        later = prepare_acts(own, *sides, {sides[1]: LATER_FOUNDING})
        by["later"] = [{**row, "side": "later"} for row in later if row["side"] == "right"]
    since = next(row["first"] for row in by["left"] if row["founding"])
    first, end = ((day - since).days / DAYS_A_YEAR for day in cutoff(seed)[:2])
    dated = [row for of in by.values() for row in of if row["year"] is not None]
    rows = [_known(row) for row in dated if row["year"] <= end]
    return sorted(rows, key=lambda row: "left later right".index(row["side"])), (first, end)


def _known(row: dict) -> dict:
    """An act with how it is known and, on the second side, from which year its side counts."""
    name = row["name"] + f" from {row['since'][-4:]}" * (row["side"] != "left")
    kind = "asserted" if row["modality"] == "asserted" else "reported"
    return {**row, "name": name, "kind": kind}


def _records(seed: Seed) -> Seed:
    """The data set with no other events than the record's, without contacts between leaders."""
    own = (seed.events["layer"] == "context") & (seed.events["kind"] != "exchange")
    events = seed.events[own].reset_index(drop=True)
    return replace(seed, tables={**seed.tables, "events": events}, layers=("context",))


def _halves(acts: Sequence[dict], end: float) -> tuple[int, int]:
    """How many acts fall in the first half of the years, and how many later."""
    early = sum(act["year"] <= round(end) / 2 for act in acts)
    return early, len(acts) - early


def _firm(acts: Sequence[dict]) -> list[dict]:
    return [act for act in acts if act["kind"] == "asserted"]


def words(seed: Seed, rows: Sequence[dict], end: float) -> Words:
    """Title, counting rule, a line an act; as cards how many fall in either half, and the acts."""
    said = acts_in_words(seed, rows, both_sides(seed))
    by, years = grouped(rows, "side"), number_word(round(end))
    ours, theirs = by["left"], by.get("later", by.get("right", []))
    who, whose = in_text(ours[0]["name"]), in_text(theirs[0]["name"])
    firm = [len(_firm(of)) for of in (ours, theirs)]
    early = [_halves(_firm(of), end)[0] for of in (ours, theirs)]
    title = f"The acts we found cannot show whether {who} or {whose} acted sooner"
    subtitle = f"Of the recorded acts of {who}, {early[0]} of {firm[0]} fall in the first half of"
    subtitle += f" {years} years; of those of {whose}, {early[1]} of {firm[1]}. With acts only"
    subtitle += f" reported, {_halves(ours, end)[1]} of {len(ours)} of {who} come later."
    cards = [*_by_half(by, end), *said.cards[1:]]
    return said._replace(title=title, subtitle=subtitle + RULE_OF, cards=cards)


def _by_half(by: dict[str, list[dict]], end: float) -> list[dict]:
    """A card of squares for each side: how many acts fall in either half of the years."""
    cards, middle = [], f"{round(end) / 2:.1f}"
    for of in by.values():
        kinds = grouped(of, "kind")
        known = [
            [(_halves(kinds.get(how, []), end)[half], how) for how in KNOWN] for half in (0, 1)
        ]
        told = [", ".join(f"{n} {KNOWN[how]}" for n, how in runs if n) for runs in known]
        heads = f"Up to year {middle}", f"Year {middle} to {end:.1f}"
        lines = [f"{head}: {words or 'none'}" for head, words in zip(heads, told, strict=True)]
        name = f"{of[0]['name']} (black: recorded; dotted: only reported)"
        cards.append({"heading": name, "lines": lines, "squares": known})
    return cards


def draw(seed: Seed, rows: Sequence[dict], said: Words, span: tuple[float, float]) -> go.Figure:
    """A row of dots for each side, and beside it how many fall in either half."""
    draft, last, y = Draft(seed), round(span[1]), float(TOP)
    for x, half in ((EARLY, "Up to"), (LATE, "After")):
        draft.note(f"<b>{half} year {last / 2}</b>", x, 14, xanchor="center")
    for side, acts in grouped(rows, "side").items():
        dots = _dots(acts, last)
        high = max(ROW, 20 + DOT * (1 + max(dot["lane"] for dot in dots)))
        marks = [{**dot, "y": y + high - DOT * (dot["lane"] + 1)} for dot in dots]
        if side == "left":
            ends = [_across(year, last) for year in span]
            box = {"x0": ends[0], "x1": ends[1], "y0": y, "y1": y + high, "xref": "x", "yref": "y"}
            look = {"fillcolor": RULE, "opacity": 0.5, "layer": "below", "line_width": 0}
            draft.add_shape(type="rect", **box, **look)
            draft.note(
                "article: possible dates", sum(ends) / 2, y - 8, xanchor="center", font=SMALL
            )
        spans = [{**dot, "kind": "quiet", "x": dot["ends"], "y": [dot["y"]] * 2} for dot in marks]
        draft.marks(spans, "line", name="may lie")
        draft.marks(marks, "symbol", LOOKS, name=f"acts: {side}")
        draft.hairline([START, END], [y + high] * 2)
        _told(draft, acts, y + high - 2 * DOT, span[1])
        y += high + 10
    _years(draft, y, last)
    return draft.page(said, y + FOOT, "record_timeline")


def _across(year: float, last: int) -> float:
    return START + (END - START) * year / last


def _dots(acts: Sequence[dict], last: int) -> list[dict]:
    """The acts with ``x``, the ``ends`` between which it may lie and the lowest ``lane`` in which
    each stands clear of the others."""
    taken: list[float] = []
    found = []
    for act in acts:
        x, end = (_across(min(act[at], last), last) for at in ("year", "hi"))
        lane = next((n for n, at in enumerate(taken) if x - at >= DOT), len(taken))
        taken[lane : lane + 1] = [x]
        found.append({**act, "x": x, "ends": [x, end], "lane": lane, "size": 11})
    return found


def _told(draft: Draft, acts: Sequence[dict], y: float, end: float) -> None:
    """Whose row it is and since when; how many acts fall in either half, and how many firm ones."""
    name, since = wrap(acts[0]["name"], 32), wrap("since: " + acts[0]["since"], 40)
    draft.note(f"<b>{name}</b><br><span style='color:{GREY};font-size:12px'>{since}</span>", 0, y)
    for x, number, of in zip(
        (EARLY, LATE), _halves(acts, end), _halves(_firm(acts), end), strict=True
    ):
        draft.note(f"<b>{of}</b>", x, y - 8, xanchor="center", font=LARGE)
        told = f"+ {number - of} only reported" * (number > of)
        draft.note(told, x, y + 12, xanchor="center", font={**SMALL, "color": GREY})


def _years(draft: Draft, y: float, last: int) -> None:
    """The years below the rows, a line at their middle, and above what the dots mean."""
    draft.hairline([_across(last / 2, last)] * 2, [TOP, y], color=GREY)
    for year in range(last + 1):
        draft.note(str(year), _across(year, last), y + 8, xanchor="center", font=SMALL)
    draft.note("years since the start", (START + END) / 2, y + 26, xanchor="center")
    for n, look in enumerate(LOOKS.values()):
        line = {"color": look.line, "width": look.width}
        marker = {"symbol": look.symbol, "size": 11, "color": look.fill, "line": line}
        at = {"x": [7 + 100 * n], "y": [14], "type": "scatter", "mode": "markers"}
        draft.add(**at, marker=marker, name=f"key:{look.word}", hoverinfo="skip", showlegend=False)
        draft.note(look.word, at["x"][0] + 10, 14, font=SMALL)
    draft.note(f"<span style='color:{GREY}'>\u2014</span> may lie within", 220, 14, font=SMALL)
