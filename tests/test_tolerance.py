"""The error that an honest answer may show: no less, and not a unit of round-off more."""

import numpy as np
import pytest

from grader.answer import Answer, Raised
from grader.exercise import Tolerance
from grader.tolerance import PERTURBATIONS, allowed_errors, perturb
from grader.worker.frames import Unsupported

EPS = {name: float(np.finfo(name).eps) for name in ("float16", "float32", "float64")}
ZERO = Tolerance(rtol=0.0, atol=0.0)
CRASH = Answer(value=np.array([1.5]), raised=Raised(type="ValueError", message=""))


def allowed(truth, *, own=None, moved=(), args=(), tolerance=ZERO, dtype="float64"):
    expected = Answer(value=truth)
    own = expected if own is None else own
    own = own if isinstance(own, Answer) else Answer(value=own)
    others = [one if isinstance(one, Answer) else Answer(value=one) for one in moved]
    return allowed_errors(args, expected, own, others, tolerance, dtype)


@pytest.mark.parametrize(
    ("dtype", "rtol", "atol"),
    [("float16", 1e-3, 1e-5), ("float32", 1.3e-6, 1e-5), ("float64", 5e-8, 1e-9), (None, 5e-8, 1e-9)],
)
def test_the_default_is_that_of_assert_close_and_stricter_in_float64(dtype, rtol, atol):
    (error,) = allowed(np.array([0.0, 2.0, -2.0]), tolerance=Tolerance(), dtype=dtype)
    np.testing.assert_array_equal(error, [atol, atol + 2 * rtol, atol + 2 * rtol])


@pytest.mark.parametrize("dtype", ["float32", "float64", None])
def test_a_task_may_set_its_own_tolerance_even_zero(dtype):
    truth = np.array([2.0])
    assert allowed(truth, tolerance=ZERO, dtype=dtype) == (0.0,)
    assert allowed(truth, tolerance=Tolerance(rtol=0.25, atol=0.0), dtype=dtype) == (0.5,)
    assert allowed(truth, tolerance=Tolerance(rtol=0.0, atol=0.125), dtype=dtype) == (0.125,)


def test_each_half_of_the_tolerance_has_its_own_default():
    (relative,) = allowed(np.array([1.0]), tolerance=Tolerance(rtol=0.0))
    (absolute,) = allowed(np.array([1.0]), tolerance=Tolerance(atol=0.0))
    assert (relative[0], absolute[0]) == (1e-9, 5e-8)


@pytest.mark.parametrize("sign", [1, -1])
def test_eight_times_the_reference_s_own_error_is_allowed(sign):
    (error,) = allowed(np.array([1.0, 2.0]), own=np.array([1.0 + sign * 0.5, 2.0]))
    assert error.tolist() == [4.0, 0.0]


def test_sixteen_times_the_largest_change_of_the_truth_is_allowed():
    moved = [np.array([1.0, 2.25]), np.array([1.5, 2.0]), np.array([1.25, 2.125])]
    (error,) = allowed(np.array([1.0, 2.0]), moved=moved)
    assert error.tolist() == [8.0, 4.0]


def test_the_largest_of_all_bounds_counts_and_not_their_sum():
    truth, own, moved = np.array([1.0]), np.array([1.5]), [np.array([1.125])]
    assert allowed(truth, own=own, moved=moved) == (4.0,)
    assert allowed(truth, own=own, moved=moved, tolerance=Tolerance(rtol=0.0, atol=4.5)) == (4.5,)
    assert allowed(truth, own=own, moved=[np.array([1.5])]) == (8.0,)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_four_units_of_round_off_of_the_largest_input_are_allowed(dtype):
    args = (np.array([1.0, -8.0]), (np.array([2.0]),), np.array([100]), 50.0)
    assert allowed(np.array([1.0]), args=args, dtype=dtype) == (4 * EPS[dtype] * 8.0,)


def test_a_task_without_dtypes_is_judged_as_in_float64():
    assert allowed(np.array([1.0]), args=(np.array([8.0]),), dtype=None) == (4 * EPS["float64"] * 8.0,)


@pytest.mark.parametrize("array", [[], [np.inf], [-np.inf, np.nan]])
def test_inputs_without_a_finite_number_excuse_nothing(array):
    assert allowed(np.array([1.0]), args=(np.array(array),), dtype="float32") == (0.0,)


