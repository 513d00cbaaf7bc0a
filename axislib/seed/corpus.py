"""Many seeds as one set of tables."""

from __future__ import annotations

import csv
import glob
import io
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from axislib.check import check_tables, listed
from axislib.check.cells import check_columns
from axislib.errors import SeedError
from axislib.files import GUARDED, seeds_folders
from axislib.seed.opening import read_metadata
from axislib.seed.seed import Seed, derive, place_relative
from axislib.tables.schema import fields_of, load_schema, read_cells, type_cells

# what a seed has and a corpus has not: questions and figures ask for it
_OF_A_SEED = {name for name in dir(Seed) if name[0] != "_"} | {"folder", "name"}


@dataclass(frozen=True, repr=False)
class Corpus:
    """Many seeds' rows in one set of tables, with ``seed`` as the first column of each.

    ``tables`` maps names to DataFrames; each is an attribute too (``corpus.events``). An id is
    unique within its seed only: join by ``seed`` and id. ``metadata``: seed name -> data package.
    """

    metadata: Mapping[str, dict]
    tables: dict[str, pd.DataFrame]
    folders: Mapping[str, Path]

    def __repr__(self) -> str:
        return f"Corpus of {len(self)}: {', '.join(self.names)}; tables: {', '.join(self.tables)}"

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        if name in _OF_A_SEED:
            wrong = "this is asked of one article, and a corpus holds several; take one out of it"
            wrong += " with corpus.seed(NAME). levels and thesis answer article by article"
            raise SeedError(wrong)
        raise AttributeError(f"a corpus has no '{name}'; its tables are: {', '.join(tables)}")

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self.tables:
            return self.tables[name]
        raise SeedError(f"'{name}' is not a table; there are: {', '.join(self.tables)}")

    def __len__(self) -> int:
        return len(self.folders)

    @property
    def names(self) -> list[str]:
        """The names of its seeds, in order."""
        return list(self.folders)

    def seed(self, name: str) -> Seed:
        """One seed out of the corpus, for every verb and chart that takes a seed."""
        if name not in self.folders:
            wrong = f"'{name}' is not in this corpus; there are: {', '.join(self.names[:20])}"
            raise SeedError(wrong)
        rows = {table: frame[frame["seed"] == name] for table, frame in self.tables.items()}
        tables = {t: own.drop(columns="seed").reset_index(drop=True) for t, own in rows.items()}
        return Seed(name, self.folders[name], self.metadata[name], tables)


def open_seeds(
    pattern: str | os.PathLike | Iterable[str | os.PathLike] = "*", check: bool = True
) -> Corpus:
    """Open all data sets that a pattern names, into one set of tables keyed by ``seed``.

    Parameters
    ----------
    pattern
        Names with ``*`` (``"kragh-*"``, looked for as ``open_seed`` does), a path with ``*``
        (``"corpus/*"``), or a list of either. Only what is itself an article is taken, no layer
        about another.
    check
        Whether every cell is checked.

    Returns
    -------
    A ``Corpus``. SeedError if none is found, two share a name, or one is not sound, with what to
    fix in each. It cannot tell whether two articles mean the same by a dimension of one id.

    >>> import axislib
    >>> axislib.open_seeds("kragh-*").transfers["seed"].unique().tolist()
    ['kragh-holy-war']
    """
    return _opened(find_seeds(pattern), check)


def _opened(folders: dict[str, Path], check: bool) -> Corpus:
    metadata = {name: read_metadata(folder) for name, folder in folders.items()}
    tables, problems = {}, []
    rows: dict[str, list[list[str]]] = {table: [] for table in load_schema()["tables"]}
    for name, folder in folders.items():
        cells = {table: _read(folder / f"{table}.csv", table) for table in rows}
        if check:
            # cells are checked one by one: typed columns would be made for nothing
            bare = {t: pd.DataFrame(c, columns=_columns(t), dtype=object) for t, c in cells.items()}
            findings = check_tables(bare, metadata[name].get("voices"))
            problems += [f"{name}/{finding}" for finding in findings]
        for table, body in cells.items():
            rows[table] += [[name, *row] for row in body]
    if problems:
        raise SeedError(listed(problems))
    for table in list(rows):
        # one frame a table, whatever the number of seeds: time and memory grow with the rows alone;
        # column by column, since pandas is slow in guessing the types of rows
        columns = ["seed", *_columns(table)]
        cells = dict(zip(columns, zip(*rows.pop(table), strict=True), strict=False))
        frame = pd.DataFrame(cells, columns=columns, dtype="str")
        tables[table] = derive(type_cells(frame, table).assign(layer="article"))
    events = tables["events"]  # told by another event of their own seed
    own = events["seed"] + "\n"
    named = events.assign(id=own + events["id"], relative_to=own + events["relative_to"])
    placed = place_relative(named)
    tables["events"] = events.assign(earliest=placed["earliest"], latest=placed["latest"])
    return Corpus(metadata, tables, folders)


def find_seeds(pattern: str | os.PathLike | Iterable[str | os.PathLike]) -> dict[str, Path]:
    """Name -> folder of the seeds that a pattern names, sorted by name; see ``open_seeds``."""
    given = [pattern] if isinstance(pattern, (str, os.PathLike)) else pattern
    patterns, found = list(map(str, given)), {}
    for one in patterns:
        by_path = os.path.isabs(one) or len(Path(one).parts) > 1
        for folder in _folders(one, by_path):
            other = found.setdefault(folder.name, folder)
            if by_path and other.resolve() != folder.resolve():
                wrong = f"two seeds are called {folder.name}: {other} and {folder}; rename one"
                raise SeedError(wrong)
    own = {n: path for n, path in sorted(found.items()) if not read_metadata(path).get("about")}
    if not own:
        wrong = f"no seed is named by {', '.join(map(repr, patterns))}; write a name with *, or a"
        wrong += " path such as corpus/*"
        raise SeedError(wrong)
    return own


def _folders(pattern: str, by_path: bool) -> list[Path]:
    places = [Path(pattern)] if by_path else [folder / pattern for folder in seeds_folders()]
    hits = [hit for place in places for hit in glob.glob(str(place / "datapackage.json"))]
    return [Path(hit).parent for hit in sorted(hits)]


def _columns(table: str) -> list[str]:
    return [field["name"] for field in fields_of(table)]


def _read(path: Path, table: str) -> list[list[str]]:
    """A table's rows as text, in the schema's columns; what is not plain goes the careful way."""
    want = _columns(table)
    with suppress(OSError, UnicodeDecodeError, csv.Error):
        text = path.read_bytes().decode("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        even = {len(row) for row in rows} == {len(want)}
        if even and rows[0] == want and not GUARDED.search(text):
            return rows[1:]
    try:
        frame = read_cells(path)  # its messages name file, row and what to do
    except SeedError as error:
        raise SeedError(f"{path.parent.name}/{error}") from None
    if findings := check_columns(frame, table):
        raise SeedError("\n".join(f"{path.parent.name}/{finding}" for finding in findings))
    return frame[want].astype(object).to_numpy().tolist()
