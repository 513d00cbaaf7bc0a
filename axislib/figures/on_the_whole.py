"""On the whole: how many gaps would have to favour the side behind to overturn the lead, and which
single change would reverse the result; in an appendix, the same under unequal weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import WIDE, Draft, Words, grouped, no_rows, nothing_to_show, swatches
from axislib.figures.hover import text
from axislib.figures.palette import GREY, INK, LEVEL, LOOKS, PAPER, Look
from axislib.questions.levels import TWO_NEEDED, both_sides, likenesses, nothing_compared
from axislib.questions.weighing import VALUES, fillings, pivots
from axislib.seed.seed import Seed
from axislib.tables.schema import records, split_cell
from axislib.words import counted, in_text, names, sources_named

_LOOKS = LOOKS | {
    "leads": Look("leads", "\u25a0", fill=INK, ink=PAPER),
    "tie": Look("a tie", "\u25a1", line=GREY, ink=GREY),
    "overturned": Look("is overtaken", "\u25a1", width=3),
    "weighted": Look("share of weightings", "\u25cf", fill=INK),
}
_FILLS = {  # how gaps are counted
    "known": "only dimensions stated for both sides counted",
    "for": "all gaps in favour of {left}",
    "absent": "all gaps as absent",
    "uniform": "gaps filled at random",
    "present": "all gaps as present",
    "against": "all gaps in favour of {right}",
}
_CHANGE = "One change of coding or weight that would reverse the result"
_BASE = ("known", "uniform")  # ways to count whose reversals are listed
_SHOWN = 4  # reversals listed for each
_LABELS, _ROW, _BOX = 420, 22, 44  # pixels

_STANDING = {1: "leads", 0: "tie", -1: "overturned"}  # the lead against the gaps so far


def on_the_whole(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
    appendix: bool = False,
) -> go.Figure:
    """The stronger claim, "on the whole": what the gaps would have to hold to overturn the lead.

    ``left`` and ``right`` are those of ``compared_sides`` if left out. A box of the strip is a
    number of gaps (dimensions not stated for the side behind) that turn out present for it, all
    dimensions weighing the same, the gaps of the side ahead counted as absent. Below it are the
    single changes that would reverse the result. ``appendix=True`` gives instead the share of
    random weightings in which either side leads, by how gaps are filled (stochastic multiobjective
    acceptability analysis, Lahdelma, Hokkanen and Salminen 1998; see ``acceptability``). The same
    ``random_seed`` gives the same figure. Returns a plotly figure; raises SeedError for an unknown
    coalition. A share of weightings is not a probability.

    >>> import axislib
    >>> axislib.on_the_whole(axislib.open_seed(), draws=500).layout.meta["name"]
    'on_the_whole'
    """
    if nothing_compared(seed, left, right):
        return nothing_to_show("on_the_whole", "two coalitions to compare", TWO_NEEDED)
    left, right = both_sides(seed, left, right)
    table = likenesses(seed, left, right)
    if not (table["left_facts"] + table["right_facts"]).str.len().any():
        what = "statements on the cooperation of the two coalitions"
        return no_rows(seed, "on_the_whole", what, ["cooperation"])
    sides = (left, right)
    if appendix:
        rows = weighted(seed, table, sides, draws, random_seed)
        return draw_weights(seed, rows, weights_in_words(rows))
    rows = [*gaps(seed, table, sides), *changes(seed, table, sides, draws, random_seed)]
    return draw(seed, rows, words(seed, rows))


def gaps(seed: Seed, table: pd.DataFrame, sides: tuple[str, str]) -> list[dict]:
    """One row a number of gaps filled for the side behind: ``kind`` (leads, tie, overturned: how it
    then is with the side ahead), ``number``, ``ids``, ``ahead`` and ``behind`` (names)."""
    called, ahead = names(seed), "left"
    scores = {s: table[f"{s}_level"].map(VALUES).astype(float) for s in ("left", "right")}
    if scores["left"].sum() < scores["right"].sum():
        sides, ahead = (sides[1], sides[0]), "right"
    behind = "right" if ahead == "left" else "left"
    lead = float(scores[ahead].sum() - scores[behind].sum())  # a numpy bool has no minus
    open_ = table.loc[scores[behind].isna(), "dimension"]
    silences = [(row["id"], set(split_cell(row["about"]))) for row in records(seed.silences)]
    ids = [
        [dimension, *(i for i, about in silences if {dimension, sides[1]} <= about)]
        for dimension in open_
    ]
    both = scores[ahead].notna() & scores[behind].notna()
    known = float((scores[ahead] - scores[behind])[both].sum())
    same = {"part": "gap", "ahead": called[sides[0]], "behind": called[sides[1]]}
    same |= {"lead": lead, "lead_known": known}
    return [
        {
            **same,
            "number": number,
            "kind": _STANDING[(lead > number) - (lead < number)],
            "ids": ids[number - 1] if number else _facts(table),
        }
        for number in range(len(ids) + 1)
    ]


def _facts(table: pd.DataFrame) -> list[str]:
    cells = [*table["left_facts"], *table["right_facts"]]
    return [i for cell in cells for i in split_cell(cell)]


def changes(
    seed: Seed, table: pd.DataFrame, sides: tuple[str, str], draws: int, random_seed: int
) -> list[dict]:
    """One row a single change that puts another side ahead, the largest first: ``fill`` (how gaps
    are counted), ``counting`` (the same in words), ``what`` in words, ``ids``."""
    found = pivots(seed, *sides, draws, random_seed, _BASE)
    found = found[found["turns"].astype(bool)]
    found = found[found["before"].notna() | (found["kind"] == "weight")]
    cells = {
        (row["dimension"], coalition): (row[f"{side}_level"], split_cell(row[f"{side}_facts"]))
        for row in records(table)
        for side, coalition in zip(("left", "right"), sides, strict=True)
    }
    shown = found.groupby("fill", sort=False).head(_SHOWN)
    rows = []
    for row in records(shown):
        what, ids = _change(seed, row, cells, names(seed))
        counting = _FILLS[row["fill"]]
        rows.append({"part": "change", "counting": counting, "what": what, "ids": ids})
    return rows


def _change(seed: Seed, row: Mapping, cells: Mapping, called: Mapping) -> tuple[str, list[str]]:
    """A change in words, and the ids behind it."""
    if row["kind"] == "reading":
        reading = seed.row(row["reading"])
        fact = seed.row(reading["fact"])
        column = "" if reading["column"] == "polarity" else f"{reading['column']} "
        alternative = f"{column}{reading['alternative']}".replace("_", " ")
        what = f"{called[fact['dimension']]}, sentence {', '.join(split_cell(fact['anchors']))}:"
        return f"{what} coded \u201c{alternative}\u201d instead", [row["reading"], fact["id"]]
    name = called[row["dimension"]]
    if row["kind"] == "weight":
        share = f"{100 * row['weight']:.0f} %"
        return f"reversed if \u201c{name}\u201d alone carried {share} of the weight", [
            row["dimension"]
        ]
    level, ids = cells[row["dimension"], row["coalition"]]
    now, then = LEVEL[level].word, LEVEL[row["level"]].word
    who = in_text(called[row["coalition"]])
    return f"{name}, {who}: {then} instead of {now}", [row["dimension"], *ids]


def weighted(
    seed: Seed, table: pd.DataFrame, sides: tuple[str, str], draws: int, random_seed: int
) -> list[dict]:
    """One row a way to fill the gaps: ``counting`` (in words), ``left`` and ``right`` (shares of
    weightings in which each leads), ``draws``, ``sides`` (names), ``ids``."""
    shares = fillings(seed, *sides, draws, random_seed).set_index("fill")
    called, dimensions, (left, right) = names(seed), set(table["dimension"]), sides
    known = table[(table["left_level"] != "not_stated") & (table["right_level"] != "not_stated")]
    silences = [
        row["id"] for row in records(seed.silences) if dimensions & set(split_cell(row["about"]))
    ]
    behind = {
        "known": [*known["dimension"], *_facts(known)] or list(table["dimension"]),
        "all": [*table["dimension"], *_facts(table), *silences],
    }
    return [
        {
            "kind": "weighted",
            "counting": told.format(left=in_text(called[left]), right=in_text(called[right])),
            "sides": (in_text(called[left]), in_text(called[right])),
            "ids": behind["known" if fill == "known" else "all"],
            "draws": draws,
            **shares.loc[fill, ["left", "right", "dimensions"]].to_dict(),
        }
        for fill, told in _FILLS.items()
    ]


# -------------------------------------------------------------------------- words


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line and a card for what would reverse the result."""
    first = rows[0]
    behind, ahead = in_text(first["behind"]), in_text(first["ahead"])
    selected = " in the statements selected" if "cooperation" in seed.selected else ""
    subtitle = (
        f"A gap: a dimension not stated for {behind}{selected}; filled as present, it favours it."
        f" Gaps of {ahead} count as absent; all dimensions weigh the same. The lead also reflects"
        f" who gets attention in {sources_named(seed)}."
    )
    subtitle += _otherwise(first, behind)
    strip = [row for row in rows if row["part"] == "gap"]
    changed = [row for row in rows if row["part"] == "change"]
    cards = [{"heading": f"Gaps filled in favour of {behind}", "lines": _filled(strip)}]
    cards += [
        {"heading": f"{_CHANGE}: {counting}", "lines": [row["what"] for row in of]}
        for counting, of in grouped(changed, "counting").items()
    ] or [{"heading": _CHANGE, "lines": ["None of those tried."]}]
    described = [f"{card['heading']}: {line}" for card in cards for line in card["lines"]]
    return Words(_title(strip, ahead, behind), subtitle, described, cards)


