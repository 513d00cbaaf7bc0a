"""The same view again: in the explorer, as a line of Python, a papermill command, a batch plan."""

from __future__ import annotations

import json
import os
import shlex
from contextlib import suppress
from pathlib import Path

import yaml

from axislib.errors import SeedError, did_you_mean
from axislib.explorer.charts import Chart
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import Common
from axislib.seed.opening import find_seed
from axislib.seed.seed import Seed


def seed_name(seed: Seed) -> str:
    """What ``open_seed`` is given to find this seed: its name, or the path of its folder."""
    with suppress(SeedError):
        if find_seed(seed.name).resolve() == seed.folder.resolve():
            return seed.name
    return str(seed.folder.resolve())


def given(chart: Chart, asked: Common) -> dict:
    """The parameters that differ from what the notebook has anyway, in the model's order."""
    shown = [*Common.model_fields, *chart.own]
    fields = type(asked).model_fields
    return {
        name: getattr(asked, name) for name in shown if getattr(asked, name) != fields[name].default
    }


def view_of(values: dict, usual: dict) -> dict:
    """What was chosen beyond the usual, as plain data: what ``explore(view=...)`` takes."""
    return {name: value for name, value in values.items() if value != usual.get(name)}


def read_view(view: dict | str, known: dict) -> dict:
    """A view as a dict, from a dict or its JSON; SeedError for what is not known."""
    try:
        given = json.loads(view) if isinstance(view, str) else view
    except json.JSONDecodeError as error:
        raise SeedError(f"view: this is not JSON ({error}); copy it whole") from None
    if not isinstance(given, dict):
        raise SeedError("view: write a dict, such as {'chart': 'comparison', 'actors': ['PRK']}")
    for name in given:
        if name not in known:
            guess = did_you_mean(str(name), known, f"there are: {', '.join(known)}")
            raise SeedError(f"view: there is no '{name}'; {guess}")
    return given


def listing_lines(part: str, listed: dict) -> list[str]:
    """Lines of Python for the rows listed below the chart."""
    tables, words = listed["tables"], listed["words"].strip()
    if not words:
        return [f"{part}[{table!r}]" for table in tables]
    among = f".query({'table in ' + repr(tables)!r})" if tables else ""
    return [f"{part}.search({words!r}){among}"]


def python_line(chart: Chart, asked: Common, arguments: dict) -> str:
    """The figure as one expression; ``arguments`` are those of its function."""
    own = [f"{name}={value!r}" for name, value in arguments.items()]
    return f"axislib.{chart.called}({', '.join([part_line(chart, asked), *own])})"


def part_line(chart: Chart, asked: Common, limited: bool = True) -> str:
    """The part of the data set that the figure is drawn from, as one expression."""
    values = given(chart, asked)
    opened = [repr(values["seed"])] if "seed" in values else []
    opened += [f"layers={values['layers']!r}"] if "layers" in values else []
    part = f"axislib.open_seed({', '.join(opened)})"
    if "readings" in values:
        part += f".read_as({', '.join(map(repr, values['readings']))})"
    limits = [f"{name}={values[name]!r}" for name in asked.conditions() if name in values]
    return f"{part}.select({', '.join(limits)})" if limits and limited else part


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
    """A value on one line of YAML, with single quotes only, so that it may be in double ones."""
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
