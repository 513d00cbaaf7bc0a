"""Every mistake gives one message that names file, row, column, value and what to do, and nothing
is changed."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner
from frictionless import Package

import axislib
from axislib import SeedError
from axislib.check import check_tables
from axislib.check.cells import check_field
from axislib.check.rules import beside_facts
from axislib.cli.main import main
from axislib.files import guard
from axislib.seed.opening import read_seed_cells
from axislib.tables.schema import fields_of


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def fix(folder):
    return told("check", "--fix", folder)


def edit(folder, table, row, column, value):
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


# table, row as a spreadsheet counts, column, value, what the message must say beside them
MISTAKES = [
    ("transfers", 2, "modality", "asertet", "did you mean asserted?"),
    ("transfers", 3, "giver", "PKR", "is in none of: actors"),
    ("transfers", 16, "receiver", "houthi", "did you mean houthis?"),
    ("transfers", 4, "quantity", "many", "is not a number"),
    ("transfers", 5, "anchors", "P99.S9", "is in none of: sentences"),
    ("transfers", 6, "in_return_for", "tr_nothing", "is in none of: transfers"),
    ("events", 12, "date", "2024-13", "13"),
    ("events", 12, "date", "last autumn", "is not a date"),
    ("events", 3, "title", "", "is missing"),
    ("claims", 4, "id", "cl_thesis", "is already the id of claims.csv"),
    ("claims", 4, "id", "RUS", "is already the id of actors.csv"),
    ("claims", 5, "id", "two words", "is not an id"),
    ("cooperation", 2, "pairs", "RUS", "is not a pair"),
    ("cooperation", 2, "pairs", "RUS-NOBODY", "is not a pair"),
    ("relations", 2, "hedge", "one two three four five six seven", "has 7 words"),
    ("quotations", 2, "words", "one two three four five six seven eight nine", "has 9 words"),
    ("readings", 2, "column", "polartiy", "did you mean polarity?"),
    ("readings", 2, "alternative", "perhaps", "is in none of: dimensions"),
    ("transfers", 15, "speaker", "editors", "did not write"),
    (
        "claims",
        3,
        "speaker",
        "kragh",
        (
            "or correct the sentence's section, if it is wrong, in sentences.csv or the workbook's"
            " tab sentences"
        ),
    ),
    ("sentences", 2, "no_fact_reason", "nothing here", "has statements and a reason"),
    ("sentences", 2, "sha256", "abc", "does not have the form"),
    (
        "sentences",
        2,
        "no_fact_reason",
        "nothing here",
        "; empty this cell, no_fact_reason, which says 'nothing here'",
    ),
    ("actors", 3, "kind", "organisation", "; use one of: polity, person, body"),
    ("events", 3, "date_basis", "", "How the date is known. Use one of: stated, relative, undated"),
    (
        "events",
        3,
        "anchors",
        "P03.S2, P03.S3",
        "is several values in one; put ; between them: P03.S2;P03.S3",
    ),
    (
        "transfers",
        4,
        "date",
        "May 1935",
        "is not a date (not an EDTF date of level 0 or 1); write 1935-05; or not_stated",
    ),
]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "words"), MISTAKES, ids=lambda v: str(v)[:20]
)
def test_one_mistake_one_message(copy, table, row, column, value, words):
    edit(copy, table, row, column, value)
    before = contents(copy)
    result = told("check", copy)
    assert result.exit_code == 1
    message = next(line for line in result.output.splitlines() if f"{table}.csv" in line)
    assert f"row {row}" in message and f"column {column}" in message or column == "no_fact_reason"
    assert words in message and "; " in message
    assert contents(copy) == before
    with pytest.raises(SeedError, match=f"{table}.csv"):
        axislib.open_seed(copy)


def test_all_findings_are_told_at_once(copy):
    edit(copy, "transfers", 2, "modality", "sure")
    edit(copy, "events", 2, "kind", "party")
    output = told("check", copy).output
    for words in ("transfers.csv, row 2", "events.csv, row 2", "2 things to fix"):
        assert words in output


def test_missing_and_unknown_column(copy):
    in_encoding(copy / "events.csv", "utf-8", "plover", "plovr")
    output = told("check", copy).output
    assert "column plover: the column is missing" in output
    assert "column plovr: is not a column of this table; did you mean plover?" in output


@pytest.mark.parametrize(
    ("hedge_on", "modality", "words"),
    [
        ("", "hedged", "write asserted here, or the hedging words in hedge and whole in hedge_on"),
        ("scope", "hedged", "write asserted here, or whole in hedge_on"),
        (
            "whole",
            "asserted",
            "write hedged here, or what else the hedge is on in hedge_on (or empty hedge and hedge_on)",
        ),
    ],
)
def test_modality_must_fit_its_hedge(copy, hedge_on, modality, words, monkeypatch):
    monkeypatch.delenv("AXISLIB_TEXTS", raising=False)
    edit(copy, "transfers", 2, "modality", modality)
    edit(copy, "transfers", 2, "hedge_on", hedge_on)
    edit(copy, "transfers", 2, "hedge", "perhaps" if hedge_on else "")
    output = told("check", copy).output
    assert words in output and "1 thing to fix" in output


def test_rules_are_told_with_the_cells(copy):
    edit(copy, "transfers", 2, "category", "sweets")
    edit(copy, "claims", 3, "speaker", "kragh")
    edit(copy, "readings", 2, "fact", "nothing_such")
    edit(copy, "events", 3, "date_basis", "someday")
    output = told("check", copy).output
    for words in ("did not write", "sweets", "nothing_such", "4 things to fix"):
        assert words in output


def test_quotations_do_not_count_as_coding(copy):
    tables = read_seed_cells(copy)
    one = tables["quotations"].iloc[0]
    said = beside_facts(tables, one["anchors"])
    assert one["id"] in said and "only statements count as coding" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "foo", "--text", "nope.txt"],
        ["text", "nope.txt"],
        ["text", "--revise", "nope.txt"],
        ["new", "kragh-holy-war", "--from", "nope.xlsx"],
    ],
)
def test_a_missing_file_is_one_line(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = told(*arguments)
    assert result.exit_code == 1 and result.output.strip().splitlines() == [
        f"Error: {arguments[-1]}: there is no such file; check its name and folder"
    ]


@pytest.mark.parametrize(
    "name", ["../kragh-holy-war", "..", "seeds/../../etc", "nowhere", "", "/nowhere/at/all"]
)
def test_seed_names_that_lead_nowhere(name):
    with pytest.raises(SeedError, match="data set '"):
        axislib.open_seed(name)


def test_fix_repairs_what_a_spreadsheet_did(copy):
    path = copy / "actors.csv"
    good = path.read_bytes()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(good.decode().splitlines())
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(lines)
    result = told("check", copy)
    assert result.exit_code == 1 and "check --fix" in result.output
    result = fix(copy)
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == good


def test_the_article_is_sound():
    result = told("check")
    assert result.exit_code == 0 and "sound" in result.output


def test_frictionless_agrees(copy):
    report = Package(str(copy / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])


def test_frictionless_sees_a_dangling_id(copy):
    edit(copy, "transfers", 2, "giver", "nobody")
    assert not Package(str(copy / "datapackage.json")).validate().valid


def test_where_one_is_asked_for_two_are_not_unknown():
    cells = read_seed_cells(axislib.open_seed().folder)
    cells["transfers"].loc[0, "receiver"] = "RUS;CHN"
    found = [finding for finding in check_tables(cells) if finding.column == "receiver"]
    assert [finding.problem for finding in found] == ["names several"]


# --- fix: what a spreadsheet did, and what nobody can know


def in_encoding(path, encoding, old="", new=""):
    text = path.read_text(encoding="utf-8").replace(old, new, 1)
    path.write_bytes(text.encode(encoding, "replace"))
    return path.read_bytes()


def test_excels_unicode_text_is_fixed_and_the_old_file_kept(copy):
    good = (copy / "actors.csv").read_bytes()
    text = "\r\n".join("\t".join(row) for row in csv.reader(good.decode().splitlines()))
    old = (text + "\r\n").encode("utf-16")
    (copy / "actors.csv").write_bytes(old)
    said = told("check", copy)
    assert said.exit_code == 1 and "actors.csv: is UTF-16" in said.output
    said = fix(copy)
    assert said.exit_code == 0 and (copy / "actors.csv").read_bytes() == good
    assert "as it was: actors-before.csv" in said.output
    assert (copy / "actors-before.csv").read_bytes() == old
    again = told("check", "--mend", copy)  # the old word
    assert again.exit_code == 0 and len(list(copy.glob("actors-before*.csv"))) == 1


def test_windows_1252_is_fixed_and_what_changed_is_shown(copy):
    in_encoding(
        copy / "actors.csv", "cp1252", "North Korea", "Cor\u00e9e du Nord \u2013 \u201cN\u201d"
    )
    said = fix(copy)
    assert said.exit_code == 0, said.output
    assert "actors.csv: read anew, please look: row 3: 'Cor\u00e9e du Nord" in said.output


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("\u0141\u00f3d\u017a", "cp1250"),
        ("\u041c\u043e\u0441\u043a\u0432\u0430", "cp1251"),
        ("Jos\u00e9 R\u00edos", "mac-roman"),
    ],
)
def test_other_encodings_are_refused_and_nothing_is_touched(copy, name, encoding):
    in_encoding(copy / "actors.csv", encoding, "North Korea", name)
    (copy / "events.csv").write_bytes(b"\xef\xbb\xbf" + (copy / "events.csv").read_bytes())
    before = contents(copy)
    said = fix(copy)
    assert said.exit_code == 1 and "actors.csv, row 3: is not UTF-8" in said.output
    assert "save it as CSV UTF-8" in said.output and said.exception.code == 1
    assert contents(copy) == before


def test_a_table_without_its_columns_is_not_rewritten(copy):
    raw = in_encoding(copy / "actors.csv", "cp1252", "North Korea", "Cor\u00e9e")
    (copy / "actors.csv").write_bytes(raw.replace(b"name", b"nom", 1))
    assert fix(copy).exit_code == 1 and not (copy / "actors-before.csv").exists()


def test_misread_letters_are_named(copy):
    misread = "X\u00c3\u00ad J\u00c3\u00acnp\u00c3\u00adng\u00e2\u20ac\u2122s"
    edit(copy, "actors", 3, "name", misread)
    said = told("check", copy).output
    assert "actors.csv, row 3, column name:" in said
    assert "has misread letters; write 'X\u00ed J\u00ecnp\u00edng\u2019s'" in said


def test_letters_with_marks_are_not_misread(copy):
    names = "\u00c5ngstr\u00f6m \u00c2ge \u00bfQu\u00e9? \u20ac5 \u5317\u4eac \u0141\u00f3d\u017a"
    edit(copy, "actors", 3, "name", names)
    assert told("check", copy).exit_code == 0


def test_voices_must_be_actors(copy):
    in_encoding(copy / "datapackage.json", "utf-8", '"body": "kragh"', '"body": "kraagh"')
    said = told("check", copy).output
    assert "datapackage.json, column voices, body: 'kraagh' is not an actor" in said
    assert "did you mean kragh?" in said


def test_a_spreadsheets_number_for_a_date_is_named(copy):
    edit(copy, "events", 12, "date", "44616")
    said = told("check", copy).output
    assert "looks like a spreadsheet's number for 2022-02-24" in said
    edit(copy, "events", 12, "date", "431 BC")
    assert "write -0430, which is 431 BC" in told("check", copy).output


def test_what_looks_like_a_formula_is_text_again(copy):
    edit(copy, "actors", 3, "role", guard("=1+1"))
    assert axislib.open_seed(copy).actors["role"].iloc[1] == "=1+1"


@pytest.mark.parametrize(
    ("date", "problem"),
    [
        ("Y12000", ""),
        ("Y-289999", ""),
        ("Y12000/..", ""),
        ("Y290001", "is more than 290,000 years away"),
        ("2022/Y-99999999999", "the interval ends before it begins"),
        ("Y-99999999999/2022", "is more than 290,000 years away"),
        ("12000", "looks like a spreadsheet's number"),
        ("Y2022", "write 2022"),
    ],
)
def test_a_year_beyond_9999_is_taken_if_it_can_be_drawn(date, problem):
    (field,) = [field for field in fields_of("events") if field["name"] == "date"]
    found = check_field([date], "events", field, {})
    assert [bool(found), problem in str(found[0]) if found else True] == [bool(problem), True]


@pytest.mark.parametrize("date", ["Feb-22", "2/24/2022", "8E+03", "1.2.2022", "02/24/22", "44,616"])
def test_what_a_spreadsheet_makes_of_a_date_is_named(copy, date):
    edit(copy, "events", 12, "date", date)
    said = told("check", copy)
    assert said.exit_code == 1
    assert f"events.csv, row 12, column date: '{date}' is not a date" in said.output


# three more of the kind: what cloud folders, spreadsheets and careful people do to a file


@pytest.mark.parametrize(
    "name", ["events (1).csv", "events (Ana's conflicted copy 2024-10-05).csv", "events~2.csv"]
)
def test_a_copy_that_nobody_reads_is_named(copy, name):
    (copy / name).write_bytes((copy / "events.csv").read_bytes())
    said = told("check", copy)
    assert said.exit_code == 0
    assert f"{name}: not read; if it is the newer one, call it events.csv" in said.output


def test_rows_of_nothing_but_separators_are_named_and_taken_out(copy):
    path = copy / "frames.csv"
    before = path.read_text(encoding="utf-8")
    columns = before.split("\n", 1)[0].count(",")
    path.write_text(before + ("," * columns + "\n") * 3, encoding="utf-8")
    said = told("check", copy)
    assert said.exit_code == 1 and "frames.csv, row" in said.output
    assert fix(copy).exit_code == 0
    assert path.read_text(encoding="utf-8") == before
