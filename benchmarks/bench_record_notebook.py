"""The record: verdicts on all claims, and the whole notebook in a kernel of its own (aim: under 20
s). Printed; only the aim is asserted."""

from __future__ import annotations

import time

import axislib
from axislib.notebook.lab import notebooks_folder
from axislib.record import Record, verdicts


def test_all_verdicts(benchmark):
    known = Record(axislib.open_seed(layers=["article", "context"]))
    assert len(benchmark(verdicts, known)) >= 12


def test_the_whole_notebook(capsys):
    import nbformat
    from nbclient import NotebookClient

    folder = notebooks_folder()
    notebook = nbformat.read(folder / "6-record.ipynb", 4)
    start = time.perf_counter()
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    seconds = time.perf_counter() - start
    with capsys.disabled():
        print(f"\n6-record.ipynb from kernel start to last cell: {seconds:.1f} s (aim: under 20)")
    assert seconds < 20
