"""What array code may cost: a product of many small matrices, which is one call for whoever leaves the loops to it.

Sums, indices and outer products move as many bytes as they compute, so that the transfer of the arrays would be most of
what is measured; a matrix product computes much for each number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
SHAPE = (64, 64)
PAIRS = (
    "a loop over pairs of rows costs more than all their products: leave the loops to @; so many, because a sum of "
    "products by broadcasting is right too, and dozens of times slower than a matrix product"
)


def matrices(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` pairs of matrices."""
    return rng.standard_normal((size, *SHAPE), "float32"), rng.standard_normal((size, *SHAPE), "float32")


def pairwise_dot(x, y):
    """torch.matmul"""
    import torch

    return torch.matmul(x, y.transpose(-1, -2))


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "arrays.pairwise_dot": Speed(
            inputs=matrices,
            size=48,
            limit=100,
            reason=PAIRS,
            framework=pairwise_dot,
            flops=lambda x, y: 2 * x.size * y.shape[-2],
        )
    }
