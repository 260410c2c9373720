"""What a plugin author declares: an exercise and its tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

    from grader.cases import Draw

__all__ = ["Edge", "Exercise", "Memory", "Speed", "Task", "Tolerance", "Training", "no_inputs"]

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


@dataclass(frozen=True, kw_only=True)
class Memory:
    """How much memory a call may take.

    Args:
        limit: how many times the reference's peak.
        reason: why, in a sentence that the learner reads.
        points: what it is worth.
    """

    limit: float
    reason: str
    points: float = 1.0


def no_inputs(size: int, rng: np.random.Generator) -> Arguments:
    """Stand for inputs that were left out."""
    raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How long a call may take, beside the reference on the same inputs.

    Args:
        inputs: ``(size, rng) -> arguments`` of one call, from ``numpy.random.Generator``; called late, often.
        size: the size that is judged: realistic, and of some milliseconds for the reference.
        limit: how many times the reference's time: honest loops must be over it, honest vectorised code under it.
        reason: why, in a sentence that the learner reads.
        exponent: how time grows once the size is large, ``time ~ size ** exponent``, where that is a lesson.
        sizes: to show the growth over, smallest first; needed with ``exponent``.
        framework: the framework's own operator: a self-contained function of the same arguments, as tensors.
        flops: ``(*arguments) -> floating-point operations`` that no way of computing avoids.
        needs: ``size -> bytes`` that the reference needs at its peak; asked before anything of that size is made.
        dtype: what floating arguments are cast to.
        backends: where it is judged; by default wherever the task exists.
        points: what it is worth.
        memory: how much memory a call of ``size`` may take.
    """

    inputs: Callable[[int, np.random.Generator], Arguments] = no_inputs
    size: int
    limit: float
    reason: str
    exponent: float | None = None
    sizes: tuple[int, ...] = ()
    framework: Callable[..., Any] | None = None
    flops: Callable[..., float] | None = None
    needs: Callable[[int], float] | None = None
    dtype: str = "float32"
    backends: tuple[str, ...] | None = None
    points: float = 1.0
    memory: Memory | None = None


@dataclass(frozen=True, kw_only=True)
class Training:
    """A whole training on real data, judged beside the reference's where that is asked for (``--full``).

    The task returns the losses, one a step, and then what was trained: ``(losses, weights)``.

    Args:
        inputs: ``() -> arguments`` of the one call; called late.
        scored_by: the exercise's task that says how good what was trained is: it returns one number.
        held_out: ``(weights) -> arguments`` of that task, with data that the training has not seen; called late.
        margin: how much worse than the reference's the score may be.
        band: how far each loss may be from the reference's: a part of that loss and the curve's mean, taken together.
        higher: whether a higher score is better.
        timeout: seconds that the training may take.
    """

    inputs: Callable[[], Arguments]
    scored_by: str
    held_out: Callable[[Any], Arguments]
    margin: float
    band: float = 0.05
    higher: bool = True
    timeout: float = 300.0


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
        points: what right answers are worth, all or nothing.
        level: ``core``, or ``stretch`` for what may be left out.
        minutes: how long a learner is likely to take.
        backends: where the task exists.
        timeout: seconds that one case may take.
        drawn: how many cases are drawn beside the edges (fewer where the space is smaller).
        speed: what right answers may cost.
        training: a whole training, for tasks that train.
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
    speed: Speed | None = None
    training: Training | None = None

    def timed_in(self, backend: str) -> Speed | None:
        """Return what is asked of the task's speed in a backend, if anything."""
        speed = self.speed
        return speed if speed is not None and backend in (speed.backends or self.backends) else None


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One concept: its lesson, stubs, solutions and known mistakes lie in files named after it.

    Args:
        name: an identifier; also the name of the folders ``exercises/NAME`` and ``solutions/NAME``.
        title: what the learner reads.
        tasks: in the order in which to write them.
        after: names of the exercises to do first; the order in which exercises are listed follows from it.
        uses: full names of earlier exercises' tasks, such as ``backprop.linear``, that its own are built of. Its
            files import them from ``NAME_library_BACKEND``: the learner's where they pass, else published ones.
    """

    name: str
    title: str
    tasks: tuple[Task, ...]
    after: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
