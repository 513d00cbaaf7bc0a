"""What the notebook 7-seminar calls, and its runs as handouts for each group."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError
from axislib.figures.palette import LEVEL
from axislib.files import write_whole
from axislib.questions.levels import compared_sides, levels, thesis
from axislib.seed.seed import Seed
from axislib.seed.variants import apply_coding, as_coding, read_coding
from axislib.seminar.agreement import agree, disagreements, write_adjudication
from axislib.seminar.returned import CODES, Returned, read_sheets
from axislib.seminar.sheets import FIRST_ROW, code_in, make_sheet, share_out, units_of, words_of
from axislib.words import counted, names

OURS, OTHERS = "the project’s coding", "the alternative codings"  # shown where no sheet is
_WHAT = {"level": "form of cooperation, coalition by coalition"}  # a variable in a reader's words
NOTEBOOK = "7-seminar"
ASKED = {"actors": ["modality", "speaker"], "dimensions": ["level"], "hypotheses": ["rating"]}
_COUNTS = {"both_known": "can be compared", "left_exceeds": "{left} goes further"}
_COUNTS |= {"right_exceeds": "{right} goes further", "neither": "tie"}


def task(seed: Seed, asked) -> pd.DataFrame:
    """The empty sheet of this notebook, as ``axislib sheet`` would write it for a coder ``me``."""
    return make_sheet(seed, "me", asked.code, with_text=False, **_chosen(asked))


def _chosen(asked) -> dict:
    names = ("sentences", "dimensions", "hypotheses", "most")
    return {name: getattr(asked, name) for name in names}


def codebook_in_words(seed: Seed, asked) -> pd.DataFrame:
    """The words of what is coded, with their meanings; of the speakers only how many there are."""
    rows = [
        (name, word, meaning + _in_charts(word))
        for name in asked.code
        if name != "speaker"
        for word, meaning in words_of(seed, name).items()
    ]
    if "speaker" in asked.code:
        voices = f"one of {len(words_of(seed, 'speaker'))} voices: see the table actors"
        rows.append(("speaker", "an actor's id", voices))
    return pd.DataFrame(rows, columns=["what is coded", "word", "meaning"])


def _in_charts(code: str) -> str:
    """What the charts call a level, where that is another word."""
    other = code in LEVEL and LEVEL[code].word != code.replace("_", " ")
    return f" (in the charts: {LEVEL[code].word})" if other else ""


def returned_sheets(seed: Seed, asked) -> Returned:
    """The sheets named in the parameter ``sheets``; without any, two codings made from the tables.

    One is the project's, the other takes every reading. In the student's version without
    sheets nobody has coded: this pair would give the project's codes away.
    """
    if asked.sheets:
        return read_sheets(asked.sheets, seed)
    if not asked.solution:
        return Returned(pd.DataFrame(columns=CODES), [])
    units = units_of(seed, asked.code, **{**_chosen(asked), "most": 0})
    other = seed.read_as(*seed.readings["id"])
    why = dict(zip(seed.readings["fact"], seed.readings["why"], strict=True))
    frames = []
    for coder, opened, memos in ((OURS, seed, {}), (OTHERS, other, why)):
        asked_of = zip(units["unit"], units["variable"], strict=True)
        codes = [code_in(opened, unit, variable) for unit, variable in asked_of]
        memo = [memos.get(unit, "") for unit in units["unit"]]
        rows = range(FIRST_ROW, FIRST_ROW + len(units))
        own = {"coder": coder, "code": codes, "memo": memo, "written": codes}
        frames.append(units.assign(**own, file="", row=rows))
    return Returned(pd.concat(frames, ignore_index=True)[CODES], [])


def who_coded(returned: Returned, asked) -> str:
    """A sentence on whose codes these are."""
    if not returned.coders:
        return (
            "Nobody has handed in a sheet yet: name the files in the parameter `sheets`, then run"
            " all cells again."
        )
    if not asked.sheets:
        return (
            "**An illustration, not a result: no class has coded this.** Compared are two codings"
            f" made from the tables: {OURS}, and {OTHERS}, all taken at once. Name your class’s"
            " sheets in the parameter `sheets`."
        )
    called = ", ".join(map(_plain, returned.coders))
    coders, notes = counted(len(returned.coders), "coder"), counted(len(returned.notices), "thing")
    return f"**{coders}**: {called}. **{notes}** to look at."


def _plain(name: str) -> str:
    # a student's name is text: no link, no emphasis
    return "".join("\\" + sign if sign in "\\`*_[]()<>#!|" else sign for sign in name)


def notices(returned: Returned) -> pd.DataFrame:
    """What somebody should look at, in rows."""
    rows = [
        (n.file + (f", row {n.row}" if n.row else ""), n.value, n.problem, n.remedy)
        for n in returned.notices
    ]
    return pd.DataFrame(rows, columns=["where", "value found", "what it is", "what to do"])


def agreement_in_words(seed: Seed, returned: Returned) -> pd.DataFrame:
    """The table of ``agree`` with numbers as a reader wants them."""
    table = agree(returned.codes, seed)
    ends = zip(table["low"], table["high"], strict=True)
    both = [f"{low:.2f} to {high:.2f}" if low == low else "" for low, high in ends]
    numbers = {
        "coded alike": [f"{100 * x:.0f} %" if x == x else "" for x in table["alike"]],
        "alpha": [f"{x:.2f}" if x == x else "undefined" for x in table["alpha"]],
        "95 % interval": both,
        "caution": table["why"],
    }
    named = table[["variable", "coders", "scale", "units"]].replace({"variable": _WHAT})
    return named.rename(columns={"variable": "what is coded"}).assign(**numbers)


def parted(seed: Seed, returned: Returned) -> pd.DataFrame:
    """The table of disagreements, without sentences: a saved notebook must not hold them."""
    table = disagreements(returned.codes, seed, with_text=False).drop(columns=["sentence", "where"])
    return table.replace({"variable": _WHAT}).rename(columns={"variable": "what is coded"})


def variable_shown(returned: Returned, asked) -> str:
    """The variable of the heat map: the one asked for, else the one on which coders part most."""
    codes = returned.codes[returned.codes["code"] != ""]
    if asked.variable:
        return asked.variable
    if codes.empty:
        return ""
    parts = codes.groupby(["variable", "unit"], sort=False)["code"].nunique().gt(1)
    return str(parts.groupby("variable", sort=False).sum().idxmax())


def heat_map(seed: Seed, returned: Returned, asked):
    """The heat map of ``variable_shown``, displayed; a sentence where nobody coded anything yet."""
    from axislib.figures.disagreement import disagreement
    from axislib.notebook import display

    variable = variable_shown(returned, asked)
    if not variable:
        display.say("There is nothing to draw yet.")
        return
    codes = returned.codes[returned.codes["variable"] == variable]
    alpha = agree(codes, seed)["alpha"].iloc[0]  # of all coders, or of the only two
    display.show(disagreement(seed, codes, variable, alpha=alpha))


def coding_shown(returned: Returned, asked) -> pd.DataFrame | None:
    """The jury's file, else the sheet of ``coder`` or the last coder; None for the project's."""
    if asked.coding:
        return read_coding(asked.coding)
    coder = asked.coder or (returned.coders[-1] if returned.coders else "")
    return coding_of(returned, coder) if coder else None


def comparison_under(seed: Seed, returned: Returned, asked) -> None:
    """Display the comparison under the coding of ``coding_shown``, and say whose it is; a sentence
    if there are no two sides, or in the student's version as long as only the project's coding is
    there.
    """
    from axislib.figures.comparison import comparison
    from axislib.figures.disagreement import recoded
    from axislib.notebook import display

    sides = compared_sides(seed, asked.left, asked.right)
    if sides is None:
        display.say("This seed compares no two coalitions, so there is no comparison to draw.")
        return
    coding = coding_shown(returned, asked)
    if coding is None and not asked.solution:
        display.say(
            "Drawn here once a coding is named or a sheet has come back: the project's own levels"
            " would give the answers away. They are in the teacher's version (`solution`)."
        )
        return
    whose = "the project"
    if coding is not None:
        whose = Path(asked.coding).name if asked.coding else asked.coder or returned.coders[-1]
    if coding is None or whose == OURS:
        display.show(comparison(seed, *sides, dimensions=asked.dimensions or None))
        return
    made = f"Under the coding of {whose}"
    made = "If every alternative coding is taken" if whose == OTHERS else made
    display.show(recoded(seed, apply_coding(seed, coding), *sides, made))


def survives(seed: Seed, returned: Returned, asked) -> pd.DataFrame:
    """``conclusions`` for the seed's two coalitions; empty where it has no two."""
    sides = compared_sides(seed, asked.left, asked.right)
    called = dict(zip(("left", "right"), (names(seed)[side] for side in sides or ()), strict=False))
    heads = {name: head.format(**called) for name, head in _COUNTS.items()} if sides else _COUNTS
    columns = {"coding": "coding", "levels_changed": "levels changed", **heads}
    if sides is None:
        return pd.DataFrame(columns=list(columns.values()))
    table = conclusions(seed, returned, *sides)
    # the project's coding is there already
    return table[table["coding"] != OURS].rename(columns=columns)


