"""A plotly figure as the report needs it: its marks with their ids, as rows for a CSV and as JSON
for the page."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import math
import re
from collections.abc import Iterator, Mapping

from axislib.tables.schema import split_cell

PLOTLY = "application/vnd.plotly.v1+json"
_KINDS = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}


def values(array: object) -> list:
    """A trace's array as a list, also where plotly packed it as base64; [] for none."""
    if isinstance(array, Mapping) and "bdata" in array:
        kind = _KINDS.get(str(array["dtype"]).lstrip("<"), "d")
        return list(memoryview(base64.b64decode(array["bdata"])).cast(kind))
    if isinstance(array, (list, tuple)):
        return list(array)
    return []


def ids_of(data: object) -> list[str]:
    """The ids in one mark's ``customdata``: a string, or a list whose first value is one."""
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return split_cell(data)


def marks(figure: Mapping) -> Iterator[dict]:
    """One dict a mark, in drawing order: ``trace``, ``x``, ``y``, ``base``, ``text``, ``ids``.

    A bar that begins elsewhere than at zero has that place as ``base``; its ``x`` (or ``y``) is
    then its length, as in the trace (milliseconds on an axis of dates).
    """
    for number, trace in enumerate(figure.get("data", [])):
        name = str(trace.get("name") or f"trace {number + 1}")
        for part in (trace, trace.get("node") or {}, trace.get("link") or {}):
            data = values(part.get("customdata"))
            x, y = values(part.get("x")), values(part.get("y"))
            base = values(trace.get("base"))
            text, labels = values(part.get("text")), values(part.get("label") or part.get("labels"))
            for place, item in enumerate(data):
                if isinstance(item, list) and item and isinstance(item[0], list):
                    for column, cell in enumerate(item):  # a heatmap: one row of cells
                        yield _mark(name, _at(x, column), _at(y, place), "", "", cell)
                else:
                    words = _at(text, place) or _at(labels, place)
                    yield _mark(name, _at(x, place), _at(y, place), _at(base, place), words, item)


def _mark(trace: str, x: object, y: object, base: object, text: object, data: object) -> dict:
    return {
        "trace": _plain(trace),
        "x": _plain(x),
        "y": _plain(y),
        "base": _plain(base),
        "text": _plain(text),
        "ids": ";".join(ids_of(data)),
    }


def _at(array: list, place: int) -> object:
    return array[place] if place < len(array) else ""


def _plain(value: object) -> str:
    if value is None:
        return ""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br ?/?>", " ", str(value)))).strip()


def cited_ids(figure: Mapping) -> list[str]:
    """The ids behind all marks, each once, in drawing order."""
    return list(dict.fromkeys(i for mark in marks(figure) for i in mark["ids"].split(";") if i))


def marks_csv(figure: Mapping) -> str:
    """The marks as CSV: what the chart shows, with the ids of the rows behind each mark."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["trace", "x", "y", "base", "text", "ids"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(marks(figure))
    return out.getvalue()


def figure_json(figure: Mapping) -> str:
    """The figure's data and layout as JSON that may stand inside a ``<script>`` element."""
    return script_json({"data": figure.get("data", []), "layout": figure.get("layout", {})})


def script_json(value: object) -> str:
    """JSON in which nothing can end a script element or start a comment in it."""
    text = json.dumps(_finite(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _finite(value: object) -> object:
    """The value with null in the place of NaN and infinity, which JSON does not know."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value
