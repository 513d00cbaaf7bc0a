"""A seed opened: the tables of one document, each row tied to its sentences."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from axislib.check.cells import check_field, known_ids
from axislib.errors import SeedError
from axislib.tables.dates import bounds
from axislib.tables.schema import (
    fact_tables,
    fields_of,
    load_schema,
    long_form,
    missing_words,
    split_cell,
    type_cells,
)

if TYPE_CHECKING:
    from axislib.text.copy import Text

_OF_A_SENTENCE = ("locator", "section", "sentence")
ASSERTION = ["statement", "speaker", "modality", "polarity", "hedge", "hedge_on", "basis"]


def derive(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Add ``earliest`` and ``latest`` (midnight, NaT where open or not stated) beside an EDTF
    ``date``."""
    if "date" not in frame:
        return frame
    return frame.assign(
        **{name: values.to_numpy() for name, values in bounds(frame["date"]).items()}
    )


def place_relative(events: pd.DataFrame) -> pd.DataFrame:
    """Undated events told by another event get that event's bound: before it, after it, or during
    it."""
    events = events.copy()
    place = events.set_index("id")[["earliest", "latest"]]
    relative = (
        events["relative_to"].isin(place.index)
        & events["earliest"].isna()
        & events["latest"].isna()
    )
    for row in events.index[relative]:
        base = place.loc[events.at[row, "relative_to"]]
        if events.at[row, "time_relation"] in ("after", "during"):
            events.at[row, "earliest"] = base["earliest"]
        if events.at[row, "time_relation"] in ("before", "during"):
            events.at[row, "latest"] = base["latest"]
    return events


