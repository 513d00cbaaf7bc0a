"""Alternative codings as switches: tick one, and see what it does to the comparison."""

from __future__ import annotations

import ipywidgets as widgets

from axislib.explorer import parts
from axislib.explorer.evidence import Evidence, choice
from axislib.figures import comparison
from axislib.figures.palette import LEVEL
from axislib.notebook.display import say
from axislib.questions.levels import TWO_NEEDED, both_sides, levels, nothing_compared
from axislib.seed.seed import Seed
from axislib.words import counted, names, thesis_in_words


def reading_switches(
    seed: Seed, left: str | None = None, right: str | None = None
) -> Switches | None:
    """A switch for each alternative coding that changes a level of two coalitions, above the
    comparison they redraw.

    Parameters
    ----------
    seed
        One article's data set.
    left, right
        Coalitions by id, name or alias; those of ``compared_sides`` if left out.

    Returns
    -------
    A widget for a cell of JupyterLab; None, said in words, where nothing is compared. Codings that
    change nothing here, taken alone, are listed below it. It shows what would follow from a coding,
    never which is right.

    >>> import axislib
    >>> switches = axislib.reading_switches(axislib.open_seed())
    >>> switches.sentence.startswith("The article covers")
    True
    """
    if nothing_compared(seed, left, right):
        return say(f"Nothing is compared here yet. {TWO_NEEDED}")
    return Switches(seed, *both_sides(seed, left, right))


def effects(seed: Seed, left: str, right: str) -> dict[str, list[tuple[str, str, str, str]]]:
    """Reading -> levels it changes if taken alone: dimension, coalition, word before and after."""
    before = _told(seed, left, right)
    bearing = set(seed.cooperation["id"])  # levels come from this table alone
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for reading, fact in zip(seed.readings["id"], seed.readings["fact"], strict=True):
        after = _told(seed.read_as(reading), left, right) if fact in bearing else before
        found[reading] = [
            (*place, before[place][1], after[place][1])
            for place in before
            if before[place][0] != after[place][0]
        ]
    return found


def _told(seed: Seed, left: str, right: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Dimension and coalition -> the level, and the word for it in the chart."""
    told = {}
    for row in levels(seed, [left, right]).to_dict("records"):
        open_ = row["level"] == "not_stated" and row["open_facts"]
        word = "left open" if open_ else LEVEL[row["level"]].word
        told[row["dimension"], row["coalition"]] = row["level"], word
    return told


class Switches(parts.Whole):
    """What ``reading_switches`` returns; ``ticked``, ``figure`` and ``sentence`` are for Python."""

    def __init__(self, seed: Seed, left: str, right: str):
        self._seed, self._left, self._right = seed, left, right
        changes = effects(seed, left, right)
        self.form = parts.Form(
            label="Alternative codings", fields=[_field(seed, changes)], values={"readings": []}
        )
        self.caption, self.said = parts.Caption(), parts.Said()
        idle = [
            f"{row['why']} ({row['fact']}: {row['column'].replace('_', ' ')})"
            for row in seed.readings.to_dict("records")
            if not changes[row["id"]]
        ]
        self.others = parts.Said(
            title=f"{counted(len(idle), 'alternative coding')} without effect here, taken alone",
            items=idle,
        )
        bare, words = parts.captioned(comparison(seed, left, right))
        self._reader = parts.Reader(Evidence(seed), self._guarded)
        self.figure = parts.widget_of(bare, self._reader.open)
        main = parts.framed(self.caption, widgets.VBox([self.figure]), self._reader.panel)
        super().__init__([self.form, self.said, main, self.others])
        self.add_class("axl-explorer")
        self._say(seed, words)
        self.form.observe(lambda change: self._redraw(), "values")

    @property
    def ticked(self) -> list[str]:
        """The readings in force, in the order of the table."""
        return [r for r in self._seed.readings["id"] if r in self.form.values["readings"]]

    @property
    def sentence(self) -> str:
        """The thesis as stated, counted under the readings in force."""
        return self.said.words.replace("**", "")

    def _redraw(self) -> None:
        self.form.problem = self._twice()
        self._guarded(self._draw)

    def _draw(self) -> None:
        seed = self._seed.read_as(*self.ticked)
        bare, words = parts.captioned(comparison(seed, self._left, self._right))
        parts.redraw(self.figure, bare, self._reader.open)
        self._reader.evidence = Evidence(seed)
        self._say(seed, words)

    def _say(self, seed: Seed, words: dict) -> None:
        self.caption.put(**{**words, "title": ""})  # the sentence above says it
        self.said.words = thesis_in_words(seed, self._left, self._right)
        self.instead = (
            "The switches for alternative codings need JupyterLab: axislib lab. " + self.sentence
        )

    def _twice(self) -> str:
        """Two readings of one cell cannot both hold: which one does."""
        ticked = self._seed.readings[self._seed.readings["id"].isin(self.ticked)]
        groups = [list(rows["why"]) for _, rows in ticked.groupby(["fact", "column"], sort=False)]
        return "\n".join(
            f"{len(whys)} of these code the same thing differently; the last one holds: {whys[-1]}"
            for whys in groups
            if len(whys) > 1
        )


def _field(seed: Seed, changes: dict[str, list[tuple[str, str, str, str]]]) -> dict:
    """The switches: a tick for each reading that changes a level."""
    called, choices = names(seed), []
    for row in seed.readings.to_dict("records"):
        told = [
            f"{called[dimension]}, {called.get(side, side)}: {before} \u2192 {after}"
            for dimension, side, before, after in changes[row["id"]]
        ]
        tip = {"tip": f"What would settle it: {row['what_would_settle']}"}
        if told:
            choices.append(choice(row["id"], row["why"], "; ".join(told)) | tip)
    none = "No alternative coding changes a level of these two coalitions"
    legend = "Code it so, and see what follows" if choices else none
    return {"name": "readings", "kind": "checks", "label": legend, "choices": choices}
