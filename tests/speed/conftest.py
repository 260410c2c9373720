"""A stopwatch on a small task, with few and short turns: what is asserted does not depend on how fast a machine is."""

import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader import Memory, Speed
from grader.attempt import Submitted
from grader.sandbox import Sandbox
from grader.source import Source
from grader.speed.race import Method
from grader.speed.stopwatch import Stopwatch

QUICK = Method(looks=(4, 8), blocks=1, least=0.0005, budget=8.0)


def rows(size, rng):
    return (rng.standard_normal((48, size)),)


SPEED = Speed(inputs=rows, size=40, limit=3, reason="take whole arrays", memory=Memory(limit=2, reason="in blocks"))


# Where the kernel confines nothing, code may start processes and write files; then, too, it must not look faster.
LOOSE = frozenset({"landlock", "seccomp"})


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox() as one:
        yield one


@pytest.fixture(scope="session")
def loose():
    """Give a sandbox in which the kernel confines nothing."""
    with Sandbox(without=LOOSE) as one:
        yield one


@pytest.fixture
def watch(app, cache, sandbox, tmp_path):
    """Time a text as softmax; returns the timing. ``clock`` and ``method`` are the stopwatch's."""

    def run(text, *, backend="numpy", speed=SPEED, method=QUICK, clock=time.perf_counter, sandbox=sandbox):
        path = tmp_path / f"activation_{backend}.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        source = Source(path=Path(path), text=path.read_text(encoding="utf-8"))
        with app.oracle(app.exercises["activation"], backend, sandbox, 0, cache) as oracle:
            task = next(one for one in oracle.tasks() if one.name == "softmax")
            rng = np.random.default_rng(3)
            stopwatch = Stopwatch(oracle, sandbox, method=method, clock=clock, rng=rng)
            return stopwatch.time(replace(task, speed=speed), Submitted(path=str(path), source=source))

    return run
