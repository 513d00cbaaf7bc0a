"""``axislib check``: what is to fix in a data set; ``axislib record``: are its tables right?"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from axislib.cli import ARTICLE, PATH, flag
from axislib.errors import SeedError

if TYPE_CHECKING:
    from axislib.check.cells import Finding
    from axislib.tables.schema import Frames


_warn = partial(click.echo, err=True)


def cells_and_findings(folder: Path) -> tuple[Frames, Sequence[Finding | str]]:
    """The text cells in a data set's folder, by table, and all there is to fix in them."""
    from axislib.check import check_tables
    from axislib.seed.opening import known_beyond, read_metadata
    from axislib.seed.package import is_current
    from axislib.tables.schema import read_cells, table_names

    cells, unread = {}, []
    for table in table_names(folder):
        try:
            cells[table] = read_cells(folder / f"{table}.csv")
        except SeedError as error:
            unread.append(str(error))
    if unread:
        return cells, unread
    metadata = read_metadata(folder)
    beyond = known_beyond(folder, metadata)
    findings: list[Finding | str] = [*check_tables(cells, metadata.get("voices"), beyond)]
    findings += _words_of(folder, cells)
    if not is_current(folder):
        findings.append(
            "datapackage.json: its resources are not what the schema says; run: axislib check"
            f" --fix {name_of(folder)}"
        )
    return cells, findings


def _words_of(folder: Path, cells: Frames) -> list[Finding]:
    """Words not in their sentences, where there is a copy of the text and no column is missing."""
    from axislib.check.cells import check_columns
    from axislib.check.rules import check_words
    from axislib.files import seeds_folders
    from axislib.text.copy import find_text

    if any(check_columns(frame, name) for name, frame in cells.items()) or cells["sentences"].empty:
        return []
    text = find_text([folder, *seeds_folders()], cells["sentences"])
    return check_words(cells, text.sentence) if text else []


def name_of(folder: Path) -> str:
    """What to call a data set on the command line: its name where that finds it, else its path."""
    from axislib.authoring.workbook import shown
    from axislib.seed.opening import find_seed

    with suppress(SeedError):
        if find_seed(folder.name).resolve() == folder.resolve():
            return folder.name
    return shown(folder)


@click.command()
@click.argument("seeds", nargs=-1)
@click.option("--seed", "more", multiple=True, hidden=True, help="The same as naming it.")
@flag(
    "--fix",
    "First make the fixes that need no judgement: encoding, separators, datapackage.json. Old"
    " tables are kept beside the new ones.",
    "fix_first",
)
@click.option("--mend", "fix_too", is_flag=True, hidden=True, help="The old word for --fix.")
def check(seeds: tuple[str, ...], more: tuple[str, ...], fix_first: bool, fix_too: bool) -> None:
    """Check every cell of a data set, and say how to fix what is wrong.

    SEEDS are names or paths; by default, kragh-holy-war. For each problem the command names the
    file, row, column and value. It changes nothing without --fix. If you have a copy of the text,
    it also checks that quoted words and hedges are in the sentences that a row cites.
    """
    from axislib.seed.opening import find_seed
    from axislib.seed.package import fix

    bad = 0
    for name in (*seeds, *more) or (ARTICLE,):
        folder = find_seed(name) if os.path.sep not in name else find_seed(Path(name))
        for line in fix(folder) if fix_first or fix_too else ():
            click.echo(f"{folder.name}: {line}")
        cells, findings = cells_and_findings(folder)
        _say_findings(folder, findings, cells)
        _say_other_files(folder)
        _say_waiting(folder)
        _remind(folder)
        if not findings:
            _say_sound(folder, cells)
        bad += len(findings)
    if bad:
        raise click.ClickException(
            f"{bad} thing{'s' if bad > 1 else ''} to fix; nothing was changed"
            + " beyond what is said above" * (fix_first or fix_too)
        )


def _say_findings(folder: Path, findings: Sequence[Finding | str], cells: Frames) -> None:
    """Findings, with their places in the workbook if there is one."""
    from axislib.authoring.workbook import WORKBOOK, places_in_workbook, taking_call
    from axislib.check.cells import Finding

    places = places_in_workbook(folder, cells) if findings else {}
    for finding in findings:
        file, row = (finding.file, finding.row) if isinstance(finding, Finding) else ("", None)
        key = file.removesuffix(".csv"), row or 0
        at = f" [{WORKBOOK}: tab {key[0]}, row {places[key]}]" if key in places else ""
        _warn(f"{folder.name}/{finding}{at}")
    if places:
        _warn(
            f"Correct it in {WORKBOOK}, then: {taking_call(folder)} (what is corrected in a CSV"
            " file stays, too)"
        )


