"""The two ends of a rebuild: files compared with their layout, tables written alike."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.files import sha256

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
FEW = 6  # names shown of a long list
MISSING = ["", "NA"]
PAIR = ["left", "right"]
AS_TEXT: dict = {"dtype": str, "na_filter": False}  # how the cells of a CSV are read


def _text_of(name: str) -> str:
    return resources.files("axislib.record.rebuild").joinpath(name).read_text(encoding="utf-8")


@cache
def load_sources() -> dict[str, dict]:
    """Every source by id, as in ``sources.json``: publisher, version, terms, files and layouts."""
    return {source["id"]: source for source in json.loads(_text_of("sources.json"))}


@cache
def load_specs() -> dict[str, dict]:
    """Every derived table by name: title, sources, choices, fields with type, unit, description.

    >>> [field["name"] for field in load_specs()["gdp"]["fields"]][:3]
    ['actor', 'year', 'gdp']
    """
    return json.loads(_text_of("tables.json"))


def layouts() -> dict[str, dict]:
    """Each file's layout by its path: separator, columns, rows, marker of the version, sha256.

    >>> layouts()["cow_nmc_7/cow_nmc_v7_1816_2022.csv"]["marker"]["value"]
    '2022'
    """
    return {file["path"]: file for source in load_sources().values() for file in source["files"]}


@dataclass
class Inputs:
    """The data files as text cells, held against their layouts; ``new``: of another hash."""

    folder: Path
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    new: dict[str, dict[str, str]] = field(default_factory=dict)

    def __getitem__(self, path: str) -> pd.DataFrame:
        return self.frames[path]


def read_inputs(folder: Path, accept_new: bool = False) -> Inputs:
    """Read every file that a builder needs from ``folder``.

    Raises SeedError with a line for each file that is not what it has to be, all at once: what was
    expected, what was found. ``accept_new`` lets a file pass whose bytes differ but whose
    separator, columns and number of rows fit; ``Inputs.new`` names them. It cannot tell whether a
    value is right, only that the file is the one recorded."""
    inputs, wrong = Inputs(Path(folder)), []
    if not inputs.folder.is_dir():
        folders = sorted({path.split("/")[0] for path in layouts()})
        raise SeedError(
            f"--data {folder}: there is no such folder; name the one that holds"
            f" {', '.join(folders)}"
        )
    for path, layout in layouts().items():
        try:
            inputs.frames[path], differs = read_file(inputs.folder / path, layout, accept_new)
            inputs.new |= {path: differs} if differs else {}
        except SeedError as error:
            wrong.append(str(error))
    if wrong:
        listed = "\n".join(f"  {line}" for line in wrong)
        count = "1 file is" if len(wrong) == 1 else f"{len(wrong)} files are"
        raise SeedError(
            f"{count} missing or not as expected; the tables were left as they were:\n{listed}"
        )
    return inputs


def read_file(path: Path, layout: dict, accept_new: bool = False) -> tuple[pd.DataFrame, dict]:
    """One file as text cells, and how its bytes differ from the recorded one (empty: not at all).

    Raises SeedError naming what was expected and what was found: no file, another separator, other
    columns, too few or too many rows, another version, other bytes."""
    name = layout["path"]
    raw, text = _read_text(path, name)
    _check_header(text, layout)
    frame = _read_cells(text, layout)
    low, high = layout["rows_from"], layout["rows_to"]
    if not low <= len(frame) <= high:
        raise SeedError(
            f"{name}: expected {layout['rows']} rows ({low} to {high} would pass), found"
            f" {len(frame)}: cut short or another file?"
        )
    digest, marker = sha256(raw), layout.get("marker")
    if digest == layout["sha256"]:
        return frame, {}
    recorded = f"{marker['says']} {marker['value']}, " if marker else ""
    version = f"{marker['says']} {read_marker(frame, marker)}, " if marker else ""
    if not accept_new:
        raise SeedError(
            f"{name}: expected {recorded}sha256 {layout['sha256'][:12]}..., "
            f"found {version}sha256 {digest[:12]}...: "
            "another version of the file; if you mean it, say --accept-new"
        )
    return frame, {
        "expected": f"{recorded}sha256 {layout['sha256']}",
        "found": f"{version}sha256 {digest}",
        "sha256": digest,
    }


def _read_text(path: Path, name: str) -> tuple[bytes, str]:
    try:
        raw = path.read_bytes()
        return raw, raw.decode("utf-8")
    except FileNotFoundError:
        raise SeedError(
            f"{name}: expected this file, found none; seeds/context/README.md says where to get it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(
            f"{name}: expected a CSV in UTF-8, found one that cannot be read ({error})"
        ) from None


def columns_of(layout: dict) -> list[str]:
    """The columns a layout asks for, in order (as a list where a name holds a comma)."""
    columns = layout["columns"]
    return columns if isinstance(columns, list) else columns.split(",")


def _first_row(text: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])


def _check_header(text: str, layout: dict) -> None:
    wanted, name = columns_of(layout), layout["path"]
    if (found := _first_row(text, layout["separator"])) == wanted:
        return
    for separator, word in SEPARATORS.items():
        if _first_row(text, separator) == wanted:
            raise SeedError(
                f"{name}: expected columns separated by {SEPARATORS[layout['separator']]}, found"
                f" them separated by {word}"
            )
    missing = [column for column in wanted if column not in found]
    extra = [column for column in found if column not in wanted]
    parts = (("missing", missing), ("not expected", extra))
    differences = "; ".join(f"{word} {_few(names)}" for word, names in parts if names)
    raise SeedError(
        f"{name}: expected {len(wanted)} columns ({_few(wanted)}), found {len(found)}:"
        f" {differences or 'the same in another order'}"
    )


def _few(names: list[str]) -> str:
    shown = ", ".join(name or "(no name)" for name in names[:FEW])
    return shown + (f" and {len(names) - FEW} more" if len(names) > FEW else "")


def _read_cells(text: str, layout: dict) -> pd.DataFrame:
    try:
        return pd.read_csv(io.StringIO(text), sep=layout["separator"], **AS_TEXT)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SeedError(
            f"{layout['path']}: expected rows of {len(columns_of(layout))} cells, "
            f"found a file that is no such table ({' '.join(str(error).split())})"
        ) from None


def read_marker(frame: pd.DataFrame, marker: dict) -> str:
    """What a file says of its version: the largest value of a column, or all different ones.

    >>> read_marker(pd.DataFrame({"year": ["1999.0", "2022.0"]}), {"column": "year", "take": "max"})
    '2022'
    """
    cells = frame[marker["column"]].str.strip()
    cells = cells[~cells.isin(MISSING)]
    if marker["take"] == "unique":
        return " ".join(sorted(set(cells)))
    numbers = pd.to_numeric(cells, errors="coerce")
    if marker["take"] == "max" and len(numbers) and numbers.notna().all():
        return f"{numbers.max():g}"
    return max(cells, default="nothing")


def to_numbers(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The frame with these text columns as numbers; empty and NA become missing.
    SeedError, naming column and cell, where a cell is neither."""
    out = frame.copy()
    for name in columns:
        cells = out[name].str.strip()
        cells = cells.mask(cells.isin(MISSING))
        numbers = pd.to_numeric(cells, errors="coerce")
        if len(wrong := cells[numbers.isna() & cells.notna()]):
            raise SeedError(
                f"column {name}, row {wrong.index[0] + 2}: expected a number, found"
                f" '{wrong.iloc[0]}'"
            )
        out[name] = numbers
    return out


