"""What the numbers of each fill look like, and what no fill does."""

import numpy as np
import pytest

from grader.fills import FILLS, KINKED

SHAPE = (30, 40)
ALL = sorted(FILLS)
WITH_ZEROS = {"ties", "binary"}


def fill(name, simplicity=0, shape=SHAPE, seed=1):
    return FILLS[name](np.random.default_rng(seed), shape, simplicity)


@pytest.mark.parametrize("simplicity", [0, 1, 2])
@pytest.mark.parametrize("shape", [(), (1,), (0, 3), (2, 3, 4)])
@pytest.mark.parametrize("name", ALL)
def test_every_fill_makes_finite_float64_of_the_shape(name, shape, simplicity):
    found = fill(name, simplicity, shape)
    assert (found.dtype, found.shape) == (np.float64, shape)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("simplicity", [0, 1, 2])
@pytest.mark.parametrize("name", ALL)
def test_a_fill_depends_on_its_generator_alone(name, simplicity):
    assert fill(name, simplicity).tobytes() == fill(name, simplicity).tobytes()
    assert fill(name, simplicity, seed=2).tobytes() != fill(name, simplicity).tobytes()


@pytest.mark.parametrize("simplicity", [0, 1, 2])
@pytest.mark.parametrize("name", ALL)
def test_only_the_fills_whose_names_say_so_hold_an_exact_zero(name, simplicity):
    assert (fill(name, simplicity) == 0).any() == (name in WITH_ZEROS)


@pytest.mark.parametrize("simplicity", [0, 1, 2])
@pytest.mark.parametrize("name", ALL)
def test_no_fill_is_all_equal_along_an_axis(name, simplicity):
    found = fill(name, simplicity)
    assert (np.ptp(found, axis=0) > 0).all()
    assert (np.ptp(found, axis=1) > 0).all()


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("normal", 0.01, 10),
        ("positive", 0.05, 10.05),
        ("uniform", 0.02, 0.98),
        ("large", 0.2, 200),
        ("huge", 10, 10_000),
        ("tiny", 1e-8, 1e-5),
        ("integers", 1, 30 * 40),
        ("binary", 0, 1),
        ("ties", 0, 2),
    ],
)
def test_magnitudes_lie_where_the_fill_says(name, low, high):
    magnitude = np.abs(fill(name))
    assert low <= magnitude.min()
    assert magnitude.max() <= high


def test_all_fills_have_stated_magnitudes_above():
    (mark,) = [one for one in test_magnitudes_lie_where_the_fill_says.pytestmark if one.name == "parametrize"]
    assert {name for name, *_ in mark.args[1]} == set(FILLS)


@pytest.mark.parametrize("name", sorted({*FILLS} - {"positive", "uniform", "binary"}))
def test_both_signs_come_up(name):
    assert fill(name).min() < 0 < fill(name).max()


@pytest.mark.parametrize("name", ["positive", "uniform"])
def test_one_sided_fills_have_positive_numbers_only(name):
    assert all((fill(name, simplicity) > 0).all() for simplicity in (0, 1, 2))


def test_huge_numbers_overflow_exp_and_large_ones_do_not_in_float32():
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(fill("huge"))).any()
    assert np.isfinite(np.exp(np.float32(88)))
    assert np.median(np.abs(fill("large"))) < 88


@pytest.mark.parametrize("name", ["normal", "integers"])
def test_the_simplest_numbers_are_small_distinct_integers(name):
    found = fill(name, 2, (3, 4))
    assert sorted(np.abs(found).ravel()) == list(range(1, 13))
    assert (found < 0).sum() == 6


@pytest.mark.parametrize(
    ("name", "digits"), [("normal", 1), ("uniform", 1), ("positive", 1), ("large", 0), ("huge", 0)]
)
def test_simpler_numbers_are_rounded_and_drawn_ones_are_not(name, digits):
    rounded, drawn = fill(name, 1), fill(name, 0)
    assert (rounded == np.round(rounded, digits)).all()
    assert (drawn != np.round(drawn, digits)).mean() > 0.9


def test_ties_hold_equal_numbers_and_both_targets_are_binary():
    assert set(fill("ties").ravel()) == {-2, -1, 0, 1, 2}
    assert set(fill("binary").ravel()) == {0, 1}


def test_kinked_are_exactly_the_fills_that_hit_kinks_of_their_own():
    assert {"ties"} == KINKED
    assert set(FILLS) >= KINKED
