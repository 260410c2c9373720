"""Calling the functions of one file in a worker: load it, call it case by case, and survive what it does.

A batch of cases travels in one frame. If the process dies or takes too long, a fresh child replays the cases one at a
time, so that the guilty case is known, and a slow but honest batch still gets its answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.answer import Answer, Raised, leaves, leaves_only
from grader.child import Child, ChildDied, ChildTimedOut
from grader.sandbox import Sandbox
from grader.source import Library, Source
from grader.verdict import Backend

__all__ = ["Call", "Program", "answer_of", "answers_of"]

LOAD_TIMEOUT = 10.0
REPLAY_BUDGET = 60.0
MOST = 2**29  # bytes of all answers to one call: they are kept until the task is judged
TOO_LARGE = f"all answers together take more than {MOST >> 20} MiB"


@dataclass(frozen=True, kw_only=True)
class Call:
    """What to call, on what, and how; see ``worker/learner.py``.

    Args:
        timeout: seconds for one case; a batch may take twice as long before it is replayed case by case.
    """

    function: str
    cases: Sequence[Sequence[Any]]
    mode: str = "forward"
    wrt: tuple[int, ...] = ()
    upstream: Sequence[Sequence[Any]] = field(default_factory=tuple)
    forbid: tuple[str, ...] = ()
    driver: str | None = None
    late: bool = False
    timeout: float = 2.0

    def only(self, index: int) -> Call:
        """Return the call of one of the cases."""
        upstream = self.upstream[index : index + 1]
        fields = {**vars(self), "cases": self.cases[index : index + 1], "upstream": upstream}
        return Call(**fields)

    def within(self, timeout: float) -> Call:
        """Return the same call with another time for one case."""
        return replace(self, timeout=timeout)

    def message(self) -> dict[str, Any]:
        """Return the request for a worker."""
        fields = {key: value for key, value in vars(self).items() if key != "timeout"}
        return {"do": "call", **fields}


class Program:
    """One file in a child of its own; a child that dies is replaced for the next call.

    Once it is loaded, ``unknown_rules`` are the forbidden names that name nothing, and ``broken`` is what its top level
    raised.
    """

    def __init__(self, sandbox: Sandbox, backend: Backend, source: Source, forbidden: Sequence[str] = ()) -> None:
        self._sandbox = sandbox
        self._backend = backend
        self._source = source
        self._forbidden = list(forbidden)
        self._child: Child | None = None
        self.unknown_rules: tuple[str, ...] = ()
        self.broken: Raised | None = None

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def load(self) -> Answer:
        """Load the file into a fresh child; the answer says what its top level raised, if anything."""
        answer = self._loaded()
        self.broken = answer.raised
        return answer

    def _loaded(self) -> Answer:
        self.close()
        self._child = self._sandbox.child(self._backend, folders_of(self._source))
        message = {"do": "load", **_module(self._source), "forbidden": self._forbidden}
        try:
            reply = self._child.request(message, LOAD_TIMEOUT)
            with _no_reply():
                self.unknown_rules = tuple(str(name) for name in reply.get("unknown", ()))
                return answer_of(reply)
        except (ChildDied, ChildTimedOut) as error:
            return Answer(raised=_ended(error, "while the file was loaded"))

    def has(self, function: str) -> bool:
        """Tell whether the loaded file defines a callable of this name."""
        try:
            return self._ready().request({"do": "has", "function": function}, LOAD_TIMEOUT).get("has") is True
        except (ChildDied, ChildTimedOut):
            return False

    def call(self, call: Call) -> tuple[Answer | None, ...]:
        """Return one answer for each case; None for those after one at which the process ended."""
        if not call.cases:
            return ()
        if len(call.cases) == 1:  # there is nothing to find out by calling it again
            return self._replay(call)
        try:
            return self._batch(call, 2 * call.timeout)
        except (ChildDied, ChildTimedOut):
            return self._replay(call)

    @property
    def child(self) -> Child:
        """The process that has loaded the file; a fresh one if it has died."""
        return self._ready()

    def _ready(self) -> Child:
        if self._child is None or not self._child.alive:
            self.load()
        assert self._child is not None
        return self._child

    def _batch(self, call: Call, timeout: float) -> tuple[Answer, ...]:
        answers = answers_of(self._ready().request(call.message(), timeout), len(call.cases))
        if _size(answers) > MOST:
            raise ChildDied(TOO_LARGE)
        return answers

    def _replay(self, call: Call) -> tuple[Answer | None, ...]:
        """Call the cases one at a time in a fresh child, up to the one that ends it."""
        answers: list[Answer | None] = []
        end = time.monotonic() + REPLAY_BUDGET
        held = 0
        for index in range(len(call.cases)):
            try:
                if time.monotonic() > end:
                    raise ChildTimedOut(f"all {len(call.cases)} calls together took more than {REPLAY_BUDGET:g} s")
                (answer,) = self._batch(call.only(index), call.timeout)
                held += _size([answer])
                if held > MOST:
                    raise ChildDied(TOO_LARGE)
                answers.append(answer)
            except (ChildDied, ChildTimedOut) as error:
                answers.append(Answer(raised=_ended(error)))
                break
        return tuple(answers) + (None,) * (len(call.cases) - len(answers))


def folders_of(source: Source) -> tuple[Path, ...]:
    """Return the folders that a file's code may import from, and the code of its library, the file's own first."""
    folder = source.path.parent.absolute()  # the child works elsewhere
    own = source.library.own if source.library else ()
    return tuple(dict.fromkeys([folder, *(path for one in own for path in folders_of(one.source))]))


def _module(source: Source) -> dict[str, Any]:
    """Return a file as a worker is told to load it."""
    return {
        "source": source.text,
        "file": str(source.path),
        "folder": str(source.path.parent.absolute()),
        "name": source.module,
        "library": None if source.library is None else _library(source.library),
    }


def _library(library: Library) -> dict[str, Any]:
    return {
        "source": library.text,
        "file": str(library.path),
        "name": library.path.stem,
        "own": [{"module": _module(one.source), "functions": list(one.functions)} for one in library.own],
        "missing": dict(library.missing),
    }


def _ended(error: Exception, when: str = "in this call") -> Raised:
    kind = "TimedOut" if isinstance(error, ChildTimedOut) else "ProcessDied"
    return Raised(type=kind, message=f"{error} {when}")


def answers_of(reply: dict[str, Any], count: int) -> tuple[Answer, ...]:
    """Return the answers that a worker's reply holds.

    Raises:
        ChildDied: if they are not as many as asked for, or none.
    """
    answers, late = reply.get("answers"), reply.get("late")
    if not isinstance(answers, list) or len(answers) != count:
        raise ChildDied("the process did not answer every case")
    if not isinstance(late, list) or len(late) != count:
        late = [None] * count
    with _no_reply():
        return tuple(answer_of(answer, again) for answer, again in zip(answers, late, strict=True))


def _size(answers: Sequence[Answer]) -> int:
    """Return how many bytes the arrays of answers take."""
    trees = [[one.value, one.inputs, one.late] for one in answers]
    return sum(leaf.nbytes for _, leaf in leaves(trees) if isinstance(leaf, np.ndarray))


@contextmanager
def _no_reply() -> Iterator[None]:
    """Tell a reply of the wrong form as the process's end: code that forges its replies gets what it asks for."""
    try:
        yield
    except (AttributeError, TypeError, ValueError):
        raise ChildDied("the process sent something that is no reply") from None


def answer_of(message: dict[str, Any], late: Any = None) -> Answer:
    """Return the answer that a worker's message holds."""
    output = str(message.get("output", ""))
    if "raised" in message:
        return Answer(raised=Raised.from_message(message["raised"]), output=output)
    inputs = tuple(leaves_only(message.get("inputs", [])))
    return Answer(value=leaves_only(message.get("value")), inputs=inputs, late=leaves_only(late), output=output)
