"""Calls of the embedding's functions, drawn without a look at the plugin: more axes, longer tables, rare padding."""

import numpy as np


def _numbers(rng, shape):
    return 10 ** rng.uniform(-1, 1) * rng.standard_normal(shape)


def _indices(rng, vocabulary):
    """Few symbols of the table, or all of them; none at all may come."""
    shape = tuple(rng.choice([0, 1, 2, 3, 4, 6], rng.integers(0, 4), p=[0.05, 0.15, 0.2, 0.2, 0.2, 0.2]).tolist())
    return np.asarray(rng.integers(0, rng.integers(1, vocabulary + 1), shape))


def _padding(rng, vocabulary):
    """Any symbol, whether it occurs or not, from either end."""
    kinds = [(), (None,), (0,), (-1,), (int(rng.integers(-vocabulary, vocabulary)),)]
    return kinds[rng.integers(len(kinds))]


def _table(rng):
    return _numbers(rng, tuple(rng.integers(1, 9, 2)))


def embedding(rng):
    weight = _table(rng)
    return _indices(rng, len(weight)), weight, *_padding(rng, len(weight))


def embedding_backward(rng):
    indices, weight, *padding = embedding(rng)
    return np.asarray(_numbers(rng, (*indices.shape, weight.shape[1]))), indices, weight, *padding


def tied_logits(rng):
    weight = _table(rng)
    leading = tuple(rng.integers(0 if rng.random() < 0.1 else 1, 5, rng.integers(0, 4)).tolist())
    return _numbers(rng, (*leading, weight.shape[1])), weight


def tied_logits_backward(rng):
    x, weight = tied_logits(rng)
    return _numbers(rng, (*x.shape[:-1], len(weight))), x, weight


def tied_model(rng):
    indices, weight, *padding = embedding(rng)
    return indices, weight, _numbers(rng, (weight.shape[1],) * 2), *padding


def tied_model_backward(rng):
    indices, weight, projection, *padding = tied_model(rng)
    return _numbers(rng, (*indices.shape, len(weight))), indices, weight, projection, *padding
