"""What was coded in the workbook, taken over into the CSV files: cell by cell against what was
taken over last.

The CSV files are the seed. A cell that only the workbook changed comes over, a cell that only the
CSV changed stays, and one that both changed stops everything until a person has decided.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from axislib.authoring.merge import OF_SENTENCES, Rows, keys_of, remember, remembered, rows_of, same
from axislib.authoring.split import NOT_YET
from axislib.authoring.workbook import WORKBOOK, read_workbook
from axislib.errors import SeedError
from axislib.files import write_whole
from axislib.tables.schema import fact_tables, fields_of, split_cell


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
