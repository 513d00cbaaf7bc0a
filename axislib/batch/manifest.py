"""What a batch leaves: finished notebooks in a folder or at an address, and a manifest with a row
for each run: what was asked, what it depended on, how it ended, what it shows."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from axislib.errors import SeedError
from axislib.files import replace_file, to_csv

_COLUMNS = """output status error group name notebook parameters duration_seconds kernel figures
    tables facts seed seed_hash text_hash notebook_hash key output_sha256 versions started number"""
COLUMNS = tuple(_COLUMNS.split())
STATUSES = ("failed", "timed_out", "cancelled", "done")  # as a person wants to see them
JOURNAL, LOCK = ".journal.jsonl", ".lock"
EVERY = 1.0  # seconds between two writings of the whole while runs finish


@dataclass(frozen=True)
class Store:
    """A folder or an address such as ``s3://bucket/batch``. Names are relative, with ``/``.

    In a folder, a file is written under a temporary name and renamed, so nobody ever sees half of
    one. Elsewhere papermill's handlers write it, and how whole that is depends on them.
    """

    root: str

    @property
    def folder(self) -> Path | None:
        """The folder, or None for an address."""
        return None if "://" in self.root else Path(self.root)

    @property
    def work(self) -> Path | None:
        """Where runs that are not finished have their files; None for an address."""
        return self.folder / ".work" if self.folder else None

    def write(self, name: str, content: str) -> None:
        """Write one file; OSError (or the handler's own error) if that fails, and an older file
        stays as it was."""
        if self.folder is None:
            from papermill.iorw import papermill_io

            papermill_io.write(content, *self._address(name))
            return
        replace_file(self.folder / name, content)

    def read(self, name: str) -> str | None:
        """The content of one file; None if it is not there."""
        try:
            if self.folder is not None:
                return (self.folder / name).read_text(encoding="utf-8")
            from papermill.iorw import papermill_io

            return papermill_io.read(*self._address(name))
        except UnicodeDecodeError:
            return None
        except Exception as error:  # an address's handler raises what its library raises
            if self.folder is None or isinstance(error, OSError):
                return None
            raise

    def _address(self, name: str) -> tuple[str, list[str]]:
        return f"{self.root.rstrip('/')}/{name}", [Path(name).suffix]

    @contextlib.contextmanager
    def taken(self, resume: bool) -> Iterator[None]:
        """Hold the place for one batch: writable, without what a killed batch left unfinished.

        SeedError if nothing can be written there or another batch holds it. A killed batch leaves
        no lock behind. The journal of an earlier batch stays only to ``resume`` it.
        """
        name, folder = Path(self.root).name, self.folder
        with contextlib.ExitStack() as held:
            try:
                if folder is not None:
                    folder.mkdir(parents=True, exist_ok=True)
                    held.enter_context(FileLock(folder / LOCK, timeout=0))
                    held.callback(_take_away, folder / LOCK, folder / ".try", folder / ".work")
                self.write(".try", "")
            except Timeout:
                raise SeedError(
                    f"--out {name}: another batch is writing into this folder; wait for it,"
                    " or choose another folder"
                ) from None
            except Exception as error:
                reason = getattr(error, "strerror", None) or type(error).__name__
                raise SeedError(
                    f"--out {name}: cannot be written ({reason}); nothing was run; choose another"
                    " folder"
                ) from None
            if folder is not None:
                left = [folder / ".try", folder / ".work"]
                _take_away(*left, *([] if resume else [folder / JOURNAL]))
            yield


def _take_away(*paths: Path) -> None:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


@dataclass
class Manifest:
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
        """Take in one run's row. A full disk must not stop runs that write elsewhere; the end
        tries again, and says so."""
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

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *error: object) -> None:
        """Write both files for the last time and drop the journal."""
        try:
            self.write()
            if self.store.folder is not None:
                (self.store.folder / JOURNAL).unlink(missing_ok=True)
        except Exception as problem:
            reason = getattr(problem, "strerror", None) or f"{type(problem).__name__}: {problem}"
            raise SeedError(
                f"--out {Path(self.store.root).name}: the manifest cannot be written ({reason});"
                " the finished notebooks are there; free some space, then run again with --resume"
            ) from None

    def write(self) -> None:
        """Both files as they are now, failures first."""
        rows = self.ordered()
        done = sum(row["status"] == "done" for row in rows)
        counts = {"finished": len(rows), "done": done, "failed": len(rows) - done}
        whole = {"title": self.title, "runs": self.total, **counts, "rows": rows}
        self.store.write("manifest.json", json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
        cells = [[_cell(column, row.get(column, "")) for column in COLUMNS] for row in rows]
        table = pd.DataFrame(cells, columns=COLUMNS, dtype=object)
        self.store.write("manifest.csv", to_csv(table))

    def ordered(self) -> list[dict]:
        """The rows, failures first, else in the plan's order."""
        rows = self.rows.values()
        return sorted(rows, key=lambda row: (STATUSES.index(row["status"]), row["number"]))


def read_rows(store: Store) -> dict[str, dict]:
    """The rows of an earlier batch, by output: its manifest, and its journal if it was killed."""
    try:
        earlier = json.loads(store.read("manifest.json") or "{}").get("rows", [])
        rows = {row["output"]: row for row in earlier}
    except (ValueError, KeyError, TypeError, AttributeError):
        rows = {}  # unreadable: then nothing counts as done
    for line in (store.read(JOURNAL) or "").splitlines():
        # the last line may be the one in which the batch was killed
        with contextlib.suppress(ValueError, KeyError, TypeError):
            row = json.loads(line)
            rows[row["output"]] = row
    return rows


def _cell(column: str, value: Any) -> Any:
    if column in ("figures", "tables"):
        return ";".join(f"{part['name']}={part['hash']}" for part in value or [])
    if column == "facts":
        return len(value or [])
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
