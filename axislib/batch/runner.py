"""A plan run: its runs handed out to threads, or to the workers of a dask scheduler; their rows
collected, everything put away at the end, and one site over the finished runs, failures first."""

from __future__ import annotations

import concurrent.futures as futures
import datetime
import itertools
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axislib.batch.manifest import STATUSES, WORK, Manifest, Store, read_rows, row_of, unchanged
from axislib.errors import SeedError
from axislib.files import differing, sha256
from axislib.run.notebook import Executed, one_line, read_executed, run_notebook, threads
from axislib.run.warm import break_off, kernels_at_hand, stopping

if TYPE_CHECKING:
    from axislib.batch.runs import Run

FEW = 3  # from so many runs on, warm kernels are worth their start
START = 60  # seconds to reach a scheduler and to see a worker
LOOK_EVERY = 0.5  # seconds between two looks at whether the user wants to stop
ON_CLUSTER = 1000  # runs that a scheduler has at a time
CELL_TIMEOUT = 600.0  # seconds
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
LONGEST = 500  # characters of an error in the manifest
ENDED = {"error": "", "kernel": "", "figures": [], "tables": [], "facts": [], "output_sha256": ""}
_Submit = Callable[[dict], futures.Future]
_Place = Iterator[tuple[_Submit, int]]  # how a task is submitted there, and how many at a time


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
        ends = reversed(self.counts.items())
        counts = ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in ends if n)
        never = self.total - len(self.rows)
        before = f" ({self.skipped} of them before)" if self.skipped else ""
        rest = f", {never} not started" if never else ""
        total = f"{self.total} run{'s' if self.total > 1 else ''}"
        return f"{total}: {counts or 'none finished'}{before}{rest}"


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
    environment = _environment(workers)
    out = str(Path("runs") / Path(plan_path).stem if out is None else out)
    store = Store(out if "://" in out else str(Path(out).absolute()))
    # first of all: the zygote's imports go on beside these, and while the plan is checked
    with kernels_at_hand(warm=not cold and dask is None, **environment):
        from axislib.batch.runs import read_plan

        plan = read_plan(plan_path)
        runs = [run for run in plan.runs if only is None or run.output in only]
        manifest = Manifest(store, plan.title or Path(plan_path).stem, len(runs))
        how: dict = {"cell_timeout": cell_timeout, "run_timeout": run_timeout}
        how |= {"warm": not cold, "environment": environment}
        with store.taken(resume):
            tasks = _tasks(runs, manifest, resume, how)
            how["warm"] &= dask is not None or len(tasks) >= FEW
            stopped = _go(tasks, manifest, progress, workers, dask)
    skipped = len(runs) - len(tasks)
    return BatchResult(out, len(runs), manifest.ordered(), skipped, stopped, manifest.title)


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
    lines = []
    for row in again.rows:
        if row["status"] != "done":
            lines.append(f"{row['output']}: {row['status']}: {row['error']}")
            continue
        for kind in ("figures", "tables"):
            pair = (done[row["output"]][kind], row[kind])
            was, now = ({part["name"]: part["hash"] for part in parts} for parts in pair)
            lines += [f"{row['output']}, {kind}: {line}" for line in differing(was, now)]
    return lines


