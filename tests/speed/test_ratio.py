"""Ratios and their intervals, on times whose truth is known."""

import math
import random
import statistics

import pytest

from grader.ratio import Ratio, block, decided, ratio_of, slope


def pairs(truth, count, *, process=0.02, noise=0.05, blocks=6, seed=0):
    """Return logarithms as a machine gives them: each pair of processes is off by something of its own."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        own = math.log(truth) + rng.gauss(0, process)
        found.append([own + rng.gauss(0, noise) for _ in range(blocks)])
    return found


def test_a_drift_of_the_machine_cancels_in_a_block():
    drifting = [speed * cost for speed, cost in zip((1.0, 1.1, 1.2, 1.3), (2.0, 6.0, 6.0, 2.0), strict=True)]
    assert math.exp(block(*drifting)) == pytest.approx(3.0, rel=0.01)
    assert math.exp(math.log(drifting[1]) - math.log(drifting[0])) == pytest.approx(3.3)


def test_the_ratio_is_the_mean_of_the_pairs_and_a_pair_the_median_of_its_blocks():
    ratio = ratio_of([[math.log(2.0), math.log(2.0), math.log(90.0)], [math.log(8.0)]])
    assert ratio.value == pytest.approx(4.0)
    assert ratio.mean == pytest.approx(5.0)
    assert ratio.low < 4.0 < ratio.high
    assert ratio.pairs == 2


def test_the_interval_is_that_of_student_and_wider():
    units = [0.1, 0.3, 0.2]
    half = 1.3 * 4.303 * 0.1 / math.sqrt(3)
    ratio = ratio_of([[unit] for unit in units])
    assert (math.log(ratio.low), math.log(ratio.high)) == pytest.approx((0.2 - half, 0.2 + half))


@pytest.mark.parametrize("count", [6, 12, 20])
def test_the_interval_holds_the_truth_as_often_as_it_says(count):
    held = [(ratio := ratio_of(pairs(1.5, count, seed=seed))).low <= 1.5 <= ratio.high for seed in range(400)]
    assert sum(held) >= 380


def test_many_pairs_have_a_narrow_interval():
    few, many = ratio_of(pairs(1.0, 6)), ratio_of(pairs(1.0, 20))
    assert many.high / many.low < few.high / few.low < 1.3


def test_an_interval_that_is_wide_beyond_measure_stays_finite():
    ratio = ratio_of([[-600.0], [600.0]])
    assert 0 <= ratio.low < ratio.value < ratio.high < math.inf
    aside = ratio_of([[-100.0], [500.0]])
    assert (math.log(aside.low), math.log(aside.high)) == pytest.approx((-300.0, 700.0))


@pytest.mark.parametrize(
    ("count", "quantile"), [(2, 12.71), (3, 4.303), (15, 2.145), (16, 2.131), (17, 2.131), (30, 2.131)]
)
def test_each_number_of_pairs_has_its_quantile(count, quantile):
    units = [0.1 * (-1) ** index for index in range(count)]
    ratio = ratio_of([[unit] for unit in units])
    half = 1.3 * quantile * statistics.stdev(units) / math.sqrt(count)
    assert math.log(ratio.high / ratio.low) == pytest.approx(2 * half)


@pytest.mark.parametrize(
    ("low", "high", "limit", "enough"),
    [
        (0.9, 1.05, 1.1, True),
        (1.2, 2.0, 1.1, True),
        (1.0, 1.3, 1.1, False),
        (1.09, 1.11, 1.1, True),
        (0.5, 1.1, 1.1, False),
        (1.1, 1.5, 1.1, False),
        (1.0, 1.05, 1.02, False),
    ],
)
def test_enough_is_known_on_one_side_of_the_limit_or_when_it_is_narrow(low, high, limit, enough):
    assert decided(Ratio(value=1.0, low=low, high=high, pairs=6), limit) is enough


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 2.5])
def test_a_power_law_has_its_exponent(exponent):
    sizes = (64, 128, 256, 512)
    assert slope(sizes, [3e-6 * size**exponent for size in sizes]) == pytest.approx(exponent, abs=1e-9)
