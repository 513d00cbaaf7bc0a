"""A revised text: which facts stay, moved, changed or lost their sentence, before anything is written."""

from __future__ import annotations

import shutil
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from .receipt import locate
from .seed import Seed
from .seminar.splitting import NOT_YET, Piece, sentence_table, split_text
from .tables import SeedError, fact_tables, fields_of, load_schema, split_cell

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
    from .check import check_tables
    from .datapackage import write_whole
    from .seed import read_metadata, read_seed_cells

    cells = read_seed_cells(folder)
    tables = revised_cells(cells, revision)
    bare = [
        f"{name}.csv: {row[load_schema()['tables'][name]['key']]} ({cells[name].at[n, 'anchors']})"
        for name, frame in tables.items()
        if "anchors" in frame
        for n, row in frame.iterrows()
        if not row["anchors"] and cells[name].at[n, "anchors"]
    ]
    if bare:
        raise SeedError(
            f"{folder.name}: {len(bare)} rows have lost all their sentences; nothing was written. Take each out, or "
            "give it a sentence that "
            "is still there, then revise again:\n  " + "\n  ".join(bare)
        )
    findings = check_tables({name: tables[name] for name in cells}, read_metadata(folder).get("voices"))
    if findings:
        raise SeedError(
            f"{folder.name}: the revised tables would not be sound; nothing was written:\n  "
            + "\n  ".join(map(str, findings[:20]))
        )
    part, old = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.old")
    done = []
    try:
        for path in (part, old):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(folder, part)
        for name, frame in tables.items():
            written = frame.to_csv(index=False, lineterminator="\n")
            if written != (folder / f"{name}.csv").read_text(encoding="utf-8"):
                write_whole(part / f"{name}.csv", written)
                done.append(f"{name}.csv")
        if text and (folder / f"{folder.name}.txt").exists():
            write_whole(part / f"{folder.name}.txt", Path(text).read_bytes())
        folder.rename(old)
        part.rename(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise SeedError(
            f"{folder}: cannot be written ({error.strerror}); nothing was changed; close its files and try again"
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return done


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
