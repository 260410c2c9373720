"""Grading one exercise in one backend: the only file that knows the order of the stages.

plan -> execute (learner and reference, each behind the wall) -> compare -> diagnose -> verdicts
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from grader.attempt import Attempt, Examined, Submitted
from grader.checks import UNATTEMPTED
from grader.errors import GraderError, PluginError, WorkerError
from grader.evidence import Curve, Evidence, Peak, Run, Timing
from grader.exercise import Task
from grader.explain import Explainer, exception_of
from grader.oracle import Oracle
from grader.plan import ordered
from grader.sandbox import Sandbox
from grader.verdict import Check, ExerciseResult, TaskResult, TaskStatus, Verdict

__all__ = ["Meter", "Session", "points_of", "status_of"]

LOADED_BY = "runs"
OWN = ("speed", "memory")  # what has points of its own
Meter = Callable[[Task, Submitted], Timing | Peak | Run | Curve]


class Session:
    """Judges submissions of one exercise in one backend."""

    def __init__(
        self,
        oracle: Oracle,
        checks: Sequence[Check],
        sandbox: Sandbox,
        explainer: Explainer,
        tell: Callable[[Verdict], None] = lambda verdict: None,
        meters: Mapping[str, Meter | str] | None = None,
    ) -> None:
        """Prepare to judge.

        Args:
            meters: what measures a submission's function, by what a check ``measures``, or why nothing does.
        """
        self._oracle = oracle
        self._checks = ordered(checks)
        self._sandbox = sandbox
        self._explainer = explainer
        self._tell = tell
        self._meters = meters or {}

    def grade(self, submitted: Submitted, tasks: Sequence[Task]) -> ExerciseResult:
        """Return all verdicts on the tasks."""
        with Attempt(submitted, self._oracle, self._sandbox) as attempt:
            results = tuple(self._grade_task(task, attempt, submitted.told) for task in tasks)
        return ExerciseResult(
            name=self._oracle.loaded.name,
            backend=self._oracle.backend.name,
            path=submitted.path,
            sha256=submitted.sha256,
            tasks=results,
        )

    def _grade_task(self, task: Task, attempt: Attempt, told: Callable[[Verdict], Verdict]) -> TaskResult:
        examined = Examined(task, attempt, self._oracle)
        verdicts: dict[str, Verdict] = {}
        for check in self._checks:
            start = time.perf_counter()
            verdict = self._verdict(check, examined, attempt, verdicts)
            verdicts[check.name] = replace(
                told(verdict),
                seconds=round(time.perf_counter() - start, 6),
                exercise=self._oracle.loaded.name,
                backend=self._oracle.backend.name,
                task=task.name,
            )
            self._tell(verdicts[check.name])
        wanted = frozenset(name for name, verdict in verdicts.items() if verdict.wanted)
        score, max_score = self._points(task, verdicts, wanted)
        return TaskResult(
            name=task.name,
            status=status_of(verdicts, wanted),
            score=score,
            max_score=max_score,
            checks=tuple(verdicts.values()),
            level=task.level,
        )

    def _points(self, task: Task, verdicts: Mapping[str, Verdict], wanted: frozenset[str]) -> tuple[float, float]:
        """Return points and most points: right answers are all or nothing, what is measured has its own."""
        measured = {one.name: one.measures for one in self._checks if one.measures in OWN and one.name in wanted}
        right = status_of(verdicts, wanted - measured.keys()) == "passed"
        points = {name: points_of(task, what) for name, what in measured.items()}
        extra = sum(points[name] for name in points if verdicts[name].status == "passed")
        return (task.points + extra if right else 0.0), task.points + sum(points.values())

    def _verdict(self, check: Check, examined: Examined, attempt: Attempt, before: Mapping[str, Verdict]) -> Verdict:
        """Return the verdict of one check, or why it is skipped."""
        try:
            return self._asked(check, examined, attempt, before)
        except PluginError as error:
            return Verdict(check=check.name, status="error", reason=str(error))
        except GraderError:
            raise
        except Exception as error:  # anything may go wrong in a plugin's check
            reason = f"the check {check.name!r} crashed: {type(error).__name__}: {error}"
            return Verdict(check=check.name, status="error", reason=reason)

    def _asked(self, check: Check, examined: Examined, attempt: Attempt, before: Mapping[str, Verdict]) -> Verdict:
        unwanted = check.applies(examined.task, self._oracle.backend)
        if unwanted:
            return Verdict(check=check.name, status="skipped", reason=unwanted, wanted=False)
        meter = self._meters.get(check.measures, "not measured in this run")
        if check.measures and isinstance(meter, str):
            return Verdict(check=check.name, status="skipped", reason=meter, wanted=False)
        for name in check.after:
            if before[name].status in ("failed", "error"):
                return Verdict(check=check.name, status="skipped", reason=f"waits for {name}")
            if before[name].status == "skipped" and before[name].wanted:
                return Verdict(check=check.name, status="skipped", reason=before[name].reason)
        return self._judged(check, examined, attempt)

    def _judged(self, check: Check, examined: Examined, attempt: Attempt) -> Verdict:
        probes = check.probes(examined.task, self._oracle.backend)
        if probes:
            attempt.load()
        if attempt.broken is not None and check.name == LOADED_BY:
            reason = f"the file cannot be loaded: {attempt.broken.type}: {attempt.broken.message}"
            return Verdict(check=check.name, status="failed", reason=reason, exception=exception_of(attempt.broken))
        evidence = examined.evidence(probes if attempt.broken is None else ())
        meter = self._meters.get(check.measures)
        if callable(meter):
            attempt.rest()
            return self._measured(check, meter, evidence, attempt.submitted)
        finding = check.judge(evidence)
        if finding is None and probes and attempt.broken is not None:
            return Verdict(check=check.name, status="skipped", reason="the file cannot be loaded")
        if finding is None:
            return Verdict(check=check.name, status="passed")
        if finding.status == "skipped":
            return Verdict(check=check.name, status="skipped", reason=finding.reason)
        return self._explainer.explain(check, finding, evidence, examined.again)

    def _measured(self, check: Check, meter: Meter, evidence: Evidence, submitted: Submitted) -> Verdict:
        """Measure, and judge what was measured; what goes wrong on the reference's side is nobody's failure."""
        try:
            return _limited(check, replace(evidence, measured=meter(evidence.task, submitted)))
        except WorkerError as error:
            return Verdict(check=check.name, status="error", reason=str(error))


def _limited(check: Check, evidence: Evidence) -> Verdict:
    """Return the verdict of a check that measures; what it skips is the machine's fault, and no pass is needed."""
    finding = check.judge(evidence)
    status = "passed" if finding is None else finding.status
    reason = "" if finding is None else finding.reason
    wanted = status != "skipped"
    return Verdict(check=check.name, status=status, reason=reason, wanted=wanted, measured=evidence.measured)


def points_of(task: Task, what: str) -> float:
    """Return what is to be had for something that is measured."""
    if task.speed is None:
        return 0.0
    memory = task.speed.memory
    return task.speed.points if what == "speed" else memory.points if memory is not None else 0.0


def status_of(verdicts: Mapping[str, Verdict], wanted: frozenset[str]) -> TaskStatus:
    """Return a task's status: passed only if every check that applies to it has passed, and there is one.

    Args:
        wanted: names of the checks that apply.
    """
    statuses = [verdicts[name].status for name in wanted]
    if "error" in statuses:
        return "error"
    if "failed" in statuses:
        return "failed"
    if any(verdicts[name].reason == UNATTEMPTED for name in wanted):
        return "unattempted"
    return "passed" if statuses and set(statuses) == {"passed"} else "skipped"
