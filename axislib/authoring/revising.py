"""A revised text taken over into a seed's folder: tables, workbook, split, and the list of what is
to be read again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd

from axislib.authoring.merge import counted, remembered, taking_call, untaken, workbook_files
from axislib.authoring.revise import Revision, revised_cells
from axislib.authoring.split import pieces_of, read_split, split_file, words_at
from axislib.authoring.workbook import WORKBOOK
from axislib.check.cells import Finding, check_tables
from axislib.errors import SeedError
from axislib.files import write_folder
from axislib.seed.folders import read_metadata, read_seed_cells
from axislib.tables.schema import fields_of, load_schema, long_form, read_cells, split_cell
from axislib.text.copy import read_copy

TO_REREAD = "to-reread.csv"
REREAD = ["table", "id", "column", "sentences"]


def write_revision(folder: Path, revision: Revision, text: Path | None = None) -> list[str]:
    """Write the revised sentences and locators into a seed's folder, all files or none; returns a
    line a changed file.

    Raises SeedError, with nothing written, while rows have lost all their sentences: take them out
    or give them another sentence first. ``text`` takes the place of the copy that ``axislib new``
    put into the folder.
    """
    tables = would_be_written(folder, revision)
    files: dict[str, str | bytes] = {}
    for name, frame in tables.items():
        written = frame.to_csv(index=False, lineterminator="\n")
        if written != (folder / f"{name}.csv").read_text(encoding="utf-8"):
            files[f"{name}.csv"] = written
    files |= _beside(folder, revision, tables)
    done = list(files)
    if text and (folder / f"{folder.name}.txt").exists():
        files[f"{folder.name}.txt"] = Path(text).read_bytes()
    write_folder(folder, files, keep=True)
    return done


def would_be_written(folder: Path, revision: Revision) -> dict[str, pd.DataFrame]:
    """The tables that ``write_revision`` would write; raises SeedError where it would, and writes
    nothing."""
    waiting = untaken(folder)
    if waiting:
        raise SeedError(
            f"{WORKBOOK} holds {counted(waiting)} not taken over yet; nothing was written; first:"
            f" {taking_call(folder)}"
        )
    cells = read_seed_cells(folder)
    tables = revised_cells(cells, revision)
    bare = _bare(cells, tables)
    if bare:
        raise SeedError(
            f"{folder.name}: rows that have lost all their sentences: {len(bare)}; nothing was"
            " written. Mend each in its file, where the sentences are still called as before, then"
            f" run again: axislib text --revise FILE --seed {folder.name} --write\n  "
            + "\n  ".join(map(str, bare))
        )
    findings = check_tables(
        {name: tables[name] for name in cells}, read_metadata(folder).get("voices")
    )
    if findings:
        raise SeedError(
            f"{folder.name}: the revised tables would not be sound; nothing was written:\n  "
            + "\n  ".join(map(str, findings[:20]))
        )
    return tables


def sections_before(folder: Path, split: str) -> dict[str, str]:
    """The section that the split had given each sentence of a seed before ``split`` was given, as
    far as that is known.

    From the stored split; where that is the one given, or is gone, as ``axislib new`` found them.
    """
    old = read_cells(folder / "sentences.csv")
    own = dict(zip(old["locator"], old["section"], strict=True))
    found = {
        locator: cells["section"]
        for (locator, _), (_, cells) in remembered(folder)["made"].get("sentences", {}).items()
    }
    path = folder / f"{folder.name}-split.txt"
    if not path.exists():
        return found
    stored = read_copy(path)
    if stored.splitlines() == split.splitlines():
        # nothing tells a new correction from an old one: what was corrected in the table holds
        return found or own
    with suppress(SeedError):
        pieces = read_split(stored, read_copy(folder / f"{folder.name}.txt"))
        places = [
            (int(start), locator)
            for locator, start in old[["locator", "start"]].itertuples(index=False)
        ]
        return {
            locator: piece.section
            for start, locator in places
            for piece in pieces
            if piece.start <= start < piece.end
        }
    return found


def _beside(
    folder: Path, revision: Revision, tables: Mapping[str, pd.DataFrame]
) -> dict[str, str | bytes]:
    """What stands beside the tables and has to follow: what is to be read again, the split, the
    workbook."""
    files: dict[str, str | bytes] = {}
    if len(again := _to_reread(folder, revision)):
        files[TO_REREAD] = again.to_csv(index=False, lineterminator="\n")
    if (folder / f"{folder.name}-split.txt").exists():
        files[f"{folder.name}-split.txt"] = split_file(revision.raw, pieces_of(revision.revised))
    if (folder / WORKBOOK).exists():
        files |= workbook_files(tables, words_at(revision.raw, revision.revised), folder)
    return files


def _to_reread(folder: Path, revision: Revision) -> pd.DataFrame:
    """The rows of which a sentence was changed or is gone, with what was still to be read from an
    earlier revision."""
    rows = pd.concat([revision.facts, revision.others])
    rows = rows[(rows["fate"] == "changed") & (rows["new_anchors"] != "")]
    rows = rows.assign(
        id=rows["id"].where(rows["table"] != "sentences", rows["new_anchors"])
    ).rename(columns={"new_anchors": "sentences"})
    at = dict(zip(revision.sentences["locator"], revision.sentences["new_locator"], strict=True))
    before = still_to_reread(folder)
    before["sentences"] = [
        ";".join(dict.fromkeys(filter(None, (at.get(one, "") for one in split_cell(cell)))))
        for cell in before["sentences"]
    ]
    before["id"] = [at.get(one, one) for one in before["id"]]
    return pd.concat([before, rows[REREAD]]).drop_duplicates(
        ["table", "id", "column"], keep="last", ignore_index=True
    )


def still_to_reread(folder: Path) -> pd.DataFrame:
    """The rows to be read again after a revised text (``table``, ``id``, ``column``,
    ``sentences``); a person takes out what is done."""
    path = folder / TO_REREAD
    if not path.exists() or not path.read_text(encoding="utf-8").strip():
        return pd.DataFrame(columns=REREAD, dtype=str)
    cells = read_cells(path)
    if missing := [name for name in REREAD if name not in cells]:
        raise SeedError(
            f"{TO_REREAD}: has no column {', '.join(missing)}; its first row must be"
            f" {','.join(REREAD)}, or take the file away"
        )
    return cells[REREAD]


def _bare(cells: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """The rows that would rest on no sentence any more, each with what mends it."""
    key = {name: load_schema()["tables"][name]["key"] for name in cells}
    namers: dict[str, dict[str, None]] = {}
    for name, frame in cells.items():
        for column in fields_of(name):
            if column.get("references", "sentences") != "sentences":
                for namer, row_id in long_form(frame, column["name"], key[name]).itertuples(
                    index=False
                ):
                    namers.setdefault(row_id, {})[namer] = None
    found = []
    for name, frame in tables.items():
        for n in frame.index[frame["anchors"] == ""] if "anchors" in frame else []:
            gone, row_id = cells[name].at[n, "anchors"], frame.at[n, key[name]]
            if gone:
                also = (
                    f" (what names it too: {', '.join(namers[row_id])})" if row_id in namers else ""
                )
                mend = f"name a sentence that stays, or take the row out{also}"
                found.append(
                    Finding(
                        f"{name}.csv",
                        n + 2,
                        "anchors",
                        gone,
                        f"is gone, and {row_id} rests on nothing else",
                        mend,
                    )
                )
    return found