def quiz_key(seed: Seed, asked, quiz_and_key) -> pd.DataFrame:
    """The key in the solution's version; in the student's an empty table."""
    key = quiz_and_key[1]
    return key if asked.solution else key.iloc[:0]


def write_jury(returned: Returned, asked) -> str:
    """Write the jury's file where the parameter ``jury`` names one; a sentence on what was done."""
    if not asked.jury:
        return (
            "Name a file in the parameter `jury`, such as `jury.csv`, to write the jury's sheet; "
            "what is in its column *value* becomes a coding."
        )
    table = write_adjudication(returned.codes, Path(asked.jury))
    left = int((table["value"] == "").sum())
    file, rows = _plain(Path(asked.jury).name), counted(len(table), "row")
    return f"The jury's file **{file}**: {left} of {rows} still to be decided."


def coding_of(returned: Returned | pd.DataFrame, coder: str) -> pd.DataFrame:
    """One coder's codes as a coding, for ``open_seed(codings=...)``.

    Where a unit has no code the project's coding stays. SeedError names the coders there are.
    """
    codes = returned.codes if isinstance(returned, Returned) else returned
    if coder not in set(codes["coder"]):
        known = ", ".join(dict.fromkeys(codes["coder"])) or "none"
        raise SeedError(f"'{coder}' handed in no sheet; there are: {known}")
    return as_coding(codes[codes["coder"] == coder]).assign(coder=coder)


