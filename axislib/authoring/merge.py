"""The workbook and the CSV files of a data set, merged cell by cell against what the workbook held
last.

The CSV files are the data set. A cell that only the workbook changed comes over, a cell that only
the CSV changed stays, and a cell that both changed stops everything until a person has decided.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd

from axislib.authoring.split import NOT_YET
from axislib.authoring.workbook import BEFORE, WORKBOOK, coding_workbook, read_workbook
from axislib.check.cells import check_columns
from axislib.check.rules import cited_in
from axislib.errors import SeedError
from axislib.files import to_csv, write_whole
from axislib.seed.folders import read_metadata, read_seed_cells
from axislib.seed.package import keep_hashes
from axislib.tables.schema import fields_of, load_schema, records
from axislib.tables.spreadsheets import writable

# beside the workbook: what it held when it was last in step, and what `axislib new` wrote
TAKEN = "coding-taken.json"
OF_SENTENCES = [
    "locator",
    "section",
    "no_fact_reason",
]  # places and hashes belong to the text, not to the workbook

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
    """Rows by their key; a key that stands twice, or is empty, is told apart by its turn."""
    rows: Rows = {}
    numbers = (
        frame.index if len(frame) and frame.index[0] else range(2, len(frame) + 2)
    )  # a workbook's rows are numbered already
    for number, key, cells in zip(numbers, keys_of(frame, name), records(frame), strict=True):
        turn = 0
        while (key, turn) in rows:
            turn += 1
        rows[key, turn] = (number, cells)
    return rows


def workbook_files(
    tables: Mapping[str, pd.DataFrame], words: Mapping[str, str], folder: Path | None = None
) -> dict[str, str | bytes]:
    """A workbook in step with the tables, and what remembers that it is.

    ``folder``: a seed that is there already, of which is remembered what ``axislib new`` wrote into
    it, and kept the workbook as it was.
    """
    own = load_schema()["tables"]
    taken = made = {name: _plain(frame, name) for name, frame in tables.items() if name in own}
    if folder:
        # sentences that nobody has coded are as new as ever, also those of a revised text
        fresh, found = (
            tables["sentences"].assign(no_fact_reason=NOT_YET),
            remembered(folder)["made"].get("sentences", {}),
        )
        # the sections as they were found, not as somebody corrected them
        sections = {locator: cells["section"] for (locator, _), (_, cells) in found.items()}
        places = zip(fresh["locator"], fresh["section"], strict=True)
        fresh["section"] = [sections.get(locator, section) for locator, section in places]
        made = _raw_memory(folder).get("made", {}) | {"sentences": _plain(fresh, "sentences")}
    kept = (
        {BEFORE: (folder / WORKBOOK).read_bytes()}
        if folder and (folder / WORKBOOK).exists()
        else {}
    )
    return kept | {
        WORKBOOK: coding_workbook({name: tables[name] for name in own}, dict(words)),
        TAKEN: json.dumps({"made": made, "taken": taken}, ensure_ascii=True) + "\n",
    }


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
    """How many rows of each table in the seed's workbook were added, changed or taken out since it
    was last taken over."""
    if not (folder / WORKBOOK).exists():
        return {}
    book, memory = read_workbook(folder / WORKBOOK).tables, remembered(folder)
    known = memory["taken"] or {
        name: rows_of(frame, name) for name, frame in read_seed_cells(folder).items()
    }
    return _differing(
        {
            name: rows_of(frame, name)
            for name, frame in book.items()
            if set(columns_of(name)) <= set(frame)
        },
        known,
    )


def coded(folder: Path) -> dict[str, int]:
    """How many rows of each CSV file are other than ``axislib new`` wrote them."""
    cells, made = read_seed_cells(folder), remembered(folder)["made"]
    if (
        not made
    ):  # a seed from before this was remembered: the two who write, and sentences not coded yet
        voices = set((read_metadata(folder).get("voices") or {}).values())
        fresh = {"actors": cells["actors"][cells["actors"]["id"].isin(voices)]}
        fresh["sentences"] = cells["sentences"].assign(no_fact_reason=NOT_YET)
        made = {name: rows_of(frame, name) for name, frame in fresh.items()}
    return _differing({name: rows_of(frame, name) for name, frame in cells.items()}, made)


def _differing(now: Mapping[str, Rows], before: Mapping[str, Rows]) -> dict[str, int]:
    found = {}
    for name, rows in now.items():
        known = before.get(name, {})
        other = [
            key
            for key in {**known, **rows}
            if key not in rows
            or key not in known
            or not all(same(rows[key][1][c], known[key][1].get(c, ""), c) for c in columns_of(name))
        ]
        found |= {name: len(other)} if other else {}
    return found


def columns_of(name: str) -> list[str]:
    return OF_SENTENCES if name == "sentences" else [field["name"] for field in fields_of(name)]


def counted(rows: Mapping[str, int]) -> str:
    """Rows by table in words.

    >>> counted({"actors": 3, "events": 1, "cooperation": 2})
    '3 actors, 1 event and 2 rows of cooperation'
    """

    words = [_counted(name, count) for name, count in rows.items()]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _counted(name: str, count: int) -> str:
    if name in ("cooperation", "consistency"):
        return f"{count} row{'s' * (count > 1)} of {name}"
    single = "hypothesis" if name == "hypotheses" else name[:-1]
    return f"{count} {name if count > 1 else single}"


def taking_call(folder: Path) -> str:
    """The command that takes the seed's own workbook over."""
    return f"axislib new {folder.name}{into(folder)} --from {shown(folder / WORKBOOK)}"


