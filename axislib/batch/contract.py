"""What a notebook may be asked: its model where it has one, else the cell tagged ``parameters``."""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from axislib.errors import SeedError
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS, check

_KINDS: dict[type, Any] = {
    bool: bool,
    int: int,
    float: int | float,
    str: str,
    list: list,
    dict: dict,
}


@dataclass(frozen=True)
class Contract:
    """A notebook file and the parameters it knows.

    ``label`` is its name in the plan, ``defaults`` the values it has if nothing is given,
    ``sources`` the hash of its cells (saved outputs and metadata don't count).
    """

    label: str
    path: Path
    model: type[BaseModel]
    sources: str
    own: bool = field(
        default=False
    )  # one of the project's notebooks, with a model in parameters.py

    @property
    def names(self) -> list[str]:
        """The parameters it knows."""
        return list(self.model.model_fields)

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters of a run, defaults included; SeedError, a line a mistake, for what it does
        not take."""
        if self.own:
            return check(self.label, given).model_dump(mode="json")
        try:
            return self.model(**given).model_dump(mode="json")
        except ValidationError as error:
            lines = [_explain(self.names, problem) for problem in error.errors()]
            raise SeedError(f"{self.label}:\n" + "\n".join(f"  {line}" for line in lines)) from None


def contract_of(label: str, folder: Path) -> Contract:
    """The contract of a notebook named in a plan that lies in ``folder``.

    ``label`` is the name of one of the project's notebooks, or a path (with a slash or ``.ipynb``)
    from the plan's folder. Raises SeedError if it is not there or is not a notebook that can run.
    """
    home = notebooks_folder()
    name = label.removesuffix(".ipynb")
    path = home / f"{name}.ipynb"
    if name != label or "/" in label or "\\" in label:
        path = folder / label
    if not path.is_file():
        known = sorted(p.stem for p in home.glob("*.ipynb"))
        near = difflib.get_close_matches(name.rsplit("/", 1)[-1], known, n=1)
        there = (
            f"did you mean {near[0]}?"
            if near
            else f"there are: {', '.join(known) or 'none'}; or give a path"
        )
        raise SeedError(f"notebook '{label}' is not known; {there}")
    notebook = _read(path, label)
    own = path.parent == home and path.stem in MODELS
    cells = [
        (cell.get("cell_type"), _source(cell), sorted(cell.get("metadata", {}).get("tags", [])))
        for cell in notebook["cells"]
    ]
    model = (
        MODELS[path.stem]
        if own
        else _model(
            label, next((source for kind, source, tags in cells if "parameters" in tags), "")
        )
    )
    digest = hashlib.sha256(json.dumps(cells).encode()).hexdigest()
    return Contract(path.stem if own else label, path, model, digest, own)


def _read(path: Path, label: str) -> dict:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SeedError(
            f"notebook '{label}' cannot be read as a notebook; open and save it once in JupyterLab"
        ) from None
    if (
        not isinstance(notebook, dict)
        or not isinstance(notebook.get("cells"), list)
        or notebook.get("nbformat") != 4
    ):
        raise SeedError(
            f"notebook '{label}' is not of notebook format 4; open and save it once in JupyterLab"
        )
    if not notebook.get("metadata", {}).get("kernelspec", {}).get("name"):
        raise SeedError(
            f"notebook '{label}' does not say which kernel it wants; choose one in JupyterLab and"
            " save it"
        )
    return notebook


def _source(cell: dict) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _model(label: str, source: str) -> type[BaseModel]:
    """A model from a tagged cell: each ``name = literal`` or ``name: type = literal`` is a
    parameter of the literal's type."""
    fields: dict[str, Any] = {}
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise SeedError(
            f"notebook '{label}': line {error.lineno} of its parameters cell is not Python; mend"
            " the cell"
        ) from None
    for line in body:
        targets = (
            line.targets
            if isinstance(line, ast.Assign)
            else [line.target]
            if isinstance(line, ast.AnnAssign)
            else []
        )
        for target in targets:
            if isinstance(target, ast.Name):
                try:
                    value = ast.literal_eval(line.value) if line.value is not None else None
                except ValueError:
                    value = None  # computed: known by name, of any type
                fields[target.id] = (_KINDS.get(type(value), Any), value)
    return create_model("Parameters", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _explain(names: list[str], problem: Mapping) -> str:
    name = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, names, n=1)
        there = f"there are: {', '.join(names)}" if names else "it has no cell tagged parameters"
        there = f"did you mean {near[0]}?" if near else there
        return f"{name}: there is no such parameter; {there}"
    return f"{name}: {problem['input']!r} {problem['msg'][0].lower()}{problem['msg'][1:]}"
