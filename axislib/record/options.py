"""What the checks read: the seed with its record, the derived data tables, the choices in force,
and the days in which the article can have been written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import get_args

import pandas as pd

from axislib.errors import SeedError
from axislib.notebook import parameters
from axislib.seed.opening import layers_about, read_metadata
from axislib.seed.seed import Seed
from axislib.tables.dates import DateError, bounds, parse
from axislib.words import date_in_words

_HOMES: dict[Path, Path] = {}
WORDS_OF = {
    name: get_args(parameters.Record.model_fields[name].annotation)
    for name in ("series", "vintage", "absence", "denominator")
}
# on the record before the earliest day on which the article can have been written; in the span in
# which it must have been; later than the latest such day; without a date of its own
WHEN = ("before", "within", "after", "undated")
LATER = ("within", "after")  # what is, or may be, later than the article


def cutoff(seed: Seed) -> tuple[pd.Timestamp, pd.Timestamp, list[dict]]:
    """The earliest and the latest day on which the article can have been written, and the reasons.

    They come from the text's own clues, as the metadata of the layer ``context`` put them down:
    each reason has ``bound``, ``date``, ``anchor`` (the sentence) and ``reason``. Raises SeedError
    where there is no such layer. They cannot tell how long before its publication the text was
    finished.

    >>> import axislib
    >>> [day.year for day in cutoff(axislib.open_seed(layers=["article", "context"]))[:2]]
    [2024, 2025]
    """
    folder = home(seed)
    range_ = _range(folder, (folder / "datapackage.json").stat().st_mtime_ns) if folder else None
    if not range_:
        raise SeedError(f"{seed.name}: no external record with a cut-off range is about it")
    return pd.Timestamp(range_["earliest"]), pd.Timestamp(range_["latest"]), range_["why"]


def reasons(seed: Seed) -> pd.DataFrame:
    """Why the article is of these days: ``bound``, ``date``, ``anchor``, ``reason``."""
    return pd.DataFrame(cutoff(seed)[2], columns=["bound", "date", "anchor", "reason"])


def home(seed: Seed) -> Path | None:
    """The folder of the layer ``context`` about a seed; None if there is none."""
    if seed.folder not in _HOMES and (found := layers_about(seed.folder).get("context")):
        _HOMES[seed.folder] = found  # found once: every datapackage.json around is read for it
    return _HOMES.get(seed.folder)


@lru_cache(maxsize=16)
def _range(folder: Path, changed: int) -> dict | None:
    return read_metadata(folder).get("cutoff")


def placed(seed: Seed, dates: Iterable[str]) -> list[str]:
    """For each EDTF date one word of WHEN, by the day on which it began.

    An open beginning counts as before: what had never been until then had not been earlier either.

    >>> import axislib
    >>> both = axislib.open_seed(layers=["article", "context"])
    >>> placed(both, ["2024-06", "2024-11", "2025-06-13/2025-06-24", ""])
    ['before', 'within', 'after', 'undated']
    """
    first, last, _ = cutoff(seed)
    begins = [str(date).partition("/")[0] for date in dates]
    spans = bounds(["" if begin == ".." else begin for begin in begins])
    words = []
    for begin, low, high in zip(begins, spans["earliest"], spans["latest"], strict=True):
        if begin == ".." or high < first:
            words.append("before")
        elif pd.isna(low) or pd.isna(high):
            words.append("undated")
        else:
            words.append("after" if low > last else "within")
    return words


@dataclass(frozen=True)
class Options:
    """The choices that can move a result.

    ``series`` and ``vintage``: which estimate of ideal points in the General Assembly (June 2024
    has only all_votes). ``absence``: votes that one missed are left out, count as abstentions, or
    are a fourth vote that two may share.
    ``period``: the years counted, as an EDTF interval. ``denominator``: the GDP below the line,
    nominal or at purchasing power, of one year or of the years of the support. Raises SeedError for
    a word that is not one of these."""

    series: str = "all_votes"
    vintage: str = "2025-07"
    absence: str = "left_out"
    period: str = "2022/2024"
    denominator: str = "nominal_one_year"

    def __post_init__(self):
        for name, words in WORDS_OF.items():
            if getattr(self, name) not in words:
                raise SeedError(
                    f"{name}: '{getattr(self, name)}' is not known; use one of: {', '.join(words)}"
                )
        if self.vintage == "2024-06" and self.series != "all_votes":
            raise SeedError(
                f"series: '{self.series}' was not yet estimated in June 2024; use all_votes, or the"
                " vintage 2025-07"
            )
        try:
            span = parse(self.period)
        except DateError as error:
            raise SeedError(f"period: {error}") from None
        if span.earliest is None or span.latest is None:
            raise SeedError(f"period: '{self.period}' is open; name both ends, such as 2022/2024")

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of the period."""
        span = parse(self.period)
        assert span.earliest and span.latest  # an open period was refused
        return span.earliest.year, span.latest.year

    @property
    def span(self) -> str:
        """Which GDP is below the line: ``one_year``, or ``period`` for that of all years."""
        return "period" if self.denominator.endswith("period") else "one_year"

    def in_words(self) -> dict[str, str]:
        """Each choice as words for a title."""
        words = {name: value.replace("_", " ") for name, value in asdict(self).items()}
        nominal = self.denominator.startswith("nominal")
        gdp = "nominal GDP" if nominal else "GDP at purchasing-power parity"
        years = {"one_year": "in one year", "period": "over the whole period"}[self.span]
        dates = {name: date_in_words(words[name]) for name in ("vintage", "period")}
        return {**words, **dates, "denominator": f"{gdp} {years}", "span": years}


