"""Where codings differ, unit by unit; of levels those first that can change the comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.comparison import LEVELS
from axislib.figures.draft import Draft, Line, Words, grid, grouped, sentence, shorten, swatches
from axislib.figures.hover import text, wrap
from axislib.figures.palette import CERTAINTY, GREY, INK, LEVEL, PAPER, RULE, Look
from axislib.questions.levels import RANK, compared_sides, levels
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import capital, column_words, counted, in_text, names, number_word

# codes that are no levels have no hue: only who differs from most counts
KINDS = {
    "majority": Look("as most coders", "", line=GREY),
    "other": Look("unlike most", "", fill=INK, ink=PAPER),
    "split": Look("no majority", "", line=INK),
    "apart": Look("", "", line=GREY),
    "effect": Look("", "", PAPER),
    "same": Look("", "", PAPER, ink=GREY),
    "none": Look("not coded", "", RULE, PAPER, GREY, hatch="/"),
}
_LOOKS = LEVELS | KINDS | {"not_stated": LEVEL["not_stated"]._replace(line=GREY)}
_LABEL, _NOTES, _CODES = 264, 488, 324  # pixels: of a unit, of a reason, of all codes
_UNIT, _UNITS = ("unit",), {"level": ("judgement", "judgements")}
_TO, _BIG = " \u2192 ", 120  # pixels of the number of forms


def disagreement(
    seed: Seed, codes: pd.DataFrame, variable: str, most: int = 40, ours: bool = False
) -> go.Figure:
    """The units on which coders disagree about one variable, most disagreement first.

    ``codes`` as in ``seminar.sheets.Returned``. Each cell says the code and carries the ids of
    the unit's statements; of two coders the memo stands beside it. ``most`` is how many units are
    drawn; ``ours``: the first of two codings is ours, the second adopts every alternative. Raises
    SeedError if nobody coded the variable. It cannot tell who is right: a majority can be wrong."""
    here = codes[codes["variable"] == variable]
    if here.empty:
        named = ", ".join(dict.fromkeys(codes["variable"])) or "no codes"
        raise SeedError(f"nobody coded '{variable}'; there are: {named}")
    rows = prepare(seed, here)
    said = words(seed, rows, variable, most, ours)
    name = f"disagreement-{variable}"
    if not any(row["apart"] for row in rows):
        return sentence(name, said.title, said.subtitle)
    return draw(seed, rows, said, most, name)


def prepare(seed: Seed, codes: pd.DataFrame) -> list[dict]:
    """One row a unit and coder: ``unit``, ``name``, ``coder``, ``code``, ``memo``, ``kind`` (a
    level, or of KINDS; pale in a ``frame`` where it is presumed), ``ids``, ``coded`` (by how
    many), ``apart`` (whether they disagree), ``effect`` (see ``_decisive``); most apart first."""
    given = {(row["unit"], row["coder"]): row for row in records(codes)}
    coders, called = list(dict.fromkeys(codes["coder"])), _names(seed)
    by_unit = codes.groupby("unit", sort=False)["code"]
    counts = {str(unit): Counter(filter(None, own)) for unit, own in by_unit}
    unsure = records(levels(seed).query("certainty == 'presumed'"))
    presumed = {(f"{row['dimension']}:{row['coalition']}", row["level"]) for row in unsure}
    rows = []
    for unit in sorted(counts, key=lambda unit: _agreed(counts[unit])):
        same = {"unit": unit, "name": called(unit), "ids": _ids(seed, unit)}
        same |= {"coded": counts[unit].total(), "apart": len(counts[unit]) > 1}
        for coder in coders:
            cell = given.get((unit, coder), {"code": "", "memo": ""})
            own = {"coder": coder, "code": cell["code"], "memo": cell["memo"]}
            level = own["code"] * (":" in unit)
            own["kind"] = level or _kind(own["code"], counts[unit], len(coders))
            if (unit, own["code"]) in presumed:
                own |= {"kind": f"{own['code']}, pale", "frame": f"{own['code']}, presumed"}
            rows.append(same | own)
    decisive = _decisive(seed, rows)
    return [{**row, "effect": decisive.get(row["unit"])} for row in rows]


def _agreed(count: Counter) -> float:
    """The share of coders with the commonest code; above 1 where nobody coded."""
    return max(count.values()) / count.total() if count else 2.0


def _kind(code: str, count: Counter, coders: int) -> str:
    if not code:
        return "none"
    if coders < 3:  # two have no majority
        return "apart"
    ranked = count.most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return "split"
    return "majority" if code == ranked[0][0] else "other"


def _names(seed: Seed) -> Callable[[str], str]:
    """A unit as a reader would say it: a statement, shortened; a level by its name."""
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


def words(
    seed: Seed, rows: Sequence[Mapping], variable: str, most: int, ours: bool = False
) -> Words:
    """Title, counting rule, and a line and a card for each unit on which coders disagree."""
    units = grouped(rows, "unit")
    both = [of for of in units.values() if of[0]["coded"] > 1]
    bands, called = _apart(seed, rows), names(seed)
    apart = [(band, of) for band, own in bands.items() for of in own]
    alone = len(next(iter(bands.values()))) * ("" not in bands)
    known = _comparable(_codes(seed, rows))
    said = _of_alternatives if ours else _of_coders
    title, told = said(both, len(apart), variable, alone, known)
    subtitle = told if apart else "There is nothing to draw."
    few = len(units) - len(both)
    subtitle += f" Not compared, because fewer than two coded them: {few}." * bool(few)
    subtitle += f" The first {most} of {len(apart)} are shown." * (len(apart) > most)
    together = _together(_codes(seed, rows), called, [of for _, of in apart])
    number, about, more = together or ("", "", "")
    lines_of: list[str] = [f"{number}: {about}. {more}".strip()] * bool(together)
    pair = {"heading": f"{number} {about}", "lines": [more] * bool(more)}
    cards: list[dict] = [pair] * bool(together)
    for band, own in grouped(apart[:most], 0).items():
        lines_of += (lines := [Line(_line(of, called), of[0]["ids"]) for _, of in own])
        folded = "Show the list" * (len(cards) > 1)  # those that decide nothing
        cards.append({"heading": band or "Coded differently", "lines": lines, "folded": folded})
    return Words(title, subtitle, lines_of, cards)


def _together(
    codes: Mapping, called: Mapping, units: Sequence[Sequence[Mapping]]
) -> tuple[str, str, str] | None:
    """How many forms each of two codings can compare, in words; those lost or not gained."""
    known = _comparable(codes)
    if len(known) != 2 or not units:
        return None
    ours, theirs = ([f for f, by in codes.items() if _result(by[c]) is not None] for c in known)
    lost = [form for form in ours if form not in theirs]
    undone = [of[0]["unit"].partition(":")[0] for of in units if " if " in (of[0]["effect"] or "")]
    told = [f"Lost: {_forms(lost, called)}."] * bool(lost)
    none = f"No gain: {_forms(undone, called)}, which one change adds and another removes."
    told += [none] * bool(undone)
    number = f"{len(ours)}{_TO}{len(theirs)}"
    return number, f"forms can be compared if all {len(units)} change together", " ".join(told)


def _forms(forms: Sequence[str], called: Mapping) -> str:
    return ", ".join(dict.fromkeys(called[form][0].lower() + called[form][1:] for form in forms))


def _of_alternatives(
    units: Sequence, apart: int, variable: str, alone: int, known: Mapping[str, int]
) -> tuple[str, str]:
    """Title and subtitle where the second coding adopts every alternative to the first, ours."""
    forms = [f"{number_word(number)} form{'s' * (number > 1)}" for number in known.values()]
    part = _part(units, apart, variable, "our ")
    title = f"All the alternative codings together would change {part}"
    title += f" and leave {forms[-1]} to compare" if forms else ""
    also = "A form of cooperation can be compared if the article says of both sides whether it is"
    also += f" present: by our coding, {''.join(forms[:1]).partition(' ')[0]} can."
    each = " each alter that number on their" if alone > 1 else " alter that number on its"
    also += f" {capital(number_word(alone))} of these changes would{each} own. "
    mine = "Both codings are ours, so this is not a test of reliability. "
    return title, f"{mine}{also * bool(alone and forms)}{_agreed_on(units, apart, variable)}"


def _of_coders(
    units: Sequence, apart: int, variable: str, alone: int, known: Mapping[str, int]
) -> tuple[str, str]:
    """Title and subtitle of other codings, with how many forms can be compared by each."""
    coders = [row["coder"] for of in units[:1] for row in of]
    who = " and ".join(coders) if len(coders) == 2 else counted(len(coders), "coder")
    more = f"; {number_word(alone)} of these can change the comparison" * bool(alone)
    each = [f"by {coder}, {number_word(n) if n else 'none'}" for coder, n in known.items()]
    told = f" Forms that can be compared: {'; '.join(each)}." * bool(each)
    title = f"{capital(who)} differ on {_part(units, apart, variable)}{more}"
    return title, _agreed_on(units, apart, variable) + told


def _part(units: Sequence, part: int, variable: str, whose: str = "") -> str:
    what = "" if variable in _UNITS else f" ({column_words(variable)})"
    told = len(units) - _silent(units)
    return f"{part or 'none'} of {whose}{counted(told, *_UNITS.get(variable, _UNIT))}{what}"


def _silent(units: Sequence[Sequence[Mapping]]) -> int:
    """On how many units two coders see nothing."""
    return sum([row["code"] for row in of] == ["not_stated"] * 2 for of in units)


def _agreed_on(units: Sequence[Sequence[Mapping]], apart: int, variable: str) -> str:
    """On how many units coders agree; of levels, on how many two see nothing."""
    number = counted(len(units), *_UNITS.get(variable, _UNIT))
    if not (silent := _silent(units)):
        return f"They agree on {len(units) - apart} of {number}."
    same = len(units) - silent - apart
    told = f"The two codings agree on the other {same}. " * bool(same)
    return f"{told}Left out: {silent} more that neither coding finds stated."


def _apart(seed: Seed, rows: Sequence[Mapping]) -> dict[str, list[list[Mapping]]]:
    """The units on which coders disagree, by heading; those with the same reason together."""
    called = names(seed)
    units = [of for of in grouped(rows, "unit").values() if of[0]["apart"]]
    told = [{"why": _memo(of) or of[0]["unit"], "of": of} for of in units]
    units = [unit["of"] for own in grouped(told, "why").values() for unit in own]
    if all(row["effect"] is None for row in rows):
        return {"": units}
    by: dict[bool, list] = {True: [], False: []}
    for of in units:
        by[of[0]["effect"] is not None].append(of)
    both = " with ".join(in_text(called[side]) for side in compared_sides(seed) or ())
    heads = {f"Each of these can change the comparison of {both} ({len(by[True])})": by[True]}
    return heads | {f"None of these changes it on its own ({len(by[False])})": by[False]}


def _comparable(codes: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, int]:
    """Coder -> how many forms can be compared, of ``_codes``; nothing where a code is missing."""
    found = [*codes.values()]
    whole = found and all(code for by in found for pair in by.values() for code in pair)
    return {c: sum(_result(by[c]) is not None for by in found) for c in found[0]} if whole else {}


def _line(rows: Sequence[Mapping], called: Mapping[str, str]) -> str:
    """A unit in words: what each coder gave; of two, what it would change, and the memos."""
    effect, put = rows[0]["effect"], [" (presumed)" * ("frame" in row) for row in rows]
    words = [_word(row["code"], called) + more for row, more in zip(rows, put, strict=True)]
    told = [f"{capital(row['coder'])}: {word}." for row, word in zip(rows, words, strict=True)]
    given = f"{capital(_TO.join(words))}." if len(rows) == 2 else " ".join(told)
    given = f"{given[:-1]}: comparable forms {effect}." if effect else given
    return f"{rows[0]['name']}.\n\n{given}\n{_memo(rows)}".strip()


def _memo(rows: Sequence[Mapping]) -> str:
    """The memos of two coders; of more, each is in the hover box of its cell."""
    return "; ".join(filter(None, (row["memo"] for row in rows))) if len(rows) == 2 else ""


def _codes(seed: Seed, rows: Sequence[Mapping]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Form of cooperation -> coder -> the levels of the two sides compared."""
    codes = {(row["unit"], row["coder"]): row["code"] for row in rows}
    sides, coders = compared_sides(seed) or (), list(dict.fromkeys(row["coder"] for row in rows))
    forms = dict.fromkeys(unit.partition(":")[0] for unit, _ in codes if ":" in unit and sides)
    return {
        form: {c: tuple(codes.get((f"{form}:{side}", c), "") for side in sides) for c in coders}
        for form in forms
    }


