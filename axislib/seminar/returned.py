"""Sheets that come back: every code and memo kept, everything odd said in words, nothing guessed in
silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from axislib.check.cells import Finding
from axislib.errors import SeedError
from axislib.seed.seed import Seed
from axislib.seminar.variables import VARIABLES, words_of
from axislib.tables.spreadsheets import SHEET, actor_named, folded, read_cells_of, seeds_in, word_of

CODES = ["coder", "unit", "variable", "code", "memo", "where", "question", "written", "file", "row"]


@dataclass(frozen=True)
class Returned:
    """What came back: ``codes`` (one row a coder, unit and variable) and ``notices`` (what somebody
    should look at).

    In ``codes``, ``code`` is empty where there is none that counts; ``written`` is what stands in
    the file.
    """

    codes: pd.DataFrame = field(repr=False)
    notices: list[Finding]

    @property
    def coders(self) -> list[str]:
        """Names of the coders, in the order of the files."""
        return list(dict.fromkeys(self.codes["coder"]))


def read_sheets(paths: Iterable[Path | str], seed: Seed) -> Returned:
    """Read sheets back, whatever they are called and whatever spreadsheet saved them.

    The coder's name stands in the sheet, not in the file's name. Raises SeedError only for a file
    that is no sheet at all, or belongs to another seed; all else is a notice: missing and misspelt
    codes, unknown units, rows that stand twice, columns that are not of a sheet (kept in the memo),
    two coders with one name (kept apart by their files' names). It cannot tell whether a sheet was
    filled in by the person it names.
    """
    paths = [Path(path) for path in paths]
    if not paths:
        raise SeedError("no sheet was given; such as: axislib agree sheet-anna.xlsx sheet-ben.xlsx")
    frames, notices = [], []
    for path in paths:
        frame = read_cells_of(path)
        _refuse_foreign(frame, path, seed)
        notices += _extra_columns(frame, path)
        frames.append(_codes_of(frame, path, seed, notices))
    codes = pd.concat(_tell_apart(frames, notices), ignore_index=True)
    known = codes[["unit", "variable"]].drop_duplicates()
    for (coder, file), rows in codes.groupby(["coder", "file"], sort=False):
        there = set(zip(rows["unit"], rows["variable"], strict=True))
        lacking = [
            unit
            for unit, name in known.itertuples(index=False)
            if (unit, name) not in there and name in set(rows["variable"])
        ]
        if lacking:
            notices.append(
                Finding(
                    file,
                    None,
                    "",
                    "",
                    f"{coder} has no row for {len(lacking)} units that others have "
                    f"({', '.join(lacking[:3])}{', ...' if len(lacking) > 3 else ''})",
                    "nothing to mend if the sheets were meant to differ; otherwise rows were"
                    " deleted",
                )
            )
    return Returned(codes, _once(notices))


def _refuse_foreign(frame: pd.DataFrame, path: Path, seed: Seed) -> None:
    named = seeds_in(frame)
    if named and seed.name not in named:
        raise SeedError(
            f"{path.name}: is a sheet of seed {', '.join(sorted(named))}, not of {seed.name}; name"
            " that seed with --seed, or leave the file out"
        )


def _extra_columns(frame: pd.DataFrame, path: Path) -> list[Finding]:
    return [
        Finding(
            path.name,
            1,
            name,
            "",
            "is not a column of a coding sheet",
            "what stands in it was kept, at the end of each memo",
        )
        for name in frame.columns
        if name not in SHEET and (frame[name] != "").any()
    ]


def _codes_of(frame: pd.DataFrame, path: Path, seed: Seed, notices: list[Finding]) -> pd.DataFrame:
    extra = [name for name in frame.columns if name not in SHEET]
    named = [
        name for name in dict.fromkeys(frame.get("coder", pd.Series(dtype=str)).str.strip()) if name
    ]
    words = {name: words_of(seed, name) for name in VARIABLES}
    units, seen, rows = _known_units(seed), {}, []
    if not named:
        notices.append(
            Finding(
                path.name,
                None,
                "coder",
                "",
                "says nowhere whose sheet it is",
                f"taken for {path.stem}'s, after the file's name",
            )
        )
    if len(named) > 1:
        notices.append(
            Finding(
                path.name,
                None,
                "coder",
                ", ".join(named),
                "is several coders in one file",
                "each row counts for the coder it names",
            )
        )

    for number, cells in zip(frame.index, frame.to_dict("records"), strict=True):
        unit, variable, said = (
            cells["unit"].strip(),
            cells["variable"].strip(),
            cells["code"].strip(),
        )

        def say(column: str, value: str, problem: str, mend: str, number=number) -> None:
            notices.append(Finding(path.name, number, column, value, problem, mend))

        memo = "; ".join(
            filter(
                None,
                [
                    cells.get("memo", "").strip(),
                    *(f"{name}: {cells[name].strip()}" for name in extra if cells[name].strip()),
                ],
            )
        )
        row = {
            "coder": (cells.get("coder") or "").strip() or (named[0] if named else path.stem),
            "unit": unit,
            "variable": variable,
            "memo": memo,
            "where": cells.get("where", ""),
            "question": cells.get("question", ""),
            "written": said,
            "file": path.name,
            "row": number,
            "code": "",
        }
        if variable not in VARIABLES:
            say(
                "variable",
                variable,
                "is not something to code",
                f"the row does not count; use one of: {', '.join(VARIABLES)}",
            )
        elif unit not in units:
            near = get_close_matches(unit, list(units), n=1, cutoff=0.8)
            say(
                "unit",
                unit,
                f"is not in seed {seed.name}",
                "the row does not count; "
                + (
                    f"did you mean {near[0]}?" if near else "leave this column as it was handed out"
                ),
            )
        elif not said:
            say(
                "code",
                "",
                f"no code for {unit} ({variable})",
                "it does not count; fill it in if it was forgotten",
            )
        else:
            row["code"] = word_of(said, words[variable])
            if (
                not row["code"]
                and variable == "speaker"
                and (by_name := actor_named(said, words[variable]))
            ):
                row["code"] = by_name
                say("code", said, f"is the name of {by_name}", f"read as {by_name}")
            if not row["code"]:
                near = get_close_matches(folded(said), list(words[variable]), n=1)
                say(
                    "code",
                    said,
                    f"is not a code for {variable}",
                    "it does not count; "
                    + (
                        f"did you mean {near[0]}?"
                        if near
                        else f"use one of: {', '.join(words[variable])}"
                    ),
                )
        key = (row["coder"], unit, variable)
        if key in seen:
            first = seen[key]
            if first["code"] != row["code"]:
                say(
                    "code",
                    said,
                    f"stands in row {first['row']} as '{first['written']}' already",
                    "neither counts; keep one row",
                )
                first["code"] = ""
            first["memo"] = "; ".join(
                filter(None, [first["memo"], memo if memo != first["memo"] else ""])
            )
            first["written"] = (
                first["written"] if first["written"] == said else f"{first['written']} / {said}"
            )
            continue
        seen[key] = row
        rows.append(row)
    if not rows:
        notices.append(
            Finding(
                path.name, 2, "", "", "there is no row below the first", "ask for the sheet again"
            )
        )
    return pd.DataFrame(rows, columns=CODES)


def _known_units(seed: Seed) -> set[str]:
    from axislib.questions.levels import compared_coalitions

    cells = {
        f"{dimension}:{coalition}"
        for dimension in seed.dimensions["id"]
        for coalition in compared_coalitions(seed)
    }
    return {*seed.facts["id"], *seed.consistency["id"], *cells}


def _once(notices: Iterable[Finding]) -> list[Finding]:
    """What is said of one value in many rows of a file is said once, of the first."""
    groups: dict[tuple, list[Finding]] = {}
    for one in notices:
        groups.setdefault((one.file, one.column, one.value, one.problem, one.mend), []).append(one)
    return [
        (
            replace(
                same[0],
                problem=(
                    f"{same[0].problem} (and in {len(same) - 1} more row{'s' * (len(same) > 2)})"
                ),
            )
            if len(same) > 1
            else same[0]
        )
        for same in groups.values()
    ]


def _tell_apart(frames: list[pd.DataFrame], notices: list[Finding]) -> list[pd.DataFrame]:
    """The same name in two files: one sheet handed in twice counts once, two people are kept apart."""
    kept: list[pd.DataFrame] = []
    owners: dict[str, list[int]] = {}
    for frame in frames:
        same = [n for coder in dict.fromkeys(frame["coder"]) for n in owners.get(coder, [])]
        columns = ["coder", "unit", "variable", "written", "memo"]
        if any(frame[columns].equals(kept[n][columns]) for n in same):
            notices.append(
                Finding(
                    frame["file"].iloc[0],
                    None,
                    "",
                    "",
                    "holds the same codes and memos by the same coder as another file",
                    "counted once",
                )
            )
            continue
        for coder in dict.fromkeys(frame["coder"]):
            owners.setdefault(coder, []).append(len(kept))
        kept.append(frame)
    for coder, places in owners.items():
        if len(places) < 2:
            continue
        if not _overlap([kept[n][kept[n]["coder"] == coder] for n in places]):
            continue  # one person's work in several files
        files = [kept[n]["file"].iloc[0] for n in places]
        notices.append(
            Finding(
                ", ".join(files),
                None,
                "coder",
                coder,
                "is the name in more than one sheet, and they differ",
                "kept apart by file; give each a name of their own in the column coder",
            )
        )
        for order, n in enumerate(places, start=1):
            label = (
                Path(kept[n]["file"].iloc[0]).stem if len(set(files)) == len(files) else str(order)
            )
            kept[n] = kept[n].assign(
                coder=kept[n]["coder"].where(kept[n]["coder"] != coder, f"{coder} ({label})")
            )
    return kept


def _overlap(frames: list[pd.DataFrame]) -> bool:
    units = [
        pair for frame in frames for pair in zip(frame["unit"], frame["variable"], strict=True)
    ]
    return len(units) != len(set(units))
