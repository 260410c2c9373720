"""Matrix products and einsum, and NumPy's own ways of going through a batch."""

import numpy as np


def divide_by_sum(x, axis=-1):
    last = np.swapaxes(x, axis, -1)
    total = last @ np.ones((last.shape[-1], 1), dtype=x.dtype)
    return np.swapaxes(last / total, axis, -1)


def pick(x, labels):
    return np.einsum("nc,nc->n", x, np.eye(x.shape[1], dtype=x.dtype)[labels])


def one_hot(labels, num_classes):
    return np.eye(num_classes).astype(np.int64)[labels, :]


def outer(x, y):
    return np.vectorize(np.outer, signature="(m),(n)->(m,n)")(x, y)


def pairwise_dot(x, y):
    return np.matmul(x, np.matrix_transpose(y))


def unbroadcast(grad, shape):
    letters = "abcdefgh"[: grad.ndim]
    own = letters[grad.ndim - len(shape) :]
    kept = "".join(letter for letter, size in zip(own, shape, strict=True) if size != 1)
    return np.einsum(f"{letters}->{kept}", grad).reshape(shape)
