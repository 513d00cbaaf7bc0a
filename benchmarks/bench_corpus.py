"""A corpus: reading and checking many seeds against `frictionless validate` over the same files.
Ratios in one run, printed."""

import random
import shutil
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from axislib.cli.main import main
from axislib.questions.levels import levels
from axislib.seed.corpus import open_seeds
from axislib.seed.package import package_text
from axislib.tables.schema import fields_of, load_schema

FACTS = {
    "memberships": 8,
    "relations": 27,
    "events": 40,
    "transfers": 15,
    "cooperation": 22,
    "comparisons": 3,
    "claims": 45,
}  # 160
COALITIONS = ["league", "pact", "others"]


def made_up_seed(folder: Path, draw: int) -> None:
    """A sound seed of 160 facts, 57 sentences, and all that belongs to them."""
    dice = random.Random(draw)
    places = [f"P{p:02}.S{s}" for p in range(1, 20) for s in range(1, 4)]
    people = [
        "writer",
        "editors",
        *(f"speaker_{n}" for n in range(5)),
        *(f"land_{n}" for n in range(12)),
        *COALITIONS,
    ]
    rows = {name: [] for name in load_schema()["tables"]}
    rows["sentences"] = [
        {
            "locator": p,
            "section": "body",
            "start": n * 100,
            "end": n * 100 + 99,
            "length": 99,
            "sha256": f"{dice.getrandbits(256):064x}",
            "no_fact_reason": "",
        }
        for n, p in enumerate(places)
    ]
    rows["actors"] = [
        {
            "id": one,
            "name": one.replace("_", " ").title(),
            "kind": "coalition" if one in COALITIONS else "polity",
            "anchors": dice.choice(places),
        }
        for one in people
    ]

    def row(name: str, row_id: str, **more) -> dict:
        own = {
            "id": row_id,
            "anchors": ";".join(dict.fromkeys(dice.choices(places, k=2))),
            "basis": dice.choice(["stated", "stated", "implied"]),
        }
        if load_schema()["tables"][name]["is_fact"]:
            own |= {
                "statement": f"This is what row {row_id} says, in one plain sentence of our own.",
                "speaker": dice.choice(["writer", "speaker_1", "speaker_2"]),
                "modality": dice.choice(["asserted", "reported", "predicted"]),
                "polarity": dice.choice(["affirmed", "affirmed", "denied"]),
            }
        rows[name].append(own | more)
        return own

    def land() -> str:
        return f"land_{dice.randrange(12)}"

    rows["dimensions"] = [
        {
            "id": f"dimension_{n}",
            "anchors": dice.choice(places),
            "basis": "implied",
            "name": f"Dimension {n}",
            "question": "Is there any?",
            "definition": "What counts.",
        }
        for n in range(16)
    ]
    for name, many in FACTS.items():
        for n in range(many):
            row(
                name,
                f"{name}_{n}",
                **{
                    "memberships": lambda: {"coalition": dice.choice(COALITIONS), "actor": land()},
                    "relations": lambda: {
                        "subject": land(),
                        "relation": "supports",
                        "object": land(),
                        "reach": "single",
                    },
                    "events": lambda n=n: {
                        "title": f"Event {n}",
                        "kind": "attack",
                        "actors": land(),
                        "date": f"20{dice.randrange(10, 30)}-{dice.randrange(1, 13):02}",
                        "date_basis": "stated",
                    },
                    "transfers": lambda: {
                        "giver": land(),
                        "receiver": land(),
                        "category": "arms",
                        "item": "things",
                        "quantity": dice.randrange(1, 9000),
                        "bound": "at_least",
                        "date": "not_stated",
                    },
                    "cooperation": lambda: {
                        "coalition": dice.choice(COALITIONS),
                        "dimension": f"dimension_{dice.randrange(16)}",
                        "pairs": "all",
                        "bears": dice.choice(["for", "against"]),
                    },
                    "comparisons": lambda: {
                        "left": "pact",
                        "right": "league",
                        "measure": "reach",
                        "direction": "exceeds",
                        "status": "made",
                    },
                    "claims": lambda: {"kind": "empirical", "role": "ground", "about": land()},
                }[name](),
            )
    for p in places:  # every sentence ends in a fact
        if not any(p in one["anchors"] for name in FACTS for one in rows[name]):
            rows["claims"][dice.randrange(45)]["anchors"] += f";{p}"
    for n in range(30):
        row(
            "arguments",
            f"argument_{n}",
            source=f"claims_{n}",
            target=f"claims_{(n + 1) % 45}",
            relation="supports",
            speaker="writer",
        )
        row(
            "silences",
            f"silence_{n}",
            question="What is not said?",
            about=f"dimension_{n % 16}",
            nearest=dice.choice(places),
        )
        row(
            "readings",
            f"reading_{n}",
            fact=f"cooperation_{n % 22}",
            column="polarity",
            alternative="left_open",
            why="It may be.",
            what_would_settle="A word.",
        )
    rows["hypotheses"] = [
        {
            "id": f"hypothesis_{n}",
            "anchors": places[0],
            "basis": "coded_by_us",
            "name": f"Hypothesis {n}",
            "origin": "project",
            "definition": "A reading.",
        }
        for n in range(3)
    ]
    for n in range(30):
        row(
            "consistency",
            f"consistency_{n}",
            hypothesis=f"hypothesis_{n % 3}",
            fact=f"events_{n}",
            rating="consistent",
            reason="It fits.",
            coder="axislib",
        )
    folder.mkdir(parents=True)
    for name, body in rows.items():
        frame = pd.DataFrame(
            body, columns=[f["name"] for f in fields_of(name)], dtype=object
        ).fillna("")
        (folder / f"{name}.csv").write_text(
            frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8"
        )
    metadata = {
        "name": folder.name,
        "title": "Made up",
        "layer": "article",
        "voices": {"body": "writer", "other": "editors"},
        "coalitions": COALITIONS,
    }
    (folder / "datapackage.json").write_text(package_text(metadata), encoding="utf-8")


