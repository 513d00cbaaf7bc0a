"""The record in charts: all claims in one, with a card for each, and other charts with the record's
rows outlined, so that nobody takes them for the article's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from axislib.figures.comparison import draw as draw_comparison
from axislib.figures.comparison import favoured
from axislib.figures.comparison import prepare as prepare_comparison
from axislib.figures.comparison import words as comparison_in_words
from axislib.figures.draft import WIDE, Draft, Line, Words, key, shorten
from axislib.figures.hover import text
from axislib.figures.palette import GREY, INK, PAPER, PLAIN, Look
from axislib.figures.timeline.aligned import draw as draw_acts
from axislib.figures.timeline.aligned import prepare as prepare_acts
from axislib.figures.timeline.aligned import words as acts_in_words
from axislib.files import slug
from axislib.questions.levels import both_sides
from axislib.record.claims import meanings
from axislib.record.filled import filled_seed, outcomes, what_changes
from axislib.record.options import Record, cutoff
from axislib.record.panels import SIGN, record_check
from axislib.record.sensitivity import ROBUSTNESS, robustness
from axislib.record.verdict import (
    DIRECTION,
    SUMMED,
    VERDICTS,
    WORDS,
    findings,
    kept_from_deciding,
    lines,
    values,
)
from axislib.tables.schema import records, split_cell
from axislib.words import capital, counted, curly, in_text, names, number_word, sources_of

__all__ = ["cards", "filled_comparison", "record_check", "record_overview", "record_timeline"]
UNTESTED = "cannot_be_tested"  # no grade: these rows stand below the scale
GRADES = [*reversed([word for word in VERDICTS if word != UNTESTED]), UNTESTED]
PLACES = dict(zip(GRADES, (630, 728, 826, 924, 1022), strict=False))  # pixels of the columns
LOOKS = {
    "robust": Look(f"robust: {ROBUSTNESS['robust']}", "\u25c6", INK, INK, symbol="diamond"),
    "fragile": Look(f"fragile: {ROBUSTNESS['fragile']}",
                    "\u25c7", INK, PAPER, symbol="diamond-dot", width=2),
    "thin": Look(f"thin: {ROBUSTNESS['thin']}", "\u25c6", GREY, GREY, symbol="diamond"),
    "charitable": Look("weaker form: one the author might accept, where its verdict differs",
                       "\u25cb", GREY, width=2),
}  # fmt: skip
EVENTS = meanings("event")
# pixels above the rows, of a row, above a group, above what is not on the scale, beside the chart;
HEAD, HIGH, GAP, APART, LEFT, LABEL = 92, 16, 8, 40, 560, 104  # and signs of a label
SMALL, BIG = {"size": 12}, {"size": 20}
DAYS_A_YEAR = 365.25


def record_overview(
    record: Record, claims: Sequence[str] = (), table: pd.DataFrame | None = None
) -> go.Figure:
    """The verdict on every claim, one row each, from contradicted to supported, and how far it
    holds; ``table`` is what ``robustness`` gave, where it has been called.

    Returns a plotly figure; each point carries the ids of the claim and of the findings behind it.
    It counts no points: a grade says which way the evidence goes, not how strong it is.

    >>> import axislib
    >>> record = Record(axislib.open_seed(layers=["article", "context"]))
    >>> record_overview(record, ["cl_thesis"]).layout.meta["name"]
    'record_overview'
    """
    rows = prepare(record, robustness(record, claims) if table is None else table)
    return draw(record, rows, words(record, rows))


def prepare(record: Record, table: pd.DataFrame) -> list[dict]:
    """One row for each claim, the thesis and those examined in full first: ``label``, ``kind``
    (how far the verdict holds), ``y``, ``end``, ``verdict``, ``charitable_verdict``, ``ids``,
    ``plain`` (supported, and only describes a well-known event)."""
    grade, thesis = table["verdict"].map(GRADES.index), table["central"] == "thesis"
    block = (table["central"] != "").astype(int).map({1: -1, 0: 0}).mask(thesis, -2)
    held = table["robustness"].map([*ROBUSTNESS].index)
    plain = (table["verdict"] == "supported") & (table["describes"] != "")
    order = table.assign(grade=grade, block=block.where(block < 0, grade), held=held, plain=plain)
    rows, y, block = [], float(HEAD), None
    for row in order.sort_values(["block", "grade", "held"], kind="stable").to_dict("records"):
        found = lines(findings(record, row["claim"]))
        ids = [row["claim"], *(i for cell in found["evidence"] for i in split_cell(cell))]
        if row["block"] != block:
            y += APART if row["verdict"] == UNTESTED else GAP * bool(rows)
        block, said = row["block"], row["literal"].rstrip(".")
        label = f"The thesis: {said[0].lower()}{said[1:]}" if row["central"] == "thesis" else said
        label += "*" * row["plain"] + _whose(record, row)
        kind = UNTESTED if row["verdict"] == UNTESTED else row["robustness"]
        at, y = y + HIGH / 2, y + HIGH * (1 + bool(_other(row)))
        rows.append({**row, "label": label, "kind": kind, "ids": ids, "y": at, "end": y})
    return rows


def _whose(record: Record, row: dict) -> str:
    """Whose claim it is, where it is not the author's."""
    name = record.called(row["speaker"])
    return "" if name == record.seed.metadata.get("author") else f" ({name})"


