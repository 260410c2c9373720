"""Naming what went wrong: a mistake only where every answer is its own, a slip only where every failure shows it."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from grader.answer import Answer, Raised, leaves
from grader.cases import Case
from grader.diagnose import Symptoms, explains, general_slip
from grader.evidence import Run, Truth

NAN, INF = float("nan"), float("inf")
X = np.arange(6.0).reshape(2, 3)
NOTHING = Answer(value=None)


def value(one=None, **parts):
    return one if isinstance(one, Answer) or one is None else Answer(value=one, **parts)


def raised(kind, message=""):
    return Answer(raised=Raised(type=kind, message=message))


def symptoms(answers, expected, *, failing=None, check="values", dtype="float64", args=(X,)):
    expected = [value(one) for one in expected]
    truth = Truth(
        cases=(Case(args=args),) * len(expected),
        args=(args,) * len(expected),
        expected=tuple(expected),
        own=tuple(expected),
        allowed=[[1e-7 for _ in leaves(one.value)] for one in expected],
    )
    run = Run(truth=truth, answers=tuple(value(one) for one in answers))
    failing = frozenset(range(len(expected)) if failing is None else failing)
    return Symptoms(check=check, run=run, failing=failing, dtype=dtype)


def told(answers, mistake, expected, **how):
    return explains(symptoms(answers, expected, **how), [value(one) for one in mistake])


RIGHT = [1.0, 2.0, 3.0, 4.0]
WRONG = [2.0, 4.0, 6.0, 4.0]


def test_a_mistake_with_the_learner_s_answers_explains_them():
    assert told(WRONG, WRONG, RIGHT, failing={0, 1, 2}) is True


@pytest.mark.parametrize("position", range(4))
def test_one_other_answer_silences_a_mistake_even_where_the_learner_is_right(position):
    other = [one + 0.5 if i == position else one for i, one in enumerate(WRONG)]
    assert told(WRONG, other, RIGHT, failing={0, 1, 2}) is False


@pytest.mark.parametrize("count", [0, 3, 5])
def test_a_mistake_has_an_answer_to_every_case(count):
    assert told(WRONG, (WRONG * 2)[:count], RIGHT) is False


@pytest.mark.parametrize(
    ("failing", "wrong", "enough"),
    [(1, 1, True), (2, 2, True), (3, 3, True), (4, 3, True), (5, 3, True), (4, 2, False), (3, 2, False), (2, 1, False)],
)
def test_a_mistake_must_be_wrong_itself_on_three_failing_cases_or_on_all(failing, wrong, enough):
    right = [0.0] * 6
    near = [1.5e-7] * wrong + [0.5e-7] * (6 - wrong)
    assert told(near, near, right, failing=range(failing)) is enough


TINY = 2e-6  # wrong, and still nearer to the truth than two answers need to be to each other


@pytest.mark.parametrize(
    ("own", "other", "same"),
    [
        (TINY, TINY, True),
        (TINY, -TINY, False),
        (TINY, 3 * TINY, False),
        (3 * TINY, TINY, False),
        (TINY, 1.5 * TINY, True),
        (1.5 * TINY, TINY, True),
        (1.7 * TINY, TINY, False),
    ],
)
def test_a_mistake_leaves_less_than_half_of_an_error_unexplained(own, other, same):
    right = [np.array([100.0, 0.0])] * 4
    learner, mistake = ([np.array([100.0 + error, 0.0])] * 4 for error in (own, other))
    assert told(learner, mistake, right) is same


def test_answers_that_must_be_equal_have_no_room():
    right, learner, mistake = ([np.array([one])] * 4 for one in (0, 11, 10))
    assert told([(x, X) for x in learner], [(x, X) for x in mistake], [(x, X + 1) for x in right]) is False
    single = symptoms([np.array([9.0 + 9e-7])] * 4, [np.array([9.0])] * 4)
    truth = replace(single.run.truth, allowed=((None,),) * 4)
    close = replace(single, run=replace(single.run, truth=truth))
    assert explains(close, [value(np.array([9.0 + 8e-7]))] * 4) is True
    assert explains(close, [value(np.array([9.0 + 3e-7]))] * 4) is False


def test_what_rounding_allows_needs_no_explanation():
    right, learner, mistake = ([np.array([100.0, 1.0 + e])] * 4 for e in (0.0, 0.9e-7, 0.0))
    learner, mistake = ([np.array([120.0, one[1]]) for one in side] for side in (learner, mistake))
    assert told(learner, mistake, right) is True


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ((X, 1.0), (X, 1.0)),
        ((X + 1, None), (X + 1, None)),
        (np.array([NAN, 1.0]), np.array([NAN, 1.0])),
        (X + 1, X + 1),
        (np.ones(3), np.ones(3)),
        (np.array([INF, 7.0]), np.array([INF, 7.0])),
        ((X + 1, np.array([1, 2])), (X + 1, np.array([1, 2]))),
        ("text", "text"),
    ],
)
def test_answers_without_a_measurable_error_are_compared_all_the_same(own, other):
    for right in (X, np.zeros(2), (X, None), (X, np.array([1, 3]))):
        assert told([own] * 4, [other] * 4, [right] * 4) is True


@pytest.mark.parametrize("failing", [(), (3,)])
def test_a_mistake_that_is_right_where_the_learner_fails_explains_nothing(failing):
    assert told(WRONG, WRONG, RIGHT, failing=failing) is False


@pytest.mark.parametrize(
    ("dtype", "rtol", "atol"),
    [("float64", 1e-6, 1e-9), (None, 1e-6, 1e-9), ("float32", 1e-3, 1e-5), ("float16", 1e-2, 1e-3)],
)
def test_answers_agree_to_rounding_in_their_dtype(dtype, rtol, atol):
    for size in (0.0, 1e6):
        bound = atol + rtol * size
        assert told([size + 0.9 * bound], [size], [-5.0], dtype=dtype) is True
        assert told([size - 0.9 * bound], [size], [-5.0], dtype=dtype) is True
        assert told([size + 1.1 * bound], [size], [-5.0], dtype=dtype) is False
        assert told([-size - 1.1 * bound], [-size], [5.0], dtype=dtype) is False
    assert told([-1e6 * (1 + 0.9 * rtol)], [-1e6], [5.0], dtype=dtype) is True
    assert told([atol], [0.0], [-5.0], dtype=dtype) is True


@pytest.mark.parametrize("one", [NAN, INF, -INF])
@pytest.mark.parametrize("other", [NAN, INF, -INF])
def test_whatever_is_not_finite_meets_whatever_is_not(one, other):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert told([np.array([one, 2.0])], [np.array([other, 2.0])], [np.array([1.0, 1.0])]) is True
    assert told([np.array([one, 2.0])], [np.array([2.0, other])], [np.array([1.0, 1.0])]) is False
    assert told([np.array([one, 2.0])], [np.array([other, 3.0])], [np.array([1.0, 1.0])]) is False
    assert told([np.array([one, 2.0])], [np.array([1.0, 2.0])], [np.array([1.0, 1.0])]) is False


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (np.ones((2, 1)), np.ones((1, 2))),
        (np.ones((2, 1), int), np.ones((1, 2), int)),
        (np.ones(1), 1.0),
        ((1.0, 2.0), (1.0,)),
        ((1.0, 2.0), 1.0),
        ((1.0, 2.0), ((1.0, 2.0),)),
        ("a", "b"),
        (None, 1.0),
        (1, "1"),
        (np.array([1, 2]), np.array([1, 3])),
        (np.array([True]), np.array([False])),
        (2**53, 2**53 + 1),
    ],
)
def test_answers_that_do_not_agree(own, other):
    assert told([Answer(value=own)], [Answer(value=other)], [7.0]) is False
    assert told([Answer(value=own)], [Answer(value=own)], [7.0]) is True
    assert told([Answer(value=other)], [Answer(value=other)], [7.0]) is True


@pytest.mark.parametrize("other", [1.5, 2**70, "1"])
def test_an_integer_of_any_size_agrees_with_no_other_number(other):
    assert told([2**1999], [other], [7.0]) is False
    assert told([other], [2**1999], [7.0]) is False


def test_numbers_of_different_kinds_agree_by_value():
    assert told([np.array([1, 2])], [np.array([1.0, 2.0])], [np.zeros(2)]) is True
    assert told([True], [1], [0.0]) is True
    whole, near = np.array([1, 2]), np.array([1.0, 2.0 + 1e-9])
    assert told([whole], [near], [np.zeros(2)]) is True
    assert told([near], [whole], [np.zeros(2)]) is True


def test_an_exception_agrees_with_its_own_type_only():
    assert told([raised("KeyError", "a")], [raised("KeyError", "b")], [1.0], check="runs") is True
    assert told([raised("KeyError")], [raised("ValueError")], [1.0], check="runs") is False
    assert told([raised("KeyError")], [2.0], [1.0], check="runs") is False
    assert told([2.0], [2.0], [raised("KeyError")], check="runs") is True
    nothing = Answer(value=None)
    assert told([nothing], [nothing], [raised("KeyError")], check="runs") is True
    assert told([raised("KeyError")], [raised("KeyError")], [nothing], check="runs") is True


def test_where_the_process_ended_both_must_have_ended_if_that_failed():
    assert told([2.0, None], [2.0, None], [1.0, 1.0]) is True
    assert told([2.0, None], [2.0, 2.0], [1.0, 1.0]) is False
    assert told([2.0, 2.0], [2.0, None], [1.0, 1.0]) is False
    assert told([2.0, None], [2.0, 1.0], [1.0, 1.0], failing={0}) is True
    assert told([2.0, 1.0], [2.0, None], [1.0, 1.0], failing={0}) is True
    assert told([2.0, None, 3.0], [2.0, 1.0, 4.0], [1.0, 1.0, 1.0], failing={0}) is False


def test_changed_arguments_are_compared_and_not_the_values():
    def run(*inputs):
        return [Answer(value=number, inputs=(one,)) for number, one in enumerate(inputs)]

    how = {"check": "inputs unchanged", "expected": [9.0, 9.0]}
    assert told(run(1.0, 2.0), run(1.0, 2.0)[::1], **how) is True
    assert (
        told([Answer(value=5.0, inputs=(1.0,))], [Answer(value=6.0, inputs=(1.0,))], [9.0], check=how["check"]) is True
    )
    assert told(run(1.0, 2.0), run(1.0, 3.0), **how) is False


@pytest.mark.parametrize("other", [(9.0, 9.0), (9.0, (9.0,))])
def test_a_mistake_with_another_structure_explains_no_changed_input(other):
    """Its inputs look alike where neither has changed any; its values cannot be compared."""
    given = [Answer(value=9.0, inputs=(X + 1,))] * 3
    mistake = [Answer(value=other, inputs=(X + 1,))] * 3
    assert told(given, given, check="inputs unchanged", expected=[9.0] * 3) is True
    assert told(given, mistake, check="inputs unchanged", expected=[9.0] * 3) is False


def test_inputs_of_another_structure_are_not_changed_alike():
    given = [Answer(value=9.0, inputs=((X + 1, X + 1),))] * 3
    mistake = [Answer(value=9.0, inputs=(X + 1,))] * 3
    assert told(given, given, check="inputs unchanged", expected=[9.0] * 3) is True
    assert told(given, mistake, check="inputs unchanged", expected=[9.0] * 3) is False


def test_arguments_that_are_changed_alike_explain_nothing_where_answers_have_other_parts():
    learner, mistake = [value((X, X), inputs=(X + 1,))], [value(X, inputs=(X + 1,))]
    assert told(learner, learner, [(X, X)], check="inputs unchanged") is True
    assert told(learner, mistake, [(X, X)], check="inputs unchanged") is False
    assert told(mistake, learner, [X], check="inputs unchanged") is False


def test_dtypes_are_compared_and_the_values_too():
    single, double = np.ones(1, "float32"), np.zeros(1)
    assert told([double], [double], [single], check="dtype", dtype="float32") is True
    assert told([double], [double + 1], [single], check="dtype", dtype="float32") is False
    assert told([double], [single], [single], check="dtype", dtype="float32") is False
    assert told([double], [1.0], [single], check="dtype", dtype="float32") is False
    assert told([2], [1.0], [single], check="dtype", dtype="float32") is False
    assert told([2.0], [2.0], [single], check="dtype", dtype="float32") is True
    assert told([2.0], [1.0], [single], check="dtype", dtype="float32") is False
    half = np.zeros(1, "float16")
    assert told([double], [half], [single], check="dtype", dtype="float32") is False
    assert told([np.array(2.0)], [2.0], [single], check="dtype", dtype="float32") is False
    assert told([2], [2.0], [single], check="dtype", dtype="float32") is False


def test_values_and_later_values_are_compared_where_calls_were_repeated():
    def one(number, late):
        return [Answer(value=number, late=late)]

    assert told(one(1.0, 2.0), one(1.0, 2.0), [1.0], check="repeatable") is True
    assert told(one(1.0, 2.0), one(1.0, 3.0), [1.0], check="repeatable") is False
    assert told(one(1.0, 2.0), one(3.0, 2.0), [1.0], check="repeatable") is False
    assert told([Answer(value=1.0, late=2.0)], [Answer(value=1.0, late=5.0)], [3.0]) is True


def slip(answers, expected, **how):
    found = general_slip(symptoms(answers, expected, **how))
    return None if found is None else found.name


def test_a_slip_is_general_and_has_a_text():
    found = general_slip(symptoms([-X], [X]))
    assert (found.kind, found.name) == ("general", "wrong sign")
    assert found.text == "Every failing answer is the right one with the opposite sign."


def test_only_failing_cases_are_looked_at_and_all_of_them():
    assert slip([-X, X], [X, X], failing={0}) == "wrong sign"
    assert slip([-X, X + 1], [X, X]) is None
    assert slip([-X], [X], failing=()) is None


@pytest.mark.parametrize("broken", [None, raised("KeyError"), "text", (X, X)])
def test_an_answer_that_is_no_number_silences_slips(broken):
    assert slip([-X, -X], [X, X]) == "wrong sign"
    assert slip([-X, broken], [X, X]) is None
    assert slip([-X, broken], [X, X], dtype="float32") is None


def test_an_expected_exception_silences_slips():
    assert slip([-X, -X], [X, raised("KeyError")]) is None


def test_what_stands_beside_an_exception_is_no_number():
    meaningless = replace(raised("KeyError"), value=-X)
    assert slip([-X, meaningless], [X, X]) is None
    assert slip([-X, -X], [X, replace(meaningless, value=X)]) is None


def test_a_right_number_is_looked_at_where_another_check_has_failed():
    assert slip([-X, 0 * X], [X, 0 * X], check="a plugin's own") == "wrong sign"


def test_of_several_leaves_the_one_that_differs_is_looked_at():
    assert slip([(X, -X)], [(X, X)]) == "wrong sign"
    assert slip([(X, (X, -X))], [(X, (X, X))]) == "wrong sign"
    assert slip([(X, "a")], [(X, "b")]) is None
    assert slip([(X, X, X)], [(X, X)], dtype="float32") is None
    assert slip([np.array(1.0)], [(X, X)]) is None
    assert slip([(X, X)], [(X, X)], check="a plugin's own") is None


@pytest.mark.parametrize("bits", [70, 1999])
def test_an_integer_of_any_size_can_be_looked_at(bits):
    assert slip([2**bits], [1.5]) is None
    assert slip([(X, 1)], [(X, 2**bits)]) is None


def test_a_wrong_mask_can_be_looked_at():
    assert slip([np.array([True, False, True])], [np.array([True, True, True])]) is None


def test_the_arguments_are_looked_at():
    assert slip([X], [np.array(15.0)]) == "not reduced"
    assert slip([X], [np.array(15.0)], args=(np.ones(2),)) is None


def test_float32_is_blamed_for_small_errors_where_nothing_else_is():
    near = X + 0.005 * np.sign(X - 2.5)
    assert slip([near], [X], dtype="float32") == "float32"
    assert slip([near], [X], dtype="float64") is None
    assert slip([near], [X], dtype=None) is None
    assert slip([X + np.sign(X - 2.5)], [X], dtype="float32") is None
    assert slip([-X], [X], dtype="float32") == "wrong sign"


@pytest.mark.parametrize("check", ["values", "gradient"])
def test_seven_digits_are_told_in_float64(check):
    long = 1000.0 * X
    near = long * (1 + 5e-7) + 3e-7 * np.sign(X - 2.5)
    assert slip([near], [long], check=check) == "single precision"
    assert slip([near], [long], check=check, dtype=None) is None
    assert slip([near + 1e-4 * (X - 2.5)], [long], check=check) is None
    assert slip([long * (1 + 5e-6)], [long], check=check) is None
    assert slip([near, near], [long, -long], check=check) is None
    found = general_slip(symptoms([near], [long]))
    assert (found.kind, found.text[:35]) == ("general", "Right to about seven digits of sixt")


def test_a_function_that_returns_nothing_is_told():
    assert slip([NOTHING, NOTHING], [X, 1.0], check="shape") == "no return"
    assert slip([NOTHING, X], [X, X], check="shape") is None
    assert slip([NOTHING], [NOTHING]) is None
    assert slip([NOTHING], [raised("ValueError")]) is None
    assert slip([None], [X]) is None
    assert slip([raised("ValueError")], [X]) is None
    assert slip([NOTHING], [X], failing=()) is None


def test_a_wrong_shape_is_not_blamed_on_lost_digits():
    assert slip([X[:, :2]], [X], dtype="float32", check="shape") is None


def test_another_dtype_is_called_promotion_below_float64_only():
    assert slip([X], [X], check="dtype", dtype="float32") == "promotion"
    assert slip([X], [X], check="dtype", dtype="float64") is None
    found = general_slip(symptoms([X], [X], check="dtype", dtype="float32"))
    assert found.kind == "general"
    assert found.text.startswith("The values are right, only the dtype is not")


def test_a_right_value_of_another_kind_is_told_where_dtypes_do_not_matter():
    assert slip([4.0], [4], check="dtype", dtype=None) == "other kind"
    assert slip([5.0], [4], check="dtype", dtype=None) is None
    assert "// keeps integers" in general_slip(symptoms([4.0], [4], check="dtype", dtype=None)).text


@pytest.mark.parametrize("check", ["inputs unchanged", "repeatable"])
def test_numbers_say_nothing_about_side_effects(check):
    assert slip([-X], [X], check=check) is None
    assert slip([X + 1], [X], check=check, dtype="float32") is None


MESSAGES = {
    "the output has no grad_fn": "left the graph",
    "Can't call numpy() on Tensor that requires grad. Use": "left the graph",
    "a leaf Variable is being used in an in-place operation.": "in-place",
    "has been modified by an inplace operation": "in-place",
    "Expected all tensors to be on the same device, but": "device",
    "The truth value of an array with more than one element is ambiguous.": "one number",
    "Boolean value of Tensor with more than one value is ambiguous": "one number",
}


@pytest.mark.parametrize("message", MESSAGES)
def test_exceptions_of_autograd_are_explained(message):
    error = raised("RuntimeError", message)
    assert slip([error, error], [X, X], check="runs") == MESSAGES[message]
    assert slip([error, None], [X, X], check="runs") == MESSAGES[message]
    assert slip([error, X], [X, X], check="runs", failing={0}) == MESSAGES[message]
    assert slip([error, -X], [X, X], check="runs") is None
    assert slip([error, raised("RuntimeError", "else")], [X, X], check="runs") is None


def test_other_exceptions_are_not_explained():
    assert slip([raised("RuntimeError", "out of memory")], [X], check="runs") is None
    assert slip([None], [X], check="runs") is None


def test_a_gradient_that_is_not_finite_is_explained():
    bad = np.where(X > 2, NAN, X)
    assert slip([(bad,), (bad,)], [(X,), (X,)], check="gradient") == "gradient overflow"
    assert slip([(bad,), (X + 1,)], [(X,), (X,)], check="gradient") is None
    assert slip([(bad,), raised("RuntimeError", "no")], [(X,), (X,)], check="gradient") is None
    assert slip([(bad,)], [(X,)], check="values") == "overflow"
    assert slip([(-X,)], [(X,)], check="gradient") == "wrong sign"


def test_a_promotion_is_not_told_of_wrong_values():
    answers = [Answer(value=np.ones(2)), Answer(value=np.ones(2))]
    truth = [Answer(value=np.zeros(2))] * 2
    run = Run(
        truth=Truth(
            cases=(Case(args=()),) * 2, args=((), ()), expected=tuple(truth), own=tuple(truth), allowed=((0.1,),) * 2
        ),
        answers=tuple(answers),
    )
    symptoms = Symptoms(check="dtype", run=run, failing=frozenset({0, 1}), dtype="float32")
    assert general_slip(symptoms) is None