@dataclass(frozen=True)
class Table:
    """A table: name, rows in file order, types by column (string, date, integer, number)."""

    name: str
    frame: pd.DataFrame
    types: dict[str, str]

    def csv(self) -> str:
        """The table as CSV: plain line ends, integers without a point, no trailing zeros."""
        shown = self.frame.copy()
        for name, kind in self.types.items():
            if kind == "integer":
                shown[name] = pd.to_numeric(shown[name]).astype("Int64")
            elif kind == "number":
                shown[name] = [number_text(value) for value in shown[name]]
        return shown.to_csv(index=False, lineterminator="\n")


def make_table(name: str, rows: pd.DataFrame | Iterable[Sequence]) -> Table:
    """Rows as the table that tables.json declares: its columns in its order.

    ``rows`` is a frame with these columns, or tuples in their order. ``source``, the last one, is
    filled in where a table has only one. SeedError where a declared column is missing: the builder
    is then at fault, not the reader."""
    spec = load_specs()[name]
    types = {field["name"]: field["type"] for field in spec["fields"]}
    columns = list(types)
    if not isinstance(rows, pd.DataFrame):
        rows = list(rows)
        rows = pd.DataFrame(rows, columns=columns[: len(rows[0])] if rows else columns)
    if "source" not in rows and len(spec["sources"]) == 1:
        rows = rows.assign(source=spec["sources"][0])
    if missing := [column for column in columns if column not in rows]:
        raise SeedError(
            f"{name}: built without the columns {', '.join(missing)}, which tables.json declares"
        )
    return Table(name, rows[columns].reset_index(drop=True), types)


def plain_table(name: str, frame: pd.DataFrame) -> Table:
    """A table about the tables: all text, columns as they are."""
    return Table(name, frame, dict.fromkeys(frame.columns, "string"))


def rounded(values: Iterable[float], places: int) -> list[float]:
    """Each value rounded by Python's own rule, which differs from numpy's in the last place."""
    return [round(float(value), places) for value in values]


def number_text(value: Any) -> str:
    """A number with up to ten decimals and no trailing zeros, empty where there is none.

    >>> number_text(0.5), number_text(2.0), number_text(float("nan")), number_text(0.00001)
    ('0.5', '2', '', '0.00001')
    """
    if value is None or pd.isna(value):
        return ""
    text = f"{float(value):.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


# In these the code of a state without a dated row is its own id; in all others an unlisted code is
# an error.
OPEN_SCHEMES = ("iso",)


