"""Other right answers in NumPy."""

import math
import sys
from collections import deque
from functools import reduce
from itertools import count

import numpy as np


def linear__einsum(x, weight, bias=None):
    out = np.einsum("...i,oi->...o", x, weight)
    return out if bias is None else out + bias


def linear__loop(x, weight, bias=None):
    out = np.zeros((*x.shape[:-1], len(weight)), dtype=x.dtype)
    for o in range(len(weight)):
        for i in range(x.shape[-1]):
            out[..., o] += weight[o, i] * x[..., i]
        if bias is not None:
            out[..., o] += bias[o]
    return out


def linear__sum_of_products(x, weight, bias=None):
    return (x[..., None, :] * weight).sum(axis=-1) + (0 if bias is None else bias)


def linear_backward__einsum(grad_output, x, weight, bias=None):
    upstream, rows = (one.reshape(-1, one.shape[-1]) for one in (grad_output, x))
    grad_bias = None if bias is None else np.einsum("bo->o", upstream)
    return grad_output.dot(weight), np.einsum("bo,bi->oi", upstream, rows), grad_bias


def linear_backward__tensordot(grad_output, x, weight, bias=None):
    batch = tuple(range(x.ndim - 1))
    grad_weight = np.tensordot(grad_output, x, axes=(batch, batch))
    return grad_output @ weight, grad_weight, None if bias is None else grad_output.sum(axis=batch)


def linear_backward__loop(grad_output, x, weight, bias=None):
    grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
    grad_bias = None if bias is None else np.zeros_like(bias)
    for index in np.ndindex(x.shape[:-1]):
        for o in range(len(weight)):
            g = grad_output[(*index, o)]
            grad_x[index] += g * weight[o]
            grad_weight[o] += g * x[index]
            if grad_bias is not None:
                grad_bias[o] += g
    return grad_x, grad_weight, grad_bias


def numerical_gradient__saved_and_restored(f, x, eps=1e-5):
    grad = np.empty_like(x)
    for i in range(x.size):
        old = x.flat[i]
        x.flat[i] = old + eps
        up = f(x)
        x.flat[i] = old - eps
        down = f(x)
        x.flat[i] = old
        grad.flat[i] = (up - down) / (2 * eps)
    return grad


def numerical_gradient__two_copies(f, x, eps=1e-5):
    slopes = []
    for i in range(x.size):
        up, down = x.copy(), x.copy()
        up.reshape(-1)[i] += eps
        down.reshape(-1)[i] -= eps
        slopes.append(float(f(up) - f(down)) / eps / 2)
    return np.array(slopes).reshape(x.shape)


def numerical_gradient__rows_of_the_identity(f, x, eps=1e-5):
    steps = eps * np.eye(x.size).reshape(-1, *x.shape)
    return np.array([f(x + step) / (2 * eps) - f(x - step) / (2 * eps) for step in steps]).reshape(x.shape)


def mlp_forward__einsum(x, w1, b1, w2, b2):
    pre = np.einsum("nd,hd->nh", x, w1) + b1
    return np.einsum("nh,ch->nc", np.where(pre > 0, pre, 0), w2) + b2


def mlp_forward__bias_as_a_column(x, w1, b1, w2, b2):
    ones = np.ones((len(x), 1), dtype=x.dtype)
    pre = np.hstack([x, ones]) @ np.hstack([w1, b1[:, None]]).T
    return np.hstack([pre * (pre > 0), ones]) @ np.hstack([w2, b2[:, None]]).T


def mlp_forward__row_by_row(x, w1, b1, w2, b2):
    return np.stack([w2 @ np.maximum(w1 @ row + b1, 0) + b2 for row in x])


def mlp_loss_and_grads__row_by_row(x, target, w1, b1, w2, b2):
    grads, loss = [np.zeros_like(one) for one in (w1, b1, w2, b2)], 0.0
    for row, label in zip(x, target, strict=True):
        pre = w1 @ row + b1
        hidden = np.maximum(pre, 0)
        logits = w2 @ hidden + b2
        lse = np.logaddexp.reduce(logits)
        loss += float(lse - logits[label]) / len(x)
        grad = np.exp(logits - lse) - np.eye(len(b2), dtype=x.dtype)[label]
        grad_pre = np.where(pre > 0, w2.T @ grad, 0)
        for total, part in zip(grads, (np.outer(grad_pre, row), grad_pre, np.outer(grad, hidden), grad), strict=True):
            total += part / len(x)
    return loss, tuple(grads)


