"""The record in charts: all claims in one, with a card for each, and its acts over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import WIDE, Draft, Line, Words, grouped
from axislib.figures.hover import fold, text, wrap
from axislib.figures.palette import GREY, INK, PAPER, PLAIN, RULE, Look
from axislib.figures.timeline.aligned import draw as draw_acts
from axislib.figures.timeline.aligned import prepare as prepare_acts
from axislib.figures.timeline.aligned import words as acts_in_words
from axislib.files import slug
from axislib.questions.levels import both_sides
from axislib.record.claims import meanings
from axislib.record.options import LATER, Record, cutoff
from axislib.record.panels import record_check
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
from axislib.words import capital, curly, in_text, number_word, sources_of

__all__ = ["cards", "record_check", "record_overview", "record_timeline"]
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
    f"supported on balance: no finding decides, but at least {number_word(FEWEST)} findings support"
    " it, and at least twice as many as contradict it (contradicted on balance: the reverse)"
)
EVENTS = meanings("event")
GROUPS = {
    "supports": "For the claim",
    "contradicts": "Against the claim",
    "neither": "Neither for nor against",
    "later": "Later than the article, or possibly later; decides nothing",
}
# pixels: where the rows begin, of a line, from a mark to what is beside it, of a letter, of the
# first and the last column of verdicts, between the marks of a pile, of which so many are on a
# line; signs on a line of a label
TOP, LINE, BESIDE, FIRST, LAST, PILE, PER_LINE, LABEL = 36, 15, 10, 610, 1030, 15, 5, 84
SMALL, BIG, LARGE = {"size": 12}, {"size": 16}, '<span style="font-size:13px"><b>{}</b></span>'
SPREAD = (
    "This shows how acts are spread over time, not how many there were; both depend on the search."
    " An act is an agreement, delivery, deployment or decision by members of the coalition, from"
    " the external record and not from the article; several reports of one flow of arms count each."
    " Year 0 is the founding act or, for today\u2019s four, the joint statement of February 2022."
    " A thin line spans the possible dates."
)
FEW = 5  # acts: fewer show no pattern
DAYS_A_YEAR, LATER_FOUNDING = 365.25, "cx_tripartite_pact"  # from which years could be counted, too


def record_overview(
    record: Record, claims: Sequence[str] = (), table: pd.DataFrame | None = None
) -> go.Figure:
    """The verdict on every claim and how far it holds: of those examined in full on a scale, of the
    others in lists; ``table`` is what ``robustness`` gave, where it has been called.

    Returns a plotly figure; each point carries the ids of the claim and of the findings behind it.
    It counts no points: a grade says which way the evidence goes, not how strong it is."""
    rows = prepare(record, robustness(record, claims) if table is None else table)
    return draw(record, rows, words(rows))


def prepare(record: Record, table: pd.DataFrame) -> list[dict]:
    """One row for each claim, the thesis and those examined in full first: ``label``, ``kind`` (how
    far it holds), ``held`` (in words), ``ids``, ``plain`` (a well-known event), ``column``."""
    rows, how = [], [*ROBUSTNESS].index
    for row in records(table):
        found = lines(findings(record, str(row["claim"])))
        ids = [row["claim"], *(i for cell in found["evidence"] for i in split_cell(cell))]
        label, plain = str(row["literal"]).rstrip("."), DIRECTION.get(row["verdict"], 0) > 0
        if row["central"] == "thesis":
            label = f"The thesis: {label[0].lower()}{label[1:]}"
        row |= {"plain": plain and row["describes"] != "", "held": held(row), "ids": ids}
        row["label"] = label + "*" * row["plain"] + _whose(record, row)
        block = ("thesis", "yes", "").index(row["central"])
        order = (block, GRADES.index(row["verdict"]), how(row["robustness"]), -row["findings"])
        row |= {"kind": row["robustness"], "column": _column(row)}
        rows.append((order, {**row, "aside": _measured(record, row) if block == 0 else ""}))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _column(row: dict) -> str:
    """In which column of lists a claim is: undecided; little known or not to be tested; decided."""
    if DIRECTION.get(row["verdict"], 0):
        return "decided"
    return "thin" if row["robustness"] == "thin" else "open"


def _measured(record: Record, row: dict) -> str:
    """In how many of the respects that are measured on both sides the claim's side is behind."""
    shares = values(record, row["claim"]).query("role == 'claimed' and unit == 'share of both'")
    behind = int((shares["value"] < 1 / 2).sum())
    told = f"Of {number_word(len(shares))} respects measured on both sides, the Axis leads in"
    return f"{told} {number_word(behind)}" if len(shares) else ""


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
        told = f"\n\n{_verdict(row)}.\n{_weaker(row) or row['aside']}" * bool(row["central"])
        told = told.rstrip()
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
    cards = [_all_verdicts(rows), *groups.values(), {"heading": "The signs", "key": True, **key}]
    return Words(_title(rows), _counts(rows), said, cards)


