"""The argument as a map: a thesis, what bears on it, and whether the text itself makes the link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import WIDE, Draft, Line, Words, grouped, key, lines, no_rows
from axislib.figures.hover import text, wrap
from axislib.figures.palette import GREY, HOW, INK, LOOKS, PURPLE, SOURCE, Look
from axislib.questions.argument import concerned, main_thesis, threads, tree, unlinked
from axislib.questions.levels import compared_sides
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import capital, counted, in_text, listed, names, number_word

_BROKEN = f"\u2013 \u2013 <span style='color:{GREY}'>\u2013 \u2013</span>"  # of both colours
_LOOKS = LOOKS | {
    "stated": Look("thick line: link stated in the text", "\u2501", INK, width=3),
    "inferred": Look("broken line: link inferred by us", _BROKEN, PURPLE, dash="dash", width=1.5),
    "stated, limit": Look("", "", GREY, width=2),
    "inferred, limit": Look("", "", GREY, dash="dash", width=1.5),
    "trunk": Look("", "", GREY, fill=GREY, width=1.5),
    "bar": Look("ends in a bar: limits the claim it leads to", "\u2503", GREY, fill=GREY, width=4),
    "claim": Look("", ""),
    "limit": Look("", "", GREY),
    "thesis": Look("", "", width=3),
    "again": Look("", "", GREY, ink=GREY),
    "gap": SOURCE["ours"]._replace(width=1.5),
}
_SAID = {"qualifies": "limits", "qualifier": "limit"}  # Toulmin's qualifier is part of the claim
_GAP, _AIR, _APART = 112, 7, 26  # pixels: between columns, boxes, threads
_SIGN, _LINE, _EDGE = 7.2, 17, 8  # pixels of a sign on a narrow page, of a line, inside a box
_WIDER = {"thesis": 1.2, "note": 0.93}  # a sign of their words
_TRUNK = (34, 20)  # pixels from a box: where what bears on it meets; where what limits it does
_ENDS = (
    {"symbol": "triangle-left", "size": 13},
    {"kind": "bar", "symbol": "line-ns-open", "size": 20},
)
_OWN = ("statement", "role", "modality", "polarity", "speaker")  # of a claim
_LOOSE = 4  # columns of claims without a link


def argument_map(seed: Seed, root: str | None = None) -> go.Figure:
    """Claims as boxes, the thesis on the left, what bears on it to its right; arrows lead to the
    claim that is borne on.

    ``root`` is the claim to begin with: the main thesis if left out, ``"all"`` for every thread,
    one below the other, claims without a link last. A box names the role (Toulmin 1958), the
    speaker and how the claim is put unless it is asserted. What limits a claim ends in a bar, not
    an arrow. A link is thick and black if the text makes it, dashed and purple if we infer it.
    Returns a plotly figure; raises SeedError for any other id. It cannot tell if a reason is good.

    >>> import axislib
    >>> axislib.argument_map(axislib.open_seed()).layout.meta["name"]
    'argument_map'
    """
    if not len(seed.claims):
        return no_rows(seed, "argument_map", "claims", ["claims"])
    rows = prepare(seed, root)
    return draw(seed, rows, words(seed, rows))


def prepare(seed: Seed, root: str | None = None) -> list[dict]:
    """One row a place of a claim on the map, in the order of ``tree``: the columns of ``threads``
    (``thread`` -1 for a claim without a link), the claim's own, ``touches`` (which coalitions
    compared it is about), and of the link ``stated`` (the text makes it) and ``note``. The first
    row has ``unread``: coalition -> how many of the claims left out are about it."""
    root = root or main_thesis(seed) or "all"
    if root == "all":
        places = records(threads(seed))
        blank = {"parent": "", "argument": "", "relation": "", "depth": 0, "again": False}
        places += [{**blank, "claim": claim, "thread": -1} for claim in unlinked(seed)]
    else:
        places = records(tree(seed, root).assign(thread=0))
    claims = _by_id(seed.claims, [place["claim"] for place in places])
    links = _by_id(seed.arguments, [place["argument"] for place in places])
    touches, rows = concerned(seed, compared_sides(seed) or ()), []
    for place in places:
        claim, link = claims[place["claim"]], links.get(place["argument"], {})
        bears = {"stated": link.get("basis") == "stated", "note": link.get("note", "")}
        bears |= {"touches": touches[claim["id"]], "ids": [claim["id"]]}
        rows.append({**place, **{name: claim[name] for name in _OWN}, **bears})
    rest = touches.keys() - claims.keys()
    rows[0]["unread"] = Counter(side for claim in rest for side in touches[claim])
    return rows


def _by_id(frame: pd.DataFrame, ids: Sequence[str]) -> dict[str, dict]:
    return {row["id"]: row for row in records(frame[frame["id"].isin(ids)])}


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line a claim, and cards."""
    selected = not seed.selected.isdisjoint(["claims", "arguments"])
    subtitle = _rule(seed, rows)
    called = names(seed)
    told = [f"{row['statement']} ({_head(row, called)})" for row in rows]
    description = [
        Line(_spoken(rows, row, said), _behind(row)) for row, said in zip(rows, told, strict=True)
    ]
    if any(row["thread"] != 0 for row in rows):
        return Words(_whole(rows, selected), subtitle, description)
    cards = _cards(seed, rows, told[0], called)
    return Words(_finding(seed, rows, selected), subtitle, description, cards)


