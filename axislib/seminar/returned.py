"""Sheets that come back: every code and memo kept, everything odd reported."""

from __future__ import annotations

import glob
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from axislib.check.cells import Finding
from axislib.errors import SeedError, did_you_mean
from axislib.questions.levels import compared_coalitions
from axislib.seed.seed import Seed
from axislib.seminar.sheets import VARIABLES, words_of
from axislib.tables.schema import records
from axislib.tables.spreadsheets import SHEET, actor_named, folded, read_cells_of, seeds_in, word_of
from axislib.words import counted

CODES = ["coder", "unit", "variable", "code", "memo", "where", "question", "written", "file", "row"]
LIKE_A_UNIT = 0.8  # ids are long and alike
_OF_PROGRAMS = ("~$", ".")  # what spreadsheets, Macs and shares leave beside a sheet
_OUT = "the row does not count"
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt")
_Row = dict[str, Any]
_Key = tuple[str, str]  # unit and variable


@dataclass(frozen=True)
class Returned:
    """What came back: ``codes`` (by coder, unit and variable) and ``notices`` (what somebody
    should look at).

    In ``codes``, ``code`` is empty where there is none that counts; ``written`` is what is in
    the file.
    """

    codes: pd.DataFrame = field(repr=False)
    notices: list[Finding]

    @property
    def coders(self) -> list[str]:
        """Names of the coders, in the order of the files."""
        return list(dict.fromkeys(self.codes["coder"]))


def read_sheets(paths: Iterable[Path | str], seed: Seed) -> Returned:
    """Read sheets back, whatever they are called and whatever spreadsheet saved them.

    ``paths`` are files, or folders with sheets in them. The coder's name is in the sheet, not
    in the file's name. Several files of one coder are one coder; where they contradict each other
    and do not belong together by name, they are kept apart. Raises SeedError where no file is a
    sheet, one is not there, or one belongs to another seed; all else is a notice: files passed
    over, missing and misspelt codes, rows left out because their unit is unknown, rows that appear
    twice, columns that are not of a sheet (kept in the memo). It cannot tell whether a sheet was
    filled in by the person it names.
    """
    sheets, notices = sheets_in(paths)
    return codes_in(sheets, seed, notices)


def sheets_in(paths: Iterable[Path | str]) -> tuple[dict[Path, pd.DataFrame], list[Finding]]:
    """The cells of every coding sheet among files and folders, and a notice for each file passed
    over. SeedError where none is a sheet, or a file is not there."""
    sheets: dict[Path, pd.DataFrame] = {}
    notices = []
    for path in _files_in(paths):
        try:
            sheets[path] = _sheet_in(path)
        except SeedError as error:
            problem = str(error).removeprefix(path.name).removeprefix(":").lstrip(", ")
            notices.append(Finding(path.name, None, "", "", problem, "passed over"))
    if sheets:
        return sheets, notices
    if not notices:
        raise SeedError("no sheet was given; such as: axislib agree sheet-anna.xlsx sheet-ben.xlsx")
    if len(notices) == 1:
        raise SeedError(f"{notices[0].file}: {notices[0].problem}")
    reasons = "\n  ".join(f"{notice.file}: {notice.problem}" for notice in notices)
    raise SeedError(f"none of these {len(notices)} files is a coding sheet:\n  {reasons}")


def _files_in(paths: Iterable[Path | str]) -> list[Path]:
    """The files meant, each once: a folder's, or those that a pattern (``*.xlsx``) fits."""
    files: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            files += sorted(one for one in path.iterdir() if one.is_file())
        elif path.exists():
            files.append(path)
        else:
            fitting = sorted(one for one in map(Path, glob.glob(str(path))) if one.is_file())
            if not fitting:
                raise SeedError(f"{path.name}: there is no such file; check its name and folder")
            files += fitting
    return list({path.resolve(): path for path in reversed(files)}.values())[::-1]


