"""One contract a notebook: its model, its tagged cell, its refusals."""

from pathlib import Path

import nbformat
import pytest

from axislib import SeedError
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS, cell, check, model_of, parameters


@pytest.mark.parametrize("name", MODELS)
def test_the_tagged_cell_is_the_model(name):
    path = notebooks_folder() / f"{name}.ipynb"
    cells = [c for c in nbformat.read(path, 4).cells if "parameters" in c.metadata.get("tags", [])]
    assert len(cells) == 1 and cells[0].source == cell(name)


@pytest.mark.parametrize("name", MODELS)
def test_the_tagged_cell_runs_and_is_accepted(name):
    values: dict = {}
    exec(cell(name), values)
    values.pop("__builtins__")
    values.pop("__annotations__", None)
    assert check(name, values) == model_of(name)()


@pytest.mark.parametrize("name", MODELS)
def test_papermill_sees_every_parameter(name):
    from papermill import inspect_notebook

    seen = inspect_notebook(str(notebooks_folder() / f"{name}.ipynb"))
    assert set(seen) == set(model_of(name).model_fields)
    for parameter, field in model_of(name).model_fields.items():
        assert seen[parameter]["help"] == field.description.replace("'", '"'), parameter


def test_every_notebook_has_a_model():
    assert {p.stem for p in notebooks_folder().glob("*.ipynb")} == {*MODELS, "explorer"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sicne": "2022"}, "did you mean since"),
        ({"since": "2024-13"}, "13"),
        (
            {"actors": 3},
            (
                "actors: 3 is neither a word nor a list of words; write one, such as RUS, or"
                " several, such as [RUS, PRK]"
            ),
        ),
        ({"actors": ["RUS", 3]}, "actors[1]: 3"),
        (
            {"since": 2022.5},
            "since: 2022.5 is not a date; write a year such as 2022, or a date such as 2022-02",
        ),
        ({"until": True}, "until: True is not a date"),
        ({"since": None}, "since: None is not a date"),
        ({"since": 20220224}, "20220224"),
        ({"show_undated": "false"}, "show_undated: 'false'"),
        ({"modality": ["sure"]}, "'sure' is not a modality"),
        ({"lanes": "colour"}, "lanes: 'colour'"),
    ],
)
def test_mistakes_are_named(given, words):
    with pytest.raises(SeedError, match="1 parameter to fix") as error:
        check("2-timeline", given)
    assert words in str(error.value)


def test_a_year_may_be_a_number_and_a_list_one_word():
    assert check("2-timeline", {"since": 2022, "until": "2024-06"}).conditions()["since"] == "2022"
    assert (
        check("2-timeline", {"since": 476}).since == "0476"
    )  # papermill reads 0476 as a number and drops the zero
    assert check("6-record", {"period": 2022}).period == "2022"
    asked = check(
        "7-seminar", {"speakers": "halloran", "code": "level", "actors": "", "layers": "context"}
    )
    assert (asked.speakers, asked.code, asked.actors, asked.layers) == (
        ["halloran"],
        ["level"],
        [],
        ["context"],
    )


def test_all_mistakes_at_once():
    with pytest.raises(SeedError, match="2 parameters to fix"):
        check("2-timeline", {"sicne": "2022", "lanes": 3})


def test_an_injected_name_that_is_not_known_is_refused():
    variables = {
        "In": ["", "import x", '# Parameters\nsicne = "2022"\nlanes = "kind"\n'],
        "sicne": "2022",
        "lanes": "kind",
    }
    with pytest.raises(SeedError, match="sicne: there is no such parameter; did you mean since"):
        parameters("2-timeline", variables)


def test_injected_values_are_taken():
    variables = {"In": ['# Parameters\nlanes = "kind"\n'], "lanes": "kind", "something_else": 3}
    assert parameters("2-timeline", variables).lanes == "kind"


def test_papermill_stops_at_a_misspelt_name(tmp_path):
    import papermill as pm

    with pytest.raises(pm.PapermillExecutionError, match="sicne"):
        pm.execute_notebook(
            str(notebooks_folder() / "2-timeline.ipynb"),
            str(tmp_path / "out.ipynb"),
            {"sicne": "2022"},
            progress_bar=False,
            kernel_name="python3",
        )
    assert Path(tmp_path / "out.ipynb").exists()


def test_unknown_notebook():
    with pytest.raises(SeedError, match="did you mean 2-timeline"):
        model_of("2-timelines")
