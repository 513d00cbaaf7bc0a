"""The one way to run a notebook: whatever kernel it names, wherever home is, whatever it holds."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from axislib.batch import run_batch
from axislib.errors import SeedError
from axislib.notebook.lab import ensure_home
from axislib.report.build import ReportError, build_report, find_notebooks
from axislib.run import warm
from axislib.run.notebook import Executed, one_line, run_all, run_notebook
from axislib.run.saving import save_notebook
from axislib.run.warm import kernels_at_hand

PYTHON = {"display_name": "Python", "language": "python"}
KERNELS = {  # what notebooks say of their kernel
    "conda": {"kernelspec": {**PYTHON, "name": "conda-env-seminar-py"}},
    "gone": {"kernelspec": {**PYTHON, "name": "no-such-kernel"}},
    "lite": {"kernelspec": {**PYTHON, "name": "python"}},
    "r": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
    "vscode": {"language_info": {"name": "python"}},
    "colab": {},
}
WAYS = pytest.mark.parametrize("way", [True, False], ids=["warm", "ordinary"])


@pytest.fixture(scope="module", autouse=True)
def one_zygote():
    """One zygote for the tests of this file."""
    with kernels_at_hand():
        yield


def save(path: Path, *sources: str, metadata: dict | None = None) -> Path:
    parameters = new_code_cell("number = 0", metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[parameters, *map(new_code_cell, sources)])
    notebook.metadata = nbformat.from_dict(metadata or {})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def printed(run: Executed) -> str:
    outputs = [output for cell in run.notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


@WAYS
@pytest.mark.parametrize("name", KERNELS)
def test_the_kernel_is_this_interpreters_own_whatever_the_notebook_names(tmp_path, name, way):
    path = save(
        tmp_path / f"{name}.ipynb",
        "import sys; print(sys.executable, number)",
        metadata=KERNELS[name],
    )
    run = run_notebook(path, {"number": 7}, warm=way)
    assert (run.error, run.kernel) == ("", "warm" if way else "ordinary")
    assert printed(run) == f"{sys.executable} 7\n"
    assert run.notebook.metadata.get("kernelspec") == KERNELS[name].get("kernelspec")


def test_an_old_notebook_without_ids_runs(tmp_path):
    old = new_notebook(cells=[new_code_cell("print('old')")])
    old.nbformat_minor = 4
    old.cells[0].pop("id")
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    assert printed(run_notebook(tmp_path / "old.ipynb", warm=True)) == "old\n"


@WAYS
def test_a_kernelspec_of_another_python_is_not_asked(tmp_path, monkeypatch, way):
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    command = ["/opt/old-env/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "old"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    assert not run_notebook(save(tmp_path / "a.ipynb", "1"), warm=way).error


def test_report_and_saving_run_a_notebook_of_a_foreign_kernel(tmp_path):
    path = save(tmp_path / "nb" / "1-conda.ipynb", "print('hello')", metadata=KERNELS["conda"])
    index = build_report(out=tmp_path / "site", notebooks=[path], progress=False)
    assert "hello" in index.with_name("1-conda.html").read_text(encoding="utf-8")
    save_notebook(path)
    saved = nbformat.read(path, as_version=4)
    assert saved.cells[1].outputs[0].text == "hello\n"
    assert saved.metadata.kernelspec.name == "conda-env-seminar-py"
    assert all(not {"papermill", "execution"} & set(cell.metadata) for cell in saved.cells)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x05\x16\x07\xff", b"{}", b"[1]", b'{"cells": 1, "nbformat": 4}']
)
def test_what_is_no_notebook_is_one_failed_page(tmp_path, content):
    good = save(tmp_path / "nb" / "1-good.ipynb", "print('well')")
    (tmp_path / "nb" / "Untitled.ipynb").write_bytes(content)
    files = [good, tmp_path / "nb" / "Untitled.ipynb"]
    with pytest.raises(ReportError, match="1 of 2 notebooks failed") as failure:
        build_report(out=tmp_path / "site", notebooks=files, progress=False)
    assert "Untitled: its file is empty or is not a notebook" in str(failure.value)
    assert "well" in failure.value.index.with_name("1-good.html").read_text(encoding="utf-8")
    assert failure.value.index.with_name("Untitled.html").is_file()


def test_a_report_gets_what_the_file_of_a_notebook_would_give(tmp_path):
    source = "display({'application/json': {'b': [1], 'a': 'x'}, 'text/plain': 'a\\nb'}, raw=True)"
    (run,) = run_all([save(tmp_path / "a.ipynb", source)], {}, progress=False)
    nbformat.write(run.notebook, tmp_path / "saved.ipynb")
    assert json.dumps(run.notebook) == json.dumps(nbformat.read(tmp_path / "saved.ipynb", 4))
    assert list(run.notebook.cells[1].outputs[0].data["application/json"]) == ["a", "b"]


def test_a_file_that_is_gone_is_said(tmp_path):
    run = run_notebook(tmp_path / "none.ipynb")
    assert run.status == "failed" and run.error.startswith("its file cannot be read")


def test_names_that_begin_with_a_dot_are_passed_over(tmp_path, monkeypatch):
    save(tmp_path / "2-timeline.ipynb", "1")
    (tmp_path / "._2-timeline.ipynb").write_bytes(b"\x00\x05\x16\x07")
    monkeypatch.setattr("axislib.run.notebook.notebooks_folder", lambda: tmp_path)
    assert [path.name for path in find_notebooks()] == ["2-timeline.ipynb"]


def test_saving_keeps_the_file_where_a_cell_fails(tmp_path):
    path = save(tmp_path / "bad.ipynb", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(SeedError, match="bad.ipynb: not saved, a cell failed: ZeroDivisionError"):
        save_notebook(path)
    assert path.read_bytes() == before


@pytest.fixture(params=["none", "not there"])
def homeless(request, monkeypatch):
    """A user whom the system does not know, without HOME; or with one that is not there."""
    monkeypatch.setenv("HOME", "/not/there")
    for name in [name for name in os.environ if name.startswith(("JUPYTER_", "IPYTHON"))]:
        monkeypatch.delenv(name)
    if request.param == "none":
        monkeypatch.delenv("HOME")

        def unknown(uid: int):
            raise KeyError(uid)

        monkeypatch.setattr("pwd.getpwuid", unknown)
    return request.param


def test_without_a_home_there_is_a_scratch_folder(homeless):
    ensure_home()
    place = Path.home()
    assert place.is_dir() and os.access(place, os.W_OK)
    ensure_home()
    assert Path.home() == place


def test_report_and_batch_run_without_a_home(homeless, tmp_path):
    source = "import os, pathlib; print(os.access(pathlib.Path.home(), os.W_OK))"
    path = save(tmp_path / "a.ipynb", source, metadata=KERNELS["conda"])
    index = build_report(out=tmp_path / "site", notebooks=[path], progress=False)
    assert "True" in index.with_name("a.html").read_text(encoding="utf-8")
    (tmp_path / "plan.yaml").write_text("notebooks: [a.ipynb]\ngrid: {number: [1, 2, 3]}\n")
    for cold in (False, True):
        result = run_batch(
            tmp_path / "plan.yaml", out=tmp_path / f"out{cold}", cold=cold, progress=False
        )
        assert result.ok, [row["error"] for row in result.rows]


def test_a_home_is_left_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    ensure_home()
    assert Path.home() == tmp_path


def test_ordinary_kernels_where_nothing_can_be_forked(tmp_path, monkeypatch):
    def none(*_):
        raise warm.NoWarmth

    monkeypatch.setattr("axislib.run.kernels.fork", none)
    run = run_notebook(save(tmp_path / "a.ipynb", "print(1)"), warm=True)
    assert (run.error, run.kernel) == ("", "ordinary")


def test_a_long_error_is_cut():
    assert one_line("a\n b") == "a b" and one_line("x" * 400) == "x" * 300 + "…"
