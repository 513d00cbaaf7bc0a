"""Who gave what to whom, and in return for what: one hub in the middle, its partners in bands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib import words as wording
from axislib.figures.draft import WIDE, Draft, Line, Words, even, grouped, lines, no_rows
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREEN, GREY, Look
from axislib.questions.levels import compared_coalitions
from axislib.seed.seed import Seed
from axislib.seed.variants import members
from axislib.tables.schema import records, split_cell
from axislib.words import counted, in_text, names

_LOOKS = {
    "said": Look("said to have happened", "", width=1.5),
    "not so": Look("called for, predicted, left open or denied", "", dash="dash", width=1.5),
    "words": Look("", ""),
}
_LOOKS |= {f"{kind}, record": look._replace(line=GREEN) for kind, look in _LOOKS.items()}
_KINDS = {"economic": "economic aid", "diplomatic": "diplomatic support"}
_BOUNDS = {"at_least": "at least ", "at_most": "at most "}
_DOES, _SOLE = {"to": "receives", "from": "gives"}, "; the only number"
_NAME, _ARROW, _GAP = 132, 330, 8  # pixels: a partner, an arrow, between
_HUB = _NAME + _ARROW + 2 * _GAP
_BEGIN = re.compile(r"^([^:,(]+)")  # of a label: the kind of good
_SIGNS, _NAME_SIGNS = 48, 17  # in a line on an arrow, in a partner's name
_LINE, _AIR, _HEAD, _APART = 15, 13, 32, 15  # pixels: a line of words, a row, a heading, a band
_RAISED, _COUNTS = 14, 18  # pixels: the first heading towards the subtitle; a line of counts


def exchanges(seed: Seed) -> go.Figure:
    """What passes between a hub and its partners: given to it on the left, given by it on the
    right; what repays something is in the band of what it repays.

    The hub is the actor that most flows touch; what does not touch it has a hub of its own below.
    A flow, drawn as an arrow, is all that one side gives another of one kind, whoever says so;
    numbers are large. A dashed arrow is not said to have happened (called for, predicted, left
    open, denied). Returns a plotly figure. Arrows have no scale.

    >>> import axislib
    >>> "in return for" in axislib.describe(axislib.exchanges(axislib.open_seed()))
    True
    """
    if not len(seed.transfers):
        return no_rows(seed, "exchanges", "transfers", ["transfers"])
    rows = prepare(seed)
    return draw(seed, rows, words(seed, rows))


def prepare(seed: Seed) -> list[dict]:
    """One row an arrow: ``ids``, ``givers``, ``receiver``, ``category``, ``standing`` (empty where
    it happened), ``what`` (its items in words, with their speakers where the usual one is not among
    them), ``credited`` (with all of them), ``numbers`` (as they are written), ``repays`` (givers
    and kinds), and its place: ``era``, ``hub``, ``side`` and ``band`` (the partners of the hub)."""
    where = {locator: at for at, locator in enumerate(seed.sentences["locator"])}
    kin = seed.transfers.groupby("joint", sort=False)["giver"].unique()
    flows: dict[tuple, list[dict]] = {}
    for row in records(seed.transfers):
        row["givers"] = tuple(kin[row["joint"]]) if row["joint"] else (row["giver"],)
        row["at"] = min(where.get(i, len(where)) for i in split_cell(row["anchors"]))
        parties = (row["givers"], row["receiver"], row["category"])
        flows.setdefault((*parties, wording.standing(row), row["layer"]), []).append(row)
    given = {i["id"]: (i["givers"], i["category"]) for items in flows.values() for i in items}
    rows = [_row(items, given, names(seed), _usual(seed)) for items in flows.values()]
    if sum(len(row["numbers"]) for row in rows) == 1:
        next(row for row in rows if row["numbers"])["what"] += _SOLE
    return _in_bands(seed, sorted(rows, key=lambda row: row["at"]))


def _row(
    items: Sequence[Mapping], given: Mapping[str, tuple], called: Mapping, usual: Mapping
) -> dict:
    """The row of ``prepare`` for items that share an arrow; ``given``: who gave each, and what."""
    first = items[0]
    paid = dict.fromkeys(i for item in items for i in split_cell(item["in_return_for"]))
    paid = [i for i in paid if i in given]
    return {
        **{name: first[name] for name in ("givers", "receiver", "category")},
        "ids": [i["id"] for i in sorted(items, key=lambda item: item["basis"] != "stated")],
        "standing": wording.standing(first),
        "record": first["layer"] == "context",
        "what": _what(items, called, usual[first["layer"]]),
        "credited": _what(items, called),
        "numbers": [f"{i['quantity']:,.10g}" for i in items if pd.notna(i["quantity"])],
        "repays": list(dict.fromkeys(given[i] for i in paid)),
        "repaid": paid,
        "at": min(item["at"] for item in items),
    }


def _what(items: Sequence[Mapping], called: Mapping[str, str], usual: str = "") -> str:
    """Kind and items, each credited to those alone who say it: ``arms: artillery, rockets (the
    editors)``; without the ``usual`` speaker."""
    category = items[0]["category"]
    said: dict[tuple, dict] = {}
    for item in items:
        said.setdefault((_much(item), *_remarks(item)), {})[item["speaker"]] = None
    bare = said.pop((category,), {}) if len(said) > 1 else {}
    more, joined = set().union(*said.values()), {}
    for (much, *remarks), who in said.items():
        by = [] if usual in who else [wording.listed([called[one] for one in who])]
        joined.setdefault("; ".join([*remarks, *by]), []).append(much)
    told = "; ".join(f"{', '.join(m)}{f' ({of})' * bool(of)}" for of, m in joined.items())
    told += "" if usual else _only(category, [one for one in bare if one not in more], called)
    plain = told.startswith(category) or category == "unspecified"
    return told if plain else f"{_KINDS.get(category, category)}: {told}"


def _only(category: str, speakers: Sequence[str], called: Mapping[str, str]) -> str:
    """Who says no more than the kind."""
    who = wording.listed([called[one] for one in speakers])
    return f"; only {category}, according to {who}" if who else ""


def _much(item: Mapping) -> str:
    """A number with its bound and unit, then the item; the item alone where there is no number."""
    if pd.isna(item["quantity"]):
        return item["item"]
    rough = item["bound"] not in _BOUNDS and "quantity" in split_cell(item["hedge_on"])
    bound = _BOUNDS.get(item["bound"], "about " if rough else "")
    unit = f"{item['unit']}, " if item["unit"] not in item["item"] else ""
    source = f" (\u201c{item['quantity_words']}\u201d)" if rough and item["quantity_words"] else ""
    return f"{bound}{item['quantity']:,.10g} {unit}{item['item']}{source}"


def _remarks(item: Mapping) -> list[str]:
    """What else is said of an item: an amount without a number, a date, how it is put."""
    parts = []
    if item["quantity_words"] and pd.isna(item["quantity"]):
        parts.append(f"\u201c{item['quantity_words']}\u201d")
    if split_cell(item["date"]):
        parts.append(wording.date_in_words(item["date"]))
    if item["modality"] in ("hedged", "reported", "disputed"):
        parts.append(item["modality"])
    return parts


def _in_bands(seed: Seed, rows: list[dict]) -> list[dict]:
    """The same rows with their coalition, hub, side and band, and who is not of that coalition
    (``outside``), in the order they are drawn."""
    inside = {c: set(members(seed, c)) for c in compared_coalitions(seed)}
    eras: dict[str, list[dict]] = {}
    for row in rows:
        eras.setdefault(_era(row, inside), []).append(row)
    placed = []
    for era, rest in eras.items():
        while rest:
            hub = Counter(i for row in rest for i in _parties(row)).most_common(1)[0][0]
            here = [{**row, "era": era, "hub": hub} for row in rest if hub in _parties(row)]
            rest = [row for row in rest if hub not in _parties(row)]
            placed += _banded(here, hub)
    return [{**row, "outside": _beyond(row, inside)} for row in placed]


def _beyond(row: Mapping, inside: Mapping[str, set]) -> list[str]:
    return [i for i in _parties(row) if i not in inside.get(row["era"], _parties(row))]


def _banded(rows: list[dict], hub: str) -> list[dict]:
    """The rows of one hub, band by band: what it is given first."""
    bands: dict[tuple, list] = {}
    for row in sorted(rows, key=lambda row: row["receiver"] != hub):
        if row["receiver"] == hub:
            side, band = "to", row["givers"]
        else:
            paid = [givers for givers, _ in row["repays"] if givers in bands]
            side, band = "from", [*paid, (row["receiver"],)][0]
        bands.setdefault(band, []).append({**row, "side": side, "band": band})
    return [row for band in bands.values() for row in band]


def _parties(row: Mapping) -> tuple[str, ...]:
    return (*row["givers"], row["receiver"])


def _era(row: Mapping, inside: Mapping[str, set]) -> str:
    """The coalition that both sides are in, else one of them; empty for none."""
    for parties in (set(_parties(row)), set(row["givers"]), {row["receiver"]}):
        for coalition, within in inside.items():
            if parties <= within:
                return coalition
    return ""


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line an arrow, and a card for each band."""
    called = names(seed)
    done = [row for row in rows if not row["standing"]]
    selected = " selected" if "transfers" in seed.selected else ""
    many = sum(len(row["ids"]) for row in rows)
    green = " Green: external record." * any(row["record"] for row in rows)
    told = "The selection keeps" if selected else wording.they_do(seed, "mention")
    subtitle = (
        f"A flow is all of one kind from one giver, or two together, to one receiver. {told}"
        f" {counted(many, 'transfer')} (one stated twice counts twice), in"
        f" {counted(len(rows), 'flow')}.{_by_whom(seed)}{green}"
    )
    if len(done) < len(rows):
        subtitle += f" Dashed, and not counted as given: {len(rows) - len(done)}."
    none = [f"{name}:\n{' '.join(told)}" for name, *told in _without(seed, rows, called)]
    described = [*(Line(_spoken(row, called), row["ids"]) for row in rows)]
    described += [line.replace("\n", " ") for line in none]
    return Words(_title(seed, done, selected), subtitle, described, _cards(seed, rows, none))


