"""A watch on what a batch leaves behind, and a small plan."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from batch_helpers import kernels_now, sockets_now, write_notebook, write_plan, zygote_of

from axislib.run import warm


@pytest.fixture(autouse=True, scope="session")
def one_zygote():
    """Warm kernels of all tests come from one process: starting it takes longer than most batches
    here."""
    yield
    warm.stop()


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """Each test of this folder fails if it leaves a process or a socket; others' batches on this
    machine don't count."""
    warm.start(dict(os.environ))
    before = kernels_now()
    yield
    end = time.monotonic() + 5
    while (left := kernels_now() - before) and time.monotonic() < end:
        zygote = zygote_of(os.getpid())
        before |= {one for one in left if zygote and one[0] == zygote.pid}
        time.sleep(0.05)
    assert not left
    assert not sockets_now()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A plan of four quick runs: numbers 1 to 4, doubled."""
    write_notebook(
        tmp_path / "double.ipynb",
        "print(number * 2)",
        parameters="number: int = 0  # to be doubled",
    )
    return write_plan(
        tmp_path / "many.yaml",
        """
        notebooks: [double.ipynb]
        grid: {number: [1, 2, 3, 4]}
        """,
    )
