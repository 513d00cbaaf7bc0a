"""Whatever a file holds, a reader takes it or says in words why not: no traceback, no hang, nothing
written outside its folder.

Hypothesis damages sound files. AXISLIB_FUZZ sets how many damaged files each reader gets; ten
minutes are about AXISLIB_FUZZ=300.
"""

import io
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_text import invent_text

import axislib
from axislib.authoring.new import new_seed
from axislib.authoring.revise import revise
from axislib.authoring.workbook import bring_in, read_workbook, workbook_files
from axislib.batch.runs import expand_plan, read_plan
from axislib.cli.check import cells_and_findings
from axislib.errors import SeedError
from axislib.files import SUMS
from axislib.seed.opening import read_seed_cells
from axislib.seed.package import export_zip, fix, received
from axislib.seed.variants import apply_coding, read_coding
from axislib.seminar.agreement import agree, disagreements, write_adjudication
from axislib.seminar.returned import codes_in, sheets_in
from axislib.seminar.sheets import write_sheets
from axislib.text.copy import encoding_of, read_copy
from axislib.text.receipt import locate, summary

EXAMPLES = int(os.environ.get("AXISLIB_FUZZ", "12"))
PATIENCE = 20  # seconds for one file
HARBOUR = Path(__file__).parents[1] / "fictional" / "harbour-league"
PLANS = sorted((Path(__file__).parents[2] / "notebooks" / "plans").glob("*.yaml"))
SIGNS = [
    *(b"\0", b'"', b"'", b"\r", b"\n", b",", b";", b"\t", b"\x0b", b"\x1b", b"\x85", b"/", b"|"),
    *(b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"=1+1", b"-1"),
    *("\u2028 \u0661\u0662 \u00b2 \u202e \u0130 \ufb01 \u1e9e \ufffe".encode().split(b" ")),
    *(b"not_stated", b"Y99999999999", b"-0000", b"2024-13", b"1e999", b"nan", b"inf", b"9" * 400),
    *(b"../../up", b"/etc/passwd", b"{x.__class__}", b"%s%n", b"<script>", b"&lt;", b"&#1;"),
    *(b"<!DOCTYPE a>", b"<!ENTITY b 'c'>", b"]]>", b"<c r='XFD1048576'/>", b"x" * 140_000),
    *(b"&a ", b"*a", b"<<: *a", b"!!python/object:os.system ", b"[", b"{", b"- ", b": ", b"? "),
    *(b"sep=;\n", b"id,id\n", b"true", b"null", b"[1]", b"0x10", b"1_000"),
]
ENCODINGS = ["", "", "", "", "utf-16", "utf-16-le", "utf-8-sig", "cp1252", "cp1251", "big5"]


@st.composite
def damaged(draw, origin: bytes) -> bytes:
    """The bytes of a sound file after a few accidents."""
    raw = origin
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(raw)))
        end = min(len(raw), at + draw(st.sampled_from([0, 0, 1, 2, 7, 40, 1000])))
        put = draw(st.sampled_from([*SIGNS, raw[at:end], b""]) | st.binary(max_size=6))
        raw = raw[:at] + put + raw[end:]
    encoding = draw(st.sampled_from(ENCODINGS))
    return raw.decode("utf-8", "replace").encode(encoding, "replace") if encoding else raw


@st.composite
def damaged_zip(draw, origin: bytes) -> bytes:
    """A workbook or another zip, damaged inside or as a whole."""
    if draw(st.integers(0, 9)) == 0:
        return draw(damaged(origin))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(origin)) as before, zipfile.ZipFile(out, "w") as after:
        names = before.namelist()
        spoilt = draw(st.sets(st.sampled_from(names), max_size=2))
        left_out = draw(st.sampled_from([*names, *[""] * len(names)]))
        for name in names:
            raw = before.read(name)
            if name != left_out:
                after.writestr(name, draw(damaged(raw)) if name in spoilt else raw)
    return out.getvalue()


def attempt(read: Callable[[Path], object], parent: Path) -> None:
    """Let a reader work in a folder of its own; SeedError alone may come out, and no file."""
    place = parent / "work" / "seeds"
    shutil.rmtree(parent, ignore_errors=True)
    place.mkdir(parents=True)
    here, began = Path.cwd(), time.monotonic()
    os.chdir(place)
    try:
        with suppress(SeedError):
            read(place)
    finally:
        os.chdir(here)
    assert time.monotonic() - began < PATIENCE
    assert [path.name for path in parent.iterdir()] == ["work"]
    assert [path.name for path in (parent / "work").iterdir()] == ["seeds"]


def fuzz(strategy: st.SearchStrategy, read: Callable[[Path, bytes], object], parent: Path) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=EXAMPLES < 100,
    )
    @given(strategy)
    def one(raw: bytes) -> None:
        attempt(lambda place: read(place, raw), parent)

    one()


@pytest.fixture(scope="module")
def harbour():
    return axislib.open_seed(HARBOUR)


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    folder = data_set(tmp_path_factory.mktemp("text"))
    return (invent_text(folder) / "article.txt").read_text(encoding="utf-8")


def data_set(place: Path) -> Path:
    return Path(shutil.copytree(HARBOUR, place / "harbour-league"))


