"""What a check may say, what a report holds, and what plugins may add: backends, checks, reporters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from grader.evidence import Curve, Evidence, Finding, Peak, Probe, Run, Timing
    from grader.exercise import Task

__all__ = [
    "Backend",
    "Check",
    "Diagnosis",
    "ExerciseResult",
    "Failure",
    "Report",
    "Reporter",
    "Status",
    "TaskResult",
    "Used",
    "Verdict",
]

Status = Literal["passed", "failed", "skipped", "error"]
TaskStatus = Literal["passed", "failed", "unattempted", "skipped", "error"]


@dataclass(frozen=True, kw_only=True)
class Backend:
    """What learners' code may be written in.

    Args:
        name: as in file names, ``conv_NAME.py``.
        worker: path of the file that a worker loads before any learner's code; see ``worker/numpy_backend.py``.
        distributions: installed distributions that the code may import, with all that they need.
        imports: top-level modules beside the standard library that the rules allow.
        gradients: whether the backend differentiates by itself.
        device: where it computes, as PyTorch names it.
    """

    name: str
    worker: Path
    distributions: tuple[str, ...]
    imports: tuple[str, ...]
    gradients: bool = False
    device: str = "cpu"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question asked of a task.

    Args:
        name: as in reports.
        after: names of the checks without which this one makes no sense; if one of them fails, this is skipped.
        probes: ``(task, backend) -> the calls it asks of the worker``; without calls it judges the source.
        judge: ``(evidence) -> Finding, or None if it passes``; pure, in the parent.
        applies: ``(task, backend) -> None, or the reason for leaving it out``.
        measures: what is measured for it beside the calls; speed and memory have points of their own.
    """

    name: str
    judge: Callable[[Evidence], Finding | None]
    after: tuple[str, ...] = ()
    probes: Callable[[Task, Backend], tuple[Probe, ...]] = lambda task, backend: ()
    applies: Callable[[Task, Backend], str | None] = lambda task, backend: None
    measures: Literal["", "device", "speed", "memory", "training"] = ""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Why an answer is wrong: a mistake that the plugin declares, or a general slip."""

    kind: Literal["mistake", "general"]
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The case that shows a failure best.

    Args:
        labels: what tells the case from others; edge cases have ``case: name``.
        arguments: name and value of each argument.
        actual: the learner's answer; None if it raised.
        expected: the truth.
        differentiated: for gradients, the positions of the differentiable arguments.
        driver: the text of the function that calls the learner's object with the arguments, if there is one.
    """

    labels: Mapping[str, str]
    arguments: tuple[tuple[str, Any], ...]
    actual: Any
    expected: Any
    dtype: str | None = None
    differentiated: tuple[int, ...] = ()
    driver: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer to one check of one task.

    Args:
        wanted: False where the check does not apply to the task, which then needs no pass from it.
        measured: what the verdict on speed or memory rests on.
    """

    check: str
    status: Status
    wanted: bool = True
    reason: str = ""
    seconds: float = 0.0
    failure: Failure | None = None
    separates: str | None = None
    diagnosis: Diagnosis | None = None
    exception: Mapping[str, Any] | None = None
    output: str = ""
    measured: Timing | Peak | Run | Curve | None = None
    exercise: str = ""
    backend: str = ""
    task: str = ""

    def retold(self, change: Callable[[str], str]) -> Verdict:
        """Return the verdict with every text changed that may name a file of the learner's."""
        exception = self.exception
        if exception is not None:
            exception = {key: change(value) if isinstance(value, str) else value for key, value in exception.items()}
        return replace(self, reason=change(self.reason), output=change(self.output), exception=exception)


@dataclass(frozen=True, kw_only=True)
class TaskResult:
    """All verdicts on one task."""

    name: str
    status: TaskStatus
    score: float
    max_score: float
    checks: tuple[Verdict, ...]
    level: str = "core"


@dataclass(frozen=True, kw_only=True)
class Used:
    """A function of an earlier exercise that an exercise is built of, and whose it was.

    Args:
        task: its full name, such as ``backprop.linear``.
        by: ``own``, ``library`` (the published one), or ``missing`` where only the learner's own counts.
        path: the learner's file that it is from.
    """

    task: str
    by: Literal["own", "library", "missing"]
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class ExerciseResult:
    """All verdicts on one exercise in one backend.

    Args:
        uses: the functions of earlier exercises that it is built of.
        library: the published file of these, if there are any.
    """

    name: str
    backend: str
    path: str
    sha256: str
    tasks: tuple[TaskResult, ...]
    uses: tuple[Used, ...] = ()
    library: str = ""

    @property
    def score(self) -> float:
        return sum(task.score for task in self.tasks)

    @property
    def max_score(self) -> float:
        return sum(task.max_score for task in self.tasks)


@dataclass(frozen=True, kw_only=True)
class Report:
    """All verdicts on one submission, with what produced them.

    Args:
        options: what to add to a command so that it speaks of the same submission.
    """

    seed: int
    environment: Mapping[str, str | None]
    path: str
    sha256: str
    exercises: tuple[ExerciseResult, ...]
    warnings: tuple[str, ...] = ()
    options: str = ""

    @property
    def score(self) -> float:
        return sum(exercise.score for exercise in self.exercises)

    @property
    def max_score(self) -> float:
        return sum(exercise.max_score for exercise in self.exercises)

    @property
    def statuses(self) -> frozenset[str]:
        return frozenset(task.status for exercise in self.exercises for task in exercise.tasks)


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """Turns a report into text.

    Args:
        name: what ``--format`` is given.
        render: ``(report, width, colour) -> text``; pure.
    """

    name: str
    render: Callable[[Report, int, bool], str]
