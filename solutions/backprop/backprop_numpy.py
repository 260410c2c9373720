"""Back-propagation in NumPy: the chain rule, walked backwards through a whole computation.

First by hand for linear layers and a small network, then for any computation that was written down step by step. The
*upstream gradient* of a value is the gradient of the final result with respect to that value.
"""

from collections.abc import Callable

import numpy as np


# stub: keep
def _log_softmax(x: np.ndarray) -> np.ndarray:
    """Return log(softmax(x)) along the last axis, as you wrote it in the exercise `activation`."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


# stub: end


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Return the outputs of a linear layer: each output is a weighted sum of all inputs, plus a bias.

    A row of weight holds the weights of one output. All leading axes of x are batch axes: there may be none, one or
    several, and a batch may be empty.

    Args:
        x: inputs, shape (…, in).
        weight: shape (out, in).
        bias: shape (out,), or None for none.

    Returns:
        An array of shape (…, out) and x's dtype.

    >>> weight = np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> linear(np.array([3.0, 1.0, 2.0]), weight)
    array([ 1., 10.])
    >>> linear(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), weight, np.array([10.0, -10.0]))
    array([[11.,  0.],
           [ 6., -8.]])
    """
    out = x @ weight.T  # (…, out)
    return out if bias is None else out + bias


def linear_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the gradients of ``linear`` with respect to x, weight and bias.

    Weight and bias are shared by all rows of the batch, so their gradients are sums over all batch axes: never means.
    The sum over an empty batch is zero.

    Args:
        grad_output: the upstream gradient, shape (…, out).
        x: inputs, shape (…, in), with no, one or several batch axes.
        weight: shape (out, in).
        bias: shape (out,), or None.

    Returns:
        (grad_x, grad_weight, grad_bias), each of the shape and dtype of its argument; grad_bias is None without a bias.

    >>> x, weight = np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 4.0]]), np.array([[1.0, 0.0, -1.0], [2.0, 3.0, 0.5]])
    >>> grad_x, grad_weight, grad_bias = linear_backward(np.array([[1.0, 0.0], [0.5, 2.0]]), x, weight, np.zeros(2))
    >>> grad_x
    array([[ 1. ,  0. , -1. ],
           [ 4.5,  6. ,  0.5]])
    >>> grad_weight
    array([[3., 1., 4.],
           [0., 0., 8.]])
    >>> grad_bias
    array([1.5, 2. ])
    """
    upstream = grad_output.reshape(-1, weight.shape[0])  # (B, out), B the product of all batch axes
    rows = x.reshape(-1, weight.shape[1])  # (B, in)
    grad_bias = None if bias is None else upstream.sum(axis=0)
    return grad_output @ weight, upstream.T @ rows, grad_bias


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Return the gradient of f at x by central differences, to check gradients that were derived on paper.

    Element i of the answer is (f(x + eps·e) - f(x - eps·e)) / (2·eps), where e is 1 at element i and 0 elsewhere. f
    is always called with an array of x's shape. On return x must be as it was, to the last bit.

    Args:
        f: takes an array of x's shape, does not change it, and returns a scalar.
        x: where to differentiate, float64, any shape, 0-d included.
        eps: how far each element is moved.

    Returns:
        An array of x's shape and dtype.

    >>> numerical_gradient(lambda x: x[0] ** 2 * x[1], np.array([3.0, 5.0])).round(6)
    array([30.,  9.])
    >>> numerical_gradient(np.prod, np.array([[2.0, 3.0], [4.0, 10.0]])).round(6)
    array([[120.,  80.],
           [ 60.,  24.]])
    """
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = eps
        grad[index] = (f(x + step) - f(x - step)) / (2 * eps)
    return grad


