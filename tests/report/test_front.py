"""The first page: the finding, one picture and a few numbers, each as the tables have it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_build import INJECTION, PLOTLY, figure, make_seed, parse, small_notebook, two_runs

import axislib
from axislib.figures.palette import CERTAINTY, LEVEL, SOURCE, THEMES
from axislib.notebook.display import TABLE
from axislib.questions.levels import both_sides, levels, thesis
from axislib.report import front
from axislib.report.build import whole_seed, write_site
from axislib.report.pages import Site
from axislib.run.notebook import Executed
from axislib.words import curly, events_dated, exchanges_with_number, finding, range_in_words

VERDICTS = ("supported", "cannot be tested", "contradicted", "undecided", "supported on balance")
VERDICTS += ("contradicted on balance",)
HARBOUR = Path(__file__).parents[1] / "fictional" / "harbour-league"


@pytest.fixture(scope="module")
def article() -> axislib.Seed:
    return axislib.open_seed()


@pytest.fixture(scope="module")
def first_page(tmp_path_factory) -> BeautifulSoup:
    """The first page of the report on the article, with a page for each chart it links to."""
    runs = [
        Executed("2-timeline", drawn("timeline")),
        Executed("3-exchanges", drawn("exchanges")),
        Executed("4-analogy", drawn("comparison", "comparison")),
        Executed("6-record", verdict_page(*VERDICTS)),
    ]
    return parse(write_site(runs, out=tmp_path_factory.mktemp("site") / "site", with_text=False))


def drawn(*names: str):
    """An executed notebook with a chart of each name."""
    charts = [figure([["ev_lend_lease"], ["tr_prk_troops"]]) for _ in names]
    for chart, name in zip(charts, names, strict=True):
        chart["layout"]["meta"]["name"] = name
    outputs = [new_output("display_data", {PLOTLY: chart}) for chart in charts]
    return new_notebook(cells=[new_code_cell("1", outputs=outputs, execution_count=1)])


def verdict_page(*verdicts: str):
    """An executed notebook with a table of verdicts, and one of another kind before it."""
    columns = ["statement", "verdict", "robustness", "claim"]
    rows = [["A statement.", verdict, "robust", "cl_a"] for verdict in verdicts]
    tables = [{"columns": ["claim", "verdict", "robustness"], "rows": [["cl_b", "supported", ""]]}]
    tables.append({"columns": columns, "rows": rows})
    outputs = [new_output("display_data", {TABLE: table, "text/html": "t"}) for table in tables]
    return new_notebook(cells=[new_code_cell("1", outputs=outputs, execution_count=1)])


def shown_numbers(page: BeautifulSoup) -> dict[str, tuple[str, str]]:
    """What each number counts -> the number as shown, and its address."""
    return {
        link.span.get_text(): (link.b.get_text(), link["href"])
        for link in page.select(".numbers a")
    }


def test_the_headline_is_the_finding_and_the_range_is_below_it(first_page, article):
    counted = thesis(article)
    headline = first_page.h1.get_text()
    assert headline == curly(finding(article))
    numbers = [int(number) for number in re.findall(r"\d+", headline)]
    assert numbers == [counted["both_known"], counted["dimensions"]]
    assert curly(range_in_words(article)) in first_page.get_text()


def test_author_title_and_what_is_not_stated(first_page):
    source = first_page.find(class_="source").get_text()
    assert source.startswith("Martin Kragh, \u201cFighting a \u2018Holy War\u2019")
    assert "Outlet and date not stated in the text." in source and "your own copy" in source
    assert first_page.title.get_text().startswith("Fighting a \u2018Holy War\u2019")
    assert first_page.title.get_text().endswith(" \u00b7 axislib")
    assert first_page.html["lang"] == "en"


def test_the_numbers_are_those_of_the_tables_and_lead_to_their_charts(first_page, article):
    (dated, events), (numbered, exchanges) = events_dated(article), exchanges_with_number(article)
    strict = thesis(article)
    assert shown_numbers(first_page) == {
        "events dated": (f"{dated} of {events}", "2-timeline.html#fig-timeline"),
        "flows with a number": (f"{numbered} of {exchanges}", "3-exchanges.html#fig-exchanges"),
        "forms of cooperation comparable": (
            f"{strict['both_known']} of {strict['dimensions']}",
            "4-analogy.html#fig-comparison",
        ),
        "claims supported and 2 contradicted by other sources, at least on balance; 1 undecided;"
        " 1 untestable": ("2 of 6", "6-record.html"),
    }


def test_the_picture_has_a_square_for_each_level(first_page, article):
    link = first_page.select_one(".glance > a")
    assert link["href"] == "4-analogy.html#fig-comparison" and link["aria-label"]
    table = axislib.likenesses(article)
    both = table[(table[["left_level", "right_level"]] != "not_stated").all(axis=1)]
    assert len(link.select(".framed .cell")) == 2 * len(both)
    for level in LEVEL:
        of_level = (table[["left_level", "right_level"]] == level).sum().sum()
        assert len(link.select(f".bands .cell.{level}")) == of_level, level
    pair = levels(article, both_sides(article))
    presumed = (pair["certainty"] == "presumed").sum()
    assert len(link.select(".bands .cell.presumed")) == presumed > 0
    assert CERTAINTY["presumed"].word.split(": ")[1] in first_page.select_one(".levels").get_text()
    assert "Ideological coherence (editors only)" in link.get_text()


def test_the_picture_says_its_finding_and_names_every_form(first_page, article):
    link, counted = first_page.select_one(".glance > a"), thesis(article)
    found = re.findall(r"\d+", link.select_one(".found").get_text())
    assert [int(number) for number in found] == [counted["both_known"], counted["dimensions"]]
    names = [name.get_text() for name in link.select(".form .name")]
    for form in article.dimensions["name"]:
        assert sum(curly(form) in name for name in names) == 1, form
    assert "Interoperable forces (presumed)" in names
    assert len(link.select(".strip i")) == len(names)
    assert len(link.select(".strip .both")) == counted["both_known"]
    assert "14 present:" in link.select_one(".told").get_text()
    described = [line.get_text() for line in first_page.select(".glance li")]
    assert len(described) == len(article.dimensions)


def test_the_picture_has_the_colours_of_the_charts():
    css = Path(front.__file__).with_name("site.css").read_text(encoding="utf-8")
    fills = {name: LEVEL[name].fill for name in ("present", "absent", "mixed")}
    fills["ours"] = SOURCE["ours"].fill  # the ground of a card that is our judgement
    for theme, changed in THEMES.items():
        for name, colour in fills.items():
            assert f"--{name}: {changed.get(colour, colour)};" in css, (theme, name)


def test_the_articles_numbers_are_not_the_records():
    whole, article = whole_seed("kragh-holy-war"), axislib.open_seed()
    assert len(whole.events) > len(article.events)
    assert front.numbers(front.own_layer(whole)) == front.numbers(article)


def test_an_article_without_a_comparison_shows_what_it_dates(tmp_path):
    page = parse(write_site(two_runs(), make_seed(tmp_path / "seeds"), tmp_path / "report"))
    headline = "The article dates 1 of 1 event and gives a number for 1 of 1 exchange"
    assert page.h1.get_text() == headline
    assert shown_numbers(page) == {
        "events dated": ("1 of 1", "tables.html#events"),
        "flows with a number": ("1 of 1", "tables.html#transfers"),
    }
    assert len(page.select(".glance .cell.stated")) == 1 and not page.select(".key .present")
    assert "Outlet and date not given." in page.find(class_="source").get_text()


def test_an_article_with_an_outlet_and_without_other_readings(tmp_path):
    page = parse(write_site([], HARBOUR, tmp_path / "report"))
    headline = (
        "The article says enough to compare the Lighthouse Pact with the Harbour League on only"
        " 1 of 4 forms of cooperation"
    )
    assert page.h1.get_text() == headline
    source = page.find(class_="source").get_text()
    assert "The fictional Tidewater Gazette; date not stated in the text." in source
    assert shown_numbers(page)["forms of cooperation comparable"] == (
        "1 of 4",
        "tables.html#cooperation",
    )


@pytest.mark.parametrize(
    ("outlet", "date", "words"),
    [
        ("the Tidewater Gazette", "2024-11-06", "The Tidewater Gazette, 6 November 2024."),
        ("the Tidewater Gazette", "1/2/2024", "The Tidewater Gazette, 1/2/2024."),
        ("not stated in the text", "2024-11", "Outlet not stated in the text, November 2024."),
        ("not stated in the text", "", "Outlet not stated in the text; date not given."),
    ],
)
def test_outlet_and_date_as_given(outlet, date, words):
    seed = axislib.open_seed(HARBOUR)
    source = {**seed.metadata["sources"][0], "outlet": outlet, "date": date}
    site = Site(replace(seed, metadata={**seed.metadata, "sources": [source]}), with_text=False)
    assert site.published() == words


def test_a_data_set_without_rows_says_so(article):
    empty = replace(article, tables={name: frame[:0] for name, frame in article.tables.items()})
    assert finding(empty) == "Nothing is coded yet"
    assert front.picture(empty) is None and front.numbers(empty) == []


def test_markup_in_title_outlet_and_language_stays_text(tmp_path):
    seed = axislib.open_seed(make_seed(tmp_path / "seeds"))
    planted = {"author": INJECTION, "title": INJECTION, "outlet": INJECTION, "date": INJECTION}
    metadata = {**seed.metadata, "sources": [planted], "language": "'\"><script>x()</script>"}
    seed = replace(seed, metadata=metadata)
    page = parse(write_site(two_runs(), seed, tmp_path / "report", title=INJECTION))
    assert page.h1.get_text() == curly(INJECTION) and not page.find("img")
    assert page.find(class_="source").get_text().count(curly(INJECTION)) == 4
    assert all(script.get("src") for script in page.find_all("script"))


def test_a_dimension_with_markup_stays_text_in_the_picture(tmp_path):
    seed = axislib.open_seed(HARBOUR)
    tables = seed.tables | {"dimensions": seed.dimensions.assign(name=INJECTION)}
    page = parse(write_site([], replace(seed, tables=tables), tmp_path / "report"))
    assert not page.find("img") and curly(INJECTION) in page.select_one(".glance").get_text()


def test_figures_are_numbered_through_the_site_and_have_addresses(tmp_path):
    runs = [Executed("1-a", drawn("voices", "voices", "coverage")), *two_runs()]
    runs[1] = replace(runs[1], name="2-loans")
    runs[2] = Executed("3-loans", small_notebook())
    index = write_site(runs, make_seed(tmp_path / "seeds"), tmp_path / "report")
    found = [
        (link.get_text(), link["href"])
        for name in ("1-a", "2-loans", "3-loans")
        for link in parse(index.with_name(f"{name}.html")).select("figcaption .number")
    ]
    assert found == [
        ("Figure 1", "#fig-voices"),
        ("Figure 2", "#fig-voices-2"),
        ("Figure 3", "#fig-coverage"),
        ("Figure 4", "#fig-loans"),
        ("Figure 5", "#fig-loans"),
    ]


def test_parameters_and_code_are_folded_away_below_the_charts(tmp_path):
    run = replace(two_runs()[0], parameters={"since": "1871"})
    index = write_site([run], make_seed(tmp_path / "seeds"), tmp_path / "report")
    page = parse(index.with_name("1-loans.html"))
    folded = page.find("details", class_="made")
    assert not folded.has_attr("open") and "1871" in folded.get_text()
    assert folded.find_all_previous("figure") and folded.find("button", class_="show-code")


def test_every_page_leads_on_and_back(tmp_path):
    index = write_site(two_runs(), make_seed(tmp_path / "seeds"), tmp_path / "report")
    order = ["index", "1-loans", "2-again", "tables", "reading", "codebook"]
    for place, name in enumerate(order):
        turn = parse(index.with_name(f"{name}.html")).find("nav", class_="turn")
        found = {link["rel"][0]: link["href"] for link in turn.find_all("a")}
        around = {
            "prev": order[place - 1] if place else "",
            "next": "".join(order[place + 1 :][:1]),
        }
        assert found == {rel: f"{page}.html" for rel, page in around.items() if page}
