"""How fast the explorer answers: Python time of a filter change and of a click, with the article
and with 10,000 invented facts.

Aims: 150 ms with the article's seed, 500 ms with 10,000 facts. Printed, not asserted.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

import axislib
from axislib.explorer.charts import CHARTS
from axislib.tables.schema import fact_tables, fields_of


def many_facts(seed, total: int = 10_000):
    """The seed's facts over and over under invented ids, each copy with its own references among
    facts."""
    facts = set(seed.facts["id"])
    copies = -(-total // len(facts))

    def renamed(cell, number: int):
        return (
            ";".join(f"{part}_{number}" if part in facts else part for part in cell.split(";"))
            if isinstance(cell, str)
            else cell
        )

    tables = dict(seed.tables)
    for name in [*fact_tables(), "arguments", "consistency"]:
        frame, frames = seed.tables[name], [seed.tables[name]]
        columns = [
            "id",
            *(
                field["name"]
                for field in fields_of(name)
                if field.get("references")
                in ("facts", "actors_or_facts", "claims", "events", "transfers")
            ),
        ]
        for number in range(1, copies):
            copy = frame.assign(id=frame["id"] + f"_{number}")
            frames.append(
                copy.assign(
                    **{
                        c: copy[c].map(lambda cell, number=number: renamed(cell, number))
                        for c in columns
                        if c != "id"
                    }
                )
            )
        tables[name] = pd.concat(frames, ignore_index=True)
    return replace(seed, tables=tables)


@pytest.fixture(scope="module", params=["article", "10000"])
def explorer(request):
    seed = axislib.open_seed()
    return axislib.explore(seed if request.param == "article" else many_facts(seed))


@pytest.mark.parametrize("chart", CHARTS)
def test_filter_change(benchmark, explorer, chart):
    speakers = itertools.cycle([["kragh"], []])
    explorer.form.values = {**explorer.form.values, "chart": chart}
    benchmark.extra_info["facts"] = len(explorer.evidence.seed.facts)

    def change():
        explorer.form.values = {**explorer.form.values, "speakers": next(speakers)}

    benchmark.pedantic(change, rounds=8, iterations=1, warmup_rounds=2)
    assert explorer.form.problem == ""


@pytest.mark.parametrize("chart", CHARTS)
def test_click(benchmark, explorer, chart):
    explorer.form.values = {**explorer.form.values, "chart": chart, "speakers": []}
    drawn = [trace.customdata for trace in explorer.figure.data if trace.customdata is not None]
    marks = itertools.cycle([data[0].split(";") for of in drawn for data in of][:20])
    benchmark.pedantic(
        lambda: explorer._reader.open(next(marks)), rounds=20, iterations=1, warmup_rounds=1
    )
    assert explorer.form.problem == ""


def test_row_chosen(benchmark, explorer):
    ids = itertools.cycle(explorer.evidence.seed.facts["id"].tolist()[::7])
    benchmark.pedantic(lambda: explorer.choose(next(ids)), rounds=20, iterations=1, warmup_rounds=1)


def test_words_sought(benchmark, explorer):
    words = itertools.cycle(["Russia", "satellite", ""])

    def seek():
        explorer.form.values = {**explorer.form.values, "words": next(words)}

    benchmark.pedantic(seek, rounds=6, iterations=1, warmup_rounds=1)


def test_open_the_explorer(benchmark):
    seed = axislib.open_seed()
    benchmark.pedantic(lambda: axislib.explore(seed), rounds=3, iterations=1, warmup_rounds=1)


def test_switch_ticked(benchmark):
    switches = axislib.reading_switches(axislib.open_seed())
    first = [choice["value"] for choice in switches.form.fields[0]["choices"]][:1]
    ticks = itertools.cycle([first, []])

    def tick():
        switches.form.values = {"readings": next(ticks)}

    benchmark.pedantic(tick, rounds=8, iterations=1, warmup_rounds=2)


WIDGET = """
import time
before = time.perf_counter()
import axislib
shown = axislib.explore()
assert shown.figure is not None
print(time.perf_counter() - before)
"""


def test_first_widget_of_a_fresh_kernel(benchmark):
    """What a kernel does for the first ``explore()``: imports, tables, figure. Aim: 4 s with the
    browser's share, which is about a second."""

    def fresh():
        command = [sys.executable, "-c", WIDGET]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    benchmark.pedantic(fresh, rounds=3, iterations=1)
