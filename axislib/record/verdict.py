"""The verdict on a claim: each finding is a process-tracing test; one rule makes a grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from axislib.record import exchanges, states  # noqa: F401, they list themselves
from axislib.record.claims import INDICATORS, WARNINGS, Check, Indicator, check_of, checks, meanings
from axislib.record.options import LATER, Record, placed, where
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell
from axislib.words import number_word, sources_of

VERDICTS = meanings("verdict")
DIRECTION = {"supported": 1, "contradicted": -1}  # of the others: 0
DIRECTION |= {f"{word}_on_balance": side for word, side in DIRECTION.items()}
RULE = " ".join(meanings("rule").values())
TESTS = ("straw_in_the_wind", "hoop", "smoking_gun", "doubly_decisive")  # weakest first
DECIDES = {"supports": ("smoking_gun", TESTS[-1]), "contradicts": ("hoop", TESTS[-1])}
TIERS = ("primary", "scholarly", "press", "reference", "mirror", "none")  # best first
NEVER_DECIDES = ("mirror", "none")
SECOND_HAND = ("reported", "disputed", "hedged", "predicted")  # ways of saying that never decide
PART = "concerns only part of the claim"
SUMMED = "a measure of the same event takes its place"
FEWEST = 2  # independent findings below which nothing is decided
TWICE = 2  # times as many findings on one side for it to lean that way
OF_CHECK = ("literal", "charitable", "rival", "differs", "describes")
OF_VALUES = ("indicator title who role value low high unit side rule ids date confidence").split()
OF_FINDINGS = (
    "id kind evidence statement side test event tier date confidence modality contested why"
).split()
WHY = meanings("why")
WORDS = {
    **{word: word.replace("_", " ") for word in (*VERDICTS, *TESTS)},
    **{word: word.replace("_", " ").replace(" not ", ", not ") for word in WARNINGS},
    **{"not_decided": "undecided", "thin": "too little evidence"},
    "cannot_say": "not comparable",
    "not_stated": "not stated",
}


def indicators_of(record: Record, claim: str) -> list[Indicator]:
    """All indicators of one claim that have a value."""
    found = [INDICATORS[name](record, claim) for name in check_of(claim).indicators]
    return [indicator for indicator in found if indicator.values]


def values(record: Record, claim: str) -> pd.DataFrame:
    """What was measured for a claim: one row for each value.

    Columns: ``indicator``, ``title``, ``who``, ``role`` (claimed, compared, baseline), ``value``,
    ``low``, ``high``, ``unit``, ``side`` of the indicator, its ``rule``, ``ids`` of what the value
    rests on, ``date``, ``confidence``. A value always has others beside it for comparison."""
    rows = [
        vars(found) | vars(value) | {"indicator": found.name}
        for found in indicators_of(record, claim)
        for value in found.values
    ]
    return pd.DataFrame(rows, columns=OF_VALUES)


def findings(record: Record, claim: str, form: str = "literal") -> pd.DataFrame:
    """Everything that bears on a claim in one of its forms (see claims.FORMS), a row for each.

    Columns: ``id`` (of the row in the table ``bearings``, or the name of the indicator), ``kind``
    (evidence, indicator), ``evidence``, ``statement``, ``side``, ``test`` (one of TESTS), ``event``
    (findings with the same event are one), ``tier`` of the best source, ``date``, ``confidence``,
    ``modality``, ``contested``, ``why``, ``when`` (see options.WHEN), ``use`` (counted, later,
    counted in a figure, concerning a part or deciding nothing) and ``decides``."""
    found, seed = indicators_of(record, claim), record.seed
    form = form if check_of(claim).charitable else "literal"
    tiers = dict(seed.tables["sources"][["id", "tier"]].to_numpy())
    used = {row_id for indicator in found for row_id in indicator.uses()}
    rows = [
        row | _evidence(seed, tiers, row["evidence"]) | _in_form(row, form) | {"kind": "evidence"}
        for row in where(seed.tables["bearings"], target=claim).to_dict("records")
    ]
    rows += [_of_indicator(seed, tiers, indicator, form) for indicator in found]
    frame = pd.DataFrame(rows, columns=OF_FINDINGS)
    frame["when"] = placed(seed, frame["date"])
    frame["use"] = "counted"
    frame.loc[frame["when"].isin(LATER), "use"] = "later"
    counted_above = frame["evidence"].isin(used) & (frame["kind"] == "evidence")
    frame.loc[counted_above, "use"] = "counted in one of the measures given here"
    frame.loc[frame["side"] == "neither", "use"] = "decides nothing either way"
    in_part = frame["id"].isin(_in_part(record, claim)) & ~frame["when"].isin(LATER)
    frame.loc[in_part & (frame["side"] == "neither"), "use"] = PART
    frame.loc[_summed(frame), "use"] = SUMMED
    frame["decides"] = [_may_decide(row) for row in frame.to_dict("records")]
    return frame


def _summed(frame: pd.DataFrame) -> pd.Series:
    """Findings on an event of which there is a measure, even one that points neither way, but for
    those which could settle the claim by themselves."""
    sums = (frame["kind"] == "indicator") | frame["evidence"].str.startswith("mc_")
    level = (frame["side"] == "neither") & (frame["when"] == "before")
    total = frame["event"].isin(frame.loc[sums & (level | (frame["use"] == "counted")), "event"])
    settles = frame["test"].isin(DECIDES["supports"]) & (frame["side"] == "supports")
    settles |= frame["test"].isin(DECIDES["contradicts"]) & (frame["side"] == "contradicts")
    return (frame["use"] == "counted") & ~sums & total & ~settles


def _in_part(record: Record, claim: str) -> set[str]:
    """The bearings on one part of a claim that joins several: they count in its weaker form."""
    if not check_of(claim).charitable:
        return set()
    rows = where(record.seed.tables["bearings"], target=claim, bearing="neither")
    return set(rows.loc[rows["charitable"].isin(list(DECIDES)), "id"])


def _in_form(row: dict, form: str) -> dict:
    """Direction and test of a bearing in one form; the charitable one falls back on the literal."""
    side, test = row["bearing"], row["test"]
    if form == "charitable" and row["charitable"]:
        side, test = row["charitable"], row["charitable_test"]
    return {"side": side, "test": test or TESTS[0], "event": row["event"] or row["evidence"]}


def _of_indicator(seed: Seed, tiers: dict[str, str], found: Indicator, form: str) -> dict:
    ids = dict.fromkeys(row_id for value in found.values for row_id in split_cell(value.ids))
    test = (found.charitable_test if form == "charitable" else "") or found.test
    return {
        **{name: getattr(found, name) for name in ("date", "confidence")},
        "side": found.side if test else "neither",  # it measures a part of the claim only
        "id": found.name,
        "kind": "indicator",
        "evidence": ";".join(ids),
        "statement": found.in_brief(),
        "test": test or TESTS[0],
        "event": found.event or found.name,
        **_rests_on(seed, tiers, found),
        "contested": "",
        "why": found.rule,
    }


def _rests_on(seed: Seed, tiers: dict[str, str], found: Indicator) -> dict:
    """Weakest tier and least certain modality of what an indicator's claimed values rest on."""
    claimed = [value.ids for value in found.values if value.role == "claimed"]
    known = [_evidence(seed, tiers, i) for cell in claimed for i in split_cell(cell)]
    said = [found.modality, *(row["modality"] for row in known)]
    return {
        "tier": max((row["tier"] for row in known), key=TIERS.index, default="scholarly"),
        "modality": next((word for word in said if word in SECOND_HAND), "asserted"),
    }


