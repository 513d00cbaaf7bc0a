"""A data set as one Excel workbook to code in, a tab for each table, with drop-downs for closed
lists and ids; and back into the CSV files, cell by cell against what the workbook held last.

The CSV files are the data set. A cell that only the workbook changed comes over, a cell that only
the CSV changed stays, and a cell that both changed stops everything until a person has decided.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from axislib.authoring.split import NOT_YET
from axislib.check.cells import check_columns
from axislib.check.rules import cited_in
from axislib.errors import SeedError
from axislib.files import to_csv, write_whole
from axislib.seed.opening import read_metadata, read_seed_cells
from axislib.seed.package import keep_hashes
from axislib.tables.schema import codebook, fields_of, load_schema, records, vocabulary
from axislib.tables.spreadsheets import (
    Tab,
    as_bytes,
    drop_down,
    fill_sheet,
    new_book,
    read_tabs,
    writable,
)

WORKBOOK = "coding.xlsx"
# the workbook as it was before it was last written anew: a person may have had tabs and notes in it
BEFORE = "coding-before.xlsx"
ROOM = 400  # rows with drop-downs on every tab
_NAMED = 10  # cells named in one message
_NARROW, _USUAL, _WIDE = 8, 14, 45  # widths of columns, in letters
_LONG = ("statement", "note", "no_fact_reason")
_TECHNICAL = ["start", "end", "length", "sha256"]
_CLOSED = "Choose a word from the list; the tab codebook says what each means."
_GUIDE = [
    "One tab is one table; one row is one statement by somebody, never the truth. Nobody needs"
    " all tabs: actors and events make a timeline.",
    "1  sentences: read a sentence. If it states nothing to be coded, say in no_fact_reason why.",
    "2  actors: everybody who speaks or acts, with an id of your own (letters, digits, _).",
    "3  events, transfers, claims, ...: what the sentence states, with its locator in anchors"
    " (P03.S2; several: P03.S2;P04.S1).",
    "4  every statement says who speaks, how firmly (modality), whether it is affirmed, denied or"
    " left open, and what it rests on (basis).",
    "5  dates as precise as the text: 2024, 2024-10, 2024-10-05; not_stated where it gives none.",
    "Save, then run axislib new NAME --from THIS-FILE, as often as you like. The"
    " CSV files are the data set: what is corrected there stays, and a cell changed there and"
    " here is named before anything is written.",
    "Point at a column's name for what it holds. The tab codebook explains every word.",
]


def coding_workbook(tables: dict[str, pd.DataFrame], words: dict[str, str] | None = None) -> bytes:
    """The workbook of a data set; ``words`` (locator -> sentence) go beside the locators."""
    book = new_book()
    start = book.create_sheet("start")
    fill_sheet(start, pd.DataFrame({"how to code": _GUIDE}))
    start.column_dimensions["A"].width = 130
    fill_sheet(book.create_sheet("codebook"), codebook())
    lists = _lists(book.create_sheet("lists"))
    for name, frame in tables.items():
        if name == "sentences":
            # what a person reads comes first, what the machine needs last
            said = words or {}
            frame = frame.assign(sentence=[said.get(locator, "") for locator in frame["locator"]])
            frame = frame[["locator", "section", "sentence", "no_fact_reason", *_TECHNICAL]]
        page = book.create_sheet(name)
        fill_sheet(page, frame)
        _dress(page, frame, name, lists, tables)
    return as_bytes(book)


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
        if words := _choice(field, lists, tables):
            drop_down(page, words, [f"{letter}2:{letter}{ROOM}"], _CLOSED * ("vocabulary" in field))


def _choice(field: dict, lists: dict[str, str], tables: dict) -> str:
    """The cells of a column's closed list, or of the ids of another tab; empty for any other."""
    to = field.get("references")
    if field.get("many"):
        return ""
    if field.get("vocabulary"):
        return lists[field["vocabulary"]]
    return f"{to}!$A$2:$A${ROOM}" if to in tables and to != "sentences" else ""


