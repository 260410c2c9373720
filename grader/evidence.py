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
from grader.ratio import Ratio

__all__ = ["Costs", "Curve", "Evidence", "Finding", "Peak", "Point", "Probe", "Run", "Timing", "Truth"]


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
class Point:
    """Seconds of one call at one size; None where there is no such function."""

    size: int
    own: float
    reference: float
    framework: float | None = None
    floor: float | None = None


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What a time means; shown, not judged.

    Args:
        framework: the learner's time over that of the framework's own operator.
        operator: its name.
        floor: which part of the learner's time this machine would need at least.
        bound: what the floor is made of: ``memory`` or ``arithmetic``.
        curve: seconds over sizes, smallest first.
        left_out: why larger sizes, or the framework, are not part of it.
        exponent: of the learner's curve.
        expected: exponent.
        memory: of a task of which nothing is asked in this respect.
    """

    framework: float | None = None
    operator: str = ""
    floor: float | None = None
    bound: str = ""
    curve: tuple[Point, ...] = ()
    left_out: str = ""
    exponent: float | None = None
    expected: float | None = None
    memory: Peak | None = None


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How long the learner's function takes beside the reference.

    Args:
        limit: the highest ratio that is allowed, and why (``reason``).
        ratio: of the times; None if it could not be measured.
        seconds: of one call of the reference, the transfers of its arrays taken off.
        share: of the time of a request of the reference that transfers took.
        problem: why the answers do not count, such as a wrong one.
        at_least: a lower bound of the ratio, where a call did not end in time.
        control: the reference against itself, where a verdict depends on how steady the machine is.
        left_out: why it was not timed at all.
        costs: what it means beside the framework and the machine, where that was asked for.
    """

    limit: float
    reason: str
    device: str
    size: int
    ratio: Ratio | None = None
    seconds: float | None = None
    share: float = 0.0
    problem: str = ""
    at_least: float | None = None
    control: Ratio | None = None
    left_out: str = ""
    costs: Costs | None = None

    @property
    def confident(self) -> bool:
        """Whether the whole interval lies on one side of the limit, and of what the machine may have added to it."""
        if self.ratio is None:
            return bool(self.problem) or self.at_least is not None
        added = 1.0 if self.control is None else max(self.control.high, 1.0)
        return not (self.ratio.low <= self.limit * added and self.limit <= self.ratio.high)


@dataclass(frozen=True, kw_only=True)
class Peak:
    """How much memory the learner's function takes at its peak beside the reference, in bytes.

    Args:
        limit: the highest ratio that is allowed, if any, and why (``reason``).
        how: what was measured.
        untold: bytes that say nothing.
    """

    limit: float | None
    reason: str
    how: str
    untold: int = 0
    own: int = 0
    reference: int = 0
    problem: str = ""

    @property
    def ratio(self) -> float:
        return self.own / max(self.reference, 1)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What came of the learner's whole training beside the reference's on the same data.

    Args:
        losses: of each step.
        score: of what was trained, on data that it has not seen.
        problem: what went wrong instead.
    """

    reference: tuple[float, ...]
    reference_score: float
    losses: tuple[float, ...] = ()
    score: float = 0.0
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that a judge may look at.

    Args:
        measured: for checks that measure.
    """

    task: Task
    source: SourceFacts
    runs: Mapping[Probe, Run]
    siblings: frozenset[str] = frozenset()
    parameters: tuple[str, ...] = ()
    measured: Timing | Peak | Run | Curve | None = None


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
