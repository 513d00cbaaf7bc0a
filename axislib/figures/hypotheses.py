"""Competing hypotheses and what speaks against them: a matrix of the project's own ratings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import permutations

import plotly.graph_objects as go

from axislib.figures.draft import Draft, Line, Words, even, grid, grouped, no_rows, shorten
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, INK, LOOKS, PALE_PURPLE, PAPER, PURPLE, RULE, Look
from axislib.questions.weighing import diagnosticity, inconsistency
from axislib.seed.seed import Seed
from axislib.tables.schema import records, split_cell
from axislib.words import capital, counted, listed, number_word, sources_named

# what speaks against a hypothesis is coloured, because only that counts (Heuer 1999)
RATINGS = {
    "strongly_inconsistent": Look("strongly against", "", PURPLE, PURPLE, PAPER),
    "inconsistent": Look("against", "", PURPLE, PALE_PURPLE, INK),
    "neutral": Look("neutral", "", RULE, PAPER, GREY),
    "consistent": Look("fits", "", RULE, PAPER, GREY),
    "strongly_consistent": Look("fits well", "", RULE, PAPER, GREY),
}
_COUNTS = {"inconsistent": 1, "strongly_inconsistent": 2}
_LOOKS = LOOKS | RATINGS
_LABEL, _SQUARE = 440, "\u25a0"  # pixels; a point


def hypotheses_matrix(seed: Seed) -> go.Figure:
    """A row a statement, a column a hypothesis, the one with least against it first; statements
    in bands by the hypotheses they count against, those that tell none apart in a last line.

    Returns a plotly figure whose cells carry the ids of the rating and of the statement. The
    ratings are the project's own judgement.

    >>> import axislib
    >>> axislib.hypotheses_matrix(axislib.open_seed()).layout.meta["name"]
    'hypotheses_matrix'
    """
    if not len(seed.consistency) or not len(seed.hypotheses):
        what = "ratings of statements under rival explanations"
        return no_rows(seed, "hypotheses_matrix", what, ["consistency"])
    rows = prepare(seed)
    return draw(seed, rows, words(seed, rows))


def prepare(seed: Seed) -> list[dict]:
    """One row a rating: ``ids`` (of rating and statement), ``fact``, ``statement``, ``hypothesis``
    (its name), ``against`` (what speaks against it, counted), ``kind`` (the rating), ``points``
    (what the rating counts against it), ``reason`` and ``sentence``."""
    table = diagnosticity(seed)
    against = inconsistency(seed).sort_values("against", kind="stable")
    counts = dict(zip(against["hypothesis"], against["against"], strict=True))
    asked = {row["id"]: row for row in records(seed.hypotheses)}
    said = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    ratings = {(r["fact"], r["hypothesis"]): r for r in records(seed.consistency)}
    return [
        {
            "ids": [rating["id"], row["fact"]],
            "fact": row["fact"],
            "statement": said.get(row["fact"], row["fact"]),
            "sentence": split_cell(rating["anchors"])[0],
            "hypothesis": asked[hypothesis]["name"],
            "meaning": asked[hypothesis]["definition"].split(" (")[0],
            "origin": {"article": "the article"}.get(asked[hypothesis]["origin"], "us"),
            "against": int(counts[hypothesis]),
            "kind": rating["rating"],
            "reason": rating["reason"],
            "points": _COUNTS.get(rating["rating"], 0),
        }
        for row in records(table)
        for hypothesis in counts
        if (rating := ratings.get((row["fact"], hypothesis)))
    ]


def _columns(rows: Sequence[Mapping]) -> dict[str, int]:
    """The hypotheses, in order, with what speaks against each."""
    return {row["hypothesis"]: row["against"] for row in rows}


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line a statement, and a card a hypothesis."""
    description = []
    for of in grouped(rows, "fact").values():
        rated = "; ".join(f"{row['hypothesis']}: {RATINGS[row['kind']].word}" for row in of)
        ids = [i for row in of for i in row["ids"]]
        description.append(Line(f"{of[0]['statement']} {rated}.", ids))
    totals = [_total(own) for own in grouped(rows, "hypothesis").values()]
    cards = [{"heading": "Points against", "lines": totals}]
    leading = f"Against {_listed([*_columns(rows)][:1])}"
    for band, units in _telling(rows).items():
        card = {"heading": f"{band} ({len(units)})", "lines": [*map(_strongly, units)]}
        cards.append(card | ({} if band == leading else {"folded": "Show the list"}))
    firm, _, more = _robust(rows).rstrip(".").partition(". ")
    lines = [*filter(None, [more]), *_alike(rows)]
    cards.append({"heading": firm, "lines": lines, "folded": "Show the test"})
    return Words(_title(seed, _columns(rows)), _rule(seed), description, cards)


def _total(own: Sequence[Mapping]) -> Line:
    """The points against an explanation, as squares, and what it says; the ids of the ratings."""
    told = f"{own[0]['hypothesis']}: {own[0]['against']}\n{_SQUARE * own[0]['against']}"
    told += f"\n{own[0]['meaning']} Proposed by {own[0]['origin']}."
    return Line(told, [i for row in own if row["points"] for i in row["ids"]])


def _strongly(of: Sequence[Mapping]) -> Line:
    """A statement, with what it is strongly against."""
    names = [row["hypothesis"] for row in of if row["points"] > 1]
    told = of[0]["statement"] + f"\nStrongly against {_listed(names)}." * bool(names)
    return Line(told, [i for row in of for i in row["ids"]])


