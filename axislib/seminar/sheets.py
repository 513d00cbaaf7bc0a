"""What a student can be asked to code, and coding sheets for it, for Excel and as CSV."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from axislib.errors import SeedError, did_you_mean
from axislib.files import to_csv, write_whole
from axislib.questions.levels import compared_coalitions, levels
from axislib.seed.seed import Seed
from axislib.seed.variants import select
from axislib.tables.schema import LEVELS, fact_tables, records, split_cell, vocabulary
from axislib.tables.spreadsheets import (
    SHEET,
    as_bytes,
    drop_down,
    fill_sheet,
    new_book,
    read_cells_of,
)

UNITS = ["unit", "variable", "where", "question"]
CODEBOOK = ["variable", "code", "meaning", "task", "scale"]
TO_FILL = ("code", "memo")
FIRST_ROW = 2  # below the names of the columns
WIDTHS = {"unit": 26, "sentence": 60, "question": 60, "code": 22, "memo": 40}
BY = ("actors", "dimensions", "hypotheses")


@dataclass(frozen=True)
class Variable:
    """One thing to be coded: what to ``ask`` above the list of words, and its ``scale``.

    ``scale`` is nominal (words without order) or ordinal (words in order, lowest first).
    """

    ask: str
    scale: str = "nominal"


VARIABLES = {  # each is called as the column it fills
    "level": Variable(
        "Does the article let you say that this form of cooperation was there? Name the sentence in"
        " the memo."
    ),
    "modality": Variable("How firmly does the speaker put it forward?"),
    "polarity": Variable("Is it said to be so, said not to be so, or left open?"),
    "speaker": Variable("Whose words are these: who is the source of what is said?"),
    "role": Variable("What part does it play in the argument (Toulmin)?"),
    "rating": Variable(
        "How does this statement bear on this rival explanation (Heuer's matrix)?", "ordinal"
    ),
}


def words_of(seed: Seed, variable: str) -> dict[str, str]:
    """The closed list of a variable for one seed: word -> meaning; ratings run from against to for.

    >>> import axislib
    >>> list(words_of(axislib.open_seed(), "rating"))[0]
    'strongly_inconsistent'
    """
    if variable == "level":
        return dict(LEVELS)
    if variable == "rating":
        return dict(reversed(vocabulary("rating").items()))
    if variable == "speaker":
        heard = set(seed.facts["speaker"])
        speaks = seed.actors["kind"].isin(["person", "body", "group"])
        voices = seed.actors[speaks | seed.actors["id"].isin(heard)]
        return dict(zip(voices["id"], voices["name"], strict=True))
    return dict(vocabulary(variable))


def locators_of(seed: Seed, chosen: Iterable[str]) -> list[str]:
    """The sentences meant by ``P14``, ``P14-P16`` or ``P14.S3``, in reading order; all for none
    chosen.

    Raises SeedError for what names no sentence of the seed.

    >>> import axislib
    >>> locators_of(axislib.open_seed(), ["P02"])
    ['P02.S1', 'P02.S2']
    """
    known, wanted = list(seed.sentences["locator"]), set()
    for part in [part.strip() for cell in chosen for part in re.split(r"[;,]", cell)]:
        found = _sentences_named(part, known)
        if part and not found:
            ends = f"write P14, P14-P16 or P14.S3, from {known[0]} to {known[-1]}" if known else ""
            raise SeedError(
                f"sentences: '{part}' names none of seed {seed.name}; {ends or 'it has none'}"
            )
        wanted.update(found)
    return [locator for locator in known if locator in wanted] if wanted else known


def _sentences_named(part: str, known: list[str]) -> list[str]:
    span = re.fullmatch(r"P(\d+)(?:-P?(\d+))?", part)
    if not span:
        return [part] if part in known else []
    low, high = int(span[1]), int(span[2] or span[1])
    return [locator for locator in known if low <= int(locator[1:].split(".")[0]) <= high]


def units_of(
    seed: Seed,
    variables: Iterable[str],
    sentences: Iterable[str] = (),
    dimensions: Iterable[str] = (),
    hypotheses: Iterable[str] = (),
    most: int = 0,
) -> pd.DataFrame:
    """What there is to code: a row for each unit and variable, in reading order.

    Columns: ``unit`` (a statement's id; ``dimension:coalition`` for a level; the id of a row of
    consistency for a rating), ``variable``, ``where`` (locators; empty for a level, where finding
    them is the task) and ``question``. Empty choices mean all; ``most`` keeps so many units for
    each variable, spread evenly. Raises SeedError for what the seed does not have.
    """
    sentences = list(sentences)
    places = {locator: n for n, locator in enumerate(locators_of(seed, sentences))}
    dimensions = set(seed.ids_of(dimensions, seed.dimensions["id"], "dimensions"))
    hypotheses = set(seed.ids_of(hypotheses, seed.hypotheses["id"], "hypotheses"))
    frames = []
    for name in dict.fromkeys(variables):
        if name not in VARIABLES:
            remedy = did_you_mean(name, VARIABLES, f"there are: {', '.join(VARIABLES)}")
            raise SeedError(f"'{name}' is not something to code; {remedy}")
        if name == "level":
            frame = _levels(seed, dimensions, places if sentences else None)
        elif name == "rating":
            frame = _ratings(seed, hypotheses, places)
        else:
            tables = ["claims"] if name == "role" else fact_tables()
            frame = _facts(seed, tables, dimensions, places)
        if most and len(frame) > most:
            frame = frame.iloc[[i * len(frame) // most for i in range(most)]]
        frames.append(frame.assign(variable=name))
    return pd.concat(frames, ignore_index=True)[UNITS] if frames else pd.DataFrame(columns=UNITS)


def _in_reading_order(rows: Iterable[dict], places: Mapping[str, int]) -> pd.DataFrame:
    kept = [
        (min(found), row)
        for row in rows
        if (found := [places[place] for place in split_cell(row["where"]) if place in places])
    ]
    ordered = [row for _, row in sorted(kept, key=lambda pair: pair[0])]
    return pd.DataFrame(ordered, columns=["unit", "where", "question"])


def _facts(
    seed: Seed, tables: list[str], dimensions: set[str], places: Mapping[str, int]
) -> pd.DataFrame:
    rows = []
    for frame in (seed.tables[name] for name in tables):
        if dimensions:
            on_these = frame["dimension"].isin(dimensions) if "dimension" in frame else []
            frame = frame[on_these] if len(on_these) else frame.iloc[:0]
        columns = {"id": "unit", "anchors": "where", "statement": "question"}
        rows += records(frame[[*columns]].rename(columns=columns))
    return _in_reading_order(rows, places)


def _levels(seed: Seed, dimensions: set[str], places: Mapping[str, int] | None) -> pd.DataFrame:
    called = dict(zip(seed.actors["id"], seed.actors["name"], strict=True))
    near = seed.cooperation.groupby("dimension")["anchors"].agg(";".join).to_dict()
    rows = []
    for row in seed.dimensions.to_dict("records"):
        anchors = {*split_cell(row["anchors"]), *split_cell(near.get(row["id"], ""))}
        if dimensions and row["id"] not in dimensions:
            continue
        if places is not None and not anchors & set(places):
            continue
        for coalition in compared_coalitions(seed):
            question = f"{row['name']}: {called.get(coalition, coalition)}. {row['question']}"
            rows.append((f"{row['id']}:{coalition}", "", f"{question} {row['definition']}"))
    return pd.DataFrame(rows, columns=["unit", "where", "question"])


def _ratings(seed: Seed, hypotheses: set[str], places: Mapping[str, int]) -> pd.DataFrame:
    statements = dict(zip(seed.facts["id"], seed.facts["statement"], strict=True))
    columns = (seed.hypotheses[name] for name in ("id", "name", "definition"))
    named = {row_id: f"{name} ({meaning})" for row_id, name, meaning in zip(*columns, strict=True)}
    rows = []
    for row in records(seed.consistency):
        if not hypotheses or row["hypothesis"] in hypotheses:
            fact = statements.get(row["fact"], row["fact"])
            question = f"Rival explanation: {named[row['hypothesis']]} Statement: {fact}"
            rows.append({"unit": row["id"], "where": row["anchors"], "question": question})
    return _in_reading_order(rows, places)


def code_in(seed: Seed, unit: str, variable: str) -> str:
    """The seed's own code for a unit: what the project, or whoever coded this seed, wrote there."""
    if variable == "level":
        dimension, _, coalition = unit.partition(":")
        table = levels(seed, [coalition])
        return str(table.loc[table["dimension"] == dimension, "level"].iloc[0])
    return str(seed.row(unit)[variable])


