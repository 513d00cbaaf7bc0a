"""One coder's sheet as a coding in force, and what each coding does to the comparison."""

from __future__ import annotations

import pandas as pd

from axislib.errors import SeedError
from axislib.questions.levels import levels, thesis
from axislib.seed.coding import apply_coding
from axislib.seed.seed import Seed
from axislib.seminar.returned import Returned
from axislib.seminar.variables import VARIABLES


def coding_of(returned: Returned | pd.DataFrame, coder: str) -> pd.DataFrame:
    """One coder's codes as a coding (``fact``, ``column``, ``value``, ``memo``, ``coder``), for
    ``open_seed(codings=...)``.

    Units without a code are left out: there the project's coding stays. SeedError names the coders
    there are.
    """
    codes = returned.codes if isinstance(returned, Returned) else returned
    if coder not in set(codes["coder"]):
        raise SeedError(
            f"'{coder}' handed in no sheet; there are:"
            f" {', '.join(dict.fromkeys(codes['coder'])) or 'none'}"
        )
    own = codes[(codes["coder"] == coder) & (codes["code"] != "")]
    return pd.DataFrame(
        {
            "fact": own["unit"],
            "column": [VARIABLES[v].column for v in own["variable"]],
            "value": own["code"],
            "memo": own["memo"],
            "coder": coder,
        }
    ).reset_index(drop=True)


def conclusions(seed: Seed, returned: Returned, left: str, right: str) -> pd.DataFrame:
    """Does the conclusion of the comparison survive each coder's coding? One row a coding, the
    project's own first.

    Columns: ``coding``, ``levels_changed`` (cells of the two coalitions that are otherwise), then
    the counts of ``thesis``: ``both_known``, ``left_exceeds``, ``right_exceeds``, ``neither``.
    """
    base = levels(seed, [left, right])["level"]
    rows = []
    for coder in [None, *returned.coders]:
        other = seed if coder is None else apply_coding(seed, coding_of(returned, coder))
        counts = thesis(other, left, right)
        rows.append(
            {
                "coding": coder or "the project's",
                "levels_changed": int((levels(other, [left, right])["level"] != base).sum()),
                **{
                    name: int(counts[name])
                    for name in ("both_known", "left_exceeds", "right_exceeds", "neither")
                },
            }
        )
    return pd.DataFrame(rows)