def test_the_largest_finite_input_counts_beside_infinite_ones():
    args = (np.array([np.inf, -3.0, np.nan]), np.array([2.0]))
    assert allowed(np.array([1.0]), args=args, dtype="float32") == (4 * EPS["float32"] * 3.0,)


@pytest.mark.parametrize("truth", [np.array([1, 2]), np.array([True]), 3, True, None, "text"])
def test_what_is_no_float_must_be_equal(truth):
    assert allowed(truth, tolerance=Tolerance(rtol=1.0, atol=1.0), dtype="float32") == (None,)


def test_each_leaf_has_its_own_error():
    truth = (np.array([1.0]), np.array([1]), (4.0, "text"))
    own = (np.array([1.5]), np.array([1]), (4.25, "text"))
    first, second, third, fourth = allowed(truth, own=own)
    assert (first.tolist(), second, float(third), fourth) == ([4.0], None, 2.0, None)


def test_complex_numbers_have_an_error_too():
    assert allowed(np.array([3 + 4j]), tolerance=Tolerance(rtol=0.5, atol=0.0)) == (2.5,)
    assert allowed(np.array([3 + 4j]), own=np.array([3 + 4.5j])) == (4.0,)


@pytest.mark.parametrize(
    "own",
    [
        CRASH,
        np.array([np.nan]),
        np.array([np.inf]),
        np.array([[1.5]]),
        np.array(1.5),
        np.array([1.5, 1.5]),
        None,
        "text",
        (np.array([1.5]),),
    ],
)
def test_a_reference_that_goes_astray_excuses_nothing(own):
    own = own if isinstance(own, Answer) else Answer(value=own)
    assert allowed(np.array([1.0]), own=own) == (0.0,)
    assert allowed(np.array([1.0]), moved=[own]) == (0.0,)


@pytest.mark.parametrize("own", [None, "text", Unsupported("dict")])
def test_what_is_no_number_excuses_nothing_beside_a_plain_float(own):
    assert allowed(1.0, own=Answer(value=own)) == (0.0,)


def test_one_astray_element_leaves_the_others_their_error():
    (error,) = allowed(np.array([1.0, 1.0]), own=np.array([np.nan, 1.5]))
    assert error.tolist() == [0.0, 4.0]


@pytest.mark.parametrize("truth", [np.nan, np.inf, -np.inf])
def test_a_nonfinite_truth_allows_no_error(truth):
    (error,) = allowed(np.array([truth, 1.0]), tolerance=Tolerance(rtol=0.5, atol=0.0))
    assert error.tolist() == [0.0, 0.5]


def test_the_distance_is_taken_in_the_precision_of_the_truth():
    (error,) = allowed(np.array([0.1]), own=np.array([0.1], dtype="float32"), dtype="float32")
    assert error[0] == 8 * abs(float(np.float32(0.1)) - 0.1)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_perturbation_moves_every_float_by_one_unit_of_round_off(dtype):
    moved = perturb(np.full((40, 5), 2.0), dtype, np.random.default_rng(0))
    assert set(moved.ravel().tolist()) == {2.0 * (1 - EPS[dtype]), 2.0 * (1 + EPS[dtype])}
    assert moved.shape == (40, 5)


def test_a_perturbation_reaches_into_sequences_and_leaves_the_rest():
    whole, truth = np.array([1, 2]), np.array([True])
    tree = [np.array([4.0]), (whole, [np.array([8.0])], truth), 3.0, None]
    first, (same, (inner,), flag), number, nothing = perturb(tree, "float32", np.random.default_rng(0))
    assert abs(first - 4.0) == 4 * EPS["float32"]
    assert abs(inner - 8.0) == 8 * EPS["float32"]
    assert (same is whole, flag is truth, number, nothing) == (True, True, 3.0, None)


def test_a_perturbation_changes_no_argument_in_place():
    x = np.array([1.0, 2.0])
    assert not np.array_equal(perturb(x, "float32", np.random.default_rng(0)), x)
    assert x.tolist() == [1.0, 2.0]


def test_more_than_one_perturbation_is_tried():
    assert PERTURBATIONS == 3
