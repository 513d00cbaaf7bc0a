"""What goes wrong in words a person can act on."""

from difflib import get_close_matches


class SeedError(ValueError):
    """Something in a seed that a person has to mend; the message says where and how."""


def did_you_mean(value: str, words: list[str], otherwise: str, like: float = 0.6) -> str:
    """A guess at what was meant, if one is near enough (``like``, from 0 to 1), else what to do
    instead."""
    # short codes are all alike: PKR is as near to UKR as to PRK
    near = get_close_matches(value, words, n=1, cutoff=like if len(value) > 4 else 0.9)
    return f"did you mean {near[0]}?" if near else otherwise
