"""Dates: hard cases one by one, then properties, then python-edtf as a second opinion."""

import doctest
import subprocess
import sys
import time
from datetime import date, timedelta

import edtf
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from axislib.tables import dates
from axislib.tables.dates import DateError, bounds, is_edtf, overlaps, parse

# value, first day, last day
GOOD = [
    ("2024", (2024, 1, 1), (2024, 12, 31)),
    ("2024-10", (2024, 10, 1), (2024, 10, 31)),
    ("2024-10-15", (2024, 10, 15), (2024, 10, 15)),
    ("2024-02", (2024, 2, 1), (2024, 2, 29)),
    ("1900-02", (1900, 2, 1), (1900, 2, 28)),
    ("2000-02-29", (2000, 2, 29), (2000, 2, 29)),
    ("0000-02-29", (0, 2, 29), (0, 2, 29)),
    ("2004-01-01T10:10:10Z", (2004, 1, 1), (2004, 1, 1)),
    ("2004-01-01T23:59:59+05:30", (2004, 1, 1), (2004, 1, 1)),
    ("1984?", (1984, 1, 1), (1984, 12, 31)),
    ("1984~", (1984, 1, 1), (1984, 12, 31)),
    ("2004-06-11%", (2004, 6, 11), (2004, 6, 11)),
    ("201X", (2010, 1, 1), (2019, 12, 31)),
    ("20XX?", (2000, 1, 1), (2099, 12, 31)),
    ("-004X", (-49, 1, 1), (-40, 12, 31)),
    ("2004-XX", (2004, 1, 1), (2004, 12, 31)),
    ("1985-12-XX", (1985, 12, 1), (1985, 12, 31)),
    ("1985-XX-XX", (1985, 1, 1), (1985, 12, 31)),
    ("2001-21", (2001, 3, 1), (2001, 5, 31)),
    ("2001-22", (2001, 6, 1), (2001, 8, 31)),
    ("2001-23~", (2001, 9, 1), (2001, 11, 30)),
    ("2003-24", (2003, 12, 1), (2004, 2, 29)),
    ("0000", (0, 1, 1), (0, 12, 31)),
    ("-0431", (-431, 1, 1), (-431, 12, 31)),
    ("Y-17000", (-17000, 1, 1), (-17000, 12, 31)),
    ("Y170000002", (170000002, 1, 1), (170000002, 12, 31)),
    ("1964/2008", (1964, 1, 1), (2008, 12, 31)),
    ("2004-06/2006-08", (2004, 6, 1), (2006, 8, 31)),
    ("2004-02-01/2005", (2004, 2, 1), (2005, 12, 31)),
    ("2004/2004-06", (2004, 1, 1), (2004, 6, 30)),
    ("2001-21/2003", (2001, 3, 1), (2003, 12, 31)),
    ("1984~/2004-06?", (1984, 1, 1), (2004, 6, 30)),
    ("-0431/-0404", (-431, 1, 1), (-404, 12, 31)),
    ("1985-04-12/..", (1985, 4, 12), None),
    ("../1985-04", None, (1985, 4, 30)),
    ("1985/", (1985, 1, 1), None),
    ("/1985", None, (1985, 12, 31)),
    ("../..", None, None),
    ("../", None, None),
    ("..", None, None),
]
# value, words the message must have
BAD = [
    ("2024-13", "there is no month 13; write 2024-12 or 2024"),
    ("2024-00", "no month 00; write 2024-01"),
    ("2012-13", "2012/2013 for the years"),
    ("1943-45", "write 1943/1945"),
    ("2001-25", "21 to 24 are spring"),
    ("2001-21-05", "a season has no days; write 2001-21"),
    ("2023-02-30", "2023-02 has 28 days; write 2023-02-28 or 2023-02"),
    ("1900-02-29", "28 days"),
    ("2024-11-31", "2024-11-30"),
    ("2024-11-00", "2024-11-01"),
    ("2022/2024-13", "no month 13"),
    ("2025/2024", "ends before it begins; write 2024/2025"),
    ("2024-10-15/2024-10-14", "ends before"),
    ("2022/2023/2024", "two ends"),
    ("/", "two ends"),
    ("24", "write a year (2024)"),
    ("2024-1", "write 2024-01"),
    ("2024-1-5", "write 2024-01-05"),
    ("20241015", "write 2024-10-15"),
    ("2024.10", "write 2024-10"),
    ("2024/10/15", "write 2024-10-15"),
    ("15.10.2024", "write 2024-10-15"),
    ("2024\u201310", "write 2024-10"),
    ("12024", "a spreadsheet's number for 1932-12-01; write 1932-12-01, or Y12024 if"),
    ("-17000", "write Y-17000"),
    ("Y2024", "write 2024"),
    ("Y02024", "write 2024"),
    ("Y-17E7", "level 0 or 1"),
    ("-0000", "write 0000"),
    ("199u", "write 199X"),
    ("199x", "write 199X"),
    ("1990s", "write 199X"),
    ("1XXX", "level 0 or 1"),
    ("201X-04", "write 201X"),
    ("2004-XX-05", "known month"),
    ("2024?~", "write 2024%"),
    ("?2024", "write 2024?"),
    ("2024??", "level 0 or 1"),
    ("2004/open", "write 2004/.."),
    ("unknown/2004", "write /2004"),
    ("c. 1943", "write 1943~"),
    ("1943 to 1945", "write 1943/1945"),
    ("44616", "looks like a spreadsheet's number for 2022-02-24; write 2022-02-24, or Y44616"),
    ("431 BC", "write -0430, which is 431 BC"),
    ("c. 431 BCE", "write -0430~, which is 431 BC"),
    ("15 March 44 BC", "write -0043-03-15, which is 44 BC"),
    ("-43", "write -0043, which is 44 BC"),
    ("-430", "write -0430, which is 431 BC"),
    ("AD 31", "write 0031"),
    ("October 2024", "write 2024-10"),
    ("14 March 2021", "write 2021-03-14"),
    ("March 14, 2021", "write 2021-03-14"),
    ("the autumn of 2023", "write 2023-23"),
    ("last autumn", "2024-23 is autumn 2024"),
    ("{2023,2024}", "level 0 or 1"),
    ("2004-01-01T25:00:00", "level 0 or 1"),
    ("2004-01-01T10:10:10?", "no qualifier"),
    ("2004-01-01T10:10:10Z/2005", "no time of day"),
    (" 2024", "write 2024"),
    ("2024\n", "write 2024"),
    ("\u0662\u0660\u0662\u0664", "level 0 or 1"),
    ("Y" + "9" * 5000, "level 0 or 1"),
    ("", "leave it out"),
    ("not_stated", "leave it out"),
]


