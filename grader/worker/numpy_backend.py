"""The NumPy side of a worker: arrays are the learner's arrays already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .guard import forbidding as forbid
from .guard import guard

__all__ = ["describe", "forbid", "gradient", "leaf", "native", "prepare", "synchronize"]


def prepare(names: Sequence[str]) -> list[str]:
    """Put a guard before every function that some task of the exercise forbids, before the learner's file is loaded.

    Returns:
        the names of NumPy that name nothing.
    """
    return [name for name in names if name.startswith("numpy.") and not guard(np, name)]


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


def synchronize() -> None:
    """Wait for nothing: NumPy computes at once."""
