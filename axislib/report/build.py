"""The notebooks run and written as one HTML site that works offline: every mark of every chart
answers with its facts.

Running (``axislib.run.notebook``) and rendering (``write_site``) are apart: whoever has executed
notebooks has a site."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from axislib.errors import SeedError
from axislib.files import to_csv, write_folder, write_sums
from axislib.notebook.lab import notebooks_folder
from axislib.notebook.parameters import MODELS
from axislib.report import printing
from axislib.report.chart import EXCEL_MARK, other_codings
from axislib.report.front import verdicts_of
from axislib.report.pages import Site, asset, light_plotly
from axislib.run.notebook import Executed, own_notebooks, read_executed, run_all
from axislib.run.warm import kernels_at_hand
from axislib.seed.opening import find_seed, layers_about, open_seed
from axislib.seed.package import workbook
from axislib.seed.seed import Seed

SEED = "kragh-holy-war"
MADE_FROM_TABLES = ("tables", "reading", "codebook")
MARKER = ".axislib-report"
_MARKER_TEXT = (
    "Written by axislib report. The next report replaces this folder as a whole: keep nothing of"
    " your own here.\n"
)


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
    single_file: bool = False,
) -> Path:
    """Run the notebooks and write the site; returns its ``index.html``.

    ``notebooks``: names such as ``2-timeline`` or paths; if None all for which the seed has the
    layers. ``parameters`` go to every notebook. ``with_text=False`` leaves the sentences out though
    a copy is there. ``pdf`` adds handouts, ``images`` every figure as PNG and SVG; both ask for an
    installed Chromium. ``single_file`` adds each notebook page as one file that works alone. Raises
    SeedError before anything runs if the seed, a notebook or ``out`` cannot be used, and
    ReportError (with the site's ``index``) if a notebook failed."""
    if pdf or images:
        printing.find_browser()
    check_replaceable(Path(out).resolve())
    whole = whole_seed(seed)
    paths = notebooks_for(whole, parameters) if notebooks is None else find_notebooks(notebooks)
    site = Site(whole, [path.stem for path in paths], with_text)
    if place := os.environ.get("AXISLIB_TEXTS"):  # kernels run elsewhere: it stays this place
        os.environ["AXISLIB_TEXTS"] = str(Path(place).expanduser().resolve())
    asked = dict(parameters or {}) | ({"seed": _seed_for_kernel(seed)} if seed != SEED else {})
    with kernels_at_hand(warm=len(paths) > 1), ThreadPoolExecutor(1) as ahead:
        ahead.submit(_ahead, site, paths)
        executed = run_all(paths, asked, workers, progress)
    index = write_site(executed, site, out)
    printing.pass_on(index, pdf, images, single_file)
    if failed := [f"\n  {run.name}: {run.error}" for run in executed if run.error]:
        told = f"{len(failed)} of {len(executed)} notebooks failed; the report {index} shows where:"
        raise ReportError(told + "".join(failed), index)
    return index


def whole_seed(name_or_path: str | Path | Seed) -> Seed:
    """A seed with every layer about it, so that any id drawn resolves; an open one stays."""
    if isinstance(name_or_path, Seed):
        return name_or_path
    seed = open_seed(name_or_path)
    layers = layers_about(seed.folder)
    return open_seed(name_or_path, layers=(*seed.layers, *layers)) if layers else seed


def find_notebooks(chosen: Sequence[str | Path] | None = None) -> list[Path]:
    """Paths of the chosen notebooks, or of all of the project; SeedError for one not there."""
    folder = notebooks_folder()
    # a notebook that somebody left there is no page until it is asked for by name
    own = [path for path in own_notebooks() if path.stem in MODELS]
    if chosen is None:
        if not own:
            none = "there is no notebook to report on: notebooks/ is empty; name the path of one"
            raise SeedError(none)
        return own
    paths = [_find_notebook(Path(each), folder, own) for each in chosen]
    names = [path.stem for path in paths]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SeedError(f"notebooks: {', '.join(twice)} is named twice; each has one page")
    return paths


def _find_notebook(path: Path, folder: Path, own: list[Path]) -> Path:
    named = folder / f"{path.name.removesuffix('.ipynb')}.ipynb"
    found = path if path.suffix == ".ipynb" and path.is_file() else named
    if not found.is_file():
        there = ", ".join(each.stem for each in own) or "none"
        raise SeedError(f"notebook '{path}': not found; there are: {there}")
    return found


def notebooks_for(seed: Seed, parameters: Mapping | None = None) -> list[Path]:
    """All notebooks but those that ask for a layer nobody has gathered about this seed."""
    there = {seed.metadata.get("layer", "article"), *layers_about(seed.folder)}
    given = (parameters or {}).get("layers")
    given = [given] if isinstance(given, str) else given
    asked = {name: set(given or model().layers) for name, model in MODELS.items()}
    return [path for path in find_notebooks() if asked.get(path.stem, set()) <= there]


def _seed_for_kernel(seed: str) -> str:
    # a kernel runs in a scratch folder, where a place that is named from here is another
    folder = find_seed(seed)
    own = find_seed(SEED).parent
    return seed if folder.parent == own and str(seed) == folder.name else str(folder.resolve())


def write_site(
    executed: Iterable[Executed],
    seed: str | Path | Seed | Site = SEED,
    out: Path = Path("report"),
    with_text: bool | None = None,
    title: str = "",
) -> Path:
    """The whole site from executed notebooks, in the order given; returns its ``index.html``.

    ``title`` is the first page's, where the runs have one of their own. ``out`` is replaced as a
    whole once everything is made; until then an older report stays as it is. Same input, same
    bytes. Raises SeedError if ``out`` holds anything but an older report, two pages share a name,
    or the disk refuses."""
    executed, place = list(executed), Path(out).resolve()
    check_replaceable(place)
    names = [run.name for run in executed]
    reserved = {*MADE_FROM_TABLES, "index", "teacher"}
    if len(set(names)) < len(names) or reserved & set(names):
        raise SeedError(
            f"pages: each needs a name of its own, none of {', '.join(sorted(reserved))}; given:"
            f" {', '.join(names)}"
        )
    site = seed if isinstance(seed, Site) else Site(whole_seed(seed), names, with_text)
    files: dict[str, str | bytes] = {MARKER: _MARKER_TEXT}
    runs, drawn = [], 0
    for run in executed:
        page, parts = site.notebook(run.name, run.notebook, run.error, run.parameters, drawn)
        files[f"{run.name}.html"] = page
        drawn += len(parts.figures)
        for figure in parts.figures:
            files |= {f"data/{name}": text for name, text in figure.files.values()}
        told = {name: getattr(parts, name) for name in ("title", "aim", "figures")}
        told |= {"error": run.error, "label": run.label, "verdicts": verdicts_of(run.notebook)}
        told["step"] = next(step for step in site.notebooks if step.name == run.name)
        told["parameters"] = site.readable(run.apart if run.label else run.parameters)
        runs.append(told)
    files |= {"index.html": site.index(runs, title), "assets/claims.js": site.verdicts()}
    write_folder(place, files | _beside(site))
    write_sums(place)
    return Path(out) / "index.html"


def _ahead(site: Site, paths: Sequence[Path]) -> None:
    """What needs no notebook's results, made while the cells run; the menu has the titles."""
    for path in paths:
        site.notebook(path.stem, {"cells": read_executed(path).notebook.cells[:1]})
    _beside(site)
    if site.compares:
        other_codings(site.evidence)


@lru_cache(maxsize=1)
def _beside(site: Site) -> dict[str, str | bytes]:
    """The pages and downloads made from the tables, the teacher's page, and what pages load."""
    tables = site.seed.tables.items()
    files = {f"{name}.html": getattr(site, name)() for name in MADE_FROM_TABLES}
    files |= {f"data/tables/{name}.csv": EXCEL_MARK + to_csv(frame) for name, frame in tables}
    if site.taught:
        notes = (notebooks_folder() / "teacher.md").read_text(encoding="utf-8")
        files["teacher.html"] = site.teacher(notes)
    return files | _assets(site) | {"data/tables.xlsx": workbook(site.seed)}


def _assets(site: Site) -> dict[str, str]:
    import axislib

    return {
        "assets/plotly.min.js": light_plotly(),
        "assets/facts.js": site.script(axislib.__version__),
        "assets/panel.js": asset("panel.js", "explorer"),
        **{f"assets/{name}": asset(name) for name in ("site.css", "copy.js", "find.js", "site.js")},
    }


def check_replaceable(out: Path) -> None:
    """Raise SeedError unless ``out`` is missing, empty, or an older report, and can be written
    beside.

    Asked before the notebooks run, so that nobody waits for a report that has no place to go."""
    if out.exists() and not out.is_dir():
        raise SeedError(f"{out}: is a file, not a folder; name another place with --out")
    try:
        if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
            raise SeedError(
                f"{out}: holds files that are not a report of axislib, and a report replaces its"
                f" folder as a whole; name another folder with --out, such as {out / 'report'}"
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out.parent).close()
    except OSError as error:
        raise SeedError(
            f"{out}: cannot be written ({error.strerror or error}); nothing was changed there;"
            " name a folder of your own with --out, or close what holds this one open"
        ) from None


def codebook_page(seed: Seed) -> str:
    """The codebook as one HTML page that needs no other file."""
    return Site(seed, with_text=False).codebook(standalone=True)
