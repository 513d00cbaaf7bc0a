"""A private folder for the sockets of this process's kernels, removed with it or swept up after it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from pathlib import Path

LONGEST = 90  # bytes of a socket's path; the system allows 107
_PREFIX = f"axb{os.getuid() if hasattr(os, 'getuid') else ''}-"
_lock = threading.Lock()
_folder: Path | None = None


def socket_folder() -> Path:
    """This process's own private folder for sockets and connection files; gone when the process
    ends."""
    global _folder
    with _lock:
        if _folder is None or not _folder.is_dir():
            _folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_short_place()))
            atexit.register(shutil.rmtree, _folder, ignore_errors=True)
        return _folder


def drop_socket_folder() -> None:
    """Remove the folder again, once no kernel runs."""
    with _lock:
        if _folder is not None:
            shutil.rmtree(_folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of processes that were killed before they could do so themselves."""
    for path in Path(_short_place()).glob(f"{_PREFIX}*-*"):
        pid = path.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)


def _short_place() -> str:
    place = tempfile.gettempdir()
    return place if len(os.fsencode(place)) < LONGEST - 40 or not os.path.isdir("/tmp") else "/tmp"
