"""The project's notebooks run and saved as shipped: without article text or widget state.

For maintainers, after a change that moves an output: ``python -m axislib.run.saving [NAME ...]``.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from axislib.errors import SeedError
from axislib.files import write_whole
from axislib.notebook.parameters import MODELS, cell
from axislib.run.notebook import own_notebooks, run_notebook
from axislib.run.warm import kernels_at_hand
from axislib.seed.opening import open_seed

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_TIMEOUT = 180  # seconds
_WIDGET = "application/vnd.jupyter.widget-view+json"


def save_notebook(path: Path) -> None:
    """Run one notebook in a scratch folder without the article's text; save it with its outputs.
    Raises SeedError if a cell fails; the file stays as it was."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for each in notebook.cells:
        if "parameters" in each.metadata.get("tags", []) and path.stem in MODELS:
            each.source = cell(path.stem)
    with without_texts() as scratch:
        copy = Path(scratch, path.name)
        nbformat.write(notebook, copy)
        run = run_notebook(copy, cell_timeout=CELL_TIMEOUT, warm=True)
    if run.error:
        raise SeedError(f"{path.name}: not saved, a cell failed: {run.error}")
    write_whole(path, nbformat.writes(_as_shipped(run.notebook, notebook)) + "\n")


@contextlib.contextmanager
def without_texts() -> Iterator[str]:
    """A scratch folder in the place of AXISLIB_TEXTS; SeedError if seeds/ holds the article."""
    place = tempfile.TemporaryDirectory(prefix="axislib-save-")
    with place as scratch, mock.patch.dict(os.environ, AXISLIB_TEXTS=scratch):
        if open_seed().text is not None:
            wrong = "seeds/ holds a copy of the article: move it elsewhere, or its sentences would"
            wrong += " be saved with the notebooks"
            raise SeedError(wrong)
        yield scratch


def _as_shipped(run: NotebookNode, origin: NotebookNode) -> NotebookNode:
    """A notebook that was run, without a word on when and how, nor any widget."""
    run.metadata = {**origin.metadata, "language_info": {"name": "python"}}
    run.metadata.pop("widgets", None)
    for each, before in zip(run.cells, origin.cells, strict=True):
        each.metadata = before.metadata
        each.metadata.pop("execution", None)
        for output in each.get("outputs", []):
            output.get("data", {}).pop(_WIDGET, None)
    return run


def main(names: list[str]) -> None:
    """Save the named notebooks, or all."""
    with without_texts(), kernels_at_hand():
        for path in own_notebooks():
            if not names or path.stem in names:
                save_notebook(path)
                print(f"{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
