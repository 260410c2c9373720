"""Drivers: the text of the function that builds and uses a learner's object, as it travels into a worker."""

from __future__ import annotations

import inspect
import textwrap

from grader.errors import PluginError
from grader.exercise import Task

__all__ = ["driver_source"]


def driver_source(task: Task) -> str | None:
    """Return the text of a task's driver, which travels into the worker.

    Raises:
        PluginError: if it has none, as a lambda or a function made at run time.
    """
    if task.driver is None:
        return None
    try:
        if task.driver.__name__ == "<lambda>":
            raise TypeError
        return textwrap.dedent(inspect.getsource(task.driver))
    except (OSError, TypeError, AttributeError):
        raise PluginError(f"task {task.name}: its driver must be a function that a file defines by def") from None
