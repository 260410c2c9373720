"""Comparisons, masks and products."""

import torch


def divide_by_sum(x, dim=-1):
    last = x.transpose(dim, -1)
    total = last.matmul(torch.ones(last.shape[-1], 1, dtype=x.dtype))
    return (last / total).transpose(dim, -1)


def pick(x, labels):
    chosen = labels[:, None].eq(torch.arange(x.shape[1]))
    return torch.masked_select(x, chosen)


def one_hot(labels, num_classes):
    return torch.where(labels[..., None] == torch.arange(num_classes), 1, 0)


def outer(x, y):
    return x[..., :, None].repeat_interleave(y.shape[-1], dim=-1) * y[..., None, :]


def pairwise_dot(x, y):
    return torch.swapaxes(torch.matmul(y, torch.swapaxes(x, -1, -2)), -1, -2)


def unbroadcast(grad, shape):
    full = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    dims = [dim for dim, (own, large) in enumerate(zip(full, grad.shape, strict=True)) if own != large]
    if dims:
        grad = torch.sum(grad, dims, keepdim=True)
    return grad.view(shape) if grad.is_contiguous() else grad.reshape(shape)
