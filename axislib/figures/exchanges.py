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
from axislib.figures.palette import GREEN, GREY, INK, Look
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
_NAME, _ARROW, _GAP = 132, 330, 8  # pixels: a partner, an arrow, between
_HUB = _NAME + _ARROW + 2 * _GAP
_SIGNS, _NAME_SIGNS = 48, 17  # in a line on an arrow, in a partner's name
_LINE, _AIR, _HEAD, _APART = 15, 14, 32, 18  # pixels: a line of words, a row, a heading, a band


def exchanges(seed: Seed) -> go.Figure:
    """What passes between a hub and its partners: given to it on the left, given by it on the
    right; what repays something is in the band of what it repays.

    The hub is the actor that most exchanges touch; what does not touch it has a hub of its own
    below. One arrow is all that one side gives another of one kind, with everybody who says so;
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
    it happened), ``what`` (its items with speakers, in words), ``numbers`` (as they are written),
    ``repays`` (givers and kinds), and its place: ``era``, ``hub``, ``side`` and ``band`` (the
    partners of the hub)."""
    where = {locator: at for at, locator in enumerate(seed.sentences["locator"])}
    kin = seed.transfers.groupby("joint", sort=False)["giver"].unique()
    flows: dict[tuple, list[dict]] = {}
    for row in records(seed.transfers):
        row["givers"] = tuple(kin[row["joint"]]) if row["joint"] else (row["giver"],)
        row["at"] = min(where.get(i, len(where)) for i in split_cell(row["anchors"]))
        parties = (row["givers"], row["receiver"], row["category"])
        flows.setdefault((*parties, wording.standing(row), row["layer"]), []).append(row)
    given = {i["id"]: (i["givers"], i["category"]) for items in flows.values() for i in items}
    rows = [_row(items, given, names(seed)) for items in flows.values()]
    if sum(len(row["numbers"]) for row in rows) == 1:
        next(row for row in rows if row["numbers"])["what"] += "; the only number"
    return _in_bands(seed, sorted(rows, key=lambda row: row["at"]))


def _row(items: Sequence[Mapping], given: Mapping[str, tuple], called: Mapping[str, str]) -> dict:
    """The row of ``prepare`` for items that share an arrow; ``given``: who gave each, and what."""
    first = items[0]
    paid = dict.fromkeys(i for item in items for i in split_cell(item["in_return_for"]))
    paid = [i for i in paid if i in given]
    return {
        **{name: first[name] for name in ("givers", "receiver", "category")},
        "ids": [i["id"] for i in sorted(items, key=lambda item: item["basis"] != "stated")],
        "standing": wording.standing(first),
        "record": first["layer"] == "context",
        "what": _what(first["category"], items),
        "said_by": list(dict.fromkeys(called[item["speaker"]] for item in items)),
        "numbers": [f"{i['quantity']:,.10g}" for i in items if pd.notna(i["quantity"])],
        "repays": list(dict.fromkeys(given[i] for i in paid)),
        "repaid": paid,
        "at": min(item["at"] for item in items),
    }


def _what(category: str, items: Sequence[Mapping]) -> str:
    """Kind and items, those with the same remarks joined: ``arms: artillery, rockets``."""
    said = {_much(item): _remarks(item) for item in reversed(items)}
    more = {much: remark for much, remark in said.items() if much != category} or said
    joined: dict[str, list[str]] = {}
    for much, remark in reversed(more.items()):
        joined.setdefault(remark, []).append(much)
    told = "; ".join(f"{', '.join(much)}{remark}" for remark, much in joined.items())
    plain = told.startswith(category) or category == "unspecified"
    return told if plain else f"{_KINDS.get(category, category)}: {told}"


def _much(item: Mapping) -> str:
    """A number with its bound and unit, then the item; the item alone where there is no number."""
    if pd.isna(item["quantity"]):
        return item["item"]
    rough = item["bound"] not in _BOUNDS and "quantity" in split_cell(item["hedge_on"])
    bound = _BOUNDS.get(item["bound"], "about " if rough else "")
    unit = f"{item['unit']}, " if item["unit"] not in item["item"] else ""
    source = f" (\u201c{item['quantity_words']}\u201d)" if rough and item["quantity_words"] else ""
    return f"{bound}{item['quantity']:,.10g} {unit}{item['item']}{source}"


def _remarks(item: Mapping) -> str:
    """What else is said of an item: an amount without a number, a date, how it is put."""
    parts = []
    if item["quantity_words"] and pd.isna(item["quantity"]):
        parts.append(f"\u201c{item['quantity_words']}\u201d")
    if split_cell(item["date"]):
        parts.append(wording.date_in_words(item["date"]))
    if item["modality"] in ("hedged", "reported", "disputed"):
        parts.append(item["modality"])
    return f" ({', '.join(parts)})" if parts else ""


