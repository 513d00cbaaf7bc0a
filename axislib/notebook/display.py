"""What a notebook shows: figures, tables, sentences with their facts; text stays text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from itertools import combinations, zip_longest
from pathlib import Path

import numpy as np
import pandas as pd

from axislib import words as wording
from axislib.figures.palette import HOW, LEVEL
from axislib.questions import levels
from axislib.seed.seed import Seed
from axislib.tables.schema import fact_tables, load_schema, split_cell
from axislib.words import certainty_words, counted, curly, date_in_words, in_text, spoken

ANSWER = Path(__file__).with_name("answer.js")
PLOTLY = "application/vnd.plotly.v1+json"
OMITTED = "(wording omitted for copyright reasons)"
_LEVEL_COLUMNS = ("dimension", "left_level", "right_level", "exceeds", "certainty")
_READING_COLUMNS = "reading why fact column alternative changes both_known left_exceeds".split()
_READING_COLUMNS += ["what_would_settle"]
_HEADS = {  # what a column is called on screen
    **{"charitable_verdict": "verdict on a weaker form", "right_level": "level of the second"},
    **{"would_alter_it": "what would alter the verdict", "against": "points against"},
    **{"contradicts_if": "what would contradict it", "supports_if": "what would support it"},
    **{"what_would_settle": "what would settle it", "strongly_inconsistent": "strongly against"},
    **{"left_level": "level of the first", "exceeds": "favours", "both_known": "can be compared"},
    **{"changes": "level that changes", "rival": "other readings"},
    **{"decisive": "strongest finding", "strongest_against": "on the other side"},
    **{"stated": "stated in the text", "variable": "what is coded"},
    **{"implied": "inferred by us"},
    **{"date_basis": "how dated", "normative": "called for", "inconsistent": "against", "id": "ID"},
    **{"literal": "claim tested", "warnings": "caveats", "dimension": "form", "warning": "caveat"},
    "reading": "ID",
}
SAID = {w: w.replace("_", " ") for words in load_schema()["vocabularies"].values() for w in words}
SAID |= {coded: wording.column_words(coded) for coded in ("modality", "polarity")}
SAID |= {kind: look.word for kind, look in (LEVEL | HOW).items()}  # the charts' words
SAID |= {"relative": "only in relation to another event", "differs": "unlike", "resembles": "like"}
SAID |= {rating: said.lower() for rating, said in wording.RATED.items()}
SAID |= {"exceeds": "more than", "falls_short": "less than", "equals": "the same as"}
SAID |= {"context": "external record", "polity": "state", "open_class": "open-ended category"}
SAID |= {"qualifies": "limits", "unstated": "not stated", "contrasts": "in contrast to"}
_OF_A_SIDE = {"level": "{}: level", "facts": "{}: statements", "exceeds": "forms that favour {}"}
_AS_CODED = {"id", "word", "choices", "answer", "also"}  # words that are written into a sheet
_DATES = {"date", "since", "until"}
TABLE = "application/vnd.axislib.table+json"  # a table's caption, columns and cells as data


def show(figure) -> None:
    """Display a plotly figure: offline, without upload button or logo. In JupyterLab a click on a
    mark shows its rows below the chart. Where no plotly runs (an export of JupyterLab, a preview of
    the file) its cards are shown; a figure that is a sentence (``draft.sentence``) is said."""
    if words := (figure.layout.meta or {}).get("sentence"):
        return say(words)
    from IPython.display import display

    from axislib.figures.draft import config
    from axislib.figures.hover import describe

    drawing = {**figure.to_plotly_json(), "config": config(figure)}
    twins = {"text/html": static_html(figure), "text/plain": describe(figure)}
    display({PLOTLY: drawing, **twins}, raw=True)
    display({"application/javascript": ANSWER.read_text(encoding="utf-8")}, raw=True)


def static_html(figure) -> str:
    """What a figure says without plotly: title, counting rule, and a list under each heading."""
    title = figure.layout.title
    parts = [f"<h4>{title.text or ''}</h4>", f"<p>{title.subtitle.text or ''}</p>"]
    for card in (figure.layout.meta or {}).get("cards", []):
        chips = ([word for word, _ in own] for own in card.get("chips", []))
        told = zip_longest(card["lines"], chips, fillvalue=[])
        words = (" \u00b7 ".join([str(line), *own]) for line, own in told)
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in words)
        parts.append(f"<p><b>{html.escape(card['heading'])}</b></p><ul>{lines}</ul>")
    return f'<div class="axl-static">{"".join(parts)}</div>'


def say(markdown: str) -> None:
    """Display a sentence of Markdown whose numbers were computed; nothing for an empty one."""
    from IPython.display import display

    if markdown:
        plain = re.sub(r"[*`]|<[^>]+>", "", markdown)
        display({"text/markdown": markdown, "text/plain": plain}, raw=True)


def table(
    frame: pd.DataFrame,
    caption: str,
    columns: Sequence[str] | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Display a frame as a table that scrolls in its own box; ``names`` puts names in the place of
    ids. The cells go into the output as data as well, for whoever compares two notebooks."""
    shown = frame[list(columns)] if columns else frame
    data = table_data(shown, caption, names)
    _display(table_html(shown, caption, names), data, [_title(c, names) for c in shown])


