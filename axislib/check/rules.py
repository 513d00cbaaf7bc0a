"""Rules of a seed that need more than one cell: hedges and modality, voices and sections, dates,
readings, coverage; and the words that it quotes, which must be those of its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from axislib.check.cells import Finding, check_field, known_ids
from axislib.errors import did_you_mean
from axislib.tables.schema import fact_tables, fields_of, missing_words, records, split_cell
from axislib.text.receipt import normalise


class Fit:
    """Whether the cells that a rule reads are sound by themselves."""

    def __init__(self, flawed: Iterable[Finding] = ()):
        self.flawed = {(finding.file, finding.row, finding.column) for finding in flawed}

    def __call__(self, table: str, row: int, *columns: str) -> bool:
        return not any((f"{table}.csv", row, column) in self.flawed for column in columns)

    def sure_of(self, column: str) -> bool:
        return not any(column == flawed for _, _, flawed in self.flawed)


def check_rules(
    tables: Mapping[str, pd.DataFrame], voices: Mapping[str, str], flawed: Iterable[Finding] = ()
) -> list[Finding]:
    """What cells say against each other. A rule is not asked where a cell that it reads is
    ``flawed`` already."""
    fit, findings = Fit(flawed), []
    section = (
        dict(zip(tables["sentences"]["locator"], tables["sentences"]["section"], strict=True))
        if "sentences" in tables
        else {}
    )
    for name in fact_tables():
        rows = records(tables[name]) if name in tables else []
        for row, fact in enumerate(rows, start=2):
            found = [
                *_hedged(name, row, fact, fit),
                *_voiced(name, row, fact, section, voices, fit),
            ]
            findings += [Finding(f"{name}.csv", row, c, fact[c], *words) for c, *words in found]
    if "events" in tables:
        findings += _dates(tables["events"], fit)
    if "readings" in tables:
        findings += _readings(tables, fit)
    if "sentences" in tables:
        findings += _coverage(tables, not fit.sure_of("anchors"))
    return findings


def check_voices(voices: Mapping[str, str], actors: Iterable[str]) -> list[Finding]:
    """Those who write the body and the rest must be actors, or no rule about them is asked."""
    known = sorted(actors)
    fix = "write the id of an actor into voices, or add it to the table actors"
    return [
        Finding(
            "datapackage.json",
            None,
            f"voices, {part}",
            actor,
            "is not an actor",
            did_you_mean(actor, known, fix),
        )
        for part, actor in voices.items()
        if actor not in known
    ]


Problem = tuple[str, str, str]  # column, what is wrong, what to do


def _hedged(name: str, row: int, fact: Mapping[str, str], fit: Fit) -> Iterator[Problem]:
    """As many hedges as things they are on, and modality after them."""
    hedges, targets = split_cell(fact["hedge"]), split_cell(fact["hedge_on"])
    if len(hedges) != len(targets) and fit(name, row, "hedge", "hedge_on"):
        yield (
            "hedge_on",
            f"names {len(targets)} targets for {len(hedges)} hedges",
            "give one for each, in the same order, with ; between them",
        )
    elif not fit(name, row, "modality", "hedge_on"):
        return
    elif "whole" in targets and fact["modality"] == "asserted":
        yield (
            "modality",
            "does not fit hedge_on, which has the whole hedged",
            "write hedged here, or what else the hedge is on in hedge_on (or empty hedge and"
            " hedge_on)",
        )
    elif "whole" not in targets and fact["modality"] == "hedged":
        whole = (
            "whole in hedge_on" if targets else "the hedging words in hedge and whole in hedge_on"
        )
        yield (
            "modality",
            "does not fit hedge_on, in which the whole is not hedged",
            f"write asserted here, or {whole}",
        )


def _voiced(
    name: str,
    row: int,
    fact: Mapping[str, str],
    section: Mapping[str, str],
    voices: Mapping[str, str],
    fit: Fit,
) -> Iterator[Problem]:
    """The body is its author's, everything else the editors'."""
    parts = {"body": "other", "other": "body"}
    by = {"body" if section.get(p) == "body" else "other" for p in split_cell(fact["anchors"])}
    for part, other in parts.items():
        wrong = voices.get(part) and fact["speaker"] == voices[part] and other in by
        if wrong and fit(name, row, "anchors", "speaker"):
            yield (
                "speaker",
                f"did not write {fact['anchors']}",
                "credit the body to its author and everything else to the editors, or correct the"
                " sentence's section, if it is wrong, in sentences.csv or the workbook's tab"
                " sentences",
            )


def _dates(events: pd.DataFrame, fit: Fit) -> list[Finding]:
    findings = []
    for row, event in enumerate(events.to_dict("records"), start=2):
        dated = event["date"] not in missing_words()
        if (event["date_basis"] == "stated") != dated and fit("events", row, "date", "date_basis"):
            findings.append(
                Finding(
                    "events.csv",
                    row,
                    "date_basis",
                    event["date_basis"],
                    f"does not fit the date '{event['date']}'",
                    "write stated, since there is a date, or empty the date"
                    if dated
                    else "write a date, or relative or undated here",
                )
            )
        relative, other = event["date_basis"] == "relative", bool(event["relative_to"])
        lacks = (relative and not other) or other != bool(event["time_relation"])
        if lacks and fit("events", row, "relative_to", "time_relation", "date_basis"):
            findings.append(
                Finding(
                    "events.csv",
                    row,
                    "relative_to",
                    event["relative_to"],
                    "needs an event and a time_relation, both or none",
                    "name both, or set date_basis to undated",
                )
            )
    return findings


def _readings(tables: Mapping[str, pd.DataFrame], fit: Fit) -> list[Finding]:
    """A reading must be a coding that the tables would accept."""
    known, findings = known_ids(tables), []
    home = {i: name for name in fact_tables() if name in tables for i in tables[name]["id"]}
    for row, reading in enumerate(tables["readings"].to_dict("records"), start=2):
        table = home.get(reading["fact"])
        if table is None or not fit("readings", row, "column"):
            continue
        column, value = reading["column"], reading["alternative"]
        fields = {field["name"]: field for field in fields_of(table)}
        if column == "id" or column not in fields:
            problem = f"is not a column of {table} that may change"
            fix = did_you_mean(column, [*fields], "name one of its columns")
            findings.append(Finding("readings.csv", row, "column", column, problem, fix))
            continue
        findings += [
            Finding("readings.csv", row, "alternative", value, wrong.problem, wrong.remedy)
            for wrong in check_field([value], table, fields[column], known)
        ]
    return findings


def anchored(tables: Mapping[str, pd.DataFrame], names: Iterable[str], locator: str) -> list[str]:
    """The ids of the rows of these tables that rest on a sentence."""
    return [
        row_id
        for name in names
        if name in tables and "anchors" in tables[name]
        for row_id, cell in tables[name][["id", "anchors"]].itertuples(index=False)
        if locator in split_cell(cell)
    ]


def beside_facts(tables: Mapping[str, pd.DataFrame], locator: str) -> str:
    """What rests on a sentence without being a fact, in words; empty where nothing does."""
    other = anchored(
        tables,
        [name for name in tables if name not in (*fact_tables(), "actors", "sentences")],
        locator,
    )
    return (
        f" ({', '.join(other)} {'rest' if len(other) > 1 else 'rests'} on it, but only facts count"
        " as coding)"
        if other
        else ""
    )


def _coverage(tables: Mapping[str, pd.DataFrame], unsure: bool) -> list[Finding]:
    """Every sentence ends in a fact or in the reason why not, and never in both; ``unsure``: some
    anchors are unknown."""
    cited = cited_in(tables)
    findings = []
    for row, sentence in enumerate(tables["sentences"].to_dict("records"), start=2):
        locator, reason = sentence["locator"], sentence["no_fact_reason"]
        if reason not in missing_words() and locator in cited:
            ids = ", ".join(anchored(tables, fact_tables(), locator)[:5])
            words = (
                f"has facts and a reason for having none ({ids})",
                f"empty this cell, no_fact_reason, which says '{reason}'",
            )
        elif reason in missing_words() and locator not in cited and not unsure:
            words = (
                f"has no fact and no reason why{beside_facts(tables, locator)}",
                "code what it says, or say here in a few words why nothing is coded",
            )
        else:
            continue
        findings.append(Finding("sentences.csv", row, "no_fact_reason", locator, *words))
    return findings


def cited_in(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """The sentences that facts rest on."""
    return {
        locator
        for name in fact_tables()
        if name in tables
        for cell in tables[name].get("anchors", ())
        for locator in split_cell(cell)
    }


# --- the words that a seed quotes, asked where a copy of its text is there

# columns that hold words of the text itself
QUOTED = ("words", "hedge", "date_words", "quantity_words", "source_words")


def check_words(
    tables: Mapping[str, pd.DataFrame], sentence: Callable[[str], str]
) -> list[Finding]:
    """Quotations, hedges and the words of date, quantity and source that are in none of the
    sentences of their row.

    ``sentence`` gives the words of a locator, or nothing where it is not found; a row without any
    is passed over. Case, quotation marks, other signs and blanks do not count. It cannot tell
    whether the words mean there what the row says.
    """
    findings = []
    for name, column in _columns(tables):
        for row, cells in enumerate(tables[name].to_dict("records"), start=2):
            anchors = split_cell(cells["anchors"])
            sentences = [_bare(sentence(locator)) for locator in anchors]
            for part in _quoted(cells[column], column) if all(sentences) else ():
                if not any(_bare(part) in words for words in sentences):
                    problem = f"not found in {', '.join(anchors)}"
                    findings.append(
                        Finding(f"{name}.csv", row, column, part, problem, _fix(column))
                    )
    return findings


def _quoted(value: str, column: str) -> list[str]:
    if column == "hedge":
        return split_cell(value)
    return [] if value in missing_words() else [value]


def _columns(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    for name, frame in tables.items():
        yield from ((name, column) for column in QUOTED if column in frame and "anchors" in frame)


def _fix(column: str) -> str:
    several = "; several hedges have ; between them" if column == "hedge" else ""
    return f"copy the words exactly from the sentence, or name their sentence in anchors{several}"


def _bare(words: str) -> str:
    """Words in small letters, a blank around each; a question mark may be a hedge."""
    found = re.findall(r"[^\W_]+|[?]", normalise(words).casefold())
    return f" {' '.join(found)} "
