"""From paired times to a ratio with an interval, pure.

Four times in the order A B B A make a block: a drift of the machine's speed cancels. Blocks of one pair of processes
lie closer together than blocks of two pairs (memory lies elsewhere in each process), so a pair of processes is the
unit: the median of its blocks counts once. The interval is Student's t of the logarithms, wider by ``WIDER`` since the
figures are looked at several times before all of them are there.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Ratio", "block", "decided", "ratio_of", "slope"]

WIDER = 1.3
NARROW = 1.05
MOST = 700.0  # exp of more overflows
# Two-sided 95 % quantiles of Student's t, for 1, 2, 3, ... degrees of freedom, the last for more than that.
QUANTILES = (12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio of two times, and between which bounds it lies.

    Args:
        pairs: how many pairs of processes it rests on.
        mean: the arithmetic mean: what one waits for, where some runs are fast and others slow.
    """

    value: float
    low: float
    high: float
    pairs: int
    mean: float = 0.0


def block(a1: float, b1: float, b2: float, a2: float) -> float:
    """Return the logarithm of B's time over A's."""
    return (math.log(b1) + math.log(b2) - math.log(a1) - math.log(a2)) / 2


def ratio_of(pairs: Sequence[Sequence[float]]) -> Ratio:
    """Return the ratio and its interval from the blocks of each pair of processes.

    Args:
        pairs: at least two, each of one block or more.
    """
    units = [statistics.median(blocks) for blocks in pairs]
    centre = statistics.fmean(units)
    quantile = QUANTILES[min(len(units) - 1, len(QUANTILES)) - 1]
    half = WIDER * quantile * statistics.stdev(units) / math.sqrt(len(units))
    bounded = min(half, MOST - abs(centre))
    return Ratio(
        value=math.exp(centre),
        low=math.exp(centre - bounded),
        high=math.exp(centre + bounded),
        pairs=len(units),
        mean=statistics.fmean(math.exp(min(unit, MOST)) for unit in units),
    )


def decided(ratio: Ratio, limit: float) -> bool:
    """Tell whether more pairs are not needed: the interval lies on one side of the limit, and says more than that."""
    return not ratio.low <= limit <= ratio.high or ratio.high / ratio.low < NARROW


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the exponent of the power law through the points: least squares of the logarithms."""
    return statistics.linear_regression([math.log(x) for x in sizes], [math.log(y) for y in seconds]).slope
