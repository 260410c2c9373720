"""What the gradient of a table may cost: one pass over what arrives, however long the table is.

The look-up itself computes nothing, so that it cannot be timed beside the transfer of its arrays. Its backward adds,
and there a product with one-hot vectors works on the whole table for every single index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader import Speed, hookimpl

if TYPE_CHECKING:
    import numpy as np

Arguments = tuple[Any, ...]
VOCABULARY, WIDTH = 2048, 8
ONE_PASS = (
    "a product with one-hot vectors, or a search for each symbol, works through the whole table again and again, and a "
    "loop over the indices is slow in Python: add every row where it belongs in one call, as np.add.at does"
)


def looked_up(size: int, rng: np.random.Generator) -> Arguments:
    """Return ``size`` gradients, the indices of their rows, and the table."""
    indices = rng.integers(0, VOCABULARY, size)
    table = rng.standard_normal((VOCABULARY, WIDTH), "float32")
    return rng.standard_normal((size, WIDTH), "float32"), indices, table


def embedding_backward(grad_output, indices, weight):
    """torch.nn.functional.embedding and autograd"""
    import torch

    weight = weight.detach().requires_grad_()
    rows = torch.nn.functional.embedding(indices, weight)
    return torch.autograd.grad(rows, weight, grad_output)[0]


@hookimpl
def grader_speeds() -> dict[str, Speed]:
    return {
        "embedding.embedding_backward": Speed(
            inputs=looked_up,
            size=16384,
            limit=5,
            reason=ONE_PASS,
            exponent=1,
            sizes=(4096, 8192, 16384, 32768),
            framework=embedding_backward,
            flops=lambda grad_output, *_: grad_output.size,
        )
    }