@dataclass(frozen=True)
class Seed:
    """One document's tables and what belongs to them. Nothing here changes a seed: every verb
    returns a new one.

    ``tables`` maps names to DataFrames; each is an attribute too (``seed.events``). ``metadata`` is
    the seed's data package: sources, licences, who writes which section. ``selected`` names the
    tables of which a selection left rows out: what is not in these may yet be in the article.
    """

    name: str
    folder: Path
    metadata: Mapping
    tables: dict[str, pd.DataFrame] = field(repr=False)
    layers: tuple[str, ...] = ("article",)
    selected: frozenset[str] = frozenset()

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"a seed has no '{name}'; its tables are: {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    @cached_property
    def facts(self) -> pd.DataFrame:
        """All fact rows of all tables: ``id``, ``table``, ``anchors``, the assertion columns and
        ``layer``."""
        frames = [
            self.tables[name][["id", "anchors", *ASSERTION, "layer"]].assign(table=name)
            for name in fact_tables()
        ]
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row for each row and sentence behind it: ``id``, ``table``, ``locator``."""
        frames = [
            long_form(frame, "anchors").assign(table=name)
            for name, frame in self.tables.items()
            if "anchors" in frame
        ]
        return pd.concat(frames, ignore_index=True).rename(columns={"anchors": "locator"})[
            ["id", "table", "locator"]
        ]

    @cached_property
    def links(self) -> pd.DataFrame:
        """One row for each reference from a row to another: ``id``, ``table``, ``column``,
        ``target``."""
        frames = []
        for name, frame in self.tables.items():
            key = load_schema()["tables"][name]["key"]
            for column in fields_of(name):
                if column.get("references", "sentences") == "sentences":
                    continue
                cells = long_form(frame, column["name"], key).set_axis(["id", "target"], axis=1)
                frames.append(cells.assign(table=name, column=column["name"]))
        return pd.concat(frames, ignore_index=True)[["id", "table", "column", "target"]]

    @cached_property
    def text(self) -> Text | None:
        """The reader's own copy of the text, if one is at hand (``seeds/*.txt`` or AXISLIB_TEXTS),
        else None."""
        from axislib.seed.folders import seeds_folders
        from axislib.text.copy import find_text

        return find_text([self.folder, *seeds_folders()], self.sentences)

    @cached_property
    def touched(self) -> dict[str, set[str]]:
        """Fact id -> the actors it names, directly or through the facts it is about; its speaker is
        not among them."""
        known = set(self.actors["id"])
        direct: dict[str, set[str]] = {}
        through: dict[str, set[str]] = {}
        for name in fact_tables():
            for column in fields_of(name):
                if column["name"] == "speaker" or (
                    column.get("references") not in ("actors", "actors_or_facts")
                    and not column.get("pairs_of")
                ):
                    continue
                for row_id, cell in zip(
                    self.tables[name]["id"].tolist(),
                    self.tables[name][column["name"]].tolist(),
                    strict=True,
                ):
                    for value in split_cell(cell):
                        for part in value.split("-") if column.get("pairs_of") else [value]:
                            if part not in missing_words():
                                (direct if part in known else through).setdefault(
                                    row_id, set()
                                ).add(part)
        for row_id, facts in through.items():
            direct.setdefault(row_id, set()).update(*(direct.get(fact, set()) for fact in facts))
        return direct

    @cached_property
    def _places(self) -> dict[str, tuple[str, int]]:
        """Id -> its table and position there."""
        keys = {name: load_schema()["tables"][name]["key"] for name in self.tables}
        return {
            row_id: (name, at)
            for name, frame in self.tables.items()
            for at, row_id in enumerate(frame[keys[name]])
        }

    def row(self, row_id: str) -> dict:
        """One row of any table as a dict, with ``table``; SeedError for an id that is not there."""
        if row_id in self._places:
            table, position = self._places[row_id]
            return {"table": table, **self.tables[table].iloc[position].to_dict()}
        raise SeedError(
            f"'{row_id}' is not an id of seed {self.name}; list them with seed.facts['id']"
        )

    def why(self, fact_id: str) -> pd.DataFrame:
        """The sentences behind a row: one row a sentence.

        Columns: ``id``, ``locator``, ``section``, ``sentence`` (the words of the reader's own copy;
        empty where the text is not at hand; for a row of the record its source), then
        ``statement``, ``speaker``, ``modality`` and ``basis``. It cannot tell whether the sentence
        bears the statement out: that is for the reader. Printed, no cell is cut.

        >>> import axislib
        >>> axislib.open_seed().why("tr_rus_satellite_data")["locator"].tolist()
        ['P14.S3']
        """
        row = self.row(fact_id)
        locators = split_cell(row.get("anchors", ""))
        section = self.sentences.set_index("locator")["section"]
        # a row of the record answers with its source instead of a sentence
        sources = self._cited()
        frame = pd.DataFrame(
            {
                "id": fact_id,
                "locator": locators,
                "section": [section.get(p, "source" if p in sources else "") for p in locators],
                "sentence": [sources[p] if p in sources else self.sentence(p) for p in locators],
            }
        )
        return Answer(
            frame.assign(
                **{
                    name: row.get(name, "")
                    for name in ("statement", "speaker", "modality", "basis")
                }
            )
        )

    def _cited(self) -> dict[str, str]:
        rows = self.tables["sources"].to_dict("records") if "sources" in self.tables else []
        return {
            row["id"]: ", ".join(
                filter(None, (row["title"], row["publisher"], row["date"], row["url"]))
            )
            for row in rows
        }

    def sentence(self, locator: str) -> str:
        """A sentence in the words of the reader's own copy; empty where it is not at hand."""
        return self.text.sentence(locator) if self.text is not None else ""

    def coverage(self) -> pd.DataFrame:
        """One row a sentence: ``locator``, ``section``, ``facts`` (how many), ``ids``,
        ``no_fact_reason``, ``explained``."""
        of_facts = self.evidence[self.evidence["table"].isin(fact_tables())]
        ids = of_facts.groupby("locator")["id"].agg(";".join)
        frame = self.sentences[["locator", "section", "no_fact_reason"]].copy()
        frame.insert(
            2,
            "facts",
            frame["locator"].map(of_facts.groupby("locator").size()).fillna(0).astype(int),
        )
        frame.insert(3, "ids", frame["locator"].map(ids).fillna(""))
        return frame.assign(
            explained=(frame["facts"] > 0) | ~frame["no_fact_reason"].isin(missing_words())
        )

    def recode(self, fact_id: str, **changes: str) -> Seed:
        """A new seed in which some cells of one row are coded otherwise; this one stays as it is.

        Raises ``SeedError`` for an unknown id or column or a value the table would refuse.

        >>> import axislib
        >>> seed = axislib.open_seed()
        >>> other = seed.recode("tr_prk_troops", bound="exact")
        >>> seed.row("tr_prk_troops")["bound"], other.row("tr_prk_troops")["bound"]
        ('at_least', 'exact')
        """
        row = self.row(fact_id)
        table = row["table"]
        frame = self.tables[table].copy()
        key = load_schema()["tables"][table]["key"]
        for column, value in changes.items():
            column_field = next(
                (f for f in fields_of(table) if f["name"] == column and column != key), None
            )
            if column_field is None:
                raise SeedError(
                    f"recode: '{column}' is not a column of {table} that may change; there are: "
                    + ", ".join(f["name"] for f in fields_of(table) if f["name"] != key)
                )
            known = (
                known_ids(self.tables) if {"references", "pairs_of"} & column_field.keys() else {}
            )
            findings = check_field(
                ["" if value is None else str(value)], table, column_field, known
            )
            if findings:
                raise SeedError(
                    f"recode {fact_id}: {column} '{value}' {findings[0].problem};"
                    f" {findings[0].mend}"
                )
            cell = (
                type_cells(pd.DataFrame({column: ["" if value is None else str(value)]}), table)[
                    column
                ].iloc[0]
                if column_field["type"] != "string"
                else str(value)
            )
            frame.loc[frame[key] == fact_id, column] = cell
        if "date" in frame:
            frame = derive(frame, table)
        return replace(
            self,
            tables={**self.tables, table: place_relative(frame) if table == "events" else frame},
        )

    def read_as(self, *reading_ids: str) -> Seed:
        """A new seed in which the named ``readings`` replace the project's own coding.

        >>> import axislib
        >>> seed = axislib.open_seed()
        >>> first = seed.readings.iloc[0]
        >>> seed.read_as(first["id"]).row(first["fact"])[first["column"]] == first["alternative"]
        True
        """
        seed = self
        for reading_id in reading_ids:
            reading = self.row(reading_id)
            if reading["table"] != "readings":
                raise SeedError(
                    f"'{reading_id}' is not a reading; there are: {', '.join(self.readings['id'])}"
                )
            seed = seed.recode(reading["fact"], **{reading["column"]: reading["alternative"]})
        return seed


class Answer(pd.DataFrame):
    """A DataFrame whose rows are printed whole: what they share once, then each row by itself.

    Whatever is made of it (a selection, a copy) is an ordinary DataFrame.
    """

    def __repr__(self) -> str:
        if self.empty:
            return super().__repr__()
        shared = [
            column
            for column in self
            if column not in _OF_A_SENTENCE and len(set(self[column])) == 1
        ]
        own = [column for column in self if column not in shared]
        rows = self.to_dict("records")
        blocks = [(rows[0], shared), *((row, own) for row in rows if own)]
        return "\n\n".join(
            "\n".join(filter(None, (_line(column, row[column]) for column in columns)))
            for row, columns in blocks
        )

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.max_colwidth", None):
            return super()._repr_html_()


def _line(column: str, value: object) -> str:
    text = " ".join(str(value).split())
    if column == "sentence" and not text:
        text = "(your own copy of the text is not at hand; axislib text --help)"
    width = min(shutil.get_terminal_size().columns, 100)
    # a URL or an id longer than the line stays whole, to be copied
    return textwrap.fill(
        text,
        width,
        initial_indent=f"{column:<10} ",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