def codes_in(seed: Seed) -> dict[tuple[str, str], str]:
    """The seed's own codes of all levels and statements: (unit, variable) -> code."""
    table = levels(seed)
    units = zip(table["dimension"], table["coalition"], table["level"], strict=True)
    codes = {(f"{dimension}:{coalition}", "level"): level for dimension, coalition, level in units}
    for name in VARIABLES.keys() & set(seed.facts):
        column = zip(seed.facts["id"], seed.facts[name], strict=True)
        codes |= {(unit, name): str(code) for unit, code in column}
    return codes


# --- sheets


def make_sheet(
    seed: Seed,
    coder: str,
    variables: Sequence[str],
    with_text: bool = True,
    actors: Sequence[str] = (),
    **chosen,
) -> pd.DataFrame:
    """One coder's empty sheet: a row for each unit and variable, with the columns ``SHEET``.

    ``chosen`` goes to ``units_of``; ``actors`` keeps the statements that name them. ``sentence``
    holds the words of the reader's own copy, if there is one. Raises SeedError if there is nothing
    to code, or the coder has no name.
    """
    if not coder.strip():
        raise SeedError("a coder needs a name; such as: axislib sheet --for anna")
    part = select(seed, actors=actors) if actors else seed
    units = units_of(part, variables, **chosen)
    if units.empty:
        raise SeedError(
            f"{coder}: nothing to code is left; choose more sentences, or something else to code"
            f" ({', '.join(VARIABLES)})"
        )
    words = [sentences_at(seed, cell) if with_text else "" for cell in units["where"]]
    sheet = units.assign(sentence=words, code="", memo="", coder=coder.strip(), seed=seed.name)
    return sheet[SHEET]


