"""Coding on screen: a word and a memo for each unit, saved as an ordinary coding sheet."""

from __future__ import annotations

import html
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from axislib.errors import SeedError
from axislib.files import write_whole
from axislib.questions.levels import compared_sides, thesis
from axislib.seed.seed import Seed
from axislib.seed.variants import apply_coding
from axislib.seminar.classroom import coding_of, task
from axislib.seminar.sheets import VARIABLES, csv_for_excel, file_name, sentences_at, words_of
from axislib.tables.spreadsheets import SHEET, read_cells_of

LONGEST = 110  # characters of an entry in a list
WIDE = {"width": "26em"}


class CodingForm(widgets.VBox):
    """The form: ``sheet`` is what was coded so far, ``save()`` writes ``sheets/sheet-NAME.csv``.

    ``units`` as an empty sheet (see ``make_sheet``). Below them the form says what the comparison
    would be under the codes chosen so far. Nothing is written before *Save* is pressed; from then
    on each change is saved at once. A name under which a sheet was saved brings its codes back, and
    codes on disk that are not on screen are never replaced unasked.
    """

    def __init__(self, seed: Seed, sheet: pd.DataFrame, left: str = "", right: str = ""):
        self.seed, self.sides = seed, compared_sides(seed, left, right)
        self._sheet = sheet.reset_index(drop=True)
        self._places = {unit: n for n, unit in enumerate(_units(self._sheet))}
        self._read_back: dict[int, tuple[str, str]] = {}  # by place: what a saved sheet held
        self._on_disk = b""  # the saved sheet as the screen knows it
        self._filling = False
        self.name = widgets.Text(
            description="Your name",
            placeholder="as it should appear on the sheet",
            continuous_update=False,
            layout={"width": "28em"},
        )
        self.codes, self.memos = [], []
        rows = [self._unit(row) for row in self._sheet.to_dict("records")]
        self.status = widgets.HTML()
        save = widgets.Button(description="Save", icon="save", tooltip="Write your sheet")
        hidden = {"width": "auto", "display": "none"}
        self.replace = widgets.Button(description="Replace the saved codes", layout=hidden)
        save.on_click(lambda _: self.save())
        self.replace.on_click(lambda _: self.save(replace=True))
        self.name.observe(self._named, "value")
        super().__init__([self.name, *rows, widgets.HBox([save, self.replace]), self.status])
        self._tell()

    def _unit(self, row: dict) -> widgets.VBox:
        """One unit: its question, and with a copy of the text its sentences; list and memo."""
        words, ask = words_of(self.seed, row["variable"]).items(), VARIABLES[row["variable"]]
        named = [(f"{word.replace('_', ' ')}: {means}"[:LONGEST], word) for word, means in words]
        code = widgets.Dropdown(options=[("choose", ""), *named], value="", layout=WIDE)
        memo = widgets.Text(placeholder="memo: why, and which sentence (P14.S3)", layout=WIDE)
        for part, parts in ((code, self.codes), (memo, self.memos)):
            part.observe(self._changed, "value")
            parts.append(part)
        told = (row["question"], row["where"], sentences_at(self.seed, row["where"]))
        question, where, sentences = map(html.escape, told)
        shown = f"<br><i>{sentences}</i>" if sentences else ""
        heading = widgets.HTML(
            f"<p style='max-width:56em;line-height:1.4;margin:.8em 0 .2em'><b>{question}</b>"
            f" <small>{where}</small>{shown}<br><small>{html.escape(ask)}</small></p>"
        )
        return widgets.VBox([heading, widgets.HBox([code, memo])])

    @property
    def sheet(self) -> pd.DataFrame:
        """What was coded so far, as a coding sheet."""
        codes, memos = ([part.value for part in parts] for parts in (self.codes, self.memos))
        return self._sheet.assign(code=codes, memo=memos, coder=self.name.value.strip())

    @property
    def _path(self) -> Path:
        return Path("sheets", f"sheet-{file_name(self.name.value, set())}.csv")

    def _changed(self, _) -> None:
        if self._filling:
            return
        if self._on_disk and self._path.exists() and self._path.read_bytes() == self._on_disk:
            self.save()
        else:
            self._tell()

    def _named(self, _) -> None:
        """Another name: what was read back under the one before goes, what was saved comes."""
        self._filling, before, self._read_back, self._on_disk = True, self._read_back, {}, b""
        try:
            for place in before.keys() - self._otherwise(before):
                self.codes[place].value = self.memos[place].value = ""
            held = self._held(saved := self._saved())
            for place, (code, memo) in held.items():
                known = code in [word for _, word in self.codes[place].options]
                if known and not (self.codes[place].value or self.memos[place].value):
                    self.codes[place].value, self.memos[place].value = code, memo
                    self._read_back[place] = (code, memo)
            if len(saved) and not self._otherwise(held):
                self._on_disk = self._path.read_bytes()
        except SeedError as error:
            return self._refuse(str(error))
        finally:
            self._filling = False
        done = f" {len(self._read_back)} units coded earlier under this name were read back."
        self._tell(f"<p>{done} Not yours? Choose another name.</p>" * bool(self._read_back))

    def _saved(self) -> pd.DataFrame:
        """The sheet saved under this name, if any; SeedError where it is somebody else's."""
        name = self.name.value.strip()
        if not name or not self._path.exists():
            return pd.DataFrame(columns=SHEET)
        saved = read_cells_of(self._path)
        if "coder" not in saved or set(saved["coder"]) != {name}:
            raise SeedError(f"{self._path.name} is somebody else\u2019s: choose another name.")
        return saved

    def _held(self, saved: pd.DataFrame) -> dict[int, tuple[str, str]]:
        """What a saved sheet holds of the units on screen: place -> code and memo."""
        rows = zip(_units(saved), saved["code"], saved["memo"], strict=True)
        known = [(self._places.get(one), (code, memo)) for one, code, memo in rows if code or memo]
        return {place: held for place, held in known if place is not None}

    def _otherwise(self, held: dict[int, tuple[str, str]]) -> set[int]:
        """The places at which the screen says something else."""
        here = [(code.value, memo.value) for code, memo in zip(self.codes, self.memos, strict=True)]
        return {place for place, was in held.items() if here[place] != was}

    def _tell(self, more: str = "") -> None:
        done = sum(bool(code.value) for code in self.codes)
        self.replace.layout.display = "none"
        self.status.value = f"<p>{done} of {len(self.codes)} coded.{self._conclusion()}</p>{more}"

    def _refuse(self, why: str) -> None:
        self.status.value = f"<p><b>{html.escape(why)}</b></p>"

    def _conclusion(self) -> str:
        if self.sides is None:
            return ""
        seeds = (self.seed, apply_coding(self.seed, coding_of(self.sheet, self.name.value.strip())))
        before, after = (int(thesis(seed, *self.sides)["left_exceeds"]) for seed in seeds)
        ours = "under our coding"
        survives = f"as {ours}" if before == after else f"{ours}: {before}"
        rest = f"<b>{after}</b> forms of cooperation ({survives})"
        return f" Under your codes the thesis can rest on {rest}."

    def save(self, replace: bool = False) -> Path | None:
        """Write the sheet; says in the form what was done, or why not.

        Codes saved earlier that the screen would replace are kept unless ``replace``; units of an
        earlier sheet that are not on screen stay in it.
        """
        path = self._path
        try:
            if not self.name.value.strip():
                raise SeedError("Your name is missing: write it above, then save again.")
            saved = self._saved()
            lost = self._otherwise(self._held(saved))
            if lost and not replace and path.read_bytes() != self._on_disk:
                self.replace.layout.display = ""
                raise SeedError(
                    f"{path.name} holds {len(lost)} coded units that would be lost; nothing was"
                    " written. Choose another name, or replace them."
                )
            # below the sheet the units of an earlier one that are not on screen
            others = saved.loc[[unit not in self._places for unit in _units(saved)]]
            text = csv_for_excel(pd.concat([self.sheet, others], ignore_index=True).fillna(""))
            write_whole(path, text)
        except SeedError as error:
            return self._refuse(str(error))
        self._on_disk = text.encode("utf-8")
        self._tell(
            f"<p>Saved: {html.escape(path.as_posix())}. Hand in this file, or name it in the"
            " parameter <code>sheets</code>.</p>"
        )
        return path

    def _repr_mimebundle_(self, **kwargs):
        # where no widget can be shown; the article's own words stay out of what is saved
        said = f"Coding on screen needs JupyterLab: axislib lab. {len(self.codes)} units to code."
        return {**(super()._repr_mimebundle_(**kwargs) or {}), "text/plain": said}


def _units(sheet: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(sheet["unit"], sheet["variable"], strict=True))


def code_on_screen(seed: Seed, asked) -> CodingForm:
    """The form for the units the notebook was asked for; as last line of a cell it shows itself."""
    return CodingForm(seed, task(seed, asked), left=asked.left, right=asked.right)
