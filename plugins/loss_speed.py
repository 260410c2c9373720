"""What the losses may cost: a few passes over the logits, and one number picked from each row.

The right class of a row is found by indexing (rows and labels side by side), not by a loop over the rows. The gradient
is as large as the logits, and takes one more exponential or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
CLASSES = 32
ROWS = (
    "a loop over rows in Python costs more than exp and log: take all rows at once, as in logp[np.arange(N), target]; "
    "so many, because np.logaddexp is right too and costs ten times as much as exp"
)


def logits(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` rows of logits, and their labels."""
    return 8 * rng.random((size, CLASSES), "float32") - 4, rng.integers(0, CLASSES, size)


def logits_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    """Return them with an upstream gradient that undoes the mean, so that no gradient is lost in rounding."""
    return size * (float(rng.random()) + 0.5), *logits(size, rng)


def cross_entropy(x, target):
    """torch.nn.functional.cross_entropy"""
    import torch

    return torch.nn.functional.cross_entropy(x, target)


def cross_entropy_backward(grad_output, x, target):
    """torch.nn.functional.cross_entropy and autograd"""
    import torch

    x = x.detach().requires_grad_()
    loss = torch.nn.functional.cross_entropy(x, target)
    return torch.autograd.grad(grad_output * loss, x)[0]


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "loss.cross_entropy": Speed(
            inputs=logits,
            size=1024,
            limit=25,
            reason=ROWS,
            exponent=1,
            sizes=(1024, 2048, 4096, 8192),
            framework=cross_entropy,
            flops=lambda x, _: 4 * x.size,
        ),
        "loss.cross_entropy_backward": Speed(
            inputs=logits_with_upstream,
            size=1024,
            limit=25,
            reason=ROWS,
            framework=cross_entropy_backward,
            flops=lambda _, x, __: 6 * x.size,
        ),
    }
