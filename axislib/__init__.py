"""axislib: what an op-ed states, as tables in which every row answers with its sentence."""

from __future__ import annotations

from importlib import import_module

# loaded on first use: a command that needs no table brings no pandas, and `import axislib` nothing
# at all
_LATER = {
    "Seed": "axislib.seed",
    "SeedError": "axislib.errors",
    "open_seed": "axislib.opening",
    "seed_names": "axislib.places",
    "keep": "axislib.selection",
    "select": "axislib.selection",
    "compared_sides": "axislib.analogy",
    "levels": "axislib.analogy",
    "likenesses": "axislib.analogy",
    "thesis": "axislib.analogy",
    "timeline": "axislib.figures",
    "exchanges": "axislib.figures",
    "comparison": "axislib.figures",
    "argument_map": "axislib.figures",
    "voices": "axislib.figures",
    "cited": "axislib.figures",
    "describe": "axislib.figures",
    "coverage": "axislib.figures",
    "on_the_whole": "axislib.figures",
    "hypotheses_matrix": "axislib.figures",
    "diagnosticity": "axislib.hypotheses",
    "inconsistency": "axislib.hypotheses",
    "acceptability": "axislib.weighing",
    "fillings": "axislib.weighing",
    "pivots": "axislib.weighing",
    "reading_switches": "axislib.switches",
    "explore": "axislib.explorer",
    "record_check": "axislib.figures.record",
    "record_timeline": "axislib.figures.record",
    "filled_comparison": "axislib.figures.record",
    "open_seeds": "axislib.corpus",
    "disagreement": "axislib.figures.disagreement",
}

__all__ = [*_LATER]


def __getattr__(name: str):
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("axislib")
    raise AttributeError(f"module 'axislib' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
