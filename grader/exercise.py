"""What a plugin author declares: an exercise and its tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from grader.cases import Draw

__all__ = ["Edge", "Exercise", "Task", "Tolerance"]

Arguments = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """How far an answer may be from the truth: ``|got - truth| <= atol + rtol * |truth|``.

    A value of None takes the default for the dtype that is judged (float64: rtol 5e-8, atol 1e-9; float32: rtol 1.3e-6,
    atol 1e-5, as ``torch.testing.assert_close``). The grader widens the allowed error by itself where the reference,
    run in that dtype, or the truth, under rounding of its inputs, is off by more.
    """

    rtol: float | None = None
    atol: float | None = None


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One named case that is always run, before the drawn ones.

    ``smooth=False`` keeps it out of gradient checks: use it where several subgradients are right.
    """

    args: Arguments
    smooth: bool = True


def no_edges() -> Mapping[str, Edge | Arguments]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Task:
    """One function that the learner writes.

    Args:
        name: the function's name in stub and solution.
        cases: ``(draw) -> arguments`` of one call, bound by position; called late, once per drawn case.
        edges: ``() -> {name: arguments or Edge}``; called late.
        tolerance: the error allowed besides what rounding explains.
        dtypes: the floating dtypes that the task is judged in; ``()`` leaves the arguments as they are.
        gradient: names (in the torch reference's signature) of the differentiable arguments.
        forbid: qualified names that would do the task, such as ``torch.softmax`` or ``numpy.tanh``.
        allow: qualified names that the learner is told are welcome; a module named here may be imported.
        may_mutate: names of the arguments that may be changed in place.
        driver: a self-contained function ``(learner's object, *arguments) -> answer`` that runs in the
            worker, for what is no pure function.
        points: what the task is worth, all or nothing.
        level: ``core``, or ``stretch`` for what may be left out.
        minutes: how long a learner is likely to take.
        backends: where the task exists.
        timeout: seconds that one case may take.
        drawn: how many cases are drawn beside the edges (fewer where the space is smaller).
    """

    name: str
    cases: Callable[[Draw], Arguments]
    edges: Callable[[], Mapping[str, Edge | Arguments]] = no_edges
    tolerance: Tolerance = field(default_factory=Tolerance)
    dtypes: tuple[str, ...] = ("float64", "float32")
    gradient: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    may_mutate: tuple[str, ...] = ()
    driver: Callable[..., Any] | None = None
    points: float = 1.0
    level: Literal["core", "stretch"] = "core"
    minutes: int = 10
    backends: tuple[str, ...] = ("numpy", "torch")
    timeout: float = 2.0
    drawn: int = 100


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One concept: its lesson, stubs, solutions and known mistakes lie in files named after it.

    Args:
        name: an identifier; also the name of the folders ``exercises/NAME`` and ``solutions/NAME``.
        title: what the learner reads.
        tasks: in the order in which to write them.
        after: names of the exercises to do first.
    """

    name: str
    title: str
    tasks: tuple[Task, ...]
    after: tuple[str, ...] = ()
