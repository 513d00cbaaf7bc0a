"""A data set of one's own: a text split into sentences, which a person can correct in a plain text
file; empty tables and a workbook to code in; and what it still lacks.

Sentence ends are found by nupunkt (Kiss and Strunk's Punkt, 2006, trained on English prose);
paragraphs and sections by plain rules below.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

import pandas as pd

from axislib.authoring import workbook
from axislib.check.rules import beside_facts
from axislib.errors import SeedError
from axislib.files import slug, to_csv, write_folder
from axislib.seed.opening import read_metadata
from axislib.seed.package import package_text
from axislib.tables import schema
from axislib.text.copy import read_copy
from axislib.text.receipt import fingerprint, normalise

EDITORS, NOT_STATED = "editors", "not stated"
_LONGEST_NAME = 40  # of a name that is proposed
_NOT_NAMES = (EDITORS, "editor", "editorial", "staff", "board")
_TITLES = "phd dphil md ma ba mba jr sr ii iii iv prof professor dr mr mrs ms sir lord dame".split()
# letters that are no other letter with a mark
_LETTERS = str.maketrans("\u0142\u00f8\u0131\u0111\u00f0", "loidd")
_LETTERS |= str.maketrans({"\u00e6": "ae", "\u0153": "oe", "\u00fe": "th"})
_DESCRIPTION = (
    "Every statement of an article, coded with its sentence, its speaker and its certainty."
    " The sentences themselves are not part of this package."
)
_SAID = (
    r"(?:said|says|asked|asks|added|adds|wrote|writes|replied|told|warned|argued|explained|noted"
    r"|insisted)"
)
# a sentence may end inside quotation marks, unless what follows says who spoke
_QUOTED_END = re.compile(
    rf"[.?!\u2026][\"\u201d\u2019']\s+(?=[A-Z\u201c\u2018\"])(?!(?:\w+\s+){{0,3}}{_SAID}\b)"
)
# a sentence may begin with a quotation, unless an abbreviation or an initial is before it
_QUOTED_START = re.compile(
    r"(?<![A-Z])(?<!\b(?:Mr|Ms|Dr|St|Lt|Jr|Sr))(?<!\b(?:Mrs|Gen|Sen|Rep|Gov|Col|Sgt|Rev))(?<!\bProf|\bCapt)"
    r"[.?!\u2026]\s+(?=[\u201c\"][A-Z])"
)
_ABOUT_AUTHOR = re.compile(
    r"(The author|[A-Z][\w.'-]+( [A-Z][\w.'-]+){1,3}) (is|was|are|teaches|writes|works)\b"
)
_WIDTH = (50, 100)  # letters in a line of a text that is set to a width
# words in a headline, standfirst, heading, byline and note about the author, at most
_HEADLINE, _STANDFIRST, _HEADING, _BYLINE, _BIO = 25, range(8, 51), 12, 8, 70
# scripts without blanks between words, by the first word of their letters' names
_UNBROKEN = {"CJK": "Chinese or Japanese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}
_UNBROKEN |= {"THAI": "Thai", "LAO": "Lao", "KHMER": "Khmer", "MYANMAR": "Burmese"}
_MOSTLY = 0.2  # of all letters


@dataclass(frozen=True)
class Piece:
    """One sentence: code points ``start`` to before ``end``, ``paragraph`` from 1, ``section``."""

    start: int
    end: int
    paragraph: int
    section: str = "body"


def split_text(text: str) -> list[Piece]:
    """The sentences of a text in order; together they hold every word of it.

    Good for English news prose: abbreviations, initials, quotations, ellipses. It cannot know a
    heading from a sentence without a full stop, nor who wrote what: see ``split_file`` for putting
    it right. SeedError for a script without blanks between words, such as Chinese.

    >>> text = "Ships and Men\\n\\nGen. J. Li left in Jan. 2022. He waited... Then he went."
    >>> [text[p.start:p.end] for p in split_text(text)][1:]
    ['Gen. J. Li left in Jan. 2022.', 'He waited...', 'Then he went.']
    """
    refuse_script(text)
    pieces, spans = [], _paragraphs(text)
    for number, (start, end) in enumerate(spans, start=1):
        section = _section(text[start:end], number, len(spans))
        # a headline, heading or credit is one sentence
        whole = section in ("headline", "heading", "credit")
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
        sentences = [(start, end)] if whole else _sentences_in(text, start, end)
        spoken = [(a, b) for a, b in sentences if re.search(r"\w", text[a:b])]
        pieces += [Piece(a, b, number, section) for a, b in spoken]
    return pieces


def refuse_script(text: str) -> None:
    """SeedError for a text in a script without blanks between words.

    >>> refuse_script("A ship.")
    """
    letters = [sign for sign in text if sign.isalpha()]
    found = Counter(unicodedata.name(sign, "?").split()[0] for sign in letters)
    script = max(_UNBROKEN, key=lambda name: found[name])
    if found[script] > len(letters) * _MOSTLY:
        raise SeedError(
            f"the text is in {_UNBROKEN[script]}: sentences and words of such a script cannot be"
            " told apart yet; use a text in a script with blanks between words"
        )


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Where paragraphs are: lines, or, in a text set to a width, blocks between empty lines."""
    widths, spans = [len(line.strip()) for line in text.splitlines()], []
    wrapped = 0 in widths and max(widths) <= _WIDTH[1]
    line = r"[^\r\n\u2028\u2029]*"
    for start, end in (found.span() for found in re.finditer(rf"{line}\w{line}", text)):
        if wrapped and spans and _goes_on(text, spans, start):
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _goes_on(text: str, spans: list[tuple[int, int]], start: int) -> bool:
    """Whether a line goes on with the paragraph before: its last line is full, and no headline."""
    begin, end = spans[-1]
    last = re.split(r"[\r\n]", text[begin:end])[-1].strip()
    if not re.fullmatch(r"[ \t]*(\r\n|\n|\r)[ \t]*", text[end:start]):
        return False
    headline = len(spans) == 1 and not re.search(r"[.,;:]$", last)
    return not headline and _WIDTH[0] <= len(last) <= _WIDTH[1]


