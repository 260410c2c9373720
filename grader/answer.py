"""What a call gave: a tree of leaves, or the exception that it raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.worker.frames import Unsupported

__all__ = ["Answer", "Raised", "leaves", "leaves_only"]

MAX_DEPTH = 20
MAX_TEXT = 4_000  # twice what an honest worker sends


@dataclass(frozen=True, kw_only=True)
class Raised:
    """An exception of the learner's code, or the end of its process.

    Args:
        type: the exception's class name; ``ProcessDied`` or ``TimedOut`` where there was none.
        bases: class names of its method resolution order.
        line: in ``file``, where the learner's own code was.
        text: that line.
        function: the learner's function that was running.
        frame: name and ``dtype shape`` of the arrays in it.
    """

    type: str
    message: str
    bases: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None
    text: str = ""
    function: str | None = None
    frame: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Raised:
        """Read what a worker wrote, trusting none of it.

        Raises:
            TypeError, ValueError, AttributeError: if it is nothing of the kind.
        """
        line = message.get("line")
        return cls(
            type=_short(message.get("type", "?")),
            message=_short(message.get("message", "")),
            bases=tuple(_short(base) for base in message.get("bases", ())),
            file=None if message.get("file") is None else _short(message["file"]),
            line=line if isinstance(line, int) else None,
            text=_short(message.get("text", "")),
            function=None if message.get("function") is None else _short(message["function"]),
            frame=tuple((_short(name), _short(kind)) for name, kind in message.get("frame", ())),
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One call's outcome.

    Args:
        value: a tree of tuples, arrays, None, bool, int, float, str and ``Unsupported``.
        raised: what ended the call instead; ``value`` then means nothing.
        inputs: the arguments as they were after the call.
        late: the value looked at again after the last call of its frame, where that was asked for.
        output: what was printed.
    """

    value: Any = None
    raised: Raised | None = None
    inputs: tuple[Any, ...] = ()
    late: Any = None
    output: str = ""


def _short(text: Any) -> str:
    return str(text)[:MAX_TEXT]


def leaves_only(tree: Any, depth: int = 0) -> Any:
    """Return a worker's tree with nothing in it but lists and leaves, and of a depth that an honest one has."""
    if isinstance(tree, list):
        if depth > MAX_DEPTH:
            return Unsupported("an answer of too many parts")
        return [leaves_only(item, depth + 1) for item in tree]
    if isinstance(tree, Unsupported):
        return Unsupported(_short(tree.type_name))
    if isinstance(tree, str):
        return _short(tree)
    return Unsupported("dict") if isinstance(tree, dict) else tree


def leaves(tree: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield each leaf of an answer tree with its path."""
    if isinstance(tree, tuple | list):
        for index, item in enumerate(tree):
            yield from leaves(item, (*path, index))
    else:
        yield path, tree