def _result(pair: Sequence[str]) -> int | None:
    """Which of two levels is the higher; None where they cannot be compared."""
    if not set(pair) <= RANK.keys():
        return None
    left, right = (RANK[level] for level in pair)
    return (left > right) - (left < right)


def _decisive(seed: Seed, rows: Sequence[Mapping]) -> dict[str, str]:
    """The units on which the comparison depends: where the codings as they are differ on the
    result for a form, or would if the unit alone were changed in the first. Of two whole codings
    with how many forms can be compared by the first, and then, where that changes."""
    found, codes, called = {}, _codes(seed, rows), names(seed)
    sides, known = compared_sides(seed) or (), [*_comparable(codes).values()]
    for form, by in codes.items():
        first, *_ = both = [*by.values()]
        whole = len({_result(pair) for pair in both}) > 1
        for place, side in enumerate(sides):
            mixed = ([*first[:place], pair[place], *first[place + 1 :]] for pair in both)
            then = [_result(pair) for pair in mixed]
            if whole or len(set(then)) > 1:
                other = in_text(called[sides[1 - place]])
                found[f"{form}:{side}"] = _effect(known, then, _result(both[-1]), other)
    return found


def _effect(known: Sequence[int], then: Sequence[int | None], whole: int | None, other: str) -> str:
    """How many forms can be compared before and after a change; what the ``other`` side undoes."""
    more = (then[-1] is not None) - (then[0] is not None)
    if not more or len(known) != 2:
        return ""
    undone = f"; still {known[0]} if the code for {other} changes too"
    return f"{known[0]}{_TO}{known[0] + more}{undone * (more > 0 and whole is None)}"


