"""What a notebook shows: figures, tables, sentences with their facts. Text from the tables is
always shown as text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from axislib.seed.seed import Seed
from axislib.tables.schema import fact_tables

PLOTLY = "application/vnd.plotly.v1+json"


def show(figure) -> None:
    """Display a plotly figure: offline, without upload button or logo; its text twin for readers
    without a screen."""
    from IPython.display import display

    from axislib.figures.draft import config
    from axislib.figures.hover import describe

    drawing = {**figure.to_plotly_json(), "config": config(figure)}
    display({PLOTLY: drawing, "text/plain": describe(figure)}, raw=True)


def names(seed: Seed) -> dict[str, str]:
    """Id -> the name a reader would say, for actors and dimensions: what ``table(names=...)``
    takes."""
    from axislib.words import names as called

    return called(seed)


def say(markdown: str) -> None:
    """Display a sentence of Markdown whose numbers were computed; nothing for an empty one."""
    from IPython.display import display

    if markdown:
        display({"text/markdown": markdown, "text/plain": re.sub(r"[*`]", "", markdown)}, raw=True)


def table(
    frame: pd.DataFrame,
    caption: str,
    columns: Sequence[str] | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Display a frame as a table that scrolls in its own box; ``names`` puts names in the place of
    ids."""
    from IPython.display import display

    shown = frame[list(columns)] if columns else frame
    display(
        {
            "text/html": table_html(shown, caption, names),
            "text/plain": f"{caption}\n{_spoken(shown, names).to_string(index=False)}",
        },
        raw=True,
    )


