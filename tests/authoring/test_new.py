"""A seed of one's own: the splitter, the new folder, the workbook, what is missing in order; the
small second seed through everything."""

import re
import shlex
import shutil
import textwrap
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import axislib
from axislib import SeedError, files
from axislib.authoring.new import (
    guide,
    new_seed,
    read_split,
    sentence_table,
    split_file,
    split_text,
)
from axislib.authoring.workbook import NOT_YET, WORKBOOK, bring_in
from axislib.check import check_tables
from axislib.cli.authoring import new
from axislib.cli.main import main
from axislib.files import write_folder
from axislib.seed.opening import read_metadata, read_seed_cells
from axislib.text.receipt import fingerprint

FICTIONAL = Path(__file__).parent.parent / "fictional" / "harbour-league"
TEXT = FICTIONAL.with_suffix(".md").read_text(encoding="utf-8")


def split(words):
    text = f"A headline\n\n{words}"
    return [text[p.start : p.end] for p in split_text(text)][1:]


# --- the splitter: hard cases


@pytest.mark.parametrize(
    "case",
    [
        "The U.S. said no.|It left.",
        "“Why?” he asked.|“No one knows.”|She left.",
        "He works for Acme Inc.|They pay well.",
        "“We will win.”|That was the plan.",
        "At 5 p.m. Monday they met.|Then they left.",
        "No. 5 is alive.|It runs.",
        "“Go.”|They went.|“I will!” she said.",
        "Mr. J. R. Smith and Dr. A. B. Cee came.|Both sat.",
        "It fell... and rose.|He waited...|Then he went.",
        "He said … nothing.|Then?|Nothing!",
        "Gen. Li agreed in Jan. 2022.|It cost $3.5 million.",
        "This, e.g. that, i.e. this.|So it is.",
        "“No,” said Mr. Oste, “never.”|He left at 9 a.m. on Oct. 5.",
        "Is it so?|(It is.)|Yes!",
        '"Straight quotes."|They count too.',
        "Prices rose 3.2 percent vs. 2.1 percent.|Nobody cared.",
        "Prof. “Big” Jones spoke.|All slept.",
        "The Washington, D.C. office closed.|It was old.",
    ],
)
def test_hard_cases(case):
    assert split(case.replace("|", " ")) == case.split("|")


def test_the_article_is_split_as_it_was_by_hand(article, seed):
    table = sentence_table(article, split_text(article))
    assert table["sha256"].tolist() == seed.sentences["sha256"].tolist()
    assert table["locator"].tolist() == seed.sentences["locator"].tolist()


def test_lines_broken_at_a_width_are_one_paragraph():
    wrapped = "\n\n".join(textwrap.fill(part, 72) for part in TEXT.strip().split("\n\n"))
    tables = [sentence_table(text, split_text(text)) for text in (wrapped, TEXT)]
    assert tables[0]["sha256"].tolist() == tables[1]["sha256"].tolist()


def test_sections_are_proposed():
    sections = list(dict.fromkeys(p.section for p in split_text(TEXT)))
    assert sections == ["headline", "standfirst", "body", "heading", "bio"]
    pieces = split_text("A title?\n\nImage credit: Reuters\n\nA full sentence is body.")
    assert pieces[1].section == "credit"


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
)
prose = st.lists(
    st.one_of(
        words,
        st.sampled_from(
            ["\n", "\n\n", "\r\n", "\u00a0", *". ? !” “ ... Mr. U.S. He a 3.5 Jan. —".split()]
        ),
    ),
    max_size=60,
).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(prose)
@example(". \n . 0.")  # a full stop alone is no sentence
def test_a_split_loses_no_word_and_comes_back(text):
    try:
        pieces = split_text(text)
    except SeedError as error:  # a script without blanks between words is refused
        assert "cannot be told apart yet" in str(error)
        return
    assert all(a.end <= b.start for a, b in zip(pieces, pieces[1:], strict=False))
    outside = text
    for piece in reversed(pieces):
        assert text[piece.start : piece.end].strip() == text[piece.start : piece.end] != ""
        outside = outside[: piece.start] + outside[piece.end :]
    assert not re.search(r"\w", outside)
    if any(re.fullmatch(r"\[\w+\]", " ".join(text[p.start : p.end].split())) for p in pieces):
        return  # a text that looks like our marks has to be corrected by hand
    back = read_split(split_file(text, pieces), text)
    assert [(p.start, p.end, p.section) for p in back] == [
        (p.start, p.end, p.section) for p in pieces
    ]
    assert sentence_table(text, back).equals(sentence_table(text, pieces))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda s: s.replace("pilot boats", "pilot ships"),
            "line 8: 'In March 2031, the island ...' does not follow in the text",
        ),
        (lambda s: s.replace("[heading]", "[subtitle]"), r"\[subtitle\] is not a section"),
        (
            lambda s: s.rsplit("\n", 2)[0],
            "goes on with 'Ada Quill is a columnist ...' after its last line",
        ),
        (
            lambda s: s.replace("It is worth recalling the Harbour League of 1890.\n", ""),
            "which goes on with 'It is worth recalling the ...'",
        ),
    ],
)
def test_a_split_may_not_change_words(change, words):
    proposed = split_file(TEXT, split_text(TEXT))
    with pytest.raises(SeedError, match=words):
        read_split(change(proposed), TEXT)


