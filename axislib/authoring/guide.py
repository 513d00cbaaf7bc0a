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
    """All steps in order, for a seed's text cells; what comes first makes the next possible.

    It cannot tell whether the coding is good, only whether it is there.
    """
    sentences, events = tables["sentences"], tables["events"]
    source = (metadata.get("sources") or [{}])[0]
    open_ones = list(sentences.loc[sentences["no_fact_reason"] == NOT_YET, "locator"])
    first = open_ones[0] if open_ones else ""
    facts = sum(len(tables[name]) for name in fact_tables())
    spoken = {one for name in fact_tables() for one in tables[name]["speaker"]}
    dated = ~events["date"].isin(["", "not_stated"])
    theses = tables["claims"]["role"].eq("thesis").any()
    sides = {one for cell in tables["cooperation"]["coalition"] for one in split_cell(cell)}

    def step(name: str, done: bool, todo: str, optional: bool = False) -> Step:
        return Step(name, bool(done), optional, todo)

    return [
        step(
            "the source",
            source.get("title") and source.get("author", "not stated") not in ("", "not stated"),
            "write title and author into sources in datapackage.json, or make the seed again with"
            " --author and --title",
        ),
        step(
            "the split",
            len(sentences) and sentences["section"].eq("body").any(),
            "no sentence is in the section body; correct the split file and give it with --split",
        ),
        step(
            "who speaks and acts",
            len(tables["actors"]) > 2,
            "add everybody who speaks or acts to the tab actors",
        ),
        step(
            f"every sentence ({len(sentences) - len(open_ones)} of {len(sentences)} coded)",
            not open_ones,
            f"code {first}{beside_facts(tables, first)}, or say in its no_fact_reason why there is"
            " nothing to code" + (f"; {len(open_ones)} are left" if len(open_ones) > 1 else ""),
        ),
        step(
            f"a timeline ({int(dated.sum())} of {len(events)} events dated)",
            len(events),
            "add what happened to the tab events, with a date or not_stated",
        ),
        step(
            "the argument",
            theses and len(tables["arguments"]),
            "code claims with their roles (one is the thesis), then the links between them in"
            " arguments",
            optional=True,
        ),
        step(
            "the comparison",
            len(tables["dimensions"]) and len(sides) > 1,
            "add two coalitions to actors, what they are compared on to dimensions, and instances"
            " for and against to cooperation",
            optional=True,
        ),
        step(
            "what is open",
            len(tables["silences"]) and len(tables["readings"]),
            "add what a reader would ask and is not told (silences), and what could be coded"
            " otherwise (readings)",
            optional=True,
        ),
        step(
            "competing readings",
            len(tables["hypotheses"]) and len(tables["consistency"]),
            "add hypotheses, and how each fact bears on them, to consistency",
            optional=True,
        ),
        step(
            "voices",
            not facts or len(spoken) > 1,
            "everything is said by one speaker: is nobody quoted or reported, and did the editors"
            " write nothing?",
            optional=True,
        ),
    ]


def guide(tables: Mapping[str, pd.DataFrame], metadata: Mapping) -> list[str]:
    """What is missing, a line a step, in order; the first is what to do next. Empty where nothing
    is."""
    missing = [one for one in steps(tables, metadata) if not one.done]
    return [f"{'Next' if n == 0 else 'Then'}: {str(one)[4:]}" for n, one in enumerate(missing)]