def _sentences_in(text: str, start: int, end: int) -> list[tuple[int, int]]:
    from nupunkt import sent_spans

    # line breaks inside a paragraph are blanks to the splitter; every sign keeps its place
    words = re.sub(r"\s", " ", text[start:end])
    quoted = [one.end() for rule in (_QUOTED_END, _QUOTED_START) for one in rule.finditer(words)]
    cuts = sorted({0, len(words), *quoted, *(first for first, _ in sent_spans(words))})
    spans: list[tuple[int, int]] = []
    for a, b in pairwise(cuts):
        if not (found := re.search(r"\S(.*\S)?", words[a:b])):
            continue
        first, last = start + a + found.start(), start + a + found.end()
        if spans and not re.search(r"\w", found[0]):  # a stray sign belongs to what is before it
            first = spans.pop()[0]
        spans.append((first, last))
    return spans


def _section(words: str, number: int, last: int) -> str:
    """What a paragraph is, by its place (``number`` of ``last``), length and first words."""
    words = " ".join(words.split())
    length = len(words.split())
    open_ended = not re.search(r"[.!?\u2026][\"\u201d\u2019')]*$", words)
    kinds = {
        "headline": number == 1 and length <= _HEADLINE and (open_ended or words.endswith("?")),
        "standfirst": number == 2 and open_ended and length in _STANDFIRST,
        "credit": re.match(r"(?i)(image|photo|picture|illustration|credit)s?( credit)?s?:", words),
        "bio": _is_bio(words, length, last == number > 2),
        "heading": open_ended and length <= _HEADING,
    }
    return next((kind for kind, fits in kinds.items() if fits), "body")


def _is_bio(words: str, length: int, closing: bool) -> bool:
    byline = length <= _BYLINE and re.match(r"By [A-Z]", words)
    return bool(byline or closing and length <= _BIO and _ABOUT_AUTHOR.match(words))


def sentence_table(text: str, pieces: Iterable[Piece]) -> pd.DataFrame:
    """The table ``sentences`` of a text as text cells; none coded yet."""
    columns = ["locator", "section", "start", "end", "length", "sha256", "no_fact_reason"]
    rows, ordered = [], sorted(pieces, key=lambda piece: piece.start)
    paragraphs = groupby(ordered, key=lambda piece: piece.paragraph)
    for paragraph, (_, own) in enumerate(paragraphs, start=1):
        for place, piece in enumerate(own, start=1):
            words = text[piece.start : piece.end]
            numbers = map(str, (piece.start, piece.end, len(normalise(words))))
            locator = f"P{paragraph:02}.S{place}"
            rows.append((locator, piece.section, *numbers, fingerprint(words), workbook.NOT_YET))
    return pd.DataFrame(rows, columns=columns, dtype=str)


