"""papermill's engine, with time limits that hold, dead kernels that leave a mark, and no saving for
nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.execute import (
    prepare_notebook_metadata,
    raise_for_execution_errors,
    remove_error_markers,
)
from papermill.iorw import load_notebook_node
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from traitlets import Any as AnyTrait

from axislib.run.notebook_text import notebook_text

SAVE_EVERY = 1.0  # seconds


class RunTimeout(Exception):
    """A cell or a run took longer than it may; the message says which and how long."""


class Sketch:
    """What a run leaves behind while it goes: the notebook node, saved to ``write`` once a second."""

    def __init__(self, write: Any = None) -> None:
        self.write, self.notebook, self.saved, self.timed_out, self.warm = (
            write,
            None,
            time.monotonic(),
            False,
            False,
        )
        self.waited = 0.0  # seconds in which all was ready but the run's turn

    def save(self) -> None:
        """Save if a second has gone by; a disk that is full is met again, and reported, at the end."""
        if self.write is not None and time.monotonic() - self.saved > SAVE_EVERY:
            with contextlib.suppress(OSError):
                self.write(notebook_text(self.notebook))
            self.saved = time.monotonic()


class _Course(NotebookExecutionManager):
    """The state of one run. Saving is throttled; cells that never ran stay pending."""

    sketch: Sketch

    def save(self, **kwargs: Any) -> None:
        if kwargs.get("nb"):
            self.nb = kwargs["nb"]
        self.sketch.save()

    def autosave_cell(self, **kwargs: Any) -> None:
        self.sketch.save()


class _Client(PapermillNotebookClient):
    cell_timeout = AnyTrait()
    run_timeout = AnyTrait()
    turns = AnyTrait()

    def execute(self, **kwargs: Any) -> Any:
        self.reset_execution_trackers()
        began = time.monotonic()
        self.timeout_func = lambda cell: self._seconds_left()
        with self.setup_kernel(**kwargs):
            self.nb_man.sketch.warm = getattr(self.km.provisioner, "warm", False)
            ready = time.monotonic()
            with self.turns or contextlib.nullcontext():
                self.nb_man.sketch.waited = time.monotonic() - ready
                self.end = (
                    began + self.nb_man.sketch.waited + self.run_timeout
                    if self.run_timeout
                    else None
                )
                self.papermill_execute_cells()
            if getattr(self.kc, "language_info", None):
                self.nb.metadata["language_info"] = self.kc.language_info
        return self.nb

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            try:
                self.nb_man.cell_start(cell, index)
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            except (DeadKernelError, CellTimeoutError, RunTimeout, RuntimeError) as error:
                self._mark(cell, error)
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                self.shutdown_kernel = "immediate"
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    def _mark(self, cell: Any, error: Exception) -> None:
        """An error output that says what papermill would pass over in silence."""
        name, words = type(error).__name__, str(error)
        if isinstance(error, DeadKernelError):
            words = (
                self.km.provisioner.last_words()
                if hasattr(self.km.provisioner, "last_words")
                else words
            )
        elif isinstance(error, CellTimeoutError | RunTimeout):
            self.nb_man.sketch.timed_out = True
            whole = self.end is not None and time.monotonic() >= self.end - 0.05
            name, words = (
                "TimeoutError",
                (
                    f"the run took longer than {self.run_timeout:g} seconds"
                    if whole
                    else f"the cell took longer than {self.cell_timeout:g} seconds"
                ),
            )
        cell.outputs.append(
            nbformat.v4.new_output(
                "error", ename=name, evalue=words, traceback=[f"{name}: {words}"]
            )
        )

    def _seconds_left(self) -> float | None:
        limits = [float(self.cell_timeout)] if self.cell_timeout else []
        if self.end is not None:
            limits.append(self.end - time.monotonic())
            if limits[-1] <= 0:
                raise RunTimeout
        return min(limits, default=None)

    async def _async_poll_kernel_alive(self) -> None:
        ended = getattr(self.km.provisioner, "ended", None)
        if ended is None:
            await super()._async_poll_kernel_alive()
            return
        await ended()
        await asyncio.sleep(0.05)  # what it said before it died may still be on its way
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()


class BatchEngine(NBClientEngine):
    """Registered as ``axislib``; takes ``sketch``, ``cell_timeout``, ``run_timeout``, ``turns``,
    ``cwd_of_kernel`` and ``environment``."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: Any = None,
        sketch: Sketch | None = None,
        progress_bar: Any = None,
        log_output: bool = False,
        autosave_cell_every: int = 0,
        **kwargs: Any,
    ) -> Any:
        """Run every cell; never raises for what a cell or a kernel does, which stands in the
        notebook instead."""
        course = _Course(nb, progress_bar=False)
        course.sketch = sketch or Sketch()
        course.sketch.notebook = nb
        course.notebook_start()
        try:
            cls.execute_managed_notebook(course, kernel_name, **kwargs)
        except Exception as error:  # the kernel did not start, or its last breath went wrong
            cell = next(
                (
                    cell
                    for cell in nb.cells
                    if cell.cell_type == "code" and cell.metadata.papermill["status"] != "completed"
                ),
                None,
            )
            if cell is None:
                raise
            cell.outputs.append(
                nbformat.v4.new_output(
                    "error", ename=type(error).__name__, evalue=str(error), traceback=[str(error)]
                )
            )
            course.cell_exception(cell, exception=error)
        finally:
            course.notebook_complete()
        nb.metadata.pop("widgets", None)  # megabytes of state that no report can use
        return nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: int = 60,
        cell_timeout: float | None = None,
        run_timeout: float | None = None,
        kernel_manager_class: Any = None,
        cwd_of_kernel: str | None = None,
        environment: dict | None = None,
        turns: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Run the cells in a kernel of ``kernel_manager_class``, started in ``cwd_of_kernel``,
        holding one of the ``turns``."""
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            log=logger,
            cell_timeout=cell_timeout,
            run_timeout=run_timeout,
            kernel_manager_class=kernel_manager_class,
            turns=turns,
        )
        return client.execute(cwd=cwd_of_kernel, env=dict(environment or {}))


def run_notebook(
    source: str, parameters: dict, labels: tuple[str, str], sketch: Sketch, **options: Any
) -> None:
    """Do with a notebook what ``papermill.execute_notebook`` does, step by step by papermill's own
    functions.

    The result is left in ``sketch.notebook``, to be written once and whole. ``labels`` stand in its
    metadata for input and output, in place of this machine's paths. Raises PapermillExecutionError
    for a cell that failed.
    """
    papermill_engines.register("axislib", BatchEngine)
    notebook = load_notebook_node(source)
    if parameters:
        notebook = parameterize_notebook(notebook, parameters, engine_name="axislib")
    notebook = remove_error_markers(prepare_notebook_metadata(notebook, *labels, False))
    kernel = papermill_engines.nb_kernel_name("axislib", notebook)
    notebook = papermill_engines.execute_notebook_with_engine(
        "axislib", notebook, kernel_name=kernel, sketch=sketch, **options
    )
    raise_for_execution_errors(notebook, None)