def mlp_loss_and_grads__einsum(x, target, w1, b1, w2, b2):
    pre = np.einsum("nd,hd->nh", x, w1) + b1
    passes = (pre > 0).astype(x.dtype)
    logits = np.einsum("nh,ch->nc", pre * passes, w2) + b2
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    onehot = (target[:, None] == np.arange(len(b2))).astype(x.dtype)
    shifted = logits - logits.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - (shifted * onehot).sum(axis=1))
    grad = (p - onehot) / len(x)
    grad_pre = np.einsum("nc,ch,nh->nh", grad, w2, passes)
    return loss, (
        np.einsum("nh,nd->hd", grad_pre, x),
        np.einsum("nh->h", grad_pre),
        np.einsum("nc,nh->ch", grad, pre * passes),
        grad.sum(axis=0),
    )


def mlp_loss_and_grads__divided_last(x, target, w1, b1, w2, b2):
    n = len(x)
    pre = x.dot(w1.T) + b1
    hidden = pre.clip(0)
    logits = hidden.dot(w2.T) + b2
    logits = logits - logits.max(-1, keepdims=True)
    logp = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    grad = np.exp(logp)
    grad[range(n), target] -= 1
    grad_pre = grad.dot(w2)
    grad_pre[pre <= 0] = 0
    grads = grad_pre.T.dot(x), grad_pre.sum(0), grad.T.dot(hidden), grad.sum(0)
    return -sum(logp[i, t] for i, t in enumerate(target)) / n, tuple(one / n for one in grads)


def topological_order__stack(parents):
    order, state = [], [0] * len(parents)
    for root in range(len(parents)):
        stack = [root]
        while stack:
            node = stack[-1]
            if state[node] == 0:
                state[node] = 1
                stack.extend(one for one in parents[node] if state[one] == 0)
                continue
            stack.pop()
            if state[node] == 1:
                state[node] = 2
                order.append(node)
    return order


def topological_order__recursion_with_room(parents):
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + 2 * len(parents))
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for one in parents[node]:
                visit(one)
            order.append(node)

    for node in range(len(parents)):
        visit(node)
    sys.setrecursionlimit(limit)
    return order


def topological_order__queue(parents):
    waiting = [set(inputs) for inputs in parents]
    queue = deque(node for node in reversed(range(len(parents))) if not parents[node])
    users = {}
    for node, inputs in enumerate(waiting):
        for one in inputs:
            users.setdefault(one, []).append(node)
    order = []
    while queue:
        order.append(queue.popleft())
        for user in users.get(order[-1], ()):
            waiting[user].discard(order[-1])
            if not waiting[user]:
                queue.append(user)
    return order


def topological_order__outputs_first_then_reversed(parents):
    uses = np.zeros(len(parents), dtype=int)
    for inputs in parents:
        for one in inputs:
            uses[one] += 1
    stack, order = [node for node in range(len(parents)) if not uses[node]], []
    while stack:
        order.append(stack.pop())
        for one in parents[order[-1]]:
            uses[one] -= 1
            if not uses[one]:
                stack.append(one)
    return order[::-1]


def tape_forward__branches(leaves, ops):
    values = dict(enumerate(leaves))
    for name, inputs in ops:
        a, b = values[inputs[0]], values[inputs[-1]]
        if name == "add":
            out = b + a
        elif name == "sub":
            out = a + -b
        elif name == "mul":
            out = b * a
        elif name == "div":
            out = a / b
        elif name == "matmul":
            out = a.dot(b)
        elif name == "relu":
            out = a * (a > 0)
        elif name == "exp":
            out = np.exp(a)
        elif name == "log":
            out = np.log(a)
        else:
            out = a.sum()
        values[len(values)] = out
    return values[len(values) - 1]


def tape_forward__on_demand(leaves, ops):
    functions = {"sub": np.subtract, "mul": np.multiply, "div": np.true_divide, "relu": lambda a: np.where(a > 0, a, 0)}

    def value(i):
        if i < len(leaves):
            return leaves[i]
        name, inputs = ops[i - len(leaves)]
        return functions.get(name, getattr(np, name, None))(*[value(one) for one in inputs])

    return value(len(leaves) + len(ops) - 1)


def tape_forward__fold(leaves, ops):
    def step(values, op):
        name, inputs = op
        args = [values[i] for i in inputs]
        results = {
            "add": lambda a, b: a + b,
            "sub": lambda a, b: a - b,
            "mul": lambda a, b: a * b,
            "div": lambda a, b: a * (1 / b),
            "matmul": lambda a, b: a @ b,
            "relu": lambda a: (a + abs(a)) / 2,
            "exp": np.exp,
            "log": np.log,
            "sum": lambda a: np.asarray(sum(a.ravel(), start=a.dtype.type(0))),
        }
        return (*values, results[name](*args))

    return reduce(step, ops, tuple(leaves))[-1]


