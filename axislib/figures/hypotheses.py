"""Competing hypotheses and what speaks against them: a matrix of the project's own ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from axislib.figures.draft import WIDE, Draft, Words, grouped, no_rows, shorten
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, INK, LOOKS, PALE_PURPLE, PAPER, PURPLE, RULE, Look
from axislib.questions.weighing import diagnosticity, inconsistency
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import counted

# what speaks against a hypothesis is coloured, because only that counts (Heuer 1999)
RATINGS = {
    "strongly_inconsistent": Look("strongly against", "", PURPLE, PURPLE, PAPER),
    "inconsistent": Look("against", "", PURPLE, PALE_PURPLE, INK),
    "neutral": Look("neutral", "", RULE, PAPER, GREY),
    "consistent": Look("fits", "", RULE, PAPER, GREY),
    "strongly_consistent": Look("fits well", "", RULE, PAPER, GREY),
}
_LOOKS = LOOKS | RATINGS
_LABEL, _ROW, _HEAD = 480, 34, 58  # pixels


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
        what = "ratings of statements under hypotheses"
        return no_rows(seed, "hypotheses_matrix", what, ["consistency"])
    rows = prepare(seed)
    return draw(seed, rows, words(seed, rows))


def prepare(seed: Seed) -> list[dict]:
    """One row a rating: ``ids`` (of rating and statement), ``fact``, ``statement``, ``hypothesis``
    (its name), ``against`` (what speaks against it, counted), ``kind`` (the rating), ``reason`` and
    ``apart`` (whether the statement tells the hypotheses apart)."""
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
            "apart": row["diagnosticity"] > 0,
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
    subtitle = (
        "Our own ratings of what is stated (Heuer 1999): the hypothesis with least against it is"
        " kept. Against counts once, strongly against twice."
    )
    description = [
        f"{of[0]['statement']} "
        + "; ".join(f"{row['hypothesis']}: {RATINGS[row['kind']].word}" for row in of)
        + "."
        for of in grouped(rows, "fact").values()
    ]
    cards = [
        {
            "heading": f"{name}: {counts} against",
            "lines": [
                f"{RATINGS[row['kind']].word}: {row['statement']}"
                for row in rows
                if row["hypothesis"] == name and "inconsistent" in row["kind"]
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
    if not least:
        return f"By our ratings, nothing speaks against {named}"
    if len(best) == len(columns) > 1:
        return f"By our ratings, the article\u2019s statements weigh equally against {named}"
    return f"By our ratings, the article\u2019s statements speak least against {named}"


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows."""
    draft, y = Draft(seed), float(_HEAD)
    columns = _columns(rows)
    wide = (WIDE - _LABEL) / len(columns)
    edges = {name: _LABEL + place * wide for place, name in enumerate(columns)}
    for name, x in edges.items():
        head = f"<b>{wrap(shorten(name, 44), int(wide / 8))}</b><br>{columns[name]} against"
        draft.note(head, x, y - 4, yanchor="bottom")
    cells, labels, alike = [], [], []
    for of in grouped(rows, "fact").values():
        if not of[0]["apart"]:
            alike += of
            continue
        label = wrap(shorten(of[0]["statement"], 130), 68)
        at = {"y": y + _ROW / 2, "x": 0, "kind": "words"}
        labels.append({**at, "text": label, "ids": [of[0]["fact"]]})
        cells += [_cell(row, edges[row["hypothesis"]], wide, y) for row in of]
        y += _ROW
    if alike:
        number = counted(len(grouped(alike, "fact")), "more statement")
        label = f"{number} {'does' if number.startswith('1 ') else 'do'} not tell them apart"
        at = {"y": y + _ROW / 2, "x": 0, "kind": "quiet", "text": label}
        labels.append({**at, "ids": [i for row in alike for i in row["ids"]]})
        y += _ROW
    draft.marks(cells, "bar", _LOOKS, name="ratings")
    draft.marks(labels, "text", _LOOKS, name="statements", textfont={"size": 12})
    return draft.page(said, y, "hypotheses_matrix")


def _cell(row: Mapping, x: float, wide: float, y: float) -> dict:
    word = RATINGS[row["kind"]].word
    says = f"Our rating for {text(row['hypothesis'])}: {word}<br>{wrap(row['reason'])}<br>"
    box = {"x0": x, "x1": x + wide - 4, "y": y + _ROW / 2, "high": _ROW - 4}
    return {**row, **box, "text": word, "says": says}
