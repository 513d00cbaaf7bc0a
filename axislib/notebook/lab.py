"""JupyterLab opened where a newcomer should begin."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

from axislib.errors import SeedError

WORK = Path("my-notebooks")
_NOT_COPIED = {".ipynb_checkpoints", "sheets"}
# nothing is asked of the network, and the start page opens as a page, not as source
_QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": _QUIET,
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
}


def notebooks_folder() -> Path:
    """The project's notebooks: those of the installed package, or of the checkout."""
    package = Path(__file__).parent.parent
    installed = package / "notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


def working_notebooks(folder: Path, as_shipped: bool = False) -> Path:
    """A folder of copies of the notebooks that one may change; what is there already stays.

    ``as_shipped`` brings the shipped state back: a changed notebook is kept beside it under another
    name (``2-timeline-mine.ipynb``). Raises SeedError where the folder cannot be written.
    """
    origin = notebooks_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(p for p in origin.rglob("*") if p.is_file()):
            if not set(path.relative_to(origin).parts) & _NOT_COPIED:
                _copy(path, folder / path.relative_to(origin), as_shipped)
    except OSError as error:
        wrong = f"{folder}: the notebooks cannot be copied here ({error.strerror}); go to a folder"
        wrong += " of your own first"
        raise SeedError(wrong) from None
    return folder


def _copy(path: Path, copy: Path, as_shipped: bool) -> None:
    if copy.exists():
        if not as_shipped or copy.read_bytes() == path.read_bytes():
            return
        mine = (copy.with_stem(f"{copy.stem}-mine{f'-{n}' * (n > 1)}") for n in count(1))
        copy.rename(next(kept for kept in mine if not kept.exists()))
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, copy)


def ensure_home() -> None:
    """Where there is no home one can write to, a scratch folder is this process's HOME from now on:
    Jupyter, IPython and others ask for one."""
    try:
        tempfile.TemporaryFile(dir=Path.home()).close()
    except (OSError, RuntimeError):  # RuntimeError: no HOME, and a user the system does not know
        os.environ["HOME"] = tempfile.mkdtemp(prefix="axislib-home-")
        atexit.register(shutil.rmtree, os.environ["HOME"], ignore_errors=True)


def _refuse_closed_places() -> None:
    """SeedError where JupyterLab could not keep what it keeps beside the notebooks."""
    from jupyter_core import paths

    for kind in ("runtime", "config", "data"):
        place = getattr(paths, f"jupyter_{kind}_dir")()
        try:
            Path(place).mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
        except OSError as error:
            wrong = f"{place}: JupyterLab has to write there and cannot ({error.strerror}); set"
            wrong += " HOME to a folder of your own"
            raise SeedError(wrong) from None


def run_lab(
    port: int = 8888,
    open_browser: bool = True,
    extra: tuple[str, ...] = (),
    folder: Path = WORK,
    as_shipped: bool = False,
) -> int:
    """Run JupyterLab on copies of the notebooks until it is stopped; returns its exit code.

    It listens on this machine only. In its terminal the commands axislib and papermill are found,
    and the notebooks are in the terminal's folder.
    """
    folder = working_notebooks(folder, as_shipped).resolve()
    ensure_home()
    _refuse_closed_places()
    with tempfile.TemporaryDirectory(prefix="axislib-lab-") as settings:
        Path(settings, "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        # -P: a json.py among the notebooks is not the library's
        command = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
        command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
        command += ["--LabApp.default_url=/lab/tree/start.md"]
        command += [f"--LabApp.app_settings_dir={settings}"]
        command += ["--KernelManager.transport_encryption=auto", *extra]
        # in a container one is root, and it listens on this machine only
        command += ["--allow-root"] * (getattr(os, "geteuid", lambda: 1)() == 0)
        command += ["--no-browser"] * (not open_browser)
        with suppress(KeyboardInterrupt):
            return subprocess.run(command, check=False, cwd=folder, env=environment()).returncode
        return 0


def environment() -> dict[str, str]:
    """This process's environment, with the commands of its own Python first on the path; relative
    places named in it are made absolute, for the notebooks run in another folder."""
    commands = str(Path(sys.executable).parent)
    found = {"PATH": os.pathsep.join([commands, os.environ.get("PATH", os.defpath)])}
    if os.environ.get("AXISLIB_TEXTS"):
        found["AXISLIB_TEXTS"] = str(Path(os.environ["AXISLIB_TEXTS"]).expanduser().resolve())
    return os.environ | found
