"""In the ledger of transfers: the lines that lead from a return to what it repays."""

from __future__ import annotations

from axislib.figures.draft import Draft
from axislib.figures.hover import Marks
from axislib.figures.palette import GREY, INK, PAPER
from axislib.tables.schema import split_cell

RETURN = 88.5  # where the column stands, in hundredths of the width


def draw_returns(draft: Draft, placed: list[dict], marks: Marks) -> None:
    """From each return a line to what it repays; returns for the same things share one."""
    by_id = {i: row for row in placed for i in row["ids"]}
    groups: dict[tuple, list[dict]] = {}
    for row in placed:
        repaid = tuple(i for i in split_cell(row["in_return_for"]) if i in by_id)
        if repaid:
            groups.setdefault(repaid, []).append(row)
    tracks: list[float] = []  # the lowest point taken on each track
    along: dict[str, list] = {"x": [], "y": [], "customdata": [], "hovertext": []}
    ends: dict[str, list] = {"x": [], "y": [], "customdata": [], "hovertext": [], "symbol": []}
    for repaid, returns in sorted(
        groups.items(), key=lambda group: min(by_id[i]["y"] for i in group[0])
    ):
        targets = list({by_id[i]["y"]: by_id[i] for i in repaid}.values())
        ys = [row["y"] for row in (*targets, *returns)]
        track = next((n for n, taken in enumerate(tracks) if taken < min(ys)), len(tracks))
        tracks[track : track + 1] = [max(ys)]
        x = RETURN + 1.6 + 1.5 * track
        data = marks.mark([i for row in returns for i in row["ids"]] + list(repaid))
        hover = marks.hover([i for row in returns for i in row["ids"]])
        line = [(x, min(ys)), (x, max(ys)), (None, None)]
        for y in ys:
            line += [(RETURN, y), (x, y), (None, None)]
        points = [
            *((row["y"], "triangle-left") for row in targets),
            *((row["y"], "circle") for row in returns),
        ]
        for into, xy in ((along, line), (ends, [(RETURN, y) for y, _ in points])):
            for axis, values in zip("xy", zip(*xy, strict=True), strict=True):
                into[axis] += values
            into["customdata"] += [data] * len(xy)
            into["hovertext"] += [hover] * len(xy)
        ends["symbol"] += [symbol for _, symbol in points]
        draft.add_annotation(
            x=x + 0.7,
            y=sum(row["y"] for row in returns) / len(returns),
            text="in return<br>for these" if len(targets) > 1 else "in return<br>for this",
            showarrow=False,
            xanchor="left",
            align="left",
            font={"size": 11, "color": GREY},
            bgcolor=PAPER,
        )
    if groups:
        symbols = ends.pop("symbol")
        draft.add_scatter(
            mode="lines",
            name="in return",
            line={"color": INK, "width": 1.5},
            hoverinfo="text",
            **along,
        )
        draft.add_scatter(
            mode="markers",
            name="in return",
            hoverinfo="text",
            **ends,
            marker={
                "symbol": symbols,
                "size": [12 if symbol == "triangle-left" else 8 for symbol in symbols],
                "color": INK,
                "opacity": 1,
            },
        )
