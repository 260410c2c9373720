"""Comparing an answer with the truth: nothing wrong passes, nothing right fails, and the difference is told."""

import warnings

import numpy as np
import pytest

from grader.compare import compare
from grader.worker.frames import Unsupported

NAN, INF = float("nan"), float("inf")


def arr(*values, dtype=float):
    return np.array(values, dtype=dtype)


def kind_of(actual, expected, *allowed):
    difference = compare(actual, expected, allowed)
    return None if difference is None else difference.kind


@pytest.mark.parametrize("error", [0.0, 0.5, 1e-300])
def test_the_allowed_error_itself_passes_and_the_next_float_fails(error):
    assert compare(arr(error), arr(0.0), [error]) is None
    assert compare(arr(-error), arr(0.0), [error]) is None
    assert kind_of(arr(np.nextafter(error, 1)), arr(0.0), error) == "values"
    assert kind_of(arr(np.nextafter(-error, -1)), arr(0.0), error) == "values"


def test_every_element_has_its_own_allowed_error():
    assert compare(arr(1.5, 2.0), arr(1.0, 2.0), [arr(0.5, 0.0)]) is None
    difference = compare(arr(1.0, 2.5), arr(1.0, 2.0), [arr(0.5, 0.0)])
    assert (difference.kind, difference.index) == ("values", (1,))


def test_every_leaf_has_its_own_allowed_error():
    assert compare((1.5, 2.0), (1.0, 2.0), [0.5, 0.0]) is None
    difference = compare((1.0, 2.5), (1.0, 2.0), [0.5, 0.0])
    assert (difference.kind, difference.path) == ("values", (1,))


@pytest.mark.parametrize("number", [2, -1])
def test_as_many_allowed_errors_as_leaves_are_asked_for(number):
    with pytest.raises(ValueError, match="zip"):
        compare((1.0, 2.0), (1.0, 2.0), [0.0] * (2 + number))


@pytest.mark.parametrize("special", [NAN, INF, -INF])
def test_a_nonfinite_truth_is_met_by_itself_only(special):
    truth = arr(1.0, special)
    assert compare(arr(1.0, special), truth, [0.1]) is None
    for other in (NAN, INF, -INF, 0.0, 1e308):
        if repr(other) != repr(special):
            assert kind_of(arr(1.0, other), truth, 0.1) == "nonfinite"


@pytest.mark.parametrize("got", [NAN, INF, -INF])
@pytest.mark.parametrize("allowed", [0.1, INF, NAN])
def test_no_allowed_error_lets_a_nonfinite_number_stand_for_a_finite_one(got, allowed):
    assert kind_of(arr(got), arr(1.0), allowed) == "nonfinite"


def test_an_allowed_error_of_nan_lets_nothing_pass():
    assert kind_of(arr(1.0), arr(1.0), NAN) == "values"


def test_finite_elements_are_judged_beside_nonfinite_ones():
    assert kind_of(arr(NAN, 2.0), arr(NAN, 1.0), 0.1) == "values"
    assert kind_of(arr(INF, 1.0), arr(INF, 1.0), 0.1) is None


def test_nonfinite_elements_are_told_before_wrong_values():
    difference = compare(arr(9.0, NAN, NAN), arr(1.0, 2.0, 3.0), [0.1])
    assert (difference.kind, difference.count, difference.total) == ("nonfinite", 2, 3)
    assert difference.text == "answer[1] is nan, expected 2; 2 of 3 elements differ"


@pytest.mark.parametrize("got", [(3, 1), (1, 3), (1,), (), (4,), (0,), (3, 0)])
def test_a_shape_that_would_broadcast_is_still_another_shape(got):
    difference = compare(np.ones(got), np.ones(3), [0.1])
    assert (difference.kind, difference.got, difference.expected) == ("shape", got, (3,))
    assert difference.text == f"the answer has shape {got}, expected (3,)"


def test_empty_arrays_are_compared_by_shape():
    assert compare(np.zeros((0, 3)), np.zeros((0, 3)), [0.0]) is None
    assert kind_of(np.zeros((3, 0)), np.zeros((0, 3)), 0.0) == "shape"
    assert kind_of(np.zeros(0), np.zeros(()), 0.0) == "shape"


