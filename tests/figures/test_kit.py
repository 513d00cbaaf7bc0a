"""What the drawing kit promises of every chart drawn with it."""

import json
import re

import pytest

import axislib
from axislib.figures.draft import Draft, Words, config, key
from axislib.figures.hover import cited, fold, text
from axislib.figures.palette import LOOKS, THEMES, WIDTH, themed
from axislib.words import curly

BOTH = ("article", "context")
CHARTS = {
    "timeline": axislib.timeline,
    "timeline aligned": lambda seed: axislib.timeline(seed, mode="aligned"),
    "comparison": axislib.comparison,
}


@pytest.fixture(scope="module", params=[("article",), BOTH], ids=["article", "both"])
def layers(request):
    return axislib.open_seed(layers=request.param)


@pytest.mark.parametrize("name", CHARTS)
def test_what_a_mark_says_is_data(layers, name):
    figure = CHARTS[name](layers)
    rows = figure.layout.meta["rows"]
    assert list(rows) == cited(figure)
    for row_id, answer in rows.items():
        assert list(answer) == ["table", "statement", "speaker", "how", "sentences", "row"]
        assert answer["table"] == layers.row(row_id)["table"] and answer["statement"]
    for trace in (trace for trace in figure.data if not trace.name.startswith("key:")):
        unseen = trace.name.startswith("reach of")
        for mark, said in zip(trace.customdata, trace.hovertext or (), strict=not unseen):
            first = rows[mark[0].split(";")[0]]["statement"].split()[0]
            assert text(first) in said


@pytest.mark.parametrize("name", CHARTS)
def test_a_title_is_a_finding_and_a_subtitle_two_lines(layers, name):
    figure = CHARTS[name](layers)
    title, subtitle = figure.layout.title.text, figure.layout.title.subtitle.text
    assert len(re.findall(r"\d+", title)) <= 2 and len(subtitle.split("<br>")) <= 2
    if layers.layers == BOTH:
        assert "the article" not in title.lower()


@pytest.mark.parametrize(
    "name", ["argument_map", "coverage", "exchanges", "hypotheses_matrix", "voices"]
)
def test_a_title_has_two_numbers_at_most_and_no_label_is_small(layers, name):
    for figure in (getattr(axislib, name)(layers), axislib.timeline(layers)):
        title, subtitle = figure.layout.title.text, figure.layout.title.subtitle.text
        assert len(re.findall(r"\d+", title)) <= 2 and len(subtitle.split("<br>")) <= 2
        fonts = [note.font for note in figure.layout.annotations]
        fonts += [trace.textfont for trace in figure.data if "textfont" in trace]
        assert all(font.size >= 12 for font in fonts if font.size)


@pytest.mark.parametrize("name", CHARTS)
def test_every_colour_is_one_of_the_palette(layers, name):
    drawing = json.dumps(themed(CHARTS[name](layers).to_plotly_json(), "dark"))
    light = set(THEMES["dark"]) - set(THEMES["dark"].values())
    used = set(re.findall(r"#[0-9A-Fa-f]{6}\b", drawing))
    assert not used & light, "a colour that the dark theme does not know"
    assert used <= set(THEMES["dark"].values())


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_whole_and_names_its_source(layers, name):
    figure = CHARTS[name](layers)
    assert figure.layout.template.layout.width == WIDTH and figure.layout.width is None
    notes = [note.text for note in figure.layout.annotations]
    assert any(note.startswith("Source: Martin Kragh") for note in notes)
    options = config(figure)["toImageButtonOptions"]
    assert options["scale"] == 2 and options["filename"].startswith("kragh-holy-war-")


@pytest.mark.parametrize("name", CHARTS)
def test_cards_say_all_of_it(layers, name):
    cards = CHARTS[name](layers).layout.meta["cards"]
    assert all(card["heading"] and card["lines"] for card in cards)


def test_cards_of_the_comparison_name_every_dimension(seed):
    cards = axislib.comparison(seed).layout.meta["cards"]
    words = " ".join(part for card in cards for part in [card["heading"], *card["lines"]])
    assert all(curly(name) in words for name in seed.dimensions["name"])


def test_a_hatch_a_symbol_a_sign_means_one_thing():
    for one in ("hatch", "sign"):
        shown = [getattr(look, one) for look in LOOKS.values() if getattr(look, one)]
        assert len(shown) == len(set(shown)), shown


def test_marks_are_grouped_by_kind(seed):
    draft = Draft(seed)
    ids = seed.events["id"].tolist()[:3]
    kinds = ("present", "absent", "present")
    draft.marks(
        [
            {"ids": [i], "kind": kind, "x0": 0, "x1": 2, "y": n, "high": 1, "text": "x"}
            for n, (i, kind) in enumerate(zip(ids, kinds, strict=True))
        ],
        shape="bar",
    )
    figure = draft.finish(Words("Three bars", "", []), 200, "three")
    assert [trace.name for trace in figure.data] == ["present", "absent"]
    assert cited(figure) == [ids[0], ids[2], ids[1]]
    with pytest.raises(ValueError, match="at least one id"):
        draft.marks([{"ids": [], "kind": "words", "x": 0, "y": 0, "text": ""}], shape="text")


def test_a_line_cites_at_each_of_its_points(seed):
    draft, first = Draft(seed), seed.events["id"].iloc[0]
    draft.marks([{"ids": [first], "kind": "words", "x": [0, 1], "y": [0, 1]}], shape="line")
    figure = draft.finish(Words("A line", "", []), 200, "line")
    assert len(figure.data[0].customdata) == len(figure.data[0].x) == 3
    assert cited(figure) == [first]


def test_a_key_is_made_of_the_palette():
    assert key(["present", "absent"]).count("<span") == 2 and "ruled out" in key(["absent"])


def test_lines_are_folded_between_words():
    assert fold("a bb  ccc dddd", 5) == ["a bb", "ccc", "dddd"]
    assert fold("x" * 12, 5) == ["x" * 12]


def test_a_space_that_does_not_break_keeps_initials_with_their_words():
    assert fold("inputs\u00a0K and more", 10) == ["inputs\u00a0K", "and more"]


def test_no_title_ends_in_a_line_of_one_word(layers):
    lines = axislib.comparison(layers).layout.title.text.split("<br>")
    assert len(lines) == 1 or len(lines[-1]) > len(lines[0]) / 2


@pytest.mark.parametrize("name", ["exchanges", "timeline", "voices"])
def test_all_of_a_shaft_and_of_a_word_answers(seed, name):
    figure = getattr(axislib, name)(seed)
    traces = {(trace.name, trace.xaxis): trace for trace in figure.data}
    thin = [t for t in figure.data if t.type == "scatter" and t.mode in ("text", "lines")]
    assert thin
    for trace in thin:
        reach = traces[f"reach of {trace.name}", trace.xaxis]
        ids = {mark[0] for mark in reach.customdata}
        assert ids == {mark[0] for mark in trace.customdata} and reach.marker.opacity == 0
