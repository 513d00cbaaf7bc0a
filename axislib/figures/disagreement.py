"""Where codings differ, unit by unit; of levels those first that decide the comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.draft import (
    WIDE,
    Draft,
    Line,
    Words,
    grid,
    grouped,
    sentence,
    shorten,
    swatches,
)
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, INK, LEVEL, LOOKS, PAPER, RULE, Look
from axislib.questions.levels import compared_sides
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import counted, in_text, names, number_word

# codes that are no levels have no hue: only who differs from most counts
KINDS = {
    "majority": Look("as most coders", "", line=GREY),
    "other": Look("unlike most", "", fill=INK, ink=PAPER),
    "split": Look("no majority", "", line=INK),
    "apart": Look("", "", line=GREY),
    "none": Look("not coded", "", RULE, PAPER, GREY, hatch="/"),
}
_LOOKS = LOOKS | KINDS
_LABEL, _CELL = 300, 124  # pixels: of a unit, of a code
_UNITS = {"level": ("judgement", "judgements")}
_BANDS = (
    "Changes on which forms both sides can be compared",
    "Others that only one coding finds stated",
    "Both find it stated, at different levels",
    "",
)


def disagreement(
    seed: Seed, codes: pd.DataFrame, variable: str, most: int = 40, remark: str = ""
) -> go.Figure:
    """The units on which coders disagree about one variable, most disagreement first.

    ``codes`` as in ``seminar.sheets.Returned``. Each cell says the code and carries the ids of
    the unit's statements; of two coders the memo stands beside it. ``most`` is how many units are
    drawn; the subtitle begins with ``remark``. Raises SeedError if nobody coded the variable. It
    cannot tell who is right: a majority can be wrong.
    """
    here = codes[codes["variable"] == variable]
    if here.empty:
        named = ", ".join(dict.fromkeys(codes["variable"])) or "no codes"
        raise SeedError(f"nobody coded '{variable}'; there are: {named}")
    rows = prepare(seed, here)
    said = words(seed, rows, variable, most)
    said = said._replace(subtitle=f"{remark} {said.subtitle}".strip())
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
    bands, called = _apart(seed, rows), names(seed)
    apart = [(band, of) for band, own in bands.items() for of in own]
    deciding = len(bands.get(_BANDS[0], []))
    told = _told(both) if apart else "There is nothing to draw."
    subtitle = told + _left_out(len(units) - len(both), len(apart), most)
    shown = grouped([{"band": band, "of": of} for band, of in apart[:most]], "band")
    cards = [
        {
            "heading": band or "Others",
            "lines": [Line(_line(unit["of"], called), unit["of"][0]["ids"]) for unit in own],
        }
        for band, own in shown.items()
    ]
    lines_of = [line for card in cards for line in card["lines"]]
    title = _title(both, len(apart), deciding, variable)
    return Words(title, subtitle, lines_of, cards)


def _apart(seed: Seed, rows: Sequence[Mapping]) -> dict[str, list[list[Mapping]]]:
    """The units on which coders disagree, by band; those that decide the comparison first."""
    decisive = _decisive(seed, rows)
    units = [of for of in grouped(rows, "unit").values() if of[0]["apart"]]
    banded = [{"band": _band(of, decisive), "of": of} for of in units]
    for unit in banded:
        unit["why"] = _memo(unit["of"]) or unit["of"][0]["unit"]
    banded = [unit for own in grouped(banded, "why").values() for unit in own]
    banded.sort(key=lambda unit: _BANDS.index(unit["band"]))
    return {band: [unit["of"] for unit in own] for band, own in grouped(banded, "band").items()}


def _title(units: Sequence[Sequence[Mapping]], apart: int, deciding: int, variable: str) -> str:
    coders = [row["coder"] for of in units[:1] for row in of]
    who = " and ".join(coders) if len(coders) == 2 else counted(len(coders), "coder")
    who = who[0].upper() + who[1:]
    number = counted(len(units), *_UNITS.get(variable, ("unit",)))
    what = "" if variable in _UNITS else f" ({variable.replace('_', ' ')})"
    decide = f"; {number_word(deciding)} of these can change what is compared"
    return f"{who} differ on {apart or 'none'} of {number}{what}{decide * bool(deciding)}"


def _left_out(alone: int, apart: int, most: int) -> str:
    """What is not compared or not drawn, in words."""
    told = f" Not compared, because fewer than two coded them: {alone}." if alone else ""
    return told + (f" The first {most} of {apart} are shown." if apart > most else "")


def _told(units: Sequence[Sequence[Mapping]]) -> str:
    """On how many units coders agree; of levels, what a unit is."""
    apart = sum(bool(of[0]["apart"]) for of in units)
    pairs = [of[0]["unit"].split(":") for of in units if ":" in of[0]["unit"]]
    if len(pairs) < len(units):
        return f"They agree on the other {len(units) - apart}."
    forms, sides = (len({pair[place] for pair in pairs}) for place in (0, 1))
    return (
        f"A judgement is the level of one form of cooperation for one coalition: {forms} forms,"
        f" {counted(sides, 'coalition')}. They agree on the other {len(units) - apart}."
    )


def _line(rows: Sequence[Mapping], called: Mapping[str, str]) -> str:
    """A unit in words: what each coder gave, and the memos of two."""
    told = [f"{row['coder']}: {_word(row['code'], called)}" for row in rows]
    between = " \u2192 " if len(rows) == 2 else ", "
    return f"{rows[0]['name']}: {between.join(told)}. {_memo(rows)}".strip()


def _memo(rows: Sequence[Mapping]) -> str:
    """The memos of two coders; of more, each is in the hover box of its cell."""
    return "; ".join(filter(None, (row["memo"] for row in rows))) if len(rows) == 2 else ""


def _band(rows: Sequence[Mapping], decisive: set[str]) -> str:
    """The heading of a unit: whether it decides the comparison, else how two levels differ."""
    codes = {row["code"] for row in rows}
    if rows[0]["unit"] in decisive:
        return _BANDS[0]
    if len(rows) != 2 or not codes <= set(LEVEL):
        return _BANDS[3]
    return _BANDS[1] if "not_stated" in codes else _BANDS[2]


def _decisive(seed: Seed, rows: Sequence[Mapping]) -> set[str]:
    """The units on which it depends whether a dimension can be compared: by the codings as they
    are, or if one unit alone is changed in the first."""
    codes = {(row["unit"], row["coder"]): row["code"] for row in rows if row["code"]}
    sides, coders = compared_sides(seed) or (), list(dict.fromkeys(coder for _, coder in codes))
    found: set[str] = set()
    for dimension in {row["unit"].partition(":")[0] for row in rows if ":" in row["unit"]}:
        found |= _turning([f"{dimension}:{side}" for side in sides], codes, coders)
    return found


def _turning(units: Sequence[str], codes: Mapping, coders: Sequence[str]) -> set[str]:
    """Those of the units of one dimension on which it depends."""
    told = {
        unit: [codes.get((unit, coder), "not_stated") != "not_stated" for coder in coders]
        for unit in units
    }
    if len({all(each) for each in zip(*told.values(), strict=True)}) > 1:
        return set(units)
    pairs = zip(units, reversed(units), strict=True)
    return {unit for unit, other in pairs if told[other][0] and len(set(told[unit])) > 1}


def draw(seed: Seed, rows: Sequence[Mapping], said: Words, most: int, name: str) -> go.Figure:
    """The figure of ``prepare``'s rows: the units on which coders disagree."""
    draft, bands = Draft(seed), _apart(seed, rows)
    coders = list(dict.fromkeys(row["coder"] for row in rows))
    memos = any(_memo(of) for own in bands.values() for of in own)
    notes = WIDE - _LABEL - _CELL * len(coders) if memos else 0
    signs = int((WIDE - _LABEL - notes) / len(coders) / 7)
    shown = _rows(bands, names(seed), signs, most)
    heads = [f"<b>{wrap(shorten(coder, 2 * signs), signs)}</b>" for coder in coders]
    heads += ["<b>Why they differ</b>"] * memos
    high = 40 if memos else 30
    y = grid(draft, shown, heads, _LOOKS, high=high, label=_LABEL, notes=notes)
    return draft.page(said, _key(draft, {row["kind"] for row in rows if row["apart"]}, y), name)