def test_a_split_is_corrected_by_hand():
    proposed = split_file(TEXT, split_text(TEXT))
    joined = proposed.replace(
        "signed a charter but never shared a single chart.\nWhen",
        "signed a charter but never shared a single chart. When",
    ).replace("[standfirst]", "[heading]")
    table = sentence_table(TEXT, read_split(joined, TEXT))
    assert len(table) == 14 and table["section"][1] == "heading" and table["locator"][6] == "P04.S2"


# --- a new seed


@pytest.fixture
def text_file(tmp_path):
    path = tmp_path / "oped.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def made(text_file, tmp_path):
    return new_seed("my-oped", text_file, tmp_path / "seeds", author="Ada Quill")


def test_a_new_seed_is_sound_at_once_and_says_what_is_missing(made):
    opened = axislib.open_seed(made.folder)
    assert len(opened.sentences) == 15
    assert (opened.sentences["no_fact_reason"] == NOT_YET).all()
    assert len(opened.facts) == 0
    assert opened.actors["id"].tolist() == ["quill", "editors"]
    assert opened.metadata["voices"] == {"body": "quill", "other": "editors"}
    assert opened.sentence("P03.S2").startswith("Capt. J. R. Oste")
    lines = guide(read_seed_cells(made.folder), read_metadata(made.folder))
    assert lines[0].startswith("Next: who speaks and acts")
    assert lines[1].startswith("Then: every sentence (0 of 15 coded): code P01.S1")


def test_no_sentence_stands_in_a_file_that_git_keeps(made):
    for path in made.folder.iterdir():
        if path.suffix in (".csv", ".json"):
            content = path.read_text(encoding="utf-8")
            assert "pilot boats" not in content and "marriage of convenience" not in content, (
                path.name
            )
    assert {
        path.name for path in made.folder.iterdir() if path.suffix not in (".csv", ".json")
    } == {"coding.xlsx", "my-oped.txt", "my-oped-split.txt"}


def test_hashes_and_places_are_those_of_the_text(made, text_file):
    raw = text_file.read_text(encoding="utf-8")
    for row in axislib.open_seed(made.folder).sentences.to_dict("records"):
        assert fingerprint(raw[row["start"] : row["end"]]) == row["sha256"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("My Article", "such as my-article"),
        ("../x", "cannot be the name of a data set"),
        ("", "such as my-article"),
    ],
)
def test_bad_names_are_refused(name, words, text_file, tmp_path):
    with pytest.raises(SeedError, match=words):
        new_seed(name, text_file, tmp_path / "seeds")
    assert not (tmp_path / "seeds").exists()


def test_a_seed_with_codings_is_never_overwritten(made, text_file, tmp_path):
    new_seed("my-oped", text_file, tmp_path / "seeds")  # still empty: made anew
    shutil.copyfile(FICTIONAL / "frames.csv", made.folder / "frames.csv")
    with pytest.raises(
        SeedError,
        match=(
            "its tables hold 1 frame that would be lost; for another version of its text, or a"
            " corrected split: axislib text --revise"
        ),
    ):
        new_seed("my-oped", text_file, tmp_path / "seeds")
    (tmp_path / "seeds" / "mine").mkdir()
    with pytest.raises(SeedError, match="is not a seed; choose another name"):
        new_seed("mine", text_file, tmp_path / "seeds")


