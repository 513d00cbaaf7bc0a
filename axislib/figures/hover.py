"""What a point, bar or cell answers with: the ids behind it and the words of its hover box."""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.palette import CERTAINTY_LOOK
from axislib.seed.seed import Seed
from axislib.tables.schema import certainty, records, split_cell
from axislib.words import certainty_words, in_a_line, names


def text(value: object) -> str:
    """Any value as text that plotly shows as it stands: no tags, no entities, no links.

    >>> text("<b>x</b> & y")
    '&lt;b&gt;x&lt;/b&gt; &amp; y'
    """
    return html.escape("" if value is None or value is pd.NA else str(value), quote=False)


def wrap(value: object, width: int = 60) -> str:
    """Escaped text broken into lines for a hover box or a label; words are never cut."""
    return (
        "<br>".join(text(line) for line in textwrap.wrap(str(value), width, break_long_words=False))
        or ""
    )


class Ids(list):
    """``customdata`` of one mark, and the ``Marks`` that know its rows."""

    marks: Marks


class Marks:
    """Hover and ids for the marks of one figure, from the facts of one seed.

    ``mark(ids)`` gives a mark's ``customdata``; ``hover(ids)`` what it says when pointed at:
    statement, who says so, how sure, where. Ids may be facts, silences, dimensions, sentences: any
    row of the seed.
    """

    def __init__(self, seed: Seed):
        self.seed = seed
        self.names = names(seed)
        self._answers: dict[str, dict] = {}
        self._tables: dict[str, dict] = {}
        facts = seed.facts
        sure = certainty(facts)
        # columns, not a dict a row: a figure shows few of ten thousand facts
        self._facts = {column: facts[column].tolist() for column in facts} | {
            "certainty": sure.tolist()
        }
        self._at = {row_id: i for i, row_id in enumerate(self._facts["id"])}
        self._silences = {
            row["id"]: {
                **row,
                "statement": f"Not stated: {row['question']}",
                "certainty": "unclear",
            }
            for row in seed.silences.to_dict("records")
        }

    def mark(self, ids: Iterable[str] | str) -> list[str]:
        """``customdata`` of one mark: its ids, ``;`` between. Raises ValueError for none: a mark
        without a source."""
        joined = ids if isinstance(ids, str) else ";".join(dict.fromkeys(i for i in ids if i))
        if not joined:
            raise ValueError("a mark needs at least one id of the row behind it")
        ids = Ids([joined])
        ids.marks = self
        return ids

    def answer(self, row_id: str) -> dict:
        """A row as data, for ``layout.meta["rows"]``: ``table``, ``statement``, ``speaker`` (a
        name), ``how``, ``sentences`` (locators, or ids of sources), and ``row``: its filled columns
        as one text of JSON, because plotly copies every value three times."""
        if row_id not in self._answers:
            row = self._whole(row_id)
            filled = {
                name: value
                for name, value in row.items()
                if isinstance(value, str | int | float) and value == value and value != ""
            }
            self._answers[row_id] = {
                "table": row["table"],
                "statement": in_a_line(row["table"], row, self.names),
                "speaker": self.names.get(row.get("speaker", ""), row.get("speaker", "")),
                "how": certainty_words(row) if "modality" in row else "",
                "sentences": split_cell(row.get("anchors", row.get("locator", ""))),
                "row": json.dumps(filled, ensure_ascii=False),
            }
        return self._answers[row_id]

    def _whole(self, row_id: str) -> dict:
        """A row with all columns of its table; a table is made into rows once."""
        if row_id not in self._at:
            return self.seed.row(row_id)
        table = self._facts["table"][self._at[row_id]]
        if table not in self._tables:
            self._tables[table] = {row["id"]: row for row in records(self.seed.tables[table])}
        return {"table": table, **self._tables[table][row_id]}

    def hover(self, ids: Iterable[str] | str, most: int = 3) -> str:
        """The hover box of one mark; of many facts the first ``most`` in full, then how many more."""
        ids = split_cell(ids) if isinstance(ids, str) else list(ids)
        parts = [self._say(i) for i in ids[:most]]
        if len(ids) > most:
            parts.append(f"<i>and {len(ids) - most} more: click to see all</i>")
        return "<br>\u2014<br>".join(parts)

    def _row(self, row_id: str) -> dict:
        at = self._at.get(row_id)
        return (
            self._silences.get(row_id, {})
            if at is None
            else {name: column[at] for name, column in self._facts.items()}
        )

    def _say(self, row_id: str) -> str:
        row = self._row(row_id) or self.seed.row(row_id)
        if "statement" not in row:
            # dimensions and frames have a definition, quotations words, readings a reason,
            # arguments a note
            said = next(
                (
                    row[column]
                    for column in ("definition", "words", "why", "reason", "note", "role")
                    if row.get(column)
                ),
                "",
            )
            title = row.get("name") or self.names.get(row_id) or row["table"].rstrip("s")
            return f"<b>{text(title)}</b><br>{wrap(said)}<br>{text(row.get('anchors', ''))}"
        lines = [f"<b>{wrap(row['statement'])}</b>"]
        if "modality" in row:
            lines.append(
                f"{text(self.names.get(row['speaker'], row['speaker']))}:"
                f" {wrap(certainty_words(row))}"
            )
        anchors = split_cell(row["anchors"])
        where = ", ".join(anchors)
        words = self.seed.sentence(anchors[0]) if anchors and "modality" in row else ""
        lines.append(f"{CERTAINTY_LOOK[row['certainty']]} {row['certainty']} \u00b7 {text(where)}")
        if words:
            lines.append(f"<i>{wrap(words)}</i>")
        return "<br>".join(lines)

    def certainty_of(self, row_id: str) -> str:
        """``known``, ``presumed`` or ``unclear``."""
        return self._facts["certainty"][self._at[row_id]] if row_id in self._at else "unclear"


def cited(figure: go.Figure) -> list[str]:
    """The ids behind all marks of a figure, in drawing order, each once.

    Raises ValueError, naming trace and mark, if a mark has none. It cannot tell whether an id
    exists: ask ``seed.row(id)``.

    >>> import axislib
    >>> figure = axislib.comparison(axislib.open_seed())
    >>> "co_hitler_hirohito_decisions" in cited(figure)
    True
    """
    ids: dict[str, None] = {}
    for number, trace in enumerate(figure.data):
        if trace.hoverinfo == "skip" and trace.name and trace.name.startswith("key:"):
            continue
        marks = max(
            (
                len(axis)
                for axis in (trace.x, trace.y, getattr(trace, "base", None))
                if axis is not None and not isinstance(axis, (int, float))
            ),
            default=0,
        )
        data = list(trace.customdata if trace.customdata is not None else [])
        if len(data) != marks:
            raise ValueError(f"trace {number} ({trace.name}): {marks} marks, {len(data)} with ids")
        for position, mark in enumerate(data):
            found = split_cell(mark[0]) if mark is not None and len(mark) else []
            if not found:
                raise ValueError(f"trace {number} ({trace.name}), mark {position}: no id behind it")
            ids.update(dict.fromkeys(found))
    return list(ids)


def describe(figure: go.Figure) -> str:
    """The figure in words: title, counting rule, then a line for each thing drawn.

    >>> import axislib
    >>> describe(axislib.comparison(axislib.open_seed())).splitlines()[0].startswith("Of ")
    True
    """
    meta = figure.layout.meta or {}
    return "\n".join([meta.get("alt", ""), *meta.get("twin", [])])
