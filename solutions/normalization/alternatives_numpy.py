"""Other right answers in NumPy."""

import numpy as np


def batch_norm__features_last(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    rows = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])  # (n, C): nothing needs more axes
    mean, var = running_mean, running_var
    if training:
        mean, var = rows.mean(axis=0), rows.var(axis=0)
        running_mean = running_mean + momentum * (mean - running_mean)
        running_var = running_var + momentum * (rows.var(axis=0, ddof=1) - running_var)
    output = (rows - mean) / np.sqrt(var + eps) * weight + bias
    moved = output.reshape(*(x.shape[0], *x.shape[2:]), x.shape[1])
    return np.moveaxis(moved, -1, 1), running_mean, running_var


def batch_norm__one_feature_at_a_time(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    output, means, variances = np.empty_like(x), running_mean.copy(), running_var.copy()
    for c in range(x.shape[1]):
        values, mean, var = x[:, c], running_mean[c], running_var[c]
        if training:
            mean, var = values.mean(), values.var()
            means[c] = (1 - momentum) * means[c] + momentum * mean
            variances[c] = (1 - momentum) * variances[c] + momentum * values.var(ddof=1)
        output[:, c] = weight[c] * (values - mean) / np.sqrt(var + eps) + bias[c]
    return output, means, variances


def batch_norm__scale_and_shift(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    shape = (1, x.shape[1], *[1] * (x.ndim - 2))
    if training:
        axes = tuple(axis for axis in range(x.ndim) if axis != 1)
        mean = np.mean(x, axis=axes)
        centred = x - mean.reshape(shape)
        squares = np.square(centred).sum(axis=axes)
        count = x[:, 0].size
        var, unbiased = squares / count, squares / (count - 1)
        statistics = (
            (1 - momentum) * running_mean + momentum * mean,
            running_var * (1 - momentum) + momentum * unbiased,
        )
    else:
        centred, var, statistics = (
            x - running_mean.reshape(shape),
            running_var,
            (running_mean.copy(), running_var.copy()),
        )
    scale = weight / np.sqrt(var + eps)
    return centred * scale.reshape(shape) + bias.reshape(shape), *statistics


def batch_norm__std_squared(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    wide = (..., *[None] * (x.ndim - 2))
    mean, var = running_mean, running_var
    if training:
        axes = (0, *range(2, x.ndim))
        mean, var = x.mean(axis=axes), x.std(axis=axes) ** 2
        running_mean = momentum * mean + (1 - momentum) * running_mean
        running_var = momentum * x.std(axis=axes, ddof=1) ** 2 + (1 - momentum) * running_var
    output = (x - mean[wide]) * (var + eps)[wide] ** -0.5 * weight[wide] + bias[wide]
    return [output, running_mean, running_var]


def batch_norm_backward__step_by_step(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    axes, shape = (0, *range(2, x.ndim)), (-1, *[1] * (x.ndim - 2))
    mean, var = (x.mean(axis=axes), x.var(axis=axes)) if training else (running_mean, running_var)
    centred, root = x - mean.reshape(shape), np.sqrt(var + eps).reshape(shape)
    grad_normalized = grad_output * weight.reshape(shape)
    grad_x = grad_normalized / root
    if training:
        count = x.size // x.shape[1]
        grad_var = (grad_normalized * centred).sum(axis=axes, keepdims=True) * -0.5 / root**3
        grad_mean = -(grad_normalized / root).sum(axis=axes, keepdims=True)
        grad_x = grad_x + grad_var * 2 * centred / count + grad_mean / count
    return grad_x, (grad_output * centred / root).sum(axis=axes), grad_output.sum(axis=axes)


def batch_norm_backward__from_the_sums(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    rows, grads = (np.moveaxis(one, 1, -1).reshape(-1, x.shape[1]) for one in (x, grad_output))
    mean, var = (rows.mean(axis=0), rows.var(axis=0)) if training else (running_mean, running_var)
    normalized = (rows - mean) / np.sqrt(var + eps)
    grad_weight, grad_bias = np.einsum("nc,nc->c", grads, normalized), grads.sum(axis=0)
    corrections = (grad_bias + normalized * grad_weight) / len(rows) if training else 0
    grad_rows = weight / np.sqrt(var + eps) * (grads - corrections)
    grad_x = np.moveaxis(grad_rows.reshape(x.shape[0], *x.shape[2:], x.shape[1]), -1, 1)
    return grad_x, grad_weight, grad_bias


def batch_norm_backward__jacobian(
    grad_output, x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    grad_x, grad_weight, grad_bias = np.empty_like(x), np.empty_like(weight), np.empty_like(bias)
    for c in range(x.shape[1]):
        values, g = x[:, c].ravel(), grad_output[:, c].ravel()
        n, eye = len(values), np.eye(len(values), dtype=x.dtype)
        mean, var = (values.mean(), values.var()) if training else (running_mean[c], running_var[c])
        normalized = (values - mean) / np.sqrt(var + eps)
        jacobian = (eye - 1 / n - np.outer(normalized, normalized) / n) if training else eye
        grad_x[:, c] = (jacobian @ g * weight[c] / np.sqrt(var + eps)).reshape(x[:, c].shape)
        grad_weight[c], grad_bias[c] = g @ normalized, g.sum()
    return grad_x, grad_weight, grad_bias


def layer_norm__flattened(x, normalized_shape, weight, bias, eps=1e-5):
    rows = x.reshape(-1, weight.size)
    centred = rows - rows.mean(axis=1, keepdims=True)
    root = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + eps)
    return (centred / root * weight.ravel() + bias.ravel()).reshape(x.shape)


def layer_norm__one_example_at_a_time(x, normalized_shape, weight, bias, eps=1e-5):
    examples = x.reshape(-1, *normalized_shape)
    found = [weight * (one - one.mean()) / np.sqrt(one.var() + eps) + bias for one in examples]
    return np.array(found, dtype=x.dtype).reshape(x.shape)


def layer_norm__by_einsum(x, normalized_shape, weight, bias, eps=1e-5):
    rows = x.reshape(-1, weight.size)
    centred = rows - np.einsum("nk->n", rows)[:, None] / weight.size
    var = np.einsum("nk,nk->n", centred, centred)[:, None] / weight.size
    return (centred * (var + eps) ** -0.5).reshape(x.shape) * weight + bias


def layer_norm_backward__step_by_step(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    axes, leading = tuple(range(-weight.ndim, 0)), tuple(range(x.ndim - weight.ndim))
    centred = x - x.mean(axis=axes, keepdims=True)
    root = np.sqrt((centred**2).mean(axis=axes, keepdims=True) + eps)
    grad_normalized = grad_output * weight
    grad_root = -(grad_normalized * centred).sum(axis=axes, keepdims=True) / root**2
    grad_centred = grad_normalized / root + grad_root * centred / (root * weight.size)
    grad_x = grad_centred - grad_centred.mean(axis=axes, keepdims=True)
    return grad_x, (grad_output * centred / root).sum(axis=leading), grad_output.sum(axis=leading)


def layer_norm_backward__flattened(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    rows, grads = x.reshape(-1, weight.size), grad_output.reshape(-1, weight.size)
    root = np.sqrt(rows.var(axis=1, keepdims=True) + eps)
    normalized = (rows - rows.mean(axis=1, keepdims=True)) / root
    h = grads * weight.ravel()
    product = np.einsum("nk,nk->n", h, normalized)[:, None]
    grad_rows = (weight.size * h - h.sum(axis=1, keepdims=True) - normalized * product) / (weight.size * root)
    grad_weight, grad_bias = (grads * normalized).sum(axis=0), grads.sum(axis=0)
    return grad_rows.reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(bias.shape)


def layer_norm_backward__one_example_at_a_time(grad_output, x, normalized_shape, weight, bias, eps=1e-5):
    grad_x, grad_weight, grad_bias = [], np.zeros_like(weight), np.zeros_like(bias)
    for one, g in zip(x.reshape(-1, *weight.shape), grad_output.reshape(-1, *weight.shape), strict=True):
        root = np.sqrt(one.var() + eps)
        normalized, h = (one - one.mean()) / root, g * weight
        grad_x.append((h - h.mean() - normalized * (h * normalized).mean()) / root)
        grad_weight += g * normalized
        grad_bias += g
    return np.array(grad_x).reshape(x.shape), grad_weight, grad_bias


def rms_norm__by_length(x, normalized_shape, weight, eps=1e-5):
    rows = x.reshape(-1, weight.size)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.sqrt(length**2 / weight.size + eps)).reshape(x.shape) * weight


def rms_norm__one_example_at_a_time(x, normalized_shape, weight, eps=1e-5):
    found = [one * weight / np.sqrt(np.mean(one**2) + eps) for one in x.reshape(-1, *normalized_shape)]
    return np.stack(found).reshape(x.shape)


def rms_norm__reciprocal(x, normalized_shape, weight, eps=1e-5):
    axes = tuple(range(x.ndim - len(normalized_shape), x.ndim))
    return weight * (x * (np.square(x).mean(axis=axes, keepdims=True) + eps) ** -0.5)


def rms_norm_backward__by_the_rule_of_quotients(grad_output, x, normalized_shape, weight, eps=1e-5):
    axes, leading = tuple(range(-weight.ndim, 0)), tuple(range(x.ndim - weight.ndim))
    square = (x * x).mean(axis=axes, keepdims=True) + eps
    root, h = np.sqrt(square), grad_output * weight
    inner = (h * x).sum(axis=axes, keepdims=True) / weight.size
    return (h * square - x * inner) / (square * root), (grad_output * x / root).sum(axis=leading)


def rms_norm_backward__flattened(grad_output, x, normalized_shape, weight, eps=1e-5):
    rows, grads = x.reshape(-1, weight.size), grad_output.reshape(-1, weight.size)
    scale = 1 / np.sqrt(np.mean(rows**2, axis=1, keepdims=True) + eps)
    h = grads * weight.ravel()
    grad_rows = scale * h - scale**3 * rows * np.mean(h * rows, axis=1, keepdims=True)
    return grad_rows.reshape(x.shape), np.einsum("nk,nk->k", grads, rows * scale).reshape(weight.shape)


def group_norm__one_group_at_a_time(x, num_groups, weight, bias, eps=1e-5):
    output, size = np.empty_like(x), x.shape[1] // num_groups
    for n in range(len(x)):
        for start in range(0, x.shape[1], size):
            group = x[n, start : start + size]
            output[n, start : start + size] = (group - group.mean()) / np.sqrt(group.var() + eps)
    shape = (x.shape[1], *[1] * (x.ndim - 2))
    return output * weight.reshape(shape) + bias.reshape(shape)


def group_norm__groups_in_an_axis(x, num_groups, weight, bias, eps=1e-5):
    split = x.reshape(len(x), num_groups, x.shape[1] // num_groups, *x.shape[2:])
    axes = tuple(range(2, split.ndim))
    scale = 1 / np.sqrt(split.var(axis=axes, keepdims=True) + eps)
    normalized = (split - split.mean(axis=axes, keepdims=True)) * scale
    wide = (num_groups, -1, *[1] * (x.ndim - 2))
    return (normalized * weight.reshape(wide) + bias.reshape(wide)).reshape(x.shape)


def group_norm__split(x, num_groups, weight, bias, eps=1e-5):
    parts = []
    for part in np.split(x, num_groups, axis=1):
        axes = tuple(range(1, x.ndim))
        centred = part - part.mean(axis=axes, keepdims=True)
        parts.append(centred / np.sqrt((centred**2).mean(axis=axes, keepdims=True) + eps))
    wide = (slice(None), *[None] * (x.ndim - 2))
    return np.concatenate(parts, axis=1) * weight[wide] + bias[wide]
