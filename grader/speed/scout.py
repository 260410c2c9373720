"""A first look at both sides of a race: how many calls make a request, and whether there is anything to race for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from grader.answer import Answer
from grader.child import ChildDied, ChildTimedOut
from grader.sandbox import Sandbox
from grader.speed.runner import Arguments, Clock, Runner, Side, nbytes
from grader.speed.turns import OTHER, REFERENCE, Out, Turn, begun, fair, taken

__all__ = ["Plan", "scouted"]

Judge = Callable[[Arguments, Answer, Answer], str | None]
MOST_CALLS = 256
MOST_BYTES = 2**23  # of one request: those of all turns of a pair are held at once
ROOM = 2**28  # for answers of an unknown size; pages that nobody touches cost nothing
SLACK = 2**16
LOOKS = 5
FAR = 9.0  # times the limit, in the best of several calls: no noise explains that, and no race is needed


class _Far(Exception):
    """The other side looks far too slow, in the best of several single calls."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to race.

    Args:
        calls: of one request.
        size: of the memory that arguments and answers of a request each take.
        seconds: of a call of the reference and one of the other.
    """

    calls: int
    size: int
    seconds: tuple[float, float]

    @property
    def block(self) -> float:
        """Seconds of a block: two turns that count, and one to warm up, on each side."""
        return 3 * self.calls * sum(self.seconds)


def scouted(
    sandbox: Sandbox,
    sides: tuple[Side, Side],
    deal: Callable[[], Arguments],
    judge: Judge,
    limit: float,
    *,
    least: float,
    budget: float,
    clock: Clock,
) -> Plan:
    """Call both sides a few times.

    Raises:
        Out: if the other does not answer rightly, or is so slow that the limit is out of sight.
    """
    with ExitStack() as stack:
        runner = begun(stack, sandbox, sides[REFERENCE], ROOM, clock, REFERENCE)
        first = _fastest(runner, deal)
        size = _size(deal(), first[1])
        calls = max(1, min(math.ceil(least / first[0]), MOST_CALLS, MOST_BYTES // size))
        own = min(taken(runner, [deal() for _ in range(calls)], REFERENCE)[0] for _ in range(LOOKS)) / calls
        other = begun(stack, sandbox, sides[OTHER], calls * size + SLACK, clock, OTHER)
        try:
            seconds = _others(runner, other, deal, judge, own, limit, budget)
        except _Far as far:
            seconds = _surely(runner, other, deal, calls, far.seconds, own, limit, budget)
    return Plan(calls=calls, size=calls * size + SLACK, seconds=(own, seconds))


def _fastest(runner: Runner, deal: Callable[[], Arguments]) -> Turn:
    return min((taken(runner, [deal()], REFERENCE) for _ in range(LOOKS)), key=lambda turn: turn[0])


def _others(
    reference: Runner,
    other: Runner,
    deal: Callable[[], Arguments],
    judge: Judge,
    seconds: float,
    limit: float,
    budget: float,
) -> float:
    """Return the least time of a call of the other side, after as many looks as tell it from one that is far too slow.

    Raises:
        Out: if its answers are wrong, or it gives none in time.
        _Far: if it looks so.
    """
    timeout, least, spent = max(budget, 2 * FAR * limit * seconds), math.inf, 0.0
    for number in range(LOOKS):
        args = deal()
        took = _first(other, reference, args, judge, timeout, seconds)
        least, spent = min(least, took), spent + took
        if number and least < FAR * limit * seconds:
            return least
        if number and spent > budget:
            break
    if least < FAR * limit * seconds:
        return least
    raise _Far(least)


def _surely(
    reference: Runner,
    other: Runner,
    deal: Callable[[], Arguments],
    calls: int,
    least: float,
    seconds: float,
    limit: float,
    budget: float,
) -> float:
    """Look again, at requests of as many calls as in the race: on a busy machine a single call is mostly its request.

    Raises:
        Out: if the other side is far too slow even so.
    """
    for _ in range(LOOKS if calls * least < budget else 0):
        cases = [deal() for _ in range(calls)]
        took, _answers = taken(other, cases, OTHER, max(budget, 2 * calls * least))
        least, seconds = min(least, took / calls), max(seconds, taken(reference, cases, REFERENCE)[0] / calls)
        if least < FAR * limit * seconds:
            return least
    raise Out("", at_least=least / seconds)


def _first(other: Runner, reference: Runner, args: Arguments, judge: Judge, timeout: float, seconds: float) -> float:
    """Call the other side once and look at its answer."""
    try:
        took, (got,) = other.turn([args], timeout)
    except ChildTimedOut:
        raise Out("", at_least=timeout / seconds) from None
    except ChildDied as error:
        raise Out(str(error)) from None
    if got.raised is not None:
        raise Out(f"raises {got.raised.type}: {got.raised.message}")
    fair(other)
    wrong = judge(args, taken(reference, [args], REFERENCE)[1][0], got)
    if wrong:
        raise Out(wrong)
    return took


def _size(args: Arguments, answers: Sequence[Answer]) -> int:
    """Return how much memory arguments and answers of one call may take; an answer may be wrong, and larger."""
    return 2 * max(nbytes(args), sum(nbytes(answer.value) for answer in answers)) + 4096
