"""Exercise -> ordered checks: which questions are asked of a task, and which must wait for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.errors import PluginError
from grader.exercise import Task
from grader.verdict import Check

__all__ = ["gradient_positions", "ordered", "released"]


def ordered(checks: Mapping[str, Check] | Sequence[Check]) -> tuple[Check, ...]:
    """Sort checks so that each stands behind those that it comes after, else as given.

    Raises:
        PluginError: if a check waits for one that is not there, or for itself.
    """
    waiting = list(checks.values() if isinstance(checks, Mapping) else checks)
    done: dict[str, Check] = {}
    while waiting:
        ready = next((check for check in waiting if set(check.after) <= done.keys()), None)
        if ready is None:
            names = ", ".join(f"{check.name!r} (after {', '.join(check.after)})" for check in waiting)
            raise PluginError(f"these checks wait for each other or for one that is not there: {names}")
        done[ready.name] = ready
        waiting.remove(ready)
    return tuple(done.values())


def released(planned: Sequence[Check], before: Sequence[Check]) -> list[Check]:
    """Let the planned checks no longer wait for those that the plan has left out."""
    left_out = {check.name for check in before} - {check.name for check in planned}
    return [replace(one, after=tuple(name for name in one.after if name not in left_out)) for one in planned]


def gradient_positions(task: Task, parameters: Sequence[str]) -> tuple[int, ...]:
    """Return the positions of the differentiable arguments in the reference's signature.

    Raises:
        PluginError: if the reference has no parameter of such a name.
    """
    missing = [name for name in task.gradient if name not in parameters]
    if missing:
        raise PluginError(f"task {task.name}: gradient names {missing[0]!r}, but it has {', '.join(parameters)}")
    return tuple(parameters.index(name) for name in task.gradient)
