"""Masks that are multiplied, and answers put together from parts."""

import numpy as np


def scale_of(random, p, training):
    """Return what each element is multiplied by."""
    if not training or p == 0:
        return np.ones_like(random)
    if p >= 1:
        return np.zeros_like(random)
    return np.greater_equal(random, p).astype(random.dtype) / (1 - p)


def dropout(x, random, p=0.5, training=True):
    return np.multiply(x, scale_of(random, p, training))


def dropout_backward(grad_output, x, random, p=0.5, training=True):
    return scale_of(random, p, training) * grad_output


def l2_penalty(params, weight_decay):
    parts = [np.einsum("i,i->", param.ravel(), param.ravel()) for param in params]
    return np.sum(parts) * (weight_decay / 2)


def l2_penalty_backward(grad_output, params, weight_decay):
    return [weight_decay * grad_output * param for param in params]


def early_stopping(losses, patience, min_delta=0.0):
    history = []
    for epoch, loss in enumerate(losses):
        bar = history[-1][1] - min_delta if history else float("inf")
        if np.isfinite(loss) and loss < bar:
            history.append((epoch, loss))
        since = epoch - history[-1][0] if history else epoch + 1
        if since >= patience:
            return epoch, history[-1][0] if history else 0
    return len(losses) - 1, history[-1][0] if history else 0


def dropout2d(x, random, p=0.5, training=True):
    whole = np.broadcast_to(scale_of(random, p, training).reshape(*random.shape, 1, 1), x.shape)
    return whole * x


def l1_penalty(params, strength):
    everything = np.concatenate([param.reshape(-1) for param in params])
    return np.abs(everything).sum() * strength


def l1_penalty_backward(grad_output, params, strength):
    factor = strength * grad_output.item()
    return tuple(np.where(param > 0, 1, np.where(param < 0, -1, 0)).astype(param.dtype) * factor for param in params)


def max_norm(weight, limit):
    rows = np.reshape(weight, (weight.shape[0], -1))
    lengths = np.sqrt(np.sum(rows * rows, axis=1))
    long = lengths > limit
    factors = np.ones_like(lengths)
    factors[long] = limit / lengths[long]
    return np.reshape(np.diag(factors) @ rows, weight.shape)