def _alike(rows: Sequence[Mapping]) -> list[Line]:
    """A line on the statements that do not tell them apart, where there are any."""
    drawn = {of[0]["fact"] for units in _telling(rows).values() for of in units}
    rest = [row for row in rows if row["fact"] not in drawn]
    number, s = len(grouped(rest, "fact")), "s" * (len(grouped(rest, "fact")) > 1)
    against = "all explanations alike" if any(row["points"] for row in rest) else "no explanation"
    said = f"Not shown: {number_word(number)} statement{s} that count{'' if s else 's'} against"
    return [Line(f"{said} {against}.", [i for row in rest for i in row["ids"]])] if rest else []


def _rule(seed: Seed) -> str:
    """What is counted and who judged."""
    raters, whose = seed.consistency["coder"].nunique(), f"from {sources_named(seed)}"
    whose = "the article\u2019s own" if set(seed.consistency["layer"]) == {"article"} else whose
    return (
        f"Points, as judged by {number_word(raters)} rater{'s' * (raters > 1)}: one for a"
        " statement against an explanation, two if it is strongly against (Heuer 1999); those that"
        f" fit score nothing. All statements are {whose}: this tests consistency, not which"
        " explanation is true."
    )


def _telling(rows: Sequence[Mapping]) -> dict[str, list[list[Mapping]]]:
    """Statements that count more against one than another, by those they count against."""
    found: dict[str, list[list[Mapping]]] = {}
    for of in grouped(rows, "fact").values():
        if len({row["points"] for row in of}) > 1:
            against = _listed([row["hypothesis"] for row in of if row["points"]])
            found.setdefault(f"Against {against}", []).append(of)
    weight = {band: sum(r["points"] for of in own for r in of) for band, own in found.items()}
    return {band: found[band] for band in sorted(found, key=lambda band: -weight[band])}


def _robust(rows: Sequence[Mapping]) -> str:
    """Whether the order is the same without any one sentence; and which sentences have several."""
    columns, of, said = _columns(rows), Counter(), {}
    for row in rows:
        of[row["sentence"], row["hypothesis"]] += row["points"]
        said.setdefault(row["sentence"], {})[row["fact"]] = None
    kept = all(
        columns[one] - of[at, one] < columns[other] - of[at, other]
        for at in said
        for one, other in permutations(columns, 2)
        if columns[one] < columns[other]
    )
    told = "The order stays the same whichever sentence is left out."
    told = told if kept else "Leaving out one sentence can change the order."
    drawn = {of[0]["fact"] for units in _telling(rows).values() for of in units}
    split = [at for at, facts in said.items() if len(drawn & facts.keys()) > 1]
    many = f" {capital(number_word(len(split)))} sentences, {listed(sorted(split))}, each make"
    return told + f"{many} several of these statements." * bool(split[1:])


def _listed(names: Sequence[str]) -> str:
    return listed([f"\u201c{name}\u201d" for name in names])


def _title(seed: Seed, columns: Mapping[str, int]) -> str:
    """Which hypothesis has least against it: one, several with as much, or all."""
    least = min(columns.values())
    best = [name for name, count in columns.items() if count == least]
    own = f"By our ratings, the statements from {sources_named(seed)}"
    own = own.replace("statements from the article", "article\u2019s own statements")
    if len(best) == len(columns) > 1 and least:
        return f"{own} count equally against {_listed(best)}"
    return f"{own} {'count least' if least else 'do not count'} against {_listed(best)}"


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows: what tells the hypotheses apart, in bands by what it counts
    against; the rest is one line at the end."""
    draft, telling, shown = Draft(seed), _telling(rows), []
    for band, units in telling.items():
        shown += [{"heading": f"{text(band)} ({len(units)})"}, *map(_line, units)]
    y = grid(draft, shown, _heads(rows), _LOOKS, label=_LABEL, high=36)
    for rest in _alike(rows):
        at = {"x": 0, "y": y + 17, "kind": "quiet", "text": text(rest), "ids": rest.ids}
        draft.marks([at], "text", name="alike", textfont={"size": 12})
        y += 18
    draft.note(_robust(rows), 0, y + 17, font={"size": 12, "color": GREY})
    return draft.page(said, y + 34, "hypotheses_matrix")


def _line(of: Sequence[Mapping]) -> dict:
    """The row of ``grid`` for one statement, with its sentence."""
    at = of[0]["sentence"]
    label = even(f"{shorten(of[0]['statement'], 190)} {at}", 68)
    label = label.replace(at, f'<span style="color:{GREY}">{at}</span>')
    return {"ids": [of[0]["fact"]], "label": label, "cells": [_cell(row) for row in of]}


def _heads(rows: Sequence[Mapping]) -> list[str]:
    """Name, meaning, origin and points of each explanation."""
    firsts = [own[0] for own in grouped(rows, "hypothesis").values()]
    said = [
        f"<b>{wrap(shorten(row['hypothesis'], 44), 24)}</b><br>{even(row['meaning'], 29)}"
        for row in firsts
    ]
    deep = max(words_of.count("<br>") for words_of in said)
    return [
        f"{told}{'<br>' * (deep - told.count('<br>'))}<br>Proposed by {row['origin']}"
        f"<br><b>{counted(row['against'], 'point')} against</b> "
        f'<span style="color:{PURPLE};font-size:15px">{_SQUARE * row["against"]}</span>'
        for told, row in zip(said, firsts, strict=True)
    ]


def _cell(row: Mapping) -> dict:
    word = RATINGS[row["kind"]].word
    says = f"Our rating for {text(row['hypothesis'])}: {word}<br>{wrap(row['reason'])}<br>"
    return {"ids": row["ids"], "kind": row["kind"], "text": word, "says": says}
