"""What a finished notebook shows: its figures as marks, its result tables as cells, both with
stable hashes."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

PLOTLY = "application/vnd.plotly.v1+json"
_NEXT = "<br>\u2014<br>"  # between the facts of one hover box
_IN_FULL = 3  # facts that a box tells, before it says how many more there are
_DATA = (
    "x",
    "y",
    "z",
    "base",
    "text",
    "values",
    "labels",
    "parents",
    "open",
    "high",
    "low",
    "close",
    "lat",
    "lon",
)


@dataclass(frozen=True)
class Told:
    """What a hover box says of one fact: what it is called there, and who says so, how sure and
    where (``says``).

    ``plain`` is true if it says nothing else: then ``title`` is the fact's statement.
    """

    fact: str
    title: str
    says: str
    plain: bool


@dataclass(frozen=True)
class Mark:
    """One mark: ids of the facts behind it (``;`` between), what it says to a reader, and the data
    drawn.

    ``labels`` are its name in the key and its label, ``words`` its hover box, a fact each.
    """

    ids: str
    labels: tuple[str, ...]
    words: tuple[str, ...]
    told: tuple[Told, ...]
    data: str


@dataclass(frozen=True)
class Trace:
    """One trace: its kind and name, an id cell and a hover box for each mark (``;`` between ids),
    the columns it draws."""

    name: str
    ids: list[str]
    columns: dict[str, list]
    hovers: list[str]
    in_key: bool
    count: int


@dataclass(frozen=True)
class Figure:
    """One plotly figure. Colours, fonts and sizes are left out: the hash changes if and only if the
    marks or their words do."""

    name: str
    traces: tuple[Trace, ...]
    hash: str

    @property
    def count(self) -> int:
        """How many marks it has."""
        return sum(trace.count for trace in self.traces)

    @property
    def marks(self) -> Iterator[Mark]:
        """Each mark; what has no hover box is labelled with its data, for that is all a reader
        gets."""
        for trace in self.traces:
            drawn_as = trace.name.partition(" ")[2] if trace.in_key else ""
            for place in range(trace.count):
                data = {
                    word: values[place]
                    for word, values in trace.columns.items()
                    if place < len(values)
                }
                hover = trace.hovers[place] if place < len(trace.hovers) else ""
                ids = trace.ids[place] if place < len(trace.ids) else ""
                numbers = ", ".join(
                    f"{word} {value}" for word, value in sorted(data.items()) if word != "text"
                )
                labels = filter(
                    None, (drawn_as, _plain(str(data.get("text", ""))), "" if hover else numbers)
                )
                words = filter(None, map(_plain, hover.split(_NEXT)))
                yield Mark(ids, tuple(labels), tuple(words), _told(ids, hover), numbers)

    @property
    def facts(self) -> set[str]:
        """Ids of the rows behind the marks."""
        return {
            one for trace in self.traces for cell in trace.ids for one in cell.split(";") if one
        }


@dataclass(frozen=True)
class Table:
    """One HTML table as rows of cell texts, the header first; its name is its caption. Ids, classes
    and styles are left out."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    hash: str

    @property
    def facts(self) -> set[str]:
        """Ids in columns called id, fact, facts, left facts and the like."""
        head = (
            [title.strip().lower().replace("_", " ").split(" ")[-1] for title in self.rows[0]]
            if self.rows
            else []
        )
        places = [n for n, title in enumerate(head) if title in ("id", "fact", "facts")]
        return {
            one
            for row in self.rows[1:]
            for n in places
            if n < len(row)
            for one in row[n].split(";")
            if one
        }


@dataclass(frozen=True)
class Shown:
    """All figures and result tables of a notebook, in order."""

    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]

    @property
    def facts(self) -> set[str]:
        """Ids of the facts behind any mark, or named in a result table."""
        return set().union(*(part.facts for part in (*self.figures, *self.tables)))


def shown(notebook: Mapping[str, Any]) -> Shown:
    """Figures and tables of an executed notebook (as nbformat or json gives it).

    A figure is a plotly output, named by ``layout.meta.name`` where it has one. A result table is a
    ``<table>`` in an HTML output, which is how a DataFrame, a Styler or a great table is displayed;
    tables printed as plain text, widgets and images are not looked at.
    """
    figures: list[Figure] = []
    tables: list[Table] = []
    for data in _displayed(notebook):
        if PLOTLY in data:
            figures.append(
                _figure(data[PLOTLY], len(figures) + 1, {figure.name for figure in figures})
            )
        elif "<table" in (page := _text(data.get("text/html", ""))):
            for caption, rows in _parse(page):
                name = caption or f"table {len(tables) + 1}"
                name = (
                    f"{name} ({len(tables) + 1})"
                    if name in {table.name for table in tables}
                    else name
                )
                tables.append(Table(name, rows, _hash(rows)))
    return Shown(tuple(figures), tuple(tables))


