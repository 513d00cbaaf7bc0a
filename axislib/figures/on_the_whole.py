"""On the whole: in how many weightings one coalition is ahead, by how the silence is filled, and
what would turn that."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, head_room, no_rows, nothing_to_show, share
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.on_the_whole_changes import (
    ORDER,
    ROW,
    behind_cells,
    change_words,
    deep,
    draw_changes,
    instead,
    percent,
    turning,
)
from axislib.figures.palette import BLUE, GREY, INK, PAPER, RULE, VERMILION
from axislib.questions.levels import TWO_NEEDED, both_sides, likenesses, nothing_compared
from axislib.questions.weighing import fillings, pivots, silence_needed
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell
from axislib.words import counted, in_text

_LABELS = 0.43  # the part of the width for words


def on_the_whole(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
) -> go.Figure:
    """The stronger claim, "on the whole", under all weights and all fillings of the silence; below,
    what would turn it.

    ``left`` and ``right`` are those of ``analogy.compared_sides`` if left out. Above, one bar a way
    of reading what is not stated: the share of weightings in which ``left`` is ahead, and in which
    ``right`` is (stochastic multicriteria acceptability analysis, Lahdelma, Hokkanen and Salminen
    1998; see ``weighing.acceptability``). Below, for each way, the changes that would put the other
    side ahead: one level coded otherwise, one of the project's ``readings``, or one dimension given
    so much weight. The same ``random_seed`` gives the same figure. Returns a plotly figure; raises
    SeedError for an unknown coalition. A share of weightings is no probability: nobody drew weights
    by lot.

    >>> import axislib
    >>> axislib.on_the_whole(axislib.open_seed(), draws=500).layout.meta["name"]
    'on_the_whole'
    """
    if nothing_compared(seed, left, right):
        return nothing_to_show("on_the_whole", "two coalitions to compare", TWO_NEEDED)
    left, right = both_sides(seed, left, right)
    table = likenesses(seed, left, right)
    if not (table["left_facts"] + table["right_facts"]).str.len().any():
        return no_rows(
            seed, "on_the_whole", "instances of cooperation of the two coalitions", ["cooperation"]
        )
    marks = Marks(seed)
    sides = (marks.names[left], marks.names[right])
    shares = fillings(seed, left, right, draws, random_seed).set_index("fill").loc[list(ORDER)]
    changes = pivots(seed, left, right, draws, random_seed, ORDER)
    shown = turning(changes)
    words = _fill_words(sides)
    title = _title(shares, sides)
    subtitle = (
        "Every weighting of the dimensions is drawn as likely as any other; a side is ahead where"
        " its weighted levels add up to more (absent 0, for and against \u00bd, present"
        f" 1).{_needed(silence_needed(seed, left, right), sides)}"
    )
    subtitle += (
        " Silence is here that of the facts selected." if "cooperation" in seed.selected else ""
    )
    top, head, foot = head_room(title, subtitle), 28, 12
    upper = head + (ROW + 6) * len(shares) + 34
    cells = behind_cells(seed, table, left, right)
    tall = sum(ROW + sum(deep(instead(row, marks, cells)) for row in part) for _, part in shown)
    lower = 40 + tall + 44 if shown else 0
    plot = upper + lower
    draft = Draft(seed)
    axis = {
        "domain": [_LABELS, 0.985],
        "range": [0, 100],
        "tickvals": [0, 25, 50, 75, 100],
        "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
        "gridcolor": RULE,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": 13},
    }
    draft.update_layout(
        barmode="overlay",
        showlegend=False,
        hovermode="closest",
        margin={"l": 12, "r": 18, "t": top, "b": foot + 22},
        xaxis={**axis, "anchor": "y"},
        yaxis={
            "domain": [share(lower + 34, plot), 1],
            "range": [upper - 34, 0],
            "visible": False,
            "fixedrange": True,
            "anchor": "x",
        },
        xaxis2={**axis, "anchor": "y2"},
        yaxis2={
            "domain": [0, share(max(lower - 66, 1), plot)],
            "range": [max(lower - 66, 1), 0],
            "visible": False,
            "fixedrange": True,
            "anchor": "x2",
        },
    )
    _draw_shares(draft, shares, words, sides, _behind(seed, table), marks, head)
    if shown:
        draft.add_annotation(
            text=(
                "<b>What single change would turn it</b>: share of weightings before (hollow) and"
                " after (filled); hatched: the weight from which one dimension decides"
            ),
            xref="paper",
            yref="paper",
            x=0,
            xanchor="left",
            y=share(lower - 62, plot),
            yanchor="bottom",
            showarrow=False,
            font={"size": 15},
        )
        draw_changes(draft, shown, words, marks, seed, cells, sides)
    twin = []
    for fill, row in shares.iterrows():
        ahead = (
            f"{percent(row['left'])} of weightings, {in_text(sides[1])} in {percent(row['right'])}"
        )
        twin.append(f"{words[fill]}: {sides[0]} ahead in {ahead}")
    for fill, row in ((fill, row) for fill, part in shown for row in part):
        moved = (
            ""
            if pd.isna(row["share"])
            else f": from {percent(row['before'])} to {percent(row['share'])}"
        )
        twin.append(f"{words[fill]}: {change_words(row, marks)}{moved}")
    return finish(
        draft, title, subtitle, twin, height=int(top + plot + foot + 22), name="on_the_whole"
    )


def _fill_words(sides: tuple[str, str]) -> dict[str, str]:
    left, right = (in_text(side) for side in sides)
    return {
        "known": "only what is stated of both sides",
        "for": f"silence taken in favour of {left}",
        "absent": "silence taken as absent, on both sides",
        "uniform": "silence unknown: any level as likely",
        "present": "silence taken as present, on both sides",
        "against": f"silence taken in favour of {right}",
    }


def _title(shares: pd.DataFrame, sides: tuple[str, str]) -> str:
    names = {1: in_text(sides[0]), -1: in_text(sides[1])}
    ahead = {
        fill: int(row["left"] > row["right"]) - int(row["left"] < row["right"])
        for fill, row in shares.iterrows()
        if pd.notna(row["left"])
    }
    lead = ahead["uniform"]
    if not lead:
        return (
            "On the whole: neither side is ahead in more weightings than the other while the"
            " silence is unknown"
        )
    lost = [fill for fill in ahead if ahead[fill] != lead]
    if not lost:
        silent = shares[["left_silent", "right_silent"]].to_numpy().any()
        return f"On the whole: the lead of {names[lead]} holds " + (
            "however the silence is filled"
            if silent
            else "in most weightings; nothing is left silent"
        )
    hangs = f"\u201cOn the whole\u201d hangs on the silence: the lead of {names[lead]} holds"
    if lost == ["against" if lead > 0 else "for"]:
        return f"{hangs} unless all of it speaks for {names[-lead]}"
    return f"{hangs} in {len(ahead) - len(lost)} of {len(ahead)} ways to fill it"


def _needed(needed: pd.Series, sides: tuple[str, str]) -> str:
    about = f"{counted(needed['silent'], 'silence')} about {in_text(sides[1])}"
    if not needed["silent"]:
        return ""
    if pd.isna(needed["needed"]):
        return (
            f" With equal weights not even all {about}, broken in its favour, would put it ahead."
        )
    if not needed["needed"]:
        return ""
    return (
        f" With equal weights {needed['needed']} of {about} would have to be broken in its favour"
        " to put it ahead."
    )


def _behind(seed: Seed, table: pd.DataFrame) -> dict[str, list[str]]:
    """The ids behind a bar: the dimensions, the facts that make the known levels, and the silences
    that are filled."""
    facts = [
        i
        for name in ("left_facts", "right_facts")
        for cell in table[name]
        for i in split_cell(cell)
    ]
    known = table[(table["left_level"] != "not_stated") & (table["right_level"] != "not_stated")]
    about = set(table["dimension"])
    silences = [
        row["id"]
        for row in seed.silences.to_dict("records")
        if about & set(split_cell(row["about"]))
    ]
    both = [
        i
        for name in ("left_facts", "right_facts")
        for cell in known[name]
        for i in split_cell(cell)
    ]
    return {
        "known": [*known["dimension"], *both] or list(table["dimension"]),
        "all": [*table["dimension"], *facts, *silences],
    }


def _draw_shares(
    draft: Draft,
    shares: pd.DataFrame,
    words: Mapping[str, str],
    sides: tuple[str, str],
    behind: Mapping[str, list[str]],
    marks: Marks,
    head: int,
) -> None:
    middle = [head + (ROW + 6) * number + ROW / 2 for number in range(len(shares))]
    for y, (fill, row) in zip(middle, shares.iterrows(), strict=True):
        counts = f"{counted(row['dimensions'], 'dimension')}" + (
            f", {counted(row['left_silent'] + row['right_silent'], 'cell')} filled"
            if fill != "known"
            else ""
        )
        draft.add_annotation(
            xref="paper",
            x=0,
            y=y,
            text=(
                f"{wrap(words[fill], 60)}<br><span"
                f" style='font-size:11px;color:{GREY}'>{counts}</span>"
            ),
            align="left",
            showarrow=False,
            xanchor="left",
            font={"size": 14},
        )
    for y, (_, row) in zip(middle, shares.iterrows(), strict=True):
        if pd.isna(row["left"]):
            draft.add_annotation(
                x=0,
                y=y,
                text="no dimension is stated on both sides",
                showarrow=False,
                xanchor="left",
                font={"size": 13, "color": GREY},
            )
    for part, colour, pattern, base in (
        ("left", BLUE, "", lambda row: 0.0),
        ("tie", PAPER, "", lambda row: row["left"]),
        ("right", VERMILION, "/", lambda row: row["left"] + row["tie"]),
    ):
        here = [
            (y, fill, row)
            for y, (fill, row) in zip(middle, shares.iterrows(), strict=True)
            if pd.notna(row[part]) and row[part] > 0
        ]
        if not here:
            continue
        ids = [behind["known" if fill == "known" else "all"] for _, fill, _ in here]
        name = {"left": sides[0], "right": sides[1], "tie": "neither"}[part]
        draft.add_bar(
            orientation="h",
            name=text(name),
            base=[round(100 * base(row), 2) for *_, row in here],
            x=[round(100 * row[part], 2) for *_, row in here],
            y=[y for y, *_ in here],
            width=ROW,
            text=[percent(row[part]) if row[part] > 0.08 else "" for *_, row in here],
            textposition="inside",
            insidetextanchor="middle",
            constraintext="none",
            textfont={"size": 14, "color": PAPER if part == "left" else INK},
            marker={
                "color": colour if part == "left" else PAPER,
                "line": {"color": INK if part == "tie" else colour, "width": 1.5},
                "pattern": {"shape": pattern, "fgcolor": "#F0B183", "size": 8, "solidity": 0.25},
            },
            customdata=[marks.mark(i) for i in ids],
            hovertext=[
                f"<b>{text(name)} ahead in {percent(row[part])} of"
                f" weightings</b><br>{wrap(words[fill])}<br>behind it: {len(i)} dimensions, facts"
                " and silences"
                for (_, fill, row), i in zip(here, ids, strict=True)
            ],
            hoverinfo="text",
        )
    draft.add_annotation(
        xref="x",
        x=0,
        y=12,
        text=f"<b>{text(sides[0])}</b> ahead \u25a0",
        showarrow=False,
        xanchor="left",
        font={"size": 14, "color": BLUE},
    )
    draft.add_annotation(
        xref="x",
        x=100,
        y=12,
        text=f"hatched: <b>{text(sides[1])}</b> ahead",
        showarrow=False,
        xanchor="right",
        font={"size": 14, "color": VERMILION},
    )
