"""A quiz on the text from facts, silences and readings: who said it, how surely, or not at all."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import write_whole
from axislib.questions.levels import levels
from axislib.seed.seed import Seed
from axislib.seminar.sheets import CODEBOOK, csv_for_excel, file_name, workbook
from axislib.tables.schema import split_cell
from axislib.words import names

KINDS = ("who", "how surely", "at all", "either")
_SHOWN = ["unit", "variable", "question", "choices", "code", "memo", "coder", "seed"]
_KEY = ["unit", "question", "answer", "also", "where", "fact", "why"]
_ASKED = ("question", "choices", "answer", "where", "fact", "also", "why")
_IN_WORDS = (  # columns whose cells a reader can choose between
    *("modality", "polarity", "speaker", "bears", "dimension", "direction", "role", "kind"),
    *("category", "relation", "hedge_on", "bound", "basis", "status"),
)
NOT_SAID = "the article does not say"


def make_quiz(seed: Seed, number: int = 12, draw: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """So many questions, and their key.

    The quiz has ``unit`` (q1, q2, ...), ``variable`` (who, how surely, at all, either),
    ``question``, ``choices`` and room for an answer; the key has ``answer``, ``also`` (other
    answers that can be defended), ``where`` (locators), ``fact`` and ``why``. The same ``draw``
    gives the same quiz. Kinds for which the seed has nothing are left out; SeedError if none is
    left.
    """
    dice = random.Random(draw)
    called = names(seed)
    kinds = zip(KINDS, (_who, _how_surely, _at_all, _either), strict=True)
    makers = {kind: make(seed, called, dice) for kind, make in kinds}
    asked: list[dict] = []
    while len(asked) < number and makers:
        for kind in list(makers):
            question = next(makers[kind], None)
            if question is None:
                makers.pop(kind)
            elif len(asked) < number:
                asked.append({"variable": kind, **question})
    if not asked:
        raise SeedError(f"seed {seed.name} has no facts or silences to ask about yet")
    dice.shuffle(asked)
    units = [f"q{n}" for n in range(1, len(asked) + 1)]
    frame = pd.DataFrame(asked).assign(unit=units, code="", memo="", coder="", seed=seed.name)
    return frame[_SHOWN], frame[_KEY]


def _who(seed, called, dice):
    for fact in _shuffled(seed.facts, dice):
        others = [s for s in dict.fromkeys(seed.facts["speaker"]) if s != fact["speaker"]]
        choices = [fact["speaker"], *dice.sample(others, min(3, len(others)))]
        if len(choices) > 1:
            ask = f"Who says it? {fact['statement']}"
            choices = [called.get(speaker, speaker) for speaker in choices]
            answer = choices[0]
            yield _question(ask, _choices(choices, dice), answer, fact["anchors"], fact["id"])


def _how_surely(seed, called, dice):
    readings = seed.readings[seed.readings["column"] == "modality"]
    defended = dict(zip(readings["fact"], readings["alternative"], strict=True))
    words = dict.fromkeys(["asserted", "hedged", "reported", "predicted", *seed.facts["modality"]])
    facts = _shuffled(seed.facts, dice)
    # otherwise nearly every answer would be: asserted
    rare = [fact for fact in facts if fact["modality"] != "asserted"]
    common = [fact for fact in facts if fact["modality"] == "asserted"]
    for fact in [fact for pair in zip(rare, common, strict=False) for fact in pair] or facts:
        ask = f"How surely does the speaker put it? {fact['statement']}"
        also, where = defended.get(fact["id"], ""), fact["anchors"]
        yield _question(ask, " / ".join(words), fact["modality"], where, fact["id"], also)


def _at_all(seed, called, dice):
    silences = _shuffled(seed.silences, dice)
    ask, choices = "Does the article answer this?", f"yes / {NOT_SAID}"
    for silence, (question, facts) in zip(silences, _answered(seed, called, dice), strict=False):
        where, silent = silence["nearest"], silence["id"]
        asked = f"{ask} {silence['question']}"
        yield _question(asked, choices, NOT_SAID, where, silent, why=silence["note"])
        places = [p for fact in split_cell(facts) for p in split_cell(seed.row(fact)["anchors"])]
        where = ";".join(dict.fromkeys(places))
        yield _question(f"{ask} {question}", choices, "yes", where, facts)


def _answered(seed, called, dice) -> list[tuple[str, str]]:
    """Questions that the article answers, in the form of the silences, and the facts that do."""
    table = levels(seed)
    asks = dict(zip(seed.dimensions["id"], seed.dimensions["question"], strict=True))
    rows = _shuffled(table[table["level"].isin(["present", "absent"])], dice)
    sides = [called.get(row["coalition"], row["coalition"]) for row in rows]
    named = zip(rows, sides, strict=True)
    stated = [(f"{asks[row['dimension']]} ({side})", row["facts"]) for row, side in named]
    return stated or [
        (f"Is this put forward by anybody: {fact['statement']}", fact["id"])
        for fact in _shuffled(seed.facts, dice)
    ]


def _either(seed, called, dice):
    statements = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    for reading in _shuffled(seed.readings[seed.readings["column"].isin(_IN_WORDS)], dice):
        ours = str(seed.row(reading["fact"])[reading["column"]])
        if not ours or reading["fact"] not in statements:
            continue
        choices = [called.get(word, word) for word in (ours, reading["alternative"])]
        column = reading["column"].replace("_", " ")
        ask = f"How would you code '{column}' here, and why? {statements[reading['fact']]}"
        where, fact, why = (reading[name] for name in ("anchors", "fact", "why"))
        yield _question(ask, _choices(choices, dice), choices[0], where, fact, choices[1], why)


def _shuffled(frame: pd.DataFrame, dice: random.Random) -> list[dict]:
    rows = frame.to_dict("records")
    dice.shuffle(rows)
    return rows


def _choices(words: list[str], dice: random.Random) -> str:
    words = list(dict.fromkeys(words))
    dice.shuffle(words)
    return " / ".join(words)


def _question(
    question: str, choices: str, answer: str, where: str, fact: str, also: str = "", why: str = ""
) -> dict[str, str]:
    return dict(zip(_ASKED, (question, choices, answer, where, fact, also, why), strict=True))


def write_quiz(
    seed: Seed,
    coders: list[str],
    out: Path,
    number: int = 12,
    draw: int = 1,
    forms: tuple[str, ...] = ("xlsx", "csv"),
) -> list[Path]:
    """Write a quiz for each coder, and the key apart; returns the paths."""
    quiz, key = make_quiz(seed, number, draw)
    taken: set[str] = {"key"}
    paths = []
    for coder in coders:
        own, name = quiz.assign(coder=coder), file_name(coder, taken)
        for form in forms:
            path = Path(out) / f"quiz-{name}.{form}"
            write_whole(path, _workbook(own) if form == "xlsx" else csv_for_excel(own))
            paths.append(path)
    write_whole(Path(out) / "quiz-key.csv", csv_for_excel(key))
    return [*paths, Path(out) / "quiz-key.csv"]


def _workbook(quiz: pd.DataFrame) -> bytes:
    # each question has its own list, so it is the variable
    rows = [
        (unit, word, "", kind, "nominal")
        for unit, kind, cell in zip(quiz["unit"], quiz["variable"], quiz["choices"], strict=True)
        for word in cell.split(" / ")
    ]
    codebook = pd.DataFrame(rows, columns=CODEBOOK)
    return workbook(quiz.assign(variable=quiz["unit"]), codebook, "quiz")
