"""A data set as one Excel workbook to code in, a tab for each table, with drop-downs for closed
lists and ids; and back into the CSV files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.tables.schema import codebook, fields_of, load_schema, vocabulary
from axislib.tables.spreadsheets import Tab, fill_sheet, read_tabs

WORKBOOK = "coding.xlsx"
# the workbook as it was before it was last written anew: a person may have had tabs and notes in it
BEFORE = "coding-before.xlsx"
ROOM = 400  # rows with drop-downs on every tab
_NAMED = 10  # cells named in one message
_NARROW, _USUAL, _WIDE = 8, 14, 45  # widths of columns, in letters
_LONG = ("statement", "note", "no_fact_reason")
_TECHNICAL = ["start", "end", "length", "sha256"]
_GUIDE = [
    (
        "One tab is one table; one row is one statement by somebody, never the truth. Nobody needs"
        " all tabs: actors and events make a timeline."
    ),
    "1  sentences: read a sentence. If it states nothing to be coded, say in no_fact_reason why.",
    "2  actors: everybody who speaks or acts, with an id of your own (letters, digits, _).",
    (
        "3  events, transfers, claims, ...: what the sentence states, with its locator in anchors"
        " (P03.S2; several: P03.S2;P04.S1)."
    ),
    (
        "4  every fact says who speaks, how surely (modality), whether it is affirmed, denied or"
        " left open, and what it rests on (basis)."
    ),
    "5  dates as precise as the text: 2024, 2024-10, 2024-10-05; not_stated where it gives none.",
    (
        "Save, then take it over with axislib new NAME --from this file, as often as you like. The"
        " CSV files are the data set: what is corrected there stays, and a cell changed there and"
        " here is named before anything is written."
    ),
    "Point at a column's name for what it holds. The tab codebook explains every word.",
]


def coding_workbook(tables: dict[str, pd.DataFrame], words: dict[str, str] | None = None) -> bytes:
    """The workbook of a data set's text cells; ``words`` (locator -> sentence) stand beside the
    sentences where they are given."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    start = book.create_sheet("start")
    fill_sheet(start, pd.DataFrame({"how to code": _GUIDE}))
    start.column_dimensions["A"].width = 130
    fill_sheet(book.create_sheet("codebook"), codebook())
    lists = _lists(book.create_sheet("lists"))
    for name, frame in tables.items():
        if name == "sentences":
            # what a person reads stands first, what the machine needs last
            frame = frame.assign(sentence=frame["locator"].map(words or {}).fillna(""))
            frame = frame[["locator", "section", "sentence", "no_fact_reason", *_TECHNICAL]]
        page = book.create_sheet(name)
        fill_sheet(page, frame)
        _dress(page, frame, name, lists, tables)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _lists(page) -> dict[str, str]:
    """Write the closed lists into a hidden tab, a column each; vocabulary -> its cells."""
    from openpyxl.utils import get_column_letter

    page.sheet_state, cells = "hidden", {}
    for column, name in enumerate(load_schema()["vocabularies"], start=1):
        listed = [name, *vocabulary(name)]
        for row, word in enumerate(listed, start=1):
            page.cell(row, column, word)
        letter = get_column_letter(column)
        cells[name] = f"lists!${letter}$2:${letter}${len(listed)}"
    return cells


def _dress(page, frame: pd.DataFrame, name: str, lists: dict[str, str], tables: dict) -> None:
    """Widths, comments, text format and drop-downs of a table's tab."""
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter

    fields = {field["name"]: field for field in fields_of(name)}
    for number, column in enumerate(frame.columns, start=1):
        letter = get_column_letter(number)
        width = page.column_dimensions[letter]
        if column == "sentence":
            width.width = _WIDE * 2
            continue
        field = fields[column]
        page.cell(1, number).comment = Comment(field["description"], "axislib")
        # text, in the whole column and in every cell that is there: 2024-10 stays 2024-10
        width.number_format = "@"
        for row in range(2, len(frame) + 2):
            page.cell(row, number).number_format = "@"
        if name == "sentences" and column in _TECHNICAL:
            width.width = _NARROW
        else:
            width.width = max(width.width, _WIDE if column in _LONG else _USUAL)
        if choice := _choice(field, lists, tables):
            page.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{ROOM}")


