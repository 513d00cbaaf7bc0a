"""The source at a glance: every sentence in reading order, how sure what it states is, and which
sentences state nothing or are not coded yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from axislib.figures.draft import WIDE, Draft, Line, Words, grouped, no_rows, shorten
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, INK, PAPER, PUT, RULE, Look
from axislib.figures.voices import ORDER, QUALIFIED, in_kinds, qualified, runs, share_in_words, sums
from axislib.questions.argument import main_thesis, voices_of
from axislib.seed.seed import Seed
from axislib.tables.schema import fact_tables, records, split_cell
from axislib.words import capital, counted, names

EMPTY = {
    "nothing": Look("nothing to code", "\u25a1", line=GREY),
    "left_out": Look("left out by the selection", "\u25a1", line=RULE),
    "uncoded": Look("not coded yet", "\u229e", line=GREY, hatch="+"),
}
_LOOKS = PUT | EMPTY | {"asserted": PUT["asserted"]._replace(word="asserted only")}
_ROWS = {kind: look.word for kind, look in _LOOKS.items()}
_MEANS = {
    "reported": "attributed to somebody else, not counted as qualified",
    "left_open": "the writer does not say whether the statement is true",
}
_NAME, _COUNT, _APART = 150, 110, 0.5  # pixels left and right of the strip; a gap, in ticks
_ROW, _HIGH, _TOP, _LINE, _AIR = 28, 20, 26, 34, 10  # pixels: a row, a box, above and below them
_TOLD, _FIFTH = 22, 5  # pixels for words on the thesis; so many paragraphs between labels
_LEAST, _MOST = 8, 30  # pixels from one sentence to the next
_STRIP = 45  # squares beside each other on a phone, at most


def coverage(seed: Seed) -> go.Figure:
    """One box a sentence, from left to right in reading order, in the row of the least sure
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
    ``ids`` (its statements, or the locator), ``statements`` (how many), ``why`` there is none,
    ``least``: the statement that decides the kind, and ``thesis``: how the main thesis is put,
    where the sentence is the first to state it."""
    facts, main = seed.facts, main_thesis(seed)
    thesis = seed.row(main) if main else {"anchors": "", "modality": ""}
    first = thesis["anchors"].partition(";")[0]
    put = dict(zip(facts["id"], facts["modality"], strict=True))
    said = dict(zip(facts["id"], facts["statement"], strict=True))
    put |= dict.fromkeys(facts.loc[facts["polarity"] == "left_open", "id"], "left_open")
    selected = not seed.selected.isdisjoint(fact_tables())
    held = set(seed.evidence["locator"])  # a quotation or a frame, say, is coded too
    rows = []
    for row in records(seed.coverage()):
        ids = [i for i in split_cell(row["ids"]) if i in put]
        explained = row["no_fact_reason"] and row["explained"]
        empty = "nothing" if explained or row["locator"] in held else "uncoded"
        empty = "left_out" if selected and not explained else empty
        least = max(ids, key=lambda i: ORDER.index(put[i]), default="")
        made = {"locator": row["locator"], "section": row["section"], "statements": len(ids)}
        made |= {"paragraph": row["locator"].split(".")[0], "ids": ids or [row["locator"]]}
        made |= {"kind": put.get(least, empty), "least": said.get(least, "")}
        made["why"] = row["no_fact_reason"] or EMPTY[empty].word
        made["thesis"] = thesis["modality"] * (row["locator"] == first)
        rows.append(made)
    return rows


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line a sentence, and a card with a line a row of boxes."""
    soft, late = qualified(rows), qualified(rows[(len(rows) + 1) // 2 :])
    rule = "Qualified: something in the sentence is hedged, predicted, disputed or left open;"
    rule += f" {late} of the {soft} are in the second half of the article. "
    subtitle = rule * bool(soft) + "Each box is a sentence; boxes are grouped by"
    subtitle += " the least certain statement in each."
    if "context" in seed.layers:
        subtitle += " External record: not counted."
    description = []
    for row in rows:
        told = counted(row["statements"], "statement") if row["statements"] else row["why"]
        head = f"{row['locator']} ({row['section']}): {_ROWS[row['kind']]}"
        description.append(Line(f"{head}; {told}", row["ids"]))
    return Words(_title(rows), subtitle, description, _cards(rows))


def _cards(rows: Sequence[Mapping]) -> list[dict]:
    """Strips of all sentences in reading order with what they are; then the thesis."""
    size = -(-len(rows) // max(2, -(-len(rows) // _STRIP)))
    parts = [rows[start : start + size] for start in range(0, len(rows), size)]
    told = [
        f"Sentences {size * n + 1}\u2013{size * n + len(own)}: {qualified(own)} qualified"
        for n, own in enumerate(parts)
    ]
    told.append(sums(sorted(rows, key=lambda row: list(_LOOKS).index(row["kind"])), _LOOKS))
    head = f"{counted(len(rows), 'sentence')} in reading order"
    cards = [{"heading": head, "lines": told, "squares": [*map(runs, parts)]}]
    for place, row in enumerate(rows, start=1):
        if row["thesis"]:
            told = Line(capital(_thesis_put(row)), row["ids"])
            cards.append({"heading": f"The thesis (sentence {place})", "lines": [told]})
    there = {row["kind"] for row in rows}
    means = [f"{capital(_ROWS[kind])}: {said}." for kind, said in _MEANS.items() if kind in there]
    return cards + [{"heading": "What the words mean", "lines": means, "key": True}] * bool(means)


def _thesis_put(row: Mapping) -> str:
    """How the thesis itself is put, and what makes its sentence less certain."""
    opened = re.search(r"whether [^,;.]+", row["least"] * (row["kind"] == "left_open"))
    less = f"counts as {_ROWS[row['kind']]}: {shorten(row['least'], 40)}"
    less = f"leaves open {opened[0]}" if opened else less
    less = f"; the same sentence {less}" * (row["kind"] != row["thesis"])
    return f"itself {PUT[row['thesis']].word}{less}"


def _title(rows: Sequence[Mapping]) -> str:
    """How much is asserted and how much qualified; or how much is coded, where not all is."""
    kinds = [row["kind"] for row in rows]
    coded, total = sum(row["statements"] > 0 for row in rows), counted(len(rows), "sentence")
    if "left_out" in kinds:
        return f"The statements selected come from {coded} of {total}"
    if "uncoded" in kinds:
        yet = kinds.count("uncoded")
        return f"{coded} of {total} are coded; {yet} {'is' if yet == 1 else 'are'} not coded yet"
    plain = share_in_words(kinds.count("asserted"), len(rows))
    soft = share_in_words(qualified(rows), len(rows))
    more = f"; {soft} contain something {in_kinds(rows)}" if qualified(rows) else ""
    return f"{capital(plain)} of the sentences contain only assertions{more}"


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows: one strip where it fits, else several below each other."""
    draft = Draft(seed)
    middle, high = _middles(rows)
    boxes = _placed(rows, middle, high)
    for top, own in grouped(boxes, "top").items():
        _shade(draft, own, high, names(seed).get(voices_of(seed)[0], ""))
        _paragraphs(draft, own, top + high)
        for kind, y in ((kind, top + y) for kind, y in middle.items()):
            number = sum(row["kind"] == kind for row in rows)
            draft.note(f"<b>{number}</b>", 22, y, xanchor="right", font={"size": 15})
            draft.note(_ROWS[kind], 28, y)
            draft.hairline((_NAME, WIDE - _COUNT + 4), (y, y))
        if soft := [top + y for kind, y in middle.items() if kind in QUALIFIED]:
            ends, x = (soft[0] - 10, soft[-1] + 10), WIDE - _COUNT + 14
            draft.hairline((x, x), ends, color=GREY, width=2)
            draft.note(
                f"<b>{qualified(rows)}</b> of {len(rows)}<br>qualified", x + 8, sum(ends) / 2
            )
    _named(draft, boxes)
    draft.marks(boxes, "bar", _LOOKS, name="sentences")
    means = " ".join(line for card in said.cards for line in card["lines"] if "key" in card)
    y = boxes[-1]["top"] + high + _LINE
    draft.note(means, 28, y + 16, font={"size": 12, "color": GREY})
    return draft.page(said, y + 26, "coverage")


def _middles(rows: Sequence[Mapping]) -> tuple[dict[str, float], float]:
    """The middle of the row of each kind there is, and how high all rows are."""
    kinds, thesis = ({r["kind"] for r in rows if r["thesis"] or every} for every in (True, False))
    middle, high = {}, 0
    for kind in (kind for kind in _LOOKS if kind in kinds):
        middle[kind] = high + 14 + _AIR * (kind in EMPTY)
        high += _ROW + _TOLD * (kind in thesis)
    return middle, high + _AIR * (kind in EMPTY)


def _placed(rows: Sequence[Mapping], middle: Mapping[str, float], high: float) -> list[dict]:
    """The rows with their boxes: paragraph by paragraph, a new strip where one does not fit."""
    paragraphs, room = grouped(rows, "paragraph"), WIDE - _NAME - _COUNT
    tick = max(_LEAST, min(_MOST, room / (len(rows) + _APART * len(paragraphs))))
    boxes, x, top = [], 0.0, float(_TOP)
    for members in paragraphs.values():
        if x and x + tick * len(members) > room + 1:
            x, top = 0.0, top + high + _LINE + _TOP
        for row in members:
            says = f"<b>{text(row['locator'])}</b>: {_ROWS[row['kind']]}<br>"
            says += "" if row["statements"] else f"{wrap(row['why'])}<br>"
            y = top + middle[row["kind"]]
            at = {"x0": _NAME + x, "x1": _NAME + x + tick - 2, "y": y, "high": _HIGH, "top": top}
            boxes.append({**row, **at, "says": says})
            x += tick
        x += _APART * tick
    return boxes


def _named(draft: Draft, boxes: Sequence[Mapping]) -> None:
    """What is said of the thesis, below its box; where there is room, why others are empty."""
    for box in (box for box in boxes if box["thesis"]):
        ends = {"x0": box["x0"] - 1, "x1": box["x1"] + 1}
        ends |= {"y0": box["y"] - _HIGH / 2 - 1, "y1": box["y"] + _HIGH / 2 + 1}
        draft.add_shape(type="rect", **ends, line={"width": 3, "color": INK})
        x, y, low = (box["x0"] + box["x1"]) / 2, box["y"] + _HIGH / 2 + _TOLD / 2, ends["y1"]
        way, side = (1, "left") if x < WIDE / 2 else (-1, "right")
        draft.add_shape(type="path", path=f"M{x},{low} V{y} H{x + 10 * way}", line={"color": INK})
        draft.note(f"<b>Thesis</b> {text(_thesis_put(box))}", x + 14 * way, y, xanchor=side)
    own = [box for box in boxes if box["kind"] == "nothing"]
    if own and len({box["top"] for box in own}) == 1:
        label = "; ".join(dict.fromkeys(box["why"].partition(";")[0] for box in own))
        if 6.5 * len(label) < own[0]["x0"] - _NAME:
            at = {"xanchor": "right", "font": {"size": 12, "color": GREY}, "bgcolor": PAPER}
            draft.note(text(label), own[0]["x0"] - 8, own[0]["y"], **at)


def _shade(draft: Draft, boxes: Sequence[Mapping], high: float, author: str) -> None:
    """A band behind what is not the author's, and above the first of each who writes."""
    named = set()
    for first, last in _runs(boxes, lambda box: box["section"] == "body"):
        body, top = first["section"] == "body", first["top"]
        name = (author or "the author") if body else "the editors"
        name = name if name not in named else name.removeprefix("the ") * (not body)
        if last["x1"] - first["x0"] > 6 * len(name):
            draft.note(text(name), first["x0"], top - 12, font={"color": GREY})
            named.add(name)
        if not body:
            ends = {"x0": first["x0"] - 2, "x1": last["x1"] + 2, "y0": top, "y1": top + high}
            fill = {"fillcolor": RULE, "opacity": 0.35, "line": {"width": 0}, "layer": "below"}
            draft.add_shape(type="rect", **ends, **fill)


def _paragraphs(draft: Draft, boxes: Sequence[Mapping], y: float) -> None:
    """A tick for each paragraph; the number of the first and of every fifth below it."""
    told = "paragraphs, in the<br>order of the article"
    draft.note(told, 28, y + 18, font={"size": 12, "color": GREY})
    for place, (first, _) in enumerate(_runs(boxes, lambda box: box["paragraph"])):
        label, x = first["paragraph"], first["x0"] + 1
        told = not place or not int(re.sub(r"\D", "", label) or 0) % _FIFTH
        draft.hairline((x, x), (y, y + (8 if told else 4)), color=GREY)
        if told:
            draft.note(text(label), first["x0"], y + 14, font={"size": 12, "color": GREY})


def _runs(boxes: Sequence[Mapping], same) -> list[tuple[Mapping, Mapping]]:
    """The first and the last box of each stretch that is the same."""
    starts = [n for n, box in enumerate(boxes) if not n or same(box) != same(boxes[n - 1])]
    ends = [*starts[1:], len(boxes)]
    return [(boxes[a], boxes[b - 1]) for a, b in zip(starts, ends, strict=True)]
