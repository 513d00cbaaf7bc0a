"""What is behind a row: who says so, how sure, where, alternative codings, linked rows, citation;
and the rows listed under a chart.

The panel of the explorer and that of the report show the same; ``panel.js`` draws it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from axislib import words as wording
from axislib.errors import SeedError
from axislib.figures.palette import CERTAINTY
from axislib.files import guard
from axislib.seed.seed import Seed
from axislib.tables import schema
from axislib.tables.schema import certainty, fact_tables, fields_of, load_schema, split_cell
from axislib.words import RATED, certainty_words, citation, counted, curly, in_a_line, spoken

MOST_LINKS = 12
_LISTED = {"speaker": "who says so", "sure": "how it is put"}  # what a file calls these columns
_COLUMNS = ["id", "statement", "speaker", "sure", "where", "table"]
PAGE = 25  # rows on a page of the list: it does not scroll
_DOSSIER = re.compile(r"\bdossiers? [A-Z]+\d+(, [A-Z]+\d+)*[;,.]?\s*")  # the makers' own files
_JOINING = ("readings", "arguments", "consistency")  # tables whose rows are links themselves
_WHO = "actors coalition actor giver receiver subject object left right addressee".split()
_OUTWARD = {"in_return_for": "In return for", "relative_to": "Dated relative to"}
_OUTWARD |= dict.fromkeys(_WHO, "Names")
# how a link reads from the row that it leads to
_INWARD = {"about": "Mentioned in", "in_return_for": "Repaid by", "frame": "In this frame"}
_INWARD |= {"relative_to": "Dated relative to this", "acts_for": "Acts for it", "speaker": "Says"}
_INWARD |= dict.fromkeys(_WHO, "Named in")
_PASSIVE = {"supports": "Supported by", "attacks": "Attacked by"}
_PASSIVE |= {"qualifies": "Qualified by", "contradicts": "Contradicted by"}
_MORE = "role aliases question definition origin title date date_words quantity_words".split()
_MORE += "purpose scope note reason coder why what_would_settle publisher bearing test".split()
_MORE += "contested measure value low high answer unit as_of confidence no_fact_reason".split()
_MEANT = {  # of a basis and a polarity that are not the usual ones
    "implied": "implied, not said outright",
    "coded_by_us": "our inference, not in the text",
    "denied": "said not to be so",
    "left_open": "left open whether the statement is true",
}
Groups = dict[str, list[str]]


class Evidence:
    """Answers for one opened seed, whole: a linked row need not be among those asked for."""

    def __init__(self, seed: Seed):
        self.seed, self.places = seed, seed.places

    @cached_property
    def called(self) -> dict[str, str]:
        """Id -> the words for it."""
        return spoken(self.seed)

    @cached_property
    def sure(self) -> dict[str, str]:
        """Fact id -> ``known``, ``presumed`` or ``unclear``."""
        return dict(zip(self.seed.facts["id"], certainty(self.seed.facts), strict=True))

    @cached_property
    def _rows(self) -> dict[str, list[dict]]:
        return {table: frame.to_dict("records") for table, frame in self.seed.tables.items()}

    @cached_property
    def links(self) -> dict[str, Groups]:
        """Row -> heading -> the rows it is linked with under it, in both directions."""
        found: dict[str, Groups] = defaultdict(lambda: defaultdict(list))
        for row_id, table, column, target in self.seed.links.itertuples(index=False):
            if table not in _JOINING:
                found[target][_INWARD.get(column, "Used in")].append(row_id)
                if column != "speaker":
                    plain = str(column).replace("_", " ").capitalize()
                    found[row_id][_OUTWARD.get(column, plain)].append(target)
        facts = self.seed.evidence[self.seed.evidence["id"].isin(self.sure)]
        for row_id, locator in zip(facts["id"], facts["locator"], strict=True):
            found[locator]["Statements taken from it"].append(row_id)
        self._join(found)
        return found

    def _join(self, found: dict[str, Groups]) -> None:
        """The rows that are links themselves: on both rows they join, and on themselves."""
        for row in self.seed.arguments.to_dict("records"):
            found[row["source"]][row["relation"].capitalize()].append(row["target"])
            found[row["target"]][_PASSIVE[row["relation"]]].append(row["source"])
            found[row["id"]]["Links"] += [row["source"], row["target"]]
        for row in self.seed.consistency.to_dict("records"):
            heading = f"Our judgement: {RATED.get(row['rating'], row['rating'].replace('_', ' '))}"
            found[row["fact"]][heading].append(row["hypothesis"])
            found[row["hypothesis"]][heading].append(row["fact"])
            found[row["id"]]["Links"] += [row["fact"], row["hypothesis"]]
        for row in self.seed.readings.to_dict("records"):
            found[row["id"]]["Codes differently"].append(row["fact"])

    @cached_property
    def readings(self) -> dict[str, list[dict]]:
        """Fact -> its alternative codings: ``change``, ``why``, and what would ``settle`` it."""
        found: dict[str, list[dict]] = defaultdict(list)
        for row in self.seed.readings.to_dict("records"):
            column = wording.capital(wording.column_words(row["column"]))
            change = f"{column}: {self.spelt(row['alternative'])}."
            told = {"change": change, "why": row["why"], "settle": row["what_would_settle"]}
            found[row["fact"]].append(told)
        return found

    def row(self, row_id: str) -> tuple[str, dict]:
        """Table and cells of a row; SeedError for an id that is not there."""
        if row_id not in self.places:
            raise SeedError(f"'{row_id}' is not a row of data set {self.seed.name}")
        table, position = self.places[row_id]
        return table, self._rows[table][position]

    def words(self, row_id: str) -> str:
        """A row in one line; for an id of another seed the id itself."""
        if row_id in self.called:
            return self.called[row_id]
        return in_a_line(*self.row(row_id), self.called) if row_id in self.places else row_id

    def leading_to(self, row_id: str, from_words: str) -> str:
        """The words of a link; where they say the same as the row it is in, the table is named."""
        words = self.words(row_id)
        return f"{words} ({self.kind(row_id)})" if words == from_words else words

    def kind(self, row_id: str) -> str:
        """What kind of row it is."""
        return load_schema()["tables"][self.row(row_id)[0]]["title"]

    def how(self, row: dict) -> str:
        """How a statement is put, after the sign for how sure it is."""
        return f"{CERTAINTY[self.sure[row['id']]].sign} {certainty_words(row)}"

    def view(self, row_id: str) -> dict:
        """All that the panel shows of a row but the sentences' words; ``anchors`` names them."""
        table, row = self.row(row_id)
        statement = in_a_line(table, row, self.called)
        places = [p for p in split_cell(row.get("anchors", row.get("locator", ""))) if "." in p]
        return {
            "id": row_id,
            "kind": self.kind(row_id),
            "statement": statement,
            "facts": self._told(row, places),
            # people and dimensions are all over the text: their first place is enough
            "anchors": places[:1] if table in ("actors", "dimensions") else places,
            "sources": [
                {"words": wording.source_line({**source, "url": ""}), "url": source["url"]}
                for source in wording.sources_of(self.seed, row)
            ],
            "more": self._more(table, row, statement),
            "readings": self.readings.get(row_id, []),
            "links": self._linked(row_id),
            "cite": citation(self.seed, row_id),
        }

    def paragraph(self, anchors: list[str]) -> list[dict]:
        """The sentences of the paragraphs of these, in order: ``locator``, ``words``, ``anchor``.

        None where the words of none of these are available; a neighbour without leaves its locator.
        """
        wanted = {locator.rsplit(".", 1)[0] for locator in anchors}
        found = [
            {"locator": p, "words": self.seed.sentence(p), "anchor": p in anchors}
            for p in self.seed.sentences["locator"]
            if p.rsplit(".", 1)[0] in wanted
        ]
        if not any(sentence["words"] for sentence in found if sentence["anchor"]):
            return []
        return [{**each, "words": each["words"] or f"[{each['locator']}]"} for each in found]

    def _told(self, row: dict, places: list[str]) -> list[list[str]]:
        """Who says it, how it is put and where, as far as a row has them."""
        lines = []
        if speaker := row.get("speaker"):
            lines.append(["Who says so", self.called.get(speaker, speaker)])
        if "modality" in row:
            shown_as = self.sure[row["id"]].replace("unclear", "neither known nor presumed")
            lines.append(["How it is put", self.how(row)])
            put = f"{_in_full(row)}; we count it as {shown_as}"
            lines.append(["How certain", f"{put}. Whether it is true is another question"])
        ours = row.get("basis") == "coded_by_us"
        lines += [["Whose", "our judgement"]] if ours else []
        lines += [["When", "the text gives no date"]] * (row.get("date_basis") == "undated")
        where = [["Based on" if ours else "Where", wording.places_in_words(places)]]
        lines += where if places else []
        external = row.get("layer") != self.seed.metadata.get("layer", "article")
        return [*lines, ["Data set", "external record"]] if external else lines

    def _more(self, table: str, row: dict, statement: str) -> list[list[str]]:
        fields = {field["name"]: field for field in fields_of(table)}
        told = {name: _spoken(row[name], fields[name]) for name in _MORE if name in fields}
        shown = [
            [name.replace("_", " ").capitalize(), words]
            for name, words in told.items()
            if words not in ("", statement)
            and not pd.isna(row[name])
            and row[name] not in schema.missing_words()
        ]
        return [*shown, ["ID", row.get("id") or row["locator"]]]

    def spelt(self, value: str) -> str:
        """A cell of ids in words."""
        return wording.spelt(value, self.called)

    def _linked(self, row_id: str) -> list[dict]:
        groups = self.links.get(row_id, {})
        shown = []
        for heading in sorted(groups, key=lambda heading: heading == "Names"):
            ids = [i for i in dict.fromkeys(groups[heading]) if i in self.places and i != row_id]
            more = f"and {len(ids) - MOST_LINKS} more" if len(ids) > MOST_LINKS else ""
            shown += [{"title": heading, "to": ids[:MOST_LINKS], "more": more}] if ids else []
        return shown


