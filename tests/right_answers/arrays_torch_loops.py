"""One slice after the other, stacked at the end."""

import torch


def divide_by_sum(x, dim=-1):
    slices = x.unbind(dim)
    total = sum(slices)
    return torch.stack([one / total for one in slices], dim=dim)


def pick(x, labels):
    return torch.cat([row[label : label + 1] for row, label in zip(x, labels.tolist(), strict=True)])


def one_hot(labels, num_classes):
    out = torch.zeros(labels.numel(), num_classes, dtype=torch.long)
    for row, label in zip(out, labels.flatten().tolist(), strict=True):
        row[label] = 1
    return out.view(*labels.shape, num_classes)


def outer(x, y):
    return torch.stack([one.unsqueeze(-1) * y for one in x.unbind(-1)], dim=-2)


def pairwise_dot(x, y):
    if x.dim() > 2:
        return torch.stack([pairwise_dot(a, b) for a, b in zip(x, y, strict=True)])
    return torch.stack([torch.stack([row.dot(other) for other in y]) for row in x])


def unbroadcast(grad, shape):
    while grad.dim() > len(shape):
        grad = sum(grad.unbind(0), grad.new_zeros(grad.shape[1:]))
    for dim in range(len(shape)):
        if shape[dim] == 1:
            grad = sum(grad.unbind(dim), grad.new_zeros(())).unsqueeze(dim)
    return grad