def test_nothing_half_written(text_file, tmp_path, monkeypatch):
    def full(path, content):
        if path.name == WORKBOOK:  # many files stand by then
            raise SeedError("no space")
        write_whole(path, content)

    write_whole = files.write_whole
    monkeypatch.setattr(files, "write_whole", full)
    with pytest.raises(SeedError, match="no space"):
        new_seed("my-oped", text_file, tmp_path / "seeds")
    assert not list((tmp_path / "seeds").iterdir())


def test_a_writer_killed_between_the_renames_loses_nothing(made, text_file, tmp_path):
    shutil.copyfile(FICTIONAL / "frames.csv", made.folder / "frames.csv")
    made.folder.rename(made.folder.with_name(f".{made.folder.name}.old"))  # as a kill leaves it
    with pytest.raises(SeedError):
        new_seed("../bad", text_file, tmp_path / "seeds")
    write_folder(made.folder, {"note.txt": "x"}, keep=True)
    assert (made.folder / "frames.csv").read_bytes() == (FICTIONAL / "frames.csv").read_bytes()
    assert [path.name for path in (tmp_path / "seeds").iterdir()] == ["my-oped"]


def test_an_interruption_puts_the_folder_back(made, monkeypatch):
    whole, rename = sorted(path.name for path in made.folder.iterdir()), Path.rename

    def stopped(path, target):
        if path.name.endswith(".part"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_folder(made.folder, {"note.txt": "x"})
    assert sorted(path.name for path in made.folder.iterdir()) == whole
    assert [path.name for path in made.folder.parent.iterdir()] == ["my-oped"]


def test_made_anew_it_keeps_what_was_said_of_it(text_file, tmp_path):
    about = {"outlet": "The Lamp", "date": "2024-10", "licence": "CC-BY-4.0"}
    made = new_seed("my-oped", text_file, tmp_path / "seeds", author="Ada Quill", **about)
    package = made.folder / "datapackage.json"
    said = package.read_text(encoding="utf-8")
    said = said.replace('"coalitions": []', '"coalitions": ["harbour_league"]')
    package.write_text(said, encoding="utf-8")
    (made.folder / "memo.md").write_text("mine")
    split_again = made.split.with_name("corrected.txt")
    split_again.write_text(made.split.read_text(encoding="utf-8"), encoding="utf-8")
    new_seed("my-oped", text_file, tmp_path / "seeds", split=split_again)
    said = read_metadata(made.folder)
    assert (said["author"], said["voices"]["body"]) == ("Ada Quill", "quill")
    assert said["coalitions"] == ["harbour_league"] and said["licenses"] == [{"name": "CC-BY-4.0"}]
    assert (said["sources"][0]["outlet"], said["sources"][0]["date"]) == ("The Lamp", "2024-10")
    assert (made.folder / "memo.md").read_text() == "mine"
    assert axislib.open_seed(made.folder).actors["name"].tolist()[0] == "Ada Quill"


def code_in_workbook(path, tables):
    """Write rows into the workbook's tabs, as a person types them."""
    book = load_workbook(path)
    for name, rows in tables.items():
        page = book[name]
        at = {cell.value: cell.column for cell in page[1]}
        first = page.max_row + 1 if name == "actors" else 2
        for row, cells in enumerate(rows, start=first):
            for column, value in cells.items():
                if value:
                    page.cell(row, at[column]).value = value
    book.save(path)


def test_coding_in_the_workbook_comes_into_the_tables(made):
    coded = read_seed_cells(FICTIONAL)
    rows = {
        name: frame.to_dict("records")
        for name, frame in coded.items()
        if name not in ("sentences", "actors")
    }
    rows["actors"] = coded["actors"].iloc[2:].to_dict("records")
    code_in_workbook(made.workbook, rows)
    done = bring_in(made.folder, made.workbook)
    assert "events.csv: 9 rows" in done and "sentences.csv: 15 rows" in done
    cells = read_seed_cells(made.folder)
    assert check_tables(cells, read_metadata(made.folder)["voices"]) == []
    for name in rows:
        first = 2 if name == "actors" else 0
        now, then = (one[name].iloc[first:].reset_index(drop=True) for one in (cells, coded))
        assert now.equals(then), name
    assert guide(cells, read_metadata(made.folder)) == []
    assert bring_in(made.folder, made.workbook) == []  # once more changes nothing


def test_the_sentences_stay_in_the_order_of_the_text(made):
    before = read_seed_cells(made.folder)["sentences"]["locator"].tolist()
    book = load_workbook(made.workbook)
    page = book["sentences"]
    page.delete_rows(4)  # somebody's slip, or a tab sorted otherwise
    row = [cell.value for cell in page[3]]
    page.delete_rows(3)
    page.append(row)
    code_at = {cell.value: cell.column for cell in page[1]}
    page.cell(5, code_at["no_fact_reason"]).value = "a greeting"
    book.save(made.workbook)
    bring_in(made.folder, made.workbook)
    assert read_seed_cells(made.folder)["sentences"]["locator"].tolist() == before


def test_the_workbook_guides(made):
    book = load_workbook(made.workbook)
    assert book.sheetnames[:3] == ["start", "codebook", "lists"]
    assert book["lists"].sheet_state == "hidden"
    page = book["events"]
    choices = {
        str(choice.sqref).split("2:")[0]: choice.formula1
        for choice in page.data_validations.dataValidation
    }
    at = {cell.value: cell.column_letter for cell in page[1]}
    assert choices[at["kind"]].startswith("lists!$")
    assert choices[at["speaker"]] == "actors!$A$2:$A$400"
    assert page["A1"].comment
    assert book["sentences"]["C4"].value == TEXT.split("\n\n")[2].split(". Capt")[0] + "."


def test_a_tab_with_a_foreign_column_is_refused_whole(made):
    book = load_workbook(made.workbook)
    book["events"].cell(1, 30).value = "colour"
    book["events"].cell(2, 30).value = "red"
    book.save(made.workbook)
    with pytest.raises(
        SeedError,
        match=(
            "nothing was copied:\n  events.csv, row 1, column colour: is not a column of this table"
        ),
    ):
        bring_in(made.folder, made.workbook)


def test_the_steps_go_in_order():
    tables, metadata = read_seed_cells(FICTIONAL), read_metadata(FICTIONAL)
    assert guide(tables, metadata) == []
    tables["events"] = tables["events"].iloc[:0]
    tables["sentences"] = tables["sentences"].assign(no_fact_reason=[NOT_YET] + [""] * 14)
    said = guide(tables, metadata)
    assert (
        said[0]
        == "Next: every sentence (14 of 15 coded): code P01.S1, or say in its no_fact_reason why"
        " there is nothing to code"
    )
    assert said[1].startswith("Then: a timeline (0 of 0 events dated)")


def test_a_new_user_gets_from_text_to_timeline(text_file, tmp_path, monkeypatch):
    """The walk: new, a corrected split, two facts in the workbook, back, sound, a timeline."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    first = run.invoke(new, ["my-oped", "--text", str(text_file), "--author", "Ada Quill"])
    assert first.exit_code == 0
    assert "15 sentences (1 headline, 1 standfirst, 11 body, 1 heading, 1 bio)" in first.output
    assert "Next: who speaks and acts" in first.output
    split = ["--split", "seeds/my-oped/my-oped-split.txt"]
    again = run.invoke(new, ["my-oped", "--text", str(text_file), "--author", "Ada Quill", *split])
    assert again.exit_code == 0, again.output
    coded = read_seed_cells(FICTIONAL)
    keep = ["ev_boats_lent", "ev_league_founded", "ev_storm"]
    events = coded["events"][coded["events"]["id"].isin(keep)].to_dict("records")
    code_in_workbook(
        Path("seeds/my-oped/coding.xlsx"),
        {"actors": coded["actors"].iloc[2:].to_dict("records"), "events": events},
    )
    back = run.invoke(new, ["my-oped", "--from", "seeds/my-oped/coding.xlsx"])
    assert back.exit_code == 0
    assert "events.csv: 3 rows" in back.output
    assert "every sentence (3 of 15 coded)" in back.output
    opened = axislib.open_seed("my-oped")
    figure = axislib.timeline(opened)
    assert set(keep) == set(axislib.cited(figure))


def test_the_readmes_walk_through_runs(text_file, tmp_path, monkeypatch):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    part = re.search(
        r"^## Your own article\n(.*?)(?=^## |\Z)", readme, flags=re.MULTILINE | re.DOTALL
    )
    if not part:
        pytest.skip("README has no section 'Your own article' yet")
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(text_file, tmp_path / "article.txt")
    ran = []
    for line in "\n".join(re.findall(r"```sh\n(.*?)```", part[1], flags=re.DOTALL)).splitlines():
        arguments = shlex.split(line, comments=True)
        if not arguments:
            continue
        assert arguments[0] == "axislib", line
        if arguments[1] == "report":  # minutes: the report has tests of its own
            continue
        result = CliRunner().invoke(main, arguments[1:], catch_exceptions=False)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        ran.append(arguments[1])
    assert ran[0] == "new" and "check" in ran


def test_what_new_is_to_be_made_of_has_to_be_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SeedError, match="axislib new x --text FILE"):
        CliRunner().invoke(new, ["x"], catch_exceptions=False)


def test_what_a_seed_says_of_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    run = CliRunner()
    assert run.invoke(main, ["new", "one", "--text", "a.txt"]).exit_code == 0
    assert "licenses" not in read_metadata(Path("seeds/one"))
    assert read_metadata(Path("seeds/one"))["sources"][0]["outlet"] == "not stated"
    told = ["--licence", "CC-BY-4.0", "--outlet", "Tidewater Gazette", "--date", "2031-05"]
    assert run.invoke(main, ["new", "two", "--text", "a.txt", *told]).exit_code == 0
    metadata = read_metadata(Path("seeds/two"))
    assert metadata["licenses"] == [{"name": "CC-BY-4.0"}]
    source = metadata["sources"][0]
    assert (source["outlet"], source["date"]) == ("Tidewater Gazette", "2031-05")
    refused = run.invoke(main, ["new", "three", "--text", "a.txt", "--date", "May"])
    assert "write 2024, 2024-10" in refused.output
    for name in ("one", "two"):
        assert run.invoke(main, ["check", name]).exit_code == 0


def test_the_sentence_stands_beside_its_locator(made):
    page = load_workbook(made.workbook)["sentences"]
    order = "locator section sentence no_fact_reason start end length sha256"
    assert [cell.value for cell in page[1]] == order.split()
    assert page.column_dimensions["C"].width == 90 and page.column_dimensions["H"].width == 8


# --- the small second seed goes through everything
# ------------------------------------------------------------


@pytest.fixture(scope="module")
def fictional(tmp_path_factory):
    return axislib.open_seed(FICTIONAL)


def test_the_second_seed_is_sound_and_whole(fictional):
    assert len(fictional.sentences) == 15 and fictional.coverage()["explained"].all()
    assert all(len(frame) for frame in fictional.tables.values())


def test_its_text_is_found(fictional, monkeypatch):
    monkeypatch.setenv("AXISLIB_TEXTS", str(FICTIONAL.with_suffix(".md")))
    opened = axislib.open_seed(FICTIONAL)
    assert (opened.text.receipt["status"] == "exact").all()
    assert opened.sentence("P05.S1") == "What the Pact does"


def test_every_verb_and_chart_takes_it(fictional):
    left, right = "lighthouse_pact", "harbour_league"
    assert axislib.thesis(fictional, left, right)["left_exceeds"] == 1
    assert len(axislib.select(fictional, actors=["valden"]).facts) < len(fictional.facts)
    figures = [
        axislib.timeline(fictional),
        axislib.comparison(fictional, left, right),
        axislib.coverage(fictional),
    ]
    for figure in figures:
        assert all(fictional.row(one) for one in axislib.cited(figure)) and axislib.describe(figure)


def test_it_is_exported(fictional, tmp_path):
    from axislib.seed.package import export_zip, workbook

    assert export_zip(fictional, tmp_path / "a.zip").stat().st_size > 1000
    assert len(workbook(fictional)) > 1000


def test_a_whole_seminar_with_it(fictional, tmp_path):
    from axislib.seminar.agreement import agree
    from axislib.seminar.classroom import conclusions
    from axislib.seminar.quiz import make_quiz
    from axislib.seminar.sheets import VARIABLES, own_codes, read_sheets, write_sheets

    written = write_sheets(fictional, ["anna", "ben"], list(VARIABLES), tmp_path, forms=("csv",))
    paths = [path for path in written if path.stem != "codebook"]
    for path in paths:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        frame["code"] = [
            own_codes(fictional, [(unit, variable)])[0]
            for unit, variable in zip(frame["unit"], frame["variable"], strict=True)
        ]
        frame.to_csv(path, index=False)
    returned = read_sheets(paths, fictional)
    table = agree(returned.codes, fictional)
    assert table["variable"].tolist() == list(VARIABLES) and (table["alpha"] == 1).all()
    assert conclusions(fictional, returned, "lighthouse_pact", "harbour_league")[
        "left_exceeds"
    ].tolist() == [1, 1, 1]
    assert len(make_quiz(fictional)[0]) == 12
