"""A plan spelled out: the runs it asks for, each checked, and the names of their notebooks."""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from axislib.batch.plan import (
    OUTPUT,
    Contract,
    Entry,
    Group,
    Located,
    Plan,
    contract_of,
    read_located,
    shape_of,
)
from axislib.errors import SeedError, did_you_mean
from axislib.files import sha256
from axislib.seed.opening import open_seed

MOST_RUNS = 20_000
IN_PATTERN = ("group", "notebook", "number", "name", "varied")  # beside the parameters
_LONGEST_STEP = 150  # bytes of a path's step that every file system takes
_KEPT = 120  # of those, where more has to be cut
_LIKE = 0.5  # how near an id must be to be guessed at
# parameter -> the table whose ids it holds
_REFERS = {name: name for name in ("actors", "dimensions", "readings", "hypotheses")}
_REFERS |= dict.fromkeys(("coalitions", "speakers", "left", "right"), "actors")


class Run(NamedTuple):
    """One notebook with one set of parameters.

    ``parameters`` is what is injected, ``full`` the same with every default, ``output`` the path in
    the batch's folder, ``places`` where in the plan each parameter stands, and "" the run itself.
    """

    number: int
    group: str
    name: str
    notebook: str
    contract: Contract
    parameters: dict[str, Any]
    full: dict[str, Any]
    output: str
    places: dict[str, tuple]

    def __str__(self) -> str:
        values = self.parameters.items()
        given = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values]
        return f"{self.output}: {self.notebook}({', '.join(given)})"


class PlannedRuns(NamedTuple):
    """A plan that was read: what the batch is called, and its runs in order."""

    title: str
    runs: list[Run]


def read_plan(path: str | Path) -> PlannedRuns:
    """Read and check a plan; nothing is run.

    Returns its title and its runs, which ``expand_plan`` lists. Raises ``PlanError`` with every
    mistake at once, each with its line: unknown names and ids, wrong types, empty grids, too many
    runs, outputs that collide or leave the folder. It cannot tell whether a run will end well.
    """
    located = read_located(Path(path))
    plan = shape_of(located)
    runs = _expanded(plan, located, Path(path).absolute().parent)
    located.refuse()
    return PlannedRuns(plan.title, runs)


def expand_plan(plan: PlannedRuns) -> list[Run]:
    """The runs of a plan that ``read_plan`` gave, in its order."""
    return plan.runs


