"""The source at a glance: every sentence in reading order, how sure what it states is, and which
sentences state nothing or are not coded yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from axislib.figures.draft import WIDE, Draft, Words, grouped, no_rows, swatches
from axislib.figures.hover import text, wrap
from axislib.figures.palette import CERTAINTY, GREY, PUT, RULE, Look
from axislib.figures.voices import ORDER, share_in_words
from axislib.questions.argument import main_thesis, voices_of
from axislib.seed.seed import Seed
from axislib.tables.schema import fact_tables, records, split_cell
from axislib.words import counted, names

EMPTY = {
    "nothing": Look("states nothing to code", "\u25a1", line=RULE),
    "left_out": Look("left out by the selection", "\u25a1", line=RULE),
    "uncoded": Look("not coded yet", "\u229e", line=GREY, hatch="+"),
}
_LOOKS = PUT | EMPTY
_OPEN = CERTAINTY["unclear"].sign
_TICK, _HIGH, _LINE, _APART = 15, 38, 92, 0.5  # pixels; a gap in parts of a tick


def coverage(seed: Seed) -> go.Figure:
    """One box a sentence, in paragraphs and in reading order, in the look of the least sure
    statement in it; what is not the author's is shaded, the main thesis named.

    A sentence is coded, states nothing to code (its hover says why) or is not coded yet. Returns a
    plotly figure. It cannot tell how important a sentence is.

    >>> import axislib
    >>> len(axislib.coverage(axislib.open_seed()).data) > 1
    True
    """
    rows = prepare(seed)
    if any(row["statements"] for row in rows):
        return draw(seed, rows, words(seed, rows))
    return no_rows(seed, "coverage", "statements", [*fact_tables(), "sentences"])


def prepare(seed: Seed) -> list[dict]:
    """One row a sentence: ``locator``, ``paragraph``, ``section``, ``kind`` (of ORDER or EMPTY),
    ``ids`` (its statements, or the locator), ``statements`` (how many), ``why`` there is none."""
    facts, claim = seed.facts, _thesis(seed)
    put = dict(zip(facts["id"], facts["modality"], strict=True))
    opened = set(facts.loc[facts["polarity"] == "left_open", "id"])
    selected = not seed.selected.isdisjoint(fact_tables())
    held = set(seed.evidence["locator"])  # a quotation or a frame, say, is coded too
    rows = []
    for row in records(seed.coverage()):
        ids = [i for i in split_cell(row["ids"]) if i in put]
        settled = [put[i] for i in ids if i not in opened]
        if settled and row["locator"] == claim["anchors"].partition(";")[0]:
            settled = [claim["modality"]]
        empty = _empty(row, selected, row["locator"] in held)
        rows.append(
            {
                "locator": row["locator"],
                "paragraph": row["locator"].split(".")[0],
                "section": row["section"],
                "kind": max(settled, key=ORDER.index, default="left_open" if ids else empty),
                "text": _OPEN * bool(settled and opened.intersection(ids)),
                "ids": ids or [row["locator"]],
                "statements": len(ids),
                "why": row["no_fact_reason"] or EMPTY[empty].word,
            }
        )
    return rows


def _thesis(seed: Seed) -> dict:
    """The row of the main thesis; without one, a row that is nowhere."""
    thesis = main_thesis(seed)
    return seed.row(thesis) if thesis else {"anchors": "", "modality": ""}


def _empty(row: Mapping, selected: bool, held: bool) -> str:
    """Why a sentence without a statement has none."""
    if row["no_fact_reason"] and row["explained"]:
        return "nothing"
    if selected:
        return "left_out"
    return "nothing" if held else "uncoded"


# -------------------------------------------------------------------------- words


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line a sentence, and a card a pattern."""
    subtitle = (
        "Each box is a sentence, in reading order, drawn by its least certain statement."
        f" {_OPEN}: something in it is left open, neither affirmed nor denied. Shaded: not by the"
        " author."
    )
    if "context" in seed.layers:
        subtitle += " Statements of the external record rest on no sentence and are not counted."
    description = [
        f"{row['locator']} ({row['section']}): "
        + (
            f"{counted(row['statements'], 'statement')}, {_put(row)}"
            if row["statements"]
            else row["why"]
        )
        for row in rows
    ]
    by_kind = grouped(rows, "kind")
    told = [f"{len(by_kind[kind])} {look.word}" for kind, look in _LOOKS.items() if kind in by_kind]
    cards = [{"heading": "Sentences, by the least certain statement", "lines": told}]
    place = _thesis_at(seed, rows)
    if place is not None:
        told = f"{rows[place]['locator']}: sentence {place + 1} of {len(rows)}"
        cards = [{"heading": "The thesis", "lines": [told]}, *cards]
    return Words(_title(rows), subtitle, description, cards)


def _put(row: Mapping) -> str:
    """How the least certain statement is put, and whether another is left open."""
    return _LOOKS[row["kind"]].word + ("; something left open" if row["text"] else "")


