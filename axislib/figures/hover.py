"""What a point, bar or cell answers with: the ids behind it and the words of its hover box."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from axislib.seed.seed import Seed
from axislib.tables.schema import records, split_cell
from axislib.words import certainty_words, curly, in_a_line, names, spoken

_PUT = ("modality", "polarity", "basis", "hedge", "hedge_on")  # how a statement is put
_LINES: dict[int, re.Pattern] = {}
_SPACES = re.compile(r"[ \n\r\t]+")  # a space that does not break stays


def text(value: object) -> str:
    """Any value as text that plotly shows unchanged: no tags, no entities, no links.

    >>> text("<b>x</b> & y")
    '&lt;b&gt;x&lt;/b&gt; &amp; y'
    """
    words = "" if value is None or value is pd.NA else curly(str(value))
    return html.escape(words, quote=False)


def fold(value: object, width: int = 60) -> list[str]:
    """Lines of at most ``width`` signs; words are never cut. Ten times as fast as textwrap: a chart
    of thousands of events asks for thousands.

    >>> fold("one two three", 8), fold("")
    (['one two', 'three'], [])
    """
    line = _LINES.setdefault(width, re.compile(rf"\S(?:.{{0,{width - 1}}}(?= |$)|\S*)"))
    return line.findall(_SPACES.sub(" ", str(value)).strip())


def wrap(value: object, width: int = 60) -> str:
    """Escaped text broken into lines for a hover box or a label; words are never cut."""
    return "<br>".join(fold(text(value), width))


_wrapped = lru_cache(maxsize=1000)(wrap)  # of what many boxes say alike


class Marks:
    """Ids, hover and answers for the marks of one figure, from the rows of one seed.

    ``mark(ids)`` gives a mark's ``customdata``; ``answer(id)`` what a row says, as data;
    ``hover(ids)`` the same as the small HTML of a hover box. Ids may be statements, silences,
    dimensions, sentences: any row of the seed."""

    def __init__(self, seed: Seed):
        self.seed = seed
        self.names = names(seed)
        facts = seed.facts
        # columns, not a dict a row: a figure shows few of ten thousand facts
        self._facts = {column: facts[column].tolist() for column in facts}
        self._at = {row_id: i for i, row_id in enumerate(self._facts["id"])}
        self._answers: dict[str, dict] = {}
        self._tables: dict[str, dict[str, dict]] = {}
        self._how: dict[tuple, str] = {}

    @cached_property
    def _called(self) -> dict[str, str]:
        return spoken(self.seed)

    @cached_property
    def _sources(self) -> dict[str, str]:
        if "sources" not in self.seed.tables:
            return {}
        return {
            row["id"]: row["title"] + (f" ({row['publisher']})" if row["publisher"] else "")
            for row in records(self.seed.tables["sources"])
        }

    def mark(self, ids: Iterable[str] | str) -> list[str]:
        """``customdata`` of one mark: its ids, ``;`` between; ValueError for none."""
        joined = ids if isinstance(ids, str) else ";".join(dict.fromkeys(i for i in ids if i))
        if not joined:
            raise ValueError("a mark needs at least one id of the row behind it")
        return [joined]

    def answer(self, row_id: str) -> dict:
        """What a row says: ``table``, ``statement``, ``speaker`` (a name), ``how`` (it is put) and
        ``sentences`` (locators, or ids of sources). This is what ``layout.meta["rows"]`` holds."""
        if row_id not in self._answers:
            at = self._at.get(row_id)
            told = self._other(self.seed.row(row_id)) if at is None else self._coded(at)
            self._answers[row_id] = told
        return self._answers[row_id]

    def columns(self, row_id: str) -> str:
        """The filled columns of a row as one JSON text: plotly copies every value three times."""
        cells = self._whole(row_id).items()
        said = {n: v for n, v in cells if isinstance(v, str | int | float) and v == v and v != ""}
        return json.dumps(said, ensure_ascii=False)

    def _whole(self, row_id: str) -> dict:
        """A row with all columns of its table; a table is made into rows once."""
        if row_id not in self._at:
            return self.seed.row(row_id)
        table = self._facts["table"][self._at[row_id]]
        if table not in self._tables:
            self._tables[table] = {row["id"]: row for row in records(self.seed.tables[table])}
        return {"table": table, **self._tables[table][row_id]}

    def _coded(self, at: int) -> dict:
        """The answer of a coded statement, from the columns."""
        facts = self._facts
        put = tuple(facts[name][at] for name in _PUT)
        if put not in self._how:
            self._how[put] = certainty_words(dict(zip(_PUT, put, strict=True)))
        speaker = facts["speaker"][at]
        return {
            "table": facts["table"][at],
            "statement": facts["statement"][at],
            "speaker": self.names.get(speaker, speaker),
            "how": self._how[put],
            "sentences": split_cell(facts["anchors"][at]),
        }

    def _other(self, row: Mapping) -> dict:
        """The answer of any other row: nobody asserts it."""
        return {
            "table": row["table"],
            "statement": row["statement"] if "statement" in row else self._in_words(row),
            "speaker": "",
            "how": "",
            "sentences": split_cell(row.get("anchors", row.get("locator", ""))),
        }

    def hover(self, ids: Iterable[str] | str, most: int = 3, quote: bool = True) -> str:
        """The hover box of one mark: the first ``most`` rows in full, then how many more; with the
        sentence in the reader's own copy, if ``quote``."""
        ids = split_cell(ids) if isinstance(ids, str) else list(ids)
        parts = [self._box(self.answer(i), quote) for i in ids[:most]]
        if len(ids) > most:
            parts.append(f"<i>and {len(ids) - most} more: click to see all</i>")
        return "<br>\u2014<br>".join(parts)

    def _in_words(self, row: Mapping) -> str:
        line = in_a_line(row["table"], row, self._called)
        more = row.get("definition", "")
        return f"{line}: {more}" if more and more != line else line

    def _box(self, answer: Mapping, quote: bool) -> str:
        """The one place where a hover box is made: statement, speaker and how, sentence, words."""
        lines = [f"<b>{wrap(answer['statement'])}</b>"]
        who = ": ".join(part for part in (answer["speaker"], answer["how"]) if part)
        where = [self._sources.get(i, f"sentence {i}") for i in answer["sentences"]]
        first = answer["sentences"][0] if answer["sentences"] else ""
        words = self.seed.sentence(first) if quote and first and answer["how"] else ""
        lines += [_wrapped(part) for part in (who, ", ".join(where)) if part]
        lines += [f"<i>{wrap(words)}</i>"] if words else []
        return "<br>".join(lines)


