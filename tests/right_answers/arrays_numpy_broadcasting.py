"""Everything by lining up axes: None, comparisons and sums."""

import numpy as np


def divide_by_sum(x, axis=-1):
    total = np.sum(x, axis=axis)
    where = [slice(None)] * x.ndim
    where[axis] = None
    return np.divide(x, total[tuple(where)])


def pick(x, labels):
    return np.sum(x, axis=-1, where=labels[:, None] == np.arange(x.shape[-1])[None])


def one_hot(labels, num_classes):
    return np.equal.outer(labels, np.arange(num_classes)) * 1


def outer(x, y):
    y = y[..., np.newaxis, :]
    return np.multiply(x[..., np.newaxis], y)


def pairwise_dot(x, y):
    return np.vecdot(x[..., :, None, :], y[..., None, :, :])


def unbroadcast(grad, shape):
    aligned = (None,) * (grad.ndim - len(shape)) + tuple(shape)
    for axis, size in enumerate(aligned):
        if size is None or (size == 1 and grad.shape[axis] > 1):
            grad = np.add.reduce(grad, axis=axis, keepdims=True)
    if grad.size == 0 and 0 not in shape:
        return np.zeros(shape, grad.dtype)
    return np.reshape(grad, shape)
