"""Findings as sentences of Markdown: numbers are counted, what one article says is its seed's."""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from axislib.errors import SeedError
from axislib.questions.argument import voices_of
from axislib.questions.levels import (
    TWO_NEEDED,
    both_sides,
    comparable_range,
    compare_readings,
    likenesses,
    nothing_compared,
    thesis,
)
from axislib.questions.weighing import fillings
from axislib.seed.seed import Seed
from axislib.tables.schema import records, split_cell

FORMS = ("form of cooperation", "forms of cooperation")  # what a dimension is called on screen


def remark(seed: Seed, notebook: str, place: str) -> str:
    """What the data package remarks on this one article (``remarks``: notebook, then place)."""
    words = seed.metadata.get("remarks", {}).get(notebook, {}).get(place, "")
    return words and f"**About this article:** {curly(words)}"


def voices_in_words(seed: Seed) -> str:
    """How many statements are the author's, the editors' and other people's."""
    (author, editors), facts = voices_of(seed), seed.facts
    if facts.empty:
        return "Nothing is coded yet."
    called, by = names(seed), facts["speaker"].value_counts()
    own = [f"**{by[who]}** by {called.get(who, who)}" for who in (author, editors) if who in by]
    record = int((facts["layer"] == "context").sum())
    others = len(facts) - record - sum(by.get(speaker, 0) for speaker in (author, editors))
    own += [f"**{others}** by others"] if others or not record else []
    own += [f"**{record}** from the external record"] if record else []
    return f"**{counted(len(facts), 'coded statement')}**: {', '.join(own)}."


def thesis_in_words(seed: Seed, left: str, right: str) -> str:
    """The claim that one side goes further, counted: how many dimensions favour whom."""
    if nothing_compared(seed, left, right):
        return f"Nothing is compared here yet. {TWO_NEEDED}"
    left, right = both_sides(seed, left, right)
    number, called = thesis(seed, left, right), names(seed)
    one, other = in_text(called[left]), in_text(called[right])
    source = "the statements selected" if "cooperation" in seed.selected else sources_named(seed)
    it, s = ("They", "") if {"selected", "and"} & {*source.split()} else ("It", "s")
    ahead = likenesses(seed, left, right).query("exceeds == 'left'")
    told = favour([*number[["left_exceeds", "right_exceeds", "neither"]]], one, other)
    apart = {"only_left": f"only {one}", "only_right": f"only {other}", "neither": "neither side"}
    rest = [f"{w} on {number_word(n)}" for k, w in apart.items() if (n := number[f"{k}_known"])]
    both = number_word(number["both_known"]) if told else "none"
    line = f"{source} cover{s} both sides on **{both}** of the **{number['dimensions']}**"
    line = f"{capital(line)} {FORMS[1]}{': ' * bool(told)}{listed(told)}."
    line += f" {it} cover{s} {listed(rest)}." if rest else ""
    grounds = [f"{called[row['dimension']]} ({row['certainty']})" for row in records(ahead)]
    forms = "; ".join(ground[0].lower() + ground[1:] for ground in grounds)
    which = f"only {forms} favour{'s' * (len(grounds) == 1)}" if grounds else "none favours"
    return curly(f"{line} Of the {FORMS[1]} that can be compared, {which} {one}.")


def range_in_words(seed: Seed, left: str | None = None, right: str | None = None) -> str:
    """How many dimensions can be compared, depending on the coding: one sentence for every page.

    >>> import axislib
    >>> range_in_words(axislib.open_seed()).partition(" tried, ")[2]
    'singly or together, from none to three forms can be compared.'
    """
    low, high = comparable_range(seed, left, right)
    if low == high:
        return "No alternative coding would change how many forms can be compared."
    ends = f"singly or together, from {number_word(low) if low else 'none'} to {number_word(high)}"
    return f"Under the alternative codings we tried, {ends} forms can be compared."


def together_in_words(seed: Seed, left: str, right: str) -> str:
    """Whether it takes several alternative codings to leave so few dimensions; empty if not."""
    if nothing_compared(seed, left, right):
        return ""
    alone, (low, _) = compare_readings(seed, left, right), comparable_range(seed, left, right)
    pairs = combinations(alone.loc[alone["changes"] != "", "reading"], 2)
    found = (thesis(seed.read_as(*pair), left, right)["both_known"] == low for pair in pairs)
    if low == (least := int(alone["both_known"].min())):
        return ""
    told = f"at least {number_word(least)} {FORMS[least > 1].partition(' ')[0]} to compare; it"
    told += f" takes {'at least two' if any(found) else 'several'} of them together to leave"
    return f"Each of these codings alone leaves {told} {number_word(low) if low else 'none'}."


