"""The contract of every figure: marks that cite, words for all of it, nothing loaded from
elsewhere, no traceback for nothing."""

import copy
import html
import json
import re
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

import axislib
from axislib import words
from axislib.figures.draft import Draft
from axislib.figures.hover import cited, describe

FIGURES = {
    "timeline": axislib.timeline,
    "timeline by kind": lambda seed: axislib.timeline(seed, lanes="kind"),
    "timeline by speaker": lambda seed: axislib.timeline(seed, lanes="speaker", show_undated=False),
    "timeline aligned": lambda seed: axislib.timeline(seed, mode="aligned"),
    "exchanges": axislib.exchanges,
    "comparison": axislib.comparison,
    "coverage": axislib.coverage,
    "argument_map": axislib.argument_map,
    "argument_map, all": lambda seed: axislib.argument_map(seed, root="all"),
    "voices": axislib.voices,
    "editors_and_author": axislib.editors_and_author,
}
OURS = [
    name for name in FIGURES if name not in ("comparison", "coverage")
]  # these say that there is nothing to show
EVIL = "<b onmouseover=alert(1)>x</b><script>alert(2)</script>"


@pytest.fixture(scope="module")
def seed():
    return axislib.open_seed()


def selections(seed):
    author, editors = seed.metadata["voices"]["body"], seed.metadata["voices"]["other"]
    yield "all", seed
    for speaker in (author, editors):
        yield f"by {speaker}", axislib.select(seed, speakers=[speaker])
    yield "since 2020", axislib.select(seed, since="2020")
    yield "until 1945", axislib.select(seed, until="1945")
    yield "hedged", axislib.select(seed, modality=["hedged"])
    yield "with the record", axislib.open_seed(layers=["article", "context"])
    yield "the record alone", axislib.open_seed(layers=["context"])
    yield "one coalition", axislib.select(seed, coalitions=[seed.metadata["coalitions"][0]])


def nothing(seed):
    """A selection that keeps no fact: a speaker who says nothing."""
    quiet = next(actor for actor in seed.actors["id"] if actor not in set(seed.facts["speaker"]))
    return axislib.select(seed, speakers=[quiet])


def ids_of(seed):
    return {
        i
        for name, frame in seed.tables.items()
        for i in frame["locator" if name == "sentences" else "id"]
    }


@pytest.mark.parametrize("name", FIGURES)
def test_every_mark_cites_a_row(seed, name):
    for what, part in selections(seed):
        if len(part.facts):
            figure = FIGURES[name](part)
            assert set(cited(figure)) <= ids_of(axislib.open_seed(layers=part.layers)), what


@pytest.mark.parametrize("name", FIGURES)
def test_one_id_less_and_the_figure_fails(seed, name):
    figure = FIGURES[name](seed)
    for number, trace in enumerate(figure.data):
        if (trace.name or "").startswith("key:"):
            continue
        broken = go.Figure(copy.deepcopy(figure.to_dict()))
        broken.data[number].customdata = [[""], *list(trace.customdata)[1:]]
        with pytest.raises(ValueError, match=f"trace {number}"):
            cited(broken)


@pytest.mark.parametrize("name", FIGURES)
def test_only_keys_are_exempt_from_citing(seed, name):
    for trace in FIGURES[name](seed).data:
        assert (trace.hoverinfo == "skip") == (trace.name or "").startswith("key:"), trace.name


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "timeline aligned"])
def test_in_words(seed, name):
    figure = FIGURES[name](seed)
    title, *twin = describe(figure).splitlines()
    assert len(title) > 30 and len(twin) > 1
    assert "<" not in describe(figure)
    assert figure.layout.title.text and figure.layout.title.subtitle.text
    # no id of the tables reaches the eye
    seen = " ".join(
        [
            figure.layout.title.text,
            figure.layout.title.subtitle.text,
            *(a.text for a in figure.layout.annotations),
            *twin,
        ]
    )
    actors = {i for i in seed.actors["id"] if "_" in i}
    assert not [
        i
        for i in [*seed.facts["id"], *actors, *seed.dimensions["id"]]
        if re.search(rf"\b{i}\b", seen)
    ]


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_comes_from_elsewhere(seed, name):
    text = FIGURES[name](seed).to_json()
    assert not re.search(r"https?:|cdn|//[a-z]+\.[a-z]", text)
    assert '"bdata"' not in text  # plain lists: saved outputs diff legibly


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_twice(seed, name):
    assert FIGURES[name](seed).to_json() == FIGURES[name](seed).to_json()


