"""A process that has imported and drawn once, and forks itself into kernels that need do neither.

``warm.py`` runs it as a script; it imports nothing of this package until it prepares. On its socket
come requests, each a message of JSON: ``{"argv", "env", "cwd"}`` with one end of a line for a new
kernel, which says its pid there as soon as it listens, and lives as long as the driver keeps the
other end; or ``{"reap": pid}``, answered with the exit code, as Popen gives it. End of file means
that the driver is gone: the folder of sockets is removed, and this ends too. It makes no thread, no
event loop and no zmq context: nothing that does not survive a fork.
"""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # the script's own folder; a kernel must not import from it

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import threading
import types

# what a kernel has imported by the time of its first cell
KERNEL = """bdb faulthandler pdb sqlite3 psutil tornado.platform.asyncio ipykernel.debugger
    ipykernel.ipkernel ipykernel.kernelapp IPython.core.completerlib IPython.core.debugger
    IPython.core.logger IPython.core.oinspect IPython.extensions.storemagic"""
# slow to import, looked for when a figure is first shown, or ours
USED = """anywidget kaleido plotly.io._base_renderers plotly.io._kaleido axislib.figures
    axislib.figures.timeline.aligned axislib.notebook.display axislib.notebook.parameters
    axislib.questions.levels axislib.seed.variants"""
MEMORY = 3_000_000  # numbers of 8 bytes
REQUEST = 1 << 20  # bytes
LAST_MESSAGES = 2  # seconds


def prepare() -> None:
    """Import what kernels need and notebooks mostly use, draw a little of each, and freeze it all.

    An allow-list: nothing that looks at the shell when imported (plotly's renderers), nothing with
    connections or threads, none of the user's modules. ipywidgets is told of its shell later.
    """
    gc.disable()  # all that imports make stays anyway
    for name in KERNEL.split():
        importlib.import_module(name)
    used = [functools.partial(importlib.import_module, name) for name in USED.split()]
    for step in (_draw, *used, _axislib):
        with contextlib.suppress(Exception):
            step()
    gc.freeze()
    gc.enable()


def _draw() -> None:
    import io

    import nbformat
    import numpy as np
    import pandas as pd
    import plotly.express as px

    nbformat.validate({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    np.ones(MEMORY)  # given back at once: memory of that size is reused from now on
    frame = pd.read_csv(io.StringIO("a,b,c\nx,1,2.5\ny,2,3.5\n"))
    sums = frame.groupby("a")["b"].sum().reset_index(name="sum")
    frame = frame.merge(sums, on="a").assign(when=pd.Timestamp("2022-02-24"))
    frame.sort_values("b").to_html(notebook=True)  # as a notebook shows it
    repr(frame)
    frame[frame["a"].isin(["x"])].to_dict("records")
    frame.pivot_table(index="a", columns="b", values="c", aggfunc="mean")
    for column in ("a", "c"):
        px.bar(frame, x="a", y="b", color=column).to_json()


def _axislib() -> None:
    import axislib

    seed = axislib.open_seed()
    for draw in (axislib.timeline, axislib.comparison):
        draw(seed).to_plotly_json()


def main(channel: socket.socket, folder: str) -> None:
    """Prepare, then answer requests until the driver is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to answer
    before = dict(os.environ)
    prepare()
    made = {name: value for name, value in os.environ.items() if before.get(name) != value}
    with contextlib.suppress(OSError):
        while (request := socket.recv_fds(channel, REQUEST, 1))[0]:
            message = json.loads(request[0])
            if "reap" in message:
                code = 0
                with contextlib.suppress(ChildProcessError):
                    code = os.waitstatus_to_exitcode(os.waitpid(message["reap"], 0)[1])
                channel.send(str(code).encode())
                continue
            with socket.socket(fileno=request[1][0]) as line:
                if os.fork() == 0:
                    channel.close()
                    message["env"] = {**made, **message["env"]}
                    _become_kernel(message, line)  # never returns
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # nothing here needs tearing down


def _become_kernel(message: dict, line: socket.socket) -> None:
    """In the child: the kernel, then out without tearing down."""
    code = 1
    try:  # first what an interpreter that has just started would have
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(message["env"])
        os.chdir(message["cwd"])
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()  # else all kernels would draw the same numbers
        sys.argv[:] = message["argv"]
        threading.Thread(target=_die_with_driver, args=(line,), daemon=True).start()
        _run_kernel(message["argv"], line)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    finally:
        # threads and exit hooks get their due; freeing each object would copy all shared memory
        for finish in (vars(threading)["_shutdown"], atexit._run_exitfuncs):
            with contextlib.suppress(BaseException):
                finish()
        os._exit(code)


def _run_kernel(argv: list[str], line: socket.socket) -> None:
    import ipykernel.ipkernel
    from ipykernel.kernelapp import IPKernelApp

    # 1: no poller for a parent; the line to it is surer
    app = IPKernelApp.instance(parent_handle=1)
    # without its modules: noting each one's file for the debugger copies a fifth of all memory
    ipykernel.ipkernel.__dict__["sys"] = types.SimpleNamespace(**{**vars(sys), "modules": {}})
    app.initialize(argv[1:])
    ipykernel.ipkernel.__dict__["sys"] = sys
    if "ipywidgets" in sys.modules:  # what its import does where there is a shell
        sys.modules["ipywidgets"].load_ipython_extension(app.shell)
    line.send(str(os.getpid()).encode())
    app.start()
    # a race in ipykernel: if it flushes after the output thread is closed, it waits 10 s
    app.control_thread.join(LAST_MESSAGES)


def _die_with_driver(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.recv(1)  # the driver never writes: it returns when the driver is gone
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
