"""``axislib report``, ``lab`` and ``export``: what a reader looks at, and the tables."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from axislib.cli import SEED, WITHOUT_TEXT, flag, folder_option


@click.command()
@SEED
@folder_option("report", "Folder for the site; an older report there is replaced.")
@WITHOUT_TEXT
@flag("--pdf", "Also print each page as a handout (needs Chromium).")
@flag("--images", "Also save each figure as PNG and SVG (needs Chromium and the extra 'pdf').")
@flag("--single-file", "Also write each page as one file that works alone, to send by mail.")
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 16),
    help="Notebooks run at once.",
)
@flag("--no-open", "Do not open the finished site in a browser.")
@click.argument("notebooks", nargs=-1)
def report(without_text: bool, no_open: bool, notebooks: tuple[str, ...], **options) -> None:
    """Run the notebooks and write one offline HTML site.

    NOTEBOOKS: names such as 2-timeline; all if none is given.
    """
    from axislib.report.build import build_report

    with_text = False if without_text else None
    index = build_report(notebooks=list(notebooks) or None, with_text=with_text, **options)
    click.echo(f"The report is ready: {index}")
    if not no_open and not os.environ.get("CI"):
        click.launch(index.resolve().as_uri())


@click.command()
@click.option("--port", default=8888, show_default=True, help="The next free port from here on.")
@flag("--no-browser", "Print the address instead of opening a browser.")
@folder_option("my-notebooks", "Folder of your working copies of the notebooks.", "--folder")
@flag("--as-shipped", "Bring the shipped notebooks back; yours are kept under another name.")
def lab(port: int, no_browser: bool, folder: Path, as_shipped: bool) -> None:
    """Open working copies of the notebooks in JupyterLab at the start page."""
    from axislib.notebook.lab import run_lab

    sys.exit(run_lab(port, not no_browser, folder=folder, as_shipped=as_shipped))


@click.command()
@SEED
@folder_option(".", "Folder to write into.")
@flag("--zip", "Data package: CSV files, their schema and the codebook in one zip.", "as_zip")
@flag("--xlsx", "Excel workbook, a sheet for each table.", "as_xlsx")
@flag("--codebook", "The codebook as an HTML page.", "as_codebook")
def export(seed: str, out: Path, as_zip: bool, as_xlsx: bool, as_codebook: bool) -> None:
    """Write the tables for other programs (all three forms if none is chosen)."""
    from axislib.files import write_whole
    from axislib.seed.opening import open_seed
    from axislib.seed.package import export_xlsx, export_zip

    opened = open_seed(seed)
    every = not (as_zip or as_xlsx or as_codebook)
    if as_zip or every:
        click.echo(export_zip(opened, out / f"{opened.name}.zip"))
    if as_xlsx or every:
        click.echo(export_xlsx(opened, out / f"{opened.name}.xlsx"))
    if as_codebook or every:
        from axislib.report.build import codebook_page

        path = out / f"{opened.name}-codebook.html"
        write_whole(path, codebook_page(opened))
        click.echo(path)
