"""General slips: each is seen on answers that show it, and on no others."""

import numpy as np
import pytest

from grader.slips import SLIPS

RNG = np.random.default_rng(0)
TESTS = {slip.name: slip.test for slip in SLIPS}
SHAPES = ((4, 3), (5, 2), (3, 4))


def cases(answer, shapes=SHAPES, truth=lambda x: x):
    """Return, for an array of each shape, what came, what should have come, and the arguments."""
    arrays = [RNG.standard_normal(shape) for shape in shapes]
    return [(np.asarray(answer(truth(x), x)), np.asarray(truth(x)), (x,)) for x in arrays]


def name_of(pairs):
    return next((slip.name for slip in SLIPS if slip.test(pairs)), None)


def rows(x):
    return x.sum(axis=1)


SHOWN = {
    "kept axis": cases(lambda e, x: e[:, None], truth=rows),
    "reduced over everything": cases(lambda e, x: x.sum(), truth=rows),
    "not reduced": cases(lambda e, x: x, truth=np.sum),
    "another axis": cases(lambda e, x: x.sum(axis=0), truth=rows),
    "overflow": cases(lambda e, x: np.where(e > 0, np.nan, e)),
    "wrong sign": cases(lambda e, x: -e),
    "transposed": cases(lambda e, x: e.T),
    "times the batch size": cases(lambda e, x: e * len(x)),
    "divided by the batch size": cases(lambda e, x: e / len(x)),
    "sum for mean": cases(lambda e, x: e * x.size),
    "mean for sum": cases(lambda e, x: e / x.size),
    "constant factor": cases(lambda e, x: e * 0.5),
    "off by one": cases(lambda e, x: np.roll(e, 1, axis=0)),
}


@pytest.mark.parametrize("name", TESTS)
def test_a_slip_is_named_where_it_shows(name):
    assert name_of(SHOWN[name]) == name


@pytest.mark.parametrize("name", TESTS)
def test_a_slip_is_silent_about_right_answers(name):
    assert not TESTS[name](cases(lambda e, x: e))


@pytest.mark.parametrize("name", TESTS)
def test_a_slip_is_silent_where_one_case_shows_something_else(name):
    other = [(RNG.standard_normal((4, 4)), RNG.standard_normal((4, 4)), (RNG.standard_normal((2, 3)),))]
    assert not TESTS[name](SHOWN[name] + other)
    assert not TESTS[name](other + SHOWN[name])


@pytest.mark.parametrize("name", TESTS)
def test_a_slip_is_silent_where_one_case_is_of_another_shape(name):
    other = [(RNG.standard_normal((4, 5)), RNG.standard_normal(3), (RNG.standard_normal((2, 3)),))]
    assert not TESTS[name](SHOWN[name] + other)


def test_noise_is_given_no_name():
    assert name_of(cases(lambda e, x: RNG.standard_normal(e.shape))) is None


@pytest.mark.parametrize(
    "pair",
    [
        (np.array([True, False, True]), np.array([True, True, True])),
        (np.array(True), np.array(False)),
        (np.array([1, 2, 3]), np.array([1, 2, 4])),
        (np.array([1, 2], dtype="uint8"), np.array([2, 1], dtype="uint8")),
        (np.array([True, False]), np.array([0.5, 0.25])),
        (np.array([0.5, 0.25]), np.array([True, True])),
        (np.zeros((0, 3)), np.zeros((0, 4))),
        (np.array([1 + 2j]), np.array([2 - 5j])),
    ],
)
def test_numbers_of_every_kind_can_be_looked_at(pair):
    assert name_of([(*pair, (np.ones((3, 2)),))]) is None


def test_a_flattened_array_is_no_kept_axis():
    assert not TESTS["kept axis"](cases(lambda e, x: x, truth=np.ravel))


def test_a_kept_axis_holds_the_right_numbers():
    assert not TESTS["kept axis"](cases(lambda e, x: e[:, None] + 1, truth=rows))
    assert not TESTS["kept axis"](cases(lambda e, x: np.repeat(e[:, None], 2, axis=1), truth=rows))
    assert not TESTS["kept axis"](cases(lambda e, x: e[:, 0], shapes=((4, 1), (3, 1))))
    assert TESTS["kept axis"](cases(lambda e, x: e[None, :, None], truth=rows))


