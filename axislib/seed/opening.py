"""A seed found, its folder read, checked, and opened."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from axislib.check import check_tables, listed
from axislib.check.cells import known_ids
from axislib.errors import SeedError
from axislib.files import hash_of, seeds_folders
from axislib.seed.seed import Seed, derive, place_relative
from axislib.seed.variants import apply_coding, read_coding
from axislib.tables.schema import load_schema, read_cells, table_names, type_cells

_SHARED = ("sentences", "actors", "dimensions")  # tables that every layer refers to
_KEPT = 8  # folders


def seed_names() -> list[str]:
    """Names of all data sets that ``open_seed`` finds without a path.

    Returns
    -------
    The names, sorted.

    >>> "kragh-holy-war" in seed_names()
    True
    """
    found = (path for folder in seeds_folders() for path in folder.glob("*/datapackage.json"))
    return sorted({path.parent.name for path in found})


def find_seed(name_or_path: str | os.PathLike) -> Path:
    """The folder of a seed; raises SeedError, naming the seeds there are, if there is none."""
    given = os.fspath(name_or_path)
    path = Path(given)
    by_path = isinstance(name_or_path, Path) or path.is_absolute() or len(path.parts) > 1
    if ".." in path.parts:
        problem = "a name with .. in it is refused; give the name of a data set ({}) or a full path"
    elif by_path and os.path.isdir(given):  # False also for what cannot be a path
        return path
    elif by_path:
        problem = "there is no such folder; check the path, or use a name: {}"
    else:
        for parent in seeds_folders():
            if given and os.path.isdir(parent / given):
                return parent / given
        problem = "not found; there are: {} (axislib new NAME makes one)"
    raise SeedError(f"data set '{given}': {problem.format(', '.join(seed_names()) or 'none')}")


def read_metadata(folder: Path) -> dict:
    """The seed's ``datapackage.json`` as a dict; SeedError where it is missing or not JSON."""
    try:
        metadata = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        if isinstance(metadata, dict):
            return metadata
        problem = "does not begin with {; correct it"
    except FileNotFoundError:
        problem = "missing, so this folder is not a seed; axislib check --fix writes one"
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        problem = f"not JSON ({error}); correct that line"
    raise SeedError(f"{folder.name}/datapackage.json: {problem}")