@dataclass(frozen=True)
class Coded:
    """What a workbook holds: its ``tables`` as text cells, indexed by row as a spreadsheet counts,
    and ``notices`` of what was not read."""

    tables: dict[str, pd.DataFrame]
    notices: list[str]


def read_workbook(path: Path) -> Coded:
    """The tables in a workbook; empty rows and other tabs are passed over.

    A tab is found whatever the case and blanks of its name; one that looks like a table and is not
    read, or is missing, is named in the notices. Raises SeedError for any other file, and for cells
    with an error or a formula without a value. Whether the cells are sound is not checked here.
    """
    name, known = Path(path).name, load_schema()["tables"]
    found, notices = _tabs_of_tables(path)
    if not found:
        raise SeedError(f"{name}: none of its tabs is a table; axislib new writes such a workbook")
    tabs = found.values()
    if faults := sum((tab.faults for tab in tabs), []):
        raise SeedError(
            f"{name}: cells that cannot be read; write the words themselves into them:\n  "
            + "\n  ".join(faults[:_NAMED])
        )
    notices += sum((tab.empty for tab in tabs), [])
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


def _looks_like_a_table(tab: Tab) -> list[str]:
    """A notice, if a tab that is not read has the columns of a table."""
    header = set(next(iter(tab.rows.values()), []))
    for name, table in load_schema()["tables"].items():
        if {field["name"] for field in table["fields"]} <= header:
            note = f"the tab '{tab.title}' was not read, though it has the columns of {name}"
            return [f"{note}; call it {name} if it is to count"]
    return []


def _frame(table: str, tab: Tab) -> pd.DataFrame:
    rows = dict(tab.rows)
    header = rows.pop(1, [])
    not_read = ("", "sentence") if table == "sentences" else ("",)
    keep = [n for n, title in enumerate(header) if title not in not_read]
    cells = {
        number: [" ".join(row[k].split()) if k < len(row) else "" for k in keep]
        for number, row in rows.items()
    }
    cells = {number: row for number, row in cells.items() if any(row)}
    columns = [header[k] for k in keep]
    return pd.DataFrame([*cells.values()], columns=columns, index=[*cells], dtype=str)


# --- merged with the CSV files

# beside the workbook: what it held when it was last in step, and what `axislib new` wrote
TAKEN = "coding-taken.json"
# places and hashes belong to the text, not to the workbook
OF_SENTENCES = ["locator", "section", "no_fact_reason"]

Row = tuple[int, dict[str, str]]  # its number, its cells
Cells = dict[str, str] | None
Rows = dict[tuple[str, int], Row]  # by key, and which of several rows with that key


def _bare(words: str) -> str:
    """Words as a workbook can hold them, single blanks between."""
    return " ".join(writable(words).split())


def same(one: str, other: str, column: str) -> bool:
    """Whether two cells say the same."""
    one, other = _bare(one), _bare(other)
    # 'not coded yet' comes and goes by itself: see settle
    return one == other or (column == "no_fact_reason" and {one, other} <= {"", NOT_YET})


def keys_of(frame: pd.DataFrame, name: str) -> list[str]:
    return list(frame[load_schema()["tables"][name]["key"]])


def rows_of(frame: pd.DataFrame, name: str) -> Rows:
    """Rows by their key; a key that appears twice, or is empty, is told apart by its turn."""
    rows: Rows = {}
    # a workbook's rows are numbered already
    numbers = frame.index if len(frame) and frame.index[0] else range(2, len(frame) + 2)
    for number, key, cells in zip(numbers, keys_of(frame, name), records(frame), strict=True):
        turn = 0
        while (key, turn) in rows:
            turn += 1
        rows[key, turn] = (number, cells)
    return rows


