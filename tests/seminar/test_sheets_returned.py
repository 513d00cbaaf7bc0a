"""Agreement counts people: whose files are whose, what is passed over, and what a jury decided."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from axislib import SeedError
from axislib.cli.main import main
from axislib.figures.disagreement import disagreement
from axislib.seed.variants import read_coding
from axislib.seminar.agreement import adjudication_table, agree, write_adjudication
from axislib.seminar.quiz import write_quiz
from axislib.seminar.sheets import own_codes, read_sheets, units_of, write_sheets

MARK = b"\xef\xbb\xbf"


@pytest.fixture
def write(seed, tmp_path):
    """``write(file, coder, codes)`` writes a sheet of modality with these codes, in order; a code
    may come with a memo, and more columns as keywords."""
    units = units_of(seed, ["modality"], most=12)["unit"].tolist()

    def written(file, coder, codes, **columns):
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        cells = [code if isinstance(code, tuple) else (code, "") for code in codes]
        pd.DataFrame(
            {
                "unit": units[: len(cells)],
                "variable": "modality",
                "code": [code for code, _ in cells],
                "memo": [memo for _, memo in cells],
                "coder": coder,
                "seed": seed.name,
            }
            | columns
        ).to_csv(path, index=False)
        return path

    return written


def alpha_of(returned, seed):
    return agree(returned.codes, seed, draws=50)["alpha"].iloc[0]


def notices_of(returned):
    return "\n".join(map(str, returned.notices))


CODES = ["asserted", "hedged", "reported", "asserted", "hedged", "asserted"]
BEN = ["asserted", "hedged", "asserted", "asserted", "reported", "asserted"]
RUN = "from axislib.cli.main import main; main()"


# --- files of one coder are one coder


def test_a_workbook_and_a_csv_of_one_coder_are_one_coder(seed, tmp_path, write, fill):
    """A coder who began in the CSV and went on in the workbook, as `axislib sheet` writes both."""
    write_sheets(seed, ["carla"], ["modality"], tmp_path, most=12)
    workbook, units = tmp_path / "sheet-carla.xlsx", units_of(seed, ["modality"], most=12)["unit"]
    fill(workbook)
    begun = [own_codes(seed, [(unit, "modality")])[0] for unit in units[:5]]
    write("sheet-carla.csv", "carla", begun)
    both = read_sheets([tmp_path / "sheet-carla.csv", workbook], seed)
    assert both.coders == ["carla"] and len(both.codes) == 12
    assert both.codes["code"].tolist() == [
        own_codes(seed, [(unit, "modality")])[0] for unit in units
    ]
    assert "'carla' is also the coder of sheet-carla.csv" in notices_of(both)
    assert "no code for" not in notices_of(both)
    assert agree(both.codes, seed)["why"].tolist() == [
        "undefined: fewer than two coders gave codes"
    ]
    table = adjudication_table(both.codes)
    assert set(table["agreed"]) == {"one_coder"} and set(table["value"]) == {""}
    ben = write("sheet-ben.csv", "ben", ["hedged", *begun[1:]])
    alone = alpha_of(read_sheets([workbook, ben], seed), seed)
    three = read_sheets([tmp_path / "sheet-carla.csv", workbook, ben], seed)
    assert three.coders == ["carla", "ben"] and alpha_of(three, seed) == alone


def test_an_untouched_file_beside_a_filled_one_says_one_thing(seed, write):
    full, empty = write("sheet-anna.csv", "anna", CODES), write("x.csv", "anna", [""] * 6)
    for order in ([full, empty], [empty, full]):
        returned = read_sheets(order, seed)
        assert returned.coders == ["anna"] and returned.codes["code"].tolist() == CODES
        assert len(returned.notices) == 1 and "counted once" in notices_of(returned)


def test_what_a_coders_two_files_contradict_counts_for_neither(seed, write):
    one = write("sheet-anna.csv", "anna", CODES)
    other = one.rename(one.with_suffix(".tsv"))
    one = write("sheet-anna.csv", "anna", ["disputed", *CODES[1:]])
    returned = read_sheets([one, other], seed)
    assert returned.coders == ["anna"]
    assert returned.codes["code"].tolist() == ["", *CODES[1:]]
    words = (
        "row 2, column code: 'asserted' appears in row 2 of sheet-anna.csv as 'disputed' already"
    )
    assert words in notices_of(returned) and "neither counts" in notices_of(returned)


def test_namesakes_in_files_of_one_name_have_labels_of_their_own(seed, write):
    """As the course's two groups hand them in, each in its folder."""
    paths = [
        write("one/sheet-anna.csv", "anna", CODES),
        write("two/sheet-anna.csv", "anna", BEN),
        write("sheet-ben.csv", "ben", BEN),
    ]
    returned = read_sheets(paths, seed)
    assert len(returned.coders) == 3 and len(returned.codes) == 18
    assert returned.coders == ["anna (one/sheet-anna.csv)", "anna (two/sheet-anna.csv)", "ben"]
    pair = agree(returned.codes, seed).set_index("coders")["alpha"]
    expected = alpha_of(read_sheets([paths[0], paths[2]], seed), seed)
    assert pair[f"{returned.coders[0]} + ben"] == expected