def _say_other_files(folder: Path) -> None:
    """Copies of tables, which nobody reads; tables that changed since their hashes were kept."""
    from axislib.seed.package import hashes_kept, hashes_of_tables
    from axislib.tables.schema import table_names

    for path in sorted(folder.glob("*.csv")):
        table = re.split(r"[ (~]", path.stem)[0]
        if table != path.stem and table in table_names(folder):
            hint = f"if it is the newer one, call it {table}.csv"
            _warn(f"{folder.name}/{path.name}: not read; {hint}")
    if changed := sorted(hashes_of_tables(folder).items() - hashes_kept(folder).items()):
        _warn(
            f"{folder.name}: changed since their hashes were written into datapackage.json:"
            f" {', '.join(name for name, _ in changed)}; if that was you, run: axislib check --fix"
            f" {name_of(folder)}"
        )


def _say_waiting(folder: Path) -> None:
    """What the workbook holds that was not taken over yet, and what in it cannot be read."""
    from axislib.authoring.workbook import WORKBOOK, counted, read_workbook, taking_call, untaken

    if not (folder / WORKBOOK).exists():
        return
    try:
        lines = read_workbook(folder / WORKBOOK).notices
        if waiting := untaken(folder):
            held = f"{WORKBOOK} holds {counted(waiting)} not yet copied into the tables"
            lines.append(f"{held}: {taking_call(folder)}")
    except SeedError as error:
        lines = [str(error)]
    for line in lines:
        _warn(f"{folder.name}: {line}")


def _remind(folder: Path) -> None:
    """What is to be read again after a revised text; no mistake, so it does not fail the check."""
    from axislib.authoring.revise import TO_REREAD, still_to_reread

    rows = still_to_reread(folder)
    for row in rows.to_dict("records"):
        _warn(
            f"{folder.name}/{TO_REREAD}: read {row['id']} ({row['table']}, {row['column']}) again:"
            f" a sentence behind it has changed ({row['sentences']})"
        )
    if len(rows):
        _warn(
            f"{folder.name}: {len(rows)} to read again; delete from {TO_REREAD} the line of"
            " each that is still right, and finally the file"
        )


def _say_sound(folder: Path, cells: Frames) -> None:
    from axislib.authoring.new import guide
    from axislib.seed.opening import read_metadata

    rows = {table: len(frame) for table, frame in cells.items()}
    click.echo(
        f"{folder.name}: sound. {sum(rows.values())} rows in {len(rows)} tables: "
        + ", ".join(f"{n} {t}" for t, n in rows.items())
    )
    metadata = read_metadata(folder)
    if metadata.get("about"):
        return
    for line in guide(cells, metadata):
        click.echo(f"  {line}")
    option = "" if folder.name == ARTICLE else f" --seed {name_of(folder)}"
    click.echo(f"Next: axislib report{option}")


@click.command()
@click.argument("place", type=PATH)
def verify(place: Path) -> None:
    """Check that a report, batch or data set that you were sent is unchanged.

    PLACE is its folder, or a zip of it. The command compares its files with their hashes and names
    each file that was changed, added or is missing; exit code 0 only if there is none. It cannot
    tell who wrote the files: whoever changes a file may change its hash as well.
    """
    from axislib.seed.package import received

    count, differences = received(place)
    for line in differences:
        _warn(f"{place.name}/{line}")
    if differences:
        raise click.ClickException(
            f"{len(differences)} of its files differ from their hashes; if nobody changed them on"
            " purpose, ask for a fresh copy"
        )
    click.echo(f"{place.name}: all {count} files match their hashes")


@click.command()
@click.option(
    "--data",
    required=True,
    type=PATH,
    help="Folder with the data files; seeds/context/README.md says where to get them.",
)
@click.option("--out", type=PATH, help="Folder for the tables; by default, seeds/context/measured.")
@flag(
    "--check",
    "Write nothing: rebuild and compare with the tables there; exit code 1 if a byte differs.",
    "only_check",
)
@flag(
    "--accept-new", "Accept a file with the same layout whose bytes differ from the recorded ones."
)
def record(data: Path, out: Path | None, only_check: bool, accept_new: bool) -> None:
    """Rebuild the tables of the external record from open data.

    Every file is first checked against its expected layout (separator, columns, rows, version,
    sha256). If any do not match, the command names them and leaves the tables as they were.
    """
    from axislib.record.rebuild import build_all, compare, put_in_place
    from axislib.seed.opening import find_seed

    out = out or find_seed("context") / "measured"
    start = time.perf_counter()
    files, accepted = build_all(data, accept_new)
    for path, differs in accepted.items():
        _warn(
            f"accepted, although the recorded file differs: {path}: expected {differs['expected']},"
            f" found {differs['found']}"
        )
    if (different := compare(files, out)) and only_check:
        raise SeedError(
            f"{len(different)} of {len(files)} tables in {out} are not what the data give:\n"
            + "\n".join(f"  {line}" for line in different)
        )
    if different:
        put_in_place(files, out)
    for name, table in files.items():
        rows, size = table.count("\n") - 1, len(table.encode())
        click.echo(f"{name:28} {rows:6} rows {size / 1000:7.1f} kB")
    done = "equal to the shipped ones" if not different else f"written to {out}"
    click.echo(f"{len(files)} tables, {done}. {time.perf_counter() - start:.1f} s")
