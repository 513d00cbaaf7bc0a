"""What a finished notebook shows: its figures and result tables as data, each with a stable hash.

A chart of ours carries the rows behind its points, bars and cells in ``layout.meta["rows"]`` (see
``axislib.figures.hover``); a table of ours carries its cells beside its HTML (see
``axislib.notebook.display``). Only others' tables, such as a DataFrame, are read from their HTML.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from axislib.files import sha256
from axislib.notebook.display import PLOTLY, TABLE

_DRAWN = set("x y z base text values labels parents open high low close lat lon".split())
_IDS_IN = ("id", "fact", "facts")  # last words of the titles of columns that hold ids
_HASH_LENGTH = 16


class Mark(NamedTuple):
    """One point, bar or cell: the ids of the rows behind it (``;`` between), what it says to a
    reader (its name in the key, its label), and what is drawn."""

    ids: str
    labels: tuple[str, ...]
    drawn: str


class Figure(NamedTuple):
    """One plotly figure; ``rows`` are the rows behind its marks, by id. ``hash`` changes if and
    only if marks or rows do, not with colours, fonts, sizes or hover boxes."""

    name: str
    marks: tuple[Mark, ...]
    rows: Mapping[str, Mapping]
    hash: str

    @property
    def facts(self) -> set[str]:
        """Ids of the rows behind the marks."""
        return _ids(mark.ids for mark in self.marks)


class Table(NamedTuple):
    """One table as rows of cell texts, the header first; its name is its caption."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    hash: str

    @property
    def facts(self) -> set[str]:
        """Ids in columns called id, fact, facts, left facts and the like."""
        titles = [title.strip().lower().replace("_", " ").split(" ")[-1] for title in self.rows[0]]
        cells = (zip(titles, row, strict=False) for row in self.rows[1:])
        return _ids(cell for row in cells for title, cell in row if title in _IDS_IN)


class Shown(NamedTuple):
    """All figures and result tables of a notebook, in order."""

    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]

    @property
    def facts(self) -> set[str]:
        """Ids of the rows behind any mark, or named in a result table."""
        return set().union(*(part.facts for part in (*self.figures, *self.tables)))


def shown(notebook: Mapping[str, Any]) -> Shown:
    """Figures and tables of an executed notebook (as nbformat or json gives it).

    A figure is a plotly output, named by ``layout.meta.name``. A result table is a table that
    axislib displayed, or a ``<table>`` in an HTML output (a DataFrame, a Styler). Tables printed as
    plain text, widgets and images are not looked at.
    """
    figures: dict[str, Figure] = {}
    tables: dict[str, Table] = {}
    outputs = (one for cell in notebook.get("cells", []) for one in cell.get("outputs", []))
    for data in (output.get("data", {}) for output in outputs):
        if PLOTLY in data:
            figure = _figure(data[PLOTLY], len(figures) + 1, figures)
            figures[figure.name] = figure
            continue
        for caption, rows in _tables(data):
            number = len(tables) + 1
            name = caption or f"table {number}"
            name = f"{name} ({number})" if name in tables else name
            tables[name] = Table(name, rows, _hash(rows))
    return Shown(tuple(figures.values()), tuple(tables.values()))


def _figure(content: Mapping[str, Any], number: int, taken: Iterable[str]) -> Figure:
    meta = content.get("layout", {}).get("meta")
    meta = meta if isinstance(meta, Mapping) else {}
    name = meta.get("name") or f"figure {number}"
    name = f"{name} {number}" if name in taken else name
    ours, rows = "alt" in meta, meta.get("rows", {})
    rows = json.loads(rows) if isinstance(rows, str) else rows  # of very many
    traces = [(trace.get("type"), _marks(trace, ours)) for trace in content.get("data", [])]
    marks = tuple(mark for _, marks in traces for mark in marks)
    return Figure(name, marks, rows, _hash([traces, rows]))


def _marks(trace: Mapping[str, Any], ours: bool) -> list[Mark]:
    """The marks of a trace. Others' are labelled with their hover boxes, else their numbers."""
    drawn = ((name, _values(trace[name])) for name in sorted(_DRAWN & trace.keys()))
    columns = {name: values for name, values in drawn if isinstance(values, list)}
    texts, behind = columns.pop("text", []), _values(trace.get("customdata")) or []
    count = max(map(len, (behind, texts, *columns.values())))
    hovers = trace.get("hovertext") or []
    hovers = [hovers] * count if isinstance(hovers, str) else hovers[:count]
    name = trace.get("name") if trace.get("showlegend") is not False else ""
    marks = []
    rows = zip_longest(behind, texts, hovers, *columns.values(), fillvalue="")
    for ids, text, hover, *cells in rows:
        place = _place(columns, cells)
        labels = map(_plain, (name, text, "" if ours else hover or place))
        marks.append(Mark(_first(ids), tuple(filter(None, labels)), place))
    return marks


def _place(axes: Iterable[str], cells: Iterable) -> str:
    drawn = zip(axes, cells, strict=True)
    return ", ".join(f"{axis} {value}" for axis, value in drawn if value != "")


def _first(cell: Any) -> str:
    """The ids in a cell of ``customdata``: its first value, or the cell."""
    cell = cell[0] if isinstance(cell, list) and cell else cell
    return cell if isinstance(cell, str) else ""


def _plain(label: Any) -> str:
    """A label without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", str(label or ""))).split())


def _values(column: Any) -> Any:
    """A column of a trace as a list; plotly writes numpy columns as base64."""
    if isinstance(column, Mapping) and "bdata" in column:
        import numpy as np

        values = np.frombuffer(base64.b64decode(column["bdata"]), dtype=column["dtype"])
        shape = [int(size) for size in str(column.get("shape", "")).split(",") if size.strip()]
        return (values.reshape(shape) if shape else values).tolist()
    return column


def _tables(data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Caption and cells of each table in an output: of ours as data, of others from their HTML."""
    if TABLE in data:
        table = data[TABLE]
        yield table["caption"], tuple(map(tuple, (table["columns"], *table["rows"])))
        return
    page = "".join(data.get("text/html", ""))
    if "<table" not in page:
        return
    from bs4 import BeautifulSoup

    for table in BeautifulSoup(page, "html.parser").find_all("table"):
        for line_break in table.find_all("br"):
            line_break.replace_with(";")  # parts values, as it does in the CSV files
        lines = [tuple(map(_words, row.find_all(["td", "th"]))) for row in table.find_all("tr")]
        if rows := tuple(filter(None, lines)):
            yield _words(table.caption), rows


def _words(tag: Any) -> str:
    return " ".join(tag.get_text().split()) if tag else ""


def _ids(cells: Iterable[str]) -> set[str]:
    return {row_id for cell in cells for row_id in cell.split(";") if row_id}


def _hash(parts: Any) -> str:
    return sha256(json.dumps(parts, ensure_ascii=False, default=str))[:_HASH_LENGTH]