def read_seed_cells(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of a seed folder as text cells, by name, in the schema's order."""
    return {name: read_cells(folder / f"{name}.csv") for name in table_names(folder)}


def about(folder: Path, metadata: Mapping) -> Path | None:
    """The folder of the seed that a layer is ``about``; None for a seed of its own."""
    if not metadata.get("about"):
        return None
    beside = folder.parent / metadata["about"]
    return beside if beside.is_dir() else find_seed(metadata["about"])


def known_beyond(folder: Path, metadata: Mapping) -> dict[str, set[str]] | None:
    """The ids of the seed that a layer is ``about``; None for a seed of its own."""
    beyond = about(folder, metadata)
    return known_ids(read_seed_cells(beyond)) if beyond else None


def layers_about(folder: Path) -> dict[str, Path]:
    """Other seeds that say in their metadata that they are about this one: layer -> folder."""
    found = {}
    for parent in (folder.parent, *seeds_folders()):
        for path in sorted(parent.glob("*/datapackage.json")):
            metadata = read_metadata(path.parent)
            if metadata.get("about") == folder.name and metadata.get("layer"):
                found.setdefault(metadata["layer"], path.parent)
    return found


def open_seed(
    name_or_path: str | os.PathLike = "kragh-holy-war",
    layers: Iterable[str] = ("article",),
    codings: pd.DataFrame | str | os.PathLike | None = None,
) -> Seed:
    """Open a data set and check every cell of it.

    Parameters
    ----------
    name_or_path
        Its name, or the path of its folder.
    layers
        What is in the tables: ``"article"``, ``"context"`` (the external record) or both; every row
        says in its column ``layer`` where it comes from.
    codings
        Cells to replace: a table or CSV of ``fact``, ``column``, ``value``, or a coding sheet.

    Returns
    -------
    A ``Seed``. SeedError, with every finding (file, row, column, value, what to do), if a table is
    not sound. It cannot tell whether a coding is true to the text: for that, read ``Seed.why``.

    >>> import axislib
    >>> seed = axislib.open_seed()
    >>> seed.transfers.query("giver == 'PRK'")["receiver"].unique().tolist()
    ['RUS']
    """
    folder = find_seed(name_or_path)
    layers = tuple([layers] if isinstance(layers, str) else layers)
    seed = replace(_with_layers(_open_folder(folder), layers), layers=layers)
    if codings is None:
        return seed
    coding = codings if isinstance(codings, pd.DataFrame) else read_coding(codings)
    return apply_coding(seed, coding)


def _with_layers(seed: Seed, layers: tuple[str, ...]) -> Seed:
    """The seed with the rows of these layers; without its own, only what all share is left."""
    own = seed.metadata.get("layer", "article")
    more = layers_about(seed.folder) if layers != (own,) else {}
    unknown, there = ", ".join({*layers} - {own, *more}), ", ".join([own, *more])
    if not layers:
        raise SeedError(f"layers: choose at least one of: {there}")
    if unknown and more:
        raise SeedError(f"layers: '{unknown}' is not a layer of {seed.name}; there are: {there}")
    if unknown:
        wrong = f"No record has been gathered for this article: data set {seed.name} has no layer"
        wrong += f" '{unknown}', only '{own}'"
        raise SeedError(wrong)
    for layer in layers:
        seed = seed if layer == own else _stack(seed, _open_folder(more[layer]))
    if own in layers:
        return seed
    rest = {n: t[t["layer"] != own] for n, t in seed.tables.items() if n not in _SHARED}
    return replace(seed, tables=seed.tables | rest)


def _open_folder(folder: Path) -> Seed:
    """The seed in a folder; files opened before, as they are now, are not checked again."""
    metadata = read_metadata(folder)
    seed = _kept(folder, _state(folder, metadata)) or _read_folder(folder)
    tables = {name: frame.copy() for name, frame in seed.tables.items()}
    return replace(seed, metadata=metadata, tables=tables)


@lru_cache(_KEPT)
def _kept(folder: Path, state: str) -> Seed | None:
    """The seed in a folder whose files have this state; None if somebody was writing meanwhile."""
    seed = _read_folder(folder)
    return seed if state and _state(folder, seed.metadata) == state else None


def _state(folder: Path, metadata: Mapping) -> str:
    """A hash over the files that decide what a seed is; empty where one cannot be read."""
    places = filter(None, (folder, about(folder, metadata)))
    try:
        return hash_of(
            place / name
            for place in places
            for name in ("datapackage.json", *(f"{table}.csv" for table in table_names(place)))
        )
    except OSError:
        return ""


def _read_folder(folder: Path) -> Seed:
    metadata = read_metadata(folder)
    cells = read_seed_cells(folder)
    if findings := check_tables(cells, metadata.get("voices"), known_beyond(folder, metadata)):
        raise SeedError(listed(findings, f"data set '{folder.name}' has "))
    layer = metadata.get("layer", "article")
    tables = {n: derive(type_cells(t, n).assign(layer=layer)) for n, t in cells.items()}
    tables["events"] = place_relative(tables["events"])
    return Seed(name=folder.name, folder=folder, metadata=metadata, tables=tables)


def _stack(seed: Seed, other: Seed) -> Seed:
    tables = dict(seed.tables)
    for name, new in other.tables.items():
        if name in tables:  # an actor or a dimension may be in both; the first one's row is kept
            key, old = load_schema()["tables"][name]["key"], tables[name]
            new = pd.concat([old, new[~new[key].isin(old[key])]], ignore_index=True)
        tables[name] = new
    return replace(seed, tables=tables)