def corpus_of(folder: Path, many: int) -> Path:
    """So many seeds: 20 made up, the rest copies under other names (the files are what is measured,
    not the words)."""
    for n in range(many):
        if n < 20:
            made_up_seed(folder / f"made-{n:04}", n)
        else:
            shutil.copytree(folder / f"made-{n % 20:04}", folder / f"made-{n:04}")
    return folder


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def validate(folder: Path) -> None:
    from frictionless import Package

    for path in sorted(folder.glob("*/datapackage.json")):
        report = Package(str(path)).validate()
        assert report.valid, report.flatten(["type", "note"])[:3]


def validate_with_the_command(folder: Path) -> None:
    """`frictionless validate datapackage.json` for one package after the other: of several at once
    it takes the tables for one package's."""
    for path in sorted(folder.glob("*/datapackage.json")):
        run = subprocess.run(
            [sys.executable, "-m", "frictionless", "validate", path.name],
            cwd=path.parent,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]


def check_with_the_command(folder: Path) -> None:
    result = CliRunner().invoke(main, ["check", *map(str, sorted(folder.glob("*")))])
    assert result.exit_code == 0, result.output[-2000:]


def compare(folder: Path, many: int, capsys, theirs) -> None:
    open_seeds(f"{folder}/made-000*")  # imports and the schema are not what is measured
    read, check = (
        seconds(lambda: open_seeds(f"{folder}/*", check=False)),
        seconds(lambda: open_seeds(f"{folder}/*")),
    )
    command = seconds(lambda: check_with_the_command(folder))
    other = seconds(lambda: theirs(folder))
    with capsys.disabled():
        print(
            f"\n\n{many} seeds of 160 facts in {17 * many} files\n  frictionless validate  "
            f" {other:8.2f} s   {1000 * other / many:7.1f} ms a seed\n  axislib check          "
            f" {command:8.2f} s   {1000 * command / many:7.1f} ms a seed   {other / command:5.1f} x"
            f" faster\n  reading and checking    {check:8.2f} s   {1000 * check / many:7.1f} ms a"
            f" seed   {other / check:5.1f} x faster\n  reading                 {read:8.2f} s  "
            f" {1000 * read / many:7.1f} ms a seed   {other / read:5.1f} x faster"
        )
    assert other / command >= 5 and other / check >= 5 and other / read >= 20


def growth(folder: Path, sizes: list[int], capsys) -> list[tuple[float, float]]:
    """Seconds and peak MB a seed, for corpora of growing size."""
    measured = []
    names = sorted(folder.glob("made-*"))
    for size in sizes:
        some = [str(path) for path in names[:size]]
        took = min(seconds(lambda some=some: open_seeds(some, check=False)) for _ in range(2))
        tracemalloc.start()
        corpus = open_seeds(some, check=False)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        assert len(corpus) == size and len(corpus.events) == 40 * size
        measured.append((took / size, peak / size))
        with capsys.disabled():
            print(
                f"  {size:5} seeds: {took:6.2f} s, {1000 * took / size:5.1f} ms a seed; peak"
                f" {peak:7.1f} MB, {1000 * peak / size:6.1f} kB a seed"
            )
    return measured


def test_twenty_seeds_against_frictionless(tmp_path, capsys):
    compare(corpus_of(tmp_path / "corpus", 20), 20, capsys, validate)


def test_time_and_memory_grow_with_the_seeds(tmp_path, capsys):
    small, _, large = growth(corpus_of(tmp_path / "corpus", 160), [40, 80, 160], capsys)
    assert large[0] < 2 * small[0] and large[1] < 1.25 * small[1]


@pytest.mark.long
def test_a_thousand_seeds(tmp_path, capsys):
    folder = corpus_of(tmp_path / "corpus", 1000)
    small, _, large = growth(folder, [250, 500, 1000], capsys)
    assert large[0] < 2 * small[0] and large[1] < 1.25 * small[1]
    corpus = open_seeds(f"{folder}/*", check=False)
    with capsys.disabled():
        print(f"  levels of all: {seconds(lambda: levels(corpus)):.2f} s")
    compare(folder, 1000, capsys, validate)
    # the command itself, on what can be waited for
    some = tmp_path / "some"
    for path in sorted(folder.glob("made-000*")):
        shutil.copytree(path, some / path.name)
    with capsys.disabled():
        print(
            "  `frictionless validate` as a command on 10 of them:"
            f" {seconds(lambda: validate_with_the_command(some)):.2f} s; reading and checking:"
            f" {seconds(lambda: open_seeds(f'{some}/*')):.2f} s"
        )
