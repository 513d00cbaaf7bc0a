"""One row a run: what was asked, what it depended on, how it ended, what it shows."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import dataclass, field

from axislib.batch.store import Store

COLUMNS = (
    "output",
    "status",
    "error",
    "group",
    "name",
    "notebook",
    "parameters",
    "duration_seconds",
    "kernel",
    "figures",
    "tables",
    "facts",
    "seed",
    "seed_hash",
    "text_hash",
    "notebook_hash",
    "key",
    "output_sha256",
    "versions",
    "started",
    "number",
)
STATUSES = (
    "failed",
    "timed_out",
    "cancelled",
    "done",
)  # in the order in which a person wants to see them
EVERY = 1.0  # seconds between two writings of the whole while runs finish


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
    problem: str = ""  # why the manifest could not be written, if it could not
    _written: float = 0.0

    def add(self, row: dict, keep: bool = True) -> None:
        """Take in one run's row."""
        self.rows[row["output"]] = row
        if self.store.folder is not None and keep:
            self._try(self._append, row)
        if time.monotonic() - self._written > EVERY:
            self._written = time.monotonic()
            self._try(self.write)

    def close(self) -> None:
        """Write both files for the last time and drop the journal; raises what hinders it."""
        self.write()
        if self.store.folder is not None:
            (self.store.folder / ".journal.jsonl").unlink(missing_ok=True)

    def write(self) -> None:
        """Both files as they are now, failures first."""
        rows = self.ordered()
        done = sum(row["status"] == "done" for row in rows)
        whole = {
            "title": self.title,
            "runs": self.total,
            "finished": len(rows),
            "done": done,
            "failed": len(rows) - done,
            "rows": rows,
        }
        self.store.write("manifest.json", json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
        self.store.write("manifest.csv", _csv(rows))

    def ordered(self) -> list[dict]:
        """The rows, failures first, else in the plan's order."""
        return sorted(
            self.rows.values(), key=lambda row: (STATUSES.index(row["status"]), row["number"])
        )

    def _append(self, row: dict) -> None:
        with open(self.store.folder / ".journal.jsonl", "a", encoding="utf-8") as journal:
            journal.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _try(self, write, *args) -> None:
        try:
            write(*args)
        # a full disk must not stop runs that write elsewhere; close() tries again and speaks up
        except Exception as error:
            self.problem = getattr(error, "strerror", None) or type(error).__name__


def read_rows(store: Store) -> dict[str, dict]:
    """The rows of an earlier batch, by output: its manifest, and what a killed one still had in its
    journal."""
    rows: dict[str, dict] = {}
    try:
        rows = {
            row["output"]: row
            for row in json.loads(store.read("manifest.json") or "{}").get("rows", [])
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        pass  # unreadable: then nothing counts as done
    for line in (store.read(".journal.jsonl") or "").splitlines():
        try:
            row = json.loads(line)
            rows[row["output"]] = row
        except (ValueError, KeyError, TypeError):
            continue  # the line in which the batch was killed
    return rows


def _csv(rows: list[dict]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(column, row.get(column, "")) for column in COLUMNS])
    return out.getvalue()


def _cell(column: str, value) -> str | int | float:
    if column in ("figures", "tables"):
        return ";".join(f"{part['name']}={part['hash']}" for part in value or [])
    if column == "facts":
        return len(value or [])
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in "=+-@\t" and value:
        return "'" + value  # a spreadsheet takes such a cell for a formula
    return value
