"""The pages of the site, each from a template: one a notebook, and those made from the tables."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from axislib import words as said
from axislib.explorer.evidence import Evidence
from axislib.figures.palette import HOW, LEVEL, PUT, THEMES
from axislib.notebook.display import SAID
from axislib.questions.argument import main_thesis
from axislib.report import front
from axislib.report.cells import CellWriter, Rendered
from axislib.report.chart import each_text, script_json
from axislib.report.wording import Linker, Wording
from axislib.seed.opening import layers_about
from axislib.seed.seed import Seed
from axislib.tables.schema import (
    GROUPS,
    LEVELS,
    fields_of,
    load_schema,
    missing_words,
    split_cell,
    vocabulary,
)
from axislib.words import (
    capital,
    certainty_words,
    citation,
    counted,
    curly,
    date_in_words,
    finding,
    picture_source,
)

_EVERY = (("tables", "Tables"), ("reading", "Text"), ("codebook", "Codebook"))
# nothing is fetched from elsewhere, no script is inside a page, and nothing is made into code
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; base-uri 'none'; form-action 'none'"
)
_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_NAME = re.compile(r"[a-z\d]+(_[a-z\d]+)+")  # as measures and resolutions are called
_LAST = ["start", "end", "length", "speaker", "modality", "polarity", "hedge", "hedge_on"]
_LAST += ["anchors", "basis", "note", "layer"]
_ALWAYS, _OWN = {"speaker", "modality", "anchors", "url"}, 4  # columns shown: these, so many others
_FILLED = 0.4  # the part of a column's cells that is filled if it is to be shown at once
_MANY = 4  # a cell of more than this shows how many there are
_STEM, _COVERED = 5, 0.7  # letters that tell a word; the part of a statement's words that repeats
_TEACHER = "teacher"  # the page made from the teacher's notes


@dataclass(frozen=True)
class Step:
    """One page in the reading order."""

    name: str
    label: str

    @property
    def href(self) -> str:
        """The page's file."""
        return f"{self.name}.html"