def tape_backward__branches(grad_output, leaves, ops):
    values = _values(leaves, ops)
    grads = {len(values) - 1: grad_output}

    def give(i, g):
        shape = np.shape(values[i])
        while g.ndim > len(shape):
            g = g.sum(axis=0)
        for axis, size in enumerate(shape):
            if size == 1 and g.shape[axis] != 1:
                g = g.sum(axis=axis, keepdims=True)
        grads[i] = g + grads[i] if i in grads else g

    for at in range(len(values) - 1, len(leaves) - 1, -1):
        if at not in grads:
            continue
        g, (name, inputs) = np.asarray(grads[at]), ops[at - len(leaves)]
        a, b = values[inputs[0]], values[inputs[-1]]
        if name in ("add", "sub"):
            give(inputs[0], g)
            give(inputs[1], g if name == "add" else -g)
        elif name == "mul":
            give(inputs[0], g * b)
            give(inputs[1], g * a)
        elif name == "div":
            give(inputs[0], g / b)
            give(inputs[1], -g * a / b**2)
        elif name == "matmul":
            give(inputs[0], np.einsum("ik,jk->ij", g, b))
            give(inputs[1], np.einsum("ji,jk->ik", a, g))
        elif name == "relu":
            give(inputs[0], np.where(a > 0, g, 0))
        elif name == "exp":
            give(inputs[0], g * np.exp(a))
        elif name == "log":
            give(inputs[0], g / a)
        else:
            give(inputs[0], g * np.ones_like(a))
    return tuple(grads.get(i, np.zeros_like(leaf)) for i, leaf in enumerate(leaves))


def tape_backward__one_row_for_each_output(grad_output, leaves, ops):
    """Forward mode: push every unit step of every leaf through the computation."""
    grads = []
    for i, leaf in enumerate(leaves):
        grad = np.zeros_like(leaf)
        for index in np.ndindex(leaf.shape):
            steps = [np.zeros_like(one) for one in leaves]
            steps[i][index] = 1
            grad[index] = (_pushed(leaves, steps, ops) * grad_output).sum()
        grads.append(grad)
    return tuple(grads)


def tape_backward__through_every_path(grad_output, leaves, ops):
    values = _values(leaves, ops)
    grads = [np.zeros_like(leaf) for leaf in leaves]

    def send(at, g):
        if at < len(leaves):
            grads[at] += g
            return
        name, inputs = ops[at - len(leaves)]
        for i, part in zip(inputs, _parts(name, g, values[at], *(values[i] for i in inputs)), strict=True):
            send(i, _folded(part, np.shape(values[i])))

    send(len(values) - 1, grad_output)
    return tuple(grads)


class Tensor__numbered_by_creation:
    """Whatever was made later cannot be an input of what was made earlier."""

    _clock = count()

    def __init__(self, data, inputs=(), name=""):
        self.data, self.grad, self.inputs, self.name = data, None, inputs, name
        self.number = next(self._clock)

    def _make(self, name, *inputs):
        return Tensor__numbered_by_creation(_run(name, *(one.data for one in inputs)), inputs, name)

    def __add__(self, other):
        return self._make("add", self, other)

    def __sub__(self, other):
        return self._make("sub", self, other)

    def __mul__(self, other):
        return self._make("mul", self, other)

    def __truediv__(self, other):
        return self._make("div", self, other)

    def __matmul__(self, other):
        return self._make("matmul", self, other)

    def relu(self):
        return self._make("relu", self)

    def exp(self):
        return self._make("exp", self)

    def log(self):
        return self._make("log", self)

    def sum(self):
        return self._make("sum", self)

    def backward(self, grad_output=None):
        waiting = {self.number: (self, np.ones_like(self.data) if grad_output is None else grad_output)}
        while waiting:
            node, grad = waiting.pop(max(waiting))
            if not node.inputs:
                node.grad = grad if node.grad is None else node.grad + grad
                continue
            parts = _parts(node.name, grad, node.data, *(one.data for one in node.inputs))
            for one, part in zip(node.inputs, parts, strict=True):
                part = _folded(part, np.shape(one.data))
                _, old = waiting.get(one.number, (one, 0))
                waiting[one.number] = one, old + part