@pytest.mark.parametrize("name", OURS)
def test_nothing_to_show_is_said(seed, name):
    figure = FIGURES[name](nothing(seed))
    assert (
        not figure.data and describe(figure).startswith("Nothing to show") and cited(figure) == []
    )


def shown(figure):
    """Everything plotly would parse as its own small HTML."""
    texts = [figure.layout.title.text, *(a.text for a in figure.layout.annotations)]
    for trace in figure.data:
        for value in (trace.text, trace.hovertext, trace.name):
            texts += [value] if isinstance(value, str) else list(() if value is None else value)
    for axis in [
        figure.layout[name] for name in figure.layout if name.startswith(("xaxis", "yaxis"))
    ]:
        texts += list(axis.ticktext or [])
    return [text for text in texts if text]


@pytest.mark.parametrize("name", FIGURES)
def test_tags_in_the_tables_stay_text(seed, name):
    evil = seed
    for table in ("events", "transfers", "claims", "cooperation"):
        for row in seed.tables[table].itertuples():
            evil = _recoded(evil, table, row.id, "statement")
    for table, column in (
        ("events", "title"),
        ("transfers", "item"),
        ("actors", "name"),
        ("dimensions", "name"),
    ):
        evil = _recoded(evil, table, None, column)
    figure = FIGURES[name](evil)
    tags = {tag for text in shown(figure) for tag in re.findall(r"<(/?\w+)[^>]*>", text)}
    assert tags <= {"b", "/b", "i", "/i", "br", "span", "/span"}
    assert not [text for text in shown(figure) if re.search(r"<[^>]*onmouse|<script", text)]
    assert any(html.escape("<script>") in text for text in shown(figure))


def _recoded(seed, table, row_id, column):
    """The seed with EVIL in a column: of one row through ``recode`` where that allows it, else of
    the whole table."""
    if row_id is not None and row_id == seed.tables[table]["id"].iloc[0]:
        return seed.recode(row_id, **{column: EVIL})
    if row_id is not None:
        return seed
    frame = seed.tables[table].copy()
    frame[column] = EVIL
    from dataclasses import replace

    return replace(seed, tables={**seed.tables, table: frame})


def test_the_hover_of_a_recoded_fact_is_escaped(seed):
    event = seed.events["id"].iloc[0]
    figure = axislib.timeline(seed.recode(event, statement=EVIL))
    hover = [
        text
        for trace in figure.data
        if trace.hovertext is not None and trace.customdata is not None
        for text, mark in zip(trace.hovertext, trace.customdata, strict=True)
        if mark[0] == event
    ]
    assert hover and all("&lt;script&gt;" in text and "<script" not in text for text in hover)
    assert "<script" not in json.dumps(figure.to_plotly_json()["data"])


def test_unknown_words_are_refused(seed):
    for call in (
        lambda: axislib.timeline(seed, lanes="colour"),
        lambda: axislib.timeline(seed, mode="spiral"),
        lambda: axislib.argument_map(seed, root="cl_none"),
        lambda: axislib.timeline(seed, mode="aligned", left="atlantis"),
        lambda: axislib.comparison(seed, left="atlantis"),
        lambda: axislib.timeline(
            seed, mode="aligned", founding={seed.metadata["coalitions"][0]: "ev_none"}
        ),
    ):
        with pytest.raises(axislib.SeedError):
            call()