def favour(counts: Sequence[int], left: str, right: str) -> list[str]:
    """How many forms favour either side or neither, in words; nothing for none."""
    *sides, (ties, _) = zip(counts, (left, right, ""), strict=True)
    told = [f"{number_word(n)} favour{'s' * (n == 1)} {side}" for n, side in sides if n]
    return told + [f"{number_word(ties)} {'is a tie' if ties == 1 else 'are ties'}"] * bool(ties)


_FILLED = {  # how gaps are counted, as ``questions.weighing.FILLS`` has them
    "known": "only what is stated for both sides counts",
    "for": "every gap favours {left}",
    "absent": "every gap counts as ruled out",
    "uniform": "gaps are filled at random",
    "present": "every gap counts as present",
    "against": "every gap favours {right}",
}


def weights_in_words(
    seed: Seed,
    left: str | None = None,
    right: str | None = None,
    draws: int = 10_000,
    random_seed: int = 1,
) -> str:
    """Which assumption on the gaps changes the side ahead, whatever a form of cooperation weighs;
    a list of the shares of random weightings (``fillings``) in which the first side is ahead."""
    if nothing_compared(seed, left, right):
        return ""
    left, right = both_sides(seed, left, right)
    called = {side: in_text(names(seed)[i]) for side, i in (("left", left), ("right", right))}
    table = fillings(seed, left, right, draws, random_seed).set_index("fill")
    table = table[table["left"].notna()][["left", "right"]].to_dict("index")
    ahead = sum(row["left"] > row["right"] for row in table.values())
    first = "left" if ahead * 2 >= len(table) else "right"
    other = "right" if first == "left" else "left"
    told = {fill: said.format(**called) for fill, said in _FILLED.items() if fill in table}
    flips = [said for fill, said in told.items() if table[fill][first] < table[fill][other]]
    but = f", unless {' or '.join(flips)}" if flips else ", however gaps are counted"
    lines = [f"- {said}: {percent(table[fill][first])}" for fill, said in told.items()]
    lead = f"**Under most of these sets of weights {called[first]} would be ahead{but}.**"
    how = f"We gave each {FORMS[0]} a weight (how much it counts) at random, {draws:,} times over."
    share = f"Share of these sets that put {called[first]} ahead, if"
    return curly("\n".join([f"{how} {lead} {share}", "", *lines]))


def percent(value: float) -> str:
    """A share in words: never a false 0 or 100.

    >>> percent(0.9996), percent(0.25)
    ('over 99%', '25%')
    """
    if 0 < value < 0.01:
        return "under 1%"
    return "over 99%" if 0.99 < value < 1 else f"{100 * value:.0f}%"


def what_removes_the_lead(seed: Seed, left: str | None = None, right: str | None = None) -> str:
    """Which alternative codings alone take away the lead on what can be compared; empty without a
    lead.

    >>> import axislib
    >>> what_removes_the_lead(axislib.open_seed()).partition(" today")[0]
    'One alternative coding would be enough to cost'
    """
    if nothing_compared(seed, left, right):
        return ""
    sides = both_sides(seed, left, right)
    number, called = thesis(seed, *sides), names(seed)
    if not (lead := int(number["left_exceeds"] - number["right_exceeds"])):
        return ""
    side, found, table = in_text(called[sides[lead < 0]]), [], compare_readings(seed, *sides)
    for row in records(table[(table["left_exceeds"] - table["right_exceeds"]) * lead <= 0]):
        fact = seed.row(row["fact"])
        where = ", ".join(split_cell(fact["anchors"]))
        word = row["alternative"].replace("_", " ")
        found.append(f"{called[fact['dimension']]} ({where}), coded \u201c{word}\u201d")
    if not found:
        return f"No single alternative coding would cost {side} the lead."
    s, each = ("s", " each") if len(found) > 1 else ("", "")
    many = f"{number_word(len(found))} alternative coding{s} would{each}".capitalize()
    return f"{many} be enough to cost {side} the lead: {'; '.join(found)}."


