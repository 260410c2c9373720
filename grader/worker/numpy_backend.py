"""The NumPy side of a worker: arrays are the learner's arrays already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

__all__ = ["ForbiddenCall", "describe", "forbid", "gradient", "leaf", "native", "prepare"]

MISSING = object()


class ForbiddenCall(Exception):
    """The task forbids what was called."""


class Guard:
    """Stands where a function of NumPy stood, and refuses while a task forbids it."""

    active: frozenset[str] = frozenset()

    def __init__(self, name: str, function: Any) -> None:
        self._name = name
        self._function = function

    def _allowed(self) -> Any:
        if self._name in Guard.active:
            raise ForbiddenCall(f"{self._name} is not allowed in this task")
        return self._function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._allowed()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._allowed(), name)


def prepare(names: Sequence[str]) -> list[str]:
    """Put a guard before every function that some task of the exercise forbids, before the learner's file is loaded.

    Returns:
        the names of NumPy that name nothing.
    """
    return [name for name in names if name.startswith("numpy.") and not _guard(name)]


def _guard(name: str) -> bool:
    parts = name.split(".")[1:]
    home: Any = np
    for part in parts[:-1]:
        home = getattr(home, part, MISSING)
    function = getattr(home, parts[-1], MISSING)
    if function is not MISSING and not isinstance(function, Guard):
        setattr(home, parts[-1], Guard(name, function))
    return function is not MISSING


@contextmanager
def forbid(names: Sequence[str]) -> Iterator[None]:
    """Refuse these calls while the task runs."""
    Guard.active = frozenset(names)
    try:
        yield
    finally:
        Guard.active = frozenset()


def native(array: np.ndarray[Any, Any]) -> Any:
    """Return what the learner's function is given for an array."""
    return array


def leaf(value: Any) -> Any:
    """Return the plain array behind a value, or None if it is no array."""
    if isinstance(value, np.ndarray):
        return np.ndarray.view(value, np.ndarray)
    return np.array(value) if isinstance(value, np.generic) else None


def gradient(function: Any, args: Sequence[Any], wrt: Sequence[int], upstream: Sequence[Any]) -> Any:
    """Refuse: NumPy has no autograd."""
    raise TypeError("NumPy code has no gradient of its own")


def describe(value: Any) -> str | None:
    """Return dtype and shape of an array, for the report of an exception."""
    return f"{value.dtype} {tuple(value.shape)}" if isinstance(value, np.ndarray | np.generic) else None
