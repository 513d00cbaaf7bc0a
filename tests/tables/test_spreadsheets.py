"""Files as people have them: encodings, separators, workbooks; what goes in comes back as text."""

import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from axislib import SeedError
from axislib.files import guard, to_csv, unguard
from axislib.tables.spreadsheets import (
    csv_rows,
    csv_text,
    fill_sheet,
    plain_csv,
    read_cells_of,
    read_tabs,
)

HEADER = ["unit", "variable", "code"]
NAMES = "id,name\na,{}\n"


def book_of(path, rows, title="Sheet"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_is_certain_is_read(encoding):
    words = NAMES.format("Zo\u00eb, \u201ccaf\u00e9\u201d \u2013 \u00a35").replace(", ", " ")
    assert csv_text(words.encode(encoding), "x.csv", ["id", "name"]) == words


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("\u0141\u00f3d\u017a", "cp1250"),  # a Polish town
        ("\u041c\u043e\u0441\u043a\u0432\u0430", "cp1251"),
        ("\u5317\u4eac", "big5"),
        ("rest\u00e9", "mac-roman"),
    ],
)
def test_what_is_uncertain_is_refused_in_words(words, encoding):
    raw = NAMES.format(words).encode(encoding)
    with pytest.raises(SeedError, match=r"x\.csv, row 2: is not UTF-8.*save it as CSV UTF-8"):
        csv_text(raw, "x.csv")


def test_windows_1252_needs_the_columns_of_the_table():
    raw = NAMES.format("caf\u00e9").encode("cp1252")
    assert csv_text(raw, "x.csv", ["id", "name"])
    with pytest.raises(SeedError, match="no other encoding is certain"):
        csv_text(raw, "x.csv", ["id", "kind"])


@pytest.mark.parametrize(
    "text", ["a;b\r\n1;2,5\r\n", "a\tb\n1\t2,5\n", "sep=;\r\na;b\r\n1;2,5\r\n", 'a,b\r1,"2,5"\r']
)
def test_separators_and_line_ends(text):
    assert plain_csv(text.encode()) == 'a,b\n1,"2,5"\n'
    assert csv_rows(text.encode("utf-16"), "x.csv") == [["a", "b"], ["1", "2,5"]]


def test_utf16_without_its_mark_is_refused():
    with pytest.raises(SeedError, match="is not a text file"):
        csv_text("a,b\n1,2\n".encode("utf-16-le"), "x.csv")


# --- workbooks


def test_the_tab_with_the_columns_is_taken_and_a_title_row_passed_over(tmp_path):
    book = Workbook()
    book.active.title = "Export Summary"
    book.active.append(["This file was exported from Numbers"])
    page = book.create_sheet("Coding")
    for row in (["Seminar of May"], ["Unit", "variable", "code"], ["u1", "level", "present"]):
        page.append(row)
    book.save(tmp_path / "x.xlsx")
    cells = read_cells_of(tmp_path / "x.xlsx")
    assert cells.to_dict("index") == {3: {"unit": "u1", "variable": "level", "code": "present"}}


def with_value(path, cell, value):
    """Store a value with a formula, as a spreadsheet does and openpyxl does not."""
    parts = {}
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            parts[name] = book.read(name)
    name = "xl/worksheets/sheet1.xml"
    xml = parts[name].decode()
    kind = "e" if value.startswith("#") else "str"
    start = xml.index(f'<c r="{cell}"')
    end = xml.index("</c>", start)
    formula = xml[xml.index("<f>", start) : xml.index("</f>", start) + 4]
    xml = xml[:start] + f'<c r="{cell}" t="{kind}">{formula}<v>{value}</v>' + xml[end:]
    parts[name] = xml.encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def test_formulas_give_what_is_stored_with_them(tmp_path):
    path = book_of(tmp_path / "x.xlsx", [["a", "b", "c"], ['="R"&"S"', "=1/0", '=IF(1,"",2)']])
    for cell, value in (("A2", "RS"), ("B2", "#DIV/0!"), ("C2", "")):
        with_value(path, cell, value)
    (tab,) = read_tabs(path)
    assert tab.rows[2] == ["RS", "#DIV/0!", ""]
    assert tab.faults == ["tab Sheet, cell B2: the error #DIV/0!; correct the formula"]
    assert tab.empty == ["tab Sheet, cell C2: a formula that gives nothing"]


def test_a_formula_without_a_stored_value_is_named(tmp_path):
    (tab,) = read_tabs(book_of(tmp_path / "x.xlsx", [["a"], ["=1+1"]]))
    assert tab.rows[2] == ["=1+1"] and "without a stored value" in tab.faults[0]


def far_fill(path):
    book = Workbook()
    page = book.active
    for row in (HEADER, ["u1", "level", "present"]):
        page.append(row)
    for place in ("A1048576", "XFD400", "XFD1048576"):
        page[place].fill = PatternFill("solid", fgColor="FFFF00")
    book.save(path)


def far_value(path):
    book = Workbook()
    book.active.append(HEADER)
    book.active["XFD1048576"] = "here"
    book.save(path)


def million_rows(path):
    book_of(path, [HEADER])
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 1_000_001))
    _with_sheet(path, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))