def sentences_at(seed: Seed, anchors: str) -> str:
    """The sentences at these locators (``;`` between), in the words of the reader's own copy."""
    return " ".join(filter(None, map(seed.sentence, split_cell(anchors))))


def codebook_of(seed: Seed, variables: Iterable[str]) -> pd.DataFrame:
    """What may be in the column ``code``, with its meaning."""
    rows = [
        (name, word, meaning, VARIABLES[name].ask, VARIABLES[name].scale)
        for name in dict.fromkeys(variables)
        for word, meaning in words_of(seed, name).items()
    ]
    return pd.DataFrame(rows, columns=CODEBOOK)


def workbook(sheet: pd.DataFrame, codebook: pd.DataFrame, title: str = "coding") -> bytes:
    """A sheet for Excel: drop-downs, the codebook as second tab, the rest locked (no password)."""
    from openpyxl.styles import Protection
    from openpyxl.utils import get_column_letter

    book = new_book()
    page = book.create_sheet(title)
    fill_sheet(page, sheet)
    fill_sheet(book.create_sheet("codebook"), codebook)
    at = {name: get_column_letter(n) for n, name in enumerate(sheet.columns, start=1)}
    for name in WIDTHS.keys() & at.keys():
        page.column_dimensions[at[name]].width = WIDTHS[name]
    _add_drop_downs(page, sheet, codebook, at["code"])
    for name in TO_FILL:
        for row in range(FIRST_ROW, FIRST_ROW + len(sheet)):
            cell = page[f"{at[name]}{row}"]
            cell.protection = Protection(locked=False)
            cell.number_format = "@"  # text: what is typed here is not reckoned with
    page.protection.sheet = True
    for free in ("formatColumns", "formatRows", "autoFilter", "sort"):
        setattr(page.protection, free, False)
    page.freeze_panes = "B2"
    return as_bytes(book)


def _add_drop_downs(page, sheet: pd.DataFrame, codebook: pd.DataFrame, column: str) -> None:
    """Let each cell for a code offer the words of its variable."""
    error = "Choose a code from the list; what does not fit goes into the memo."
    for variable in sheet["variable"].unique():
        rows, asked = (
            [n for n, name in enumerate(frame["variable"], FIRST_ROW) if name == variable]
            for frame in (codebook, sheet)
        )
        if rows:
            # a list typed into a cell may hold 255 signs at most: the codebook tab is the list
            words = f"codebook!$B${rows[0]}:$B${rows[-1]}"
            drop_down(page, words, [f"{column}{row}" for row in asked], error)


