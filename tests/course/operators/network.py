"""PyTorch's own modules: ``torch.nn.Linear`` in a ``Sequential``, hooks, and the parameters of modules."""

import itertools

import torch
from torch import nn

BENDS = {
    "linear": nn.Identity(),
    "relu": nn.ReLU(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "softmax": nn.Softmax(dim=-1),
}


def _layer(weight, bias):
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None, dtype=weight.dtype)
    layer.load_state_dict({"weight": weight} if bias is None else {"weight": weight, "bias": bias})
    return layer


def _network(weights, biases, activation, output_activation):
    names = [activation] * (len(weights) - 1) + [output_activation]
    blocks = zip(weights, biases, names, strict=True)
    return nn.Sequential(*(nn.Sequential(_layer(weight, bias), BENDS[name]) for weight, bias, name in blocks))


def neuron(x, weight, bias, activation="sigmoid"):
    """A linear layer of one output, which is then no axis any more."""
    return BENDS[activation](_layer(weight[None], bias[None])(x)).squeeze(-1)


def dense(x, weight, bias=None, activation="linear"):
    return BENDS[activation](_layer(weight, bias)(x))


def forward(x, weights, biases, activation="relu", output_activation="linear"):
    return _network(weights, biases, activation, output_activation)(x)


def layer_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    """What hooks see go by."""
    seen = []
    network = _network(weights, biases, activation, output_activation)
    for block in network:
        block.register_forward_hook(lambda module, inputs, output: seen.append(output))
    network(x)
    return tuple(seen)


def _learns(module):
    return sum(one.numel() for one in module.parameters())


def parameter_count(sizes, bias=True):
    return _learns(nn.Sequential(*(nn.Linear(a, b, bias) for a, b in itertools.pairwise(sizes))))


def parameter_counts(layers):
    kinds = {
        "dense": nn.Linear,
        "conv2d": nn.Conv2d,
        "rnn": nn.RNN,
        "max_pool2d": nn.MaxPool2d,
        "flatten": nn.Flatten,
        "relu": nn.ReLU,
    }
    return tuple(_learns(kinds[name](*sizes)) for name, *sizes in layers)


def collapse(weights, biases):
    """What a network of linear layers does to the corners of a simplex says all that it does."""
    network = _network(weights, biases, "linear", "linear")
    inputs = weights[0].shape[1]
    bias = network(torch.zeros(inputs, dtype=weights[0].dtype))
    return (network(torch.eye(inputs, dtype=weights[0].dtype)) - bias).T, bias


OPERATORS = {
    "neuron": neuron,
    "dense": dense,
    "forward": forward,
    "layer_outputs": layer_outputs,
    "parameter_count": parameter_count,
    "parameter_counts": parameter_counts,
    "collapse": collapse,
}
