"""Stopping, waking and ending a worker with all that it started, so that nothing of it runs in another one's turn."""

from __future__ import annotations

import contextlib
import os
import signal
import time

__all__ = ["descendants", "end", "freeze", "thaw"]

PATIENCE = 1.0  # seconds: a process that has been sent the signal stops at its next turn


def freeze(process: int) -> None:
    """Stop a child of ours with its group and its descendants, and wait until all stand still or have ended.

    What cannot be stopped is killed: it would run in another one's turn.
    """
    _signal(process, signal.SIGSTOP)
    end = time.monotonic() + PATIENCE
    while any(map(_runs, [process, *descendants(process)])):
        if time.monotonic() > end:
            _signal(process, signal.SIGKILL)
            return
        time.sleep(0.00005)


def thaw(process: int) -> None:
    """Let it go on."""
    _signal(process, signal.SIGCONT)


def end(process: int) -> None:
    """Kill it."""
    _signal(process, signal.SIGKILL)


def _signal(process: int, number: int) -> None:
    """Send a signal to the group, and to what has left the group."""
    below = descendants(process)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, number)
    for one in (process, *below):  # a process may have left its own group
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(one, number)


def descendants(process: int) -> list[int]:
    """Return what a process has started, directly or not, as far as the system tells (Linux)."""
    found: list[int] = []
    waiting = [process]
    while waiting:
        below = _children(waiting.pop())
        found += below
        waiting += below
    return found


def _children(process: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{process}/task/{thread}/children") as file:
                found += [int(number) for number in file.read().split()]
    return found


def _runs(process: int) -> bool:
    """Tell whether any thread of a process neither stands still nor has ended; without /proc nothing is known."""
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{process}/task/{thread}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] not in "TtZX":
                    return True
    return False
