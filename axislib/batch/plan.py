"""What a plan may say: notebooks, fixed parameters, grids, lists of runs, named groups, an output
pattern; read from YAML so that every mistake is named with its line. And what a notebook may be
asked: its model where it has one, else the cell tagged ``parameters``."""

from __future__ import annotations

import ast
import copy
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, create_model
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from axislib.errors import SeedError, did_you_mean
from axislib.files import sha256
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS, check

OUTPUT = "{group}/{notebook}{varied}.ipynb"
LARGEST_FILE = 1_000_000  # bytes
DEEPEST = 100  # brackets or dashes within each other
# counted with aliases written out, so that a few lines cannot mean millions
MOST_VALUES = 100_000
_MOST_MISTAKES = 50  # shown at once
_TYPES: dict[type, Any] = {kind: kind for kind in (bool, int, str, list, dict)}
_TYPES[float] = int | float
_FORMAT = 4  # of notebooks
_ABOUT = ("title", "description")

# plain words that are no text: NO stays Norway and 2022-02 stays a date as the article gives it
_PLAIN = [
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?(0|[1-9][0-9]*)"), int),
    (re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?"), float),
]


class PlanError(SeedError):
    """A plan that a person has to fix; the message lists every mistake with its line."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to fix in a plan: its line (0 for the file as a whole) and what to do."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" if self.line else self.what


@dataclass
class Located:
    """A YAML file's value, the line of each place in it (``("grid", "actors", 0)``), and what is
    wrong with it as YAML."""

    name: str
    value: object = None
    lines: dict[tuple, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, place: tuple) -> int:
        """The line of a place, or of the nearest thing around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)

    def refuse(self, mistakes: list[Mistake]) -> None:
        """Raise PlanError with every mistake, in line order, each once, if there is any."""
        if mistakes:
            raise self._error(sorted(dict.fromkeys(mistakes)))

    def fail(self, what: str, line: int = 0) -> NoReturn:
        """Raise PlanError for what makes the whole file unreadable."""
        raise self._error([Mistake(line, what)])

    def _error(self, mistakes: list[Mistake]) -> PlanError:
        shown = "\n".join(f"  {mistake}" for mistake in mistakes[:_MOST_MISTAKES])
        rest = len(mistakes) - _MOST_MISTAKES
        more = f"\n  and {rest} more" if rest > 0 else ""
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
        return PlanError(f"{self.name}: {count}; nothing was run:\n{shown}{more}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Entry(_Strict):
    """One entry of a list of runs."""

    name: str = Field(default="", description="the name of the run; {name} in the output pattern")
    parameters: dict[str, Any] = Field(default={}, description="the parameters of this run")


class Group(_Strict):
    """Runs that belong together: each notebook with each entry of ``runs`` and each combination of
    ``grid``."""

    notebooks: list[str] | None = Field(
        default=None, description="names such as 2-timeline, or paths from the plan's folder"
    )
    fixed: dict[str, Any] = Field(
        default={}, description="parameters that are the same in every run"
    )
    grid: dict[str, list[Any]] | None = Field(
        default=None, description="parameters and their values; every combination is a run"
    )
    runs: list[Entry] | None = Field(
        default=None, description="single runs, each with its own parameters"
    )
    output: str | None = Field(
        default=None,
        description=(
            "the name of each finished notebook, with {group}, {notebook}, {number}, "
            "{name}, {varied} or any parameter in braces; "
        )
        + OUTPUT
        + " if none is given",
    )


class Plan(Group):
    """A whole plan. What is at the top holds for every group; a group's own word wins."""

    title: str = Field(default="", description="what the batch is called on the site")
    groups: dict[str, Group] | None = Field(default=None, description="named groups of runs")

    _located: Located = PrivateAttr()
    _folder: Path = PrivateAttr()


# --- YAML with its lines


def read_located(path: Path) -> Located:
    """The file's value with its lines; tags, repeated keys and odd names are ``mistakes``.

    Raises PlanError at once where the file cannot be read as YAML at all, or is too large.
    """
    found = Located(path.name)
    text = _text(path, found)
    reader = YAML(typ="safe", pure=True)
    reader.max_depth = DEEPEST
    try:
        node = reader.compose(text)
        tagged = [event for event in reader.parse(text) if getattr(event, "tag", None)]
    except YAMLError as error:
        found.fail(*_not_yaml(error))
    for event in tagged:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        what = f"the tag {tag} is refused; a plan holds plain words, numbers, lists and maps"
        found.mistakes.append(Mistake(event.start_mark.line + 1, what))
    if node is None:
        found.fail("the file is empty; a plan needs at least: notebooks: [2-timeline]")
    if _size(node, {}, ()) > MOST_VALUES:
        found.fail(
            f"written out, the file holds more than {MOST_VALUES:,} values; do without aliases"
        )
    found.value = _value(node, (), found)
    return found


def _text(path: Path, found: Located) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PlanError(
            f"plan '{path.name}': cannot be read ({error.strerror}); check the name and the folder"
        ) from None
    if len(raw) > LARGEST_FILE:
        found.fail(
            f"the file has {len(raw):,} bytes; a plan has at most {LARGEST_FILE:,}: write grids,"
            " not lists"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.fail("the file is not UTF-8; save it as UTF-8")


def _not_yaml(error: YAMLError) -> tuple[str, int]:
    """What is wrong, and in which line."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "an unreadable character"
    if "maximum depth" in str(error):
        return "the file is nested too deeply to be a plan", 0
    tabs = mark is not None and "\t" in (mark.get_snippet() or "")
    hint = "; indent with spaces, never tabs" if tabs else ""
    return f"not YAML: {problem}{hint}", mark.line + 1 if mark else 0


def _size(node: Node, known: dict[int, int], above: tuple[int, ...]) -> int:
    """How many values a node holds, each alias counted as what it means."""
    if id(node) in above:
        return MOST_VALUES + 1  # an alias to something it is part of
    if id(node) not in known:
        parts = [] if isinstance(node, ScalarNode) else node.value
        if isinstance(node, MappingNode):
            parts = [part for pair in node.value for part in pair]
        known[id(node)] = 1 + sum(_size(part, known, (*above, id(node))) for part in parts)
    return known[id(node)]


def _value(node: Node, place: tuple, found: Located) -> object:
    found.lines[place] = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        plain = _PLAIN if node.style is None else []
        read = (read for pattern, read in plain if pattern.fullmatch(node.value))
        return next(read, str)(node.value)
    if not isinstance(node, MappingNode):
        return [_value(part, (*place, number), found) for number, part in enumerate(node.value)]
    value = {}
    for key, part in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode) or key.value == "<<":
            found.mistakes.append(Mistake(line, "the name before a colon has to be one word"))
            continue
        if key.value in value:
            found.mistakes.append(Mistake(line, f"'{key.value}' appears here twice; keep one"))
        value[key.value] = _value(part, (*place, key.value), found)
        found.lines[(*place, key.value)] = line
    return value


# --- the shape of a plan


def shape_of(located: Located) -> tuple[Plan, list[Mistake]]:
    """The plan as far as it has the right shape; what has not is reported and left out."""
    value, mistakes = copy.deepcopy(located.value), []
    if not isinstance(value, dict):
        what = "a plan is a map of words and values, such as notebooks: [2-timeline]"
        located.refuse([*located.mistakes, Mistake(1, what)])
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


def _explain(place: tuple, problem: Any) -> str:
    where, kind, given = ".".join(map(str, place)), problem["type"], problem["input"]
    if kind == "extra_forbidden":
        in_group = len(place) == len(("groups", "name", "word"))
        model = Entry if "runs" in place[:-1] else {True: Group}.get(in_group, Plan)
        words = list(model.model_fields)
        hint = did_you_mean(str(place[-1]), words, f"there are: {', '.join(words)}")
        return f"'{place[-1]}' is not a word of a plan; {hint}"
    some = f" of the values to go through, such as {place[-1]}:" if "grid" in place else ", such as"
    return f"{where}: " + {
        "list_type": f"{given!r} has to be a list{some} [{given}]",
        "dict_type": f"has to be a map of names and values, not {given!r}",
        "model_type": f"has to be a map of names and values, not {given!r}",
        "string_type": f"{given!r} has to be text; put it in quotation marks",
    }.get(kind, str(problem["msg"]))


# --- the schema for editors


def plan_schema() -> dict:
    """The JSON Schema of a plan, for editors (``# yaml-language-server: $schema=plan.schema.json``
    on the first line). ``make schema`` writes it beside the shipped plans.

    For each of the project's notebooks that a group names, it offers and checks that notebook's
    parameters. It cannot check notebooks given by path, nor ids: ``axislib batch --dry-run`` does.
    """
    schema = Plan.model_json_schema()
    definitions = schema["$defs"]
    for notebook, model in MODELS.items():
        own = model.model_json_schema()
        definitions.update(own.pop("$defs", {}))
        about, properties = {key: own.get(key, "") for key in _ABOUT}, own["properties"]
        values = {name: {"type": "array", "items": value} for name, value in properties.items()}
        definitions[notebook] = about | _map_of(properties)
        definitions[f"{notebook}.grid"] = _map_of(values) | {"minProperties": 1}
    for group in (schema, definitions["Group"]):
        group["allOf"] = [_rule(notebook) for notebook in MODELS]
        group["properties"]["notebooks"] = {
            "type": "array",
            "minItems": 1,
            "description": Group.model_fields["notebooks"].description,
            "items": {"type": "string", "examples": list(MODELS)},
        }
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return about | schema | {"title": "axislib batch plan"}


def _map_of(properties: dict) -> dict:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _rule(notebook: str) -> dict:
    """Which parameters a group may have that names this notebook."""
    own, grid = {"$ref": f"#/$defs/{notebook}"}, {"$ref": f"#/$defs/{notebook}.grid"}
    named = {"notebooks": {"contains": {"const": notebook}}}
    runs = {"items": {"properties": {"parameters": own}}}
    return {
        "if": {"properties": named, "required": ["notebooks"]},
        "then": {"properties": {"fixed": own, "grid": grid, "runs": runs}},
    }


# --- what a notebook may be asked


@dataclass(frozen=True)
class Contract:
    """A notebook file and the parameters it knows.

    ``label`` is its name in the plan, ``model`` has the parameters with their defaults, ``sources``
    is the hash of its cells without outputs; ``own``: it is one of the project's notebooks.
    """

    label: str
    path: Path
    model: type[BaseModel]
    sources: str
    own: bool = False

    @property
    def names(self) -> list[str]:
        """The parameters it knows."""
        return list(self.model.model_fields)

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters, defaults included; SeedError with a line for each it does not take."""
        if self.own:
            return check(self.label, given).model_dump(mode="json")
        try:
            return self.model(**given).model_dump(mode="json")
        except ValidationError as error:
            lines = [f"  {_refusal(self.names, problem)}" for problem in error.errors()]
            raise SeedError("\n".join([f"{self.label}:", *lines])) from None


def contract_of(label: str, folder: Path) -> Contract:
    """The contract of a notebook named in a plan in ``folder``.

    ``label`` is the name of one of the project's notebooks, or a path (with a slash or ``.ipynb``)
    from the plan's folder. Raises SeedError for anything but a notebook that can run.
    """
    home, name = notebooks_folder(), label.removesuffix(".ipynb")
    by_path = name != label or "/" in label or "\\" in label
    path = folder / label if by_path else home / f"{name}.ipynb"
    if not os.path.isfile(path):  # False also for what cannot be a path
        known = sorted(path.stem for path in home.glob("*.ipynb"))
        otherwise = f"there are: {', '.join(known) or 'none'}; or give a path"
        hint = did_you_mean(name.rsplit("/", 1)[-1], known, otherwise)
        raise SeedError(f"notebook '{label}' is not known; {hint}")
    cells = [
        (cell.get("cell_type"), _source(cell), sorted(cell.get("metadata", {}).get("tags", [])))
        for cell in _read(path, label)["cells"]
    ]
    digest = sha256(json.dumps(cells))
    if path.parent == home and path.stem in MODELS:
        return Contract(path.stem, path, MODELS[path.stem], digest, own=True)
    tagged = next((source for _, source, tags in cells if "parameters" in tags), "")
    return Contract(label, path, _model(label, tagged), digest)


def _read(path: Path, label: str) -> dict:
    with suppress(OSError, ValueError, AttributeError):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(notebook.get("cells"), list) and notebook.get("nbformat") == _FORMAT:
            return notebook
    raise SeedError(
        f"notebook '{label}' cannot be read as a notebook of format {_FORMAT}; open and save it"
        " once in JupyterLab"
    )


def _source(cell: dict) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _model(label: str, source: str) -> type[BaseModel]:
    """A model from a tagged cell: each ``name = literal`` is a parameter of that type."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise SeedError(
            f"notebook '{label}': line {error.lineno} of its parameters cell is not Python; fix"
            " the cell"
        ) from None
    fields: dict[str, Any] = {}
    for line in body:
        if isinstance(line, ast.Assign | ast.AnnAssign):
            default = None  # computed: known by name, of any type
            with suppress(ValueError):
                default = ast.literal_eval(line.value) if line.value else None
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            kind = (_TYPES.get(type(default), Any), default)
            fields |= {target.id: kind for target in targets if isinstance(target, ast.Name)}
    return create_model("Parameters", __base__=_Strict, **fields)


def _refusal(names: list[str], problem: Mapping) -> str:
    name = str(problem["loc"][0])
    if problem["type"] != "extra_forbidden":
        return f"{name}: {problem['input']!r} {problem['msg'][0].lower()}{problem['msg'][1:]}"
    known = f"there are: {', '.join(names)}" if names else "it has no cell tagged parameters"
    return f"{name}: there is no such parameter; {did_you_mean(name, names, known)}"


if __name__ == "__main__":
    print(json.dumps(plan_schema(), indent=1))
