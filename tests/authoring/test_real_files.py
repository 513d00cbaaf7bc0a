"""Texts and workbooks as people have them: nothing is guessed in silence, nothing is lost."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import axislib
from axislib import SeedError
from axislib.authoring.new import author_id, new_seed, refuse_script, split_text
from axislib.authoring.workbook import bring_in, read_workbook, untaken
from axislib.cli.main import main
from axislib.text.copy import encoding_of, read_copy

TEXT = "Ships and Men\n\nThe mayor lent a boat in May. Nobody asked why. It came back.\n"
RUSSIAN = (
    "\u041a\u043e\u0440\u0430\u0431\u043b\u0438 \u0441\u0442\u043e\u044f\u043b\u0438 \u0432"
    " \u0433\u0430\u0432\u0430\u043d\u0438 \u0432\u0441\u044e \u0437\u0438\u043c\u0443."
    " \u041d\u0438\u043a\u0442\u043e \u043d\u0435 \u0437\u043d\u0430\u043b,"
    " \u043a\u043e\u0433\u0434\u0430 \u043f\u0440\u0438\u0434\u0451\u0442"
    " \u0432\u0435\u0441\u043d\u0430."
)
CHINESE = "\u8239\u96bb\u6574\u500b\u51ac\u5929\u90fd\u505c\u5728\u6e2f\u53e3\u3002" * 5
JAPANESE = "\u8239\u306f\u51ac\u306e\u9593\u305a\u3063\u3068\u6e2f\u306b\u3044\u305f\u3002" * 5
POLISH = "\u0141\u00f3d\u017a sta\u0142a w porcie ca\u0142\u0105 zim\u0119. Nikt nie wiedzia\u0142."
EVENT = {
    "id": "ev_boat",
    "anchors": "P02.S1",
    "basis": "stated",
    "title": "A boat",
    "kind": "delivery",
    "actors": "nunez",
    "date": "not_stated",
    "date_basis": "undated",
    "statement": "A boat was lent.",
    "speaker": "nunez",
    "modality": "asserted",
    "polarity": "affirmed",
}


def run(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(TEXT, encoding="utf-8")
    return new_seed("mine", Path("article.txt"), author="Ana N\u00fa\u00f1ez")


def fill(path, change):
    book = load_workbook(path)
    page = book["events"]
    at = {cell.value: cell.column for cell in page[1]}
    for column, value in EVENT.items():
        page.cell(2, at[column]).value = value
    change(book, page, at)
    book.save(path)


# --- names of authors


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ana N\u00fa\u00f1ez", "nunez"),
        ("J\u00fcrgen M\u00fcller", "muller"),
        ("Fatih I\u015f\u0131k", "isik"),
        ("\u0141ukasz \u00d8deg\u00e5rd", "odegard"),
        ("\u00c5ngstr\u00f6m", "angstrom"),
        ("Ada Quill, PhD", "quill"),
        ("Prof. Ada Quill Jr.", "quill"),
        ("The Editors", "author"),
        ("\u041c\u0430\u0440\u0438\u044f", "author"),
        ("", "author"),
    ],
)
def test_an_author_has_a_sound_id(author, expected):
    assert author_id(author) == expected


@pytest.mark.parametrize("author", ["Ana N\u00fa\u00f1ez", "The Editors"])
def test_a_new_data_set_is_sound_at_once(tmp_path, monkeypatch, author):
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(TEXT, encoding="utf-8")
    assert run("new", "mine", "--text", "article.txt", "--author", author).exit_code == 0
    said = run("check", "mine")
    assert said.exit_code == 0 and "sound" in said.output


def test_the_body_is_its_authors_also_with_an_accent(made):
    seed = axislib.open_seed(made.folder)
    assert seed.metadata["voices"]["body"] == "nunez" and "nunez" in set(seed.actors["id"])


# --- texts


@pytest.mark.parametrize("sign", ["\x02", "\x1b", "\ufffe"], ids=ascii)
def test_a_control_character_stays_in_the_text_and_out_of_the_workbook(tmp_path, monkeypatch, sign):
    monkeypatch.chdir(tmp_path)
    text = TEXT.replace("boat", f"bo{sign}at") + "Nothing more was said of it that year.\n" * 3
    Path("article.txt").write_text(text, encoding="utf-8")
    made = new_seed("mine", Path("article.txt"))
    assert (made.folder / "mine.txt").read_text(encoding="utf-8") == text
    words = [cell.value for cell in load_workbook(made.workbook)["sentences"]["C"]]
    assert "The mayor lent a boat in May." in words and not untaken(made.folder)
    assert run("check", "mine").exit_code == 0


def test_a_russian_text_is_read_and_its_encoding_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_bytes(RUSSIAN.encode("cp1251"))
    assert read_copy("article.txt") == RUSSIAN
    assert encoding_of("article.txt") == "cp1251 (Russian)"
    said = run("new", "mine", "--text", "article.txt", "--author", "Ada Quill")
    assert "article.txt: read as cp1251 (Russian)" in said.output


@pytest.mark.parametrize(
    ("words", "encoding"), [(POLISH, "cp1250"), (CHINESE, "big5"), (JAPANESE, "shift-jis")]
)
def test_a_text_of_uncertain_encoding_is_refused(tmp_path, words, encoding):
    (tmp_path / "article.txt").write_bytes(words.encode(encoding))
    with pytest.raises(SeedError, match="no other encoding is certain.*UTF-8"):
        read_copy(tmp_path / "article.txt")
    with pytest.raises(SeedError, match="no other encoding is certain"):
        new_seed("mine", tmp_path / "article.txt", tmp_path / "seeds")
    assert not (tmp_path / "seeds").exists()


@pytest.mark.parametrize(("words", "script"), [(CHINESE, "Chinese"), (JAPANESE, "Japanese")])
def test_a_script_without_blanks_is_refused_in_words(tmp_path, words, script):
    with pytest.raises(SeedError, match=f"the text is in .*{script}.*cannot be told apart yet"):
        split_text(words)
    (tmp_path / "article.txt").write_text(words, encoding="utf-8")
    with pytest.raises(SeedError, match=script):
        new_seed("mine", tmp_path / "article.txt", tmp_path / "seeds")
    assert not (tmp_path / "seeds").exists()


def test_a_name_in_another_script_is_no_reason_to_refuse():
    refuse_script(TEXT + " \u5317\u4eac")
    refuse_script(RUSSIAN)
    refuse_script("")


# --- workbooks


@pytest.mark.parametrize("title", ["Events", "events ", " EVENTS"])
def test_a_tab_is_found_whatever_its_case_and_blanks(made, title):
    def rename(book, page, at):
        page.title = "other"  # openpyxl numbers a name that differs only in case
        page.title = title

    fill(made.workbook, rename)
    assert "events.csv: 1 rows" in bring_in(made.folder, made.workbook)


def test_a_tab_that_is_not_read_or_missing_is_named(made):
    fill(made.workbook, lambda book, page, at: setattr(page, "title", "events (2)"))
    said = run("new", "mine", "--from", str(made.workbook)).output
    assert "the tab 'events (2)' was not read, though it has the columns of events" in said
    assert "no tab events" in said
    assert "the tab 'events (2)' was not read" in run("check", "mine").output


def test_two_tabs_of_one_name_stop_everything(made):
    def twice(book, page, at):
        book.copy_worksheet(page).title = "EVENTS "

    fill(made.workbook, twice)
    with pytest.raises(SeedError, match="two tabs are called events"):
        read_workbook(made.workbook)


def test_a_formula_without_a_value_is_named_and_nothing_taken(made):
    def formula(book, page, at):
        page.cell(2, at["statement"]).value = '="A boat"&"."'

    fill(made.workbook, formula)
    before = (made.folder / "events.csv").read_bytes()
    with pytest.raises(SeedError, match="tab events, cell .*2: a formula without a stored value"):
        bring_in(made.folder, made.workbook)
    assert (made.folder / "events.csv").read_bytes() == before
    assert "a formula without a stored value" in run("check", "mine").output


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [("str", "A boat was lent twice.", ""), ("e", "#REF!", "the error #REF!; correct the formula")],
)
def test_the_stored_value_of_a_formula_counts(made, kind, value, words):
    def formula(book, page, at):
        page.cell(2, at["statement"]).value = "=1+1"

    fill(made.workbook, formula)
    with zipfile.ZipFile(made.workbook) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name, content in parts.items():
        if b"<f>1+1</f>" in content:
            start = content.rindex(b"<c ", 0, content.index(b"<f>1+1</f>"))
            cell = content[start:].replace(b"<v />", b"<v></v>", 1).replace(b"<v/>", b"<v></v>", 1)
            cell = cell.replace(b"<v></v>", f"<v>{value}</v>".encode(), 1)
            parts[name] = content[:start] + cell.replace(b"<c ", f'<c t="{kind}" '.encode(), 1)
    with zipfile.ZipFile(made.workbook, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    if words:
        with pytest.raises(SeedError, match=words):
            bring_in(made.folder, made.workbook)
    else:
        bring_in(made.folder, made.workbook)
        assert axislib.open_seed(made.folder).events["statement"].tolist() == [value]


def test_a_formatted_cell_far_below_costs_nothing(made):
    from openpyxl.styles import PatternFill

    def fill_far(book, page, at):
        page["A1048576"].fill = PatternFill("solid", fgColor="FFFF00")

    fill(made.workbook, fill_far)
    assert len(read_workbook(made.workbook).tables["events"]) == 1
