"""A seed of your own: text, empty tables, a workbook to code in; and what it still lacks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from axislib.authoring.split import (
    NOT_YET,
    Piece,
    pieces_of,
    read_split,
    sentence_table,
    split_file,
    split_text,
    words_at,
)
from axislib.authoring.workbook import (
    WORKBOOK,
    coded,
    counted,
    into,
    taking_call,
    untaken,
    workbook_files,
)
from axislib.check.rules import beside_facts
from axislib.errors import SeedError
from axislib.files import slug, to_csv, write_folder
from axislib.seed.opening import read_metadata
from axislib.seed.package import package_text
from axislib.tables.schema import (
    codebook,
    fact_tables,
    fields_of,
    load_schema,
    read_cells,
    split_cell,
)
from axislib.text.copy import read_copy

EDITORS, NOT_STATED = "editors", "not stated"
_LONGEST_NAME = 40  # of a name that is proposed
_NOT_NAMES = (EDITORS, "editor", "editorial", "staff", "board")
_TITLES = "phd dphil md ma ba mba jr sr ii iii iv prof professor dr mr mrs ms sir lord dame".split()
# letters that are no other letter with a mark
_LETTERS = str.maketrans(
    {"\u0142": "l", "\u00f8": "o", "\u0131": "i", "\u0111": "d", "\u00f0": "d", "\u00e6": "ae"}
    | {"\u0153": "oe", "\u00fe": "th"}
)
_DESCRIPTION = (
    "Every statement of an article, coded with its sentence, its speaker and its certainty."
    " The sentences themselves are not part of this package."
)


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
    """Make a data set's folder from a text; it is sound at once, with no sentence coded yet.

    ``author`` writes the body, ``editors`` the rest. ``split`` is a corrected split file. Without a
    ``licence`` the tables have none. Copies of the text in the folder (``.txt``, the workbook) are
    for you alone: git ignores them. Raises SeedError, with nothing written, for a bad name, a text
    that cannot be read or split, or a data set in which something would be lost. Check the
    sections: it guesses who wrote what.
    """
    folder, raw = Path(parent) / _sound_name(name), read_copy(text)
    pieces = read_split(read_copy(split), raw) if split else split_text(raw)
    if not pieces:
        raise SeedError(
            f"{Path(text).name}: no sentence was found in it; save the article's text as plain text"
        )
    _refuse_loss(folder, bool(split))
    before = read_metadata(folder) if folder.exists() else {}
    if not author and before.get("author") != NOT_STATED:
        author = before.get("author", "")
    tables = _empty_tables(author) | {"sentences": sentence_table(raw, pieces)}
    headline = _headline(raw, pieces)
    title = title or _kept_title(folder, before, pieces, headline)
    options = {"author": author, "outlet": outlet, "date": date, "licence": licence}
    metadata = _metadata(name, title or headline, options, before)
    files = _files(name, raw, pieces, tables, metadata)
    write_folder(folder, files, keep=folder.exists())
    return NewSeed(folder, tables["sentences"], folder / f"{name}-split.txt", folder / WORKBOOK)


def _files(
    name: str, raw: str, pieces: list[Piece], tables: Mapping[str, pd.DataFrame], metadata: dict
) -> dict[str, str | bytes]:
    """Tables, package, codebook, text, split and workbook of a new folder: name of the file ->
    content."""
    written = {table: to_csv(frame).encode() for table, frame in tables.items()}
    return {
        **{f"{table}.csv": content for table, content in written.items()},
        "datapackage.json": package_text(metadata, contents=written),
        "codebook.csv": to_csv(codebook()),
        f"{name}.txt": raw,
        f"{name}-split.txt": split_file(raw, pieces),
        **workbook_files(tables, words_at(raw, tables["sentences"])),
    }


def _sound_name(name: str) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name):
        return name
    raise SeedError(
        f"'{name}' cannot be the name of a data set; use small letters, digits and -, such as"
        f" {slug(name, 'my-article')[:_LONGEST_NAME]}"
    )


def author_id(author: str) -> str:
    """An id for the author: the surname in plain letters; ``author`` where there is none.

    >>> [author_id(name) for name in ("Ana N\u00fa\u00f1ez", "Ada Quill, PhD", "The Editors")]
    ['nunez', 'quill', 'author']
    """
    names = [part.strip(".") for part in author.split(",")[0].split()]
    names = [name for name in names if name.casefold().replace(".", "") not in _TITLES]
    folded = unicodedata.normalize("NFKD", (names or [""])[-1].casefold().translate(_LETTERS))
    surname = re.sub(r"\W+", "_", folded.encode("ascii", "ignore").decode()).strip("_")
    sound = re.fullmatch(r"[a-z]\w*", surname) and surname not in _NOT_NAMES
    return surname if sound else "author"


def _empty_tables(author: str) -> dict[str, pd.DataFrame]:
    """All tables of a data set, with nobody in them but the two who write."""
    columns = {
        table: [field["name"] for field in fields_of(table)] for table in load_schema()["tables"]
    }
    tables = {name: pd.DataFrame(columns=names, dtype=str) for name, names in columns.items()}
    kind = "body" if "editor" in author.casefold() else "person"
    people = pd.DataFrame(
        [
            (author_id(author), author or "The author", kind, "writes the article"),
            (EDITORS, "the editors", "body", "write headline, headings and notes"),
        ],
        columns=["id", "name", "kind", "role"],
    )
    return tables | {"actors": people.reindex(columns=columns["actors"], fill_value="")}


def _kept_title(folder: Path, before: dict, pieces: list[Piece], headline: str) -> str:
    """The title a data set has; a title that was only the headline follows a corrected split."""
    copy = folder / f"{folder.name}.txt"
    title = (before.get("sources") or [{}])[0].get("title", "")
    if title and copy.exists():
        old = pieces_of(read_cells(folder / "sentences.csv"))
        if title == _headline(read_copy(copy), old):
            return headline
    return title


def _refuse_loss(folder: Path, corrected: bool) -> None:
    """Nothing that somebody wrote may be lost, nor a folder of something else."""
    if not folder.exists():
        return
    if not (folder / "datapackage.json").exists():
        raise SeedError(f"{folder}: is there already and is not a seed; choose another name")
    waiting, held = untaken(folder), coded(folder)
    holds = [f"its tables hold {counted(held)}"] * bool(held)
    holds += [f"{WORKBOOK} holds {counted(waiting)}"] * bool(waiting)
    if holds:
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
    pieces = pieces_of(read_cells(folder / "sentences.csv"))
    if split.read_text(encoding="utf-8") != split_file(read_copy(copy), pieces):
        raise SeedError(
            f"{split.name} was corrected and would be lost; use it: axislib new"
            f" {folder.name}{into(folder)} --text FILE --split {split}; or take it away"
        )


def _headline(raw: str, pieces: list[Piece]) -> str:
    spans = (raw[p.start : p.end] for p in pieces if p.section == "headline")
    return " ".join(next(spans, "").split())


def _metadata(name: str, title: str, options: dict[str, str], before: dict) -> dict:
    """What the data set says of itself; what ``before`` says and no option says otherwise stays."""
    source = (before.get("sources") or [{}])[0]
    title, author = title or name, options["author"] or NOT_STATED
    said = {key: options[key] or source.get(key) or NOT_STATED for key in ("outlet", "date")}
    kept = {"description": _DESCRIPTION, "coalitions": [], "version": "0.0.1", "language": "en"}
    own = {
        "name": name,
        "title": f"{title}: what the article states, as tables",
        "layer": "article",
        "author": author,
        "voices": {"body": author_id(options["author"]), "other": EDITORS},
        "sources": [{"title": title, "author": author, **said}],
    }
    licence = {"licenses": [{"name": options["licence"]}]} if options["licence"] else {}
    return kept | before | own | licence


# --- what it still lacks


_NEEDED = {
    "the source": "write title and author into sources in datapackage.json, or make the seed again"
    " with --author and --title",
    "the split": "no sentence is in the section body; correct the split file and give it with"
    " --split",
    "who speaks and acts": "add everybody who speaks or acts to the tab actors",
    "every sentence": "code {first}{beside}, or say in its no_fact_reason why there is nothing to"
    " code{others}",
    "a timeline": "add what happened to the tab events, with a date or not_stated",
}
_OPTIONAL = {
    "the argument": "code claims with their roles (one is the thesis), then the links between them"
    " in arguments",
    "the comparison": "add two coalitions to actors, what they are compared on to dimensions, and"
    " instances for and against to cooperation",
    "what is open": "add what a reader would ask and is not told (silences), and what could be"
    " coded in another way (readings)",
    "competing readings": "add hypotheses, and how each fact bears on them, to consistency",
    "voices": "everything is said by one speaker: is nobody quoted or reported, and did the editors"
    " write nothing?",
}


def guide(tables: Mapping[str, pd.DataFrame], metadata: Mapping) -> list[str]:
    """What a data set's text cells still lack, a line for each step; the first is next, and what
    comes first makes the others possible. Empty where nothing is missing.

    It cannot tell whether the coding is good, only whether it is there.
    """
    sentences, events = tables["sentences"], tables["events"]
    left = list(sentences.loc[sentences["no_fact_reason"] == NOT_YET, "locator"])
    dated = int((~events["date"].isin(["", "not_stated"])).sum())
    counts = {
        "every sentence": f" ({len(sentences) - len(left)} of {len(sentences)} coded)",
        "a timeline": f" ({dated} of {len(events)} events dated)",
    }
    first = left[0] if left else ""
    others = f"; {len(left)} are left" if len(left) > 1 else ""
    places = {"first": first, "beside": beside_facts(tables, first), "others": others}
    done, lines = _done(tables, metadata) | {"every sentence": not left}, []
    for name, words in (_NEEDED | _OPTIONAL).items():
        if not done[name]:
            head = f"{'Then' if lines else 'Next'}: {name}{counts.get(name, '')}"
            wanted = " (if you want it)" * (name in _OPTIONAL)
            lines.append(f"{head}{wanted}: {words.format(**places)}")
    return lines


def _done(tables: Mapping[str, pd.DataFrame], metadata: Mapping) -> dict[str, bool]:
    source = (metadata.get("sources") or [{}])[0]
    named = source.get("title") and source.get("author") not in (None, "", NOT_STATED)
    sides = {side for cell in tables["cooperation"]["coalition"] for side in split_cell(cell)}
    speakers = {speaker for name in fact_tables() for speaker in tables[name]["speaker"]}
    thesis = tables["claims"]["role"].eq("thesis").any()
    has = {name: len(frame) > 0 for name, frame in tables.items()}
    return {
        "the source": bool(named),
        "the split": bool(tables["sentences"]["section"].eq("body").any()),
        "who speaks and acts": len(tables["actors"]) > 2,
        "a timeline": has["events"],
        "the argument": bool(thesis) and has["arguments"],
        "the comparison": has["dimensions"] and len(sides) > 1,
        "what is open": has["silences"] and has["readings"],
        "competing readings": has["hypotheses"] and has["consistency"],
        "voices": len(speakers) != 1,
    }
