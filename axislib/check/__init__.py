"""Is a data set sound? Every cell, every rule between cells, and the words it quotes."""

from __future__ import annotations

from axislib.check.cells import Finding, Ids, check_columns, check_field, check_ids, known_ids
from axislib.check.rules import check_rules, check_voices
from axislib.tables.schema import Frames, fields_of

_MOST = 30  # findings listed in one message


def listed(findings: list, intro: str = "") -> str:
    """Findings as one message: how many, then a line each, the first ones.

    >>> print(listed(["events.csv: no date"]))
    1 thing to fix:
      events.csv: no date
    """
    count, more = len(findings), len(findings) - _MOST
    head = f"{intro}{count} thing{'s' if count > 1 else ''} to fix:"
    rest = [f"and {more} more"] if more > 0 else []
    return "\n  ".join([head, *map(str, findings[:_MOST]), *rest])


def check_tables(
    tables: Frames, voices: dict[str, str] | None = None, beyond: Ids | None = None
) -> list[Finding]:
    """All findings on a data set's text cells (see ``read_cells``), in file and row order.

    ``voices`` names the actor who writes the body and the one who writes the rest: ``{"body":
    "kragh", "other": "editors"}``. ``beyond``: what ``known_ids`` gives for the seed that a layer
    is about, whose rows it may name and whose ids it may not take. It cannot tell whether a coding
    is true to the text, only whether it is complete, well formed and consistent with itself.
    """
    findings = [finding for name, frame in tables.items() for finding in check_columns(frame, name)]
    if findings:  # cells without their column cannot be judged
        return findings
    known = known_ids(tables, beyond)
    for name, frame in tables.items():
        for field in fields_of(name):
            findings += check_field(frame[field["name"]], name, field, known)
    findings += check_ids(tables, beyond) + check_voices(voices or {}, known["actors"])
    return findings + check_rules(tables, voices or {}, findings)