def _key(rows: Sequence[dict]) -> dict[str, str]:
    """What each sign means, with how many claims have it."""
    each = Counter(row["kind"] for row in rows if row["verdict"] != UNTESTED)
    number = {kind: f" ({each[kind]})" * (kind in each) for kind in LOOKS}
    return {kind: look.word.replace(":", f"{number[kind]}:", 1) for kind, look in LOOKS.items()}


def _all_verdicts(rows: Sequence[dict]) -> dict:
    """A card: each verdict with how many claims have it, and as many squares."""
    given = Counter(row["verdict"] for row in rows)
    few = sum(row["kind"] == "thin" for row in rows if row["verdict"] == "not_decided")
    why = {"not_decided": f" ({few} for {WORDS['thin']})" * bool(few)}
    told = {v: f"{given[v]} {WORDS[v]}{why.get(v, '')}" for v in GRADES if v in given}
    card = {"heading": "All verdicts", "lines": [*told.values()]}
    return card | {"squares": [(given[v], "open" * (v == UNTESTED)) for v in told]}


def _counts(rows: Sequence[dict]) -> str:
    """How many claims examined in full are contradicted, and their weaker forms; what counts."""
    fail = [row for row in rows if row["central"] and row["verdict"] == "contradicted"]
    are = {1: "it is", 2: "both are"}.get(len(fail), "all are")
    told = f"{capital(number_word(len(fail)))} of the claims examined in full"
    told += f" {'is' if len(fail) == 1 else 'are'} contradicted as we worded them"
    if all(DIRECTION.get(_other(row), 0) > 0 for row in fail):
        told += f", though in a weaker form {are} supported, at least on balance"
    if near := [row for row in rows if row["verdict"] == "contradicted_on_balance"]:
        told += f"; {number_word(len(near))} more {'is' if len(near) == 1 else 'are'} contradicted"
        told += " on balance" + ", but not in a weaker form" * all(map(_other, near))
    told = f"{told}. " * bool(fail) + _marked(rows)
    return f"{told}Only what happened or was said before the article counts."


def _marked(rows: Sequence[dict]) -> str:
    """How many claims only describe well-known events, and how many lack evidence."""
    stars = capital(number_word(plain := sum(row["plain"] for row in rows)))
    stars += " of the supported claims, marked *, only describe well-known events. "
    few = sum(row["kind"] == "thin" for row in rows if row["verdict"] == "not_decided")
    told = f"Of the undecided, {number_word(few)} have {WORDS['thin']}. " * bool(few)
    return stars * bool(plain) + told


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
    first = f"In its mildest reading the thesis is {_verdict(thesis).lower()}"
    if thesis["verdict"] == "supported_on_balance":
        first = "In its mildest reading the thesis is supported, but on balance only"
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
    y = _in_brief(draft, brief, y, labels)
    draft.marks(labels, "text", LOOKS | PLAIN, name="claims", textfont=SMALL)
    draft.marks(marks, "symbol", LOOKS | {"untested": Look("", "", GREY, RULE, symbol="diamond")})
    return draft.page(said, y, "record_overview")


