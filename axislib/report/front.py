"""What the first page shows of an article: one picture and a few numbers, each counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from axislib import words as wording
from axislib.figures.comparison import BANDS, favours, heading, prepare
from axislib.figures.comparison import words as words_of
from axislib.figures.palette import CERTAINTY, LEVEL
from axislib.notebook.display import TABLE
from axislib.questions.levels import both_sides, nothing_compared, thesis
from axislib.seed.seed import Seed
from axislib.tables.schema import records
from axislib.words import events_dated, exchanges_with_number, in_text, names, range_in_words

NAMED = 5  # so many deciding dimensions are framed in the picture
_DATED = {
    "stated": "Dated",
    "relative": "Placed only in relation to another event",
    "undated": "Not dated",
}
SIGNS = {level: look.sign for level, look in LEVEL.items()} | dict.fromkeys(_DATED, "")
WORDS = {level: look.word for level, look in LEVEL.items()} | _DATED
PRESUMED = "{} ({})".format(*CERTAINTY["presumed"].word.split(": "))
_VERDICTS = {"contradicted": "contradicted", "undecided": "undecided", "cannot": "untestable"}
VERDICTS = "verdicts"  # the place of the table of verdicts, among the names of charts
_COLUMNS = {"claim", "statement", "verdict", "robustness"}  # columns of the table of verdicts


@dataclass(frozen=True)
class Column:
    """One dimension or event: its name, each row's level and certainty, whom it favours."""

    name: str
    levels: tuple[str, ...]
    favours: str = ""
    certain: tuple[str, ...] = ("", "")


@dataclass(frozen=True)
class Band:
    """Columns that belong together; ``kind``: of BANDS, if they are of a comparison."""

    heading: str
    columns: list[Column]
    kind: str = ""


@dataclass(frozen=True)
class Picture:
    """Squares in bands. ``figure``: the name of the chart that shows more; ``rows``: whose squares
    they are; ``description``: the picture in words, a line a dimension or a band; ``notes``:
    sentences below it; ``sides``: who belongs to each."""

    figure: str
    alt: str
    rows: list[str]
    bands: list[Band]
    description: Sequence[str]
    notes: tuple[str, ...] = ()
    sides: str = ""


@dataclass(frozen=True)
class Number:
    """``part`` of ``whole``, what that is, the chart that shows it, and where its rows are."""

    part: int
    whole: int
    words: str
    figure: str
    rows: str


def own_layer(seed: Seed) -> Seed:
    """The article alone: the seed without the rows of other layers."""
    own = seed.metadata.get("layer", "article")
    tables = {n: t[t["layer"] == own].reset_index(drop=True) for n, t in seed.tables.items()}
    return replace(seed, tables=tables, layers=(own,))


def picture(seed: Seed) -> Picture | None:
    """The comparison as squares, or the events by how they are dated; None for neither."""
    if not nothing_compared(seed):
        return _compared(seed)
    return _events(seed) if len(seed.events) else None


def _compared(seed: Seed) -> Picture:
    sides = both_sides(seed)
    rows = prepare(seed, coalitions=sides)
    words = words_of(seed, rows)
    called = list(dict.fromkeys(row["coalition"] for row in rows))
    bands = [Band(heading(rows, b), own, b) for b in BANDS if (own := _columns(rows, b))]
    terms = seed.metadata.get("remarks", {}).get("index", {}).get("terms", "")
    said = (words.description, (range_in_words(seed), wording.curly(terms)), _members(seed, sides))
    return Picture("comparison", words.title, called, bands, *said)


def _columns(rows: Sequence[Mapping], band: str) -> list[Column]:
    cells, both = [row for row in rows if row["band"] == band], band == "both"
    found = []
    for pair in zip(cells[::2], cells[1::2], strict=True):
        only = next((cell["alone"].partition(";")[0] + ")" for cell in pair if cell["alone"]), "")
        levels, certain = (tuple(cell[of] for cell in pair) for of in ("level", "certainty"))
        side = "".join(favours(rows, pair[0])) * both
        found.append(Column(pair[0]["name"] + only, levels, side, certain))
    order = list(LEVEL)  # what is alike side by side, so that its names can be listed together
    return sorted(found, key=lambda one: not both and min(map(order.index, one.levels)))


def _members(seed: Seed, sides: Sequence[str]) -> str:
    """Who belongs to each side, in words; empty where no member is named."""
    called, found = names(seed), []
    stated = seed.memberships[seed.memberships["polarity"] == "affirmed"]
    for side in sides:
        many = called[side].endswith(("s", "four")) and not called[side].endswith("is")
        one = "was" if side.startswith("historic") else "is"
        be = "are" if many else one
        actors = stated.loc[stated["coalition"] == side, "actor"].unique()
        if len(actors):
            who = wording.listed([wording.with_the(called[actor]) for actor in actors])
            found.append(f"{called[side] if not found else in_text(called[side])} {be} {who}")
    return f"{'; '.join(found)}." if found else ""


def _events(seed: Seed) -> Picture:
    bands = []
    for basis, label in _DATED.items():
        own = records(seed.events[seed.events["date_basis"] == basis])
        columns = [Column(row["title"], (basis,)) for row in own]
        bands += [Band(f"{label} ({len(own)})", columns)] * bool(own)
    description = [f"{band.heading}: {'; '.join(c.name for c in band.columns)}." for band in bands]
    return Picture("timeline", "Events by how they are dated", ["Events"], bands, description)


def numbers(seed: Seed, verdicts: Sequence[str] = ()) -> list[Number]:
    """The numbers of the first page, if they count anything. ``verdicts``: see ``verdicts_of``."""
    found = [
        Number(*events_dated(seed), "events dated", "timeline", "events"),
        Number(*exchanges_with_number(seed), "flows with a number", "exchanges", "transfers"),
    ]
    if not nothing_compared(seed):
        known, every = (int(thesis(seed)[number]) for number in ("both_known", "dimensions"))
        comparable = "forms of cooperation comparable"
        found.append(Number(known, every, comparable, "comparison", "cooperation"))
    supported = sum(verdict.startswith("supported") for verdict in verdicts)
    found.append(Number(supported, len(verdicts), _claims(verdicts), VERDICTS, "claims"))
    return [number for number in found if number.whole]


def _claims(verdicts: Sequence[str]) -> str:
    """That the claims counted are supported, then how many claims have each other verdict."""
    count = {word: sum(v.startswith(kind) for v in verdicts) for kind, word in _VERDICTS.items()}
    told = [f"{number} {word}" for word, number in count.items() if number]
    against = f" and {told.pop(0)}" if count["contradicted"] else ""
    return "; ".join([f"claims supported{against} by other sources, at least on balance", *told])


def verdicts_of(notebook: Mapping) -> list[str]:
    """The verdict on each claim as an executed notebook shows them; empty where it shows none.

    They come from the page itself: a choice made for its run may change them."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            table = output.get("data", {}).get(TABLE, {})
            if set(table.get("columns", [])) >= _COLUMNS:
                place = table["columns"].index("verdict")
                return [row[place] for row in table["rows"]]
    return []
