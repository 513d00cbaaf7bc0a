"""The comparison with gaps filled from the record, beside that of the record alone, in a chart."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from axislib.figures.comparison import LEVELS, level_chips, level_word, result
from axislib.figures.comparison import prepare as prepare_comparison
from axislib.figures.draft import WIDE, Draft, Line, Words, grid, grouped, swatches
from axislib.figures.hover import text
from axislib.figures.palette import CERTAINTY, GREY, INK, LEVEL, PAPER, RULE, Look
from axislib.questions.levels import both_sides
from axislib.record.filled import COMPARED, filled_seed, layers_apart, outcomes, what_changes
from axislib.record.options import Record
from axislib.record.panels import SIGN
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import capital, curly, in_text, names, number_word

WAYS = {"record": "by the external record alone", "filled": "with gaps filled"}
ORDER = tuple(COMPARED.values())  # whom a form favours, as in ``what_changes``
UNKNOWN = COMPARED["cannot_say"]
LOOKS = LEVELS | {
    "more": Look("", "", INK, INK),
    "less": Look("", "", GREY, GREY),
    "alike": Look("", "", RULE, RULE),
    UNKNOWN: Look("", "", GREY, PAPER),
    "effect": Look("", "", PAPER),
}
ON_PHONE = ("", "placed", "tie", "open")  # looks of squares, in the order of ORDER
HEADS = ("Named by the article", "Added by us from the record")
# pixels: of a label, from one square to the next, of a line of names, from one way to the next
LABEL, SQUARE, LINE, WAY = 204, 25, 18, 58
SMALL, BIG = {"size": 12}, {"size": 16}


def filled_comparison(
    record: Record, left: str | None = None, right: str | None = None
) -> go.Figure:
    """The comparison with what the article does not state filled from the record, beside that of
    the record alone; the forms that the article names apart from those that the record adds.

    The article's coding takes precedence. It counts levels, never how much."""
    seed = record.seed
    sides = both_sides(seed, left, right)
    rows, named = prepare(seed, *sides), [curly(in_text(names(seed)[side])) for side in sides]
    return draw(seed, rows, named, words(rows, named, outcomes(seed, *sides)))


def prepare(seed: Seed, left: str, right: str) -> list[dict]:
    """One row a form: whom it favours ``filled`` and by the ``record`` alone, whether the record
    ``added`` it, its ``list`` (leads, ties, apart: not compared), its ``cells`` (two a way)."""
    cells: dict[str, list] = {}
    for part in (layers_apart(seed)[1], filled_seed(seed)):
        for row in prepare_comparison(part, left, right, [left, right]):
            cells.setdefault(row["dimension"], []).append(row)
    rows = []
    for row in records(what_changes(seed, left, right)):
        own = cells[row["dimension"]]
        ids = dict.fromkeys([row["dimension"], *(i for cell in own for i in cell["ids"])])
        leads = "leads" if {row[way] for way in WAYS} & {"more", "less"} else "ties"
        row |= {"list": leads if row["filled"] != UNKNOWN else "apart", "cells": own, "ids": [*ids]}
        row |= {"name": curly(own[0]["name"]), "added": row["origin"] == "context"}
        rows.append(row | {"block": (row["origin"], row["filled"])})
    return sorted(rows, key=lambda row: (row["added"], *(ORDER.index(row[way]) for way in WAYS)))


def _tally(rows: Sequence[dict], way: str) -> list[int]:
    """How many of the forms compared favour either side, are ties or are open."""
    return [sum(row[way] == word for row in rows if row["list"] != "apart") for word in ORDER]


