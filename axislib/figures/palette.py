"""The colours, hatches and symbols of every chart: each means one thing everywhere."""

from __future__ import annotations

# Okabe and Ito (2008), Color Universal Design; yellow is left out: too faint on a projector
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#000000",
    "#767676",
)


INK, PAPER, RULE = "#1A1A1A", "#FFFFFF", "#D0D0D0"


LEVEL_LOOK = {  # colour, pattern, word: colour is never the only carrier
    "present": (BLUE, "", "present"),
    "absent": (VERMILION, "x", "absent"),
    "mixed": (ORANGE, "-", "for and against"),
    "not_stated": (PAPER, "/", "not stated"),
}


CERTAINTY_LOOK = {"known": "\u25cf", "presumed": "\u25d0", "unclear": "\u25cb"}


CONFIG = {"displaylogo": False, "showSendToCloud": False, "responsive": True}


FONT = "Open Sans, Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif"