def words(record: Record, rows: Sequence[dict]) -> Words:
    """Title, counting rule, a line for each claim; as cards the counts, the words, the claims."""
    said = [
        Line(
            f"{row['label']}. {_verdict(row)}. {row['would_alter_it']} {_weaker(row)}".strip(),
            row["ids"],
        )
        for row in rows
    ]
    groups: dict[str, dict] = {}
    for row in rows:
        heading = "Examined in full" if row["central"] else f"Others: {WORDS[row['verdict']]}"
        group = groups.setdefault(heading, {"lines": [], "places": []})
        held = _verdict(row) if row["central"] else f"Verdict {_held(row)}"  # or the heading says
        told = f"\n\n{held}.\n{_weaker(row)}" * (row["verdict"] != UNTESTED)
        group["lines"].append(f"{row['label']}.{told}".strip())
        group["places"].append(f"claim-{slug(row['literal'])}")  # of its card
        group["heading"] = f"{heading} ({len(group['lines'])})"
    given, looks = [row["verdict"] for row in rows], LOOKS.values()
    tally = [f"{given.count(v)} {WORDS[v]} {chr(0x25A0) * given.count(v)}" for v in GRADES]
    first = {"All verdicts": tally, "The words": [look.word.capitalize() for look in looks]}
    cards = [{"heading": head, "lines": told} for head, told in first.items()] + [*groups.values()]
    return Words(_title(rows), _counts(rows), said, cards)


def _counts(rows: Sequence[dict]) -> str:
    """How many claims are supported, not decided, contradicted, and cannot be tested."""
    given = [row["verdict"] for row in rows]
    ours, theirs = (sum(DIRECTION.get(word, 0) == side for word in given) for side in (1, -1))
    plain = sum(row["plain"] for row in rows)
    told = f" {plain} of the supported claims, marked *, only describe well-known events."
    return (
        f"Of {len(rows)} claims, {ours} are supported ({given.count('supported_on_balance')}"
        f" of them on balance), {given.count('not_decided')} not decided and"
        f" {theirs} contradicted; {given.count(UNTESTED)} cannot be tested.{told * bool(plain)}"
        " Only evidence from before the article counts."
    )


def _verdict(row: dict) -> str:
    return WORDS[row["verdict"]].capitalize() + f", {_held(row)}" * (row["verdict"] != UNTESTED)


def _held(row: dict) -> str:
    """How far a verdict holds; of a thin one also on how many findings it rests."""
    few = f": {number_word(row['findings'])} finding" if row["findings"] else ": no finding counts"
    return row["robustness"] + few * (row["robustness"] == "thin")


def _weaker(row: dict) -> str:
    """The weaker form of a claim with its verdict, where that differs."""
    return f"A weaker form is {WORDS[_other(row)]}: {row['charitable']}" if _other(row) else ""


