"""The report on the project's own article, from the saved notebooks: no barrier, no page too long,
none too wide; on paper, on a phone, as a single file; its switches and its quiz."""

from __future__ import annotations

import re
import shutil

import nbformat
import pandas as pd
import pytest

from axislib.report.build import find_notebooks, write_site
from axislib.report.printing import LAYOUT_WIDTH, save_single_files
from axislib.run.notebook import Executed
from axislib.words import curly

pytestmark = pytest.mark.browser

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

NOTEBOOKS = [path.stem for path in find_notebooks()]
PAGES = ["index", *NOTEBOOKS, "tables", "reading", "codebook", "teacher"]
LONGEST, LONGEST_ON_A_PHONE = 6000, 8000  # pixels, before anything is opened
SHEETS, SHEETS_OF_THE_RECORD = 12, 15
LEAST = 7.9  # points of a label on paper; a folded chart that is taller than a sheet may have fewer
OPEN = "document.querySelectorAll('main details').forEach(part => { part.open = true })"
# points of the smallest words of each chart on the page; a sign such as ? or ✕ is none
LABELS = """() => [...document.querySelectorAll('.plot')].filter(box => box.checkVisibility({ contentVisibilityAuto: true })).map(box => {
  const drawing = box.querySelector('.main-svg');
  const wide = drawing.clientWidth / drawing.viewBox.baseVal.width;
  const high = drawing.clientHeight / drawing.viewBox.baseVal.height;
  const words = [...box.querySelectorAll('text')].filter(text => text.textContent.trim().length > 1);
  const sizes = words.map(text => parseFloat(getComputedStyle(text).fontSize));
  return [box.closest('figure').id, 0.75 * Math.min(...sizes) * Math.min(wide, high)];
})"""
# figures of which the number, or words before the chart takes its sheet, are below the chart
BELOW = """() => [...document.querySelectorAll('figure:has(.plot)')].filter(one => one.checkVisibility()).filter(one => {
  const foot = (part) => part.getBoundingClientRect().bottom;
  const alone = one.matches('section > .tall') && one.parentNode.querySelectorAll('.figure').length === 1;
  const words = alone ? [...one.parentNode.querySelectorAll(':scope > .prose')] : [];
  return [one.querySelector('.number'), ...words].some(part => foot(part) > foot(one.querySelector('.paper')));
}).map(one => one.id)"""
WIDER_THAN_ITS_BOX = """() => [...document.querySelectorAll('.axl-table')]
  .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.innerText.slice(0, 60))"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    runs = [Executed(path.stem, nbformat.read(path, 4)) for path in find_notebooks()]
    return write_site(runs, out=tmp_path_factory.mktemp("whole") / "report", with_text=False).parent


@pytest.fixture
def visit(chromium, report):
    """Opens a page; afterwards the console must be clean and nothing have been asked elsewhere."""
    said, contexts = [], []

    def go(name: str, folder=report, **options):
        contexts.append(
            chromium.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        )
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith(("file:", "data:", "blob:")) or said.append(asked.url)
            ),
        )
        name, _, place = name.partition("#")
        page.goto((folder / f"{name}.html").as_uri() + (f"#{place}" if place else ""))
        return page

    yield go
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_barrier_on_any_page(visit, name, scheme):
    page = visit(name, color_scheme=scheme)
    if name != "tables":  # thirty thousand cells: one table is opened
        page.evaluate(OPEN)
    else:
        page.locator(".a-table > summary").nth(5).click()
    page.wait_for_timeout(300)
    found = axe.Axe().run(page, options={"preload": False}).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []


@pytest.mark.parametrize("width, most", [(1280, LONGEST), (390, LONGEST_ON_A_PHONE)])
def test_no_page_is_too_long_or_too_wide(visit, width, most):
    for name in PAGES:
        page = visit(name, viewport={"width": width, "height": 800})
        size = page.evaluate(
            "() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )
        assert size[0] <= most and size[1] <= width, f"{name}: {size}"
        page.evaluate(OPEN)
        assert page.evaluate(WIDER_THAN_ITS_BOX) == [], name


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_on_paper_is_short_and_can_be_read(visit, name):
    page = visit(name, viewport={"width": LAYOUT_WIDTH, "height": 900})
    page.emulate_media(media="print", color_scheme="light")
    paper = page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 1 <= sheets <= (SHEETS_OF_THE_RECORD if name == "6-record" else SHEETS)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.set_viewport_size({"width": 1084, "height": 755})  # A4 landscape without its margins
    page.wait_for_timeout(500)
    assert page.evaluate(BELOW) == []
    labels = page.evaluate(LABELS)
    assert labels and not [label for label in labels if label[1] < LEAST]


def test_what_is_folded_is_printed_if_asked(visit):
    page = visit("codebook")
    page.emulate_media(media="print")
    cell = page.get_by_text("Who took part, the main actor first.")
    assert not cell.is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Show all folded parts").click()
    page.emulate_media(media="print")
    assert cell.is_visible()
    opened = visit("codebook#table-events")
    assert opened.get_by_text("Who took part, the main actor first.").is_visible()


def test_another_coding_takes_the_place_of_the_chart(visit, report):
    page = visit("4-analogy")
    shown = page.locator("figure:has(.codings):visible")
    page.wait_for_selector("#fig-comparison .gtitle")
    before = shown.first.locator(".gtitle").text_content()
    codings = page.locator(".codings select")
    assert codings.locator("option").count() > 5
    irony = codings.locator("option[value$=rdg_bromance_irony]").text_content()
    assert irony.startswith(
        "Personal rapport, today’s four → left open: 1 form comparable (North Korea has"
    )
    codings.select_option("fig-comparison-rdg_bromance_irony")
    assert shown.first.get_attribute("id") == "fig-comparison-rdg_bromance_irony"
    assert shown.first.locator(".gtitle").text_content() != before
    said = page.locator(".codings [role=status]").inner_text()
    assert "changes from present to left open" in said and "on 1 " in said
    assert page.url.endswith("#fig-comparison-rdg_bromance_irony"), "the address has the coding"
    words = shown.first.locator(".plot").text_content()
    assert "Alternative coding: North Korea has a bromance" in words
    for link in shown.first.locator("figcaption [download]").all():
        data = link.get_attribute("href").partition("/report/")[2]
        rows = pd.read_csv(report / data, encoding="utf-8-sig")
        assert set(rows["coding"].dropna()) == {
            "alternative: North Korea has a bromance with Russia: left open"
        }, data
        rapport = rows["form of cooperation"].eq("Personal rapport")
        ours = rows[rapport & rows["side"].str.contains("four")]
        assert set(ours["level"]) == {"left open"} and not ours.duplicated().any(), data
    assert data.endswith("-levels.csv")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download picture (SVG)").first.click()
    assert "rdg_bromance_irony" in saved.value.suggested_filename
    assert "Alternative coding: North" in saved.value.path().read_text(encoding="utf-8")
    codings.select_option("fig-comparison")
    assert shown.first.locator(".gtitle").text_content() == before
    sent = visit("4-analogy#fig-comparison-rdg_bromance_irony")
    assert sent.locator("#fig-comparison-rdg_bromance_irony .gtitle").is_visible()


def test_each_line_of_a_list_opens_what_it_tells_of(visit):
    """On every page, list by list: lines without a row are headings, counts and meanings."""
    for name in NOTEBOOKS:
        page = visit(name)
        page.evaluate(OPEN)
        page.wait_for_function(
            "[...document.querySelectorAll('.marks summary')].every(one => /\\(\\d+\\)/.test(one.textContent))"
        )
        for figure in page.locator("figure:has(.marks)").all():
            ids = set()
            for button in figure.locator(".marks [data-ids]").all():
                ids |= set(button.get_attribute("data-ids").split(";"))
            drawn = figure.evaluate(
                """figure => JSON.parse(figure.querySelector(':scope > script').textContent).data
                .flatMap(trace => (trace.customdata || []).flat(3).flatMap(ids => ids ? ids.split(';') : []))"""
            )
            assert ids == set(drawn), figure.get_attribute("id")


def test_the_comparisons_data_have_every_coalition_and_what_is_presumed(report):
    path = report / "data" / "4-analogy-fig-comparison.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert {"Today\u2019s four", "The wartime Axis", "The wartime Allies"} <= {
        curly(side) for side in rows["side"]
    }
    told = rows[rows["favours"] != ""].groupby("form of cooperation")
    for form, same in told:
        presumed = (same.loc[same["side"] != "The wartime Allies", "certainty"] == "presumed").any()
        assert all(same["favours"].str.endswith(" (presumed)") == presumed), form
    assert any(rows["favours"].str.startswith("today"))


def test_charts_name_the_columns_of_their_data(report):
    codebook = (report / "codebook.html").read_text(encoding="utf-8")
    for path in (report / "data").glob("*.csv"):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        assert not [name for name in rows if not rows[name].any()], f"{path.name}: an empty column"
        for name in rows:
            assert f'"row">{name.removesuffix(", by name")}' in codebook or name in (
                *("source", "target", "label", "layer"),
            ), f"{path.name}: {name} is in no codebook"


def test_filters_act_on_charts_and_tables_of_the_page(visit):
    page = visit("3-exchanges")
    page.wait_for_selector("#fig-exchanges .point")
    pale = (
        "() => [...document.querySelectorAll('.plot .point')].filter(m => m.style.opacity).length"
    )
    rows = page.locator("main .axl-table tbody tr:not([hidden])")
    every, marks = rows.count(), page.locator(".plot .point").count()
    page.get_by_text("Filter the charts and tables").click()
    page.get_by_label("Actor", exact=False).select_option(label="Iran")
    assert 0 < page.evaluate(pale) < marks
    assert 0 < rows.count() < every
    assert "lists and tables show only these" in page.locator(".filters [role=status]").inner_text()
    listed = int(re.search(r"\((\d+)\)", page.locator(".marks summary").first.inner_text())[1])
    page.locator(".marks summary").first.click()
    assert listed == page.locator(".marks").first.locator("li:visible:has(> [data-ids])").count()
    page.get_by_role("button", name="Clear filters").click()
    assert page.evaluate(pale) == 0 and rows.count() == every
    assert page.get_by_label("Actor", exact=False).input_value() == ""
    assert page.locator(".filters [role=status]").inner_text() == ""


def test_filters_act_on_the_table_of_speakers_and_know_what_is_hedged_in_part(visit):
    page = visit("1-reading")
    page.evaluate(OPEN)
    speakers = page.locator(".axl-table", has=page.get_by_text("Coded statements by speaker"))
    names = speakers.locator("tbody tr:not([hidden]) td:first-child")
    every = names.count()
    put = page.get_by_label("How it is put")
    put.select_option("hedged in part")
    assert 0 < names.count() < every and "Martin Kragh" in names.all_inner_texts()
    assert "The numbers count all statements" in speakers.locator("+ .remark").inner_text()
    actors = page.locator(".axl-table[aria-label='Actors in the article']")
    assert "Not filtered" in actors.locator("+ .remark").inner_text()
    line = page.locator(".marks button:visible[data-ids]:not([data-ids*=';'])").first
    line.click()
    assert re.search("; [a-z ]+: \u201c", page.get_by_role("dialog").inner_text())
    page.keyboard.press("Escape")
    put.select_option("left open")
    assert "Martin Kragh" in names.all_inner_texts()
    page.get_by_role("button", name="Clear filters").click()
    assert page.locator(".remark").count() == 0 and names.count() == every


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "refused"])
def test_links_to_figures_claims_and_statements_are_copied(visit, allowed):
    page = visit("6-record#cl_axis_uncoordinated")
    page.evaluate(OPEN)
    refuse = "() => Promise.reject(new Error('refused'))"
    take = "(words) => { window.copied = words; return Promise.resolve() }"
    page.evaluate(
        f"() => {{ navigator.clipboard.writeText = {take if allowed else refuse};"
        " document.execCommand = () => false }"
    )
    for place, name in (
        ("#panel article", "cl_axis_uncoordinated"),
        ("#fig-record-overview figcaption", "fig-record-overview"),
        (".claims > details >> nth=0", "claim-berlin-and-tokyo-never-coordinated-a-decision"),
    ):
        button = page.locator(place).get_by_role("button", name="Copy link")
        button.focus()
        page.keyboard.press("Enter")
        said = page.locator(place).get_by_role("status").filter(has_text=re.compile("."))
        if allowed:
            assert said.inner_text().strip() == "Link copied"
            assert page.evaluate("window.copied").endswith(f"/6-record.html#{name}")
        else:
            field = page.locator(place).get_by_label("Address to copy")
            assert field.input_value().endswith(f"/6-record.html#{name}")
            assert page.evaluate("getSelection().toString()") == field.input_value()
            assert "Ctrl+C" in said.inner_text()
        page.keyboard.press("Escape")


def test_search_finds_verdicts_and_findings_and_says_what_each_is(visit):
    page = visit("2-timeline#find")
    asked = page.get_by_label("Search statements")
    asked.fill("Axis leaders met less often")
    hit = page.locator(".results a").first
    assert re.search(r"\nRecord: verdict \u00b7 \w+", hit.inner_text())
    hit.click()
    page.wait_for_url("**/6-record.html#claim-the-leaders-of-the-axis-met-*")
    card = page.locator("details", has=page.locator("h4:target")).last
    assert card.locator("ul").first.is_visible() and page.locator("#panel").is_hidden()
    page.keyboard.press("/")
    asked.fill("german forces attacked italian")
    page.locator(".results a").first.click()
    assert page.locator("#claim-german-forces-attacked-italian-forces-in-1943").is_visible()
    page.keyboard.press("/")
    asked.fill("Ciano diary")
    kinds = page.locator(".results small").all_inner_texts()
    assert "Source" in kinds and "Record: finding" in kinds, (
        "findings by the names of their sources"
    )
    assert not [kind for kind in kinds if kind.startswith(("Article", "External"))]
    asked.fill("Iran")
    assert "Actor" in page.locator(".results small").all_inner_texts()


def test_search_shows_the_article_first_and_understands_a_question(visit):
    page = visit("2-timeline")
    page.keyboard.press("/")
    asked, heads = page.get_by_label("Search statements"), page.locator(".search-in h3")
    asked.fill("How many North Korean soldiers?")
    shown = [head.rpartition(" (")[0] for head in heads.all_inner_texts()]
    assert shown == [
        *("In the article", "Verdicts on the article\u2019s claims"),
        *("In other sources", "Actors, forms of cooperation and our own judgements"),
    ]
    first = page.locator(".results").first
    assert "8,000" in first.inner_text()
    assert "external record" not in first.inner_text()
    asked.fill("Houthis satellite")  # a hit of several rows: its name, and the way back to it
    hit = page.locator(".results button[data-ids*=';']").first
    said = hit.locator("span").inner_text()
    hit.click()
    panel = page.locator("#panel")
    assert panel.get_attribute("aria-label") == said
    assert "Other sources: undecided" in panel.inner_text(), "on any page, as it was checked"
    panel.get_by_role("button", name="Back to the search results").click()
    assert said in page.evaluate("document.activeElement.textContent")
    hit.click()
    panel.get_by_text("Go to the verdict").click()
    page.wait_for_url("**/6-record.html#claim-*")
    page.go_back()
    panel.get_by_role("button", name="Back to the search results").click()
    assert hit.locator("span").inner_text() == said, "what was asked is still there"


def test_a_place_is_spelt_out_where_it_is_first_met(visit):
    short = re.compile(r"P(\d+)\.S(\d+)")
    for name in ("1-reading", "3-exchanges", "4-analogy", "tables"):
        page = visit(name)
        links = page.locator("main a.locator").evaluate_all(
            "all => all.map(one => [one.textContent, one.title])"
        )
        paragraph, sentence = short.search(links[0][0]).groups()
        place = f"paragraph {int(paragraph)}, sentence {sentence}"
        assert links[0] in (
            [f"{place} (P{paragraph}.S{sentence})", place],
            [f"{place} [P{paragraph}.S{sentence}]", place],  # in brackets
        )
        brackets = page.locator("main").inner_text()
        assert not re.search(r"\([^()]*\(P\d+\.S\d+\)\)", brackets), name
        assert sum(short.fullmatch(label) is not None for label, _ in links) > len(links) / 2
        assert all(title.startswith("paragraph ") for _, title in links)
    page = visit("3-exchanges#tr_rus_satellite_data")
    panel = page.get_by_role("dialog").inner_text()
    assert (
        "Where\nparagraph 14, sentence 3" in panel and "\u201d, paragraph 14, sentence 3;" in panel
    )
    assert "Whether it is true is another question" in panel and "not checked here" not in panel
    assert panel.index("paragraph 14, sentence 3") < panel.index("P14.S3")


def test_the_teachers_switch_shows_minutes_questions_and_solutions(visit):
    page = visit("7-seminar")
    questions = page.locator(".for-teacher:has-text('Questions for discussion')").last
    for part in (
        questions,
        page.locator(".key-of-quiz"),
        page.locator("footer").get_by_text("Lesson plans"),
    ):
        assert not part.is_visible()
    page.get_by_role("button", name="Show the teacher’s parts").click()
    assert "questions for discussion" in page.locator("footer [role=status]").inner_text()
    assert questions.is_visible() and page.locator(".key-of-quiz").count() == 1
    page.get_by_role("button", name="Show all folded parts").click()
    assert not page.locator(".key-of-quiz table").is_visible(), "folded until asked for"
    page.locator("footer").get_by_text("Lesson plans").click()
    page.get_by_role("heading", name="What each exercise shows").wait_for()
    plans = page.locator("table:has(th:text-is('minutes'))")
    minutes = [plan.locator("td:first-child").all_inner_texts() for plan in plans.all()]
    assert [sum(map(int, plan)) for plan in minutes] == [45, 90, 90, 90]
    # where the page's words name the switch, they are one
    both = page.locator("button.teach")
    assert both.all_inner_texts() == ["Hide the teacher’s parts"] * 2, "remembered"
    page.locator("main button.teach").click()
    assert both.all_inner_texts() == ["Show the teacher’s parts"] * 2
    page.locator("main button.teach").click()
    assert (
        "the answers to the quiz" in page.locator("main p:has(.teach) [role=status]").inner_text()
    )
    assert page.evaluate("document.body.classList.contains('teaching')")


def test_a_quiz_answers_once_it_is_asked(visit):
    page = visit("7-seminar")
    page.evaluate(OPEN)
    row = page.locator(".quiz tbody tr").first
    status = row.locator("[role=status]")
    assert status.inner_text() == "" and not page.locator(".key-of-quiz").is_visible()
    tall = row.bounding_box()["height"]
    row.get_by_role("button").first.click()
    assert row.locator("[aria-pressed=true]").count() == 1, "the choice is marked"
    assert abs(row.bounding_box()["height"] - tall) < 1, "no row moves"
    assert re.match(r"(Yes, that is our answer|Our answer is: .+)\. .+", status.inner_text())


def test_a_page_alone_works_and_a_page_torn_out_says_what_it_needs(visit, report, tmp_path):
    alone = tmp_path / "alone"
    alone.mkdir()
    for page in save_single_files(report / "index.html"):
        shutil.copy(page, alone)
    page = visit("4-analogy", alone)
    page.locator("#fig-comparison .points .point").first.click(force=True)
    panel = page.get_by_role("dialog")
    panel.locator("a[href='#P14.S2']").first.click()
    assert "Sentence P14.S2" in panel.inner_text()
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.locator("figcaption a[download]").first.click()
    assert saved.value.path().read_text(encoding="utf-8").startswith("\ufeffcoding,form of")
    assert not page.locator("a[href*='.html']").count()
    shutil.copy(report / "5-argument.html", alone / "torn.html")
    torn = page.context.browser.new_page()
    torn.goto((alone / "torn.html").as_uri())
    assert torn.get_by_text("This page needs the folder").is_visible()
    torn.close()


def test_a_mark_of_a_verdict_leads_to_its_entry(visit):
    page = visit("6-record")
    page.locator("#fig-record-overview .points .point").first.click(force=True)
    page.locator("#panel").get_by_text("Go to the verdict").click()
    claim = page.evaluate("document.getElementById(location.hash.slice(1)).textContent")
    assert page.locator("#panel").is_hidden() and claim.startswith("Berlin and Tokyo never")
