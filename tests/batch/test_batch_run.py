"""Runs that go well: the same outputs as papermill's, nothing carried from one to the next, all of
it in the manifest."""

from __future__ import annotations

import csv
import json
import re
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import nbformat
import papermill
import psutil
import pytest
from batch_helpers import printed, write_notebook, write_plan

from axislib.batch import expand_plan, read_plan, run_batch
from axislib.batch.manifest import COLUMNS, Store, read_rows
from axislib.batch.runs import Run
from axislib.errors import SeedError

WAYS = pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])


def stable(path: Path) -> tuple[list, dict]:
    """A notebook without what differs from run to run: ids, times, places."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.pop("id", None)
        cell.metadata.pop("execution", None)
        cell.metadata.get("papermill", {}).update(start_time=0, end_time=0, duration=0)
        for output in cell.get("outputs", []):
            if "traceback" in output:
                output["traceback"] = [
                    re.sub(r"(?:/tmp/ipykernel_\d+/\d+\.py|File [^ ]*)", "", line)
                    for line in output["traceback"]
                ]
    metadata = json.loads(json.dumps(notebook.metadata))
    metadata["papermill"].update(
        start_time=0, end_time=0, duration=0, input_path="", output_path=""
    )
    return json.loads(json.dumps(notebook.cells)), metadata


@pytest.fixture(scope="module")
def by_papermill(tmp_path_factory) -> tuple[Path, dict[str, tuple]]:
    """A plan of runs, one of which fails, and what papermill itself makes of each."""
    folder = tmp_path_factory.mktemp("papermill")
    write_notebook(
        folder / "mixed.ipynb",
        "import pandas as pd, plotly.express as px, sys",
        "pd.DataFrame({'n': [n, 2]})",
        "px.bar(x=['a', 'b'], y=[n, 2])",
        "print(n); print('aside', file=sys.stderr); display({'text/markdown': '*x*'}, raw=True)",
        "if n == 3: 1 / 0",
        "In[-1], __name__, sys.path[0]",
        parameters="n: int = 1",
    )
    plan = write_plan(
        folder / "plan.yaml",
        """
        groups:
          a: {notebooks: [mixed.ipynb], grid: {n: [1, 3]}}
          b: {notebooks: [2-timeline], fixed: {lanes: kind}}
        """,
    )
    theirs = {}
    for run in expand_plan(read_plan(plan)):
        try:
            papermill.execute_notebook(
                str(run.contract.path),
                str(folder / "out.ipynb"),
                run.parameters,
                progress_bar=False,
            )
        except papermill.PapermillExecutionError:
            assert run.parameters == {"n": 3}
        theirs[run.output] = stable(folder / "out.ipynb")
    return plan, theirs


@WAYS
def test_same_notebooks_as_papermills(tmp_path: Path, by_papermill, cold: bool):
    plan, theirs = by_papermill
    result = run_batch(plan, out=tmp_path / "out", cold=cold, progress=False)
    assert result.counts["done"] == 2 and result.counts["failed"] == 1
    for output, expected in theirs.items():
        assert stable(tmp_path / "out" / output) == expected, output


@WAYS
def test_nothing_leaks_from_run_to_run(tmp_path: Path, cold: bool):
    write_notebook(
        tmp_path / "traces.ipynb",
        "import builtins, os, sys, warnings, json, random\nfrom pathlib import Path\nimport numpy"
        " as np, pandas as pd, plotly.io as pio",
        """
        found = {"variable": "left_variable" in globals(), "builtin": hasattr(builtins, "left"),
                 "environment": "AXB_LEFT" in os.environ, "module": "left_module" in sys.modules,
                 "option": pd.get_option("display.max_rows") == 7,
                 "template": pio.templates.default == "ggplot2",
                 "path": "/left" in sys.path, "file": Path("left.txt").exists(),
                 "files": sorted(p.name for p in Path().iterdir() if p.name != "seeds"),
                 "history": any("left" in line for line in In[:2]),
                 "patched": hasattr(pd.DataFrame, "left"),
                 "filters": ("ignore", None, Warning, None, 99) in warnings.filters}
        own = {"random": random.random(), "numpy_random": float(np.random.rand()),
               "cwd": os.getcwd(), "pid": os.getpid()}
        print(json.dumps({**found, **own}))
        """,
        """
        left_variable = builtins.left = pd.DataFrame.left = 1
        os.environ["AXB_LEFT"] = "1"; sys.modules["left_module"] = sys
        pd.set_option("display.max_rows", 7); pio.templates.default = "ggplot2"
        sys.path.append("/left"); Path("left.txt").write_text(str(number))
        warnings.simplefilter("ignore", lineno=99)
        """,
        parameters="number: int = 0",
    )
    plan = write_plan(
        tmp_path / "plan.yaml", "notebooks: [traces.ipynb]\ngrid: {number: [1, 2, 3, 4]}\n"
    )
    result = run_batch(plan, out=tmp_path / "out", cold=cold, workers=1, progress=False)
    assert result.ok and {row["kernel"] for row in result.rows} == {"ordinary" if cold else "warm"}
    found = [json.loads(printed(tmp_path / "out" / f"traces-{n}.ipynb")) for n in (1, 2, 3, 4)]
    for one in found:
        assert not any(
            value
            for name, value in one.items()
            if name not in ("random", "numpy_random", "cwd", "pid")
        ), one
    for own in ("random", "numpy_random", "cwd", "pid"):
        assert len({str(one[own]) for one in found}) == 4, own
    # what a run wrote into its folder lies beside its notebook
    assert [
        (tmp_path / "out" / f"traces-{n}_files" / "left.txt").read_text() for n in (1, 2, 3, 4)
    ] == ["1", "2", "3", "4"]
    assert "AXB_LEFT" not in __import__("os").environ


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_warm_kernel_is_no_different_from_an_ordinary_one(tmp_path: Path):
    write_notebook(
        tmp_path / "look.ipynb",
        """
        import json, locale, os, signal, sys, threading, gc
        import ipykernel.ipkernel
        import ipywidgets
        import plotly.io as pio
        main = sys.modules["__main__"]
        print(json.dumps({"widgets": sorted(get_ipython().kernel.comm_manager.targets),
                          "own sys": ipykernel.ipkernel.sys is sys, "argv": sys.argv[1:2],
                          "name": __name__, "main": main.__dict__ is globals(),
                          "path0": sys.path[0], "gc": gc.isenabled(),
                          "environment": sorted(os.environ.keys() - {"JPY_PARENT_PID"}),
                          "renderer": pio.renderers.default, "umask": os.umask(0o22),
                          "encoding": [sys.stdout.encoding, locale.getpreferredencoding()],
                          "sigterm": str(signal.getsignal(signal.SIGTERM)),
                          "sigpipe": str(signal.getsignal(signal.SIGPIPE)),
                          "session": os.getsid(0) == os.getpid(),
                          "cwd": os.path.basename(os.getcwd()), "zygote": "prepare" in dir(main),
                          "ours": [p for p in sys.path if "warm" in p]}))
        """,
        parameters="n: int = 0",
    )
    plan = write_plan(tmp_path / "plan.yaml", "notebooks: [look.ipynb]\ngrid: {n: [1, 2, 3]}\n")
    warm, cold = (
        run_batch(plan, out=tmp_path / name, cold=name == "cold", progress=False)
        for name in ("warm", "cold")
    )
    assert warm.ok and cold.ok and warm.rows[0]["kernel"] == "warm"
    one, other = (
        json.loads(printed(tmp_path / name / "look-1.ipynb")) for name in ("warm", "cold")
    )
    one.pop("argv"), other.pop("argv")
    assert one == other and one["renderer"].startswith("plotly_mimetype")


def test_manifest_says_what_was_run(tmp_path: Path):
    plan = write_plan(
        tmp_path / "plan.yaml",
        "title: Two\nnotebooks: [2-timeline]\ngrid: {lanes: [kind, speaker]}\n",
    )
    result = run_batch(plan, out=tmp_path / "out", progress=False)
    assert result.ok, result.rows
    rows = list(csv.DictReader((tmp_path / "out" / "manifest.csv").open(encoding="utf-8")))
    whole = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert tuple(rows[0]) == COLUMNS and len(rows) == whole["done"] == 2 and whole["title"] == "Two"
    row = whole["rows"][0]
    assert (
        row["parameters"] == {"lanes": "kind"}
        and len(row["seed_hash"]) == 64
        and row["versions"]["pandas"]
        and row["duration_seconds"] > 0
    )
    assert (
        row["figures"][0]["name"] == "timeline"
        and row["figures"][0]["marks"] > 10
        and row["tables"]
        and len(row["facts"]) > 5
    )
    assert (
        row["figures"] != whole["rows"][1]["figures"] and row["facts"] == whole["rows"][1]["facts"]
    )
    text = (tmp_path / "out" / "manifest.json").read_text() + (
        tmp_path / "out" / "2-timeline-kind.ipynb"
    ).read_text()
    assert str(tmp_path) not in text and __import__("socket").gethostname() not in text.split('"')


def test_resume_skips_what_is_done_and_unchanged(many: Path, tmp_path: Path, monkeypatch):
    out = tmp_path / "out"
    first = run_batch(many, out=out, progress=False)
    assert first.ok and first.skipped == 0
    again = run_batch(many, out=out, resume=True, progress=False)
    assert again.ok and again.skipped == 4 and again.rows == first.rows
    (out / "double-2.ipynb").unlink()  # gone
    (out / "double-3.ipynb").write_text(
        (out / "double-3.ipynb").read_text().replace("6", "7")
    )  # changed by hand
    assert run_batch(many, out=out, resume=True, progress=False).skipped == 2
    assert "6" in printed(out / "double-3.ipynb")
    write_notebook(
        tmp_path / "double.ipynb",
        "print(number * 3)",
        parameters="number: int = 0  # to be doubled",
    )
    assert run_batch(many, out=out, resume=True, progress=False).skipped == 0  # another notebook
    assert "9" in printed(out / "double-3.ipynb")
    many.write_text(many.read_text().replace("4]", "5]"))
    assert run_batch(many, out=out, resume=True, progress=False).skipped == 3  # one other parameter


def test_resume_asks_for_seed_text_and_versions(tmp_path: Path, monkeypatch, copy):
    from axislib.batch import manifest

    notebook = SimpleNamespace(sources="notebook")
    run = Run(1, "all", "", "ask", notebook, {}, {"a": 1, "seed": str(copy)}, "ask.ipynb", {})

    def key() -> str:
        return manifest.row_of(run, {})["key"]

    keep = [key()]
    (copy / "events.csv").write_text((copy / "events.csv").read_text() + "\n")
    keep.append(key())
    (copy / "copy.TXT").write_text("words")
    keep.append(key())
    monkeypatch.setattr(manifest, "versions", lambda: {"pandas": "0"})
    keep.append(key())
    assert len(set(keep)) == 4


def test_a_torn_journal_and_a_spoilt_manifest_are_borne(many: Path, tmp_path: Path):
    out = tmp_path / "out"
    run_batch(many, out=out, progress=False)
    rows = json.loads((out / "manifest.json").read_text())["rows"]
    (out / "manifest.json").write_text("{not json")
    (out / ".journal.jsonl").write_text(json.dumps(rows[0]) + "\n" + json.dumps(rows[1])[:40])
    assert set(read_rows(Store(str(out)))) == {rows[0]["output"]}
    assert run_batch(many, out=out, resume=True, progress=False).skipped == 1


def test_what_lies_beside_the_user_is_in_sight(tmp_path: Path, monkeypatch, copy):
    """Kernels start in folders of their own; seeds, and files that a parameter names, are found as
    papermill would find them."""
    monkeypatch.chdir(tmp_path)
    copy.rename(copy.with_name("my-seed"))
    write_notebook(
        tmp_path / "look.ipynb",
        "import axislib; print(axislib.open_seed(seed).name)\nfor s in sheets:"
        " print(open(s).read())",
        parameters='seed: str = "my-seed"\nsheets: list[str] = []',
    )
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "anna.csv").write_text("coded by anna")
    plan = write_plan(
        tmp_path / "plan.yaml",
        """
        notebooks: [look.ipynb]
        fixed: {sheets: [class/anna.csv]}
        grid: {seed: [my-seed, seeds/my-seed]}
        """,
    )
    result = run_batch(plan, out=tmp_path / "out", progress=False)
    assert result.ok, result.rows
    assert "my-seed\ncoded by anna" in printed(tmp_path / "out" / "look-my-seed.ipynb")
    assert not list((tmp_path / "out").glob("*_files"))


def test_no_port_listens_beyond_loopback(tmp_path: Path):
    write_notebook(tmp_path / "wait.ipynb", "import time; time.sleep(1)", parameters="n: int = 0")
    plan = write_plan(tmp_path / "plan.yaml", "notebooks: [wait.ipynb]\ngrid: {n: [1, 2, 3]}\n")
    seen, over = [], threading.Event()

    def look():
        while not over.wait(0.1):
            own = [psutil.Process(), *psutil.Process().children(recursive=True)]
            for process in own:
                try:
                    seen.extend(
                        c.laddr.ip
                        for c in process.net_connections("inet")
                        if c.status == psutil.CONN_LISTEN
                    )
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue

    watch = threading.Thread(target=look)
    watch.start()
    for cold in (False, True):
        assert run_batch(plan, out=tmp_path / f"out{cold}", cold=cold, progress=False, workers=3).ok
    over.set()
    watch.join()
    assert set(seen) <= {
        "127.0.0.1"
    }  # a kernel's own pipe for what its children print; all else is IPC


def test_batch_works_in_a_thread_and_leaves_no_descriptor(many: Path, tmp_path: Path):
    process = psutil.Process()
    run_batch(many, out=tmp_path / "first", progress=False)
    before = process.num_fds(), process.num_threads()
    results = []
    threads = [
        threading.Thread(
            target=lambda n=n: results.append(
                run_batch(many, out=tmp_path / f"t{n}", progress=False)
            )
        )
        for n in range(2)
    ]
    for thread in threads:  # one after the other: a process has one zygote
        thread.start()
        thread.join()
    assert all(result.ok for result in results) and len(results) == 2
    assert process.num_fds() <= before[0] + 2 and process.num_threads() <= before[1] + 1


def test_outputs_go_through_papermills_handlers(many: Path, tmp_path: Path):
    from papermill.iorw import papermill_io

    class Shelf:
        kept: dict[str, str] = {}

        @classmethod
        def read(cls, path):
            return cls.kept[path]

        @classmethod
        def write(cls, buf, path):
            cls.kept[path] = buf

        @classmethod
        def listdir(cls, path):
            return []

        @classmethod
        def pretty_path(cls, path):
            return path

    papermill_io.register("shelf://", Shelf)
    result = run_batch(many, out="shelf://there/batch", progress=False)
    assert result.ok
    assert (
        "8" in Shelf.kept["shelf://there/batch/double-4.ipynb"]
        and len(json.loads(Shelf.kept["shelf://there/batch/manifest.json"])["rows"]) == 4
    )
    assert run_batch(many, out="shelf://there/batch", resume=True, progress=False).skipped == 4


def test_workers_below_one_are_refused(many: Path, tmp_path: Path):
    with pytest.raises(SeedError, match="--workers 0"):
        run_batch(many, out=tmp_path / "out", workers=0)


def test_cells_of_no_more_runs_than_workers_go_at_a_time(tmp_path: Path):
    """The next kernel is at hand already; it waits its turn."""
    write_notebook(
        tmp_path / "alone.ipynb",
        f"""
        import os, time
        os.close(os.open({str(tmp_path / "taken")!r}, os.O_CREAT | os.O_EXCL))
        time.sleep(0.5)
        os.remove({str(tmp_path / "taken")!r})
        """,
        parameters="number: int = 0",
    )
    plan = write_plan(
        tmp_path / "plan.yaml", "notebooks: [alone.ipynb]\ngrid: {number: [1, 2, 3]}\n"
    )
    result = run_batch(plan, out=tmp_path / "out", workers=1, progress=False)
    assert result.ok, [row["error"] for row in result.rows]