def _usual(seed: Seed) -> dict[str, str]:
    """Who says most of what is given, for each layer."""
    found = seed.transfers.groupby("layer", sort=False)
    return {str(layer): str(own["speaker"].mode()[0]) for layer, own in found}


def _by_whom(seed: Seed) -> str:
    """Who says what is credited to nobody in the drawing."""
    said = seed.transfers.groupby("layer")["speaker"].nunique()
    main = [names(seed)[who] for layer, who in _usual(seed).items() if said[layer] > 1]
    return f" Speaker: {main[0]}, unless another is named." if main else ""


def _cards(seed: Seed, rows: Sequence[Mapping], none: list[str]) -> list[dict]:
    """How many flows lead to each hub and from it, and the only number; then a card a band."""
    called, tally, cards = names(seed), [], []
    for own in grouped([{**row, "of": (row["era"], row["hub"])} for row in rows], "of").values():
        tally += _tally(own, called)
        for band, of in grouped(own, "band").items():
            others = dict.fromkeys([*band, *(i for row in of for i in _others(row))])
            era = f"{called.get(of[0]['era'], 'Others')}: " * (of[0]["era"] != rows[0]["era"])
            head = wording.capital(f"{era}{wording.with_the(_listed(others, called))} ({len(of)})")
            if _all_coded(seed) and all(row["side"] == "to" for row in of):
                head += "; nothing in return is mentioned"
            cards.append({"heading": head, "lines": [_line(r, called) for r in of]})
            cards[-1]["numbers"] = ["".join(row["numbers"][:1]) for row in of]  # bold
    return [{"heading": "Flows", "lines": [*tally, *none]}, *cards] if tally else cards


