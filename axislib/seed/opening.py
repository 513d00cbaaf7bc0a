"""A seed's folder read, checked, and opened."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from axislib.check import check_tables, listed
from axislib.errors import SeedError
from axislib.seed.coding import apply_coding, read_coding
from axislib.seed.folders import (
    about,
    find_seed,
    known_beyond,
    layers_about,
    read_metadata,
    read_seed_cells,
)
from axislib.seed.seed import Seed, derive, place_relative
from axislib.tables.schema import load_schema, table_names, type_cells

_SHARED = ("sentences", "actors", "dimensions")  # tables that every layer refers to
_KEPT = 8  # folders
_kept: dict[str, Seed] = {}  # what was opened last, by the state of its files
_turn = threading.Lock()


def open_seed(
    name_or_path: str | os.PathLike = "kragh-holy-war",
    layers: Iterable[str] = ("article",),
    codings: pd.DataFrame | str | os.PathLike | None = None,
) -> Seed:
    """Open a seed and check every cell of it.

    Returns a ``Seed``. ``layers`` names what stands in the tables: ``"article"`` alone unless more
    is asked for; every row says in its column ``layer`` where it comes from. ``codings`` replaces
    cells: a DataFrame or CSV with the columns ``fact``, ``column``, ``value``. Raises ``SeedError``
    with every finding (file, row, column, value, what to do) if a table is not sound. It cannot
    tell whether a coding is true to the text: for that, read ``Seed.why``.

    >>> import axislib
    >>> seed = axislib.open_seed()
    >>> seed.transfers.query("giver == 'PRK'")["receiver"].unique().tolist()
    ['RUS']
    """
    folder = find_seed(name_or_path)
    layers = tuple([layers] if isinstance(layers, str) else layers)
    seed = _open_folder(folder)
    seed = replace(_with_layers(seed, layers), layers=layers)
    if codings is None:
        return seed
    return apply_coding(
        seed, codings if isinstance(codings, pd.DataFrame) else read_coding(codings)
    )


def _with_layers(seed: Seed, layers: tuple[str, ...]) -> Seed:
    """The seed with the rows of these layers; without its own, only what all layers share is left
    of it."""
    own = seed.metadata.get("layer", "article")
    more = layers_about(seed.folder) if layers != (own,) else {}
    unknown = ", ".join(layer for layer in layers if layer not in (own, *more))
    if not layers:
        raise SeedError(f"layers: choose at least one of: {', '.join([own, *more])}")
    if unknown:
        raise SeedError(
            f"layers: '{unknown}' is not a layer of {seed.name}; there are:"
            f" {', '.join([own, *more])}"
            if more
            else f"No record has been gathered for this article: seed {seed.name} has no layer"
            f" '{unknown}', only '{own}'"
        )
    for layer in layers:
        seed = seed if layer == own else _stack(seed, _open_folder(more[layer]))
    if own in layers:
        return seed
    rest = {n: t[t["layer"] != own] for n, t in seed.tables.items() if n not in _SHARED}
    return replace(seed, tables=seed.tables | rest)


def _open_folder(folder: Path) -> Seed:
    """The seed in a folder. Files that were opened before, as they are now, are not read and
    checked again."""
    metadata = read_metadata(folder)
    state = _state(folder, metadata)
    with _turn:
        seed = _kept.get(state)
    if seed is None or seed.metadata != metadata:
        seed = _read_folder(folder)
        if not state or seed.metadata != metadata or _state(folder, metadata) != state:
            return seed  # somebody was writing meanwhile
    with _turn:
        _kept.pop(state, None)
        _kept[state] = seed  # the last one used stands last
        while len(_kept) > _KEPT:
            del _kept[next(iter(_kept))]
    tables = {name: frame.copy() for name, frame in seed.tables.items()}
    return replace(seed, folder=folder, metadata=metadata, tables=tables)


def _state(folder: Path, metadata: dict) -> str:
    """A hash over the files that decide what a seed is: its own, and those of the seed it is about;
    empty where one cannot be read."""
    beyond = about(folder, metadata)
    whole = hashlib.sha256()
    try:
        for place in (folder, *([beyond] if beyond else [])):
            for name in ("datapackage.json", *(f"{table}.csv" for table in table_names(place))):
                whole.update(
                    f"{place.name}/{name}".encode()
                    + hashlib.sha256((place / name).read_bytes()).digest()
                )
    except OSError:
        return ""
    return whole.hexdigest()


def _read_folder(folder: Path) -> Seed:
    metadata = read_metadata(folder)
    cells = read_seed_cells(folder)
    findings = check_tables(cells, metadata.get("voices"), known_beyond(folder, metadata))
    if findings:
        raise SeedError(listed(findings, f"seed '{folder.name}' has "))
    layer = metadata.get("layer", "article")
    tables = {
        name: derive(type_cells(frame, name).assign(layer=layer), name)
        for name, frame in cells.items()
    }
    tables["events"] = place_relative(tables["events"])
    return Seed(name=folder.name, folder=folder, metadata=metadata, tables=tables)


def _stack(seed: Seed, other: Seed) -> Seed:
    tables = dict(seed.tables)
    for name, new in other.tables.items():
        if name in tables:  # an actor or a dimension may stand in both; the first one's row is kept
            key = load_schema()["tables"][name]["key"]
            new = pd.concat(
                [tables[name], new[~new[key].isin(tables[name][key])]], ignore_index=True
            )
        tables[name] = new
    return replace(seed, tables=tables)
