"""The record in charts: all claims in one, with a card for each, and other charts with the record's
rows outlined, so that nobody takes them for the article's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.comparison import draw as draw_comparison
from axislib.figures.comparison import favoured
from axislib.figures.comparison import prepare as prepare_comparison
from axislib.figures.comparison import words as comparison_in_words
from axislib.figures.draft import WIDE, Draft, Line, Words, grouped
from axislib.figures.hover import fold, text, wrap
from axislib.figures.palette import GREY, INK, PAPER, PLAIN, RULE, Look
from axislib.figures.timeline.aligned import draw as draw_acts
from axislib.figures.timeline.aligned import prepare as prepare_acts
from axislib.figures.timeline.aligned import words as acts_in_words
from axislib.files import slug
from axislib.questions.levels import both_sides
from axislib.record.claims import meanings
from axislib.record.filled import COMPARED, filled_seed, layers_apart, outcomes, what_changes
from axislib.record.options import Record, cutoff
from axislib.record.panels import SIGN, record_check
from axislib.record.sensitivity import ROBUSTNESS, held, robustness
from axislib.record.verdict import (
    DIRECTION,
    FEWEST,
    VERDICTS,
    WORDS,
    findings,
    kept_from_deciding,
    lines,
    values,
)
from axislib.seed.seed import Seed
from axislib.tables.schema import records, split_cell
from axislib.words import capital, counted, curly, in_text, names, number_word, sources_of

__all__ = ["cards", "filled_comparison", "record_check", "record_overview", "record_timeline"]
UNTESTED = "cannot_be_tested"  # no grade: on the right of the scale
GRADES = [*reversed([word for word in VERDICTS if word != UNTESTED]), UNTESTED]
LOOKS = {
    "robust": Look(f"robust: {ROBUSTNESS['robust']}", "\u25c6", INK, INK, symbol="diamond"),
    "fragile": Look(f"fragile: {ROBUSTNESS['fragile']}",
                    "\u25c8", INK, PAPER, symbol="diamond-dot", width=2),
    "thin": Look(f"{WORDS['thin']}: {ROBUSTNESS['thin']}", "\u25c7", INK, PAPER, symbol="diamond"),
    "charitable": Look("weaker form: one the author might accept, where its verdict differs",
                       "\u25cb", GREY, width=2),
}  # fmt: skip
BALANCE = (
    f"supported on balance: nothing settles it, but at least {number_word(FEWEST)} findings support"
    " it, and at least twice as many as contradict it (contradicted on balance: the reverse)"
)
EVENTS = meanings("event")
GROUPS = {
    "supports": "For the claim",
    "contradicts": "Against the claim",
    "neither": "Neither for nor against",
    "later": "What happened since, or possibly since; it decides nothing",
}
# pixels: where the rows begin, of a line, from a mark to what is beside it, of a letter, of the
# first and the last column of verdicts; signs on a line of a label, and beside a mark
TOP, LINE, BESIDE, FIRST, LAST, LABEL, BRIEF = 36, 15, 10, 610, 1030, 84, 20
SMALL, BIG, LARGE = {"size": 12}, {"size": 16}, '<span style="font-size:13px"><b>{}</b></span>'
WAYS = ("With gaps filled", "By the external record alone")
DAYS_A_YEAR, LATER_FOUNDING = 365.25, "cx_tripartite_pact"  # from which years could be counted, too


def record_overview(
    record: Record, claims: Sequence[str] = (), table: pd.DataFrame | None = None
) -> go.Figure:
    """The verdict on every claim and how far it holds: of those examined in full on a scale, of the
    others in lists; ``table`` is what ``robustness`` gave, where it has been called.

    Returns a plotly figure; each point carries the ids of the claim and of the findings behind it.
    It counts no points: a grade says which way the evidence goes, not how strong it is.
    """
    rows = prepare(record, robustness(record, claims) if table is None else table)
    return draw(record, rows, words(rows))


def prepare(record: Record, table: pd.DataFrame) -> list[dict]:
    """One row for each claim, the thesis and those examined in full first: ``label``, ``kind`` (how
    far it holds), ``held`` (in words), ``ids``, ``plain`` (a well-known event), ``column``."""
    rows, how = [], [*ROBUSTNESS].index
    for row in records(table):
        found = lines(findings(record, str(row["claim"])))
        ids = [row["claim"], *(i for cell in found["evidence"] for i in split_cell(cell))]
        label, plain = str(row["literal"]).rstrip("."), row["verdict"] == "supported"
        if row["central"] == "thesis":
            label = f"The thesis: {label[0].lower()}{label[1:]}"
        row |= {"plain": plain and row["describes"] != "", "held": held(row), "ids": ids}
        row["label"] = label + "*" * row["plain"] + _whose(record, row)
        block = ("thesis", "yes", "").index(row["central"])
        order = (block, GRADES.index(row["verdict"]), how(row["robustness"]), -row["findings"])
        rows.append((order, {**row, "kind": row["robustness"], "column": _column(row)}))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _column(row: dict) -> str:
    """In which column of lists a claim is: undecided or not to be tested, little known, decided."""
    if DIRECTION.get(row["verdict"], 0):
        return "decided"
    return "thin" if row["robustness"] == "thin" and row["verdict"] != UNTESTED else "open"


def _whose(record: Record, row: dict) -> str:
    """Whose claim it is, where it is not the author's."""
    name = record.called(row["speaker"])
    return "" if name == record.seed.metadata.get("author") else f" ({name})"


