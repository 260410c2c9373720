"""Other right answers in NumPy."""

import math

import numpy as np


def mse_loss__loop(x, target):
    total = 0.0
    for a, b in zip(x.flat, target.flat, strict=True):
        total += float(a - b) ** 2
    return total / x.size


def mse_loss__dot(x, target):
    error = (x - target).ravel()
    return error @ error / error.size


def mse_loss__axis_by_axis(x, target):
    cost = np.square(target - x)
    while cost.ndim:
        cost = cost.mean(axis=0)
    return cost


def mse_loss_backward__loop(grad_output, x, target):
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        grad[index] = grad_output * 2 * (x[index] - target[index]) / x.size
    return grad


def mse_loss_backward__scale_first(grad_output, x, target):
    return (x - target) * (2 * float(grad_output) / math.prod(x.shape))


def huber_loss__clipped_size(x, target, delta=1.0):
    size = np.abs(x - target)
    inner = np.minimum(size, delta)
    return np.mean(inner * (size - 0.5 * inner))


def huber_loss__loop(x, target, delta=1.0):
    total = 0.0
    for a, b in zip(x.ravel().tolist(), target.ravel().tolist(), strict=True):
        error = abs(a - b)
        total += error * error / 2 if error < delta else delta * (error - delta / 2)
    return total / x.size


def huber_loss__masks(x, target, delta=1.0):
    error = x - target
    cost = 0.5 * error * error
    cost[error > delta] = delta * error[error > delta] - delta**2 / 2
    cost[error < -delta] = -delta * error[error < -delta] - delta**2 / 2
    return cost.mean()


def huber_loss_backward__where(grad_output, x, target, delta=1.0):
    error = x - target
    return grad_output / x.size * np.where(np.abs(error) < delta, error, delta * np.sign(error))


def huber_loss_backward__loop(grad_output, x, target, delta=1.0):
    grad = np.empty_like(x)
    for index in np.ndindex(x.shape):
        grad[index] = float(grad_output) * min(max(float(x[index] - target[index]), -delta), delta) / x.size
    return grad


def binary_cross_entropy_with_logits__logaddexp(x, target):
    return np.mean(target * np.logaddexp(0, -x) + (1 - target) * np.logaddexp(0, x))


def binary_cross_entropy_with_logits__softplus(x, target):
    softplus = np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))
    return (softplus - x * target).mean()


def binary_cross_entropy_with_logits__where(x, target):
    small = np.exp(-np.abs(x))
    return np.where(x > 0, (1 - target) * x + np.log1p(small), -target * x + np.log1p(small)).mean()


def binary_cross_entropy_with_logits__loop(x, target):
    total = 0.0
    for logit, t in zip(x.ravel().tolist(), target.ravel().tolist(), strict=True):
        total += max(logit, 0) - logit * t + math.log1p(math.exp(-abs(logit)))
    return total / x.size


def binary_cross_entropy_with_logits_backward__naive_sigmoid(grad_output, x, target):
    with np.errstate(over="ignore"):
        return grad_output * (1 / (1 + np.exp(-x)) - target) / x.size


def binary_cross_entropy_with_logits_backward__tanh(grad_output, x, target):
    return grad_output * (0.5 + 0.5 * np.tanh(0.5 * x) - target) / x.size


def binary_cross_entropy_with_logits_backward__masks(grad_output, x, target):
    p = np.empty_like(x)
    up = x >= 0
    p[up] = 1 / (1 + np.exp(-x[up]))
    p[~up] = np.exp(x[~up]) / (1 + np.exp(x[~up]))
    return (p - target) * (grad_output / x.size)


def cross_entropy__onehot(x, target, label_smoothing=0.0, ignore_index=-100):
    kept = target != ignore_index
    x, target = x[kept], target[kept]
    shifted = x - x.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    q = np.eye(x.shape[1], dtype=x.dtype)[target] * (1 - label_smoothing) + label_smoothing / x.shape[1]
    return -np.sum(q * logp) / len(x)


