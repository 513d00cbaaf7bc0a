"""Two runs, or two batches, held against each other: facts, marks, result tables, parameters."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..tables import SeedError
from .manifest import read_rows
from .outputs import Shown, shown
from .store import Store

COLUMNS = {
    "runs": ["run", "change", "left", "right", "left_status", "right_status"],
    "parameters": ["run", "parameter", "left", "right"],
    "facts": ["run", "fact", "change", "where"],
    "figures": ["run", "figure", "change", "trace", "facts", "left", "right"],
    "tables": ["run", "table", "change", "left", "right"],
}


@dataclass(frozen=True)
class Difference:
    """What is otherwise on the right than on the left; each part a DataFrame, empty where nothing is.

    ``runs``: one row a pair (``same``, ``changed``, ``only_left``, ``only_right``). ``parameters``: those
    that differ within a pair. ``facts``: ids that ``entered`` or ``left``, and where they were shown.
    ``figures``: marks that ``entered``, ``left`` or ``moved`` (same facts, other data). ``tables``: rows
    that ``entered`` or ``left`` a result table; a changed row does both.
    """

    left: str
    right: str
    runs: pd.DataFrame
    parameters: pd.DataFrame
    facts: pd.DataFrame
    figures: pd.DataFrame
    tables: pd.DataFrame

    def __bool__(self) -> bool:
        """Whether anything differs at all."""
        return bool((self.runs["change"] != "same").any() or len(self.parameters))

    def __str__(self) -> str:
        counts = self.runs["change"].value_counts()
        runs = ", ".join(f"{counts[change]} {change.replace('_', ' ')}"
                         for change in ("same", "changed", "only_left", "only_right") if change in counts)
        entered, gone = ((self.facts["change"] == change).sum() for change in ("entered", "left"))
        return (f"runs: {runs}; facts: {entered} entered, {gone} left; marks: {len(self.figures)} changed; "
                f"table rows: {len(self.tables)} changed")

    def page(self) -> str:
        """The same as one HTML page that needs no other file."""
        from .diff_page import page

        return page(self)


@dataclass(frozen=True)
class _Side:
    """One executed notebook: where it is and what is known of it without opening it."""

    path: Path
    name: str
    notebook: str
    parameters: dict[str, Any]
    status: str
    hashes: tuple | None  # of figures and tables, from the manifest


def diff_runs(left: str | Path, right: str | Path) -> Difference:
    """What changed from ``left`` to ``right``: two executed notebooks, or two folders of batches.

    Runs of two batches are paired by the name of their output, then by notebook and parameters; where the
    manifests say that figures and tables are the same, the notebooks are not opened. Raises SeedError if
    one is neither. It compares what is shown: a fact that no figure and no table shows is not seen.
    """
    a, b = _sides(Path(left)), _sides(Path(right))
    found: dict[str, list[dict]] = {name: [] for name in COLUMNS}
    for one, other in _pairs(a, b):
        run = (one or other).name
        row = {"run": run, "left": one.path.name if one else "", "right": other.path.name if other else "",
               "left_status": one.status if one else "", "right_status": other.status if other else ""}
        if one is None or other is None:
            found["runs"].append({**row, "change": "only_right" if one is None else "only_left"})
            continue
        found["parameters"] += _parameters(run, one, other)
        changed = one.status != other.status
        if one.hashes is None or one.hashes != other.hashes:
            before, after = _show(one), _show(other)
            parts = {"facts": _facts(run, before, after), "figures": _figures(run, before, after),
                     "tables": _tables(run, before, after)}
            changed = changed or any(parts.values())
            for name, rows in parts.items():
                found[name] += rows
        found["runs"].append({**row, "change": "changed" if changed else "same"})
    frames = {name: pd.DataFrame(found[name], columns=columns) for name, columns in COLUMNS.items()}
    return Difference(Path(left).name, Path(right).name, **frames)


def _sides(path: Path) -> list[_Side]:
    if path.is_file() and path.suffix == ".ipynb":
        notebook = _load(path)
        known = notebook.get("metadata", {}).get("papermill", {})
        failed = any(output.get("output_type") == "error" for cell in notebook["cells"] for output in cell.get("outputs", []))
        notebook_name = Path(str(known.get("input_path", ""))).stem
        return [_Side(path, path.name, notebook_name, known.get("parameters", {}), "failed" if failed else "done", None)]
    folder = path.parent if path.name in ("manifest.csv", "manifest.json") else path
    rows = read_rows(Store(str(folder))) if folder.is_dir() else {}
    if not rows:
        raise SeedError(f"'{path}' is neither an executed notebook nor the folder of a batch (it has no manifest.json)")
    return [_Side(folder / row["output"], row["output"], row["notebook"], row["parameters"], row["status"],
                  (_hashes(row["figures"]), _hashes(row["tables"])))
            for row in sorted(rows.values(), key=lambda row: row["number"])]


def _hashes(parts: list[dict]) -> tuple:
    return tuple((part["name"], part["hash"]) for part in parts)


def _pairs(left: list[_Side], right: list[_Side]) -> list[tuple[_Side | None, _Side | None]]:
    if len(left) == len(right) == 1:
        return [(left[0], right[0])]
    pairs: list[tuple[_Side | None, _Side | None]] = []
    rest, others = list(left), list(right)
    for key in (lambda side: side.name, lambda side: json.dumps([side.notebook, side.parameters], sort_keys=True)):
        known = {key(side): side for side in others}
        for side in list(rest):
            if (other := known.pop(key(side), None)) is not None:
                pairs.append((side, other))
                rest.remove(side)
                others.remove(other)
    order = {id(side): place for place, side in enumerate(left)}
    pairs += [(side, None) for side in rest]
    return sorted(pairs, key=lambda pair: order[id(pair[0])]) + [(None, side) for side in others]


def _load(path: Path) -> dict:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(notebook["cells"], list):
            return notebook
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise SeedError(f"'{path.name}' cannot be read as a notebook; run it again")


def _show(side: _Side) -> Shown:
    if side.status == "cancelled" or not side.path.is_file():
        return Shown((), ())
    return shown(_load(side.path))


def _parameters(run: str, one: _Side, other: _Side) -> list[dict]:
    nothing = object()
    rows = []
    for name in dict.fromkeys([*one.parameters, *other.parameters]):
        a, b = one.parameters.get(name, nothing), other.parameters.get(name, nothing)
        if a != b:
            rows.append({"run": run, "parameter": name, "left": "(default)"
                         if a is nothing else json.dumps(a, ensure_ascii=False),
                         "right": "(default)" if b is nothing else json.dumps(b, ensure_ascii=False)})
    return rows


def _facts(run: str, before: Shown, after: Shown) -> list[dict]:
    rows = []
    for change, these, those in (("left", before, after), ("entered", after, before)):
        for fact in sorted(these.facts - those.facts):
            where = [part.name for part in (*these.figures, *these.tables) if fact in part.facts]
            rows.append({"run": run, "fact": fact, "change": change, "where": "; ".join(where)})
    return rows


def _figures(run: str, before: Shown, after: Shown) -> list[dict]:
    old, new = ({figure.name: figure for figure in side.figures} for side in (before, after))
    rows = []
    for name in dict.fromkeys([*old, *new]):
        if name in old and name in new and old[name].hash == new[name].hash:
            continue
        marks = [Counter(figures[name].marks) if name in figures else Counter() for figures in (old, new)]
        gone, come = list((marks[0] - marks[1]).elements()), list((marks[1] - marks[0]).elements())
        arrived: dict[tuple, list] = {}
        for mark in come:
            arrived.setdefault(mark[:2], []).append(mark)
        for trace, ids, data in gone:
            if ids and arrived.get((trace, ids)):
                moved = arrived[trace, ids].pop(0)
                come.remove(moved)
                rows.append({"run": run, "figure": name, "change": "moved", "trace": trace, "facts": ids, "left": data,
                             "right": moved[2]})
            else:
                rows.append({"run": run, "figure": name, "change": "left", "trace": trace, "facts": ids, "left": data,
                             "right": ""})
        rows += [{"run": run, "figure": name, "change": "entered", "trace": trace, "facts": ids, "left": "", "right": data}
                 for trace, ids, data in come]
    return rows


def _tables(run: str, before: Shown, after: Shown) -> list[dict]:
    old, new = ({table.name: table for table in side.tables} for side in (before, after))
    rows = []
    for name in dict.fromkeys([*old, *new]):
        counts = [Counter(tables[name].rows) if name in tables else Counter() for tables in (old, new)]
        rows += [{"run": run, "table": name, "change": "left", "left": " | ".join(row), "right": ""}
                 for row in (counts[0] - counts[1]).elements()]
        rows += [{"run": run, "table": name, "change": "entered", "left": "", "right": " | ".join(row)}
                 for row in (counts[1] - counts[0]).elements()]
    return rows
