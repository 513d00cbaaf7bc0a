"""A finished report on paper: its pages as PDF handouts, its figures as PNG and SVG. Both need an
installed Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from axislib.errors import SeedError
from axislib.files import write_sums, write_whole
from axislib.notebook.display import PLOTLY

_BROWSERS = "chromium chromium-browser google-chrome google-chrome-stable chrome msedge".split()
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
MADE_FROM_TABLES = ("index", "tables", "reading", "codebook")  # pages that are no handouts
# CSS pixels: figures are laid out as on a screen, and the print style scales them to the paper
LAYOUT_WIDTH = 1240
IMAGE_WIDTH, IMAGE_HEIGHT = 1280, 600  # pixels; the height where a figure names none


def find_browser() -> str:
    """Path of an installed Chromium or Chrome (AXISLIB_BROWSER, else the usual names); SeedError if
    there is none."""
    for name in (os.environ.get("AXISLIB_BROWSER", ""), *_BROWSERS):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise SeedError(
        "no Chromium or Chrome is installed; install one (apt install chromium) or name it in"
        " AXISLIB_BROWSER"
    )


def print_pages(index: Path) -> list[Path]:
    """The notebook pages of a finished report as A4 handouts (page size from the print style) in
    ``handouts/`` beside its ``index``; returns their paths.

    Raises SeedError without a browser or without the package playwright. The bytes carry the hour
    of printing.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SeedError(
            "handouts need the package playwright: pip install 'axislib[pdf]' (an installed"
            " Chromium is used, none is fetched)"
        ) from None
    browser_path = find_browser()
    folder = index.parent
    pages = sorted(p for p in folder.glob("*.html") if p.stem not in MADE_FROM_TABLES)
    done = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=_FLAGS)
        for page in pages:
            sheet = browser.new_page(viewport={"width": LAYOUT_WIDTH, "height": 900})
            sheet.emulate_media(media="print", color_scheme="light")
            sheet.goto(page.resolve().as_uri())
            sheet.wait_for_function(
                "[...document.querySelectorAll('[id^=fig-]')].every(f =>"
                " !f.classList.contains('js-plotly-plot') || f.querySelector('.main-svg'))"
            )
            sheet.wait_for_timeout(300)
            out = folder / "handouts" / f"{page.stem}.pdf"
            write_whole(
                out, sheet.pdf(format="A4", print_background=True, prefer_css_page_size=True)
            )
            sheet.close()
            done.append(out)
        browser.close()
    write_sums(folder)
    return done


def figures_of(notebook: Mapping) -> list[dict]:
    """The plotly figures among a notebook's outputs, in order, as their JSON."""
    return [
        output["data"][PLOTLY]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if PLOTLY in output.get("data", {})
    ]


def save_images(
    notebooks: Iterable[tuple[str, Mapping]], folder: Path, formats: Iterable[str] = ("png", "svg")
) -> list[Path]:
    """Every figure of executed notebooks (name, notebook) as ``NAME-fig-N.png`` and ``.svg`` in
    ``folder``; returns their paths.

    Raises SeedError without the package kaleido (extra ``images``) or without a browser.
    """
    try:
        import kaleido
    except ImportError:
        raise SeedError(
            "pictures need the package kaleido: pip install 'axislib[images]'"
        ) from None
    os.environ.setdefault("BROWSER_PATH", find_browser())
    done = []
    kaleido.start_sync_server(n=1, mathjax=False)  # one browser for all: a tenth of the time
    try:
        for name, notebook in notebooks:
            for number, figure in enumerate(figures_of(notebook), start=1):
                layout = {**figure["layout"], "width": IMAGE_WIDTH}
                size = {"width": IMAGE_WIDTH, "height": layout.get("height", IMAGE_HEIGHT)}
                for kind in formats:
                    path = folder / f"{name}-fig-{number}.{kind}"
                    options = {"format": kind, "scale": 2 if kind == "png" else 1, **size}
                    drawn = {"data": figure["data"], "layout": layout}
                    write_whole(path, kaleido.calc_fig_sync(drawn, opts=options))
                    done.append(path)
    finally:
        kaleido.stop_sync_server()
    return done
