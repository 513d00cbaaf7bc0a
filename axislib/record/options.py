"""What the checks read: the seed with its record, the derived data tables, and the choices in
force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.record.cutoff import home
from axislib.seed.seed import Seed
from axislib.tables.dates import DateError, parse

SERIES = ("all_votes", "foreign_policy_votes", "legacy")
VINTAGES = ("2025-07", "2024-06")
ABSENCE = ("left_out", "as_abstention")
DENOMINATORS = (
    "nominal_one_year",
    "nominal_period",
    "purchasing_power_one_year",
    "purchasing_power_period",
)
FOUR = ("modern_alignment", "historic_axis", "wwii_allies")


@dataclass(frozen=True)
class Options:
    """The choices that can move a result.

    ``series`` and ``vintage``: which estimate of ideal points in the General Assembly (June 2024
    has only all_votes). ``absence``: votes that one missed are left out or count as abstentions.
    ``period``: the years counted, as an EDTF interval. ``denominator``: the GDP below the line,
    nominal or at purchasing power, of one year or of the years of the support. Raises SeedError for
    a word that is not one of these.
    """

    series: str = "all_votes"
    vintage: str = "2025-07"
    absence: str = "left_out"
    period: str = "2022/2024"
    denominator: str = "nominal_one_year"

    def __post_init__(self):
        for name, words in (
            ("series", SERIES),
            ("vintage", VINTAGES),
            ("absence", ABSENCE),
            ("denominator", DENOMINATORS),
        ):
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
        return span.earliest.year, span.latest.year


@dataclass(frozen=True)
class Record:
    """A seed opened with its record, the choices in force, and the derived tables (``tables`` puts
    others in their place).

    Raises SeedError if the seed was opened without the layer context.

    >>> import axislib
    >>> float(Record(axislib.open_seed(layers=["article", "context"])).measure("leader_meetings", "historic_axis")["value"].max())
    17.0
    """

    seed: Seed
    options: Options = field(default_factory=Options)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    def __post_init__(self):
        if "bearings" not in self.seed.tables:
            raise SeedError(
                "the record was not asked for; open the seed with layers=['article', 'context']"
            )

    def table(self, name: str) -> pd.DataFrame:
        """A derived table of ``seeds/context/measured``; empty if it is not there. ``fields.csv``
        beside it explains the columns.
        """
        if name in self.tables:
            return self.tables[name]
        folder = home(self.seed)
        path = folder / "measured" / f"{name}.csv" if folder else None
        if path is None or not path.exists():
            return pd.DataFrame()
        return _read(path, path.stat().st_mtime_ns)

    def within(self, name: str) -> pd.DataFrame:
        """The rows of a derived table whose ``year`` lies in the period and whose ``absence`` is
        the one in force."""
        frame = self.table(name)
        first, last = self.options.years
        if "year" in frame:
            frame = frame[frame["year"].between(first, last)]
        return frame[frame["absence"] == self.options.absence] if "absence" in frame else frame

    def pairs(self, group: str) -> list[tuple[str, str]]:
        """The pairs of a group in ``measured/pairs.csv``: modern_alignment, historic_axis,
        wwii_allies, partners, opponents, ...
        """
        frame = self.table("pairs")
        return (
            [
                (r["left"], r["right"])
                for r in frame.to_dict("records")
                if group in r["group"].split(";")
            ]
            if len(frame)
            else []
        )

    def measure(
        self, name: str, coalition: str | None = None, unit: str | None = None
    ) -> pd.DataFrame:
        """The rows of the table ``measures`` for one yardstick, of one coalition and unit if named."""
        rows = self.seed.tables["measures"]
        rows = rows[rows["measure"] == name]
        rows = rows if coalition is None else rows[rows["coalition"] == coalition]
        return rows if unit is None else rows[rows["unit"] == unit]

    def source(self, name: str) -> str:
        """The id of the data set behind a derived table, as every row of it says."""
        frame = self.table(name)
        return ";".join(dict.fromkeys(frame["source"])) if len(frame) else ""

    def called(self, actor: str) -> str:
        """An actor's name; its id where the seed has no such actor."""
        return self._names.get(actor, actor.replace("_", " "))

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(
            zip(self.seed.tables["actors"]["id"], self.seed.tables["actors"]["name"], strict=True)
        )


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> pd.DataFrame:
    return pd.read_csv(path)
