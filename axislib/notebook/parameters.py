"""What each notebook may be asked: one pydantic model a notebook, the one source of cell, check,
form, plan and help.

A field's annotation, default and description give the line in the notebook's tagged cell (``name:
type = value  # help``); ``parameters(notebook, locals())`` in the next cell refuses what the model
refuses.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Mapping
from functools import partial

import pydantic
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from axislib.errors import SeedError, did_you_mean
from axislib.tables.dates import parse
from axislib.tables.schema import vocabulary

_CLOSED = {  # parameter -> its closed list, and what a word of it is
    "modality": ("modality", "a modality"),
    "section": ("section", "a section"),
    "categories": ("transfer_category", "a kind of transfer"),
}


def closed_words(parameter: str) -> dict[str, str]:
    """The words that a parameter may take, with their meanings; none where the model is open."""
    return vocabulary(_CLOSED[parameter][0]) if parameter in _CLOSED else {}


def _asked(default: object, help_text: str, **limits):
    """A parameter: what it is if nothing is said, the words that explain it, its limits."""
    return Field(default, description=help_text, **limits)


# of one word and of several, none of them if nothing is said
_word, _words = partial(_asked, ""), partial(_asked, [])
_LEFT = _word("the first coalition compared (id); empty for the data set’s own choice")
_RIGHT = _word("the second coalition compared (id); empty for the data set’s own choice")


def _one_or_more(value: object) -> object:
    if isinstance(value, str):
        return [value] if value else []
    if not isinstance(value, list):
        wrong = f"{value!r} is neither a word nor a list of words; write one, such as RUS, or"
        wrong += " several, such as [RUS, PRK]"
        raise ValueError(wrong)
    return value


def _year_in_words(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:0{5 if value < 0 else 4}d}"  # EDTF writes a year with four digits
    if not isinstance(value, str):
        wrong = f"{value!r} is not a date; write a year such as 2022, or a date such as 2022-02"
        raise ValueError(wrong)
    return value


# papermill and YAML make a number of 2022, and on a command line there are no lists
Date = typing.Annotated[str, BeforeValidator(_year_in_words, json_schema_input_type=str | int)]
Words = typing.Annotated[
    list[str], BeforeValidator(_one_or_more, json_schema_input_type=str | list[str])
]
Coded = typing.Literal["level", "modality", "polarity", "speaker", "role", "rating"]
CodedWords = typing.Annotated[
    list[Coded], BeforeValidator(_one_or_more, json_schema_input_type=Coded | list[Coded])
]


class Common(BaseModel):
    """What every notebook may be asked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)

    seed: str = _asked("kragh-holy-war", "the data set: its name, or the path of its folder")
    layers: Words = _asked(["article"], "the article; add context for the external record")
    actors: Words = _words("only statements involving these actors (ids); empty for all")
    coalitions: Words = _words("only statements involving these coalitions (ids); empty for all")
    speakers: Words = _words("only statements by these speakers (ids); empty for all")
    modality: Words = _words("only statements put this way (asserted, hedged, ...); empty for all")
    since: Date = _word("leave out anything dated before this (such as 2022-02)")
    until: Date = _word("leave out anything dated after this (such as 2024-10)")

    @field_validator(*_CLOSED, check_fields=False)  # also those that a notebook adds
    @classmethod
    def _known_words(cls, value: str | list[str], info: pydantic.ValidationInfo) -> str | list[str]:
        name = str(info.field_name)
        words = closed_words(name)
        for word in [value] if isinstance(value, str) else value:
            if word and word not in words:
                raise ValueError(f"'{word}' is not {_CLOSED[name][1]}; use: {', '.join(words)}")
        return value

    @field_validator("since", "until")
    @classmethod
    def _a_date(cls, value: str) -> str:
        if value:
            parse(value)
        return value

    def conditions(self) -> dict:
        """The keyword arguments for ``axislib.select``."""
        named = {"actors", "coalitions", "speakers", "modality", "since", "until"}
        return self.model_dump(include=named)


