"""The notebooks speak of the article they are given: an invented one, and one of which hardly
anything is coded."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import axislib
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS
from axislib.report.build import notebooks_for, write_site
from axislib.run.notebook import run_notebook
from axislib.seed.package import fix

HARBOUR = Path(__file__).parent.parent / "fictional" / "harbour-league"
ARTICLE = ["1-reading", "2-timeline", "3-exchanges", "4-analogy", "5-argument"]
# "axis" in small letters is a word of charts
OF_ANOTHER = re.compile(
    r"kragh|russia|korea|china|\biran|nazi|german|hitler|putin|ukrain|(?-i:\bAxis\b)|allies|in"
    r" certain regards|drone|wartime|\bthe four\b"
    r"|four countries|incoming|\bRUS\b|\bPRK\b|\bP(?:09|[1-9]\d)\b",
    re.IGNORECASE,
)


def outputs(notebook):
    """All that a reader sees of a notebook: its prose and what its cells show."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        for output in cell.get("outputs", []):
            yield json.dumps(output.get("data") or output.get("text") or "")


def run(names, seed):
    """The named notebooks run on a seed, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(
            pool.map(
                lambda name: run_notebook(
                    notebooks_folder() / f"{name}.ipynb", parameters={"seed": str(seed)}
                ),
                names,
            )
        )


def speaks_of(words):
    return sorted({found[0] for found in OF_ANOTHER.finditer(words)})


def test_no_notebook_speaks_of_another_article():
    for done in run([name for name in MODELS if name != "6-record"], HARBOUR):
        assert not done.error, (done.name, done.error)
        assert not speaks_of("\n".join(outputs(done.notebook)).replace("kragh-holy-war", "")), (
            done.name
        )


def test_the_report_leaves_the_record_out_where_there_is_none(seed, tmp_path):
    for of, has in ((axislib.open_seed(HARBOUR), False), (seed, True)):
        assert [path.stem for path in notebooks_for(of)] == [
            name for name in MODELS if has or name != "6-record"
        ]
        index = write_site([], of, tmp_path / of.name).read_text(encoding="utf-8")
        assert ("No record has been gathered for this article" in index) is not has


def test_no_page_speaks_of_another_article(tmp_path):
    index = write_site([], axislib.open_seed(HARBOUR), tmp_path / "report")
    for page in index.parent.glob("*.html"):
        words = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ")
        assert not speaks_of(words), page.name


def test_the_record_alone_stops_in_a_sentence():
    done = run(["6-record"], HARBOUR)[0]
    assert (
        done.error.startswith("SeedError: No record has been gathered for this article")
        and "layers: '" not in done.error
    )


@pytest.fixture
def begun(tmp_path):
    """A seed just begun: actors and events, nothing else."""
    folder = tmp_path / "begun"
    shutil.copytree(HARBOUR, folder)
    for path in folder.glob("*.csv"):
        if path.stem not in ("sentences", "actors", "events"):
            path.write_text(
                path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8"
            )
    metadata = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (folder / "datapackage.json").write_text(
        json.dumps({**metadata, "name": "begun", "coalitions": []}), encoding="utf-8"
    )
    fix(folder)
    told = ";".join(pd.read_csv(folder / "events.csv")["anchors"]).split(";")
    sentences = pd.read_csv(folder / "sentences.csv", dtype=str, keep_default_na=False)
    sentences.loc[~sentences["locator"].isin(told), "no_fact_reason"] = "not coded yet"
    sentences.to_csv(folder / "sentences.csv", index=False, lineterminator="\n")
    return folder


def test_a_seed_just_begun_goes_through_every_notebook(begun):
    for done in run([*ARTICLE, "7-seminar"], begun):
        assert not done.error, (done.name, done.error)
        shown = "\n".join(outputs(done.notebook))
        if done.name in ("2-timeline", "4-analogy"):
            assert "needs two coalitions with rows in cooperation" in shown
        if done.name in ("3-exchanges", "5-argument"):
            assert re.search("No (transfers|claims) are coded yet", shown)