def _filled(strip: Sequence[Mapping]) -> list[str]:
    """The row of numbers in words."""
    told = []
    for of in grouped(strip, "kind").values():
        first, last = of[0]["number"], counted(of[-1]["number"], "gap")
        told.append(f"{f'{first} to ' if len(of) > 1 else ''}{last} filled: {_then(of[0])}")
    return told


def _then(row: Mapping) -> str:
    """Who is ahead once so many gaps are filled."""
    ahead, behind = in_text(row["ahead"]), in_text(row["behind"])
    return {"leads": f"{ahead} ahead", "tie": "a tie"}.get(row["kind"], f"{behind} ahead")


def _otherwise(first: Mapping, behind: str) -> str:
    """A warning where the side behind leads on what is stated for both."""
    if first["lead_known"] >= 0:
        return ""
    return f" On the dimensions stated for both sides alone, {behind} is ahead."


def weights_in_words(rows: Sequence[Mapping]) -> Words:
    """Title, rule, and a line a way to fill the gaps."""
    left, right = rows[0]["sides"]
    leads = [(row["left"] > row["right"]) - (row["left"] < row["right"]) for row in rows]
    side, most = (left, leads.count(1)) if sum(leads) >= 0 else (right, leads.count(-1))
    count = "all" if most == len(rows) else f"{most} of"
    leading = "lead" if side.endswith("four") else "leads"
    title = f"Under most weightings {side} {leading} in {count} {len(rows)} ways to count the gaps"
    subtitle = (
        f"Share of {rows[0]['draws']:,} random sets of weights under which each side leads:"
        " stochastic multiobjective acceptability analysis (SMAA). It is not a probability. Where"
        " one dimension alone tells the sides apart, 100 % follows from it."
    )
    told = [f"{row['counting']}: {_share(row)}" for row in rows]
    return Words(title, subtitle, told)


