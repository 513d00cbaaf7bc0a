"""Two coalitions side by side on every dimension of cooperation, in four bands: stated for both,
for one only, for the other only, for neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from axislib import words as wording
from axislib.figures import draft as kit
from axislib.figures.draft import WIDE, Draft, Line, Words
from axislib.figures.hover import text, wrap
from axislib.figures.palette import CERTAINTY, GREY, INK, LEFT_OPEN, LEVEL, LOOKS, PAPER, SOURCE
from axislib.questions import levels as questions
from axislib.questions.levels import TWO_NEEDED, both_sides, likenesses, nothing_compared
from axislib.seed.seed import Seed
from axislib.seed.variants import members
from axislib.tables.schema import records, split_cell
from axislib.words import FORMS, counted, in_text, names

BANDS = ("both", "left", "right", "neither")
# what rests on the record alone is outlined in the colour of its level
LEVELS = LOOKS | {
    f"{level}, record": look._replace(
        fill=PAPER, ink=INK if level == "mixed" else look.line, width=2
    )
    for level, look in LEVEL.items()
}
LEVELS |= {  # what is presumed is pale, in a hatched frame
    f"{level}, pale": LEVELS[f"{level}, record"]._replace(line=PAPER, width=0) for level in LEVEL
}
LEVELS |= {
    f"{level}, presumed": look._replace(fill=PAPER, hatch=CERTAINTY["presumed"].hatch)
    for level, look in LEVEL.items()
}
_RULES = {  # what makes a level
    "present": "stated of the coalition or of at least one member, with nothing against it",
    "absent": "only statements against it",
    "mixed": "statements both for and against it",
}
_NAME, _CELL = 204, 360  # pixels: for the name of a dimension, of a cell at most
_FAVOURS = 155  # for whom it favours, at least
_COLUMNS, _ROW, _HEAD = 3, 18, 24
_SIGN = 6.6  # pixels of a sign
_BRIEF = 24  # letters: a name of the sources for a heading
_FEW = 5  # so many deciding dimensions get room for their statements


def comparison(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    coalitions: Sequence[str] | None = None,
    dimensions: str | Sequence[str] | None = None,
) -> go.Figure:
    """Levels of cooperation of two coalitions, in four bands by what is stated of them.

    Returns a plotly figure; each cell carries the ids of the statements that make its level, or of
    what is noted as not stated. ``left`` and ``right`` are those of ``compared_sides`` if left out;
    ``coalitions`` adds others as slim columns (all of the data set if left out). ``dimensions``
    leaves out all but the named ones. Raises SeedError for an unknown coalition. It counts
    no instances and weighs no dimension: a level says whether, never how much.

    >>> import axislib
    >>> figure = axislib.comparison(axislib.open_seed())
    >>> figure.layout.meta["cards"][0]["heading"]
    'The article covers both sides (2)'
    """
    if nothing_compared(seed, left, right):
        return kit.nothing_to_show("comparison", "two coalitions to compare", TWO_NEEDED)
    if not len(seed.cooperation):
        return kit.no_rows(seed, "comparison", "statements on cooperation", ["cooperation"])
    left, right = both_sides(seed, left, right)
    rows = prepare(seed, left, right, coalitions, dimensions)
    more = "" if dimensions else wording.range_in_words(seed, left, right)
    return draw(seed, rows, words(seed, rows, more))


def prepare(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    coalitions: Sequence[str] | None = None,
    dimensions: str | Sequence[str] | None = None,
) -> list[dict]:
    """One row a cell: its dimension, coalition and place in the comparison, ids, kind and words."""
    left, right = both_sides(seed, left, right)
    others = coalitions or questions.compared_coalitions(seed)
    shown = [left, right, *(one for one in others if one not in (left, right))]
    cells = {(c["dimension"], c["coalition"]): c for c in records(questions.levels(seed, shown))}
    pairs = likenesses(seed, left, right)
    order = ("left", "right", "neither", "cannot_say")
    pairs = pairs.assign(rank=pairs["exceeds"].map(order.index)).sort_values("rank", kind="stable")
    teller, rows = _Teller(seed), []
    by = "the statements selected" * ("cooperation" in seed.selected) or wording.sources_named(seed)
    asked = seed.ids_of(dimensions or (), seed.dimensions["id"], "dimensions")
    for pair in records(pairs[pairs["dimension"].isin(asked or set(pairs["dimension"]))]):
        first, second = (pair[f"{side}_level"] == "not_stated" for side in ("left", "right"))
        at = {"band": BANDS[first * 2 + second], "exceeds": pair["exceeds"], "by": by}
        for place, coalition in enumerate(shown):
            cell = teller.cell(cells[pair["dimension"], coalition])
            rows.append({**cell, **at, "place": place})
    known = (pairs[[f"{side}_level" for side in ("left", "right")]] != "not_stated").all(axis=1)
    return _paired(seed, rows, int(known.sum()))


def _paired(seed: Seed, rows: list[dict], both: int) -> list[dict]:
    """The same rows; ``twin`` where another coding makes two dimensions one, to be compared."""
    sides = {row["side"] for row in rows if row["place"] < 2}
    table = seed.cooperation
    counted = table[table["coalition"].isin(sides) & (table["polarity"] != "left_open")]
    form = dict(zip(counted["id"], counted["dimension"], strict=True))
    called, bands = ({row["dimension"]: row[of] for row in rows} for of in ("name", "band"))
    known = wording.number_word(both + 1) + (" forms" if both else " form")
    for reading in records(seed.readings[seed.readings["column"] == "dimension"]):
        pair = [form.get(reading["fact"]), reading["alternative"]]
        if {bands.get(one) for one in pair} == {"left", "right"}:
            one, other = (called[i][0].lower() + called[i][1:] for i in pair)
            said = f"An alternative coding treats {one} and {other} as one form;"
            said += f" {known} could then be compared."
            rows = [row | {"twin": said} if row["dimension"] in pair else row for row in rows]
    return rows


def _kind(level: str, left_open: bool, of_record: bool, presumed: bool) -> str:
    """The look of a cell."""
    if left_open:
        return "left_open"
    if presumed:
        return f"{level}, pale"
    return f"{level}, record" if of_record and level != "not_stated" else level


def _alone(speakers: Mapping[str, str], others: Mapping[str, str]) -> str:
    """Who alone states a level that somebody else leaves open, in brackets; empty where nobody."""
    opened = wording.listed([who for who in others if who not in speakers])
    who = wording.listed([*speakers]).removeprefix("the ")
    return f" ({who} only; left open by {opened})" * bool(opened)


def _credited(by: Mapping[str, str], opened: str) -> str:
    """Whose the first statement is, the one printed; whose the others are; who leaves it open."""
    first, *others = [f"{who} on {of}" if of else who for who, of in by.items()] or [""]
    told = ", and ".join(others) if any([*by.values()][1:]) else wording.listed(others)
    said = first + f"; in other statements also {told}" * bool(others)
    return said + f"; left open by {opened} elsewhere" * bool(opened)


class _Teller:
    """What a cell says: its ids, who speaks, the statement that makes its level."""

    def __init__(self, seed: Seed):
        self.seed = seed
        self.names = names(seed)
        self.facts = {row["id"]: row for row in records(seed.cooperation)}
        self.silences = [
            (row["id"], set(split_cell(row["about"])))
            for row in records(seed.silences[["id", "about"]])
        ]

    def cell(self, cell: Mapping) -> dict:
        ids = split_cell(cell["facts"]) or split_cell(cell["open_facts"])
        facts = [self.facts[i] for i in ids]
        level, by = cell["level"], self._by(facts)
        opened = self._by([self.facts[i] for i in split_cell(cell["open_facts"])])
        left_open = level == "not_stated" and bool(facts)
        open_by = wording.listed([*opened]) * (not left_open)
        of_record = bool(facts) and all(fact["layer"] == "context" for fact in facts)
        return {
            "dimension": cell["dimension"],
            "name": self.names[cell["dimension"]],
            "side": cell["coalition"],
            "coalition": self.names.get(cell["coalition"], cell["coalition"]),
            "level": level,
            "certainty": cell["certainty"],
            "left_open": left_open,
            "from": f"{SOURCE['record'].sign} " * (of_record and level != "not_stated"),
            "kind": _kind(level, left_open, of_record, cell["certainty"] == "presumed"),
            "speakers": _credited(by, open_by),
            "open_by": open_by,
            **({"frame": f"{level}, presumed"} if cell["certainty"] == "presumed" else {}),
            "alone": _alone(by, opened),
            "pairs": self._pairs(cell["pairs"]),
            "statement": facts[0]["statement"] if facts else "",
            "ids": list(dict.fromkeys([*ids, *split_cell(cell["open_facts"])]))
            or self._not_stated(cell),
        }

    def _by(self, facts: Sequence[Mapping]) -> dict[str, str]:
        """Each speaker of these statements, in order, with the pairs that each names."""
        record, pairs = f"the {SOURCE['record'].word}", {}
        for fact in facts:
            who = record if fact["layer"] == "context" else self.names[fact["speaker"]]
            pairs[who] = f"{pairs[who]};{fact['pairs']}" if who in pairs else fact["pairs"]
        return {who: self._pairs(of) for who, of in pairs.items()}

    def _pairs(self, pairs: str) -> str:
        """The pairs of actors named in statements; empty where it is the whole coalition."""
        found = dict.fromkeys(split_cell(pairs))
        ends = ([self.names.get(end, end) for end in pair.split("-")] for pair in found)
        return "" if "all" in found else wording.listed(["\u2013".join(pair) for pair in ends])

    def _not_stated(self, cell: Mapping) -> list[str]:
        """What is noted of this dimension as not stated, of this coalition or of none by name."""
        known = set(self.seed.actors["id"])
        found = [
            i
            for i, about in self.silences
            if cell["dimension"] in about and (cell["coalition"] in about or not about & known)
        ]
        return found or [cell["dimension"]]


def words(seed: Seed, rows: Sequence[Mapping], more: str = "") -> Words:
    """Title, counting rule (and ``more``), a line a dimension, and a card a band."""
    by_dimension = kit.grouped(rows, "dimension")
    deciding = [cells for cells in by_dimension.values() if cells[0]["band"] == "both"]
    title = _title(seed, rows, len(by_dimension), [cells[0]["exceeds"] for cells in deciding])
    weak = _presumed(rows, deciding)
    both = more and weak and f"{more.removesuffix('.')}; {weak[0].lower()}{weak[1:]}"
    subtitle = both or more or weak  # one sentence: a phone folds what follows the first
    description = [
        Line(" ".join([f"{cells[0]['name']}.", *map(_spoken, cells)]), _behind(cells))
        for cells in by_dimension.values()
    ]
    return Words(title, subtitle, description, _cards(rows, by_dimension))


def _cards(rows: Sequence[Mapping], by_dimension: Mapping[str, list[Mapping]]) -> list[dict]:
    """The bands, what is compared with its statements; then what levels mean."""
    cards = []
    for band in BANDS:
        members = [cells for cells in by_dimension.values() if cells[0]["band"] == band]
        if not members:
            continue
        head, both = heading(rows, band), band == "both"
        lines = [(_with_statements if both else _in_short)(rows, cells) for cells in members]
        signs = Counter(_sign_of(_own(cells)) for cells in members)
        head += f": {', '.join(f'{n} {sign}' for sign, n in signs.items())}" * (not both)
        chips = [level_chips(cells) for cells in members] * both
        cards.append({"heading": head, "lines": lines, "chips": chips})
    means = [f"{word.capitalize()}:\n{rule}" for word, rule in _meanings(rows).items()]
    means += _twins([*by_dimension.values()])
    explained = [{"heading": "What the levels mean", "lines": means, "key": True}] * bool(means)
    return [*cards, *explained]


def level_chips(cells: Sequence[Mapping]) -> list[tuple[str, str]]:
    """The words and the looks of the cells of both sides, for a phone."""
    shown = [
        {**cell, "level": "left_open" if cell["left_open"] else cell["level"]} for cell in cells[:2]
    ]
    told = [
        wording.curly(f"{in_text(cell['coalition'])}: {cell['from']}{_put(cell)}") for cell in shown
    ]
    looks = [cell["level"] + " presumed" * ("frame" in cell) for cell in shown]
    return list(zip(told, looks, strict=True))


def _own(cells: Sequence[Mapping]) -> Mapping:
    """The cell of the side that is covered; of one that leaves it open if there is no other."""
    return min(cells[:2], key=lambda one: (one["level"] == "not_stated", not one["statement"]))


def _sign_of(cell: Mapping) -> str:
    return (CERTAINTY["unclear"] if cell["left_open"] else LEVEL[cell["level"]]).sign


def _with_statements(rows: Sequence[Mapping], cells: Sequence[Mapping]) -> Line:
    side, alone = "".join(favours(rows, cells[0])), cells[0].get("changed", "").partition("\t")[2]
    told = [f"{cells[0]['name']}: {side}" + f"; by the record alone, {alone}" * bool(alone)]
    for cell in (cell for cell in cells if cell["place"] < 2 or cell["statement"]):
        level = f" {_put(cell)}." * (cell["place"] > 1)  # of the two sides a chip says it
        who = f" ({cell['speakers']})" * bool(cell["speakers"])
        told.append(f"{cell['coalition']}:{level}\t{cell['statement']}".rstrip() + who)
    return Line("\n".join(told), _behind(cells))


def _meanings(rows: Sequence[Mapping]) -> dict[str, str]:
    """The word of each level that there is, with what makes it; then what is presumed."""
    shown = [row for row in rows if row["place"] < 2]
    there = {LEVEL[level].word: rule for level, rule in _RULES.items()}
    there = {w: there[w] for w in there if any(LEVEL[r["level"]].word == w for r in shown)}
    word, _, rule = CERTAINTY["presumed"].word.partition(": ")
    return there | ({word: rule} if any("frame" in row for row in shown) else {})


def _twins(members: Sequence[Sequence[Mapping]]) -> list[str]:
    return list(dict.fromkeys(f"\u2020 {c[0]['twin']}" for c in members if "twin" in c[0]))


def _behind(cells: Sequence[Mapping]) -> list[str]:
    form = [cells[0]["dimension"]] * (cells[0]["band"] == "both")  # its label is a mark as well
    return form + [i for cell in cells for i in cell["ids"]]


def _in_short(_: object, cells: Sequence[Mapping]) -> Line:
    """A dimension stated for one side: its level there, then what is said of any other."""
    own = _own(cells)
    told = [
        f"{in_text(cell['coalition'])} " * (cell is not own) + _put(cell) + cell["alone"]
        for cell in (own, *(cell for cell in cells if cell is not own))
        if cell["statement"]
    ]
    name = f"{_sign_of(own)} {own['name']}" + " \u2020" * ("twin" in own)
    return Line(f"{name}:\n{'; '.join(told) or 'not stated'}", _behind(cells))


def _sides(rows: Sequence[Mapping]) -> tuple[str, str]:
    """The names of the two sides, as they read inside a sentence."""
    return in_text(rows[0]["coalition"]), in_text(rows[1]["coalition"])


def _presumed(rows: Sequence[Mapping], deciding: Sequence[Sequence[Mapping]]) -> str:
    """A warning where every result, or a lead, rests on what is presumed."""
    weak = [sum("frame" in cell for cell in cells[:2]) for cells in deciding]
    if weak and all(weak):
        many = f"Each of the {wording.number_word(len(weak))} results shown"
        level = ("presumed levels", "a presumed level")[max(weak) == 1]
        return f"{many if weak[1:] else 'The result'} rests on {level}."
    for side, name in zip(("left", "right"), _sides(rows), strict=True):
        own = [some for some, of in zip(weak, deciding, strict=True) if of[0]["exceeds"] == side]
        if own and all(own):
            told = "one form that favours" if len(own) == 1 else "forms that favour"
            return f"On the {told} {name}, the level is presumed, not known."
    return ""


def _title(seed: Seed, rows: Sequence[Mapping], total: int, exceeds: list[str]) -> str:
    left, right = _sides(rows)
    shown = len(exceeds)
    of = f"of {counted(total, *FORMS)}"
    of += " in the statements selected" if "cooperation" in seed.selected else ""
    if not shown:
        return f"None {of} can be compared: none is stated for both {left} and {right}"
    lead = f"{'Only ' if shown < total / 3 else ''}{shown} {of} can be compared"
    more, less = exceeds.count("left"), exceeds.count("right")
    if shown <= _FEW:
        return f"{lead}: {_few(more, less, shown - more - less, left, right)}"
    return f"{lead}: {most_favour(more, less, left, right)}"


def most_favour(more: int, less: int, left: str, right: str) -> str:
    """Which of two sides more dimensions favour, in words."""
    if more == less:
        return f"as many favour {left} as {right}"
    ahead, behind = (left, right) if more > less else (right, left)
    return f"more favour {ahead} than {behind}"


def _few(more: int, less: int, ties: int, left: str, right: str) -> str:
    """Whom so few dimensions favour, each number as a word."""
    if more + less + ties == 1:
        return "it is a tie" if ties else f"it favours {left if more else right}"
    return wording.listed(wording.favour((more, less, ties), left, right))


def favours(rows: Sequence[Mapping], cell: Mapping) -> tuple[str, str]:
    """Which side a dimension favours, as a predicate; and, as a remark, if a level is presumed."""
    own = (row for row in rows if row["dimension"] == cell["dimension"] and row["place"] < 2)
    side = "favours " * (cell["exceeds"] != "neither") + favoured(rows, cell)
    return side, " (presumed)" * any("frame" in row for row in own)


def favoured(rows: Sequence[Mapping], cell: Mapping) -> str:
    """Which side a dimension favours, in words."""
    left, right = _sides(rows)
    return {"left": left, "right": right, "neither": "a tie"}.get(cell["exceeds"], "unknown")


def heading(rows: Sequence[Mapping], band: str) -> str:
    """What a band holds, with how many dimensions."""
    left, right = _sides(rows)
    number = len({row["dimension"] for row in rows if row["band"] == band})
    by = wording.capital(rows[0]["by"])
    s = "s" * (by == "The article")
    said = {"both": "both sides", "left": f"only {left}", "right": f"only {right}"}
    some = band == "neither" and any(row["left_open"] for row in rows if row["band"] == band)
    opened = f" or leave{s} it open" * some
    covers = f"{by} cover{s} " if len(by) <= _BRIEF else "Covered: "
    return f"{covers}{said.get(band, 'neither side')}{opened} ({number})"


def level_word(cell: Mapping) -> str:
    """A level in a reader's words."""
    return (LEFT_OPEN if cell["left_open"] else LEVEL[cell["level"]]).word


