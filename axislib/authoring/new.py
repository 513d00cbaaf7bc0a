"""A seed of your own: a text split into sentences, empty tables, the codebook, a workbook to code
in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from axislib.authoring.split import (
    Piece,
    pieces_of,
    read_split,
    sentence_table,
    split_file,
    split_text,
    words_at,
)
from axislib.authoring.workbook import WORKBOOK
from axislib.errors import SeedError
from axislib.files import write_folder
from axislib.seed.package import package_text
from axislib.tables.schema import fields_of, load_schema
from axislib.text.copy import read_copy


@dataclass(frozen=True)
class NewSeed:
    """What ``new_seed`` made: its ``folder``, its ``sentences``, the ``split`` file to correct, the
    ``workbook`` to code in."""

    folder: Path
    sentences: pd.DataFrame = field(repr=False)
    split: Path
    workbook: Path


def new_seed(
    name: str,
    text: Path,
    parent: Path = Path("seeds"),
    author: str = "",
    title: str = "",
    split: Path | None = None,
    outlet: str = "",
    date: str = "",
    licence: str = "",
) -> NewSeed:
    """Make a seed folder from a text; it is sound at once, with every sentence marked as not coded
    yet.

    ``author`` writes the body, ``editors`` the rest (both stand in ``actors``). ``split`` is a
    corrected split file. ``licence`` is yours to give: without one the tables have none. The copies
    of the text in the folder (``.txt``, the workbook) are for you alone: git ignores them. Raises
    SeedError, with nothing written, for a name that cannot be a folder, a text that cannot be read,
    or a seed that is there already and has anything in its tables, its workbook or its split that
    would be lost. It cannot tell the author's words from the editors': see the sections.
    """
    from axislib.authoring.merge import workbook_files
    from axislib.seed.folders import read_metadata
    from axislib.tables.schema import codebook, read_cells

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name):
        raise SeedError(
            f"'{name}' cannot be a seed's name; use small letters, digits and -, such as"
            f" {_name_like(name)}"
        )
    folder = Path(parent) / name
    raw = read_copy(text)
    pieces = read_split(read_copy(split), raw) if split else split_text(raw)
    if not pieces:
        raise SeedError(
            f"{Path(text).name}: no sentence was found in it; save the article's text as plain text"
        )
    sentences = sentence_table(raw, pieces)
    _refuse_loss(folder, bool(split))
    before = read_metadata(folder) if folder.exists() else {}
    author = author or {"not stated": ""}.get(before.get("author", ""), before.get("author", ""))
    surname = re.sub(r"\W+", "_", author.split()[-1].lower()).strip("_") if author.split() else ""
    author_id = surname if re.fullmatch(r"[a-z]\w*", surname) else "author"
    tables = {
        table: pd.DataFrame(columns=[f["name"] for f in fields_of(table)], dtype=str)
        for table in load_schema()["tables"]
    }
    tables["sentences"] = sentences
    tables["actors"] = _rows(
        tables["actors"],
        [
            {
                "id": author_id,
                "name": author or "The author",
                "kind": "person",
                "role": "writes the article",
            },
            {
                "id": "editors",
                "name": "the editors",
                "kind": "body",
                "role": "write headline, headings and notes",
            },
        ],
    )
    files: dict[str, str | bytes] = {
        f"{table}.csv": frame.to_csv(index=False, lineterminator="\n")
        for table, frame in tables.items()
    }
    if before and not title and (copy := folder / f"{name}.txt").exists():
        # a title that was only the headline follows a corrected split
        was = _headline(read_copy(copy), pieces_of(read_cells(folder / "sentences.csv")))
        title = (
            _headline(raw, pieces)
            if was and was == (before.get("sources") or [{}])[0].get("title")
            else ""
        )
    files["datapackage.json"] = package_text(
        _metadata(
            name, title, _headline(raw, pieces), author, author_id, outlet, date, licence, before
        )
    )
    files[f"{name}.txt"], files[f"{name}-split.txt"] = raw, split_file(raw, pieces)
    files |= workbook_files(tables, words_at(raw, sentences))
    files["codebook.csv"] = codebook().to_csv(index=False, lineterminator="\n")
    write_folder(folder, files, keep=folder.exists())
    return NewSeed(folder, sentences, folder / f"{name}-split.txt", folder / WORKBOOK)


def _name_like(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "my-article"


def _refuse_loss(folder: Path, corrected: bool) -> None:
    """An empty seed may be made anew; nothing that somebody wrote into it may be lost, nor a folder
    of something else."""
    if not folder.exists():
        return
    if not (folder / "datapackage.json").exists():
        raise SeedError(f"{folder}: is there already and is not a seed; choose another name")
    from axislib.authoring.merge import coded, counted, into, taking_call, untaken
    from axislib.tables.schema import read_cells

    waiting, held = untaken(folder), coded(folder)
    if waiting or held:
        holds = [f"its tables hold {counted(held)}"] * bool(held) + [
            f"{WORKBOOK} holds {counted(waiting)}"
        ] * bool(waiting)
        calls = [f"take the workbook over: {taking_call(folder)}"] * bool(waiting) + [
            "for another version of its text, or a corrected split: axislib text --revise FILE"
            f" [--split FILE] --seed {folder.name}"
        ]
        raise SeedError(
            f"seed {folder.name} is there already; {', '.join(holds)} that would be lost;"
            f" {'; then, '.join(calls)}; or, to begin anew, move {folder} away"
        )
    split, copy = folder / f"{folder.name}-split.txt", folder / f"{folder.name}.txt"
    if corrected or not split.exists() or not copy.exists():
        return
    raw = read_copy(copy)
    if split.read_text(encoding="utf-8") != split_file(
        raw, pieces_of(read_cells(folder / "sentences.csv"))
    ):
        raise SeedError(
            f"{split.name} was corrected and would be lost; use it: axislib new"
            f" {folder.name}{into(folder)} --text FILE --split {split}; or take it away"
        )


def _rows(empty: pd.DataFrame, rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype=str).reindex(columns=empty.columns, fill_value="").fillna("")


def _headline(raw: str, pieces: list[Piece]) -> str:
    return next(
        (" ".join(raw[p.start : p.end].split()) for p in pieces if p.section == "headline"), ""
    )


def _metadata(
    name: str,
    title: str,
    headline: str,
    author: str,
    author_id: str,
    outlet: str,
    date: str,
    licence: str,
    before: dict,
) -> dict:
    """What the seed says of itself; what ``before`` says and no option says otherwise stays."""
    source = (before.get("sources") or [{}])[0]
    title = title or source.get("title") or headline or name
    outlet, date = outlet or source.get("outlet"), date or source.get("date")
    metadata = before | {
        "name": name,
        "title": f"{title}: what the article states, as tables",
        "description": before.get(
            "description",
            "Every statement of an article, coded with its sentence, its speaker and its certainty."
            " The sentences themselves are not part of this package.",
        ),
        "layer": "article",
        "author": author or "not stated",
        "voices": {"body": author_id, "other": "editors"},
        "coalitions": before.get("coalitions", []),
        "sources": [
            {
                "title": title,
                "author": author or "not stated",
                "outlet": outlet or "not stated",
                "date": date or "not stated",
            }
        ],
        "version": before.get("version", "0.0.1"),
        "language": before.get("language", "en"),
    }
    return metadata | ({"licenses": [{"name": licence}]} if licence else {})
