"""A fresh kernel of this interpreter for one run, and a notebook's cells run in it.

The kernel is forked from the zygote or started anew, over IPC, ready when it says so, its end
awaited and not polled for. Time limits hold, a dead kernel leaves a trace, nothing is saved on the
way.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import select
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
from traitlets import Type

from axislib.run.warm import NoWarmth, Zygote, fork, live, socket_folder, stopping

START = 60  # seconds for a kernel to answer
FIRST_WAIT, LONGEST_WAIT = 0.5, 5.0  # seconds until the first request is sent again
LOOK_EVERY = 0.05  # seconds, where the system cannot tell of a process's end
LAST_OUTPUT = 0.05  # seconds in which what a kernel said before it died may still arrive

_counter = itertools.count(1)
# one for all kernels: each context is a thread, and ending one takes its time
_context = zmq.asyncio.Context()


class Forked:
    """A kernel's process, with as much of Popen's face as a provisioner looks at."""

    stdin = stdout = stderr = None

    def __init__(self, zygote: Zygote, pid: int) -> None:
        self.zygote, self.pid, self.returncode = zygote, pid, None
        self.descriptor = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, once it has ended; None if it has not within ``timeout`` seconds."""
        if self.returncode is None and select.select([self.descriptor], [], [], timeout)[0]:
            try:
                self.returncode = self.zygote.reap(self.pid)
            except NoWarmth:  # the zygote is gone, and with it the knowledge of how its child ended
                self.returncode = 0
            os.close(self.descriptor)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.descriptor, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Provisioner(LocalProvisioner):
    """Starts a kernel and tells at once when it has ended; what the kernel itself started ends with
    it. ``warm`` says whether it was forked."""

    forks = warm = False
    _descriptor: int | None = None
    _end: asyncio.Future | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """A forked kernel where that is wanted and works, else an ordinary one."""
        if not (self.forks and self._fork(cmd, **kwargs)):
            # quietly: what a dying kernel prints must not tear the progress bar
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super().launch_kernel(cmd, **{**quiet, **kwargs})
        self.group = self.process.pid
        live.add(self.group)
        if stopping.is_set():  # it came too late for break_off
            self._clear_group()
        if hasattr(os, "pidfd_open"):
            self._descriptor = os.pidfd_open(self.process.pid)
        return self.connection_info

    def _fork(self, cmd: list[str], **kwargs: Any) -> bool:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        argv, cwd = [ipykernel_launcher.__file__, *arguments], kwargs.get("cwd")
        try:  # blocks: this loop has nothing else to do
            zygote, pid = fork(argv, kwargs["env"], cwd or os.getcwd())
        except NoWarmth:
            return False
        self.process, self.warm, self.cwd = Forked(zygote, pid), True, cwd
        self.pid = self.pgid = pid
        return True

    async def ended(self) -> None:
        """Return when the kernel has ended, however it did."""
        if self._descriptor is None:
            while self.process is not None and self.process.poll() is None:
                await asyncio.sleep(LOOK_EVERY)
            return
        if self._end is None:
            loop = asyncio.get_running_loop()
            self._end = loop.create_future()
            loop.add_reader(self._descriptor, self._ended, loop, self._descriptor, self._end)
        await asyncio.shield(self._end)

    def _ended(self, loop: asyncio.AbstractEventLoop, descriptor: int, end: asyncio.Future) -> None:
        loop.remove_reader(descriptor)
        if not end.done():
            end.set_result(None)
        self._clear_group()

    def _clear_group(self) -> None:
        """Kill what the kernel started and did not stop."""
        with contextlib.suppress(OSError):
            os.killpg(self.group, signal.SIGKILL)

    async def wait(self) -> int | None:
        """Wait for the end without polling; returns the exit code."""
        if self.process is None:
            return 0
        await self.ended()
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Give back what belongs to the kernel."""
        if self._descriptor is not None:
            if self._end is not None and not self._end.done():
                asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
        if hasattr(self, "group"):
            live.discard(self.group)
        await super().cleanup(restart)

    def last_words(self) -> str:
        """How a dead kernel died, as far as the system tells."""
        code = self.process.poll() if self.process is not None else None
        if code is None:
            return "the kernel ended in the middle of the cell"
        if code >= 0:
            return f"the kernel ended with exit code {code} in the middle of the cell"
        name = signal.Signals(-code).name if -code in list(signal.Signals) else f"signal {-code}"
        reasons = {
            "SIGKILL": ", as happens when memory runs out",
            "SIGSEGV": ", a crash in compiled code",
        }
        return f"the kernel was killed by {name}{reasons.get(name, '')}"


class WarmProvisioner(Provisioner):
    """Forks where it can."""

    forks = True


class Client(AsyncKernelClient):
    """A client that is ready when the kernel has answered its own first request, idle included."""

    language_info: dict | None = None

    def start_channels(self, **channels: bool) -> None:
        """All channels but the heartbeat's, which would be a thread a kernel for nothing: its end
        is awaited."""
        super().start_channels(**{**channels, "hb": False})

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once the kernel answers on both channels; RuntimeError if it dies or ``timeout``
        seconds pass."""
        timeout, patience = timeout or START, FIRST_WAIT
        end = time.monotonic() + timeout
        while True:
            try:
                await asyncio.wait_for(self._answered(self.kernel_info()), patience)
                return
            except TimeoutError:  # an answer that went out before we listened is asked for again
                patience = min(LONGEST_WAIT, patience * 2)
            if not await self.is_alive():
                raise RuntimeError("the kernel died while it started")
            if time.monotonic() > end:
                raise RuntimeError(f"the kernel did not start within {timeout:.0f} seconds")

    async def _answered(self, request: str) -> None:
        async def message(channel: Any, state: str | None) -> dict:
            while True:
                found = await channel.get_msg()
                content = found["content"]
                if found["parent_header"].get("msg_id") == request and (
                    state is None or content.get("execution_state") == state
                ):
                    return content

        reply, _ = await asyncio.gather(
            message(self.shell_channel, None), message(self.iopub_channel, "idle")
        )
        self.language_info = reply.get("language_info")


