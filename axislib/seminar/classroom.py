"""What the notebook 7-seminar calls, and its runs as handouts for each group."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from axislib.errors import SeedError
from axislib.figures import comparison
from axislib.figures.disagreement import disagreement
from axislib.figures.palette import LEVEL
from axislib.files import write_whole
from axislib.notebook import display
from axislib.questions.levels import compared_sides, levels, likenesses, thesis
from axislib.seed.seed import Seed
from axislib.seed.variants import apply_coding, as_coding, read_coding
from axislib.seminar import sheets
from axislib.seminar.agreement import agree, disagreements, write_adjudication
from axislib.tables.schema import records
from axislib.words import FORMS, counted, in_text, names, number_word

OURS, OTHERS = "our coding", "the alternatives together"  # shown where no sheet is
ANOTHER = "with the alternative"  # what the second is called beside a single unit
ASKED = {"actors": ["modality", "speaker"], "dimensions": ["level"], "hypotheses": ["rating"]}
_COUNTS = ["both_known", "left_exceeds", "right_exceeds", "neither"]  # of ``thesis``
_ASKS = {n: f"{asked} " for n, asked in sheets.VARIABLES.items() if n not in ("level", "rating")}


def task(seed: Seed, asked) -> pd.DataFrame:
    """The empty sheet of this notebook, as ``axislib sheet`` would write it for a coder ``me``."""
    chosen = _chosen(asked)
    return sheets.make_sheet(seed, "me", asked.code, with_text=False, most=asked.most, **chosen)


def with_question(units: pd.DataFrame) -> pd.DataFrame:
    """Units with what is asked before each statement; a level and a rating say it themselves."""
    return units.assign(question=units["variable"].map(_ASKS).fillna("") + units["question"])


def _chosen(asked) -> dict:
    return {name: getattr(asked, name) for name in ("sentences", "dimensions", "hypotheses")}


def codebook_in_words(seed: Seed, asked) -> pd.DataFrame:
    """The words of what is coded, with their meanings; of the speakers only how many there are."""
    listed = [name for name in asked.code if name != "speaker"]
    rows = [(name, *word) for name in listed for word in sheets.words_of(seed, name).items()]
    if "speaker" in asked.code:
        voices = f"one of {len(sheets.words_of(seed, 'speaker'))} voices: see the table actors"
        rows.append(("speaker", "an actor's id", voices))
    return pd.DataFrame(rows, columns=["what is coded", "word", "meaning"])


def returned_sheets(seed: Seed, asked) -> sheets.Returned:
    """The sheets named in the parameter ``sheets``; without any, two codings made from the tables.

    One is the project's, the other takes every reading. In the student's version without
    sheets nobody has coded: this pair would give the project's codes away.
    """
    if asked.sheets:
        return sheets.read_sheets(asked.sheets, seed)
    if not asked.solution:
        return sheets.Returned(pd.DataFrame(columns=sheets.CODES), [])
    units = sheets.units_of(seed, asked.code, **_chosen(asked))
    pairs, why = list(zip(units["unit"], units["variable"], strict=True)), _reasons(seed)
    units = units.assign(memo="", file="", row=units.index + sheets.FIRST_ROW)
    both = {OURS: seed, OTHERS: seed.read_as(*seed.readings["id"])}
    codes = pd.DataFrame({who: sheets.own_codes(opened, pairs) for who, opened in both.items()})
    apart, frames = codes[OURS] != codes[OTHERS], []
    for who, opened in both.items():
        table = levels(opened).query("level == 'not_stated' and open_facts != ''")
        left_open = units["unit"].isin(table["dimension"] + ":" + table["coalition"])
        written = codes[who].mask(apart & left_open, "left_open")  # the comparison's word
        frames.append(units.assign(coder=who, code=codes[who], written=written))
    frames[1]["memo"] = pd.Series([why.get(pair, "") for pair in pairs], dtype=str).where(apart, "")
    return sheets.Returned(pd.concat(frames, ignore_index=True)[sheets.CODES], [])


def _as_said(codes: pd.DataFrame) -> pd.DataFrame:
    """Codes as they are shown beside a unit: of our two codings a level may be ``left_open``."""
    opened = (codes["code"] == "not_stated") & (codes["written"] == "left_open")
    coder = codes["coder"].replace(OTHERS, ANOTHER)
    return codes.assign(code=codes["code"].mask(opened, "left_open"), coder=coder)


def _reasons(seed: Seed) -> dict[tuple[str, str], str]:
    """Why a unit may be coded otherwise in one variable, the first reason noted: of a statement, or
    of a level by the statements it rests on and those that another coding would count to it."""
    why: dict[tuple[str, str], str] = {}
    instances = seed.cooperation.set_index("id")[["dimension", "coalition"]].to_dict("index")
    for row in records(seed.readings[["fact", "column", "alternative", "why"]]):
        why.setdefault((row["fact"], row["column"]), row["why"])
        if row["fact"] in instances and row["column"] in ("polarity", "dimension"):
            of = instances[row["fact"]]
            moved = row["alternative"] if row["column"] == "dimension" else of["dimension"]
            for dimension in (of["dimension"], moved):
                why.setdefault((f"{dimension}:{of['coalition']}", "level"), row["why"])
    return why


def who_coded(returned: sheets.Returned, asked) -> str:
    """A sentence on whose codes these are."""
    if not returned.coders:
        return (
            "Nobody has handed in a sheet yet: name the files in the parameter `sheets`, then run"
            " all cells again."
        )
    if not asked.sheets:
        return (
            "**An illustration, not a result.** Two codings made from the tables are compared: ours"
            " and one that adopts every alternative at once. To see your own class\u2019s coding,"
            " open the notebook (the program file) behind this page and, in the line that begins"
            ' `sheets`, name the folder that holds your sheets, for example `["../sheets"]`.'
        )
    called, coders = ", ".join(map(_plain, returned.coders)), counted(len(returned.coders), "coder")
    return f"**{coders}**: {called}. **{counted(len(returned.notices), 'problem')}** to look at."


def _plain(name: str) -> str:
    # a student's name is text: no link, no emphasis
    return "".join("\\" + sign if sign in "\\`*_[]()<>#!|" else sign for sign in name)


def notices(returned: sheets.Returned) -> pd.DataFrame:
    """What somebody should look at, in rows."""
    rows = [
        (n.file + (f", row {n.row}" if n.row else ""), n.value, n.problem, n.remedy)
        for n in returned.notices
    ]
    return pd.DataFrame(rows, columns=["where", "value found", "what it is", "what to do"])


def agreement_in_words(seed: Seed, returned: sheets.Returned) -> pd.DataFrame:
    """The table of ``agree`` with numbers as a reader wants them."""
    table = agree(returned.codes, seed).rename(columns={"variable": "what is coded"})
    ends = zip(table["low"], table["high"], strict=True)
    numbers = {
        "coded alike": [f"{100 * x:.0f}%" if x == x else "" for x in table["alike"]],
        "alpha": [f"{x:.2f}" if x == x else "undefined" for x in table["alpha"]],
        "95% interval": [f"{low:.2f} to {high:.2f}" if low == low else "" for low, high in ends],
        "caution": table["why"],
    }
    return table[["what is coded", "coders", "scale", "units"]].assign(**numbers)


def parted(seed: Seed, returned: sheets.Returned) -> pd.DataFrame:
    """The table of disagreements, without sentences: a saved notebook must not hold them."""
    table = with_question(disagreements(_as_said(returned.codes), seed, with_text=False))
    for row in table.index[table.duplicated(["variable", "question"], keep=False)]:
        table.loc[row, "question"] += f" (table: {seed.row(table['unit'][row])['table']})"
    return table.drop(columns=["sentence", "where"]).rename(columns={"variable": "what is coded"})


def heat_map(seed: Seed, returned: sheets.Returned, asked) -> None:
    """Display the heat map of the variable asked for, else of that on which coders part most."""
    codes, variable = returned.codes[returned.codes["code"] != ""], asked.variable
    if codes.empty and not variable:
        return display.say("There is nothing to draw yet.")
    parts = codes.groupby(["variable", "unit"], sort=False)["code"].nunique().gt(1)
    variable = variable or str(parts.groupby("variable", sort=False).sum().idxmax())
    codes = _as_said(returned.codes[returned.codes["variable"] == variable])
    display.show(disagreement(seed, codes, variable, ours=set(codes["coder"]) == {OURS, ANOTHER}))


def comparison_under(seed: Seed, returned: sheets.Returned, asked) -> None:
    """Display what the comparison becomes under the jury's file, else under the sheet of ``coder``
    or the last coder: a sentence, and a table of the levels that change. Without any coding the
    project's comparison; a sentence if there are no two sides, or in the student's version.
    """
    if (sides := compared_sides(seed, asked.left, asked.right)) is None:
        words = "This seed compares no two coalitions, so there is no comparison to draw."
        return display.say(words)
    coder = asked.coder or "".join(returned.coders[-1:])
    if not (asked.coding or coder or asked.solution):
        return display.say(
            "Drawn here once a coding is named or a sheet has come back: our own levels would"
            " give the answers away. They are in the teacher's version (`solution`)."
        )
    whose = Path(asked.coding).name or coder
    if whose in ("", OURS):
        return display.show(comparison(seed, *sides, dimensions=asked.dimensions or None))
    jury = read_coding(asked.coding) if asked.coding else None
    other = apply_coding(seed, coding_of(returned.codes, coder) if jury is None else jury)
    display.say(_outcome(seed, other, sides, whose))
    codes = _as_said(returned.codes[returned.codes["coder"] == whose])
    opened = codes.loc[codes["code"] == "left_open", "unit"]
    display.table(changed(seed, other, *sides, opened), "What changes")


def _outcome(seed: Seed, other: Seed, sides: Sequence[str], whose: str) -> str:
    """On how many forms of cooperation the sides can be compared under another coding."""
    made = f"Under the coding of {_plain(whose)}"
    made = "If every alternative coding is adopted at once" if whose == OTHERS else made
    ours, theirs = (int(thesis(part, *sides)["both_known"]) for part in (seed, other))
    now = f"{number_word(theirs)} {FORMS[theirs > 1]}"
    mine = number_word(ours) if ours else "none"
    return f"**{made}, {now} can be compared. Under ours, {mine} can.**"


def changed(
    seed: Seed, other: Seed, left: str, right: str, opened: Iterable[str] = ()
) -> pd.DataFrame:
    """The forms of cooperation whose level on either side is another in ``other`` (``opened``: the
    units that it leaves open): the levels, and which side is favoured, before and after; those
    first on which the result changes."""
    called = names(seed)
    favours = {"left": in_text(called[left]), "right": in_text(called[right])}
    favours |= {"neither": "a tie", "cannot_say": "not comparable"}
    said = {word: look.word for word, look in LEVEL.items()}
    columns = ["left_level", "right_level", "exceeds"]
    before, after = (
        likenesses(part, left, right).set_index("dimension")[columns].replace(favours | said)
        for part in (seed, other)
    )
    for column, side in zip(columns[:2], (left, right), strict=True):
        after[column] = after[column].mask((after.index + f":{side}").isin([*opened]), "left open")
    apart = (before != after).sort_values("exceeds", ascending=False, kind="stable")
    table = before.where(before == after, before + " \u2192 " + after)
    table = table.loc[apart.index[apart.any(axis=1)]]
    heads = dict(zip(columns, (called[left], called[right], "favours"), strict=True))
    table = table.rename(columns=heads, index=called)
    return table.rename_axis("form of cooperation").reset_index()


def survives(seed: Seed, returned: sheets.Returned, asked) -> pd.DataFrame:
    """``conclusions`` for the seed's two coalitions; empty where it has no two."""
    if (sides := compared_sides(seed, asked.left, asked.right)) is None:
        return pd.DataFrame(columns=["coding", "levels changed"])
    called = names(seed)
    left, right = (f"favour {in_text(called[side])}" for side in sides)
    heads = dict(zip(_COUNTS, ("can be compared", left, right, "ties"), strict=True))
    table = conclusions(seed, returned, *sides)
    compared = " and ".join(in_text(called[side]) for side in sides)
    heads["levels_changed"] = f"levels changed ({compared} only)"
    return table[table["coding"] != OURS].rename(columns=heads)


