"""Two functions timed against each other in fresh processes, of which one runs while the other is stopped.

What a request costs by itself is measured with an echo, and taken off both sides.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from grader.answer import Answer
from grader.child import ChildDied, ChildTimedOut
from grader.errors import WorkerError
from grader.ratio import Ratio, block, decided, ratio_of
from grader.sandbox import Sandbox
from grader.speed.runner import Arguments, Clock, Runner, Side, nbytes, opened

__all__ = ["ACCELERATOR", "CPU", "Deal", "Method", "Outcome", "Race"]

Deal = Callable[[], Arguments]
FEW = 4  # pairs say so little that twice the budget is spent on a fifth
MOST_CALLS = 256
MOST_BYTES = 2**26
SLACK = 2**20
LEAST_SHARE = 0.05  # of a time, is left when the cost of the request has been taken off


@dataclass(frozen=True, kw_only=True)
class Method:
    """How long to look.

    Args:
        looks: after how many pairs of processes the interval is looked at.
        blocks: of four turns, for each pair.
        least: seconds that one request of the reference takes; calls are repeated until it does.
        budget: seconds after which no other pair is started.
    """

    looks: tuple[int, ...] = (6, 8, 12, 16, 20)
    blocks: int = 6
    least: float = 0.002
    budget: float = 5.0


CPU = Method()
# A process that uses an accelerator takes seconds to start: few pairs, more blocks of each.
ACCELERATOR = Method(looks=(3, 4, 6), blocks=12, least=0.010, budget=60.0)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a race.

    Args:
        ratio: the other's time over the reference's; None if the other did not answer rightly in time.
        seconds: of one call of the reference, transfers taken off.
        share: of a request of the reference that went into transfers.
        problem: why the other is out of the race.
        at_least: a lower bound of the ratio, where the other was too slow to be measured.
    """

    ratio: Ratio | None
    seconds: float
    share: float = 0.0
    problem: str = ""
    at_least: float | None = None


