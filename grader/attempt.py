"""A submission's file, loaded behind the wall, and the runs of one task on it."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from grader.answer import Answer, Raised
from grader.calls import Program
from grader.cases import Case
from grader.evidence import Evidence, Probe, Run, Truth
from grader.exercise import Task
from grader.facts import SourceFacts, imports_of, source_facts
from grader.oracle import Oracle, call_of, made
from grader.sandbox import Sandbox
from grader.source import BadSource, Source, functions, parse
from grader.verdict import Verdict

__all__ = ["Attempt", "Examined", "Submitted"]


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """One learner's file, or why there is none to run.

    Args:
        functions: the function that answers each task, where it is not named after it (mistakes, alternatives).
        unpacked: where an archive was unpacked to, and the archive's name, which is told instead.
    """

    path: str
    source: Source | None
    problem: BadSource | None = None
    functions: Mapping[str, str] | None = None
    unpacked: tuple[str, str] | None = None

    def told(self, verdict: Verdict) -> Verdict:
        """Return a verdict on this file as it is told: with no name of a folder that will be gone."""
        if self.unpacked is None:
            return verdict
        folder, name = self.unpacked
        return verdict.retold(lambda text: text.replace(folder, name))

    @property
    def sha256(self) -> str:
        return hashlib.sha256((self.source.text if self.source else "").encode()).hexdigest()

    def function(self, task: Task) -> str:
        return (self.functions or {}).get(task.name, task.name)


class Attempt:
    """A submission's file in its children: one for the calls, a fresh one for the calls in reverse order.

    ``broken`` says why the file cannot be loaded, as soon as that is known.
    """

    def __init__(self, submitted: Submitted, oracle: Oracle, sandbox: Sandbox) -> None:
        self.submitted = submitted
        self.tree: ast.Module | None = None
        self.broken: Raised | None = None
        self._oracle = oracle
        self._sandbox = sandbox
        self._programs: dict[bool, Program] = {}
        try:
            if submitted.source is not None:
                self.tree = parse(submitted.source)
        except BadSource as problem:
            self.broken = _raised(problem, submitted.path)
        if submitted.problem is not None:
            self.broken = _raised(submitted.problem, submitted.path)

    def __enter__(self) -> Attempt:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """End the children; the next call starts others. While something is timed, nothing else of the file runs."""
        for program in self._programs.values():
            program.close()

    def load(self) -> None:
        """Load the file, so that ``broken`` is known."""
        if self.broken is None and self.submitted.source is not None:
            self.program(False)

    def program(self, reverse: bool) -> Program:
        """Return the file loaded in a child."""
        if reverse not in self._programs:
            assert self.submitted.source is not None
            forbidden = [name for task in self._oracle.tasks() for name in task.forbid]
            program = Program(self._sandbox, self._oracle.backend, self.submitted.source, forbidden)
            self._programs[reverse] = program
            raised = program.load().raised
            self.broken = self.broken or raised
        return self._programs[reverse]

    def facts(self, task: Task) -> SourceFacts:
        """Return what the file says about a task without being run."""
        if self.submitted.source is None and self.submitted.problem is None:
            return SourceFacts(attempted=False)
        if self.tree is None:
            return SourceFacts()
        allowed = {*self._oracle.backend.imports, *(name.partition(".")[0] for name in task.allow), *self._neighbours()}
        function = self.submitted.function(task)
        own = functions(self.tree).get(function)
        facts = source_facts(own, self._oracle.stub(task), self._imports, frozenset(allowed))
        if not facts.defined and not facts.imports:
            self.load()
            defined = self.broken is not None or self.program(False).has(function)
            facts = replace(facts, defined=defined)
        return facts

    @cached_property
    def _imports(self) -> tuple[tuple[int, str], ...]:
        return () if self.tree is None else imports_of(self.tree)

    def _neighbours(self) -> frozenset[str]:
        """Return the learner's own files beside the graded one, which it may import."""
        source = self.submitted.source
        if source is None:
            return frozenset()
        folder = source.path.parent
        library = [] if source.library is None else [source.library.path.stem]
        packages = [path.parent.name for path in folder.glob("*/__init__.py")]
        return frozenset([path.stem for path in folder.glob("*.py")] + packages + library)


class Examined:
    """One task of a submission: makes each probe once, when a check first asks for it."""

    def __init__(self, task: Task, attempt: Attempt, oracle: Oracle) -> None:
        self.task = task
        self._attempt = attempt
        self._oracle = oracle
        self._facts = attempt.facts(task)
        self._runs: dict[Probe, Run] = {}

    def evidence(self, probes: Sequence[Probe]) -> Evidence:
        """Return what a judge of these probes may look at."""
        runs: dict[Probe, Run] = {}
        for probe in probes:
            runs[probe] = self._run(probe)
            if runs[probe].ended:
                break  # it would end again: one crash or time-out is evidence enough
        return Evidence(
            task=self.task,
            source=self._facts,
            runs=runs,
            siblings=self._oracle.siblings(self.task),
            parameters=self._oracle.parameters(self.task),
        )

    def again(self, probe: Probe, cases: Sequence[Case]) -> Run:
        """Return the run of one probe on other cases."""
        truth = self._oracle.truth_of(self.task, probe, cases)
        return Run(truth=truth, answers=self._call(probe, truth))

    def _run(self, probe: Probe) -> Run:
        if probe not in self._runs:
            truth = self._oracle.truth(self.task, probe)
            self._runs[probe] = Run(truth=truth, answers=self._call(probe, truth))
        return self._runs[probe]

    def _call(self, probe: Probe, truth: Truth) -> tuple[Answer | None, ...]:
        function = self._attempt.submitted.function(self.task)
        program = self._attempt.program(probe.reverse)
        return made(program, call_of(self.task, function, probe, truth), probe.reverse)


def _raised(problem: BadSource, path: str) -> Raised:
    return Raised(type=problem.kind, message=problem.message, file=path, line=problem.line, text=problem.text)