def words(rows: Sequence[dict]) -> Words:
    """Title, counting rule, a line for each claim; as cards the counts, the signs, the claims."""
    said, groups = [], {}
    for row in rows:
        told = f"{row['label']}. {_verdict(row)}. {row['would_alter_it']} {_weaker(row)}"
        said.append(Line(told.strip(), row["ids"]))
        heading = f"Checked more briefly: {WORDS[row['verdict']]}"
        heading = "Examined in full" if row["central"] else heading
        told = f"\n\n{_verdict(row)}.\n{_weaker(row)}".rstrip() * bool(row["central"])
        group = groups.setdefault(heading, {"lines": [], "places": [], "signs": []})
        group["lines"].append(Line(f"{row['label']}.{told}", row["ids"]))
        group["places"].append(f"claim-{slug(row['literal'])}")  # of its card
        group["signs"].append(LOOKS[row["kind"]].sign if row["held"] else "")
        number = len(group["lines"])
        group |= {
            "heading": f"{heading} ({number})",
            "folded": "Show the list" * (not row["central"]),
        }
    key = {
        "lines": [capital(told) for told in (*_key(rows).values(), BALANCE)],
        "signs": [*(look.sign for look in LOOKS.values()), ""],
    }
    first, *others = groups.values()
    cards = [_tally(rows), {"heading": "The signs", **key}, first, *others]
    return Words(_title(rows), _counts(rows), said, cards)


def _key(rows: Sequence[dict]) -> dict[str, str]:
    """What each sign means, with how many claims have it."""
    each = Counter(row["kind"] for row in rows if row["verdict"] != UNTESTED)
    number = {kind: f" ({each[kind]})" * (kind in each) for kind in LOOKS}
    return {kind: look.word.replace(":", f"{number[kind]}:", 1) for kind, look in LOOKS.items()}


def _tally(rows: Sequence[dict]) -> dict:
    """A card: each verdict with how many claims have it, and as many squares."""
    given = Counter(row["verdict"] for row in rows)
    few = sum(row["kind"] == "thin" for row in rows if row["verdict"] == "not_decided")
    why = {"not_decided": f" ({few} for {WORDS['thin']})" * bool(few)}
    told = {v: f"{given[v]} {WORDS[v]}{why.get(v, '')}" for v in GRADES if v in given}
    card = {"heading": "All verdicts", "lines": [*told.values()]}
    return card | {"squares": [(given[verdict], "") for verdict in told]}


