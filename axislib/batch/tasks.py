"""One run: what it depends on, what its worker has to know, and its way from there to a row of the
manifest. All of it plain values and an importable function, so that any executor can carry it."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axislib.batch.manifest import Store
from axislib.errors import SeedError
from axislib.files import hash_of, seeds_folders, sha256
from axislib.run.notebook import one_line, run_notebook
from axislib.run.warm import stopping
from axislib.seed.opening import find_seed

if TYPE_CHECKING:
    from axislib.batch.runs import Run

PACKAGES = ("axislib", "pandas", "numpy", "plotly", "ipykernel", "papermill")
LONGEST = 500  # characters of an error in the manifest
LONGEST_NAME = 1000  # characters of a parameter that may name a file
ENDED = {"error": "", "kernel": "", "figures": [], "tables": [], "facts": [], "output_sha256": ""}


def row_of(run: Run, hashes: dict[tuple, tuple[str, str]]) -> dict[str, Any]:
    """What is known of a run before it starts; ``hashes`` keeps those of seeds and texts."""
    seed, layers = run.full.get("seed", ""), run.full.get("layers", [])
    seed = seed if isinstance(seed, str) else ""
    which = (seed, *(map(str, layers) if isinstance(layers, list) else ()))
    if which not in hashes:
        hashes[which] = (seed_hash(seed, which[1:]), text_hash(seed)) if seed else ("", "")
    of_seed, of_text = hashes[which]
    return {
        "number": run.number,
        "output": run.output,
        "group": run.group,
        "name": run.name,
        "notebook": run.notebook,
        "parameters": run.parameters,
        "seed": seed,
        "seed_hash": of_seed,
        "text_hash": of_text,
        "notebook_hash": run.contract.sources,
        "key": run_key(run.contract.sources, run.full, of_seed, of_text),
        "versions": versions(),
    }


def unchanged(earlier: dict | None, row: dict, store: Store) -> bool:
    """Whether an earlier run with this key is done, and its notebook still as it was written."""
    if not earlier or earlier.get("status") != "done" or earlier.get("key") != row["key"]:
        return False
    text = store.read(row["output"])
    return text is not None and sha256(text) == earlier.get("output_sha256")


def task_of(run: Run, row: dict, store: Store, **more: Any) -> dict[str, Any]:
    """A run as plain values, all that ``execute_run`` has to know; ``more`` are ``environment``,
    ``warm``, ``cell_timeout`` and ``run_timeout``."""
    return {
        "row": row,
        "source": str(run.contract.path),
        "parameters": run.parameters,
        "out": store.root,
        "work": str(store.work) if store.work else None,
        "home": str(Path.cwd()),
        "in_sight": _in_sight(run),
        **more,
    }


def _in_sight(run: Run) -> list[str]:
    """What a run finds in its own folder though it lies elsewhere: seeds, named files."""
    here = Path.cwd()
    near = [place for place in (here, *list(here.parents)[:2]) if (place / "seeds").is_dir()]
    found = [os.path.relpath(near[0] / "seeds")] if near else []
    values = run.parameters.values()
    words = [word for value in values for word in (value if isinstance(value, list) else [value])]
    for word in words:
        if isinstance(word, str) and "\0" not in word and len(word) <= LONGEST_NAME:
            first = "".join(Path(word).parts[:1])  # of a relative path that a word may be
            outside = first in ("", "..", "/", "~", Path(word).anchor)
            found += [first] * (not outside and Path(first).exists())
    return list(dict.fromkeys(found))


@cache
def versions() -> dict[str, str]:
    """Versions that results may depend on; axislib's with a hash of its modules."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    home = Path(__file__).parent.parent
    code = (path for path in sorted(home.rglob("*")) if path.suffix in (".py", ".json"))
    files = [path for path in code if not {"batch", "run"} & {*path.relative_to(home).parts}]
    found["axislib"] += f"+{hash_of(files, home)[:8]}"
    return found


def seed_hash(seed: str, layers: list[str] | tuple[str, ...] = ()) -> str:
    """Hash of every table and the metadata of a seed, and of the seeds that add the other layers;
    empty if there is none."""
    try:
        folder = find_seed(seed)
    except SeedError:
        return ""
    places = (folder.parent, *seeds_folders())
    packages = {f.parent for place in places for f in place.glob("*/datapackage.json")}
    # which of its neighbours adds the layer, only the seed could tell; all of them is on the safe
    # side
    around = sorted(packages - {folder}) if set(layers) - {"article"} else []
    files = [path for place in (folder, *around) for path in sorted(place.glob("*"))]
    return hash_of(path for path in files if path.suffix in (".csv", ".json"))