def _cards(
    seed: Seed, rows: Sequence[Mapping], thesis: str, called: Mapping[str, str]
) -> list[dict]:
    """The thesis, what is missing, then a card for each way in which claims bear on it."""
    cards = [{"heading": thesis, "lines": [*filter(None, [_links(rows)])]}]
    for gap in _gap(seed, rows):
        cards.append({"heading": gap["gap"], "lines": [gap["statement"]], "ours": True})
    mixed = len({row["stated"] for row in rows if row["argument"]}) > 1
    heads = [{**row, "head": _heading(rows, row, called)} for row in rows[1:]]
    for (head, link), own in grouped(heads, "head").items():
        sides = _one_sided(seed, own) if own[0]["relation"] == "supports" else []
        if sides:
            head += f": {number_word(len(own))} grounds, all about {in_text(called[sides[0]])}"
        head += f" ({link.replace('link ', 'links ') if own[1:] else link})" * mixed
        cards.append({"heading": head, "lines": [*map(_listed, own)]})
    return cards


def _rule(seed: Seed, rows: Sequence[Mapping]) -> str:
    """What the roles are, how many links the text makes itself, and what is left out."""
    rest = len(seed.claims) - len({row["claim"] for row in rows})
    return (
        "A ground is a reason given for a claim; a limit says how far the claim holds. The terms"
        f" are adapted from Toulmin (1958); the claims are in our words. {_links(rows)}"
        + (f" Not shown: {counted(rest, 'other claim')}." if rest else "")
    )


def _links(rows: Sequence[Mapping]) -> str:
    """How many links the text makes itself."""
    stated = [row["stated"] for row in rows if row["argument"]]
    made = sum(stated)
    links = f"All {number_word(len(stated))} links are" if stated[1:] else "The only link is"
    some = f"{made} of {len(stated)} links are stated, the others are inferred by us."
    told = {0: f"{links} inferred by us.", len(stated): f"{links} stated outright."}
    return told.get(made, some) if stated else ""


