"""A real JupyterLab, started once, and a Chromium that reports each request and complaint."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from opened_notebook import TOKEN, Lab, Opened, open_notebook

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# the command's own function, in a folder that a test may fill; app in the page, so that a test can
# run its commands
SERVE = """
import sys
from pathlib import Path
from axislib.notebook import lab
sys.exit(
    lab.run_lab(int(sys.argv[2]), False, extra=tuple(sys.argv[3:]), folder=Path(sys.argv[1]))
)
"""


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """One JupyterLab for all tests, started by ``axislib lab``'s own function on copies of the
    notebooks."""
    from axislib.notebook.lab import notebooks_folder

    base = tmp_path_factory.mktemp("lab")
    folder = base / "notebooks"
    shutil.copytree(notebooks_folder(), folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    homes = {
        name: str(base / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    with (base / "lab.log").open("w") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                SERVE,
                str(folder),
                str(port),
                "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={TOKEN}",
                "--LabApp.expose_app_in_browser=True",
                "--allow-root",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **homes},
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=2).close()
            break
        except OSError:
            if process.poll() is not None:
                pytest.fail("JupyterLab did not start:\n" + (base / "lab.log").read_text()[-3000:])
            time.sleep(0.25)
    yield Lab(address, folder)
    os.killpg(process.pid, signal.SIGTERM)  # the server and its kernels: our own group and no other
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def notebook(chromium, lab):
    """Opens a notebook by name; afterwards the page must have been sound, and its kernel is
    stopped."""
    tabs = []

    def go(name: str, **size) -> Opened:
        tabs.append(open_notebook(chromium, lab, name, **size))
        return tabs[-1]

    yield go
    for tab in tabs:
        tab.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"
        )
        tab.page.context.close()
    for tab in tabs:
        tab.sound()
