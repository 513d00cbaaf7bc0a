"""A plan spelled out: the runs it asks for, each checked, and the names of their notebooks."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from string import Formatter
from typing import Any

from axislib.batch.plan import (
    OUTPUT,
    Contract,
    Entry,
    Group,
    Located,
    Mistake,
    Plan,
    contract_of,
    read_located,
    shape_of,
)
from axislib.errors import SeedError, did_you_mean
from axislib.files import sha256

MOST_RUNS = 20_000
IN_PATTERN = ("group", "notebook", "number", "name", "varied")  # beside the parameters
_LONGEST_STEP = 150  # bytes of a path's step that every file system takes
_KEPT = 120  # of those, where more has to be cut
_LIKE = 0.5  # how near an id must be to be guessed at
_SEARCHED = 1000  # values of a grid among which repetitions are looked for
# parameter -> the table whose ids it holds
_REFERS = {name: name for name in ("actors", "dimensions", "readings", "hypotheses")}
_REFERS |= dict.fromkeys(("coalitions", "speakers", "left", "right"), "actors")


@dataclass(frozen=True)
class Run:
    """One notebook with one set of parameters.

    ``parameters`` is what is injected, ``full`` the same with every default, ``output`` the path of
    the finished notebook inside the batch's folder, ``line`` where in the plan it comes from.
    """

    number: int
    group: str
    name: str
    notebook: str
    contract: Contract
    parameters: dict[str, Any]
    full: dict[str, Any]
    output: str
    line: int

    def __str__(self) -> str:
        values = self.parameters.items()
        given = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values]
        return f"{self.output}: {self.notebook}({', '.join(given)})"


@dataclass
class _Block:
    """One group with what it inherits: each parameter once, with its place."""

    name: str
    place: tuple
    notebooks: list[tuple[str, tuple]]
    fixed: dict[str, tuple[Any, tuple]]
    grid: dict[str, tuple[list, tuple]]
    entries: list[tuple[Entry, tuple]]
    output: str
    output_place: tuple

    @property
    def count(self) -> int:
        """How many runs it asks for."""
        combinations = math.prod(len(values) for values, _ in self.grid.values())
        return len(self.notebooks) * max(1, len(self.entries)) * combinations


def read_plan(path: str | Path) -> Plan:
    """Read and check a plan; nothing is run.

    Returns the ``Plan``; ``expand_plan`` lists its runs. Raises ``PlanError`` with every mistake at
    once, each with its line: unknown notebooks and parameters, wrong types, ids the seed does not
    have, empty grids, too many runs, outputs that collide or leave the folder. It cannot tell
    whether a run will end well.
    """
    located = read_located(Path(path))
    plan, mistakes = shape_of(located)
    plan._located, plan._folder = located, Path(path).absolute().parent
    _, more = expand(plan)
    located.refuse([*located.mistakes, *mistakes, *more])
    return plan


def expand_plan(plan: Plan) -> list[Run]:
    """The runs of a plan that ``read_plan`` gave, in its order; PlanError for mistakes."""
    runs, mistakes = expand(plan)
    plan._located.refuse(mistakes)
    return runs


def expand(plan: Plan) -> tuple[list[Run], list[Mistake]]:
    """The runs and every mistake found on the way; runs are only built where nothing is wrong.

    Combinations are counted before they are built, so a plan of 10^9 runs is refused at once.
    """
    located, runs, blocks = plan._located, [], _blocks(plan)
    total = sum(block.count for block in blocks)
    mistakes = _too_many(located, blocks, total)
    contract_in = cache(partial(contract_of, folder=plan._folder))
    for block in blocks:
        mistakes += [*_empty(plan, block), *_grid_mistakes(located, block)]
        known = []
        for label, place in block.notebooks:
            try:
                known.append(contract_in(label))
            except SeedError as error:
                mistakes.append(Mistake(located.line(place), str(error)))
        wrong = [
            *_check_values(located, block, known),
            *pattern_mistakes(located.line(block.output_place), block.output, known),
        ]
        mistakes += wrong
        if not wrong and total <= MOST_RUNS:
            built, more = _build(located, block, known, len(runs), len(str(total)))
            runs += built
            mistakes += more
    lines = {block.name: located.line(block.output_place) for block in blocks}
    mistakes += collisions(lines, runs)
    return runs, mistakes or unknown_ids(located, runs)


def _too_many(located: Located, blocks: list[_Block], total: int) -> list[Mistake]:
    if total <= MOST_RUNS:
        return []
    largest = max(blocks, key=lambda block: block.count)
    sizes = ", ".join(f"{name} {len(values)}" for name, (values, _) in largest.grid.items())
    what = (
        f"the plan asks for {total:,} runs; a batch has at most {MOST_RUNS:,}: take values out of"
        f" the grid ({sizes})"
    )
    return [Mistake(located.line((*largest.place, "grid")), what)]


def _blocks(plan: Plan) -> list[_Block]:
    groups = [(name, group, ("groups", name)) for name, group in (plan.groups or {}).items()]
    default = OUTPUT if groups else OUTPUT.removeprefix("{group}/")
    blocks = []
    for name, group, place in groups or [("all", Group(), ())]:
        notebooks = [(label, at) for label, at in _nearer(plan, group, place, "notebooks") if label]
        entries = _nearer(plan, group, place, "runs")
        output = group.output or plan.output or default
        output_place = (*place, "output") if group.output else ("output",)
        fixed, grid = _inherited(plan, group, place)
        blocks.append(_Block(name, place, notebooks, fixed, grid, entries, output, output_place))
    return blocks


def _inherited(plan: Plan, group: Group, place: tuple) -> tuple[dict, dict]:
    """A group's fixed and varied parameters: the nearer word wins, fixed or varied."""
    fixed: dict[str, tuple[Any, tuple]] = {}
    grid: dict[str, tuple[list, tuple]] = {}
    for layer, at in ((plan, ()), (group, place)):
        for parameter, value in layer.fixed.items():
            grid.pop(parameter, None)
            fixed[parameter] = (value, (*at, "fixed", parameter))
        for parameter, values in (layer.grid or {}).items():
            if parameter not in layer.fixed:
                fixed.pop(parameter, None)
            grid[parameter] = (values, (*at, "grid", parameter))
    return fixed, grid