class Reading(Common):
    """1-reading: the article at a glance."""

    section: str = _word(
        "list the sentences of this section only (body, summary, ...); empty for all"
    )


class Timeline(Common):
    """2-timeline: what the article dates, places and leaves undated."""

    lanes: typing.Literal["actor", "coalition", "kind", "speaker"] = _asked(
        "actor", "headings of undated events: actor, coalition, kind or speaker"
    )
    show_undated: bool = _asked(True, "also show events without a date")
    left: str = _word(
        "in the count of acts: the first coalition (id); empty for the data set’s own choice"
    )
    right: str = _word(
        "in the count of acts: the second coalition (id); empty for the data set’s own choice"
    )
    founding: Words = _words(
        "in the count of acts: the founding acts (ids of events); empty for the usual ones"
    )


class Exchanges(Common):
    """3-exchanges: who gave what to whom, and in return for what."""

    categories: Words = _words(
        "only these kinds of exchange (arms, troops, economic, technology, intelligence, "
        "diplomatic, unspecified); empty for all"
    )


class Analogy(Common):
    """4-analogy: the coalitions compared on every dimension."""

    left: str = _LEFT
    right: str = _RIGHT
    readings: Words = _words("alternative codings to apply (ids from the table readings)")
    dimensions: Words = _words("only these forms of cooperation (ids); empty for all")
    draws: int = _asked(
        10000, "how many sets of weights to draw for the overall comparison", ge=1, le=1000000
    )
    random_seed: int = _asked(1, "random seed: the same number draws the same weights", ge=0)


class Argument(Common):
    """5-argument: claims and what bears on them, frames, competing hypotheses."""

    root: str = _word(
        "the claim at which the map starts (id); empty for the thesis with the most support, all "
        "for every claim"
    )


class Seminar(Common):
    """7-seminar: code it yourself, compare, adjudicate, and see what follows."""

    code: CodedWords = _asked(
        ["level", "modality"], "what is coded: level, modality, polarity, speaker, role, rating"
    )
    sentences: Words = _words(
        "only these paragraphs or sentences (P14, P14-P16, P14.S3); empty for all"
    )
    dimensions: Words = _words("only these forms of cooperation (ids); empty for all")
    hypotheses: Words = _words("only these rival explanations (ids); empty for all")
    most: int = _asked(6, "at most this many units of each kind on screen; 0 for all", ge=0, le=500)
    sheets: Words = _words(
        "paths of the class’s sheets, or of their folder; empty for two codings of ours"
    )
    variable: str = _word("what the heat map shows; empty for what the coders disagree on most")
    coder: str = _word("whose coding the last table uses; empty for the last coder")
    coding: str = _word("path of a jury’s file to use instead; empty for none")
    jury: str = _word("path of a new CSV file for the jury; empty for none")
    left: str = _LEFT
    right: str = _RIGHT
    questions: int = _asked(8, "number of questions in the quiz", ge=1, le=100)
    draw: int = _asked(1, "another number gives another quiz", ge=0)
    solution: bool = _asked(True, "show our codes and the answers to the quiz; False for students")


class Record(Common):
    """6-record: the article's claims against what others have recorded and measured."""

    layers: Words = _asked(
        ["article", "context"], "article and context: the article and the external record"
    )
    claim: str = _word("check only this claim (id); empty for all")
    series: typing.Literal["all_votes", "foreign_policy_votes", "legacy"] = _asked(
        "all_votes",
        "voting positions in the General Assembly (ideal points) estimated from: all_votes, "
        "foreign_policy_votes or legacy",
    )
    vintage: typing.Literal["2025-07", "2024-06"] = _asked(
        "2025-07", "release of these estimates: 2025-07, or 2024-06 (all_votes only)"
    )
    absence: typing.Literal["left_out", "as_abstention", "as_fourth_vote"] = _asked(
        "left_out", "how a missed vote is treated: left_out, as_abstention or as_fourth_vote"
    )
    period: Date = _asked("2022/2024", "the years counted, as an interval such as 2006/2024")
    denominator: typing.Literal[
        "nominal_one_year", "nominal_period", "purchasing_power_one_year", "purchasing_power_period"
    ] = _asked(
        "nominal_one_year",
        "the GDP that amounts are divided by: nominal_ or purchasing_power_, followed by "
        "one_year or period",
    )

    @field_validator("period")
    @classmethod
    def _closed(cls, value: str) -> str:
        span = parse(value)
        if span.earliest is None or span.latest is None:
            raise ValueError(f"'{value}' is open; name both ends, such as 2022/2024")
        return value

    def options(self) -> dict:
        """The keyword arguments for ``axislib.record.Options``."""
        return self.model_dump(include={"series", "vintage", "absence", "period", "denominator"})


