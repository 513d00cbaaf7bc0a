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
from axislib.errors import SeedError
from axislib.files import write_whole
from axislib.tables.schema import fact_tables, fields_of, load_schema, split_cell

# beside the workbook: what it held when it was last in step, and what `axislib new` wrote
TAKEN = "coding-taken.json"
OF_SENTENCES = [
    "locator",
    "section",
    "no_fact_reason",
]  # places and hashes belong to the text, not to the workbook

Row = tuple[int, dict[str, str]]  # its number, its cells
Rows = dict[tuple[str, int], Row]  # by key, and which of several rows with that key


def same(one: str, other: str, column: str) -> bool:
    one, other = " ".join(one.split()), " ".join(other.split())
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
    for number, key, cells in zip(
        numbers, keys_of(frame, name), frame.to_dict("records"), strict=True
    ):
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
        fresh["section"] = fresh["locator"].map(sections).fillna(fresh["section"])
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
    from axislib.seed.folders import read_seed_cells

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
    from axislib.seed.folders import read_seed_cells

    book, memory = read_workbook(folder / WORKBOOK), remembered(folder)
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
    from axislib.seed.folders import read_metadata, read_seed_cells

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

    def one(name: str, count: int) -> str:
        if name in ("cooperation", "consistency"):
            return f"{count} row{'s' * (count > 1)} of {name}"
        return (
            f"{count} {name if count > 1 else 'hypothesis' if name == 'hypotheses' else name[:-1]}"
        )

    said = [one(name, count) for name, count in rows.items()]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


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
        book = read_workbook(folder / WORKBOOK)
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
        "rows": [
            [" ".join(str(value).split()) for value in row] for row in part.itertuples(index=False)
        ],
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
    from axislib.check.cells import check_columns
    from axislib.seed.folders import read_seed_cells

    path, own = Path(path), Path(path).resolve() == (folder / WORKBOOK).resolve()
    old, book = read_seed_cells(folder), read_workbook(path)
    findings = [
        str(finding) for name, frame in book.items() for finding in check_columns(frame, name)
    ]
    if findings:
        raise SeedError(f"{path.name}: nothing was taken over:\n  " + "\n  ".join(findings))
    # of another workbook nobody knows what it held last: it may add, but neither change nor take
    # out
    base = remembered(folder)["taken"] if own else {}
    new, conflicts, notes = dict(old), [], []
    for name, frame in book.items():
        merged = _merge(name, old[name], frame, base.get(name, {}), prefer, path.name)
        new[name], conflicts, notes = merged[0], conflicts + merged[1], notes + merged[2]
    if conflicts:
        raise SeedError(
            f"{path.name}: nothing was taken over: {len(conflicts)}"
            f" cell{'s' * (len(conflicts) > 1)} changed in the workbook and in the CSV. Write the"
            " same into both, or run it again with --prefer workbook or --prefer csv:\n  "
            + "\n  ".join(conflicts)
        )
    done = []
    for name, frame in settle(new).items():
        text = frame.to_csv(index=False, lineterminator="\n")
        if text != (folder / f"{name}.csv").read_text(encoding="utf-8"):
            write_whole(folder / f"{name}.csv", text)
            gone = [one for one in keys_of(old[name], name) if one not in set(keys_of(frame, name))]
            done.append(
                f"{name}.csv: {len(frame)} rows"
                + (f"; taken out: {', '.join(gone)}" if gone else "")
            )
    if own:
        remember(folder, book)
    return done + notes


def _merge(
    name: str, csv: pd.DataFrame, book: pd.DataFrame, base: Rows, prefer: str, file: str
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The table after both changes; what both changed; what only the CSV has otherwise."""
    ours, theirs = rows_of(csv, name), rows_of(book, name)
    columns = [
        c
        for c in (OF_SENTENCES if name == "sentences" else [f["name"] for f in fields_of(name)])
        if c in book
    ]
    rows, conflicts, notes = [], [], []

    def at(key: tuple[str, int], column: str, mine: str, other: str) -> str:
        places = [
            f"{name}.csv, row {ours[key][0]}" if key in ours else f"{name}.csv",
            f"{file}, tab {name}" + (f", row {theirs[key][0]}" if key in theirs else ""),
        ]
        return f"{places[0]}, column {column} ({key[0]}): '{mine}'; {places[1]}: '{other}'"

    # the order of the sentences is the text's, whatever order the tab was sorted in
    for key in ours if name == "sentences" else dict.fromkeys([*theirs, *ours]):
        mine, other, was = (side.get(key, (0, None))[1] for side in (ours, theirs, base))
        if mine is None or other is None:
            there = mine or other
            changed = was is not None and not all(
                same(there[c], was.get(c, ""), c) for c in columns
            )
            if was is None or name == "sentences":
                rows.append(there)
            elif changed and not prefer:
                words = ("(row taken out)", "(row changed)")
                conflicts.append(at(key, "id", *(words if mine is None else words[::-1])))
            elif changed and (prefer == "workbook") == (mine is None):
                rows.append(there)
            continue
        row = dict(mine)
        for column in columns:
            a, b, c = mine[column], other[column], (was or {}).get(column, "")
            if same(a, b, column):
                continue
            if same(a, c, column):
                row[column] = b
            elif same(b, c, column):
                notes.append(f"kept, since only the CSV was changed: {at(key, column, a, b)}")
            elif prefer:
                row[column] = b if prefer == "workbook" else a
            else:
                conflicts.append(at(key, column, a, b))
        rows.append(row)
    return (
        pd.DataFrame(rows, columns=[field["name"] for field in fields_of(name)], dtype=str),
        conflicts,
        notes,
    )


def settle(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables, ``not coded yet`` taken from sentences that have facts by now, and put where
    nothing is said."""
    cited = {
        one
        for name in fact_tables()
        if name in tables
        for cell in tables[name].get("anchors", [])
        for one in split_cell(cell)
    }
    sentences = tables["sentences"].copy()
    reason = sentences["no_fact_reason"].where(
        ~(sentences["locator"].isin(cited) & (sentences["no_fact_reason"] == NOT_YET)), ""
    )
    sentences["no_fact_reason"] = reason.where(
        (reason != "") | sentences["locator"].isin(cited), NOT_YET
    )
    return {**tables, "sentences": sentences}
