"""One general way back through the layers, from any gradient of the logits; rollout from the last layer down."""

import numpy as np
from explain_library_numpy import linear, linear_backward, relu, relu_backward


def _forward(x, params):
    flat = x.reshape(x.shape[0], -1)
    pre = linear(flat, *params[:2])
    return flat, pre, linear(relu(pre), *params[2:])


def _backward(grad, x, params):
    flat, pre, _ = _forward(x, params)
    grad, *_ = linear_backward(grad, relu(pre), *params[2:])
    grad, *_ = linear_backward(relu_backward(grad, pre), flat, *params[:2])
    return grad.reshape(x.shape)


def class_score(x, target, params):
    *_, logits = _forward(x, params)
    return np.take_along_axis(logits, target[:, None], axis=1)[:, 0]


def input_gradient(x, target, params):
    hot = (target[:, None] == np.arange(len(params[3]))).astype(x.dtype)
    return _backward(hot, x, params)


def saliency(x, target, params):
    return np.linalg.norm(input_gradient(x, target, params), ord=np.inf, axis=1)


def integrated_gradients(x, baseline, target, params, steps):
    """All images of all steps, in the order of the images."""
    repeated, classes = np.repeat(x, steps, axis=0), np.repeat(target, steps)
    alphas = np.tile((np.arange(steps, dtype=x.dtype) + x.dtype.type(0.5)) / steps, len(x))[:, None, None, None]
    grads = input_gradient(baseline + alphas * (repeated - baseline), classes, params)
    return (x - baseline) * grads.reshape(len(x), steps, *x.shape[1:]).mean(axis=1)


def completeness_gap(attributions, x, baseline, target, params):
    (start,) = _forward(baseline[None], params)[-1]
    return (
        attributions.reshape(len(x), -1) @ np.ones(x[0].size, x.dtype) - class_score(x, target, params) + start[target]
    )


def occlusion(x, target, params, size, stride, value=0.0):
    (kh, kw), (sh, sw) = size, stride
    down, across = (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1
    whole = class_score(x, target, params)
    found = np.zeros((len(x), down, across), dtype=x.dtype)
    changed = x.copy()
    for i, j in np.ndindex(down, across):
        patch = np.s_[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
        changed[patch] = value
        found[:, i, j] = whole - class_score(changed, target, params)
        changed[patch] = x[patch]
    return found


def attention_rollout(attention):
    rollout = np.eye(attention.shape[-1]).astype(attention.dtype)
    for layer in range(len(attention) - 1, -1, -1):
        rollout = 0.5 * (rollout @ attention[layer].mean(axis=0)) + 0.5 * rollout
    return rollout
