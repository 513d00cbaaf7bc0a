"""Coalitions side by side on every dimension of cooperation: present, absent, for and against, or
not stated."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, no_rows, nothing_to_show
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import CERTAINTY_LOOK, INK, LEVEL_LOOK, PAPER
from axislib.questions.levels import (
    TWO_NEEDED,
    both_sides,
    compared_coalitions,
    levels,
    likenesses,
    nothing_compared,
    thesis,
)
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell
from axislib.words import counted, in_text

_ORDER = {"left": 0, "right": 1, "neither": 2, "cannot_say": 3}
_SILENT = "#8C8C8C"
_SILENT_INK = "#5F5F5F"


def comparison(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    coalitions: Sequence[str] | None = None,
    dimensions: Sequence[str] | None = None,
) -> go.Figure:
    """Levels of cooperation: one row a dimension, one column a coalition, one more for how ``left``
    stands to ``right``.

    Returns a plotly figure; each cell carries the ids of the instances that make its level, or of
    the silence. ``left`` and ``right`` are those of ``analogy.compared_sides`` if left out.
    ``dimensions`` leaves out all but the named ones. Raises SeedError for an unknown coalition. It
    counts no instances and weighs no dimension: a level says whether, never how much.

    >>> import axislib
    >>> len(axislib.comparison(axislib.open_seed()).data)
    5
    """
    if nothing_compared(seed, left, right):
        return nothing_to_show("comparison", "two coalitions to compare", TWO_NEEDED)
    if not len(seed.cooperation):
        return no_rows(seed, "comparison", "instances of cooperation", ["cooperation"])
    left, right = both_sides(seed, left, right)
    coalitions = list(coalitions or dict.fromkeys([right, left, *compared_coalitions(seed)]))
    wanted = set(dimensions or seed.dimensions["id"])
    pairs = likenesses(seed, left, right)
    pairs = pairs[pairs["dimension"].isin(wanted)]
    table = levels(seed, coalitions)
    known = table["level"].ne("not_stated").groupby(table["dimension"]).sum()
    cells = {(row["dimension"], row["coalition"]): row for row in table.to_dict("records")}
    pairs = pairs.assign(
        rank=pairs["exceeds"].map(_ORDER), known=-pairs["dimension"].map(known)
    ).sort_values(["rank", "known"], kind="stable")
    order = list(pairs["dimension"])
    marks = Marks(seed)
    # a row in which a cell names its pair is two lines deep: on a laptop the words of one line
    # would be cut
    deep = [
        1.4 if any("<br>" in _label("", cells[d, c], marks.names) for c in coalitions) else 1.0
        for d in order
    ]
    at = [sum(deep[:i]) + own / 2 for i, own in enumerate(deep)]
    silences = [
        (row["id"], set(split_cell(row["about"])))
        for row in seed.silences[["id", "about"]].to_dict("records")
    ]
    draft = Draft(seed)
    for level, (colour, pattern, word) in LEVEL_LOOK.items():
        rows = [
            (d, c, cells[d, c]) for d in order for c in coalitions if cells[d, c]["level"] == level
        ]
        ids = [_ids(silences, d, c, cell) for d, c, cell in rows]
        silent = level == "not_stated"
        draft.add_bar(
            orientation="h",
            name=word,
            width=[deep[order.index(d)] - 0.14 for d, _, _ in rows],
            legendgroup=level,
            showlegend=False,
            y=[at[order.index(d)] for d, _, _ in rows],
            base=[coalitions.index(c) + 0.03 for _, c, _ in rows],
            x=[0.94] * len(rows),
            marker={
                "color": PAPER if level in ("not_stated", "absent") else colour,
                "line": {"color": _SILENT if silent else colour, "width": 1 if silent else 2.5},
                "pattern": {
                    "shape": pattern if level in ("not_stated", "mixed") else "",
                    "fgcolor": "#D9D9D9" if silent else "#FFE1A3",
                    "size": 7,
                    "solidity": 0.2,
                },
            },
            text=[_label(word, cell, marks.names) for _, _, cell in rows],
            textposition="inside",
            insidetextanchor="middle",
            constraintext="none",
            textfont={
                "size": 14,
                "color": PAPER if level == "present" else "#4A4A4A" if silent else INK,
            },
            customdata=[marks.mark(i) for i in ids],
            hovertext=[marks.hover(i) for i in ids],
            hoverinfo="text",
        )
    verdicts = [_verdict(row, marks.names, left, right) for row in pairs.to_dict("records")]
    ids = [
        list(
            dict.fromkeys(
                [
                    *_ids(silences, r["dimension"], left, cells[r["dimension"], left]),
                    *_ids(silences, r["dimension"], right, cells[r["dimension"], right]),
                ]
            )
        )
        for r in pairs.to_dict("records")
    ]
    draft.add_bar(
        orientation="h",
        name="how they stand",
        showlegend=False,
        width=[own - 0.14 for own in deep],
        y=at,
        base=[len(coalitions) + 0.03] * len(order),
        x=[1.25] * len(order),
        marker={"color": PAPER, "line": {"width": 0}},
        text=verdicts,
        textposition="inside",
        insidetextanchor="start",
        constraintext="none",
        textfont={
            "size": 14,
            "color": [_SILENT_INK if e == "cannot_say" else INK for e in pairs["exceeds"]],
        },
        customdata=[marks.mark(i) for i in ids],
        hovertext=[marks.hover(i) for i in ids],
        hoverinfo="text",
    )
    width = len(coalitions) + 1.3
    heads = [wrap(marks.names.get(c, c), 24) for c in coalitions] + [
        wrap(f"{marks.names[left]} against {in_text(marks.names[right])}", 30)
    ]
    draft.update_layout(
        barmode="overlay",
        bargap=0,
        margin={"l": 10, "r": 10, "t": 175, "b": 16},
        showlegend=False,
        xaxis={
            "range": [0, width],
            "side": "top",
            "tickvals": [i + 0.5 for i in range(len(coalitions))] + [len(coalitions) + 0.62],
            "ticktext": [f"<b>{head}</b>" for head in heads],
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"size": 14},
            "tickangle": 0,
            "fixedrange": True,
        },
        yaxis={
            "range": [sum(deep), 0],
            "tickvals": at,
            "ticktext": [text(marks.names[d]) for d in order],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "tickfont": {"size": 14},
            "fixedrange": True,
        },
    )
    counts = thesis(seed, left, right)
    shown = (pairs["exceeds"] != "cannot_say").sum()
    lets = (
        "the facts selected let"
        if "cooperation" in seed.selected
        else "article and record let"
        if len(set(seed.layers)) > 1
        else "the article lets"
    )
    title = (
        f"Of {counted(len(order), 'dimension')}, {lets} us hold {in_text(marks.names[left])}"
        f" against {in_text(marks.names[right])} on {shown}: more on"
        f" {(pairs['exceeds'] == 'left').sum()}, less on {(pairs['exceeds'] == 'right').sum()},"
        f" alike on {(pairs['exceeds'] == 'neither').sum()}"
    )
    silence = "not stated in the facts selected" if "cooperation" in seed.selected else "not stated"
    subtitle = (
        "A level is present (only instances for), absent (only against) or both; hatched is"
        f" {silence}, which is not absent. {CERTAINTY_LOOK['known']} known: asserted as stated."
        f" {CERTAINTY_LOOK['presumed']} presumed: implied, hedged or another\u2019s word."
    )
    twin = [
        f"{marks.names[r['dimension']]}: "
        + ", ".join(
            f"{marks.names.get(c, c)} {_plain(cells[r['dimension'], c])}" for c in coalitions
        )
        + f". {v}."
        for r, v in zip(pairs.to_dict("records"), verdicts, strict=True)
    ]
    twin.append(
        f"Both sides are known on {counts['both_known']} of"
        f" {counted(counts['dimensions'], 'dimension')} of the seed."
    )
    return finish(
        draft, title, subtitle, twin, height=round(215 + 36 * sum(deep)), name="comparison"
    )


def _ids(silences: list[tuple[str, set[str]]], dimension: str, coalition: str, cell) -> list[str]:
    ids = split_cell(cell["facts"]) + split_cell(cell["open_facts"])
    if cell["level"] != "not_stated":
        return ids
    silent = [i for i, about in silences if dimension in about and (coalition in about or not ids)]
    return ids + silent or [dimension]


def _label(word: str, cell, names: dict[str, str]) -> str:
    if cell["level"] == "not_stated":
        return "left open" if cell["open_facts"] else word
    pairs = split_cell(cell["pairs"])
    who = (
        ""
        if "all" in pairs or not pairs
        else (
            f"{len(pairs)} pairs"
            if len(pairs) > 1
            else "\u2013".join(_short(i, names) for i in pairs[0].split("-"))
        )
    )
    return f"{CERTAINTY_LOOK[cell['certainty']]} {word}" + (
        f"<br>{text(who)}" if len(who) > 11 else f" \u00b7 {text(who)}" if who else ""
    )


def _short(actor: str, names: dict[str, str]) -> str:
    """A name that fits a cell: the last word of a long one (Hitler, Italy, Germany), unless that
    alone names nobody (US, Soviet Union)."""
    name = names.get(actor, actor)
    if name.startswith("United "):
        return "".join(word[0] for word in name.split() if word[0].isupper())
    last = name.split()[-1] if name else ""
    return name if len(name) <= 11 or last in ("Union", "Republic", "Empire") else last


def _plain(cell) -> str:
    return LEVEL_LOOK[cell["level"]][2] + (
        f" ({cell['certainty']})"
        if cell["level"] != "not_stated"
        else " (left open)"
        if cell["open_facts"]
        else ""
    )


def _verdict(row: dict, names: dict[str, str], left: str, right: str) -> str:
    if row["exceeds"] == "left":
        return "more"
    if row["exceeds"] == "right":
        return "less"
    if row["exceeds"] == "neither":
        return "alike"
    silent = [
        names.get(c, c)
        for c, level in ((left, row["left_level"]), (right, row["right_level"]))
        if level == "not_stated"
    ]
    return "cannot say: " + ("neither is stated" if len(silent) == 2 else "one side silent")
