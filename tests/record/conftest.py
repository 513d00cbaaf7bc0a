"""The seed opened with its record, and the record put to work with the shipped tables."""

import shutil

import pytest

import axislib
from axislib.record import Record
from axislib.seed.opening import find_seed


@pytest.fixture(scope="session")
def both():
    return axislib.open_seed(layers=["article", "context"])


@pytest.fixture(scope="session")
def known(both):
    return Record(both)


@pytest.fixture
def copies(tmp_path):
    """Article and record side by side in a folder that a test may damage; the folder of the
    record."""
    for name in ("kragh-holy-war", "context"):
        shutil.copytree(find_seed(name), tmp_path / "seeds" / name)
    return tmp_path / "seeds" / "context"
