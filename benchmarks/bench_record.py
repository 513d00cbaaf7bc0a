"""Building all tables of the record from the data files: aim under 60 s and 1 GB. AXISLIB_RECORD
names their folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def test_build_all_tables(benchmark, capsys):
    folder = os.environ.get("AXISLIB_RECORD")
    if not folder:
        pytest.skip("AXISLIB_RECORD does not name the folder of the data files")
    shipped = Path(__file__).resolve().parents[1] / "seeds" / "context" / "measured"
    code = (
        f"from axislib.cli.check import record; record(['--data', {folder!r}, '--out',"
        f" {str(shipped)!r}, '--check'])"
    )
    # a process of its own, so that the memory is that of the command alone
    run = benchmark.pedantic(
        lambda: subprocess.run([sys.executable, "-c", code], capture_output=True, text=True),
        rounds=1,
    )
    assert run.returncode == 0, run.stderr
    last = run.stdout.splitlines()[-1]
    with capsys.disabled():
        print(f"\naxislib record: {last}")
    assert benchmark.stats.stats.max < 60
    memory = re.search(r"at most (\d+) MB", last)
    assert memory is None or int(memory[1]) < 1000