def _counts(rows: Sequence[dict]) -> str:
    """How many claims examined in full are contradicted, and their weaker forms; what counts."""
    central = Counter(row["verdict"] for row in rows if row["central"])
    fail = [row for row in rows if row["central"] and row["verdict"] == "contradicted"]
    are = {1: "it is", 2: "both are"}.get(len(fail), "all are")
    told = f"{capital(number_word(len(fail)))} of the claims examined in full"
    told += f" {'is' if len(fail) == 1 else 'are'} contradicted as we worded them"
    if all(DIRECTION.get(_other(row), 0) > 0 for row in fail):
        told += f", though in a weaker form {are} supported, at least on balance"
    if more := central["contradicted_on_balance"]:
        told += f"; {number_word(more)} more {'is' if more == 1 else 'are'} contradicted on balance"
    stars = capital(number_word(plain := sum(row["plain"] for row in rows)))
    stars += " of the supported claims, marked *, only describe well-known events. "
    told = f"{told}. " * bool(fail) + stars * bool(plain)
    return f"{told}Only what happened or was said before the article counts."


def _verdict(row: dict) -> str:
    return "; ".join(filter(None, (capital(WORDS[row["verdict"]]), row["held"])))


def _weaker(row: dict) -> str:
    """The weaker form of a claim with its verdict, where that differs."""
    return f"Weaker form, {WORDS[_other(row)]}: {row['charitable']}" if _other(row) else ""


def _title(rows: Sequence[dict]) -> str:
    """The verdict on the thesis, and how many claims are undecided; without it, how many hold."""
    by = grouped(rows, "central")
    if not {"thesis", "yes"} <= by.keys():
        ours = sum(DIRECTION.get(row["verdict"], 0) > 0 for row in rows)
        return f"Other sources support {ours} of {len(rows)} claims"
    thesis = by["thesis"][0]
    first = f"The thesis is {_verdict(thesis).lower()}"
    if thesis["verdict"] == "supported_on_balance":
        first = "The thesis is supported, but on balance only"
        first += ", and one change could undo that" * (thesis["kind"] == "fragile")
    number = sum(row["verdict"] == "not_decided" for row in rows)
    told = f"{number_word(number) if number else 'none'} {'is' if number == 1 else 'are'} undecided"
    return f"{first}; of {len(rows)} claims, {told}"


def _other(row: dict) -> str:
    """The verdict on a weaker form, where there is one and it differs."""
    differs = row["charitable"] and row["charitable_verdict"] not in (row["verdict"], UNTESTED)
    return row["charitable_verdict"] if differs else ""


def draw(record: Record, rows: Sequence[dict], said: Words) -> go.Figure:
    """The claims examined in full on a scale of verdicts; below, the others listed by verdict."""
    draft, marks, labels = Draft(record.seed), [], []
    y = _in_full(draft, rows, marks, labels)
    brief = [row for row in rows if not row["central"]]
    y = _in_brief(draft, brief, _key(rows), y, marks, labels)
    draft.marks(labels, "text", LOOKS | PLAIN, name="claims", textfont=SMALL)
    draft.marks(marks, "symbol", LOOKS)
    return draft.page(said, y, "record_overview")


def _in_full(draft: Draft, rows: Sequence[dict], marks: list[dict], labels: list[dict]) -> float:
    """How many claims have which verdict; then a row for each examined in full, with an arrow to
    the verdict on its weaker form; returns where they end."""
    if not (full := [row for row in rows if row["central"]]):
        return 0
    number, y = Counter(row["verdict"] for row in rows), TOP + 56.0
    used = {*number, *map(_other, full)}
    grades = [grade for grade in GRADES if grade in used]
    step = (LAST - FIRST) / max(len(grades) - 1, 1)
    places = {grade: FIRST + step * n for n, grade in enumerate(grades)}
    for told, down in ((f"All {len(rows)} claims", 6), (f"Examined in full ({len(full)})", 36)):
        draft.note(f"<b>{told}</b>", 0, TOP + down, font=BIG)
    for row in full:
        y = _scaled(draft, row, places, y, marks, labels)
    for grade, x in places.items():
        said = f"<b>{wrap(capital(WORDS[grade]), 13)}</b>"
        draft.note(said, x, TOP - 12, xanchor="center", align="center", yanchor="bottom")
        draft.note(f"<b>{number[grade]}</b>", x, TOP + 6, xanchor="center", font=BIG)
        draft.hairline([x, x], [TOP + 20, y - BESIDE])
    return y


