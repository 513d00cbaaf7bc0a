"""From several codings to one: a file for the jury that git can diff, and that is itself a coding."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import to_csv, write_whole
from axislib.seed.coding import read_coding
from axislib.seminar.variables import VARIABLES

COLUMNS = ["fact", "column", "value", "agreed", "codes", "memos", "where"]


def adjudication_table(codes: pd.DataFrame) -> pd.DataFrame:
    """One row a unit and variable, sorted by name, so that two versions can be compared line by
    line.

    ``fact``, ``column``, ``value`` are the coding: filled in where two or more coders say the same
    and nobody otherwise, empty where the jury has to decide. ``agreed`` (yes, no, one_coder,
    nobody), ``codes`` and ``memos`` (``coder: code``, joined by ``|``) and ``where`` are for its
    members. No sentence of the text stands in it.
    """
    rows = []
    for (unit, variable), group in codes[codes["variable"].isin(list(VARIABLES))].groupby(
        ["unit", "variable"]
    ):
        given = group[group["code"] != ""]
        kinds = given["code"].unique()
        agreed = (
            "nobody"
            if not len(given)
            else "no"
            if len(kinds) > 1
            else "yes"
            if len(given) > 1
            else "one_coder"
        )
        rows.append(
            {
                "fact": unit,
                "column": VARIABLES[variable].column,
                "value": kinds[0] if agreed == "yes" else "",
                "agreed": agreed,
                "codes": _said(given, "code"),
                "memos": _said(group[group["memo"] != ""], "memo"),
                "where": group["where"].iloc[0],
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _said(rows: pd.DataFrame, column: str) -> str:
    ordered = sorted(zip(rows["coder"], rows[column], strict=True))
    # one line a row: git compares lines
    return " | ".join(f"{coder}: {' '.join(said.split())}" for coder, said in ordered)


def write_adjudication(codes: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Write the jury's file; decisions that already stand in it are kept. Returns the table as
    written.

    Raises SeedError, before anything is written, where a file of that name is something else.
    """
    table = adjudication_table(codes)
    path = Path(path)
    if path.exists():
        import io

        from axislib.tables.schema import read_cells

        before = read_cells(path)
        if list(before.columns[:3]) != COLUMNS[:3]:
            raise SeedError(
                f"{path.name}: is there already and is not an adjudication file (columns "
                f"{', '.join(before.columns[:3])}); choose another name"
            )
        before = pd.read_csv(
            io.StringIO(path.read_text(encoding="utf-8")), dtype=str, keep_default_na=False
        )
        decided = {
            (row["fact"], row["column"]): row["value"]
            for row in before.to_dict("records")
            if row["value"]
        }
        table["value"] = [
            decided.pop((fact, column), value)
            for fact, column, value in zip(
                table["fact"], table["column"], table["value"], strict=True
            )
        ]
        # a decision on something that no sheet holds any more is not lost
        gone = before[
            [
                (fact, column) in decided
                for fact, column in zip(before["fact"], before["column"], strict=True)
            ]
        ]
        table = pd.concat([table, gone.reindex(columns=COLUMNS, fill_value="")]).sort_values(
            ["fact", "column"], kind="stable", ignore_index=True
        )
    write_whole(path, to_csv(table))
    return table


def undecided(path: Path) -> int:
    """How many rows of a jury's file have no value yet."""
    import io

    cells = pd.read_csv(
        io.StringIO(Path(path).read_text(encoding="utf-8")), dtype=str, keep_default_na=False
    )
    return len(cells) - len(read_coding(path))
