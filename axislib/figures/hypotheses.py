"""Competing hypotheses against the facts: a matrix of the project's own ratings, in a look of its
own."""

from __future__ import annotations

import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, no_rows
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import GREY, INK, PAPER, PURPLE
from axislib.questions.hypotheses import diagnosticity, inconsistency
from axislib.seed.seed import Seed
from axislib.words import counted

# word, sign, fill, pattern, ink: what speaks against is dark, for Heuer counts only that
LOOKS = {
    "strongly_inconsistent": ("strongly against", "\u2212\u2212", "#7A2E5D", "", PAPER),
    "inconsistent": ("against", "\u2212", PURPLE, "", INK),
    "neutral": ("neutral", "\u00b7", PAPER, "/", INK),
    "consistent": ("fits", "+", "#F3E3EC", "", INK),
    "strongly_consistent": ("fits well", "++", PAPER, "", INK),
}


def hypotheses_matrix(seed: Seed) -> go.Figure:
    """One row a fact, one column a hypothesis; the facts that tell the hypotheses apart stand at
    the top.

    Returns a plotly figure whose cells carry the ids of the rating and of the fact. The ratings are
    the project's own judgement, not the article's.

    >>> import axislib
    >>> axislib.hypotheses_matrix(axislib.open_seed()).layout.meta["name"]
    'hypotheses_matrix'
    """
    if not len(seed.consistency) or not len(seed.hypotheses):
        return no_rows(
            seed, "hypotheses_matrix", "ratings of facts under hypotheses", ["consistency"]
        )
    marks = Marks(seed)
    table = diagnosticity(seed)
    ids = [h for h in seed.hypotheses["id"] if h in table.columns]
    called = dict(zip(seed.hypotheses["id"], seed.hypotheses["name"], strict=True))
    said = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    rows = table.to_dict("records")
    ratings = {(r["fact"], r["hypothesis"]): r for r in seed.consistency.to_dict("records")}
    draft = Draft(seed)
    for rating, (word, sign, colour, pattern, ink) in LOOKS.items():
        cells = [
            (y, x, ratings[row["fact"], h])
            for y, row in enumerate(rows)
            for x, h in enumerate(ids)
            if row[h] == rating
        ]
        if cells:
            draft.add_bar(
                orientation="h",
                name=word,
                width=0.84,
                showlegend=False,
                y=[y for y, _, _ in cells],
                base=[x + 0.03 for _, x, _ in cells],
                x=[0.94] * len(cells),
                marker={
                    "color": colour,
                    "line": {"color": PURPLE, "width": 1.5},
                    "pattern": {
                        "shape": pattern,
                        "fgcolor": "#D9D9D9",
                        "size": 6,
                        "solidity": 0.2,
                        "fillmode": "overlay",
                    },
                },
                text=[f"{sign} {word}" for _ in cells],
                textposition="inside",
                insidetextanchor="middle",
                constraintext="none",
                textfont={"size": 13, "color": ink},
                customdata=[marks.mark([r["fact"], r["id"]]) for *_, r in cells],
                hovertext=[
                    f"{marks.hover([r['fact']])}<br>\u2014<br>our rating for"
                    f" {text(called[r['hypothesis']])}: {word}<br>{wrap(r['reason'])}"
                    for *_, r in cells
                ],
                hoverinfo="text",
            )
    if rows:
        draft.add_bar(
            orientation="h",
            name="tells them apart by",
            width=0.84,
            showlegend=False,
            y=list(range(len(rows))),
            base=[len(ids) + 0.05] * len(rows),
            x=[0.12 * int(row["diagnosticity"]) + 0.01 for row in rows],
            marker={"color": GREY},
            text=[str(row["diagnosticity"]) for row in rows],
            textposition="outside",
            customdata=[marks.mark([row["fact"]]) for row in rows],
            hovertext=[
                f"best and worst rating are {row['diagnosticity']} steps"
                f" apart<br>{marks.hover([row['fact']])}"
                for row in rows
            ],
            hoverinfo="text",
        )
    against = inconsistency(seed).set_index("hypothesis")["against"].reindex(ids)
    heads = [f"<b>{wrap(called[h], 26)}</b><br>{against[h]} against" for h in ids] + [
        "tells them<br>apart by"
    ]
    draft.update_layout(
        barmode="overlay",
        margin={"l": 10, "r": 10, "t": 175, "b": 16},
        xaxis={
            "range": [0, len(ids) + 0.75],
            "side": "top",
            "tickangle": 0,
            "tickvals": [i + 0.5 for i in range(len(ids))] + [len(ids) + 0.3],
            "ticktext": heads,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [wrap(said.get(row["fact"], row["fact"]), 62) for row in rows],
            "tickfont": {"size": 12},
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
    )
    told = int((table["diagnosticity"] >= 2).sum()) if len(table) else 0
    least = [f"\u201c{called[h]}\u201d" for h in ids if against[h] == against.min()]
    title = (
        f"{_least(least, int(against.min()), len(ids))}; {told} of {counted(len(rows), 'fact')}"
        f" tell{'s' if told == 1 else ''} the hypotheses apart by two steps or more"
    )
    subtitle = (
        "Our judgement, not the article\u2019s (Heuer 1999): keep the hypothesis with least against"
        " it. Against counts once, strongly against twice; what fits all alike tells nothing."
    )
    twin = [
        f"{said.get(row['fact'], row['fact'])} "
        + "; ".join(f"{called[h]}: {LOOKS[row[h]][0]}" for h in ids)
        + f". Tells them apart by {row['diagnosticity']}."
        for row in rows
    ]
    return finish(
        draft, title, subtitle, twin, height=210 + 38 * max(len(rows), 1), name="hypotheses_matrix"
    )


def _least(names: list[str], least: int, of: int) -> str:
    """Who has least against it: one, several with the same count, or all."""
    said = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if len(names) == of > 1:
        return f"As much speaks against {said}" if least else f"Nothing speaks against {said}"
    alike = ", as much against each" if len(names) > 1 and least else ""
    return f"Least speaks against {said}{alike}" if least else f"Nothing speaks against {said}"
