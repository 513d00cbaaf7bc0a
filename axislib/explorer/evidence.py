"""What stands behind a row: its sentence in the paragraph, who says so, how sure, other readings,
linked rows, citation."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from axislib.errors import SeedError
from axislib.explorer.rows import certainties
from axislib.figures.palette import CERTAINTY_LOOK
from axislib.seed.seed import Seed
from axislib.tables.schema import CERTAINTIES, load_schema, missing_words, split_cell, vocabulary
from axislib.words import certainty_words, citation, in_a_line, spoken

MOST_LINKS = 12
_NAMED_AS = {  # how a link reads from the row that is pointed at
    "about": "Taken up in",
    "in_return_for": "In return for this",
    "relative_to": "Told in relation to this",
    "frame": "In these words",
    "acts_for": "Acts for it",
}
_PASSIVE = {
    "supports": "Supported by",
    "attacks": "Attacked by",
    "qualifies": "Qualified by",
    "contradicts": "Contradicted by",
}
_MORE = (
    "role",
    "aliases",
    "question",
    "definition",
    "origin",
    "title",
    "date",
    "date_words",
    "quantity_words",
    "purpose",
    "scope",
    "note",
    "reason",
    "coder",
    "why",
    "what_would_settle",
    "no_fact_reason",
)
_WHO = (
    "actors",
    "coalition",
    "actor",
    "giver",
    "receiver",
    "subject",
    "object",
    "left",
    "right",
    "addressee",
)


class Behind:
    """Answers for one opened seed, whole: a linked row need not be among those that were asked for."""

    def __init__(self, seed: Seed):
        self.seed = seed

    @cached_property
    def called(self) -> dict[str, str]:
        return spoken(self.seed)

    @cached_property
    def sure(self) -> dict[str, str]:
        return certainties(self.seed)

    @cached_property
    def places(self) -> dict[str, tuple[str, int]]:
        """Id -> table and position, for every row of the seed."""
        return {
            row_id: (table, i)
            for table, frame in self.seed.tables.items()
            for i, row_id in enumerate(frame[load_schema()["tables"][table]["key"]])
        }

    @cached_property
    def links(self) -> tuple[dict[str, list], dict[str, list]]:
        """Links out of and into each row: id -> (column, other id)."""
        out: dict[str, list] = {}
        into: dict[str, list] = {}
        for row_id, table, column, target in self.seed.links.itertuples(index=False):
            if table not in ("readings", "arguments", "consistency"):
                out.setdefault(row_id, []).append((column, target))
                into.setdefault(target, []).append((column, row_id))
        return out, into

    @cached_property
    def paragraphs(self) -> dict[str, list[str]]:
        """Paragraph -> the locators of its sentences, in order."""
        found: dict[str, list[str]] = {}
        for locator in self.seed.sentences["locator"]:
            found.setdefault(locator.rsplit(".", 1)[0], []).append(locator)
        return found

    def row(self, row_id: str) -> tuple[str, dict]:
        """Table and cells of a row; SeedError for an id that is not there."""
        if row_id not in self.places:
            raise SeedError(f"'{row_id}' is not a row of seed {self.seed.name}")
        table, place = self.places[row_id]
        return table, self.seed.tables[table].iloc[place].to_dict()

    def words(self, row_id: str) -> str:
        """A row in one line."""
        if row_id in self.called:
            return self.called[row_id]
        return in_a_line(*self.row(row_id), self.called) if row_id in self.places else row_id

    def view(self, row_id: str, among: list[str] | None = None, before: str = "") -> dict:
        """All the panel shows of a row; ``among`` are the ids behind the same mark, ``before`` the
        row one came from."""
        table, row = self.row(row_id)
        anchors = split_cell(row.get("anchors", row.get("locator", "")))
        if table in ("actors", "dimensions"):
            anchors = anchors[:1]  # they stand all over the text: the first place is enough
        sentences = self._sentences(anchors)
        where = ", ".join(anchors)
        absent = (
            f"The text is not at hand. The sentence is {where}"
            + (f", in {self._section(anchors[0])}." if anchors else ".")
            if anchors
            else "No sentence stands behind it: it is the project's own judgement."
        )
        return {
            "id": row_id,
            "before": before,
            "among": [{"id": i, "words": self.words(i)} for i in among or []],
            "kind": load_schema()["tables"][table]["title"],
            "statement": in_a_line(table, row, self.called),
            "facts": self._sure(row, where),
            "more": self._more(table, row),
            "heading": "In its paragraph" if sentences else "Where",
            "sentences": sentences,
            "absent": absent,
            "readings": self._readings(row_id),
            "links": self._linked(table, row_id),
            "cite": citation(self.seed, row_id),
        }

    def _section(self, locator: str) -> str:
        table, row = self.row(locator) if locator in self.places else ("", {})
        return vocabulary("section").get(row.get("section", ""), "the text")

    def _sentences(self, anchors: list[str]) -> list[dict]:
        wanted = [
            locator
            for name in dict.fromkeys(a.rsplit(".", 1)[0] for a in anchors)
            for locator in self.paragraphs.get(name, [])
        ]
        found = [
            {"locator": locator, "words": self.seed.sentence(locator), "anchor": locator in anchors}
            for locator in wanted
        ]
        # the paragraph is shown if the very sentence is at hand; neighbours that are not leave a
        # mark
        if not any(s["words"] for s in found if s["anchor"]):
            return []
        return [{**s, "words": s["words"] or f"[{s['locator']}]"} for s in found]

    def _sure(self, row: dict, where: str) -> list[list[str]]:
        lines = (
            [["Who says so", self.called.get(row["speaker"], row["speaker"])]]
            if row.get("speaker")
            else []
        )
        if "modality" in row:
            sure = self.sure[row["id"]]
            lines.append(["How sure", f"{CERTAINTY_LOOK[sure]} {certainty_words(row)}"])
            lines.append(
                [
                    "That is",
                    (
                        f"{vocabulary('modality')[row['modality']]}; so for us {sure}"
                        f" ({CERTAINTIES[sure]})"
                    ),
                ]
            )
        return [*lines, ["Where", where]] if where else lines

    def _more(self, table: str, row: dict) -> list[list[str]]:
        shown = {
            name: str(row[name])
            for name in _MORE
            if not _blank(row.get(name)) and str(row[name]) != in_a_line(table, row, self.called)
        }
        return [
            *([name.replace("_", " "), words] for name, words in shown.items()),
            ["id", row.get("id", row.get("locator"))],
        ]

    def _readings(self, row_id: str) -> list[dict]:
        readings = self.seed.readings
        return [
            {
                "change": (
                    f"{r['column'].replace('_', ' ').capitalize()}:"
                    f" {self._spelt(r['alternative'])}."
                ),
                "why": r["why"],
                "settle": r["what_would_settle"],
            }
            for r in readings[readings["fact"] == row_id].to_dict("records")
        ]

    def _spelt(self, value: str) -> str:
        def name(part: str) -> str:
            ends = part.split("-")  # a pair of actors
            return (
                " and ".join(self.called[e] for e in ends)
                if len(ends) == 2 and all(e in self.called for e in ends)
                else part.replace("_", " ")
            )

        return (
            "; ".join(self.called.get(part) or name(part) for part in split_cell(value))
            or "nothing"
        )

    def _linked(self, table: str, row_id: str) -> list[dict]:
        out, into = self.links
        groups: dict[str, list[str]] = {}
        for column, target in out.get(row_id, []):
            if column != "speaker":
                groups.setdefault(
                    "Names" if column in _WHO else column.replace("_", " ").capitalize(), []
                ).append(target)
        for column, source in into.get(row_id, []):
            title = (
                "Says"
                if column == "speaker"
                else "Named in"
                if column in _WHO
                else _NAMED_AS.get(column, "Stands in")
            )
            groups.setdefault(title, []).append(source)
        arguments = self.seed.arguments
        for link in arguments[
            (arguments["source"] == row_id) | (arguments["target"] == row_id)
        ].to_dict("records"):
            if link["source"] == row_id:
                groups.setdefault(link["relation"].capitalize(), []).append(link["target"])
            else:
                groups.setdefault(_PASSIVE[link["relation"]], []).append(link["source"])
        judged = self.seed.consistency
        for mark in judged[(judged["fact"] == row_id) | (judged["hypothesis"] == row_id)].to_dict(
            "records"
        ):
            title = f"Our judgement: {mark['rating'].replace('_', ' ')} with"
            groups.setdefault(title, []).append(
                mark["hypothesis"] if mark["fact"] == row_id else mark["fact"]
            )
        if table in ("arguments", "readings", "consistency"):
            row = self.row(row_id)[1]
            groups["The rows it joins" if table != "readings" else "The row it reads otherwise"] = [
                row[c] for c in ("source", "target", "fact", "hypothesis") if c in row
            ]
        shown = []
        for title, ids in sorted(groups.items(), key=lambda group: group[0] == "Names"):
            ids = [i for i in dict.fromkeys(ids) if i in self.places and i != row_id]
            more = f"and {len(ids) - MOST_LINKS} more" if len(ids) > MOST_LINKS else ""
            shown += (
                [
                    {
                        "title": title,
                        "to": [{"id": i, "words": self.words(i)} for i in ids[:MOST_LINKS]],
                        "more": more,
                    }
                ]
                if ids
                else []
            )
        return shown


def _blank(value: object) -> bool:
    return (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or value != value
        or str(value) in missing_words()
    )