@dataclass(frozen=True)
class Record:
    """A seed opened with its record, the choices in force, and the derived tables (``tables`` puts
    others in their place).

    Raises SeedError if the seed was opened without the layer context.

    >>> import axislib
    >>> record = Record(axislib.open_seed(layers=["article", "context"]))
    >>> float(record.measure("leader_meetings", coalition="historic_axis")["value"].max())
    17.0
    """

    seed: Seed
    options: Options = field(default_factory=Options)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    read: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self):
        if "bearings" not in self.seed.tables:
            raise SeedError(
                "the record was not asked for; open the seed with layers=['article', 'context']"
            )

    def changed(
        self, options: Options | None = None, bearings: pd.DataFrame | None = None
    ) -> Record:
        """The record with other choices or judgements, which shares the indicators once ``read``:
        none depends on a judgement, and each is kept under the choices it reads."""
        seed = self.seed
        if bearings is not None:
            seed = replace(seed, tables={**seed.tables, "bearings": bearings})
        other = replace(self, seed=seed, options=options or self.options)
        object.__setattr__(other, "read", self.read)
        return other

    def table(self, name: str, **cells: object) -> pd.DataFrame:
        """A derived table of ``seeds/context/measured``, or its rows with these cells (see
        ``where``); empty if it is not there. ``fields.csv`` beside it explains the columns."""
        if name in self.tables:
            return where(self.tables[name], **cells)
        folder = home(self.seed)
        path = folder / "measured" / f"{name}.csv" if folder else None
        if path is None or not path.exists():
            return pd.DataFrame()
        return where(_read(path, path.stat().st_mtime_ns), **cells)

    def within(self, name: str, **cells: object) -> pd.DataFrame:
        """The rows of a derived table in the period and with the treatment of absence in force."""
        frame = self.table(name, **cells)
        if "year" in frame:
            frame = frame[frame["year"].between(*self.options.years)]
        return where(frame, absence=self.options.absence) if "absence" in frame else frame

    def pairs(self, group: str) -> list[tuple[str, str]]:
        """The pairs of a group in ``measured/pairs.csv``, such as modern_alignment or partners."""
        rows = self.table("pairs").to_dict("records")
        return [(row["left"], row["right"]) for row in rows if group in row["group"].split(";")]

    def measure(self, name: str, **cells: object) -> pd.DataFrame:
        """The rows of the table ``measures`` for one measure, of one ``coalition`` or ``unit``."""
        return where(self.seed.tables["measures"], measure=name, **cells)

    def source(self, name: str) -> str:
        """The id of the data set behind a derived table, as every row of it says."""
        frame = self.table(name)
        return ";".join(frame["source"].unique()) if len(frame) else ""

    def called(self, actor: str) -> str:
        """An actor's name; its id where the seed has no such actor."""
        return self._names.get(actor, actor.replace("_", " "))

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(self.seed.tables["actors"][["id", "name"]].to_numpy())


def where(frame: pd.DataFrame, **cells: object) -> pd.DataFrame:
    """The rows whose columns have these values, or one of several; an empty table stays empty.

    >>> where(pd.DataFrame({"a": [1, 2, 3]}), a=[1, 3])["a"].tolist()
    [1, 3]
    """
    for column, value in cells.items():
        if len(frame):
            wanted = value if isinstance(value, list | tuple) else [value]
            frame = frame[frame[column].isin(wanted)]
    return frame


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> pd.DataFrame:
    return pd.read_csv(path)
