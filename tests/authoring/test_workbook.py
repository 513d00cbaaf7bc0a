"""The workbook and the CSV files: what a person wrote into either is never lost, and what both
changed stops everything."""

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import axislib
from axislib import SeedError
from axislib.authoring.new import new_seed
from axislib.authoring.workbook import TAKEN, WORKBOOK, bring_in, coded, untaken
from axislib.cli.main import main
from axislib.seed.opening import read_seed_cells

TEXT = (Path(__file__).parent.parent / "fictional" / "harbour-league.md").read_text(
    encoding="utf-8"
)
EVENT = {
    "id": "ev_boats",
    "anchors": "P03.S1",
    "basis": "stated",
    "title": "Boats lent",
    "kind": "delivery",
    "actors": "quill",
    "date": "2031-03",
    "date_basis": "stated",
    "statement": "Boats were lent.",
    "speaker": "quill",
    "modality": "asserted",
    "polarity": "affirmed",
}
MAYOR = {"id": "mayor", "name": "The mayor", "kind": "person"}


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(TEXT, encoding="utf-8")
    return new_seed("mine", Path("article.txt"), author="Ada Quill")


def write(path, table, row, cells):
    book = load_workbook(path)
    at = {cell.value: cell.column for cell in book[table][1]}
    for column, value in cells.items():
        book[table].cell(row, at[column]).value = value
    book.save(path)


def mend(folder, table, old, new):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def again():
    known = ["--author", "Ada Quill", "--split", "seeds/mine/mine-split.txt"]
    return run("new", "mine", "--text", "article.txt", *known)


def test_a_filled_workbook_is_not_wiped(made):
    assert again().exit_code == 0  # nothing in it yet
    write(made.workbook, "actors", 4, MAYOR)
    write(made.workbook, "events", 2, EVENT)
    before = made.workbook.read_bytes()
    said = again()
    assert said.exit_code == 1 and made.workbook.read_bytes() == before
    assert "coding.xlsx holds 1 actor and 1 event that would be lost" in said.output
    assert "axislib new mine --from seeds/mine/coding.xlsx" in said.output


def test_actors_that_were_taken_over_are_not_wiped(made):
    write(made.workbook, "actors", 4, MAYOR)
    bring_in(made.folder, made.workbook)
    assert untaken(made.folder) == {} and coded(made.folder) == {"actors": 1}
    said = again()
    assert said.exit_code == 1 and "axislib text --revise" in said.output
    assert "its tables hold 1 actor that would be lost" in said.output
    (made.folder / TAKEN).unlink()  # a seed from before it was remembered
    assert coded(made.folder) == {"actors": 1} and again().exit_code == 1


def test_a_reason_in_the_workbook_is_not_wiped(made):
    write(made.workbook, "sentences", 2, {"no_fact_reason": "a headline"})
    assert "coding.xlsx holds 1 sentence" in again().output


def test_a_corrected_split_is_not_wiped(made):
    words = made.split.read_text(encoding="utf-8")
    made.split.write_text(words.replace("[standfirst]", "[heading]"), encoding="utf-8")
    said = run("new", "mine", "--text", "article.txt")
    assert said.exit_code == 1 and "mine-split.txt was corrected and would be lost" in said.output
    assert again().exit_code == 0
    assert read_seed_cells(made.folder)["sentences"]["section"][1] == "heading"


def test_a_mend_in_the_csv_is_kept(made):
    write(made.workbook, "events", 2, EVENT)
    bring_in(made.folder, made.workbook)
    mend(made.folder, "events", "2031-03", "2031-04")
    write(made.workbook, "events", 2, {"title": "Boats sent"})
    done = bring_in(made.folder, made.workbook)
    event = read_seed_cells(made.folder)["events"].iloc[0]
    assert event["date"] == "2031-04" and event["title"] == "Boats sent"
    assert done[0] == "events.csv: 1 rows" and "only the CSV was changed" in done[1]
    assert (
        "events.csv, row 2, column date (ev_boats): '2031-04'; coding.xlsx, tab events, row 2:"
        " '2031-03'" in done[1]
    )


def test_what_both_changed_stops_everything(made):
    write(made.workbook, "events", 2, EVENT)
    bring_in(made.folder, made.workbook)
    mend(made.folder, "events", "2031-03", "2031-04")
    write(made.workbook, "events", 2, {"date": "2031-05"})
    write(made.workbook, "actors", 4, MAYOR)
    before = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    with pytest.raises(SeedError, match=r"nothing was copied: 1 cell .*--prefer") as stopped:
        bring_in(made.folder, made.workbook)
    assert (
        "events.csv, row 2, column date (ev_boats): '2031-04'; coding.xlsx, tab events, row 2:"
        " '2031-05'" in str(stopped.value)
    )
    assert {path.name: path.read_bytes() for path in made.folder.iterdir()} == before
    bring_in(made.folder, made.workbook, prefer="csv")
    cells = read_seed_cells(made.folder)
    assert cells["events"]["date"].tolist() == ["2031-04"]
    assert cells["actors"]["id"].tolist()[-1] == "mayor"


