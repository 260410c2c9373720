"""Masks, loops over rows, and sums that autograd can follow."""

import torch


def mse_loss(x, target):
    return torch.stack([(a - b) ** 2 for a, b in zip(x.flatten(), target.flatten(), strict=True)]).mean()


def huber_loss(x, target, delta=1.0):
    error = x - target
    inside = error.abs() <= delta
    quadratic = (error**2 / 2).masked_fill(~inside, 0)
    linear = (delta * (error.abs() - delta / 2)).masked_fill(inside, 0)
    return (quadratic + linear).mean()


def binary_cross_entropy_with_logits(x, target):
    small = torch.exp(-x.abs())
    return (torch.clamp(x, min=0) - x * target + torch.log1p(small)).mean()


def cross_entropy(x, target, label_smoothing=0.0, ignore_index=-100):
    total, count = x.new_zeros(()), 0
    for row, label in zip(x, target, strict=True):
        if label == ignore_index:
            continue
        shifted = row - row.max().detach()
        logp = shifted - shifted.exp().sum().log()
        total = total - (1 - label_smoothing) * logp[label] - label_smoothing * logp.sum() / len(row)
        count += 1
    return total / count


def categorical_cross_entropy(probs, target, eps=1e-7):
    inside = (probs > eps) & (probs < 1 - eps)
    constant = probs.detach().clamp(eps, 1 - eps)
    clipped = torch.where(inside, probs, constant)
    return -(target * torch.log(clipped)).mean() * probs.shape[1]