class _Block:
    """One group with what it inherits, where the nearer word wins; mistakes go to ``located``."""

    def __init__(
        self, plan: Plan, located: Located, name: str, group: Group, place: tuple, contract: Any
    ) -> None:
        self.name, self.located, self.place = name, located, place
        self.fixed: dict[str, tuple[Any, tuple]] = {}  # parameter -> value, and its place
        self.grid: dict[str, list[tuple[Any, tuple]]] = {}
        self.known: list[Contract] = []  # of the notebooks that there are
        self.layers = ((plan, ()), (group, place))
        for layer, at in self.layers:
            self._take(layer, at)
        self.entries, notebooks = self._nearer("runs"), self._contracts(contract)
        default = OUTPUT if place else OUTPUT.removeprefix("{group}/")
        self.output = group.output or plan.output or default
        self.output_place = (*place, "output") if group.output else ("output",)
        if not notebooks:
            located.note(place, f"group '{name}' names no notebook; write notebooks: [2-timeline]")
        if place and not re.fullmatch(r"\w[\w-]*", name):
            what = f"group '{name}': use letters, digits, - and _ only; it names a folder"
            located.note(place, what)
        mistakes = list(filter(None, _pattern_mistakes(self.output, self.known)))
        for what in mistakes:
            located.note(self.output_place, f"output '{self.output}'{what}")
        self.output = "{number}.ipynb" if mistakes else self.output
        self.count = notebooks * max(1, len(self.entries)) * math.prod(map(len, self.grid.values()))

    def _take(self, layer: Group, at: tuple) -> None:
        for parameter, value in layer.fixed.items():
            self.grid.pop(parameter, None)
            self.fixed[parameter] = (value, (*at, "fixed", parameter))
        for parameter, values in (layer.grid or {}).items():
            axis = (*at, "grid", parameter)
            if parameter in layer.fixed:
                self.located.note(axis, f"{parameter} is in grid and in fixed; keep one")
            self.fixed.pop(parameter, None)
            self.grid[parameter] = [(value, (*axis, n)) for n, value in enumerate(values)]
            if not values:
                what = "has no values, so there would be no run; give at least one"
                self.located.note(axis, f"grid {parameter} {what}")
            for value, count in Counter(map(json.dumps, values)).items():
                if count > 1:
                    self.located.note(axis, f"grid {parameter} has {value} twice; keep one")
        for word in ("grid", "runs", "groups"):
            if (*at, word) in self.located.lines and not getattr(layer, word, True):
                what = f"{word} is empty, so it asks for nothing; fill it or take it out"
                self.located.note((*at, word), what)

    def _nearer(self, word: str) -> list[tuple[Any, tuple]]:
        """The members of a list of the group, else of the plan, each with its place."""
        layer, at = self.layers[getattr(self.layers[1][0], word) is not None]
        members = getattr(layer, word) or []
        return [(member, (*at, word, number)) for number, member in enumerate(members)]

    def _contracts(self, contract: Any) -> int:
        """How many notebooks are named."""
        notebooks = [(label, at) for label, at in self._nearer("notebooks") if label]
        for label, at in notebooks:
            try:
                self.known.append(contract(label))
            except SeedError as error:
                self.located.note(at, str(error))
        return len(notebooks)

    def build(self, runs: list[Run], width: int) -> None:
        """Add this group's runs (numbers have ``width`` digits); note what a notebook refuses."""
        entries = self.entries or [(Entry(), self.place)]
        axes = {name: values for name, values in self.grid.items() if values}
        every = itertools.product(self.known, entries, itertools.product(*axes.values()))
        for contract, (entry, place), varied in every:
            own = {name: (*place, "parameters", name) for name in entry.parameters}
            places = {"": place, **{name: at for name, (_, at) in self.fixed.items()}, **own}
            given = {name: value for name, (value, _) in self.fixed.items()} | entry.parameters
            for name, (value, at) in zip(axes, varied, strict=True):
                if name in own:
                    self.located.note(at[:-1], f"{name} is in grid and in runs; keep one")
                given[name], places[name] = value, at
            try:
                full = contract.check(given)
            except SeedError as error:
                self._refused(contract, error, given, places)
                continue
            number = f"{len(runs) + 1:0{width}}"
            output = self._output(contract.path.stem, entry, varied, full, number)
            given = {name: full[name] for name in given}  # as checked: a single id is a list
            about = (len(runs) + 1, self.name, entry.name, contract.label, contract)
            runs.append(Run(*about, given, full, output, places))

    def _refused(self, contract: Contract, error: SeedError, given: dict, places: dict) -> None:
        for line in map(str.strip, str(error).splitlines()[1:]):
            name = re.split(r"[:\[]", line)[0]
            place = places.get(name, places[""])
            hint = _hint(contract, name, given.get(name), place)
            self.located.note(place, f"{contract.label}: {line}{hint}")

    def _output(self, stem: str, entry: Entry, varied: tuple, full: dict, number: str) -> str:
        own = entry.name or "-".join(slug(value) for value in entry.parameters.values())
        parts = [*map(slug, filter(None, [own])), *(slug(value) for value, _ in varied)]
        words = {name: slug(value) for name, value in full.items()} | {
            "group": self.name,
            "number": number,
            "notebook": slug(stem),
            "name": slug(entry.name),
            "varied": "".join(f"-{part}" for part in parts),
        }
        return "/".join(map(short, self.output.format_map(words).split("/")))


def _expanded(plan: Plan, located: Located, folder: Path) -> list[Run]:
    """The runs, mistakes noted; counted before they are built, so 10^9 runs are refused at once."""
    groups = [(name, group, ("groups", name)) for name, group in (plan.groups or {}).items()]
    contract = functools.cache(lambda label: contract_of(label, folder))
    blocks = [_Block(plan, located, *group, contract) for group in groups or [("all", plan, ())]]
    if (total := sum(block.count for block in blocks)) > MOST_RUNS:
        largest = max(blocks, key=lambda block: block.count)
        sizes = ", ".join(f"{name} {len(values)}" for name, values in largest.grid.items())
        what = (
            f"the plan asks for {total:,} runs; a batch has at most {MOST_RUNS:,}: take values out"
            f" of the grid ({sizes})"
        )
        located.note((*largest.place, "grid"), what)
    runs: list[Run] = []
    for block in blocks:
        if total <= MOST_RUNS:
            block.build(runs, len(str(total)))
    _note_collisions(located, {block.name: block.output_place for block in blocks}, runs)
    _note_unknown_ids(located, runs)
    return runs


def _hint(contract: Contract, name: str, value: Any, place: tuple) -> str:
    """How to write a value of the right type, where the message does not say so already."""
    if name not in contract.names:
        return ""
    wanted = type(contract.model.model_fields[name].default)
    if wanted is list:
        each = f"; each value of the grid is itself a list: {name}: [[{value}]]"
        hint = each if "grid" in place else f"; write [{value}]"
        return "" if contract.own or isinstance(value, list) else hint
    if wanted is str and type(value) in ((int,) if contract.own else (int, float)):
        return f'; put it in quotation marks: "{value}"'
    return "; write true or false" if wanted is bool and isinstance(value, str) else ""