def _evidence(seed: Seed, tiers: dict[str, str], row_id: str) -> dict:
    """Statement, date (its own or its first source's), modality and tier of a fact, a measure or a
    source: the tier of its best source, or the weakest of those from which we put it together."""
    row = seed.row(row_id)
    dates = [source["date"] for source in sources_of(seed, row) if source["date"]]
    needed = max if row.get("basis") == "coded_by_us" else min
    tier = tiers.get(row_id) or needed(
        (tiers.get(i, "none") for i in split_cell(row["anchors"])), key=TIERS.index
    )
    return {
        "statement": row.get("statement") or _measured(row) or row_id,
        "date": row.get("as_of") or row.get("date") or min(dates, default=""),
        "modality": "reported" if row.get("reported") else row.get("modality", "asserted"),
        "tier": tier,
    }


def _measured(row: Mapping) -> str:
    """What a measure says: its definition, with the value and its range; empty for a source."""
    value, low, high = (row.get(name) for name in ("value", "low", "high"))
    amount = row.get("answer") or ""
    if not pd.isna(value):
        exact = pd.isna(low) or pd.isna(high) or low == high
        ends = "" if exact else f" ({low:,.6g} to {high:,.6g})"
        amount = f"{value:,.10g}{ends} {row['unit']}"
    return f"{row['definition']}: {amount}" if "definition" in row else ""


