"""Other right answers in NumPy."""

import functools

import numpy as np
from explain_library_numpy import linear, relu


def class_score__products(x, target, params):
    """Take the class's row of the last layer first."""
    w1, b1, w2, b2 = params
    hidden = relu(linear(x.reshape(len(x), -1), w1, b1))
    return (hidden * w2[target]).sum(axis=1) + b2[target]


def class_score__loop(x, target, params):
    """One image at a time."""
    w1, b1, w2, b2 = params
    pairs = zip(x, target, strict=True)
    return np.array([w2[k] @ np.maximum(w1 @ image.ravel() + b1, 0) + b2[k] for image, k in pairs], dtype=x.dtype)


def input_gradient__closed_form(x, target, params):
    """Rows of the last layer, masked by who is awake, times the first layer."""
    w1, b1, w2, _ = params
    awake = linear(x.reshape(len(x), -1), w1, b1) > 0
    return (w2[target] * awake @ w1).reshape(x.shape)


def input_gradient__loop(x, target, params):
    """One image at a time."""
    w1, b1, w2, _ = params
    grads = [w1.T @ np.where(w1 @ image.ravel() + b1 > 0, w2[k], 0) for image, k in zip(x, target, strict=True)]
    return np.array(grads, dtype=x.dtype).reshape(x.shape)


def saliency__two_ends(x, target, params):
    """The larger of the largest and the negated smallest gradient."""
    found = input_gradient__closed_form(x, target, params)
    return np.maximum(found.max(axis=1), -found.min(axis=1))


def integrated_gradients__one_batch(x, baseline, target, params, steps):
    """All points at once, as one large batch."""
    alphas = ((np.arange(steps) + 0.5) / steps).astype(x.dtype).reshape(-1, 1, 1, 1, 1)
    points = baseline + alphas * (x - baseline)
    grads = input_gradient__closed_form(points.reshape(-1, *x.shape[1:]), np.tile(target, steps), params)
    return (x - baseline) * grads.reshape(points.shape).mean(axis=0)


def integrated_gradients__one_product(x, baseline, target, params, steps):
    """Units change evenly on the way: two forward passes say who is awake where, and one product goes back."""
    w1, b1, w2, _ = params
    start, end = linear(baseline.reshape(1, -1), w1, b1), linear(x.reshape(len(x), -1), w1, b1)
    alphas = ((np.arange(steps) + 0.5) / steps).astype(x.dtype)[:, None, None]
    awake = (start + alphas * (end - start) > 0).mean(axis=0, dtype=x.dtype)
    return (x - baseline) * (w2[target] * awake @ w1).reshape(x.shape)


def integrated_gradients__mixtures(x, baseline, target, params, steps):
    """Points as mixtures of the two images."""
    grads = []
    for k in range(1, steps + 1):
        alpha = (k - 0.5) / steps
        grads.append(input_gradient__closed_form((1 - alpha) * baseline + alpha * x, target, params))
    return np.mean(grads, axis=0, dtype=x.dtype) * (x - baseline)


def completeness_gap__one_batch(attributions, x, baseline, target, params):
    """Images and baseline in one batch."""
    both = np.concatenate([x, np.repeat(baseline[None], len(x), axis=0)])
    scores = class_score__products(both, np.concatenate([target, target]), params)
    return attributions.reshape(len(x), -1).sum(axis=1) - scores[: len(x)] + scores[len(x) :]


def occlusion__masks(x, target, params, size, stride, value=0.0):
    """Choose between image and value by a mask, all places in one batch."""
    rows = range(0, x.shape[2] - size[0] + 1, stride[0])
    columns = range(0, x.shape[3] - size[1] + 1, stride[1])
    masks = np.zeros((len(rows), len(columns), *x.shape[2:]), dtype=bool)
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            masks[i, j, top : top + size[0], left : left + size[1]] = True
    covered = np.where(masks[None, :, :, None], np.asarray(value, x.dtype), x[:, None, None])
    many = len(rows) * len(columns)
    scores = class_score__products(covered.reshape(-1, *x.shape[1:]), np.repeat(target, many), params)
    return class_score__products(x, target, params)[:, None, None] - scores.reshape(len(x), len(rows), len(columns))


def attention_rollout__normalised(attention):
    """Add the identity and divide each row by its sum."""
    mixed = attention.mean(axis=1) + np.eye(attention.shape[-1], dtype=attention.dtype)
    return functools.reduce(lambda later, earlier: later @ earlier, (mixed / mixed.sum(axis=-1, keepdims=True))[::-1])


def attention_rollout__einsum(attention):
    """Heads averaged last, inside of the product."""
    heads = attention.shape[1]
    rollout = np.eye(attention.shape[-1], dtype=attention.dtype)
    for weights in attention:
        rollout = 0.5 * rollout + 0.5 * np.einsum("hij,jk->ik", weights, rollout) / heads
    return rollout