def ids_of(customdata: Iterable) -> list[str]:
    """The ids in the ``customdata`` of several traces, each once."""
    marks = (mark for trace in customdata if trace is not None for mark in trace)
    cells = dict.fromkeys(mark[0] for mark in marks if mark is not None)
    return list(dict.fromkeys(one for cell in cells for one in split_cell(cell)))


def cited(figure: go.Figure) -> list[str]:
    """The ids behind all marks of a figure.

    Parameters
    ----------
    figure
        A figure of axislib.

    Returns
    -------
    The ids in drawing order, each once. ValueError, naming trace and mark, if a mark has none. It
    cannot tell whether an id exists: ask ``seed.row(id)``.

    >>> import axislib
    >>> figure = axislib.comparison(axislib.open_seed())
    >>> "co_hitler_hirohito_decisions" in cited(figure)
    True
    """
    ids: dict[str, None] = {}
    traces: Any = figure.data  # plotly types it as the word "data"
    for number, trace in enumerate(traces):
        if trace.hoverinfo == "skip" and trace.name and trace.name.startswith("key:"):
            continue
        marks = max(_length(axis) for axis in (trace.x, trace.y, getattr(trace, "base", None)))
        data = list(trace.customdata if trace.customdata is not None else [])
        if len(data) != marks:
            raise ValueError(f"trace {number} ({trace.name}): {marks} marks, {len(data)} with ids")
        for position, mark in enumerate(data):
            found = split_cell(mark[0]) if mark is not None and len(mark) else []
            if not found:
                raise ValueError(f"trace {number} ({trace.name}), mark {position}: no id behind it")
            ids.update(dict.fromkeys(found))
    return list(ids)


def _length(axis: Any) -> int:
    return 0 if axis is None or isinstance(axis, (int, float)) else len(axis)


def describe(figure: go.Figure) -> str:
    """A figure in words.

    Parameters
    ----------
    figure
        A figure of axislib.

    Returns
    -------
    Title and counting rule, then a line for each thing drawn.

    >>> import axislib
    >>> describe(axislib.comparison(axislib.open_seed()))[:42]
    'Only 2 of 22 forms of cooperation can be c'
    """
    meta = figure.layout.meta or {}
    return "\n".join([meta.get("alt", ""), *meta.get("twin", [])])
