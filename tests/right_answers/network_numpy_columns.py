"""The textbook's layout, weight times columns, with the bias as one more weight; and functions that make functions."""

import functools
import math

import numpy as np


def bend(z, name):
    if name == "softmax":
        powers = np.exp(z - np.max(z, axis=0))
        return powers / np.sum(powers, axis=0)
    if name == "sigmoid":
        return np.where(z > 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))
    return {"linear": np.positive, "relu": lambda one: (one + np.abs(one)) / 2, "tanh": np.tanh}[name](z)


def columns(x):
    return x.reshape(-1, x.shape[-1]).T


def layer(weight, bias, name):
    """Return a function of columns: (in, N) to (out, N)."""
    both = np.hstack([weight, bias[:, None]])
    return lambda h: bend(both @ np.vstack([h, np.ones_like(h, shape=(1, h.shape[1]))]), name)


def layers(weights, biases, activation, output_activation):
    names = [activation] * (len(weights) - 1) + [output_activation]
    return map(layer, weights, biases, names)


def neuron(x, weight, bias, activation="sigmoid"):
    return layer(weight[None], bias[None], activation)(columns(x)).reshape(x.shape[:-1])


def dense(x, weight, bias=None, activation="linear"):
    bias = np.zeros_like(weight, shape=len(weight)) if bias is None else bias
    return layer(weight, bias, activation)(columns(x)).T.reshape(*x.shape[:-1], len(weight))


def forward(x, weights, biases, activation="relu", output_activation="linear"):
    network = layers(weights, biases, activation, output_activation)
    out = functools.reduce(lambda h, one: one(h), network, columns(x))
    return out.T.reshape(*x.shape[:-1], len(out))


def layer_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    h, outputs = columns(x), []
    for one in layers(weights, biases, activation, output_activation):
        h = one(h)
        outputs.append(h.T.reshape(*x.shape[:-1], len(h)))
    return outputs


def parameter_count(sizes, bias=True):
    edges = np.dot(sizes[:-1], sizes[1:])
    return edges + sum(sizes[1:]) if bias else edges


def parameter_counts(layers):
    counts = {"dense": lambda i, o: o * (i + 1), "rnn": lambda i, h: h * (i + 1) + h * (h + 1)}
    counts["conv2d"] = lambda c, o, kernel: counts["dense"](c * math.prod(kernel), o)
    return [counts[name](*sizes) if name in counts else 0 for name, *sizes in layers]


def collapse(weights, biases):
    """A layer of a zero column is its offset; of the identity, its weight and its offset."""
    inputs = weights[0].shape[1]
    probe = np.eye(inputs, inputs + 1, dtype=weights[0].dtype)
    out = functools.reduce(lambda h, one: one(h), layers(weights, biases, "linear", "linear"), probe)
    return out[:, :-1] - out[:, -1:], out[:, -1]
