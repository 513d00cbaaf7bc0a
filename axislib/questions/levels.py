"""The analogy asked of the tables: how far each coalition cooperates, and who exceeds whom.

Likenesses and differences; known, unclear, presumed: Neustadt and May, Thinking in Time (1986).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, overload

import pandas as pd

from axislib.errors import SeedError
from axislib.seed.seed import Seed
from axislib.tables.schema import CERTAINTIES, certainty, records, split_cell

if TYPE_CHECKING:
    from axislib.seed.corpus import Corpus

TWO_NEEDED = "A comparison needs two coalitions with rows in cooperation."
RANK = {"absent": 0, "mixed": 1, "present": 2}
_LEVEL_OF = {(): "not_stated", ("for",): "present", ("against",): "absent"}
_LEVEL_COLUMNS = ["dimension", "coalition", "level", "certainty", "pairs", "facts", "open_facts"]
_LIKENESS_COLUMNS = """dimension left_level right_level verdict certainty exceeds
    left_facts right_facts left_pairs right_pairs""".split()
_THESIS_COUNTS = """dimensions both_known left_exceeds right_exceeds neither
    only_left_known only_right_known neither_known""".split()
_READING_COLUMNS = "reading fact column alternative changes".split() + _THESIS_COUNTS[1:4]


def compared_coalitions(seed: Seed) -> list[str]:
    """The coalitions that a seed compares: those its data package lists, or all it codes."""
    actors = set(seed.actors["id"].tolist())
    named = [c for c in seed.metadata.get("coalitions", []) if c in actors]
    return named or seed.cooperation["coalition"].unique().tolist()


def compared_sides(
    seed: Seed, left: str | None = None, right: str | None = None
) -> tuple[str, str] | None:
    """The two coalitions to compare.

    Parameters
    ----------
    seed
        One article's data set.
    left, right
        Coalitions by id, name or alias; SeedError for one that is unknown.

    Returns
    -------
    The ids of those named, else of the data package's ``sides``, else of the first comparison made;
    None where there are no two.

    >>> import axislib
    >>> compared_sides(axislib.open_seed(), right="The wartime Allies")
    ('modern_alignment', 'wwii_allies')
    """
    one_article(seed)
    left = _coalition(seed, left, "left") if left else ""
    right = _coalition(seed, right, "right") if right else ""
    if left and right:
        return left, right
    if not (pairs := [pair for pair in _pairs_on_offer(seed) if pair[0] != pair[1]]):
        return None
    first, second = pairs[0]
    if left:
        return left, second if left != second else first
    return first if right != first else second, right or second


def _pairs_on_offer(seed: Seed) -> list[tuple[str, ...]]:
    coalitions = compared_coalitions(seed)
    made = seed.comparisons[seed.comparisons["status"] == "made"]
    made = made[made[["left", "right"]].isin(coalitions).all(axis=1)]
    sides = seed.metadata.get("sides")
    return [
        *([tuple(sides)] if sides else []),
        *zip(made["left"], made["right"], strict=True),
        *([tuple(coalitions[:2])] if len(coalitions) > 1 else []),
    ]


def one_article(seed: Seed | Corpus) -> None:
    """Refuses a corpus, in the words in which it refuses whatever only a seed has."""
    _ = seed.name


def nothing_compared(seed: Seed, left: str | None = None, right: str | None = None) -> bool:
    """Whether there are no two coalitions, no dimension or no cooperation (a selection aside)."""
    empty = not len(seed.cooperation) and "cooperation" not in seed.selected
    return empty or not len(seed.dimensions) or compared_sides(seed, left, right) is None


def both_sides(seed: Seed, left: str | None = None, right: str | None = None) -> tuple[str, str]:
    """``compared_sides`` for a question that needs two: SeedError where there are no two, for an
    unknown coalition, for one compared with itself, and for a corpus."""
    if (sides := compared_sides(seed, left, right)) is None:
        raise SeedError(
            f"{seed.name} compares no two coalitions; name them as left and right, or as sides"
            f" in its data package. {TWO_NEEDED}"
        )
    sides = _coalition(seed, sides[0], "left"), _coalition(seed, sides[1], "right")
    if sides[0] == sides[1]:
        others = [one for one in compared_coalitions(seed) if one != sides[0]]
        raise SeedError(
            f"left and right are both '{sides[0]}'; compare it with another:"
            f" {', '.join(others) or 'this seed names none'}"
        )
    return sides


def _coalition(seed: Seed, given: str, option: str) -> str:
    if given in (compared := compared_coalitions(seed)):
        return given
    named = seed.actors.loc[seed.actors["kind"] == "coalition", "id"]
    known = [*compared, *named, *seed.cooperation["coalition"].unique()]
    return seed.ids_of(given, known, option)[0]


def levels(seed: Seed | Corpus, coalitions: str | Sequence[str] | None = None) -> pd.DataFrame:
    """The level of cooperation of each coalition on each dimension.

    Parameters
    ----------
    seed
        One article's data set, or a corpus: then ``seed`` is the first column.
    coalitions
        Ids, names or aliases; all compared ones if left out. SeedError for what is no coalition.

    Returns
    -------
    A row for each dimension and coalition: ``dimension``, ``coalition``, ``level`` (see LEVELS),
    ``certainty`` (see CERTAINTIES), ``pairs`` (those the text speaks of, or all), ``facts`` (ids
    that make the level), ``open_facts`` (ids of what is left open, which make none). A hedge lowers
    the certainty, never the level. It cannot tell how much of a form of cooperation there was, and
    ``not_stated`` is no zero. What another coding changes: ``levels(seed).compare(levels(other))``.

    >>> import axislib
    >>> table = axislib.levels(axislib.open_seed())
    >>> cell = table.query("dimension == 'lend_lease_programme'").set_index("coalition")["level"]
    >>> cell["wwii_allies"], cell["historic_axis"], cell["modern_alignment"]
    ('present', 'absent', 'not_stated')
    """
    if not isinstance(seed, Seed):
        articles = {name: levels(seed.seed(name), coalitions) for name in seed.names}
        return pd.concat(articles, names=["seed", None]).reset_index("seed").reset_index(drop=True)
    named = [coalitions] if isinstance(coalitions, str) else list(coalitions or ())
    wanted = dict.fromkeys(_coalition(seed, one, "coalitions") for one in named)
    cells = _by_cell(seed, list(wanted) or compared_coalitions(seed)).items()
    rows = [{"dimension": place[0], "coalition": place[1], **level} for place, level in cells]
    return pd.DataFrame(rows, columns=_LEVEL_COLUMNS)


def _by_cell(seed: Seed, coalitions: Sequence[str]) -> dict[tuple[str, str], dict]:
    """Dimension and coalition -> its row of ``levels``, quickly: every reading asks for all."""
    cells: dict[tuple[str, str], list[dict]] = {}
    columns = ["id", "dimension", "coalition", "polarity", "bears", "pairs"]
    for fact in records(seed.cooperation[columns].assign(certainty=certainty(seed.cooperation))):
        cells.setdefault((fact["dimension"], fact["coalition"]), []).append(fact)
    return {
        (dimension, coalition): _level(cells.get((dimension, coalition), []))
        for dimension in seed.dimensions["id"]
        for coalition in coalitions
    }


def _level(facts: list[dict]) -> dict:
    counted = [fact for fact in facts if fact["polarity"] != "left_open"]
    sure: dict[str, bool] = {}  # side -> whether one instance of it is known
    for fact in counted:
        sure[fact["bears"]] = sure.get(fact["bears"], False) or fact["certainty"] == "known"
    words = "known" if all(sure.values()) else "presumed"
    pairs = dict.fromkeys(pair for fact in counted for pair in split_cell(fact["pairs"]))
    return {
        "level": _LEVEL_OF.get(tuple(sure), "mixed"),
        "certainty": words if sure else "unclear",
        "pairs": ";".join(pairs),
        "facts": ";".join(fact["id"] for fact in counted),
        "open_facts": ";".join(fact["id"] for fact in facts if fact["polarity"] == "left_open"),
    }


def likenesses(seed: Seed, left: str | None = None, right: str | None = None) -> pd.DataFrame:
    """Likenesses and differences of two coalitions, dimension by dimension.

    Parameters
    ----------
    seed
        One article's data set.
    left, right
        Coalitions by id, name or alias; those of ``compared_sides`` if left out.

    Returns
    -------
    ``dimension``, ``left_level``, ``right_level``, ``verdict`` (likeness, difference, or unclear
    where a side is not stated), ``certainty`` (the lower of the two), ``exceeds`` (left, right,
    neither, cannot_say), ``left_facts``, ``right_facts``, ``left_pairs``, ``right_pairs``.
    It cannot weigh one dimension against another.

    >>> import axislib
    >>> table = axislib.likenesses(axislib.open_seed(), "historic_axis", "wwii_allies")
    >>> table.query("verdict == 'difference'")["exceeds"].unique().tolist()
    ['right']
    """
    left, right = both_sides(seed, left, right)
    cells = _by_cell(seed, [left, right])
    rows = [
        {"dimension": dimension, **_likeness(cells[dimension, left], cells[dimension, right])}
        for dimension in seed.dimensions["id"]
    ]
    return pd.DataFrame(rows, columns=_LIKENESS_COLUMNS)


def _likeness(left: dict, right: dict) -> dict:
    verdict, exceeds = _standing(left["level"], right["level"])
    lower = max(left["certainty"], right["certainty"], key=list(CERTAINTIES).index)
    row = {"verdict": verdict, "certainty": lower, "exceeds": exceeds}
    for name in ("level", "facts", "pairs"):
        row |= {f"left_{name}": left[name], f"right_{name}": right[name]}
    return row


def _standing(left: str, right: str) -> tuple[str, str]:
    if left not in RANK or right not in RANK:
        return "unclear", "cannot_say"
    if left == right:
        return "likeness", "neither"
    return "difference", "left" if RANK[left] > RANK[right] else "right"


@overload
def thesis(seed: Seed, left: str | None = None, right: str | None = None) -> pd.Series: ...


@overload
def thesis(seed: Corpus, left: str | None = None, right: str | None = None) -> pd.DataFrame: ...


def thesis(
    seed: Seed | Corpus, left: str | None = None, right: str | None = None
) -> pd.Series | pd.DataFrame:
    """The claim that one side goes further, counted: who exceeds whom, on how many dimensions.

    Parameters
    ----------
    seed
        One article's data set, or a corpus.
    left, right
        Coalitions by id, name or alias; those of ``compared_sides`` if left out.

    Returns
    -------
    Counts: ``dimensions``, ``both_known``, ``left_exceeds``, ``right_exceeds``, ``neither``,
    ``only_left_known``, ``only_right_known``, ``neither_known``; for a corpus a row for each
    article, with ``seed``, ``left`` and ``right``, <NA> where it compares no two. One dimension in
    ``left_exceeds`` is enough for a claim that there are such; none says anything about "on the
    whole". The count is strict; see ``comparable_range``.

    >>> import axislib
    >>> both, *shares = thesis(axislib.open_seed())[
    ...     ["both_known", "left_exceeds", "right_exceeds", "neither"]
    ... ]
    >>> bool(both == sum(shares))
    True
    """
    if not isinstance(seed, Seed):
        rows = [_thesis_row(seed.seed(name), left, right) for name in seed.names]
        frame = pd.DataFrame(rows, columns=["seed", "left", "right", *_THESIS_COUNTS])
        return frame.astype(dict.fromkeys(_THESIS_COUNTS, "Int64"))
    return pd.Series(_thesis(likenesses(seed, left, right)))


def _thesis_row(seed: Seed, left: str | None, right: str | None) -> dict:
    if (sides := compared_sides(seed, left, right)) is None:
        return {"seed": seed.name, "left": "", "right": ""}
    return {"seed": seed.name, "left": sides[0], "right": sides[1], **thesis(seed, *sides)}


def _thesis(table: pd.DataFrame) -> dict[str, int]:
    left, right = (table[f"{side}_level"] != "not_stated" for side in ("left", "right"))
    exceeds = table["exceeds"]
    true = {
        "both_known": left & right,
        "left_exceeds": exceeds == "left",
        "right_exceeds": exceeds == "right",
        "neither": exceeds == "neither",
        "only_left_known": left & ~right,
        "only_right_known": ~left & right,
        "neither_known": ~left & ~right,
    }
    return {"dimensions": len(table), **{name: int(rows.sum()) for name, rows in true.items()}}


def comparable_range(
    seed: Seed, left: str | None = None, right: str | None = None
) -> tuple[int, int]:
    """The fewest and the most dimensions on which both sides are stated, under any coding that can
    be defended: the tables', each alternative coding alone, all of the dimension, all at once.

    Raises SeedError as ``both_sides`` does. Other combinations are not tried.

    >>> import axislib
    >>> low, high = comparable_range(axislib.open_seed())
    >>> low < high
    True
    """
    sides, columns = both_sides(seed, left, right), ["dimension", "coalition", "polarity"]
    facts, read = seed.cooperation.set_index("id")[columns], seed.readings
    rows = read[read["fact"].isin(facts.index) & read["column"].isin(columns)]
    readings, merging = records(rows), rows[rows["column"] == "dimension"]
    tried = [[], *([one] for one in readings), readings, records(merging.drop_duplicates("fact"))]
    varied, found = facts.index.isin(rows["fact"]), []
    always, facts = _stated(records(facts[~varied])), facts[varied].to_dict("index")
    for changes in tried:
        coded = {fact: dict(row) for fact, row in facts.items()}
        for one in changes:
            coded[one["fact"]][one["column"]] = one["alternative"]
        stated = always | _stated(coded.values())
        both = {d for d, _ in stated if all((d, side) in stated for side in sides)}
        found.append(len(both & set(seed.dimensions["id"])))
    return min(found), max(found)


def _stated(facts: Iterable[Mapping]) -> set[tuple[str, str]]:
    return {(f["dimension"], f["coalition"]) for f in facts if f["polarity"] != "left_open"}


def compare_readings(seed: Seed, left: str | None = None, right: str | None = None) -> pd.DataFrame:
    """What each reading, taken alone, would do to the comparison.

    Columns: ``reading``, ``fact``, ``column``, ``alternative``, ``changes`` (dimensions whose
    levels change, ``;`` between), ``both_known``, ``left_exceeds``, ``right_exceeds`` (``thesis``).
    """
    left, right = both_sides(seed, left, right)
    sides = ["left_level", "right_level"]
    base = likenesses(seed, left, right)
    bearing = set(seed.cooperation["id"])  # nothing else makes a level
    rows = []
    for reading in records(seed.readings[["id", "fact", "column", "alternative"]]):
        bears = reading["fact"] in bearing
        after = likenesses(seed.read_as(reading["id"]), left, right) if bears else base
        changed = base.loc[(base[sides] != after[sides]).any(axis=1), "dimension"]
        named = {"reading": reading["id"], "changes": ";".join(changed)}
        rows.append({**reading, **_thesis(after), **named})
    return pd.DataFrame(rows, columns=_READING_COLUMNS)
