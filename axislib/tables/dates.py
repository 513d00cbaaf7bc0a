"""What a date in EDTF (ISO 8601-2, levels 0 and 1) says: the first and last day it may mean.

The grammar: Library of Congress, Extended Date/Time Format Specification (2019), without level 2.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

NOT_A_DATE = ("", "not_stated")
Day = tuple[int, int, int]  # year, month, day
FAR = 290_000  # years, about as far as a count of microseconds in 64 bits reaches

# the first month of each season; winter runs into February of the next year
_SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
_HOUR, _SIXTY = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_DATE = re.compile(
    r"(?P<year>-?[0-9]{4}|-?[0-9]{3}X|-?[0-9]{2}XX|Y-?[1-9][0-9]{4,11})"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX)"
    rf"(?P<time>T{_HOUR}:{_SIXTY}:{_SIXTY}(?:Z|[+-]{_HOUR}(?::{_SIXTY})?)?)?)?)?(?P<mark>[?~%])?"
)
# guesses at what was meant by what is not EDTF: see _GUESSES, each tried on top of the last
_NAMES = {
    name: f"{n:02}"
    for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_NAMES |= {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_NAME = rf"(?P<m>{'|'.join(_NAMES)})[a-z]*\.?(?: of)?"
_YEAR = r"(?:(?P<y>\d{4})|(?P<bc>\d{1,4}) ?(?:BCE?|B\.C\.(?:E\.)?))"
_AD = r"(?:A\.?D\.?|C\.?E\.?)"
# a spreadsheet counts days from here; five digits up to the last are more likely its than a year
_DAY_ZERO, _LAST_SERIAL = date(1899, 12, 30), 60_000
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"


def _in_figures(found: re.Match) -> str:
    parts = found.groupdict()
    month, day = parts.get("m"), parts.get("d")
    when = parts["y"] or _iso_year(1 - int(parts["bc"]))
    when += f"-{_NAMES[month.lower()]}" if month else ""
    when += f"-{int(day):02}" if day else ""
    return when + ("~" if parts.get("about") else "")


def _iso_year(year: int) -> str:
    return f"{'-' * (year < 0)}{abs(year):04}"


_GUESSES = [
    (re.compile(old), new)
    for old, new in [
        *(
            (rf"(?i)^{words}{_YEAR}$", _in_figures)
            for words in (
                r"(?P<about>(?:c|ca|circa|about|around)\.? ?)?(?:in )?",
                rf"(?:in )?(?:the )?{_NAME},? ",
                rf"(?:on )?{_DAY}(?: of)? {_NAME},? ",
                rf"(?:on )?{_NAME} {_DAY},? ",
            )
        ),
        (
            rf"(?i)^(?:{_AD} ?(\d{{1,4}})|(\d{{1,4}}) ?{_AD})$",
            lambda found: _iso_year(int(found[1] or found[2])),
        ),
        (r"^\s+|\s+$", ""),
        (r"[\u2010-\u2015\u2212]", "-"),
        (r"(?i)\bopen\b", ".."),
        (r"(?i)\bunknown\b", ""),
        (r"[ux]", "X"),
        (r"^y(?=-?\d)", "Y"),
        (r"\?~|~\?", "%"),
        (r"^([?~%])(.+)$", r"\2\1"),
        (r"^(\d{3})0s$", r"\1X"),
        (r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3"),
        (r"^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})$", r"\3-\2-\1"),
        (r"^(\d{4})[./](\d{1,2})$", r"\1-\2"),
        (r"^(\d{4})[./](\d{1,2})[./](\d{1,2})$", r"\1-\2-\3"),
        (r"-(\d)(?=[-/?~%]|$)", r"-0\1"),
        (r"^(\d{4}) ?(?:-|to|until) ?(\d{4})$", r"\1/\2"),
        (r"^-(\d{1,3})$", lambda found: _iso_year(-int(found[1]))),
        (r"^(-?[1-9]\d{4,11})$", r"Y\1"),
        (r"^Y(-?)0*(\d{4})$", r"\1\2"),
    ]
]
_ELSE = "write a year (2024), month (2024-10), day (2024-10-15), season (2024-23 is autumn 2024) or"
_ELSE += " interval (2022/2024, 2022/..)"


class DateError(ValueError):
    """A value that is no EDTF date: what is wrong (``problem``) and what to write (``fix``)."""

    def __init__(self, message: str, problem: str = "", fix: str = ""):
        super().__init__(message)
        self.problem, self.fix = problem, fix


class _Problem(Exception):
    """What is wrong, then what to write if that is known, both without the value."""


class Span(NamedTuple):
    """The first and last day that a date may mean; None where that end is open or unknown.

    ``earliest`` and ``latest`` are the same days, None also outside the years 1 to 9999 that
    ``datetime.date`` can hold. ``?``, ``~`` and ``%`` widen no span: EDTF does not say by how much.
    """

    first: Day | None
    last: Day | None

    @property
    def earliest(self) -> date | None:
        """The first day as a date."""
        return _to_date(self.first)

    @property
    def latest(self) -> date | None:
        """The last day as a date."""
        return _to_date(self.last)


def parse(text: str) -> Span:
    """The span of days an EDTF date means.

    Years count as in ISO 8601: 0000 is 1 BC, -0043 is 44 BC. Seasons are meteorological and
    northern, 21 spring (March to May) to 24 winter (December to February of the next year). A time
    of day is checked and then left out. ``..`` alone, the open end of an interval kept in a column
    of its own, is open at both ends. Raises DateError, with what to write, for all else and for
    empty text. It cannot tell how far an approximate date may be off, nor a season's hemisphere.

    >>> parse("2022-02~").earliest, parse("2022-02~").latest
    (datetime.date(2022, 2, 1), datetime.date(2022, 2, 28))
    """
    if not isinstance(text, str):
        raise DateError(f"{text!r}: not text; write the date as text, such as '2024-10'")
    try:
        return _span(text)
    except _Problem as problem:
        wrong, fix = (*problem.args, "")[:2]
        shown = text if len(text) < 60 else text[:57] + "..."
        fix = fix or _guess(text) or _ELSE
        raise DateError(f"{shown!r}: {wrong}; {fix}", wrong, fix) from None


def is_edtf(text: object) -> bool:
    """Whether a value is an EDTF date of level 0 or 1; '', 'not_stated' and a lone '..' are not.

    >>> is_edtf("201X"), is_edtf("2024-13"), is_edtf("")
    (True, False, False)
    """
    with suppress(DateError):
        return isinstance(text, str) and bool(parse(text)) and text != ".."
    return False


def bounds(values: Iterable) -> pd.DataFrame:
    """Columns ``earliest`` and ``latest`` for a column of EDTF dates, with its index.

    Both are datetime64 in microseconds, midnight of the first and of the last day, so years before
    1 and after 9999 fit (to 290,000 either way). NaT where an end is open, unknown or further away,
    and for empty cells, missing values and 'not_stated'. Raises DateError, which names the row, for
    a value that is no date. NaT does not tell an open end from an unknown one; ``parse`` does.

    >>> bounds(["2024-10", "not_stated"])["latest"].dt.day.tolist()
    [31.0, nan]
    """
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    codes, unique = pd.factorize(series)
    # the last row is for missing values
    ends = np.full((len(unique) + 1, 2), np.datetime64("NaT", "us"))
    for place, value in enumerate(unique):
        if value in NOT_A_DATE:
            continue
        try:
            span = parse(str(value))
        except DateError as error:
            raise DateError(f"{error} (row {series.index[codes.tolist().index(place)]})") from None
        ends[place] = _to_numpy(span.first), _to_numpy(span.last)
    return pd.DataFrame({"earliest": ends[codes, 0], "latest": ends[codes, 1]}, index=series.index)


def overlaps(earliest: pd.Series, latest: pd.Series, since: str, until: str) -> pd.Series:
    """Whether what lies between two columns of ``bounds`` may lie within two dates, row by row.

    ``since`` and ``until`` are EDTF dates or empty, counted from the first day of ``since`` to the
    last of ``until``. NaT is no bound, so what is undated may lie within, and stays. Raises
    DateError for a limit that is no date, or for ``since`` after ``until``.

    >>> dated = bounds(["1945", "2022/..", ""])
    >>> overlaps(dated["earliest"], dated["latest"], "2022-06", "").tolist()
    [False, True, True]
    """
    low, high = _limit(since, "first"), _limit(until, "last")
    if low > high:
        wrong = f"since '{since}' lies after until '{until}'; exchange the two, or leave one empty"
        raise DateError(wrong)
    return ~(earliest > high) & ~(latest < low)  # comparing with NaT is False, and so keeps


def _limit(text: str, end: str) -> np.datetime64:
    day = None if text in NOT_A_DATE else getattr(parse(text), end)
    if day and abs(day[0]) > FAR:
        wrong = f"'{text}': too far away to compare with; write a year within {FAR}, or nothing"
        raise DateError(wrong)
    return _to_numpy(day)


def _to_numpy(day: Day | None) -> np.datetime64:
    if day is None or abs(day[0]) > FAR:
        return np.datetime64("NaT", "us")
    return np.datetime64(f"{'-' * (day[0] < 0)}{abs(day[0]):04d}-{day[1]:02d}-{day[2]:02d}", "us")


@lru_cache(maxsize=4096)
def _span(text: str) -> Span:
    if text in NOT_A_DATE:
        raise _Problem("says no date", f"leave it out, or {_ELSE}")
    ends = text.split("/")  # a date that is no interval begins and ends with itself
    if len(ends) > 2 or text == "/":
        wrong = "an interval has two ends, at least one of them said, and one slash between them"
        raise _Problem(wrong)
    dated = [Span(None, None) if end in ("", "..") else _read_one(end) for end in ends]
    if len(ends) == 2 and "T" in text:
        raise _Problem("the ends of an interval have no time of day", "write the days alone")
    first, last = dated[0].first, dated[-1].last
    if first and last and first > last:
        raise _Problem("the interval ends before it begins", f"write {ends[1]}/{ends[0]}")
    return Span(first, last)


def _read_one(text: str) -> Span:
    """The days of a date that is no interval."""
    found = _DATE.fullmatch(text)
    if found is None and re.fullmatch(r"[0-9]{5}", text) and 1 <= int(text) <= _LAST_SERIAL:
        day = _DAY_ZERO + timedelta(days=int(text))
        fix = f"write {day}, or Y{text} if the year {int(text):,} is meant"
        raise _Problem(f"looks like a spreadsheet's number for {day}", fix)
    if found is None:
        raise _Problem("not an EDTF date of level 0 or 1")
    words, month, day, time, mark = found.groups(default="")
    _refuse_parts(words, month, day, time, mark)
    if month not in ("", "XX"):
        return _within_year(words, month, day)
    low, high = sorted(int(words.removeprefix("Y").replace("X", digit)) for digit in "09")
    return Span((low, 1, 1), (high, 12, 31))


def _refuse_parts(words: str, month: str, day: str, time: str, mark: str) -> None:
    """Refuse parts of a date that do not go together."""
    if time and mark:
        raise _Problem("a time of day takes no qualifier", f"write {words}-{month}-{day}{time}")
    if words.startswith("-0000"):
        raise _Problem("there is no year -0000", "write 0000, which is 1 BC")
    if month and ("X" in words or "Y" in words):
        raise _Problem("a month needs a year of four known digits", f"write {words}{mark}")
    if month == "XX" and day not in ("", "XX"):
        raise _Problem("a day needs a known month", f"write {words}-XX-XX or {words}")


def _within_year(words: str, month: str, day: str) -> Span:
    year, number = int(words), int(month)
    if number in _SEASONS and not day:
        end = (year + number // 24, (_SEASONS[number] + 1) % 12 + 1)
        return Span((year, _SEASONS[number], 1), (*end, calendar.monthrange(*end)[1]))
    if not 1 <= number <= 12:
        raise _no_such_month(words, month, day)
    days = calendar.monthrange(year, number)[1]
    if day in ("", "XX"):
        return Span((year, number, 1), (year, number, days))
    near, whole = min(max(int(day), 1), days), f"{words}-{month}"
    if int(day) != near:
        raise _Problem(f"{whole} has {days} days", f"write {whole}-{near:02d} or {whole}")
    return Span((year, number, near), (year, number, near))


def _no_such_month(year: str, month: str, day: str) -> _Problem:
    if int(month) in _SEASONS:
        return _Problem("a season has no days", f"write {year}-{month}")
    fix = [f"{year}-{'01' if month == '00' else '12'} or {year}"]
    if not day and not year.startswith("-") and month > year[2:]:
        fix.append(f"{year}/{year[:2]}{month} for the years {year} to {year[:2]}{month}")
    wrong = f"there is no month {month}" + " (21 to 24 are spring to winter)" * (int(month) > 24)
    return _Problem(wrong, "write " + ", or ".join(fix[::-1] if int(month) > 24 else fix))


def _guess(text: str) -> str:
    value = text[:60]
    for old, new in _GUESSES:
        value = old.sub(new, value)
        with suppress(_Problem):
            span = _span(value)
            year = span.first[0] if span.first else 1
            return f"write {value}" + (f", which is {1 - year} BC" if year < 1 else "")
    return ""


def _to_date(day: Day | None) -> date | None:
    return date(*day) if day and 1 <= day[0] <= 9999 else None
