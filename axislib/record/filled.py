"""The comparison with what the article does not state filled from the record; what changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from axislib.questions.levels import both_sides, compared_coalitions, levels, likenesses
from axislib.record.options import Record, placed
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell
from axislib.words import in_text, names

MISSING = "not_stated"
OF_FILLED = (
    "dimension coalition article record filled filled_by agree article_facts record_facts origin"
).split()
COMPARED = {"left": "more", "right": "less", "neither": "alike", "cannot_say": "cannot say"}


def layers_apart(seed: Seed) -> tuple[Seed, Seed]:
    """The cooperation of the article alone, and of the record alone, each with all actors and
    dimensions.

    Instances of the record that rest only on events later than the article are left out: the
    article is about its own time. Raises SeedError for a seed without the record."""
    rows = seed.cooperation
    Record(seed)  # refuses a seed without the record
    dates = dict(zip(seed.events["id"], seed.events["date"], strict=True))
    about = [[dates[i] for i in split_cell(cell) if i in dates] for cell in rows["about"]]
    late = [set(placed(seed, days)) == {"after"} for days in about]
    of_record = rows["layer"] == "context"
    in_time = ~pd.Series(late, index=rows.index, dtype="bool")
    article, record = (
        replace(seed, tables={**seed.tables, "cooperation": part.reset_index(drop=True)})
        for part in (rows[~of_record], rows[of_record & in_time])
    )
    return article, record


def filled(seed: Seed, coalitions: Sequence[str] | None = None) -> pd.DataFrame:
    """Level by level what the article says, what the record says, and the article's levels filled
    from the record.

    One row for each dimension and coalition: ``dimension``, ``coalition``, ``article``, ``record``,
    ``filled`` (the article's level; the record's where the article states none),
    ``filled_by`` (article, record, nobody), ``agree`` (yes, no, or empty where one states none),
    ``article_facts``, ``record_facts``, ``origin`` of the dimension (article or context). Where
    both state a level the article's counts: the record never overrules it here.

    >>> import axislib
    >>> table = filled(axislib.open_seed(layers=["article", "context"]))
    >>> table.set_index(["dimension", "coalition"])["filled_by"][
    ...     "lend_lease_programme", "modern_alignment"]
    'record'
    """
    article, record = layers_apart(seed)
    coalitions, cell = coalitions or compared_coalitions(seed), ["dimension", "coalition"]
    left, right = (levels(part, coalitions).set_index(cell) for part in (article, record))
    origin = dict(zip(seed.dimensions["id"], seed.dimensions["layer"], strict=True))
    rows = []
    for key in left.index:
        stated, known = (str(part.loc[key, "level"]) for part in (left, right))
        level, source = (stated, "article") if stated != MISSING else (known, "record")
        evidence = [part.loc[key, "facts"] or part.loc[key, "open_facts"] for part in (left, right)]
        filler = "nobody" if level == MISSING else source
        agree = "" if MISSING in (stated, known) else ("no", "yes")[stated == known]
        rows.append((*key, stated, known, level, filler, agree, *evidence, origin[key[0]]))
    return pd.DataFrame(rows, columns=OF_FILLED)


def filled_seed(seed: Seed) -> Seed:
    """The seed with only those instances of the record that fill what the article does not state,
    for figures and functions of the comparison."""
    table = filled(seed)
    cells = table.loc[table["filled_by"] == "record", "record_facts"]
    keep = {row_id for cell in cells for row_id in split_cell(cell)}
    rows = seed.cooperation
    rows = rows[(rows["layer"] != "context") | rows["id"].isin(keep)].reset_index(drop=True)
    return replace(seed, tables={**seed.tables, "cooperation": rows})


def outcomes(seed: Seed, left: str | None = None, right: str | None = None) -> dict[str, str]:
    """What the words of ``what_changes`` say of the two sides."""
    more, less = (f"favours {in_text(names(seed)[i])}" for i in both_sides(seed, left, right))
    return {"more": more, "less": less, "alike": "a tie", "cannot say": "open"}


def what_changes(seed: Seed, left: str | None = None, right: str | None = None) -> pd.DataFrame:
    """How ``left`` compares with ``right`` on each dimension: within the article, filled
    from the record, and by the record alone.

    The two are those of ``levels.both_sides`` if left out. Columns: ``dimension``,
    ``article``, ``filled``, ``record`` (more, less, alike, cannot say), ``changed`` (whether
    filling decides what could not be said), ``overruled`` (whether the record alone says otherwise
    than the article), ``origin``. It counts levels: present, absent or both, never how much."""
    left, right = both_sides(seed, left, right)
    article, record = layers_apart(seed)
    parts = {"article": article, "filled": filled_seed(seed), "record": record}
    compared = {
        name: likenesses(part, left, right).set_index("dimension")["exceeds"].map(COMPARED)
        for name, part in parts.items()
    }
    table = pd.DataFrame(compared).rename_axis("dimension").reset_index()
    both = (table["article"] != "cannot say") & (table["record"] != "cannot say")
    origin = seed.dimensions.set_index("id")["layer"]
    return table.assign(
        changed=table["article"] != table["filled"],
        overruled=both & (table["article"] != table["record"]),
        origin=table["dimension"].map(origin),
    )
