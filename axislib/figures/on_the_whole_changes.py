"""The lower half of ``on_the_whole``: which single change would turn the result, a row each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from axislib.figures.draft import Draft, lines
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import BLUE, GREY, INK, LEVEL_LOOK, ORANGE, PAPER
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell
from axislib.words import in_text

ORDER = ("known", "for", "absent", "uniform", "present", "against")
ROW = 32
_SHOWN = 5  # changes listed for one way of filling the silence
_SIGNS = 62  # a line of words


def behind_cells(
    seed: Seed, table: pd.DataFrame, left: str, right: str
) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """For each dimension and coalition its level and the ids behind it: facts, else silences, else
    the dimension."""
    cells, silences = (
        {},
        [
            (i, set(split_cell(about)))
            for i, about in zip(seed.silences["id"], seed.silences["about"], strict=True)
        ],
    )
    for row in table.to_dict("records"):
        for side, coalition in (("left", left), ("right", right)):
            silent = [i for i, about in silences if {row["dimension"], coalition} <= about]
            cells[row["dimension"], coalition] = (
                row[f"{side}_level"],
                split_cell(row[f"{side}_facts"]) or silent or [row["dimension"]],
            )
    return cells


def turning(changes: pd.DataFrame) -> list[tuple[str, list[dict]]]:
    """The changes worth a row: those that turn the result, the largest first, at most so many for
    each way of filling."""
    # nothing is turned where nothing was ahead: without a dimension stated on both sides there is
    # no share before
    turns = changes[
        changes["turns"].astype(bool) & (changes["before"].notna() | (changes["kind"] == "weight"))
    ]
    return [
        (fill, turns[turns["fill"] == fill].head(_SHOWN).to_dict("records"))
        for fill in ORDER
        if (turns["fill"] == fill).any()
    ]


def change_words(row: Mapping, marks: Marks) -> str:
    if row["kind"] == "cell":
        return (
            f"{marks.names[row['dimension']]}: {in_text(marks.names[row['coalition']])}"
            f" {LEVEL_LOOK[row['level']][2]}"
        )
    if row["kind"] == "reading":
        reading = marks.seed.row(row["reading"])
        fact = marks.seed.row(reading["fact"])
        column = (
            "" if reading["column"] == "polarity" else f"{reading['column'].replace('_', ' ')} "
        )
        where = ", ".join(split_cell(fact["anchors"]))
        return (
            f"{marks.names[fact['dimension']]} ({where}), read as"
            f" {column}{reading['alternative'].replace('_', ' ')}"
        )
    return f"{marks.names[row['dimension']]}: given {100 * row['weight']:.0f} % of all weight"


def instead(row: Mapping, marks: Marks, cells: Mapping) -> str:
    """The change in words, with what it replaces."""
    words = change_words(row, marks)
    return (
        f"{words} instead of {LEVEL_LOOK[cells[row['dimension'], row['coalition']][0]][2]}"
        if row["kind"] == "cell"
        else words
    )


def deep(words: str) -> int:
    return ROW + 16 * (lines(words, _SIGNS) - 1)


def draw_changes(
    draft: Draft,
    shown: list,
    words: Mapping[str, str],
    marks: Marks,
    seed: Seed,
    cells: Mapping,
    sides: tuple[str, str],
) -> None:
    """A row a change: hollow before, filled after; a hatched bar is the weight from which one
    dimension decides."""
    y, dumbbells, weights = 0.0, [], []
    facts = dict(zip(seed.readings["id"], seed.readings["fact"], strict=True))
    for fill, part in shown:
        draft.add_annotation(
            xref="paper",
            yref="y2",
            x=0,
            y=y + ROW / 2,
            text=f"<b>{text(words[fill])}</b>",
            showarrow=False,
            xanchor="left",
            font={"size": 13},
        )
        y += ROW
        for row in part:
            label = instead(row, marks, cells)
            at = y + deep(label) / 2
            if row["kind"] == "cell":
                ids = [row["dimension"], *cells[row["dimension"], row["coalition"]][1]]
            else:
                ids = (
                    [row["reading"], facts[row["reading"]]]
                    if row["kind"] == "reading"
                    else [row["dimension"]]
                )
            draft.add_annotation(
                xref="paper",
                yref="y2",
                x=0.012,
                y=at,
                text=wrap(label, _SIGNS),
                align="left",
                showarrow=False,
                xanchor="left",
                font={"size": 13},
            )
            (weights if row["kind"] == "weight" else dumbbells).append((at, row, ids, label))
            y += deep(label)
    draft.add_shape(
        type="line",
        xref="x2",
        yref="y2",
        x0=50,
        x1=50,
        y0=0,
        y1=y,
        line={"color": INK, "width": 1, "dash": "dot"},
        layer="below",
    )
    axes = {"xaxis": "x2", "yaxis": "y2", "hoverinfo": "text", "showlegend": False}
    if dumbbells:
        hover = [
            f"<b>{wrap(label)}</b><br>{text(sides[0])} ahead in {percent(row['share'])} instead of"
            f" {percent(row['before'])}<br>{marks.hover(ids)}"
            for _, row, ids, label in dumbbells
        ]
        data = [marks.mark(ids) for _, _, ids, _ in dumbbells]
        # a change may leave no dimension to compare on: then there is a before and no after
        moved = [n for n, (_, row, *_) in enumerate(dumbbells) if pd.notna(row["share"])]
        draft.add_scatter(
            mode="lines",
            name="moves",
            x=[
                v
                for n in moved
                for v in (100 * dumbbells[n][1]["before"], 100 * dumbbells[n][1]["share"], None)
            ],
            y=[v for n in moved for v in (dumbbells[n][0], dumbbells[n][0], None)],
            line={"color": GREY, "width": 3},
            customdata=[data[n] for n in moved for _ in range(3)],
            hovertext=[hover[n] for n in moved for _ in range(3)],
            **axes,
        )
        for name, key, fillcolour in (("before", "before", PAPER), ("after", "share", BLUE)):
            drawn = moved if key == "share" else range(len(dumbbells))
            draft.add_scatter(
                mode="markers",
                name=name,
                x=[round(100 * dumbbells[n][1][key], 2) for n in drawn],
                y=[dumbbells[n][0] for n in drawn],
                cliponaxis=False,
                marker={"size": 13, "color": fillcolour, "line": {"color": BLUE, "width": 2}},
                customdata=[data[n] for n in drawn],
                hovertext=[hover[n] for n in drawn],
                **axes,
            )
    if weights:
        draft.add_bar(
            orientation="h",
            name="weights",
            base=[round(100 * row["weight"], 1) for _, row, *_ in weights],
            x=[round(100 * (1 - row["weight"]), 1) for _, row, *_ in weights],
            y=[at for at, *_ in weights],
            width=16,
            text=["from this weight on"] * len(weights),
            textposition="inside",
            insidetextanchor="start",
            constraintext="none",
            textfont={"size": 12, "color": INK},
            marker={
                "color": PAPER,
                "line": {"color": ORANGE, "width": 1.5},
                "pattern": {"shape": "\\", "fgcolor": "#F5D9A0", "size": 7, "solidity": 0.25},
            },
            customdata=[marks.mark(ids) for _, _, ids, _ in weights],
            hovertext=[f"<b>{wrap(label)}</b><br>{marks.hover(ids)}" for *_, ids, label in weights],
            **axes,
        )


def percent(value: float) -> str:
    """A share in words: never a false 0 or 100."""
    if pd.isna(value):
        return "no"
    if 0 < value < 0.001:
        return "under 0.1 %"
    return "over 99.9 %" if 0.999 < value < 1 else f"{100 * value:.1f} %".replace(".0 %", " %")
