"""A finished report passed on: its pages as PDF handouts, its figures as PNG and SVG (both need an
installed Chromium and the package playwright), and each page as one file that works alone."""

from __future__ import annotations

import os
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from axislib.errors import SeedError
from axislib.files import write_sums, write_whole

_BROWSERS = "chromium chromium-browser google-chrome google-chrome-stable chrome msedge".split()
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
NO_HANDOUTS = ("index", "tables", "reading", "codebook", "teacher")  # pages that are none
# CSS pixels: figures are laid out as on a screen, and the print style scales them to the paper
LAYOUT_WIDTH = 1240
_NEEDS_OTHERS = ".alone, .bar nav, .turn, footer a.for-teacher"  # parts of a page that lead away
_ON_OTHER_PAGES = re.compile(r"\b(tables|reading)\.html#")  # what the panel shows as well


def notebook_pages(index: Path) -> list[Path]:
    """The pages of a finished report that are notebooks."""
    return sorted(p for p in index.parent.glob("*.html") if p.stem not in NO_HANDOUTS)


def pass_on(
    index: Path, pdf: bool = False, images: bool = False, single_file: bool = False
) -> list[Path]:
    """Write what is asked for beside a finished report, its sums anew; returns the paths."""
    asked = {print_pages: pdf, save_images: images, save_single_files: single_file}
    done = [path for write, wanted in asked.items() if wanted for path in write(index)]
    if done:
        write_sums(index.parent)
    return done


def find_browser() -> str:
    """Path of a Chromium or Chrome (AXISLIB_BROWSER, else the usual names); SeedError for none."""
    for name in (os.environ.get("AXISLIB_BROWSER", ""), *_BROWSERS):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise SeedError(
        "no Chromium or Chrome is installed; install one (apt install chromium) or name it in"
        " AXISLIB_BROWSER"
    )


def _opened(index: Path) -> Iterator[tuple[Path, Any]]:
    """The notebook pages of a finished report, each open in a Chromium, one after the other."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SeedError(
            "handouts and pictures need the package playwright: pip install 'axislib[pdf]' (an"
            " installed Chromium is used, none is fetched)"
        ) from None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=_FLAGS)
        sheet = browser.new_page(viewport={"width": LAYOUT_WIDTH, "height": 900})
        for page in notebook_pages(index):
            sheet.emulate_media(media="screen", color_scheme="light")
            sheet.goto(page.resolve().as_uri())
            yield page, sheet
        browser.close()


def print_pages(index: Path) -> list[Path]:
    """The notebook pages of a finished report as A4 handouts (page size from the print style) in
    ``handouts/`` beside its ``index``; returns their paths.

    Raises SeedError without a browser or without the package playwright. The bytes carry the hour
    of printing."""
    done = []
    for page, sheet in _opened(index):
        sheet.emulate_media(media="print", color_scheme="light")
        pdf = sheet.pdf(format="A4", print_background=True, prefer_css_page_size=True)
        done.append(index.parent / "handouts" / f"{page.stem}.pdf")
        write_whole(done[-1], pdf)
    return done


def save_images(index: Path) -> list[Path]:
    """Every figure of a finished report as PNG and SVG in ``images/`` beside its ``index``, as the
    buttons below it save them; returns their paths.

    Raises SeedError as ``print_pages`` does."""
    done = []
    for _, sheet in _opened(index):
        for button in sheet.locator("figure > figcaption [data-picture]").all():
            with sheet.expect_download() as saved:
                button.dispatch_event("click")
            name = saved.value.suggested_filename.removeprefix("axislib-")
            done.append(index.parent / "images" / name)
            saved.value.save_as(done[-1])
    return done


def save_single_files(index: Path) -> list[Path]:
    """The notebook pages of a report as files that need no other, in ``single/``; their paths."""
    done = []
    for page in notebook_pages(index):
        done.append(index.parent / "single" / page.name)
        write_whole(done[-1], _alone(page))
    return done


def _alone(page: Path) -> str:
    """A page with style, scripts and downloads within it. A row on another page opens in the panel;
    other links away become text. Its policy runs these very scripts and no other."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    for gone in soup.select(_NEEDS_OTHERS):
        gone.decompose()
    for link in soup.select("a[href]"):
        address = _ON_OTHER_PAGES.sub("#", str(link["href"]))
        if address.startswith("data/"):
            link["download"] = Path(address).name
            data = b64encode((page.parent / address).read_bytes()).decode()
            address = f"data:text/csv;base64,{data}"
        link["href"] = address
        if re.match(r"[\w-]+\.html", address):
            link.unwrap()
    for sheet in soup.select("link[rel=stylesheet]"):
        sheet.replace_with(soup.new_tag("style", string=_text(page.parent / str(sheet["href"]))))
    hashes = []
    for script in soup.select("script[src]"):
        text = _ON_OTHER_PAGES.sub("#", _text(page.parent / str(script.extract()["src"])))
        hashes.append(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'")
        soup.select("body")[0].append(soup.new_tag("script", string=text))
    for policy in soup.select("meta[http-equiv]"):
        policy["content"] = str(policy["content"]).replace("'self'", " ".join(hashes), 1)
    return str(soup)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