def test_one_number_where_one_is_wanted_is_not_reduced_too_far():
    assert not TESTS["reduced over everything"](cases(lambda e, x: x.mean(), truth=np.sum))
    assert not TESTS["reduced over everything"](cases(lambda e, x: x.sum(keepdims=True), truth=rows))


def test_not_reduced_means_the_shape_of_some_argument():
    assert not TESTS["not reduced"](cases(lambda e, x: x[0], truth=np.sum))
    assert not TESTS["not reduced"](cases(lambda e, x: x, truth=rows))
    assert not TESTS["not reduced"]([(np.array(1.0), np.array(2.0), (np.array(3.0),))])
    assert not TESTS["not reduced"]([(np.ones(2), np.array(2.0), ("text", 3))])
    assert TESTS["not reduced"]([(np.ones(2), np.array(2.0), (np.ones(3), 1, np.ones(2)))])


def test_another_axis_is_told_by_the_first_array_s_shape():
    x = np.ones((2, 3, 4))

    def told(got, wanted, *args):
        return TESTS["another axis"]([(np.ones(got), np.ones(wanted), args)])

    assert told((3, 4), (2, 3), x)
    assert told((3, 4), (2, 4), 7, "text", x)
    assert not told((2, 3), (2, 3), x)
    assert not told((5, 4), (2, 3), x)
    assert not told((2, 3), (5, 4), x)
    assert not told((3,), (2,), x)
    assert not told((3, 4), (2, 3), np.ones((9, 9)), x)
    assert not told((3, 4), (2, 3))
    assert not told((), (1,), np.ones(5))
    assert told((2,), (3,), np.ones((3, 2)))


def test_overflow_asks_for_a_finite_truth_and_the_right_shape():
    e = np.array([1.0, 2.0])
    assert TESTS["overflow"]([(np.array([1.0, np.inf]), e, ())])
    assert not TESTS["overflow"]([(np.array([1.0, np.inf]), np.array([1.0, np.inf]), ())])
    assert not TESTS["overflow"]([(np.array([np.nan]), e, ())])
    assert not TESTS["overflow"]([(np.array([1.0, 3.0]), e, ())])


def test_a_wrong_sign_is_seen_beside_the_same_nan():
    e = np.array([[1.0, np.nan], [0.0, -3.0]])
    assert TESTS["wrong sign"]([(-e, e, ())])
    assert not TESTS["wrong sign"]([(np.abs(e), e, ())])
    assert not TESTS["wrong sign"]([(-e[0], e, ())])


def test_answers_are_the_same_to_rounding():
    e = np.array([1.0, -2.0, 0.0])
    assert TESTS["wrong sign"]([(-e * (1 + 0.9e-5), e, ())])
    assert not TESTS["wrong sign"]([(-e * (1 + 1.2e-5), e, ())])
    assert TESTS["wrong sign"]([(-e + 0.9e-8, e, ())])
    assert not TESTS["wrong sign"]([(-e + np.array([0.0, 0.0, 1.5e-8]), e, ())])


def test_only_the_last_two_axes_are_swapped():
    e = RNG.standard_normal((2, 3, 4))
    assert TESTS["transposed"]([(np.swapaxes(e, 1, 2), e, ())])
    assert not TESTS["transposed"]([(np.swapaxes(e, 0, 1), e, ())])
    assert not TESTS["transposed"]([(e.T, e, ())])
    assert not TESTS["transposed"]([(np.ones(3), np.ones(3), ())])
    assert TESTS["transposed"]([(e[0].T, e[0], ())])


BY_SIZE = {
    "times the batch size": (0, 1),
    "divided by the batch size": (0, -1),
    "sum for mean": (None, 1),
    "mean for sum": (None, -1),
}


@pytest.mark.parametrize("name", BY_SIZE)
def test_a_size_is_blamed_only_if_cases_of_other_sizes_agree(name):
    axis, power = BY_SIZE[name]

    def scaled(e, x):
        return e * float(x.size if axis is None else x.shape[axis]) ** power

    assert TESTS[name](cases(scaled, shapes=((4, 3), (5, 2))))
    assert TESTS[name](cases(lambda e, x: scaled(e, x) * (1 + 0.9e-4), shapes=((4, 3), (5, 2))))
    assert not TESTS[name](cases(scaled, shapes=((4, 3), (4, 3))))
    assert not TESTS[name](cases(lambda e, x: scaled(e, x) * (1 + 1.2e-4), shapes=((4, 3), (5, 2))))
    assert not TESTS[name](cases(lambda e, x: scaled(e, x) + 1, shapes=((4, 3), (5, 2))))


