"""Is a seed sound? Every cell against schema.json, every id against the tables, every voice against
its section."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from axislib.errors import did_you_mean
from axislib.tables.dates import DateError, parse
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
    """One thing to mend: where it is (file, row as a spreadsheet counts, column), what stands
    there, what to do."""

    file: str
    row: int | None
    column: str
    value: str
    problem: str
    mend: str

    def __str__(self) -> str:
        where = (
            self.file
            + (f", row {self.row}" if self.row else "")
            + (f", column {self.column}" if self.column else "")
        )
        shown = f" '{self.value}'" if self.value else ""
        return f"{where}:{shown} {self.problem}; {self.mend}"


def check_columns(frame: pd.DataFrame, table: str) -> list[Finding]:
    """Columns that are missing or unknown in one table."""
    want = [field["name"] for field in fields_of(table)]
    file = f"{table}.csv"
    missing = [
        Finding(
            file,
            1,
            name,
            "",
            "the column is missing",
            f"add {name} to the first row (axislib export --codebook says what it holds)",
        )
        for name in want
        if name not in frame.columns
    ]
    unknown = [
        Finding(
            file,
            1,
            str(name),
            "",
            "is not a column of this table",
            did_you_mean(str(name), want, "take it out"),
        )
        for name in frame.columns
        if name not in want
    ]
    return missing + unknown


def known_ids(
    tables: dict[str, pd.DataFrame], beyond: dict[str, set[str]] | None = None
) -> dict[str, set[str]]:
    """What a reference may point to: table name, ``facts``, ``actors_or_facts``,
    ``facts_or_measures`` or ``any`` -> ids.

    With ``beyond``, the same of another seed, its ids are known too. A row is anchored in
    sentences, and where a seed has a table of sources, in those as well.
    """
    ids = {name: set(frame[load_schema()["tables"][name]["key"]]) for name, frame in tables.items()}
    for name in beyond or {}:
        ids[name] = ids.get(name, set()) | beyond[name]
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
    length in words."""
    file, column, blanks = f"{table}.csv", field["name"], missing_words()
    values = [str(cell) for cell in cells]
    found: list[Finding] = []

    def report(row: int, value: str, problem: str, mend: str) -> None:
        found.append(Finding(file, row + 2, column, value, problem, mend))

    if field.get("required"):
        for row, value in enumerate(values):
            if value in blanks:
                words = (
                    f" Use one of: {', '.join(vocabulary(field['vocabulary']))}"
                    if field.get("vocabulary")
                    else ""
                )
                report(
                    row,
                    value,
                    "is missing, but every row needs it",
                    f"fill in: {field['description']}{words}",
                )
    if field.get("many"):
        parts = [(row, part) for row, value in enumerate(values) for part in split_cell(value)]
    else:
        parts = [(row, value) for row, value in enumerate(values) if value not in blanks]
        for row, value in parts:
            if value != value.strip():
                report(row, value, "begins or ends with a blank", "take the blank out")
    if field.get("many"):
        apart = {value: _test_apart(value, field) for _, value in parts}
        for row, value in parts:
            if apart[value]:
                report(row, value, *apart[value])
        parts = [(row, value) for row, value in parts if not apart[value]]
    for test in _tests_of(field, known):
        # a value that occurs often is judged once
        verdicts = {value: test(value) for value in {value for _, value in parts}}
        for row, value in parts:
            if verdicts[value]:
                report(row, value, *verdicts[value])
    return found


Verdict = tuple[str, str] | None  # what is wrong with a value and how to mend it, or nothing


def _tests_of(field: dict, known: dict[str, set[str]]) -> Iterator[Callable[[str], Verdict]]:
    """The tests that every single value of a field has to pass."""
    if field["type"] in ("integer", "number"):
        form, kind = (
            (r"-?\d+", "a whole number")
            if field["type"] == "integer"
            else (r"-?\d+(\.\d+)?", "a number")
        )
        yield (
            lambda v: (
                None
                if re.fullmatch(form, v)
                else (f"is not {kind}", "write digits only, or not_stated")
            )
        )
    if field.get("format") == "edtf":
        yield _test_date
    if field.get("pattern"):
        yield (
            lambda v: (
                None
                if re.fullmatch(field["pattern"], v)
                else (f"does not have the form {field['pattern']}", field["description"])
            )
        )
    if field.get("vocabulary"):
        words = list(vocabulary(field["vocabulary"]))
        yield (
            lambda v: (
                None
                if v in words
                else (
                    f"is not a word of {field['vocabulary']}",
                    did_you_mean(v, words, "use one of: " + ", ".join(words), 0.75),
                )
            )
        )
    if field.get("references"):
        target, what = known.get(field["references"], set()), field["references"].replace("_", " ")
        if not field.get("many"):
            yield (
                lambda v: (
                    ("names several", "name one only here, or make a row for each")
                    if ";" in v and set(split_cell(v)) <= target
                    else None
                )
            )
        yield (
            lambda v: (
                None
                if v in target or (";" in v and set(split_cell(v)) <= target)
                else (
                    f"is in none of: {what}",
                    did_you_mean(v, sorted(target), f"add it to {what} or use an id that is there"),
                )
            )
        )
    if field.get("pairs_of"):
        actors = known.get(field["pairs_of"], set())
        yield (
            lambda v: (
                None
                if v == "all" or (v.count("-") == 1 and actors.issuperset(v.split("-")))
                else (
                    "is not a pair of known actors",
                    "write two ids of actors joined by - (PRK-RUS), or all",
                )
            )
        )
    if field.get("most_words"):
        most = field["most_words"]
        yield (
            lambda v: (
                None
                if len(v.split()) <= most
                else (f"has {len(v.split())} words", f"keep it to {most}")
            )
        )


def _test_apart(value: str, field: dict) -> Verdict:
    """Several values in one cell are apart by ``;``; where one may hold a comma itself, nobody can
    tell."""
    if "," not in value or not (
        field.get("references") or field.get("vocabulary") or field.get("pairs_of")
    ):
        return None
    return (
        "is several values in one",
        (
            "put ; between them:"
            f" {';'.join(part.strip() for part in value.split(',') if part.strip())}"
        ),
    )


def _test_date(value: str) -> Verdict:
    try:
        parse(value)
    except DateError as error:
        return f"is not a date ({error.problem})", f"{error.mend}; or not_stated"
    return None


def duplicate_ids(
    tables: dict[str, pd.DataFrame], beyond: dict[str, set[str]] | None = None
) -> list[Finding]:
    # an actor or a dimension may stand in both; a fact may not
    taken = (
        (beyond or {}).get("any", set())
        - (beyond or {}).get("actors", set())
        - (beyond or {}).get("dimensions", set())
    )
    seen = dict.fromkeys(taken, "the seed that this one is about")
    findings = []
    for name, frame in tables.items():
        key = load_schema()["tables"][name]["key"]
        for row, value in enumerate(frame[key], start=2):
            if value in seen:
                findings.append(
                    Finding(
                        f"{name}.csv",
                        row,
                        key,
                        value,
                        f"is already the {key} of {seen[value]}",
                        "give this row a name of its own",
                    )
                )
            elif name != "sentences" and not re.fullmatch(ID, value):
                findings.append(
                    Finding(
                        f"{name}.csv",
                        row,
                        key,
                        value,
                        "is not an id",
                        "use letters, digits and _, beginning with a letter",
                    )
                )
            else:
                seen[value] = f"{name}.csv, row {row}"
    return findings