def text_hash(seed: str) -> str:
    """Hash of the reader's own copies of texts that a run may find; empty if there is none."""
    places = list(seeds_folders())
    with contextlib.suppress(SeedError):
        places.append(find_seed(seed))
    places += map(Path, filter(None, os.environ.get("AXISLIB_TEXTS", "").split(os.pathsep)))
    files = {place.resolve() for place in places if place.is_file()}
    for place in filter(Path.is_dir, places):
        files |= {path.resolve() for path in place.iterdir() if path.suffix.lower() == ".txt"}
    hashes = sorted(sha256(path.read_bytes()) for path in files)
    return sha256("".join(hashes)) if hashes else ""


def run_key(notebook_hash: str, full: dict, seed: str, text: str) -> str:
    """One hash over all that decides what a run gives: notebook, parameters with defaults, seed,
    text, versions."""
    whole = [notebook_hash, full, seed, text, versions()]
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False))


def execute_run(task: dict[str, Any], turns: Any = None) -> dict[str, Any]:
    """Run one notebook and put it where it belongs; returns its row of the manifest.

    ``task`` is what ``task_of`` gave; ``turns`` are held while cells run. Nothing is raised: the
    row has the ``status`` (done, failed, timed_out, cancelled) and the ``error``.
    """
    began, waited = time.monotonic(), 0.0
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    row = {**task["row"], "status": "failed", **ENDED, "started": started}
    try:
        with _own_folder(task) as place:
            same = ("cell_timeout", "run_timeout", "environment", "warm")
            run = run_notebook(
                task["source"],
                task["parameters"],
                folder=place / "files",
                labels=(row["notebook"], row["output"]),
                turns=turns,
                **{name: task[name] for name in same},
            )
            waited, row["kernel"] = run.waited, run.kernel
            row["status"], row["error"] = run.status, one_line(run.cause, LONGEST)
            if stopping.is_set() and run.cause:
                row["status"], row["error"] = "cancelled", "the batch was stopped"
            elif run.kernel:
                _keep(task, run.notebook, row)
                _keep_files(task, place)
    except Exception as error:  # a full or read-only disk, mostly: the run's own trouble
        row["status"], row["error"] = "failed", explain(error)
    row["duration_seconds"] = round(time.monotonic() - began - waited, 3)
    return row


def _keep(task: dict, notebook: Any, row: dict) -> None:
    """Write the notebook; where the disk is full, at least its cells and how far it came."""
    import nbformat

    from axislib.batch.outputs import shown

    store, text, found = Store(task["out"]), nbformat.v4.writes(notebook), shown(notebook)
    row["figures"] = [
        {"name": part.name, "hash": part.hash, "marks": len(part.marks)} for part in found.figures
    ]
    row["tables"] = [
        {"name": part.name, "hash": part.hash, "rows": max(0, len(part.rows) - 1)}
        for part in found.tables
    ]
    row["facts"] = sorted(found.facts)
    try:
        store.write(row["output"], text)
    except Exception as error:
        row["status"], row["error"] = "failed", explain(error)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        notebook.metadata.papermill["exception"] = True
        text = nbformat.v4.writes(notebook)
        with contextlib.suppress(Exception):
            store.write(row["output"], text)
    row["output_sha256"] = sha256(text)


@contextlib.contextmanager
def _own_folder(task: dict) -> Iterator[Path]:
    """A folder for this run alone; the kernel starts in its ``files``, with seeds in sight."""
    home = Path(task["home"])
    place = Path(task["work"] or tempfile.gettempdir()) / uuid.uuid4().hex[:12]
    files = place / "files"
    files.mkdir(parents=True)
    try:
        for origin in filter(Path.exists, (home / name for name in task["in_sight"])):
            link = files / origin.name
            try:
                link.symlink_to(origin.resolve(), target_is_directory=origin.is_dir())
            except OSError:  # Windows without the right to link
                shutil.copytree(origin, link)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _keep_files(task: dict, place: Path) -> None:
    """Move what the run wrote into ``<name>_files`` beside its notebook."""
    store, files = Store(task["out"]), place / "files"
    for name in task["in_sight"]:
        link = files / Path(name).name
        if link.is_symlink():
            link.unlink()
        elif link.is_dir():
            shutil.rmtree(link)
    if store.folder is not None:
        target = (store.folder / task["row"]["output"]).with_suffix("")
        target = target.with_name(target.name + "_files")
        shutil.rmtree(target, ignore_errors=True)
        if any(files.iterdir()):
            os.replace(files, target)


def explain(error: BaseException) -> str:
    """An error in words, without this machine's paths."""
    if isinstance(error, OSError) and error.strerror:
        return f"its notebook could not be written: {error.strerror}"
    return one_line(f"{type(error).__name__}: {error}", LONGEST)
