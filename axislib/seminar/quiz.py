"""A quiz on the text from facts, silences and readings: who said it, how firmly, or not at all."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.figures.palette import HOW, LEFT_OPEN
from axislib.files import write_whole
from axislib.questions.levels import levels
from axislib.seed.seed import Seed
from axislib.seminar.sheets import CODEBOOK, csv_for_excel, file_name, workbook
from axislib.tables.schema import split_cell
from axislib.words import in_text, names

_SHOWN = ["unit", "variable", "question", "choices", "code", "memo", "coder", "seed"]
_KEY = ["unit", "question", "answer", "also", "where", "fact", "why"]
# columns whose cells a reader can choose between
_IN_WORDS = "modality polarity speaker bears dimension direction role kind category".split()
_IN_WORDS += "relation hedge_on bound basis status".split()
_ASKED = {"dimension": "Which form of cooperation is this, and why?"}
_ASKED["modality"] = "How firmly is this put, and why do you think so?"
_ASKED["polarity"] = "Is this affirmed, denied or left open, and why?"
SAID, NOT_SAID = "yes, it does", "no, it does not say"
_WHY = {
    "asserted": "Nothing in the sentence weakens it.",
    "reported": "The sentence credits it to somebody else.",
    "predicted": "It is about what is still to come.",
    "normative": "It is stated as something that should be done or believed.",
}


def make_quiz(seed: Seed, number: int = 12, draw: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """So many questions, and their key.

    The quiz has ``unit`` (q1, q2, ...), ``variable`` (who, how firmly, at all, either),
    ``question``, ``choices`` and room for an answer; the key has ``answer``, ``also`` (other
    answers that can be defended), ``where`` (locators), ``fact`` and ``why``. The same ``draw``
    gives the same quiz. No statement is asked about twice: one question would answer another. Kinds
    without questions are left out; SeedError if none is left.
    """
    dice, called = random.Random(draw), names(seed)
    kinds = {"who": _who, "how firmly": _how_firmly, "at all": _at_all, "either": _either}
    makers = {kind: make(seed, called, dice) for kind, make in kinds.items()}
    asked, told = list[dict](), set[str]()
    while len(asked) < number and makers:
        for kind in list(makers):
            if (question := next(makers[kind], None)) is None:
                makers.pop(kind)
            elif len(asked) < number and told.isdisjoint(own := _told(seed, question)):
                asked.append({"variable": kind, "also": "", "why": "", **question})
                told |= own
    if not asked:
        raise SeedError(f"data set {seed.name} has no facts or silences to ask about yet")
    dice.shuffle(asked)
    units = [f"q{n}" for n in range(1, len(asked) + 1)]
    frame = pd.DataFrame(asked).assign(unit=units, code="", memo="", coder="", seed=seed.name)
    return frame[_SHOWN], frame[_KEY]


def _told(seed: Seed, question: dict) -> set[str]:
    """The statements that a question, or its answer, gives away."""
    return {str(seed.row(i).get("statement", i)) for i in split_cell(question["fact"])}


def _who(seed, called, dice):
    for fact in _shuffled(seed.facts, dice):
        others = [s for s in dict.fromkeys(seed.facts["speaker"]) if s != fact["speaker"]]
        choices = [fact["speaker"], *dice.sample(others, min(3, len(others)))]
        if len(choices) > 1:
            asked = _between([called.get(speaker, speaker) for speaker in choices], dice)
            asked["why"] = _why_them(seed, fact)
            yield _on(fact, f"Whose statement is this? {fact['statement']}") | asked


def _why_them(seed, fact) -> str:
    """Which part of the text it is from, or whether the sentence names somebody else."""
    section = seed.row(split_cell(fact["anchors"])[0])["section"]
    if section != "body":
        section = {"bio": "note on the author"}.get(section, section)
        return f"It is from the {section}, not from the body of the text."
    whom = "this speaker" if fact["modality"] == "reported" else "nobody else"
    return f"The sentence credits it to {whom}."


def _how_firmly(seed, called, dice):
    readings = seed.readings[seed.readings["column"] == "modality"]
    defended = readings.set_index("fact")[["alternative", "why"]].T.to_dict("list")
    facts, ask = _shuffled(seed.facts, dice), "How firmly does the speaker put it?"
    words = dict.fromkeys(["asserted", "hedged", "reported", "predicted", *map(_put, facts)])
    rare = [fact for fact in facts if fact["modality"] != "asserted"]
    common = [fact for fact in facts if fact["modality"] == "asserted"]
    for fact in [fact for pair in zip(rare, common, strict=False) for fact in pair] or facts:
        asked = {"choices": " / ".join(words), "answer": _put(fact)}
        asked["also"], other = defended.get(fact["id"], ("", ""))
        asked["why"] = _why_so(fact) + f" For {asked['also']}: {other}" * bool(other)
        yield _on(fact, f"{ask} {fact['statement']}") | asked


def _put(fact) -> str:
    """How a statement is put, in the words of the charts and of the page Text."""
    return LEFT_OPEN.word if fact["polarity"] == "left_open" else HOW[fact["modality"]].word


def _why_so(fact) -> str:
    words = " and ".join(f"\u201c{words}\u201d" for words in split_cell(fact["hedge"]))
    if fact["modality"] == "asserted" and words:
        return f"Only a part of it is limited, by {words}."
    told = "It is put as a question." if fact["hedge"] == "?" else f"The sentence has {words}."
    return told if words else _WHY.get(fact["modality"], "")


def _at_all(seed, called, dice):
    choices = {"choices": f"{SAID} / {NOT_SAID}"}
    silences, ask = _shuffled(seed.silences, dice), "Does the article answer this?"
    for silence, (question, facts) in zip(silences, _answered(seed, called, dice), strict=False):
        row = {"anchors": silence["nearest"], "id": silence["id"]}
        own = {"answer": NOT_SAID, "why": silence["note"]}
        yield _on(row, f"{ask} {silence['question']}") | choices | own
        places = [p for fact in split_cell(facts) for p in split_cell(seed.row(fact)["anchors"])]
        row = {"anchors": ";".join(dict.fromkeys(places)), "id": facts}
        own = {"answer": SAID, "why": seed.row(split_cell(facts)[0])["statement"]}
        yield _on(row, f"{ask} {question}") | choices | own


def _answered(seed, called, dice) -> list[tuple[str, str]]:
    """Questions that the article answers, in the form of the silences, and the facts that do."""
    table = levels(seed)
    asks = dict(zip(seed.dimensions["id"], seed.dimensions["question"], strict=True))
    rows = _shuffled(table[table["level"].isin(["present", "absent"])], dice)
    sides = [in_text(called.get(row["coalition"], row["coalition"])) for row in rows]
    named = zip(rows, sides, strict=True)
    stated = [(f"{asks[row['dimension']]} ({side})", row["facts"]) for row, side in named]
    return stated or [
        (f"Is this put forward by anybody: {fact['statement']}", fact["id"])
        for fact in _shuffled(seed.facts, dice)
    ]


def _either(seed, called, dice):
    statements = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    for reading in _shuffled(seed.readings[seed.readings["column"].isin(_IN_WORDS)], dice):
        fact, column, row = reading["fact"], reading["column"], seed.row(reading["fact"])
        ours = _put(row) if column == "modality" else str(row[column])
        if ours and fact in statements:
            words = [called.get(word, word) for word in (ours, reading["alternative"])]
            choices = [word.replace("_", " ") for word in words]
            why = f"For {choices[1]}: {reading['why']}"
            asked = _between(choices, dice) | {"also": choices[1], "why": why}
            usual = f"Which {column.replace('_', ' ')} would you code here, and why?"
            ask = _ASKED.get(column, usual)
            yield _on(reading | {"id": fact}, f"{ask} {statements[fact]}") | asked


def _shuffled(frame: pd.DataFrame, dice: random.Random) -> list[dict]:
    rows = frame.to_dict("records")
    dice.shuffle(rows)
    return rows


def _on(row: dict, question: str) -> dict[str, str]:
    return {"question": question, "where": row["anchors"], "fact": row["id"]}


def _between(words: list[str], dice: random.Random) -> dict[str, str]:
    """The choices in any order; the first of the words is the answer."""
    choices = list(dict.fromkeys(words))
    dice.shuffle(choices)
    return {"choices": " / ".join(choices), "answer": words[0]}


def write_quiz(
    seed: Seed, coders: list[str], out: Path, number: int = 12, draw=1, forms=("xlsx", "csv")
) -> list[Path]:
    """Write a quiz for each coder, and the key apart; returns the paths."""
    quiz, key = make_quiz(seed, number, draw)
    asked = quiz[["unit", "variable", "choices"]].itertuples(index=False)
    words = [(q, word, "", kind, "nominal") for q, kind, c in asked for word in c.split(" / ")]
    codebook = pd.DataFrame(words, columns=CODEBOOK)
    taken, files = {"key"}, dict[Path, str | bytes]()
    for coder in coders:
        own, name = quiz.assign(coder=coder), file_name(coder, taken)
        for form in forms:
            # each question has its own list of words, so it is the variable
            book = form == "xlsx" and workbook(own.assign(variable=own["unit"]), codebook, "quiz")
            files[Path(out) / f"quiz-{name}.{form}"] = book or csv_for_excel(own)
    files[Path(out) / "quiz-key.csv"] = csv_for_excel(key)
    for path, content in files.items():
        write_whole(path, content)
    return list(files)
