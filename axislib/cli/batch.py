"""``axislib batch`` and ``axislib diff``."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from axislib.cli import PATH, flag, option

if TYPE_CHECKING:
    from axislib.batch.runner import BatchResult

MOST_FAILURES = 20  # told at the end; the manifest has all
STOPPED = 130  # exit code of what Ctrl-C stopped


@click.command()
@click.argument("plan", required=False, type=PATH)
@click.option(
    "--out",
    help="Folder for notebooks and manifest, or an address such as s3://bucket/name [runs/PLAN].",
)
@option("--workers", "Number of runs at a time.", default=2)
@flag("--resume", "Skip finished runs whose notebook, parameters, data and versions are unchanged.")
@flag("--dry-run", "Check the plan and print its runs; run nothing.")
@flag("--cold", "Start a fresh Python process for every run (slower).")
@option("--cell-timeout", "Time limit for one cell, in seconds; 0 for none.", default=600.0)
@option("--run-timeout", "Time limit for one run, in seconds; 0 for none.", default=0.0)
@option("--dask", "Address of a dask scheduler; its workers run the plan.", metavar="SCHEDULER")
@option("--site/--no-site", "Write one browsable site of all runs.", default=True)
@option(
    "--prove",
    "Afterwards repeat N of the finished runs in fresh processes and list any differences.",
    type=click.IntRange(min=1),
    metavar="N",
)
@flag("--no-progress", "Show no progress bar.")
@click.option("--help-notebook", metavar="NAME", help="Print the parameters of a notebook.")
def batch(
    plan: Path | None,
    dry_run: bool,
    site: bool,
    help_notebook: str | None,
    prove: int | None,
    **options: Any,
) -> None:
    """Run a plan of notebooks and parameters.

    PLAN is a YAML file, such as notebooks/plans/seminar.yaml. Each run has its own process, and a
    run that fails does not stop the others. Exit code 0: all done. 1: the plan has mistakes, or
    runs failed. 130: stopped by Ctrl-C.
    """
    if help_notebook:
        return click.echo(notebook_help(help_notebook))
    if plan is None:
        raise click.UsageError("name a plan, such as notebooks/plans/seminar.yaml")
    from axislib.batch import expand_plan, read_plan, run_batch

    if dry_run:
        runs = expand_plan(read_plan(plan))
        click.echo("\n".join(map(str, runs)))
        return click.echo(f"{len(runs)} run{'s' if len(runs) > 1 else ''}; nothing was run.")
    for limit in ("cell_timeout", "run_timeout"):
        options[limit] = options[limit] or None  # 0 for no limit
    result = run_batch(plan, progress=not options.pop("no_progress"), **options)
    _say(result)
    _write_site(result, site)
    same = not prove or result.stopped or _proved(plan, result, prove, options)
    if result.stopped:
        click.echo(f"Go on with: axislib batch {plan} --out {result.folder} --resume")
        sys.exit(STOPPED)
    sys.exit(0 if result.ok and same else 1)


def _say(result: BatchResult) -> None:
    click.echo(str(result))
    for row in [row for row in result.rows if row["status"] != "done"][:MOST_FAILURES]:
        click.echo(f"  {row['status'].replace('_', ' ')}: {row['output']}: {row['error']}")
    click.echo(f"The manifest: {result.manifest}")


def _proved(plan: Path, result: BatchResult, number: int, options: dict) -> bool:
    """Whether runs give the same when run again, cold; says what differs."""
    from axislib.batch.runner import prove
    from axislib.words import counted

    how = {name: options[name] for name in ("workers", "cell_timeout", "run_timeout")}
    lines = prove(plan, result, number, **how)
    for line in lines[:MOST_FAILURES]:
        click.echo(f"  differs in a fresh process: {line}")
    found = counted(len(lines), "difference") if lines else "the same figures and tables"
    number = min(number, result.counts["done"])
    click.echo(f"{number} of {result.total} runs, repeated in fresh processes: {found}")
    return not lines


def _write_site(result: BatchResult, wanted: bool) -> None:
    """The site over a batch's runs, if it ran to its end on this machine; hashes of all files."""
    from axislib.batch.runner import write_batch_site
    from axislib.files import write_sums

    if "://" in result.folder:
        return
    try:
        if not wanted or not result.rows or result.stopped:
            return
        for index in write_batch_site(result.folder, result.rows, result.title):
            click.echo(f"The site: {index}")
    except Exception as error:  # the runs are done and recorded, whatever becomes of their site
        wrong = f"but their site could not be written: {error!r}"
        raise click.ClickException(f"The notebooks are in {result.folder}, {wrong}") from None
    finally:
        write_sums(Path(result.folder))


@click.command()
@click.argument("left", type=PATH)
@click.argument("right", type=PATH)
@click.option("--page", type=PATH, help="Write the comparison as an HTML page to this file.")
@click.option("--csv", "tables", type=PATH, help="Write it as CSV files into this folder.")
@flag("--exit-code", "Exit with code 1 if anything differs.")
def diff(left: Path, right: Path, page: Path | None, tables: Path | None, exit_code: bool) -> None:
    """Compare two runs, or two batches: LEFT before, RIGHT after.

    Each is an executed notebook or a batch's folder. The command lists the statements that were
    added, removed or changed, and in which column; then the same for the points, bars and cells of
    charts and for the rows of tables. Exit code 0 even if they differ, unless --exit-code is set.
    """
    from axislib.batch.diff import COLUMNS, diff_runs
    from axislib.files import to_csv, write_whole

    found = diff_runs(left, right)
    click.echo(str(found))
    for line in found.lines():
        click.echo(line)
    if page:
        write_whole(page, found.page())
        click.echo(f"\nThe page: {page}")
    if tables:
        for name in COLUMNS:
            write_whole(tables / f"{name}.csv", to_csv(getattr(found, name)))
        click.echo(f"\nThe tables: {tables}")
    sys.exit(1 if exit_code and found else 0)


def notebook_help(name: str) -> str:
    """What a notebook may be asked, a line for each parameter, from its model."""
    from axislib.batch.plan import contract_of

    contract = contract_of(name, Path.cwd())
    lines = [(contract.own and contract.model.__doc__ or contract.label).strip()]
    for parameter, field in contract.model.model_fields.items():
        kind = inspect.formatannotation(field.annotation).replace("typing.", "")
        lines.append(f"  {parameter}: {kind} = {field.default!r}")
        lines += [f"      {field.description}"] if field.description else []
    return "\n".join(lines)
