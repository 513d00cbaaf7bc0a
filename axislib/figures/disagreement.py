"""Where codings differ: unit by unit, and in the comparison of two coalitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.comparison import favoured
from axislib.figures.comparison import prepare as compared
from axislib.figures.draft import WIDE, Draft, Words, grid, grouped, sentence, shorten, swatches
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, INK, LEVEL, LOOKS, PAPER, RULE, Look
from axislib.questions.levels import compared_sides
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import FORMS, counted, in_text, names, range_in_words

# codes that are no levels have no hue: only who differs from most counts
KINDS = {
    "majority": Look("as most coders", "", line=GREY),
    "other": Look("unlike most", "", fill=INK, ink=PAPER),
    "split": Look("no majority", "", line=INK),
    "apart": Look("", "", line=GREY),
    "none": Look("not coded", "", RULE, PAPER, GREY, hatch="/"),
}
_LOOKS = LOOKS | KINDS
_LABEL, _NOTE = 360, 160  # pixels
_UNITS = {"level": ("level of cooperation", "levels of cooperation")}
_BANDS = ("Only one finds it stated", "Both find it stated, at different levels")


def disagreement(
    seed: Seed, codes: pd.DataFrame, variable: str, most: int = 40, remark: str = ""
) -> go.Figure:
    """The units on which coders disagree about one variable, most disagreement first.

    ``codes`` as in ``seminar.sheets.Returned``. Each cell says the code and carries the ids of
    the unit's statements. ``most`` is how many units are drawn; the subtitle says how many there
    are, then ``remark``. Raises SeedError if nobody coded the variable. It cannot tell who is
    right: a majority can be wrong.
    """
    here = codes[codes["variable"] == variable]
    if here.empty:
        named = ", ".join(dict.fromkeys(codes["variable"])) or "no codes"
        raise SeedError(f"nobody coded '{variable}'; there are: {named}")
    rows = prepare(seed, here)
    said = words(seed, rows, variable, most)
    said = said._replace(subtitle=f"{said.subtitle} {remark}".strip())
    name = f"disagreement-{variable}"
    if not any(row["apart"] for row in rows):
        return sentence(name, said.title, said.subtitle)
    return draw(seed, rows, said, most, name)


def prepare(seed: Seed, codes: pd.DataFrame) -> list[dict]:
    """One row a unit and coder: ``unit``, ``name``, ``coder``, ``code``, ``memo``, ``kind`` (a
    level, or of KINDS), ``ids``, ``coded`` (how many coded the unit) and ``apart`` (whether they
    disagree); most disagreement first."""
    given = {(row["unit"], row["coder"]): row for row in records(codes)}
    coders, called = list(dict.fromkeys(codes["coder"])), _names(seed)
    counts = {
        unit: Counter(
            code for coder in coders if (code := given.get((unit, coder), {}).get("code"))
        )
        for unit in dict.fromkeys(codes["unit"])
    }
    rows = []
    for unit in sorted(counts, key=lambda unit: _agreed(counts[unit])):
        same = {"unit": unit, "name": called(unit), "ids": _ids(seed, unit)}
        same |= {"coded": counts[unit].total(), "apart": len(counts[unit]) > 1}
        for coder in coders:
            cell = given.get((unit, coder), {"code": "", "memo": ""})
            own = {"coder": coder, "code": cell["code"], "memo": cell["memo"]}
            kind = _kind(cell["code"], counts[unit], len(coders))
            rows.append({**same, **own, "kind": kind})
    return rows


def _agreed(count: Counter) -> float:
    """The share of coders with the commonest code; above 1 where nobody coded."""
    return max(count.values()) / count.total() if count else 2.0


def _kind(code: str, count: Counter, coders: int) -> str:
    if not code or code in LEVEL:
        return code or "none"
    if coders < 3:  # two have no majority
        return "apart"
    ranked = count.most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return "split"
    return "majority" if code == ranked[0][0] else "other"


def _names(seed: Seed) -> Callable[[str], str]:
    """A unit as a reader would say it: a statement, shortened; a level by dimension and
    coalition."""
    said = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    hypotheses = dict(zip(seed.hypotheses["id"], seed.hypotheses["name"], strict=True))
    said |= {
        row["id"]: f"{hypotheses[row['hypothesis']]}: {said.get(row['fact'], row['fact'])}"
        for row in records(seed.consistency)
    }
    called = names(seed)

    def name(unit: str) -> str:
        if ":" in unit:
            return ": ".join(in_text(called.get(part, part)) for part in unit.split(":"))
        return shorten(said.get(unit, unit), 100)

    return name


def _ids(seed: Seed, unit: str) -> list[str]:
    """The ids behind a unit: the statement itself; for a level the instances, or the dimension."""
    if ":" not in unit:
        return [unit]
    dimension, coalition = unit.split(":", 1)
    table = seed.cooperation
    bears = (table["dimension"] == dimension) & (table["coalition"] == coalition)
    return list(table.loc[bears, "id"]) or [dimension]


def _word(code: str, called: Mapping[str, str]) -> str:
    if code in LEVEL:
        return LEVEL[code].word
    return called.get(code, code).replace("_", " ") or KINDS["none"].word


def words(seed: Seed, rows: Sequence[Mapping], variable: str, most: int) -> Words:
    """Title, counting rule, and a line and a card for each unit on which coders disagree."""
    units = grouped(rows, "unit")
    both = [of for of in units.values() if of[0]["coded"] > 1]
    apart = [of for of in both if of[0]["apart"]]
    coders = list(dict.fromkeys(row["coder"] for row in rows))
    title = _title(coders, len(apart), len(both), variable)
    subtitle = "There is nothing to draw."
    if apart:
        subtitle = _agreed_on(both, coders if variable in _UNITS else [])
    subtitle += _left_out(len(units) - len(both), len(apart), most)
    cards = [_card(of, names(seed), _decisive(seed, rows)) for of in apart[:most]]
    told = [f"{card['heading']}: {', '.join(card['lines'])}" for card in cards]
    return Words(title, subtitle, told, cards)


def _title(coders: Sequence[str], apart: int, both: int, variable: str) -> str:
    who = " and ".join(coders) if len(coders) == 2 else counted(len(coders), "coder")
    number = f"{apart or 'none'} of {counted(both, *_UNITS.get(variable, ('unit',)))}"
    what = "" if variable in _UNITS else f" ({variable.replace('_', ' ')})"
    return f"{who[0].upper()}{who[1:]} differ on {number}{what}"


def _left_out(alone: int, apart: int, most: int) -> str:
    """What is not compared or not drawn, in words."""
    told = f" Not compared, because fewer than two coded them: {alone}." if alone else ""
    return told + (f" The first {most} of {apart} are shown." if apart > most else "")


def _agreed_on(units: Sequence[Sequence[Mapping]], coders: Sequence[str]) -> str:
    """On how many units coders agree; of two who gave levels also how many of those stated."""
    subtitle = f"They agree on the other {sum(not of[0]['apart'] for of in units)}"
    if len(coders) == 2:
        stated = [of for of in units if of[0]["code"] != "not_stated"]
        alike = sum(not of[0]["apart"] for of in stated)
        subtitle += f", and on {alike} of the {len(stated)} that {coders[0]} finds stated"
    cells = [of[0]["unit"].split(":") for of in units if ":" in of[0]["unit"]]
    forms, sides = (len({cell[at] for cell in cells}) for at in (0, 1))
    made = f" A level: one of {counted(forms, *FORMS)} for one of {counted(sides, 'coalition')}."
    return f"{subtitle}.{made if cells else ''}"


def _card(rows: Sequence[Mapping], called: Mapping[str, str], decisive: set[str]) -> dict:
    lines_of = [f"{row['coder']}: {_word(row['code'], called)}" for row in rows]
    decides = ": decides the comparison" if rows[0]["unit"] in decisive else ""
    return {"heading": rows[0]["name"] + decides, "lines": lines_of}


def _band(rows: Sequence[Mapping]) -> str:
    """The heading of a unit on which two coders give levels; empty for any other."""
    codes = {row["code"] for row in rows}
    if len(rows) != 2 or not codes <= set(LEVEL):
        return ""
    return _BANDS[0] if "not_stated" in codes else _BANDS[1]


def _decisive(seed: Seed, rows: Sequence[Mapping]) -> set[str]:
    """The units on which it depends whether a dimension can be compared."""
    codes = {(row["unit"], row["coder"]): row["code"] for row in rows}
    sides = compared_sides(seed) or ()
    found: set[str] = set()
    for dimension in {row["unit"].partition(":")[0] for row in rows if ":" in row["unit"]}:
        units = [f"{dimension}:{side}" for side in sides]
        told = {
            all(codes.get((unit, coder), "") not in ("", "not_stated") for unit in units)
            for _, coder in codes
        }
        found |= set(units) if len(told) > 1 else set()
    return found


def draw(seed: Seed, rows: Sequence[Mapping], said: Words, most: int, name: str) -> go.Figure:
    """The figure of ``prepare``'s rows: the units on which coders disagree."""
    draft, called = Draft(seed), names(seed)
    coders = list(dict.fromkeys(row["coder"] for row in rows))
    apart = [of for of in grouped(rows, "unit").values() if of[0]["apart"]][:most]
    signs, decisive = int((WIDE - _LABEL - _NOTE) / len(coders) / 8), _decisive(seed, rows)
    shown = []
    for band, units in grouped([{"band": _band(of), "of": of} for of in apart], "band").items():
        shown += [{"heading": band}] * bool(band)
        shown += [_row(unit["of"], called, signs, decisive) for unit in units]
    heads = [f"<b>{text(shorten(coder, signs))}</b>" for coder in coders] + [""] * bool(decisive)
    high, notes = (26 if "heading" in shown[0] else 34), _NOTE * bool(decisive)
    y = grid(draft, shown, heads, _LOOKS, high=high, label=_LABEL, notes=notes)
    return draft.page(said, _key(draft, {row["kind"] for of in apart for row in of}, y), name)


