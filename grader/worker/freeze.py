"""Stopping, waking and ending a worker with all that it started, so that nothing of it runs in another one's turn."""

from __future__ import annotations

import contextlib
import os
import signal
import time

__all__ = ["end", "freeze", "thaw"]

PATIENCE = 0.1  # seconds: a process that has been sent the signal stops at its next turn


def freeze(process: int) -> None:
    """Stop a child of ours with its group and its descendants, and wait until it stands still or has ended."""
    _signal(process, signal.SIGSTOP)
    if os.waitid(os.P_PID, process, os.WSTOPPED | os.WEXITED | os.WNOWAIT) is not None:
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, process, os.WSTOPPED | os.WNOHANG)  # the stop is told once; an end stays to be told

    end = time.monotonic() + PATIENCE
    for one in _descendants(process):
        while _runs(one) and time.monotonic() < end:
            time.sleep(0.0001)


def thaw(process: int) -> None:
    """Let it go on."""
    _signal(process, signal.SIGCONT)


def end(process: int) -> None:
    """Kill it."""
    _signal(process, signal.SIGKILL)


def _signal(process: int, number: int) -> None:
    """Send a signal to the group, and to what has left the group."""
    below = _descendants(process)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, number)
    for one in below:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(one, number)


def _descendants(process: int) -> list[int]:
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
    """Tell whether a process neither stands still nor has ended."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "TtZX"
    except OSError:
        return False