class Manager(AsyncKernelManager):
    """Ordinary kernels of this interpreter, whatever kernel a notebook names or is installed
    elsewhere; over IPC (encrypted TCP on this machine only, where there is no IPC)."""

    client_factory = Type(klass=AsyncKernelClient, default_value=Client)
    provisioner: Provisioner  # None until a kernel is started
    provisioner_class: type[Provisioner] = Provisioner
    cwd: str | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"context": _context, **kwargs})
        self.autorestart = False
        if sys.platform == "win32":
            self.transport_encryption = "auto"
            return
        stem = str(socket_folder() / f"k{next(_counter)}")
        self.transport, self.ip, self.connection_file = "ipc", stem, f"{stem}.json"

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter's own kernel."""
        return KernelSpec(**get_kernel_dict())

    def client(self, **kwargs: Any) -> AsyncKernelClient:
        """A client that shares the context."""
        return super().client(**{"context": _context, **kwargs})

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None:
            self.kernel_id = self.kernel_id or f"run-{os.getpid()}-{next(_counter)}"
            self.provisioner = self.provisioner_class(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
        return await super()._async_pre_start_kernel(**kwargs)

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        await self.provisioner.ended()


class WarmManager(Manager):
    """Kernels from the zygote, where it can give one."""

    provisioner_class = WarmProvisioner


# --- the cells of a notebook, run in a kernel


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
    """A notebook as papermill prepares it. ``labels`` are its input and output in the
    metadata, in place of this machine's paths."""
    notebook = load_notebook_node(source)
    if parameters:
        python: dict[str, Any] = {"kernel_name": "python3", "language": "python"}
        notebook = parameterize_notebook(notebook, dict(parameters), **python)
    return remove_error_markers(prepare_notebook_metadata(notebook, *labels))


def run_cells(course: Course, warm: bool, folder: str, environment: dict, **limits: Any) -> str:
    """Run every cell in a kernel that starts in ``folder``; returns what went wrong, else nothing.

    ``limits`` are cell_timeout, run_timeout and turns. What a cell or a kernel does is kept in the
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
