"""Whatever file comes in, as rows of text: a table, a returned sheet, a jury's file, a workbook;
and a frame as a tab of a workbook that goes out."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import guard, unguard, zipped

SHEET = ["unit", "variable", "where", "sentence", "question", "code", "memo", "coder", "seed"]
_NEEDED = ("unit", "variable", "code")
_HEADER_WITHIN = 10  # rows from the top among which a sheet's first row is looked for

LARGEST = 20_000_000  # bytes of a file that is still read
UNZIPPED = 10_000_000  # bytes of a workbook's cells once unzipped
ROWS, COLUMNS, CELLS = 20_000, 200, 200_000  # of a workbook's tab that hold a value

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # in the file of a workbook with a password
_OTHER_FILES = (b"\xd0\xcf\x11\xe0", b"%PDF")
# what Windows-1252 writes beside letters: quotation marks, dashes, signs of number and currency
_SIGNS = (
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2039\u203a\u00ab\u00bb\u2013\u2014\u2026\u20ac\u00a0"
)
_FOREIGN = re.compile(
    r"[^\W\d_a-zA-Z]{3}"  # three letters with marks in a row: another script
    r"|[a-z][^\W\d_a-z\u00df-\u00ff\u0153\u0161\u017e\u0192]"  # a capital inside a word
    rf"|[a-zA-Z\u00c0-\u00ff][^\x00-\x7f\w{_SIGNS}]\w"  # a sign inside a word, or before one
    rf"|(?<!\w)[^\x00-\x7f\w{_SIGNS}\u00a3\u00a7\u00a9\u00bf\u00a1\u00b0][^\W\d_]"
    r"|\u00a3[^\W\d_]|[\u00a4\u00a6\u00a8\u00ac\u00af\u00b8\u02c6\u02dc]"
)
_HOUR = re.compile(rb"(?<=W3CDTF\">)\d{4}-\d\d-\d\dT[\d:]+Z")  # when a workbook was made
_NOTHING = "a formula that gives nothing"
_NOT_STORED = "a formula without a stored value; open the file in a spreadsheet and save it again"
# not allowed in XML, which a workbook is
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_file(path: Path) -> bytes:
    """The bytes of a file; SeedError where it is missing, too large or cannot be read."""
    try:
        if path.is_dir():
            problem = "a folder, not a file; name the file in it"
        elif path.stat().st_size > LARGEST:
            problem = f"more than {LARGEST // 10**6} MB, too large to be read; split it"
        else:
            return path.read_bytes()
    except FileNotFoundError:
        problem = "there is no such file; check its name and folder"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        problem = f"cannot be read ({why}); is it open elsewhere, and may you read it?"
    raise SeedError(f"{path.name}: {problem}")


def is_plain_western(text: str) -> bool:
    """Whether text read as Windows-1252 may be that: no sign is where no western language has one.

    >>> is_plain_western("caf\\xe9 \\u2013 \\xa35"), is_plain_western("\\xa3\\xf3d\\u0178")
    (True, False)
    """
    return not _FOREIGN.search(text) and not _CONTROL.search(text)


def likely_encoding(raw: bytes) -> str:
    """The encoding and language that bytes look like, in brackets; empty where nobody knows."""
    from charset_normalizer import from_bytes

    if (best := from_bytes(raw).best()) is None:
        return ""
    language = "" if best.language in ("", "Unknown") else f", {best.language}"
    return f" (it looks like {best.encoding.replace('_', '-')}{language})"


def csv_text(raw: bytes, name: str, columns: Iterable[str] = ()) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or Windows-1252 where every byte fits.

    Where ``columns`` are given, Windows-1252 is taken only if the first row has them. Raises
    SeedError for all else: nothing is guessed.
    """
    if raw.startswith(UTF16):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise SeedError(f"{name}: begins as UTF-16 and is cut off; save it again") from None
    if b"\0" in raw:
        raise SeedError(f"{name}: is not a text file; save it as CSV UTF-8, or as .xlsx")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
    with suppress(UnicodeDecodeError):
        text = raw.decode("cp1252")
        if is_plain_western(text) and set(columns) <= set(next(_rows(text), [])):
            return text
    raise SeedError(
        f"{name}, row {row}: is not UTF-8, and no other encoding is certain{likely_encoding(raw)};"
        " open it in the program that wrote it and save it as CSV UTF-8, or as .xlsx"
    )


