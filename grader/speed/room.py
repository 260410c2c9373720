"""Whether a size fits into memory, known before anything of that size is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.errors import PluginError
from grader.exercise import Speed, Task
from grader.launch import MEMORY

__all__ = ["free_bytes", "missing"]

SHARE = 0.8  # of what is free
SIDES = 3  # the reference, the framework and the learner's keep what they have used


def missing(task: Task, speed: Speed, size: int) -> str | None:
    """Return why a size does not fit, with what it needs; None if it does or the plugin does not say."""
    if speed.needs is None:
        return None
    needed, there = _needed(task, speed.needs, size), min(SHARE * free_bytes() / SIDES, MEMORY)
    if needed <= there:
        return None
    return f"size {size} needs about {needed / 1e9:.3g} GB, and a worker may take {there / 1e9:.3g} GB here"


def _needed(task: Task, needs: Callable[[int], float], size: int) -> float:
    """Return what a plugin says.

    Raises:
        PluginError: if it crashes.
    """
    try:
        return float(needs(size))
    except Exception as error:  # anything may go wrong in a plugin's function
        raise PluginError(
            f"task {task.name}: needs({size}) of its speed crashes: {type(error).__name__}: {error}"
        ) from error


def free_bytes() -> float:
    """Return how much memory is free (Linux); without that, what a worker may take."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return 1024.0 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])
    except (OSError, StopIteration, ValueError):
        return MEMORY / SHARE
