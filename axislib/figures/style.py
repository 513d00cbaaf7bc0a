"""What all figures share: the palette, the marks that cite, the layout, the text twin."""

from __future__ import annotations

import calendar
import html
import re
import textwrap
from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import Sheet
from axislib.questions.levels import certainty
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell

# Okabe and Ito (2008), Color Universal Design; yellow is left out: too faint on a projector
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#000000",
    "#767676",
)
INK, PAPER, RULE = "#1A1A1A", "#FFFFFF", "#D0D0D0"
LEVEL_LOOK = {  # colour, pattern, word: colour is never the only carrier
    "present": (BLUE, "", "present"),
    "absent": (VERMILION, "x", "absent"),
    "mixed": (ORANGE, "-", "for and against"),
    "not_stated": (PAPER, "/", "not stated"),
}
CERTAINTY_LOOK = {"known": "\u25cf", "presumed": "\u25d0", "unclear": "\u25cb"}
CONFIG = {"displaylogo": False, "showSendToCloud": False, "responsive": True}
FONT = "Open Sans, Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif"


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


def names(seed: Seed) -> dict[str, str]:
    """Id -> the name a reader would say, for actors and dimensions."""
    table = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))
    return table | dict(zip(seed.dimensions["id"], seed.dimensions["name"], strict=True))


def counted(number: float, what: str) -> str:
    """A number with its word.

    >>> counted(1, "fact"), counted(1200, "fact")
    ('1 fact', '1,200 facts')
    """
    return f"{number:,.10g} {what}{'' if number == 1 else 's'}"


_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}


def date_in_words(date: str) -> str:
    """An EDTF date as a reader says it; a form that has no plain words stays as it stands.

    >>> date_in_words("2023-23/.."), date_in_words("2024-10-15"), date_in_words("1931/1938"), date_in_words("2022~")
    ('since autumn 2023', '15 October 2024', '1931 to 1938', '2022~')
    """
    if "/" in date:
        begin, end = (
            part if part in ("", "..") else date_in_words(part) for part in date.split("/", 1)
        )
        if begin in ("", ".."):
            return f"until {end}"
        return (
            f"since {begin}" if end == ".." else f"from {begin}" if not end else f"{begin} to {end}"
        )
    found = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", date)
    if not found:
        return date
    year, month, day = found.groups()
    return (
        f"{f'{int(day)} ' if day else ''}{_SEASONS.get(month) or calendar.month_name[int(month)]}"
        f" {year}"
    )


def told(seed: Seed, table: str, number: int, what: str) -> str:
    """``12 events``, or ``the 12 events selected`` where a selection left rows of the table out: a
    filter is not the article's silence."""
    return (
        f"the {counted(number, what)} selected" if table in seed.selected else counted(number, what)
    )


def in_text(name: str) -> str:
    """A name, or the first words of a sentence, inside a sentence: a leading article or "Of" in
    lower case.

    >>> in_text("The wartime Axis")
    'the wartime Axis'
    """
    return name[0].lower() + name[1:] if name.startswith(("The ", "Of ")) else name


def certainty_words(fact: dict) -> str:
    """How sure, in a reader's words: ``asserted``, ``reported, left open``, ``asserted; hedged on
    quantity ('at least')``."""
    words = [fact["modality"].replace("_", " ")]
    if fact["polarity"] == "left_open":
        words.append("left open")
    elif fact["polarity"] == "denied":
        words.append("said not to be so")
    on = [
        f"hedged on {o.replace('_', ' ')} ('{h}')"
        for h, o in zip(split_cell(fact["hedge"]), split_cell(fact["hedge_on"]), strict=False)
    ]
    if fact["basis"] != "stated":
        words.append({"implied": "implied", "coded_by_us": "our coding"}[fact["basis"]])
    return ", ".join(words) + ("; " + "; ".join(on) if on else "")


class Marks:
    """Hover and ids for the marks of one figure, from the facts of one seed.

    ``mark(ids)`` gives a mark's ``customdata``; ``hover(ids)`` what it says when pointed at:
    statement, who says so, how sure, where. Ids may be facts, silences, dimensions, sentences: any
    row of the seed.
    """

    def __init__(self, seed: Seed):
        self.seed = seed
        self.names = names(seed)
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
        return [joined]

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


def look(title: str, subtitle: str, twin: Sequence[str], height: int, name: str) -> dict:
    """The layout all figures share: a title that states the finding, a subtitle with the counting
    rule, the text twin in ``meta``."""
    return {
        "title": {
            "text": f"<b>{wrap(title, 88)}</b>",
            "x": 0.01,
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 28},
            "font": {"size": 20},
            "subtitle": {"text": wrap(subtitle, 128), "font": {"size": 13, "color": "#4A4A4A"}},
        },
        "template": "none",
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": height,
        "font": {"family": FONT, "size": 14, "color": INK},
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": INK,
            "font": {"family": FONT, "size": 13, "color": INK},
            "align": "left",
        },
        "meta": {"name": name, "alt": f"{title}. {subtitle}", "twin": list(twin)},
    }


def finish(
    sheet: Sheet, title: str, subtitle: str, twin: Sequence[str], height: int, name: str
) -> go.Figure:
    """The figure of what stands on the sheet, with the shared look."""
    sheet.update_layout(look(title, subtitle, twin, height, name))
    return sheet.figure()


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