def _in_full(row: dict) -> str:
    """How a statement is put, spelt out."""
    parts = [_MEANT[row[name]] for name in ("basis", "polarity") if row[name] in _MEANT]
    if not parts or row["modality"] != "asserted":
        parts.insert(0, schema.vocabulary("modality")[row["modality"]])
    return "; ".join(parts)


def _spoken(value: object, field: dict) -> str:
    """A cell as a reader would say it: a permitted word with its meaning."""
    words = _DOSSIER.sub("", str(value))
    if field.get("format") == "edtf":
        return wording.date_in_words(words)
    known = schema.vocabulary(field["vocabulary"]) if field.get("vocabulary") else {}
    spoken = words if " " in words else words.replace("_", " ")
    return f"{spoken}: {known[words]}" if words in known else spoken


def choice(value: str, label: str, note: str = "", group: str = "", also: str = "") -> dict:
    """A choice: value and label, what explains it, its group, and other names it is found by."""
    shown = {"label": curly(label), "note": curly(note), "group": curly(group)}
    return {"value": value, "also": also, **shown}


class Listing:
    """The rows of some tables of one part of a seed, and the words for a page of them.
    ``drawn`` are the rows behind the chart, where only those are asked for."""

    def __init__(
        self,
        part: Seed,
        evidence: Evidence,
        words: str,
        tables: Sequence[str],
        hedged: bool,
        drawn: set[str] | None,
    ):
        self.part, self.evidence = part, evidence
        wanted = [] if drawn is None else [drawn]
        wanted += [set(part.search(words)["id"])] if words.strip() else []
        wanted += [set(part.facts.loc[part.facts["hedge"] != "", "id"])] if hedged else []
        listed = tables or (list(part.tables) if words.strip() else fact_tables())
        listed = sorted(listed, key=lambda table: hedged and table != "claims")
        self.ids = [
            row_id
            for table in listed
            for row_id in part.tables[table][load_schema()["tables"][table]["key"]]
            if all(row_id in among for among in wanted)
        ]
        self.pages = max(1, -(-len(self.ids) // PAGE))

    def page(self, number: int) -> list[dict]:
        """The rows of one page: id, statement, speaker, how sure, where, table."""
        rows = map(self._row, self.ids[number * PAGE : (number + 1) * PAGE])
        return [{name: curly(cell) for name, cell in row.items()} for row in rows]

    def csv(self) -> str:
        """All rows listed, as a CSV with names in the place of ids."""
        rows = [self._row(row_id, most=len(self.part.sentences)) for row_id in self.ids]
        frame = pd.DataFrame(rows, columns=_COLUMNS).rename(columns=_LISTED)
        return frame.map(guard).to_csv(index=False, lineterminator="\n")

    def _row(self, row_id: str, most: int = 3) -> dict:
        table, row = self.evidence.row(row_id)
        where = split_cell(row.get("anchors", row.get("locator", "")))
        more = f" and {len(where) - most} more" if len(where) > most else ""
        speaker = row.get("speaker", "")
        return {
            "id": row_id,
            "statement": in_a_line(table, row, self.evidence.called),
            "table": self.evidence.kind(row_id),
            "speaker": self.evidence.called.get(speaker, speaker),
            "sure": self.evidence.how(row) if "modality" in row else "",
            "where": ", ".join(where[:most]) + more,
        }

    def says(self, number: int) -> str:
        """Which rows of how many are on the page."""
        first, total = number * PAGE + 1, len(self.ids)
        last = min(total, (number + 1) * PAGE)
        return f"rows {first} to {last} of {total}" if total else "no row meets all of this"

    def found(self, actors: Sequence[str]) -> str:
        """How many rows are listed; where actors were asked for, how many name one of them."""
        said = counted(len(self.ids), "row")
        if not actors:
            return said
        naming = sum(not self.part.named.get(i, set()).isdisjoint(actors) for i in self.ids)
        who = " or ".join(self.evidence.called[actor] for actor in actors)
        return f"{said}: {naming} name {who}, {len(self.ids) - naming} mean it among others"
