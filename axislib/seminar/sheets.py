"""Coding sheets: handed out for Excel and as CSV; read back, everything odd reported."""

from __future__ import annotations

import glob
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from axislib.check.cells import Finding
from axislib.errors import SeedError, did_you_mean
from axislib.files import to_csv, write_whole
from axislib.questions.levels import compared_coalitions, levels
from axislib.seed.seed import Seed
from axislib.seed.variants import select
from axislib.tables import spreadsheets
from axislib.tables.schema import LEVELS, fact_tables, records, split_cell, vocabulary
from axislib.words import counted, in_text, names

UNITS = ["unit", "variable", "where", "question"]
CODEBOOK = ["variable", "code", "meaning", "task", "scale"]
CODES = ["coder", "unit", "variable", "code", "memo", "where", "question", "written", "file", "row"]
FIRST_ROW = 2  # below the names of the columns
WIDTHS = {"unit": 26, "sentence": 60, "question": 60, "code": 22, "memo": 40}
BY = ("actors", "dimensions", "hypotheses")
_LIKE_A_UNIT = 0.8  # ids are long and alike
_OUT = "the row does not count"
_Row = dict[str, Any]  # of CODES, with the path of its file, and whether the sheet names its coder
_SPREADSHEETS = ("", ".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt")

VARIABLES = {  # what is asked about each thing to be coded; it is called as the column it fills
    "level": "Does the article let you say that this form of cooperation was there? Name the"
    " sentence in the memo.",
    "modality": "How firmly does the speaker put it forward?",
    "polarity": "Is it said to be so, said not to be so, or left open?",
    "speaker": "Whose words are these: who is the source of what is said?",
    "role": "What part does it play in the argument (Toulmin)?",
    "rating": "How does this statement bear on this rival explanation (Heuer's matrix)?",
}
# the words of a rating have an order, lowest first; all other words have none
SCALES = dict.fromkeys(VARIABLES, "nominal") | {"rating": "ordinal"}


def words_of(seed: Seed, variable: str) -> dict[str, str]:
    """The closed list of a variable for one seed: word -> meaning; ratings run from against to for.

    >>> import axislib
    >>> list(words_of(axislib.open_seed(), "rating"))[0]
    'strongly_inconsistent'
    """
    if variable == "level":
        return LEVELS | {"absent": f"{LEVELS['absent']} (in the charts: ruled out)"}
    if variable == "rating":
        return dict(reversed(vocabulary("rating").items()))
    if variable == "speaker":
        speaks = seed.actors["kind"].isin(["person", "body", "group"])
        voices = seed.actors[speaks | seed.actors["id"].isin(seed.facts["speaker"])]
        return dict(zip(voices["id"], voices["name"], strict=True))
    note = " (in the charts: called for)"
    return {w: said + note * (w == "normative") for w, said in vocabulary(variable).items()}


def _locators(seed: Seed, chosen: Iterable[str]) -> list[str]:
    """The sentences meant by ``P14``, ``P14-P16`` or ``P14.S3``; all for none chosen."""
    known, wanted = list(seed.sentences["locator"]), set()
    for part in filter(None, (part.strip() for cell in chosen for part in re.split("[;,]", cell))):
        if not (found := _named(part, known)):
            ends = f"write P14, P14-P16 or P14.S3, from {known[0]} to {known[-1]}" if known else ""
            raise SeedError(
                f"sentences: '{part}' is not in data set {seed.name}; {ends or 'it has none'}"
            )
        wanted.update(found)
    return [locator for locator in known if locator in wanted] if wanted else known


def _named(part: str, known: list[str]) -> list[str]:
    span = re.fullmatch(r"P(\d+)(?:-P?(\d+))?", part)
    low, high = (int(span[1]), int(span[2] or span[1])) if span else (0, -1)
    return [one for one in known if one == part or low <= int(one[1:].split(".")[0]) <= high]