def _put(cell: Mapping) -> str:
    return level_word(cell) + " (presumed)" * ("frame" in cell)


def _spoken(cell: Mapping) -> str:
    who = f"; {cell['speakers']}" * bool(cell["speakers"])
    return f"{cell['coalition']}: {_put(cell)}{who}."


def draw(seed: Seed, rows: Sequence[Mapping], said: Words, name: str = "comparison") -> go.Figure:
    """The figure of ``prepare``'s rows: the deciding band large, the others in columns below."""
    draft = Draft(seed)
    y = _others(draft, rows, _deciding(seed, draft, rows)) + 16
    return draft.page(said, _draw_key(draft, rows, y), name)


def _draw_key(draft: Draft, rows: Sequence[Mapping], y: float) -> float:
    """What the levels of either side mean, each with its sign, and the hatch; where it ends."""
    signs = {look.word: _sign(level) for level, look in LEVEL.items()}
    told = [f"{signs[w]} <b>{w}</b>: {rule}" for w, rule in _meanings(rows).items() if w in signs]
    looks = [(LEFT_OPEN.word, CERTAINTY["unclear"]), (SOURCE["record"].word, SOURCE["record"])]
    there = [any(row["left_open"] for row in rows), any(row["from"] for row in rows)]
    more = [f"{look.sign} {word}" for (word, look), has in zip(looks, there, strict=True) if has]
    draft.note("   ".join(told), 0, y, font={"size": 12})
    hatch = CERTAINTY["presumed"]._replace(line=LEVEL["present"].line)
    x = kit.swatches(draft, [hatch] * any("frame" in row for row in rows), y + 19)
    draft.note("   ".join(more), x, y + 19, font={"size": 12})
    return y + (30 if x or more else 11)


