"""The driver's end of the zygote: start it, ask it for kernels, start it again if it was killed."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

from axislib.run import sockets as folders

SCRIPT = Path(__file__).with_name("zygote.py")
START = 60.0  # seconds for the zygote's imports
KERNEL = 15.0  # seconds for a forked kernel to listen; after that an ordinary one is started
TRIES = 3  # a zygote that dies again and again is given up


class NoWarmth(Exception):
    """No warm kernel is to be had; an ordinary one will do."""


class Zygote:
    """One pre-imported process and the way to it. Threads take turns."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.turn = threading.Lock()
        self.channel, theirs = socket.socketpair()
        # the far end of this pipe lives in every kernel; it closes when the driver is gone, however
        # that came
        life, self.life = os.pipe()
        # large pages for what kernels allocate: half as many page faults. Kernels get an
        # environment of their own, without this
        environment = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", **environment}
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(theirs.fileno()), str(life), str(folder)],
            pass_fds=(theirs.fileno(), life),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        os.close(life)
        self.ready = False

    def fork(self, argv: list[str], environment: dict[str, str], cwd: str) -> int:
        """The pid of a new kernel that listens already; NoWarmth if it does not come about."""
        listens, theirs = os.pipe()
        try:
            pid = self._ask({"argv": argv, "env": environment, "cwd": cwd}, theirs)
        finally:
            os.close(theirs)
        try:
            if select.select([listens], [], [], KERNEL)[0] and os.read(listens, 1):
                return pid
        finally:
            os.close(listens)
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(NoWarmth):
            self.reap(pid)
        raise NoWarmth

    def reap(self, pid: int) -> int:
        """The exit code of a kernel that has ended, as Popen gives it (negative: the signal)."""
        status = self._ask({"reap": pid})
        return os.waitstatus_to_exitcode(status) if status >= 0 else 0

    def _ask(self, request: dict, *handles: int) -> int:
        body = json.dumps(request).encode()
        with self.turn:
            try:
                if not self.ready:
                    self.channel.settimeout(START)
                    self.ready = self.channel.recv(5, socket.MSG_WAITALL) == b"ready"
                    if not self.ready:
                        raise NoWarmth
                socket.send_fds(self.channel, [struct.pack("!I", len(body))], list(handles))
                self.channel.sendall(body)
                answer = self.channel.recv(8, socket.MSG_WAITALL)
            except OSError:
                answer = b""
        if len(answer) < 8:
            raise NoWarmth
        return struct.unpack("!q", answer)[0]

    def stop(self) -> None:
        """End it, and with it every kernel that still runs."""
        self.channel.close()
        os.close(self.life)
        if not self.ready:
            self.process.kill()  # still at its imports, and deaf
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_lock = threading.Lock()
_zygote: Zygote | None = None
_started = 0
_environment: dict[str, str] = {}


def can_fork() -> bool:
    """Whether this system has what warm kernels need: Linux, with pidfds."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def start(environment: dict[str, str]) -> bool:
    """Have a zygote begin its imports, once a process; returns at once, and whether it was this
    call that started it."""
    global _zygote, _started, _environment
    with _lock:
        _environment = environment
        if not can_fork() or _zygote is not None:
            return False
        _zygote, _started = Zygote(folders.socket_folder(), environment), 1
        return True


def running() -> bool:
    """Whether there is a zygote."""
    return _zygote is not None


def pid() -> int | None:
    """The zygote's process id, if there is one."""
    return _zygote.process.pid if _zygote is not None else None


def stop() -> None:
    """End the zygote, if there is one."""
    global _zygote, _started
    with _lock:
        if _zygote is not None:
            _zygote.stop()
        _zygote, _started = None, 0


def fork(argv: list[str], environment: dict[str, str], cwd: str) -> tuple[Zygote, int]:
    """A new kernel's zygote and pid. A zygote that was killed is replaced; NoWarmth if that does
    not help."""
    global _zygote, _started
    start(environment)
    for _ in range(TRIES):
        zygote = _zygote
        if zygote is None:
            break
        try:
            return zygote, zygote.fork(argv, environment, cwd)
        except NoWarmth:
            with _lock:
                if zygote.process.poll() is None or _zygote is not zygote:
                    if _zygote is zygote:
                        break  # it lives, but this kernel did not come: not worth another try
                    continue
                _zygote = None
                if _started < TRIES:
                    _zygote, _started = Zygote(folders.socket_folder(), _environment), _started + 1
    raise NoWarmth
