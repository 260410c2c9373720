"""What a time means: beside the framework's own operator, beside what this machine could do, and over sizes.

Shown, not judged: each figure is the least of a few turns, in a process of its own.
"""

from __future__ import annotations

import inspect
import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.answer import Answer
from grader.attempt import Submitted
from grader.child import ChildDied, ChildTimedOut
from grader.errors import PluginError, WorkerError
from grader.evidence import Costs, Point, Timing
from grader.exercise import Speed, Task
from grader.ratio import slope
from grader.source import Source
from grader.speed.floor import Floor
from grader.speed.race import LEAST_SHARE
from grader.speed.room import missing
from grader.speed.runner import Arguments, Side, nbytes, opened
from grader.speed.stopwatch import Stopwatch, dealer, speed_of
from grader.verdict import Backend

__all__ = ["explained", "framework_side"]

TURNS = 5
MOST_CALLS = 8
PATIENCE = 20.0
SLACK = 2**20


def explained(stopwatch: Stopwatch, framework: Backend) -> Callable[[Task, Submitted], Timing]:
    """Return what times a task and adds what the time means.

    Args:
        framework: the backend in which the framework's own operators are called.
    """
    floor = Floor(stopwatch)

    def measure(task: Task, submitted: Submitted) -> Timing:
        timing = stopwatch.time(task, submitted)
        if timing.ratio is None:
            return timing
        speed = speed_of(task, stopwatch.backend.name)
        sizes = _fitting(speed) or (speed.size,)
        sides = dict(_sides(stopwatch, framework, task, speed, submitted))
        try:
            judged = _point(stopwatch, task, speed, speed.size, sides, floor)
        except WorkerError:  # right and fast enough when it was judged, and only shown here
            return timing
        costs = _costs(speed, judged, floor)
        return replace(timing, costs=_grown(costs, _curve(stopwatch, task, speed, sizes, sides, floor)))

    return measure


def _costs(speed: Speed, judged: Point, floor: Floor) -> Costs:
    return Costs(
        framework=judged.own / judged.framework if judged.framework else None,
        operator=_name(speed),
        floor=judged.floor / judged.own if judged.floor else None,
        bound=floor.bound,
        expected=speed.exponent,
    )


def _name(speed: Speed) -> str:
    """Return what the framework calls its operator: the first line of the function's docstring, or its name."""
    if speed.framework is None:
        return ""
    return (inspect.getdoc(speed.framework) or speed.framework.__name__).splitlines()[0]


def _grown(costs: Costs, curve: Sequence[Point]) -> Costs:
    fitted = len(curve) > 1 and costs.expected is not None
    exponent = slope([point.size for point in curve], [point.own for point in curve]) if fitted else None
    return replace(costs, curve=tuple(curve), exponent=exponent)


def _curve(
    stopwatch: Stopwatch, task: Task, speed: Speed, sizes: Sequence[int], sides: dict[str, Side], floor: Floor
) -> list[Point]:
    """Time each size, up to one at which a side does not end in time or with the memory that there is."""
    curve: list[Point] = []
    for size in sizes:
        try:
            curve.append(_point(stopwatch, task, speed, size, sides, floor))
        except WorkerError:
            break
    return curve


def _fitting(speed: Speed) -> tuple[int, ...]:
    """Return the sizes that fit into memory."""
    return tuple(size for size in speed.sizes if missing(speed, size) is None)


def _sides(
    stopwatch: Stopwatch, framework: Backend, task: Task, speed: Speed, submitted: Submitted
) -> Iterator[tuple[str, Side]]:
    assert submitted.source is not None
    yield "own", stopwatch.side(task, submitted.source, submitted.function(task))
    yield "reference", stopwatch.reference(task)
    if speed.framework is not None:
        yield "framework", framework_side(speed.framework, replace(framework, device=stopwatch.backend.device))


def framework_side(operator: Callable[..., Any], backend: Backend) -> Side:
    """Return the framework's operator as a side of a race.

    Raises:
        PluginError: if it has no text, as a lambda or a function made at run time.
    """
    try:
        text = textwrap.dedent(inspect.getsource(operator))
    except (OSError, TypeError):
        raise PluginError(f"framework={operator!r} must be a function that a file defines by def") from None
    path = Path(inspect.getfile(operator))
    return Side(backend=backend, source=Source(path=path, text=text), function=operator.__name__)


def _point(stopwatch: Stopwatch, task: Task, speed: Speed, size: int, sides: dict[str, Side], floor: Floor) -> Point:
    deal = dealer(task, speed, size, stopwatch.rng)
    seconds = {}
    answer = Answer()
    for name, side in sides.items():
        seconds[name], answer = _seconds(stopwatch, side, deal)
    args = deal()
    least = floor.seconds(nbytes(args) + nbytes(answer.value), 0.0 if speed.flops is None else speed.flops(*args))
    return Point(size=size, framework=seconds.pop("framework", None), floor=least, **seconds)


def _seconds(stopwatch: Stopwatch, side: Side, deal: Callable[[], Arguments]) -> tuple[float, Answer]:
    """Return the least time of one call of several turns, transfers taken off, and an answer."""
    room = SLACK + 32 * nbytes(deal())
    try:
        with opened(stopwatch.sandbox, side, MOST_CALLS * room, stopwatch.clock) as runner:
            _, (answer,) = runner.turn([deal()], PATIENCE)
            if answer.raised is not None:
                raise ChildDied(f"raises {answer.raised.type}: {answer.raised.message}")
            first, _ = runner.turn([deal()], PATIENCE)
            calls = max(1, min(math.ceil(stopwatch.method.least / first), MOST_CALLS))
            turns = [runner.turn([deal() for _ in range(calls)], PATIENCE)[0] for _ in range(TURNS)]
            sizes = [nbytes(answer.value)] * calls
            echoes = [runner.echo([deal() for _ in range(calls)], sizes) for _ in range(TURNS)]
    except (ChildDied, ChildTimedOut) as error:
        raise WorkerError(f"{side.function} of {side.source.path.name} cannot be timed: {error}") from None
    spent = min(turns)
    return max(spent - min(echoes), LEAST_SHARE * spent) / calls, answer