def _in_full(draft: Draft, rows: Sequence[dict], marks: list[dict], labels: list[dict]) -> float:
    """How many claims have which verdict; then a row for each examined in full, with an arrow to
    the verdict on its weaker form; returns where they end."""
    if not (full := [row for row in rows if row["central"]]):
        return 0
    by = grouped(sorted(rows, key=lambda row: [*LOOKS].index(row["kind"])), "verdict")
    used = {*by, *map(_other, full)}
    grades = [grade for grade in GRADES if grade in used]
    step = (LAST - FIRST) / max(len(grades) - 1, 1)
    places = {grade: FIRST + step * n for n, grade in enumerate(grades)}
    foot = TOP + 24 + PILE * max(-(-max(map(len, by.values())) // PER_LINE), len(LOOKS))
    draft.note(f"<b>All {len(rows)} claims</b>", 0, TOP + 6, font=BIG)
    for n, (kind, told) in enumerate(_key(rows).items()):
        draft.note(f"{LOOKS[kind].sign} {told}", 0, TOP + 30 + n * LINE, font=SMALL)
    draft.note(f"<b>Examined in full ({len(full)})</b>", 0, foot + 18, font=BIG)
    y = foot + 40.0
    marks += [mark for grade, of in by.items() for mark in _pile(of, places[grade])]
    for row in full:
        y = _scaled(draft, row, places, y, marks, labels)
    for grade, x in places.items():
        said = f"<b>{wrap(capital(WORDS[grade]), 13)}</b>"
        draft.note(said, x, TOP - 12, xanchor="center", align="center", yanchor="bottom")
        draft.note(f"<b>{len(by.get(grade, []))}</b>", x, TOP + 6, xanchor="center", font=BIG)
        draft.hairline([x, x], [foot + 12, y - BESIDE])
    return y


def _pile(rows: Sequence[dict], middle: float) -> Iterator[dict]:
    """A mark for each claim with one verdict, so many on a line."""
    for n, row in enumerate(rows):
        up, across = divmod(n, PER_LINE)
        x = middle + (across - (min(len(rows), PER_LINE) - 1) / 2) * PILE
        kind = "untested" if row["verdict"] == UNTESTED else row["kind"]
        yield {**row, "kind": kind, "x": x, "y": TOP + 28 + up * PILE, "size": 11}


def _scaled(draft: Draft, row: dict, places: dict, y: float, marks: list, labels: list) -> float:
    """A claim, its verdict and beside it how far that holds; the same of its weaker form."""
    said, x = fold(row["label"], LABEL), places[row["verdict"]]
    mid, down = y + LINE * len(said) / 2, y + LINE * len(said)
    at = {**row, "kind": "words", "x": 0, "y": mid}
    labels += [{**at, "text": LARGE.format(wrap(row["label"], LABEL))}]
    labels += [
        {**at, "x": x - BESIDE, "text": row["held"].partition(":")[0], "align": "middle left"}
    ]
    marks.append({**row, "x": x, "y": mid, "size": 14})
    at |= {"kind": "quiet", "says": text(_weaker(row)) + "<br>" * bool(_other(row))}
    told = f"Weaker form: {row['charitable'].rstrip('.')}" if _other(row) else row["aside"]
    if told:
        deep = LINE * len(fold(told, LABEL + 22))
        labels += [{**at, "y": down + deep / 2, "text": wrap(told, LABEL + 22)}]
        down += deep
    if weaker := _other(row):
        to = places[weaker]
        labels += [{**at, "x": to + BESIDE, "text": "weaker form"}]
        marks.append({**at, "x": to, "kind": "charitable", "size": 14})
        gap = BESIDE if to > x else -BESIDE
        look = {"showarrow": True, "arrowhead": 2, "arrowwidth": 1.5, "arrowcolor": GREY}
        draft.note("", to - gap, mid, ax=x + gap, ay=mid, axref="x", ayref="y", **look)
    return down + BESIDE * 1.1


def _in_brief(draft: Draft, rows: Sequence[dict], y: float, labels: list) -> float:
    """The other claims, a list for each verdict, in it a heading for each way in which it holds;
    returns where they end."""
    by, ends = grouped(rows, "column"), [y]
    if rows:
        draft.hairline([0, WIDE], [y] * 2, color=GREY)
        draft.note(f"<b>Checked more briefly ({len(rows)})</b>", 0, y + 24, font=BIG)
    wide, all_in = WIDE / max(len(by), 3), grouped(rows, "verdict")
    for n, column in enumerate(by.values()):
        x, at = n * wide, y + 28
        for verdict, given in grouped(column, "verdict").items():
            goes_on = given[0] is not all_in[verdict][0]
            told = ", continued" if goes_on else f": {len(all_in[verdict])}"
            draft.note(f"<b>{capital(WORDS[verdict])}{told}</b>", x, at + LINE)
            at = _listed(draft, given, (x, at + 2 * LINE, wide), labels) + BESIDE
        ends.append(at)
    draft.note(capital(BALANCE), 0, max(ends), font=SMALL)
    return max(ends) + LINE


def _listed(draft: Draft, rows: Sequence[dict], place: tuple, labels: list) -> float:
    """Claims with one verdict, under a heading for each way in which it holds; where they end."""
    x, at, wide = place
    for told, members in grouped(rows, "held").items():
        draft.note(capital(told), x, at + 2, font={**SMALL, "color": GREY})
        at += (LINE + 2) * bool(told)
        for row in members:
            said = wrap(row["label"], int((wide - 16) / 5.5))
            here = {**row, "x": x, "y": at + LINE * said.count("<br>") / 2}
            labels.append({**here, "text": said, "kind": "words"})
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
        group = "later" if each["when"] in LATER or each["use"] == "later" else "neither"
        return GROUPS[group], each["use"] * (group != "later" and each["side"] != "neither")
    weight = "decides" if each["decides"] else "shifts the balance"
    told = [f"{weight}: {WORDS[each['test']]}", kept_from_deciding(each)]
    return GROUPS[each["side"]], ", ".join(filter(None, told))


def _sources(record: Record, evidence: str) -> list[dict]:
    """The sources behind the ids of a finding, each once."""
    rows = [sources_of(record.seed, record.seed.row(i)) for i in split_cell(evidence)]
    return [*{source["id"]: source for each in rows for source in each}.values()]


def record_timeline(record: Record) -> go.Figure:
    """How the acts of both coalitions are spread over the same age, up to the latest possible date
    of the article: each curve is the share of its side's own acts, since how many are recorded
    depends on the search.

    Only dated acts of the record are drawn, without contacts between leaders, which it lists by no
    rule. Each coalition counts from its founding act (the four, who have none, from the joint
    statement of February 2022), the Axis also from a later one."""
    seed = record.seed
    own = (seed.events["layer"] == "context") & (seed.events["kind"] != "exchange")
    events = seed.events[own].reset_index(drop=True)
    dated = replace(seed, tables={**seed.tables, "events": events}, layers=("context",))
    sides = both_sides(seed)
    rows = prepare_acts(dated, *sides)
    since = next(row["first"] for row in rows if row["founding"])
    first, end = ((day - since).days / DAYS_A_YEAR for day in cutoff(seed)[:2])
    rows = [row for row in (*rows, *_from_later(seed, rows)) if (row["year"] or 0.0) <= end]
    said = acts_in_words(dated, rows, sides)
    said.cards[0:1] = _by_half(rows, end)
    said = said._replace(title=_spread(rows, end), subtitle=_firm(rows, end) + SPREAD)
    figure = draw_acts(dated, rows, said, "record_timeline", end)
    figure.add_vrect(first, end, fillcolor=RULE, opacity=0.5, layer="below", line_width=0)
    at = {"x": end, "y": 1, "yref": "y domain", "xanchor": "right", "yanchor": "bottom"}
    words = {
        "text": "the article may have been written in this span",
        "font": SMALL,
        "showarrow": False,
    }
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


def _spread(rows: Sequence[dict], end: float) -> str:
    """Title: in which half of the time most acts of either side fall."""
    by = grouped(rows, "side")
    ours, theirs = by["left"], by.get("later", by.get("right", []))
    halves = ["early" if 2 * _early(of, end) > len(of) else "late" for of in (ours, theirs)]
    title = f"Most recorded or reported acts of {in_text(ours[0]['name'])} fall {halves[0]}"
    title += f" in their first {number_word(round(end))} years"
    also = "too" if halves[0] == halves[1] else halves[1]
    return f"{title}; most of those of {in_text(theirs[0]['name'])}, fall {also}"


def _firm(rows: Sequence[dict], end: float) -> str:
    """How many acts of the first side fall early without those only reported; who has too few."""
    firm = [row for row in rows if row["side"] == "left" and row["modality"] == "asserted"]
    who, early, many = in_text(rows[0]["name"]), _early(firm, end), len(firm)
    told = f"Without acts that are only reported, {early} of {many} acts of {who} fall in the first"
    least = min(grouped(rows, "side").values(), key=len)
    some = f"{least[0]['name']} since {least[0]['since'][-4:]} has {number_word(len(least))} acts"
    return f"{told} half of the time. {f'{some}, too few for a pattern. ' * (len(least) < FEW)}"


def _early(acts: Sequence[dict], end: float) -> int:
    return sum(act["year"] <= round(end) / 2 for act in acts)


def _by_half(rows: Sequence[dict], end: float) -> list[dict]:
    """Cards of bars: how many acts of each side fall in either half of the time."""
    cards = []
    early = {of[0]["name"]: (_early(of, end), len(of)) for of in grouped(rows, "side").values()}
    middle = round(end) / 2
    for half, upper in ((f"Up to year {middle:.1f}", False), (f"From then to {end:.1f}", True)):
        part = {name: all_in - n if upper else n for name, (n, all_in) in early.items()}
        told = [f"{name}: {n} of {early[name][1]}" for name, n in part.items()]
        squares = [(round(20 * n / early[name][1]), "dated") for name, n in part.items()]
        head = f"{half} (a square: a twentieth of a side\u2019s acts)"
        cards.append({"heading": head, "lines": told, "squares": squares})
    return cards
