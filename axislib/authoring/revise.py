"""A revised text: which rows stay, moved, changed or lost their sentence."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from axislib.authoring import workbook
from axislib.authoring.new import (
    Piece,
    pieces_of,
    read_split,
    sentence_table,
    split_file,
    split_text,
    words_at,
)
from axislib.check import check_tables
from axislib.check.cells import Finding
from axislib.check.rules import cited_in
from axislib.errors import SeedError
from axislib.files import to_csv, write_folder
from axislib.seed.opening import read_metadata, read_seed_cells
from axislib.seed.package import package_text
from axislib.seed.seed import Seed
from axislib.tables import schema
from axislib.text.copy import read_copy
from axislib.text.receipt import locate

FATES = {
    "stays": "all its sentences are where they were, word for word",
    "moved": "word for word, but a sentence has moved",
    "changed": "a sentence of it was changed, reworded or is gone: read it again",
    "lost": "none of its sentences is there any more",
}
_TOLD = ("moved", "changed", "lost")
_ROWS = ["id", "table", "column", "fate", "anchors", "new_anchors"]
TO_REREAD = "to-reread.csv"
REREAD = ["table", "id", "column", "sentences"]


@dataclass(frozen=True)
class Revision:
    """What a revised text does to a seed; nothing is written until ``write_revision``.

    ``sentences``: a row for each old sentence (``locate``'s receipt and ``new_locator``;
    ``reworded``: other words are in its place between the same neighbours). ``facts``: a row for
    each statement: ``id``, ``table``, ``column`` (anchors), ``fate`` (see FATES), ``anchors``,
    ``new_anchors``. ``others``: the same for other cells that name sentences, and for reasons why a
    sentence has no statement. ``revised``: the new table ``sentences``, as text; ``raw``: the text.
    """

    sentences: pd.DataFrame = field(repr=False)
    facts: pd.DataFrame = field(repr=False)
    others: pd.DataFrame = field(repr=False)
    revised: pd.DataFrame = field(repr=False)
    raw: str = field(repr=False)

    @property
    def at(self) -> dict[str, str]:
        """Old locator -> the new one, empty where the sentence is gone."""
        return dict(zip(self.sentences["locator"], self.sentences["new_locator"], strict=True))

    def __str__(self) -> str:
        counts = Counter(self.facts["fate"])
        new = len(set(self.revised["locator"]) - set(self.sentences["new_locator"]))
        fates = ", ".join(f"{counts[fate]} {fate}" for fate in FATES)
        return (
            f"{len(self.facts)} statements: {fates}. {len(self.sentences)} sentences before,"
            f" {len(self.revised)} now, {new} of them new."
        )


def revise(
    seed: Seed,
    raw: str,
    pieces: list[Piece] | None = None,
    sections: Mapping[str, str] | None = None,
) -> Revision:
    """What becomes of every sentence and fact of a seed in a revised text; nothing is written.

    Known sentences are found by their hash wherever they are; the rest of the text is split anew.
    Where a person has split it (``pieces``), that holds, and a known sentence that is cut otherwise
    there counts as changed. ``sections``: the section that the split had given each known sentence
    so far; where ``pieces`` give it the same, the seed's own holds, which a person may have
    corrected since. It cannot tell a small change from a large one: both have to be read again.

    >>> import axislib
    >>> revision = revise(axislib.open_seed(), "Another text. It has nothing of the old one.")
    >>> str(revision).split(". ")[1]
    '57 sentences before, 2 now, 2 of them new.'
    """
    receipt, old = locate(raw, seed.sentences), seed.sentences
    table = sentence_table(raw, _pieces_now(raw, receipt, old) if pieces is None else pieces)
    receipt, at = _reworded(receipt, table, _most_of(receipt, table))
    before, after = (frame.set_index("locator") for frame in (old, table))
    known = {new: str(before.at[locator, "no_fact_reason"]) for locator, new in at.items()}
    table["no_fact_reason"] = [known.get(locator, workbook.NOT_YET) for locator in table["locator"]]
    table["section"] = _sections(table, at, old, None if pieces is None else sections or {})
    # a sentence that a person has cut otherwise has changed
    receipt["new_locator"] = [at.get(locator, "") for locator in receipt["locator"]]
    same = receipt["new_locator"].map(after["sha256"]) == receipt["locator"].map(before["sha256"])
    kept = same | receipt["status"].isin(["lost", "reworded"])
    receipt["status"] = receipt["status"].where(kept, "changed")
    status = dict(zip(receipt["locator"], receipt["status"], strict=True))
    rows = pd.DataFrame(_fates(seed, status, at), columns=_ROWS)
    is_fact = rows["table"].isin(schema.fact_tables())
    facts, others = (rows[which].reset_index(drop=True) for which in (is_fact, ~is_fact))
    return Revision(receipt, facts, others, table, raw)


def _fates(seed: Seed, status: Mapping[str, str], at: Mapping[str, str]) -> Iterator[tuple]:
    """What becomes of each cell that names sentences, and each reason for no fact; see _ROWS."""
    for name, frame in seed.tables.items():
        for column in _anchoring(name):
            for row_id, cell in frame[["id", column]].itertuples(index=False):
                # a row of another layer rests on sources, not on sentences
                if fates := [status[one] for one in schema.split_cell(cell) if one in status]:
                    yield row_id, name, column, _fate(fates), cell, _moved(cell, at)
    for locator, reason in seed.sentences[["locator", "no_fact_reason"]].itertuples(index=False):
        if reason not in (*schema.missing_words(), workbook.NOT_YET):
            fate = _fate([status[locator]])
            yield locator, "sentences", "no_fact_reason", fate, locator, at.get(locator, "")


def _fate(statuses: list[str]) -> str:
    if all(status == "lost" for status in statuses):
        return "lost"
    if set(statuses) & {"lost", "changed", "reworded"}:
        return "changed"
    return "moved" if "moved" in statuses else "stays"


def _anchoring(table: str) -> list[str]:
    """The columns of a table that name sentences."""
    return [one["name"] for one in schema.fields_of(table) if one.get("references") == "sentences"]


def _moved(cell: str, at: Mapping[str, str]) -> str:
    """A cell's locators as they are now, each once."""
    return ";".join(dict.fromkeys(at[one] for one in schema.split_cell(cell) if at.get(one)))