def entity_bomb(path):
    book_of(path, [HEADER])
    lines = ['<!ENTITY a0 "aaaaaaaaaa">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    bomb = f"<!DOCTYPE worksheet [{''.join(lines)}]>"
    _with_sheet(path, lambda xml: bomb + xml.replace("unit", "&a9;"))


def _with_sheet(path, change):
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (far_fill, "1 rows"),
        (far_value, "cell XFD1048576: only 20,000 rows, 200 columns"),
        (million_rows, "unzips to"),
        (entity_bomb, "XML definitions"),
    ],
)
def test_bad_workbooks_are_read_or_refused_quickly(tmp_path, make, words):
    path = tmp_path / "bad.xlsx"
    make(path)
    code = (
        "import sys, time; from pathlib import Path\n"
        "import openpyxl\n"
        "from axislib import SeedError; from axislib.tables.spreadsheets import read_cells_of\n"
        "began = time.process_time()\n"
        "try: said = f'{len(read_cells_of(Path(sys.argv[1])))} rows'\n"
        "except SeedError as error: said = str(error)\n"
        # the peak of this program alone: ru_maxrss begins with that of the one that started it
        "status = Path('/proc/self/status').read_text()\n"
        "peak = status.split('VmHWM:')[1].split()[0]\n"
        "print(said, time.process_time() - began, peak, sep='|')"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    ).stdout
    said, seconds, kilobytes = out.strip().rsplit("|", 2)
    print(make.__name__, f"{float(seconds):.2f} s, {int(kilobytes) // 1024} MB: {said}")
    assert words in said
    assert float(seconds) < 2 and int(kilobytes) < 300 * 1024


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04 no zip", b"PK", b"\xd0\xcf\x11\xe0 old", b"%PDF-1.7"], ids=repr
)
def test_what_is_no_workbook_is_one_sentence(tmp_path, raw):
    (tmp_path / "x.xlsx").write_bytes(raw)
    with pytest.raises(SeedError, match=r"^x\.xlsx: [^\n]*save it"):
        read_cells_of(tmp_path / "x.xlsx")


def test_any_error_of_the_reader_is_one_sentence(tmp_path):
    path = book_of(tmp_path / "x.xlsx", [HEADER])
    _with_sheet(path, lambda xml: xml.replace("</sheetData>", "</sheet>"))
    with pytest.raises(SeedError, match=r"^x\.xlsx: not an Excel workbook.*not Strict$"):
        read_cells_of(path)


def test_no_warning_of_the_library_is_seen(tmp_path, recwarn):
    path = book_of(tmp_path / "x.xlsx", [HEADER, ["u1", "level", "present"]])
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"'
        ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        "<x14:dataValidations/></ext></extLst></worksheet>"
    )
    _with_sheet(path, lambda xml: xml.replace("</worksheet>", extension))
    assert len(read_cells_of(path)) == 1 and not recwarn.list


# --- out


@pytest.mark.parametrize("sign", ["\x02", "\x08", "\x1b", "\ufffe", "\uffff", "\x0b", "\x1f"])
def test_signs_that_no_workbook_may_hold_are_left_out(tmp_path, sign):
    book = Workbook()
    fill_sheet(book.active, pd.DataFrame({"words": [f"ship{sign}s"]}))
    book.save(tmp_path / "x.xlsx")
    assert load_workbook(tmp_path / "x.xlsx").active["A2"].value == "ships"


TRIGGERS = ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b"]


@pytest.mark.parametrize("trigger", TRIGGERS, ids=ascii)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u3000", "'"], ids=ascii)
def test_no_cell_is_a_formula_and_all_come_back(tmp_path, trigger, before):
    value = f"{before}{trigger}1+1"
    frame = pd.DataFrame({"unit": ["u"], "variable": ["level"], "code": [value]})
    path = tmp_path / "x.csv"
    for _ in range(2):  # written, saved again, read back
        path.write_text(to_csv(frame), encoding="utf-8", newline="")
        assert csv_rows(path.read_bytes(), "x")[1][2].startswith("'")
        frame = read_cells_of(path).reset_index(drop=True)
        assert frame["code"].item() == value
    book = Workbook()
    fill_sheet(book.active, frame)
    book.save(tmp_path / "x.xlsx")
    cell = load_workbook(tmp_path / "x.xlsx").active["C2"]
    assert cell.data_type != "f" and cell.quotePrefix


@given(st.text())
def test_the_guard_loses_nothing(text):
    assert unguard(guard(text)) == text
    assert guard(text).lstrip(" ")[:1] not in ("=", "+", "-", "@")


def test_a_workbook_with_a_password_and_another_programs_are_one_sentence(tmp_path):
    locked, other = tmp_path / "locked.xlsx", tmp_path / "sheet.ods"
    name = "EncryptedPackage".encode("utf-16-le")
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + name + b"\0" * 600)
    with zipfile.ZipFile(other, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", "<office/>")
    for read in (read_tabs, read_cells_of):
        with pytest.raises(SeedError, match="locked.xlsx: locked with a password; save it without"):
            read(locked)
        with pytest.raises(SeedError, match=r"sheet.ods: not an Excel workbook .*; save it again"):
            read(other)