def _may_decide(row: dict) -> bool:
    return (
        row["test"] in DECIDES.get(row["side"], ())
        and row["tier"] not in NEVER_DECIDES
        and row["confidence"] == "verified"
        and row["modality"] not in SECOND_HAND
    )


def kept_from_deciding(row: dict) -> str:
    """Why a finding whose test could decide does not; empty where it does, or could not."""
    if row["decides"] or row["test"] not in DECIDES.get(row["side"], ()):
        return ""
    kept = "copy" if row["tier"] in NEVER_DECIDES else "seen"
    return WHY["reported" if row["modality"] in SECOND_HAND else kept]


def lines(found: pd.DataFrame) -> pd.DataFrame:
    """The findings that count, one line for each event and side, the strongest test of it first
    (a hoop that was passed is a straw, the first of them).

    Columns: those of ``findings``. What is later, or counted by an indicator, has no line."""
    counted = found[found["use"] == "counted"]
    strong = [
        TESTS.index(row["test"])
        if row["test"] in DECIDES[row["side"]]
        else (row["test"] == "hoop") / 2
        for row in counted[["side", "test"]].to_dict("records")
    ]
    strength = pd.Series(strong, counted.index) + len(TESTS) * counted["decides"].astype(int)
    order = strength.sort_values(ascending=False, kind="stable").index
    return counted.loc[order].drop_duplicates(["event", "side"])


def judge(found: pd.DataFrame) -> str:
    """The verdict (a word of VERDICTS) on findings, by RULE.

    >>> found = pd.DataFrame({"side": ["supports", "supports", "contradicts"], "event": [*"abc"],
    ...     "test": ["smoking_gun", "hoop", "hoop"], "use": "counted", "decides": [True, 0, 0]})
    >>> judge(found), judge(found.tail(2)), judge(found.assign(decides=[True, False, True]))
    ('supported', 'not_decided', 'not_decided')
    """
    counted = lines(found)
    if counted.empty:
        could = (found["use"] == PART) | (found["side"] != "neither")  # now or later, in part
        return "not_decided" if could.any() else "cannot_be_tested"
    if counted["event"].nunique() < FEWEST:
        return "not_decided"
    sides = [counted[counted["side"] == side] for side in DECIDES]
    decides = [bool(rows["decides"].any()) for rows in sides]
    if all(decides):
        return "not_decided"
    for mine, rest, decided, word in (
        (sides[0], sides[1], decides[0], "supported"),
        (sides[1], sides[0], decides[1], "contradicted"),
    ):
        if decided and len(mine) >= FEWEST:
            return word
        if not any(decides) and len(mine) >= max(FEWEST, TWICE * len(rest)):
            return f"{word}_on_balance"
    return "not_decided"


def asked(record: Record, claims: Sequence[str] = ()) -> list[Check]:
    """The checks of these claims, or all whose claim a selection has not left out."""
    known = set(record.seed.facts["id"])
    return [check_of(claim) for claim in claims] or [
        check for check in checks() if check.claim in known
    ]


