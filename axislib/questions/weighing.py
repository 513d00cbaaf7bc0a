"""Does the result "on the whole" depend on the weights, or on what is not stated? And which
competing hypothesis has least against it?

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and Salminen 1998) for two
alternatives: the dimensions of cooperation are the criteria, the two coalitions the alternatives.
Analysis of competing hypotheses (Heuer, Psychology of Intelligence Analysis, 1999, chapter 8); the
ratings are the project's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from axislib.errors import SeedError
from axislib.questions.levels import both_sides, likenesses, one_article
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
_EXPECTED = {  # what each filling makes of a missing cell of left and of right, on average
    "uniform": (0.5, 0.5),
    "absent": (0.0, 0.0),
    "present": (1.0, 1.0),
    "for": (1.0, 0.0),
    "against": (0.0, 1.0),
    "known": (np.nan, np.nan),
}
_PIVOTS = [
    *("fill", "kind", "dimension", "coalition", "level", "reading", "weight"),
    *("before", "share", "moved", "turns"),
]
_EQUAL = 1e-9
RATINGS = {"strongly_consistent": 2, "consistent": 1, "neutral": 0, "inconsistent": -1}
RATINGS |= {"strongly_inconsistent": -2}
SIDES = ("left", "right")
Stated = dict[str, list[str]]  # the levels of each side, a dimension after the other


def acceptability(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
    fill: str = "uniform",
) -> pd.Series:
    """In what share of all weightings one coalition cooperates more than another.

    Each draw takes weights that are equally likely (uniform Dirichlet) and fills what the text does
    not state; a coalition's sum is weight times level (absent 0, mixed 0.5, present 1).

    Parameters
    ----------
    seed, left, right
        One article's data set, and two coalitions by id, name or alias; those of ``compared_sides``
        if left out.
    draws, random_seed
        How many sets of weights, 1 or more; the same seed draws the same ones.
    fill
        How what is not stated is filled: a word of FILLS.

    Returns
    -------
    ``left`` and ``right`` (shares of draws in which that side is strictly ahead; NaN where no
    dimension counts), ``tie``, ``draws``, ``dimensions`` (that count), ``left_silent`` and
    ``right_silent`` (cells filled). It cannot tell which weights are right, nor what the silence
    hides.

    >>> import axislib
    >>> shares = acceptability(axislib.open_seed(), draws=1000)
    >>> bool(shares["left"] + shares["right"] + shares["tie"] == 1)
    True
    """
    _check(fill, draws)
    return pd.Series(_result(likenesses(seed, left, right), draws, random_seed, fill))


def _check(fill: str, draws: int) -> None:
    if fill not in FILLS:
        raise SeedError(f"fill: '{fill}' is not known; use one of: {', '.join(FILLS)}")
    if draws < 1:
        raise SeedError(
            f"draws: {draws} is too few; use 1 or more (10000 gives shares to about one percent)"
        )


@dataclass(frozen=True)
class _Draws:
    """Weights and filled levels of all draws; ``columns``: the dimensions that count, by place."""

    columns: list[int]
    weights: np.ndarray
    levels: dict[str, np.ndarray]
    ahead: np.ndarray

    @classmethod
    def of(cls, stated: Stated, draws: int, random_seed: int, fill: str) -> _Draws:
        pairs = enumerate(zip(*stated.values(), strict=True))
        columns = [n for n, both in pairs if fill != "known" or "not_stated" not in both]
        weights, drawn = _drawn(draws, len(columns), random_seed)
        levels = {
            side: _levels([stated[side][n] for n in columns], side, fill, drawn[side])
            for side in stated
        }
        apart = levels["left"] - levels["right"]
        ahead = (weights * apart).sum(axis=1) if apart.ndim == 2 else weights @ apart
        whole = {side: np.broadcast_to(level, weights.shape) for side, level in levels.items()}
        return cls(columns, weights, whole, ahead)

    def shares(self) -> tuple[float, float, float]:
        return self._shares(self.ahead)

    def shares_with(self, column: int, side: str, value: float) -> tuple[float, float, float]:
        """The shares if one cell had this value in every draw."""
        place = self.columns.index(column)
        change = (value - self.levels[side][:, place]) * (1 if side == "left" else -1)
        return self._shares(self.ahead + self.weights[:, place] * change)

    def _shares(self, ahead: np.ndarray) -> tuple[float, float, float]:
        if not self.columns:
            return np.nan, np.nan, np.nan
        more, less = int((ahead > _EQUAL).sum()), int((ahead < -_EQUAL).sum())
        return more / len(ahead), less / len(ahead), (len(ahead) - more - less) / len(ahead)


def _stated(table: pd.DataFrame) -> Stated:
    return {side: table[f"{side}_level"].tolist() for side in SIDES}


def _result(table: pd.DataFrame, draws: int, random_seed: int, fill: str) -> dict:
    stated = _stated(table)
    drawn = _Draws.of(stated, draws, random_seed, fill)
    row = dict(zip((*SIDES, "tie"), drawn.shares(), strict=True))
    row |= {"draws": draws, "dimensions": len(drawn.columns)}
    for side in SIDES:
        row[f"{side}_silent"] = 0 if fill == "known" else stated[side].count("not_stated")
    return row


# every filling and reading is weighed with the same draws: a recoded cell changes no other cell's
@lru_cache(maxsize=4)
def _drawn(
    draws: int, dimensions: int, random_seed: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Draws by dimensions: weights, and for each side a level for every cell."""
    random = np.random.default_rng(random_seed)
    weights = random.dirichlet(np.ones(dimensions), draws) if dimensions else np.zeros((draws, 0))
    return weights, {side: random.integers(0, 3, (draws, dimensions)) / 2 for side in SIDES}


