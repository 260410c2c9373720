"""What the activation functions may cost: whole arrays at once, in a few passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

LOOPS = (
    "a loop over rows or elements in Python costs more than the arithmetic: let NumPy or PyTorch take the whole array"
)


def scores(size: int, rng: np.random.Generator) -> tuple[Any, ...]:
    """Return a batch of rows of ``size`` scores."""
    return (4 * rng.standard_normal((512, size)),)


def softmax(x):
    """torch.softmax"""
    import torch

    return torch.softmax(x, -1)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "activation.softmax": Speed(
            inputs=scores,
            size=512,
            limit=3,
            reason=LOOPS,
            exponent=1,
            sizes=(256, 512, 1024, 2048),
            framework=softmax,
            flops=lambda x: 5 * x.size,
        ),
    }
