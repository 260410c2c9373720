"""This side of the wall: the launchers of all backends that a run needs, and fresh children from them."""

from __future__ import annotations

import os
import sys
from types import TracebackType

from grader.child import Child, ChildDied, ChildTimedOut
from grader.launch import Launcher, Pool, Zygote
from grader.verdict import Backend

__all__ = ["Child", "ChildDied", "ChildTimedOut", "Sandbox", "can_fork"]


def can_fork() -> bool:
    """Tell whether forking an interpreter with its libraries loaded is safe here; ``GRADLINGS_FORK=0`` says no."""
    return sys.platform == "linux" and os.environ.get("GRADLINGS_FORK", "1") != "0"


class Sandbox:
    """The launchers of all backends that a run needs; a context manager that leaves no process behind."""

    def __init__(self, *, fork: bool | None = None) -> None:
        self._fork = can_fork() if fork is None else fork
        self._launchers: dict[tuple[str, str], Launcher] = {}

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for launcher in self._launchers.values():
            launcher.close()
        self._launchers.clear()

    def start(self, backend: Backend) -> Launcher:
        """Start a backend's launcher if it is not running; returns at once."""
        key = (backend.name, backend.device)
        if key not in self._launchers:
            self._launchers[key] = Zygote(backend) if self._fork else Pool(backend)
        return self._launchers[key]

    def settle(self) -> None:
        """Wait until nothing is being started."""
        for launcher in self._launchers.values():
            launcher.settle()

    def child(self, backend: Backend) -> Child:
        """Return a fresh child of a backend."""
        return self.start(backend).child()
