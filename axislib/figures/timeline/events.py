"""What the timeline says of each event: how far it is dated, between which years, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from axislib.figures.draft import Line, Words, grouped
from axislib.seed.seed import Seed
from axislib.tables.dates import bounds
from axislib.tables.schema import records, split_cell
from axislib.words import capital, date_in_words, in_text, names, number_word, standing

LANES = ("actor", "coalition", "kind", "speaker")
NO_LANE = "Others"
STATES = {"dated": "dated", "placed": "placed relative to another event"}
STATES |= {"undated": "undated", "apart": "denied or left open"}  # the last counted separately
PARENTS = {state: word.capitalize() for state, word in STATES.items()}
PARENTS["undated"] += ", by main actor; the article itself gives no date"
_COLUMNS = [
    *("id", "title", "kind", "actors", "coalition", "speaker", "date", "date_words"),
    *("relative_to", "time_relation", "date_basis", "statement", "polarity", "modality", "layer"),
]


def prepare(seed: Seed, lanes: str = "actor", record: bool = True) -> list[dict]:
    """One row an event: ``state`` (see STATES), ``kind`` (its look), ``group`` (its heading),
    ``when`` and ``standing`` in words, and the years it lies between.

    ``listed`` says that an event has no place on the axis. ``lo`` and ``hi`` are its first and last
    possible year (None where that end is open), ``span`` both of them as far as they are known
    (None where neither is), ``core`` the part in which it went on in any case, ``circa`` whether
    the date is approximate. ``record`` says whether the external record's dates are taken in."""
    events = seed.events if record else seed.events[seed.events["layer"] != "context"]
    called, rows = names(seed), records(events[_COLUMNS])
    acts_for = dict(zip(seed.actors["id"], seed.actors["acts_for"], strict=True))
    titles, tied = {row["id"]: row["title"] for row in rows}, set(events["relative_to"])
    placed = (events["earliest"].notna() | events["latest"].notna()).tolist()
    for row, span, has_place in zip(rows, _spans(rows), placed, strict=True):
        apart = standing(row)
        state = "apart" if apart else _state(row, titles)
        row |= {
            **span,
            "ids": [row["id"]],
            "state": state,
            "listed": row["date_basis"] != "stated"
            and not (has_place and row["relative_to"] in titles),
            "group": STATES[state].capitalize()
            if lanes == "actor" and state in ("placed", "apart")
            else lane(row, lanes, called, acts_for),
            "parent": PARENTS[state] * (lanes == "actor"),
            "when": when(row, titles, tied),
            "standing": apart,
            "kind": ("record" if row["layer"] == "context" else "article")
            + (", not happened" if apart else ""),
        }
    if lanes == "actor":
        _alone_together(rows)
    return rows


def _state(row: Mapping, titles: Mapping[str, str]) -> str:
    if row["date_basis"] == "stated":
        return "dated"
    return "placed" if row["relative_to"] in titles else "undated"


def _spans(rows: Sequence[Mapping]) -> list[dict]:
    """Years of each event; those of an interval by its two ends."""
    stated = [row["date"] if row["date_basis"] == "stated" else "" for row in rows]
    ends = [date.partition("/") for date in stated]
    begins = bounds([begin.replace("..", "") for begin, *_ in ends])
    last = [close if slash else begin for begin, slash, close in ends]
    closes = bounds([close.replace("..", "") for close in last])
    each = [(of, end) for of in (begins, closes) for end in ("earliest", "latest")]
    columns = [years(of[end], end == "latest") for of, end in each]
    return [_span(date, *place) for date, *place in zip(stated, *columns, strict=True)]


def _span(
    date: str, lo: float | None, begun: float | None, ending: float | None, hi: float | None
) -> dict:
    begin, slash, close = date.partition("/")
    core = (begun, ending) if slash else (None, None)
    if core[0] is not None and core[1] is not None and core[0] >= core[1]:
        core = (None, None)
    ends = (hi if lo is None else lo, lo if hi is None else hi)
    return {
        "lo": lo,
        "hi": hi,
        "span": None if ends == (None, None) else ends,
        "core": core,
        "opens": {"": "?", "..": "<"}.get(begin, "") if slash else "",
        "closes": {"": "?", "..": ">"}.get(close, "") if slash else "",
        "circa": "~" in date or "%" in date,
    }


def years(days: pd.Series, after: bool = False) -> list[float | None]:
    """Days as years with a fraction; None for NaT. ``after`` counts to the end of the day. Years
    are those of ISO 8601: 0 is 1 BC.

    >>> years(pd.Series(pd.to_datetime(["2024-01-01", None])))
    [2024.0, None]
    """
    day = days.to_numpy("datetime64[D]") + (1 if after else 0)
    year = day.astype("datetime64[Y]")
    begin, end = year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]")
    number = year.astype("int64") + 1970 + (day - begin) / (end - begin)
    return [
        None if missing else round(float(value), 4)
        for value, missing in zip(number, np.isnat(day), strict=True)
    ]


def when(row: Mapping, titles: Mapping[str, str], tied: Collection[str]) -> str:
    """When, in a reader's words: the date, or the words of the text and the event it is told by."""
    words = row["date_words"]
    if row["date_basis"] == "stated":
        vague = words and not any(sign.isdigit() for sign in words)
        return date_in_words(row["date"]) + (f" (\u201c{words}\u201d)" if vague else "")
    quoted = f"\u201c{words}\u201d" if words else ""
    event = in_text(titles.get(row["relative_to"], ""))
    if event and event.lower() not in words.lower():
        relation = row["time_relation"]
        joined = quoted if relation in words else ": ".join(filter(None, [quoted, relation]))
        clause = relation == "during" and not event.startswith("the ")  # "North Korea sends troops"
        return f"{joined} {'this event: ' * clause}{event}"
    return quoted or "named, but no years given" * (row["kind"] == "war" and row["id"] in tied)


