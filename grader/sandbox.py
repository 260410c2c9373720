"""This side of the wall: the launchers of all backends that a run needs, and fresh children from them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from grader.child import Child, ChildDied, ChildTimedOut
from grader.confinement.policy import Policy
from grader.errors import IsolationError, WorkerError
from grader.isolation import Isolation
from grader.launch import Launcher, Pool, Zygote
from grader.verdict import Backend

__all__ = ["Child", "ChildDied", "ChildTimedOut", "Sandbox", "can_fork"]


def can_fork() -> bool:
    """Tell whether forking an interpreter with its libraries loaded is safe here; ``GRADLINGS_FORK=0`` says no."""
    return sys.platform == "linux" and os.environ.get("GRADLINGS_FORK", "1") != "0"


class Sandbox:
    """The launchers of all backends that a run needs; a context manager that leaves no process behind.

    Args:
        without: layers of confinement to leave out: for tests, and where no learner's code runs.
        required: refuse children in which a layer is missing.
        withheld: places that no submission may read, even where one lies around them: answers, say.
    """

    def __init__(
        self,
        *,
        fork: bool | None = None,
        without: frozenset[str] = frozenset(),
        required: bool = False,
        withheld: Sequence[Path] = (),
    ) -> None:
        self._fork = can_fork() if fork is None else fork
        self._launchers: dict[tuple[str, str], Launcher] = {}
        self._policy = Policy(without, withheld)
        self._required = required
        self.isolation: Isolation | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for launcher in self._launchers.values():
            launcher.close()
        self._launchers.clear()
        self._policy.close()

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

    def child(self, backend: Backend, folders: Sequence[Path] = ()) -> Child:
        """Return a fresh child of a backend, confined; ``isolation`` is what the weakest so far was worth.

        Args:
            folders: of the files that it will load.

        Raises:
            IsolationError: if a layer is missing and all are required.
            WorkerError: if it cannot be confined.
        """
        child, isolation = self._confined(backend, folders)
        self.isolation = isolation.weaker(self.isolation)
        if self._required and not isolation.fit:
            child.close()
            mend = "or leave out --require-isolation" if backend.device == "cpu" else "add --device cpu"
            raise IsolationError(
                f"{backend.name} code cannot be confined as official scores need it: {isolation.lacking}; {mend}"
            )
        return child

    def probe(self, backend: Backend) -> Isolation:
        """Start a child of a backend only to see what confines it."""
        self.child(backend).close()
        assert self.isolation is not None
        return self.isolation

    def _confined(self, backend: Backend, folders: Sequence[Path]) -> tuple[Child, Isolation]:
        reason: Exception | None = None
        for _ in range(2):  # what other children do on a machine with fewer layers may end a fresh one
            child = self.start(backend).child()
            try:
                return child, self._policy.confine(child, backend, folders, forked=self._fork)
            except (ChildDied, ChildTimedOut) as error:
                reason = error
        raise WorkerError(f"a {backend.name} worker could not be confined: {reason}")