def finding(seed: Seed) -> str:
    """What an article amounts to, in one sentence: on how many dimensions its two coalitions can be
    compared; without a comparison, what it dates and counts.

    >>> import axislib
    >>> print(finding(axislib.open_seed()).partition(" on ")[2])
    only 2 of 22 forms of cooperation
    """
    if seed.facts.empty or nothing_compared(seed):
        return _finding_without_comparison(seed) if len(seed.facts) else "Nothing is coded yet"
    left, right = both_sides(seed)
    number, called = thesis(seed, left, right), names(seed)
    known, every = int(number["both_known"]), int(number["dimensions"])
    few = "only " if 0 < known < every / 3 else ""
    on = f"on {few}{known} of {counted(every, *FORMS)}" if known else f"on no {FORMS[0]}"
    pair = " with ".join(in_text(called[side]) for side in (left, right))
    return f"{they_do(seed, 'say')} enough to compare {pair} {on}"


def events_dated(seed: Seed) -> tuple[int, int]:
    """How many events are dated, of how many that are said to have happened.

    >>> import axislib
    >>> events_dated(axislib.open_seed())
    (3, 32)
    """
    happened = _said_to_be(seed.events)
    return int((happened["date_basis"] == "stated").sum()), len(happened)


def exchanges_with_number(seed: Seed) -> tuple[int, int]:
    """How many exchanges have a number, of how many that are said to have happened. An exchange is
    all that one side gives another of one kind, whoever says so.

    >>> import axislib
    >>> exchanges_with_number(axislib.open_seed())
    (1, 12)
    """
    items = _said_to_be(seed.transfers)
    givers = items["joint"].where(items["joint"] != "", items["giver"])
    groups = items.groupby([givers, items["receiver"], items["category"], items["layer"]])
    return int((groups["quantity"].count() > 0).sum()), groups.ngroups


