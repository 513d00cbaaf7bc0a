"""Competing hypotheses and what speaks against them: a matrix of the project's own ratings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, permutations

import plotly.graph_objects as go

from axislib.figures.draft import Draft, Line, Words, even, grid, grouped, no_rows, shorten
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, INK, LOOKS, PALE_PURPLE, PAPER, PURPLE, RULE, Look
from axislib.questions.weighing import diagnosticity, inconsistency
from axislib.seed.seed import Seed
from axislib.tables.schema import records, split_cell
from axislib.words import capital, counted, in_text, listed, number_word, sources_named, they_do

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
_LARGE = 20  # pixels of a sum
_ORIGIN = {"article": "Mentioned in the article", "project": "Added by us"}


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
    of_fact = grouped(records(seed.consistency), "fact")
    ratings = {(r["fact"], r["hypothesis"]): r for of in of_fact.values() for r in of}
    return [
        {
            "ids": [rating["id"], row["fact"]],
            "fact": row["fact"],
            "statement": said.get(row["fact"], row["fact"]),
            "sentence": split_cell(rating["anchors"])[0],
            "hypothesis": asked[hypothesis]["name"],
            "meaning": asked[hypothesis]["definition"].split(" (")[0],
            "origin": _ORIGIN.get(asked[hypothesis]["origin"], _ORIGIN["project"]),
            "against": int(counts[hypothesis]),
            "kind": rating["rating"],
            "reason": rating["reason"],
            "points": _COUNTS.get(rating["rating"], 0),
            "apart": len({_COUNTS.get(r["rating"], 0) for r in of_fact[row["fact"]]}) > 1,
        }
        for row in records(table)
        for hypothesis in counts
        if (rating := ratings.get((row["fact"], hypothesis)))
    ]


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line a statement, and a card a hypothesis."""
    description = []
    for of in grouped(rows, "fact").values():
        rated = "; ".join(f"{row['hypothesis']}: {RATINGS[row['kind']].word}" for row in of)
        ids = [i for row in of for i in row["ids"]]
        description.append(Line(f"{of[0]['statement']} {rated}.", ids))
    cards = _cards(rows, _rule(seed).rpartition(". ")[2].rstrip("."))
    return Words(_title(seed, rows), _rule(seed), description, cards)


def _cards(rows: Sequence[Mapping], judged: str) -> list[dict]:
    """The points, the explanations, the statements, first what tells these apart; the test."""
    names, apart = grouped(rows, "hypothesis"), [*chain(*_telling(rows).values())]
    totals = [
        Line(f"{name}: {own[0]['against']}", [i for r in own if r["points"] for i in r["ids"]])
        for name, own in names.items()
    ]
    squares = [(own[0]["against"], "strongly_inconsistent") for own in names.values()]
    told = [f"{name}:\n{own[0]['meaning']} {own[0]['origin']}." for name, own in names.items()]
    rest = [*grouped((row for row in rows if not row["apart"]), "fact").values()]
    firm, _, more = _robust(rows).rstrip(".").partition(". ")
    return [
        {"heading": "Points against", "lines": totals, "squares": squares},
        {"heading": judged, "lines": told},
        *[_card(f"Statements that tell the explanations apart ({len(apart)})", apart)]
        * bool(apart),
        *(_card(capital(line.split(": ")[1][:-1]), rest, "Show the list") for line in _alike(rows)),
        {"heading": firm, "lines": [f"{more}."] * bool(more), "folded": "Show the test"},
    ]


def _card(heading: str, units: Sequence[Sequence[Mapping]], folded: str = "") -> dict:
    """Statements, each with a chip an explanation, under the names of these."""
    return {
        **{"heading": heading, "folded": folded},
        "heads": [row["hypothesis"] for of in units[:1] for row in of],
        "lines": [Line(of[0]["statement"], [i for row in of for i in row["ids"]]) for of in units],
        "chips": [[(_rated(row), row["kind"]) for row in of] for of in units],
    }


def _rated(row: Mapping) -> str:
    return RATINGS[row["kind"]].word + f": {row['points']}" * bool(row["points"])


def _sum(own: Sequence[Mapping]) -> str:
    """How many statements count against an explanation, and how many of them twice."""
    points = [row["points"] for row in own if row["points"]]
    twice = sum(many > 1 for many in points)
    many = f" ({number_word(twice)} count{'s' * (twice == 1)} twice)" * bool(twice)
    return f"{counted(len(points), 'statement')}{many}"


def _alike(rows: Sequence[Mapping]) -> list[Line]:
    """A line on the statements that do not tell them apart, where there are any."""
    rest = [row for row in rows if not row["apart"]]
    number, s = len(grouped(rest, "fact")), "s" * (len(grouped(rest, "fact")) > 1)
    against = "all explanations alike" if any(row["points"] for row in rest) else "no explanation"
    said = f"Not shown: {number_word(number)} statement{s} that count{'' if s else 's'} against"
    return [Line(f"{said} {against}.", [i for row in rest for i in row["ids"]])] if rest else []


