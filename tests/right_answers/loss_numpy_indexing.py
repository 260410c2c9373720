"""Fancy indices, masks and NumPy scalars of the input's dtype."""

import numpy as np


def mse_loss(x, target):
    return np.average(np.square(x - target))


def mse_loss_backward(grad_output, x, target):
    return (2 / x.size) * grad_output * np.subtract(x, target)


def huber_loss(x, target, delta=1.0):
    size = abs(x - target)
    small = size <= delta
    return (0.5 * (size[small] ** 2).sum() + delta * (size[~small] - delta / 2).sum()) / x.size


def huber_loss_backward(grad_output, x, target, delta=1.0):
    error = x - target
    error[error > delta] = delta
    error[error < -delta] = -delta
    error *= grad_output / x.size
    return error


def binary_cross_entropy_with_logits(x, target):
    positive = x > 0
    cost = np.log1p(np.exp(np.where(positive, -x, x))) - x * target
    cost[positive] += x[positive]
    return cost.sum() / cost.size


def binary_cross_entropy_with_logits_backward(grad_output, x, target):
    e = np.exp(-np.abs(x))
    p = np.where(x < 0, e, 1) / (1 + e)
    return (p - target) * grad_output / x.size


def _log_softmax(x):
    m = np.max(x, axis=1)[:, None]
    return x - m - np.log(np.exp(x - m).sum(1))[:, None]


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    rows = np.nonzero(target != ignore_index)[0]
    logp = _log_softmax(x[rows])
    nll = -logp[np.arange(rows.size), target[rows]].mean()
    uniform = -logp.mean()
    return (1 - label_smoothing) * nll + label_smoothing * uniform


def cross_entropy_backward(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    n, c = x.shape
    rows = np.nonzero(target != ignore_index)[0]
    grad = np.zeros((n, c), x.dtype)
    part = np.exp(_log_softmax(x[rows]))
    part -= label_smoothing / c
    part[np.arange(len(rows)), target[rows]] -= 1 - label_smoothing
    grad[rows] = part * grad_output / len(rows)
    return grad


def categorical_cross_entropy(probs, target, eps=1e-7):
    p = probs.copy()
    p[p < eps] = eps
    p[p > 1 - eps] = 1 - eps
    return np.mean(np.sum(target * -np.log(p), axis=1))


def categorical_cross_entropy_backward(grad_output, probs, target, eps=1e-7):
    inside = np.logical_and(probs > eps, probs < 1 - eps)
    grad = np.divide(-target, probs, out=np.zeros_like(probs), where=inside)
    grad *= grad_output
    grad /= len(probs)
    return grad
