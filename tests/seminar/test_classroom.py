"""The notebook's helpers, the form on screen, the handouts, the commands."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

import axislib
from axislib import SeedError
from axislib.batch import read_plan
from axislib.batch.runs import expand_plan
from axislib.cli.seminar import agree, sheet
from axislib.figures.disagreement import prepare
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import check
from axislib.questions.levels import compared_sides
from axislib.seed.variants import apply_coding
from axislib.seminar import classroom
from axislib.seminar.classroom import write_plan
from axislib.seminar.form import CodingForm, code_on_screen
from axislib.seminar.sheets import read_sheets
from axislib.words import in_text, number_word

COLUMNS = ["fact", "column", "value"]
FICTIONAL = Path(__file__).parent.parent / "fictional" / "harbour-league"


def asked(**given):
    return check("7-seminar", given)


@pytest.fixture(scope="module")
def fictional():
    return axislib.open_seed(FICTIONAL)


def test_the_coalitions_are_the_seeds_own(seed, fictional):
    assert compared_sides(seed) == ("modern_alignment", "historic_axis")
    assert compared_sides(fictional) == ("lighthouse_pact", "harbour_league")
    assert compared_sides(seed, right="wwii_allies") == ("modern_alignment", "wwii_allies")
    assert compared_sides(seed, left="historic_axis") == ("historic_axis", "modern_alignment")


def test_without_sheets_two_codings_show_how_it_works(seed):
    returned = classroom.returned_sheets(seed, asked())
    assert returned.coders == ["our coding", "the alternatives together"]
    assert "An illustration, not a result" in classroom.who_coded(returned, asked())
    table = classroom.agreement_in_words(seed, returned)
    assert (
        table["what is coded"].tolist() == ["level", "modality"]
        and (table["alpha"] != "undefined").all()
    )
    assert classroom.survives(seed, returned, asked())["coding"].tolist() == [
        "ours",
        "the alternatives together",
    ]


def test_a_code_that_charts_call_otherwise_says_so(seed):
    meanings = classroom.codebook_in_words(seed, asked()).set_index("word")["meaning"]
    assert meanings["absent"].endswith("(in the charts: ruled out)")
    assert "in the charts" not in meanings["present"]


def test_a_student_sees_no_code_and_no_key(seed):
    student = asked(solution=False)
    returned = classroom.returned_sheets(seed, student)
    assert returned.codes.empty and "Nobody has handed in" in classroom.who_coded(returned, student)
    assert (
        classroom.parted(seed, returned).empty
        and classroom.agreement_in_words(seed, returned).empty
    )
    from axislib.seminar.quiz import make_quiz

    assert (
        classroom.quiz_key(seed, student, make_quiz(seed)).empty
        and not classroom.quiz_key(seed, asked(), make_quiz(seed)).empty
    )


def test_a_student_sees_no_level_of_the_projects_before_a_coding_is_there(
    seed, sheets, fill, monkeypatch
):
    from axislib.notebook import display

    said, shown = [], []
    monkeypatch.setattr(display, "say", said.append)
    monkeypatch.setattr(display, "show", shown.append)
    monkeypatch.setattr(display, "table", lambda table, _: shown.append(table))
    student = asked(solution=False)
    classroom.comparison_under(seed, classroom.returned_sheets(seed, student), student)
    assert not shown and "give the answers away" in said[0]
    theirs = asked(solution=False, sheets=[str(fill(sheets("ada") / "sheet-ada.csv"))])
    classroom.comparison_under(seed, classroom.returned_sheets(seed, theirs), theirs)
    assert len(shown) == 1 and "Under the coding of ada" in said[-1]
    classroom.comparison_under(seed, classroom.returned_sheets(seed, asked()), asked())
    assert len(shown) == 2


def test_another_coding_shows_only_what_changes(seed):
    sides, other = axislib.compared_sides(seed), seed.read_as(*seed.readings["id"])
    table = classroom.changed(seed, other, *sides)
    before, after = (axislib.levels(part, list(sides))["level"] for part in (seed, other))
    arrows = table.iloc[:, 1:3].map(lambda cell: "\u2192" in cell)
    assert arrows.any(axis=1).all() and arrows.to_numpy().sum() == (before != after).sum()
    known = [axislib.thesis(part, *sides)["both_known"] for part in (seed, other)]
    turned = table["favours"].str.endswith("\u2192 not comparable")
    assert turned.sum() == known[0] - known[1] and turned[: turned.sum()].all()
    assert classroom.changed(other, other, *sides).empty


def test_a_level_that_is_left_open_has_the_word_of_the_comparison(seed, sheets, fill, monkeypatch):
    from axislib.figures.comparison import level_word
    from axislib.figures.comparison import prepare as compared
    from axislib.notebook import display

    shown = []
    monkeypatch.setattr(display, "show", shown.append)
    monkeypatch.setattr(display, "table", lambda table, _: shown.append(table))
    returned = classroom.returned_sheets(seed, asked())
    classroom.heat_map(seed, returned, asked(variable="level"))
    classroom.comparison_under(seed, returned, asked())
    other = compared(seed.read_as(*seed.readings["id"]))
    words = {(c["name"], in_text(c["coalition"])): level_word(c) for c in other}
    lines = [line for line in shown[0].layout.meta["twin"] if ": the wartime Axis. " in line]
    told = [line.split(". ")[1].split(":")[0].removesuffix(".") for line in lines]
    after = [words[line.split(":")[0].replace("\u2019", "'"), "the wartime Axis"] for line in lines]
    assert [one.split(" \u2192 ")[-1] for one in told] == after and "left open" in after
    for form, level in shown[1].set_index("form of cooperation")["The wartime Axis"].items():
        assert level.split(" \u2192 ")[-1] == words[form, "the wartime Axis"]
    table = classroom.parted(seed, returned).set_index("unit")
    assert table.loc["mutual_regard:modern_alignment", "with the alternative: code"] == "left_open"
    # of a real sheet the code stands, and what is no code is none
    theirs = returned.codes.assign(coder="ada", code="", written="left_open")
    assert not any(classroom._as_said(theirs)["code"])


def test_a_statement_of_two_tables_says_from_which_it_is(seed):
    table = classroom.parted(seed, classroom.returned_sheets(seed, asked()))
    assert not table.duplicated(["what is coded", "question"]).any()
    asks = table.set_index("unit")["question"]
    assert asks["cl_formal_nature_open"] == asks["co_formal_nature_open"].replace(
        "(table: cooperation)", "(table: claims)"
    )


def test_what_decides_the_comparison_comes_first_with_its_reason(seed, monkeypatch):
    from axislib.notebook import display

    shown = []
    monkeypatch.setattr(display, "show", shown.append)
    classroom.heat_map(seed, classroom.returned_sheets(seed, asked()), asked(variable="level"))
    pair, *cards = shown[0].layout.meta["cards"]
    assert pair["heading"] == "2 \u2192 0 forms can be compared if all 13 change together"
    assert pair["lines"] == [
        "Lost: troops for a partner\u2019s war, personal rapport. No gain: coordinated decisions,"
        " which one change adds and another removes."
    ]
    assert cards[0]["heading"].startswith("Each of these can change the comparison of today")
    assert cards[0]["heading"].endswith("(3)")
    assert [len(card["lines"]) for card in cards] == [3, 10]
    assert all(" \u2192 " in line.split("\n")[2] for card in cards for line in card["lines"])
    told = axislib.describe(shown[0])
    assert told.startswith("All the alternative codings together would change 13 of our 29")
    assert "Three of these changes would each alter that number on their own." in told
    known = [
        axislib.thesis(one, *axislib.compared_sides(seed))["both_known"]
        for one in (seed, seed.read_as(*seed.readings["id"]))
    ]
    assert f"by our coding, {number_word(known[0])} can." in told
    assert known[1] == 0 and "and leave no form to compare" in told.splitlines()[0]
    assert "not a test of reliability" in told
    codes = classroom.returned_sheets(seed, asked()).codes.query("variable == 'level'")
    silent = codes.groupby("unit")["code"].agg(lambda code: set(code) == {"not_stated"}).sum()
    said = f"agree on the other 16. Left out: {silent} more that neither coding finds stated."
    assert said in told and silent == 66 - 29
    texts = [
        words for trace in shown[0].data if trace.type == "scatter" for words in trace.text or ()
    ]
    assert str(known[0]) not in texts  # blank where a change leaves the number as it was
    presumed = sum("(presumed)" in line for line in cards[1]["lines"])
    assert presumed == sum("(presumed)" in words for words in texts) > 0, "where no hatch says it"
    assert texts.count(f"<b>{known[0]} \u2192 {known[0] + 1}</b>") == 1, (
        "what undoes it is elsewhere"
    )
    undone = f"; still {known[0]} if the code for the wartime Axis changes too"
    assert undone in told and not any(undone in words for words in texts)
    assert any(undone in says for trace in shown[0].data for says in trace.hovertext or ())


def test_a_reason_is_about_the_variable_beside_which_it_stands(seed):
    codes = classroom.returned_sheets(seed, asked(code=["modality", "polarity", "role"])).codes
    given = codes[codes["memo"] != ""]
    why = {(row["fact"], row["column"], row["why"]) for row in seed.readings.to_dict("records")}
    assert (
        len(given) > 5
        and set(zip(given["unit"], given["variable"], given["memo"], strict=True)) <= why
    )


def test_what_one_judgement_alone_changes_is_what_the_comparison_becomes(seed):
    codes = classroom.returned_sheets(seed, asked()).codes.query("variable == 'level'")
    rows = prepare(seed, codes)
    told = {row["unit"]: (row["code"], row["effect"]) for row in rows if row["apart"]}  # second
    sides = compared_sides(seed)
    first = axislib.thesis(seed, *sides)["both_known"]
    for unit, (code, effect) in told.items():
        alone = apply_coding(seed, pd.DataFrame([(unit, "level", code)], columns=COLUMNS))
        then = axislib.thesis(alone, *sides)["both_known"]
        effect, _, undone = (effect or "").partition("; ")
        assert (effect or f"{first} \u2192 {first}") == f"{first} \u2192 {then}", unit
        assert bool(undone) == (unit == "coordinated_decisions:modern_alignment"), unit
    assert len([1 for _, effect in told.values() if effect]) == 3
    other = codes[codes["coder"] == classroom.OTHERS]
    assert not any(
        row["effect"] for row in prepare(seed, pd.concat([codes, other.assign(coder="Anna")]))
    )


def test_a_name_is_shown_as_text(seed, sheets, fill):
    path = fill(sheets("[x](http://e.org) *b*") / "sheet-x-http-e-org-b.csv")
    assert r"\[x\]\(http://e.org\) \*b\*" in classroom.who_coded(
        read_sheets([path], seed), asked(sheets=[str(path)])
    )


def test_the_form_writes_an_ordinary_sheet(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    form = code_on_screen(seed, asked(most=3))
    assert "0 of 6 coded" in form.status.value and not list(tmp_path.iterdir())
    assert form.save() is None and "Your name is missing" in form.status.value
    form.name.value = "Zo\u00eb <b>"
    form.codes[0].value, form.memos[0].value = "present", "P20.S3, =1+1"
    assert "1 of 6 coded" in form.status.value
    path = form.save()
    assert path == Path("sheets/sheet-Zoe-b.csv") and "Saved" in form.status.value
    returned = read_sheets([path], seed)
    assert returned.coders == ["Zo\u00eb <b>"] and returned.codes.iloc[0][
        ["code", "memo"]
    ].tolist() == ["present", "P20.S3, =1+1"]
    other = code_on_screen(seed, asked(most=3))
    other.name.value = "Zoe b"
    assert other.save() is None and "somebody else" in other.status.value


def coded(form: CodingForm) -> int:
    return sum(bool(code.value) for code in form.codes)


def a_saved_form(seed, name: str = "Anna", most: int = 3) -> CodingForm:
    """A form in which every unit was coded and saved."""
    form = code_on_screen(seed, asked(most=most))
    form.name.value = name
    for code in form.codes:
        code.value = code.options[1][1]
    assert form.save()
    return form


def test_a_coder_finds_the_codes_again_by_name(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = a_saved_form(seed)
    first.memos[0].value = "see P14.S3"  # after the first save each change is saved at once
    again = code_on_screen(seed, asked(most=3))  # Run All, or a new kernel
    assert coded(again) == 0
    again.name.value = "Anna"
    assert again.sheet.equals(first.sheet) and "6 units coded earlier" in again.status.value
    again.codes[1].value = ""  # taken back on purpose
    assert (read_sheets([first._path], seed).codes["code"] != "").sum() == 5


def test_a_fuller_sheet_is_never_replaced_unasked(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = a_saved_form(seed)._path
    before = path.read_bytes()
    other = code_on_screen(seed, asked(most=3))
    other.codes[0].value = other.codes[0].options[2][1]  # coded before a name was given
    other.name.value = "Anna"
    assert other.save() is None and path.read_bytes() == before
    assert "1 coded units that would be lost" in other.status.value
    assert other.replace.layout.display == ""
    other.replace.click()
    assert path.read_bytes() != before and coded(other) == 6


def test_a_second_person_starts_with_an_empty_form(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = a_saved_form(seed)._path
    before = path.read_bytes()
    form = code_on_screen(seed, asked(most=3))
    form.name.value = "Anna"
    assert coded(form) == 6
    form.name.value = "Anna B"
    assert coded(form) == 0
    form.codes[0].value = form.codes[0].options[1][1]
    assert form.save().name == "sheet-Anna-B.csv" and path.read_bytes() == before


def test_units_that_are_not_on_screen_stay_in_the_sheet(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = a_saved_form(seed)._path
    fewer = code_on_screen(seed, asked(most=1))
    fewer.name.value = "Anna"
    fewer.memos[0].value = "looked at again"
    assert fewer.save() == path
    codes = read_sheets([path], seed).codes
    assert len(codes) == 6 and (codes["code"] != "").all()


def test_a_sheet_that_another_kernel_wrote_meanwhile_is_kept(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = code_on_screen(seed, asked(most=3))
    first.name.value = "Anna"
    path = a_saved_form(seed)._path
    before = path.read_bytes()
    first.codes[0].value = first.codes[0].options[2][1]
    assert first.save() is None and path.read_bytes() == before


def test_the_form_says_at_once_what_follows(seed):
    from axislib.seminar.sheets import make_sheet

    form = CodingForm(seed, make_sheet(seed, "me", ["level"], dimensions=["lend_lease_programme"]))
    before = form.status.value
    form.codes[2].value = "present"
    assert (
        "(under our coding: " not in before
        and "as under" in before
        and "<b>2</b> forms of cooperation (under our coding: 1)" in form.status.value
    )


def test_the_form_shows_no_sentence_in_what_is_saved(seed, article):
    bundle = code_on_screen(seed, asked())._repr_mimebundle_()
    assert bundle["text/plain"].startswith("Coding on screen needs JupyterLab")


def test_the_shipped_plan_is_sound():
    runs = expand_plan(read_plan(notebooks_folder() / "plans" / "handouts.yaml"))
    assert [run.output for run in runs] == [
        f"{version}/group_{n}.ipynb" for version in ("students", "teacher") for n in range(1, 5)
    ]
    assert [run.parameters["solution"] for run in runs] == [False] * 4 + [True] * 4


@pytest.mark.parametrize("by", ["actors", "dimensions", "hypotheses"])
def test_a_plan_for_n_groups(seed, tmp_path, by):
    path = write_plan(
        seed, "kragh-holy-war", ["one", "t: wo", "1e5"], by, tmp_path / "handouts.yaml"
    )
    runs = expand_plan(read_plan(path))
    assert (
        len(runs) == 6
        and yaml.safe_load(path.read_text(encoding="utf-8"))["title"] == f"Handouts by {by}"
    )
    assert [run.parameters[by] for run in runs[:3]] == [run.parameters[by] for run in runs[3:]]
    assert len({str(run.parameters[by]) for run in runs}) == 3


@pytest.mark.long
def test_one_command_makes_handouts(tmp_path):
    """Through the batch runner, as HTML and PDF: students' and teacher's, for each group."""
    result = CliRunner().invoke(
        sheet,
        [
            "--seed",
            str(FICTIONAL),
            "--handouts",
            "--groups",
            "2",
            "--by",
            "hypotheses",
            "--out",
            str(tmp_path),
        ],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    pages = sorted(path.name for path in (tmp_path / "handouts" / "site").rglob("*.pdf"))
    assert pages == [
        f"{version}-group_{n}.pdf" for version in ("students", "teacher") for n in (1, 2)
    ]
    student, teacher = (
        (tmp_path / "handouts" / "site" / f"{version}-group_1.html").read_text(encoding="utf-8")
        for version in ("students", "teacher")
    )
    assert "Nobody has handed in" in student and "An illustration, not a result" in teacher


def test_the_notebook_takes_any_seed(tmp_path):
    """As student's handout, on the fictional seed, run as the batch does."""
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            str(notebooks_folder() / "7-seminar.ipynb"),
            str(tmp_path / "out.ipynb"),
            "-r",
            "seed",
            str(FICTIONAL),
            "-y",
            "solution: false\nmost: 3",
            "-k",
            "python3",
            "--no-progress-bar",
        ],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    said = "".join(
        str(output)
        for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells
        for output in cell.get("outputs", [])
    )
    assert "harbour-league" in said and "Nobody has handed in" in said


