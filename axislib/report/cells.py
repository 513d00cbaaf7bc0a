"""An executed notebook's cells as HTML: prose, hidden code, tables, figures with their words."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bs4 import BeautifulSoup, Tag
from markupsafe import Markup, escape

from axislib.explorer.evidence import Evidence
from axislib.files import slug
from axislib.notebook.display import TABLE
from axislib.report.chart import PLOTLY, Figure, each_text, under_other_codings
from axislib.report.wording import Linker, impersonal

_WIDGET = "application/vnd.jupyter.widget-view+json"
# papermill's error banners go, for the page has its own
_HIDE_ALL = {"remove-cell", "hide-cell", "notebook-only", "papermill-error-cell-tag"}
_HIDE_INPUT = {"remove-input", "hide-input", "parameters", "injected-parameters"}
_HIDE_OUTPUT = {"remove-output", "hide-output"}
_PAGE_IDS = ("main", "panel", "panel-title", "failure", "contents")
_PICTURES = ("image/png", "image/jpeg")
AIM_LENGTH = 200  # characters
_QUIZ, _KEY = {"unit", "question", "choices"}, {"unit", "question", "answer"}  # columns of tables


@dataclass
class Section:
    """A heading and what follows it; ``folded``: closed until the reader opens it."""

    heading: Markup = Markup("")
    id: str = ""
    blocks: list[Markup | Figure] = field(default_factory=list)
    figures: int = 0
    folded: bool = False


@dataclass
class Rendered:
    """A notebook as the page's parts. ``aim`` is the first sentence under its title, as text; the
    first section has what comes before the first heading of the second level; ``claims``: address,
    words, verdict and reasons of each card of a claim."""

    title: str
    has_title: bool = False
    aim: str = ""
    sections: list[Section] = field(default_factory=lambda: [Section()])
    figures: list[Figure] = field(default_factory=list)
    claims: list[tuple[str, ...]] = field(default_factory=list)
    has_code: bool = False


@lru_cache(maxsize=256)  # a hundred runs of a notebook have the same code
def _highlighted(source: str) -> str:
    from nbconvert.filters.highlight import Highlight2HTML

    # a box that scrolls can be reached by keyboard
    return Highlight2HTML(pygments_lexer="python")(source).replace("<pre>", '<pre tabindex="0">')


class CellWriter:
    """Writes the cells of one notebook. ``mask`` sees every output's text first; ``evidence`` knows
    the rows behind a figure; ``before``: how many figures the site has before this page."""

    def __init__(
        self,
        name: str,
        linker: Linker,
        evidence: Evidence,
        mask: Callable[[str], str] = str,
        before: int = 0,
    ):
        self.name, self.linker, self.evidence = name, linker, evidence
        self.mask, self.before = mask, before
        self.page = Rendered(title="")
        self._slugs, self._level = {*_PAGE_IDS}, 0

    def write(self, notebook: Mapping) -> Rendered:
        """All cells, in order."""
        cells = notebook["cells"]
        for place, cell in enumerate(cells):
            if _tags(cell) & _HIDE_ALL or _introduces_parameters(cells, place):
                continue
            if cell["cell_type"] == "markdown":
                words = self._markdown(cell["source"], cell.get("attachments"))
                self._prose(words, "folded" in _tags(cell))
            elif cell["cell_type"] == "code":
                self._code_cell(cell)
        self.page.title = self.page.title or self.name
        self._fold()
        return self.page

    def _fold(self) -> None:
        """Close what comes after the first figure and shows none."""
        drawn = False
        for section in self.page.sections:
            section.folded = section.folded or (drawn and not section.figures)
            drawn = drawn or section.figures > 0

    def _code_cell(self, cell: Mapping) -> None:
        tags = _tags(cell)
        if cell["source"].strip() and not tags & _HIDE_INPUT:
            self.page.has_code = True
            code = f"<summary>Code</summary>{_highlighted(cell['source'])}"
            self._block(Markup(f'<details class="code">{code}</details>'))
        for output in [] if tags & _HIDE_OUTPUT else cell["outputs"]:
            self._output(output)

    def _add(self, kind: str, body: str) -> None:
        if body.strip():
            self._block(Markup(f'<div class="{kind}">{body}</div>'))

    def _block(self, block: Markup | Figure) -> None:
        self.page.sections[-1].blocks.append(block)

    def _prose(self, soup: BeautifulSoup, folded: bool = False) -> None:
        """Markdown as blocks; a heading of the second level begins a section."""
        part = ""
        for node in list(soup.children):
            if isinstance(node, Tag) and node.name == "h2":
                self._add("prose", part)
                part = ""
                heading = Markup(node.decode_contents())
                self.page.sections.append(Section(heading, str(node["id"]), folded=folded))
            else:
                part += str(node)
        self._add("prose", part)

    def _markdown(self, source: str, attachments: Mapping | None = None) -> BeautifulSoup:
        from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

        own = dict(attachments or {})
        renderer = IPythonRenderer(escape=False, exclude_anchor_links=True, attachments=own)
        shown = self.linker.html(MarkdownWithMath(renderer=renderer).render(source))
        soup = BeautifulSoup(shown, "html.parser")
        for heading in soup.find_all(re.compile("^h[1-6]$")):
            self._heading(heading)
        for block in soup.find_all("pre"):
            block["tabindex"] = "0"  # what scrolls can be reached by keyboard
        return soup

    def _heading(self, heading) -> None:
        words = heading.get_text(" ", strip=True)
        if heading.name == "h1" and not self.page.title:
            self.page.title, self.page.has_title = words, True
            paragraph = heading.find_next("p")
            self.page.aim = first_sentence(paragraph.get_text(" ", strip=True)) if paragraph else ""
        elif heading.name == "h1":
            heading.name = "h2"  # one title a page
        # no level is left out for whoever hears the headings
        level = min(int(heading.name[1]), self._level + 1)
        if f"h{level}" != heading.name:
            heading["aria-level"] = str(level)
        self._level = level
        wanted, head = slug(words), heading.find_parent("summary")
        said = head.get_text(" ", strip=True).removeprefix(words).strip() if head else ""
        wanted = f"claim-{wanted}" if said else wanted
        heading["id"] = self._unique(f"the-{wanted}" if wanted.startswith("fig-") else wanted)
        if head and said and (why := head.find_next_sibling("ul")):
            self.page.claims.append((heading["id"], words, said, why.get_text(" ", strip=True)))

    def _unique(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self._slugs:
            name, number = f"{wanted}-{number}", number + 1
        self._slugs.add(name)
        return name

    def _output(self, output: Mapping) -> None:
        kind = output["output_type"]
        if kind == "stream":
            aside = " aside" * (output["name"] != "stdout")
            self._plain(_joined(output["text"]), f"stream{aside}")
        elif kind == "error":
            self._error(output)
        else:
            self._display(output["data"])

    def _plain(self, text: str, kind: str) -> None:
        from nbconvert.filters.ansi import strip_ansi

        text = impersonal(self.mask(strip_ansi(text))).rstrip()
        if text:
            self._block(Markup(f'<pre class="{kind}" tabindex="0">{self.linker.text(text)}</pre>'))

    def _error(self, output: Mapping) -> None:
        from nbconvert.filters.ansi import strip_ansi

        trace = impersonal(strip_ansi("\n".join(output.get("traceback", []))))
        self._block(
            Markup(
                f'<div class="failure"><p><strong>This notebook stopped here.</strong> '
                f"{escape(output.get('ename', ''))}: {escape(output.get('evalue', ''))}</p>"
                "<details><summary>Where in the code</summary><pre"
                f' tabindex="0">{escape(trace)}</pre></details></div>'
            )
        )

    def _display(self, data: Mapping) -> None:
        if _WIDGET in data:
            return  # it works in JupyterLab only
        if PLOTLY in data:
            self._figure(data[PLOTLY])
        elif "text/html" in data:
            columns = set(data.get(TABLE, {}).get("columns", []))
            shown = self.linker.html(impersonal(self.mask(_joined(data["text/html"]))))
            self._add(_kind_of(columns), shown)
        elif "text/markdown" in data:
            self._prose(self._markdown(self.mask(_joined(data["text/markdown"]))))
        elif "image/svg+xml" in data:  # as a picture it can neither run nor fetch anything
            drawing = b64encode(_joined(data["image/svg+xml"]).encode()).decode()
            self._picture("image/svg+xml", drawing, data)
        elif kind := next((kind for kind in _PICTURES if kind in data), None):
            self._picture(kind, _joined(data[kind]).strip(), data)
        elif "text/plain" in data:
            self._plain(_joined(data["text/plain"]), "stream")

    def _picture(self, kind: str, base64: str, data: Mapping) -> None:
        alt = escape(self.mask(_joined(data.get("text/plain", "picture"))))
        self._add("output", f'<img alt="{alt}" src="data:{kind};base64,{base64}">')

    def _figure(self, figure: Mapping) -> None:
        number = self.before + len(self.page.figures) + 1
        meta = figure.get("layout", {}).get("meta")
        name = slug(str(meta.get("name") or "") if isinstance(meta, Mapping) else "", str(number))
        address = self._unique(f"fig-{name}")
        drawn = Figure(number, address, self.name, each_text(figure, self.mask), self.evidence)
        drawn.others = under_other_codings(drawn, self.mask)
        self.page.figures.append(drawn)
        self.page.sections[-1].figures += 1
        self._block(drawn)


def _kind_of(columns: set[str]) -> str:
    """What a table is: a quiz and its key are asked and answered by the page's script."""
    if columns >= _QUIZ:
        return "output quiz"
    return "output key-of-quiz" if columns >= _KEY else "output"


def _tags(cell: Mapping) -> set[str]:
    return set(cell["metadata"].get("tags", []))


def _introduces_parameters(cells: list, place: int) -> bool:
    """Whether a cell only tells how to change the parameters below it: of no use on a page."""
    below = cells[place + 1 : place + 2] if place else []
    told = cells[place]["cell_type"] == "markdown"
    return told and any("parameters" in _tags(cell) for cell in below)


def first_sentence(text: str) -> str:
    """A paragraph up to its first full stop, at most about 200 characters."""
    text = " ".join(text.split())
    end = re.search(r"(?<=[.!?])\s", text)
    text = text[: end.start()] if end else text
    return text if len(text) <= AIM_LENGTH else text[:AIM_LENGTH].rsplit(" ", 1)[0] + "\u2026"


def _joined(text: object) -> str:
    return "".join(text) if isinstance(text, (list, tuple)) else str(text)
