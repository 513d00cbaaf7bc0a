"""What a batch leaves: finished notebooks in a folder or at an address, and a manifest with a row
for each run: what was asked, what it depended on, how it ended, what it shows."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from filelock import FileLock, Timeout

from axislib.errors import SeedError
from axislib.files import hash_of, replace_file, seeds_folders, sha256, to_csv
from axislib.seed.opening import find_seed
from axislib.text.copy import text_files

if TYPE_CHECKING:
    from axislib.batch.runs import Run

_COLUMNS = """output status error group name notebook parameters duration_seconds kernel figures
    tables facts seed seed_hash text_hash notebook_hash key output_sha256 versions started number"""
COLUMNS = tuple(_COLUMNS.split())
STATUSES = ("failed", "timed_out", "cancelled", "done")  # as a person wants to see them
JOURNAL, LOCK = ".journal.jsonl", ".lock"
WORK = ".work"  # where runs that are not finished have their files
PACKAGES = ("axislib", "pandas", "numpy", "plotly", "ipykernel", "papermill")
EVERY = 1.0  # seconds between two writings of the whole while runs finish


def row_of(run: Run, hashes: dict[tuple, tuple[str, str]]) -> dict[str, Any]:
    """What is known of a run before it starts, and a ``key``: one hash over all that decides what
    it gives. ``hashes`` keeps those of seeds and texts."""
    seed, layers = run.full.get("seed", ""), run.full.get("layers", [])
    seed = seed if isinstance(seed, str) else ""
    layers = tuple(map(str, layers)) if isinstance(layers, list) else ()
    if (seed, layers) not in hashes:
        hashes[seed, layers] = (seed_hash(seed, layers), text_hash(seed)) if seed else ("", "")
    of_seed, of_text = hashes[seed, layers]
    whole = [run.contract.sources, run.full, of_seed, of_text, versions()]
    own = ("number", "output", "group", "name", "notebook", "parameters")
    return {
        **{name: getattr(run, name) for name in own},
        "seed": seed,
        "seed_hash": of_seed,
        "text_hash": of_text,
        "notebook_hash": run.contract.sources,
        "key": sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False)),
        "versions": versions(),
    }


@cache
def versions() -> dict[str, str]:
    """Versions that results may depend on; axislib's with a hash of its modules."""
    found = {"python": platform.python_version()}
    found |= {package: version(package) for package in PACKAGES}
    home = Path(__file__).parent.parent
    code = (path for path in sorted(home.rglob("*")) if path.suffix in (".py", ".json"))
    files = [path for path in code if not {"batch", "run"} & {*path.relative_to(home).parts}]
    found["axislib"] += f"+{hash_of(files, home)[:8]}"
    return found


def seed_hash(seed: str, layers: Sequence[str] = ()) -> str:
    """Hash of a seed's tables and metadata, and of the seeds that add layers; empty if none is."""
    try:
        folder = find_seed(seed)
    except SeedError:
        return ""
    places = (folder.parent, *seeds_folders())
    packages = {f.parent for place in places for f in place.glob("*/datapackage.json")}
    # only the seed could tell which neighbour adds the layer: all of them is on the safe side
    around = sorted(packages - {folder}) if set(layers) - {"article"} else []
    files = [path for place in (folder, *around) for path in sorted(place.glob("*"))]
    return hash_of(path for path in files if path.suffix in (".csv", ".json"))


def text_hash(seed: str) -> str:
    """Hash of the reader's own copies of texts that a run may find; empty if there is none."""
    places = [*seeds_folders(), *os.environ.get("AXISLIB_TEXTS", "").split(os.pathsep)]
    with contextlib.suppress(SeedError):
        places.append(find_seed(seed))
    hashes = sorted(sha256(path.read_bytes()) for path in text_files(filter(None, places)))
    return sha256("".join(hashes)) if hashes else ""


