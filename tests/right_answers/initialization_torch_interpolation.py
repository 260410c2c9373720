"""Bounds and scales as tensors, between which torch interpolates; norms for deviations."""

import torch
from torch import nn


def fan_in_and_fan_out(shape):
    weight = torch.empty(shape)
    return weight.stride(0), weight[:, 0].numel()


def calculate_gain(nonlinearity, negative_slope=0.01):
    slope = {"linear": 1.0, "sigmoid": 1.0, "relu": 0.0}.get(nonlinearity, negative_slope)
    return torch.tensor(5 / 3 if nonlinearity == "tanh" else (2 / (1 + slope**2)) ** 0.5)


def between(uniform, variance):
    bound = torch.full_like(uniform, 3 * variance).sqrt()
    return torch.lerp(-bound, bound, uniform)


def kaiming_variance(weight, mode, gain):
    return gain**2 / dict(zip(("fan_in", "fan_out"), fan_in_and_fan_out(weight.shape), strict=True))[mode]


def xavier_variance(weight, gain):
    return 2 * gain**2 / sum(fan_in_and_fan_out(weight.shape))


def xavier_uniform(uniform, gain=1.0):
    return between(uniform, xavier_variance(uniform, gain))


def xavier_normal(normal, gain=1.0):
    return normal * normal.new_tensor(xavier_variance(normal, gain)).sqrt()


def kaiming_uniform(uniform, mode="fan_in", gain=2**0.5):
    return between(uniform, kaiming_variance(uniform, mode, gain))


def kaiming_normal(normal, mode="fan_in", gain=2**0.5):
    return torch.addcmul(
        torch.zeros_like(normal), normal, normal.new_tensor(kaiming_variance(normal, mode, gain)).sqrt()
    )


def activation_stds(x, weights, activation="relu"):
    bend = {"linear": nn.Identity, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}[activation]()
    stds = x.new_zeros(len(weights))
    for number, weight in enumerate(weights):
        x = bend(torch.einsum("ni,oi->no", x, weight))
        stds[number] = torch.linalg.vector_norm(x - x.mean()) / x.numel() ** 0.5
    return stds
