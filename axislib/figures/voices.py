"""Who qualifies how many sentences; and where the editors say something else than the author."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import plotly.graph_objects as go

from axislib.figures import draft as kit
from axislib.figures.draft import WIDE, Draft, Line, Words
from axislib.figures.hover import text, wrap
from axislib.figures.palette import CLEAR, GREY, INK, LOOKS, PAPER, PUT, RULE, SPEAKER, Look
from axislib.questions.argument import editors_against_author, said, voices_of
from axislib.seed.seed import Seed
from axislib.tables.schema import certainty, fact_tables, records, split_cell
from axislib.words import FORMS, capital, counted, in_text, names, number_word

ORDER = tuple(PUT)  # a sentence counts as the least sure thing a speaker says in it
QUALIFIED = ("hedged", "predicted", "disputed", "left_open")
_SQUARES = dict.fromkeys(PUT, "plain") | dict.fromkeys(QUALIFIED, "soft")
_SQUARES |= dict.fromkeys(("nothing", "left_out", "uncoded"), "nothing")
_SAID = {"plain": "\u25a0 {} not qualified", "soft": "\u25a8 {} qualified"}
_SAID["nothing"] = "\u25a1 {} without a statement"
_DIFFERENCES = {
    "editors_only": "Only the editors say so",
    "editors_settle": "The editors state what the author leaves open",
    "editors_higher": "The editors see more cooperation",
    "editors_lower": "The editors see less cooperation",
    "other_members": "Not comparable: they write about different countries",
    "claim": "Further claims, made only by the editors",
    "same": "Both say the same",
    "author_only": "Mentioned only by the author",
}
_ALIKE = ("same", "author_only")  # listed, not drawn
_TALLIED = {  # the words and the squares of forms: the look on a phone, sign and ink elsewhere
    "same": ("the same", "placed", "\u25a0", GREY),
    "": ("different", "plain", "\u25a0", INK),
    "other_members": ("not comparable", "open", "\u25a1", GREY),
    "author_only": ("mentioned only by the author", "tie", "\u25a0", RULE),
}
_CLAIMS = {  # what a claim of each kind is about, in words without theory
    "empirical": "What is happening",
    "evaluative": "How serious it is",
    "normative": "What should be done",
}
# begins the note on a claim of the editors that the author does not make
_NOT_IN_BODY = "The body "
_PLACE = re.compile(r"P\d+\.S\d+")
_SHARES = ((0.1, "few"), (0.3, "about a quarter"), (0.42, "about a third"), (0.6, "about half"))
_OTHERS = f"Counted separately: {SPEAKER['others'].word}"
_SMALL = {"size": 12, "color": GREY}
_CELLS = LOOKS | {"silent": Look("", "", CLEAR, PAPER, GREY, width=0)}
_FEW = 20  # sentences: fewer are too few for a rate
_NAME, _COUNT, _GAP, _SQUARE, _ROW, _LABEL = 150, 150, 36, 16, 58, 190  # pixels


def voices(seed: Seed) -> go.Figure:
    """Who qualifies how many sentences: a square a sentence, the qualified ones in a column of
    their own; below, whoever is quoted or paraphrased.

    A square is a sentence in which the speaker states something, in the look of the least sure
    statement. Returns a plotly figure. It counts sentences, because the number of statements in a
    sentence depends on the coding; it cannot tell how firm a tone is.

    >>> import axislib
    >>> axislib.voices(axislib.open_seed()).layout.meta["name"]
    'voices'
    """
    rows = prepare(seed)
    if not rows:
        return kit.no_rows(seed, "voices", "statements", fact_tables())
    return draw(seed, rows, words(seed, rows))


def prepare(seed: Seed) -> list[dict]:
    """One row a speaker and sentence: ``speaker``, ``name``, ``group`` (author, editors, others),
    ``locator``, ``ids`` and ``kind`` (of ORDER); the author first, the firm sentences first."""
    groups, called = dict(zip(voices_of(seed), ("author", "editors"), strict=True)), names(seed)
    found: dict[tuple[str, str], dict] = {}
    for row in records(said(seed)):
        speaker, kind = row["speaker"], "left_open" if row["left_open"] else row["modality"]
        entry = {"speaker": speaker, "name": called.get(speaker, speaker), "kind": kind, "ids": []}
        entry |= {"group": groups.get(speaker, "others"), "locator": row["locator"]}
        entry = found.setdefault((speaker, row["locator"]), entry)
        entry["kind"] = max(entry["kind"], kind, key=ORDER.index)
        entry["ids"] += split_cell(row["ids"])
    order, rank = ("author", "editors", "others").index, ORDER.index
    many = Counter(row["name"] for row in found.values())
    return sorted(
        found.values(),
        key=lambda r: (order(r["group"]), -many[r["name"]], r["name"], rank(r["kind"])),
    )


def qualified(rows: Sequence[Mapping]) -> int:
    """How many of these sentences are qualified: hedged, disputed, predicted or left open."""
    return sum(row["kind"] in QUALIFIED for row in rows)


def in_kinds(rows: Sequence[Mapping]) -> str:
    """The kinds of qualified sentences that there are, in words: ``hedged or left open``."""
    there = [PUT[kind].word for kind in QUALIFIED if any(row["kind"] == kind for row in rows)]
    return " or ".join(filter(None, [", ".join(there[:-1]), *there[-1:]]))


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line a speaker, and a card or two for each group of speakers."""
    subtitle = "Each square is a sentence, classed by the least certain thing this speaker states."
    subtitle += f" Qualified: {in_kinds(rows)}." * bool(qualified(rows))
    description = []
    for own in kit.grouped(rows, "speaker").values():
        heading = f"{capital(own[0]['name'])}: {counted(len(own), 'sentence')}"
        heading += f", {qualified(own)} qualified" * (own[0]["group"] != "others")
        where = [
            f"{len(of)} {PUT[kind].word} ({', '.join(row['locator'] for row in of)})"
            for kind, of in kit.grouped(own, "kind").items()
        ]
        description.append(f"{heading}: {'; '.join(where)}.")
    return Words(_title(seed, rows), subtitle, [*description, *_notes(rows)], _cards(rows))


