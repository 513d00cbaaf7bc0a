"""A YAML file read so that every value still knows its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from axislib.errors import SeedError

LARGEST_FILE = 1_000_000  # bytes
DEEPEST = 100  # brackets or dashes within each other
MOST_VALUES = (
    100_000  # counted with aliases written out, so that a few lines cannot stand for millions
)

Path_ = tuple  # a place in the file: ("grid", "actors", 0)

# the plain words of YAML 1.2: NO stays Norway and 2022-02 stays a date as the article gives it
_PLAIN = [
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?(0|[1-9][0-9]*)"), int),
    (re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?"), float),
]


class PlanError(SeedError):
    """A plan that a person has to mend; the message lists every mistake with its line."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to mend in a plan: its line (0 for the file as a whole) and what to do."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" if self.line else self.what


@dataclass
class Located:
    """A YAML file's value, the line of each place in it, and what is wrong with it as YAML."""

    name: str
    value: object = None
    lines: dict[Path_, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, place: Path_) -> int:
        """The line of a place, or of the nearest thing around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)

    def refuse(self, mistakes: list[Mistake]) -> None:
        """Raise PlanError with every mistake, in line order, each once; return quietly if there is
        none."""
        mistakes = sorted(dict.fromkeys(mistakes))
        if mistakes:
            shown = "\n".join(f"  {mistake}" for mistake in mistakes[:50])
            more = f"\n  and {len(mistakes) - 50} more" if len(mistakes) > 50 else ""
            count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
            raise PlanError(f"{self.name}: {count}; nothing was run:\n{shown}{more}")


def read_located(path: Path) -> Located:
    """The file's value with its lines. Tags, doubled keys and runaway aliases stand in
    ``mistakes``.

    Raises PlanError at once where the file cannot be read as YAML at all.
    """
    found = Located(path.name)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PlanError(
            f"plan '{path.name}': cannot be read ({error.strerror}); check the name and the folder"
        ) from None
    if len(raw) > LARGEST_FILE:
        size = f"the file has {len(raw):,} bytes; a plan has at most {LARGEST_FILE:,}"
        found.refuse([Mistake(0, f"{size}: write grids, not lists")])
    try:
        text = raw.decode("utf-8-sig")
        if _depth(text) > DEEPEST:
            raise RecursionError  # yaml would come to the same end, in hours
        tags = [
            event
            for event in yaml.parse(text, Loader=yaml.SafeLoader)
            if getattr(event, "tag", None)
        ]
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        found.refuse([Mistake(0, "the file is not UTF-8; save it as UTF-8")])
    except RecursionError:
        found.refuse([Mistake(0, "the file is nested too deeply to be a plan")])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        mend = (
            "; indent with spaces, never tabs"
            if mark and "\t" in (mark.get_snippet() or "")
            else ""
        )
        where = mark.line + 1 if mark else 0
        found.refuse(
            [
                Mistake(
                    where,
                    "not YAML:"
                    f" {getattr(error, 'problem', None) or 'an unreadable character'}{mend}",
                )
            ]
        )
    for event in tags:
        found.mistakes.append(
            Mistake(
                event.start_mark.line + 1,
                f"the tag {event.tag.replace('tag:yaml.org,2002:', '!!')} is refused; "
                "a plan holds plain words, numbers, lists and maps",
            )
        )
    if node is None:
        found.refuse(
            [Mistake(0, "the file is empty; a plan needs at least: notebooks: [2-timeline]")]
        )
    if _size(node, {}, ()) > MOST_VALUES:
        found.refuse(
            [
                Mistake(
                    0,
                    f"written out, the file holds more than {MOST_VALUES:,} values; do without"
                    " aliases",
                )
            ]
        )
    found.value = _build(node, (), found)
    return found


def _depth(text: str) -> int:
    """How many brackets are open at most, or list dashes stand in a row, at a glance: quotes and
    comments are not told apart."""
    depth, deepest = 0, max((len(run) // 2 for run in re.findall(r"(?:- )+", text)), default=0)
    for bracket in re.findall(r"[\[\]{}]", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _size(node: yaml.Node, known: dict, above: tuple) -> int:
    if id(node) in above:
        return MOST_VALUES + 1  # an alias to something it is part of
    if id(node) not in known:
        inside = (
            [part for pair in node.value for part in pair]
            if isinstance(node, yaml.MappingNode)
            else node.value
        )
        above = (*above, id(node))
        known[id(node)] = 1 + (
            0
            if isinstance(node, yaml.ScalarNode)
            else sum(_size(part, known, above) for part in inside)
        )
    return known[id(node)]


def _build(node: yaml.Node, place: Path_, found: Located) -> object:
    found.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_build(part, (*place, number), found) for number, part in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _plain(node)
    value = {}
    for key, part in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            found.mistakes.append(Mistake(line, "the name before a colon has to be one word"))
            continue
        if key.value in value:
            found.mistakes.append(Mistake(line, f"'{key.value}' stands here twice; keep one"))
        value[key.value] = _build(part, (*place, key.value), found)
        found.lines[(*place, key.value)] = line
    return value


def _plain(node: yaml.ScalarNode) -> object:
    if node.style is not None:
        return node.value
    return next(
        (read(node.value) for pattern, read in _PLAIN if pattern.fullmatch(node.value)), node.value
    )
