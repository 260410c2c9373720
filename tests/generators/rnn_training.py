"""Calls of a recurrent network, drawn without a look at the plugin: longer windows, wider layers, longer trainings."""

import numpy as np


def _network(rng, most=8):
    length, count, inputs, hidden, outputs = rng.integers(1, most + 1, 5).tolist()
    shapes = (hidden, inputs), (hidden, hidden), (hidden,), (hidden,), (outputs, hidden), (outputs,)
    params = tuple(rng.standard_normal(shape) / max(shape[1:], default=1) ** 0.5 for shape in shapes)
    return rng.standard_normal((length, count, inputs)), rng.standard_normal((length, count, outputs)), params


def _max_norm(rng):
    return 10 ** rng.uniform(-2, 2)


def forward(rng):
    x, _, params = _network(rng, 16)
    return x, params


def loss_and_grads(rng):
    return _network(rng, 12)


def train_step(rng):
    x, target, params = _network(rng)
    scale = 10 ** rng.uniform(-4, 0)
    exp_avg, roots = (tuple(scale * rng.standard_normal(one.shape) for one in params) for _ in range(2))
    squares = tuple(one**2 for one in roots)
    step = int(rng.integers(1, 50))
    return x, target, params, exp_avg, squares, step, 10 ** rng.uniform(-4, 0), _max_norm(rng)


def train(rng):
    x, target, params = _network(rng)
    order = np.stack([rng.permutation(x.shape[1]) for _ in range(int(rng.integers(1, 5)))])
    return x, target, params, order, int(rng.integers(1, 10)), 10 ** rng.uniform(-3, -1), _max_norm(rng)


def forecast_error(rng):
    return _network(rng, 12)


def Forecaster(rng):
    x, target, params = _network(rng)
    return x, params, rng.standard_normal(target.shape)


def update(rng):
    x, target, params = _network(rng)
    return x, target, rng.standard_normal((len(params[5]), x.shape[2])), 10 ** rng.uniform(-2, 0), _max_norm(rng)


def evaluate(rng):
    return update(rng)[:3]
