"""The seconds of one call at one size, on every side: each the least of a few turns, in a process of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from grader.answer import Answer
from grader.child import ChildDied, ChildTimedOut
from grader.errors import PluginError, WorkerError
from grader.evidence import Point
from grader.exercise import Speed, Task
from grader.speed.floor import Floor
from grader.speed.race import LEAST_SHARE
from grader.speed.runner import Arguments, Runner, Side, nbytes, opened
from grader.speed.stopwatch import Stopwatch, dealer

__all__ = ["FRAMEWORK", "OWN", "REFERENCE", "WrongAnswer", "operations", "point_at"]

OWN, REFERENCE, FRAMEWORK = "own", "reference", "framework"
TURNS = 5
MOST_CALLS = 8
PATIENCE = 20.0
SLACK = 2**20


class WrongAnswer(Exception):
    """The learner's function answered otherwise than the reference while it was timed; the text says how."""


@dataclass(frozen=True, kw_only=True)
class _Timed:
    """Seconds of one call, transfers taken off; what those of a turn took; the answers of all turns in order."""

    seconds: float
    echo: float
    answers: tuple[Answer, ...]


def point_at(
    stopwatch: Stopwatch, task: Task, speed: Speed, size: int, sides: Mapping[str, Side], floor: Floor
) -> Point:
    """Time all sides on the same inputs.

    Raises:
        WorkerError: if a side does not end in time, or with the memory that there is.
        WrongAnswer: if an answer of the learner's differs from the reference's.
    """
    turns = _turns(stopwatch, sides[REFERENCE], dealer(task, speed, size, stopwatch.rng))
    right = _timed(stopwatch, sides[REFERENCE], turns)
    own = _timed(stopwatch, sides[OWN], turns, right.echo)  # a learner's process may make of an echo what it likes
    judge = stopwatch.judge(task, turns[0][0])
    for args, *answers in zip(chain(*turns), right.answers, own.answers, strict=True):
        if wrong := judge(args, *answers):
            raise WrongAnswer(wrong)
    framework = _timed(stopwatch, sides[FRAMEWORK], turns).seconds if FRAMEWORK in sides else None
    args, answer = turns[0][0], right.answers[0]
    least = floor.seconds(nbytes(args) + nbytes(answer.value), operations(task, speed, args))
    return Point(size=size, own=own.seconds, reference=right.seconds, framework=framework, floor=least)


def operations(task: Task, speed: Speed, args: Arguments) -> float:
    """Return the floating-point operations that a plugin says a call needs; 0 if it says nothing.

    Raises:
        PluginError: if its function crashes.
    """
    try:
        return 0.0 if speed.flops is None else float(speed.flops(*args))
    except Exception as error:  # anything may go wrong in a plugin's function
        raise PluginError(f"task {task.name}: flops of its speed crashes: {type(error).__name__}: {error}") from error


def _turns(stopwatch: Stopwatch, side: Side, deal: Callable[[], Arguments]) -> list[list[Arguments]]:
    """Return the arguments of some turns, each of as many calls as take long enough to be timed."""
    with _warm(stopwatch, side, deal()) as runner:
        first, _ = runner.turn([deal()], PATIENCE)
    calls = max(1, min(math.ceil(stopwatch.method.least / first), MOST_CALLS))
    return [[deal() for _ in range(calls)] for _ in range(TURNS)]


def _timed(stopwatch: Stopwatch, side: Side, turns: Sequence[Sequence[Arguments]], echo: float | None = None) -> _Timed:
    """Let a side take the turns.

    Args:
        echo: what the transfers of a turn take, if that is known.
    """
    with _warm(stopwatch, side, turns[0][0]) as runner:
        spent, answers = zip(*(runner.turn(cases, PATIENCE) for cases in turns), strict=True)
        if echo is None:
            sizes = [nbytes(answer.value) for answer in answers[0]]
            echo = min(runner.echo(cases, sizes) for cases in turns)
    least = min(spent)
    seconds = max(least - echo, LEAST_SHARE * least) / len(turns[0])
    return _Timed(seconds=seconds, echo=echo, answers=tuple(chain(*answers)))


@contextmanager
def _warm(stopwatch: Stopwatch, side: Side, args: Arguments) -> Iterator[Runner]:
    """Start a side and let it make one call; whatever goes wrong with it is a WorkerError."""
    room = MOST_CALLS * (SLACK + 32 * nbytes(args))
    try:
        with opened(stopwatch.sandbox, side, room, stopwatch.clock) as runner:
            _, (answer,) = runner.turn([args], PATIENCE)
            if answer.raised is not None:
                raise ChildDied(f"raises {answer.raised.type}: {answer.raised.message}")
            yield runner
    except (ChildDied, ChildTimedOut) as error:
        raise WorkerError(f"{side.function} of {side.source.path.name} cannot be timed: {error}") from None
