"""The command line: errors in words, exit code 1; and ``axislib report``, ``lab``, ``export``."""

from __future__ import annotations

import atexit
import errno
import gc
import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from axislib.cli import SEED, WITHOUT_TEXT, flag, folder_option, option
from axislib.cli.authoring import new, text
from axislib.cli.batch import batch, diff
from axislib.cli.check import check, record, verify
from axislib.cli.seminar import agree, sheet
from axislib.errors import SeedError


class Group(click.Group):
    """Commands in reading order; a SeedError becomes its message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """The command; a sign that the code page of the screen lacks is written as its number."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except SeedError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            sys.exit(141)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            name = f"{str(error.filename)[:60]}..."
            raise click.ClickException(f"{name}: too long for a file's name; check it") from None


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="axislib")
def main() -> None:
    """axislib turns an op-ed into tables in which every row cites its sentence.

    Begin with axislib report. For the options of a command: axislib COMMAND --help.
    """
    atexit.unregister(gc.freeze)
    # else a process that ends looks through all it holds for cycles: 0.4 s after a batch
    atexit.register(gc.freeze)


@click.command()
@SEED
@folder_option("report", "Folder for the site; it replaces an older report there.")
@WITHOUT_TEXT
@flag("--pdf", "Also print each page as a handout (needs Chromium).")
@flag("--images", "Also save each figure as PNG and SVG (needs Chromium).")
@flag("--single-file", "Also write each page as a single file, to send by e-mail.")
@option("--workers", "Number of notebooks to run at once.", default=2, type=click.IntRange(1, 16))
@flag("--no-open", "Do not open the finished site in a browser.")
@click.argument("notebooks", nargs=-1)
def report(without_text: bool, no_open: bool, notebooks: tuple[str, ...], **options) -> None:
    """Run the notebooks and write one offline HTML site.

    NOTEBOOKS are names such as 2-timeline; without any, all of them run.
    """
    from axislib.report.build import build_report

    with_text = False if without_text else None
    index = build_report(notebooks=list(notebooks) or None, with_text=with_text, **options)
    click.echo(f"The report is ready: {index}")
    if not no_open and not os.environ.get("CI"):
        click.launch(index.resolve().as_uri())


@click.command()
@option("--port", "First port to try; the next free one is used.", default=8888)
@flag("--no-browser", "Print the address instead of opening a browser.")
@folder_option("my-notebooks", "Folder for your working copies of the notebooks.", "--folder")
@flag("--as-shipped", "Restore the original notebooks; yours are kept under another name.")
def lab(port: int, no_browser: bool, folder: Path, as_shipped: bool) -> None:
    """Open working copies of the notebooks in JupyterLab at the start page."""
    from axislib.notebook.lab import run_lab

    sys.exit(run_lab(port, not no_browser, folder=folder, as_shipped=as_shipped))


@click.command()
@SEED
@folder_option(".", "Folder to write into.")
@flag("--zip", "Write a data package: CSV files, schema and codebook, in one zip.", "as_zip")
@flag("--xlsx", "Write an Excel workbook with a sheet for each table.", "as_xlsx")
@flag("--codebook", "Write the codebook as an HTML page.", "as_codebook")
def export(seed: str, out: Path, as_zip: bool, as_xlsx: bool, as_codebook: bool) -> None:
    """Export the tables for other programs (without an option, in all three formats)."""
    from axislib.files import write_whole
    from axislib.seed.opening import open_seed
    from axislib.seed.package import export_zip, workbook

    opened = open_seed(seed)
    every = not (as_zip or as_xlsx or as_codebook)
    if as_zip or every:
        click.echo(export_zip(opened, out / f"{opened.name}.zip"))
    if as_xlsx or every:
        write_whole(path := out / f"{opened.name}.xlsx", workbook(opened))
        click.echo(path)
    if as_codebook or every:
        from axislib.report.build import codebook_page

        write_whole(path := out / f"{opened.name}-codebook.html", codebook_page(opened))
        click.echo(path)


for command in (report, lab, check, text, export, batch, diff, verify, new, sheet, agree, record):
    main.add_command(command)
