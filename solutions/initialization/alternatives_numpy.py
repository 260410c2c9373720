"""Other right answers in NumPy."""

import functools
import math
import operator

import numpy as np


def fan_in_and_fan_out__from_the_total(shape):
    total = math.prod(shape)
    return total // shape[0], total // shape[1]


def fan_in_and_fan_out__numpy(shape):
    field = np.prod(shape[2:], dtype=int)
    return shape[1] * field, shape[0] * field


def fan_in_and_fan_out__an_empty_array(shape):
    weight = np.empty(shape)
    return [weight[0].size, weight[:, 0].size]


def fan_in_and_fan_out__loop(shape):
    fan_out, fan_in = shape[:2]
    for size in shape[2:]:
        fan_in *= size
        fan_out *= size
    return fan_in, fan_out


def fan_in_and_fan_out__reduce(shape):
    field = functools.reduce(operator.mul, shape[2:], 1)
    return tuple(int(size) for size in np.array([shape[1], shape[0]]) * field)


def calculate_gain__ifs(nonlinearity, negative_slope=0.01):
    if nonlinearity in ("linear", "sigmoid"):
        return 1
    if nonlinearity == "tanh":
        return 5 / 3
    if nonlinearity == "relu":
        negative_slope = 0
    return np.sqrt(2 / (1 + negative_slope * negative_slope))


def calculate_gain__powers(nonlinearity, negative_slope=0.01):
    gains = {
        "linear": 1,
        "sigmoid": 1,
        "tanh": 5.0 / 3.0,
        "relu": 2**0.5,
        "leaky_relu": 2**0.5 * (1 + negative_slope**2) ** -0.5,
    }
    return gains[nonlinearity]


def calculate_gain__match(nonlinearity, negative_slope=0.01):
    match nonlinearity:
        case "tanh":
            return np.float64(5) / 3
        case "relu":
            return math.sqrt(2.0)
        case "leaky_relu":
            return math.sqrt(2.0) / math.hypot(1.0, negative_slope)
        case _:
            return 1.0


def xavier_uniform__shifted(uniform, gain=1.0):
    out, inputs, *kernel = uniform.shape
    a = gain * math.sqrt(6 / ((inputs + out) * math.prod(kernel)))
    return -a + 2 * a * uniform


def xavier_uniform__float_of_numpy(uniform, gain=1.0):
    fan_in, fan_out = _fans(uniform.shape)
    a = float(gain * np.sqrt(6.0 / (fan_in + fan_out)))
    return np.add(uniform, -0.5) * (a + a)


def xavier_uniform__from_the_deviation(uniform, gain=1.0):
    std = gain * math.sqrt(2 / sum(_fans(uniform.shape)))
    a = math.sqrt(3) * std
    return uniform * a - (1 - uniform) * a


def xavier_uniform__interpolated(uniform, gain=1.0):
    a = gain * (6 / sum(_fans(uniform.shape))) ** 0.5
    return np.interp(uniform, [0, 1], [-a, a]).astype(uniform.dtype)


def xavier_uniform__copy(uniform, gain=1.0):
    weight = uniform.copy()
    weight *= 2
    weight -= 1
    weight *= gain * np.sqrt(6 / sum(_fans(weight.shape)))
    return weight


def xavier_normal__mean_of_the_fans(normal, gain=1.0):
    fan_in, fan_out = _fans(normal.shape)
    return gain / math.sqrt((fan_in + fan_out) / 2) * normal


def xavier_normal__dtype_of_the_input(normal, gain=1.0):
    std = np.sqrt(2 / sum(_fans(normal.shape)))
    return (gain * std * normal).astype(normal.dtype)


def xavier_normal__loop(normal, gain=1.0):
    weight = np.empty_like(normal)
    std = gain * math.sqrt(2 / (normal[0].size + normal[:, 0].size))
    for index in np.ndindex(normal.shape):
        weight[index] = std * normal[index]
    return weight


def kaiming_uniform__from_the_deviation(uniform, mode="fan_in", gain=2**0.5):
    fan_in, fan_out = _fans(uniform.shape)
    std = gain / math.sqrt(fan_in if mode == "fan_in" else fan_out)
    return (uniform - 0.5) * math.sqrt(12) * std


def kaiming_uniform__one_root(uniform, mode="fan_in", gain=2**0.5):
    fan = {"fan_in": uniform[0].size, "fan_out": uniform[:, 0].size}[mode]
    bound = math.sqrt(3 * gain * gain / fan)
    return uniform * (2 * bound) - bound


def kaiming_uniform__copy(uniform, mode="fan_in", gain=2**0.5):
    weight = np.array(uniform)
    fans = dict(zip(("fan_in", "fan_out"), _fans(uniform.shape), strict=True))
    bound = gain * (3 / fans[mode]) ** 0.5
    weight *= 2 * bound
    weight -= bound
    return weight


def kaiming_normal__one_root(normal, mode="fan_in", gain=2**0.5):
    fan = normal.size // normal.shape[0 if mode == "fan_in" else 1]
    return normal * math.sqrt(gain**2 / fan)


def kaiming_normal__divided(normal, mode="fan_in", gain=2**0.5):
    fan_in, fan_out = _fans(normal.shape)
    fan = fan_out if mode == "fan_out" else fan_in
    return normal * gain / math.sqrt(fan)


def kaiming_normal__power(normal, mode="fan_in", gain=2**0.5):
    fan = _fans(normal.shape)[("fan_in", "fan_out").index(mode)]
    return np.multiply(gain * fan**-0.5, normal)


def activation_stds__by_hand(x, weights, activation="relu"):
    stds = np.zeros(len(weights), dtype=x.dtype)
    for i, weight in enumerate(weights):
        x = _activate(np.einsum("ni,oi->no", x, weight), activation)
        stds[i] = np.sqrt(np.mean((x - np.mean(x)) ** 2))
    return stds


def activation_stds__all_outputs_first(x, weights, activation="relu"):
    outputs = [x]
    for weight in weights:
        outputs.append(_activate(np.dot(outputs[-1], weight.T), activation))
    return np.array([np.std(one) for one in outputs[1:]], dtype=x.dtype)


def activation_stds__variance(x, weights, activation="relu"):
    variances = []
    for weight in weights:
        x = _activate(np.matmul(x, np.transpose(weight)), activation)
        variances.append(np.var(x.ravel()))
    return np.sqrt(np.stack(variances))


def activation_stds__transposed(x, weights, activation="relu"):
    h, stds = x.T, np.empty(len(weights), x.dtype)
    for number, weight in enumerate(weights):
        h = _activate(weight @ h, activation)
        stds[number] = np.linalg.norm(h - h.mean()) / math.sqrt(h.size)
    return stds


def _fans(shape):
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def _activate(x, name):
    if name == "sigmoid":
        return 0.5 + 0.5 * np.tanh(0.5 * x)
    return {"linear": lambda: x, "relu": lambda: x * (x > 0), "tanh": lambda: np.tanh(x)}[name]()
