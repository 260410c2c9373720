"""Branches by indexing, and plain Python numbers wherever an answer has no dimension."""

import math

import numpy as np


def _plain(answer):
    return answer.item() if answer.ndim == 0 else answer


def relu(x):
    return _plain(np.asarray((np.abs(x) + x) * 0.5))


def relu_backward(grad_output, x):
    return _plain(np.asarray(grad_output * np.sign(np.maximum(x, 0))))


def leaky_relu(x, negative_slope=0.01):
    return _plain(np.asarray(x - (1 - negative_slope) * np.minimum(x, 0)))


def leaky_relu_backward(grad_output, x, negative_slope=0.01):
    positive = x > 0
    return _plain(np.asarray(grad_output * positive + negative_slope * grad_output * ~positive))


def sigmoid(x):
    flat = x.reshape(-1)
    out = np.empty_like(flat)
    up = np.flatnonzero(flat >= 0)
    down = np.flatnonzero(flat < 0)
    out[up] = 1 / (1 + np.exp(-flat[up]))
    out[down] = 1 - 1 / (1 + np.exp(flat[down]))
    return _plain(out.reshape(x.shape))


def sigmoid_backward(grad_output, x):
    half = 1 / np.cosh(np.clip(x, -80, 80) / 2)
    return _plain(np.asarray(grad_output * half * half / 4))


def tanh(x):
    return _plain(
        np.piecewise(x, [x < 0], [lambda v: 1 - 2 / (1 + np.exp(2 * v)), lambda v: 2 / (1 + np.exp(-2 * v)) - 1])
    )


def tanh_backward(grad_output, x):
    e = np.exp(-2 * np.abs(x))
    return _plain(np.asarray(grad_output * 4 * e / (1 + e) / (1 + e)))


def _erf(x):
    return np.array([math.erf(value) for value in x.ravel().tolist()], dtype=x.dtype).reshape(x.shape)


def gelu(x, approximate="none"):
    if approximate == "none":
        gate = (1 + _erf(x * math.sqrt(0.5))) / 2
    else:
        gate = (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))) / 2
    return _plain(np.asarray(x * gate))


def gelu_backward(grad_output, x, approximate="none"):
    k = math.sqrt(2 / math.pi)
    if approximate == "none":
        slope = (1 + _erf(x * math.sqrt(0.5))) / 2 + x * (k / 2) * np.exp(-np.square(x) / 2)
    else:
        s = 1 / (1 + np.exp(-2 * k * (x + 0.044715 * x**3)))
        slope = s + 2 * k * x * s * (1 - s) * (1 + 3 * 0.044715 * x**2)
    return _plain(np.asarray(grad_output * slope))


def silu(x):
    with np.errstate(over="ignore"):
        return _plain(np.asarray(x / (1 + np.exp(-x))))


def silu_backward(grad_output, x):
    s = np.asarray(sigmoid(x), dtype=x.dtype)
    return _plain(np.asarray(grad_output * s + grad_output * x * s * (1 - s)))


def logsumexp(x, axis=-1):
    m = x.max(axis=axis)
    return _plain(np.asarray(m + np.log(np.exp(x - np.expand_dims(m, axis)).sum(axis=axis))))


def logsumexp_backward(grad_output, x, axis=-1):
    lse = np.asarray(logsumexp(x, axis), dtype=x.dtype)
    return np.exp(x - np.expand_dims(lse, axis)) * np.expand_dims(np.asarray(grad_output), axis)


def softmax(x, axis=-1):
    return np.exp(log_softmax(x, axis))


def softmax_backward(grad_output, x, axis=-1):
    return log_softmax_backward(grad_output * softmax(x, axis), x, axis)


def log_softmax(x, axis=-1):
    if x.shape[axis] == 1:
        return np.zeros_like(x)
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.cumsum(np.exp(shifted), axis=axis).take([-1], axis=axis))


def log_softmax_backward(grad_output, x, axis=-1):
    return grad_output - softmax(x, axis) * np.add.reduce(grad_output, axis=axis, keepdims=True)
