"""Calls of what looks at runs, drawn without a look at the plugin: longer curves, wilder losses, larger networks."""

import math

import numpy as np


def gradient_norms(rng):
    shapes = (rng.integers(1, 6, rng.integers(1, 5)).tolist() for _ in range(rng.integers(1, 6)))
    return (tuple(10 ** rng.uniform(-3, 3) * rng.standard_normal(shape) for shape in shapes),)


def gradient_trouble(rng):
    norms = rng.choice([0.5, 1.0, 2.0, 10 ** rng.uniform(-8, 8)], rng.integers(1, 6))
    norms[rng.integers(0, len(norms))] = rng.choice([0.0, 1.0, np.nan, np.inf, 10 ** rng.uniform(-5, 5)])
    bounds = ((), (), (float(rng.choice([0.5, 0.25])), float(rng.choice([2.0, 4.0]))), (10 ** rng.uniform(-4, 0),))
    return norms, *bounds[rng.integers(0, 4)]


def dead_units(rng):
    shape = rng.integers(1, 12, 2)
    values = rng.standard_normal(shape) if rng.random() < 0.5 else rng.integers(-2, 2, shape).astype(float)
    return (values - rng.choice([0.0, 1.0, 2.0]),)


def revive(rng):
    hidden, features = rng.integers(1, 9, 2)
    dead = rng.random(hidden) < rng.random()
    return rng.standard_normal((hidden, features)), rng.standard_normal(hidden), dead, rng.random((hidden, features))


def smoothed(rng):
    beta = float(rng.choice([0.0, 0.3, 0.9, 0.99, rng.random()]))
    return 10 ** rng.uniform(-2, 2) * rng.random(rng.integers(1, 60)), *((beta,) * int(rng.integers(0, 2)))


def range_test_lrs(rng):
    low = 10 ** rng.uniform(-3, 1)
    return low, low * 10 ** rng.uniform(0.1, 4), int(rng.integers(2, 60))


def _network(rng, most=8):
    count, features, hidden, classes = rng.integers(1, most + 1, 4).tolist()
    shapes = (hidden, features), (hidden,), (classes + 1, hidden), (classes + 1,)
    params = tuple(rng.standard_normal(shape) / max(shape[1:], default=1) ** 0.5 for shape in shapes)
    return rng.standard_normal((count, features)), rng.integers(0, classes + 1, count), params


def _run(rng):
    """As many rates as there are batches, or fewer."""
    x, target, params = _network(rng)
    epochs, batch_size = int(rng.integers(1, 5)), int(rng.integers(1, 10))
    order = np.stack([rng.permutation(len(x)) for _ in range(epochs)])
    count = int(rng.integers(1, epochs * math.ceil(len(x) / batch_size) + 1))
    return x, target, params, order, batch_size, tuple(np.geomspace(0.01, 10 ** rng.uniform(-1.9, 0), count).tolist())


def lr_range_test(rng):
    return _run(rng)


def suggest_lr(rng):
    """Any curve at all, whole numbers among them so that there are ties."""
    steps = int(rng.integers(1, 40))
    losses = rng.integers(0, 6, steps).astype(float) if rng.random() < 0.3 else 3 * rng.random(steps)
    losses -= rng.choice([0.0, 0.1]) * np.arange(steps)
    if rng.random() < 0.3:
        losses[rng.integers(0, steps)] = rng.choice([np.nan, np.inf, -np.inf])
    options = ((), (0.5,), (0.0, 0), (0.5, 2), (float(rng.random()), int(rng.integers(0, steps))))
    return tuple(np.geomspace(1e-4, 1.0, steps).tolist()), losses, *options[rng.integers(0, 5)]


def _curves(rng):
    epochs = int(rng.integers(2, 20))
    fall = np.exp(-rng.choice([0.02, 0.1, 0.5]) * np.arange(epochs))
    train, val = (rng.uniform(0.5, 3) * fall + rng.choice([0.0, 0.05, 0.5]) * rng.random(epochs) for _ in range(2))
    val = val + rng.choice([0.0, 0.2]) * np.maximum(np.arange(epochs) - rng.integers(0, epochs), 0)
    return (train, val) if rng.random() < 0.7 else (np.ceil(4 * train), np.ceil(4 * val))


def generalization_gap(rng):
    return _curves(rng)


def overfitting_from(rng):
    return *_curves(rng), int(rng.integers(1, 6))


def diagnose(rng):
    train, val = _curves(rng)
    if rng.random() < 0.1:
        (train if rng.random() < 0.5 else val)[rng.integers(0, len(train))] = rng.choice([np.nan, np.inf])
    norms = rng.random(rng.integers(1, 5)) * 10 ** rng.choice([0.0, 0.0, 0.0, 4.0, -4.0])
    norms[0] *= 10 ** rng.choice([0.0, 0.0, 0.0, 5.0, -5.0])
    return train, val, norms, float(rng.choice([0.0, 0.3, 0.5, 0.51, 1.0])), float(rng.choice([0.1, 0.5, 1.0, 2.0]))


def cured_training(rng):
    return *_run(rng), int(rng.integers(0, 3))


def balanced_accuracy(rng):
    return _network(rng, 20)


def range_test(rng):
    steps, count = int(rng.integers(1, 6)), int(rng.integers(2, 7))
    features, classes = int(rng.integers(1, 6)), int(rng.integers(2, 6))
    x, target = rng.standard_normal((steps + 1, count, features)), rng.integers(0, classes, (steps + 1, count))
    return x, target, rng.standard_normal((classes, features)), tuple(np.geomspace(0.01, 1.0, steps).tolist())
