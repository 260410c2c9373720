"""Drawing a task's cases with Hypothesis, the same on every machine and from every kind of install.

Hypothesis' default provider favours small and repeated choices and mixes in integers that it finds in the source of
local modules, so that cases would depend on where the package lies. Judging wants neither: it wants many different
shapes from a seed alone. Hypothesis lets a provider of one's own answer the draws; ours is uniform.
"""

from __future__ import annotations

import hashlib
import random
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, PrimitiveProvider

from grader.cases import Case, Draw, Recipe, edge_cases, make
from grader.exercise import Task

__all__ = ["all_cases", "draw_cases"]

SEEDS = 2**32
NUMBER = st.integers(0, 2**1024 - 1)  # hundreds of choices


def all_cases(task: Task, identity: str, seed: int) -> tuple[Case, ...]:
    """Return the task's named edges, then its drawn cases."""
    return edge_cases(task) + draw_cases(task, identity, seed)


def draw_cases(task: Task, identity: str, seed: int) -> tuple[Case, ...]:
    """Draw up to ``task.drawn`` different cases, fewer where the space is smaller.

    Args:
        identity: the task's full name, such as ``activation.relu``; cases depend on it, not on any source text.
        seed: the user's ``--seed``.
    """
    if not task.drawn:
        return ()
    found: dict[Recipe | None, Case] = {}
    generator = random.Random(hashlib.sha256(f"{identity}/{seed}".encode()).digest())

    @hypothesis.settings(
        backend=_provider(generator),
        # A fifth more than wanted, since small spaces repeat themselves.
        max_examples=task.drawn + task.drawn // 5,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(st.data())
    def collect(data: st.DataObject) -> None:
        case = make(task, Draw(_Drawn(data)))
        found.setdefault(case.recipe, case)

    collect()
    return tuple(found.values())[: task.drawn]


class _Drawn:
    """Choices cut from one large number that Hypothesis draws, since a draw costs much more than a division."""

    def __init__(self, data: st.DataObject) -> None:
        self._number = data.draw(NUMBER)

    def below(self, count: int) -> int:
        self._number, choice = divmod(self._number, count)
        return choice

    def seed(self) -> int:
        return self.below(SEEDS)


def _provider(generator: random.Random) -> str:
    """Register a provider that answers from ``generator``, and return its name."""

    class Uniform(PrimitiveProvider):
        def draw_integer(self, min_value: int | None = None, max_value: int | None = None, **_: Any) -> int:
            return generator.randint(min_value or 0, max_value or 0)

        def draw_boolean(self, p: float = 0.5) -> bool:
            return generator.random() < p

        def draw_float(self, **_: Any) -> float:
            return generator.random()

        def draw_string(self, *_: Any, **__: Any) -> str:
            raise TypeError("cases draw integers only")

        def draw_bytes(self, *_: Any, **__: Any) -> bytes:
            raise TypeError("cases draw integers only")

    AVAILABLE_PROVIDERS["gradlings"] = Uniform
    return "gradlings"