def _displayed(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            if output.get("output_type") in ("display_data", "execute_result"):
                yield output.get("data", {})


def _figure(figure: Mapping[str, Any], number: int, taken: set[str]) -> Figure:
    meta = figure.get("layout", {}).get("meta")
    name = meta.get("name", "") if isinstance(meta, Mapping) else ""
    name = name or f"figure {number}"
    if name in taken:
        name = f"{name} {number}"
    traces = tuple(_trace(trace) for trace in figure.get("data", []))
    said = [
        (trace.name, trace.ids, trace.columns, [_plain(hover) for hover in trace.hovers])
        for trace in traces
    ]
    return Figure(name, traces, _hash(said))


def _trace(trace: Mapping[str, Any]) -> Trace:
    columns = {word: _values(trace[word]) for word in _DATA if word in trace}
    columns = {word: values for word, values in columns.items() if isinstance(values, list)}
    ids = _values(trace.get("customdata", []))
    firsts = [
        mark[0] if isinstance(mark, list) and mark else mark
        for mark in (ids if isinstance(ids, list) else [])
    ]
    cells = [mark if isinstance(mark, str) else "" for mark in firsts]
    count = max([len(cells), *(len(values) for values in columns.values())], default=0)
    hovers = trace.get("hovertext") or []
    hovers = (
        [str(hover or "") for hover in hovers]
        if isinstance(hovers, list)
        else [str(hovers)] * count
    )
    return Trace(
        f"{trace.get('type', 'scatter')} {trace.get('name', '')}".strip(),
        cells,
        columns,
        hovers,
        trace.get("showlegend") is not False,
        count,
    )


# in italics stands the sentence, in lines; never past its own end, for the next fact may have one
# as well
_SENTENCE = re.compile(r"<i>(?=[^<]*(?: |<br>))(?:(?!</i>).)*</i>")


def _plain(marked: str) -> str:
    """A hover box as plain text, without the sentence of the reader's own copy: with or without the
    text, marks say the same."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", _SENTENCE.sub("", marked))).split())


def _told(ids: str, hover: str) -> tuple[Told, ...]:
    """The facts of a box that tells its first facts one by one, and how many more there are; of
    another box nothing."""
    facts, parts = ids.split(";"), hover.split(_NEXT)
    if not ids or len(parts) != min(len(facts), _IN_FULL) + (len(facts) > _IN_FULL):
        return ()
    found = []
    for fact, part in zip(facts[:_IN_FULL], parts, strict=False):
        bold = re.findall(r"<b>(.*?)</b>", part)
        if bold:
            between = "</b><br><i>" in part  # a link: both its ends, and what joins them
            title = (
                _plain(re.sub("</?i>", "", part[: part.rindex("</b>")]))
                if between
                else _plain(bold[-1])
            )
            found.append(Told(fact, title, _plain(part[part.rindex("</b>") :]), len(bold) == 1))
    return tuple(found)


def _values(column: Any) -> Any:
    """A column of a trace as a list; plotly writes numpy columns as base64."""
    if isinstance(column, Mapping) and "bdata" in column:
        import numpy as np

        values = np.frombuffer(base64.b64decode(column["bdata"]), dtype=column["dtype"])
        shape = [int(size) for size in str(column.get("shape", "")).split(",") if size.strip()]
        return (values.reshape(shape) if shape else values).tolist()
    return column


class _Tables(HTMLParser):
    """Collects the caption and the cell texts of every table; a line break in a cell parts values,
    as ``;`` does in the seed."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[list[str], list[list[str]]]] = []
        self.inside = 0
        self.words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "table":
            self.inside += 1
            self.tables.append(([], []))
        elif tag == "tr" and self.inside:
            self.tables[-1][1].append([])
        elif tag in ("td", "th", "caption") and self.inside:
            self.words = []
        elif tag == "br" and self.words is not None:
            self.words.append(";")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = max(0, self.inside - 1)
        elif tag in ("td", "th", "caption") and self.words is not None and self.tables:
            text = " ".join("".join(self.words).split())
            caption, rows = self.tables[-1]
            if tag == "caption":
                caption.append(text)
            else:
                rows or rows.append([])
                rows[-1].append(text)
            self.words = None

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)


def _parse(page: str) -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    parser = _Tables()
    parser.feed(page)
    return [
        ("".join(caption), tuple(tuple(row) for row in rows))
        for caption, rows in parser.tables
        if rows
    ]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)


def _hash(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()[
        :16
    ]
