"""The batch runner against papermill's own ways, and against the notebooks' code as a plain
function.

Rates, for what is compared are different numbers of runs; all in one session, on this machine,
which may have other work. Nothing is asserted but that all runs end well. Memory is the
proportional set size of the whole family of processes: pages shared by forked kernels count once.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

HERE = Path(__file__).parent
BASELINE = 8  # runs of each baseline
RUNS = 100

LOOP = """
import json, sys
import papermill
for number, parameters in enumerate(json.loads(sys.argv[2])):
    output = f"{sys.argv[3]}/{number}.ipynb"
    papermill.execute_notebook(sys.argv[1], output, parameters, progress_bar=False)
"""
FLOOR = """
import ast, json, sys, time
cells = json.load(open(sys.argv[1]))["cells"]
cells = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
def halves(source):
    body = ast.parse(source)
    last = ast.Expression(body.body.pop().value) if isinstance(body.body[-1], ast.Expr) else None
    return compile(body, "cell", "exec"), last and compile(last, "cell", "eval")
pairs = [halves(source) for source in cells]
def run(parameters):
    names, shown = {}, []
    for number, (body, last) in enumerate(pairs):
        exec(body, names)
        if number == 0:
            names.update(parameters)
        if last is not None:
            value = eval(last, names)
            figure = hasattr(value, "to_plotly_json")
            shown.append(value.to_plotly_json() if figure else [repr(value), value._repr_html_()])
    return len(json.dumps(shown, default=lambda array: array.tolist()))
sets = json.loads(sys.argv[2])
run(sets[0])
print("ready", flush=True)
sys.stdin.readline()
began = time.perf_counter()
for parameters in sets:
    run(parameters)
