"""One contract, many renderings: model, tagged cell, validation in the notebook, plan, schema, help agree for every notebook."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest

from axislib.batch import plan_schema
from axislib.batch.commands import notebook_help
from axislib.batch.contract import contract_of
from axislib.lab import notebooks_folder
from axislib.parameters import MODELS, cell, check, parameters
from axislib.tables import SeedError

NAMES = sorted(MODELS)


def tagged(name: str) -> str:
    notebook = json.loads((notebooks_folder() / f"{name}.ipynb").read_text(encoding="utf-8"))
    return next("".join(c["source"]) for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", []))


@pytest.mark.parametrize("name", NAMES)
def test_names_defaults_and_helps_agree(name: str):
    model = MODELS[name]
    defaults = check(name, {}).model_dump(mode="json")
    lines = ast.parse(tagged(name)).body
    assert {line.target.id: ast.literal_eval(line.value) for line in lines} == defaults  # the cell
    assert tagged(name) == cell(name)
    contract = contract_of(name, notebooks_folder())  # the runner
    assert contract.own and contract.names == list(model.model_fields) and contract.check({}) == defaults
    properties = plan_schema()["$defs"][name]["properties"]  # the plan's schema
    assert {parameter: value["default"] for parameter, value in properties.items()} == defaults
    told = notebook_help(name)  # the help
    for parameter, field in model.model_fields.items():
        assert f"{parameter}: " in told and field.description in told and properties[parameter]["description"] == field.description


@pytest.mark.parametrize("name", NAMES)
def test_all_refuse_the_same(name: str):
    contract = contract_of(name, notebooks_folder())
    for wrong in ({"actorz": ["RUS"]}, {"actors": 3}, {"since": "24.2.2022"}, {"since": 2022.5}, {"modality": ["sure"]}):
        with pytest.raises(SeedError) as by_runner:
            contract.check(wrong)
        injected = "# Parameters\n" + "\n".join(f"{key} = {value!r}" for key, value in wrong.items()) + "\n"
        with pytest.raises(SeedError) as in_notebook:  # as papermill injects it
            parameters(name, {**check(name, {}).model_dump(), **wrong, "In": ["", injected]})
        assert str(by_runner.value).splitlines()[1:] == str(in_notebook.value).splitlines()[1:]


def test_papermills_own_help_knows_them():
    path = notebooks_folder() / "2-timeline.ipynb"
    told = subprocess.run([sys.executable, "-m", "papermill", "--help-notebook", str(path)], capture_output=True, text=True,
                          timeout=60).stdout
    for parameter, field in MODELS["2-timeline"].model_fields.items():
        assert parameter in told and field.description.split(";")[0][:20] in " ".join(told.split())
