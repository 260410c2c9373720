"""Python's own numbers for every scale, and one pass over a tensor."""

import math

import torch


def fan_in_and_fan_out(shape):
    connections = math.prod(shape)
    return connections // shape[0], connections // shape[1]


def calculate_gain(nonlinearity, negative_slope=0.01):
    match nonlinearity:
        case "relu":
            return 2**0.5
        case "leaky_relu":
            return (0.5 + 0.5 * negative_slope**2) ** -0.5
        case "tanh":
            return 1 + 2 / 3
    return 1


def xavier_uniform(uniform, gain=1.0):
    bound = gain * (6 / sum(fan_in_and_fan_out(uniform.shape))) ** 0.5
    return uniform.mul(2 * bound).sub(bound)


def xavier_normal(normal, gain=1.0):
    return normal.mul((2 * gain**2 / sum(fan_in_and_fan_out(normal.shape))) ** 0.5)


def kaiming_uniform(uniform, mode="fan_in", gain=2**0.5):
    fan_in, fan_out = fan_in_and_fan_out(uniform.shape)
    return (uniform + uniform - 1).div(((fan_in if mode == "fan_in" else fan_out) / (3 * gain**2)) ** 0.5)


def kaiming_normal(normal, mode="fan_in", gain=2**0.5):
    fan_in, fan_out = fan_in_and_fan_out(normal.shape)
    return normal.div((fan_in if mode == "fan_in" else fan_out) ** 0.5 / gain)


def activation_stds(x, weights, activation="relu"):
    stds = []
    for weight in weights:
        x = torch.nn.functional.linear(x, weight)
        x = x if activation == "linear" else getattr(torch, activation)(x)
        stds.append(x.detach().numpy().std().item())
    return torch.tensor(stds, dtype=x.dtype)
