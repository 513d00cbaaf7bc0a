"""Reading one table: what a spreadsheet may have done to it, and what types come out."""

import pandas as pd
import pytest

from axislib.errors import SeedError
from axislib.tables.schema import (
    fact_tables,
    fields_of,
    load_schema,
    long_form,
    read_cells,
    split_cell,
    type_cells,
    vocabulary,
)

DAMAGE = {
    "bom": (lambda raw: b"\xef\xbb\xbf" + raw, "byte-order mark"),
    "semicolons": (lambda raw: raw.replace(b",", b";"), "semicolons"),
    "tabs": (lambda raw: raw.replace(b",", b"\t"), "tabs"),
    "windows-1252": (
        lambda raw: raw.replace(b"Houthis", "Houthis \u2013".encode("cp1252"), 1),
        "not UTF-8",
    ),
    "empty": (lambda raw: b"", "empty"),
    "only blanks": (lambda raw: b" \n\n", "empty"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_read_cells_names_the_damage_and_the_mend(copy, kind):
    path = copy / "actors.csv"
    change, word = DAMAGE[kind]
    path.write_bytes(change(path.read_bytes()))
    before = path.read_bytes()
    with pytest.raises(SeedError) as error:
        read_cells(path)
    assert "actors.csv" in str(error.value) and word in str(error.value)
    assert path.read_bytes() == before


def test_read_cells_missing_file(tmp_path):
    with pytest.raises(SeedError, match=r"events\.csv: the file is missing"):
        read_cells(tmp_path / "events.csv")


def test_na_is_a_word_and_stays_one(tmp_path):
    (tmp_path / "frames.csv").write_text("id,name\nNA,null\n", encoding="utf-8")
    assert read_cells(tmp_path / "frames.csv").iloc[0].tolist() == ["NA", "null"]


def test_numbers_are_nullable_and_text_is_str(seed):
    assert str(seed.transfers["quantity"].dtype) == "Float64"
    assert str(seed.sentences["start"].dtype) == "Int64"
    assert str(seed.transfers["item"].dtype) == "str"
    assert seed.transfers["quantity"].isna().sum() == len(seed.transfers) - 1


def test_not_stated_stays_readable_in_text_columns(seed):
    assert (seed.memberships["since"] == "not_stated").any()


def test_type_cells_does_not_mutate():
    cells = pd.DataFrame({"quantity": ["8000", "not_stated", ""]})
    type_cells(cells, "transfers")
    assert cells["quantity"].tolist() == ["8000", "not_stated", ""]


def test_schema_is_complete():
    schema = load_schema()
    for name, table in schema["tables"].items():
        assert table["description"] and table["title"] and table["group"] in schema["groups"], name
        for field in table["fields"]:
            assert field["description"], (name, field["name"])
            if "vocabulary" in field:
                assert all(vocabulary(field["vocabulary"]).values())
    for name in fact_tables():
        assert {"statement", "speaker", "modality", "polarity", "hedge", "hedge_on"} <= {
            f["name"] for f in fields_of(name)
        }
    for name in set(schema["tables"]) - {"sentences", "actors"}:
        assert [f["name"] for f in fields_of(name)][:3] == ["id", "anchors", "basis"], name


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("a;b", ["a", "b"]),
        ("", []),
        ("not_stated", []),
        (" a ; b ", ["a", "b"]),
        (";", []),
        (None, []),
        (float("nan"), []),
    ],
)
def test_split_cell(cell, values):
    assert split_cell(cell) == values


def test_long_form_keeps_order_and_drops_silence():
    frame = pd.DataFrame({"id": ["x", "y", "z"], "anchors": ["P02.S1;P01.S1", "", "not_stated"]})
    assert long_form(frame, "anchors").to_dict("list") == {
        "id": ["x", "x"],
        "anchors": ["P02.S1", "P01.S1"],
    }
