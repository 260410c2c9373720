"""Calls of a recurrent network that learns, drawn without a look at the plugin: longer windows, wider layers."""

import numpy as np


def _network(rng, most=8):
    """Return windows, what follows each step, and six parameters."""
    length, count, inputs, hidden, outputs = rng.integers(1, most + 1, 5).tolist()
    scale = (0.1, 0.3, 0.3, 1.0)[int(rng.random() * 4)]
    shapes = (hidden, inputs), (hidden, hidden), (hidden,), (hidden,), (outputs, hidden), (outputs,)
    params = tuple(scale * rng.standard_normal(shape) for shape in shapes)
    return rng.standard_normal((length, count, inputs)), rng.standard_normal((length, count, outputs)), params


def forward(rng):
    x, _, params = _network(rng, 12)
    return x, params


def loss_and_grads(rng):
    return _network(rng)


def train_step(rng):
    x, target, params = _network(rng)
    scale = 10 ** rng.uniform(-3, 0)
    exp_avg, roots = (tuple(scale * rng.standard_normal(one.shape) for one in params) for _ in range(2))
    squares, step = tuple(one**2 for one in roots), int(rng.integers(1, 50))
    return x, target, params, exp_avg, squares, step, 10 ** rng.uniform(-4, 0), 10 ** rng.uniform(-2, 2)


def train(rng):
    x, target, params = _network(rng, 5)
    order = np.stack([rng.permutation(x.shape[1]) for _ in range(int(rng.integers(1, 4)))])
    return x, target, params, order, int(rng.integers(1, 7)), 10 ** rng.uniform(-3, -1), 10 ** rng.uniform(-2, 2)


def forecast_error(rng):
    return _network(rng, 12)


def Forecaster(rng):
    x, target, params = _network(rng)
    return x, params, rng.standard_normal(target.shape)
