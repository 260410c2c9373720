"""Arrays in NumPy: the few moves that every later exercise is made of, without a loop in sight.

In the shapes, "…" stands for any number of leading axes, none included. Nothing is changed in place, and an answer has
the dtype of what it was computed from.
"""

import numpy as np


def divide_by_sum(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Divide every number by the sum of its slice along an axis, so that each slice sums to 1.

    Args:
        x: an array of one dimension or more; no slice sums to 0.
        axis: the axis that is summed over; negative ones count from the end.

    Returns:
        An array of x's shape and dtype.

    >>> divide_by_sum(np.array([[1.0, 3.0], [6.0, 2.0]]))
    array([[0.25, 0.75],
           [0.75, 0.25]])
    >>> divide_by_sum(np.array([[1.0, 3.0], [3.0, 1.0]]), 0)
    array([[0.25, 0.75],
           [0.75, 0.25]])
    """
    raise NotImplementedError


def pick(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return, from each row, the number at the row's own label.

    Args:
        x: shape (N, C).
        labels: integers from 0 to C - 1, shape (N,).

    Returns:
        x[n, labels[n]] for every row n, shape (N,), of x's dtype.

    >>> pick(np.array([[1.5, -2.0, 4.0], [0.5, 3.0, 7.0]]), np.array([2, 0]))
    array([4. , 0.5])
    """
    raise NotImplementedError


def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    """Return a vector of zeros for each label, with a 1 at the label's place.

    Args:
        labels: integers from 0 to num_classes - 1, of any shape (…), 0-d and empty ones included.
        num_classes: how long each vector is; the last classes need not occur among the labels.

    Returns:
        An array of integers 0 and 1, shape (…, num_classes).

    >>> one_hot(np.array([2, 0]), 4)
    array([[0, 0, 1, 0],
           [1, 0, 0, 0]])
    """
    raise NotImplementedError


def outer(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return all products of a number of x and a number of y: an outer product for each pair of vectors.

    Args:
        x: vectors, shape (…, M).
        y: vectors, shape (…, N), with the same leading axes.

    Returns:
        x[…, i]·y[…, j] at […, i, j], shape (…, M, N), of the inputs' dtype.

    >>> outer(np.array([1.0, 2.0, -3.0]), np.array([10.0, 0.5]))
    array([[ 10. ,   0.5],
           [ 20. ,   1. ],
           [-30. ,  -1.5]])
    """
    raise NotImplementedError


def pairwise_dot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the dot products of all rows of x with all rows of y, one table for each element of the batch.

    Args:
        x: shape (…, L, E).
        y: shape (…, S, E), with the same leading axes.

    Returns:
        x[…, i, :]·y[…, j, :], summed over the last axis, at […, i, j]: shape (…, L, S), of the inputs' dtype.

    >>> pairwise_dot(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([[10.0, 1.0], [5.0, -1.0], [2.0, 2.0]]))
    array([[12.,  3.,  6.],
           [ 3., -3.,  6.]])
    """
    raise NotImplementedError


def unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum a gradient back to the shape that an array had before it was broadcast.

    Broadcasting copies: it puts new axes in front, and stretches axes of length 1. A number that was copied gets the
    sum of what arrives at its copies.

    Args:
        grad: a gradient in the shape after broadcasting; of an empty batch it has length 0, and sums to 0.
        shape: the shape before it: fewer axes, or 1 where grad has more, or both, or neither.

    Returns:
        An array of this shape and of grad's dtype.

    >>> unbroadcast(np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]), (3,))
    array([11., 22., 33.])
    >>> unbroadcast(np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]), (2, 1))
    array([[ 6.],
           [60.]])
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)