def test_rows_taken_out_and_put_in(made):
    write(made.workbook, "events", 2, EVENT)
    write(made.workbook, "events", 3, EVENT | {"id": "ev_two"})
    bring_in(made.folder, made.workbook)
    lines = (made.folder / "events.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (made.folder / "events.csv").write_text(
        "".join([*lines, lines[1].replace("ev_boats", "ev_by_hand")]), encoding="utf-8"
    )
    book = load_workbook(made.workbook)
    book["events"].delete_rows(3)
    book.save(made.workbook)
    assert bring_in(made.folder, made.workbook) == ["events.csv: 2 rows; taken out: ev_two"]
    assert read_seed_cells(made.folder)["events"]["id"].tolist() == ["ev_boats", "ev_by_hand"]


def test_another_workbook_may_add_but_not_overwrite(made):
    write(made.workbook, "events", 2, EVENT)
    bring_in(made.folder, made.workbook)
    Path("other.xlsx").write_bytes(made.workbook.read_bytes())
    write("other.xlsx", "events", 3, EVENT | {"id": "ev_two"})
    assert bring_in(made.folder, Path("other.xlsx")) == ["events.csv: 2 rows"]
    write("other.xlsx", "events", 2, {"date": "2030"})
    with pytest.raises(SeedError, match="'2031-03'; other.xlsx, tab events, row 2: '2030'"):
        bring_in(made.folder, Path("other.xlsx"))


def test_the_workbook_is_written_anew_from_the_tables(made):
    write(made.workbook, "events", 2, EVENT)
    said = run("new", "mine", "--workbook").output
    assert "1 event that would be lost; take them over first" in said
    bring_in(made.folder, made.workbook)
    mend(made.folder, "events", "2031-03", "2031-04")
    assert run("new", "mine", "--workbook").exit_code == 0
    assert bring_in(made.folder, made.workbook) == [] and coded(made.folder)["events"] == 1
    page = load_workbook(made.workbook)["sentences"]
    assert page["C4"].value.startswith("In March 2031")


def test_a_finding_names_its_place_in_the_workbook(made):
    write(made.workbook, "events", 4, EVENT | {"kind": "deliverance"})  # with empty rows above it
    said = run("new", "mine", "--from", str(made.workbook))
    assert said.exit_code == 1 and "1 thing is to fix; now: axislib check mine" in said.output
    said = run("check", "mine").output
    assert "events.csv, row 2, column kind" in said and "[coding.xlsx: tab events, row 4]" in said
    assert "Correct it in coding.xlsx, then: axislib new mine --from seeds/mine/coding.xlsx" in said
    write(made.workbook, "events", 4, {"kind": "delivery"})
    assert "coding.xlsx holds 1 event not yet copied into the tables" in run("check", "mine").output
    assert "Next: axislib check mine" in run("new", "mine", "--from", str(made.workbook)).output
    assert "Next: axislib report --seed mine" in run("check", "mine").output


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("mmm-yy", "2022-01"),
        ("yyyy-mm", "2022-01"),
        ("mm-dd-yy", "2022-01-01"),
        ("yyyy", "2022"),
        ("yyyy-mm-dd h:mm:ss", "2022-01-01"),
        ("[$-409]mmm\\-yy;@", "2022-01"),
        ('"d"yyyy', "2022"),
        ("d. mmmm yyyy", "2022-01-01"),
    ],
)
def test_a_date_is_as_precise_as_it_is_shown(made, form, read):
    write(made.workbook, "events", 2, EVENT | {"date": datetime.datetime(2022, 1, 1)})
    book = load_workbook(made.workbook)
    at = {cell.value: cell.column for cell in book["events"][1]}
    book["events"].cell(2, at["date"]).number_format = form
    book.save(made.workbook)
    bring_in(made.folder, made.workbook)
    assert read_seed_cells(made.folder)["events"]["date"].tolist() == [read]


def test_every_cell_of_the_workbook_is_text(made):
    write(made.workbook, "events", 2, EVENT)
    bring_in(made.folder, made.workbook)
    run("new", "mine", "--workbook")
    page = load_workbook(made.workbook)["events"]
    assert {cell.number_format for row in page.iter_rows(min_row=2) for cell in row} == {"@"}
    assert page.column_dimensions["J"].number_format == "@"


def test_words_that_are_not_in_the_sentence_are_told(made):
    hedged = {"hedge": "Perhaps", "hedge_on": "date", "date_words": "march  2031"}
    write(made.workbook, "events", 2, EVENT | hedged)
    quotation = {name: EVENT[name] for name in ("anchors", "basis", "speaker")}
    quotation |= {"id": "q", "words": "forty pilot planes"}
    write(made.workbook, "quotations", 2, quotation)
    bring_in(made.folder, made.workbook)
    said = run("check", "mine")
    assert said.exit_code == 1 and "2 things to fix" in said.output
    assert (
        "quotations.csv, row 2, column words: 'forty pilot planes' not found in P03.S1"
        in said.output
    )
    assert "events.csv, row 2, column hedge: 'Perhaps' not found in P03.S1" in said.output
    for path in made.folder.glob("*.txt"):
        path.unlink()
    assert run("check", "mine").exit_code == 0  # without the text nobody can tell


def test_the_articles_quoted_words_stand_in_its_sentences(article):
    said = run("check")
    assert said.exit_code == 0 and "sound" in said.output


def test_the_seed_opens(made):
    assert axislib.open_seed(made.folder).name == "mine" and made.workbook == made.folder / WORKBOOK
