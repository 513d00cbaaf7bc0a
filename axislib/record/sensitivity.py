"""How far a verdict holds: without each finding, by each coder alone, and under every choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.record.claims import OPTIONS_OF, Check, check_of, meanings, series
from axislib.record.options import WORDS_OF, Record, home
from axislib.record.states import EVEN
from axislib.record.verdict import (
    TESTS,
    WORDS,
    asked,
    findings,
    in_brief,
    indicators_of,
    judge,
    lines,
    values,
    verdicts,
)
from axislib.seed.seed import Seed
from axislib.seed.variants import read_coding
from axislib.seminar.agreement import measure
from axislib.tables.schema import records, split_cell, vocabulary
from axislib.words import curly, in_text, listed, number_word

# the last of them has votes on whole resolutions only; before 2018 some are on paragraphs
PERIODS = ("2022/2024", "2006/2024", "2013/2021", "2018/2024")
ROBUSTNESS = meanings("robustness")
ORDER = {"bearing": ("supports", "neither", "contradicts"), "test": TESTS}
HOW = meanings("change")
NOTHING = "None of the single changes tried would alter the verdict."
VARIED = meanings("varied")


def variations(
    record: Record, claim: str, form: str = "literal", alone: Mapping[str, Record] | None = None
) -> pd.DataFrame:
    """The verdict on a claim with one thing changed: one row for each change.

    Columns: ``kind`` (finding, neutral, coder, choice), ``change`` in words, ``verdict``. A finding
    is left out with all rows on the same event and side; a neutral one is counted as a straw for
    the claim, then against it. Choices: counting what may be later than the article, letting no
    work of reference decide, both ends of every range of a measure, and every combination of the
    options that an indicator of the claim reads. The coders coded the literal form only; ``alone``
    gives the record as each of them coded it."""
    check, found = asked(record, [claim])[0], findings(record, claim, form)
    rows = [
        ("finding", in_brief(line), judge(_without(found, line)))
        for line in lines(found).to_dict("records")
    ]
    rows += _neutral(found)
    if form == "literal":
        same = {_coded(record, claim): judge(found)}
        for coder, judged in (each_alone(record) if alone is None else alone).items():
            coded = _coded(judged, claim)
            if coded not in same:
                same[coded] = judge(findings(judged, claim))
            rows.append(("coder", f"the {coder} coder\u2019s judgements alone", same[coded]))
    rows += [("choice", words, verdict) for words, verdict in _choices(record, check, form, found)]
    return pd.DataFrame(rows, columns=["kind", "change", "verdict"])


def _neutral(found: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """The verdict with each finding that points neither way counted as a straw, for and against."""
    neither = found.query("kind == 'evidence' and side == 'neither'")
    for label, row in neither[neither["use"].str.startswith("decides nothing")].iterrows():
        for side, way in (("supports", "for it"), ("contradicts", "against it")):
            other = found.copy()
            changed = [side, "counted", TESTS[0], False]
            other.loc[label, ["side", "use", "test", "decides"]] = changed
            yield "neutral", f"{way}: {in_brief(row.to_dict())}", judge(other)


def _without(found: pd.DataFrame, line: dict) -> pd.DataFrame:
    return found[(found["event"] != line["event"]) | (found["side"] != line["side"])]


def _coded(record: Record, claim: str) -> tuple:
    rows = record.seed.tables["bearings"]
    return tuple(map(tuple, rows.loc[rows["target"] == claim, list(ORDER)].to_numpy()))


def _choices(
    record: Record, check: Check, form: str, found: pd.DataFrame
) -> Iterator[tuple[str, str]]:
    """Each choice that can move the findings, in words, with the verdict under it."""
    within = (found["use"] == "later") & (found["when"] == "within") & (found["side"] != "neither")
    if within.any():
        counted = found.assign(use=found["use"].mask(within, "counted"))
        yield "if events that may be later than the article were counted", judge(counted)
    reference = found["decides"] & (found["tier"] == "reference")
    if reference.any():
        only = found.assign(decides=found["decides"] & ~reference)
        yield "if no work of reference (such as an encyclopaedia) could decide", judge(only)
    touched = {option for name in check.indicators for option in OPTIONS_OF[name]}
    judged: dict[tuple, str] = {}  # most choices leave every indicator as it was
    for words, changed in (*_ends(record, check), *_grid(record, touched)):
        read = tuple(indicator.points() for indicator in indicators_of(changed, check.claim))
        if read not in judged:
            judged[read] = judge(findings(changed, check.claim, form))
        yield words, judged[read]


def _ends(record: Record, check: Check) -> Iterator[tuple[str, Record]]:
    """The record with each measure that the claim's indicators read at the lower, and at the upper
    end of its range; with the estimates of support likewise."""
    values = [value for found in indicators_of(record, check.claim) for value in found.values]
    used = {row_id for value in values for row_id in split_cell(value.ids)}
    measures = record.seed.tables["measures"]
    wide = measures[measures["id"].isin(used) & (measures["low"] < measures["high"])]
    for row, end in product(wide.to_dict("records"), ("low", "high")):
        frame = measures.copy()
        frame.loc[frame["id"] == row["id"], ["value", "low", "high"]] = row[end]
        tables = {**record.seed.tables, "measures": frame}
        words = f"with {row[end]:,.6g} rather than {row['value']:,.6g} as the figure for"
        words += f" {in_text(row['definition'].split(':')[0])}"
        yield words, replace(record, seed=replace(record.seed, tables=tables))
    estimates = record.table("support_relative")
    for end in ("low", "high") if "support_over_gdp" in check.indicators else ():
        share = dict.fromkeys(("share_low", "share_high"), estimates[f"share_{end}"])
        tables = {**record.tables, "support_relative": estimates.assign(**share)}
        yield f"with every share of GDP at its {end} end", replace(record, tables=tables)


def _grid(record: Record, touched: set[str]) -> Iterator[tuple[str, Record]]:
    """The record under every combination of the choices touched but the one in force."""
    words = {**WORDS_OF, "period": tuple(dict.fromkeys((record.options.period, *PERIODS)))}
    names = sorted(touched)
    for chosen in product(*(words[name] for name in names)):
        try:
            options = replace(record.options, **dict(zip(names, chosen, strict=True)))
        except SeedError:  # a series and a release that do not exist together
            continue
        if options != record.options:
            told, now = options.in_words(), record.options.in_words()
            other = [name for name in VARIED if told[name] != now[name]]
            told |= {name: meanings(name)[getattr(options, name)] for name in ("absence", "series")}
            said = listed([VARIED[name].format(told[name]) for name in other])
            yield f"with {said}", record.changed(options)


def robustness(record: Record, claims: Sequence[str] = ()) -> pd.DataFrame:
    """Verdicts with how far each holds, one row for each claim.

    Columns: those of ``verdicts``, and ``robustness`` (a word of ROBUSTNESS), ``variations`` (how
    many changes were tried), ``same`` (how many leave the verdict as it is),
    ``would_alter_it`` (the first that does not), ``also`` (the others), ``coders_differ`` (what a
    coder alone would say, if it is another grade, else no) and ``weaker_holds`` (the weaker form
    without each finding). It cannot tell which change is the right one."""
    table, alone, more = verdicts(record, claims), each_alone(record), []
    for row in table.to_dict("records"):
        tried = variations(record, row["claim"], alone=alone)
        holds = tried["verdict"] == row["verdict"]
        word = "robust" if holds.all() else "fragile"
        coder = tried.loc[(tried["kind"] == "coder") & ~holds, ["change", "verdict"]].to_numpy()
        more.append({
            "robustness": "thin" if row["findings"] < 2 else word,
            "variations": len(tried),
            "same": int(holds.sum()),
            "would_alter_it": _in_words(row, tried[~holds]),
            "also": _told(tried[~holds].iloc[1:]) if row["findings"] > 1 else "",
            "coders_differ": "; ".join(f"by {who}, {WORDS[said]}" for who, said in coder) or "no",
            "weaker_holds": _weaker(record, row) if row["charitable"] else "",
        })  # fmt: skip
    return table.join(pd.DataFrame(more, index=table.index))


def held(row: Mapping) -> str:
    """How far a verdict holds, in words; nothing of what cannot be tested."""
    if row["verdict"] == "cannot_be_tested":
        return ""
    if row["robustness"] == "thin":
        return f"{WORDS['thin']}: {'one finding' if row['findings'] else 'no finding counts'}"
    told = {"robust": "no change tried would decide it", "fragile": "one change could decide it"}
    more = f": {told[row['robustness']]}" * (row["verdict"] == "not_decided")
    return f"{row['robustness']}{more}"


def _in_words(row: dict, turned: pd.DataFrame) -> str:
    """What would turn a verdict, in a sentence or two."""
    if row["verdict"] == "cannot_be_tested":
        return "Nothing we collected points either way."
    if row["findings"] < 2:
        needed = ("two independent findings", "a second finding")[row["findings"]]
        return f"Any other verdict would need {needed} from before the article."
    if not len(turned):  # of what is undecided, "robust" has said so
        return NOTHING * (row["verdict"] != "not_decided")
    first, rest = turned.iloc[0], len(turned) - 1
    sentence = _told(turned.iloc[:1])
    if first["change"] == row["decisive"]:  # the card and the table name it beside this
        sentence = f"Without its strongest finding the claim would be {WORDS[first['verdict']]}."
    others = f"{number_word(rest)} other change" + "s" * (rest > 1)
    return f"{sentence} The verdict would be altered by {others}, too." if rest else sentence


def _told(turned: pd.DataFrame) -> str:
    """What would turn a verdict into which, a sentence for each kind of change."""
    same: dict[tuple, list[str]] = {}
    for kind, change, verdict in turned[["kind", "change", "verdict"]].to_numpy():
        way = change.partition(": ")[0] if kind == "neutral" else ""
        same.setdefault((kind, way, verdict), []).append(change.removeprefix(f"{way}: "))
    for said in filter(lambda said: said[1:], same.values()):
        said[:] = [f"({number}) {one}" for number, one in enumerate(said, 1)]
    changes = ((HOW[kind], WORDS[verdict], "; or ".join(said), way)
               for (kind, way, verdict), said in same.items())  # fmt: skip
    return " ".join(how.format(*told) for how, *told in changes)


def _weaker(record: Record, row: dict) -> str:
    """The weaker form without each of its findings, in a sentence; empty where it has but one."""
    found, side = findings(record, row["claim"], "charitable"), row["charitable_verdict"]
    then = [judge(_without(found, line)) for line in lines(found).to_dict("records")]
    turned = [WORDS[word] for word in then if word != side]
    number, other = len(turned), " or ".join(dict.fromkeys(turned))
    each = {1: "one", 2: "either"}.get(number, "any one")
    each += f" of {number_word(number)}" * (1 < number < len(then))
    said = f"It has {number_word(len(then))} findings; if {each} were removed, it would be {other}."
    return (said if turned else "It would stand without any one of its findings.") * bool(then[1:])


def in_words(record: Record, table: pd.DataFrame) -> str:
    """What the verdicts of ``robustness`` share, and who coded the findings, in Markdown."""
    each = [findings(record, claim) for claim in table["claim"]]
    ends, rows = "{alpha:.2f} ({low:.2f} to {high:.2f})", records(coders_agree(record))
    agreed = {str(row["variable"]): ends.format_map(row) for row in rows}
    turned = table.loc[table["coders_differ"] != "no", "literal"].str.rstrip(".")
    told = f"{number_word(len(turned))} verdict{'s' * (len(turned) > 1)} at most would change: "
    told = f"{told}{'; '.join(turned)}" if len(turned) else "no verdict would change"
    return _shared(each) + meanings("says")["agreement"].format(told, **agreed)


def _shared(found: Sequence[pd.DataFrame]) -> str:
    """How many independent findings count for more than one claim; empty where none does."""
    events = [event for frame in found for event in lines(frame)["event"].unique()]
    many = sum(events.count(event) > 1 for event in {*events})
    told = f"of {len({*events})} independent findings, {many} bear on more than one claim"
    return f"The verdicts are not independent of one another: {told}. " if many else ""


def thesis_in_words(record: Record, table: pd.DataFrame) -> str:
    """The verdict on the thesis and what it rests on, in Markdown; empty where it was not asked."""
    rows = records(table[table["central"] == "thesis"])
    if not rows:
        return ""
    row, claim, said = rows[0], str(rows[0]["claim"]), str(rows[0]["literal"]).rstrip(".")
    tried = variations(record, claim)
    other = (tried["kind"] == "finding") & (tried["verdict"] != row["verdict"])
    needed = [f"that {change[0].lower()}{change[1:]}" for change in tried.loc[other, "change"]]
    then = WORDS[str(tried.loc[other, "verdict"].iloc[0])] if needed else ""
    many = f"{number_word(len(needed))} findings" if len(needed) > 1 else "one finding"
    each = {1: "this", 2: "either"}.get(len(needed), "any of them")
    rest = f"It rests on {many}: {', and '.join(needed)}. If {each} were removed, it would be"
    shares = values(record, claim).query("indicator == 'regards' and role == 'claimed'")
    behind = dict(shares.query("value < @EVEN >= high")[["who", "high"]].to_numpy())
    rest = f"{rest} {then}." if needed else row["would_alter_it"]
    if behind:
        told = "; ".join(f"{who[0].lower()}{who[1:]}" for who in behind)
        ours = sum(role == "ours" and label in behind for role, label, *_ in series("regards"))
        rest += f" Of {number_word(len(shares))} respects measured on both sides, the Axis leads in"
        rest += f" {number_word(len(behind))}: {told}. The article does not mention"
        rest += f" {number_word(ours)} of these; we added them."
        rest += _level_at_best(record) if EVEN in behind.values() else ""
    first = f"The thesis, that {said[0].lower()}{said[1:]}, is **{WORDS[row['verdict']]}**"
    rest += " We chose the claims, and reworded each to make it as testable as we could."
    return curly(f"{first} ({held(row)}). {rest}")


def _level_at_best(record: Record) -> str:
    """By how much the Axis leads in defence treaties, and on what count the two are level."""
    pairs = record.measure("dyads_with_mutual_defence_clause").set_index("coalition")
    counts = pairs[["value", "low"]].astype(int).map(number_word).to_dict("index")
    four, axis = counts["modern_alignment"], counts["historic_axis"]
    return " " + meanings("says")["treaties"].format(four=four, axis=axis)


def exceptions(record: Record) -> pd.DataFrame:
    """The findings on which both coders agreed and their judgement was not taken, with the reason:
    ``claim``, ``finding``, ``coders`` (which way they said it points), ``taken``, ``reason``."""
    codes = coders(record.seed)
    each = codes[codes["column"] == "bearing"].groupby("fact")["value"].agg(["nunique", "first"])
    common = each.loc[each["nunique"] == 1, "first"]
    rows = record.seed.tables["bearings"]
    rows = rows.assign(coders=rows["id"].map(common).fillna(rows["bearing"]),
                       claim=[check_of(claim).literal for claim in rows["target"]])  # fmt: skip
    rows = rows.rename(columns={"id": "finding", "bearing": "taken", "why": "reason"})
    return rows.loc[rows["coders"] != rows["taken"], "claim reason coders taken finding".split()]


def coders(seed: Seed) -> pd.DataFrame:
    """What each coder put down before they were reconciled: ``fact`` (id of a row of
    ``bearings``), ``column``, ``value``, ``memo``, ``coder``.

    Read from the folder ``coders`` of the layer context; empty if there is none. Raises SeedError
    for a column or a word that the table ``bearings`` does not have."""
    folder = home(seed)
    files = sorted((folder / "coders").glob("*.csv")) if folder else []
    codings = [_read(path, path.stat().st_mtime_ns) for path in files]
    columns = ["fact", "column", "value", "memo", "coder"]
    codes = pd.concat(codings or [pd.DataFrame(columns=columns)], ignore_index=True)
    for row in codes.to_dict("records"):
        if row["column"] not in ORDER or row["value"] not in vocabulary(row["column"]):
            raise SeedError(
                f"coders/{row['coder']}.csv, {row['fact']}: {row['column']} '{row['value']}' is not"
                " known; use bearing or test, and a word of the codebook"
            )
    return codes


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> pd.DataFrame:
    return read_coding(path).assign(coder=path.stem)


def coders_agree(record: Record) -> pd.DataFrame:
    """How far the codings agreed before they were reconciled: ``variable``, ``units``, ``alike``
    (share), ``alpha``, ``low``, ``high``.

    Krippendorff's alpha for nominal data with a 95% bootstrap interval (see
    ``axislib.seminar.agreement``), over the evidence that is in the record given. It cannot tell
    who is right."""
    codes = coders(record.seed)
    codes = codes[codes["fact"].isin(record.seed.tables["bearings"]["id"])]
    rows = []
    for column, words in ORDER.items():
        mine = codes[codes["column"] == column].rename(columns={"fact": "unit", "value": "code"})
        _, *measured, _ = measure(mine, words)
        rows.append((column, *measured))
    return pd.DataFrame(rows, columns=["variable", "units", "alike", "alpha", "low", "high"])


def each_alone(record: Record) -> dict[str, Record]:
    """The record as each coder alone would have it, by coder."""
    codings = coders(record.seed).groupby("coder")
    return {str(coder): judged_by(record, own) for coder, own in codings}


def judged_by(record: Record, codes: pd.DataFrame) -> Record:
    """The record with one coder's judgements in place of the agreed ones; uncoded ones stay."""
    frame = record.seed.tables["bearings"].copy()
    for column in ORDER:
        mine = codes[codes["column"] == column].set_index("fact")["value"]
        frame[column] = frame["id"].map(mine).fillna(frame[column])
    return record.changed(bearings=frame)
