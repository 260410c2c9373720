"""Modules around given parameters, and functions of them."""

import torch
from torch import nn


class Dense(nn.Module):
    """A layer whose parameters are tensors that somebody else owns."""

    def __init__(self, weight, bias, activation):
        super().__init__()
        self.parts = weight, bias
        self.bend = {
            "linear": nn.Identity,
            "relu": nn.ReLU,
            "sigmoid": nn.Sigmoid,
            "tanh": nn.Tanh,
            "softmax": lambda: nn.Softmax(-1),
        }[activation]()

    def forward(self, x):
        weight, bias = self.parts
        z = torch.tensordot(x, weight, dims=([-1], [1]))
        return self.bend(z if bias is None else z + bias)


def neuron(x, weight, bias, activation="sigmoid"):
    return Dense(weight[None], bias[None], activation)(x).squeeze(-1)


def dense(x, weight, bias=None, activation="linear"):
    return Dense(weight, bias, activation)(x)


def stack(weights, biases, activation, output_activation):
    names = [activation] * len(weights)
    names[-1] = output_activation
    return nn.Sequential(*map(Dense, weights, biases, names))


def forward(x, weights, biases, activation="relu", output_activation="linear"):
    return stack(weights, biases, activation, output_activation)(x)


def layer_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    outputs = []
    network = stack(weights, biases, activation, output_activation)
    for layer in network:
        layer.register_forward_hook(lambda module, args, output: outputs.append(output))
    network(x)
    return outputs


def count_parameters(module, trainable_only=False):
    wanted = filter(lambda one: one.requires_grad, module.parameters()) if trainable_only else module.parameters()
    return sum(map(torch.numel, wanted))


def collapse(weights, biases):
    weight, bias = weights[0], biases[0]
    for w, b in zip(weights[1:], biases[1:], strict=True):
        weight, bias = torch.einsum("ij,jk->ik", w, weight), torch.addmv(b, w, bias)
    return weight, bias