def _said_to_be(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that say that a thing happened."""
    return table.loc[[not standing(row) for row in records(table[["polarity", "modality"]])]]


def capital(words: str) -> str:
    """Words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def with_the(words: str) -> str:
    """Words in which each name that takes an article has one."""
    return _TAKES_THE.sub("the ", words)


def listed(parts: Sequence[str]) -> str:
    """Some parts of a sentence with commas, the last with an and."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _finding_without_comparison(seed: Seed) -> str:
    source = sources_named(seed)
    s = "" if " and " in source else "s"
    numbers = (
        (f"date{s}", *events_dated(seed), "event"),
        (f"give{s} a number for", *exchanges_with_number(seed), "exchange"),
    )
    parts = [f"{verb} {part} of {counted(of, what)}" for verb, part, of, what in numbers if of]
    parts = parts or [f"make{s} {counted(len(seed.facts), 'coded statement')}"]
    return f"{capital(source)} {' and '.join(parts)}"


def names(seed: Seed) -> dict[str, str]:
    """Id -> the name a reader would say, for actors and dimensions."""
    table = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))
    return table | dict(zip(seed.dimensions["id"], seed.dimensions["name"], strict=True))


def counted(number: float, what: str, several: str = "") -> str:
    """A number with its word; ``several`` is the plural, where an s does not make it.

    >>> counted(1, "fact"), counted(1200, "fact")
    ('1 fact', '1,200 facts')
    """
    return f"{number:,.10g} {what if number == 1 else several or what + 's'}"


def number_word(number: int) -> str:
    """A small number as a word, a larger one in figures.

    >>> number_word(12), number_word(13)
    ('twelve', '13')
    """
    words = "no one two three four five six seven eight nine ten eleven twelve".split()
    return words[number] if number < len(words) else f"{number:,}"


_OPENING = re.compile(r"(?<![^\s(\[\u2014\u2013/\u201c])([\"'])(?=\S)")
_CURLY = {"open": {'"': "\u201c", "'": "\u2018"}, "close": {'"': "\u201d", "'": "\u2019"}}


def curly(words: str) -> str:
    """Words with quotation marks and apostrophes as printed; the tables keep straight ones.

    >>> print(curly("today's ('bromance')"))
    today’s (‘bromance’)
    """
    if "'" not in words and '"' not in words:
        return words
    words = _OPENING.sub(lambda found: _CURLY["open"][found[1]], words)
    return words.translate(str.maketrans(_CURLY["close"]))


_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_TAKES_THE = re.compile(r"(?<!the )\b(?=Kingdom of|Soviet Union|United |Western pairs)")
_DATE = re.compile(r"(Y?-?[\dX]{4,})(?:-(\d\d))?(?:-(\d\d))?([?~%]?)")
_DOUBT = {"": "{}", "~": "about {}", "?": "{} (uncertain)", "%": "about {} (uncertain)"}
FIRST_PLAIN_YEAR = 100  # earlier ones are written with AD


def year_in_words(year: int) -> str:
    """A year as a reader says it; ISO counts 1 BC as 0.

    >>> year_in_words(-430), year_in_words(31), year_in_words(1943), year_in_words(12000)
    ('431 BC', 'AD 31', '1943', '12000')
    """
    if year < 1:
        return f"{1 - year} BC"
    return f"AD {year}" if year < FIRST_PLAIN_YEAR else str(year)


def date_in_words(date: str) -> str:
    """An EDTF date as a reader says it; a form that has no plain words stays as it is.

    >>> date_in_words("2023-23/.."), date_in_words("2024-10-15"), date_in_words("1931/1938")
    ('since autumn 2023', '15 October 2024', '1931 to 1938')
    >>> date_in_words("-0043-03-15"), date_in_words("2022~"), date_in_words("193X")
    ('15 March 44 BC', 'about 2022', 'the 1930s')
    """
    if "/" in date:
        ends = date.split("/", 1)
        begin, end = (part if part in ("", "..") else date_in_words(part) for part in ends)
        if begin in ("", ".."):
            return f"until {end}"
        open_end = {"..": f"since {begin}", "": f"from {begin}, end not stated"}
        return open_end.get(end, f"{begin} to {end}")
    found = _DATE.fullmatch(date)
    if not found:
        return date
    year, month, day, mark = found.groups()
    words = f"the {year[:-1]}0s"
    if year.endswith("XX"):
        words = f"the years {year[:-2]}00 to {year[:-2]}99"
    elif not year.endswith("X"):
        words = year_in_words(int(year.removeprefix("Y")))
    if month:
        words = f"{_SEASONS.get(month) or calendar.month_name[int(month)]} {words}"
    return _DOUBT[mark].format(f"{int(day)} {words}" if day else words)


_NOT_SO = {"denied": "denied", "left_open": "left open"}
_NOT_SO |= {"predicted": "predicted", "normative": "called for"}


def standing(row: Mapping) -> str:
    """Why a statement does not say that a thing happened; empty where it does.

    >>> standing({"polarity": "affirmed", "modality": "normative"})
    'called for'
    """
    return _NOT_SO.get(row["polarity"]) or _NOT_SO.get(row["modality"], "")


def sources_named(seed: Seed) -> str:
    """Whose words the figures rest on, by the layers that are in."""
    named = {"article": "the article", "context": "the external record"}
    return " and ".join(named.get(layer, layer) for layer in dict.fromkeys(seed.layers))


def they_do(seed: Seed, verb: str) -> str:
    """How a sentence on the sources begins: ``The article mentions``."""
    source = sources_named(seed)
    return f"{capital(source)} {verb}{'s' * (' and ' not in source)}"


def picture_source(seed: Seed) -> str:
    """Where the rows of a figure come from, for the foot of its picture."""
    source = (seed.metadata.get("sources") or [{}])[0]
    author, title = source.get("author", ""), source.get("title", seed.name)
    article = curly(f"{author}, \u201c{title}\u201d" if author else title)
    parts = {"article": article, "context": "external record compiled by the project"}
    listed = "; ".join(parts.get(layer, layer) for layer in dict.fromkeys(seed.layers))
    licence = "".join(
        f", {one['name'].replace('-', ' ')}" for one in seed.metadata.get("licenses", [])[:1]
    )
    return f"Source: {listed}. Coding: {in_text(_makers(seed))}{licence}."


def in_text(name: str) -> str:
    """A name, or the first words of a sentence, inside a sentence: a leading article or "Of" in
    lower case.

    >>> in_text("The wartime Axis")
    'the wartime Axis'
    """
    return name[0].lower() + name[1:] if name.startswith(("The ", "Of ", "Today")) else name


_PART = {"quantity": "how much", "scope": "how far", "purpose": "what for"}
_PART |= {"date": "when", "actors": "who"}  # what a hedge on a part is about


def certainty_words(fact: dict) -> str:
    """How sure, in a reader's words: ``asserted``, ``left open (“whether or not”)``, ``asserted;
    how much: “at least”``."""
    words = [_NOT_SO.get(fact["modality"], str(fact["modality"]))]
    if fact["polarity"] == "left_open":  # which says more than asserted, hedged, disputed, implied
        words = [*({*words} - {"asserted", "hedged", "disputed"}), "left open"]
    elif fact["polarity"] == "denied":
        words = [*(word for word in words if word != "asserted"), "put as a denial"]
    hedges = zip(split_cell(fact["hedge"]), split_cell(fact["hedge_on"]), strict=False)
    on = [f"{_PART.get(o, 'hedged')}: \u201c{h}\u201d" for h, o in hedges]
    if on and on[0].startswith("hedged") and words[-1] in ("hedged", "left open"):
        words[-1] += f" ({on.pop(0).removeprefix('hedged: ')})"
    basis = fact["basis"] if fact["polarity"] != "left_open" else ""
    words, ours = words + ["implied"] * (basis == "implied"), basis == "coded_by_us"
    return "; ".join((", ".join(words), *on, *["the coding is our judgement"] * ours))


RATED = {  # as the chart of the hypotheses has them
    **{"consistent": "Fits", "strongly_consistent": "Fits well"},
    **{"inconsistent": "Against", "strongly_inconsistent": "Strongly against"},
}
_NAMED_IN = {"sources": "title", "measures": "definition", "bearings": "why"}
_NAMED_IN |= dict.fromkeys(("actors", "dimensions", "frames", "hypotheses"), "name")


def spoken(seed: Seed) -> dict[str, str]:
    """Id -> the words for it: the name of an actor, dimension, frame, hypothesis; a statement."""
    called = names(seed) | dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    for table in ("frames", "hypotheses"):
        called |= dict(zip(seed.tables[table]["id"], seed.tables[table]["name"], strict=True))
    return called


COLUMNS = {  # what a column is called on screen
    **{"modality": "how it is put", "polarity": "affirmed or denied", "layer": "data set"},
    **{"dimension": "form of cooperation", "hypothesis": "rival explanation", "bears": "evidence"},
    **{"left": "first side", "right": "second side", "direction": "relation", "fact": "statement"},
    **{"left_pairs": "pairs of the first side", "right_pairs": "pairs of the second side"},
    **{"alternative": "coded instead as", "nearest": "closest sentences", "anchors": "sentences"},
    **{"dyad": "pair", "plover": "PLOVER category", "hedge_on": "what the hedge weakens"},
    **{"quantity_words": "quantity, as stated", "bound": "qualifier"},
}


def column_words(column: str) -> str:
    """What a column is called on screen."""
    return COLUMNS.get(column, column.replace("_", " "))


def spelt(value: str, called: Mapping[str, str]) -> str:
    """A cell of ids or codes in words; of a pair of actors both names, of a date its words."""

    def name(part: str) -> str:
        ends = part.split("-")
        if part not in called and len(ends) == 2 and set(ends) <= called.keys():
            phrase = any(called[end][:1].islower() for end in ends)
            return (" and " if phrase else "\u2013").join(called[end] for end in ends)
        said = date_in_words(part) if part[0].isdigit() else part.replace("_", " ")
        return called.get(part, said)

    return "; ".join(map(name, split_cell(value))) or value.replace("_", " ") or "nothing"


def in_a_line(table: str, row: Mapping, called: Mapping[str, str]) -> str:
    """What a row of a table says, in one line of words; ``called``: see ``spoken``."""

    def of(row_id: str) -> str:
        return called.get(row_id, row_id)

    if "statement" in row:
        return row["statement"]
    if table == "silences":
        return f"Not stated: {row['question']}"
    if table == "quotations":
        return f"\u201c{row['words']}\u201d"
    if table == "arguments":
        verb = row["relation"].replace("qualifies", "limits")
        return f"{of(row['source'])} This {verb}: {of(row['target'])}"
    if table == "consistency":
        rating = RATED.get(row["rating"], row["rating"].capitalize())
        return f"{of(row['fact'])} {rating}: {of(row['hypothesis'])}"
    if table == "readings":
        change = f"{column_words(row['column'])}: {spelt(row['alternative'], called)}"
        return f"{of(row['fact'])} Alternative coding of {change}. {row['why']}"
    if table == "sentences":
        return f"Sentence {row['locator']}"
    return str(row.get(_NAMED_IN.get(table, "id")) or row["id"])


def citation(seed: Seed, row_id: str = "") -> str:
    """How to cite the article and its data set, or one row of them.

    A row of the article cites the article and its sentences; a row of the external record its own
    source, with the address; a judgement of ours those who made the data set, then what it is on
    and the sources of its evidence. Raises SeedError for an unknown id, and where axislib is not
    installed: it has no version.

    >>> import axislib
    >>> citation(axislib.open_seed(), "sil_date")[:30]
    'The axislib contributors, judg'
    """
    axislib_and_set = f"{_axislib_version()}, data set {seed.name}."
    own = seed.metadata.get("layer", "article")
    makers = _makers(seed)
    if not row_id:
        what = "coding of" if own in seed.layers else "external record on"
        return f"{makers}, {what} {_document(seed)}; {axislib_and_set}"
    row = seed.row(row_id)
    found = seed.row(row["evidence"]) if "evidence" in row else row
    sources = "; ".join(source_line(source) for source in sources_of(seed, found))
    places = [p for p in split_cell(row.get("anchors", row.get("locator", ""))) if ".S" in p]
    article = ", ".join(filter(None, (_document(seed), places_in_words(places))))
    if row.get("basis") == "coded_by_us":
        about = f" on {article}" * bool(places_in_words(places))
        based = f", based on {sources}" * bool(sources)
        return f"{makers}, judgement {row_id}{about}{based}; {axislib_and_set}"
    rests = article if row.get("layer", own) == own else sources or makers
    return f"{rests}; {_coded(seed, row)} by {in_text(makers)} in {axislib_and_set}"


def places_in_words(places: Sequence[str]) -> str:
    """Locators spelt out, in the order of the text.

    >>> places_in_words(["P20.S2", "P20.S1", "P14.S3"])
    'paragraph 14, sentence 3; paragraph 20, sentences 1 and 2'
    """
    found: dict[str, list[str]] = {}
    for place in sorted(places, key=lambda place: (place.partition(".")[0], len(place), place)):
        paragraph, _, number = place.partition(".S")
        found.setdefault(paragraph.lstrip("P0"), []).append(number)
    return "; ".join(
        f"paragraph {p}, sentence{'s' * (len(own) > 1)} {listed(own)}" for p, own in found.items()
    )


def _coded(seed: Seed, row: Mapping) -> str:
    """What we did with a row, and whose statement it is where that is not the author's."""
    speaker, coded = row.get("speaker", ""), f"coded as {row.get('id') or row['locator']}"
    by = "" if speaker in ("", "the_record", voices_of(seed)[0]) else names(seed)[speaker]
    coded = f"paraphrased and {coded}" if "statement" in row else coded
    return f"statement by {by}, {coded}" if by else coded


def sources_of(seed: Seed, row: Mapping) -> list[dict]:
    """The rows of the table of sources on which a row of the external record rests."""
    cited = split_cell(row.get("anchors", row["id"] if "publisher" in row else ""))
    rows = [seed.row(row_id) for row_id in cited if row_id in seed]
    return [found for found in rows if found["table"] == "sources"]


def source_line(source: Mapping) -> str:
    """A source of the external record as a bibliography has it: title, publisher, date, address."""
    return ", ".join(filter(None, (source[c] for c in ("title", "publisher", "date", "url"))))


def _makers(seed: Seed) -> str:
    return (seed.metadata.get("contributors") or [{}])[0].get("title", "The coders")


def _document(seed: Seed) -> str:
    source = (seed.metadata.get("sources") or [{}])[0]
    title = curly(f"\u201c{source.get('title', seed.name)}\u201d")
    return ", ".join(filter(None, (source.get("author"), title)))


@functools.cache
def _axislib_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"axislib {version('axislib')}"
    except PackageNotFoundError:
        raise SeedError(
            "axislib is not installed, so its version cannot be cited; run: pip install -e ."
        ) from None
