"""Who coded what alike: one row a unit, one column a coder; where they part, and where nobody
coded."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.draft import Draft, finish
from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import BLUE, INK, ORANGE, PAPER, PURPLE
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell

_LOOK = {  # colour, pattern, word: colour is never the only carrier
    "majority": (BLUE, "", "as most coders"),
    "otherwise": (ORANGE, "/", "otherwise than most"),
    "split": (PURPLE, "x", "no majority"),
    "none": (PAPER, "/", "not coded"),
}


def disagreement(seed: Seed, codes: pd.DataFrame, variable: str, most: int = 40) -> go.Figure:
    """A heat map of one variable's codes, units with most disagreement first.

    ``codes`` as in ``seminar.returned.Returned``. Each cell says the code and carries the id of the
    unit's facts. ``most`` keeps so many rows; the subtitle says how many there are. Raises
    SeedError if nobody coded the variable. It cannot tell who is right: a majority can be wrong.
    """
    here = codes[codes["variable"] == variable]
    if here.empty:
        raise SeedError(
            f"nobody coded '{variable}'; there are:"
            f" {', '.join(dict.fromkeys(codes['variable'])) or 'no codes'}"
        )
    marks, coders = Marks(seed), list(dict.fromkeys(here["coder"]))
    given = {
        (unit, coder): (code, memo)
        for unit, coder, code, memo in here[["unit", "coder", "code", "memo"]].itertuples(
            index=False
        )
    }
    called = _names(seed, marks.names)
    counts = {
        unit: Counter(code for coder in coders if (code := given.get((unit, coder), ("", ""))[0]))
        for unit in dict.fromkeys(here["unit"])
    }
    order = sorted(counts, key=lambda unit: _alike(counts[unit]))
    parted = sum(len(count) > 1 for count in counts.values())
    shown = order[:most]
    cells: dict[str, list] = {look: [] for look in _LOOK}
    for y, unit in enumerate(shown):
        for x, coder in enumerate(coders):
            code, memo = given.get((unit, coder), ("", ""))
            cells[_look(code, counts[unit])].append((y, x, unit, coder, code, memo))
    draft = Draft(seed)
    for look, (colour, pattern, word) in _LOOK.items():
        rows, open_cell = cells[look], look != "majority"
        ids = [_ids(seed, unit) for _, _, unit, *_ in rows]
        draft.add_bar(
            orientation="h",
            name=word,
            showlegend=bool(rows),
            width=0.86,
            y=[row[0] for row in rows],
            base=[row[1] + 0.03 for row in rows],
            x=[0.94] * len(rows),
            marker={
                "color": PAPER if open_cell else colour,
                "line": {
                    "color": "#8C8C8C" if look == "none" else colour,
                    "width": 1 if look == "none" else 2.5,
                },
                "pattern": {
                    "shape": pattern,
                    "fgcolor": (
                        "#D9D9D9"
                        if look == "none"
                        else "#F3D9A6"
                        if look == "otherwise"
                        else "#EBD3E1"
                    ),
                    "size": 7,
                    "solidity": 0.2,
                },
            },
            text=[
                (
                    wrap(marks.names.get(row[4], row[4]).replace("_", " "), 22)
                    if row[4]
                    else "not coded"
                )
                for row in rows
            ],
            textposition="inside",
            insidetextanchor="middle",
            constraintext="none",
            textfont={"size": 13, "color": INK if open_cell else PAPER},
            customdata=[marks.mark(i) for i in ids],
            hoverinfo="text",
            hovertext=[
                f"<b>{text(coder)}</b>: {text(code.replace('_', ' ') or 'not coded')}"
                + (f"<br><i>{wrap(memo)}</i>" if memo else "")
                + f"<br>\u2014<br>{marks.hover(i)}"
                for (_, _, _, coder, code, memo), i in zip(rows, ids, strict=True)
            ],
        )
    draft.update_layout(
        barmode="overlay",
        bargap=0,
        margin={"l": 10, "r": 10, "t": 175, "b": 60},
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0, "font": {"size": 13}},
        xaxis={
            "range": [0, max(len(coders), 1)],
            "side": "top",
            "tickvals": [i + 0.5 for i in range(len(coders))],
            "ticktext": [f"<b>{wrap(coder, 18)}</b>" for coder in coders],
            "showgrid": False,
            "zeroline": False,
            "tickangle": 0,
            "fixedrange": True,
        },
        yaxis={
            "range": [len(shown) - 0.5, -0.5],
            "tickvals": list(range(len(shown))),
            "ticktext": [wrap(called(unit), 44) for unit in shown],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "tickfont": {"size": 12},
            "fixedrange": True,
        },
    )
    title = (
        f"On {variable.replace('_', ' ')}, {len(coders)} coders part on {parted} of {len(counts)}"
        " units"
    )
    subtitle = (
        "One row a unit, one column a coder; most disagreement on top. Filled: as most coders."
        " Outlined: otherwise, or no majority. Hatched grey: not coded."
        + (f" The first {most} of {len(order)} rows are shown." if len(order) > most else "")
    )
    twin = [
        f"{called(unit)}: "
        + ", ".join(
            f"{coder} {given.get((unit, coder), ('', ''))[0] or 'not coded'}" for coder in coders
        )
        for unit in shown
    ]
    return finish(
        draft, title, subtitle, twin, height=240 + 34 * len(shown), name=f"disagreement-{variable}"
    )


def _alike(count: Counter) -> float:
    return max(count.values()) / sum(count.values()) if count else 2.0


def _look(code: str, count: Counter) -> str:
    if not code:
        return "none"
    ranked = count.most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return "split"
    return "majority" if code == ranked[0][0] else "otherwise"


def _names(seed: Seed, names: dict[str, str]) -> Callable[[str], str]:
    """A unit as a reader would say it: a fact by its statement, shortened; a level by dimension and
    coalition."""
    said = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    hypotheses = dict(zip(seed.hypotheses["id"], seed.hypotheses["name"], strict=True))
    said |= {
        row["id"]: f"{hypotheses[row['hypothesis']]}: {said.get(row['fact'], row['fact'])}"
        for row in seed.consistency.to_dict("records")
    }

    def called(unit: str) -> str:
        if ":" in unit:
            return ": ".join(names.get(part, part) for part in unit.split(":"))
        return textwrap.shorten(said.get(unit, unit), 80, placeholder=" \u2026")

    return called


def _ids(seed: Seed, unit: str) -> list[str]:
    """The ids behind a unit: the fact itself; for a level the instances, or the dimension where
    there are none."""
    if ":" not in unit:
        return [unit]
    dimension, coalition = unit.split(":", 1)
    table = seed.cooperation
    return list(
        table.loc[(table["dimension"] == dimension) & (table["coalition"] == coalition), "id"]
    ) or split_cell(dimension)