def _sign(level: str) -> str:
    """A level's sign in its colour; of one too pale for a sign in ink."""
    colour = {"mixed": INK, "not_stated": GREY}.get(level, LEVEL[level].line)
    return f'<span style="color:{colour}">{LEVEL[level].sign}</span>'


def _says(cell: Mapping) -> str:
    pairs = f" ({text(cell['pairs'])})" if cell["pairs"] else ""
    return f"{text(cell['name'])} \u00b7 {text(cell['coalition'])}: {_put(cell)}{pairs}<br>"


def _long(cell: Mapping, width: int, deep: bool) -> str:
    """Level and pair in the first line, then the statement, beside it where room is short."""
    first = f"<b>{cell['from']}{level_word(cell)}{' (presumed)' * ('frame' in cell)}</b>"
    first += f", {text(cell['pairs'])}" if deep and cell["pairs"] else ""
    if not cell["statement"]:
        return f"<b>{level_word(cell)}</b>"
    if not deep and width < 44:
        return first
    if deep:
        opened = f"<br>Another statement leaves it open ({text(cell['open_by'])})."
        opened *= bool(cell["open_by"])
        most = (14 - 5 * bool(opened)) * width // 5
        return f"{first}<br>{wrap(kit.shorten(cell['statement'], most), width)}{opened}"
    return f"{first}  {text(kit.shorten(cell['statement'], width - 24))}"