def _key(draft: Draft, kinds: set[str], y: float) -> float:
    """What the looks of codes that are no levels mean; returns where it ends."""
    if unlike := [look for kind, look in KINDS.items() if look.word and kind in kinds]:
        swatches(draft, unlike, y := y + 16)
    return y + 14


def _row(of: Sequence[Mapping], called: Mapping, signs: int, decisive: set[str]) -> dict:
    """The row of ``grid`` for one unit."""
    note = "<b>decides the comparison</b>" if of[0]["unit"] in decisive else ""
    cells = [_cell(row, called, signs) for row in of]
    return {"ids": of[0]["ids"], "label": wrap(of[0]["name"], 58), "cells": cells, "note": note}


def _cell(row: Mapping, called: Mapping[str, str], signs: int) -> dict:
    word = text(shorten(_word(row["code"], called), signs))
    return {**row, "text": word, "says": _says(row)}


def _says(row: Mapping) -> str:
    code = row["code"].replace("_", " ") or KINDS["none"].word
    memo = f"<br><i>{wrap(row['memo'])}</i>" if row["memo"] else ""
    return f"<b>{text(row['coder'])}</b>: {text(code)}{memo}<br>\u2014<br>"


# -------------------------------------------------------------------------- the comparison


def recoded(seed: Seed, other: Seed, left: str, right: str, coding: str) -> go.Figure:
    """The dimensions on which two coalitions can be compared under the coding of ``seed`` or of
    ``other``, the levels of both beside each other.

    ``coding`` begins the title: ``With all alternative codings taken at once``. Returns a plotly
    figure; a sentence where neither coding allows a comparison.
    """
    parts = [
        grouped(compared(part, left, right, coalitions=(left, right)), "dimension")
        for part in (seed, other)
    ]
    both = [_comparable(levels) for levels in parts]
    ours, now = map(_forms, both)
    title = f"{coding}, {now} can be compared"
    between = range_in_words(seed, left, right)
    subtitle = f"In our coding, {ours} can. Levels that change are in bold. {between}"
    shown = [[levels[one] for levels in parts] for one in parts[0] if one in both[0] + both[1]]
    if not shown:
        return sentence("comparison", title, subtitle)
    rows = [_recoded_row(*pair) for pair in shown]
    sides = [text(cell["coalition"]) for cell in shown[0][0]]
    heads = [f"Our coding:<br><b>{side}</b>" for side in sides]
    heads += [f"Other coding:<br><b>{side}</b>" for side in sides]
    draft = Draft(other)  # it has the rows of both
    y = grid(draft, rows, [*heads, "Favours"], _LOOKS, label=210, notes=190, high=40)
    return draft.page(_in_words(title, subtitle, rows), y + 10, "comparison")


