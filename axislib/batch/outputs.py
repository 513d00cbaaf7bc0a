"""What a finished notebook shows: its figures and result tables as data, each with a stable hash.

A chart of ours carries the rows behind its points, bars and cells in ``layout.meta["rows"]`` (see
``axislib.figures.hover``); a table of ours carries its cells beside its HTML (see
``axislib.notebook.display``). So nothing that axislib wrote as HTML is read back. Only tables that
others wrote, such as a plain DataFrame, are read from their HTML.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from axislib.files import sha256
from axislib.notebook.display import PLOTLY, TABLE

_DRAWN = set("x y z base text values labels parents open high low close lat lon".split())
_IDS_IN = ("id", "fact", "facts")  # last words of the titles of columns that hold ids
_HASH_LENGTH = 16


@dataclass(frozen=True)
class Mark:
    """One point, bar or cell: the ids of the rows behind it (``;`` between), what it says to a
    reader (its name in the key, its label), and what is drawn."""

    ids: str
    labels: tuple[str, ...]
    drawn: str


@dataclass(frozen=True)
class Figure:
    """One plotly figure; ``rows`` are the rows behind its marks, by id.

    Colours, fonts, sizes and the words of our own hover boxes are left out of ``hash``: it changes
    if and only if marks or rows do.
    """

    name: str
    marks: tuple[Mark, ...]
    rows: Mapping[str, Mapping]
    hash: str

    @property
    def facts(self) -> set[str]:
        """Ids of the rows behind the marks."""
        return _ids(mark.ids for mark in self.marks)


@dataclass(frozen=True)
class Table:
    """One table as rows of cell texts, the header first; its name is its caption."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    hash: str

    @property
    def facts(self) -> set[str]:
        """Ids in columns called id, fact, facts, left facts and the like."""
        titles = [title.strip().lower().replace("_", " ").split(" ")[-1] for title in self.rows[0]]
        places = [place for place, title in enumerate(titles) if title in _IDS_IN]
        return _ids(_at(row, place) for row in self.rows[1:] for place in places)


@dataclass(frozen=True)
class Shown:
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
    traces = [(trace.get("type"), _marks(trace, ours)) for trace in content.get("data", [])]
    drawn = [[kind, [astuple(mark) for mark in marks]] for kind, marks in traces]
    marks = tuple(mark for _, marks in traces for mark in marks)
    return Figure(name, marks, rows, _hash([drawn, rows]))


def _marks(trace: Mapping[str, Any], ours: bool) -> list[Mark]:
    """The marks of a trace. Others' are labelled with their hover boxes, else their numbers."""
    columns = _columns(trace)
    texts, ids = columns.pop("text", []), _id_cells(trace)
    count = max(map(len, (ids, texts, *columns.values())))
    hovers = trace.get("hovertext") or []
    hovers = [hovers] * count if isinstance(hovers, str) else hovers
    name = trace.get("name") if trace.get("showlegend") is not False else ""
    marks = []
    for place in range(count):
        cells = [(axis, _at(values, place)) for axis, values in columns.items()]
        drawn = ", ".join(f"{axis} {value}" for axis, value in cells if value != "")
        other = "" if ours else _at(hovers, place) or drawn
        labels = map(_plain, (name, _at(texts, place), other))
        marks.append(Mark(_at(ids, place), tuple(filter(None, labels)), drawn))
    return marks


def _columns(trace: Mapping[str, Any]) -> dict[str, list]:
    columns = {name: _values(trace[name]) for name in sorted(_DRAWN & trace.keys())}
    return {name: values for name, values in columns.items() if isinstance(values, list)}


def _id_cells(trace: Mapping[str, Any]) -> list[str]:
    """The ids behind each mark of a trace: its ``customdata``, or the first value of each."""
    cells = _values(trace.get("customdata")) or []
    firsts = [cell[0] if isinstance(cell, list) and cell else cell for cell in cells]
    return [first if isinstance(first, str) else "" for first in firsts]


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


def _at(cells: Sequence, place: int) -> Any:
    return cells[place] if place < len(cells) else ""


def _ids(cells: Iterable[str]) -> set[str]:
    return {row_id for cell in cells for row_id in cell.split(";") if row_id}


def _hash(parts: Any) -> str:
    return sha256(json.dumps(parts, ensure_ascii=False, default=str))[:_HASH_LENGTH]