def pieces_of(sentences: pd.DataFrame) -> list[Piece]:
    """The pieces of a table ``sentences``."""
    cells = sentences[["start", "end", "locator", "section"]].itertuples(index=False)
    return [
        Piece(int(start), int(end), int(locator.split(".")[0][1:]), section)
        for start, end, locator, section in cells
    ]


def words_at(text: str, sentences: pd.DataFrame) -> dict[str, str]:
    """Locator -> the sentence, on one line, as in the text."""
    places = sentences[["locator", "start", "end"]].itertuples(index=False)
    return {locator: " ".join(text[int(a) : int(b)].split()) for locator, a, b in places}


def split_file(text: str, pieces: Iterable[Piece]) -> str:
    """The split as a text file to correct: sentences on lines, ``[section]`` above."""
    lines, paragraph, section = [], None, None
    for piece in pieces:
        if piece.paragraph != paragraph:
            lines += [""] * bool(lines) + [f"[{piece.section}]"] * (piece.section != section)
            paragraph, section = piece.paragraph, piece.section
        lines.append(" ".join(text[piece.start : piece.end].split()))
    return "\n".join(lines) + "\n"


def read_split(split: str, text: str) -> list[Piece]:
    """The sentences as a person corrected them in a ``split_file``, found again in the text.

    Lines may be joined, split and moved to other paragraphs or sections; words may not change.
    Raises SeedError, naming the line, for changed or missing words and an unknown section.
    """
    refuse_script(text)
    pieces, place, paragraph, section, fresh = [], 0, 0, "body", True
    for number, line in enumerate(split.splitlines(), start=1):
        line = line.strip().lstrip("\ufeff")
        if mark := re.fullmatch(r"\[(\w+)\]", line):
            if mark[1] not in (known := schema.vocabulary("section")):
                wrong = f"[{mark[1]}] is not a section; use one of: {', '.join(known)}"
                raise SeedError(f"split, line {number}: {wrong}")
            section, fresh = mark[1], True
        elif not line:
            fresh = True
        else:
            found = re.compile(r"\s+".join(map(re.escape, line.split()))).search(text, place)
            between = text[place : found.start()] if found else ""
            if not found or re.search(r"\w", between):
                first = " ".join((between if found else text[place:]).split()[:5])
                raise SeedError(
                    f"split, line {number}: '{' '.join(line.split()[:5])} ...' does not follow in"
                    f" the text, which goes on with '{first} ...'; join and split lines, but leave"
                    " the words and their order as they are"
                )
            paragraph += fresh
            pieces.append(Piece(found.start(), found.end(), paragraph, section))
            place, fresh = found.end(), False
    if re.search(r"\w", text[place:]):
        raise SeedError(
            f"split: the text goes on with '{' '.join(text[place:].split()[:5])} ...' after its"
            " last line; put the missing lines back"
        )
    return pieces


@dataclass(frozen=True)
class NewSeed:
    """What ``new_seed`` made; ``split`` is the file to correct, ``workbook`` the one to code in."""

    folder: Path
    sentences: pd.DataFrame = field(repr=False)
    split: Path
    workbook: Path


