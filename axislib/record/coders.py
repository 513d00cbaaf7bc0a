"""Two people judged, each alone, how every fact bears on every claim: how far they agree, and which
verdicts hang on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from axislib.errors import SeedError
from axislib.record.cutoff import home
from axislib.record.options import Record
from axislib.record.verdict import verdicts
from axislib.seed.coding import read_coding
from axislib.seed.seed import Seed
from axislib.seminar.agreement import alpha, count_codes, interval
from axislib.tables.schema import vocabulary

# nominal: to change what a claim means is not half-way between for and against
SCALES = {"bearing": "nominal", "weight": "ordinal"}
ORDER = {"bearing": ("supports", "neither", "contradicts"), "weight": ("low", "medium", "high")}


def coders(seed: Seed) -> pd.DataFrame:
    """What each coder put down before the two were reconciled: ``fact`` (id of a bearing),
    ``column``, ``value``, ``memo``, ``coder``.

    Read from the folder ``coders`` of the layer context; empty if there is none. Raises SeedError
    for a column or a word that the table of bearings does not have.
    """
    folder = home(seed)
    files = sorted((folder / "coders").glob("*.csv")) if folder else []
    codings = [read_coding(path).assign(coder=path.stem) for path in files]
    codes = (
        pd.concat(codings, ignore_index=True)
        if codings
        else pd.DataFrame(columns=["fact", "column", "value", "memo", "coder"])
    )
    for row in codes.to_dict("records"):
        if row["column"] not in SCALES or row["value"] not in vocabulary(row["column"]):
            raise SeedError(
                f"coders/{row['coder']}.csv, {row['fact']}: {row['column']} '{row['value']}' is not"
                " known; use bearing or weight, and a word of the codebook"
            )
    return codes


def coders_agree(record: Record) -> pd.DataFrame:
    """How far they agreed before they talked: ``variable``, ``scale``, ``units``, ``alike``
    (share), ``alpha``, ``low``, ``high``.

    Krippendorff's alpha with a 95 % bootstrap interval (see ``axislib.seminar.agreement``), over
    the bearings that are in the record given. It cannot tell who is right.

    >>> import axislib
    >>> from axislib.record import Record
    >>> coders_agree(Record(axislib.open_seed(layers=["article", "context"])))["variable"].tolist()
    ['bearing', 'weight']
    """
    codes = coders(record.seed)
    codes = codes[codes["fact"].isin(record.seed.tables["bearings"]["id"])]
    rows = []
    for column, scale in SCALES.items():
        mine = codes[codes["column"] == column].rename(columns={"fact": "unit", "value": "code"})
        counts = count_codes(mine, ORDER[column])
        low, high = interval(counts, scale)
        alike = (
            float((counts.max(axis=1) == counts.sum(axis=1)).mean())
            if len(counts)
            else float("nan")
        )
        rows.append((column, scale, len(counts), alike, alpha(counts, scale), low, high))
    return pd.DataFrame(
        rows, columns=["variable", "scale", "units", "alike", "alpha", "low", "high"]
    )


def by_coder(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The verdicts that come out otherwise when one coder's judgements stand alone: ``claim``,
    ``coder``, ``verdict``, ``weighed``, ``was`` (both as they are now). A claim without a row comes
    out the same whoever coded it.
    """
    now = verdicts(record, claims).set_index("claim")
    rows = []
    for coder, codes in coders(record.seed).groupby("coder"):
        alone = verdicts(judged_by(record, codes), claims).set_index("claim")
        for claim, old in now.iterrows():
            new = alone.loc[claim]
            if (new["verdict"], new["weighed"]) != (old["verdict"], old["weighed"]):
                rows.append(
                    (
                        claim,
                        coder,
                        new["verdict"],
                        new["weighed"],
                        f"{old['verdict']};{old['weighed']}",
                    )
                )
    return pd.DataFrame(rows, columns=["claim", "coder", "verdict", "weighed", "was"]).sort_values(
        ["claim", "coder"], ignore_index=True
    )


def judged_by(record: Record, codes: pd.DataFrame) -> Record:
    """The record with one coder's bearings and weights in place of the agreed ones; bearings not
    coded stay."""
    frame = record.seed.tables["bearings"].copy()
    for column in SCALES:
        mine = codes[codes["column"] == column].set_index("fact")["value"]
        frame[column] = frame["id"].map(mine).fillna(frame[column])
    return replace(
        record, seed=replace(record.seed, tables={**record.seed.tables, "bearings": frame})
    )