def _scaled(draft: Draft, row: dict, places: dict, y: float, marks: list, labels: list) -> float:
    """A claim, its verdict and beside it how far that holds; the same of its weaker form."""
    said, x = fold(row["label"], LABEL), places[row["verdict"]]
    mid, down = y + LINE * len(said) / 2, y + LINE * len(said)
    at = {**row, "kind": "words", "x": 0, "y": mid}
    labels += [{**at, "text": LARGE.format(wrap(row["label"], LABEL))}]
    labels += [{**at, "x": x - BESIDE, "text": wrap(row["held"], BRIEF), "align": "middle left"}]
    marks.append({**row, "x": x, "y": mid, "size": 14})
    if weaker := _other(row):
        told, to = f"Weaker form: {row['charitable'].rstrip('.')}", places[weaker]
        at |= {"kind": "quiet", "says": text(_weaker(row)) + "<br>"}
        deep = LINE * len(fold(told, LABEL))
        labels += [{**at, "x": to + BESIDE, "text": "weaker form"}]
        labels += [{**at, "y": down + deep / 2, "text": wrap(told, LABEL)}]
        marks.append({**at, "x": to, "kind": "charitable", "size": 14})
        gap, down = BESIDE if to > x else -BESIDE, down + deep
        look = {"showarrow": True, "arrowhead": 2, "arrowwidth": 1.5, "arrowcolor": GREY}
        draft.note("", to - gap, mid, ax=x + gap, ay=mid, axref="x", ayref="y", **look)
    return down + BESIDE * 1.1


def _in_brief(
    draft: Draft, rows: Sequence[dict], key: dict, y: float, marks: list, labels: list
) -> float:
    """The other claims, a list for each verdict, in it a heading for each way in which it holds;
    below them the ``key``; returns where it ends."""
    by, ends = grouped(rows, "column"), [y]
    if rows:
        draft.hairline([0, WIDE], [y] * 2, color=GREY)
        draft.note(f"<b>Checked more briefly ({len(rows)})</b>", 0, y + 24, font=BIG)
    wide, all_in = WIDE / max(len(by), 3), grouped(rows, "verdict")
    for n, column in enumerate(by.values()):
        x, at = n * wide, y + 40
        for verdict, given in grouped(column, "verdict").items():
            goes_on = given[0] is not all_in[verdict][0]
            told = ", continued" if goes_on else f": {len(all_in[verdict])}"
            draft.note(f"<b>{capital(WORDS[verdict])}{told}</b>", x, at + LINE)
            at = _listed(draft, given, (x, at + 2 * LINE, wide), marks, labels) + BESIDE
        ends.append(at)
    for pair in (("robust", "fragile"), ("thin", "charitable")):
        ends.append(max(ends) + LINE)
        told = "   ".join(f"{LOOKS[kind].sign} {key[kind]}" for kind in pair)
        draft.note(told, 0, ends[-1], font=SMALL)
    draft.note(capital(BALANCE), 0, ends[-1] + LINE, font=SMALL)
    return ends[-1] + LINE + 6


def _listed(draft: Draft, rows: Sequence[dict], place: tuple, marks: list, labels: list) -> float:
    """Claims with one verdict, under a heading for each way in which it holds; where they end."""
    x, at, wide = place
    for told, members in grouped(rows, "held").items():
        draft.note(capital(told), x, at + 2, font={**SMALL, "color": GREY})
        at += (LINE + 2) * bool(told)
        for row in members:
            said = wrap(row["label"], int((wide - 26) / 5.5))
            here = {**row, "y": at + LINE * said.count("<br>") / 2}
            marks += [{**here, "x": x + 6, "y": at, "size": 9}] * bool(told)
            labels += [{**here, "x": x + 14 * bool(told), "text": said, "kind": "words"}]
            at += LINE * (said.count("<br>") + 1)
        at += 6
    return at