def units_of(
    seed: Seed,
    variables: Iterable[str],
    sentences: Iterable[str] = (),
    dimensions: Iterable[str] = (),
    hypotheses: Iterable[str] = (),
    most: int = 0,
) -> pd.DataFrame:
    """What there is to code: a row for each unit and variable, in reading order.

    Columns: ``unit`` (a statement's id; ``dimension:coalition`` for a level; the id of a row of
    consistency for a rating), ``variable``, ``where`` (locators; empty for a level, where finding
    them is the task) and ``question``. Empty choices mean all; ``most`` keeps so many units for
    each variable, spread evenly. Raises SeedError for what the seed does not have.
    """
    sentences = list(sentences)
    places = {locator: n for n, locator in enumerate(_locators(seed, sentences))}
    dimensions = seed.ids_of(dimensions, seed.dimensions["id"], "dimensions")
    hypotheses = seed.ids_of(hypotheses, seed.hypotheses["id"], "hypotheses")
    frames = []
    for name in dict.fromkeys(variables):
        frame = _placed(_every(seed, name), places)
        if chosen := hypotheses if name == "rating" else dimensions:
            frame = frame[frame["of"].isin(chosen)]
        if sentences or name != "level":
            frame = frame[frame["place"] >= 0]
        if name != "level":
            frame = frame.sort_values("place", kind="stable")
        if most and len(frame) > most:
            frame = frame.iloc[[i * len(frame) // most for i in range(most)]]
        frames.append(frame.assign(variable=name))
    return pd.concat(frames, ignore_index=True)[UNITS] if frames else pd.DataFrame(columns=UNITS)


def _placed(rows: Iterable[tuple], places: Mapping[str, int]) -> pd.DataFrame:
    """The rows of ``_every`` with the ``place`` of their first sentence; -1 without one."""
    frame = pd.DataFrame(rows, columns=["unit", "where", "question", "near", "of"])
    near = [[places[one] for one in split_cell(c) if one in places] for c in frame["near"]]
    return frame.assign(place=[min(found, default=-1) for found in near])


def _every(seed: Seed, variable: str) -> list[tuple[str, str, str, str, str]]:
    """All units of a variable: unit, where, question, sentences near, dimension or hypothesis."""
    if variable not in VARIABLES:
        remedy = did_you_mean(variable, VARIABLES, f"there are: {', '.join(VARIABLES)}")
        raise SeedError(f"'{variable}' is not something to code; {remedy}")
    rows, called = [], names(seed)
    if variable == "level":
        near = seed.cooperation.groupby("dimension")["anchors"].agg(";".join).to_dict()
        for row in records(seed.dimensions):
            places = f"{row['anchors']};{near.get(row['id'], '')}"
            for side in compared_coalitions(seed):
                asked = f"{row['name']}: {in_text(called.get(side, side))}. {row['question']}"
                question = f"{asked} {row['definition']}"
                rows.append((f"{row['id']}:{side}", "", question, places, row["id"]))
    elif variable == "rating":
        statements = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
        rivals = {h["id"]: f"{h['name']} ({h['definition']})" for h in records(seed.hypotheses)}
        for row in records(seed.consistency):
            fact = statements.get(row["fact"], row["fact"])
            question = f"Rival explanation: {rivals[row['hypothesis']]} Statement: {fact}"
            rows.append((row["id"], row["anchors"], question, row["anchors"], row["hypothesis"]))
    else:
        for table in ["claims"] if variable == "role" else fact_tables():
            for row in records(seed.tables[table]):
                places, of = row["anchors"], row.get("dimension", "")
                rows.append((row["id"], places, row["statement"], places, of))
    return rows


def own_codes(seed: Seed, units: Iterable[tuple[str, str]]) -> list[str]:
    """The seed's own code for each unit and variable, as whoever coded this seed wrote it."""
    table = levels(seed)
    known = dict(zip(table["dimension"] + ":" + table["coalition"], table["level"], strict=True))
    return [
        known.get(unit, "not_stated") if variable == "level" else str(seed.row(unit)[variable])
        for unit, variable in units
    ]


def make_sheet(
    seed: Seed,
    coder: str,
    variables: Sequence[str],
    with_text: bool = True,
    actors: Sequence[str] = (),
    **chosen,
) -> pd.DataFrame:
    """One coder's empty sheet: a row for each unit and variable, with the columns ``SHEET``.

    ``chosen`` goes to ``units_of``; ``actors`` keeps the statements that name them. ``sentence``
    holds the words of the reader's own copy, if there is one. Raises SeedError if there is nothing
    to code, or the coder has no name.
    """
    if not coder.strip():
        raise SeedError("a coder needs a name; such as: axislib sheet --for anna")
    units = units_of(select(seed, actors=actors) if actors else seed, variables, **chosen)
    if units.empty:
        raise SeedError(
            f"{coder}: nothing to code is left; choose more sentences, or something else to code"
            f" ({', '.join(VARIABLES)})"
        )
    words = [sentences_at(seed, cell) if with_text else "" for cell in units["where"]]
    sheet = units.assign(sentence=words, code="", memo="", coder=coder.strip(), seed=seed.name)
    return sheet[spreadsheets.SHEET]


def sentences_at(seed: Seed, anchors: str) -> str:
    """The sentences at these locators (``;`` between), in the words of the reader's own copy."""
    return " ".join(filter(None, map(seed.sentence, split_cell(anchors))))


def codebook_of(seed: Seed, variables: Iterable[str]) -> pd.DataFrame:
    """What may be in the column ``code``, with its meaning."""
    rows = [
        (name, word, meaning, VARIABLES[name], SCALES[name])
        for name in dict.fromkeys(variables)
        for word, meaning in words_of(seed, name).items()
    ]
    return pd.DataFrame(rows, columns=CODEBOOK)


def workbook(sheet: pd.DataFrame, codebook: pd.DataFrame, title: str = "coding") -> bytes:
    """A sheet for Excel: drop-downs, the codebook as second tab, the rest locked (no password)."""
    from openpyxl.styles import Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.protection import SheetProtection

    book = spreadsheets.new_book()
    page = book.create_sheet(title)
    spreadsheets.fill_sheet(page, sheet)
    spreadsheets.fill_sheet(book.create_sheet("codebook"), codebook)
    at = {name: get_column_letter(n) for n, name in enumerate(sheet.columns, start=1)}
    for name in WIDTHS.keys() & at.keys():
        page.column_dimensions[at[name]].width = WIDTHS[name]
    error = "Choose a code from the list; what does not fit goes into the memo."
    for variable in sheet["variable"].unique():
        listed, asked = (
            FIRST_ROW + np.flatnonzero(frame["variable"] == variable) for frame in (codebook, sheet)
        )
        if len(listed):
            # a list typed into a cell may hold 255 signs at most: the codebook tab is the list
            words = f"codebook!$B${listed[0]}:$B${listed[-1]}"
            spreadsheets.drop_down(page, words, [f"{at['code']}{row}" for row in asked], error)
    for name in ("code", "memo"):
        for cell in page[at[name]][FIRST_ROW - 1 :]:
            cell.protection = Protection(locked=False)
            cell.number_format = "@"  # text: what is typed here is not reckoned with
    free = ("formatColumns", "formatRows", "autoFilter", "sort")
    page.protection = SheetProtection(sheet=True, **dict.fromkeys(free, False))
    return spreadsheets.as_bytes(book)


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
    """Write a sheet for each coder; returns the paths.

    ``by`` gives each coder an actor, dimension or hypothesis, in turn. Raises SeedError, before
    anything is written, for two coders of one name or a sheet that is filled in already.
    """
    if twice := sorted(coder for coder, times in Counter(coders).items() if times > 1):
        raise SeedError(
            f"two coders are called {', '.join(twice)}; give each its own name, such as"
            f" {twice[0]}_2"
        )
    shares = share_out(seed, by, len(coders)) if by else [{}] * len(coders)
    codebook, taken, files = codebook_of(seed, variables), set(), dict[Path, str | bytes]()
    for coder, share in zip(coders, shares, strict=True):
        name = file_name(coder, taken)
        sheet = make_sheet(seed, coder, variables, with_text, **{**chosen, **share})
        for form in forms:
            content = workbook(sheet, codebook) if form == "xlsx" else csv_for_excel(sheet)
            files[Path(out) / f"sheet-{name}.{form}"] = content
    for path in filter(Path.exists, files):
        if filled := int((spreadsheets.read_cells_of(path)["code"].str.strip() != "").sum()):
            raise SeedError(
                f"{path} is there already and holds {filled} codes that would be lost; nothing was"
                " written; move it, or name another folder with --out"
            )
    if "csv" in forms:
        # a CSV file has no second tab: the codebook lies beside it
        files[Path(out) / "codebook.csv"] = csv_for_excel(codebook)
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def share_out(seed: Seed, by: str, groups: int) -> list[dict[str, list[str]]]:
    """An actor (most spoken of first), dimension or hypothesis for each group, in turn.

    >>> import axislib
    >>> share_out(axislib.open_seed(), "hypotheses", 2)
    [{'hypotheses': ['hyp_axis']}, {'hypotheses': ['hyp_marriage_of_convenience']}]
    """
    if by not in BY:
        raise SeedError(f"'{by}' cannot be shared out; use one of: {', '.join(BY)}")
    values = list(seed.tables[by]["id"])
    if by == "actors":
        polities = set(seed.actors.loc[seed.actors["kind"].isin(["polity", "group", "body"]), "id"])
        named = seed.links.loc[seed.links["column"] != "speaker", "target"]
        values = list(named[named.isin(polities)].value_counts().index)
    elif by == "dimensions":  # those on which there is something to find come first
        spoken = Counter(seed.cooperation["dimension"])
        values.sort(key=lambda one: -spoken[one])
    if not values:
        raise SeedError(f"data set {seed.name} has no {by} to share out")
    return [{by: [values[n % len(values)]]} for n in range(groups)]


def file_name(coder: str, taken: set[str]) -> str:
    """A new name safe on every system: letters of any script without accents, digits, - and _.

    >>> file_name("Zo\\u00eb / Gruppe 1", set())
    'Zoe-Gruppe-1'
    """
    letters = unicodedata.normalize("NFKD", coder)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    stem = unicodedata.normalize("NFC", re.sub(r"\W+", "-", plain)).strip("-") or "coder"
    named = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
    name = next(name for name in named if name.lower() not in taken)
    taken.add(name.lower())
    return name


@dataclass(frozen=True)
class Returned:
    """What came back: ``codes`` by coder, unit and variable; ``notices`` for somebody to look at.
    In ``codes``, ``code`` is empty where none counts; ``written`` is what is in the file."""

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
            sheets[path] = _cells_of(path)
        except SeedError as error:
            problem = str(error).removeprefix(path.name).removeprefix(":").lstrip(", ")
            notices.append(Finding(path.name, None, "", "", problem, "passed over"))
    if sheets:
        return sheets, notices
    if not (reasons := [f"{notice.file}: {notice.problem}" for notice in notices]):
        raise SeedError("no sheet was given; such as: axislib agree sheet-anna.xlsx sheet-ben.xlsx")
    several = [f"none of these {len(reasons)} files is a coding sheet:"] * (len(reasons) > 1)
    raise SeedError("\n  ".join(several + reasons))


def _files_in(paths: Iterable[Path | str]) -> list[Path]:
    """The files meant, each once: a folder's, or those that a pattern (``*.xlsx``) fits."""
    files: dict[Path, Path] = {}
    for path in map(Path, paths):
        meant = path.iterdir() if path.is_dir() else map(Path, glob.glob(str(path)))
        found = [path] if path.is_file() else sorted(one for one in meant if one.is_file())
        if not found and not path.exists():
            raise SeedError(f"{path.name}: there is no such file; check its name and folder")
        for one in found:
            files.setdefault(one.resolve(), one)
    return list(files.values())


def _cells_of(path: Path) -> pd.DataFrame:
    """The cells of a coding sheet; SeedError says why a file is none."""
    others = {  # what spreadsheets, Macs and shares leave beside a sheet, and what we do
        "a program's own file, not a sheet": path.name.startswith(("~$", ".")),
        "the codebook, not a sheet": path.stem == "codebook",
        "no spreadsheet; a sheet is an .xlsx or a .csv": path.suffix.lower() not in _SPREADSHEETS,
    }
    for words, applies in others.items():
        if applies:
            raise SeedError(f"{path.name}: {words}")
    cells = spreadsheets.read_cells_of(path)
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
    units = set(units_of(seed, ["level", "modality", "rating"])["unit"])
    words = {name: words_of(seed, name) for name in VARIABLES}
    people: list[list[_Row]] = []  # the rows of each, from one file or several
    notices = list(notices)
    for path, cells in sheets.items():
        named = spreadsheets.seeds_in(cells)
        if named and seed.name not in named:
            raise SeedError(
                f"{path.name}: is a sheet of {', '.join(sorted(named))}, not of {seed.name};"
                " name that seed with --seed, or leave the file out"
            )
        notices += _of_the_file(cells, path)
        for part in _parts_of(cells, path, lambda row: _meant(row, seed, units, words), notices):
            if person := next((one for one in people if _belong_together(one, part)), None):
                notices.append(_joined(person, part))
            else:
                people.append(part)
    rows = [
        row | {"coder": label}
        for label, person in zip(_labels(people, notices), people, strict=True)
        for row in _once_each(person, notices)
    ]
    codes = pd.DataFrame(rows, columns=CODES)
    return Returned(codes, _once([*notices, *_missing(codes)]))


def _of_the_file(cells: pd.DataFrame, path: Path) -> list[Finding]:
    """What is to be said of a file as a whole."""
    coders, remedy = _coders_of(cells), "its cells were kept, at the end of each memo"
    extra = [str(n) for n in cells if n not in spreadsheets.SHEET and (cells[n] != "").any()]
    said: list[tuple] = [(1, n, "", "is not a column of a coding sheet", remedy) for n in extra]
    if not coders:
        remedy = f"taken for {path.stem}'s, after the file's name"
        said.append((None, "coder", "", "says nowhere whose sheet it is", remedy))
    elif len(coders) > 1:
        remedy = "each row counts for the coder it names"
        said.append((None, "coder", ", ".join(coders), "is several coders in one file", remedy))
    if cells.empty:
        said.append((2, "", "", "there is no row below the first", "ask for the sheet again"))
    return [Finding(path.name, *words) for words in said]


def _coders_of(cells: pd.DataFrame) -> list[str]:
    return [*filter(None, dict.fromkeys(cells["coder"].str.strip() if "coder" in cells else []))]


def _parts_of(cells: pd.DataFrame, path: Path, meant, notices: list[Finding]) -> list[list[_Row]]:
    """A sheet's rows by coder; one without a name is the first coder's, else the file's."""
    coders, parts = _coders_of(cells), dict[str, list[_Row]]()
    first = next(iter(coders), path.stem)
    for number, row in zip(cells.index, records(cells), strict=True):
        row = dict.fromkeys(CODES, "") | {name: value.strip() for name, value in row.items()}
        code, problem = meant(row)
        if problem:
            notices.append(Finding(path.name, number, *problem))
        if problem and problem[0] != "code":  # nobody can tell what was coded
            continue
        extra = [f"{n}: {row[n]}" for n in cells if n not in spreadsheets.SHEET and row[n]]
        coder, memo = row["coder"] or first, "; ".join(filter(None, [row["memo"], *extra]))
        own = {"code": code, "written": row["code"], "memo": memo, "coder": coder, "row": number}
        own |= {"file": path.name, "path": path, "named": bool(coders)}
        parts.setdefault(coder, []).append(row | own)
    return list(parts.values())


def _meant(
    row: _Row, seed: Seed, units: set[str], words: Mapping[str, Mapping[str, str]]
) -> tuple[str, tuple[str, str, str, str] | None]:
    """The code meant, and what is to be said of it: column, value, problem and remedy."""
    unit, variable, written = row["unit"], row["variable"], row["code"]
    if variable not in VARIABLES:
        remedy = did_you_mean(variable, VARIABLES, f"use one of: {', '.join(VARIABLES)}")
        return "", ("variable", variable, "is not something to code", f"{_OUT}; {remedy}")
    if unit not in units:
        remedy = did_you_mean(unit, units, "leave this column as it was handed out", _LIKE_A_UNIT)
        return "", ("unit", unit, f"is not in data set {seed.name}", f"{_OUT}; {remedy}")
    code = spreadsheets.word_of(written, listed := words[variable])
    if code or not written:
        return code, None
    if variable == "speaker" and (actor := spreadsheets.actor_named(written, listed)):
        return actor, ("code", written, f"is the name of {actor}", f"read as {actor}")
    remedy = did_you_mean(spreadsheets.folded(written), listed, f"use one of: {', '.join(listed)}")
    return "", ("code", written, f"is not a code for {variable}", f"it does not count; {remedy}")


def _belong_together(person: list[_Row], part: list[_Row]) -> bool:
    """Whether rows are one person's: of the workbook and the CSV handed out together, or of files
    that name the same coder and nowhere contradict each other."""
    own, others = ({row["path"].with_suffix("") for row in rows} for rows in (person, part))
    both_named = person[0]["named"] and part[0]["named"]
    same = person[0]["coder"] == part[0]["coder"]
    if own & others:
        return same or not both_named
    codes, theirs = _codes_of(person), _codes_of(part)
    alike = all(codes[unit] == theirs[unit] for unit in codes.keys() & theirs.keys())
    return both_named and same and alike


def _by_unit(rows: list[_Row]) -> dict[tuple[str, str], list[_Row]]:
    units: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        units.setdefault((row["unit"], row["variable"]), []).append(row)
    return units


def _codes_of(rows: list[_Row]) -> dict[tuple[str, str], str]:
    """The code of each unit and variable that has one, and no other."""
    given = {unit: {row["code"] for row in same} - {""} for unit, same in _by_unit(rows).items()}
    return {unit: codes.pop() for unit, codes in given.items() if len(codes) == 1}


def _joined(person: list[_Row], part: list[_Row]) -> Finding:
    """Take the rows of another file in."""
    coder, first = (person if person[0]["named"] else part)[0]["coder"], person[0]["file"]
    person += part
    for row in person:
        row |= {"coder": coder, "named": person[0]["named"] or part[0]["named"]}
    remedy = "the files count as one coder, and a code that is in both is counted once"
    return Finding(part[0]["file"], None, "coder", coder, f"is also the coder of {first}", remedy)


def _once_each(rows: list[_Row], notices: list[Finding]) -> list[_Row]:
    """A person's rows, one for each unit and variable; two that contradict each other count not."""
    found = []
    for same in _by_unit(rows).values():
        coded = [row for row in same if row["code"]]
        code = coded[0]["code"] if coded else ""
        if other := next((row for row in coded if row["code"] != code), None):
            code, first = "", coded[0]
            beyond = f" of {first['file']}" if first["file"] != other["file"] else ""
            place = (other["file"], other["row"], "code", other["written"])
            problem = f"appears in row {first['row']}{beyond} as '{first['written']}' already"
            notices.append(Finding(*place, problem, "neither counts; keep one row"))
        memo, written = (
            joint.join(dict.fromkeys(row[name] for row in same if row[name]))
            for name, joint in (("memo", "; "), ("written", " / "))
        )
        found.append(same[0] | {"code": code, "memo": memo, "written": written})
    return found


def _labels(people: list[list[_Row]], notices: list[Finding]) -> list[str]:
    """The coders' names; where several have one, with what tells their files apart."""
    firsts = [rows[0] for rows in people]
    called = [first["coder"] for first in firsts]
    labels = [*called]
    for coder in [name for name, times in Counter(called).items() if times > 1]:
        numbers = np.flatnonzero(np.array(called) == coder)
        for n, part in zip(numbers, _apart([firsts[n]["path"] for n in numbers]), strict=True):
            labels[n] = f"{coder} ({part})"
            while labels[n] in called:
                labels[n] += " (2)"
        named = {labels[n]: firsts[n]["file"] for n in numbers if firsts[n]["named"]}
        if len(named) > 1:
            problem = "is the name in more than one sheet, and they differ"
            kept = f"kept apart as {', '.join(named)}; give each a name of their own in the column"
            words = (coder, problem, f"{kept} coder")
            notices.append(Finding(", ".join(named.values()), None, "coder", *words))
    return labels


def _apart(files: list[Path]) -> tuple[str, ...]:
    """What tells files apart: the shortest way of writing them in which no two are alike."""
    shown = [(one.stem, one.name, f"{one.parent.name}/{one.name}", str(one)) for one in files]
    return next(kind for kind in zip(*shown, strict=True) if len(set(kind)) == len(kind))


def _missing(codes: pd.DataFrame) -> list[Finding]:
    """What nobody wrote anything for, once for a coder who wrote none; who lacks others' rows."""
    notices, known = [], dict.fromkeys(zip(codes["unit"], codes["variable"], strict=True))
    remedy = "it does not count; fill it in if it was forgotten"
    for coder, rows in codes.groupby("coder", sort=False):
        empty = rows[rows["written"] == ""]
        if len(empty) == len(rows):
            problem = f"holds no code by {coder}: none of {counted(len(rows), 'unit')} is coded"
            notices.append(Finding(rows["file"].iloc[0], None, "code", "", problem, remedy))
            empty = empty.iloc[:0]
        for row in records(empty):
            problem = f"no code for {row['unit']} ({row['variable']})"
            notices.append(Finding(row["file"], row["row"], "code", "", problem, remedy))
        own, asked = set(zip(rows["unit"], rows["variable"], strict=True)), set(rows["variable"])
        if lacking := [unit for unit, name in known if name in asked and (unit, name) not in own]:
            shown = ", ".join(lacking[:3]) + (", ..." if len(lacking) > 3 else "")
            units = counted(len(lacking), "unit")
            problem = f"{coder} has no row for {units} that others have ({shown})"
            meant = "nothing to do if the sheets were meant to differ; else rows were deleted"
            files = ", ".join(dict.fromkeys(rows["file"]))
            notices.append(Finding(files, None, "", "", problem, meant))
    return notices


def _once(notices: list[Finding]) -> list[Finding]:
    """A notice on the same value in many rows of a file appears once, at the first of them."""
    same = attrgetter("file", "column", "value", "problem", "remedy")
    times, firsts = Counter(map(same, notices)), {same(one): one for one in reversed(notices)}
    more = {key: f" (and in {counted(n - 1, 'more row')})" for key, n in times.items() if n > 1}
    return [replace(firsts[key], problem=firsts[key].problem + more.get(key, "")) for key in times]
