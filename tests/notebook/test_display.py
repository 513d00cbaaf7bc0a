"""What a notebook shows: text from the tables is text, whatever it says."""

import html
import json
import re
from importlib import metadata

import pandas as pd
import pytest

import axislib
from axislib import SeedError, words
from axislib.explorer.evidence import Evidence
from axislib.notebook import display
from axislib.questions.levels import thesis
from axislib.words import curly

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_tables_show_markup_as_text():
    html = display.table_html(pd.DataFrame({"a": [EVIL]}), EVIL, {EVIL: EVIL})
    assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html


def test_reading_view_shows_markup_as_text(seed):
    html = display.reading_html(seed.recode("tr_prk_troops", statement=EVIL))
    assert "<script" not in html and "&lt;script&gt;" in html


def test_reading_view_has_every_sentence(seed):
    html = display.reading_html(seed)
    assert all(locator in html for locator in seed.sentences["locator"])
    assert (
        display.reading_html(seed, "summary").count("<th scope='row'")
        == (seed.sentences["section"] == "summary").sum()
    )


def test_the_saved_twin_of_the_reading_view_holds_no_sentence(seed, article):
    twin = json.dumps(display._reading_data(seed, ""), ensure_ascii=False)
    assert not any(seed.sentence(p) in twin for p in seed.sentences["locator"])


def test_thesis_in_words_counts(seed):
    told = words.thesis_in_words(seed, "modern_alignment", "historic_axis")
    counts = thesis(seed)
    assert (
        f"on **{words.number_word(counts['both_known'])}**" in told
        and "only personal rapport (presumed) favours" in told
    )
    assert "compared, none favours" in words.thesis_in_words(
        seed.read_as("rdg_bromance_irony"), "modern_alignment", "historic_axis"
    )


def test_a_row_of_the_article_cites_the_article(seed):
    line = words.citation(seed, "tr_rus_satellite_data")
    assert line.startswith("Martin Kragh, \u201cFighting") and "paragraph 14, sentence 3" in line
    assert "coded as tr_rus_satellite_data" in line and "kragh-holy-war" in line


def test_no_citation_credits_anybody_with_anothers_words():
    seed = axislib.open_seed(layers=["article", "context"])
    sources = seed.tables["sources"].set_index("id")
    for frame in seed.tables.values():
        for row in frame.to_dict("records"):
            line = words.citation(seed, row.get("id", row.get("locator")))
            ours = row.get("basis") == "coded_by_us"
            own = row["layer"] == "article" and not ours
            assert line.startswith("Martin Kragh, ") == own, line
            assert line.startswith("The axislib contributors, judgement") == ours, line
            assert own or "Kragh, " not in line or f"judgement {row['id']} on Martin Kragh" in line
            assert not re.search(r"paragraph \D|sentence[s]? ;", line), line
            found = seed.row(row["evidence"]) if "evidence" in row else row
            for source in set(str(found.get("anchors", "")).split(";")) & set(sources.index):
                assert sources.at[source, "title"] in line and sources.at[source, "url"] in line


def test_a_version_that_is_not_known_cannot_be_cited(seed, monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    words._axislib_version.cache_clear()
    with pytest.raises(SeedError, match="pip install -e ."):
        words.citation(seed)


def test_every_row_has_words_and_evidence():
    seed = axislib.open_seed(layers=["article", "context"])
    called, evidence = words.spoken(seed), Evidence(seed)
    for table, frame in seed.tables.items():
        for row in frame.to_dict("records"):
            row_id = row.get("id", row.get("locator"))
            line = words.in_a_line(table, row, called)
            assert line and line != row.get("id")
            assert line == evidence.words(row_id) == evidence.view(row_id)["statement"]


def test_a_link_between_claims_and_a_judgement_are_read_as_sentences(seed):
    called = words.spoken(seed)
    link, judged = (seed.tables[table].iloc[0].to_dict() for table in ("arguments", "consistency"))
    assert (
        words.in_a_line("arguments", link, called)
        == f"{called[link['source']]} This {link['relation']}: {called[link['target']]}"
    )
    assert judged["rating"] == "consistent"
    line = words.in_a_line("consistency", judged, called)
    assert line.endswith(f" Fits: {called[judged['hypothesis']]}")


def test_missing_values_are_blank():
    html = display.table_html(pd.DataFrame({"a": [None, pd.NA, float("nan"), pd.NaT]}), "none")
    assert "nan" not in html.lower() and "NaT" not in html


def test_a_figure_says_what_it_shows_where_no_plotly_runs(seed):
    page = display.static_html(axislib.comparison(seed))
    assert "2 of 22 forms of cooperation" in page and all(
        html.escape(curly(name)) in page for name in seed.dimensions["name"]
    )
    evil = seed.recode("ev_iran_drones", title="<img src=x onerror=alert(1)>")
    assert "<img" not in display.static_html(axislib.timeline(evil))