def _notes(rows: Sequence[Mapping]) -> list[str]:
    """Why there are more squares than sentences."""
    at = len({row["locator"] for row in rows})
    told = f"{len(rows)} squares for {at} sentences: some have several speakers."
    return [told] * (at < len(rows))


def _cards(rows: Sequence[Mapping]) -> list[dict]:
    """A card for the author and for the editors, a strip of squares each; then the others."""
    groups, cards = kit.grouped(rows, "group"), []
    others = groups.pop("others", [])
    for own in groups.values():
        head = f"{capital(own[0]['name'])}: {qualified(own)} of {len(own)} qualified"
        cards.append({"heading": head, "lines": [sums(own)], "squares": [runs(own)]})
    if others:
        head, looks = f"{_OTHERS} ({len(others)})", Counter(row["kind"] for row in others)
        strip = {"squares": [[(n, kind) for kind, n in looks.items()]], "folded": "Show the list"}
        named = Counter(row["name"] for row in others).items()
        told = " \u00b7 ".join(f"{name}:\u00a0{number}" for name, number in named)
        cards.append({"heading": head, "lines": [told], **strip})
    note = {"heading": "Note", "lines": _notes(rows), "key": True}
    return cards + [note] * bool(note["lines"])


def runs(rows: Sequence[Mapping]) -> list[tuple[int, str]]:
    """Sentences as a strip of squares on a phone: how many of one look, how many of the next."""
    return [(len([*own]), look) for look, own in groupby(_SQUARES[row["kind"]] for row in rows)]


def sums(rows: Sequence[Mapping], looks: Mapping[str, Look] = PUT) -> str:
    """How many squares of each look there are, a line each, and of which kinds they are."""
    told = []
    for look, number in Counter(_SQUARES[row["kind"]] for row in rows).items():
        kinds = Counter(looks[r["kind"]].word for r in rows if _SQUARES[r["kind"]] == look)
        words = ", ".join(f"{many} {word}" for word, many in kinds.items())
        told.append(f"{_SAID[look].format(number)}: {words}")
    return "\n\n".join(told)


