"""The look of the record: outlined, in a colour of its own, with a mark; and what its marks say
when pointed at."""

from __future__ import annotations

import plotly.graph_objects as go

from axislib.figures.hover import Marks, text, wrap
from axislib.figures.palette import GREEN, INK, PAPER
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell

SIGN = "\u25c7"  # the mark of the record
_PALE = "#E3F3EE"


class RecordMarks(Marks):
    """Hover for rows of the record as well: measures, bearings and sources say what they are, facts
    name their source."""

    def _say(self, row_id: str) -> str:
        row = self._row(row_id) or self.seed.row(row_id)
        if row.get("layer") != "context":
            return super()._say(row_id)
        said = next(
            (row[name] for name in ("statement", "definition", "why", "title") if row.get(name)),
            row_id,
        )
        told = [f"<b>{SIGN} {wrap(said)}</b>"]
        if row.get("modality") in ("reported", "disputed"):
            told.append(f"as {text(self.names.get(row['speaker'], row['speaker']))} has it")
        for source in split_cell(row.get("anchors", ""))[:2]:
            hit = self._row(source) or self.seed.row(source)
            told.append(
                wrap(
                    (
                        f"{hit['title']} ({hit['publisher']})"
                        if hit.get("publisher")
                        else hit.get("title", source)
                    ),
                    70,
                )
            )
        known = row.get("confidence") or (
            "common" if row.get("anchors") == "general_knowledge" else ""
        )
        return "<br>".join([*told, *([f"<i>{text(known)}</i>"] if known else [])])


def outlined(figure: go.Figure, seed: Seed) -> go.Figure:
    """The same figure in which every mark that rests on the record alone is outlined in its colour
    and carries its sign.

    Returns a new figure. Marks that rest on the article, or on both, stay as they are.
    """
    ours = {
        i
        for frame in seed.tables.values()
        if "id" in frame
        for i in frame.loc[frame["layer"] == "context", "id"]
    }
    figure = go.Figure(figure)
    for trace in figure.data:
        marks = [
            bool(set(split_cell(mark[0])) and set(split_cell(mark[0])) <= ours)
            for mark in (trace.customdata if trace.customdata is not None else [])
        ]
        if not any(marks) or (trace.type == "bar" and trace.marker.line.width == 0):  # words only
            continue
        words = (
            [trace.text] * len(marks)
            if isinstance(trace.text, str) or trace.text is None
            else list(trace.text)
        )
        if any(words):
            trace.text = [
                f"{SIGN} {word}" if mine else word for mine, word in zip(marks, words, strict=True)
            ]
        if trace.type == "bar":
            own, pale = trace.marker.line, PAPER if trace.marker.color == PAPER else _PALE
            trace.marker.line = {
                "color": _each(own.color, marks, GREEN, INK),
                "width": _each(own.width, marks, 2.5, 1),
            }
            # where each mark has a colour of its own, plotly strikes the pattern in it and not in
            # the pattern's
            struck = trace.marker.pattern.fgcolor if trace.marker.pattern.shape else None
            trace.marker.color = _each(struck or trace.marker.color, marks, pale, INK)
            trace.textfont.color = _each(trace.textfont.color, marks, INK, INK)
        elif trace.mode and "markers" in trace.mode:
            trace.marker.symbol = [
                f"{symbol}-open" if mine else symbol
                for mine, symbol in zip(
                    marks, _each(trace.marker.symbol, marks, None, "circle"), strict=True
                )
            ]
            trace.marker.color = _each(trace.marker.color, marks, GREEN, INK)
            trace.marker.line = {"width": _each(None, marks, 2.5, 1)}
    return figure


def _each(value: object, marks: list[bool], ours: object, else_: object = None) -> list:
    """A value for each mark: that of the record where it is the record's (unless None), else the
    one there was."""
    given = (
        list(value)
        if isinstance(value, (list, tuple))
        else [value if value is not None else else_] * len(marks)
    )
    return [
        ours if mine and ours is not None else one for mine, one in zip(marks, given, strict=True)
    ]
