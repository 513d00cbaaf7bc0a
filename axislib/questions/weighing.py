"""Does the result "on the whole" depend on the weights, or on what is not stated? And which
competing hypothesis has least against it?

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and Salminen 1998) for two
alternatives: the dimensions of cooperation are the criteria, the two coalitions the alternatives.
Analysis of competing hypotheses (Heuer, Psychology of Intelligence Analysis, 1999, chapter 8); the
ratings are the project's own.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.questions.levels import likenesses, one_article
from axislib.seed.seed import Seed

VALUES = {"absent": 0.0, "mixed": 0.5, "present": 1.0}
FILLS = {
    "uniform": "what is not stated is drawn: absent, mixed or present, all equally likely",
    "absent": "what is not stated is taken as absent, on both sides",
    "present": "what is not stated is taken as present, on both sides",
    "for": "what is not stated is taken as it favours the left side most",
    "against": "what is not stated is taken as it favours the right side most",
    "known": "only dimensions on which both sides are stated count",
}
_FILLED = {  # what a filling makes of a missing cell of either side; any other draws it
    "absent": {"left": 0.0, "right": 0.0},
    "present": {"left": 1.0, "right": 1.0},
    "for": {"left": 1.0, "right": 0.0},
    "against": {"left": 0.0, "right": 1.0},
}
RATINGS = {"strongly_consistent": 2, "consistent": 1, "neutral": 0, "inconsistent": -1}
RATINGS |= {"strongly_inconsistent": -2}
_EQUAL = 1e-9
SIDES = ("left", "right")


def _result(table: pd.DataFrame, draws: int, random_seed: int, fill: str) -> dict:
    if fill == "known":
        table = table[(table[[f"{side}_level" for side in SIDES]] != "not_stated").all(axis=1)]
    weights, drawn = _drawn(draws, len(table), random_seed)
    filled = _FILLED.get(fill, drawn)
    known = {side: table[f"{side}_level"].map(VALUES).to_numpy(dtype=float) for side in SIDES}
    left, right = (np.where(np.isnan(known[s]), filled[s], known[s]) for s in SIDES)
    ahead = (weights * (left - right)).sum(axis=1)
    more, less = int((ahead > _EQUAL).sum()), int((ahead < -_EQUAL).sum())
    counts = np.array([more, less, draws - more - less]) / (draws if len(table) else np.nan)
    row = dict(zip((*SIDES, "tie"), counts.tolist(), strict=True))
    return row | {"draws": draws, "dimensions": len(table)}


@lru_cache(maxsize=4)
def _drawn(draws: int, size: int, random_seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Draws by dimensions, the same for every filling: weights, and a level for every cell."""
    random = np.random.default_rng(random_seed)
    weights = random.dirichlet(np.ones(size), draws) if size else np.zeros((draws, 0))
    return weights, {side: random.integers(0, 3, (draws, size)) / 2 for side in SIDES}


def fillings(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
) -> pd.DataFrame:
    """In what share of all weightings one coalition cooperates more than another, under every way
    of filling what is missing.

    Each draw takes weights that are equally likely (uniform Dirichlet) and fills what the text does
    not state; a coalition's sum is weight times level (absent 0, mixed 0.5, present 1).

    Parameters
    ----------
    seed, left, right
        One article's data set, and two coalitions; those of ``compared_sides`` if left out.
    draws, random_seed
        How many sets of weights, 1 or more; the same seed draws the same ones.

    Returns
    -------
    A row for each word of FILLS: ``fill``, its ``meaning``, ``left`` and ``right`` (shares of draws
    in which that side is strictly ahead; NaN where no dimension counts), ``tie``, ``draws``,
    ``dimensions`` (that count). It cannot tell which weights are right, nor what silence hides.

    >>> import axislib
    >>> shares = fillings(axislib.open_seed(), draws=200).loc[0]
    >>> shares["fill"], bool(shares["left"] + shares["right"] + shares["tie"] == 1)
    ('uniform', True)
    """
    if draws < 1:
        hint = "use 1 or more (10000 gives shares to about one percent)"
        raise SeedError(f"draws: {draws} is too few; {hint}")
    table = likenesses(seed, left, right)
    rows = [
        {"fill": fill, "meaning": meaning, **_result(table, draws, random_seed, fill)}
        for fill, meaning in FILLS.items()
    ]
    return pd.DataFrame(rows)


def diagnosticity(seed: Seed) -> pd.DataFrame:
    """How far each fact tells the hypotheses apart, most telling first.

    Parameters
    ----------
    seed
        One article's data set.

    Returns
    -------
    A row for each fact: ``fact``, a column for each hypothesis (the rating, as a word), and
    ``diagnosticity`` (steps between its best and its worst rating, 0 to 4; 0 tells nothing). It
    cannot tell whether the fact is true, nor whether another coder would rate it so.

    >>> import axislib
    >>> table = diagnosticity(axislib.open_seed())
    >>> bool((table["diagnosticity"] >= 0).all() and (table["diagnosticity"] <= 4).all())
    True
    """
    one_article(seed)
    wide = seed.consistency.pivot_table(
        index="fact", columns="hypothesis", values="rating", aggfunc="first", sort=False
    )
    wide = wide.reindex(columns=[h for h in seed.hypotheses["id"] if h in wide.columns])
    steps = wide.apply(lambda column: column.map(RATINGS))
    out = wide.assign(diagnosticity=(steps.max(axis=1) - steps.min(axis=1)).astype("Int64"))
    out = out.sort_values("diagnosticity", ascending=False, kind="stable")
    return out.rename_axis(columns=None).reset_index()


def inconsistency(seed: Seed) -> pd.DataFrame:
    """What speaks against each hypothesis: Heuer's rule is to keep the one with least against it.

    Parameters
    ----------
    seed
        One article's data set.

    Returns
    -------
    A row for each hypothesis: ``hypothesis``, ``inconsistent`` and ``strongly_inconsistent`` (facts
    rated so), ``against`` (the second count twice), ``origin``. It cannot tell which is likelier.

    >>> import axislib
    >>> inconsistency(axislib.open_seed()).columns.tolist()
    ['hypothesis', 'inconsistent', 'strongly_inconsistent', 'against', 'origin']
    """
    one_article(seed)
    rated = seed.consistency.groupby(["hypothesis", "rating"]).size()
    frame = pd.DataFrame({"hypothesis": seed.hypotheses["id"]})
    for word in ("inconsistent", "strongly_inconsistent"):
        frame[word] = [int(rated.get((row_id, word), 0)) for row_id in frame["hypothesis"]]
    frame["against"] = frame["inconsistent"] + 2 * frame["strongly_inconsistent"]
    return frame.assign(origin=seed.hypotheses["origin"]).reset_index(drop=True)