def draw(seed: Seed, rows: Sequence[Mapping], said: Words, most: int, name: str) -> go.Figure:
    """The figure of ``prepare``'s rows: the units on which coders disagree."""
    draft, bands = Draft(seed), _apart(seed, rows)
    coders = list(dict.fromkeys(row["coder"] for row in rows))
    units = [of for own in bands.values() for of in own]
    memos, known = any(map(_memo, units)), _comparable(_codes(seed, rows))
    more = str([*known.values()][0]) if any(of[0]["effect"] for of in units) else ""
    notes, columns = _NOTES if memos else 0, len(coders) + bool(more)
    signs = int((_CODES + _NOTES - notes) / columns / 7)
    shown = _rows(bands, names(seed), signs, most, more)
    y = 0
    if together := _together(_codes(seed, rows), names(seed), units):
        number, about, lost = map(text, together)
        draft.note(f"<b>{number}</b>", 0, 18, font={"size": 34})
        draft.note(f"<b>{about}</b><br>{lost}", _BIG, 18, font={"size": 14})
        y = 46
    heads = [f"<b>{wrap(shorten(capital(who), 2 * signs), signs)}</b>" for who in coders]
    heads += ["<b>Comparable<br>forms, if only<br>this changes</b>"] * bool(more)
    heads += ["<b>Why they differ</b>"] * memos
    y = grid(draft, shown, heads, _LOOKS, y, 30 + 8 * memos, _LABEL, notes)
    return draft.page(said, _key(draft, {row["kind"] for row in rows if row["apart"]}, y), name)