def _deciding(seed: Seed, draft: Draft, rows: Sequence[Mapping]) -> float:
    """The band on which both sides are known, with any further coalition; where it ends."""
    band = kit.grouped(rows, "band").get("both", [])
    if not band:
        return 0
    places = {cell["place"] for cell in band if cell["place"] < 2 or cell["statement"]}
    heads = {cell["place"]: cell for cell in band if cell["place"] in places}
    dimensions = kit.grouped(band, "dimension").values()
    deep = len(dimensions) <= _FEW
    notes = max(_FAVOURS, (WIDE - _NAME - _CELL * len(heads)) * deep)
    width = int(((WIDE - _NAME - notes) / len(heads) - 24) / _SIGN)
    found = [_deciding_row(rows, members, places, width, deep) for members in dimensions]
    told = f'<b style="font-size:15px">Compared</b><br><b>{text(heading(rows, "both"))}</b>'
    draft.note(told, 0, 12)
    named, called = [], names(seed)
    for head in heads.values():  # where there is room with the members
        who = text(", ".join(called[actor] for actor in members(seed, head["side"])))
        who = f'<br><span style="color:{GREY}">{who}</span>' * deep
        named.append(f"<b>{text(head['coalition'])}</b>{who}")
    return kit.grid(
        draft, found, [*named, "<b>Result</b>"], LEVELS, 8, 76 if deep else 28, _NAME, notes
    )


