"""What goes wrong in words a person can act on."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHORT, _NEARLY_THE_SAME = 4, 0.88  # codes of so few letters are all alike: PKR is as near to UKR


class SeedError(ValueError):
    """Something in a data set that a person has to put right; the message says where and how.

    In a notebook only the message is shown at the cell; ``%tb`` shows the way there.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31mSeedError\x1b[0m: {self}"]


def did_you_mean(value: str, words: Iterable[str], otherwise: str = "", like: float = 0.6) -> str:
    """A guess at what was meant, if one is near enough (``like``, from 0 to 1), else what to do
    instead, or which words there are.

    >>> did_you_mean("PKR", ["UKR", "PRK"], "name an actor"), did_you_mean("x", ["y"], "write y")
    ('did you mean PRK?', 'write y')
    """
    words = list(words)
    same = [word for word in words if sorted(word.casefold()) == sorted(value.casefold())]
    cutoff = like if len(value) > _SHORT else _NEARLY_THE_SAME
    near = same or get_close_matches(value, words, n=1, cutoff=cutoff)
    return f"did you mean {near[0]}?" if near else otherwise or f"there are: {', '.join(words)}"
