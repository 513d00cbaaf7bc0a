"""From sheets to a coding in force: the jury's file, levels, conclusions, heat map, quiz."""

import pandas as pd
import pytest

import axislib
from axislib import SeedError
from axislib.figures.disagreement import disagreement
from axislib.seed.variants import apply_coding, read_coding, set_level
from axislib.seminar.agreement import adjudication_table, write_adjudication
from axislib.seminar.classroom import coding_of, conclusions
from axislib.seminar.quiz import NOT_SAID, SAID, make_quiz, write_quiz
from axislib.seminar.sheets import own_codes, read_sheets
from axislib.tables.schema import LEVELS


@pytest.fixture
def returned(seed, sheets, fill):
    folder = sheets("anna", "ben", variables=["level", "modality"], most=30)
    units = (
        pd.read_csv(folder / "sheet-anna.csv", encoding="utf-8-sig")
        .query("variable == 'modality'")["unit"]
        .tolist()
    )
    changes = {
        (units[0], "modality"): ("disputed", "not so sure\nreally"),
        ("lend_lease_programme:modern_alignment", "level"): ("present", "P14.S3 shows it"),
    }
    return read_sheets(
        [fill(folder / "sheet-anna.xlsx"), fill(folder / "sheet-ben.csv", changes)], seed
    )


def changes(seed, coding):
    rows = coding.to_dict("records")
    return [
        row for row in rows if own_codes(seed, [(row["fact"], row["column"])])[0] != row["value"]
    ]


def test_the_jurys_file_is_sorted_plain_and_a_coding(returned, seed, tmp_path):
    table = write_adjudication(returned.codes, tmp_path / "jury.csv")
    lines = (tmp_path / "jury.csv").read_text(encoding="utf-8-sig").splitlines()
    assert (
        lines[0] == "fact,column,value,agreed,codes,memos,where"
        and len(lines) == len(table) + 1
        and lines[1:] == sorted(lines[1:])
    )
    assert (table["value"] == "").sum() == (table["agreed"] != "yes").sum() == 2
    assert read_coding(tmp_path / "jury.csv")["value"].ne("").all()
    # what is undecided leaves the project's coding in force: here nothing changes
    coding = read_coding(tmp_path / "jury.csv")
    assert not changes(seed, coding)


def test_a_decision_survives_writing_again(returned, tmp_path):
    path = tmp_path / "jury.csv"
    write_adjudication(returned.codes, path)
    before = path.read_text(encoding="utf-8")
    path.write_text(
        before.replace(
            "lend_lease_programme:modern_alignment,level,,no",
            "lend_lease_programme:modern_alignment,level,mixed,no",
        ),
        encoding="utf-8",
    )
    write_adjudication(returned.codes[returned.codes["variable"] == "modality"], path)
    assert "lend_lease_programme:modern_alignment,level,mixed,no" in path.read_text(
        encoding="utf-8"
    )
    (tmp_path / "other.csv").write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    with pytest.raises(SeedError, match="is not an adjudication file"):
        write_adjudication(returned.codes, tmp_path / "other.csv")


def test_two_juries_differ_in_the_line_that_differs(returned, tmp_path):
    one, other = (
        adjudication_table(returned.codes),
        adjudication_table(returned.codes.sample(frac=1, random_state=1)),
    )
    assert one.drop(columns="where").equals(other.drop(columns="where"))


def test_a_students_coding_is_in_force(returned, seed):
    coding = coding_of(returned.codes, "ben")
    other = apply_coding(seed, coding)
    changed = changes(seed, coding)
    assert sorted(row["value"] for row in changed) == ["disputed", "present"]
    for row in changed:
        assert own_codes(other, [(row["fact"], row["column"])])[0] == row["value"]
    added = other.cooperation[~other.cooperation["id"].isin(seed.cooperation["id"])]
    assert added["anchors"].tolist() == ["P14.S3"] and added["basis"].tolist() == ["coded_by_us"]