def _choice(field: dict, lists: dict[str, str], tables: dict):
    """The drop-down of a column with a closed list or ids of another tab; None for any other."""
    from openpyxl.worksheet.datavalidation import DataValidation

    to = field.get("references")
    if field.get("many"):
        return None
    if field.get("vocabulary"):
        return DataValidation(
            type="list",
            formula1=lists[field["vocabulary"]],
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Not in the list",
            error="Choose a word from the list; the tab codebook says what each means.",
        )
    if to not in tables or to == "sentences":
        return None
    return DataValidation(
        type="list", formula1=f"{to}!$A$2:$A${ROOM}", allow_blank=True, showErrorMessage=False
    )


@dataclass(frozen=True)
class Coded:
    """What a workbook holds: its ``tables`` as text cells, indexed by row as a spreadsheet counts,
    and ``notices`` of what was not read."""

    tables: dict[str, pd.DataFrame]
    notices: list[str]


def read_workbook(path: Path) -> Coded:
    """The tables in a workbook; empty rows and other tabs are passed over.

    A tab is found whatever the case and blanks of its name; one that looks like a table and is not
    read, or that is missing, is named in the notices. Raises SeedError for a file that is no such
    workbook, and for cells with an error or a formula without a value. What the cells mean is not
    looked at here.
    """
    name, known = Path(path).name, load_schema()["tables"]
    found, notices = _tabs_of_tables(path)
    if not found:
        raise SeedError(f"{name}: none of its tabs is a table; axislib new writes such a workbook")
    _refuse_faults(name, found)
    notices += [note for tab in found.values() for note in tab.empty]
    if missing := [table for table in known if table not in found]:
        notices.append(f"no tab {', '.join(missing)}; what is in the CSV file stays as it is")
    tables = {table: _frame(table, found[table]) for table in known if table in found}
    return Coded(tables, [f"{name}: {note}" for note in notices])


def _tabs_of_tables(path: Path) -> tuple[dict[str, Tab], list[str]]:
    """The tabs by their table, and notices of tabs that look like one and are not read."""
    found, notices = {}, []
    for tab in read_tabs(path):
        table = "_".join(tab.title.casefold().split())
        if table not in load_schema()["tables"]:
            notices += _looks_like_a_table(tab)
        elif table in found:
            raise SeedError(
                f"{Path(path).name}: two tabs are called {table} ('{found[table].title}' and"
                f" '{tab.title}'); rename the one that does not count"
            )
        else:
            found[table] = tab
    return found, notices


def _refuse_faults(name: str, found: Mapping[str, Tab]) -> None:
    faults = [fault for tab in found.values() for fault in tab.faults]
    if faults:
        raise SeedError(
            f"{name}: cells that cannot be read; write the words themselves into them:\n  "
            + "\n  ".join(faults[:_NAMED])
        )


def _looks_like_a_table(tab: Tab) -> list[str]:
    """A notice, if a tab that is not read has the columns of a table."""
    header = set(next(iter(tab.rows.values()), []))
    for name, table in load_schema()["tables"].items():
        if {field["name"] for field in table["fields"]} <= header:
            fix = f"call it {name} if it is to count"
            return [
                f"the tab '{tab.title}' was not read, though it has the columns of {name}; {fix}"
            ]
    return []


def _frame(table: str, tab: Tab) -> pd.DataFrame:
    rows = dict(tab.rows)
    header = rows.pop(1, [])
    keep = [
        n
        for n, title in enumerate(header)
        if title and not (table == "sentences" and title == "sentence")
    ]
    cells = {
        number: [" ".join(row[k].split()) if k < len(row) else "" for k in keep]
        for number, row in rows.items()
    }
    cells = {number: row for number, row in cells.items() if any(row)}
    columns = [header[k] for k in keep]
    return pd.DataFrame([*cells.values()], columns=columns, index=[*cells], dtype=str)
