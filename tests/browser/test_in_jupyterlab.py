"""The notebooks and the explorer as a seminar meets them: in JupyterLab, with mouse and with
keyboard alone."""

from __future__ import annotations

import json
import os
import shutil
import textwrap

import plotly.io
import pytest
from invented_text import invent_text
from opened_notebook import open_notebook

import axislib
from axislib.explorer.charts import CHARTS
from axislib.explorer.parts import captioned
from axislib.notebook.lab import notebooks_folder
from axislib.seed.opening import find_seed
from axislib.words import curly

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted(path.stem for path in notebooks_folder().glob("[0-9]*.ipynb"))
NASTY = (
    "<script>window.caught=1</script><img src=x onerror=window.caught=1> & Iran"
    '<svg><a><animate attributeName="href" values="javascript:window.caught=1"/></a></svg>'
    '<a href="java&#9;script:window.caught=1">go</a>'
    '<iframe srcdoc="<script>parent.caught=1</script>"></iframe>'
    '<button data-commandlinker-command="notebook:run-all-cells">go</button>'
)
PLOT = (
    "[...document.querySelectorAll('.axl-picture .js-plotly-plot')].find((plot) =>"
    " plot.offsetParent)"
)
FITS = f"""() => {{
  const plot = {PLOT}, frame = plot?.closest('.axl-picture'), drawn = plot?.querySelector('.main-svg');
  if (!drawn || Math.abs(plot._fullLayout.width - plot.clientWidth) > 1) return false;
  const [a, b] = [drawn, frame].map((box) => box.getBoundingClientRect());
  return Math.abs(a.width - b.width) < 3 && Math.abs(a.x - b.x) < 3 && a.bottom <= b.bottom + 3;
}}"""
# words of the page, and of the chart, that are drawn outside the box they belong to
OUTSIDE = f"""() => {{
  const seen = (node) => node.getClientRects().length && getComputedStyle(node).clipPath === 'none';
  const boxes = [...document.querySelectorAll('.axl-explorer, .axl-explorer *')]
    .filter((node) => !node.closest('.axl-picture') && seen(node) && !node.closest('select, input')
      && getComputedStyle(node).textOverflow !== 'ellipsis' && node.scrollWidth > node.clientWidth + 2
      && node.clientWidth && getComputedStyle(node).display !== 'inline')
    .map((node) => [node.className, node.innerText.slice(0, 60)]);
  const frame = {PLOT}.closest('.axl-picture').getBoundingClientRect();
  const words = [...{PLOT}.querySelectorAll('text')].filter((node) => node.textContent && seen(node)
      && !node.closest('.hoverlayer'))
    .map((node) => [node.textContent.slice(0, 60), node.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.left < frame.left - 2 || box.right > frame.right + 2
      || box.bottom > frame.bottom + 3))
    .map(([words]) => words);
  return [...boxes, ...words];
}}"""
# the smallest words of the chart, in pixels of the screen
SMALLEST = f"""() => {{
  const plot = {PLOT}, scale = plot.getBoundingClientRect().width / plot.offsetWidth;
  const words = [...plot.querySelectorAll('text')].filter((node) => node.textContent.trim()
    && node.getClientRects().length && !node.closest('.hoverlayer'));
  return Math.min(...words.map((node) => parseFloat(getComputedStyle(node).fontSize))) * scale;
}}"""
DRAWN = f"() => {PLOT}?._fullLayout && {PLOT}.querySelector('.main-svg')"


def source_of(page, number: int, words: str, new: str) -> None:
    """Replace words in a code cell of the open notebook, as by typing."""
    page.evaluate(
        """([number, words, replacement]) => {
      const notebook = window.jupyterapp.shell.currentWidget.content;
      const model = notebook.model.cells.get(number).sharedModel;
      model.setSource(model.getSource().replace(words, replacement));
    }""",
        [number, words, new],
    )


def drawn_by(page, selector: str = ".js-plotly-plot") -> list:
    """The ids behind every mark of every chart of the page, as the browser has them."""
    return page.evaluate(
        "(selector) => [...document.querySelectorAll(selector)].map((plot) => plot.data.map((trace)"
        " => trace.customdata || []))",
        selector,
    )


