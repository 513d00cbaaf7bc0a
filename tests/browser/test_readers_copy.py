"""The reader's own copy in the browser: the page recognises the sentences that Python recognises."""

from __future__ import annotations

import random
import re
import textwrap

import pytest
from test_site import MADE, browser  # noqa: F401  (a fixture)

import axislib
from axislib.report.build import write_site
from axislib.report.wording import Wording
from axislib.text.receipt import fingerprint, locate, normalise

pytestmark = pytest.mark.browser

CURLY = str.maketrans({"'": "\u2019", '"': "\u201d"})
STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def shuffled(text: str) -> str:
    lines = text.splitlines()
    random.Random(1).shuffle(lines)
    return "\n".join(lines)


VARIANTS = {
    "as it is": str,
    "lines of forty signs": lambda text: "\n".join(
        textwrap.fill(line, 40, break_on_hyphens=False) for line in text.splitlines()
    ),
    "lines broken after hyphens": lambda text: textwrap.fill(text, 30),
    "curly quotes": lambda text: text.translate(CURLY),
    "straight quotes": lambda text: text.translate(STRAIGHT),
    "no headline": lambda text: text.split("\n", 1)[1],
    "hard blanks": lambda text: re.sub(r"\b(the|of) ", "\\1\u00a0", text),
    "short dashes": lambda text: text.replace(" \u2013 ", " - ").replace("\u2014", "--"),
    "long dashes": lambda text: text.replace(" - ", "\u2014").replace(" \u2013 ", "\u2014"),
    "soft hyphens": lambda text: re.sub(r"([a-z]{4})(?=[a-z]{4})", "\\1\u00ad", text),
    "other words around": lambda text: f"Advertisement\n{text}\nRead more. Sign up now!",
    "a word changed": lambda text: text.replace(" the ", " this ", 3),
    "other order": shuffled,
    "no line breaks": lambda text: " ".join(text.split()),
    "twice": lambda text: f"{text}\n{text}",
    "another article": lambda text: "It rained on Monday. Nobody went out.",
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> list[tuple[axislib.Seed, str]]:
    """An invented seed with its text, and the project's article where a copy of it is there."""
    folder = tmp_path_factory.mktemp("texts")
    found = [axislib.open_seed(MADE.make_seed(folder, text=True)), axislib.open_seed()]
    return [(seed, seed.text.raw) for seed in found if seed.text]


def test_python_and_browser_recognise_the_same_sentences(browser, texts, tmp_path):  # noqa: F811
    for number, (seed, raw) in enumerate(texts):
        page = browser.new_page()
        site = write_site([], seed, tmp_path / str(number), with_text=False)
        page.goto((site.parent / "reading.html").as_uri())
        for name, change in VARIANTS.items():
            text = change(raw)
            receipt = locate(text, Wording(seed).own)
            ours = receipt.loc[receipt["status"].isin(["exact", "moved"]), "locator"].tolist()
            theirs = page.evaluate("raw => axislibCopy.find(raw)", text)
            assert sorted(theirs) == sorted(ours), name
            assert 2 * len(ours) >= len(receipt) or name == "another article", name
        page.close()


@pytest.mark.parametrize(
    "words",
    [
        " \u201cA\u00a0 fine\n day\u2026\u201d ",
        "\ufb01n \u2160 \u00bd caf\u00e9 cafe\u0301",
        "a\x1cb\x85c\u3000d",
        "soft\u00adhyphen \u200bzero",
        "\U0001d400 \U0001f600 " + "long " * 40,
        "",
    ],
)
def test_words_are_made_alike_and_hashed_alike(browser, texts, tmp_path, words):  # noqa: F811
    page = browser.new_page()
    site = write_site([], texts[0][0], tmp_path / "site", with_text=False)
    page.goto((site.parent / "reading.html").as_uri())
    assert page.evaluate("words => axislibCopy.normalise(words)", words) == normalise(words)
    hashed = page.evaluate("words => axislibCopy.sha256(axislibCopy.normalise(words))", words)
    assert hashed == fingerprint(words)
    page.close()


def test_a_pasted_copy_is_shown_counted_and_kept_only_if_asked(browser, texts, tmp_path):  # noqa: F811
    seed, raw = texts[0]
    site = write_site([], seed, tmp_path / "site", with_text=False).parent
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "reading.html").as_uri())
    before = list(asked)
    assert page.locator(".words").count() == 0
    page.locator(".own-copy summary").click()
    page.locator("#pasted").fill(raw)
    page.get_by_role("button", name="Find the sentences").click()
    assert "4 of 4 sentences were found" in page.locator(".receipt").inner_text()
    words = page.locator(".sentence").nth(1).locator(".words")
    assert words.inner_text() == MADE.WORDS["P02.S1"][1]
    page.locator(".sentence").nth(1).get_by_role("link").nth(1).click()
    assert page.locator("#panel mark").first.inner_text() == MADE.WORDS["P02.S1"][1]
    page.keyboard.press("Escape")
    assert page.evaluate("localStorage.length") == 0 and asked == before
    page.get_by_role("button", name="Keep it for the other pages").click()
    page.goto((site / "tables.html").as_uri() + "#tr_mill_wheel")
    assert page.locator("#panel mark").first.inner_text() == MADE.WORDS["P02.S2"][1]
    page.goto((site / "reading.html").as_uri())
    page.get_by_role("button", name="Forget this copy").click()
    assert page.evaluate("localStorage.length") == 0
    context.close()
