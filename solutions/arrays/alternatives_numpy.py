"""Other right answers in NumPy."""

import math

import numpy as np


def divide_by_sum__expand_dims(x, axis=-1):
    return x / np.expand_dims(x.sum(axis), axis)


def divide_by_sum__axis_moved_last(x, axis=-1):
    last = np.moveaxis(x, axis, -1)
    return np.moveaxis(last / last.sum(-1)[..., None], -1, axis)


def divide_by_sum__transposed(x, axis=-1):
    front = np.swapaxes(x, 0, axis)  # (C, …) / (…): broadcasting lines up the axes from the right
    return np.swapaxes(front / front.sum(axis=0), 0, axis)


def divide_by_sum__slice_by_slice(x, axis=-1):
    return np.apply_along_axis(lambda one: one / one.sum(), axis, x)


def divide_by_sum__filled(x, axis=-1):
    out = x.copy()
    out /= np.add.reduce(x, axis, keepdims=True)
    return out


def pick__take_along_axis(x, labels):
    return np.take_along_axis(x, labels[:, None], axis=1)[:, 0]


def pick__flat_places(x, labels):
    return x.ravel()[np.arange(len(x)) * x.shape[1] + labels]


def pick__mask(x, labels):
    return x[labels[:, None] == np.arange(x.shape[1])]


def pick__masked_sum(x, labels):
    return np.where(np.arange(x.shape[1]) == labels[:, None], x, 0).sum(axis=1)


def pick__diagonal(x, labels):
    return np.diagonal(x[:, labels]).copy()


def pick__choose(x, labels):
    return np.choose(labels, x.T)


def pick__loop(x, labels):
    return np.array([row[label] for row, label in zip(x, labels, strict=True)], dtype=x.dtype)


def one_hot__comparison(labels, num_classes):
    return (np.asarray(labels)[..., None] == np.arange(num_classes)).astype(int)


def one_hot__placed(labels, num_classes):
    out = np.zeros((*labels.shape, num_classes), dtype=np.int64)
    np.put_along_axis(out, labels[..., None], 1, axis=-1)
    return out


def one_hot__flat(labels, num_classes):
    flat = labels.ravel()
    out = np.zeros((flat.size, num_classes), dtype=np.int32)
    out[np.arange(flat.size), flat] = 1
    return out.reshape(*labels.shape, num_classes)


def one_hot__take(labels, num_classes):
    return np.take(np.identity(num_classes, dtype=np.uint8), labels, axis=0)


def one_hot__loop(labels, num_classes):
    out = np.zeros((*labels.shape, num_classes), dtype=labels.dtype)
    for index in np.ndindex(labels.shape):
        out[(*index, labels[index])] = 1
    return out


def outer__einsum(x, y):
    return np.einsum("...i,...j->...ij", x, y)


def outer__matrix_product(x, y):
    return np.expand_dims(x, -1) @ np.expand_dims(y, -2)


def outer__reshaped(x, y):
    return x.reshape(*x.shape, 1) * y.reshape(*y.shape[:-1], 1, y.shape[-1])


def outer__loop(x, y):
    out = np.empty((*x.shape, y.shape[-1]), dtype=x.dtype)
    for index in np.ndindex(x.shape[:-1]):
        out[index] = np.outer(x[index], y[index])
    return out


def outer__copies(x, y):
    columns = np.repeat(x[..., None], y.shape[-1], axis=-1)
    return columns * np.repeat(y[..., None, :], x.shape[-1], axis=-2)


def pairwise_dot__einsum(x, y):
    return np.einsum("...le,...se->...ls", x, y)


def pairwise_dot__broadcast(x, y):
    return (x[..., :, None, :] * y[..., None, :, :]).sum(axis=-1)


def pairwise_dot__transposed_twice(x, y):
    return np.swapaxes(y @ x.swapaxes(-1, -2), -1, -2)


def pairwise_dot__table_by_table(x, y):
    out = np.empty((*x.shape[:-1], y.shape[-2]), dtype=x.dtype)
    for index in np.ndindex(x.shape[:-2]):
        out[index] = np.inner(x[index], y[index])
    return out


def pairwise_dot__sum_over_width(x, y):
    return sum(x[..., :, None, e] * y[..., None, :, e] for e in range(x.shape[-1]))


def pairwise_dot__loop(x, y):
    out = np.zeros((*x.shape[:-1], y.shape[-2]), dtype=x.dtype)
    for *index, i, j in np.ndindex(out.shape):
        out[(*index, i, j)] = np.dot(x[(*index, i)], y[(*index, j)])
    return out


def unbroadcast__while(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and grad.shape[axis] != 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def unbroadcast__ones_in_front(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(axis for axis, size in enumerate(padded) if size != grad.shape[axis])
    return grad.sum(axis=axes, keepdims=True).reshape(shape)


def unbroadcast__one_sum(grad, shape):
    added = grad.ndim - len(shape)
    axes = (*range(added), *(added + axis for axis, size in enumerate(shape) if size == 1))
    return grad.sum(axis=axes).reshape(shape)


def unbroadcast__from_the_end(grad, shape):
    for back in range(1, len(shape) + 1):
        if shape[-back] == 1:
            grad = grad.sum(axis=-back, keepdims=True)
    return grad.reshape(-1, *shape).sum(axis=0) if grad.size else np.zeros(shape, dtype=grad.dtype)


def unbroadcast__einsum(grad, shape):
    added = grad.ndim - len(shape)
    kept = [added + axis for axis, size in enumerate(shape) if size != 1]
    return np.einsum(grad, list(range(grad.ndim)), kept).reshape(shape)


def unbroadcast__scattered(grad, shape):
    out = np.zeros(math.prod(shape), dtype=grad.dtype)
    places = np.broadcast_to(np.arange(out.size).reshape(shape), grad.shape)
    np.add.at(out, places.ravel(), grad.ravel())
    return out.reshape(shape)


def unbroadcast__loop(grad, shape):
    out = np.zeros(shape, dtype=grad.dtype)
    for index in np.ndindex(grad.shape):
        own = index[grad.ndim - len(shape) :]
        out[tuple(0 if size == 1 else i for i, size in zip(own, shape, strict=True))] += grad[index]
    return out