def _nearer(plan: Plan, group: Group, place: tuple, word: str) -> list[tuple[Any, tuple]]:
    """The members of a list of the group, else of the plan, each with its place."""
    own = getattr(group, word)
    members = own if own is not None else getattr(plan, word) or []
    above = place if own is not None else ()
    return [(member, (*above, word, n)) for n, member in enumerate(members)]


# --- mistakes


def _empty(plan: Plan, block: _Block) -> list[Mistake]:
    """What a group leaves empty, and a name that no folder can have."""
    located, group, found = plan._located, (plan.groups or {}).get(block.name, plan), []
    for at, layer in {(): plan, block.place: group}.items():
        for word in ("grid", "runs", "groups"):
            if (*at, word) in located.lines and not getattr(layer, word, True):
                what = f"{word} is empty, so it asks for nothing; fill it or take it out"
                found.append(Mistake(located.line((*at, word)), what))
    line, named = located.line(block.place), f"group '{block.name}'"
    if not block.notebooks:
        found.append(Mistake(line, f"{named} names no notebook; write notebooks: [2-timeline]"))
    if block.place and not re.fullmatch(r"\w[\w-]*", block.name):
        what = f"{named}: use letters, digits, - and _ only; it names a folder"
        found.append(Mistake(line, what))
    return found


def _grid_mistakes(located: Located, block: _Block) -> list[Mistake]:
    """Grids without values, values given twice, and parameters that vary and are given as well."""
    found = []
    for name, (values, place) in block.grid.items():
        line = located.line(place)
        if not values:
            what = f"grid {name} has no values, so there would be no run; give at least one"
            found.append(Mistake(line, what))
        keys = [json.dumps(value) for value in values[:_SEARCHED]]
        for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            found.append(Mistake(line, f"grid {name} has {key} twice; keep one"))
        if name in block.fixed or any(name in entry.parameters for entry, _ in block.entries):
            other = "fixed" if name in block.fixed else "runs"
            found.append(Mistake(line, f"{name} is in grid and in {other}; keep one"))
    return found


def _values(block: _Block) -> Iterator[tuple[str, Any, tuple]]:
    """Each value that a group gives a parameter, with its place."""
    for name, (value, place) in block.fixed.items():
        yield name, value, place
    for entry, place in block.entries:
        for name, value in entry.parameters.items():
            yield name, value, (*place, "parameters", name)
    for name, (values, place) in block.grid.items():
        for n, value in enumerate(values[:MOST_RUNS]):
            yield name, value, (*place, n)


def _check_values(located: Located, block: _Block, known: list[Contract]) -> list[Mistake]:
    """Each value asked of each notebook's contract, one at a time, so that its line is known."""
    found, refused = [], set()
    for contract, (name, value, place) in itertools.product(known, _values(block)):
        if (contract.label, name) in refused:
            continue
        try:
            contract.check({name: value})
        except SeedError as error:
            if name not in contract.names:
                refused.add((contract.label, name))  # once a name, not once a value
            for line in str(error).splitlines()[1:]:
                what = f"{contract.label}: {line.strip()}{_hint(contract, name, value, place)}"
                found.append(Mistake(located.line(place), what))
    return found


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


def unknown_ids(located: Located, runs: list[Run]) -> list[Mistake]:
    """A mistake for each unknown id, seed or layer in the project's own notebooks."""
    found: dict[tuple, Mistake] = {}
    seeds: dict[str, dict[str, list[str]]] = {}
    for run in runs:
        if not run.contract.own:
            continue
        which = json.dumps([run.full["seed"], run.full["layers"]])
        if which not in seeds:
            try:
                seeds[which] = _ids(run)
            except (SeedError, ValueError) as error:
                seeds[which] = {}
                name = "seed" if "seed" in run.parameters else "layers"
                found[which,] = Mistake(_line(located, run, name), str(error))
        for name, row_id in _unknown(run, seeds[which]):
            if (name, row_id) not in found:
                table, seed = _REFERS[name], run.full["seed"]
                rest = f"list them with axislib.open_seed('{seed}').{table}['id']"
                hint = did_you_mean(row_id, seeds[which][table], rest, _LIKE)
                what = f"{name}: '{row_id}' is not an id of seed {seed}; {hint}"
                line = _line(located, run, name, run.full[name], row_id)
                found[name, row_id] = Mistake(line, what)
    return list(found.values())