def workbook_files(
    tables: Mapping[str, pd.DataFrame], words: Mapping[str, str], folder: Path | None = None
) -> dict[str, str | bytes]:
    """A workbook in step with the tables, and the record that it is.

    ``folder`` is a seed that exists: its workbook is kept, and what ``axislib new`` wrote.
    """
    own = {name: frame for name, frame in tables.items() if name in [*load_schema()["tables"]]}
    taken = made = _plain(own)
    kept = {}
    if folder:
        # sentences that nobody has coded are as new as ever, also those of a revised text
        fresh = tables["sentences"].assign(no_fact_reason=NOT_YET)
        found = sections_found(folder)
        places = zip(fresh["locator"], fresh["section"], strict=True)
        fresh["section"] = [found.get(locator, section) for locator, section in places]
        made = _raw_memory(folder).get("made", {}) | _plain({"sentences": fresh})
        old = folder / WORKBOOK
        kept = {BEFORE: old.read_bytes()} if old.exists() else {}
    return kept | {
        WORKBOOK: coding_workbook(own, dict(words)),
        TAKEN: json.dumps({"made": made, "taken": taken}) + "\n",
    }


def sections_found(folder: Path) -> dict[str, str]:
    """The section of each sentence as ``axislib new`` found it, not as somebody corrected it."""
    found = remembered(folder)["made"].get("sentences", {})
    return {locator: cells["section"] for (locator, _), (_, cells) in found.items()}


def rewrite_workbook(folder: Path, words: Mapping[str, str]) -> list[str]:
    """Write the workbook anew from the CSV files; returns the names of the files written. Raises
    SeedError while it holds rows that were not taken over."""
    if waiting := untaken(folder):
        raise SeedError(
            f"{WORKBOOK} holds {counted(waiting)} that would be lost; take them over first:"
            f" {taking_call(folder)}"
        )
    files = workbook_files(read_seed_cells(folder), words, folder)
    for name, content in files.items():
        write_whole(folder / name, content)
    return list(files)


def untaken(folder: Path) -> dict[str, int]:
    """How many rows of each table the workbook changed since it was last taken over."""
    if not (folder / WORKBOOK).exists():
        return {}
    book = read_workbook(folder / WORKBOOK).tables
    known = remembered(folder)["taken"] or _all_rows(read_seed_cells(folder))
    whole = {name: frame for name, frame in book.items() if set(columns_of(name)) <= set(frame)}
    return _differing(_all_rows(whole), known)


def coded(folder: Path) -> dict[str, int]:
    """How many rows of each CSV file are other than ``axislib new`` wrote them."""
    cells, made = read_seed_cells(folder), remembered(folder)["made"]
    if not made:  # from before this was remembered: the two who write, sentences not coded yet
        voices = set((read_metadata(folder).get("voices") or {}).values())
        fresh = {"actors": cells["actors"][cells["actors"]["id"].isin(voices)]}
        fresh["sentences"] = cells["sentences"].assign(no_fact_reason=NOT_YET)
        made = _all_rows(fresh)
    return _differing(_all_rows(cells), made)


def _all_rows(tables: Mapping[str, pd.DataFrame]) -> dict[str, Rows]:
    return {name: rows_of(frame, name) for name, frame in tables.items()}


def _differing(now: Mapping[str, Rows], before: Mapping[str, Rows]) -> dict[str, int]:
    found = {}
    for name, rows in now.items():
        known = before.get(name, {})
        both = [(rows[key][1], known[key][1]) for key in rows.keys() & known.keys()]
        alike = [all(same(a[c], b.get(c, ""), c) for c in columns_of(name)) for a, b in both]
        if other := len(rows.keys() | known.keys()) - sum(alike):
            found[name] = other
    return found


def columns_of(name: str) -> list[str]:
    return OF_SENTENCES if name == "sentences" else [field["name"] for field in fields_of(name)]


def counted(rows: Mapping[str, int]) -> str:
    """Rows by table in words.

    >>> counted({"actors": 3, "events": 1, "cooperation": 2})
    '3 actors, 1 event and 2 rows of cooperation'
    """
    words = []
    for name, count in rows.items():
        single = "hypothesis" if name == "hypotheses" else name.removesuffix("s")
        words.append(f"{count} {name if count > 1 else single}")
        if single == name:  # cooperation, consistency
            words[-1] = f"{count} row{'s' * (count > 1)} of {name}"
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def taking_call(folder: Path) -> str:
    """The command that takes the seed's own workbook over."""
    return f"axislib new {folder.name}{into(folder)} --from {shown(folder / WORKBOOK)}"


