"""The one way to run a notebook: the report, a batch and the saving of notebooks all use it.

Every run has a fresh kernel of this interpreter, whatever kernel the notebook names.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from axislib.notebook.lab import notebooks_folder
from axislib.run.warm import break_off, stopping

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_TIMEOUT = 120  # seconds
LONGEST = 300  # characters of an error that is shown
_NOT_THE_AUTHORS = {"papermill-error-cell-tag", "injected-parameters"}


@dataclass(frozen=True)
class Executed:
    """A notebook that was run, what it was asked and what went wrong; ``name`` is its page's.

    Of several runs of a notebook, ``label`` is what the first page calls this one, and ``apart``
    those of its parameters that the others have otherwise. ``status`` is done, failed or timed_out,
    ``cause`` the error with the number of its cell, ``kernel`` warm or ordinary, ``waited`` the
    seconds in which all was ready but the run's turn.
    """

    name: str
    notebook: NotebookNode = field(repr=False)
    error: str = ""
    parameters: Mapping = field(default_factory=dict)
    status: str = "done"
    cause: str = ""
    kernel: str = ""
    waited: float = 0.0
    label: str = ""
    apart: Mapping = field(default_factory=dict)


def run_notebook(
    source: str | Path,
    parameters: Mapping | None = None,
    cell_timeout: float | None = CELL_TIMEOUT,
    folder: str | Path | None = None,
    environment: Mapping[str, str] | None = None,
    warm: bool = False,
    labels: tuple[str, str] | None = None,
    **limits: Any,
) -> Executed:
    """Run one notebook in a kernel of its own, which starts in ``folder`` (else a scratch folder).

    Returns an ``Executed``; what goes wrong is in its ``error``, not raised. A ``warm`` kernel is
    forked from the zygote, if that is possible. ``labels`` are in the notebook's metadata for
    input and output, ``limits`` are ``run_timeout`` in seconds and ``turns``, held while cells run.
    Safe in threads: the working directory of this process stays as it is.
    """
    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # ``error`` says it all
    import nbformat

    from axislib.run import kernels

    name, label, given = Path(source).stem, Path(source).name, dict(parameters or {})
    try:
        notebook = kernels.loaded(str(source), given, labels or (label, label))
    except Exception as error:
        words = _unreadable(error)
        return Executed(name, nbformat.v4.new_notebook(), words, given, "failed", words)
    with tempfile.TemporaryDirectory(prefix="axislib-run-") as scratch:
        place = Path(folder or scratch)
        place.mkdir(exist_ok=True)
        try:
            course = kernels.Course(notebook, warm, cell_timeout, **limits)
            words = course.run(str(place), dict(os.environ if environment is None else environment))
        finally:
            _end_loop()
    return Executed(name, notebook, parameters=given, **_ended(course, words))


def _unreadable(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"its file cannot be read ({error.strerror or type(error).__name__})"
    return "its file is empty or is not a notebook; open and save it in JupyterLab, or take it away"


def _ended(course: Any, words: str) -> dict[str, Any]:
    """How a run ended: the other fields of ``Executed``."""
    readers = {
        "timed_out": f"a cell took longer than {course.cell_timeout} seconds and was stopped",
        "died": "its Python died in the middle (out of memory?)",
    }
    status, number = "failed" if words else "done", _position(course.nb)
    return {
        "error": readers.get(course.ending, one_line(words)),
        "status": "timed_out" if course.ending == "timed_out" else status,
        "cause": f"cell {number}: {words}" if number else words,
        "kernel": "warm" if course.warm else "ordinary",
        "waited": course.waited,
    }


def _position(notebook: Any) -> int:
    """The number of the failed cell, counted from 1 over the author's own cells; 0 if none did."""
    known = [c for c in notebook.cells if not _NOT_THE_AUTHORS & set(c.metadata.get("tags", []))]
    states = [cell.metadata.get("papermill", {}).get("status") for cell in known]
    return states.index("failed") + 1 if "failed" in states else 0


def _end_loop() -> None:
    """Close the event loop that jupyter makes for this thread: it would outlive the thread."""
    from jupyter_core.utils import ensure_event_loop

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        ensure_event_loop().close()


def read_executed(path: Path, name: str = "", parameters: Mapping | None = None) -> Executed:
    """A notebook that somebody else ran, from its file, with the first error in its outputs."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("widgets", None)  # megabytes that a page without a kernel cannot use
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    errors = [output for output in outputs if output.output_type == "error"]
    error = one_line(f"{errors[0].ename}: {errors[0].evalue}") if errors else ""
    return Executed(name or Path(path).stem, notebook, error, dict(parameters or {}))


def own_notebooks() -> list[Path]:
    """The project's notebooks by name; what begins with a dot is some system's shadow of a file."""
    found = sorted(notebooks_folder().glob("*.ipynb"))
    return [path for path in found if not path.name.startswith(".")]


def one_line(text: str, most: int = LONGEST) -> str:
    """A message's lines as one, cut after ``most`` characters.

    >>> one_line("a\\n  b"), one_line("abc", 2)
    ('a b', 'ab…')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"


def run_all(
    paths: Sequence[Path], parameters: Mapping, workers: int = 2, progress: bool = True
) -> list[Executed]:
    """Run notebooks, the cells of ``workers`` of them at a time; in the order of ``paths``."""
    import nbformat
    from tqdm import tqdm

    workers = max(1, workers)
    with threads(workers + 1) as pool:  # one more: a kernel starts while others' cells run
        given = {"warm": len(paths) > 1, "turns": BoundedSemaphore(workers)}
        # what gave much before takes long, and begins first
        longest = sorted(set(paths), key=lambda path: -path.stat().st_size)
        runs = {path: pool.submit(run_notebook, path, parameters, **given) for path in longest}
        executed, bar = [], tqdm(paths, "Notebooks", unit="nb", disable=not progress)
        for path in bar:
            bar.set_postfix_str(path.stem)
            done = runs[path].result()
            # as its file would give it back: keys in order, texts in one piece
            text = nbformat.v4.writes(done.notebook)
            executed.append(replace(done, notebook=nbformat.v4.reads(text)))
    return executed


@contextlib.contextmanager
def threads(number: int) -> Iterator[ThreadPoolExecutor]:
    """Threads to run notebooks in; an error or Ctrl-C in the block kills their kernels."""
    pool = ThreadPoolExecutor(number, thread_name_prefix="run")
    try:
        yield pool
    except BaseException:
        break_off()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        stopping.clear()
