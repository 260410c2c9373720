"""Workers on a simulated accelerator, as the tests drive them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from grader.sandbox import Child, Sandbox
from grader.shared import Shared
from tests.simulated.simulation import simulated

SECONDS = 60.0
CAPACITY = 2**20  # bytes
X = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)


class Worker:
    """A child with shared memory, and the device's clock around its requests."""

    def __init__(self, child: Child, clock: Callable[[], float]) -> None:
        self.child = child
        self._clock = clock
        self._shared = Shared(2**20)
        child.share(self._shared, SECONDS)

    def load(self, text: str) -> dict[str, Any]:
        source = f"import torch\nimport torch.nn.functional as F\n\n{textwrap.dedent(text)}"
        where = {"file": "learner.py", "folder": "", "name": "learner", "forbidden": []}
        return self.child.request({"do": "load", "source": source, **where}, SECONDS)

    def run(self, body: str, x: Any = X, forbid: Sequence[str] = ()) -> tuple[float, Any]:
        """Return the device's seconds for a function of x with this body, and its value or the exception's type."""
        self.load("def f(x):\n" + textwrap.indent(textwrap.dedent(body), "    "))
        call = {"function": "f", "cases": [[x]], "forbid": list(forbid), "driver": None}
        seconds, answer = self.timed({"do": "time", **call})
        return seconds, answer["raised"]["type"] if "raised" in answer else answer["value"]

    def gradient(self, body: str, upstream: Any, forbid: Sequence[str] = ()) -> Any:
        self.load("def f(x):\n" + textwrap.indent(textwrap.dedent(body), "    "))
        call = {"function": "f", "cases": [[X]], "mode": "gradient", "wrt": [0], "upstream": [[upstream]]}
        how = {"forbid": list(forbid), "driver": None, "late": False}
        return self.child.request({"do": "call", **call, **how}, SECONDS)["answers"][0]

    def timed(self, message: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        self._shared.poison()
        start = self._clock()
        reply = self.child.request(message, SECONDS, self._shared)
        return self._clock() - start, reply["answers"][0]

    def close(self) -> None:
        self.child.close()
        self._shared.close()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Worker]]:
    """Start workers of one device."""
    backend, clock = simulated(tmp_path_factory.mktemp("simulated"), capacity=CAPACITY)
    started: list[Worker] = []
    with Sandbox(fork=False) as sandbox:

        def one() -> Worker:
            started.append(Worker(sandbox.child(backend), clock))
            return started[-1]

        yield one
        for worker in started:
            worker.close()


@pytest.fixture(scope="module")
def worker(start: Callable[[], Worker]) -> Worker:
    return start()
