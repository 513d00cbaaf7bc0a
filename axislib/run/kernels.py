"""A fresh ordinary kernel for one run: over IPC, ready when it says so, its end awaited and not
polled for."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type

from axislib.batch.execute import stopping
from axislib.run.sockets import socket_folder

_counter = itertools.count(1)
_live: set[int] = set()  # process groups of the kernels that run now


def stop_all() -> None:
    """Kill every kernel of this process; their runs end as kernels died."""
    for group in list(_live):
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)


class Provisioner(LocalProvisioner):
    """Starts a kernel and tells at once when it has ended; what the kernel itself started ends with
    it."""

    _descriptor: int | None = None
    _end: asyncio.Future | None = None
    warm = False

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start it quietly: what a dying kernel prints must not tear the progress bar."""
        kwargs.setdefault("stdout", subprocess.DEVNULL)
        kwargs.setdefault("stderr", subprocess.DEVNULL)
        info = await super().launch_kernel(cmd, **kwargs)
        self._watch()
        return info

    def _watch(self) -> None:
        self.group = self.process.pid
        _live.add(self.group)
        if stopping.is_set():  # it came too late for stop_all
            self._clear_group()
        if hasattr(os, "pidfd_open"):
            self._descriptor = os.pidfd_open(self.process.pid)

    async def ended(self) -> None:
        """Return when the kernel has ended, however it did."""
        if self._descriptor is None:
            while self.process is not None and self.process.poll() is None:
                await asyncio.sleep(0.05)
            return
        if self._end is None:
            loop = asyncio.get_running_loop()
            self._end = loop.create_future()
            loop.add_reader(self._descriptor, self._ended, loop)
        await asyncio.shield(self._end)

    def _ended(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.remove_reader(self._descriptor)
        if not self._end.done():
            self._end.set_result(None)
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
            _live.discard(self.group)
        await super().cleanup(restart)

    def last_words(self) -> str:
        """How a dead kernel died, as far as the system tells."""
        code = self.process.poll() if self.process is not None else None
        if code is None or code >= 0:
            return (
                "the kernel ended"
                + (f" with exit code {code}" if code is not None else "")
                + " in the middle of the cell"
            )
        name = signal.Signals(-code).name if -code in iter(signal.Signals) else f"signal {-code}"
        why = {
            "SIGKILL": ", as happens when memory runs out",
            "SIGSEGV": ", a crash in compiled code",
        }.get(name, "")
        return f"the kernel was killed by {name}{why}"


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
        end = time.monotonic() + (timeout or 60)
        patience = 0.5
        while True:
            try:
                await asyncio.wait_for(self._answered(self.kernel_info()), patience)
                return
            except TimeoutError:
                patience = min(
                    5.0, patience * 2
                )  # an answer that went out before we listened is asked for again
            if not await self.is_alive():
                raise RuntimeError("the kernel died while it started")
            if time.monotonic() > end:
                raise RuntimeError(f"the kernel did not start within {timeout:.0f} seconds")

    async def _answered(self, request: str) -> None:
        async def reply() -> None:
            while True:
                message = await self.shell_channel.get_msg()
                if message["parent_header"].get("msg_id") == request:
                    self.language_info = message["content"].get("language_info")
                    return

        async def idle() -> None:
            while True:
                message = await self.iopub_channel.get_msg()
                if (
                    message["parent_header"].get("msg_id") == request
                    and message["content"].get("execution_state") == "idle"
                ):
                    return

        await asyncio.gather(reply(), idle())


_specs = KernelSpecManager()
_context = (
    zmq.asyncio.Context()
)  # one for all kernels: each context is a thread, and ending one takes its time


class Manager(AsyncKernelManager):
    """Ordinary kernels over IPC (encrypted TCP on this machine only, where there is no IPC)."""

    client_factory = Type(klass=AsyncKernelClient, default_value=Client)
    provisioner_class: type[Provisioner] = Provisioner
    cwd: str | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"context": _context, **kwargs})
        self.kernel_spec_manager = _specs
        self.autorestart = False
        if sys.platform == "win32":
            self.transport_encryption = "auto"
            return
        stem = str(socket_folder() / f"k{next(_counter)}")
        self.transport, self.ip, self.connection_file = "ipc", stem, f"{stem}.json"

    def client(self, **kwargs: Any) -> AsyncKernelClient:
        """A client that shares the context."""
        return super().client(**{"context": _context, **kwargs})

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None and not self.kernel_spec.metadata.get("kernel_provisioner"):
            self.kernel_id = self.kernel_id or f"batch-{os.getpid()}-{next(_counter)}"
            self.provisioner = self.provisioner_class(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
        return await super()._async_pre_start_kernel(**kwargs)

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        if isinstance(self.provisioner, Provisioner):
            await self.provisioner.ended()
        else:
            await super()._async_wait(pollinterval)