MODELS: dict[str, type[Common]] = {
    "1-reading": Reading,
    "2-timeline": Timeline,
    "3-exchanges": Exchanges,
    "4-analogy": Analogy,
    "5-argument": Argument,
    "6-record": Record,
    "7-seminar": Seminar,
}


def model_of(notebook: str) -> type[Common]:
    """The model of a notebook, by name or file name; SeedError, with the nearest name, if none."""
    name = notebook.removesuffix(".ipynb").rsplit("/", 1)[-1]
    if name not in MODELS:
        raise SeedError(f"notebook '{notebook}': not known; {did_you_mean(name, MODELS)}")
    return MODELS[name]


def cell(notebook: str) -> str:
    """The source of the notebook's tagged cell: ``name: type = value  # help``, one a line.

    >>> print(cell("2-timeline").splitlines()[0])
    seed: str = "kragh-holy-war"  # the data set: its name, or the path of its folder
    """
    lines = []
    for name, field in model_of(notebook).model_fields.items():
        # papermill and students read a plain type; the model keeps the closed list
        kind = type(field.default).__name__.replace("list", "list[str]")
        plain = json.dumps(field.default, ensure_ascii=False)
        value = plain if kind in ("str", "list[str]") else repr(field.default)
        lines.append(f"{name}: {kind} = {value}  # {field.description}")
    return "\n".join(lines)


def check(notebook: str, given: Mapping) -> Common:
    """The parameters of one run, checked; SeedError names every mistake, unknown names
    included, and says what to write instead.

    >>> check("2-timeline", {"lanes": "kind"}).lanes
    'kind'
    """
    model = model_of(notebook)
    try:
        return model(**given)
    except pydantic.ValidationError as error:
        problems = "\n".join(f"  {_explain(model, problem)}" for problem in error.errors())
        many = "1 parameter" if error.error_count() == 1 else f"{error.error_count()} parameters"
        raise SeedError(f"{notebook}: {many} to fix:\n{problems}") from None


def _explain(model: type[Common], problem: typing.Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "?"
    if problem["type"] == "extra_forbidden":
        return f"{name}: there is no such parameter; {did_you_mean(name, model.model_fields)}"
    if problem["type"] == "value_error":
        return f"{name}: {problem['ctx']['error']}"
    place = "".join(f"[{step}]" for step in problem["loc"][1:])
    field = model.model_fields.get(name)
    example = f"; such as {field.default!r}" if field and field.default not in ("", []) else ""
    example = f" ({field.description}{example})" if field else ""
    told = problem["msg"][0].lower() + problem["msg"][1:]
    return f"{name}{place}: {problem['input']!r} {told}{example}"


def parameters(notebook: str, variables: Mapping) -> Common:
    """In a notebook: the values of its tagged cell, checked, and every injected name with them.

    ``variables`` is ``globals()``. Names that papermill injected are read from IPython's history
    (the cell that begins with ``# Parameters``), so a misspelt one is refused here and not passed
    over.
    """
    given = {name: variables[name] for name in model_of(notebook).model_fields if name in variables}
    for source in variables.get("In", []):
        if source.startswith("# Parameters"):
            for name in re.findall(r"^([A-Za-z_]\w*)\s*(?::[^=\n]+)?=", source, flags=re.MULTILINE):
                given.setdefault(name, variables.get(name))
    return check(notebook, given)
