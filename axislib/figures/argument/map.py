"""The argument as a map: a thesis, what supports, qualifies and attacks it, and what bears on that
in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.argument.layout import GAP, all_threads, one_tree, sure
from axislib.figures.draft import Draft, finish, head_room, no_rows
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import (
    BLACK,
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
from axislib.questions.argument import main_thesis, tree, unlinked
from axislib.seed.seed import Seed
from axislib.words import counted

ROLES = {
    "thesis": BLACK,
    "ground": BLUE,
    "warrant": GREEN,
    "backing": SKY,
    "qualifier": ORANGE,
    "rebuttal": VERMILION,
}
LINKS = {
    "supports": (BLUE, "triangle-left"),
    "qualifies": (ORANGE, "diamond"),
    "attacks": (VERMILION, "x"),
    "contradicts": (PURPLE, "cross"),
}
_SOFT = ("hedged", "disputed", "predicted")


def argument_map(seed: Seed, root: str | None = None) -> go.Figure:
    """Claims as boxes, the thesis on the left, what bears on it to its right; each link carries its
    own id.

    ``root`` is the claim to begin with: the one with most support among the theses if left out,
    ``"all"`` for every thread, one below the other, and the claims without a link at the end. A box
    names the role (Toulmin 1958), certainty and speaker; a thin, hatched one is hedged or left
    open. A line is solid where the text makes the link, dashed where a reader concludes it; its
    word and sign say which way it bears. Returns a plotly figure; raises SeedError for an id that
    is no claim. It cannot tell whether a reason is good.

    >>> import axislib
    >>> axislib.argument_map(axislib.open_seed()).layout.meta["name"]
    'argument_map'
    """
    if not len(seed.claims):
        return no_rows(seed, "argument_map", "claims", ["claims"])
    marks = Marks(seed)
    everything = root == "all" or (root is None and not main_thesis(seed))
    claims = {row["id"]: row for row in seed.claims.to_dict("records")}
    links = {row["id"]: row for row in seed.arguments.to_dict("records")}
    if everything:
        nodes, alone, depth, heads = all_threads(seed, claims, marks)
        loose = unlinked(seed)
        many = len({node["thread"] for node in nodes})
        title = (
            f"{counted(len(links), 'link')} tie{'s' if len(links) == 1 else ''}"
            f" {len(claims) - len(loose)} of {counted(len(claims), 'claim')} into"
            f" {counted(many, 'thread')}; {len(loose) or 'none'}"
            f" stand{'s' if len(loose) == 1 else ''} alone"
        )
        nodes += alone
        elsewhere = ""
    else:
        root = root or main_thesis(seed)
        nodes, depth = one_tree(seed, root, claims, marks)
        heads = []
        title = _finding(
            tree(seed, root), claims[root], not seed.selected.isdisjoint(["claims", "arguments"])
        )
        rest = len(claims) - len({node["claim"] for node in nodes})
        elsewhere = (
            f" {counted(rest, 'more claim')} in other threads or alone: root \u201call\u201d shows"
            " every one."
            if rest
            else ""
        )
    subtitle = (
        "A box: a claim in our words, its role after Toulmin (1958). Thin and hatched: hedged or"
        " left open. Solid line: the text makes the link. Dashed: a reader concludes it."
        + elsewhere
    )
    draft = Draft(seed)
    _draw_links(draft, nodes, links, claims, marks)
    _draw_boxes(draft, nodes, claims, marks)
    for y, words in heads:
        draft.add_annotation(
            x=0,
            y=y,
            text=f"<b>{text(words)}</b>",
            showarrow=False,
            xanchor="left",
            font={"size": 15},
        )
    header = _draw_key(draft, nodes, claims, links)
    top, foot = head_room(title, subtitle), 10
    hidden = {"visible": False, "fixedrange": True}
    draft.update_layout(
        barmode="overlay",
        showlegend=False,
        hovermode="closest",
        margin={"l": 12, "r": 12, "t": top, "b": foot},
        xaxis={**hidden, "range": [-0.2, 100.2]},
        yaxis={**hidden, "range": [depth, -header]},
    )
    return finish(
        draft,
        title,
        subtitle,
        _twin(nodes, claims, marks.names),
        height=int(top + header + depth + foot),
        name="argument_map",
    )


def _finding(rows: pd.DataFrame, claim: Mapping, part: bool) -> str:
    direct = rows[rows["depth"] == 1]["relation"].value_counts()
    if not len(direct):
        return f"Nothing {'selected' if part else 'in the article'} bears on this {claim['role']}"
    verbs = {
        "supports": ("supports", "support"),
        "qualifies": ("qualifies", "qualify"),
        "attacks": ("attacks", "attack"),
        "contradicts": ("contradicts", "contradict"),
    }
    said = [
        f"{direct[kind]} {verbs[kind][int(direct[kind] > 1)]} it"
        for kind in verbs
        if kind in direct.index
    ]
    none = "" if "attacks" in direct.index or "contradicts" in direct.index else ", none attacks it"
    bear = "bears" if direct.sum() == 1 else "bear"
    return (
        f"{counted(int(direct.sum()), 'claim')}{' selected' if part else ''} {bear} directly on the"
        f" {claim['role']}: {', '.join(said)}{none}"
    )


def _draw_boxes(draft: Draft, nodes: list[dict], claims: Mapping, marks: Marks) -> None:
    boxes = [node for node in nodes if not node.get("ghost")]
    soft = [_is_soft(claims[node["claim"]]) for node in boxes]
    cites = {
        "customdata": [marks.mark([node["claim"]]) for node in boxes],
        "hovertext": [marks.hover([node["claim"]]) for node in boxes],
        "hoverinfo": "text",
    }
    place = {
        "orientation": "h",
        "y": [node["y"] for node in boxes],
        "width": [node["deep"] for node in boxes],
    }
    colours = [
        GREY if node["again"] else ROLES.get(claims[node["claim"]]["role"], GREY) for node in boxes
    ]
    draft.add_bar(
        name="claims",
        base=[node["x"] for node in boxes],
        x=[node["wide"] for node in boxes],
        marker={
            "color": PAPER,
            "line": {
                "color": colours,
                "width": [
                    (
                        1
                        if weak or node["again"]
                        else 3
                        if claims[node["claim"]]["role"] == "thesis"
                        else 2
                    )
                    for node, weak in zip(boxes, soft, strict=True)
                ],
            },
            "pattern": {
                "shape": ["/" if weak else "" for weak in soft],
                "fgcolor": "#E2E2E2",
                "size": 7,
                "solidity": 0.2,
            },
        },
        **place,
        **cites,
    )
    draft.add_bar(
        name="roles",
        base=[node["x"] for node in boxes],
        x=[0.6] * len(boxes),
        marker={"color": colours, "line": {"width": 0}},
        **place,
        **cites,
    )
    draft.add_scatter(
        mode="text",
        name="words",
        x=[node["x"] + 0.7 for node in boxes],
        y=[node["y"] for node in boxes],
        text=[node["words"] for node in boxes],
        textposition="middle right",
        textfont={"size": 13, "color": [GREY if node["again"] else INK for node in boxes]},
        cliponaxis=False,
        **cites,
    )


def _is_soft(claim: Mapping) -> bool:
    return claim["modality"] in _SOFT or claim["polarity"] == "left_open"


def _draw_links(
    draft: Draft, nodes: list[dict], links: Mapping, claims: Mapping, marks: Marks
) -> None:
    """Lines with right angles from each claim to the one it bears on; a sign and a word beside the
    claim they come from."""
    spots = {
        (node["claim"], node.get("upward", "")): node for node in nodes if not node.get("ghost")
    }
    drawn = []
    for node in nodes:
        if not node["argument"]:
            continue
        parent = (
            spots[(node["parent"], node["argument"])] if node.get("ghost") else node["parent_node"]
        )
        drawn.append((node, parent, links[node["argument"]]))
    trunks: dict[int, list] = {}
    for node, parent, link in drawn:
        trunks.setdefault(id(parent), []).append((node, parent, link))
    for (
        branches
    ) in trunks.values():  # one trunk a parent, so that signs and words stay with their claim
        parent = branches[0][1]
        edge, ys = parent["x"] + parent["wide"], [node["y"] for node, *_ in branches]
        trunk = edge + 0.2 * GAP
        ids = [link["id"] for *_, link in branches]
        draft.add_scatter(
            mode="lines",
            name="trunk",
            x=[edge, trunk, trunk, trunk],
            y=[parent["y"], parent["y"], min([*ys, parent["y"]]), max([*ys, parent["y"]])],
            line={"color": "#9A9A9A", "width": 2},
            customdata=[marks.mark(ids)] * 4,
            hovertext=_link_words(branches[0][2], claims, marks),
            hoverinfo="text",
        )
    for relation, (colour, _) in LINKS.items():
        for dash in ("solid", "dash"):
            here = [
                (node, parent, link)
                for node, parent, link in drawn
                if link["relation"] == relation and (link["basis"] == "stated") == (dash == "solid")
            ]
            if not here:
                continue
            x = [
                at
                for node, parent, _ in here
                for at in (node["x"], parent["x"] + parent["wide"] + 0.2 * GAP, None)
            ]
            y = [at for node, *_ in here for at in (node["y"], node["y"], None)]
            ids = [link["id"] for *_, link in here for _ in range(3)]
            draft.add_scatter(
                mode="lines",
                name=f"{relation}, {'in the text' if dash == 'solid' else 'concluded'}",
                x=x,
                y=y,
                line={"color": colour, "width": 2, "dash": dash},
                customdata=[marks.mark(i) for i in ids],
                hovertext=[_link_words(links[i], claims, marks) for i in ids],
                hoverinfo="text",
            )
    if drawn:
        cites = {
            "customdata": [marks.mark(link["id"]) for *_, link in drawn],
            "hovertext": [_link_words(link, claims, marks) for *_, link in drawn],
            "hoverinfo": "text",
        }
        draft.add_scatter(
            mode="markers",
            name="links",
            x=[node["x"] - 0.7 for node, *_ in drawn],
            y=[node["y"] for node, *_ in drawn],
            marker={
                "symbol": [LINKS[link["relation"]][1] for *_, link in drawn],
                "size": 11,
                "color": [LINKS[link["relation"]][0] for *_, link in drawn],
            },
            **cites,
        )
        draft.add_scatter(
            mode="text",
            name="link words",
            x=[node["x"] - 1.4 for node, *_ in drawn],
            y=[node["y"] - 9 for node, *_ in drawn],
            text=[link["relation"] for *_, link in drawn],
            textposition="middle left",
            textfont={"size": 12, "color": INK},
            **cites,
        )
        draft.add_scatter(
            mode="markers",
            name="links, ends",
            x=[parent["x"] + parent["wide"] + 0.4 for _, parent, _ in drawn],
            y=[parent["y"] for _, parent, _ in drawn],
            marker={"symbol": "triangle-left", "size": 11, "color": INK},
            **cites,
        )


def _link_words(link: Mapping, claims: Mapping, marks: Marks) -> str:
    """What a link says when pointed at: both claims, whether the text makes it, the note, who,
    where."""
    basis = {
        "stated": "the text makes this link",
        "implied": "a reader concludes this link",
        "coded_by_us": "our own link",
    }[link["basis"]]
    parts = [
        f"<b>{wrap(claims[link['source']]['statement'])}</b>",
        f"<i>{link['relation']}</i>",
        f"<b>{wrap(claims[link['target']]['statement'])}</b>",
        f"{text(marks.names.get(link['speaker'], link['speaker']))}: {basis}",
        (
            f"{CERTAINTY_LOOK['known' if link['basis'] == 'stated' else 'presumed']}"
            f" {text(link['anchors'].replace(';', ', '))}"
        ),
    ]
    return "<br>".join([*parts, *([f"<i>{wrap(link['note'])}</i>"] if link["note"] else [])])


def _draw_key(draft: Draft, nodes: Iterable[Mapping], claims: Mapping, links: Mapping) -> int:
    """The links that occur, as real marks above the map; returns the height it takes."""
    there = {links[node["argument"]]["relation"] for node in nodes if node["argument"]}
    x, y = 0.5, -24
    for relation, (colour, symbol) in LINKS.items():
        if relation in there:
            draft.add_scatter(
                mode="lines+markers",
                name=f"key:{relation}",
                x=[x + 3, x],
                y=[y, y],
                line={"color": colour, "width": 2},
                hoverinfo="skip",
                marker={"symbol": [symbol, "line-ns"], "size": [11, 1], "color": colour},
            )
            draft.add_annotation(
                x=x + 4, y=y, text=relation, showarrow=False, xanchor="left", font={"size": 13}
            )
            x += 5.5 + 0.7 * len(relation)
    for role, colour in ROLES.items():
        if any(claims[node["claim"]]["role"] == role for node in nodes):
            draft.add_scatter(
                mode="markers",
                name=f"key:{role}",
                x=[x + 0.6],
                y=[y],
                marker={"symbol": "square", "size": 12, "color": colour},
                hoverinfo="skip",
            )
            draft.add_annotation(
                x=x + 1.5, y=y, text=role, showarrow=False, xanchor="left", font={"size": 13}
            )
            x += 2.7 + 0.68 * len(role)
    return 48


def _twin(nodes: list[dict], claims: Mapping, names: Mapping[str, str]) -> list[str]:
    out = []
    for node in nodes:
        row = claims[node["claim"]]
        onto = (
            f" {node['relation']}: {claims[node['parent']]['statement']}"
            if node["argument"]
            else ""
        )
        out.append(
            f"{row['statement']}{onto} ({row['role']}, {sure(row)},"
            f" {names.get(row['speaker'], row['speaker'])})"
        )
    return out
