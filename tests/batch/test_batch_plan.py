"""Plans: what they ask for, and every mistake at once with its line, before anything runs."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path

import jsonschema
import pytest
from batch_helpers import write_notebook, write_plan

from axislib.batch import PlanError, expand_plan, plan_schema, read_plan
from axislib.batch.plan import read_located
from axislib.batch.runs import MOST_RUNS
from axislib.notebook.lab import notebooks_folder
from axislib.seed.opening import find_seed

PLANS = sorted((notebooks_folder() / "plans").glob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_notebook(
        tmp_path / "ask.ipynb",
        "print(word, number)",
        parameters=(
            'word: str = "a"  # a word\nnumber: int = 1\nwords: list[str] = []\nflag: bool = True'
        ),
    )
    return tmp_path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(PlanError) as caught:
        read_plan(write_plan(folder / "plan.yaml", text))
    assert str(folder) not in str(caught.value)  # no machine's path in a message
    return str(caught.value)


def outputs(folder: Path, text: str) -> list[str]:
    return [run.output for run in expand_plan(read_plan(write_plan(folder / "plan.yaml", text)))]


def test_every_mistake_at_once_with_its_line(folder: Path):
    words = refusal(
        folder,
        """
        notebooks: [ask.ipynb, aks.ipynb]
        fixed:
          nubmer: 1
          flag: yes
        colour: red
        groups:
          one:
            grid:
              number: [1, "2", 3]
              words: [RUS]
          two:
            grid: {number: []}
            output: "../{notebook}.ipynb"
        """,
    )
    for line, what in [
        (2, "'aks.ipynb' is not known"),
        (4, "nubmer: there is no such parameter; did you mean number?"),
        (5, "flag: 'yes'"),
        (6, "'colour' is not a word of a plan"),
        (10, "number: '2'"),
        (11, "[[RUS]]"),
        (13, "grid number has no values"),
        (14, "would leave the batch's folder"),
    ]:
        assert any(
            part.startswith(f"line {line}:") and what in part
            for part in map(str.strip, words.splitlines())
        ), (line, what, words)
    assert "nothing was run" in words


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "notebooks: [ask.ipynb]\nfixed: {number: !!python/object/apply:os.system ['true']}",
            "the tag !!python/object/apply:os.system is refused",
        ),
        ("notebooks: !mine [ask.ipynb]", "the tag !mine is refused"),
        (
            "notebooks: [ask.ipynb]\nnotebooks: [ask.ipynb]",
            "line 2: 'notebooks' appears here twice",
        ),
        ("notebooks: [ask.ipynb]\n\tfixed: {}", "line 2: not YAML"),
        ("notebooks: [ask.ipynb", "not YAML"),
        ("", "the file is empty"),
        ("- a\n- b", "a plan is a map"),
        ("title: x", "names no notebook"),
        ("notebooks: []", "names no notebook"),
        ("notebooks: ask.ipynb", "has to be a list"),
        ("notebooks: [ask.ipynb]\ngrid: {}", "line 2: grid is empty"),
        ("notebooks: [ask.ipynb]\ngrid:", "line 2: grid is empty"),
        (
            "notebooks: [ask.ipynb]\ngrid: {number: 3}",
            "line 2: grid.number: 3 has to be a list of the values to go through",
        ),
        ("notebooks: [ask.ipynb]\ngrid: {number: [1, 1]}", "has 1 twice"),
        (
            "notebooks: [ask.ipynb]\nfixed: {number: 1}\ngrid: {number: [1, 2]}",
            "number is in grid and in fixed",
        ),
        (
            "notebooks: [ask.ipynb]\nruns: [{parameters: {number: 1}}]\ngrid: {number: [1, 2]}",
            "number is in grid and in runs",
        ),
        (
            "notebooks: [ask.ipynb]\ngrid: {number: [1, 2]}\noutput: '{notebook}.ipynb'",
            "output: 1 name would be written more than once, first 'ask.ipynb' by runs 1 and 2",
        ),
        ("notebooks: [ask.ipynb]\ngrid: {word: [a, A]}", "would be written more than once"),
        ("notebooks: [ask.ipynb]\noutput: /tmp/x.ipynb", "would leave the batch's folder"),
        ("notebooks: [ask.ipynb]\noutput: 'C:\\x.ipynb'", "would leave the batch's folder"),
        ("notebooks: [ask.ipynb]\noutput: 'a/../../x.ipynb'", "would leave the batch's folder"),
        (
            "notebooks: [ask.ipynb]\noutput: .work/x.ipynb",
            "would leave the batch's folder or hide in it",
        ),
        ("notebooks: [ask.ipynb]\noutput: x.html", "has to end in .ipynb"),
        ("notebooks: [ask.ipynb]\noutput: '{wrod}.ipynb'", "{wrod} is not known"),
        ("notebooks: [ask.ipynb]\noutput: '{word.__class__}.ipynb'", "is not known"),
        ("notebooks: [ask.ipynb]\noutput: '{.ipynb'", "write names in braces"),
        ("notebooks: [2-timelin]", "did you mean 2-timeline?"),
        (
            "notebooks: [2-timeline]\nfixed: {actors: [RUSS]}",
            "actors: 'RUSS' is not an id of data set kragh-holy-war; list them with axislib.open_seed(",
        ),
        (
            "notebooks: [2-timeline]\nfixed: {coalitions: [modern_alignmnt]}",
            "'modern_alignmnt' is not an id of data set kragh-holy-war; did you mean modern_alignment?",
        ),
        (
            "notebooks: [2-timeline]\nfixed: {seed: no-such-seed}",
            "line 2: data set 'no-such-seed': not found",
        ),
        ("notebooks: [ask.ipynb]\nfixed: {word: 2022}", 'put it in quotation marks: "2022"'),
        (
            "notebooks: [2-timeline]\nfixed: {since: 2022.5}",
            (
                "line 2: 2-timeline: since: 2022.5 is not a date; write a year such as 2022, or a"
                " date such as 2022-02"
            ),
        ),
        ("notebooks: [2-timeline]\nfixed: {since: true}", "since: True is not a date"),
        (
            "notebooks: [2-timeline]\nfixed:\n  actors: RUSS",
            "line 3: actors: 'RUSS' is not an id of data set kragh-holy-war; list them with",
        ),
        (
            "notebooks: [2-timeline]\ngrid:\n  actors:\n    - RUS\n    - RUSS",
            "line 5: actors: 'RUSS' is not an id",
        ),
        ("notebooks: [2-timeline]\nfixed: {since: 24.2.2022}", "since"),
        (
            "notebooks: [2-timeline]\nfixed: {lanes: colour}",
            "lanes: 'colour' input should be 'actor', 'coalition', 'kind' or 'speaker'",
        ),
    ],
)
def test_one_clear_message(folder: Path, text: str, what: str):
    assert what in refusal(folder, text)


def test_a_billion_combinations_are_counted_and_not_built(folder: Path):
    grid = "\n".join(
        f"  {name}: [{', '.join(str(n) for n in range(1000))}]"
        for name in ("number", "word", "flag")
    )
    began = time.monotonic()
    words = refusal(folder, f"notebooks: [ask.ipynb]\ngrid:\n{grid}\n")
    assert f"the plan asks for 1,000,000,000 runs; a batch has at most {MOST_RUNS:,}" in words
    assert time.monotonic() - began < 5


def test_aliases_that_stand_for_millions_are_refused(folder: Path):
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert "do without aliases" in refusal(folder, bomb)
    assert "do without aliases" in refusal(folder, "notebooks: &a [*a]")
    assert "nested too deeply" in refusal(folder, "notebooks: " + "[" * 5000 + "]" * 5000)
    assert "nested too deeply" in refusal(folder, "notebooks:\n  " + "- " * 5000 + "x")


def test_plain_words_stay_words(folder: Path):
    """NO is Norway and 2022-02-24 a date as it is written; YAML 1.1 would make them false and a
    datetime."""
    runs = expand_plan(
        read_plan(
            write_plan(
                folder / "plan.yaml",
                "notebooks: [ask.ipynb]\ngrid: {word: [NO, 2022-02-24, 1:30, on]}",
            )
        )
    )
    assert [run.parameters["word"] for run in runs] == ["NO", "2022-02-24", "1:30", "on"]


def test_a_year_and_a_single_id_are_taken_as_they_are_written(folder: Path):
    plan = (
        "notebooks: [2-timeline]\nfixed: {since: 2022}\ngrid: {speakers: [kragh, [kragh,"
        " editors]]}\n"
    )
    runs = expand_plan(read_plan(write_plan(folder / "plan.yaml", plan)))
    assert [run.parameters for run in runs] == [
        {"since": "2022", "speakers": ["kragh"]},
        {"since": "2022", "speakers": ["kragh", "editors"]},
    ]
    assert [run.output for run in runs] == [
        "2-timeline-kragh.ipynb",
        "2-timeline-kragh+editors.ipynb",
    ]
    jsonschema.validate(read_located(write_plan(folder / "plan.yaml", plan)).value, plan_schema())


def test_groups_inherit_and_their_own_word_wins(folder: Path):
    runs = expand_plan(
        read_plan(
            write_plan(
                folder / "plan.yaml",
                """
        notebooks: [ask.ipynb]
        fixed: {word: top, number: 7}
        groups:
          as_above: {}
          own: {fixed: {word: own}}
          varied:
            grid: {number: [1, 2]}
            runs: [{name: first, parameters: {flag: false}}, {parameters: {words: [x, y]}}]
        """,
            )
        )
    )
    assert [run.parameters for run in runs[:2]] == [
        {"word": "top", "number": 7},
        {"word": "own", "number": 7},
    ]
    assert [run.output for run in runs] == [
        "as_above/ask.ipynb",
        "own/ask.ipynb",
        "varied/ask-first-1.ipynb",
        "varied/ask-first-2.ipynb",
        "varied/ask-x+y-1.ipynb",
        "varied/ask-x+y-2.ipynb",
    ]
    assert runs[2].full == {"word": "top", "number": 1, "words": [], "flag": False}


def test_names_of_outputs_are_safe(folder: Path):
    text = (
        "notebooks: [ask.ipynb]\noutput: '{number}-{word}.ipynb'\ngrid: {word: ['../../x', '',"
        " '.hidden', 'a b:c', '" + "y" * 300 + "']}"
    )
    names = outputs(folder, text)
    assert (
        names[:4] == ["1-x.ipynb", "2-any.ipynb", "3-hidden.ipynb", "4-a-b-c.ipynb"]
        and len(names[4]) < 160
    )


def test_a_notebook_without_model_is_checked_by_its_tagged_cell(folder: Path):
    write_notebook(folder / "none.ipynb", "print(1)")
    assert "it has no cell tagged parameters" in refusal(
        folder, "notebooks: [none.ipynb]\nfixed: {word: x}"
    )
    write_notebook(folder / "broken.ipynb", "print(1)", parameters="word = = 1")
    assert "line 1 of its parameters cell is not Python" in refusal(
        folder, "notebooks: [broken.ipynb]"
    )
    (folder / "text.ipynb").write_text("no notebook")
    assert "cannot be read as a notebook" in refusal(folder, "notebooks: [text.ipynb]")


def test_the_shipped_schema_is_current():
    shipped = notebooks_folder() / "plans" / "plan.schema.json"
    assert json.loads(shipped.read_text()) == json.loads(json.dumps(plan_schema())), (
        "run: make schema"
    )


def test_the_schema_says_what_the_runner_says():
    check = jsonschema.Draft202012Validator(plan_schema())
    jsonschema.Draft202012Validator.check_schema(plan_schema())
    good = {
        "notebooks": ["2-timeline"],
        "grid": {"lanes": ["kind"], "actors": [["RUS"], "PRK"]},
        "fixed": {"since": 2022},
    }
    assert check.is_valid(good)
    assert check.is_valid({"groups": {"a": good}})
    for bad in (
        {**good, "grid": {"lanes": ["colour"]}},
        {**good, "fixed": {"lane": "kind"}},
        {**good, "colour": 1},
        {**good, "grid": {"actors": [3]}},
        {**good, "fixed": {"since": 2022.5}},
        {**good, "fixed": {"since": True}},
        {"groups": {"a": {**good, "fixed": {"lane": "kind"}}}},
        {**good, "runs": [{"parameters": {"x": 1}}]},
    ):
        assert not check.is_valid(bad), bad


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_shipped_plans_are_sound(path: Path):
    runs = expand_plan(read_plan(path))
    jsonschema.validate(read_located(path).value, plan_schema())
    assert path.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=plan.schema.json\n"
    )
    assert "ids of the article supplied" in path.read_text(encoding="utf-8").splitlines()[1]
    if path.stem == "robustness":
        assert len(runs) >= 100


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_shipped_plans_serve_another_seed_as_they_say(
    path: Path, copy: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.chdir(copy.parent.parent)
    copy.rename(copy.with_name("my-article"))
    context = copy.parent / "context"
    shutil.copytree(find_seed("context"), context)
    about = context / "datapackage.json"
    about.write_text(
        about.read_text(encoding="utf-8").replace(
            '"about": "kragh-holy-war"', '"about": "my-article"'
        ),
        encoding="utf-8",
    )
    text = path.read_text(encoding="utf-8")
    assert "fixed: {seed: my-article}" in text or "seed: my-article to fixed" in text
    text = re.sub(r"^fixed: \{", "fixed: {seed: my-article, ", text, flags=re.MULTILINE)
    text = text if "fixed: {seed: my-article, " in text else f"fixed: {{seed: my-article}}\n{text}"
    runs = expand_plan(read_plan(write_plan(tmp_path / "plan.yaml", text)))
    assert {run.full["seed"] for run in runs} == {"my-article"}
    actors = (
        copy.with_name("my-article") / "actors.csv"
    )  # and ids that are not there are refused, with the seed's name
    actors.write_text(
        actors.read_text(encoding="utf-8").replace("modern_alignment", "the_four"), encoding="utf-8"
    )
    with pytest.raises(PlanError, match="my-article"):
        read_plan(tmp_path / "plan.yaml")


def test_there_are_plans():
    assert {"seminar", "robustness"} <= {path.stem for path in PLANS}