class Site:
    """Renders pages that share a seed, a navigation and a look. ``names``: notebooks, in order."""

    def __init__(self, seed: Seed, names: Sequence[str] = (), with_text: bool | None = None):
        self.seed, self.evidence, self.wording = seed, Evidence(seed), Wording(seed, with_text)
        locators = set(seed.sentences["locator"])
        self.linker = Linker(self.evidence.places.keys() - locators, locators)
        self.notebooks = [Step(name, label(name)) for name in names]
        # what the seed's own metadata says of the document, and nothing else
        self._source: Mapping = (seed.metadata.get("sources") or [{}])[0]
        self.title = curly(self._source.get("title") or seed.metadata.get("title") or seed.name)
        self.language = str(seed.metadata.get("language") or "en")  # as HTML names it
        self.citation, self.credit = citation(seed), picture_source(front.own_layer(seed))
        self.record = bool(layers_about(seed.folder))  # another seed that is about this one
        self.titles: dict[str, str] = {}  # of the pages written
        self.claims: dict[tuple, list] = {}  # the verdicts on them, each with its page
        self.judged: dict[str, list[str]] = {}  # a claim's id -> page and address of its verdict
        self.compares, self.taught = "4-analogy" in names, "7-seminar" in names
        self.steps = [Step("index", "Contents"), *self.notebooks, *(Step(*each) for each in _EVERY)]

    def source(self) -> str:
        """The document's bibliographic line."""
        title = f"\u201c{self.title}\u201d"
        parts = [part for part in (self._source.get("author", ""), title) if part]
        lines = [line for line in (", ".join(parts), self._source.get("note", "")) if line]
        return ". ".join(line.rstrip(".") for line in lines) + "."

    def published(self) -> str:
        """Where and when the document appeared, as far as the seed says."""
        outlet, date = (self._source.get(name) or "not given" for name in ("outlet", "date"))
        unknown = [words.startswith("not ") for words in (outlet, date)]
        if all(unknown) and outlet == date:
            return f"Outlet and date {outlet}."
        outlet = f"Outlet {outlet}" if unknown[0] else capital(outlet)
        if unknown[1]:
            return f"{outlet}; date {date}."
        return f"{outlet}, {date_in_words(date) if _DAY.fullmatch(date) else date}."

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=PackageLoader("axislib.report"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            finalize=lambda value: curly(value) if type(value) is str else value,
        )
        environment.filters |= {
            "link": self.linker.text,
            "row": self.linker.row,
            "words": lambda word: word.replace("_", " "),
            "number": said.number_word,
            "in_text": said.in_text,
        }
        put = vocabulary("modality") | vocabulary("polarity")
        facts = self.seed.facts
        there = {*facts["modality"], *facts["polarity"]}
        environment.globals |= {
            "site": self,
            "asset": asset,
            "policy": Markup(POLICY),
            "schema": load_schema(),
            "front": front,
            "key": {
                "levels": [(name, look, LEVELS[name]) for name, look in LEVEL.items()],
                "how": [(name, look, put[name]) for name, look in PUT.items() if name in there],
            },
        }
        return environment

    def readable(self, parameters: Mapping) -> list[tuple[str, str]]:
        """What a run was asked, in words: names for ids, no underscores, lists with commas."""
        called = self.evidence.called
        return [(name.replace("_", " "), _say(v, called)) for name, v in parameters.items()]

    def _render(self, template: str, page: str, **context) -> str:
        around = {"page": page, "standalone": False, "figures": [], "before": None, "after": None}
        beside = zip(self.steps, [None, *self.steps], [*self.steps[1:], None], strict=False)
        turns = {step.name: {"before": before, "after": after} for step, before, after in beside}
        context = around | turns.get(page, {}) | context
        return self._environment.get_template(template).render(**context)

    def notebook(
        self,
        name: str,
        notebook: Mapping,
        error: str = "",
        parameters: Mapping | None = None,
        before: int = 0,
    ) -> tuple[str, Rendered]:
        """A notebook's page, and its parts. ``before``: how many figures are on pages before it."""
        writer = CellWriter(name, self.linker, self.evidence, self.wording.masked, before)
        parts = writer.write(notebook)
        self.titles[name] = parts.title
        for claim in parts.claims:
            self.claims.setdefault(claim, [name, *claim])
        for card in (card for figure in parts.figures for card in figure.cards):
            for place, (_, ids) in zip(card.get("places", ()), card["lines"], strict=False):
                self.judged[ids[0]] = [name, place]
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
        ``error``, ``label``, ``parameters``, ``figures``, ``verdicts``."""
        article = front.own_layer(self.seed)
        places, verdicts = _places(runs)
        others = len(self.seed.facts) - len(article.facts)
        return self._render(
            "index.html.j2",
            "index",
            title=title,
            runs=runs,
            failed=[run for run in runs if run["error"]],
            finding=finding(article),
            thesis=main_thesis(article),
            picture=front.picture(article),
            numbers=front.numbers(article, verdicts),
            places=places,
            facts=counted(len(article.facts), "statement"),
            others=counted(others, "statement") if others else "",
            sentences=counted(len(self.wording.own), "sentence"),
        )

    def tables(self) -> str:
        """Every row of every table, in the six groups, and the sentences' places last."""
        several = any(frame["layer"].nunique() > 1 for frame in self.seed.tables.values())
        groups = [
            (group, [self._table(name, several) for name in names])
            for group, names in _by_group(self.seed.tables)
        ]
        return self._render("tables.html.j2", "tables", groups=groups)

    def _table(self, name: str, several_layers: bool) -> dict:
        schema = load_schema()["tables"][name]
        fields = {field["name"]: field for field in fields_of(name)}
        if several_layers:
            fields["layer"] = {"name": "layer", "description": "Which data set the row belongs to."}
        frame = self.seed.tables[name]
        columns = _in_order(fields.keys() - {schema["key"], "statement"}, list(fields))
        called = frame[schema["key"]].map(self.evidence.words)
        columns = [c for c in columns if _news(frame, c, called)]
        rows = [
            {"id": row[schema["key"]], "cells": [self._cell(row[c], fields[c]) for c in columns]}
            for row in frame.to_dict("records")
        ]
        shown = _shown({c: [row["cells"][i] for row in rows] for i, c in enumerate(columns)})
        spoken = self._spoken(name)
        heads = [_head(fields[column], column in shown, spoken) for column in columns]
        return {"name": name, **schema, "columns": heads, "rows": rows}

    def _spoken(self, name: str) -> dict[str, str]:
        """What columns of a table are called on screen; its anchors after what they name."""
        frame, known = self.seed.tables.get(name, pd.DataFrame()), self.linker.locators
        places = {part for cell in frame.get("anchors", ()) for part in split_cell(cell)}
        named = ["sentences"] * bool(places & known) + ["sources"] * bool(places - known)
        ends = {"source": "from claim", "target": "to claim"} if name == "arguments" else {}
        return said.COLUMNS | ends | ({"anchors": " or ".join(named)} if named else {})

    def _cell(self, value: Any, field: Mapping) -> Markup:
        if pd.isna(value) or value == "":
            return Markup("")
        if value in missing_words():
            return Markup('<i class="silent">not stated</i>')
        if field.get("pairs_of") or field.get("references"):
            linked = self._pair if field.get("pairs_of") else self._reference
            return _several([linked(part) for part in split_cell(value)])
        if field.get("vocabulary"):
            return _coded(str(value), vocabulary(field["vocabulary"]))
        return self.linker.text(_in_words(value, field))

    def _reference(self, part: str) -> Markup:
        if part in self.linker.locators:
            return self.linker.text(part)
        return self.linker.row(part, curly(self.evidence.words(part)))

    def _pair(self, part: str) -> Markup:
        phrase = any(self.evidence.words(each)[:1].islower() for each in part.split("-"))
        joint = Markup(" and " if phrase else "\u2013")
        return joint.join(self._reference(each) for each in part.split("-"))

    def reading(self) -> str:
        """The sentences in order, by section, each with its statements: our paraphrase of it."""
        own = set(self.wording.own["locator"])
        voices = self.seed.metadata.get("voices") or {}
        parts: list[dict] = []
        for row in self.seed.sentences.to_dict("records"):
            layer = "" if row["locator"] in own else row["layer"]
            voice = str(voices.get(row["section"], voices.get("other", "")))
            if not parts or (parts[-1]["section"], parts[-1]["layer"]) != (row["section"], layer):
                by = self.evidence.called.get(voice, "")
                part = {"section": row["section"], "layer": layer, "by": by, "paragraphs": {}}
                parts.append(part)
            sentence = {
                "locator": row["locator"],
                "words": self.wording.words.get(row["locator"], ""),
                "reason": row["no_fact_reason"],
                "facts": self._paraphrase(row["locator"], voice),
                "number": len(self._taken.get(row["locator"], [])),
            }
            parts[-1]["paragraphs"].setdefault(row["locator"].split(".")[0], []).append(sentence)
        return self._render("reading.html.j2", "reading", parts=parts)

    @cached_property
    def _taken(self) -> dict[Hashable, list[str]]:
        """Locator -> ids of the facts taken from that sentence."""
        facts = self.seed.evidence[self.seed.evidence["id"].isin(self.evidence.sure)]
        return facts.groupby("locator")["id"].agg(list).to_dict()

    def _paraphrase(self, locator: str, voice: str) -> list[dict]:
        """The statements of a sentence that together say what it says, in order, each with the ids
        of its rows, and how it is put where the section's ``voice`` does not plainly assert it.

        Left out is a statement most of whose words are in longer ones of the same speaker."""
        found: dict[tuple[str, str], dict] = {}
        for row_id in self._taken.get(locator, []):
            row = self.evidence.row(row_id)[1]
            speaker = row["speaker"]
            who = "" if speaker == voice else str(self.evidence.called.get(speaker, speaker))
            plain = {**row, "polarity": row["polarity"].replace("denied", "affirmed")}
            how = certainty_words(plain).removeprefix("asserted").lstrip(",; ")
            said = self.evidence.words(row_id)
            same = found.setdefault((who, said), {"statement": said, "ids": [], "how": how})
            same["ids"].append(row_id)
            same["how"] = min(same["how"], how, key=len)
        kept, told = set(), {who: set() for who, _ in found}
        for who, said in sorted(found, key=lambda one: -len(one[1])):
            words = {word[:_STEM] for word in re.findall(r"\w{4,}", said.lower())}
            if not words or len(words & told[who]) < _COVERED * len(words):
                kept.add((who, said))
                told[who] |= words
        return [
            one | {"note": ": ".join(filter(None, (who, one["how"])))}
            for (who, said), one in found.items()
            if (who, said) in kept
        ]

    def teacher(self, notes: str) -> str:
        """The teacher's notes (Markdown) as a page of the site, folded below the rule (``---``)."""
        cells = [
            {"cell_type": "markdown", "source": part, "metadata": {"tags": ["folded"] * below}}
            for below, part in enumerate(notes.replace(".ipynb", ".html").split("\n---\n"))
        ]
        parts = CellWriter(_TEACHER, self.linker, self.evidence).write({"cells": cells})
        return self._render("notebook.html.j2", _TEACHER, parts=parts, error="", parameters=[])

    def codebook(self, standalone: bool = False) -> str:
        """Every table, column and closed list explained; ``standalone`` needs no file beside it."""
        schema = load_schema()
        groups = [
            (group, [{"name": n, "spoken": self._spoken(n), **schema["tables"][n]} for n in names])
            for group, names in _by_group(self.seed.tables if self.record else schema["tables"])
        ]
        more = {"groups": groups, "said": SAID, "standalone": standalone}
        return self._render("codebook.html.j2", "codebook", **more)

    def script(self, version: str) -> str:
        """``facts.js``: all that the panel shows, and the sentences where they may be."""
        words, own = self.wording.words, self.wording.own
        facts = {
            "version": version,
            "seed": self.seed.name,
            "sentences": {p: words.get(p, "") for p in self.seed.sentences["locator"]},
            "hashes": own[["locator", "length", "sha256"]].to_numpy().tolist(),
            "pages": self.titles,
            "themes": THEMES,
            "how": {name: look.word for name, look in HOW.items()},
            "found": {row_id: self._found_by(row_id) for row_id in self.evidence.places},
            "rows": {i: each_text(self.evidence.view(i), curly) for i in self.evidence.places},
        }
        return f"window.AXISLIB = {script_json(facts)};\n"

    def verdicts(self) -> str:
        """``claims.js``: the verdicts on claims, for the search and for the panel."""
        found = {"claims": [*self.claims.values()], "judged": self.judged}
        return f"Object.assign(window.AXISLIB, {script_json(found)});\n"

    def _found_by(self, row_id: str) -> list:
        """What a row is filtered by: speaker, how it is put, actors, if hedged in part or open."""
        table, row = self.evidence.row(row_id)
        columns = [f["name"] for f in fields_of(table) if f.get("references") == "actors"]
        actors = [part for c in columns if c != "speaker" for part in split_cell(row[c])]
        who = self.evidence.called.get(row.get("speaker", ""), "")
        also = ["left_open"] * (row.get("polarity") == "left_open")
        also += ["in_part"] * bool({*split_cell(row.get("hedge_on", ""))} - {"whole"})
        return [who, row.get("modality", ""), actors, ";".join(also)]


