"""Where a choice moves a result: another vintage, series, treatment of absence, period or
denominator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from axislib.record.claims import check_of, checks
from axislib.record.evidence import yardstick
from axislib.record.indicators import Yardstick
from axislib.record.options import ABSENCE, DENOMINATORS, VINTAGES, Options, Record
from axislib.record.verdict import verdicts

# which choices a yardstick reads; the others cannot move it
OPTIONS_OF = {
    "support_over_gdp": ("denominator",),
    "grants": ("denominator",),
    "voting_as_one": ("absence", "period"),
    "pairs_agree": ("absence", "period"),
    "distance_of_pairs": ("series", "vintage", "period"),
    "council_cover": ("period",),
    "iranian_arms": ("period",),
    "chinese_share": ("period",),
}


def _tries(options: Options) -> list[tuple[str, str, Options]]:
    """Each option set to each of its values, all else as it is: (option, value, options)."""
    periods, series = (
        (options.period, "2022/2024", "2006/2024", "2013/2021"),
        ("all_votes", "foreign_policy_votes", "legacy"),
    )
    tries = [("vintage", value, {"vintage": value, "series": "all_votes"}) for value in VINTAGES]
    tries += [("series", value, {"series": value, "vintage": "2025-07"}) for value in series]
    tries += [("absence", value, {"absence": value}) for value in ABSENCE]
    tries += [("denominator", value, {"denominator": value}) for value in DENOMINATORS]
    tries += [("period", value, {"period": value}) for value in dict.fromkeys(periods)]
    return [(option, value, replace(options, **change)) for option, value, change in tries]


def every_way(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The quantities that a choice touches, under every choice: one row a claim, yardstick, option
    and value.

    Columns: ``claim``, ``title`` of the yardstick, ``option``, ``value``, ``claimed`` and
    ``compared`` (lowest to highest value of each role), ``side`` (which way it points then). It
    does not say which choice is right.
    """
    rows = []
    for claim in [
        claim
        for claim in claims or [check.claim for check in checks()]
        if claim in set(record.seed.facts["id"])
    ]:
        for name in check_of(claim).yardsticks:
            for option, value, options in _tries(record.options):
                if option in OPTIONS_OF.get(name, ()):
                    stick = yardstick(replace(record, options=options), name, claim)
                    spans = {role: _span(stick, role) for role in ("claimed", "compared")}
                    rows.append(
                        {
                            "claim": claim,
                            "title": stick.title.split(",")[0],
                            "option": option,
                            "value": value,
                            **spans,
                            "side": stick.side,
                        }
                    )
    return pd.DataFrame(
        rows, columns=["claim", "title", "option", "value", "claimed", "compared", "side"]
    )


def _span(stick: Yardstick, role: str) -> str:
    """The lowest and the highest value of a role, ranges included where one value stands alone."""
    of = [value for value in stick.values if value.role == role]
    if not of:
        return "no value"
    low, high = (
        (of[0].low, of[0].high)
        if len(of) == 1
        else (min(v.value for v in of), max(v.value for v in of))
    )
    said = [f"{number:.1%}" if stick.percent else f"{number:.2f}" for number in (low, high)]
    return said[0] if said[0] == said[1] else f"{said[0]} to {said[1]}"


def choices(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """Where a choice moves a result: each option in turn set to each of its other values, all else
    as it is.

    One row a claim and changed verdict: ``claim``, ``option``, ``value``, ``verdict``, ``weighed``,
    ``was`` (both as they are now) and ``points`` (for and against). Claims that no choice moves
    have no row.
    """
    there = set(record.seed.facts["id"])
    asked = [check_of(claim) for claim in claims] or [
        check for check in checks() if check.claim in there
    ]
    options, rows, now = record.options, [], {}
    for option, value, other in _tries(options):
        touched = [
            check.claim
            for check in asked
            if any(option in OPTIONS_OF.get(name, ()) for name in check.yardsticks)
        ]
        if not touched or other == options:
            continue
        now |= (
            {
                row["claim"]: row
                for row in verdicts(record, [c for c in touched if c not in now]).to_dict("records")
            }
            if set(touched) - set(now)
            else {}
        )
        for new in verdicts(replace(record, options=other), touched).to_dict("records"):
            old = now[new["claim"]]
            if any(
                old[name] != new[name]
                for name in ("verdict", "weighed", "points_for", "points_against")
            ):
                rows.append(
                    {
                        "claim": new["claim"],
                        "option": option,
                        "value": value,
                        "verdict": new["verdict"],
                        "weighed": new["weighed"],
                        "was": f"{old['verdict']};{old['weighed']}",
                        "points": (
                            f"{new['points_for']:g} for, {new['points_against']:g} against (was "
                            f"{old['points_for']:g}, {old['points_against']:g})"
                        ),
                    }
                )
    return pd.DataFrame(
        rows, columns=["claim", "option", "value", "verdict", "weighed", "was", "points"]
    )