def _rows(bands: dict[str, list], called: Mapping, signs: int, most: int, more: str) -> list[dict]:
    """The rows of ``grid`` for the first ``most`` units, by band; ``more``: forms comparable."""
    shown: list[dict] = []
    for band, own in bands.items():
        shown += [{"heading": text(band)}] * bool(band and own and most > 0)
        shown += [_unit(of, called, signs, more) for of in own[: max(most, 0)]]
        most -= len(own)
    for row, before in zip(shown[:0:-1], shown[-2::-1], strict=True):  # a reason shared, once
        if row.get("note") == before.get("note", "") != "":
            row["note"] = "The same reason as in the row above"
    return shown


def _unit(of: Sequence[Mapping], called: Mapping, signs: int, more: str) -> dict:
    """A row of ``grid`` for a unit; quiet, if it changes nothing on its own."""
    effect, _, undone = (of[0]["effect"] or "").partition("; ")
    quiet = {"kind": "same", "frame": None} if more and of[0]["effect"] is None else {}
    cells = [{**_cell(row, called, signs, bool(quiet)), **quiet} for row in of]
    says = f"<b>Comparable forms</b>: {text(of[0]['effect'] or more)}<br>\u2014<br>"
    cell = {"kind": "effect", "text": f"<b>{effect}</b>" * bool(effect), "says": says}
    label = wrap(of[0]["name"], 45)
    label += f'<br><span style="color:{GREY}">{wrap(undone, 45)}</span>' * bool(undone)
    found = {"label": label, "cells": cells + [cell] * bool(more)}
    return {"ids": of[0]["ids"], "note": wrap(shorten(_memo(of), 164), 82), **found}


def _key(draft: Draft, kinds: set[str], y: float) -> float:
    """What the looks of codes that are no levels mean, and the hatch; returns where it ends."""
    unlike = [look for kind, look in KINDS.items() if look.word and kind in kinds]
    hatch = CERTAINTY["presumed"]._replace(line=LEVEL["present"].line)
    if unlike := unlike + [hatch] * any(kind.endswith(", pale") for kind in kinds):
        x = swatches(draft, unlike, y := y + 16)
        if "left_open" in kinds:
            told = "left open: neither affirmed nor denied; not stated: not mentioned"
            draft.note(told, x + 24, y, font={"size": 12})
    return y + 14


def _cell(row: Mapping, called: Mapping[str, str], signs: int, quiet: bool) -> dict:
    word, memo = _word(row["code"], called), f"<br><i>{wrap(row['memo'])}</i>" * bool(row["memo"])
    put = "<br>(presumed)" * ("frame" in row)  # a hatch, if it is not quiet
    says = f"<b>{text(row['coder'])}</b>: {text(word)}{put}{memo}<br>\u2014<br>"
    return {**row, "text": text(shorten(word, signs)) + put * quiet, "says": says}
