"""Calls of the activation functions, drawn without a look at the plugin: wider shapes, and numbers of every size."""

import numpy as np


def _shape(rng, least=0):
    return tuple(rng.integers(1, 9, rng.integers(least, 4)))


def _numbers(rng, shape):
    """Return numbers of one size, from thousandths to thousands; or of all sizes at once."""
    sizes = 10 ** rng.uniform(-3, 3.7, shape if rng.random() < 0.3 else ())
    return np.asarray(sizes * rng.standard_normal(shape))


def _with_zeros(rng, x):
    return np.where(rng.random(x.shape) < 0.2, 0.0, x)


def _backward(rng, args, shape=None):
    shape = args[0].shape if shape is None else shape
    return np.asarray(rng.standard_normal(shape)), *args


def _slope(rng):
    slopes = [(), (0.0,), (1.0,), (rng.uniform(),)]
    return slopes[rng.integers(4)]


def relu(rng):
    return (_numbers(rng, _shape(rng)),)


def relu_backward(rng):
    """The slope at 0 is fixed, so 0 occurs."""
    return _backward(rng, (_with_zeros(rng, _numbers(rng, _shape(rng))),))


def leaky_relu(rng):
    return _numbers(rng, _shape(rng)), *_slope(rng)


def leaky_relu_backward(rng):
    return _backward(rng, (_with_zeros(rng, _numbers(rng, _shape(rng))), *_slope(rng)))


def sigmoid(rng):
    return (_numbers(rng, _shape(rng)),)


def sigmoid_backward(rng):
    return _backward(rng, (_with_zeros(rng, _numbers(rng, _shape(rng))),))


tanh, tanh_backward = sigmoid, sigmoid_backward
silu, silu_backward = sigmoid, sigmoid_backward


def gelu(rng):
    return _numbers(rng, _shape(rng)), *[(), ("none",), ("tanh",)][rng.integers(3)]


def gelu_backward(rng):
    return _backward(rng, gelu(rng))


def softmax(rng):
    """Slices lie at levels of their own, and one number may stand far above the others."""
    shape = _shape(rng, 1)
    axis = int(rng.integers(-len(shape), len(shape)))
    one_each = list(shape)
    one_each[axis] = 1
    x = _numbers(rng, shape) + rng.choice([0.0, 1.0, 1000.0]) * rng.standard_normal(one_each)
    return (x, axis) if rng.random() < 0.7 else (x,)


def softmax_backward(rng):
    return _backward(rng, softmax(rng))


logsumexp, log_softmax, log_softmax_backward = softmax, softmax, softmax_backward


def logsumexp_backward(rng):
    args = softmax(rng)
    left = list(args[0].shape)
    del left[args[1] if len(args) > 1 else -1]
    return _backward(rng, args, left)