def cards(record: Record, table: pd.DataFrame) -> str:
    """The cards of all claims as HTML: those central to the argument open, the others folded
    together; the article's claim and why first, all findings with their sources one click away."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("axislib.record", "")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    made.filters["curly"] = curly
    rows = [
        {**row, "whose": _whose(record, row), "found": _found(record, str(row["claim"])),
         "held": held(row), "warned": "; ".join(WORDS[word] for word in split_cell(row["caveats"])),
         "open": bool(row["central"]) or not table["central"].any()}
        for row in records(table)
    ]  # fmt: skip
    return made.get_template("cards.html.j2").render(rows=rows, words=WORDS)


def _found(record: Record, claim: str) -> list[dict]:
    """All findings of a claim, each with its ``group`` (which way it points) and ``id``: what is
    ``said`` of it, in brackets how much it weighs, how it bears on the weaker form if otherwise,
    its sources."""
    found, told = findings(record, claim), []
    weaker = findings(record, claim, "charitable").set_index("id").to_dict("index")
    counts = found.loc[found["use"] == "counted", "event"].value_counts()
    measured = values(record, claim).query("role != 'baseline'").groupby("indicator")["ids"]
    behind = measured.agg(";".join).to_dict()
    for each in found.to_dict("records"):
        (group, weight), (side, there) = _bears(each), _bears(weaker[each["id"]])
        said = [weight] * bool(weight)
        if (side, there) != (group, weight) and group != GROUPS["later"]:
            said.append(f"weaker form: {side.lower()}" + f", {there}" * bool(there))
        if each["use"] == "counted" and counts[each["event"]] > 1:
            event = EVENTS.get(each["event"]) or in_text(record.seed.row(each["event"])["title"])
            said.append(f"counts as one with other findings on the same matter: {event}")
        said.append("general knowledge" if each["tier"] == "none" else f"{each['tier']} source")
        sources = _sources(record, str(behind.get(each["id"], each["evidence"])))
        words = f"{_told(record, each)} ({'; '.join(said)})"
        told.append({"id": each["id"], "group": group, "said": words, "sources": sources})
    return sorted(told, key=lambda one: [*GROUPS.values()].index(one["group"]))


def _told(record: Record, each: dict) -> str:
    """The evidence with its speaker, then what it means; of a measure, its reason says both."""
    row = record.seed.row(each["evidence"]) if each["kind"] == "evidence" else {}
    said, name = each["statement"].rstrip("."), record.called(row.get("speaker", ""))
    if each["modality"] == "reported" and name[:1].isupper() and name not in said:
        said += f" ({name})"
    return each["why"] if "definition" in row else f"{said}. {each['why']}"


def _bears(each: dict) -> tuple[str, str]:
    """Which way a finding points, and how much it weighs; else why it does not count."""
    if each["use"] != "counted":
        group = "later" if each["when"] == "after" or each["use"] == "later" else "neither"
        return GROUPS[group], each["use"] * (group != "later" and each["side"] != "neither")
    weight = "decides" if each["decides"] else "shifts the balance"
    told = [f"{weight}: {WORDS[each['test']]}", kept_from_deciding(each)]
    return GROUPS[each["side"]], ", ".join(filter(None, told))


def _sources(record: Record, evidence: str) -> list[dict]:
    """The sources behind the ids of a finding, each once."""
    rows = [sources_of(record.seed, record.seed.row(i)) for i in split_cell(evidence)]
    return [*{source["id"]: source for each in rows for source in each}.values()]


def record_timeline(record: Record) -> go.Figure:
    """The acts of both coalitions at the same age, up to the latest possible date of the article.

    Only dated acts of the record are drawn, outlined. Each coalition counts from its founding act
    (the four, who have none, from the joint statement of February 2022), the Axis also from a later
    one. A higher count may only reflect more research by the compilers of the record.
    """
    seed = record.seed
    events = seed.events[seed.events["layer"] == "context"].reset_index(drop=True)
    dated = replace(seed, tables={**seed.tables, "events": events}, layers=("context",))
    sides = both_sides(seed)
    rows = prepare_acts(dated, *sides)
    since = next(row["first"] for row in rows if row["founding"])
    first, end = ((day - since).days / DAYS_A_YEAR for day in cutoff(seed)[:2])
    rows = [row for row in (*rows, *_from_later(seed, rows)) if (row["year"] or 0.0) <= end]
    said = acts_in_words(dated, rows, sides)
    title, then, said.cards[0:1] = _at_age(rows, end)
    subtitle = (
        "How acts are spread over time, not how much they matter; higher counts may only reflect"
        f" more research. {said.subtitle} A thin line spans the possible dates. Every act is the"
        f" external record\u2019s, none the article\u2019s. {then}"
    )
    said = said._replace(title=title, subtitle=subtitle)
    figure = draw_acts(dated, rows, said, "record_timeline", end)
    figure.add_vrect(first, end, fillcolor=RULE, opacity=0.5, layer="below", line_width=0)
    at = {"x": end, "y": 1, "yref": "y domain", "xanchor": "right", "yanchor": "bottom"}
    words = {"text": "the article was written in this span", "font": SMALL, "showarrow": False}
    return figure.add_annotation({**at, **words})


def _from_later(seed: Seed, rows: Sequence[dict]) -> list[dict]:
    """The acts of the second side again, counted from its later founding act, if it has one."""
    start = next((r["year"] for r in rows if (r["id"], r["side"]) == (LATER_FOUNDING, "right")), 0)
    if not start:
        return []
    title, begins = (seed.row(LATER_FOUNDING)[name] for name in ("title", "date"))
    about = {"since": f"{title}, {begins[:4]}", "side": "later", "kind": "later, record"}
    since = [r for r in rows if r["side"] == "right" and (r["year"] or 0) >= start]
    return [
        {**r, **about, "count": number, "name": f"{r['name']}, counted from {begins[:4]}"}
        | {at: round(r[at] - start, 2) for at in ("year", "lo", "hi")}
        for number, r in enumerate(since, start=1)
    ]


def _at_age(rows: Sequence[dict], end: float) -> tuple[str, str, list[dict]]:
    """Title, sentence and cards of bars: how many acts each side had by which age."""
    by = grouped(rows, "side")
    label = {side: in_text(acts[0]["name"]) for side, acts in by.items()}
    one, who = label["left"], label["right"]
    ends, until = _by_then(by, end), 0.0
    for year in (row["year"] for row in rows):
        now = _by_then(by, year)
        until = max(until, year) if now.get("later", 0) > now["left"] else until
    ours, *theirs = ends.values()
    more = "more" if ours > max(theirs) else "no more"
    title = f"At the same age {one} had {more} recorded acts by the article\u2019s date than {who}"
    if until:
        counted_from = label["later"].removeprefix(f"{who}, ")
        title += f", which had led until year {until:.1f} if {counted_from}"
    said = "; ".join(f"{label[side]}, {number}" for side, number in ends.items())
    said = f"By the article\u2019s date (year {end:.1f}): {said}."
    said += " The Axis began with years of peace, today\u2019s four with a war." * ("later" in by)
    cards = []
    for year in (1.0, until or 2.0, end):
        now = _by_then(by, year)
        lines = [capital(f"{label[side]}: {number}") for side, number in now.items()]
        card = {"heading": f"Acts by year {year:.1f}", "lines": lines}
        cards.append(card | {"squares": [(number, "dated") for number in now.values()]})
    return title, said, cards


def _by_then(by: dict[str, list[dict]], year: float) -> dict[str, int]:
    return {side: sum(row["year"] <= year for row in acts) for side, acts in by.items()}


def filled_comparison(
    record: Record, left: str | None = None, right: str | None = None
) -> go.Figure:
    """The comparison with what the article does not state filled from the record, outlined.

    The article's coding takes precedence; beside the result with gaps filled is that of the record
    alone. It counts levels, never how much.
    """
    seed = record.seed
    left, right = both_sides(seed, left, right)
    changes = what_changes(seed, left, right).set_index("dimension")
    rows = prepare_comparison(filled_seed(seed), left, right, [left, right])
    called = names(seed)
    named, says = [in_text(row["coalition"]) for row in rows[:2]], outcomes(seed, left, right)
    alone = changes["record"].map(says | {"cannot say": "open"}).str.removeprefix("favours ")
    heads = "\t".join(_heads(changes))
    for row in rows:
        row["changed"] = f"{favoured(rows, row)}\t{alone[row['dimension']]}"
        row["heads"] = heads
    band = {row["dimension"]: row["band"] for row in rows}
    own = [
        row | {"place": row["place"] + 2, "band": "both", "heads": heads}
        for row in prepare_comparison(layers_apart(seed)[1], left, right, [left, right])
        if band[row["dimension"]] == "both"
    ]
    for whose, row in (*(("Filled", row) for row in rows), *(("Record", row) for row in own)):
        row["head"] = f"{whose}: {in_text(row['coalition']).removeprefix('the ')}"
    title, subtitle = _both_ways(changes, named)
    cards = [{"heading": "Which side each form favours", "lines": _by_side(changes, called, named)}]
    cards += comparison_in_words(seed, rows).cards
    cards[1]["folded"] = "Show each form"
    said = Words(title, subtitle, _in_each(changes, called, says), cards)
    return draw_comparison(seed, [*rows, *own], said, "filled_comparison")


def _by_side(changes: pd.DataFrame, called: dict[str, str], named: Sequence[str]) -> list[str]:
    """Which forms favour either side, both ways; then which are ties or open."""
    ends = (("more", named[0]), ("less", named[1])), (("alike", "ties"), ("cannot say", "open"))
    return [
        f"{way}, {who} ({sum(of == word)}):\n{', '.join(called[d] for d in of.index[of == word])}"
        for pair in ends
        for way, of in zip(WAYS, (changes["filled"], changes["record"]), strict=True)
        for word, who in pair
    ]


def _heads(changes: pd.DataFrame) -> list[str]:
    """Heads of the two results: how many forms favour either side, are ties or are open."""
    there, found = changes[changes["filled"] != "cannot say"], []
    for way, head in (("filled", "Gaps filled"), ("record", "Record alone")):
        more, less, ties, none = (int((there[way] == word).sum()) for word in COMPARED.values())
        told = f"{more} to {less}<br>{ties} ties" + f", {none} open" * bool(none)
        found.append(f"<b>{head}:</b><br>{told}")
    return found


def _both_ways(changes: pd.DataFrame, named: Sequence[str]) -> tuple[str, str]:
    """Title and subtitle: whom more forms favour with gaps filled, and by the record alone."""
    ways = ("filled", "record")
    both = {way: [int((changes[way] == side).sum()) for side in ("more", "less")] for way in ways}
    title = (
        f"With its gaps filled, the article\u2019s comparison {_leaning(both['filled'], named)};"
        f" the external record alone {_leaning(both['record'], named)}"
    )
    told = [f"{counted(more, 'form')} to {less}" for more, less in both.values()]
    subtitle = (
        f"{capital(named[0])} against {named[1]}: with gaps filled, {told[0]}; by"
        f" the external record alone, {told[1]}; the rest are ties or open (too little to"
        f" compare). {SIGN}: from the external"
        " record; otherwise from the article, whose coding takes precedence. Present counts for"
        " more than mixed, mixed for more than ruled out, presumed as much as known. Cells show"
        " whether a form is present, not how much; ruled out may mean that none is known."
    )
    if any(abs(more - less) == 1 for more, less in both.values()):
        subtitle += " A lead of one form would be gone if one cell were coded otherwise."
    return title, subtitle


def _leaning(forms: Sequence[int], named: Sequence[str]) -> str:
    """Which of two sides more forms favour, and whether by one only."""
    lead = forms[0] - forms[1]
    near = "narrowly " * (abs(lead) == 1)
    return f"{near}favours {named[lead < 0] if lead else 'neither side'}"


def _in_each(changes: pd.DataFrame, called: dict[str, str], says: dict[str, str]) -> list[str]:
    """How the two compare on each form: in the article, with gaps filled, by the record alone."""
    says = {word: told.replace("favours", "it favours") for word, told in says.items()}
    return [
        f"{called[d]}: in the article, {says[row['article']]}; with gaps filled,"
        f" {says[row['filled']]}; by the external record alone, {says[row['record']]}."
        for d, row in zip(changes.index, records(changes), strict=True)
    ]