def _thesis_at(seed: Seed, rows: Sequence[Mapping]) -> int | None:
    """The place of the first sentence of the main thesis; None where there is none."""
    at = _thesis(seed)["anchors"].partition(";")[0]
    return next((n for n, row in enumerate(rows) if row["locator"] == at), None)


def _title(rows: Sequence[Mapping]) -> str:
    """How much is plainly asserted; or how much is coded, where a part is
    left out or not coded yet: that is never counted as empty."""
    kinds = [row["kind"] for row in rows]
    coded, total = sum(row["statements"] > 0 for row in rows), counted(len(rows), "sentence")
    if "left_out" in kinds:
        return f"The statements selected come from {coded} of {total}"
    if "uncoded" in kinds:
        yet = kinds.count("uncoded")
        return f"{coded} of {total} are coded; {yet} {'is' if yet == 1 else 'are'} not coded yet"
    only = sum(row["kind"] == "asserted" and not row["text"] for row in rows)
    plain = share_in_words(only, len(rows))
    return f"{plain[0].upper()}{plain[1:]} of the sentences do nothing but assert"


# -------------------------------------------------------------------------- drawing


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows: one strip where it fits, else several below each other."""
    draft, boxes = Draft(seed), _placed(rows)
    y = boxes[-1]["y"] + _HIGH / 2 + 24
    _shade(draft, boxes, names(seed).get(voices_of(seed)[0], ""))
    _paragraphs(draft, boxes)
    place = _thesis_at(seed, rows)
    if place is not None:
        box, put = boxes[place], _put(boxes[place])
        label = f"<b>the thesis</b>, {put}"
        arrow = {"showarrow": True, "arrowhead": 2, "ax": 0, "ay": -24, "xanchor": "center"}
        where = ((box["x0"] + box["x1"]) / 2, box["y"] - _HIGH / 2)
        draft.note(label, *where, arrowcolor=GREY, **arrow)
    draft.marks(boxes, "bar", _LOOKS, name="sentences")
    kinds = {row["kind"] for row in rows}
    swatches(draft, [look for kind, look in _LOOKS.items() if kind in kinds], y + 16)
    return draft.page(said, y + 30, "coverage")


def _placed(rows: Sequence[Mapping]) -> list[dict]:
    """The rows with their boxes: paragraph by paragraph, a new line where one does not fit."""
    paragraphs = grouped(rows, "paragraph")
    whole = len(rows) + _APART * len(paragraphs)
    tick = max(_TICK, min(2 * _TICK, WIDE / whole))
    boxes, x, y = [], 0.0, 50.0 + _HIGH / 2
    for members in paragraphs.values():
        if x and x + tick * len(members) > WIDE + 1:
            x, y = 0.0, y + _LINE
        for row in members:
            says = f"<b>{text(row['locator'])}</b>: {wrap(_put(row))}<br>"
            says += "" if row["statements"] else f"{wrap(row['why'])}<br>"
            boxes.append({**row, "x0": x, "x1": x + tick - 2, "y": y, "high": _HIGH, "says": says})
            x += tick
        x += _APART * tick
    return boxes


def _shade(draft: Draft, boxes: Sequence[Mapping], author: str) -> None:
    """A band behind what is not the author's, and above the first of each who writes."""
    named = set()
    for first, last in _runs(boxes, lambda box: (box["section"] == "body", box["y"])):
        body, y = first["section"] == "body", first["y"]
        name = (author or "the author") if body else "the editors"
        if name not in named and last["x1"] - first["x0"] > 7 * len(name):
            draft.note(text(name), first["x0"], y - _HIGH / 2 - 14, font={"color": GREY})
            named.add(name)
        if not body:
            ends = {"x0": first["x0"] - 4, "x1": last["x1"] + 4}
            ends |= {"y0": y - _HIGH / 2 - 5, "y1": y + _HIGH / 2 + 24, "layer": "below"}
            line = {"width": 0}
            draft.add_shape(type="rect", **ends, fillcolor=RULE, opacity=0.3, line=line)


def _paragraphs(draft: Draft, boxes: Sequence[Mapping]) -> None:
    """The number of each paragraph below its first sentence, where the last one left room."""
    free = (0.0, 0.0)
    for first, _ in _runs(boxes, lambda box: box["paragraph"]):
        label, at = first["paragraph"], (first["y"], first["x0"])
        if at >= free:
            where = (first["x0"], first["y"] + _HIGH / 2 + 12)
            draft.note(text(label), *where, font={"size": 11, "color": GREY})
            free = (first["y"], first["x0"] + 7 * len(label) + 2)


def _runs(boxes: Sequence[Mapping], same) -> list[tuple[Mapping, Mapping]]:
    """The first and the last box of each stretch that is the same."""
    starts = [n for n, box in enumerate(boxes) if not n or same(box) != same(boxes[n - 1])]
    return [
        (boxes[a], boxes[b - 1]) for a, b in zip(starts, [*starts[1:], len(boxes)], strict=True)
    ]