def quiz_key(seed: Seed, asked, quiz_and_key) -> pd.DataFrame:
    """The key in the solution's version, without ids; in the student's an empty table."""
    return quiz_and_key[1].drop(columns="fact").iloc[: None if asked.solution else 0]


def write_jury(returned: sheets.Returned, asked) -> str:
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


def coding_of(codes: pd.DataFrame, coder: str) -> pd.DataFrame:
    """One coder's codes as a coding, for ``open_seed(codings=...)``.
    Where a unit has no code the project's coding stays. SeedError names the coders there are."""
    if coder not in set(codes["coder"]):
        known = ", ".join(dict.fromkeys(codes["coder"])) or "none"
        raise SeedError(f"'{coder}' handed in no sheet; there are: {known}")
    return as_coding(codes[codes["coder"] == coder]).assign(coder=coder)


def conclusions(seed: Seed, returned: sheets.Returned, left: str, right: str) -> pd.DataFrame:
    """Does the result of the comparison survive each coding? The project's comes first.

    Columns: ``coding``, ``levels_changed`` (cells of the two coalitions that differ), then the
    counts of ``thesis``: ``both_known``, ``left_exceeds``, ``right_exceeds``, ``neither``.
    """
    base, rows = levels(seed, [left, right])["level"], []
    for coder in ["", *returned.coders]:
        other = apply_coding(seed, coding_of(returned.codes, coder)) if coder else seed
        changed = int((levels(other, [left, right])["level"] != base).sum())
        rows.append((coder or "ours", changed, *thesis(other, left, right)[_COUNTS]))
    return pd.DataFrame(rows, columns=["coding", "levels_changed", *_COUNTS])