@pytest.mark.parametrize(("value", "first", "last"), GOOD, ids=[case[0] for case in GOOD])
def test_good(value, first, last):
    span = parse(value)
    assert (span.first, span.last) == (first, last)
    assert span.earliest == (date(*first) if first and 0 < first[0] < 10000 else None)
    assert span.latest == (date(*last) if last and 0 < last[0] < 10000 else None)
    assert is_edtf(value) == (value != "..")


@pytest.mark.parametrize(("value", "words"), BAD, ids=[repr(case[0])[:24] for case in BAD])
def test_bad(value, words):
    with pytest.raises(DateError) as caught:
        parse(value)
    assert words in str(caught.value)
    assert repr(value)[1:20].rstrip("'") in str(caught.value)
    assert len(str(caught.value)) < 300
    assert not is_edtf(value)


@pytest.mark.parametrize(
    "value", [None, 2024, 2024.0, pd.NA, pd.NaT, date(2024, 1, 1), ["2024"], b"2024"]
)
def test_not_text(value):
    with pytest.raises(DateError, match="write the date as text"):
        parse(value)
    assert not is_edtf(value)


def test_span_is_frozen():
    with pytest.raises(AttributeError):
        parse("2024").earliest = None


@settings(deadline=None)
@given(st.text(alphabet="0123456789-/XY?~%.T:Zu ", max_size=14))
@example("0000/-0001")
@example("9999-24")
def test_anything_is_a_span_or_a_date_error(value):
    try:
        span = parse(value)
    except DateError as error:
        assert repr(value) in str(error)
        mend = str(error).rsplit("; write ", 1)[-1].split(" ")[0].rstrip(",")
        if "/" not in value and str(error).count("; write ") == 1 and mend != "a":
            assert is_edtf(mend), error
        return
    assert not (span.first and span.last and span.first > span.last)
    ends = value.split("/")
    assert [day is None for day in span] == [ends[n] in ("", "..") for n in (0, -1)]


