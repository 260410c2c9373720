"""Other right answers in PyTorch."""

import functools
import math

import torch


def neuron__sum_of_products(x, weight, bias, activation="sigmoid"):
    return _activate((x * weight).sum(dim=-1) + bias, activation)


def neuron__matmul_of_a_column(x, weight, bias, activation="sigmoid"):
    return _activate(torch.matmul(x, weight.unsqueeze(1)).squeeze(-1) + bias, activation)


def neuron__inner(x, weight, bias, activation="sigmoid"):
    return _activate(torch.inner(x, weight).add(bias), activation)


def neuron__bias_as_a_weight(x, weight, bias, activation="sigmoid"):
    with_one = torch.cat([x, torch.ones_like(x[..., :1])], dim=-1)
    return _activate(with_one @ torch.cat([weight, bias.reshape(1)]), activation)


def neuron__loop(x, weight, bias, activation="sigmoid"):
    total = bias
    for i in range(len(weight)):
        total = total + x[..., i] * weight[i]
    return _activate(total, activation)


def dense__einsum(x, weight, bias=None, activation="linear"):
    z = torch.einsum("...i,oi->...o", x, weight)
    return _activate(z if bias is None else z + bias, activation)


def dense__addmm(x, weight, bias=None, activation="linear"):
    rows = x.reshape(-1, x.shape[-1])
    z = torch.mm(rows, weight.t()) if bias is None else torch.addmm(bias, rows, weight.t())
    return _activate(z.reshape(*x.shape[:-1], len(weight)), activation)


def dense__in_place_addition(x, weight, bias=None, activation="linear"):
    z = torch.matmul(x, weight.transpose(0, 1))
    if bias is not None:
        z += bias
    return _activate(z, activation)


def dense__loop_over_neurons(x, weight, bias=None, activation="linear"):
    outputs = [x @ weight[o] + (0 if bias is None else bias[o]) for o in range(len(weight))]
    return _activate(torch.stack(outputs, dim=-1), activation)


def dense__broadcast(x, weight, bias=None, activation="linear"):
    z = (x.unsqueeze(-2) * weight).sum(-1)
    return _activate(z if bias is None else z.add(bias), activation)


def forward__by_index(x, weights, biases, activation="relu", output_activation="linear"):
    h = x
    for i in range(len(weights)):
        h = h @ weights[i].T + biases[i]
        h = _activate(h, output_activation if i == len(weights) - 1 else activation)
    return h


def forward__relu_in_place(x, weights, biases, activation="relu", output_activation="linear"):
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        x = x @ weight.mT + bias
        name = activation if number < len(weights) else output_activation
        x = x.relu_() if name == "relu" else _activate(x, name)
    return x


def forward__recursive(x, weights, biases, activation="relu", output_activation="linear"):
    z = torch.einsum("...i,oi->...o", x, weights[0]) + biases[0]
    if len(weights) == 1:
        return _activate(z, output_activation)
    return forward__recursive(_activate(z, activation), weights[1:], biases[1:], activation, output_activation)


def forward__modules(x, weights, biases, activation="relu", output_activation="linear"):
    bends = {
        "relu": torch.nn.ReLU(),
        "sigmoid": torch.nn.Sigmoid(),
        "tanh": torch.nn.Tanh(),
        "softmax": torch.nn.Softmax(dim=-1),
        "linear": torch.nn.Identity(),
    }
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = bends[activation](torch.matmul(x, weight.T) + bias)
    return bends[output_activation](torch.matmul(x, weights[-1].T) + biases[-1])


def layer_outputs__list(x, weights, biases, activation="relu", output_activation="linear"):
    values = [x]
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        last = i + 1 == len(weights)
        values.append(_activate(values[-1] @ weight.T + bias, output_activation if last else activation))
    return values[1:]


def layer_outputs__networks_of_growing_depth(x, weights, biases, activation="relu", output_activation="linear"):
    whole = len(weights)
    return tuple(
        forward__by_index(x, weights[:k], biases[:k], activation, output_activation if k == whole else activation)
        for k in range(1, whole + 1)
    )


def count_parameters__loop(module, trainable_only=False):
    total = 0
    for _, parameter in module.named_parameters():
        if trainable_only and not parameter.requires_grad:
            continue
        total += math.prod(parameter.shape)
    return total


def count_parameters__by_identity(module, trainable_only=False):
    seen = {}
    for part in module.modules():
        for parameter in part.parameters(recurse=False):
            seen[id(parameter)] = parameter
    return sum(one.nelement() for one in seen.values() if one.requires_grad or not trainable_only)


def count_parameters__recursive(module, trainable_only=False):
    def own(part):
        found = set(part._parameters.values()) - {None}
        return found.union(*map(own, part.children()))

    return sum(one.numel() for one in own(module) if not trainable_only or one.requires_grad)


def count_parameters__vector(module, trainable_only=False):
    chosen = [one.detach().flatten() for one in module.parameters() if one.requires_grad or not trainable_only]
    return len(torch.cat(chosen)) if chosen else 0


def collapse__from_the_end(weights, biases):
    weight, bias = weights[-1], biases[-1]
    for w, b in zip(weights[-2::-1], biases[-2::-1], strict=True):
        bias = weight @ b + bias
        weight = weight @ w
    return weight, bias


def collapse__what_it_does_to_a_basis(weights, biases):
    inputs = weights[0].shape[1]
    bias = forward__by_index(torch.zeros(inputs, dtype=weights[0].dtype), weights, biases, "linear")
    columns = forward__by_index(torch.eye(inputs, dtype=weights[0].dtype), weights, biases, "linear") - bias
    return columns.T, bias


def collapse__reduce(weights, biases):
    weight = functools.reduce(lambda a, b: torch.mm(b, a), weights)
    bias = functools.reduce(
        lambda a, one: torch.mv(one[0], a) + one[1], zip(weights[1:], biases[1:], strict=True), biases[0]
    )
    return weight, bias


def _activate(x, name):
    if name == "linear":
        return x
    if name == "relu":
        return x.clamp(min=0)
    if name == "softmax":
        return x.softmax(-1)
    return {"sigmoid": x.sigmoid, "tanh": x.tanh}[name]()
