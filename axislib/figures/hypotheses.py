"""Competing hypotheses and what speaks against them: a matrix of the project's own ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from axislib.figures.draft import Draft, Words, grid, grouped, no_rows, shorten
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, INK, LOOKS, PALE_PURPLE, PAPER, PURPLE, RULE, Look
from axislib.questions.weighing import diagnosticity, inconsistency
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import counted, number_word

# what speaks against a hypothesis is coloured, because only that counts (Heuer 1999)
RATINGS = {
    "strongly_inconsistent": Look("strongly against", "", PURPLE, PURPLE, PAPER),
    "inconsistent": Look("against", "", PURPLE, PALE_PURPLE, INK),
    "neutral": Look("neutral", "", RULE, PAPER, GREY),
    "consistent": Look("fits", "", RULE, PAPER, GREY),
    "strongly_consistent": Look("fits well", "", RULE, PAPER, GREY),
}
_LOOKS = LOOKS | RATINGS
_LABEL = 440  # pixels


def hypotheses_matrix(seed: Seed) -> go.Figure:
    """A row a statement, a column a hypothesis, the one with least against it first; statements
    that tell the hypotheses apart at the top, those that fit all of them alike in a last line.

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
    (its name), ``against`` (what speaks against it, counted), ``kind`` (the rating), ``reason`` and
    ``apart`` (steps between the best and the worst rating of the statement)."""
    table = diagnosticity(seed)
    against = inconsistency(seed).sort_values("against", kind="stable")
    counts = dict(zip(against["hypothesis"], against["against"], strict=True))
    called = dict(zip(seed.hypotheses["id"], seed.hypotheses["name"], strict=True))
    said = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    ratings = {(r["fact"], r["hypothesis"]): r for r in records(seed.consistency)}
    return [
        {
            "ids": [rating["id"], row["fact"]],
            "fact": row["fact"],
            "statement": said.get(row["fact"], row["fact"]),
            "hypothesis": called[hypothesis],
            "against": int(counts[hypothesis]),
            "kind": rating["rating"],
            "reason": rating["reason"],
            "apart": int(row["diagnosticity"]),
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
    coders = f"{number_word(seed.consistency['coder'].nunique())} coder"
    coders += "" if coders.startswith("one ") else "s"
    subtitle = (
        f"The project\u2019s ratings ({coders}): would one expect the statement if the"
        " explanation were true? Against is one point, strongly against two"
        " (after Heuer 1999)."
    )
    description = [
        f"{of[0]['statement']} "
        + "; ".join(f"{row['hypothesis']}: {RATINGS[row['kind']].word}" for row in of)
        + "."
        for of in grouped(rows, "fact").values()
    ]
    meant = dict(zip(seed.hypotheses["name"], seed.hypotheses["definition"], strict=True))
    cards = [
        {
            "heading": f"{name}: {counted(counts, 'point')} against",
            "lines": [
                f"Meaning: {meant[name]}",
                *(
                    f"{RATINGS[row['kind']].word}: {row['statement']}"
                    for row in rows
                    if row["hypothesis"] == name and "inconsistent" in row["kind"]
                ),
            ],
        }
        for name, counts in _columns(rows).items()
    ]
    return Words(_title(_columns(rows)), subtitle, description, cards)


def _title(columns: Mapping[str, int]) -> str:
    """Which hypothesis has least against it: one, several with as much, or all."""
    least = min(columns.values())
    best = [f"\u201c{name}\u201d" for name, count in columns.items() if count == least]
    named = " and ".join([", ".join(best[:-1]), best[-1]] if len(best) > 1 else best)
    has = "has" if len(best) == 1 else "have"
    points = "equally many points" if len(best) == len(columns) > 1 else "the fewest points"
    points = points if least else "no point"
    return f"By our ratings, {named} {has} {points} against {'it' if has == 'has' else 'them'}"


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows; what fits all hypotheses alike is one line at the end."""
    draft, heads = Draft(seed), _heads(seed, _columns(rows))
    alike = [row for row in rows if not row["apart"]]
    lines_of = [
        {"ids": [fact], "label": wrap(of[0]["statement"], 76), "cells": [_cell(row) for row in of]}
        for fact, of in grouped((row for row in rows if row["apart"]), "fact").items()
    ]
    high = 8 + 16 * max((row["label"].count("<br>") + 1 for row in lines_of), default=1)
    y = grid(draft, lines_of, heads, _LOOKS, label=_LABEL, high=high)
    if alike:
        number = counted(len(grouped(alike, "fact")), "more statement")
        label = f"{number} {'does' if number.startswith('1 ') else 'do'} not tell them apart"
        ids = [i for row in alike for i in row["ids"]]
        at = {"x": 0, "y": y + 17, "kind": "quiet", "text": label, "ids": ids}
        draft.marks([at], "text", name="alike", textfont={"size": 12})
        y += 34
    return draft.page(said, y, "hypotheses_matrix")


def _heads(seed: Seed, columns: Mapping[str, int]) -> list[str]:
    """Name, meaning and points of each explanation."""
    meant = dict(zip(seed.hypotheses["name"], seed.hypotheses["definition"], strict=True))
    return [
        f"<b>{wrap(shorten(name, 44), 24)}</b><br>{wrap(meant[name].split(' (')[0], 29)}"
        f"<br><b>{counted(points, 'point')} against</b>"
        for name, points in columns.items()
    ]


def _cell(row: Mapping) -> dict:
    word = RATINGS[row["kind"]].word
    says = f"Our rating for {text(row['hypothesis'])}: {word}<br>{wrap(row['reason'])}<br>"
    return {"ids": row["ids"], "kind": row["kind"], "text": word, "says": says}