def _deciding_row(
    rows: Sequence[Mapping], members: Sequence[Mapping], places: set[int], width: int, deep: bool
) -> dict:
    """A row of ``grid`` for the cells of one dimension, a cell for each of ``places``."""
    side, weak = favours(rows, members[0])
    drawn = [cell for cell in members if cell["place"] in places]
    cells = [{**cell, "text": _long(cell, width, deep), "says": _says(cell)} for cell in drawn]
    label = wrap(members[0]["name"], 26 if deep else 31)
    ids = _behind(members)
    note = result(side, 22 if deep else 40) + weak.replace(" ", "<br>") * deep
    return {"ids": ids, "label": f"<b>{label}</b>", "cells": cells, "note": note}


def result(words: str, width: int) -> str:
    """Which side is favoured, in bold; that neither is, quietly."""
    quiet = f'<span style="color:{GREY}">{words}</span>'
    return quiet if words in ("a tie", "open") else f"<b>{wrap(words, width)}</b>"


def _others(draft: Draft, rows: Sequence[Mapping], y: float) -> float:
    """The other three bands as lists in columns; returns where they end."""
    columns, told = _flow(rows), []
    if columns:
        draft.note("<b>Not compared</b>", 0, y + 14, font={"size": 15})
        y += 24
    for place, (band, *forms) in enumerate(columns):
        x = place * (WIDE + 24) / _COLUMNS
        head = f"<b>{text(heading(rows, band))}</b>" if band else "continued"
        draft.note(head, x, y + 12)
        for line, cells in enumerate(forms):
            ids = list(dict.fromkeys(_behind(cells)))
            says = "".join(_says(cell) for cell in cells if cell["place"] < 2 or cell["statement"])
            at = {"x": x, "y": y + _HEAD + (line + 0.5) * _ROW, "ids": ids, "says": says}
            told.append({**at, "kind": "words", "text": _in_list(cells)})
    draft.marks(told, "text", name="forms", textfont={"size": 12})
    y += max((_HEAD + _ROW * (len(column) - 1) for column in columns), default=0)
    for note in _twins([cells for _, *forms in columns for cells in forms]):
        draft.note(wrap(note, 50), x, at["y"] + _ROW, yanchor="top", font={"size": 12})
        y = max(y, at["y"] + _ROW + 16 * kit.lines(note, 50))
    return y


