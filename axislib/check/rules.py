"""Rules of a seed that need more than one cell: hedges and modality, voices and sections, dates,
readings, coverage; and the words that it quotes, which must be those of its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from axislib.check.cells import Finding, check_field, known_ids
from axislib.errors import did_you_mean
from axislib.tables.schema import (
    Frames,
    fact_tables,
    fields_of,
    long_form,
    missing_words,
    records,
    split_cell,
)
from axislib.text.receipt import normalise

Problem = tuple[str, str, str]  # column, what is wrong, what to do
Sound = Callable[..., bool]  # whether the cells of a row in these columns are sound by themselves


def check_rules(
    tables: Frames, voices: Mapping[str, str], flawed: Iterable[Finding] = ()
) -> list[Finding]:
    """What cells say against each other, save where a cell that is read is ``flawed`` already."""
    wrong = {(one.file, one.row, one.column) for one in flawed}

    def sound(file: str, row: int, *columns: str) -> bool:
        return wrong.isdisjoint((file, row, column) for column in columns)

    section = dict(tables["sentences"][["locator", "section"]].itertuples(index=False))
    findings = []
    for name in fact_tables():
        file = f"{name}.csv"
        for row, fact in enumerate(records(tables[name]), start=2):
            fit = partial(sound, file, row)
            found = [*_hedged(fact, fit), *_voiced(fact, section, voices, fit)]
            found += _dated(fact, fit) if name == "events" else ()
            findings += [Finding(file, row, c, fact[c], *words) for c, *words in found]
    findings += _readings(tables, partial(sound, "readings.csv"))
    return findings + _coverage(tables, any(column == "anchors" for _, _, column in wrong))


def check_voices(voices: Mapping[str, str], actors: Iterable[str]) -> list[Finding]:
    """Those who write the body and the rest must be actors, or no rule about them is asked."""
    known, findings = sorted(actors), []
    for part, actor in voices.items():
        if actor not in known:
            fix = "write the id of an actor into voices, or add it to the table actors"
            words = ("is not an actor", did_you_mean(actor, known, fix))
            findings.append(Finding("datapackage.json", None, f"voices, {part}", actor, *words))
    return findings


def _hedged(fact: Mapping[str, str], fit: Sound) -> Iterator[Problem]:
    """As many hedges as things they are on, and modality after them."""
    hedges, targets = split_cell(fact["hedge"]), split_cell(fact["hedge_on"])
    if len(hedges) != len(targets) and fit("hedge", "hedge_on"):
        problem = f"names {len(targets)} targets for {len(hedges)} hedges"
        yield "hedge_on", problem, "give one for each, in the same order, with ; between them"
    elif not fit("modality", "hedge_on"):
        return
    elif "whole" in targets and fact["modality"] == "asserted":
        fix = "write hedged here, or what else the hedge is on in hedge_on"
        fix += " (or empty hedge and hedge_on)"
        yield "modality", "does not fit hedge_on, which has the whole hedged", fix
    elif "whole" not in targets and fact["modality"] == "hedged":
        words = "" if targets else "the hedging words in hedge and "
        problem = "does not fit hedge_on, in which the whole is not hedged"
        yield "modality", problem, f"write asserted here, or {words}whole in hedge_on"


def _voiced(
    fact: Mapping[str, str], section: Mapping[str, str], voices: Mapping[str, str], fit: Sound
) -> Iterator[Problem]:
    """The body is its author's, everything else the editors'."""
    by = {"body" if section.get(p) == "body" else "other" for p in split_cell(fact["anchors"])}
    for part, other in (("body", "other"), ("other", "body")):
        wrong = voices.get(part) and fact["speaker"] == voices[part] and other in by
        if wrong and fit("anchors", "speaker"):
            fix = (
                "credit the body to its author and everything else to the editors, or correct the"
                " sentence's section, if it is wrong, in sentences.csv or the workbook's tab"
                " sentences"
            )
            yield "speaker", f"did not write {fact['anchors']}", fix


def _dated(event: Mapping[str, str], fit: Sound) -> Iterator[Problem]:
    """A date and what it rests on; an event told by another has that and its relation."""
    dated = event["date"] not in missing_words()
    if (event["date_basis"] == "stated") != dated and fit("date", "date_basis"):
        fix = "write a date, or relative or undated here"
        fix = "write stated, since there is a date, or empty the date" if dated else fix
        yield "date_basis", f"does not fit the date '{event['date']}'", fix
    relative, other = event["date_basis"] == "relative", bool(event["relative_to"])
    lacks = (relative and not other) or other != bool(event["time_relation"])
    if lacks and fit("relative_to", "time_relation", "date_basis"):
        problem = "needs an event and a time_relation, both or none"
        yield "relative_to", problem, "name both, or set date_basis to undated"


def _readings(tables: Frames, fit: Sound) -> list[Finding]:
    """A reading must be a coding that the tables would accept."""
    known, findings = known_ids(tables), []
    home = {row_id: name for name in fact_tables() for row_id in tables[name]["id"]}
    for row, reading in enumerate(records(tables["readings"]), start=2):
        table = home.get(reading["fact"])
        if table is None or not fit(row, "column"):
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


def anchored(tables: Frames, names: Iterable[str], locator: str) -> list[str]:
    """The ids of the rows of these tables that rest on a sentence."""
    return [
        row_id
        for name in names
        if "anchors" in tables[name]
        for row_id, cell in tables[name][["id", "anchors"]].itertuples(index=False)
        if locator in split_cell(cell)
    ]


def beside_facts(tables: Frames, locator: str) -> str:
    """What rests on a sentence without being a fact, in words; empty where nothing does."""
    names = [name for name in tables if name not in (*fact_tables(), "actors", "sentences")]
    other = anchored(tables, names, locator)
    verb = "rest" if len(other) > 1 else "rests"
    words = f" ({', '.join(other)} {verb} on it, but only statements count as coding)"
    return words if other else ""


def _coverage(tables: Frames, unsure: bool) -> list[Finding]:
    """Each sentence has a fact or a reason why not, not both (``unsure``: anchors are flawed)."""
    cited, findings = cited_in(tables), []
    for row, sentence in enumerate(records(tables["sentences"]), start=2):
        locator, reason = sentence["locator"], sentence["no_fact_reason"]
        if reason not in missing_words() and locator in cited:
            ids = ", ".join(anchored(tables, fact_tables(), locator)[:5])
            wrong = f"has statements and a reason for having none ({ids})"
            fix = f"empty this cell, no_fact_reason, which says '{reason}'"
        elif reason in missing_words() and locator not in cited and not unsure:
            wrong = f"has no statement and no reason why{beside_facts(tables, locator)}"
            fix = "code what it says, or say here in a few words why nothing is coded"
        else:
            continue
        findings.append(Finding("sentences.csv", row, "no_fact_reason", locator, wrong, fix))
    return findings


def cited_in(tables: Frames) -> set[str]:
    """The sentences that facts rest on."""
    return set().union(*(long_form(tables[n], "anchors")["anchors"] for n in fact_tables()))


# columns that hold words of the text itself
QUOTED = ("words", "hedge", "date_words", "quantity_words", "source_words")


def check_words(tables: Frames, sentence: Callable[[str], str]) -> list[Finding]:
    """Quoted words (see QUOTED) that are in none of the sentences of their row.

    ``sentence`` gives the words of a locator, or nothing where it is not found; a row without any
    is passed over. Case, signs and blanks do not count. It cannot tell what the words mean there.
    """
    findings = []
    for name, column in [(name, c) for name, frame in tables.items() for c in QUOTED if c in frame]:
        many = column == "hedge"
        fix = "copy the words exactly from the sentence, or name their sentence in anchors"
        fix += "; several hedges have ; between them" * many
        for row, cells in enumerate(records(tables[name]), start=2):
            anchors, value = split_cell(cells["anchors"]), cells[column]
            sentences = [_bare(sentence(locator)) for locator in anchors]
            parts = split_cell(value) if many else [value] * (value not in missing_words())
            for part in parts if all(sentences) else ():
                if not any(_bare(part) in words for words in sentences):
                    problem = f"not found in {', '.join(anchors)}"
                    findings.append(Finding(f"{name}.csv", row, column, part, problem, fix))
    return findings


def _bare(words: str) -> str:
    """Words in small letters, a blank around each; a question mark may be a hedge."""
    found = re.findall(r"[^\W_]+|[?]", normalise(words).casefold())
    return f" {' '.join(found)} "
