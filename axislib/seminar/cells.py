"""A returned file's cells, whatever spreadsheet saved it: an Excel workbook, or a CSV of any encoding and separator."""

from __future__ import annotations

import csv
import io
import zipfile
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from ..datapackage import plain_csv
from ..tables import SeedError
from .plain import unguard
from .sheets import SHEET

_NEEDED = ("unit", "variable", "code")


def read_cells_of(path: Path) -> pd.DataFrame:
    """A returned file's cells as text, by column, indexed by row as a spreadsheet counts: a workbook's first tab, or any CSV."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SeedError(f"{path.name}: there is no such file; check its name and folder") from None
    except OSError as error:
        raise SeedError(f"{path.name}: cannot be read ({error.strerror}); is it open in a spreadsheet?") from None
    if raw.startswith(b"PK"):
        rows = _rows_of_workbook(raw, path)
    elif raw.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise SeedError(f"{path.name}: an old Excel file or a PDF; save it as .xlsx or as CSV")
    else:
        try:
            rows = list(csv.reader(io.StringIO(plain_csv(raw), newline="")))
        except csv.Error as error:
            raise SeedError(f"{path.name}: not a table ({error}); save it again as .xlsx or CSV") from None
    numbered = [(n, row) for n, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    rows = [row for _, row in numbered]
    if not rows:
        raise SeedError(f"{path.name}: the file is empty; ask for it again")
    header = [
        name.strip().lower() if name.strip().lower() in SHEET else name.strip() or f"column {n}"
        for n, name in enumerate(rows[0], start=1)
    ]
    width = max(len(row) for row in rows)
    header += [f"column {n}" for n in range(len(header) + 1, width + 1)]
    body = [[unguard(cell) for cell in [*row, *[""] * (width - len(row))]] for row in rows[1:]]
    frame = pd.DataFrame(body, columns=header, dtype=str, index=[n for n, _ in numbered[1:]])
    missing = [name for name in _NEEDED if name not in frame]
    if missing:
        near = "; ".join(
            f"did you mean to call '{near[0]}' {name}?"
            for name in missing
            if (near := get_close_matches(name, list(frame.columns), n=1))
        )
        raise SeedError(
            f"{path.name}: is not a coding sheet: it has no column {', '.join(missing)} (its first row: "
            f"{', '.join(header[:8])}); {near or 'axislib sheet writes one'}"
        )
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise SeedError(f"{path.name}, row 1: two columns are called {', '.join(twice)}; rename the one that was added")
    return frame


def _rows_of_workbook(raw: bytes, path: Path) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(raw))  # formulas as they were typed: they are never reckoned
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SeedError(f"{path.name}: not an Excel workbook that can be read ({error}); save it again as .xlsx") from None
    pages = [page for page in book.worksheets if page.title != "codebook"] or book.worksheets
    return [
        ["" if value is None else str(getattr(value, "text", value)) for value in row]
        for row in pages[0].iter_rows(values_only=True)
    ]