def _title(rows: Sequence[Mapping], ahead: str, behind: str) -> str:
    number = len(rows) - 1
    if not rows[0]["lead"]:
        return f"Overall neither side leads: {ahead} and {behind} have the same score"
    if not number:
        return f"Overall the lead of {ahead} leaves no gap that could overturn it"
    needed = next((row["number"] for row in rows if row["kind"] == "overturned"), None)
    every = {1: "the only gap", 2: "both gaps"}.get(number, f"all {number} gaps")
    if needed is None:
        return f"Even if {every} favoured {behind}, the lead of {ahead} would hold"
    which = every if needed == number else f"{needed} of {number} gaps"
    lead = f"to overturn the lead of {ahead}"
    return f"With the coding unchanged, {which} would have to favour {behind} {lead}"


def _share(row: Mapping) -> str:
    if pd.isna(row["left"]):
        return "no dimension is stated for both"
    return ", ".join(
        f"{side} ahead in {percent(row[name])}"
        for side, name in zip(row["sides"], ("left", "right"), strict=True)
    )


def percent(value: float) -> str:
    """A share in words: never a false 0 or 100.

    >>> percent(0.9996), percent(0.25)
    ('over 99 %', '25 %')
    """
    if 0 < value < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < value < 1 else f"{100 * value:.0f} %"