def words(rows: Sequence[dict], named: Sequence[str], says: dict[str, str]) -> Words:
    """Title, subtitle, a line a form; as cards the results, the forms that decide, the others."""
    compared = [row for row in rows if row["list"] != "apart"]
    own, added = ([row for row in compared if row["added"] is of] for of in (False, True))
    ours, theirs, ties, _ = map(number_word, _tally(own, "filled"))
    against = _tally(added, "filled")[1]
    whose = "all" if against == len(added) else number_word(against)
    subtitle = (
        "Gaps in the article are filled from the external record, so a row may set the"
        " article\u2019s word on one side against the record on the other."
        f" Of the {len(own)} forms compared that the article names, {ours} then favour {named[0]},"
        f" {theirs} {named[1]}, and {ties} tie. We chose the {number_word(len(added))} others, for"
        f" alliances at war; {whose} of them favour {named[1]}."
        " A tie means the same level, not that both did as much. Present counts for more"
        " than mixed (evidence both ways), mixed for more than ruled out (or none known)."
    )
    lines = {
        row["dimension"]: Line(
            f"{row['name']}{' (added)' * row['added']}: "
            + "; ".join(f"{head}, {says[row[way]]}" for way, head in WAYS.items()),
            row["ids"],
        )
        for row in rows
    }
    title, cards = _title(compared, named), _cards(rows, lines, named, says)
    return Words(title, subtitle, [*lines.values()], cards)


def _cards(rows: Sequence[dict], lines: dict, named: Sequence[str], says: dict) -> list[dict]:
    """The results both ways; the forms that favour a side, by who names them; the others."""
    sides, by = _sides(named), grouped(rows, "list")
    cards = [_result(rows, way, sides) for way in WAYS]
    brief = {word: said.removeprefix("favours ") for word, said in says.items()}
    for of in grouped(by.pop("leads", []), "block").values():
        alone = [f"{row['name']}\nby the record alone: {brief[row['record']]}" for row in of]
        told = [Line(words, row["ids"]) for words, row in zip(alone, of, strict=True)]
        head = f"{HEADS[of[0]['added']]}: with gaps filled, {brief[of[0]['filled']]} ({len(of)})"
        chips = [level_chips(row["cells"][2:]) for row in of]
        cards.append({"heading": head, "lines": told, "chips": chips})
    key = [*sides, f"{SIGN} from the external record; the other levels are the article\u2019s word"]
    marks = [(1, look) for look in ON_PHONE]
    cards.append({"heading": "The signs", "key": True, "lines": key, "squares": marks})
    for which, of in by.items():
        listed = [lines[row["dimension"]] for row in of]
        cards.append({"heading": _head(which, of), "lines": listed, "folded": "Show the list"})
    return cards


def _result(rows: Sequence[dict], way: str, sides: Sequence[str]) -> dict:
    parts = [_tally(of, way) for of in grouped(rows, "added").values()]
    told = [f"{who}: {_in_words(n, sides)}" for who, n in zip(HEADS, parts, strict=False)]
    squares = [[*zip(part, ON_PHONE, strict=True)] for part in parts]
    return {"heading": capital(WAYS[way]), "lines": told, "squares": squares}


def _title(rows: Sequence[dict], named: Sequence[str]) -> str:
    (ours, *_), (more, *_) = (map(number_word, _tally(rows, way)) for way in WAYS)
    told = f"{capital(named[0])} lead on {ours} form{'s' * (ours != 'one')} by the external record"
    return f"{told} alone and on {more} with the article\u2019s word added"


def _in_words(tally: Sequence[int], sides: Sequence[str]) -> str:
    return ", ".join(f"{who} {number}" for who, number in zip(sides, tally, strict=True) if number)


def _sides(named: Sequence[str]) -> list[str]:
    """The words for whom forms favour, in the order of ORDER."""
    return [*map(capital, named), "Ties", "Open"]


def _head(which: str, rows: Sequence[dict]) -> str:
    heads = {"leads": "Forms that favour a side", "ties": "Ties or open both ways"}
    return f"{heads.get(which, 'Not compared: only one side is covered')} ({len(rows)})"


