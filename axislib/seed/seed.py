"""A seed opened: the tables of one document, each row tied to its sentences."""

from __future__ import annotations

import html
import shutil
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from axislib.check.cells import check_field, known_ids
from axislib.errors import SeedError, did_you_mean
from axislib.files import seeds_folders
from axislib.tables import schema
from axislib.tables.dates import bounds
from axislib.tables.schema import fact_tables, fields_of, load_schema, long_form, split_cell

if TYPE_CHECKING:
    from axislib.text.copy import Text

_LISTED = 30  # ids named in a message
# rows that state nothing themselves: others name them, or rest on them
_NAMED_BY_OTHERS = ("sentences", "actors", "dimensions", "sources", "frames", "hypotheses")
# what a row says, in the first of these columns that it has
_OWN_WORDS = "statement words question definition why reason title name".split()
_OWN_WORDS += ["no_fact_reason", "note", "relation"]
_OF_A_SENTENCE = ("locator", "section", "sentence")
_BEHIND = "id locator section sentence statement speaker modality polarity hedge hedge_on basis"
_DERIVED = {  # columns that an opened table has beside those of its file
    "earliest": ("date", "derived: the first day that date may mean; NaT where open or not stated"),
    "latest": ("date", "derived: the last day that date may mean; NaT where open or not stated"),
    "layer": ("string", "derived: the layer that the row comes from, such as article"),
}
ASSERTION = ["statement", "speaker", "modality", "polarity", "hedge", "hedge_on", "basis"]


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add ``earliest`` and ``latest`` (NaT where open or not stated) beside an EDTF ``date``."""
    if "date" not in frame:
        return frame
    ends = bounds(frame["date"])
    return frame.assign(earliest=ends["earliest"], latest=ends["latest"])


def place_relative(events: pd.DataFrame) -> pd.DataFrame:
    """Undated events told by another event get its bound: before, after or during it."""
    places = events.drop_duplicates("id").set_index("id")[["earliest", "latest"]]
    told_by = places.reindex(events["relative_to"].tolist()).set_axis(events.index)
    undated = events[["earliest", "latest"]].isna().all(axis=1)
    begins, ends = (events["time_relation"].isin([word, "during"]) for word in ("after", "before"))
    return events.assign(
        earliest=events["earliest"].mask(undated & begins, told_by["earliest"]),
        latest=events["latest"].mask(undated & ends, told_by["latest"]),
    )


def own_words(row: Mapping) -> str:
    """What a row of any table says, in its own words.

    >>> own_words({"id": "RUS", "name": "Russia", "note": ""})
    'Russia'
    """
    cells = (row.get(column) for column in _OWN_WORDS)
    return next((cell for cell in cells if isinstance(cell, str) and cell), "")


def _say_if_no_level_moves(fact_id: str, before: pd.Series, after: pd.Series) -> None:
    """A level counts what an instance bears, not its polarity: many try that first."""
    if "bears" not in before or before["polarity"] == after["polarity"]:
        return
    counts = ["dimension", "coalition", "bears"]
    left_open = "left_open" in (before["polarity"], after["polarity"])
    if before[counts].equals(after[counts]) and not left_open:
        other = "for" if before["bears"] == "against" else "against"
        warnings.warn(
            f"recode {fact_id}: polarity '{after['polarity']}' moves no level, since a level counts"
            f" what an instance bears; to move it, write bears='{other}' or polarity='left_open'",
            stacklevel=3,
        )


@dataclass(frozen=True, eq=False, repr=False)
class Seed:
    """One document's tables and what belongs to them; every verb returns a new seed.

    ``tables`` maps names to DataFrames; each is an attribute too (``seed.events``), and an item
    (``seed["events"]``). ``metadata`` is the seed's data package: sources, licences, who writes
    which section. ``selected`` names the tables of which a selection left rows out: what is not in
    these may yet be in the article. Seeds are equal if they have the same name, layers and rows.

    >>> import axislib
    >>> seed = axislib.open_seed()
    >>> "transfers" in seed, "tr_prk_troops" in seed, list(seed)[:2]
    (True, True, ['sentences', 'actors'])
    """

    name: str
    folder: Path
    metadata: Mapping
    tables: dict[str, pd.DataFrame]
    layers: tuple[str, ...] = ("article",)
    selected: frozenset[str] = frozenset()

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        listed = f"its tables are: {', '.join(tables)}"
        message = f"a seed has no '{name}'; {did_you_mean(name, tables, listed)}"
        raise AttributeError(message, name=name, obj=self)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self.tables:
            return self.tables[name]
        raise SeedError(f"'{name}' is not a table; {did_you_mean(str(name), self.tables)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.tables)

    def __contains__(self, name: object) -> bool:
        return name in self.tables or name in self.places

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Seed) or (self.name, self.layers) != (other.name, other.layers):
            return False
        return self.tables.keys() == other.tables.keys() and all(
            frame.equals(other.tables[name]) for name, frame in self.tables.items()
        )

    def __hash__(self) -> int:
        return hash((self.name, self.layers))

    def __repr__(self) -> str:
        return (
            f"Seed '{self.name}': {self._title}; layers: {', '.join(self.layers)};"
            f" {len(self.sentences)} sentences, {len(self.facts)} coded statements"
        )

    def _repr_html_(self) -> str:
        tables = load_schema()["tables"]
        rows = "".join(
            f"<tr><td>{name}</td><td style='text-align:right'>{len(frame):,}</td>"
            f"<td style='text-align:left'>{html.escape(tables[name]['description'])}</td></tr>"
            for name, frame in self.tables.items()
        )
        return (
            f"<p><b>{html.escape(self._title)}</b><br>Layers: {', '.join(self.layers)}. Next:"
            f' <code>seed.search("words")</code>, <code>seed.why("an id")</code>,'
            f' <code>seed.codebook("transfers")</code>, <code>axislib.explore(seed)</code>.</p>'
            "<table><thead><tr><th>table</th><th>rows</th><th style='text-align:left'>what a row"
            f" is</th></tr></thead><tbody>{rows}</tbody></table>"
        )

    @property
    def _title(self) -> str:
        """Title and author of what was coded, as far as the data package says them."""
        source = (self.metadata.get("sources") or [{}])[0]
        title = source.get("title") or self.metadata.get("title") or self.name
        author = source.get("author") or self.metadata.get("author") or "author not stated"
        return f"{title}, by {author}" if "not stated" not in author else f"{title} ({author})"

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    @cached_property
    def facts(self) -> pd.DataFrame:
        """All fact rows: ``id``, ``table``, ``anchors``, assertion columns, ``layer``."""
        columns = ["id", "anchors", *ASSERTION, "layer"]
        frames = [self.tables[name][columns].assign(table=name) for name in fact_tables()]
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row for each row and sentence behind it: ``id``, ``table``, ``locator``."""
        anchored = [(name, frame) for name, frame in self.tables.items() if "anchors" in frame]
        frames = [long_form(frame, "anchors").assign(table=name) for name, frame in anchored]
        every = pd.concat(frames, ignore_index=True).rename(columns={"anchors": "locator"})
        return every[["id", "table", "locator"]]

    @cached_property
    def links(self) -> pd.DataFrame:
        """One row for each reference: ``id``, ``table``, ``column``, ``target``."""
        frames = []
        for name, frame in self.tables.items():
            key = load_schema()["tables"][name]["key"]
            for column, to in ((one["name"], one.get("references")) for one in fields_of(name)):
                if to not in (None, "sentences"):
                    cells = long_form(frame, column, key).set_axis(["id", "target"], axis=1)
                    frames.append(cells.assign(table=name, column=column))
        return pd.concat(frames, ignore_index=True)[["id", "table", "column", "target"]]

    @cached_property
    def text(self) -> Text | None:
        """The reader's own copy of the text (``seeds/*.txt`` or AXISLIB_TEXTS), else None."""
        from axislib.text.copy import find_text

        return find_text([self.folder, *seeds_folders()], self.sentences)

    @cached_property
    def named(self) -> dict[str, set[str]]:
        """Fact id -> the actors and facts that its cells name; not its speaker."""
        found: dict[str, set[str]] = {}
        fields = [(self.tables[name], field) for name in fact_tables() for field in fields_of(name)]
        for frame, field in fields:
            to, pairs = field.get("references"), "pairs_of" in field
            if pairs or (to in ("actors", "actors_or_facts") and field["name"] != "speaker"):
                for row_id, cell in zip(frame["id"], frame[field["name"]], strict=True):
                    parts = split_cell(cell.replace("-", ";") if pairs else cell)
                    found.setdefault(row_id, set()).update(parts)
        return found

    @cached_property
    def touched(self) -> dict[str, set[str]]:
        """Fact id -> the actors it names, directly or through other facts; not its speaker."""
        known = set(self.actors["id"])
        found = {row_id: parts & known for row_id, parts in self.named.items()}
        for row_id, parts in self.named.items():
            found[row_id].update(*(found.get(fact, set()) for fact in parts - known))
        return found

    @cached_property
    def places(self) -> dict[str, tuple[str, int]]:
        """Id -> its table and position there."""
        return {
            row_id: (name, at)
            for name, frame in self.tables.items()
            for at, row_id in enumerate(frame[load_schema()["tables"][name]["key"]])
        }

    def row(self, row_id: str) -> dict:
        """One row of any table as a dict, with ``table``; SeedError for an id that is not there."""
        if row_id in self.places:
            table, position = self.places[row_id]
            return {"table": table, **self.tables[table].iloc[position].to_dict()}
        rest = "list them with seed.facts['id'], or look for words with seed.search"
        hint = did_you_mean(str(row_id), self.places, rest)
        raise SeedError(f"'{row_id}' is not an id of data set {self.name}; {hint}")

    def ids_of(self, values: str | Iterable[str], known: Iterable[str], what: str) -> list[str]:
        """The ids that are meant, among those ``known``: by id, name or alias, in any case.

        Raises SeedError for anything else, with the nearest right one; ``what`` names the choice.

        >>> import axislib
        >>> seed = axislib.open_seed()
        >>> seed.ids_of("North Korea", seed.actors["id"], "actors")
        ['PRK']
        """
        known = dict.fromkeys(known)
        values = [values] if isinstance(values, str) else list(map(str, values))
        called: dict[str, dict[str, str]] = {}
        for name, row_id in self._names:
            if row_id in known:
                called.setdefault(self._plain(name), {})[row_id] = name
        found = []
        for value in values:
            meant = {value: value} if value in known else called.get(self._plain(value), {})
            if len(meant) != 1:
                names = [name for ids in called.values() for name in ids.values()]
                listed = ", ".join(list(known)[:_LISTED]) + ", ..." * (len(known) > _LISTED)
                hint = did_you_mean(value, [*known, *names], f"there are: {listed}")
                hint = f"it may mean {' or '.join(meant)}" if meant else hint
                raise SeedError(f"{what}: '{value}' is not known to data set {self.name}; {hint}")
            found += meant
        return found

    @staticmethod
    def _plain(name: str) -> str:
        return " ".join(name.casefold().replace("_", " ").removeprefix("the ").split())

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """What rows are called, by name, alias or id in any case, and their ids."""
        columns = ["id", "aliases", "name"]
        tables = (self.tables[name] for name in ("actors", "dimensions", "hypotheses", "frames"))
        named = pd.concat([table.reindex(columns=columns, fill_value="") for table in tables])
        return [
            (name, row_id)
            for row_id, *cells in named.itertuples(index=False)
            for cell in (*cells, row_id)
            for name in [cell, *split_cell(cell)]
            if name
        ]

    def why(self, row_id: str) -> pd.DataFrame:
        """The sentences behind a row, one row each. Of an actor, a dimension, a sentence or a
        source: those behind every statement that names it.

        Columns: ``id``, ``locator``, ``section``, ``sentence`` (the words of the reader's own copy;
        empty without a copy; for a row of the record its source), then
        ``statement`` (where a row makes none, what it says instead), ``speaker``, ``modality``,
        ``polarity``, ``hedge``, ``hedge_on`` and ``basis``. SeedError for an id that is not there,
        with the nearest right one. It cannot tell whether the sentence bears the statement out:
        that is for the reader. Printed, no cell is cut.

        >>> import axislib
        >>> axislib.open_seed().why("tr_rus_satellite_data")["locator"].tolist()
        ['P14.S3']
        """
        row = self.row(row_id)
        ids = [row_id]
        if row["table"] in _NAMED_BY_OTHERS:
            naming = [*self.links.loc[self.links["target"] == row_id, "id"]]
            resting = [*self.evidence.loc[self.evidence["locator"] == row_id, "id"]]
            facts = set(self.facts["id"])
            ids = [one for one in dict.fromkeys([*resting, *naming]) if one in facts] or ids
        return Answer([row for one in ids for row in self._behind(one)], columns=_BEHIND.split())

    def _behind(self, row_id: str) -> Iterator[tuple]:
        """The sentences behind one row; see ``why``."""
        row, section = self.row(row_id), self.sentences.set_index("locator")["section"]
        # a row of the record answers with its source instead of a sentence
        names = ["id", "title", "publisher", "date", "url"]
        cited = self.tables["sources"][names].to_numpy() if "sources" in self.tables else []
        sources = {one: ", ".join(filter(None, rest)) for one, *rest in cited}
        said = (own_words(row), *(row.get(column, "") for column in ASSERTION[1:]))
        for place in split_cell(row.get("anchors", "")) or [row.get("locator", "")]:
            part = section.get(place, "source" if place in sources else "")
            yield row_id, place, part, sources.get(place) or self.sentence(place), *said

    def search(self, words: str, table: str = "") -> pd.DataFrame:
        """The rows of a table, or of all, that hold all the words, in any of their cells: ``id``,
        ``table``, ``statement`` (what the row says), ``speaker`` (empty where the row is nobody's
        statement) and ``columns`` (where the words are). Case does not count.

        >>> import axislib
        >>> found = axislib.open_seed().search("satellite data")
        >>> "tr_rus_satellite_data" in found["id"].tolist()
        True
        """
        if not (wanted := words.casefold().split()):
            raise SeedError("search: no word was given; such as seed.search('holy war')")
        found = []
        for name, frame in self._one_or_all(table).items():
            key = load_schema()["tables"][name]["key"]
            for row in schema.records(frame):
                cells = {c: v.casefold() for c, v in row.items() if isinstance(v, str)}
                if all(any(word in cell for cell in cells.values()) for word in wanted):
                    columns = [c for c, v in cells.items() if any(word in v for word in wanted)]
                    speaker = row.get("speaker", "")
                    found.append((row[key], name, own_words(row), speaker, ";".join(columns)))
        names = ["id", "table", "statement", "speaker", "columns"]
        return pd.DataFrame(found, columns=names, dtype="str")

    def _one_or_all(self, table: str) -> dict[str, pd.DataFrame]:
        return {table: self[table]} if table else self.tables

    def codebook(self, table: str = "") -> pd.DataFrame:
        """What the columns of a table hold, or of all: ``table``, ``column``, ``type``,
        ``required``, ``meaning``, ``words`` (the closed list). SeedError for an unknown table.

        >>> import axislib
        >>> axislib.open_seed().codebook("transfers")["column"].tolist()[:3]
        ['id', 'anchors', 'basis']
        """
        rows = []
        for name, frame in self._one_or_all(table).items():
            rows += schema.codebook([name]).drop(columns="group").to_numpy().tolist()
            derived = [column for column in map(str, frame) if column in _DERIVED]
            rows += [(name, c, _DERIVED[c][0], "", _DERIVED[c][1], "") for c in derived]
        columns = ["table", "column", "type", "required", "meaning", "words"]
        return pd.DataFrame(rows, columns=columns)

    def frame(self, table: str, names: bool = False) -> pd.DataFrame:
        """A table as pandas users expect it: missing values are NA, for ``isna`` and ``count``.

        ``names``: those of actors and dimensions come beside ids, as ``giver_name``. NA is what the
        table says nothing of, never what is absent. SeedError for an unknown table.

        >>> import axislib
        >>> gifts = axislib.open_seed().frame("transfers", names=True)
        >>> int(gifts["quantity"].count()), gifts["giver_name"].iloc[0]
        (1, 'North Korea')
        """
        frame = self[table]
        words = frame.select_dtypes("str")
        frame = frame.assign(**words.mask(words.isin(schema.missing_words())))
        if not names:
            return frame
        called = pd.concat([self.actors, self.dimensions]).set_index("id")["name"]
        for field in fields_of(table):
            if field.get("references") in ("actors", "dimensions") and field["name"] in frame:
                at = frame.columns.get_loc(field["name"])
                names_of = frame[field["name"]].str.split(";").explode().map(called)
                beside = names_of.groupby(level=0).agg(lambda cells: "; ".join(cells.dropna()))
                frame.insert(int(at) + 1, f"{field['name']}_name", beside.mask(beside == ""))
        return frame

    def select(
        self,
        actors: str | Iterable[str] = (),
        coalitions: str | Iterable[str] = (),
        speakers: str | Iterable[str] = (),
        modality: str | Iterable[str] = (),
        since: str = "",
        until: str = "",
        named_only: bool = False,
    ) -> Seed:
        """``axislib.select`` of this seed, so that verbs chain.

        >>> import axislib
        >>> part = axislib.open_seed().select(speakers="choe").keep("relations", object="RUS")
        >>> part.relations["speaker"].unique().tolist()
        ['choe']
        """
        from axislib import select

        return select(self, actors, coalitions, speakers, modality, since, until, named_only)

    def keep(self, table: str, **columns: str | Iterable[str]) -> Seed:
        """``axislib.keep`` of this seed: one table with only the rows of these values."""
        import axislib

        return axislib.keep(self, table, **columns)

    def sentence(self, locator: str) -> str:
        """A sentence in the words of the reader's own copy; empty without one."""
        return self.text.sentence(locator) if self.text is not None else ""

    def coverage(self) -> pd.DataFrame:
        """For each sentence: ``section``, ``facts`` (how many), ``ids``, ``explained``."""
        of_facts = self.evidence[self.evidence["table"].isin(fact_tables())]
        ids = of_facts.groupby("locator")["id"].agg(";".join)
        many = of_facts.groupby("locator").size()
        frame = self.sentences[["locator", "section", "no_fact_reason"]].copy()
        frame.insert(2, "facts", frame["locator"].map(many).fillna(0).astype(int))
        frame.insert(3, "ids", frame["locator"].map(ids).fillna(""))
        explained = (frame["facts"] > 0) | ~frame["no_fact_reason"].isin(schema.missing_words())
        return frame.assign(explained=explained)

    def recode(self, fact_id: str, **changes: str) -> Seed:
        """A new seed in which some cells of one row are coded differently; this one stays as it is.

        Raises ``SeedError`` for an unknown id or column or a value the table would refuse. A level
        counts what an instance ``bears`` and leaves out what is left open; a change of ``polarity``
        between affirmed and denied moves none, which a warning says.

        >>> import axislib
        >>> seed = axislib.open_seed()
        >>> other = seed.recode("tr_prk_troops", bound="exact")
        >>> seed.row("tr_prk_troops")["bound"], other.row("tr_prk_troops")["bound"]
        ('at_least', 'exact')
        """
        table = self.row(fact_id)["table"]
        frame = self.tables[table].copy()
        here = frame[load_schema()["tables"][table]["key"]] == fact_id
        before = frame.loc[here].iloc[0]
        for column, value in changes.items():
            cell: Any = self._cell(fact_id, table, column, value)
            frame.loc[here, column] = cell
        _say_if_no_level_moves(fact_id, before, frame.loc[here].iloc[0])
        frame = derive(frame)
        frame = place_relative(frame) if table == "events" else frame
        return replace(self, tables={**self.tables, table: frame})

    def _cell(self, fact_id: str, table: str, column: str, value: object) -> object:
        """A value as the table holds it; SeedError where the table would refuse it."""
        key = load_schema()["tables"][table]["key"]
        fields = {field["name"]: field for field in fields_of(table) if field["name"] != key}
        if column not in fields:
            hint = did_you_mean(column, fields)
            wrong = f"'{column}' is not a column of {table} that may change; {hint}"
            raise SeedError(f"recode: {wrong}")
        text = "" if value is None else str(value)
        field = fields[column]
        known = known_ids(self.tables) if {"references", "pairs_of"} & field.keys() else {}
        if findings := check_field([text], table, field, known):
            wrong = findings[0]
            raise SeedError(f"recode {fact_id}: {column} '{value}' {wrong.problem}; {wrong.remedy}")
        return schema.type_cells(pd.DataFrame({column: [text]}), table)[column].iloc[0]

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
                known = ", ".join(self.readings["id"])
                raise SeedError(f"'{reading_id}' is not a reading; there are: {known}")
            seed = seed.recode(reading["fact"], **{reading["column"]: reading["alternative"]})
        return seed


class Answer(pd.DataFrame):
    """A DataFrame whose rows are printed whole: what they share once, then each row by itself.
    Whatever is made of it (a selection, a copy) is an ordinary DataFrame."""

    def __repr__(self) -> str:
        if self.empty:
            return super().__repr__()
        columns = [str(column) for column in self if column not in _OF_A_SENTENCE]
        shared = [column for column in columns if len(set(self[column])) == 1]
        own = list(map(str, self.columns.difference(shared, sort=False)))
        rows = self.to_dict("records")
        blocks = [(rows[0], shared), *((row, own) for row in rows if own)]
        lines = ([_line(name, row[name]) for name in names] for row, names in blocks)
        return "\n\n".join("\n".join(filter(None, block)) for block in lines)

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.max_colwidth", None):
            return super()._repr_html_()  # pyright: ignore[reportAttributeAccessIssue]


def _line(column: str, value: object) -> str:
    text = " ".join(str(value).split())
    if column == "sentence" and not text:
        text = "(no copy of the text was found; see axislib text --help)"
    return textwrap.fill(  # a URL or an id longer than the line stays whole, to be copied
        text,
        min(shutil.get_terminal_size().columns, 100),
        initial_indent=f"{column:<10} ",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
