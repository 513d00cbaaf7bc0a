"""What a run depends on, as hashes: if none of them changed, it need not be run again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from axislib.errors import SeedError
from axislib.seed.folders import find_seed, seeds_folders

PACKAGES = ("axislib", "pandas", "numpy", "plotly", "ipykernel", "papermill")


@cache
def versions() -> dict[str, str]:
    """Versions of what a notebook's results may depend on; axislib's with a hash of its modules,
    for it may be worked on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    home = Path(__file__).parent.parent
    files = [
        path
        for path in sorted(home.rglob("*"))
        if path.suffix in (".py", ".json")
        and not {"batch", "run"} & set(path.relative_to(home).parts)
    ]
    found["axislib"] += (
        "+"
        + _digest(
            *(
                part
                for path in files
                for part in (path.relative_to(home).as_posix().encode(), path.read_bytes())
            )
        )[:8]
    )
    return found


def seed_hash(seed: str, layers: list[str] | tuple[str, ...] = ()) -> str:
    """Hash of every table and the metadata of a seed, and of the seeds that add the other layers;
    empty if there is none."""
    try:
        folder = find_seed(seed)
    except SeedError:
        return ""
    around = sorted(
        {
            f.parent
            for parent in (folder.parent, *seeds_folders())
            for f in parent.glob("*/datapackage.json")
        }
        - {folder}
    )
    # which of its neighbours adds the layer, only the seed could tell; all of them is on the safe
    # side
    folders = [folder, *(around if set(layers) - {"article"} else ())]
    files = [
        path for f in folders for path in sorted(f.glob("*")) if path.suffix in (".csv", ".json")
    ]
    return _digest(
        *(
            part
            for path in files
            for part in (f"{path.parent.name}/{path.name}".encode(), path.read_bytes())
        )
    )


def text_hash(seed: str) -> str:
    """Hash of the reader's own copies of texts that a run may find; empty if there is none."""
    try:
        folders = [find_seed(seed), *seeds_folders()]
    except SeedError:
        folders = seeds_folders()
    folders += [
        Path(name) for name in os.environ.get("AXISLIB_TEXTS", "").split(os.pathsep) if name
    ]
    files = {
        path.resolve()
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.suffix.lower() == ".txt"
    }
    files |= {folder.resolve() for folder in folders if folder.is_file()}
    hashes = sorted(_digest(path.read_bytes()) for path in files)
    return _digest(*(one.encode() for one in hashes)) if hashes else ""


def run_key(notebook_hash: str, full: dict, seed: str, text: str) -> str:
    """One hash over all that decides what a run gives: notebook, parameters with defaults, seed,
    text, versions."""
    return _digest(
        json.dumps(
            [notebook_hash, full, seed, text, versions()], sort_keys=True, ensure_ascii=False
        ).encode()
    )


def _digest(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.hexdigest()
