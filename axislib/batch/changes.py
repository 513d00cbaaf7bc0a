"""What differs between two finished notebooks: facts by their columns, marks by what they say, rows
by their cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from axislib.batch.outputs import Figure, Shown, Table

STATEMENT, SAYS = "statement", "who says so, how sure, where"
_TITLES = (
    "title",
    "name",
    "statement",
    "question",
    "item",
)  # the columns that name a row, the best first


def compare(run: str, before: Shown, after: Shown) -> dict[str, list[dict]]:
    """Rows for the parts ``facts``, ``figures`` and ``tables`` of a ``Difference``."""
    titles = {**_titles(before), **_titles(after)}
    facts = _facts(run, before, after, titles)
    changed, told = (
        {row["fact"] for row in facts if row["change"] == "changed"},
        {row["fact"] for row in facts},
    )
    return {
        "facts": facts,
        "figures": _figures(run, before, after, titles, changed),
        "tables": _tables(run, before, after, told),
    }


def _both(before: Iterable, after: Iterable) -> list[tuple]:
    """Figures or tables of both sides in pairs, by their names; None where one side lacks it."""
    old, new = ({part.name: part for part in side} for side in (before, after))
    return [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


def _titles(side: Shown) -> dict[str, str]:
    """Id -> what a reader calls the fact, from the tables that have a title, else from what a mark
    says of it."""
    found: dict[str, tuple[int, str]] = {}
    for table in side.tables:
        for key, row in (_rows(table, ("id",)) if "id" in _head(table) else {}).items():
            for rank, column in enumerate(_TITLES):
                if row.get(column):
                    found[key[0]] = min(found.get(key[0], (9, "")), (rank, row[column]))
    for figure in side.figures:
        for mark in figure.marks:
            for told in mark.told:
                rank = _TITLES.index(STATEMENT) if told.plain else len(_TITLES)
                found[told.fact] = min(found.get(told.fact, (9, "")), (rank, told.title))
    return {key: title for key, (_, title) in found.items()}


def _facts(run: str, before: Shown, after: Shown, titles: dict[str, str]) -> list[dict]:
    """The facts that entered, left or changed."""
    rows = []
    for change, these, those in (("left", before, after), ("entered", after, before)):
        for fact in sorted(these.facts - those.facts):
            where = [part.name for part in (*these.figures, *these.tables) if fact in part.facts]
            rows.append(
                {
                    "run": run,
                    "fact": fact,
                    "title": titles.get(fact, ""),
                    "change": change,
                    "column": "",
                    "left": "",
                    "right": "",
                    "where": "; ".join(where),
                }
            )
    places: dict[tuple, list[str]] = {}
    for old, new in _both(before.tables, after.tables):
        if old and new and old.hash != new.hash and "id" in _head(old) and "id" in _head(new):
            for fact, column, *values in _cells(old, new, ("id",)):
                places.setdefault((fact, column, *values), []).append(new.name)
    for old, new in _both(before.figures, after.figures):
        if old and new and old.hash != new.hash:
            for key in _retold(old, new):
                places.setdefault(key, []).append(new.name)
    for (fact, column, left, right), where in places.items():
        rows.append(
            {
                "run": run,
                "fact": fact,
                "title": titles.get(fact, ""),
                "change": "changed",
                "column": column,
                "left": left,
                "right": right,
                "where": "; ".join(dict.fromkeys(where)),
            }
        )
    return rows


def _retold(old: Figure, new: Figure) -> list[tuple[str, str, str, str]]:
    """Fact, column, before and after, where a figure says something else of a single fact."""
    told = [
        {
            told.fact: (told.title, told.says)
            for mark in figure.marks
            for told in mark.told
            if told.plain
        }
        for figure in (old, new)
    ]
    return [
        (fact, column, left, right)
        for fact in told[0]
        if fact in told[1]
        for column, left, right in zip((STATEMENT, SAYS), told[0][fact], told[1][fact], strict=True)
        if left != right
    ]


def _figures(
    run: str, before: Shown, after: Shown, titles: dict[str, str], changed: set[str]
) -> list[dict]:
    """The marks that entered, left or say something else; those that are only drawn otherwise are
    counted."""
    rows = []
    for old, new in _both(before.figures, after.figures):
        if old and new and old.hash == new.hash:
            continue
        name, redrawn, one, other = (
            (old or new).name,
            0,
            _by_facts(old, changed),
            _by_facts(new, changed),
        )
        for left, right in _pairs(one, other):
            row = {
                "run": run,
                "figure": name,
                "mark": _named(right or left, titles),
                "facts": right or left or "",
            }
            if not left and not right:  # a key, or a chart without facts behind its marks
                redrawn += _drawn_otherwise(one, other, "")
            elif left is None or right is None:
                said = "; ".join(one[left].labels if right is None else other[right].labels)
                change = {"left": ("left", said, ""), "right": ("entered", "", said)}[
                    "left" if right is None else "right"
                ]
                rows.append({**row, **dict(zip(("change", "left", "right"), change, strict=True))})
            elif (
                any(values := _said_otherwise(one[left], other[right], left, right, titles))
                or one[left].retold != other[right].retold
            ):
                rows.append({**row, "change": "changed", "left": values[0], "right": values[1]})
            else:
                redrawn += _drawn_otherwise(one, other, left)
        if redrawn:
            rows.append(
                {
                    "run": run,
                    "figure": name,
                    "facts": "",
                    "change": "redrawn",
                    "left": "",
                    "right": "",
                    "mark": (
                        f"{redrawn} mark{'s' if redrawn > 1 else ''} only drawn otherwise (place,"
                        " size, order)"
                    ),
                }
            )
    return rows


@dataclass
class _Together:
    """All marks of a figure that cite the same facts: for a reader they are one."""

    labels: dict[str, None] = field(default_factory=dict)
    words: dict[str, None] = field(default_factory=dict)
    retold: set[str] = field(
        default_factory=set
    )  # words on facts that changed: those are told by their columns
    data: Counter = field(default_factory=Counter)


def _by_facts(figure: Figure | None, changed: set[str]) -> dict[str, _Together]:
    found: dict[str, _Together] = {}
    for mark in figure.marks if figure else ():
        one = found.setdefault(mark.ids, _Together())
        one.labels.update(dict.fromkeys(mark.labels))
        retold = {f"{told.title} {told.says}" for told in mark.told if told.fact in changed}
        one.retold |= retold & set(mark.words)
        one.words.update(
            dict.fromkeys(word for word in (*mark.labels, *mark.words) if word not in retold)
        )
        one.data[mark.data] += 1
    return found


def _pairs(
    one: dict[str, _Together], other: dict[str, _Together]
) -> list[tuple[str | None, str | None]]:
    """Marks of the same facts; then those that share most facts, for a bar that gains a fact is
    still that bar."""
    pairs: list[tuple[str | None, str | None]] = [(key, key) for key in one if key in other]
    come = {key: set(key.split(";")) for key in other if key not in one}
    for key in [key for key in one if key not in other]:
        ids = set(key.split(";"))
        shared = {
            new: (
                bool(one[key].labels.keys() & other[new].labels.keys()),
                len(ids & facts) / len(ids | facts),
            )
            for new, facts in come.items()
            if ids & facts
        }
        nearest = max(shared, key=shared.get, default=None)
        come.pop(nearest, None)
        pairs.append((key, nearest))
    return pairs + [(None, key) for key in come]


def _said_otherwise(
    old: _Together, new: _Together, left: str, right: str, titles: dict[str, str]
) -> tuple[str, str]:
    # a box tells the first facts only: where the facts differ, they are told here and not by what
    # moved up in the box
    words = (old.words, new.words) if left == right else (old.labels, new.labels)
    sides = [[word for word in mine if word not in theirs] for mine, theirs in (words, words[::-1])]
    for side, mine, theirs in ((sides[0], left, right), (sides[1], right, left)):
        side += [
            f"behind it: {titles.get(fact) or fact}"
            for fact in mine.split(";")
            if fact not in theirs.split(";")
        ]
    return "; ".join(sides[0]), "; ".join(sides[1])


def _drawn_otherwise(one: dict[str, _Together], other: dict[str, _Together], key: str) -> int:
    data = [side[key].data if key in side else Counter() for side in (one, other)]
    return max((data[0] - data[1]).total(), (data[1] - data[0]).total())


def _named(ids: str | None, titles: dict[str, str]) -> str:
    each = (ids or "").split(";")
    more = f" and {len(each) - 3} more" if len(each) > 3 else ""
    return "; ".join(titles.get(one) or one for one in each[:3]) + more


def _head(table: Table) -> tuple[str, ...]:
    return table.rows[0]


def _rows(table: Table, key: tuple[str, ...]) -> dict[tuple, dict[str, str]]:
    """The table's rows by the cells of the key's columns; rows that share a key are left out."""
    rows = [dict(zip(_head(table), row, strict=False)) for row in table.rows[1:]]
    keys = [tuple(row.get(column, "") for column in key) for row in rows]
    often = Counter(keys)
    return {k: row for k, row in zip(keys, rows, strict=True) if often[k] == 1}


def _cells(old: Table, new: Table, key: tuple[str, ...]) -> list[tuple[str, str, str, str]]:
    """Row, column, before and after of each cell that differs in a row that both have."""
    one, other = _rows(old, key), _rows(new, key)
    columns = [column for column in dict.fromkeys([*_head(old), *_head(new)]) if column]
    return [
        (", ".join(filter(None, k)), column, one[k].get(column, ""), other[k].get(column, ""))
        for k in one
        if k in other
        for column in columns
        if one[k].get(column, "") != other[k].get(column, "")
    ]


def _key(old: Table, new: Table) -> tuple[str, ...]:
    """The columns that tell a table's rows apart on both sides: its ids, else as many of the first
    as it takes, at most three."""
    if "id" in _head(old) and "id" in _head(new):
        return ("id",)
    for count in (1, 2, 3):
        key = _head(old)[:count]
        if (
            key == _head(new)[:count]
            and all(key)
            and all(len(_rows(table, key)) == len(table.rows) - 1 for table in (old, new))
        ):
            return key
    return ()


def _tables(run: str, before: Shown, after: Shown, told: set[str]) -> list[dict]:
    """The other rows of result tables that entered, left or changed; ``told`` are facts that are
    accounted for already."""
    rows = []
    for old, new in _both(before.tables, after.tables):
        if old and new and old.hash == new.hash:
            continue
        name, key = (old or new).name, _key(old, new) if old and new else ()
        for row, column, left, right in _cells(old, new, key) if key else ():
            if row not in told:
                rows.append(
                    {
                        "run": run,
                        "table": name,
                        "row": row,
                        "change": "changed",
                        "column": column,
                        "left": left,
                        "right": right,
                    }
                )
        paired = (_rows(old, key).keys() & _rows(new, key).keys()) if key else set()
        sides = [Counter(_lines(table, key, paired, told)) for table in (old, new)]
        for change, gone in (("left", sides[0] - sides[1]), ("entered", sides[1] - sides[0])):
            rows += [
                {
                    "run": run,
                    "table": name,
                    "row": line,
                    "change": change,
                    "column": "",
                    "left": "",
                    "right": "",
                }
                for line in gone.elements()
            ]
    return rows


def _lines(
    table: Table | None, key: tuple[str, ...], paired: set[tuple], told: set[str]
) -> list[str]:
    """A table's rows as lines, without those that stand on both sides and those of facts told
    already."""
    found = []
    for row in table.rows[1:] if table else ():
        cells = dict(zip(_head(table), row, strict=False))
        if (
            not (key and tuple(cells.get(column, "") for column in key) in paired)
            and cells.get("id") not in told
        ):
            found.append(" | ".join(row))
    return found
