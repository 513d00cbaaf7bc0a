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
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from axislib.check.cells import check_columns
from axislib.check.rules import cited_in
from axislib.errors import SeedError
from axislib.files import to_csv, write_whole
from axislib.seed.opening import read_metadata, read_seed_cells
from axislib.seed.package import keep_hashes
from axislib.tables import spreadsheets
from axislib.tables.schema import Frames, codebook, fields_of, load_schema, vocabulary

NOT_YET = "not coded yet"  # the reason of a sentence that nobody has looked at
WORKBOOK = "coding.xlsx"
# the workbook as it was before it was last written anew: a person may have had tabs and notes in it
BEFORE = "coding-before.xlsx"
# beside the workbook: what it held when it was last in step, and what `axislib new` wrote
TAKEN = "coding-taken.json"
# places and hashes belong to the text, not to the workbook
OF_SENTENCES = ["locator", "section", "no_fact_reason"]
_NUMBER = "row number"
ROOM = 400  # rows with drop-downs on every tab
_NAMED = 10  # cells named in one message
_NARROW, _USUAL, _WIDE = 8, 14, 45  # widths of columns, in letters
_WIDTHS: dict[str, int] = dict.fromkeys(["start", "end", "length", "sha256"], _NARROW)
_WIDTHS |= dict.fromkeys(["statement", "note", "no_fact_reason"], _WIDE)
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


def coding_workbook(tables: Frames, words: Mapping[str, str]) -> bytes:
    """The workbook of a data set; ``words`` (locator -> sentence) go beside the locators."""
    from openpyxl.utils import get_column_letter

    book = spreadsheets.new_book()
    lists = pd.DataFrame({n: pd.Series([*vocabulary(n)]) for n in load_schema()["vocabularies"]})
    first = {"start": pd.DataFrame({"how to code": _GUIDE}), "codebook": codebook(), "lists": lists}
    for title, frame in first.items():
        spreadsheets.fill_sheet(book.create_sheet(title), frame)
    book["start"].column_dimensions["A"].width = 130
    book["lists"].sheet_state = "hidden"
    # where the words of a vocabulary, or the ids of another table, are
    choices = {name: f"{name}!$A$2:$A${ROOM}" for name in tables if name != "sentences"}
    for n, name in enumerate(map(str, lists), start=1):
        letter, last = get_column_letter(n), lists[name].count() + 1
        choices[name] = f"lists!${letter}$2:${letter}${last}"
    for name, frame in tables.items():
        if name == "sentences":
            # what a person reads comes first, what the machine needs last
            order = ["locator", "section", "sentence", "no_fact_reason"]
            frame = frame.assign(sentence=[words.get(one, "") for one in frame["locator"]])
            frame = frame[[*order, *(one for one in frame if one not in order)]]
        page = book.create_sheet(name)
        spreadsheets.fill_sheet(page, frame)
        _dress(page, name, choices)
    return spreadsheets.as_bytes(book)


def _dress(page, name: str, choices: dict[str, str]) -> None:
    """Widths, comments, text format and drop-downs of a table's tab."""
    from openpyxl.comments import Comment

    fields = {field["name"]: field for field in fields_of(name)}
    for top, *cells in page.iter_cols():
        width, field = page.column_dimensions[top.column_letter], fields.get(str(top.value))
        if field is None:  # the sentence itself
            width.width = _WIDE * 2
            continue
        top.comment = Comment(field["description"], "axislib")
        # text, in the whole column and in every cell that is there: 2024-10 stays 2024-10
        for cell in (width, *cells):
            cell.number_format = "@"
        own = _WIDTHS.get(str(top.value), _USUAL)
        width.width = own if own == _NARROW else max(width.width, own)
        words = choices.get(field.get("vocabulary") or field.get("references") or "")
        if words and not field.get("many"):
            places = [f"{top.column_letter}2:{top.column_letter}{ROOM}"]
            spreadsheets.drop_down(page, words, places, _CLOSED * ("vocabulary" in field))


@dataclass(frozen=True)
class Coded:
    """A workbook's ``tables`` as text, rows numbered as there; ``notices``: what was not read."""

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


