"""What a check judges: the calls that were made for it, and what they gave on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from grader.answer import Answer
from grader.cases import Case
from grader.compare import Difference, compare
from grader.exercise import Task
from grader.facts import SourceFacts

__all__ = ["Evidence", "Finding", "Probe", "Run", "Truth"]


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One way to call a task on its cases.

    Args:
        mode: ``forward`` calls it; ``gradient`` differentiates it with random upstream gradients.
        dtype: what the floating arguments are cast to; None leaves them.
        reverse: in a fresh child, last case first, and look again at all answers at the end.
    """

    mode: Literal["forward", "gradient"] = "forward"
    dtype: str | None = None
    reverse: bool = False


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The right answers to one probe of one task.

    Args:
        args: of each case, cast to the probe's dtype.
        expected: the reference in float64 on the rounded arguments.
        own: the reference in the probe's dtype.
        allowed: for each case, for each leaf of its answer, the absolute error allowed at each element;
            None for leaves that must be equal.
        upstream: for gradients, one array for each floating output of each case.
        wrt: for gradients, the positions of the differentiable arguments.
    """

    cases: tuple[Case, ...]
    args: tuple[tuple[Any, ...], ...]
    expected: tuple[Answer, ...]
    own: tuple[Answer, ...]
    allowed: Sequence[Sequence[Any]]
    upstream: Sequence[Sequence[Any]] = ()
    wrt: tuple[int, ...] = ()

    def only(self, index: int) -> Truth:
        """Return the truth about one of the cases."""
        return self.some([index])

    def some(self, indices: Sequence[int]) -> Truth:
        """Return the truth about some of the cases."""
        parts = {name: part for name, part in vars(self).items() if name != "wrt"}
        return Truth(**{name: tuple(part[i] for i in indices if part) for name, part in parts.items()}, wrt=self.wrt)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One probe, carried out: the truth beside the learner's answers, None where the process ended before."""

    truth: Truth
    answers: tuple[Answer | None, ...]

    @property
    def ended(self) -> bool:
        """Whether the learner's process ended or was ended in it."""
        return any(answer is None or _ended(answer) for answer in self.answers)

    def only(self, index: int) -> Run:
        """Return the run of one of the cases."""
        return Run(truth=self.truth.only(index), answers=self.answers[index : index + 1])

    @cached_property
    def differences(self) -> tuple[Difference | None, ...]:
        """How each answer's value differs from the truth; None as well where either is an exception."""
        return tuple(self._difference(index) for index in range(len(self.answers)))

    def _difference(self, index: int) -> Difference | None:
        answer, expected = self.answers[index], self.truth.expected[index]
        if answer is None or answer.raised is not None or expected.raised is not None:
            return None
        return compare(answer.value, expected.value, self.truth.allowed[index])


def _ended(answer: Answer) -> bool:
    return answer.raised is not None and answer.raised.type in ("ProcessDied", "TimedOut")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that a judge may look at."""

    task: Task
    source: SourceFacts
    runs: Mapping[Probe, Run]
    siblings: frozenset[str] = frozenset()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Why a check does not pass.

    Args:
        failing: indices, in the probe's run, of all cases that fail.
        worst: the one of them to show.
    """

    reason: str
    status: Literal["failed", "skipped"] = "failed"
    probe: Probe | None = None
    failing: frozenset[int] = field(default_factory=frozenset)
    worst: int | None = None
    difference: Difference | None = None