def _title(rows: Sequence[dict]) -> str:
    """The verdict on the thesis, and how many of the claims examined in full are contradicted;
    where it is not among them, how many claims are supported."""
    thesis = [row for row in rows if row["central"] == "thesis"]
    others = [row for row in rows if row["central"] == "yes"]
    ours = sum(DIRECTION.get(row["verdict"], 0) > 0 for row in rows)
    if not thesis or not others:
        return f"Other sources support {ours} of {len(rows)} claims"
    fail = sum(DIRECTION.get(row["verdict"], 0) < 0 for row in others)
    but = " and " if thesis[0]["robustness"] == "robust" else " but "
    return (
        f"The thesis is {_verdict(thesis[0]).lower().replace(', ', but)}; of the"
        f" {number_word(len(others))} other claims examined in full,"
        f" {number_word(fail) if fail else 'none'} {'is' if fail == 1 else 'are'} contradicted"
        " as tested"
    )


def _other(row: dict) -> str:
    """The verdict on a weaker form, where there is one and it differs."""
    differs = row["charitable"] and row["charitable_verdict"] not in (row["verdict"], UNTESTED)
    return row["charitable_verdict"] if differs else ""


def draw(record: Record, rows: Sequence[dict], said: Words) -> go.Figure:
    """A row of the chart for each claim, a column for each grade; below a claim its weaker form."""
    draft, marks, labels = Draft(record.seed), [], []
    graded = max((row["end"] for row in rows if row["kind"] != UNTESTED), default=HEAD)
    _scale(draft, rows, graded)
    for row in rows:
        label = text(shorten(row["label"], LABEL))
        label = f"<b>{label}</b>" if row["central"] else label
        labels.append({**row, "x": 0, "text": label, "kind": "words"})
        if row["kind"] != UNTESTED:
            at = {**row, "x": PLACES[row["verdict"]]}
            marks.append(at)
            labels.append({**at, "x": at["x"] + 10, "text": _held(row), "kind": "words"})
        if weaker := _other(row):
            at = {**row, "y": row["y"] + HIGH, "says": text(_weaker(row)) + "<br>"}
            told = text(shorten(f"Weaker form: {row['charitable'].rstrip('.')}", LABEL))
            labels.append({**at, "x": 14, "text": told, "kind": "quiet"})
            marks.append({**at, "x": PLACES[weaker], "kind": "charitable"})
    for row in marks:
        draft.hairline([LEFT, row["x"]], [row["y"]] * 2, dash="1px,4px")
    draft.marks(labels, "text", LOOKS | PLAIN, name="claims", textfont=SMALL)
    draft.marks(marks, "symbol", LOOKS)
    return draft.page(said, rows[-1]["end"] if rows else HEAD, "record_overview")


def _scale(draft: Draft, rows: Sequence[dict], graded: float) -> None:
    """The heads of the grades, the key, and below them the head of what cannot be tested."""
    number = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in VERDICTS}
    for verdict, x in PLACES.items():
        at = {"xanchor": "center", "align": "center"}
        draft.note(f"<b>{number[verdict]}</b>", x, HEAD - 38, yanchor="bottom", font=BIG, **at)
        said = WORDS[verdict].replace(" ", "<br>", 1)
        draft.note(said, x, HEAD - 40, yanchor="top", font=SMALL, **at)
        draft.hairline([x, x], [HEAD, graded])
    said = "<br>".join([*(key([kind], LOOKS) for kind in LOOKS), "<b>Bold</b>: examined in full"])
    draft.note(said, 0, HEAD - 8, yanchor="bottom", font=SMALL)
    if number[UNTESTED]:
        draft.hairline([0, WIDE], [graded + APART / 4] * 2, color=GREY)
        said = f'<span style="font-size:20px"><b>{number[UNTESTED]}</b></span> cannot be tested by'
        draft.note(f"{said} evidence from before the article", 0, graded + APART - 16)


