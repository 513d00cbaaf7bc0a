"""Where the boxes of an argument map stand: trees from left to right, without overlap, the same way
each time."""

from __future__ import annotations

from collections.abc import Mapping

from axislib.figures.draft import lines
from axislib.figures.hover import Marks, wrap
from axislib.questions.argument import threads, tree, unlinked
from axislib.seed.seed import Seed

GAP = 10.5  # between two columns, in hundredths of the width: room for the word on the link
_SIGNS = 1.65  # of 13 px in a hundredth of a narrow page (about 1,000 px)


def one_tree(seed: Seed, root: str, claims: Mapping, marks: Marks) -> tuple[list[dict], float]:
    """The tree of one claim, and to its left the claims that it is used for in turn."""
    rows = tree(seed, root).to_dict("records")
    upward = [
        link
        for link in seed.arguments.to_dict("records")
        if link["source"] == root and link["target"] in claims
    ]
    first = 1 if upward else 0
    columns = max(row["depth"] for row in rows) + 1 + first
    nodes, height = _layout(rows, claims, marks, columns, first)
    if upward:
        above = [
            _node(link["target"], "", "", "", 0, columns, claims, marks, first="USED FOR \u00b7 ")
            | {"upward": link["id"]}
            for link in upward
        ]
        need = sum(node["deep"] + 12 for node in above) - 12
        shift = max(0.0, need / 2 - nodes[0]["y"])
        for node in nodes:
            node["y"] += shift
        y = nodes[0]["y"] - need / 2
        for node in above:
            node["y"] = y + node["deep"] / 2
            y += node["deep"] + 12
        height = max(height + shift, y)
        nodes = above + nodes
        for link in upward:  # drawn as a link of the root to its left
            nodes.append(
                {
                    **nodes[len(above)],
                    "parent": link["target"],
                    "argument": link["id"],
                    "relation": link["relation"],
                    "ghost": True,
                }
            )
    return nodes, height + 6


def all_threads(
    seed: Seed, claims: Mapping, marks: Marks
) -> tuple[list[dict], list[dict], float, list]:
    """Every thread, the deep ones over the whole width, the shallow two beside each other; then the
    claims without a link."""
    frame = threads(seed)
    parts = (
        [(int(number), part.to_dict("records")) for number, part in frame.groupby("thread")]
        if len(frame)
        else []
    )
    nodes, y = [], 6.0
    shallow = []
    for number, rows in parts:
        columns = max(row["depth"] for row in rows) + 1
        if columns <= 2:
            shallow.append((number, rows))
            continue
        placed, height = _layout(rows, claims, marks, max(columns, 3), 0)
        nodes += _moved(placed, y, number)
        y += height + 34
    sides = [y, y]
    for number, rows in shallow:
        side = 0 if sides[0] <= sides[1] else 1
        placed, height = _layout(rows, claims, marks, 4, 2 * side)
        nodes += _moved(placed, sides[side], number)
        sides[side] += height + 26
    y = max(sides) + 10 if parts else 6.0
    loose, alone, heads = unlinked(seed), [], []
    if loose:
        heads.append((y + 8, "Claims without a link to another"))
        y += 30
        for start in range(0, len(loose), 4):
            row = [
                _node(claim, "", "", "", column, 4, claims, marks)
                for column, claim in enumerate(loose[start : start + 4])
            ]
            deep = max(node["deep"] for node in row)
            alone += [node | {"y": y + node["deep"] / 2, "thread": -1} for node in row]
            y += deep + 12
    return nodes, alone, y + 6, heads


def _moved(nodes: list[dict], down: float, thread: int) -> list[dict]:
    """The same boxes further down: in place, because links hold on to the box they lead to."""
    for node in nodes:
        node["y"] += down
        node["thread"] = thread
    return nodes


def _node(
    claim: str,
    parent: str,
    argument: str,
    relation: str,
    column: int,
    columns: int,
    claims: Mapping,
    marks: Marks,
    again: bool = False,
    first: str = "",
) -> dict:
    wide = (100 - GAP * (columns - 1)) / columns
    signs = max(14, int((wide - 2) * _SIGNS))
    row = claims[claim]
    head = (
        f"{first}{row['role'].upper()} \u00b7 {sure(row)} \u00b7"
        f" {marks.names.get(row['speaker'], row['speaker'])}"
    )
    if again:
        head = "AS ABOVE"
    deep = 14 + 14 * lines(head, signs + 2) + 17 * lines(row["statement"], signs)
    return {
        "claim": claim,
        "parent": parent,
        "argument": argument,
        "relation": relation,
        "x": column * (wide + GAP),
        "wide": wide,
        "deep": deep,
        "again": again,
        "words": (
            "<span"
            f" style='font-size:11px'><b>{wrap(head, signs + 2)}</b></span><br>{wrap(row['statement'], signs)}"
        ),
        "thread": 0,
    }


def sure(row: Mapping) -> str:
    if row["polarity"] == "left_open":
        return "left open"
    return row["modality"]  # a denial stands in the statement itself


def _layout(
    rows: list[dict], claims: Mapping, marks: Marks, columns: int, first: int
) -> tuple[list[dict], float]:
    """Places in pixels from the top: every box in the middle of the branch it heads. Returns the
    boxes and the height."""
    nodes = [
        _node(
            row["claim"],
            row["parent"],
            row["argument"],
            row["relation"],
            row["depth"] + first,
            columns,
            claims,
            marks,
            row["again"],
        )
        for row in rows
    ]
    children: dict[int, list[int]] = {}
    path: list[int] = []
    for number, row in enumerate(rows):
        path = path[: row["depth"]]
        if path:
            children.setdefault(path[-1], []).append(number)
        path.append(number)
    need = [0.0] * len(rows)
    for number in reversed(range(len(rows))):
        below = children.get(number, [])
        need[number] = max(
            nodes[number]["deep"], sum(need[child] for child in below) + 12 * max(len(below) - 1, 0)
        )
    start = [0.0] * len(rows)
    for number in range(len(rows)):
        nodes[number]["y"] = start[number] + need[number] / 2
        below = children.get(number, [])
        at = (
            start[number]
            + (need[number] - sum(need[child] for child in below) - 12 * max(len(below) - 1, 0)) / 2
        )
        for child in below:
            start[child] = at
            nodes[child]["up"] = number
            at += need[child] + 12
    for node in nodes:
        node["parent_node"] = nodes[node["up"]] if "up" in node else None
    return nodes, need[0]
