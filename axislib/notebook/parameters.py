"""What each notebook may be asked: one pydantic model a notebook, the one source of cell, check,
form, plan and help.

A field's annotation, default and description give the line in the notebook's tagged cell (``name:
type = value  # help``); ``parameters(notebook, locals())`` in the next cell refuses what the model
refuses.
"""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Mapping

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from axislib.errors import SeedError
from axislib.tables.dates import DateError, parse
from axislib.tables.schema import vocabulary

_CLOSED = {"modality": "modality", "section": "section", "categories": "transfer_category"}


def closed_words(parameter: str) -> dict[str, str]:
    """The words that a parameter of this name may take, each with its meaning; none where the model
    leaves it open."""
    return vocabulary(_CLOSED[parameter]) if parameter in _CLOSED else {}


def _one_or_more(value: object) -> object:
    if isinstance(value, str):
        return [value] if value else []
    if not isinstance(value, list):
        raise ValueError(
            f"{value!r} is neither a word nor a list of words; write one, such as RUS, or several,"
            " such as [RUS, PRK]"
        )
    return value


def _year_in_words(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:0{5 if value < 0 else 4}d}"  # EDTF writes a year with four digits
    if not isinstance(value, str):
        raise ValueError(
            f"{value!r} is not a date; write a year such as 2022, or a date such as 2022-02"
        )
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

    seed: str = Field(
        "kragh-holy-war", description="which seed: its name, or the path of its folder"
    )
    layers: Words = Field(["article"], description="article alone, or also context")
    actors: Words = Field([], description="only facts that touch these actors (ids); empty for all")
    coalitions: Words = Field(
        [], description="only facts that touch these coalitions (ids); empty for all"
    )
    speakers: Words = Field([], description="only what these speakers say (ids); empty for all")
    modality: Words = Field(
        [], description="only facts put forward so (asserted, hedged, ...); empty for all"
    )
    since: Date = Field(
        "", description="leave out what is dated before this (EDTF, such as 2022-02)"
    )
    until: Date = Field("", description="leave out what is dated after this (EDTF)")

    @field_validator("modality")
    @classmethod
    def _known_words(cls, words: list[str]) -> list[str]:
        for word in words:
            if word not in closed_words("modality"):
                raise ValueError(
                    f"'{word}' is not a modality; use: {', '.join(closed_words('modality'))}"
                )
        return words

    @field_validator("since", "until")
    @classmethod
    def _a_date(cls, value: str) -> str:
        if value:
            try:
                parse(value)
            except DateError as error:
                raise ValueError(str(error)) from None
        return value

    def conditions(self) -> dict:
        """The keyword arguments for ``axislib.select``."""
        return {
            name: getattr(self, name)
            for name in ("actors", "coalitions", "speakers", "modality", "since", "until")
        }


class Reading(Common):
    """1-reading: the article at a glance."""

    section: str = Field(
        "",
        description=(
            "show only this section in the reading view (body, summary, ...); empty for all"
        ),
    )

    @field_validator("section")
    @classmethod
    def _a_section(cls, value: str) -> str:
        if value and value not in closed_words("section"):
            raise ValueError(
                f"'{value}' is not a section; use: {', '.join(closed_words('section'))}"
            )
        return value


class Timeline(Common):
    """2-timeline: what the article dates, places and leaves undated."""

    lanes: typing.Literal["actor", "coalition", "kind", "speaker"] = Field(
        "actor", description="headings of undated events: actor, coalition, kind or speaker"
    )
    show_undated: bool = Field(True, description="show the events without any date as well")
    left: str = Field(
        "",
        description=(
            "in the aligned timeline: one coalition (id); empty for that of the first comparison"
            " made"
        ),
    )
    right: str = Field(
        "",
        description=(
            "in the aligned timeline: the other coalition (id); empty for that of the first"
            " comparison made"
        ),
    )


