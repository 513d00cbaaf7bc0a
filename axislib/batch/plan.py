"""What a plan may say: notebooks, fixed parameters, grids, lists of runs, named groups, an output
pattern."""

from __future__ import annotations

import copy
import difflib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from axislib.batch.yaml_lines import Located, Mistake, read_located
from axislib.notebook.parameters import MODELS

OUTPUT = "{group}/{notebook}{varied}.ipynb"


class Entry(BaseModel):
    """One entry of a list of runs."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(
        "", description="what the run is called; may stand in the output pattern as {name}"
    )
    parameters: dict[str, Any] = Field({}, description="the parameters of this run")


class Group(BaseModel):
    """Runs that belong together: each notebook with each entry of ``runs`` and each combination of
    ``grid``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    notebooks: list[str] | None = Field(
        None, description="names such as 2-timeline, or paths from the plan's folder"
    )
    fixed: dict[str, Any] = Field({}, description="parameters that are the same in every run")
    grid: dict[str, list[Any]] | None = Field(
        None, description="parameters and their values; every combination is a run"
    )
    runs: list[Entry] | None = Field(None, description="single runs, each with its own parameters")
    output: str | None = Field(
        None,
        description=(
            "the name of each finished notebook, with {group}, {notebook}, {number}, "
            "{name}, {varied} or any parameter in braces; "
        )
        + OUTPUT
        + " if none is given",
    )


class Plan(Group):
    """A whole plan. What stands at the top holds for every group; a group's own word wins."""

    title: str = Field("", description="what the batch is called on the site")
    groups: dict[str, Group] | None = Field(None, description="named groups of runs")

    _located: Located = PrivateAttr()
    _folder: Path = PrivateAttr()


def read_plan(path: str | Path) -> Plan:
    """Read and check a plan; nothing is run.

    Returns the ``Plan``; ``expand_plan`` lists its runs. Raises ``PlanError`` with every mistake at
    once, each with its line: unknown notebooks and parameters, wrong types, ids the seed does not
    have, empty grids, too many runs, outputs that collide or leave the folder. It cannot tell
    whether a run will end well.
    """
    from axislib.batch.runs import expand

    located = read_located(Path(path))
    plan, mistakes = _shape(located)
    plan._located, plan._folder = located, Path(path).absolute().parent
    _, more = expand(plan)
    located.refuse([*located.mistakes, *mistakes, *more])
    return plan


def _shape(located: Located) -> tuple[Plan, list[Mistake]]:
    """The plan as far as it has the right shape; what has not is reported and left out."""
    value, mistakes = copy.deepcopy(located.value), []
    if not isinstance(value, dict):
        located.refuse(
            [
                *located.mistakes,
                Mistake(1, "a plan is a map of words and values, such as notebooks: [2-timeline]"),
            ]
        )
    while True:
        try:
            return Plan.model_validate(value), mistakes
        except ValidationError as error:
            for problem in error.errors():
                place = tuple(problem["loc"])
                mistakes.append(Mistake(located.line(place), _explain(place, problem)))
                _drop(value, place)


def _drop(value: Any, place: tuple) -> None:
    for step in place[:-1]:
        if not isinstance(value, dict | list) or (isinstance(value, dict) and step not in value):
            return
        value = value[step]
    if isinstance(value, list) and isinstance(place[-1], int):
        value[place[-1]] = "" if "notebooks" in place else {}  # keeps the places of its neighbours
    elif isinstance(value, dict):
        value.pop(place[-1], None)


def _explain(place: tuple, problem: dict) -> str:
    where, kind = ".".join(str(step) for step in place), problem["type"]
    if kind == "extra_forbidden":
        model = Entry if "runs" in place[:-1] else Group if len(place) == 3 else Plan
        near = difflib.get_close_matches(str(place[-1]), list(model.model_fields), n=1)
        return f"'{place[-1]}' is not a word of a plan; " + (
            f"did you mean {near[0]}?" if near else f"there are: {', '.join(model.model_fields)}"
        )
    if kind == "list_type" and "grid" in place:
        given = problem["input"]
        return (
            f"{where}: {given!r} has to be a list of the values to go through, such as {place[-1]}:"
            f" [{given}]"
        )
    if kind == "list_type":
        return f"{where}: {problem['input']!r} has to be a list, such as [{problem['input']}]"
    if kind in ("dict_type", "model_type"):
        return f"{where}: has to be a map of names and values, not {problem['input']!r}"
    if kind == "string_type":
        return f"{where}: {problem['input']!r} has to be text; put it in quotation marks"
    return f"{where}: {problem['msg']}"


def plan_schema() -> dict:
    """The JSON Schema of a plan, for editors (``# yaml-language-server: $schema=plan.schema.json``
    on the first line).

    For each of the project's notebooks that a group names, it offers and checks that notebook's
    parameters. It cannot check notebooks given by path, nor ids: ``axislib batch --dry-run`` does.
    """
    schema = Plan.model_json_schema()
    definitions = schema["$defs"]
    rules = []
    for notebook, model in MODELS.items():
        own = model.model_json_schema()
        definitions.update(own.pop("$defs", {}))
        definitions[notebook] = {
            "title": own.get("title", notebook),
            "description": own.get("description", ""),
            "type": "object",
            "properties": own["properties"],
            "additionalProperties": False,
        }
        grid = {
            name: {"type": "array", "items": value} for name, value in own["properties"].items()
        }
        definitions[f"{notebook}.grid"] = {
            "type": "object",
            "properties": grid,
            "additionalProperties": False,
            "minProperties": 1,
        }
        rules.append(
            {
                "if": {
                    "properties": {"notebooks": {"contains": {"const": notebook}}},
                    "required": ["notebooks"],
                },
                "then": {
                    "properties": {
                        "fixed": {"$ref": f"#/$defs/{notebook}"},
                        "grid": {"$ref": f"#/$defs/{notebook}.grid"},
                        "runs": {
                            "items": {"properties": {"parameters": {"$ref": f"#/$defs/{notebook}"}}}
                        },
                    }
                },
            }
        )
    for group in (schema, definitions["Group"]):
        group["allOf"] = rules
        group["properties"]["notebooks"] = {
            "type": "array",
            "minItems": 1,
            "description": Group.model_fields["notebooks"].description,
            "items": {"type": "string", "examples": list(MODELS)},
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "axislib batch plan",
    }


def write_schema(path: str | Path | None = None) -> Path:
    """Write the schema beside the shipped plans (or to ``path``), for editors; returns where."""
    from axislib.files import write_whole
    from axislib.notebook.lab import notebooks_folder

    path = Path(path) if path else notebooks_folder() / "plans" / "plan.schema.json"
    write_whole(path, json.dumps(plan_schema(), indent=1) + "\n")
    return path
