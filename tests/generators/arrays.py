"""Calls of the functions of the warm-up, drawn without a look at the plugin: more axes, equal sizes, all magnitudes."""

import numpy as np


def _shape(rng, least=0, most=4):
    return tuple(rng.integers(1, 7, rng.integers(least, most + 1)).tolist())


def _numbers(rng, shape):
    """Return numbers of one size, from thousandths to thousands; or of all sizes at once."""
    sizes = 10 ** rng.uniform(-3, 3, shape if rng.random() < 0.3 else ())
    return np.asarray(sizes * rng.standard_normal(shape))


def divide_by_sum(rng):
    """The sums are moved away from 0, where every answer would be as bad as any other."""
    shape = _shape(rng, 1)
    axis = int(rng.integers(-len(shape), len(shape)))
    given = rng.random() < 0.7
    x = 10 ** rng.uniform(-2, 2) * rng.standard_normal(shape)
    along = axis if given else -1
    total = x.sum(axis=along, keepdims=True)
    wanted = np.where(total < 0, -1, 1) * np.maximum(np.abs(total), np.abs(x).max())
    x = x + (wanted - total) / shape[along]
    return (x, axis) if given else (x,)


def pick(rng):
    rows, classes = rng.integers(1, 9, 2).tolist()
    return _numbers(rng, (rows, classes)), rng.integers(0, classes, rows)


def one_hot(rng):
    shape = tuple(rng.integers(0, 5, rng.integers(0, 4)).tolist())
    classes = int(rng.integers(1, 9))
    return np.asarray(rng.integers(0, classes, shape)), classes


def outer(rng):
    leading, (m, n) = _shape(rng, 0, 3), rng.integers(1, 7, 2).tolist()
    return _numbers(rng, (*leading, m)), _numbers(rng, (*leading, n))


def pairwise_dot(rng):
    leading, (rows, columns, width) = _shape(rng, 0, 3), rng.integers(1, 7, 3).tolist()
    return _numbers(rng, (*leading, rows, width)), _numbers(rng, (*leading, columns, width))


def unbroadcast(rng):
    """Lengths of 0 and 1 occur, before broadcasting and after it."""
    full = tuple(rng.choice([0, 1, 2, 3, 5], rng.integers(0, 5), p=[0.05, 0.2, 0.25, 0.25, 0.25]).tolist())
    kept = full[rng.integers(0, len(full) + 1) :]
    return _numbers(rng, full), tuple(1 if rng.random() < 0.4 else size for size in kept)
