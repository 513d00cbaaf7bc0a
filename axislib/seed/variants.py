"""Another seed made from one: a part of it, or the same rows under another coding."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from axislib.check.cells import known_ids
from axislib.errors import SeedError, did_you_mean
from axislib.files import unguard
from axislib.seed.seed import Seed
from axislib.tables.dates import overlaps
from axislib.tables.schema import LEVELS, Frames, fact_tables, fields_of, split_cell, vocabulary
from axislib.tables.spreadsheets import read_cells_of, rows_with

CODING = ["fact", "column", "value"]
_OF_A_SHEET = {"unit": "fact", "variable": "column", "code": "value", "memo": "memo"}
# what instances a level needs
_SIDES = {"present": ["for"], "absent": ["against"], "mixed": ["for", "against"], "not_stated": []}
# tables whose rows go with the facts that these columns name
_FOLLOWING = {"arguments": ["source", "target"], "bearings": ["target", "evidence"]}
_FOLLOWING |= {"readings": ["fact"], "consistency": ["fact"]}


def select(
    seed: Seed,
    actors: str | Iterable[str] = (),
    coalitions: str | Iterable[str] = (),
    speakers: str | Iterable[str] = (),
    modality: str | Iterable[str] = (),
    since: str = "",
    until: str = "",
    named_only: bool = False,
) -> Seed:
    """The fact rows that meet every condition; an empty condition keeps all.

    Parameters
    ----------
    seed
        The data set; it stays as it is.
    actors
        Rows that name one of them, somebody acting for it, or a coalition it is said to belong to.
    coalitions
        Rows that name one of them, or a member.
    speakers, modality
        Whose words, and how they are put.
    since, until
        EDTF dates; dated rows that cannot lie within are dropped, undated ones stay.
    named_only
        Of the actors, only rows in which the own id of one of them stands.

    Returns
    -------
    A new Seed; rows about left-out facts go too, other tables stay whole. SeedError for an id,
    name or word that is not known, with the nearest right one.

    >>> import axislib
    >>> len(select(axislib.open_seed(), "Iran", named_only=True).events)
    2
    """
    named = {"actors": actors, "coalitions": coalitions, "speakers": speakers, "modality": modality}
    ids = {what: seed.ids_of(given, _among(seed, what), what) for what, given in named.items()}
    kept = _facts_kept(seed, ids, named_only, (str(since), str(until)))
    return _part(seed, seed.tables | _following(seed.tables, kept, ids["speakers"]))


def _among(seed: Seed, what: str) -> Iterable[str]:
    """The ids or words among which those of a condition are sought."""
    if what == "modality":
        return vocabulary("modality")
    sides = seed.actors["kind"] == "coalition"
    return seed.actors.loc[sides, "id"] if what == "coalitions" else seed.actors["id"]


def _following(tables: Frames, kept: set[str], speakers: list[str]) -> dict[str, pd.DataFrame]:
    """The facts kept, the rows that refer to nothing else, and the quotations of these speakers."""
    found = {name: tables[name][tables[name]["id"].isin(kept)] for name in fact_tables()}
    # a bearing may also rest on a measure, and of these all stay
    known = kept | set(tables["measures"]["id"] if "measures" in tables else ())
    followers = [(name, tables[name]) for name in _FOLLOWING if name in tables]
    found |= {name: t[t[_FOLLOWING[name]].isin(known).all(axis=1)] for name, t in followers}
    if speakers:
        found["quotations"] = tables["quotations"][tables["quotations"]["speaker"].isin(speakers)]
    return found


def _facts_kept(
    seed: Seed, ids: dict[str, list[str]], named_only: bool, years: tuple[str, str]
) -> set[str]:
    """Ids of the facts that meet every condition."""
    # the actors of whom a fact must touch one, and those that each fact touches
    sides, actors = ids["coalitions"], ids["actors"]
    asked = [(_with_members(seed, sides), seed.touched)] if sides else []
    if actors:
        agents, rows = seed.actors["acts_for"].isin(actors), seed.memberships
        member = rows["actor"].isin(actors) & (rows["polarity"] != "denied")
        wide = {*actors, *seed.actors.loc[agents, "id"], *rows.loc[member, "coalition"]}
        asked.append((set(actors), seed.named) if named_only else (wide, seed.touched))
    facts = seed.facts
    for column, given in (("speaker", ids["speakers"]), ("modality", ids["modality"])):
        facts = facts[facts[column].isin(given)] if given else facts
    kept = set(facts["id"])
    for wanted, touched in asked:
        kept = {fact for fact in kept if not wanted.isdisjoint(touched.get(fact, ()))}
    for name in fact_tables():
        frame = seed.tables[name]
        if any(years) and "earliest" in frame:
            kept -= set(frame["id"][~overlaps(frame["earliest"], frame["latest"], *years)])
    return kept


def keep(seed: Seed, table: str, **columns: str | Iterable[str]) -> Seed:
    """One table with only the rows that hold one of the given values in each named column.

    Parameters
    ----------
    seed
        The data set; it stays as it is.
    table
        Its name.
    **columns
        A column's name and the value or values kept; actors and dimensions by id or name. A cell
        with several values has each of them.

    Returns
    -------
    A new Seed. SeedError for a table, a column or a value that is not known, with the nearest right
    one; a warning for a value that is known and is in no row.

    >>> import axislib
    >>> part = axislib.keep(axislib.open_seed(), "transfers", category="troops")
    >>> part.transfers["category"].unique().tolist()
    ['troops']
    >>> len(axislib.keep(axislib.open_seed(), "events", actors="Iran").events)
    2
    """
    frame = seed[table]
    for column, values in columns.items():
        cells = _cells_with(seed, table, column, values)
        frame = frame[frame[column].isin(cells)]
    return _part(seed, {**seed.tables, table: frame})


def _cells_with(seed: Seed, table: str, column: str, values: str | Iterable[str]) -> list:
    """The cells of a column that hold one of the values; see ``keep``."""
    frame = seed[table]
    if column not in frame:
        guess = did_you_mean(column, map(str, frame))
        raise SeedError(f"'{column}' is not a column of {table}; {guess}")
    if not pd.api.types.is_string_dtype(frame[column]):
        return [values] if pd.api.types.is_scalar(values) else list(values)
    field = {field["name"]: field for field in fields_of(table)}.get(column, {})
    cells = frame[column].dropna().unique()
    held = {cell: {cell, *(split_cell(cell) if field.get("many") else ())} for cell in cells}
    # its closed list, the ids it refers to, and what it holds
    listed = vocabulary(field["vocabulary"]) if field.get("vocabulary") else {}
    referred = known_ids(seed.tables).get(field.get("references", ""), set())
    known = [*listed, *sorted(referred), *held, *sorted(set().union(*held.values()))]
    wanted = seed.ids_of(values, known, column)
    for value in sorted(set(wanted).difference(*held.values())):
        words = f"'{value}' is known to {seed.name}, but no row of {table} has it in {column}"
        if value in set(seed.sentences["locator"]):
            words = f"{value} is a sentence of {seed.name}, but no row of {table} rests on it"
        warnings.warn(words, stacklevel=3)
    return [cell for cell, parts in held.items() if not parts.isdisjoint(wanted)]


def _part(seed: Seed, tables: dict[str, pd.DataFrame]) -> Seed:
    """The seed with these tables; it remembers which of them have lost rows."""
    lost = {name for name, frame in tables.items() if len(frame) < len(seed.tables[name])}
    # all anew, whether rows are lost or not: no frame is shared with the seed it was taken from
    tables = {name: frame.reset_index(drop=True) for name, frame in tables.items()}
    return replace(seed, tables=tables, selected=seed.selected | lost)


def members(seed: Seed, coalition: str) -> list[str]:
    """The actors said to belong to a coalition, whoever says so (denied memberships left out)."""
    rows = seed.memberships
    said = (rows["coalition"] == coalition) & (rows["polarity"] != "denied")
    return list(dict.fromkeys(rows.loc[said, "actor"]))


def _with_members(seed: Seed, coalitions: list[str]) -> set[str]:
    within = [m for c in coalitions for m in members(seed, c)]
    agents = set(seed.actors.loc[seed.actors["acts_for"].isin(within), "id"])
    return set(coalitions) | set(within) | agents


def read_coding(path: str | os.PathLike) -> pd.DataFrame:
    """A coding from its CSV (``fact``, ``column``, ``value``), or from a coding sheet.
    Rows without a value are not decided yet and left out. SeedError for any other file."""
    header, *rows = [*rows_with(Path(path), CODING).values()] or [[]]
    if set(CODING) <= set(header):
        cells = [dict(zip(header, map(unguard, row), strict=False)) for row in rows]
        table = pd.DataFrame(cells, columns=header, dtype=str).fillna("")
        return table[table["value"].str.strip() != ""].reset_index(drop=True)
    return as_coding(read_cells_of(Path(path)))


def as_coding(sheet: pd.DataFrame) -> pd.DataFrame:
    """The coded rows of a sheet as a coding, with ``memo``: a variable is called as its column."""
    coded = sheet[sheet["code"].str.strip() != ""].reindex(columns=[*_OF_A_SHEET], fill_value="")
    return coded.rename(columns=_OF_A_SHEET).reset_index(drop=True)


def apply_coding(seed: Seed, coding: pd.DataFrame) -> Seed:
    """A new seed in which a coding is applied; the given one stays as it is.

    Rows with the column ``level`` and a fact such as ``arms_deliveries:modern_alignment`` set a
    level: see ``set_level``. Raises SeedError, naming the row, for what the tables would refuse.
    """
    if missing := [name for name in CODING if name not in coding]:
        hint = f"a coding has the columns {', '.join(CODING)}"
        raise SeedError(f"codings: no column {', '.join(missing)}; {hint}")
    with warnings.catch_warnings():
        # a coder's polarity is a coding like any other, whether or not a level moves
        warnings.simplefilter("ignore", UserWarning)
        for number, change in enumerate(coding.to_dict("records"), start=2):
            fact, column, value = (change[name] for name in CODING)
            try:
                if str(value).strip() and column == "level":
                    seed = set_level(seed, fact, value, str(change.get("memo") or ""))
                elif str(value).strip():
                    seed = seed.recode(fact, **{column: value})
            except SeedError as error:
                raise SeedError(f"codings, row {number}: {error}") from None
    return seed


def set_level(seed: Seed, cell: str, level: str, memo: str = "") -> Seed:
    """A new seed in which ``cell`` (``dimension:coalition``) has this level.

    Instances that speak otherwise are left open. Where none speaks for the new level, one is added
    with the sentences that the memo names: basis ``coded_by_us``, so presumed and never known.

    >>> import axislib
    >>> cell = "lend_lease_programme:modern_alignment"
    >>> other = set_level(axislib.open_seed(), cell, "absent", "P20.S3")
    >>> other.cooperation.iloc[-1][["id", "bears"]].tolist()
    ['coded_lend_lease_programme_modern_alignment_against', 'against']
    """
    dimension, _, coalition = cell.partition(":")
    if dimension not in set(seed.dimensions["id"]) or coalition not in set(seed.actors["id"]):
        dimension = next(iter(seed.dimensions["id"]), "dimension")
        coalition = next(iter(seed.cooperation["coalition"]), "coalition")
        wrong = f"'{cell}' names no form of cooperation and coalition of {seed.name}; write such as"
        wrong += f" {dimension}:{coalition}"
        raise SeedError(wrong)
    if level not in LEVELS:
        hint = did_you_mean(level, LEVELS, f"use one of: {', '.join(LEVELS)}")
        raise SeedError(f"level '{level}' of {cell} is not known; {hint}")
    wanted = _SIDES[level]
    table = seed.cooperation.copy()
    here = (table["dimension"] == dimension) & (table["coalition"] == coalition)
    counted = here & (table["polarity"] != "left_open")
    if set(table.loc[counted, "bears"]) == set(wanted):
        return seed
    table.loc[counted & ~table["bears"].isin(wanted), "polarity"] = "left_open"
    lacking = [side for side in wanted if side not in set(table.loc[counted, "bears"])]
    if new := [_instance(seed, dimension, coalition, side, memo) for side in lacking]:
        rows = pd.DataFrame(new).reindex(columns=table.columns, fill_value="")
        table = pd.concat([table, rows.astype(table.dtypes.to_dict())], ignore_index=True)
    return replace(seed, tables={**seed.tables, "cooperation": table})


def _instance(seed: Seed, dimension: str, coalition: str, side: str, memo: str) -> dict:
    """A row of cooperation that speaks for a coder's level."""
    taken, row_id, n = set(seed.cooperation["id"]), f"coded_{dimension}_{coalition}_{side}", 2
    while row_id in taken:
        row_id, n = f"coded_{dimension}_{coalition}_{side}_{n}", n + 1
    name = seed.row(coalition)["name"]
    known, named = set(seed.sentences["locator"]), re.findall(r"P\d{2,}\.S\d+", memo)
    anchors = ";".join(place for place in dict.fromkeys(named) if place in known)
    voices = seed.metadata.get("voices") or {}
    speaker = voices.get("body") or next(iter(seed.facts["speaker"]), "")
    word = {"for": "present", "against": "ruled out"}[side]
    called = seed.row(dimension)["name"]
    statement = f"{called}, {name[0].lower()}{name[1:]}: {word} (added by the coder)."
    row = {"id": row_id, "anchors": anchors or seed.row(dimension)["anchors"]}
    row |= {"coalition": coalition, "dimension": dimension, "bears": side, "speaker": speaker}
    row |= {"statement": statement, "note": memo, "basis": "coded_by_us", "pairs": "all"}
    return row | {"modality": "asserted", "polarity": "affirmed", "layer": "article"}
