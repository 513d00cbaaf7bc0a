"""Coding sheets: written for groups and students as Excel workbooks with drop-downs, and as CSV."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import to_csv, write_whole
from axislib.seed.seed import Seed
from axislib.seed.selection import select
from axislib.seminar.variables import VARIABLES, units_of, words_of
from axislib.tables.schema import split_cell
from axislib.tables.spreadsheets import SHEET, fill_sheet

CODEBOOK = ["variable", "code", "meaning", "task", "scale"]
TO_FILL = ("code", "memo")
FIRST_ROW = 2  # below the names of the columns
WIDTHS = {"unit": 26, "sentence": 60, "question": 60, "code": 22, "memo": 40}
BY = ("actors", "dimensions", "hypotheses")


def make_sheet(
    seed: Seed,
    coder: str,
    variables: Sequence[str],
    with_text: bool = True,
    actors: Iterable[str] = (),
    **chosen,
) -> pd.DataFrame:
    """One coder's empty sheet: a row a unit and variable, with the columns of ``SHEET``.

    ``chosen`` goes to ``units_of`` (sentences, dimensions, hypotheses, most); ``actors`` keeps the
    facts that touch them. ``sentence`` holds the words of the reader's own copy, where it is at
    hand and wanted. Raises SeedError if there is nothing to code, or the coder has no name.
    """
    if not coder.strip():
        raise SeedError("a coder needs a name; such as: axislib sheet --for anna")
    part = select(seed, actors=actors) if list(actors) else seed
    units = units_of(part, variables, **chosen)
    if units.empty:
        raise SeedError(
            f"{coder}: nothing to code is left; choose more sentences, or something else to code"
            f" ({', '.join(VARIABLES)})"
        )
    words = [sentences_at(seed, cell) if with_text else "" for cell in units["where"]]
    sheet = units.assign(sentence=words, code="", memo="", coder=coder.strip(), seed=seed.name)
    return sheet[SHEET]


def sentences_at(seed: Seed, anchors: str) -> str:
    """The sentences at these locators (``;`` between), in the words of the reader's own copy."""
    return " ".join(filter(None, map(seed.sentence, split_cell(anchors))))


def codebook_of(seed: Seed, variables: Iterable[str]) -> pd.DataFrame:
    """What may stand in the column ``code``: ``variable``, ``code``, ``meaning``, ``task``,
    ``scale``."""
    rows = [
        (name, word, meaning, VARIABLES[name].ask, VARIABLES[name].scale)
        for name in dict.fromkeys(variables)
        for word, meaning in words_of(seed, name).items()
    ]
    return pd.DataFrame(rows, columns=CODEBOOK)


