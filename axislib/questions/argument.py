"""The argument asked of the tables: what rests on what, and where editors and author differ.

Thesis, ground, warrant, backing, qualifier, rebuttal: Toulmin, The Uses of Argument (1958).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from axislib.errors import SeedError
from axislib.questions.levels import RANK, compared_coalitions, levels
from axislib.seed.seed import Seed
from axislib.seed.variants import members, select
from axislib.tables.schema import fact_tables, long_form, records, split_cell

TREE = ["claim", "parent", "argument", "relation", "depth", "again"]
_AGAINST = """coalition dimension editors_level author_level difference
    editors_facts author_facts""".split()
_NAMES_OF = ("coalition", "actors", "subject", "object", "left", "right", "giver", "receiver")
_BEARS = {"supports": 0, "qualifies": 1, "attacks": 2, "contradicts": 3}


def main_thesis(seed: Seed) -> str:
    """The id of the thesis that most claims support, the first of several; "" for none."""
    theses = seed.claims[seed.claims["role"] == "thesis"]
    support = seed.arguments.loc[seed.arguments["relation"] == "supports", "target"].value_counts()
    counts = theses["id"].map(support).fillna(0)
    return theses["id"].tolist()[counts.to_numpy().argmax()] if len(theses) else ""


def tree(seed: Seed, root: str) -> pd.DataFrame:
    """Everything that bears on one claim, the claim first, each branch before the next.

    Columns: ``claim``, ``parent`` (the claim it bears on), ``argument`` (id of the link),
    ``relation``, ``depth`` (0 for the root) and ``again``: True where the claim is higher up
    already, so that what bears on it is not repeated. Branches come as supports, qualifies,
    attacks, contradicts, then in the order of the text. Raises SeedError for an id that is no
    claim. It cannot tell how strong a reason is.

    >>> import axislib
    >>> seed = axislib.open_seed()
    >>> tree(seed, main_thesis(seed))["relation"].tolist()[:2]
    ['', 'supports']
    """
    if root not in set(seed.claims["id"]):
        hint = "list them with seed.claims['id']"
        raise SeedError(f"root: '{root}' is no claim of data set {seed.name}; {hint}")
    return pd.DataFrame(_grow(_incoming(seed), root, {}), columns=TREE)


def threads(seed: Seed) -> pd.DataFrame:
    """All trees of a seed, one below the other: as ``tree``, with ``thread`` in front.

    A thread begins with a claim that bears on no other; the main thesis comes first, then the
    larger tree. A claim that bears on two is ``again`` in the second place: a link is drawn once.
    """
    incoming, sources = _incoming(seed), set(seed.arguments["source"])
    linked = sources | set(seed.arguments["target"])
    claims = [claim for claim in seed.claims["id"] if claim in linked]
    main = main_thesis(seed)
    trees = {claim: _grow(incoming, claim, {}) for claim in claims if claim not in sources}
    holds_main = {claim: any(row[0] == main for row in rows) for claim, rows in trees.items()}
    order = sorted(trees, key=lambda claim: (not holds_main[claim], -len(trees[claim])))
    placed: dict[str, None] = {}
    grown: list[tuple] = []
    thread = 0
    # links that run in a circle have no claim to begin with: begin with the first one not yet drawn
    for root in [*order, *claims]:
        if root not in placed:
            grown += [(thread, *row) for row in _grow(incoming, root, placed)]
            thread += 1
    return pd.DataFrame(grown, columns=["thread", *TREE])


def concerned(seed: Seed, coalitions: Sequence[str]) -> dict[str, list[str]]:
    """Claim -> which of these coalitions it is about: one itself, or a member of it.

    >>> import axislib
    >>> concerned(axislib.open_seed(), ["historic_axis"])["cl_axis_uncoordinated"]
    ['historic_axis']
    """
    cells = zip(seed.claims["id"], seed.claims["about"], strict=True)
    about = {claim: set(split_cell(cell)) for claim, cell in cells}
    acts_for = dict(zip(seed.actors["id"], seed.actors["acts_for"], strict=True))
    sides = {one: {one, *members(seed, one)} for one in coalitions}
    told = set().union(*about.values())
    named: dict[str, set[str]] = {}
    for table in fact_tables():
        frame = seed.tables[table]
        for row in records(frame[frame["id"].isin(told)]):
            named[row["id"]] = {i for name in _NAMES_OF for i in split_cell(row.get(name, ""))}
    found = {}
    for claim, own in about.items():
        own = own.union(*(named.get(one, ()) for one in own))
        own |= {acts_for.get(one, "") for one in own}
        found[claim] = [one for one, side in sides.items() if not own.isdisjoint(side)]
    return found


def unlinked(seed: Seed) -> list[str]:
    """Claims that neither bear on another nor are borne on, in the order of the table."""
    linked = set(seed.arguments["source"]) | set(seed.arguments["target"])
    return [claim for claim in seed.claims["id"] if claim not in linked]


def _incoming(seed: Seed) -> dict[str, list[tuple[str, str, str]]]:
    place = {claim: i for i, claim in enumerate(seed.claims["id"])}
    links = seed.arguments
    links = links.assign(_kind=links["relation"].map(_BEARS), _at=links["source"].map(place))
    incoming: dict[str, list[tuple[str, str, str]]] = {}
    for row in records(links.sort_values(["_kind", "_at"], kind="stable")):
        incoming.setdefault(row["target"], []).append((row["source"], row["id"], row["relation"]))
    return incoming


def _grow(incoming: dict, root: str, placed: dict[str, None]) -> list[tuple]:
    """The tree under ``root``, depth first; ``placed`` collects claims that have their branch."""
    rows = []
    stack = [(root, "", "", "", 0)]
    while stack:
        claim, parent, argument, relation, depth = stack.pop()
        again = claim in placed
        rows.append((claim, parent, argument, relation, depth, again))
        if not again:
            placed[claim] = None
            stack += [
                (source, claim, link, kind, depth + 1)
                for source, link, kind in reversed(incoming.get(claim, []))
            ]
    return rows


def said(seed: Seed) -> pd.DataFrame:
    """Who states how much, and how firmly, sentence by sentence.

    A row for each sentence, speaker and modality: ``locator``, ``position`` (from 0), ``section``,
    ``speaker``, ``modality``, ``ids`` and ``left_open`` (one of them is). Sentences are counted,
    since how many statements one yields is our doing. It cannot tell how much of one is put so.

    >>> import axislib
    >>> said(axislib.open_seed()).query("speaker == 'editors'")["section"].unique().tolist()
    ['headline', 'standfirst', 'summary', 'heading', 'bio']
    """
    place = {locator: i for i, locator in enumerate(seed.sentences["locator"])}
    facts = long_form(seed.facts, "anchors").rename(columns={"anchors": "locator"})
    facts = facts.merge(seed.facts[["id", "speaker", "modality", "polarity"]], on="id")
    facts["open"] = facts["polarity"] == "left_open"
    facts["position"] = facts["locator"].map(place)
    groups = facts.groupby(["position", "locator", "speaker", "modality"], sort=True)
    rows = groups.agg(ids=("id", ";".join), left_open=("open", "any")).reset_index()
    rows["section"] = rows["locator"].map(seed.sentences.set_index("locator")["section"])
    return rows[["locator", "position", "section", "speaker", "modality", "ids", "left_open"]]


def voices_of(seed: Seed) -> tuple[str, str]:
    """Who writes the body and who writes the rest (ids); "" where the seed does not say."""
    written = seed.metadata.get("voices", {})
    return written.get("body", ""), written.get("other", "")


def editors_against_author(seed: Seed) -> pd.DataFrame:
    """Where headline, standfirst and summary say more, less or other than the body does.

    A row for each dimension on which either puts something forward, of the coalitions that the
    editors write about: ``coalition``, ``dimension``, ``editors_level``, ``author_level`` (see
    ``levels``), ``editors_facts``, ``author_facts`` and ``difference``: ``same``; ``editors_only``
    or ``author_only`` (the other says nothing); ``editors_settle`` (the author leaves it open);
    ``editors_higher`` or ``editors_lower``; ``other_members`` (the levels are of different
    members). Empty where no metadata say who writes what. It compares levels, not words.

    >>> import axislib
    >>> table = editors_against_author(axislib.open_seed())
    >>> table.query("dimension == 'ideological_coherence'")["difference"].tolist()
    ['editors_settle']
    """
    author, editors = voices_of(seed)
    if not {author, editors} <= set(seed.actors["id"]):
        return pd.DataFrame(columns=_AGAINST)
    coalitions = compared_coalitions(seed)
    parts = [select(seed, speakers=[speaker]) for speaker in (editors, author)]
    rows = []
    for sides in zip(*(records(levels(part, coalitions)) for part in parts), strict=True):
        mine, theirs = sides
        ids = [";".join(filter(None, [side["facts"], side["open_facts"]])) for side in sides]
        cell = (mine["coalition"], mine["dimension"], mine["level"], theirs["level"])
        if any(ids):
            apart = _difference(mine, theirs) if ids[0] else "author_only"
            rows.append((*cell, apart, *ids))
    table = pd.DataFrame(rows, columns=_AGAINST)
    return table[table["coalition"].isin(table.loc[table["editors_facts"] != "", "coalition"])]


def _difference(mine: dict, theirs: dict) -> str:
    if mine["level"] == theirs["level"]:
        return "same"
    if theirs["level"] == "not_stated":
        return "editors_settle" if theirs["open_facts"] else "editors_only"
    if mine["level"] == "not_stated":
        return "editors_lower"
    if set(split_cell(mine["pairs"])) != set(split_cell(theirs["pairs"])):
        return "other_members"
    return "editors_higher" if RANK[mine["level"]] > RANK[theirs["level"]] else "editors_lower"
