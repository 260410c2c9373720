"""Loops with Python floats; every loss is a Python float."""

import math

import numpy as np


def _pairs(x, target):
    return zip(x.ravel().tolist(), target.ravel().tolist(), strict=True)


def mse_loss(x, target):
    return math.fsum((a - b) ** 2 for a, b in _pairs(x, target)) / x.size


def mse_loss_backward(grad_output, x, target):
    grad = np.empty_like(x)
    for i in range(x.size):
        grad.flat[i] = 2 * (x.flat[i] - target.flat[i]) * grad_output / x.size
    return grad


def huber_loss(x, target, delta=1.0):
    total = 0.0
    for a, b in _pairs(x, target):
        e = a - b
        if abs(e) <= delta:
            total += e**2 / 2
        else:
            total += delta * abs(e) - delta**2 / 2
    return total / x.size


def huber_loss_backward(grad_output, x, target, delta=1.0):
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        e = x[index] - target[index]
        if e > delta:
            e = delta
        elif e < -delta:
            e = -delta
        grad[index] = e * grad_output / x.size
    return grad


def _log_sigmoid(value):
    return -math.log1p(math.exp(-value)) if value >= 0 else value - math.log1p(math.exp(value))


def binary_cross_entropy_with_logits(x, target):
    costs = [-t * _log_sigmoid(value) - (1 - t) * _log_sigmoid(-value) for value, t in _pairs(x, target)]
    return sum(costs) / len(costs)


def binary_cross_entropy_with_logits_backward(grad_output, x, target):
    grad = [(math.exp(_log_sigmoid(value)) - t) / x.size * float(grad_output) for value, t in _pairs(x, target)]
    return np.array(grad, dtype=x.dtype).reshape(x.shape)


def _shares(row, label, smoothing):
    rest = smoothing / len(row)
    return [1 - smoothing + rest if c == label else rest for c in range(len(row))]


def _log_softmax(row):
    top = max(row)
    lse = top + math.log(sum(math.exp(value - top) for value in row))
    return [value - lse for value in row]


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    costs = []
    for row, label in zip(x.tolist(), target.tolist(), strict=True):
        if label != ignore_index:
            shares = _shares(row, label, label_smoothing)
            costs.append(-sum(q * logp for q, logp in zip(shares, _log_softmax(row), strict=True)))
    return sum(costs) / len(costs)


def cross_entropy_backward(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    kept = [label != ignore_index for label in target]
    grad = np.zeros(x.shape, dtype=x.dtype)
    for n, row in enumerate(x.tolist()):
        if kept[n]:
            p = [math.exp(logp) for logp in _log_softmax(row)]
            q = _shares(row, int(target[n]), label_smoothing)
            for c in range(len(row)):
                grad[n][c] = grad_output * (p[c] - q[c]) / sum(kept)
    return grad


def categorical_cross_entropy(probs, target, eps=1e-7):
    total = 0.0
    for n in range(probs.shape[0]):
        for c in range(probs.shape[1]):
            p = float(probs[n, c])
            p = eps if p < eps else 1 - eps if p > 1 - eps else p
            total -= float(target[n, c]) * math.log(p)
    return total / probs.shape[0]


def categorical_cross_entropy_backward(grad_output, probs, target, eps=1e-7):
    grad = np.zeros_like(probs)
    for n in range(probs.shape[0]):
        for c in range(probs.shape[1]):
            if eps <= probs[n, c] <= 1 - eps:
                grad[n, c] = -target[n, c] * grad_output / (probs[n, c] * probs.shape[0])
    return grad
