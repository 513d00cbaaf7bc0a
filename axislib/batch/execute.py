"""One run, from task to row: an importable function of plain values, so that any executor can carry
it."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import os
import shutil
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from axislib.batch.store import Store

stopping = (
    threading.Event()
)  # set when the batch is broken off: a run that then loses its kernel was cancelled, not failed
turns: contextlib.AbstractContextManager = (
    contextlib.nullcontext()
)  # held while cells run: one a worker


def execute_run(task: dict[str, Any]) -> dict[str, Any]:
    """Run one notebook and put it where it belongs; returns its row of the manifest.

    ``task``: the run (``output``, ``source``, ``parameters``, ...), ``out``, ``work`` (a folder for
    what is unfinished), ``home`` (where the batch was started), ``warm``, ``cell_timeout`` and
    ``run_timeout`` in seconds, ``environment``. Whatever the run does is told in the row
    (``status``: done, failed, timed_out, cancelled; ``error``); nothing is raised for it.
    """
    began = time.monotonic()
    row = {
        **task["row"],
        "status": "failed",
        "error": "",
        "kernel": "",
        "figures": [],
        "tables": [],
        "facts": [],
        "output_sha256": "",
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }
    try:
        with _own_folder(task) as place:
            notebook, error = _execute(task, place, row)
            if error == "cancelled":
                row["status"], row["error"] = "cancelled", "the batch was stopped"
            elif notebook is not None:
                _keep(task, notebook, row)
                _keep_files(task, place)
    except (
        Exception
    ) as error:  # a full or read-only disk, mostly: the run's own trouble, never the batch's
        row["status"], row["error"] = "failed", explain(error)
    finally:
        _end_loop()
    row["duration_seconds"] = round(time.monotonic() - began - row.pop("waited", 0.0), 3)
    return row


def _end_loop() -> None:
    """Close the event loop that jupyter makes for this thread; threads come and go, loops would
    stay open."""
    import asyncio

    from jupyter_core.utils import ensure_event_loop

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        ensure_event_loop().close()


def _execute(task: dict, place: Path, row: dict) -> tuple[Any, str]:
    logging.getLogger("papermill").setLevel(
        logging.CRITICAL
    )  # its lines would tear the progress bar; the row says it all
    from papermill.exceptions import PapermillExecutionError

    from axislib.run.engine import Sketch, run_notebook

    sketch = Sketch(lambda text: (place / "notebook.ipynb").write_text(text, encoding="utf-8"))
    error = ""
    try:
        run_notebook(
            task["source"],
            task["parameters"],
            (row["notebook"], row["output"]),
            sketch,
            kernel_manager_class=_manager(task),
            cwd_of_kernel=str(place / "files"),
            environment=task["environment"],
            cell_timeout=task["cell_timeout"],
            run_timeout=task["run_timeout"],
            turns=turns,
        )
    except PapermillExecutionError as stopped:
        error = f"cell {_position(sketch.notebook)}: {stopped.ename}: {stopped.evalue}".strip(": ")
    except Exception as stopped:
        error = explain(stopped)
    notebook = sketch.notebook
    if not error and notebook is not None and notebook.metadata.papermill.get("exception"):
        error = (
            f"cell {_position(notebook)}: SystemExit: the notebook left by sys.exit(); the cells"
            " after it did not run"
        )
    row["waited"] = sketch.waited
    row["kernel"] = "warm" if sketch.warm else "ordinary"
    if stopping.is_set() and error:
        return None, "cancelled"
    row["status"] = "timed_out" if sketch.timed_out else "failed" if error else "done"
    row["error"] = _short(error)
    return notebook, error


def _manager(task: dict) -> Any:
    from axislib.run.kernels import Manager

    if task["warm"]:
        try:
            from axislib.run.warm import WarmManager
        except ImportError:  # the package was taken out
            return Manager
        return WarmManager
    return Manager


def _keep(task: dict, notebook: Any, row: dict) -> None:
    """Write the notebook to its place; where the disk is full, at least its cells and how far it
    came."""
    from axislib.batch.outputs import shown
    from axislib.run.notebook_text import notebook_text

    store = Store(task["out"])
    text = notebook_text(notebook)
    found = shown(notebook)
    row["figures"] = [
        {"name": figure.name, "hash": figure.hash, "marks": figure.count}
        for figure in found.figures
    ]
    row["tables"] = [
        {"name": table.name, "hash": table.hash, "rows": max(0, len(table.rows) - 1)}
        for table in found.tables
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
        with contextlib.suppress(Exception):
            store.write(row["output"], text := notebook_text(notebook))
    row["output_sha256"] = hashlib.sha256(text.encode()).hexdigest()


@contextlib.contextmanager
def _own_folder(task: dict) -> Any:
    """A folder for this run alone. Its ``files`` is where the kernel starts, with the user's seeds
    in sight."""
    home, work = Path(task["home"]), task["work"]
    if work is not None:
        Path(work).mkdir(parents=True, exist_ok=True)
    place = Path(work or tempfile.gettempdir()) / uuid.uuid4().hex[:12]
    files = place / "files"
    files.mkdir(parents=True)
    try:
        for name in task["in_sight"]:
            if (home / name).exists():
                _link(home / name, files / Path(name).name)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _link(origin: Path, link: Path) -> None:
    try:
        link.symlink_to(origin.resolve(), target_is_directory=origin.is_dir())
    except OSError:  # Windows without the right to link
        shutil.copytree(origin, link)


def _keep_files(task: dict, place: Path) -> None:
    """Files that the run wrote into its folder come to lie beside its notebook, in
    ``<name>_files``."""
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


def _position(notebook: Any) -> int:
    """The number of the failed cell, counted from 1 over all cells of the notebook as the plan's
    author knows it."""
    own = [
        cell
        for cell in notebook.cells
        if not {"papermill-error-cell-tag", "injected-parameters"}
        & set(cell.metadata.get("tags", []))
    ]
    return next(
        (
            n
            for n, cell in enumerate(own, 1)
            if cell.metadata.get("papermill", {}).get("status") == "failed"
        ),
        0,
    )


def explain(error: BaseException) -> str:
    """An error in words, without this machine's paths."""
    if isinstance(error, OSError) and error.strerror:
        return f"its notebook could not be written: {error.strerror}"
    return _short(f"{type(error).__name__}: {error}")


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 500 else words[:497] + "..."
