"""Other right answers in PyTorch."""

import math

import torch


def fan_in_and_fan_out__from_the_total(shape):
    total = math.prod(shape)
    return total // shape[0], total // shape[1]


def fan_in_and_fan_out__an_empty_tensor(shape):
    weight = torch.empty(shape)
    return weight[0].numel(), weight[:, 0].numel()


def fan_in_and_fan_out__size(shape):
    field = torch.Size(shape[2:]).numel()
    return [shape[1] * field, shape[0] * field]


def calculate_gain__tensor(nonlinearity, negative_slope=0.01):
    if nonlinearity in ("linear", "sigmoid"):
        return 1
    if nonlinearity == "tanh":
        return 5 / 3
    slope = 0.0 if nonlinearity == "relu" else negative_slope
    return torch.sqrt(torch.tensor(2 / (1 + slope**2)))


def calculate_gain__powers(nonlinearity, negative_slope=0.01):
    gains = {"tanh": 5 / 3, "relu": 2**0.5, "leaky_relu": (2 / (1 + negative_slope**2)) ** 0.5}
    return gains.get(nonlinearity, 1.0)


def xavier_uniform__shifted(uniform, gain=1.0):
    out, inputs, *kernel = uniform.shape
    a = gain * math.sqrt(6 / ((inputs + out) * math.prod(kernel)))
    return -a + 2 * a * uniform


def xavier_uniform__lerp(uniform, gain=1.0):
    a = torch.full_like(uniform, gain * math.sqrt(6 / sum(_fans(uniform))))
    return torch.lerp(-a, a, uniform)


def xavier_uniform__clone(uniform, gain=1.0):
    with torch.no_grad():
        a = gain * math.sqrt(6 / sum(_fans(uniform)))
        return uniform.clone().mul_(2 * a).sub_(a)


def xavier_uniform__from_the_deviation(uniform, gain=1.0):
    std = gain * math.sqrt(2 / sum(_fans(uniform)))
    a = torch.tensor(3.0, dtype=uniform.dtype).sqrt() * std
    return (uniform - 0.5) * 2 * a


def xavier_normal__mean_of_the_fans(normal, gain=1.0):
    return gain / math.sqrt(sum(_fans(normal)) / 2) * normal


def xavier_normal__torch_root(normal, gain=1.0):
    fans = torch.tensor(_fans(normal), dtype=normal.dtype)
    return normal.mul(gain * torch.rsqrt(fans.mean()))


def kaiming_uniform__from_the_deviation(uniform, mode="fan_in", gain=2**0.5):
    fan_in, fan_out = _fans(uniform)
    std = gain / math.sqrt(fan_in if mode == "fan_in" else fan_out)
    return (uniform - 0.5) * math.sqrt(12) * std


def kaiming_uniform__clone(uniform, mode="fan_in", gain=2**0.5):
    fan = uniform[0].numel() if mode == "fan_in" else uniform[:, 0].numel()
    bound = gain * (3 / fan) ** 0.5
    return uniform.detach().clone().mul_(2).sub_(1).mul_(bound)


def kaiming_normal__one_root(normal, mode="fan_in", gain=2**0.5):
    fan = normal.numel() // normal.shape[0 if mode == "fan_in" else 1]
    return normal * math.sqrt(gain**2 / fan)


def kaiming_normal__divided(normal, mode="fan_in", gain=2**0.5):
    fan = dict(zip(("fan_in", "fan_out"), _fans(normal), strict=True))[mode]
    return normal.mul(gain).div(math.sqrt(fan))


def activation_stds__by_hand(x, weights, activation="relu"):
    stds = torch.zeros(len(weights), dtype=x.dtype)
    for i, weight in enumerate(weights):
        x = _activate(torch.einsum("ni,oi->no", x, weight), activation)
        stds[i] = ((x - x.mean()) ** 2).mean().sqrt()
    return stds


def activation_stds__variance(x, weights, activation="relu"):
    variances = []
    for weight in weights:
        x = _activate(torch.mm(x, weight.t()), activation)
        variances.append(x.var(unbiased=False))
    return torch.stack(variances).sqrt()


def activation_stds__all_outputs_first(x, weights, activation="relu"):
    with torch.no_grad():
        outputs = [x]
        for weight in weights:
            outputs.append(_activate(torch.matmul(outputs[-1], weight.mT), activation))
        return torch.tensor([torch.std(one, correction=0).item() for one in outputs[1:]], dtype=x.dtype)


def _fans(weight):
    field = math.prod(weight.shape[2:])
    return weight.shape[1] * field, weight.shape[0] * field


def _activate(x, name):
    if name == "sigmoid":
        return torch.sigmoid(x)
    return {"linear": lambda: x, "relu": lambda: x.clamp(min=0), "tanh": lambda: torch.tanh(x)}[name]()
