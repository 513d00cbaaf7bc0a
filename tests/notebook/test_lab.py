"""``axislib lab``: working copies that nobody loses, and a terminal that knows the commands."""

import shutil
import sys
from pathlib import Path

import pytest

from axislib.errors import SeedError
from axislib.notebook.lab import environment, notebooks_folder, working_notebooks


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