def into(folder: Path) -> str:
    """The option that says where a seed lies, if it does not lie where it is looked for."""
    usual = folder.resolve().parent == Path("seeds").resolve()
    return "" if usual else f" --into {shown(folder.parent)}"


def shown(path: Path) -> str:
    """A path as a person would type it from here."""
    with suppress(ValueError):
        return os.fspath(path.resolve().relative_to(Path.cwd().resolve()))
    return os.fspath(path)


def places_in_workbook(
    folder: Path, cells: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, int], int]:
    """Table and row of each row of the CSV files -> its row in the workbook's tab."""
    found: dict[tuple[str, int], int] = {}
    with suppress(SeedError, KeyError):
        book = read_workbook(folder / WORKBOOK).tables
        for name in book.keys() & cells.keys():
            ours, theirs = rows_of(cells[name], name), rows_of(book[name], name)
            found |= {(name, ours[key][0]): theirs[key][0] for key in ours if key in theirs}
    return found


def _plain(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict]:
    """Columns and rows of tables, as they are kept beside the workbook."""
    parts = {name: frame[columns_of(name)] for name, frame in tables.items()}
    return {
        name: {"columns": list(part.columns), "rows": part.map(_bare).to_numpy().tolist()}
        for name, part in parts.items()
    }


def _raw_memory(folder: Path) -> dict:
    with suppress(OSError, ValueError):
        return json.loads((folder / TAKEN).read_text(encoding="utf-8"))
    return {}


def remembered(folder: Path) -> dict[str, dict[str, Rows]]:
    """What the workbook held when it was last in step (``taken``), and what ``axislib new`` wrote
    (``made``); empty if unknown."""
    found, memory = {}, _raw_memory(folder)
    for part in ("made", "taken"):
        tables = memory.get(part, {}).items()
        frames = {n: pd.DataFrame(t["rows"], columns=t["columns"], dtype=str) for n, t in tables}
        found[part] = _all_rows(frames)
    return found


def bring_in(folder: Path, path: Path, prefer: str = "") -> list[str]:
    """Take a workbook's rows over into the CSV files; returns what was done, in lines.

    Of the sentences only ``section`` and ``no_fact_reason`` are taken. ``prefer`` ("workbook" or
    "csv") decides cells that both changed. Raises SeedError, with nothing written, for those cells
    otherwise, and for unknown columns. ``axislib check`` judges the values.
    """
    path, own = Path(path), Path(path).resolve() == (folder / WORKBOOK).resolve()
    old, coded = read_seed_cells(folder), read_workbook(path)
    checked = [check_columns(frame, name) for name, frame in coded.tables.items()]
    _refuse(path.name, "", [str(finding) for findings in checked for finding in findings])
    # what another workbook held last is not known: it may add, but neither change nor take out
    base = remembered(folder)["taken"] if own else {}
    merges = {
        name: _Merge(name, old[name], frame, base.get(name, {}), prefer, path.name)
        for name, frame in coded.tables.items()
    }
    new = dict(old) | {name: merge.table() for name, merge in merges.items()}
    conflicts = [one for merge in merges.values() for one in merge.conflicts]
    why = (
        f" {len(conflicts)} cell{'s' * (len(conflicts) > 1)} changed in the workbook and in the"
        " CSV. Write the same into both, or run it again with --prefer workbook or --prefer csv:"
    )
    _refuse(path.name, why, conflicts)
    done = _write(folder, old, settle(new))
    if own:  # what the workbook holds now is what it held when it was last in step
        made = _raw_memory(folder).get("made", {})
        memory = {"made": made, "taken": _plain(coded.tables)}
        write_whole(folder / TAKEN, json.dumps(memory) + "\n")
    return [*done, *(note for merge in merges.values() for note in merge.notes), *coded.notices]


