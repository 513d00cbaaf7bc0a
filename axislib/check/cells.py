"""Every cell against schema.json, every id against the tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import pandas as pd

from axislib.errors import did_you_mean
from axislib.tables.dates import FAR, DateError, parse
from axislib.tables.schema import (
    Frames,
    fact_tables,
    fields_of,
    load_schema,
    missing_words,
    split_cell,
    vocabulary,
)

Ids = dict[str, set[str]]  # by the table, or kind of row, that a reference names
ID = r"[A-Za-z][A-Za-z0-9_]*"


@dataclass(frozen=True)
class Finding:
    """One thing to put right: where (row as a spreadsheet counts), what is there, what to do."""

    file: str
    row: int | None
    column: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        shown = f" '{self.value}'" if self.value else ""
        return f"{self.file}{row}{column}:{shown} {self.problem}; {self.remedy}"


def check_columns(frame: pd.DataFrame, table: str) -> list[Finding]:
    """Columns that are missing or unknown in one table."""
    want, given = [field["name"] for field in fields_of(table)], list(map(str, frame.columns))
    missing, unknown = "the column is missing", "is not a column of this table"
    add = "add {} to the first row (axislib export --codebook says what it holds)".format
    found = [(one, missing, add(one)) for one in want if one not in given]
    guess = partial(did_you_mean, words=want, otherwise="take it out")
    found += [(one, unknown, guess(one)) for one in given if one not in want]
    return [Finding(f"{table}.csv", 1, one, "", *words) for one, *words in found]


def known_ids(tables: Frames, beyond: Ids | None = None) -> Ids:
    """The ids that each ``references`` in the schema may name; with ``beyond``, another seed's too.
    A row is anchored in sentences, and where a seed has a table of sources, in those as well."""
    ids = {name: set(frame[load_schema()["tables"][name]["key"]]) for name, frame in tables.items()}
    for name, others in (beyond or {}).items():
        ids[name] = ids.get(name, set()) | others
    ids["facts"] = set().union(*(ids.get(name, set()) for name in fact_tables()))
    ids["actors_or_facts"] = ids["facts"] | ids.get("actors", set())
    ids["facts_or_measures"] = ids["facts"] | ids.get("measures", set())
    ids["any"] = set().union(*ids.values()) - ids.get("sentences", set())
    ids["sentences"] = ids.get("sentences", set()) | ids.get("sources", set())
    return ids


def check_field(cells: Iterable[str], table: str, field: dict, known: Ids) -> list[Finding]:
    """Findings on one column: what its field asks of each cell, and misread letters."""
    numbered, blanks = list(enumerate(map(str, cells), start=2)), missing_words()
    filled = [(row, value) for row, value in numbered if value not in blanks]
    judged = partial(_judged, field=field, known=known)
    found = judged(numbered, _test_missing) if field.get("required") else []
    if field.get("many"):
        filled = [(row, part) for row, value in filled for part in split_cell(value)]
        found += (joined := judged(filled, _test_apart))
        wrong = {value for _, value, *_ in joined}
        filled = [(row, part) for row, part in filled if part not in wrong]
    for test in _tests_of(field):
        found += judged(filled, test)
    return [Finding(f"{table}.csv", row, field["name"], *rest) for row, *rest in found]


Verdict = tuple[str, str] | None  # what is wrong with a value and how to put it right, or nothing
Test = Callable[[str, dict, Ids], Verdict]  # of a value, its field, known ids


def _judged(cells: list[tuple[int, str]], test: Test, field: dict, known: Ids) -> list[tuple]:
    """Row, value, problem and remedy of each cell that fails a test; each value is judged once."""
    verdicts = {value: test(value, field, known) for value in {value for _, value in cells}}
    return [(row, value, *wrong) for row, value in cells if (wrong := verdicts[value])]


def _tests_of(field: dict) -> list[Test]:
    """The tests that every single value of a field has to pass."""
    blanks = [] if field.get("many") else [_test_blanks]
    kind = _test_number if field["type"] in _NUMBERS else _test_letters
    return [*blanks, kind, *(test for asked, test in _TESTS.items() if field.get(asked))]


def _test_missing(value: str, field: dict, _: object) -> Verdict:
    if value not in missing_words():
        return None
    listed = vocabulary(field["vocabulary"]) if field.get("vocabulary") else ()
    words = f" Use one of: {', '.join(listed)}" if listed else ""
    return "is missing, but every row needs it", f"fill in: {field['description']}{words}"


def _test_blanks(value: str, *_: object) -> Verdict:
    wrong = value != value.strip()
    return ("begins or ends with a blank", "take the blank out") if wrong else None


_NUMBERS = {"integer": (r"-?\d+", "a whole number"), "number": (r"-?\d+(\.\d+)?", "a number")}


def _test_number(value: str, field: dict, _: object) -> Verdict:
    form, words = _NUMBERS[field["type"]]
    wrong = f"is not {words}", "write digits only, or not_stated"
    return None if re.fullmatch(form, value) else wrong


def _test_letters(value: str, *_: object) -> Verdict:
    """Letters that were UTF-8 and were read as Windows-1252: \u00c3\u00bc for \u00fc."""
    if value.isascii():
        return None
    meant = re.sub(r"[^\x00-\x7f]+", lambda found: _as_utf8(found[0]), value)
    return None if meant == value else ("has misread letters", f"write '{meant}'")


def _as_utf8(signs: str) -> str:
    with suppress(UnicodeError):
        # what Windows-1252 leaves undefined, spreadsheets read as it is
        raw = b"".join(s.encode("latin-1" if "\x80" <= s <= "\xff" else "cp1252") for s in signs)
        return raw.decode("utf-8")
    return signs


def _test_pattern(value: str, field: dict, _: object) -> Verdict:
    wrong = f"does not have the form {field['pattern']}", field["description"]
    return None if re.fullmatch(field["pattern"], value) else wrong


def _test_word(value: str, field: dict, _: object) -> Verdict:
    words = list(vocabulary(field["vocabulary"]))
    if value in words:
        return None
    fix = did_you_mean(value, words, "use one of: " + ", ".join(words), 0.75)
    return f"is not a word of {field['vocabulary']}", fix


def _test_reference(value: str, field: dict, known: Ids) -> Verdict:
    target = known.get(field["references"], set())
    if value in target:
        return None
    what = field["references"].replace("_", " ")
    if ";" in value and set(split_cell(value)) <= target:
        return "names several", "name one only here, or make a row for each"
    fix = did_you_mean(value, sorted(target), f"add it to {what} or use an id that is there")
    return f"is in none of: {what}", fix


def _test_pair(value: str, field: dict, known: Ids) -> Verdict:
    actors = known.get(field["pairs_of"], set())
    if value == "all" or (value.count("-") == 1 and actors.issuperset(value.split("-"))):
        return None
    return "is not a pair of known actors", "write two ids of actors joined by - (PRK-RUS), or all"


def _test_length(value: str, field: dict, _: object) -> Verdict:
    count, most = len(value.split()), field["most_words"]
    return (f"has {count} words", f"keep it to {most}") if count > most else None


def _test_apart(value: str, field: dict, _: object) -> Verdict:
    """Several values are apart by ``;``; where one may hold a comma itself, nobody can tell."""
    if "," not in value or not {"references", "vocabulary", "pairs_of"} & field.keys():
        return None
    parts = ";".join(part.strip() for part in value.split(",") if part.strip())
    return "is several values in one", f"put ; between them: {parts}"


def _test_date(value: str, *_: object) -> Verdict:
    try:
        span = parse(value)
    except DateError as error:
        return f"is not a date ({error.problem})", f"{error.fix}; or not_stated"
    if any(day and abs(day[0]) > FAR for day in (span.first, span.last)):
        fix = "leave it empty, with its words in date_words and undated in date_basis"
        return f"is more than {FAR:,} years away and can be neither drawn nor compared", fix
    return None


_TESTS: dict[str, Test] = {  # what a field may ask of every single value
    "format": _test_date,
    "pattern": _test_pattern,
    "vocabulary": _test_word,
    "references": _test_reference,
    "pairs_of": _test_pair,
    "most_words": _test_length,
}


def check_ids(tables: Frames, beyond: Ids | None = None) -> list[Finding]:
    """Ids that are no ids, or that another row has; ``beyond`` as for ``check_tables``."""
    ids = beyond or {}  # an actor or a dimension may be in both; a fact may not
    taken = ids.get("any", set()) - ids.get("actors", set()) - ids.get("dimensions", set())
    seen = dict.fromkeys(taken, "the seed that this one is about")
    findings = []
    for name, frame in tables.items():
        key = load_schema()["tables"][name]["key"]
        for row, value in enumerate(frame[key], start=2):
            if value in seen:
                words = f"is already the {key} of {seen[value]}", "give this row a name of its own"
            elif name != "sentences" and not re.fullmatch(ID, value):
                words = "is not an id", "use letters, digits and _, beginning with a letter"
            else:
                seen[value] = f"{name}.csv, row {row}"
                continue
            findings.append(Finding(f"{name}.csv", row, key, value, *words))
    return findings
