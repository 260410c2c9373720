"""Calls of the normalizations, drawn without a look at the plugin: more axes, larger batches, any scale and offset."""

import numpy as np


def _numbers(rng, shape):
    """Return numbers of any size, now and then far from 0, or all equal."""
    scale, offset = 10 ** rng.uniform(-4, 2), rng.choice([0.0, 0.0, 1.0, -30.0])
    deviation = 0.0 if rng.random() < 0.05 else 1.0
    return scale * (deviation * rng.standard_normal(shape) + offset)


def _shape(rng, least, most):
    return tuple(rng.integers(1, 7, rng.integers(least, most + 1)).tolist())


def _shortened(rng, args, options):
    return (*args, *options[: int(rng.integers(0, len(options) + 1))])


def _eps(rng):
    return float(rng.choice([1e-5, 1e-3, 10 ** rng.uniform(-8, 1)]))


def batch_norm(rng):
    training = bool(rng.integers(2))
    shape = (int(rng.integers(1, 9)), *_shape(rng, 1, 4))
    if training and shape[0] * int(np.prod(shape[2:])) < 2:
        shape = (2, *shape[1:])
    channels = shape[1:2]
    statistics = _numbers(rng, channels), np.abs(_numbers(rng, channels)) + 1e-9
    momentum = float(rng.choice([0.0, 1.0, 0.1, rng.random()]))
    args = (_numbers(rng, shape), *statistics, rng.standard_normal(channels), rng.standard_normal(channels), training)
    return _shortened(rng, args, (momentum, _eps(rng)))


def batch_norm_backward(rng):
    args = batch_norm(rng)
    return rng.standard_normal(args[0].shape), *args


def _layer(rng, learnt):
    leading, normalized_shape = _shape(rng, 0, 3), _shape(rng, 1, 3)
    weights = (rng.standard_normal(normalized_shape) for _ in range(learnt))
    x = _numbers(rng, (*leading, *normalized_shape))
    return _shortened(rng, (x, normalized_shape, *weights), (_eps(rng),))


def layer_norm(rng):
    return _layer(rng, 2)


def layer_norm_backward(rng):
    args = layer_norm(rng)
    return rng.standard_normal(args[0].shape), *args


def rms_norm(rng):
    return _layer(rng, 1)


def rms_norm_backward(rng):
    args = rms_norm(rng)
    return rng.standard_normal(args[0].shape), *args


def group_norm(rng):
    groups, size = rng.integers(1, 5, 2).tolist()
    shape = (int(rng.integers(1, 5)), groups * size, *_shape(rng, 0, 3))
    if size * int(np.prod(shape[2:])) < 2:
        shape = (*shape, 3)
    weights = rng.standard_normal(shape[1:2]), rng.standard_normal(shape[1:2])
    return _shortened(rng, (_numbers(rng, shape), groups, *weights), (_eps(rng),))