def _sheet_in(path: Path) -> pd.DataFrame:
    """The cells of a coding sheet; SeedError says why a file is none."""
    if path.name.startswith(_OF_PROGRAMS):
        raise SeedError(f"{path.name}: a program's own file, not a sheet")
    if path.stem == "codebook":
        raise SeedError(f"{path.name}: the codebook, not a sheet")
    if path.suffix and path.suffix.lower() not in _SPREADSHEETS:
        raise SeedError(f"{path.name}: no spreadsheet; a sheet is an .xlsx or a .csv")
    cells = read_cells_of(path)
    if "choices" in cells:
        raise SeedError(
            f"{path.name}: a quiz, which has right answers and no agreement; lay its column code"
            " beside the column answer of quiz-key.csv"
        )
    return cells


def codes_in(
    sheets: Mapping[Path, pd.DataFrame], seed: Seed, notices: Iterable[Finding] = ()
) -> Returned:
    """The codes of sheets read by ``sheets_in``; ``notices`` are those there are already."""
    book, notices = _Codebook.of(seed), list(notices)
    parts: list[_Part] = []
    for path, cells in sheets.items():
        named = seeds_in(cells)
        if named and seed.name not in named:
            raise SeedError(
                f"{path.name}: is a sheet of seed {', '.join(sorted(named))}, not of {seed.name};"
                " name that seed with --seed, or leave the file out"
            )
        notices += _extra_columns(cells, path)
        parts += _parts_of(cells, path, book, notices)
    people = _people(parts, notices).items()
    rows = [{**row, "coder": coder} for coder, one in people for row in one.rows.values()]
    codes = pd.DataFrame(rows, columns=CODES)
    notices += [*_missing_codes(codes), *_missing_rows(codes)]
    return Returned(codes, _once(notices))


@dataclass(frozen=True)
class _Codebook:
    """What may be in a sheet of one seed."""

    seed: str
    units: frozenset[str]
    words: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, seed: Seed) -> _Codebook:
        pairs = itertools.product(seed.dimensions["id"], compared_coalitions(seed))
        cells = (f"{dimension}:{coalition}" for dimension, coalition in pairs)
        units = frozenset({*seed.facts["id"], *seed.consistency["id"], *cells})
        return cls(seed.name, units, {name: words_of(seed, name) for name in VARIABLES})

    def code(
        self, unit: str, variable: str, written: str
    ) -> tuple[str, tuple[str, str, str, str] | None]:
        """The code meant, and what is to be said of it: column, value, problem and remedy."""
        if variable not in VARIABLES:
            remedy = did_you_mean(variable, [*VARIABLES], f"use one of: {', '.join(VARIABLES)}")
            return "", ("variable", variable, "is not something to code", f"{_OUT}; {remedy}")
        if unit not in self.units:
            left = "leave this column as it was handed out"
            remedy = did_you_mean(unit, [*self.units], left, LIKE_A_UNIT)
            return "", ("unit", unit, f"is not in seed {self.seed}", f"{_OUT}; {remedy}")
        words = self.words[variable]
        code = word_of(written, words)
        if code or not written:
            return code, None
        actor = actor_named(written, words) if variable == "speaker" else ""
        if actor:
            return actor, ("code", written, f"is the name of {actor}", f"read as {actor}")
        remedy = did_you_mean(folded(written), [*words], f"use one of: {', '.join(words)}")
        problem = f"is not a code for {variable}"
        return "", ("code", written, problem, f"it does not count; {remedy}")