def _rows(text: str) -> Iterator[list[str]]:
    """The rows of a CSV text, whatever is between its columns, without Excel's line ``sep=;``."""
    said = re.match(r"\ufeff?\"?sep=(.)\"?\r?\n", text, re.IGNORECASE)
    text = text[said.end() :] if said else text
    separator = said[1] if said else max(",;\t", key=text.split("\n", 1)[0].count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def csv_rows(raw: bytes, name: str, columns: Iterable[str] = ()) -> list[list[str]]:
    """The rows of a CSV file, whatever spreadsheet wrote it; see ``csv_text``."""
    try:
        return list(_rows(csv_text(raw, name, columns)))
    except csv.Error as error:
        raise SeedError(f"{name}: not a table ({error}); save it again as .xlsx or CSV") from None


def plain_csv(raw: bytes, name: str = "the file", columns: Iterable[str] = ()) -> str:
    """A CSV's text as UTF-8 with commas and plain line ends; see ``csv_text`` for what is refused.

    >>> plain_csv("id;name\\r\\na;caf\\xe9\\r\\n".encode("cp1252"))
    'id,name\\na,caf\\xe9\\n'
    """
    out = io.StringIO()
    # a spreadsheet writes a row of separators for what was emptied or only coloured
    rows = [row for row in csv_rows(raw, name, columns) if any(map(str.strip, row))]
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


@dataclass(frozen=True)
class Tab:
    """A workbook's tab: its ``rows`` that hold a value (number -> cells as text), ``faults`` (cells
    with an error or a formula without a value) and ``empty`` (formulas that give nothing)."""

    title: str
    rows: dict[int, list[str]] = field(default_factory=dict, repr=False)
    faults: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


def read_tabs(path: Path) -> list[Tab]:
    """Every tab of a workbook, formulas as the value stored with them; bare formats are left out.
    SeedError for what cannot be read, or holds more than ROWS, COLUMNS, CELLS or UNZIPPED."""
    from openpyxl import load_workbook

    raw, name = read_file(path), Path(path).name
    if raw.startswith(_OTHER_FILES) and _LOCKED in raw:
        raise SeedError(f"{name}: locked with a password; save it without one and send it again")
    try:
        _refuse_bombs(raw, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out does not matter here
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            return [_tab(page, name) for page in book.worksheets]
    except SeedError:
        raise
    except Exception as error:  # the readers raise whatever they stumble over
        words = f"{type(error).__name__}: {error}"[:120]
        raise SeedError(
            f"{name}: not an Excel workbook that can be read ({words}); save it again as Excel"
            " Workbook (.xlsx), not Strict"
        ) from None


def _refuse_bombs(raw: bytes, name: str) -> None:
    """Refuse a zip that unzips to far too much, or has XML definitions that mean any amount."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        xml = [part for part in parts.infolist() if part.filename.endswith((".xml", ".rels"))]
        if (size := sum(part.file_size for part in xml)) > UNZIPPED:
            raise SeedError(
                f"{name}: unzips to {size // 10**6} MB, and {UNZIPPED // 10**6} MB are read;"
                " copy the rows that hold something into a new workbook"
            )
        if any(b"<!" in parts.open(part).read(2000).replace(b"<!--", b"") for part in xml):
            wrong = "holds XML definitions, as no spreadsheet writes them; not read"
            raise SeedError(f"{name}: {wrong}")


def _tab(page, name: str) -> Tab:
    from openpyxl.utils import get_column_letter

    tab, size = Tab(page.title), 0
    for number, cells in _rows_of(page):
        last, _, _ = cells[-1]
        if number > ROWS or last > COLUMNS or size > CELLS:
            raise SeedError(
                f"{name}, tab {page.title}, cell {get_column_letter(last)}{number}: only {ROWS:,}"
                f" rows, {COLUMNS} columns and {CELLS:,} cells of a tab are read; take out what is"
                " not needed"
            )
        row = [""] * last
        for column, text, fault in cells:
            row[column - 1] = text
            if fault:
                place = f"tab {page.title}, cell {get_column_letter(column)}{number}"
                kind = tab.empty if fault == _NOTHING else tab.faults
                kind.append(f"{place}: {fault}")
        size += len(cells)
        if any(row):
            tab.rows[number] = row
    return tab


def _rows_of(page) -> Iterator[tuple[int, list[tuple[int, str, str]]]]:
    """Number and cells (column, text, fault) of each row that holds a value. Public reading would
    make a cell for every place in between."""
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Parser(WorkSheetParser):
        def parse_cell(self, element):
            return super().parse_cell(element) | {"formula": element.find(FORMULA_TAG)}

    book = page.parent
    with page._get_source() as source:
        shown_as = (book.epoch, book._date_formats, book._timedelta_formats)
        for number, row in Parser(source, page._shared_strings, True, *shown_as).parse():
            cells = []
            for cell in row:
                formula, value = cell.pop("formula"), cell["value"]
                if isinstance(value, datetime.date):  # a datetime is one too
                    length = _date_length(ReadOnlyCell(page, **cell).number_format)
                    value = f"{value:%Y-%m-%d}"[:length]
                elif isinstance(value, float) and value.is_integer():
                    value = int(value)
                text, fault = _with_fault("" if value is None else str(value), cell, formula)
                if text.strip() or fault:
                    cells.append((cell["column"], text, fault))
            if cells:
                yield number, cells


def _with_fault(text: str, cell: dict, formula) -> tuple[str, str]:
    if cell["data_type"] == "e":
        return text, f"the error {text}; correct the formula"
    if formula is None or text:
        return text, ""
    if cell["data_type"] == "str":
        return "", _NOTHING
    return f"={formula.text or ''}", _NOT_STORED  # what was typed, so that a person finds it again


def _date_length(shown_as: str) -> int:
    """How much of 2022-01-01 was meant: a spreadsheet keeps a typed 2022-01 so, shown as Jan-22."""
    signs = re.sub(r"\"[^\"]*\"|\[[^\]]*\]|\\.", "", shown_as).lower()
    if "d" in signs or not set("my") & set(signs):
        return len("2022-01-01")
    return len("2022-01") if "m" in signs else len("2022")


def rows_with(path: Path, columns: Iterable[str]) -> dict[int, list[str]]:
    """A file's rows that hold something, by number; of the tab with the columns, or the first."""
    raw, name = read_file(path), Path(path).name
    if raw.startswith(_OTHER_FILES) and _LOCKED not in raw:
        raise SeedError(f"{name}: an old Excel file or a PDF; save it as .xlsx or as CSV")
    if not raw.startswith((b"PK", *_OTHER_FILES)):
        rows = enumerate(csv_rows(raw, name), start=1)
        return {n: row for n, row in rows if any(cell.strip() for cell in row)}
    tabs = [tab for tab in read_tabs(path) if tab.rows]
    tabs.sort(key=lambda t: (not _header_at(t.rows, columns), t.title.lower() == "codebook"))
    return tabs[0].rows if tabs else {}


def _header_at(rows: Mapping[int, list[str]], columns: Iterable[str]) -> int:
    """The number of the row that names the columns; 0 where none of the first ones does."""
    words = {n: {cell.strip().lower() for cell in rows[n]} for n in list(rows)[:_HEADER_WITHIN]}
    return next((number for number in words if set(columns) <= words[number]), 0)


def read_cells_of(path: Path) -> pd.DataFrame:
    """A returned coding sheet's cells as text, by column, indexed by row as a spreadsheet counts.
    Raises SeedError for a file that is no coding sheet, or has two columns of one name."""
    if not (rows := rows_with(path, _NEEDED)):
        raise SeedError(f"{path.name}: the file is empty; ask for it again")
    top = _header_at(rows, _NEEDED) or next(iter(rows))
    body = {n: map(unguard, row) for n, row in rows.items() if n >= top}
    header, *cells = zip(*zip_longest(*body.values(), fillvalue=""), strict=True)
    names = [name.strip() or f"column {n}" for n, name in enumerate(header, start=1)]
    names = [name.lower() if name.lower() in SHEET else name for name in names]
    frame = pd.DataFrame(cells, columns=names, index=[*body][1:], dtype=str)
    _refuse_other(frame, path.name, top)
    return frame


def _refuse_other(frame: pd.DataFrame, name: str, top: int) -> None:
    header = list(map(str, frame))
    if missing := [column for column in _NEEDED if column not in header]:
        near = [(get_close_matches(column, header, n=1), column) for column in missing]
        meant = "; ".join(f"did you mean to call '{a[0]}' {column}?" for a, column in near if a)
        raise SeedError(
            f"{name}: is not a coding sheet: it has no column {', '.join(missing)} (its first"
            f" row: {', '.join(header[:8])}); {meant or 'axislib sheet writes one'}"
        )
    if twice := sorted({column for column in header if header.count(column) > 1}):
        raise SeedError(
            f"{name}, row {top}: two columns are called {', '.join(twice)}; rename the one that was"
            " added"
        )


def seed_named(paths: Iterable[Path]) -> str:
    """The data set that sheets say they are of; empty where none does. SeedError for several."""
    named = {path.name: seeds_in(read_cells_of(path)) for path in map(Path, paths)}
    names = sorted(set().union(*named.values()))
    strange = [name for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name)]
    if strange:  # a returned sheet is somebody else's: it names a data set, never a place
        raise SeedError(
            f"'{strange[0]}' cannot be the name of a data set; correct the column seed of the"
            " sheets, or name the data set with --seed"
        )
    if len(names) > 1:
        listed = "; ".join(f"{file}: {', '.join(sorted(seeds))}" for file, seeds in named.items())
        raise SeedError(
            f"these sheets are of several seeds ({listed}); leave the others out, or name one with"
            " --seed"
        )
    return names[0] if names else ""


def seeds_in(frame: pd.DataFrame) -> set[str]:
    """The data sets that a sheet says it is of."""
    return {name.strip() for name in frame["seed"] if name.strip()} if "seed" in frame else set()


def folded(words: str) -> str:
    """What was written, as a code is written.

    >>> folded(" Not stated.")
    'not_stated'
    """
    return re.sub(r"[\s-]+", "_", words.strip()).strip("_.").lower()


def word_of(words: str, codes: Iterable[str]) -> str:
    """The code meant where only case, blanks or hyphens differ; empty for anything else."""
    return next((code for code in codes if code.lower() == folded(words)), "")


def actor_named(words: str, names: Mapping[str, str]) -> str:
    """The one actor who has that name; empty where none or several have."""
    found = [actor for actor, name in names.items() if folded(name) == folded(words)]
    return found[0] if len(found) == 1 else ""


def writable(text: str) -> str:
    """The text without the signs that no workbook may hold, such as control characters from a PDF.

    >>> writable("ship\\x02s")
    'ships'
    """
    return _CONTROL.sub("", text)


def fill_sheet(sheet, frame: pd.DataFrame) -> None:
    """Write a frame into an openpyxl sheet, its first row frozen; text stays text, also ``=1``."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    top = Alignment(wrap_text=True, vertical="top")
    for column, name in enumerate(frame.columns, start=1):
        sheet.cell(1, column, name).font = Font(bold=True)
        longest = max([len(str(name)), *(len(str(v)) for v in frame[name].head(200))])
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 8), 60)
        for row, value in enumerate(frame[name], start=2):
            if pd.isna(value) or value == "":
                continue
            cell = sheet.cell(row, column)
            cell.alignment = top
            if isinstance(value, str):
                cell.value = writable(value)
                cell.data_type = "s"  # openpyxl takes a leading = for a formula
                cell.quotePrefix = guard(value) != value
            else:
                cell.value = value.date() if isinstance(value, pd.Timestamp) else value
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions


def new_book():
    """An openpyxl workbook without any tab."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def as_bytes(book) -> bytes:
    """A workbook as the bytes of its file, without the hour: the same cells, the same bytes."""
    dated = io.BytesIO()
    book.save(dated)
    with zipfile.ZipFile(dated) as parts:
        read = ((name, parts.read(name)) for name in parts.namelist())
        return zipped({name: _HOUR.sub(b"1980-01-01T00:00:00Z", part) for name, part in read})


def drop_down(page, words: str, cells: Iterable[str], error: str = "") -> None:
    """Let cells offer the words that are in other cells; with ``error``, no other word is taken."""
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1=words, allow_blank=True)
    choice.showErrorMessage = bool(error)
    if error:
        choice.errorTitle, choice.error = "Not in the list", error
    page.add_data_validation(choice)
    for place in cells:
        choice.add(place)