def _others(row: Mapping) -> tuple[str, ...]:
    """Those on the other side of the hub."""
    return row["givers"] if row["side"] == "to" else (row["receiver"],)


def _tally(own: Sequence[Mapping], called: Mapping[str, str]) -> list[str]:
    """How much the hub receives and gives; and the number, where there is only one."""
    done = Counter(row["side"] for row in own if not row["standing"])
    told = [f"{_DOES[side]} {done[side]}" for side in _DOES if done[side]]
    hub = wording.with_the(called[own[0]["hub"]])
    era = called.get(own[0]["era"], "Others")
    found = [f"{era}:\n{hub} {', '.join(told)}"] if told else []
    sole = (row for row in own if row["what"].endswith(_SOLE))
    return found + [
        Line("The only number:\n" + row["what"].replace(_SOLE, ""), row["ids"]) for row in sole
    ]


def _line(row: Mapping, called: Mapping[str, str]) -> Line:
    """What the hub receives or gives; who says so is in the row opened."""
    told = ", ".join(filter(None, map(_labelled(row, called).get, ("label", "paid"))))
    others = () if _others(row) == row["band"] else _others(row)
    to = wording.with_the(f" {_listed(others, called)}").rstrip()
    hub = wording.capital(wording.with_the(called[row["hub"]]))
    return Line(f"{hub} {_DOES[row['side']]}{to}\n{told}", row["ids"])


