"""``axislib sheet`` and ``axislib agree``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from axislib.cli import ARTICLE, PATH, SEED, WITHOUT_TEXT, flag, folder_option, option

if TYPE_CHECKING:
    import pandas as pd

    from axislib.seed.seed import Seed
CODES = ("level", "modality", "polarity", "speaker", "role", "rating")


_several = partial(option, multiple=True)


@click.command()
@SEED
@_several("--for", "A group or student; repeat it for each.", "coders", metavar="NAME")
@click.option(
    "--groups",
    type=click.IntRange(min=1),
    default=1,
    help="Number of groups, if they have no names: group_1, group_2, ...",
)
@_several(
    "--code",
    "What to code; repeat it for several.  [default: level, modality, speaker]",
    "variables",
    type=click.Choice(CODES),
)
@_several(
    "--sentences", "Only these paragraphs or sentences (P14, P14-P16, P14.S3).", metavar="P14-P16"
)
@_several("--actors", "Only statements that name this actor (id).")
@_several("--dimensions", "Only this form of cooperation (id).")
@_several("--hypotheses", "Only this rival explanation (id).")
@option(
    "--by",
    "Give each group an actor, form of cooperation or rival explanation of its own.",
    type=click.Choice(["actors", "dimensions", "hypotheses"]),
)
@click.option(
    "--most",
    default=0,
    help="How many units of each kind to code at most, spread over the text; 0 for all.",
)
@option("--form", "File format.", type=click.Choice(["xlsx", "csv", "both"]), default="both")
@WITHOUT_TEXT
@flag("--quiz", "Write a quiz instead: who said it, how firmly, or is it not stated? With a key.")
@option("--questions", "Number of questions in the quiz.", default=12)
@option("--draw", "Any number; each gives a different quiz.", default=1)
@flag(
    "--handouts",
    "Write handouts instead, as HTML and PDF: a page for each group (by actor, or as --by says),"
    " without and with solutions.",
)
@folder_option("sheets", "Folder to write into.")
def sheet(
    seed, coders, groups, form, quiz, questions, draw, handouts, by, variables, out, **chosen
) -> None:
    """Write coding sheets, a quiz or handouts for a seminar.

    Each group or student gets a sheet, as CSV and as an Excel workbook with drop-down menus (the
    codebook is on its second tab).
    """
    from axislib.seed.opening import open_seed
    from axislib.seminar.sheets import write_sheets

    opened = open_seed(seed)
    names = list(coders) or [f"group_{n}" for n in range(1, groups + 1)]
    forms = ("xlsx", "csv") if form == "both" else (form,)
    if quiz:
        from axislib.seminar.quiz import write_quiz

        paths = write_quiz(opened, names, out, questions, draw, forms)
    elif handouts:
        from axislib.seminar.classroom import make_handouts

        paths = make_handouts(opened, seed, names, by or "actors", out)
    else:
        with_text = not chosen.pop("without_text")
        wanted = variables or ("level", "modality", "speaker")
        paths = write_sheets(opened, names, wanted, out, forms, by or "", with_text, **chosen)
    for path in paths:
        click.echo(path)
    if not quiz and not handouts:
        click.echo(_next_step(paths, forms[0], seed))


def _next_step(paths: list[Path], form: str, seed: str) -> str:
    sheets = [str(p) for p in paths if p.stem != "codebook" and p.suffix == f".{form}"]
    option = "" if seed == ARTICLE else f" --seed {seed}"
    return f"When they come back: axislib agree{option} {' '.join(sheets)}"


@click.command()
@option(
    "--seed",
    "Name of a data set, or the path of its folder; by default, the one the sheets name.",
    default="",
)
@click.argument("sheets", nargs=-1, required=True, type=PATH)
@folder_option("agreement", "Folder for the tables and the heat maps.")
@option(
    "--adjudicate", "Write the jury's file here (CSV); decisions already in it are kept.", type=PATH
)
@WITHOUT_TEXT
def agree(
    seed: str, sheets: tuple[Path, ...], out: Path, adjudicate: Path | None, without_text: bool
) -> None:
    """Read coding sheets back, measure agreement and list disagreements.

    SHEETS are files, or folders of sheets; other files there are ignored. The command prints
    Krippendorff's alpha for everything coded and each pair of coders, and writes agreement.csv,
    disagreements.csv and disagreements.html (heat maps). A jury's file, once filled in, counts as
    a coding: notebook 7-seminar draws it, and axislib.open_seed(codings=...) opens it.
    """
    from axislib.files import write_whole
    from axislib.seminar.agreement import agree as agreement_of
    from axislib.seminar.agreement import disagreements, write_adjudication
    from axislib.seminar.sheets import codes_in, csv_for_excel, sheets_in
    from axislib.words import counted

    cells, passed_over = sheets_in(sheets)
    opened = _seed_of(seed, list(cells))
    returned = codes_in(cells, opened, passed_over)
    table = agreement_of(returned.codes, opened)
    parted = disagreements(returned.codes, opened, not without_text)
    lines = [
        f"{counted(len(returned.coders), 'coder')}: {', '.join(returned.coders)}",
        in_words(table),
        f"The coders disagree on {counted(len(parted), 'unit')}: {out / 'disagreements.csv'},"
        f" drawn in {out / 'disagreements.html'}",
    ]
    # a screen that cannot show a name must not cost the results: they are written first
    write_whole(out / "agreement.csv", csv_for_excel(table.round(6)))
    write_whole(out / "disagreements.csv", csv_for_excel(parted))
    write_whole(out / "disagreements.html", heat_maps(opened, returned.codes))
    if adjudicate:
        decided = write_adjudication(returned.codes, adjudicate)
        left = f"{int((decided['value'] == '').sum())} of {counted(len(decided), 'row')}"
        lines.append(f"The jury's file: {adjudicate}, {left} to decide (column value)")
    for notice in returned.notices:
        click.echo(str(notice), err=True)
    click.echo("\n".join(lines))


def _seed_of(given: str, sheets: list[Path]) -> Seed:
    """The seed asked for, else the one that the sheets name."""
    from axislib.errors import SeedError
    from axislib.seed.opening import open_seed
    from axislib.tables.spreadsheets import seed_named

    named = given or seed_named(sheets) or ARTICLE
    try:
        return open_seed(named)
    except SeedError as error:
        remedy = "" if given else "; if it lies elsewhere, name its folder with --seed"
        raise SeedError(f"{error}{remedy}") from None


def in_words(table: pd.DataFrame) -> str:
    """The table of agreement in words, a line for each row."""
    from axislib.words import counted

    lines = []
    for row in table.to_dict("records"):
        value = row["why"] if row["alpha"] != row["alpha"] else f"alpha {row['alpha']:.3f}"
        if row["low"] == row["low"]:
            value += f" (95% interval: {row['low']:.3f} to {row['high']:.3f})"
        elif row["alpha"] == row["alpha"]:
            value += f" ({row['why']})"
        units = f"{counted(row['units'], 'unit')}, {row['scale']}"
        lines.append(f"  {row['variable']:9} {row['coders']}: {value}; {units}")
    return "\n".join(lines)


def heat_maps(seed: Seed, codes: pd.DataFrame) -> str:
    """One offline HTML page with a heat map for each variable that was coded."""
    import plotly.io

    from axislib.figures.disagreement import disagreement
    from axislib.figures.palette import CONFIG
    from axislib.files import policy
    from axislib.seminar.sheets import VARIABLES

    shown = [name for name in VARIABLES if name in set(codes["variable"])]
    how = {"full_html": False, "include_mathjax": False, "config": CONFIG}
    parts = [
        plotly.io.to_html(
            disagreement(seed, codes, name), include_plotlyjs=not n, div_id=f"fig-{name}", **how
        )
        for n, name in enumerate(shown)
    ]
    drawn, title = "".join(parts), "Where the coders disagree"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{policy(drawn)}'
        f'<title>{title}</title></head><body style="font-family:sans-serif"><h1>{title}</h1>'
        f"{drawn}</body></html>\n"
    )
