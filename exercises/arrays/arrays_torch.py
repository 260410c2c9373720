"""Arrays in PyTorch: tensors, whose ``dim`` is NumPy's ``axis``, and through which autograd can go back.

In the shapes, "…" stands for any number of leading dimensions, none included. Nothing is changed in place, and an
answer has the dtype of what it was computed from.
"""

import torch


def divide_by_sum(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Divide every number by the sum of its slice along a dimension, so that each slice sums to 1.

    Args:
        x: a tensor of one dimension or more; no slice sums to 0.
        dim: the dimension that is summed over; negative ones count from the end.

    Returns:
        A tensor of x's shape and dtype, through which autograd can go back to x.

    >>> divide_by_sum(torch.tensor([[1.0, 3.0], [6.0, 2.0]]))
    tensor([[0.2500, 0.7500],
            [0.7500, 0.2500]])
    >>> divide_by_sum(torch.tensor([[1.0, 3.0], [3.0, 1.0]]), 0)
    tensor([[0.2500, 0.7500],
            [0.7500, 0.2500]])
    """
    raise NotImplementedError


def pick(x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return, from each row, the number at the row's own label.

    Args:
        x: shape (N, C).
        labels: int64, from 0 to C - 1, shape (N,).

    Returns:
        x[n, labels[n]] for every row n, shape (N,), of x's dtype; autograd can go back to x.

    >>> pick(torch.tensor([[1.5, -2.0, 4.0], [0.5, 3.0, 7.0]]), torch.tensor([2, 0]))
    tensor([4.0000, 0.5000])
    """
    raise NotImplementedError


def one_hot(labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """Return a vector of zeros for each label, with a 1 at the label's place.

    Args:
        labels: int64, from 0 to num_classes - 1, of any shape (…), 0-d and empty ones included.
        num_classes: how long each vector is; the last classes need not occur among the labels.

    Returns:
        A tensor of integers 0 and 1, shape (…, num_classes).

    >>> one_hot(torch.tensor([2, 0]), 4)
    tensor([[0, 0, 1, 0],
            [1, 0, 0, 0]])

    Not allowed here: torch.nn.functional.one_hot.
    """
    raise NotImplementedError


def outer(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return all products of a number of x and a number of y: an outer product for each pair of vectors.

    Args:
        x: vectors, shape (…, M).
        y: vectors, shape (…, N), with the same leading dimensions.

    Returns:
        x[…, i]·y[…, j] at […, i, j], shape (…, M, N), of the inputs' dtype; autograd can go back to both.

    >>> outer(torch.tensor([1.0, 2.0, -3.0]), torch.tensor([10.0, 0.5]))
    tensor([[ 10.0000,   0.5000],
            [ 20.0000,   1.0000],
            [-30.0000,  -1.5000]])
    """
    raise NotImplementedError


def pairwise_dot(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return the dot products of all rows of x with all rows of y, one table for each element of the batch.

    Args:
        x: shape (…, L, E).
        y: shape (…, S, E), with the same leading dimensions.

    Returns:
        x[…, i, :]·y[…, j, :], summed over the last dimension, at […, i, j]: shape (…, L, S), of the inputs' dtype;
        autograd can go back to both.

    >>> pairwise_dot(torch.tensor([[1.0, 2.0], [0.0, 3.0]]), torch.tensor([[10.0, 1.0], [5.0, -1.0], [2.0, 2.0]]))
    tensor([[12.,  3.,  6.],
            [ 3., -3.,  6.]])
    """
    raise NotImplementedError


def unbroadcast(grad: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    """Sum a gradient back to the shape that a tensor had before it was broadcast.

    Broadcasting copies: it puts new dimensions in front, and stretches those of length 1. A number that was copied gets
    the sum of what arrives at its copies.

    Args:
        grad: a gradient in the shape after broadcasting; of an empty batch it has length 0, and sums to 0.
        shape: the shape before it: fewer dimensions, or 1 where grad has more, or both, or neither.

    Returns:
        A tensor of this shape and of grad's dtype; autograd can go back to grad.

    >>> unbroadcast(torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]), (3,))
    tensor([11., 22., 33.])
    >>> unbroadcast(torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]), (2, 1))
    tensor([[ 6.],
            [60.]])

    Not allowed here: torch.Tensor.sum_to_size.
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