def _gap(seed: Seed, rows: Sequence[Mapping]) -> list[dict]:
    """A place for the ground that is missing where all concern one side only."""
    support = [row for row in rows if row["depth"] == 1 and row["relation"] == "supports"]
    sides = _one_sided(seed, support)
    if not sides or any(row["thread"] for row in rows):
        return []
    many, side = rows[0]["unread"][sides[1]], in_text(names(seed)[sides[1]])
    said = f"No other claim is about {side}."
    if many:
        whose = "them" if side.split()[-1] in map(number_word, range(2, 13)) else "its members"
        said = (
            f"The article contains {counted(many, 'other claim')} about {side} or one of {whose}."
        )
        said += f" On our reading, it offers none as a ground for the {rows[0]['role']}."
    bare = {"argument": "", "note": "", "again": False, "depth": 1, "statement": said}
    return [{**rows[0], **bare, "gap": f"Missing, on our reading: a ground about {side}"}]


def _behind(row: Mapping) -> list[str]:
    """The ids of a claim and of its link to another."""
    return [row["claim"], *filter(None, [row["argument"]])]


def _spoken(rows: Iterable[Mapping], row: Mapping, said: str) -> str:
    """A claim in words, with the one it bears on."""
    if not row["argument"]:
        return said
    target = next(other["statement"] for other in rows if other["claim"] == row["parent"])
    link = "stated" if row["stated"] else "inferred by us"
    return f"{said} {_SAID.get(row['relation'], row['relation'])} ({link}): {target}"


def _heading(rows: Sequence[Mapping], row: Mapping, called: Mapping[str, str]) -> tuple[str, str]:
    """What claims do to another, and who makes them where that is another; by whose inference."""
    target = next(other["role"] for other in rows if other["claim"] == row["parent"])
    target, verb = (_SAID.get(word) or word for word in (target, row["relation"]))
    who = f", {called[row['speaker']]}" * (row["speaker"] != rows[0]["speaker"])
    link = "stated in the text" if row["stated"] else "link inferred by us"
    return f"{verb.capitalize()} the {target}{who}", link


def _listed(row: Mapping) -> Line:
    put = f" ({_put(row)})" * (_put(row) != "asserted")
    note = f" Our note: {row['note']}" * bool(row["note"])
    return Line(f"{row['statement']}{put}{note}", _behind(row))


def _put(row: Mapping) -> str:
    return "left open" if row["polarity"] == "left_open" else HOW[row["modality"]].word


def _head(row: Mapping, called: Mapping[str, str]) -> str:
    role = _SAID.get(row["role"]) or row["role"]
    if row["touches"] and row["relation"] == "supports":
        role += f" about {listed([in_text(called[side]) for side in row['touches']])}"
    parts = [role, called.get(row["speaker"], row["speaker"]), _put(row)]
    return ", ".join(part for part in parts if part != "asserted")


def _finding(seed: Seed, rows: Sequence[Mapping], selected: bool) -> str:
    """Whom the reasons for the first claim concern; else how many the text ties to it itself."""
    role, among = rows[0]["role"], " selected" if selected else ""
    support = [row for row in rows if row["depth"] == 1 and row["relation"] == "supports"]
    if not support:
        return f"No claim{among} supports this {role}"
    number = number_word(len(support))
    if sides := _one_sided(seed, support):
        said = "On our reading, all {} grounds{} for the {} are about {}; none is about {}"
        return said.format(number, among, role, *(in_text(names(seed)[side]) for side in sides))
    made = sum(row["stated"] for row in support)
    if len(support) == 1:
        who = "the text itself" if made else "us, not by the text"
        return f"The only ground{among} is tied to the {role} by {who}"
    share = {0: "none", len(support): "all"}.get(made, f"only {number_word(made)}")
    return f"The text itself links {share} of {number} grounds{among} to the {role}"


def _one_sided(seed: Seed, support: Sequence[Mapping]) -> list[str]:
    """The only one of the two coalitions compared that several claims concern, and the other."""
    touched = {tuple(row["touches"]) for row in support}
    if len(support) < 2 or len(touched) > 1 or len(only := min(touched)) != 1:
        return []
    return [*only, *(side for side in compared_sides(seed) or () if side not in only)]


