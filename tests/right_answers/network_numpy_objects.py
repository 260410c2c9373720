"""Layers as objects, activations of its own, and sums that are written out."""

from dataclasses import dataclass

import numpy as np

BENDS = {
    "linear": lambda z: z,
    "relu": lambda z: z.clip(0),
    "sigmoid": lambda z: np.exp(-np.logaddexp(0, -z)),
    "tanh": np.tanh,
    "softmax": lambda z: np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)),
}


@dataclass
class Layer:
    weight: np.ndarray
    bias: np.ndarray | None
    activation: str

    def __call__(self, x):
        z = np.matmul(x, self.weight.swapaxes(0, 1))
        if self.bias is not None:
            z = z + self.bias
        return BENDS[self.activation](z)


def neuron(x, weight, bias, activation="sigmoid"):
    return Layer(weight.reshape(1, -1), bias.reshape(1), activation)(x)[..., 0]


def dense(x, weight, bias=None, activation="linear"):
    return Layer(weight, bias, activation)(x)


def forward(x, weights, biases, activation="relu", output_activation="linear"):
    return layer_outputs(x, weights, biases, activation, output_activation)[-1]


def layer_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    layers = [Layer(w, b, activation) for w, b in zip(weights, biases, strict=True)]
    layers[-1].activation = output_activation
    values = []
    while layers:
        x = layers.pop(0)(x)
        values += [x]
    return values


def parameter_count(sizes, bias=True):
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i]
        if bias:
            total += sizes[i]
    return total


def parameter_counts(layers):
    def learns(layer):
        name = layer[0]
        if name == "conv2d":
            _, inputs, outputs, kernel = layer
            return outputs + np.zeros((outputs, inputs, *kernel)).size
        if name in ("dense", "rnn"):
            _, inputs, outputs = layer
            return inputs * outputs + outputs + (name == "rnn") * (outputs**2 + outputs)
        return 0

    return list(map(learns, layers))


def collapse(weights, biases):
    total, offset = np.eye(weights[0].shape[1], dtype=weights[0].dtype), 0
    for weight, bias in zip(weights, biases, strict=True):
        total = weight.dot(total)
        offset = bias + (weight.dot(offset) if np.ndim(offset) else 0)
    return total, offset
