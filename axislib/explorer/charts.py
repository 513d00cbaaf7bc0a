"""Which charts the explorer offers; the form that each is asked with, made from the notebooks' own
models; and the same view again as a line of Python, a papermill command, a batch plan."""

from __future__ import annotations

import inspect
import os
import shlex
import typing
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml
from plotly.graph_objects import Figure

from axislib import figures
from axislib.errors import SeedError, did_you_mean
from axislib.explorer.evidence import choice
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS, Common, closed_words
from axislib.questions.levels import compared_coalitions, compared_sides
from axislib.seed.opening import find_seed
from axislib.seed.seed import Seed
from axislib.tables.schema import GROUPS, load_schema, records
from axislib.words import column_words, date_in_words, names, spelt, spoken


@dataclass(frozen=True)
class Chart:
    """A chart the explorer offers: its title on screen, its notebook, the function that draws it.
    ``fixed`` are arguments that make it this chart; ``idle`` are parameters that change another."""

    name: str
    title: str
    notebook: str
    function: str = ""
    fixed: tuple[tuple[str, str], ...] = ()
    idle: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The name of the function."""
        return self.function or self.name

    @property
    def draw(self) -> Callable[..., Figure]:
        """The function itself."""
        return getattr(figures, self.called)

    @property
    def model(self) -> type[Common]:
        """What its notebook may be asked."""
        return MODELS[self.notebook]

    @property
    def own(self) -> list[str]:
        """The notebook's own parameters that change this chart."""
        takes = {*inspect.signature(self.draw).parameters, "readings"} - set(self.idle)
        return [n for n in self.model.model_fields if n in takes and n not in Common.model_fields]


LISTED = {"words": "", "tables": [], "hedged": False, "drawn": False}  # what narrows the list
ALIGNED = (("mode", "aligned"),)
CHARTS = {
    chart.name: chart
    for chart in (
        Chart("timeline", "Timeline", "2-timeline", idle=("left", "right", "founding")),
        Chart(
            *("aligned", "Years since the founding", "2-timeline", "timeline", ALIGNED),
            idle=("lanes", "show_undated"),
        ),
        Chart("comparison", "Comparison", "4-analogy"),
        Chart("exchanges", "Exchanges", "3-exchanges"),
        Chart("argument_map", "Argument", "5-argument"),
        Chart("voices", "Voices", "5-argument"),
        Chart("editors_and_author", "Editors and author", "5-argument"),
    )
}

LABELS = {
    "layers": "Layers", "actors": "Actors", "coalitions": "Coalitions", "speakers": "Who says so",
    "modality": "How it is put", "since": "Since", "until": "Until", "lanes": "Undated events by",
    "show_undated": "show what has no date", "founding": "Founding acts", "left": "Compare",
    "right": "with", "readings": "Alternative codings", "dimensions": "Forms of cooperation",
    "root": "Start from", "mode": "Drawn by",
}  # fmt: skip

KINDS = {
    "polity": "States",
    "person": "Persons",
    "body": "Organisations",
    "group": "Groups",
    "coalition": "Coalitions",
    "open_class": "Anyone who fits a description",
}


def arguments(chart: Chart, whole: Seed, asked: Common) -> dict:
    """What the notebooks give the chart's function beside the tables, less its own defaults."""
    takes = inspect.signature(chart.draw).parameters
    values = {name: getattr(asked, name) for name in chart.own if name in takes}
    if {"left", "right"} <= values.keys():
        sides = compared_sides(whole, values["left"], values["right"]) or ("", "")
        values |= dict(zip(("left", "right"), sides, strict=True))
    usual = {name: takes[name].default for name in values}
    # an empty value means "leave it to the chart"
    values = {n: v or None if usual[n] is None else v for n, v in values.items()}
    return dict(chart.fixed) | {n: v for n, v in values.items() if v != usual[n]}


@lru_cache(maxsize=16)
def form_fields(chart: Chart, seed: Seed, layers: tuple[str, ...]) -> list[dict]:
    """The form of a chart: which rows are listed, then a field for each parameter, in order."""
    titles = [choice(c.name, c.title) for c in CHARTS.values()]
    asked = [n for n in Common.model_fields if n != "seed" and (n != "layers" or len(layers) > 1)]
    return [
        {"name": "chart", "kind": "tabs", "label": "Chart", "help": "", "choices": titles},
        *_listed_fields(),
        *(_field(name, chart.model, seed, layers) for name in [*asked, *chart.own]),
    ]


