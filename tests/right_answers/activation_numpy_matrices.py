"""Jacobians, einsum and base-2 powers: the answers of somebody who thinks in matrices."""

import math
from functools import reduce

import numpy as np

LOG2_E = 1 / math.log(2)


def relu(x):
    return np.fmax(x, np.zeros(x.shape, x.dtype))


def relu_backward(grad_output, x):
    jacobian = np.diag((x.ravel() > 0).astype(x.dtype))
    return (jacobian @ grad_output.ravel()).reshape(x.shape)


def leaky_relu(x, negative_slope=0.01):
    return (1 + negative_slope) / 2 * x + (1 - negative_slope) / 2 * np.abs(x)


def leaky_relu_backward(grad_output, x, negative_slope=0.01):
    slope = np.select([x > 0], [np.ones_like(x)], negative_slope)
    return np.multiply(grad_output, slope)


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_backward(grad_output, x):
    return grad_output * np.exp(-np.logaddexp(0, x) - np.logaddexp(0, -x))


def tanh(x):
    return 2 * sigmoid(2 * x) - 1


def tanh_backward(grad_output, x):
    return 4 * grad_output * sigmoid(2 * x) * sigmoid(-2 * x)


def gelu(x, approximate="none"):
    if approximate == "tanh":
        inner = np.polyval(np.array([0.044715, 0, 1, 0], x.dtype), x) * math.sqrt(2 / math.pi)
        return (x + x * np.tanh(inner)) / 2
    erf = np.array([math.erf(value) for value in (x / math.sqrt(2)).ravel()], dtype=x.dtype).reshape(x.shape)
    return (x + x * erf) / 2


def gelu_backward(grad_output, x, approximate="none"):
    c = math.sqrt(2 / math.pi)
    if approximate == "tanh":
        t = np.tanh(c * (x + 0.044715 * x**3))
        slope = (1 - t) * (1 + t) * (c + 3 * c * 0.044715 * x**2)
    else:
        t = np.frompyfunc(math.erf, 1, 1)(x / math.sqrt(2))
        t = np.asarray(t, dtype=x.dtype)
        slope = c * np.exp(-(x**2) / 2)
    return grad_output * (1 + t + x * slope) / 2


def silu(x):
    return x * (0.5 * np.tanh(0.5 * x) + 0.5)


def silu_backward(grad_output, x):
    s, value = sigmoid(x), silu(x)
    return np.einsum("...,...->...", grad_output, value + s - value * s)


def _add(a, b):
    """Return log(exp(a) + exp(b))."""
    return np.maximum(a, b) + np.log1p(np.exp(-np.abs(a - b)))


def logsumexp(x, axis=-1):
    return reduce(_add, np.rollaxis(x, axis % x.ndim))


def softmax(x, axis=-1):
    powers = np.exp2((x - np.amax(x, axis, keepdims=True)) * LOG2_E)
    rows = np.moveaxis(powers, axis, -1)
    return np.moveaxis(rows / np.einsum("...i->...", rows)[..., np.newaxis], -1, axis)


def log_softmax(x, axis=-1):
    shifted = x - np.amax(x, axis, keepdims=True)
    ones = np.ones(x.shape[axis], x.dtype)
    total = np.tensordot(np.exp(shifted), ones, axes=([axis], [0]))
    return shifted - np.expand_dims(np.log(total), axis)


def _vector_jacobian(grad_output, jacobian, axis):
    grads = np.moveaxis(grad_output, axis, -1)
    return np.moveaxis(np.einsum("...i,...ij->...j", grads, jacobian), -1, axis)


def softmax_backward(grad_output, x, axis=-1):
    s = np.moveaxis(softmax(x, axis), axis, -1)
    diagonal = np.einsum("...i,ij->...ij", s, np.eye(s.shape[-1], dtype=x.dtype))
    return _vector_jacobian(grad_output, diagonal - np.einsum("...i,...j->...ij", s, s), axis)


def log_softmax_backward(grad_output, x, axis=-1):
    s = np.moveaxis(softmax(x, axis), axis, -1)
    identity = np.identity(s.shape[-1], dtype=x.dtype)
    return _vector_jacobian(grad_output, identity - s[..., None, :], axis)


def logsumexp_backward(grad_output, x, axis=-1):
    s = softmax(x, axis)
    return s * np.repeat(np.expand_dims(grad_output, axis), x.shape[axis], axis)
