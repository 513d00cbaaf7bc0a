"""A chart of a page: its words, its JSON, its rows, and the same under alternative codings."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from os.path import commonprefix
from typing import Any

import pandas as pd
from bs4 import BeautifulSoup
from markupsafe import Markup

from axislib.explorer.evidence import Evidence
from axislib.figures.comparison import comparison, favoured, favours, level_word, prepare
from axislib.figures.hover import wrap
from axislib.files import slug, to_csv
from axislib.questions.levels import both_sides, compare_readings, nothing_compared, thesis
from axislib.report.front import own_layer
from axislib.seed.seed import Seed
from axislib.tables.schema import fields_of, records, split_cell
from axislib.words import (
    FORMS,
    certainty_words,
    citation,
    counted,
    curly,
    in_text,
    source_line,
    sources_of,
)

DEFAULT_HEIGHT = 450  # pixels, plotly's own
PLOTLY = "application/vnd.plotly.v1+json"
_TAKEN = 32  # signs that a part must have to be taken from another figure
EXCEL_MARK = "\ufeff"  # by it a spreadsheet knows that the file is UTF-8
# charts that are networks: the table of their links, the columns of its two ends, and what the
# ends and the links are called
_NETWORKS = {
    "argument_map": ("arguments", "source", "target", "claims", "links between claims"),
    "exchanges": ("transfers", "giver", "receiver", "givers and receivers", "transfers"),
}
# columns of a chart's data: what a comparison shows; what every row has (the codebook says which)
SHOWN = ["coding", "form of cooperation", "side", "level", "certainty", "favours"]
_COMMON = ["id", "table", "statement", "speaker", "how it is put", "anchors", "sources", "citation"]
_TOLD = {*_COMMON, "earliest", "latest"}  # dates are in the column date as coded


@dataclass
class Figure:
    """One figure of a page: what its template needs, and the rows behind it as CSV. ``number``
    counts through the site, ``id`` is its address on the page, ``drawn`` plotly's JSON.

    ``others``: the same figure under alternative codings, each with that ``coding`` and what it
    ``changes`` in words; a page has only what differs in them. ``cells``: id -> what a comparison
    shows of it."""

    number: int
    id: str
    page: str
    drawn: Mapping
    evidence: Evidence
    coding: str = ""
    changes: str = ""
    others: list[Figure] = field(default_factory=list)
    cells: Mapping[str, list[dict]] = field(default_factory=dict)

    def __post_init__(self):
        layout = self.drawn.get("layout", {})
        meta = layout.get("meta") if isinstance(layout.get("meta"), Mapping) else {}
        title = layout.get("title") or ""
        self.title = _words_of(title)
        self.subtitle = _words_of(title.get("subtitle") if isinstance(title, Mapping) else "")
        self.name = str(meta.get("name") or "")
        self.alt = str(meta.get("alt") or self.title or f"Figure {self.number}")
        self.twin = _answering(meta.get("twin"), meta.get("answers"))
        shown = meta.get("cards") or []  # in its place on screens narrower than least
        self.cards = [c | {"lines": _answering(c.get("lines"), c.get("ids"))} for c in shown]
        self.least = int(meta.get("least") or 0)
        self.height = int(layout.get("height") or DEFAULT_HEIGHT)
        self.ids = cited_ids(self.drawn)

    @property
    def lists(self) -> list[str]:
        """The headings of its cards that list rows, each with how many."""
        cards = [(card["heading"], [bool(ids) for _, ids in card["lines"]]) for card in self.cards]
        counted = [head for head, linked in cards if "(" in head and any(linked)]
        return counted or [f"{head} ({len(own)})" for head, own in cards if own and all(own)]

    @property
    def rest(self) -> list[str]:
        """The ids that no line of its words tells of."""
        told = {row_id for _, ids in self.twin for row_id in ids}
        return [row_id for row_id in self.ids if row_id not in told]

    def json(self, words: str = "") -> Markup:
        """What plotly draws; ``words``: those of the page that change with it, as HTML."""
        layout = {name: v for name, v in self.drawn.get("layout", {}).items() if name != "meta"}
        drawn = {"data": self.drawn.get("data", []), "layout": layout}
        return Markup(script_json(drawn | ({"words": words} if words else {})))

    def differences(self, words: Callable[[Figure], str]) -> Markup:
        """Address of each other coding -> what makes its JSON of this one's; see ``difference``."""
        own = str(self.json(words(self)))  # as it is: markup is slow to cut
        others = {other.id: str(other.json(words(other))) for other in self.others}
        return Markup(script_json({name: difference(own, text) for name, text in others.items()}))

    @cached_property
    def files(self) -> dict[str, tuple[str, str]]:
        """What a link says (after another coding's address) -> a file of ``data/``, its CSV."""
        name = f"{self.page}-{self.id}"
        shown = self.cells or _drawn_as(self.drawn, self.evidence)
        found = {"Download data (CSV)": (f"{name}.csv", rows_csv(self.ids, self.evidence, shown))}
        if self.cells:
            levels = dict.fromkeys(tuple(one.values()) for of in self.cells.values() for one in of)
            table = pd.DataFrame(levels.keys(), columns=[*SHOWN])
            found["Download levels (CSV)"] = f"{name}-levels.csv", _filled(table)
        for other in self.others:
            found |= {f"{other.id} {said}": file for said, file in other.files.items()}
        for part, text in network_csv(self.name, self.ids, self.evidence).items():
            found[f"Download {part} (CSV)"] = f"{name}-{slug(part)}.csv", text
        return found


