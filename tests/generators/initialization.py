"""Calls of the initializations, drawn without a look at the plugin: larger weights, every kernel, deeper stacks."""

from itertools import pairwise


def _shape(rng):
    return tuple(rng.integers(1, 9, rng.integers(2, 6)).tolist())


def _shortened(rng, args, options):
    return (*args, *options[: int(rng.integers(0, len(options) + 1))])


def _gain(rng):
    return float(rng.choice([1.0, 2**0.5, 5 / 3, 10 ** rng.uniform(-2, 2)]))


def fan_in_and_fan_out(rng):
    return (tuple(rng.integers(1, 600, rng.integers(2, 6)).tolist()),)


def calculate_gain(rng):
    name = str(rng.choice(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "leaky_relu"]))
    return _shortened(rng, (name,), (float(rng.choice([0.0, 1.0, rng.uniform(-3, 3), 0.01])),))


def xavier_uniform(rng):
    return _shortened(rng, (rng.random(_shape(rng)),), (_gain(rng),))


def xavier_normal(rng):
    return _shortened(rng, (rng.standard_normal(_shape(rng)),), (_gain(rng),))


def kaiming_uniform(rng):
    return _shortened(rng, (rng.random(_shape(rng)),), (str(rng.choice(["fan_in", "fan_out"])), _gain(rng)))


def kaiming_normal(rng):
    return _shortened(rng, (rng.standard_normal(_shape(rng)),), (str(rng.choice(["fan_in", "fan_out"])), _gain(rng)))


def activation_stds(rng):
    """Up to thirty layers, some of them too narrow for anything but zeros to come out of relu."""
    sizes = rng.integers(1, 30, rng.integers(2, 31)).tolist()
    sizes = [sizes[0]] * len(sizes) if rng.random() < 0.2 else sizes
    scale = rng.uniform(0.5, 2)
    weights = tuple(scale * rng.standard_normal((b, a)) / a**0.5 for a, b in pairwise(sizes))
    x = rng.uniform(-2, 2) + rng.standard_normal((int(rng.integers(1, 20)), sizes[0]))
    return _shortened(rng, (x, weights), (str(rng.choice(["linear", "relu", "sigmoid", "tanh"])),))
