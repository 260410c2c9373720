"""The clause about speed: what is timed can be made, is another one each time, and is answered by the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.answer import leaves
from grader.cases import Case
from grader.child import ChildDied, ChildTimedOut
from grader.compare import compare, equal
from grader.contract.clauses import Broken
from grader.errors import PluginError
from grader.evidence import Probe, Truth
from grader.exercise import Speed, Task
from grader.oracle import Oracle
from grader.sandbox import Sandbox
from grader.speed.costs import framework_side
from grader.speed.points import operations
from grader.speed.room import missing
from grader.speed.runner import nbytes, opened
from grader.speed.stopwatch import SAME, dealer, loosened
from grader.verdict import Backend

__all__ = ["speed_problems"]

CLAUSE = "speeds can be judged"
ROOM = 2**26
PATIENCE = 20.0
TOLD = 20.0  # times the allowed error that a usual element of an answer must be, so that a wrong one is seen


def speed_problems(oracle: Oracle, sandbox: Sandbox, framework: Backend) -> Iterator[Broken]:
    """Make the arguments of every speed check; call the reference and the framework's operator on them.

    Args:
        framework: the backend in which the framework's own operators are called.
    """
    backend = oracle.backend.name
    for task in oracle.tasks():
        speed = task.timed_in(backend)
        if speed is None:
            continue
        try:
            texts = list(_problems(task, speed, oracle, sandbox, framework))
        except PluginError as error:
            texts = [str(error)]
        for text in texts:
            yield Broken(clause=CLAUSE, where=f"{task.name} ({backend})", text=text)


def _problems(task: Task, speed: Speed, oracle: Oracle, sandbox: Sandbox, framework: Backend) -> Iterator[str]:
    if missing(task, speed, speed.size) is not None:
        return
    deal = dealer(task, speed, speed.size, np.random.default_rng(0))
    args = deal()
    if equal(args, deal()):
        yield SAME
    if speed.needs is not None and speed.needs(speed.size) < nbytes(args):
        yield f"needs({speed.size}) is less than its arguments take"
    if speed.flops is not None and operations(task, speed, args) <= 0:
        yield "flops must be positive"
    truth = oracle.truth_of(task, Probe(dtype=speed.dtype), [Case(args=args)])
    (answer,) = truth.expected
    if answer.raised is not None:
        yield f"the reference raises {answer.raised.type} on the inputs of its speed: {answer.raised.message}"
        return
    yield from _small(truth)
    if speed.framework is not None:
        yield from _other(speed, args, truth, sandbox, framework)


def _small(truth: Truth) -> Iterator[str]:
    """Complain of answers of which a wrong one could not be told, since all are about as small as the allowed error."""
    arrays = [leaf for _, leaf in leaves(truth.expected[0].value)]
    for array, allowed in zip(arrays, loosened(truth.allowed[0]), strict=True):
        size = 0.0 if allowed is None else float(np.median(np.abs(array)))
        if allowed is not None and size and size < TOLD * allowed:
            yield f"its answers are as small as {size:.2g}: a wrong one could not be told; make larger inputs"


def _other(speed: Speed, args: Sequence[Any], truth: Truth, sandbox: Sandbox, framework: Backend) -> Iterator[str]:
    """Call the framework's operator, which has to give what the reference gives."""
    assert speed.framework is not None
    side = framework_side(speed.framework, framework)
    try:
        with opened(sandbox, side, ROOM) as runner:
            _, (got,) = runner.turn([args], PATIENCE)
    except (ChildDied, ChildTimedOut) as error:
        yield f"framework cannot be called: {error}"
        return
    if got.raised is not None:
        yield f"framework raises {got.raised.type}: {got.raised.message}"
        return
    difference = compare(got.value, truth.expected[0].value, loosened(truth.allowed[0]))
    if difference is not None:
        yield f"framework gives something else than the reference: {difference.text}"
