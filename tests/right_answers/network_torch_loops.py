"""One neuron after the other, one layer after the other."""

import torch


def bend(z, name):
    if name == "relu":
        return torch.where(z > 0, z, 0)
    if name == "softmax":
        return torch.exp(z - torch.logsumexp(z, dim=-1, keepdim=True))
    return {"linear": z.clone, "sigmoid": z.sigmoid, "tanh": z.tanh}[name]()


def weighted(x, weight, bias):
    total = bias
    for index, one in enumerate(weight):
        total = total + x.select(-1, index) * one
    return total


def neuron(x, weight, bias, activation="sigmoid"):
    return bend(weighted(x, weight, bias), activation)


def dense(x, weight, bias=None, activation="linear"):
    bias = weight.new_zeros(len(weight)) if bias is None else bias
    return bend(torch.stack([weighted(x, row, b) for row, b in zip(weight, bias, strict=True)], dim=-1), activation)


def layer_outputs(x, weights, biases, activation="relu", output_activation="linear"):
    outputs = ()
    for number in range(len(weights)):
        name = output_activation if number + 1 == len(weights) else activation
        outputs += (dense(outputs[-1] if outputs else x, weights[number], biases[number], name),)
    return outputs


def forward(x, weights, biases, activation="relu", output_activation="linear"):
    while len(weights) > 1:
        x = dense(x, weights[0], biases[0], activation)
        weights, biases = weights[1:], biases[1:]
    return dense(x, weights[0], biases[0], output_activation)


def count_parameters(module, trainable_only=False):
    count = 0
    for parameter in module.parameters():
        if parameter.requires_grad or not trainable_only:
            numbers = 1
            for size in parameter.shape:
                numbers *= size
            count += numbers
    return count


def collapse(weights, biases):
    weights, biases = list(weights), list(biases)
    while len(weights) > 1:
        last, before, offset, start = weights.pop(), weights.pop(), biases.pop(), biases.pop()
        weights.append(torch.mm(last, before))
        biases.append(torch.mv(last, start) + offset)
    return weights[0], biases[0]