@cache
def _listed_fields() -> list[dict]:
    """The fields for the list: which words, which tables, which of their rows."""
    tables = load_schema()["tables"]
    choices = [
        choice(name, table["title"], table["description"].split(". ")[0], group.capitalize())
        for group in GROUPS
        for name, table in tables.items()
        if table["group"] == group
    ]
    told = {
        "words": ("search", "Search", "only rows that say this, in any table"),
        "tables": ("many", "Tables", "which tables are listed"),
        "hedged": ("flag", "hedged or hedged in part", "rows with a hedge on all or part of them"),
        "drawn": ("flag", "on the chart only", "the rows behind the points of the chart"),
    }
    more = {"size": 16, "choices": choices, "empty": "all statements"}
    return [
        {"name": name, "kind": kind, "label": label, "help": words, **more}
        for name, (kind, label, words) in told.items()
    ]


def _field(name: str, model: type[Common], seed: Seed, layers: Sequence[str]) -> dict:
    info = model.model_fields[name]
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    field = {"name": name, "label": label, "help": info.description or ""}
    if info.annotation is bool:
        return field | {"kind": "flag"}
    choices = _choices(name, info.annotation, seed, layers)
    if typing.get_origin(info.annotation) is list:
        empty = _EMPTY.get(name, "all") if choices else "there are none here"
        return field | {"kind": "many", "choices": choices, "empty": empty, "usual": info.default}
    if not choices:
        return field | {"kind": "text", "placeholder": "2022-02"}
    unsaid = [choice("", _unsaid(name, seed))] if info.default == "" else []
    return field | {"kind": "one", "choices": [*unsaid, *choices]}


def _unsaid(name: str, seed: Seed) -> str:
    """What an empty choice means, in words."""
    if name in ("left", "right") and (sides := compared_sides(seed)):
        return f"the usual: {names(seed)[sides[name == 'right']]}"
    return "the best supported thesis" if name == "root" else "as it comes"


def _choices(name: str, kind: object, seed: Seed, layers: Sequence[str]) -> list[dict]:
    if typing.get_origin(kind) is typing.Literal:
        return [choice(word, word.replace("_", " ")) for word in typing.get_args(kind)]
    if name in _FROM_TABLES:
        called = spoken(seed)
        return [choice(*_FROM_TABLES[name](row, called)) for row in records(seed.tables[name])]
    if name == "layers":
        return [choice(layer, layer) for layer in layers]
    if name in ("actors", "coalitions", "speakers"):
        return _people(name, seed)
    if name in _FROM_SEED:
        return _FROM_SEED[name](seed)
    return [choice(word, word, meaning) for word, meaning in closed_words(name).items()]


_EMPTY = {"readings": "none", "layers": "none", "founding": "the usual ones"}
_FROM_TABLES = {
    "readings": lambda row, called: (row["id"], row["why"], _alternative(row, called)),
    "dimensions": lambda row, called: (row["id"], row["name"], row["question"]),
}


def _sides(seed: Seed) -> list[dict]:
    called = names(seed)
    sides = dict.fromkeys([*compared_coalitions(seed), *seed.cooperation["coalition"].unique()])
    return [choice(side, called.get(side, side)) for side in sides]


def _theses(seed: Seed) -> list[dict]:
    theses = seed.claims[seed.claims["role"] == "thesis"]
    return [*map(choice, theses["id"], theses["statement"]), choice("all", "every claim")]


def _dated_acts(seed: Seed) -> list[dict]:
    """The dated events of the coalitions: from any of them years may be counted."""
    called, events = names(seed), seed.events
    dated = events[(events["coalition"] != "") & events["latest"].notna()]
    return [
        choice(row["id"], row["title"], date_in_words(row["date"]), called[row["coalition"]])
        for row in dated.sort_values(["coalition", "latest"], kind="stable").to_dict("records")
    ]


_FROM_SEED = {"founding": _dated_acts, "left": _sides, "right": _sides, "root": _theses}


