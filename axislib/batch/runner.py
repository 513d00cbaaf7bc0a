"""A plan run: its runs handed out to workers, their rows collected, and everything put away at the
end."""

from __future__ import annotations

import concurrent.futures as futures
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axislib.batch.manifest import STATUSES, Manifest, Store, read_rows
from axislib.errors import SeedError
from axislib.files import differing
from axislib.run.notebook import threads
from axislib.run.warm import answered, break_off, kernels_at_hand

if TYPE_CHECKING:
    from axislib.batch.runs import Run

FEW = 3  # from so many runs on, warm kernels are worth their start
LOOK_EVERY = 0.5  # seconds between two looks at whether the user wants to stop
CELL_TIMEOUT = 600.0  # seconds
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass
class BatchResult:
    """How a batch ended: where its manifest is, one row a run, and what was skipped.

    ``ok`` is true if every run of the plan is done. ``stopped`` says that it was broken off.
    """

    folder: str
    total: int
    rows: list[dict] = field(repr=False)
    skipped: int = 0
    stopped: bool = False
    title: str = ""

    @property
    def manifest(self) -> Path:
        """The manifest as CSV; the JSON lies beside it."""
        return Path(self.folder) / "manifest.csv"

    @property
    def counts(self) -> dict[str, int]:
        """How many runs ended how."""
        return {status: sum(row["status"] == status for row in self.rows) for status in STATUSES}

    @property
    def ok(self) -> bool:
        """Whether every run of the plan is done."""
        return not self.stopped and self.counts["done"] == self.total

    def __str__(self) -> str:
        ends = [(number, status.replace("_", " ")) for status, number in self.counts.items()]
        counts = ", ".join(f"{number} {end}" for number, end in reversed(ends) if number)
        never = self.total - len(self.rows)
        return (
            f"{self.total} run{'s' if self.total > 1 else ''}: {counts or 'none finished'}"
            + (f" ({self.skipped} of them before)" if self.skipped else "")
            + (f", {never} not started" if never else "")
        )


class Progress:
    """How far a batch is: a bar with the time left and the failures, or plain lines where there is
    no terminal."""

    def __init__(self, total: int, already: int, shown: bool) -> None:
        from tqdm import tqdm

        self.failures, self.shown = 0, shown
        hidden = None if shown else True  # None: unless there is a terminal
        self.bar = tqdm(
            total=total, initial=already, unit="run", dynamic_ncols=True, disable=hidden
        )

    def add(self, row: dict) -> None:
        """Count a finished run; a failed one is named at once."""
        if row["status"] != "done":
            self.failures += 1
            self.say(f"{row['status'].replace('_', ' ')}: {row['output']}: {row['error']}")
            self.bar.set_postfix_str(f"{self.failures} failed", refresh=False)
        self.bar.update()

    def say(self, line: str) -> None:
        """Print a line without tearing the bar."""
        if self.shown:
            self.bar.write(line, file=sys.stderr)


def run_batch(
    plan_path: str | Path,
    out: str | Path | None = None,
    workers: int = 2,
    cold: bool = False,
    resume: bool = False,
    cell_timeout: float | None = CELL_TIMEOUT,
    run_timeout: float | None = None,
    dask: Any = None,
    progress: bool = True,
    only: Collection[str] | None = None,
) -> BatchResult:
    """Run every run of a plan, each in a fresh kernel of its own.

    Finished notebooks go to ``out`` (``runs/`` and the plan's name if None; a folder or an address
    of papermill's), with ``manifest.csv`` and ``manifest.json``. ``resume`` skips what is done and
    unchanged there. ``cold`` forces ordinary kernels. Timeouts are in seconds. ``dask`` is the
    address of a scheduler; its workers take one run at a time, and must all see ``out``. ``only``
    names the outputs to be made. Returns a ``BatchResult``; a run that fails is a row there, never
    an exception. Raises ``PlanError`` for a plan with mistakes and ``SeedError`` for a folder that
    cannot be used, before anything runs. Ctrl-C lets runs finish; a second one breaks them off.
    """
    if workers < 1:
        raise SeedError(f"--workers {workers}: at least one worker is needed")
    out = str(Path("runs") / Path(plan_path).stem if out is None else out)
    store = Store(out if "://" in out else str(Path(out).absolute()))
    # first of all: the zygote's imports go on beside these, and while the plan is checked
    with kernels_at_hand(warm=not cold and dask is None, **_spread(workers)):
        from axislib.batch import expand_plan, read_plan

        plan = read_plan(plan_path)
        runs = [run for run in expand_plan(plan) if only is None or run.output in only]
        manifest = Manifest(store, plan.title or Path(plan_path).stem, len(runs))
        kernels = _environment(workers, elsewhere=dask is not None)
        how = {"warm": not cold, "cell_timeout": cell_timeout, "run_timeout": run_timeout}
        with store.taken(resume):
            tasks = _tasks(runs, manifest, resume, environment=kernels, **how)
            stopped = _go(tasks, manifest, progress, workers, dask)
    skipped = len(runs) - len(tasks)
    return BatchResult(out, len(runs), manifest.ordered(), skipped, stopped, plan.title)


