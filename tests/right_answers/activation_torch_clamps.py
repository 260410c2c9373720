"""Clamps, masks and detached maxima."""

import math

import torch
import torch.nn.functional as F


def relu(x):
    return x.clamp_min(0)


def leaky_relu(x, negative_slope=0.01):
    return torch.where(x < 0, negative_slope * x, x)


def sigmoid(x):
    return torch.exp(x.clamp(max=0)) / (1 + torch.exp(-x.abs()))


def tanh(x):
    m = torch.expm1(-2 * x.abs())
    return -x.sign() * m / (m + 2)


def gelu(x, approximate="none"):
    if approximate == "tanh":
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))


def silu(x):
    return x * torch.exp(-F.softplus(-x))


def logsumexp(x, dim=-1):
    top = x.detach().amax(dim, keepdim=True)
    return torch.log(torch.sum(torch.exp(x - top), dim)) + top.squeeze(dim)


def softmax(x, dim=-1):
    e = torch.exp(x - x.max(dim, keepdim=True).values)
    return e / e.sum(dim, keepdim=True)


def log_softmax(x, dim=-1):
    return x - logsumexp(x, dim).unsqueeze(dim)