@dataclass(frozen=True)
class Store:
    """A folder or an address such as ``s3://bucket/batch``. Names are relative, with ``/``.
    In a folder, nobody ever sees half a file; elsewhere that depends on papermill's handlers."""

    root: str

    @property
    def folder(self) -> Path | None:
        """The folder, or None for an address."""
        return None if "://" in self.root else Path(self.root)

    def write(self, name: str, content: str) -> None:
        """Write one file; on OSError (or the handler's own error) an older one stays as it was."""
        if self.folder is None:
            from papermill.iorw import papermill_io

            return papermill_io.write(content, *self._address(name))
        replace_file(self.folder / name, content)

    def read(self, name: str) -> str | None:
        """The content of one file; None if it is not there, or is no text."""
        with contextlib.suppress(Exception):  # an address's handler raises what its library does
            if self.folder is not None:
                return (self.folder / name).read_text(encoding="utf-8")
            from papermill.iorw import papermill_io

            return papermill_io.read(*self._address(name))
        return None

    def _address(self, name: str) -> tuple[str, list[str]]:
        return f"{self.root.rstrip('/')}/{name}", [Path(name).suffix]

    @contextlib.contextmanager
    def taken(self, resume: bool) -> Iterator[None]:
        """Hold the place for one batch: writable, without what a killed batch left unfinished.

        SeedError if nothing can be written there or another batch holds it. A killed batch leaves
        no lock behind. The journal of an earlier batch stays only to ``resume`` it.
        """
        folder, held = self.folder, contextlib.ExitStack()
        try:
            if folder is None:
                self.write(".try", "")
            else:
                folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(FileLock(folder / LOCK, timeout=0))
        except Exception as error:
            why = f"cannot be written ({_reason(error)}); nothing was run;"
            if isinstance(error, Timeout):
                why = "another batch is writing into this folder; wait for it, or"
            raise SeedError(f"--out {Path(self.root).name}: {why} choose another folder") from None
        with held:
            if folder is not None:
                shutil.rmtree(folder / WORK, ignore_errors=True)
                if not resume:
                    (folder / JOURNAL).unlink(missing_ok=True)
                held.callback((folder / LOCK).unlink, missing_ok=True)
                held.callback(shutil.rmtree, folder / WORK, ignore_errors=True)
            yield


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or f"{type(error).__name__}: {error}".rstrip(": ")


@dataclass
class Manifest(contextlib.AbstractContextManager):
    """The rows so far, kept on disk as ``manifest.csv`` and ``manifest.json``.

    Every finished run is at once appended to ``.journal.jsonl``; the two files are rewritten,
    whole, at most once a second and at the end. So a killed batch loses nothing that was finished.
    """

    store: Store
    title: str = ""
    total: int = 0
    rows: dict[str, dict] = field(default_factory=dict)
    _written: float = 0.0

    def add(self, row: dict, keep: bool = True) -> None:
        """Take in one run's row. A full disk stops no run: ``__exit__`` tries again and says so."""
        self.rows[row["output"]] = row
        if self.store.folder is not None and keep:
            line = json.dumps(row, ensure_ascii=False) + "\n"
            path = self.store.folder / JOURNAL
            with contextlib.suppress(OSError), open(path, "a", encoding="utf-8") as journal:
                journal.write(line)
        if time.monotonic() - self._written > EVERY:
            self._written = time.monotonic()
            with contextlib.suppress(Exception):
                self.write()

    def __exit__(self, *error: object) -> None:
        """Write both files for the last time and drop the journal."""
        try:
            self.write()
            if self.store.folder is not None:
                (self.store.folder / JOURNAL).unlink(missing_ok=True)
        except Exception as problem:
            raise SeedError(
                f"--out {Path(self.store.root).name}: the manifest cannot be written"
                f" ({_reason(problem)}); the finished notebooks are there; free some space, then"
                " run again with --resume"
            ) from None

    def write(self) -> None:
        """Both files as they are now, failures first."""
        rows = self.ordered()
        done = sum(row["status"] == "done" for row in rows)
        counts = {"finished": len(rows), "done": done, "failed": len(rows) - done}
        whole = {"title": self.title, "runs": self.total, **counts, "rows": rows}
        self.store.write("manifest.json", json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
        cells = [[_cell(column, row.get(column, "")) for column in COLUMNS] for row in rows]
        self.store.write("manifest.csv", to_csv(pd.DataFrame(cells, columns=COLUMNS, dtype=object)))

    def ordered(self) -> list[dict]:
        """The rows, failures first, else in the plan's order."""
        rows = self.rows.values()
        return sorted(rows, key=lambda row: (STATUSES.index(row["status"]), row["number"]))


def unchanged(earlier: dict | None, row: dict, store: Store) -> bool:
    """Whether an earlier run with this key is done, and its notebook still as it was written."""
    if not earlier or earlier.get("status") != "done" or earlier.get("key") != row["key"]:
        return False
    text = store.read(row["output"])
    return text is not None and sha256(text) == earlier.get("output_sha256")


def read_rows(store: Store) -> dict[str, dict]:
    """The rows of an earlier batch, by output: its manifest, and its journal if it was killed."""
    rows: dict[str, dict] = {}
    unreadable = (ValueError, KeyError, TypeError, AttributeError)  # then nothing counts as done
    with contextlib.suppress(*unreadable):
        earlier = json.loads(store.read("manifest.json") or "{}").get("rows", [])
        rows = {row["output"]: row for row in earlier}
    for line in (store.read(JOURNAL) or "").splitlines():
        # the last line may be the one in which the batch was killed
        with contextlib.suppress(*unreadable):
            row = json.loads(line)
            rows[row["output"]] = row
    return rows


def _cell(column: str, value: Any) -> Any:
    if column in ("figures", "tables"):
        return ";".join(f"{part['name']}={part['hash']}" for part in value or [])
    if column == "facts":
        return len(value or [])
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