def conclusions(seed: Seed, returned: Returned, left: str, right: str) -> pd.DataFrame:
    """Does the result of the comparison survive each coding? The project's comes first.

    Columns: ``coding``, ``levels_changed`` (cells of the two coalitions that differ), then the
    counts of ``thesis``: ``both_known``, ``left_exceeds``, ``right_exceeds``, ``neither``.
    """
    base = levels(seed, [left, right])["level"]
    rows = []
    for coder in [None, *returned.coders]:
        other = seed if coder is None else apply_coding(seed, coding_of(returned, coder))
        counts = thesis(other, left, right)
        changed = int((levels(other, [left, right])["level"] != base).sum())
        named = {"coding": coder or "the project's", "levels_changed": changed}
        rows.append({**named, **{name: int(counts[name]) for name in _COUNTS}})
    return pd.DataFrame(rows)


# --- handouts


def plan_of(seed: Seed, name: str, groups: Sequence[str], by: str) -> str:
    """A batch plan as YAML text: a share for each group; without solutions, then with."""
    shares, sides = share_out(seed, by, len(groups)), compared_sides(seed)
    compared = f", left: {sides[0]}, right: {sides[1]}" if sides else ""
    lines = [
        "# made by axislib sheet --handouts; run it with: axislib batch",
        f"title: Handouts by {by}",
        f"notebooks: [{NOTEBOOK}]",
        f"fixed: {{seed: {json.dumps(name)}, code: {json.dumps(ASKED[by])}{compared}}}",
        "groups:",
    ]
    for version, solution in (("students", "false"), ("teacher", "true")):
        lines += [
            f"  {version}:",
            f"    fixed: {{solution: {solution}}}",
            '    output: "{group}/{name}.ipynb"',
            "    runs:",
        ]
        for group, share in zip(groups, shares, strict=True):
            name = json.dumps(group, ensure_ascii=False)
            lines.append(f"      - {{name: {name}, parameters: {json.dumps(share)}}}")
    return "\n".join(lines) + "\n"


def write_plan(seed: Seed, name: str, groups: Sequence[str], by: str, path: Path) -> Path:
    """Write the plan of ``plan_of``; returns its path. ``axislib batch`` checks it and runs it."""
    folder = Path(name)
    # a plan lies elsewhere than the place it was asked from
    name = str(folder.resolve()) if folder.is_dir() and len(folder.parts) > 1 else name
    write_whole(path, plan_of(seed, name, groups, by))
    return Path(path)


def make_handouts(
    seed: Seed, name: str, groups: Sequence[str], by: str, out: Path, workers: int = 2
) -> list[Path]:
    """Handouts for all groups in one go: the plan, its runs through the batch runner, one HTML
    site, a PDF for each page.

    Returns the site's first page, then the PDFs. Raises SeedError where a run failed (the manifest
    says which), and, with the HTML written, where no Chromium is installed to print with.
    """
    from axislib.batch.runner import run_batch, write_batch_site
    from axislib.report.printing import pass_on

    plan = write_plan(seed, name, groups, by, out / "handouts.yaml")
    result = run_batch(plan, out=out / "handouts", workers=workers)
    if not result.ok:
        raise SeedError(
            f"not every handout was made ({result}); see {result.manifest}, then: axislib batch"
            f" {plan} --out {out / 'handouts'} --resume"
        )
    indexes = write_batch_site(result.folder, result.rows, "Handouts")
    try:
        return [*indexes, *(page for index in indexes for page in pass_on(index, pdf=True))]
    except SeedError as error:
        raise SeedError(
            f"the handouts are there as HTML: {', '.join(map(str, indexes))}; as PDF they are not:"
            f" {error}"
        ) from None
