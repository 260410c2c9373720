"""The hooks that a plugin may implement. Mark implementations with ``@hookimpl``; take only the arguments you need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from grader.diagnose import Symptoms
    from grader.exercise import Exercise, Speed, Task
    from grader.verdict import Backend, Check, Diagnosis, Report, Reporter, Verdict

__all__ = ["hookimpl"]

hookspec = pluggy.HookspecMarker("gradlings")
hookimpl = pluggy.HookimplMarker("gradlings")


@hookspec
def grader_exercises() -> Iterable[Exercise]:  # type: ignore[empty-body]
    """Return the exercises that this plugin brings."""


@hookspec
def grader_speeds() -> Mapping[str, Speed]:  # type: ignore[empty-body]
    """Return what tasks may cost, by name (``conv.conv2d``): a Speed for tasks that declare none themselves."""


@hookspec
def grader_backends() -> Iterable[Backend]:  # type: ignore[empty-body]
    """Return the backends that learners' code may be written in."""


@hookspec
def grader_checks() -> Iterable[Check]:  # type: ignore[empty-body]
    """Return the checks that this plugin adds; they run after those that they name."""


@hookspec
def grader_reporters() -> Iterable[Reporter]:  # type: ignore[empty-body]
    """Return the formats that this plugin can write reports in."""


@hookspec(firstresult=True)
def grader_plan(exercise: Exercise, checks: Sequence[Check]) -> Sequence[Check] | None:
    """Return a changed list of checks for an exercise, or None to leave it."""


@hookspec(firstresult=True)
def grader_diagnose(task: Task, symptoms: Symptoms) -> Diagnosis | None:
    """Explain a failure that no declared mistake explains, or return None; a wrong diagnosis is worse than none."""


@hookspec
def grader_verdict(verdict: Verdict) -> None:
    """Be told of each verdict as soon as it is known."""


@hookspec
def grader_report(report: Report) -> None:
    """Be told of a complete report."""
