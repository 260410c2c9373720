"""What a time means: beside the framework's own operator, beside what this machine could do, and over sizes.

Shown, not judged; but every answer that is timed is compared.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.attempt import Submitted
from grader.errors import PluginError, WorkerError
from grader.evidence import Costs, Peak, Point, Timing
from grader.exercise import Speed, Task
from grader.ratio import slope
from grader.source import Source
from grader.speed.floor import Floor
from grader.speed.memory import peak_of
from grader.speed.points import FRAMEWORK, OWN, REFERENCE, WrongAnswer, point_at
from grader.speed.room import missing, too_large
from grader.speed.runner import Side
from grader.speed.stopwatch import Stopwatch, dealer, speed_of
from grader.verdict import Backend

__all__ = ["explained", "framework_side"]


def explained(stopwatch: Stopwatch, framework: Backend) -> Callable[[Task, Submitted], Timing]:
    """Return what times a task and adds what the time means.

    Args:
        framework: the backend in which the framework's own operators are called.
    """
    floor = Floor(stopwatch, framework)

    def measure(task: Task, submitted: Submitted) -> Timing:
        timing = stopwatch.time(task, submitted)
        if timing.ratio is None:
            return timing
        speed = speed_of(task, stopwatch.backend.name)
        sides = dict(_sides(stopwatch, framework, task, speed, submitted))
        try:
            judged, lacking = _first(stopwatch, task, speed, sides, floor)
            costs = _grown(stopwatch, task, speed, sides, floor, _costs(speed, judged, floor))
            memory, unseen = _memory(stopwatch, task, speed, submitted)
            left_out = lacking or costs.left_out or unseen
            return replace(timing, costs=replace(costs, left_out=left_out, memory=memory))
        except WorkerError as error:  # right and fast enough when it was judged, and only shown here
            return replace(timing, costs=Costs(left_out=str(error)))
        except WrongAnswer as wrong:
            return replace(timing, problem=str(wrong))

    return measure


def _memory(stopwatch: Stopwatch, task: Task, speed: Speed, submitted: Submitted) -> tuple[Peak | None, str]:
    """Measure the peak of a task of which nothing is asked in this respect; return why it cannot be shown as well."""
    try:
        return (None if speed.memory is not None else peak_of(stopwatch, task, submitted)), ""
    except WorkerError as error:
        return None, str(error)


def _first(stopwatch: Stopwatch, task: Task, speed: Speed, sides: dict[str, Side], floor: Floor) -> tuple[Point, str]:
    """Time the size that is judged, without the framework if that cannot do it; return why it cannot as well."""
    try:
        return point_at(stopwatch, task, speed, speed.size, sides, floor), ""
    except WorkerError as error:
        if sides.pop(FRAMEWORK, None) is None:
            raise
        return point_at(stopwatch, task, speed, speed.size, sides, floor), str(error)


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


def _grown(stopwatch: Stopwatch, task: Task, speed: Speed, sides: dict[str, Side], floor: Floor, costs: Costs) -> Costs:
    """Add how the costs grow over the sizes, up to the first that a side cannot do."""
    curve, problem = [], ""
    for size in speed.sizes or (speed.size,):
        try:
            problem = missing(task, speed, size) or too_large(dealer(task, speed, size, stopwatch.rng)()) or ""
            if not problem:
                curve.append(point_at(stopwatch, task, speed, size, sides, floor))
        except WorkerError as error:
            problem = str(error)
        if problem:
            problem = f"size {size} and more: {problem}"
            break
    fitted = len(curve) > 1 and costs.expected is not None
    exponent = slope([point.size for point in curve], [point.own for point in curve]) if fitted else None
    return replace(costs, curve=tuple(curve), exponent=exponent, left_out=problem)


def _sides(
    stopwatch: Stopwatch, framework: Backend, task: Task, speed: Speed, submitted: Submitted
) -> Iterator[tuple[str, Side]]:
    assert submitted.source is not None
    yield OWN, stopwatch.side(task, submitted.source, submitted.function(task))
    yield REFERENCE, stopwatch.reference(task)
    if speed.framework is not None:
        yield FRAMEWORK, framework_side(speed.framework, replace(framework, device=stopwatch.backend.device))


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