def _words_of(title: object) -> str:
    text = title.get("text") if isinstance(title, Mapping) else title
    return BeautifulSoup(str(text or ""), "html.parser").get_text(" ", strip=True)


def _answering(lines: Iterable | None, answers: Iterable | None) -> list[tuple[str, list[str]]]:
    """Each line of words with the ids of the rows it tells of, where there are any."""
    ids = [*(answers or ()), *([] for _ in lines or ())]
    return [(str(line), of) for line, of in zip(lines or (), ids, strict=False)]


def difference(before: str, after: str) -> list[str | tuple[int, int]]:
    """What makes ``after`` of ``before``: from where to where a part of it is taken, or the words
    that come instead.

    >>> same = "so long a part is taken once and named by its place"
    >>> difference(same, f"Here {same}")
    ['Here ', (0, 51)]
    """
    places, found, at, new = _places(before), [], 0, 0
    while at < len(after):
        start = places.get(after[at : at + _TAKEN], -1)
        if start < 0:
            at += 1
            continue
        same = len(commonprefix([before[start:], after[at:]]))
        found += [*filter(None, [after[new:at]]), (start, start + same)]
        at = new = at + same
    return [*found, *filter(None, [after[new:]])]


@lru_cache(maxsize=1)
def _places(words: str) -> dict[str, int]:
    """Where each stretch of words begins for the first time."""
    starts = range(len(words) - _TAKEN, -1, -1)
    return {words[at : at + _TAKEN]: at for at in starts}


def under_other_codings(figure: Figure, mask: Callable[[str], str] = str) -> list[Figure]:
    """A comparison under each alternative coding that changes a level. ``mask`` sees every text."""
    if figure.name != "comparison":
        return []
    found = other_codings(figure.evidence)
    if not found or _answers(found[0].drawn) != _answers(figure.drawn):
        return []  # a part of the rows, other sides or another coding
    figure.cells, at = found[0].cells, {"number": figure.number, "page": figure.page}
    return [
        replace(each, id=f"{figure.id}-{each.id}", drawn=each_text(each.drawn, mask), **at)
        for each in found[1:]
    ]


def _answers(drawn: Mapping) -> list:
    """The ids behind each mark of a chart, trace by trace: what makes it the chart it is."""
    return [(trace.get("y"), trace.get("customdata")) for trace in drawn.get("data", [])]