# --- the notebooks
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_its_figures_show(notebook, name):
    tab = notebook(f"{name}.ipynb")
    assert tab.run_all(), tab.errors()
    page = tab.page
    assert (
        page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count()
        == 0
    )
    page.wait_for_function(
        "() => document.querySelectorAll('.jp-NotebookPanel .js-plotly-plot .main-svg').length"
    )
    plots = (
        "() => [...document.querySelectorAll('.jp-NotebookPanel .js-plotly-plot')].map((plot) =>"
        " Boolean(plot._fullLayout))"
    )
    assert all(page.evaluate(plots))
    if name in ALSO:  # on the page that stands open: to open it again takes ten seconds
        ALSO[name](tab)


def a_switch_redraws_the_comparison(tab):
    page = tab.page
    switches = page.locator(".axl-explorer")
    switches.locator(".js-plotly-plot .main-svg").first.wait_for()
    said, before = (
        switches.locator(".axl-said").first.inner_text(),
        drawn_by(page, ".axl-explorer .js-plotly-plot"),
    )
    box = switches.locator(".axl-check input").first
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "(said) => document.querySelector('.axl-said').innerText !== said", arg=said
    )
    page.wait_for_function(
        """(before) => JSON.stringify(
             [...document.querySelectorAll('.axl-explorer .js-plotly-plot')]
             .map((plot) => plot.data.map((trace) => trace.customdata || []))) !== before""",
        arg=json.dumps(before, separators=(",", ":"), ensure_ascii=False),
    )
    assert box.is_checked() and page.evaluate("() => document.activeElement.type") == "checkbox"


def a_changed_parameter_redraws_the_chart(tab):
    first = drawn_by(tab.page)
    source_of(tab.page, 2, "speakers: list[str] = []", 'speakers: list[str] = ["kragh"]')
    assert tab.run_all(), tab.errors()
    tab.page.wait_for_function(
        """(before) => JSON.stringify([...document.querySelectorAll('.js-plotly-plot')]
             .map((plot) => plot.data.map((trace) => trace.customdata || []))) !== before""",
        arg=json.dumps(first, separators=(",", ":"), ensure_ascii=False),
    )
    ids = {
        i
        for plot in drawn_by(tab.page)
        for trace in plot
        for mark in trace
        for i in mark[0].split(";")
    }
    rows = [axislib.open_seed().row(i) for i in ids]
    assert rows and {row["speaker"] for row in rows if "speaker" in row} == {"kragh"}


ALSO = {
    "2-timeline": a_changed_parameter_redraws_the_chart,
    "4-analogy": a_switch_redraws_the_comparison,
}


def test_a_click_on_a_chart_of_a_notebook_names_its_rows(notebook, lab):
    source = """
        import axislib
        from axislib.notebook import display
        nasty = "<img src=x onerror=window.caught=1>"
        display.show(axislib.timeline(axislib.open_seed().recode("ev_iran_drones", statement=nasty)))"""
    tab = notebook(lab.write("answers.ipynb", textwrap.dedent(source)))
    assert tab.run_all(), tab.errors()
    page, plot = tab.page, "document.querySelector('.jp-NotebookPanel .js-plotly-plot')"
    page.wait_for_function(f"() => {plot}?.querySelector('.main-svg')")
    for row_id in ("ev_hitler_attacks_italy", "ev_iran_drones"):
        click_on(page, row_id, plot, ".axl-answer")
        row = axislib.open_seed().row(row_id)
        said = page.locator(".axl-answer").inner_text()
        assert all(locator in said for locator in row["anchors"].split(";")), said
    assert "<img" in said and page.evaluate("() => window.caught") is None


# --- the explorer
# --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the article's seed with an invented text."""
    copy = tmp_path_factory.mktemp("seeds") / "kragh-holy-war"
    shutil.copytree(find_seed("kragh-holy-war"), copy, ignore=shutil.ignore_patterns("*.txt"))
    return invent_text(copy)


@pytest.fixture(scope="module")
def opened(chromium, lab, folder):
    """The explorer of that seed, with markup in one statement, in a scratch notebook."""
    name = lab.write(
        "scratch.ipynb",
        "import os\nos.environ.pop('AXISLIB_TEXTS', None)\nimport"
        f" axislib\naxislib.explore(axislib.open_seed({str(folder)!r}).recode('ev_iran_drones',"
        f" statement={NASTY!r}))",
    )
    tab = open_notebook(chromium, lab, name)
    tab.page.keyboard.press("Control+b")  # the file browser out of the way, as on a projector
    assert tab.run_all(), tab.errors()
    tab.page.wait_for_function(DRAWN)
    yield tab
    tab.page.context.close()
    tab.sound()


