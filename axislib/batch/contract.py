"""What a notebook may be asked: its model where it has one, else the cell tagged ``parameters``."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from axislib.errors import SeedError, did_you_mean
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS, check

_TYPES: dict[type, Any] = {kind: kind for kind in (bool, int, str, list, dict)}
_TYPES[float] = int | float
_FORMAT = 4  # of notebooks


@dataclass(frozen=True)
class Contract:
    """A notebook file and the parameters it knows.

    ``label`` is its name in the plan, ``model`` has the parameters with their defaults, ``sources``
    is the hash of its cells (saved outputs and metadata don't count), ``own`` says that it is one
    of the project's notebooks, with a model in ``axislib.notebook.parameters``.
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
        """All parameters of a run, defaults included; SeedError, a line a mistake, for what it does
        not take."""
        if self.own:
            return check(self.label, given).model_dump(mode="json")
        try:
            return self.model(**given).model_dump(mode="json")
        except ValidationError as error:
            lines = [f"  {_explain(self.names, problem)}" for problem in error.errors()]
            raise SeedError("\n".join([f"{self.label}:", *lines])) from None


def contract_of(label: str, folder: Path) -> Contract:
    """The contract of a notebook named in a plan that lies in ``folder``.

    ``label`` is the name of one of the project's notebooks, or a path (with a slash or ``.ipynb``)
    from the plan's folder. Raises SeedError if it is not there or is not a notebook that can run.
    """
    home, name = notebooks_folder(), label.removesuffix(".ipynb")
    by_path = name != label or "/" in label or "\\" in label
    path = folder / label if by_path else home / f"{name}.ipynb"
    if not path.is_file():
        known = sorted(path.stem for path in home.glob("*.ipynb"))
        otherwise = f"there are: {', '.join(known) or 'none'}; or give a path"
        hint = did_you_mean(name.rsplit("/", 1)[-1], known, otherwise)
        raise SeedError(f"notebook '{label}' is not known; {hint}")
    cells = [
        (cell.get("cell_type"), _source(cell), sorted(cell.get("metadata", {}).get("tags", [])))
        for cell in _read(path, label)["cells"]
    ]
    digest = hashlib.sha256(json.dumps(cells).encode()).hexdigest()
    if path.parent == home and path.stem in MODELS:
        return Contract(path.stem, path, MODELS[path.stem], digest, own=True)
    tagged = next((source for _, source, tags in cells if "parameters" in tags), "")
    return Contract(label, path, _model(label, tagged), digest)


def _read(path: Path, label: str) -> dict:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SeedError(
            f"notebook '{label}' cannot be read as a notebook; open and save it once in JupyterLab"
        ) from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or notebook.get("nbformat") != _FORMAT:
        raise SeedError(
            f"notebook '{label}' is not of notebook format {_FORMAT}; open and save it once in"
            " JupyterLab"
        )
    return notebook


def _source(cell: dict) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _model(label: str, source: str) -> type[BaseModel]:
    """A model from a tagged cell: each ``name = literal`` or ``name: type = literal`` is a
    parameter of the literal's type."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise SeedError(
            f"notebook '{label}': line {error.lineno} of its parameters cell is not Python; fix"
            " the cell"
        ) from None
    fields: dict[str, Any] = {}
    for name, value in _assigned(body):
        try:
            default = ast.literal_eval(value) if value is not None else None
        except ValueError:
            default = None  # computed: known by name, of any type
        fields[name] = (_TYPES.get(type(default), Any), default)
    return create_model("Parameters", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr | None]]:
    for line in body:
        if isinstance(line, ast.Assign):
            targets = line.targets
        elif isinstance(line, ast.AnnAssign):
            targets = [line.target]
        else:
            continue
        yield from ((target.id, line.value) for target in targets if isinstance(target, ast.Name))


def _explain(names: list[str], problem: Mapping) -> str:
    name = str(problem["loc"][0])
    if problem["type"] != "extra_forbidden":
        return f"{name}: {problem['input']!r} {problem['msg'][0].lower()}{problem['msg'][1:]}"
    known = f"there are: {', '.join(names)}" if names else "it has no cell tagged parameters"
    return f"{name}: there is no such parameter; {did_you_mean(name, names, known)}"