def _unknown(run: Run, ids: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The parameters and ids of a run that are not among the ids of its seed."""
    for name in _REFERS.keys() & run.full.keys() if ids else ():
        value = run.full[name]
        for row_id in value if isinstance(value, list) else [value]:
            if row_id and row_id not in ids[_REFERS[name]]:
                yield name, row_id


def _ids(run: Run) -> dict[str, list[str]]:
    """The ids of each table that a parameter may name."""
    from axislib.seed.opening import open_seed

    seed = open_seed(run.full["seed"], layers=run.full["layers"])
    return {table: list(seed.tables[table]["id"]) for table in set(_REFERS.values())}


def _line(located: Located, run: Run, name: str, *values: object) -> int:
    """The line where a run's parameter has one of these values; else the run's own line."""
    for place, line in located.lines.items():
        whole_grid = "grid" in place and place[-1] == name
        if name in place and not whole_grid and _at(located.value, place) in values:
            return line
    lines = (line for place, line in located.lines.items() if place and place[-1] == name)
    return next(lines, run.line)


def _at(value: Any, place: tuple) -> Any:
    for step in place:
        value = value[step]
    return value


# --- runs and the names of their outputs


def _build(
    located: Located, block: _Block, known: list[Contract], before: int, width: int
) -> tuple[list[Run], list[Mistake]]:
    """The runs of a group, numbered from ``before``, with numbers ``width`` digits long."""
    runs, mistakes = [], []
    fixed = {name: value for name, (value, _) in block.fixed.items()}
    axes = [[(name, value) for value in values] for name, (values, _) in block.grid.items()]
    entries = block.entries or [(Entry(), block.place)]
    every = itertools.product(known, entries, itertools.product(*axes))
    for contract, (entry, place), varied in every:
        line = located.line(place)
        given = {**fixed, **entry.parameters, **dict(varied)}
        try:
            full = contract.check(given)
        except SeedError as error:  # each value is sound, but not beside the others
            mistakes.append(Mistake(line, str(error).replace("\n", " ")))
            continue
        given = {name: full[name] for name in given}  # as checked: a single id is a list
        number = before + len(runs) + 1
        output = _output(block, contract, entry, varied, full, f"{number:0{width}}")
        runs.append(
            Run(number, block.name, entry.name, contract.label, contract, given, full, output, line)
        )
    return runs, mistakes


def _output(
    block: _Block, contract: Contract, entry: Entry, varied: tuple, full: dict, number: str
) -> str:
    """The name of a run's notebook, by the group's pattern."""
    own = entry.name or "-".join(slug(value) for value in entry.parameters.values())
    parts = [own, *(slug(value) for _, value in varied)]
    words = {name: slug(value) for name, value in full.items()} | {
        "group": block.name,
        "number": number,
        "notebook": slug(contract.path.stem),
        "name": slug(entry.name),
        "varied": "".join(f"-{slug(part)}" for part in parts if part),
    }
    return "/".join(short(step) for step in block.output.format_map(words).split("/"))


def pattern_mistakes(line: int, pattern: str, known: list[Contract]) -> list[Mistake]:
    """What is wrong with an output pattern, for the notebooks it is to serve."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        what = f"output '{pattern}': {error}; write names in braces such as {{notebook}}"
        return [Mistake(line, what)]
    found = []
    if re.match(r"~|[A-Za-z]:", pattern) or re.search(r"\\|(^|/)(\.|/|$)", pattern):
        found.append(
            f" would leave the batch's folder or hide in it; write a plain path such as {OUTPUT}"
        )
    elif not all(re.fullmatch(r"[\w .=+,@/-]*", text) for text, *_ in parts):
        found.append(": use letters, digits and . _ - = + only")
    if not pattern.endswith(".ipynb"):
        found.append(" has to end in .ipynb")
    found += [_unknown_word(word, known, bool(spec or more)) for _, word, spec, more in parts]
    return [Mistake(line, f"output '{pattern}'{what}") for what in found if what]


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


def collisions(lines: dict[str, int], runs: Iterable[Run]) -> list[Mistake]:
    """Names that several runs would be written to; ``lines``: where each group's pattern is."""
    places: dict[str, list[Run]] = {}
    for run in runs:  # some file systems don't tell a from A
        places.setdefault(run.output.casefold(), []).append(run)
    clashes = [together for together in places.values() if len(together) > 1]
    if not clashes:
        return []
    first, second, *_ = clashes[0]
    what = (
        f"output: {len(clashes)} name{'s' if len(clashes) > 1 else ''} would be written more than"
        f" once, first '{first.output}' by runs {first.number} and {second.number}; put {{number}}"
        " or {varied} into it"
    )
    return [Mistake(lines[first.group], what)]
