"""What the panel beside a chart knows of each row: who says it, how sure, where, what else it could
be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

from axislib.errors import SeedError
from axislib.seed.folders import layers_about
from axislib.seed.opening import open_seed
from axislib.seed.seed import Seed
from axislib.tables.schema import certainty, load_schema, missing_words, split_cell, vocabulary
from axislib.words import citation, in_a_line, spoken

_MORE = {  # what the panel adds for rows that are no facts
    "actors": ["role", "aliases"],
    "dimensions": ["question", "definition"],
    "frames": ["definition"],
    "hypotheses": ["definition", "origin"],
    "silences": ["note"],
    "arguments": ["note"],
    "quotations": ["note"],
    "consistency": ["reason", "coder"],
    "readings": ["what_would_settle"],
    "sources": ["publisher", "date", "url", "confidence", "note"],
    "bearings": ["bearing", "weight", "contested", "confidence"],
    "measures": ["measure", "value", "low", "high", "answer", "unit", "as_of", "confidence"],
}
_MANY_LINKS = (
    "actors",
    "dimensions",
)  # everything points to these: their links would bury the rest


def whole_seed(name_or_path) -> Seed:
    """A seed with every layer there is about it, so that every id a notebook may draw resolves."""
    seed = open_seed(name_or_path)
    layers = layers_about(seed.folder)
    return open_seed(name_or_path, layers=(*seed.layers, *layers)) if layers else seed


@dataclass(frozen=True)
class Knowledge:
    """One seed as the pages need it. ``with_text``: None for the sentences wherever they are at
    hand.

    Raises SeedError if ``with_text`` is True and no copy of the text is at hand.
    """

    seed: Seed
    with_text: bool | None = None

    def __post_init__(self):
        if self.with_text and self.text is None:
            raise SeedError(
                "with_text: no copy of the text is at hand; put it as .txt into seeds/, or leave"
                " with_text out"
            )

    @cached_property
    def own(self):
        """The sentences of the document itself, without those of other layers."""
        sentences = self.seed.sentences
        return sentences[sentences["layer"] == self.seed.metadata.get("layer", "article")]

    @cached_property
    def text(self):
        """The reader's own copy, or None. It is searched for the document's own sentences, not for
        other layers'."""
        return replace(self.seed, tables={**self.seed.tables, "sentences": self.own}).text

    @property
    def has_text(self) -> bool:
        """Whether the words may stand in the report: at hand, and not to be left out."""
        return self.with_text is not False and self.text is not None

    def words(self, locator: str) -> str:
        """A sentence's words, or empty: not at hand, to be left out, or another layer's."""
        return (
            self.text.sentence(locator) if self.has_text and locator in self._own_locators else ""
        )

    @cached_property
    def _own_locators(self) -> frozenset[str]:
        return frozenset(self.own["locator"])

    @cached_property
    def names(self) -> dict[str, str]:
        """Id -> the name a reader would say, for everything that has one."""
        named = ("actors", "dimensions", "frames", "hypotheses")
        return {
            row["id"]: row["name"]
            for table in named
            for row in self.seed.tables[table].to_dict("records")
        }

    @cached_property
    def called(self) -> dict[str, str]:
        """Id -> the words for it, facts included."""
        return spoken(self.seed)

    @cached_property
    def rows(self) -> dict[str, dict]:
        """Every row but the sentences: id -> what the panel shows of it."""
        raw = {
            row["id"]: (table, row)
            for table, frame in self.seed.tables.items()
            if table != "sentences"
            for row in frame.to_dict("records")
        }
        return {row_id: self._row(table, row, raw) for row_id, (table, row) in raw.items()}

    def _row(self, table: str, row: dict, raw: Mapping) -> dict:
        out = {
            "table": table,
            "title": in_a_line(table, row, self.called),
            "anchors": split_cell(row.get("anchors", "")),
            "layer": row["layer"],
            "cite": self.cite(row["id"]),
        }
        if row.get("speaker"):
            out["speaker"] = self.names.get(row["speaker"], row["speaker"])
        if row.get("modality"):
            out |= {"sure": self._sure(row), "certainty": self._certainty.get(row["id"], "unclear")}
        if row.get("basis"):
            out["basis"] = vocabulary("basis")[row["basis"]]
        beside = [*_MORE.get(table, []), *(["note"] if "modality" in row else [])]
        more = [
            (name.replace("_", " ").capitalize(), str(row[name]))
            for name in beside
            if str(row.get(name) or "") not in missing_words()
        ]
        linked = self._linked(row["id"], raw)
        other = [
            {
                "column": r["column"].replace("_", " "),
                "alternative": r["alternative"].replace("_", " "),
                "why": r["why"],
                "settle": r["what_would_settle"],
            }
            for _, r in self._readings.get(row["id"], [])
        ]
        return out | {
            key: value
            for key, value in (("more", more), ("links", linked), ("readings", other))
            if value
        }

    def _sure(self, row: dict) -> str:
        from axislib.words import certainty_words

        return certainty_words(row)

    @cached_property
    def _certainty(self) -> dict[str, str]:
        return dict(zip(self.seed.facts["id"], certainty(self.seed.facts), strict=True))

    @cached_property
    def _readings(self) -> dict[str, list]:
        found: dict[str, list] = {}
        for reading in self.seed.readings.to_dict("records"):
            found.setdefault(reading["fact"], []).append((reading["id"], reading))
        return found

    @cached_property
    def _both_ways(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for link in self.seed.links.to_dict("records"):
            if link["table"] != "readings":
                label, table = (
                    link["column"].replace("_", " "),
                    load_schema()["tables"][link["table"]]["title"],
                )
                found.setdefault(link["id"], []).append((label, link["target"]))
                found.setdefault(link["target"], []).append(
                    (f"referred to by {table}, as {label}", link["id"])
                )
        return found

    def _linked(self, row_id: str, raw: Mapping) -> list[tuple[str, str]]:
        if raw[row_id][0] in _MANY_LINKS:
            return []
        return [
            (label, to)
            for label, to in self._both_ways.get(row_id, [])
            if to in raw and raw[to][0] not in _MANY_LINKS
        ]

    @cached_property
    def beside(self) -> dict[str, list[str]]:
        """Locator -> ids of the facts taken from that sentence."""
        facts = self.seed.evidence[self.seed.evidence["id"].isin(self._certainty)]
        return facts.groupby("locator")["id"].agg(list).to_dict()

    def cite(self, row_id: str = "") -> str:
        """How to cite the seed, or one row of it."""
        return citation(self.seed, row_id)

    def said(self, row_id: str) -> str:
        """A row's statement or name; for a sentence its locator; for an id of another seed the id
        itself."""
        if row_id in self.rows:
            return self.rows[row_id]["title"]
        return f"Sentence {row_id}" if "." in row_id else row_id

    def source(self) -> str:
        """The document's bibliographic line, from the seed's own metadata and nothing else."""
        source = (self.seed.metadata.get("sources") or [{}])[0]
        title = source.get("title") or self.seed.metadata.get("title") or self.seed.name
        line = ", ".join(
            part for part in (source.get("author", ""), f"\u201c{title}\u201d") if part
        )
        return ". ".join(part.rstrip(".") for part in (line, source.get("note", "")) if part) + "."

    def receipt(self) -> str:
        """One line on the text: proven, proven in part, or not at hand."""
        total = len(self.own)
        if not self.has_text:
            return (
                f"Without the text: this report holds statements and locators for all {total}"
                " sentences, but not their words."
            )
        proven = int(self.text.receipt["status"].isin(["exact", "moved"]).sum())
        if proven == total:
            return (
                f"All {total} sentences proven against your copy of the text. Its words stand in"
                " this report, so keep the report for your own use."
            )
        return (
            f"{proven} of {total} sentences proven against your copy of the text; the others stand"
            " here without their words."
        )

    @property
    def record(self) -> bool:
        """Whether a record has been gathered: another seed that is about this one."""
        return bool(layers_about(self.seed.folder))

    def script(self) -> dict:
        """What ``facts.js`` holds: sentences (words only where they may stand), rows, tables, names
        of layers."""
        schema = load_schema()["tables"]
        sentences = {}
        for row in self.seed.sentences.to_dict("records"):
            words = self.words(row["locator"])
            sentences[row["locator"]] = {"section": row["section"]} | (
                {"words": words} if words else {}
            )
        return {
            "seed": self.seed.name,
            "own": self.seed.metadata.get("layer", "article"),
            "sentences": sentences,
            "rows": self.rows,
            "tables": {name: schema[name]["title"] for name in self.seed.tables},
        }

    def masked(self, text: str) -> str:
        """Text from a notebook's output; where the words are to be left out, locators stand in the
        place of sentences.

        Finds a sentence whole, also escaped or broken by ``<br>``; it does not find a part of one.
        """
        if self.has_text or self.text is None:
            return text
        for pattern, locator in self._sentences:
            text = pattern.sub(f"(sentence {locator})", text)
        return text

    @cached_property
    def _sentences(self) -> list[tuple[re.Pattern, str]]:
        found = []
        gap = r"(?:\s|&nbsp;|<br\s*/?>|\\n)+"
        for row in self.own.to_dict("records"):
            words = self.text.sentence(row["locator"]).split()
            # the title is a bibliographic fact; of a few words nobody could tell whose they are
            if row["section"] != "headline" and len(words) >= 6:
                found.append(
                    (re.compile(gap.join(_spellings(word, gap) for word in words)), row["locator"])
                )
        return found


def _spellings(word: str, gap: str) -> str:
    """A pattern for a word as it stands, or escaped; hover boxes also break lines after a hyphen."""
    forms = dict.fromkeys((word, escape(word), escape(word, quote=False)))
    broken = [
        re.sub(r"\\-|[\u2013\u2014]", lambda hyphen: f"{hyphen[0]}(?:{gap})?", re.escape(form))
        for form in forms
    ]
    return f"(?:{'|'.join(broken)})"
