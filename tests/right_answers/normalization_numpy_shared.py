"""One function that normalizes over any axes, and one that goes back through it, for all of them."""

import numpy as np


def standardize(x, axes, eps, centre=True):
    if centre:
        x = x - np.mean(x, axis=axes, keepdims=True)
    return x / np.sqrt(np.mean(x**2, axis=axes, keepdims=True) + eps)


def back(g, x, axes, eps, centre=True):
    z = standardize(x, axes, eps, centre)
    if centre:
        x = x - np.mean(x, axis=axes, keepdims=True)
        g = g - np.mean(g, axis=axes, keepdims=True)
    inner = np.mean(g * z, axis=axes, keepdims=True)
    return (g - z * inner) / np.sqrt(np.mean(x**2, axis=axes, keepdims=True) + eps)


def up(v, x):
    return np.expand_dims(v, tuple(range(1, x.ndim - 1)))


def batch_norm(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    if training:
        axes = tuple({*range(x.ndim)} - {1})
        z = standardize(x, axes, eps)
        running_mean = running_mean + momentum * (np.mean(x, axis=axes) - running_mean)
        running_var = running_var + momentum * (np.var(x, axis=axes, ddof=1) - running_var)
    else:
        z = (x - up(running_mean, x)) / up(np.sqrt(running_var + eps), x)
    return z * up(weight, x) + up(bias, x), running_mean, running_var


def batch_norm_backward(grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    axes = tuple({*range(x.ndim)} - {1})
    h = grad_output * up(weight, x)
    if training:
        z, grad_x = standardize(x, axes, eps), back(h, x, axes, eps)
    else:
        std = up(np.sqrt(running_var + eps), x)
        z, grad_x = (x - up(running_mean, x)) / std, h / std
    return grad_x, np.sum(grad_output * z, axis=axes), np.sum(grad_output, axis=axes)


def _axes(x, normalized_shape):
    k = x.ndim - len(normalized_shape)
    return tuple(range(k, x.ndim)), tuple(range(k))


def layer_norm(x, normalized_shape, weight, bias, eps=1e-5):
    return weight * standardize(x, _axes(x, normalized_shape)[0], eps) + bias


def layer_norm_backward(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    axes, leading = _axes(x, normalized_shape)
    z = standardize(x, axes, eps)
    return back(weight * grad_output, x, axes, eps), (grad_output * z).sum(leading), grad_output.sum(leading)


def rms_norm(x, normalized_shape, weight, eps=1e-5):
    return weight * standardize(x, _axes(x, normalized_shape)[0], eps, centre=False)


def rms_norm_backward(grad_output, x, normalized_shape, weight, eps=1e-5):
    axes, leading = _axes(x, normalized_shape)
    z = standardize(x, axes, eps, centre=False)
    return back(weight * grad_output, x, axes, eps, centre=False), (grad_output * z).sum(leading)


def group_norm(x, num_groups, weight, bias, eps=1e-5):
    z = standardize(x.reshape(-1, x[0].size // num_groups), (1,), eps).reshape(x.shape)
    return z * up(weight, x) + up(bias, x)
