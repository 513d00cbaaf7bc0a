"""What every table is (schema.json), and one CSV file read into a typed DataFrame."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import GUARDED, unguard
from axislib.tables.spreadsheets import UTF16, read_file

Frames = Mapping[str, pd.DataFrame]  # the tables of a data set, by name
GROUPS = ("who", "what happened", "the comparison", "the argument")
GROUPS += ("what is open", "our judgements")

_FIX = "save it as CSV UTF-8 with commas and no byte-order mark, or run: axislib check --fix NAME"
LEVELS = {
    "present": "the text gives evidence for it and none against it",
    "absent": "the text gives evidence against it and none for it",
    "mixed": "the text gives evidence both for and against it",
    "not_stated": "the text says nothing about it; this is not the same as ruled out",
}
CERTAINTIES = {
    "known": "asserted in so many words",
    "presumed": "implied, hedged or reported as somebody else's view",
    "unclear": "left open or not stated",
}


class Tables(dict):
    """The tables every seed has, by name; an optional one is found by name, not gone through."""

    def __init__(self, tables: list[dict]):
        super().__init__({table["name"]: table for table in tables if not table.get("optional")})
        self.optional = {table["name"]: table for table in tables if table.get("optional")}

    def __missing__(self, name: str) -> dict:
        return self.optional[name]


@cache
def load_schema() -> dict:
    """The one definition of all tables, as in ``schema.json``, with the shared blocks spelled out.

    Returns a dict with ``tables`` (name -> table with ``group``, ``title``, ``description``,
    ``key``, ``fields``; see ``Tables`` for the optional ones), ``vocabularies`` (name -> word ->
    meaning) and ``missingValues``. Do not change it.

    >>> [field["name"] for field in load_schema()["tables"]["quotations"]["fields"]][:4]
    ['id', 'anchors', 'basis', 'words']
    """
    file = resources.files("axislib.tables").joinpath("schema.json")
    schema = json.loads(file.read_text(encoding="utf-8"))
    blocks = schema["blocks"]
    for table in schema["tables"]:
        row, assertion = (blocks[n] * (n in table["blocks"]) for n in ("row", "assertion"))
        table["fields"] = [*row, *table["fields"], *assertion]
        table["is_fact"] = "assertion" in table["blocks"]
    schema["tables"] = Tables(schema["tables"])
    return schema


def table_names(folder: Path) -> list[str]:
    """The tables of a seed in this folder: those of every seed, then the optional ones it has.

    >>> table_names(Path("nowhere")) == list(load_schema()["tables"])
    True
    """
    tables = load_schema()["tables"]
    return [*tables, *(name for name in tables.optional if (Path(folder) / f"{name}.csv").exists())]


@cache
def missing_words() -> tuple[str, ...]:
    """The cell contents that mean no value: empty (does not apply) and ``not_stated``."""
    return tuple(value["value"] for value in load_schema()["missingValues"])


def fact_tables() -> list[str]:
    """Names of the tables whose rows are claims by somebody, in reading order.

    >>> fact_tables()
    ['memberships', 'relations', 'events', 'transfers', 'cooperation', 'comparisons', 'claims']
    """
    return [name for name, table in load_schema()["tables"].items() if table["is_fact"]]


def fields_of(table: str) -> list[dict]:
    """The fields of one table in file order; see ``schema.json`` for what a field says."""
    return load_schema()["tables"][table]["fields"]


def vocabulary(name: str) -> dict[str, str]:
    """The closed list behind a column: word -> meaning.

    >>> list(vocabulary("polarity"))
    ['affirmed', 'denied', 'left_open']
    """
    return load_schema()["vocabularies"][name]


def read_cells(path: Path) -> pd.DataFrame:
    """One CSV as text cells, nothing converted; raises SeedError where it is not UTF-8 with commas.
    The message names the file and what to do. What the words mean is not looked at here."""
    path = Path(path)
    if not path.exists():
        wrong = f"{path.name}: the file is missing; put it back or take it from another data set"
        raise SeedError(wrong)
    text = _plain_text(read_file(path), path.name)
    try:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        wrong = f"{path.name}: not a table ({error}); look for a stray comma or quotation mark"
        raise SeedError(wrong) from None
    return frame.map(unguard) if GUARDED.search(text) else frame


def _plain_text(raw: bytes, name: str) -> str:
    """The text of a CSV that is UTF-8 with commas; SeedError names the first thing that is not."""
    if raw.startswith(UTF16):
        raise SeedError(f"{name}: is UTF-16, as Excel's 'Unicode Text' is; {_FIX}")
    if raw.startswith(codecs.BOM_UTF8):
        wrong = f"{name}, row 1: the file begins with a byte-order mark, as Excel writes it; {_FIX}"
        raise SeedError(wrong)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        wrong = f"{name}, row {row}: the byte 0x{raw[error.start]:02x} is not UTF-8 (saved as"
        wrong += f" Windows-1252?); {_FIX}"
        raise SeedError(wrong) from None
    if not text.strip():
        table = Path(name).stem
        known = table in (*load_schema()["tables"], *load_schema()["tables"].optional)
        columns = ",".join(one["name"] for one in fields_of(table)) if known else "see schema.json"
        wrong = f"{name}: the file is empty; its first row must name the columns: {columns}"
        raise SeedError(wrong)
    header = text.split("\n", 1)[0]
    for sign, words in ((";", "semicolons"), ("\t", "tabs")):
        if header.count(sign) > header.count(","):
            raise SeedError(f"{name}, row 1: the columns are separated by {words}; {_FIX}")
    return text


def type_cells(cells: pd.DataFrame, table: str) -> pd.DataFrame:
    """Text cells of a checked table with numbers as nullable Int64 and Float64; text stays ``str``.
    ``not_stated`` stays readable in text columns and becomes ``<NA>`` in number columns."""
    typed, kinds = cells.copy(), {"integer": "Int64", "number": "Float64"}
    for field in fields_of(table):
        name, kind = field["name"], kinds.get(field["type"])
        if kind and name in typed:
            said = typed[name].where(~typed[name].isin(missing_words()))
            typed[name] = pd.to_numeric(said).astype(kind)
    return typed


def records(frame: pd.DataFrame) -> list[dict]:
    """The rows as dicts, in order; three times as fast as ``to_dict``, for there are thousands.

    >>> records(pd.DataFrame({"id": ["a"], "rows": [2]}))
    [{'id': 'a', 'rows': 2}]
    """
    names = frame.columns.tolist()
    rows = zip(*(frame[name].tolist() for name in names), strict=True)
    return [dict(zip(names, values, strict=True)) for values in rows]


def split_cell(cell: object) -> list[str]:
    """The values in a cell that may hold several.

    >>> split_cell("P02.S2;P03.S2"), split_cell("")
    (['P02.S2', 'P03.S2'], [])
    """
    if not isinstance(cell, str) or cell in missing_words():
        return []
    return [value.strip() for value in cell.split(";") if value.strip()]


def long_form(frame: pd.DataFrame, column: str, key: str = "id") -> pd.DataFrame:
    """Key and value of each value in a ``;`` column of text, in order; none of an empty cell.

    >>> rows = pd.DataFrame({"id": ["a"], "anchors": ["P01.S1;P02.S1"]})
    >>> long_form(rows, "anchors")["anchors"].tolist()
    ['P01.S1', 'P02.S1']
    """
    # plain lists: ``explode`` costs two milliseconds a column, and a seed has dozens of short ones
    pairs = [
        (row, value)
        for row, cell in zip(frame[key].tolist(), frame[column].tolist(), strict=True)
        for value in split_cell(cell)
    ]
    ids, values = zip(*pairs, strict=True) if pairs else ((), ())
    return pd.DataFrame({key: ids, column: values}, dtype="str")


def certainty(facts: pd.DataFrame) -> pd.Series:
    """How sure each fact row is (see CERTAINTIES), with the same index."""
    sure = pd.Series("presumed", index=facts.index, dtype="str")
    sure[(facts["modality"] == "asserted") & (facts["basis"] == "stated")] = "known"
    sure[facts["polarity"] == "left_open"] = "unclear"
    return sure


def codebook(tables: Iterable[str] = ()) -> pd.DataFrame:
    """What each column holds of the tables named, else of all that every data set has: ``group``,
    ``table``, ``column``, ``type``, ``required``, ``meaning``, ``words`` (the closed list)."""
    rows = []
    for name in tables or load_schema()["tables"]:
        table = load_schema()["tables"][name]
        for field in table["fields"]:
            listed = vocabulary(field["vocabulary"]) if field.get("vocabulary") else {}
            words = "; ".join(f"{word}: {meaning}" for word, meaning in listed.items())
            kind = "date (EDTF)" if field.get("format") == "edtf" else field["type"]
            several = ", several joined by ;" if field.get("many") else ""
            needed = "yes" if field.get("required") else ""
            own = (field["name"], kind + several, needed, field["description"], words)
            rows.append((table["group"], name, *own))
    columns = ["group", "table", "column", "type", "required", "meaning", "words"]
    return pd.DataFrame(rows, columns=columns)