def _display(marked: str, data: dict, heads: Sequence[str]) -> None:
    from IPython.display import display

    lines = pd.DataFrame(data["rows"], columns=list(heads)).to_string(index=False)
    plain = f"{data['caption']}\n{lines}"
    display({"text/html": marked, TABLE: data, "text/plain": plain}, raw=True)


def table_html(frame: pd.DataFrame, caption: str, names: Mapping[str, str] | None = None) -> str:
    """The table as HTML; every cell is escaped, several values are one below the other."""
    head = "".join(
        f'<th scope="col" style="text-align:left">{text(_title(c, names))}</th>'
        for c in frame.columns
    )
    cell = '<td style="text-align:left;vertical-align:top">{}</td>'.format
    rows = [
        "".join(cell("<br>".join(map(text, own))) for own in row) for row in _texts(frame, names)
    ]
    none = f'<td colspan="{len(frame.columns)}">none</td>'
    body = "".join(f"<tr>{row}</tr>" for row in rows or [none])
    label = html.escape(caption)
    return (
        f'<div class="axl-table" tabindex="0" role="region" aria-label="{label}"'
        ' style="max-height:30em;overflow:auto"><table>'
        f'<caption style="text-align:left;caption-side:top"><b>{label}</b></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def table_data(frame: pd.DataFrame, caption: str, names: Mapping[str, str] | None = None) -> dict:
    """The table as data: ``caption``, ``columns`` as the frame calls them, ``rows`` of cell texts;
    several values in a cell are joined with ``;``."""
    return {
        "caption": caption,
        "columns": [str(column) for column in frame.columns],
        "rows": [[";".join(cell) for cell in row] for row in _texts(frame, names)],
    }


def text(words: object) -> str:
    """Words as HTML, with printed quotation marks."""
    return html.escape(curly(str(words)))


def _title(column: object, names: Mapping[str, str] | None = None) -> str:
    head = str(column)
    own = (names or {}).get(head) if "_" in head else ""  # of a side of a comparison
    return own or _HEADS.get(head) or wording.column_words(head).replace("facts", "statements")


def _texts(frame: pd.DataFrame, names: Mapping[str, str] | None) -> list[list[list[str]]]:
    """The texts of each cell's values, by row: an id as it is in its own column, else as a name."""
    columns = []
    for column in frame.columns:
        known = {} if column in _AS_CODED else {**SAID, **(names or {})}
        values = (_values(str(column), cell) for cell in frame[column])
        columns.append([[_text(value, known) for value in cell] for cell in values])
    return [list(row) for row in zip(*columns, strict=True)]


def _values(column: str, cell: object) -> list:
    if not isinstance(cell, str):
        return [cell]
    words = date_in_words(cell) if column in _DATES else cell
    return [words] if " " in words else words.split(";")


def _text(value: object, names: Mapping[str, str]) -> str:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    truth = isinstance(value, (bool, np.bool_))
    words = {True: "yes", False: "no"}[bool(value)] if truth else str(value)
    return names.get(words, words)


def reading_view(seed: Seed, section: str = "") -> None:
    """Display the sentences with the facts beside them; their words only from a reader's copy."""
    # the saved notebook must not hold the article's sentences: data and plain text name locators
    # and facts only
    data = _reading_data(seed, section)
    _display(reading_html(seed, section), data, data["columns"])


def _reading_data(seed: Seed, section: str) -> dict:
    """The reading view as data: a row for each fact of a sentence, never the sentence's words."""
    columns = ["id", "statement", "who", "sure"]
    rows = [
        [sentence["locator"], sentence["section"], *(fact[column] for column in columns)]
        for sentence, facts in _facts_beside(seed, section)
        for fact in facts or [dict.fromkeys(columns, "")]
    ]
    caption = "Sentences and the statements taken from them"
    return {"caption": caption, "columns": ["sentence", "section", *columns], "rows": rows}


def _facts_beside(seed: Seed, section: str) -> list[tuple[dict, list[dict]]]:
    called = names(seed)
    facts = {
        row["id"]: row
        | {"who": called.get(row["speaker"], row["speaker"]), "sure": certainty_words(row)}
        for row in seed.facts.to_dict("records")
    }
    behind = seed.evidence[seed.evidence["table"].isin(fact_tables())]
    ids = behind.groupby("locator")["id"].agg(list)
    held = set(seed.evidence["locator"])
    return [
        (
            {**sentence, "empty": _empty(seed, sentence, held)},
            [facts[i] for i in ids.get(sentence["locator"], []) if i in facts],
        )
        for sentence in seed.sentences.to_dict("records")
        if not section or sentence["section"] == section
    ]


def _empty(seed: Seed, sentence: Mapping, held: set[str]) -> str:
    """Why no statement is beside a sentence: left out, none to code (and why), not coded yet."""
    if sentence["no_fact_reason"]:
        return f"nothing coded: {sentence['no_fact_reason']}"
    if seed.selected:
        return "no statement of the selection"
    if sentence["locator"] in held:
        return "no statement; it holds a quotation, a frame or an open question"
    return "not coded yet"


def reading_html(seed: Seed, section: str = "") -> str:
    """The reading view as HTML: locator and words, then facts with speaker and certainty."""
    top = "text-align:left;vertical-align:top"
    rows = [
        f"<tr><th scope='row' style='{top}'>{sentence['locator']}<br>"
        f"<small>{sentence['section']}</small></th>"
        f"<td style='{top};min-width:16em;max-width:32em'>"
        f"{html.escape(seed.sentence(sentence['locator']) or OMITTED)}</td>"
        f"<td style='{top}'>{_beside_html(facts, sentence['empty'])}</td></tr>"
        for sentence, facts in _facts_beside(seed, section)
    ]
    return (
        '<div class="axl-table axl-reading" tabindex="0" role="region" aria-label="Sentences and'
        ' the statements taken from them" style="max-height:40em;overflow:auto"><table><thead><tr>'
        "<th scope='col'>where</th><th scope='col'>sentence</th>"
        f"<th scope='col'>statements taken from it</th></tr></thead><tbody>{''.join(rows)}</tbody>"
        "</table></div>"
    )


def _beside_html(facts: list[dict], empty: str) -> str:
    if not facts:
        return f"<small>{text(empty)}</small>"
    lines = "".join(
        f"<li>{text(f['statement'])} <small>{html.escape(f['who'])}:"
        f" {html.escape(f['sure'])} <code>{html.escape(f['id'])}</code></small></li>"
        for f in facts
    )
    return f"<ul style='margin:0'>{lines}</ul>"


def opening(seed: Seed, asked) -> str:
    """The first sentence of a notebook: what was opened, and what its parameters left out."""
    limits = [
        f"{name}: {', '.join(value) if isinstance(value, list) else value}"
        for name, value in asked.conditions().items()
        if value
    ]
    facts = seed.facts.loc[seed.facts["layer"] == seed.metadata.get("layer", "article")]
    others = len(seed.facts) - len(facts)
    told = []
    if len(facts) or not others:
        told.append(f"**{counted(len(facts), 'statement')}** from the article")
    if others:
        told.append(f"**{counted(others, 'statement')}** from the external record")
    start, end = ("", f"; filter: {'; '.join(limits)}") if limits else ("All ", "")
    return f"{start}{' and '.join(told)}{end}."


def names(seed: Seed) -> dict[str, str]:
    """Id -> its name as a table prints it: ``words.names`` without a capital on the article."""
    return {row_id: in_text(name) for row_id, name in wording.names(seed).items()}


def titles(seed: Seed, left: str = "", right: str = "") -> dict[str, str]:
    """What a reader would say for an id: ``names``, statements, titles of events, items of
    transfers, a dimension of one side; and of the columns of ``left`` and ``right`` their names."""
    said = spoken(seed) | names(seed)
    said |= dict(zip(seed.events["id"], seed.events["title"].map(in_text), strict=True))
    said |= dict(zip(seed.transfers["id"], seed.transfers["item"], strict=True))
    sides = dict.fromkeys((left, right, *levels.compared_coalitions(seed)))
    pairs = [(d, c) for d in seed.dimensions["id"] for c in sides if c]
    said |= {f"{d}:{c}": f"{said[d]}: {said.get(c, c)}" for d, c in pairs}
    return said | {
        f"{side}_{what}": head.format(said[name])
        for side, name in (("left", left), ("right", right))
        if name
        for what, head in _OF_A_SIDE.items()
    }


def readings_with_effect(seed: Seed, left: str, right: str) -> pd.DataFrame:
    """The tables as they are, then every reading: why, and which levels it would change."""
    if levels.nothing_compared(seed, left, right):
        return pd.DataFrame(columns=_READING_COLUMNS)  # no level that a reading could change
    readings = seed.readings.set_index("id")[["why", "what_would_settle"]]
    table = levels.compare_readings(seed, left, right).join(readings, on="reading")
    called = titles(seed) | seed.metadata.get("nouns", {})
    table["column"] = table["column"].map(wording.column_words)
    table["alternative"] = [wording.spelt(cell, called) for cell in table["alternative"]]
    idle = (table["changes"] == "").sort_values(kind="stable")  # those that change something first
    sides = dict(zip(seed.cooperation["id"], seed.cooperation["coalition"], strict=True))
    table["changes"] = [
        "; ".join(f"{called[form]}, {called[sides[fact]]}" for form in split_cell(forms))
        for forms, fact in table[["changes", "fact"]].to_numpy()
    ]
    ours = {"reading": "none: as we coded it", **levels.thesis(seed, left, right)}
    table = pd.concat([pd.DataFrame([ours]), table.loc[idle.index]], ignore_index=True)
    return table[_READING_COLUMNS].fillna("")


def both_known(seed: Seed, left: str, right: str) -> pd.DataFrame:
    """Likenesses and differences of the two compared coalitions where the text tells about both."""
    pairs = [] if levels.nothing_compared(seed, left, right) else [(left, right)]
    return _known(seed, pairs, [*_LEVEL_COLUMNS, "left_facts", "right_facts"])


def other_sides(seed: Seed, left: str, right: str) -> pd.DataFrame:
    """The same as ``both_known`` for every other two of the compared coalitions."""
    pairs = [p for p in combinations(levels.compared_coalitions(seed), 2) if {*p} != {left, right}]
    return _known(seed, pairs, ["left", "right", *_LEVEL_COLUMNS])


def _known(seed: Seed, pairs: list[tuple[str, str]], columns: list[str]) -> pd.DataFrame:
    frames = [
        levels.likenesses(seed, a, b)
        .assign(left=a, right=b)
        .replace({"exceeds": {"left": a, "right": b, "neither": "tie"}})
        for a, b in pairs
    ]
    if not frames:
        return pd.DataFrame(columns=columns)
    table = pd.concat(frames)
    return table.loc[table["verdict"] != "unclear", columns].reset_index(drop=True)
