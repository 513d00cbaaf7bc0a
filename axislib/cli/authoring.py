"""``axislib new`` and ``axislib text``: a seed of one's own, its workbook, its text."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from axislib.cli import PATH, SEED, flag, folder_option, option
from axislib.errors import SeedError

_KEPT = "the workbook as it was, with any tabs and notes of your own, which the new one lacks"


@click.command()
@click.argument("name")
@option("--text", "The article as plain text (.txt).", type=PATH)
@option("--author", "Who wrote it.", default="")
@option("--title", "Its title; the headline if not given.", default="")
@option("--outlet", "Where it appeared; not stated if not given.", default="")
@option("--date", "When it appeared; not stated if not given.", default="", metavar="2024-10-05")
@option(
    "--licence",
    "The licence you give your tables; none if not given.",
    default="",
    metavar="CC-BY-4.0",
)
@option("--split", "The split into sentences, as you corrected it.", type=PATH)
@option(
    "--from",
    "Copy what you coded in the workbook coding.xlsx into the tables.",
    "workbook",
    type=PATH,
)
@option(
    "--prefer",
    "With --from: which one wins if a cell was changed in both.",
    type=click.Choice(["workbook", "csv"]),
)
@flag(
    "--workbook", "Rewrite coding.xlsx from the tables, after corrections in the CSV files.", "anew"
)
@folder_option("seeds", "Folder in which to put the data set's folder.", "--into", "parent")
def new(name, text, workbook, prefer, anew, parent, **about) -> None:
    """Start a data set from your own article, and copy your coding into it.

    \b
    axislib new my-article --text article.txt --author "Ada Quill"
    axislib new my-article --text article.txt --split seeds/my-article/my-article-split.txt
    axislib new my-article --from seeds/my-article/coding.xlsx
    axislib check my-article
    """
    from axislib.seed.opening import find_seed

    folder = parent / name
    if workbook or anew:
        folder = folder if folder.is_dir() else find_seed(name)
    if workbook:
        return _take_over(folder, workbook, prefer or "")
    if anew:
        return _write_anew(folder)
    if not text:
        raise SeedError(
            f"name the text of {name}: axislib new {name} --text FILE; or its workbook: --from"
            f" {parent / name / 'coding.xlsx'}"
        )
    _make(name, text, parent, about)


def _make(name: str, text: Path, parent: Path, about: dict) -> None:
    from axislib.authoring.new import new_seed
    from axislib.authoring.workbook import taking_call
    from axislib.tables.dates import is_edtf
    from axislib.text.copy import encoding_of

    if (date := about["date"]) and not is_edtf(date):
        raise SeedError(f"--date '{date}': is not a date; write 2024, 2024-10 or 2024-10-05")
    made = new_seed(name, text, parent, **about)
    if encoding := encoding_of(text):
        click.echo(
            f"{text.name}: read as {encoding}, judging by its letters; if any look wrong, save it"
            " as UTF-8"
        )
    sections = made.sentences["section"].value_counts(sort=False)
    counts = ", ".join(f"{count} {section}" for section, count in sections.items())
    click.echo(f"{made.folder}: {len(made.sentences)} sentences ({counts})")
    click.echo(
        f"If the sentences are split wrongly, correct {made.split} and pass it with --split."
    )
    click.echo(f"Code in {made.workbook}, then: {taking_call(made.folder)}")
    _say_steps(made.folder)


def _say_steps(folder: Path) -> None:
    from axislib.authoring.new import guide
    from axislib.seed.opening import read_metadata, read_seed_cells

    for line in guide(read_seed_cells(folder), read_metadata(folder)):
        click.echo(line)


def _take_over(folder: Path, workbook: Path, prefer: str) -> None:
    from axislib.authoring.workbook import bring_in
    from axislib.cli.check import cells_and_findings, name_of

    for line in bring_in(folder, workbook, prefer) or ["the workbook holds nothing new"]:
        click.echo(f"{folder.name}: {line}")
    name = name_of(folder)
    if count := len(cells_and_findings(folder)[1]):
        raise click.ClickException(
            f"copied, but {count} thing{'s are' if count > 1 else ' is'} to fix; now: axislib"
            f" check {name}"
        )
    _say_steps(folder)
    click.echo(f"Next: axislib check {name}")


def _write_anew(folder: Path) -> None:
    from axislib.authoring.workbook import BEFORE, WORKBOOK, rewrite_workbook, shown
    from axislib.seed.opening import open_seed

    opened = open_seed(folder)
    sentences = {locator: opened.sentence(locator) for locator in opened.sentences["locator"]}
    if BEFORE in rewrite_workbook(folder, sentences):
        click.echo(f"{shown(folder / BEFORE)}: {_KEPT}")
    click.echo(f"{shown(folder / WORKBOOK)}: written anew, in step with the tables")


@click.command()
@SEED
@click.argument("file", required=False, type=PATH)
@flag("--csv", "Print the result as CSV, one row for each sentence.", "as_csv")
@flag(
    "--revise", "FILE is a revised text: list the rows whose sentences moved, changed or are gone."
)
@option(
    "--split",
    "With --revise: your corrected split into sentences; it replaces the automatic one, even"
    " where the text is unchanged.",
    type=PATH,
)
@flag("--write", "With --revise: replace the old text with the revised one.")
def text(seed: str, file: Path | None, as_csv, revise, split: Path | None, write) -> None:
    """Check your own copy of the article, or adopt a revised text.

    The command looks for every sentence of the data set in FILE; without FILE, in the copy in
    seeds/ or in AXISLIB_TEXTS. Exit code 0 only if all are found word for word.
    """
    from axislib.seed.opening import open_seed
    from axislib.text.copy import read_copy
    from axislib.text.receipt import locate, summary

    if revise:
        if file is None:
            raise SeedError("which text is the revised one? axislib text --revise FILE")
        return revise_text(seed, file, write, split)

    opened = open_seed(seed)
    if file:
        receipt = locate(read_copy(file), opened.sentences)
    elif opened.text is None:
        hint = "name one: axislib text FILE, or put a .txt into seeds/"
        raise SeedError(f"no copy of the text was found; {hint}")
    else:
        receipt = opened.text.receipt
    if as_csv:
        click.echo(receipt.to_csv(index=False), nl=False)
    else:
        rest = receipt[receipt["status"] != "exact"]
        if len(rest) and len(rest) < len(receipt):
            click.echo(rest.to_string(index=False))
        click.echo(summary(receipt))
    sys.exit(0 if (receipt["status"] == "exact").all() else 1)


def revise_text(seed: str, file: Path, write: bool, split: Path | None = None) -> None:
    """Say what a revised text does to the rows of a data set; write it only if asked."""
    from axislib.authoring import revise as revising
    from axislib.authoring.new import read_split
    from axislib.authoring.workbook import BEFORE
    from axislib.seed.opening import open_seed
    from axislib.text.copy import read_copy

    opened, raw = open_seed(seed), read_copy(file)
    folder, pieces, sections = opened.folder, None, None
    if split:
        lines = read_copy(split)
        pieces, sections = read_split(lines, raw), revising.sections_before(folder, lines)
    revision = revising.revise(opened, raw, pieces, sections)
    for line in revising.receipt_lines(revision, opened.sentence):
        click.echo(line)
    if not write:
        try:
            revising.would_be_written(folder, revision)
        except SeedError as error:
            said = "Nothing was written, and --write would refuse it now"
            raise SeedError(f"{said}: {error}") from None
        return click.echo("Nothing was written; to take the revised text over, add --write.")
    done = revising.write_revision(folder, revision, file)
    for name in done:
        place = f"{folder.name}/{name}"
        click.echo(f"{place}: {_KEPT}" if name == BEFORE else f"written: {place}")
    if revising.TO_REREAD in done:
        click.echo(
            f"Read again what {revising.TO_REREAD} lists, and take out each line that is done;"
            " axislib check reminds you."
        )