def _in_list(cells: Sequence[Mapping]) -> str:
    """The level of the side it is stated for, as a sign, then the name; other coalitions last."""
    own = _own(cells)
    more = [
        f"{in_text(c['coalition'])}: {_sign_of(c)}{' presumed' * ('frame' in c)}"
        for c in cells
        if c["statement"] and c is not own
    ]
    name = own["name"] + " \u2020" * ("twin" in own) + " (presumed)" * ("frame" in own)
    name = text(name + own["alone"] + (f" ({'; '.join(more)})" if more else ""))
    sign = _sign_of(own) if own["left_open"] else _sign(own["level"])
    return f"{sign} {own['from']}{name}"


def _flow(rows: Sequence[Mapping]) -> list[list]:
    """Columns that begin with a band, or with "" where one goes on; long bands get several."""
    by_band = kit.grouped(rows, "band")
    there = [band for band in BANDS[1:] if band in by_band]
    bands = {band: list(kit.grouped(by_band[band], "dimension").values()) for band in there}
    parts = dict.fromkeys(bands, 1)
    for _ in range(_COLUMNS - len(bands) if bands else 0):
        longest = max(bands, key=lambda band: len(bands[band]) / parts[band])
        parts[longest] += len(bands[longest]) > _FEW * parts[longest]
    return [
        ["" if start else band, *members[start : start + -(-len(members) // parts[band])]]
        for band, members in bands.items()
        for start in range(0, len(members), -(-len(members) // parts[band]))
    ]
