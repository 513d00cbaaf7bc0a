"""A seed for other programs: a zipped data package, an Excel workbook, the codebook as a table."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd

from axislib.files import write_whole
from axislib.seed.package import package_text
from axislib.seed.seed import Seed
from axislib.tables.schema import load_schema, table_names, vocabulary


def codebook() -> pd.DataFrame:
    """What every table and column holds: ``group``, ``table``, ``column``, ``type``, ``required``,
    ``meaning``, ``words`` (the closed list)."""
    rows = []
    for name, table in load_schema()["tables"].items():
        for field in table["fields"]:
            words = (
                "; ".join(
                    f"{word}: {meaning}"
                    for word, meaning in vocabulary(field["vocabulary"]).items()
                )
                if field.get("vocabulary")
                else ""
            )
            kind = {"edtf": "date (EDTF)"}.get(field.get("format"), field["type"]) + (
                ", several joined by ;" if field.get("many") else ""
            )
            rows.append(
                {
                    "group": table["group"],
                    "table": name,
                    "column": field["name"],
                    "type": kind,
                    "required": "yes" if field.get("required") else "",
                    "meaning": field["description"],
                    "words": words,
                }
            )
    return pd.DataFrame(rows)


def export_zip(seed: Seed, out: Path) -> Path:
    """The seed as a data package in one zip: its CSV files as they stand, datapackage.json, the
    codebook. Same seed, same bytes."""
    files = {
        "datapackage.json": package_text(dict(seed.metadata)),
        "codebook.csv": codebook().to_csv(index=False, lineterminator="\n"),
    }
    files |= {
        f"{name}.csv": (seed.folder / f"{name}.csv").read_text(encoding="utf-8")
        for name in table_names(seed.folder)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            # a fixed date: the zip of the same tables is the same file
            bundle.writestr(
                zipfile.ZipInfo(f"{seed.name}/{name}", (1980, 1, 1, 0, 0, 0)),
                content,
                zipfile.ZIP_DEFLATED,
            )
    write_whole(out, buffer.getvalue())
    return out


def export_xlsx(seed: Seed, out: Path) -> Path:
    """The seed as a workbook, a sheet a table and the codebook first; every text cell is text, also
    one that begins with ``=``."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    fill_sheet(book.create_sheet("codebook"), codebook())
    for name, frame in seed.tables.items():
        fill_sheet(book.create_sheet(name), frame)
    buffer = io.BytesIO()
    book.save(buffer)
    write_whole(out, buffer.getvalue())
    return out


def fill_sheet(sheet, frame: pd.DataFrame) -> None:
    """Write a frame into an openpyxl sheet with a bold, frozen, filterable first row and sensible
    widths."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(frame.columns, start=1):
        sheet.cell(1, column, name).font = Font(bold=True)
        longest = max([len(str(name)), *(len(str(v)) for v in frame[name].head(200))])
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 8), 60)
        for row, value in enumerate(frame[name], start=2):
            cell = sheet.cell(row, column)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if pd.isna(value):
                continue
            cell.value = value.date() if isinstance(value, pd.Timestamp) else value
            if isinstance(value, str):
                # openpyxl takes a leading = for a formula; a statement is never one
                cell.data_type = "s"
                cell.quotePrefix = value[:1] in "=+-@"
    sheet.freeze_panes = "B2"
    if len(frame.columns):
        sheet.auto_filter.ref = sheet.dimensions
