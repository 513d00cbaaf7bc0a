"""Two runs, or two batches, compared: statements, marks, rows of tables and parameters; as tables,
as one HTML page without scripts, and as lines for a terminal."""

from __future__ import annotations

import difflib
import json
import re
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from axislib.batch.manifest import Store, read_rows
from axislib.batch.outputs import Figure, Shown, Table, shown
from axislib.errors import SeedError
from axislib.files import policy
from axislib.words import counted

COLUMNS = {
    "runs": ["run", "change", "left", "right", "left_status", "right_status"],
    "parameters": ["run", "parameter", "left", "right"],
    "facts": ["run", "fact", "title", "change", "column", "left", "right", "where"],
    "figures": ["run", "figure", "change", "mark", "facts", "left", "right"],
    "tables": ["run", "table", "change", "row", "column", "left", "right"],
}
MOST_ON_PAGE = 500  # rows of a part; the DataFrames have all
MOST_IN_TERMINAL = 30  # the page and the CSV files have more
_TITLES = ("title", "name", "statement", "question", "item")  # columns that name a row, best first
_NAMED = 3  # statements that a mark is named after, before it says how many more there are
_LONGEST_KEY = 3  # columns that may together tell the rows of a table apart
_WIDEST, _NARROWEST = 100, 40  # signs in a line of the terminal
_EMPTY = "(empty)"
_NO_FIGURE, _NO_TABLE = Figure("", (), {}, ""), Table("", ((),), "")
_SIGNS = {"entered": "+", "left": "-", "changed": "~", "redrawn": "="}
_SIGNS |= {"only_left": "-", "only_right": "+"}
_PARTS = {  # part -> its heading; what names a row in a terminal, and what its rows are grouped by
    "runs": ("Runs", "run", []),
    "parameters": ("Parameters", "parameter", ["run"]),
    "facts": ("Statements", "title", ["run"]),
    "figures": ("Points, bars and cells of charts", "mark", ["run", "figure"]),
    "tables": ("Other rows of result tables", "row", ["run", "table"]),
}


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
        for part in (facts, self.figures, self.tables.drop_duplicates(["run", "table", "row"])):
            counts = part["change"].value_counts()
            changes = ("entered", "left", "changed")
            parts.append(", ".join(f"{counts.get(name, 0)} {name}" for name in changes))
        heads = ("runs", "statements", "points, bars and cells", "other table rows")
        return "; ".join(f"{head}: {part}" for head, part in zip(heads, parts, strict=True))

    def part(self, name: str) -> pd.DataFrame:
        """The rows of a part, without the runs that are the same."""
        frame = getattr(self, name)
        return frame[frame["change"] != "same"] if name == "runs" else frame

    def page(self) -> str:
        """One HTML page; the same difference gives the same bytes."""
        blocks: Any = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
        environment = Environment(loader=PackageLoader("axislib.batch", ""), **blocks)
        environment.filters |= {"marked": _marked, "breakable": _breakable, "counted": counted}
        template = environment.get_template("diff.html.j2")
        about = {"headings": {name: heading for name, (heading, *_) in _PARTS.items()}}
        about |= {"most": MOST_ON_PAGE, "policy": Markup(policy())}
        return template.render(found=self, **about) + "\n"

    def lines(self) -> Iterator[str]:
        """Lines for a terminal, part by part: nothing is cut, long values are wrapped."""
        width = max(min(shutil.get_terminal_size().columns, _WIDEST), _NARROWEST)
        for name, (heading, item, within) in _PARTS.items():
            frame = self.part(name)
            if not frame.empty:
                yield f"\n{heading}:"
                yield from _items(frame.head(MOST_IN_TERMINAL), item, within, width)
            if len(frame) > MOST_IN_TERMINAL:
                yield f"  and {len(frame) - MOST_IN_TERMINAL} more: --page and --csv have them"


def diff_runs(left: str | Path, right: str | Path) -> Difference:
    """What changed from ``left`` to ``right``: two executed notebooks, or two folders of batches.

    Runs of two batches are paired by the name of their output, then by notebook and parameters;
    where the manifests say that figures and tables are the same, the notebooks are not opened.
    Raises SeedError if one is neither. A statement that no figure and no table shows is not seen.
    """
    found: dict[str, list] = {name: [] for name in COLUMNS}
    for before, after in _pairs_of_runs(_sides(Path(left)), _sides(Path(right))):
        run = (before or after or {})["output"]
        for name, rows in _compared(before, after).items():
            found[name] += [(run, *row) for row in rows]
    frames = {name: pd.DataFrame(found[name], columns=columns) for name, columns in COLUMNS.items()}
    return Difference(Path(left).name, Path(right).name, **frames)


