"""The widget: one form, one chart, the panel beside it, the rows and the lines below."""

from __future__ import annotations

import gc

import ipywidgets as widgets

from axislib.errors import SeedError, did_you_mean
from axislib.explorer import charts, parts
from axislib.explorer.charts import CHARTS, LISTED
from axislib.explorer.evidence import Evidence, Listing
from axislib.figures import cited
from axislib.notebook.parameters import Common, check
from axislib.questions.levels import one_article
from axislib.seed.opening import layers_about, open_seed
from axislib.seed.seed import Seed
from axislib.seed.variants import select
from axislib.words import citation, counted

CHANGED = "# changed in Python since it was opened; this line opens it as it is on disk"
MOST_PAST = 50  # choices that can be undone


def explore(seed: Seed | str | None = None, view: dict | None = None) -> Explorer:
    """The explorer of a seed, for a cell of JupyterLab.

    It draws only what the tables say, and cannot tell whether a coding is true to the text: for
    that, read the sentence.

    Parameters
    ----------
    seed
        A Seed or the name of one; without it the one the view names, else the article.
    view
        What is chosen at first, as ``Explorer.view`` gives it; SeedError for an unknown word.

    Returns
    -------
    A widget: filters and chart above, the sentence beside, the rows and the lines that give the
    same view below.

    >>> import axislib
    >>> axislib.explore(view={"chart": "comparison", "words": "holy war"}).view
    {'chart': 'comparison', 'words': 'holy war'}
    """
    given = charts.read_view(view or {})
    if seed is None or isinstance(seed, str):
        seed = open_seed(seed or given.get("seed", "kragh-holy-war"))
    one_article(seed)
    return Explorer(seed, {name: value for name, value in given.items() if name != "seed"})