def table_html(frame: pd.DataFrame, caption: str, names: Mapping[str, str] | None = None) -> str:
    """The table as HTML; every cell is escaped, several values stand one below the other."""
    head = "".join(
        f'<th scope="col" style="text-align:left">{html.escape(_title(c))}</th>'
        for c in frame.columns
    )
    body = "".join(
        f"<tr>{''.join(_cell(v, names) for v in row)}</tr>" for row in frame.itertuples(index=False)
    )
    if not len(frame):
        body = f'<tr><td colspan="{len(frame.columns)}">none</td></tr>'
    return (
        f'<div class="axl-table" tabindex="0" role="region" aria-label="{html.escape(caption)}"'
        ' style="max-height:30em;overflow:auto"><table>'
        "<caption"
        f' style="text-align:left;caption-side:top"><b>{html.escape(caption)}</b></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _title(column: object) -> str:
    return str(column).replace("_", " ")


def _text(value: object, names: Mapping[str, str] | None) -> str:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    value = "yes" if value is True else "no" if value is False else str(value)
    return (names or {}).get(value, value)


def _cell(value: object, names: Mapping[str, str] | None) -> str:
    parts = (
        value.split(";")
        if isinstance(value, str) and ";" in value and " " not in value
        else [value]
    )
    lines = "<br>".join(html.escape(_text(part, names)) for part in parts)
    return f'<td style="text-align:left;vertical-align:top">{lines}</td>'


def _spoken(frame: pd.DataFrame, names: Mapping[str, str] | None) -> pd.DataFrame:
    return pd.DataFrame({_title(c): [_text(v, names) for v in frame[c]] for c in frame.columns})


def reading_view(seed: Seed, section: str = "") -> None:
    """Display the article's sentences in order with the facts beside them; the words only where the
    reader's own text is at hand."""
    from IPython.display import display

    display(
        {"text/html": reading_html(seed, section), "text/plain": _reading_text(seed, section)},
        raw=True,
    )


def _facts_beside(seed: Seed, section: str) -> list[tuple[dict, list[dict]]]:
    from axislib.words import certainty_words

    called = names(seed)
    facts = {row["id"]: row for row in seed.facts.to_dict("records")}
    of = (
        seed.evidence[seed.evidence["table"].isin(fact_tables())].groupby("locator")["id"].agg(list)
    )
    sentences = (
        seed.sentences if not section else seed.sentences[seed.sentences["section"] == section]
    )
    out = []
    for sentence in sentences.to_dict("records"):
        rows = [facts[i] for i in of.get(sentence["locator"], []) if i in facts]
        out.append(
            (
                sentence,
                [
                    {
                        **row,
                        "who": called.get(row["speaker"], row["speaker"]),
                        "sure": certainty_words(row),
                    }
                    for row in rows
                ],
            )
        )
    return out


def reading_html(seed: Seed, section: str = "") -> str:
    """The reading view as HTML: locator and words on the left, facts with speaker and certainty on
    the right."""
    rows = []
    for sentence, facts in _facts_beside(seed, section):
        words = (
            seed.sentence(sentence["locator"])
            or f"({sentence['length']} characters; the text is not at hand)"
        )
        beside = "".join(
            f"<li>{html.escape(f['statement'])} <small>{html.escape(f['who'])}:"
            f" {html.escape(f['sure'])} <code>{html.escape(f['id'])}</code></small></li>"
            for f in facts
        )
        beside = (
            f"<ul style='margin:0'>{beside}</ul>"
            if facts
            else f"<small>no fact: {html.escape(str(sentence['no_fact_reason']))}</small>"
        )
        rows.append(
            "<tr><th scope='row'"
            f" style='text-align:left;vertical-align:top'>{sentence['locator']}<br><small>{sentence['section']}</small></th><td"
            f" style='text-align:left;vertical-align:top;min-width:16em;max-width:32em'>{html.escape(words)}</td><td"
            f" style='text-align:left;vertical-align:top'>{beside}</td></tr>"
        )
    return (
        '<div class="axl-table axl-reading" tabindex="0" role="region" aria-label="Sentences and'
        ' the facts taken from them" style="max-height:40em;overflow:auto"><table><thead><tr><th'
        " scope='col'>where</th><th scope='col'>sentence</th><th scope='col'>facts taken from"
        " it</th></tr></thead><tbody>" + "".join(rows) + "</tbody></table></div>"
    )


def _reading_text(seed: Seed, section: str) -> str:
    # the saved notebook must not hold the article's sentences: the plain twin names locators and
    # facts only
    lines = []
    for sentence, facts in _facts_beside(seed, section):
        lines.append(f"{sentence['locator']} ({sentence['section']})")
        lines += [f"  {f['id']}: {f['statement']} [{f['who']}: {f['sure']}]" for f in facts] or [
            f"  no fact: {sentence['no_fact_reason']}"
        ]
    return "\n".join(lines)


def opening(seed: Seed, asked) -> str:
    """The first sentence of a notebook: what was opened, and what was left out by its parameters."""
    from axislib.words import counted

    limits = [
        f"{name}: {', '.join(value) if isinstance(value, list) else value}"
        for name, value in asked.conditions().items()
        if value
    ]
    silent = (
        f" Only facts that meet all of: {'; '.join(limits)}." if limits else " No fact is left out."
    )
    own = seed.metadata.get("layer", "article")
    facts = seed.facts[seed.facts["layer"] == own]
    beside = "".join(
        f" Beside them: {counted(count, 'fact')} of the layer {layer}, from other sources."
        for layer, count in (
            seed.facts.loc[seed.facts["layer"] != own, "layer"].value_counts(sort=False).items()
        )
    )
    return (
        f"Seed **{seed.name}** ({', '.join(seed.layers)}): **{counted(len(facts), 'fact')}** from"
        f" {counted(len(seed.sentences), 'sentence')}, put forward by"
        f" {counted(facts['speaker'].nunique(), 'speaker')}.{beside}{silent}"
    )


def readings_with_effect(seed: Seed, left: str, right: str) -> pd.DataFrame:
    """Every reading with why it can be defended and which levels of the two coalitions it would
    change."""
    from axislib.questions.levels import compare_readings, nothing_compared

    columns = [
        "reading",
        "why",
        "fact",
        "column",
        "alternative",
        "changes",
        "both_known",
        "left_exceeds",
        "what_would_settle",
    ]
    if nothing_compared(seed, left, right):
        return pd.DataFrame(columns=columns)  # there is no level that a reading could change
    table = (
        compare_readings(seed, left, right)
        .merge(seed.readings[["id", "why", "what_would_settle"]], left_on="reading", right_on="id")
        .drop(columns="id")
    )
    table = (
        table.assign(order=table["changes"] == "")
        .sort_values("order", kind="stable")
        .drop(columns="order")
    )
    return table[columns].reset_index(drop=True)


def both_known(seed: Seed, left: str, right: str) -> pd.DataFrame:
    """Likenesses and differences of the two compared coalitions where the text tells about both."""
    from axislib.questions.levels import likenesses, nothing_compared

    columns = [
        "dimension",
        "left_level",
        "right_level",
        "verdict",
        "exceeds",
        "certainty",
        "left_facts",
        "right_facts",
    ]
    if nothing_compared(seed, left, right):
        return pd.DataFrame(columns=columns)
    table = likenesses(seed, left, right)
    return table.loc[table["verdict"] != "unclear", columns].reset_index(drop=True)


def other_sides(seed: Seed, left: str, right: str) -> pd.DataFrame:
    """Likenesses and differences of every other two of the compared coalitions, where the text
    tells about both."""
    from itertools import combinations

    from axislib.questions.levels import compared_coalitions, likenesses

    frames = [
        likenesses(seed, a, b).assign(left=a, right=b)
        for a, b in combinations(compared_coalitions(seed), 2)
        if {a, b} != {left, right}
    ]
    columns = [
        "left",
        "right",
        "dimension",
        "left_level",
        "right_level",
        "verdict",
        "exceeds",
        "certainty",
    ]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    return table.loc[table["verdict"] != "unclear", columns].reset_index(drop=True)
