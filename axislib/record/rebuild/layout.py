"""What each data file has to look like, and the one message that says how a given file differs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError


@cache
def load_sources() -> dict[str, dict]:
    """Every source by id, as in ``sources.json``: who published it, which version, its terms, its
    files and their layout."""
    text = resources.files(__package__).joinpath("sources.json").read_text(encoding="utf-8")
    return {source["id"]: source for source in json.loads(text)}


def layouts() -> dict[str, dict]:
    """The layout of every file by its path below DIR: separator, columns, rows, marker of the
    version, sha256.

    >>> layouts()["cow_nmc_7/cow_nmc_v7_1816_2022.csv"]["marker"]["value"]
    '2022'
    """
    return {file["path"]: file for source in load_sources().values() for file in source["files"]}


@dataclass
class Inputs:
    """The data files as text cells, each read and held against its layout; ``new`` tells which had
    another hash."""

    folder: Path
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    new: dict[str, dict[str, str]] = field(default_factory=dict)

    def __getitem__(self, path: str) -> pd.DataFrame:
        return self.frames[path]


def read_inputs(folder: Path, accept_new: bool = False) -> Inputs:
    """Read every file that a builder needs from ``folder``.

    Raises SeedError with a line for each file that is not what it has to be, all at once: what was
    expected, what was found. ``accept_new`` lets a file pass whose bytes differ but whose
    separator, columns and number of rows fit; which they are stands in ``Inputs.new``. It cannot
    tell whether a value is right, only that the file is the one recorded.
    """
    inputs, wrong = Inputs(Path(folder)), []
    if not inputs.folder.is_dir():
        raise SeedError(
            f"--data {folder}: there is no such folder; name the one that holds"
            f" {', '.join(folders())}"
        )
    for path, layout in layouts().items():
        try:
            inputs.frames[path], differs = read_file(inputs.folder / path, layout, accept_new)
        except SeedError as error:
            wrong.append(str(error))
            continue
        if differs:
            inputs.new[path] = differs
    if wrong:
        listed = "\n".join(f"  {line}" for line in wrong)
        count = "1 file is" if len(wrong) == 1 else f"{len(wrong)} files are"
        raise SeedError(
            f"{count} not what the builders expect; the tables were left as they were:\n{listed}"
        )
    return inputs


def folders() -> list[str]:
    """The folders below DIR in which the files stand."""
    return sorted({path.split("/")[0] for path in layouts()})


def read_file(
    path: Path, layout: dict, accept_new: bool = False
) -> tuple[pd.DataFrame, dict[str, str]]:
    """One file as text cells, and how it differs from the recorded one (empty: the very same
    bytes).

    Raises SeedError naming what was expected and what was found: no file, another separator, other
    columns, too few or too many rows, another version, other bytes.
    """
    name = layout["path"]
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except FileNotFoundError:
        raise SeedError(
            f"{name}: expected this file, found none; seeds/context/README.md says where to get it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(
            f"{name}: expected a CSV in UTF-8, found one that cannot be read ({error})"
        ) from None
    _check_header(text, layout)
    frame = _read_cells(text, layout)
    low, high = layout["rows_from"], layout["rows_to"]
    if not low <= len(frame) <= high:
        raise SeedError(
            f"{name}: expected {layout['rows']} rows ({low} to {high} would pass), found"
            f" {len(frame)}: cut short or another file?"
        )
    digest = hashlib.sha256(raw).hexdigest()
    if digest == layout["sha256"]:
        return frame, {}
    version = _describe_version(frame, layout)
    if not accept_new:
        raise SeedError(
            f"{name}: expected {_recorded_version(layout)}sha256 {layout['sha256'][:12]}..., "
            f"found {version}sha256 {digest[:12]}...: "
            "another version of the file; if you mean it, say --accept-new"
        )
    return frame, {
        "expected": f"{_recorded_version(layout)}sha256 {layout['sha256']}",
        "found": f"{version}sha256 {digest}",
        "sha256": digest,
    }


def columns_of(layout: dict) -> list[str]:
    """The column names a layout asks for, in file order (a list in sources.json where a name holds
    a comma)."""
    return (
        layout["columns"] if isinstance(layout["columns"], list) else layout["columns"].split(",")
    )


def _check_header(text: str, layout: dict) -> None:
    want, name = columns_of(layout), layout["path"]
    found = next(csv.reader(io.StringIO(text, newline=""), delimiter=layout["separator"]), [])
    if found == want:
        return
    words = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    for separator, word in words.items():
        if (
            separator != layout["separator"]
            and next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), []) == want
        ):
            raise SeedError(
                f"{name}: expected columns separated by {words[layout['separator']]}, found them"
                f" separated by {word}"
            )
    missing, extra = [c for c in want if c not in found], [c for c in found if c not in want]
    how = "; ".join(
        part
        for part in (
            f"missing {_few(missing)}" if missing else "",
            f"not expected {_few(extra)}" if extra else "",
        )
        if part
    )
    raise SeedError(
        f"{name}: expected {len(want)} columns ({_few(want)}), found {len(found)}:"
        f" {how or 'the same in another order'}"
    )


def _few(names: list[str]) -> str:
    shown = ", ".join(name or "(no name)" for name in names[:6])
    return shown + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _read_cells(text: str, layout: dict) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=layout["separator"],
            dtype=str,
            keep_default_na=False,
            na_filter=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SeedError(
            f"{layout['path']}: expected rows of {len(columns_of(layout))} cells, "
            f"found a file that is no such table ({' '.join(str(error).split())})"
        ) from None


def _recorded_version(layout: dict) -> str:
    marker = layout.get("marker")
    return f"{marker['says']} {marker['value']}, " if marker else ""


def _describe_version(frame: pd.DataFrame, layout: dict) -> str:
    marker = layout.get("marker")
    return f"{marker['says']} {read_marker(frame, marker)}, " if marker else ""


def read_marker(frame: pd.DataFrame, marker: dict) -> str:
    """What a file says about its own version: the largest value of a column, or all its different
    values.

    >>> read_marker(pd.DataFrame({"year": ["1999.0", "2022.0"]}), {"column": "year", "take": "max"})
    '2022'
    """
    cells = frame[marker["column"]].str.strip()
    cells = cells[~cells.isin(["", "NA"])]
    if marker["take"] == "unique":
        return " ".join(sorted(set(cells)))
    numbers = pd.to_numeric(cells, errors="coerce")
    if marker["take"] == "max" and len(numbers) and numbers.notna().all():
        return f"{numbers.max():g}"
    return max(cells, default="nothing")
