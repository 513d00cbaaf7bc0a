"""How far coders agree: Krippendorff's alpha, nominal and ordinal, with a bootstrap interval; and
where they do not.

Krippendorff, Content Analysis (4th ed. 2019), chapter 12; Computing Krippendorff's
Alpha-Reliability (2011). The package ``krippendorff`` is the oracle of the tests: it gives no
interval and no reason where alpha is undefined.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from axislib.seed.seed import Seed
from axislib.seminar.variables import VARIABLES, words_of

AGREEMENT = ["variable", "coders", "scale", "units", "alike", "alpha", "low", "high", "why"]


def count_codes(codes: pd.DataFrame, words: Sequence[str]) -> np.ndarray:
    """How many coders gave each word to each unit: units x words, only units that two or more
    coded."""
    table = (
        pd.crosstab(codes["unit"], codes["code"])
        .reindex(columns=list(words), fill_value=0)
        .to_numpy(dtype=float)
    )
    return table[table.sum(axis=1) >= 2]


def alpha(counts: np.ndarray, scale: str = "nominal") -> float:
    """Krippendorff's alpha of units x words counts; NaN where it is undefined (see
    ``why_undefined``).

    ``scale`` is nominal, or ordinal: then the words stand in order. 1 is perfect agreement, 0 what
    chance would bring, below 0 less than that. It cannot tell who is right, nor whether the
    codebook is.

    >>> round(float(alpha(np.array([[2, 0], [1, 1], [0, 2], [0, 2]], dtype=float))), 3)
    0.533
    """
    return float(_alphas(np.asarray(counts, dtype=float), np.ones((1, len(counts))), scale)[0])


def _alphas(counts: np.ndarray, weights: np.ndarray, scale: str) -> np.ndarray:
    """Alpha for each row of ``weights`` (how often each unit is taken)."""
    if not counts.size:
        return np.full(len(weights), np.nan)
    coders = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, range(counts.shape[1]), range(counts.shape[1])] -= counts
    coincidences = np.tensordot(weights, pairs / (coders - 1)[:, None, None], axes=1)
    totals = coincidences.sum(axis=2)
    distance = _distance(totals, scale)
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2)) / (
        totals.sum(axis=1) - 1
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _distance(totals: np.ndarray, scale: str) -> np.ndarray:
    size = totals.shape[1]
    if scale == "nominal":
        return np.broadcast_to(1.0 - np.eye(size), (len(totals), size, size))
    # ordinal: how many codes lie from the one word to the other, each end counted half
    below = np.cumsum(totals, axis=1) - totals / 2
    return (below[:, :, None] - below[:, None, :]) ** 2


def interval(
    counts: np.ndarray, scale: str = "nominal", draws: int = 2000, seed: int = 1
) -> tuple[float, float]:
    """Where 95 of 100 alphas lie when units are drawn anew with replacement (percentile bootstrap,
    seeded).

    NaN where fewer than 5 units or fewer than 9 in 10 draws have an alpha: then there is too little
    to tell. It covers the chance in the choice of units only, not in the choice of coders.
    """
    if len(counts) < 5:
        return np.nan, np.nan
    weights = np.random.default_rng(seed).multinomial(
        len(counts), np.full(len(counts), 1 / len(counts)), size=draws
    )
    drawn = _alphas(counts, weights.astype(float), scale)
    drawn = drawn[~np.isnan(drawn)]
    if len(drawn) < 0.9 * draws:
        return np.nan, np.nan
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def why_undefined(codes: pd.DataFrame, counts: np.ndarray) -> str:
    """Why alpha is undefined for these codes, in words; empty where it is not."""
    if codes["coder"].nunique() < 2:
        return "undefined: only one coder gave codes"
    if not len(counts):
        return (
            "undefined: no unit was coded by both"
            if codes["coder"].nunique() == 2
            else "undefined: no unit was coded by two or more"
        )
    if (counts.sum(axis=0) > 0).sum() < 2:
        return "undefined: everybody used one code only, so there is no variation to agree on"
    return ""


def agree(codes: pd.DataFrame, seed: Seed, draws: int = 2000) -> pd.DataFrame:
    """Agreement per variable: first all coders, then each pair, over units coded by both.

    ``codes`` as in ``Returned``. Columns: ``variable``, ``coders``, ``scale``, ``units`` (coded by
    two or more), ``alike`` (share of units on which all say the same), ``alpha``, ``low``, ``high``
    (95 % bootstrap interval), ``why`` (why alpha is undefined, or what to beware of).
    """
    rows = []
    given = codes[codes["code"] != ""]
    for variable in [name for name in VARIABLES if name in set(codes["variable"])]:
        words, scale = list(words_of(seed, variable)), VARIABLES[variable].scale
        here = given[given["variable"] == variable]
        coders = list(dict.fromkeys(codes.loc[codes["variable"] == variable, "coder"]))
        groups = (
            [("all", coders)] + [(f"{a} + {b}", [a, b]) for a, b in combinations(coders, 2)]
            if len(coders) != 2
            else [(" + ".join(coders), coders)]
        )
        for label, chosen in groups:
            part = here[here["coder"].isin(chosen)]
            counts = count_codes(part, words)
            why = why_undefined(part, counts)
            low, high = interval(counts, scale, draws) if not why else (np.nan, np.nan)
            if not why and np.isnan(low):
                why = "too few units for an interval"
            rows.append(
                {
                    "variable": variable,
                    "coders": label,
                    "scale": scale,
                    "units": len(counts),
                    "alike": (
                        float((counts.max(axis=1) == counts.sum(axis=1)).mean())
                        if len(counts)
                        else np.nan
                    ),
                    "alpha": alpha(counts, scale),
                    "low": low,
                    "high": high,
                    "why": why,
                }
            )
    return pd.DataFrame(rows, columns=AGREEMENT)


def disagreements(codes: pd.DataFrame, seed: Seed, with_text: bool = True) -> pd.DataFrame:
    """Units on which coders differ: ``unit``, ``variable``, ``where``, ``sentence``, ``question``,
    then each coder's code and memo.

    ``sentence`` holds the words of the reader's own copy where it is at hand. Units with most
    different codes first.
    """
    coders = list(dict.fromkeys(codes["coder"]))
    columns = [
        "unit",
        "variable",
        "where",
        "sentence",
        "question",
        *(name for coder in coders for name in (f"{coder}: code", f"{coder}: memo")),
    ]
    rows = []
    for (unit, variable), group in codes.groupby(["unit", "variable"], sort=False):
        kinds = group.loc[group["code"] != "", "code"].nunique()
        if kinds < 2:
            continue
        first = group.iloc[0]
        row = {
            "unit": unit,
            "variable": variable,
            "where": first["where"],
            "question": first["question"],
            "kinds": kinds,
            "sentence": (
                " ".join(filter(None, map(seed.sentence, first["where"].split(";"))))
                if with_text and first["where"]
                else ""
            ),
        }
        for one in group.to_dict("records"):
            row |= {f"{one['coder']}: code": one["code"], f"{one['coder']}: memo": one["memo"]}
        rows.append(row)
    rows.sort(key=lambda row: -row["kinds"])
    return pd.DataFrame(rows, columns=columns).fillna("")