def into(folder: Path) -> str:
    """The option that says where a seed lies, if it does not lie where it is looked for."""
    return (
        ""
        if folder.resolve().parent == Path("seeds").resolve()
        else f" --into {shown(folder.parent)}"
    )


def shown(path: Path) -> str:
    """A path as a person would type it from here."""
    with suppress(ValueError):
        return os.fspath(path.resolve().relative_to(Path.cwd().resolve()))
    return os.fspath(path)


def places_in_workbook(
    folder: Path, cells: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, int], int]:
    """Where each row of the CSV files stands in the seed's workbook: table and row -> row of its
    tab."""
    found: dict[tuple[str, int], int] = {}
    with suppress(SeedError, KeyError):
        book = read_workbook(folder / WORKBOOK).tables
        for name in book.keys() & cells.keys():
            theirs = rows_of(book[name], name)
            found |= {
                (name, row): theirs[key][0]
                for key, (row, _) in rows_of(cells[name], name).items()
                if key in theirs
            }
    return found


def _plain(frame: pd.DataFrame, name: str) -> dict:
    part = frame[columns_of(name)]
    return {
        "columns": list(part.columns),
        "rows": [[_bare(str(value)) for value in row] for row in part.itertuples(index=False)],
    }


def remember(folder: Path, book: Mapping[str, pd.DataFrame]) -> None:
    """Keep what the workbook holds now as what it held when it was last in step."""
    taken = {name: _plain(frame, name) for name, frame in book.items()}
    made = _raw_memory(folder).get("made", {})
    write_whole(
        folder / TAKEN, json.dumps({"made": made, "taken": taken}, ensure_ascii=True) + "\n"
    )


def _raw_memory(folder: Path) -> dict:
    with suppress(OSError, ValueError):
        return json.loads((folder / TAKEN).read_text(encoding="utf-8"))
    return {}


def remembered(folder: Path) -> dict[str, dict[str, Rows]]:
    """What the workbook held when it was last in step (``taken``), and what ``axislib new`` wrote
    (``made``); empty if unknown."""
    memory = _raw_memory(folder)
    return {
        part: {
            name: rows_of(pd.DataFrame(table["rows"], columns=table["columns"], dtype=str), name)
            for name, table in memory.get(part, {}).items()
        }
        for part in ("made", "taken")
    }


def bring_in(folder: Path, path: Path, prefer: str = "") -> list[str]:
    """Take a workbook's rows over into the seed's CSV files; returns a line for each file changed
    and each cell left as it was.

    Of the sentences only ``section`` and ``no_fact_reason`` are taken. ``prefer`` ("workbook" or
    "csv") decides cells that both changed. Raises SeedError, before anything is written, for those
    cells otherwise, and for columns that no table has. Values are judged by ``axislib check``.
    """
    path, own = Path(path), Path(path).resolve() == (folder / WORKBOOK).resolve()
    old, coded = read_seed_cells(folder), read_workbook(path)
    _refuse_columns(path.name, coded.tables)
    # of another workbook nobody knows what it held last: it may add, but neither change nor take
    # out
    base = remembered(folder)["taken"] if own else {}
    merges = {
        name: _Merge(name, old[name], frame, base.get(name, {}), prefer, path.name)
        for name, frame in coded.tables.items()
    }
    new = dict(old) | {name: merge.table() for name, merge in merges.items()}
    _refuse_conflicts(path.name, [one for merge in merges.values() for one in merge.conflicts])
    done = _write(folder, old, settle(new))
    if own:
        remember(folder, coded.tables)
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


def _refuse_columns(file: str, book: Mapping[str, pd.DataFrame]) -> None:
    findings = [
        str(finding) for name, frame in book.items() for finding in check_columns(frame, name)
    ]
    if findings:
        raise SeedError(f"{file}: nothing was taken over:\n  " + "\n  ".join(findings))


def _refuse_conflicts(file: str, conflicts: list[str]) -> None:
    if conflicts:
        raise SeedError(
            f"{file}: nothing was taken over: {len(conflicts)}"
            f" cell{'s' * (len(conflicts) > 1)} changed in the workbook and in the CSV. Write the"
            " same into both, or run it again with --prefer workbook or --prefer csv:\n  "
            + "\n  ".join(conflicts)
        )


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
            ours, theirs, base = (
                side.get(key, (0, None))[1] for side in (self.ours, self.theirs, self.base)
            )
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
        """Both places of a cell, with what stands there."""
        row = f", row {self.ours[key][0]}" if key in self.ours else ""
        other = f", row {self.theirs[key][0]}" if key in self.theirs else ""
        return (
            f"{self.name}.csv{row}, column {column} ({key[0]}): '{ours}';"
            f" {self.file}, tab {self.name}{other}: '{theirs}'"
        )


def settle(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables, ``not coded yet`` taken from sentences that have facts by now, and put where
    nothing is said."""
    cited = tables["sentences"]["locator"].isin(cited_in(tables))
    reason = tables["sentences"]["no_fact_reason"]
    reason = reason.where(~(cited & (reason == NOT_YET)), "")
    sentences = tables["sentences"].assign(
        no_fact_reason=reason.where((reason != "") | cited, NOT_YET)
    )
    return {**tables, "sentences": sentences}
