"""Many seeds as one set of tables: who says what of the same dimension, across articles."""

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
from axislib.errors import SeedError
from axislib.files import GUARDED, seeds_folders
from axislib.seed.opening import read_metadata
from axislib.seed.seed import Seed, derive, place_relative
from axislib.tables.schema import certainty, fields_of, load_schema, read_cells, type_cells

_ACROSS = ["dimension", "seed", "coalition", "bears", "statement", "speaker", "modality"]
_ACROSS += ["polarity", "certainty", "pairs", "id", "anchors"]
# what a seed has and a corpus has not: questions and figures ask for it
_OF_A_SEED = {name for name in dir(Seed) if name[0] != "_"} | {"folder", "name"}


@dataclass(frozen=True, repr=False)
class Corpus:
    """Many seeds' rows in one set of tables, with ``seed`` as the first column of each.

    ``tables`` maps names to DataFrames; each is an attribute too (``corpus.events``). An id is
    unique within its seed only: join by ``seed`` and id. ``metadata`` maps a seed's name to its
    data package.
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
            raise SeedError(
                "this is asked of one article, and a corpus holds several; take one out of it with"
                " corpus.seed(NAME). levels and thesis answer article by article"
            )
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
            raise SeedError(
                f"'{name}' is not in this corpus; there are: {', '.join(self.names[:20])}"
            )
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
    A ``Corpus``. SeedError if none is found, two share a name, or one is not sound: the message
    lists what is to be fixed in each. It cannot tell whether two articles mean the same by a
    dimension of one id.

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
        # one frame a table, whatever the number of seeds: time and memory grow with the rows alone
        frame = _frame(rows.pop(table), ["seed", *_columns(table)])
        tables[table] = derive(type_cells(frame, table).assign(layer="article"), table)
    tables["events"] = _place_by_seed(tables["events"])
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
                raise SeedError(
                    f"two seeds are called {folder.name}: {other} and {folder}; rename one"
                )
    found = {name: folder for name, folder in sorted(found.items()) if not _about_another(folder)}
    if not found:
        raise SeedError(
            f"no seed is named by {', '.join(map(repr, patterns))}; write a name with *, or a path"
            " such as corpus/*"
        )
    return found


def _folders(pattern: str, by_path: bool) -> list[Path]:
    places = [pattern] if by_path else [str(folder / pattern) for folder in seeds_folders()]
    hits = [Path(hit) for place in places for hit in sorted(glob.glob(place))]
    return [folder for folder in hits if (folder / "datapackage.json").is_file()]


def _about_another(folder: Path) -> bool:
    with suppress(SeedError):  # it is opened all the same, which says what is wrong with it
        return bool(read_metadata(folder).get("about"))
    return False


def _columns(table: str) -> list[str]:
    return [field["name"] for field in fields_of(table)]


def _read(path: Path, table: str) -> list[list[str]]:
    """A table's rows as text, in the schema's columns; what is not plain goes the careful way."""
    want = _columns(table)
    rows = _read_plain(path, want)
    if rows is not None:
        return rows
    try:
        frame = read_cells(path)  # its messages name file, row and what to do
    except SeedError as error:
        raise SeedError(f"{path.parent.name}/{error}") from None
    missing = [name for name in want if name not in frame]
    unknown = [str(name) for name in frame if name not in want]
    if missing or unknown:
        raise SeedError(
            f"{path.parent.name}/{path.name}, row 1: columns missing:"
            f" {', '.join(missing) or 'none'}; not of this table: {', '.join(unknown) or 'none'};"
            f" run: axislib check {path.parent}"
        )
    return frame[want].astype(object).to_numpy().tolist()


def _read_plain(path: Path, want: list[str]) -> list[list[str]] | None:
    """The rows of a CSV that has the columns in order and nothing that needs care; else None."""
    try:
        text = path.read_bytes().decode("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    plain = rows and rows[0] == want and not GUARDED.search(text)
    return rows[1:] if plain and {len(row) for row in rows} == {len(want)} else None


def _frame(rows: list[list[str]], columns: list[str]) -> pd.DataFrame:
    # column by column: pandas is slow in guessing the types of rows
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    named = zip(columns, cells, strict=True)
    return pd.DataFrame({name: pd.Series(list(column), dtype="str") for name, column in named})


def _place_by_seed(events: pd.DataFrame) -> pd.DataFrame:
    """Events told by another event get its bounds, within their own seed."""
    if events.empty:
        return events
    own = events["seed"] + "\n"
    relative = (own + events["relative_to"]).where(events["relative_to"] != "", "")
    placed = place_relative(events.assign(id=own + events["id"], relative_to=relative))
    return events.assign(earliest=placed["earliest"], latest=placed["latest"])


def across(corpus: Corpus, dimension: str = "") -> pd.DataFrame:
    """Who says what of the same dimension: all instances, by dimension, then seed.

    Columns: ``dimension``, ``seed``, ``coalition``, ``bears``, ``statement``, ``speaker``,
    ``modality``, ``polarity``, ``certainty``, ``pairs``, ``id``, ``anchors``. SeedError for a
    dimension that no seed has. What is not stated is not in it: see ``levels_across``.

    >>> across(open_seeds("kragh-*"), "lend_lease_programme")["coalition"].unique().tolist()
    ['historic_axis', 'wwii_allies']
    """
    known = set(corpus.dimensions["id"])
    if dimension and dimension not in known:
        rest = ", ".join(sorted(known)[:30])
        raise SeedError(f"dimension '{dimension}' is in no seed of this corpus; there are: {rest}")
    table = corpus.cooperation.assign(certainty=certainty(corpus.cooperation))
    table = table[table["dimension"] == dimension] if dimension else table
    return table.sort_values(["dimension", "seed"], kind="stable")[_ACROSS].reset_index(drop=True)


def levels_across(corpus: Corpus) -> pd.DataFrame:
    """``levels`` of every seed in one table, with ``seed``.

    Each seed has a row for each of its dimensions and coalitions, ``not_stated`` where it says
    nothing, and no row for a dimension that it does not have.
    """
    facts = corpus.cooperation.assign(certainty=certainty(corpus.cooperation))
    sides = facts[["seed", "coalition"]].drop_duplicates()
    stated = _named_coalitions(corpus)
    sides = pd.concat([stated, sides[~sides["seed"].isin(stated["seed"])]])
    dimensions = corpus.dimensions[["seed", "id"]].rename(columns={"id": "dimension"})
    key = ["seed", "dimension", "coalition"]
    counted = facts[facts["polarity"] != "left_open"]
    known = counted.assign(known=counted["certainty"] == "known")
    known = known.groupby([*key, "bears"], sort=False)["known"].any().unstack("bears")
    known = known.reindex(columns=["for", "against"])
    level = pd.Series("mixed", index=known.index, dtype="str")
    level[known["against"].isna()] = "present"
    level[known["for"].isna()] = "absent"
    sure = known.fillna(True).astype(bool).all(axis=1).map({True: "known", False: "presumed"})
    ids = counted.groupby(key, sort=False)["id"].agg(";".join)
    made = pd.DataFrame({"level": level, "certainty": sure, "facts": ids}).reset_index()
    out = dimensions.merge(sides, on="seed").merge(made, on=key, how="left")
    filled = {"level": "not_stated", "certainty": "unclear", "facts": ""}
    return out.fillna(filled)[[*key, "level", "certainty", "facts"]]


def _named_coalitions(corpus: Corpus) -> pd.DataFrame:
    """The coalitions that the data packages name, as far as they are actors."""
    data = corpus.metadata.items()
    named = [(name, one) for name, package in data for one in package.get("coalitions") or []]
    stated = pd.DataFrame(named, columns=["seed", "coalition"], dtype="str")
    actors = pd.MultiIndex.from_frame(corpus.actors[["seed", "id"]])
    return stated[pd.MultiIndex.from_frame(stated).isin(actors)] if named else stated
