"""One feature, one example, one number at a time."""

import numpy as np


def _statistics(values):
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / len(values)


def batch_norm(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    out, new_mean, new_var = np.zeros(x.shape, x.dtype), np.array(running_mean), np.array(running_var)
    for c in range(x.shape[1]):
        mean, var = running_mean[c], running_var[c]
        if training:
            values = x[:, c].reshape(-1)
            mean, var = _statistics(values)
            new_mean[c] = momentum * mean + (1 - momentum) * running_mean[c]
            new_var[c] = momentum * var * len(values) / (len(values) - 1) + (1 - momentum) * running_var[c]
        for n in range(x.shape[0]):
            out[n, c] = (x[n, c] - mean) / (var + eps) ** 0.5 * weight[c] + bias[c]
    return out, new_mean, new_var


def batch_norm_backward(grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    grad_x, grad_weight, grad_bias = np.zeros_like(x), np.zeros_like(weight), np.zeros_like(bias)
    for c in range(x.shape[1]):
        values, grads = x[:, c].reshape(-1), grad_output[:, c].reshape(-1)
        mean, var = _statistics(values) if training else (running_mean[c], running_var[c])
        s = (var + eps) ** 0.5
        one = np.zeros_like(values)
        dot = sum(g * (v - mean) / s for g, v in zip(grads, values, strict=True))
        for i, (g, v) in enumerate(zip(grads, values, strict=True)):
            minus = (sum(grads) + (v - mean) / s * dot) / len(values) if training else 0
            one[i] = weight[c] * (g - minus) / s
        grad_x[:, c] = one.reshape(x[:, c].shape)
        grad_weight[c], grad_bias[c] = dot, sum(grads)
    return grad_x, grad_weight, grad_bias


def layer_norm(x, normalized_shape, weight, bias, eps=1e-5):
    out = []
    for row in x.reshape(-1, weight.size):
        mean, var = _statistics(row)
        out += [(v - mean) / (var + eps) ** 0.5 * w + b for v, w, b in zip(row, weight.flat, bias.flat, strict=True)]
    return np.array(out, dtype=x.dtype).reshape(x.shape)


def layer_norm_backward(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    grad_x, grad_weight, grad_bias = [], np.zeros(weight.size, x.dtype), np.zeros(weight.size, x.dtype)
    for row, g in zip(x.reshape(-1, weight.size), grad_output.reshape(-1, weight.size), strict=True):
        mean, var = _statistics(row)
        s = np.sqrt(var + eps)
        z, h = (row - mean) / s, g * weight.ravel()
        grad_x.append((h - sum(h) / len(h) - z * sum(h * z) / len(h)) / s)
        grad_weight, grad_bias = grad_weight + g * z, grad_bias + g
    return np.stack(grad_x).reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(bias.shape)


def rms_norm(x, normalized_shape, weight, eps=1e-5):
    out = x.copy().reshape(-1, weight.size)
    for row in out:
        row *= weight.ravel() / np.sqrt(np.dot(row, row) / row.size + eps)
    return out.reshape(x.shape)


def rms_norm_backward(grad_output, x, normalized_shape, weight, eps=1e-5):
    grad_x, grad_weight = [], 0 * weight
    for one, g in zip(x.reshape(-1, *weight.shape), grad_output.reshape(-1, *weight.shape), strict=True):
        r = np.sqrt(np.mean(one * one) + eps)
        h = weight * g
        grad_x.append(h / r - one * np.sum(h * one) / (one.size * r**3))
        grad_weight += g * one / r
    return np.stack(grad_x).reshape(x.shape), grad_weight


def group_norm(x, num_groups, weight, bias, eps=1e-5):
    out, size = x.copy(), len(weight) // num_groups
    for n in range(len(x)):
        for c in range(len(weight)):
            first = c // size * size
            mean, var = _statistics(x[n, first : first + size].ravel())
            out[n, c] = weight[c] * (x[n, c] - mean) / (var + eps) ** 0.5 + bias[c]
    return out
