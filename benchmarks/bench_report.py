"""The report: how long the whole site takes, what its pages weigh, and how soon a page stands
(measured in a browser). Printed, not asserted."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest


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
        browser.close()
    with capsys.disabled():
        print("\n" + "\n".join(lines))