@settings(deadline=None)
@given(st.dates())
def test_a_day_lies_within_its_month_season_year_decade_century(day):
    year = f"{day.year:04d}"
    season = {12: 24, 1: 24, 2: 24, 3: 21, 4: 21, 5: 21, 6: 22, 7: 22, 8: 22}.get(day.month, 23)
    of = day.year - (day.month < 3)
    values = [
        day.isoformat(),
        f"{year}-{day.month:02d}",
        f"{of:04d}-{season}",
        year,
        year[:3] + "X",
        year[:2] + "XX",
    ]
    spans = [parse(value) for value in values]
    where = (day.year, day.month, day.day)
    assert all(span.first <= where <= span.last for span in spans)
    widths = [
        (span.last[0] - span.first[0], span.last[1] - span.first[1])
        for span, value in zip(spans, values, strict=True)
        if not value.endswith(("-21", "-22", "-23", "-24")) or len(value) > 7
    ]
    assert widths == sorted(widths)


@settings(deadline=None)
@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_overlaps_is_what_the_days_say(a, b, c, d):
    (a, b), (c, d) = sorted((a, b)), sorted((c, d))
    since, until = c.isoformat(), d.isoformat()
    rows = bounds([f"{a}/{b}", f"{a}/..", f"../{b}", ".."])
    ends = rows["earliest"], rows["latest"]
    assert overlaps(*ends, since, until).tolist() == [a <= d and c <= b, a <= d, c <= b, True]
    assert overlaps(*ends, "", until).tolist() == [a <= d, a <= d, True, True]
    assert overlaps(*ends, since, "").tolist() == [c <= b, True, c <= b, True]


simple = st.one_of(
    st.dates().map(date.isoformat),
    st.dates().map(lambda day: f"{day.year:04d}-{day.month:02d}"),
    st.integers(-9999, 9999).map(lambda y: f"{y:05d}" if y < 0 else f"{y:04d}"),
    st.integers(0, 999).map(lambda d: f"{d:03d}X"),
    st.integers(0, 99).map(lambda c: f"{c:02d}XX"),
    st.dates().map(lambda day: f"{day.year:04d}-{day.month:02d}-XX"),
    st.integers(0, 9999).map(lambda y: f"{y:04d}-XX"),
    st.tuples(st.integers(1, 9999), st.integers(21, 23)).map(
        lambda p: f"{p[0]:04d}-{p[1]}"
    ),  # winter: see below
    st.integers(10000, 10**11).map(lambda y: f"Y{y}"),
)


def struct(day):
    return tuple(day[:3])


@settings(deadline=None)
@given(simple, st.sampled_from(["", "?", "~", "%"]))
def test_python_edtf_agrees_on_dates(value, mark):
    if "X" in value or value[0] == "Y" or value[5:] in ("21", "22", "23"):
        mark = ""  # python-edtf knows no qualifier there
    theirs, ours = edtf.parse_edtf(value + mark), parse(value + mark)
    assert (struct(theirs.lower_strict()), struct(theirs.upper_strict())) == (ours.first, ours.last)


@settings(deadline=None)
@given(st.dates(), st.dates(), st.sampled_from(["", "?", "~"]), st.booleans(), st.booleans())
def test_python_edtf_agrees_on_intervals(a, b, mark, month, year):
    a, b = sorted((a, b))
    value = (
        f"{a.isoformat()[: 7 if month else 10]}{mark}/{b.isoformat()[: 4 if year else 10]}{mark}"
    )
    theirs, ours = edtf.parse_edtf(value), parse(value)
    assert (struct(theirs.lower_strict()), struct(theirs.upper_strict())) == (ours.first, ours.last)


def test_where_python_edtf_means_something_else():
    winter, unknown = edtf.parse_edtf("2003-24"), edtf.parse_edtf("/2004")
    assert struct(winter.upper_strict()) == (2003, 12, 31) and parse("2003-24").last == (
        2004,
        2,
        29,
    )
    assert struct(unknown.lower_strict())[0] == 1994 and parse("/2004").first is None


