"""Two coalitions' acts of cooperation on one chart, each counted from its own founding act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from axislib.errors import SeedError
from axislib.figures.draft import Draft, Line, Words, head_room, nothing_to_show, sentence
from axislib.figures.hover import wrap
from axislib.figures.palette import GREY, INK, LOOKS, RULE
from axislib.questions.levels import TWO_NEEDED, both_sides, compared_sides
from axislib.seed.seed import Seed
from axislib.tables.dates import bounds
from axislib.tables.schema import records, split_cell
from axislib.words import counted, date_in_words, in_text, names, number_word, standing

ACTS = ("agreement", "exchange", "delivery", "deployment", "decision")
_ACTS = "agreement, delivery, deployment, decision or contact between leaders"
_ENOUGH = 2  # dated acts of each side that make a curve
_YEAR = 365.25
_HIGH = 340


def aligned(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    founding: Mapping[str, str] | Sequence[str] | None = None,
) -> go.Figure:
    """Acts of cooperation of two coalitions, added up over the years since each one's founding act.

    An act is an event of the coalition of one of the kinds in ACTS that is said to have happened.
    ``left`` and ``right`` are coalitions (those of ``compared_sides``, if left out); ``founding``
    names an event for either (coalition to event, or the events alone): else the data package's,
    else its earliest dated act. Returns a plotly figure: a chart where
    both have two dated acts, else a sentence. Raises SeedError for an unknown coalition or a
    founding event without a date. It counts acts and cannot tell how much one of them weighs.

    >>> import axislib
    >>> axislib.describe(axislib.timeline(axislib.open_seed(), mode="aligned"))[:43]
    'Too few acts are dated for the two coalitio'
    """
    if compared_sides(seed, left, right) is None:
        return nothing_to_show("timeline", "two coalitions to compare", TWO_NEEDED)
    left, right = both_sides(seed, left, right)
    rows = prepare(seed, left, right, founding)
    if not rows:
        called = names(seed)
        what = f"acts of cooperation of {in_text(called[left])} or {in_text(called[right])}"
        none = "The selection keeps" if "events" in seed.selected else "The tables hold"
        return nothing_to_show("timeline", what, f"{none} no {_ACTS} of theirs.")
    said = words(seed, rows, (left, right))
    if _drawable(rows):
        return draw(seed, rows, said)
    why = " ".join([said.subtitle, *(f"{line}." for line in _counts(seed, rows, (left, right)))])
    return sentence("timeline", said.title, why, seed, [row["id"] for row in rows])


def prepare(
    seed: Seed, left: str, right: str, founding: Mapping[str, str] | Sequence[str] | None = None
) -> list[dict]:
    """One row an act: its ``side`` (left, right), ``name`` of the coalition, ``count`` so far and
    ``year`` since the founding act with the years between which it lies (``lo``, ``hi``).

    ``year`` is None for an act without a date; the founding act has ``founding`` True. Acts before
    the founding act are left out."""
    called, asked = names(seed), _asked(seed, founding)
    rows = []
    for side, coalition in (("left", left), ("right", right)):
        acts = _acts(seed, coalition, asked.get(coalition, ""))
        base = _founding(seed, acts, asked.get(coalition))
        for act in acts:
            act |= {"side": side, "name": called[coalition], "founding": act["id"] == base["id"]}
            when = act["date_words"] or date_in_words(act["date"]) * (act["date_basis"] == "stated")
            act |= {"when": when, **_years(act, base)}
            act["kind"] = f"{side}, {'record' if act['layer'] == 'context' else 'article'}"
        dated = [act for act in acts if act["year"] is not None and act["year"] >= 0]
        dated.sort(key=lambda act: act["year"])
        rows += [{**act, "count": number} for number, act in enumerate(dated, start=1)]
        rows += [{**act, "count": 0} for act in acts if act["year"] is None]
    return rows


def _asked(seed: Seed, founding: Mapping[str, str] | Sequence[str] | None) -> dict[str, str]:
    """Coalition to founding act: those the data package names, then those asked for."""
    events = dict(zip(seed.events["id"], seed.events["coalition"], strict=True))
    usual = seed.metadata.get("founding", {})
    found = {side: event for side, event in usual.items() if event in events}
    if isinstance(founding, Mapping):
        return {**found, **founding}
    for event in [founding] if isinstance(founding, str) else founding or ():
        found[seed.row(event).get("coalition", "")] = event
    return found


def _acts(seed: Seed, coalition: str, founding: str) -> list[dict]:
    events = seed.events
    counts = events["kind"].isin(ACTS) | (events["id"] == founding)
    ours = records(events[(events["coalition"] == coalition) & counts])
    return [{**row, **_start(row), "ids": [row["id"]]} for row in ours if not standing(row)]


def _start(row: Mapping) -> dict:
    """First and last day on which the event may have begun."""
    begin, slash, _ = row["date"].partition("/")
    first, last = row["earliest"], row["latest"]
    if row["date_basis"] == "stated" and slash and begin not in ("", ".."):
        found = bounds([begin])
        first, last = found["earliest"].iloc[0], found["latest"].iloc[0]
    return {"first": last if pd.isna(first) else first, "last": first if pd.isna(last) else last}


def _founding(seed: Seed, acts: Sequence[Mapping], asked: str | None) -> dict:
    """The event from which the years are counted: the one asked for, else the first dated act."""
    if asked:
        named = records(seed.events[seed.events["id"] == asked])
        if not named:
            wrong = f"founding: '{asked}' is not an event of data set {seed.name}; list them with"
            wrong += " seed.events['id']"
            raise SeedError(wrong)
        base = {**named[0], **_start(named[0])}
        if pd.isna(base["first"]):
            raise SeedError(f"founding: '{asked}' has no date, so no year can be counted from it")
        return base
    dated = [act for act in acts if not pd.isna(act["first"])]
    return dict(min(dated, key=lambda act: act["first"])) if dated else {"id": ""}


def _years(act: Mapping, base: Mapping) -> dict:
    if not base["id"] or pd.isna(act["first"]):
        return {"year": None}
    since = {"since": f"{base['title']}, {base['first'].year}"}
    if act["id"] == base["id"]:
        return {"year": 0.0, "lo": 0.0, "hi": 0.0, **since}
    ends = (("first", "first"), ("first", "last"), ("last", "first"))
    year, lo, hi = (round((act[at] - base[start]).days / _YEAR, 2) for at, start in ends)
    return {"year": year, "lo": lo, "hi": hi, **since}


def _dated(rows: Sequence[Mapping], side: str) -> list[Mapping]:
    return [row for row in rows if row["side"] == side and row["year"] is not None]


def _drawable(rows: Sequence[Mapping]) -> bool:
    return all(len(_dated(rows, side)) >= _ENOUGH for side in ("left", "right"))


def words(seed: Seed, rows: Sequence[Mapping], sides: tuple[str, str]) -> Words:
    """Title, counting rule, a line an act; a card a side, and one for its undated acts."""
    subtitle = "An act is an agreement, delivery, deployment or decision by members of the"
    subtitle += " coalition, or a contact between their leaders, if it is said to have happened."
    subtitle += " Year 0 is the coalition\u2019s founding act." if _drawable(rows) else ""
    cards: dict[str, list[Line]] = {}
    for row in rows:
        state = "undated acts" if row["year"] is None else "dated acts"
        cards.setdefault(f"{row['name']}, {state}", []).append(Line(_line(row), row["ids"]))
    described = [Line(f"{head}: {line}", line.ids) for head, own in cards.items() for line in own]
    counts = _counts(seed, rows, sides)
    more = {"folded": "Show the acts"}
    listed = [{"heading": head, "lines": lines, **more} for head, lines in cards.items()]
    listed = [{"heading": "In numbers", "lines": counts}, *listed]
    return Words(_title(seed, rows), subtitle, [*counts, *described], listed)


def _line(row: Mapping) -> str:
    at = "" if row["year"] is None else f"year {row['year']:g}: "
    return f"{at}{row['title']}" + (f" ({row['when']})" if row["when"] else "")


def _counts(seed: Seed, rows: Sequence[Mapping], sides: tuple[str, str]) -> list[str]:
    """How many acts of each side there are, and how many of them are dated; which, if few are."""
    told = []
    for side, coalition in zip(("left", "right"), sides, strict=True):
        dated, total = _dated(rows, side), sum(row["side"] == side for row in rows)
        many = {0: "of which none is", 1: "of which one is", total: "all"}.get(len(dated))
        number = (
            f"{number_word(total)} acts, {many or f'of which {number_word(len(dated))} are'} dated"
        )
        number = number if total > 1 else f"one act, {'dated' if dated else 'not dated'}"
        if dated and not _drawable(rows):
            number += ": " + "; ".join(f"{row['title']} ({_place(row)})" for row in dated)
        told.append(f"{names(seed)[coalition]}: {number if total else _none(seed, coalition)}")
    return told


def _none(seed: Seed, coalition: str) -> str:
    """That a coalition has no acts, and what is said of it that does not count as one."""
    events = seed.events[seed.events["coalition"] == coalition]
    events = records(events.replace({"kind": {"other": "kind not stated"}}))
    others = [f"{e['title']} ({e['kind'].replace('_', ' ')})" for e in events if not standing(e)]
    few = f"{number_word(len(others))} other event{'s' * (len(others) > 1)}".capitalize()
    of = f"{few} do{'es' * (len(others) == 1)} not count: {'; '.join(others)}"
    return f"no such acts{'. ' * bool(others)}{of * bool(others)}"


def _place(row: Mapping) -> str:
    return ", ".join(filter(None, [row["when"], *split_cell(row["anchors"])]))


def _title(seed: Seed, rows: Sequence[Mapping]) -> str:
    if not _drawable(rows):
        chosen = " in the events selected" if "events" in seed.selected else ""
        return f"Too few acts are dated for the two coalitions to be compared over time{chosen}"
    sides = [_dated(rows, side) for side in ("left", "right")]
    common = min(max(row["year"] for row in side) for side in sides)
    by = [sum(row["year"] <= common for row in side) for side in sides]
    named = [in_text(side[0]["name"]) for side in sides]
    acts = f"{named[0]} had {counted(by[0], 'act')} of cooperation, {named[1]} {by[1]}"
    return f"In the same number of years, {acts}"


def _looks() -> dict:
    """The dash of a side: the first in the colour of the source, the second in grey."""
    looks = dict(LOOKS)
    for source in ("article", "record"):
        for side, ink in (("left", LOOKS[source].line), ("right", GREY)):
            look = LOOKS[side]._replace(line=ink, fill=ink, symbol="circle")
            looks[f"{side}, {source}"] = look._replace(width=4 if side == "left" else 2)
    return looks


def draw(seed: Seed, rows: Sequence[Mapping], said: Words) -> go.Figure:
    """A curve for each side, named at its end."""
    draft, top = Draft(seed), head_room(said.title, said.subtitle)
    dated = [row for row in rows if row["year"] is not None]
    last = max(2.0, *(row["hi"] for row in dated))
    draft.marks([_span(row) for row in dated], "line", name="may lie")
    draft.marks(_steps(dated), "line", _looks())
    points = [{**row, "x": row["year"], "y": row["count"], "size": 7} for row in dated]
    draft.marks(points, "symbol", _looks(), name="acts")
    most = max(row["count"] for row in dated)
    _name_ends(draft, dated)
    draft.update_layout(
        hovermode="closest",
        margin={"l": 52, "r": 170, "t": top, "b": 52},
        xaxis=_axis("years since the founding act", (-0.03 * last, last * 1.02), last),
        yaxis=_axis("acts so far", (0, most * 1.06), most),
    )
    return draft.finish(said, top + _HIGH + 52, "timeline")


def _name_ends(draft: Draft, dated: Sequence[Mapping]) -> None:
    """Each side's name at its end."""
    for end in {row["side"]: row for row in dated}.values():
        told, since = counted(end["count"], "act"), wrap("since: " + end["since"], 26)
        label = f"<b style='color:{_looks()[end['kind']].line}'>{wrap(end['name'], 24)}: {told}</b>"
        label += f"<br><span style='color:{GREY};font-size:12px'>{since}</span>"
        draft.note(label, end["year"], end["count"], xshift=8, yanchor="middle")


def _span(row: Mapping) -> dict:
    """Between which years an act may lie."""
    return {**row, "kind": "quiet", "x": [row["lo"], row["hi"]], "y": [row["count"]] * 2}


def _steps(rows: Sequence[Mapping]) -> list[dict]:
    found = []
    for dated in (_dated(rows, side) for side in ("left", "right")):
        x, y = 0.0, 0
        for row in dated:
            found.append({**row, "x": [x, row["year"], row["year"]], "y": [y, y, row["count"]]})
            x, y = row["year"], row["count"]
    return found


def _axis(title: str, ends: Sequence[float], last: float) -> dict:
    return {
        "range": [round(end, 3) for end in ends],
        "title": {"text": title, "font": {"size": 13, "color": INK}},
        "dtick": 1 if last < 15 else None,
        "gridcolor": RULE,
        "linecolor": INK,
        "zeroline": False,
        "showline": True,
        "fixedrange": True,
    }
