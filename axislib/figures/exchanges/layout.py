"""Where the rows of the ledger of transfers stand: joint givers together, blocks of two parties,
coalitions apart."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from axislib.figures.draft import lines
from axislib.figures.hover import text, wrap
from axislib.questions.levels import compared_coalitions
from axislib.seed.seed import Seed
from axislib.seed.selection import members
from axislib.tables.schema import split_cell
from axislib.words import date_in_words

# edges of the two pillars, in hundredths of the width
LEFT, RIGHT = (0, 13), (53.5, 66.5)
WORDS, _NAME = 50, 17  # signs a line on an arrow, in a pillar


def ledger(seed: Seed) -> list[dict]:
    """One dict a row of the chart: a transfer with its ``ids`` and ``givers``; joint ones together."""
    where = {locator: i for i, locator in enumerate(seed.sentences["locator"])}
    rows: dict[tuple, dict] = {}
    for row in seed.transfers.to_dict("records"):
        key = (
            (row["joint"], row["receiver"], row["item"], row["speaker"])
            if row["joint"]
            else (row["id"],)
        )
        if key in rows:
            rows[key]["ids"].append(row["id"])
            rows[key]["givers"] = tuple(dict.fromkeys([*rows[key]["givers"], row["giver"]]))
        else:
            at = min((where.get(locator, 0) for locator in split_cell(row["anchors"])), default=0)
            rows[key] = {**row, "ids": [row["id"]], "givers": (row["giver"],), "at": at}
    return sorted(rows.values(), key=lambda row: row["at"])


def _era(seed: Seed, row: Mapping, inside: Mapping[str, set]) -> str:
    """The coalition a transfer belongs to: the one that both parties are in, else one of them."""
    for parties in ({*row["givers"], row["receiver"]}, set(row["givers"]), {row["receiver"]}):
        for coalition, within in inside.items():
            if parties <= within:
                return coalition
    return ""


def place(seed: Seed, rows: list[dict], names: Mapping[str, str]) -> tuple[list, list, list, int]:
    """Where all stands, in pixels from the top: rows (with ``y``, ``rightwards``), blocks of two
    parties, headings, depth."""
    inside = {c: set(members(seed, c)) for c in compared_coalitions(seed)}
    eras: dict[str, dict[frozenset, list]] = {}
    for row in rows:
        parties = frozenset([row["givers"], (row["receiver"],)])
        eras.setdefault(_era(seed, row, inside), {}).setdefault(parties, []).append(row)
    agents = dict(zip(seed.actors["id"], seed.actors["acts_for"], strict=True))
    kinds = dict(zip(seed.actors["id"], seed.actors["kind"], strict=True))
    placed, blocks, heads, y = [], [], [], 0
    for era, pairs in eras.items():
        y += 16
        heads.append((y, names.get(era, "Others")))
        y += 24
        for members_of in pairs.values():
            left = members_of[0]["givers"]
            right = (members_of[0]["receiver"],)
            block = sorted(members_of, key=lambda row, left=left: row["givers"] != left)
            texts = [_pillar(party, names, agents) for party in (left, right)]
            deep = [8 + 18 * lines(label(row), WORDS) for row in block]
            need = max(
                sum(deep) + 6 * (len(deep) - 1),
                10 + 17 * max(words.count("<br>") + 1 for words in texts),
            )
            at = y + (need - sum(deep) - 6 * (len(deep) - 1)) / 2
            for row, height in zip(block, deep, strict=True):
                placed.append(
                    {
                        **row,
                        "y": at + height / 2,
                        "deep": height,
                        "rightwards": row["givers"] == left,
                    }
                )
                at += height + 6
            ids = [i for row in block for i in row["ids"]]
            blocks += [
                (
                    side,
                    y,
                    need,
                    words,
                    ids,
                    any(kinds.get(actor) == "open_class" for actor in party),
                )
                for side, words, party in zip((LEFT, RIGHT), texts, (left, right), strict=True)
            ]
            y += need + 14
        y += 8
    return placed, blocks, heads, y


def _pillar(party: tuple[str, ...], names: Mapping[str, str], agents: Mapping[str, str]) -> str:
    words = "<br>".join(f"<b>{wrap(names.get(actor, actor), _NAME)}</b>" for actor in party)
    if len(party) > 1:
        words = (
            "<br>and ".join(f"<b>{wrap(names.get(actor, actor), _NAME)}</b>" for actor in party)
            + "<br>together"
        )
    for_whom = agents.get(party[0], "") if len(party) == 1 else ""
    return words + (
        f"<br><i>acting for {text(names.get(for_whom, for_whom))}</i>" if for_whom else ""
    )


def label(row: Mapping) -> str:
    """What stands on an arrow: how much of what, since when, and what is hedged."""
    words = row["item"]
    if pd.notna(row["quantity"]):
        bound = {"at_least": "at least ", "at_most": "at most "}.get(
            row["bound"], "about " if is_rough(row) else ""
        )
        unit = row["unit"] if row["unit"] and row["unit"] != row["item"] else ""
        words = f"{bound}{row['quantity']:,.10g} {f'{unit}, ' if unit else ''}{row['item']}"
        words += (
            f" (\u201c{row['quantity_words']}\u201d)"
            if is_rough(row) and row["quantity_words"]
            else ""
        )
    elif row["quantity_words"]:
        words += f" (\u201c{row['quantity_words']}\u201d, no number)"
    if row["polarity"] != "affirmed":
        words = {"denied": "said not to be so: ", "left_open": "left open: "}[
            row["polarity"]
        ] + words
    if split_cell(row["date"]):
        words += f" \u00b7 {date_in_words(row['date'])}"
    # a hedge on the quantity is in the number
    soft = [f"{on} hedged: \u201c{hedge}\u201d" for hedge, on in _hedges(row) if on != "quantity"]
    return " \u00b7 ".join([words, *soft])


def _hedges(row: Mapping) -> list[tuple[str, str]]:
    return list(zip(split_cell(row["hedge"]), split_cell(row["hedge_on"]), strict=False))


def is_rough(row: Mapping) -> bool:
    """Whether the number is softened by a hedge, and not by being a bound: about so many."""
    return (
        pd.notna(row["quantity"])
        and row["bound"] not in ("at_least", "at_most")
        and any(on == "quantity" for _, on in _hedges(row))
    )
