"""The shipped tables for everyone; the raw data where AXISLIB_RECORD names their folder (in CI)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent
ROOT = HERE.resolve().parents[2]
SHIPPED = ROOT / "seeds" / "context" / "measured"


@pytest.hookimpl(tryfirst=True)  # before pytest selects by mark
def pytest_collection_modifyitems(items):
    """Every test here that reads the data files is marked ``rebuild``."""
    for item in items:
        if item.path.parent == HERE and "raw" in item.fixturenames:
            item.add_marker(pytest.mark.rebuild)


@pytest.fixture(scope="session")
def raw() -> Path:
    """The folder of the data files."""
    folder = os.environ.get("AXISLIB_RECORD")
    if not folder:
        pytest.skip("AXISLIB_RECORD does not name the folder of the data files")
    return Path(folder)


@pytest.fixture(scope="session")
def inputs(raw):
    """All data files, read and held against their layouts."""
    from axislib.record.rebuild.tables import read_inputs

    return read_inputs(raw)


@pytest.fixture
def shipped():
    """A shipped table by name."""
    return lambda name: pd.read_csv(SHIPPED / f"{name}.csv", keep_default_na=False, na_values=[""])


def _link(file: Path, copy: Path) -> None:
    try:
        copy.symlink_to(file)
    except OSError:  # Windows lets not everyone make links
        shutil.copyfile(file, copy)


@pytest.fixture
def with_changed(raw, tmp_path):
    """A copy of the data folder in which one file's text is changed; the others are links to the
    real ones."""

    def change(path: str, edit) -> Path:
        folder = tmp_path / "data"
        for file in raw.glob("*/*.csv"):
            copy = folder / file.parent.name / file.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not copy.exists():
                _link(file, copy)
        target = folder / path
        text = (raw / path).read_text(encoding="utf-8")
        target.unlink()
        new = edit(text)
        if new is not None:
            target.write_bytes(new.encode("utf-8"))
        return folder

    return change


@pytest.fixture
def out(tmp_path) -> Path:
    """A copy of the shipped tables that a test may overwrite."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "seeds" / "context" / "measured"))
