"""A coding in force: what students or a jury decided, in the place of the project's own, in every
table and chart."""

from __future__ import annotations

import os
import re
import warnings
from dataclasses import replace
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError, did_you_mean
from axislib.files import unguard
from axislib.seed.seed import Seed
from axislib.tables.schema import LEVELS
from axislib.tables.spreadsheets import read_cells_of, rows_with

CODING = ["fact", "column", "value"]
# what instances a level needs
_SIDES = {"present": ["for"], "absent": ["against"], "mixed": ["for", "against"], "not_stated": []}


def read_coding(path: str | os.PathLike) -> pd.DataFrame:
    """A coding from its CSV (``fact``, ``column``, ``value``, others allowed), or from a filled-in
    coding sheet.

    Rows without a value are left out: they are not decided yet. Raises SeedError for any other
    file.
    """
    path = Path(path)
    rows = rows_with(path, CODING)
    header = rows.pop(min(rows)) if rows else []
    if set(CODING) <= set(header):
        cells = [dict(zip(header, map(unguard, row), strict=False)) for row in rows.values()]
        table = pd.DataFrame(cells, columns=header, dtype=str).fillna("")
        return table[table["value"].str.strip() != ""].reset_index(drop=True)
    cells = read_cells_of(path)
    cells = cells[cells["code"].str.strip() != ""]
    return pd.DataFrame(
        {
            "fact": cells["unit"],
            "column": cells["variable"],  # a variable is called as the column it fills
            "value": cells["code"],
            "memo": cells.get("memo", ""),
        }
    ).reset_index(drop=True)


def apply_coding(seed: Seed, coding: pd.DataFrame) -> Seed:
    """A new seed in which a coding is in force; the given one stays as it is.

    Rows with the column ``level`` and a fact such as ``arms_deliveries:modern_alignment`` set the
    level of a coalition on a dimension: see ``set_level``. Raises SeedError, naming the row, for
    what the tables would refuse.
    """
    missing = [name for name in CODING if name not in coding]
    if missing:
        raise SeedError(
            f"codings: no column {', '.join(missing)}; a coding has the columns fact, column, value"
        )
    for number, change in enumerate(coding.to_dict("records"), start=2):
        if str(change["value"]).strip() == "":
            continue
        try:
            if change["column"] == "level":
                seed = set_level(
                    seed, change["fact"], change["value"], str(change.get("memo") or "")
                )
            else:
                with warnings.catch_warnings():
                    # a coder's polarity is a coding like any other, whether or not a level moves
                    warnings.simplefilter("ignore", UserWarning)
                    seed = seed.recode(change["fact"], **{change["column"]: change["value"]})
        except SeedError as error:
            raise SeedError(f"codings, row {number}: {error}") from None
    return seed


def set_level(seed: Seed, cell: str, level: str, memo: str = "") -> Seed:
    """A new seed in which a coalition has this level on a dimension; ``cell`` is
    ``dimension:coalition``.

    Instances that speak otherwise are left open, for the coder does not take them for instances.
    Where none speaks for the new level, one is added: basis ``coded_by_us``, so that it is presumed
    and never known, with the sentences that the memo names.

    >>> import axislib
    >>> cell = "lend_lease_programme:modern_alignment"
    >>> other = set_level(axislib.open_seed(), cell, "absent", "P20.S3")
    >>> other.cooperation.iloc[-1][["id", "bears"]].tolist()
    ['coded_lend_lease_programme_modern_alignment_against', 'against']
    """
    dimension, _, coalition = cell.partition(":")
    _refuse_unknown(seed, cell, dimension, coalition, level)
    wanted = _SIDES[level]
    table = seed.cooperation.copy()
    here = (table["dimension"] == dimension) & (table["coalition"] == coalition)
    counted = here & (table["polarity"] != "left_open")
    if set(table.loc[counted, "bears"]) == set(wanted):
        return seed
    table.loc[counted & ~table["bears"].isin(wanted), "polarity"] = "left_open"
    new = [
        _instance(seed, dimension, coalition, side, memo)
        for side in wanted
        if side not in set(table.loc[counted, "bears"])
    ]
    if new:
        rows = pd.DataFrame(new).reindex(columns=table.columns, fill_value="")
        table = pd.concat([table, rows.astype(table.dtypes.to_dict())], ignore_index=True)
    return replace(seed, tables={**seed.tables, "cooperation": table})


def _refuse_unknown(seed: Seed, cell: str, dimension: str, coalition: str, level: str) -> None:
    if dimension not in set(seed.dimensions["id"]) or coalition not in set(seed.actors["id"]):
        dimension = next(iter(seed.dimensions["id"]), "dimension")
        coalition = next(iter(seed.cooperation["coalition"]), "coalition")
        raise SeedError(
            f"'{cell}' is not a dimension and a coalition of seed {seed.name}; write such as"
            f" {dimension}:{coalition}"
        )
    if level not in LEVELS:
        rest = f"use one of: {', '.join(LEVELS)}"
        raise SeedError(
            f"level '{level}' of {cell} is not known; {did_you_mean(level, LEVELS, rest)}"
        )


def _instance(seed: Seed, dimension: str, coalition: str, side: str, memo: str) -> dict:
    """A row of cooperation that speaks for a coder's level."""
    taken, row_id, n = set(seed.cooperation["id"]), f"coded_{dimension}_{coalition}_{side}", 2
    while row_id in taken:
        row_id, n = f"coded_{dimension}_{coalition}_{side}_{n}", n + 1
    author = (seed.metadata.get("voices") or {}).get("body")
    name = seed.row(coalition)["name"]
    return {
        "id": row_id,
        "anchors": ";".join(sentences_named(memo, seed)) or seed.row(dimension)["anchors"],
        "basis": "coded_by_us",
        "coalition": coalition,
        "dimension": dimension,
        "pairs": "all",
        "bears": side,
        "statement": f"A coder takes the text to speak {side} this cooperation of {name}.",
        "speaker": author or next(iter(seed.facts["speaker"]), ""),
        "modality": "asserted",
        "polarity": "affirmed",
        "layer": "article",
        "note": memo,
    }


def sentences_named(memo: str, seed: Seed) -> list[str]:
    """Locators of the seed that a memo names, in its order.

    >>> import axislib
    >>> sentences_named("see P20.S3, not P99.S1", axislib.open_seed())
    ['P20.S3']
    """
    known = set(seed.sentences["locator"])
    named = dict.fromkeys(re.findall(r"P\d{2,}\.S\d+", memo))
    return [locator for locator in named if locator in known]
