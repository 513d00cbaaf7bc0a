"""Who gave what to whom, and in return for what: a ledger of transfers, drawn as arrows between
pillars."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, head_room, no_rows
from axislib.figures.exchanges.layout import WORDS, is_rough, label, ledger, place
from axislib.figures.exchanges.returns import RETURN, draw_returns
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import (
    BLUE,
    CERTAINTY_LOOK,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
)
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell
from axislib.words import in_text, told

KINDS = {
    "arms": VERMILION,
    "troops": BLUE,
    "economic": GREEN,
    "technology": ORANGE,
    "intelligence": PURPLE,
    "diplomatic": SKY,
    "unspecified": GREY,
}
# columns, in hundredths of the width
_FROM, _TO, _KIND, _WHO, _SILENT = 14, 52.5, 67.6, 76.5, 97.6
_NO_NUMBER = {"affirmed": "/", "denied": "x", "left_open": "."}


def exchanges(seed: Seed) -> go.Figure:
    """One arrow a transfer, from giver to receiver, in blocks of two parties; a line leads from a
    return to what it repays.

    An arrow is hatched where the text gives no number, solid where it gives one, paler where the
    number is hedged, and fades out where it is a lower bound. Joint givers share a pillar and an
    arrow. A question mark stands for what a reader would ask of a transfer and the text does not
    say. Returns a plotly figure. It cannot tell how much was given where no number is stated, nor
    whether two rows mean the same delivery.

    >>> import axislib
    >>> "in return for" in axislib.describe(axislib.exchanges(axislib.open_seed()))
    True
    """
    if not len(seed.transfers):
        return no_rows(seed, "exchanges", "transfers", ["transfers"])
    marks = Marks(seed)
    rows = ledger(seed)
    placed, blocks, heads, depth = place(seed, rows, marks.names)
    numbered = [row for row in rows if pd.notna(row["quantity"])]
    repaying = [row for row in rows if row["in_return_for"]]
    back = sum(len(row["ids"]) for row in repaying)
    title = (
        f"Of {told(seed, 'transfers', len(seed.transfers), 'transfer')} the article gives a number"
        f" for {len(numbered) or 'none'}; {back or 'none'} {'is' if back < 2 else 'are'} given in"
        " return for others"
    )
    subtitle = (
        "One row: one item from one giver to one receiver, once for each speaker, so a delivery may"
        " stand twice. Those who give together share a row."
    )
    top, foot, header = head_room(title, subtitle), 12, 66
    plot = depth + header
    draft = Draft(seed)
    _draw_blocks(draft, blocks, marks)
    _draw_arrows(draft, placed, marks)
    _draw_columns(draft, placed, marks, seed)
    draw_returns(draft, placed, marks)
    _draw_key(draft, rows, header)
    for y, words in heads:
        draft.add_annotation(
            x=0,
            y=y,
            text=f"<b>{text(words)}</b>",
            showarrow=False,
            xanchor="left",
            font={"size": 15},
        )
        draft.add_shape(
            type="line", x0=0, x1=100, y0=y + 13, y1=y + 13, line={"color": INK, "width": 1}
        )
    for x, words in (
        (_KIND, "kind"),
        (_WHO, "who says so"),
        (RETURN - 0.5, "in return"),
        (100, "not said"),
    ):
        draft.add_annotation(
            x=x,
            y=-16,
            text=words,
            showarrow=False,
            xanchor="right" if x == 100 else "left",
            font={"size": 13, "color": GREY},
        )
    hidden = {"visible": False, "fixedrange": True}
    draft.update_layout(
        barmode="overlay",
        showlegend=False,
        hovermode="closest",
        margin={"l": 12, "r": 12, "t": top, "b": foot},
        xaxis={**hidden, "range": [0, 100]},
        yaxis={**hidden, "range": [depth, -header]},
    )
    return finish(
        draft, title, subtitle, _twin(rows, marks.names), height=top + plot + foot, name="exchanges"
    )


def _tint(colour: str, part: float) -> str:
    """The colour mixed with paper; ``part`` 1 is the colour itself."""
    return "#" + "".join(
        f"{round(255 + (int(colour[i : i + 2], 16) - 255) * part):02X}" for i in (1, 3, 5)
    )


def _draw_blocks(draft: Draft, blocks: list, marks: Marks) -> None:
    draft.add_bar(
        orientation="h",
        name="parties",
        base=[side[0] for side, *_ in blocks],
        x=[side[1] - side[0] for side, *_ in blocks],
        y=[y + deep / 2 for _, y, deep, *_ in blocks],
        width=[deep for _, _, deep, *_ in blocks],
        text=[words for *_, words, _, _ in blocks],
        textposition="inside",
        insidetextanchor="middle",
        constraintext="none",
        textfont={"size": 14, "color": INK},
        customdata=[marks.mark(ids) for *_, ids, _ in blocks],
        hovertext=[marks.hover(ids) for *_, ids, _ in blocks],
        hoverinfo="text",
        marker={
            "color": "#F0F0F0",
            "line": {"color": INK, "width": 1},
            "pattern": {
                "shape": ["." if open_class else "" for *_, open_class in blocks],
                "fgcolor": "#D4D4D4",
                "size": 8,
                "solidity": 0.1,
            },
        },
    )


def _draw_arrows(draft: Draft, placed: list[dict], marks: Marks) -> None:
    """Bars with a head: hatched without a number, solid with one, fading where it is a lower bound."""
    cites = [(marks.mark(row["ids"]), marks.hover(row["ids"])) for row in placed]
    for row, (data, hover) in zip(placed, cites, strict=True):
        row["data"], row["hover"], row["known"] = data, hover, bool(pd.notna(row["quantity"]))
        row["firm"] = row["known"] and not is_rough(row)
    fading = [row for row in placed if row["known"] and row["bound"] == "at_least"]
    for slice_ in range(6):  # a lower bound: the bar has no end of its own
        if fading:
            at = [
                _TO - 1 - 2 * (6 - slice_) if row["rightwards"] else _FROM + 1 + 2 * (5 - slice_)
                for row in fading
            ]
            draft.add_bar(
                orientation="h",
                name="and more",
                base=at,
                x=[2] * len(fading),
                y=[row["y"] for row in fading],
                width=[row["deep"] for row in fading],
                marker={
                    "color": [
                        _tint(KINDS.get(row["category"], GREY), 0.34 - 0.06 * slice_)
                        for row in fading
                    ],
                    "line": {"width": 0},
                },
                customdata=[row["data"] for row in fading],
                hovertext=[row["hover"] for row in fading],
                hoverinfo="text",
            )
    for known in (False, True):
        here = [row for row in placed if row["known"] == known]
        short = {row["ids"][0]: 12 if row in fading else 0 for row in here}
        if here:
            draft.add_bar(
                orientation="h",
                name="a number" if known else "no number",
                y=[row["y"] for row in here],
                width=[row["deep"] for row in here],
                base=[
                    _FROM if row["rightwards"] else _FROM + 1 + short[row["ids"][0]] for row in here
                ],
                x=[_TO - _FROM - 1 - short[row["ids"][0]] for row in here],
                marker={
                    "color": (
                        [_tint(KINDS.get(row["category"], GREY), 0.4) for row in here]
                        if known
                        else PAPER
                    ),
                    "line": {
                        "color": [
                            _tint(
                                KINDS.get(row["category"], GREY),
                                0.6 if known and not row["firm"] else 1,
                            )
                            for row in here
                        ],
                        "width": [
                            0 if row in fading else 2.5 if row["firm"] else 1.5 for row in here
                        ],
                    },
                    "pattern": {
                        "shape": ["" if known else _NO_NUMBER[row["polarity"]] for row in here],
                        "fgcolor": "#D4D4D4",
                        "size": 7,
                        "solidity": 0.2,
                    },
                },
                customdata=[row["data"] for row in here],
                hovertext=[row["hover"] for row in here],
                hoverinfo="text",
            )
    draft.add_scatter(
        mode="markers",
        name="arrowheads",
        x=[_TO - 0.3 if row["rightwards"] else _FROM + 0.3 for row in placed],
        y=[row["y"] for row in placed],
        cliponaxis=False,
        marker={
            "symbol": [
                "triangle-right" if row["rightwards"] else "triangle-left" for row in placed
            ],
            "size": 19,
            "color": [KINDS.get(row["category"], GREY) for row in placed],
            "line": {"color": PAPER, "width": 1},
        },
        customdata=[row["data"] for row in placed],
        hovertext=[row["hover"] for row in placed],
        hoverinfo="text",
    )
    draft.add_scatter(
        mode="text",
        name="items",
        x=[_FROM + (0.8 if row["rightwards"] else 2) for row in placed],
        y=[row["y"] for row in placed],
        textposition="middle right",
        text=[
            f"<b>{wrap(label(row), WORDS)}</b>" if row["firm"] else wrap(label(row), WORDS)
            for row in placed
        ],
        textfont={"size": 13, "color": INK},
        customdata=[row["data"] for row in placed],
        hovertext=[row["hover"] for row in placed],
        hoverinfo="text",
    )


def _draw_columns(draft: Draft, placed: list[dict], marks: Marks, seed: Seed) -> None:
    """Kind, speaker with certainty, and what is not said of a transfer."""
    draft.add_scatter(
        mode="markers+text",
        name="kind",
        x=[_KIND + 0.6] * len(placed),
        y=[row["y"] for row in placed],
        text=[f" {text(row['category'])}" for row in placed],
        textposition="middle right",
        textfont={"size": 13},
        marker={
            "symbol": "square",
            "size": 11,
            "color": [KINDS.get(row["category"], GREY) for row in placed],
        },
        customdata=[row["data"] for row in placed],
        hovertext=[row["hover"] for row in placed],
        hoverinfo="text",
    )
    other = seed.metadata.get("voices", {}).get("other")
    said = [
        f"{CERTAINTY_LOOK[marks.certainty_of(row['ids'][0])]}"
        f" {wrap(marks.names.get(row['speaker'], row['speaker']), 18)}"
        for row in placed
    ]
    draft.add_scatter(
        mode="text",
        name="who says so",
        x=[_WHO] * len(placed),
        y=[row["y"] for row in placed],
        textposition="middle right",
        text=[
            f"<i>{words}</i>" if row["speaker"] == other else words
            for words, row in zip(said, placed, strict=True)
        ],
        textfont={"size": 13},
        customdata=[row["data"] for row in placed],
        hovertext=[row["hover"] for row in placed],
        hoverinfo="text",
    )
    questions: dict[str, list[str]] = {}
    for question, about in zip(seed.silences["id"], seed.silences["about"], strict=True):
        for subject in split_cell(about):
            questions.setdefault(subject, []).append(question)
    asked: list[tuple[float, list[str]]] = []
    for row in placed:
        ids = list(dict.fromkeys(question for i in row["ids"] for question in questions.get(i, [])))
        if ids:
            asked.append((row["y"], ids))
    if asked:
        draft.add_bar(
            orientation="h",
            name="not said",
            base=[_SILENT] * len(asked),
            x=[2.2] * len(asked),
            y=[y for y, _ in asked],
            width=20,
            text=["?"] * len(asked),
            textposition="inside",
            insidetextanchor="middle",
            constraintext="none",
            textangle=0,
            textfont={"size": 13, "color": INK},
            marker={
                "color": PAPER,
                "line": {"color": GREY, "width": 1},
                "pattern": {"shape": "/", "fgcolor": "#D9D9D9", "size": 6, "solidity": 0.2},
            },
            customdata=[marks.mark(ids) for _, ids in asked],
            hovertext=[marks.hover(ids) for _, ids in asked],
            hoverinfo="text",
        )


def _draw_key(draft: Draft, rows: list[dict], header: int) -> None:
    """A key of real marks above the ledger."""
    bounds = {
        "about" if is_rough(row) else row["bound"] for row in rows if pd.notna(row["quantity"])
    }
    shown = [
        ("no number in the text", PAPER, "/", any(pd.isna(row["quantity"]) for row in rows)),
        ("a number", _tint(GREY, 0.4), "", bool(bounds - {"at_least", "about"})),
        ("about so many", _tint(GREY, 0.4), "", "about" in bounds),
        ("at least so many", _tint(GREY, 0.4), "", "at_least" in bounds),
    ]
    x, y = 0.0, 14 - header
    for words, colour, pattern, there in shown:
        if not there:
            continue
        fades, rough = words.startswith("at least"), words.startswith("about")
        for part in range(4 if fades else 0):
            draft.add_bar(
                orientation="h",
                name="key:and more",
                base=[x + 2.4 + 0.7 * part],
                x=[0.7],
                y=[y],
                width=16,
                hoverinfo="skip",
                marker={"color": _tint(GREY, 0.32 - 0.09 * part), "line": {"width": 0}},
            )
        draft.add_bar(
            orientation="h",
            name=f"key:{words}",
            base=[x],
            x=[2.4 if fades else 3.6],
            y=[y],
            width=16,
            hoverinfo="skip",
            marker={
                "color": colour,
                "line": {
                    "color": _tint(GREY, 0.6 if rough else 1),
                    "width": 0 if fades else 1 if rough else 1.5,
                },
                "pattern": {"shape": pattern, "fgcolor": "#C8C8C8", "size": 6, "solidity": 0.2},
            },
        )
        draft.add_annotation(
            x=x + (5.4 if fades else 4.2),
            y=y,
            text=words,
            showarrow=False,
            xanchor="left",
            font={"size": 13},
        )
        x += 5.7 + 0.56 * len(words)
    words = (
        f"{CERTAINTY_LOOK['known']} asserted as stated   {CERTAINTY_LOOK['presumed']} implied,"
        " hedged or another\u2019s word   <b>?</b> asked, not answered"
    )
    draft.add_annotation(
        x=x + 1.5, y=y, text=words, showarrow=False, xanchor="left", font={"size": 13}
    )


def _twin(rows: list[dict], names: Mapping[str, str]) -> list[str]:
    items = {i: row["item"] for row in rows for i in row["ids"]}
    twin = []
    for row in rows:
        givers = " and ".join(names.get(giver, giver) for giver in row["givers"]) + (
            " together" if len(row["givers"]) > 1 else ""
        )
        repaid = [
            items.get(i, "something outside the selection")
            for i in split_cell(row["in_return_for"])
        ]
        number = "" if pd.notna(row["quantity"]) or row["quantity_words"] else "; no number"
        twin.append(
            f"{givers} to {in_text(names.get(row['receiver'], row['receiver']))}:"
            f" {label(row)}{number}"
            + (f"; in return for {', '.join(dict.fromkeys(repaid))}" if repaid else "")
            + f" ({names.get(row['speaker'], row['speaker'])})"
        )
    return twin
