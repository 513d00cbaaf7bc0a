"""Every cell against schema.json, every id against the tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import pandas as pd

from axislib.errors import did_you_mean
from axislib.tables.dates import FAR, DateError, parse
from axislib.tables.schema import (
    fact_tables,
    fields_of,
    load_schema,
    missing_words,
    split_cell,
    vocabulary,
)

ID = r"[A-Za-z][A-Za-z0-9_]*"


@dataclass(frozen=True)
class Finding:
    """One thing to put right: where it is (file, row as a spreadsheet counts, column), what is
    there, what to do."""

    file: str
    row: int | None
    column: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = (
            self.file
            + (f", row {self.row}" if self.row else "")
            + (f", column {self.column}" if self.column else "")
        )
        shown = f" '{self.value}'" if self.value else ""
        return f"{where}:{shown} {self.problem}; {self.remedy}"


def check_columns(frame: pd.DataFrame, table: str) -> list[Finding]:
    """Columns that are missing or unknown in one table."""
    want, file = [field["name"] for field in fields_of(table)], f"{table}.csv"
    missing, unknown = "the column is missing", "is not a column of this table"
    add = "add {} to the first row (axislib export --codebook says what it holds)".format
    return [
        *(Finding(file, 1, name, "", missing, add(name)) for name in want if name not in frame),
        *(
            Finding(file, 1, name, "", unknown, did_you_mean(name, want, "take it out"))
            for name in map(str, frame.columns)
            if name not in want
        ),
    ]


def known_ids(
    tables: Mapping[str, pd.DataFrame], beyond: dict[str, set[str]] | None = None
) -> dict[str, set[str]]:
    """What a reference may point to: table name, ``facts``, ``actors_or_facts``,
    ``facts_or_measures`` or ``any`` -> ids.

    With ``beyond``, the same of another seed, its ids are known too. A row is anchored in
    sentences, and where a seed has a table of sources, in those as well.
    """
    ids = {name: set(frame[load_schema()["tables"][name]["key"]]) for name, frame in tables.items()}
    for name, others in (beyond or {}).items():
        ids[name] = ids.get(name, set()) | others
    ids["facts"] = set().union(*(ids.get(name, set()) for name in fact_tables()))
    ids["actors_or_facts"] = ids["facts"] | ids.get("actors", set())
    ids["facts_or_measures"] = ids["facts"] | ids.get("measures", set())
    ids["any"] = set().union(*ids.values()) - ids.get("sentences", set())
    ids["sentences"] = ids.get("sentences", set()) | ids.get("sources", set())
    return ids


def check_field(
    cells: Iterable[str], table: str, field: dict, known: dict[str, set[str]]
) -> list[Finding]:
    """Findings on one column: required, several values, type, pattern, vocabulary, references,
    length in words, misread letters."""
    numbered, blanks = list(enumerate(map(str, cells), start=2)), missing_words()
    filled = [(row, value) for row, value in numbered if value not in blanks]
    found = _judged(numbered, partial(_test_missing, field=field)) if field.get("required") else []
    if field.get("many"):
        joined, filled = _parts(filled, field)
        found += joined
    for test in _tests_of(field, known):
        found += _judged(filled, test)
    return [Finding(f"{table}.csv", row, field["name"], *rest) for row, *rest in found]


def _parts(filled: list[tuple[int, str]], field: dict) -> tuple[list, list[tuple[int, str]]]:
    """Findings on cells with several values that are not apart, and the single values of the
    rest."""
    parts = [(row, part) for row, value in filled for part in split_cell(value)]
    joined = _judged(parts, partial(_test_apart, field=field))
    wrong = {value for _, value, *_ in joined}
    return joined, [(row, part) for row, part in parts if part not in wrong]


Verdict = tuple[str, str] | None  # what is wrong with a value and how to put it right, or nothing
Test = Callable[[str], Verdict]


def _judged(cells: list[tuple[int, str]], test: Test) -> list[tuple[int, str, str, str]]:
    """Row, value, problem and what to do, of each cell that a test does not pass; a value that
    occurs often is judged once."""
    verdicts = {value: test(value) for value in {value for _, value in cells}}
    return [(row, value, *wrong) for row, value in cells if (wrong := verdicts[value])]


def _tests_of(field: dict, known: dict[str, set[str]]) -> Iterator[Test]:
    """The tests that every single value of a field has to pass."""
    if not field.get("many"):
        yield _test_blanks
    if field["type"] in _NUMBERS:
        yield partial(_test_number, kind=field["type"])
    else:
        yield _test_letters
    if field.get("format") == "edtf":
        yield _test_date
    if field.get("pattern"):
        yield partial(_test_pattern, field=field)
    if field.get("vocabulary"):
        yield partial(_test_word, name=field["vocabulary"])
    if field.get("references"):
        what = field["references"]
        yield partial(_test_reference, target=known.get(what, set()), what=what, field=field)
    if field.get("pairs_of"):
        yield partial(_test_pair, actors=known.get(field["pairs_of"], set()))
    if field.get("most_words"):
        yield partial(_test_length, most=field["most_words"])


def _test_missing(value: str, field: dict) -> Verdict:
    if value not in missing_words():
        return None
    listed = vocabulary(field["vocabulary"]) if field.get("vocabulary") else ()
    words = f" Use one of: {', '.join(listed)}" if listed else ""
    return "is missing, but every row needs it", f"fill in: {field['description']}{words}"


def _test_blanks(value: str) -> Verdict:
    wrong = value != value.strip()
    return ("begins or ends with a blank", "take the blank out") if wrong else None


_NUMBERS = {"integer": (r"-?\d+", "a whole number"), "number": (r"-?\d+(\.\d+)?", "a number")}


def _test_number(value: str, kind: str) -> Verdict:
    form, words = _NUMBERS[kind]
    if re.fullmatch(form, value):
        return None
    return f"is not {words}", "write digits only, or not_stated"


def _test_letters(value: str) -> Verdict:
    """Letters that were UTF-8 and were read as Windows-1252: \u00c3\u00bc for \u00fc."""
    if value.isascii():
        return None
    meant = re.sub(r"[^\x00-\x7f]+", lambda found: _as_utf8(found[0]), value)
    return None if meant == value else ("has misread letters", f"write '{meant}'")


def _as_utf8(signs: str) -> str:
    with suppress(UnicodeError):
        # what Windows-1252 leaves undefined, spreadsheets read as it is
        raw = b"".join(
            sign.encode("latin-1" if "\x80" <= sign <= "\xff" else "cp1252") for sign in signs
        )
        return raw.decode("utf-8")
    return signs


def _test_pattern(value: str, field: dict) -> Verdict:
    if re.fullmatch(field["pattern"], value):
        return None
    return f"does not have the form {field['pattern']}", field["description"]


def _test_word(value: str, name: str) -> Verdict:
    words = list(vocabulary(name))
    if value in words:
        return None
    fix = did_you_mean(value, words, "use one of: " + ", ".join(words), 0.75)
    return f"is not a word of {name}", fix


def _test_reference(value: str, target: set[str], what: str, field: dict) -> Verdict:
    if value in target:
        return None
    what = what.replace("_", " ")
    if ";" in value and set(split_cell(value)) <= target:
        several = ("names several", "name one only here, or make a row for each")
        return None if field.get("many") else several
    fix = did_you_mean(value, sorted(target), f"add it to {what} or use an id that is there")
    return f"is in none of: {what}", fix


def _test_pair(value: str, actors: set[str]) -> Verdict:
    if value == "all" or (value.count("-") == 1 and actors.issuperset(value.split("-"))):
        return None
    fix = "write two ids of actors joined by - (PRK-RUS), or all"
    return "is not a pair of known actors", fix


def _test_length(value: str, most: int) -> Verdict:
    count = len(value.split())
    return (f"has {count} words", f"keep it to {most}") if count > most else None


def _test_apart(value: str, field: dict) -> Verdict:
    """Several values in one cell are apart by ``;``; where one may hold a comma itself, nobody can
    tell."""
    if "," not in value or not {"references", "vocabulary", "pairs_of"} & field.keys():
        return None
    parts = ";".join(part.strip() for part in value.split(",") if part.strip())
    return "is several values in one", f"put ; between them: {parts}"


def _test_date(value: str) -> Verdict:
    try:
        span = parse(value)
    except DateError as error:
        return f"is not a date ({error.problem})", f"{error.fix}; or not_stated"
    if any(day and abs(day[0]) > FAR for day in (span.first, span.last)):
        fix = "leave it empty, with its words in date_words and undated in date_basis"
        return f"is more than {FAR:,} years away and can be neither drawn nor compared", fix
    return None


def check_ids(
    tables: dict[str, pd.DataFrame], beyond: dict[str, set[str]] | None = None
) -> list[Finding]:
    """Ids that are no ids, or that another row has; ``beyond`` as for ``check_tables``."""
    # an actor or a dimension may be in both; a fact may not
    ids = beyond or {}
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