def test_sheets_from_the_command(tmp_path, monkeypatch, fill):
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    made = run.invoke(
        sheet,
        [
            "--for",
            "anna",
            "--for",
            "ben",
            "--code",
            "modality",
            "--sentences",
            "P14",
            "--form",
            "xlsx",
        ],
        catch_exceptions=False,
    )
    assert "axislib agree sheets/sheet-anna.xlsx sheets/sheet-ben.xlsx" in made.output
    for name in ("anna", "ben"):
        fill(tmp_path / "sheets" / f"sheet-{name}.xlsx")
    told = run.invoke(
        agree,
        ["sheets/sheet-anna.xlsx", "sheets/sheet-ben.xlsx", "--adjudicate", "jury.csv"],
        catch_exceptions=False,
    )
    assert (
        "2 coders: anna, ben" in told.output
        and "modality  anna + ben: " in told.output
        and "The coders disagree on 0 units" in told.output
    )
    assert "The jury's file: jury.csv, 0 of" in told.output
    assert (
        len(pd.read_csv("agreement/agreement.csv")) == 1
        and Path("agreement/disagreements.html").stat().st_size > 10_000
    )
    by = run.invoke(
        sheet,
        ["--groups", "3", "--by", "hypotheses", "--code", "rating", "--form", "csv", "--out", "by"],
        catch_exceptions=False,
    )
    units = [pd.read_csv(f"by/sheet-group_{n}.csv")["unit"].tolist() for n in (1, 2, 3)]
    assert by.exit_code == 0 and not set(units[0]) & set(units[1])
    quiz = run.invoke(
        sheet, ["--quiz", "--groups", "2", "--form", "csv", "--out", "quiz"], catch_exceptions=False
    )
    assert quiz.exit_code == 0 and sorted(p.name for p in Path("quiz").iterdir()) == [
        "quiz-group_1.csv",
        "quiz-group_2.csv",
        "quiz-key.csv",
    ]
    with pytest.raises(SeedError, match="nothing to code is left"):
        run.invoke(
            sheet,
            ["--code", "role", "--sentences", "P01", "--actors", "IRN"],
            catch_exceptions=False,
        )


