"""Memory that the grader shares with one worker, so that arrays travel at the speed of a copy while a clock runs."""

from __future__ import annotations

import fcntl
import mmap
import os
import tempfile

__all__ = ["Shared"]

NAN = b"\xff"  # as floating numbers these bytes are NaN: what was never written is seen


class Shared:
    """A file in memory, mapped: its first half holds the arguments of a request, its second the answers."""

    def __init__(self, half: int) -> None:
        self._half = half
        self._used = 0
        self._copy = bytearray()
        self.descriptor = _file(2 * half)
        self._map = mmap.mmap(self.descriptor, 2 * half)
        self._memory = memoryview(self._map)
        self.inputs = self._memory[:half]

    def ready(self) -> None:
        """Have memory at hand for a copy of the answers, so that no clock waits for the system's pages."""
        if len(self._copy) < self._used:
            self._copy = bytearray(NAN) * self._used

    def answers(self, size: int) -> memoryview:
        """Return a copy of the answers, which nothing that still runs in the worker can change any more."""
        size = min(size, self._half)
        self._used = max(self._used, size)
        copy = self._copy if len(self._copy) >= size else bytearray(size)
        self._copy = bytearray()
        view = memoryview(copy)[:size]
        view[:] = self._memory[self._half : self._half + size]
        return view

    def poison(self) -> None:
        """Fill the place of earlier answers with NaN, so that they can neither be mistaken for new ones nor read."""
        self._map[self._half : self._half + self._used] = NAN * self._used

    def close(self) -> None:
        self.inputs.release()
        self._memory.release()
        self._map.close()
        os.close(self.descriptor)


def _file(size: int) -> int:
    """Return a file of that size, which nobody can make shorter under our feet where the system has seals (Linux)."""
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryFile() as file:  # macOS: unlinked at once
            os.ftruncate(file.fileno(), size)
            return os.dup(file.fileno())
    descriptor = os.memfd_create("gradlings", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, size)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return descriptor
