"""A file that is not what it has to be: one message naming what was expected and what was found.
Invented files."""

from __future__ import annotations

import hashlib

import pytest

from axislib.errors import SeedError
from axislib.record.rebuild import tables as module
from axislib.record.rebuild.tables import (
    Inputs,
    columns_of,
    layouts,
    load_sources,
    read_file,
    read_inputs,
    read_marker,
)

GOOD = "year,state,votes\n" + "".join(f"{year},A,{year % 7}\n" for year in range(2001, 2021))
LAYOUT = {
    "path": "invented/votes.csv",
    "sha256": hashlib.sha256(GOOD.encode()).hexdigest(),
    "rows": 20,
    "rows_from": 19,
    "rows_to": 25,
    "separator": ",",
    "columns": "year,state,votes",
    "marker": {"says": "last year", "column": "year", "take": "max", "value": "2020"},
}


@pytest.fixture
def read(tmp_path):
    def read(text: str | bytes | None, accept_new: bool = False):
        path = tmp_path / "votes.csv"
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_file(path, LAYOUT, accept_new)

    return read


def test_the_recorded_file_passes(read):
    frame, differs = read(GOOD)
    assert (len(frame), differs) == (20, {})
    assert frame["votes"].iloc[0] == "6"  # text, nothing converted


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        (None, "expected this file", "found none"),
        (GOOD.replace(",", ";"), "separated by commas", "separated by semicolons"),
        (GOOD.replace(",", "\t"), "separated by commas", "separated by tabs"),
        (
            GOOD.replace("votes", "ballots"),
            "expected 3 columns",
            "missing votes; not expected ballots",
        ),
        (
            GOOD.replace("year,state", "state,year"),
            "expected 3 columns",
            "the same in another order",
        ),
        (GOOD[: len(GOOD) // 2].rsplit("\n", 1)[0] + "\n", "expected 20 rows", "found 9"),
        (GOOD.replace("2020", "2021"), "last year 2020", "last year 2021"),
        (
            GOOD.replace("2005,A", "2005,B"),
            f"sha256 {LAYOUT['sha256'][:12]}",
            "another version of the file",
        ),
        (GOOD + "2021,A,1,9\n", "expected rows of 3 cells", "no such table"),
        (b"year,state,votes\n2001,\xff\xfe,1\n", "expected a CSV in UTF-8", "cannot be read"),
        ("", "expected 3 columns", "found 0"),
    ],
)
def test_another_layout_is_refused(read, text, expected, found):
    with pytest.raises(SeedError) as refusal:
        read(text)
    message = str(refusal.value)
    assert message.startswith("invented/votes.csv: expected")
    assert expected in message and found in message
    assert "\n" not in message


def test_other_bytes_pass_only_if_meant(read):
    newer = GOOD + "2021,A,1\n"
    with pytest.raises(SeedError, match="--accept-new"):
        read(newer)
    frame, differs = read(newer, accept_new=True)
    assert len(frame) == 21
    assert differs["expected"].startswith("last year 2020, sha256 " + LAYOUT["sha256"])
    assert differs["found"].startswith("last year 2021, sha256 ")


@pytest.mark.parametrize(
    "text", [GOOD.replace(",", ";"), GOOD.replace("votes", "ballots"), GOOD[:60]]
)
def test_accept_new_does_not_excuse_another_layout(read, text):
    with pytest.raises(SeedError):
        read(text, accept_new=True)


def test_all_wrong_files_are_named_at_once(tmp_path, monkeypatch):
    other = LAYOUT | {"path": "invented/other.csv"}
    monkeypatch.setattr(module, "layouts", lambda: {each["path"]: each for each in (LAYOUT, other)})
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented" / "votes.csv").write_text(GOOD.replace(",", ";"))
    with pytest.raises(SeedError) as refusal:
        read_inputs(tmp_path)
    message = str(refusal.value)
    assert message.startswith(
        "2 files are missing or not as expected; the tables were left as they were:"
    )
    assert "invented/votes.csv: expected columns separated by commas" in message
    assert "invented/other.csv: expected this file, found none" in message


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(SeedError, match="there is no such folder"):
        read_inputs(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("cells", "take", "value"),
    [
        (["1999.0", "2022.0", ""], "max", "2022"),
        (["5.1", "5.1"], "unique", "5.1"),
        (["2024-06-04", "2023-01-01"], "max", "2024-06-04"),
        ([], "max", "nothing"),
    ],
)
def test_markers(cells, take, value):
    import pandas as pd

    frame = pd.DataFrame({"x": pd.Series(cells, dtype="str")})
    assert read_marker(frame, {"column": "x", "take": take}) == value


def test_every_source_says_what_it_has_to():
    for name, source in load_sources().items():
        for key in (
            "title",
            "publisher",
            "version",
            "as_of",
            "citation",
            "url",
            "get",
            "terms",
            "warnings",
        ):
            assert source[key], (name, key)
        assert (
            source["terms"].startswith(("CC", "facts", "SIPRI"))
            or "aggregates only" in source["terms"]
        ), name
    for path, layout in layouts().items():
        assert layout["rows_from"] > layout["rows"] / 2, f"{path}: half of its rows would pass"
        assert layout["rows_from"] <= layout["rows"] <= layout["rows_to"]
        assert len(layout["sha256"]) == 64
        if "marker" in layout:
            assert layout["marker"]["column"] in columns_of(layout)


def test_inputs_are_looked_up_by_path():
    assert Inputs(folder=None, frames={"a": 1})["a"] == 1
