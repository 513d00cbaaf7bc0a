"""The widget: one form, one chart, the panel beside it, the rows and the lines below."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Sequence

import ipywidgets as widgets

from axislib.errors import SeedError
from axislib.explorer.as_code import batch_plan, papermill_command, python_line, seed_name
from axislib.explorer.charts import arguments, draw, form_fields, offered, started
from axislib.explorer.evidence import Evidence
from axislib.explorer.parts import (
    Caption,
    Form,
    Lines,
    Reader,
    Rows,
    Whole,
    captioned,
    framed,
    redraw,
    widget_of,
)
from axislib.explorer.rows import Listing, table_fields
from axislib.figures import cited
from axislib.notebook.parameters import Common, check
from axislib.seed.opening import layers_about, open_seed
from axislib.seed.seed import Seed
from axislib.words import citation

HINT = (
    "Click a point, bar or cell of the chart, or choose a row below: here you read the sentence it"
    " comes from, who says so, and how sure."
)
CHANGED = "# changed in Python since it was opened; this line opens it as it is on disk"


def explore(seed: Seed | str | None = None) -> Explorer:
    """The explorer of a seed, for a cell of JupyterLab.

    ``seed`` is a Seed or the name of one; without it, the article. Returns a widget: filters and
    chart above, the sentence beside, the rows and the lines that give the same view below. It draws
    only what the tables say, and cannot tell whether a coding is true to the text: for that, read
    the sentence.

    >>> import axislib
    >>> axislib.explore().python
    'axislib.timeline(axislib.open_seed())'
    """
    return Explorer(seed if isinstance(seed, Seed) else open_seed(seed or "kragh-holy-war"))


class Explorer(Whole):
    """The widget that ``explore`` returns; ``choose``, ``figure``, ``python``, ``papermill`` and
    ``plan`` are for Python."""

    instead = "The explorer needs JupyterLab: axislib lab."

    def __init__(self, seed: Seed):
        self._given = seed
        self._opened: dict[tuple, Evidence] = {(tuple(seed.layers), ()): Evidence(seed)}
        self._changed_in_python = not _as_on_disk(seed)
        # other layers would have to be opened from disk, without the changes
        self._layers = [] if self._changed_in_python else _layers_of(seed)
        self._charts = offered()
        self._quiet = False
        self.evidence = self._opened[tuple(seed.layers), ()]
        # charts may share names of parameters, not values
        self._own = {chart.name: started(chart) for chart in self._charts.values()}
        self.form = Form(label="What is shown", values=self._beginning())
        self.caption, self.lines = Caption(), Lines()
        self.rows = Rows(fields=table_fields(), values={"tables": [], "drawn": False, "words": ""})
        self._reader = Reader(self.evidence, self._guarded, self._opened_row, HINT)
        self.panel = self._reader.panel
        self.figure = None
        self._picture = widgets.VBox()
        self.form.observe(self._asked_again, "values")
        self.rows.observe(self._list_again, "values")
        self.rows.observe(lambda change: self._list(), "page")
        self.rows.observe(self._row_chosen, "chosen")
        main = framed(self.caption, self._picture, self.panel)
        super().__init__([self.form, main, self.rows, self.lines])
        self.add_class("axl-explorer")
        self._show()
        if not gc.get_freeze_count():
            # what is loaded by now stays: to look all of it through for garbage took a quarter of
            # a second amid an answer
            gc.collect()
            gc.freeze()

    def _beginning(self) -> dict:
        """The form's first values: those of the models, and the first chart."""
        first = next(iter(self._charts))
        common = {
            name: info.get_default(call_default_factory=True)
            for name, info in Common.model_fields.items()
        }
        here = {"seed": seed_name(self._given), "layers": list(self._given.layers), "chart": first}
        return common | here | self._own[first]

    def choose(self, row_id: str, among: Sequence[str] = ()) -> None:
        """Show what stands behind a row: its sentence, speaker, certainty, other readings, links,
        citation.

        ``among`` are the rows behind the same point, this one the first.
        """
        self._reader.open(list(among) or [row_id])

    def _row_chosen(self, change) -> None:
        if change["new"] and not self._quiet:
            self.choose(change["new"])

    def _opened_row(self, row_id: str) -> None:
        self._quiet = True
        self.rows.chosen = row_id
        self._quiet = False

    def _asked_again(self, change) -> None:
        if self._quiet:
            return
        old, new = change["old"], change["new"]
        if new["chart"] != old["chart"] and new["chart"] in self._charts:
            self._own[old["chart"]] = {name: old[name] for name in self._own[old["chart"]]}
            said = {
                name: value for name, value in new.items() if name not in old or value != old[name]
            }
            self._quiet = True
            self.form.values = {**new, **self._own[new["chart"]], **said}
            self._quiet = False
        self._show()

    def _list_again(self, change) -> None:
        self._guarded(self._relist)

    def _show(self) -> None:
        self.form.put(problem="", wrong=[])
        self._guarded(self._redraw)

    def _guarded(self, act: Callable[[], None]) -> None:
        """Do it; what goes wrong is said in the widget, in words."""
        try:
            act()
        except Exception as error:
            words = str(error)
            if not isinstance(error, SeedError) and type(error) is not ValueError:
                # a bug of ours: still no traceback on a projector
                words = (
                    f"This view cannot be drawn ({type(error).__name__}: {error}). Take a choice"
                    " back, or report it."
                )
            wrong = re.findall(r"^\s+(\w+)(?:\[\d+\])*: ", words, flags=re.MULTILINE)
            words = re.sub(r"^\S+: \d+ parameters? to \w+:\n", "", words)
            self.form.put(
                problem=f"{words.strip()}\nShown is the last view that could be drawn.", wrong=wrong
            )
        finally:
            self._quiet = False

    def _redraw(self) -> None:
        values = self.form.values
        chart = self._charts[values["chart"]]
        # the form comes first: a value that is refused has to be there to be put right
        self.form.fields = form_fields(chart, self.evidence.seed, self._layers)
        asked = check(
            chart.notebook, {name: values[name] for name in [*Common.model_fields, *chart.own]}
        )
        readings = tuple(getattr(asked, "readings", ()))
        evidence = self._evidence(tuple(asked.layers), readings)
        whole = self._evidence(tuple(asked.layers), ()).seed
        given = arguments(chart, whole, asked)
        part, figure = draw(chart, evidence.seed, asked, given)
        bare, words = captioned(figure)
        if not len(part.facts):
            self.form.put(
                problem="No fact meets all of these conditions. Take one of them back.", wrong=[]
            )
        self.chart, self.asked, self.evidence, self.part = chart, asked, evidence, part
        self._reader.evidence = evidence
        self.form.fields = form_fields(chart, evidence.seed, self._layers)
        if self.figure is None:
            self.figure = widget_of(bare, self._reader.open)
            self._picture.children = [self.figure]
        else:
            redraw(self.figure, bare, self._reader.open)
        self._drawn = figure
        self.caption.put(**words)
        self._write(given)
        self._relist()

    def _evidence(self, layers: tuple[str, ...], readings: tuple[str, ...]) -> Evidence:
        if (layers, readings) not in self._opened:
            plain = (
                self._opened[layers, ()].seed
                if (layers, ()) in self._opened
                else open_seed(self._given.folder, layers)
            )
            self._opened[layers, readings] = Evidence(plain.read_as(*readings))
        return self._opened[layers, readings]

    def _relist(self) -> None:
        wanted = self.rows.values
        only = set(cited(self._drawn)) if wanted["drawn"] else None
        self._listing = Listing(
            self.part,
            self.evidence.called,
            self.evidence.sure,
            wanted["tables"],
            only,
            wanted["words"].strip(),
        )
        self.rows.put(pages=self._listing.pages, page=0)
        self._list()

    def _list(self) -> None:
        page = min(max(self.rows.page, 0), self._listing.pages - 1)
        self.rows.put(rows=self._listing.page(page), says=self._listing.says(page))

    def _write(self, given: dict) -> None:
        note = CHANGED + "\n" if self._changed_in_python else ""
        self.python = python_line(self.chart, self.asked, given)
        self.papermill = papermill_command(self.chart, self.asked)
        self.plan = batch_plan(self.chart, self.asked)
        self.lines.lines = [
            {"label": "Python", "text": note + "import axislib\n" + self.python},
            {"label": "papermill, on the command line", "text": note + self.papermill},
            {"label": "a plan for axislib batch (YAML)", "text": note + self.plan},
            {"label": "How to cite", "text": citation(self.evidence.seed), "prose": True},
        ]


def _layers_of(seed: Seed) -> list[str]:
    return [seed.metadata.get("layer", "article"), *layers_about(seed.folder)]


def _as_on_disk(seed: Seed) -> bool:
    try:
        plain = open_seed(seed.folder, seed.layers)
    except SeedError:
        return False
    return all(plain.tables[name].equals(frame) for name, frame in seed.tables.items())
