"""Everything as rows of a matrix, and a loop where a row is enough."""

import torch


def batch_norm(x, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    rows = x.transpose(0, 1).reshape(x.shape[1], -1)  # one row for each feature
    if training:
        mean, var = rows.mean(1), rows.var(1, unbiased=False)
        n = rows.shape[1]
        new_mean = (momentum * mean + (1 - momentum) * running_mean).detach()
        new_var = (momentum * var * n / (n - 1) + (1 - momentum) * running_var).detach()
    else:
        mean, var, new_mean, new_var = running_mean, running_var, running_mean, running_var
    rows = torch.stack(
        [(row - m) / torch.sqrt(v + eps) * w + b for row, m, v, w, b in zip(rows, mean, var, weight, bias, strict=True)]
    )
    return rows.reshape(x.transpose(0, 1).shape).transpose(0, 1), new_mean, new_var


def layer_norm(x, normalized_shape, weight, bias, eps=1e-5):
    rows = x.contiguous().view(-1, weight.numel())
    d = rows - rows.sum(1, keepdim=True) / rows.shape[1]
    z = d / ((d * d).sum(1, keepdim=True) / rows.shape[1] + eps).sqrt()
    return (z * weight.reshape(-1) + bias.reshape(-1)).view(x.shape)


def rms_norm(x, normalized_shape, weight, eps=1e-5):
    rows = x.reshape(-1, weight.numel())
    scale = (rows.pow(2).mean(-1) + eps).pow(-0.5)
    return (torch.diag(scale) @ rows * weight.flatten()).reshape(x.shape)


def group_norm(x, num_groups, weight, bias, eps=1e-5):
    size = x.shape[1] // num_groups
    out = x.clone()
    for n in range(x.shape[0]):
        for g in range(num_groups):
            part = x[n, g * size : (g + 1) * size]
            out[n, g * size : (g + 1) * size] = (part - part.mean()) / torch.sqrt(part.var(correction=0) + eps)
    return torch.einsum("nc...,c->nc...", out, weight) + bias.reshape(-1, *[1] * (x.ndim - 2))