def test_the_size_is_that_of_the_first_argument_with_an_axis():
    def pair(size, *args):
        return np.array([2.0, 3.0]) * size, np.array([2.0, 3.0]), args

    small, large = np.ones((2, 7)), np.ones((5, 7))
    test = TESTS["times the batch size"]
    assert test([pair(2, 1, np.array(9.0), small, large), pair(5, "a", large, small)])
    assert not test([pair(2, large, small), pair(5, small, large)])
    assert not test([pair(2, 1.0), pair(5, 2.0)])


def factor(*pairs):
    return TESTS["constant factor"]([(np.asarray(a), np.asarray(e), ()) for a, e in pairs])


E = np.array([1.0, -2.0, 4.0])


def test_a_constant_factor_asks_for_three_cases_with_the_same_factor():
    assert factor((2 * E, E), (2 * E, E), (2 * E, E))
    assert not factor((2 * E, E), (2 * E, E))
    assert not factor((2 * E, E), (2 * E, E), (2.01 * E, E))
    assert factor((2 * E, E), (2 * E, E), (2 * (1 + 0.9e-4) * E, E))
    assert not factor((2 * E, E), (2 * E, E), (2 * (1 + 1.2e-4) * E, E))
    assert not factor((2.01 * E, E), (2 * E, E), (2 * E, E))


@pytest.mark.parametrize(
    "pair",
    [
        (E, E),
        (0 * E, E),
        (2 * E + 1, E),
        (2 * E[:2], E),
        (np.array([2.0, -4.0, np.nan]), E),
        (0 * E, 0 * E),
        (2e-7 * E, 1e-7 * E),
        (2 * E, np.where(E > 3, 0, E)),
        (np.array([[2.0]]), np.array([1.0])),
        (np.array([2.0, np.nan]), np.array([1.0, np.nan])),
        (np.array([2e-6]), np.array([1e-6])),
    ],
)
def test_what_is_no_factor_is_none(pair):
    assert not factor(*[pair] * 3)


def test_elements_near_zero_do_not_hide_a_factor():
    e = np.array([0.0, 1.0, 0.0, 0.0, 2.0])
    assert factor(*[(3 * e, e)] * 3)
    assert factor(*[(np.array([3e-6]), np.array([1.5e-6]))] * 3)


def moved(*pairs):
    return TESTS["off by one"]([(np.asarray(a), np.asarray(e), ()) for a, e in pairs])


def test_a_shift_is_seen_in_either_direction_and_along_any_axis():
    e = RNG.standard_normal((3, 4))
    for axis in (0, 1):
        for step in (1, -1):
            assert moved(*[(np.roll(e, step, axis), e)] * 3)
        assert not moved(*[(np.roll(e, 2, 1), e)] * 3)


def test_a_shift_asks_for_three_cases_long_enough_to_tell():
    e = RNG.standard_normal(3)
    assert moved(*[(np.roll(e, 1), e)] * 3)
    assert not moved(*[(np.roll(e, 1), e)] * 2)
    assert not moved(*[(np.roll(e[:2], 1), e[:2])] * 3)
    short = RNG.standard_normal((2, 3))
    assert not moved(*[(np.roll(short, 1, axis=0), short)] * 3)
    assert moved(*[(np.roll(short, 1, axis=1), short)] * 3)


def test_cases_too_short_to_tell_do_not_hide_a_shift():
    e = RNG.standard_normal(4)
    assert moved(*[(np.roll(e, 1), e)] * 3, (e[:2] + 1, e[:2]), (e[0] + 1, e[0]))
    assert not moved(*[(np.roll(e, 1), e)] * 2, (e[:2] + 1, e[:2]), (e[0] + 1, e[0]))
    assert not moved(*[(np.roll(e, 1), e)] * 3, (e + 1, e))


def test_a_constant_array_shows_no_shift():
    assert not moved(*[(np.ones(5), np.ones(5))] * 3)
    assert not moved(*[(np.array([1.0, 1.0, 2.0]), np.ones(3))] * 3)


def test_every_slip_says_what_to_do():
    assert len(TESTS) == len(SLIPS)
    assert all(slip.text.endswith(".") and len(slip.text) > 30 for slip in SLIPS)
