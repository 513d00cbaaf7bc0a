"""On the whole: how many gaps would have to favour the side behind to overturn the lead, which
single change would reverse the result, and the same under unequal weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import Draft, Words, head_room, no_rows, nothing_to_show, swatches
from axislib.figures.hover import text
from axislib.figures.palette import GREY, INK, LEVEL, LOOKS, PAPER, Look
from axislib.questions.levels import TWO_NEEDED, both_sides, likenesses, nothing_compared
from axislib.questions.weighing import VALUES, fillings, pivots
from axislib.seed.seed import Seed
from axislib.tables.schema import records, split_cell
from axislib.words import in_text, names, number_word

_LOOKS = LOOKS | {
    "leads": Look("leads", "\u25a0", fill=INK, ink=PAPER),
    "tie": Look("a tie", "\u25a1", line=GREY, ink=GREY),
    "overturned": Look("is overtaken", "\u25a1", width=3),
    "weighted": Look("share of weightings", "\u25cf", fill=INK),
}
_FILLS = ("known", "for", "absent", "uniform", "present", "against")
_BASE = ("known", "uniform")  # ways to count whose reversals are listed
_SHOWN = 4  # reversals listed for each
_WIDE, _LABELS, _ROW, _BOX = 1076, 420, 22, 44  # pixels

_STANDING = {1: "leads", 0: "tie", -1: "overturned"}  # the lead against the gaps so far


def on_the_whole(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
) -> go.Figure:
    """The stronger claim, "on the whole": what the gaps would have to hold to overturn the lead.

    ``left`` and ``right`` are those of ``compared_sides`` if left out. A box of the strip is a
    number of gaps (dimensions not stated for the side behind) that turn out present for it, all
    dimensions weighing the same, the gaps of the side ahead counted as absent. Below it the single
    changes that would reverse the result, then the share of random weightings in which either side
    leads, by how gaps are filled (stochastic multicriteria acceptability analysis, Lahdelma,
    Hokkanen and Salminen 1998; see ``acceptability``). The same ``random_seed`` gives the same
    figure. Returns a plotly figure; raises SeedError for an unknown coalition. A share of
    weightings is no probability.

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
    rows = [
        *gaps(seed, table, (left, right)),
        *changes(seed, table, (left, right), draws, random_seed),
        *weighted(seed, table, (left, right), draws, random_seed),
    ]
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
    same = {"part": "gap", "ahead": called[sides[0]], "behind": called[sides[1]], "lead": lead}
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
    are counted), ``what`` in words, ``ids``."""
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
        rows.append({"part": "change", "fill": row["fill"], "what": what, "ids": ids})
    return rows


def _change(seed: Seed, row: Mapping, cells: Mapping, called: Mapping) -> tuple[str, list[str]]:
    """A change in words, and the ids behind it."""
    if row["kind"] == "reading":
        reading = seed.row(row["reading"])
        fact = seed.row(reading["fact"])
        column = "" if reading["column"] == "polarity" else f"{reading['column']} "
        alternative = f"{column}{reading['alternative']}".replace("_", " ")
        what = f"{called[fact['dimension']]}, sentence {', '.join(split_cell(fact['anchors']))}:"
        return f"{what} alternative coding \u201c{alternative}\u201d", [row["reading"], fact["id"]]
    name = called[row["dimension"]]
    if row["kind"] == "weight":
        return f"{name}: given {100 * row['weight']:.0f} % of all weight", [row["dimension"]]
    level, ids = cells[row["dimension"], row["coalition"]]
    now, then = LEVEL[level].word, LEVEL[row["level"]].word
    who = in_text(called[row["coalition"]])
    return f"{name}, {who}: {then} instead of {now}", [row["dimension"], *ids]


def weighted(
    seed: Seed, table: pd.DataFrame, sides: tuple[str, str], draws: int, random_seed: int
) -> list[dict]:
    """One row a way to fill the gaps: ``fill``, ``left`` and ``right`` (shares of weightings in
    which each leads), ``draws``, ``sides`` (names), ``ids``."""
    shares = fillings(seed, *sides, draws, random_seed).set_index("fill")
    called, dimensions = names(seed), set(table["dimension"])
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
            "part": "weighted",
            "kind": "weighted",
            "fill": fill,
            "sides": tuple(in_text(called[side]) for side in sides),
            "ids": behind["known" if fill == "known" else "all"],
            "draws": draws,
            **shares.loc[fill, ["left", "right", "dimensions"]].to_dict(),
        }
        for fill in _FILLS
    ]


# -------------------------------------------------------------------------- words


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line a row, and three cards."""
    first = rows[0]
    behind, ahead = in_text(first["behind"]), in_text(first["ahead"])
    selected = " in the statements selected" if "cooperation" in seed.selected else ""
    subtitle = (
        f"A gap: a dimension not stated for {behind}{selected}. A gap favours it if it turns out"
        f" present; gaps of {ahead} count as absent, and all dimensions weigh the same."
    )
    shares = [row for row in rows if row["part"] == "weighted"]
    subtitle += _otherwise(shares[0], behind)
    called = _fills(shares[0]["sides"])
    told = [
        f"{row['what']} (counting {called[row['fill']]})" for row in rows if row["part"] == "change"
    ] or ["No single change"]
    weights = [f"{called[row['fill']]}: {_share(row)}" for row in shares]
    title = _title([row for row in rows if row["part"] == "gap"], ahead, behind)
    cards = [
        {"heading": "What single change would reverse the result", "lines": told},
        {"heading": "With unequal weights", "lines": weights},
    ]
    reversed_ = [f"The result would be reversed: {line}" for line in told]
    return Words(title, subtitle, [*reversed_, *weights], cards)


