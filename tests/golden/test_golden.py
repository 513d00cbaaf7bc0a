"""Nothing moved unnoticed: the hash of every figure, every page of the site and a manifest.

A change that is meant to move one of them writes the hashes anew and says why in its commit:
``AXISLIB_GOLDEN=write pytest tests/golden``.
"""

import functools
import hashlib
import json
import os
from pathlib import Path

import pytest

import axislib
from axislib.batch.runner import run_batch
from axislib.files import SUMS
from axislib.record import Record, checks
from axislib.record.acts import record_timeline
from axislib.record.comparison import filled_comparison
from axislib.record.figures import record_check, record_overview
from axislib.report.build import find_notebooks, write_site
from axislib.run.notebook import read_executed

HASHES = Path(__file__).with_name("hashes.json")
FICTIONAL = Path(__file__).parent.parent / "fictional" / "harbour-league"
SOURCES = {
    "article": functools.partial(axislib.open_seed),
    "article and record": functools.partial(axislib.open_seed, layers=("article", "context")),
    "fictional": functools.partial(axislib.open_seed, FICTIONAL),
}
FIGURES = {
    "argument_map": axislib.argument_map,
    "argument_map, all": functools.partial(axislib.argument_map, root="all"),
    "comparison": axislib.comparison,
    "coverage": axislib.coverage,
    "editors_and_author": axislib.editors_and_author,
    "exchanges": axislib.exchanges,
    "hypotheses_matrix": axislib.hypotheses_matrix,
    "timeline": axislib.timeline,
    "timeline aligned": functools.partial(axislib.timeline, mode="aligned"),
    "timeline by kind": functools.partial(axislib.timeline, lanes="kind"),
    "timeline by speaker": functools.partial(axislib.timeline, lanes="speaker"),
    "voices": axislib.voices,
}
PLAN = """
title: golden
notebooks: [2-timeline.ipynb, 4-analogy.ipynb]
fixed: {since: "2020"}
"""
CHANGING = {
    "duration_seconds",
    "started",
    "key",
    "versions",
    "text_hash",
    "output_sha256",
    "kernel",
}


@pytest.fixture(autouse=True)
def without_the_article(monkeypatch):
    """A reader's own copy would stand in every hover box."""
    monkeypatch.delenv("AXISLIB_TEXTS", raising=False)


def digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()[:16]


def drawn(figure) -> str:
    return digest(json.dumps(json.loads(figure.to_json()), sort_keys=True))


@functools.cache
def figure_hashes(source: str) -> dict[str, str]:
    seed = SOURCES[source]()
    hashes = {f"{source}: {name}": drawn(draw(seed)) for name, draw in FIGURES.items()}
    if source == "article and record":
        record = Record(seed)
        hashes |= {
            f"record: {check.claim}": drawn(record_check(record, check.claim)) for check in checks()
        }
        hashes["record: overview"] = drawn(record_overview(record))
        hashes["record: timeline"] = drawn(record_timeline(record))
        hashes["record: filled comparison"] = drawn(filled_comparison(record))
    return hashes


def page_hashes(out: Path) -> dict[str, str]:
    index = write_site([read_executed(path) for path in find_notebooks()], out=out, with_text=False)
    files = sorted(path for path in index.parent.rglob("*") if path.is_file())
    return {
        f"page: {path.relative_to(out).as_posix()}": digest(path.read_bytes())
        for path in files
        if path.name not in ("plotly.min.js", SUMS)
    }


def manifest_hashes(folder: Path) -> dict[str, str]:
    notebooks = {path.name: path for path in find_notebooks()}
    plan = PLAN
    for name in ("2-timeline.ipynb", "4-analogy.ipynb"):
        plan = plan.replace(name, json.dumps(str(notebooks[name])))
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    result = run_batch(folder / "plan.yaml", folder / "out", progress=False)
    rows = [{k: v for k, v in row.items() if k not in CHANGING} for row in result.rows]
    assert result.ok
    return {f"manifest: {row['output']}": digest(json.dumps(row, sort_keys=True)) for row in rows}


def compare(hashes: dict[str, str]) -> None:
    known = json.loads(HASHES.read_text(encoding="utf-8")) if HASHES.exists() else {}
    if os.environ.get("AXISLIB_GOLDEN") == "write":
        kinds = {name.split(":")[0] for name in hashes}
        kept = {name: value for name, value in known.items() if name.split(":")[0] not in kinds}
        text = json.dumps(kept | hashes, indent=1, sort_keys=True) + "\n"
        HASHES.write_text(text, encoding="utf-8")
        return
    moved = sorted(name for name, value in hashes.items() if known.get(name) != value)
    assert not moved, f"{len(moved)} moved: {', '.join(moved)}"


@pytest.mark.parametrize("source", SOURCES)
def test_no_figure_moved(source):
    compare(figure_hashes(source))


def test_no_page_moved(tmp_path):
    compare(page_hashes(tmp_path / "site"))


def test_no_manifest_moved(tmp_path):
    compare(manifest_hashes(tmp_path))


def test_no_figure_is_missing():
    known = json.loads(HASHES.read_text(encoding="utf-8"))
    now = [name for source in SOURCES for name in figure_hashes(source)]
    assert {name for name in known if not name.startswith(("page:", "manifest:"))} == set(now)
