"""Coding on screen: a list to choose from and a memo for each unit, saved as an ordinary coding
sheet."""

from __future__ import annotations

import html
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from axislib.errors import SeedError
from axislib.files import to_csv, write_whole
from axislib.questions.levels import compared_sides, thesis
from axislib.seed.coding import CODING, apply_coding
from axislib.seed.seed import Seed
from axislib.seminar.sheets import file_name, make_sheet
from axislib.seminar.variables import VARIABLES, words_of

CHOOSE = "choose"


class CodingForm(widgets.VBox):
    """The form, a widget: ``sheet`` is what was coded so far, ``save()`` writes it as
    ``sheet-NAME.csv``.

    ``units`` as an empty sheet (see ``make_sheet``). Below the units stands what the comparison
    would say under the codes chosen so far. Nothing is written before *Save* is pressed.
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
        self.name = widgets.Text(
            description="Your name",
            placeholder="as it is to stand in the sheet",
            layout={"width": "28em"},
        )
        self.codes, self.memos, rows = [], [], []
        for row in self._sheet.to_dict("records"):
            words = [(CHOOSE, "")] + [
                (f"{word.replace('_', ' ')}: {meaning}"[:110], word)
                for word, meaning in words_of(seed, row["variable"]).items()
            ]
            code = widgets.Dropdown(options=words, value="", layout={"width": "26em"})
            memo = widgets.Text(
                placeholder="memo: why, and which sentence (P14.S3)", layout={"width": "26em"}
            )
            for part in (code, memo):
                part.observe(self._tell, "value")
            said = (
                " ".join(filter(None, map(seed.sentence, row["where"].split(";"))))
                if row["where"]
                else ""
            )
            ask = (
                f"<b>{html.escape(row['question'])}</b> <small>{html.escape(row['where'])}</small>"
            )
            ask += f"<br><i>{html.escape(said)}</i>" if said else ""
            rows.append(
                widgets.VBox(
                    [
                        widgets.HTML(
                            "<p style='max-width:56em;line-height:1.4;margin:.8em 0 "
                            f".2em'>{ask}<br><small>{html.escape(VARIABLES[row['variable']].ask)}</small></p>"
                        ),
                        widgets.HBox([code, memo]),
                    ]
                )
            )
            self.codes.append(code)
            self.memos.append(memo)
        self.status, button = (
            widgets.HTML(),
            widgets.Button(description="Save", icon="save", tooltip="Write your sheet"),
        )
        button.on_click(lambda _: self.save())
        super().__init__([self.name, *rows, widgets.HBox([button]), self.status])
        self._tell()

    @property
    def sheet(self) -> pd.DataFrame:
        """What was coded so far, as a coding sheet."""
        return self._sheet.assign(
            code=[code.value for code in self.codes],
            memo=[memo.value for memo in self.memos],
            coder=self.name.value.strip(),
        )

    def _tell(self, _=None) -> None:
        done = sum(bool(code.value) for code in self.codes)
        self.status.value = f"<p>{done} of {len(self.codes)} coded.{self._conclusion()}</p>"

    def _conclusion(self) -> str:
        if self.sides is None:
            return ""
        sheet = self.sheet[self.sheet["code"] != ""]
        coding = pd.DataFrame(
            {
                "fact": sheet["unit"],
                "column": [VARIABLES[v].column for v in sheet["variable"]],
                "value": sheet["code"],
                "memo": sheet["memo"],
            },
            columns=[*CODING, "memo"],
        )
        before, after = (
            int(thesis(one, *self.sides)["left_exceeds"])
            for one in (self.seed, apply_coding(self.seed, coding))
        )
        survives = (
            "as under the project's coding"
            if before == after
            else f"under the project's coding: {before}"
        )
        return f" Under your codes the thesis can rest on <b>{after}</b> dimensions ({survives})."

    def save(self) -> Path | None:
        """Write the sheet; says in the form what was done, or why not."""
        if not self.name.value.strip():
            self.status.value = (
                "<p><b>Your name is missing</b>: write it above, then save again.</p>"
            )
            return None
        path = self.folder / f"sheet-{file_name(self.name.value, set())}.csv"
        if path.exists() and pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig"
        ).get("coder", pd.Series([""])).iloc[:1].tolist() != [self.name.value.strip()]:
            self.status.value = (
                f"<p><b>{html.escape(path.name)} is somebody else's</b>: choose another name.</p>"
            )
            return None
        try:
            write_whole(path, "\ufeff" + to_csv(self.sheet))
        except SeedError as error:
            self.status.value = f"<p><b>{html.escape(str(error))}</b></p>"
            return None
        self._tell()
        self.status.value += (
            f"<p>Saved: {html.escape(path.as_posix())}. Hand in this file, or name it in the"
            " parameter <code>sheets</code>.</p>"
        )
        return path

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
    chosen = {
        name: getattr(asked, name) for name in ("sentences", "dimensions", "hypotheses", "most")
    }
    return CodingForm(
        seed,
        make_sheet(seed, "me", asked.code, with_text=False, **chosen),
        left=asked.left,
        right=asked.right,
    )
