"""Other right answers in PyTorch."""

import math

import torch


def dropout__masked_fill(x, random, p=0.5, training=True):
    if not training:
        return x
    kept = x.masked_fill(random < p, 0)
    return kept / (1 - p) if p < 1 else kept


def dropout__where(x, random, p=0.5, training=True):
    if not training:
        return x
    scale = 1 / (1 - p) if p < 1 else 1.0
    return torch.where(random >= p, x, 0) * scale


def dropout__clone_and_overwrite(x, random, p=0.5, training=True):
    out = x.clone()
    if training:
        out[random < p] = 0
        out = out * (1 / (1 - p) if p < 1 else 0)
    return out


def dropout__typed_mask(x, random, p=0.5, training=True):
    mask = torch.ones_like(x)
    if training:
        mask = torch.ge(random, p).to(x.dtype) / max(1 - p, 1e-9)
    return x * mask


def l2_penalty__norms(params, weight_decay):
    return weight_decay / 2 * sum(torch.linalg.vector_norm(param) ** 2 for param in params)


def l2_penalty__stacked(params, weight_decay):
    return torch.stack([param.square().sum() for param in params]).sum() * (0.5 * weight_decay)


def l2_penalty__one_vector(params, weight_decay):
    flat = torch.cat([param.flatten() for param in params])
    return weight_decay * torch.dot(flat, flat) / 2


def early_stopping__distance(losses, patience, min_delta=0.0):
    last, best, lowest = -1, 0, math.inf
    for epoch, loss in enumerate(losses):
        if loss + min_delta < lowest:
            last, best, lowest = epoch, epoch, loss
        if epoch - last >= patience:
            break
    return epoch, best


def early_stopping__tensor(losses, patience, min_delta=0.0):
    losses = torch.tensor(losses, dtype=torch.float64)
    best, lowest, waited = 0, torch.tensor(math.inf), 0
    for epoch in range(len(losses)):
        if losses[epoch] < lowest - min_delta:
            best, lowest, waited = epoch, losses[epoch], 0
        else:
            waited += 1
        if waited >= patience:
            return epoch, best
    return len(losses) - 1, best


def dropout2d__unsqueeze(x, random, p=0.5, training=True):
    if not training:
        return x
    dropped = (random < p).unsqueeze(-1).unsqueeze(-1)
    return x.masked_fill(dropped, 0) / (1 - p or 1)


def dropout2d__einsum(x, random, p=0.5, training=True):
    scale = torch.ones_like(random)
    if training:
        scale = torch.zeros_like(random) if p == 1 else (random >= p).to(x.dtype) / (1 - p)
    return torch.einsum("nchw,nc->nchw", x, scale)


def dropout2d__expanded(x, random, p=0.5, training=True):
    mask = (random >= p).view(*random.shape, 1, 1).expand_as(x)
    if not training:
        return x
    return x * mask if p == 1 else x * mask / (1 - p)


def l1_penalty__norms(params, strength):
    return strength * sum(torch.linalg.vector_norm(param, 1) for param in params)


def l1_penalty__signs(params, strength):
    return strength * sum((param * param.sign()).sum() for param in params)


def l1_penalty__both_halves(params, strength):
    return strength * sum((param.relu() + (-param).relu()).sum() for param in params)


def max_norm__where(weight, limit):
    flat = weight.flatten(1)
    norms = torch.linalg.vector_norm(flat, dim=1, keepdim=True)
    return torch.where(norms > limit, flat * (limit / norms), flat).view_as(weight)


@torch.no_grad()
def max_norm__loop(weight, limit):
    rows = []
    for row in weight:
        norm = row.norm().item()
        rows.append(row * (limit / norm) if norm > limit else row)
    return torch.stack(rows)


def max_norm__normalized(weight, limit):
    flat = weight.reshape(weight.shape[0], -1)
    lengths = flat.norm(dim=1, keepdim=True).clamp(max=limit)
    return (torch.nn.functional.normalize(flat, dim=1, eps=1e-30) * lengths).reshape(weight.shape)
