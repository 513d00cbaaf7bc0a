"""``axislib lab``: working copies that nobody loses, and a terminal that knows the commands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from axislib.errors import SeedError
from axislib.notebook.lab import environment, notebooks_folder, run_lab, working_notebooks


def test_the_copies_are_the_shipped_notebooks(tmp_path):
    folder = working_notebooks(tmp_path / "mine")
    shipped = sorted(path.name for path in notebooks_folder().glob("*.ipynb"))
    assert sorted(path.name for path in folder.glob("*.ipynb")) == shipped
    assert (folder / "start.md").is_file() and (folder / "plans").is_dir()


def test_work_is_never_overwritten(tmp_path):
    folder = working_notebooks(tmp_path)
    (folder / "2-timeline.ipynb").write_text("mine")
    (folder / "Untitled.ipynb").write_text("also mine")
    working_notebooks(tmp_path)
    assert (folder / "2-timeline.ipynb").read_text() == "mine"
    assert (folder / "Untitled.ipynb").read_text() == "also mine"


def test_one_word_brings_the_shipped_state_back_and_keeps_what_was_changed(tmp_path):
    folder = working_notebooks(tmp_path)
    for work in ("first", "second"):
        (folder / "2-timeline.ipynb").write_text(work)
        working_notebooks(tmp_path, as_shipped=True)
    shipped = (notebooks_folder() / "2-timeline.ipynb").read_bytes()
    assert (folder / "2-timeline.ipynb").read_bytes() == shipped
    assert (folder / "2-timeline-mine.ipynb").read_text() == "first"
    assert (folder / "2-timeline-mine-2.ipynb").read_text() == "second"
    assert not list(folder.glob("1-reading-mine*"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SeedError, match="cannot be copied here"):
        working_notebooks(tmp_path / "file" / "mine")


def test_the_terminal_finds_the_commands_of_this_python(monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("AXISLIB_TEXTS", "texts")
    found = environment()
    assert Path(shutil.which("python", path=found["PATH"])).parent == Path(sys.executable).parent
    assert Path(found["AXISLIB_TEXTS"]).is_absolute()


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What would be started as JupyterLab, and with which environment."""
    calls = []
    for name in [name for name in os.environ if name.startswith("JUPYTER_")]:
        monkeypatch.delenv(name)

    def run(command, **options):
        calls.append((command, options["env"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("axislib.notebook.lab.subprocess.run", run)
    return calls


@pytest.mark.parametrize("home", ["/proc", "/not/there", "/dev/null"])
def test_where_no_home_can_be_written_a_scratch_folder_is_one(started, monkeypatch, tmp_path, home):
    monkeypatch.setenv("HOME", home)
    assert run_lab(open_browser=False, folder=tmp_path / "mine") == 0
    ((command, found),) = started
    assert found["HOME"] != home and os.access(found["HOME"], os.W_OK)
    assert command[1] == "-P" and "--ServerApp.ip=127.0.0.1" in command


def test_a_place_that_jupyter_needs_and_may_not_write_is_said(started, monkeypatch, tmp_path):
    (tmp_path / ".local").write_text("a file where a folder should be")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(SeedError, match=r"has to write there and cannot .*; set HOME to a folder"):
        run_lab(open_browser=False, folder=tmp_path / "mine")
    assert not started


def test_copies_of_a_read_only_share_can_be_saved(monkeypatch, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    (share / "2-timeline.ipynb").write_text("shipped")
    (share / "2-timeline.ipynb").chmod(0o444)
    monkeypatch.setattr("axislib.notebook.lab.notebooks_folder", lambda: share)
    folder = working_notebooks(tmp_path / "mine")
    assert (folder / "2-timeline.ipynb").stat().st_mode & 0o200
