"""What learner code prints, kept as text, bounded, one case at a time."""

from __future__ import annotations

import io

__all__ = ["Output", "OutputLimit"]

LIMIT = 20_000


class OutputLimit(Exception):
    """The code printed more than the grader keeps for one call."""


class Output(io.TextIOBase):
    """A text stream that holds up to ``LIMIT`` characters and then refuses more."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        text = str(text)
        room = LIMIT - self._size
        self._parts.append(text[:room])
        self._size += min(len(text), room)
        if len(text) > room:
            raise OutputLimit(f"printed more than {LIMIT:,} characters in one call")
        return len(text)

    def forget(self) -> None:
        """Forget what was written."""
        if self._size:
            self._parts.clear()
            self._size = 0

    def take(self) -> str:
        """Return what was written since the last call, and forget it."""
        text = "".join(self._parts)
        self.forget()
        return text
