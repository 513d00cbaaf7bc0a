"""Hostile notebooks and sources: nothing in them runs, on any page that a reader is given.

Whatever ran would set ``window.caught``, ask for an address or open a dialog.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from test_site import MADE

from axislib.notebook.display import PLOTLY, TABLE
from axislib.words import curly

pytestmark = pytest.mark.browser

CAUGHT = "window.caught=1"
PLANTED = {
    "script": f"<script>{CAUGHT}</script>",
    "script elsewhere": '<script src="https://example.org/a.js"></script>',
    "handler": f'<img src="x" onerror="{CAUGHT}"><p onclick="{CAUGHT}" tabindex="0">go</p>',
    "handler on open": f'<details open ontoggle="{CAUGHT}"><summary>go</summary>x</details>',
    "link": f'<a class="go" href="javascript:{CAUGHT}">go</a>',
    "link with a tab": f'<a class="go" href="java&#9;script:{CAUGHT}">go</a>',
    "link with a line": f'<a class="go" href=" java&#10;script:{CAUGHT}">go</a>',
    "data link": f'<a class="go" href="data:text/html,<script>{CAUGHT}</script>">go</a>',
    "svg animation": (
        f'<svg><a class="go"><animate attributeName="href" values="javascript:{CAUGHT}"/>'
        f'<text y="20">go</text></a><set attributeName="onmouseover" to="{CAUGHT}"/>'
        f'<animate onbegin="{CAUGHT}" attributeName="x" dur="1s"/></svg>'
    ),
    "svg script": f"<svg><script>{CAUGHT}</script><style>*{{fill:url(https://example.org)}}</style>",
    "foreign object": f'<svg><foreignObject><img src="x" onerror="{CAUGHT}"></foreignObject></svg>',
    "srcdoc": f'<iframe srcdoc="&lt;script&gt;parent.{CAUGHT}&lt;/script&gt;"></iframe>',
    "frame": f'<iframe src="javascript:parent.{CAUGHT}"></iframe>',
    "object": f'<object data="javascript:{CAUGHT}"></object><embed src="javascript:{CAUGHT}">',
    "form": f'<form action="javascript:{CAUGHT}"><button class="go">go</button></form>',
    "button": f'<button class="go" formaction="javascript:{CAUGHT}">go</button>',
    "command": (
        '<button class="go" data-commandlinker-command="notebook:run-all-cells"'
        " data-commandlinker-args='{}'>go</button>"
    ),
    "style": '<style>@import "https://example.org/a.css";</style>',
    "base": '<base href="https://example.org/"><meta http-equiv="refresh" content="0;url=//x.org">',
    "maths": f'<math><mtext><style><img src="x" onerror="{CAUGHT}"></style></mtext></math>',
    "template": f'<template><script>{CAUGHT}</script></template><noscript><p title="</noscript>'
    f'<img src=x onerror={CAUGHT}>">',
    "plotly": f"<a href=\"javascript:{CAUGHT}\">go</a><span style='background:url(//x.org)'>x</span>",
}
MERMAID = (
    f'```mermaid\ngraph TD\n A["<img src=x onerror={CAUGHT}>"]\n click A "javascript:{CAUGHT}"\n```'
)
ALL = "\n".join(PLANTED.values())


def hostile_notebook():
    """An executed notebook that tries everything, in every kind of cell and output."""
    drawn = MADE.figure([["tr_barges"], ["tr_mill_wheel"]])
    drawn["layout"] |= {"title": {"text": PLANTED["plotly"]}, "annotations": [{"text": ALL}]}
    drawn["data"][0] |= {"hovertemplate": ALL, "text": [ALL, ALL], "name": ALL}
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{CAUGHT}">{ALL}</svg>'
    outputs = [
        new_output("display_data", {PLOTLY: drawn}),
        *(new_output("display_data", {"text/html": words}) for words in (ALL, *PLANTED.values())),
        new_output("display_data", {"text/markdown": f"{MERMAID}\n\n{ALL}"}),
        new_output("display_data", {"image/svg+xml": svg, "text/plain": ALL}),
        new_output("display_data", {"application/javascript": CAUGHT, "text/plain": ALL}),
        new_output("display_data", {"image/png": f'" onerror="{CAUGHT}', "text/plain": ALL}),
        new_output("stream", name="stdout", text=ALL),
        new_output("error", ename=ALL, evalue=ALL, traceback=[ALL]),
    ]
    return new_notebook(
        cells=[
            new_markdown_cell(f"# Title {ALL}\n\n{MERMAID}\n\n[go](javascript:{CAUGHT})"),
            *(new_markdown_cell(words) for words in PLANTED.values()),
            new_code_cell(f"'''{ALL}'''", outputs=outputs),
        ]
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    from axislib.report.build import write_site
    from axislib.run.notebook import Executed
    from axislib.seed.opening import open_seed

    folder = tmp_path_factory.mktemp("hostile")
    seed = open_seed(MADE.make_seed(folder / "seeds"))
    for row in ("tr_barges", "tr_mill_wheel"):
        seed = seed.recode(row, statement=ALL)
    run = Executed("1-hostile", hostile_notebook(), ALL, {"seed": ALL, "until": PLANTED["link"]})
    return write_site([run], seed, folder / "report", title=ALL).parent


@pytest.fixture
def visit(chromium):
    """Opens a page, presses all there is, and says what it caught: dialogs, windows, requests, scripts."""
    contexts = []

    def go(path: Path, **media):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page, caught = context.new_page(), []
        page.on("dialog", lambda dialog: (caught.append(dialog.message), dialog.dismiss()))
        page.on("popup", lambda popup: caught.append(popup.url))
        at_home = ("file:", "data:", "blob:", "about:")
        page.on(
            "request",
            lambda request: None if request.url.startswith(at_home) else caught.append(request.url),
        )
        page.emulate_media(**media)
        page.goto(path.as_uri())
        page.wait_for_timeout(300)
        page.evaluate(
            """() => {
              for (const part of document.querySelectorAll('.go, svg a, button, summary, [tabindex]')) {
                for (const kind of ['mouseover', 'focus', 'click'])
                  part.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
              }
            }"""
        )
        page.wait_for_timeout(300)
        assert page.url.split("#")[0] == path.as_uri(), "a link led away"
        frames = [frame for frame in page.frames if frame.evaluate("window.caught")]
        return page, caught + [frame.url for frame in frames]

    yield go
    for context in contexts:
        context.close()


def has_policy(page) -> bool:
    """Whether the page lets no script run but its own."""
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    script = policy.partition("script-src ")[2].partition(";")[0]
    return policy.startswith("default-src 'none'") and not {
        "'unsafe-inline'",
        "'unsafe-eval'",
        "*",
    } & {*script.split()}


@pytest.mark.parametrize("name", ["index", "1-hostile", "tables", "reading", "codebook"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_nothing_runs_in_site_or_handout(site, visit, name, media):
    page, caught = visit(site / f"{name}.html", media=media)
    assert caught == [], caught
    assert caught == [] and has_policy(page)
    page.close()


def test_nothing_runs_when_a_mark_is_asked(site, visit):
    page, _ = visit(site / "1-hostile.html")
    page.evaluate("() => { document.querySelector('.marks').open = true }")
    page.locator(".marks [data-ids]").first.click()
    panel = page.get_by_role("dialog")
    assert curly(PLANTED["svg animation"]) in panel.inner_text(), (
        "a statement is shown as it stands"
    )
    assert panel.locator("script, img, iframe, svg, form").count() == 0
    assert page.evaluate("window.caught") is None


@pytest.mark.parametrize("name", ["script", "handler", "handler on open", "svg script", "srcdoc"])
def test_what_is_planted_runs_where_nobody_takes_care(tmp_path, chromium, name):
    (tmp_path / "bare.html").write_text(f"<!doctype html><body>{PLANTED[name]}", encoding="utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "bare.html").as_uri())
    page.wait_for_function("window.caught === 1", timeout=5000)
    page.close()


def test_nothing_runs_where_coders_part(tmp_path, visit):
    from axislib.cli.seminar import heat_maps
    from axislib.seed.opening import open_seed

    seed = open_seed()
    units = list(seed.events["id"][:4])
    codes = pd.DataFrame(
        {
            "unit": units * 2,
            "variable": "modality",
            "coder": [ALL] * 4 + ["<b>ben</b>"] * 4,
            "code": ["asserted", "hedged"] * 4,
            "memo": ALL,
        }
    )
    seed = seed.recode(units[0], statement=ALL, title=PLANTED["plotly"])
    (tmp_path / "parted.html").write_text(heat_maps(seed, codes), encoding="utf-8")
    page, caught = visit(tmp_path / "parted.html")
    assert caught == [] and has_policy(page)
    assert page.locator(".main-svg").count(), "its own script does run"


def test_nothing_runs_in_a_difference(tmp_path, visit):
    from axislib.batch.diff import diff_runs

    for name, words in (("before", "plain"), ("after", ALL)):
        cells = [{"caption": words, "columns": ["id", words], "rows": [["ev_x", words]]}]
        drawn = MADE.figure([["tr_barges"], ["tr_mill_wheel"]])
        drawn["data"][0]["name"] = words
        outputs = [
            *(new_output("display_data", {TABLE: cell}) for cell in cells),
            new_output("display_data", {"text/html": f"<table><tr><td>{words}</td></tr></table>"}),
            new_output("display_data", {PLOTLY: drawn}),
        ]
        notebook = new_notebook(cells=[new_code_cell("1", outputs=outputs)])
        write(notebook, tmp_path / f"{name}.ipynb")
    found = diff_runs(tmp_path / "before.ipynb", tmp_path / "after.ipynb")
    assert found
    (tmp_path / "diff.html").write_text(found.page(), encoding="utf-8")
    page, caught = visit(tmp_path / "diff.html")
    assert caught == [] and has_policy(page)