def _levels(stated: list[str], side: str, fill: str, drawn: np.ndarray) -> np.ndarray:
    """One side's levels as numbers, what is not stated filled in: drawn, or one value."""
    known = np.array([VALUES.get(level, np.nan) for level in stated])
    filled = {"uniform": drawn, "known": 0.0}.get(fill, _EXPECTED[fill][side == "right"])
    return np.where(np.isnan(known), filled, known)


def fillings(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
) -> pd.DataFrame:
    """``acceptability`` under every way of filling the silence.

    Parameters
    ----------
    seed, left, right
        One article's data set, and two coalitions by id, name or alias; those of ``compared_sides``
        if left out.
    draws, random_seed
        How many sets of weights, 1 or more; the same seed draws the same ones.

    Returns
    -------
    A row for each word of FILLS: ``fill``, its ``meaning``, and what ``acceptability`` returns.

    >>> import axislib
    >>> fillings(axislib.open_seed(), draws=200)["fill"].is_unique
    True
    """
    _check("uniform", draws)
    table = likenesses(seed, left, right)
    rows = [
        {"fill": fill, "meaning": meaning, **_result(table, draws, random_seed, fill)}
        for fill, meaning in FILLS.items()
    ]
    return pd.DataFrame(rows)


def pivots(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
    fill: str | Sequence[str] = "uniform",
) -> pd.DataFrame:
    """Which single cell, reading or weight would turn the result "on the whole".

    Parameters
    ----------
    seed, left, right
        One article's data set, and two coalitions by id, name or alias; those of ``compared_sides``
        if left out.
    draws, random_seed
        How many sets of weights, 1 or more; the same seed draws the same ones.
    fill
        One or several words of FILLS.

    Returns
    -------
    A row for each change, what turns first, then the larger move: ``fill``, ``kind`` (cell,
    reading, weight), ``dimension``, ``coalition`` and ``level`` (for a cell: what it is set to),
    ``reading`` (its id), ``weight`` (the share of all weight, the rest spread evenly, from which
    this dimension alone puts the other side ahead), ``before`` and ``share`` (draws with left
    ahead, without and with the change; <NA> for a weight), ``moved``, ``turns``. A cell comes once,
    with the level that moves most; what moves nothing is left out.

    >>> import axislib
    >>> sorted(pivots(axislib.open_seed(), draws=200)["kind"].unique())
    ['cell', 'reading', 'weight']
    """
    fills = [fill] if isinstance(fill, str) else list(fill)
    return _pivots(seed, both_sides(seed, left, right), draws, random_seed, fills)


def _pivots(
    seed: Seed, sides: tuple[str, str], draws: int, random_seed: int, fills: list[str]
) -> pd.DataFrame:
    for name in fills:
        _check(name, draws)
    left, right = sides
    table = likenesses(seed, left, right)
    # only the instances of cooperation make levels: a reading of anything else moves nothing
    own = seed.cooperation.loc[seed.cooperation["coalition"].isin([left, right]), "id"]
    moving = seed.readings["fact"].isin(own) | (seed.readings["column"] == "coalition")
    candidates = seed.readings.loc[moving, "id"]
    read = {reading: likenesses(seed.read_as(reading), left, right) for reading in candidates}
    rows = [
        row | {"fill": name}
        for name in fills
        for row in _pivots_of(table, read, (left, right), draws, random_seed, name)
    ]
    return _turning_first(rows, fills)


def _turning_first(rows: list[dict], fills: list[str]) -> pd.DataFrame:
    numbers = dict.fromkeys(("weight", "before", "share", "moved"), "Float64")
    frame = pd.DataFrame(rows, columns=_PIVOTS).astype(numbers)
    order = frame.assign(
        _fill=frame["fill"].map(fills.index),
        _turns=~frame["turns"].astype(bool),
        _moved=-frame["moved"].abs().fillna(0),
    ).sort_values(["_fill", "_turns", "_moved"], kind="stable")
    return frame.loc[order.index].reset_index(drop=True)


