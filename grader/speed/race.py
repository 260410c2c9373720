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

from grader.ratio import Ratio, block, decided, ratio_of
from grader.sandbox import Sandbox
from grader.speed.runner import Arguments, Clock, Runner, Side, nbytes
from grader.speed.scout import Judge, Plan, scouted
from grader.speed.turns import CHANGED, OTHER, REFERENCE, Out, Turn, Turns, begun

__all__ = ["ACCELERATOR", "CPU", "Deal", "Method", "Outcome", "Race"]

Deal = Callable[[], Arguments]
FEW = 4  # pairs or fewer say so little that no verdict is built on them where more can be had
HELD = 2**30  # bytes of arguments and answers of a pair: two requests' and four requests' for each block
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
    blocks: int = 10
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
        judge: Judge,
        *,
        method: Method = CPU,
        clock: Clock = time.perf_counter,
        now: Clock = time.monotonic,
    ) -> None:
        """Prepare it.

        Args:
            deal: makes the arguments of one call, other ones each time.
            judge: ``(arguments, reference's answer, other's answer) -> why the other is wrong``, for every call.
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
        self._spent: list[tuple[float, float]] = []  # of the reference: a request, and an echo
        self._calls = 1

    def run(self, limit: float) -> Outcome:
        """Add pairs of processes until the ratio is known to lie on one side of the limit, or time is out."""
        how, end = self._method, self._now() + self._method.budget
        try:
            plan = scouted(
                self._sandbox,
                self._sides,
                self._deal,
                self._judge,
                limit,
                least=how.least,
                budget=how.budget,
                clock=self._clock,
            )
            self._calls = plan.calls
            pairs: list[list[float]] = []
            while True:
                pairs.append(self._pair(plan))
                ratio = ratio_of(pairs) if len(pairs) >= min(FEW, how.looks[0]) else None
                if ratio is None or not (self._now() > end or len(pairs) in how.looks):
                    continue
                if self._now() > end or decided(ratio, limit) or len(pairs) >= how.looks[-1]:
                    return self._outcome(ratio)
        except Out as out:
            return self._outcome(None, out)

    def _pair(self, plan: Plan) -> list[float]:
        """Start two processes and return the logarithms of the ratios of their blocks.

        Arguments are made before and answers compared after all turns, so that each turn follows the one before at
        once: a process that has just waited is slower than one that has just run.
        """
        affordable = int(min(self._method.budget / self._method.looks[0] / plan.block, HELD / (6 * plan.size)))
        dealt = [(self._cases(), self._cases()) for _ in range(max(1, min(self._method.blocks, affordable)))]
        timeout = max(2.0, 20 * plan.calls * plan.seconds[OTHER])
        with ExitStack() as stack:
            runners = [
                begun(stack, self._sandbox, side, plan.size, self._clock, which)
                for which, side in enumerate(self._sides)
            ]
            self._sandbox.settle()
            turns = Turns(runners, self._cases(), timeout)
            for which in (REFERENCE, OTHER, REFERENCE):
                turns.wake(which)
            blocks = [_block(turns, cases, number % 2) for number, cases in enumerate(dealt)]
            if runners[OTHER].changed():
                raise Out(CHANGED)
            turns.wake(REFERENCE)
            echo = self._echo(runners[REFERENCE], blocks[0].turns[REFERENCE][0])
        for cases, one in zip(dealt, blocks, strict=True):
            self._compare(cases, one)
        self._spent += [(seconds, echo) for one in blocks for seconds, _ in one.turns[REFERENCE]]
        ratios = [block(*(_left(seconds, echo) for seconds in one.in_order())) for one in blocks]
        # A B B A and B A A B: who is in the middle has the advantage of having just run.
        return [statistics.fmean(ratios[at : at + 2]) for at in range(0, len(ratios), 2)]

    def _compare(self, cases: Sequence[Sequence[Arguments]], one: _Block) -> None:
        """Look at every answer of the other side."""
        for dealt, (_, rights), (_, gots) in zip(cases, one.turns[REFERENCE], one.turns[OTHER], strict=True):
            for args, right, got in zip(dealt, rights, gots, strict=True):
                wrong = self._judge(args, right, got)
                if wrong:
                    raise Out(wrong)

    def _echo(self, runner: Runner, turn: Turn) -> float:
        """Return what a request of the reference costs by itself."""
        cases, sizes = self._cases(), [nbytes(answer.value) for answer in turn[1]]
        runner.echo(cases, sizes)
        return statistics.median(runner.echo(cases, sizes) for _ in range(3))

    def _cases(self) -> list[Arguments]:
        return [self._deal() for _ in range(self._calls)]

    def _outcome(self, ratio: Ratio | None, out: Out | None = None) -> Outcome:
        spent, echo = (statistics.median(column) for column in zip(*self._spent or [(math.nan, 0.0)], strict=True))
        share = min(echo / spent, 1.0) if self._spent else 0.0
        problem, at_least = ("", None) if out is None else (str(out), out.at_least)
        seconds = _left(spent, echo) / self._calls
        return Outcome(ratio=ratio, seconds=seconds, share=share, problem=problem, at_least=at_least)


@dataclass(frozen=True, kw_only=True)
class _Block:
    """Two turns of the reference, then two of the other, on the same two cases."""

    turns: tuple[tuple[Turn, Turn], tuple[Turn, Turn]]

    def in_order(self) -> tuple[float, float, float, float]:
        """Return the seconds as ``block`` takes them."""
        (a1, a2), (b1, b2) = self.turns
        return a1[0], b1[0], b2[0], a2[0]


def _block(turns: Turns, cases: Sequence[Sequence[Arguments]], first: int) -> _Block:
    """Let one side take a turn, the other two, and the first one again."""
    one, two = cases
    begin = turns.turn(first, one)
    middle = turns.turn(1 - first, one), turns.turn(1 - first, two)
    end = turns.turn(first, two)
    return _Block(turns=((begin, end), middle) if first == REFERENCE else (middle, (begin, end)))


def _left(seconds: float, echo: float) -> float:
    """Return what is left of a time when the cost of the request has been taken off."""
    return max(seconds - echo, LEAST_SHARE * seconds)
