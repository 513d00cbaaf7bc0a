"""The notebooks run and written as one HTML site that works offline: every mark of every chart
answers with its facts.

Running (``axislib.run.notebook``) and rendering (``write_site``) are apart: whoever has executed
notebooks has a site.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from axislib.errors import SeedError
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS
from axislib.run.notebook import Executed, own_notebooks, run_all
from axislib.run.warm import kernels_at_hand
from axislib.seed.folders import find_seed, layers_about
from axislib.seed.seed import Seed

if TYPE_CHECKING:
    from axislib.report.pages import Site

SEED = "kragh-holy-war"


class ReportError(SeedError):
    """Some notebooks failed. The site is written all the same: ``index`` is its first page."""

    def __init__(self, message: str, index: Path):
        super().__init__(message)
        self.index = index


def build_report(
    seed: str = SEED,
    out: Path = Path("report"),
    notebooks: Sequence[str | Path] | None = None,
    parameters: Mapping | None = None,
    workers: int = 1,
    progress: bool = True,
    with_text: bool | None = None,
    pdf: bool = False,
    images: bool = False,
) -> Path:
    """Run the notebooks and write the site; returns its ``index.html``.

    ``notebooks``: names such as ``2-timeline`` or paths; if None all of the project's for which the
    seed has the layers. ``parameters`` go to every notebook. ``with_text=False`` leaves the
    article's sentences out where they are at hand. ``pdf`` adds handouts, ``images`` every figure
    as PNG and SVG; both ask for an installed Chromium. Raises SeedError before anything runs if the
    seed, a notebook or ``out`` cannot be used, and ReportError (the site is written, its ``index``
    with it) if a notebook failed. It cannot tell whether a chart is right.
    """
    from axislib.report.folder import check_replaceable
    from axislib.report.printing import find_browser, print_pages, save_images

    if pdf or images:
        find_browser()
    out = Path(out)
    check_replaceable(out.resolve())
    with kernels_at_hand(warm=notebooks is None or len(notebooks) > 1):
        from axislib.report.facts import Knowledge, whole_seed

        known = Knowledge(whole_seed(seed), with_text)
        if notebooks is None:
            paths = notebooks_for(known.seed, parameters)
        else:
            paths = find_notebooks(notebooks)
        if os.environ.get("AXISLIB_TEXTS"):
            # the kernels run elsewhere, and a place told from here must stay the place it is
            texts = Path(os.environ["AXISLIB_TEXTS"]).expanduser().resolve()
            os.environ["AXISLIB_TEXTS"] = str(texts)
        asked = dict(parameters or {}) | ({"seed": _seed_for_kernel(seed)} if seed != SEED else {})
        executed = run_all(paths, asked, workers, progress)
    index = write_site(executed, known.seed, out, with_text)
    if pdf:
        print_pages(index)
    if images:
        save_images([(run.name, run.notebook) for run in executed], index.parent / "images")
    failed = [f"\n  {run.name}: {run.error}" for run in executed if run.error]
    if failed:
        said = (
            f"{len(failed)} of {len(executed)} notebooks failed; the report {index} shows"
            f" where:{''.join(failed)}"
        )
        raise ReportError(said, index)
    return index


def find_notebooks(chosen: Sequence[str | Path] | None = None) -> list[Path]:
    """Paths of the chosen notebooks, or of all in the project's folder by name; SeedError for one
    that is not there."""
    folder = notebooks_folder()
    own = own_notebooks()
    if chosen is None:
        if not own:
            raise SeedError(
                "there is no notebook to report on: notebooks/ is empty; name the path of one"
            )
        return own
    paths = []
    for each in chosen:
        path = Path(each)
        named = folder / f"{path.name.removesuffix('.ipynb')}.ipynb"
        path = path if path.suffix == ".ipynb" and path.is_file() else named
        if not path.is_file():
            raise SeedError(
                f"notebook '{each}': not found; there are:"
                f" {', '.join(p.stem for p in own) or 'none'}"
            )
        paths.append(path)
    twice = sorted({path.stem for path in paths if [p.stem for p in paths].count(path.stem) > 1})
    if twice:
        raise SeedError(
            f"notebooks: {', '.join(twice)} is named twice; a report holds a page for each name"
            " once"
        )
    return paths


def notebooks_for(seed: Seed, parameters: Mapping | None = None) -> list[Path]:
    """All notebooks but those that ask for a layer nobody has gathered about this seed, such as its
    record."""
    there = {seed.metadata.get("layer", "article"), *layers_about(seed.folder)}
    given = (parameters or {}).get("layers")
    given = [given] if isinstance(given, str) else given
    asked = {name: set(given or model().layers) for name, model in MODELS.items()}
    return [path for path in find_notebooks() if asked.get(path.stem, set()) <= there]


def _seed_for_kernel(seed: str) -> str:
    # a kernel runs in a scratch folder: a seed that is known here by its place must be named by it
    # there
    folder = find_seed(seed)
    own = find_seed(SEED).parent
    return seed if folder.parent == own and str(seed) == folder.name else str(folder.resolve())


def write_page(executed: Executed, site: Site, folder: Path) -> dict:
    """One notebook's page and the CSV of each figure into ``folder``; returns what the first page
    says of it."""
    text, parts = site.notebook(
        executed.name, executed.notebook, executed.error, executed.parameters
    )
    _write(folder / f"{executed.name}.html", text)
    for figure in parts.figures:
        _write(folder / "data" / figure.csv_name, figure.csv)
    step = next(step for step in site.notebooks if step.name == executed.name)
    return {
        "step": step,
        "title": parts.title,
        "aim": parts.aim,
        "error": executed.error,
        "label": executed.label,
        "parameters": site.readable(executed.apart if executed.label else executed.parameters),
    }


def write_site(
    executed: Iterable[Executed],
    seed: str | Path | Seed = SEED,
    out: Path = Path("report"),
    with_text: bool | None = None,
    title: str = "",
) -> Path:
    """The whole site from executed notebooks, in the order given; returns its ``index.html``.

    ``title`` is the first page's, where the runs have one of their own. ``out`` is replaced as a
    whole once everything is written; until then an older report stays as it is. Same input, same
    bytes. Raises SeedError if ``out`` holds anything but an older report, two pages share a name,
    or the disk refuses.
    """
    from axislib import __getattr__ as lazily
    from axislib.report.facts import Knowledge, whole_seed
    from axislib.report.folder import fresh_folder
    from axislib.report.pages import Site, asset

    executed = list(executed)
    names = [run.name for run in executed]
    reserved = {"index", "tables", "reading", "codebook"}
    if len(set(names)) < len(names) or reserved & set(names):
        raise SeedError(
            f"pages: each needs a name of its own, none of {', '.join(sorted(reserved))}; given:"
            f" {', '.join(names)}"
        )
    known = Knowledge(seed if isinstance(seed, Seed) else whole_seed(seed), with_text)
    site = Site(known, names)
    with fresh_folder(Path(out)) as folder:
        runs = [write_page(run, site, folder) for run in executed]
        _write(folder / "index.html", site.index(runs, title))
        for name in ("tables", "reading", "codebook"):
            _write(folder / f"{name}.html", getattr(site, name)())
        from plotly.offline import get_plotlyjs

        _write(folder / "assets" / "plotly.min.js", get_plotlyjs())
        _write(folder / "assets" / "facts.js", site.script(lazily("__version__")))
        for name in ("site.css", "site.js"):
            _write(folder / "assets" / name, asset(name))
    return Path(out) / "index.html"


def codebook_page(seed: Seed) -> str:
    """The codebook as one HTML page that needs no other file."""
    from axislib.report.facts import Knowledge
    from axislib.report.pages import Site

    return Site(Knowledge(seed, with_text=False)).codebook(standalone=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
