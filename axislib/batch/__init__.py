"""A plan of notebooks and parameters, run in many isolated kernels, recorded in a manifest,
compared with another."""

from __future__ import annotations

from importlib import import_module

# loaded on first use: papermill, jupyter_client and dask are heavy
_LATER = {
    "run_batch": "runner",
    "BatchResult": "runner",
    "read_plan": "runs",
    "plan_schema": "plan",
    "expand_plan": "runs",
    "Run": "runs",
    "diff_runs": "diff",
    "PlanError": "plan",
}

__all__ = [
    "BatchResult",
    "PlanError",
    "Run",
    "diff_runs",
    "expand_plan",
    "plan_schema",
    "read_plan",
    "run_batch",
]


def __getattr__(name: str):
    if name in _LATER:
        return getattr(import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module 'axislib.batch' has no attribute '{name}'")
