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

CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")  # all that warm kernels need
SCRIPT = Path(__file__).with_name("zygote.py")
START = 60.0  # seconds for the zygote's imports; after that an ordinary kernel is started
ANSWER = 32  # bytes
TRIES = 3  # a zygote that dies again and again is given up
LONGEST_PLACE = 50  # bytes; a socket's path may have 107 in all
_PLACE = tempfile.gettempdir()
if len(os.fsencode(_PLACE)) >= LONGEST_PLACE and os.path.isdir("/tmp"):
    _PLACE = "/tmp"
_PREFIX = f"axb{os.getuid() if hasattr(os, 'getuid') else ''}-"

live: set[int] = set()  # process groups of the kernels that run now
stopping = threading.Event()  # set when runs are broken off: they were cancelled, not failed


class NoWarmth(Exception):
    """No warm kernel is to be had; an ordinary one will do."""


class Zygote:
    """One pre-imported process and the way to it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.turn = threading.Lock()
        self.channel, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        self.channel.settimeout(START)
        # large pages: half as many page faults; kernels get an environment without this
        environment = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", **environment}
        quiet: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, str(SCRIPT), str(number), str(socket_folder())]
            how = {"pass_fds": [number], "env": environment, "start_new_session": True}
            self.process = subprocess.Popen(command, **how, **quiet)


class Forked:
    """A kernel's process that listens, with as much of Popen as a provisioner looks at. It lives as
    long as ``line`` is open. NoWarmth if it does not come about."""

    stdin = stdout = stderr = returncode = None

    def __init__(self, zygote: Zygote, **request: Any) -> None:
        self.zygote = zygote
        self.line, theirs = socket.socketpair()
        self.line.settimeout(START)
        try:
            with theirs:
                socket.send_fds(zygote.channel, [json.dumps(request).encode()], [theirs.fileno()])
            self.pid = int(self.line.recv(ANSWER))
        except (OSError, ValueError):  # it is gone, too slow, or the request is too long for it
            self.line.close()
            raise NoWarmth from None

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.returncode

    def wait(self) -> int | None:
        """The exit code, once it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                descriptor = os.pidfd_open(self.pid)
                select.select([descriptor], [], [])
                os.close(descriptor)
            code = 0  # as long as the zygote does not say otherwise; it may be gone
            with contextlib.suppress(OSError, ValueError), self.zygote.turn:
                self.zygote.channel.send(json.dumps({"reap": self.pid}).encode())
                code = int(self.zygote.channel.recv(ANSWER))
            self.returncode = code
            self.line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Nothing: it is asked only after its group, and then there is no process left."""


_lock = threading.Lock()
_zygote: Zygote | None = None
_started = 0
_folder: Path | None = None


def start(environment: Mapping[str, str]) -> bool:
    """Have a zygote begin its imports, if there is none; returns whether this call started it."""
    global _zygote, _started
    with _lock:
        if not CAN_FORK or _zygote is not None or _started == TRIES:
            return False
        _zygote, _started = Zygote(environment), _started + 1
        return True


def stop() -> None:
    """End the zygote, if there is one."""
    global _zygote, _started
    with _lock:
        if _zygote is not None:
            _zygote.channel.close()
            _zygote.process.kill()
            _zygote.process.wait()
        _zygote, _started = None, 0


def fork(argv: list[str], environment: dict[str, str], cwd: str) -> Forked:
    """A new kernel. A zygote that was killed is replaced; NoWarmth if that does not help."""
    global _zygote
    while True:
        start(environment)
        if (zygote := _zygote) is None:
            raise NoWarmth
        try:
            return Forked(zygote, argv=argv, env=environment, cwd=cwd)
        except NoWarmth:
            if zygote.process.poll() is None:
                raise  # it lives, but this kernel did not come: not worth another try
        with _lock:
            _zygote = None if _zygote is zygote else _zygote


@contextlib.contextmanager
def kernels_at_hand(warm: bool = True, **more: str) -> Iterator[None]:
    """Warm kernels for as long as the block runs, and a home for all kernels; ``more`` goes into
    the zygote's environment. A zygote that was there before stays, for it is somebody else's."""
    for path in Path(_PLACE).glob(f"{_PREFIX}*-*"):  # of processes that were killed
        owner = path.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)
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
    """This process's private folder for sockets and connection files; it ends with the process."""
    global _folder
    if _folder is None or not _folder.is_dir():
        _folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_PLACE))
        atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    return _folder
