"""Other right answers in NumPy."""

import itertools
import math

import numpy as np


def dropout__where(x, random, p=0.5, training=True):
    if not training or p == 0:
        return x
    return np.where(random < p, 0, x / (1 - p) if p < 1 else x)


def dropout__copy_and_overwrite(x, random, p=0.5, training=True):
    out = x.copy()
    if training:
        out[random < p] = 0
        out *= 1 / (1 - p) if p < 1 else 0
    return out


def dropout__typed_mask(x, random, p=0.5, training=True):
    if not training:
        return x.copy()
    mask = (random >= p).astype(x.dtype)
    return x * mask if p == 1 else x * (mask / (1 - p))


def dropout__loop(x, random, p=0.5, training=True):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if not training:
            out[index] = x[index]
        elif p < 1 and random[index] >= p:
            out[index] = x[index] / (1 - p)
    return out


def dropout__safe_division(x, random, p=0.5, training=True):
    return x * (random >= p) / max(1 - p, 1e-9) if training else x


def dropout_backward__where(grad_output, x, random, p=0.5, training=True):
    if not training:
        return grad_output
    if p == 1:
        return np.zeros(x.shape, x.dtype)
    return np.where(random >= p, grad_output / (1 - p), np.zeros_like(x))


def dropout_backward__derivative(grad_output, x, random, p=0.5, training=True):
    derivative = np.ones_like(x)
    if training:
        derivative[random < p] = 0
        derivative /= 1 - p or 1
    return grad_output * derivative


def l2_penalty__norms(params, weight_decay):
    return weight_decay / 2 * sum(np.linalg.norm(param) ** 2 for param in params)


def l2_penalty__dot_products(params, weight_decay):
    return float(sum(np.dot(param.ravel(), param.ravel()) for param in params)) * 0.5 * weight_decay


def l2_penalty__one_vector(params, weight_decay):
    flat = np.concatenate([param.reshape(-1) for param in params])
    return weight_decay * (flat @ flat) / 2


def l2_penalty__loop(params, weight_decay):
    total = 0.0
    for param in params:
        for value in param.ravel():
            total += 0.5 * weight_decay * float(value) ** 2
    return total


def l2_penalty_backward__list(grad_output, params, weight_decay):
    grads = []
    for param in params:
        grads.append(param * (weight_decay * float(grad_output)))
    return grads


def l2_penalty_backward__product_rule(grad_output, params, weight_decay):
    return tuple(0.5 * weight_decay * (param + param) * grad_output for param in params)


def early_stopping__distance(losses, patience, min_delta=0.0):
    last, best, lowest = -1, 0, math.inf
    for epoch, loss in enumerate(losses):
        if loss + min_delta < lowest:
            last, best, lowest = epoch, epoch, loss
        if epoch - last >= patience:
            break
    return epoch, best


def early_stopping__difference(losses, patience, min_delta=0.0):
    best, lowest, waited, epoch = 0, float("inf"), 0, 0
    while epoch < len(losses) and waited < patience:
        improves = math.isfinite(losses[epoch]) and lowest - losses[epoch] > min_delta
        waited = 0 if improves else waited + 1
        best, lowest = (epoch, losses[epoch]) if improves else (best, lowest)
        epoch += 1
    return epoch - 1, best


def early_stopping__list_of_improvements(losses, patience, min_delta=0.0):
    improved = []
    for epoch, loss in enumerate(losses):
        bar = min((losses[e] for e in improved), default=math.inf)
        if loss < bar - min_delta:
            improved.append(epoch)
    reached = [-1]
    for epoch in improved:
        if epoch - reached[-1] > patience:
            break
        reached.append(epoch)
    stop = min(reached[-1] + patience, len(losses) - 1)
    return [stop, max(reached[-1], 0)]


def early_stopping__array(losses, patience, min_delta=0.0):
    losses = np.nan_to_num(np.asarray(losses, dtype=float), nan=np.inf)
    best, bar, start = 0, np.inf, -1
    while True:
        window = losses[start + 1 : start + 1 + patience]
        hits = np.flatnonzero(window < bar - min_delta)
        if hits.size == 0:
            return int(min(start + patience, len(losses) - 1)), best
        start = best = int(start + 1 + hits[0])
        bar = losses[best]


def dropout2d__expand_dims(x, random, p=0.5, training=True):
    if not training:
        return x
    mask = np.expand_dims(random, (2, 3)) >= p
    return np.where(mask, x, 0) / (1 - p) if p < 1 else x * 0


def dropout2d__einsum(x, random, p=0.5, training=True):
    scale = np.ones_like(random)
    if training:
        scale = (random >= p) * random.dtype.type(0 if p == 1 else 1 / (1 - p))
    return np.einsum("nchw,nc->nchw", x, scale)


def dropout2d__loop(x, random, p=0.5, training=True):
    out = np.array(x)
    if training:
        for n, c in itertools.product(*map(range, random.shape)):
            out[n, c] = x[n, c] / (1 - p) if random[n, c] >= p and p != 1 else 0
    return out


def dropout2d__assigned(x, random, p=0.5, training=True):
    if not training:
        return x
    out = np.zeros_like(x)
    if p < 1:
        out[random >= p] = x[random >= p] / (1 - p)
    return out


def l1_penalty__norms(params, strength):
    return sum(strength * np.linalg.norm(param.ravel(), 1) for param in params)


def l1_penalty__signs(params, strength):
    return strength * sum((np.sign(param) * param).sum() for param in params)


def l1_penalty__roots(params, strength):
    return strength * float(sum(np.sqrt(param**2).sum() for param in params))


def l1_penalty_backward__comparisons(grad_output, params, strength):
    slope = float(strength * grad_output)
    return tuple(((param > 0).astype(param.dtype) - (param < 0)) * slope for param in params)


def l1_penalty_backward__select(grad_output, params, strength):
    grads = []
    for param in params:
        grad = np.zeros_like(param)
        grad[param > 0], grad[param < 0] = strength, -strength
        grads.append(grad_output * grad)
    return grads


def max_norm__where(weight, limit):
    flat = weight.reshape(len(weight), -1)
    norms = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.where(norms > limit, flat / np.where(norms > 0, norms, 1) * limit, flat).reshape(weight.shape)


def max_norm__loop(weight, limit):
    out = weight.copy()
    for row in out:
        norm = float(np.sqrt((row**2).sum()))
        if norm > limit:
            row *= limit / norm
    return out


def max_norm__minimum(weight, limit):
    norms = np.sqrt(np.einsum("oi,oi->o", *(weight.reshape(len(weight), -1),) * 2))
    factors = np.minimum(1, limit / np.maximum(norms, 1e-30))
    return (weight.T * factors).T


def max_norm__selected_rows(weight, limit):
    norms = np.array([np.linalg.norm(row.ravel()) for row in weight])
    out, long = weight + 0, norms > limit
    out[long] *= (limit / norms[long]).reshape(-1, *(1,) * (weight.ndim - 1)).astype(weight.dtype)
    return out
