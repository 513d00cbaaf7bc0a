"""A seed opened: the tables of one document, each row tied to its sentences."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .answer import Answer
from .check import check_field, check_tables, known_ids
from .dates import bounds
from .tables import (
    SeedError,
    fact_tables,
    fields_of,
    load_schema,
    long_form,
    missing_words,
    read_cells,
    split_cell,
    table_names,
    type_cells,
)

if TYPE_CHECKING:
    from .text import Text

ASSERTION = ["statement", "speaker", "modality", "polarity", "hedge", "hedge_on", "basis"]


def seeds_folders() -> list[Path]:
    """Where seeds are looked for by name: ``seeds/`` here or up to two folders above, then the package's own."""
    here = Path.cwd()
    package = Path(__file__).parent
    own = package / "seeds" if (package / "seeds").is_dir() else package.parent / "seeds"
    near = [folder / "seeds" for folder in (here, *list(here.parents)[:2])]
    return list(dict.fromkeys(folder for folder in (*near, own) if folder.is_dir()))


def seed_names() -> list[str]:
    """Names of all seeds that ``open_seed`` finds without a path.

    >>> "kragh-holy-war" in seed_names()
    True
    """
    return sorted({f.parent.name for folder in seeds_folders() for f in folder.glob("*/datapackage.json")})


def find_seed(name_or_path: str | os.PathLike) -> Path:
    """The folder of a seed; raises SeedError, naming the seeds there are, if there is none."""
    given = os.fspath(name_or_path)
    if ".." in Path(given).parts:
        raise SeedError(f"seed '{given}': a name with .. in it is refused; give the name of a seed ({', '.join(seed_names())}) or a full path")
    if isinstance(name_or_path, Path) or Path(given).is_absolute() or len(Path(given).parts) > 1:
        folder = Path(given)
        if not folder.is_dir():
            raise SeedError(f"seed '{given}': there is no such folder; check the path, or use a name: {', '.join(seed_names())}")
        return folder
    for parent in seeds_folders():
        if given and (parent / given).is_dir():
            return parent / given
    raise SeedError(f"seed '{given}': not found; there are: {', '.join(seed_names()) or 'none'} (axislib new NAME makes one)")


def read_metadata(folder: Path) -> dict:
    """The seed's ``datapackage.json`` as a dict; SeedError where it is missing or not JSON."""
    path = folder / "datapackage.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SeedError(f"{folder.name}/datapackage.json: missing, so this folder is not a seed; axislib check --mend writes one") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SeedError(f"{folder.name}/datapackage.json: not JSON ({error}); mend that line") from None


