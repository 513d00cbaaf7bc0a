"""What is sent is what was written: hashes of a data set's tables, of a report and of a batch."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from frictionless import Package

from axislib import SeedError
from axislib.cli.main import main
from axislib.files import SUMS, sha256, write_sums
from axislib.report.build import write_site
from axislib.seed.opening import find_seed, read_metadata
from axislib.seed.package import export_zip, hashes_kept, hashes_of_tables, is_current, received


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def add_row(folder, table="frames", row="fr_new,P01.S1,stated,new,a new one"):
    path = folder / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")


FICTIONAL = Path(__file__).parents[1] / "fictional" / "harbour-league"


@pytest.mark.parametrize("name", ["kragh-holy-war", "context", FICTIONAL])
def test_every_table_of_a_data_set_has_its_size_and_its_hash(name):
    folder = find_seed(name)
    assert hashes_kept(folder) == hashes_of_tables(folder), f"axislib check --fix {name}"
    for resource in read_metadata(folder)["resources"]:
        raw = (folder / resource["path"]).read_bytes()
        assert (resource["hash"], resource["bytes"]) == (f"sha256:{sha256(raw)}", len(raw))


def test_an_exported_package_is_whole_for_us_and_for_frictionless(seed, tmp_path):
    path = export_zip(seed, tmp_path / "sent.zip")
    assert received(path) == (17, [])
    with zipfile.ZipFile(path) as bundle:
        bundle.extractall(tmp_path)
    folder = tmp_path / seed.name
    assert Package(str(folder / "datapackage.json")).validate().valid
    (folder / "events.csv").write_text("id\nx\n", encoding="utf-8")
    errors = Package(str(folder / "datapackage.json")).validate().flatten(["type"])
    assert {("hash-count",), ("byte-count",)} & {tuple(each) for each in errors}
    assert received(folder) == (17, ["changed: events.csv"])


def test_a_changed_table_is_said_and_stops_nobody(copy):
    add_row(copy)
    said = run("check", copy)
    words = "changed since their hashes were written into datapackage.json: frames.csv; if that"
    assert said.exit_code == 0 and words in said.stderr and "check --fix" in said.stderr
    assert is_current(copy), "the schema has not changed"
    run("check", "--fix", copy)
    assert "changed since" not in run("check", copy).stderr and received(copy) == (17, [])


def test_a_package_without_hashes_gets_them(copy):
    metadata = read_metadata(copy)
    for resource in metadata["resources"]:
        del resource["hash"], resource["bytes"]
    (copy / "datapackage.json").write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")
    said = run("check", copy)
    assert said.exit_code == 0 and "actors.csv, arguments.csv" in said.stderr
    assert run("check", "--fix", copy).exit_code == 0 and received(copy) == (17, [])


@pytest.mark.parametrize("listed", ["[]", '{"name": "x", "resources": [1, {"path": "x"}]}'])
def test_a_package_of_another_form_is_no_traceback(copy, listed):
    (copy / "datapackage.json").write_text(listed, encoding="utf-8")
    said = run("check", copy)
    assert said.exit_code == 1 and isinstance(said.exception, SystemExit)
    assert "datapackage.json" in said.output


@pytest.fixture
def report(seed, tmp_path):
    return write_site([], seed, tmp_path / "report", with_text=False).parent


def test_a_report_is_as_it_was_written(report, tmp_path):
    count, differences = received(report)
    assert differences == [] and count == len(list(report.rglob("*.*"))) - 1  # but the marker
    (report / ".DS_Store").write_text("a Mac was here")
    assert run("verify", report).output == f"report: all {count} files match their hashes\n"
    packed = shutil.make_archive(str(tmp_path / "sent"), "zip", tmp_path, "report")
    assert run("verify", packed).exit_code == 0


def test_what_was_done_to_a_report_is_named(report):
    page = report / "tables.html"
    page.write_text(page.read_text(encoding="utf-8").replace("Iran", "Iraq"), encoding="utf-8")
    (report / "codebook.html").unlink()
    (report / "assets" / "more.js").write_text("x()", encoding="utf-8")
    said = run("verify", report)
    assert said.exit_code == 1
    for line in ("changed: tables.html", "missing: codebook.html", "extra: assets/more.js"):
        assert f"report/{line}" in said.stderr
    assert "3 of its files differ" in said.stderr


def test_a_batch_without_sums_is_held_against_its_manifest(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}", encoding="utf-8")
    rows = [
        {"output": "a.ipynb", "output_sha256": sha256("{}")},
        {"output": "b.ipynb", "output_sha256": sha256("{}")},
        {"output": "c.ipynb", "output_sha256": ""},
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"rows": rows}), encoding="utf-8")
    assert received(tmp_path) == (2, ["missing: b.ipynb"])
    (tmp_path / "manifest.json").write_text('{"rows": 1}', encoding="utf-8")
    with pytest.raises(SeedError, match="not a batch's manifest"):
        received(tmp_path)


def test_a_name_in_a_list_of_hashes_leads_nowhere_else(tmp_path):
    (tmp_path / "outside").write_text("x")
    folder = tmp_path / "sent"
    folder.mkdir()
    lines = [f"{sha256('x')}  ../outside", f"{sha256('x')} *{tmp_path}/outside", "no hash"]
    (folder / SUMS).write_text("\n".join(lines), encoding="utf-8")
    count, differences = received(folder)
    assert count == 2 and all(line.startswith("missing: ") for line in differences)
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as bundle:
        bundle.writestr("../../planted", "x")
        bundle.writestr(SUMS, lines[0])
    received(tmp_path / "evil.zip")
    assert not list(tmp_path.parent.rglob("planted"))


def test_what_holds_no_hashes_is_refused_in_words(tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    for place in (tmp_path, tmp_path / "nowhere", tmp_path / "thesis.txt"):
        said = run("verify", place)
        assert said.exit_code == 1 and "no report, batch or data set" in said.stderr


def test_sums_are_those_of_the_usual_program(tmp_path):
    (tmp_path / "a b.csv").write_text("x")
    write_sums(tmp_path)
    assert (tmp_path / SUMS).read_text() == f"{sha256('x')}  a b.csv\n"
    assert received(tmp_path) == (1, [])
