"""Nothing from the library: products of whole arrays, windows, and one large batch."""

from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _hidden(x, params):
    return np.einsum("nchw,uchw->nu", x, params[0].reshape(-1, *x.shape[1:])) + params[1]


def class_score(x, target, params):
    hidden = np.clip(_hidden(x, params), 0, None)
    return np.einsum("nu,nu->n", hidden, params[2][target]) + params[3][target]


def input_gradient(x, target, params):
    back = params[2].take(target, axis=0) * np.heaviside(_hidden(x, params), 0).astype(x.dtype)
    return np.tensordot(back, params[0].reshape(-1, *x.shape[1:]), axes=1)


def saliency(x, target, params):
    gradient = input_gradient(x, target, params)
    return np.sqrt(np.square(gradient).max(axis=1))


def integrated_gradients(x, baseline, target, params, steps):
    alphas = (np.arange(1, 2 * steps, 2) / (2 * steps)).astype(x.dtype)
    ways = [input_gradient(baseline * (1 - a) + x * a, target, params) for a in alphas]
    return np.average(ways, axis=0).astype(x.dtype) * (x - baseline[None])


def completeness_gap(attributions, x, baseline, target, params):
    start = np.tile(baseline, (len(x), 1, 1, 1))
    explained = class_score(x, target, params) - class_score(start, target, params)
    return np.einsum("nchw->n", attributions) - explained


def occlusion(x, target, params, size, stride, value=0.0):
    """Covering changes what arrives at the hidden units by what the patch's own weights take up."""
    w1, _, w2, _ = params
    pre = _hidden(x, params)
    weights = w1.reshape(-1, *x.shape[1:])
    seen = sliding_window_view(x, size, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    kernel = sliding_window_view(weights, size, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    change = np.einsum("ncijab,ucijab->niju", np.asarray(value, x.dtype) - seen, kernel)
    covered = np.maximum(pre[:, None, None] + change, 0)
    return np.einsum("niju,nu->nij", np.maximum(pre, 0)[:, None, None] - covered, w2[target])


def attention_rollout(attention):
    mixed = attention.sum(axis=1) / attention.shape[1] + np.identity(attention.shape[2], dtype=attention.dtype)
    return reduce(np.matmul, reversed(mixed * 0.5))
