"""The record in charts: all claims in one, with a card for each, and its acts over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.draft import WIDE, Draft, Line, Words, grouped
from axislib.figures.hover import fold, text, wrap
from axislib.figures.palette import GREY, INK, PAPER, PLAIN, RULE, Look
from axislib.files import slug
from axislib.record.claims import meanings
from axislib.record.options import LATER, Record
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
from axislib.tables.schema import records, split_cell
from axislib.words import capital, curly, in_text, listed, number_word, sources_of

__all__ = ["cards", "record_check", "record_overview"]
UNTESTED = "cannot_be_tested"  # no grade: on the right of the scale
GRADES = [*reversed([word for word in VERDICTS if word != UNTESTED]), UNTESTED]
APART = ("thin", UNTESTED)  # not on the scale of verdicts
NAMES = WORDS | {"not_decided": "undecided: findings divided"}
NAMES |= {"thin": f"undecided: {WORDS['thin']}"}
PLACES = [*(grade for grade in GRADES if grade != UNTESTED), *APART]
LOOKS = {
    "robust": Look(f"robust: {ROBUSTNESS['robust']}", "\u25c6", INK, INK, symbol="diamond"),
    "fragile": Look(f"fragile: {ROBUSTNESS['fragile']}",
                    "\u25c8", INK, PAPER, symbol="diamond-dot", width=2),
    "thin": Look(f"{WORDS['thin']}: {ROBUSTNESS['thin']}", "\u25c7", INK, PAPER, symbol="diamond"),
    "charitable": Look("weaker form: one the author might accept, where its verdict differs",
                       "\u25cb", GREY, width=2),
}  # fmt: skip
SIGNS = {**{kind: look.sign for kind, look in LOOKS.items()}, "": ""}
BALANCE = (
    "on balance: no finding (a piece of evidence) decides, but at least"
    f" {number_word(FEWEST)} point this way, at least twice as many as the other"
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
TOP, LINE, BESIDE, FIRST, LAST, PILE, PER_LINE, LABEL = 46, 15, 10, 576, 1010, 15, 4, 84
GAP = 20  # pixels before what is not on the scale
SMALL, BIG, LARGE = {"size": 12}, {"size": 16}, '<span style="font-size:13px"><b>{}</b></span>'


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
    far it holds), ``held`` (in words), ``ids``, ``plain`` (a well-known event), ``place``."""
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
        thin = row["verdict"] == "not_decided" and row["robustness"] == "thin"
        row |= {"kind": row["robustness"], "place": "thin" if thin else row["verdict"]}
        rows.append((order, {**row, **(_measured(record, row) if block == 0 else {"aside": ""})}))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _measured(record: Record, row: dict) -> dict:
    """Of the respects measured on both sides, in how many the claim's side leads (``aside``), and
    who leads in which (``other``), in words."""
    shares = values(record, row["claim"]).query("role == 'claimed' and unit == 'share of both'")
    leads = shares["value"] >= 1 / 2
    ours, theirs = ([w[0].lower() + w[1:] for w in shares["who"][of]] for of in (leads, ~leads))
    told = f"Of {number_word(len(shares))} respects that we measured, today\u2019s four lead in"
    told += f" {number_word(len(ours))} and the Axis in {number_word(len(theirs))}"
    more = f"The Axis leads in {listed(theirs)}; today\u2019s four in {listed(ours)}"
    return {"aside": told * bool(ours), "other": more * bool(ours)}


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
        heading = f"Checked more briefly: {NAMES[row['place']]}"
        heading = "Examined in full" if row["central"] else heading
        more = _weaker(row) or row.get("other", "")
        told = (f"\n\n{_verdict(row)}.\n{more}" * bool(row["central"])).rstrip()
        group = groups.setdefault(heading, {"lines": [], "places": [], "signs": []})
        group["lines"].append(Line(f"{row['label']}.{told}", row["ids"]))
        group["places"].append(f"claim-{slug(row['literal'])}")  # of its card
        group["signs"].append(LOOKS[row["kind"]].sign if row["held"] else "")
        group["heading"] = f"{heading} ({len(group['lines'])})"
        group["folded"] = "Show the list" * (not row["central"])
    key = {
        "lines": [capital(told) for told in (*_key(rows).values(), BALANCE)],
        "signs": [*SIGNS.values()],
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
    by, squares = grouped(rows, "place"), []
    told = {place: f"{len(by[place])} {NAMES[place]}" for place in PLACES if place in by}
    for place in told:
        firm = sum(row["kind"] == "robust" for row in by[place]) if place not in APART else 0
        other = "open" if place in APART else "reported"
        squares.append([(firm, ""), (len(by[place]) - firm, other)])
    heading = "All verdicts (black: robust; dotted: fragile)"
    return {"heading": heading, "lines": [*told.values()], "squares": squares}


def _counts(rows: Sequence[dict]) -> str:
    """What the mildest reading of the thesis rests on, and the claims that need a word."""
    given, told, first = Counter(row["place"] for row in rows), "", rows[0]
    if first["aside"]:
        fragile = first["kind"] == "fragile"
        told = first["aside"] + ", and one change could undo the verdict on the thesis" * fragile
        told += ". "
    if given["thin"]:
        told += f"{capital(number_word(given['not_decided']))} claims are undecided because the"
        told += f" findings are divided, {number_word(given['thin'])} for {WORDS['thin']}. "
    if stars := sum(row["plain"] for row in rows):
        told += f"{capital(number_word(stars))} of the {sum(map(_supported, rows))} supported,"
        told += " outright or on balance, only describe well-known events (*). "
    return told + "Only what happened or was said before the article counts."


def _verdict(row: dict) -> str:
    return "; ".join(filter(None, (capital(WORDS[row["verdict"]]), row["held"])))


def _weaker(row: dict) -> str:
    """The weaker form of a claim with its verdict, where that differs."""
    return f"Weaker form, {WORDS[_other(row)]}: {row['charitable']}" if _other(row) else ""


def _title(rows: Sequence[dict]) -> str:
    """How many claims are undecided and how the thesis fares; without it, how many hold."""
    if rows[0]["central"] != "thesis":
        return f"Other sources support {sum(map(_supported, rows))} of {len(rows)} claims"
    number = sum(row["verdict"] == "not_decided" for row in rows)
    told = f"Of {len(rows)} claims, {number} are undecided; the thesis is"
    told += f" {WORDS[rows[0]['verdict']]}"
    return told + ", and only in its mildest reading" * _supported(rows[0])


def _supported(row: dict) -> bool:
    return DIRECTION.get(row["verdict"], 0) > 0


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
    """How many claims have which verdict; then those examined in full; returns where they end."""
    if not (full := [row for row in rows if row["central"]]):
        return 0
    by = grouped(sorted(rows, key=lambda row: [*LOOKS].index(row["kind"])), "place")
    used = [place for place in PLACES if place in {*by, *map(_other, full)}]
    step = (LAST - FIRST) / max(len(used) - 1, 1)
    places = {p: FIRST + step * n + GAP * (p in APART) for n, p in enumerate(used)}
    foot = TOP + 24 + PILE * max(-(-max(map(len, by.values())) // PER_LINE), len(LOOKS) + 1)
    draft.note(f"<b>All {len(rows)} claims</b>", 0, TOP + 6, font=BIG)
    for n, (kind, told) in enumerate([*_key(rows).items(), ("", BALANCE)]):
        draft.note(f"{SIGNS[kind]} {told}".strip(), 0, TOP + 30 + n * LINE, font=SMALL)
    draft.note(f"<b>Examined in full ({len(full)})</b>", 0, foot + 18, font=BIG)
    y = foot + 40.0
    for place, of in by.items():
        marks += _pile(of, places[place])
    for row in full:
        y = _scaled(draft, row, places, y, marks, labels)
    for place, x in places.items():
        said, centred = f"<b>{wrap(capital(NAMES[place]), 12)}</b>", {"xanchor": "center"}
        draft.note(said, x, TOP - 12, align="center", yanchor="bottom", font=SMALL, **centred)
        draft.note(f"<b>{len(by.get(place, []))}</b>", x, TOP + 6, font=BIG, **centred)
        if place not in APART:
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
    said, x = fold(row["label"], LABEL), places[row["place"]]
    mid, down = y + LINE * len(said) / 2, y + LINE * len(said)
    at = {**row, "kind": "words", "x": 0, "y": mid}
    labels += [{**at, "text": LARGE.format(wrap(row["label"], LABEL))}]
    labels += [
        {**at, "x": x - BESIDE, "text": row["held"].partition(":")[0], "align": "middle left"}
    ]
    marks.append({**row, "x": x, "y": mid, "size": 14})
    at |= {"kind": "quiet", "says": text(_weaker(row)) + "<br>" * bool(_other(row))}
    told = f"Weaker form: {row['charitable'].rstrip('.')}" if _other(row) else row.get("other", "")
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
    """The other claims, a list for each verdict; returns where they end."""
    by, ends = grouped(rows, "place"), [y]
    if rows:
        draft.hairline([0, WIDE], [y] * 2, color=GREY)
        draft.note(f"<b>Checked more briefly ({len(rows)})</b>", 0, y + 24, font=BIG)
    columns = ["not_decided", UNTESTED], ["thin"], GRADES[::-1]
    for n, places in enumerate(columns):
        x, at = n * WIDE / len(columns), y + 40
        for place in filter(by.get, places):
            given = by.pop(place)
            draft.note(f"<b>{capital(NAMES[place])} ({len(given)})</b>", x, at + 9)
            at = _listed(draft, given, (x, at + 9 + LINE, WIDE / len(columns)), labels)
        ends.append(at)
    return max(ends)


def _listed(draft: Draft, rows: Sequence[dict], place: tuple, labels: list) -> float:
    """Claims with one verdict, under a heading for each way in which it holds; where they end."""
    x, at, wide = place
    for told, members in grouped(rows, "held").items():
        told = told.removeprefix(f"{WORDS['thin']}: ")
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