def prove(plan_path: str | Path, result: BatchResult, number: int, **how: Any) -> list[str]:
    """What differs when up to ``number`` finished runs of a batch, spread over the plan, are run
    again in cold kernels, a line a figure or table; none if all are as they were.

    ``how`` goes to ``run_batch``: ``workers`` and the time limits.
    """
    done = {row["output"]: row for row in result.rows if row["status"] == "done"}
    names = sorted(done, key=lambda name: done[name]["number"])
    number = min(number, len(names))
    only = {names[place * len(names) // number] for place in range(number)}
    with tempfile.TemporaryDirectory(prefix="axislib-prove-") as scratch:
        again = run_batch(plan_path, scratch, cold=True, progress=False, only=only, **how)
    return [line for row in again.rows for line in _parted(done[row["output"]], row)]


def _parted(warm: dict, cold: dict) -> list[str]:
    if cold["status"] != "done":
        return [f"{cold['output']}: {cold['status']}: {cold['error']}"]
    lines = []
    for kind in ("figures", "tables"):
        was, now = ({part["name"]: part["hash"] for part in row[kind]} for row in (warm, cold))
        lines += [f"{cold['output']}, {kind}: {line}" for line in differing(was, now)]
    return lines


def _environment(workers: int, elsewhere: bool) -> dict[str, str]:
    """What kernels find in their environment; for a worker on another machine only what differs
    from its own."""
    places = os.environ.get("AXISLIB_TEXTS", "").split(os.pathsep)
    texts = os.pathsep.join(os.path.abspath(name) for name in places if name)
    return {
        **({} if elsewhere else os.environ),
        **_spread(workers),
        **({"AXISLIB_TEXTS": texts} if texts else {}),
    }


def _spread(workers: int) -> dict[str, str]:
    """The processors shared out among the workers' linear algebra, unless the user has done so."""
    each = str(max(1, (os.cpu_count() or 1) // workers))
    return {name: each for name in THREADS if name not in os.environ}


def _tasks(runs: list[Run], manifest: Manifest, resume: bool, **more: Any) -> list[dict]:
    """What is to be done; runs that are done and unchanged go into the manifest as they are."""
    from axislib.batch.tasks import row_of, task_of, unchanged

    store = manifest.store
    earlier = read_rows(store) if resume else {}
    tasks, hashes = [], {}
    for run in runs:
        row = row_of(run, hashes)
        if unchanged(earlier.get(run.output), row, store):
            manifest.add({**earlier[run.output], **row}, keep=False)
        else:
            tasks.append(task_of(run, row, store, **more))
    return tasks


def _go(tasks: list[dict], manifest: Manifest, shown: bool, workers: int, dask: Any) -> bool:
    """Run the tasks; each row goes to the manifest as it comes. Returns whether the batch was
    broken off."""
    bar = Progress(manifest.total, len(manifest.rows), shown)

    def take(row: dict) -> None:
        manifest.add(row)
        bar.add(row)

    with manifest, bar.bar:
        if dask is None or not tasks:
            return _in_threads(tasks, take, workers, bar.say)
        from axislib.batch.cluster import go

        return go(tasks, take, dask, bar.say)


def _in_threads(
    tasks: list[dict], take: Callable[[dict], Any], workers: int, say: Callable[[str], None]
) -> bool:
    from axislib.batch.tasks import execute_run

    if len(tasks) < FEW:
        tasks = [{**task, "warm": False} for task in tasks]
    turns = threading.BoundedSemaphore(workers)
    # one thread more: a kernel starts and a notebook is written while others' cells run
    with threads(workers + 1) as pool, _asked_to_stop(say) as asked:
        waiting, at_work = iter(tasks), set()
        while True:
            while not asked.is_set() and len(at_work) <= workers and (task := next(waiting, None)):
                at_work.add(pool.submit(execute_run, task, turns))
            if not at_work:
                return asked.is_set()
            first = futures.FIRST_COMPLETED
            ended, at_work = futures.wait(at_work, timeout=LOOK_EVERY, return_when=first)
            for future in ended:
                take(future.result())


@contextmanager
def _asked_to_stop(say: Callable[[str], None]) -> Iterator[threading.Event]:
    """Ctrl-C once: no new runs. Twice, or SIGTERM: the runs at work are broken off as well."""
    asked = threading.Event()

    def stop(number: int) -> None:
        if asked.is_set() or number != signal.SIGINT:
            break_off()
        else:
            say("Stopping: the runs at work finish first. Ctrl-C again breaks them off.")
        asked.set()

    with answered((signal.SIGINT, signal.SIGTERM), stop):
        yield asked