def test_every_reading_can_be_drawn(seed):
    """Also one that leaves no dimension on which both sides are known."""
    for reading in seed.readings["id"]:
        other = seed.read_as(reading)
        assert cited(axislib.comparison(other))


def test_coverage_counts_the_article_and_says_what_it_leaves_out(seed):
    both = axislib.open_seed(layers=["article", "context"])
    note = "External record: not counted"
    alone, figure = axislib.coverage(seed), axislib.coverage(both)
    assert figure.layout.title.text == alone.layout.title.text
    assert note in figure.layout.title.subtitle.text.replace("<br>", " ")
    assert note not in alone.layout.title.subtitle.text
    hedged = axislib.select(seed, modality=["hedged"])
    assert "selected" in axislib.coverage(hedged).layout.title.text
    assert "record alone" in describe(axislib.coverage(axislib.open_seed(layers=["context"])))
    tables = {**seed.tables, "sentences": seed.sentences[:0]}
    assert "record" not in describe(axislib.coverage(replace(seed, tables=tables)))


def test_a_sheet_lays_settings_over_one_another_and_keeps_nothing_of_the_callers():
    draft, hidden, notes = (
        Draft(),
        {"visible": False, "title": {"text": "both"}},
        [{"text": "a", "showarrow": False}],
    )
    draft.update_layout(
        xaxis=hidden, yaxis=hidden, annotations=notes, colorway=np.array(["red", "blue"])
    )
    draft.update_layout(xaxis={"title": {"text": "x alone"}}, barmode="stack")
    draft.note("b", 0, 0)
    layout = draft.figure().layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text, layout.xaxis.visible) == (
        "x alone",
        "both",
        False,
    )
    assert (
        len(layout.annotations) == 2
        and hidden["title"]["text"] == "both"
        and len(notes) == 1
        and layout.colorway == ("red", "blue")
    )
    draft.add(type="bar", colour="red")
    with pytest.raises(ValueError, match="colour"):
        draft.figure()


SPOKEN = {
    "finding": words.finding,
    "voices": words.voices_in_words,
    "thesis": lambda seed: words.thesis_in_words(seed, *axislib.compared_sides(seed)),
}
OF_THE_ARTICLE = re.compile(r"\bthe (article|text)\b", re.IGNORECASE)


def sentences_of(figure):
    title = figure.layout.title
    subtitle = (title.subtitle.text or "").replace("<br>", " ")
    said = [title.text, subtitle, *figure.layout.meta["twin"]]
    cards = [
        part for card in figure.layout.meta["cards"] for part in (card["heading"], *card["lines"])
    ]
    return [part for line in [*said, *cards] for part in re.split(r"(?<=\.) |<br>\b", line or "")]


@pytest.mark.parametrize("name", [*FIGURES, *SPOKEN])
def test_the_record_alone_is_never_called_the_article(name):
    alone = axislib.open_seed(layers=["context"])
    said = [SPOKEN[name](alone)] if name in SPOKEN else sentences_of(FIGURES[name](alone))
    for sentence in said:
        credited = OF_THE_ARTICLE.search(sentence) and "Nothing to show" not in sentence
        assert not credited, sentence


@pytest.mark.parametrize("name", [*FIGURES, *SPOKEN])
def test_what_the_record_adds_is_not_credited_to_the_article(name):
    both = axislib.open_seed(layers=["article", "context"])
    if name in SPOKEN:
        assert "record" in SPOKEN[name](both)
        return
    figure = FIGURES[name](both)
    recorded = {i for i in cited(figure) if both.row(i).get("layer") == "context"}
    for sentence in sentences_of(figure) if recorded else ():
        of_links = "links between claims" in sentence or "inferred by us" in sentence
        article = of_links and set(both.arguments["layer"]) == {"article"}
        assert article or "record" in sentence or not OF_THE_ARTICLE.search(sentence), sentence
    if recorded:
        assert any("external record" in note.text for note in figure.layout.annotations)