@pytest.fixture
def page(opened):
    """The explorer with nothing chosen."""
    page = opened.page
    page.locator(".axl-tab input[value=timeline]").evaluate("(tab) => tab.click()")
    for box in page.locator(
        ".axl-is-form .axl-check input:checked, .axl-is-rows .axl-check input:checked"
    ).all():
        box.evaluate("(box) => box.click()")
    page.get_by_label("Search", exact=True).fill("")
    page.wait_for_function(
        """(total) => document.querySelector('.axl-tab input[value=timeline]').checked
          && document.querySelector('.axl-count').innerText.endsWith(` of ${total}`)""",
        arg=len(axislib.open_seed().facts),
    )
    page.wait_for_function(f"() => {PLOT}?.layout.meta?.name === 'timeline'")
    page.wait_for_function(FITS)
    return page


def click_on(page, row_id: str, plot: str = PLOT, answer: str = ".axl-panel") -> None:
    """Click the first bar that stands for a row."""
    find = f"""(id) => {{
      const plot = {plot};
      const wanted = (mark) => mark[0] === id;
      const holds = (trace) => trace.type === 'bar' && (trace.customdata || []).some(wanted);
      const trace = plot.data.findIndex(holds);
      const mark = plot.data[trace].customdata.findIndex(wanted);
      const groups = [...plot.querySelectorAll('.trace.bars')];
      const group = groups.find((group) => group.__data__[0].trace.index === trace);
      const node = group.querySelectorAll('.point path')[mark];
      node.scrollIntoView({{ block: 'center' }});
      const box = node.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    }}"""
    place, before = page.evaluate(find, row_id), None
    while place != before:  # a chart that still takes its width moves its marks
        page.wait_for_timeout(400)
        place, before = page.evaluate(find, row_id), place
    page.mouse.move(place[0] - 40, place[1] - 20)
    page.mouse.move(*place, steps=8)  # as a hand does: plotly answers a mouse that came by
    page.wait_for_timeout(300)
    page.mouse.click(*place)
    page.wait_for_function(
        f"(words) => document.querySelector('{answer}')?.innerText.includes(words)", arg=row_id
    )


def test_a_click_on_a_mark_brings_its_sentence(page):
    statement = axislib.open_seed().row("ev_hitler_attacks_italy")
    click_on(page, "ev_hitler_attacks_italy")
    panel = page.locator(".axl-panel")
    assert panel.locator(".axl-statement").inner_text() == statement["statement"]
    assert panel.locator("mark").all_inner_texts() == [
        f"Invented words <b>stand</b> in for sentence {locator} & nothing else."
        for locator in sorted(statement["anchors"].split(";"))
    ]
    assert panel.locator("blockquote span").count() == 1, "the other sentence of its paragraph"
    assert (
        "Martin Kragh" in panel.inner_text()
        and "ev_hitler_attacks_italy" in panel.locator(".axl-cite").inner_text()
    )


def test_a_link_leads_on_and_back(page):
    click_on(page, "ev_hitler_attacks_italy")
    panel = page.locator(".axl-panel")
    first = panel.locator(".axl-statement").inner_text()
    panel.locator(".axl-link", has_text="Kingdom of Italy").click()
    page.wait_for_function(
        "(words) => document.querySelector('.axl-statement').innerText !== words", arg=first
    )
    panel.get_by_role("button", name="back").click()
    page.wait_for_function(
        "(words) => document.querySelector('.axl-statement').innerText === words", arg=first
    )


