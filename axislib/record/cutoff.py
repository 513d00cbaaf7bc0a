"""Was a fact on the record when the article was written? Its date is unknown, so the answer can be:
nobody can say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.seed.folders import layers_about, read_metadata
from axislib.seed.seed import Seed
from axislib.tables.dates import bounds

_HOMES: dict[Path, Path] = {}
WHEN = {
    "before": "on the record before the earliest day on which the article can have been written",
    "within": "in the span in which it must have been written: nobody can say which came first",
    "after": "later than the latest day on which it can have been written",
    "undated": "without a date of its own",
}


def cutoff(seed: Seed) -> tuple[pd.Timestamp, pd.Timestamp, list[dict]]:
    """The earliest and the latest day on which the article can have been written, and the reasons.

    They come from the text's own clues, as the metadata of the layer ``context`` put them down:
    each reason has ``bound``, ``date``, ``anchor`` (the sentence) and ``reason``. Raises SeedError
    where there is no such layer. They cannot tell how long before its publication the text was
    finished.

    >>> import axislib
    >>> [day.year for day in cutoff(axislib.open_seed(layers=["article", "context"]))[:2]]
    [2024, 2025]
    """
    folder = home(seed)
    range_ = _range(folder, (folder / "datapackage.json").stat().st_mtime_ns) if folder else None
    if not range_:
        raise SeedError(f"seed {seed.name}: no layer 'context' with a cut-off range is about it")
    return pd.Timestamp(range_["earliest"]), pd.Timestamp(range_["latest"]), range_["why"]


def reasons(seed: Seed) -> pd.DataFrame:
    """Why the article can have been written in these days only: ``bound``, ``date``, ``anchor``
    (its own sentence), ``reason``.
    """
    return pd.DataFrame(cutoff(seed)[2], columns=["bound", "date", "anchor", "reason"])


def home(seed: Seed) -> Path | None:
    """The folder of the layer ``context`` about a seed; None if there is none."""
    if seed.folder not in _HOMES:
        found = layers_about(seed.folder).get("context")
        if found is None:
            return None
        _HOMES[seed.folder] = found  # found once: every datapackage.json around is read for it
    return _HOMES[seed.folder]


@lru_cache(maxsize=16)
def _range(folder: Path, changed: int) -> dict | None:
    return read_metadata(folder).get("cutoff")


def placed(seed: Seed, dates: Iterable[str]) -> list[str]:
    """For each EDTF date one word of WHEN, by the day on which it began.

    An open beginning counts as before: what had never been until then had not been earlier either.

    >>> import axislib
    >>> placed(axislib.open_seed(layers=["article", "context"]), ["2024-06", "2024-11", "2025-06-13/2025-06-24", ""])
    ['before', 'within', 'after', 'undated']
    """
    first, last, _ = cutoff(seed)
    begins = [str(date).partition("/")[0] for date in dates]
    spans = bounds(["" if begin == ".." else begin for begin in begins])
    out = []
    for begin, low, high in zip(begins, spans["earliest"], spans["latest"], strict=True):
        if begin == "..":
            out.append("before")
        elif pd.isna(low) or pd.isna(high):
            out.append("undated")
        else:
            out.append("before" if high < first else "after" if low > last else "within")
    return out