def workbook(sheet: pd.DataFrame, codebook: pd.DataFrame, title: str = "coding") -> bytes:
    """A sheet as an Excel workbook: drop-downs for codes, the codebook on the second tab, all else
    locked (no password)."""
    from openpyxl import Workbook
    from openpyxl.styles import Protection
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet(title)
    fill_sheet(page, sheet)
    fill_sheet(book.create_sheet("codebook"), codebook)
    at = {name: get_column_letter(n) for n, name in enumerate(sheet.columns, start=1)}
    for name in WIDTHS.keys() & at.keys():
        page.column_dimensions[at[name]].width = WIDTHS[name]
    _add_drop_downs(page, sheet, codebook, at["code"])
    for name in TO_FILL:
        for row in range(FIRST_ROW, FIRST_ROW + len(sheet)):
            cell = page[f"{at[name]}{row}"]
            cell.protection = Protection(locked=False)
            cell.number_format = "@"  # text: what is typed here is not reckoned with
    page.protection.sheet = True
    for free in ("formatColumns", "formatRows", "autoFilter", "sort"):
        setattr(page.protection, free, False)
    page.freeze_panes = "B2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _add_drop_downs(page, sheet: pd.DataFrame, codebook: pd.DataFrame, column: str) -> None:
    """Let each cell for a code offer the words of its variable."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for variable in sheet["variable"].unique():
        rows = [n for n, name in enumerate(codebook["variable"], FIRST_ROW) if name == variable]
        if not rows:
            continue
        # a list typed into the validation may hold 255 signs at most: the codebook tab is the list
        choice = DataValidation(
            type="list",
            formula1=f"codebook!$B${rows[0]}:$B${rows[-1]}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Not in the list",
            error="Choose a code from the list; what does not fit goes into the memo.",
        )
        page.add_data_validation(choice)
        for row, name in enumerate(sheet["variable"], FIRST_ROW):
            if name == variable:
                choice.add(f"{column}{row}")


def csv_for_excel(frame: pd.DataFrame) -> str:
    """A frame as CSV with the byte-order mark by which Excel knows UTF-8."""
    return "\ufeff" + to_csv(frame)


def write_sheets(
    seed: Seed,
    coders: Sequence[str],
    variables: Sequence[str],
    out: Path,
    forms: Sequence[str] = ("xlsx", "csv"),
    by: str = "",
    with_text: bool = True,
    **chosen,
) -> list[Path]:
    """Write a sheet for each coder; returns the paths. ``by`` gives each its own actor, dimension
    or hypothesis, in turn.

    CSV files carry a byte-order mark, so that Excel reads them as UTF-8. Raises SeedError where two
    coders have one name, or a sheet is there already and is filled in, before anything is written.
    """
    twice = sorted({coder for coder in coders if list(coders).count(coder) > 1})
    if twice:
        raise SeedError(
            f"two coders are called {', '.join(twice)}; give each a name of their own, such as"
            f" {twice[0]}_2"
        )
    shares = share_out(seed, by, len(coders)) if by else [{}] * len(coders)
    codebook = codebook_of(seed, variables)
    taken: set[str] = set()
    files: dict[Path, str | bytes] = {}
    for coder, share in zip(coders, shares, strict=True):
        name = file_name(coder, taken)
        sheet = make_sheet(seed, coder, variables, with_text, **{**chosen, **share})
        for form in forms:
            content = workbook(sheet, codebook) if form == "xlsx" else csv_for_excel(sheet)
            files[Path(out) / f"sheet-{name}.{form}"] = content
    for path in files:
        _refuse_filled(path)
    if "csv" in forms:
        # a CSV file has no second tab: the codebook lies beside it
        files[Path(out) / "codebook.csv"] = csv_for_excel(codebook)
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def _refuse_filled(path: Path) -> None:
    """A sheet that somebody has filled in is never written over."""
    from axislib.tables.spreadsheets import read_cells_of

    if not path.exists():
        return
    cells = read_cells_of(path)
    filled = int((cells["code"].str.strip() != "").sum()) if "code" in cells else len(cells)
    if filled:
        raise SeedError(
            f"{path} is there already and holds {filled} codes that would be lost; nothing was"
            " written; move it, or name another folder with --out"
        )


def share_out(seed: Seed, by: str, groups: int) -> list[dict[str, list[str]]]:
    """What each of so many groups gets: one actor (those most spoken of first), dimension or
    hypothesis each, round again if few.

    >>> import axislib
    >>> share_out(axislib.open_seed(), "hypotheses", 2)
    [{'hypotheses': ['hyp_axis']}, {'hypotheses': ['hyp_marriage_of_convenience']}]
    """
    if by == "actors":
        polities = set(seed.actors.loc[seed.actors["kind"].isin(["polity", "group", "body"]), "id"])
        named = seed.links.loc[seed.links["column"] != "speaker", "target"]
        values = list(named[named.isin(polities)].value_counts(sort=True).index)
    elif by in BY:
        values = list(seed.tables[by]["id"])
        if by == "dimensions":  # those on which there is something to find come first
            spoken = seed.cooperation["dimension"].value_counts()
            values.sort(key=lambda one: -int(spoken.get(one, 0)))
    else:
        raise SeedError(f"'{by}' cannot be shared out; use one of: {', '.join(BY)}")
    if not values:
        raise SeedError(f"seed {seed.name} has no {by} to share out")
    return [{by: [values[n % len(values)]]} for n in range(groups)]


def file_name(coder: str, taken: set[str]) -> str:
    """A name safe on every system, and not yet taken: letters of any script without their accents,
    digits, - and _.

    >>> file_name("Zo\\u00eb / Gruppe 1", set())
    'Zoe-Gruppe-1'
    """
    letters = unicodedata.normalize("NFKD", coder)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    stem = unicodedata.normalize("NFC", re.sub(r"\W+", "-", plain)).strip("-") or "coder"
    name, n = stem, 2
    while name.lower() in taken:
        name, n = f"{stem}-{n}", n + 1
    taken.add(name.lower())
    return name
