"""axislib: what an op-ed states, as tables in which every row answers with its sentence."""

from __future__ import annotations

from importlib import import_module

from .analogy import compared_sides, levels, likenesses, thesis
from .opening import open_seed
from .places import seed_names
from .seed import Seed
from .selection import keep, select
from .tables import SeedError

# loaded on first use, so that `import axislib` brings pandas and nothing heavier
_LATER = {
    "timeline": "axislib.figures", "exchanges": "axislib.figures", "comparison": "axislib.figures",
    "argument_map": "axislib.figures", "voices": "axislib.figures", "cited": "axislib.figures",
    "describe": "axislib.figures", "coverage": "axislib.figures", "on_the_whole": "axislib.figures", "hypotheses_matrix": "axislib.figures",
    "diagnosticity": "axislib.hypotheses", "inconsistency": "axislib.hypotheses",
    "acceptability": "axislib.weighing", "fillings": "axislib.weighing", "pivots": "axislib.weighing", "reading_switches": "axislib.switches", "explore": "axislib.explorer",
    "record_check": "axislib.figures.record", "record_timeline": "axislib.figures.record", "filled_comparison": "axislib.figures.record",
    "open_seeds": "axislib.corpus", "disagreement": "axislib.figures.disagreement",
}

__all__ = ["Seed", "SeedError", "compared_sides", "keep", "levels", "likenesses", "open_seed", "seed_names", "select", "thesis", *_LATER]


def __getattr__(name: str):
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("axislib")
    raise AttributeError(f"module 'axislib' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
