"""A run as plain values: what is known of it before it starts, and all that its worker has to know."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from axislib.batch.keys import run_key, seed_hash, text_hash, versions
from axislib.batch.runs import Run
from axislib.batch.store import Store


def row_of(run: Run, hashes: dict[tuple, tuple[str, str]]) -> dict[str, Any]:
    """What is known of a run before it starts."""
    seed, layers = run.full.get("seed", ""), run.full.get("layers", [])
    seed, layers = (
        (seed if isinstance(seed, str) else ""),
        (layers if isinstance(layers, list) else []),
    )
    which = (seed, *(str(layer) for layer in layers))
    if which not in hashes:
        hashes[which] = (seed_hash(seed, which[1:]), text_hash(seed)) if seed else ("", "")
    of_seed, of_text = hashes[which]
    return {
        "number": run.number,
        "output": run.output,
        "group": run.group,
        "name": run.name,
        "notebook": run.notebook,
        "parameters": run.parameters,
        "seed": seed,
        "seed_hash": of_seed,
        "text_hash": of_text,
        "notebook_hash": run.contract.sources,
        "key": run_key(run.contract.sources, run.full, of_seed, of_text),
        "versions": versions(),
    }


def unchanged(earlier: dict | None, row: dict, store: Store) -> bool:
    """Whether an earlier run with this key is done, and its notebook still as it was written."""
    if not earlier or earlier.get("status") != "done" or earlier.get("key") != row["key"]:
        return False
    text = store.read(row["output"])
    return text is not None and hashlib.sha256(text.encode()).hexdigest() == earlier.get(
        "output_sha256"
    )


def task_of(
    run: Run,
    row: dict,
    out: str,
    work: Path | None,
    environment: dict[str, str],
    cell_timeout: float | None,
    run_timeout: float | None,
) -> dict[str, Any]:
    """A run as plain values, all that ``execute_run`` has to know."""
    return {
        "row": row,
        "source": str(run.contract.path),
        "parameters": run.parameters,
        "out": out,
        "work": str(work) if work else None,
        "home": str(Path.cwd()),
        "in_sight": _in_sight(run),
        "warm": False,
        "cell_timeout": cell_timeout,
        "run_timeout": run_timeout,
        "environment": environment,
    }


def _in_sight(run: Run) -> list[str]:
    """What a run finds in its own folder though it lies where the batch was started: seeds, and
    what its parameters name."""
    here = Path.cwd()
    nearest = next(
        (folder for folder in (here, *list(here.parents)[:2]) if (folder / "seeds").is_dir()), None
    )
    found = {os.path.relpath(nearest / "seeds"): None} if nearest else {}
    for value in run.parameters.values():
        for word in value if isinstance(value, list) else [value]:
            parts = (
                Path(word).parts
                if isinstance(word, str) and 0 < len(word) < 1000 and "\0" not in word
                else ()
            )
            if (
                parts
                and parts[0] not in ("..", "/", "~")
                and not Path(word).is_absolute()
                and (here / parts[0]).exists()
            ):
                found[parts[0]] = None
    return list(found)
