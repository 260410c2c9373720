"""One number after the other, as a first program would have it."""

import math

import numpy as np


def fan_in_and_fan_out(shape):
    fans = [shape[1], shape[0]]
    for size in shape[2:]:
        fans = [fan * size for fan in fans]
    return fans


def calculate_gain(nonlinearity, negative_slope=0.01):
    if nonlinearity == "tanh":
        return 5 / 3
    if nonlinearity == "sigmoid":
        return 1
    slope = {"linear": 1, "relu": 0, "leaky_relu": negative_slope}[nonlinearity]
    return math.sqrt(2) / math.hypot(1, slope)


def each(numbers, function):
    return np.array([function(float(one)) for one in numbers.flat], dtype=numbers.dtype).reshape(numbers.shape)


def fan_of(shape, mode):
    return dict(zip(("fan_in", "fan_out"), fan_in_and_fan_out(shape), strict=True))[mode]


def xavier_uniform(uniform, gain=1.0):
    bound = gain * math.sqrt(6) / math.sqrt(sum(fan_in_and_fan_out(uniform.shape)))
    return each(uniform, lambda one: -bound + one * (bound - -bound))


def xavier_normal(normal, gain=1.0):
    mean = sum(fan_in_and_fan_out(normal.shape)) / 2
    return each(normal, lambda one: gain * one / math.sqrt(mean))


def kaiming_uniform(uniform, mode="fan_in", gain=2**0.5):
    deviation = gain / math.sqrt(fan_of(uniform.shape, mode))
    return each(uniform, lambda one: (one - 0.5) * math.sqrt(12) * deviation)


def kaiming_normal(normal, mode="fan_in", gain=2**0.5):
    return each(normal, lambda one: one / math.sqrt(fan_of(normal.shape, mode) / gain**2))


def activation_stds(x, weights, activation="relu"):
    bends = {"linear": float, "relu": lambda z: max(z, 0.0), "tanh": math.tanh}
    bends["sigmoid"] = lambda z: (1 + math.tanh(z / 2)) / 2
    stds = []
    for weight in weights:
        x = each(np.array([[row @ one for one in weight] for row in x], dtype=x.dtype), bends[activation])
        mean = math.fsum(x.flat) / x.size
        stds.append(math.sqrt(math.fsum((one - mean) ** 2 for one in x.flat) / x.size))
    return np.array(stds, dtype=x.dtype)
