"""``axislib record``: rebuild the small tables of the record from the data files, or check them."""

from __future__ import annotations

import time
from pathlib import Path

import click

from axislib.errors import SeedError


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder with the data files; seeds/context/README.md says where to get them.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the tables (seeds/context/measured if not given).",
)
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing: rebuild, compare with the shipped tables, exit code 1 if a byte differs.",
)
@click.option(
    "--accept-new",
    is_flag=True,
    help="Take a file of the same layout whose bytes differ from the recorded ones.",
)
def record(data: Path, out: Path | None, check: bool, accept_new: bool) -> None:
    """Rebuild the measured tables of the record from the open data.

    Every file is held against its layout first (separator, columns, rows, version, sha256). If one
    does not fit, all that do not are named, and the tables stay as they were.
    """
    from axislib.record.rebuild import build_all, compare, put_in_place

    out = out or default_folder()
    start = time.perf_counter()
    files, receipt = build_all(data, accept_new)
    for path, differs in receipt.new.items():
        click.echo(
            f"accepted, though another file was recorded: {path}: expected {differs['expected']},"
            f" found {differs['found']}",
            err=True,
        )
    different = compare(files, out)
    if check and different:
        raise SeedError(
            f"{len(different)} of {len(files)} tables in {out} are not what the data give:\n"
            + "\n".join(f"  {line}" for line in different)
        )
    if not check and different:
        put_in_place(files, out)
    for name, rows, size in receipt.tables:
        click.echo(f"{name:28} {rows:6} rows {size / 1000:7.1f} kB")
    done = "equal to the shipped ones" if not different else f"written to {out}"
    click.echo(f"{len(files)} tables, {done}. {time.perf_counter() - start:.1f} s{_memory()}")


def default_folder() -> Path:
    """``measured`` in the seed named context: in this checkout, or as installed."""
    from axislib.seed.folders import seeds_folders

    folders = [folder / "context" for folder in seeds_folders()]
    found = next((folder for folder in folders if folder.is_dir()), None)
    if found is None:
        raise SeedError(
            "there is no seed named context here; run it in the project's folder or name a folder"
            " with --out"
        )
    return found / "measured"


def _memory() -> str:
    """The most memory that the process held, where the system tells (not on Windows)."""
    try:
        # Linux; what getrusage says there may be left over from the process that started this one
        status = Path("/proc/self/status").read_text()
        kilobytes = int(status.split("VmHWM:")[1].split()[0])
    except (OSError, IndexError, ValueError):
        try:
            import resource
        except ImportError:
            return ""
        kilobytes = (
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        )  # macOS counts in bytes
    return f", at most {kilobytes / 1024:.0f} MB"