def _pivots_of(
    table: pd.DataFrame,
    read: Mapping[str, pd.DataFrame],
    sides: tuple[str, str],
    draws: int,
    random_seed: int,
    fill: str,
) -> list[dict]:
    stated = _stated(table)
    drawn = _Draws.of(stated, draws, random_seed, fill)
    before = drawn.shares()

    def shares_of(stated: Stated) -> tuple[float, float, float]:
        return _Draws.of(stated, draws, random_seed, fill).shares()

    def shares_with(number: int, side: str, level: str) -> tuple[float, float, float]:
        if number in drawn.columns:
            return drawn.shares_with(number, side, VALUES[level])
        # fill "known": the cell brings its dimension in, if the other side is stated
        return shares_of(_with(stated, number, side, level))

    rows = []
    for number, dimension in enumerate(table["dimension"]):
        for side, coalition in zip(SIDES, sides, strict=True):
            tried = {level: shares_with(number, side, level) for level in VALUES}
            level = max(tried, key=lambda one: abs(tried[one][0] - before[0]))
            cell = {"dimension": dimension, "coalition": coalition, "level": level}
            rows.append(_change("cell", before, tried[level], **cell))
    for reading, other in read.items():
        rows.append(_change("reading", before, shares_of(_stated(other)), reading=reading))
    moving = [row for row in rows if abs(row["moved"]) > 0 or row["turns"]]
    return moving + _turning_weights(table, fill)


def _with(stated: Stated, number: int, side: str, level: str) -> Stated:
    levels = stated[side]
    return {**stated, side: [*levels[:number], level, *levels[number + 1 :]]}


def _change(kind: str, before: tuple, after: tuple, **what: str) -> dict:
    moved = after[0] - before[0]
    return {
        "kind": kind,
        **dict.fromkeys(("dimension", "coalition", "level", "reading"), ""),
        **what,
        "weight": pd.NA,
        "before": before[0],
        "share": after[0],
        "moved": 0.0 if np.isnan(moved) else moved,
        "turns": _ahead(after) != _ahead(before),
    }


def _ahead(shares: tuple) -> str:
    """The side ahead in more draws than the other; "" for neither."""
    if np.isnan(shares[0]) or abs(shares[0] - shares[1]) <= _EQUAL:
        return ""
    return "left" if shares[0] > shares[1] else "right"


def silence_needed(seed: Seed, left: str | None = None, right: str | None = None) -> pd.Series:
    """How many silent cells of ``right`` would put it ahead, all dimensions of equal weight.

    Returns ``needed`` (<NA> where even all would not do), ``silent`` (cells of ``right`` not
    stated) and ``left_silent`` (those of ``left``, taken as absent). It cannot tell how likely any
    of them is.

    >>> import axislib
    >>> counts = silence_needed(axislib.open_seed())
    >>> bool(counts["needed"] <= counts["silent"])
    True
    """
    table = likenesses(seed, left, right)
    ours, theirs = (table[f"{side}_level"].map(VALUES).astype(float) for side in SIDES)
    lead, silent = ours.sum() - theirs.sum(), int(theirs.isna().sum())
    needed = max(0, int(np.floor(lead)) + 1)
    enough = needed if needed <= silent else pd.NA
    row = {"needed": enough, "silent": silent, "left_silent": int(ours.isna().sum())}
    return pd.Series(row, dtype="Int64")


def _turning_weights(table: pd.DataFrame, fill: str) -> list[dict]:
    """For each dimension the share of weight from which it alone would put the other side ahead."""
    left, right = (
        table[f"{side}_level"].map(VALUES).astype(float).fillna(value)
        for side, value in zip(SIDES, _EXPECTED[fill], strict=True)
    )
    lead = (left - right).dropna()
    if len(lead) < 2:
        return []
    rows, leads, whole = [], lead.to_numpy(), lead.mean()
    for place, number in enumerate(lead.index):
        own, rest = leads[place], np.delete(leads, place).mean()
        # w * own + (1 - w) * rest changes its sign at w; only if the two pull apart
        if own * rest < 0 and whole * own <= 0:
            row = {"kind": "weight", "weight": rest / (rest - own), "turns": True}
            row |= dict.fromkeys(("coalition", "level", "reading"), "")
            row |= dict.fromkeys(("before", "share", "moved"), pd.NA)
            rows.append(row | {"dimension": table.at[number, "dimension"]})
    return rows


# --- competing hypotheses


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
    """What speaks against each hypothesis: Heuer's rule is to keep the one with least against it,
    not the one with most for it.

    Parameters
    ----------
    seed
        One article's data set.

    Returns
    -------
    A row for each hypothesis: ``hypothesis``, ``inconsistent`` and ``strongly_inconsistent`` (facts
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
    columns = ["hypothesis", "inconsistent", "strongly_inconsistent", "against", "origin"]
    return frame[columns].reset_index(drop=True)
