"""Warm kernels: forked from a process that has imported and drawn already. Without this package
batches run too, only slower."""

from axislib.run.warm.host import can_fork, running, start, stop

__all__ = ["WarmManager", "can_fork", "running", "start", "stop"]


def __getattr__(name: str):
    if (
        name == "WarmManager"
    ):  # jupyter_client is heavy, and the zygote should be on its way before it is imported
        from axislib.run.warm.provisioner import WarmManager

        return WarmManager
    raise AttributeError(f"module 'axislib.run.warm' has no attribute '{name}'")
