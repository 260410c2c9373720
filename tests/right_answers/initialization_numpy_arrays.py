"""Sizes that are read off arrays, and NumPy for every root, with its types led back."""

import numpy as np


def fan_in_and_fan_out(shape):
    weight = np.broadcast_to(0, shape)
    return weight[0].size, weight[:, 0].size


def calculate_gain(nonlinearity, negative_slope=0.01):
    kept = {"relu": 0.5, "leaky_relu": np.mean([1, np.square(negative_slope)]), "tanh": np.square(0.6)}
    return 1 / np.sqrt(kept.get(nonlinearity, 1.0))


def xavier_uniform(uniform, gain=1.0):
    bound = gain * np.sqrt(3 / np.mean(fan_in_and_fan_out(uniform.shape)))
    return np.interp(uniform, (0, 1), (-bound, bound)).astype(uniform.dtype)


def xavier_normal(normal, gain=1.0):
    return normal * normal.dtype.type(gain / np.sqrt(np.mean(fan_in_and_fan_out(normal.shape))))


def kaiming_uniform(uniform, mode="fan_in", gain=2**0.5):
    fan = np.prod(np.delete(uniform.shape, 0 if mode == "fan_in" else 1))
    return np.multiply(2 * uniform - 1, gain * np.sqrt(3 / fan), dtype=uniform.dtype, casting="same_kind")


def kaiming_normal(normal, mode="fan_in", gain=2**0.5):
    out = normal.astype(normal.dtype, copy=True)
    out *= gain / np.sqrt(np.prod(np.delete(normal.shape, 0 if mode == "fan_in" else 1)))
    return out


def activation_stds(x, weights, activation="relu"):
    stds = x[:0, 0]
    for weight in weights:
        x = np.einsum("ni,oi->no", x, weight)
        if activation == "relu":
            x = x.clip(0)
        elif activation != "linear":
            x = np.tanh(x) if activation == "tanh" else np.exp(-np.logaddexp(0, -x))
        stds = np.append(stds, np.sqrt(np.var(x, axis=None)))
    return stds
