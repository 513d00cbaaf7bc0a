"""A part of a seed: the facts that touch some actors, speakers or years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from axislib.errors import SeedError
from axislib.seed.seed import Seed
from axislib.tables.dates import overlaps
from axislib.tables.schema import fact_tables, vocabulary


def select(
    seed: Seed,
    actors: Iterable[str] = (),
    coalitions: Iterable[str] = (),
    speakers: Iterable[str] = (),
    modality: Iterable[str] = (),
    since: str = "",
    until: str = "",
) -> Seed:
    """A new seed with the fact rows that meet every condition; an empty condition keeps all.

    ``actors``: rows that name one of them, somebody acting for it, or a coalition it is said to
    belong to (a collective tie touches each member but is never split). ``coalitions``: rows that
    name one of them or a member. ``speakers``, ``modality``: whose words, how sure. ``since``,
    ``until``: EDTF dates; dated rows that cannot lie within are dropped, undated ones stay, for
    nothing is known against them. Arguments, readings, consistency and bearings follow their facts;
    sentences, actors, dimensions, silences and measures stay whole. Raises SeedError for an id or
    word the seed does not know.

    >>> import axislib
    >>> part = select(axislib.open_seed(), speakers=["choe"])
    >>> part.facts["speaker"].unique().tolist()
    ['choe']
    """
    actors, coalitions, speakers, modality = (
        list(c) for c in (actors, coalitions, speakers, modality)
    )
    for name, given, known in (
        ("actors", actors, seed.actors["id"]),
        ("coalitions", coalitions, seed.actors["id"]),
        ("speakers", speakers, seed.actors["id"]),
        ("modality", modality, vocabulary("modality")),
    ):
        for value in given:
            if value not in set(known):
                raise SeedError(
                    f"{name}: '{value}' is not known to seed {seed.name}; there are:"
                    f" {', '.join(known)}"
                )
    touched = seed.touched if actors or coalitions else {}
    asked = [
        wanted for wanted in (_with_agents(seed, actors), _with_members(seed, coalitions)) if wanted
    ]
    keep: set[str] = set()
    for name in fact_tables():
        frame = seed.tables[name]
        ok = pd.Series(True, index=frame.index)
        if speakers:
            ok &= frame["speaker"].isin(speakers)
        if modality:
            ok &= frame["modality"].isin(modality)
        for wanted in asked:
            ok &= frame["id"].map(lambda i, wanted=wanted: bool(touched.get(i, set()) & wanted))
        if (since or until) and "earliest" in frame:
            ok &= overlaps(frame["earliest"], frame["latest"], since, until)
        keep |= set(frame.loc[ok, "id"])
    tables = {
        name: frame[frame["id"].isin(keep)] if name in fact_tables() else frame
        for name, frame in seed.tables.items()
    }
    # a bearing may also rest on a measure, and of these all stay
    there = keep | set(tables["measures"]["id"] if "measures" in tables else ())
    for name, columns in (
        ("arguments", ["source", "target"]),
        ("readings", ["fact"]),
        ("consistency", ["fact"]),
        ("bearings", ["target", "evidence"]),
    ):
        for column in columns if name in tables else []:
            tables[name] = tables[name][tables[name][column].isin(there)]
    if speakers:
        tables["quotations"] = tables["quotations"][tables["quotations"]["speaker"].isin(speakers)]
    return _part(seed, tables)


def keep(seed: Seed, table: str, **columns: Iterable[str]) -> Seed:
    """A new seed in which one table holds only the rows with one of the given values in each named
    column.

    Raises SeedError for a table or column that is not there.

    >>> import axislib
    >>> axislib.keep(axislib.open_seed(), "transfers", category=["troops"]).transfers["category"].unique().tolist()
    ['troops']
    """
    if table not in seed.tables:
        raise SeedError(f"'{table}' is not a table; there are: {', '.join(seed.tables)}")
    frame = seed.tables[table]
    for column, values in columns.items():
        if column not in frame:
            raise SeedError(
                f"'{column}' is not a column of {table}; there are: {', '.join(frame.columns)}"
            )
        frame = frame[frame[column].isin(list(values))]
    return _part(seed, {**seed.tables, table: frame})


def _part(seed: Seed, tables: dict[str, pd.DataFrame]) -> Seed:
    """The seed with these tables; it remembers which of them have lost rows."""
    lost = {name for name, frame in tables.items() if len(frame) < len(seed.tables[name])}
    # all anew, whether rows are lost or not: no frame is shared with the seed it was taken from
    return replace(
        seed,
        tables={name: frame.reset_index(drop=True) for name, frame in tables.items()},
        selected=seed.selected | lost,
    )


def members(seed: Seed, coalition: str) -> list[str]:
    """The actors said to belong to a coalition, whoever says so (denied memberships left out)."""
    rows = seed.memberships
    return list(
        dict.fromkeys(
            rows.loc[(rows["coalition"] == coalition) & (rows["polarity"] != "denied"), "actor"]
        )
    )


def _with_agents(seed: Seed, actors: list[str]) -> set[str]:
    if not actors:
        return set()
    agents = set(seed.actors.loc[seed.actors["acts_for"].isin(actors), "id"])
    of = seed.memberships
    return (
        set(actors)
        | agents
        | set(of.loc[of["actor"].isin(actors) & (of["polarity"] != "denied"), "coalition"])
    )


def _with_members(seed: Seed, coalitions: list[str]) -> set[str]:
    within = [m for c in coalitions for m in members(seed, c)]
    agents = set(seed.actors.loc[seed.actors["acts_for"].isin(within), "id"])
    return set(coalitions) | set(within) | agents