def _whole(rows: Sequence[Mapping], selected: bool) -> str:
    links = [row for row in rows if row["argument"]]
    loose = sum(row["thread"] < 0 for row in rows)
    made = sum(row["stated"] for row in links)
    among = " selected" if selected else ""
    alone = f"{loose or 'no'} claim{'s' if loose != 1 else ''}{among}"
    if not links:
        return f"None of the {counted(len(rows), 'claim')}{among} is linked to another"
    tie = f"The text itself makes {made} of {counted(len(links), 'link')} between claims{among}"
    return f"{tie}; we infer the rest" if made < len(links) else f"{tie}; {alone} have none"


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of ``prepare``'s rows."""
    draft, called = Draft(seed), names(seed)
    first = [row["depth"] == 1 and row["relation"] != "supports" for row in rows]
    at = [*first, True].index(True)
    boxes, y = _placed([*rows[:at], *_gap(seed, rows), *rows[at:]], called)
    _draw_links(draft, boxes)
    draft.marks(boxes, "bar", _LOOKS, name="claims")
    at = [{**box, "x": box["x0"] + _EDGE, "text": box["label"]} for box in boxes]
    draft.marks(at, "text", _LOOKS, name="words")
    if tops := [box["y"] - box["high"] / 2 for box in boxes if box["thread"] < 0]:
        draft.note("<b>Claims without a link to another</b>", 0, min(tops) - 14, font={"size": 15})
    made = {_made_by(box) for box in boxes if box["argument"]}
    limits = ["bar"] * any(box["relation"] == "qualifies" for box in boxes)
    draft.note(key([*sorted(made), *limits], _LOOKS), 0, y + 12, font={"size": 12})
    return draft.page(said, y + 26, "argument_map", (-2, WIDE + 2))


def _placed(rows: Sequence[Mapping], called: Mapping) -> tuple[list[dict], float]:
    """Boxes in pixels from the top, and where they end: by thread, those without a link last."""
    parts = grouped(rows, "thread")
    loose, least = parts.pop(-1, []), 2 if len(parts) == 1 else 3
    boxes, y = [], 6.0
    for part in parts.values():
        deep = max(row["depth"] for row in part) + 1
        boxes += (more := _tree(part, called, max(deep, least), 0, y))
        y = _end(more) + _APART
    y += 20 if loose else 0
    for start in range(0, len(loose), _LOOSE):
        line = enumerate(loose[start : start + _LOOSE])
        more = [_tree([row], called, _LOOSE, column, y)[0] for column, row in line]
        boxes += more
        y = _end(more) + _AIR
    return boxes, y


def _end(boxes: Sequence[Mapping]) -> float:
    return max(box["y"] + box["high"] / 2 for box in boxes)


def _tree(
    rows: Sequence[Mapping], called: Mapping, columns: int, first: int, top: float
) -> list[dict]:
    """The boxes of one tree, each beside its branch; ``up`` is the box that it bears on."""
    boxes, path = [], []
    for row in rows:
        path = path[: row["depth"]]
        box = _box(row, called, columns, row["depth"] + first)
        box |= {"up": path[-1] if path else None, "below": []}
        if path:
            path[-1]["below"].append(box)
        boxes.append(box)
        path.append(box)
    for box in reversed(boxes):
        under = sum(child["need"] + _AIR for child in box["below"]) - _AIR
        box["need"] = max(box["high"], under)
    boxes[0]["begin"] = top
    for box in boxes:
        box["y"] = box["begin"] + box["need"] / 2
        at = box["y"] - (sum(child["need"] + _AIR for child in box["below"]) - _AIR) / 2
        for child in box["below"]:
            child["begin"] = at
            at += child["need"] + _AIR
    return boxes


