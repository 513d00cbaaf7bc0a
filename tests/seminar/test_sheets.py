"""Sheets out and back: what is in them, and what students do to them."""

import io
import zipfile

import pandas as pd
import pytest
from openpyxl import load_workbook

from axislib import SeedError, open_seed
from axislib.files import guard, unguard
from axislib.seminar.sheets import (
    VARIABLES,
    file_name,
    read_sheets,
    share_out,
    units_of,
    words_of,
    write_sheets,
)

FORMULA = '=HYPERLINK("http://example.org","click")'


def words_said(returned):
    return "\n".join(map(str, returned.notices))


def test_a_workbook_has_drop_downs_and_the_codebook_as_second_tab(seed, sheets):
    book = load_workbook(sheets("anna", variables=VARIABLES) / "sheet-anna.xlsx")
    page, codebook = book.worksheets
    assert book.sheetnames == ["coding", "codebook"]
    lists = {}
    for choice in page.data_validations.dataValidation:
        low, high = choice.formula1.replace("codebook!", "").replace("$B$", "").split(":")
        for cells in choice.sqref.ranges:
            for row in range(cells.min_row, cells.max_row + 1):
                lists[row] = [codebook.cell(n, 2).value for n in range(int(low), int(high) + 1)]
    for row in range(2, page.max_row + 1):
        assert lists[row] == list(words_of(seed, page.cell(row, 2).value)), row
        assert not page.cell(row, 6).protection.locked and page.cell(row, 1).protection.locked


def test_a_level_sheet_does_not_give_the_answer_away(seed):
    units = units_of(seed, ["level"])
    assert len(units) == len(seed.dimensions) * 3 and (units["where"] == "").all()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_filled_in_comes_back(seed, sheets, fill, form):
    folder = sheets("Zo\u00eb", variables=("level", "modality", "role", "rating"))
    path = fill(folder / f"sheet-Zoe.{form}")
    returned = read_sheets([path], seed)
    assert returned.notices == [] and returned.coders == ["Zo\u00eb"]
    assert (returned.codes["code"] == returned.codes["written"]).all() and len(returned.codes) == 48


def test_choices_narrow_the_sheet(seed):
    units = units_of(seed, ["modality"], sentences=["P14"])
    assert units["where"].str.contains("P14").all() and len(units) > 3
    assert units_of(seed, ["rating"], hypotheses=["hyp_axis"])["unit"].str.startswith("con_").all()
    assert units_of(seed, ["level"], dimensions=["lend_lease_programme"])["unit"].tolist() == [
        f"lend_lease_programme:{c}" for c in ("historic_axis", "wwii_allies", "modern_alignment")
    ]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"sentences": ["P99"]}, "'P99' is not in data set"),
        ({"sentences": ["here"]}, "P14-P16"),
        ({"dimensions": ["lend"]}, "dimensions: 'lend' is not known to data set"),
        ({"hypotheses": ["x"]}, "hypotheses: 'x'"),
    ],
)
def test_wrong_choices_are_named(seed, chosen, words):
    with pytest.raises(SeedError, match=words):
        units_of(seed, ["rating"], **chosen)


def test_each_group_gets_its_own(seed):
    assert len({str(share) for share in share_out(seed, "actors", 4)}) == 4
    assert share_out(seed, "hypotheses", 4)[3] == share_out(seed, "hypotheses", 4)[0]


def test_names_of_files_keep_the_letters_of_every_script():
    taken = set()
    names = ["\u0141ukasz", "\u041c\u0430\u0440\u0438\u044f", "Zo\u00eb", "zoe", "\ud55c", "?"]
    assert [file_name(name, taken) for name in names] == [
        *names[:2],
        "Zoe",
        "zoe-2",
        "\ud55c",
        "coder",
    ]


def test_two_coders_with_one_name_are_refused_when_written(seed, tmp_path):
    with pytest.raises(SeedError, match="two coders are called anna"):
        write_sheets(seed, ["anna", "anna"], ["modality"], tmp_path)
    assert not list(tmp_path.iterdir())


# --- what comes back is never quite what went out
# --------------------------------------------------------------