def test_a_name_wiped_out_of_one_of_a_coders_two_files(seed, write):
    for names in (("anna", ""), ("", "anna"), ("", "")):
        one = write("sheet-anna.csv", names[0], CODES[:4])
        other = one.rename(one.with_suffix(".tsv"))
        one = write("sheet-anna.csv", names[1], CODES)
        returned = read_sheets([other, one], seed)
        assert returned.coders == ["anna" if any(names) else "sheet-anna"]
        assert returned.codes["code"].tolist() == CODES


def test_a_label_is_never_somebody_elses_name(seed, write):
    returned = read_sheets(
        [
            write("sheet-a.csv", "anna", CODES),
            write("sheet-b.csv", "anna", BEN),
            write("c.csv", "anna (sheet-a)", CODES[::-1]),
            write("d.csv", "", CODES),
            write("e.csv", "d", BEN),
        ],
        seed,
    )
    assert len(returned.coders) == 5 and len(returned.codes) == 5 * 6
    assert returned.codes.groupby("coder", sort=False)["code"].agg(list).tolist() == [
        CODES,
        BEN,
        CODES[::-1],
        CODES,
        BEN,
    ]


def test_parts_of_one_persons_work_are_joined_and_said(seed, write):
    first = write("part-1.csv", "anna", CODES[:3])
    units = units_of(seed, ["modality"], most=12)["unit"].tolist()[3:6]
    second = write("part-2.csv", "anna", CODES[3:], unit=units)
    returned = read_sheets([first, second], seed)
    assert returned.coders == ["anna"] and returned.codes["code"].tolist() == CODES
    assert "count as one coder" in notices_of(returned)


def test_agreed_needs_two_coders(seed, write):
    codes = read_sheets([write("a.csv", "anna", CODES), write("b.csv", "ben", BEN)], seed).codes
    assert adjudication_table(codes)["agreed"].tolist().count("yes") == 4
    twice = pd.concat([codes[codes["coder"] == "anna"]] * 2)
    assert set(adjudication_table(twice)["agreed"]) == {"one_coder"}


# --- what is no sheet