def write_plan(seed: Seed, name: str, groups: Sequence[str], by: str, path: Path) -> Path:
    """Write a plan for ``axislib batch``: a share for each group, without solutions and with."""
    shares, sides = sheets.share_out(seed, by, len(groups)), compared_sides(seed)
    folder = Path(name)
    # a plan lies elsewhere than the place it was asked from
    name = str(folder.resolve()) if folder.is_dir() and len(folder.parts) > 1 else name
    compared = dict(zip(("left", "right"), sides, strict=True)) if sides else {}
    versions = {
        version: {
            "fixed": {"solution": version == "teacher"},
            "output": "{group}/{name}.ipynb",
            "runs": [
                {"name": group, "parameters": {by: [*share[by]]}}
                for group, share in zip(groups, shares, strict=True)
            ],
        }
        for version in ("students", "teacher")
    }
    plan = {
        "title": f"Handouts by {by}",
        "notebooks": ["7-seminar"],
        "fixed": {"seed": name, "code": ASKED[by], **compared},
        "groups": versions,
    }
    writer, text = YAML(), io.StringIO()
    writer.default_flow_style = None
    writer.dump(plan, text)
    made = "# made by axislib sheet --handouts; run it with: axislib batch\n"
    write_whole(path, made + text.getvalue())
    return Path(path)


def make_handouts(seed: Seed, name: str, groups: Sequence[str], by: str, out: Path) -> list[Path]:
    """Handouts for all groups in one go: the plan, its runs through the batch runner, one HTML
    site, a PDF for each page.

    Returns the site's first page, then the PDFs. Raises SeedError where a run failed (the manifest
    says which), and, with the HTML written, where no Chromium is installed to print with.
    """
    from axislib.batch.runner import run_batch, write_batch_site
    from axislib.report.printing import pass_on

    plan = write_plan(seed, name, groups, by, out / "handouts.yaml")
    result = run_batch(plan, out=out / "handouts")
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