def test_missing_codes_are_said_and_do_not_count(seed, sheets, fill):
    folder = sheets("anna")
    path = fill(folder / "sheet-anna.csv")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, "code"] = ""
    frame.to_csv(path, index=False)
    returned = read_sheets([path], seed)
    assert f"sheet-anna.csv, row 2, column code: no code for {frame.loc[0, 'unit']}" in words_said(
        returned
    )
    assert returned.codes.iloc[0]["code"] == "" and len(returned.codes) == len(frame)


def test_misspelt_codes_are_named_and_kept(seed, sheets, fill):
    folder = sheets("anna", variables=["modality"])
    unit = pd.read_csv(folder / "sheet-anna.csv", encoding="utf-8-sig")["unit"][0]
    returned = read_sheets(
        [fill(folder / "sheet-anna.csv", {(unit, "modality"): ("assertd", "sure")})], seed
    )
    assert (
        "row 2, column code: 'assertd' is not a code for modality; it does not count; did you mean"
        " asserted?" in words_said(returned)
    )
    row = returned.codes.iloc[0]
    assert (row["code"], row["written"], row["memo"]) == ("", "assertd", "sure")


def test_capitals_and_blanks_are_no_mistake(seed, sheets, fill):
    folder = sheets("anna", variables=["polarity"])
    unit = pd.read_csv(folder / "sheet-anna.csv", encoding="utf-8-sig")["unit"][0]
    returned = read_sheets(
        [fill(folder / "sheet-anna.csv", {(unit, "polarity"): (" Left Open ", "")})], seed
    )
    assert returned.notices == [] and returned.codes.iloc[0]["code"] == "left_open"


def test_an_extra_column_is_kept_in_the_memo(seed, sheets, fill):
    path = fill(sheets("anna") / "sheet-anna.csv")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False).assign(Comments="")
    frame.loc[0, ["memo", "Comments"]] = ["sure", "but why?"]
    frame.to_csv(path, index=False)
    returned = read_sheets([path], seed)
    assert "column Comments: is not a column of a coding sheet" in words_said(returned)
    assert returned.codes.iloc[0]["memo"] == "sure; Comments: but why?"


def test_a_renamed_file_is_still_its_coders(seed, sheets, fill):
    path = fill(sheets("anna") / "sheet-anna.xlsx")
    other = path.rename(path.with_name("Copy of final FINAL (3).xlsx"))
    assert read_sheets([other], seed).coders == ["anna"]


def test_two_students_with_one_name_are_kept_apart(seed, sheets, fill, tmp_path):
    folder = sheets("anna")
    one = fill(folder / "sheet-anna.csv")
    other = folder / "sheet-anna-from-ben.csv"
    other.write_bytes(
        one.read_bytes().replace(b"asserted", b"hedged", 1)
        if one.read_bytes().count(b"asserted")
        else one.read_bytes()
    )
    returned = read_sheets([one, other], seed)
    assert returned.coders == ["anna (sheet-anna)", "anna (sheet-anna-from-ben)"]
    assert "column coder: 'anna' is the name in more than one sheet" in words_said(returned)
    assert len(returned.codes) == 2 * len(read_sheets([one], seed).codes)


def test_a_sheet_handed_in_twice_counts_once(seed, sheets, fill):
    folder = sheets("anna")
    one, other = fill(folder / "sheet-anna.csv"), fill(folder / "sheet-anna.xlsx")
    returned = read_sheets([one, other], seed)
    assert returned.coders == ["anna"] and "counted once" in words_said(returned)


def test_a_row_twice_counts_only_where_it_says_the_same(seed, sheets, fill):
    path = fill(sheets("anna", variables=["modality"]) / "sheet-anna.csv")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    again = frame.iloc[[0, 1]].assign(
        code=["disputed" if frame["code"][0] != "disputed" else "hedged", frame["code"][1]]
    )
    pd.concat([frame, again]).to_csv(path, index=False)
    returned = read_sheets([path], seed)
    assert f"row {len(frame) + 2}, column code:" in words_said(
        returned
    ) and "neither counts" in words_said(returned)
    assert returned.codes["code"].tolist()[:2] == ["", frame["code"][1]] and len(
        returned.codes
    ) == len(frame)


