"""The clause about speed: what is timed can be made, is another one each time, and is answered by the reference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.cases import Case
from grader.compare import equal
from grader.contract.clauses import Broken
from grader.errors import PluginError
from grader.evidence import Probe
from grader.exercise import Speed, Task
from grader.oracle import Oracle
from grader.speed.room import missing
from grader.speed.stopwatch import SAME, dealer

__all__ = ["speed_problems"]

CLAUSE = "speeds can be judged"


def speed_problems(oracle: Oracle) -> Iterator[Broken]:
    """Make the arguments of every speed check, and call the reference on them."""
    backend = oracle.backend.name
    for task in oracle.tasks():
        speed = task.timed_in(backend)
        if speed is not None and missing(speed, speed.size) is None:
            try:
                text = _problem(task, speed, oracle)
            except PluginError as error:
                text = str(error)
            if text:
                yield Broken(clause=CLAUSE, where=f"{task.name} ({backend})", text=text)


def _problem(task: Task, speed: Speed, oracle: Oracle) -> str | None:
    deal = dealer(task, speed, speed.size, np.random.default_rng(0))
    one, two = deal(), deal()
    if equal(one, two):
        return SAME
    (answer,) = oracle.truth_of(task, Probe(dtype=speed.dtype), [Case(args=one)]).expected
    if answer.raised is None:
        return None
    return f"the reference raises {answer.raised.type} on the inputs of its speed: {answer.raised.message}"
