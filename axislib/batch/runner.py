"""A plan run: its runs handed out to workers, their rows collected, and everything put away at the
end."""

from __future__ import annotations

import concurrent.futures as futures
import contextlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axislib.batch import execute
from axislib.batch.lock import locked
from axislib.batch.manifest import STATUSES, Manifest, read_rows
from axislib.batch.progress import Progress
from axislib.batch.store import Store
from axislib.errors import SeedError
from axislib.run.sockets import drop_socket_folder, sweep

FEW = 3  # from so many runs on, warm kernels are worth their start


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
        counts = ", ".join(
            f"{number} {status.replace('_', ' ')}"
            for status, number in reversed(self.counts.items())
            if number
        )
        never = self.total - len(self.rows)
        return (
            f"{self.total} run{'s' if self.total > 1 else ''}: {counts or 'none finished'}"
            + (f" ({self.skipped} of them before)" if self.skipped else "")
            + (f", {never} not started" if never else "")
        )


def run_batch(
    plan_path: str | Path,
    out: str | Path | None = None,
    workers: int = 2,
    cold: bool = False,
    resume: bool = False,
    cell_timeout: float | None = 600,
    run_timeout: float | None = None,
    dask: Any = None,
    progress: bool = True,
) -> BatchResult:
    """Run every run of a plan, each in a fresh kernel of its own.

    Finished notebooks go to ``out`` (``runs/`` and the plan's name if not given; a folder or an
    address papermill can write to), with ``manifest.csv`` and ``manifest.json``. ``resume`` skips
    what is done and unchanged there. ``cold`` forces ordinary kernels. Timeouts are in seconds.
    ``dask`` is the address of a scheduler; the runs then go to its workers, one at a time each, and
    ``out`` has to be a place all of them see. Returns a ``BatchResult``; a run that fails is a row
    there, never an exception. Raises ``PlanError`` for a plan with mistakes and ``SeedError`` for a
    folder that cannot be used, both before anything runs. The first Ctrl-C lets the runs at work
    finish, the second breaks them off.
    """
    if workers < 1:
        raise SeedError(f"--workers {workers}: at least one worker is needed")
    out = str(out if out is not None else Path("runs") / Path(plan_path).stem)
    store = Store(out if "://" in out else str(Path(out).absolute()))
    environment = _environment(workers, elsewhere=dask is not None)
    with _warmth(
        not cold and dask is None, environment
    ):  # first of all: its imports go on beside these, and while the plan is checked
        from axislib.batch.plan import read_plan
        from axislib.batch.runs import expand_plan
        from axislib.batch.tasks import row_of, task_of, unchanged

        plan = read_plan(plan_path)
        runs = expand_plan(plan)
        with locked(store.folder) if store.folder else contextlib.nullcontext():
            store.must_take()
            work = store.folder / ".work" if store.folder else None
            if work is not None:
                shutil.rmtree(work, ignore_errors=True)  # what a killed batch left unfinished
            earlier = read_rows(store)
            if not resume and store.folder is not None:
                (store.folder / ".journal.jsonl").unlink(missing_ok=True)
            manifest = Manifest(store, plan.title or Path(plan_path).stem, len(runs))
            tasks, skipped = [], 0
            hashes: dict[tuple, tuple[str, str]] = {}
            for run in runs:
                row = row_of(run, hashes)
                if resume and unchanged(earlier.get(run.output), row, store):
                    manifest.add({**earlier[run.output], **row}, keep=False)
                    skipped += 1
                else:
                    tasks.append(
                        task_of(run, row, store.root, work, environment, cell_timeout, run_timeout)
                    )
            for task in tasks:
                task["warm"] = not cold and (dask is not None or len(tasks) >= FEW)
            try:
                with Progress(len(runs), skipped, progress) as bar:
                    stopped = _go(
                        tasks, lambda row: (manifest.add(row), bar.add(row)), workers, dask, bar.say
                    )
            finally:
                if work is not None:
                    shutil.rmtree(work, ignore_errors=True)
                try:
                    manifest.close()
                except Exception as error:
                    raise SeedError(
                        f"--out {Path(out).name}: the manifest cannot be written"
                        f" ({execute.explain(error)}); the finished notebooks are there; free some"
                        " space, then run again with --resume"
                    ) from None
    return BatchResult(out, len(runs), manifest.ordered(), skipped, stopped, plan.title)


def _environment(workers: int, elsewhere: bool) -> dict[str, str]:
    """What kernels find in their environment; for a worker on another machine only what differs
    from its own."""
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    spread = {
        name: threads
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        if name not in os.environ
    }
    texts = os.pathsep.join(
        os.path.abspath(name)
        for name in os.environ.get("AXISLIB_TEXTS", "").split(os.pathsep)
        if name
    )
    return {
        **({} if elsewhere else os.environ),
        **spread,
        **({"AXISLIB_TEXTS": texts} if texts else {}),
    }


def _go(
    tasks: list[dict],
    take: Callable[[dict], Any],
    workers: int,
    dask: Any,
    say: Callable[[str], None],
) -> bool:
    """Run the tasks; ``take`` gets each row as it comes. Returns whether the batch was broken off."""
    if not tasks:
        return False
    if dask is not None:
        from axislib.batch.cluster import go

        return go(tasks, take, dask, say)
    execute.turns = threading.BoundedSemaphore(workers)
    hands = (
        workers + 1
    )  # one more, so that a kernel starts and a notebook is written while others' cells run
    with _hands(hands) as pool, _signals(say) as asked:
        waiting, at_work = iter(tasks), set()
        while True:
            while (
                not asked.is_set()
                and len(at_work) < hands
                and (task := next(waiting, None)) is not None
            ):
                at_work.add(pool.submit(execute.execute_run, task))
            if not at_work:
                break
            ended, at_work = futures.wait(at_work, timeout=0.5, return_when=futures.FIRST_COMPLETED)
            for future in ended:
                take(future.result())
    return asked.is_set()


@contextlib.contextmanager
def _warmth(warm: bool, environment: dict[str, str]) -> Iterator[None]:
    """Warm kernels at hand for as long as the runs go; a zygote that was there before stays, for it
    is somebody else's."""
    try:
        from axislib.run import warm as package
    except ImportError:
        package = None
    sweep()
    own = warm and package is not None and package.start(environment)
    try:
        yield
    finally:
        if own:
            package.stop()
        if own or package is None or not package.running():
            drop_socket_folder()


@contextlib.contextmanager
def _hands(workers: int) -> Iterator[futures.ThreadPoolExecutor]:
    pool = futures.ThreadPoolExecutor(workers, thread_name_prefix="run")
    try:
        yield pool
    except BaseException:
        break_off()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        execute.stopping.clear()


def break_off() -> None:
    """Stop every run at work: its kernel is killed and nothing of it is kept."""
    execute.stopping.set()
    if "axislib.run.kernels" in sys.modules:
        sys.modules["axislib.run.kernels"].stop_all()


@contextlib.contextmanager
def _signals(say: Callable[[str], None]) -> Iterator[threading.Event]:
    """Ctrl-C once: no new runs. Twice, or SIGTERM: the runs at work are broken off as well."""
    asked = threading.Event()

    def stop(number: int, frame: Any) -> None:
        if asked.is_set() or number != signal.SIGINT:
            asked.set()
            break_off()
        else:
            asked.set()
            say("Stopping: the runs at work finish first. Ctrl-C again breaks them off.")

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
