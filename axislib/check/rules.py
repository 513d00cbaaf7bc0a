"""Rules of a seed that need more than one cell: hedges and modality, voices and sections, dates,
readings, coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from axislib.check.cells import Finding, check_field, known_ids
from axislib.errors import did_you_mean
from axislib.tables.schema import fact_tables, fields_of, missing_words, split_cell


def check_rules(
    tables: Mapping[str, pd.DataFrame], voices: Mapping[str, str], flawed: Iterable[Finding] = ()
) -> list[Finding]:
    """What cells say against each other. A rule is not asked where a cell that it reads is
    ``flawed`` already."""
    bad = {(one.file, one.row, one.column) for one in flawed}

    def fit(table: str, row: int, *columns: str) -> bool:
        return not any((f"{table}.csv", row, column) in bad for column in columns)

    findings = _facts(tables, voices, fit)
    if "events" in tables:
        findings += _dates(tables["events"], fit)
    if "readings" in tables:
        findings += _readings(tables, fit)
    if "sentences" in tables:
        findings += _coverage(tables, any(column == "anchors" for _, _, column in bad))
    return findings


Fit = Callable[..., bool]


def _facts(
    tables: Mapping[str, pd.DataFrame], voices: Mapping[str, str], fit: Fit
) -> list[Finding]:
    findings = []
    section = (
        dict(zip(tables["sentences"]["locator"], tables["sentences"]["section"], strict=True))
        if "sentences" in tables
        else {}
    )
    for name in fact_tables():
        for row, fact in enumerate(
            tables[name].to_dict("records") if name in tables else [], start=2
        ):

            def say(column, problem, mend, name=name, row=row, fact=fact):
                findings.append(Finding(f"{name}.csv", row, column, fact[column], problem, mend))

            hedges, on = split_cell(fact["hedge"]), split_cell(fact["hedge_on"])
            if len(hedges) != len(on) and fit(name, row, "hedge", "hedge_on"):
                say(
                    "hedge_on",
                    f"names {len(on)} targets for {len(hedges)} hedges",
                    "give one for each, in the same order, with ; between them",
                )
            elif fit(name, row, "modality", "hedge_on"):
                if "whole" in on and fact["modality"] == "asserted":
                    say(
                        "modality",
                        "does not fit hedge_on, which has the whole hedged",
                        "write hedged here, or what else the hedge is on in hedge_on (or empty"
                        " hedge and hedge_on)",
                    )
                if "whole" not in on and fact["modality"] == "hedged":
                    say(
                        "modality",
                        "does not fit hedge_on, in which the whole is not hedged",
                        "write asserted here, or "
                        + (
                            "whole in hedge_on"
                            if on
                            else "the hedging words in hedge and whole in hedge_on"
                        ),
                    )
            written_by = {
                "body" if section.get(a) == "body" else "other" for a in split_cell(fact["anchors"])
            }
            for part, other in (("body", "other"), ("other", "body")):
                if (
                    voices.get(part)
                    and fact["speaker"] == voices[part]
                    and other in written_by
                    and fit(name, row, "anchors", "speaker")
                ):
                    say(
                        "speaker",
                        f"did not write {fact['anchors']}",
                        "credit the body to its author and everything else to the editors, or mend"
                        " the sentence's section, if it is wrong, in sentences.csv or the"
                        " workbook's tab sentences",
                    )
    return findings


def _dates(events: pd.DataFrame, fit: Fit) -> list[Finding]:
    findings = []
    for row, event in enumerate(events.to_dict("records"), start=2):
        dated = event["date"] not in missing_words()
        if (event["date_basis"] == "stated") != dated and fit("events", row, "date", "date_basis"):
            mend = (
                "write stated, since there is a date, or empty the date"
                if dated
                else "write a date, or relative or undated here"
            )
            findings.append(
                Finding(
                    "events.csv",
                    row,
                    "date_basis",
                    event["date_basis"],
                    f"does not fit the date '{event['date']}'",
                    mend,
                )
            )
        lacks = (
            event["date_basis"] == "relative"
            and not event["relative_to"]
            or bool(event["relative_to"]) != bool(event["time_relation"])
        )
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
        field = next((f for f in fields_of(table) if f["name"] == reading["column"]), None)
        if field is None or reading["column"] == "id":
            findings.append(
                Finding(
                    "readings.csv",
                    row,
                    "column",
                    reading["column"],
                    f"is not a column of {table} that may change",
                    did_you_mean(
                        reading["column"],
                        [f["name"] for f in fields_of(table)],
                        "name one of its columns",
                    ),
                )
            )
            continue
        for finding in check_field([reading["alternative"]], table, field, known):
            findings.append(
                Finding(
                    "readings.csv",
                    row,
                    "alternative",
                    reading["alternative"],
                    finding.problem,
                    finding.mend,
                )
            )
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
    cited = {
        a
        for name in fact_tables()
        if name in tables
        for cell in tables[name]["anchors"]
        for a in split_cell(cell)
    }
    findings = []
    for row, sentence in enumerate(tables["sentences"].to_dict("records"), start=2):
        locator, has_reason = sentence["locator"], sentence["no_fact_reason"] not in missing_words()
        if has_reason and locator in cited:
            ids = ", ".join(anchored(tables, fact_tables(), locator)[:5])
            findings.append(
                Finding(
                    "sentences.csv",
                    row,
                    "no_fact_reason",
                    locator,
                    f"has facts and a reason for having none ({ids})",
                    f"empty this cell, no_fact_reason, which says '{sentence['no_fact_reason']}'",
                )
            )
        elif not has_reason and locator not in cited and not unsure:
            findings.append(
                Finding(
                    "sentences.csv",
                    row,
                    "no_fact_reason",
                    locator,
                    f"has no fact and no reason why{beside_facts(tables, locator)}",
                    "code what it says, or say here in a few words why nothing is coded",
                )
            )
    return findings