def _forms(known: Sequence[str]) -> str:
    return counted(len(known), *FORMS) if known else f"no {FORMS[0]}"


def _in_words(title: str, subtitle: str, rows: Sequence[Mapping]) -> Words:
    cards = [{"heading": row["name"], "lines": row["told"]} for row in rows]
    told = [f"{card['heading']}: {'; '.join(card['lines'])}." for card in cards]
    return Words(title, subtitle, told, cards)


def _comparable(levels: Mapping[str, Sequence[Mapping]]) -> list[str]:
    return [dimension for dimension, cells in levels.items() if cells[0]["band"] == "both"]


def _recoded_row(ours: Sequence[Mapping], theirs: Sequence[Mapping]) -> dict:
    """A row of ``grid`` for one dimension under both codings, and the same in words."""
    cells, told = [], []
    for whose, before, side in zip(
        ("ours", "ours", "other", "other"), [*ours, *ours], [*ours, *theirs], strict=True
    ):
        word = LEVEL[side["level"]].word
        says = f"{text(side['name'])}, {text(side['coalition'])}: {word} ({whose})<br>"
        cell = {"ids": side["ids"], "kind": side["level"], "says": says}
        cells.append(
            {**cell, "text": f"<b>{word}</b>" if side["level"] != before["level"] else word}
        )
        told.append(f"{side['coalition']}, {whose}: {word}")
    before, after = (text(_result(of)) for of in (ours, theirs))
    told.append(f"Result, ours: {before}; other: {after}")
    note = before if before == after else f"{before}<br>\u2192 <b>{after}</b>"
    ids = [i for cell in cells for i in cell["ids"]]
    label = f"<b>{wrap(ours[0]['name'], 28)}</b>"
    name = ours[0]["name"]
    return {"ids": ids, "name": name, "label": label, "cells": cells, "note": note, "told": told}


def _result(cells: Sequence[Mapping]) -> str:
    """Whom a dimension favours, in words; not comparable without a level on both sides."""
    return favoured(cells, cells[0]) if cells[0]["band"] == "both" else "not comparable"
