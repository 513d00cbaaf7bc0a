"""JupyterLab opened where a newcomer should begin."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from axislib.errors import SeedError

SETTINGS = {
    # nothing is asked of the network, and the start page opens as a page, not as source
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
}


def notebooks_folder() -> Path:
    """The project's notebooks: those of the installed package, or of the checkout."""
    package = Path(__file__).parent.parent
    return (
        package / "notebooks" if (package / "notebooks").is_dir() else package.parent / "notebooks"
    )


def working_notebooks() -> Path:
    """Notebooks one may change: the checkout's own, or a copy in ``./notebooks`` where the package
    is installed from a wheel."""
    origin = notebooks_folder()
    if origin.parent != Path(__file__).parent.parent:
        return origin
    here = Path.cwd() / "notebooks"
    try:
        here.mkdir(exist_ok=True)
        for path in sorted(p for p in origin.rglob("*") if p.is_file()):
            copy = here / path.relative_to(origin)
            if not copy.exists():  # a student's work is never overwritten
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, copy)
    except OSError as error:
        raise SeedError(
            f"{here}: the notebooks cannot be copied here ({error.strerror}); go to a folder of"
            " your own first"
        ) from None
    return here


def run_lab(port: int = 8888, open_browser: bool = True, extra: tuple[str, ...] = ()) -> int:
    """Run JupyterLab until it is stopped; returns its exit code. Listens on this machine only."""
    folder = working_notebooks()
    with tempfile.TemporaryDirectory(prefix="axislib-lab-") as settings:
        Path(settings, "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            f"--ServerApp.root_dir={folder}",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}",
            "--LabApp.default_url=/lab/tree/start.md",
            f"--LabApp.app_settings_dir={settings}",
            "--KernelManager.transport_encryption=auto",
            *extra,
        ]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            command.append(
                "--allow-root"
            )  # in a container one is root, and it listens on this machine only
        if not open_browser:
            command.append("--no-browser")
        try:
            return subprocess.run(command, check=False).returncode
        except KeyboardInterrupt:
            return 0