class Tensor__closures:
    """Each result brings a function that hands its gradient on, as in micrograd; inner gradients are reset."""

    def __init__(self, data, children=()):
        self.data = data
        self.grad = np.zeros_like(data)
        self._children = children
        self._backward = lambda: None

    def _with(self, data, *pairs):
        out = Tensor__closures(data, tuple(child for child, _ in pairs))

        def backward():
            for child, rule in pairs:
                child.grad = child.grad + _folded(np.asarray(rule(out.grad)), np.shape(child.data))

        out._backward = backward
        return out

    def __add__(self, other):
        return self._with(self.data + other.data, (self, lambda g: g), (other, lambda g: g))

    def __neg__(self):
        return self._with(-self.data, (self, lambda g: -g))

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        return self._with(self.data * other.data, (self, lambda g: g * other.data), (other, lambda g: g * self.data))

    def _reciprocal(self):
        return self._with(1 / self.data, (self, lambda g: -g / self.data**2))

    def __truediv__(self, other):
        return self * other._reciprocal()

    def __matmul__(self, other):
        pairs = (self, lambda g: g @ other.data.T), (other, lambda g: self.data.T @ g)
        return self._with(self.data @ other.data, *pairs)

    def relu(self):
        return self._with(np.maximum(self.data, 0), (self, lambda g: g * (self.data > 0)))

    def exp(self):
        return self._with(np.exp(self.data), (self, lambda g: g * np.exp(self.data)))

    def log(self):
        return self._with(np.log(self.data), (self, lambda g: g / self.data))

    def sum(self):
        return self._with(self.data.sum(), (self, lambda g: np.full_like(self.data, g)))

    def backward(self, grad_output=None):
        nodes, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    visit(child)
                nodes.append(node)

        visit(self)
        for node in nodes:
            if node._children:
                node.grad = np.zeros_like(node.data)
        self.grad = self.grad + (1 if grad_output is None else grad_output)
        for node in reversed(nodes):
            node._backward()


def _run(name, *args):
    names = {"sub": "subtract", "mul": "multiply", "div": "divide"}
    return np.maximum(args[0], 0) if name == "relu" else getattr(np, names.get(name, name))(*args)


def _values(leaves, ops):
    values = list(leaves)
    for name, inputs in ops:
        values.append(_run(name, *(values[i] for i in inputs)))
    return values


def _folded(grad, shape):
    """Sum a gradient to a shape by reshaping: each broadcast axis becomes a pair of axes, of which one is summed."""
    grad = np.asarray(grad)
    full = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(axis for axis, (a, b) in enumerate(zip(full, grad.shape, strict=True)) if a != b)
    return grad.sum(axis=axes, keepdims=True).reshape(shape) if axes else grad.reshape(shape)


def _parts(name, g, y, *inputs):
    a, b = inputs[0], inputs[-1]
    return {
        "add": lambda: (g, g),
        "sub": lambda: (g, -1 * g),
        "mul": lambda: (b * g, a * g),
        "div": lambda: (g * (1 / b), -(g / b) * (a / b)),
        "matmul": lambda: ((b @ g.T).T, (g.T @ a).T),
        "relu": lambda: (np.where(a > 0, 1, 0).astype(a.dtype) * g,),
        "exp": lambda: (y * g,),
        "log": lambda: (g * a**-1,),
        "sum": lambda: (np.full(a.shape, g, dtype=a.dtype),),
    }[name]()


def _pushed(leaves, steps, ops):
    """Return the directional derivative of the last value."""
    values, moves = list(leaves), list(steps)
    for name, inputs in ops:
        a, b, da, db = *(values[i] for i in (inputs[0], inputs[-1])), *(moves[i] for i in (inputs[0], inputs[-1]))
        y = _run(name, *(values[i] for i in inputs))
        moved = {
            "add": lambda a, b, da, db, y: da + db,
            "sub": lambda a, b, da, db, y: da - db,
            "mul": lambda a, b, da, db, y: da * b + a * db,
            "div": lambda a, b, da, db, y: (da - y * db) / b,
            "matmul": lambda a, b, da, db, y: da @ b + a @ db,
            "relu": lambda a, b, da, db, y: da * (a > 0),
            "exp": lambda a, b, da, db, y: da * y,
            "log": lambda a, b, da, db, y: da / a,
            "sum": lambda a, b, da, db, y: np.asarray(math.fsum(da.ravel()), dtype=a.dtype),
        }[name](a, b, da, db, y)
        values.append(y)
        moves.append(moved)
    return moves[-1]
