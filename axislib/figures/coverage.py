"""What each sentence of the article yields: how many facts, how surely put forward, and where none."""

from __future__ import annotations

import plotly.graph_objects as go

from axislib.figures.draft import Draft, finish, no_rows, nothing_to_show
from axislib.figures.hover import Marks, wrap
from axislib.figures.palette import BLACK, BLUE, GREEN, GREY, INK, ORANGE, PAPER, PURPLE, RULE, SKY
from axislib.seed.seed import Seed
from axislib.tables.schema import fact_tables, vocabulary
from axislib.words import counted

# order, colour and pattern of the certainties: from the firmest up
MODALITY_LOOK = {
    "asserted": (BLUE, ""),
    "reported": (SKY, ""),
    "normative": (GREEN, "."),
    "predicted": (ORANGE, "\\"),
    "hedged": (PURPLE, "/"),
    "disputed": (BLACK, "x"),
}


def coverage(seed: Seed) -> go.Figure:
    """One column a sentence in reading order, its height the facts taken from it, its shading how
    surely they are put.

    Returns a plotly figure. A hatched stump is a sentence without a fact; its mark carries the
    locator and says why. It cannot tell how important a sentence is.

    >>> import axislib
    >>> len(axislib.coverage(axislib.open_seed()).data) > 1
    True
    """
    facts = seed.evidence[seed.evidence["locator"].isin(seed.sentences["locator"])].merge(
        seed.facts[["id", "modality"]], on="id"
    )
    sources = set(seed.tables["sources"]["id"]) if "sources" in seed.tables else set()
    of_record = set(seed.evidence.loc[seed.evidence["locator"].isin(sources), "id"]) & set(
        seed.facts["id"]
    )
    if facts.empty and len(of_record) == len(seed.facts) > 0:
        return nothing_to_show(
            "coverage",
            "facts of the article",
            "What is asked for holds facts of the record alone, and these rest on no sentence.",
        )
    if facts.empty:
        return no_rows(seed, "coverage", "facts", [*fact_tables(), "sentences"])
    marks = Marks(seed)
    table = seed.coverage()
    places = {locator: i for i, locator in enumerate(table["locator"])}
    draft = Draft(seed)
    for modality, (colour, pattern) in MODALITY_LOOK.items():
        per = facts[facts["modality"] == modality].groupby("locator", sort=False)["id"].agg(list)
        if per.empty:
            continue
        draft.add_bar(
            name=modality,
            x=[places[p] for p in per.index],
            y=[len(ids) for ids in per],
            customdata=[marks.mark(ids) for ids in per],
            hovertext=[f"<b>{p}</b><br>{marks.hover(ids)}" for p, ids in per.items()],
            hoverinfo="text",
            marker={
                "color": colour,
                "line": {"color": PAPER, "width": 1},
                "pattern": {
                    "shape": pattern,
                    "fgcolor": PAPER,
                    "fillmode": "overlay",
                    "size": 6,
                    "solidity": 0.35,
                },
            },
        )
    none = table[table["facts"] == 0]
    if len(none):
        draft.add_bar(
            name="no fact",
            x=[places[p] for p in none["locator"]],
            y=[0.6] * len(none),
            customdata=[marks.mark(p) for p in none["locator"]],
            hovertext=[
                f"<b>{p}</b><br>no fact: {wrap(why or 'none selected')}"
                for p, why in zip(none["locator"], none["no_fact_reason"], strict=True)
            ],
            hoverinfo="text",
            marker={
                "color": PAPER,
                "line": {"color": INK, "width": 1},
                "pattern": {"shape": "/", "fgcolor": GREY, "size": 5},
            },
        )
    sections = (
        table.assign(
            run=(table["section"] != table["section"].shift()).cumsum(), at=range(len(table))
        )
        .groupby("run")
        .agg(section=("section", "first"), first=("at", "min"), last=("at", "max"))
    )
    for row in sections.to_dict("records"):
        if row["section"] == "body" and row["last"] - row["first"] < 3:
            continue
        draft.add_shape(
            type="rect",
            xref="x",
            x0=row["first"] - 0.5,
            x1=row["last"] + 0.5,
            yref="y domain",
            y0=0,
            y1=1,
            fillcolor="#F2F2F2" if row["section"] != "body" else PAPER,
            line={"width": 0},
            layer="below",
        )
    body = (table["section"] == "body").to_numpy().nonzero()[0]
    if len(body):
        draft.add_annotation(
            x=float(body.mean()),
            y=1,
            yref="y domain",
            yanchor="bottom",
            text="the author\u2019s text",
            showarrow=False,
        )
    if len(body) < len(table):
        draft.add_annotation(
            x=-0.4,
            xanchor="left",
            y=1,
            yref="y domain",
            yanchor="bottom",
            text="the editors\u2019 (grey)",
            showarrow=False,
        )
    ticks = _ticks(list(table["locator"]))
    draft.update_layout(
        barmode="stack",
        bargap=0.15,
        margin={"l": 50, "r": 16, "t": 130, "b": 70},
        legend={
            "orientation": "h",
            "y": -0.16,
            "x": 0,
            "traceorder": "normal",
            "font": {"size": 13},
        },
        xaxis={
            "tickvals": list(ticks),
            "ticktext": list(ticks.values()),
            "tickangle": 0,
            "tickfont": {"size": 12},
            "range": [-0.7, len(table) - 0.3],
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={
            "title": {"text": "facts"},
            "gridcolor": RULE,
            "zeroline": False,
            "rangemode": "tozero",
            "dtick": 1 if table["facts"].max() < 12 else None,
        },
    )
    yields = f"{int((table['facts'] > 0).sum())} at least one, {len(none)} none"
    number = facts["id"].nunique()
    part = not seed.selected.isdisjoint([*fact_tables(), "sentences"])
    title = (
        f"{counted(number, 'fact')} selected, from {int((table['facts'] > 0).sum())} of"
        f" {counted(len(table), 'sentence')}"
        if part
        else (
            f"{counted(len(table), 'sentence')} yield{'s' if len(table) == 1 else ''}"
            f" {counted(number, 'fact')}: {yields}"
        )
    )
    subtitle = (
        "One column a sentence, in reading order. A fact that rests on two sentences stands in"
        " both columns. P counts the"
        f" paragraphs{', hatched is without a fact' if len(none) else ''}."
    )
    if of_record:
        subtitle += " Facts of the record rest on no sentence and are not counted."
    twin = [
        f"{row['locator']} ({row['section']}): {counted(row['facts'], 'fact')}"
        + ("" if row["facts"] else f"; {row['no_fact_reason'] or 'none selected'}")
        for row in table.to_dict("records")
    ]
    twin.append(
        "Certainties: "
        + "; ".join(f"{word}: {meaning}" for word, meaning in vocabulary("modality").items())
    )
    return finish(draft, title, subtitle, twin, height=460, name="coverage")


def _ticks(locators: list[str]) -> dict[int, str]:
    """Where each paragraph begins, and its label: one that would run into the last stands a line
    lower."""
    need = -(-30 * len(locators) // 1000)  # columns that a label takes on a page of 1,000 px
    taken, ticks = [-need, -need], {}
    for place, locator in enumerate(locators):
        line = next((line for line in (0, 1) if place - taken[line] >= need), None)
        if locator.endswith(".S1") and line is not None:
            taken[line] = place
            ticks[place] = "<br>" * line + locator.split(".")[0]
    return ticks
