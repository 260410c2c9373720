"""The least time that this machine needs: bytes over bandwidth, or operations over peak, whichever is larger.

Both are measured here, in a worker of the backend on its device: copying as many bytes as the task moves (so that what
fits into a cache is not held against main memory), and multiplying matrices. The roofline model: S. Williams,
A. Waterman, D. Patterson, *Roofline: an insightful visual performance model for multicore architectures*, CACM 52(4),
2009.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from grader.child import ChildDied, ChildTimedOut
from grader.errors import WorkerError
from grader.source import Source
from grader.speed.runner import Side, opened
from grader.speed.stopwatch import Stopwatch

__all__ = ["Floor"]

NUMPY = """
import numpy as np

def copy(x, times):
    y = np.empty_like(x)
    for _ in range(times):
        np.copyto(y, x)
    return y[:1]

def multiply(a, b, times):
    for _ in range(times):
        c = a @ b
    return c[:1]
"""
TORCH = """
import torch

def copy(x, times):
    y = torch.empty_like(x)
    for _ in range(times):
        y.copy_(x)
    return y[:1]

def multiply(a, b, times):
    for _ in range(times):
        c = a @ b
    return c[:1]
"""
TEXTS = {"numpy": NUMPY, "torch": TORCH}
LEAST = 2**16
MOST = 2**26
MOVED = 2**28
SIDE = 768
LARGE_SIDE = 4096  # less does not keep an accelerator busy
PRODUCTS = 4
TURNS = 4
SLACK = 2**20


class Floor:
    """What the machine of a stopwatch can do; each figure is measured once, when it is first needed."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self.bound = ""

    def seconds(self, moved: float, flops: float) -> float | None:
        """Return the least time for so many bytes and operations; None for a backend that cannot be measured."""
        if self._stopwatch.backend.name not in TEXTS:
            return None
        by_memory, by_arithmetic = moved / self._bandwidth(_rounded(moved)), flops / self._peak if flops else 0.0
        self.bound = "memory" if by_memory >= by_arithmetic else "arithmetic"
        return max(by_memory, by_arithmetic)

    @functools.cache  # noqa: B019 - lives as long as the run
    def _bandwidth(self, size: int) -> float:
        """Return bytes read and written in a second, in copies of so many bytes in all."""
        array = np.ones(size // 8, np.float32)
        times = max(1, MOVED // size)
        return times * 2 * array.nbytes / self._best("copy", (array, times))

    @functools.cached_property
    def _peak(self) -> float:
        """Return floating-point operations in a second."""
        side = SIDE if self._stopwatch.backend.device == "cpu" else LARGE_SIDE
        square = np.ones((side, side), np.float32)
        return PRODUCTS * 2 * side**3 / self._best("multiply", (square, square, PRODUCTS))

    def _best(self, function: str, args: tuple[object, ...]) -> float:
        backend = self._stopwatch.backend
        source = Source(path=Path(f"floor_{backend.name}.py"), text=TEXTS[backend.name])
        room = SLACK + 2 * sum(getattr(one, "nbytes", 0) for one in args)
        try:
            side = Side(backend=backend, source=source, function=function)
            with opened(self._stopwatch.sandbox, side, room, self._stopwatch.clock) as runner:
                echo = min(runner.echo([args], [0]) for _ in range(TURNS))
                spent = min(runner.turn([args])[0] for _ in range(TURNS))
        except (ChildDied, ChildTimedOut) as error:
            raise WorkerError(f"this machine cannot be measured: {error}") from None
        return max(spent - echo, 0.05 * spent)


def _rounded(moved: float) -> int:
    """Return a power of two near the bytes moved, so that few sizes are measured."""
    return int(min(max(2 ** round(np.log2(max(moved, 1.0))), LEAST), MOST))