print(time.perf_counter() - began)
"""


class Memory(threading.Thread):
    """The most memory a process and its descendants had together, in MB, looked at once a second:
    looking costs time too."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(1):
            try:
                own = psutil.Process(self.pid)
                family = [own, *own.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            total = 0
            for process in family:
                try:
                    total += process.memory_full_info().pss
                except (psutil.Error, AttributeError):
                    continue
            self.peak = max(self.peak, total / 1e6)


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds and peak memory of a command."""
    began = time.perf_counter()
    with open(folder / "said.txt", "w") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        watch = Memory(process.pid)
        watch.start()
        code = process.wait()
    watch.over.set()
    assert code == 0, (folder / "said.txt").read_text()[-2000:]
    return time.perf_counter() - began, watch.peak


def batch(
    folder: Path, name: str, plan: str, workers: int = 2, way: str = "warm"
) -> tuple[float, float]:
    path = folder / f"{name}.yaml"
    path.write_text(plan, encoding="utf-8")
    return timed(
        [
            str(Path(sys.executable).with_name("axislib")),
            "batch",
            str(path),
            "--out",
            str(folder / name),
            "--workers",
            str(workers),
            "--no-site",
            "--no-progress",
            *(["--cold"] if way == "cold" else []),
        ],
        folder,
    )


def plan_of(notebook: str, sets: list[dict]) -> str:
    return f"notebooks: [{notebook}]\noutput: 'n{{number}}.ipynb'\nruns:\n" + "".join(
        f"  - {json.dumps({'parameters': one})}\n" for one in sets
    )


def baselines(
    folder: Path, notebook: Path, sets: list[dict]
) -> dict[str, tuple[int, float, float]]:
    """papermill on the command line, run after run; and one process looping over
    ``papermill.execute_notebook``."""
    found = {}
    seconds = peak = 0.0
    for number, parameters in enumerate(sets[:BASELINE]):
        given = [
            part for name, value in parameters.items() for part in ("-y", json.dumps({name: value}))
        ]
        took, most = timed(
            [
                sys.executable,
                "-m",
                "papermill",
                str(notebook),
                str(folder / f"cli{number}.ipynb"),
                "--no-progress-bar",
                *given,
            ],
            folder,
        )
        seconds, peak = seconds + took, max(peak, most)
    found["papermill on the command line, one by one"] = (BASELINE, seconds, peak)
    found["a loop over papermill.execute_notebook"] = (
        BASELINE,
        *timed(
            [sys.executable, "-c", LOOP, str(notebook), json.dumps(sets[:BASELINE]), str(folder)],
            folder,
        ),
    )
    return found


def floor(notebook: Path, sets: list[dict], processes: int) -> float:
    """Runs a minute of the notebook's code as a plain warm function, in this many processes."""
    parts = [sets[n::processes] for n in range(processes)]
    own = [
        subprocess.Popen(
            [sys.executable, "-c", FLOOR, str(notebook), json.dumps(part)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        for part in parts
    ]
    for process in own:
        assert process.stdout.readline() == "ready\n"
    for process in own:
        process.stdin.write("\n")
        process.stdin.flush()
    took = max(float(process.stdout.readline()) for process in own)
    for process in own:
        process.communicate()
    return 60 * len(sets) / took


def show(
    capsys, title: str, rows: dict[str, tuple[int, float, float]], more: list[str] = ()
) -> None:
    """A table: runs, seconds, runs a minute, times the first and the second row, peak memory."""
    rates = {name: 60 * runs / seconds for name, (runs, seconds, _) in rows.items()}
    first, second = list(rates.values())[:2]
    lines = [
        f"\n{title}",
        f"{'':44}{'runs':>6}{'s':>8}{'a minute':>10}{'x CLI':>8}{'x loop':>8}{'MB':>7}",
    ]
    for name, (runs, seconds, peak) in rows.items():
        lines.append(
            f"{name:44}{runs:6}{seconds:8.1f}{rates[name]:10.1f}{rates[name] / first:8.1f}"
            f"{rates[name] / second:8.1f}{peak:7.0f}"
        )
    with capsys.disabled():
        print("\n".join([*lines, *more]))


def timeline_sets(count: int) -> list[dict]:
    actors = [[], ["RUS"], ["PRK"], ["CHN"], ["IRN"]]
    speakers = [[], ["kragh"], ["kragh", "editors"], ["kragh", "putin"]]
    sets = [
        {"lanes": lanes, "actors": a, "speakers": s, "show_undated": u}
        for s in speakers
        for a in actors
        for u in (True, False)
        for lanes in ("coalition", "kind", "speaker")
    ]
    return (sets * (count // len(sets) + 1))[:count]


@pytest.fixture(scope="module")
def heavy_sets() -> list[dict]:
    return [{"draw": number} for number in range(RUNS)]


def test_a_real_notebook(tmp_path: Path, capsys):
    """100 runs of 2-timeline on two workers against baselines of eight runs each."""
    from axislib.notebook.lab import notebooks_folder

    notebook, sets = notebooks_folder() / "2-timeline.ipynb", timeline_sets(RUNS)
    rows = baselines(tmp_path, notebook, sets)
    rows["axislib batch --cold, 2 workers"] = (
        BASELINE * 2,
        *batch(tmp_path, "cold", plan_of("2-timeline", sets[: BASELINE * 2]), way="cold"),
    )
    rows["axislib batch, 2 workers, 10 runs"] = (
        10,
        *batch(tmp_path, "ten", plan_of("2-timeline", sets[:10])),
    )
    rows["axislib batch, 2 workers"] = (RUNS, *batch(tmp_path, "warm", plan_of("2-timeline", sets)))
    growth = (
        rows["axislib batch, 2 workers"][1] - rows["axislib batch, 2 workers, 10 runs"][1]
    ) / 90
    show(
        capsys,
        "2-timeline.ipynb",
        rows,
        [f"each run more costs {1000 * growth:.0f} ms; asked for: 20 x CLI, 11 x loop"],
    )
    assert len(list((tmp_path / "warm").glob("*.ipynb"))) == RUNS


def test_a_heavy_notebook(tmp_path: Path, heavy_sets: list[dict], capsys):
    """100 runs of heavy.ipynb: 300,000 rows, three figures, two tables; shares of its code as a
    plain function."""
    notebook = HERE / "heavy.ipynb"
    rows = baselines(tmp_path, notebook, heavy_sets)
    before = [floor(notebook, heavy_sets[:40], processes) for processes in (1, 2)]
    ours = {
        f"axislib batch, {workers} workers": (
            RUNS,
            *batch(tmp_path, f"warm{workers}", plan_of(str(notebook), heavy_sets), workers),
        )
        for workers in (2, 3)
    }  # three: while a cell's answer is on its way, another's cells run
    rows |= ours
    after = [floor(notebook, heavy_sets[:40], processes) for processes in (1, 2)]
    floors = [
        statistics.mean(pair) for pair in zip(before, after, strict=True)
    ]  # before and after, for the machine may be shared
    shares = [
        f"{name}: {6000 * RUNS / seconds / floors[0]:.1f} % of one process,"
        f" {6000 * RUNS / seconds / floors[1]:.1f} % of two"
        for name, (_, seconds, _) in ours.items()
    ]
    show(
        capsys,
        "heavy.ipynb",
        rows,
        [
            (
                f"the code as a plain function: {floors[0]:.0f} a minute in one process,"
                f" {floors[1]:.0f} in two"
            ),
            "share of the floor (a prototype: 77 % and 43 %)",
            *shares,
        ],
    )


@pytest.mark.long
def test_a_thousand_runs(tmp_path: Path, capsys):
    """Time grows with the number of runs, memory does not."""
    rows = {}
    for count in (10, 100, 1000):
        rows[f"{count} runs"] = (
            count,
            *batch(tmp_path, f"of{count}", plan_of("2-timeline", timeline_sets(count))),
        )
    show(capsys, "2-timeline.ipynb, growth", rows)
    per_run = [
        (rows["100 runs"][1] - rows["10 runs"][1]) / 90,
        (rows["1000 runs"][1] - rows["100 runs"][1]) / 900,
    ]
    assert per_run[1] < 2 * per_run[0] and rows["1000 runs"][2] < 2 * rows["100 runs"][2]
