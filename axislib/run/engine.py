"""The cells of a notebook run by papermill's client, with time limits that hold, dead kernels that
leave a trace, and no saving on the way."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.execute import (
    prepare_notebook_metadata,
    raise_for_execution_errors,
    remove_error_markers,
)
from papermill.iorw import load_notebook_node
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from traitlets import Any as AnyTrait

from axislib.run.kernels import START, Client, Manager, WarmManager

LAST_OUTPUT = 0.05  # seconds in which what a kernel said before it died may still arrive


class RunTimeout(Exception):
    """The run took longer than it may."""


class Course(NotebookExecutionManager):
    """How far a run is; cells that never ran stay pending, and nothing is saved before the end.

    ``ending`` is empty, timed_out or died; ``waited`` are the seconds in which all was ready but
    the run's turn.
    """

    def __init__(self, notebook: Any) -> None:
        super().__init__(notebook, progress_bar=False)
        self.ending, self.warm, self.waited = "", False, 0.0

    def save(self, **kwargs: Any) -> None:
        """Nothing: who runs the notebook writes it, once and whole."""

    autosave_cell = save

    def mark(self, cell: Any, name: str, words: str) -> None:
        """Note on a cell what papermill would pass over: an error output, and that it failed."""
        error = {"ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}
        cell.outputs.append(nbformat.v4.new_output("error", **error))
        self.cell_exception(cell)


class _Client(PapermillNotebookClient):
    km: Manager
    kc: Client
    timeout_func: Any  # nbclient asks for whole seconds, and works with parts of them
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
    """A notebook as papermill prepares it. ``labels`` are in its metadata for input and output,
    in place of this machine's paths."""
    notebook = load_notebook_node(source)
    if parameters:
        python: dict[str, Any] = {"kernel_name": "python3", "language": "python"}
        notebook = parameterize_notebook(notebook, dict(parameters), **python)
    return remove_error_markers(prepare_notebook_metadata(notebook, *labels))


def run_cells(course: Course, warm: bool, folder: str, environment: dict, **limits: Any) -> str:
    """Run every cell in a kernel that starts in ``folder``; returns what went wrong, else nothing.

    ``limits`` are cell_timeout, run_timeout and turns. What a cell or a kernel does is in the
    notebook and is not raised.
    """
    course.notebook_start()
    manager = WarmManager if warm else Manager
    options = {"startup_timeout": START, "log": logger, "kernel_manager_class": manager}
    words = ""
    try:
        client = _Client(course, kernel_name="python3", **options, **limits)
        client.execute(cwd=folder, env=environment)
    except Exception as error:  # the kernel did not start, or its last breath went wrong
        code = [cell for cell in course.nb.cells if cell.cell_type == "code"]
        waiting = [cell for cell in code if cell.metadata.papermill["status"] != "completed"]
        if waiting:
            course.mark(waiting[0], type(error).__name__, str(error))
        else:
            words = f"{type(error).__name__}: {error}"
    course.notebook_complete()
    course.nb.metadata.pop("widgets", None)  # megabytes of state that no report can use
    return words or _failure(course.nb)


def _failure(notebook: Any) -> str:
    """The error that ended a run; papermill's markers are put beside its cell."""
    try:
        raise_for_execution_errors(notebook, None)
    except PapermillExecutionError as stopped:
        return f"{stopped.ename}: {stopped.evalue}"
    if notebook.metadata.papermill["exception"]:
        return "SystemExit: the notebook left by sys.exit(); the cells after it did not run"
    return ""
