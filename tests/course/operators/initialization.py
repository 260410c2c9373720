"""PyTorch's own initializations. They draw their numbers themselves: their scale is read off what a seed gives."""

import torch
from torch import nn

from tests.course.operators.network import BENDS


def _drawn(shape, draw):
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return draw(torch.empty(shape, dtype=torch.float64))


def _scale(shape, fill, standard):
    """Return by how much a filled tensor is larger than standard numbers of the same seed, told by the largest one."""
    own, plain = _drawn(shape, fill), _drawn(shape, standard)
    largest = plain.abs().argmax()
    scale = own.flatten()[largest] / plain.flatten()[largest]
    torch.testing.assert_close(own, scale * plain, rtol=1e-12, atol=1e-12)
    return scale


def _uniform(given, fill):
    return (2 * given - 1) * _scale(given.shape, fill, lambda one: one.uniform_(-1, 1))


def _normal(given, fill):
    return given * _scale(given.shape, fill, lambda one: one.normal_(0, 1))


def xavier_uniform(uniform, gain=1.0):
    return _uniform(uniform, lambda one: nn.init.xavier_uniform_(one, gain))


def xavier_normal(normal, gain=1.0):
    return _normal(normal, lambda one: nn.init.xavier_normal_(one, gain))


def kaiming_uniform(uniform, mode="fan_in", gain=None):
    """The framework's gain comes from the name of an activation: 1 for linear ones; relu's is the default here."""
    name = "linear" if gain else "relu"
    return (gain or 1) * _uniform(uniform, lambda one: nn.init.kaiming_uniform_(one, mode=mode, nonlinearity=name))


def kaiming_normal(normal, mode="fan_in", gain=None):
    name = "linear" if gain else "relu"
    return (gain or 1) * _normal(normal, lambda one: nn.init.kaiming_normal_(one, mode=mode, nonlinearity=name))


def fan_in_and_fan_out(shape):
    return nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


def activation_stds(x, weights, activation="relu"):
    stds = []
    for weight in weights:
        x = BENDS[activation](nn.functional.linear(x, weight))
        stds.append(torch.std(x, correction=0))
    return torch.stack(stds)


OPERATORS = {
    "fan_in_and_fan_out": fan_in_and_fan_out,
    "calculate_gain": lambda nonlinearity, slope=None: nn.init.calculate_gain(nonlinearity, slope),
    "xavier_uniform": xavier_uniform,
    "xavier_normal": xavier_normal,
    "kaiming_uniform": kaiming_uniform,
    "kaiming_normal": kaiming_normal,
    "activation_stds": activation_stds,
}