def csv_for_excel(frame: pd.DataFrame) -> str:
    """A frame as CSV with the byte-order mark by which Excel knows UTF-8."""
    return "\ufeff" + to_csv(frame)


def write_sheets(
    seed: Seed,
    coders: Sequence[str],
    variables: Sequence[str],
    out: Path,
    forms: Sequence[str] = ("xlsx", "csv"),
    by: str = "",
    with_text: bool = True,
    **chosen,
) -> list[Path]:
    """Write a sheet for each coder; returns the paths.

    ``by`` gives each coder an actor, dimension or hypothesis, in turn. Raises SeedError, before
    anything is written, for two coders of one name or a sheet that is filled in already.
    """
    if twice := sorted(coder for coder, times in Counter(coders).items() if times > 1):
        like = f"{twice[0]}_2"
        raise SeedError(
            f"two coders are called {', '.join(twice)}; give each its own name, such as {like}"
        )
    shares = share_out(seed, by, len(coders)) if by else [{}] * len(coders)
    codebook = codebook_of(seed, variables)
    taken: set[str] = set()
    files: dict[Path, str | bytes] = {}
    for coder, share in zip(coders, shares, strict=True):
        name = file_name(coder, taken)
        sheet = make_sheet(seed, coder, variables, with_text, **{**chosen, **share})
        for form in forms:
            content = workbook(sheet, codebook) if form == "xlsx" else csv_for_excel(sheet)
            files[Path(out) / f"sheet-{name}.{form}"] = content
    for path in files:
        _refuse_filled(path)
    if "csv" in forms:
        # a CSV file has no second tab: the codebook lies beside it
        files[Path(out) / "codebook.csv"] = csv_for_excel(codebook)
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def _refuse_filled(path: Path) -> None:
    """A sheet that somebody has filled in is never written over."""
    if not path.exists():
        return
    cells = read_cells_of(path)
    filled = int((cells["code"].str.strip() != "").sum()) if "code" in cells else len(cells)
    if filled:
        raise SeedError(
            f"{path} is there already and holds {filled} codes that would be lost; nothing was"
            " written; move it, or name another folder with --out"
        )


def share_out(seed: Seed, by: str, groups: int) -> list[dict[str, list[str]]]:
    """An actor (most spoken of first), dimension or hypothesis for each group, in turn.

    >>> import axislib
    >>> share_out(axislib.open_seed(), "hypotheses", 2)
    [{'hypotheses': ['hyp_axis']}, {'hypotheses': ['hyp_marriage_of_convenience']}]
    """
    if by == "actors":
        polities = set(seed.actors.loc[seed.actors["kind"].isin(["polity", "group", "body"]), "id"])
        named = seed.links.loc[seed.links["column"] != "speaker", "target"]
        values = list(named[named.isin(polities)].value_counts(sort=True).index)
    elif by in BY:
        values = list(seed.tables[by]["id"])
        if by == "dimensions":  # those on which there is something to find come first
            spoken = seed.cooperation["dimension"].value_counts()
            values.sort(key=lambda one: -int(spoken.get(one, 0)))
    else:
        raise SeedError(f"'{by}' cannot be shared out; use one of: {', '.join(BY)}")
    if not values:
        raise SeedError(f"seed {seed.name} has no {by} to share out")
    return [{by: [values[n % len(values)]]} for n in range(groups)]


def file_name(coder: str, taken: set[str]) -> str:
    """A new name safe on every system: letters of any script without accents, digits, - and _.

    >>> file_name("Zo\\u00eb / Gruppe 1", set())
    'Zoe-Gruppe-1'
    """
    letters = unicodedata.normalize("NFKD", coder)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    stem = unicodedata.normalize("NFC", re.sub(r"\W+", "-", plain)).strip("-") or "coder"
    name, n = stem, 2
    while name.lower() in taken:
        name, n = f"{stem}-{n}", n + 1
    taken.add(name.lower())
    return name
