"""What regularization may cost: a few passes over an array, as long as no element or neuron is taken alone.

There is so little to compute for each number that large arrays would tell how fast memory is: those here fit into a
cache. A dropout layer stands after nearly every other, and max-norm goes over all weights after every update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
WIDTH = 16
ELEMENTS = "a loop over elements in Python costs a hundred times the arithmetic: compare and multiply whole arrays"
NEURONS = "a loop over neurons in Python is slow: sum over all axes but the first, and keep them, to divide all at once"


def batch(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` rows and columns, random numbers of that shape, and a probability."""
    return rng.random((size, size), "float32") - 0.5, rng.random((size, size), "float32"), 0.25


def neurons(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` neurons whose norms lie on both sides of the limit."""
    return 4 * rng.random((size, WIDTH), "float32") * rng.random((size, 1), "float32"), 3.0


def dropout(x, random, p):
    """torch's own kernel for a mask that is given"""
    import torch

    return torch.ops.aten.native_dropout_backward(x, random >= p, 1 / (1 - p))


def max_norm(weight, limit):
    """torch.renorm"""
    import torch

    return torch.renorm(weight, 2, 0, limit)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "regularization.dropout": Speed(
            inputs=batch,
            size=64,
            limit=4,
            reason=ELEMENTS,
            framework=dropout,
            flops=lambda x, *_: 3 * x.size,
        ),
        "regularization.max_norm": Speed(
            inputs=neurons,
            size=512,
            limit=4,
            reason=NEURONS,
            framework=max_norm,
            flops=lambda weight, _: 3 * weight.size,
        ),
    }
