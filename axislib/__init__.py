"""Every statement in one op-ed, coded: tables, charts and a seminar kit.

``__init__.pyi`` lists the public names and where each is defined. They load on first use: a command
that needs no table brings no pandas, and ``import axislib`` nothing at all.
"""

from __future__ import annotations

import sys

import lazy_loader

_load, _, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str):
    if name == "__version__":
        from importlib.metadata import version

        return version("axislib")
    try:
        return _load(name)
    except AttributeError:
        # name and obj let Python suggest the nearest public name
        message = f"module 'axislib' has no attribute '{name}'"
        raise AttributeError(message, name=name, obj=sys.modules[__name__]) from None


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