@pytest.mark.parametrize("got", [2.0, 2, np.array(2.0), np.array(2), np.full((), 2, "f")])
def test_a_plain_number_equals_an_array_without_dimensions(got):
    assert compare(got, np.array(2.0), [0.0]) is None
    assert compare(got, 2.0, [0.0]) is None
    assert kind_of(got, np.array(2.5), 0.1) == "values"
    assert kind_of(got, arr(2.0), 0.1) == "shape"


def test_integers_are_equal_or_wrong():
    assert compare(arr(1, 2, dtype=int), arr(1, 2, dtype=int), [None]) is None
    assert compare(arr(1, 2), arr(1, 2, dtype=int), [None]) is None
    assert kind_of(arr(1, 3, dtype=int), arr(1, 2, dtype=int), None) == "values"
    assert kind_of(arr(1.0, 2.0 + 1e-12), arr(1, 2, dtype=int), None) == "values"
    assert kind_of(arr(NAN), arr(1, dtype=int), None) == "values"
    assert kind_of(arr(INF), arr(1, dtype=int), None) == "values"
    assert kind_of(arr(1, dtype=int), arr(2, dtype=int), 5.0) == "values"


def test_integers_may_differ_in_width_but_not_by_wrapping():
    assert compare(arr(1, 255, dtype="uint8"), arr(1, 255, dtype="int64"), [None]) is None
    assert kind_of(arr(1, dtype="uint8"), arr(257, dtype="int64"), None) == "values"
    assert kind_of(arr(2**63, dtype="uint64"), arr(-(2**63), dtype="int64"), None) == "values"


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (2**53, 2**53 + 1),
        (2.0**53, 2**53 + 1),
        (arr(2.0**53), arr(2**53 + 1, dtype=int)),
        (arr(2**53 + 1, dtype=int), arr(2.0**53)),
        (2**64 + 1, 2**64),
    ],
)
def test_integers_that_no_float_can_hold_are_told_apart(got, wanted):
    assert kind_of(got, wanted, None) is not None


@pytest.mark.parametrize("bits", [63, 64, 70, 1999])
@pytest.mark.parametrize(("wanted", "allowed"), [(3, None), (np.array(3), None), (3.0, 0.1), (np.array(3.0), 0.1)])
def test_an_integer_of_any_size_is_a_wrong_answer_like_others(bits, wanted, allowed):
    assert kind_of(2**bits, wanted, allowed) is not None
    assert kind_of(-(2**bits), wanted, allowed) is not None


def test_floats_are_judged_by_error_whatever_the_dtype_that_came():
    assert compare(arr(1, dtype=int), arr(1.05), [0.1]) is None
    assert compare(arr(True, dtype=bool), arr(1.0), [0.1]) is None
    assert kind_of(arr(2, dtype=int), arr(1.05), 0.1) == "values"
    assert compare(arr(1.0, dtype="float16"), arr(1.0001), [1e-3]) is None
    assert kind_of(arr(1.0, dtype="float16"), arr(1.0001), 1e-5) == "values"
    assert kind_of(np.float32([1e-9]) + np.float32(1), arr(1.0 + 1e-9), 1e-10) == "values"


def test_truth_without_an_allowed_error_must_be_equal():
    assert compare(arr(1.0), arr(1.0), [None]) is None
    assert kind_of(arr(np.nextafter(1.0, 2)), arr(1.0), None) == "values"
    assert kind_of(arr(NAN), arr(NAN), None) == "values"


def test_booleans_are_equal_or_wrong():
    assert compare(arr(True, False, dtype=bool), arr(True, False, dtype=bool), [None]) is None
    difference = compare(arr(True, False, dtype=bool), arr(True, True, dtype=bool), [None])
    assert (difference.kind, difference.index, difference.got, difference.expected) == ("values", (1,), False, True)
    assert difference.text == "answer[1] is False, expected True; 1 of 2 elements differ"


