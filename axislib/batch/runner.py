"""A plan run: its runs handed out to threads, or to the workers of a dask scheduler; their rows
collected, everything put away at the end, and one site over the finished runs, failures first."""

from __future__ import annotations

import concurrent.futures as futures
import json
import os
import queue
import signal
import sys
import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axislib.batch.manifest import STATUSES, Manifest, Store, read_rows
from axislib.errors import SeedError
from axislib.files import differing
from axislib.run.notebook import Executed, read_executed, threads
from axislib.run.warm import answered, break_off, kernels_at_hand

if TYPE_CHECKING:
    from axislib.batch.runs import Run

FEW = 3  # from so many runs on, warm kernels are worth their start
START = 60  # seconds to reach a scheduler and to see a worker
LOOK_EVERY = 0.5  # seconds between two looks at whether the user wants to stop
CELL_TIMEOUT = 600.0  # seconds
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass
class BatchResult:
    """How a batch ended: where its manifest is, a row for each run, and what was skipped.

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
        before = f" ({self.skipped} of them before)" if self.skipped else ""
        rest = f", {never} not started" if never else ""
        total = f"{self.total} run{'s' if self.total > 1 else ''}"
        return f"{total}: {counts or 'none finished'}{before}{rest}"


class Progress:
    """How far a batch is: a bar with the time left, or plain lines without a terminal."""

    def __init__(self, total: int, already: int, shown: bool) -> None:
        from tqdm import tqdm

        self.failures, self.shown = 0, shown
        hidden = None if shown else True  # None: unless there is a terminal
        how = {"unit": "run", "dynamic_ncols": True, "disable": hidden}
        self.bar = tqdm(total=total, initial=already, **how)

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
    """What kernels find in their environment; elsewhere only what differs from this machine's."""
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
    """Run the tasks; each row goes to the manifest. Returns whether the batch was broken off."""
    bar = Progress(manifest.total, len(manifest.rows), shown)

    def take(row: dict) -> None:
        manifest.add(row)
        bar.add(row)

    with manifest, bar.bar:
        if dask is None or not tasks:
            return _in_threads(tasks, take, workers, bar.say)
        return _on_cluster(tasks, take, dask, bar.say)


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


# --- on a cluster


def _on_cluster(
    tasks: list[dict], take: Callable[[dict], Any], address: Any, say: Callable[[str], None]
) -> bool:
    """Run the tasks on the scheduler at ``address`` (or a ``Client``); whether broken off.

    A worker that dies passes its run to another; a run that kills three workers has failed. Raises
    SeedError without dask, or if nobody answers at the address.
    """
    asked, ended = threading.Event(), queue.SimpleQueue()
    stem, waiting = f"run-{os.getpid()}-{uuid.uuid4().hex[:8]}", {}
    with _client(address) as client, answered((signal.SIGINT,), lambda _: asked.set()):
        for task in tasks:
            key = f"{stem}-{task['row']['number']}"
            future = client.submit(run_here, task, pure=False, key=key)
            waiting[key] = task
            future.add_done_callback(ended.put)
        while waiting and not asked.is_set():
            with suppress(queue.Empty):
                future = ended.get(timeout=LOOK_EVERY)
                take(_row(future, waiting.pop(future.key)))
                future.release()
        if asked.is_set():
            say("Stopping: the runs at work on the cluster end there, and are not recorded.")
            client.cancel(list(waiting), force=True)
    return asked.is_set()


@contextmanager
def _client(address: Any) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise SeedError(
            "--dask needs the package distributed: pip install 'axislib[dask]'"
        ) from None
    given = isinstance(address, Client)
    try:
        client = address if given else Client(address, timeout=START, set_as_default=False)
        client.wait_for_workers(1, timeout=START)
    except (OSError, ValueError, TimeoutError) as error:
        raise SeedError(
            f"--dask {address}: no scheduler with a worker answers there ({type(error).__name__});"
            " start one with: dask scheduler, and: dask worker ADDRESS --nthreads 1"
        ) from None
    try:
        yield client
    finally:
        if not given:
            client.close()


def _row(future: Any, task: dict) -> dict:
    from axislib.batch.tasks import ENDED, explain

    if future.status == "finished":
        return future.result()
    words = "RuntimeError: it was taken back"
    if future.status == "error":
        error = future.exception()
        killed = type(error).__name__ == "KilledWorker"
        words = "three workers died while they ran it" if killed else explain(error)
    end = {**ENDED, "status": "failed", "error": words, "started": "", "duration_seconds": 0.0}
    return {**task["row"], **end}


def run_here(task: dict) -> dict:
    """``execute_run`` in a worker's environment; a worker's first run starts its zygote."""
    from axislib.batch.tasks import execute_run

    return execute_run({**task, "environment": {**os.environ, **task["environment"]}})


# --- the site over its runs


def write_batch_site(folder: str | Path, rows: list[dict], title: str = "") -> list[Path]:
    """Write ``site/`` into a batch's folder, one for each seed; returns their ``index.html``.

    ``rows`` are the manifest's; ``title`` is the plan's, from the manifest if not given. Runs of
    notebooks without a seed are left out: the site shows statements with their sentences.
    """
    from axislib.batch.runs import slug
    from axislib.report.build import write_site

    folder = Path(folder)
    manifest = folder / "manifest.json"
    if not title and manifest.is_file():
        title = json.loads(manifest.read_text(encoding="utf-8")).get("title", "")
    by_seed: dict[str, list[dict]] = {}
    for row in rows:
        if row["seed"] and (folder / row["output"]).is_file():
            by_seed.setdefault(row["seed"], []).append(row)
    pages = []
    for seed, own in by_seed.items():
        out = folder / ("site" if len(by_seed) == 1 else f"site-{slug(seed)}")
        pages.append(write_site(_executed(folder, own), seed, out, title=title))
    return pages


def _executed(folder: Path, rows: list[dict]) -> Iterator[Executed]:
    """The finished notebooks of these rows, each under a name of its own."""
    labels = [row["output"].removesuffix(".ipynb") for row in rows]
    often = Counter(label.replace("/", "-") for label in labels)
    for row, label in zip(rows, labels, strict=True):
        name = label.replace("/", "-")
        name += f"-{row['number']}" * (often[name] > 1)
        executed = read_executed(folder / row["output"], name, row["parameters"])
        yield replace(executed, label=label, apart=_apart(row, rows))


def _apart(row: Mapping, rows: list[dict]) -> dict:
    """The parameters of a run that other runs of its notebook have otherwise, or not at all."""
    others = [other["parameters"] for other in rows if other["notebook"] == row["notebook"]]
    return {
        name: value
        for name, value in row["parameters"].items()
        if any(name not in other or other[name] != value for other in others)
    }