def _title(seed: Seed, rows: Sequence[Mapping]) -> str:
    """How many of the author's sentences and of the editors' are qualified."""
    named = [of for of in kit.grouped(rows, "speaker").values() if of[0]["group"] != "others"]
    if named:
        own, *rest = named
        verb = "qualify" if own[0]["group"] == "editors" else "qualifies"
        title = f"{own[0]['name']} {verb} {qualified(own) or 'none'} of "
        title += counted(len(own), "sentence")
        for of in rest:
            told = f", {of[0]['name']} {share_in_words(qualified(of), len(of))}"
            few = "; " + f"{of[0]['name']} wrote " * (len(of) < _FEW) + "too few to compare"
            title += few if min(len(own), len(of)) < _FEW else told
    else:
        speakers, at = (len({row[name] for row in rows}) for name in ("speaker", "locator"))
        title = f"{counted(speakers, 'speaker')} quoted or paraphrased in {counted(at, 'sentence')}"
    if not seed.selected.isdisjoint(fact_tables()):
        return f"Among the statements selected, {title}"
    return capital(title)


def share_in_words(number: int, of: int) -> str:
    """A share in words.

    >>> share_in_words(1, 3)
    'about a third'
    """
    if number in (0, of):
        return "all" if number else "none"
    return next((word for most, word in _SHARES if number / of <= most), "most")


def draw(seed: Seed, rows: Sequence[Mapping], text_of: Words) -> go.Figure:
    """The figure of ``prepare``'s rows; whoever is quoted or paraphrased shares a row."""
    draft, groups = Draft(seed), kit.grouped(rows, "group")
    others = groups.pop("others", [])
    soft = max([0, *map(qualified, groups.values())])
    firm = max([0, *(len(own) - qualified(own) for own in groups.values())])
    step = (WIDE - _NAME - _COUNT - _GAP) / max(firm + soft, len(others))
    step, y = min(18.0, step), 30.0 if groups else 0.0
    middle = _NAME + max(firm * step, 170) + _GAP
    squares, labels = [], []
    for own in groups.values():
        at = {"y": y + _SQUARE / 2, "kind": "words", "ids": _ids(own)}
        name = text(kit.shorten(capital(own[0]["name"]), 24))
        labels.append({**at, "x": 0, "text": f"<b>{name}</b>"})
        for x, some in ((_NAME, False), (middle, True)):
            part = [row for row in own if (row["kind"] in QUALIFIED) == some]
            squares += _squares(part, x, step, y)
            _under(draft, part, x, step, y)
        count = f"<b>{qualified(own)} of {len(own)}</b> qualified"
        draft.note(count, middle + qualified(own) * step + 12, y + _SQUARE / 2)
        y += _ROW
    if groups:
        draft.note("<b>Not qualified</b>", _NAME, 10)
        draft.note("<b>Qualified</b>", middle, 10)
        draft.hairline((middle - _GAP / 2,) * 2, (2, y - 20))
    if others:
        if groups:
            draft.hairline((0, WIDE), (y - 16,) * 2)
            y += 16
        at = {"y": y + _SQUARE / 2, "kind": "words", "ids": _ids(others)}
        labels.append({**at, "x": 0, "text": wrap(f"{_OTHERS} ({len(others)})", 20)})
        squares += _squares(others, _NAME, step, y)
        label = next(card["lines"][0] for card in text_of.cards if "folded" in card)
        draft.note(wrap(label, 110), _NAME - 2, y + _SQUARE + 4, yanchor="top", font=_SMALL)
        y += _SQUARE + 16 * kit.lines(label, 110)
    draft.marks(squares, "bar", LOOKS, name="sentences")
    draft.marks(labels, "text", LOOKS, name="speakers")
    draft.note(" ".join(_notes(rows)), 0, y + 24, font=_SMALL)
    return draft.page(text_of, y + 38, "voices")