def new_seed(
    name: str,
    text: Path,
    parent: Path = Path("seeds"),
    author: str = "",
    title: str = "",
    split: Path | None = None,
    outlet: str = "",
    date: str = "",
    licence: str = "",
) -> NewSeed:
    """Make a data set's folder from a text; it is sound at once, with no sentence coded yet.

    ``author`` writes the body, ``editors`` the rest. ``split`` is a corrected split file. Without a
    ``licence`` the tables have none. Copies of the text in the folder (``.txt``, the workbook) are
    for you alone: git ignores them. Raises SeedError, with nothing written, for a bad name or text,
    or a data set in which something would be lost. Check the sections: it guesses who wrote what.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name):
        raise SeedError(
            f"'{name}' cannot be the name of a data set; use small letters, digits and -, such as"
            f" {slug(name, 'my-article')[:_LONGEST_NAME]}"
        )
    folder, raw = Path(parent) / name, read_copy(text)
    pieces = read_split(read_copy(split), raw) if split else split_text(raw)
    if not pieces:
        wrong = "no sentence was found in it; save the article's text as plain text"
        raise SeedError(f"{Path(text).name}: {wrong}")
    _refuse_loss(folder, bool(split))
    before = read_metadata(folder) if folder.exists() else {}
    if not author and before.get("author") != NOT_STATED:
        author = before.get("author", "")
    tables = _empty_tables(author) | {"sentences": sentence_table(raw, pieces)}
    headline = _headline(raw, pieces)
    title = title or _kept_title(folder, before, pieces, headline)
    options = {"author": author, "outlet": outlet, "date": date, "licence": licence}
    metadata = _metadata(name, title or headline, options, before)
    write_folder(folder, _files(name, raw, pieces, tables, metadata), keep=folder.exists())
    to_correct = folder / f"{name}-split.txt"
    return NewSeed(folder, tables["sentences"], to_correct, folder / workbook.WORKBOOK)


def _files(
    name: str, raw: str, pieces: list[Piece], tables: schema.Frames, metadata: dict
) -> dict[str, str | bytes]:
    """What is written into the folder: name of the file -> content."""
    written = {table: to_csv(frame).encode() for table, frame in tables.items()}
    return {
        **{f"{table}.csv": content for table, content in written.items()},
        "datapackage.json": package_text(metadata, contents=written),
        "codebook.csv": to_csv(schema.codebook()),
        f"{name}.txt": raw,
        f"{name}-split.txt": split_file(raw, pieces),
        **workbook.workbook_files(tables, words_at(raw, tables["sentences"])),
    }


def author_id(author: str) -> str:
    """An id for the author: the surname in plain letters; ``author`` where there is none.

    >>> [author_id(name) for name in ("Ana N\u00fa\u00f1ez", "Ada Quill, PhD", "The Editors")]
    ['nunez', 'quill', 'author']
    """
    names = [part.strip(".") for part in author.split(",")[0].split()]
    names = [name for name in names if name.casefold().replace(".", "") not in _TITLES]
    folded = unicodedata.normalize("NFKD", (names or [""])[-1].casefold().translate(_LETTERS))
    surname = re.sub(r"\W+", "_", folded.encode("ascii", "ignore").decode()).strip("_")
    sound = re.fullmatch(r"[a-z]\w*", surname) and surname not in _NOT_NAMES
    return surname if sound else "author"


def _empty_tables(author: str) -> dict[str, pd.DataFrame]:
    """All tables of a data set, with nobody in them but the two who write."""
    tables = {
        table: pd.DataFrame(columns=[field["name"] for field in schema.fields_of(table)], dtype=str)
        for table in schema.load_schema()["tables"]
    }
    kind = "body" if "editor" in author.casefold() else "person"
    people = pd.DataFrame(
        [
            (author_id(author), author or "The author", kind, "writes the article"),
            (EDITORS, "the editors", "body", "write headline, headings and notes"),
        ],
        columns=["id", "name", "kind", "role"],
    )
    return tables | {"actors": people.reindex(columns=tables["actors"].columns, fill_value="")}


def _kept_title(folder: Path, before: dict, pieces: list[Piece], headline: str) -> str:
    """The title a data set has; a title that was only the headline follows a corrected split."""
    copy = folder / f"{folder.name}.txt"
    title = (before.get("sources") or [{}])[0].get("title", "")
    if title and copy.exists():
        old = pieces_of(schema.read_cells(folder / "sentences.csv"))
        if title == _headline(read_copy(copy), old):
            return headline
    return title


def _refuse_loss(folder: Path, corrected: bool) -> None:
    """Nothing that somebody wrote may be lost, nor a folder of something else."""
    if not folder.exists():
        return
    if not (folder / "datapackage.json").exists():
        raise SeedError(f"{folder}: is there already and is not a seed; choose another name")
    waiting, held = workbook.untaken(folder), workbook.coded(folder)
    holds = [f"its tables hold {workbook.counted(held)}"] * bool(held)
    holds += [f"{workbook.WORKBOOK} holds {workbook.counted(waiting)}"] * bool(waiting)
    if holds:
        calls = [f"take the workbook over: {workbook.taking_call(folder)}"] * bool(waiting) + [
            "for another version of its text, or a corrected split: axislib text --revise FILE"
            f" [--split FILE] --seed {folder.name}"
        ]
        raise SeedError(
            f"data set {folder.name} is there already; {', '.join(holds)} that would be lost;"
            f" {'; then, '.join(calls)}; or, to begin anew, move {folder} away"
        )
    split, copy = folder / f"{folder.name}-split.txt", folder / f"{folder.name}.txt"
    if corrected or not split.exists() or not copy.exists():
        return
    pieces = pieces_of(schema.read_cells(folder / "sentences.csv"))
    if split.read_text(encoding="utf-8") != split_file(read_copy(copy), pieces):
        raise SeedError(
            f"{split.name} was corrected and would be lost; use it: axislib new"
            f" {folder.name}{workbook.into(folder)} --text FILE --split {split}; or take it away"
        )


def _headline(raw: str, pieces: list[Piece]) -> str:
    spans = (raw[p.start : p.end] for p in pieces if p.section == "headline")
    return " ".join(next(spans, "").split())


def _metadata(name: str, title: str, options: dict[str, str], before: dict) -> dict:
    """What the data set says of itself; what ``before`` says and no option says otherwise stays."""
    source = (before.get("sources") or [{}])[0]
    title, author = title or name, options["author"] or NOT_STATED
    said = {key: options[key] or source.get(key) or NOT_STATED for key in ("outlet", "date")}
    kept = {"description": _DESCRIPTION, "coalitions": [], "version": "0.0.1", "language": "en"}
    own = {
        "name": name,
        "title": f"{title}: what the article states, as tables",
        "layer": "article",
        "author": author,
        "voices": {"body": author_id(options["author"]), "other": EDITORS},
        "sources": [{"title": title, "author": author, **said}],
    }
    licence = {"licenses": [{"name": options["licence"]}]} if options["licence"] else {}
    return kept | before | own | licence


# what a data set still lacks
_NEEDED = {
    "the source": "write title and author into sources in datapackage.json, or make the seed again"
    " with --author and --title",
    "the split": "no sentence is in the section body; correct the split file and give it with"
    " --split",
    "who speaks and acts": "add everybody who speaks or acts to the tab actors",
    "every sentence": "code {first}{beside}, or say in its no_fact_reason why there is nothing to"
    " code{others}",
    "a timeline": "add what happened to the tab events, with a date or not_stated",
}
_OPTIONAL = {
    "the argument": "code claims with their roles (one is the thesis), then the links between them"
    " in arguments",
    "the comparison": "add two coalitions to actors, what they are compared on to dimensions, and"
    " instances for and against to cooperation",
    "what is open": "add what a reader would ask and is not told (silences), and what could be"
    " coded in another way (readings)",
    "competing readings": "add hypotheses, and how each fact bears on them, to consistency",
    "voices": "everything is said by one speaker: is nobody quoted or reported, and did the editors"
    " write nothing?",
}


def guide(tables: schema.Frames, metadata: Mapping) -> list[str]:
    """What a data set's text cells still lack, a line for each step; the first is next, and what
    comes first makes the others possible. Empty where nothing is missing.

    It cannot tell whether the coding is good, only whether it is there.
    """
    sentences, events = tables["sentences"], tables["events"]
    left = list(sentences.loc[sentences["no_fact_reason"] == workbook.NOT_YET, "locator"])
    dated = int((~events["date"].isin(["", "not_stated"])).sum())
    counts = {
        "every sentence": f" ({len(sentences) - len(left)} of {len(sentences)} coded)",
        "a timeline": f" ({dated} of {len(events)} events dated)",
    } | dict.fromkeys(_OPTIONAL, " (if you want it)")
    first = "".join(left[:1])
    others = f"; {len(left)} are left" if len(left) > 1 else ""
    places = {"first": first, "beside": beside_facts(tables, first), "others": others}
    done = _done(tables, metadata) | {"every sentence": not left}
    missing = [
        f"{name}{counts.get(name, '')}: {words.format(**places)}"
        for name, words in (_NEEDED | _OPTIONAL).items()
        if not done[name]
    ]
    return [f"{'Then' if n else 'Next'}: {line}" for n, line in enumerate(missing)]


def _done(tables: schema.Frames, metadata: Mapping) -> dict[str, bool]:
    source = (metadata.get("sources") or [{}])[0]
    named = source.get("title") and source.get("author") not in (None, "", NOT_STATED)
    sides = {one for cell in tables["cooperation"]["coalition"] for one in schema.split_cell(cell)}
    speakers = {speaker for name in schema.fact_tables() for speaker in tables[name]["speaker"]}
    thesis = tables["claims"]["role"].eq("thesis").any()
    has = {name: len(frame) > 0 for name, frame in tables.items()}
    return {
        "the source": bool(named),
        "the split": bool(tables["sentences"]["section"].eq("body").any()),
        "who speaks and acts": len(tables["actors"]) > 2,
        "a timeline": has["events"],
        "the argument": bool(thesis) and has["arguments"],
        "the comparison": has["dimensions"] and len(sides) > 1,
        "what is open": has["silences"] and has["readings"],
        "competing readings": has["hypotheses"] and has["consistency"],
        "voices": len(speakers) != 1,
    }
