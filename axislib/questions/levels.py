"""The analogy asked of the tables: how far each coalition cooperates, and who exceeds whom.

Likenesses and differences; known, unclear, presumed: Neustadt and May, Thinking in Time (1986).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from axislib.errors import SeedError
from axislib.seed.seed import Seed
from axislib.tables.schema import CERTAINTIES, certainty, records, split_cell

TWO_NEEDED = "A comparison needs two coalitions with rows in cooperation."
_RANK = {"absent": 0, "mixed": 1, "present": 2}


def compared_coalitions(seed: Seed) -> list[str]:
    """The coalitions a seed compares, in its own order (``coalitions`` in its data package, else
    those in its cooperation)."""
    named = [c for c in seed.metadata.get("coalitions", []) if c in set(seed.actors["id"])]
    return named or list(dict.fromkeys(seed.cooperation["coalition"]))


def compared_sides(
    seed: Seed, left: str | None = None, right: str | None = None
) -> tuple[str, str] | None:
    """The two coalitions to compare: those named, else ``sides`` in the seed's data package, else
    those of the first comparison that is made; None where there are no two.

    >>> import axislib
    >>> compared_sides(axislib.open_seed())
    ('modern_alignment', 'historic_axis')
    """
    if left and right:
        return left, right
    coalitions = compared_coalitions(seed)
    made = seed.comparisons[
        (seed.comparisons["status"] == "made")
        & seed.comparisons["left"].isin(coalitions)
        & seed.comparisons["right"].isin(coalitions)
    ]
    named = [tuple(seed.metadata["sides"])] if seed.metadata.get("sides") else []
    pairs = [
        *named,
        *zip(made["left"], made["right"], strict=True),
        *([tuple(coalitions[:2])] if len(coalitions) > 1 else []),
    ]
    pairs = [(one, other) for one, other in pairs if one != other]
    if not pairs:
        return None
    one, other = pairs[0]
    return left or (one if right != one else other), right or (other if left != other else one)


def nothing_compared(seed: Seed, left: str | None = None, right: str | None = None) -> bool:
    """Whether the seed has nothing to compare: no two coalitions, no dimension, or no row of
    cooperation (a selection aside)."""
    empty = not len(seed.cooperation) and "cooperation" not in seed.selected
    return empty or not len(seed.dimensions) or compared_sides(seed, left, right) is None


def both_sides(seed: Seed, left: str | None = None, right: str | None = None) -> tuple[str, str]:
    """``compared_sides`` for a question that needs two; raises SeedError where there are no two, or
    for an unknown coalition."""
    sides = compared_sides(seed, left, right)
    if sides is None:
        raise SeedError(
            f"seed {seed.name} compares no two coalitions; name them as left and right, or as sides"
            f" in its data package. {TWO_NEEDED}"
        )
    for coalition in sides:
        if coalition not in set(seed.actors["id"]):
            raise SeedError(
                f"'{coalition}' is not an actor of seed {seed.name}; its coalitions are:"
                f" {', '.join(compared_coalitions(seed))}"
            )
    return sides


def levels(seed: Seed, coalitions: Sequence[str] | None = None) -> pd.DataFrame:
    """The level of cooperation of each coalition on each dimension.

    One row a dimension and coalition: ``dimension``, ``coalition``, ``level`` (see LEVELS),
    ``certainty`` (see CERTAINTIES), ``pairs`` (those the text speaks of, or all), ``facts`` (ids
    that make the level), ``open_facts`` (ids of what is left open, which make none). A hedge lowers
    the certainty, never the level. It cannot tell how much of a form of cooperation there was, and
    ``not_stated`` is no zero.

    >>> import axislib
    >>> table = axislib.levels(axislib.open_seed())
    >>> cell = table.query("dimension == 'lend_lease_programme'").set_index("coalition")["level"]
    >>> cell["wwii_allies"], cell["historic_axis"], cell["modern_alignment"]
    ('present', 'absent', 'not_stated')
    """
    rows = [
        {"dimension": dimension, "coalition": coalition, **level}
        for (dimension, coalition), level in _by_cell(
            seed, coalitions or compared_coalitions(seed)
        ).items()
    ]
    return pd.DataFrame(
        rows,
        columns=["dimension", "coalition", "level", "certainty", "pairs", "facts", "open_facts"],
    )


def _by_cell(seed: Seed, coalitions: Sequence[str]) -> dict[tuple[str, str], dict]:
    """Dimension and coalition -> what ``levels`` tells of them; plain lists, for it is asked for
    every reading of every cell."""
    cells: dict[tuple[str, str], list[dict]] = {}
    facts = seed.cooperation[["id", "dimension", "coalition", "polarity", "bears", "pairs"]].assign(
        certainty=certainty(seed.cooperation)
    )
    for fact in records(facts):
        cells.setdefault((fact["dimension"], fact["coalition"]), []).append(fact)
    return {
        (dimension, coalition): _level(cells.get((dimension, coalition), []))
        for dimension in seed.dimensions["id"]
        for coalition in coalitions
    }


def _level(facts: list[dict]) -> dict:
    counted = [fact for fact in facts if fact["polarity"] != "left_open"]
    sides = [
        side
        for side in ([f for f in counted if f["bears"] == word] for word in ("for", "against"))
        if side
    ]
    if not sides:
        level, sure = "not_stated", "unclear"
    else:
        level = (
            "mixed"
            if len(sides) == 2
            else {"for": "present", "against": "absent"}[sides[0][0]["bears"]]
        )
        sure = (
            "known"
            if all(any(f["certainty"] == "known" for f in side) for side in sides)
            else "presumed"
        )
    pairs = dict.fromkeys(pair for fact in counted for pair in split_cell(fact["pairs"]))
    return {
        "level": level,
        "certainty": sure,
        "pairs": ";".join(pairs),
        "facts": ";".join(f["id"] for f in counted),
        "open_facts": ";".join(f["id"] for f in facts if f["polarity"] == "left_open"),
    }


def likenesses(seed: Seed, left: str | None = None, right: str | None = None) -> pd.DataFrame:
    """Likenesses and differences of two coalitions (those of ``compared_sides`` if left out),
    dimension by dimension.

    Columns: ``dimension``, ``left_level``, ``right_level``, ``verdict`` (likeness, difference, or
    unclear where a side is not stated), ``certainty`` (the lower of the two), ``exceeds`` (left,
    right, neither, cannot_say), ``left_facts``, ``right_facts``, ``left_pairs``, ``right_pairs``.
    Raises SeedError for a coalition the seed does not know. It cannot weigh one dimension against
    another.

    >>> import axislib
    >>> likenesses(axislib.open_seed(), "historic_axis", "wwii_allies").query("verdict == 'difference'")["exceeds"].unique().tolist()
    ['right']
    """
    left, right = both_sides(seed, left, right)
    of = _by_cell(seed, [left, right])
    rows = []
    for dimension in seed.dimensions["id"]:
        a, b = of[dimension, left], of[dimension, right]
        known = a["level"] in _RANK and b["level"] in _RANK
        verdict = (
            "unclear" if not known else "likeness" if a["level"] == b["level"] else "difference"
        )
        ahead = _RANK[a["level"]] - _RANK[b["level"]] if known else 0
        sure = [a["certainty"], b["certainty"]]
        rows.append(
            {
                "dimension": dimension,
                "left_level": a["level"],
                "right_level": b["level"],
                "verdict": verdict,
                "certainty": max(sure, key=list(CERTAINTIES).index),
                "exceeds": (
                    "cannot_say"
                    if not known
                    else "left"
                    if ahead > 0
                    else "right"
                    if ahead < 0
                    else "neither"
                ),
                "left_facts": a["facts"],
                "right_facts": b["facts"],
                "left_pairs": a["pairs"],
                "right_pairs": b["pairs"],
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
            "dimension",
            "left_level",
            "right_level",
            "verdict",
            "certainty",
            "exceeds",
            "left_facts",
            "right_facts",
            "left_pairs",
            "right_pairs",
        ],
    )


def thesis(seed: Seed, left: str | None = None, right: str | None = None) -> pd.Series:
    """The claim that one side goes further, counted: on how many dimensions are both sides known,
    and who exceeds whom.

    ``left`` and ``right`` are those of ``compared_sides`` if left out. Returns counts:
    ``dimensions``, ``both_known``, ``left_exceeds``, ``right_exceeds``, ``neither``,
    ``only_left_known``, ``only_right_known``, ``neither_known``. One dimension in ``left_exceeds``
    is enough for a claim that there are such dimensions; none of them says anything about "on the
    whole".

    >>> import axislib
    >>> counts = thesis(axislib.open_seed())
    >>> bool(counts["both_known"] == counts["left_exceeds"] + counts["right_exceeds"] + counts["neither"])
    True
    """
    table = likenesses(seed, left, right)
    known_left, known_right = (
        table["left_level"] != "not_stated",
        table["right_level"] != "not_stated",
    )
    return pd.Series(
        {
            "dimensions": len(table),
            "both_known": int((known_left & known_right).sum()),
            "left_exceeds": int((table["exceeds"] == "left").sum()),
            "right_exceeds": int((table["exceeds"] == "right").sum()),
            "neither": int((table["exceeds"] == "neither").sum()),
            "only_left_known": int((known_left & ~known_right).sum()),
            "only_right_known": int((~known_left & known_right).sum()),
            "neither_known": int((~known_left & ~known_right).sum()),
        }
    )


def compare_readings(seed: Seed, left: str | None = None, right: str | None = None) -> pd.DataFrame:
    """What each reading, taken alone, would do to the comparison.

    One row a reading: ``reading``, ``fact``, ``column``, ``alternative``, ``changes`` (the
    dimensions whose levels of the two coalitions change, ``;`` between), ``left_exceeds`` and
    ``both_known`` as ``thesis`` would then count.
    """
    left, right = both_sides(seed, left, right)
    base = levels(seed, [left, right]).set_index(["dimension", "coalition"])["level"]
    as_it_is = thesis(seed, left, right)
    bearing = set(seed.cooperation["id"])  # nothing else makes a level
    rows = []
    for reading in seed.readings.to_dict("records"):
        changed, counts = {}, as_it_is
        if reading["fact"] in bearing:
            other = seed.read_as(reading["id"])
            after = levels(other, [left, right]).set_index(["dimension", "coalition"])["level"]
            changed = dict.fromkeys(dimension for dimension, _ in base.index[base != after])
            counts = thesis(other, left, right)
        rows.append(
            {
                "reading": reading["id"],
                "fact": reading["fact"],
                "column": reading["column"],
                "alternative": reading["alternative"],
                "changes": ";".join(changed),
                "both_known": counts["both_known"],
                "left_exceeds": counts["left_exceeds"],
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
            "reading",
            "fact",
            "column",
            "alternative",
            "changes",
            "both_known",
            "left_exceeds",
        ],
    )
