"""A plotly figure as the report needs it: the rows behind it, and its JSON for the page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from axislib.explorer.evidence import Evidence
from axislib.files import to_csv
from axislib.tables.schema import split_cell
from axislib.words import certainty_words, source_line, sources_of

PLOTLY = "application/vnd.plotly.v1+json"
EXCEL_MARK = "\ufeff"  # by it a spreadsheet knows that the file is UTF-8


# charts that are networks: the table of their links, and the columns of its two ends
_NETWORKS = {
    "argument_map": ("arguments", "source", "target"),
    "exchanges": ("transfers", "giver", "receiver"),
}
_COMMON = ["id", "table", "statement", "speaker", "how it is put", "sentences", "sources"]
_TOLD = {*_COMMON, "anchors", "earliest", "latest"}  # dates are in the column date as coded


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


def rows_csv(ids: Iterable[str], evidence: Evidence) -> str:
    """The rows behind a chart as CSV for a spreadsheet, in drawing order; ids of no row are left
    out.

    First what every table has in common (``_COMMON``), then each table's own columns as coded.
    """
    rows = [_row(row_id, evidence) for row_id in ids if row_id in evidence.places]
    return EXCEL_MARK + to_csv(pd.DataFrame(rows, columns=None if rows else _COMMON))


def _row(row_id: str, evidence: Evidence) -> dict:
    table, row = evidence.row(row_id)
    speaker = row.get("speaker", "")
    places = split_cell(row.get("anchors", row.get("locator", "")))
    common = (
        row_id,
        table,
        evidence.words(row_id),
        evidence.called.get(speaker, speaker),
        certainty_words(row) if "modality" in row else "",
        "; ".join(place for place in places if "." in place),
        "; ".join(source_line(source) for source in sources_of(evidence.seed, row)),
    )
    own = {name: value for name, value in row.items() if name not in _TOLD}
    return dict(zip(_COMMON, common, strict=True)) | own


def network_csv(name: str, ids: Iterable[str], evidence: Evidence) -> dict[str, str]:
    """``nodes`` and ``edges`` of a chart that is a network, as CSV; nothing for any other chart."""
    if name not in _NETWORKS:
        return {}
    table, *ends = _NETWORKS[name]
    links = [row_id for row_id in ids if evidence.places.get(row_id, ("",))[0] == table]
    edges, nodes = [], {}
    for row_id in links:
        source, target = (evidence.row(row_id)[1][end] for end in ends)
        edges.append({"source": source, "target": target, **_row(row_id, evidence)})
        nodes |= dict.fromkeys((source, target))
    drawn = [{"id": node, "label": evidence.words(node)} for node in nodes]
    frames = {"nodes": pd.DataFrame(drawn), "edges": pd.DataFrame(edges)}
    return {part: EXCEL_MARK + to_csv(frame) for part, frame in frames.items() if len(frame)}


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