def read_seed_cells(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of a seed folder as text cells, by name, in the schema's order."""
    return {name: read_cells(folder / f"{name}.csv") for name in table_names(folder)}


def known_beyond(folder: Path, metadata: Mapping) -> dict[str, set[str]] | None:
    """The ids of the seed that a layer is ``about``: a folder beside it, else found by name; None for a seed of its own."""
    if not metadata.get("about"):
        return None
    beside = folder.parent / metadata["about"]
    return known_ids(read_seed_cells(beside if beside.is_dir() else find_seed(metadata["about"])))


def open_seed(name_or_path: str | os.PathLike = "kragh-holy-war", layers: Iterable[str] = ("article",),
              codings: pd.DataFrame | str | os.PathLike | None = None) -> Seed:
    """Open a seed and check every cell of it.

    Returns a ``Seed``. ``layers`` names what stands in the tables: ``"article"`` alone unless more is
    asked for; every row says in its column ``layer`` where it comes from. ``codings`` replaces cells: a
    DataFrame or CSV with the columns ``fact``, ``column``, ``value``. Raises ``SeedError`` with every
    finding (file, row, column, value, mend) if a table is not sound. It cannot tell whether a coding is
    true to the text: for that, read ``Seed.why``.

    >>> import axislib
    >>> seed = axislib.open_seed()
    >>> seed.transfers.query("giver == 'PRK'")["receiver"].unique().tolist()
    ['RUS']
    """
    folder = find_seed(name_or_path)
    layers = tuple([layers] if isinstance(layers, str) else layers)
    seed = _open_folder(folder)
    own = seed.metadata.get("layer", "article")
    unknown = [layer for layer in layers if layer != own and layer not in layers_about(folder)]
    if unknown or not layers:
        if not layers_about(folder):
            raise SeedError(f"No record has been gathered for this article: seed {folder.name} has no layer '{', '.join(unknown)}', only '{own}'")
        there = ", ".join([own, *layers_about(folder)])
        raise SeedError(f"layers: '{', '.join(unknown)}' is not a layer of {folder.name}; there are: {there}")
    for layer in layers:
        if layer != own:
            seed = _stack(seed, _open_folder(layers_about(folder)[layer]))
    if own not in layers:
        seed = replace(seed, tables={n: (t if n in ("sentences", "actors", "dimensions") else t[t["layer"] != own]) for n, t in seed.tables.items()})
    seed = replace(seed, layers=layers)
    if codings is not None:
        from .seminar.coding import apply_coding, read_coding

        seed = apply_coding(seed, codings if isinstance(codings, pd.DataFrame) else read_coding(codings))
    return seed


def _open_folder(folder: Path) -> Seed:
    metadata = read_metadata(folder)
    cells = read_seed_cells(folder)
    findings = check_tables(cells, metadata.get("voices"), known_beyond(folder, metadata))
    if findings:
        listed = "\n".join(f"  {finding}" for finding in findings[:20])
        more = f"\n  and {len(findings) - 20} more" if len(findings) > 20 else ""
        raise SeedError(f"seed '{folder.name}' has {len(findings)} thing{'s' if len(findings) > 1 else ''} to mend:\n{listed}{more}")
    layer = metadata.get("layer", "article")
    tables = {name: derive(type_cells(frame, name).assign(layer=layer), name) for name, frame in cells.items()}
    tables["events"] = _place_relative(tables["events"])
    return Seed(name=folder.name, folder=folder, metadata=metadata, tables=tables)


def layers_about(folder: Path) -> dict[str, Path]:
    """Other seeds that say in their metadata that they are about this one: layer -> folder."""
    found = {}
    for parent in (folder.parent, *seeds_folders()):
        for path in sorted(parent.glob("*/datapackage.json")):
            metadata = read_metadata(path.parent)
            if metadata.get("about") == folder.name and metadata.get("layer"):
                found.setdefault(metadata["layer"], path.parent)
    return found


def _stack(seed: Seed, other: Seed) -> Seed:
    tables = dict(seed.tables)
    for name, new in other.tables.items():
        if name in tables:  # an actor or a dimension may stand in both; the first one's row is kept
            key = load_schema()["tables"][name]["key"]
            new = pd.concat([tables[name], new[~new[key].isin(tables[name][key])]], ignore_index=True)
        tables[name] = new
    return replace(seed, tables=tables)


def derive(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Add ``earliest`` and ``latest`` (midnight, NaT where open or not stated) beside an EDTF ``date``."""
    if "date" not in frame:
        return frame
    return frame.assign(**{name: values.to_numpy() for name, values in bounds(frame["date"]).items()})


def _place_relative(events: pd.DataFrame) -> pd.DataFrame:
    """Undated events told by another event get that event's bound: before it, after it, or during it."""
    events = events.copy()
    place = events.set_index("id")[["earliest", "latest"]]
    relative = events["relative_to"].isin(place.index) & events["earliest"].isna() & events["latest"].isna()
    for row in events.index[relative]:
        base = place.loc[events.at[row, "relative_to"]]
        if events.at[row, "time_relation"] in ("after", "during"):
            events.at[row, "earliest"] = base["earliest"]
        if events.at[row, "time_relation"] in ("before", "during"):
            events.at[row, "latest"] = base["latest"]
    return events


@dataclass(frozen=True)
class Seed:
    """One document's tables and what belongs to them. Nothing here changes a seed: every verb returns a new one.

    ``tables`` maps names to DataFrames; each is an attribute too (``seed.events``). ``metadata`` is the
    seed's data package: sources, licences, who writes which section. ``selected`` names the tables of which a
    selection left rows out: what is not in these may yet be in the article.
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
        """All fact rows of all tables: ``id``, ``table``, ``anchors``, the assertion columns and ``layer``."""
        frames = [self.tables[name][["id", "anchors", *ASSERTION, "layer"]].assign(table=name) for name in fact_tables()]
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row for each row and sentence behind it: ``id``, ``table``, ``locator``."""
        frames = [long_form(frame, "anchors").assign(table=name) for name, frame in self.tables.items() if "anchors" in frame]
        return pd.concat(frames, ignore_index=True).rename(columns={"anchors": "locator"})[["id", "table", "locator"]]

    @cached_property
    def links(self) -> pd.DataFrame:
        """One row for each reference from a row to another: ``id``, ``table``, ``column``, ``target``."""
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
        """The reader's own copy of the text, if one is at hand (``seeds/*.txt`` or AXISLIB_TEXTS), else None."""
        from .text import find_text

        return find_text([self.folder, *seeds_folders()], self.sentences)

    @cached_property
    def touched(self) -> dict[str, set[str]]:
        """Fact id -> the actors it names, directly or through the facts it is about; its speaker is not among them."""
        known = set(self.actors["id"])
        direct: dict[str, set[str]] = {}
        through: dict[str, set[str]] = {}
        for name in fact_tables():
            for column in fields_of(name):
                if column["name"] == "speaker" or (column.get("references") not in ("actors", "actors_or_facts") and not column.get("pairs_of")):
                    continue
                for row_id, value in long_form(self.tables[name], column["name"]).itertuples(index=False):
                    for part in value.split("-") if column.get("pairs_of") else [value]:
                        if part not in missing_words():
                            (direct if part in known else through).setdefault(row_id, set()).add(part)
        for row_id, facts in through.items():
            direct.setdefault(row_id, set()).update(*(direct.get(fact, set()) for fact in facts))
        return direct

    @cached_property
    def _places(self) -> dict[str, tuple[str, int]]:
        """Id -> its table and position there."""
        keys = {name: load_schema()["tables"][name]["key"] for name in self.tables}
        return {row_id: (name, at) for name, frame in self.tables.items() for at, row_id in enumerate(frame[keys[name]])}

    def row(self, row_id: str) -> dict:
        """One row of any table as a dict, with ``table``; SeedError for an id that is not there."""
        if row_id in self._places:
            table, position = self._places[row_id]
            return {"table": table, **self.tables[table].iloc[position].to_dict()}
        raise SeedError(f"'{row_id}' is not an id of seed {self.name}; list them with seed.facts['id']")

    def why(self, fact_id: str) -> pd.DataFrame:
        """The sentences behind a row: one row a sentence.

        Columns: ``id``, ``locator``, ``section``, ``sentence`` (the words of the reader's own copy; empty
        where the text is not at hand; for a row of the record its source), then ``statement``, ``speaker``, ``modality`` and ``basis``. It
        cannot tell whether the sentence bears the statement out: that is for the reader. Printed, no cell is cut.

        >>> import axislib
        >>> axislib.open_seed().why("tr_rus_satellite_data")["locator"].tolist()
        ['P14.S3']
        """
        row = self.row(fact_id)
        locators = split_cell(row.get("anchors", ""))
        section = self.sentences.set_index("locator")["section"]
        # a row of the record answers with its source instead of a sentence
        sources = self._cited()
        frame = pd.DataFrame({"id": fact_id, "locator": locators,
                              "section": [section.get(p, "source" if p in sources else "") for p in locators],
                              "sentence": [sources[p] if p in sources else self.sentence(p) for p in locators]})
        return Answer(frame.assign(**{name: row.get(name, "") for name in ("statement", "speaker", "modality", "basis")}))

    def _cited(self) -> dict[str, str]:
        rows = self.tables["sources"].to_dict("records") if "sources" in self.tables else []
        return {row["id"]: ", ".join(filter(None, (row["title"], row["publisher"], row["date"], row["url"]))) for row in rows}

    def sentence(self, locator: str) -> str:
        """A sentence in the words of the reader's own copy; empty where it is not at hand."""
        return self.text.sentence(locator) if self.text is not None else ""

    def coverage(self) -> pd.DataFrame:
        """One row a sentence: ``locator``, ``section``, ``facts`` (how many), ``ids``, ``no_fact_reason``, ``explained``."""
        of_facts = self.evidence[self.evidence["table"].isin(fact_tables())]
        ids = of_facts.groupby("locator")["id"].agg(";".join)
        frame = self.sentences[["locator", "section", "no_fact_reason"]].copy()
        frame.insert(2, "facts", frame["locator"].map(of_facts.groupby("locator").size()).fillna(0).astype(int))
        frame.insert(3, "ids", frame["locator"].map(ids).fillna(""))
        return frame.assign(explained=(frame["facts"] > 0) | ~frame["no_fact_reason"].isin(missing_words()))

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
        table, known = row["table"], known_ids(self.tables)
        frame = self.tables[table].copy()
        key = load_schema()["tables"][table]["key"]
        for column, value in changes.items():
            column_field = next((f for f in fields_of(table) if f["name"] == column and column != key), None)
            if column_field is None:
                raise SeedError(f"recode: '{column}' is not a column of {table} that may change; there are: "
                                + ", ".join(f["name"] for f in fields_of(table) if f["name"] != key))
            findings = check_field(["" if value is None else str(value)], table, column_field, known)
            if findings:
                raise SeedError(f"recode {fact_id}: {column} '{value}' {findings[0].problem}; {findings[0].mend}")
            cell = type_cells(pd.DataFrame({column: ["" if value is None else str(value)]}), table)[column].iloc[0] if column_field["type"] != "string" else str(value)
            frame.loc[frame[key] == fact_id, column] = cell
        if "date" in frame:
            frame = derive(frame, table)
        return replace(self, tables={**self.tables, table: _place_relative(frame) if table == "events" else frame})

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
                raise SeedError(f"'{reading_id}' is not a reading; there are: {', '.join(self.readings['id'])}")
            seed = seed.recode(reading["fact"], **{reading["column"]: reading["alternative"]})
        return seed