def cards(record: Record, table: pd.DataFrame) -> str:
    """The cards of all claims as HTML: those central to the argument open, the others folded
    together; the article's claim and why first, all findings with their sources one click away."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("axislib.record", "")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    made.filters["curly"] = curly
    rows = [
        {**row, "whose": _whose(record, row), "found": _found(record, str(row["claim"])),
         "warned": "; ".join(WORDS[word] for word in split_cell(row["caveats"])),
         "open": bool(row["central"]) or not table["central"].any()}
        for row in records(table)
    ]  # fmt: skip
    return made.get_template("cards.html.j2").render(rows=rows, words=WORDS)


def _found(record: Record, claim: str) -> list[dict]:
    """All findings of a claim, what happened since at the end: what is ``said`` of each, in
    brackets how it bears on the claim, and on its weaker form if otherwise; its sources."""
    found, told = findings(record, claim), []
    weaker = findings(record, claim, "charitable").set_index("id").to_dict("index")
    counts = found.loc[found["use"].isin(["counted", SUMMED]), "event"].value_counts()
    found = found.assign(later=found["use"] == "later").sort_values("later", kind="stable")
    measured = values(record, claim).query("role != 'baseline'").groupby("indicator")["ids"]
    behind = measured.agg(";".join).to_dict()
    for each in found.to_dict("records"):
        how, there = _bears(each), _bears(weaker[each["id"]])
        said = [how, *[f"for the weaker form: {there}"] * (how != there)]
        if each["use"] in ("counted", SUMMED) and counts[each["event"]] > 1:
            event = EVENTS.get(each["event"]) or in_text(record.seed.row(each["event"])["title"])
            said.append(f"counts once with the other findings on {event}")
        said.append("general knowledge" if each["tier"] == "none" else f"{each['tier']} source")
        sources = _sources(record, str(behind.get(each["id"], each["evidence"])))
        how = "; ".join(part for part in said if part != SUMMED)
        told.append({"said": f"{_told(record, each)} ({how})", "sources": sources})
    return told


def _told(record: Record, each: dict) -> str:
    """The evidence with its speaker, then what it means; of a measure, its reason says both."""
    row = record.seed.row(each["evidence"]) if each["kind"] == "evidence" else {}
    said, name = each["statement"].rstrip("."), record.called(row.get("speaker", ""))
    if each["modality"] == "reported" and name[:1].isupper() and name not in said:
        said += f" ({name})"
    return each["why"] if "definition" in row else f"{said}. {each['why']}"


def _bears(each: dict) -> str:
    """Which way a finding points and which test it is; else why it does not count."""
    if each["use"] == "later":
        return "what happened since, or possibly since: decides nothing"
    told = [f"{each['side']}: {WORDS[each['test']]}", kept_from_deciding(each)]
    return ", ".join(filter(None, told)) if each["use"] == "counted" else each["use"]


def _sources(record: Record, evidence: str) -> list[dict]:
    """The sources behind the ids of a finding, each once."""
    rows = [sources_of(record.seed, record.seed.row(i)) for i in split_cell(evidence)]
    return [*{source["id"]: source for each in rows for source in each}.values()]


def record_timeline(record: Record, left: str | None = None, right: str | None = None) -> go.Figure:
    """The years of two coalitions side by side, from the record's dates, with the span of the
    article's possible dates.

    Only dated acts of the record are drawn, outlined; the article dates hardly any. Each coalition
    counts from its founding act (for the four, who have none, the joint statement of February
    2022). It counts acts that the compilers of the record looked for: a higher count may only
    reflect more research.
    """
    seed = record.seed
    left, right = both_sides(seed, left, right)
    events = seed.events[seed.events["layer"] == "context"]
    dated = replace(seed, tables={**seed.tables, "events": events.reset_index(drop=True)})
    founding = {
        side: event
        for side, event in seed.metadata.get("founding", {}).items()
        if side in (left, right) and event in set(events["id"])
    }
    rows, shade = prepare_acts(dated, left, right, founding), []
    row = events[events["id"] == founding.get(left, "")]
    if len(row):
        since = row["earliest"].iloc[0]
        shade = [(day - since).days / DAYS_A_YEAR for day in cutoff(seed)[:2]]
        rows = [row for row in rows if row["side"] == "right" or (row["year"] or 0) <= shade[1]]
    said = acts_in_words(dated, rows, (left, right))
    said = said._replace(title=_until(rows, shade[0])) if shade else said
    subtitle = (
        "How acts are spread over time, not how much they matter: the Axis began with years of"
        " peace, today's four with a war, and higher counts may only reflect more research."
        f" {said.subtitle} Every act is the external record's, none the article's, and"
        " none is later than the last date on which the article can have been written."
    )
    figure = draw_acts(dated, rows, said._replace(subtitle=subtitle), "record_timeline")
    if shade:
        _shade(figure, *shade)
    return figure


def _until(rows: Sequence[dict], end: float) -> str:
    """Whether most acts of the second side came after more years than the first then had."""
    sides = [[row for row in rows if row["side"] == side] for side in ("left", "right")]
    one, other = (in_text(side[0]["name"]) for side in sides)
    late = [row["year"] > end for row in sides[1] if row["year"] is not None]
    most = "Most" if sum(late) > len(late) / 2 else "Less than half of the"
    return f"{most} recorded acts of {other} came more years after its start than {one} had existed"


def _shade(figure: go.Figure, x0: float, x1: float) -> None:
    """The span in which the article was written, in years since the founding act."""
    box = {"x0": x0, "x1": x1, "y0": 0, "y1": 1, "fillcolor": "#E6E6E6", "line": {"width": 0}}
    figure.add_shape(type="rect", xref="x", yref="y domain", layer="below", **box)
    said = "the article was written<br>in this span"
    look = {"xanchor": "left", "xshift": 6, "align": "left", "font": SMALL, "showarrow": False}
    figure.add_annotation(text=said, xref="x", x=x1, yref="y domain", y=0.4, **look)


def filled_comparison(
    record: Record, left: str | None = None, right: str | None = None
) -> go.Figure:
    """The comparison with what the article does not state filled from the record, outlined.

    The article's coding takes precedence; a star says that the record alone favours otherwise. It
    counts levels, never how much.
    """
    seed = record.seed
    left, right = both_sides(seed, left, right)
    changes = what_changes(seed, left, right).set_index("dimension")
    rows = prepare_comparison(filled_seed(seed), left, right)
    other = (changes["record"] != "cannot say") & (changes["record"] != changes["filled"])
    for row in rows:
        if other[row["dimension"]]:
            row["changed"] = f"{favoured(rows, row)} *"
    named = [in_text(row["coalition"]) for row in rows[:2]]
    title, subtitle = _both_ways(changes, named, other)
    described = _in_each(changes, names(seed), outcomes(seed, left, right))
    said = Words(title, subtitle, described, comparison_in_words(seed, rows).cards)
    return draw_comparison(seed, rows, said, "filled_comparison")


def _both_ways(changes: pd.DataFrame, named: Sequence[str], other: pd.Series) -> tuple[str, str]:
    """Title and subtitle: whom more forms favour with gaps filled, and by the record alone."""
    ways = ("filled", "record")
    both = {way: [int((changes[way] == side).sum()) for side in ("more", "less")] for way in ways}
    title = (
        f"With its gaps filled, the article\u2019s comparison {_leaning(both['filled'], named)};"
        f" the external record alone {_leaning(both['record'], named)}"
    )
    kept = changes.loc[~other, "filled"]
    bare = f"{(kept == 'more').sum()} to {(kept == 'less').sum()}"
    told = [f"{counted(more, 'form')} to {less}" for more, less in both.values()]
    subtitle = (
        f"{capital(named[0])} against {named[1]}: with gaps filled, {told[0]}; by"
        f" the external record alone, {told[1]}; the rest are ties or unknown. Without the"
        f" starred rows it would be {bare} with gaps filled. {SIGN} and outlined:"
        " from the external record. Solid: the article, whose coding takes precedence. * The"
        f" external record alone says otherwise on {counted(int(other.sum()), 'form')}. Cells show"
        " whether a form is present, not how much of it; ruled out may mean that none is known."
    )
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
