"""A derived table: its rows, and from tables.json what each column means; written the same to the
last byte."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd

from axislib.errors import SeedError


@cache
def load_specs() -> dict[str, dict]:
    """Every derived table by name: title, sources, the choices behind it, fields with type, unit
    and description.

    >>> [field["name"] for field in load_specs()["gdp"]["fields"]][:3]
    ['actor', 'year', 'gdp']
    """
    text = resources.files(__package__).joinpath("tables.json").read_text(encoding="utf-8")
    return json.loads(text)


@dataclass(frozen=True)
class Table:
    """A table's name, its rows in file order and its column types (name -> string, date, integer,
    number)."""

    name: str
    frame: pd.DataFrame
    types: dict[str, str]

    def csv(self) -> str:
        """The table as CSV: commas, plain line ends, integers without a point, numbers without
        trailing zeros."""
        shown = self.frame.copy()
        for name, kind in self.types.items():
            if kind == "integer":
                shown[name] = pd.to_numeric(shown[name]).astype("Int64")
            elif kind == "number":
                shown[name] = [number_text(value) for value in shown[name]]
        return shown.to_csv(index=False, lineterminator="\n")


def make_table(name: str, rows: pd.DataFrame | Iterable[dict]) -> Table:
    """Rows as the table that tables.json declares: its columns in its order; ``source`` is filled
    in if there is only one.

    SeedError where a declared column is missing: the builder is then at fault, not the reader.
    """
    spec = load_specs()[name]
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    if "source" not in frame and len(spec["sources"]) == 1:
        frame = frame.assign(source=spec["sources"][0])
    types = {field["name"]: field["type"] for field in spec["fields"]}
    missing = [column for column in types if column not in frame]
    if missing:
        raise SeedError(
            f"{name}: built without the columns {', '.join(missing)}, which tables.json declares"
        )
    return Table(name, frame[list(types)].reset_index(drop=True), types)


def plain_table(name: str, frame: pd.DataFrame) -> Table:
    """A table about the tables: all text, columns as they are."""
    return Table(name, frame, dict.fromkeys(frame.columns, "string"))


def number_text(value: object) -> str:
    """A number with up to ten decimals and no trailing zeros, empty where there is none.

    >>> number_text(0.5), number_text(2.0), number_text(float("nan")), number_text(0.00001)
    ('0.5', '2', '', '0.00001')
    """
    if value is None or pd.isna(value):
        return ""
    text = f"{float(value):.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_numbers(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The frame with these text columns as numbers; empty and NA become missing.

    SeedError, naming column and cell, where a cell is neither.
    """
    out = frame.copy()
    for name in columns:
        cells = out[name].str.strip()
        cells = cells.mask(cells.isin(["", "NA"]))
        numbers = pd.to_numeric(cells, errors="coerce")
        wrong = cells[numbers.isna() & cells.notna()]
        if len(wrong):
            raise SeedError(
                f"column {name}, row {wrong.index[0] + 2}: expected a number, found"
                f" '{wrong.iloc[0]}'"
            )
        out[name] = numbers
    return out