def _spans(table: pd.DataFrame) -> list[tuple[int, int, str]]:
    """Start, end and locator of each sentence that is there."""
    places = table.dropna(subset="start")[["start", "end", "locator"]].itertuples(index=False)
    return [(int(start), int(end), locator) for start, end, locator in places]


def _most_of(receipt: pd.DataFrame, table: pd.DataFrame) -> dict[str, str]:
    """Old locator -> the new sentence that holds most of it."""
    at, places = {}, _spans(table)
    for start, end, old in _spans(receipt):
        shared = {new: min(b, end) - max(a, start) for a, b, new in places}
        if max(shared.values(), default=0) > 0:
            at[old] = max(shared, key=shared.__getitem__)
    return at


def _sections(
    table: pd.DataFrame, at: Mapping[str, str], old: pd.DataFrame, before: Mapping[str, str] | None
) -> list[str]:
    """The sections of the split; a known sentence's own where that says what it said ``before``, or
    where no person has split the text (None)."""
    split, own = dict(zip(table["locator"], table["section"], strict=True)), defaultdict(set)
    for locator, section in old[["locator", "section"]].itertuples(index=False):
        if new := at.get(locator):
            same = before is None or before.get(locator) == split[new]
            own[new].add(section if same else split[new])
    # sentences of several sections that were joined are for the split to say
    return [own[new].pop() if len(own[new]) == 1 else section for new, section in split.items()]


