"""The comparison with the silence filled from the record: what the article leaves unsaid, what
others say of it, what changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from axislib.errors import SeedError
from axislib.questions.levels import both_sides, compared_coalitions, levels, likenesses
from axislib.record.cutoff import placed
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell


def layers_apart(seed: Seed) -> tuple[Seed, Seed]:
    """The cooperation of the article alone, and of the record alone, each with all actors and
    dimensions.

    Instances of the record that rest only on events later than the article are left out: the
    article speaks of its own day. Raises SeedError for a seed without the record.
    """
    rows = seed.cooperation
    if "context" not in seed.layers:
        raise SeedError(
            "the record was not asked for; open the seed with layers=['article', 'context']"
        )
    dates = dict(zip(seed.events["id"], seed.events["date"], strict=True))
    late = []
    for row in rows.to_dict("records"):
        when = placed(seed, [dates[i] for i in split_cell(row["about"]) if i in dates])
        late.append(bool(when) and all(word == "after" for word in when))
    of_record = rows["layer"] == "context"
    article = rows[~of_record].reset_index(drop=True)
    record = rows[of_record & ~pd.Series(late, index=rows.index, dtype="bool")].reset_index(
        drop=True
    )
    return tuple(
        replace(seed, tables={**seed.tables, "cooperation": part}) for part in (article, record)
    )


def filled(seed: Seed, coalitions: Sequence[str] | None = None) -> pd.DataFrame:
    """Level by level what the article says, what the record says, and the article's levels with the
    silence filled.

    One row a dimension and coalition: ``dimension``, ``coalition``, ``article``, ``record``,
    ``filled`` (the article's level; the record's where the article is silent), ``filled_by``
    (article, record, nobody), ``agree`` (yes, no, or empty where one is silent), ``article_facts``,
    ``record_facts``, ``origin`` of the dimension (article or context). Where both speak the
    article's word stands: the record never overrules it here.

    >>> import axislib
    >>> table = filled(axislib.open_seed(layers=["article", "context"]))
    >>> table.query("dimension == 'lend_lease_programme' and coalition == 'modern_alignment'")["filled_by"].item()
    'record'
    """
    article, record = layers_apart(seed)
    coalitions = coalitions or compared_coalitions(seed)
    left, right = (
        levels(part, coalitions).set_index(["dimension", "coalition"]) for part in (article, record)
    )
    origin = dict(zip(seed.dimensions["id"], seed.dimensions["layer"], strict=True))
    rows = []
    for key in left.index:
        said, known = left.loc[key, "level"], right.loc[key, "level"]
        by = "article" if said != "not_stated" else "record" if known != "not_stated" else "nobody"
        rows.append(
            {
                "dimension": key[0],
                "coalition": key[1],
                "article": said,
                "record": known,
                "filled": known if by == "record" else said,
                "filled_by": by,
                "agree": "" if "not_stated" in (said, known) else "yes" if said == known else "no",
                "article_facts": left.loc[key, "facts"] or left.loc[key, "open_facts"],
                "record_facts": right.loc[key, "facts"] or right.loc[key, "open_facts"],
                "origin": origin[key[0]],
            }
        )
    return pd.DataFrame(rows)


def filled_seed(seed: Seed) -> Seed:
    """The seed with only those instances of the record that fill a silence of the article, for
    figures and functions of the comparison.
    """
    table = filled(seed)
    keep = {
        i
        for cell in table.loc[table["filled_by"] == "record", "record_facts"]
        for i in split_cell(cell)
    }
    rows = seed.cooperation
    return replace(
        seed,
        tables={
            **seed.tables,
            "cooperation": (
                rows[(rows["layer"] != "context") | rows["id"].isin(keep)].reset_index(drop=True)
            ),
        },
    )


def what_changes(seed: Seed, left: str | None = None, right: str | None = None) -> pd.DataFrame:
    """How ``left`` stands to ``right`` on each dimension: within the article, with the silence
    filled, and by the record alone.

    The two are those of ``analogy.compared_sides`` if left out. Columns: ``dimension``,
    ``article``, ``filled``, ``record`` (more, less, alike, cannot say), ``changed`` (whether
    filling decides what could not be said), ``overruled`` (whether the record alone says otherwise
    than the article), ``origin``. It counts levels: present, absent or both, never how much.
    """
    left, right = both_sides(seed, left, right)
    article, record = layers_apart(seed)
    words = {"left": "more", "right": "less", "neither": "alike", "cannot_say": "cannot say"}
    stands = [
        likenesses(part, left, right).set_index("dimension")["exceeds"].map(words)
        for part in (article, filled_seed(seed), record)
    ]
    table = (
        pd.DataFrame({"article": stands[0], "filled": stands[1], "record": stands[2]})
        .rename_axis("dimension")
        .reset_index()
    )
    both = (table["article"] != "cannot say") & (table["record"] != "cannot say")
    origin = seed.dimensions.set_index("id")["layer"]
    return table.assign(
        changed=table["article"] != table["filled"],
        overruled=both & (table["article"] != table["record"]),
        origin=table["dimension"].map(origin),
    )