def _ids(rows: Sequence[Mapping]) -> list[str]:
    return [i for row in rows for i in row["ids"]]


def _squares(own: Sequence[Mapping], x: float, step: float, y: float) -> list[dict]:
    """Sentences as squares in a row that begins at ``x``."""
    boxes = []
    for n, row in enumerate(own):
        at = {"x0": x + n * step, "x1": x + (n + 1) * step - 2, "y": y + _SQUARE / 2}
        says = f"{text(row['name'])}, {text(row['locator'])}: {PUT[row['kind']].word}<br>"
        boxes.append({**row, **at, "high": _SQUARE, "says": says})
    return boxes


def _under(draft: Draft, own: Sequence[Mapping], x: float, step: float, y: float) -> None:
    """The number and the word of each kind below its squares."""
    end = x
    for kind, part in kit.grouped(own, "kind").items():
        label = f"{len(part)} {PUT[kind].word}"
        draft.note(label, max(x, end) - 2, y + _SQUARE + 11, font=_SMALL)
        end = max(x, end) + 6.2 * len(label) + 8
        x += len(part) * step


def editors_and_author(seed: Seed) -> go.Figure:
    """What the editors say that the author does not, and the reverse: forms of cooperation whose
    level differs by their words alone, claims that only the editors make, then what both say and
    what only the author says.

    Returns a plotly figure; each cell carries the ids of its statements. It compares levels, not
    the strength of words. That a claim is only the editors' is the coder's note on it.

    >>> import axislib
    >>> axislib.editors_and_author(axislib.open_seed()).layout.meta["name"]
    'editors_and_author'
    """
    rows = prepare_levels(seed)
    if not rows:
        why = "The editors (headline, standfirst, summary) say nothing on the cooperation compared."
        return kit.nothing_to_show("editors_and_author", "forms of cooperation to compare", why)
    return draw_levels(seed, rows, levels_in_words(seed, rows))


def prepare_levels(seed: Seed) -> list[dict]:
    """One row a dimension, then one a claim that only the editors make (``difference`` "claim"):
    ``name``, and for ``editors`` and ``author`` a cell: ``kind``, ``ids``, ``word``, ``more``,
    ``statement``."""
    called = names(seed)
    statements = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    known = set(seed.cooperation["id"][certainty(seed.cooperation) == "known"])
    table = editors_against_author(seed)
    several = table["coalition"].nunique() > 1
    rows = []
    for row in records(table):
        coalition = f" ({in_text(called[row['coalition']])})" if several else ""
        cells = {}
        for side in ("editors", "author"):
            ids, level = split_cell(row[f"{side}_facts"]), row[f"{side}_level"]
            kind = "left_open" if ids and level == "not_stated" else level
            more = " (presumed)" * (level != "not_stated" and known.isdisjoint(ids))
            cell = {"kind": kind, "word": LOOKS[kind].word, "ids": ids or [row["dimension"]]}
            cells[side] = cell | {"statement": statements[ids[0]] if ids else "", "more": more}
        name = called[row["dimension"]] + coalition
        rows.append({"difference": row["difference"], **cells, "name": name})
    rows.sort(key=lambda row: list(_DIFFERENCES).index(row["difference"]))
    drawn = {r["editors"]["statement"] for r in rows if r["difference"] not in _ALIKE}
    return rows + _own_claims(seed, drawn, {r["editors"]["statement"]: r["author"] for r in rows})


