"""Products of matrices in all their forms, rows of a batch flattened and restored, and derivatives as weights."""

import torch
from torch.nn import functional as F

BENDS = {
    "linear": lambda z: z,
    "relu": F.relu,
    "sigmoid": lambda z: F.logsigmoid(z).exp(),
    "tanh": F.tanh,
    "softmax": lambda z: F.log_softmax(z, dim=-1).exp(),
}


def product(x, weight, bias):
    rows = x.flatten(0, -2) if x.dim() > 1 else x[None]
    out = torch.mm(rows, weight.t()) if bias is None else torch.addmm(bias, rows, weight.t())
    return out.reshape(*x.shape[:-1], len(weight))


def neuron(x, weight, bias, activation="sigmoid"):
    return BENDS[activation](torch.inner(x, weight) + bias)


def dense(x, weight, bias=None, activation="linear"):
    return BENDS[activation](product(x, weight, bias))


def layer_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    values = {-1: x}
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        last = number == len(weights) - 1
        values[number] = BENDS[output_activation if last else activation](product(values[number - 1], weight, bias))
    values.pop(-1)
    return list(values.values())


def forward(x, weights, biases, activation="relu", output_activation="linear"):
    *_, output = layer_outputs(x, weights, biases, activation, output_activation)
    return output


def count_parameters(module, trainable_only=False):
    wanted = {one for one in module.parameters() if one.requires_grad or not trainable_only}
    return len(torch.nn.utils.parameters_to_vector(wanted)) if wanted else 0


def collapse(weights, biases):
    """The derivative of an affine function is its weight."""

    def network(x):
        return forward(x, weights, biases, "linear")

    origin = weights[0].new_zeros(weights[0].shape[1])
    return torch.func.jacrev(network)(origin), network(origin)
