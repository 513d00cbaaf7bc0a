"""Make the pictures of the README: charts by kaleido, the explorer as it stands in JupyterLab (a
Chromium must be installed).

Made without the article's text, so that no sentence of it gets into a picture. Run it by ``make
pictures``.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import kaleido
import nbformat
from playwright.sync_api import sync_playwright

import axislib
from axislib.report.printing import find_browser

HERE = Path(__file__).parent
SERVE = (
    "import sys; from pathlib import Path; from axislib.notebook import lab;"
    " lab.run_lab(int(sys.argv[2]), open_browser=False, folder=Path(sys.argv[1]),"
    " extra=('--IdentityProvider.token=x', '--LabApp.expose_app_in_browser=True'))"
)
MARK = """() => {
  const plot = document.querySelector('.axl-picture .js-plotly-plot');
  const wanted = (mark) => mark[0] === 'ev_hitler_attacks_italy';
  const trace = plot.data.findIndex((t) => (t.customdata || []).some(wanted));
  const point = plot.data[trace].customdata.findIndex(wanted);
  const clicked = {curveNumber: trace, pointNumber: point, pointIndex: point, x: 0, y: 0};
  plot.emit('plotly_click', {points: [clicked], event: {}});
}"""


def charts(folder: Path) -> None:
    """The charts of the README."""
    seed = axislib.open_seed()
    for name in ("comparison", "exchanges"):
        figure = getattr(axislib, name)(seed)
        kaleido.write_fig_sync(
            figure,
            folder / f"{name}.png",
            opts={"width": 1280, "height": figure.layout.height, "scale": 1},
        )


def explorer(folder: Path, width: int = 1600, height: int = 900) -> None:
    """The explorer in JupyterLab, side bar closed, a mark clicked."""
    with tempfile.TemporaryDirectory() as base, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        book = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell("import axislib\naxislib.explore()")]
        )
        book.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(book, Path(base, "explorer.ipynb"))
        env = {name: value for name, value in os.environ.items() if name != "AXISLIB_TEXTS"} | {
            "JUPYTER_CONFIG_DIR": base
        }
        lab = subprocess.Popen(
            [sys.executable, "-c", SERVE, base, str(port)],
            env=env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api/status?token=x")
            with sync_playwright() as play:
                browser = play.chromium.launch(
                    executable_path=find_browser(), args=["--no-sandbox", "--headless"]
                )
                page = browser.new_page(viewport={"width": width, "height": height})
                page.set_default_timeout(60_000)
                page.goto(f"http://127.0.0.1:{port}/lab/tree/explorer.ipynb?token=x&reset")
                page.wait_for_function(
                    "() =>"
                    " window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session"
                    "?.kernel?.status === 'idle'"
                )
                page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
                page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
                page.wait_for_selector(".axl-picture .js-plotly-plot .main-svg")
                page.wait_for_timeout(1500)
                page.evaluate(MARK)
                page.wait_for_selector(".axl-statement")
                page.evaluate("() => document.querySelector('.axl-explorer').scrollIntoView()")
                page.wait_for_timeout(800)
                page.screenshot(path=folder / "explorer.png")
                browser.close()
        finally:
            os.killpg(lab.pid, signal.SIGTERM)
            lab.wait(15)


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("JupyterLab did not start")


if __name__ == "__main__":
    charts(HERE)
    explorer(HERE)
