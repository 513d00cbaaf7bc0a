"""The seed for other programs: same seed, same bytes; text stays text; an incomplete file is never
left."""

import io
import zipfile

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from axislib import SeedError
from axislib.cli.main import main
from axislib.files import write_whole
from axislib.seed.package import export_zip, fix, is_current, workbook
from axislib.tables.schema import codebook, load_schema


def test_zip_is_complete_and_repeatable(seed, tmp_path):
    one, two = export_zip(seed, tmp_path / "a.zip"), export_zip(seed, tmp_path / "b.zip")
    assert one.read_bytes() == two.read_bytes()
    names = zipfile.ZipFile(one).namelist()
    assert {f"kragh-holy-war/{name}.csv" for name in load_schema()["tables"]} | {
        "kragh-holy-war/datapackage.json",
        "kragh-holy-war/codebook.csv",
    } == set(names)


def test_formulas_stay_text(seed):
    evil = '=HYPERLINK("http://x","y")'
    book = workbook(seed.recode("tr_prk_troops", statement=evil))
    sheet = load_workbook(io.BytesIO(book))["transfers"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == evil]
    assert len(cells) == 1 and cells[0].data_type == "s"


def test_workbook_has_codebook_and_all_tables(seed):
    book = load_workbook(io.BytesIO(workbook(seed)))
    assert book.sheetnames == ["codebook", *seed.tables]
    assert book["transfers"].max_row == len(seed.transfers) + 1


def test_codebook_explains_every_column():
    table = codebook()
    assert (
        len(table) == sum(len(t["fields"]) for t in load_schema()["tables"].values())
        and (table["meaning"] != "").all()
    )


def test_datapackage_is_what_the_schema_says(seed, copy):
    assert is_current(seed.folder)
    (copy / "datapackage.json").write_text('{"name": "kragh-holy-war"}', encoding="utf-8")
    assert not is_current(copy)
    fix(copy)
    assert is_current(copy)


def test_write_whole_leaves_the_old_file_when_it_cannot(tmp_path):
    target = tmp_path / "file" / "below"
    (tmp_path / "file").write_text("old")
    with pytest.raises(SeedError, match="nothing was changed"):
        write_whole(target, "new")
    assert (tmp_path / "file").read_text() == "old" and [p.name for p in tmp_path.iterdir()] == [
        "file"
    ]


def test_export_command(tmp_path):
    result = CliRunner().invoke(main, ["export", "--zip", "--xlsx", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert {p.name for p in tmp_path.iterdir()} == {"kragh-holy-war.zip", "kragh-holy-war.xlsx"}
