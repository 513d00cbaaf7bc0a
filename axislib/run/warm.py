"""Warm kernels as their driver sees them: the zygote started, asked, started again if it was
killed; the private folder of the kernels' sockets; and what breaks runs off."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from axislib.notebook.lab import ensure_home

SCRIPT = Path(__file__).with_name("zygote.py")
START = 60.0  # seconds for the zygote's imports
KERNEL = 15.0  # seconds for a forked kernel to listen; after that an ordinary one is started
ANSWER = 32  # bytes
TRIES = 3  # a zygote that dies again and again is given up
PATIENCE = 5.0  # seconds for a zygote to end by itself
LONGEST_PLACE = 50  # bytes; a socket's path may have 107 in all
_PREFIX = f"axb{os.getuid() if hasattr(os, 'getuid') else ''}-"

live: set[int] = set()  # process groups of the kernels that run now
stopping = threading.Event()  # set when runs are broken off: they were cancelled, not failed


class NoWarmth(Exception):
    """No warm kernel is to be had; an ordinary one will do."""


class Zygote:
    """One pre-imported process and the way to it. Threads take turns."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.turn = threading.Lock()
        self.ready = False
        self.channel, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        # the far end of this pipe lives in every kernel; it closes when the driver is gone, however
        # that came
        life, self.life = os.pipe()
        # large pages for what kernels allocate: half as many page faults. Kernels get an
        # environment of their own, without this
        environment = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", **environment}
        quiet: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        handles = (theirs.fileno(), life)
        command = [sys.executable, str(SCRIPT), *map(str, handles), str(folder)]
        self.process = subprocess.Popen(
            command, pass_fds=handles, env=environment, start_new_session=True, **quiet
        )
        theirs.close()
        os.close(life)

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
        return self._ask({"reap": pid})

    def _ask(self, request: dict, *handles: int) -> int:
        try:
            with self.turn:
                if not self.ready:
                    self.channel.settimeout(START)
                    self.ready = bool(self.channel.recv(ANSWER))
                socket.send_fds(self.channel, [json.dumps(request).encode()], list(handles))
                return int(self.channel.recv(ANSWER))
        except (OSError, ValueError):  # it is gone, too slow, or the request is too long for it
            raise NoWarmth from None

    def stop(self) -> None:
        """End it, and with it every kernel that still runs."""
        self.channel.close()
        os.close(self.life)
        if not self.ready:
            self.process.kill()  # still at its imports, and deaf
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_lock = threading.Lock()
_zygote: Zygote | None = None
_started = 0
_folder: Path | None = None


def can_fork() -> bool:
    """Whether this system has what warm kernels need: Linux, with pidfds."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def start(environment: Mapping[str, str]) -> bool:
    """Have a zygote begin its imports, if there is none; returns at once, and whether it was this
    call that started it."""
    global _zygote, _started
    with _lock:
        if not can_fork() or _zygote is not None or _started == TRIES:
            return False
        _zygote, _started = Zygote(socket_folder(), environment), _started + 1
        return True


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
    global _zygote
    while True:
        start(environment)
        if (zygote := _zygote) is None:
            raise NoWarmth
        try:
            return zygote, zygote.fork(argv, environment, cwd)
        except NoWarmth:
            if zygote.process.poll() is None:
                raise  # it lives, but this kernel did not come: not worth another try
        with _lock:
            _zygote = None if _zygote is zygote else _zygote


@contextlib.contextmanager
def kernels_at_hand(warm: bool = True, **more: str) -> Iterator[None]:
    """Warm kernels for as long as the block runs, and a home for all kernels; ``more`` goes into
    the zygote's environment. A zygote that was there before stays, for it is somebody else's."""
    sweep()
    ensure_home()
    own = warm and start({**os.environ, **more})
    try:
        yield
    finally:
        if own:
            stop()
        if _zygote is None and _folder is not None:
            shutil.rmtree(_folder, ignore_errors=True)


def break_off() -> None:
    """Stop every run at work: its kernel is killed and nothing of it is kept."""
    stopping.set()
    for group in list(live):
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def socket_folder() -> Path:
    """This process's own private folder for sockets and connection files; gone when the process
    ends."""
    global _folder
    if _folder is None or not _folder.is_dir():
        _folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_short_place()))
        atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    return _folder


def sweep() -> None:
    """Remove the folders of processes that were killed before they could do so themselves."""
    for path in Path(_short_place()).glob(f"{_PREFIX}*-*"):
        owner = path.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)


def _short_place() -> str:
    place = tempfile.gettempdir()
    return place if len(os.fsencode(place)) < LONGEST_PLACE or not os.path.isdir("/tmp") else "/tmp"
