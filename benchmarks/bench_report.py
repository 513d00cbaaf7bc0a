"""The report: how long the whole site takes, what its pages weigh, how soon a page stands and
its first chart is drawn (measured in a browser). Printed, not asserted."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

FIRST_DRAWN = """new MutationObserver((_, all) => {
  if (!document.querySelector('.plot[role=img]')) return;
  all.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true });"""
WITH_CHARTS, TIMES = ("1-reading", "4-analogy"), 3


def first_chart(browser, page: Path) -> float:
    """Seconds from navigation to the first chart on the screen: the least of a few visits, each in
    a context that has nothing stored."""
    found = []
    for _ in range(TIMES):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        tab = context.new_page()
        tab.add_init_script(FIRST_DRAWN)
        tab.goto(page.as_uri())
        tab.wait_for_function("window.drawn")
        found.append(tab.evaluate("window.drawn") / 1000)
        context.close()
    return min(found)


@pytest.mark.browser
def test_the_whole_site(tmp_path: Path, capsys):
    from playwright.sync_api import sync_playwright

    start = time.perf_counter()
    subprocess.run(
        [
            str(Path(sys.executable).with_name("axislib")),
            "report",
            "--no-open",
            "--out",
            str(tmp_path / "site"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - start
    pages = sorted((tmp_path / "site").glob("*.html"))
    whole = sum(path.stat().st_size for path in (tmp_path / "site").rglob("*") if path.is_file())
    lines = [
        (
            f"axislib report: {seconds:.1f} s, {len(pages)} pages, {whole / 1e6:.1f} MB with"
            " scripts and data"
        ),
        "",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--headless", "--no-sandbox", "--disable-quic"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for path in pages:
            start = time.perf_counter()
            page.goto(path.as_uri())
            page.wait_for_function(
                "() => [...document.querySelectorAll('.js-plotly-plot')].every((plot) =>"
                " plot._fullLayout)"
            )
            lines.append(
                f"  {path.name:24} {path.stat().st_size / 1e3:8.0f} kB   stands after"
                f" {time.perf_counter() - start:5.2f} s"
            )
        lines.append("")
        for path in pages:
            if path.stem in WITH_CHARTS:
                seconds = first_chart(browser, path)
                lines.append(f"  {path.name:24} first chart drawn after {seconds:5.2f} s")
        browser.close()
    with capsys.disabled():
        print("\n" + "\n".join(lines))
