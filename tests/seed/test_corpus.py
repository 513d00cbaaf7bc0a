"""Many seeds in one set of tables."""

import inspect
import shutil
from pathlib import Path

import pandas as pd
import pytest

import axislib
from axislib import SeedError
from axislib.seed.corpus import find_seeds, open_seeds
from axislib.seed.opening import find_seed

FICTIONAL = Path(__file__).parent.parent / "fictional" / "harbour-league"


@pytest.fixture(scope="module")
def corpus():
    return open_seeds(["kragh-*", FICTIONAL])


def test_every_table_is_keyed_by_seed(corpus, seed):
    other = axislib.open_seed(FICTIONAL)
    assert corpus.names == ["harbour-league", "kragh-holy-war"] and len(corpus) == 2
    for name, frame in corpus.tables.items():
        assert frame.columns[0] == "seed" and len(frame) == len(seed.tables[name]) + len(
            other.tables[name]
        )


def test_a_seed_out_of_the_corpus_is_the_seed(corpus, seed):
    for one in (seed, axislib.open_seed(FICTIONAL)):
        again = corpus.seed(one.name)
        for name, frame in one.tables.items():
            assert again.tables[name].equals(frame), name
            assert (again.tables[name].dtypes == frame.dtypes).all(), name
    with pytest.raises(
        SeedError, match="'nobody' is not in this corpus; there are: harbour-league"
    ):
        corpus.seed("nobody")


def test_patterns(tmp_path, monkeypatch):
    assert list(find_seeds("kragh-*")) == ["kragh-holy-war"]
    assert "kragh-holy-war" in find_seeds("*")
    with pytest.raises(SeedError, match="no seed is named by 'nothing-\\*'"):
        open_seeds("nothing-*")
    for place in ("a", "b"):
        shutil.copytree(FICTIONAL, tmp_path / place / "harbour-league")
    with pytest.raises(SeedError, match="two seeds are called harbour-league"):
        open_seeds([f"{tmp_path}/a/*", f"{tmp_path}/b/*"])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            lambda t: t.replace(",quill,asserted", ",quil,asserted", 1),
            (
                r"1 thing to fix:\n  harbour-league/claims.csv, row 6, column speaker: 'quil' is"
                r" in none of: actors"
            ),
        ),
        (
            lambda t: t.replace("kind,", "sort,", 1),
            r"claims.csv, row 1, column kind: the column is missing; .*\n.*column sort: is not a column",
        ),
        (
            lambda t: "\ufeff" + t,
            "harbour-league/claims.csv, row 1: the file begins with a byte-order mark",
        ),
        (lambda t: t + '\n,,"', "harbour-league/claims.csv"),
    ],
)
def test_damage_is_named_with_its_seed(tmp_path, damage, words):
    shutil.copytree(FICTIONAL, tmp_path / "harbour-league")
    path = tmp_path / "harbour-league" / "claims.csv"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(SeedError, match=words):
        open_seeds(f"{tmp_path}/*")


def test_relative_events_stay_within_their_seed(corpus):
    events = corpus.events.set_index(["seed", "id"])
    assert events.loc[("harbour-league", "ev_port_closed"), "earliest"].year == 1893


def test_nothing_is_changed(tmp_path):
    folder = find_seed("kragh-holy-war")
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    open_seeds("kragh-*")
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


CODES = pd.DataFrame(
    [["level", "u", "A", "present"]], columns=["variable", "unit", "coder", "code"]
)
OF_A_SEED = [
    name
    for name in axislib.__all__
    if inspect.isfunction(ask := getattr(axislib, name))
    and next(iter(inspect.signature(ask).parameters), "") == "seed"
]


@pytest.mark.parametrize("name", OF_A_SEED)
def test_a_question_to_a_corpus_is_answered_by_article_or_refused(corpus, name):
    ask = getattr(axislib, name)
    more = {"keep": ["transfers"], "record_check": ["claim"], "disagreement": [CODES, "level"]}
    try:
        answer = ask(corpus, *more.get(name, []))
    except SeedError as error:
        assert "corpus.seed(NAME)" in str(error)
    else:
        assert list(dict.fromkeys(answer["seed"])) == corpus.names


def test_all_that_takes_a_seed_is_asked():
    assert {"levels", "timeline", "explore", "select", "inconsistency"} <= set(OF_A_SEED)