def _in_bands(seed: Seed, rows: list[dict]) -> list[dict]:
    """The same rows with their coalition, hub, side and band, in the order they are drawn."""
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
    return placed


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
        "Here an exchange runs one way only: it is all the transfers of one kind from one side to"
        f" another, whether or not anything comes back. {told} {counted(many, 'transfer')};"
        f" we group {'them' if many > 1 else 'it'} into {len(rows)}.{green}"
    )
    if len(done) < len(rows):
        subtitle += f" Dashed, and not counted as given: {len(rows) - len(done)}."
    none = [f"{name}:\n{' '.join(told)}" for name, *told in _without(seed, rows, called)]
    described = [*(Line(_spoken(row, called), row["ids"]) for row in rows)]
    described += [line.replace("\n", " ") for line in none]
    return Words(_title(seed, done, selected), subtitle, described, _cards(seed, rows, none))


def _cards(seed: Seed, rows: Sequence[Mapping], none: list[str]) -> list[dict]:
    """How many exchanges lead to each hub and from it; then a card for either way."""
    called, whole, tally, cards = names(seed), _all_coded(seed), [], []
    for era, hub in dict.fromkeys((row["era"], row["hub"]) for row in rows):
        own = [row for row in rows if (row["era"], row["hub"]) == (era, hub)]
        tally += _tally(own, called, _bypassed_by_none(seed, own, rows))
        for side, of in grouped(own, "side").items():
            lines = [_line(row, called) for row in of]
            numbers = ["".join(row["numbers"][:1]) for row in of]  # bold
            head = f"{side.capitalize()} {wording.with_the(called[hub])} ({len(of)})"
            cards.append({"heading": head, "lines": lines, "numbers": numbers})
        cards[-1]["lines"] += _unpaid(seed, own) * whole
    return [{"heading": "Exchanges", "lines": [*tally, *none]}, *cards] if tally else cards


def _tally(own: Sequence[Mapping], called: Mapping[str, str], all_touch: bool) -> list[str]:
    done = Counter(row["side"] for row in own if not row["standing"])
    hub = called[own[0]["hub"]]
    flow = [f"{done['to']} in"] * bool(done["to"]), [f"{done['from']} out"] * bool(done["from"])
    told = [" \u2192 ".join([*flow[0], hub, *flow[1]])] * bool(done)
    told += ["none that bypasses it"] * all_touch
    return [f"{called.get(own[0]['era'], 'Others')}:\n{'; '.join(told)}"] if told else []


def _unpaid(seed: Seed, own: Sequence[Mapping]) -> list[str]:
    """What is not said to be given in return, a line a giver."""
    back = {row["band"] for row in own if row["side"] == "from"}
    given = dict.fromkeys(row["band"] for row in own if row["band"] not in back)
    told, called = f"{wording.they_do(seed, 'mention')} nothing given to", names(seed)
    return [f"{told} {_listed(band, called)} in return" for band in given]


def _line(row: Mapping, called: Mapping[str, str]) -> Line:
    """The other side of an arrow, then what is given; who says so is in the row opened."""
    told = ", ".join(filter(None, map(_labelled(row, called).get, ("label", "paid"))))
    others = _listed(row["givers"] if row["side"] == "to" else (row["receiver"],), called)
    others = wording.with_the(others)
    return Line(f"{'From' if row['side'] == 'to' else 'To'} {others}:\n{told}", row["ids"])


def _title(seed: Seed, done: Sequence[Mapping], selected: str) -> str:
    """Whom the exchanges of the largest coalition touch, and how many have a number."""
    if not done:
        return f"Nothing{selected} is said to have been given: only called for, predicted or denied"
    called = names(seed)
    era, own = max(grouped(done, "era").items(), key=lambda one: len(one[1]))
    hub, touched = Counter(i for row in own for i in set(_parties(row))).most_common(1)[0]
    if len(own) < 3 or touched <= len(own) / 2:
        return f"Of {counted(len(done), 'exchange')}{selected}, {_with_number(done)}"
    of = "all" if touched == len(own) else f"{wording.number_word(touched)} of"
    whose = f" involving {in_text(called[era])}" if era else ""
    many = f"{of} {wording.number_word(len(own))} exchanges{whose}{selected}"
    said = f"In {wording.sources_named(seed)}, {called.get(hub, hub)} gives or receives in {many}"
    return f"{said}; {_with_number(own)}"


def _with_number(rows: Sequence[Mapping]) -> str:
    number = sum(bool(row["numbers"]) for row in rows)
    few = {len(rows): "each", 0: "none", 1: "only one"}
    return f"a number is given for {few.get(number, wording.number_word(number))}"


def _listed(actors: Iterable[str], called: Mapping[str, str]) -> str:
    return " and ".join(called.get(actor, actor) for actor in actors)


def _return_for(row: Mapping, called: Mapping[str, str]) -> str:
    """What a row repays, by giver: ``in return for North Korea: arms and troops``."""
    by: dict[tuple, list[str]] = {}
    for givers, category in row["repays"]:
        by.setdefault(givers, []).append(str(_KINDS.get(category, category)))
    told = [f"{' and '.join(kinds)} from {_listed(who, called)}" for who, kinds in by.items()]
    return f"in return for {', '.join(told)}" if told else ""


