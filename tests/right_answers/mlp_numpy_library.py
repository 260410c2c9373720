"""All of the library, under other names, with generators and dictionaries."""

import itertools

import mlp_library_numpy as layers
import numpy as np

NAMES = ("w1", "b1", "w2", "b2")


def forward(x, params):
    return list(values_of(x, params).values())[-1]


def values_of(x, params):
    """Return everything that the way back asks for, by name."""
    own = dict(zip(NAMES, params, strict=True))
    own["x"] = x
    own["pre"] = layers.linear(x, own["w1"], own["b1"])
    own["hidden"] = layers.relu(own["pre"])
    own["logits"] = layers.linear(own["hidden"], own["w2"], own["b2"])
    return own


def loss_and_grads(x, target, params):
    own = values_of(x, params)
    own["g"] = layers.cross_entropy_backward(1.0, own["logits"], target)
    own["gh"], *last = layers.linear_backward(own["g"], own["hidden"], own["w2"], own["b2"])
    own["gp"] = layers.relu_backward(own["gh"], own["pre"])
    first = layers.linear_backward(own["gp"], x, own["w1"], own["b1"])[1:]
    return layers.cross_entropy(own["logits"], target), (*first, *last)


def train_step(x, target, params, exp_avg, exp_avg_sq, step, lr):
    loss, grads = loss_and_grads(x, target, params)
    table = [
        layers.adam(param, grad, first, second, step, lr=lr)
        for param, grad, first, second in zip(params, grads, exp_avg, exp_avg_sq, strict=True)
    ]
    return (loss, *(tuple(row[kind] for row in table) for kind in range(3)))


def batches(order, batch_size):
    """Yield the number of each step with the rows of its batch."""
    parts = ([rows[at : at + batch_size] for at in range(0, len(rows), batch_size)] for rows in order)
    yield from enumerate(itertools.chain.from_iterable(parts), start=1)


def train(x, target, params, order, batch_size, lr):
    zeros = tuple(map(np.zeros_like, params))
    state = (params, zeros, zeros)
    losses = []
    for step, batch in batches(order, batch_size):
        loss, *state = train_step(x.take(batch, axis=0), target.take(batch), *state, step, lr)
        losses.append(loss)
    return np.fromiter(losses, x.dtype, len(losses)), state[0]


def accuracy(x, target, params):
    logits = forward(x, params)
    at_target = logits[np.arange(len(x)), target]
    return float(np.mean(at_target == logits.max(axis=1)))
