"""Whatever a run does, it is recorded as failed with its partial notebook; all others finish."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from batch_helpers import kernels_now, printed, runner, write_notebook, write_plan, zygote_of

from axislib.batch import run_batch
from axislib.errors import SeedError

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="forks")

LONG = str(1_000_000 + os.getpid())  # seconds, and a mark of our own
FAULTS = {
    "raise": ("1 / 0", "failed", "ZeroDivisionError"),
    "leave": ("import sys; sys.exit()", "failed", "sys.exit"),
    "leave_three": ("import sys; sys.exit(3)", "failed", "SystemExit: 3"),
    "exit": ("import os; os._exit(3)", "failed", "exit code 3"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "failed", "SIGSEGV"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "failed", "SIGKILL"),
    "endless": ("while True: pass", "timed_out", "longer than 3 seconds"),
    "stubborn": (
        (
            "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n    try:\n "
            "       while True: pass\n    except KeyboardInterrupt: pass"
        ),
        "timed_out",
        "longer than 3 seconds",
    ),
    "memory": ("bytearray(1 << 60)", "failed", "MemoryError"),
    "child": (f"import subprocess; subprocess.Popen(['sleep', '{LONG}'])", "done", ""),
    "orphan": (
        (
            f"import os, signal, subprocess; subprocess.Popen(['sleep', '{LONG}']);"
            " os.kill(os.getpid(), signal.SIGKILL)"
        ),
        "failed",
        "SIGKILL",
    ),
    "good": ("print('good')", "done", ""),
}


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
def test_each_fault_is_recorded_and_stops_no_other(tmp_path: Path, cold: bool):
    for name, (source, _, _) in FAULTS.items():
        write_notebook(tmp_path / f"{name}.ipynb", "print('before')", source, "print('after')")
    plan = write_plan(
        tmp_path / "faults.yaml", f"notebooks: [{', '.join(f'{name}.ipynb' for name in FAULTS)}]\n"
    )
    result = run_batch(
        plan, out=tmp_path / "out", cold=cold, cell_timeout=3, progress=False, workers=3
    )
    rows = {Path(row["notebook"]).stem: row for row in result.rows}
    for name, (_, status, words) in FAULTS.items():
        assert rows[name]["status"] == status, (name, rows[name]["error"])
        assert words in rows[name]["error"], name
        text = printed(tmp_path / "out" / f"{name}.ipynb")
        assert "before" in text and ("after" in text) == (status == "done"), name
    assert not result.ok and result.counts == {
        "failed": 8,
        "timed_out": 2,
        "cancelled": 0,
        "done": 2,
    }
    assert {row["kernel"] for row in result.rows} == {"ordinary" if cold else "warm"}
    assert [row["status"] for row in result.rows[:8]] == ["failed"] * 8  # failures first
    dead = nbformat.read(tmp_path / "out" / "segfault.ipynb", as_version=4)
    states = [cell.metadata.papermill.status for cell in dead.cells if cell.cell_type == "code"]
    assert states == ["completed", "failed", "pending"]
    assert not any(
        LONG in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])
    )


@pytest.fixture
def pinned(monkeypatch):
    """The same versions here and in another process, even if somebody works on axislib."""
    from axislib.batch import manifest

    monkeypatch.setattr(manifest, "versions", lambda: {"pinned": "1"})


SLOW = "import time\nfor _ in range(600):\n    time.sleep(0.1)"


def wait_for(what, seconds: float = 90):  # a busy machine takes its time
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def journal(out: Path) -> list[dict]:
    path = out / ".journal.jsonl"
    return (
        [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
        if path.exists()
        else []
    )


def children(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def two_fast_one_slow(folder: Path) -> Path:
    write_notebook(folder / "fast.ipynb", "print(number)", parameters="number: int = 0")
    write_notebook(folder / "slow.ipynb", "print('begun'); open('begun', 'w').close()", SLOW)
    return write_plan(
        folder / "plan.yaml",
        """
        groups:
          fast: {notebooks: [fast.ipynb], grid: {number: [1, 2]}}
          slow: {notebooks: [slow.ipynb]}
        """,
    )


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
def test_runner_killed_leaves_nothing_and_resumes(tmp_path: Path, pinned, cold: bool):
    plan, out = two_fast_one_slow(tmp_path), tmp_path / "out"
    process = runner(plan, out, *(["--cold"] if cold else []))
    wait_for(lambda: len(journal(out)) == 2)
    wait_for(lambda: list(out.glob(".work/*/files/begun")))
    own = children(process)
    process.kill()
    process.communicate()
    wait_for(
        lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in own), 10
    )
    write_notebook(tmp_path / "slow.ipynb", "print('quick now')")
    again = run_batch(plan, out=out, resume=True, progress=False)
    assert again.ok and again.skipped == 2
    assert (
        not (out / ".work").exists()
        and not (out / ".journal.jsonl").exists()
        and not (out / ".lock").exists()
    )
    assert not [line for _, line in kernels_now() if f"-{process.pid}-" in line]
    assert not [path for path in Path(tempfile.gettempdir()).glob(f"axb*-{process.pid}-*")]


@LINUX
def test_forkserver_and_runner_both_killed_leave_no_kernel(tmp_path: Path):
    """Neither is there to end the kernel: it has to notice by itself."""
    plan, out = two_fast_one_slow(tmp_path), tmp_path / "out"
    process = runner(plan, out)
    wait_for(lambda: len(journal(out)) == 2)
    zygote = zygote_of(process.pid)
    wait_for(lambda: list(out.glob(".work/*/files/begun")))
    kernel = zygote.children()[0]
    zygote.kill()
    process.kill()
    process.communicate()
    wait_for(lambda: not kernel.is_running() or kernel.status() == psutil.STATUS_ZOMBIE, 5)


def test_ctrl_c_once_finishes_what_runs_and_starts_no_more(tmp_path: Path, pinned):
    write_notebook(
        tmp_path / "wait.ipynb",
        "import time; time.sleep(1.5); print(number)",
        parameters="number: int = 0",
    )
    plan, out = (
        write_plan(
            tmp_path / "plan.yaml", "notebooks: [wait.ipynb]\ngrid: {number: [1, 2, 3, 4, 5, 6]}\n"
        ),
        tmp_path / "out",
    )
    process = runner(plan, out, "--workers", "2")
    wait_for(lambda: len(journal(out)) >= 1)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=90)
    rows = json.loads((out / "manifest.json").read_text())["rows"]
    assert process.returncode == 130 and "--resume" in said and "finish first" in errors
    assert 1 < len(rows) < 6 and {row["status"] for row in rows} == {"done"}
    assert sorted(path.name for path in out.glob("*.ipynb")) == sorted(
        row["output"] for row in rows
    )
    assert run_batch(plan, out=out, resume=True, progress=False, workers=4).skipped == len(rows)


@pytest.mark.parametrize(
    "signals", [[signal.SIGINT, signal.SIGINT], [signal.SIGTERM]], ids=["twice", "sigterm"]
)
def test_broken_off_runs_are_rolled_back(tmp_path: Path, signals: list):
    plan, out = two_fast_one_slow(tmp_path), tmp_path / "out"
    process = runner(plan, out)
    wait_for(lambda: len(journal(out)) == 2)
    wait_for(lambda: list(out.glob(".work/*/files/begun")))
    for number in signals:
        process.send_signal(number)
        time.sleep(0.3)
    process.communicate(timeout=90)
    rows = {
        row["output"]: row["status"]
        for row in json.loads((out / "manifest.json").read_text())["rows"]
    }
    assert process.returncode == 130
    assert rows == {
        "fast/fast-1.ipynb": "done",
        "fast/fast-2.ipynb": "done",
        "slow/slow.ipynb": "cancelled",
    }
    assert not (out / "slow").exists() and not (out / ".work").exists()


@LINUX
def test_forkserver_killed_costs_no_run(tmp_path: Path):
    write_notebook(
        tmp_path / "wait.ipynb",
        "import time; time.sleep(0.7); print(number)",
        parameters="number: int = 0",
    )
    plan = write_plan(
        tmp_path / "plan.yaml", "notebooks: [wait.ipynb]\ngrid: {number: [1, 2, 3, 4, 5, 6]}\n"
    )
    killed = []

    def kill_one():
        wait_for(lambda: list((tmp_path / "out").glob(".work/*/files")))
        zygote = zygote_of(os.getpid())
        wait_for(zygote.children)
        killed.append(zygote.pid)
        zygote.kill()

    assassin = threading.Thread(target=kill_one)
    assassin.start()
    result = run_batch(plan, out=tmp_path / "out", progress=False)
    assassin.join()
    assert killed and result.ok, [row["error"] for row in result.rows]


@LINUX
def test_forkserver_that_cannot_start_is_done_without(many: Path, tmp_path: Path, monkeypatch):
    from axislib.run import warm

    warm.stop()
    (tmp_path / "zygote.py").write_text("raise SystemExit(1)\n")
    monkeypatch.setattr(warm, "SCRIPT", tmp_path / "zygote.py")
    result = run_batch(many, out=tmp_path / "out", progress=False)
    assert result.ok and {row["kernel"] for row in result.rows} == {"ordinary"}


@LINUX
def test_disk_full_is_the_runs_own_failure(tmp_path: Path):
    write_notebook(tmp_path / "small.ipynb", "print('small')")
    write_notebook(tmp_path / "large.ipynb", "print('x' * 300_000)")
    plan = write_plan(tmp_path / "plan.yaml", "notebooks: [small.ipynb, large.ipynb]\n")
    program = textwrap.dedent(f"""
        import resource, sys
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        from axislib.batch import run_batch
        result = run_batch({str(plan)!r}, out={str(tmp_path / "out")!r}, progress=False)
        sys.exit(0 if result.ok else 1)
        """)
    assert subprocess.run([sys.executable, "-c", program], timeout=120).returncode == 1
    rows = {
        row["notebook"]: row
        for row in json.loads((tmp_path / "out" / "manifest.json").read_text())["rows"]
    }
    assert rows["small.ipynb"]["status"] == "done"
    assert (
        rows["large.ipynb"]["status"] == "failed"
        and "File too large" in rows["large.ipynb"]["error"]
    )
    partial = nbformat.read(
        tmp_path / "out" / "large.ipynb", as_version=4
    )  # its cells, without what did not fit
    assert partial.cells[-1].source == "print('x' * 300_000)"
    assert not list((tmp_path / "out").glob(".*.part"))


def test_output_that_cannot_be_written_is_the_runs_own_failure(many: Path, tmp_path: Path):
    out = tmp_path / "out"
    many.write_text(many.read_text() + "output: 'part{number}/{notebook}.ipynb'\n")
    out.mkdir()
    (out / "part2").write_text("a file where a folder should be")
    result = run_batch(many, out=out, progress=False)
    assert (
        result.counts["done"] == 3
        and result.rows[0]["output"] == "part2/double.ipynb"
        and "could not be written" in result.rows[0]["error"]
    )


@pytest.mark.skipif(
    not hasattr(os, "setuid") or os.getuid() != 0, reason="needs a user whom permissions bind"
)
def test_read_only_folder_is_refused_before_anything_runs(many: Path, tmp_path: Path):
    (tmp_path / "out").mkdir(mode=0o555)
    program = textwrap.dedent(f"""
        import os
        # while this user may still read them
        from axislib.batch import plan, run_batch, runs
        os.setuid(65534)
        run_batch({str(many)!r}, out={str(tmp_path / "out")!r}, progress=False)
        """)
    os.chmod(tmp_path, 0o755)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and ("Permission denied" in done.stderr)
    assert not list((tmp_path / "out").iterdir())


def test_folder_that_is_a_file_is_refused(many: Path, tmp_path: Path):
    (tmp_path / "out").write_text("")
    with pytest.raises(SeedError, match="cannot be written"):
        run_batch(many, out=tmp_path / "out", progress=False)


def test_two_batches_into_one_folder(tmp_path: Path):
    plan, out = two_fast_one_slow(tmp_path), tmp_path / "out"
    process = runner(plan, out)
    try:
        wait_for(lambda: (out / ".work").exists())
        with pytest.raises(SeedError, match="another batch is writing"):
            run_batch(plan, out=out, progress=False)
    finally:
        process.terminate()
        process.communicate(timeout=90)


def test_run_timeout(tmp_path: Path):
    write_notebook(
        tmp_path / "slow.ipynb", "import time; time.sleep(1)", "time.sleep(1.2)", "print('never')"
    )
    plan = write_plan(tmp_path / "plan.yaml", "notebooks: [slow.ipynb]\n")
    result = run_batch(plan, out=tmp_path / "out", run_timeout=2, cell_timeout=60, progress=False)
    assert (
        result.rows[0]["status"] == "timed_out"
        and "the run took longer than 2 seconds" in result.rows[0]["error"]
    )


def test_a_notebook_of_a_kernel_that_does_not_exist_runs(tmp_path: Path):
    path = write_notebook(tmp_path / "odd.ipynb", "import sys; print(sys.executable)")
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec.name = "no-such-kernel"
    nbformat.write(notebook, path)
    plan = write_plan(tmp_path / "plan.yaml", "notebooks: [odd.ipynb]\n")
    assert run_batch(plan, out=tmp_path / "out", progress=False).ok
    assert printed(tmp_path / "out" / "odd.ipynb") == f"{sys.executable}\n"