def _rows(bands: Mapping[str, list], called: Mapping, signs: int, most: int) -> list[dict]:
    """The rows of ``grid`` for the first ``most`` units, under the headings of their bands."""
    shown: list[dict] = []
    for band, own in bands.items():
        heading = band or "Others" * (len(bands) > 1)
        shown += [{"heading": heading}] * bool(heading and most > 0)
        for of in own[: max(most, 0)]:
            cells = [_cell(row, called, signs) for row in of]
            label, note = wrap(of[0]["name"], 48), wrap(shorten(_memo(of), 160), 84)
            shown.append({"ids": of[0]["ids"], "label": label, "cells": cells, "note": note})
        most -= len(own)
    for row, before in zip(shown[:0:-1], shown[-2::-1], strict=True):  # a reason shared, once
        row.update(
            {"note": "The same reason"} if row.get("note") == before.get("note", "") != "" else {}
        )
    return shown


def _key(draft: Draft, kinds: set[str], y: float) -> float:
    """What the looks of codes that are no levels mean; returns where it ends."""
    if unlike := [look for kind, look in KINDS.items() if look.word and kind in kinds]:
        swatches(draft, unlike, y := y + 16)
    return y + 14


def _cell(row: Mapping, called: Mapping[str, str], signs: int) -> dict:
    word = text(shorten(_word(row["code"], called), signs))
    return {**row, "text": word, "says": _says(row)}


def _says(row: Mapping) -> str:
    code = row["code"].replace("_", " ") or KINDS["none"].word
    memo = f"<br><i>{wrap(row['memo'])}</i>" if row["memo"] else ""
    return f"<b>{text(row['coder'])}</b>: {text(code)}{memo}<br>\u2014<br>"
