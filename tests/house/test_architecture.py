"""The map is true: every path it names exists, and every room is on it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PATHS = sorted(
    set(re.findall(r"`((?:axislib|seeds|notebooks|tests|docs|benchmarks)/[^`\s]*)`", MAP))
)
FILES = sorted(set(re.findall(r"`([\w/]+\.(?:py|json|js))`", MAP)))
ROOMS = [path.parent for path in (ROOT / "axislib").glob("*/__init__.py")]


@pytest.mark.parametrize("path", PATHS)
def test_every_path_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", FILES)
def test_every_file_exists(name):
    assert (ROOT / name).exists() or list((ROOT / "axislib").rglob(name))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_is_on_the_map(room):
    assert f"`axislib/{room.name}`" in MAP
