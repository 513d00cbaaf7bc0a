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
from typing import Any, NamedTuple, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
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
MOST_VALUES = 100_000  # counted with aliases written out, so that a few lines cannot mean millions
_MOST_MISTAKES = 50  # shown at once
_TYPES: dict[type, Any] = {kind: kind for kind in (bool, int, str, list, dict)}
_TYPES[float] = int | float
_FORMAT = 4  # of notebooks

# plain words that are no text: NO stays Norway and 2022-02 stays a date as the article gives it
_PLAIN = [
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?(0|[1-9][0-9]*)"), int),
    (re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?"), float),
    (re.compile(r".*", re.DOTALL), str),
]


class PlanError(SeedError):
    """A plan that a person has to fix; the message lists every mistake with its line."""


@dataclass
class Located:
    """A YAML file's value, the line of each place in it (``("grid", "actors", 0)``), and mistakes,
    each with its line (0 for the file as a whole)."""

    name: str
    value: Any = None
    lines: dict[tuple, int] = field(default_factory=dict)
    mistakes: set[tuple[int, str]] = field(default_factory=set)

    def note(self, where: tuple | int, what: str) -> None:
        """Keep a mistake: in a line, or at a place, else in the nearest thing around it."""
        while isinstance(where, tuple):
            where = where[:-1] if where and where not in self.lines else self.lines.get(where, 0)
        self.mistakes.add((where, what))

    def refuse(self) -> None:
        """Raise PlanError with every mistake, in line order, if there is any."""
        found = [f"line {line}: {what}" if line else what for line, what in sorted(self.mistakes)]
        if found:
            shown = "\n".join(f"  {mistake}" for mistake in found[:_MOST_MISTAKES])
            rest = found[_MOST_MISTAKES:]
            shown += f"\n  and {len(rest)} more" if rest else ""
            count = f"{len(found)} mistake{'s' if len(found) > 1 else ''}"
            raise PlanError(f"{self.name}: {count}; nothing was run:\n{shown}")

    def fail(self, what: str, line: int = 0) -> NoReturn:
        """Raise PlanError for what makes the whole file unreadable."""
        self.note(line, what)
        self.refuse()
        raise AssertionError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Entry(_Strict):
    """One entry of a list of runs."""

    name: str = ""
    """the name of the run; {name} in the output pattern"""
    parameters: dict[str, Any] = {}
    """the parameters of this run"""


class Group(_Strict):
    """Runs that belong together: each notebook with each entry of ``runs`` and each combination of
    ``grid``."""

    notebooks: list[str] | None = None
    """names such as 2-timeline, or paths from the plan's folder"""
    fixed: dict[str, Any] = {}
    """parameters that are the same in every run"""
    grid: dict[str, list[Any]] | None = None
    """parameters and their values; every combination is a run"""
    runs: list[Entry] | None = None
    """single runs, each with its own parameters"""
    output: str | None = None
    """the name of each finished notebook, with {group}, {notebook}, {number}, {name}, {varied} or \
any parameter in braces; {group}/{notebook}{varied}.ipynb if none is given"""


class Plan(Group):
    """A whole plan. What is at the top holds for every group; a group's own word wins."""

    title: str = ""
    """what the batch is called on the site"""
    groups: dict[str, Group] | None = None
    """named groups of runs"""


def read_located(path: Path) -> Located:
    """The file's value with its lines; tags, repeated keys and odd names are ``mistakes``.
    Raises PlanError at once where the file cannot be read as YAML at all, or is too large."""
    found = Located(path.name)
    text = _text(path, found)
    reader = YAML(typ="safe", pure=True)
    reader.max_depth = DEEPEST
    try:
        node = reader.compose(text)
        tagged = [event for event in reader.parse(text) if getattr(event, "tag", None)]
    except YAMLError as error:
        if "maximum depth" in str(error):
            found.fail("the file is nested too deeply to be a plan")
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "an unreadable character"
        tabs = mark is not None and "\t" in (mark.get_snippet() or "")
        hint = "; indent with spaces, never tabs" if tabs else ""
        found.fail(f"not YAML: {problem}{hint}", mark.line + 1 if mark else 0)
    for event in tagged:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        what = f"the tag {tag} is refused; a plan holds plain words, numbers, lists and maps"
        found.note(event.start_mark.line + 1, what)
    if node is None:
        found.fail("the file is empty; a plan needs at least: notebooks: [2-timeline]")
    found.value = _value(node, (), found)
    return found


def _text(path: Path, found: Located) -> str:
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST_FILE:
            much = f"the file has {len(raw):,} bytes; a plan has at most {LARGEST_FILE:,}"
            found.fail(f"{much}: write grids, not lists")
        return raw.decode("utf-8-sig")
    except OSError as error:
        wrong = f"cannot be read ({error.strerror}); check the name and the folder"
        raise PlanError(f"plan '{path.name}': {wrong}") from None
    except UnicodeDecodeError:
        found.fail("the file is not UTF-8; save it as UTF-8")


def _value(node: Node, place: tuple, found: Located) -> Any:
    found.lines.setdefault(place, node.start_mark.line + 1)
    if len(found.lines) > MOST_VALUES or len(place) > DEEPEST:  # an alias may hold itself
        much = f"written out, the file holds more than {MOST_VALUES:,} values"
        found.fail(f"{much}; do without aliases")
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if not isinstance(node, MappingNode):
        return [_value(part, (*place, number), found) for number, part in enumerate(node.value)]
    value = {}
    for key, part in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode) or key.value == "<<":
            found.note(line, "the name before a colon has to be one word")
            continue
        if key.value in value:
            found.note(line, f"'{key.value}' appears here twice; keep one")
        found.lines[(*place, key.value)] = line
        value[key.value] = _value(part, (*place, key.value), found)
    return value


