"""What a student can be asked to code: variables, their words, and the units they are coded on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from axislib.errors import SeedError, did_you_mean
from axislib.questions.levels import compared_coalitions, levels
from axislib.seed.seed import Seed
from axislib.tables.schema import LEVELS, fact_tables, split_cell, vocabulary


@dataclass(frozen=True)
class Variable:
    """One thing to be coded: the ``column`` it fills, the ``ask`` above the list of words, and its
    ``scale``.

    ``scale`` is nominal (words without order) or ordinal (the words stand in order, lowest first).
    """

    name: str
    column: str
    scale: str
    ask: str


_ASKED = {
    "level": (
        "Does the article let you say that this form of cooperation was there? Name the sentence in"
        " the memo."
    ),
    "modality": "How surely does the speaker put it forward?",
    "polarity": "Is it said to be so, said not to be so, or left open?",
    "speaker": "Whose words are these: who is the source of what is said?",
    "role": "What part does it play in the argument (Toulmin)?",
    "rating": "How does this fact bear on this hypothesis (analysis of competing hypotheses)?",
}
VARIABLES = {
    name: Variable(name, name, "ordinal" if name == "rating" else "nominal", ask)
    for name, ask in _ASKED.items()
}
UNITS = ["unit", "variable", "where", "question"]


def words_of(seed: Seed, variable: str) -> dict[str, str]:
    """The closed list of a variable for one seed: word -> meaning; ratings run from against to for.

    >>> import axislib
    >>> list(words_of(axislib.open_seed(), "rating"))[0]
    'strongly_inconsistent'
    """
    if variable == "level":
        return dict(LEVELS)
    if variable == "rating":
        return dict(reversed(vocabulary("rating").items()))
    if variable == "speaker":
        heard = set(seed.facts["speaker"])
        voices = seed.actors[
            seed.actors["kind"].isin(["person", "body", "group"]) | seed.actors["id"].isin(heard)
        ]
        return dict(zip(voices["id"], voices["name"], strict=True))
    return dict(vocabulary(VARIABLES[variable].column))


def check_variables(names: Iterable[str]) -> list[str]:
    """The names as a list, each known; SeedError names those there are."""
    names = list(names)
    for name in names:
        if name not in VARIABLES:
            remedy = did_you_mean(name, [*VARIABLES], f"there are: {', '.join(VARIABLES)}")
            raise SeedError(f"'{name}' is not something to code; {remedy}")
    return list(dict.fromkeys(names))


def locators_of(seed: Seed, chosen: Iterable[str]) -> list[str]:
    """The sentences meant by ``P14``, ``P14-P16`` or ``P14.S3``, in reading order; all for none
    chosen.

    Raises SeedError for what names no sentence of the seed.

    >>> import axislib
    >>> locators_of(axislib.open_seed(), ["P02"])
    ['P02.S1', 'P02.S2']
    """
    known, wanted = list(seed.sentences["locator"]), set()
    for part in [part.strip() for cell in chosen for part in re.split(r"[;,]", cell)]:
        found = _sentences_named(part, known)
        if part and not found:
            example = (
                f"write P14, P14-P16 or P14.S3, from {known[0]} to {known[-1]}" if known else ""
            )
            raise SeedError(
                f"sentences: '{part}' names none of seed {seed.name}; {example or 'it has none'}"
            )
        wanted.update(found)
    return [locator for locator in known if locator in wanted] if wanted else known


def _sentences_named(part: str, known: list[str]) -> list[str]:
    span = re.fullmatch(r"P(\d+)(?:-P?(\d+))?", part)
    if not span:
        return [part] if part in known else []
    low, high = int(span[1]), int(span[2] or span[1])
    return [locator for locator in known if low <= int(locator[1:].split(".")[0]) <= high]


def units_of(
    seed: Seed,
    variables: Iterable[str],
    sentences: Iterable[str] = (),
    dimensions: Iterable[str] = (),
    hypotheses: Iterable[str] = (),
    most: int = 0,
) -> pd.DataFrame:
    """What there is to code: one row a unit and variable, in reading order.

    Columns: ``unit`` (a fact's id; ``dimension:coalition`` for a level; the id of a row of
    consistency for a rating), ``variable``, ``where`` (locators; empty for a level, where finding
    them is the task) and ``question``. Empty choices mean all; ``most`` keeps so many units a
    variable, spread evenly. Raises SeedError for a sentence, dimension, hypothesis or variable that
    the seed does not have.
    """
    sentences = list(sentences)
    places = {locator: n for n, locator in enumerate(locators_of(seed, sentences))}
    dimensions = _known("dimension", dimensions, seed.dimensions["id"], seed)
    hypotheses = _known("hypothesis", hypotheses, seed.hypotheses["id"], seed)
    frames = []
    for name in check_variables(variables):
        if name == "level":
            frame = _levels(seed, dimensions, places if sentences else None)
        elif name == "rating":
            frame = _ratings(seed, hypotheses, places)
        else:
            frame = _facts(
                seed, ["claims"] if name == "role" else fact_tables(), dimensions, places
            )
        if most and len(frame) > most:
            frame = frame.iloc[[i * len(frame) // most for i in range(most)]]
        frames.append(frame.assign(variable=name))
    return pd.concat(frames, ignore_index=True)[UNITS] if frames else pd.DataFrame(columns=UNITS)


def _known(what: str, given: Iterable[str], known: Iterable[str], seed: Seed) -> set[str]:
    known = list(known)
    for value in (given := list(given)):
        if value not in known:
            remedy = did_you_mean(value, known, f"there are: {', '.join(known) or 'none'}")
            raise SeedError(f"{what} '{value}' is not in seed {seed.name}; {remedy}")
    return set(given)


def _in_reading_order(rows: Iterable[dict], places: Mapping[str, int]) -> pd.DataFrame:
    kept = [
        (min(found), row)
        for row in rows
        if (found := [places[place] for place in split_cell(row["where"]) if place in places])
    ]
    ordered = [row for _, row in sorted(kept, key=lambda pair: pair[0])]
    return pd.DataFrame(ordered, columns=["unit", "where", "question"])


def _facts(
    seed: Seed, tables: list[str], dimensions: set[str], places: Mapping[str, int]
) -> pd.DataFrame:
    rows = []
    for frame in (seed.tables[name] for name in tables):
        if dimensions:
            on_these = frame["dimension"].isin(dimensions) if "dimension" in frame else []
            frame = frame[on_these] if len(on_these) else frame.iloc[:0]
        columns = ("id", "anchors", "statement")
        rows += [
            dict(zip(("unit", "where", "question"), cells, strict=True))
            for cells in zip(*(frame[name] for name in columns), strict=True)
        ]
    return _in_reading_order(rows, places)


def _levels(seed: Seed, dimensions: set[str], places: Mapping[str, int] | None) -> pd.DataFrame:
    called = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))
    near = seed.cooperation.groupby("dimension")["anchors"].agg(";".join).to_dict()
    rows = []
    for row in seed.dimensions.to_dict("records"):
        anchors = {*split_cell(row["anchors"]), *split_cell(near.get(row["id"], ""))}
        if dimensions and row["id"] not in dimensions:
            continue
        if places is not None and not anchors & set(places):
            continue
        for coalition in compared_coalitions(seed):
            question = f"{row['name']}: {called.get(coalition, coalition)}. {row['question']}"
            rows.append((f"{row['id']}:{coalition}", "", f"{question} {row['definition']}"))
    return pd.DataFrame(rows, columns=["unit", "where", "question"])


def _ratings(seed: Seed, hypotheses: set[str], places: Mapping[str, int]) -> pd.DataFrame:
    statements = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    columns = (seed.hypotheses[name] for name in ("id", "name", "definition"))
    named = {row_id: f"{name} ({meaning})" for row_id, name, meaning in zip(*columns, strict=True)}
    rows = [
        {
            "unit": row["id"],
            "where": row["anchors"],
            "question": (
                f"Hypothesis: {named[row['hypothesis']]} Fact:"
                f" {statements.get(row['fact'], row['fact'])}"
            ),
        }
        for row in seed.consistency.to_dict("records")
        if not hypotheses or row["hypothesis"] in hypotheses
    ]
    return _in_reading_order(rows, places)


def code_in(seed: Seed, unit: str, variable: str) -> str:
    """The seed's own code for a unit: what the project, or whoever coded this seed, wrote there."""
    if variable == "level":
        dimension, _, coalition = unit.partition(":")
        table = levels(seed, [coalition])
        return str(table.loc[table["dimension"] == dimension, "level"].iloc[0])
    return str(seed.row(unit)[VARIABLES[variable].column])


def codes_in(seed: Seed) -> dict[tuple[str, str], str]:
    """The seed's own codes of all levels and statements: (unit, variable) -> code."""
    table = levels(seed)
    units = zip(table["dimension"], table["coalition"], table["level"], strict=True)
    codes = {(f"{dimension}:{coalition}", "level"): level for dimension, coalition, level in units}
    for name, variable in VARIABLES.items():
        if variable.column in seed.facts:
            column = zip(seed.facts["id"], seed.facts[variable.column], strict=True)
            codes |= {(unit, name): str(code) for unit, code in column}
    return codes