def _own_claims(seed: Seed, shown: set[str], answered: Mapping[str, Mapping]) -> list[dict]:
    """The claims that the coder notes to be the editors' alone, and what the author says on the
    same form (``answered``) or, hedged, at a place that the note names."""
    author, editors = voices_of(seed)
    rows, stated = [], dict(zip(seed.claims["id"], seed.claims["statement"], strict=True))
    own = seed.claims[(seed.claims["speaker"] == editors) & ~seed.claims["statement"].isin(shown)]
    soft = seed.claims[(seed.claims["speaker"] == author) & (seed.claims["modality"] == "hedged")]
    for row in records(own[own["note"].str.startswith(_NOT_IN_BODY)]):
        note, _, rest = row["note"].partition(". ")
        told = [f"{note.rstrip('.').removeprefix(_NOT_IN_BODY)}."]
        other = answered.get(row["statement"], {"statement": "", "ids": []})
        told += [f"But says: {other['statement']}"] * bool(other["statement"])
        hedged = records(soft[soft["anchors"].isin(_PLACE.findall(rest))])
        for one in hedged:
            hedge = f"Hedged: {in_text(one['statement'])}"
            told.append(f"But says: {stated.get(one['about'], '')} {hedge}")
        cell = {"kind": "words", "word": "", "more": "", "ids": [row["id"]]}
        cell["statement"] = row["statement"]
        theirs = cell | {"kind": "words" if told[1:] else "not_stated", "statement": " ".join(told)}
        theirs["ids"] = [row["id"], *other["ids"], *(one["id"] for one in hedged)]
        role = _CLAIMS.get(row["kind"], f"{row['kind']} {row['role']}".capitalize())
        rows.append({"difference": "claim", "name": role, "editors": cell, "author": theirs})
    return rows