def _tabs_of_tables(path: Path) -> tuple[dict[str, spreadsheets.Tab], list[str]]:
    """The tabs by their table, and notices of tabs that look like one and are not read."""
    found: dict[str, spreadsheets.Tab] = {}
    notices = []
    known = {name: {field["name"] for field in fields_of(name)} for name in load_schema()["tables"]}
    for tab in spreadsheets.read_tabs(path):
        table, header = "_".join(tab.title.casefold().split()), next(iter(tab.rows.values()), [])
        if table in found:
            raise SeedError(
                f"{Path(path).name}: two tabs are called {table} ('{found[table].title}' and"
                f" '{tab.title}'); rename the one that does not count"
            )
        if table in known:
            found[table] = tab
        elif like := next((name for name in known if known[name] <= set(header)), ""):
            note = f"the tab '{tab.title}' was not read, though it has the columns of {like}"
            notices.append(f"{note}; call it {like} if it is to count")
    return found, notices


def _frame(table: str, tab: spreadsheets.Tab) -> pd.DataFrame:
    header = tab.rows.get(1, [])
    not_read = ("", "sentence") if table == "sentences" else ("",)
    keep = [n for n, title in enumerate(header) if title not in not_read]
    rows = {n: [*row, *[""] * len(header)] for n, row in tab.rows.items() if n > 1}
    cells = {n: [" ".join(row[k].split()) for k in keep] for n, row in rows.items()}
    cells = {n: row for n, row in cells.items() if any(row)}
    columns = [header[k] for k in keep]
    return pd.DataFrame([*cells.values()], columns=columns, index=[*cells], dtype=str)


def _keyed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows as a workbook can hold them, numbered; by key, and by which of several with that key."""
    key = frame[load_schema()["tables"][name]["key"]]
    cells = frame.reindex(columns=columns_of(name), fill_value="").map(_bare)
    if name == "sentences":  # 'not coded yet' comes and goes by itself: see settle
        cells["no_fact_reason"] = cells["no_fact_reason"].replace(NOT_YET, "")
    # a workbook's rows are numbered already
    own = frame.index if len(frame) and frame.index[0] else range(2, len(frame) + 2)
    turns = pd.MultiIndex.from_arrays([key, key.groupby(key).cumcount()])
    return cells.assign(**{_NUMBER: own}).set_axis(turns)


def _bare(words: str) -> str:
    return " ".join(spreadsheets.writable(words).split())


def columns_of(name: str) -> list[str]:
    """The columns of a table that a workbook may change."""
    return OF_SENTENCES if name == "sentences" else [field["name"] for field in fields_of(name)]


def workbook_files(
    tables: Frames, words: Mapping[str, str], folder: Path | None = None
) -> dict[str, str | bytes]:
    """A workbook in step with the tables, and the record that it is.
    ``folder`` is a seed that exists: its workbook is kept, and what ``axislib new`` wrote."""
    own = {name: tables[name] for name in load_schema()["tables"]}
    kept, made = {}, _as_json(own)
    if folder:
        # sentences that nobody has coded are as new as ever, also those of a revised text
        fresh = tables["sentences"].assign(no_fact_reason=NOT_YET)
        places = zip(fresh["locator"], fresh["section"], strict=True)
        found = sections_found(folder)
        fresh["section"] = [found.get(locator, section) for locator, section in places]
        made = _memory(folder).get("made", {}) | _as_json({"sentences": fresh})
        old = folder / WORKBOOK
        kept = {BEFORE: old.read_bytes()} if old.exists() else {}
    memory = {"made": made, "taken": _as_json(own)}
    return kept | {WORKBOOK: coding_workbook(own, words), TAKEN: json.dumps(memory) + "\n"}


def _as_json(tables: Frames) -> dict[str, dict]:
    parts = {name: frame[columns_of(name)].map(_bare) for name, frame in tables.items()}
    return {n: {"columns": [*p], "rows": p.to_numpy().tolist()} for n, p in parts.items()}


def _memory(folder: Path) -> dict[str, dict]:
    """What the workbook last held in step (``taken``), what ``axislib new`` wrote (``made``)."""
    with suppress(OSError, ValueError):
        return json.loads((folder / TAKEN).read_text(encoding="utf-8"))
    return {}


def _remembered(folder: Path, part: str) -> dict[str, pd.DataFrame]:
    """A part of the memory, the rows by key."""
    held = _memory(folder).get(part, {}).items()
    return _all_keyed({n: pd.DataFrame(t["rows"], None, t["columns"], str) for n, t in held})


def sections_found(folder: Path) -> dict[str, str]:
    """The section of each sentence as ``axislib new`` found it, not as somebody corrected it."""
    found = _remembered(folder, "made").get("sentences", pd.DataFrame(columns=OF_SENTENCES))
    return dict(zip(found["locator"], found["section"], strict=True))


def rewrite_workbook(folder: Path, words: Mapping[str, str]) -> list[str]:
    """Write the workbook anew from the CSV files; returns the names of the files written.
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
    whole = {name: frame for name, frame in book.items() if set(columns_of(name)) <= set(frame)}
    return _differing(whole, _remembered(folder, "taken") or _all_keyed(read_seed_cells(folder)))