@pytest.mark.parametrize("table", ["events", "transfers", "sentences", "readings", "actors"])
def test_tables(tmp_path, table):
    def read(place: Path, raw: bytes) -> None:
        folder = data_set(place)
        (folder / f"{table}.csv").write_bytes(raw)
        for finding in cells_and_findings(folder)[1]:
            assert str(finding)
        with suppress(SeedError):
            axislib.timeline(axislib.open_seed(folder))
        fix(folder)
        axislib.open_seed(folder)

    fuzz(damaged((HARBOUR / f"{table}.csv").read_bytes()), read, tmp_path / "fuzz")


def test_packages(tmp_path):
    def read(place: Path, raw: bytes) -> None:
        folder = data_set(place)
        (folder / "datapackage.json").write_bytes(raw)
        with suppress(SeedError):
            cells_and_findings(folder)
        with suppress(SeedError):
            axislib.timeline(axislib.open_seed(folder))
        with suppress(SeedError):
            received(folder)
        fix(folder)

    fuzz(damaged((HARBOUR / "datapackage.json").read_bytes()), read, tmp_path / "fuzz")


def test_workbooks(tmp_path):
    sound = workbook_files(read_seed_cells(HARBOUR), {}, HARBOUR)["coding.xlsx"]
    assert isinstance(sound, bytes)

    def read(place: Path, raw: bytes) -> None:
        folder = data_set(place)
        (place / "came-back.xlsx").write_bytes(raw)
        read_workbook(place / "came-back.xlsx")
        bring_in(folder, place / "came-back.xlsx")
        cells_and_findings(folder)

    fuzz(damaged_zip(sound), read, tmp_path / "fuzz")


@pytest.fixture(scope="module")
def sheets(harbour, tmp_path_factory) -> dict[str, bytes]:
    """A filled coding sheet, by kind of file."""
    folder = tmp_path_factory.mktemp("sheets")
    write_sheets(harbour, ["anna"], ["modality", "level"], folder, ("xlsx", "csv"))
    filled = (folder / "sheet-anna.csv").read_bytes().replace(b",,,anna", b",asserted,sure,anna")
    return {"csv": filled, "xlsx": (folder / "sheet-anna.xlsx").read_bytes()}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_sheets(tmp_path, harbour, sheets, kind):
    def read(place: Path, raw: bytes) -> None:
        (place / "sheet-ben.csv").write_bytes(sheets["csv"].replace(b"anna", b"ben"))
        (place / f"sheet-anna.{kind}").write_bytes(raw)
        cells, passed_over = sheets_in([place])
        returned = codes_in(cells, harbour, passed_over)
        agree(returned.codes, harbour, draws=20)
        disagreements(returned.codes, harbour)
        write_adjudication(returned.codes, place / "jury.csv")
        assert all(map(str, returned.notices))

    strategy = damaged(sheets[kind]) if kind == "csv" else damaged_zip(sheets[kind])
    fuzz(strategy, read, tmp_path / "fuzz")


JURY = """fact,column,value,memo
ev_boats_lent,modality,hedged,P02.S1
lend_boats:league,level,mixed,why not
tr_boats,polarity,denied,
"""


def test_jurys_files(tmp_path, harbour):
    def read(place: Path, raw: bytes) -> None:
        (place / "jury.csv").write_bytes(raw)
        apply_coding(harbour, read_coding(place / "jury.csv"))

    fuzz(damaged(JURY.encode()), read, tmp_path / "fuzz")


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_plans(tmp_path, plan):
    def read(place: Path, raw: bytes) -> None:
        (place / "plan.yaml").write_bytes(raw)
        for run in expand_plan(read_plan(place / "plan.yaml"))[:100]:
            assert ".." not in Path(run.output).parts and not Path(run.output).is_absolute()

    fuzz(damaged(plan.read_bytes()), read, tmp_path / "fuzz")


def test_texts(tmp_path, harbour, text):
    def read(place: Path, raw: bytes) -> None:
        (place / "article.txt").write_bytes(raw)
        words, _ = read_copy(place / "article.txt"), encoding_of(place / "article.txt")
        summary(locate(words, harbour.sentences))
        made = new_seed("mine", place / "article.txt", place, author="Ana N\u00fa\u00f1ez")
        assert cells_and_findings(made.folder)[1] == []
        (place / "article.txt").write_bytes(raw[::-1][: len(raw) // 2])
        revise(axislib.open_seed(made.folder), read_copy(place / "article.txt"))

    fuzz(damaged(text.encode()), read, tmp_path / "fuzz")


def test_splits(tmp_path, text):
    def read(place: Path, raw: bytes) -> None:
        (place / "article.txt").write_text(text, encoding="utf-8")
        (place / "split.txt").write_bytes(raw)
        new_seed("mine", place / "article.txt", place, split=place / "split.txt")

    place = tmp_path / "sound"
    place.mkdir()
    (place / "article.txt").write_text(text, encoding="utf-8")
    made = new_seed("mine", place / "article.txt", place)
    fuzz(damaged(made.split.read_bytes()), read, tmp_path / "fuzz")


def test_what_is_to_be_verified(tmp_path, harbour):
    sound = export_zip(harbour, tmp_path / "sent.zip").read_bytes()
    listed = json.dumps({"rows": [{"output": "a.ipynb", "output_sha256": "0" * 64}]}).encode()

    def read(place: Path, raw: bytes) -> None:
        (place / "sent.zip").write_bytes(raw)
        with suppress(SeedError):
            received(place / "sent.zip")
        for name in ("manifest.json", SUMS):
            (place / name).write_bytes(raw)
            with suppress(SeedError):
                received(place)

    fuzz(damaged_zip(sound) | damaged(listed), read, tmp_path / "fuzz")
