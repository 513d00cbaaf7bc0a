"""A seed of your own: a text split into sentences, empty tables, the codebook, a workbook to code in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from .datapackage import package_text, write_folder
from .seminar.splitting import Piece, read_split, sentence_table, split_file, split_text
from .tables import SeedError, fields_of, load_schema
from .text import read_copy

WORKBOOK = "coding.xlsx"


@dataclass(frozen=True)
class NewSeed:
    """What ``new_seed`` made: its ``folder``, its ``sentences``, the ``split`` file to correct, the ``workbook`` to code in."""

    folder: Path
    sentences: pd.DataFrame = field(repr=False)
    split: Path
    workbook: Path


def new_seed(
    name: str, text: Path, parent: Path = Path("seeds"), author: str = "", title: str = "", split: Path | None = None
) -> NewSeed:
    """Make a seed folder from a text; it is sound at once, with every sentence marked as not coded yet.

    ``author`` writes the body, ``editors`` the rest (both stand in ``actors``). ``split`` is a corrected split file.
    The copies of the text in the folder (``.txt``, the workbook) are for you alone: git ignores them. Raises
    SeedError, with nothing written, for a name that cannot be a folder, a text that cannot be read, or a seed
    that is there already and holds codings. It cannot tell the author's words from the editors': see the sections.
    """
    from .seminar.workbook import coding_workbook

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name):
        raise SeedError(f"'{name}' cannot be a seed's name; use small letters, digits and -, such as {_name_like(name)}")
    folder = Path(parent) / name
    raw = read_copy(text)
    pieces = read_split(read_copy(split), raw) if split else split_text(raw)
    if not pieces:
        raise SeedError(f"{Path(text).name}: no sentence was found in it; save the article's text as plain text")
    sentences = sentence_table(raw, pieces)
    _refuse_coded(folder)
    surname = re.sub(r"\W+", "_", author.split()[-1].lower()).strip("_") if author.split() else ""
    author_id = surname if re.fullmatch(r"[a-z]\w*", surname) else "author"
    tables = {table: pd.DataFrame(columns=[f["name"] for f in fields_of(table)], dtype=str) for table in load_schema()["tables"]}
    tables["sentences"] = sentences
    tables["actors"] = _rows(
        tables["actors"],
        [
            {"id": author_id, "name": author or "The author", "kind": "person", "role": "writes the article"},
            {"id": "editors", "name": "the editors", "kind": "body", "role": "write headline, headings and notes"},
        ],
    )
    words = {
        locator: " ".join(raw[int(a) : int(b)].split())
        for locator, a, b in sentences[["locator", "start", "end"]].itertuples(index=False)
    }
    files: dict[str, str | bytes] = {
        f"{table}.csv": frame.to_csv(index=False, lineterminator="\n") for table, frame in tables.items()
    }
    files["datapackage.json"] = package_text(_metadata(name, title or _headline(raw, pieces) or name, author, author_id))
    files[f"{name}.txt"], files[f"{name}-split.txt"] = raw, split_file(raw, pieces)
    files[WORKBOOK] = coding_workbook(tables, words)
    from .export import codebook

    files["codebook.csv"] = codebook().to_csv(index=False, lineterminator="\n")
    write_folder(folder, files)
    return NewSeed(folder, sentences, folder / f"{name}-split.txt", folder / WORKBOOK)


def _name_like(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "my-article"


def _refuse_coded(folder: Path) -> None:
    """An empty seed may be made anew; one with codings, or a folder of something else, may not."""
    if not folder.exists():
        return
    if not (folder / "datapackage.json").exists():
        raise SeedError(f"{folder}: is there already and is not a seed; choose another name")
    from .seed import read_seed_cells

    coded = {
        name: len(frame) for name, frame in read_seed_cells(folder).items() if name not in ("sentences", "actors") and len(frame)
    }
    if coded:
        held = ", ".join(f"{n} {name}" for name, n in coded.items())
        raise SeedError(
            f"seed {folder.name} is there already and holds {held}; for another version of its text: axislib text "
            f"--revise FILE --seed {folder.name}"
        )


def _rows(empty: pd.DataFrame, rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype=str).reindex(columns=empty.columns, fill_value="").fillna("")


def _headline(raw: str, pieces: list[Piece]) -> str:
    return next((" ".join(raw[p.start : p.end].split()) for p in pieces if p.section == "headline"), "")


def _metadata(name: str, title: str, author: str, author_id: str) -> dict:
    return {
        "name": name,
        "title": f"{title}: what the article states, as tables",
        "description": "Every statement of an article, coded with its sentence, its speaker and its certainty. The "
        "sentences themselves are not part of this package.",
        "layer": "article",
        "author": author or "not stated",
        "voices": {"body": author_id, "other": "editors"},
        "coalitions": [],
        "sources": [{"title": title, "author": author or "not stated", "outlet": "not stated", "date": "not stated"}],
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0 (the tables; the article is its author's)",
            }
        ],
        "version": "0.0.1",
        "language": "en",
    }