def _title(seed: Seed, done: Sequence[Mapping], selected: str) -> str:
    """Whom the flows of the largest coalition touch, and how many have a number."""
    if not done:
        return f"Nothing{selected} is said to have been given: only called for, predicted or denied"
    called = names(seed)
    era, own = max(grouped(done, "era").items(), key=lambda one: len(one[1]))
    hub, touched = Counter(i for row in own for i in set(_parties(row))).most_common(1)[0]
    if len(own) < 3 or touched <= len(own) / 2:
        return f"Of {counted(len(done), 'flow')}{selected}, {_with_number(done)}"
    of = "all" if touched == len(own) else f"{wording.number_word(touched)} of"
    whose = f" involving {in_text(called[era])}" if era else ""
    many = f"{of} {wording.number_word(len(own))} flows{whose}{selected}"
    who = wording.capital(wording.with_the(called.get(hub, hub)))
    return f"{who} is the giver or receiver in {many}; {_with_number(own)}"


def _with_number(rows: Sequence[Mapping]) -> str:
    number = sum(bool(row["numbers"]) for row in rows)
    few = {len(rows): "each has", 0: "none has", 1: "only one has"}
    return f"{few.get(number, f'{wording.number_word(number)} have')} a number"


def _listed(actors: Iterable[str], called: Mapping[str, str]) -> str:
    return " and ".join(called.get(actor, actor) for actor in actors)


def _return_for(row: Mapping, called: Mapping[str, str]) -> str:
    """What a row repays: ``in return for arms``, with the giver where another is repaid."""
    by: dict[str, list[str]] = {}
    for givers, category in row["repays"]:
        source = f" from {_listed(givers, called)}" * (givers != (row["receiver"],))
        by.setdefault(source, []).append(str(_KINDS.get(category, category)))
    told = [f"{' and '.join(kinds)}{source}" for source, kinds in by.items()]
    return f"in return for {', '.join(told)}" if told else ""


def _label(row: Mapping, what: str = "what") -> str:
    return f"{row['standing']}: {row[what]}" if row["standing"] else row[what]


