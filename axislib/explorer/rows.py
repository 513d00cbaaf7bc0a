"""The rows that are listed under the chart: whole tables of the part that was asked for, a page at
a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from axislib.figures.palette import CERTAINTY
from axislib.seed.seed import Seed
from axislib.tables.schema import GROUPS, fact_tables, load_schema, split_cell
from axislib.words import certainty_words, in_a_line

PAGE = 50


def table_fields() -> list[dict]:
    """The fields above the list: which tables, which rows, which words."""
    tables = load_schema()["tables"]
    choices = [
        {
            "value": name,
            "label": table["title"],
            "note": table["description"].split(". ")[0],
            "group": group[0].upper() + group[1:],
        }
        for group in GROUPS
        for name, table in tables.items()
        if table["group"] == group
    ]
    return [
        {
            "name": "tables",
            "kind": "many",
            "label": "Tables",
            "help": "which tables are listed",
            "choices": choices,
            "empty": "all facts",
        },
        {
            "name": "drawn",
            "kind": "flag",
            "label": "only rows behind the chart",
            "help": "the rows behind its points",
        },
        {
            "name": "words",
            "kind": "search",
            "label": "With the words",
            "help": "only rows that say this",
            "size": 14,
        },
    ]


class Listing:
    """The rows of some tables of one part of a seed, and the words for a page of them."""

    def __init__(
        self,
        part: Seed,
        called: dict[str, str],
        sure: dict[str, str],
        tables: Sequence[str] = (),
        only: set[str] | None = None,
        words: str = "",
    ):
        self.part, self.called, self.sure = part, called, sure
        self.keys: list[tuple[str, int]] = []
        for table in tables or fact_tables():
            frame = part.tables[table]
            keep = range(len(frame))
            if only is not None:
                ids = frame[load_schema()["tables"][table]["key"]].isin(only).to_numpy()
                keep = [i for i in keep if ids[i]]
            if words:
                sought = words.lower()
                keep = [
                    i
                    for i, row in zip(keep, frame.iloc[list(keep)].to_dict("records"), strict=True)
                    if sought in in_a_line(table, row, called).lower()
                ]
            self.keys += [(table, i) for i in keep]
        self.pages = max(1, -(-len(self.keys) // PAGE))

    def page(self, number: int) -> list[dict]:
        """The rows of one page: id, statement, speaker, how sure, where, table."""
        rows, titles = [], load_schema()["tables"]
        for table, row in self._cells(self.keys[number * PAGE : (number + 1) * PAGE]):
            where = split_cell(row.get("anchors", row.get("locator", "")))
            rows.append(
                {
                    "id": row.get("id", row.get("locator")),
                    "statement": in_a_line(table, row, self.called),
                    "table": titles[table]["title"],
                    "speaker": self.called.get(row.get("speaker", ""), row.get("speaker", "")),
                    "sure": _sure(row, self.sure),
                    "where": (
                        ", ".join(where[:3])
                        + (f" and {len(where) - 3} more" if len(where) > 3 else "")
                    ),
                }
            )
        return rows

    def _cells(self, keys: list[tuple[str, int]]) -> Iterator[tuple[str, dict]]:
        for table, group in itertools.groupby(keys, key=lambda key: key[0]):
            for row in (
                self.part.tables[table].iloc[[place for _, place in group]].to_dict("records")
            ):
                yield table, row

    def says(self, number: int) -> str:
        """Which rows of how many are on the page."""
        total = len(self.keys)
        return (
            f"rows {number * PAGE + 1} to {min(total, (number + 1) * PAGE)} of {total}"
            if total
            else "no row meets all of this"
        )


def _sure(row: dict, sure: dict[str, str]) -> str:
    return f"{CERTAINTY[sure[row['id']]].sign} {certainty_words(row)}" if "modality" in row else ""
