"""How finished notebooks are called: the output pattern checked, values made fit for a file's name,
collisions found."""

from __future__ import annotations

import hashlib
import json
import re
from string import Formatter
from typing import TYPE_CHECKING, Any

from axislib.batch.plan import OUTPUT
from axislib.batch.yaml_lines import Mistake

if TYPE_CHECKING:
    from axislib.batch.contract import Contract
    from axislib.batch.runs import Run

WORDS = ("group", "notebook", "number", "name", "varied")


def pattern_mistakes(line: int, pattern: str, known: list[Contract]) -> list[Mistake]:
    """What is wrong with an output pattern that stands on ``line``, for the notebooks it is to
    serve."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        return [
            Mistake(
                line, f"output '{pattern}': {error}; write names in braces such as {{notebook}}"
            )
        ]
    found = []
    if (
        pattern.startswith("~")
        or re.match(r"[A-Za-z]:", pattern)
        or "\\" in pattern
        or re.search(r"(^|/)(\.|/|$)", pattern)
    ):
        found.append(
            Mistake(
                line,
                f"output '{pattern}' would leave the batch's folder or hide in it; "
                f"write a plain path such as {OUTPUT}",
            )
        )
    elif not all(re.fullmatch(r"[\w .=+,@/-]*", text) for text, *_ in parts):
        found.append(Mistake(line, f"output '{pattern}': use letters, digits and . _ - = + only"))
    if not pattern.endswith(".ipynb"):
        found.append(Mistake(line, f"output '{pattern}' has to end in .ipynb"))
    for _, word, spec, conversion in parts:
        lacking = [contract.label for contract in known if word not in contract.names]
        if word is not None and (spec or conversion or (word not in WORDS and lacking)):
            there = (
                f"{', '.join(WORDS)} and the parameters of"
                f" {lacking[0] if lacking else 'the notebook'}"
            )
            found.append(
                Mistake(
                    line,
                    f"output '{pattern}': {{{word}}} is not known; there are {there}, without :"
                    " or !",
                )
            )
    return found


def slug(value: Any) -> str:
    """A value as part of a file's name.

    >>> slug(["RUS", "PRK"]), slug([]), slug("a/../b c")
    ('RUS+PRK', 'any', 'a-b-c')
    """
    if isinstance(value, list):
        value = "+".join(str(part) for part in value)
    text = json.dumps(value) if isinstance(value, dict | bool) or value is None else str(value)
    return (
        re.sub(
            r"(^[-.]+|[-.]+$)", "", re.sub(r"[^\w.=+-]+|\.{2,}", "-", text).replace("--", "-")
        ).replace("--", "-")
        or "any"
    )


def short(step: str) -> str:
    """A step of a path cut to a length every file system takes, with a mark of what was cut."""
    if len(step.encode()) <= 150:
        return step
    mark = hashlib.sha256(step.encode()).hexdigest()[:8]
    return (
        step.encode()[:120].decode(errors="ignore")
        + f"-{mark}"
        + (".ipynb" if step.endswith(".ipynb") else "")
    )


def collisions(lines: dict[str, int], runs: list[Run]) -> list[Mistake]:
    """Names that more than one run would be written to; ``lines``: where each group's pattern
    stands."""
    places: dict[str, list[Run]] = {}
    for run in runs:
        places.setdefault(run.output.casefold(), []).append(
            run
        )  # some file systems don't tell a from A
    clashes = [together for together in places.values() if len(together) > 1]
    return [
        Mistake(
            lines[first.group],
            f"output: {len(clashes)} name{'s' if len(clashes) > 1 else ''} would be written more"
            f" than once, first '{first.output}' by runs {first.number} and {second.number}; put"
            " {number} or {varied} into it",
        )
        for first, second, *_ in clashes[:1]
    ]
