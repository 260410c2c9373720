"""Copies that are changed in place, and loops over tensors."""

import math

import torch


def dropout(x, random, p=0.5, training=True):
    out = x * 1
    if training:
        out[random < p] = 0.0
        out *= 1 / (1 - p) if p != 1 else 0
    return out


def l2_penalty(params, weight_decay):
    total = torch.zeros((), dtype=params[0].dtype)
    for param in params:
        total = total + weight_decay * 0.5 * torch.sum(param * param)
    return total


def early_stopping(losses, patience, min_delta=0.0):
    best, lowest, bad = 0, math.inf, 0
    for epoch, loss in enumerate(torch.tensor(losses, dtype=torch.float64)):
        if (loss < lowest - min_delta).item():
            best, lowest, bad = epoch, losses[epoch], 0
        else:
            bad += 1
        if bad == patience:
            break
    return epoch, best


def dropout2d(x, random, p=0.5, training=True):
    out = x.clone()
    if training:
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                out[n, c] *= 0 if random[n, c] < p or p == 1 else 1 / (1 - p)
    return out


def l1_penalty(params, strength):
    total = 0.0
    for param in params:
        total += strength * (param * torch.sign(param).detach()).sum()
    return total


def max_norm(weight, limit):
    out = weight.detach().clone()
    for row in out:
        length = torch.sqrt(torch.sum(row * row))
        if length > limit:
            row.mul_(limit / length)
    return out
