"""A notebook in a tab of a JupyterLab, with what the tab asked for and complained of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import nbformat

TOKEN = "seminar"
# what JupyterLab itself says on a sound page: each was looked at and has nothing to do with the
# notebooks
HARMLESS = (
    # settings and workspaces that nobody has saved yet
    "Failed to load resource: the server responded with a status of 404",
    "Autofocus processing was blocked",
    # what a restarted kernel left unanswered
    "Canceled future for",
    # plotly draws a chart once before its new width is known, then again
    'attribute d: Expected number, "MNaN',
)
READY = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget, session = panel?.context?.sessionContext;
  const kernel = session?.session?.kernel;
  return Boolean(panel?.context?.isReady && session?.isReady &&
    kernel?.connectionStatus === 'connected' && kernel.status === 'idle');
}"""


@dataclass
class Lab:
    """A running JupyterLab: its address and the folder of its notebooks."""

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


def open_notebook(chromium, lab: Lab, name: str, width: int = 1280, height: int = 800) -> Opened:
    """A notebook in a fresh tab, its kernel ready."""
    context = chromium.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(30_000)  # a busy machine is slow, not wrong
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
