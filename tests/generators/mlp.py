"""Calls of a whole network, drawn without a look at the plugin: wider layers, longer trainings, larger batches."""

import numpy as np


def _network(rng, most=8):
    """Return a batch, its labels and four parameters, whose scale now and then saturates the softmax."""
    count, features, hidden, classes = rng.integers(1, most + 1, 4).tolist()
    scale = (0.3, 1.0, 1.0, 3.0)[int(rng.random() * 4)]
    shapes = (hidden, features), (hidden,), (classes + 1, hidden), (classes + 1,)
    params = tuple(scale * rng.standard_normal(shape) / max(shape[1:], default=1) ** 0.5 for shape in shapes)
    return rng.standard_normal((count, features)), rng.integers(0, classes + 1, count), params


def forward(rng):
    x, _, params = _network(rng, 20)
    return x, params


def loss_and_grads(rng):
    return _network(rng, 20)


def train_step(rng):
    """A state as after some steps, with averages of squares that may be as small as an epsilon."""
    x, target, params = _network(rng)
    scale = 10 ** rng.uniform(-4, 0)
    exp_avg, roots = (tuple(scale * rng.standard_normal(one.shape) for one in params) for _ in range(2))
    return (
        x,
        target,
        params,
        exp_avg,
        tuple(one**2 for one in roots),
        int(rng.integers(1, 50)),
        10 ** rng.uniform(-4, 0),
    )


def train(rng):
    x, target, params = _network(rng)
    order = np.stack([rng.permutation(len(x)) for _ in range(int(rng.integers(1, 5)))])
    return x, target, params, order, int(rng.integers(1, 10)), 10 ** rng.uniform(-3, -1)


def accuracy(rng):
    return _network(rng, 20)


def MLP(rng):
    x, _, params = _network(rng)
    return x, params, rng.standard_normal((len(x), len(params[3])))


def update(rng):
    x, target, params = _network(rng)
    return x, target, rng.standard_normal((len(params[3]), x.shape[1])), 10 ** rng.uniform(-2, 0)


def evaluate(rng):
    return update(rng)[:3]