def _reworded(
    receipt: pd.DataFrame, table: pd.DataFrame, at: dict[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Lost and new sentences paired where as many are between the same two that stayed."""
    receipt, at = receipt.copy(), dict(at)
    places = dict(zip(table["locator"], range(len(table)), strict=True))
    locators = list(receipt["locator"])
    # old and new places of those that stayed, and what is in each gap between them
    stayed = receipt.index[receipt["status"].isin(["exact", "changed"])].tolist()
    now = [places[at[locators[n]]] for n in stayed]
    gaps: dict[int, tuple[list, list]] = defaultdict(lambda: ([], []))
    for n in receipt.index[receipt["status"] == "lost"]:
        gaps[bisect(stayed, n)][0].append(n)
    known = _spans(receipt)
    for start, end, locator in _spans(table):
        # of which no known sentence has a part
        if not any(a < end and b > start for a, b, _ in known):
            gaps[bisect(now, places[locator])][1].append((start, end, locator))
    for gone, came in gaps.values():
        if stayed and len(gone) == len(came):
            for n, (start, end, locator) in zip(gone, came, strict=True):
                at[locators[n]] = locator
                cells = ["reworded", start, end, "different words are in its place"]
                receipt.loc[n, ["status", "start", "end", "note"]] = cells
    return receipt, at


def _pieces_now(raw: str, receipt: pd.DataFrame, old: pd.DataFrame) -> list[Piece]:
    """The known sentences where they are now, and between them the text as it splits anew."""
    pieces, found = split_text(raw), sorted(_spans(receipt))
    sections = dict(zip(old["locator"], old["section"], strict=True))
    # the paragraph of the proposed sentence before it; 1 where there is none
    starts, paragraph = [p.start for p in pieces], [p.paragraph for p in pieces] or [1]
    spans = [
        Piece(a, b, paragraph[max(0, bisect(starts, a) - 1)], sections[locator])
        for a, b, locator in found
    ]
    spans += [rest for piece in pieces for rest in _rest_of(raw, piece, found)]
    return sorted(spans, key=lambda piece: (piece.start, piece.end))


def _rest_of(raw: str, piece: Piece, found: list[tuple[int, int, str]]) -> Iterator[Piece]:
    """What no known sentence claims of a proposed one is new."""
    place = piece.start
    inside = [(a, b) for a, b, _ in found if a < piece.end and b > piece.start]
    for start, end in [*inside, (piece.end, piece.end)]:
        words = raw[place : max(place, start)]
        if any(map(str.isalnum, words)):
            first = place + len(words) - len(words.lstrip())
            yield Piece(first, first + len(words.strip()), piece.paragraph, piece.section)
        place = max(place, end)


def revised_cells(cells: schema.Frames, revision: Revision) -> dict[str, pd.DataFrame]:
    """A seed's text cells with the revised sentences; each locator where its sentence is now."""
    tables, at = {**cells, "sentences": revision.revised}, revision.at
    for name in cells.keys() - {"sentences"}:
        moved = {c: [_moved(cell, at) for cell in cells[name][c]] for c in _anchoring(name)}
        tables[name] = cells[name].assign(**moved)
    cited = revision.revised["locator"].isin(cited_in(tables))
    reason = revision.revised["no_fact_reason"].where(~cited, "")
    return workbook.settle({**tables, "sentences": revision.revised.assign(no_fact_reason=reason)})


def receipt_lines(revision: Revision, old: Callable[[str], str] | None = None) -> list[str]:
    """The receipt in words: what does not stay, the changed sentences, then the counts.
    ``old`` gives the words of an old locator, or nothing without a copy of the old text."""
    facts, others, sentences = revision.facts, revision.others, revision.sentences
    rows = {f"{fate}: {FATES[fate]}": facts[facts["fate"] == fate] for fate in _TOLD}
    also = "also resting on sentences that were changed or are gone:"
    rows[also] = others[others["fate"].isin(["changed", "lost"])]
    blocks = {said: [_line(row) for row in schema.records(frame)] for said, frame in rows.items()}
    words = words_at(revision.raw, revision.revised)
    for said, statuses in (
        ("these sentences before and after:", ["changed", "lost"]),
        ("reworded: different words are in the same place; is it the same sentence?", ["reworded"]),
    ):
        changed, blocks[said] = sentences[sentences["status"].isin(statuses)], []
        for locator, new in changed[["locator", "new_locator"]].itertuples(index=False):
            before = (old(locator) if old else "") or "(the old text is not available)"
            now = f"  {new or 'gone':>{len(locator)}}  {words.get(new, '')}".rstrip()
            blocks[said] += [f"  {locator}  {before}", now]
    lines = [line for said, own in blocks.items() if own for line in (said, *own)]
    new = revision.revised.loc[~revision.revised["locator"].isin(sentences["new_locator"])]
    lines += [f"new sentences, not coded yet: {', '.join(new['locator'])}"] * bool(len(new))
    return [*lines, str(revision)]


def _line(row: Mapping[str, str]) -> str:
    column = "" if row["column"] == "anchors" else f", {row['column']}"
    new = f" -> {row['new_anchors']}" if row["new_anchors"] else ""
    return f"  {row['id']} ({row['table']}{column}): {row['anchors']}{new}"


def write_revision(folder: Path, revision: Revision, text: Path | None = None) -> list[str]:
    """Write the revision into a seed's folder, all files or none; returns the files' names.

    Raises SeedError, with nothing written, while rows have lost all their sentences. ``text``
    replaces the copy that ``axislib new`` put into the folder.
    """
    tables = would_be_written(folder, revision)
    raw = {name: to_csv(frame).encode() for name, frame in tables.items()}
    files: dict[str, str | bytes] = {
        f"{name}.csv": content
        for name, content in raw.items()
        if content != (folder / f"{name}.csv").read_bytes()
    }
    # what has to follow the tables: what is to be read again, the split, the workbook
    if len(again := _to_reread(folder, revision)):
        files[TO_REREAD] = to_csv(again)
    split, copy = f"{folder.name}-split.txt", f"{folder.name}.txt"
    if (folder / split).exists():
        files[split] = split_file(revision.raw, pieces_of(revision.revised))
    if (folder / workbook.WORKBOOK).exists():
        files |= workbook.workbook_files(tables, words_at(revision.raw, revision.revised), folder)
    done = list(files)
    files["datapackage.json"] = package_text(read_metadata(folder), list(tables), raw)
    if text and (folder / copy).exists():
        files[copy] = Path(text).read_bytes()
    write_folder(folder, files, keep=True)
    return done


def would_be_written(folder: Path, revision: Revision) -> dict[str, pd.DataFrame]:
    """The tables that ``write_revision`` would write, or its SeedError; writes nothing."""
    if waiting := workbook.untaken(folder):
        raise SeedError(
            f"{workbook.WORKBOOK} holds {workbook.counted(waiting)} not yet copied into the"
            f" tables; nothing was written; first: {workbook.taking_call(folder)}"
        )
    cells = read_seed_cells(folder)
    tables = revised_cells(cells, revision)
    if bare := _bare(cells, tables):
        raise SeedError(
            f"{folder.name}: rows that have lost all their sentences: {len(bare)}; nothing was"
            " written. Fix each in its file, where the sentences are still called as before, then"
            f" run again: axislib text --revise FILE --seed {folder.name} --write\n  "
            + "\n  ".join(map(str, bare))
        )
    if findings := check_tables(tables, read_metadata(folder).get("voices")):
        raise SeedError(
            f"{folder.name}: the revised tables would not be sound; nothing was written:\n  "
            + "\n  ".join(map(str, findings[:20]))
        )
    return tables


def sections_before(folder: Path, split: str) -> dict[str, str]:
    """The section that the split gave each sentence before ``split``, as far as known.

    From the stored split; where that is the same or is gone, as ``axislib new`` found them.
    """
    old, found = schema.read_cells(folder / "sentences.csv"), workbook.sections_found(folder)
    path = folder / f"{folder.name}-split.txt"
    if not path.exists():
        return found
    stored = read_copy(path)
    if stored.splitlines() == split.splitlines():
        # nothing tells a new correction from an old one: what was corrected in the table holds
        return found or dict(zip(old["locator"], old["section"], strict=True))
    with suppress(SeedError):
        pieces = read_split(stored, read_copy(folder / f"{folder.name}.txt"))
        return {
            locator: piece.section
            for start, _, locator in _spans(old)
            for piece in pieces
            if piece.start <= start < piece.end
        }
    return found


def _to_reread(folder: Path, revision: Revision) -> pd.DataFrame:
    """The rows of which a sentence changed or is gone, with those of an earlier revision."""
    rows = pd.concat([revision.facts, revision.others]).assign(sentences=lambda r: r["new_anchors"])
    rows = rows[(rows["fate"] == "changed") & (rows["sentences"] != "")]
    rows["id"] = rows["id"].where(rows["table"] != "sentences", rows["sentences"])
    at, before = revision.at, still_to_reread(folder)
    before["sentences"] = [_moved(cell, at) for cell in before["sentences"]]
    before["id"] = [at.get(one, one) for one in before["id"]]
    every, key = pd.concat([before, rows[REREAD]]), ["table", "id", "column"]
    return every.drop_duplicates(key, keep="last", ignore_index=True)


def still_to_reread(folder: Path) -> pd.DataFrame:
    """The rows (``REREAD``) to be read again; a person takes out what is done."""
    path = folder / TO_REREAD
    if not path.exists() or not path.read_text(encoding="utf-8").strip():
        return pd.DataFrame(columns=REREAD, dtype=str)
    cells = schema.read_cells(path)
    if missing := [name for name in REREAD if name not in cells]:
        raise SeedError(
            f"{TO_REREAD}: has no column {', '.join(missing)}; its first row must be"
            f" {','.join(REREAD)}, or take the file away"
        )
    return cells[REREAD]


def _bare(cells: schema.Frames, tables: schema.Frames) -> list[Finding]:
    """The rows that would rest on no sentence any more, each with what to do."""
    key = {name: schema.load_schema()["tables"][name]["key"] for name in cells}
    named = [
        schema.long_form(frame, one["name"], key[name]).set_axis(["namer", "named"], axis=1)
        for name, frame in cells.items()
        for one in schema.fields_of(name)
        if one.get("references", "sentences") != "sentences"
    ]
    namers = pd.concat(named).drop_duplicates().groupby("named")["namer"].agg(", ".join)
    found = []
    for name, frame in tables.items():
        for n in frame.index[frame["anchors"] == ""] if "anchors" in frame else []:
            gone, row_id = str(cells[name].at[n, "anchors"]), str(frame.at[n, key[name]])
            also = f" (what names it too: {namers[row_id]})" if row_id in namers else ""
            problem = f"is gone, and {row_id} rests on nothing else"
            remedy = f"name a sentence that stays, or take the row out{also}"
            found += [Finding(f"{name}.csv", n + 2, "anchors", gone, problem, remedy)] * bool(gone)
    return found