def _sides(path: Path) -> list[dict[str, Any]]:
    """The rows of a batch's manifest, or one for a notebook, each with the ``path`` of its file."""
    if path.is_file() and path.suffix == ".ipynb":
        notebook = _load(path)
        known = notebook.get("metadata", {}).get("papermill", {})
        outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
        failed = any(output.get("output_type") == "error" for output in outputs)
        row = {"output": path.name, "status": "failed" if failed else "done", "path": path}
        asked = {"parameters": known.get("parameters", {})}
        return [{**row, **asked, "notebook": Path(str(known.get("input_path", ""))).stem}]
    folder = path.parent if path.name in ("manifest.csv", "manifest.json") else path
    rows = read_rows(Store(str(folder))) if folder.is_dir() else {}
    if not rows:
        raise SeedError(
            f"'{path}' is neither an executed notebook nor the folder of a batch (it has no"
            " manifest.json)"
        )
    ordered = sorted(rows.values(), key=lambda row: row["number"])
    return [row | {"path": folder / row["output"]} for row in ordered]


def _shown(row: dict[str, Any]) -> Shown:
    """A run's figures and tables; none of a run that was cancelled or is not there."""
    if row["status"] == "cancelled" or not row["path"].is_file():
        return Shown((), ())
    return shown(_load(row["path"]))


def _load(path: Path) -> dict:
    with suppress(OSError, ValueError, KeyError, TypeError):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(notebook["cells"], list):
            return notebook
    raise SeedError(f"'{path.name}' cannot be read as a notebook; run it again")


def _pairs_of_runs(left: list[dict], right: list[dict]) -> list[tuple[dict | None, dict | None]]:
    """The runs of both sides in pairs, in the order of the left; None where one side lacks it."""
    if len(left) == len(right) == 1:
        return [(left[0], right[0])]
    partners: dict[str, dict] = {}
    rest = {row["output"]: row for row in right}
    for names in (["output"], ["notebook", "parameters"]):
        known = {_key_of_run(row, names): row for row in rest.values()}
        for row in left:
            partner = known.get(_key_of_run(row, names), {}).get("output")
            if row["output"] not in partners and partner in rest:
                partners[row["output"]] = rest.pop(partner)
    pairs = [(row, partners.get(row["output"])) for row in left]
    return [*pairs, *((None, row) for row in rest.values())]


def _key_of_run(row: dict, names: list[str]) -> str:
    return json.dumps([row.get(name) for name in names], sort_keys=True)


def _compared(before: dict | None, after: dict | None) -> dict[str, list[tuple]]:
    """Rows for all parts of a ``Difference``, from one pair, without the run's name."""
    sides = [(row["path"].name, row["status"]) if row else ("", "") for row in (before, after)]
    (left, left_status), (right, right_status) = sides
    about = (left, right, left_status, right_status)
    if before is None or after is None:
        return {"runs": [("only_left" if before else "only_right", *about)]}
    parts = {"parameters": _parameters(before["parameters"], after["parameters"])}
    changed = before["status"] != after["status"]
    kinds = [[row.get(kind) for kind in ("figures", "tables")] for row in (before, after)]
    if None in kinds[0] or kinds[0] != kinds[1]:
        found = _compared_outputs(_shown(before), _shown(after))
        changed, parts = changed or any(found.values()), {**parts, **found}
    return {"runs": [("changed" if changed else "same", *about)], **parts}


def _compared_outputs(old: Shown, new: Shown) -> dict[str, list[tuple]]:
    titles = {**_titles(old), **_titles(new)}
    facts = [*_moved(old, new), *_changed(old, new)]
    return {
        "facts": [(fact, titles.get(fact, ""), *row) for fact, *row in facts],
        "figures": _figures(old, new, titles),
        "tables": _tables(old, new, {fact for fact, *_ in facts}),
    }


def _parameters(before: dict, after: dict) -> list[tuple]:
    old, new = (
        {name: json.dumps(value, ensure_ascii=False) for name, value in side.items()}
        for side in (before, after)
    )
    pairs = ((name, old.get(name, "(default)"), new.get(name, "(default)")) for name in old | new)
    return [pair for pair in pairs if pair[1] != pair[2]]


def _both(before: Iterable, after: Iterable, none: Any) -> list[tuple[str, Any, Any]]:
    """Name and both sides of the figures or tables that differ; ``none`` where a side lacks one."""
    old, new = ({part.name: part for part in side} for side in (before, after))
    sides = [(name, old.get(name, none), new.get(name, none)) for name in old | new]
    return [(name, one, other) for name, one, other in sides if one.hash != other.hash]


