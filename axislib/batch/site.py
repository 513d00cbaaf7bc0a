"""The site over a batch's finished runs: ``axislib.report`` writes it, failures first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from axislib.batch.runs import slug


def write_batch_site(folder: str | Path, rows: list[dict], title: str = "") -> list[Path]:
    """Write ``site/`` into a batch's folder, one site a seed; returns each one's ``index.html``.

    ``rows`` are the manifest's, failures first; ``title`` is the plan's, from the manifest if not
    given. Runs of notebooks that know no seed are left out: the site shows facts with their
    sentences, and there are none to show.
    """
    from axislib.report.build import write_site
    from axislib.run.notebook import read_executed

    manifest = Path(folder) / "manifest.json"
    if not title and manifest.is_file():
        title = json.loads(manifest.read_text(encoding="utf-8")).get("title", "")
    by_seed: dict[str, list[dict]] = {}
    for row in rows:
        if row["seed"] and (Path(folder) / row["output"]).is_file():
            by_seed.setdefault(row["seed"], []).append(row)
    pages = []
    for seed, own in by_seed.items():
        out = Path(folder) / ("site" if len(by_seed) == 1 else f"site-{slug(seed)}")
        names = [row["output"].removesuffix(".ipynb").replace("/", "-") for row in own]
        executed = (
            replace(
                read_executed(
                    Path(folder) / row["output"],
                    name if names.count(name) == 1 else f"{name}-{row['number']}",
                    row["parameters"],
                ),
                label=row["output"].removesuffix(".ipynb"),
                apart=_apart(row, own),
            )
            for row, name in zip(own, names, strict=True)
        )
        pages.append(write_site(executed, seed, out, title=title))
    return pages


def _apart(row: Mapping, rows: list[dict]) -> dict:
    """The parameters of a run that other runs of its notebook have otherwise, or not at all."""
    others = [other["parameters"] for other in rows if other["notebook"] == row["notebook"]]
    return {
        name: value
        for name, value in row["parameters"].items()
        if any(name not in other or other[name] != value for other in others)
    }
