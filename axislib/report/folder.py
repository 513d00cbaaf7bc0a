"""A folder that is replaced as a whole or not at all."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axislib.errors import SeedError

MARKER = ".axislib-report"
_MARKER_TEXT = (
    "Written by axislib report. The next report replaces this folder as a whole: keep nothing of"
    " your own here.\n"
)


def check_replaceable(out: Path) -> None:
    """Raise SeedError unless ``out`` is missing, empty, or an older report, and can be written
    beside.

    Asked before the notebooks run, so that nobody waits for a report that has no place to go.
    """
    if out.exists() and not out.is_dir():
        raise SeedError(f"{out}: is a file, not a folder; name another place with --out")
    try:
        if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
            raise SeedError(
                f"{out}: holds files that are not a report of axislib, and a report replaces its"
                f" folder as a whole; name another folder with --out, such as {out / 'report'}"
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out.parent).close()
    except OSError as error:
        raise SeedError(_explain(out, error)) from None


@contextmanager
def fresh_folder(out: Path) -> Iterator[Path]:
    """A new folder to write into; it takes the place of ``out`` only if the block ends without an
    error.

    Yields a temporary sibling of ``out`` that already holds the marker file. An older report stays
    whole until then, and comes back if the renaming fails. Raises SeedError where the disk is full
    or closed.
    """
    out = out.resolve()
    check_replaceable(out)
    fresh = None
    try:
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
        fresh.chmod(0o755)  # mkdtemp's 0700 would lock a web server out
        (fresh / MARKER).write_text(_MARKER_TEXT, encoding="utf-8", newline="\n")
        yield fresh
        _swap(fresh, out)
    except OSError as error:
        raise SeedError(_explain(out, error)) from None
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, out: Path) -> None:
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.old-", dir=out.parent)) / "report"
    try:
        out.rename(old)
        try:
            fresh.rename(out)
        except OSError:
            old.rename(out)
            raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)


def _explain(out: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{out}: the disk is full; nothing was changed there; free about 20 MB and try again"
    return (
        f"{out}: cannot be written ({error.strerror or error}); nothing was changed there; "
        "name a folder of your own with --out, or close what holds this one open"
    )