class Race:
    """The reference against another side."""

    def __init__(
        self,
        sandbox: Sandbox,
        reference: Side,
        other: Side,
        deal: Deal,
        judge: Callable[[Answer, Answer], str | None],
        *,
        method: Method = CPU,
        clock: Clock = time.perf_counter,
        now: Clock = time.monotonic,
    ) -> None:
        """Prepare it.

        Args:
            deal: makes the arguments of one call, other ones each time.
            judge: ``(reference's answer, other's answer) -> why the other is wrong``, for every call that was timed.
            clock: what is measured.
            now: what the budget is counted in.
        """
        self._sandbox = sandbox
        self._sides = (reference, other)
        self._deal = deal
        self._judge = judge
        self._method = method
        self._clock = clock
        self._now = now
        self._calls = 1  # of one request
        self._blocks = method.blocks
        self._size = SLACK
        self._spent: list[tuple[float, float]] = []  # of the reference: a request, and an echo

    def run(self, limit: float) -> Outcome:
        """Add pairs of processes until the ratio is known to lie on one side of the limit, or time is out."""
        end = self._now() + self._method.budget
        try:
            self._measure()
            pairs: list[list[float]] = []
            while True:
                pairs.append(self._pair())
                late = self._now() > (end if len(pairs) >= FEW else end + self._method.budget)
                if len(pairs) < 2 or not (late or len(pairs) in self._method.looks):
                    continue
                ratio = ratio_of(pairs)
                if late or decided(ratio, limit) or len(pairs) >= self._method.looks[-1]:
                    return self._outcome(ratio)
        except _Out as out:
            return self._outcome(None, out)

    def _measure(self) -> None:
        """Find out how many calls make a request, and how many blocks there is time for."""
        with opened(self._sandbox, self._sides[0], self._sized([self._deal()]), self._clock) as runner:
            seconds, answers = min((_right(runner, [self._deal()]) for _ in range(3)), key=lambda turn: turn[0])
        self._size = self._sized([self._deal()], answers)
        self._calls = max(1, min(math.ceil(self._method.least / seconds), MOST_CALLS, MOST_BYTES // self._size))
        self._size = self._calls * self._size + SLACK
        with opened(self._sandbox, self._sides[1], self._size, self._clock) as runner:
            other = min(self._other(runner, [self._deal()], seconds) for _ in range(2))
        turns = 3 * self._calls * (seconds + other)  # two that count, and one to warm up, on each side
        affordable = self._method.budget / self._method.looks[0] / turns
        self._blocks = max(1, min(self._method.blocks, int(affordable)))
        if affordable < 1:  # the other is so slow that no precision is needed
            self._calls = 1

    def _other(self, runner: Runner, cases: Sequence[Arguments], seconds: float) -> float:
        """Call the other side for the first time."""
        try:
            spent, answers = runner.turn(cases, self._method.budget)
        except ChildTimedOut:
            raise _Out("", at_least=self._method.budget / seconds) from None
        except ChildDied as error:
            raise _Out(str(error)) from None
        self._look(None, answers)
        return spent

    def _sized(self, cases: Sequence[Arguments], answers: Sequence[Answer] = ()) -> int:
        """Return how much memory so many arguments and answers may take."""
        inputs, outputs = (sum(nbytes(one) for one in group) for group in (cases, [a.value for a in answers]))
        return 2 * max(inputs, outputs) + (SLACK if answers == () else 4096)

    def _pair(self) -> list[float]:
        """Start two processes and return the logarithms of the ratios of their blocks."""
        with ExitStack() as stack:
            runners = [
                stack.enter_context(opened(self._sandbox, side, self._size, self._clock)) for side in self._sides
            ]
            turns = _Turns(runners, self._cases())
            blocks = [self._block(turns) for _ in range(self._blocks)]
            turns.wake(0)
            echo = self._echo(runners[0])
        self._spent += [(a, echo) for times in blocks for a in (times[0], times[3])]
        return [block(*(max(seconds - echo, LEAST_SHARE * seconds) for seconds in times)) for times in blocks]

    def _block(self, turns: _Turns) -> tuple[float, float, float, float]:
        one, two = self._cases(), self._cases()
        try:
            (a1, right1), (b1, got1) = turns.turn(0, one), turns.turn(1, one)
            (b2, got2), (a2, right2) = turns.turn(1, two), turns.turn(0, two)
        except (ChildDied, ChildTimedOut) as error:
            raise _Out(str(error)) from None
        self._look(right1, got1)
        self._look(right2, got2)
        return a1, b1, b2, a2

    def _echo(self, runner: Runner) -> float:
        cases = self._cases()
        _, answers = runner.turn(cases)
        sizes = [nbytes(answer.value) for answer in answers]
        runner.echo(cases, sizes)
        return statistics.median(runner.echo(self._cases(), sizes) for _ in range(3))

    def _look(self, right: Sequence[Answer] | None, got: Sequence[Answer]) -> None:
        """Compare all answers of a turn; without right ones, only ask whether they are answers."""
        for index, answer in enumerate(got):
            if answer.raised is not None:
                raise _Out(f"raises {answer.raised.type}: {answer.raised.message}")
            wrong = None if right is None else self._judge(right[index], answer)
            if wrong:
                raise _Out(wrong)

    def _cases(self) -> list[Arguments]:
        return [self._deal() for _ in range(self._calls)]

    def _outcome(self, ratio: Ratio | None, out: _Out | None = None) -> Outcome:
        spent, echo = (statistics.median(column) for column in zip(*self._spent or [(math.nan, 0.0)], strict=True))
        seconds = max(spent - echo, LEAST_SHARE * spent) / self._calls
        share = min(echo / spent, 1.0) if self._spent else 0.0
        problem, at_least = ("", None) if out is None else (str(out), out.at_least)
        return Outcome(ratio=ratio, seconds=seconds, share=share, problem=problem, at_least=at_least)


class _Out(Exception):
    """The other side is out of the race."""

    def __init__(self, text: str, at_least: float | None = None) -> None:
        super().__init__(text)
        self.at_least = at_least


class _Turns:
    """Lets one of two runners be awake; it makes one untimed call after waking."""

    def __init__(self, runners: Sequence[Runner], warm: Sequence[Arguments]) -> None:
        self._runners = runners
        self._warm = warm
        self._awake: int | None = None

    def turn(self, which: int, cases: Sequence[Arguments]) -> tuple[float, tuple[Answer, ...]]:
        self.wake(which)
        return _right(self._runners[0], cases) if which == 0 else self._runners[1].turn(cases)

    def wake(self, which: int) -> None:
        if self._awake == which:
            return
        self._runners[1 - which].program.child.freeze()
        self._runners[which].program.child.thaw()
        self._awake = which
        self._runners[which].turn(self._warm)


def _right(runner: Runner, cases: Sequence[Arguments]) -> tuple[float, tuple[Answer, ...]]:
    """Let the reference take a turn.

    Raises:
        WorkerError: if it gives no answer: the plugin's or the machine's fault, never the learner's.
    """
    try:
        seconds, answers = runner.turn(cases)
    except (ChildDied, ChildTimedOut) as error:
        raise WorkerError(f"the reference {runner.side.function} cannot be timed: {error}") from None
    raised = next((answer.raised for answer in answers if answer.raised is not None), None)
    if raised is not None:
        text = f"the reference {runner.side.function} cannot be timed: it raises {raised.type}: {raised.message}"
        raise WorkerError(text)
    return seconds, answers