class Exchanges(Common):
    """3-exchanges: who gave what to whom, and in return for what."""

    categories: Words = Field(
        [],
        description=(
            "only these kinds (arms, troops, economic, technology, intelligence, diplomatic); empty"
            " for all"
        ),
    )

    @field_validator("categories")
    @classmethod
    def _known_kinds(cls, words: list[str]) -> list[str]:
        for word in words:
            if word not in closed_words("categories"):
                raise ValueError(
                    f"'{word}' is not a kind of transfer; use:"
                    f" {', '.join(closed_words('categories'))}"
                )
        return words


class Analogy(Common):
    """4-analogy: the coalitions compared on every dimension."""

    left: str = Field(
        "", description="the coalition compared (id); empty for that of the first comparison made"
    )
    right: str = Field(
        "",
        description=(
            "the coalition it is compared with (id); empty for that of the first comparison made"
        ),
    )
    readings: Words = Field(
        [], description="other readings to put in force (ids of the table readings)"
    )
    dimensions: Words = Field([], description="only these dimensions (ids); empty for all")
    draws: int = Field(
        10000, ge=1, le=1000000, description="weightings drawn for the claim on the whole"
    )
    random_seed: int = Field(1, ge=0, description="the same number draws the same weightings")


class Argument(Common):
    """5-argument: claims and what bears on them, frames, competing hypotheses."""

    root: str = Field(
        "",
        description=(
            "the claim to begin the map with (id); empty for the thesis with most support, all for"
            " every thread"
        ),
    )


class Seminar(Common):
    """7-seminar: code it yourself, compare, adjudicate, and see what follows."""

    code: CodedWords = Field(
        ["level", "modality"],
        description="what is coded: level, modality, polarity, speaker, role, rating",
    )
    sentences: Words = Field(
        [], description="only these paragraphs or sentences (P14, P14-P16, P14.S3); empty for all"
    )
    dimensions: Words = Field([], description="only these dimensions (ids); empty for all")
    hypotheses: Words = Field([], description="only these hypotheses (ids); empty for all")
    most: int = Field(
        6, ge=0, le=500, description="at most so many units of each kind on screen; 0 for all"
    )
    sheets: Words = Field(
        [], description="the class’s sheets: paths of their files; empty for two made-up coders"
    )
    variable: str = Field(
        "", description="what the heat map shows; empty for what coders part on most"
    )
    coder: str = Field(
        "", description="whose coding is put in force in the chart; empty for the last coder"
    )
    coding: str = Field(
        "", description="a jury’s file to put in force instead (path); empty for none"
    )
    jury: str = Field(
        "", description="write the jury’s file here (path of a new CSV); empty for none"
    )
    left: str = Field(
        "", description="the coalition compared (id); empty for that of the first comparison made"
    )
    right: str = Field(
        "",
        description=(
            "the coalition it is compared with (id); empty for that of the first comparison made"
        ),
    )
    questions: int = Field(8, ge=1, le=100, description="how many questions the quiz has")
    draw: int = Field(1, ge=0, description="another number, another quiz")
    solution: bool = Field(
        True, description="show the project’s codes and the key of the quiz; False for students"
    )