def test_a_folder_means_the_sheets_in_it(seed, tmp_path, monkeypatch):
    """With all that lies beside them: the codebook, lock files, a Mac's, a quiz, a text."""
    monkeypatch.chdir(tmp_path)
    write_sheets(seed, ["anna", "ben"], ["modality"], tmp_path / "sheets", most=5)
    folder = tmp_path / "sheets"
    write_quiz(seed, ["anna"], folder, forms=("csv",))
    for name in ("~$sheet-anna.xlsx", "._sheet-anna.xlsx", ".~lock.sheet-ben.csv#"):
        (folder / name).write_bytes(b"\x00\x05\x16\x07")
    (folder / "notes.docx").write_bytes(b"PK\x03\x04")
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "older").mkdir()
    passed = [
        "codebook.csv: the codebook",
        "~$sheet-anna.xlsx: a program's own file",
        "._sheet-anna.xlsx: a program's own file",
        ".~lock.sheet-ben.csv#: a program's own file",
        "notes.docx: no spreadsheet",
        "empty.xlsx: the file is empty",
        "quiz-anna.csv: a quiz",
        "quiz-key.csv: is not a coding sheet",
    ]
    for given in ([folder], sorted(folder.iterdir()), [str(folder / "*"), folder]):
        returned = read_sheets(given, seed)
        assert returned.coders == ["anna", "ben"] and len(returned.codes) == 10
        notices = [str(notice) for notice in returned.notices if notice.remedy == "passed over"]
        assert len(notices) == 8
        for words in passed:
            assert any(notice.startswith(words) for notice in notices), words
    result = CliRunner().invoke(main, ["agree", "sheets"])
    assert result.exit_code == 0 and "2 coders: anna, ben" in result.output


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no sheet was given"),
        (
            {"quiz": b"unit,variable,choices,code\nq1,who,a / b,a\n"},
            "is not a coding|a quiz.*quiz-key",
        ),
        (
            {"a": b"x,y\n1,2\n", "b": b""},
            "none of these 2 files is a coding sheet:\n  a.csv: is not",
        ),
    ],
)
def test_a_folder_without_sheets_says_why(seed, tmp_path, files, words):
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_bytes(content)
    with pytest.raises(SeedError, match=words):
        read_sheets([tmp_path], seed)


