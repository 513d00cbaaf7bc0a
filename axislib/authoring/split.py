"""A text into paragraphs, sections and sentences: a first proposal, which a person can correct in a
plain text file.

Sentence ends are found by nupunkt (Kiss and Strunk's Punkt, 2006, trained on English prose);
paragraphs and sections by plain rules below.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from axislib.errors import SeedError
from axislib.tables.schema import vocabulary
from axislib.text.receipt import fingerprint, normalise

NOT_YET = "not coded yet"
_SAID = (
    r"(?:said|says|asked|asks|added|adds|wrote|writes|replied|told|warned|argued|explained|noted"
    r"|insisted)"
)
# a sentence may end inside quotation marks, unless what follows says who spoke
_QUOTED_END = re.compile(
    rf"[.?!\u2026][\"\u201d\u2019']\s+(?=[A-Z\u201c\u2018\"])(?!(?:\w+\s+){{0,3}}{_SAID}\b)"
)
# a sentence may begin with a quotation, unless what is before it is an abbreviation or an
# initial
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
    """One sentence: ``start`` and ``end`` (code points in the text, end exclusive), ``paragraph``
    (from 1), ``section``."""

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
    pieces, spans = [], paragraphs(text)
    for number, (start, end) in enumerate(spans, start=1):
        section = _section(text[start:end], number, len(spans))
        pieces += [Piece(a, b, number, section) for a, b in sentences_in(text, start, end, section)]
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


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Where paragraphs are: lines, or blocks between empty lines in a text set to a width."""
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\r\n\u2028\u2029]+", text)]
    lines = [(a, b) for a, b in lines if re.search(r"\w", text[a:b])]
    wrapped, spans = _wrapped(text), []
    for a, b in lines:
        if spans and wrapped and _goes_on(text, spans, a):
            spans[-1] = (spans[-1][0], b)
        else:
            spans.append((a, b))
    return spans


def _goes_on(text: str, spans: list[tuple[int, int]], start: int) -> bool:
    """Whether a line goes on with the paragraph before: its last line is full, and no headline."""
    begin, end = spans[-1]
    last = text[begin:end].replace("\r\n", "\n").split("\n")[-1].strip()
    if not re.fullmatch(r"[ \t]*(\r\n|\n|\r)[ \t]*", text[end:start]):
        return False
    headline = len(spans) == 1 and not re.search(r"[.,;:]$", last)
    return not headline and _WIDTH[0] <= len(last) <= _WIDTH[1]


def _wrapped(text: str) -> bool:
    """Whether the text is set to a width: empty lines between paragraphs, no longer line."""
    lines = [line.strip() for line in text.splitlines()]
    return "" in lines and max(map(len, lines), default=0) <= _WIDTH[1]


def sentences_in(text: str, start: int, end: int, section: str = "body") -> list[tuple[int, int]]:
    """Where the sentences of one paragraph are; a headline, heading or credit is one."""
    from nupunkt import sent_spans

    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    if section in ("headline", "heading", "credit"):
        return [(start, end)]
    # line breaks inside a paragraph are blanks to the splitter; every sign keeps its place
    words = re.sub(r"\s", " ", text[start:end])
    quoted = [
        found.end() for rule in (_QUOTED_END, _QUOTED_START) for found in rule.finditer(words)
    ]
    cuts = sorted({start for start, _ in sent_spans(words)}.union(quoted) - {0, len(words)})
    spans: list[tuple[int, int]] = []
    for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True):
        a += len(words[a:b]) - len(words[a:b].lstrip())
        b = a + len(words[a:b].rstrip())
        if b > a and (re.search(r"\w", words[a:b]) or not spans):
            spans.append((start + a, start + b))
        elif b > a:  # a stray sign belongs to what is before it
            spans[-1] = (spans[-1][0], start + b)
    return spans


def _section(words: str, number: int, last: int) -> str:
    """What a paragraph is, by its place (``number`` of ``last``), length and first words."""
    words = " ".join(words.split())
    length = len(words.split())
    open_ended = not re.search(r"[.!?\u2026][\"\u201d\u2019')]*$", words)
    titled = open_ended or words.endswith("?")
    if number == 1 and length <= _HEADLINE and titled:
        return "headline"
    if number == 2 and open_ended and length in _STANDFIRST:
        return "standfirst"
    if re.match(r"(?i)(image|photo|picture|illustration|credit)s?( credit)?s?:", words):
        return "credit"
    if _is_bio(words, length, last == number > 2):
        return "bio"
    return "heading" if open_ended and length <= _HEADING else "body"


def _is_bio(words: str, length: int, closing: bool) -> bool:
    byline = length <= _BYLINE and re.match(r"By [A-Z]", words)
    about = closing and length <= _BIO and _ABOUT_AUTHOR.match(words)
    return bool(byline or about)


def sentence_table(text: str, pieces: Iterable[Piece]) -> pd.DataFrame:
    """The table ``sentences`` of a text as text cells; none coded yet."""
    columns = ["locator", "section", "start", "end", "length", "sha256", "no_fact_reason"]
    rows, paragraph, place, at = [], 0, 0, None
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece.paragraph != at:
            paragraph, place, at = paragraph + 1, 0, piece.paragraph
        place += 1
        words = text[piece.start : piece.end]
        numbers = map(str, (piece.start, piece.end, len(normalise(words))))
        locator = f"P{paragraph:02}.S{place}"
        rows.append((locator, piece.section, *numbers, fingerprint(words), NOT_YET))
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
        mark = re.fullmatch(r"\[(\w+)\]", line)
        if mark:
            if mark[1] not in vocabulary("section"):
                known = ", ".join(vocabulary("section"))
                raise SeedError(
                    f"split, line {number}: [{mark[1]}] is not a section; use one of: {known}"
                )
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