@lru_cache(maxsize=4)
def other_codings(evidence: Evidence) -> list[Figure]:
    """The comparison as coded and under each alternative coding that changes a level, by its id."""
    seed = own_layer(evidence.seed)
    if nothing_compared(seed) or seed.cooperation.empty:
        return []
    found = [Figure(0, "", "", _plain(comparison(seed)), evidence, cells=_cells(seed))]
    for row in records(compare_readings(seed)):
        if row["changes"]:
            other = seed.read_as(row["reading"])
            moved = f"{seed.row(row['reading'])['why']} {_moved(seed, other)}"
            alternative = str(evidence.called.get(row["alternative"], row["alternative"]))
            coding = f"{evidence.words(row['fact']).rstrip('.')}: {in_text(alternative)}"
            coding = curly(coding.replace("_", " "))
            drawn, cells = _named(_plain(comparison(other)), coding), _cells(other, coding)
            of = (Evidence(other), coding, curly(moved))
            found.append(Figure(0, row["reading"], "", drawn, *of, cells=cells))
    return found


def _named(drawn: dict, coding: str) -> dict:
    """A drawing that says under its title which alternative coding it shows."""
    layout, words = drawn["layout"], wrap(f"Alternative coding: {coding}.", 120)
    under, deep = layout["title"]["subtitle"], 18 * (1 + words.count("<br>"))
    under["text"] = f"<b>{words}</b><br>{under['text']}"
    layout["height"] += deep
    layout["margin"]["t"] += deep
    source = layout["annotations"][-1]
    source["text"] = source["text"].replace("Coding: ", "Alternative coding: ")
    return drawn


def _cells(seed: Seed, coding: str = "") -> dict[str, list[dict]]:
    """Id -> what the comparison shows of it, once for each cell that it is in."""
    found: dict[str, list[dict]] = {}
    rows = prepare(seed)
    for cell in rows:
        leads = favoured(rows, cell) + favours(rows, cell)[1]
        shown = (
            f"alternative: {coding}" if coding else "the project's own",
            cell["name"],
            cell["coalition"],
            level_word(cell),
            "" if cell["level"] == "not_stated" else cell["certainty"],
            leads if cell["band"] == "both" and cell["place"] < 2 else "",
        )
        for row_id in cell["ids"]:
            found.setdefault(row_id, []).append(dict(zip(SHOWN, shown, strict=True)))
    return found


def _drawn_as(drawn: Mapping, evidence: Evidence) -> dict[str, list[dict]]:
    """Id -> what is said in hover boxes before the statement itself."""
    found: dict[str, dict[str, None]] = {}
    for trace in drawn.get("data", []):
        boxes = zip(trace.get("customdata") or (), trace.get("hovertext") or (), strict=False)
        for ids, box in ((_ids(data), re.sub("<[^>]*>", " ", str(box))) for data, box in boxes):
            words, first = html.unescape(box).split(), ids[0] if ids else ""
            said = curly(evidence.words(first)).split() if first in evidence.places else words
            told = " ".join(words).partition(" ".join(said))[0].strip(" \u2014")
            for row_id in ids if told else ():
                found.setdefault(row_id, {})[told] = None
    return {row_id: [{"as drawn": "; ".join(told)}] for row_id, told in found.items()}


def _moved(seed: Seed, other: Seed) -> str:
    """The levels that differ under another coding, and how many dimensions are then compared."""
    found = (prepare(each, *both_sides(seed)) for each in (seed, other))
    before, after = ({(r["name"], r["coalition"]): level_word(r) for r in rows} for rows in found)
    said = [
        f"For {in_text(side)}, {form} changes from {before[form, side]} to {now}."
        for (form, side), now in after.items()
        if before[form, side] != now
    ]
    known = thesis(other)["both_known"]
    return f"{' '.join(said)} Both sides can then be compared on {counted(known, *FORMS)}."


def _plain(figure) -> dict:
    return json.loads(figure.to_json())