def test_agree_on_a_quiz_says_what_to_do(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = write_quiz(seed, ["anna", "ben"], tmp_path)
    for path in paths[:-1]:
        result = CliRunner().invoke(main, ["agree", str(path)])
        assert result.exit_code == 1 and "Traceback" not in result.output
        assert "a quiz, which has right answers" in result.output
        assert "column answer of quiz-key.csv" in result.output
        assert "--seed" not in result.output


# --- one mistyped unit


def test_a_mistyped_unit_costs_one_row(seed, write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    units = units_of(seed, ["modality"], most=12)["unit"].tolist()[:6]
    anna = write("sheet-anna.csv", "anna", CODES)
    ben = write("sheet-ben.csv", "ben", BEN, unit=[f"{units[0]}s", *units[1:]])
    returned = read_sheets([anna, ben], seed)
    said = notices_of(returned)
    assert f"'{units[0]}s' is not in data set {seed.name}; the row does not count" in said
    assert f"did you mean {units[0]}?" in said
    assert f"ben has no row for 1 unit that others have ({units[0]})" in said
    assert "anna has no row" not in said
    assert set(returned.codes["unit"]) == set(units) and len(returned.codes) == 11
    assert (
        disagreement(seed, returned.codes, "modality").layout.meta["name"]
        == "disagreement-modality"
    )
    result = CliRunner().invoke(main, ["agree", str(anna), str(ben)])
    assert result.exit_code == 0 and "5 units, nominal" in result.output
    assert (tmp_path / "agreement" / "disagreements.html").exists()


# --- results


def test_results_are_written_before_they_are_told(seed, write, tmp_path):
    """A screen that cannot show a name costs no result."""
    import os
    import subprocess
    import sys

    paths = [
        write("a.csv", "\u0141ukasz", CODES),
        write("b.csv", "\u041c\u0430\u0440\u0438\u044f", BEN),
    ]
    jury = tmp_path / "jury.csv"
    subprocess.run(
        [sys.executable, "-c", RUN, "agree", *map(str, paths), "--adjudicate", jury],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
    )
    for path in (tmp_path / "agreement" / "agreement.csv", jury):
        assert "\u0141ukasz" in path.read_text(encoding="utf-8-sig")
    assert (tmp_path / "agreement" / "disagreements.html").exists()


def test_what_people_open_in_excel_bears_its_mark(seed, write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = [write("a.csv", "Zo\u00eb", CODES), write("b.csv", "ben", BEN)]
    result = CliRunner().invoke(main, ["agree", *map(str, paths), "--adjudicate", "jury.csv"])
    assert result.exit_code == 0, result.output
    for name in ("agreement/agreement.csv", "agreement/disagreements.csv", "jury.csv"):
        raw = (tmp_path / name).read_bytes()
        assert raw.startswith(MARK) and raw.count(MARK) == 1
    assert "Zo\u00eb: code" in pd.read_csv(tmp_path / "agreement" / "disagreements.csv").columns


# --- the jury's file


@pytest.fixture
def jury(seed, write, tmp_path):
    """The jury's file of two coders, with the codes it is made from."""
    codes = read_sheets(
        [write("a.csv", "-anna", [("asserted", "=1+1"), *CODES[1:]]), write("b.csv", "ben", BEN)],
        seed,
    ).codes
    path = tmp_path / "jury.csv"
    write_adjudication(codes, path)
    return path, codes


def decided_in(path, codes, save):
    """The table written again after a jury decided the open rows and saved its file so."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    frame.loc[frame["value"] == "", "value"] = "disputed"
    save(frame.assign(remark="- as we said"), path)
    return write_adjudication(codes, path)


@pytest.mark.parametrize(
    "save",
    [
        lambda frame, path: frame.to_csv(path, index=False),
        lambda frame, path: frame.to_csv(path, index=False, encoding="utf-8-sig"),
        lambda frame, path: frame.to_csv(
            path, index=False, sep=";", encoding="cp1252", lineterminator="\r\n"
        ),
        lambda frame, path: frame[[*reversed(frame.columns)]].to_csv(path, index=False, sep="\t"),
    ],
    ids=["plain", "mark", "semicolons", "tabs and other order"],
)
def test_a_jurys_file_is_read_as_spreadsheets_save_it(jury, save):
    path, codes = jury
    table = decided_in(path, codes, save)
    assert table["value"].tolist().count("disputed") == 2 and (table["value"] != "").all()
    assert set(table["remark"]) == {"- as we said"}
    assert path.read_bytes().startswith(MARK) and len(read_coding(path)) == 6
    assert write_adjudication(codes, path).equals(table)


def test_a_memo_is_guarded_once_however_often_it_is_written(jury):
    path, codes = jury
    first = codes.iloc[0]
    decided_in(path, codes, lambda frame, path: frame.to_csv(path, index=False))
    before = path.read_bytes()
    for _ in range(3):  # no sheet holds its unit any more
        write_adjudication(codes[codes["unit"] != first["unit"]], path)
    assert path.read_bytes() == before and b"''" not in before
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert frame.set_index("fact").loc[first["unit"], "memos"] == "'-anna: =1+1"


def test_agreement_that_ends_is_no_decision(jury, seed, write):
    """What was filled in because two agreed is open again when a third differs."""
    path, codes = jury
    cem = read_sheets([write("c.csv", "cem", ["disputed"] * 6)], seed).codes
    table = write_adjudication(pd.concat([codes, cem]), path)
    assert set(table["agreed"]) == {"no"} and set(table["value"]) == {""}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "is a workbook; save it as CSV"),
        (b"a,b\n1,2\n", "columns a, b"),
        (b"", "none"),
    ],
)
def test_what_is_no_jurys_file_stays_as_it_is(jury, tmp_path, content, words):
    other = tmp_path / "other.csv"
    other.write_bytes(content)
    with pytest.raises(SeedError, match=words):
        write_adjudication(jury[1], other)
    assert other.read_bytes() == content


# --- workbooks as they come back


def test_a_workbook_with_tabs_in_another_order(seed, tmp_path, fill):
    write_sheets(seed, ["anna"], ["modality"], tmp_path, forms=("xlsx",), most=5)
    path = fill(tmp_path / "sheet-anna.xlsx")
    book = load_workbook(path)
    book.move_sheet("codebook", -1)
    book.save(path)
    returned = read_sheets([path], seed)
    assert returned.notices == [] and (returned.codes["code"] != "").all()


def test_alpha_is_the_right_one(seed, write):
    """By hand: 6 units, 4 alike; among 12 codes 7 asserted, 3 hedged, 2 reported."""
    returned = read_sheets([write("a.csv", "anna", CODES), write("b.csv", "ben", BEN)], seed)
    expected = 1 - (4 / 12) / ((7 * 5 + 3 * 9 + 2 * 10) / (12 * 11))
    assert np.isclose(alpha_of(returned, seed), expected)