def test_the_teachers_page_names_commands_that_exist():
    import re
    import shlex

    page = (notebooks_folder() / "teacher.md").read_text(encoding="utf-8")
    for line in [
        one
        for block in re.findall(r"```sh\n(.*?)```", page, flags=re.DOTALL)
        for one in block.splitlines()
    ]:
        arguments = shlex.split(line, comments=True)
        if arguments[1] == "sheet":
            sheet.make_context("sheet", arguments[2:])
    for section in (
        "What the students learn",
        "Forty-five minutes",
        "Ninety minutes",
        "Two sessions",
        "What each exercise shows",
        "Common mistakes",
        "Literature",
    ):
        assert f"## {section}\n" in page


def test_every_answer_of_a_quiz_has_a_reason(seed):
    from axislib.seminar.quiz import make_quiz

    key = make_quiz(seed, 200)[1]
    assert key["why"].str.endswith(".").all()
    asks = key[
        key["question"].str.startswith("Whose statement is this")
        & key["where"].str.startswith("P02.")
    ]
    assert set(asks["why"]) == {"It is from the standfirst, not from the body of the text."}


def test_no_question_of_a_quiz_answers_another(seed):
    from axislib.seminar.quiz import make_quiz

    for draw in range(3):
        told = [
            {seed.row(i).get("statement", i) for i in facts.split(";")}
            for facts in make_quiz(seed, 40, draw)[1]["fact"]
        ]
        assert len(told) == 40 and sum(map(len, told)) == len(set().union(*told))


def test_a_quiz_says_how_a_statement_is_put_as_the_page_of_the_text_does(seed):
    from axislib.seminar.quiz import make_quiz
    from axislib.words import certainty_words

    key = make_quiz(seed, 200)[1]
    asks = key[key["question"].str.startswith("How firmly does the speaker")]
    for answer, fact in asks[["answer", "fact"]].itertuples(index=False):
        said = certainty_words(seed.row(fact)).split(" (")[0].partition(";")[0]
        said = said.replace("put as a denial", "" if "," in said else "asserted")
        assert answer in said or answer == "asserted" and said == ", implied", fact
    assert {"left open", "asserted"} <= set(asks["answer"]) and "disputed" not in set(
        asks["answer"]
    )
    assert "fact" not in classroom.quiz_key(seed, asked(), make_quiz(seed)), (
        "its statements are words"
    )
