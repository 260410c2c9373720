"""PyTorch's functions and methods, and roots that are kept away from 0."""

import math

import torch
from torch.nn import functional as F


def dropout(x, random, p=0.5, training=True):
    if not training:
        return x.clone()
    kept = torch.where(torch.lt(random, p), torch.zeros_like(x), x)
    return kept if p == 1 else kept.div(1 - p)


def l2_penalty(params, weight_decay):
    vector = torch.nn.utils.parameters_to_vector(params)
    return F.mse_loss(vector, torch.zeros_like(vector), reduction="sum") * (weight_decay / 2)


def early_stopping(losses, patience, min_delta=0.0):
    best_loss = float("inf")
    best_epoch = 0
    counter = 0
    for i, loss in enumerate(losses):
        if math.isnan(loss) or not best_loss - loss > min_delta:
            counter += 1
            if counter >= patience:
                return i, best_epoch
        else:
            best_loss, best_epoch, counter = loss, i, 0
    return i, best_epoch


def dropout2d(x, random, p=0.5, training=True):
    flat = x.flatten(2)
    return dropout(flat, random.unsqueeze(2).expand_as(flat), p, training).view(x.shape)


def l1_penalty(params, strength):
    return torch.stack([F.l1_loss(one, torch.zeros_like(one), reduction="sum") for one in params]).sum().mul(strength)


def max_norm(weight, limit):
    with torch.no_grad():
        norms = torch.linalg.vector_norm(weight, dim=list(range(1, weight.ndim)), keepdim=True)
        return torch.minimum(torch.ones_like(norms), limit / norms.clamp_min(1e-30)) * weight
