"""What all tests share: the article's seed, a writable copy of it, and the reader's own text where
it is at hand."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

import axislib
from axislib.seed.opening import find_seed

# in CI the same examples every time: a new counterexample should stop its finder, not somebody
# else's change
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def seed():
    return axislib.open_seed()


@pytest.fixture
def copy(tmp_path):
    """A seed folder that a test may damage."""
    folder = tmp_path / "seeds" / "kragh-holy-war"
    shutil.copytree(find_seed("kragh-holy-war"), folder)
    return folder


@pytest.fixture(scope="session")
def article():
    """The article's text, by AXISLIB_TEXTS; tests that ask for it are skipped without."""
    place = os.environ.get("AXISLIB_TEXTS")
    found = sorted(Path(place).glob("*.txt")) if place and Path(place).is_dir() else []
    if not found:
        pytest.skip("AXISLIB_TEXTS names no folder with the article")
    return found[0].read_text(encoding="utf-8")
