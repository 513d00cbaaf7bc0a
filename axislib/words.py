"""Findings as sentences of Markdown: every number is counted, and what is true of one article alone
comes from its seed."""

from __future__ import annotations

from axislib.questions.argument import editors_against_author, voices_of
from axislib.questions.levels import TWO_NEEDED, both_sides, likenesses, nothing_compared, thesis
from axislib.seed.seed import Seed
from axislib.tables.schema import split_cell


def remark(seed: Seed, notebook: str, place: str) -> str:
    """What the seed's data package remarks on this one article (``remarks``: notebook, then place);
    empty for nothing."""
    words = seed.metadata.get("remarks", {}).get(notebook, {}).get(place, "")
    return words and f"**On this article.** {words}"


def voices_in_words(seed: Seed) -> str:
    """How much the author and the editors put forward, and where the editors' words stand."""
    from axislib.figures.style import counted, names

    (author, editors), facts = voices_of(seed), seed.facts
    if facts.empty:
        return "Nothing is coded yet."
    called, by = names(seed), facts["speaker"].value_counts()
    own = [
        f"{called.get(speaker, speaker)} {'put' if speaker == editors else 'puts'} forward"
        f" **{by.get(speaker, 0)}**"
        for speaker in (author, editors)
        if by.get(speaker, 0)
    ]
    others = len(facts) - by.get(author, 0) - by.get(editors, 0)
    line = (
        f"Of **{counted(len(facts), 'fact')}** " + ", ".join([*own, f"others **{others}**"]) + "."
    )
    sections = list(seed.sentences["section"])
    # where the body begins, as a position among the sentences
    body = sections.index("body") if "body" in sections else len(sections)
    at = {locator: place for place, locator in enumerate(seed.sentences["locator"])}
    stand = [
        min((at[p] for p in split_cell(cell) if p in at), default=body)
        for cell in facts.loc[facts["speaker"] == editors, "anchors"]
    ]
    if stand and body:
        early = sum(place < body for place in stand)
        line += (
            " Of the editors\u2019,"
            f" {'all stand' if early == len(stand) else f'{early} of {len(stand)} stand'} before"
            " the text begins, where readers look first."
        )
    return line


def editors_in_words(seed: Seed) -> str:
    """What the lower part of the chart of voices shows, if anything: the editors' levels beside the
    author's."""
    if not len(editors_against_author(seed)):
        return ""
    return (
        "Below, what follows from the editors\u2019 words alone stands beside what follows from the"
        " author\u2019s."
    )


def thesis_in_words(seed: Seed, left: str, right: str) -> str:
    """The claim that one side goes further, counted: on how many dimensions both sides are known,
    and who exceeds whom."""
    from axislib.figures.style import counted, in_text, names

    if nothing_compared(seed, left, right):
        return f"Nothing is compared here yet. {TWO_NEEDED}"
    article, tells = (
        ("the facts selected", "tell")
        if "cooperation" in seed.selected
        else (
            ("the article and the record", "tell")
            if len(set(seed.layers)) > 1
            else ("the article", "tells")
        )
    )
    left, right = both_sides(seed, left, right)
    counts, called = thesis(seed, left, right), names(seed)
    one, other = in_text(called[left]), in_text(called[right])
    table = likenesses(seed, left, right)
    ahead = table[table["exceeds"] == "left"]
    line = (
        f"Of **{counted(counts['dimensions'], 'dimension')}** {article} {tells} about both sides on"
        f" **{counts['both_known']}**. There the cooperation of {one} goes further than that of"
        f" {other} on **{counts['left_exceeds']}**, less far on **{counts['right_exceeds']}**, and"
        f" equally far on **{counts['neither']}**. On {counts['only_left_known']} only {one} can be"
        f" known, on {counts['only_right_known']} only {other}, on {counts['neither_known']}"
        " neither."
    )
    claim = f"A claim that the cooperation of {one} goes further"
    if ahead.empty:
        return f"{line} {claim} has, as coded here, no dimension to rest on within {article}."
    return (
        f"{line} {claim} can rest, within {article}, on: "
        + "; ".join(
            f"{called[row['dimension']]} ({row['certainty']})" for row in ahead.to_dict("records")
        )
        + "."
    )
