"""Calls of the functions of back-propagation, drawn without a look at the plugin: larger, longer, every option varied.

Tapes are drawn by interval arithmetic: of each value only the shape and the bounds are known, and an operation is taken
where the bounds say that it is defined and tame.
"""

import math

import numpy as np

ONE, TWO = ("relu", "exp", "log", "sum"), ("add", "sub", "mul", "div", "matmul")


def linear(rng):
    """No, one or several batch axes; a batch may be empty."""
    batch = tuple(rng.integers(1, 5, rng.integers(0, 4)).tolist())
    batch = (*batch, 0) if rng.random() < 0.05 else batch
    inputs, outputs = rng.integers(1, 9, 2).tolist()
    x, weight = rng.standard_normal((*batch, inputs)), rng.standard_normal((outputs, inputs))
    bias = [(), (None,), (rng.standard_normal(outputs),)][rng.choice([0, 1, 2, 2])]
    return x, weight, *bias


def linear_backward(rng):
    x, weight, *bias = linear(rng)
    return rng.standard_normal((*x.shape[:-1], len(weight))), x, weight, *bias


def numerical_gradient(rng):
    """One of the driver's functions; x, and weights of its shape."""
    functions = ["a sum of cubes", "a sum of quotients", "the square of a sum"]
    shape = tuple(rng.integers(1, 5, rng.integers(0, 4)).tolist())
    eps = () if rng.random() < 0.4 else (10 ** rng.uniform(-5, -0.5),)
    x, weight = np.asarray(rng.standard_normal(shape)), np.asarray(rng.standard_normal(shape))
    return functions[rng.integers(3)], x, weight, *eps


def mlp_forward(rng):
    rows, features, hidden, classes = rng.integers(1, 9, 4).tolist()
    scale = 10 ** rng.uniform(-1, 0.5)
    shapes = (rows, features), (hidden, features), (hidden,), (classes, hidden), (classes,)
    return tuple(scale * rng.standard_normal(shape) for shape in shapes)


def mlp_loss_and_grads(rng):
    """In one call of ten, all hidden units of some row are exactly at the kink, where the slope is 0."""
    x, w1, b1, w2, b2 = mlp_forward(rng)
    if rng.random() < 0.1:
        x[0], b1 = 0.0, np.zeros_like(b1)
    return x, rng.integers(0, len(b2), len(x)), w1, b1, w2, b2


def topological_order(rng):
    """Edges lead from nodes that are earlier in a hidden order; repeats occur."""
    count = int(rng.integers(1, 16))
    names = rng.permutation(count).tolist()
    parents = [()] * count
    for place, name in enumerate(names):
        chosen = (rng.random(int(rng.integers(0, 4))) * place).astype(int).tolist() if place else ()
        parents[name] = tuple(names[one] for one in chosen)
    return (tuple(parents),)


def tape_forward(rng):
    leaves, ops, _ = _tape(rng)
    return leaves, ops


def tape_backward(rng):
    leaves, ops, shape = _tape(rng)
    return np.asarray(rng.standard_normal(shape)), leaves, ops


def Tensor(rng):
    """The upstream gradient, or None for a scalar; a tape; how often backward is called."""
    grad_output, leaves, ops = tape_backward(rng)
    left_out = grad_output.ndim == 0 and rng.random() < 0.5
    return None if left_out else grad_output, leaves, ops, int(rng.integers(1, 4))


def ReLU(rng):
    shape = tuple(rng.integers(1, 7, rng.integers(0, 4)).tolist())
    x, other, grad_output = (np.asarray(rng.standard_normal(shape)) for _ in range(3))
    if rng.random() < 0.5:
        x, other = np.asarray(np.round(x)), np.asarray(np.round(other))
    return x, other, grad_output


def _tape(rng):
    """Return leaves, operations and the last value's shape."""
    n, m, k = rng.integers(1, 7, 3).tolist()
    shapes = [(n, m), (m, k), (k, n), (n, n), (m,), (1, k), (n, 1), (1,), (), (n, m)]
    bounds = [(0.5, 2.0), (-2.0, 2.0), (-2.0, -0.5)]
    known = [(shapes[i], *bounds[j]) for i, j in zip(*rng.integers((10, 3), size=(5, 2)).T.tolist(), strict=True)]
    known = known[: int(rng.integers(1, 6))]
    leaves = tuple(np.asarray(rng.uniform(low, high, shape)) for shape, low, high in known)
    if rng.random() < 0.2:  # exact zeros, but only where the bounds allow them
        leaves = tuple(
            np.asarray(np.round(leaf)) if low < 0 < high else leaf
            for leaf, (_, low, high) in zip(leaves, known, strict=True)
        )
    steps, numbers = int(rng.integers(1, 10)), iter(rng.random(200).tolist())
    ops = []
    for number in numbers:
        names, count = (ONE, 1) if number < 0.35 else (TWO, 2)
        name = names[int(next(numbers, 0) * len(names))]
        inputs = tuple(_input(next(numbers, 0), len(known)) for _ in range(count))
        made = _made(name, *(known[i] for i in inputs))
        if made:
            known.append(made)
            ops.append((name, inputs))
        if len(ops) == steps:
            break
    return leaves, tuple(ops or [("add", (0, 0))]), (known[-1] if ops else known[0])[0]


def _input(number, count):
    """Choose the last value half of the time."""
    return count - 1 if number < 0.5 else int((number - 0.5) * 2 * count)


def _made(name, a, b=None):
    """Return shape and bounds of a result; None where the operation is undefined, ill-conditioned or large."""
    shape = a[0] if b is None else _shape(a[0], b[0], name == "matmul")
    if shape is None:
        return None
    low, high = _bounds(name, a, b) or (None, None)
    return (() if name == "sum" else shape, low, high) if low is not None and max(-low, high) < 30 else None


def _shape(a, b, product):
    if product:
        return (a[0], b[1]) if len(a) == len(b) == 2 and a[1] == b[0] else None
    if a == b:
        return a
    length = max(len(a), len(b))
    pairs = list(zip((1,) * (length - len(a)) + a, (1,) * (length - len(b)) + b, strict=True))
    return tuple(max(pair) for pair in pairs) if all(i == j or 1 in (i, j) for i, j in pairs) else None


def _bounds(name, a, b):
    (shape, low, high), (_, least, most) = a, b or a
    if name in ("add", "sub"):
        return (low + least, high + most) if name == "add" else (low - most, high - least)
    if name in ("mul", "div", "matmul"):
        if name == "div":
            if least < 0.3 and most > -0.3:
                return None
            least, most = 1 / most, 1 / least
        count = shape[1] if name == "matmul" else 1
        corners = [count * i * j for i in (low, high) for j in (least, most)]
        return min(corners), max(corners)
    if name == "sum":
        size = math.prod(shape)
        return size * low, size * high
    if name == "relu":
        return max(low, 0.0), max(high, 0.0)
    if name == "exp":
        return (math.exp(low), math.exp(high)) if high < 3 else None
    return (math.log(low), math.log(high)) if low > 0.2 else None