def _environment(workers: int) -> dict[str, str]:
    """What kernels find beside what a worker has: their share of the processors for linear algebra,
    unless the user has set that, and where the reader's own texts are."""
    if workers < 1:
        raise SeedError(f"--workers {workers}: at least one worker is needed")
    each = str(max(1, (os.cpu_count() or 1) // workers))
    found = {name: each for name in THREADS if name not in os.environ}
    places = os.environ.get("AXISLIB_TEXTS", "").split(os.pathsep)
    if texts := os.pathsep.join(os.path.abspath(name) for name in places if name):
        found["AXISLIB_TEXTS"] = texts
    return found


def _tasks(runs: list[Run], manifest: Manifest, resume: bool, how: dict) -> list[dict]:
    """What is to be done, as plain values; what is done and unchanged goes into the manifest."""
    store, tasks, hashes = manifest.store, [], {}
    earlier = read_rows(store) if resume else {}
    for run in runs:
        row = row_of(run, hashes)
        if unchanged(earlier.get(run.output), row, store):
            manifest.add({**earlier[run.output], **row}, keep=False)
            continue
        task = {"row": row, "source": str(run.contract.path), "store": store, "how": how}
        tasks.append({**task, "in_sight": [str(Path(name).absolute()) for name in _in_sight(run)]})
    return tasks


def _in_sight(run: Run) -> Iterator[str]:
    """What a run finds in its own folder though it lies elsewhere: seeds, named files."""
    here = Path.cwd()
    near = [place for place in (here, *list(here.parents)[:2]) if (place / "seeds").is_dir()]
    yield from (str(place / "seeds") for place in near[:1])
    values = (value if isinstance(value, list) else [value] for value in run.parameters.values())
    for word in (word for several in values for word in several if isinstance(word, str)):
        first = "".join(Path(word).parts[:1])  # of a relative path that a word may be
        with suppress(OSError, ValueError):  # no path by any means
            if first not in ("", "..", "/", "~", Path(word).anchor) and Path(first).exists():
                yield first


def _go(tasks: list[dict], manifest: Manifest, shown: bool, workers: int, dask: Any) -> bool:
    """Run the tasks, with a bar; name each failure at once. Returns whether it was broken off."""
    from tqdm import tqdm

    number, hidden = itertools.count(1), None if shown else True  # None: unless it is a terminal
    how = {"unit": "run", "dynamic_ncols": True, "disable": hidden}
    bar = tqdm(total=manifest.total, initial=len(manifest.rows), **how)

    def say(line: str) -> None:
        if shown:
            bar.write(line, file=sys.stderr)

    asked = threading.Event()
    here = dask is None or not tasks
    place = _here(asked, say, workers) if here else _elsewhere(asked, say, dask)
    with manifest, bar, place as (submit, most):
        for row in _rows(tasks, submit, most, asked):
            manifest.add(row)
            if row["status"] != "done":
                say(f"{row['status'].replace('_', ' ')}: {row['output']}: {row['error']}")
                bar.set_postfix_str(f"{next(number)} failed", refresh=False)
            bar.update()
    return asked.is_set()


def _rows(tasks: list[dict], submit: _Submit, most: int, asked: threading.Event) -> Iterator[dict]:
    """The tasks' rows as they come; no new tasks are submitted once ``asked`` to stop."""
    waiting, at_work = iter(tasks), {}
    while True:
        while not asked.is_set() and len(at_work) < most and (task := next(waiting, None)):
            at_work[submit(task)] = task["row"]
        if not at_work:
            return
        first = futures.FIRST_COMPLETED
        for future in futures.wait(at_work, timeout=LOOK_EVERY, return_when=first).done:
            row, words = at_work.pop(future), "RuntimeError: it was taken back"
            error = None if future.cancelled() else future.exception()
            if error is not None:
                killed = type(error).__name__ == "KilledWorker"
                words = "three workers died while they ran it" if killed else explain(error)
            end = {**ENDED, "error": words, "started": "", "duration_seconds": 0.0}
            lost = error is not None or future.cancelled()
            yield {**row, **end, "status": "failed"} if lost else future.result()


@contextmanager
def _here(asked: threading.Event, say: Callable[[str], None], workers: int) -> _Place:
    """This machine's threads. Ctrl-C once: no new runs. Twice, or SIGTERM: all are broken off."""

    def stop(number: int, frame: Any) -> None:
        if asked.is_set() or number != signal.SIGINT:
            break_off()
        else:
            say("Stopping: the runs at work finish first. Ctrl-C again breaks them off.")
        asked.set()

    main = threading.current_thread() is threading.main_thread()  # only that one can be asked
    numbers = (signal.SIGINT, signal.SIGTERM) if main else ()
    before = {number: signal.signal(number, stop) for number in numbers}
    turns = threading.BoundedSemaphore(workers)
    try:
        # one thread more: a kernel starts and a notebook is written while others' cells run
        with threads(workers + 1) as pool:
            yield lambda task: pool.submit(execute_run, task, turns), workers + 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _elsewhere(asked: threading.Event, say: Callable[[str], None], address: Any) -> _Place:
    """The workers of the scheduler at ``address``, likewise. Ctrl-C ends at once.
    A run that kills three workers has failed. SeedError without dask, or if nobody answers."""
    try:
        from distributed import Client
    except ImportError:
        wrong = "--dask needs the package distributed: pip install 'axislib[dask]'"
        raise SeedError(wrong) from None
    try:
        client = Client(address, timeout=START, set_as_default=False)
        client.wait_for_workers(1, timeout=START)
    except (OSError, ValueError, TimeoutError) as error:
        raise SeedError(
            f"--dask {address}: no scheduler with a worker answers there ({type(error).__name__});"
            " start one with: dask scheduler, and: dask worker ADDRESS --nthreads 1"
        ) from None
    with client:
        pool = client.get_executor(pure=False)
        try:
            yield partial(pool.submit, execute_run), ON_CLUSTER
        except KeyboardInterrupt:
            say("Stopping: the runs at work on the cluster end there, and are not recorded.")
            asked.set()
            pool.shutdown(wait=False)


def execute_run(task: dict[str, Any], turns: Any = None) -> dict[str, Any]:
    """Run one notebook and put it where it belongs; returns its row of the manifest.

    ``task`` is what ``_tasks`` made; ``turns`` are held while cells run. Nothing is raised: the row
    has the ``status`` (done, failed, timed_out, cancelled) and the ``error``.
    """
    began, waited, store = time.monotonic(), 0.0, task["store"]
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    row = {**task["row"], "status": "failed", **ENDED, "started": started}
    home = store.folder / WORK if store.folder else Path(tempfile.gettempdir())
    place = home / uuid.uuid4().hex[:12]
    where = {"folder": place / "files", "labels": (row["notebook"], row["output"]), "turns": turns}
    try:
        links = _linked(place / "files", task["in_sight"])
        how = {**task["how"], "environment": {**os.environ, **task["how"]["environment"]}}
        run = run_notebook(task["source"], row["parameters"], **where, **how)
        waited, row["kernel"] = run.waited, run.kernel
        row["status"], row["error"] = run.status, one_line(run.cause, LONGEST)
        if stopping.is_set() and run.cause:
            row["status"], row["error"] = "cancelled", "the batch was stopped"
        elif run.kernel:
            _keep(store, run.notebook, row)
            _keep_files(store, place / "files", links, row)
    except Exception as error:  # a full or read-only disk, mostly: the run's own trouble
        row["status"], row["error"] = "failed", explain(error)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    row["duration_seconds"] = round(time.monotonic() - began - waited, 3)
    return row


def _linked(folder: Path, origins: list[str]) -> list[Path]:
    """A folder for one run alone, with links to what it is to find there; returns the links."""
    folder.mkdir(parents=True)
    links = {folder / Path(origin).name: Path(origin) for origin in origins}
    for link, origin in links.items():
        try:
            link.symlink_to(origin.resolve(), target_is_directory=origin.is_dir())
        except OSError:  # Windows without the right to link
            (shutil.copytree if origin.is_dir() else shutil.copyfile)(origin, link)
    return list(links)


def _keep(store: Store, notebook: Any, row: dict) -> None:
    """Write the notebook; where the disk is full, at least its cells and how far it came."""
    import nbformat

    from axislib.batch.outputs import shown

    text, found = nbformat.v4.writes(notebook), shown(notebook)
    figures, tables = found.figures, found.tables
    row["figures"] = [{"name": p.name, "hash": p.hash, "marks": len(p.marks)} for p in figures]
    row["tables"] = [{"name": p.name, "hash": p.hash, "rows": len(p.rows) - 1} for p in tables]
    row["facts"] = sorted(found.facts)
    try:
        store.write(row["output"], text)
    except Exception as error:
        row["status"], row["error"] = "failed", explain(error)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        notebook.metadata.papermill["exception"] = True
        text = nbformat.v4.writes(notebook)
        with suppress(Exception):
            store.write(row["output"], text)
    row["output_sha256"] = sha256(text)


def _keep_files(store: Store, files: Path, links: list[Path], row: dict) -> None:
    """Move what the run wrote into ``<name>_files`` beside its notebook."""
    for link in links:
        if link.is_dir() and not link.is_symlink():
            shutil.rmtree(link)
        else:
            link.unlink(missing_ok=True)
    if store.folder is not None:
        target = store.folder / f"{row['output'].removesuffix('.ipynb')}_files"
        shutil.rmtree(target, ignore_errors=True)
        if any(files.iterdir()):
            os.replace(files, target)


def explain(error: BaseException) -> str:
    """An error in words, without this machine's paths."""
    if isinstance(error, OSError) and error.strerror:
        return f"its notebook could not be written: {error.strerror}"
    return one_line(f"{type(error).__name__}: {error}", LONGEST)


def write_batch_site(folder: str | Path, rows: list[dict], title: str = "") -> list[Path]:
    """Write ``site/`` into a batch's folder, one for each seed; returns their ``index.html``.
    ``rows`` are the manifest's, ``title`` is the site's. Runs without a seed are left out."""
    from axislib.batch.runs import slug
    from axislib.report.build import write_site

    folder, by_seed, pages = Path(folder), {}, []
    for row in rows:
        if row["seed"] and (folder / row["output"]).is_file():
            by_seed.setdefault(row["seed"], []).append(row)
    for seed, own in by_seed.items():
        out = folder / ("site" if len(by_seed) == 1 else f"site-{slug(seed)}")
        pages.append(write_site(_executed(folder, own), seed, out, title=title))
    return pages


def _executed(folder: Path, rows: list[dict]) -> Iterator[Executed]:
    """The finished notebooks, each with a name and the parameters that set it apart from others."""
    labels = [row["output"].removesuffix(".ipynb") for row in rows]
    often = Counter(label.replace("/", "-") for label in labels)
    for row, label in zip(rows, labels, strict=True):
        name = label.replace("/", "-")
        name += f"-{row['number']}" * (often[name] > 1)
        others = [other["parameters"] for other in rows if other["notebook"] == row["notebook"]]
        apart = {
            name: value
            for name, value in row["parameters"].items()
            if any(name not in other or other[name] != value for other in others)
        }
        executed = read_executed(folder / row["output"], name, row["parameters"])
        yield replace(executed, label=label, apart=apart)
