"""A revised text: which facts stay, moved, changed or lost their sentence, before anything is written."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from .check import Finding, check_tables
from .receipt import locate
from .seed import Seed
from .seminar.splitting import NOT_YET, Piece, sentence_table, split_text
from .tables import SeedError, fact_tables, fields_of, load_schema, long_form, split_cell

FATES = {
    "stays": "all its sentences stand where they stood, word for word",
    "moved": "word for word, but a sentence stands elsewhere among the others",
    "changed": "a sentence of it was changed or is gone: read it again",
    "lost": "none of its sentences is there any more",
}


@dataclass(frozen=True)
class Revision:
    """What a revised text does to a seed.

    ``sentences``: one row an old sentence (``locate``'s receipt and ``new_locator``). ``facts``: one row a fact:
    ``id``, ``table``, ``fate`` (see FATES), ``anchors``, ``new_anchors``. ``revised``: the table ``sentences`` of
    the revised text, as text cells. Nothing is written until ``write_revision``.
    """

    sentences: pd.DataFrame = field(repr=False)
    facts: pd.DataFrame = field(repr=False)
    revised: pd.DataFrame = field(repr=False)

    def __str__(self) -> str:
        counts = Counter(self.facts["fate"])
        new = len(self.revised) - self.sentences["new_locator"].ne("").sum()
        return (
            f"{len(self.facts)} facts: "
            + ", ".join(f"{counts[fate]} {fate}" for fate in FATES)
            + f". {len(self.sentences)} sentences before, {len(self.revised)} now, {new} of them new."
        )


def revise(seed: Seed, raw: str, pieces: list[Piece] | None = None) -> Revision:
    """What becomes of every sentence and fact of a seed in a revised text; nothing is written.

    Known sentences are found by their hash wherever they stand; the rest of the text is split anew (or as
    ``pieces`` say). It cannot tell a small change from a large one: a changed sentence has to be read again.

    >>> import axislib
    >>> str(revise(axislib.open_seed(), "Another text. It has nothing of the old one.")).split(". ")[1]
    '57 sentences before, 2 now, 2 of them new.'
    """
    receipt = locate(raw, seed.sentences)
    table, at = _new_sentences(raw, pieces if pieces is not None else split_text(raw), receipt, seed.sentences)
    receipt = receipt.assign(new_locator=[at.get(one, "") for one in receipt["locator"]])
    status = dict(zip(receipt["locator"], receipt["status"], strict=True))
    rows = []
    for name in fact_tables():
        for row_id, cell in seed.tables[name][["id", "anchors"]].itertuples(index=False):
            anchors = split_cell(cell)
            rows.append(
                {
                    "id": row_id,
                    "table": name,
                    "fate": _fate([status[one] for one in anchors]),
                    "anchors": cell,
                    "new_anchors": ";".join(dict.fromkeys(at[one] for one in anchors if at.get(one))),
                }
            )
    return Revision(receipt, pd.DataFrame(rows, columns=["id", "table", "fate", "anchors", "new_anchors"]), table)


def _fate(statuses: list[str]) -> str:
    if all(status == "lost" for status in statuses):
        return "lost"
    if set(statuses) & {"lost", "changed"}:
        return "changed"
    return "moved" if "moved" in statuses else "stays"


def _new_sentences(
    raw: str, pieces: list[Piece], receipt: pd.DataFrame, old: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The sentences of the revised text, and where each old one stands in them: old locator -> new."""
    found = sorted((int(row.start), int(row.end), row.locator) for row in receipt.itertuples() if row.status != "lost")
    sections = dict(zip(old["locator"], old["section"], strict=True))
    starts = [piece.start for piece in pieces]

    def paragraph_of(place: int) -> int:
        return pieces[max(0, bisect_right(starts, place) - 1)].paragraph if pieces else 1

    spans = [Piece(start, end, paragraph_of(start), sections[locator]) for start, end, locator in found]
    for piece in pieces:
        # what no known sentence claims of a proposed one is new
        place = piece.start
        for start, end, _ in [*((a, b, c) for a, b, c in found if a < piece.end and b > piece.start), (piece.end, piece.end, "")]:
            words = raw[place : max(place, start)]
            if any(map(str.isalnum, words)):
                lead = len(words) - len(words.lstrip())
                spans.append(Piece(place + lead, place + lead + len(words.strip()), piece.paragraph, piece.section))
            place = max(place, end)
    spans.sort(key=lambda piece: (piece.start, piece.end))
    # paragraphs may only go up, also where a known sentence spans two of the proposed ones
    table = sentence_table(raw, spans)
    locator_at = dict(zip([piece.start for piece in spans], table["locator"], strict=True))
    at = {locator: locator_at[start] for start, _, locator in found}
    reasons = dict(zip(old["locator"], old["no_fact_reason"], strict=True))
    back = {new: reasons[locator] for locator, new in at.items()}
    table["no_fact_reason"] = [back.get(locator, NOT_YET) for locator in table["locator"]]
    return table, at


def revised_cells(cells: Mapping[str, pd.DataFrame], revision: Revision) -> dict[str, pd.DataFrame]:
    """A seed's text cells with the revised sentences, and every locator in every table put where its sentence stands now."""
    at = dict(zip(revision.sentences["locator"], revision.sentences["new_locator"], strict=True))
    tables = {"sentences": revision.revised}
    for name, frame in cells.items():
        if name == "sentences":
            continue
        frame = frame.copy()
        for column in fields_of(name):
            if column.get("references") == "sentences":
                frame[column["name"]] = [
                    ";".join(dict.fromkeys(at[one] for one in split_cell(cell) if at.get(one))) for cell in frame[column["name"]]
                ]
        tables[name] = frame
    cited = {one for name in fact_tables() for cell in tables[name]["anchors"] for one in split_cell(cell)}
    reason = revision.revised["no_fact_reason"].where(~revision.revised["locator"].isin(cited), "")
    tables["sentences"] = revision.revised.assign(
        no_fact_reason=reason.where((reason != "") | revision.revised["locator"].isin(cited), NOT_YET)
    )
    return tables


def write_revision(folder: Path, revision: Revision, text: Path | None = None) -> list[str]:
    """Write the revised sentences and locators into a seed's folder, all files or none; returns a line a changed file.

    Raises SeedError, with nothing written, while rows have lost all their sentences: take them out or give them
    another sentence first. ``text`` takes the place of the copy that ``axislib new`` put into the folder.
    """
    from .datapackage import write_folder
    from .seed import read_metadata, read_seed_cells

    cells = read_seed_cells(folder)
    tables = revised_cells(cells, revision)
    bare = _bare(cells, tables)
    if bare:
        raise SeedError(
            f"{folder.name}: rows that have lost all their sentences: {len(bare)}; nothing was written. Mend each in its file, where "
            f"the sentences are still called as before, then run again: axislib text --revise FILE --seed {folder.name} --write\n  "
            + "\n  ".join(map(str, bare))
        )
    findings = check_tables({name: tables[name] for name in cells}, read_metadata(folder).get("voices"))
    if findings:
        raise SeedError(
            f"{folder.name}: the revised tables would not be sound; nothing was written:\n  "
            + "\n  ".join(map(str, findings[:20]))
        )
    files: dict[str, str | bytes] = {}
    for name, frame in tables.items():
        written = frame.to_csv(index=False, lineterminator="\n")
        if written != (folder / f"{name}.csv").read_text(encoding="utf-8"):
            files[f"{name}.csv"] = written
    done = list(files)
    if text and (folder / f"{folder.name}.txt").exists():
        files[f"{folder.name}.txt"] = Path(text).read_bytes()
    write_folder(folder, files, keep=True)
    return done


def _bare(cells: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """The rows that would rest on no sentence any more, each with what mends it."""
    key = {name: load_schema()["tables"][name]["key"] for name in cells}
    namers: dict[str, dict[str, None]] = {}
    for name, frame in cells.items():
        for column in fields_of(name):
            if column.get("references", "sentences") != "sentences":
                for namer, row_id in long_form(frame, column["name"], key[name]).itertuples(index=False):
                    namers.setdefault(row_id, {})[namer] = None
    found = []
    for name, frame in tables.items():
        for n in frame.index[frame["anchors"] == ""] if "anchors" in frame else []:
            gone, row_id = cells[name].at[n, "anchors"], frame.at[n, key[name]]
            if gone:
                also = f" (what names it too: {', '.join(namers[row_id])})" if row_id in namers else ""
                mend = f"name a sentence that stays, or take the row out{also}"
                found.append(Finding(f"{name}.csv", n + 2, "anchors", gone, f"is gone, and {row_id} rests on nothing else", mend))
    return found


def receipt_lines(revision: Revision) -> list[str]:
    """The receipt in words: what does not stay, fact by fact, then the counts."""
    lines = []
    for fate in ("moved", "changed", "lost"):
        rows = revision.facts[revision.facts["fate"] == fate]
        lines += [f"{fate}: {FATES[fate]}"] * bool(len(rows))
        lines += [
            f"  {row['id']} ({row['table']}): {row['anchors']}" + (f" -> {row['new_anchors']}" if row["new_anchors"] else "")
            for row in rows.to_dict("records")
        ]
    new = revision.revised[~revision.revised["locator"].isin(revision.sentences["new_locator"])]
    lines += [f"new sentences, not coded yet: {', '.join(new['locator'])}"] * bool(len(new))
    return [*lines, str(revision)]