def test_an_imaginary_part_counts():
    assert kind_of(arr(1 + 1j, dtype=complex), arr(1.0), 0.5) == "values"
    assert compare(arr(1 + 0.4j, dtype=complex), arr(1.0), [0.5]) is None
    assert kind_of(arr(1.0), arr(1 + 1j, dtype=complex), 0.5) == "values"
    assert compare(arr(1 + 1.4j, dtype=complex), arr(1 + 1j, dtype=complex), [0.5]) is None
    assert kind_of(arr(1 + 2j, dtype=complex), arr(1 - 2j, dtype=complex), 0.5) == "values"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (None, 1.0),
        (None, np.ones(3)),
        (1.0, None),
        ("1.0", 1.0),
        (1.0, "1.0"),
        (Unsupported("dict"), np.ones(3)),
        (Unsupported("dict"), None),
        ((1.0,), 1.0),
        (1.0, (1.0,)),
        (np.ones(2), (1.0, 1.0)),
        ((), (1.0,)),
        ((1.0, 1.0), (1.0,)),
        ((1.0,), (1.0, 1.0)),
        ((1.0, (2.0,)), (1.0, 2.0)),
        ((1.0, 2.0), (1.0, (2.0,))),
        ((1.0, None), (1.0, 2.0)),
        ((), ((),)),
    ],
)
def test_another_structure_is_wrong(actual, expected):
    assert kind_of(actual, expected, 0.1, 0.1) == "structure"


@pytest.mark.parametrize("name", ["dict", "complex", "array of dtype str256"])
def test_a_value_that_cannot_cross_the_wall_never_passes(name):
    assert kind_of(Unsupported(name), Unsupported(name), None) is not None


def test_sequences_are_one_thing_and_nest():
    assert compare([1.0, [arr(2.0), None, "a"]], (1.0, (arr(2.0), None, "a")), [0.0, 0.0, None, None]) is None
    difference = compare((1.0, (arr(2.0), arr(4.0, 5.0))), (1.0, (arr(2.0), arr(4.0, 3.0))), [0.0] * 3)
    assert (difference.path, difference.index) == ((1, 1), (1,))
    assert difference.text.startswith("answer[1][1][1] is 5, expected 3 (off by 2, 0.67 relative)")


def test_plain_values_must_be_the_same():
    assert compare("same", "same", [None]) is None
    assert compare(None, None, [None]) is None
    difference = compare(("a", "b"), ("a", "c"), [None, None])
    assert (difference.kind, difference.path) == ("values", (1,))
    assert difference.text == "answer[1] is 'b', expected 'c'"


@pytest.mark.parametrize(
    ("actual", "expected", "text"),
    [
        (None, 1.0, "the answer is None, expected a float"),
        ("x", np.ones((2, 3)), "the answer is a str, expected an array of shape (2, 3)"),
        (Unsupported(""), 1.0, "the answer is a value without a type, expected a float"),
        (Unsupported("dict"), 1.0, "the answer is a dict, expected a float"),
        (Unsupported("object"), 1.0, "the answer is an object, expected a float"),
        (Unsupported("XArray"), 1.0, "the answer is a XArray, expected a float"),
        (7, "x", "the answer is an int, expected a str"),
        ((1, 2), 1.0, "the answer is 2 values, expected a float"),
        (1.0, (1, 2), "the answer is a float, expected 2 values"),
        (((1, 2),), ((1, 2, 3),), "answer[0] has 2 values, expected 3"),
        ((1.0, None), (1.0, 1.0), "answer[1] is None, expected a float"),
    ],
)
def test_a_structure_is_told_in_words(actual, expected, text):
    difference = compare(actual, expected, [0.1] * 9)
    assert (difference.text, difference.count, difference.total) == (text, 0, 0)