def test_filters_and_charts_follow_and_the_lines_too(page):
    page.locator("summary", has_text="Who says so").click()
    page.locator(".axl-many[open] label", has_text="Martin Kragh").click()
    page.wait_for_function(
        "() => document.querySelector('.axl-line pre').innerText.includes(\"speakers=['kragh']\")"
    )
    page.keyboard.press("Escape")
    seed = axislib.select(axislib.open_seed(), speakers=["kragh"])
    figure = json.loads(plotly.io.to_json(captioned(axislib.timeline(seed))[0], validate=False))
    page.wait_for_function(f"(count) => {PLOT}.data.length === count", arg=len(figure["data"]))
    page.wait_for_timeout(300)
    assert page.evaluate(f"() => {PLOT}.data.map((trace) => trace.customdata || [])") == [
        trace.get("customdata", []) for trace in figure["data"]
    ]
    kept = page.evaluate(
        f"""() => [Object.keys({PLOT}._fullLayout).filter((key) => /^[xy]axis/.test(key)).sort(),
          ({PLOT}.layout.annotations || []).map((note) => note.text)]"""
    )
    assert kept == [
        sorted(key for key in figure["layout"] if key[1:].startswith("axis")),
        [note["text"] for note in figure["layout"].get("annotations", [])],
    ]
    page.locator(".axl-tab input[value=comparison]").evaluate("(tab) => tab.click()")
    page.wait_for_function(
        "() => document.querySelector('.axl-line pre').innerText.includes('axislib.comparison(')"
    )
    page.wait_for_function(f"() => {PLOT}.layout.meta.name === 'comparison'")


def test_the_chart_is_as_wide_as_its_place_and_nothing_scrolls_sideways(page):
    page.wait_for_function(FITS)
    sizes = page.evaluate("""() => {
      const explorer = document.querySelector('.axl-explorer');
      const within = ['.axl-scroll'].map((name) => explorer.querySelector(name));
      const panel = document.querySelector('.jp-WindowedPanel-outer');
      return [explorer, explorer.closest('.jp-OutputArea-output'), panel, ...within]
        .map((box) => [box.scrollWidth, box.clientWidth]);
    }""")
    assert all(inner <= outer for inner, outer in sizes), sizes


def test_the_chart_follows_a_narrower_window_after_a_choice(page):
    page.locator("summary", has_text="Actors").click()
    page.locator(".axl-many[open] label", has_text="North Korea").first.click()
    page.keyboard.press("Escape")
    page.wait_for_function(
        "() => document.querySelector('.axl-line pre').innerText.includes('PRK')"
    )
    part = axislib.select(axislib.open_seed(), actors=["PRK"])
    height = captioned(axislib.timeline(part))[0]["layout"]["height"]
    for width in (1000, 1440, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(FITS, timeout=30_000)  # cut off, it times out
        assert abs(page.evaluate(f"() => {PLOT}._fullLayout.height") - height) <= 1, width


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize("width", [1024, 1280, 1440, 1920])
def test_nothing_is_cut_at_any_width_in_light_and_dark(page, width, theme):
    turn = "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
    page.evaluate(turn, theme)
    page.set_viewport_size({"width": width, "height": 900})
    paper = {"JupyterLab Light": "rgb(255, 255, 255)", "JupyterLab Dark": "rgb(22, 25, 29)"}[theme]
    cut = {}
    for chart in CHARTS:
        page.locator(f".axl-tab input[value={chart}]").evaluate("(tab) => tab.click()")
        called = CHARTS[chart].called
        page.wait_for_function(f"(called) => {PLOT}?.layout.meta?.name === called", arg=called)
        page.wait_for_function(FITS, timeout=30_000)
        page.wait_for_function(
            f"(paper) => getComputedStyle({PLOT}.querySelector('.main-svg')).background"
            ".startsWith(paper)",
            arg=paper,
        )
        picture = os.environ.get("AXISLIB_LOOK")
        if picture:
            page.locator(".axl-explorer").screenshot(
                path=f"{picture}/{chart}-{width}-{theme[-5:]}.png"
            )
        assert page.evaluate(SMALLEST) >= 12, chart
        for _ in range(5):  # a chart that is still being drawn anew
            if page.evaluate(OUTSIDE):
                page.wait_for_timeout(1000)
        cut |= {chart: found} if (found := page.evaluate(OUTSIDE)) else {}
    assert cut == {}, width
    page.locator(".axl-is-rows td button").first.click()
    page.locator(".axl-statement").wait_for()
    boxes = [page.locator(name).bounding_box() for name in (".axl-chart", ".axl-panel")]
    assert (boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"] - 1) == (width >= 1280)
    assert page.evaluate(OUTSIDE) == []
    page.evaluate(turn, "JupyterLab Light")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_the_buttons_undo_and_download(page):
    page.locator(".axl-tab input[value=comparison]").evaluate("(tab) => tab.click()")
    page.wait_for_function(f"() => {PLOT}.layout.meta.name === 'comparison'")
    for name, ending, words in (
        ("Download data (CSV)", ".csv", b"id,statement,who says so"),
        ("Download picture (SVG)", ".svg", b"Source: "),
        ("Download picture (PNG)", ".png", b"PNG"),
    ):
        with page.expect_download() as waited:
            page.get_by_role("button", name=name).click()
        path = waited.value.path()
        assert waited.value.suggested_filename.startswith("kragh-holy-war")
        assert waited.value.suggested_filename.endswith(ending) and words in path.read_bytes()
        if ending == ".svg":
            assert "of cooperation can" in path.read_text(encoding="utf-8")
    page.wait_for_function(FITS)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(f"() => {PLOT}.layout.meta.name === 'timeline'")
    page.get_by_role("button", name="Reset").click()


def test_a_kernel_that_is_gone_is_told(notebook, lab):
    tab = notebook(lab.write("gone.ipynb", "import axislib\naxislib.explore()"))
    assert tab.run_all(), tab.errors()
    tab.page.wait_for_function(DRAWN)
    tab.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()"
    )
    tab.page.get_by_role("alert").get_by_text("Run this cell again").wait_for()


def test_with_the_keyboard_alone(page):
    cells = "() => window.jupyterapp.shell.currentWidget.content.model.cells.length"
    before = page.evaluate(cells)
    page.locator(".axl-tab input[value=timeline]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('.axl-line pre').innerText.includes(\"mode='aligned'\")"
    )
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('.axl-line pre').innerText.includes('axislib.comparison(')"
    )
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.type") == "search"
    for _ in range(4):  # tables, two ticks for the list
        page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.innerText") == "Actors: all"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Choe")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => document.querySelector('.axl-line pre').innerText.includes(\"actors=['choe']\")"
    )
    page.keyboard.press("Escape")
    assert (
        page.locator(".axl-many[open]").count() == 0
        and page.evaluate("() => document.activeElement.tagName") == "SUMMARY"
    )
    page.locator(".axl-is-rows td button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.keyboard.press("b")
    row = page.evaluate("() => document.activeElement.innerText")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(words) => document.querySelector('.axl-statement')?.innerText === words", arg=row
    )
    assert page.evaluate(cells) == before, "the notebook's own keys acted inside the explorer"
    assert page.evaluate("() => document.activeElement.getAttribute('aria-current')") == "true"


