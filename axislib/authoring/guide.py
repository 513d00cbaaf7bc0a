"""What a seed still lacks, in the order in which to do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from axislib.authoring.split import NOT_YET
from axislib.check.rules import beside_facts
from axislib.tables.schema import fact_tables, split_cell


@dataclass(frozen=True)
class Step:
    """One step of making a seed: whether it is ``done``, whether the seed can do without
    (``optional``), what to do next."""

    name: str
    done: bool
    optional: bool
    todo: str

    def __str__(self) -> str:
        return f"{'[x]' if self.done else '[ ]'} {self.name}" + (
            "" if self.done else f"{' (if you want it)' if self.optional else ''}: {self.todo}"
        )


def steps(tables: Mapping[str, pd.DataFrame], metadata: Mapping) -> list[Step]:
    """All steps in order, for a data set's text cells; what comes first makes the next possible.

    It cannot tell whether the coding is good, only whether it is there.
    """
    return [*_needed(tables, metadata), *_optional(tables)]


def _needed(tables: Mapping[str, pd.DataFrame], metadata: Mapping) -> list[Step]:
    sentences, events = tables["sentences"], tables["events"]
    left = list(sentences.loc[sentences["no_fact_reason"] == NOT_YET, "locator"])
    first = left[0] if left else ""
    others = f"; {len(left)} are left" if len(left) > 1 else ""
    dated = ~events["date"].isin(["", "not_stated"])
    return [
        Step(
            "the source",
            _is_named((metadata.get("sources") or [{}])[0]),
            False,
            "write title and author into sources in datapackage.json, or make the seed again with"
            " --author and --title",
        ),
        Step(
            "the split",
            bool(sentences["section"].eq("body").any()),
            False,
            "no sentence is in the section body; correct the split file and give it with --split",
        ),
        Step(
            "who speaks and acts",
            len(tables["actors"]) > 2,
            False,
            "add everybody who speaks or acts to the tab actors",
        ),
        Step(
            f"every sentence ({len(sentences) - len(left)} of {len(sentences)} coded)",
            not left,
            False,
            f"code {first}{beside_facts(tables, first)}, or say in its no_fact_reason why there is"
            f" nothing to code{others}",
        ),
        Step(
            f"a timeline ({int(dated.sum())} of {len(events)} events dated)",
            bool(len(events)),
            False,
            "add what happened to the tab events, with a date or not_stated",
        ),
    ]


def _is_named(source: Mapping) -> bool:
    return bool(source.get("title")) and source.get("author") not in (None, "", "not stated")


def _optional(tables: Mapping[str, pd.DataFrame]) -> list[Step]:
    sides = {side for cell in tables["cooperation"]["coalition"] for side in split_cell(cell)}
    speakers = {speaker for name in fact_tables() for speaker in tables[name]["speaker"]}
    thesis = tables["claims"]["role"].eq("thesis").any()

    def there(*names: str) -> bool:
        return all(len(tables[name]) for name in names)

    todo = {
        "the argument": (
            thesis and there("arguments"),
            "code claims with their roles (one is the thesis), then the links between them in"
            " arguments",
        ),
        "the comparison": (
            there("dimensions") and len(sides) > 1,
            "add two coalitions to actors, what they are compared on to dimensions, and instances"
            " for and against to cooperation",
        ),
        "what is open": (
            there("silences", "readings"),
            "add what a reader would ask and is not told (silences), and what could be coded"
            " in another way (readings)",
        ),
        "competing readings": (
            there("hypotheses", "consistency"),
            "add hypotheses, and how each fact bears on them, to consistency",
        ),
        "voices": (
            len(speakers) != 1,
            "everything is said by one speaker: is nobody quoted or reported, and did the editors"
            " write nothing?",
        ),
    }
    return [Step(name, bool(done), True, words) for name, (done, words) in todo.items()]


def guide(tables: Mapping[str, pd.DataFrame], metadata: Mapping) -> list[str]:
    """What is missing, a line a step, in order; the first is what to do next. Empty where nothing
    is."""
    missing = [one for one in steps(tables, metadata) if not one.done]
    return [f"{'Next' if n == 0 else 'Then'}: {str(one)[4:]}" for n, one in enumerate(missing)]
