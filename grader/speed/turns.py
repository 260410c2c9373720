"""Two processes that take turns: the reference's and another's, of which one is awake at a time.

Whatever goes wrong on the reference's side is the plugin's or the machine's fault (``WorkerError``); on the other side
it puts the other out of the race (``Out``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from grader.answer import Answer
from grader.child import ChildDied, ChildTimedOut
from grader.errors import WorkerError
from grader.sandbox import Sandbox
from grader.speed.runner import PATIENCE, Arguments, Clock, Runner, Side, opened

__all__ = ["CHANGED", "OTHER", "REFERENCE", "Out", "Turn", "Turns", "begun", "taken"]

REFERENCE, OTHER = 0, 1
CHANGED = "changes the arrays that it was given"
Turn = tuple[float, tuple[Answer, ...]]


class Out(Exception):
    """The other side is out of the race; the text says why, unless it is too slow to be measured."""

    def __init__(self, text: str, at_least: float | None = None) -> None:
        super().__init__(text)
        self.at_least = at_least


def begun(stack: ExitStack, sandbox: Sandbox, side: Side, size: int, clock: Clock, which: int) -> Runner:
    """Load a side into a fresh process, which ends with the stack."""
    try:
        return stack.enter_context(opened(sandbox, side, size, clock))
    except (ChildDied, ChildTimedOut) as error:
        raise _failure(side, which, str(error)) from None


def taken(runner: Runner, cases: Sequence[Arguments], which: int, timeout: float = PATIENCE) -> Turn:
    """Let a side take a turn that has to end with answers."""
    try:
        seconds, answers = runner.turn(cases, timeout)
    except (ChildDied, ChildTimedOut) as error:
        raise _failure(runner.side, which, str(error)) from None
    raised = next((answer.raised for answer in answers if answer.raised is not None), None)
    if raised is not None:
        raise _failure(runner.side, which, f"raises {raised.type}: {raised.message}")
    return seconds, answers


def _failure(side: Side, which: int, text: str) -> Exception:
    return Out(text) if which == OTHER else WorkerError(f"the reference {side.function} cannot be timed: {text}")


class Turns:
    """Lets one of two runners be awake; it makes one untimed call after waking."""

    def __init__(self, runners: Sequence[Runner], warm: Sequence[Arguments], timeout: float) -> None:
        """Prepare it.

        Args:
            timeout: of a turn of the other side.
        """
        self._runners = runners
        self._warm = warm
        self._timeouts = (PATIENCE, timeout)
        self._awake: int | None = None

    def turn(self, which: int, cases: Sequence[Arguments]) -> Turn:
        self.wake(which)
        return taken(self._runners[which], cases, which, self._timeouts[which])

    def wake(self, which: int) -> None:
        if self._awake == which:
            return
        try:
            self._runners[1 - which].program.child.freeze()
            self._runners[which].program.child.thaw()
        except ChildDied as error:  # only the other side's code has a reason to end what stops it
            raise Out(str(error)) from None
        self._awake = which
        taken(self._runners[which], self._warm, which, self._timeouts[which])