def test_markup_in_a_statement_is_shown_and_not_run(page):
    page.get_by_label("Search", exact=True).fill("<script>")  # it answers while one types
    page.wait_for_function("() => document.querySelectorAll('.axl-is-rows td button').length === 1")
    page.locator(".axl-is-rows td button").click()
    page.wait_for_function(
        "() => document.querySelector('.axl-statement')?.innerText.startsWith('<script>')"
    )
    assert (
        page.locator(".axl-statement").inner_text()
        == page.locator(".axl-is-rows td button").inner_text()
        == curly(NASTY)
    )
    click_on(page, "ev_iran_drones")
    assert "<script>" in (
        page.locator(".axl-picture .hoverlayer").first.text_content() or "<script>"
    )
    page.locator(".axl-twin summary").first.click()
    assert page.evaluate("() => window.caught") is None
    planted = ("script", "img", "iframe", "animate", "[data-commandlinker-command]")
    for part in planted:
        assert page.locator(f".axl-explorer {part}").count() == 0, part
    page.locator(".axl-twin summary").first.click()


def test_copying_needs_one_press(page):
    page.get_by_role("button", name="Copy Python").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert (
        page.evaluate("() => navigator.clipboard.readText()")
        == page.locator(".axl-line pre").first.inner_text()
    )


def test_a_mistake_is_told_in_the_widget(page):
    field = page.get_by_label("Since", exact=True)
    field.fill("2024-13")
    field.press("Enter")
    page.get_by_role("alert").get_by_text("there is no month 13").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("")
    field.press("Enter")
    page.wait_for_function("() => document.querySelector('.axl-problem').hidden")


def test_the_explorer_is_accessible(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    click_on(page, "ev_hitler_attacks_italy")
    page.wait_for_function(f"() => {PLOT}.getAttribute('role') === 'figure'")
    title = page.locator(".axl-title").first.inner_text()
    assert title.startswith("The article dates only ")
    assert page.evaluate(f"() => {PLOT}.getAttribute('aria-label')").startswith(title)
    found = axe.Axe().run(page, context=".axl-explorer")
    bad = [
        (v["id"], [node["html"][:120] for node in v["nodes"]][:3])
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert bad == []
