"""Other right answers in NumPy."""

import functools
import itertools
import math

import numpy as np


def neuron__sum_of_products(x, weight, bias, activation="sigmoid"):
    return _activate((x * weight).sum(axis=-1) + bias, activation)


def neuron__inner(x, weight, bias, activation="sigmoid"):
    return _activate(np.inner(x, weight) + bias, activation)


def neuron__bias_as_a_weight(x, weight, bias, activation="sigmoid"):
    with_one = np.concatenate([x, np.ones((*x.shape[:-1], 1), dtype=x.dtype)], axis=-1)
    return _activate(with_one @ np.append(weight, bias), activation)


def neuron__own_activations(x, weight, bias, activation="sigmoid"):
    z = np.asarray(np.einsum("...i,i->...", x, weight) + bias)
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(0.5 * z))
    return {"relu": lambda: z * (z > 0), "tanh": lambda: np.tanh(z), "linear": lambda: z}[activation]()


def neuron__loop(x, weight, bias, activation="sigmoid"):
    out = np.zeros(x.shape[:-1], dtype=x.dtype)
    for index in np.ndindex(out.shape):
        total = float(bias)
        for i in range(len(weight)):
            total += float(x[index][i]) * float(weight[i])
        out[index] = total
    return _activate(out, activation)


def neuron__one_row_of_a_layer(x, weight, bias, activation="sigmoid"):
    return dense__loop_over_neurons(x, weight[None], bias[None], activation)[..., 0]


def dense__einsum(x, weight, bias=None, activation="linear"):
    z = np.einsum("...i,oi->...o", x, weight)
    return _activate(z if bias is None else z + bias, activation)


def dense__tensordot(x, weight, bias=None, activation="linear"):
    z = np.tensordot(x, weight, axes=(-1, 1))
    if bias is not None:
        z += bias
    return _activate(z, activation)


def dense__columns(x, weight, bias=None, activation="linear"):
    rows = x.reshape(-1, x.shape[-1])
    z = np.matmul(weight, rows.T)
    if bias is not None:
        z = z + bias[:, np.newaxis]
    return _activate(z.T.reshape(*x.shape[:-1], len(weight)), activation)


def dense__loop_over_neurons(x, weight, bias=None, activation="linear"):
    bias = np.zeros(len(weight), dtype=x.dtype) if bias is None else bias
    return _activate(np.stack([x @ row + b for row, b in zip(weight, bias, strict=True)], axis=-1), activation)


def dense__bias_as_a_weight(x, weight, bias=None, activation="linear"):
    bias = np.zeros(len(weight), dtype=x.dtype) if bias is None else bias
    ones = np.ones((*x.shape[:-1], 1), dtype=x.dtype)
    return _activate(np.concatenate([ones, x], axis=-1) @ np.column_stack([bias, weight]).T, activation)


def dense__broadcast(x, weight, bias=None, activation="linear"):
    z = np.sum(x[..., None, :] * weight, axis=-1)
    return _activate(z + (0 if bias is None else bias), activation)


def forward__by_index(x, weights, biases, activation="relu", output_activation="linear"):
    h = x
    for i in range(len(weights)):
        h = h @ weights[i].T + biases[i]
        h = _activate(h, output_activation if i == len(weights) - 1 else activation)
    return h


def forward__last_layer_apart(x, weights, biases, activation="relu", output_activation="linear"):
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = _activate(np.einsum("...i,oi->...o", x, weight) + bias, activation)
    return _activate(x @ np.swapaxes(weights[-1], 0, 1) + biases[-1], output_activation)


def forward__recursive(x, weights, biases, activation="relu", output_activation="linear"):
    z = np.dot(x, weights[0].T) + biases[0]
    if len(weights) == 1:
        return _activate(z, output_activation)
    return forward__recursive(_activate(z, activation), weights[1:], biases[1:], activation, output_activation)


def forward__reduce(x, weights, biases, activation="relu", output_activation="linear"):
    names = [activation] * (len(weights) - 1) + [output_activation]
    return functools.reduce(lambda h, one: _activate(h @ one[0].T + one[1], one[2]), zip(weights, biases, names), x)  # noqa: B905


def forward__row_by_row(x, weights, biases, activation="relu", output_activation="linear"):
    out = np.empty((*x.shape[:-1], len(biases[-1])), dtype=x.dtype)
    for index in np.ndindex(x.shape[:-1]):
        out[index] = forward__by_index(x[index], weights, biases, activation, output_activation)
    return out


