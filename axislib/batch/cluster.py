"""The same runs on the workers of a dask scheduler: one task a run, a zygote a worker process."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from axislib.batch.tasks import ENDED, execute_run, explain
from axislib.errors import SeedError
from axislib.run.warm import answered

START = 60  # seconds to reach the scheduler and to see a worker
LOOK_EVERY = 0.5  # seconds


def go(
    tasks: list[dict], take: Callable[[dict], Any], address: Any, say: Callable[[str], None]
) -> bool:
    """Run the tasks on the scheduler at ``address`` (or on a ``Client`` given in its place);
    returns whether it was broken off.

    A worker that dies takes its run with it to another one; a run that kills three workers is
    recorded as failed. Raises SeedError if dask is not installed or nobody answers at the address.
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
            with contextlib.suppress(queue.Empty):
                future = ended.get(timeout=LOOK_EVERY)
                take(_row(future, waiting.pop(future.key)))
                future.release()
        if asked.is_set():
            say("Stopping: the runs at work on the cluster end there, and are not recorded.")
            client.cancel(list(waiting), force=True)
    return asked.is_set()


@contextlib.contextmanager
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
    """``execute_run`` on a worker, in the worker's own environment; the first run of a worker
    process starts its zygote."""
    return execute_run({**task, "environment": {**os.environ, **task["environment"]}})