def test_every_level_can_be_set_and_charts_follow(seed):
    for level in LEVELS:
        for cell in (
            "lend_lease_programme:wwii_allies",
            "lend_lease_programme:modern_alignment",
            "troops_beside_partner:historic_axis",
        ):
            other = set_level(seed, cell, level)
            assert own_codes(other, [(cell, "level")])[0] == level, (cell, level)
            figure = axislib.comparison(other)
            assert all(other.row(one) for one in axislib.cited(figure))
    assert own_codes(seed, [("lend_lease_programme:modern_alignment", "level")])[0] == "not_stated"


def test_conclusions_say_whose_coding_changes_what(returned, seed):
    table = conclusions(seed, returned, "modern_alignment", "historic_axis").set_index("coding")
    assert table.loc["anna", "levels_changed"] == 0 and table.loc["ben", "levels_changed"] == 1
    assert table.loc["ben", "left_exceeds"] == table.loc["ours", "left_exceeds"] + 1


def test_a_sheet_itself_is_a_coding(seed, sheets, fill):
    path = fill(
        sheets("anna", variables=["level"]) / "sheet-anna.xlsx",
        {("lend_lease_programme:historic_axis", "level"): ("present", "")},
    )
    coding = read_coding(path)
    assert [row["fact"] for row in changes(seed, coding)] == ["lend_lease_programme:historic_axis"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            ("tr_prk_troops", "bound", "exactly"),
            "codings, row 2: recode tr_prk_troops: bound 'exactly' is not a word of bound",
        ),
        (("nobody", "bound", "exact"), "codings, row 2: 'nobody' is not an id"),
        (("x:y", "level", "present"), "names no form of cooperation and coalition"),
        (("lend_lease_programme:wwii_allies", "level", "much"), "level 'much'"),
    ],
)
def test_what_a_table_would_refuse_is_named(seed, row, words):
    with pytest.raises(SeedError, match=words):
        apply_coding(seed, pd.DataFrame([row], columns=["fact", "column", "value"]))


def test_a_coding_needs_its_columns(seed):
    with pytest.raises(SeedError, match="no column column, value"):
        apply_coding(seed, pd.DataFrame({"fact": ["x"]}))


@pytest.mark.parametrize("variable", ["level", "modality"])
def test_the_heat_map_cites(returned, seed, variable):
    figure = disagreement(seed, returned.codes, variable)
    ids = axislib.cited(figure)
    assert ids and all(seed.row(one) for one in ids)
    what = "12 judgements" if variable == "level" else "30 units (how it is put)"
    assert axislib.describe(figure).startswith(f"Anna and ben differ on 1 of {what}")
    said = "They agree on 29 of 30 units"
    said = (
        said
        if variable != "level"
        else "agree on the other 11. Left out: 18 more that neither coding finds stated."
    )
    assert said in figure.layout.title.subtitle.text
    units = next(trace for trace in figure.data if trace.name.startswith("rows"))
    assert len({mark[0] for mark in units.customdata}) == 1
    with pytest.raises(SeedError, match="nobody coded 'role'"):
        disagreement(seed, returned.codes, "role")


def test_a_quiz_has_a_key_with_locators(seed, tmp_path):
    quiz, key = make_quiz(seed, 20)
    assert quiz["unit"].tolist() == key["unit"].tolist() == [f"q{n}" for n in range(1, 21)]
    assert set(quiz["variable"]) == {"who", "how firmly", "at all", "either"}
    known = set(seed.sentences["locator"])
    for row, answer in zip(quiz.to_dict("records"), key.to_dict("records"), strict=True):
        choices = row["choices"].split(" / ")
        assert answer["answer"] in choices and len(choices) > 1
        assert not answer["also"] or row["variable"] != "either" or answer["also"] in choices
        assert answer["where"] and set(answer["where"].split(";")) <= known
    yes = key["answer"].eq(SAID).sum(), key["answer"].eq(NOT_SAID).sum()
    assert min(yes) > 0
    assert make_quiz(seed, 20)[0].equals(quiz) and not make_quiz(seed, 20, draw=2)[0].equals(quiz)
    paths = write_quiz(seed, ["anna"], tmp_path)
    assert [p.name for p in paths] == ["quiz-anna.xlsx", "quiz-anna.csv", "quiz-key.csv"]
    assert (
        "answer" not in (tmp_path / "quiz-anna.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    )
