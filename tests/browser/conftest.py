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
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

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
TOKEN = "seminar"
# what JupyterLab itself says on a sound page: each was looked at and has nothing to do with the
# notebooks
HARMLESS = (
    # settings and workspaces that nobody has saved yet
    "Failed to load resource: the server responded with a status of 404",
    "Autofocus processing was blocked",
    # plotly draws a chart once before its new width is known, then again
    'attribute d: Expected number, "MNaN',
)
READY = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget, session = panel?.context?.sessionContext;
  const kernel = session?.session?.kernel;
  return Boolean(panel?.context?.isReady && session?.isReady &&
    kernel?.connectionStatus === 'connected' && kernel.status === 'idle');
}"""
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


@dataclass
class Lab:
    """A running JupyterLab: its address and the folder its notebooks lie in."""

    address: str
    folder: Path

    def write(self, name: str, *cells: str) -> str:
        """A notebook of code cells in the folder."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
        )
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, self.folder / name)
        return name


@dataclass
class Opened:
    """A notebook open in a browser tab, with what the tab asked for and complained of."""

    page: object
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def run_all(self) -> bool:
        """Run all cells; False if one failed."""
        done = self.page.evaluate(
            "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
        )
        return (
            done is not False
            and not self.page.locator(
                ".jp-NotebookPanel"
                " .jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']"
            ).count()
        )

    def errors(self) -> str:
        """What failed cells say."""
        return "\n".join(
            self.page.locator("[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()
        )[-2000:]

    def sound(self) -> None:
        """Nothing left the machine, nothing was complained of."""
        assert [
            url
            for url in self.requests
            if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
        ] == []
        assert [
            line for line in self.complaints if not any(words in line for words in HARMLESS)
        ] == []


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


def open_notebook(chromium, lab: Lab, name: str, width: int = 1280, height: int = 800) -> Opened:
    """A notebook in a fresh tab, its kernel ready."""
    context = chromium.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=lab.address)
    opened = Opened(context.new_page())
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("websocket", lambda socket: opened.requests.append(socket.url))
    opened.page.on(
        "console",
        lambda message: (
            opened.complaints.append(f"{message.text} ({message.location.get('url', '')})")
            if message.type == "error"
            else None
        ),
    )
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.goto(f"{lab.address}/lab/tree/{name}?token={TOKEN}&reset")
    opened.page.wait_for_function(READY, timeout=60_000)
    return opened


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
