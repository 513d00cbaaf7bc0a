"""Who says how much how surely, sentence by sentence; and where the editors say other than the
author."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, head_room, no_rows, share
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    INK,
    LEVEL_LOOK,
    ORANGE,
    PAPER,
    PURPLE,
    RULE,
    SKY,
)
from axislib.questions.argument import editors_against_author, said, voices_of
from axislib.seed.seed import Seed
from axislib.tables.schema import fact_tables, split_cell, vocabulary
from axislib.words import counted, in_text

# the look of a modality: colour and shape, so that it reads in grey too
LOOKS = {
    "asserted": (BLUE, "square"),
    "hedged": (ORANGE, "diamond"),
    "reported": (SKY, "circle"),
    "disputed": (BLACK, "x"),
    "predicted": (PURPLE, "triangle-up"),
    "normative": (GREEN, "star"),
}
DIFFERENCES = {
    "editors_only": "the editors say it, the author does not",
    "editors_settle": "the editors state what the author leaves open",
    "editors_higher": "the editors see more cooperation",
    "editors_lower": "the editors see less cooperation",
    "same": "the same level",
}
_ROW, _HEAD = 25, 24
_LABELS, _COUNTS = 0.2, 0.1  # parts of the width


def voices(seed: Seed) -> go.Figure:
    """One mark a sentence in which a speaker puts something forward so surely.

    Rows are speakers and certainties, columns the sentences of the text from start to end.

    Below, one row a dimension on which the editors (headline, standfirst, summary) put something
    forward: the level that follows from their words alone beside the level that follows from the
    author's. A hollow mark is a sentence in which something put forward so is softened in part (a
    number, a purpose) or left open. Returns a plotly figure. It counts sentences, not words, and
    cannot tell how firm a tone is.

    >>> import axislib
    >>> axislib.voices(axislib.open_seed()).layout.meta["name"]
    'voices'
    """
    rows = said(seed)
    if not len(rows):
        return no_rows(seed, "voices", "facts", fact_tables())
    marks = Marks(seed)
    author, editors = voices_of(seed)
    differences = editors_against_author(seed)
    differences = differences.assign(
        _order=differences["difference"].map(list(DIFFERENCES).index)
    ).sort_values("_order", kind="stable")
    groups = _groups(rows, author, editors, marks.names)
    strips, heads, y = [], [], 0.0
    for heading, lines_of in groups:
        heads.append((y + _HEAD / 2, heading))
        y += _HEAD
        for label, part in lines_of:
            strips.append((y + _ROW / 2, label, part))
            y += _ROW
        y += 6
    upper = y
    lower = 74 + 30 * len(differences) if len(differences) else 0
    title = _title(
        rows, differences, author, editors, marks.names, not seed.selected.isdisjoint(fact_tables())
    )
    subtitle = (
        "One mark a sentence. Sentences are counted and not facts, because how many facts a"
        " sentence yields is our doing."
    )
    top, bands, foot = head_room(title, subtitle), 92, 12
    plot = bands + upper + lower
    draft = Draft(seed)
    draft.update_layout(
        barmode="overlay",
        showlegend=False,
        hovermode="closest",
        margin={"l": 12, "r": 12, "t": top, "b": foot},
        xaxis={
            "domain": [_LABELS, 1 - _COUNTS],
            "range": [-0.7, len(seed.sentences) - 0.3],
            "visible": False,
            "fixedrange": True,
            "anchor": "y",
        },
        yaxis={
            "domain": [share(lower, plot), 1],
            "range": [upper, -bands],
            "visible": False,
            "fixedrange": True,
            "anchor": "x",
        },
        xaxis2={
            "domain": [0, 1],
            "range": [0, 100],
            "visible": False,
            "fixedrange": True,
            "anchor": "y2",
        },
        yaxis2={
            "domain": [0, share(max(lower, 1), plot)],
            "range": [max(lower, 1), 0],
            "visible": False,
            "fixedrange": True,
            "anchor": "x2",
        },
    )
    _draw_sections(draft, seed, upper)
    _draw_strips(draft, strips, heads, marks)
    _draw_key(draft, rows, -bands + 12, len(seed.sentences))
    if len(differences):
        _draw_differences(draft, differences, marks, author, editors)
    twin = [
        f"{heading}, {label}: {len(part)} sentence{'s' if len(part) != 1 else ''}"
        f" ({', '.join(part['locator'])})"
        for heading, lines_of in groups
        for label, part in lines_of
    ]
    for row in differences.to_dict("records"):
        levels = (
            f"editors {LEVEL_LOOK[row['editors_level']][2]}, author"
            f" {LEVEL_LOOK[row['author_level']][2]}"
        )
        twin.append(
            f"{marks.names[row['dimension']]} ({in_text(marks.names[row['coalition']])}): {levels};"
            f" {DIFFERENCES[row['difference']]}"
        )
    return finish(draft, title, subtitle, twin, height=int(top + plot + foot), name="voices")


def _groups(
    rows: pd.DataFrame, author: str, editors: str, names: Mapping[str, str]
) -> list[tuple[str, list]]:
    """Headings with their rows: the author and the editors by certainty, all others by name."""
    groups = []
    for speaker in (author, editors):
        own = rows[rows["speaker"] == speaker]
        if len(own):
            by = [
                (modality, own[own["modality"] == modality])
                for modality in vocabulary("modality")
                if (own["modality"] == modality).any()
            ]
            groups.append((names.get(speaker, speaker), by))
    others = rows[~rows["speaker"].isin([author, editors])]
    if len(others):
        order = others.groupby("speaker")["position"].min().sort_values(kind="stable").index
        by = [
            (names.get(speaker, speaker), others[others["speaker"] == speaker]) for speaker in order
        ]
        groups.append(
            ("Others, as the text passes them on" if author or editors else "Speakers", by)
        )
    return groups


def _title(
    rows: pd.DataFrame,
    differences: pd.DataFrame,
    author: str,
    editors: str,
    names: Mapping[str, str],
    part: bool,
) -> str:
    parts = []
    for speaker in (author, editors):
        own = rows[rows["speaker"] == speaker]
        if len(own):
            softer = own.loc[
                own["modality"].isin(["hedged", "disputed", "predicted"]) | own["left_open"],
                "locator",
            ].nunique()
            name = names.get(speaker, speaker)
            whose = f"{name}\u2019" if name.endswith("s") else f"{name}\u2019s"
            parts.append(
                f"{softer} of {whose} {own['locator'].nunique()}{'' if parts else ' sentences'}"
            )
    if not parts:
        return (
            f"{counted(rows['speaker'].nunique(), 'speaker')} passed on in"
            f" {counted(rows['locator'].nunique(), 'sentence')}"
        )
    more = int((differences["difference"] != "same").sum())
    apart = (
        f"; their levels differ on {more} of {counted(len(differences), 'dimension')}"
        if len(differences) and len(parts) == 2
        else ""
    )
    where = "Among the facts selected, hedged" if part else "Hedged"
    return f"{where}, disputed, left open or forecast: {', '.join(parts)}{apart}"


def _draw_sections(draft: Draft, seed: Seed, upper: float) -> None:
    """Bands for the parts of the text, named above; a thin line between paragraphs of the body
    would only clutter."""
    sections = list(seed.sentences["section"])
    start = 0
    for at in range(1, len(sections) + 1):
        if at < len(sections) and sections[at] == sections[start]:
            continue
        long = at - start
        draft.add_shape(
            type="rect",
            x0=start - 0.5,
            x1=at - 0.5,
            y0=-2,
            y1=upper,
            line={"width": 0},
            fillcolor="#F1F1F1" if sections[start] != "body" else PAPER,
            layer="below",
        )
        draft.add_shape(
            type="line",
            x0=start - 0.5,
            x1=start - 0.5,
            y0=-2,
            y1=upper,
            line={"color": RULE, "width": 1},
            layer="below",
        )
        # a narrow band has no room for its name across: it stands upright
        draft.add_annotation(
            x=start - 0.5 + long / 2,
            y=-5,
            text=text(sections[start]),
            showarrow=False,
            yanchor="bottom",
            textangle=0 if long > 4 else -90,
            font={"size": 12, "color": GREY},
        )
        start = at


def _draw_strips(draft: Draft, strips: list, heads: list, marks: Marks) -> None:
    for y, heading in heads:
        draft.add_annotation(
            xref="paper",
            x=0,
            y=y,
            text=f"<b>{wrap(heading, 60)}</b>",
            showarrow=False,
            xanchor="left",
            font={"size": 14},
            bgcolor=PAPER,
        )
    for y, label, part in strips:
        draft.add_annotation(
            xref="paper",
            x=0.012,
            y=y,
            text=text(label),
            showarrow=False,
            xanchor="left",
            font={"size": 13},
        )
        count = part["locator"].nunique()
        draft.add_annotation(
            xref="paper",
            x=1,
            y=y,
            text=f"{count} sentence{'s' if count != 1 else ''}",
            showarrow=False,
            xanchor="right",
            font={"size": 13},
        )
        draft.add_shape(
            type="line",
            xref="paper",
            x0=_LABELS,
            x1=1 - _COUNTS,
            y0=y,
            y1=y,
            line={"color": "#E4E4E4", "width": 1},
            layer="below",
        )
        rows = part.to_dict("records")
        ids = [split_cell(row["ids"]) for row in rows]
        looks = [LOOKS.get(row["modality"], (GREY, "square")) for row in rows]
        draft.add_scatter(
            mode="markers",
            name=text(label),
            x=[row["position"] for row in rows],
            y=[y] * len(rows),
            customdata=[marks.mark(i) for i in ids],
            hovertext=[
                f"{text(row['locator'])}: {text(row['modality'])}<br>{marks.hover(i)}"
                for row, i in zip(rows, ids, strict=True)
            ],
            hoverinfo="text",
            marker={
                "symbol": [shape for _, shape in looks],
                "size": 13,
                "color": [
                    PAPER if row["softened"] or row["left_open"] else colour
                    for row, (colour, _) in zip(rows, looks, strict=True)
                ],
                "line": {"color": [colour for colour, _ in looks], "width": 2},
            },
        )


def _draw_key(draft: Draft, rows: pd.DataFrame, y: float, wide: int) -> None:
    """The shapes, above the bands; x is in columns of the chart."""
    x, step = 0.0, wide / 100
    for modality, (colour, shape) in LOOKS.items():
        if (rows["modality"] == modality).any():
            draft.add_scatter(
                mode="markers",
                name=f"key:{modality}",
                x=[x],
                y=[y],
                marker={
                    "symbol": shape,
                    "size": 13,
                    "color": colour,
                    "line": {"color": colour, "width": 2},
                },
                hoverinfo="skip",
            )
            draft.add_annotation(
                x=x + 1.3 * step,
                y=y,
                text=modality,
                showarrow=False,
                xanchor="left",
                font={"size": 13},
            )
            x += (5 + 1.0 * len(modality)) * step
    hollow = [
        words
        for words, column in (("softened", "softened"), ("left open", "left_open"))
        if rows[column].any()
    ]
    if hollow:
        draft.add_scatter(
            mode="markers",
            name="key:softened",
            x=[x],
            y=[y],
            marker={
                "symbol": "square",
                "size": 13,
                "color": PAPER,
                "line": {"color": BLUE, "width": 2},
            },
            hoverinfo="skip",
        )
        draft.add_annotation(
            x=x + 1.3 * step,
            y=y,
            text=f"hollow: something in it {' or '.join(hollow)}",
            showarrow=False,
            xanchor="left",
            font={"size": 13},
        )


def _draw_differences(
    draft: Draft, rows: pd.DataFrame, marks: Marks, author: str, editors: str
) -> None:
    """The second panel: what follows from the editors' words alone, beside what follows from the
    author's."""
    columns = (("editors", 27, editors), ("author", 45, author))
    for _, x, speaker in columns:
        draft.add_annotation(
            xref="x2",
            yref="y2",
            x=x + 8.5,
            y=60,
            text=f"<b>{text(marks.names.get(speaker, speaker))}</b>",
            showarrow=False,
            font={"size": 14},
        )
    draft.add_annotation(
        xref="x2",
        yref="y2",
        x=0,
        y=32,
        text=(
            "<b>What follows from the editors\u2019 words alone, and from the author\u2019s"
            " alone</b>"
        ),
        showarrow=False,
        xanchor="left",
        font={"size": 15},
    )
    several = rows["coalition"].nunique() > 1
    for number, row in enumerate(rows.to_dict("records")):
        y = 74 + 30 * number + 14
        name = marks.names[row["dimension"]] + (
            f" ({in_text(marks.names[row['coalition']])})" if several else ""
        )
        draft.add_annotation(
            xref="x2",
            yref="y2",
            x=0,
            y=y,
            text=wrap(name, 60),
            showarrow=False,
            xanchor="left",
            font={"size": 13},
        )
        draft.add_annotation(
            xref="x2",
            yref="y2",
            x=64,
            y=y,
            text=("" if row["difference"] == "same" else "\u2260 ")
            + DIFFERENCES[row["difference"]],
            showarrow=False,
            xanchor="left",
            font={"size": 13, "color": GREY if row["difference"] == "same" else INK},
        )
    for side, x, _ in columns:
        for level, (colour, pattern, word) in LEVEL_LOOK.items():
            here = [
                (74 + 30 * number + 14, row)
                for number, row in enumerate(rows.to_dict("records"))
                if row[f"{side}_level"] == level
            ]
            if not here:
                continue
            silent = level == "not_stated"
            ids = [split_cell(row[f"{side}_facts"]) or [row["dimension"]] for _, row in here]
            words = ["left open" if silent and row[f"{side}_facts"] else word for _, row in here]
            draft.add_bar(
                orientation="h",
                name=f"{side}: {word}",
                xaxis="x2",
                yaxis="y2",
                base=[x] * len(here),
                x=[17] * len(here),
                y=[y for y, _ in here],
                width=24,
                text=words,
                textposition="inside",
                insidetextanchor="middle",
                constraintext="none",
                textfont={"size": 13, "color": PAPER if level == "present" else INK},
                marker={
                    "color": PAPER if level != "present" else colour,
                    "line": {
                        "color": "#8C8C8C" if silent else colour,
                        "width": 1 if silent else 2.5,
                    },
                    "pattern": {
                        "shape": pattern if level in ("not_stated", "mixed") else "",
                        "fgcolor": "#D9D9D9",
                        "size": 7,
                        "solidity": 0.2,
                    },
                },
                customdata=[marks.mark(i) for i in ids],
                hovertext=[marks.hover(i) for i in ids],
                hoverinfo="text",
            )
