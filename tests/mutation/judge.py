"""Grading mutants as submissions, through the sessions and workers that learners' files go through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.app import App
from grader.attempt import Submitted
from grader.evidence import Finding
from grader.exercise import Task
from grader.oracle import Oracle
from grader.sandbox import Sandbox
from grader.session import Session
from grader.source import Source
from grader.verdict import Check, TaskResult, Verdict
from tests.mutation.mutants import Mutant

__all__ = ["Judge", "judge"]

# Seconds for one case: a mutant may loop for ever. A busy machine may be too slow as well, so who takes longer than the
# first is asked once more.
TIMEOUTS = (0.5, 3.0)


class Terse:
    """Tells that a check has failed, and no more: a mutant needs no diagnosis and no smaller case."""

    def explain(self, check: Check, finding: Finding, *_: object) -> Verdict:
        return Verdict(check=check.name, status="failed", reason=finding.reason)


class Judge:
    """Grades mutants of one exercise in one backend."""

    def __init__(self, oracle: Oracle, session: Session, sandbox: Sandbox) -> None:
        self.oracle = oracle
        self.sandbox = sandbox
        self._session = session

    @property
    def prefix(self) -> str:
        return f"{self.oracle.loaded.name}:{self.oracle.backend.name}"

    @property
    def reference(self) -> Source:
        return self.oracle.loaded.reference(self.oracle.backend.name)

    def task(self, name: str) -> Task:
        return next(task for task in self.oracle.tasks() if task.name == name)

    def grade(self, mutant: Mutant, tasks: Sequence[str]) -> dict[str, str]:
        """Return for each task what caught the mutant, or nothing where it passes.

        Most mutants fail on the first dtype: only the others are asked everything.

        Raises:
            RuntimeError: if a check itself is in error, which is nobody's answer.
        """
        wanted = [self.task(name) for name in tasks]
        caught = self._in_time(mutant, [replace(task, dtypes=task.dtypes[:1], gradient=()) for task in wanted])
        passing = [task for task in wanted if not caught[task.name]]
        return caught | self._in_time(mutant, passing)

    def _in_time(self, mutant: Mutant, tasks: Sequence[Task]) -> dict[str, str]:
        caught: dict[str, str] = {}
        for timeout in TIMEOUTS:
            late = [task for task in tasks if "TimedOut" in caught.get(task.name, "TimedOut")]
            caught |= self._graded(mutant, [replace(task, timeout=timeout) for task in late]) if late else {}
        return caught

    def _graded(self, mutant: Mutant, tasks: Sequence[Task]) -> dict[str, str]:
        source = replace(self.reference, text=mutant.text)
        graded = self._session.grade(Submitted(path=str(source.path), source=source), tasks)
        return {task.name: _caught(task) for task in graded.tasks}


def _caught(task: TaskResult) -> str:
    if task.status == "passed":
        return ""
    verdict = next(one for one in task.checks if one.wanted and one.status != "passed")
    if task.status == "error":
        raise RuntimeError(f"{task.name}: {verdict.check}: {verdict.reason}")
    return f"{verdict.check}: {verdict.reason}"


@contextmanager
def judge(app: App, name: str, backend: str, sandbox: Sandbox, cache: Path | None) -> Iterator[Judge]:
    """Give the judge of one exercise in one backend."""
    with app.oracle(app.exercises[name], backend, sandbox, 0, cache) as oracle:
        checks = list(app.registry.checks().values())
        yield Judge(oracle, Session(oracle, checks, sandbox, Terse()), sandbox)  # type: ignore[arg-type]
