"""How long, and with how much memory, a submission's function runs beside the reference."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.answer import Answer
from grader.attempt import Submitted
from grader.cases import Case, cast
from grader.compare import compare, equal
from grader.drivers import driver_source
from grader.errors import PluginError
from grader.evidence import Probe, Timing
from grader.exercise import Speed, Task
from grader.limits import VARIED
from grader.oracle import Oracle
from grader.ratio import Ratio
from grader.sandbox import Sandbox
from grader.source import Source
from grader.speed.race import ACCELERATOR, CPU, Method, Outcome, Race
from grader.speed.room import missing, too_large
from grader.speed.runner import Clock, Side
from grader.speed.scout import Judge
from grader.verdict import Backend

__all__ = ["SAME", "Stopwatch", "dealer", "loosened", "speed_of"]

SAME = "the inputs of its speed check are the same each time, so that a kept answer would pass: make them from rng"

SURE = 3.0  # times the limit: no noise explains that
LOOSE = 2.0  # the reference that is timed has an error of its own


class Stopwatch:
    """Times tasks of one exercise in one backend, on the backend's device."""

    def __init__(
        self,
        oracle: Oracle,
        sandbox: Sandbox,
        *,
        backend: Backend | None = None,
        method: Method | None = None,
        clock: Clock = time.perf_counter,
        rng: np.random.Generator | None = None,
    ) -> None:
        """Prepare it.

        Args:
            backend: the oracle's backend on the device where it is timed.
            rng: where inputs come from; by default nobody can know them beforehand.
        """
        self.oracle = oracle
        self.sandbox = sandbox
        self.backend = backend or oracle.backend
        self.clock = clock
        self.rng = np.random.default_rng() if rng is None else rng
        self.method = method or (CPU if self.backend.device == "cpu" else ACCELERATOR)

    def time(self, task: Task, submitted: Submitted) -> Timing:
        """Time a submission's function; the file has been loaded and its answers are right."""
        speed = speed_of(task, self.backend.name)
        assert submitted.source is not None
        timing = Timing(limit=speed.limit, reason=speed.reason, device=self.backend.device, size=speed.size)
        deal = dealer(task, speed, speed.size, self.rng)
        if (lacking := missing(task, speed, speed.size) or too_large(deal())) is not None:
            return replace(timing, left_out=f"size {speed.size}: {lacking}")
        outcome = self.race(task, self.side(task, submitted.source, submitted.function(task))).run(speed.limit)
        ratio = outcome.ratio
        return replace(
            timing,
            ratio=ratio,
            seconds=outcome.seconds,
            share=outcome.share,
            problem=outcome.problem,
            at_least=outcome.at_least,
            control=None if ratio is None or _clear(ratio, speed.limit) else self.control(task).ratio,
        )

    def race(self, task: Task, other: Side, method: Method | None = None) -> Race:
        """Return the race of the reference against another side, with every answer compared."""
        speed = speed_of(task, self.backend.name)
        deal = dealer(task, speed, speed.size, self.rng)
        args = deal()
        if equal(args, deal()):
            raise PluginError(f"task {task.name}: {SAME}")
        judge = self.judge(task, args)
        method = method or self.method
        return Race(self.sandbox, self.reference(task), other, deal, judge, method=method, clock=self.clock)

    def control(self, task: Task) -> Outcome:
        """Let the reference race against itself."""
        first = replace(self.method, looks=self.method.looks[:1])
        return self.race(task, self.reference(task), first).run(1.0)

    def reference(self, task: Task) -> Side:
        return self.side(task, self.oracle.loaded.reference(self.backend.name), task.name)

    def side(self, task: Task, source: Source, function: str) -> Side:
        """Return a function of a file as one side of a race; the rules hold while it is timed, too."""
        return Side(
            backend=self.backend,
            source=source,
            function=function,
            driver=driver_source(task),
            forbid=task.forbid,
            forbidden=tuple(name for one in self.oracle.tasks() for name in one.forbid),
        )

    def judge(self, task: Task, args: Sequence[Any]) -> Judge:
        """Return what compares answers: they may be as far apart as the dtype allows at the worst element of ``args``.

        Where they are further apart, the truth about that very case decides: near a kink, right answers differ.
        """
        speed = speed_of(task, self.backend.name)
        truth = self.oracle.truth_of(task, Probe(dtype=speed.dtype), [Case(args=tuple(args))])
        if truth.expected[0].raised is not None:
            raise PluginError(f"task {task.name}: the reference raises on the inputs of its speed check")
        allowed = loosened(truth.allowed[0])

        def judge(args: Sequence[Any], right: Answer, got: Answer) -> str | None:
            if got.raised is not None:
                return f"raises {got.raised.type}: {got.raised.message}"
            if compare(got.value, right.value, allowed) is None:
                return None
            truth = self.oracle.truth_of(task, Probe(dtype=speed.dtype), [Case(args=tuple(args))])
            difference = compare(got.value, truth.expected[0].value, truth.allowed[0])
            return None if difference is None else difference.text

        return judge


def loosened(allowed: Sequence[Any]) -> list[float | None]:
    """Return the error that is allowed everywhere in a timed answer, from that at each element of one case."""
    return [None if one is None else LOOSE * float(np.max(one, initial=0.0)) for one in allowed]


def _clear(ratio: Ratio, limit: float) -> bool:
    """Tell whether a verdict needs no look at how steady the machine is."""
    return ratio.low > SURE * limit or (ratio.high < limit) or (ratio.low <= limit and ratio.mean <= VARIED * limit)


def speed_of(task: Task, backend: str) -> Speed:
    speed = task.timed_in(backend)
    assert speed is not None, "the check applies only to tasks that are timed"
    return speed


def dealer(task: Task, speed: Speed, size: int, rng: np.random.Generator) -> Callable[[], tuple[Any, ...]]:
    """Return what makes the arguments of one call, other ones each time.

    Raises:
        PluginError: when called, if the plugin's function crashes or gives something else.
    """

    def deal() -> tuple[Any, ...]:
        try:
            args = speed.inputs(size, rng)
        except Exception as error:  # anything may go wrong in a plugin's function
            text = f"task {task.name}: the inputs of its speed check crash: {type(error).__name__}: {error}"
            raise PluginError(text) from error
        if not isinstance(args, tuple):
            raise PluginError(f"task {task.name}: speed.inputs must return a tuple of arguments")
        return tuple(cast(one, speed.dtype) for one in args)

    return deal
