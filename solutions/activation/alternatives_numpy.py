"""Other right answers in NumPy."""

import math

import numpy as np


def relu__mask(x):
    return x * (x > 0)


def relu__half_of_sum(x):
    return (x + np.abs(x)) / 2


def relu__loop(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = max(x[index], 0.0)
    return out


def relu__copy_and_fill(x):
    out = x.copy()
    out[out < 0] = 0
    return out


def relu_backward__mask(grad_output, x):
    return grad_output * (x > 0)


def relu_backward__copy_and_fill(grad_output, x):
    grad = grad_output.copy()
    grad[x <= 0] = 0
    return grad


def relu_backward__heaviside(grad_output, x):
    return grad_output * np.heaviside(x, np.zeros_like(x))


def leaky_relu__max(x, negative_slope=0.01):
    return np.maximum(x, negative_slope * x)


def leaky_relu__two_parts(x, negative_slope=0.01):
    return np.maximum(x, 0) + negative_slope * np.minimum(x, 0)


def leaky_relu__copy_and_scale(x, negative_slope=0.01):
    out = x.copy()
    out[x < 0] *= negative_slope
    return out


def leaky_relu_backward__slopes(grad_output, x, negative_slope=0.01):
    return grad_output * np.where(x > 0, 1, negative_slope).astype(x.dtype)


def leaky_relu_backward__filled(grad_output, x, negative_slope=0.01):
    slope = np.ones_like(x)
    slope[x <= 0] = negative_slope
    return slope * grad_output


def sigmoid__naive(x):
    return 1 / (1 + np.exp(-x))


def sigmoid__tanh(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


def sigmoid__logaddexp(x):
    return np.exp(-np.logaddexp(0, -x))


def sigmoid__where_both(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sigmoid__clipped_far(x):
    return 1 / (1 + np.exp(-np.clip(x, -80, 80)))


def sigmoid__masks(x):
    out = np.empty_like(x)
    negative = x < 0
    out[~negative] = 1 / (1 + np.exp(-x[~negative]))
    e = np.exp(x[negative])
    out[negative] = e / (1 + e)
    return out


def sigmoid__loop(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        value = float(x[index])
        out[index] = 1 / (1 + math.exp(-value)) if value >= 0 else 1 - 1 / (1 + math.exp(value))
    return out


def sigmoid_backward__one_minus(grad_output, x):
    s = 1 / (1 + np.exp(-x))
    return grad_output * s * (1 - s)


def sigmoid_backward__difference(grad_output, x):
    s = 0.5 * (1 + np.tanh(0.5 * x))
    return grad_output * (s - s**2)


def sigmoid_backward__in_size(grad_output, x):
    e = np.exp(-np.abs(x))
    return grad_output * e / (1 + e) ** 2


def sigmoid_backward__cosh(grad_output, x):
    return grad_output / (2 * np.cosh(x / 2)) ** 2


def tanh__sigmoid(x):
    return 2 / (1 + np.exp(-2 * x)) - 1


def tanh__infinite_step(x):
    return 1 - 2 / (np.exp(2 * x) + 1)


def tanh__sign_and_size(x):
    e = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)


def tanh__where(x):
    down, up = np.exp(-2 * np.maximum(x, 0)), np.exp(2 * np.minimum(x, 0))
    return np.where(x >= 0, (1 - down) / (1 + down), (up - 1) / (up + 1))


def tanh_backward__cosh(grad_output, x):
    return grad_output / np.cosh(x) ** 2


def tanh_backward__two_factors(grad_output, x):
    t = 2 / (1 + np.exp(-2 * x)) - 1
    return grad_output * (1 - t) * (1 + t)


def gelu__complement(x, approximate="none"):
    if approximate == "tanh":
        return x / (1 + np.exp(-2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    upper = np.vectorize(math.erfc, otypes=[float])(x / math.sqrt(2)).astype(x.dtype)
    return x - 0.5 * x * upper


def gelu__loop(x, approximate="none"):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        value = float(x[index])
        inner = 0.7978845608028654 * (value + 0.044715 * value**3)
        gate = math.tanh(inner) if approximate == "tanh" else math.erf(value / 2**0.5)
        out[index] = value * (1 + gate) / 2
    return out


def gelu__factored(x, approximate="none"):
    if approximate == "none":
        return x * (0.5 + 0.5 * _erf(x * 0.7071067811865476))
    return 0.5 * x + 0.5 * x * np.tanh(math.sqrt(2 / math.pi) * x * (1 + 0.044715 * x * x))


def gelu_backward__loop(grad_output, x, approximate="none"):
    grad = np.zeros_like(x)
    root = math.sqrt(2 / math.pi)
    for index in np.ndindex(x.shape):
        value = float(x[index])
        if approximate == "tanh":
            t = math.tanh(root * (value + 0.044715 * value**3))
            slope = 0.5 * (1 + t) + 0.5 * value * (1 - t * t) * root * (1 + 0.134145 * value * value)
        else:
            slope = 0.5 * math.erfc(-value / math.sqrt(2)) + value * math.exp(-value * value / 2) * root / 2
        grad[index] = grad_output[index] * slope
    return grad


def gelu_backward__gate_and_slope(grad_output, x, approximate="none"):
    root = math.sqrt(2 / math.pi)
    if approximate == "none":
        gate, slope = 0.5 + 0.5 * _erf(x / math.sqrt(2)), 0.5 * root * np.exp(-x * x / 2)
    else:
        gate = 0.5 + 0.5 * np.tanh(root * (x + 0.044715 * x**3))
        slope = 2 * gate * (1 - gate) * root * (1 + 0.134145 * x**2)
    return gate * grad_output + x * slope * grad_output


def silu__naive(x):
    return x / (1 + np.exp(-x))


def silu__tanh(x):
    return 0.5 * x * (1 + np.tanh(0.5 * x))


def silu__half(x):
    half = x / 2
    return half + half * np.tanh(half)


def silu_backward__product_rule(grad_output, x):
    s = 1 / (1 + np.exp(-x))
    return grad_output * (s + x * s * (1 - s))


def silu_backward__by_value(grad_output, x):
    s = 0.5 * (1 + np.tanh(0.5 * x))
    value = x * s
    return grad_output * (value + s * (1 - value))


def logsumexp__along_last(x, axis=-1):
    rows = np.moveaxis(x, axis, -1)
    top = rows.max(axis=-1)
    return top + np.log(np.exp(rows - top[..., None]).sum(axis=-1))


def logsumexp__running(x, axis=-1):
    rows = np.moveaxis(x, axis, 0)
    total = rows[0].copy()
    for row in rows[1:]:
        total = np.maximum(total, row) + np.log1p(np.exp(-np.abs(total - row)))
    return total


def logsumexp__loop(x, axis=-1):
    rows = np.moveaxis(x, axis, -1)
    out = np.zeros(rows.shape[:-1], dtype=x.dtype)
    for index in np.ndindex(out.shape):
        values = [float(value) for value in rows[index]]
        out[index] = max(values) + math.log(sum(math.exp(value - max(values)) for value in values))
    return out


def logsumexp_backward__reshaped(grad_output, x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    total = e.sum(axis=axis, keepdims=True)
    return e * (np.reshape(grad_output, total.shape) / total)


def logsumexp_backward__from_the_value(grad_output, x, axis=-1):
    top = x.max(axis=axis, keepdims=True)
    value = top + np.log(np.exp(x - top).sum(axis=axis, keepdims=True))
    return np.expand_dims(grad_output, axis) * np.exp(x - value)


def softmax__from_logsumexp(x, axis=-1):
    top = x.max(axis=axis, keepdims=True)
    return np.exp(x - (top + np.log(np.exp(x - top).sum(axis=axis, keepdims=True))))


def softmax__along_last(x, axis=-1):
    rows = np.swapaxes(x, axis, -1)
    e = np.exp(rows - rows.max(axis=-1)[..., None])
    return np.swapaxes(e / e.sum(axis=-1)[..., None], axis, -1)


def softmax__loop(x, axis=-1):
    def row(values):
        e = [math.exp(value - max(values)) for value in values.tolist()]
        return np.array([one / sum(e) for one in e], dtype=x.dtype)

    return np.apply_along_axis(row, axis, x)


def softmax__pairwise_differences(x, axis=-1):
    rows = np.moveaxis(x, axis, -1)
    with np.errstate(over="ignore"):
        total = np.exp(rows[..., None, :] - rows[..., :, None]).sum(axis=-1)  # Σ_j exp(x_j - x_i)
    return np.moveaxis(1 / total, -1, axis)


def softmax_backward__jacobian(grad_output, x, axis=-1):
    rows, grads = np.moveaxis(x, axis, -1), np.moveaxis(grad_output, axis, -1)
    e = np.exp(rows - rows.max(axis=-1, keepdims=True))
    s = e / e.sum(axis=-1, keepdims=True)
    jacobian = np.eye(s.shape[-1], dtype=x.dtype) * s[..., None] - s[..., :, None] * s[..., None, :]
    return np.moveaxis((jacobian @ grads[..., None])[..., 0], -1, axis)


def softmax_backward__two_terms(grad_output, x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    s = e / e.sum(axis=axis, keepdims=True)
    first = grad_output * s
    return first - s * first.sum(axis=axis, keepdims=True)


def log_softmax__from_logsumexp(x, axis=-1):
    top = x.max(axis=axis, keepdims=True)
    return x - (top + np.log(np.exp(x - top).sum(axis=axis, keepdims=True)))


def log_softmax__loop(x, axis=-1):
    def row(values):
        top = float(values.max())
        total = math.log(math.fsum(math.exp(value - top) for value in values.tolist()))
        return np.array([value - top - total for value in values.tolist()], dtype=x.dtype)

    return np.apply_along_axis(row, axis, x)


def log_softmax_backward__shares(grad_output, x, axis=-1):
    e = np.exp(x - np.amax(x, axis=axis, keepdims=True))
    share = grad_output.sum(axis=axis, keepdims=True) / e.sum(axis=axis, keepdims=True)
    return grad_output - e * share


def log_softmax_backward__jacobian(grad_output, x, axis=-1):
    rows, grads = np.moveaxis(x, axis, -1), np.moveaxis(grad_output, axis, -1)
    e = np.exp(rows - rows.max(axis=-1, keepdims=True))
    s = e / e.sum(axis=-1, keepdims=True)
    jacobian = np.eye(s.shape[-1], dtype=x.dtype) - s[..., None, :]  # of output i by input j
    return np.moveaxis(np.einsum("...i,...ij->...j", grads, jacobian), -1, axis)


def _erf(x):
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x), dtype=x.dtype)