def _rule(seed: Seed) -> str:
    """What is counted and who judged."""
    raters, own = seed.consistency["coder"].nunique(), set(seed.consistency["layer"]) == {"article"}
    why = ": an article contradicts least what it argues for" * own
    return (
        f"This tests consistency, not truth{why}."
        " One point for a statement against an explanation, two if it is strongly against (Heuer"
        f" 1999). {capital(number_word(raters))} rater{'s' * (raters > 1)};"
        " the definitions of the explanations are ours."
    )


def _telling(rows: Sequence[Mapping]) -> dict[str, list[list[Mapping]]]:
    """Statements that count more against one than another, by those they count against."""
    found: dict[str, list[list[Mapping]]] = {}
    for of in grouped((row for row in rows if row["apart"]), "fact").values():
        against = _listed([row["hypothesis"] for row in of if row["points"]])
        found.setdefault(f"Against {against}", []).append(of)
    weight = {band: sum(r["points"] for of in own for r in of) for band, own in found.items()}
    return {band: found[band] for band in sorted(found, key=lambda band: -weight[band])}


def _robust(rows: Sequence[Mapping]) -> str:
    """Whether the order is the same without any one sentence; and which sentences have several."""
    columns, of, said = {row["hypothesis"]: row["against"] for row in rows}, Counter(), {}
    for row in rows:
        of[row["sentence"], row["hypothesis"]] += row["points"]
        said.setdefault(row["sentence"], {})[row["fact"]] = row["apart"]
    kept = all(
        columns[one] - of[at, one] < columns[other] - of[at, other]
        for at in said
        for one, other in permutations(columns, 2)
        if columns[one] < columns[other]
    )
    told = "The order stays the same whichever sentence is left out."
    told = told if kept else "Leaving out one sentence can change the order."
    split = [at for at, facts in said.items() if sum(facts.values()) > 1]
    many = f" {capital(number_word(len(split)))} sentences, {listed(sorted(split))}, each make"
    return told + f"{many} several of these statements; {_repeated(rows)}." * bool(split[1:])


def _repeated(rows: Sequence[Mapping]) -> str:
    """Which sentence counts more than once against one explanation."""
    points = Counter((row["sentence"], row["hypothesis"]) for row in rows if row["points"]).items()
    twice = [f"{at} counts repeatedly against {_listed([n])}" for (at, n), m in points if m > 1]
    return listed(twice) or "none counts twice against an explanation"


def _listed(names: Sequence[str]) -> str:
    return listed([f"\u201c{name}\u201d" for name in names])


def _title(seed: Seed, rows: Sequence[Mapping]) -> str:
    """Which hypothesis has least against it: one, several with as much, or all."""
    columns = {row["hypothesis"]: row["against"] for row in rows}
    least = min(columns.values())
    best = [name for name, count in columns.items() if count == least]
    if not least:
        return f"By our ratings, nothing in {sources_named(seed)} contradicts {_listed(best)}"
    how = "equally" if len(best) == len(columns) > 1 else "least"
    return f"By our ratings, {in_text(they_do(seed, 'contradict'))} {_listed(best)} {how}"


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows: what tells the hypotheses apart, in bands by what it counts
    against; the rest is one line at the end."""
    draft, telling, shown = Draft(seed), _telling(rows), []
    for band, units in telling.items():
        head = f"{text(band)} ({counted(len(units), 'statement')})"
        shown += [{"heading": head}, *map(_line, units)]
    for first in shown[1:2]:  # what such a number is
        first["label"] = first["label"].replace(">P", ">sentence P")
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
    every = grouped(rows, "hypothesis").values()
    said = [
        f"<b>{wrap(shorten(own[0]['hypothesis'], 44), 24)}</b><br>{even(own[0]['meaning'], 29)}"
        for own in every
    ]
    deep = max(words_of.count("<br>") for words_of in said)
    large = f'<span style="font-size:{_LARGE}px'
    return [
        f"{told}{'<br>' * (deep - told.count('<br>'))}<br>{own[0]['origin']}<br><br><b>{large}"
        f'">{own[0]["against"]}</span></b> against {large};color:{PURPLE}">'
        f"{_SQUARE * own[0]['against']}</span><br>{_sum(own)}"
        for told, own in zip(said, every, strict=True)
    ]


def _cell(row: Mapping) -> dict:
    word = RATINGS[row["kind"]].word
    says = f"Our rating for {text(row['hypothesis'])}: {word}<br>{wrap(row['reason'])}<br>"
    word += f": {counted(row['points'], 'point')}" * bool(row["points"])
    return {"ids": row["ids"], "kind": row["kind"], "text": word, "says": says}
