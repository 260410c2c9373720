"""Backward passes by hand in autograd functions, distributions, and sorted sums."""

import math

import torch

NORMAL = torch.distributions.Normal(torch.tensor(0.0), torch.tensor(1.0))


class _Relu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        positive = x > 0
        ctx.save_for_backward(positive)
        return x * positive

    @staticmethod
    def backward(ctx, grad_output):
        (positive,) = ctx.saved_tensors
        return grad_output * positive


def relu(x):
    return _Relu.apply(x)


def leaky_relu(x, negative_slope=0.01):
    positive = x > 0
    return x * positive + negative_slope * x * ~positive


class _Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        small = torch.exp(-x.abs())
        s = torch.where(x >= 0, 1 / (1 + small), small / (1 + small))
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx, grad_output):
        (s,) = ctx.saved_tensors
        return grad_output * s * (1 - s)


def sigmoid(x):
    return _Sigmoid.apply(x)


def tanh(x):
    return 1 - 2 * sigmoid(-2 * x)


def gelu(x, approximate="none"):
    if approximate == "tanh":
        return x * sigmoid(math.sqrt(8 / math.pi) * (x + 0.044715 * x * x * x))
    return x * NORMAL.cdf(x)


def silu(x):
    return torch.mul(x, x.sigmoid())


def logsumexp(x, dim=-1):
    ordered, _ = torch.sort(x, dim=dim, descending=True)
    top = ordered.select(dim, 0)
    return top + torch.exp(ordered - top.unsqueeze(dim)).cumsum(dim).select(dim, -1).log()


def softmax(x, dim=-1):
    return torch.exp(x - logsumexp(x, dim).unsqueeze(dim))


class _LogSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim):
        shifted = x - x.amax(dim, keepdim=True)
        out = shifted - shifted.exp().sum(dim, keepdim=True).log()
        ctx.save_for_backward(out)
        ctx.dim = dim
        return out

    @staticmethod
    def backward(ctx, grad_output):
        (out,) = ctx.saved_tensors
        return grad_output - out.exp() * grad_output.sum(ctx.dim, keepdim=True), None


def log_softmax(x, dim=-1):
    return _LogSoftmax.apply(x, dim)