def _otherwise(known: Mapping, behind: str) -> str:
    """A warning where the side behind leads on what is stated for both."""
    own, other = ("right", "left") if behind == known["sides"][1] else ("left", "right")
    if not known[own] > known[other]:
        return ""
    return (
        f" Counting only dimensions stated for both sides, {behind} leads in"
        f" {percent(known[own])} of weightings."
    )


def _title(rows: Sequence[Mapping], ahead: str, behind: str) -> str:
    number = len(rows) - 1
    if not rows[0]["lead"]:
        return f"On the whole neither side leads: {ahead} and {behind} have the same score"
    if not number:
        return f"On the whole the lead of {ahead} leaves no gap that could overturn it"
    needed = next((row["number"] for row in rows if row["kind"] == "overturned"), None)
    every = {1: "the only gap", 2: "both gaps"}.get(number, f"all {number} gaps")
    if needed is None:
        return f"Even if {every} favoured {behind}, the lead of {ahead} would hold"
    which = every if needed == number else f"{number_word(needed)} of {number} gaps"
    which = which[0].upper() + which[1:]
    return f"{which} would have to favour {behind} to overturn the lead of {ahead}"


def _fills(sides: tuple[str, str]) -> dict[str, str]:
    return {
        "known": "only dimensions stated for both sides",
        "for": f"all gaps in favour of {sides[0]}",
        "absent": "all gaps as absent",
        "uniform": "gaps filled at random",
        "present": "all gaps as present",
        "against": f"all gaps in favour of {sides[1]}",
    }


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
    """The figure of the rows of ``gaps``, ``changes`` and ``weighted``, one below the other."""
    draft, top = Draft(seed), head_room(said.title, said.subtitle)
    parts = {name: [r for r in rows if r["part"] == name] for name in ("gap", "change", "weighted")}
    y = _strip(draft, parts["gap"], 6.0)
    y = _reversals(draft, parts["change"], _fills(parts["weighted"][0]["sides"]), y + 22)
    y = _weights(draft, parts["weighted"], y + 22)
    draft.canvas("x y", (0, _WIDE), y)
    margin = {"l": 12, "r": 12, "t": top, "b": 4}
    draft.update_layout(barmode="overlay", hovermode="closest", margin=margin)
    return draft.finish(said, int(top + y), "on_the_whole")


