"""Kernels of this interpreter taken from the zygote; every other kernel, and every other system, as
ordinary ones."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

from axislib.run.kernels import Manager, Provisioner
from axislib.run.warm.host import NoWarmth, Zygote, fork


class Forked:
    """A kernel's process, with as much of Popen's face as a provisioner looks at."""

    stdin = stdout = stderr = None

    def __init__(self, zygote: Zygote, pid: int) -> None:
        self.zygote, self.pid, self.returncode = zygote, pid, None
        self.descriptor = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        import select

        if self.returncode is None and select.select([self.descriptor], [], [], 0)[0]:
            try:
                self.returncode = self.zygote.reap(self.pid)
            except NoWarmth:  # the zygote is gone, and with it the knowledge of how its child ended
                self.returncode = 0
            os.close(self.descriptor)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended."""
        import select

        if self.returncode is None:
            select.select([self.descriptor], [], [], timeout)
        return self.poll()

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


class WarmProvisioner(Provisioner):
    """Forks where it can; ``warm`` tells whether it did."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """A forked kernel for this interpreter's ipykernel, else an ordinary one."""
        arguments = _arguments(cmd)
        if arguments is not None:
            try:
                zygote, pid = fork(
                    arguments, kwargs["env"], kwargs.get("cwd") or os.getcwd()
                )  # blocks: this loop has nothing else to do
            except NoWarmth:
                pass
            else:
                self.process, self.warm = Forked(zygote, pid), True
                self.pid = self.pgid = pid
                self.cwd = kwargs.get("cwd")
                self._watch()
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)


def _arguments(cmd: list[str]) -> list[str] | None:
    """What ``ipykernel_launcher`` would find in its argv, if that is what the command starts with
    this interpreter."""
    if len(cmd) < 3 or "ipykernel_launcher" not in cmd or Path(cmd[0]) != Path(sys.executable):
        return None
    place = cmd.index("ipykernel_launcher")
    if cmd[place - 1] != "-m" or any(not flag.startswith("-X") for flag in cmd[1 : place - 1]):
        return None
    import ipykernel_launcher

    return [ipykernel_launcher.__file__, *cmd[place + 1 :]]


class WarmManager(Manager):
    """``Manager`` with kernels from the zygote."""

    provisioner_class = WarmProvisioner
