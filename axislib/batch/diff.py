"""Two runs, or two batches, compared: statements, marks, rows of tables and parameters."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from axislib.batch.manifest import Store, read_rows
from axislib.batch.outputs import Figure, Shown, Table, shown
from axislib.errors import SeedError

COLUMNS = {
    "runs": ["run", "change", "left", "right", "left_status", "right_status"],
    "parameters": ["run", "parameter", "left", "right"],
    "facts": ["run", "fact", "title", "change", "column", "left", "right", "where"],
    "figures": ["run", "figure", "change", "mark", "facts", "left", "right"],
    "tables": ["run", "table", "change", "row", "column", "left", "right"],
}
_TITLES = ("title", "name", "statement", "question", "item")  # columns that name a row, best first
_NAMED = 3  # statements that a mark is named after, before it says how many more there are
_LONGEST_KEY = 3  # columns that may together tell the rows of a table apart


@dataclass(frozen=True)
class Difference:
    """What is different on the right; each part a DataFrame, empty where nothing is.

    ``runs``: a row for each pair (``same``, ``changed``, ``only_left``, ``only_right``).
    ``parameters``: those that differ within a pair. ``facts``: statements that ``entered`` or
    ``left``, and each column in which one ``changed``, with where it is shown. ``figures``: points,
    bars and cells that ``entered`` or ``left``, or say or cite something else (``changed``); those
    only drawn differently are counted (``redrawn``). ``tables``: the other rows of result tables
    that ``entered``, ``left`` or ``changed``.
    """

    left: str
    right: str
    runs: pd.DataFrame
    parameters: pd.DataFrame
    facts: pd.DataFrame
    figures: pd.DataFrame
    tables: pd.DataFrame

    def __bool__(self) -> bool:
        """Whether anything differs at all."""
        return bool((self.runs["change"] != "same").any() or len(self.parameters))

    def __str__(self) -> str:
        runs = self.runs["change"].value_counts()
        order = ("same", "changed", "only_left", "only_right")
        parts = [", ".join(f"{runs[one]} {one.replace('_', ' ')}" for one in order if one in runs)]
        facts = self.facts.drop_duplicates(["run", "fact"])
        tables = self.tables.drop_duplicates(["run", "table", "row"])
        for part in (facts, self.figures, tables):
            counts = part["change"].value_counts()
            changes = ("entered", "left", "changed")
            parts.append(", ".join(f"{counts.get(name, 0)} {name}" for name in changes))
        heads = ("runs", "statements", "points, bars and cells", "other table rows")
        return "; ".join(f"{head}: {part}" for head, part in zip(heads, parts, strict=True))


def diff_runs(left: str | Path, right: str | Path) -> Difference:
    """What changed from ``left`` to ``right``: two executed notebooks, or two folders of batches.

    Runs of two batches are paired by the name of their output, then by notebook and parameters;
    where the manifests say that figures and tables are the same, the notebooks are not opened.
    Raises SeedError if one is neither. It compares what is shown: a statement that no figure and no
    table shows is not seen.
    """
    found: dict[str, list] = {name: [] for name in COLUMNS}
    for before, after in _paired_sides(_sides(Path(left)), _sides(Path(right))):
        for name, rows in _compared(before, after).items():
            found[name] += rows
    frames = {name: pd.DataFrame(found[name], columns=columns) for name, columns in COLUMNS.items()}
    return Difference(Path(left).name, Path(right).name, **frames)


def _compared(before: _Side | None, after: _Side | None) -> dict[str, list]:
    """Rows for all parts of a ``Difference``, from one pair."""
    sides = before or _NO_RUN, after or _NO_RUN
    old, new = sides
    run, about = old.name or new.name, (old.path.name, new.path.name, old.status, new.status)
    if _NO_RUN in sides:
        return {"runs": [(run, "only_left" if before else "only_right", *about)]}
    parts: dict[str, list] = {"parameters": _parameters(run, old, new)}
    changed = old.status != new.status
    if old.hashes is None or old.hashes != new.hashes:
        shown_parts = _compare(run, old.shown(), new.shown())
        changed = changed or any(shown_parts.values())
        parts |= shown_parts
    return {"runs": [(run, "changed" if changed else "same", *about)], **parts}


# --- what is compared


@dataclass(frozen=True)
class _Side:
    """One executed notebook: where it is and what is known of it without opening it."""

    path: Path
    name: str
    notebook: str
    parameters: dict[str, Any]
    status: str
    hashes: tuple | None  # of figures and tables, from the manifest

    def shown(self) -> Shown:
        """Its figures and tables; none of a run that was cancelled or is not there."""
        if self.status == "cancelled" or not self.path.is_file():
            return Shown((), ())
        return shown(_load(self.path))


_NO_RUN = _Side(Path(), "", "", {}, "", None)


def _sides(path: Path) -> list[_Side]:
    if path.is_file() and path.suffix == ".ipynb":
        return [_single(path)]
    folder = path.parent if path.name in ("manifest.csv", "manifest.json") else path
    rows = read_rows(Store(str(folder))) if folder.is_dir() else {}
    if not rows:
        raise SeedError(
            f"'{path}' is neither an executed notebook nor the folder of a batch (it has no"
            " manifest.json)"
        )
    return [
        _Side(
            folder / row["output"],
            row["output"],
            row["notebook"],
            row["parameters"],
            row["status"],
            tuple((part["name"], part["hash"]) for part in (*row["figures"], *row["tables"])),
        )
        for row in sorted(rows.values(), key=lambda row: row["number"])
    ]


def _single(path: Path) -> _Side:
    notebook = _load(path)
    known = notebook.get("metadata", {}).get("papermill", {})
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    failed = any(output.get("output_type") == "error" for output in outputs)
    name, given = Path(str(known.get("input_path", ""))).stem, known.get("parameters", {})
    return _Side(path, path.name, name, given, "failed" if failed else "done", None)


def _load(path: Path) -> dict:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(notebook["cells"], list):
            return notebook
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise SeedError(f"'{path.name}' cannot be read as a notebook; run it again")


def _paired_sides(left: list[_Side], right: list[_Side]) -> list[tuple[_Side | None, _Side | None]]:
    """The runs of both sides in pairs, in the order of the left; None where one side lacks it."""
    if len(left) == len(right) == 1:
        return [(left[0], right[0])]
    partners: dict[int, _Side] = {}
    rest = list(right)
    for key in (
        lambda side: side.name,
        lambda side: json.dumps([side.notebook, side.parameters], sort_keys=True),
    ):
        known = {key(side): side for side in rest}
        for place, side in enumerate(left):
            if place not in partners and (partner := known.pop(key(side), None)):
                partners[place] = partner
                rest.remove(partner)
    pairs = [(side, partners.get(place)) for place, side in enumerate(left)]
    return [*pairs, *((None, side) for side in rest)]


def _parameters(run: str, before: _Side, after: _Side) -> list[tuple]:
    sides = [
        {name: json.dumps(value, ensure_ascii=False) for name, value in side.parameters.items()}
        for side in (before, after)
    ]
    names = dict.fromkeys([*sides[0], *sides[1]])
    values = [(run, name, *(side.get(name, "(default)") for side in sides)) for name in names]
    return [row for row in values if row[2] != row[3]]


def _compare(run: str, before: Shown, after: Shown) -> dict[str, list[tuple]]:
    """Rows for the parts ``facts``, ``figures`` and ``tables`` of a ``Difference``."""
    titles = {**_titles(before), **_titles(after)}
    facts = [*_moved(before, after), *_changed(before, after)]
    known = {fact for fact, *_ in facts}
    return {
        "facts": [(run, fact, titles.get(fact, ""), *row) for fact, *row in facts],
        "figures": [(run, *row) for row in _figures(before, after, titles)],
        "tables": [(run, *row) for row in _tables(before, after, known)],
    }


def _both(before: Iterable, after: Iterable) -> list[tuple]:
    """Pairs of figures or tables of one name that differ; None where one side lacks it."""
    old, new = ({part.name: part for part in side} for side in (before, after))
    pairs = [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
    return [(one, other) for one, other in pairs if not one or not other or one.hash != other.hash]


def _titles(side: Shown) -> dict[str, str]:
    """Id -> what a reader calls the row, from the tables that have a title, else its statement."""
    found = {row_id: row["statement"] for part in side.figures for row_id, row in part.rows.items()}
    tables = [_rows(table, ("id",)) for table in side.tables if _have_ids(table)]
    for column in _TITLES[::-1]:
        for rows in tables[::-1]:
            found |= {row_id: row[column] for (row_id,), row in rows.items() if row.get(column)}
    return found


# --- statements


def _moved(before: Shown, after: Shown) -> list[tuple]:
    """The statements that entered or left, and where they are shown."""
    rows = []
    for change, these, those in (("left", before, after), ("entered", after, before)):
        parts = [(part.name, part.facts) for part in (*these.figures, *these.tables)]
        for fact in sorted(these.facts - those.facts):
            where = "; ".join(name for name, facts in parts if fact in facts)
            rows.append((fact, change, "", "", "", where))
    return rows


def _changed(before: Shown, after: Shown) -> list[tuple]:
    """Each column in which a statement changed, and where it is shown."""
    where: dict[tuple, list[str]] = {}
    for old, new in _both(before.tables, after.tables):
        for key in _cells(old, new, ("id",)) if _have_ids(old, new) else ():
            where.setdefault(key, []).append(new.name)
    # a table gives names where a row has ids: what a table tells is not told again
    by_column = {(key[0], key[1].replace(" ", "_")): key for key in where}
    for old, new in _both(before.figures, after.figures):
        for key in _cells(old, new, ("id",)) if old and new else ():
            where.setdefault(by_column.get(key[:2], key), []).append(new.name)
    found = ((key, "; ".join(dict.fromkeys(names))) for key, names in where.items())
    return [(fact, "changed", *values, names) for (fact, *values), names in found]


def _have_ids(*tables: Table | None) -> bool:
    return all(table is not None and "id" in table.rows[0] for table in tables)


# --- figures


@dataclass
class _Together:
    """All marks of a figure that cite the same rows: for a reader they are one."""

    labels: dict[str, None] = field(default_factory=dict)
    drawn: Counter = field(default_factory=Counter)


def _figures(before: Shown, after: Shown, titles: dict[str, str]) -> list[tuple]:
    """The marks that entered, left or say something else; those redrawn are counted."""
    rows = []
    for old, new in _both(before.figures, after.figures):
        name, redrawn = (old or new).name, 0
        changed = _changed_rows(old, new) if old and new else set()
        one, other = _by_facts(old), _by_facts(new)
        for left, right in _pairs(one, other):
            change = _change(one, other, left, right, titles, changed)
            if change:
                named = _named(right or left, titles)
                rows.append((name, change[0], named, right or left, *change[1:]))
            else:
                redrawn += _drawn_differently(one, other, left)
        if redrawn:
            many = f"{redrawn:,} points, bars or cells are"
            words = "1 point, bar or cell is" if redrawn == 1 else many
            words += " only drawn differently (place, size, order)"
            rows.append((name, "redrawn", words, "", "", ""))
    return rows


def _changed_rows(old: Figure, new: Figure) -> set[str]:
    """Ids of the rows behind both figures that differ."""
    return {row_id for row_id, row in old.rows.items() if new.rows.get(row_id, row) != row}


def _change(
    one: dict[str, _Together],
    other: dict[str, _Together],
    left: str,
    right: str,
    titles: dict[str, str],
    changed: set[str],
) -> tuple[str, str, str] | None:
    """What became of a mark: the change, what it said before and what it says after."""
    if not left and not right:  # a key, or a chart without rows behind its marks
        return None
    if not right:
        return "left", "; ".join(one[left].labels), ""
    if not left:
        return "entered", "", "; ".join(other[right].labels)
    before, after = list(one[left].labels), list(other[right].labels)
    ids, new_ids = left.split(";"), right.split(";")
    said = (_lost(before, after, ids, new_ids, titles), _lost(after, before, new_ids, ids, titles))
    return ("changed", *said) if any(said) or changed & {*ids, *new_ids} else None


def _lost(
    labels: list[str], others: list[str], ids: list[str], other_ids: list[str], titles: dict
) -> str:
    """What one side of a mark says and cites, and the other does not."""
    words = [label for label in labels if label not in others]
    words += [f"behind it: {titles.get(i) or i}" for i in ids if i not in other_ids]
    return "; ".join(words)


def _by_facts(figure: Figure | None) -> dict[str, _Together]:
    found: dict[str, _Together] = {}
    for mark in figure.marks if figure else ():
        together = found.setdefault(mark.ids, _Together())
        together.labels.update(dict.fromkeys(mark.labels))
        together.drawn[mark.drawn] += 1
    return found


def _pairs(one: dict[str, _Together], other: dict[str, _Together]) -> list[tuple[str, str]]:
    """Marks of the same rows, then those that share most; empty where one side lacks it."""
    pairs = [(key, key) for key in one if key in other]
    come = {key: set(key.split(";")) for key in other if key not in one}
    for key in [key for key in one if key not in other]:
        ids = set(key.split(";"))
        shared = {
            new: (
                bool(one[key].labels.keys() & other[new].labels.keys()),
                len(both) / len(ids | facts),
            )
            for new, facts in come.items()
            if (both := ids & facts)
        }
        nearest = max(shared, key=shared.__getitem__, default="")
        if nearest:
            del come[nearest]
        pairs.append((key, nearest))
    return pairs + [("", key) for key in come]


def _drawn_differently(one: dict[str, _Together], other: dict[str, _Together], key: str) -> int:
    before, after = (side[key].drawn if key in side else Counter() for side in (one, other))
    return max((before - after).total(), (after - before).total())


def _named(ids: str, titles: dict[str, str]) -> str:
    each = ids.split(";")
    more = f" and {len(each) - _NAMED} more" if len(each) > _NAMED else ""
    return "; ".join(titles.get(row_id) or row_id for row_id in each[:_NAMED]) + more


# --- tables


def _tables(before: Shown, after: Shown, known: set[str]) -> list[tuple]:
    """The other rows that entered, left or changed; ``known`` are statements listed already."""
    rows = []
    for old, new in _both(before.tables, after.tables):
        name, key = (old or new).name, _key(old, new)
        cells = _cells(old, new, key) if key else []
        rows += [(name, "changed", *cell) for cell in cells if cell[0] not in known]
        paired = _rows(old, key).keys() & _rows(new, key).keys() if key else set()
        one, other = (Counter(_lines(table, key, paired, known)) for table in (old, new))
        for change, gone in (("left", one - other), ("entered", other - one)):
            rows += [(name, change, line, "", "", "") for line in gone.elements()]
    return rows


def _rows(part: Figure | Table, key: tuple[str, ...]) -> dict[tuple, dict[str, Any]]:
    """The rows of a table by the cells of the key's columns, those behind a figure by their id;
    rows that share a key are left out."""
    if isinstance(part, Figure):
        return {(i,): json.loads(row.get("row", "{}")) for i, row in part.rows.items()}
    rows = [dict(zip(part.rows[0], row, strict=False)) for row in part.rows[1:]]
    keys = [tuple(row.get(column, "") for column in key) for row in rows]
    often = Counter(keys)
    return {k: row for k, row in zip(keys, rows, strict=True) if often[k] == 1}


def _cells(
    old: Figure | Table, new: Figure | Table, key: tuple[str, ...]
) -> list[tuple[str, str, str, str]]:
    """Row, column, before and after of each cell that differs in a row that both have."""
    one, other, cells = _rows(old, key), _rows(new, key), []
    for row in (row for row in one if row in other):
        for column in filter(None, dict.fromkeys([*one[row], *other[row]])):
            was, now = (str(side[row].get(column, "")) for side in (one, other))
            cells += [(", ".join(filter(None, row)), column, was, now)] * (was != now)
    return cells


def _key(old: Table | None, new: Table | None) -> tuple[str, ...]:
    """The columns that tell a table's rows apart on both sides: ids, else as few as it takes."""
    if old is None or new is None:
        return ()
    if _have_ids(old, new):
        return ("id",)
    for count in range(1, _LONGEST_KEY + 1):
        key = old.rows[0][:count]
        alone = all(len(_rows(table, key)) == len(table.rows) - 1 for table in (old, new))
        if alone and all(key) and key == new.rows[0][:count]:
            return key
    return ()


def _lines(
    table: Table | None, key: tuple[str, ...], paired: set[tuple], known: set[str]
) -> list[str]:
    """A table's rows as lines, without those on both sides and those of ``known`` statements."""
    found = []
    header, *rows = table.rows if table else [()]
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        on_both = tuple(cells.get(column, "") for column in key) in paired
        if not on_both and cells.get("id") not in known:
            found.append(" | ".join(row))
    return found
