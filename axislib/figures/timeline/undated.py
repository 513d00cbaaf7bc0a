"""What a text does not date: boxes under headings, patterned, because silence is no point in time."""

from __future__ import annotations

from collections.abc import Mapping

from axislib.figures.draft import Draft, lines
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import GREY, INK, PAPER

NO_LANE = "Not tied to a coalition"
# pattern of the box, words in the key: what is said of an event without a date
SAID = {
    "affirmed": ("/", "no date in the text"),
    "denied": ("x", "said not to have been"),
    "left_open": (".", "left open"),
}
UNSEEN = {"color": "rgba(0,0,0,0)", "line": {"width": 0}}
_COLUMNS = 3


def lane(row: Mapping, lanes: str, names: Mapping[str, str]) -> str:
    """The heading an event stands under."""
    value = row[lanes]
    if not value:
        return NO_LANE
    return names.get(value, str(value).replace("_", " ").capitalize())


def box(shapes: list[str]) -> dict:
    return {
        "color": PAPER,
        "line": {"color": INK, "width": 1},
        "pattern": {"shape": shapes, "fgcolor": GREY, "size": 5, "solidity": 0.35},
    }


def undated_blocks(rows: list[dict], lanes: str, names: Mapping[str, str]) -> tuple[list, int]:
    """What stands where among the undated: (column, y, indent, event or heading), and the height of
    the tallest column.

    An event by which others are told (during, before, after it) heads them, by lane; the rest stand
    under their lane.
    """
    by_id = {row["id"]: row for row in rows}
    told: dict[str, list] = {}
    for row in rows:
        if row["relative_to"] in by_id and by_id[row["relative_to"]]["relative_to"] not in by_id:
            told.setdefault(row["relative_to"], []).append(row)
    inner = {row["id"] for group in told.values() for row in group}
    heads = [row for row in rows if row["id"] in told and len(told[row["id"]]) > 2]
    blocks: list[list] = []
    groups: dict[str, list] = {}
    for row in rows:
        if row["id"] not in inner and row not in heads:
            groups.setdefault(lane(row, lanes, names), []).append(row)
    for heading, members in sorted(groups.items(), key=lambda group: group[0] == NO_LANE):
        block = [(0, heading)]
        for row in members:
            block += [
                (0, row),
                *(
                    (1, {**other, "title": f"{other['time_relation']} it: {other['title']}"})
                    for other in told.get(row["id"], [])
                ),
            ]
        blocks.append(block)
    for head in heads:
        block = [(0, {**head, "title": f"<b>{head['title']}</b>"})]
        by_lane: dict[str, list] = {}
        for row in told[head["id"]]:
            by_lane.setdefault(
                f"{row['time_relation']} it \u00b7 {lane(row, lanes, names)}", []
            ).append(row)
        for heading, members in by_lane.items():
            block += [(1, heading), *((1, row) for row in members)]
        blocks.append(block)
    # the longest first into the shortest column; within a column again in the order of the text
    columns: list[list[int]] = [[] for _ in range(_COLUMNS)]
    tall = [sum(deep_of(item) for _, item in block) + 14 for block in blocks]
    for number in sorted(range(len(blocks)), key=lambda i: -tall[i]):
        min(columns, key=lambda column: sum(tall[i] for i in column)).append(number)
    placed = []
    for place, column in enumerate(
        sorted(columns, key=lambda column: min(column, default=len(blocks)))
    ):
        y = 0.0
        for number in sorted(column):
            for indent, item in blocks[number]:
                placed.append((place, y + deep_of(item) / 2, indent, item))
                y += deep_of(item)
            y += 14
    return placed, int(max((sum(tall[i] for i in column) for column in columns), default=0))


def deep_of(item: dict | str) -> int:
    return 26 if isinstance(item, str) else 10 + 17 * lines(_plain(item), 46)


def draw_undated(
    draft: Draft, blocks: list, height: float, marks: Marks, domain: tuple[float, float]
) -> None:
    """Boxes in three columns: patterned, because what the text does not date is no point in time."""
    axes = {"xaxis": "x8", "yaxis": "y8", "showlegend": False, "hoverinfo": "text"}
    draft.update_layout(
        xaxis8={
            "domain": [0, 1],
            "range": [0, _COLUMNS],
            "visible": False,
            "fixedrange": True,
            "anchor": "y8",
        },
        yaxis8={
            "domain": list(domain),
            "range": [height, 0],
            "visible": False,
            "fixedrange": True,
            "anchor": "x8",
        },
    )
    items = [
        (column + 0.06 * indent, y, item)
        for column, y, indent, item in blocks
        if not isinstance(item, str)
    ]
    cites = {
        "customdata": [marks.mark(row["id"]) for *_, row in items],
        "hovertext": [marks.hover([row["id"]]) for *_, row in items],
    }
    draft.add_bar(
        orientation="h",
        name="no date",
        y=[y for _, y, _ in items],
        base=[x for x, *_ in items],
        x=[0.038] * len(items),
        width=16,
        marker=box([SAID[row["polarity"]][0] for *_, row in items]),
        **cites,
        **axes,
    )
    # unseen, so that a pointer finds the whole title and not only where it begins
    draft.add_bar(
        orientation="h",
        name="reach of titles",
        y=[y for _, y, _ in items],
        base=[x + 0.045 for x, *_ in items],
        x=[0.85] * len(items),
        width=22,
        marker=UNSEEN,
        **cites,
        **axes,
    )
    draft.add_scatter(
        mode="text",
        name="titles",
        x=[x + 0.055 for x, *_ in items],
        y=[y for _, y, _ in items],
        textposition="middle right",
        cliponaxis=False,
        text=[_shown(row) for *_, row in items],
        textfont={"size": 13, "color": INK},
        **cites,
        **axes,
    )
    for column, y, indent, heading in blocks:
        if isinstance(heading, str):
            draft.add_annotation(
                xref="x8",
                yref="y8",
                x=column + 0.06 * indent,
                y=y,
                text=f"<i>{text(heading)}</i>" if indent else f"<b>{text(heading)}</b>",
                showarrow=False,
                xanchor="left",
                font={"size": 13 if indent else 14},
            )


def _plain(row: Mapping) -> str:
    """The title, with the text's own words for the time where nothing else tells it: they give no
    date."""
    title, words = (
        row["title"].removeprefix("<b>").removesuffix("</b>"),
        "" if row["relative_to"] else row["date_words"],
    )
    told = words.lower() in title.lower() or title.lower() in words.lower()
    return title if told else f"{title} (\u201c{words}\u201d)"


def _shown(row: Mapping) -> str:
    words = wrap(_plain(row), 46)
    return f"<b>{words}</b>" if row["title"].startswith("<b>") else words