def cited_ids(figure: Mapping) -> list[str]:
    """The ids behind all points, bars and cells, each once, in drawing order."""
    parts = [
        part
        for trace in figure.get("data", [])
        for part in (trace, trace.get("node") or {}, trace.get("link") or {})
    ]
    marks = (mark for part in parts for mark in _marks(part.get("customdata")))
    return list(dict.fromkeys(row_id for mark in marks for row_id in _ids(mark)))


def _marks(customdata: object) -> Iterator[object]:
    """What each point, bar or cell carries; a heatmap has a list of cells for each of its rows."""
    for item in customdata if isinstance(customdata, (list, tuple)) else ():
        if isinstance(item, list) and item and isinstance(item[0], list):
            yield from item
        else:
            yield item


def _ids(data: object) -> list[str]:
    """The ids in one point's ``customdata``: a string, or a list whose first value is one."""
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return split_cell(data)


def rows_csv(ids: Iterable[str], evidence: Evidence, shown: Mapping[str, list[dict]]) -> str:
    """The rows behind a chart as CSV for a spreadsheet, in drawing order; ids of no row are left
    out.

    First what the chart shows of a row (``shown``: once for each place where it does), then what
    every table has in common, then each table's own columns as coded, ids also as names; never a
    column that is empty."""
    rows = [
        each | _row(row_id, evidence)
        for row_id in ids
        if row_id in evidence.places
        for each in shown.get(row_id, [{}])
    ]
    frame = pd.DataFrame(rows, columns=None if rows else _COMMON)
    first = [column for column in (*SHOWN, "as drawn", *_COMMON) if column in frame]
    frame = frame[[*first, *frame.columns.difference(first, sort=False)]]
    return _filled(frame)


def _filled(frame: pd.DataFrame) -> str:
    """As CSV for a spreadsheet, without the columns that are empty in all rows."""
    return EXCEL_MARK + to_csv(frame.loc[:, (frame.notna() & (frame != "")).any() | frame.empty])


def _row(row_id: str, evidence: Evidence) -> dict:
    table, row = evidence.row(row_id)
    speaker, cite = row.get("speaker", ""), citation(evidence.seed, row_id)
    common = (
        row_id,
        table,
        evidence.words(row_id),
        evidence.called.get(speaker, speaker),
        certainty_words(row) if "modality" in row else "",
        row.get("anchors", row.get("locator", "")),
        "; ".join(map(source_line, sources_of(evidence.seed, row))) or cite.rpartition("; ")[0],
        cite,
    )
    found = dict(zip(_COMMON, common, strict=True))
    for column in fields_of(table):
        name = column["name"]
        if name in row and name not in _TOLD:
            found[name] = row[name]
            if column.keys() & {"references", "pairs_of"}:
                found[f"{name}, by name"] = evidence.spelt(row[name]) if row[name] else ""
    return found | {"layer": row.get("layer", "")}


def network_csv(name: str, ids: Iterable[str], evidence: Evidence) -> dict[str, str]:
    """The ends and the links of a chart that is a network, as CSV; nothing for any other chart."""
    if name not in _NETWORKS:
        return {}
    table, *ends, ends_called, links_called = _NETWORKS[name]
    links = [row_id for row_id in ids if evidence.places.get(row_id, ("",))[0] == table]
    edges, nodes = [], {}
    for row_id in links:
        source, target = (evidence.row(row_id)[1][end] for end in ends)
        edges.append({"source": source, "target": target, **_row(row_id, evidence)})
        nodes |= dict.fromkeys((source, target))
    drawn = [{"id": node, "label": evidence.words(node)} for node in nodes]
    frames = {ends_called: pd.DataFrame(drawn), links_called: pd.DataFrame(edges)}
    return {part: _filled(frame) for part, frame in frames.items() if len(frame)}


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same nested value with every string changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: each_text(item, change) for key, item in value.items()}
    many = isinstance(value, (list, tuple))
    return [each_text(item, change) for item in value] if many else value


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
