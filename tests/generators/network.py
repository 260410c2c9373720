"""Calls of the functions of `network`, drawn without a look at the plugin: wider, deeper, with numbers of all sizes."""

from itertools import pairwise

import numpy as np

BENDS = ("linear", "relu", "sigmoid", "tanh")


def _numbers(rng, shape):
    return np.asarray(10 ** rng.uniform(-2, 1.5) * rng.standard_normal(shape))


def _batch(rng):
    batch = tuple(rng.integers(1, 7, rng.integers(0, 4)).tolist())
    return (*batch, 0) if rng.random() < 0.05 else batch


def _shortened(rng, args, defaults):
    """Leave trailing options out now and then; those before them must be given."""
    kept = int(rng.integers(0, len(defaults) + 1))
    return (*args, *defaults[:kept])


def neuron(rng):
    inputs = int(rng.integers(1, 12))
    x, weight = _numbers(rng, (*_batch(rng), inputs)), rng.standard_normal(inputs)
    return _shortened(rng, (x, weight, np.asarray(rng.standard_normal())), (str(rng.choice(BENDS)),))


def dense(rng):
    inputs, outputs = rng.integers(1, 10, 2).tolist()
    x, weight = _numbers(rng, (*_batch(rng), inputs)), rng.standard_normal((outputs, inputs))
    bias = rng.standard_normal(outputs) if rng.random() < 0.7 else None
    return _shortened(rng, (x, weight), (bias, str(rng.choice([*BENDS, "softmax"]))))


def _stack(rng):
    """Widths may repeat here, and then all of them."""
    sizes = rng.integers(1, 9, rng.integers(2, 7)).tolist()
    sizes = [sizes[0]] * len(sizes) if rng.random() < 0.2 else sizes
    pairs = list(pairwise(sizes))
    scale = 10 ** rng.uniform(-0.7, 0.3)
    weights = tuple(scale * rng.standard_normal((b, a)) / a**0.5 for a, b in pairs)
    return weights, tuple(rng.standard_normal(b) for _, b in pairs)


def forward(rng):
    weights, biases = _stack(rng)
    x = _numbers(rng, (*_batch(rng), weights[0].shape[1]))
    return _shortened(rng, (x, weights, biases), (str(rng.choice(BENDS)), str(rng.choice([*BENDS, "softmax"]))))


def layer_outputs(rng):
    return forward(rng)


def parameter_count(rng):
    sizes = tuple(rng.integers(1, 1000, rng.integers(2, 9)).tolist())
    return _shortened(rng, (sizes,), (bool(rng.integers(2)),))


def parameter_counts(rng):
    layers = []
    for _ in range(rng.integers(1, 9)):
        a, b, height, width = rng.integers(1, 300, 4).tolist()
        kernel = (height, width)
        choices = [("dense", a, b), ("conv2d", a, b, kernel), ("rnn", a, b), ("max_pool2d", kernel), ("flatten",)]
        layers.append([*choices, ("relu",)][rng.integers(6)])
    return (tuple(layers),)


def count_parameters(rng):
    """Arguments of the driver: layers, the numbers of those that are frozen, whether two share a weight, the option."""
    layers = []
    for _ in range(rng.integers(1, 6)):
        a, b, size = rng.integers(1, 20, 3).tolist()
        layers.append([("linear", a, b), ("conv2d", a, b, size), ("batch_norm", a)][rng.integers(3)])
    frozen = tuple(i for i in range(len(layers)) if rng.random() < 0.4)
    return _shortened(rng, (tuple(layers), frozen, bool(rng.integers(2))), (bool(rng.integers(2)),))


def collapse(rng):
    return _stack(rng)
