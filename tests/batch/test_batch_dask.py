"""The same runs on dask's workers."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from batch_helpers import printed, write_notebook, write_plan

from axislib.batch import run_batch
from axislib.errors import SeedError

distributed = pytest.importorskip("distributed")


@pytest.fixture
def local():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def pids(out: Path) -> set[str]:
    return {printed(path).split()[0] for path in out.glob("*.ipynb")}


def parents(folder: Path) -> Path:
    write_notebook(
        folder / "who.ipynb",
        "import os, time; print(os.getppid()); time.sleep(0.3)",
        parameters="n: int = 0",
    )
    return write_plan(
        folder / "plan.yaml", "notebooks: [who.ipynb]\ngrid: {n: [1, 2, 3, 4, 5, 6, 7, 8]}\n"
    )


def test_local_cluster_of_two_processes(tmp_path: Path, local: str):
    result = run_batch(parents(tmp_path), out=tmp_path / "out", dask=local, progress=False)
    assert result.ok, result.rows
    if sys.platform == "linux":
        assert {row["kernel"] for row in result.rows} == {"warm"} and len(
            pids(tmp_path / "out")
        ) == 2  # a zygote a worker
    assert (
        run_batch(tmp_path / "plan.yaml", out=tmp_path / "out", resume=True, progress=False).skipped
        == 8
    )
    write_notebook(tmp_path / "bad.ipynb", "1 / 0")
    bad = run_batch(
        write_plan(tmp_path / "bad.yaml", "notebooks: [bad.ipynb, who.ipynb]\n"),
        out=tmp_path / "out2",
        dask=local,
        progress=False,
    )
    assert (
        bad.counts == {"failed": 1, "timed_out": 0, "cancelled": 0, "done": 1}
        and "ZeroDivisionError" in bad.rows[0]["error"]
    )


def test_scheduler_and_two_workers_as_separate_commands(tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    python = (
        [sys.executable, "-m", "distributed.cli.dask_scheduler"],
        [sys.executable, "-m", "distributed.cli.dask_worker"],
    )
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    commands = [subprocess.Popen([*python[0], "--host", address, "--no-dashboard"], **quiet)]
    try:
        commands += [
            subprocess.Popen(
                [
                    *python[1],
                    address,
                    "--nthreads",
                    "1",
                    "--no-dashboard",
                    "--no-nanny",
                    "--host",
                    "127.0.0.1",
                ],
                **quiet,
            )
            for _ in range(2)
        ]
        killed = []
        from threading import Thread

        def kill_a_worker():
            out = tmp_path / "out"
            end = time.monotonic() + 60
            while time.monotonic() < end and len(list(out.glob("*.ipynb"))) < 2:
                time.sleep(0.05)
            killed.append(commands[1].pid)
            commands[1].send_signal(signal.SIGKILL)

        assassin = Thread(target=kill_a_worker)
        assassin.start()
        result = run_batch(parents(tmp_path), out=tmp_path / "out", dask=address, progress=False)
        assassin.join()
        assert killed and result.ok, result.rows  # the dead worker's run went to the other one
    finally:
        own = [child for command in commands for child in _children(command.pid)]
        for command in commands[::-1]:
            command.terminate()
        for command in commands:
            try:
                command.wait(5)
            except (
                subprocess.TimeoutExpired
            ):  # a worker that waits for its scheduler, which is gone
                command.kill()
                command.wait()
        psutil.wait_procs(own, 5)


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def test_nobody_at_the_address(many: Path, tmp_path: Path, monkeypatch):
    from axislib.batch import runner

    monkeypatch.setattr(runner, "START", 1)
    with pytest.raises(SeedError, match="no scheduler with a worker answers there"):
        run_batch(many, out=tmp_path / "out", dask="tcp://127.0.0.1:9", progress=False)