def test_a_name_wiped_out_is_taken_from_the_file(seed, sheets, fill):
    path = fill(sheets("anna") / "sheet-anna.csv")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False).assign(coder="")
    frame.to_csv(path, index=False)
    returned = read_sheets([path], seed)
    assert returned.coders == ["sheet-anna"] and "whose sheet it is" in words_said(returned)


def test_what_excel_does_to_a_csv(seed, sheets, fill):
    path = fill(sheets("Ren\u00e9") / "sheet-Rene.csv")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    path.write_bytes(
        frame.to_csv(index=False, sep=";", lineterminator="\r\n").encode("cp1252", "replace")
    )
    returned = read_sheets([path], seed)
    assert (
        returned.coders == ["Ren\u00e9"]
        and returned.notices == []
        and len(returned.codes) == len(frame)
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"a,b\n1,2\n", "no column unit, variable, code"),
        (b"Unit,Variable,cod\n1,2,3\n", "did you mean to call 'cod' code"),
        (b"PK\x03\x04 broken", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", "old Excel file"),
        (b"unit,variable,code,code\n1,2,3,4\n", "two columns are called code"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(seed, tmp_path, content, words):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(SeedError, match=words):
        read_sheets([tmp_path / "x.csv"], seed)


def test_missing_files_and_foreign_sheets_are_refused(seed, sheets, tmp_path):
    with pytest.raises(SeedError, match="there is no such file"):
        read_sheets([tmp_path / "nowhere.xlsx"], seed)
    path = sheets("anna") / "sheet-anna.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("kragh-holy-war", "another"), encoding="utf-8"
    )
    with pytest.raises(SeedError, match="is a sheet of another, not of kragh-holy-war"):
        read_sheets([path], seed)


def test_a_zip_that_is_no_workbook(seed, tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    (tmp_path / "x.xlsx").write_bytes(buffer.getvalue())
    with pytest.raises(SeedError, match="not an Excel workbook"):
        read_sheets([tmp_path / "x.xlsx"], seed)


# --- formulas stay text
# ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", [FORMULA, "+1", "-1", "@x", "\t=1", " =1", "\uff1d1", "'=1", "'tis", "plain", ""]
)
def test_guarding_is_undone(cell):
    assert unguard(guard(cell)) == cell and not guard(cell).lstrip().startswith(
        ("=", "+", "-", "@", "\uff1d")
    )


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_formula_in_a_memo_stays_text_everywhere(seed, sheets, fill, tmp_path, form):
    from click.testing import CliRunner

    from axislib.cli.seminar import agree

    folder = sheets("anna", FORMULA, variables=["modality"])
    unit = pd.read_csv(folder / "sheet-anna.csv", encoding="utf-8-sig")["unit"][0]
    ours = seed.row(unit)["modality"]
    other = "disputed" if ours != "disputed" else "hedged"
    paths = [
        fill(folder / f"sheet-anna.{form}"),
        fill(
            folder / f"sheet-HYPERLINK-http-example-org-click.{form}",
            {(unit, "modality"): (other, FORMULA)},
        ),
    ]
    returned = read_sheets(paths, seed)
    assert FORMULA in set(returned.codes["memo"]) and FORMULA in returned.coders
    result = CliRunner().invoke(
        agree,
        [
            *map(str, paths),
            "--out",
            str(tmp_path / "out"),
            "--adjudicate",
            str(tmp_path / "jury.csv"),
        ],
    )
    assert result.exit_code == 0, result.output
    for path in [*(tmp_path / "out").glob("*.csv"), tmp_path / "jury.csv"]:
        cells = pd.read_csv(path, header=None, dtype=str, keep_default_na=False)
        assert not cells.map(lambda cell: cell.startswith(("=", "+", "@", "\t"))).any().any(), (
            path.name
        )
    page = (tmp_path / "out" / "disagreements.html").read_text(encoding="utf-8")
    # the heat map's own part of the page: its data, in which a tag would be seen
    assert "HYPERLINK" in page and "<a href" not in page.split("Plotly.newPlot(")[-1]


def test_a_formula_in_a_workbook_we_write_is_text(seed, tmp_path):
    write_sheets(seed, [FORMULA], ["modality"], tmp_path, most=3)
    (path,) = tmp_path.glob("*.xlsx")
    cells = [
        cell
        for page in load_workbook(path)
        for row in page
        for cell in row
        if cell.value == FORMULA
    ]
    assert cells and all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_sentences_stand_in_sheets_only_where_the_text_is_at_hand(seed, sheets, article, tmp_path):
    with_text = pd.read_csv(
        sheets("anna") / "sheet-anna.csv", encoding="utf-8-sig", keep_default_na=False
    )
    assert (with_text["sentence"].str.len() > 10).all()
    write_sheets(open_seed(), ["ben"], ["modality"], tmp_path, with_text=False)
    assert (
        pd.read_csv(tmp_path / "sheet-ben.csv", encoding="utf-8-sig", keep_default_na=False)[
            "sentence"
        ]
        == ""
    ).all()


def test_the_sheets_say_of_which_seed_they_are(tmp_path, monkeypatch):
    import shutil
    from pathlib import Path

    from click.testing import CliRunner

    from axislib.cli.main import main

    fictional = Path(__file__).parent.parent / "fictional" / "harbour-league"
    shutil.copytree(fictional, tmp_path / "seeds" / "harbour-league")
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    said = run.invoke(
        main,
        [
            "sheet",
            "--seed",
            "harbour-league",
            "--for",
            "anna",
            "--for",
            "ben",
            "--code",
            "modality",
            "--form",
            "csv",
        ],
    )
    call = said.output.strip().splitlines()[-1].split("axislib ", 1)[1].split()
    assert call[:3] == ["agree", "--seed", "harbour-league"]
    assert run.invoke(main, call).exit_code == 0
    assert run.invoke(main, ["agree", *call[3:]]).exit_code == 0  # the sheets name it too
    run.invoke(main, ["sheet", "--for", "cleo", "--code", "modality", "--form", "csv"])
    assert (
        "these sheets are of several seeds"
        in run.invoke(main, ["agree", *call[3:], "sheets/sheet-cleo.csv"]).output
    )
    cleo = Path("sheets/sheet-cleo.csv")
    cleo.write_text(
        cleo.read_text(encoding="utf-8").replace(",kragh-holy-war", ",//host/share"),
        encoding="utf-8",
    )
    assert (
        "'//host/share' cannot be the name of a data set"
        in run.invoke(main, ["agree", "sheets/sheet-cleo.csv"]).output
    )


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_sheet_that_is_filled_in_is_never_written_over(seed, tmp_path, fill, form):
    def write(*coders):
        return write_sheets(seed, coders, ["modality"], tmp_path, (form,))

    write("ada")
    write("ada")  # still empty: made anew
    filled = fill(tmp_path / f"sheet-ada.{form}")
    before = filled.read_bytes()
    with pytest.raises(
        SeedError,
        match=rf"sheet-ada.{form} is there already and holds \d+ codes that would be lost",
    ):
        write("ben", "ada")
    assert filled.read_bytes() == before and not (tmp_path / f"sheet-ben.{form}").exists()


def test_an_actor_may_be_named_as_a_reader_would(seed, sheets, fill):
    folder = sheets("anna", variables=["speaker"])
    frame = pd.read_csv(folder / "sheet-anna.csv", encoding="utf-8-sig", dtype=str)
    name = seed.row("kragh")["name"]
    changes = {(unit, "speaker"): (name, "") for unit in frame["unit"][:3]} | {
        (unit, "speaker"): ("Nobody", "") for unit in frame["unit"][3:7]
    }
    returned = read_sheets([fill(folder / "sheet-anna.csv", changes)], seed)
    assert returned.codes["code"][:3].tolist() == ["kragh"] * 3
    said = words_said(returned).splitlines()
    assert (
        sum(f"'{name}'" in line for line in said) == 1
        and f"'{name}' is the name of kragh (and in 2 more rows); read as kragh" in said[0]
    )
    assert sum("'Nobody'" in line for line in said) == 1
