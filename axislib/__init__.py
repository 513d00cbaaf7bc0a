"""axislib: what an op-ed states, as tables in which every row answers with its sentence."""

from __future__ import annotations

from importlib import import_module

# loaded on first use: a command that needs no table brings no pandas, and `import axislib` nothing
# at all
_LATER = {
    "Seed": "axislib.seed.seed",
    "SeedError": "axislib.errors",
    "open_seed": "axislib.seed.opening",
    "seed_names": "axislib.seed.folders",
    "keep": "axislib.seed.selection",
    "select": "axislib.seed.selection",
    "compared_sides": "axislib.questions.levels",
    "levels": "axislib.questions.levels",
    "likenesses": "axislib.questions.levels",
    "thesis": "axislib.questions.levels",
    "timeline": "axislib.figures",
    "exchanges": "axislib.figures",
    "comparison": "axislib.figures",
    "argument_map": "axislib.figures",
    "voices": "axislib.figures",
    "editors_and_author": "axislib.figures",
    "cited": "axislib.figures",
    "describe": "axislib.figures",
    "coverage": "axislib.figures",
    "on_the_whole": "axislib.figures",
    "hypotheses_matrix": "axislib.figures",
    "diagnosticity": "axislib.questions.hypotheses",
    "inconsistency": "axislib.questions.hypotheses",
    "acceptability": "axislib.questions.weighing",
    "fillings": "axislib.questions.weighing",
    "pivots": "axislib.questions.weighing",
    "reading_switches": "axislib.notebook.switches",
    "explore": "axislib.explorer",
    "record_check": "axislib.record.figures",
    "record_timeline": "axislib.record.figures",
    "filled_comparison": "axislib.record.figures",
    "open_seeds": "axislib.seed.corpus",
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
