"""The site over a batch's finished runs: ``axislib.report`` writes it, failures first."""

from __future__ import annotations

from pathlib import Path

from .names import slug


def write_batch_site(folder: str | Path, rows: list[dict], title: str = "") -> list[Path]:
    """Write ``site/`` into a batch's folder, one site a seed; returns each one's ``index.html``.

    ``rows`` are the manifest's, failures first; ``title`` heads the first page. Runs of notebooks that know no seed are left out: the
    site shows facts with their sentences, and there are none to show.
    """
    from ..report import read_executed, write_site

    by_seed: dict[str, list[dict]] = {}
    for row in rows:
        if row["seed"] and (Path(folder) / row["output"]).is_file():
            by_seed.setdefault(row["seed"], []).append(row)
    pages = []
    for seed, own in by_seed.items():
        out = Path(folder) / ("site" if len(by_seed) == 1 else f"site-{slug(seed)}")
        names = [row["output"].removesuffix(".ipynb").replace("/", "-") for row in own]
        executed = (read_executed(Path(folder) / row["output"], name if names.count(name) == 1 else f"{name}-{row['number']}",
                                  row["parameters"])
                    for row, name in zip(own, names, strict=True))
        pages.append(write_site(executed, seed, out, title=title))
    return pages
