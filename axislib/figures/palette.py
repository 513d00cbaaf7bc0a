"""The looks of every chart, for screen, dark screen and print: a colour, a hatch, a symbol and a
dash each mean one thing everywhere.

Hue says the level of cooperation, or whose words they are (article, record, ours). Hatch says how
something is put. The shape of a symbol says who speaks. A dash says that a thing is not said to
have happened, that we infer it, or that it belongs to the second of two sides."""

from __future__ import annotations

from typing import NamedTuple

# Okabe and Ito (2008), Color Universal Design, the red and the purple darkened to carry white text
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#00805E", "#BE4B00"
PURPLE, BLACK, GREY = "#9B4A8C", "#000000", "#6A6A6A"
INK, PAPER, RULE = "#1A1A1A", "#FFFFFF", "#D0D0D0"
PALE_GREEN, PALE_PURPLE, PALE_ORANGE = "#E3F3EE", "#F5E9F3", "#FFE1A3"
CLEAR = "rgba(0,0,0,0)"


class Look(NamedTuple):
    """How one kind of thing is drawn, the word for it and its sign in a key."""

    word: str
    sign: str
    line: str = INK
    fill: str = PAPER
    ink: str = INK
    hatch: str = ""
    symbol: str = "circle"
    dash: str = "solid"
    width: float = 1


# how it is put: a hatch; on a symbol, the ending of its name (circle, circle-open, ...)
HOW = {
    "asserted": Look("asserted", "\u2588", fill=INK, ink=PAPER, symbol=""),
    "hedged": Look("hedged", "\u25a8", hatch="/", symbol="-open"),
    "reported": Look("reported", "\u2591", hatch=".", symbol="-open-dot"),
    "disputed": Look("disputed", "\u25a9", hatch="x", symbol="-x-open"),
    "predicted": Look("predicted", "\u25a5", hatch="|", symbol="-cross-open", dash="dash"),
    "normative": Look("called for", "\u25a4", hatch="-", symbol="-cross-open", dash="dash"),
}
LEFT_OPEN = Look("left open", "\u2592", fill=RULE)  # neither affirmed nor denied, in any chart
# what a sentence or a cell is drawn as, from the firmest to the least sure
PUT = {
    **{how: HOW[how] for how in ("asserted", "normative", "reported", "hedged", "predicted")},
    **{"disputed": HOW["disputed"], "left_open": LEFT_OPEN},
}
LEVEL = {
    "present": Look("present", "\u2713", BLUE, BLUE, PAPER),
    "absent": Look("ruled out", "\u2715", VERMILION, VERMILION, PAPER),
    "mixed": Look("mixed", "\u00b1", ORANGE, PALE_ORANGE, INK),
    "not_stated": Look("not stated", "\u25a1", RULE, PAPER, GREY),
}
CERTAINTY = {
    "known": Look("known: asserted as stated", "\u25cf"),
    "presumed": Look(
        "presumed: implied, hedged or reported as somebody else\u2019s view", "\u25d0", hatch="\\"
    ),
    "unclear": Look("left open", "\u25cb"),
}
SPEAKER = {
    "author": Look("the author", "\u2b22", fill=INK, ink=PAPER, symbol="hexagon"),
    "editors": Look("the editors", "\u25a0", fill=INK, ink=PAPER, symbol="square"),
    "others": Look("others, quoted or paraphrased", "\u25b2", fill=GREY, symbol="triangle-up"),
}
SOURCE = {
    "article": Look("the article", "\u25ae", INK, INK, PAPER),
    "record": Look("external record", "\u25c7", GREEN, PALE_GREEN, INK, symbol="diamond", width=2),
    "ours": Look("our judgement", "\u2b1f", PURPLE, PALE_PURPLE, INK, symbol="pentagon"),
}
SIDE = {
    "left": Look("the first side", "\u2501", width=3),
    "right": Look("the second side", "\u2505", dash="6px,3px", width=3),
}
PLAIN = {
    "words": Look("", ""),
    "quiet": Look("", "", line=GREY),
    "unseen": Look("", "", CLEAR, CLEAR, CLEAR, width=0),
    "tether": Look("dated by another event", "\u2508", GREY, dash="dot"),
}
LOOKS = {**PUT, **LEVEL, **CERTAINTY, **SPEAKER, **SOURCE, **SIDE, **PLAIN}

# the colours of LOOKS on a dark page and on paper; what is not named stays
THEMES = {
    "light": {},
    "dark": {
        INK: "#E8E6E1",
        PAPER: "#16191D",
        RULE: "#474C54",
        GREY: "#A9ADB3",
        BLUE: "#6DB7EA",
        VERMILION: "#F08A4B",
        ORANGE: "#F0B73A",
        GREEN: "#4FC9A0",
        PURPLE: "#D79BCB",
        PALE_GREEN: "#143A2F",
        PALE_PURPLE: "#3D2239",
        PALE_ORANGE: "#4D3A0E",
        BLACK: "#FFFFFF",
    },
    "print": {INK: "#000000", RULE: "#8C8C8C", GREY: "#4A4A4A"},
}

WIDTH = 1100  # pixels of a picture saved without a width of its own
LEAST = 940  # pixels below which a page shows a picture made smaller, or cards
CONFIG = {
    "displaylogo": False,
    "showSendToCloud": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d"],
    "toImageButtonOptions": {"format": "png", "scale": 2, "width": WIDTH, "filename": "axislib"},
}
FONT = "Open Sans, Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif"


def themed(drawing: object, theme: str) -> object:
    """A figure as plain data (``figure.to_plotly_json()``) in the colours of a theme of THEMES.

    >>> themed({"marker": {"color": ["#FFFFFF", "red"]}}, "dark")
    {'marker': {'color': ['#16191D', 'red']}}
    """
    colours = THEMES[theme]
    if isinstance(drawing, dict):
        return {name: themed(value, theme) for name, value in drawing.items()}
    if isinstance(drawing, (list, tuple)):
        return [themed(value, theme) for value in drawing]
    if isinstance(drawing, str):
        return colours.get(drawing) or _in_spans(drawing, colours)
    return drawing


def _in_spans(words: str, colours: dict[str, str]) -> str:
    for old, new in colours.items():
        words = words.replace(f"color:{old}", f"color:{new}")
    return words