def coded(folder: Path) -> dict[str, int]:
    """How many rows of each CSV file are other than ``axislib new`` wrote them."""
    cells, made = read_seed_cells(folder), _remembered(folder, "made")
    if not made:  # from before this was remembered: the two who write, sentences not coded yet
        voices = (read_metadata(folder).get("voices") or {}).values()
        fresh = {"actors": cells["actors"][cells["actors"]["id"].isin(voices)]}
        fresh["sentences"] = cells["sentences"].assign(no_fact_reason=NOT_YET)
        made = _all_keyed(fresh)
    return _differing(cells, made)


def _all_keyed(tables: Frames) -> dict[str, pd.DataFrame]:
    return {name: _keyed(frame, name) for name, frame in tables.items()}


def _differing(tables: Frames, before: Frames) -> dict[str, int]:
    found = {}
    for name, rows in _all_keyed(tables).items():
        both = (one[columns_of(name)] for one in (rows, before.get(name, rows.iloc[:0])))
        now, then = next(both).align(next(both))
        if other := int(now.ne(then).any(axis=1).sum()):
            found[name] = other
    return found


def counted(rows: Mapping[str, int]) -> str:
    """Rows by table in words.

    >>> counted({"actors": 3, "events": 1, "cooperation": 2})
    '3 actors, 1 event and 2 rows of cooperation'
    """
    words = []
    for name, count in rows.items():
        single = "hypothesis" if name == "hypotheses" else name.removesuffix("s")
        if single == name:  # cooperation, consistency
            single, name = f"row of {name}", f"rows of {name}"
        words.append(f"{count} {name if count > 1 else single}")
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


def places_in_workbook(folder: Path, cells: Frames) -> dict[tuple[str, int], int]:
    """Table and row of each row of the CSV files -> its row in the workbook's tab."""
    found: dict[tuple[str, int], int] = {}
    with suppress(SeedError, KeyError):
        book = read_workbook(folder / WORKBOOK).tables
        for name in book.keys() & cells.keys():
            numbers = [_keyed(tables[name], name)[_NUMBER] for tables in (cells, book)]
            both = pd.concat(numbers, axis=1, join="inner")
            found |= {(name, ours): theirs for ours, theirs in both.itertuples(index=False)}
    return found


def bring_in(folder: Path, path: Path, prefer: str = "") -> list[str]:
    """Take a workbook's rows over into the CSV files; returns what was done, in lines.

    Of the sentences only ``section`` and ``no_fact_reason`` are taken. ``prefer`` ("workbook" or
    "csv") decides cells that both changed. Raises SeedError, with nothing written, for those cells
    otherwise, and for unknown columns. ``axislib check`` judges the values.
    """
    path, own = Path(path), Path(path).resolve() == (folder / WORKBOOK).resolve()
    old, book = read_seed_cells(folder), read_workbook(path)
    checked = [check_columns(frame, name) for name, frame in book.tables.items()]
    _refuse(path.name, "", [str(finding) for findings in checked for finding in findings])
    # what another workbook held last is not known: it may add, but neither change nor take out
    base = _remembered(folder, "taken") if own else {}
    merges = {}
    for name, theirs in _all_keyed(book.tables).items():
        ours = _keyed(old[name], name)
        before = base.get(name, ours.iloc[:0])
        merges[name] = _Merge(name, path.name, prefer, old[name], ours, theirs, before)
    new = old | {name: merge.table() for name, merge in merges.items()}
    conflicts = [one for merge in merges.values() for one in merge.conflicts]
    why = (
        f" {len(conflicts)} cell{'s' * (len(conflicts) > 1)} changed in the workbook and in the"
        " CSV. Write the same into both, or run it again with --prefer workbook or --prefer csv:"
    )
    _refuse(path.name, why, conflicts)
    done = _write(folder, old, settle(new))
    if own:  # what the workbook holds now is what it held when it was last in step
        memory = {"made": _memory(folder).get("made", {}), "taken": _as_json(book.tables)}
        write_whole(folder / TAKEN, json.dumps(memory) + "\n")
    return [*done, *(note for merge in merges.values() for note in merge.notes), *book.notices]


