"""Other right answers in PyTorch."""

import math

import torch


def relu__clamp(x):
    return x.clamp(min=0)


def relu__maximum(x):
    return torch.maximum(x, torch.zeros_like(x))


def relu__mask(x):
    return x * (x > 0)


def relu__half_of_sum(x):
    return (x + x.abs()) / 2


def relu__masked_fill(x):
    return x.masked_fill(x < 0, 0.0)


def leaky_relu__maximum(x, negative_slope=0.01):
    return torch.maximum(x, negative_slope * x)


def leaky_relu__two_parts(x, negative_slope=0.01):
    return x.clamp(min=0) + negative_slope * x.clamp(max=0)


def leaky_relu__slopes(x, negative_slope=0.01):
    return x * torch.where(x > 0, 1.0, negative_slope)


def leaky_relu__clone(x, negative_slope=0.01):
    out = x.clone()
    out[x < 0] = out[x < 0] * negative_slope
    return out


def sigmoid__tanh(x):
    return 0.5 * (1 + torch.tanh(0.5 * x))


def sigmoid__softplus(x):
    return torch.exp(-torch.nn.functional.softplus(-x))


def sigmoid__logaddexp(x):
    return torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))


def sigmoid__clamped_far(x):
    return 1 / (1 + torch.exp(-x.clamp(-80, 80)))


def sigmoid__safe_branches(x):
    up, down = torch.exp(-x.clamp(min=0)), torch.exp(x.clamp(max=0))
    return torch.where(x >= 0, 1 / (1 + up), down / (1 + down))


def sigmoid__absolute(x):
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, torch.ones_like(x), small) / (1 + small)


def tanh__sign_and_size(x):
    e = torch.exp(-2 * x.abs())
    return x.sign() * (1 - e) / (1 + e)


def tanh__sigmoid(x):
    return 2 * torch.sigmoid(2 * x) - 1


def tanh__clamped(x):
    e = torch.exp(2 * x.clamp(-30, 30))
    return (e - 1) / (e + 1)


def gelu__ndtr(x, approximate="none"):
    if approximate == "tanh":
        return x * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x.pow(3)))
    return x * torch.special.ndtr(x)


def gelu__complement(x, approximate="none"):
    if approximate == "tanh":
        return 0.5 * x + 0.5 * x * torch.tanh(0.7978845608028654 * x * (1 + 0.044715 * x * x))
    return 0.5 * x * torch.erfc(-x / 2**0.5)


def silu__sigmoid(x):
    return x * torch.sigmoid(x)


def silu__tanh(x):
    half = 0.5 * x
    return half + half * torch.tanh(half)


def logsumexp__detached(x, dim=-1):
    top = x.max(dim, keepdim=True).values.detach()
    return (top + (x - top).exp().sum(dim, keepdim=True).log()).squeeze(dim)


def logsumexp__running(x, dim=-1):
    first, *rest = x.unbind(dim)
    for row in rest:
        first = torch.maximum(first, row) + torch.log1p(torch.exp(-(first - row).abs()))
    return first


def logsumexp__einsum(x, dim=-1):
    rows = x.movedim(dim, -1)
    top = rows.amax(-1, keepdim=True).detach()
    return top[..., 0] + torch.einsum("...i->...", torch.exp(rows - top)).log()


def softmax__from_logsumexp(x, dim=-1):
    top = x.amax(dim, keepdim=True).detach()
    return torch.exp(x - top - torch.exp(x - top).sum(dim, keepdim=True).log())


def softmax__detached(x, dim=-1):
    e = (x - x.max(dim=dim, keepdim=True)[0].detach()).exp()
    return e.div(e.sum(dim, keepdim=True))


def softmax__along_first(x, dim=-1):
    rows = x.transpose(dim, 0)
    e = torch.exp(rows - rows.amax(0))
    return (e / e.sum(0)).transpose(0, dim)


def log_softmax__from_logsumexp(x, dim=-1):
    top = x.amax(dim, keepdim=True).detach()
    return x - (top + torch.exp(x - top).sum(dim, keepdim=True).log())


def log_softmax__along_first(x, dim=-1):
    rows = x.transpose(dim, 0)
    shifted = rows - rows.max(0).values
    return (shifted - shifted.exp().sum(0).log()).transpose(0, dim)
