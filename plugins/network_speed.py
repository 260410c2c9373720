"""What forward propagation may cost: one product of matrices for each layer, for the whole batch.

A product of an N × in and an in × out matrix takes 2·N·in·out operations however it is written, but a library for
linear algebra does dozens of them at once, and reads each weight a few times instead of once for each of the N rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
BATCH, LAYERS = 1024, 3
PRODUCTS = (
    "all rows of the batch go through a layer together, as one product of matrices: a loop over rows in Python costs "
    "more than the arithmetic; so many, because np.einsum multiplies without the library behind @"
)


def network(size: int, rng: np.random.Generator) -> Arguments:
    """Return a batch for a few layers of ``size`` neurons, whose signals keep their size on the way."""
    x = rng.standard_normal((BATCH, size), "float32")
    weights = tuple(rng.standard_normal((size, size), "float32") * (2 / size) ** 0.5 for _ in range(LAYERS))
    return x, weights, tuple(rng.standard_normal(size, "float32") for _ in range(LAYERS))


def forward(x, weights, biases):
    """torch.nn.functional.linear and torch.relu"""
    import torch
    from torch.nn import functional

    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = torch.relu(functional.linear(x, weight, bias))
    return functional.linear(x, weights[-1], biases[-1])


def operations(x, weights, biases):
    return 2 * len(x) * sum(weight.size for weight in weights)


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "network.forward": Speed(
            inputs=network,
            size=64,
            limit=10,
            reason=PRODUCTS,
            exponent=2,
            sizes=(64, 128, 256, 512),
            framework=forward,
            flops=operations,
        )
    }
