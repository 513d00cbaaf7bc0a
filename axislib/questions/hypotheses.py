"""Competing hypotheses weighed by what speaks against them.

Analysis of competing hypotheses: Heuer, Psychology of Intelligence Analysis (1999), chapter 8. The
ratings are the project's own.
"""

from __future__ import annotations

import pandas as pd

from axislib.questions.levels import one_article
from axislib.seed.seed import Seed

RATINGS = {
    "strongly_consistent": 2,
    "consistent": 1,
    "neutral": 0,
    "inconsistent": -1,
    "strongly_inconsistent": -2,
}


def diagnosticity(seed: Seed) -> pd.DataFrame:
    """How far each fact tells the hypotheses apart, most telling first.

    One row a fact: ``fact``, one column a hypothesis (the rating, as a word), ``diagnosticity``
    (steps between its best and its worst rating, 0 to 4). A fact that fits all alike tells nothing.
    It cannot tell whether the fact is true, nor whether another coder would rate it so.

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
    return (
        out.sort_values("diagnosticity", ascending=False, kind="stable")
        .rename_axis(columns=None)
        .reset_index()
    )


def inconsistency(seed: Seed) -> pd.DataFrame:
    """What speaks against each hypothesis: Heuer's rule is to keep the one with least against it,
    not the one with most for it.

    One row a hypothesis: ``hypothesis``, ``inconsistent`` and ``strongly_inconsistent`` (facts
    rated so), ``against`` (the first once, the second twice), ``origin``. It cannot tell by how
    much one is likelier than another.

    >>> import axislib
    >>> inconsistency(axislib.open_seed()).columns.tolist()
    ['hypothesis', 'inconsistent', 'strongly_inconsistent', 'against', 'origin']
    """
    one_article(seed)
    rated = seed.consistency.groupby(["hypothesis", "rating"]).size()
    frame = seed.hypotheses.rename(columns={"id": "hypothesis"})[["hypothesis", "origin"]].copy()
    for word in ("inconsistent", "strongly_inconsistent"):
        frame[word] = [int(rated.get((row_id, word), 0)) for row_id in frame["hypothesis"]]
    frame["against"] = frame["inconsistent"] + 2 * frame["strongly_inconsistent"]
    return frame[
        ["hypothesis", "inconsistent", "strongly_inconsistent", "against", "origin"]
    ].reset_index(drop=True)