def _label(row: Mapping) -> str:
    return f"{row['standing']}: {row['what']}" if row["standing"] else row["what"]


def _spoken(row: Mapping, called: Mapping[str, str]) -> str:
    between = f"{_listed(row['givers'], called)} to {called.get(row['receiver'], row['receiver'])}"
    told = ", ".join(filter(None, [_label(row), wording.with_the(_return_for(row, called))]))
    between = wording.capital(wording.with_the(between))
    return f"{between}: {told} ({', '.join(row['said_by'])})."


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows: a heading a coalition, a box a hub, a band a partner."""
    called, draft = names(seed), Draft(seed)
    placed, boxes, y, era, hub = [], [], 0.0, None, None
    for row in rows:
        if row["era"] != era:
            heading = called.get(row["era"], "Others")
            draft.note(f"<b>{text(heading)}</b>", 0, y + 17, font={"size": 15})
            _bypassing(draft, seed, [r for r in rows if r["era"] == row["era"]], y + 17)
            draft.hairline((0, WIDE), (y + 27, y + 27))
            y, era, hub = y + _HEAD, row["era"], None
        if row["hub"] != hub:
            hub = row["hub"]
            here = [r for r in rows if (r["era"], r["hub"]) == (era, hub)]
            begin, (more, y) = y + 8, _place(here, y + 14, called)
            placed += more
            ids = list(dict.fromkeys(i for r in here for i in r["ids"]))
            box = {"x0": _HUB, "x1": WIDE - _HUB, "y": (begin + y) / 2 - 2, "high": y - begin - 4}
            name = f"<b>{wrap(called.get(hub, hub), 11)}</b>"
            boxes.append({**box, "ids": ids, "kind": "words", "text": name})
    draft.marks(boxes, "bar", _LOOKS, name="hub", textfont={"size": 15})
    for name, *told in _without(seed, rows, called):
        draft.note(f"<b>{text(name)}</b>", 0, y + 17, font={"size": 15})
        draft.hairline((0, WIDE), (y + 27, y + 27))
        label = "<br>".join([f"<b>{told[0]}</b>", *(even(part, 110) for part in told[1:])])
        high = 17 * (label.count("<br>") + 1) + 8
        ends = {"x0": _NAME + _GAP, "x1": WIDE - _NAME, "y0": y + 36, "y1": y + 36 + high}
        draft.add_shape(type="rect", xref="x", yref="y", line={"color": INK, "width": 1}, **ends)
        draft.note(label, WIDE / 2, y + 36 + high / 2, xanchor="center", align="center")
        y += 42 + high
    _arrows(draft, placed)
    _partners(draft, seed, placed)
    return draft.page(said, y, "exchanges")


def _bypassing(draft: Draft, seed: Seed, own: Sequence[Mapping], y: float) -> None:
    """That no exchange of a coalition bypasses its hub, where there are several."""
    if _bypassed_by_none(seed, own, own):
        past = f"No exchange that bypasses {names(seed)[own[0]['hub']]} is stated"
        draft.note(text(past), WIDE, y, xanchor="right", font={"color": GREY})


def _bypassed_by_none(seed: Seed, own: Sequence[Mapping], rows: Sequence[Mapping]) -> bool:
    hubs = {row["hub"] for row in rows if row["era"] == own[0]["era"]}
    return len(own) > 2 and len(hubs) == 1 and _all_coded(seed)


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
        label = even(row["label"], _SIGNS)
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
            (said,) = _unpaid(seed, rows)
            draft.note(even(said, 20), WIDE - _NAME, y, font={"size": 12, "color": GREY})
    draft.marks(marks, "text", _LOOKS, name="partners")


def _without(seed: Seed, rows: Sequence[Mapping], called: Mapping[str, str]) -> list[list[str]]:
    """The coalitions compared of which no exchange is said: name, that, and what is said of them
    that could be mistaken for one; none if a part is left out."""
    eras = {row["era"] for row in rows if not row["standing"]}
    sides = compared_coalitions(seed) if _all_coded(seed) else []
    said = dict(zip(seed.events["id"], seed.events["statement"], strict=True))
    found, helps = [], seed.cooperation.query("bears == 'for' and polarity == 'affirmed'")
    for side in (side for side in sides if side not in eras):
        about = helps.loc[helps["coalition"] == side, "about"]
        events = [said[i] for cell in about for i in split_cell(cell) if i in said]
        told = [f"{event.rstrip('.')}, but no receiver is named." for event in events]
        found.append([called[side], "No exchange among its members is stated.", *told])
    return found


def _all_coded(seed: Seed) -> bool:
    """Whether what is missing is missing in the source: nothing left out, nothing yet to code."""
    return "transfers" not in seed.selected and bool(seed.coverage()["explained"].all())
