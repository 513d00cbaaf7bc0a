"""A coding in force: what students or a jury decided, in the place of the project's own, in every
table and chart."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.files import unguard
from axislib.seed.seed import Seed
from axislib.tables.schema import LEVELS
from axislib.tables.spreadsheets import plain_csv, read_cells_of

CODING = ["fact", "column", "value"]


def read_coding(path: str | os.PathLike) -> pd.DataFrame:
    """A coding from its CSV (``fact``, ``column``, ``value``, others allowed), or from a filled-in
    coding sheet.

    Rows without a value are left out: they are not decided yet. Raises SeedError for any other
    file.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SeedError(
            f"{path.name}: cannot be read ({error.strerror}); check its name and folder"
        ) from None
    if not raw.startswith(b"PK"):  # not a workbook
        rows = list(csv.DictReader(io.StringIO(plain_csv(raw), newline="")))
        if rows and set(CODING) <= set(rows[0]):
            table = pd.DataFrame(
                [
                    {name: unguard(row[name] or "") for name in rows[0] if name is not None}
                    for row in rows
                ],
                dtype=str,
            )
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
    >>> other = set_level(axislib.open_seed(), "lend_lease_programme:modern_alignment", "absent", "P20.S3")
    >>> axislib.levels(other).query("dimension == 'lend_lease_programme' and coalition == 'modern_alignment'")["level"].item()
    'absent'
    """
    dimension, _, coalition = cell.partition(":")
    if dimension not in set(seed.dimensions["id"]) or coalition not in set(seed.actors["id"]):
        example = f"{next(iter(seed.dimensions['id']), 'dimension')}:{next(iter(seed.cooperation['coalition']), 'coalition')}"
        raise SeedError(
            f"'{cell}' is not a dimension and a coalition of seed {seed.name}; write such as"
            f" {example}"
        )
    if level not in LEVELS:
        raise SeedError(f"level '{level}' of {cell} is not known; use one of: {', '.join(LEVELS)}")
    wanted = {
        "present": ["for"],
        "absent": ["against"],
        "mixed": ["for", "against"],
        "not_stated": [],
    }[level]
    table = seed.cooperation.copy()
    here = (table["dimension"] == dimension) & (table["coalition"] == coalition)
    counted = here & (table["polarity"] != "left_open")
    if set(table.loc[counted, "bears"]) == set(wanted):
        return seed
    table.loc[counted & ~table["bears"].isin(wanted), "polarity"] = "left_open"
    new = [
        _instance(seed, table.columns, dimension, coalition, side, memo)
        for side in wanted
        if side not in set(table.loc[counted, "bears"])
    ]
    if new:
        table = pd.concat(
            [table, pd.DataFrame(new, columns=table.columns).astype(table.dtypes.to_dict())],
            ignore_index=True,
        )
    return replace(seed, tables={**seed.tables, "cooperation": table})


def _instance(
    seed: Seed, columns: Iterable[str], dimension: str, coalition: str, side: str, memo: str
) -> dict:
    anchors = ";".join(sentences_named(memo, seed)) or seed.row(dimension)["anchors"]
    taken, row_id, n = set(seed.cooperation["id"]), f"coded_{dimension}_{coalition}_{side}", 2
    while row_id in taken:
        row_id, n = f"coded_{dimension}_{coalition}_{side}_{n}", n + 1
    speaker = (seed.metadata.get("voices") or {}).get("body") or (
        seed.facts["speaker"].iloc[0] if len(seed.facts) else ""
    )
    called = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))
    said = {
        "id": row_id,
        "anchors": anchors,
        "basis": "coded_by_us",
        "coalition": coalition,
        "dimension": dimension,
        "pairs": "all",
        "bears": side,
        "statement": (
            f"A coder takes the text to speak {side} this cooperation of {called[coalition]}."
        ),
        "speaker": speaker,
        "modality": "asserted",
        "polarity": "affirmed",
        "layer": "article",
        "note": memo,
    }
    return {name: said.get(name, "") for name in columns}


def sentences_named(memo: str, seed: Seed) -> list[str]:
    """Locators of the seed that a memo names, in its order.

    >>> import axislib
    >>> sentences_named("see P20.S3, not P99.S1", axislib.open_seed())
    ['P20.S3']
    """
    known = set(seed.sentences["locator"])
    return list(dict.fromkeys(one for one in re.findall(r"P\d{2,}\.S\d+", memo) if one in known))
