"""The seconds of one call at one size, on every side: each the least of a few turns, and all take turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
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
TURNS = 7
MOST_CALLS = 8
PATIENCE = 20.0
SLACK = 2**20


class WrongAnswer(Exception):
    """The learner's function answered otherwise than the reference while it was timed; the text says how."""


def point_at(
    stopwatch: Stopwatch, task: Task, speed: Speed, size: int, sides: Mapping[str, Side], floor: Floor
) -> Point:
    """Time all sides on the same inputs.

    Raises:
        WorkerError: if a side does not end in time, or with the memory that there is.
        WrongAnswer: if an answer of the learner's differs from the reference's.
    """
    deal = dealer(task, speed, size, stopwatch.rng)
    with ExitStack() as stack:
        runners = {name: _begun(stack, stopwatch, side, deal()) for name, side in sides.items()}
        turns = _turns(stopwatch, runners[REFERENCE], deal)
        spent, answers = _taken(runners, turns)
        sizes = [nbytes(answer.value) for answer in answers[REFERENCE][: len(turns[0])]]
        with _awake(runners[REFERENCE]) as runner:  # a learner's process may make of an echo what it likes
            echo = min(runner.echo(cases, sizes) for cases in turns)
    judge = stopwatch.judge(task, turns[0][0])
    for args, *both in zip(chain(*turns), answers[REFERENCE], answers[OWN], strict=True):
        if wrong := judge(args, *both):
            raise WrongAnswer(wrong)
    moved = nbytes(turns[0][0]) + nbytes(answers[REFERENCE][0].value)
    seconds = {name: max(one - echo, LEAST_SHARE * one) / len(turns[0]) for name, one in spent.items()}
    return Point(size=size, floor=floor.seconds(moved, operations(task, speed, turns[0][0])), **seconds)


def operations(task: Task, speed: Speed, args: Arguments) -> float:
    """Return the floating-point operations that a plugin says a call needs; 0 if it says nothing.

    Raises:
        PluginError: if its function crashes.
    """
    try:
        return 0.0 if speed.flops is None else float(speed.flops(*args))
    except Exception as error:  # anything may go wrong in a plugin's function
        raise PluginError(f"task {task.name}: flops of its speed crashes: {type(error).__name__}: {error}") from error


def _begun(stack: ExitStack, stopwatch: Stopwatch, side: Side, args: Arguments) -> Runner:
    """Start a side, which ends with the stack, and let it make one call."""
    try:
        runner = stack.enter_context(opened(stopwatch.sandbox, side, MOST_CALLS * (SLACK + 32 * nbytes(args))))
    except (ChildDied, ChildTimedOut) as error:
        raise _failure(side, error) from None
    with _awake(runner):
        _turn(runner, [args])
    return runner


def _turns(stopwatch: Stopwatch, runner: Runner, deal: Callable[[], Arguments]) -> list[list[Arguments]]:
    """Return the arguments of some turns, each of as many calls as take long enough to be timed."""
    with _awake(runner):
        first, _ = _turn(runner, [deal()])
    calls = max(1, min(math.ceil(stopwatch.method.least / first), MOST_CALLS))
    return [[deal() for _ in range(calls)] for _ in range(TURNS)]


def _taken(
    runners: Mapping[str, Runner], turns: Sequence[Sequence[Arguments]]
) -> tuple[dict[str, float], dict[str, list[Answer]]]:
    """Let all sides take each turn, one after the other, so that the machine is as busy for one as for the others.

    Returns:
        the least seconds of a turn, and the answers of all turns in order.
    """
    spent = dict.fromkeys(runners, math.inf)
    answers: dict[str, list[Answer]] = {name: [] for name in runners}
    for cases in turns:
        for name, runner in runners.items():
            with _awake(runner):
                _turn(runner, turns[0][:1])  # a process that has just waited is slower
                seconds, got = _turn(runner, cases)
            spent[name] = min(spent[name], seconds)
            answers[name] += got
    return spent, answers


@contextmanager
def _awake(runner: Runner) -> Iterator[Runner]:
    """Let a side's process run meanwhile, and stand still afterwards; what goes wrong with it is a WorkerError."""
    try:
        runner.program.child.thaw()
        yield runner
        runner.program.child.freeze()
    except (ChildDied, ChildTimedOut) as error:
        raise _failure(runner.side, error) from None


def _turn(runner: Runner, cases: Sequence[Arguments]) -> tuple[float, tuple[Answer, ...]]:
    seconds, answers = runner.turn(cases, PATIENCE)
    raised = next((answer.raised for answer in answers if answer.raised is not None), None)
    if raised is not None:
        raise _failure(runner.side, f"raises {raised.type}: {raised.message}")
    return seconds, answers


def _failure(side: Side, why: object) -> WorkerError:
    return WorkerError(f"{side.function} of {side.source.path.name} cannot be timed: {why}")