def _scalar(node: ScalarNode) -> Any:
    reads = _PLAIN if node.style is None else _PLAIN[-1:]
    return next(read for pattern, read in reads if pattern.fullmatch(node.value))(node.value)


def shape_of(located: Located) -> Plan:
    """The plan as far as it has the right shape; what has not is a mistake and left out."""
    value = copy.deepcopy(located.value)
    if not isinstance(value, dict):
        located.fail("a plan is a map of words and values, such as notebooks: [2-timeline]", 1)
    while True:
        try:
            return Plan.model_validate(value)
        except ValidationError as error:
            for problem in error.errors():
                place = tuple(problem["loc"])
                located.note(place, _explain(place, problem))
                _drop(value, place)


def _drop(value: Any, place: tuple) -> None:
    *way, last = place
    with suppress(KeyError, TypeError):  # it went with what it was part of
        for step in way:
            value = value[step]
        if isinstance(value, list):  # its neighbours keep their places
            value[last] = "" if "notebooks" in place else {}
        else:
            del value[last]


def _explain(place: tuple, problem: Any) -> str:
    where, kind, given = ".".join(map(str, place)), problem["type"], problem["input"]
    if kind == "extra_forbidden":
        part = Group if len(place) == len(("groups", "name", "word")) else Plan
        words = list((Entry if "runs" in place[:-1] else part).model_fields)
        hint = did_you_mean(str(place[-1]), words, f"there are: {', '.join(words)}")
        return f"'{place[-1]}' is not a word of a plan; {hint}"
    if kind == "list_type" and "grid" in place:
        such = f"such as {place[-1]}: [{given}]"
        return f"{where}: {given!r} has to be a list of the values to go through, {such}"
    return f"{where}: " + {
        "list_type": f"{given!r} has to be a list, such as [{given}]",
        "dict_type": f"has to be a map of names and values, not {given!r}",
        "model_type": f"has to be a map of names and values, not {given!r}",
        "string_type": f"{given!r} has to be text; put it in quotation marks",
    }.get(kind, str(problem["msg"]))


