"""Grading one exercise in one backend: the only file that knows the order of the stages.

plan -> execute (learner and reference, each behind the wall) -> compare -> diagnose -> verdicts
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from grader.attempt import Attempt, Examined, Submitted
from grader.checks import UNATTEMPTED
from grader.errors import GraderError, PluginError
from grader.exercise import Task
from grader.explain import Explainer, exception_of
from grader.oracle import Oracle
from grader.plan import ordered
from grader.sandbox import Sandbox
from grader.verdict import Check, ExerciseResult, TaskResult, TaskStatus, Verdict

__all__ = ["Session", "status_of"]

LOADED_BY = "runs"


class Session:
    """Judges submissions of one exercise in one backend."""

    def __init__(
        self,
        oracle: Oracle,
        checks: Sequence[Check],
        sandbox: Sandbox,
        explainer: Explainer,
        tell: Callable[[Verdict], None] = lambda verdict: None,
    ) -> None:
        self._oracle = oracle
        self._checks = ordered(checks)
        self._sandbox = sandbox
        self._explainer = explainer
        self._tell = tell

    def grade(self, submitted: Submitted, tasks: Sequence[Task]) -> ExerciseResult:
        """Return all verdicts on the tasks."""
        with Attempt(submitted, self._oracle, self._sandbox) as attempt:
            results = tuple(self._grade_task(task, attempt) for task in tasks)
        return ExerciseResult(
            name=self._oracle.loaded.name,
            backend=self._oracle.backend.name,
            path=submitted.path,
            sha256=submitted.sha256,
            tasks=results,
        )

    def _grade_task(self, task: Task, attempt: Attempt) -> TaskResult:
        examined = Examined(task, attempt, self._oracle)
        verdicts: dict[str, Verdict] = {}
        for check in self._checks:
            start = time.perf_counter()
            verdict = self._verdict(check, examined, attempt, verdicts)
            verdicts[check.name] = replace(
                verdict,
                seconds=round(time.perf_counter() - start, 6),
                exercise=self._oracle.loaded.name,
                backend=self._oracle.backend.name,
                task=task.name,
            )
            self._tell(verdicts[check.name])
        wanted = frozenset(name for name, verdict in verdicts.items() if verdict.wanted)
        status = status_of(verdicts, wanted)
        score = task.points if status == "passed" else 0.0
        checks = tuple(verdicts.values())
        return TaskResult(
            name=task.name, status=status, score=score, max_score=task.points, checks=checks, level=task.level
        )

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
        finding = check.judge(evidence)
        if finding is None and probes and attempt.broken is not None:
            return Verdict(check=check.name, status="skipped", reason="the file cannot be loaded")
        if finding is None:
            return Verdict(check=check.name, status="passed")
        if finding.status == "skipped":
            return Verdict(check=check.name, status="skipped", reason=finding.reason)
        return self._explainer.explain(check, finding, evidence, examined.again)


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