@cache
def load_table(name: str) -> pd.DataFrame:
    """One of the small tables beside the code (polities, pairs, ...), as text. Do not change it."""
    return pd.read_csv(io.StringIO(_text_of(f"{name}.csv")), **AS_TEXT)


@cache
def _spells() -> dict[Any, list[tuple[str, str, str]]]:
    table = load_table("polities").replace({"since": {"": "0000"}, "until": {"": "9999"}})
    held = table.groupby(["scheme", "code"])[["since", "until", "actor"]]
    return {key: sorted(rows.itertuples(index=False, name=None)) for key, rows in held}


def _plain(code: object) -> str:
    return str(code).removesuffix(".0")


def actor_of(scheme: str, code: object, when: int | str | None = None) -> str:
    """The actor behind a code; empty where nobody held it ``when`` (a year, or YYYY-MM-DD).

    A year goes to who held the code first in it, so 1945 is still Nazi Germany and 1991 the Soviet
    Union. Without ``when`` the latest holder. SeedError for a code that polities.csv does not list.

    >>> actor_of("cow", 365, 1991), actor_of("cow", 365, 1992), actor_of("cow", 255, 1960)
    ('soviet_union', 'RUS', '')
    >>> actor_of("iso", "FRA", 1950), actor_of("council", "CHINA", "1971-10-25")
    ('FRA', 'CHN')
    """
    code = _plain(code)
    if (spells := _spells().get((scheme, code))) is None:
        if scheme in OPEN_SCHEMES:
            return code
        raise SeedError(
            f"polities.csv: the code '{code}' of {scheme} is not listed; add a row for it"
        )
    if when is None:
        return spells[-1][2]
    year = len(str(when)) == len("1945")
    first, last = (f"{when}-01-01", f"{when}-12-31") if year else (str(when), str(when))
    return next((actor for since, until, actor in spells if since <= last and until >= first), "")


def actors_of(scheme: str, codes: Iterable, whens: Iterable) -> list[str]:
    """The actor behind each code at its time; empty where it is not listed or was not held."""
    known = _spells()
    return [
        actor_of(scheme, code, when)
        if scheme in OPEN_SCHEMES or (scheme, _plain(code)) in known
        else ""
        for code, when in zip(codes, whens, strict=True)
    ]


@cache
def code_in_year(scheme: str, actor: str, year: int) -> str:
    """The code under which an actor is found in a year; empty where it had none.

    >>> code_in_year("cow", "nazi_germany", 1945), code_in_year("cow", "nazi_germany", 1946)
    ('255', '')
    """
    table = load_table("polities")
    codes = table.loc[(table["scheme"] == scheme) & (table["actor"] == actor), "code"]
    unlisted = scheme in OPEN_SCHEMES and codes.empty and (scheme, actor) not in _spells()
    if unlisted and len(actor) == 3 and actor.isupper():
        return actor
    return next((code for code in codes if actor_of(scheme, code, year) == actor), "")


@cache
def load_pairs() -> pd.DataFrame:
    """The pairs asked about: ``left``, ``right``, ``order`` in pairs.csv. Do not change it."""
    return load_table("pairs")[PAIR].assign(order=lambda pairs: range(len(pairs)))


def order_pair(one: str, other: str) -> tuple[str, str]:
    """Two actors as left and right: as in pairs.csv where it has them, else as given.

    >>> order_pair("CHN", "RUS"), order_pair("FRA", "CHN")
    (('RUS', 'CHN'), ('FRA', 'CHN'))
    """
    listed = load_pairs().query("left == @other and right == @one")
    return (other, one) if len(listed) else (one, other)


def with_pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows whose ``left`` and ``right`` are a pair of pairs.csv, with its ``order``."""
    return frame.merge(load_pairs(), on=PAIR)


def both_of(frame: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Rows of a pair's actors alike in ``on``, side by side; the second's columns end in _r."""
    left, right = (frame.rename(columns={"actor": side}) for side in PAIR)
    return with_pairs(left.merge(right, on=list(on), suffixes=("", "_r")))


def overlapping(both: pd.DataFrame) -> pd.DataFrame:
    """Those of ``both_of`` whose times overlap, with the time that both share."""
    since = np.maximum(both["since"], both["since_r"])
    until = np.minimum(both["until"], both["until_r"])
    return both.assign(since=since, until=until)[since <= until]


def members_by_year(years: Iterable[int]) -> pd.DataFrame:
    """Who belonged to each coalition in these years: ``coalition``, ``year``, ``actor``.

    >>> members_by_year([1944]).query("coalition == 'historic_axis'")["actor"].tolist()
    ['nazi_germany', 'imperial_japan']
    """
    table = load_table("coalitions")
    first, last = table["since"].astype(int), table["until"].replace("", "9999").astype(int)
    every = [table[(first <= year) & (last >= year)].assign(year=year) for year in years]
    found, order = pd.concat(every), list(dict.fromkeys(table["coalition"]))
    found = found.sort_values("coalition", key=lambda names: names.map(order.index), kind="stable")
    return found[["coalition", "year", "actor"]].reset_index(drop=True)