def draw(seed: Seed, rows: Sequence[dict], named: Sequence[str], said: Words) -> go.Figure:
    """The results as squares, both ways; the forms that favour a side; the others by name."""
    draft, by = Draft(seed), {"leads": [], "ties": [], "apart": [], **grouped(rows, "list")}
    y = _scores(draft, rows, named) + 32
    draft.note(f"<b>{_head('leads', by['leads'])}</b>", 0, y, font=BIG)
    y = _levels(draft, by["leads"], named, y + 8) + 20
    x = swatches(draft, [CERTAINTY["presumed"]._replace(line=LEVEL["present"].line)], y)
    told = f"{SIGN} filled from the external record, where presumed may mean inferred"
    draft.note(told, x, y, font=SMALL)
    y, marks, deep = y + 34, [], max(-(-len(by["ties"]) // 2), len(by["apart"]))
    for which, left in (("ties", 0), ("apart", 2 * WIDE / 3)):
        draft.note(f"<b>{_head(which, by[which])}</b>", left, y)
        for n, row in enumerate(by[which]):
            across, down = divmod(n, deep)
            at = {"x": left + across * WIDE / 3, "y": y + 20 + LINE * down, "kind": "words"}
            marks.append({**at, "text": text(row["name"]), "ids": row["ids"]})
    draft.marks(marks, "text", name="others", textfont=SMALL)
    return draft.page(said, y + 24 + deep * LINE, "filled_comparison")


def _scores(draft: Draft, rows: Sequence[dict], named: Sequence[str]) -> float:
    """A square a form, by whom it favours: a row for each way, a block for who names the forms."""
    boxes, x = [], LABEL
    for added, head in enumerate(HEADS):
        own = [row for row in rows if row["list"] != "apart" and row["added"] == added]
        draft.note(f"<b>{head} ({len(own)})</b>", x, 10)
        for n, way in enumerate(WAYS):
            at = {"y": 40 + n * WAY, "high": 22}
            for k, row in enumerate(sorted(own, key=lambda row: ORDER.index(row[way]))):
                ends = {"x0": x + k * SQUARE, "x1": x + (k + 1) * SQUARE - 3, "ids": row["ids"]}
                boxes.append({**at, **ends, "kind": row[way], "says": f"{text(row['name'])}<br>"})
            told = _in_words(_tally(own, way), _sides(named))
            draft.note(told, x, at["y"] + 22, font=SMALL)
        x += len(own) * SQUARE + 24
    for n, head in enumerate(WAYS.values()):
        draft.note(f"<b>{capital(head)}</b>", 0, 40 + n * WAY)
    draft.marks(boxes, "bar", LOOKS, name="forms")
    y, sides = 44 + len(WAYS) * WAY, zip(ORDER, _sides(named), strict=True)
    swatches(draft, [LOOKS[word]._replace(word=who) for word, who in sides], y)
    return y


def _levels(draft: Draft, rows: Sequence[dict], named: Sequence[str], y: float) -> float:
    """The levels of both sides and whom a form favours, both ways; returns where the rows end."""
    told, found = dict(zip(ORDER, [*named, "a tie", "open"], strict=True)), []
    for added, of in grouped(rows, "added").items():
        found.append({"heading": f"{HEADS[added]} ({len(of)})"})
        for row in of:
            cells = [{**cell, "text": _level(cell, n > 1)} for n, cell in enumerate(row["cells"])]
            favours = [{"ids": row["ids"], "kind": "effect", "text": result(told[row[way]], 40)}
                       for way in WAYS]  # fmt: skip
            cells = [*cells[:2], favours[0], *cells[2:], favours[1]]
            label = f"<b>{text(row['name'])}</b>"
            found.append({"ids": row["ids"], "label": label, "cells": cells})
    first, second = (capital(name.removeprefix("the ")) for name in named)
    begin = (f"<b>{capital(way)}</b><br>{first}" for way in WAYS.values())
    heads = [head for start in begin for head in (start, second, "Favours")]
    return grid(draft, found, heads, LOOKS, y, 28, LABEL)


def _level(cell: dict, filled: bool) -> str:
    """The level in a cell; where gaps are filled, with a sign if the record fills it."""
    presumed = " (presumed)" * ("frame" in cell)
    return f"{cell['from'] * filled}{level_word(cell)}{presumed}"
