"""Activation functions in PyTorch: the same formulas, written so that autograd can differentiate them.

Autograd multiplies the derivatives of all steps, even of those whose result was thrown away: an infinity on the way
becomes inf · 0 = NaN in the gradient, although the value was right.
"""

import math

import torch


def relu(x: torch.Tensor) -> torch.Tensor:
    """Return max(x, 0), element by element.

    Args:
        x: a tensor of any shape, 0-d included.

    Returns:
        A tensor of x's shape and dtype, in autograd's graph; x itself is left as it is.

    >>> relu(torch.tensor([[-2.0, 0.0, 3.0], [7.0, -5.0, 4.0]])).int().tolist()
    [[0, 0, 3], [7, 0, 4]]

    Not allowed here: torch.relu, torch.leaky_relu, torch.threshold, torch.hardtanh.
    """
    raise NotImplementedError


def leaky_relu(x: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    """Return x where x > 0 and negative_slope·x elsewhere, element by element.

    Args:
        x: a tensor of any shape, 0-d included.
        negative_slope: the slope on the negative side, from 0 (relu) to 1 (the identity), both included.

    Returns:
        A tensor of x's shape and dtype; x itself is left as it is.

    >>> leaky_relu(torch.tensor([-8.0, 0.0, 3.0]), 0.25)
    tensor([-2.,  0.,  3.])
    >>> leaky_relu(torch.tensor([-8.0, 3.0]))
    tensor([-0.0800,  3.0000])

    Not allowed here: torch.leaky_relu, torch.prelu.
    """
    raise NotImplementedError


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Return the logistic function 1 / (1 + exp(-x)), element by element.

    Numbers like ±1000 are ordinary inputs: value *and gradient* must stay finite and right, whatever the formula.

    Args:
        x: a tensor of any shape, 0-d included.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([-1.5, 0.25, 2.0, -1000.0], requires_grad=True)
    >>> [round(value, 4) for value in sigmoid(x).tolist()]
    [0.1824, 0.5622, 0.8808, 0.0]
    >>> (grad,) = torch.autograd.grad(sigmoid(x).sum(), x)
    >>> [round(value, 4) for value in grad.tolist()]
    [0.1491, 0.2461, 0.105, 0.0]

    Not allowed here: torch.sigmoid, torch.log_sigmoid, torch.silu.
    """
    raise NotImplementedError


def tanh(x: torch.Tensor) -> torch.Tensor:
    """Return the hyperbolic tangent (exp(x) - exp(-x)) / (exp(x) + exp(-x)), element by element.

    Numbers like ±1000 are ordinary inputs: value *and gradient* must stay finite and right, whatever the formula.

    Args:
        x: a tensor of any shape, 0-d included.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([-1.5, 0.25, 2.0, -1000.0], requires_grad=True)
    >>> [round(value, 4) for value in tanh(x).tolist()]
    [-0.9051, 0.2449, 0.964, -1.0]
    >>> (grad,) = torch.autograd.grad(tanh(x).sum(), x)
    >>> [round(value, 4) for value in grad.tolist()]
    [0.1807, 0.94, 0.0707, 0.0]

    Not allowed here: torch.tanh.
    """
    raise NotImplementedError


def gelu(x: torch.Tensor, approximate: str = "none") -> torch.Tensor:
    """Return the Gaussian error linear unit x·Φ(x), element by element.

    Φ is the distribution function of the standard normal, Φ(x) = ½·(1 + erf(x / √2)). With approximate="tanh" it is
    replaced by ½·(1 + tanh(√(2/π)·(x + 0.044715·x³))). The two differ by up to 5e-4, and both are judged.

    Args:
        x: a tensor of any shape, 0-d included; numbers of size 1000 and more occur.
        approximate: "none" for the exact function, "tanh" for the approximation.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([-1.5, 0.25, 2.0], dtype=torch.float64)
    >>> [round(value, 5) for value in gelu(x).tolist()]
    [-0.10021, 0.14968, 1.9545]
    >>> [round(value, 5) for value in gelu(x, "tanh").tolist()]
    [-0.10043, 0.14968, 1.9546]

    Not allowed here: torch.gelu.

    Welcome: torch.tanh, torch.erf.
    """
    raise NotImplementedError


def silu(x: torch.Tensor) -> torch.Tensor:
    """Return x·sigmoid(x), element by element (also called swish).

    Args:
        x: a tensor of any shape, 0-d included; ±1000 occur, and the gradient must be right there too.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([-1.5, 0.25, 2.0, 50.0], requires_grad=True)
    >>> [round(value, 4) for value in silu(x).tolist()]
    [-0.2736, 0.1405, 1.7616, 50.0]

    Not allowed here: torch.silu.

    Welcome: torch.sigmoid.
    """
    raise NotImplementedError


def logsumexp(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return log(Σ exp(x)) along one dimension, and drop that dimension.

    Numbers like ±1000 are ordinary inputs, and one slice may lie 2000 above another: value and gradient must stay
    finite and right in every slice.

    Args:
        x: a tensor of one dimension or more.
        dim: the dimension that is summed over; negative ones count from the end.

    Returns:
        A tensor of x's dtype and of x's shape without that dimension (0-d if x has one dimension).

    >>> x = torch.tensor([[1.0, 2.0, 4.0], [-1000.0, 0.5, 1000.0]], dtype=torch.float64)
    >>> [round(value, 4) for value in logsumexp(x).tolist()]
    [4.1698, 1000.0]
    >>> [round(value, 4) for value in logsumexp(x, 0).tolist()]
    [1.0, 2.2014, 1000.0]

    Not allowed here: torch.masked_softmax, torch.softmax, torch.log_softmax, torch.logsumexp,
        torch.logcumsumexp, torch.logaddexp, torch.logaddexp2.
    """
    raise NotImplementedError


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return exp(x) / Σ exp(x), where the sum runs along one dimension: every slice becomes a distribution.

    Numbers like ±1000 are ordinary inputs, and one slice may lie 2000 above another: value and gradient must stay
    finite and right in every slice.

    Args:
        x: a tensor of one dimension or more.
        dim: the dimension along which the answer sums to 1; negative ones count from the end.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([[1.0, 2.0, 4.0], [-1000.0, 0.5, 1000.0]])
    >>> softmax(x).mul(1e4).round().int().tolist()
    [[420, 1142, 8438], [0, 0, 10000]]
    >>> softmax(x, 0).mul(1e4).round().int().tolist()
    [[10000, 8176, 0], [0, 1824, 10000]]

    Not allowed here: torch.masked_softmax, torch.softmax, torch.log_softmax, torch.logsumexp,
        torch.logcumsumexp, torch.logaddexp, torch.logaddexp2.
    """
    raise NotImplementedError


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return log(softmax(x)), where the sum of the softmax runs along one dimension.

    Numbers like ±1000 are ordinary inputs, and one slice may lie far above another. A probability may be too small for
    a float; its logarithm is not, and value and gradient must be finite and right.

    Args:
        x: a tensor of one dimension or more.
        dim: the dimension along which exp of the answer sums to 1; negative ones count from the end.

    Returns:
        A tensor of x's shape and dtype.

    >>> x = torch.tensor([[1.0, 2.0, 4.0], [0.5, -1.0, 0.25]], dtype=torch.float64)
    >>> [[round(value, 4) for value in row] for row in log_softmax(x).tolist()]
    [[-3.1698, -2.1698, -0.1698], [-0.6941, -2.1941, -0.9441]]
    >>> log_softmax(torch.tensor([0.0, 1000.0])).tolist()
    [-1000.0, 0.0]

    Not allowed here: torch.masked_softmax, torch.softmax, torch.log_softmax, torch.logsumexp,
        torch.logcumsumexp, torch.logaddexp, torch.logaddexp2.
    """
    raise NotImplementedError


if __name__ == "__main__":  # run this file to try the examples of what is written
    import doctest

    for task in [one for one in list(globals().values()) if getattr(one, "__module__", None) == "__main__"]:
        for test in doctest.DocTestFinder(recurse=False).find(task, task.__name__, globs=globals()):
            lines: list[str] = []
            result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=lines.append)
            told = "disagrees:" + "".join(lines) if result.failed else f"{result.attempted} examples agree"
            print(f"{test.name}:", "not written yet" if "NotImplementedError" in told else told)
