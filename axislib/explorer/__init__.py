"""The explorer: choose, look, point, and read the sentence behind what one points at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axislib.explorer.explorer import Explorer, explore

__all__ = ["Explorer", "explore"]


def __getattr__(name: str):
    if name in __all__:  # late, for the report needs this room's evidence and none of its widgets
        from axislib.explorer import explorer

        return getattr(explorer, name)
    raise AttributeError(f"module 'axislib.explorer' has no attribute '{name}'")
