"""The pages of the site: one a notebook, and those made from the tables; every page from a
template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from axislib.report.cells import CellWriter, Rendered
from axislib.report.facts import Knowledge
from axislib.report.links import Linker
from axislib.report.marks import script_json
from axislib.tables.schema import (
    GROUPS,
    fields_of,
    load_schema,
    missing_words,
    split_cell,
    vocabulary,
)

_EVERY = (("tables", "Tables"), ("reading", "Text"), ("codebook", "Codebook"))
_FIRST = ["id", "statement"]
_LAST = ["speaker", "modality", "polarity", "hedge", "hedge_on", "anchors", "basis", "note"]


@dataclass(frozen=True)
class Step:
    """One page in the reading order."""

    name: str
    label: str

    @property
    def href(self) -> str:
        return f"{self.name}.html"


class Site:
    """Renders pages that share a seed, a navigation and a look. ``names``: the notebook pages, in
    reading order."""

    def __init__(self, known: Knowledge, names: Iterable[str] = ()):
        self.known = known
        rows = [
            row_id
            for name, frame in known.seed.tables.items()
            if name != "sentences"
            for row_id in frame["id"]
        ]
        self.linker = Linker(rows, known.seed.sentences["locator"])
        self.notebooks = [Step(name, label(name)) for name in names]
        self.steps = [Step("index", "Contents"), *self.notebooks, *(Step(*each) for each in _EVERY)]

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=PackageLoader("axislib.report"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        environment.filters |= {
            "link": self.linker.text,
            "row": self.linker.row,
            "words": lambda word: word.replace("_", " "),
        }
        environment.globals |= {
            "site": self,
            "known": self.known,
            "asset": asset,
            "schema": load_schema(),
        }
        return environment

    def readable(self, parameters: Mapping) -> list[tuple[str, str]]:
        """What a run was asked, in words: names without underscores and for ids, lists with commas."""
        return [
            (name.replace("_", " "), _say(value, self.known.names))
            for name, value in parameters.items()
        ]

    def _render(self, template: str, page: str, **context) -> str:
        place = next((i for i, step in enumerate(self.steps) if step.name == page), None)
        around = {
            "page": page,
            "standalone": False,
            "figures": [],
            "before": self.steps[place - 1] if place else None,
            "after": (
                self.steps[place + 1] if place is not None and place + 1 < len(self.steps) else None
            ),
        }
        return self._environment.get_template(template).render(**around | context)

    def notebook(
        self, name: str, notebook: Mapping, error: str = "", parameters: Mapping | None = None
    ) -> tuple[str, Rendered]:
        """A notebook's page, and its parts for the index and the data files."""
        draw = self._environment.get_template("figure.html.j2")
        writer = CellWriter(
            name, self.linker, lambda figure: Markup(draw.render(figure=figure)), self.known.masked
        )
        parts = writer.write(notebook)
        shown = self._render(
            "notebook.html.j2",
            name,
            parts=parts,
            error=error,
            parameters=self.readable(parameters or {}),
            figures=parts.figures,
        )
        return shown, parts

    def index(self, runs: list[dict], title: str = "") -> str:
        """The first page. ``runs``: a dict a notebook page with ``step``, ``title``, ``aim``,
        ``error``, ``label``, ``parameters``."""
        from axislib.words import counted

        failed = [run for run in runs if run["error"]]
        seed = self.known.seed
        stated = int(
            (seed.facts["layer"] == seed.metadata.get("layer", "article")).sum()
        )  # the record's facts are not the text's
        return self._render(
            "index.html.j2",
            "index",
            title=title,
            runs=runs,
            failed=failed,
            facts=counted(stated, "fact"),
            others=counted(len(seed.facts) - stated, "fact") if len(seed.facts) > stated else "",
            sentences=counted(len(self.known.own), "sentence"),
        )

    def tables(self) -> str:
        """Every row of every table, in the six groups, and the sentences' places last."""
        several = any(frame["layer"].nunique() > 1 for frame in self.known.seed.tables.values())
        schema = {name: load_schema()["tables"][name] for name in self.known.seed.tables}
        extra = [
            g
            for g in dict.fromkeys(t["group"] for t in schema.values())
            if g not in (*GROUPS, "text")
        ]
        groups = [
            (
                group,
                [self._table(name, several) for name, t in schema.items() if t["group"] == group],
            )
            for group in (*GROUPS, *extra, "text")
        ]
        return self._render("tables.html.j2", "tables", groups=groups)

    def _table(self, name: str, several_layers: bool) -> dict:
        schema = load_schema()["tables"][name]
        fields = {field["name"]: field for field in fields_of(name)}
        key = schema["key"]
        first = [column for column in (key, *_FIRST[1:]) if column in fields]
        columns = [
            *first,
            *(c for c in fields if c not in first and c not in _LAST),
            *(c for c in _LAST if c in fields),
        ]
        if several_layers:
            fields = {
                **fields,
                "layer": {"name": "layer", "description": "Which layer the row belongs to."},
            }
            columns.append("layer")
        rows = [
            {"id": row[key], "cells": [self._cell(row[c], fields[c]) for c in columns[1:]]}
            for row in self.known.seed.tables[name].to_dict("records")
        ]
        widths = [_width(row["cells"][i] for row in rows) for i in range(len(columns) - 1)]
        return {
            "name": name,
            **schema,
            "columns": [fields[c] for c in columns],
            "rows": rows,
            "widths": widths,
        }

    def _cell(self, value: object, field: Mapping) -> Markup:
        if value is None or value is pd.NA or value != value or value == "":
            return Markup("")
        if value in missing_words():
            return Markup('<i class="silent">not stated</i>')
        if field.get("pairs_of"):
            return Markup("; ").join(self._pair(part) for part in split_cell(value))
        if field.get("references"):
            return Markup("; ").join(self._reference(part) for part in split_cell(value))
        if field.get("vocabulary"):
            meanings = vocabulary(field["vocabulary"])
            meaning = Markup('<span title="{}">{}</span>')
            return Markup("; ").join(
                meaning.format(meanings[word], word.replace("_", " ")) for word in split_cell(value)
            )
        if field.get("many"):
            return self.linker.text("; ".join(split_cell(value)))
        return self.linker.text(f"{value:g}" if isinstance(value, float) else value)

    def _reference(self, part: str) -> Markup:
        if part in self.linker.locators:
            return self.linker.text(part)
        return self.linker.row(part, self.known.names.get(part))

    def _pair(self, part: str) -> Markup:
        return Markup("\u2013").join(self._reference(each) for each in part.split("-"))

    def reading(self) -> str:
        """The sentences in order, by section, each with its facts beside it."""
        own = set(self.known.own["locator"])
        parts: list[dict] = []
        for row in self.known.seed.sentences.to_dict("records"):
            layer = "" if row["locator"] in own else row["layer"]
            if not parts or (parts[-1]["section"], parts[-1]["layer"]) != (row["section"], layer):
                parts.append({"section": row["section"], "layer": layer, "paragraphs": {}})
            sentence = {
                "locator": row["locator"],
                "length": int(row["length"]),
                "words": self.known.words(row["locator"]),
                "reason": row["no_fact_reason"],
                "facts": self.known.beside.get(row["locator"], []),
            }
            parts[-1]["paragraphs"].setdefault(row["locator"].split(".")[0], []).append(sentence)
        return self._render("reading.html.j2", "reading", parts=parts)

    def codebook(self, standalone: bool = False) -> str:
        """What every table and column holds, and every closed list; ``standalone`` needs no file
        beside it."""
        schema = load_schema()
        groups = [
            (
                group,
                [
                    {"name": name, **table}
                    for name, table in schema["tables"].items()
                    if table["group"] == group
                ],
            )
            for group in (*GROUPS, "text")
        ]
        return self._render(
            "codebook.html.j2",
            "codebook",
            groups=groups,
            standalone=standalone,
            vocabularies=schema["vocabularies"],
        )

    def script(self, version: str) -> str:
        """``facts.js``: all that the panel shows."""
        return f"window.AXISLIB = {script_json({'version': version, **self.known.script()})};\n"


def _width(cells: Iterable[Markup]) -> str:
    """How much room a column asks for: a class of the style sheet, by its longest cell."""
    longest = max((len(cell.striptags()) for cell in cells), default=0)
    return "much" if longest > 90 else "some" if longest > 28 else "few"


def label(name: str) -> str:
    """A page's name in the navigation.

    >>> label("2-timeline")
    '2 Timeline'
    """
    number, _, rest = name.partition("-") if re.match(r"\d+-", name) else ("", "", name)
    rest = re.sub(r"[-_]+", " ", rest).strip()
    return f"{number} {rest[:1].upper()}{rest[1:]}".strip()


def _say(value: object, names: Mapping) -> str:
    """A parameter's value as words; of a path only the last part, for the rest is nobody's
    business."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_say(each, names) for each in value) or "all"
    text = names.get(value, value) if isinstance(value, str) else json.dumps(value)
    return (
        re.split(r"[\\/]", text.rstrip("\\/"))[-1]
        if re.match(r"([\\/]|[A-Za-z]:[\\/])", text)
        else text
    )


def asset(name: str) -> Markup:
    """A file of the site's own folder, to stand inside a page."""
    return Markup(resources.files("axislib.report").joinpath(name).read_text(encoding="utf-8"))
