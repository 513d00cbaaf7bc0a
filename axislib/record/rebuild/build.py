"""All tables from the data files: built in a temporary folder, then put in place at once, or
compared."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.record.rebuild.layout import Inputs, load_sources, read_inputs
from axislib.record.rebuild.polities import load_table
from axislib.record.rebuild.table import Table, load_specs, plain_table

BUILDERS = (
    "unga_votes",
    "unga_ukraine",
    "ideal_points",
    "unsc_votes",
    "atop",
    "cow_nmc",
    "cow_wars",
    "cow_mids",
    "ucdp",
    "gdp",
    "sipri",
    "kiel",
    "dprk",
    "lend_lease",
    "meetings",
    "support",
)


@dataclass
class Receipt:
    """What was built: (table, rows, bytes) for each file, seconds by step, files accepted with
    other bytes."""

    tables: list[tuple[str, int, int]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    new: dict[str, dict[str, str]] = field(default_factory=dict)


def build_all(
    data: Path, accept_new: bool = False, say: Callable[[str], None] = lambda line: None
) -> tuple[dict[str, str], Receipt]:
    """File name -> content of every derived table, and a receipt. Raises SeedError before anything
    is built if a file is not what it has to be (see ``layout.read_inputs``)."""
    receipt = Receipt()
    start = time.perf_counter()
    inputs = read_inputs(data, accept_new)
    receipt.new = inputs.new
    receipt.seconds["reading"] = time.perf_counter() - start
    tables: list[Table] = []
    for name in BUILDERS:
        start = time.perf_counter()
        tables += run_builder(name, inputs)
        receipt.seconds[name] = time.perf_counter() - start
        say(f"{name}: {receipt.seconds[name]:.1f} s")
    files = {f"{table.name}.csv": table.csv() for table in tables}
    files |= {f"{table.name}.csv": table.csv() for table in describe(tables, inputs)}
    receipt.tables = [
        (name, content.count("\n") - 1, len(content.encode())) for name, content in files.items()
    ]
    return files, receipt


def run_builder(name: str, inputs: Inputs) -> list[Table]:
    """One builder's tables; an error in it names the builder, since the fault is then in a file
    that passed its layout."""
    try:
        return import_module(f".{name}", __package__).build(inputs)
    except SeedError as error:
        raise SeedError(f"{name}: {error}; the tables were left as they were") from None
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise SeedError(
            f"{name}: a value in its files is not what the builder expects ({type(error).__name__}:"
            f" {error}); the tables were left as they were"
        ) from error


def describe(tables: list[Table], inputs: Inputs) -> list[Table]:
    """Tables about the tables: which there are, what their columns mean, pairs, coalitions,
    polities, sources."""
    sources, specs = load_sources(), load_specs()
    listed, fields = [], []
    for table in tables:
        spec = specs[table.name]
        of = [sources[name] for name in spec["sources"]]
        listed.append(
            {
                "table": table.name,
                "title": spec["title"],
                "sources": ";".join(spec["sources"]),
                "versions": ";".join(s["version"] for s in of),
                "as_of": ";".join(s["as_of"] for s in of),
                "rows": len(table.frame),
                "choices": spec["choices"],
            }
        )
        fields += [
            {
                "table": table.name,
                "column": field["name"],
                **{key: field[key] for key in ("type", "unit", "description")},
            }
            for field in spec["fields"]
        ]
    return [
        plain_table("tables", pd.DataFrame(listed)),
        plain_table("fields", pd.DataFrame(fields)),
        *(plain_table(name, load_table(name)) for name in ("pairs", "coalitions", "polities")),
        plain_table("sources", _list_sources(inputs)),
    ]


def _list_sources(inputs: Inputs) -> pd.DataFrame:
    rows = []
    for source in load_sources().values():
        paths = [file["path"] for file in source["files"]]
        accepted = (
            " (another file was accepted in its place)"
            if any(path in inputs.new for path in paths)
            else ""
        )
        digests = [inputs.new.get(file["path"], file)["sha256"] for file in source["files"]]
        used = [name for name, spec in load_specs().items() if source["id"] in spec["sources"]]
        rows.append(
            {
                "id": source["id"],
                "title": source["title"],
                "publisher": source["publisher"],
                "version": source["version"] + accepted,
                "as_of": source["as_of"],
                "citation": source["citation"],
                "url": source["url"],
                "licence": source["terms"],
                "warnings": source["warnings"],
                "files": ";".join(paths),
                "sha256": ";".join(digests),
                "tables": ";".join(used),
            }
        )
    return pd.DataFrame(rows)


def put_in_place(files: dict[str, str], out: Path) -> None:
    """Write all files beside ``out`` and exchange the folders at once: either all tables are new or
    all are as they were."""
    out = Path(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    except OSError as error:
        raise SeedError(
            f"{out}: cannot be written ({error.strerror}); nothing was changed; choose another"
            " folder with --out"
        ) from None
    old = fresh.with_suffix(".old")
    try:
        for name, content in files.items():
            (fresh / name).write_bytes(content.encode("utf-8"))
        for path in sorted(out.iterdir()) if out.is_dir() else []:
            if path.suffix != ".csv":  # what we did not make stays
                (shutil.copytree if path.is_dir() else shutil.copy2)(path, fresh / path.name)
        fresh.chmod(0o755)
        if out.exists():
            out.rename(old)
        fresh.rename(out)
    except OSError as error:
        if old.exists() and not out.exists():
            old.rename(out)
        shutil.rmtree(fresh, ignore_errors=True)
        raise SeedError(
            f"{out}: cannot be replaced ({error.strerror}); the tables were left as they were;"
            " close what has them open"
        ) from None
    shutil.rmtree(old, ignore_errors=True)


def compare(files: dict[str, str], out: Path) -> list[str]:
    """What differs between the rebuilt tables and those in ``out``, a line each; empty: equal to
    the last byte."""
    out = Path(out)
    shipped = {path.name: path.read_bytes() for path in sorted(out.glob("*.csv"))}
    found = [f"{name}: not among the shipped tables" for name in files if name not in shipped]
    found += [f"{name}: shipped, but no builder makes it" for name in shipped if name not in files]
    for name, content in files.items():
        if name in shipped and shipped[name] != content.encode("utf-8"):
            found.append(
                f"{name}: {_first_difference(shipped[name].decode('utf-8', 'replace'), content)}"
            )
    return found


def _first_difference(shipped: str, rebuilt: str) -> str:
    old, new = shipped.splitlines(), rebuilt.splitlines()
    for row, (was, now) in enumerate(zip(old, new, strict=False), start=1):
        if was != now:
            return f"row {row}: shipped '{was[:110]}', rebuilt '{now[:110]}'"
    return (
        f"{len(old)} rows shipped, {len(new)} rebuilt"
        if len(old) != len(new)
        else "the same rows with other line ends"
    )
