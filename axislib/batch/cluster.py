"""The same runs on the workers of a dask scheduler: one task a run, a zygote a worker process."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import uuid
from collections.abc import Callable
from typing import Any

from axislib.batch.execute import execute_run, explain
from axislib.errors import SeedError

START = 60  # seconds to reach the scheduler and to see a worker


def go(
    tasks: list[dict], take: Callable[[dict], Any], address: str, say: Callable[[str], None]
) -> bool:
    """Run the tasks on the scheduler at ``address`` (or on a ``Client`` given in its place);
    returns whether it was broken off.

    A worker that dies takes its run with it to another one; a run that kills three workers is
    recorded as failed. Raises SeedError if dask is not installed or nobody answers at the address.
    """
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
    asked, ended = threading.Event(), queue.SimpleQueue()
    before = None
    if threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        of = {}
        for task in tasks:
            future = client.submit(
                run_here,
                task,
                pure=False,
                key=f"run-{os.getpid()}-{uuid.uuid4().hex[:8]}-{task['row']['number']}",
            )
            of[future.key] = task
            future.add_done_callback(ended.put)
        while of and not asked.is_set():
            with contextlib.suppress(queue.Empty):
                future = ended.get(timeout=0.5)
                take(_row(future, of.pop(future.key)))
                future.release()
        if asked.is_set():
            say("Stopping: the runs at work on the cluster end there, and are not recorded.")
            client.cancel([key for key in of], force=True)
        return asked.is_set()
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
        if not given:
            client.close()


def _row(future: Any, task: dict) -> dict:
    if future.status == "finished":
        return future.result()
    problem = future.exception() if future.status == "error" else RuntimeError("it was taken back")
    words = (
        "three workers died while they ran it"
        if type(problem).__name__ == "KilledWorker"
        else explain(problem)
    )
    return {
        **task["row"],
        "status": "failed",
        "error": words,
        "kernel": "",
        "figures": [],
        "tables": [],
        "facts": [],
        "output_sha256": "",
        "started": "",
        "duration_seconds": 0.0,
    }


def run_here(task: dict) -> dict:
    """``execute_run`` on a worker, in the worker's own environment; the first run of a worker
    process starts its zygote."""
    return execute_run({**task, "environment": {**os.environ, **task["environment"]}})
