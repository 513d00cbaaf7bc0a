"""The project's notebooks run and saved as they are shipped: parameters from their models, no
article text, no widget state.

For maintainers: ``python -m axislib.run.saving [NAME ...]`` after a change that moves an output (or
``make notebooks``).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from axislib.errors import SeedError
from axislib.files import write_whole
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS, cell
from axislib.seed.opening import open_seed

_WIDGET = "application/vnd.jupyter.widget-view+json"


def save_notebook(path: Path, timeout: int = 180) -> None:
    """Run one notebook in a scratch folder without the article's text and save it with its outputs;
    ``timeout`` in seconds a cell.

    Raises SeedError if a cell fails; the file stays as it was.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from traitlets.config import Config

    notebook = nbformat.read(path, as_version=4)
    for each in notebook.cells:
        if "parameters" in each.metadata.get("tags", []) and path.stem in MODELS:
            each.source = cell(path.stem)
    with tempfile.TemporaryDirectory(prefix="axislib-save-") as scratch:
        # the article's sentences must not get into what is shipped
        kept = os.environ.get("AXISLIB_TEXTS")
        os.environ["AXISLIB_TEXTS"] = scratch
        try:
            if open_seed().text is not None:
                raise SeedError(
                    "a copy of the article lies in seeds/: take it away, or its sentences would be"
                    " saved with the notebooks"
                )
            NotebookClient(
                notebook,
                timeout=timeout,
                kernel_name="python3",
                resources={"metadata": {"path": scratch}},
                config=Config({"KernelManager": {"transport_encryption": "auto"}}),
            ).execute()
        except CellExecutionError as error:
            raise SeedError(
                f"{path.name}: not saved, a cell failed: {error.ename}: {error.evalue}"
            ) from None
        finally:
            (
                os.environ.pop("AXISLIB_TEXTS")
                if kept is None
                else os.environ.update(AXISLIB_TEXTS=kept)
            )
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for each in notebook.cells:
        each.metadata.pop("execution", None)
        for output in each.get("outputs", []):
            output.get("data", {}).pop(_WIDGET, None)
    write_whole(path, nbformat.writes(notebook) + "\n")


def main(names: list[str]) -> None:
    """Save the named notebooks, or all."""
    for path in sorted(notebooks_folder().glob("*.ipynb")):
        if not names or path.stem in names:
            save_notebook(path)
            print(f"{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