def levels_in_words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, and a line a dimension."""
    author = names(seed).get(voices_of(seed)[0], "the author")
    forms = sum(row["difference"] not in ("author_only", "claim") for row in rows)
    subtitle = f"The editors mention {number_word(forms)} {FORMS[forms != 1]}. Each side is coded"
    subtitle += f" from its own {'selected ' * bool(seed.selected)}words only; presumed means"
    subtitle += " implied, hedged or reported."
    if any(row["difference"] == "claim" for row in rows):
        subtitle += " Which claims only the editors make is our judgement."
    bands = _bands(rows, author).items()
    cards = [{"heading": h, "lines": [_level_line(row, author) for row in own]} for h, own in bands]
    for head, told in _agreed(rows, author).items():
        folded = "Show the list" * (not head.startswith(_DIFFERENCES["same"]))
        cards.append({"heading": head, "lines": told, "folded": folded})
    told = [(card["heading"], line) for card in cards for line in card["lines"]]
    description = [Line(f"{head}: {line}".replace("\t", " "), line.ids) for head, line in told]
    tally = {told: (len(signs), look) for told, look, signs, _ in _tally(rows, author)}
    first = {"heading": capital(FORMS[1]), "lines": [*tally], "squares": [*tally.values()]}
    return Words(_difference(rows, author), subtitle, description, [first, *cards])


def _tally(rows: Sequence[Mapping], author: str) -> list[tuple[str, str, str, str]]:
    """On how many forms the two say the same, on how many not: words, look, squares, ink."""
    kinds = [row["difference"] for row in rows if row["difference"] != "claim"]
    found = Counter(kind if kind in _TALLIED else "" for kind in kinds)
    return [
        (f"{found[kind]} {word.replace('the author', author)}", look, sign * found[kind], ink)
        for kind, (word, look, sign, ink) in _TALLIED.items()
        if found[kind]
    ]


def _difference(rows: Sequence[Mapping], author: str) -> str:
    """On how many forms of cooperation the two differ, where they write about the same members."""
    left_out = ("other_members", "author_only", "claim")
    both = [row["difference"] for row in rows if row["difference"] not in left_out]
    apart = [difference for difference in both if difference != "same"]
    own = sum(row["difference"] == "claim" for row in rows)
    if set(apart) == {"editors_settle"}:
        firm = [row["name"].lower() for row in rows if row["difference"] == "editors_settle"]
        on = firm[0] if len(firm) == 1 else counted(len(firm), *FORMS)
        more = f", and make {number_word(own)} claim{'s' * (own > 1)} of their own" * bool(own)
        told = f"The editors go further than {author}: they affirm {on}, which"
        return f"{told} {author.split()[-1]} leaves open{more}"
    on = f"differ on {len(apart)} of" if apart else f"agree on{' all' * (len(both) > 1)}"
    return f"The editors and {author} {on} {counted(len(both), *FORMS)}"


def _bands(rows: Sequence[Mapping], author: str) -> dict[str, list[Mapping]]:
    """The rows that are drawn, by what they show; what cannot be compared last."""
    found = kit.grouped([row for row in rows if row["difference"] not in _ALIKE], "difference")
    order = sorted(found, key=lambda difference: difference == "other_members")
    return {_heading(kind, found[kind], author): found[kind] for kind in order}


def _heading(kind: str, own: Sequence[Mapping], author: str) -> str:
    return f"{_DIFFERENCES[kind].replace('the author', author)} ({len(own)})"


def _level_line(row: Mapping, author: str) -> Line:
    """A row in words: its name, then a line for the editors and one for the author."""
    told = []
    for who, side in (("The editors", row["editors"]), (author, row["author"])):
        level = f"{side['word']}{side['more']}. " if side["word"] else ""
        told.append(f"{who}:\t{level}{side['statement']}".strip())
    return Line("\n".join([f"{row['name']}.\n", *told]), _ids((row["editors"], row["author"])))


def _agreed(rows: Sequence[Mapping], author: str) -> dict[str, list[Line]]:
    """What both say the same on, then what only the author says, by heading: a line a level."""
    found, by_kind = {}, kit.grouped(rows, "difference")
    for kind in filter(by_kind.get, _ALIKE):
        own = [{**row, "word": row["author"]["word"].capitalize()} for row in by_kind[kind]]
        levels = sorted(kit.grouped(own, "word").items(), key=lambda item: -len(item[1]))
        found[_heading(kind, own, author)] = [
            Line(
                f"{word}:\n{', '.join(row['name'] + row['author']['more'] for row in of)}",
                _ids([row[end] for row in of for end in ("editors", "author")]),
            )
            for word, of in levels
        ]
    return found


def draw_levels(seed: Seed, rows: Sequence[Mapping], text_of: Words) -> go.Figure:
    """The figure of ``prepare_levels``'s rows: the differences as cells, the rest in words."""
    draft, called, shown = Draft(seed), names(seed), []
    author = called.get(voices_of(seed)[0], "the author")
    for band, own in _bands(rows, author).items():
        shown += [{"heading": text(band)}, *map(_level_row, own)]
    strip = f"<b>{capital(FORMS[1])}</b>"
    for told, _, signs, ink in _tally(rows, author):
        strip += f'   <span style="font-size:19px;color:{ink}">{signs}</span> {text(told)}'
    draft.note(strip, 0, 4, font={"size": 14})
    y = 24.0
    if shown:
        heads = ["<b>The editors</b>", f"<b>{text(author)}</b>"]
        y = kit.grid(draft, shown, heads, _CELLS, y, high=70, label=_LABEL) + 8
    marks = []
    for head, told in _agreed(rows, author).items():
        draft.note(f"<b>{text(head)}</b>", 0, y + 9)
        y += 20
        for line in told:
            high = 18 * kit.lines(line, 150)
            at = {"x": 0, "y": y + high / 2, "kind": "words", "ids": line.ids}
            marks.append({**at, "text": wrap(line, 150)})
            y += high
        y += 10
    draft.marks(marks, "text", LOOKS, name="agreed", textfont={"size": 12})
    return draft.page(text_of, y, "editors_and_author")


def _level_row(row: Mapping) -> dict:
    """The row of ``grid`` for a dimension or claim: boxes without a hue, silence without a box."""
    cells = []
    for cell in (row["editors"], row["author"]):
        told = kit.even(capital(kit.shorten(cell["statement"], 260)), 66)
        told = f"<b>{cell['word']}{cell['more']}</b><br>{told}" if cell["word"] else told
        kind = "silent" if cell["kind"] == "not_stated" else "words"
        cells.append({**cell, "text": told, "kind": kind})
    return {"ids": _ids(cells), "label": f"<b>{wrap(row['name'], 26)}</b>", "cells": cells}
