"""Networks that are a layer before a smaller network, and batches that are lists of smaller batches."""

import numpy as np


def bend(z, name):
    if name == "linear":
        return z
    if name == "relu":
        return np.maximum(0, z)
    if name == "tanh":
        return np.tanh(z)
    if name == "sigmoid":
        return (1 + np.tanh(z / 2)) / 2
    shifted = z - z.max()
    return np.exp(shifted) / np.exp(shifted).sum()


def neuron(x, weight, bias, activation="sigmoid"):
    if x.ndim > 1:
        return np.array([neuron(row, weight, bias, activation) for row in x], x.dtype).reshape(x.shape[:-1])
    return bend(sum(a * w for a, w in zip(x, weight, strict=True)) + bias, activation)


def dense(x, weight, bias=None, activation="linear"):
    if x.ndim > 1:
        rows = [dense(row, weight, bias, activation) for row in x]
        return np.array(rows, x.dtype).reshape(*x.shape[:-1], len(weight))
    z = np.array([np.vdot(row, x) for row in weight], x.dtype)
    return bend(z if bias is None else z + bias, activation)


def layer_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    (weight, *weights), (bias, *biases) = weights, biases
    if not weights:
        return [dense(x, weight, bias, output_activation)]
    hidden = dense(x, weight, bias, activation)
    return [hidden, *layer_outputs(hidden, weights, biases, activation, output_activation)]


def forward(x, weights, biases, activation="relu", output_activation="linear"):
    return layer_outputs(x, weights, biases, activation, output_activation)[-1]


def parameter_count(sizes, bias=True):
    first, *others = sizes
    if not others:
        return 0
    return others[0] * (first + 1 if bias else first) + parameter_count(others, bias)


def parameter_counts(layers):
    if not layers:
        return []
    (name, *sizes), *others = layers
    count = 0
    if name in ("dense", "rnn"):
        count = parameter_count(sizes) + (parameter_count([sizes[1]] * 2) if name == "rnn" else 0)
    elif name == "conv2d":
        channels, outputs, (height, width) = sizes
        count = parameter_count((channels * height * width, outputs))
    return [count, *parameter_counts(others)]


def collapse(weights, biases):
    """Halve the network, and put the two layers together."""
    if len(weights) == 1:
        return weights[0], biases[0]
    half = len(weights) // 2
    (early, start), (late, end) = collapse(weights[:half], biases[:half]), collapse(weights[half:], biases[half:])
    return np.einsum("ij,jk->ik", late, early), np.einsum("ij,j->i", late, start) + end
