"""What is a number, which trees are the same to the last bit, and which dtypes are right."""

import numpy as np
import pytest

from grader.compare import compare_dtypes, equal, is_number
from grader.worker.frames import Unsupported

NAN = float("nan")


def arr(*values, dtype=float):
    return np.array(values, dtype=dtype)


@pytest.mark.parametrize("leaf", [1, 2**63 - 1, 1.0, True, NAN, np.ones(2), np.ones((), dtype=int)])
def test_arrays_and_plain_numbers_are_numbers(leaf):
    assert is_number(leaf) is True


@pytest.mark.parametrize("leaf", [None, "1", (1,), [1], Unsupported("dict"), 1j, 2**63])
def test_everything_else_is_no_number(leaf):
    assert is_number(leaf) is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (arr(NAN, 1.0), arr(NAN, 1.0)),
        (NAN, NAN),
        ((1, "a", None), [1, "a", None]),
        (Unsupported("f"), Unsupported("f")),
        (np.ones((3, 2)).T, np.ones((2, 3))),
    ],
)
def test_equal_trees_are_equal_to_the_last_bit(one, other):
    assert equal(one, other) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (arr(1.0), arr(np.nextafter(1.0, 2))),
        (arr(0.0), arr(-0.0)),
        (arr(0.0), arr(0, dtype="int64")),
        (arr(1.0), arr(1.0, dtype="float32")),
        (arr(1, dtype="int64"), arr(1, dtype="int32")),
        (np.ones((2, 3)), np.ones((3, 2))),
        (arr(1.0), 1.0),
        (1.0, arr(1.0)),
        (1, True),
        (1, 1.0),
        (1.0, 2.0),
        (NAN, 1.0),
        (1.0, NAN),
        (None, 0),
        ("a", "b"),
        ((1, 2), (1, 3)),
        ((1, 2), (1,)),
        ((1, (2,)), (1, 2)),
        (Unsupported("f"), Unsupported("g")),
    ],
)
def test_trees_that_differ_in_a_bit_are_not_equal(one, other):
    assert equal(one, other) is False


F32, F64 = np.float32([1]), np.float64([1])


@pytest.mark.parametrize(
    ("actual", "own"),
    [
        (F32, F32),
        (1.0, np.ones((), "f")),
        (np.ones((), "f"), 1.0),
        (1.0, 1.0),
        (2, arr(2, dtype="int32")),
        (arr(2, dtype="uint8"), arr(2, dtype="int64")),
        (True, arr(True, dtype=bool)),
        ("a", "b"),
        (None, F32),
        ((F32, F64), (F32,)),
        (F64, None),
    ],
)
def test_dtypes_that_are_right(actual, own):
    assert compare_dtypes(actual, own, "float32") is None


@pytest.mark.parametrize(
    ("actual", "own"),
    [
        (np.ones((), "f"), 1.0),
        (np.ones(()), 1.0),
        (1, 1.0),
        (F32, F64),
        (arr(1, dtype=int), F64),
        (4, 4),
        (arr(4, dtype="int32"), 4),
        (True, True),
    ],
)
def test_without_dtypes_any_number_stands_for_a_floating_one(actual, own):
    assert compare_dtypes(actual, own, None) is None


@pytest.mark.parametrize(
    ("actual", "own", "text"),
    [
        (4.0, 4, "dtype float, expected int"),
        (arr(4.0), 4, "dtype float64, expected int"),
        (arr(4.0), arr(4, dtype=int), "dtype float64, expected int64"),
        (1, True, "dtype int, expected bool"),
        (True, 1, "dtype bool, expected int"),
        (np.complex64([1]), arr(1, dtype=int), "dtype complex64, expected int64"),
    ],
)
def test_without_dtypes_an_integer_or_a_truth_value_must_be_one(actual, own, text):
    difference = compare_dtypes(actual, own, None)
    assert (difference.kind, difference.text) == ("dtype", f"the answer has {text}")


@pytest.mark.parametrize(
    ("actual", "own", "text"),
    [
        (F64, F32, "dtype float64, expected float32"),
        (np.float16([1]), F32, "dtype float16, expected float32"),
        (arr(1, dtype=int), F32, "dtype int64, expected float32"),
        (F32, arr(1, dtype=int), "dtype float32, expected int64"),
        (arr(1, dtype=int), arr(True, dtype=bool), "dtype int64, expected bool"),
        (np.ones(()), 1.0, "dtype float64, expected float32"),
        (1, F32, "dtype int, expected float32"),
        (1, 1.0, "dtype int, expected float32"),
        (1.0, 1, "dtype float, expected int"),
        (True, 1, "dtype bool, expected int"),
        (np.complex64([1]), np.complex128([1]), "dtype complex64, expected complex128"),
    ],
)
def test_another_dtype_is_told(actual, own, text):
    difference = compare_dtypes(actual, own, "float32")
    assert (difference.kind, difference.text) == ("dtype", f"the answer has {text}")


def test_the_first_leaf_of_another_dtype_is_told():
    difference = compare_dtypes((None, F32, F64), ("a", F32, F32), "float32")
    assert (difference.path, difference.got, difference.expected) == ((2,), "float64", "float32")
    assert difference.text == "answer[2] has dtype float64, expected float32"