class Explorer(parts.Whole):
    """The widget that ``explore`` returns; ``choose`` and what follows it are for Python."""

    instead = "The explorer is shown in JupyterLab (axislib lab) when its cell is run."
    labels = charts.LABELS

    def __init__(self, seed: Seed, view: dict | None = None):
        view = view or {}
        self._given = seed
        self._opened: dict[tuple, Evidence] = {(tuple(seed.layers), ()): Evidence(seed)}
        self._changed_in_python = not _as_on_disk(seed)
        # other layers would have to be opened from disk, without the changes
        layers = [seed.metadata.get("layer", "article"), *layers_about(seed.folder)]
        self._layers = () if self._changed_in_python else tuple(layers)
        self.evidence = self._opened[tuple(seed.layers), ()]
        self._settled = self._beginning(view.get("chart", next(iter(CHARTS))))
        self._settled |= {name: value for name, value in view.items() if name != "row"}
        self._past: list[dict] = []
        self.form = parts.Form(label="What is shown", values=self._settled)
        self.caption, self.rows = parts.Caption(), parts.Rows()
        self.lines, self.tools = parts.Lines(), parts.Tools()
        self._reader = parts.Reader(self.evidence, self._guarded, self._opened_row)
        self.panel = self._reader.panel
        self.figure = None
        self._picture = widgets.VBox()
        self.form.observe(self._asked_again, "values")
        self.form.observe(lambda change: self._show(), "theme")
        self.tools.observe(self._tool, "asked")
        self.rows.observe(lambda change: self._list(), "page")
        self.rows.observe(self._row_chosen, "chosen")
        self._main = parts.framed(self.caption, self._picture, self.panel, self.rows)
        super().__init__([self.tools, self.form, self._main, self.lines])
        self.add_class("axl-explorer")
        self._show()
        if row := view.get("row"):
            self._guarded(lambda: self.choose(row))
        if not gc.get_freeze_count():
            # what is loaded by now stays: to look all of it through for garbage took a quarter of
            # a second amid an answer
            gc.collect()
            gc.freeze()

    def _beginning(self, chart: str) -> dict:
        """The form's values before anything is chosen: those of the models."""
        if chart not in CHARTS:
            raise SeedError(f"view: '{chart}' is not a chart; {did_you_mean(str(chart), CHARTS)}")
        here = {"seed": charts.seed_name(self._given), "layers": list(self._given.layers)}
        return LISTED | charts.started() | here | {"chart": chart}

    @property
    def view(self) -> dict:
        """What is chosen, as plain data for ``explore(view=...)``: to keep or to share."""
        usual = LISTED | charts.started()
        names = [*LISTED, *Common.model_fields, *self.chart.own]
        chosen = {n: self.form.values[n] for n in names if self.form.values[n] != usual[n]}
        view = {"chart": self.chart.name, **chosen}
        return view | ({"row": self.rows.chosen} if self.rows.chosen else {})

    def _tool(self, change) -> None:
        """Do what a button asks."""
        name = change["new"].partition(" ")[0]
        if name == "undo" and self._past:
            self._restore(self._past.pop())
        elif name == "reset":
            self._past.append(self._settled)
            self._close()
            self._restore(self._beginning(next(iter(CHARTS))))
        elif name == "csv":
            file = f"{self.evidence.seed.name}-rows.csv"
            self.tools.file = {"name": file, "text": self._listing.csv(), "asked": change["new"]}
        self.tools.past = len(self._past)

    def _restore(self, values: dict) -> None:
        self._settled = self.form.values = values
        self._show()

    def _close(self) -> None:
        self._reader.close()
        self.rows.chosen = ""

    def choose(self, row_id: str) -> None:
        """Show what is behind a row: sentence, speaker, certainty, other codings, links."""
        self._reader.open([row_id])

    def _row_chosen(self, change) -> None:
        if change["new"] not in ("", self._reader.shown):
            self.choose(change["new"])

    def _opened_row(self, row_id: str) -> None:
        self.rows.chosen = row_id
        self._write()

    def _asked_again(self, change) -> None:
        old, new = self._settled, change["new"]
        if new == old:
            return
        self._past = [*self._past[-MOST_PAST:], old]
        self.tools.past = len(self._past)
        self._settled = new
        if {**old, **LISTED} == {**new, **LISTED}:
            return self._guarded(self._relist)
        self._show()

    def _show(self) -> None:
        self.form.put(problem="", wrong=[])
        self._guarded(self._redraw)

    def _redraw(self) -> None:
        values = self.form.values
        chart = CHARTS[values["chart"]]
        # the form comes first: a value that is refused has to be there to be put right
        self.form.fields = charts.form_fields(chart, self.evidence.seed, self._layers)
        names = [*Common.model_fields, *chart.own]
        asked = check(chart.notebook, {name: values[name] for name in names})
        evidence = self._evidence(tuple(asked.layers), tuple(getattr(asked, "readings", ())))
        given = charts.arguments(chart, self._evidence(tuple(asked.layers), ()).seed, asked)
        part = select(evidence.seed, **asked.conditions())
        figure = chart.draw(part, **given)
        bare, words = parts.captioned(figure, self.form.theme)
        if not len(part.facts):
            self.form.problem = "No statement meets all of these conditions. Remove one of them."
        elif not cited(figure):
            words["rule"] += f" {counted(len(part.facts), 'statement')} below meet these choices."
        self.chart, self.asked, self.evidence, self.part = chart, asked, evidence, part
        self._reader.evidence = evidence
        self.form.fields = charts.form_fields(chart, evidence.seed, self._layers)
        if self.figure is None:
            self.figure = parts.widget_of(bare, self._reader.open)
            self._picture.children = [self.figure]
        else:
            parts.redraw(self.figure, bare, self._reader.open)
        self._drawn, self._arguments = figure, given
        self.caption.put(**words)
        if self.rows.chosen not in evidence.places:
            self._close()
        self._relist()

    def _evidence(self, layers: tuple[str, ...], readings: tuple[str, ...]) -> Evidence:
        if (layers, readings) not in self._opened:
            folder = self._given.folder
            seed = self._evidence(layers, ()).seed if readings else open_seed(folder, layers)
            self._opened[layers, readings] = Evidence(seed.read_as(*readings))
        return self._opened[layers, readings]

    def _relist(self) -> None:
        listed = {name: self.form.values[name] for name in LISTED}
        drawn = set(cited(self._drawn)) if listed["drawn"] else None
        self._listing = Listing(self.part, self.evidence, **{**listed, "drawn": drawn})
        # a person who asks for rows reads rows: they come before the chart
        move = self._main.remove_class if listed == LISTED else self._main.add_class
        move("axl-rows-first")
        self.rows.put(pages=self._listing.pages, page=0)
        actors = self.part.ids_of(self.asked.actors, self.part.actors["id"], "actors")
        self.form.says = self._listing.found(actors)
        self._list()
        self._write()

    def _list(self) -> None:
        page = min(max(self.rows.page, 0), self._listing.pages - 1)
        self.rows.put(rows=self._listing.page(page), says=self._listing.says(page))

    def _write(self) -> None:
        note = CHANGED + "\n" if self._changed_in_python else ""
        self.python = charts.python_line(self.chart, self.asked, self._arguments)
        whole, part = (charts.part_line(self.chart, self.asked, limits) for limits in (False, True))
        more = charts.listing_lines(part, self.form.values)
        more += [f"{whole}.why({self.rows.chosen!r})"] if self.rows.chosen else []
        text = "\n".join(["import axislib", self.python, *more])
        again = f"import axislib\naxislib.explore(view={self.view!r})"
        self.papermill = charts.papermill_command(self.chart, self.asked)
        self.plan = charts.batch_plan(self.chart, self.asked)
        self.lines.lines = [
            {"label": "Python", "text": note + text},
            {"label": "the explorer as it is now, to keep or to share", "text": note + again},
            {"label": "papermill, on the command line (the chart)", "text": note + self.papermill},
            {"label": "a plan for axislib batch (YAML; the chart)", "text": note + self.plan},
            {"label": "How to cite", "text": citation(self.evidence.seed), "prose": True},
        ]


def _as_on_disk(seed: Seed) -> bool:
    try:
        return open_seed(seed.folder, seed.layers) == seed
    except SeedError:
        return False
