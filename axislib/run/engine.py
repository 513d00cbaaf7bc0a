"""The cells of a notebook run by papermill's client, with time limits that hold, dead kernels that
leave a trace, and no saving for nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.execute import prepare_notebook_metadata, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from traitlets import Any as AnyTrait

from axislib.run.kernels import START, Manager, WarmManager

SAVE_EVERY = 1.0  # seconds
LAST_OUTPUT = 0.05  # seconds in which what a kernel said before it died may still arrive


class RunTimeout(Exception):
    """The run took longer than it may."""


class Course(NotebookExecutionManager):
    """How far a run is. What it has so far goes to ``save_to`` once a second; cells that never ran
    stay pending.

    ``ending`` is empty, timed_out or died; ``waited`` are the seconds in which all was ready but
    the run's turn.
    """

    def __init__(self, notebook: Any, save_to: Callable[[str], Any] | None) -> None:
        super().__init__(notebook, progress_bar=False)
        self.save_to, self.saved = save_to, time.monotonic()
        self.ending, self.warm, self.waited = "", False, 0.0

    def save(self, **kwargs: Any) -> None:
        """Save if a second has gone by; a full disk is met again, and reported, at the end."""
        if self.save_to is not None and time.monotonic() - self.saved > SAVE_EVERY:
            with contextlib.suppress(OSError):
                self.save_to(nbformat.v4.writes(self.nb))
            self.saved = time.monotonic()

    autosave_cell = save

    def mark(self, cell: Any, name: str, words: str) -> None:
        """Note on a cell what papermill would pass over: an error output, and that it failed."""
        error = {"ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}
        cell.outputs.append(nbformat.v4.new_output("error", **error))
        self.cell_exception(cell)


class _Client(PapermillNotebookClient):
    cell_timeout = AnyTrait()
    run_timeout = AnyTrait()
    turns = AnyTrait()
    end: float | None = None

    def execute(self, **kwargs: Any) -> Any:
        self.reset_execution_trackers()
        course, began = self.nb_man, time.monotonic()
        self.timeout_func = lambda cell: self._seconds_left()
        with self.setup_kernel(**kwargs):
            course.warm, ready = self.km.provisioner.warm, time.monotonic()
            with self.turns or contextlib.nullcontext():
                course.waited = time.monotonic() - ready
                if self.run_timeout:
                    self.end = began + course.waited + self.run_timeout
                self.papermill_execute_cells()
            if self.kc.language_info:
                self.nb.metadata["language_info"] = self.kc.language_info
        return self.nb

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            try:
                self.nb_man.cell_start(cell, index)
                self.execute_cell(cell, index)
            except CellExecutionError:
                self.nb_man.cell_exception(cell)
                break
            except (DeadKernelError, CellTimeoutError, RunTimeout, RuntimeError) as error:
                self.nb_man.mark(cell, *self._reason(error))
                self.shutdown_kernel = "immediate"
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    def _reason(self, error: Exception) -> tuple[str, str]:
        if isinstance(error, DeadKernelError):
            self.nb_man.ending = "died"
            return type(error).__name__, self.km.provisioner.last_words()
        if not isinstance(error, CellTimeoutError | RunTimeout):
            return type(error).__name__, str(error)
        self.nb_man.ending = "timed_out"
        if self.end is not None and time.monotonic() >= self.end - LAST_OUTPUT:
            return "TimeoutError", f"the run took longer than {self.run_timeout:g} seconds"
        return "TimeoutError", f"the cell took longer than {self.cell_timeout:g} seconds"

    def _seconds_left(self) -> float | None:
        limits = [float(self.cell_timeout)] if self.cell_timeout else []
        if self.end is not None:
            limits.append(self.end - time.monotonic())
            if limits[-1] <= 0:
                raise RunTimeout
        return min(limits, default=None)

    async def _async_poll_kernel_alive(self) -> None:
        await self.km.provisioner.ended()
        await asyncio.sleep(LAST_OUTPUT)
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()


def loaded(source: str, parameters: Mapping, labels: tuple[str, str]) -> Any:
    """A notebook as papermill prepares it. ``labels`` stand in its metadata for input and output,
    in place of this machine's paths."""
    notebook = load_notebook_node(source)
    if parameters:
        python = {"kernel_name": "python3", "language": "python"}
        notebook = parameterize_notebook(notebook, dict(parameters), **python)
    return remove_error_markers(prepare_notebook_metadata(notebook, *labels))


def run_cells(course: Course, warm: bool, folder: str, environment: dict, **limits: Any) -> None:
    """Run every cell in a kernel that starts in ``folder``; ``limits`` are cell_timeout,
    run_timeout and turns.

    What a cell or a kernel does stands in the notebook and is not raised.
    """
    notebook = course.nb
    course.notebook_start()
    manager = WarmManager if warm else Manager
    options = {"startup_timeout": START, "log": logger, "kernel_manager_class": manager}
    try:
        client = _Client(course, kernel_name="python3", **options, **limits)
        client.execute(cwd=folder, env=environment)
    except Exception as error:  # the kernel did not start, or its last breath went wrong
        waiting = [
            cell
            for cell in notebook.cells
            if cell.cell_type == "code" and cell.metadata.papermill["status"] != "completed"
        ]
        if not waiting:
            raise
        course.mark(waiting[0], type(error).__name__, str(error))
    finally:
        course.notebook_complete()
    notebook.metadata.pop("widgets", None)  # megabytes of state that no report can use
