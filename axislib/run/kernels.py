"""A fresh kernel of this interpreter for one run, and a notebook's cells run in it.

The kernel is forked from the zygote or started anew, over IPC, ready when it says so, its end
awaited and not polled for. A dead kernel leaves a trace; nothing is saved on the way.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

import ipykernel_launcher
import nbformat
import zmq.asyncio
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill import execute
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from traitlets import Type

from axislib.run.warm import NoWarmth, fork, live, socket_folder, stopping

START = 60  # seconds for a kernel to answer
FIRST_WAIT, LONGEST_WAIT = 0.5, 5.0  # seconds until the first request is sent again
LAST_OUTPUT = 0.05  # seconds in which what a kernel said before it died may still arrive
_REASONS = {"SIGKILL": ", as happens when memory runs out", "SIGSEGV": ", a crash in compiled code"}

_counter = itertools.count(1)
# one for all kernels: each context is a thread, and ending one takes its time
_context = zmq.asyncio.Context()


class Provisioner(LocalProvisioner):
    """Starts a kernel (``warm``: forked), tells when it has ended, and ends what it started."""

    parent: Any
    warm = False

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """A forked kernel where that is wanted and works, else an ordinary one."""
        if self.parent.warm:
            argv = [ipykernel_launcher.__file__, *cmd[cmd.index("ipykernel_launcher") + 1 :]]
            with contextlib.suppress(NoWarmth):  # blocks: this loop has nothing else to do
                self.process = fork(argv, kwargs["env"], kwargs["cwd"])
                self.warm = True
        if not self.warm:
            # quietly: what a dying kernel prints must not tear the progress bar
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super().launch_kernel(cmd, **{**quiet, **kwargs})
        self.pid = self.pgid = self.process.pid
        live.add(self.pid)
        if stopping.is_set():  # it came too late for break_off
            self._clear_group()
        self._end = asyncio.get_running_loop().run_in_executor(None, self._watch, self.process)
        return self.connection_info

    def _watch(self, process: Any) -> None:
        process.wait()
        self._clear_group()
        live.discard(process.pid)

    def _clear_group(self) -> None:
        """Kill what the kernel started and did not stop."""
        with contextlib.suppress(OSError, AttributeError):  # Windows has no groups
            os.killpg(self.pgid, signal.SIGKILL)

    async def ended(self) -> None:
        """Return when the kernel has ended, however it did."""
        await asyncio.shield(self._end)

    def last_words(self) -> str:
        """How a dead kernel died, as far as the system tells."""
        code = self.process.poll() if self.process is not None else None
        if code is None:
            return "the kernel ended in the middle of the cell"
        if code >= 0:
            return f"the kernel ended with exit code {code} in the middle of the cell"
        name = signal.Signals(-code).name if -code in list(signal.Signals) else f"signal {-code}"
        return f"the kernel was killed by {name}{_REASONS.get(name, '')}"


class Client(AsyncKernelClient):
    """A client that is ready when the kernel has answered its own first request, idle included."""

    language_info: dict | None = None

    def _context_default(self) -> Any:
        return _context

    def start_channels(self, **channels: bool) -> None:
        """All channels but the heartbeat's: a thread for nothing, since the end is awaited."""
        super().start_channels(**{**channels, "hb": False})

    async def wait_for_ready(self, timeout: float | None = START) -> None:
        """Return once the kernel answers on both channels; RuntimeError if it dies or is late."""
        patience, end = FIRST_WAIT, time.monotonic() + (timeout or START)
        while time.monotonic() < end:
            # an answer that went out before we listened is asked for again
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(self._answered(self.kernel_info()), patience)
            patience = min(LONGEST_WAIT, patience * 2)
            if not await self.is_alive():
                raise RuntimeError("the kernel died while it started")
        raise RuntimeError(f"the kernel did not start within {timeout:.0f} seconds")

    async def _answered(self, request: str) -> None:
        asked = state = None
        while asked != request:
            message = await self.shell_channel.get_msg()
            asked = message["parent_header"].get("msg_id")
        self.language_info = message["content"].get("language_info")
        while (asked, state) != (request, "idle"):
            message = await self.iopub_channel.get_msg()
            asked = message["parent_header"].get("msg_id")
            state = message["content"].get("execution_state")


class Manager(AsyncKernelManager):
    """One kernel of this interpreter, whatever kernel a notebook names, over IPC (encrypted TCP on
    this machine only, where there is no IPC). ``warm``: from the zygote, where it can give one."""

    client_factory = Type(klass=AsyncKernelClient, default_value=Client)
    provisioner: Provisioner

    def __init__(self, warm: bool) -> None:
        super().__init__(context=_context)
        self.warm, self.kernel_id = warm, f"run-{os.getpid()}-{next(_counter)}"
        spec = self._kernel_spec = KernelSpec(**get_kernel_dict())
        self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=spec, parent=self)
        if sys.platform == "win32":
            self.transport_encryption = "auto"
        else:
            stem = str(socket_folder() / f"k{next(_counter)}")
            self.transport, self.ip, self.connection_file = "ipc", stem, f"{stem}.json"

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        await self.provisioner.ended()


