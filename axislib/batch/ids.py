"""Ids in a plan that its seed does not have: found before a kernel starts."""

from __future__ import annotations

import difflib
import json

from axislib.batch.yaml_lines import Located, Mistake
from axislib.errors import SeedError

# parameter -> the table whose ids it holds
REFERS = {
    "actors": "actors",
    "coalitions": "actors",
    "speakers": "actors",
    "left": "actors",
    "right": "actors",
    "dimensions": "dimensions",
    "readings": "readings",
    "hypotheses": "hypotheses",
}


def unknown_ids(located: Located, runs: list) -> list[Mistake]:
    """A mistake for each id, seed or layer that is not there; each seed is opened once.

    Only the project's own notebooks are looked at: of others it is not known what a parameter
    means.
    """
    from axislib.seed.opening import open_seed

    found: dict[tuple, Mistake] = {}
    seeds: dict[str, dict[str, set[str]] | None] = {}
    for run in runs:
        if not run.contract.own:
            continue
        which = json.dumps([run.full["seed"], run.full["layers"]])
        if which not in seeds:
            try:
                seed = open_seed(run.full["seed"], layers=run.full["layers"])
                seeds[which] = {
                    table: set(seed.tables[table]["id"]) for table in set(REFERS.values())
                }
            except (SeedError, ValueError) as error:
                seeds[which] = None
                found[which,] = Mistake(
                    _line(located, run, "seed" if "seed" in run.parameters else "layers"),
                    str(error),
                )
        ids = seeds[which]
        for name in REFERS.keys() & run.full.keys() if ids is not None else ():
            value = run.full[name]
            for one in value if isinstance(value, list) else [value]:
                if one and one not in ids[REFERS[name]] and (name, one) not in found:
                    near = difflib.get_close_matches(one, ids[REFERS[name]], n=1, cutoff=0.5)
                    there = (
                        "list them with"
                        f" axislib.open_seed('{run.full['seed']}').{REFERS[name]}['id']"
                    )
                    there = f"did you mean {near[0]}?" if near else there
                    found[name, one] = Mistake(
                        _line(located, run, name, value, one),
                        f"{name}: '{one}' is not an id of seed {run.full['seed']}; {there}",
                    )
    return list(found.values())


def _line(located: Located, run, name: str, *values: object) -> int:
    """The line where a run's parameter is given one of these values; the run's own line if none
    fits."""
    for place, line in located.lines.items():
        if (
            name in place
            and _at(located.value, place) in values
            and ("grid" not in place or place[-1] != name)
        ):
            return line
    return next(
        (line for place, line in located.lines.items() if place and place[-1] == name), run.line
    )


def _at(value, place: tuple):
    for step in place:
        value = value[step]
    return value
