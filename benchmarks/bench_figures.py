"""How long figures take: the article's, and a timeline of ten thousand invented events (built, and
moved in a browser)."""

import random
import shutil
import time
from dataclasses import replace

import pandas as pd
import pytest

import axislib
from axislib.seed.seed import derive
from axislib.tables.schema import vocabulary

FIGURES = ["timeline", "exchanges", "comparison", "argument_map", "voices"]


def invented(count: int, undated: float = 0.2) -> axislib.Seed:
    """The article's seed with ``count`` invented events in the place of its own; the same for the
    same count."""
    seed, chance = axislib.open_seed(), random.Random(count)
    coalitions = [*axislib.open_seed().metadata["coalitions"], ""]
    kinds, modalities = list(vocabulary("event_kind")), list(vocabulary("modality"))
    locators = seed.sentences["locator"].tolist()
    base = dict.fromkeys(seed.events.columns, "")
    rows = []
    for number in range(count):
        known = chance.random() > undated
        year = chance.choice([*range(1936, 1946), *range(2014, 2025)])
        date = chance.choice(
            [
                f"{year}",
                f"{year}-{chance.randint(1, 12):02d}",
                f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
                f"{year}/{year + 1}",
                f"{year}-06/..",
            ]
        )
        rows.append(
            {
                **base,
                "id": f"ev_invented_{number}",
                "anchors": chance.choice(locators),
                "basis": "stated",
                "title": f"Invented event {number}",
                "kind": chance.choice(kinds),
                "actors": "RUS;PRK",
                "coalition": chance.choice(coalitions),
                "date": date if known else "not_stated",
                "date_basis": "stated" if known else "undated",
                "statement": (
                    f"Invented event number {number} is said to have taken place between two of the"
                    " four, or not."
                ),
                "speaker": "kragh",
                "modality": chance.choice(modalities),
                "polarity": "affirmed",
                "layer": "article",
            }
        )
    events = pd.DataFrame(rows).drop(columns=["earliest", "latest"], errors="ignore")
    return replace(seed, tables={**seed.tables, "events": derive(events)})


@pytest.mark.parametrize("name", FIGURES)
def test_the_articles_figures(benchmark, name):
    seed = axislib.open_seed()
    figure = benchmark.pedantic(getattr(axislib, name), args=(seed,), rounds=3, warmup_rounds=1)
    assert axislib.cited(figure)


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_timeline_of_many_events(benchmark, count):
    seed = invented(count)
    figure = benchmark.pedantic(axislib.timeline, args=(seed,), rounds=3)
    assert len(axislib.cited(figure)) == count


FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def drag(page, start: float, end: float, y: float, steps: int) -> list[float]:
    """Milliseconds from each move of the mouse to the next painted picture, the release last."""
    took = []
    page.mouse.move(start, y)
    page.mouse.down()
    for step in range(1, steps + 1):
        began = time.perf_counter()
        page.mouse.move(start + (end - start) * step / steps, y)
        page.evaluate(FRAME)
        took.append(1000 * (time.perf_counter() - began))
    began = time.perf_counter()
    page.mouse.up()
    page.evaluate(FRAME)
    return [*took, 1000 * (time.perf_counter() - began)]


@pytest.mark.browser
def test_moving_ten_thousand_events(benchmark, capsys):
    """Zoom and pan with the mouse, as a person does: from the hand to the next painted picture."""
    from playwright.sync_api import sync_playwright
    from plotly.offline import get_plotlyjs

    payload = axislib.timeline(invented(10_000)).to_json()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_content(
            f"<body style='margin:0'><div id='f'></div><script>{get_plotlyjs()}</script>"
        )
        start = time.perf_counter()
        page.evaluate(
            "async text => { const g = JSON.parse(text); await Plotly.newPlot('f', g.data,"
            " g.layout); }",
            payload,
        )
        drawn = time.perf_counter() - start
        before = page.evaluate("document.getElementById('f').layout.xaxis.range.slice()")
        zoom = drag(page, 150, 400, 300, 10)
        assert page.evaluate("document.getElementById('f').layout.xaxis.range.slice()") != before
        page.evaluate("Plotly.relayout('f', {dragmode: 'pan'})")
        pan = benchmark.pedantic(drag, args=(page, 400, 150, 300, 20), rounds=1)
        browser.close()
    with capsys.disabled():
        print(
            f"\n10,000 events: {len(payload) / 1e6:.1f} MB, drawn in {drawn:.2f} s; zoomed"
            f" {zoom[-1]:.0f} ms after letting go; a step of a pan"
            f" {sorted(pan[:-1])[len(pan) // 2]:.0f} ms, settled {pan[-1]:.0f} ms after letting go"
        )
