"""Putting a child under confinement: what is made for it here, what it is told, and what came of it."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.child import Child
from grader.confinement import reads
from grader.confinement.files import Landlock, Rule
from grader.confinement.scratch import Scratch, remove
from grader.confinement.syscalls import Filter, Unavailable, build
from grader.confinement.watch import overreach
from grader.isolation import LANDLOCK, LAYERS, PRIVILEGES, SCRATCH, SECCOMP, Isolation
from grader.verdict import Backend

__all__ = ["Policy"]

TIMEOUT = 30.0
OFF = "switched off"
ELSEWHERE = "only Linux has it"
DEVICES = "a process that uses an accelerator needs the device's and the driver's files"


class Policy:
    """What confines the children of one sandbox, made when the first of them is started.

    Args:
        without: layers to leave out, for tests of what each of them stops.
        withheld: places that are no submission's, even where one lies around them.
    """

    def __init__(self, without: frozenset[str] = frozenset(), withheld: Sequence[Path] = ()) -> None:
        self._withheld = [place.resolve() for place in withheld]
        self._missing = {} if sys.platform == "linux" else dict.fromkeys((PRIVILEGES, LANDLOCK, SECCOMP), ELSEWHERE)
        self._missing |= {layer: OFF for layer in LAYERS if layer in without}
        self._scratch = Scratch()
        self._rules: dict[tuple[str, ...], list[Rule]] = {}
        self._filters: dict[bool, Filter] = {}

    def close(self) -> None:
        """Remove the scratch folders."""
        self._scratch.close()

    def confine(self, child: Child, backend: Backend, folders: Sequence[Path], *, forked: bool) -> Isolation:
        """Confine a fresh child and say which layers hold.

        Args:
            folders: of the files that it will load.

        Raises:
            ChildDied: if it ended instead.
            ChildTimedOut: if it did not answer.
        """
        missing = self._unavailable(backend)
        message: dict[str, Any] = {"do": "confine", "layers": [layer for layer in LAYERS if layer not in missing]}
        message["folders"] = [str(folder) for folder in folders]
        scratch = None if SCRATCH in missing else self._scratch.folder()
        child.overreach = functools.partial(overreach, child.pid, scratch)
        if scratch is not None:
            message["scratch"] = scratch
            child.afterwards(functools.partial(remove, scratch))
        if SECCOMP not in missing:
            compiled = self._filter(LANDLOCK not in missing)
            message |= {"program": np.frombuffer(compiled.program, np.uint8), "call": compiled.call}
        with self._ruleset(missing, child, backend, folders, scratch) as descriptors:
            reply = child.request(message, TIMEOUT, descriptors=descriptors)
        failed: Mapping[str, str] = reply.get("missing", {})
        return Isolation(forked=forked, missing={**missing, **failed})

    def _unavailable(self, backend: Backend) -> dict[str, str]:
        """Return the layers that cannot be had for a child of this backend, each with the reason."""
        missing = dict(self._missing)
        if backend.device != "cpu":
            missing.setdefault(LANDLOCK, DEVICES)
        self._try(LANDLOCK, missing, lambda: self._landlock)
        self._try(SECCOMP, missing, lambda: self._filter(LANDLOCK not in missing))
        return missing

    def _try(self, layer: str, missing: dict[str, str], make: Callable[[], object]) -> None:
        """Make what a layer needs, or note for all children that it cannot be had."""
        if layer not in missing:
            try:
                make()
            except Unavailable as reason:
                missing[layer] = self._missing[layer] = str(reason)

    @contextlib.contextmanager
    def _ruleset(
        self, missing: Mapping[str, str], child: Child, backend: Backend, folders: Sequence[Path], scratch: str | None
    ) -> Iterator[list[int]]:
        if LANDLOCK in missing:
            yield []
            return
        own = [path for folder in folders for path in reads.beside(folder, self._withheld)]
        own.extend(reads.own_process(child.pid))
        rules = self._common(backend) + self._landlock.readable(own)
        with self._landlock.ruleset(rules, scratch) as ruleset:
            yield [ruleset.fileno()]

    def _common(self, backend: Backend) -> list[Rule]:
        if backend.distributions not in self._rules:
            paths = reads.common(backend.distributions)
            self._rules[backend.distributions] = self._landlock.readable(paths)
        return self._rules[backend.distributions]

    @functools.cached_property
    def _landlock(self) -> Landlock:
        return Landlock()

    def _filter(self, landlock: bool) -> Filter:
        """Return the filter for children with or without Landlock, which keeps signals inside in newer kernels."""
        signals = landlock and self._landlock.scopes_signals
        if signals not in self._filters:
            self._filters[signals] = build(signals=signals)
        return self._filters[signals]
