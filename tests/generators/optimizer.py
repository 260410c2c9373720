"""Random valid calls of the optimizers' tasks, larger and wilder than the cases."""

import math

import numpy as np


def _shape(rng, dimensions=4, largest=8):
    """Return a shape that may be 0-d."""
    return tuple(rng.integers(1, largest + 1, rng.integers(0, dimensions)).tolist())


def _normal(rng, shape, unit=1.0):
    return np.asarray(unit * rng.standard_normal(shape))


def _gradient(rng, shape, unit):
    grad = _normal(rng, shape, unit)
    return np.asarray(grad * (rng.random(shape) < 0.8)) if rng.random() < 0.3 else grad


def _pick(rng, *values):
    return values[int(rng.integers(len(values)))]


def _unit(rng):
    return 10.0 ** rng.uniform(-7, 2)


def _some(rng, *values):
    """Leave out any number of trailing arguments."""
    return values[: rng.integers(0, len(values) + 1)]


def _rate(rng):
    return float(10 ** rng.uniform(-3, 0))


def _eps(rng):
    return float(10 ** rng.uniform(-9, -1))


def _fraction(rng):
    return _pick(rng, 0.9, 0.99, 0.5, rng.uniform(0, 0.99))


def _decay(rng):
    return _pick(rng, 0.0, 0.01, rng.uniform(0, 0.5))


def _parameter(rng):
    shape, unit = _shape(rng), _unit(rng)
    return _normal(rng, shape), _gradient(rng, shape, unit), unit


def _squares(rng, param, unit, first):
    return np.zeros_like(param) if first else np.asarray(unit**2 * rng.gamma(1.0, 1.0, param.shape))


def sgd(rng):
    param, grad, _ = _parameter(rng)
    return param, grad, _rate(rng), *_some(rng, _decay(rng))


def sgd_momentum(rng):
    param, grad, unit = _parameter(rng)
    buffer = _normal(rng, param.shape, unit * (rng.random() < 0.8))
    return param, grad, buffer, _rate(rng), *_some(rng, _fraction(rng), bool(rng.random() < 0.5))


def adam(rng):
    param, grad, unit = _parameter(rng)
    step = int(_pick(rng, 1, 2, rng.integers(1, 20), rng.integers(1, 20_000)))
    exp_avg = _normal(rng, param.shape, unit * (step > 1))
    betas = (_fraction(rng), _pick(rng, 0.999, 0.95, _fraction(rng)))
    options = _some(rng, _rate(rng), betas, _eps(rng), _decay(rng))
    return param, grad, exp_avg, _squares(rng, param, unit, step == 1), step, *options


adamw = adam


def rmsprop(rng):
    param, grad, unit = _parameter(rng)
    average = _squares(rng, param, unit, rng.random() < 0.3)
    return param, grad, average, *_some(rng, _rate(rng), _fraction(rng), _eps(rng))


def clip_grad_norm(rng):
    """No total norm lies within 1e-6 below max_norm, where right answers differ."""
    unit = _unit(rng)
    grads = tuple(_gradient(rng, _shape(rng, largest=6), unit) for _ in range(rng.integers(1, 7)))
    total = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
    max_norm = _pick(rng, 0.1, 0.9, 0.999, 1.001, 1.5, 20.0) * total or 1.0
    return grads, total / 2 if total <= max_norm < total + 1e-6 else max_norm


def warmup_cosine(rng):
    warmup = int(rng.integers(0, 40)) * int(rng.random() < 0.8)
    total = warmup + int(rng.integers(1, 100))
    step = int(_pick(rng, rng.integers(0, total + 20), warmup, total, max(0, warmup - 1), total - 1, 3 * total))
    max_lr = _rate(rng)
    return step, max_lr, _pick(rng, 0.0, rng.uniform(0, max_lr)), warmup, total


def adagrad(rng):
    param, grad, unit = _parameter(rng)
    total = _squares(rng, param, unit, rng.random() < 0.3)
    return param, grad, total, *_some(rng, _rate(rng), _eps(rng))
