"""A part of a seed: the facts that touch some actors, speakers or years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from axislib.errors import SeedError, did_you_mean
from axislib.seed.seed import Seed
from axislib.tables.dates import overlaps
from axislib.tables.schema import fact_tables, fields_of, vocabulary

# tables whose rows go with the facts that these columns name
_FOLLOWING = {
    "arguments": ["source", "target"],
    "readings": ["fact"],
    "consistency": ["fact"],
    "bearings": ["target", "evidence"],
}


def select(
    seed: Seed,
    actors: str | Iterable[str] = (),
    coalitions: str | Iterable[str] = (),
    speakers: str | Iterable[str] = (),
    modality: str | Iterable[str] = (),
    since: str = "",
    until: str = "",
) -> Seed:
    """A new seed with the fact rows that meet every condition; an empty condition keeps all.

    Parameters
    ----------
    actors
        Rows that name one of them, somebody acting for it, or a coalition it is said to belong to
        (a collective tie touches each member but is never split). Ids or names; one string is a
        list of one.
    coalitions
        Rows that name one of them or a member.
    speakers, modality
        Whose words, and how they are put.
    since, until
        EDTF dates. Dated rows that cannot lie within are dropped; undated ones stay, for nothing is
        known against them.

    Returns
    -------
    A Seed. Arguments, readings, consistency and bearings follow their facts; sentences, actors,
    dimensions, silences and measures stay whole. SeedError for an id or word the seed does not
    know, with the nearest right one.

    >>> import axislib
    >>> part = select(axislib.open_seed(), speakers=["choe"])
    >>> part.facts["speaker"].unique().tolist()
    ['choe']
    """
    actors, coalitions, speakers = (
        seed.ids_of(given, seed.actors["id"], what)
        for what, given in (("actors", actors), ("coalitions", coalitions), ("speakers", speakers))
    )
    modality = seed.ids_of(modality, vocabulary("modality"), "modality")
    kept = _facts_kept(seed, actors, coalitions, speakers, modality, (str(since), str(until)))
    tables = {
        name: frame[frame["id"].isin(kept)] if name in fact_tables() else frame
        for name, frame in seed.tables.items()
    }
    _leave_out_followers(tables, kept)
    if speakers:
        tables["quotations"] = tables["quotations"][tables["quotations"]["speaker"].isin(speakers)]
    return _part(seed, tables)


def _leave_out_followers(tables: dict[str, pd.DataFrame], kept: set[str]) -> None:
    """Take out the rows that refer to a statement that was not kept."""
    # a bearing may also rest on a measure, and of these all stay
    known = kept | set(tables["measures"]["id"] if "measures" in tables else ())
    for name, columns in _FOLLOWING.items():
        for column in columns if name in tables else []:
            tables[name] = tables[name][tables[name][column].isin(known)]


def _facts_kept(
    seed: Seed,
    actors: list[str],
    coalitions: list[str],
    speakers: list[str],
    modality: list[str],
    years: tuple[str, str],
) -> set[str]:
    """Ids of the facts that meet every condition."""
    touched = seed.touched if actors or coalitions else {}
    asked = [
        wanted for wanted in (_with_agents(seed, actors), _with_members(seed, coalitions)) if wanted
    ]
    kept: set[str] = set()
    for name in fact_tables():
        frame = seed.tables[name]
        ok = pd.Series(True, index=frame.index)
        for column, given in (("speaker", speakers), ("modality", modality)):
            ok &= frame[column].isin(given) if given else True
        for wanted in asked:
            touches = [not wanted.isdisjoint(touched.get(i, ())) for i in frame["id"].tolist()]
            ok &= pd.Series(touches, index=frame.index)
        if any(years) and "earliest" in frame:
            ok &= overlaps(frame["earliest"], frame["latest"], *years)
        kept |= set(frame.loc[ok, "id"])
    return kept


def keep(seed: Seed, table: str, **columns: str | Iterable[str]) -> Seed:
    """A new seed in which one table holds only the rows with one of the given values in each named
    column.

    Raises SeedError for a table, a column or a value that is not known, with the nearest right one.
    Actors and dimensions may be named as well as given by their ids.

    >>> import axislib
    >>> part = axislib.keep(axislib.open_seed(), "transfers", category="troops")
    >>> part.transfers["category"].unique().tolist()
    ['troops']
    """
    frame = seed[table]
    for column, values in columns.items():
        if column not in frame:
            rest = f"there are: {', '.join(frame.columns)}"
            guess = did_you_mean(column, list(frame.columns), rest)
            raise SeedError(f"'{column}' is not a column of {table}; {guess}")
        if not pd.api.types.is_string_dtype(frame[column]):
            wanted = [values] if pd.api.types.is_scalar(values) else list(values)
        else:
            wanted = seed.ids_of(values, _known_in(seed, table, column), column)
        frame = frame[frame[column].isin(wanted)]
    return _part(seed, {**seed.tables, table: frame})


def _known_in(seed: Seed, table: str, column: str) -> list[str]:
    """What may stand in a column: its closed list, the ids it refers to, else what stands in it."""
    field = next((field for field in fields_of(table) if field["name"] == column), {})
    listed = list(vocabulary(field["vocabulary"])) if field.get("vocabulary") else []
    referred = seed.tables.get(field.get("references", ""))
    ids = [] if referred is None or "id" not in referred else list(referred["id"])
    return [*listed, *ids, *seed.tables[table][column].dropna()]


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
    rows = seed.memberships
    member = rows["actor"].isin(actors) & (rows["polarity"] != "denied")
    return {*actors, *agents, *rows.loc[member, "coalition"]}


def _with_members(seed: Seed, coalitions: list[str]) -> set[str]:
    within = [m for c in coalitions for m in members(seed, c)]
    agents = set(seed.actors.loc[seed.actors["acts_for"].isin(within), "id"])
    return set(coalitions) | set(within) | agents
