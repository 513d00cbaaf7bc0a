"""A process that has imported and drawn once, and forks itself into kernels that need do neither.

Run as a script by ``host.py``; imports nothing of this package. On its socket come requests, each a
length and JSON: ``{"argv", "env", "cwd"}`` with the write end of a pipe (fork; answered with the
pid, and a byte on the pipe when the kernel listens), or ``{"reap": pid}`` (answered with the wait
status). End of file means that the driver is gone: kernels are killed, the sockets' folder is
removed, and this ends too. It makes no thread, no event loop and no zmq context: nothing that does
not survive a fork.
"""

import sys

if __name__ == "__main__":
    del sys.path[0]  # the script's own folder; a kernel must not import from it

import atexit
import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import struct
import threading

# what a kernel has imported by the time of its first cell
KERNEL = (
    "bdb",
    "faulthandler",
    "pdb",
    "sqlite3",
    "psutil",
    "tornado.platform.asyncio",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
)


def prepare() -> None:
    """Import what kernels need and what notebooks mostly use, draw a figure and a table once, and
    freeze all of it.

    An allow-list: nothing that looks at the shell when imported (plotly's renderers), nothing with
    connections or threads of its own, none of the user's modules. ipywidgets is told of its shell
    when there is one.
    """
    gc.disable()  # all that imports make stays anyway
    for name in KERNEL:
        importlib.import_module(name)
    with contextlib.suppress(Exception):
        import io

        import nbformat
        import numpy as np
        import pandas as pd
        import plotly.express as px
        import plotly.graph_objects as go
        import plotly.subplots  # noqa: F401

        nbformat.validate({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        np.ones(
            3_000_000
            # 24 MB given back at once: from now on memory of that size is reused, not asked of the
            # system anew
        )
        frame = pd.read_csv(io.StringIO("a,b,c\nx,1,2.5\ny,2,3.5\n"))
        frame = frame.merge(
            frame.groupby("a", as_index=False)["b"].sum().rename(columns={"b": "sum"}), on="a"
        ).assign(when=pd.Timestamp("2022-02-24"))
        (
            frame._repr_html_(),
            repr(frame),
            frame.sort_values("b"),
            frame[frame["a"].isin(["x"])].to_dict("records"),
        )
        frame.pivot_table(index="a", columns="b", values="c", aggfunc="mean")
        plain = go.Figure(
            go.Scatter(
                x=[1, 2],
                y=np.array([1.0, 2.0]),
                line={"width": 1},
                error_x={"array": [1, 1]},
                marker={"line": {"width": 1}},
            )
        )
        for figure in (
            px.bar(frame, x="a", y="b", color="a"),
            px.bar(frame, x="a", y="b", color="c"),
            plain,
        ):
            figure.update_layout(
                title={"text": "x"},
                showlegend=False,
                legend={"font": {"size": 9}},
                xaxis={"title": {"text": "x", "font": {"size": 9}}},
                yaxis={"title": {"text": "y", "font": {"size": 9}}},
            )
            figure.to_plotly_json(), figure.to_json()
    # the first is slow to import, the others are looked for when a figure is first shown
    for name in ("anywidget", "kaleido", "plotly.io._base_renderers", "plotly.io._kaleido"):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        import axislib.figures
        import axislib.figures.timeline.aligned
        import axislib.notebook.display
        import axislib.notebook.parameters
        import axislib.questions.levels
        import axislib.seed.selection

        seed = axislib.open_seed()
        for draw in (axislib.timeline, axislib.comparison):
            draw(seed).to_plotly_json()
        del seed
    gc.freeze()
    gc.enable()


def serve(channel: socket.socket, life: int, folder: str, made: dict[str, str]) -> None:
    """Answer requests until the driver is gone. ``made``: variables that the imports put into the
    environment."""
    children: set[int] = set()
    while (request := _receive(channel)) is not None:
        message, handles = request
        if "reap" in message:
            children.discard(message["reap"])
            answer = _reap(message["reap"])
        else:
            pid = os.fork()
            if pid == 0:
                channel.close()
                message["env"] = {**made, **message["env"]}
                _become_kernel(message, handles[0], life)  # never returns
            children.add(pid)
            answer = pid
        for handle in handles:
            os.close(handle)
        try:
            channel.sendall(struct.pack("!q", answer))
        except OSError:
            break
    for pid in children:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _receive(channel: socket.socket) -> tuple[dict, list[int]] | None:
    try:
        head, handles, _, _ = socket.recv_fds(channel, 4, 1)
        if len(head) < 4:
            return None
        body = bytearray()
        while len(body) < (size := struct.unpack("!I", head)[0]):
            part = channel.recv(min(size - len(body), 1 << 16))
            if not part:
                return None
            body += part
        return json.loads(body), handles
    except OSError:
        return None


def _reap(pid: int) -> int:
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return -1


def _become_kernel(message: dict, ready: int, life: int) -> None:
    """In the child: what a freshly started interpreter would have, then the kernel, then out
    without tearing down."""
    code = 1
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(
                number,
                signal.SIG_IGN if number in (signal.SIGPIPE, signal.SIGXFSZ) else signal.SIG_DFL,
            )
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(message["env"])
        os.chdir(message["cwd"])
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()  # else all kernels would draw the same numbers
        sys.argv[:] = message["argv"]
        sys.modules["__main__"].__dict__.pop("prepare", None)

        import ipykernel.ipkernel
        from ipykernel.kernelapp import IPKernelApp

        app = IPKernelApp.instance(
            parent_handle=1
        )  # 1: no poller for a parent; the pipe below is surer
        ipykernel.ipkernel.sys = _FewModules()
        app.initialize(message["argv"][1:])
        ipykernel.ipkernel.sys = sys
        if "ipywidgets" in sys.modules:
            sys.modules["ipywidgets"].load_ipython_extension(
                app.shell
            )  # what its import does where there is a shell
        threading.Thread(target=_die_with_driver, args=(life,), daemon=True).start()
        os.write(ready, b"1")
        os.close(ready)
        app.start()
        code = 0
        app.control_thread.join(
            2
        )  # a race in ipykernel: if it flushes after the output thread is closed, it waits 10 s
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        # threads, exit hooks and buffers get their due; freeing object by object would copy all
        # shared memory
        with contextlib.suppress(BaseException):
            threading._shutdown()
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()
        for stream in (sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(BaseException):
                stream.flush()
        os._exit(code)


class _FewModules:
    """``sys`` without its modules: of each of these ipykernel notes the file for its debugger, and
    so copies a fifth of all memory it touches."""

    modules: dict = {}

    def __getattr__(self, name: str) -> object:
        return getattr(sys, name)


def _die_with_driver(life: int) -> None:
    with contextlib.suppress(OSError):
        os.read(life, 1)  # the driver never writes: it returns when the driver is gone
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to answer
    own, alive, sockets = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]), sys.argv[3]
    before = dict(os.environ)
    prepare()
    own.sendall(b"ready")
    serve(
        own,
        alive,
        sockets,
        {name: value for name, value in os.environ.items() if before.get(name) != value},
    )
    os._exit(0)  # nothing here needs tearing down, and the driver waits
