"""Coding on screen: a word and a memo for each unit, saved as an ordinary coding sheet."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from axislib.errors import SeedError
from axislib.files import to_csv, write_whole
from axislib.questions.levels import compared_sides, thesis
from axislib.seed.seed import Seed
from axislib.seed.variants import apply_coding
from axislib.seminar.classroom import coding_of, task
from axislib.seminar.sheets import VARIABLES, file_name, words_of
from axislib.tables.spreadsheets import read_cells_of

CHOOSE = "choose"
LONGEST = 110  # characters of an entry in a list
WIDE = {"width": "26em"}


class CodingForm(widgets.VBox):
    """The form, a widget: ``sheet`` is what was coded so far, ``save()`` writes it as
    ``sheet-NAME.csv``.

    ``units`` as an empty sheet (see ``make_sheet``). Below them the form says what the comparison
    would be under the codes chosen so far. Nothing is written before *Save* is pressed; from then
    on each change is saved at once. A name under which a sheet was saved brings its codes back, and
    codes on disk that are not on screen are never replaced unasked.
    """

    def __init__(
        self,
        seed: Seed,
        sheet: pd.DataFrame,
        folder: Path = Path("sheets"),
        left: str = "",
        right: str = "",
    ):
        self.seed, self.folder, self.sides = seed, Path(folder), compared_sides(seed, left, right)
        self._sheet = sheet.reset_index(drop=True)
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
        variable = VARIABLES[row["variable"]]
        words = words_of(self.seed, row["variable"]).items()
        named = [
            (f"{word.replace('_', ' ')}: {meaning}"[:LONGEST], word) for word, meaning in words
        ]
        code = widgets.Dropdown(options=[(CHOOSE, ""), *named], value="", layout=WIDE)
        memo = widgets.Text(placeholder="memo: why, and which sentence (P14.S3)", layout=WIDE)
        for part in (code, memo):
            part.observe(self._changed, "value")
        self.codes.append(code)
        self.memos.append(memo)
        places = row["where"].split(";") if row["where"] else []
        sentences = " ".join(filter(None, map(self.seed.sentence, places)))
        ask = f"<b>{html.escape(row['question'])}</b> <small>{html.escape(row['where'])}</small>"
        ask += f"<br><i>{html.escape(sentences)}</i>" if sentences else ""
        heading = widgets.HTML(
            f"<p style='max-width:56em;line-height:1.4;margin:.8em 0 .2em'>{ask}"
            f"<br><small>{html.escape(variable.ask)}</small></p>"
        )
        return widgets.VBox([heading, widgets.HBox([code, memo])])

    @property
    def sheet(self) -> pd.DataFrame:
        """What was coded so far, as a coding sheet."""
        codes, memos = ([part.value for part in parts] for parts in (self.codes, self.memos))
        return self._sheet.assign(code=codes, memo=memos, coder=self.name.value.strip())

    @property
    def _path(self) -> Path:
        return self.folder / f"sheet-{file_name(self.name.value, set())}.csv"

    def _changed(self, _=None) -> None:
        if self._filling:
            return
        if self._on_disk and self._path.exists() and self._path.read_bytes() == self._on_disk:
            self.save()
        else:
            self._tell()

    def _named(self, _=None) -> None:
        """Another name: what was read back under the one before goes, what was saved comes."""
        with self._fill():
            for place, held in self._read_back.items():
                if (self.codes[place].value, self.memos[place].value) == held:
                    self.codes[place].value = self.memos[place].value = ""
            self._read_back, self._on_disk = {}, b""
            try:
                saved = self._saved()
            except SeedError as error:
                return self._refuse(str(error))
            if saved is not None:
                self._bring_back(saved)
        done = len(self._read_back)
        known = f" {done} units coded earlier under this name were read back." if done else ""
        self._tell(known and f"<p>{known} Not yours? Choose another name.</p>")

    def _bring_back(self, saved: pd.DataFrame) -> None:
        for place, held in self._held(saved).items():
            code, memo = self.codes[place], self.memos[place]
            known = held[0] in [word for _, word in code.options]
            if (code.value, memo.value) == ("", "") and known:
                code.value, memo.value = held
                self._read_back[place] = held
        if not self._lost(saved):
            self._on_disk = self._path.read_bytes()

    @contextmanager
    def _fill(self) -> Iterator[None]:
        self._filling = True
        try:
            yield
        finally:
            self._filling = False

    def _saved(self) -> pd.DataFrame | None:
        """The sheet saved under this name, or None; SeedError where it is somebody else's."""
        name = self.name.value.strip()
        if not name or not self._path.exists():
            return None
        saved = read_cells_of(self._path)
        coders = saved["coder"].unique().tolist() if "coder" in saved else []
        if coders != [name]:
            raise SeedError(f"{self._path.name} is somebody else\u2019s: choose another name.")
        return saved

    def _held(self, saved: pd.DataFrame) -> dict[int, tuple[str, str]]:
        """What a saved sheet holds of the units on screen: place -> code and memo."""
        here = zip(self._sheet["unit"], self._sheet["variable"], strict=True)
        places = {unit: place for place, unit in enumerate(here)}
        rows = saved[["unit", "variable", "code", "memo"]].itertuples(index=False)
        return {
            places[unit, variable]: (code, memo)
            for unit, variable, code, memo in rows
            if (unit, variable) in places and (code or memo)
        }

    def _lost(self, saved: pd.DataFrame | None) -> int:
        """How many saved units the screen would replace."""
        held = self._held(saved) if saved is not None else {}
        return sum((self.codes[n].value, self.memos[n].value) != was for n, was in held.items())

    def _tell(self, more: str = "") -> None:
        done = sum(bool(code.value) for code in self.codes)
        self.replace.layout.display = "none"
        self.status.value = f"<p>{done} of {len(self.codes)} coded.{self._conclusion()}</p>{more}"

    def _refuse(self, why: str) -> None:
        self.status.value = f"<p><b>{html.escape(why)}</b></p>"

    def _conclusion(self) -> str:
        if self.sides is None:
            return ""
        coding = coding_of(self.sheet, self.name.value.strip())
        seeds = (self.seed, apply_coding(self.seed, coding))
        before, after = (int(thesis(seed, *self.sides)["left_exceeds"]) for seed in seeds)
        ours = "under the project's coding"
        survives = f"as {ours}" if before == after else f"{ours}: {before}"
        rest = f"<b>{after}</b> forms of cooperation ({survives})"
        return f" Under your codes the thesis can rest on {rest}."

    def save(self, replace: bool = False) -> Path | None:
        """Write the sheet; says in the form what was done, or why not.

        Codes saved earlier that the screen would replace are kept unless ``replace``; units of an
        earlier sheet that are not on screen stay in it.
        """
        if not self.name.value.strip():
            self._refuse("Your name is missing: write it above, then save again.")
            return None
        path = self._path
        try:
            saved = self._saved()
            known = path.exists() and path.read_bytes() == self._on_disk
            lost = 0 if replace or known else self._lost(saved)
            if lost:
                self.replace.layout.display = ""
                raise SeedError(
                    f"{path.name} holds {lost} coded units that would be lost; nothing was written."
                    " Choose another name, or replace them."
                )
            text = "\ufeff" + to_csv(self._with(saved))
            write_whole(path, text)
        except SeedError as error:
            self._refuse(str(error))
            return None
        self._on_disk = text.encode("utf-8")
        self._tell(
            f"<p>Saved: {html.escape(path.as_posix())}. Hand in this file, or name it in the"
            " parameter <code>sheets</code>.</p>"
        )
        return path

    def _with(self, saved: pd.DataFrame | None) -> pd.DataFrame:
        """The sheet, and below it the units of an earlier one that are not on screen."""
        sheet = self.sheet
        if saved is None:
            return sheet
        here = set(zip(sheet["unit"], sheet["variable"], strict=True))
        units = zip(saved["unit"], saved["variable"], strict=True)
        others = saved[[unit not in here for unit in units]]
        return pd.concat([sheet, others], ignore_index=True).fillna("")

    def _repr_mimebundle_(self, **kwargs):
        # where no widget can be shown; the article's own words stay out of what is saved
        return {
            **(super()._repr_mimebundle_(**kwargs) or {}),
            "text/plain": (
                f"Coding on screen needs JupyterLab: axislib lab. {len(self.codes)} units to code."
            ),
        }


def code_on_screen(seed: Seed, asked) -> CodingForm:
    """The form for the units the notebook was asked for; as last line of a cell it shows itself."""
    return CodingForm(seed, task(seed, asked), left=asked.left, right=asked.right)
