"""Dot products, einsum, one-hot tables and logaddexp; sums in another order."""

import numpy as np


def mse_loss(x, target):
    e = (x - target).ravel()
    return np.vdot(e, e) / e.size


def mse_loss_backward(grad_output, x, target):
    return np.einsum(",...->...", np.asarray(2 * grad_output / x.size, dtype=x.dtype), x - target)


def huber_loss(x, target, delta=1.0):
    size = np.sort(np.abs(x - target), axis=None)[::-1]
    inner = np.minimum(size, delta)
    return np.sum(0.5 * inner**2 + delta * (size - inner)) / x.size


def huber_loss_backward(grad_output, x, target, delta=1.0):
    error = x - target
    return grad_output * np.sign(error) * np.minimum(np.abs(error), delta) / x.size


def binary_cross_entropy_with_logits(x, target):
    return np.cumsum(np.logaddexp(0, x) - x * target)[-1] / x.size


def binary_cross_entropy_with_logits_backward(grad_output, x, target):
    return (np.exp(-np.logaddexp(0, -x)) - target) * (grad_output / x.size)


def _targets(x, target, smoothing, kept):
    safe = np.where(kept, target, 0)
    onehot = np.eye(x.shape[1], dtype=x.dtype)[safe]
    return (1 - smoothing) * onehot + smoothing / x.shape[1]


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    kept = target != ignore_index
    q = _targets(x, target, label_smoothing, kept)
    logp = x - np.logaddexp.reduce(x, axis=1, keepdims=True)
    weights = kept.astype(x.dtype) / x.dtype.type(kept.sum())
    return -np.einsum("n,nc,nc->", weights, q, logp)


def cross_entropy_backward(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    kept = target != ignore_index
    q = _targets(x, target, label_smoothing, kept)
    p = np.exp(x - np.logaddexp.reduce(x, axis=1, keepdims=True))
    return (p - q) * kept[:, np.newaxis] * (grad_output / x.dtype.type(np.count_nonzero(kept)))


def categorical_cross_entropy(probs, target, eps=1e-7):
    p = np.maximum(eps, np.minimum(probs, 1 - eps))
    return -np.tensordot(target, np.log(p), axes=2) / len(probs)


def categorical_cross_entropy_backward(grad_output, probs, target, eps=1e-7):
    p = np.maximum(eps, np.minimum(probs, 1 - eps))
    return -(grad_output / len(probs)) * target / p * (p == probs)
