"""The open record: one builder a data set, from a file that anybody can get to a small table.

``axislib record --data DIR`` runs them: all tables are built from the data files, then put in
place at once, or compared. What each file has to look like is in sources.json, whose code means
which polity in which year in polities.csv, which pairs and coalitions are asked about in pairs.csv
and coalitions.csv. Nothing here is imported by ``import axislib``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import write_folder
from axislib.record.rebuild.tables import (
    Inputs,
    Table,
    load_sources,
    load_specs,
    load_table,
    plain_table,
    read_inputs,
)

BUILDERS = {  # step -> the module that has its function, build_STEP
    "assembly": "votes", "council": "votes", "atop": "wars", "cow": "wars", "ucdp": "wars",
    "gdp": "support", "sipri": "support", "meetings": "support", "support": "support",
}  # fmt: skip
OF_TABLES = ["table", "title", "sources", "versions", "as_of", "rows", "choices"]
OF_FIELDS = ["table", "column", "type", "unit", "description"]
OF_SOURCES = (
    "id title publisher version as_of citation url licence warnings files sha256 tables"
).split()
SHOWN = 110  # characters of a row that differs


def build_all(data: Path, accept_new: bool = False) -> tuple[dict[str, str], dict[str, dict]]:
    """File name -> content of every derived table; and the files accepted with other bytes. Raises
    SeedError before anything is built if a file is not as recorded (see ``tables.read_inputs``)."""
    inputs = read_inputs(data, accept_new)
    tables = [table for name in BUILDERS for table in run_builder(name, inputs)]
    tables.sort(key=lambda table: list(load_specs()).index(table.name))
    files = {f"{table.name}.csv": table.csv() for table in [*tables, *describe(tables, inputs)]}
    return files, inputs.new


def run_builder(name: str, inputs: Inputs) -> list[Table]:
    """One builder's tables; an error names it: the fault is in a file that passed its layout."""
    try:
        module = import_module(f".{BUILDERS[name]}", __package__)
        return getattr(module, f"build_{name}")(inputs)
    except SeedError as error:
        raise SeedError(f"{name}: {error}; the tables were left as they were") from None
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise SeedError(
            f"{name}: a value in its files is not what the builder expects ({type(error).__name__}:"
            f" {error}); the tables were left as they were"
        ) from error


def describe(tables: list[Table], inputs: Inputs) -> list[Table]:
    """Tables about the tables: which, what columns mean, pairs, coalitions, polities, sources."""
    sources, specs = load_sources(), load_specs()
    listed, fields = [], []
    for table in tables:
        spec, keys = specs[table.name], ("id", "version", "as_of")
        about = [";".join(sources[name][key] for name in spec["sources"]) for key in keys]
        listed.append((table.name, spec["title"], *about, len(table.frame), spec["choices"]))
        keys = ("name", "type", "unit", "description")
        fields += [(table.name, *(field[key] for key in keys)) for field in spec["fields"]]
    return [
        plain_table("tables", pd.DataFrame(listed, columns=OF_TABLES)),
        plain_table("fields", pd.DataFrame(fields, columns=OF_FIELDS)),
        *(plain_table(name, load_table(name)) for name in ("pairs", "coalitions", "polities")),
        plain_table("sources", _list_sources(inputs)),
    ]


def _list_sources(inputs: Inputs) -> pd.DataFrame:
    rows = []
    for source in load_sources().values():
        paths = [file["path"] for file in source["files"]]
        accepted = any(path in inputs.new for path in paths)
        digests = [(inputs.new.get(file["path"]) or file)["sha256"] for file in source["files"]]
        used = [name for name, spec in load_specs().items() if source["id"] in spec["sources"]]
        row = {name: source[name] for name in OF_SOURCES if name in source}
        row["version"] += " (another file was accepted in its place)" if accepted else ""
        row["licence"] = source["terms"]
        several = {"files": paths, "sha256": digests, "tables": used}
        rows.append(row | {name: ";".join(values) for name, values in several.items()})
    return pd.DataFrame(rows, columns=OF_SOURCES)


def put_in_place(files: dict[str, str], out: Path) -> None:
    """Exchange the tables in ``out`` at once: either all are new or all are as they were; what is
    no CSV stays. SeedError where that cannot be done."""
    kept = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and (path.parent != out or path.suffix != ".csv")
    }
    try:
        write_folder(out, kept | files)
    except SeedError as error:
        raise SeedError(
            f"{error}; the tables were left as they were; --out names another folder"
        ) from None


def compare(files: dict[str, str], out: Path) -> list[str]:
    """What differs from the tables in ``out``, a line each; empty: equal to the last byte."""
    shipped = {path.name: path.read_bytes() for path in sorted(out.glob("*.csv"))}
    found = [f"{name}: not among the shipped tables" for name in files if name not in shipped]
    found += [f"{name}: shipped, but no builder makes it" for name in shipped if name not in files]
    both = [(name, shipped[name], files[name]) for name in files if name in shipped]
    return found + [f"{n}: {_first_difference(a, b)}" for n, a, b in both if a != b.encode()]


def _first_difference(shipped: bytes, rebuilt: str) -> str:
    old, new = shipped.decode("utf-8", "replace").splitlines(), rebuilt.splitlines()
    for row, (was, now) in enumerate(zip(old, new, strict=False), start=1):
        if was != now:
            return f"row {row}: shipped '{was[:SHOWN]}', rebuilt '{now[:SHOWN]}'"
    if len(old) != len(new):
        return f"{len(old)} rows shipped, {len(new)} rebuilt"
    return "the same rows with other line ends"