@pytest.mark.parametrize(
    ("actual", "expected", "path", "got", "wanted"),
    [
        ((1.0, None), (1.0, 2.0), (1,), None, 2.0),
        ((1.0, "a"), (1.0, None), (1,), "a", None),
        ((1.0, Unsupported("dict")), (1.0, 2.0), (1,), Unsupported("dict"), 2.0),
        ((1.0, 5.0), (1.0, (2.0, 3.0)), (1,), 5.0, (2.0, 3.0)),
        ((1.0, (5.0,)), (1.0, (2.0, 3.0)), (1,), (5.0,), (2.0, 3.0)),
    ],
)
def test_a_structure_is_told_with_its_place_and_both_parts(actual, expected, path, got, wanted):
    difference = compare(actual, expected, [0.1] * 9)
    assert (difference.path, difference.got, difference.expected) == (path, got, wanted)


@pytest.mark.parametrize(
    ("got", "wanted", "kind"),
    [
        (arr(1.7e308), arr(-1.7e308), "values"),
        (arr(INF), arr(INF), None),
        (arr(INF, 1.7e308), arr(INF, -1.7e308), "values"),
        (arr(1.0), arr(INF), "nonfinite"),
    ],
)
def test_numbers_at_the_end_of_the_range_are_compared_without_a_warning(got, wanted, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert kind_of(got, wanted, 0.1) == kind


def test_structure_is_told_before_shape_and_shape_before_values():
    assert kind_of((9.0, None), (1.0, 1.0), 0, 0) == "structure"
    difference = compare((9.0, np.ones(3)), (1.0, np.ones(2)), [0.0, 0.0])
    assert (difference.kind, difference.path) == ("shape", (1,))


def test_the_worst_element_is_shown_by_its_relative_error():
    got, expected = arr([100.0, 1.0], [0.0, 1.5]), arr([101.0, 1.0], [0.0, 1.0])
    difference = compare(got, expected, [0.1])
    assert (difference.index, difference.got, difference.expected) == ((1, 1), 1.5, 1.0)
    assert (difference.count, difference.total) == (2, 4)
    assert difference.text == "answer[1, 1] is 1.5, expected 1 (off by 0.5, 0.5 relative); 2 of 4 elements differ"


def test_the_worst_element_may_be_of_the_other_sign_or_beside_a_zero():
    assert compare(arr(-1.0, 2.0), arr(1.0, 1.0), [0.1]).index == (0,)
    assert compare(arr(0.5, 3.0), arr(0.0, 1.0), [0.1]).index == (0,)


def test_an_allowed_element_is_never_shown_as_the_worst():
    difference = compare(arr(0.5, 2.0, 0.3), arr(1e-3, 1.0, 0.3), [arr(1.0, 0.1, 0.1)])
    assert (difference.index, difference.count) == ((1,), 1)


def test_a_relative_error_of_zero_is_not_told():
    difference = compare(np.array(0.25), np.array(0.0), [0.1])
    assert difference.text == "the answer is 0.25, expected 0 (off by 0.25)"
    assert (difference.index, difference.count, difference.total) == ((), 1, 1)


def test_a_negative_zero_is_told_as_zero():
    assert compare(-0.0, 2.0, [0.1]).text == "the answer is 0, expected 2 (off by 2, 1 relative)"


def test_integers_are_not_told_to_be_off_by_a_fraction():
    assert compare(7, 8, [None]).text == "the answer is 7, expected 8"


@pytest.mark.parametrize(
    ("got", "shown"),
    [
        (-1.5000049, "-1.5000049, expected -1.5 "),
        (-1.51, "-1.51, expected -1.5 "),
        (-1.50000001234, "-1.50000001, expected -1.5 "),
        (-1.50000000001234, "-1.50000000001, expected -1.5 "),
        (-1.5 - 1e-13, "-1.5000000000001, expected -1.5 "),
    ],
)
def test_as_many_digits_are_shown_as_tell_two_numbers_apart(got, shown):
    difference = compare(got, -1.5, [0.0])
    assert difference.text.startswith(f"the answer is {shown}")


def test_integers_are_shown_as_they_are():
    assert compare(np.array(3), np.array(1234567890), [None]).text.startswith("the answer is 3, expected 1234567890")


def test_bytes_that_nobody_wrote_are_wrong_without_a_warning():
    signalling = np.array([0x7FA00000], np.uint32).view(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        difference = compare(signalling, np.float32([1.0]), [0.1])
    assert difference.kind == "nonfinite"
