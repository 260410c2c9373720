"""One element after the other, as a first program would have it."""

import numpy as np


def divide_by_sum(x, axis=-1):
    moved = np.moveaxis(x, axis, 0)
    total = 0
    for one in moved:
        total = total + one
    return np.moveaxis(np.array([one / total for one in moved]), 0, axis)


def pick(x, labels):
    out = np.zeros(len(x), dtype=x.dtype)
    for n in range(len(x)):
        out[n] = x[n][labels[n]]
    return out


def one_hot(labels, num_classes):
    if np.ndim(labels) == 0:
        return np.array([int(c == labels) for c in range(num_classes)])
    if len(labels) == 0:
        return np.zeros((*labels.shape, num_classes), dtype=int)
    return np.stack([one_hot(label, num_classes) for label in labels])


def outer(x, y):
    if x.ndim == 1:
        return np.array([[a * b for b in y] for a in x], dtype=x.dtype)
    return np.array([outer(a, b) for a, b in zip(x, y, strict=True)])


def pairwise_dot(x, y):
    if x.ndim > 2:
        return np.stack([pairwise_dot(a, b) for a, b in zip(x, y, strict=True)])
    out = np.empty((len(x), len(y)), dtype=x.dtype)
    for i, row in enumerate(x):
        for j, other in enumerate(y):
            out[i, j] = sum(a * b for a, b in zip(row, other, strict=True))
    return out


def unbroadcast(grad, shape):
    if grad.ndim > len(shape):
        return unbroadcast(sum(grad, np.zeros(grad.shape[1:], dtype=grad.dtype)), shape)
    if not shape:
        return grad
    if shape[0] == 1:
        return unbroadcast(sum(grad, np.zeros(grad.shape[1:], dtype=grad.dtype)), shape[1:])[None]
    return np.array([unbroadcast(one, shape[1:]) for one in grad], dtype=grad.dtype).reshape(shape)