# where python-edtf is of another mind: its level 2, order in an interval, days a month lacks, white
# space
ITS_OWN = {
    "1XXX",
    "201X-04",
    "2004-XX-05",
    "2001-25",
    "{2023,2024}",
    "Y-17E7",
    "Y2024",
    "Y02024",
    "?2024",
    "2025/2024",
    "2024-10-15/2024-10-14",
    "",
    "not_stated",
    "/",
    "2001-21-05",
    "-17000",
    "1900-02-29",
    "2023-02-30",
    "2024-11-31",
    "2004-01-01T10:10:10Z/2005",
    " 2024",
    "2024\n",
}


@pytest.mark.parametrize(
    "value", [value for value, _ in BAD if value not in ITS_OWN], ids=lambda value: repr(value)[:24]
)
def test_python_edtf_refuses_what_we_refuse(value):
    with pytest.raises(Exception):  # noqa: B017, PT011 - it raises several kinds
        edtf.parse_edtf(value).lower_strict()


def test_bounds():
    series = pd.Series(
        ["2024-10", "", "not_stated", None, "2022/..", "-0431", "Y170000002", "2024-10"],
        index=list("abcdefgh"),
    )
    frame = bounds(series)
    assert list(frame.columns) == ["earliest", "latest"] and list(frame.index) == list("abcdefgh")
    assert (frame.dtypes == "datetime64[us]").all()
    assert (
        frame.loc["a"].tolist()
        == frame.loc["h"].tolist()
        == [pd.Timestamp("2024-10-01"), pd.Timestamp("2024-10-31")]
    )
    assert frame.loc[["b", "c", "d", "g"]].isna().all(axis=None)
    assert frame.loc["e", "earliest"] == pd.Timestamp("2022-01-01") and pd.isna(
        frame.loc["e", "latest"]
    )
    assert frame["earliest"].dt.year["f"] == -431
    assert bounds([]).shape == (0, 2) and bounds(pd.Series([], dtype="str")).shape == (0, 2)


def test_bounds_names_the_row():
    with pytest.raises(DateError, match=r"2024-13.*\(row w\)"):
        bounds(pd.Series(["2024", "2024-13"], index=["v", "w"]))


def test_bounds_takes_numbers_and_categories():
    assert bounds(pd.Series([2024, 2023])).equals(bounds(pd.Series(["2024", "2023"])))
    assert bounds(pd.Series(["2024", "2023"], dtype="category")).equals(
        bounds(pd.Series(["2024", "2023"]))
    )


def test_bounds_is_fast_enough():
    values = [(date(1990, 1, 1) + timedelta(days=n)).isoformat() for n in range(10_000)]
    began = time.perf_counter()
    bounds(pd.Series(values))
    assert time.perf_counter() - began < 2


def test_overlaps_on_columns():
    frame = bounds(pd.Series(["1943", "2024-10", "", "2022/..", "-0431"], index=list("abcde")))
    kept = overlaps(frame["earliest"], frame["latest"], since="2024-10-15", until="2025")
    assert kept.index[kept].tolist() == ["b", "c", "d"]
    assert overlaps(frame["earliest"], frame["latest"], "", "not_stated").all()
    assert overlaps(frame["earliest"], frame["latest"], "", "1900").tolist() == [
        False,
        False,
        True,
        False,
        True,
    ]
    assert overlaps(frame["earliest"], frame["latest"], "2022/2023", "2023/..").tolist() == [
        False,
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2025", "2024", "exchange the two"),
        ("2024-13", "", "no month 13"),
        ("Y170000002", "", "too far away"),
    ],
)
def test_overlaps_refuses_nonsense(since, until, words):
    with pytest.raises(DateError, match=words):
        overlaps(*(bounds(["2024"])[end] for end in ("earliest", "latest")), since, until)


def test_import_is_light():
    code = (
        "import sys, axislib.tables.dates\n"
        "print([m for m in ('plotly', 'edtf', 'ipywidgets') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_examples():
    assert doctest.testmod(dates).failed == 0
