"""A seed as one Excel workbook to code in: a tab a table, drop-downs for closed lists and ids; and
back into the CSV files."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.tables.schema import codebook, fields_of, load_schema, vocabulary
from axislib.tables.spreadsheets import fill_sheet

WORKBOOK = "coding.xlsx"
# the workbook as it was before it was last written anew: a person may have had tabs and notes in it
BEFORE = "coding-before.xlsx"
ROOM = 400  # rows with drop-downs on every tab
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
        " CSV files are the seed: a mend made there stays, and a cell changed there and here is"
        " named before anything is written."
    ),
    "Point at a column's name for what it holds. The tab codebook explains every word.",
]


def coding_workbook(tables: dict[str, pd.DataFrame], words: dict[str, str] | None = None) -> bytes:
    """The workbook of a seed's text cells; ``words`` (locator -> sentence) stand beside the
    sentences where they are given."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    start = book.active
    start.title = "start"
    fill_sheet(start, pd.DataFrame({"how to code": _GUIDE}))
    start.column_dimensions["A"].width = 130
    fill_sheet(book.create_sheet("codebook"), codebook())
    lists = book.create_sheet("lists")
    columns = {}
    for n, name in enumerate(load_schema()["vocabularies"], start=1):
        listed = [name, *vocabulary(name)]
        for row, word in enumerate(listed, start=1):
            lists.cell(row, n, word)
        columns[name] = f"lists!${get_column_letter(n)}$2:${get_column_letter(n)}${len(listed)}"
    lists.sheet_state = "hidden"
    for name, frame in tables.items():
        page = book.create_sheet(name)
        if name == "sentences":
            # what a person reads stands first, what the machine needs last
            frame = frame.assign(sentence=frame["locator"].map(words or {}).fillna(""))
            frame = frame[["locator", "section", "sentence", "no_fact_reason", *_TECHNICAL]]
        fill_sheet(page, frame)
        fields = {field["name"]: field for field in fields_of(name)}
        for n, column in enumerate(frame.columns, start=1):
            letter = get_column_letter(n)
            if column == "sentence":
                page.column_dimensions[letter].width = 90
                continue
            field = fields[column]
            page.cell(1, n).comment = Comment(field["description"], "axislib")
            # text, in the whole column and in every cell that is there: 2024-10 stays 2024-10
            page.column_dimensions[letter].number_format = "@"
            for row in range(2, len(frame) + 2):
                page.cell(row, n).number_format = "@"
            page.column_dimensions[letter].width = (
                8
                if name == "sentences" and column in _TECHNICAL
                else max(
                    page.column_dimensions[letter].width,
                    40 if column in ("statement", "note", "no_fact_reason") else 14,
                )
            )
            to = field.get("references")
            if field.get("vocabulary") and not field.get("many"):
                choice = DataValidation(
                    type="list",
                    formula1=columns[field["vocabulary"]],
                    allow_blank=True,
                    showErrorMessage=True,
                    errorTitle="Not in the list",
                    error="Choose a word from the list; the tab codebook says what each means.",
                )
            elif to in tables and to != "sentences" and not field.get("many"):
                choice = DataValidation(
                    type="list",
                    formula1=f"{to}!$A$2:$A${ROOM}",
                    allow_blank=True,
                    showErrorMessage=False,
                )
            else:
                continue
            page.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{ROOM}")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_workbook(path: Path) -> dict[str, pd.DataFrame]:
    """The tables in a workbook as text cells, indexed by row as a spreadsheet counts; empty rows
    and other tabs are passed over.

    Raises SeedError for a file that is no such workbook. What the cells mean is not looked at here.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(Path(path).read_bytes()))
    except FileNotFoundError:
        raise SeedError(
            f"{Path(path).name}: there is no such file; check its name and folder"
        ) from None
    except OSError as error:
        raise SeedError(
            f"{Path(path).name}: cannot be read ({error.strerror}); is it open in a spreadsheet?"
        ) from None
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SeedError(
            f"{Path(path).name}: not an Excel workbook ({error}); save it as .xlsx"
        ) from None
    tables = {}
    for name in load_schema()["tables"]:
        if name not in book.sheetnames:
            continue
        rows = [
            [_as_text(cell.value, cell.number_format) for cell in row]
            for row in book[name].iter_rows()
        ]
        header = rows[0] if rows else []
        keep = [
            n
            for n, title in enumerate(header)
            if title and not (name == "sentences" and title == "sentence")
        ]
        body = {
            n: [row[k] for k in keep]
            for n, row in enumerate(rows[1:], start=2)
            if any(row[k] for k in keep)
        }
        tables[name] = pd.DataFrame(
            list(body.values()), columns=[header[n] for n in keep], index=list(body), dtype=str
        )
    if not tables:
        raise SeedError(
            f"{Path(path).name}: none of its tabs is a table ({', '.join(book.sheetnames[:5])});"
            " axislib new writes such a workbook"
        )
    return tables


def _as_text(value: object, shown_as: str = "") -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):  # a datetime is one too
        return f"{value:%Y-%m-%d}"[: _date_length(shown_as)]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(getattr(value, "text", value)).split())


def _date_length(shown_as: str) -> int:
    """How much of 2022-01-01 was meant: a spreadsheet keeps a typed 2022-01 as the first of the
    month and shows Jan-22."""
    signs = re.sub(r"\"[^\"]*\"|\[[^\]]*\]|\\.", "", shown_as).lower()
    if "d" in signs or not set("my") & set(signs):
        return 10
    return 7 if "m" in signs else 4
