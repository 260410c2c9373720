"""One function in a fresh process that shares memory with the grader, called against the grader's clock.

The clock starts before the arguments leave and ends when all bytes of the answers are here. So what a learner's process
says of time counts for nothing, and work that is put off (a thread, a side stream, an object that computes when it is
read) is paid for, or its bytes are wrong. Nor is a second thread a way to be faster: where the processors' time is more
than the clock's, it is what counts.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.answer import Answer, leaves
from grader.calls import Program, answers_of
from grader.child import ChildDied
from grader.sandbox import Sandbox
from grader.shared import Shared
from grader.source import Source
from grader.verdict import Backend
from grader.worker import frames

__all__ = ["Arguments", "Clock", "Runner", "Side", "nbytes", "opened"]

Arguments = Sequence[Any]
Clock = Callable[[], float]
PATIENCE = 60.0
PROCESS_CLOCK = 2  # in <linux/posix-timers_types.h>: CPUCLOCK_SCHED, of a whole process


@dataclass(frozen=True, kw_only=True)
class Side:
    """A function in a file.

    Args:
        forbid: the names that the task forbids; they are refused while it is timed, too.
        forbidden: those that any task of the file forbids.
    """

    backend: Backend
    source: Source
    function: str
    driver: str | None = None
    forbid: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


class Runner:
    """One side in a fresh process that shares memory with the grader."""

    def __init__(self, side: Side, program: Program, shared: Shared, clock: Clock) -> None:
        self.side = side
        self.program = program
        self._shared = shared
        self._clock = clock
        self._cases: Sequence[Arguments] = ()

    def turn(self, cases: Sequence[Arguments], timeout: float = PATIENCE) -> tuple[float, tuple[Answer, ...]]:
        """Call the function on each case and return the seconds with the answers."""
        side = self.side
        how = {"function": side.function, "forbid": side.forbid, "driver": side.driver}
        return self._timed({"do": "time", "cases": cases, **how}, timeout)

    def echo(self, cases: Sequence[Arguments], sizes: Sequence[int]) -> float:
        """Return the seconds that the same bytes take to travel."""
        return self._timed({"do": "echo", "cases": cases, "sizes": sizes}, PATIENCE)[0]

    def changed(self) -> bool:
        """Tell whether the arguments of the last call are no longer what they were."""
        copy = memoryview(bytearray(len(self._shared.inputs)))
        size = frames.shared_size(bytearray(frames.encode({"cases": self._cases}, copy))) or 0
        return bytes(copy[:size]) != bytes(self._shared.inputs[:size])

    def peak(self, *, reset: bool) -> int:
        """Return the most bytes that the accelerator's allocator has given out since the last reset."""
        return int(self.program.child.request({"do": "peak", "reset": reset}, PATIENCE).get("bytes", 0))

    def _timed(self, message: dict[str, Any], timeout: float) -> tuple[float, tuple[Answer, ...]]:
        child = self.program.child
        self._shared.ready()
        self._cases = message["cases"]
        _read(self._cases)
        worked, start = self._processors(), self._clock()
        reply = child.request(message, timeout, self._shared)
        seconds = max(self._clock() - start, self._processors() - worked)
        self._shared.poison()
        return seconds, answers_of(reply, len(message["cases"]))

    def _processors(self) -> float:
        """Return the seconds that all threads of the process have spent on processors; 0 where they do not compute."""
        return processors(self.program.child.pid) if self.side.backend.device == "cpu" else 0.0


@contextmanager
def opened(sandbox: Sandbox, side: Side, size: int, clock: Clock = time.perf_counter) -> Iterator[Runner]:
    """Load a side into a fresh process; ``size`` is what arguments and answers each take in memory.

    Raises:
        ChildDied: if the file cannot be loaded.
    """
    with ExitStack() as stack:
        program = stack.enter_context(Program(sandbox, side.backend, side.source, side.forbidden))
        loaded = program.load()
        if loaded.raised is not None:
            raise ChildDied(f"{loaded.raised.type}: {loaded.raised.message}")
        shared = Shared(size)
        stack.callback(shared.close)
        program.child.share(shared, PATIENCE)
        yield Runner(side, program, shared, clock)


def processors(process: int) -> float:
    """Return the seconds that a process has spent on processors (Linux: its clock as POSIX has it); 0 elsewhere."""
    with contextlib.suppress(OSError, AttributeError):  # macOS, Windows
        return time.clock_gettime(~process << 3 | PROCESS_CLOCK)
    return 0.0


def nbytes(value: Any) -> int:
    """Return how many bytes the arrays of a tree have."""
    return sum(leaf.nbytes for _, leaf in leaves(value) if isinstance(leaf, np.ndarray))


def _read(tree: Any) -> None:
    """Read all arrays once, so that no turn waits for memory that the turn before has brought into the caches."""
    for _, leaf in leaves(tree):
        if isinstance(leaf, np.ndarray) and leaf.size:
            np.max(leaf)