def _write(
    folder: Path, old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Write the tables that have changed; a line for each."""
    done = []
    for name, frame in new.items():
        text = to_csv(frame)
        if text != (folder / f"{name}.csv").read_text(encoding="utf-8"):
            write_whole(folder / f"{name}.csv", text)
            gone = [one for one in keys_of(old[name], name) if one not in set(keys_of(frame, name))]
            left = f"; taken out: {', '.join(gone)}" if gone else ""
            done.append(f"{name}.csv: {len(frame)} rows{left}")
    if done:
        keep_hashes(folder)
    return done


def _refuse(file: str, why: str, problems: list[str]) -> None:
    if problems:
        raise SeedError("\n  ".join([f"{file}: nothing was copied:{why}", *problems]))


class _Merge:
    """One table of the CSV files and of the workbook, against what the workbook held last; what
    both changed (``conflicts``), and what only the CSV has changed (``notes``)."""

    def __init__(
        self, name: str, csv: pd.DataFrame, book: pd.DataFrame, base: Rows, prefer: str, file: str
    ):
        self.name, self.base, self.prefer, self.file = name, base, prefer, file
        self.ours, self.theirs = rows_of(csv, name), rows_of(book, name)
        self.columns = [column for column in columns_of(name) if column in book]
        self.conflicts: list[str] = []
        self.notes: list[str] = []

    def table(self) -> pd.DataFrame:
        """The table after both changes."""
        # the order of the sentences is the text's, whatever order the tab was sorted in
        sentences = self.name == "sentences"
        rows = []
        for key in self.ours if sentences else dict.fromkeys([*self.theirs, *self.ours]):
            sides = (self.ours, self.theirs, self.base)
            ours, theirs, base = (side.get(key, (0, None))[1] for side in sides)
            if ours is None or theirs is None:
                if sentences or self._stays(key, ours, theirs, base):
                    rows.append(ours or theirs)
            else:
                rows.append(self._row(key, ours, theirs, base or {}))
        return pd.DataFrame(rows, columns=[one["name"] for one in fields_of(self.name)], dtype=str)

    def _stays(self, key: tuple[str, int], ours: Cells, theirs: Cells, base: Cells) -> bool:
        """Whether a row that only one of them has is in the table after both changes."""
        if base is None:
            return True  # it was added
        row = ours or theirs or {}
        if all(same(row[c], base.get(c, ""), c) for c in self.columns):
            return False  # the other has taken it out
        if self.prefer:
            return (self.prefer == "workbook") == (ours is None)
        words = ("(row taken out)", "(row changed)")
        self.conflicts.append(self._at(key, "id", *(words if ours is None else words[::-1])))
        return False

    def _row(self, key: tuple[str, int], ours: dict, theirs: dict, base: dict) -> dict:
        row = dict(ours)
        for column in self.columns:
            a, b, c = ours[column], theirs[column], base.get(column, "")
            if same(a, b, column):
                continue
            if same(a, c, column):
                row[column] = b
            elif same(b, c, column):
                where = self._at(key, column, a, b)
                self.notes.append(f"kept, since only the CSV was changed: {where}")
            elif self.prefer:
                row[column] = b if self.prefer == "workbook" else a
            else:
                self.conflicts.append(self._at(key, column, a, b))
        return row

    def _at(self, key: tuple[str, int], column: str, ours: str, theirs: str) -> str:
        """Both places of a cell, with what they hold."""
        row = f", row {self.ours[key][0]}" if key in self.ours else ""
        other = f", row {self.theirs[key][0]}" if key in self.theirs else ""
        return (
            f"{self.name}.csv{row}, column {column} ({key[0]}): '{ours}';"
            f" {self.file}, tab {self.name}{other}: '{theirs}'"
        )


def settle(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables, ``not coded yet`` only where a sentence has neither facts nor a reason."""
    cited = tables["sentences"]["locator"].isin(cited_in(tables))
    reason = tables["sentences"]["no_fact_reason"]
    reason = reason.where(~(cited & (reason == NOT_YET)), "")
    reason = reason.where((reason != "") | cited, NOT_YET)
    return {**tables, "sentences": tables["sentences"].assign(no_fact_reason=reason)}