def verdicts(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """The verdict on each claim, in the order of the article's points: an invitation to discuss,
    not a mark for the author.

    Columns: ``point``, ``claim``, ``central``, ``statement``, ``speaker``, the forms ``literal``,
    ``charitable`` and ``rival``, ``verdict``, ``charitable_verdict`` (empty without that form),
    ``why`` in a sentence, ``findings`` (independent ones that count), ``later`` (those that are or
    may be later than the article), ``decisive`` and ``strongest_against`` (what carries the
    verdict, and the strongest on the other side), ``caveats``, ``supports_if``, ``contradicts_if``.
    Claims that a selection left out have no row. Raises SeedError for a claim without a check."""
    return pd.DataFrame([_row(record, check) for check in asked(record, claims)])


def _row(record: Record, check: Check) -> dict:
    found, claim = findings(record, check.claim), record.seed.row(check.claim)
    later = int((found["use"] == "later").sum())
    caveats = [*check.caveats, *(["later"] if later else [])]
    carries, rest = carried_by(found, verdict := judge(found))
    return {
        **{name: getattr(check, name) for name in ("point", "claim", "central")},
        "statement": claim["statement"],
        "speaker": claim["speaker"],
        **{name: getattr(check, name) for name in OF_CHECK},
        "verdict": verdict,
        "charitable_verdict": check.charitable
        and judge(findings(record, check.claim, "charitable")),
        "why": because(found, verdict, carries or rest),
        "findings": lines(found)["event"].nunique(),
        "later": later,
        "decisive": carries,
        "strongest_against": rest,
        "caveats": ";".join(caveats),
        "supports_if": check.supports_if,
        "contradicts_if": check.contradicts_if,
    }


def carried_by(found: pd.DataFrame, verdict: str) -> tuple[str, str]:
    """The finding that carries a verdict and the strongest against it, in words; of what is not
    decided, the strongest for the claim and the strongest against it."""
    counted = lines(found)
    first = (counted[counted["side"] == side].head(1).to_dict("records") for side in DECIDES)
    ours, theirs = (in_brief(rows[0]) if rows else "" for rows in first)
    return (theirs, ours) if DIRECTION.get(verdict, 0) < 0 else (ours, theirs)


def because(found: pd.DataFrame, verdict: str, first: str) -> str:
    """Why it is this verdict, in a sentence, and how many independent findings point which way;
    ``first`` is what carries it (see ``carried_by``)."""
    counted, key = lines(found), verdict
    if counted["event"].nunique() < FEWEST:
        few = "part" if (found["use"] == PART).any() else "later"
        few = "one" if len(counted) else few
        return WHY[few if verdict == "not_decided" else verdict].format(first)
    if verdict == "not_decided":
        deciding = counted.loc[counted["decides"], "side"].nunique()
        key = "both_decide" if deciding > 1 else "divided"
    counts = [int((counted["side"] == side).sum()) for side in DECIDES]
    if key.endswith("on_balance") and 0 in counts:
        ways = ("support the claim and none contradicts", "contradict the claim and none supports")
        told = f"{number_word(max(counts))} findings {ways[counts[0] == 0]} it"
        return f"No finding decides, but {told}. The strongest: {first}."
    ours, theirs = (number or "none" for number in counts)
    return f"{WHY[key].format(first)} Independent findings: {ours} for it, {theirs} against it."


def in_brief(row: dict) -> str:
    """A finding in a phrase: why it bears, or what an indicator shows."""
    return (row["statement"] if row["kind"] == "indicator" else row["why"]).rstrip(".")


def warnings(table: pd.DataFrame) -> pd.DataFrame:
    """The caveats of ``verdicts``, each once: ``warning``, ``implication``, ``claims``."""
    cells = [split_cell(cell) for cell in table["caveats"]]
    counts = {word: sum(word in cell for cell in cells) for word in WARNINGS}
    rows = [(WORDS[word], WARNINGS[word], number) for word, number in counts.items() if number]
    return pd.DataFrame(rows, columns=["warning", "implication", "claims"])