def cross_entropy__lse_minus_expected_logit(x, target, label_smoothing=0.0, ignore_index=-100):
    kept = np.flatnonzero(target != ignore_index)
    lse = np.logaddexp.reduce(x[kept], axis=1)
    expected = (1 - label_smoothing) * x[kept, target[kept]] + label_smoothing * x[kept].mean(axis=1)
    return np.mean(lse - expected)


def cross_entropy__masked_sum(x, target, label_smoothing=0.0, ignore_index=-100):
    kept = target != ignore_index
    safe = np.where(kept, target, 0)
    highest = x.max(axis=-1, keepdims=True)
    logp = x - (highest + np.log(np.exp(x - highest).sum(axis=-1, keepdims=True)))
    nll = -np.take_along_axis(logp, safe[:, None], axis=1)[:, 0]
    row = (1 - label_smoothing) * nll - label_smoothing * logp.sum(axis=1) / x.shape[1]
    return np.sum(row * kept) / int(np.count_nonzero(kept))


def cross_entropy__loop(x, target, label_smoothing=0.0, ignore_index=-100):
    total, count = 0.0, 0
    for row, label in zip(x.tolist(), target.tolist(), strict=True):
        if label == ignore_index:
            continue
        lse = max(row) + math.log(sum(math.exp(logit - max(row)) for logit in row))
        total += (1 - label_smoothing) * (lse - row[label]) + label_smoothing * (lse - sum(row) / len(row))
        count += 1
    return total / count


def cross_entropy_backward__softmax(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    grad = e / e.sum(axis=1, keepdims=True) - label_smoothing / x.shape[1]
    ignored = target == ignore_index
    rows = np.arange(len(x))[~ignored]
    grad[rows, target[rows]] -= 1 - label_smoothing
    grad[ignored] = 0
    return grad * (grad_output / len(rows))


def cross_entropy_backward__through_log_softmax(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    kept = target != ignore_index
    onehot = (target[:, None] == np.arange(x.shape[1])).astype(x.dtype)
    q = (1 - label_smoothing) * onehot + label_smoothing / x.shape[1]
    grad_logp = np.where(kept[:, None], -q, 0) * (grad_output / int(kept.sum()))
    shifted = x - x.max(axis=1, keepdims=True)
    p = np.exp(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
    return grad_logp - p * grad_logp.sum(axis=1, keepdims=True)


def cross_entropy_backward__loop(grad_output, x, target, label_smoothing=0.0, ignore_index=-100):
    grad = np.zeros_like(x)
    count = sum(label != ignore_index for label in target.tolist())
    for n, label in enumerate(target.tolist()):
        if label == ignore_index:
            continue
        e = np.exp(x[n] - x[n].max())
        for c in range(x.shape[1]):
            q = (1 - label_smoothing) * (c == label) + label_smoothing / x.shape[1]
            grad[n, c] = grad_output * (e[c] / e.sum() - q) / count
    return grad


def categorical_cross_entropy__two_bounds(probs, target, eps=1e-7):
    clipped = np.minimum(np.maximum(probs, eps), 1 - eps)
    return np.sum(-target * np.log(clipped)) / len(probs)


def categorical_cross_entropy__loop(probs, target, eps=1e-7):
    total = 0.0
    for row, wanted in zip(probs.tolist(), target.tolist(), strict=True):
        total -= sum(t * math.log(min(max(p, eps), 1 - eps)) for p, t in zip(row, wanted, strict=True))
    return total / len(probs)


def categorical_cross_entropy_backward__mask(grad_output, probs, target, eps=1e-7):
    grad = np.zeros_like(probs)
    inside = (probs > eps) & (probs < 1 - eps)
    grad[inside] = -target[inside] / probs[inside]
    return grad * grad_output / probs.shape[0]


def categorical_cross_entropy_backward__loop(grad_output, probs, target, eps=1e-7):
    grad = np.zeros_like(probs)
    for index, p in np.ndenumerate(probs):
        if eps < p < 1 - eps:
            grad[index] = -grad_output * target[index] / p / len(probs)
    return grad