def _spoken(row: Mapping, called: Mapping[str, str]) -> str:
    between = f"{_listed(row['givers'], called)} to {called.get(row['receiver'], row['receiver'])}"
    told = [_label(row, "credited"), wording.with_the(_return_for(row, called))]
    return f"{wording.capital(wording.with_the(between))}: {', '.join(filter(None, told))}."


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows: a heading a coalition, a box a hub, a band a partner."""
    called, draft = names(seed), Draft(seed)
    placed, boxes, y, era, hub = [], [], float(-_RAISED), None, None
    for row in rows:
        if row["era"] != era:
            heading = called.get(row["era"], "Others")
            heading = f"<b>{text(heading)}</b>{_outside(rows, row['era'], called)}"
            draft.note(heading, 0, y + 17, font={"size": 15})
            draft.hairline((0, WIDE), (y + 27, y + 27))
            y, era, hub = y + _HEAD, row["era"], None
        if row["hub"] != hub:
            hub = row["hub"]
            here = [r for r in rows if (r["era"], r["hub"]) == (era, hub)]
            begin, y = y + 8, _head_sides(draft, here, y + 14, called)
            more, y = _place(here, y, called)
            placed += more
            ids = list(dict.fromkeys(i for r in here for i in r["ids"]))
            box = {"x0": _HUB, "x1": WIDE - _HUB, "y": (begin + y) / 2 - 2, "high": y - begin - 4}
            name = f"<b>{wrap(called.get(hub, hub), 11)}</b>"
            boxes.append({**box, "ids": ids, "kind": "words", "text": name})
    draft.marks(boxes, "bar", _LOOKS, name="hub", textfont={"size": 15})
    for name, *told in _without(seed, rows, called):
        draft.note(f"<b>{text(name)}</b>", 0, y + 17, font={"size": 15})
        draft.hairline((0, WIDE), (y + 27, y + 27))
        label = "<br>".join(even(part, 130) for part in told)
        high = 17 * (label.count("<br>") + 1) + 8
        ends = {"x0": _NAME + _GAP, "x1": WIDE - _NAME, "y0": y + 36, "y1": y + 36 + high}
        dashed = {"color": GREY, "width": 1, "dash": "dash"}
        draft.add_shape(type="rect", xref="x", yref="y", line=dashed, **ends)
        draft.note(label, WIDE / 2, y + 36 + high / 2, xanchor="center", align="center")
        y += 42 + high
    _arrows(draft, placed)
    _partners(draft, seed, placed)
    return draft.page(said, y, "exchanges")


def _outside(rows: Sequence[Mapping], era: str, called: Mapping[str, str]) -> str:
    """For a heading: who takes part without being of the coalition."""
    who = dict.fromkeys(i for row in rows if row["era"] == era for i in row["outside"])
    others = text(wording.with_the(wording.listed([called.get(i, i) for i in who])))
    return f"<span style='font-size:13px'>, with outsiders: {others}</span>" * bool(who)


def _head_sides(draft: Draft, own: Sequence[Mapping], y: float, called: Mapping) -> float:
    """How many flows a hub receives and gives, above the arrows, where it does both; their end."""
    done = Counter(row["side"] for row in own if not row["standing"])
    hub, both = wording.capital(wording.with_the(called[own[0]["hub"]])), len(done) == len(_DOES)
    for x, side in zip((_NAME, WIDE - _HUB), _DOES if both else (), strict=False):
        told = f"<b>{text(hub)} {_DOES[side]}</b>: {counted(done[side], 'flow')}"
        draft.note(told, x + _GAP - 2, y + _LINE / 2)
    return y + _COUNTS * both


def _place(rows: Sequence[Mapping], y: float, called: Mapping) -> tuple[list[dict], float]:
    """The rows of one hub with ``label`` and ``y`` (of the arrow); and where they end."""
    placed = []
    for band in dict.fromkeys(row["band"] for row in rows):
        here = [_labelled(row, called) for row in rows if row["band"] == band]
        deep = {side: sum(r["deep"] for r in here if r["side"] == side) for side in ("to", "from")}
        need = max(*deep.values(), *(row["named"] for row in here))
        at = {side: y + (need - height) / 2 for side, height in deep.items()}
        for row in here:
            at[row["side"]] += row["deep"]
            placed.append({**row, "y": at[row["side"]] - 4 - row["under"]})
        y += need + _APART
    return placed, y - _APART + _AIR


def _labelled(row: Mapping, called: Mapping) -> dict:
    """The row with the words above its arrow and below it, and the pixels these take."""
    label, paid = _label(row), _return_for(row, called)
    others = [i for i in row["givers"] if i != row["hub"]]
    if row["side"] == "from" and others:
        label += f", given together with {_listed(others, called)}"
    under = _LINE * lines(paid, _SIGNS) if paid else 0
    deep = lines(label, _SIGNS) * _LINE + under + _AIR
    named = 17 * lines(called.get(row["receiver"], row["receiver"]), _NAME_SIGNS)
    return {**row, "label": label, "paid": paid, "under": under, "deep": deep, "named": named}


def _arrows(draft: Draft, placed: Sequence[Mapping]) -> None:
    """Shaft, head and words of each arrow; a number is large."""
    shafts, heads, labels, paid = [], [], [], []
    for row in placed:
        begin = _NAME + _GAP if row["side"] == "to" else WIDE - _HUB + _GAP
        end, y = begin + _ARROW - (0 if row["side"] == "to" else _GAP), row["y"]
        kind = ("not so" if row["standing"] else "said") + ", record" * row["record"]
        at = {"ids": row["ids"], "kind": kind, "x": begin - 2, "y": y}
        shafts.append({**at, "x": [begin, end - 6], "y": [y, y]})
        heads.append({**at, "x": end - 5, "symbol": "triangle-right", "size": 10})
        label = _BEGIN.sub(r"<b>\1</b>", even(row["label"], _SIGNS))
        for number in row["numbers"]:
            large = f'<b><span style="font-size:18px">{number}</span></b>'
            label = re.sub(rf"(?<![\d,.]){number}(?![\d,.]*\d)", large, label, count=1)
        labels.append({**at, "y": y - 4, "text": label, "align": "top right"})
        if row["paid"]:
            below = {"y": y + 5, "align": "bottom right", "ids": [*row["ids"], *row["repaid"]]}
            paid.append({**at, **below, "text": f"<i>{even(row['paid'], _SIGNS)}</i>"})
    filled = {kind: look._replace(fill=look.line) for kind, look in _LOOKS.items()}
    draft.marks(shafts, "line", _LOOKS, name="arrow")
    draft.marks(heads, "symbol", filled, name="head", marker={"opacity": 1})
    draft.marks(labels, "text", _LOOKS, name="what", textfont={"size": 12})
    draft.marks(paid, "text", _LOOKS, name="in return", textfont={"size": 12})


def _partners(draft: Draft, seed: Seed, placed: Sequence[Mapping]) -> None:
    """Partners beside their arrows; or, if all is coded, that nothing comes back."""
    called, beside = names(seed), {}
    for row in placed:
        other = row["givers"] if row["side"] == "to" else (row["receiver"],)
        beside.setdefault((row["era"], row["hub"], row["band"], row["side"], other), []).append(row)
    back, whole = {key[:3] for key in beside if key[3] == "from"}, _all_coded(seed)
    marks = []
    for key, rows in beside.items():
        y = (rows[0]["y"] + rows[-1]["y"]) / 2
        label = "<br>".join(f"<b>{wrap(called.get(i, i), _NAME_SIGNS)}</b>" for i in key[4])
        x, align = (_NAME - 6, "left") if key[3] == "to" else (WIDE - _NAME, "right")
        ids = [i for row in rows for i in row["ids"]]
        at = {"x": x, "y": y, "ids": ids, "kind": "words"}
        marks.append({**at, "text": label, "align": f"middle {align}"})
        if whole and key[:3] not in back:
            said = f"{wording.they_do(seed, 'mention')} nothing given to"
            said += f" {_listed(key[2], called)} in return"
            draft.note(text(said), WIDE - _HUB + _GAP, y, font={"size": 12, "color": GREY})
    draft.marks(marks, "text", _LOOKS, name="partners")


def _without(seed: Seed, rows: Sequence[Mapping], called: Mapping[str, str]) -> list[list[str]]:
    """The coalitions compared of which no flow is said: name, that, with what is denied, and what
    is said of them that could be mistaken for one; none if a part is left out."""
    eras = {row["era"] for row in rows if not row["standing"]}
    sides = compared_coalitions(seed) if _all_coded(seed) else []
    said = dict(zip(seed.events["id"], seed.events["statement"], strict=True))
    found, source = [], wording.sources_named(seed)
    source += " do" if " and " in source else " does"
    helps = seed.cooperation.query("bears == 'for' and polarity == 'affirmed'")
    for side in (side for side in sides if side not in eras):
        about = helps.loc[helps["coalition"] == side, "about"]
        own = [said[i].rstrip(".") for cell in about for i in split_cell(cell) if i in said]
        told = [f"{event}, but {source} not say for whom." for event in own]
        none = f"{_denied(seed, side)} flow among the members is mentioned."
        found.append([called[side], none, *told])
    return found


def _denied(seed: Seed, side: str) -> str:
    """The help that a coalition is said not to have had, before a sentence on what it had."""
    denied = seed.events.query("plover == 'AID' and polarity == 'denied' and coalition == @side")
    told = f"{wording.listed([*denied['title']])} {'are' if len(denied) > 1 else 'is'} denied"
    return f"{told}; otherwise no" if len(denied) else "No"


def _all_coded(seed: Seed) -> bool:
    """Whether what is missing is missing in the source: nothing left out, nothing yet to code."""
    return "transfers" not in seed.selected and bool(seed.coverage()["explained"].all())