# -------------------------------------------------------------------------- drawing


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """The figure of the rows of ``gaps`` and ``changes``, one below the other."""
    draft = Draft(seed)
    y = _strip(draft, [row for row in rows if row["part"] == "gap"], 6.0)
    y = _reversals(draft, [row for row in rows if row["part"] == "change"], y + 22)
    return draft.page(said, y, "on_the_whole")


def _strip(draft: Draft, rows: Sequence[Mapping], y: float) -> float:
    """A box for each number of gaps filled, in the look of what follows from it."""
    behind = in_text(rows[0]["behind"])
    step = min(_BOX, WIDE / len(rows))
    draft.note(f"<b>Gaps filled in favour of {text(behind)}</b>", 0, y + 8, font={"size": 15})
    y += 24
    boxes = []
    for row in rows:
        label = str(row["number"]) if step >= 24 or row["number"] % 5 == 0 else ""
        at = {"x0": row["number"] * step, "x1": (row["number"] + 1) * step - 3, "y": y + 18}
        says = f"{row['number']} gaps filled: {text(_then(row))}<br>"
        boxes.append({**row, **at, "high": 36, "text": label, "says": says})
    draft.marks(boxes, "bar", _LOOKS, name="gaps")
    kinds = {row["kind"]: text(_then(row)) for row in rows}
    swatches(draft, [_LOOKS[kind]._replace(word=word) for kind, word in kinds.items()], y + 52)
    return y + 74


def _reversals(draft: Draft, rows: Sequence[Mapping], y: float) -> float:
    """The changes as lines of text, under how they count."""
    draft.note(f"<b>{_CHANGE}</b>", 0, y, font={"size": 15})
    y += _ROW + 2
    if not rows:
        draft.note("None of those tried.", 0, y, font={"color": GREY})
        return y + _ROW
    marks = []
    for counting in dict.fromkeys(row["counting"] for row in rows):
        draft.note(text(counting[0].upper() + counting[1:]), 0, y, font={"color": GREY})
        for row in (row for row in rows if row["counting"] == counting):
            at = {"x": _LABELS - 60, "y": y, "kind": "words", "text": text(row["what"])}
            marks.append({**row, **at})
            y += _ROW
    draft.marks(marks, "text", _LOOKS, name="changes")
    return y


def draw_weights(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """A dot for each way to fill the gaps, between one side always ahead and the other."""
    draft, (left, right), y = Draft(seed), (text(side) for side in rows[0]["sides"]), 2.0 * _ROW
    small: dict[str, Any] = {"font": {"size": 12, "color": GREY}}
    begin, wide = _LABELS + 4, WIDE - 90 - _LABELS
    middle, dots = begin + wide / 2, []
    draft.note(f"{right} always ahead", _LABELS, _ROW, **small)
    draft.note(f"{left} always ahead", begin + wide, _ROW, xanchor="right", **small)
    draft.note("50 %", middle, _ROW, xanchor="center", **small)
    draft.note(f"{left} ahead in", WIDE, 2, xanchor="right", **small)
    draft.hairline((middle, middle), (y - 10, y + _ROW * len(rows) - 12))
    for row in rows:
        draft.note(text(row["counting"]), 0, y)
        draft.hairline((begin, begin + wide), (y, y))
        if pd.isna(row["left"]):
            draft.note("no dimension is stated for both", middle + 6, y, **small)
        else:
            x = middle + wide / 2 * (row["left"] - row["right"])
            dots.append({**row, "x": round(x, 1), "y": y, "says": f"{text(_share(row))}<br>"})
            draft.note(percent(row["left"]), WIDE, y, xanchor="right", font={"size": 12})
        y += _ROW
    draft.marks(dots, "symbol", _LOOKS, name="weightings", marker={"opacity": 1})
    return draft.page(said, y, "weightings")