def _pattern_mistakes(pattern: str, known: list[Contract]) -> Iterator[str]:
    """What is wrong with an output pattern, for the notebooks it is to serve."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        yield f": {error}; write names in braces such as {{notebook}}"
        return
    if re.match(r"~|[A-Za-z]:", pattern) or re.search(r"\\|(^|/)(\.|/|$)", pattern):
        yield f" would leave the batch's folder or hide in it; write a plain path such as {OUTPUT}"
    elif not all(re.fullmatch(r"[\w .=+,@/-]*", text) for text, *_ in parts):
        yield ": use letters, digits and . _ - = + only"
    if not pattern.endswith(".ipynb"):
        yield " has to end in .ipynb"
    yield from (_unknown_word(word, known, bool(spec or more)) for _, word, spec, more in parts)


def _unknown_word(word: str | None, known: list[Contract], formatted: bool) -> str:
    """What is wrong with a word in braces: no such parameter, or more in the braces."""
    lacking = [contract.label for contract in known if word not in contract.names]
    if word is None or not (formatted or (lacking and word not in IN_PATTERN)):
        return ""
    return (
        f": {{{word}}} is not known; there are {', '.join(IN_PATTERN)} and the parameters of"
        f" {lacking[0] if lacking else 'the notebook'}, without : or !"
    )


def slug(value: Any) -> str:
    """A value as part of a file's name.

    >>> slug(["RUS", "PRK"]), slug([]), slug("a/../b c")
    ('RUS+PRK', 'any', 'a-b-c')
    """
    if isinstance(value, list):
        value = "+".join(str(part) for part in value)
    text = json.dumps(value) if isinstance(value, dict | bool) or value is None else str(value)
    text = re.sub(r"[^\w.=+-]+|\.{2,}", "-", text).replace("--", "-")
    return re.sub(r"^[-.]+|[-.]+$", "", text).replace("--", "-") or "any"


def short(step: str) -> str:
    """A step of a path cut to a length every file system takes, with a mark of what was cut."""
    if len(step.encode()) <= _LONGEST_STEP:
        return step
    mark = sha256(step)[:8]
    ending = ".ipynb" if step.endswith(".ipynb") else ""
    return f"{step.encode()[:_KEPT].decode(errors='ignore')}-{mark}{ending}"


def _note_collisions(located: Located, places: dict[str, tuple], runs: list[Run]) -> None:
    """Names that several runs would be written to; ``places``: where each group's pattern is."""
    names: dict[str, Run] = {}  # some file systems don't tell a from A
    pairs = [(names.setdefault(run.output.casefold(), run), run) for run in runs]
    if clashes := [(first, second) for first, second in pairs if first is not second]:
        first, second = min(clashes, key=lambda pair: pair[0].number)
        number = len({first.number for first, _ in clashes})
        what = (
            f"output: {number} name{'s' if number > 1 else ''} would be written more than once,"
            f" first '{first.output}' by runs {first.number} and {second.number}; put {{number}} or"
            " {varied} into it"
        )
        located.note(places[first.group], what)


def _note_unknown_ids(located: Located, runs: list[Run]) -> None:
    """Unknown ids, seeds and layers in the project's own notebooks."""
    ids: dict[tuple, dict[str, list[str]]] = {}
    seen = set()
    for run in (run for run in runs if run.contract.own):
        which = (run.full["seed"], *run.full["layers"])
        if which not in ids:
            ids[which] = _ids(located, run)
        for name in _REFERS.keys() & run.full.keys() if ids[which] else ():
            value, table, known = run.full[name], _REFERS[name], ids[which][_REFERS[name]]
            for number, row_id in enumerate(value if isinstance(value, list) else [value]):
                place = (*run.places.get(name, run.places[""]), number)
                if row_id and row_id not in known and (name, place) not in seen:
                    seen.add((name, place))
                    rest = f"list them with axislib.open_seed('{which[0]}').{table}['id']"
                    hint = did_you_mean(row_id, known, rest, _LIKE)
                    what = f"{name}: '{row_id}' is not an id of data set {which[0]}; {hint}"
                    located.note(place, what)


def _ids(located: Located, run: Run) -> dict[str, list[str]]:
    """The ids of each table that a parameter may name; none where the seed cannot be opened."""
    try:
        tables = open_seed(run.full["seed"], layers=run.full["layers"]).tables
        return {table: list(tables[table]["id"]) for table in set(_REFERS.values())}
    except (SeedError, ValueError) as error:
        name = "seed" if "seed" in run.places else "layers"
        located.note(run.places.get(name, run.places[""]), str(error))
        return {}
