"""Element by element in plain Python, as a first attempt is written."""

import math

import numpy as np


def _each(x, function):
    out = np.zeros(x.shape, dtype=x.dtype)
    for i in range(x.size):
        out.flat[i] = function(float(x.flat[i]))
    return out


def _rows(x, axis):
    """Return one list of numbers a slice, and where each slice goes."""
    front = np.moveaxis(x, axis, -1)
    return [(index, [float(value) for value in front[index]]) for index in np.ndindex(front.shape[:-1])]


def relu(x):
    return _each(x, lambda value: value if value > 0 else 0.0)


def relu_backward(grad_output, x):
    grad = np.zeros_like(x)
    for index, value in np.ndenumerate(x):
        if value > 0:
            grad[index] = grad_output[index]
    return grad


def leaky_relu(x, negative_slope=0.01):
    return _each(x, lambda value: value if value > 0 else negative_slope * value)


def leaky_relu_backward(grad_output, x, negative_slope=0.01):
    grad = np.zeros_like(x)
    for index, value in np.ndenumerate(x):
        grad[index] = grad_output[index] * (1 if value > 0 else negative_slope)
    return grad


def _sigmoid(value):
    if value < 0:
        e = math.exp(value)
        return e / (1 + e)
    return 1 / (1 + math.exp(-value))


def sigmoid(x):
    return _each(x, _sigmoid)


def sigmoid_backward(grad_output, x):
    return grad_output * _each(x, lambda value: _sigmoid(value) * _sigmoid(-value))


def tanh(x):
    return _each(x, math.tanh)


def tanh_backward(grad_output, x):
    return grad_output * _each(x, lambda value: 1 - math.tanh(value) ** 2)


def gelu(x, approximate="none"):
    def one(value):
        if approximate == "tanh":
            return 0.5 * value * (1 + math.tanh(math.sqrt(2 / math.pi) * (value + 0.044715 * value**3)))
        return 0.5 * value * math.erfc(-value / math.sqrt(2))

    return _each(x, one)


def gelu_backward(grad_output, x, approximate="none"):
    def one(value):
        if approximate == "none":
            cdf = 0.5 * (1 + math.erf(value / math.sqrt(2)))
            return cdf + value * math.exp(-0.5 * value * value) / math.sqrt(2 * math.pi)
        c = math.sqrt(2 / math.pi)
        t = math.tanh(c * (value + 0.044715 * value**3))
        return 0.5 * (1 + t) + 0.5 * value * (1 - t**2) * c * (1 + 3 * 0.044715 * value**2)

    return grad_output * _each(x, one)


def silu(x):
    return _each(x, lambda value: value * _sigmoid(value))


def silu_backward(grad_output, x):
    def one(value):
        s = _sigmoid(value)
        return s + value * s * (1 - s)

    return grad_output * _each(x, one)


def _logsumexp(row):
    """Online: one pass, with the largest so far and the sum relative to it."""
    top, total = -math.inf, 0.0
    for value in row:
        if value > top:
            top, total = value, total * math.exp(top - value) + 1
        else:
            total += math.exp(value - top)
    return top + math.log(total)


def logsumexp(x, axis=-1):
    out = np.zeros(np.moveaxis(x, axis, -1).shape[:-1], dtype=x.dtype)
    for index, row in _rows(x, axis):
        out[index] = _logsumexp(row)
    return out


def _softmax(row):
    e = [math.exp(value - max(row)) for value in row]
    return [one / math.fsum(e) for one in e]


def _by_rows(x, axis, function):
    out = np.empty_like(x)
    front = np.moveaxis(out, axis, -1)
    for index, row in _rows(x, axis):
        front[index] = function(index, row)
    return out


def softmax(x, axis=-1):
    return _by_rows(x, axis, lambda index, row: _softmax(row))


def logsumexp_backward(grad_output, x, axis=-1):
    return _by_rows(x, axis, lambda index, row: [p * float(grad_output[index]) for p in _softmax(row)])


def softmax_backward(grad_output, x, axis=-1):
    grads = np.moveaxis(grad_output, axis, -1)

    def one(index, row):
        p, n = _softmax(row), len(row)
        return [sum(grads[index][i] * p[i] * ((i == j) - p[j]) for i in range(n)) for j in range(n)]

    return _by_rows(x, axis, one)


def log_softmax(x, axis=-1):
    return _by_rows(x, axis, lambda index, row: [value - _logsumexp(row) for value in row])


def log_softmax_backward(grad_output, x, axis=-1):
    grads = np.moveaxis(grad_output, axis, -1)

    def one(index, row):
        g, p = grads[index].tolist(), _softmax(row)
        return [g[j] - p[j] * sum(g) for j in range(len(row))]

    return _by_rows(x, axis, one)