def _box(row: Mapping, called: Mapping, columns: int, column: int) -> dict:
    """The row with its edges, its words and the height these take."""
    wide = (WIDE - _GAP * (columns - 1)) / columns
    signs = int((wide - 2 * _EDGE) / _SIGN)
    gap, head = "gap" in row, _head(row, called)
    head = "as above" if row["again"] else capital(head)
    kind = "thesis" if row["role"] == "thesis" else "claim"
    kind = "limit" if row["relation"] == "qualifies" else kind
    kind = "again" if row["again"] else kind
    if gap:
        head, kind = row["gap"], "gap"
    note = f"Our note: {row['note']}" if row["note"] and columns == 2 else ""
    own, small = (int(signs / _WIDER.get(part, 1)) for part in (kind, "note"))
    deep = lines(head, signs) + lines(row["statement"], own) + lines(note, small) * bool(note)
    x0 = column * (wide + _GAP)
    label = f'<span style="color:{GREY}">{wrap(head, signs)}</span><br>'
    label = f"<b>{wrap(head, signs)}</b><br>" if gap else label
    bold = '<b><span style="font-size:14px">{}</span></b>' if kind == "thesis" else "{}"
    label += bold.format(wrap(row["statement"], own))
    small_print = f"color:{PURPLE};font-size:12px"
    label += f'<br><span style="{small_print}">{wrap(note, small)}</span>' if note else ""
    high = deep * (_LINE + 3 * (kind == "thesis")) + _EDGE
    return {**row, "kind": kind, "x0": x0, "x1": x0 + wide, "high": high, "label": label}


def _draw_links(draft: Draft, boxes: Sequence[Mapping]) -> None:
    """A line for each link, with a word; trunks and their ends where several meet."""
    links, said = [], []
    for box in (box for box in boxes if box["argument"]):
        made, kind = _made_by(box), _made_by(box, box["relation"] == "qualifies")
        link, note = _LOOKS[made].word.partition(": ")[2], f": {wrap(box['note'])}"
        says = f"{link}{note * bool(box['note'])}<br>"
        at = {"ids": [box["argument"]], "kind": kind, "says": says}
        trunk = box["up"]["x1"] + _TRUNK[box["relation"] == "qualifies"]
        links.append({**at, "x": [trunk, box["x0"]], "y": [box["y"], box["y"]]})
        verb = text(_SAID.get(box["relation"], box["relation"]))
        middle = {"x": (box["up"]["x1"] + _TRUNK[0] + box["x0"]) / 2, "text": verb}
        said.append({**at, **middle, "y": box["y"] - 2, "align": "top center"})
    _draw_trunks(draft, boxes)
    draft.marks(links, "line", _LOOKS, name="links")
    draft.marks(said, "text", _LOOKS, name="link words", textfont={"size": 12})


def _made_by(box: Mapping, limits: bool = False) -> str:
    """The look of a link: whose it is, and whether it limits."""
    return ("stated" if box["stated"] else "inferred") + ", limit" * limits


def _draw_trunks(draft: Draft, boxes: Sequence[Mapping]) -> None:
    """What bears on a box, gathered: an arrowhead; of what limits it, a bar."""
    trunks, heads = [], []
    for box in boxes:
        below = [child for child in box["below"] if child["argument"]]
        parts = grouped([{**c, "limits": c["relation"] == "qualifies"} for c in below], "limits")
        for limits, own in parts.items():
            x, apart = box["x1"] + _TRUNK[limits], box["high"] / 5 * (len(parts) - 1)
            y = box["y"] + (2 * limits - 1) * apart
            ys = [y, *(child["y"] for child in own)]
            kinds = {_made_by(child, limits) for child in own}
            at = {"ids": [child["argument"] for child in own], "kind": "trunk"}
            start = box["x1"] + 3 + 4 * limits
            line = {"x": [start, x, None, x, x], "y": [y, y, None, min(ys), max(ys)]}
            trunks.append(at | line | ({"kind": min(kinds)} if len(kinds) == 1 else {}))
            heads.append({**at, "x": box["x1"] + 7, "y": y, **_ENDS[limits]})
    draft.marks(trunks, "line", _LOOKS, name="trunk")
    draft.marks(heads, "symbol", _LOOKS, name="heads")
