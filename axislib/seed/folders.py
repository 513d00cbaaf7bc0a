"""Where seeds lie, and what lies in their folders, unread or as it stands there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from axislib.check.cells import known_ids
from axislib.errors import SeedError
from axislib.tables.schema import read_cells, table_names


def seeds_folders() -> list[Path]:
    """Where seeds are looked for by name: ``seeds/`` here or up to two folders above, then the
    package's own."""
    here = Path.cwd()
    package = Path(__file__).parent.parent
    own = package / "seeds" if (package / "seeds").is_dir() else package.parent / "seeds"
    near = [folder / "seeds" for folder in (here, *list(here.parents)[:2])]
    return list(dict.fromkeys(folder for folder in (*near, own) if folder.is_dir()))


def seed_names() -> list[str]:
    """Names of all seeds that ``open_seed`` finds without a path.

    >>> "kragh-holy-war" in seed_names()
    True
    """
    return sorted(
        {f.parent.name for folder in seeds_folders() for f in folder.glob("*/datapackage.json")}
    )


def find_seed(name_or_path: str | os.PathLike) -> Path:
    """The folder of a seed; raises SeedError, naming the seeds there are, if there is none."""
    given = os.fspath(name_or_path)
    if ".." in Path(given).parts:
        raise SeedError(
            f"seed '{given}': a name with .. in it is refused; give the name of a seed"
            f" ({', '.join(seed_names())}) or a full path"
        )
    if isinstance(name_or_path, Path) or Path(given).is_absolute() or len(Path(given).parts) > 1:
        folder = Path(given)
        if not folder.is_dir():
            raise SeedError(
                f"seed '{given}': there is no such folder; check the path, or use a name:"
                f" {', '.join(seed_names())}"
            )
        return folder
    for parent in seeds_folders():
        if given and (parent / given).is_dir():
            return parent / given
    raise SeedError(
        f"seed '{given}': not found; there are: {', '.join(seed_names()) or 'none'} (axislib new"
        " NAME makes one)"
    )


def read_metadata(folder: Path) -> dict:
    """The seed's ``datapackage.json`` as a dict; SeedError where it is missing or not JSON."""
    path = folder / "datapackage.json"
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SeedError(
            f"{folder.name}/datapackage.json: missing, so this folder is not a seed; axislib check"
            " --fix writes one"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SeedError(
            f"{folder.name}/datapackage.json: not JSON ({error}); correct that line"
        ) from None
    if not isinstance(metadata, dict):
        raise SeedError(f"{folder.name}/datapackage.json: does not begin with {{; correct it")
    return metadata


def read_seed_cells(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of a seed folder as text cells, by name, in the schema's order."""
    return {name: read_cells(folder / f"{name}.csv") for name in table_names(folder)}


def about(folder: Path, metadata: Mapping) -> Path | None:
    """The folder of the seed that a layer is ``about``: beside it, else found by name; None for a
    seed of its own."""
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
