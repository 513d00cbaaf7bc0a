"""A plan spelled out: the runs it asks for, each checked before any kernel starts."""

from __future__ import annotations

import itertools
import json
import math
import re
from dataclasses import dataclass
from typing import Any

from axislib.batch.contract import Contract, contract_of
from axislib.batch.ids import unknown_ids
from axislib.batch.names import collisions, pattern_mistakes, short, slug
from axislib.batch.plan import OUTPUT, Entry, Group, Plan
from axislib.batch.yaml_lines import Mistake
from axislib.errors import SeedError

MOST_RUNS = 20_000


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
        given = ", ".join(
            f"{name}={json.dumps(value, ensure_ascii=False)}"
            for name, value in self.parameters.items()
        )
        return f"{self.output}: {self.notebook}({given})"


@dataclass
class _Block:
    """One group with what it inherits: each parameter once, with the place where it stands."""

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
        return (
            len(self.notebooks)
            * max(1, len(self.entries))
            * math.prod(len(values) for values, _ in self.grid.values())
        )


def expand_plan(plan: Plan) -> list[Run]:
    """The runs of a plan that ``read_plan`` gave, in the plan's order; PlanError if it has mistakes
    after all."""
    runs, mistakes = expand(plan)
    plan._located.refuse(mistakes)
    return runs


def expand(plan: Plan) -> tuple[list[Run], list[Mistake]]:
    """The runs and every mistake found on the way; runs are only built where none stands in their
    way.

    Combinations are counted before they are built, so a plan of 10^9 runs is refused at once.
    """
    located, mistakes, runs = plan._located, [], []
    blocks = _blocks(plan)
    total = sum(block.count for block in blocks)
    if total > MOST_RUNS:
        largest = max(blocks, key=lambda block: block.count)
        sizes = ", ".join(f"{name} {len(values)}" for name, (values, _) in largest.grid.items())
        mistakes.append(
            Mistake(
                located.line((*largest.place, "grid")),
                f"the plan asks for {total:,} runs; a batch has at most "
                f"{MOST_RUNS:,}: take values out of the grid ({sizes})",
            )
        )
    contracts: dict[str, Contract | None] = {}
    for block in blocks:
        mistakes += _missing(plan, block)
        known = []
        for label, place in block.notebooks:
            if label not in contracts:
                try:
                    contracts[label] = contract_of(label, plan._folder)
                except SeedError as error:
                    contracts[label] = None
                    mistakes.append(Mistake(located.line(place), str(error)))
            if contracts[label]:
                known.append(contracts[label])
        wrong = [
            *_check_values(located, block, known),
            *pattern_mistakes(located.line(block.output_place), block.output, known),
        ]
        mistakes += wrong
        if not wrong and total <= MOST_RUNS:
            built, more = _build(located, block, known, len(runs), len(str(total)))
            runs += built
            mistakes += more
    mistakes += collisions({block.name: located.line(block.output_place) for block in blocks}, runs)
    return runs, mistakes or unknown_ids(located, runs)


def _blocks(plan: Plan) -> list[_Block]:
    groups: list[tuple[str, Group, tuple]] = [
        (name, group, ("groups", name)) for name, group in (plan.groups or {}).items()
    ]
    blocks = []
    for name, group, place in groups or [("all", Group(), ())]:
        fixed, grid = {}, {}
        for layer, at in (
            (plan, ()),
            (group, place),
        ):  # the nearer word wins, whether it fixes or varies
            for parameter, value in layer.fixed.items():
                grid.pop(parameter, None)
                fixed[parameter] = (value, (*at, "fixed", parameter))
            for parameter, values in (layer.grid or {}).items():
                if parameter not in layer.fixed:
                    fixed.pop(parameter, None)
                grid[parameter] = (values, (*at, "grid", parameter))
        of_notebooks = place if group.notebooks is not None else ()
        of_runs = place if group.runs is not None else ()
        labels = (group.notebooks if group.notebooks is not None else plan.notebooks) or []
        entries = (group.runs if group.runs is not None else plan.runs) or []
        blocks.append(
            _Block(
                name,
                place,
                [
                    (label, (*of_notebooks, "notebooks", n))
                    for n, label in enumerate(labels)
                    if label
                ],
                fixed,
                grid,
                [(entry, (*of_runs, "runs", n)) for n, entry in enumerate(entries)],
                group.output
                or plan.output
                or (OUTPUT if groups else OUTPUT.removeprefix("{group}/")),
                (*(place if group.output else ()), "output"),
            )
        )
    return blocks