class Record(Common):
    """6-record: the article's claims against what others have recorded and measured."""

    layers: Words = Field(
        ["article", "context"], description="article and context: here the record is asked for"
    )
    claim: str = Field("", description="only the check of this claim (id); empty for all")
    series: typing.Literal["all_votes", "foreign_policy_votes", "legacy"] = Field(
        "all_votes",
        description=(
            "which ideal points of the General Assembly: all_votes, foreign_policy_votes or legacy"
        ),
    )
    vintage: typing.Literal["2025-07", "2024-06"] = Field(
        "2025-07", description="when they were estimated: 2025-07 or 2024-06 (all_votes only)"
    )
    absence: typing.Literal["left_out", "as_abstention"] = Field(
        "left_out", description="votes that one missed: left_out or as_abstention"
    )
    period: Date = Field(
        "2022/2024", description="the years counted, an EDTF interval such as 2006/2024"
    )
    denominator: typing.Literal[
        "nominal_one_year", "nominal_period", "purchasing_power_one_year", "purchasing_power_period"
    ] = Field(
        "nominal_one_year",
        description=(
            "the GDP below the line: nominal_ or purchasing_power_, then one_year or period"
        ),
    )

    @field_validator("period")
    @classmethod
    def _closed(cls, value: str) -> str:
        try:
            span = parse(value)
        except DateError as error:
            raise ValueError(str(error)) from None
        if span.earliest is None or span.latest is None:
            raise ValueError(f"'{value}' is open; name both ends, such as 2022/2024")
        return value

    def options(self) -> dict:
        """The keyword arguments for ``axislib.record.Options``."""
        return {
            name: getattr(self, name)
            for name in ("series", "vintage", "absence", "period", "denominator")
        }


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
    """The model of a notebook, by its name with or without ``.ipynb``; SeedError, with the nearest
    name, if there is none."""
    name = notebook.removesuffix(".ipynb").rsplit("/", 1)[-1]
    if name not in MODELS:
        raise SeedError(f"notebook '{notebook}': not known; {_nearest(name, list(MODELS))}")
    return MODELS[name]


def cell(notebook: str) -> str:
    """The source of the notebook's tagged cell: ``name: type = value  # help``, one a line.

    >>> print(cell("2-timeline").splitlines()[0])
    seed: str = "kragh-holy-war"  # which seed: its name, or the path of its folder
    """
    lines = []
    for name, field in model_of(notebook).model_fields.items():
        # papermill and students read a plain type; the model keeps the closed list
        kind = type(field.default).__name__ if not isinstance(field.default, list) else "list[str]"
        value = (
            repr(field.default) if not isinstance(field.default, str) else '"' + field.default + '"'
        )
        lines.append(f"{name}: {kind} = {value}  # {field.description}".replace("'", '"'))
    return "\n".join(lines)


def check(notebook: str, given: Mapping) -> Common:
    """The parameters of one run, checked; SeedError names every mistake with its mend, unknown
    names included.

    >>> check("2-timeline", {"lanes": "kind"}).lanes
    'kind'
    """
    model = model_of(notebook)
    try:
        return model(**given)
    except ValidationError as error:
        problems = "\n".join(f"  {_explain(model, problem)}" for problem in error.errors())
        raise SeedError(
            f"{notebook}: {error.error_count()} parameter{'s' if error.error_count() > 1 else ''}"
            f" to mend:\n{problems}"
        ) from None


def _explain(model: type[Common], problem: dict) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "?"
    if problem["type"] == "extra_forbidden":
        return f"{name}: there is no such parameter; {_nearest(name, list(model.model_fields))}"
    if problem["type"] == "value_error":
        return f"{name}: {problem['ctx']['error']}"
    place = "".join(f"[{step}]" for step in problem["loc"][1:])
    field = model.model_fields.get(name)
    example = f"; such as {field.default!r}" if field and field.default not in ("", []) else ""
    example = f" ({field.description}{example})" if field else ""
    return (
        f"{name}{place}: {problem['input']!r}"
        f" {problem['msg'][0].lower()}{problem['msg'][1:]}{example}"
    )


def _nearest(word: str, words: list[str]) -> str:
    near = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {near[0]}?" if near else "there are: " + ", ".join(words)


def parameters(notebook: str, variables: Mapping) -> Common:
    """In a notebook: the values of its tagged cell, checked, and every injected name with them.

    ``variables`` is ``globals()``. Names that papermill injected are read from IPython's history
    (the cell that begins with ``# Parameters``), so a misspelt one is refused here and not passed
    over.
    """
    model = model_of(notebook)
    given = {name: variables[name] for name in model.model_fields if name in variables}
    for source in variables.get("In", []):
        if source.startswith("# Parameters"):
            for name in re.findall(r"^([A-Za-z_]\w*)\s*(?::[^=\n]+)?=", source, flags=re.MULTILINE):
                given.setdefault(name, variables.get(name))
    return check(notebook, given)
