"""A returned file's cells, whatever spreadsheet saved it: an Excel workbook, or a CSV of any
encoding and separator."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import unguard

# the columns of a coding sheet
SHEET = ["unit", "variable", "where", "sentence", "question", "code", "memo", "coder", "seed"]
_NEEDED = ("unit", "variable", "code")


def read_cells_of(path: Path) -> pd.DataFrame:
    """A returned file's cells as text, by column, indexed by row as a spreadsheet counts: a
    workbook's first tab, or any CSV."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SeedError(f"{path.name}: there is no such file; check its name and folder") from None
    except OSError as error:
        raise SeedError(
            f"{path.name}: cannot be read ({error.strerror}); is it open in a spreadsheet?"
        ) from None
    if raw.startswith(b"PK"):
        rows = _rows_of_workbook(raw, path)
    elif raw.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise SeedError(f"{path.name}: an old Excel file or a PDF; save it as .xlsx or as CSV")
    else:
        try:
            rows = list(csv.reader(io.StringIO(plain_csv(raw), newline="")))
        except csv.Error as error:
            raise SeedError(
                f"{path.name}: not a table ({error}); save it again as .xlsx or CSV"
            ) from None
    numbered = [
        (n, row) for n, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)
    ]
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
            f"{path.name}: is not a coding sheet: it has no column {', '.join(missing)} (its first"
            f" row: {', '.join(header[:8])}); {near or 'axislib sheet writes one'}"
        )
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise SeedError(
            f"{path.name}, row 1: two columns are called {', '.join(twice)}; rename the one that"
            " was added"
        )
    return frame


def seed_named(paths: Iterable[Path]) -> str:
    """The seed that the sheets say they are of; empty where none says. SeedError where they are of
    several."""
    named = {path.name: seeds_in(read_cells_of(path)) for path in map(Path, paths)}
    names = sorted(set().union(*named.values()))
    strange = [name for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name)]
    if strange:  # a returned sheet is somebody else's: it names a seed, never a place
        raise SeedError(
            f"'{strange[0]}' cannot be a seed's name; mend the column seed of the sheets, or name"
            " the seed with --seed"
        )
    if len(names) > 1:
        listed = "; ".join(f"{file}: {', '.join(sorted(of))}" for file, of in named.items())
        raise SeedError(
            f"these sheets are of several seeds ({listed}); leave the others out, or name one with"
            " --seed"
        )
    return names[0] if names else ""


def seeds_in(frame: pd.DataFrame) -> set[str]:
    """The seeds that a sheet says it is of."""
    return {name.strip() for name in frame["seed"] if name.strip()} if "seed" in frame else set()


def _rows_of_workbook(raw: bytes, path: Path) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(
            io.BytesIO(raw)
        )  # formulas as they were typed: they are never reckoned
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SeedError(
            f"{path.name}: not an Excel workbook that can be read ({error}); save it again as .xlsx"
        ) from None
    pages = [page for page in book.worksheets if page.title != "codebook"] or book.worksheets
    return [
        ["" if value is None else str(getattr(value, "text", value)) for value in row]
        for row in pages[0].iter_rows(values_only=True)
    ]


def folded(said: str) -> str:
    """What was written, as a code is written."""
    return re.sub(r"[\s-]+", "_", said.strip()).strip("_.").lower()


def word_of(said: str, words: Iterable[str]) -> str:
    """The code meant where only case, blanks or hyphens are otherwise; empty for anything else."""
    return next((word for word in words if word.lower() == folded(said)), "")


def actor_named(said: str, names: Mapping[str, str]) -> str:
    """The one actor who has that name; empty where none or several have."""
    found = [actor for actor, name in names.items() if folded(name) == folded(said)]
    return found[0] if len(found) == 1 else ""


def plain_csv(raw: bytes) -> str:
    """A CSV's text as UTF-8 with commas and plain line ends, whatever spreadsheet wrote it.

    >>> plain_csv("id;name\\r\\na;caf\\xe9\\r\\n".encode("cp1252"))
    'id,name\\na,caf\\xe9\\n'
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    )
    return out.getvalue()


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
