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
CLASSES = 128
ROWS = (
    "a loop over rows or elements in Python costs more than the arithmetic; index all rows at once, as in "
    "logp[np.arange(N), target] (np.logaddexp instead of exp and log1p is slow, yet within the limit)"
)
ELEMENTS = "a loop over elements in Python costs more than exp and log: compute with whole arrays"


def logits(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` rows of logits, and their labels."""
    return 8 * rng.random((size, CLASSES), "float32") - 4, rng.integers(0, CLASSES, size)


def logits_with_upstream(size: int, rng: np.random.Generator) -> Arguments:
    return float(rng.random()) + 0.5, *logits(size, rng)


def questions(size: int, rng: np.random.Generator) -> Arguments:
    """Return logits of ``size`` yes-or-no questions for each of 128 samples, with soft targets."""
    return 8 * rng.random((128, size), "float32") - 4, rng.random((128, size), "float32")


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


def binary_cross_entropy_with_logits(x, target):
    """torch.nn.functional.binary_cross_entropy_with_logits"""
    import torch

    return torch.nn.functional.binary_cross_entropy_with_logits(x, target)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "loss.cross_entropy": Speed(
            inputs=logits,
            size=256,
            limit=12,
            reason=ROWS,
            exponent=1,
            sizes=(128, 256, 512, 1024),
            framework=cross_entropy,
            flops=lambda x, _: 4 * x.size,
        ),
        "loss.cross_entropy_backward": Speed(
            inputs=logits_with_upstream,
            size=256,
            limit=4,
            reason=ROWS,
            framework=cross_entropy_backward,
            flops=lambda _, x, __: 6 * x.size,
        ),
        "loss.binary_cross_entropy_with_logits": Speed(
            inputs=questions,
            size=128,
            limit=6,
            reason=ELEMENTS,
            framework=binary_cross_entropy_with_logits,
            flops=lambda x, _: 8 * x.size,
        ),
    }
