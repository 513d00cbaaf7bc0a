"""A seed as one Excel workbook to code in: a tab a table, drop-downs for closed lists and ids; and back into the CSV files."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import pandas as pd

from ..datapackage import write_whole
from ..export import codebook, fill_sheet
from ..tables import SeedError, fields_of, load_schema, split_cell, vocabulary
from .splitting import NOT_YET

ROOM = 400  # rows with drop-downs on every tab
_GUIDE = [
    "One tab is one table; one row is one statement by somebody, never the truth. Nobody needs all tabs: actors and "
    "events make a timeline.",
    "1  sentences: read a sentence. If it states nothing to be coded, say in no_fact_reason why.",
    "2  actors: everybody who speaks or acts, with an id of your own (letters, digits, _).",
    "3  events, transfers, claims, ...: what the sentence states, with its locator in anchors (P03.S2; several: P03.S2;P04.S1).",
    "4  every fact says who speaks, how surely (modality), whether it is affirmed, denied or left open, and what it "
    "rests on (basis).",
    "5  dates as precise as the text: 2024, 2024-10, 2024-10-05; not_stated where it gives none.",
    "Point at a column's name for what it holds. The tab codebook explains every word.",
]


def coding_workbook(tables: dict[str, pd.DataFrame], words: dict[str, str] | None = None) -> bytes:
    """The workbook of a seed's text cells; ``words`` (locator -> sentence) stand beside the sentences where they are given."""
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
        shown = frame.assign(sentence=frame["locator"].map(words or {}).fillna("")) if name == "sentences" else frame
        fill_sheet(page, shown)
        for n, field in enumerate(fields_of(name), start=1):
            letter = get_column_letter(n)
            page.cell(1, n).comment = Comment(field["description"], "axislib")
            page.column_dimensions[letter].number_format = "@"  # text: 2024-10 stays 2024-10
            page.column_dimensions[letter].width = max(
                page.column_dimensions[letter].width, 40 if field["name"] in ("statement", "note") else 14
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
                choice = DataValidation(type="list", formula1=f"{to}!$A$2:$A${ROOM}", allow_blank=True, showErrorMessage=False)
            else:
                continue
            page.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{ROOM}")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_workbook(path: Path) -> dict[str, pd.DataFrame]:
    """The tables in a workbook as text cells; tabs that are no table are passed over, empty rows too.

    Raises SeedError for a file that is no such workbook. What the cells mean is not looked at here.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(Path(path).read_bytes()))
    except OSError as error:
        raise SeedError(f"{Path(path).name}: cannot be read ({error.strerror}); is it open in a spreadsheet?") from None
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SeedError(f"{Path(path).name}: not an Excel workbook ({error}); save it as .xlsx") from None
    tables = {}
    for name in load_schema()["tables"]:
        if name not in book.sheetnames:
            continue
        rows = [[_as_text(value) for value in row] for row in book[name].iter_rows(values_only=True)]
        header = rows[0] if rows else []
        keep = [n for n, title in enumerate(header) if title and not (name == "sentences" and title == "sentence")]
        body = [[row[n] for n in keep] for row in rows[1:] if any(row[n] for n in keep)]
        tables[name] = pd.DataFrame(body, columns=[header[n] for n in keep], dtype=str)
    if not tables:
        raise SeedError(
            f"{Path(path).name}: none of its tabs is a table ({', '.join(book.sheetnames[:5])}); axislib new writes "
            "such a workbook"
        )
    return tables


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(getattr(value, "text", value)).split())


def settle(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables, ``not coded yet`` taken from sentences that have facts by now, and put where nothing is said."""
    from ..tables import fact_tables

    cited = {
        one for name in fact_tables() if name in tables for cell in tables[name].get("anchors", []) for one in split_cell(cell)
    }
    sentences = tables["sentences"].copy()
    reason = sentences["no_fact_reason"].where(~(sentences["locator"].isin(cited) & (sentences["no_fact_reason"] == NOT_YET)), "")
    sentences["no_fact_reason"] = reason.where((reason != "") | sentences["locator"].isin(cited), NOT_YET)
    return {**tables, "sentences": sentences}


def bring_in(folder: Path, path: Path) -> list[str]:
    """Write a workbook's rows into the seed's CSV files; returns a line for each file that changed.

    Of the sentences only ``section`` and ``no_fact_reason`` are taken: places and hashes belong to the text. Raises
    SeedError, before anything is written, for columns that no table has. Values are judged by ``axislib check``.
    """
    from ..check import check_columns
    from ..seed import read_seed_cells

    old, new = read_seed_cells(folder), read_workbook(path)
    if "sentences" in new and {"locator", "section", "no_fact_reason"} <= set(new["sentences"]):
        told = new["sentences"].drop_duplicates("locator").set_index("locator")
        kept = old["sentences"].copy()
        for column in ("section", "no_fact_reason"):
            kept[column] = kept["locator"].map(told[column]).fillna(kept[column])
        new["sentences"] = kept
    findings = [str(finding) for name, frame in new.items() for finding in check_columns(frame, name)]
    if findings:
        raise SeedError(f"{Path(path).name}: nothing was taken over:\n  " + "\n  ".join(findings))
    done = []
    for name, frame in settle({**old, **new}).items():
        # without columns nobody filled in being lost or moved
        frame = frame.reindex(columns=[field["name"] for field in fields_of(name)], fill_value="")
        text = frame.to_csv(index=False, lineterminator="\n")
        if text != (folder / f"{name}.csv").read_text(encoding="utf-8"):
            write_whole(folder / f"{name}.csv", text)
            done.append(f"{name}.csv: {len(frame)} rows")
    return done
