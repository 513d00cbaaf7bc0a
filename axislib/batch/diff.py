"""Two runs, or two batches, held against each other: facts, marks, result tables, parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from axislib.batch.changes import compare
from axislib.batch.manifest import Store, read_rows
from axislib.batch.outputs import Shown, shown
from axislib.errors import SeedError

COLUMNS = {
    "runs": ["run", "change", "left", "right", "left_status", "right_status"],
    "parameters": ["run", "parameter", "left", "right"],
    "facts": ["run", "fact", "title", "change", "column", "left", "right", "where"],
    "figures": ["run", "figure", "change", "mark", "facts", "left", "right"],
    "tables": ["run", "table", "change", "row", "column", "left", "right"],
}


@dataclass(frozen=True)
class Difference:
    """What is otherwise on the right than on the left; each part a DataFrame, empty where nothing
    is.

    ``runs``: one row a pair (``same``, ``changed``, ``only_left``, ``only_right``). ``parameters``:
    those that differ within a pair. ``facts``: those that ``entered`` or ``left``, and each column
    in which one ``changed``, with where it is shown. ``figures``: marks that ``entered`` or
    ``left``, or that say something else of the same facts (``changed``); what is only drawn
    otherwise is counted in one row (``redrawn``). ``tables``: the other rows that ``entered``,
    ``left`` or ``changed`` in a result table.
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
        runs = ", ".join(
            f"{counts[change]} {change.replace('_', ' ')}"
            for change in ("same", "changed", "only_left", "only_right")
            if change in counts
        )
        facts = self.facts.drop_duplicates(["run", "fact"])
        counts = [
            ", ".join(
                f"{(part['change'] == change).sum()} {change}"
                for change in ("entered", "left", "changed")
            )
            for part in (facts, self.figures, self.tables.drop_duplicates(["run", "table", "row"]))
        ]
        return (
            f"runs: {runs}; facts: {counts[0]}; marks: {counts[1]}; other table rows: {counts[2]}"
        )

    def page(self) -> str:
        """The same as one HTML page that needs no other file."""
        from axislib.batch.diff_page import page

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

    Runs of two batches are paired by the name of their output, then by notebook and parameters;
    where the manifests say that figures and tables are the same, the notebooks are not opened.
    Raises SeedError if one is neither. It compares what is shown: a fact that no figure and no
    table shows is not seen.
    """
    a, b = _sides(Path(left)), _sides(Path(right))
    found: dict[str, list[dict]] = {name: [] for name in COLUMNS}
    for one, other in _pairs(a, b):
        run = (one or other).name
        row = {
            "run": run,
            "left": one.path.name if one else "",
            "right": other.path.name if other else "",
            "left_status": one.status if one else "",
            "right_status": other.status if other else "",
        }
        if one is None or other is None:
            found["runs"].append({**row, "change": "only_right" if one is None else "only_left"})
            continue
        found["parameters"] += _parameters(run, one, other)
        changed = one.status != other.status
        if one.hashes is None or one.hashes != other.hashes:
            before, after = _show(one), _show(other)
            parts = compare(run, before, after)
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
        failed = any(
            output.get("output_type") == "error"
            for cell in notebook["cells"]
            for output in cell.get("outputs", [])
        )
        notebook_name = Path(str(known.get("input_path", ""))).stem
        return [
            _Side(
                path,
                path.name,
                notebook_name,
                known.get("parameters", {}),
                "failed" if failed else "done",
                None,
            )
        ]
    folder = path.parent if path.name in ("manifest.csv", "manifest.json") else path
    rows = read_rows(Store(str(folder))) if folder.is_dir() else {}
    if not rows:
        raise SeedError(
            f"'{path}' is neither an executed notebook nor the folder of a batch (it has no"
            " manifest.json)"
        )
    return [
        _Side(
            folder / row["output"],
            row["output"],
            row["notebook"],
            row["parameters"],
            row["status"],
            (_hashes(row["figures"]), _hashes(row["tables"])),
        )
        for row in sorted(rows.values(), key=lambda row: row["number"])
    ]


def _hashes(parts: list[dict]) -> tuple:
    return tuple((part["name"], part["hash"]) for part in parts)


def _pairs(left: list[_Side], right: list[_Side]) -> list[tuple[_Side | None, _Side | None]]:
    if len(left) == len(right) == 1:
        return [(left[0], right[0])]
    pairs: list[tuple[_Side | None, _Side | None]] = []
    rest, others = list(left), list(right)
    for key in (
        lambda side: side.name,
        lambda side: json.dumps([side.notebook, side.parameters], sort_keys=True),
    ):
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
            rows.append(
                {
                    "run": run,
                    "parameter": name,
                    "left": "(default)" if a is nothing else json.dumps(a, ensure_ascii=False),
                    "right": "(default)" if b is nothing else json.dumps(b, ensure_ascii=False),
                }
            )
    return rows
