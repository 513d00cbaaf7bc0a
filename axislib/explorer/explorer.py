"""The widget: one form, one chart, the panel beside it, the rows and the lines below."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Sequence

import ipywidgets as widgets

from axislib.errors import SeedError, did_you_mean
from axislib.explorer.charts import (
    LABELS,
    arguments,
    batch_plan,
    draw,
    form_fields,
    listing_lines,
    offered,
    papermill_command,
    part_line,
    python_line,
    read_view,
    seed_name,
    started,
    view_of,
)
from axislib.explorer.evidence import Evidence, Listing, table_fields
from axislib.explorer.parts import (
    Caption,
    Form,
    Lines,
    Reader,
    Rows,
    Tools,
    Whole,
    captioned,
    framed,
    redraw,
    widget_of,
)
from axislib.figures import cited
from axislib.notebook.parameters import Common, check
from axislib.questions.levels import one_article
from axislib.seed.opening import layers_about, open_seed
from axislib.seed.seed import Seed
from axislib.words import citation, counted

CHANGED = "# changed in Python since it was opened; this line opens it as it is on disk"
NOTHING_LISTED = {"tables": [], "drawn": False}
MOST_PAST = 50  # choices that can be undone


def explore(seed: Seed | str | None = None, view: dict | str | None = None) -> Explorer:
    """The explorer of a seed, for a cell of JupyterLab.

    It draws only what the tables say, and cannot tell whether a coding is true to the text: for
    that, read the sentence.

    Parameters
    ----------
    seed
        A Seed or the name of one; without it the one the view names, else the article.
    view
        What is chosen at first: a dict, or its JSON, as ``Explorer.view`` gives it. SeedError for
        a word in it that is not known.

    Returns
    -------
    A widget: filters and chart above, the sentence beside, the rows and the lines that give the
    same view below.

    >>> import axislib
    >>> axislib.explore(view={"chart": "comparison", "words": "holy war"}).view
    {'chart': 'comparison', 'words': 'holy war'}
    """
    given = read_view(view or {}, _known())
    if seed is None or isinstance(seed, str):
        seed = open_seed(seed or given.get("seed", "kragh-holy-war"))
    one_article(seed)
    return Explorer(seed, {name: value for name, value in given.items() if name != "seed"})


def _known() -> dict:
    """All that a view may hold."""
    own = {name: None for chart in offered().values() for name in chart.own}
    return {
        "chart": None,
        "words": None,
        **dict.fromkeys(Common.model_fields),
        **own,
        **NOTHING_LISTED,
        "row": "",
    }


class Explorer(Whole):
    """The widget that ``explore`` returns; ``choose``, ``figure``, ``view``, ``python``,
    ``papermill`` and ``plan`` are for Python."""

    instead = "The explorer is shown in JupyterLab (axislib lab) when its cell is run."

    def __init__(self, seed: Seed, view: dict | None = None):
        self._given = seed
        self._opened: dict[tuple, Evidence] = {(tuple(seed.layers), ()): Evidence(seed)}
        self._changed_in_python = not _as_on_disk(seed)
        # other layers would have to be opened from disk, without the changes
        layers = [seed.metadata.get("layer", "article"), *layers_about(seed.folder)]
        self._layers = [] if self._changed_in_python else layers
        self._charts = offered()
        self._quiet = False
        self.evidence = self._opened[tuple(seed.layers), ()]
        # charts may share names of parameters, not values
        self._own = {chart.name: started(chart) for chart in self._charts.values()}
        self.form = Form(label="What is shown", values=self._beginning())
        self.caption, self.lines, self.tools = Caption(), Lines(), Tools()
        self.rows = Rows(fields=table_fields(), values=NOTHING_LISTED)
        self._past: list[tuple[dict, dict]] = []
        self._reader = Reader(self.evidence, self._guarded, self._opened_row)
        self.panel = self._reader.panel
        self.figure = None
        self._picture = widgets.VBox()
        self._begin_with(dict(view or {}))
        self.form.observe(self._asked_again, "values")
        self.form.observe(lambda change: self._show(), "theme")
        self.tools.observe(self._tool, "asked")
        self.rows.observe(self._list_again, "values")
        self.rows.observe(lambda change: self._list(), "page")
        self.rows.observe(self._row_chosen, "chosen")
        main = framed(self.caption, self._picture, self.panel, self.rows)
        super().__init__([self.tools, self.form, main, self.lines])
        self.add_class("axl-explorer")
        self._show()
        if row := (view or {}).get("row"):
            self._guarded(lambda: self.choose(row))
        if not gc.get_freeze_count():
            # what is loaded by now stays: to look all of it through for garbage took a quarter of
            # a second amid an answer
            gc.collect()
            gc.freeze()

    def _beginning(self) -> dict:
        """The form's first values: those of the models, and the first chart."""
        first = next(iter(self._charts))
        here = {"seed": seed_name(self._given), "layers": list(self._given.layers), "chart": first}
        here |= {"words": ""}
        return Common().model_dump() | here | self._own[first]

    def _begin_with(self, view: dict) -> None:
        chart = view.get("chart", self.form.values["chart"])
        if chart not in self._charts:
            guess = did_you_mean(str(chart), self._charts, f"there are: {', '.join(self._charts)}")
            raise SeedError(f"view: '{chart}' is not a chart; {guess}")
        listed = {name: view[name] for name in NOTHING_LISTED if name in view}
        self.rows.values = {**NOTHING_LISTED, **listed}
        asked = {name: v for name, v in view.items() if name not in {*NOTHING_LISTED, "row"}}
        self.form.values = {**self.form.values, **self._own[chart], **asked}

    @property
    def view(self) -> dict:
        """What is chosen, as plain data for ``explore(view=...)``: to keep or to share."""
        usual = {**self._beginning(), **started(self.chart), "layers": ["article"]}
        shown = ["words", *Common.model_fields, *self.chart.own]
        shown = {name: self.form.values[name] for name in shown}
        usual["seed"] = Common.model_fields["seed"].default
        view = {"chart": self.chart.name, **view_of(shown, usual)}
        view |= view_of(self.rows.values, NOTHING_LISTED)
        return view | ({"row": self.rows.chosen} if self.rows.chosen else {})

    def _tool(self, change) -> None:
        """Do what a button asks."""
        name = change["new"].partition(" ")[0]
        if name == "undo" and self._past:
            self._restore(*self._past.pop())
        elif name == "reset":
            self._remember(self.form.values, self.rows.values)
            self._own = {chart.name: started(chart) for chart in self._charts.values()}
            self._close()
            self._restore(self._beginning(), NOTHING_LISTED)
        elif name == "csv":
            file = f"{self.evidence.seed.name}-rows.csv"
            self.tools.file = {"name": file, "text": self._listing.csv(), "asked": change["new"]}
        self.tools.past = len(self._past)

    def _close(self) -> None:
        self._quiet = True
        self.rows.chosen = ""
        self._quiet = False
        self._reader.close()

    def _remember(self, form: dict, rows: dict) -> None:
        self._past = [*self._past[-MOST_PAST:], (dict(form), dict(rows))]
        self.tools.past = len(self._past)

    def _restore(self, form: dict, rows: dict) -> None:
        self._quiet = True
        self.form.values, self.rows.values = form, rows
        self._own[form["chart"]] = {name: form[name] for name in self._own[form["chart"]]}
        self._quiet = False
        self._show()

    def choose(self, row_id: str, among: Sequence[str] = ()) -> None:
        """Show what is behind a row: its sentence, speaker, certainty, alternative codings, links,
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
        self._write()

    def _asked_again(self, change) -> None:
        if self._quiet:
            return
        old, new = change["old"], change["new"]
        self._remember(old, self.rows.values)
        if {**old, "words": ""} == {**new, "words": ""}:
            return self._guarded(self._relist)
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
        if not self._quiet:
            self._remember(self.form.values, change["old"])
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
            words = re.sub(
                r"^\s*(\w+)(?=:)", lambda name: LABELS.get(name[1], name[1]), words, flags=re.M
            )
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
        bare, words = captioned(figure, self.form.theme)
        if len(part.facts) and not cited(figure):
            words["rule"] += f" {counted(len(part.facts), 'statement')} below meet these choices."
        if not len(part.facts):
            self.form.put(
                problem="No statement meets all of these conditions. Take one of them back.",
                wrong=[],
            )
        self.chart, self.asked, self.evidence, self.part = chart, asked, evidence, part
        self._reader.evidence = evidence
        self.form.fields = form_fields(chart, evidence.seed, self._layers)
        if self.figure is None:
            self.figure = widget_of(bare, self._reader.open)
            self._picture.children = [self.figure]
        else:
            redraw(self.figure, bare, self._reader.open)
        self._drawn, self._arguments = figure, given
        self.caption.put(**words)
        if self.rows.chosen not in evidence.places:
            self._close()
        self._relist()

    def _evidence(self, layers: tuple[str, ...], readings: tuple[str, ...]) -> Evidence:
        if (layers, readings) not in self._opened:
            opened = self._evidence(layers, ()).seed if readings else None
            plain = opened or open_seed(self._given.folder, layers)
            self._opened[layers, readings] = Evidence(plain.read_as(*readings))
        return self._opened[layers, readings]

    def _relist(self) -> None:
        asked = self.rows.values
        only = set(cited(self._drawn)) if asked["drawn"] else None
        wanted = asked["tables"], only, self.form.values["words"].strip()
        self._listing = Listing(self.part, self.evidence, *wanted)
        self.rows.put(pages=self._listing.pages, page=0)
        self.form.says = self._listing.found(
            self.part.ids_of(self.asked.actors, self.part.actors["id"], "actors")
        )
        self._list()
        self._write()

    def _list(self) -> None:
        page = min(max(self.rows.page, 0), self._listing.pages - 1)
        self.rows.put(rows=self._listing.page(page), says=self._listing.says(page))

    def _write(self) -> None:
        note = CHANGED + "\n" if self._changed_in_python else ""
        self.python = python_line(self.chart, self.asked, self._arguments)
        whole, part = (part_line(self.chart, self.asked, limits) for limits in (False, True))
        more = listing_lines(part, {**self.form.values, **self.rows.values})
        more += [f"{whole}.why({self.rows.chosen!r})"] if self.rows.chosen else []
        text = "\n".join(["import axislib", self.python, *more])
        again = f"import axislib\naxislib.explore(view={self.view!r})"
        self.papermill = papermill_command(self.chart, self.asked)
        self.plan = batch_plan(self.chart, self.asked)
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