def mlp_forward(x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """Return the logits of a network of two linear layers with relu between them, and nothing after the second.

    Args:
        x: inputs, shape (N, D).
        w1: weights of the hidden layer, shape (H, D).
        b1: biases of the hidden layer, shape (H,).
        w2: weights of the output layer, shape (C, H).
        b2: biases of the output layer, shape (C,).

    Returns:
        Logits, shape (N, C), of x's dtype.

    >>> w1, b1 = np.array([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), np.array([0.0, -1.0, 0.5])
    >>> w2, b2 = np.array([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), np.array([10.0, 20.0])
    >>> mlp_forward(np.array([[3.0, 1.0], [-1.0, -2.0]]), w1, b1, w2, b2)
    array([[17., 22.],
           [11., 18.]])
    """
    hidden = np.maximum(linear(x, w1, b1), 0)  # (N, H)
    return linear(hidden, w2, b2)  # (N, C)


def mlp_loss_and_grads(
    x: np.ndarray, target: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray
) -> tuple[np.floating, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Return the loss of the network of ``mlp_forward`` on a batch, and the gradients of its parameters.

    The loss is the cross-entropy of the logits, as a mean over the N rows. The derivative of relu at 0 is taken as 0.
    Inputs may be large and logits in the thousands; the answer must stay finite. Nothing is changed in place: this
    function computes gradients, what to do with them is the optimizer's business.

    Args:
        x: inputs, shape (N, D); they get no gradient.
        target: class labels, integers from 0 to C - 1, shape (N,).
        w1: shape (H, D).
        b1: shape (H,).
        w2: shape (C, H).
        b2: shape (C,).

    Returns:
        (loss, (grad_w1, grad_b1, grad_w2, grad_b2)): the loss a scalar of x's dtype (a Python float is right too), each
        gradient of its parameter's shape and dtype.

    >>> w1, b1 = np.array([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), np.array([0.0, -1.0, 0.5])
    >>> w2, b2 = np.array([[1.0, 1.0, 0.0], [-2.0, 0.5, 1.0]]), np.array([1.0, 3.0])
    >>> x, target = np.array([[3.0, 1.0], [-1.0, -2.0]]), np.array([0, 1])
    >>> loss, (grad_w1, grad_b1, grad_w2, grad_b2) = mlp_loss_and_grads(x, target, w1, b1, w2, b2)
    >>> round(float(loss), 4)
    0.6809
    >>> grad_w1.round(4)
    array([[-1.31  , -2.2643],
           [-0.0356, -0.0119],
           [ 0.0711,  0.0237]])
    >>> grad_b2.round(4)
    array([ 0.3418, -0.3418])
    """
    pre = linear(x, w1, b1)  # (N, H)
    hidden = np.maximum(pre, 0)  # (N, H)
    logp = _log_softmax(linear(hidden, w2, b2))  # (N, C)
    rows = np.arange(len(x))
    loss = -logp[rows, target].mean()

    grad_logits = np.exp(logp)  # (N, C)
    grad_logits[rows, target] -= 1
    grad_logits /= len(x)
    grad_hidden, grad_w2, grad_b2 = linear_backward(grad_logits, hidden, w2, b2)
    _, grad_w1, grad_b1 = linear_backward(grad_hidden * (pre > 0), x, w1, b1)
    return loss, (grad_w1, grad_b1, grad_w2, grad_b2)


def topological_order(parents: list[list[int]]) -> list[int]:
    """Return the nodes of a computation in an order in which every node comes after all of its inputs.

    Usually many orders are right, and any of them will do. Nodes are numbered from 0, and a number says nothing of the
    order. Chains of thousands of nodes are ordinary inputs: mind Python's limit on recursion.

    Args:
        parents: parents[i] lists the numbers of node i's inputs; it may be empty, and the same input may occur twice.
            There are no cycles, but there may be several nodes that nothing uses, or parts that are not connected.

    Returns:
        A list of all node numbers, each exactly once.

    >>> topological_order([[2, 3], [0, 2], [], [2, 2]])
    [2, 3, 0, 1]
    """
    users: list[list[int]] = [[] for _ in parents]
    for node, inputs in enumerate(parents):
        for one in inputs:
            users[one].append(node)
    missing = [len(inputs) for inputs in parents]  # repeats count, here as among the users
    order = [node for node, count in enumerate(missing) if count == 0]
    for node in order:  # which grows while it is walked
        for user in users[node]:
            missing[user] -= 1
            if missing[user] == 0:
                order.append(user)
    return order


def tape_forward(leaves: tuple[np.ndarray, ...], ops: tuple[tuple[str, tuple[int, ...]], ...]) -> np.ndarray:
    """Run a computation that is written down as a tape, and return its last value.

    Values are numbered: first the leaves, from 0, then the results of the operations in their order. An operation is
    (name, numbers of its inputs). With inputs a and b: add, sub (a - b), mul, div (a / b), each with broadcasting, and
    matmul of two matrices; with one input: relu, exp, log, and sum, over all elements, to a 0-d value.

    Args:
        leaves: the given arrays, one or more.
        ops: the operations, one or more; they use earlier values only, once, several times or never.

    Returns:
        The value of the last operation, of the leaves' dtype.

    >>> x, y = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([10.0, 20.0])
    >>> tape_forward((x, y), (("relu", (0,)), ("mul", (2, 1)), ("sub", (3, 2))))
    array([[ 9., 38.],
           [27.,  0.]])
    >>> float(tape_forward((x, y), (("sum", (1,)), ("sum", (0,)), ("div", (2, 3)))))
    15.0
    """
    return _values(leaves, ops)[-1]


def tape_backward(
    grad_output: np.ndarray, leaves: tuple[np.ndarray, ...], ops: tuple[tuple[str, tuple[int, ...]], ...]
) -> tuple[np.ndarray, ...]:
    """Return the gradients of ``tape_forward`` with respect to all leaves.

    A value that is used several times, or twice by one operation, gets the sum of what comes back from all its uses.
    The gradient of a leaf that was broadcast is summed back to the leaf's shape. The derivative of relu at 0 is 0.

    Args:
        grad_output: the upstream gradient of the last value, of its shape.
        leaves: the given arrays, one or more.
        ops: the operations, as in ``tape_forward``.

    Returns:
        One gradient for each leaf, of its shape and dtype; zeros for a leaf that the last value does not depend on.

    >>> x, y = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([10.0, 20.0])
    >>> ops = (("relu", (0,)), ("mul", (2, 1)), ("sub", (3, 2)))
    >>> grad_x, grad_y = tape_backward(np.array([[1.0, 1.0], [0.5, 1.0]]), (x, y), ops)
    >>> grad_x
    array([[ 9. , 19. ],
           [ 4.5,  0. ]])
    >>> grad_y
    array([2.5, 2. ])
    """
    values = _values(leaves, ops)
    grads = [np.zeros_like(value) for value in values]
    grads[-1] = grad_output
    for at in reversed(range(len(leaves), len(values))):
        name, inputs = ops[at - len(leaves)]
        parts = _BACKWARD[name](grads[at], values[at], *(values[i] for i in inputs))
        for i, part in zip(inputs, parts, strict=True):
            grads[i] = grads[i] + _unbroadcast(part, values[i].shape)
    return tuple(grads[: len(leaves)])


class Tensor:
    """An array that remembers how it was computed, so that it can send gradients back: autograd in small.

    ``+ - * / @`` take another Tensor, with NumPy's broadcasting (``@`` two matrices); ``relu``, ``exp``, ``log`` and
    ``sum`` (over all elements, to a 0-d value) take none. Each returns a new Tensor and changes nothing. The
    derivative of relu at 0 is 0.

    Attributes:
        data: the array, in the dtype in which it was given.
        grad: for a tensor that was not computed from others (a *leaf*): the gradient, of data's shape and dtype. Before
            the first ``backward`` that reaches the leaf it is None (zeros of that shape are right too). What the
            ``grad`` of a computed tensor holds is up to you.

    >>> x, y = Tensor(np.array([[1.0, 2.0], [3.0, -4.0]])), Tensor(np.array([10.0, 20.0]))
    >>> h = x.relu()
    >>> out = (h * y - h).sum()
    >>> float(out.data)
    74.0
    >>> out.backward()
    >>> x.grad, y.grad
    (array([[ 9., 19.],
           [ 9.,  0.]]), array([4., 2.]))
    """

    def __init__(self, data: np.ndarray) -> None:
        self.data = data
        self.grad: np.ndarray | None = None
        self._inputs: tuple[Tensor, ...] = ()
        self._name = ""

    def __add__(self, other: "Tensor") -> "Tensor":
        return self._apply("add", other)

    def __sub__(self, other: "Tensor") -> "Tensor":
        return self._apply("sub", other)

    def __mul__(self, other: "Tensor") -> "Tensor":
        return self._apply("mul", other)

    def __truediv__(self, other: "Tensor") -> "Tensor":
        return self._apply("div", other)

    def __matmul__(self, other: "Tensor") -> "Tensor":
        return self._apply("matmul", other)

    def relu(self) -> "Tensor":
        return self._apply("relu")

    def exp(self) -> "Tensor":
        return self._apply("exp")

    def log(self) -> "Tensor":
        return self._apply("log")

    def sum(self) -> "Tensor":
        return self._apply("sum")

    def backward(self, grad_output: np.ndarray | None = None) -> None:
        """Add the gradient of this tensor to ``grad`` of every leaf that it was computed from.

        Called again, on this tensor or on another one, it adds again, as PyTorch does.

        Args:
            grad_output: the upstream gradient, of data's shape; may be left out for a 0-d tensor, where it is 1.
        """
        order = self._order()
        grads = {id(node): np.zeros_like(node.data) for node in order}
        grads[id(self)] = np.ones_like(self.data) if grad_output is None else grad_output
        for node in reversed(order):
            upstream = grads[id(node)]
            if not node._inputs:
                node.grad = upstream if node.grad is None else node.grad + upstream
                continue
            parts = _BACKWARD[node._name](upstream, node.data, *(one.data for one in node._inputs))
            for one, part in zip(node._inputs, parts, strict=True):
                grads[id(one)] = grads[id(one)] + _unbroadcast(part, one.data.shape)

    def _apply(self, name: str, *others: "Tensor") -> "Tensor":
        """Return the result of an operation, which remembers the operation's name and inputs."""
        inputs = (self, *others)
        result = Tensor(_FORWARD[name](*(one.data for one in inputs)))
        result._inputs, result._name = inputs, name
        return result

    def _order(self) -> list["Tensor"]:
        """Return this tensor and all that it was computed from, inputs first."""
        found = {id(self): self}
        for node in (nodes := [self]):  # which grows while it is walked
            fresh = {id(one): one for one in node._inputs if id(one) not in found}
            found |= fresh
            nodes.extend(fresh.values())
        number = {id(node): i for i, node in enumerate(nodes)}
        return [nodes[i] for i in topological_order([[number[id(one)] for one in node._inputs] for node in nodes])]


_FORWARD = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "matmul": np.matmul,
    "relu": lambda a: np.maximum(a, 0),
    "exp": np.exp,
    "log": np.log,
    "sum": np.sum,
}

# (upstream gradient, result, *inputs) -> one gradient an input, of the result's shape where the input was broadcast.
_BACKWARD = {
    "add": lambda g, y, a, b: (g, g),
    "sub": lambda g, y, a, b: (g, -g),
    "mul": lambda g, y, a, b: (g * b, g * a),
    "div": lambda g, y, a, b: (g / b, -g * y / b),
    "matmul": lambda g, y, a, b: (g @ b.T, a.T @ g),
    "relu": lambda g, y, a: (g * (a > 0),),
    "exp": lambda g, y, a: (g * y,),
    "log": lambda g, y, a: (g / a,),
    "sum": lambda g, y, a: (np.broadcast_to(g, a.shape),),
}


def _values(leaves: tuple[np.ndarray, ...], ops: tuple[tuple[str, tuple[int, ...]], ...]) -> list[np.ndarray]:
    """Return all values of a tape: the leaves, then the results."""
    values = list(leaves)
    for name, inputs in ops:
        values.append(_FORWARD[name](*(values[i] for i in inputs)))
    return values


def _unbroadcast(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum a gradient over the axes along which an array of this shape was broadcast."""
    added = tuple(range(grad.ndim - len(shape)))  # axes that broadcasting put in front
    grad = grad.sum(axis=added)
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)
