"""Loops over elements and rows, stacked at the end, so that autograd sees every step."""

import math

import torch


def _each(x, function):
    values = [function(value) for value in x.reshape(-1)]
    return torch.stack(values).reshape(x.shape)


def relu(x):
    return _each(x, lambda value: value if value > 0 else value * 0)


def leaky_relu(x, negative_slope=0.01):
    return _each(x, lambda value: value if value > 0 else value * negative_slope)


def sigmoid(x):
    def one(value):
        if value >= 0:
            return 1 / (1 + torch.exp(-value))
        e = torch.exp(value)
        return e / (1 + e)

    return _each(x, one)


def tanh(x):
    def one(value):
        if value < 0:
            return -one(-value)
        e = torch.exp(-2 * value)
        return (1 - e) / (1 + e)

    return _each(x, one)


def gelu(x, approximate="none"):
    if approximate == "tanh":
        return _each(x, lambda v: v * (1 + torch.tanh((2 / math.pi) ** 0.5 * (v + 0.044715 * v**3))) / 2)
    return _each(x, lambda v: v * torch.erfc(-v * 0.5**0.5) / 2)


def silu(x):
    return x * sigmoid(x)


def logsumexp(x, dim=-1):
    total = None
    for row in x.unbind(dim):
        if total is None:
            total = row
        else:
            high, low = torch.maximum(total, row), torch.minimum(total, row)
            total = high + torch.log1p(torch.exp(low - high))
    return total


def _rows(x, dim, function):
    front = x.movedim(dim, -1)
    rows = [function(row) for row in front.reshape(-1, front.shape[-1])]
    return torch.stack(rows).reshape(front.shape).movedim(-1, dim)


def softmax(x, dim=-1):
    def one(row):
        e = torch.exp(row - max(row))
        return e / sum(e)

    return _rows(x, dim, one)


def log_softmax(x, dim=-1):
    def one(row):
        shifted = row - row.max()
        return shifted - torch.log(torch.einsum("i->", torch.exp(shifted)))

    return _rows(x, dim, one)
