"""What the activation functions may cost: whole arrays at once, in a few passes.

Each element takes one exponential and some additions, so time grows with the number of elements, and nothing else. A
loop in Python takes longer to fetch a number than the processor takes to compute with it; a table of all pairs of
elements of a row (the Jacobian of softmax) does a row's length too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
ROWS = 128
LOOPS = (
    "a loop over rows or elements in Python costs more than the arithmetic: let NumPy or PyTorch take the whole array"
)
JACOBIAN = "the Jacobian of a row has as many numbers as the row squared: the sum of gradient times output is enough"


def scores(size: int, rng: np.random.Generator) -> Arguments:
    """Return a batch of rows of ``size`` scores, so near each other that no probability is lost in rounding."""
    return (2 * rng.random((ROWS, size), "float32") - 1,)


def scores_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return 1000 * rng.random((ROWS, size), "float32") - 500, *scores(size, rng)


def softmax(x):
    """torch.softmax"""
    import torch

    return torch.softmax(x, -1)


def log_softmax(x):
    """torch.log_softmax"""
    import torch

    return torch.log_softmax(x, -1)


def logsumexp(x):
    """torch.logsumexp"""
    import torch

    return torch.logsumexp(x, -1)


def softmax_backward(grad_output, x):
    """torch.softmax and autograd"""
    import torch

    x = x.detach().requires_grad_()
    return torch.autograd.grad(torch.softmax(x, -1), x, grad_output)[0]


def over_rows(**options: Any) -> Speed:
    """Declare a function whose time grows with the length of the rows."""
    return Speed(**{"inputs": scores, "size": 512, "limit": 3, "reason": LOOPS, **options})


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    growth = {"exponent": 1, "sizes": (512, 1024, 2048, 4096)}
    return {
        "activation.softmax": over_rows(framework=softmax, flops=lambda x: 5 * x.size, **growth),
        "activation.log_softmax": over_rows(framework=log_softmax, flops=lambda x: 5 * x.size),
        "activation.logsumexp": over_rows(framework=logsumexp, flops=lambda x: 4 * x.size),
        "activation.softmax_backward": over_rows(
            inputs=scores_with_upstream, reason=JACOBIAN, framework=softmax_backward, flops=lambda _, x: 9 * x.size
        ),
    }