def _titles(side: Shown) -> dict[str, str]:
    """Id -> what a reader calls the row, from the tables that have a title, else its statement."""
    found = {row_id: row["statement"] for part in side.figures for row_id, row in part.rows.items()}
    tables = [_rows(table, ("id",)) for table in side.tables if _have_ids(table)]
    for column in _TITLES[::-1]:
        for rows in tables[::-1]:
            found |= {row_id: row[column] for (row_id,), row in rows.items() if row.get(column)}
    return found


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
    for name, old, new in _both(before.tables, after.tables, _NO_TABLE):
        for key in _cells(old, new, ("id",)) if _have_ids(old, new) else ():
            where.setdefault(key, []).append(name)
    # a table gives names where a row has ids: what a table tells is not told again
    by_column = {(key[0], key[1].replace(" ", "_")): key for key in where}
    for name, old, new in _both(before.figures, after.figures, _NO_FIGURE):
        for key in _cells(old, new, ("id",)):
            where.setdefault(by_column.get(key[:2], key), []).append(name)
    found = ((key, "; ".join(dict.fromkeys(names))) for key, names in where.items())
    return [(fact, "changed", *values, names) for (fact, *values), names in found]


def _have_ids(*tables: Table) -> bool:
    return all("id" in table.rows[0] for table in tables)


# all marks of a figure that cite the same rows, for a reader they are one: labels, what is drawn
_Together = tuple[list[str], Counter]
_NOTHING: _Together = ([], Counter())


def _figures(before: Shown, after: Shown, titles: dict[str, str]) -> list[tuple]:
    """The marks that entered, left or say something else; those redrawn are counted."""
    rows = []
    for name, old, new in _both(before.figures, after.figures, _NO_FIGURE):
        changed = {i for i in old.rows if new.rows.get(i, old.rows[i]) != old.rows[i]}
        one, other, redrawn = _by_ids(old), _by_ids(new), 0
        for left, right in _pairs(one, other):
            mark, partner = one.get(left, _NOTHING), other.get(right, _NOTHING)
            change, *said = _change((left, mark), (right, partner), titles)
            if change != "changed" or (
                left and (any(said) or changed & {*left.split(";"), *right.split(";")})
            ):
                rows.append((name, change, _named(right or left, titles), right or left, *said))
            else:  # or a key, or a chart without rows behind its marks
                gone, come = mark[1] - partner[1], partner[1] - mark[1]
                redrawn += max(gone.total(), come.total())
        marks = counted(redrawn, "point, bar or cell is", "points, bars or cells are")
        words = f"{marks} only drawn differently (place, size, order)"
        rows += [(name, "redrawn", words, "", "", "")] * bool(redrawn)
    return rows


def _change(
    before: tuple[str, _Together], after: tuple[str, _Together], titles: dict[str, str]
) -> tuple[str, str, str]:
    """What became of a mark, and what one side of it says and cites and the other does not."""
    (ids, (labels, _)), (new_ids, (new_labels, _)) = before, after
    if bool(ids) != bool(new_ids):
        change = "left" if ids else "entered"
        return change, "; ".join(labels), "; ".join(new_labels)
    said = []
    for (own, (words, _)), (others, (known, _)) in ((before, after), (after, before)):
        words = [label for label in words if label not in known]
        cited = [i for i in own.split(";") if i not in others.split(";")]
        said.append("; ".join([*words, *(f"behind it: {titles.get(i) or i}" for i in cited)]))
    return "changed", said[0], said[1]


def _by_ids(figure: Figure) -> dict[str, _Together]:
    found: dict[str, _Together] = {}
    for mark in figure.marks:
        labels, drawn = found.setdefault(mark.ids, ([], Counter()))
        labels += [label for label in mark.labels if label not in labels]
        drawn[mark.drawn] += 1
    return found


def _pairs(one: dict[str, _Together], other: dict[str, _Together]) -> list[tuple[str, str]]:
    """Marks of the same rows, then those that share most; empty where one side lacks it."""
    pairs = [(key, key) for key in one if key in other]
    come = {key: set(key.split(";")) for key in other if key not in one}
    for key in [key for key in one if key not in other]:
        ids, labels = set(key.split(";")), set(one[key][0])
        shared = {
            new: (bool(labels & {*other[new][0]}), len(ids & facts) / len(ids | facts))
            for new, facts in come.items()
            if ids & facts
        }
        if nearest := max(shared, key=shared.__getitem__, default=""):
            del come[nearest]
        pairs.append((key, nearest))
    return pairs + [("", key) for key in come]


def _named(ids: str, titles: dict[str, str]) -> str:
    each = ids.split(";")
    more = f" and {len(each) - _NAMED} more" if len(each) > _NAMED else ""
    return "; ".join(titles.get(row_id) or row_id for row_id in each[:_NAMED]) + more


