"""The same view without the explorer: a line of Python, a papermill command, a plan for a batch."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import yaml

from axislib.errors import SeedError
from axislib.explorer.charts import Chart
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import Common
from axislib.seed.opening import find_seed
from axislib.seed.seed import Seed


def seed_name(seed: Seed) -> str:
    """What ``open_seed`` is given to find this seed: its name, or the path of its folder."""
    try:
        return (
            seed.name
            if find_seed(seed.name).resolve() == seed.folder.resolve()
            else str(seed.folder.resolve())
        )
    except SeedError:
        return str(seed.folder.resolve())


def given(chart: Chart, asked: Common) -> dict:
    """The parameters that differ from what the notebook has anyway, in the model's order."""
    shown = [*Common.model_fields, *chart.own]
    fields = type(asked).model_fields
    return {
        name: getattr(asked, name) for name in shown if getattr(asked, name) != fields[name].default
    }


def python_line(chart: Chart, asked: Common, arguments: dict) -> str:
    """The figure as one expression; ``arguments`` are those of its function."""
    values = given(chart, asked)
    opened = [repr(values["seed"])] if "seed" in values else []
    opened += [f"layers={values['layers']!r}"] if "layers" in values else []
    part = f"axislib.open_seed({', '.join(opened)})"
    if "readings" in values:
        part += f".read_as({', '.join(map(repr, values['readings']))})"
    limits = [f"{name}={values[name]!r}" for name in asked.conditions() if name in values]
    if limits:
        part = f"axislib.select({part}, {', '.join(limits)})"
    own = [f"{name}={value!r}" for name, value in arguments.items()]
    return f"axislib.{chart.called}({', '.join([part, *own])})"


def notebook_path(notebook: str) -> str:
    """The notebook as it is called from here, the folder the explorer was opened in."""
    name = f"{notebook}.ipynb"
    for path in (Path(name), Path("notebooks", name)):
        if path.is_file():
            return path.as_posix()
    return str(notebooks_folder() / name)


def papermill_command(chart: Chart, asked: Common) -> str:
    """The notebook run with these parameters; the view is its figure. For a shell on Linux, macOS
    or Windows."""
    command = f"papermill {_quoted(notebook_path(chart.notebook))} {chart.notebook}-view.ipynb"
    values = given(chart, asked)
    return f"{command} -y {_quoted(_flow(values))}" if values else command


def batch_plan(chart: Chart, asked: Common) -> str:
    """A plan of one run; ``axislib batch`` runs it, and more lists in it make more runs."""
    plan = {"title": f"{chart.title}, as seen in the explorer", "notebooks": [chart.notebook]}
    values = given(chart, asked)
    plan |= {"fixed": values} if values else {}
    return yaml.safe_dump(
        plan, sort_keys=False, allow_unicode=True, default_flow_style=None, width=1000
    ).rstrip("\n")


def _flow(value: object) -> str:
    """A value on one line of YAML, with single quotes only, so that it may stand in double ones."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _quoted(word: str) -> str:
    if not set(word) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"):
        return word
    # double quotes are understood by cmd, PowerShell and sh; only where sh would read into them it
    # gets its own
    if not set(word) & set('"$`!') and (os.name == "nt" or "\\" not in word):
        return f'"{word}"'
    return shlex.quote(word)
