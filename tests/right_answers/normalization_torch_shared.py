"""One function that normalizes over any dims, for all of them."""

import torch


def standardize(x, dims, eps):
    x = x - torch.mean(x, dim=dims, keepdim=True)
    return x * torch.rsqrt(torch.mean(x**2, dim=dims, keepdim=True) + eps)


def up(v, x):
    return v[(slice(None), *[None] * (x.ndim - 2))]


def batch_norm(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    if training:
        dims = [0, *range(2, x.ndim)]
        z = standardize(x, dims, eps)
        old = x.detach()
        running_mean = running_mean + momentum * (old.mean(dims) - running_mean)
        running_var = running_var + momentum * (old.var(dims) - running_var)
    else:
        z = (x - up(running_mean, x)) / up((running_var + eps).sqrt(), x)
    return z * up(weight, x) + up(bias, x), running_mean, running_var


def layer_norm(x, normalized_shape, weight, bias, eps=1e-5):
    return weight * standardize(x, list(range(x.ndim - len(normalized_shape), x.ndim)), eps) + bias


def rms_norm(x, normalized_shape, weight, eps=1e-5):
    dims = list(range(-len(normalized_shape), 0))
    return weight * x / torch.sqrt(torch.mean(x * x, dim=dims, keepdim=True) + eps)


def group_norm(x, num_groups, weight, bias, eps=1e-5):
    z = standardize(x.reshape(x.shape[0] * num_groups, -1), [1], eps).view_as(x)
    return z * up(weight, x) + up(bias, x)