@dataclass
class _Part:
    """What one coder put into one file, or, once files are joined, into several."""

    coder: str
    named: bool  # whether the sheet names its coder, or the file's name has to do
    files: list[Path]
    rows: dict[_Key, _Row] = field(default_factory=dict)

    def belongs_with(self, other: _Part) -> bool:
        """Whether two parts are one person's: the workbook and the CSV handed out together, or
        files that name the same coder and nowhere contradict each other."""
        own, others = ({path.with_suffix("") for path in part.files} for part in (self, other))
        named, same = self.named and other.named, self.coder == other.coder
        if own & others:
            return same or not named
        return named and same and not self.contradicts(other)

    def contradicts(self, other: _Part) -> bool:
        """Whether some unit has two codes."""
        return any(
            row["code"] and code and row["code"] != code
            for key, row in self.rows.items()
            if (code := other.rows.get(key, {}).get("code"))
        )

    def join(self, other: _Part) -> list[Finding]:
        """Take another file of the same coder in."""
        if not self.named:
            self.coder, self.named = other.coder, other.named
        file, first = other.files[0].name, self.files[0].name
        remedy = "the files count as one coder, and a code that is in both is counted once"
        notices = [Finding(file, None, "coder", self.coder, f"is that of {first} too", remedy)]
        for row in other.rows.values():
            notices += self.add(row)
        self.files += other.files
        return notices

    def add(self, row: _Row) -> list[Finding]:
        """Take a row in. The same row counts once; two that contradict each other do not count."""
        first = self.rows.setdefault((row["unit"], row["variable"]), row)
        if first is row:
            return []
        notices = []
        if first["code"] and row["code"] and first["code"] != row["code"]:
            other = f" of {first['file']}" if first["file"] != row["file"] else ""
            place = f"row {first['row']}{other}"
            problem = f"appears in {place} as '{first['written']}' already"
            remedy = "neither counts; keep one row"
            notices = [Finding(row["file"], row["row"], "code", row["written"], problem, remedy)]
            first |= {"code": "", "contradicted": True}
        elif row["code"] and not first.get("contradicted"):
            first["code"] = row["code"]
        for name, joint in (("memo", "; "), ("written", " / ")):
            first[name] = joint.join(dict.fromkeys(filter(None, (first[name], row[name]))))
        return notices


def _extra_columns(cells: pd.DataFrame, path: Path) -> list[Finding]:
    problem = "is not a column of a coding sheet"
    remedy = "its cells were kept, at the end of each memo"
    extra = [name for name in cells if name not in SHEET and (cells[name] != "").any()]
    return [Finding(path.name, 1, str(name), "", problem, remedy) for name in extra]


def _parts_of(
    cells: pd.DataFrame, path: Path, book: _Codebook, notices: list[Finding]
) -> list[_Part]:
    """A file's rows by coder; each row without a name is the first coder's."""
    written = cells["coder"].str.strip() if "coder" in cells else []
    names = [name for name in dict.fromkeys(written) if name]
    notices += _of_the_file(cells, names, path)
    parts: dict[str, _Part] = {}
    for number, row in zip(cells.index, records(cells), strict=True):
        row = {name: value.strip() for name, value in row.items()}
        code, problem = book.code(row["unit"], row["variable"], row["code"])
        if problem:
            notices.append(Finding(path.name, number, *problem))
        if problem and problem[0] != "code":  # nobody can tell what was coded
            continue
        coder = row.get("coder") or next(iter(names), path.stem)
        part = parts.setdefault(coder, _Part(coder, bool(names), [path]))
        own = {"code": code, "memo": _memo(row), "written": row["code"]}
        place = {"file": path.name, "row": number}
        notices += part.add({name: row.get(name, "") for name in CODES} | own | place)
    return list(parts.values())


def _memo(row: Mapping[str, str]) -> str:
    extra = [f"{name}: {cell}" for name, cell in row.items() if name not in SHEET and cell]
    return "; ".join(filter(None, [row.get("memo", ""), *extra]))


def _of_the_file(cells: pd.DataFrame, names: list[str], path: Path) -> list[Finding]:
    """What is to be said of a file as a whole."""
    notices = []
    if len(names) != 1:
        problem, remedy = "is several coders in one file", "each row counts for the coder it names"
        if not names:
            problem = "says nowhere whose sheet it is"
            remedy = f"taken for {path.stem}'s, after the file's name"
        notices.append(Finding(path.name, None, "coder", ", ".join(names), problem, remedy))
    if cells.empty:
        problem, remedy = "there is no row below the first", "ask for the sheet again"
        notices.append(Finding(path.name, 2, "", "", problem, remedy))
    return notices