def _missing(plan: Plan, block: _Block) -> list[Mistake]:
    """What is empty or said twice in a group."""
    located, group, found = plan._located, (plan.groups or {}).get(block.name, plan), []
    for at, layer in {(): plan, block.place: group}.items():
        for word in ("grid", "runs", "groups"):
            if (*at, word) in located.lines and not getattr(layer, word, True):
                found.append(
                    Mistake(
                        located.line((*at, word)),
                        f"{word} is empty, so it asks for nothing; fill it or take it out",
                    )
                )
    if not block.notebooks and not any(
        mistake.what.startswith("notebook") for mistake in located.mistakes
    ):
        found.append(
            Mistake(
                located.line(block.place),
                f"group '{block.name}' names no notebook; write notebooks: [2-timeline]",
            )
        )
    if block.place and not re.fullmatch(r"\w[\w-]*", block.name):
        found.append(
            Mistake(
                located.line(block.place),
                f"group '{block.name}': use letters, digits, - and _ only; it names a folder",
            )
        )
    for name, (values, place) in block.grid.items():
        if not values:
            found.append(
                Mistake(
                    located.line(place),
                    f"grid {name} has no values, so there would be no run; give at least one",
                )
            )
        keys = [json.dumps(value) for value in values[:1000]]
        for value in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            found.append(Mistake(located.line(place), f"grid {name} has {value} twice; keep one"))
        if name in block.fixed or any(name in entry.parameters for entry, _ in block.entries):
            other = "fixed" if name in block.fixed else "runs"
            found.append(
                Mistake(located.line(place), f"{name} stands in grid and in {other}; keep one")
            )
    return found


def _check_values(located, block: _Block, known: list[Contract]) -> list[Mistake]:
    """Each parameter's each value asked of each notebook's contract, one at a time, so that the
    line is known."""
    singles = [(name, value, place) for name, (value, place) in block.fixed.items()]
    singles += [
        (name, value, (*place, "parameters", name))
        for entry, place in block.entries
        for name, value in entry.parameters.items()
    ]
    singles += [
        (name, value, (*place, n))
        for name, (values, place) in block.grid.items()
        for n, value in enumerate(values[:MOST_RUNS])
    ]
    found, refused = [], set()
    for contract in known:
        for name, value, place in singles:
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
    if name not in contract.names:
        return ""
    wants = type(contract.model.model_fields[name].default)
    if contract.own and (wants is list or isinstance(value, float)):
        return ""  # the message says how already
    if wants is list and not isinstance(value, list) and "grid" in place:
        return f"; each value of the grid is itself a list: {name}: [[{value}]]"
    if wants is list and not isinstance(value, list):
        return f"; write [{value}]"
    if wants is str and isinstance(value, int | float) and not isinstance(value, bool):
        return f'; put it in quotation marks: "{value}"'
    if wants is bool and isinstance(value, str):
        return "; write true or false"
    return ""


def _build(
    located, block: _Block, known: list[Contract], before: int, width: int
) -> tuple[list[Run], list[Mistake]]:
    runs, mistakes = [], []
    fixed = {name: value for name, (value, _) in block.fixed.items()}
    axes = [[(name, value) for value in values] for name, (values, _) in block.grid.items()]
    for contract in known:
        for entry, place in block.entries or [(Entry(), block.place)]:
            for combination in itertools.product(*axes):
                given = {**fixed, **entry.parameters, **dict(combination)}
                try:
                    full = contract.check(given)
                except SeedError as error:  # each value is sound, but not beside the others
                    mistakes.append(Mistake(located.line(place), str(error).replace("\n", " ")))
                    continue
                given = {
                    name: full[name] for name in given
                }  # as checked: a single id is a list, a year is text
                number = before + len(runs) + 1
                own = entry.name or "-".join(slug(value) for value in entry.parameters.values())
                varied = [own, *(slug(value) for _, value in combination)]
                words = {
                    **{name: slug(value) for name, value in full.items()},
                    "group": block.name,
                    "number": f"{number:0{width}}",
                    "notebook": slug(contract.path.stem),
                    "name": slug(entry.name),
                    "varied": "".join(f"-{slug(v)}" for v in varied if v),
                }
                output = "/".join(short(step) for step in block.output.format_map(words).split("/"))
                runs.append(
                    Run(
                        number,
                        block.name,
                        entry.name,
                        contract.label,
                        contract,
                        given,
                        full,
                        output,
                        located.line(place),
                    )
                )
    return runs, mistakes
