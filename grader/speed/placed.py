"""The calls of a task on an accelerator: answers must lie there, and be right in single precision."""

from __future__ import annotations

from grader.answer import Answer
from grader.attempt import Submitted
from grader.calls import Program
from grader.evidence import Probe, Run
from grader.exercise import Task
from grader.oracle import Oracle, call_of
from grader.sandbox import Sandbox
from grader.verdict import Backend

__all__ = ["Placed"]

SINGLE = "float32"  # MPS has no float64, and so gradients, which are judged in it, are judged on the CPU
PATIENCE = 30.0


class Placed:
    """Calls submissions of one exercise in a process that uses the backend's device; never a fork."""

    def __init__(self, oracle: Oracle, sandbox: Sandbox, backend: Backend) -> None:
        self._oracle = oracle
        self._sandbox = sandbox
        self._backend = backend
        self._loaded: tuple[Submitted, Program] | None = None

    def __call__(self, task: Task, submitted: Submitted) -> Run:
        """Return the run of all cases on the device; the truth is that of the CPU."""
        probe = Probe(dtype=SINGLE if SINGLE in task.dtypes else task.dtypes[0])
        truth = self._oracle.truth(task, probe)
        call = call_of(task, submitted.function(task), probe, truth)
        program = self._program(submitted)
        if program.broken is not None:
            return Run(truth=truth, answers=(Answer(raised=program.broken),) * len(call.cases))
        return Run(truth=truth, answers=program.call(call.within(PATIENCE)))

    def rest(self) -> None:
        """End the process: while something is timed, nothing else of the file runs."""
        if self._loaded is not None:
            self._loaded[1].close()
            self._loaded = None

    def _program(self, submitted: Submitted) -> Program:
        """Return the file in its process, which takes seconds to start and is kept for the next task."""
        if self._loaded is None or self._loaded[0] is not submitted:
            self.rest()
            assert submitted.source is not None
            forbidden = [name for one in self._oracle.tasks() for name in one.forbid]
            program = Program(self._sandbox, self._backend, submitted.source, forbidden)
            program.load()
            self._loaded = submitted, program
        return self._loaded[1]