def plan_schema() -> dict:
    """The JSON Schema of a plan, for editors (``# yaml-language-server: $schema=plan.schema.json``
    on the first line). ``make schema`` writes it beside the shipped plans.

    For each of the project's notebooks that a group names, it offers and checks that notebook's
    parameters. It cannot check notebooks given by path, nor ids: ``axislib batch --dry-run`` does.
    """
    schema = Plan.model_json_schema()
    definitions = schema["$defs"]
    rules = []
    for notebook, model in MODELS.items():
        asked = definitions[notebook] = model.model_json_schema()
        definitions.update(asked.pop("$defs", {}))
        lists = {n: {"type": "array", "items": v} for n, v in asked["properties"].items()}
        grid = {"type": "object", "properties": lists, "additionalProperties": False}
        definitions[f"{notebook}.grid"] = {**grid, "minProperties": 1}
        own = {"$ref": f"#/$defs/{notebook}"}
        listed = {"items": {"properties": {"parameters": own}}}
        known = {"fixed": own, "grid": {"$ref": f"#/$defs/{notebook}.grid"}, "runs": listed}
        named = {"notebooks": {"contains": {"const": notebook}}}
        when = {"properties": named, "required": ["notebooks"]}
        rules.append({"if": when, "then": {"properties": known}})
    for group in (schema, definitions["Group"]):
        group["allOf"] = rules
        group["properties"]["notebooks"] = {
            "type": "array",
            "minItems": 1,
            "description": Group.model_fields["notebooks"].description,
            "items": {"type": "string", "examples": list(MODELS)},
        }
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return about | schema | {"title": "axislib batch plan"}


class Contract(NamedTuple):
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
    cells = _cells(path, label)
    digest = sha256(json.dumps(cells))
    if path.parent == home and path.stem in MODELS:
        return Contract(path.stem, path, MODELS[path.stem], digest, own=True)
    tagged = next((source for _, source, tags in cells if "parameters" in tags), "")
    return Contract(label, path, _model(label, tagged), digest)


def _cells(path: Path, label: str) -> list[tuple[str, str, list[str]]]:
    """Kind, source and tags of each cell."""
    with suppress(OSError, ValueError, AttributeError):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(notebook.get("cells"), list) and notebook.get("nbformat") == _FORMAT:
            cells = [(cell, cell.get("metadata", {}).get("tags", [])) for cell in notebook["cells"]]
            return [
                (cell.get("cell_type"), "".join(cell.get("source", "")), sorted(tags))
                for cell, tags in cells
            ]
    wrong = f"notebook '{label}' cannot be read as a notebook of format {_FORMAT}; open and save it"
    wrong += " once in JupyterLab"
    raise SeedError(wrong)


def _model(label: str, source: str) -> type[BaseModel]:
    """A model from a tagged cell: each ``name = literal`` is a parameter of that type."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        wrong = f"notebook '{label}': line {error.lineno} of its parameters cell is not Python; fix"
        wrong += " the cell"
        raise SeedError(wrong) from None
    fields: dict[str, Any] = {}
    for line in body:
        if isinstance(line, ast.Assign | ast.AnnAssign):
            default = None  # where it is computed: known by name, of any type
            with suppress(ValueError, TypeError):
                default = ast.literal_eval(line.value) if line.value else None
            for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
                if isinstance(target, ast.Name):
                    fields[target.id] = (_TYPES.get(type(default), Any), default)
    return create_model("Parameters", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _refusal(names: list[str], problem: Mapping) -> str:
    name = str(problem["loc"][0])
    if problem["type"] != "extra_forbidden":
        return f"{name}: {problem['input']!r} {problem['msg'][0].lower()}{problem['msg'][1:]}"
    known = f"there are: {', '.join(names)}" if names else "it has no cell tagged parameters"
    return f"{name}: there is no such parameter; {did_you_mean(name, names, known)}"


if __name__ == "__main__":
    print(json.dumps(plan_schema(), indent=1))
