"""Copies that are filled in place, as ``torch.nn.init`` does, and roots that torch takes."""

import math

import torch


def fan_in_and_fan_out(shape):
    weight = torch.empty(shape, device="meta")
    return weight.numel() // weight.size(0), weight.numel() // weight.size(1)


def calculate_gain(nonlinearity, negative_slope=0.01):
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1 + negative_slope**2))
    return 5.0 / 3 if nonlinearity == "tanh" else math.sqrt(2.0) if nonlinearity == "relu" else 1


@torch.no_grad()
def xavier_uniform(uniform, gain=1.0):
    weight = uniform.clone()
    bound = gain * math.sqrt(6.0 / sum(fan_in_and_fan_out(weight.shape)))
    return weight.mul_(2).add_(-1).mul_(bound)


@torch.no_grad()
def xavier_normal(normal, gain=1.0):
    weight = torch.empty_like(normal).copy_(normal)
    weight *= gain * math.sqrt(2.0 / sum(fan_in_and_fan_out(weight.shape)))
    return weight


@torch.no_grad()
def kaiming_uniform(uniform, mode="fan_in", gain=2**0.5):
    fan = fan_in_and_fan_out(uniform.shape)[["fan_in", "fan_out"].index(mode)]
    bound = torch.sqrt(torch.tensor(3.0 / fan, dtype=uniform.dtype)) * gain
    return torch.addcmul(-bound, uniform, 2 * bound)


@torch.no_grad()
def kaiming_normal(normal, mode="fan_in", gain=2**0.5):
    fan_in, fan_out = fan_in_and_fan_out(normal.shape)
    weight = torch.zeros_like(normal)
    return weight.add_(normal, alpha=gain / (fan_in if mode == "fan_in" else fan_out) ** 0.5)


def activation_stds(x, weights, activation="relu"):
    stds = []
    for weight in weights:
        x = torch.tensordot(x, weight, dims=([1], [1]))
        x = x if activation == "linear" else getattr(torch, activation)(x)
        stds.append(torch.std_mean(x, correction=0)[0].reshape(1))
    return torch.cat(stds)
