"""From the variance to the deviation to the bound, in functions of its own."""

import math

import numpy as np


def fan_in_and_fan_out(shape):
    field = 1
    for size in shape[2:]:
        field = field * size
    return (int(shape[1] * field), int(shape[0] * field))


def calculate_gain(nonlinearity, negative_slope=0.01):
    kept = {"linear": 1, "sigmoid": 1, "tanh": 9 / 25, "relu": 1 / 2, "leaky_relu": (1 + negative_slope**2) / 2}
    return kept[nonlinearity] ** -0.5


def between(uniform, variance):
    bound = math.sqrt(3 * variance)
    return np.asarray(uniform * 2 * bound - bound, dtype=uniform.dtype)


def scaled(normal, variance):
    out = np.empty_like(normal)
    np.multiply(normal, math.sqrt(variance), out=out)
    return out


def xavier_variance(shape, gain):
    return gain**2 / (0.5 * sum(fan_in_and_fan_out(shape)))


def kaiming_variance(shape, mode, gain):
    fan_in, fan_out = fan_in_and_fan_out(shape)
    return gain**2 / (fan_in if mode == "fan_in" else fan_out)


def xavier_uniform(uniform, gain=1.0):
    return between(uniform, xavier_variance(uniform.shape, gain))


def xavier_normal(normal, gain=1.0):
    return scaled(normal, xavier_variance(normal.shape, gain))


def kaiming_uniform(uniform, mode="fan_in", gain=2**0.5):
    return between(uniform, kaiming_variance(uniform.shape, mode, gain))


def kaiming_normal(normal, mode="fan_in", gain=2**0.5):
    return scaled(normal, kaiming_variance(normal.shape, mode, gain))


def activation_stds(x, weights, activation="relu"):
    bend = {
        "linear": np.positive,
        "relu": lambda z: np.where(z < 0, 0, z),
        "sigmoid": lambda z: np.exp(-np.logaddexp(0, -z)),
        "tanh": np.tanh,
    }[activation]
    stds = np.zeros_like(x, shape=len(weights))
    h = x
    for number in range(len(weights)):
        h = bend(np.inner(h, weights[number]))
        stds[number] = np.sqrt(np.square(h - np.average(h)).sum() / h.size)
    return stds
