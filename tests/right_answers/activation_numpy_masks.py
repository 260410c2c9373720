"""Whole arrays, masks and in-place steps on copies; 0-d answers come out as scalars."""

import statistics

import numpy as np

NORMAL = statistics.NormalDist()


def relu(x):
    return np.clip(x, 0, None)


def relu_backward(grad_output, x):
    return np.where(x > 0, grad_output, 0)


def leaky_relu(x, negative_slope=0.01):
    return np.where(x < 0, x * negative_slope, x)


def leaky_relu_backward(grad_output, x, negative_slope=0.01):
    grad = grad_output.copy()
    grad[x <= 0] *= negative_slope
    return grad


def sigmoid(x):
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def sigmoid_backward(grad_output, x):
    s = sigmoid(x)
    return (1 - s) * s * grad_output


def tanh(x):
    m = np.expm1(-2 * np.abs(x))
    return -np.sign(x) * m / (m + 2)


def tanh_backward(grad_output, x):
    t = tanh(x)
    return grad_output - grad_output * t * t


def _cdf(x):
    return np.vectorize(NORMAL.cdf, otypes=[x.dtype])(x)


def _pdf(x):
    return np.vectorize(NORMAL.pdf, otypes=[x.dtype])(x)


def gelu(x, approximate="none"):
    if approximate == "none":
        return x * _cdf(x)
    return x * sigmoid(np.sqrt(8 / np.pi).astype(x.dtype) * (x + 0.044715 * np.power(x, 3)))


def gelu_backward(grad_output, x, approximate="none"):
    if approximate == "none":
        return grad_output * (_cdf(x) + x * _pdf(x))
    c = float(np.sqrt(2 / np.pi))
    t = np.tanh(c * (x + 0.044715 * x**3))
    left = 0.5 * (1 + t)
    with np.errstate(over="ignore"):
        right = 0.5 * x * c * (1 + 3 * 0.044715 * x * x) / np.cosh(c * (x + 0.044715 * x**3)) ** 2
    return grad_output * (left + right)


def silu(x):
    return x * sigmoid(x)


def silu_backward(grad_output, x):
    s = sigmoid(x)
    return grad_output * s * (1 + x * (1 - s))


def logsumexp(x, axis=-1):
    ordered = np.sort(x, axis=axis)
    top = np.take(ordered, [-1], axis=axis)
    total = np.exp(ordered - top).sum(axis=axis)
    return np.log(total) + np.squeeze(top, axis=axis)


def logsumexp_backward(grad_output, x, axis=-1):
    return np.expand_dims(grad_output, axis) * softmax(x, axis)


def softmax(x, axis=-1):
    e = x - np.max(x, axis=axis, keepdims=True)
    np.exp(e, out=e)
    e /= np.sum(e, axis=axis, keepdims=True)
    return e


def softmax_backward(grad_output, x, axis=-1):
    s = softmax(x, axis)
    return s * (grad_output - np.sum(grad_output * s, axis=axis, keepdims=True))


def log_softmax(x, axis=-1):
    return x - np.expand_dims(logsumexp(x, axis), axis)


def log_softmax_backward(grad_output, x, axis=-1):
    return grad_output - np.exp(log_softmax(x, axis)) * grad_output.sum(axis, keepdims=True)