def _refuse(file: str, why: str, problems: list[str]) -> None:
    if problems:
        raise SeedError("\n  ".join([f"{file}: nothing was copied:{why}", *problems]))


def _write(folder: Path, old: Frames, new: Frames) -> list[str]:
    """Write the tables that have changed; a line for each."""
    done = []
    for name, frame in new.items():
        if (text := to_csv(frame)) != (folder / f"{name}.csv").read_text(encoding="utf-8"):
            write_whole(folder / f"{name}.csv", text)
            before, now = (one[load_schema()["tables"][name]["key"]] for one in (old[name], frame))
            gone = before[~before.isin(now)]
            left = f"; taken out: {', '.join(gone)}" if len(gone) else ""
            done.append(f"{name}.csv: {len(frame)} rows{left}")
    if done:
        keep_hashes(folder)
    return done


@dataclass
class _Merge:
    """One table of both, against what the workbook held last; ``notes``: only the CSV changed."""

    name: str
    file: str
    prefer: str
    csv: pd.DataFrame
    ours: pd.DataFrame  # the same by key, as the other two
    theirs: pd.DataFrame
    base: pd.DataFrame
    conflicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self) -> pd.DataFrame:
        """The table after both changes."""
        ours, theirs, columns = self.ours.index, self.theirs.index, columns_of(self.name)
        # the order of the sentences is the text's, whatever order the tab was sorted in
        every = theirs.append(ours[~ours.isin(theirs)]) if self.name != "sentences" else ours
        frames = (self.ours, self.theirs, self.base)
        a, b, c = (frame[columns].reindex(every) for frame in frames)
        here, there, before = (pd.Series(every.isin(frame.index), every) for frame in frames)
        differ, base = a.ne(b).mul(here & there, axis=0), c.fillna("")
        take, keep = differ & a.eq(base), differ & b.eq(base)
        clash = differ & ~take & ~keep
        kept = "kept, since only the CSV was changed: "
        self.notes += [kept + cell for cell in self._cells(keep, a, b)]
        if self.prefer == "workbook":
            take |= clash
        elif not self.prefer:
            self.conflicts += self._cells(clash, a, b)
        table = self.csv.set_axis(ours).reindex(every)
        table[columns] = table[columns].where(~take, b).fillna(b)
        if self.name == "sentences":
            return table.reset_index(drop=True)
        # a row that only one of them has was added, or the other has taken it out
        lone = before & ~(here & there)
        changed = lone & a.fillna(b).ne(c).any(axis=1)
        if not self.prefer:
            words = ["(row taken out)", "(row changed)"]
            self.conflicts += [
                self._at(key, "id", *words[:: -1 if here[key] else 1]) for key in every[changed]
            ]
        stays = changed & (there if self.prefer == "workbook" else here)
        return table[~lone | stays].reset_index(drop=True)

    def _cells(self, which: pd.DataFrame, ours: pd.DataFrame, theirs: pd.DataFrame) -> list[str]:
        keys, columns = which.index.tolist(), columns_of(self.name)
        return [
            self._at(keys[n], columns[k], str(ours.iat[n, k]), str(theirs.iat[n, k]))
            for n, k in zip(*which.to_numpy().nonzero(), strict=True)
        ]

    def _at(self, key: tuple[str, int], column: str, ours: str, theirs: str) -> str:
        """Both places of a cell, with what they hold."""
        empty = NOT_YET * (column == "no_fact_reason")  # see _keyed
        row, other = (
            f", row {frame.at[key, _NUMBER]}" if key in frame.index else ""
            for frame in (self.ours, self.theirs)
        )
        return (
            f"{self.name}.csv{row}, column {column} ({key[0]}): '{ours or empty}';"
            f" {self.file}, tab {self.name}{other}: '{theirs or empty}'"
        )


def settle(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables, ``not coded yet`` only where a sentence has neither facts nor a reason."""
    cited = tables["sentences"]["locator"].isin(cited_in(tables))
    reason = tables["sentences"]["no_fact_reason"]
    reason = reason.where(~(cited & (reason == NOT_YET)), "")
    reason = reason.where((reason != "") | cited, NOT_YET)
    return {**tables, "sentences": tables["sentences"].assign(no_fact_reason=reason)}
