"""The report as a reader meets it: a real browser, from the disk, with mouse and with keyboard
alone."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import nbformat
import pytest

from axislib.words import curly

pytestmark = pytest.mark.browser

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = ["index.html", "1-loans.html", "tables.html", "reading.html", "codebook.html"]


def made_in_test_report():
    """The invented seed and notebook of ``tests/test_report.py``, which is no package to import
    from."""
    spec = importlib.util.spec_from_file_location(
        "made_for_the_report", Path(__file__).parents[1] / "report" / "test_build.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE = made_in_test_report()


@pytest.fixture(scope="module")
def browser():
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if chromium is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["with the text", "without"])
def site(request, tmp_path_factory):
    """The site, and whether the words stand in it."""
    from axislib.report.build import write_site
    from axislib.run.notebook import Executed

    folder = tmp_path_factory.mktemp("browser")
    text = request.param == "with the text"
    seed = MADE.make_seed(folder / "seeds", text=text)
    failed = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Lost"),
            nbformat.v4.new_code_cell(
                "1/0",
                outputs=[
                    nbformat.v4.new_output(
                        "error", ename="ZeroDivisionError", evalue="by zero", traceback=["line 1"]
                    )
                ],
            ),
        ]
    )
    runs = [
        Executed("1-loans", MADE.small_notebook()),
        Executed("2-lost", failed, "ZeroDivisionError: by zero"),
    ]
    return write_site(runs, seed, folder / "report").parent, text


@pytest.fixture
def visit(browser, site):
    """Opens a page of the site; afterwards nothing may have left the disk, nor the console have
    complained."""
    contexts, said = [], []

    def go(page: str, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        contexts.append(context)
        tab = context.new_page()
        tab.on(
            "console",
            lambda message: (
                said.append(message.text) if message.type in ("error", "warning") else None
            ),
        )
        tab.on("pageerror", lambda error: said.append(str(error)))
        at_home = ("file:", "data:", "blob:")
        tab.on(
            "request",
            lambda request: None if request.url.startswith(at_home) else said.append(request.url),
        )
        name, _, place = page.partition("#")
        tab.goto((site[0] / name).as_uri() + (f"#{place}" if place else ""))
        tab.wait_for_function(
            "[...document.querySelectorAll('.plot')].every(box => box.dataset.drawn || !box.offsetParent)"
        )
        return tab

    yield go
    assert said == []
    for context in contexts:
        assert not any(page.evaluate("window.caught") for page in context.pages), (
            "markup of a statement was run"
        )
        context.close()


def marks_of(page):
    return page.locator("#fig-loans .points .point")


def test_click_on_a_mark_opens_its_facts(visit, site):
    page = visit("1-loans.html")
    marks_of(page).first.click(force=True)
    panel = page.get_by_role("dialog")
    facts = panel.locator("article")
    assert facts.count() == 2
    barges = facts.first.inner_text()
    for words in (
        curly(MADE.INJECTION),
        "The <b>Scribe</b>",
        "how much: \u201cat least\u201d",
        "Category: diplomatic.",
        "A ledger.",
        "Repaid by",
        "paraphrased and coded as tr_barges by the coders in axislib",
    ):
        assert words in barges
    assert "There was a dry summer." in facts.nth(1).inner_text()
    if site[1]:
        assert facts.first.locator("blockquote mark").inner_text() == MADE.WORDS["P02.S1"][1]
        assert MADE.WORDS["P02.S2"][1] in facts.first.locator("blockquote").inner_text()
    else:
        assert "Original wording not included (sentence P02.S1)" in barges
    assert page.evaluate("document.activeElement.id") == "panel-title"
    ring, mark = page.locator("#ring").bounding_box(), marks_of(page).first.bounding_box()
    assert abs(ring["x"] + 5 - mark["x"]) < 3 and abs(ring["width"] - 10 - mark["width"]) < 3, (
        "the ring is around the mark"
    )


def test_a_chart_is_one_picture_with_words_for_it(visit):
    page = visit("1-loans.html")
    assert page.get_by_role("img", name="Two things changed hands. One row a thing.").count() == 1


def test_escape_closes_and_the_next_mark_opens(visit):
    page = visit("1-loans.html")
    marks_of(page).first.click(force=True)
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden() and page.locator("#ring").count() == 0
    assert page.evaluate("document.activeElement.closest('figure').id") == "fig-loans"
    assert "#" not in page.url
    marks_of(page).nth(1).click(force=True)
    assert (
        "It is open whether a mill-wheel came in return" in page.get_by_role("dialog").inner_text()
    )


def test_every_mark_is_reached_by_keyboard(visit):
    page = visit("1-loans.html")
    page.locator(".marks summary").focus()
    page.keyboard.press("Enter")
    line = page.locator(".marks button[data-ids=tr_mill_wheel]")
    for _ in range(40):
        page.keyboard.press("Tab")
        if line.evaluate("line => line === document.activeElement"):
            break
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    assert panel.locator("article").get_attribute("data-id") == "tr_mill_wheel"
    assert "left open" in panel.inner_text()
    linked = panel.locator(".axl-link").first
    linked.focus()
    page.keyboard.press("Enter")
    assert panel.locator("article").get_attribute("data-id") == "tr_barges"
    panel.get_by_role("button", name="Back").press("Enter")
    assert panel.locator("article").get_attribute("data-id") == "tr_mill_wheel"
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#panel') !== null"), "Tab stays in it"
    steps = page.evaluate("history.length")
    page.keyboard.press("Escape")
    assert page.evaluate("history.length") == steps, "closing is no step"
    assert page.evaluate("document.activeElement.dataset.ids") == "tr_mill_wheel"


def test_the_citation_is_copied_from_a_page_on_disk(visit):
    page = visit("1-loans.html")
    page.evaluate(
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value })"
    )
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }"
    )
    marks_of(page).nth(1).click(force=True)
    button = page.get_by_role("dialog").get_by_role("button", name="Copy this row")
    button.click()
    page.wait_for_function("window.copied")
    assert page.evaluate("window.copied").startswith(
        "Scribe, \u201cOf Bridges and Tolls\u201d, paragraph 2, sentence 2; paraphrased and coded as tr_mill_wheel by"
    )
    assert page.get_by_role("dialog").get_by_role("button", name="Copied").count() == 1


def test_back_goes_back_and_a_statement_has_an_address(visit, site):
    page = visit("1-loans.html")
    marks_of(page).nth(1).click(force=True)
    page.locator("#panel .axl-link").first.click()
    assert page.url.endswith("#tr_barges")
    page.go_back()
    panel = page.get_by_role("dialog").locator("article")
    assert page.url.endswith("#tr_mill_wheel")
    assert panel.get_attribute("data-id") == "tr_mill_wheel"
    page.go_back()
    assert page.locator("#panel").is_hidden() and "#" not in page.url
    sent = visit("tables.html#ev_drought")
    assert sent.get_by_role("dialog").locator("article").get_attribute("data-id") == "ev_drought"
    assert sent.locator("tr#ev_drought").is_visible(), "the table around it is open"


def test_search_finds_statements_and_filters_the_tables(visit):
    page = visit("1-loans.html")
    page.get_by_role("button", name="Search").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Search statements").fill("mill wheel")
    assert "found." in page.locator("#panel [role=status]").inner_text()
    page.get_by_role("button", name="It is open whether").click()
    assert "#tr_mill_wheel" in page.url
    page.go_back()
    assert panel.get_by_label("Search statements").input_value() == "mill wheel"
    assert page.evaluate("document.activeElement.dataset.ids") == "tr_mill_wheel"
    hit = panel.get_by_role("button", name="It is open whether").inner_text()
    assert "Statement of the article \u00b7 transfer \u00b7 The" in hit
    panel.get_by_label("Search statements").fill("mills wheels")
    assert panel.locator(".results button").count() > 0, "words are found by their stems"
    panel.get_by_label("How it is put").select_option("reported")
    assert page.locator("#panel [role=status]").inner_text() == "0 found. Fewer words find more."
    tables = visit("tables.html")
    tables.get_by_label("How it is put").select_option("reported")
    assert tables.locator(".a-table:visible").count() == 1
    assert tables.locator("tbody tr:not([hidden])").count() == 1
    tables.get_by_label("How it is put").select_option("")
    tables.locator(".a-table summary").nth(0).click()
    tables.get_by_role("button", name="name", exact=True).first.click()
    names = [head.inner_text() for head in tables.locator(".a-table").nth(0).locator("th a").all()]
    assert names == sorted(names, key=str.casefold)


def test_a_phone_shows_cards_and_the_chart_if_asked(visit):
    page = visit("1-loans.html", viewport={"width": 390, "height": 800})
    assert page.locator(".cards").is_visible() and page.locator(".plot").is_hidden()
    assert "forty barges" in page.locator(".cards").inner_text()
    assert page.locator(".cards li button").count() == 1, "a line opens only what it tells of"
    page.locator(".cards li button").click()
    assert page.locator("#panel article").count() > 0
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Menu").click()
    assert page.locator(".bar nav a").count() == 6 and page.get_by_text("Lost").first.is_visible()
    assert page.locator(".bar nav a[title]").first.get_attribute("title") == "What was lent"
    page.mouse.wheel(0, 600)
    assert page.locator(".bar").bounding_box()["y"] == 0, "the bar stays in reach"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show the chart").click()
    page.wait_for_selector("#fig-loans .main-svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_charts_take_the_theme_of_the_page(visit):
    ink = "() => getComputedStyle(document.querySelector('#fig-loans .gtitle')).fill"
    dark = visit("1-loans.html", color_scheme="dark")
    assert dark.evaluate(ink) == "rgb(232, 230, 225)"
    dark.emulate_media(color_scheme="light")
    dark.wait_for_timeout(300)
    assert dark.evaluate(ink) == "rgb(26, 26, 26)"


def test_code_is_hidden_until_asked_for(visit):
    page = visit("1-loans.html")
    code = page.locator("details.code pre")
    assert code.is_hidden()
    page.locator(".made summary").click()
    page.get_by_role("button", name="Show the code").click()
    assert code.is_visible()
    page.get_by_role("button", name="Hide the code").click()
    assert code.is_hidden()


def test_a_fact_beside_its_sentence_opens_in_place(visit):
    page = visit("reading.html")
    page.locator("a[data-ids=tr_mill_wheel]").click()
    assert page.url.endswith("reading.html#tr_mill_wheel")
    assert "It is open whether" in page.get_by_role("dialog").inner_text()


def test_the_first_page_puts_failures_first(visit):
    page = visit("index.html")
    assert page.locator("main > *").nth(1).get_attribute("class") == "failure"
    page.get_by_role("alert").get_by_role("link").click()
    assert page.url.endswith("2-lost.html#failure")


@pytest.fixture(scope="module")
def article_site(tmp_path_factory):
    """The first page of the report on the project's own article."""
    from axislib.report.build import write_site

    return write_site([], out=tmp_path_factory.mktemp("article") / "site", with_text=False)