def _tables(before: Shown, after: Shown, known: set[str]) -> list[tuple]:
    """The other rows that entered, left or changed; ``known`` are statements listed already."""
    rows = []
    for name, old, new in _both(before.tables, after.tables, _NO_TABLE):
        key = _key(old, new)
        cells = _cells(old, new, key) if key else []
        rows += [(name, "changed", *cell) for cell in cells if cell[0] not in known]
        paired = _rows(old, key).keys() & _rows(new, key).keys() if key else set()
        one, other = (
            Counter(
                line
                for own, row, line in _keyed(table, key)
                if row.get("id") not in known and own not in paired
            )
            for table in (old, new)
        )
        for change, gone in (("left", one - other), ("entered", other - one)):
            rows += [(name, change, line, "", "", "") for line in gone.elements()]
    return rows


def _keyed(table: Table, key: tuple[str, ...]) -> list[tuple[tuple, dict[str, str], str]]:
    """Each row of a table: its cells in the key's columns, by column, and as a line."""
    rows = [(dict(zip(table.rows[0], row, strict=False)), row) for row in table.rows[1:]]
    return [(tuple(row.get(c, "") for c in key), row, " | ".join(cells)) for row, cells in rows]


def _rows(part: Figure | Table, key: tuple[str, ...]) -> dict[tuple, dict[str, Any]]:
    """The rows of a table by key, those behind a figure by id; what shares a key is left out."""
    if isinstance(part, Figure):
        return {(i,): json.loads(row.get("row", "{}")) for i, row in part.rows.items()}
    keyed = _keyed(part, key)
    often = Counter(own for own, *_ in keyed)
    return {own: row for own, row, _ in keyed if often[own] == 1}


def _cells(old: Figure | Table, new: Figure | Table, key: tuple[str, ...]) -> list[tuple]:
    """Row, column, before and after of each cell that differs in a row that both have."""
    one, other, cells = _rows(old, key), _rows(new, key), []
    for row in (row for row in one if row in other):
        for column in filter(None, one[row] | other[row]):
            was, now = (str(side[row].get(column, "")) for side in (one, other))
            cells += [(", ".join(filter(None, row)), column, was, now)] * (was != now)
    return cells


def _key(old: Table, new: Table) -> tuple[str, ...]:
    """The columns that tell a table's rows apart on both sides: ids, else as few as it takes."""
    if _have_ids(old, new):
        return ("id",)
    for count in range(1, _LONGEST_KEY + 1):
        key = old.rows[0][:count]
        alone = all(len(_rows(table, key)) == len(table.rows) - 1 for table in (old, new))
        if alone and all(key) and key == new.rows[0][:count]:
            return key
    return ()


def _breakable(text: str) -> Markup:
    """Escaped text whose ids and paths may be broken between their words, and nowhere else."""
    return Markup(re.sub(r"(?<=[^\W\d][_/;.])(?=\w)", "<wbr>", escape(text)))


def _marked(left: str, right: str) -> tuple[Markup, Markup]:
    """Both texts, with those words marked that the other does not have, if it has any."""
    if not left or not right:
        return _breakable(left), _breakable(right)
    words, sides = (left.split(), right.split()), ([], [])
    for kind, *places in difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        for side, own, start, end in zip(sides, words, places[::2], places[1::2], strict=True):
            if part := _breakable(" ".join(own[start:end])):
                side.append(part if kind == "equal" else Markup("<mark>{}</mark>").format(part))
    return Markup(" ").join(sides[0]), Markup(" ").join(sides[1])


def _items(frame: pd.DataFrame, item: str, within: list[str], width: int) -> Iterator[str]:
    group = above = ""
    for row in frame.to_dict("records"):
        if group != (group := ", ".join(row[column] for column in within)):
            yield from _wrapped(group, "  ", width)
            above = ""
        head = f"{_SIGNS[row.get('change', 'changed')]} {row[item]}"
        head += f" ({row['fact']})" if "fact" in row else ""
        if head != above:  # two columns of one statement have one head
            yield from _wrapped(head, "    ", width)
        above = head
        if "left_status" not in row:
            yield from _before_and_after(row, width)


def _before_and_after(row: dict, width: int) -> Iterator[str]:
    column, indent = row.get("column", ""), " " * 8
    sides = {"before: ": row["left"], "after:  ": row["right"]}
    sides = {word: value or _EMPTY for word, value in sides.items() if value or column}
    short = ": ".join(filter(None, [column, " -> ".join(sides.values())]))
    if len(sides) > 1 and len(short) < width - len(indent):
        yield f"{indent}{short}"
        return
    for text in filter(None, [column, *(f"{word}{value}" for word, value in sides.items())]):
        yield from _wrapped(text, indent, width, indent)


def _wrapped(text: str, indent: str, width: int, hanging: str = "  ") -> list[str]:
    start = {"initial_indent": indent, "subsequent_indent": indent + hanging}
    whole: Any = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.wrap(text, width, **start, **whole)