def _people(parts: list[_Part], notices: list[Finding]) -> dict[str, _Part]:
    """Label -> person: files of one coder joined, namesakes who contradict each other apart."""
    people: list[_Part] = []
    for part in parts:
        person = next((one for one in people if part.belongs_with(one)), None)
        if person:
            notices += person.join(part)
        else:
            people.append(part)
    labels = {_label(person, people): person for person in people}
    notices += _namesakes(labels)
    return labels


def _namesakes(labels: Mapping[str, _Part]) -> list[Finding]:
    notices = []
    for name in dict.fromkeys(person.coder for person in labels.values() if person.named):
        same = {label: one for label, one in labels.items() if one.named and one.coder == name}
        if len(same) > 1:
            files = ", ".join(person.files[0].name for person in same.values())
            problem = "is the name in more than one sheet, and they differ"
            remedy = "give each a name of their own in the column coder"
            kept = f"kept apart as {', '.join(same)}; {remedy}"
            notices.append(Finding(files, None, "coder", name, problem, kept))
    return notices


def _label(person: _Part, people: list[_Part]) -> str:
    """The coder's name; where several have it, with what tells their files apart."""
    files = [one.files[0] for one in people if one.coder == person.coder]
    if len(files) == 1:
        return person.coder
    shown = [(file.stem, file.name, f"{file.parent.name}/{file.name}", str(file)) for file in files]
    apart = [kind for kind in zip(*shown, strict=True) if len(set(kind)) == len(kind)][0]
    label = f"{person.coder} ({apart[files.index(person.files[0])]})"
    while label in {one.coder for one in people}:
        label += " (2)"
    return label


def _missing_codes(codes: pd.DataFrame) -> list[Finding]:
    """What nobody wrote anything for; one notice for a coder who wrote nothing at all."""
    notices = []
    remedy = "it does not count; fill it in if it was forgotten"
    for coder, rows in codes.groupby("coder", sort=False):
        empty = rows[rows["written"] == ""]
        if len(empty) == len(rows):
            problem = f"holds no code by {coder}: none of {counted(len(rows), 'unit')} is coded"
            notices.append(Finding(rows["file"].iloc[0], None, "code", "", problem, remedy))
            continue
        for row in records(empty):
            problem = f"no code for {row['unit']} ({row['variable']})"
            notices.append(Finding(row["file"], row["row"], "code", "", problem, remedy))
    return notices


def _missing_rows(codes: pd.DataFrame) -> list[Finding]:
    """Who lacks rows that others have, of what they were asked to code."""
    notices = []
    known = dict.fromkeys(zip(codes["unit"], codes["variable"], strict=True))
    for coder, rows in codes.groupby("coder", sort=False):
        own, asked = set(zip(rows["unit"], rows["variable"], strict=True)), set(rows["variable"])
        lacking = [unit for unit, name in known if name in asked and (unit, name) not in own]
        if lacking:
            shown = ", ".join(lacking[:3]) + (", ..." if len(lacking) > 3 else "")
            units = counted(len(lacking), "unit")
            problem = f"{coder} has no row for {units} that others have ({shown})"
            remedy = "nothing to do if the sheets were meant to differ; else rows were deleted"
            files = ", ".join(dict.fromkeys(rows["file"]))
            notices.append(Finding(files, None, "", "", problem, remedy))
    return notices


def _once(notices: Iterable[Finding]) -> list[Finding]:
    """A notice on the same value in many rows of a file appears once, at the first of them."""
    groups: dict[tuple, list[Finding]] = {}
    for one in notices:
        groups.setdefault((one.file, one.column, one.value, one.problem, one.remedy), []).append(
            one
        )
    found = []
    for first, *more in groups.values():
        also = f" (and in {counted(len(more), 'more row')})" if more else ""
        found.append(replace(first, problem=f"{first.problem}{also}"))
    return found