def test_finding_picture_and_numbers_are_on_the_first_screen(browser, article_site):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(article_site.as_uri())
    for part in ("h1", ".source", ".glance", ".numbers"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 800, part
    assert page.locator(".glance .band").count() == 3
    page.close()


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("width", [390, 718, 1000])
def test_the_first_page_fits_phone_and_paper(browser, article_site, width, media):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.emulate_media(media=media)
    page.goto(article_site.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    frame = page.locator(".glance > a").bounding_box()
    counts = page.locator(".glance .told").first
    narrow = page.locator(".glance").evaluate("box => box.clientWidth <= 680")
    assert narrow == (width < 700 or (width, media) == (718, "screen"))
    assert counts.is_visible() == narrow != page.locator(".band.left .forms").is_visible()
    assert page.locator(".glance .strip").is_visible() == narrow
    for part in ("14 present:", "Interoperable forces (presumed)"):
        assert part in counts.text_content()
    for square in page.locator(".glance .cell:visible").all():
        box = square.bounding_box()
        assert box["x"] + box["width"] <= frame["x"] + frame["width"], "a square is cut off"
    page.close()


def test_paper_shows_the_page_without_its_controls(visit):
    page = visit("1-loans.html")
    marks_of(page).first.click(force=True)
    page.emulate_media(media="print")
    for gone in (".bar", ".turn", "#panel", ".show-code", ".marks"):
        assert page.locator(gone).is_hidden(), gone
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.set_viewport_size({"width": 500, "height": 800})
    assert page.locator("#fig-loans .main-svg").first.bounding_box()["width"] <= 500, (
        "the drawing is cut off at the edge of the paper"
    )


@pytest.mark.parametrize("site", ["with the text"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "2-lost.html"])
def test_no_barrier(visit, name, scheme):
    page = visit(name, color_scheme=scheme)
    if name == "1-loans.html":
        page.evaluate(
            "document.querySelectorAll('details').forEach(details => { details.open = true })"
        )
        marks_of(page).first.click(force=True)
    # without preload: axe would fetch the style sheet once more, which a page on disk may not
    found = axe.Axe().run(page, options={"preload": False}).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
