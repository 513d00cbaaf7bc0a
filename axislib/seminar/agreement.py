"""How far coders agree: Krippendorff's alpha, nominal and ordinal, with a bootstrap interval; where
they do not; and the jury's file, in which their codings become one.

Krippendorff, Content Analysis (4th ed. 2019), chapter 12; Computing Krippendorff's
Alpha-Reliability (2011). The package ``krippendorff`` is the oracle of the tests: it gives no
interval and no reason where alpha is undefined.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.files import unguard, write_whole
from axislib.seed.seed import Seed
from axislib.seed.variants import CODING
from axislib.seminar import sheets
from axislib.tables.schema import read_cells, records
from axislib.tables.spreadsheets import rows_with

AGREEMENT = ["variable", "coders", "scale", "units", "alike", "alpha", "low", "high", "why"]
JURY = [*CODING, "agreed", "codes", "memos", "where"]
_UNIT = ["unit", "variable"]
INTERVAL = (0.025, 0.975)
LEAST_UNITS, LEAST_DRAWS = 5, 0.9  # with fewer units, or a smaller share of draws, no interval


def count_codes(codes: pd.DataFrame, words: Sequence[str]) -> np.ndarray:
    """Units x words: how many coders gave each word; units that two or more coded."""
    table = pd.crosstab(codes["unit"], codes["code"]).reindex(columns=list(words), fill_value=0)
    counts = table.to_numpy(dtype=float)
    return counts[counts.sum(axis=1) >= 2]


def alpha(counts: np.ndarray, scale: str = "nominal") -> float:
    """Krippendorff's alpha of units x words counts; NaN where undefined (``agree`` says why).

    ``scale`` is nominal, or ordinal (words in order). 1 is perfect agreement, 0 what chance would
    bring. It cannot tell who is right, nor whether the codebook is.

    >>> round(float(alpha(np.array([[2, 0], [1, 1], [0, 2], [0, 2]], dtype=float))), 3)
    0.533
    """
    return float(_alphas(np.asarray(counts, dtype=float), np.ones((1, len(counts))), scale)[0])


def _alphas(counts: np.ndarray, weights: np.ndarray, scale: str) -> np.ndarray:
    """Alpha for each row of ``weights`` (how often each unit is taken)."""
    coders = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, range(counts.shape[1]), range(counts.shape[1])] -= counts
    coincidences = np.tensordot(weights, pairs / (coders - 1)[:, None, None], axes=1)
    totals = coincidences.sum(axis=2)
    distance = np.broadcast_to(1.0 - np.eye(counts.shape[1]), coincidences.shape)
    if scale != "nominal":
        # ordinal: how many codes lie from the one word to the other, each end counted half
        below = np.cumsum(totals, axis=1) - totals / 2
        distance = (below[:, :, None] - below[:, None, :]) ** 2
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
    expected = expected / (totals.sum(axis=1) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def interval(counts: np.ndarray, scale: str = "nominal", draws: int = 2000) -> tuple[float, float]:
    """Where 95 of 100 alphas lie when units are drawn anew (percentile bootstrap).

    The draws are always the same. NaN with fewer than 5 units, or where fewer than 9 in 10 draws
    have an alpha. It covers the choice of units, not that of coders.
    """
    if len(counts) < LEAST_UNITS:
        return np.nan, np.nan
    size, random = len(counts), np.random.default_rng(1)
    weights = random.multinomial(size, np.full(size, 1 / size), size=draws)
    drawn = _alphas(counts, weights.astype(float), scale)
    drawn = drawn[~np.isnan(drawn)]
    if len(drawn) < LEAST_DRAWS * draws:
        return np.nan, np.nan
    low, high = np.quantile(drawn, INTERVAL)
    return float(low), float(high)


def agree(codes: pd.DataFrame, seed: Seed, draws: int = 2000) -> pd.DataFrame:
    """Agreement per variable: first all coders, then each pair, over units coded by both.

    ``codes`` as in ``Returned``. Columns: ``variable``, ``coders``, ``scale``, ``units`` (coded by
    two or more), ``alike`` (share of units on which all say the same), ``alpha``, ``low``, ``high``
    (95% bootstrap interval), ``why`` (why alpha is undefined, or what to beware of).
    """
    rows = []
    for variable in [name for name in sheets.VARIABLES if name in set(codes["variable"])]:
        asked = codes[codes["variable"] == variable]
        coders = list(dict.fromkeys(asked["coder"]))
        pairs = [(" + ".join(pair), pair) for pair in combinations(coders, 2)]
        given, words = asked[asked["code"] != ""], list(sheets.words_of(seed, variable))
        for label, group in pairs if len(coders) == 2 else [("all", coders), *pairs]:
            own = given[given["coder"].isin(group)]
            rows.append((variable, label, *measure(own, words, sheets.SCALES[variable], draws)))
    return pd.DataFrame(rows, columns=AGREEMENT)


def measure(
    codes: pd.DataFrame, words: Sequence[str], scale: str = "nominal", draws: int = 2000
) -> tuple:
    """The columns of ``agree`` from ``scale`` on."""
    counts, coders, why = count_codes(codes, words), codes["coder"].nunique(), ""
    if coders < 2:
        why = "undefined: fewer than two coders gave codes"
    elif not len(counts):
        why = f"undefined: no unit was coded by {'both' if coders == 2 else 'two or more'}"
    elif (counts.sum(axis=0) > 0).sum() < 2:
        why = "undefined: everybody used one code only, so there is no variation to agree on"
    low, high = interval(counts, scale, draws) if not why else (np.nan, np.nan)
    if not why and np.isnan(low):
        why = "too few units for an interval"
    share = float((counts.max(axis=1) == counts.sum(axis=1)).mean()) if len(counts) else np.nan
    return scale, len(counts), share, alpha(counts, scale), low, high, why


def shipped_codings(seed: Seed) -> pd.DataFrame:
    """What independent coders put down, and what the tables say of the same units.

    Read from ``coders/*.csv`` beside the tables (``unit``, ``variable``, ``code``, ``memo``).
    Columns: ``unit``, ``variable``, ``code``, ``coder``; the tables are the coder ``axislib``.
    Units that are no longer in the tables are left out. Empty where no coding is shipped.

    >>> import axislib
    >>> shipped_codings(axislib.open_seed())["coder"].unique().tolist()
    ['coder_a', 'coder_b', 'axislib']
    """
    files = sorted((seed.folder / "coders").glob("*.csv")) if seed.folder else []
    columns = [*_UNIT, "code", "coder"]
    if not files:
        return pd.DataFrame(columns=columns)
    given = pd.concat([read_cells(path).assign(coder=path.stem) for path in files])
    given = given[columns].merge(sheets.units_of(seed, given["variable"].unique())[_UNIT])
    own = given[_UNIT].drop_duplicates()
    codes = sheets.own_codes(seed, own.itertuples(index=False, name=None))
    return pd.concat([given, own.assign(code=codes, coder="axislib")], ignore_index=True)


def disagreements(codes: pd.DataFrame, seed: Seed, with_text: bool = True) -> pd.DataFrame:
    """Units on which coders differ, those with most different codes first.

    Columns: ``unit``, ``variable``, ``where``, ``sentence`` (in the words of the reader's own copy,
    if there is one), ``question``, then each coder's code and memo.
    """
    kinds = codes[codes["code"] != ""].groupby(_UNIT, sort=False)["code"].nunique()
    units = codes.drop_duplicates(_UNIT).set_index(_UNIT)[["where", "question"]]
    units["kinds"] = kinds.reindex(units.index, fill_value=0)
    units = units[units["kinds"] > 1].sort_values("kinds", ascending=False, kind="stable")
    units["kinds"] = [sheets.sentences_at(seed, at) if with_text else "" for at in units["where"]]
    table = units.rename(columns={"kinds": "sentence"})[["where", "sentence", "question"]]
    for coder, own in codes.groupby("coder", sort=False):
        cells = own.set_index(_UNIT)[["code", "memo"]].reindex(table.index, fill_value="")
        table = table.join(cells.add_prefix(f"{coder}: "))
    return table.reset_index()


def adjudication_table(codes: pd.DataFrame) -> pd.DataFrame:
    """A row for each unit and variable, sorted by name, so that versions compare by line.

    ``fact``, ``column``, ``value`` are the coding: filled in where two or more coders agree and
    nobody differs, else empty, for the jury to decide. ``agreed`` (yes, no, one_coder, nobody),
    ``codes`` and ``memos`` (``coder: code``, joined by ``|``) and ``where`` are for its members.
    """
    rows = []
    for unit, group in codes[codes["variable"].isin(sheets.VARIABLES)].groupby(_UNIT):
        given = group[group["code"] != ""]
        kinds, coders = given["code"].nunique(), given["coder"].nunique()
        agreed = ("nobody", "one_coder", "yes")[min(coders, 2)] if kinds < 2 else "no"
        value = given["code"].iloc[0] if agreed == "yes" else ""
        noted = _by_coder(given, "code"), _by_coder(group[group["memo"] != ""], "memo")
        rows.append((*unit, value, agreed, *noted, group["where"].iloc[0]))
    return pd.DataFrame(rows, columns=JURY)


def _by_coder(rows: pd.DataFrame, column: str) -> str:
    ordered = sorted(zip(rows["coder"], rows[column], strict=True))
    # each row on one line: git compares lines
    return " | ".join(f"{coder}: {' '.join(cell.split())}" for coder, cell in ordered)


def write_adjudication(codes: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Write the jury's file and return its table; decisions and columns in it are kept.
    Raises SeedError, before anything is written, where a file of that name is something else."""
    before = _rows_before(path) if path.exists() else {}
    rows = []
    for row in records(adjudication_table(codes)):
        earlier = before.pop((row["fact"], row["column"]), {})
        rows.append(earlier | row | ({"value": earlier["value"]} if _decided(earlier) else {}))
    # a decision on something that no sheet holds any more is not lost
    rows += [row for row in before.values() if row["value"]]
    columns = dict.fromkeys([*JURY, *(name for row in rows for name in row)])
    table = pd.DataFrame(rows, columns=list(columns)).fillna("")
    table = table.sort_values(["fact", "column"], kind="stable", ignore_index=True)
    write_whole(path, sheets.csv_for_excel(table))
    return table


def _decided(row: dict[str, str]) -> bool:
    """Whether a person chose the value: where the coders agreed, their own code was filled in."""
    common = {cell.rpartition(": ")[2] for cell in row.get("codes", "").split(" | ")}
    filled_in = row.get("agreed") == "yes" and common == {row.get("value")}
    return bool(row.get("value")) and not filled_in


def _rows_before(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of a jury's file by fact and column, whatever spreadsheet saved it."""
    if path.read_bytes().startswith(b"PK"):
        raise SeedError(f"{path.name}: is a workbook; save it as CSV, and name that file")
    header, *rows = [*rows_with(path, CODING).values()] or [[]]
    if not set(CODING) <= set(header):
        raise SeedError(
            f"{path.name}: is there already and is not an adjudication file (columns"
            f" {', '.join(header[:3]) or 'none'}); choose another name"
        )
    found = {}
    for cells in rows:
        row = dict.fromkeys(header, "") | dict(zip(header, map(unguard, cells), strict=False))
        row["value"] = row["value"].strip()
        if row["fact"]:
            found[row["fact"], row["column"]] = {name: row[name] for name in header if name}
    return found
