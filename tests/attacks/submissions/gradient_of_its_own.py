"""Is right forwards, and differentiates by a rule of its own."""

import torch


class Relu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad):
        return grad


def relu(x):
    return Relu.apply(x)
