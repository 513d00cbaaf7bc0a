"""Where a batch's files go: a folder on this machine, or any address papermill can write to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from axislib.errors import SeedError


@dataclass(frozen=True)
class Store:
    """A folder or an address such as ``s3://bucket/batch``. Names are relative, with ``/``.

    In a folder, a file is written under a temporary name and renamed, so nobody ever sees half of
    one. Elsewhere papermill's handlers write it, and how whole that is depends on them.
    """

    root: str

    @property
    def folder(self) -> Path | None:
        """The folder, or None for an address."""
        return None if "://" in self.root else Path(self.root)

    def write(self, name: str, content: str) -> None:
        """Write one file; OSError (or the handler's own error) if that fails, and an older file
        stays as it was."""
        if self.folder is None:
            from papermill.iorw import papermill_io

            papermill_io.write(
                content, f"{self.root.rstrip('/')}/{name}", extensions=[Path(name).suffix]
            )
            return
        path = self.folder / name
        temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(content, encoding="utf-8", newline="\n")
            temporary.replace(path)
        except OSError:
            with_nothing_left(temporary)
            raise

    def read(self, name: str) -> str | None:
        """The content of one file; None if it is not there."""
        try:
            if self.folder is None:
                from papermill.iorw import papermill_io

                return papermill_io.read(
                    f"{self.root.rstrip('/')}/{name}", extensions=[Path(name).suffix]
                )
            return (self.folder / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return None
        except Exception as error:  # an address's handler raises what its library raises
            if self.folder is None or isinstance(error, OSError):
                return None
            raise

    def must_take(self) -> None:
        """SeedError if nothing can be written here."""
        try:
            self.write(".try", "")
        except Exception as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise SeedError(
                f"--out {Path(self.root).name}: cannot be written ({reason}); nothing was run; "
                "choose another folder"
            ) from None
        if self.folder is not None:
            (self.folder / ".try").unlink(missing_ok=True)


def with_nothing_left(path: Path) -> None:
    """Remove a file if it is there and can be removed."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        pass