def lane(row: Mapping, lanes: str, called: Mapping[str, str], acts_for: Mapping[str, str]) -> str:
    """The heading of an event: by ``actor`` that of the first, or of the state it acts for."""
    value = next(iter(split_cell(row["actors"])), "") if lanes == "actor" else row[lanes]
    value = (lanes == "actor" and acts_for.get(value)) or value
    if not value:
        return NO_LANE
    return capital(called.get(value, str(value).replace("_", " ")))


def _alone_together(rows: list[dict]) -> None:
    """Undated events that would be alone under their heading go together."""
    listed = [row for row in rows if row["listed"] and row["state"] == "undated"]
    groups = Counter(row["group"] for row in listed)
    for row in listed:
        row["group"] = NO_LANE if groups[row["group"]] == 1 else row["group"]


def own_events(rows: Sequence[Mapping]) -> list[Mapping]:
    """The events that are counted: the article's where it is in, else the record's."""
    return [row for row in rows if row["layer"] != "context"] or list(rows)


def headline(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title and counting rule alone."""
    own = own_events(rows)
    number = Counter(row["state"] for row in own)
    subtitle = (
        f"An event with two names counts twice; it is dated if {_dated_from(rows)} gives at least a"
        f" year or a range. {_others(own, number['placed'], number['apart'])}"
    )
    return Words(_title(seed, rows, own, number["dated"]), subtitle, [], [])


def words(seed: Seed, rows: Sequence[Mapping]) -> Words:
    """Title, counting rule, a line an event, and a card a state or heading."""
    rows = sorted(rows, key=lambda row: (list(STATES).index(row["state"]), row["lo"] or 0))
    own, said = own_events(rows), headline(seed, rows)
    described: list[str] = []
    for state, some in grouped(rows, "state").items():
        described.append(f"{STATES[state].capitalize()}:")
        described += [Line(f"{_line(row)}. {row['statement']}", row["ids"]) for row in some]
    cards = _drawn(own)
    for state, some in grouped(own, "state").items():
        lines = [Line(_line(row).replace(": ", ":\n", 1), row["ids"]) for row in some]
        folded = "Show the list" * (state == "apart")
        cards.append({"heading": STATES[state].capitalize(), "lines": lines, "folded": folded})
    return Words(said.title, said.subtitle, described, cards)


def _drawn(own: Sequence[Mapping]) -> list[dict]:
    """The cards of the squares: how many events of each state, as a sum; then those apart."""
    cards, parted = [], [{**row, "out": row["state"] == "apart"} for row in own]
    for out, rows in grouped(parted, "out").items():
        kinds = Counter((row["state"], row["standing"]) for row in rows).items()
        squares = [(n, f"{state} {how.replace(' ', '-')}".strip()) for (state, how), n in kinds]
        told = [f"{n} {how or STATES[state]}" for (state, how), n in kinds]
        sums = f": {' + '.join(str(n) for _, n in kinds)} = {len(rows)}" * (len(kinds) > 1)
        head = f"Not counted: {len(rows)}" if out else f"Events{sums}"
        cards.append({"heading": head, "lines": told, "squares": squares})
    return cards


def _dated_from(rows: Sequence[Mapping]) -> str:
    """What the dates rest on: the article, the record, or both."""
    record = {row["layer"] == "context" for row in rows}
    if record == {False}:
        return "the text"
    return "the text or the external record" if False in record else "the external record"


def _others(own: Sequence[Mapping], placed: int, apart: int) -> str:
    """What becomes of the events that another places, and of those that did not happen."""
    told = "No other event is placed in relation to another."
    if placed:
        more = "One more is" if placed == 1 else f"{number_word(placed).capitalize()} more are"
        told = f"{more} placed relative to another event{_vaguely(own)}."
    few, be = number_word(apart).capitalize(), "is" if apart == 1 else "are"
    return told + f" {few} denied or left open {be} not counted." * bool(apart)


def _vaguely(own: Sequence[Mapping]) -> str:
    """How many are placed during one event that has itself no date."""
    undated = {row["id"]: in_text(row["title"]) for row in own if row["state"] == "undated"}
    placed = [row for row in own if (row["state"], row["time_relation"]) == ("placed", "during")]
    within = Counter(undated[row["relative_to"]] for row in placed if row["relative_to"] in undated)
    told = [f", {number_word(m)} of them during {event}" for event, m in within.most_common(1)]
    return "".join(told) * (within.total() > len(within))


def _line(row: Mapping) -> str:
    told = [part for part in (row["when"], row["standing"]) if part]
    return ": ".join(filter(None, [row["title"], ", ".join(told)]))


def _title(seed: Seed, rows: Sequence, own: Sequence, dated: int) -> str:
    total = sum(row["state"] != "apart" for row in own)
    events = f"{total:,} event{'' if total == 1 else 's'}"
    of = f"the {events} selected" if "events" in seed.selected else events
    if dated == total:
        title = f"All of {of} are dated" if total > 1 else "The only event is dated"
    elif of == events and len(rows) == len(own) and own[0]["layer"] != "context":
        few = f"{'only ' * (dated < total / 3)}{number_word(dated)}" if dated else "none"
        title = f"The article dates {few} of the {total:,} events that it names"
    else:
        title = f"{dated or 'None'} of {of} {'is' if dated < 2 else 'are'} dated"
    return title + " in the text itself; the external record adds more" * (len(rows) > len(own))
