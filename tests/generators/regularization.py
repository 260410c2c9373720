"""Calls of the regularization functions, drawn without a look at the plugin: other shapes, any p, long trainings."""

import math

import numpy as np


def _pick(rng, *values):
    return values[int(rng.integers(len(values)))]


def _shape(rng, low=0, largest=7):
    return tuple(rng.integers(1, largest, rng.integers(low, 5)).tolist())


def _numbers(rng, shape):
    """Numbers of any size, some of them often exactly 0."""
    values = 10 ** rng.uniform(-2, 2) * rng.standard_normal(shape)
    return np.asarray(values * (rng.random(shape) < _pick(rng, 1.0, 1.0, 0.6)))


def _how(rng, random):
    """p may be anything, also one of the random numbers, and training may be left out, as p itself."""
    p = float(_pick(rng, 0.0, 1.0, 0.5, 0.1, 0.75, rng.random(), _pick(rng, *random.ravel())))
    return _pick(rng, (), (p,), (p,), (p, True), (p, False))


def _random(rng, shape):
    """Eighths, 0 and p among them, or any numbers."""
    return np.asarray(rng.integers(0, 8, shape) / 8 if rng.random() < 0.3 else rng.random(shape))


def dropout(rng):
    x = _numbers(rng, _shape(rng))
    random = _random(rng, x.shape)
    return x, random, *_how(rng, random)


def dropout_backward(rng):
    x, *others = dropout(rng)
    return np.asarray(rng.standard_normal(x.shape)), x, *others


def dropout2d(rng):
    x = _numbers(rng, tuple(rng.integers(1, 6, 4).tolist()))
    random = _random(rng, x.shape[:2])
    return x, random, *_how(rng, random)


def l2_penalty(rng):
    params = tuple(_numbers(rng, _shape(rng)) for _ in range(rng.integers(1, 6)))
    return params, float(_pick(rng, 0.0, 1.0, 1e-4, rng.uniform(0, 3)))


def l2_penalty_backward(rng):
    return np.array(rng.standard_normal()), *l2_penalty(rng)


l1_penalty, l1_penalty_backward = l2_penalty, l2_penalty_backward


def _losses(rng):
    """Sixteenths, so that differences are exact; a walk, noise around a curve, or few levels."""
    epochs = int(rng.integers(1, 40))
    curve = 8 / (1 + np.arange(epochs)) if rng.random() < 0.5 else np.zeros(epochs)
    noise = rng.integers(-12, 13, epochs) if rng.random() < 0.7 else np.cumsum(rng.integers(-3, 3, epochs))
    losses = np.round(16 * curve + noise) / _pick(rng, 16, 4)
    if rng.random() < 0.3:
        losses = np.where(rng.random(epochs) < rng.random(), _pick(rng, math.nan, math.inf), losses)
    return tuple(losses.tolist())


def early_stopping(rng):
    patience = int(_pick(rng, 1, 2, 3, rng.integers(1, 12), 60))
    return _losses(rng), patience, *_pick(rng, (), (0.0,), (float(rng.integers(0, 17) / 16),), (0.25,))


def max_norm(rng):
    """Norms on both sides of the limit, exactly 0, or exactly the limit."""
    weight = _numbers(rng, _shape(rng, 2))
    norms = np.sqrt((weight**2).sum(axis=tuple(range(1, weight.ndim))))
    limit = float(_pick(rng, rng.uniform(0.1, 3), float(np.median(norms)), float(norms.max())))
    return weight, limit or 1.0