def _alternative(reading: Mapping, called: Mapping[str, str]) -> str:
    change = f"{column_words(reading['column'])}: {spelt(reading['alternative'], called)}"
    return f"{change}, in: {called.get(reading['fact'], reading['fact'])}"


def _people(name: str, seed: Seed) -> list[dict]:
    """Actors, coalitions or speakers, by kind in the order in which the kinds first come."""
    united, speaking = seed.actors["kind"] == "coalition", set(seed.facts["speaker"].tolist())
    wanted = {"actors": ~united, "coalitions": united, "speakers": seed.actors["id"].isin(speaking)}
    return [
        choice(
            row["id"],
            row["name"],
            "" if name == "speakers" else row["role"],
            "" if name == "coalitions" else KINDS.get(str(kind), str(kind)),
            row["aliases"].replace(";", ", "),
        )
        for kind, rows in seed.actors[wanted[name]].groupby("kind", sort=False)
        for row in rows.to_dict("records")
    ]


def started() -> dict:
    """What the parameters of all charts begin with; one that several have is the same in all."""
    values = {}
    for chart in CHARTS.values():
        values |= chart.model().model_dump(include={*Common.model_fields, *chart.own})
    return values


def seed_name(seed: Seed) -> str:
    """What ``open_seed`` is given to find this seed: its name, or the path of its folder."""
    with suppress(SeedError):
        if find_seed(seed.name).resolve() == seed.folder.resolve():
            return seed.name
    return str(seed.folder.resolve())


def given(chart: Chart, asked: Common) -> dict:
    """The parameters that differ from what the notebook has anyway, in the model's order."""
    return asked.model_dump(include={*Common.model_fields, *chart.own}, exclude_defaults=True)


def read_view(given: dict) -> dict:
    """The same view; SeedError for what is not known in it."""
    known = ["chart", *LISTED, *started(), "row"]
    if not isinstance(given, dict):
        raise SeedError("view: write a dict, such as {'chart': 'comparison', 'actors': ['PRK']}")
    for name in given:
        if name not in known:
            raise SeedError(f"view: there is no '{name}'; {did_you_mean(str(name), known)}")
    return given


def listing_lines(part: str, listed: dict) -> list[str]:
    """Lines of Python for the rows listed with the chart."""
    tables, words = listed["tables"], listed["words"].strip()
    among = f".query({'table in ' + repr(tables)!r})" if tables else ""
    hedged = f"{part}.facts.query(\"hedge != ''\")"
    if words:
        both = f".merge({hedged}[['id']])" if listed["hedged"] else ""
        return [f"{part}.search({words!r}){among}{both}"]
    if listed["hedged"]:
        return [hedged + among]
    return [f"{part}[{table!r}]" for table in tables]


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
    here = Path(f"{notebook}.ipynb")
    return here.name if here.is_file() else str(notebooks_folder() / here)


def papermill_command(chart: Chart, asked: Common) -> str:
    """The notebook run with these parameters, for a shell on any system; the view is its figure."""
    command = f"papermill {_quoted(notebook_path(chart.notebook))} {chart.notebook}-view.ipynb"
    values = given(chart, asked)
    return f"{command} -y {_quoted(_yaml(values, on_one_line=True))}" if values else command


def batch_plan(chart: Chart, asked: Common) -> str:
    """A plan of one run; ``axislib batch`` runs it, and more lists in it make more runs."""
    plan = {"title": f"{chart.title}, as seen in the explorer", "notebooks": [chart.notebook]}
    values = given(chart, asked)
    return _yaml(plan | ({"fixed": values} if values else {}))


def _yaml(values: dict, on_one_line: bool | None = None) -> str:
    how: dict[str, typing.Any] = {"sort_keys": False, "allow_unicode": True, "width": 1000}
    return yaml.safe_dump(values, default_flow_style=on_one_line, **how).rstrip("\n")


def _quoted(word: str) -> str:
    if not set(word) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"):
        return word
    # double quotes are understood by cmd, PowerShell and sh; only where sh would read into them it
    # gets its own
    if not set(word) & set('"$`!') and (os.name == "nt" or "\\" not in word):
        return f'"{word}"'
    return shlex.quote(word)
