"""One contract, many renderings: model, tagged cell, check in the notebook, form, plan, schema,
help agree for every notebook."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest

from axislib import explore, open_seed
from axislib.batch import plan_schema
from axislib.batch.plan import contract_of
from axislib.cli.batch import notebook_help
from axislib.errors import SeedError
from axislib.explorer.charts import CHARTS, LISTED, form_fields
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS, cell, check, parameters

NAMES = sorted(MODELS)
WITH_CHARTS = (
    "2-timeline",
    "3-exchanges",
    "4-analogy",
    "5-argument",
)  # the explorer draws from these


def tagged(name: str) -> str:
    notebook = json.loads((notebooks_folder() / f"{name}.ipynb").read_text(encoding="utf-8"))
    return next(
        "".join(c["source"])
        for c in notebook["cells"]
        if "parameters" in c["metadata"].get("tags", [])
    )


@pytest.mark.parametrize("name", NAMES)
def test_names_defaults_and_helps_agree(name: str):
    model = MODELS[name]
    defaults = check(name, {}).model_dump(mode="json")
    lines = ast.parse(tagged(name)).body
    assert {line.target.id: ast.literal_eval(line.value) for line in lines} == defaults  # the cell
    assert tagged(name) == cell(name)
    contract = contract_of(name, notebooks_folder())  # the runner
    assert (
        contract.own
        and contract.names == list(model.model_fields)
        and contract.check({}) == defaults
    )
    properties = plan_schema()["$defs"][name]["properties"]  # the plan's schema
    assert {parameter: value["default"] for parameter, value in properties.items()} == defaults
    told = notebook_help(name)  # the help
    for parameter, field in model.model_fields.items():
        assert (
            f"{parameter}: " in told
            and field.description in told
            and properties[parameter]["description"] == field.description
        )


def taken(name: str, parameter: str, value: object) -> bool:
    try:
        return getattr(check(name, {parameter: value}), parameter) == value
    except SeedError:
        return False


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_the_form_asks_what_the_model_takes(chart):
    name, model = chart.notebook, chart.model
    properties = plan_schema()["$defs"][name]["properties"]
    fields = {f["name"]: f for f in form_fields(chart, open_seed(), ("article", "context"))}
    for parameter, field in fields.items():
        if parameter in ("chart", *LISTED):
            continue
        default = check(name, {}).model_dump()[parameter]
        assert field["help"] == model.model_fields[parameter].description
        kinds = {list: ("many",), bool: ("flag",), str: ("one", "text")}
        assert field["kind"] in kinds[type(default)]
        words = [choice["value"] for choice in field.get("choices", [])]
        several = field["kind"] == "many"
        assert (field["kind"] in ("one", "many")) == bool(words) == ("choices" in field)
        assert all(
            taken(name, parameter, [word] if several else word) for word in words
        )  # what is offered is taken
        if words:  # what it begins with can be chosen
            assert set(default if several else [default]) <= set(words)
        closed = properties[parameter].get("enum") or properties[parameter].get("items", {}).get(
            "enum"
        )
        assert closed is None or words == closed
        if not taken(
            name, parameter, ["no_such_word"] if isinstance(default, list) else "no_such_word"
        ) and isinstance(default, str | list):
            assert words or parameter in (
                "since",
                "until",
                "period",
            )  # where the model has a list of words, so has the form


@pytest.mark.parametrize("name", NAMES)
def test_the_explorer_begins_as_the_notebook_does(name: str):
    explorer = explore()
    charts = [chart for chart in CHARTS.values() if chart.notebook == name]
    assert bool(charts) == (name in WITH_CHARTS)
    for chart in charts:
        explorer.form.values = {**explorer.form.values, "chart": chart.name}
        assert explorer.chart is chart and explorer.asked == check(name, {})


@pytest.mark.parametrize("name", NAMES)
def test_all_refuse_the_same(name: str):
    contract = contract_of(name, notebooks_folder())
    for wrong in (
        {"actorz": ["RUS"]},
        {"actors": 3},
        {"since": "24.2.2022"},
        {"since": 2022.5},
        {"modality": ["sure"]},
    ):
        with pytest.raises(SeedError) as by_runner:
            contract.check(wrong)
        injected = (
            "# Parameters\n"
            + "\n".join(f"{key} = {value!r}" for key, value in wrong.items())
            + "\n"
        )
        with pytest.raises(SeedError) as in_notebook:  # as papermill injects it
            parameters(name, {**check(name, {}).model_dump(), **wrong, "In": ["", injected]})
        assert str(by_runner.value).splitlines()[1:] == str(in_notebook.value).splitlines()[1:]


def test_papermills_own_help_knows_them():
    path = notebooks_folder() / "2-timeline.ipynb"
    told = subprocess.run(
        [sys.executable, "-m", "papermill", "--help-notebook", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    for parameter, field in MODELS["2-timeline"].model_fields.items():
        assert parameter in told and field.description.split(";")[0][:20] in " ".join(told.split())
