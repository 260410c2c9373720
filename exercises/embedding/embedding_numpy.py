"""Embeddings in NumPy: rows of a table, the gradient that finds its way back to them, and a table that is used twice.

Every ``_backward`` takes the gradient that arrives from above, ``grad_output``, of the forward's output shape, and then
the arguments of its forward. It returns the gradients of the floating arrays in the order of the arguments: alone if it
is one, as a tuple if there are two. Indices have none.
"""

import numpy as np


def embedding(indices: np.ndarray, weight: np.ndarray, padding_idx: int | None = None) -> np.ndarray:
    """Return the row of a table for every index.

    Args:
        indices: integers from 0 to V - 1, of any shape (…), 0-d and empty ones included.
        weight: the table, one row for each of V symbols, shape (V, D).
        padding_idx: the symbol that only fills up, from -V to V - 1, negative counting from the end. Its row is looked
            up like any other; only in the backward does it matter.

    Returns:
        An array of shape (…, D), of weight's dtype.

    >>> weight = np.array([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> embedding(np.array([2, 0, 2]), weight)
    array([[ 4.  , -0.25],
           [ 0.5 , -1.  ],
           [ 4.  , -0.25]])
    """
    raise NotImplementedError


def embedding_backward(
    grad_output: np.ndarray, indices: np.ndarray, weight: np.ndarray, padding_idx: int | None = None
) -> np.ndarray:
    """Return the gradient of ``embedding`` with respect to the table.

    Each row gets the sum of what arrives at the places where it was looked up; rows that were not looked up get 0, and
    so does the row of padding_idx, whatever arrives there.

    Args:
        grad_output: the gradient with respect to the output, shape (…, D).
        indices: integers from 0 to V - 1, shape (…), 0-d and empty ones included; they get no gradient.
        weight: the table, shape (V, D).
        padding_idx: the symbol whose row gets no gradient, from -V to V - 1, negative counting from the end.

    Returns:
        grad_weight, of weight's shape and dtype.

    >>> grad_output = np.array([[1.0, 2.0], [10.0, 20.0], [0.5, -1.0]])
    >>> embedding_backward(grad_output, np.array([2, 0, 2]), np.ones((3, 2)))
    array([[10. , 20. ],
           [ 0. ,  0. ],
           [ 1.5,  1. ]])
    >>> embedding_backward(grad_output, np.array([2, 0, 2]), np.ones((3, 2)), padding_idx=0)
    array([[0. , 0. ],
           [0. , 0. ],
           [1.5, 1. ]])
    """
    raise NotImplementedError


def tied_logits(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return a logit for every symbol: the dot product of a feature vector with each row of the embedding's table.

    Args:
        x: feature vectors, shape (…, D); there may be none.
        weight: the table of the embedding, shape (V, D).

    Returns:
        Logits, shape (…, V), of the inputs' dtype.

    >>> weight = np.array([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> tied_logits(np.array([[2.0, 1.0]]), weight)
    array([[0.  , 7.  , 7.75]])
    """
    raise NotImplementedError


def tied_logits_backward(grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of ``tied_logits`` with respect to x and to the table.

    Args:
        grad_output: the gradient with respect to the logits, shape (…, V).
        x: feature vectors, shape (…, D); there may be none.
        weight: the table, shape (V, D).

    Returns:
        (grad_x, grad_weight), of the shapes and dtype of x and weight.

    >>> weight = np.array([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> grad_x, grad_weight = tied_logits_backward(np.array([[2.0, -1.0, 0.0]]), np.array([[2.0, 1.0]]), weight)
    >>> grad_x
    array([[-1., -5.]])
    >>> grad_weight
    array([[ 4.,  2.],
           [-2., -1.],
           [ 0.,  0.]])
    """
    raise NotImplementedError


def tied_model(
    indices: np.ndarray, weight: np.ndarray, projection: np.ndarray, padding_idx: int | None = None
) -> np.ndarray:
    """Return the logits of a small model that uses one table twice: to read symbols, and to name the next.

    Look the indices up, multiply each vector with the projection, ``embedded @ projection.T``, and compare the result
    with every row of the same table.

    Args:
        indices: integers from 0 to V - 1, of any shape (…), 0-d and empty ones included.
        weight: the table, shape (V, D).
        projection: shape (D, D), as the weight of a linear layer: (out, in).
        padding_idx: as for ``embedding``, from -V to V - 1; it changes nothing here.

    Returns:
        Logits, shape (…, V), of weight's dtype.

    >>> weight = np.array([[0.5, -1.0], [2.0, 3.0], [4.0, -0.25]])
    >>> tied_model(np.array([1, 0]), weight, np.array([[1.0, 0.0], [2.0, 1.0]]))
    array([[-6.  , 25.  ,  6.25],
           [ 0.25,  1.  ,  2.  ]])
    """
    raise NotImplementedError


def tied_model_backward(
    grad_output: np.ndarray,
    indices: np.ndarray,
    weight: np.ndarray,
    projection: np.ndarray,
    padding_idx: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of ``tied_model`` with respect to the table and to the projection.

    The table is used twice, so its gradient is a sum of two: as the last layer and as the look-up. padding_idx keeps
    its row out of the second only.

    Args:
        grad_output: the gradient with respect to the logits, shape (…, V).
        indices: integers from 0 to V - 1, shape (…), 0-d and empty ones included; they get no gradient.
        weight: the table, shape (V, D).
        projection: shape (D, D).
        padding_idx: the symbol whose row gets no gradient as a row that was looked up, from -V to V - 1.

    Returns:
        (grad_weight, grad_projection), of the shapes and dtype of weight and projection.

    >>> weight, projection = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, 0.0], [2.0, 1.0]])
    >>> grad_weight, grad_projection = tied_model_backward(np.array([[0.0, 1.0]]), np.array([0]), weight, projection)
    >>> grad_weight
    array([[ 1., -1.],
           [ 1.,  4.]])
    >>> grad_projection
    array([[ 3.,  6.],
           [-1., -2.]])
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