def _places(runs: Iterable[Mapping]) -> tuple[dict[str, str], list[str]]:
    """Where the first chart of each name and the first table of verdicts are; those verdicts."""
    places: dict[str, str] = {}
    verdicts: list[str] = []
    for run in runs:
        for figure in run["figures"]:
            places.setdefault(figure.name, f"{run['step'].href}#{figure.id}")
        if run["verdicts"] and not verdicts:
            verdicts, places[front.VERDICTS] = run["verdicts"], run["step"].href
    return places, verdicts


def _by_group(tables: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The names of tables by group: the six groups, others such as the record's, the text last."""
    group_of = {name: load_schema()["tables"][name]["group"] for name in tables}
    others = [group for group in group_of.values() if group != "text"]
    order = dict.fromkeys((*GROUPS, *others, "text"))
    return [(group, [name for name in group_of if group_of[name] == group]) for group in order]


def _in_order(columns: Iterable[str], fields: list[str]) -> list[str]:
    """Columns as the schema has them, how a row was coded last."""
    return sorted(columns, key=lambda c: (c in _LAST and 1 + _LAST.index(c), fields.index(c)))


def _news(frame: pd.DataFrame, column: str, called: pd.Series) -> bool:
    """Whether a column holds what neither the name of the row nor its sentences say."""
    told = [called, *(frame[c] for c in ("anchors",) if c in frame and c != column)]
    return frame.empty or all((frame[column].astype(str) != one).any() for one in told)


def _head(field: Mapping, shown: bool, spoken: Mapping[str, str]) -> dict:
    words = spoken.get(field["name"]) or field["name"].replace("_", " ")
    return {"words": words, "about": field["description"], "kind": "" if shown else "extra"}


def _shown(columns: Mapping[str, list[Markup]]) -> set[str]:
    """The columns seen at once: who says it and where, and the first that are full enough."""
    silent = ("", "not stated")
    filled = {c: sum(cell.striptags() not in silent for cell in v) for c, v in columns.items()}
    own = [c for c, n in filled.items() if c not in _LAST and n >= _FILLED * len(columns[c])]
    return {*own[:_OWN], *_ALWAYS, "layer"}


def _in_words(value: Any, field: Mapping) -> str:
    """A value that refers to nothing: numbers as one writes them, names with blanks."""
    if field["name"] == "layer" and value == "context":
        return "external record"
    if isinstance(value, float):
        return f"{value:,.10g}"
    text = "; ".join(split_cell(value)) if field.get("many") else str(value)
    return said.column_words(text) if field["name"] == "column" or _NAME.fullmatch(text) else text


def _several(parts: list[Markup]) -> Markup:
    """The values of one cell; of many, how many there are until they are asked for."""
    few = "{1}" if len(parts) <= _MANY else "<details><summary>{0} in all</summary>{1}</details>"
    return Markup(few).format(len(parts), Markup("; ").join(parts))


def _coded(value: str, meanings: Mapping[str, str]) -> Markup:
    word = Markup('<span title="{}">{}</span>')
    coded = (word.format(meanings[part], SAID.get(part, part)) for part in split_cell(value))
    return Markup("; ").join(coded)


def label(name: str) -> str:
    """A page's name in the navigation.

    >>> label("2-timeline")
    '2 Timeline'
    """
    number, _, rest = name.partition("-") if re.match(r"\d+-", name) else ("", "", name)
    rest = re.sub(r"[-_]+", " ", rest).strip()
    return f"{number} {capital(rest)}".strip()


def _say(value: object, names: Mapping) -> str:
    """A parameter's value as words; of a path the last part: the rest is nobody's business."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_say(each, names) for each in value) or "all"
    text = names.get(value, value) if isinstance(value, str) else json.dumps(value)
    place = re.match(r"([\\/]|[A-Za-z]:[\\/])", text)
    return re.split(r"[\\/]", text.rstrip("\\/"))[-1] if place else text


def asset(name: str, room: str = "report") -> Markup:
    """A style sheet or script of a room, to be inside a page or beside it."""
    return Markup(resources.files(f"axislib.{room}").joinpath(name).read_text(encoding="utf-8"))


def light_plotly() -> str:
    """plotly's script, begun with bars and lines; ``Plotly.rest()`` adds the others."""
    from plotly.offline import get_plotlyjs

    before, register, kinds = (script := get_plotlyjs()).rpartition(".register([")
    bars, _, rest = kinds.partition(",")
    others, _, after = rest.partition("]);")
    if not re.fullmatch(r"(\w+\(\),?)+", others):
        return script  # another version, built in another way
    name = re.findall(r"\w+", before[-20:])[-1]
    return f"{before}{register}{bars}]);{name}.rest=()=>{name}{register}{others}]);{after}"
