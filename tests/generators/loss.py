"""Calls of the loss functions, drawn without a look at the plugin: wider shapes, and numbers of every size."""

import numpy as np


def _shape(rng):
    return tuple(rng.integers(1, 9, rng.integers(1, 4)))


def _numbers(rng, shape, largest=3.0):
    """Return numbers of one size, from thousandths to thousands; or of all sizes at once."""
    sizes = 10 ** rng.uniform(-2, largest, shape if rng.random() < 0.3 else ())
    return np.asarray(sizes * rng.standard_normal(shape))


def _backward(forward):
    """Put the gradient from above before a call: a plain number, or an array without dimensions."""

    def call(rng):
        grad_output = rng.standard_normal()
        return (float(grad_output) if rng.random() < 0.3 else np.array(grad_output)), *forward(rng)

    return call


def mse_loss(rng):
    shape = _shape(rng)
    return _numbers(rng, shape), _numbers(rng, shape)


def huber_loss(rng):
    """Errors of exactly delta occur, since both branches agree there."""
    shape = _shape(rng)
    target = rng.integers(-8, 9, shape) / 4.0
    delta = () if rng.random() < 0.3 else (2.0 ** rng.integers(-3, 4),)
    size = delta[0] if delta else 1.0
    error = _numbers(rng, shape, 1.5) if rng.random() < 0.8 else size * rng.integers(-3, 4, shape)
    return target + error, target, *delta


def binary_cross_entropy_with_logits(rng):
    shape = _shape(rng)
    target = rng.random(shape)
    return _numbers(rng, shape, 3.7), np.round(target) if rng.random() < 0.5 else target


def cross_entropy(rng):
    """One row or more is kept, whatever the marker of the others, which may be a class."""
    rows, classes = rng.integers(1, 11), rng.integers(2, 9)
    x = _numbers(rng, (rows, classes), 3.3) + rng.choice([0.0, 1000.0]) * rng.standard_normal((rows, 1))
    target = rng.integers(0, classes, rows)
    smoothing = (float(rng.choice([0.0, 1.0, rng.uniform()])),)
    marker = int(rng.choice([-100, -1, 0, classes - 1, classes, 255]))
    if rng.random() < 0.4:
        return x, target, *(smoothing if rng.random() < 0.5 else ())
    target[rng.random(rows) < 0.4] = marker
    kept = rng.integers(rows)
    target[kept] = (marker + 1) % classes if 0 <= marker < classes else rng.integers(classes)
    return (x, target, *smoothing) if marker == -100 else (x, target, *smoothing, marker)


def categorical_cross_entropy(rng):
    rows, classes = rng.integers(1, 9), rng.integers(2, 9)
    probs = rng.dirichlet(np.full(classes, 0.5), rows)
    certain = rng.random(rows) < 0.3
    probs[certain] = np.eye(classes)[rng.integers(0, classes, certain.sum())]
    probs = probs * (1.0 if rng.random() < 0.5 else rng.uniform(0.3, 1.0, (rows, 1)))
    target = rng.dirichlet(np.ones(classes), rows)
    if rng.random() < 0.5:
        target = np.eye(classes)[rng.integers(0, classes, rows)]
    return probs, target, *(() if rng.random() < 0.4 else (10 ** rng.uniform(-8, -1),))


mse_loss_backward = _backward(mse_loss)
huber_loss_backward = _backward(huber_loss)
binary_cross_entropy_with_logits_backward = _backward(binary_cross_entropy_with_logits)
cross_entropy_backward = _backward(cross_entropy)
categorical_cross_entropy_backward = _backward(categorical_cross_entropy)