def _strip(draft: Draft, rows: Sequence[Mapping], y: float) -> float:
    """A box for each number of gaps filled, in the look of what follows from it."""
    behind, ahead = in_text(rows[0]["behind"]), in_text(rows[0]["ahead"])
    step = min(_BOX, _WIDE / len(rows))
    draft.note(f"Gaps that favour {text(behind)}", 0, y + 8, font={"color": GREY})
    y += 24
    told = {"leads": f"{ahead} ahead", "tie": "a tie", "overturned": f"{behind} ahead"}
    boxes = []
    for row in rows:
        label = str(row["number"]) if step >= 24 or row["number"] % 5 == 0 else ""
        at = {"x0": row["number"] * step, "x1": (row["number"] + 1) * step - 3, "y": y + 18}
        says = f"{row['number']} gaps filled: {text(told[row['kind']])}<br>"
        boxes.append({**row, **at, "high": 36, "text": label, "says": says})
    draft.marks(boxes, "bar", _LOOKS, name="gaps")
    kinds = dict.fromkeys(row["kind"] for row in rows)
    swatches(draft, [_LOOKS[kind]._replace(word=text(told[kind])) for kind in kinds], y + 52)
    return y + 74


def _reversals(draft: Draft, rows: Sequence[Mapping], called: Mapping, y: float) -> float:
    """The changes as lines of text, under how they count."""
    draft.note("<b>What single change would reverse the result</b>", 0, y, font={"size": 15})
    y += _ROW + 2
    if not rows:
        draft.note("None of those tried.", 0, y, font={"color": GREY})
        return y + _ROW
    marks = []
    for fill in dict.fromkeys(row["fill"] for row in rows):
        draft.note(f"counting {text(called[fill])}", 0, y, font={"color": GREY})
        for row in (row for row in rows if row["fill"] == fill):
            at = {"x": _LABELS - 60, "y": y, "kind": "words", "text": text(row["what"])}
            marks.append({**row, **at})
            y += _ROW
    draft.marks(marks, "text", _LOOKS, name="changes")
    return y


def _weights(draft: Draft, rows: Sequence[Mapping], y: float) -> float:
    """A dot for each way to fill the gaps, between one side always ahead and the other."""
    left, right = (text(side) for side in rows[0]["sides"])
    heading = (
        "<b>Appendix: unequal weights.</b> Share of random weightings in which each side leads"
    )
    heading += f" ({rows[0]['draws']:,} draws, SMAA)"
    draft.note(heading, 0, y, font={"size": 15})
    small: dict[str, Any] = {"font": {"size": 12, "color": GREY}}
    draft.note(f"{right} always ahead", _LABELS, y + _ROW, **small)
    draft.note(f"{left} always ahead", _WIDE - 20, y + _ROW, xanchor="right", **small)
    y += 2 * _ROW
    begin, wide = _LABELS + 4, _WIDE - 24 - _LABELS
    middle, dots = begin + wide / 2, []
    draft.hairline((middle, middle), (y - 10, y + _ROW * len(rows) - 12))
    for row in rows:
        draft.note(text(_fills(row["sides"])[row["fill"]]), 0, y)
        draft.hairline((begin, begin + wide), (y, y))
        if pd.isna(row["left"]):
            draft.note("no dimension is stated for both", middle + 6, y, **small)
        else:
            x = middle + wide / 2 * (row["left"] - row["right"])
            dots.append({**row, "x": round(x, 1), "y": y, "says": f"{text(_share(row))}<br>"})
        y += _ROW
    draft.marks(dots, "symbol", _LOOKS, name="weightings", marker={"opacity": 1})
    return y
