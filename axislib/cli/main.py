"""The command line: one command a task, each with --help; what is wrong is said in words, exit code
1."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path

import click

from axislib.errors import SeedError


class Group(click.Group):
    """Commands in reading order; a SeedError becomes its message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        order = [
            "report",
            "lab",
            "check",
            "text",
            "export",
            "batch",
            "diff",
            "new",
            "sheet",
            "agree",
            "record",
        ]
        return sorted(self.commands, key=order.index)

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except SeedError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            sys.exit(141)


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="axislib")
def main() -> None:
    """axislib: what an op-ed states, as tables in which every row answers with its sentence."""
    atexit.unregister(gc.freeze)
    atexit.register(
        gc.freeze
    )  # else a process that ends looks through all it holds for cycles: 0.4 s after a batch


SEED = click.option(
    "--seed",
    default="kragh-holy-war",
    show_default=True,
    help="Name of a seed, or the path of its folder.",
)


@main.command()
@SEED
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    help="Folder for the site; an older report there is replaced.",
)
@click.option(
    "--without-text",
    is_flag=True,
    help="Leave the article's sentences out even where your copy is at hand (to pass the site on).",
)
@click.option("--pdf", is_flag=True, help="Also print each page as a handout (needs Chromium).")
@click.option(
    "--images",
    is_flag=True,
    help="Also save each figure as PNG and SVG (needs Chromium and the extra 'images').",
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 16),
    help="Notebooks run at once.",
)
@click.option("--no-open", is_flag=True, help="Do not open the finished site in a browser.")
@click.argument("notebooks", nargs=-1)
def report(
    seed: str,
    out: Path,
    without_text: bool,
    pdf: bool,
    images: bool,
    workers: int,
    no_open: bool,
    notebooks: tuple[str, ...],
) -> None:
    """Run the notebooks and write one offline HTML site.

    NOTEBOOKS: names such as 2-timeline; all if none is given.
    """
    from axislib.report.build import build_report

    index = build_report(
        seed=seed,
        out=out,
        notebooks=list(notebooks) or None,
        with_text=False if without_text else None,
        workers=workers,
        pdf=pdf,
        images=images,
    )
    click.echo(f"The report is ready: {index}")
    if not no_open and not os.environ.get("CI"):
        click.launch(index.resolve().as_uri())


@main.command()
@click.option("--port", default=8888, show_default=True, help="The next free port from here on.")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser.")
def lab(port: int, no_browser: bool) -> None:
    """Open the notebooks in JupyterLab at the start page."""
    from axislib.notebook.lab import run_lab

    sys.exit(run_lab(port, not no_browser))


@main.command()
@SEED
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--csv", "as_csv", is_flag=True, help="Print the receipt as CSV, one row a sentence.")
@click.option(
    "--revise",
    is_flag=True,
    help="FILE is a revised text: which rows stay, moved, changed or lost their sentence.",
)
@click.option(
    "--split",
    type=click.Path(path_type=Path),
    help=(
        "With --revise: its split, corrected by you; it then holds, also where the text is as"
        " before."
    ),
)
@click.option("--write", is_flag=True, help="With --revise: take the revised text over.")
def text(
    seed: str, file: Path | None, as_csv: bool, revise: bool, split: Path | None, write: bool
) -> None:
    """Prove your own copy of the text: find every sentence of the seed in FILE.

    Without FILE, the copy in seeds/ or in AXISLIB_TEXTS. Exit code 0 only if all sentences are
    exact.
    """
    from axislib.seed.opening import open_seed
    from axislib.text.copy import locate, read_copy, summary

    if revise:
        from axislib.cli.authoring import revise_text

        if file is None:
            raise SeedError("which text is the revised one? axislib text --revise FILE")
        return revise_text(seed, file, write, split)

    opened = open_seed(seed)
    if file is None and opened.text is None:
        raise SeedError(
            "no copy of the text is at hand; name one: axislib text FILE, or put a .txt into seeds/"
        )
    receipt = locate(read_copy(file), opened.sentences) if file else opened.text.receipt
    if as_csv:
        click.echo(receipt.to_csv(index=False), nl=False)
    else:
        rest = receipt[receipt["status"] != "exact"]
        if len(rest) and len(rest) < len(receipt):
            click.echo(rest.to_string(index=False))
        click.echo(summary(receipt))
    sys.exit(0 if (receipt["status"] == "exact").all() else 1)


@main.command()
@SEED
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("."),
    help="Folder to write into (here if not given).",
)
@click.option(
    "--zip",
    "as_zip",
    is_flag=True,
    help="Data package: CSV files, their schema and the codebook in one zip.",
)
@click.option("--xlsx", "as_xlsx", is_flag=True, help="Excel workbook, a sheet a table.")
@click.option("--codebook", "as_codebook", is_flag=True, help="The codebook as an HTML page.")
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


# commands that live beside what they run
from axislib.cli.authoring import new  # noqa: E402
from axislib.cli.batch import batch, diff  # noqa: E402
from axislib.cli.check import check  # noqa: E402
from axislib.cli.record import record  # noqa: E402
from axislib.cli.seminar import agree, sheet  # noqa: E402

for command in (check, batch, diff, new, sheet, agree, record):
    main.add_command(command)
