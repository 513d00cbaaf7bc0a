"""Small notebooks and plans for these tests, and a look at what batches have running."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import nbformat
import psutil


def write_notebook(path: Path, *cells: str, parameters: str | None = None) -> Path:
    """A notebook of code cells; ``parameters`` becomes the tagged cell."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    if parameters is not None:
        notebook.cells.append(
            nbformat.v4.new_code_cell(
                parameters, id="parameters", metadata={"tags": ["parameters"]}
            )
        )
    for number, source in enumerate(cells):
        notebook.cells.append(
            nbformat.v4.new_code_cell(textwrap.dedent(source).strip(), id=f"cell-{number}")
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def write_plan(path: Path, text: str) -> Path:
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def printed(path: Path) -> str:
    """All that an executed notebook printed or returned as text."""
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in outputs
    )


DRIVERS: list[int] = [
    os.getpid()
]  # processes whose batches these tests look after; others on this machine don't count


def runner(plan: Path, out: Path, *options: str) -> subprocess.Popen:
    """A batch in a process of its own, which may be killed. Versions are pinned, for somebody may
    work on axislib meanwhile."""
    program = (
        "from axislib.cli.main import main; from axislib.batch import manifest\n"
        "manifest.versions = lambda: {'pinned': '1'}; main()"
    )
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            program,
            "batch",
            str(plan),
            "--out",
            str(out),
            "--no-site",
            *options,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    DRIVERS.append(process.pid)
    return process


def kernels_now() -> set[tuple[int, str]]:
    """Zygotes and kernels of our drivers that run at this moment; zombies are not counted."""
    marks = [
        f"axb{os.getuid()}-{pid}-" for pid in DRIVERS
    ]  # the name of a driver's folder of sockets
    found = set()
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        line = " ".join(process.info["cmdline"] or [])
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(mark in line for mark in marks):
            found.add((process.info["pid"], line[:80]))
    return found


def zygote_of(pid: int) -> psutil.Process | None:
    """The zygote that a driver has now."""
    children = psutil.Process(pid).children()
    found = (child for child in children if any("zygote.py" in part for part in child.cmdline()))
    return next(found, None)


def sockets_now() -> set[str]:
    """Sockets and connection files of this process's kernels."""
    return {
        path.name
        for path in Path(tempfile.gettempdir()).glob(f"axb{os.getuid()}-{os.getpid()}-*/*")
    }
