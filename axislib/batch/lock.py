"""One batch a folder: a lock that goes with the process that holds it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from axislib.errors import SeedError


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one batch; SeedError if another one holds it. A killed batch leaves no
    lock behind."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SeedError(
            f"--out {folder.name}: cannot be written ({error.strerror}); nothing was run; "
            "choose another folder"
        ) from None
    try:
        if not _take(handle):
            raise SeedError(
                f"--out {folder.name}: another batch is writing into this folder; wait for it, "
                "or choose another folder"
            )
        yield
        with contextlib.suppress(OSError):
            (folder / ".lock").unlink()
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system that knows no locks: better to work than to refuse
    return True