class Course(PapermillNotebookClient):
    """A notebook on its way through a kernel; cells that never ran stay pending.

    ``ending`` is empty, timed_out or died; ``waited`` are the seconds in which all was ready but
    the run's turn. Limits are in seconds; ``turns`` are held while cells run.
    """

    km: Manager
    kc: Client
    timeout_func: Any  # nbclient asks for whole seconds, and works with parts of them

    def __init__(
        self,
        notebook: Any,
        warm: bool,
        cell_timeout: float | None,
        run_timeout: float | None = None,
        turns: Any = None,
    ) -> None:
        course = NotebookExecutionManager(notebook, progress_bar=False, autosave_cell_every=0)
        super().__init__(course, Manager(warm), startup_timeout=START, log=logger)
        self.owns_km, self.timeout_func = True, lambda cell: self._seconds_left()
        self.cell_timeout, self.run_timeout = cell_timeout, run_timeout
        self.turns, self.end = turns or contextlib.nullcontext(), math.inf
        self.ending, self.warm, self.waited = "", False, 0.0

    def run(self, folder: str, environment: dict[str, str]) -> str:
        """Run every cell in a kernel that starts in ``folder``; returns what went wrong, else
        nothing. What a cell or a kernel does is kept in the notebook and is not raised."""
        self.nb_man.notebook_start()
        words, began = "", time.monotonic()
        try:
            with self.setup_kernel(cwd=folder, env=environment):
                self.warm, ready = self.km.provisioner.warm, time.monotonic()
                with self.turns:
                    self.waited = time.monotonic() - ready
                    if self.run_timeout:
                        self.end = began + self.waited + self.run_timeout
                    self.papermill_execute_cells()
                if self.kc.language_info:
                    self.nb.metadata["language_info"] = self.kc.language_info
        except Exception as error:  # the kernel did not start, or its last breath went wrong
            words = f"{type(error).__name__}: {error}"
            code = [cell for cell in self.nb.cells if cell.cell_type == "code"]
            waiting = [cell for cell in code if cell.metadata.papermill["status"] != "completed"]
            for cell in waiting[:1]:
                self._mark(cell, type(error).__name__, str(error))
        self.nb_man.notebook_complete()
        self.nb.metadata.pop("widgets", None)  # megabytes of state that no report can use
        return _failure(self.nb) or words

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            try:
                self.nb_man.cell_start(cell, index)
                self.execute_cell(cell, index)
            except CellExecutionError:
                self.nb_man.cell_exception(cell)
                break
            except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
                self._mark(cell, *self._reason(error))
                self.shutdown_kernel = "immediate"
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    def _mark(self, cell: Any, name: str, words: str) -> None:
        """Note on a cell what papermill would pass over: an error output, and that it failed."""
        error = {"ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}
        cell.outputs.append(nbformat.v4.new_output("error", **error))
        self.nb_man.cell_exception(cell)

    def _reason(self, error: Exception) -> tuple[str, str]:
        if isinstance(error, DeadKernelError):
            self.ending = "died"
            return type(error).__name__, self.km.provisioner.last_words()
        if not isinstance(error, CellTimeoutError):
            return type(error).__name__, str(error)
        self.ending = "timed_out"
        if time.monotonic() >= self.end - LAST_OUTPUT:
            return "TimeoutError", f"the run took longer than {self.run_timeout:g} seconds"
        return "TimeoutError", f"the cell took longer than {self.cell_timeout:g} seconds"

    def _seconds_left(self) -> float | None:
        left = min(self.end - time.monotonic(), self.cell_timeout or math.inf)
        if left <= 0:
            raise CellTimeoutError
        return left if left < math.inf else None

    async def _async_poll_kernel_alive(self) -> None:
        await self.km.provisioner.ended()
        await asyncio.sleep(LAST_OUTPUT)
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()


def loaded(source: str, parameters: Mapping, labels: tuple[str, str]) -> Any:
    """A notebook as papermill prepares it, with ``labels`` in its metadata instead of paths."""
    notebook = load_notebook_node(source)
    if parameters:
        python: dict[str, Any] = {"kernel_name": "python3", "language": "python"}
        notebook = parameterize_notebook(notebook, dict(parameters), **python)
    return execute.remove_error_markers(execute.prepare_notebook_metadata(notebook, *labels))


def _failure(notebook: Any) -> str:
    """The error that ended a run; papermill's markers are put beside its cell."""
    try:
        execute.raise_for_execution_errors(notebook, None)
    except PapermillExecutionError as stopped:
        return f"{stopped.ename}: {stopped.evalue}"
    if notebook.metadata.papermill["exception"]:
        return "SystemExit: the notebook left by sys.exit(); the cells after it did not run"
    return ""