def forward__relu_in_place(x, weights, biases, activation="relu", output_activation="linear"):
    h = x.copy()
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        h = h @ weight.T
        h += bias
        name = activation if number < len(weights) else output_activation
        if name == "relu":
            h[h < 0] = 0
        else:
            h = _activate(h, name)
    return h


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


def layer_outputs__accumulate(x, weights, biases, activation="relu", output_activation="linear"):
    names = [activation] * (len(weights) - 1) + [output_activation]
    steps = itertools.accumulate(
        zip(weights, biases, names, strict=True), lambda h, one: _activate(h @ one[0].T + one[1], one[2]), initial=x
    )
    return list(steps)[1:]


def parameter_count__weights_and_biases(sizes, bias=True):
    weights = sum(a * b for a, b in itertools.pairwise(sizes))
    return weights + sum(sizes[1:]) if bias else weights


def parameter_count__dot(sizes, bias=True):
    sizes = np.array(sizes)
    return int(np.dot(sizes[:-1] + int(bias), sizes[1:]))


def parameter_count__arrays(sizes, bias=True):
    weights = [np.zeros((b, a)) for a, b in itertools.pairwise(sizes)]
    biases = [np.zeros(b) for b in sizes[1:]] if bias else []
    return sum(one.size for one in (*weights, *biases))


def parameter_count__numpy_integer(sizes, bias=True):
    return np.sum([sizes[i] * sizes[i + 1] + bias * sizes[i + 1] for i in range(len(sizes) - 1)])


def parameter_counts__shapes(layers):
    counts = []
    for layer in layers:
        shapes = []
        if layer[0] == "dense":
            shapes = [(layer[2], layer[1]), (layer[2],)]
        elif layer[0] == "conv2d":
            shapes = [(layer[2], layer[1], *layer[3]), (layer[2],)]
        elif layer[0] == "rnn":
            shapes = [(layer[2], layer[1]), (layer[2], layer[2]), (layer[2],), (layer[2],)]
        counts.append(sum(math.prod(shape) for shape in shapes))
    return counts


def parameter_counts__table(layers):
    rules = {
        "dense": lambda inputs, outputs: (inputs + 1) * outputs,
        "conv2d": lambda channels, outputs, kernel: (channels * kernel[0] * kernel[1] + 1) * outputs,
        "rnn": lambda inputs, hidden: hidden * (inputs + hidden + 2),
    }
    return tuple(rules.get(name, lambda *_: 0)(*sizes) for name, *sizes in layers)


def parameter_counts__match(layers):
    counts = np.zeros(len(layers), dtype=int)
    for i, layer in enumerate(layers):
        match layer:
            case ("dense", inputs, outputs):
                counts[i] = outputs + inputs * outputs
            case ("conv2d", channels, outputs, (height, width)):
                counts[i] = outputs * (1 + channels * height * width)
            case ("rnn", inputs, hidden):
                counts[i] = 2 * hidden + hidden * (inputs + hidden)
    return [int(count) for count in counts]


def collapse__from_the_end(weights, biases):
    weight, bias = weights[-1], biases[-1]
    for w, b in zip(weights[-2::-1], biases[-2::-1], strict=True):
        bias = weight @ b + bias
        weight = weight @ w
    return weight, bias


def collapse__what_it_does_to_a_basis(weights, biases):
    inputs = weights[0].shape[1]
    bias = forward__by_index(np.zeros(inputs, dtype=weights[0].dtype), weights, biases, "linear")
    columns = forward__by_index(np.eye(inputs, dtype=weights[0].dtype), weights, biases, "linear") - bias
    return columns.T, bias


def collapse__homogeneous(weights, biases):
    total = np.eye(weights[0].shape[1] + 1, dtype=weights[0].dtype)
    for w, b in zip(weights, biases, strict=True):
        below = np.zeros((1, w.shape[1] + 1), dtype=w.dtype)
        below[0, -1] = 1
        total = np.concatenate([np.concatenate([w, b[:, None]], axis=1), below]) @ total
    return total[:-1, :-1], total[:-1, -1]


def collapse__reduce(weights, biases):
    weight = functools.reduce(lambda a, b: b @ a, weights)
    bias = functools.reduce(lambda a, one: one[0] @ a + one[1], zip(weights[1:], biases[1:], strict=True), biases[0])
    return weight, bias


def _activate(x, name):
    if name == "linear":
        return x
    if name == "relu":
        return np.where(x > 0, x, 0)
    if name == "sigmoid":
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-x))
    if name == "tanh":
        return np.tanh(x)
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
